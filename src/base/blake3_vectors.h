/* blake3_vectors.h - vectors of 4, 8 and 16 words for the paths of x86-64, and the transposition of squares
 * of them, which turns nodes side by side into words side by side, and back. */
#ifndef INOX_BLAKE3_VECTORS_H
#define INOX_BLAKE3_VECTORS_H

#include "blake3_inside.h"

/* gcc must leave the order of the operations as it is written: it would add the word that is ready last
 * first, and tear the interleaved chains apart (8 % and 4 % of the speed with gcc 12). */
#if defined __GNUC__ && !defined __clang__
#pragma GCC optimize("no-tree-reassoc", "no-schedule-insns2")
#endif

#include <immintrin.h>

typedef uint32_t ix_blake3_v4 __attribute__((vector_size(16)));
typedef uint32_t ix_blake3_v8 __attribute__((vector_size(32)));
typedef uint32_t ix_blake3_v16 __attribute__((vector_size(64)));

/* The sanitizers of clang would check every index of the unrolled arrays, and take many minutes over it; that
 * no path reads past the end of its input is tested against a guard page instead. */
#if defined __clang__
#define BLAKE3_UNCHECKED __attribute__((no_sanitize("address", "thread", "undefined", "coverage")))
#else
#define BLAKE3_UNCHECKED
#endif

/* In front of a loop of constant length over an array that is to live in registers. */
#if defined __clang__
#define BLAKE3_UNROLL _Pragma("clang loop unroll(full)")
#else
#define BLAKE3_UNROLL _Pragma("GCC unroll 16")
#endif

#define BLAKE3_VECTOR_INLINE(features) \
	static inline __attribute__((always_inline, target(features))) BLAKE3_UNCHECKED

BLAKE3_VECTOR_INLINE("sse4.1") void ix_blake3_transpose4(ix_blake3_v4 v[4]) {
	__m128i a = (__m128i)v[0], b = (__m128i)v[1], c = (__m128i)v[2], d = (__m128i)v[3];
	__m128i ab_low = _mm_unpacklo_epi32(a, b), ab_high = _mm_unpackhi_epi32(a, b);
	__m128i cd_low = _mm_unpacklo_epi32(c, d), cd_high = _mm_unpackhi_epi32(c, d);
	v[0] = (ix_blake3_v4)_mm_unpacklo_epi64(ab_low, cd_low);
	v[1] = (ix_blake3_v4)_mm_unpackhi_epi64(ab_low, cd_low);
	v[2] = (ix_blake3_v4)_mm_unpacklo_epi64(ab_high, cd_high);
	v[3] = (ix_blake3_v4)_mm_unpackhi_epi64(ab_high, cd_high);
}

/* Squares of 4 inside each half first: afterwards vector 4g + i has word i and word 4 + i of inputs 4g to 4g
 * + 3. */
BLAKE3_VECTOR_INLINE("avx2") void ix_blake3_transpose8(ix_blake3_v8 v[8]) {
	__m256i t[8];
	BLAKE3_UNROLL
	for (int g = 0; g < 8; g += 4) {
		__m256i a = (__m256i)v[g], b = (__m256i)v[g + 1], c = (__m256i)v[g + 2],
			d = (__m256i)v[g + 3];
		__m256i ab_low = _mm256_unpacklo_epi32(a, b), ab_high = _mm256_unpackhi_epi32(a, b);
		__m256i cd_low = _mm256_unpacklo_epi32(c, d), cd_high = _mm256_unpackhi_epi32(c, d);
		t[g] = _mm256_unpacklo_epi64(ab_low, cd_low);
		t[g + 1] = _mm256_unpackhi_epi64(ab_low, cd_low);
		t[g + 2] = _mm256_unpacklo_epi64(ab_high, cd_high);
		t[g + 3] = _mm256_unpackhi_epi64(ab_high, cd_high);
	}
	BLAKE3_UNROLL
	for (int i = 0; i < 4; i++) {
		v[i] = (ix_blake3_v8)_mm256_permute2x128_si256(t[i], t[4 + i], 0x20);
		v[4 + i] = (ix_blake3_v8)_mm256_permute2x128_si256(t[i], t[4 + i], 0x31);
	}
}

/* The four squares of 4 in four vectors. */
BLAKE3_VECTOR_INLINE("avx512f") void ix_blake3_squares16(ix_blake3_v16 v[4]) {
	__m512i a = (__m512i)v[0], b = (__m512i)v[1], c = (__m512i)v[2], d = (__m512i)v[3];
	__m512i ab_low = _mm512_unpacklo_epi32(a, b), ab_high = _mm512_unpackhi_epi32(a, b);
	__m512i cd_low = _mm512_unpacklo_epi32(c, d), cd_high = _mm512_unpackhi_epi32(c, d);
	v[0] = (ix_blake3_v16)_mm512_unpacklo_epi64(ab_low, cd_low);
	v[1] = (ix_blake3_v16)_mm512_unpackhi_epi64(ab_low, cd_low);
	v[2] = (ix_blake3_v16)_mm512_unpacklo_epi64(ab_high, cd_high);
	v[3] = (ix_blake3_v16)_mm512_unpackhi_epi64(ab_high, cd_high);
}

/* Likewise; then the quarters are gathered in two steps. */
BLAKE3_VECTOR_INLINE("avx512f") void ix_blake3_transpose16(ix_blake3_v16 v[16]) {
	BLAKE3_UNROLL
	for (int g = 0; g < 16; g += 4) ix_blake3_squares16(v + g);
	BLAKE3_UNROLL
	for (int i = 0; i < 4; i++) {
		__m512i a = (__m512i)v[i], b = (__m512i)v[4 + i], c = (__m512i)v[8 + i],
			d = (__m512i)v[12 + i];
		__m512i ab_even = _mm512_shuffle_i32x4(a, b, 0x88), ab_odd = _mm512_shuffle_i32x4(a, b, 0xdd);
		__m512i cd_even = _mm512_shuffle_i32x4(c, d, 0x88), cd_odd = _mm512_shuffle_i32x4(c, d, 0xdd);
		v[i] = (ix_blake3_v16)_mm512_shuffle_i32x4(ab_even, cd_even, 0x88);
		v[4 + i] = (ix_blake3_v16)_mm512_shuffle_i32x4(ab_odd, cd_odd, 0x88);
		v[8 + i] = (ix_blake3_v16)_mm512_shuffle_i32x4(ab_even, cd_even, 0xdd);
		v[12 + i] = (ix_blake3_v16)_mm512_shuffle_i32x4(ab_odd, cd_odd, 0xdd);
	}
}

/* Word i of all nodes in h[i] to eight words of each node, side by side. */
BLAKE3_VECTOR_INLINE("sse4.1") void ix_blake3_values4(ix_blake3_v4 h[8], uint32_t (*out)[8]) {
	ix_blake3_transpose4(h);
	ix_blake3_transpose4(h + 4);
	BLAKE3_UNROLL
	for (int i = 0; i < 4; i++) {
		memcpy(&out[i][0], &h[i], 16);
		memcpy(&out[i][4], &h[4 + i], 16);
	}
}

BLAKE3_VECTOR_INLINE("avx2") void ix_blake3_values8(ix_blake3_v8 h[8], uint32_t (*out)[8]) {
	ix_blake3_transpose8(h);
	BLAKE3_UNROLL
	for (int i = 0; i < 8; i++) memcpy(out[i], &h[i], 32);
}

BLAKE3_VECTOR_INLINE("avx512f") void ix_blake3_values16(ix_blake3_v16 h[8], uint32_t (*out)[8]) {
	const __m512i first = _mm512_set_epi64(11, 10, 3, 2, 9, 8, 1, 0),
		      second = _mm512_set_epi64(15, 14, 7, 6, 13, 12, 5, 4);
	ix_blake3_squares16(h);
	ix_blake3_squares16(h + 4);
	BLAKE3_UNROLL
	for (int i = 0; i < 4;
		i++) { /* of nodes i, 4 + i, 8 + i, 12 + i: the first half in h[i], the second in h[4 + i] */
		__m512i a = _mm512_permutex2var_epi64((__m512i)h[i], first, (__m512i)h[4 + i]);
		__m512i b = _mm512_permutex2var_epi64((__m512i)h[i], second, (__m512i)h[4 + i]);
		_mm256_storeu_si256((void *)out[i], _mm512_castsi512_si256(a));
		_mm256_storeu_si256((void *)out[4 + i], _mm512_extracti64x4_epi64(a, 1));
		_mm256_storeu_si256((void *)out[8 + i], _mm512_castsi512_si256(b));
		_mm256_storeu_si256((void *)out[12 + i], _mm512_extracti64x4_epi64(b, 1));
	}
}

/* Sixteen bytes of each of 1, 2 or 4 nodes that are `stride` bytes apart; the last is at `last`, so that
 * where there are three, it can be the third again. */
BLAKE3_VECTOR_INLINE("sse4.1") __m128i ix_blake3_gather1(const uint8_t *data, size_t stride, size_t last) {
	(void)stride;
	(void)last;
	return _mm_loadu_si128((const void *)data);
}

BLAKE3_VECTOR_INLINE("avx2") __m256i ix_blake3_gather2(const uint8_t *data, size_t stride, size_t last) {
	(void)stride;
	return _mm256_inserti128_si256(_mm256_castsi128_si256(_mm_loadu_si128((const void *)data)),
		_mm_loadu_si128((const void *)(data + last)), 1);
}

BLAKE3_VECTOR_INLINE("avx512f") __m512i ix_blake3_gather4(const uint8_t *data, size_t stride, size_t last) {
	return _mm512_inserti64x4(_mm512_castsi256_si512(ix_blake3_gather2(data, 0, stride)),
		ix_blake3_gather2(data + 2 * stride, 0, last - 2 * stride), 1);
}

/* The counter of each node in the first two of four words. */
BLAKE3_VECTOR_INLINE("sse4.1") __m128i ix_blake3_counters1(uint64_t counter, unsigned step) {
	(void)step;
	return _mm_set_epi64x(0, (long long)counter);
}

BLAKE3_VECTOR_INLINE("avx2") __m256i ix_blake3_counters2(uint64_t counter, unsigned step) {
	uint64_t next = counter + step;
	return _mm256_set_epi64x(0, (long long)next, 0, (long long)counter);
}

BLAKE3_VECTOR_INLINE("avx512f") __m512i ix_blake3_counters4(uint64_t counter, unsigned step) {
	return _mm512_inserti64x4(_mm512_castsi256_si512(ix_blake3_counters2(counter, step)),
		ix_blake3_counters2(counter + 2 * (uint64_t)step, step), 1);
}

/* Rotations by bytes are shuffles where there is no rotate instruction. */
BLAKE3_VECTOR_INLINE("sse4.1") __m128i ix_blake3_ror4(__m128i x, int n) {
	if (n == 16)
		return _mm_shuffle_epi8(
			x, _mm_set_epi8(13, 12, 15, 14, 9, 8, 11, 10, 5, 4, 7, 6, 1, 0, 3, 2));
	if (n == 8)
		return _mm_shuffle_epi8(
			x, _mm_set_epi8(12, 15, 14, 13, 8, 11, 10, 9, 4, 7, 6, 5, 0, 3, 2, 1));
	return _mm_or_si128(_mm_srli_epi32(x, n), _mm_slli_epi32(x, 32 - n));
}

BLAKE3_VECTOR_INLINE("avx2") __m256i ix_blake3_ror8(__m256i x, int n) {
	if (n == 16)
		return _mm256_shuffle_epi8(
			x, _mm256_set_epi8(13, 12, 15, 14, 9, 8, 11, 10, 5, 4, 7, 6, 1, 0, 3, 2, 13, 12, 15,
				   14, 9, 8, 11, 10, 5, 4, 7, 6, 1, 0, 3, 2));
	if (n == 8)
		return _mm256_shuffle_epi8(
			x, _mm256_set_epi8(12, 15, 14, 13, 8, 11, 10, 9, 4, 7, 6, 5, 0, 3, 2, 1, 12, 15, 14,
				   13, 8, 11, 10, 9, 4, 7, 6, 5, 0, 3, 2, 1));
	return _mm256_or_si256(_mm256_srli_epi32(x, n), _mm256_slli_epi32(x, 32 - n));
}

#endif
