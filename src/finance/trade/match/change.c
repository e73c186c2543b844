/* change.c - cancel and replace: what an order's submitter does with it later; mass cancel and expiry: what
 * others do. */
#include "core.h"

ix_match_reason cancel(ix_match *e, const ix_match_command *c) {
	uint32_t index = c->order ? table_find(e, c->order) : 0;
	if (!index) return IX_MATCH_REJECT_ORDER;
	order *o = &e->orders[index];
	symbol *s = &e->symbols[o->symbol];
	if (c->quantity == 0) {
		order_drop(e, s, index, IX_MATCH_CANCEL_USER);
		return IX_MATCH_OK;
	}
	if (c->quantity >= o->left || !is_in_lots(s, c->quantity)) return IX_MATCH_REJECT_QUANTITY;
	uint32_t quantity = o->left - c->quantity;
	place_reduce(e, o, c->quantity, min_u32(o->shown, c->quantity));
	o->minimum = min_u32(o->minimum, o->left);
	tell_cancelled(e, o, quantity, IX_MATCH_CANCEL_USER);
	return IX_MATCH_OK;
}

/* ---- replace ---- */

static ix_match_reason judge_replace(
	const ix_match *e, const symbol *s, const order *o, const ix_match_command *c) {
	if (s->state != IX_MATCH_CONTINUOUS && s->state != IX_MATCH_AUCTION) return IX_MATCH_REJECT_STATE;
	if (c->new_order == 0 || (c->new_order != c->order && table_find(e, c->new_order)))
		return IX_MATCH_REJECT_ORDER;
	ix_match_reason bad = judge_terms(s, o->type, c->price_e4, c->quantity, c->display);
	if (bad) return bad;
	if (c->stop_e4 && !is_on_tick(s, c->stop_e4)) return IX_MATCH_REJECT_PRICE;
	if (c->stop_e4 && (o->place & 6) != PLACE_STOP) return IX_MATCH_REJECT_FIELDS;
	return is_odd_display(o->type, o->tif, c->quantity, c->display) ? IX_MATCH_REJECT_FIELDS
									: IX_MATCH_OK;
}

/* No display: all of it is shown. */
static bool shows_more(uint32_t display, uint32_t than) {
	return than != 0 && (display == 0 || display > than);
}

static bool keeps_priority(const order *o, const order *now) {
	return now->price_e4 == o->price_e4 && now->stop_e4 == o->stop_e4 && now->left <= o->left &&
	       !shows_more(now->display, o->display);
}

static void tell_replaced(ix_match *e, const order *o, uint64_t old_number, bool kept_priority) {
	ix_match_event event = event_of(o, IX_MATCH_REPLACED);
	event.maker = old_number;
	event.kept_priority = kept_priority;
	tell(e, &event);
}

/* Another number for a live order. */
static void renumber(ix_match *e, uint32_t index, uint64_t number) {
	if (e->orders[index].number == number) return;
	table_erase(e, index);
	e->orders[index].number = number;
	table_insert(e, index);
}

static void replace_in_place(ix_match *e, uint32_t index, const order *now, uint64_t number) {
	order *o = &e->orders[index];
	uint64_t old_number = o->number;
	place_reduce(e, o, now->left, min_u32(o->shown, shown_of(now)));
	o->display = now->display;
	o->minimum = min_u32(o->minimum, o->left);
	renumber(e, index, number);
	tell_replaced(e, o, old_number, true);
}

ix_match_reason replace(ix_match *e, const ix_match_command *c) {
	uint32_t index = c->order ? table_find(e, c->order) : 0;
	if (!index) return IX_MATCH_REJECT_ORDER;
	order *o = &e->orders[index];
	symbol *s = &e->symbols[o->symbol];
	ix_match_reason bad = judge_replace(e, s, o, c);
	if (bad) return bad;
	order now = *o;
	now.price_e4 = c->price_e4;
	now.left = c->quantity;
	now.display = c->display;
	now.minimum = min_u32(now.minimum, now.left);
	if (c->stop_e4) now.stop_e4 = c->stop_e4;
	if (keeps_priority(o, &now)) {
		replace_in_place(e, index, &now, c->new_order);
		return IX_MATCH_OK;
	}
	bool is_in_book = (o->place & 6) == PLACE_BOOK,
	     is_trading = s->state == IX_MATCH_CONTINUOUS && is_in_book;
	if (is_trading && now.flags && order_crosses(s, now.type, now.side, now.price_e4))
		return IX_MATCH_REJECT_POST_ONLY;
	if (!make_room(e, s, o->place, place_price(&now), 0, e->levels[o->level].count == 1))
		return IX_MATCH_REJECT_LIMIT;
	uint64_t old_number = o->number;
	place_remove(e, s, index);
	now.shown = is_in_book ? shown_of(&now) : 0;
	*o = now;
	renumber(e, index, c->new_order);
	tell_replaced(e, o, old_number, false);
	if (is_trading) {
		order_enter(e, s, index, true);
		stops_run(e, s);
	} else {
		place_append(e, s, index);
	}
	return IX_MATCH_OK;
}

/* ---- many at once ---- */

static bool fits(const order *o, const ix_match_command *c) {
	return (c->owner == 0 || o->owner == c->owner) && (c->session == 0 || o->session == c->session) &&
	       (!(c->flags & IX_MATCH_HAS_SIDE) || o->side == c->side);
}

/* Drops what fits of a symbol: by the command, or, where it expires, by the order's time in force. */
static void sweep(ix_match *e, symbol *s, const ix_match_command *c) {
	walk w = {0};
	bool is_expiry = c->kind == IX_MATCH_EXPIRE;
	for (uint32_t index = walk_next(e, s, &w); index; index = walk_next(e, s, &w)) {
		const order *o = &e->orders[index];
		if (is_expiry ? o->tif == IX_MATCH_GTC : !fits(o, c)) continue;
		order_drop(e, s, index, is_expiry ? IX_MATCH_CANCEL_EXPIRED : IX_MATCH_CANCEL_MASS);
	}
}

static ix_match_reason sweep_all(ix_match *e, const ix_match_command *c) {
	uint32_t first = c->symbol ? c->symbol : 1, last = c->symbol ? c->symbol : e->options.symbols_max;
	for (uint32_t i = first; i <= last; i++) {
		if (e->symbols[i].exists) sweep(e, &e->symbols[i], c);
	}
	return IX_MATCH_OK;
}

ix_match_reason mass_cancel(ix_match *e, const ix_match_command *c) {
	if (c->symbol && !symbol_of(e, c->symbol)) return IX_MATCH_REJECT_SYMBOL;
	if ((c->flags & ~IX_MATCH_HAS_SIDE) || c->side > IX_MATCH_SELL) return IX_MATCH_REJECT_FIELDS;
	return sweep_all(e, c);
}

ix_match_reason expire(ix_match *e, const ix_match_command *c) {
	if (c->symbol && !symbol_of(e, c->symbol)) return IX_MATCH_REJECT_SYMBOL;
	return sweep_all(e, c);
}
