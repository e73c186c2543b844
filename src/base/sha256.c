/* sha256.c - SHA-256 (FIPS 180-4 section 6.2): the portable twin, the one on x86's SHA instructions, and the
 * choice between them. */
#include <inox/sha256.h>
#include <inox/writer.h>

#if defined __x86_64__
#include <immintrin.h>
#endif

/* Section 4.2.2: the first 32 bits of the fractional parts of the cube roots of the first 64 primes. */
_Alignas(16) static const uint32_t constants[64] = {
	0x428a2f98,
	0x71374491,
	0xb5c0fbcf,
	0xe9b5dba5,
	0x3956c25b,
	0x59f111f1,
	0x923f82a4,
	0xab1c5ed5, //
	0xd807aa98,
	0x12835b01,
	0x243185be,
	0x550c7dc3,
	0x72be5d74,
	0x80deb1fe,
	0x9bdc06a7,
	0xc19bf174, //
	0xe49b69c1,
	0xefbe4786,
	0x0fc19dc6,
	0x240ca1cc,
	0x2de92c6f,
	0x4a7484aa,
	0x5cb0a9dc,
	0x76f988da, //
	0x983e5152,
	0xa831c66d,
	0xb00327c8,
	0xbf597fc7,
	0xc6e00bf3,
	0xd5a79147,
	0x06ca6351,
	0x14292967, //
	0x27b70a85,
	0x2e1b2138,
	0x4d2c6dfc,
	0x53380d13,
	0x650a7354,
	0x766a0abb,
	0x81c2c92e,
	0x92722c85, //
	0xa2bfe8a1,
	0xa81a664b,
	0xc24b8b70,
	0xc76c51a3,
	0xd192e819,
	0xd6990624,
	0xf40e3585,
	0x106aa070, //
	0x19a4c116,
	0x1e376c08,
	0x2748774c,
	0x34b0bcb5,
	0x391c0cb3,
	0x4ed8aa4a,
	0x5b9cca4f,
	0x682e6ff3, //
	0x748f82ee,
	0x78a5636f,
	0x84c87814,
	0x8cc70208,
	0x90befffa,
	0xa4506ceb,
	0xbef9a3f7,
	0xc67178f2,
};

/* ---- portable ---- */

static inline uint32_t rotate_right(uint32_t x, unsigned by) { return x >> by | x << (32 - by); }
/* Section 4.1.2. */
static inline uint32_t choose(uint32_t x, uint32_t y, uint32_t z) { return (x & y) ^ (~x & z); }
static inline uint32_t majority(uint32_t x, uint32_t y, uint32_t z) { return (x & y) ^ (x & z) ^ (y & z); }
static inline uint32_t big_sigma0(uint32_t x) {
	return rotate_right(x, 2) ^ rotate_right(x, 13) ^ rotate_right(x, 22);
}
static inline uint32_t big_sigma1(uint32_t x) {
	return rotate_right(x, 6) ^ rotate_right(x, 11) ^ rotate_right(x, 25);
}
static inline uint32_t small_sigma0(uint32_t x) { return rotate_right(x, 7) ^ rotate_right(x, 18) ^ x >> 3; }
static inline uint32_t small_sigma1(uint32_t x) {
	return rotate_right(x, 17) ^ rotate_right(x, 19) ^ x >> 10;
}

void ix_sha256_blocks_portable(uint32_t value[8], const uint8_t *blocks, size_t count) {
	for (; count > 0; count--, blocks += IX_SHA256_BLOCK_SIZE) {
		uint32_t w[64], v[8];
		for (size_t t = 0; t < 16; t++) w[t] = ix_load_u32_be(blocks + 4 * t);
		for (size_t t = 16; t < 64; t++)
			w[t] = small_sigma1(w[t - 2]) + w[t - 7] + small_sigma0(w[t - 15]) + w[t - 16];
		memcpy(v, value, sizeof v);
		for (size_t t = 0; t < 64; t++) {
			uint32_t t1 =
				v[7] + big_sigma1(v[4]) + choose(v[4], v[5], v[6]) + constants[t] + w[t];
			uint32_t t2 = big_sigma0(v[0]) + majority(v[0], v[1], v[2]);
			v[7] = v[6], v[6] = v[5], v[5] = v[4], v[4] = v[3] + t1;
			v[3] = v[2], v[2] = v[1], v[1] = v[0], v[0] = t1 + t2;
		}
		for (size_t i = 0; i < 8; i++) value[i] += v[i];
	}
}

/* ---- x86's SHA instructions ---- */

#if defined __x86_64__

#define USES_SHA __attribute__((target("sha,sse4.1,ssse3")))

/* Two words a lane order that the instructions want: a, b, e, f and c, d, g, h. */
typedef struct {
	__m128i abef, cdgh;
} halves;

USES_SHA static inline void four_rounds(halves *h, __m128i words, const uint32_t *k) {
	__m128i sum = _mm_add_epi32(words, _mm_load_si128((const __m128i *)k));
	h->cdgh = _mm_sha256rnds2_epu32(h->cdgh, h->abef, sum);
	h->abef = _mm_sha256rnds2_epu32(h->abef, h->cdgh, _mm_shuffle_epi32(sum, 0x0E));
}

/* W(t) … W(t + 3) from the sixteen before: `a` holds the oldest four. */
USES_SHA static inline __m128i next_words(__m128i a, __m128i b, __m128i c, __m128i d) {
	__m128i sum = _mm_add_epi32(_mm_sha256msg1_epu32(a, b), _mm_alignr_epi8(d, c, 4));
	return _mm_sha256msg2_epu32(sum, d);
}

USES_SHA void ix_sha256_blocks_sha_ni(uint32_t value[8], const uint8_t *blocks, size_t count) {
	const __m128i big_endian = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
	__m128i cdab = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)value), 0xB1);
	__m128i efgh = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)(value + 4)), 0x1B);
	halves h = {_mm_alignr_epi8(cdab, efgh, 8), _mm_blend_epi16(efgh, cdab, 0xF0)};
	for (; count > 0; count--, blocks += IX_SHA256_BLOCK_SIZE) {
		const __m128i *in = (const __m128i *)blocks;
		halves before = h;
		__m128i a = _mm_shuffle_epi8(_mm_loadu_si128(in), big_endian);
		__m128i b = _mm_shuffle_epi8(_mm_loadu_si128(in + 1), big_endian);
		__m128i c = _mm_shuffle_epi8(_mm_loadu_si128(in + 2), big_endian);
		__m128i d = _mm_shuffle_epi8(_mm_loadu_si128(in + 3), big_endian);
		for (const uint32_t *k = constants; k < constants + 48; k += 16) {
			four_rounds(&h, a, k);
			a = next_words(a, b, c, d);
			four_rounds(&h, b, k + 4);
			b = next_words(b, c, d, a);
			four_rounds(&h, c, k + 8);
			c = next_words(c, d, a, b);
			four_rounds(&h, d, k + 12);
			d = next_words(d, a, b, c);
		}
		four_rounds(&h, a, constants + 48);
		four_rounds(&h, b, constants + 52);
		four_rounds(&h, c, constants + 56);
		four_rounds(&h, d, constants + 60);
		h.abef = _mm_add_epi32(h.abef, before.abef);
		h.cdgh = _mm_add_epi32(h.cdgh, before.cdgh);
	}
	__m128i feba = _mm_shuffle_epi32(h.abef, 0x1B), dchg = _mm_shuffle_epi32(h.cdgh, 0xB1);
	_mm_storeu_si128((__m128i *)value, _mm_blend_epi16(feba, dchg, 0xF0));
	_mm_storeu_si128((__m128i *)(value + 4), _mm_alignr_epi8(dchg, feba, 8));
}
#endif

static void (*blocks_chosen)(
	uint32_t value[8], const uint8_t *blocks, size_t count) = ix_sha256_blocks_portable;

void ix_sha256_choose(const ix_cpu_features *cpu) {
	blocks_chosen = ix_sha256_blocks_portable;
#if defined __x86_64__
	if (cpu->sha_ni && cpu->sse42) blocks_chosen = ix_sha256_blocks_sha_ni;
#else
	(void)cpu;
#endif
}

/* ---- hashing ---- */

void ix_sha256_init(ix_sha256_state *state) {
	/* Section 5.3.3: of the square roots of the first eight primes. */
	static const uint32_t start[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f,
		0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
	memcpy(state->value, start, sizeof start);
	state->size = 0;
}

void ix_sha256_update(ix_sha256_state *state, const void *data, size_t size) {
	const uint8_t *p = data;
	size_t held = (size_t)(state->size % IX_SHA256_BLOCK_SIZE);
	state->size += size;
	if (held > 0) {
		size_t part = ix_size_min(size, IX_SHA256_BLOCK_SIZE - held);
		if (part > 0) memcpy(state->block + held, p, part);
		if (held + part < IX_SHA256_BLOCK_SIZE) return;
		blocks_chosen(state->value, state->block, 1);
		p += part, size -= part;
	}
	size_t count = size / IX_SHA256_BLOCK_SIZE;
	if (count > 0) blocks_chosen(state->value, p, count);
	size -= count * IX_SHA256_BLOCK_SIZE;
	if (size > 0) memcpy(state->block, p + count * IX_SHA256_BLOCK_SIZE, size);
}

void ix_sha256_finish(const ix_sha256_state *state, uint8_t ret_out[IX_SHA256_OUT_SIZE]) {
	/* Section 5.1.1: a one bit, zeros, the length in bits. */
	uint8_t last[2 * IX_SHA256_BLOCK_SIZE] = {0};
	uint32_t value[8];
	size_t held = (size_t)(state->size % IX_SHA256_BLOCK_SIZE);
	size_t count = held + 9 <= IX_SHA256_BLOCK_SIZE ? 1 : 2;
	memcpy(value, state->value, sizeof value);
	memcpy(last, state->block, held);
	last[held] = 0x80;
	ix_store_u64_be(last + count * IX_SHA256_BLOCK_SIZE - 8, state->size * 8);
	blocks_chosen(value, last, count);
	for (size_t i = 0; i < 8; i++) ix_store_u32_be(ret_out + 4 * i, value[i]);
}

void ix_sha256(uint8_t ret_out[IX_SHA256_OUT_SIZE], const void *data, size_t size) {
	ix_sha256_state state;
	ix_sha256_init(&state);
	ix_sha256_update(&state, data, size);
	ix_sha256_finish(&state, ret_out);
}
