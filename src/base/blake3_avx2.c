/* blake3_avx2.c - BLAKE3 with AVX2: one and two nodes in rows, four and eight in lanes. */
#if defined __x86_64__
#include "blake3_vectors.h"

#define TARGET __attribute__((target("avx2"))) BLAKE3_UNCHECKED

#define ROWS           1
#define ROWS_VECTOR    ix_blake3_v4
#define ROWS_INT       __m128i
#define ROWS_FLOAT     __m128
#define ROWS_OP(x)     _mm_##x
#define ROWS_ROR(x, n) (ix_blake3_v4) ix_blake3_ror4((__m128i)(x), n)
#define ROWS_GATHER    ix_blake3_gather1
#define ROWS_COUNTERS  ix_blake3_counters1
#define ROWS_REPEAT(x) (x)
#define ROWS_NAME(x)   one_##x
#include "blake3_rows.h"

#define ROWS           2
#define ROWS_VECTOR    ix_blake3_v8
#define ROWS_INT       __m256i
#define ROWS_FLOAT     __m256
#define ROWS_OP(x)     _mm256_##x
#define ROWS_ROR(x, n) (ix_blake3_v8) ix_blake3_ror8((__m256i)(x), n)
#define ROWS_GATHER    ix_blake3_gather2
#define ROWS_COUNTERS  ix_blake3_counters2
#define ROWS_REPEAT(x) _mm256_broadcastsi128_si256(x)
#define ROWS_NAME(x)   two_##x
#include "blake3_rows.h"

#define LANES              4
#define LANES_VECTOR       ix_blake3_v4
#define LANES_NAME(x)      four_##x
#define LANES_ROR(x, n)    (ix_blake3_v4) ix_blake3_ror4((__m128i)(x), n)
#define LANES_TRANSPOSE(v) ix_blake3_transpose4(v)
#define LANES_VALUES       ix_blake3_values4
#include "blake3_lanes.h"

#define LANES              8
#define LANES_VECTOR       ix_blake3_v8
#define LANES_NAME(x)      eight_##x
#define LANES_ROR(x, n)    (ix_blake3_v8) ix_blake3_ror8((__m256i)(x), n)
#define LANES_TRANSPOSE(v) ix_blake3_transpose8(v)
#define LANES_VALUES       ix_blake3_values8
#include "blake3_lanes.h"

static void many_avx2(const ix_blake3_batch *batch, size_t count, uint32_t (*values)[8]) {
	size_t i = 0;
	for (; count - i > 4; i += ix_size_min(8, count - i))
		eight_hash(batch, i, ix_size_min(8, count - i), values + i);
	size_t left = count - i;
	if (left > 2)
		four_hash(batch, i, left, values + i);
	else if (left == 2)
		two_hash(batch, i, 2, values + i);
	else if (left == 1)
		one_hash(batch, i, 1, values + i);
}

static void expand_avx2(const ix_blake3_output *output, uint8_t *out, size_t block_count) {
	size_t i = 0;
	for (; block_count - i >= 8; i += 8) eight_expand(output, output->counter + i, out + i * 64);
	for (; block_count - i >= 4; i += 4) four_expand(output, output->counter + i, out + i * 64);
	for (; i < block_count; i++) one_expand(output, output->counter + i, out + i * 64);
}

const ix_blake3_kernel ix_blake3_avx2 = {one_run, one_last, expand_avx2, many_avx2};
#endif
