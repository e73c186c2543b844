/* events.c - what became of orders: acknowledged, rejected, cancelled, filled. Reservations go, positions and
 * money come. */
#include "events.h"
#include "state.h"

/* ---- reservations ---- */

/* The record shall reserve so much from now on. */
static void reserve_only(ix_risk *r, const session *s, order_record *o, int64_t leaves, int64_t price) {
	int64_t value = leaves * price - o->leaves * o->reserve_price;
	risk_reserve(r, s, &r->cells[o->cell], o->side, leaves - o->leaves, value, 0);
	o->leaves = leaves;
	o->reserve_price = price;
}

/* The order is over: gives everything back. */
static void end(ix_risk *r, session *s, uint32_t index) {
	order_record *o = &r->orders[index];
	risk_reserve(r, s, &r->cells[o->cell], o->side, -o->leaves, -(o->leaves * o->reserve_price), -1);
	risk_order_drop(r, s, index);
}

/* A replacement is acknowledged: the old order is gone, the new one reserves its own. */
static void settle(ix_risk *r, session *s, uint32_t index) {
	order_record *o = &r->orders[index];
	if (o->state != ORDER_REPLACING) return;
	risk_order_drop(r, s, o->partner);
	o->partner = NONE;
	o->state = ORDER_OPEN;
	reserve_only(r, s, o, o->own_leaves, o->flags & IX_RISK_MARKET ? o->reserve_price : o->price);
}

/* So much less is left of an order. For one that is being replaced the replacement holds the reservation: of
 * the larger of both. */
static void reduce(ix_risk *r, session *s, uint32_t index, int64_t quantity) {
	order_record *o = &r->orders[index];
	if (o->state == ORDER_REPLACED) {
		order_record *by = &r->orders[o->partner];
		o->own_leaves -= quantity < o->own_leaves ? quantity : o->own_leaves;
		int64_t leaves = o->own_leaves > by->own_leaves ? o->own_leaves : by->own_leaves;
		reserve_only(r, s, by, leaves, by->reserve_price);
		return;
	}
	if (quantity >= o->leaves)
		end(r, s, index);
	else
		reserve_only(r, s, o, o->leaves - quantity, o->reserve_price);
}

/* The replacement was refused: the old order stands, if it is not over meanwhile. */
static void refuse_replacement(ix_risk *r, session *s, uint32_t index) {
	order_record *o = &r->orders[index];
	uint32_t old_index = o->partner;
	order_record *old = &r->orders[old_index];
	old->state = ORDER_OPEN;
	old->partner = NONE;
	reserve_only(r, s, o, old->own_leaves, old->reserve_price); /* what the old one takes over */
	old->leaves = old->own_leaves;
	risk_order_drop(r, s, index);
	if (old->leaves == 0) end(r, s, old_index);
}

/* ---- money ---- */

void risk_add_money(_Atomic int64_t *v, wide by) {
	int64_t old = get(v), sum;
	do sum = risk_clamp((wide)old + by);
	while (!atomic_compare_exchange_weak_explicit(
		v, &old, sum, memory_order_acq_rel, memory_order_relaxed));
}

void risk_raise_best(entity *e) {
	int64_t pnl = get(&e->pnl_e4), best = get(&e->pnl_best_e4);
	while (pnl > best && !atomic_compare_exchange_weak_explicit(&e->pnl_best_e4, &best, pnl,
				     memory_order_relaxed, memory_order_relaxed));
}

bool risk_is_over_loss(const entity *e) {
	int64_t pnl = get(&e->pnl_e4);
	return -pnl > get(&e->loss_max_e4) || get(&e->pnl_best_e4) - pnl > get(&e->drawdown_max_e4);
}

/* Shares come to all levels, signed, at a price; marked at once. Under the symbol's lock, since the mark must
 * not move meanwhile. The position is first, what was open for it goes afterwards. */
static void take_shares(ix_risk *r, const session *s, cell *c, symbol *y, int64_t shares, int64_t price) {
	symbol_lock(y);
	int64_t mark = get(&y->mark_e4);
	if (mark == 0) put(&y->mark_e4, mark = price);
	for (uint32_t i = 0; i < s->chain_count; i++) {
		entity *e = &r->entities[s->chain[i]];
		cell *held = cell_above(r, s, c, y, i);
		int64_t before = get(&held->position), after = risk_clamp((wide)before + shares);
		put(&held->position, after);
		risk_add_money(&e->gross_e4, (wide)(absolute(after) - absolute(before)) * mark);
		risk_add_money(&e->pnl_e4, (wide)shares * (mark - price));
		risk_raise_best(e);
	}
	symbol_unlock(y);
}

static void trip_losers(ix_risk *r, const session *s) {
	for (uint32_t i = 0; i < s->chain_count; i++) {
		if (IX_UNLIKELY(risk_is_over_loss(&r->entities[s->chain[i]]))) risk_trip(r, s->chain[i]);
	}
}

static void count_trade(ix_risk *r, const session *s) {
	for (uint32_t i = 0; i < s->chain_count; i++) {
		entity *e = &r->entities[s->chain[i]];
		if (e->is_shared)
			(void)atomic_fetch_add_explicit(&e->trade_count, 1, memory_order_relaxed);
		else
			count(&e->trade_count);
	}
}

/* Each fill goes into the buckets of repeated executions; a full one is full, and does not overflow. */
static void count_repeat(ix_risk *r, session *s, cell *c) {
	const limit_table *t = risk_enter(r, s)->of[s->chain[0]];
	for (uint8_t i = 0; i < t->repeat_count; i++) {
		const rate_rule *rate = &t->repeats[i];
		uint64_t *full = &more_of(r, c)->repeat_full_at[rate->slot];
		int64_t room = rate->hard < rate->soft ? rate->hard : rate->soft;
		uint64_t next = (*full > s->time_ns ? *full : s->time_ns) + (uint64_t)rate->step_ns,
			 most = s->time_ns + (uint64_t)room + (uint64_t)rate->step_ns;
		*full = next < most ? next : most;
		if (*full - (uint64_t)room > s->repeating_until) s->repeating_until = *full - (uint64_t)room;
	}
	risk_leave(s);
}

/* ---- the doors ---- */

/* NULL: there is no such session. */
static session *session_at(ix_risk *r, uint32_t index, uint64_t time_ns) {
	if (index >= r->session_count) return NULL;
	session *s = &r->sessions[index];
	if (time_ns > s->time_ns) s->time_ns = time_ns;
	return s;
}

static uint32_t find(ix_risk *r, session *s, uint64_t id) {
	uint32_t index = risk_order_find(r, s, id);
	if (index == NONE) count(&s->unknown_count);
	return index;
}

bool risk_do_ack(ix_risk *r, session *s, uint64_t id) {
	uint32_t index = find(r, s, id);
	if (index != NONE) settle(r, s, index);
	return index != NONE;
}

bool risk_do_reject(ix_risk *r, session *s, uint64_t id) {
	uint32_t index = find(r, s, id);
	if (index == NONE) return false;
	if (r->orders[index].state == ORDER_REPLACING)
		refuse_replacement(r, s, index);
	else
		reduce(r, s, index, INT64_MAX);
	return true;
}

bool risk_do_cancel(ix_risk *r, session *s, uint64_t id, int64_t quantity) {
	uint32_t index = find(r, s, id);
	if (index == NONE) return false;
	settle(r, s, index);
	reduce(r, s, index, quantity > 0 ? quantity : INT64_MAX);
	return true;
}

bool risk_do_fill(ix_risk *r, session *s, uint64_t id, int64_t quantity, int64_t price) {
	uint32_t index = find(r, s, id);
	if (index == NONE || quantity <= 0 || price <= 0) return false;
	settle(r, s, index);
	order_record *o = &r->orders[index];
	cell *c = &r->cells[o->cell];
	symbol *y = &r->symbols[(uint32_t)atomic_load_explicit(&c->key, memory_order_relaxed)];
	if (quantity > (o->state == ORDER_REPLACED ? o->own_leaves : o->leaves)) count(&s->overfill_count);
	if (quantity > IX_RISK_QUANTITY_MAX) quantity = IX_RISK_QUANTITY_MAX;
	if (price > IX_RISK_PRICE_MAX) price = IX_RISK_PRICE_MAX;
	take_shares(r, s, c, y, o->side == IX_RISK_BUY ? quantity : -quantity, price);
	reduce(r, s, index, quantity);
	count_trade(r, s);
	count_repeat(r, s, c);
	trip_losers(r, s);
	return true;
}

bool risk_do_adjust(ix_risk *r, session *s, uint32_t symbol_index, int64_t quantity, int64_t price) {
	if (symbol_index >= atomic_load(&r->symbol_count) || quantity == 0 ||
		quantity > IX_RISK_QUANTITY_MAX || quantity < -IX_RISK_QUANTITY_MAX || price <= 0 ||
		price > IX_RISK_PRICE_MAX)
		return false;
	uint32_t index = risk_cell_make(r, s, symbol_index);
	if (index == NONE) return false;
	take_shares(r, s, &r->cells[index], &r->symbols[symbol_index], quantity, price);
	trip_losers(r, s);
	return true;
}

void ix_risk_on_ack(ix_risk *r, uint32_t session_index, uint64_t id, uint64_t time_ns) {
	session *s = session_at(r, session_index, time_ns);
	if (s && risk_do_ack(r, s, id) && r->state)
		risk_state_note_event(r, EVENT_ACK, session_index, id, 0, 0, time_ns);
}

void ix_risk_on_reject(ix_risk *r, uint32_t session_index, uint64_t id, uint64_t time_ns) {
	session *s = session_at(r, session_index, time_ns);
	if (s && risk_do_reject(r, s, id) && r->state)
		risk_state_note_event(r, EVENT_REJECT, session_index, id, 0, 0, time_ns);
}

void ix_risk_on_cancel(ix_risk *r, uint32_t session_index, uint64_t id, int64_t quantity, uint64_t time_ns) {
	session *s = session_at(r, session_index, time_ns);
	if (s && risk_do_cancel(r, s, id, quantity) && r->state)
		risk_state_note_event(r, EVENT_CANCEL, session_index, id, quantity, 0, time_ns);
}

void ix_risk_on_fill(
	ix_risk *r, uint32_t session_index, uint64_t id, int64_t quantity, int64_t price, uint64_t time_ns) {
	session *s = session_at(r, session_index, time_ns);
	if (s && risk_do_fill(r, s, id, quantity, price) && r->state)
		risk_state_note_event(r, EVENT_FILL, session_index, id, quantity, price, time_ns);
}

bool ix_risk_adjust(ix_risk *r, uint32_t session_index, uint32_t symbol_index, int64_t quantity,
	int64_t price, uint64_t time_ns) {
	session *s = session_at(r, session_index, time_ns);
	if (!s || !risk_do_adjust(r, s, symbol_index, quantity, price)) return false;
	if (r->state)
		risk_state_note_event(r, EVENT_ADJUST, session_index, symbol_index, quantity, price, time_ns);
	return true;
}
