/* view.c - questions to the books; nothing here changes them. */
#include "core.h"

static const ix_book_level no_level[2];

static const side *side_of(const ix_books *books, uint16_t locate, ix_book_side which) {
	const book *b = core_book(books, locate);
	return b && b->sides[which & 1].count > 0 ? &b->sides[which & 1] : NULL;
}

static ix_book_level shown(const level *l) { return (ix_book_level){l->price_e4, l->count, l->shares}; }

const ix_book_level *ix_book_bbo(const ix_books *books, uint16_t locate) {
	const book *b = core_book(books, locate);
	return b ? b->best : no_level;
}

bool ix_book_is_crossed(const ix_books *books, uint16_t locate) {
	const ix_book_level *best = ix_book_bbo(books, locate);
	return best[IX_BOOK_BID].order_count > 0 && best[IX_BOOK_ASK].order_count > 0 &&
	       best[IX_BOOK_BID].price_e4 >= best[IX_BOOK_ASK].price_e4;
}

size_t ix_book_depth(
	const ix_books *books, uint16_t locate, ix_book_side which, ix_book_level *out, size_t capacity) {
	const side *s = side_of(books, locate, which);
	if (!s) return 0;
	const uint32_t *levels = side_levels(books, s);
	size_t count = ix_size_min(s->count, capacity);
	for (size_t i = 0; i < count; i++) out[i] = shown(&books->levels[levels[s->count - 1 - i]]);
	return count;
}

uint32_t ix_book_level_count(const ix_books *books, uint16_t locate, ix_book_side which) {
	const side *s = side_of(books, locate, which);
	return s ? s->count : 0;
}

/* The number of a price's level, or 0. */
static uint32_t level_at(const ix_books *books, uint16_t locate, ix_book_side which, uint32_t price_e4) {
	const side *s = side_of(books, locate, which);
	if (!s) return 0;
	int32_t key = side_key(which & 1, price_e4);
	const int32_t *keys = side_keys(books, s);
	uint32_t place = side_place(keys, s->count, key);
	return place < s->count && keys[place] == key ? side_levels(books, s)[place] : 0;
}

ix_book_level ix_book_level_at(
	const ix_books *books, uint16_t locate, ix_book_side which, uint32_t price_e4) {
	uint32_t number = level_at(books, locate, which, price_e4);
	return number ? shown(&books->levels[number]) : no_level[0];
}

static void fill_order(const ix_books *books, const level *l, uint64_t reference, uint32_t shares,
	uint32_t mpid, ix_book_order *ret_order) {
	*ret_order = (ix_book_order){
		.reference = reference,
		.price_e4 = l->price_e4,
		.shares = shares,
		.locate = l->locate,
		.side = l->side,
	};
	memcpy(ret_order->mpid, &books->mpids[mpid], sizeof ret_order->mpid);
}

bool ix_book_find(const ix_books *books, uint64_t reference, ix_book_order *ret_order) {
	uint64_t where = orders_find(books, reference);
	if (where == 0) return false;
	const level *l = &books->levels[where_level(where)];
	uint32_t shares = queue_shares(books, l)[where_sequence(where) & queue_mask(l)];
	fill_order(books, l, reference, shares, where_mpid(where), ret_order);
	return true;
}

/* Four entries at a time, which any x86-64 or ARMv8 does in one instruction. */
typedef uint32_t lanes __attribute__((vector_size(16), may_alias));
typedef uint64_t wide_lanes __attribute__((vector_size(16), may_alias));

/* Adds up the entries from `first` on, `ahead` of them, around the ring. Whole blocks of entries are taken,
 * and what does not belong is masked: how many orders wait in front is not predictable, the number of blocks
 * mostly is. A ring has a multiple of NEAR_COUNT entries. */
static void sum_ahead(
	const uint32_t *shares, uint32_t mask, uint32_t first, uint32_t ahead, ix_book_position *position) {
	const lanes none = {0}, steps = {0, 1, 2, 3};
	wide_lanes even = {0}, odd = {0}; /* sums of 64 bits: one share count may take all of 32 */
	lanes alive = {0};
	uint32_t at = first & ~(uint32_t)(NEAR_COUNT - 1);
	do {
		const lanes *block = (const lanes *)(const void *)(shares + (at & mask));
		for (uint32_t k = 0; k < NEAR_COUNT / 4; k++) {
			lanes distance = at + 4 * k - first + steps;
			lanes entries = block[k] & (lanes)(distance < ahead + none);
			even += (wide_lanes)entries & UINT32_MAX;
			odd += (wide_lanes)entries >> 32;
			alive -= (lanes)(entries != none);
		}
		at += NEAR_COUNT;
	} while (at < first + ahead);
	position->shares_ahead = even[0] + even[1] + odd[0] + odd[1];
	position->orders_ahead = alive[0] + alive[1] + alive[2] + alive[3];
}

bool ix_book_queue_position(const ix_books *books, uint64_t reference, ix_book_position *ret_position) {
	uint64_t where = orders_find(books, reference);
	if (where == 0) return false;
	const level *l = &books->levels[where_level(where)];
	uint32_t mask = queue_mask(l), ahead = (where_sequence(where) - l->head) & SEQUENCE_MASK;
	ix_book_position position = {.order_count = l->count, .level_shares = l->shares};
	sum_ahead(queue_shares(books, l), mask, l->head & mask, ahead, &position);
	*ret_position = position;
	return true;
}

ix_book_walk ix_book_walk_level(
	const ix_books *books, uint16_t locate, ix_book_side which, uint32_t price_e4) {
	uint32_t number = level_at(books, locate, which, price_e4);
	const level *l = &books->levels[number];
	return number ? (ix_book_walk){books, number, l->head, l->count} : (ix_book_walk){.books = books};
}

bool ix_book_walk_next(ix_book_walk *walk, ix_book_order *ret_order) {
	if (walk->left == 0) return false;
	const ix_books *books = walk->books;
	const level *l = &books->levels[walk->level];
	const uint32_t *shares = queue_shares(books, l);
	uint32_t mask = queue_mask(l);
	while (shares[walk->sequence & mask] == 0) walk->sequence++;
	uint32_t at = walk->sequence++ & mask;
	uint64_t reference = queue_references(books, l)[at];
	uint32_t mpid = where_mpid(orders_find(books, reference));
	fill_order(books, l, reference, shares[at], mpid, ret_order);
	walk->left--;
	return true;
}
