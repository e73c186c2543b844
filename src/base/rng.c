/* rng.c - seeding, jumping and what is drawn in bulk. */
#include <inox/rng.h>

void ix_rng_seed(ix_rng *rng, uint64_t seed) {
	/* SplitMix64 is a bijection of a counter: four of its numbers in a row are never all zero. */
	for (size_t i = 0; i < IX_COUNT(rng->state); i++) rng->state[i] = ix_splitmix64(&seed);
}

void ix_rng_jump(ix_rng *rng) {
	/* The characteristic polynomial's remainder for 2^128 steps, from the generator's authors. */
	static const uint64_t jump[] = {
		0x180EC6D33CFD0ABA, 0xD5A61266F0C9392C, 0xA9582618E03FC9AA, 0x39ABDC4529B1661C};
	uint64_t sum[4] = {0};
	for (size_t i = 0; i < IX_COUNT(jump); i++) {
		for (unsigned bit = 0; bit < 64; bit++) {
			for (size_t k = 0; k < 4 && (jump[i] >> bit & 1); k++) sum[k] ^= rng->state[k];
			(void)ix_rng_u64(rng);
		}
	}
	memcpy(rng->state, sum, sizeof sum);
}

ix_rng ix_rng_split(ix_rng *rng) {
	ix_rng other = *rng;
	ix_rng_jump(rng);
	return other;
}

void ix_rng_fill(ix_rng *rng, void *out, size_t size) {
	uint8_t *p = out;
	while (size > 0) {
		uint64_t word = ix_rng_u64(rng);
		size_t take = ix_size_min(size, sizeof word);
		memcpy(p, &word, take);
		p += take;
		size -= take;
	}
}

static void swap(uint8_t *a, uint8_t *b, size_t size) {
	for (size_t i = 0; i < size; i++) {
		uint8_t held = a[i];
		a[i] = b[i];
		b[i] = held;
	}
}

void ix_rng_shuffle(ix_rng *rng, void *items, size_t count, size_t item_size) {
	for (size_t left = count; left > 1; left--) {
		size_t chosen = (size_t)ix_rng_below(rng, left);
		swap((uint8_t *)items + (left - 1) * item_size, (uint8_t *)items + chosen * item_size,
			item_size);
	}
}

void ix_pcg32_seed(ix_pcg32 *pcg, uint64_t seed, uint64_t sequence) {
	pcg->state = 0;
	pcg->increment = sequence << 1 | 1;
	(void)ix_pcg32_u32(pcg);
	pcg->state += seed;
	(void)ix_pcg32_u32(pcg);
}
