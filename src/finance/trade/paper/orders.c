/* orders.c - what the client wants: each inbound message of OUCH 5.0, judged when it arrives. */
#include "state.h"

#include <inox/itch.h>

/* ---- judging: 0, or an IX_OUCH_REJECT_REASON_… ---- */

/* What Enter Order and Replace Order share. */
static uint16_t judge_terms(const ix_paper *p, const request *r) {
	if (p->is_disabled) return IX_OUCH_REJECT_REASON_FIRM;
	if (p->is_closed) return IX_OUCH_REJECT_REASON_DESTINATION_CLOSED;
	if (r->quantity == 0 || r->quantity > IX_PAPER_QUANTITY_MAX) return IX_OUCH_REJECT_REASON_QUANTITY;
	if (r->price_e4 == 0 || r->price_e4 > IX_PAPER_PRICE_E4_MAX) return IX_OUCH_REJECT_REASON_PRICE;
	if (r->display != IX_OUCH_DISPLAY_VISIBLE && r->display != IX_OUCH_DISPLAY_ATTRIBUTABLE)
		return IX_OUCH_REJECT_REASON_DISPLAY;
	if (r->is_pegged) return IX_OUCH_REJECT_REASON_PEGGING;
	if (r->has_minimum) return IX_OUCH_REJECT_REASON_MINIMUM_QUANTITY;
	if (r->has_floor) return IX_OUCH_REJECT_REASON_MAX_FLOOR;
	bool is_ioc = r->time_in_force == IX_OUCH_TIME_IN_FORCE_IOC;
	if (!is_ioc && r->time_in_force != IX_OUCH_TIME_IN_FORCE_DAY) return IX_OUCH_REJECT_REASON_OTHER;
	if (r->post_only != 0 && r->post_only != IX_OUCH_POST_ONLY_YES &&
		r->post_only != IX_OUCH_POST_ONLY_NO)
		return IX_OUCH_REJECT_REASON_OTHER;
	return is_ioc && r->post_only == IX_OUCH_POST_ONLY_YES ? IX_OUCH_REJECT_REASON_OTHER : 0;
}

static bool is_sell(uint8_t side) {
	return side == IX_OUCH_SIDE_SELL || side == IX_OUCH_SIDE_SELL_SHORT ||
	       side == IX_OUCH_SIDE_SELL_SHORT_EXEMPT;
}

static bool takes_orders(const paper_symbol *s) { return !s->is_halted && !s->is_operational; }

static uint16_t judge_enter(const ix_paper *p, const request *r, uint16_t symbol) {
	if (symbol == 0) return IX_OUCH_REJECT_REASON_SYMBOL;
	if (r->side != IX_OUCH_SIDE_BUY && !is_sell(r->side)) return IX_OUCH_REJECT_REASON_SIDE;
	if (r->cross_type != IX_OUCH_CROSS_TYPE_CONTINUOUS) return IX_OUCH_REJECT_REASON_CROSS_ORDER;
	uint16_t bad = judge_terms(p, r);
	if (bad) return bad;
	return takes_orders(&p->symbols[symbol]) ? 0 : IX_OUCH_REJECT_REASON_HALTED;
}

static uint16_t find_stock(const ix_paper *p, const char stock[8]) {
	const uint16_t *symbol = stock_map_find(&p->stocks, stock_key(stock));
	return symbol ? *symbol : 0;
}

/* A UserRefNum that has been used is passed over in silence. */
static bool is_new(ix_paper *p, const request *r) {
	if (r->user_ref_num <= p->last_ref) {
		p->info.ignored_count++;
		return false;
	}
	p->last_ref = r->user_ref_num;
	return true;
}

/* ---- the messages ---- */

static void take_enter(ix_paper *p, const request *r) {
	if (!is_new(p, r)) return;
	uint16_t symbol = find_stock(p, r->symbol);
	uint16_t bad = judge_enter(p, r, symbol);
	own *o = bad ? NULL : own_new(p, r, symbol);
	if (!o) {
		answer_rejected(p, r, bad ? bad : IX_OUCH_REJECT_REASON_OTHER);
		return;
	}
	own_submit(p, o, WHY_CANCEL);
}

/* What stays open when the whole chain is to have `quantity` shares. */
static uint32_t open_of(const own *o, uint32_t quantity) {
	return quantity > o->executed ? quantity - o->executed : 0;
}

/* In its place, if it may stay there; else out, and in again as if it were new. */
static void replace(ix_paper *p, own *o, const request *r, uint32_t open, bool is_post_only) {
	uint32_t original = o->user_ref_num;
	bool stays = r->price_e4 == o->price_e4 && open <= o->left && is_post_only == o->is_post_only &&
		     r->time_in_force == IX_OUCH_TIME_IN_FORCE_DAY;
	if (open < o->left || !stays) own_reduce(p, o, stays ? open : 0, WHY_SILENT);
	own_rename(p, o, r->user_ref_num);
	o->left = open;
	o->price_e4 = (uint32_t)r->price_e4;
	o->time_in_force = r->time_in_force;
	o->display = r->display;
	o->intermarket_sweep = r->intermarket_sweep;
	o->is_post_only = is_post_only;
	memcpy(o->client_order_id, r->client_order_id, sizeof o->client_order_id);
	if (stays) {
		answer_replaced(p, o, original);
		return;
	}
	o->number = own_number(p, o);
	own_to_the_end(p, o);
	p->replaced_ref = original;
	own_submit(p, o, WHY_CANCEL);
	p->replaced_ref = 0;
}

static void take_replace(ix_paper *p, const request *r) {
	if (!is_new(p, r)) return;
	own *o = own_find(p, r->original_user_ref_num);
	uint16_t bad = o ? judge_terms(p, r) : IX_OUCH_REJECT_REASON_REPLACE;
	if (o && !bad && !takes_orders(&p->symbols[o->symbol])) bad = IX_OUCH_REJECT_REASON_HALTED;
	bool is_ioc = r->time_in_force == IX_OUCH_TIME_IN_FORCE_IOC;
	bool is_post_only =
		r->post_only ? r->post_only == IX_OUCH_POST_ONLY_YES : o && o->is_post_only && !is_ioc;
	if (bad) {
		answer_rejected(p, r, bad);
		return;
	}
	uint32_t open = open_of(o, r->quantity);
	if (open == 0)
		own_reduce(p, o, 0, WHY_CANCEL); /* more than that was executed */
	else
		replace(p, o, r, open, is_post_only);
}

static void take_cancel(ix_paper *p, const request *r) {
	own *o = own_find(p, r->user_ref_num);
	uint32_t open = o ? open_of(o, r->quantity) : 0;
	if (!o || open >= o->left)
		p->info.ignored_count++;
	else
		own_reduce(p, o, open, WHY_CANCEL);
}

/* From one kind of selling to another, and fewer shares. */
static void take_modify(ix_paper *p, const request *r) {
	own *o = own_find(p, r->user_ref_num);
	if (!o || r->quantity == 0 || is_sell(r->side) != is_sell(o->ouch_side) ||
		(r->side != IX_OUCH_SIDE_BUY && !is_sell(r->side))) {
		p->info.ignored_count++;
		return;
	}
	uint32_t open = open_of(o, r->quantity);
	o->ouch_side = r->side;
	if (open == 0) {
		own_reduce(p, o, 0, WHY_CANCEL);
		return;
	}
	if (open < o->left) own_reduce(p, o, open, WHY_SILENT);
	answer_modified(p, o);
}

static bool is_blank(const char symbol[8]) { return ix_itch_text(symbol, 8).size == 0; }

static void take_mass_cancel(ix_paper *p, const request *r) {
	if (!is_new(p, r)) return;
	uint16_t symbol = find_stock(p, r->symbol);
	if (symbol == 0 && !is_blank(r->symbol)) {
		answer_rejected(p, r, IX_OUCH_REJECT_REASON_SYMBOL);
		return;
	}
	int side = r->side_tag == 0 ? -1 : is_sell(r->side_tag) ? IX_MATCH_SELL : IX_MATCH_BUY;
	answer_mass_cancel(p, r);
	own_cancel_all(p, symbol, side, WHY_CANCEL);
}

void paper_take(ix_paper *p, const request *r) {
	p->info.taken_count++;
	switch (r->type) {
	case IX_OUCH_ENTER_ORDER: take_enter(p, r); break;
	case IX_OUCH_REPLACE_ORDER: take_replace(p, r); break;
	case IX_OUCH_CANCEL_ORDER: take_cancel(p, r); break;
	case IX_OUCH_MODIFY_ORDER: take_modify(p, r); break;
	case IX_OUCH_MASS_CANCEL: take_mass_cancel(p, r); break;
	case IX_OUCH_DISABLE_ORDER_ENTRY:
	case IX_OUCH_ENABLE_ORDER_ENTRY:
		if (!is_new(p, r)) break;
		p->is_disabled = r->type == IX_OUCH_DISABLE_ORDER_ENTRY;
		answer_switched(p, r);
		break;
	default: answer_account(p); break;
	}
}
