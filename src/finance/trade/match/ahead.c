/* ahead.c - many commands at once: the lines of memory that each will need (its slot, its order or its level,
 * that one's neighbours) are fetched while the commands before it are applied. Hints only: whatever the
 * commands in between change, nothing here is believed. */
#include "core.h"

/* How many commands ahead each line is asked for: what it hangs on has arrived by then. */
enum { AHEAD_SLOT = 16, AHEAD_ORDER = 10, AHEAD_LEVEL = 6, AHEAD_NEIGHBOUR = 3 };

static void fetch(const void *line) { __builtin_prefetch(line, 1); }

static bool is_about_order(const ix_match_command *c) {
	return c->kind == IX_MATCH_CANCEL || c->kind == IX_MATCH_REPLACE;
}

/* As table_find, by the hash alone. */
static uint32_t guess(const ix_match *e, uint64_t number) {
	uint32_t hash = hash_of(e, number);
	uint32_t at = hash >> e->slot_shift;
	while (e->slots[at].order && e->slots[at].hash != hash) at = (at + 1) & e->slot_mask;
	return e->slots[at].order;
}

static void fetch_slot(const ix_match *e, const ix_match_command *c) {
	fetch(&e->slots[hash_of(e, c->order) >> e->slot_shift]);
	if (c->kind == IX_MATCH_REPLACE) fetch(&e->slots[hash_of(e, c->new_order) >> e->slot_shift]);
	if (c->symbol <= e->options.symbols_max) fetch(&e->symbols[c->symbol]);
}

static void fetch_order(const ix_match *e, const ix_match_command *c) {
	if (is_about_order(c)) {
		uint32_t index = guess(e, c->order);
		if (index) fetch(&e->orders[index]);
		return;
	}
	if (c->symbol > e->options.symbols_max) return;
	const symbol *s = &e->symbols[c->symbol];
	for (unsigned which = 0; which < 2; which++) {
		const side *from = &s->sides[PLACE_BOOK + which];
		if (from->count == 0) continue;
		fetch(&from->keys[from->count - 1]);
		fetch(&side_numbers(from)[from->count - 1]);
	}
}

/* The level that a new order would meet first, or join; 0: neither is there. */
static uint32_t level_ahead(const ix_match *e, const ix_match_command *c) {
	const symbol *s = symbol_of(e, c->symbol);
	if (!s || c->side > IX_MATCH_SELL) return 0;
	const side *other = &s->sides[PLACE_BOOK + (1U - c->side)], *own = &s->sides[PLACE_BOOK + c->side];
	int32_t limit = c->price_e4 ? key_of(PLACE_BOOK + (1U - c->side), c->price_e4) : INT32_MIN;
	if (other->count && side_best_key(other) >= limit) return side_best(other);
	return own->count ? side_find(own, PLACE_BOOK + c->side, c->price_e4) : 0;
}

static void fetch_level(const ix_match *e, const ix_match_command *c) {
	if (!is_about_order(c)) {
		uint32_t number = level_ahead(e, c);
		if (number) fetch(&e->levels[number]);
		return;
	}
	uint32_t index = guess(e, c->order);
	if (!index) return;
	const order *o = &e->orders[index];
	fetch(&e->levels[o->level]);
	fetch(&e->orders[o->prev]);
	fetch(&e->orders[o->next]);
	fetch(&e->symbols[o->symbol]);
}

static void fetch_neighbour(const ix_match *e, const ix_match_command *c) {
	if (is_about_order(c)) return;
	uint32_t number = level_ahead(e, c);
	if (!number) return;
	const level *l = &e->levels[number];
	fetch(&e->orders[l->head]);
	fetch(&e->orders[l->tail]);
}

void ix_match_apply_all(ix_match *e, const ix_match_command *commands, size_t count) {
	for (size_t i = 0; i < count; i++) {
		const ix_match_command *c = commands + i;
		if (count - i > AHEAD_SLOT) fetch_slot(e, c + AHEAD_SLOT);
		if (count - i > AHEAD_ORDER) fetch_order(e, c + AHEAD_ORDER);
		if (count - i > AHEAD_LEVEL) fetch_level(e, c + AHEAD_LEVEL);
		if (count - i > AHEAD_NEIGHBOUR) fetch_neighbour(e, c + AHEAD_NEIGHBOUR);
		(void)ix_match_apply(e, c);
	}
}
