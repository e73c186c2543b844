/* blake3_rows.h - one, two or four nodes with the four rows of each state in four vectors: the shortest way
 * through one node, and for a few of them. Included by the file of an instruction set, once for each width,
 * after it has said ROWS          1, 2 or 4                    ROWS_VECTOR    a vector of four words for each
 *   ROWS_INT      the intrinsics' name of it   ROWS_FLOAT     and of the same as floats
 *   ROWS_OP(x)    the intrinsic's name         ROWS_ROR(x, n) rotation
 *   ROWS_GATHER   sixteen bytes of each node   ROWS_REPEAT    the same four words for each
 *   ROWS_COUNTERS two words of each node       ROWS_NAME(x)   the functions' names
 *   TARGET        the function attribute
 *
 * The message is held in four vectors in the order in which a round takes it: x and y feed the columns, z and
 * w the diagonals. In the diagonal step row b stays where it is, because it is the last to be ready, and the
 * others are turned: so z and w begin with the words of the last diagonal. */

#define ROWS_INLINE static inline __attribute__((always_inline)) TARGET

typedef struct ROWS_NAME(words) {
	ROWS_VECTOR x, y, z, w;
} ROWS_NAME(words);
typedef struct ROWS_NAME(state) {
	ROWS_VECTOR a, b, c, d;
} ROWS_NAME(state);

#define ROWS_TURN(v, l0, l1, l2, l3) \
	((ROWS_VECTOR)ROWS_OP(shuffle_epi32)((ROWS_INT)(v), _MM_SHUFFLE(l3, l2, l1, l0)))
/* Two words of p, then two of q. */
#define ROWS_PICK(p, q, p0, p1, q0, q1) \
	((ROWS_VECTOR)ROWS_OP(shuffle_ps)((ROWS_FLOAT)(p), (ROWS_FLOAT)(q), _MM_SHUFFLE(q1, q0, p1, p0)))
#define ROWS_LOW(p, q)  ((ROWS_VECTOR)ROWS_OP(unpacklo_epi32)((ROWS_INT)(p), (ROWS_INT)(q)))
#define ROWS_HIGH(p, q) ((ROWS_VECTOR)ROWS_OP(unpackhi_epi32)((ROWS_INT)(p), (ROWS_INT)(q)))

ROWS_INLINE ROWS_NAME(words) ROWS_NAME(load_words)(const uint8_t *data, size_t stride, size_t last) {
	ROWS_VECTOR m0 = (ROWS_VECTOR)ROWS_GATHER(data, stride, last);
	ROWS_VECTOR m4 = (ROWS_VECTOR)ROWS_GATHER(data + 16, stride, last);
	ROWS_VECTOR m8 = (ROWS_VECTOR)ROWS_GATHER(data + 32, stride, last);
	ROWS_VECTOR m12 = (ROWS_VECTOR)ROWS_GATHER(data + 48, stride, last);
	ROWS_NAME(words) m;
	m.x = ROWS_PICK(m0, m4, 0, 2, 0, 2);                         /* 0 2 4 6 */
	m.y = ROWS_PICK(m0, m4, 1, 3, 1, 3);                         /* 1 3 5 7 */
	m.z = ROWS_TURN(ROWS_PICK(m8, m12, 0, 2, 0, 2), 3, 0, 1, 2); /* 14 8 10 12 */
	m.w = ROWS_TURN(ROWS_PICK(m8, m12, 1, 3, 1, 3), 3, 0, 1, 2); /* 15 9 11 13 */
	return m;
}

/* Table 2 on words in this order; the comments number the words of the round before. */
ROWS_INLINE ROWS_NAME(words) ROWS_NAME(next_words)(ROWS_NAME(words) m) {
	ROWS_NAME(words) n;
	ROWS_VECTOR high = ROWS_HIGH(m.z, m.w);                        /* 10 11 12 13 */
	ROWS_VECTOR low = ROWS_LOW(m.w, m.y);                          /* 15 1 9 3 */
	ROWS_VECTOR odd = ROWS_HIGH(m.w, m.y);                         /* 11 5 13 7 */
	ROWS_VECTOR mid = ROWS_PICK(m.z, m.w, 3, 3, 1, 1);             /* 12 12 9 9 */
	n.x = ROWS_TURN(ROWS_PICK(m.x, m.y, 1, 2, 1, 3), 0, 2, 3, 1);  /* 2 3 7 4 */
	n.y = ROWS_TURN(ROWS_PICK(m.x, high, 3, 0, 0, 3), 0, 2, 1, 3); /* 6 10 0 13 */
	n.z = ROWS_PICK(low, mid, 0, 1, 0, 2);                         /* 15 1 12 9 */
	n.w = ROWS_TURN(ROWS_PICK(m.z, odd, 1, 0, 0, 1), 0, 2, 3, 1);  /* 8 11 5 14 */
	return n;
}

ROWS_INLINE void ROWS_NAME(half_round)(ROWS_NAME(state) * s, ROWS_VECTOR x, ROWS_VECTOR y) {
	s->a = s->a + x + s->b;
	s->d = ROWS_ROR(s->d ^ s->a, 16);
	s->c = s->c + s->d;
	s->b = ROWS_ROR(s->b ^ s->c, 12);
	s->a = s->a + y + s->b;
	s->d = ROWS_ROR(s->d ^ s->a, 8);
	s->c = s->c + s->d;
	s->b = ROWS_ROR(s->b ^ s->c, 7);
}

ROWS_INLINE void ROWS_NAME(round)(ROWS_NAME(state) * s, const ROWS_NAME(words) * m) {
	ROWS_NAME(half_round)(s, m->x, m->y);
	s->a = ROWS_TURN(s->a, 3, 0, 1, 2);
	s->d = ROWS_TURN(s->d, 2, 3, 0, 1);
	s->c = ROWS_TURN(s->c, 1, 2, 3, 0);
	ROWS_NAME(half_round)(s, m->z, m->w);
	s->a = ROWS_TURN(s->a, 1, 2, 3, 0);
	s->d = ROWS_TURN(s->d, 2, 3, 0, 1);
	s->c = ROWS_TURN(s->c, 3, 0, 1, 2);
}

/* Section 2.2, with s->a and s->b from the chaining value; `counters` has each counter in two words. */
ROWS_INLINE void ROWS_NAME(permute)(
	ROWS_NAME(state) * s, ROWS_NAME(words) m, ROWS_VECTOR counters, unsigned size, unsigned flags) {
	static const uint32_t iv[8] = BLAKE3_IV;
	s->c = (ROWS_VECTOR)ROWS_REPEAT(_mm_loadu_si128((const void *)iv));
	s->d = counters | (ROWS_VECTOR)ROWS_REPEAT(_mm_set_epi32((int)flags, (int)size, 0, 0));
	for (int i = 0; i < BLAKE3_ROUNDS - 1; i++) {
		ROWS_NAME(round)(s, &m);
		m = ROWS_NAME(next_words)(m);
	}
	ROWS_NAME(round)(s, &m);
}

/* Blocks of ROWS nodes, `stride` bytes apart, the last at `last`, into the chaining values in s->a and s->b.
 */
ROWS_INLINE void ROWS_NAME(absorb)(
	ROWS_NAME(state) * s, const ix_blake3_run *run, size_t stride, size_t last, ROWS_VECTOR counters) {
	for (size_t block = 0; block < run->block_count; block++) {
		const uint8_t *data = run->data + block * IX_BLAKE3_BLOCK_SIZE;
		ROWS_NAME(permute)(s, ROWS_NAME(load_words)(data, stride, last), counters,
			IX_BLAKE3_BLOCK_SIZE, ix_blake3_flags_at(run, block));
		s->a ^= s->c;
		s->b ^= s->d;
	}
}

/* The nodes of a batch from `first` on: ROWS of them or, where ROWS is more than 2, one fewer. */
static TARGET void ROWS_NAME(hash)(
	const ix_blake3_batch *batch, size_t first, size_t count, uint32_t (*values)[8]) {
	ix_blake3_run run = batch->run;
	run.data += first * batch->stride;
	run.counter += first * batch->counter_step;
	ROWS_NAME(state) s;
	ROWS_VECTOR out[2];
	s.a = (ROWS_VECTOR)ROWS_REPEAT(_mm_loadu_si128((const void *)batch->key));
	s.b = (ROWS_VECTOR)ROWS_REPEAT(_mm_loadu_si128((const void *)(batch->key + 4)));
	ROWS_NAME(absorb)(&s, &run, batch->stride, (count - 1) * batch->stride,
		(ROWS_VECTOR)ROWS_COUNTERS(run.counter, batch->counter_step));
	out[0] = s.a;
	out[1] = s.b;
	for (size_t i = 0; i < count; i++) {
		memcpy(&values[i][0], (const uint32_t *)&out[0] + 4 * i, 16);
		memcpy(&values[i][4], (const uint32_t *)&out[1] + 4 * i, 16);
	}
}

#if ROWS == 1
static TARGET void ROWS_NAME(run)(uint32_t value[8], const ix_blake3_run *run) {
	ROWS_NAME(state) s;
	memcpy(&s.a, value, 16);
	memcpy(&s.b, value + 4, 16);
	ROWS_NAME(absorb)(&s, run, 0, 0, (ROWS_VECTOR)ROWS_COUNTERS(run->counter, 0));
	memcpy(value, &s.a, 16);
	memcpy(value + 4, &s.b, 16);
}

/* One block of output; what follows the first half is only wanted of the root. */
ROWS_INLINE void ROWS_NAME(block_out)(const ix_blake3_output *o, uint64_t counter, void *out, bool whole) {
	ROWS_NAME(state) s;
	ROWS_VECTOR low, high, to[4];
	memcpy(&low, o->value, 16);
	memcpy(&high, o->value + 4, 16);
	s.a = low;
	s.b = high;
	ROWS_NAME(permute)(&s, ROWS_NAME(load_words)(o->block, 0, 0), (ROWS_VECTOR)ROWS_COUNTERS(counter, 0),
		o->size, o->flags);
	to[0] = s.a ^ s.c;
	to[1] = s.b ^ s.d;
	to[2] = s.c ^ low;
	to[3] = s.d ^ high;
	memcpy(out, to, whole ? 64 : 32);
}

static TARGET void ROWS_NAME(last)(uint32_t value[8], const ix_blake3_output *o) {
	ROWS_NAME(block_out)(o, o->counter, value, false);
}

static TARGET void ROWS_NAME(expand)(const ix_blake3_output *o, uint64_t counter, uint8_t *out) {
	ROWS_NAME(block_out)(o, counter, out, true);
}
#endif

#undef ROWS
#undef ROWS_VECTOR
#undef ROWS_INT
#undef ROWS_FLOAT
#undef ROWS_OP
#undef ROWS_ROR
#undef ROWS_GATHER
#undef ROWS_COUNTERS
#undef ROWS_REPEAT
#undef ROWS_NAME
#undef ROWS_INLINE
#undef ROWS_TURN
#undef ROWS_PICK
#undef ROWS_LOW
#undef ROWS_HIGH
