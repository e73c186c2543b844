/* check.c - everything that must be true of an engine at any time, looked at one by one. For tests, fuzzing
 * and audits. */
#include "core.h"

/* What was met so far; compared with what the engine says at the end. */
typedef struct census {
	uint64_t orders, levels, promised;
} census;

static int wrong(ix_error *err, const char *what, uint64_t number) {
	return ix_fail(err, IX_ERR_INTERNAL, "matching engine: %s (%llu)", what, (unsigned long long)number);
}

static int check_order(const ix_match *e, uint32_t locate, unsigned place, uint32_t index, ix_error *err) {
	const order *o = &e->orders[index];
	const symbol *s = &e->symbols[locate];
	if (o->number == 0) return wrong(err, "a free order waits in a queue", index);
	if (table_find(e, o->number) != index) return wrong(err, "an order is not found", o->number);
	if (o->symbol != locate || o->place != place || o->side != (place & 1))
		return wrong(err, "an order is in the wrong place", o->number);
	if (o->left == 0 || !is_in_lots(s, o->left))
		return wrong(err, "an order's quantity is wrong", o->number);
	unsigned kind = place & 6;
	if (kind == PLACE_BOOK
			? o->shown == 0 || o->shown > o->left || (!o->display && o->shown != o->left) ||
				  (o->display && o->shown > o->display)
			: o->shown != 0)
		return wrong(err, "what an order shows is wrong", o->number);
	bool is_right = kind == PLACE_STOP     ? is_stop(o->type)
			: kind == PLACE_MARKET ? o->type == IX_MATCH_MARKET && o->price_e4 == 0
			: kind == PLACE_WAIT   ? o->type == IX_MATCH_LIMIT && o->tif == IX_MATCH_AT_AUCTION
					       : !is_market(o->type) && o->tif <= IX_MATCH_GTC;
	return is_right ? 0 : wrong(err, "an order waits where its type may not", o->number);
}

static int check_level(const ix_match *e, uint32_t locate, unsigned place, uint32_t number, int32_t key,
	census *c, ix_error *err) {
	if (number == 0 || number > e->level_used) return wrong(err, "there is no such level", number);
	const level *l = &e->levels[number];
	if (key_of(place, l->price_e4) != key) return wrong(err, "a level's price is not its key", number);
	uint64_t left = 0, shown = 0, count = 0;
	uint32_t prev = 0;
	for (uint32_t at = l->head; at; at = e->orders[at].next) {
		if (at > e->order_used || ++count > e->order_count)
			return wrong(err, "a queue does not end", number);
		const order *o = &e->orders[at];
		if (o->prev != prev || o->level != number || place_price(o) != l->price_e4)
			return wrong(err, "an order is not in its queue", o->number);
		int code = check_order(e, locate, place, at, err);
		if (code) return code;
		left += o->left;
		shown += o->shown;
		c->promised += o->type == IX_MATCH_STOP_LIMIT && (place & 6) == PLACE_STOP;
		prev = at;
	}
	if (l->tail != prev || count == 0 || count != l->count)
		return wrong(err, "a level's orders are wrong", number);
	if (left != l->left || shown != l->shown) return wrong(err, "a level's sums are wrong", number);
	c->orders += count;
	return 0;
}

static int check_side(const ix_match *e, uint32_t locate, unsigned place, census *c, ix_error *err) {
	const side *from = &e->symbols[locate].sides[place];
	if (!from->keys) return from->count || from->capacity ? wrong(err, "a side has no array", locate) : 0;
	if (from->count > from->capacity) return wrong(err, "a side is longer than its array", locate);
	for (int i = 1; i <= NEAR; i++) {
		if (from->keys[-i] != INT32_MIN)
			return wrong(err, "the keys in front of a side are wrong", locate);
	}
	for (uint32_t i = 0; i < from->count; i++) {
		int32_t key = from->keys[i];
		if (i > 0 && from->keys[i - 1] >= key) return wrong(err, "a side is not sorted", locate);
		int code = check_level(e, locate, place, side_numbers(from)[i], key, c, err);
		if (code) return code;
	}
	c->levels += from->count;
	return 0;
}

static int check_symbol(const ix_match *e, uint32_t locate, census *c, ix_error *err) {
	const symbol *s = &e->symbols[locate];
	uint64_t before = c->promised;
	for (unsigned place = 0; place < PLACE_COUNT; place++) {
		int code = check_side(e, locate, place, c, err);
		if (code) return code;
		if (s->sides[place].count && !s->exists)
			return wrong(err, "orders where there is no symbol", locate);
	}
	for (unsigned which = 0; which < 2; which++) {
		const side *book = &s->sides[PLACE_BOOK + which];
		if ((uint64_t)book->count + s->promised[which] > book->capacity)
			return wrong(err, "no room for what stops may need", locate);
	}
	if (c->promised - before != (uint64_t)s->promised[0] + s->promised[1])
		return wrong(err, "promises to stops are wrong", locate);
	if (s->state == IX_MATCH_CONTINUOUS && is_crossed(s)) return wrong(err, "a book is crossed", locate);
	return 0;
}

static int check_pools(const ix_match *e, ix_error *err) {
	uint64_t count = e->order_count;
	for (uint32_t at = e->order_free; at; at = e->orders[at].next) {
		if (++count > e->order_used || at > e->order_used || e->orders[at].number)
			return wrong(err, "the list of free orders is not whole", at);
	}
	if (count != e->order_used) return wrong(err, "orders are lost", count);
	count = e->level_count;
	for (uint32_t at = e->level_free; at; at = e->levels[at].head) {
		if (++count > e->level_used || at > e->level_used || e->levels[at].count)
			return wrong(err, "the list of free levels is not whole", at);
	}
	if (count != e->level_used) return wrong(err, "levels are lost", count);
	if ((uint64_t)e->level_count + e->promised > e->level_capacity)
		return wrong(err, "no level for what stops may need", e->promised);
	count = 0;
	for (uint64_t at = 0; at <= e->slot_mask; at++) count += e->slots[at].order != 0;
	return count == e->order_count ? 0 : wrong(err, "the table's orders are wrong", count);
}

int ix_match_check(const ix_match *e, ix_error *err) {
	census c = {0};
	uint32_t symbols = 0;
	int code = check_pools(e, err);
	for (uint32_t i = 0; i <= e->options.symbols_max && !code; i++) {
		symbols += e->symbols[i].exists;
		code = check_symbol(e, i, &c, err);
	}
	if (code) return code;
	if (symbols != e->symbol_count) return wrong(err, "the count of symbols is wrong", symbols);
	if (c.orders != e->order_count)
		return wrong(err, "the queues hold another number of orders", c.orders);
	if (c.levels != e->level_count) return wrong(err, "the count of levels is wrong", c.levels);
	return c.promised == e->promised ? 0 : wrong(err, "the sum of promises is wrong", c.promised);
}
