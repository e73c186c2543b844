/* cells.c - what a level holds in a symbol: found by hash, added by whoever comes first, never removed. */
#include "engine.h"

/* The cell of an entity, made when there is none. A shared one may be made by two threads at once: the key is
 * claimed with a compare-and-swap, the loser uses the winner's. */
static uint32_t make_one(ix_risk *r, uint32_t entity_index, uint32_t symbol_index) {
	uint64_t key = cell_key(entity_index, symbol_index);
	uint32_t found = cell_find(r, key);
	if (found != NONE) return found;
	if (atomic_fetch_add_explicit(&r->cell_count, 1, memory_order_relaxed) >= r->cell_max) {
		atomic_fetch_sub_explicit(&r->cell_count, 1, memory_order_relaxed);
		return NONE;
	}
	for (uint32_t i = cell_home(r, key);; i = (i + 1) & r->cell_mask) {
		uint64_t free = 0;
		cell *c = &r->cells[i];
		bool is_ours = atomic_compare_exchange_strong_explicit(
			&c->key, &free, key, memory_order_acq_rel, memory_order_acquire);
		if (is_ours) {
			symbol *y = &r->symbols[symbol_index];
			uint32_t first = atomic_load_explicit(&y->cells, memory_order_relaxed);
			do atomic_store_explicit(&r->more[i].next_of_symbol, first, memory_order_relaxed);
			while (!atomic_compare_exchange_weak_explicit(
				&y->cells, &first, i, memory_order_release, memory_order_relaxed));
			return i;
		}
		if (free != key) continue;
		atomic_fetch_sub_explicit(&r->cell_count, 1, memory_order_relaxed);
		return i;
	}
}

/* Among the children of a parent, for whoever looks for resting orders. */
static void become_child(ix_risk *r, uint32_t index, uint32_t parent, uint32_t slot) {
	cell_more *p = &r->more[parent];
	uint32_t first = atomic_load_explicit(&p->children, memory_order_relaxed);
	do r->more[index].siblings[slot] = first;
	while (!atomic_compare_exchange_weak_explicit(
		&p->children, &first, index, memory_order_release, memory_order_relaxed));
}

uint32_t risk_cell_make(ix_risk *r, const session *s, uint32_t symbol_index) {
	uint32_t own = cell_find(r, cell_key(s->chain[0], symbol_index)), above[LEVELS];
	if (IX_LIKELY(own != NONE)) return own;
	for (uint32_t i = s->chain_count; i-- > 1;) {
		above[i] = make_one(r, s->chain[i], symbol_index);
		if (above[i] == NONE) return NONE;
	}
	own = make_one(r, s->chain[0], symbol_index);
	if (own == NONE) return NONE;
	for (uint32_t i = 1; i < s->chain_count; i++) {
		if (i + 1 < s->chain_count) r->cells[own].parents[i - 1] = above[i];
		become_child(r, own, above[i], s->chain_count - 1 - i);
	}
	if (s->chain_count > 1)
		atomic_store_explicit(
			&r->symbols[symbol_index].top, above[s->chain_count - 1], memory_order_relaxed);
	return own;
}

void ix_risk_prefetch(const ix_risk *r, const ix_risk_order *o) {
	if (o->session >= r->session_count || o->symbol >= r->symbol_max) return;
	const char *y = (const char *)&r->symbols[o->symbol], *s = (const char *)&r->sessions[o->session],
		   *e = (const char *)&r->entities[o->session];
	__builtin_prefetch(&r->cells[cell_home(r, cell_key(o->session, o->symbol))]);
	__builtin_prefetch(y);
	__builtin_prefetch(y + LINE);
	__builtin_prefetch(s);
	__builtin_prefetch(s + LINE);
	__builtin_prefetch(s + 2 * LINE);
	__builtin_prefetch(e);
	__builtin_prefetch(e + LINE);
	__builtin_prefetch(order_bucket(r, o->session, o->id));
}

void ix_risk_prefetch_near(const ix_risk *r, const ix_risk_order *o) {
	if (o->session >= r->session_count || o->symbol >= r->symbol_max) return;
	const cell *c = &r->cells[cell_home(r, cell_key(o->session, o->symbol))];
	const session *s = &r->sessions[o->session];
	uint32_t top = atomic_load_explicit(&r->symbols[o->symbol].top, memory_order_relaxed);
	for (uint32_t i = 1; i + 1 < s->chain_count; i++)
		__builtin_prefetch(&r->cells[c->parents[i - 1] & r->cell_mask]);
	__builtin_prefetch(&r->cells[top & r->cell_mask]);
}
