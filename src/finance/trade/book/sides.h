/* sides.h - the price levels of one side of a book, sorted, the best last: most of what happens is near the
 * best, so most searches and moves are short. */
#ifndef BOOK_SIDES_H
#define BOOK_SIDES_H

#include "state.h"

enum {
	SIDE_NEAR = 16, /* levels from the best that are searched without a branch */
	SIDE_FAR = 256, /* more of them than that are moved as a block */
};

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

static inline int32_t *side_keys(const ix_books *books, const side *s) {
	return (int32_t *)(void *)(books->sides.memory + (size_t)s->block * SIDE_UNIT);
}
static inline uint32_t *side_levels(const ix_books *books, const side *s) {
	return (uint32_t *)(void *)side_keys(books, s) + ((size_t)1 << s->capacity_log2);
}

typedef int32_t side_vector __attribute__((vector_size(16)));

/* -1 for each of four keys that is smaller, or not there. */
static inline side_vector side_below(const uint8_t *keys, int index, side_vector wanted, side_vector first) {
	side_vector v, at = {index, index + 1, index + 2, index + 3};
	memcpy(&v, keys + (size_t)index * 4, sizeof v);
	return (v < wanted) | (at < first);
}

/* How many of `count` keys (not 0) are smaller: the key's place, there or not. Where an order goes is nearly
 * random, so a branch that depends on it is mispredicted nearly every time; the best keys are compared all at
 * once instead. With fewer than SIDE_NEAR that reads what lies in front of the array (another block, or block
 * 0), and does not count it. */
static inline uint32_t side_place(const int32_t *keys, uint32_t count, int32_t key) {
	const uint8_t *near = (const uint8_t *)keys + ((ptrdiff_t)count - SIDE_NEAR) * 4;
	int32_t absent = SIDE_NEAR - (int32_t)(count < SIDE_NEAR ? count : SIDE_NEAR);
	side_vector wanted = {key, key, key, key}, first = {absent, absent, absent, absent};
	side_vector below = side_below(near, 0, wanted, first) + side_below(near, 4, wanted, first) +
			    side_below(near, 8, wanted, first) + side_below(near, 12, wanted, first);
	uint32_t not_smaller = (uint32_t)(SIDE_NEAR + below[0] + below[1] + below[2] + below[3]);
	if (IX_UNLIKELY(not_smaller == SIDE_NEAR)) return side_place_far(keys, count - SIDE_NEAR, key);
	return count - not_smaller;
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
