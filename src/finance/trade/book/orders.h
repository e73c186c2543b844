/* orders.h - from an order's reference to where it waits. Two generations. A feed hands references out in
 * nearly ascending order, and most orders die young: so the latest recent_mask + 1 references have an array
 * of their own, indexed by reference, 8 bytes each and dense in the cache. What is older, or out of order, is
 * in a hash table: open addressing, linear probing, erased by shifting back, so there are no tombstones. An
 * order that outlives the window moves over when the window moves on.
 *
 * `where` is level, sequence in its queue, attribution (state.h); 0: no live order. */
#ifndef BOOK_ORDERS_H
#define BOOK_ORDERS_H

#include "state.h"

/* Moves the window on, or enlarges the table; for references outside the window only. */
bool orders_make_room(ix_books *books, uint64_t reference);
/* The table's side of orders_put and orders_erase. */
void orders_put_old(ix_books *books, uint64_t reference, uint64_t where);
void orders_erase_old(ix_books *books, uint32_t at);

static inline bool orders_is_recent(const ix_books *books, uint64_t reference) {
	return reference - books->recent_base <= books->recent_mask;
}

static inline uint64_t *orders_recent(const ix_books *books, uint64_t reference) {
	return &books->recent[reference & books->recent_mask];
}

/* Where in the table the search for a reference starts. Four slots share a cache line, and references that
 * differ in the last two bits only start in the same one. */
static inline uint32_t orders_home(const ix_books *books, uint64_t reference) {
	uint64_t line = ((reference >> 2) * books->multiplier) >> books->line_shift;
	return (uint32_t)(line << 2) | (uint32_t)(reference & 3);
}

/* The slot of an old order, or the empty one where it belongs. There is always an empty slot. */
static inline uint32_t orders_slot(const ix_books *books, uint64_t reference) {
	const slot *slots = books->slots;
	uint32_t at = orders_home(books, reference);
	while (slots[at].where && slots[at].reference != reference) at = (at + 1) & books->slot_mask;
	return at;
}

/* Where an order waits; 0 when it is not alive. */
static inline uint64_t orders_find(const ix_books *books, uint64_t reference) {
	if (IX_LIKELY(orders_is_recent(books, reference))) return *orders_recent(books, reference);
	return books->slots[orders_slot(books, reference)].where;
}

/* After this an order can be put in. False: no memory. */
static inline bool orders_room(ix_books *books, uint64_t reference) {
	return IX_LIKELY(orders_is_recent(books, reference)) || orders_make_room(books, reference);
}

/* Puts an order in, or changes where it waits. */
static inline void orders_put(ix_books *books, uint64_t reference, uint64_t where) {
	if (IX_LIKELY(orders_is_recent(books, reference)))
		*orders_recent(books, reference) = where;
	else
		orders_put_old(books, reference, where);
}

static inline void orders_erase(ix_books *books, uint64_t reference) {
	if (IX_LIKELY(orders_is_recent(books, reference)))
		*orders_recent(books, reference) = 0;
	else
		orders_erase_old(books, orders_slot(books, reference));
}

#endif
