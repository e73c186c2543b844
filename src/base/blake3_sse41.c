/* blake3_sse41.c - BLAKE3 with SSE4.1: one node in rows, four in lanes. */
#if defined __x86_64__
#include "blake3_vectors.h"

#define TARGET __attribute__((target("sse4.1"))) BLAKE3_UNCHECKED

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

#define LANES              4
#define LANES_VECTOR       ix_blake3_v4
#define LANES_NAME(x)      four_##x
#define LANES_ROR(x, n)    (ix_blake3_v4) ix_blake3_ror4((__m128i)(x), n)
#define LANES_TRANSPOSE(v) ix_blake3_transpose4(v)
#define LANES_VALUES       ix_blake3_values4
#include "blake3_lanes.h"

static void many_sse41(const ix_blake3_batch *batch, size_t count, uint32_t (*values)[8]) {
	size_t i = 0;
	for (; count - i > 1; i += ix_size_min(4, count - i))
		four_hash(batch, i, ix_size_min(4, count - i), values + i);
	if (i < count) one_hash(batch, i, 1, values + i);
}

static void expand_sse41(const ix_blake3_output *output, uint8_t *out, size_t block_count) {
	size_t i = 0;
	for (; block_count - i >= 4; i += 4) four_expand(output, output->counter + i, out + i * 64);
	for (; i < block_count; i++) one_expand(output, output->counter + i, out + i * 64);
}

const ix_blake3_kernel ix_blake3_sse41 = {one_run, one_last, expand_sse41, many_sse41};
#endif
