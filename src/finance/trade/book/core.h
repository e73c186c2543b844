/* core.h - the operations on orders, to be inlined into the doors: ops.c (calls), apply.c (messages), run.c
 * (streams). Each returns 0, or a fault and has changed nothing. `locate` 0: whichever symbol's the order is.
 */
#ifndef BOOK_CORE_H
#define BOOK_CORE_H

#include "orders.h"
#include "queue.h"
#include "sides.h"
#include "state.h"

/* What an execution did, for the statistics. */
typedef struct fill {
	uint32_t price_e4; /* the order's own */
	uint16_t locate;
} fill;

static inline book *core_book(const ix_books *books, uint16_t locate) {
	if (IX_UNLIKELY(locate >= books->book_reserved)) return NULL;
	book *b = &books->books[locate];
	return IX_LIKELY(b->exists) ? b : NULL;
}

/* Whether a level is the best is a coin's toss: the stores go to a spare place if it is not. */
static inline void core_show_best(ix_books *books, book *b, const level *l) {
	ix_book_level *best = &b->best[l->side];
	ix_book_level *to = choose(best->price_e4 != l->price_e4, best, &books->spare);
	to->order_count = l->count;
	to->shares = l->shares;
}

/* The last level of the side's list is its best. */
static inline void core_find_best(const ix_books *books, book *b, unsigned which) {
	const side *s = &b->sides[which];
	if (s->count == 0) {
		b->best[which] = (ix_book_level){0, 0, 0};
		return;
	}
	const level *l = &books->levels[side_levels(books, s)[s->count - 1]];
	b->best[which] = (ix_book_level){l->price_e4, l->count, l->shares};
}

/* A new, empty level in its place; 0 when there is no room for it. */
static __attribute__((noinline)) uint32_t core_make_level(ix_books *books, uint16_t locate, unsigned which,
	uint32_t price_e4, uint32_t place, uint32_t levels_max) {
	side *s = &books->books[locate].sides[which];
	if (IX_UNLIKELY(books->day.level_count >= levels_max)) {
		books->shortage = IX_ERR_LIMIT;
		return 0;
	}
	if (IX_UNLIKELY(s->block == 0 || s->count >= side_capacity(s)) && !side_grow(books, s)) return 0;
	uint32_t number = books->day.level_free;
	if (IX_LIKELY(number != 0))
		books->day.level_free = books->levels[number].entries;
	else {
		number = books->day.level_used;
		if (IX_UNLIKELY(number >= books->level_reserved) &&
			!arena_grow(books, number + 1, books->rings.reserved))
			return 0;
		books->day.level_used++;
	}
	level *l = &books->levels[number];
	l->shares = 0;
	l->price_e4 = price_e4;
	l->count = 0;
	l->head = l->tail = 0;
	l->entries = queue_near(number);
	l->locate = locate;
	l->side = (uint8_t)which;
	l->capacity_log2 = NEAR_LOG2;
	side_insert(books, s, place, side_key(which, price_e4), number);
	if (++books->day.level_count > books->day.level_count_peak)
		books->day.level_count_peak = books->day.level_count;
	return number;
}

static __attribute__((noinline)) void core_drop_level(ix_books *books, book *b, level *l, uint32_t number) {
	side *s = &b->sides[l->side];
	uint32_t place = side_place(side_keys(books, s), s->count, side_key(l->side, l->price_e4));
	bool was_best = place == s->count - 1;
	side_remove(books, s, place);
	if (was_best) core_find_best(books, b, l->side);
	queue_give_ring(books, l);
	l->entries = books->day.level_free;
	books->day.level_free = number;
	books->day.level_count--;
	if (IX_UNLIKELY(s->block_log2 > SIDE_LOG2_MIN && s->count < (1U << s->block_log2) / 8))
		side_shrink(books, s);
}

/* The level of a price, made when it is not there; 0 when that cannot be. `guess` is any level's number. */
static inline uint32_t core_level(ix_books *books, book *b, uint16_t locate, unsigned which,
	uint32_t price_e4, uint32_t levels_max, uint32_t guess) {
	const level *l = &books->levels[guess];
	if (IX_LIKELY(l->price_e4 == price_e4 && l->locate == locate && l->side == which && l->count > 0))
		return guess;
	side *s = &b->sides[which];
	int32_t key = side_key(which, price_e4);
	const int32_t *keys = side_keys(books, s);
	uint32_t place = side_place(keys, s->count, key);
	if (place < s->count && keys[place] == key) return side_levels(books, s)[place];
	uint32_t number = core_make_level(books, locate, which, price_e4, place, levels_max);
	if (number && place == s->count - 1) b->best[which] = (ix_book_level){price_e4, 0, 0};
	return number;
}

/* Puts an order at the end of its queue; the table has room, the reference is free, the shares are not 0. */
static inline __attribute__((always_inline)) verdict core_place(ix_books *books, book *b, uint16_t locate,
	unsigned which, uint64_t reference, uint32_t shares, uint32_t price_e4, uint32_t mpid,
	uint32_t levels_max, uint32_t guess) {
	uint32_t number = core_level(books, b, locate, which, price_e4, levels_max, guess);
	if (IX_UNLIKELY(number == 0)) return FAULT(LIMIT);
	level *l = &books->levels[number];
	if (IX_UNLIKELY(queue_is_full(l))) {
		/* A new level has room, so a failure leaves nothing behind. */
		if (!queue_make_room(books, number)) return FAULT(LIMIT);
		l = &books->levels[number];
	}
	uint32_t sequence = queue_append(books, l, reference, shares);
	orders_put(books, reference, where_of(number, sequence, mpid));
	core_show_best(books, b, l);
	b->order_count++;
	books->day.order_count++;
	return 0;
}

/* Whether an order may come: 0, DUPLICATE_REFERENCE or LIMIT. */
static inline verdict core_admit(ix_books *books, uint64_t reference) {
	if (IX_UNLIKELY(!orders_room(books, reference))) return FAULT(LIMIT);
	return IX_LIKELY(orders_find(books, reference) == 0) ? 0 : FAULT(DUPLICATE_REFERENCE);
}

static inline verdict core_add(ix_books *books, uint16_t locate, unsigned which, uint64_t reference,
	uint32_t shares, uint32_t price_e4, uint32_t mpid, uint32_t guess) {
	book *b = core_book(books, locate);
	if (IX_UNLIKELY(!b)) return FAULT(UNKNOWN_LOCATE);
	if (IX_UNLIKELY(shares == 0)) return FAULT(ZERO_SHARES);
	if (IX_UNLIKELY(books->day.order_count >= books->options.orders_max)) {
		books->shortage = IX_ERR_LIMIT;
		return orders_find(books, reference) ? FAULT(DUPLICATE_REFERENCE) : FAULT(LIMIT);
	}
	verdict bad = core_admit(books, reference);
	if (IX_UNLIKELY(bad)) return bad;
	bad = core_place(
		books, b, locate, which, reference, shares, price_e4, mpid, books->options.levels_max, guess);
	if (IX_UNLIKELY(bad)) return bad;
	b->add_count++;
	uint32_t count = books->day.order_count, peak = books->day.order_count_peak;
	books->day.order_count_peak = count > peak ? count : peak;
	return 0;
}

/* Takes a live order out, whatever it has left. */
static __attribute__((noinline)) void core_remove(ix_books *books, uint64_t reference, uint64_t where) {
	uint32_t number = where_level(where), sequence = where_sequence(where);
	level *l = &books->levels[number];
	book *b = &books->books[l->locate];
	uint32_t *shares = &queue_shares(books, l)[sequence & queue_mask(l)];
	l->shares -= *shares;
	*shares = 0;
	l->count--;
	b->order_count--;
	books->day.order_count--;
	orders_erase(books, reference);
	if (l->count == 0) {
		core_drop_level(books, b, l, number);
		return;
	}
	queue_trim(l, sequence);
	core_show_best(books, b, l);
	/* Never a near queue: it has an order. */
	if (IX_UNLIKELY(l->count < (1U << l->capacity_log2) / NEAR_COUNT)) queue_shrink(books, number);
}

static inline verdict core_find(
	ix_books *books, uint16_t locate, uint64_t reference, uint64_t *ret_where, book **ret_book) {
	uint64_t where = orders_find(books, reference);
	if (IX_UNLIKELY(where == 0)) return FAULT(UNKNOWN_REFERENCE);
	const level *l = &books->levels[where_level(where)];
	if (IX_UNLIKELY(locate != 0 && locate != l->locate)) return FAULT(WRONG_LOCATE);
	*ret_where = where;
	*ret_book = &books->books[l->locate];
	return 0;
}

/* Takes shares off an order; `over` is the fault when it has fewer. */
static inline verdict core_reduce(ix_books *books, uint16_t locate, uint64_t reference, uint32_t shares,
	verdict over, book **ret_book, fill *ret_fill) {
	uint64_t where;
	verdict bad = core_find(books, locate, reference, &where, ret_book);
	if (IX_UNLIKELY(bad)) return bad;
	if (IX_UNLIKELY(shares == 0)) return FAULT(ZERO_SHARES);
	level *l = &books->levels[where_level(where)];
	uint32_t *left = &queue_shares(books, l)[where_sequence(where) & queue_mask(l)];
	if (IX_UNLIKELY(shares > *left)) return over;
	*ret_fill = (fill){l->price_e4, l->locate};
	if (shares == *left) {
		core_remove(books, reference, where);
		return 0;
	}
	*left -= shares;
	l->shares -= shares;
	core_show_best(books, *ret_book, l);
	return 0;
}

static inline verdict core_cancel(ix_books *books, uint16_t locate, uint64_t reference, uint32_t shares) {
	book *b;
	fill unused;
	verdict bad = core_reduce(books, locate, reference, shares, FAULT(OVER_CANCEL), &b, &unused);
	if (IX_LIKELY(!bad)) b->cancel_count++;
	return bad;
}

static inline verdict core_execute(
	ix_books *books, uint16_t locate, uint64_t reference, uint32_t shares, fill *ret_fill) {
	book *b;
	verdict bad = core_reduce(books, locate, reference, shares, FAULT(OVER_EXECUTION), &b, ret_fill);
	if (IX_LIKELY(!bad)) b->execution_count++;
	return bad;
}

static inline verdict core_delete(ix_books *books, uint16_t locate, uint64_t reference) {
	uint64_t where;
	book *b;
	verdict bad = core_find(books, locate, reference, &where, &b);
	if (IX_UNLIKELY(bad)) return bad;
	core_remove(books, reference, where);
	b->delete_count++;
	return 0;
}

/* The new order comes first, then the old one goes: if there is no room for it, nothing has changed. For the
 * moment there is one order more than orders_max may say. */
static inline verdict core_replace(ix_books *books, uint16_t locate, uint64_t reference,
	uint64_t new_reference, uint32_t shares, uint32_t price_e4, uint32_t guess) {
	uint64_t where;
	book *b;
	verdict bad = core_find(books, locate, reference, &where, &b);
	if (IX_UNLIKELY(bad)) return bad;
	if (IX_UNLIKELY(shares == 0)) return FAULT(ZERO_SHARES);
	bad = core_admit(books, new_reference);
	if (IX_UNLIKELY(bad)) return bad;
	const level *l = &books->levels[where_level(where)];
	/* The old order's level, if it was alone there, makes place for the new one's. */
	uint32_t levels_max = books->options.levels_max + (l->count == 1);
	bad = core_place(books, b, l->locate, l->side, new_reference, shares, price_e4, where_mpid(where),
		levels_max, guess);
	if (IX_UNLIKELY(bad)) return bad;
	/* Its level's queue may have been renumbered. */
	core_remove(books, reference, orders_find(books, reference));
	b->replace_count++;
	return 0;
}

#endif
