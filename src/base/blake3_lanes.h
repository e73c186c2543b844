/* blake3_lanes.h - as many nodes at once as a vector has words, word i of the state of all of them in vector
 * i. Included by the file of an instruction set, once for each width, after it has said LANES           4, 8
 * or 16               LANES_VECTOR       a vector of that many uint32_t TARGET    the function attribute
 * LANES_NAME(x)      the functions' names LANES_ROR(x, n) rotation                 LANES_TRANSPOSE(v) a
 * square of LANES vectors, in place LANES_VALUES(h, out)                     stores eight words of each node
 * from eight vectors
 *
 * Chunks and parents lie side by side in memory, so a node's address is a base and a stride. Where fewer
 * nodes are left than lanes, the last one is hashed again in the lanes to spare. */

#define LANES_INLINE static inline __attribute__((always_inline)) TARGET
#define LANES_FOUR(step) \
	BLAKE3_UNROLL    \
	for (int i = 0; i < 4; i++) step

LANES_INLINE LANES_VECTOR LANES_NAME(load)(const void *from) {
	LANES_VECTOR v;
	memcpy(&v, from, sizeof v);
	return v;
}

LANES_INLINE LANES_VECTOR LANES_NAME(splat)(uint32_t word) { return (LANES_VECTOR){0} + word; }

/* Four mixings side by side, step by step: each is one long chain of dependences. `s` is the order of their
 * words. */
LANES_INLINE void LANES_NAME(mix)(LANES_VECTOR *const a[4], LANES_VECTOR *const b[4],
	LANES_VECTOR *const c[4], LANES_VECTOR *const d[4], const LANES_VECTOR m[16], const uint8_t s[8]) {
	LANES_FOUR(*a[i] += m[s[2 * i]]);
	LANES_FOUR(*a[i] += *b[i]);
	LANES_FOUR(*d[i] ^= *a[i]);
	LANES_FOUR(*d[i] = LANES_ROR(*d[i], 16));
	LANES_FOUR(*c[i] += *d[i]);
	LANES_FOUR(*b[i] ^= *c[i]);
	LANES_FOUR(*b[i] = LANES_ROR(*b[i], 12));
	LANES_FOUR(*a[i] += m[s[2 * i + 1]]);
	LANES_FOUR(*a[i] += *b[i]);
	LANES_FOUR(*d[i] ^= *a[i]);
	LANES_FOUR(*d[i] = LANES_ROR(*d[i], 8));
	LANES_FOUR(*c[i] += *d[i]);
	LANES_FOUR(*b[i] ^= *c[i]);
	LANES_FOUR(*b[i] = LANES_ROR(*b[i], 7));
}

LANES_INLINE void LANES_NAME(round)(LANES_VECTOR v[16], const LANES_VECTOR m[16], const uint8_t s[16]) {
	LANES_VECTOR *const a[4] = {&v[0], &v[1], &v[2], &v[3]};
	LANES_VECTOR *const columns_b[4] = {&v[4], &v[5], &v[6], &v[7]};
	LANES_VECTOR *const columns_c[4] = {&v[8], &v[9], &v[10], &v[11]};
	LANES_VECTOR *const columns_d[4] = {&v[12], &v[13], &v[14], &v[15]};
	LANES_VECTOR *const diagonals_b[4] = {&v[5], &v[6], &v[7], &v[4]};
	LANES_VECTOR *const diagonals_c[4] = {&v[10], &v[11], &v[8], &v[9]};
	LANES_VECTOR *const diagonals_d[4] = {&v[15], &v[12], &v[13], &v[14]};
	LANES_NAME(mix)(a, columns_b, columns_c, columns_d, m, s);
	LANES_NAME(mix)(a, diagonals_b, diagonals_c, diagonals_d, m, s + 8);
}

/* Seven times by hand: the schedule's numbers must be constants for the message to stay in registers. */
LANES_INLINE void LANES_NAME(rounds)(LANES_VECTOR v[16], const LANES_VECTOR m[16]) {
	static const uint8_t schedule[BLAKE3_ROUNDS][16] = BLAKE3_SCHEDULE;
	LANES_NAME(round)(v, m, schedule[0]);
	LANES_NAME(round)(v, m, schedule[1]);
	LANES_NAME(round)(v, m, schedule[2]);
	LANES_NAME(round)(v, m, schedule[3]);
	LANES_NAME(round)(v, m, schedule[4]);
	LANES_NAME(round)(v, m, schedule[5]);
	LANES_NAME(round)(v, m, schedule[6]);
}

LANES_INLINE void LANES_NAME(start)(LANES_VECTOR v[16], LANES_VECTOR counter_low, LANES_VECTOR counter_high,
	uint32_t size, uint32_t flags) {
	static const uint32_t iv[8] = BLAKE3_IV;
	BLAKE3_UNROLL
	for (int i = 0; i < 4; i++) v[8 + i] = LANES_NAME(splat)(iv[i]);
	v[12] = counter_low;
	v[13] = counter_high;
	v[14] = LANES_NAME(splat)(size);
	v[15] = LANES_NAME(splat)(flags);
}

/* Lane i gets counter + i * step; `step` is 0 or 1. */
LANES_INLINE void LANES_NAME(counters)(
	uint64_t counter, unsigned step, LANES_VECTOR *low, LANES_VECTOR *high) {
	static const uint32_t lanes[16] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
	LANES_VECTOR start = LANES_NAME(splat)((uint32_t)counter);
	*low = start + (LANES_NAME(load)(lanes) & LANES_NAME(splat)(0 - step));
	*high = LANES_NAME(splat)((uint32_t)(counter >> 32)) - (LANES_VECTOR)(*low < start); /* true is -1 */
}

/* The nodes at `data` + i * `stride` or, where that is 0, at node[i]; `block_count` as the run has it. Both
 * are constants in the calls that matter. */
LANES_INLINE void LANES_NAME(nodes)(const ix_blake3_batch *batch, size_t first, size_t count, size_t stride,
	size_t block_count, const uint8_t *const node[LANES], uint32_t (*values)[8]) {
	const ix_blake3_run *run = &batch->run;
	const uint8_t *data = run->data + first * batch->stride;
	LANES_VECTOR low, high, h[8];
	LANES_NAME(counters)(run->counter + first * batch->counter_step, batch->counter_step, &low, &high);
	BLAKE3_UNROLL
	for (int i = 0; i < 8; i++) h[i] = LANES_NAME(splat)(batch->key[i]);
	for (size_t block = 0; block < block_count; block++) {
		LANES_VECTOR v[16], m[16];
		BLAKE3_UNROLL
		for (int group = 0; group < 16; group += LANES) {
			BLAKE3_UNROLL
			for (int i = 0; i < LANES; i++)
				m[group + i] =
					LANES_NAME(load)((stride ? data + (size_t)i * stride : node[i]) +
							 block * IX_BLAKE3_BLOCK_SIZE + group * 4);
			LANES_TRANSPOSE(&m[group]);
		}
		if (block_count >
			1) { /* the same block of the next nodes: more streams than the processor follows */
			BLAKE3_UNROLL
			for (int i = 0; i < LANES; i++)
				_mm_prefetch((const void *)((stride ? data + (size_t)i * stride : node[i]) +
							    block * IX_BLAKE3_BLOCK_SIZE +
							    LANES * IX_BLAKE3_CHUNK_SIZE),
					_MM_HINT_T1);
		}
		BLAKE3_UNROLL
		for (int i = 0; i < 8; i++) v[i] = h[i];
		LANES_NAME(start)(v, low, high, IX_BLAKE3_BLOCK_SIZE, ix_blake3_flags_at(run, block));
		LANES_NAME(rounds)(v, m);
		BLAKE3_UNROLL
		for (int i = 0; i < 8; i++) h[i] = v[i] ^ v[i + 8];
	}
	if (count == LANES) {
		LANES_VALUES(h, values);
	} else {
		uint32_t all[LANES][8];
		LANES_VALUES(h, all);
		memcpy(values, all, count * sizeof all[0]);
	}
}

/* 1 to LANES nodes. */
static TARGET void LANES_NAME(hash)(
	const ix_blake3_batch *batch, size_t first, size_t count, uint32_t (*values)[8]) {
	if (count == LANES && batch->stride == IX_BLAKE3_CHUNK_SIZE) {
		LANES_NAME(nodes)(batch, first, LANES, IX_BLAKE3_CHUNK_SIZE, 16, NULL, values);
	} else if (count == LANES && batch->stride == IX_BLAKE3_NODE_SIZE) {
		LANES_NAME(nodes)(batch, first, LANES, IX_BLAKE3_NODE_SIZE, 1, NULL, values);
	} else {
		const uint8_t *node[LANES], *next = batch->run.data + first * batch->stride;
		for (size_t i = 0; i < LANES; i++) {
			node[i] = next;
			if (i + 1 < count) next += batch->stride;
		}
		LANES_NAME(nodes)(batch, first, count, 0, batch->run.block_count, node, values);
	}
}

/* LANES blocks of output, from the number `counter` on. */
static TARGET void LANES_NAME(expand)(const ix_blake3_output *o, uint64_t counter, uint8_t *out) {
	LANES_VECTOR v[16], m[16], low, high;
	uint32_t words[16];
	memcpy(words, o->block, sizeof words);
	BLAKE3_UNROLL
	for (int i = 0; i < 16; i++) m[i] = LANES_NAME(splat)(words[i]);
	BLAKE3_UNROLL
	for (int i = 0; i < 8; i++) v[i] = LANES_NAME(splat)(o->value[i]);
	LANES_NAME(counters)(counter, 1, &low, &high);
	LANES_NAME(start)(v, low, high, o->size, o->flags);
	LANES_NAME(rounds)(v, m);
	BLAKE3_UNROLL
	for (int i = 0; i < 8; i++) {
		v[i] ^= v[i + 8];
		v[i + 8] ^= LANES_NAME(splat)(o->value[i]);
	}
	BLAKE3_UNROLL
	for (int group = 0; group < 16; group += LANES) {
		LANES_TRANSPOSE(&v[group]);
		BLAKE3_UNROLL
		for (int i = 0; i < LANES; i++) memcpy(out + i * 64 + group * 4, &v[group + i], sizeof v[0]);
	}
}

#undef LANES
#undef LANES_VECTOR
#undef LANES_NAME
#undef LANES_ROR
#undef LANES_TRANSPOSE
#undef LANES_VALUES
#undef LANES_INLINE
#undef LANES_FOUR
