/* apply.c - one command: to whom it goes, and the commands about symbols. */
#include "core.h"

void set_state(ix_match *e, symbol *s, uint8_t state) {
	s->state = state;
	ix_match_event event = {
		.symbol = (uint16_t)(s - e->symbols), .kind = IX_MATCH_STATE_CHANGED, .state = state};
	tell(e, &event);
}

static ix_match_reason add_symbol(ix_match *e, const ix_match_command *c) {
	if (c->symbol == 0) return IX_MATCH_REJECT_SYMBOL;
	if (c->symbol > e->options.symbols_max) return IX_MATCH_REJECT_LIMIT;
	symbol *s = &e->symbols[c->symbol];
	if (s->exists) return IX_MATCH_REJECT_SYMBOL;
	for (unsigned which = 0; which < 2 && e->options.side_reserve > 0; which++) {
		if (!make_side_room(e, &s->sides[PLACE_BOOK + which], e->options.side_reserve))
			return IX_MATCH_REJECT_LIMIT;
	}
	symbol_set_up(s, c->tick_e4, c->lot);
	e->symbol_count++;
	set_state(e, s, IX_MATCH_CLOSED);
	return IX_MATCH_OK;
}

/* A crossed book may not start to trade by itself: it is uncrossed. */
static bool may_become(const symbol *s, uint8_t state) {
	return state != IX_MATCH_CONTINUOUS || !is_crossed(s);
}

static ix_match_reason change_state(ix_match *e, const ix_match_command *c) {
	uint32_t first = c->symbol ? c->symbol : 1, last = c->symbol ? c->symbol : e->options.symbols_max;
	if (c->symbol && !symbol_of(e, c->symbol)) return IX_MATCH_REJECT_SYMBOL;
	for (uint32_t i = first; i <= last; i++) {
		if (!may_become(&e->symbols[i], c->state)) return IX_MATCH_REJECT_STATE;
	}
	if (c->state >= IX_MATCH_STATE_COUNT) return IX_MATCH_REJECT_FIELDS;
	for (uint32_t i = first; i <= last; i++) {
		if (e->symbols[i].exists) set_state(e, &e->symbols[i], c->state);
	}
	return IX_MATCH_OK;
}

static ix_match_reason set_reference(ix_match *e, const ix_match_command *c) {
	symbol *s = symbol_of(e, c->symbol);
	if (!s) return IX_MATCH_REJECT_SYMBOL;
	if (!is_on_tick(s, c->price_e4)) return IX_MATCH_REJECT_PRICE;
	s->reference_e4 = c->price_e4;
	return IX_MATCH_OK;
}

static ix_match_reason carry_out(ix_match *e, const ix_match_command *c) {
	switch (c->kind) {
	case IX_MATCH_ADD_SYMBOL: return add_symbol(e, c);
	case IX_MATCH_SUBMIT: return submit(e, c);
	case IX_MATCH_CANCEL: return cancel(e, c);
	case IX_MATCH_REPLACE: return replace(e, c);
	case IX_MATCH_MASS_CANCEL: return mass_cancel(e, c);
	case IX_MATCH_STATE: return change_state(e, c);
	case IX_MATCH_UNCROSS: return uncross(e, c);
	case IX_MATCH_REFERENCE: return set_reference(e, c);
	case IX_MATCH_EXPIRE: return expire(e, c);
	default: return IX_MATCH_REJECT_FIELDS;
	}
}

static void tell_rejected(ix_match *e, const ix_match_command *c, ix_match_reason reason) {
	ix_match_event event = {.order = c->order,
		.owner = c->owner,
		.price_e4 = c->price_e4,
		.quantity = c->quantity,
		.symbol = c->symbol,
		.kind = IX_MATCH_REJECTED,
		.reason = (uint8_t)reason,
		.side = c->side,
		.state = c->state};
	tell(e, &event);
}

ix_match_reason ix_match_apply(ix_match *e, const ix_match_command *c) {
	e->now_ns = c->time_ns;
	e->command_count++;
	e->has_traded = false;
	e->trade_low = UINT32_MAX;
	e->trade_high = 0;
	ix_match_reason reason = carry_out(e, c);
	if (IX_UNLIKELY(reason)) tell_rejected(e, c, reason);
	return reason;
}
