/* naive_match.c - see the header. */
#include "naive_match.h"

static bool is_stop_type(uint8_t type) { return type == IX_MATCH_STOP || type == IX_MATCH_STOP_LIMIT; }
static bool has_no_price(uint8_t type) { return type == IX_MATCH_STOP || type == IX_MATCH_MARKET; }

/* ---- events ---- */

static void say(naive_match *n, ix_match_event event) {
	if (n->is_silent) return;
	IX_ASSERT(n->heard < NAIVE_EVENTS);
	event.sequence = ++n->event_count;
	event.time_ns = n->time;
	n->events[n->heard++] = event;
}

static void say_of(naive_match *n, uint8_t kind, const naive_order *o, uint32_t quantity, uint8_t reason) {
	say(n, (ix_match_event){.kind = kind,
		       .reason = reason,
		       .order = o->number,
		       .owner = o->owner,
		       .price_e4 = o->price,
		       .quantity = quantity,
		       .left = o->left,
		       .symbol = o->symbol,
		       .side = o->side});
}

static void lose(naive_match *n, naive_order *o, uint32_t quantity, uint8_t reason) {
	o->left -= quantity;
	if (o->shown > o->left) o->shown = o->left;
	say_of(n, IX_MATCH_CANCELLED, o, quantity, reason);
	if (o->left == 0) o->number = 0;
}

/* ---- the list ---- */

naive_order *naive_find(naive_match *n, uint64_t number) {
	if (number == 0) return NULL;
	for (size_t i = 0; i < NAIVE_ORDERS; i++) {
		if (n->orders[i].number == number) return &n->orders[i];
	}
	return NULL;
}

static naive_order *vacancy(naive_match *n) {
	for (size_t i = 0; i < NAIVE_ORDERS; i++) {
		if (n->orders[i].number == 0) return &n->orders[i];
	}
	ix_panic("the naive list is full", __FILE__, __LINE__);
}

static bool pays(const naive_order *taker, const naive_order *maker) {
	if (has_no_price(taker->type)) return true;
	return taker->side == IX_MATCH_BUY ? taker->price >= maker->price : taker->price <= maker->price;
}

static bool is_better(const naive_order *a, const naive_order *b) {
	if (a->price != b->price) return a->side == IX_MATCH_BUY ? a->price > b->price : a->price < b->price;
	return a->rank < b->rank;
}

/* Whom the taker meets next. */
static naive_order *counterpart(naive_match *n, const naive_order *taker) {
	naive_order *best = NULL;
	for (size_t i = 0; i < NAIVE_ORDERS; i++) {
		naive_order *o = &n->orders[i];
		if (o->number == 0 || o == taker || o->stage != NAIVE_BOOK || o->symbol != taker->symbol)
			continue;
		if (o->side == taker->side || !pays(taker, o)) continue;
		if (!best || is_better(o, best)) best = o;
	}
	return best;
}

/* ---- trading ---- */

static void trade(
	naive_match *n, naive_order *t, naive_order *m, uint32_t price, uint32_t size, bool is_auction) {
	t->left -= size;
	m->left -= size;
	n->traded += size;
	n->trade_count++;
	n->has_traded = true;
	if (price < n->low) n->low = price;
	if (price > n->high) n->high = price;
	say(n, (ix_match_event){.kind = IX_MATCH_TRADE,
		       .order = t->number,
		       .maker = m->number,
		       .match = n->trade_count,
		       .owner = t->owner,
		       .maker_owner = m->owner,
		       .price_e4 = price,
		       .quantity = size,
		       .left = t->left,
		       .maker_left = m->left,
		       .symbol = t->symbol,
		       .side = t->side,
		       .is_auction = is_auction});
}

static void meet_own(naive_match *n, naive_order *t, naive_order *m) {
	uint32_t smaller = t->left < m->left ? t->left : m->left;
	switch (t->stp) {
	case IX_MATCH_STP_NEWEST: lose(n, t, t->left, IX_MATCH_CANCEL_SELF_TRADE); break;
	case IX_MATCH_STP_OLDEST: lose(n, m, m->left, IX_MATCH_CANCEL_SELF_TRADE); break;
	case IX_MATCH_STP_BOTH:
		lose(n, m, m->left, IX_MATCH_CANCEL_SELF_TRADE);
		lose(n, t, t->left, IX_MATCH_CANCEL_SELF_TRADE);
		break;
	default:
		lose(n, m, smaller, IX_MATCH_CANCEL_SELF_TRADE);
		lose(n, t, smaller, IX_MATCH_CANCEL_SELF_TRADE);
		break;
	}
}

/* Trades until the taker is done or nobody is left; how much it traded. */
static uint64_t meet_all(naive_match *n, naive_order *t) {
	uint64_t traded = 0;
	naive_order *m;
	while (t->left && (m = counterpart(n, t)) != NULL) {
		if (t->owner && t->owner == m->owner && t->stp != IX_MATCH_STP_NONE) {
			meet_own(n, t, m);
			continue;
		}
		uint32_t size = t->left < m->shown ? t->left : m->shown;
		m->shown -= size;
		traded += size;
		trade(n, t, m, m->price, size, false);
		if (m->left == 0) {
			m->number = 0;
		} else if (m->shown == 0) {
			m->shown = m->display < m->left ? m->display : m->left;
			m->rank = ++n->rank;
			say_of(n, IX_MATCH_REFRESHED, m, m->shown, 0);
		}
	}
	return traded;
}

/* What it would trade, found by letting it do so in a copy. */
static uint64_t would_trade(const naive_match *n, const naive_order *t) {
	static naive_match copy;
	memcpy(&copy, n, offsetof(naive_match, events));
	copy.is_silent = true;
	return meet_all(&copy, &copy.orders[t - n->orders]);
}

static bool wants_too_much(naive_match *n, const naive_order *t, uint8_t *ret_reason) {
	uint64_t would = would_trade(n, t);
	if (t->tif == IX_MATCH_FOK) {
		*ret_reason = IX_MATCH_CANCEL_FOK;
		return would < t->left;
	}
	*ret_reason = IX_MATCH_CANCEL_MINIMUM;
	if (would >= t->minimum) return false;
	bool may_rest = !has_no_price(t->type) && t->tif != IX_MATCH_IOC && t->tif != IX_MATCH_FOK;
	return !may_rest || counterpart(n, t) != NULL;
}

static void show(naive_order *o) { o->shown = o->display && o->display < o->left ? o->display : o->left; }

/* The order is in the list, but in no book: it comes in. */
static void come_in(naive_match *n, naive_order *t) {
	uint8_t reason;
	t->shown = 0;
	t->stage = NAIVE_BOOK;
	if (wants_too_much(n, t, &reason)) {
		lose(n, t, t->left, reason);
		return;
	}
	(void)meet_all(n, t);
	t->minimum = 0;
	if (t->left == 0) {
		t->number = 0;
	} else if (has_no_price(t->type)) {
		lose(n, t, t->left, IX_MATCH_CANCEL_MARKET);
	} else if (t->tif == IX_MATCH_IOC) {
		lose(n, t, t->left, IX_MATCH_CANCEL_IOC);
	} else {
		t->rank = ++n->rank;
		show(t);
	}
}

static bool is_reached(const naive_match *n, const naive_order *o) {
	return o->side == IX_MATCH_BUY ? o->stop <= n->high : o->stop >= n->low;
}

static void trigger_all(naive_match *n, uint16_t symbol) {
	while (n->has_traded) {
		naive_order *first = NULL;
		for (size_t i = 0; i < NAIVE_ORDERS; i++) {
			naive_order *o = &n->orders[i];
			if (o->number == 0 || o->symbol != symbol || o->stage != NAIVE_STOP ||
				!is_reached(n, o))
				continue;
			if (!first)
				first = o;
			else if (o->side != first->side)
				first = o->side == IX_MATCH_BUY ? o : first;
			else if (o->stop != first->stop)
				first = (o->side == IX_MATCH_BUY) == (o->stop < first->stop) ? o : first;
			else
				first = o->rank < first->rank ? o : first;
		}
		if (!first) return;
		say_of(n, IX_MATCH_TRIGGERED, first, first->left, 0);
		come_in(n, first);
	}
}

/* ---- submit and replace ---- */

static bool is_display_odd(uint8_t type, uint8_t tif, uint32_t quantity, uint32_t display) {
	if (display == 0) return false;
	uint64_t parts = ((uint64_t)quantity + display - 1) / display;
	return display > quantity || parts > IX_MATCH_PARTS_MAX || has_no_price(type) ||
	       (tif != IX_MATCH_DAY && tif != IX_MATCH_GTC);
}

static bool is_price_wrong(const naive_symbol *s, uint8_t type, uint32_t price) {
	return has_no_price(type) ? price != 0 : price == 0 || price % s->tick != 0;
}

static bool is_nonsense(const ix_match_command *c) {
	bool at_once = c->tif == IX_MATCH_IOC || c->tif == IX_MATCH_FOK;
	if (c->side > 1 || c->type > 3 || c->tif > 4 || c->stp > 4 || c->flags > 1) return true;
	if (c->flags == IX_MATCH_POST_ONLY) {
		if (at_once || c->tif == IX_MATCH_AT_AUCTION || c->type != IX_MATCH_LIMIT || c->minimum)
			return true;
	}
	if (c->minimum > c->quantity) return true;
	if (c->minimum && (c->tif == IX_MATCH_FOK || c->tif == IX_MATCH_AT_AUCTION)) return true;
	if (is_stop_type(c->type) && c->tif == IX_MATCH_AT_AUCTION) return true;
	if (!is_stop_type(c->type) && c->stop_e4) return true;
	return is_display_odd(c->type, c->tif, c->quantity, c->display);
}

static ix_match_reason refuse(naive_match *n, const naive_symbol *s, const ix_match_command *c) {
	bool at_once = c->tif == IX_MATCH_IOC || c->tif == IX_MATCH_FOK || c->minimum != 0;
	if (s->state == IX_MATCH_CLOSED || s->state == IX_MATCH_HALTED) return IX_MATCH_REJECT_STATE;
	if (s->state == IX_MATCH_AUCTION && at_once && !is_stop_type(c->type)) return IX_MATCH_REJECT_STATE;
	if (c->order == 0 || naive_find(n, c->order)) return IX_MATCH_REJECT_ORDER;
	if (c->quantity == 0 || c->quantity % s->lot || c->display % s->lot || c->minimum % s->lot)
		return IX_MATCH_REJECT_QUANTITY;
	if (is_price_wrong(s, c->type, c->price_e4)) return IX_MATCH_REJECT_PRICE;
	if (is_stop_type(c->type) && (c->stop_e4 == 0 || c->stop_e4 % s->tick)) return IX_MATCH_REJECT_PRICE;
	return is_nonsense(c) ? IX_MATCH_REJECT_FIELDS : IX_MATCH_OK;
}

static naive_stage stage_for(const naive_symbol *s, const ix_match_command *c) {
	if (is_stop_type(c->type)) return NAIVE_STOP;
	if (c->tif == IX_MATCH_AT_AUCTION) return NAIVE_AUCTION;
	return c->type == IX_MATCH_MARKET && s->state == IX_MATCH_AUCTION ? NAIVE_AUCTION : NAIVE_BOOK;
}

static ix_match_reason naive_submit(naive_match *n, const ix_match_command *c) {
	naive_symbol *s = &n->symbols[c->symbol];
	ix_match_reason bad = refuse(n, s, c);
	if (bad) return bad;
	naive_order *o = vacancy(n);
	*o = (naive_order){.number = c->order,
		.stage = stage_for(s, c),
		.owner = c->owner,
		.session = c->session,
		.price = c->price_e4,
		.stop = c->stop_e4,
		.left = c->quantity,
		.display = c->display,
		.minimum = c->minimum,
		.symbol = c->symbol,
		.side = c->side,
		.type = c->type,
		.tif = c->tif,
		.stp = c->stp,
		.is_post_only = c->flags & IX_MATCH_POST_ONLY};
	bool trades = s->state == IX_MATCH_CONTINUOUS && o->stage == NAIVE_BOOK;
	if (trades && o->is_post_only && counterpart(n, o)) {
		o->number = 0;
		return IX_MATCH_REJECT_POST_ONLY;
	}
	say_of(n, IX_MATCH_ACCEPTED, o, o->left, 0);
	if (trades) {
		come_in(n, o);
		trigger_all(n, c->symbol);
		return IX_MATCH_OK;
	}
	o->rank = ++n->rank;
	if (o->stage == NAIVE_BOOK) show(o);
	return IX_MATCH_OK;
}

static ix_match_reason refuse_replace(
	naive_match *n, const naive_symbol *s, const naive_order *o, const ix_match_command *c) {
	if (s->state == IX_MATCH_CLOSED || s->state == IX_MATCH_HALTED) return IX_MATCH_REJECT_STATE;
	const naive_order *other = naive_find(n, c->new_order);
	if (c->new_order == 0 || (other && other != o)) return IX_MATCH_REJECT_ORDER;
	if (c->quantity == 0 || c->quantity % s->lot || c->display % s->lot) return IX_MATCH_REJECT_QUANTITY;
	if (is_price_wrong(s, o->type, c->price_e4) || c->stop_e4 % s->tick) return IX_MATCH_REJECT_PRICE;
	if (c->stop_e4 && o->stage != NAIVE_STOP) return IX_MATCH_REJECT_FIELDS;
	return is_display_odd(o->type, o->tif, c->quantity, c->display) ? IX_MATCH_REJECT_FIELDS
									: IX_MATCH_OK;
}

static ix_match_reason naive_replace(naive_match *n, const ix_match_command *c) {
	naive_order *o = naive_find(n, c->order);
	if (!o) return IX_MATCH_REJECT_ORDER;
	const naive_symbol *s = &n->symbols[o->symbol];
	ix_match_reason bad = refuse_replace(n, s, o, c);
	if (bad) return bad;
	naive_order was = *o;
	o->price = c->price_e4;
	o->stop = c->stop_e4 ? c->stop_e4 : o->stop;
	o->left = c->quantity;
	o->display = c->display;
	if (o->minimum > o->left) o->minimum = o->left;
	bool shows_more = was.display && (o->display == 0 || o->display > was.display);
	bool keeps = o->price == was.price && o->stop == was.stop && o->left <= was.left && !shows_more;
	bool trades = s->state == IX_MATCH_CONTINUOUS && o->stage == NAIVE_BOOK;
	if (!keeps && trades && o->is_post_only && counterpart(n, o)) {
		*o = was;
		return IX_MATCH_REJECT_POST_ONLY;
	}
	o->number = c->new_order;
	say(n, (ix_match_event){.kind = IX_MATCH_REPLACED,
		       .order = o->number,
		       .maker = was.number,
		       .owner = o->owner,
		       .price_e4 = o->price,
		       .quantity = o->left,
		       .left = o->left,
		       .symbol = o->symbol,
		       .side = o->side,
		       .kept_priority = keeps});
	if (keeps) {
		show(o);
		if (o->shown > was.shown) o->shown = was.shown;
		return IX_MATCH_OK;
	}
	if (trades) {
		come_in(n, o);
		trigger_all(n, o->symbol);
		return IX_MATCH_OK;
	}
	o->rank = ++n->rank;
	if (o->stage == NAIVE_BOOK) show(o);
	return IX_MATCH_OK;
}

static ix_match_reason naive_cancel(naive_match *n, const ix_match_command *c) {
	naive_order *o = naive_find(n, c->order);
	if (!o) return IX_MATCH_REJECT_ORDER;
	if (c->quantity >= o->left || c->quantity % n->symbols[o->symbol].lot)
		return IX_MATCH_REJECT_QUANTITY;
	lose(n, o, o->left - c->quantity, IX_MATCH_CANCEL_USER);
	if (o->minimum > o->left) o->minimum = o->left;
	return IX_MATCH_OK;
}

/* ---- many at once ---- */

/* 0: buyers in the book, 1: sellers; 2, 3: stops; 4, 5: limit orders for the auction; 6, 7: market orders. */
static int station(const naive_order *o) {
	int pair = o->stage == NAIVE_BOOK       ? 0
		   : o->stage == NAIVE_STOP     ? 2
		   : o->type == IX_MATCH_MARKET ? 6
						: 4;
	return pair + o->side;
}

static bool comes_before(const naive_order *a, const naive_order *b) {
	if (a->symbol != b->symbol) return a->symbol < b->symbol;
	if (station(a) != station(b)) return station(a) < station(b);
	if (a->stage == NAIVE_STOP && a->stop != b->stop)
		return a->side == IX_MATCH_BUY ? a->stop < b->stop : a->stop > b->stop;
	if (a->stage != NAIVE_STOP && a->price != b->price)
		return a->side == IX_MATCH_BUY ? a->price > b->price : a->price < b->price;
	return a->rank < b->rank;
}

static bool is_meant(const naive_order *o, const ix_match_command *c) {
	if (o->number == 0 || (c->symbol && o->symbol != c->symbol)) return false;
	if (c->kind == IX_MATCH_EXPIRE) return o->tif != IX_MATCH_GTC;
	if (c->kind == IX_MATCH_UNCROSS) return o->stage == NAIVE_AUCTION;
	if (c->owner && o->owner != c->owner) return false;
	if (c->session && o->session != c->session) return false;
	return !(c->flags & IX_MATCH_HAS_SIDE) || o->side == c->side;
}

static void remove_all(naive_match *n, const ix_match_command *c) {
	for (;;) {
		naive_order *first = NULL;
		for (size_t i = 0; i < NAIVE_ORDERS; i++) {
			naive_order *o = &n->orders[i];
			if (is_meant(o, c) && (!first || comes_before(o, first))) first = o;
		}
		if (!first) return;
		uint8_t reason = c->kind == IX_MATCH_EXPIRE          ? IX_MATCH_CANCEL_EXPIRED
				 : c->kind == IX_MATCH_MASS_CANCEL   ? IX_MATCH_CANCEL_MASS
				 : first->tif == IX_MATCH_AT_AUCTION ? IX_MATCH_CANCEL_AUCTION
								     : IX_MATCH_CANCEL_MARKET;
		lose(n, first, first->left, reason);
	}
}

/* ---- states and auctions ---- */

static void enter_state(naive_match *n, uint16_t symbol, uint8_t state) {
	n->symbols[symbol].state = state;
	say(n, (ix_match_event){.kind = IX_MATCH_STATE_CHANGED, .symbol = symbol, .state = state});
}

static ix_match_reason naive_uncross(naive_match *n, const ix_match_command *c) {
	if (n->symbols[c->symbol].state != IX_MATCH_AUCTION) return IX_MATCH_REJECT_STATE;
	if (c->state > IX_MATCH_HALTED) return IX_MATCH_REJECT_FIELDS;
	ix_match_indication at = naive_indicate(n, c->symbol);
	for (uint64_t left = at.volume; left > 0;) {
		naive_order *b = naive_first(n, c->symbol, IX_MATCH_BUY);
		naive_order *a = naive_first(n, c->symbol, IX_MATCH_SELL);
		uint32_t size = b->left < a->left ? b->left : a->left;
		if (size > left) size = (uint32_t)left;
		trade(n, b, a, at.price_e4, size, true);
		left -= size;
		naive_order *both[2] = {b, a};
		for (int i = 0; i < 2; i++) {
			if (both[i]->shown > both[i]->left) both[i]->shown = both[i]->left;
			if (both[i]->left == 0) both[i]->number = 0;
		}
	}
	say(n, (ix_match_event){.kind = IX_MATCH_UNCROSSED,
		       .symbol = c->symbol,
		       .price_e4 = at.price_e4,
		       .quantity = at.volume > UINT32_MAX ? UINT32_MAX : (uint32_t)at.volume,
		       .volume = at.volume,
		       .state = c->state});
	remove_all(n, c);
	enter_state(n, c->symbol, c->state);
	if (c->state == IX_MATCH_CONTINUOUS) trigger_all(n, c->symbol);
	return IX_MATCH_OK;
}

/* ---- symbols ---- */

static bool is_book_crossed(naive_match *n, uint16_t symbol) {
	for (size_t i = 0; i < NAIVE_ORDERS; i++) {
		const naive_order *o = &n->orders[i];
		if (o->number && o->symbol == symbol && o->stage == NAIVE_BOOK && counterpart(n, o))
			return true;
	}
	return false;
}

static ix_match_reason naive_state(naive_match *n, const ix_match_command *c) {
	for (uint32_t i = 1; i <= NAIVE_SYMBOLS; i++) {
		if (c->symbol && i != c->symbol) continue;
		if (c->state == IX_MATCH_CONTINUOUS && is_book_crossed(n, (uint16_t)i))
			return IX_MATCH_REJECT_STATE;
	}
	if (c->state > IX_MATCH_HALTED) return IX_MATCH_REJECT_FIELDS;
	for (uint32_t i = 1; i <= NAIVE_SYMBOLS; i++) {
		if (n->symbols[i].exists && (!c->symbol || i == c->symbol))
			enter_state(n, (uint16_t)i, c->state);
	}
	return IX_MATCH_OK;
}

static ix_match_reason naive_add(naive_match *n, const ix_match_command *c) {
	if (c->symbol == 0) return IX_MATCH_REJECT_SYMBOL;
	if (c->symbol > NAIVE_SYMBOLS) return IX_MATCH_REJECT_LIMIT;
	if (n->symbols[c->symbol].exists) return IX_MATCH_REJECT_SYMBOL;
	n->symbols[c->symbol] = (naive_symbol){
		.exists = true, .tick = c->tick_e4 ? c->tick_e4 : 1, .lot = c->lot ? c->lot : 1};
	enter_state(n, c->symbol, IX_MATCH_CLOSED);
	return IX_MATCH_OK;
}

static ix_match_reason decide(naive_match *n, const ix_match_command *c) {
	bool is_known = c->symbol <= NAIVE_SYMBOLS && n->symbols[c->symbol].exists, is_all = c->symbol == 0;
	switch (c->kind) {
	case IX_MATCH_ADD_SYMBOL: return naive_add(n, c);
	case IX_MATCH_CANCEL: return naive_cancel(n, c);
	case IX_MATCH_REPLACE: return naive_replace(n, c);
	case IX_MATCH_SUBMIT: return is_known ? naive_submit(n, c) : IX_MATCH_REJECT_SYMBOL;
	case IX_MATCH_UNCROSS: return is_known ? naive_uncross(n, c) : IX_MATCH_REJECT_SYMBOL;
	case IX_MATCH_STATE: return is_known || is_all ? naive_state(n, c) : IX_MATCH_REJECT_SYMBOL;
	case IX_MATCH_REFERENCE:
		if (!is_known) return IX_MATCH_REJECT_SYMBOL;
		if (c->price_e4 % n->symbols[c->symbol].tick) return IX_MATCH_REJECT_PRICE;
		n->symbols[c->symbol].reference = c->price_e4;
		return IX_MATCH_OK;
	case IX_MATCH_MASS_CANCEL:
	case IX_MATCH_EXPIRE:
		if (!is_known && !is_all) return IX_MATCH_REJECT_SYMBOL;
		if (c->kind == IX_MATCH_MASS_CANCEL && (c->flags & ~IX_MATCH_HAS_SIDE || c->side > 1))
			return IX_MATCH_REJECT_FIELDS;
		remove_all(n, c);
		return IX_MATCH_OK;
	default: return IX_MATCH_REJECT_FIELDS;
	}
}

ix_match_reason naive_apply(naive_match *n, const ix_match_command *c) {
	n->time = c->time_ns;
	n->heard = 0;
	n->has_traded = false;
	n->low = UINT32_MAX;
	n->high = 0;
	ix_match_reason reason = decide(n, c);
	if (reason)
		say(n, (ix_match_event){.kind = IX_MATCH_REJECTED,
			       .reason = (uint8_t)reason,
			       .order = c->order,
			       .owner = c->owner,
			       .price_e4 = c->price_e4,
			       .quantity = c->quantity,
			       .symbol = c->symbol,
			       .side = c->side,
			       .state = c->state});
	return reason;
}

/* ---- questions ---- */

size_t naive_depth(const naive_match *n, uint16_t symbol, uint8_t side, ix_match_level *out) {
	size_t count = 0;
	for (size_t i = 0; i < NAIVE_ORDERS; i++) {
		const naive_order *o = &n->orders[i];
		if (!naive_takes_part(o, symbol, side) || o->stage != NAIVE_BOOK) continue;
		size_t at = 0;
		while (at < count &&
			(side == IX_MATCH_BUY ? out[at].price_e4 > o->price : out[at].price_e4 < o->price))
			at++;
		if (at == count || out[at].price_e4 != o->price) {
			memmove(out + at + 1, out + at, (count - at) * sizeof *out);
			out[at] = (ix_match_level){.price_e4 = o->price};
			count++;
		}
		out[at].order_count++;
		out[at].quantity += o->shown;
	}
	return count;
}

void naive_ahead(const naive_match *n, const naive_order *o, uint64_t *ret_shares, uint32_t *ret_orders) {
	*ret_shares = 0;
	*ret_orders = 0;
	for (size_t i = 0; i < NAIVE_ORDERS; i++) {
		const naive_order *p = &n->orders[i];
		if (!naive_takes_part(p, o->symbol, o->side) || p->stage != NAIVE_BOOK) continue;
		if (p->price != o->price || p->rank >= o->rank) continue;
		*ret_shares += p->shown;
		(*ret_orders)++;
	}
}
