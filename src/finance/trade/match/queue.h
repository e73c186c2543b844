/* queue.h - the sorted levels of a place and the queues in them. Most of what happens is near the best, which
 * is the last of its array, so most searches and moves are short. */
#ifndef MATCH_QUEUE_H
#define MATCH_QUEUE_H

#include "state.h"

enum { FAR = 256 }; /* more levels than that are moved as a block */

/* As side_place, among any number of keys. */
uint32_t level_place_far(const int32_t *keys, uint32_t count, int32_t key);

/* Better is larger: a buyer's price, a seller's complement; of stops the other way round, because the
 * buyers' lowest is reached first. Signed, because that is what vectors compare. */
static inline int32_t key_of(unsigned place, uint32_t price_e4) {
	return (int32_t)(price_e4 ^ (0U - ((place & 1) ^ ((place & 6) == PLACE_STOP))) ^ 0x80000000U);
}

static inline uint32_t *side_numbers(const side *s) { return (uint32_t *)(void *)(s->keys + s->capacity); }
static inline int32_t side_best_key(const side *s) { return s->keys[s->count - 1]; }
static inline uint32_t side_best(const side *s) { return side_numbers(s)[s->count - 1]; }

typedef int32_t side_vector __attribute__((vector_size(16)));

/* -1 for each of four keys that is smaller. */
static inline side_vector side_smaller(const int32_t *keys, side_vector wanted) {
	side_vector v;
	memcpy(&v, keys, sizeof v);
	return v < wanted;
}
_Static_assert(NEAR == 16, "four vectors");

/* How many keys are smaller. Where an order goes is nearly random, so a branch that depends on it is
 * mispredicted nearly every time: the best NEAR keys are compared all at once instead. */
static inline uint32_t side_place(const side *s, int32_t key) {
	if (IX_UNLIKELY(s->count == 0)) return 0;
	const int32_t *near = s->keys + (ptrdiff_t)s->count - NEAR;
	side_vector wanted = {key, key, key, key};
	side_vector smaller = side_smaller(near, wanted) + side_smaller(near + 4, wanted) +
			      side_smaller(near + 8, wanted) + side_smaller(near + 12, wanted);
	uint32_t not_smaller = (uint32_t)(NEAR + smaller[0] + smaller[1] + smaller[2] + smaller[3]);
	if (IX_LIKELY(not_smaller < NEAR)) return s->count - not_smaller;
	return s->count > NEAR ? level_place_far(s->keys, s->count - NEAR, key) : 0;
}

/* The level of the price; 0 when there is none. */
static inline uint32_t side_find(const side *s, unsigned place, uint32_t price_e4) {
	int32_t key = key_of(place, price_e4);
	uint32_t at = side_place(s, key);
	return at < s->count && s->keys[at] == key ? side_numbers(s)[at] : 0;
}

/* The level of the price, made where there is none; there is room. */
static inline uint32_t side_level(ix_match *e, side *s, unsigned place, uint32_t price_e4) {
	int32_t key = key_of(place, price_e4), *keys = s->keys;
	uint32_t at = side_place(s, key), *numbers = side_numbers(s);
	if (at < s->count && keys[at] == key) return numbers[at];
	uint32_t number = e->level_free;
	if (IX_LIKELY(number))
		e->level_free = e->levels[number].head;
	else
		number = ++e->level_used;
	e->level_count++;
	if (IX_UNLIKELY(s->count - at > FAR)) {
		memmove(keys + at + 1, keys + at, (s->count - at) * sizeof *keys);
		memmove(numbers + at + 1, numbers + at, (s->count - at) * sizeof *numbers);
	} else {
		for (uint32_t i = s->count; i > at; i--) {
			keys[i] = keys[i - 1];
			numbers[i] = numbers[i - 1];
		}
	}
	keys[at] = key;
	numbers[at] = number;
	s->count++;
	e->levels[number] = (level){.price_e4 = price_e4};
	return number;
}

static inline void side_remove(ix_match *e, side *s, unsigned place, uint32_t number) {
	int32_t *keys = s->keys;
	uint32_t *numbers = side_numbers(s), at = side_place(s, key_of(place, e->levels[number].price_e4));
	uint32_t last = --s->count;
	if (IX_UNLIKELY(last - at > FAR)) {
		memmove(keys + at, keys + at + 1, (last - at) * sizeof *keys);
		memmove(numbers + at, numbers + at + 1, (last - at) * sizeof *numbers);
	} else {
		for (uint32_t i = at; i < last; i++) {
			keys[i] = keys[i + 1];
			numbers[i] = numbers[i + 1];
		}
	}
	e->levels[number].head = e->level_free;
	e->level_free = number;
	e->level_count--;
}

/* To the end of the level's queue. */
static inline void queue_append(ix_match *e, uint32_t number, uint32_t index) {
	level *l = &e->levels[number];
	order *o = &e->orders[index];
	o->level = number;
	o->next = 0;
	o->prev = l->tail;
	if (l->tail)
		e->orders[l->tail].next = index;
	else
		l->head = index;
	l->tail = index;
	l->count++;
	l->left += o->left;
	l->shown += o->shown;
}

static inline void queue_unlink(ix_match *e, level *l, const order *o) {
	if (o->prev)
		e->orders[o->prev].next = o->next;
	else
		l->head = o->next;
	if (o->next)
		e->orders[o->next].prev = o->prev;
	else
		l->tail = o->prev;
}

/* Into the place that the order names. */
static inline void place_append(ix_match *e, symbol *s, uint32_t index) {
	const order *o = &e->orders[index];
	queue_append(e, side_level(e, &s->sides[o->place], o->place, place_price(o)), index);
}

/* Out of its queue; the level goes with its last order. */
static inline void place_remove(ix_match *e, symbol *s, uint32_t index) {
	const order *o = &e->orders[index];
	level *l = &e->levels[o->level];
	queue_unlink(e, l, o);
	l->left -= o->left;
	l->shown -= o->shown;
	if (--l->count == 0) side_remove(e, &s->sides[o->place], o->place, o->level);
}

/* Fewer shares, in its place. */
static inline void place_reduce(ix_match *e, order *o, uint32_t left, uint32_t shown) {
	level *l = &e->levels[o->level];
	l->left -= o->left - left;
	l->shown -= o->shown - shown;
	o->left = left;
	o->shown = shown;
}

/* What the book shows of an order that comes to the end of a queue. */
static inline uint32_t shown_of(const order *o) {
	return o->display ? min_u32(o->display, o->left) : o->left;
}

/* ---- walking: every order of a symbol, place by place, best level first, first in the queue first ---- */

typedef struct walk {
	uint32_t place, level_at; /* level_at: levels of the place that are still to come */
	uint32_t next;            /* the next order */
} walk;

/* The next order; 0 at the end. The order returned may be removed before the next call, no other. */
static inline uint32_t walk_next(const ix_match *e, const symbol *s, walk *w) {
	while (!w->next) {
		while (w->level_at == 0) {
			if (w->place == PLACE_COUNT) return 0;
			w->level_at = s->sides[w->place++].count;
		}
		const side *from = &s->sides[w->place - 1];
		w->next = e->levels[side_numbers(from)[--w->level_at]].head;
	}
	uint32_t index = w->next;
	w->next = e->orders[index].next;
	return index;
}

#endif
