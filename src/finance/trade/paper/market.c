/* market.c - the feed's orders stand in the engine; what it says of them happens there too, and what reaches
 * them reaches ours that are in front of them. The rules are in README.md. */
#include "state.h"

#include <inox/itch.h>

/* ---- our orders, from here and from orders.c ---- */

void own_reduce(ix_paper *p, own *o, uint32_t left, why cause) {
	const ix_match_command c = {
		.time_ns = p->now_ns, .kind = IX_MATCH_CANCEL, .order = o->number, .quantity = left};
	p->why = (uint8_t)cause;
	ix_match_reason reason = ix_match_apply(p->engine, &c);
	p->why = WHY_CANCEL;
	IX_ASSERT(reason == IX_MATCH_OK);
}

/* Out of the engine, unseen. */
static void own_lift(ix_paper *p, own *o) {
	uint32_t left = o->left;
	own_reduce(p, o, 0, WHY_SILENT);
	o->left = left;
	o->is_lifted = true;
}

void own_submit(ix_paper *p, own *o, why cause) {
	const ix_match_command c = {.time_ns = p->now_ns,
		.kind = IX_MATCH_SUBMIT,
		.order = o->number,
		.owner = IX_PAPER_OWNER,
		.price_e4 = o->price_e4,
		.quantity = o->left,
		.symbol = o->symbol,
		.side = o->side,
		.tif = o->time_in_force == IX_OUCH_TIME_IN_FORCE_IOC ? IX_MATCH_IOC : IX_MATCH_DAY,
		.stp = IX_MATCH_STP_NEWEST,
		.flags = o->is_post_only ? IX_MATCH_POST_ONLY : 0};
	o->is_lifted = false;
	p->why = (uint8_t)cause;
	ix_match_reason reason = ix_match_apply(p->engine, &c);
	p->why = WHY_CANCEL;
	if (reason == IX_MATCH_OK) return;
	/* It is told of as if it had been in for a moment: post only, or the engine is full. */
	if (cause != WHY_SILENT && p->replaced_ref) answer_replaced(p, o, p->replaced_ref);
	if (cause != WHY_SILENT && !p->replaced_ref) answer_accepted(p, o);
	answer_canceled(p, o, o->left,
		reason == IX_MATCH_REJECT_POST_ONLY ? IX_OUCH_CANCEL_REASON_POST_ONLY
						    : IX_OUCH_CANCEL_REASON_SYSTEM);
	own_end(p, o);
}

void own_cancel_all(ix_paper *p, uint16_t symbol, int side, why cause) {
	for (uint32_t at = p->all.first, next; at; at = next) {
		own *o = &p->owns[at];
		next = o->all_next;
		if ((symbol == 0 || o->symbol == symbol) && (side < 0 || o->side == side))
			own_reduce(p, o, 0, cause);
	}
}

/* ---- what was traded away here ---- */

void market_note_taken(ix_paper *p, uint64_t reference, uint32_t shares, uint8_t side, uint32_t price_e4) {
	taken *t;
	/* Without memory the order only gets smaller than it need be. */
	if (taken_map_add(&p->taken, reference, &t, NULL, NULL) != 0) return;
	t->shares += shares;
	t->side = side;
	t->price_e4 = price_e4;
}

/* ---- who of ours is in front ---- */

static bool is_better(const own *o, uint8_t side, uint32_t price_e4) {
	return side == IX_MATCH_BUY ? o->price_e4 > price_e4 : o->price_e4 < price_e4;
}

static bool is_queued_before(const ix_paper *p, uint64_t first, uint64_t second) {
	uint64_t shares;
	uint32_t before_first, before_second;
	return ix_match_queue_ahead(p->engine, first, &shares, &before_first) &&
	       ix_match_queue_ahead(p->engine, second, &shares, &before_second) &&
	       before_first < before_second;
}

/* The one of ours that an aggressor meets first, before the order `hit` at that price; hit 0: before anything
 * of that price. */
static own *first_before(const ix_paper *p, uint16_t symbol, uint8_t side, uint32_t price_e4, uint64_t hit) {
	own *best = NULL;
	for (uint32_t at = p->symbols[symbol].sides[side].first; at; at = p->owns[at].next) {
		own *o = &p->owns[at];
		if (best && !is_better(o, side, best->price_e4))
			continue; /* the earlier of a price comes first */
		if (is_better(o, side, price_e4) ||
			(hit && o->price_e4 == price_e4 && is_queued_before(p, o->number, hit)))
			best = o;
	}
	return best;
}

static void fill_before(
	ix_paper *p, uint16_t symbol, uint8_t side, uint32_t price_e4, uint64_t hit, uint32_t shares) {
	if (p->symbols[symbol].sides[side].first == 0 || p->symbols[symbol].is_gathering) return;
	while (shares > 0) {
		own *o = first_before(p, symbol, side, price_e4, hit);
		if (!o) return;
		uint32_t size = least_u32(shares, o->left);
		shares -= size;
		own_reduce(p, o, o->left - size, WHY_FILL);
	}
}

/* ---- the feed's messages ---- */

static paper_symbol *symbol_of(ix_paper *p, uint16_t locate) {
	return locate > 0 && locate <= p->options.symbols_max ? &p->symbols[locate] : NULL;
}

static void set_state(ix_paper *p, uint16_t locate, ix_match_state state) {
	const ix_match_command c = {
		.time_ns = p->now_ns, .kind = IX_MATCH_STATE, .symbol = locate, .state = (uint8_t)state};
	if (ix_match_apply(p->engine, &c) == IX_MATCH_OK)
		p->symbols[locate].is_gathering = state == IX_MATCH_AUCTION;
}

/* The first that is heard of a locate counts. */
static void add_symbol(ix_paper *p, uint16_t locate, const char stock[8]) {
	paper_symbol *s = symbol_of(p, locate);
	if (!s || s->exists) return;
	const ix_match_command c = {
		.time_ns = p->now_ns, .kind = IX_MATCH_ADD_SYMBOL, .symbol = locate, .tick_e4 = 1, .lot = 1};
	if (ix_match_apply(p->engine, &c) != IX_MATCH_OK) return;
	s->exists = true;
	memcpy(s->stock, stock, sizeof s->stock);
	(void)stock_map_put(&p->stocks, stock_key(stock), locate, NULL);
	set_state(p, locate, IX_MATCH_CONTINUOUS);
}

static bool submit(
	ix_paper *p, uint16_t locate, uint64_t reference, uint8_t side, uint32_t shares, uint32_t price_e4) {
	const ix_match_command c = {.time_ns = p->now_ns,
		.kind = IX_MATCH_SUBMIT,
		.order = reference,
		.price_e4 = price_e4,
		.quantity = shares,
		.symbol = locate,
		.side = side};
	p->adding_price_e4 = price_e4;
	return !is_own(reference) && ix_match_apply(p->engine, &c) == IX_MATCH_OK;
}

static void add_order(ix_paper *p, uint16_t locate, const uint8_t *message) {
	ix_itch_add_order m = ix_itch_load_add_order(message);
	paper_symbol *s = symbol_of(p, locate);
	if (s && !s->exists) add_symbol(p, locate, m.stock);
	uint8_t side = m.side == IX_ITCH_SIDE_BUY ? IX_MATCH_BUY : IX_MATCH_SELL;
	if (!s || !submit(p, locate, m.reference, side, m.shares, m.price_e4)) p->info.unfollowed_count++;
}

static bool find(const ix_paper *p, uint64_t reference, ix_match_order *ret_order) {
	return !is_own(reference) && ix_match_find(p->engine, reference, ret_order);
}

/* The feed's order has so many shares less. What was traded away here has gone already. */
static void reduce(ix_paper *p, uint64_t reference, uint32_t shares, uint32_t live_left) {
	taken *t = taken_map_find(&p->taken, reference);
	if (t) {
		uint32_t gone = least_u32(shares, t->shares);
		shares -= gone;
		t->shares -= gone;
		if (t->shares == 0) (void)taken_map_remove(&p->taken, reference, NULL);
	}
	if (live_left == 0) {
		p->info.unfollowed_count++;
		return;
	}
	if (shares == 0) return;
	const ix_match_command c = {.time_ns = p->now_ns,
		.kind = IX_MATCH_CANCEL,
		.order = reference,
		.quantity = live_left > shares ? live_left - shares : 0};
	(void)ix_match_apply(p->engine, &c);
}

static void reduce_order(ix_paper *p, uint64_t reference, uint32_t shares) {
	ix_match_order o;
	reduce(p, reference, shares, find(p, reference, &o) ? o.left : 0);
}

/* An aggressor traded with the order: those of ours that are in front of it come first. Of an order that was
 * wholly traded away here, side and price are still known. */
static void execute(ix_paper *p, uint16_t locate, uint64_t reference, uint32_t shares) {
	ix_match_order o;
	const taken *t;
	bool is_live = find(p, reference, &o);
	if (is_live)
		fill_before(p, o.symbol, o.side, o.price_e4, reference, shares);
	else if (symbol_of(p, locate) && (t = taken_map_find(&p->taken, reference)))
		fill_before(p, locate, t->side, t->price_e4, 0, shares);
	reduce(p, reference, shares, is_live ? o.left : 0);
}

static void delete_order(ix_paper *p, uint64_t reference) {
	(void)taken_map_remove(&p->taken, reference, NULL);
	const ix_match_command c = {.time_ns = p->now_ns, .kind = IX_MATCH_CANCEL, .order = reference};
	if (is_own(reference) || ix_match_apply(p->engine, &c) != IX_MATCH_OK) p->info.unfollowed_count++;
}

static void replace_order(ix_paper *p, uint16_t locate, const uint8_t *message) {
	ix_itch_order_replace m = ix_itch_load_order_replace(message);
	ix_match_order o;
	const taken *t = taken_map_find(&p->taken, m.reference);
	bool is_known = find(p, m.reference, &o);
	if (!is_known && t && symbol_of(p, locate)) {
		o = (ix_match_order){.symbol = locate, .side = t->side};
		is_known = true;
	}
	delete_order(p, m.reference);
	if (is_known && !submit(p, o.symbol, m.new_reference, o.side, m.shares, m.price_e4))
		p->info.unfollowed_count++;
}

/* A trade with an order that was not displayed: nobody trades at a worse price than ours. */
static void hidden_trade(ix_paper *p, uint16_t locate, uint32_t price_e4, uint32_t shares) {
	paper_symbol *s = symbol_of(p, locate);
	if (!s || !s->exists) return;
	fill_before(p, locate, IX_MATCH_BUY, price_e4, 0, shares);
	fill_before(p, locate, IX_MATCH_SELL, price_e4, 0, shares);
}

/* ---- halts and the day ---- */

static bool crosses(const ix_paper *p, const own *o) {
	ix_match_level best;
	if (ix_match_depth(p->engine, o->symbol, o->side == IX_MATCH_BUY ? IX_MATCH_SELL : IX_MATCH_BUY,
		    &best, 1) == 0)
		return false;
	return o->side == IX_MATCH_BUY ? o->price_e4 >= best.price_e4 : o->price_e4 <= best.price_e4;
}

static bool lift_crossed(ix_paper *p, uint16_t locate) {
	bool is_any = false;
	for (uint32_t side = 0; side < 2; side++) {
		for (uint32_t at = p->symbols[locate].sides[side].first; at; at = p->owns[at].next) {
			own *o = &p->owns[at];
			if (!crosses(p, o)) continue;
			own_lift(p, o);
			is_any = true;
		}
	}
	return is_any;
}

/* Trading goes on. Orders of ours that the market has crossed meanwhile come in as if they were new. */
static void resume(ix_paper *p, uint16_t locate) {
	set_state(p, locate, IX_MATCH_CONTINUOUS);
	if (!p->symbols[locate].is_gathering || !lift_crossed(p, locate)) return;
	set_state(p, locate, IX_MATCH_CONTINUOUS);
	for (uint32_t at = p->all.first, next; at; at = next) {
		own *o = &p->owns[at];
		next = o->all_next;
		if (o->is_lifted) own_submit(p, o, WHY_SILENT);
	}
}

/* A symbol that is halted, or crossed in the feed itself, gathers orders and does not trade. */
static void settle(ix_paper *p, uint16_t locate) {
	paper_symbol *s = &p->symbols[locate];
	if (s->is_halted || s->is_operational) {
		if (!s->is_gathering) set_state(p, locate, IX_MATCH_AUCTION);
	} else if (s->is_gathering) {
		resume(p, locate);
	}
}

static void halt(ix_paper *p, uint16_t locate, const uint8_t *m) {
	paper_symbol *s = symbol_of(p, locate);
	if (!s) return;
	if (m[0] == IX_ITCH_TRADING_ACTION) {
		add_symbol(p, locate, ix_itch_trading_action_stock(m));
		s->is_halted = ix_itch_trading_action_trading_state(m) != IX_ITCH_TRADING_STATE_TRADING;
	} else if (ix_itch_operational_halt_market(m) == IX_ITCH_HALT_MARKET_NASDAQ) {
		add_symbol(p, locate, ix_itch_operational_halt_stock(m));
		s->is_operational = ix_itch_operational_halt_action(m) == IX_ITCH_HALT_ACTION_HALTED;
	}
	if (s->exists) settle(p, locate);
}

static void system_event(ix_paper *p, uint8_t code) {
	switch (code) {
	case IX_ITCH_EVENT_START_OF_SYSTEM_HOURS:
	case IX_ITCH_EVENT_START_OF_MARKET_HOURS: p->is_closed = false; break;
	case IX_ITCH_EVENT_END_OF_MARKET_HOURS:
	case IX_ITCH_EVENT_END_OF_SYSTEM_HOURS:
	case IX_ITCH_EVENT_END_OF_MESSAGES:
		p->is_closed = true;
		own_cancel_all(p, 0, -1, WHY_CLOSE);
		break;
	default: break;
	}
}

static void apply(ix_paper *p, uint16_t locate, const uint8_t *m) {
	switch (m[0]) {
	case IX_ITCH_ADD_ORDER:
	case IX_ITCH_ADD_ORDER_ATTRIBUTED: add_order(p, locate, m); break;
	case IX_ITCH_ORDER_EXECUTED:
		execute(p, locate, ix_itch_order_executed_reference(m), ix_itch_order_executed_shares(m));
		break;
	case IX_ITCH_ORDER_EXECUTED_PRICE:
		/* What is not printable is part of a cross, which ours take no part in. */
		if (ix_itch_order_executed_price_printable(m) == IX_ITCH_YES_NO_YES)
			execute(p, locate, ix_itch_order_executed_reference(m),
				ix_itch_order_executed_shares(m));
		else
			reduce_order(
				p, ix_itch_order_executed_reference(m), ix_itch_order_executed_shares(m));
		break;
	case IX_ITCH_ORDER_CANCEL:
		reduce_order(p, ix_itch_order_cancel_reference(m), ix_itch_order_cancel_shares(m));
		break;
	case IX_ITCH_ORDER_DELETE: delete_order(p, ix_itch_order_delete_reference(m)); break;
	case IX_ITCH_ORDER_REPLACE: replace_order(p, locate, m); break;
	case IX_ITCH_TRADE:
		hidden_trade(p, locate, ix_itch_trade_price_e4(m), ix_itch_trade_shares(m));
		break;
	case IX_ITCH_STOCK_DIRECTORY: add_symbol(p, locate, ix_itch_stock_directory_stock(m)); break;
	case IX_ITCH_TRADING_ACTION:
	case IX_ITCH_OPERATIONAL_HALT: halt(p, locate, m); return;
	case IX_ITCH_SYSTEM_EVENT: system_event(p, ix_itch_system_event_event_code(m)); return;
	default: return;
	}
	if (locate <= p->options.symbols_max && p->symbols[locate].is_gathering) settle(p, locate);
}

void ix_paper_feed(ix_paper *paper, const uint8_t *message, size_t size) {
	if (size == 0 || size != ix_itch_size(message[0])) return;
	ix_paper_advance(paper, ix_itch_view_timestamp_ns(message));
	apply(paper, ix_itch_view_locate(message), message);
}
