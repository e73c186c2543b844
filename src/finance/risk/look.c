/* look.c - what the engine holds, for whoever asks. */
#include "control.h"

static int find_entity(
	const ix_risk *r, ix_risk_level level, ix_str name, uint32_t *ret_node, ix_error *err) {
	uint32_t index = risk_node_find(r->control, level, name);
	if (index == NONE)
		return ix_fail(err, IX_ERR_NOT_FOUND, "there is no %s '%.*s'", ix_risk_level_name(level),
			IX_STR_ARG(name));
	*ret_node = index;
	return 0;
}

static uint64_t orders_of(const ix_risk *r, uint32_t entity_index) {
	uint64_t sum = 0;
	for (uint32_t i = 0; i < r->session_count; i++) {
		const session *s = &r->sessions[i];
		for (uint32_t k = 0; k < s->chain_count; k++) {
			if (s->chain[k] == entity_index)
				sum += atomic_load_explicit(
					&r->entities[s->chain[0]].order_count, memory_order_relaxed);
		}
	}
	return sum;
}

int ix_risk_get_exposure(
	const ix_risk *r, ix_risk_level level, ix_str name, ix_risk_exposure *ret_exposure, ix_error *err) {
	uint32_t index = 0;
	int code = find_entity(r, level, name, &index, err);
	if (code) return code;
	const entity *e = &r->entities[r->nodes[index].entity];
	int64_t sales = get(&e->open_sales_e4);
	*ret_exposure = (ix_risk_exposure){
		.open_notional_e4 = get(&e->open_e4) + sales,
		.open_long_sales_e4 = sales,
		.gross_notional_e4 = get(&e->gross_e4),
		.open_orders = get(&e->open_orders),
		.pnl_e4 = get(&e->pnl_e4),
		.pnl_best_e4 = get(&e->pnl_best_e4),
		.order_count = orders_of(r, r->nodes[index].entity),
		.trade_count = atomic_load_explicit(&e->trade_count, memory_order_relaxed),
		.is_killed = atomic_load_explicit(&e->killed, memory_order_relaxed) >> level & 1,
	};
	return 0;
}

int ix_risk_get_position(const ix_risk *r, ix_risk_level level, ix_str name, uint32_t symbol_index,
	ix_risk_position *ret_position, ix_error *err) {
	uint32_t index = 0;
	int code = find_entity(r, level, name, &index, err);
	if (code) return code;
	uint32_t found = cell_find(r, cell_key(r->nodes[index].entity, symbol_index));
	*ret_position = (ix_risk_position){0};
	if (found == NONE) return 0;
	const cell *c = &r->cells[found];
	*ret_position = (ix_risk_position){get(&c->position), get(&c->open_buy), get(&c->open_sell)};
	return 0;
}

void ix_risk_get_stats(const ix_risk *r, ix_risk_stats *ret_stats) {
	*ret_stats =
		(ix_risk_stats){.cell_count = atomic_load_explicit(&r->cell_count, memory_order_relaxed)};
	for (uint32_t i = 0; i < r->session_count; i++) {
		const session *s = &r->sessions[i];
		ret_stats->check_count += atomic_load_explicit(&s->check_count, memory_order_relaxed);
		ret_stats->pass_count += atomic_load_explicit(&s->pass_count, memory_order_relaxed);
		ret_stats->warning_count += atomic_load_explicit(&s->warning_count, memory_order_relaxed);
		ret_stats->unknown_order_count +=
			atomic_load_explicit(&s->unknown_count, memory_order_relaxed);
		ret_stats->overfill_count += atomic_load_explicit(&s->overfill_count, memory_order_relaxed);
		ret_stats->open_order_count += atomic_load_explicit(&s->open_count, memory_order_relaxed);
		for (int k = 0; k < IX_RISK_REASON_COUNT; k++)
			ret_stats->reject_counts[k] +=
				atomic_load_explicit(&s->reject_counts[k], memory_order_relaxed);
	}
}
