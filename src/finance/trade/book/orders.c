/* orders.c - the order table when a reference is not in the window: the window moves on, or the hash table
 * grows. */
#include "orders.h"

enum {
	LINE = 8,        /* references of the window in a cache line; it moves by lines */
	LOOK_AHEAD = 4,  /* lines of the window whose orders' slots are fetched before they move */
	LEAP_MAX = 4096, /* the window follows a reference this far ahead of it at once */
	BEHIND = 4096,   /* where it is set, it starts so far below the reference */
};

static bool grow(ix_books *books) {
	slot *old = books->slots;
	uint32_t old_reserved = books->slot_mask + 1, reserved = 0;
	void *grown = NULL;
	if (!pool_grow(books, &grown, sizeof(slot), &reserved, 2 * old_reserved, 2 * old_reserved))
		return false;
	books->day.growth_count++;
	books->slots = grown;
	books->slot_mask = reserved - 1;
	books->line_shift--;
	books->old_limit = reserved / 8 * 7;
	for (uint32_t i = 0; i < old_reserved; i++) {
		if (old[i].where) books->slots[orders_slot(books, old[i].reference)] = old[i];
	}
	ix_release(books->options.allocator, old, (size_t)old_reserved * sizeof(slot), CACHE_LINE);
	books->memory_bytes -= (size_t)old_reserved * sizeof(slot);
	return true;
}

static void fetch_slots(const ix_books *books, uint64_t reference) {
	const uint64_t *entry = orders_recent(books, reference);
	for (uint32_t i = 0; i < LINE; i++) {
		if (entry[i]) __builtin_prefetch(&books->slots[orders_home(books, reference + i)], 1);
	}
}

/* An old order above the window: one day the window may come to it. */
static bool is_ahead(const ix_books *books, uint64_t reference) {
	return reference > books->recent_base && !orders_is_recent(books, reference);
}

/* Orders of the table that the window has just come to. */
static void adopt_line(ix_books *books, uint64_t first) {
	for (uint32_t i = 0; i < LINE; i++) {
		uint32_t at = orders_slot(books, first + i);
		if (books->slots[at].where == 0) continue;
		*orders_recent(books, first + i) = books->slots[at].where;
		orders_erase_old(books, at);
		books->ahead_count--; /* it was, until now */
	}
}

/* Room in the table for all orders of a line of the window. */
static bool has_room_for_line(ix_books *books, const uint64_t *entry) {
	if (IX_LIKELY(books->old_count + LINE <= books->old_limit)) return true;
	uint32_t count = books->old_count;
	for (uint32_t i = 0; i < LINE; i++) count += entry[i] != 0;
	return count <= books->old_limit || grow(books);
}

/* Moves the live orders of the window's first line to the table, and the window by a line. */
static bool move_line(ix_books *books) {
	uint64_t first = books->recent_base;
	fetch_slots(books, first + (uint64_t)LOOK_AHEAD * LINE);
	__builtin_prefetch(orders_recent(books, first + (uint64_t)4 * LOOK_AHEAD * LINE), 1);
	uint64_t *entry = orders_recent(books, first);
	if (!has_room_for_line(books, entry)) return false;
	for (uint32_t i = 0; i < LINE; i++) {
		if (entry[i] == 0) continue;
		books->slots[orders_slot(books, first + i)] = (slot){first + i, entry[i]};
		books->old_count++;
		entry[i] = 0;
	}
	books->recent_base += LINE;
	return true;
}

/* Every order of the table that is in the window, into it. Erasing shifts others into the slot. */
static void adopt_all(ix_books *books) {
	uint32_t at = 0;
	while (at <= books->slot_mask) {
		const slot *s = &books->slots[at];
		if (s->where && orders_is_recent(books, s->reference)) {
			*orders_recent(books, s->reference) = s->where;
			orders_erase_old(books, at);
		} else {
			at++;
		}
	}
	books->ahead_count = 0;
	for (at = 0; at <= books->slot_mask; at++)
		books->ahead_count += books->slots[at].where && is_ahead(books, books->slots[at].reference);
}

/* Where a window starts that is to hold the reference, and some below it. */
static uint64_t base_for(const ix_books *books, uint64_t reference) {
	uint64_t below = books->recent_mask / 2 < BEHIND ? books->recent_mask / 2 : BEHIND;
	return (reference > below ? reference - below : 0) & ~(uint64_t)(LINE - 1);
}

/* The window to where the reference is, whatever was in it to the table. */
static bool set_window(ix_books *books, uint64_t reference) {
	uint64_t size = books->recent_mask + 1;
	bool is_moved = true;
	for (uint64_t moved = 0; moved < size && is_moved; moved += LINE) is_moved = move_line(books);
	if (is_moved) books->recent_base = base_for(books, reference);
	adopt_all(books);
	return is_moved;
}

/* The window up to where `beyond` references more are in it. */
static bool advance_window(ix_books *books, uint64_t beyond) {
	books->strays = 0;
	for (uint64_t moved = 0; moved < beyond; moved += LINE) {
		uint64_t next = books->recent_base + books->recent_mask + 1;
		if (!move_line(books)) return false;
		if (IX_UNLIKELY(books->ahead_count > 0)) adopt_line(books, next);
	}
	return true;
}

bool orders_make_room(ix_books *books, uint64_t reference) {
	uint64_t beyond = reference - books->recent_base - books->recent_mask; /* 1: the first one above it */
	uint64_t leap_max = books->recent_mask / 2 < LEAP_MAX ? books->recent_mask / 2 : LEAP_MAX;
	if (beyond <= leap_max) return advance_window(books, beyond);
	if (books->day.order_count == 0) {
		books->recent_base = base_for(books, reference);
		return true;
	}
	if (++books->strays >= books->strays_max) {
		books->strays = 0;
		books->strays_max *= 2;
		return set_window(books, reference);
	}
	return books->old_count < books->old_limit || grow(books);
}

void orders_put_old(ix_books *books, uint64_t reference, uint64_t where) {
	slot *s = &books->slots[orders_slot(books, reference)];
	if (s->where == 0) {
		books->old_count++;
		books->ahead_count += is_ahead(books, reference);
	}
	*s = (slot){reference, where};
}

void orders_erase_old(ix_books *books, uint32_t gap) {
	slot *slots = books->slots;
	uint32_t mask = books->slot_mask;
	books->old_count--;
	books->ahead_count -= is_ahead(books, slots[gap].reference);
	for (uint32_t at = (gap + 1) & mask; slots[at].where; at = (at + 1) & mask) {
		uint32_t home = orders_home(books, slots[at].reference);
		if (((at - home) & mask) >= ((at - gap) & mask)) {
			slots[gap] = slots[at];
			gap = at;
		}
	}
	slots[gap] = (slot){0, 0};
}
