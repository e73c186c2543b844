/* rng.h - chance that can be replayed: the same seed gives the same numbers on every machine. For
 * simulations, tests, sampling and jitter; never for secrets.
 *
 * ix_rng is xoshiro256++ 1.0 (Blackman, Vigna 2018), ix_pcg32 is PCG-XSH-RR 64/32 (O'Neill 2014) for small
 * machines. One thread at a time; give each thread its own with ix_rng_split. */
#ifndef INOX_RNG_H
#define INOX_RNG_H

#include <inox/base.h>

typedef struct ix_rng {
	uint64_t state[4]; /* never all zero */
} ix_rng;

/* SplitMix64: the next of the sequence that *state walks. Any state is good. */
static inline uint64_t ix_splitmix64(uint64_t *state) {
	uint64_t z = (*state += 0x9E3779B97F4A7C15);
	z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
	z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
	return z ^ (z >> 31);
}

IX_API void ix_rng_seed(ix_rng *rng, uint64_t seed);
/* As if 2^128 numbers were drawn: 2^128 sequences that do not overlap. */
IX_API void ix_rng_jump(ix_rng *rng);
/* A generator for somebody else: a copy of this one, which then jumps. */
IX_API ix_rng ix_rng_split(ix_rng *rng);

static inline uint64_t ix_rotate_left(uint64_t x, unsigned by) { return (x << by) | (x >> (64 - by)); }

static inline uint64_t ix_rng_u64(ix_rng *rng) {
	uint64_t *s = rng->state;
	uint64_t out = ix_rotate_left(s[0] + s[3], 23) + s[0], t = s[1] << 17;
	s[2] ^= s[0];
	s[3] ^= s[1];
	s[1] ^= s[2];
	s[0] ^= s[3];
	s[2] ^= t;
	s[3] = ix_rotate_left(s[3], 45);
	return out;
}

/* Each of 0 … bound - 1 equally likely; bound > 0 (Lemire 2019, "Fast random integer generation in an
 * interval"). */
static inline uint64_t ix_rng_below(ix_rng *rng, uint64_t bound) {
	IX_ASSERT_HOT(bound > 0);
	uint64_t high, low = ix_mul_wide(ix_rng_u64(rng), bound, &high);
	if (IX_UNLIKELY(low < bound)) {
		uint64_t floor = (0 - bound) % bound;
		while (low < floor) low = ix_mul_wide(ix_rng_u64(rng), bound, &high);
	}
	return high;
}
/* From `low` to `high`, both possible; low <= high. */
static inline int64_t ix_rng_between(ix_rng *rng, int64_t low, int64_t high) {
	uint64_t span = (uint64_t)high - (uint64_t)low + 1;
	return (int64_t)((uint64_t)low + (span ? ix_rng_below(rng, span) : ix_rng_u64(rng)));
}
/* In [0, 1), a multiple of 2^-53. */
static inline double ix_rng_double(ix_rng *rng) { return (double)(ix_rng_u64(rng) >> 11) * 0x1p-53; }
/* True `numerator` times in `denominator`. */
static inline bool ix_rng_chance(ix_rng *rng, uint64_t numerator, uint64_t denominator) {
	return ix_rng_below(rng, denominator) < numerator;
}
IX_API void ix_rng_fill(ix_rng *rng, void *out, size_t size);
/* Every order equally likely (Fisher, Yates). */
IX_API void ix_rng_shuffle(ix_rng *rng, void *items, size_t count, size_t item_size);

typedef struct ix_pcg32 {
	uint64_t state, increment; /* the increment is odd */
} ix_pcg32;

IX_API void ix_pcg32_seed(ix_pcg32 *pcg, uint64_t seed, uint64_t sequence);
static inline uint32_t ix_pcg32_u32(ix_pcg32 *pcg) {
	uint64_t old = pcg->state;
	pcg->state = old * 6364136223846793005ULL + pcg->increment;
	uint32_t x = (uint32_t)(((old >> 18) ^ old) >> 27), by = (uint32_t)(old >> 59);
	return (x >> by) | (x << ((0 - by) & 31));
}

#endif
