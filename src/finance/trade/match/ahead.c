/* ahead.c - many commands at once: the lines of memory that each will need (its slot, its order or its level,
 * that one's neighbours) are fetched while the commands before it are applied. Hints only: whatever the
 * commands in between change, nothing here is believed. */
#include "core.h"

/* How many commands ahead each line is asked for: what it hangs on has arrived by then. */
enum { AHEAD_SLOT = 16, AHEAD_ORDER = 10, AHEAD_LEVEL = 6, AHEAD_NEIGHBOUR = 3 };

/* What one stage has found for the next. Numbers of orders and levels stay in their pools, whatever happens.
 */
typedef struct hint {
	uint32_t hash, order, level;
} hint;

enum { HINTS = 32 }; /* a power of two above AHEAD_SLOT */

static void fetch(const void *line) { __builtin_prefetch(line, 1); }

static bool is_about_order(const ix_match_command *c) {
	return c->kind == IX_MATCH_CANCEL || c->kind == IX_MATCH_REPLACE;
}

static void fetch_slot(const ix_match *e, const ix_match_command *c, hint *h) {
	h->hash = hash_of(e, c->order);
	fetch(&e->slots[h->hash >> e->slot_shift]);
	if (c->kind == IX_MATCH_REPLACE) fetch(&e->slots[hash_of(e, c->new_order) >> e->slot_shift]);
	if (c->symbol <= e->options.symbols_max) fetch(&e->symbols[c->symbol]);
}

/* The order by its hash alone. */
static void fetch_order(const ix_match *e, const ix_match_command *c, hint *h) {
	h->order = 0;
	if (is_about_order(c)) {
		uint32_t at = h->hash >> e->slot_shift;
		while (e->slots[at].order && e->slots[at].hash != h->hash) at = (at + 1) & e->slot_mask;
		h->order = e->slots[at].order;
		fetch(&e->orders[h->order]);
		return;
	}
	const symbol *s = symbol_of(e, c->symbol);
	if (!s || c->side > IX_MATCH_SELL) return;
	const side *own = &s->sides[PLACE_BOOK + c->side], *other = &s->sides[PLACE_BOOK + (1U - c->side)];
	if (own->count) {
		fetch(&own->keys[own->count - 1]);
		fetch(&own->keys[(ptrdiff_t)own->count - NEAR]);
		fetch(&side_numbers(own)[own->count - 1]);
	}
	if (other->count) {
		fetch(&other->keys[other->count - 1]);
		fetch(&side_numbers(other)[other->count - 1]);
	}
}

/* The level that a new order would meet first, or join; 0: neither is there. */
static uint32_t level_ahead(const ix_match *e, const ix_match_command *c) {
	const symbol *s = symbol_of(e, c->symbol);
	if (!s || c->side > IX_MATCH_SELL) return 0;
	const side *own = &s->sides[PLACE_BOOK + c->side], *other = &s->sides[PLACE_BOOK + (1U - c->side)];
	int32_t limit = c->price_e4 ? key_of(PLACE_BOOK + (1U - c->side), c->price_e4) : INT32_MIN;
	if (other->count && side_best_key(other) >= limit) return side_best(other);
	return own->count ? side_find(own, PLACE_BOOK + c->side, c->price_e4) : 0;
}

static void fetch_level(const ix_match *e, const ix_match_command *c, hint *h) {
	if (!is_about_order(c)) {
		h->level = level_ahead(e, c);
		fetch(&e->levels[h->level]);
		return;
	}
	const order *o = &e->orders[h->order];
	fetch(&e->levels[o->level]);
	fetch(&e->orders[o->prev]);
	fetch(&e->orders[o->next]);
	fetch(&e->symbols[o->symbol]);
}

/* The first and the last of its queue; of a cancelled order's side the keys, because its level may go. */
static void fetch_neighbour(const ix_match *e, const ix_match_command *c, const hint *h) {
	if (is_about_order(c)) {
		const order *o = &e->orders[h->order];
		const side *own = &e->symbols[o->symbol].sides[o->place];
		if (own->count && e->levels[o->level].count == 1) {
			fetch(&own->keys[own->count - 1]);
			fetch(&side_numbers(own)[own->count - 1]);
		}
		return;
	}
	const level *l = &e->levels[h->level];
	if (l->count == 0) return;
	fetch(&e->orders[l->head]);
	fetch(&e->orders[l->tail]);
}

void ix_match_apply_all(ix_match *e, const ix_match_command *commands, size_t count) {
	hint hints[HINTS] = {0};
	for (size_t i = 0; i < count; i++) {
		const ix_match_command *c = commands + i;
		hint *h = hints;
		if (count - i > AHEAD_SLOT) fetch_slot(e, c + AHEAD_SLOT, &h[(i + AHEAD_SLOT) % HINTS]);
		if (count - i > AHEAD_ORDER) fetch_order(e, c + AHEAD_ORDER, &h[(i + AHEAD_ORDER) % HINTS]);
		if (count - i > AHEAD_LEVEL) fetch_level(e, c + AHEAD_LEVEL, &h[(i + AHEAD_LEVEL) % HINTS]);
		if (count - i > AHEAD_NEIGHBOUR)
			fetch_neighbour(e, c + AHEAD_NEIGHBOUR, &h[(i + AHEAD_NEIGHBOUR) % HINTS]);
		(void)ix_match_apply(e, c);
	}
}
