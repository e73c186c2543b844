/* blake3_portable.c - the compression function in plain C, one node after the other: the twin that the vector
 * paths are tested against, and the path of small machines. */
#include "blake3_inside.h"

static const uint8_t schedule[BLAKE3_ROUNDS][16] = BLAKE3_SCHEDULE;

static inline uint32_t ror(uint32_t x, unsigned n) { return (x >> n) | (x << (32 - n)); }

static inline void mix(uint32_t *a, uint32_t *b, uint32_t *c, uint32_t *d, uint32_t x, uint32_t y) {
	*a += *b + x;
	*d = ror(*d ^ *a, 16);
	*c += *d;
	*b = ror(*b ^ *c, 12);
	*a += *b + y;
	*d = ror(*d ^ *a, 8);
	*c += *d;
	*b = ror(*b ^ *c, 7);
}

/* Section 2.2: the state after seven rounds, before the halves are folded. */
static void permute(uint32_t v[16], const uint32_t value[8], const uint8_t *block, unsigned size,
	uint64_t counter, unsigned flags) {
	static const uint32_t iv[8] = BLAKE3_IV;
	uint32_t m[16];
	memcpy(m, block, sizeof m);
	memcpy(v, value, 32);
	memcpy(v + 8, iv, 16);
	v[12] = (uint32_t)counter;
	v[13] = (uint32_t)(counter >> 32);
	v[14] = size;
	v[15] = flags;
	for (size_t round = 0; round < BLAKE3_ROUNDS; round++) {
		const uint8_t *s = schedule[round];
		mix(&v[0], &v[4], &v[8], &v[12], m[s[0]], m[s[1]]);
		mix(&v[1], &v[5], &v[9], &v[13], m[s[2]], m[s[3]]);
		mix(&v[2], &v[6], &v[10], &v[14], m[s[4]], m[s[5]]);
		mix(&v[3], &v[7], &v[11], &v[15], m[s[6]], m[s[7]]);
		mix(&v[0], &v[5], &v[10], &v[15], m[s[8]], m[s[9]]);
		mix(&v[1], &v[6], &v[11], &v[12], m[s[10]], m[s[11]]);
		mix(&v[2], &v[7], &v[8], &v[13], m[s[12]], m[s[13]]);
		mix(&v[3], &v[4], &v[9], &v[14], m[s[14]], m[s[15]]);
	}
}

static void compress(
	uint32_t value[8], const uint8_t *block, unsigned size, uint64_t counter, unsigned flags) {
	uint32_t v[16];
	permute(v, value, block, size, counter, flags);
	for (size_t i = 0; i < 8; i++) value[i] = v[i] ^ v[i + 8];
}

static void run_portable(uint32_t value[8], const ix_blake3_run *run) {
	for (size_t i = 0; i < run->block_count; i++)
		compress(value, run->data + i * IX_BLAKE3_BLOCK_SIZE, IX_BLAKE3_BLOCK_SIZE, run->counter,
			ix_blake3_flags_at(run, i));
}

static void last_portable(uint32_t value[8], const ix_blake3_output *o) {
	memcpy(value, o->value, 32);
	compress(value, o->block, o->size, o->counter, o->flags);
}

static void expand_portable(const ix_blake3_output *o, uint8_t *out, size_t block_count) {
	for (size_t n = 0; n < block_count; n++, out += IX_BLAKE3_BLOCK_SIZE) {
		uint32_t v[16];
		permute(v, o->value, o->block, o->size, o->counter + n, o->flags);
		for (size_t i = 0; i < 8; i++) {
			v[i] ^= v[i + 8];
			v[i + 8] ^= o->value[i];
		}
		memcpy(out, v, sizeof v);
	}
}

static void many_portable(const ix_blake3_batch *batch, size_t count, uint32_t (*values)[8]) {
	ix_blake3_run run = batch->run;
	for (size_t i = 0; i < count; i++, run.data += batch->stride, run.counter += batch->counter_step) {
		uint32_t value[8];
		memcpy(value, batch->key, 32);
		run_portable(value, &run);
		memcpy(values[i], value, 32);
	}
}

const ix_blake3_kernel ix_blake3_portable = {run_portable, last_portable, expand_portable, many_portable};
