/* view.c - questions to the engine, and the names of reasons. */
#include "core.h"

const char *ix_match_reason_name(ix_match_reason reason) {
	static const char *const names[IX_MATCH_REASON_COUNT] = {
		[IX_MATCH_OK] = "fine",
		[IX_MATCH_REJECT_SYMBOL] = "there is no such symbol",
		[IX_MATCH_REJECT_STATE] = "not in this trading state",
		[IX_MATCH_REJECT_ORDER] = "no such order, or a live one has the number",
		[IX_MATCH_REJECT_QUANTITY] = "not a quantity",
		[IX_MATCH_REJECT_PRICE] = "not a price",
		[IX_MATCH_REJECT_FIELDS] = "fields that do not go together",
		[IX_MATCH_REJECT_POST_ONLY] = "would have traded",
		[IX_MATCH_REJECT_LIMIT] = "the engine is full",
		[IX_MATCH_CANCEL_USER] = "cancelled",
		[IX_MATCH_CANCEL_IOC] = "immediate or cancel",
		[IX_MATCH_CANCEL_FOK] = "fill or kill",
		[IX_MATCH_CANCEL_MARKET] = "nothing left to trade with",
		[IX_MATCH_CANCEL_MINIMUM] = "less than the minimum",
		[IX_MATCH_CANCEL_SELF_TRADE] = "would have traded with its owner",
		[IX_MATCH_CANCEL_MASS] = "mass cancel",
		[IX_MATCH_CANCEL_EXPIRED] = "expired",
		[IX_MATCH_CANCEL_AUCTION] = "the auction is over",
	};
	return (unsigned)reason < IX_MATCH_REASON_COUNT ? names[reason] : "unknown";
}

size_t ix_match_depth(
	const ix_match *e, uint16_t number, ix_match_side which, ix_match_level *out, size_t capacity) {
	const symbol *s = symbol_of(e, number);
	if (!s || (unsigned)which > IX_MATCH_SELL) return 0;
	const side *from = &s->sides[PLACE_BOOK + which];
	size_t count = from->count < capacity ? from->count : capacity;
	for (size_t i = 0; i < count; i++) {
		const level *l = &e->levels[side_numbers(from)[from->count - 1 - i]];
		out[i] = (ix_match_level){l->price_e4, l->count, l->shown};
	}
	return count;
}

bool ix_match_find(const ix_match *e, uint64_t number, ix_match_order *ret_order) {
	uint32_t index = number ? table_find(e, number) : 0;
	if (!index) return false;
	const order *o = &e->orders[index];
	*ret_order = (ix_match_order){.order = o->number,
		.owner = o->owner,
		.session = o->session,
		.price_e4 = o->price_e4,
		.stop_e4 = o->stop_e4,
		.left = o->left,
		.shown = o->shown,
		.display = o->display,
		.minimum = o->minimum,
		.symbol = o->symbol,
		.side = o->side,
		.type = o->type,
		.tif = o->tif,
		.stp = o->stp,
		.is_waiting = (o->place & 6) == PLACE_STOP};
	return true;
}

bool ix_match_queue_ahead(const ix_match *e, uint64_t number, uint64_t *ret_shares, uint32_t *ret_orders) {
	uint32_t index = number ? table_find(e, number) : 0;
	if (!index || (e->orders[index].place & 6) != PLACE_BOOK) return false;
	uint64_t shares = 0;
	uint32_t orders = 0;
	for (uint32_t at = e->orders[index].prev; at; at = e->orders[at].prev) {
		shares += e->orders[at].shown;
		orders++;
	}
	*ret_shares = shares;
	*ret_orders = orders;
	return true;
}

ix_match_state ix_match_symbol_state(const ix_match *e, uint16_t number) {
	const symbol *s = symbol_of(e, number);
	return s ? (ix_match_state)s->state : IX_MATCH_CLOSED;
}

void ix_match_get_info(const ix_match *e, ix_match_info *ret_info) {
	*ret_info = (ix_match_info){.command_count = e->command_count,
		.event_count = e->event_count,
		.trade_count = e->trade_count,
		.traded_quantity = e->traded_quantity,
		.order_count = e->order_count,
		.order_count_peak = e->order_count_peak,
		.level_count = e->level_count,
		.symbol_count = e->symbol_count,
		.growth_count = e->growth_count,
		.memory_bytes = e->memory_bytes};
}
