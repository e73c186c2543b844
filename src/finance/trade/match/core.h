/* core.h - what the engine's files share besides its state: events, and the steps of an order's life. */
#ifndef MATCH_CORE_H
#define MATCH_CORE_H

#include "queue.h"

/* ---- events ---- */

static inline void tell(ix_match *e, ix_match_event *event) {
	event->sequence = ++e->event_count;
	event->time_ns = e->now_ns;
	if (e->on_event) e->on_event(e->context, event);
}

/* About one order; what is more is the caller's. */
static inline ix_match_event event_of(const order *o, ix_match_event_kind kind) {
	return (ix_match_event){.order = o->number,
		.owner = o->owner,
		.price_e4 = o->price_e4,
		.quantity = o->left,
		.left = o->left,
		.symbol = o->symbol,
		.kind = (uint8_t)kind,
		.side = o->side};
}

/* `quantity` of it went; its left is what it is now. */
static inline void tell_cancelled(ix_match *e, const order *o, uint32_t quantity, ix_match_reason reason) {
	ix_match_event event = event_of(o, IX_MATCH_CANCELLED);
	event.quantity = quantity;
	event.reason = (uint8_t)reason;
	tell(e, &event);
}

/* ---- an order's life ---- */

/* A live order that waits somewhere goes. */
void order_drop(ix_match *e, symbol *s, uint32_t index, ix_match_reason reason);
/* An order that waits nowhere meets the other side, and rests if it may. `is_listed`: it is in the table. The
 * symbol is CONTINUOUS, and there is room for what rests. Triggers no stops. */
void order_enter(ix_match *e, symbol *s, uint32_t index, bool is_listed);
/* Would it trade now? */
bool order_crosses(const symbol *s, uint8_t type, unsigned which, uint32_t price_e4);
/* Triggers stop orders, one after the other, until no trade of this command reaches one. */
void stops_run(ix_match *e, symbol *s);
/* Shares that would trade if `t` came in now, at most t->left. What self-trade prevention would take does
 * not count. */
uint64_t look_ahead(const ix_match *e, const symbol *s, const order *t);

/* Room for one more level of the place and price besides those promised to stops, and for `promise` (0 or 1)
 * promises more. `freed`: levels that will be free by then. Changes nothing that is seen. */
bool make_room(ix_match *e, symbol *s, unsigned place, uint32_t price_e4, uint32_t promise, uint32_t freed);

/* ---- commands, each in a file of its own kind ---- */

ix_match_reason submit(ix_match *e, const ix_match_command *c);
ix_match_reason cancel(ix_match *e, const ix_match_command *c);
ix_match_reason replace(ix_match *e, const ix_match_command *c);
ix_match_reason mass_cancel(ix_match *e, const ix_match_command *c);
ix_match_reason expire(ix_match *e, const ix_match_command *c);
ix_match_reason uncross(ix_match *e, const ix_match_command *c);

/* Are quantity and price right for an order of the type, and does its display make sense? What SUBMIT and
 * REPLACE share. */
ix_match_reason judge_terms(
	const symbol *s, uint8_t type, uint32_t price_e4, uint32_t quantity, uint32_t display);
bool is_odd_display(uint8_t type, uint8_t tif, uint32_t quantity, uint32_t display);

static inline symbol *symbol_of(const ix_match *e, uint32_t number) {
	symbol *s = number <= e->options.symbols_max ? &e->symbols[number] : NULL;
	return s && s->exists ? s : NULL;
}

static inline bool is_crossed(const symbol *s) {
	const side *bid = &s->sides[PLACE_BOOK], *ask = &s->sides[PLACE_BOOK + 1];
	return bid->count && ask->count && side_best_key(bid) >= ~side_best_key(ask);
}

void set_state(ix_match *e, symbol *s, uint8_t state);

#endif
