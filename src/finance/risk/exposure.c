/* exposure.c - what an order would add to each level: position, value, count; losses, rates and ratios. The
 * sums are made first and looked at afterwards, so that of two orders at the same moment one sees both. */
#include "check.h"

/* ---- message rates ---- */

/* One message into a bucket; true when it fits. `full_at` is when the bucket is full again. Time that went
 * back counts as time that stood still: the bucket of a level only ever moves ahead. */
static bool take_token(_Atomic uint64_t *full_at, const rate_rule *rate, uint64_t now_ns, bool is_shared,
	int64_t *ret_fill) {
	uint64_t full = atomic_load_explicit(full_at, memory_order_relaxed);
	for (;;) {
		uint64_t next = (full > now_ns ? full : now_ns) + (uint64_t)rate->step_ns;
		int64_t fill = (int64_t)(next - now_ns);
		*ret_fill = fill;
		if (fill > rate->hard || fill > rate->soft) return false;
		if (!is_shared) {
			atomic_store_explicit(full_at, next, memory_order_relaxed);
			return true;
		}
		if (atomic_compare_exchange_weak_explicit(
			    full_at, &full, next, memory_order_relaxed, memory_order_relaxed))
			return true;
	}
}

static void overflowed(
	inquiry *q, const rate_rule *rate, int64_t fill, ix_risk_limit limit, ix_risk_reasons reason) {
	bool is_hard = fill > rate->hard;
	int64_t room = is_hard ? rate->hard : rate->soft;
	/* in messages: how many would be in the bucket, how many it holds */
	finding f = {reason, limit, (fill + rate->step_ns - 1) / rate->step_ns, room / rate->step_ns,
		rate->level, false};
	if (is_hard)
		risk_inquiry_reject(q, &f);
	else
		risk_inquiry_warn(q, &f);
}

void risk_inquiry_rates(inquiry *q) {
	const session *s = q->session;
	for (uint32_t i = 0; i < s->chain_count; i++) {
		entity *e = &q->risk->entities[s->chain[i]];
		const limit_table *t = q->rules->of[s->chain[i]];
		for (uint8_t k = 0; k < t->rate_count; k++) {
			int64_t fill;
			const rate_rule *rate = &t->rates[k];
			if (!take_token(&e->full_at[rate->slot], rate, q->now_ns, e->is_shared, &fill))
				overflowed(q, rate, fill, IX_RISK_LIMIT_MESSAGE_RATE,
					IX_RISK_MESSAGE_RATE_EXCEEDED);
		}
	}
	/* Fills put into these; an order only looks. */
	if (IX_LIKELY(q->now_ns >= s->repeating_until) || !q->cell) return;
	for (uint8_t k = 0; k < q->own->repeat_count; k++) {
		const rate_rule *rate = &q->own->repeats[k];
		uint64_t full = more_of(q->risk, q->cell)->repeat_full_at[rate->slot];
		int64_t fill = full > q->now_ns ? (int64_t)(full - q->now_ns) : 0;
		if (fill > rate->hard || fill > rate->soft)
			overflowed(q, rate, fill, IX_RISK_LIMIT_REPEAT_RATE, IX_RISK_REPEATED_EXECUTION);
	}
}

/* ---- positions ---- */

typedef struct holding {
	int64_t worst; /* shares, with this side's open orders filled */
	int64_t gross;
	int64_t value; /* e4, of `worst` */
} holding;

static void hold_positions(inquiry *q, const limit_table *t, const holding *h) {
	hold(q, t, q->is_buy ? IX_RISK_LIMIT_POSITION_LONG : IX_RISK_LIMIT_POSITION_SHORT, h->worst,
		IX_RISK_POSITION_LIMIT_EXCEEDED);
	hold(q, t, IX_RISK_LIMIT_POSITION_GROSS, h->gross, IX_RISK_POSITION_LIMIT_EXCEEDED);
	hold(q, t, IX_RISK_LIMIT_CONCENTRATION, h->value, IX_RISK_CONCENTRATION_TOO_HIGH);
	if (t->fast[IX_RISK_LIMIT_VOLUME_SHARE] != NO_LIMIT && h->worst > 0)
		hold_share(q, t, IX_RISK_LIMIT_VOLUME_SHARE, h->worst, q->symbol->average_volume,
			IX_RISK_CONCENTRATION_TOO_HIGH);
}

static holding sum_position(inquiry *q, cell *c, bool is_shared, bool reserves) {
	static const cell nothing;
	holding h;
	_Atomic int64_t *open = c ? (q->is_buy ? &c->open_buy : &c->open_sell) : NULL;
	const cell *from = c ? c : &nothing;
	int64_t sum = reserves ? add(open, q->add_quantity, is_shared)
			       : (open ? get_acquire(open) : 0) + q->add_quantity;
	int64_t other = get(q->is_buy ? &from->open_sell : &from->open_buy),
		position = get_acquire(&from->position);
	h.worst = sum + (q->is_buy ? position : -position);
	h.gross = absolute(position) + sum + other;
	int64_t mark = get(&q->symbol->mark_e4), price = mark > q->price ? mark : q->price;
	h.value = h.worst > 0 ? risk_clamp((wide)h.worst * price) : 0;
	return h;
}

/* ---- totals ---- */

static void hold_totals(inquiry *q, entity *e, const limit_table *t, bool reserves) {
	bool is_sale = q->order->side == IX_RISK_SELL, is_shared = e->is_shared;
	_Atomic int64_t *value = is_sale ? &e->open_sales_e4 : &e->open_e4;
	int64_t sum = reserves ? add(value, q->add_value, is_shared) : get(value) + q->add_value;
	int64_t orders = !reserves || q->add_orders == 0 ? get(&e->open_orders) + q->add_orders
							 : add(&e->open_orders, q->add_orders, is_shared);
	int64_t other = get(is_sale ? &e->open_e4 : &e->open_sales_e4), gross = get(&e->gross_e4);
	if (q->add_orders) hold(q, t, IX_RISK_LIMIT_OPEN_ORDERS, orders, IX_RISK_TOO_MANY_OPEN_ORDERS);
	if (q->add_value) {
		hold(q, t, IX_RISK_LIMIT_OPEN_NOTIONAL, sum + other, IX_RISK_OPEN_NOTIONAL_EXCEEDED);
		hold(q, t, IX_RISK_LIMIT_GROSS_NOTIONAL, gross + sum + other,
			IX_RISK_GROSS_NOTIONAL_EXCEEDED);
		if (!is_sale)
			hold(q, t, IX_RISK_LIMIT_BUYING_POWER, gross + sum, IX_RISK_BUYING_POWER_EXCEEDED);
	}
	if (IX_UNLIKELY(sum + other > MONEY_MAX - IX_RISK_VALUE_MAX))
		refuse(q, IX_RISK_VALUE_OUT_OF_RANGE, IX_RISK_FIRM);
}

static uint8_t lowest_level(uint32_t bits) { return bits ? (uint8_t)__builtin_ctz(bits) : 0; }

/* What is so before the order: kill switches, losses, the ratio. */
static void hold_standing(inquiry *q, const entity *e, const limit_table *t) {
	uint32_t killed = atomic_load_explicit(&e->killed, memory_order_relaxed);
	if (IX_UNLIKELY(killed)) refuse(q, IX_RISK_KILLED, lowest_level(killed));
	int64_t pnl = get(&e->pnl_e4);
	hold(q, t, IX_RISK_LIMIT_DAILY_LOSS, -pnl, IX_RISK_DAILY_LOSS_LIMIT_EXCEEDED);
	hold(q, t, IX_RISK_LIMIT_DRAWDOWN, get(&e->pnl_best_e4) - pnl, IX_RISK_DRAWDOWN_LIMIT_EXCEEDED);
	if (IX_LIKELY(t->fast[IX_RISK_LIMIT_ORDER_TO_TRADE] == NO_LIMIT)) return;
	uint64_t orders = atomic_load_explicit(&e->order_count, memory_order_relaxed) + 1,
		 trades = atomic_load_explicit(&e->trade_count, memory_order_relaxed);
	if (trades == 0) trades = 1;
	if (IX_LIKELY((wide)orders <= (wide)t->fast[IX_RISK_LIMIT_ORDER_TO_TRADE] * trades)) return;
	/* orders / trades, rounded up for whole numbers */
	hold(q, t, IX_RISK_LIMIT_ORDER_TO_TRADE, risk_clamp(((wide)orders + trades - 1) / trades),
		IX_RISK_ORDER_TO_TRADE_RATIO_EXCEEDED);
}

/* The cell of the i-th entity of the chain; NULL when it never traded the symbol. */
static cell *held_in(const inquiry *q, uint32_t i) {
	ix_risk *r = q->risk;
	if (IX_LIKELY(q->cell)) return cell_above(r, q->session, q->cell, q->symbol, i);
	uint32_t index = cell_find(r, cell_key(q->session->chain[i], q->order->symbol));
	return index == NONE ? NULL : &r->cells[index];
}

void risk_inquiry_exposure(inquiry *q, bool reserves) {
	const session *s = q->session;
	for (uint32_t i = 0; i < s->chain_count; i++) {
		entity *e = &q->risk->entities[s->chain[i]];
		const limit_table *t = q->rules->of[s->chain[i]];
		cell *held = held_in(q, i);
		hold_standing(q, e, t);
		if (q->add_quantity || q->add_value) {
			holding h = sum_position(q, held, e->is_shared, reserves);
			hold_positions(q, t, &h);
			for (uint32_t left = q->extra_levels; IX_UNLIKELY(left); left &= left - 1) {
				uint8_t level = lowest_level(left);
				if (e->nodes[level] != NONE) hold_positions(q, q->extra[level], &h);
			}
		}
		hold_totals(q, e, t, reserves);
	}
}

void risk_inquiry_release(inquiry *q) {
	risk_reserve(q->risk, q->session, q->cell, q->order->side, -q->add_quantity, -q->add_value,
		-q->add_orders);
}

void risk_reserve(
	ix_risk *r, const session *s, cell *c, uint8_t side, int64_t quantity, int64_t value_e4, int orders) {
	const symbol *y = &r->symbols[(uint32_t)atomic_load_explicit(&c->key, memory_order_relaxed)];
	for (uint32_t i = 0; i < s->chain_count; i++) {
		entity *e = &r->entities[s->chain[i]];
		cell *held = cell_above(r, s, c, y, i);
		(void)add(side == IX_RISK_BUY ? &held->open_buy : &held->open_sell, quantity, e->is_shared);
		(void)add(side == IX_RISK_SELL ? &e->open_sales_e4 : &e->open_e4, value_e4, e->is_shared);
		if (orders) (void)add(&e->open_orders, orders, e->is_shared);
	}
}

/* ---- self-match ---- */

static bool crosses(const inquiry *q, const cell *c) {
	return q->is_buy ? get(&c->best_sell) <= q->own_price : get(&c->best_buy) >= q->own_price;
}

bool risk_inquiry_would_match(const inquiry *q) {
	const ix_risk *r = q->risk;
	const session *s = q->session;
	if (q->cell && crosses(q, q->cell)) return true;
	uint32_t scope = r->nodes[s->nodes[q->self_match_scope - 1]].entity, i = 0;
	while (s->chain[i] != scope) i++;
	if (i == 0) return false;
	const cell *top = held_in(q, i);
	uint32_t slot = s->chain_count - 1 - i; /* counted from the firm: the same for all sessions below */
	uint32_t next = top ? atomic_load_explicit(&more_of(r, top)->children, memory_order_acquire) : NONE;
	for (; next != NONE; next = r->more[next].siblings[slot]) {
		if (crosses(q, &r->cells[next])) return true;
	}
	return false;
}
