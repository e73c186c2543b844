/* queue.h - the queue of a level: append at the tail, remove anywhere, order kept. */
#ifndef BOOK_QUEUE_H
#define BOOK_QUEUE_H

#include "state.h"

/* Room for one more entry at the tail: fewer dead entries, or a larger ring. False when there is no memory
 * or the ring may not grow; nothing has changed then. */
bool queue_make_room(ix_books *books, uint32_t number);
/* Moves a queue of few live orders to a smaller ring, if there is memory for it. */
void queue_shrink(ix_books *books, uint32_t number);
/* Gives the queue's ring back, if it has one. */
void queue_give_ring(ix_books *books, const level *l);

/* Near and far entries have the same layout, and are reached in the same way: which levels are large is not
 * predictable. */
static inline uint32_t *queue_shares(const ix_books *books, const level *l) {
	return (uint32_t *)(void *)((uint8_t *)books->levels + (size_t)l->entries * ENTRY_UNIT);
}
static inline uint64_t *queue_references(const ix_books *books, const level *l) {
	return (uint64_t *)(void *)((uint8_t *)queue_shares(books, l) + ((size_t)4 << l->capacity_log2));
}
static inline bool queue_is_near(const level *l) { return l->capacity_log2 == NEAR_LOG2; }
static inline uint32_t queue_near(uint32_t number) {
	return number * (uint32_t)(sizeof(level) / ENTRY_UNIT) + 1;
}
/* From a block of the ring pool, and back. */
static inline uint32_t queue_entries(const ix_books *books, uint32_t ring) {
	return queue_near(books->level_reserved) - 1 + ring / 8 * (8 * RING_UNIT / ENTRY_UNIT);
}
static inline uint32_t queue_ring(const ix_books *books, const level *l) {
	return (l->entries - (queue_near(books->level_reserved) - 1)) / (8 * RING_UNIT / ENTRY_UNIT) * 8;
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
