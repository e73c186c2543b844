/* check.c - everything that must be true of the books at any time, looked at one by one. For tests, fuzzing
 * and audits. */
#include "orders.h"
#include "queue.h"
#include "sides.h"

/* What was met so far; compared with what the books say at the end. */
typedef struct census {
	uint64_t orders, levels, ring_units, side_units;
} census;

static int wrong(ix_error *err, const char *what, uint64_t number) {
	return ix_fail(err, IX_ERR_INTERNAL, "order books: %s (%llu)", what, (unsigned long long)number);
}

static int check_queue(const ix_books *books, uint32_t number, ix_error *err) {
	const level *l = &books->levels[number];
	const uint32_t *shares = queue_shares(books, l);
	const uint64_t *references = queue_references(books, l);
	uint32_t mask = queue_mask(l), count = 0;
	uint64_t sum = 0;
	if (l->tail - l->head > mask + 1) return wrong(err, "a queue is longer than its ring", number);
	for (uint32_t i = l->head; i != l->tail; i++) {
		if (shares[i & mask] == 0) continue;
		uint64_t where = orders_find(books, references[i & mask]);
		if (where_level(where) != number || where_sequence(where) != (i & SEQUENCE_MASK))
			return wrong(err, "an order is not found where it waits", references[i & mask]);
		if (where_mpid(where) > books->day.mpid_count)
			return wrong(err, "an order's attribution is unknown", references[i & mask]);
		count++;
		sum += shares[i & mask];
	}
	if (count != l->count || count == 0) return wrong(err, "a level's order count is wrong", number);
	if (sum != l->shares) return wrong(err, "a level's shares are not the sum of its orders", number);
	return 0;
}

static int check_level(
	const ix_books *books, uint32_t locate, unsigned which, uint32_t number, int32_t key, ix_error *err) {
	if (number == 0 || number >= books->day.level_used)
		return wrong(err, "there is no such level", number);
	const level *l = &books->levels[number];
	if (l->locate != locate || l->side != which || side_key(which, l->price_e4) != key)
		return wrong(err, "a level is in the wrong place", number);
	if (queue_is_near(l) && l->entries != queue_near(number))
		return wrong(err, "a near queue has a wrong size", number);
	return check_queue(books, number, err);
}

static int check_side(
	const ix_books *books, uint32_t locate, unsigned which, census *c, uint64_t *orders, ix_error *err) {
	const book *b = &books->books[locate];
	const side *s = &b->sides[which];
	const ix_book_level *best = &b->best[which];
	if (s->block) c->side_units += (uint64_t)1 << s->block_log2;
	if (s->count == 0)
		return best->order_count || best->shares || best->price_e4
			       ? wrong(err, "an empty side has a best price", locate)
			       : 0;
	if (s->count > side_capacity(s)) return wrong(err, "a side is longer than its block", locate);
	const int32_t *keys = side_keys(books, s);
	const uint32_t *levels = side_levels(books, s);
	for (int i = 1; i <= SIDE_NEAR; i++) {
		if (keys[-i] != INT32_MIN) return wrong(err, "the keys in front of a side are wrong", locate);
	}
	for (uint32_t i = 0; i < s->count; i++) {
		if (i > 0 && keys[i - 1] >= keys[i]) return wrong(err, "a side is not sorted", locate);
		int code = check_level(books, locate, which, levels[i], keys[i], err);
		if (code) return code;
		const level *l = &books->levels[levels[i]];
		*orders += l->count;
		c->levels++;
		if (!queue_is_near(l)) c->ring_units += (uint64_t)1 << l->capacity_log2;
	}
	const level *l = &books->levels[levels[s->count - 1]];
	if (best->price_e4 != l->price_e4 || best->order_count != l->count || best->shares != l->shares)
		return wrong(err, "a best price is not the best", locate);
	return 0;
}

static int check_book(const ix_books *books, uint32_t locate, census *c, ix_error *err) {
	const book *b = &books->books[locate];
	uint64_t orders = 0;
	for (unsigned which = 0; which < 2; which++) {
		int code = check_side(books, locate, which, c, &orders, err);
		if (code) return code;
	}
	if (orders != b->order_count) return wrong(err, "a book's order count is wrong", locate);
	if (!b->exists && orders > 0) return wrong(err, "there are orders where there is no book", locate);
	c->orders += orders;
	return 0;
}

/* Every live order of both generations is where the other would not be looked for. */
static int check_orders(const ix_books *books, ix_error *err) {
	uint64_t recent = 0, old = 0, ahead = 0;
	for (uint64_t i = 0; i <= books->recent_mask; i++) recent += books->recent[i] != 0;
	for (uint32_t at = 0; at <= books->slot_mask; at++) {
		const slot *s = &books->slots[at];
		if (s->where == 0) continue;
		old++;
		if (orders_is_recent(books, s->reference))
			return wrong(err, "a recent order is in the old table", s->reference);
		if (orders_slot(books, s->reference) != at)
			return wrong(err, "an old order is not found", s->reference);
		ahead += s->reference > books->recent_base;
	}
	if (old != books->old_count || ahead != books->ahead_count || old > books->old_limit + 1U)
		return wrong(err, "the old table's counts are wrong", old);
	if (recent + old != books->day.order_count)
		return wrong(err, "the count of orders is wrong", recent + old);
	return 0;
}

static int check_blocks(const blocks *pool, uint64_t used, ix_error *err) {
	used += 1 << SIDE_LOG2_MIN; /* block 0 */
	for (uint32_t log2 = 0; log2 <= BLOCK_LOG2_MAX; log2++) {
		for (uint32_t block = pool->free[log2]; block != 0;) {
			used += (uint64_t)1 << log2;
			if (used > pool->used || block >= pool->used)
				return wrong(err, "a free list is not whole", block);
			memcpy(&block, pool->memory + (size_t)block * pool->unit_size, sizeof block);
		}
	}
	return used == pool->used ? 0 : wrong(err, "blocks are lost", used);
}

static int check_free_levels(const ix_books *books, ix_error *err) {
	uint64_t count = books->day.level_count + 1U;
	for (uint32_t at = books->day.level_free; at != 0; at = books->levels[at].entries) {
		if (++count > books->day.level_used || at >= books->day.level_used ||
			books->levels[at].count != 0)
			return wrong(err, "the list of free levels is not whole", at);
	}
	return count == books->day.level_used ? 0 : wrong(err, "levels are lost", count);
}

int ix_books_check(const ix_books *books, ix_error *err) {
	census c = {0};
	int code = check_orders(books, err);
	for (uint32_t locate = 0; locate < books->book_reserved && !code; locate++)
		code = check_book(books, locate, &c, err);
	if (code) return code;
	if (c.orders != books->day.order_count)
		return wrong(err, "the levels hold another number of orders", c.orders);
	if (c.levels != books->day.level_count) return wrong(err, "the count of levels is wrong", c.levels);
	code = check_free_levels(books, err);
	if (!code) code = check_blocks(&books->rings, c.ring_units, err);
	if (!code) code = check_blocks(&books->sides, c.side_units, err);
	return code;
}
