/* sides.h - the price levels of one side of a book, sorted, the best last: most of what happens is near the
 * best, so most searches and moves are short. */
#ifndef BOOK_SIDES_H
#define BOOK_SIDES_H

#include "state.h"

enum { SIDE_FAR = 256 }; /* more levels than that are moved as a block */

bool side_grow(ix_books *books, side *s);
void side_shrink(ix_books *books, side *s);
/* Moves `count` keys and levels: for sides whose prices are far more than a market's. */
void side_move_far(int32_t *keys, uint32_t *levels, uint32_t to, uint32_t from, uint32_t count);
/* As side_place, among keys of any number. */
uint32_t side_place_far(const int32_t *keys, uint32_t count, int32_t key);

/* Better is larger. Signed, because that is what vectors compare. */
static inline int32_t side_key(unsigned which, uint32_t price_e4) {
	return (int32_t)(price_e4 ^ (0U - which) ^ 0x80000000U);
}

/* The keys in front take the place of half as many levels. */
static inline uint32_t side_capacity(const side *s) { return ((uint32_t)1 << s->block_log2) - SIDE_NEAR / 2; }
static inline int32_t *side_keys(const ix_books *books, const side *s) {
	return (int32_t *)(void *)(books->sides.memory + (size_t)s->block * SIDE_UNIT) + SIDE_NEAR;
}
static inline uint32_t *side_levels(const ix_books *books, const side *s) {
	return (uint32_t *)(void *)side_keys(books, s) + side_capacity(s);
}

typedef int32_t side_vector __attribute__((vector_size(16)));

/* -1 for each of four keys that is smaller. */
static inline side_vector side_smaller(const int32_t *keys, side_vector wanted) {
	side_vector v;
	memcpy(&v, keys, sizeof v);
	return v < wanted;
}

/* How many of `count` keys are smaller: the key's place, there or not. Where an order goes is nearly random,
 * so a branch that depends on it is mispredicted nearly every time; the best SIDE_NEAR keys are compared all
 * at once instead. With fewer, the smallest keys in front of them are compared too. */
static inline uint32_t side_place(const int32_t *keys, uint32_t count, int32_t key) {
	const int32_t *near = keys + (ptrdiff_t)count - SIDE_NEAR;
	side_vector wanted = {key, key, key, key};
	side_vector smaller = side_smaller(near, wanted) + side_smaller(near + 4, wanted) +
			      side_smaller(near + 8, wanted) + side_smaller(near + 12, wanted);
	uint32_t not_smaller = (uint32_t)(SIDE_NEAR + smaller[0] + smaller[1] + smaller[2] + smaller[3]);
	if (IX_LIKELY(not_smaller < SIDE_NEAR)) return count - not_smaller;
	return count > SIDE_NEAR ? side_place_far(keys, count - SIDE_NEAR, key) : 0;
}
_Static_assert(SIDE_NEAR == 16, "four vectors");

static inline void side_insert(const ix_books *books, side *s, uint32_t place, int32_t key, uint32_t number) {
	int32_t *keys = side_keys(books, s);
	uint32_t *levels = side_levels(books, s);
	if (IX_UNLIKELY(s->count - place > SIDE_FAR)) {
		side_move_far(keys, levels, place + 1, place, s->count - place);
	} else {
		for (uint32_t i = s->count; i > place; i--) {
			keys[i] = keys[i - 1];
			levels[i] = levels[i - 1];
		}
	}
	keys[place] = key;
	levels[place] = number;
	s->count++;
}

static inline void side_remove(const ix_books *books, side *s, uint32_t place) {
	int32_t *keys = side_keys(books, s);
	uint32_t *levels = side_levels(books, s);
	s->count--;
	if (IX_UNLIKELY(s->count - place > SIDE_FAR)) {
		side_move_far(keys, levels, place, place + 1, s->count - place);
		return;
	}
	for (uint32_t i = place; i < s->count; i++) {
		keys[i] = keys[i + 1];
		levels[i] = levels[i + 1];
	}
}

#endif
