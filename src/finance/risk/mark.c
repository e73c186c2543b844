/* mark.c - prices from the market: what orders are held against, and what positions are worth. */
#include "events.h"
#include "state.h"

static int64_t sane(int64_t price) { return price > 0 && price <= IX_RISK_PRICE_MAX ? price : 0; }

static void store_prices(symbol *y, const ix_risk_mark_price *p) {
	put(&y->bid, sane(p->bid_e4));
	put(&y->ask, sane(p->ask_e4));
	put(&y->last, sane(p->last_e4));
	if (sane(p->reference_e4)) put(&y->reference, p->reference_e4);
	put(&y->luld_low, sane(p->luld_low_e4));
	put(&y->luld_high, sane(p->luld_high_e4));
	uint32_t now = (p->is_halted ? SYMBOL_HALTED : 0U) |
		       (p->is_short_sale_restricted || y->details.is_short_sale_restricted
				       ? SYMBOL_SHORT_SALE_RESTRICTED
				       : 0U);
	uint32_t flags = atomic_load_explicit(&y->flags, memory_order_relaxed);
	while ((flags & (SYMBOL_HALTED | SYMBOL_SHORT_SALE_RESTRICTED)) != now &&
		!atomic_compare_exchange_weak_explicit(&y->flags, &flags,
			(flags & (SYMBOL_EASY_TO_BORROW | SYMBOL_KILLED)) | now, memory_order_relaxed,
			memory_order_relaxed));
	atomic_store_explicit(&y->time_ns, p->time_ns, memory_order_relaxed);
}

/* 0: none of them is known. */
static int64_t mark_of(const symbol *y) {
	int64_t last = get(&y->last), bid = get(&y->bid), ask = get(&y->ask);
	if (last) return last;
	if (bid && ask) return (bid + ask) / 2;
	return get(&y->reference);
}

/* Everything that is held of the symbol is worth more or less. Under the symbol's lock. */
static bool revalue(ix_risk *r, symbol *y, int64_t mark) {
	int64_t change = mark - get(&y->mark_e4);
	bool is_first = get(&y->mark_e4) == 0, is_held = false;
	if (change == 0) return false;
	put(&y->mark_e4, mark);
	uint32_t i = atomic_load_explicit(&y->cells, memory_order_acquire);
	for (; i != NONE && !is_first;
		i = atomic_load_explicit(&r->more[i].next_of_symbol, memory_order_relaxed)) {
		const cell *c = &r->cells[i];
		int64_t position = get(&c->position);
		if (position == 0) continue;
		entity *e = &r->entities[(atomic_load_explicit(&c->key, memory_order_relaxed) >> 32) - 1];
		risk_add_money(&e->gross_e4, (wide)absolute(position) * change);
		risk_add_money(&e->pnl_e4, (wide)position * change);
		risk_raise_best(e);
		is_held = true;
	}
	return is_held;
}

static void trip_losers(ix_risk *r, const symbol *y) {
	uint32_t i = atomic_load_explicit(&y->cells, memory_order_acquire);
	for (; i != NONE; i = atomic_load_explicit(&r->more[i].next_of_symbol, memory_order_relaxed)) {
		uint32_t index =
			(uint32_t)(atomic_load_explicit(&r->cells[i].key, memory_order_relaxed) >> 32) - 1;
		if (IX_UNLIKELY(risk_is_over_loss(&r->entities[index]))) risk_trip(r, index);
	}
}

bool risk_do_mark(ix_risk *r, symbol *y, int64_t mark) {
	symbol_lock(y);
	bool is_held = revalue(r, y, mark);
	symbol_unlock(y);
	if (is_held) trip_losers(r, y);
	return is_held;
}

void ix_risk_mark(ix_risk *r, uint32_t index, const ix_risk_mark_price *price) {
	if (index >= atomic_load_explicit(&r->symbol_count, memory_order_acquire)) return;
	symbol *y = &r->symbols[index];
	store_prices(y, price);
	int64_t mark = mark_of(y);
	if (mark == 0 || mark == get(&y->mark_e4)) return;
	(void)risk_do_mark(r, y, mark);
	if (r->state) risk_state_note_event(r, EVENT_MARK, index, 0, 0, mark, price->time_ns);
}

void risk_do_day(ix_risk *r) {
	for (uint32_t i = 0; i < r->entity_count; i++) {
		entity *e = &r->entities[i];
		put(&e->pnl_e4, 0);
		put(&e->pnl_best_e4, 0);
		atomic_store(&e->order_count, 0);
		atomic_store(&e->trade_count, 0);
	}
}

void ix_risk_start_day(ix_risk *r, uint64_t time_ns) {
	risk_do_day(r);
	if (r->state) risk_state_note_event(r, EVENT_DAY, 0, 0, 0, 0, time_ns);
}
