/* trade.c - an incoming order meets the other side of the book: price, then time; hidden parts of icebergs;
 * self-trade prevention; and what becomes of the rest. */
#include "core.h"

/* ---- looking ahead ---- */

static bool is_own(const order *t, const order *m) {
	return t->stp != IX_MATCH_STP_NONE && t->owner != 0 && m->owner == t->owner;
}

/* The worst key of the other side that the order trades with. */
static int32_t limit_key(uint8_t type, unsigned which, uint32_t price_e4) {
	return is_market(type) ? INT32_MIN : key_of(PLACE_BOOK + (1U - which), price_e4);
}

typedef struct ahead {
	uint64_t left, traded; /* of the incoming order */
	bool is_over;
} ahead;

/* One level with the incoming owner's orders in it, perhaps. First everybody's shown part in the order of the
 * queue; an own order stops it, or is passed, or takes its size off; then, behind all of them, what was
 * hidden. */
static void look_at_level(const ix_match *e, const level *l, const order *t, ahead *a) {
	uint64_t hidden = 0;
	for (uint32_t at = l->head; at && a->left; at = e->orders[at].next) {
		const order *m = &e->orders[at];
		uint64_t size = m->shown;
		if (is_own(t, m)) {
			if (t->stp == IX_MATCH_STP_OLDEST) continue;
			if (t->stp != IX_MATCH_STP_DECREMENT) {
				a->is_over = true;
				return;
			}
			size = m->left < a->left ? m->left : a->left;
		} else {
			if (size > a->left) size = a->left;
			a->traded += size;
			hidden += m->left - m->shown;
		}
		a->left -= size;
	}
	if (hidden > a->left) hidden = a->left;
	a->traded += hidden;
	a->left -= hidden;
}

uint64_t look_ahead(const ix_match *e, const symbol *s, const order *t) {
	const side *other = &s->sides[PLACE_BOOK + (1U - t->side)];
	int32_t limit = limit_key(t->type, t->side, t->price_e4);
	bool has_own = t->stp != IX_MATCH_STP_NONE && t->owner != 0;
	ahead a = {.left = t->left};
	for (uint32_t at = other->count; at > 0 && a.left && !a.is_over; at--) {
		if (other->keys[at - 1] < limit) break;
		const level *l = &e->levels[side_numbers(other)[at - 1]];
		if (has_own) {
			look_at_level(e, l, t, &a);
			continue;
		}
		uint64_t size = l->left < a.left ? l->left : a.left;
		a.traded += size;
		a.left -= size;
	}
	return a.traded;
}

bool order_crosses(const symbol *s, uint8_t type, unsigned which, uint32_t price_e4) {
	const side *other = &s->sides[PLACE_BOOK + (1U - which)];
	return other->count && side_best_key(other) >= limit_key(type, which, price_e4);
}

/* ---- trading ---- */

void order_drop(ix_match *e, symbol *s, uint32_t index, ix_match_reason reason) {
	order *o = &e->orders[index];
	uint32_t quantity = o->left;
	place_remove(e, s, index);
	if (o->type == IX_MATCH_STOP_LIMIT && (o->place & 6) == PLACE_STOP) {
		s->promised[o->side]--;
		e->promised--;
	}
	o->left = 0;
	tell_cancelled(e, o, quantity, reason);
	order_end(e, index);
}

static void stop_taker(ix_match *e, order *t, ix_match_reason reason) {
	uint32_t quantity = t->left;
	t->left = 0;
	tell_cancelled(e, t, quantity, reason);
}

/* The first of the queue is the taker's own. */
static void prevent(ix_match *e, symbol *s, order *t, uint32_t index) {
	order *m = &e->orders[index];
	switch (t->stp) {
	case IX_MATCH_STP_NEWEST: stop_taker(e, t, IX_MATCH_CANCEL_SELF_TRADE); return;
	case IX_MATCH_STP_OLDEST: order_drop(e, s, index, IX_MATCH_CANCEL_SELF_TRADE); return;
	case IX_MATCH_STP_BOTH:
		order_drop(e, s, index, IX_MATCH_CANCEL_SELF_TRADE);
		stop_taker(e, t, IX_MATCH_CANCEL_SELF_TRADE);
		return;
	default: break;
	}
	uint32_t size = min_u32(t->left, m->left);
	if (size == m->left) {
		order_drop(e, s, index, IX_MATCH_CANCEL_SELF_TRADE);
	} else {
		place_reduce(e, m, m->left - size, min_u32(m->shown, m->left - size));
		tell_cancelled(e, m, size, IX_MATCH_CANCEL_SELF_TRADE);
	}
	t->left -= size;
	tell_cancelled(e, t, size, IX_MATCH_CANCEL_SELF_TRADE);
}

static inline void tell_trade(ix_match *e, const order *t, const order *m, uint32_t price_e4, uint32_t size) {
	e->traded_quantity += size;
	ix_match_event event = {.order = t->number,
		.maker = m->number,
		.match = ++e->trade_count,
		.owner = t->owner,
		.maker_owner = m->owner,
		.price_e4 = price_e4,
		.quantity = size,
		.left = t->left,
		.maker_left = m->left,
		.symbol = t->symbol,
		.kind = IX_MATCH_TRADE,
		.side = t->side};
	tell(e, &event);
}

/* An iceberg's shown part is gone: the next one goes to the end of the queue. */
static void refresh(ix_match *e, level *l, uint32_t index) {
	order *m = &e->orders[index];
	m->shown = shown_of(m);
	l->shown += m->shown;
	if (m->next) {
		l->head = m->next;
		e->orders[m->next].prev = 0;
		m->prev = l->tail;
		m->next = 0;
		e->orders[l->tail].next = index;
		l->tail = index;
	}
	ix_match_event event = event_of(m, IX_MATCH_REFRESHED);
	event.quantity = m->shown;
	tell(e, &event);
}

/* Trades with the queue of the best level until either is used up. */
static void trade_level(ix_match *e, symbol *s, order *t, side *other) {
	uint32_t number = side_best(other);
	level *l = &e->levels[number];
	uint32_t price = l->price_e4;
	bool has_own = t->stp != IX_MATCH_STP_NONE && t->owner != 0;
	while (t->left && l->count) {
		uint32_t index = l->head;
		order *m = &e->orders[index];
		if (IX_UNLIKELY(has_own) && m->owner == t->owner) {
			prevent(e, s, t, index);
			continue;
		}
		uint32_t size = min_u32(t->left, m->shown);
		t->left -= size;
		m->left -= size;
		m->shown -= size;
		l->left -= size;
		l->shown -= size;
		tell_trade(e, t, m, price, size);
		e->has_traded = true;
		if (price < e->trade_low) e->trade_low = price;
		if (price > e->trade_high) e->trade_high = price;
		if (m->shown) break;
		if (IX_UNLIKELY(m->left)) {
			refresh(e, l, index);
			continue;
		}
		l->head = m->next;
		if (m->next)
			e->orders[m->next].prev = 0;
		else
			l->tail = 0;
		order_end(e, index);
		if (--l->count == 0) side_remove(e, other, (unsigned)(other - s->sides), number);
	}
}

/* ---- the whole way of an incoming order ---- */

/* The least that must trade at once is not there: what is left of the order goes, or (0) it may go on. */
static ix_match_reason refuse_ahead(const ix_match *e, const symbol *s, const order *t) {
	if (t->tif == IX_MATCH_FOK) return look_ahead(e, s, t) < t->left ? IX_MATCH_CANCEL_FOK : IX_MATCH_OK;
	if (t->minimum == 0 || look_ahead(e, s, t) >= t->minimum) return IX_MATCH_OK;
	if (is_market(t->type) || t->tif == IX_MATCH_IOC || order_crosses(s, t->type, t->side, t->price_e4))
		return IX_MATCH_CANCEL_MINIMUM;
	return IX_MATCH_OK;
}

/* What is left when there is nothing more to trade with. */
static void rest(ix_match *e, symbol *s, uint32_t index, bool is_listed) {
	order *t = &e->orders[index];
	t->minimum = 0;
	t->place = PLACE_BOOK + t->side;
	t->shown = shown_of(t);
	place_append(e, s, index);
	if (!is_listed) order_list(e, index);
}

void order_enter(ix_match *e, symbol *s, uint32_t index, bool is_listed) {
	order *t = &e->orders[index];
	side *other = &s->sides[PLACE_BOOK + (1U - t->side)];
	if (IX_UNLIKELY(t->minimum || t->tif == IX_MATCH_FOK)) {
		ix_match_reason reason = refuse_ahead(e, s, t);
		if (reason) stop_taker(e, t, reason);
	}
	int32_t limit = limit_key(t->type, t->side, t->price_e4);
	while (t->left && other->count && side_best_key(other) >= limit) trade_level(e, s, t, other);
	if (t->left) {
		if (is_market(t->type)) {
			stop_taker(e, t, IX_MATCH_CANCEL_MARKET);
		} else if (t->tif == IX_MATCH_IOC) {
			stop_taker(e, t, IX_MATCH_CANCEL_IOC);
		} else {
			rest(e, s, index, is_listed);
			return;
		}
	}
	if (is_listed)
		order_end(e, index);
	else
		order_give(e, index);
}

/* ---- stops ---- */

/* The next stop order that the command's trades have reached: the buyers' before the sellers', then in the
 * order of their prices, then of their coming. 0: none. */
static uint32_t next_triggered(const ix_match *e, const symbol *s) {
	const side *buy = &s->sides[PLACE_STOP], *sell = &s->sides[PLACE_STOP + 1];
	if (buy->count) {
		const level *l = &e->levels[side_best(buy)];
		if (l->price_e4 <= e->trade_high) return l->head;
	}
	if (sell->count) {
		const level *l = &e->levels[side_best(sell)];
		if (l->price_e4 >= e->trade_low) return l->head;
	}
	return 0;
}

void stops_run(ix_match *e, symbol *s) {
	if (!e->has_traded) return;
	for (uint32_t index = next_triggered(e, s); index; index = next_triggered(e, s)) {
		order *o = &e->orders[index];
		place_remove(e, s, index);
		if (o->type == IX_MATCH_STOP_LIMIT) {
			s->promised[o->side]--;
			e->promised--;
		}
		o->place = PLACE_BOOK + o->side;
		ix_match_event event = event_of(o, IX_MATCH_TRIGGERED);
		tell(e, &event);
		order_enter(e, s, index, true);
	}
}
