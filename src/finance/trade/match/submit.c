/* submit.c - a new order: is it one that makes sense here and now, and is there room for it? */
#include "core.h"

static bool is_now(uint8_t tif) { return tif == IX_MATCH_IOC || tif == IX_MATCH_FOK; }

/* A combination that makes no sense. */
static bool is_odd(const ix_match_command *c) {
	if (c->side > IX_MATCH_SELL || c->type > IX_MATCH_STOP_LIMIT || c->tif > IX_MATCH_AT_AUCTION ||
		c->stp > IX_MATCH_STP_DECREMENT || (c->flags & ~IX_MATCH_POST_ONLY))
		return true;
	if (c->flags && (c->type != IX_MATCH_LIMIT || c->tif > IX_MATCH_GTC || c->minimum)) return true;
	if (c->minimum &&
		(c->tif == IX_MATCH_FOK || c->tif == IX_MATCH_AT_AUCTION || c->minimum > c->quantity))
		return true;
	return is_stop(c->type) ? c->tif == IX_MATCH_AT_AUCTION : c->stop_e4 != 0;
}

ix_match_reason judge_terms(
	const symbol *s, uint8_t type, uint32_t price_e4, uint32_t quantity, uint32_t display) {
	if (quantity == 0 || !is_in_lots(s, quantity) || !is_in_lots(s, display))
		return IX_MATCH_REJECT_QUANTITY;
	bool is_right = is_market(type) ? price_e4 == 0 : price_e4 != 0 && is_on_tick(s, price_e4);
	return is_right ? IX_MATCH_OK : IX_MATCH_REJECT_PRICE;
}

bool is_odd_display(uint8_t type, uint8_t tif, uint32_t quantity, uint32_t display) {
	if (display == 0) return false;
	return display > quantity || is_market(type) || tif > IX_MATCH_GTC ||
	       (quantity - 1) / display >= IX_MATCH_PARTS_MAX;
}

/* The first reason that holds, in the order of the enum. */
static ix_match_reason judge(const ix_match *e, const symbol *s, const ix_match_command *c) {
	if (s->state != IX_MATCH_CONTINUOUS) {
		if (s->state != IX_MATCH_AUCTION) return IX_MATCH_REJECT_STATE;
		if (!is_stop(c->type) && (is_now(c->tif) || c->minimum)) return IX_MATCH_REJECT_STATE;
	}
	if (c->order == 0 || table_find(e, c->order)) return IX_MATCH_REJECT_ORDER;
	ix_match_reason bad = c->minimum && !is_in_lots(s, c->minimum)
				      ? IX_MATCH_REJECT_QUANTITY
				      : judge_terms(s, c->type, c->price_e4, c->quantity, c->display);
	if (bad) return bad;
	if (is_stop(c->type) && (c->stop_e4 == 0 || !is_on_tick(s, c->stop_e4))) return IX_MATCH_REJECT_PRICE;
	if (is_odd(c) || is_odd_display(c->type, c->tif, c->quantity, c->display))
		return IX_MATCH_REJECT_FIELDS;
	return IX_MATCH_OK;
}

bool make_room(ix_match *e, symbol *s, unsigned place, uint32_t price_e4, uint32_t promise, uint32_t freed) {
	side *first = &s->sides[place], *book = &s->sides[PLACE_BOOK + (place & 1)];
	uint64_t used = (uint64_t)e->level_count + e->promised + promise;
	if (IX_UNLIKELY(used + 1 > e->level_capacity) && !make_level_room(e, used + 1)) {
		uint32_t needed = side_find(first, place, price_e4) == 0;
		if (!make_level_room(e, used + needed - freed)) return false;
	}
	uint64_t promised = s->promised[place & 1] + (uint64_t)promise;
	if (promise && !make_side_room(e, book, book->count + promised)) return false;
	return make_side_room(e, first, first->count + (first == book ? promised : 0) + 1);
}

/* Where the order waits before it meets anybody; PLACE_BOOK: in the book, or nowhere. */
static unsigned place_of(const symbol *s, const ix_match_command *c) {
	if (is_stop(c->type)) return PLACE_STOP;
	if (c->type == IX_MATCH_MARKET)
		return s->state == IX_MATCH_AUCTION || c->tif == IX_MATCH_AT_AUCTION ? PLACE_MARKET
										     : PLACE_BOOK;
	return c->tif == IX_MATCH_AT_AUCTION ? PLACE_WAIT : PLACE_BOOK;
}

static void fill_in(order *o, const ix_match_command *c, unsigned place) {
	*o = (order){.number = c->order,
		.owner = c->owner,
		.session = c->session,
		.price_e4 = c->price_e4,
		.stop_e4 = c->stop_e4,
		.left = c->quantity,
		.display = c->display,
		.minimum = c->minimum,
		.symbol = c->symbol,
		.side = c->side,
		.place = (uint8_t)(place + c->side),
		.type = c->type,
		.tif = c->tif,
		.stp = c->stp,
		.flags = c->flags};
}

ix_match_reason submit(ix_match *e, const ix_match_command *c) {
	symbol *s = symbol_of(e, c->symbol);
	if (!s) return IX_MATCH_REJECT_SYMBOL;
	ix_match_reason bad = judge(e, s, c);
	if (bad) return bad;
	unsigned place = place_of(s, c);
	bool is_trading = place == PLACE_BOOK && s->state == IX_MATCH_CONTINUOUS;
	if (c->flags && is_trading && order_crosses(s, c->type, c->side, c->price_e4))
		return IX_MATCH_REJECT_POST_ONLY;
	uint32_t price = place == PLACE_STOP ? c->stop_e4 : c->price_e4,
		 promise = c->type == IX_MATCH_STOP_LIMIT;
	if (!is_trading || (c->type == IX_MATCH_LIMIT && !is_now(c->tif))) {
		if (!make_order_room(e) || !make_room(e, s, place + c->side, price, promise, 0))
			return IX_MATCH_REJECT_LIMIT;
	}
	uint32_t index = order_take(e);
	order *o = &e->orders[index];
	fill_in(o, c, place);
	ix_match_event event = event_of(o, IX_MATCH_ACCEPTED);
	tell(e, &event);
	if (is_trading) {
		order_enter(e, s, index, false);
		stops_run(e, s);
		return IX_MATCH_OK;
	}
	if (place == PLACE_BOOK) o->shown = shown_of(o);
	s->promised[o->side] += promise;
	e->promised += promise;
	place_append(e, s, index);
	order_list(e, index);
	return IX_MATCH_OK;
}
