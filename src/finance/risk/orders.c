/* orders.c - open orders: a record each, found by the session and its id. Records belong to a session once it
 * has taken them, so that no two threads meet here. */
#include "engine.h"

static uint32_t *bucket_of(const ix_risk *r, const session *s, uint64_t id) {
	return order_bucket(r, (uint32_t)(s - r->sessions), id);
}

uint32_t risk_order_find(const ix_risk *r, const session *s, uint64_t id) {
	uint32_t i = *bucket_of(r, s, id);
	while (i != NONE && r->orders[i].id != id) i = r->orders[i].next;
	return i;
}

/* A few at a time from the engine, then from those given back. */
uint32_t risk_order_take(ix_risk *r, session *s) {
	uint32_t i = s->free_order;
	if (IX_LIKELY(i != NONE)) {
		s->free_order = r->orders[i].next;
		return i;
	}
	if (s->fresh_order == s->fresh_end) {
		uint32_t from = atomic_load_explicit(&r->order_count, memory_order_relaxed), to;
		do {
			if (from >= r->order_max) return NONE;
			to = from + r->order_chunk < r->order_max ? from + r->order_chunk : r->order_max;
		} while (!atomic_compare_exchange_weak_explicit(
			&r->order_count, &from, to, memory_order_relaxed, memory_order_relaxed));
		s->fresh_order = from;
		s->fresh_end = to;
	}
	return s->fresh_order++;
}

void risk_order_give(ix_risk *r, session *s, uint32_t index) {
	r->orders[index].state = ORDER_FREE;
	r->orders[index].next = s->free_order;
	s->free_order = index;
}

void risk_order_put(ix_risk *r, session *s, uint32_t index) {
	order_record *o = &r->orders[index];
	cell *c = &r->cells[o->cell];
	uint32_t *bucket = bucket_of(r, s, o->id);
	o->next = *bucket;
	*bucket = index;
	o->previous_of_cell = NONE;
	o->next_of_cell = c->orders;
	if (c->orders != NONE) r->orders[c->orders].previous_of_cell = index;
	c->orders = index;
	if (o->side == IX_RISK_BUY && o->price > get(&c->best_buy)) put(&c->best_buy, o->price);
	if (o->side != IX_RISK_BUY && o->price < get(&c->best_sell)) put(&c->best_sell, o->price);
	atomic_store_explicit(&s->open_count, atomic_load_explicit(&s->open_count, memory_order_relaxed) + 1,
		memory_order_relaxed);
}

/* When the best order goes the next best is looked for, up to the first that is as good. */
static void publish_best(ix_risk *r, cell *c, bool is_buy, int64_t gone) {
	if (gone != get(is_buy ? &c->best_buy : &c->best_sell)) return;
	int64_t best = is_buy ? 0 : INT64_MAX;
	for (uint32_t i = c->orders; i != NONE && best != gone; i = r->orders[i].next_of_cell) {
		const order_record *o = &r->orders[i];
		if ((o->side == IX_RISK_BUY) != is_buy) continue;
		if (is_buy ? o->price > best : o->price < best) best = o->price;
	}
	put(is_buy ? &c->best_buy : &c->best_sell, best);
}

void risk_order_drop(ix_risk *r, session *s, uint32_t index) {
	order_record *o = &r->orders[index];
	cell *c = &r->cells[o->cell];
	uint32_t *link = bucket_of(r, s, o->id);
	while (*link != index) link = &r->orders[*link].next;
	*link = o->next;
	if (o->previous_of_cell == NONE)
		c->orders = o->next_of_cell;
	else
		r->orders[o->previous_of_cell].next_of_cell = o->next_of_cell;
	if (o->next_of_cell != NONE) r->orders[o->next_of_cell].previous_of_cell = o->previous_of_cell;
	publish_best(r, c, o->side == IX_RISK_BUY, o->price);
	atomic_store_explicit(&s->open_count, atomic_load_explicit(&s->open_count, memory_order_relaxed) - 1,
		memory_order_relaxed);
	risk_order_give(r, s, index);
}

void risk_put_replacement(ix_risk *r, session *s, uint32_t old_index, uint32_t index) {
	order_record *old = &r->orders[old_index], *o = &r->orders[index];
	if (old->leaves > o->leaves) o->leaves = old->leaves;
	if (old->reserve_price > o->reserve_price) o->reserve_price = old->reserve_price;
	o->partner = old_index;
	o->state = ORDER_REPLACING;
	old->partner = index;
	old->state = ORDER_REPLACED;
	old->own_leaves = old->leaves;
	old->leaves = 0;
	risk_order_put(r, s, index);
}
