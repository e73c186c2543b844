/* queue.h - the queue of a level: append at the tail, remove anywhere, order kept. */
#ifndef BOOK_QUEUE_H
#define BOOK_QUEUE_H

#include "state.h"

/* Rooms for one more entry at the tail: fewer dead entries, or a larger ring. False when there is no memory
 * or the ring may not grow; nothing has changed then. */
bool queue_make_room(ix_books *books, uint32_t number);
/* Moves a queue of few live orders to a smaller ring, if there is memory for it. */
void queue_shrink(ix_books *books, uint32_t number);

/* Where a queue's entries lie. Which levels are large is not predictable. */
static inline uint32_t *queue_shares(const ix_books *books, const level *l) {
	return choose(l->ring != 0, l->near_shares, books->rings.memory + (size_t)l->ring * RING_UNIT);
}
static inline uint64_t *queue_references(const ix_books *books, const level *l) {
	const uint8_t *ring = books->rings.memory + (size_t)l->ring * RING_UNIT;
	return choose(l->ring != 0, l->near_references, ring + ((size_t)4 << l->capacity_log2));
}
static inline uint32_t queue_mask(const level *l) { return ((uint32_t)1 << l->capacity_log2) - 1; }

static inline bool queue_is_full(const level *l) { return l->tail - l->head > queue_mask(l); }

/* The queue has room. Returns the entry's sequence. */
static inline uint32_t queue_append(const ix_books *books, level *l, uint64_t reference, uint32_t shares) {
	uint32_t at = l->tail & queue_mask(l);
	queue_shares(books, l)[at] = shares;
	queue_references(books, l)[at] = reference;
	l->count++;
	l->shares += shares;
	return l->tail++;
}

/* The entry is dead (0 shares) now: if it is the first or the last, the window gets smaller. Others that died
 * in front of it or behind are left for queue_make_room; this has no branches. */
static inline void queue_trim(level *l, uint32_t sequence) {
	l->head += ((sequence ^ l->head) & SEQUENCE_MASK) == 0;
	l->tail -= ((sequence ^ (l->tail - 1)) & SEQUENCE_MASK) == 0 && l->tail != l->head;
}

#endif
