/* names.c - names to indices and back, and what is known of a symbol. */
#include "control.h"
#include "state.h"

uint32_t risk_node_find(const struct control *c, ix_risk_level level, ix_str name) {
	if (level >= IX_RISK_SYMBOL) return NONE;
	const uint32_t *index = name_map_find(&c->names[level], name);
	return index ? *index : NONE;
}

uint32_t ix_risk_find_session(const ix_risk *r, ix_str name) {
	uint32_t index = risk_node_find(r->control, IX_RISK_SESSION, name); /* never changes */
	return index == NONE ? UINT32_MAX : r->nodes[index].session;
}

uint32_t ix_risk_find_symbol(const ix_risk *r, ix_str name) {
	const uint32_t *index = name_map_find(&control_lock(r)->symbols, name);
	uint32_t found = index ? *index : UINT32_MAX;
	control_unlock(r);
	return found;
}

uint32_t ix_risk_session_count(const ix_risk *r) { return r->session_count; }
uint32_t ix_risk_symbol_count(const ix_risk *r) { return atomic_load(&r->symbol_count); }

ix_str ix_risk_session_name(const ix_risk *r, uint32_t index) {
	return index < r->session_count ? r->nodes[r->sessions[index].nodes[IX_RISK_SESSION]].name
					: (ix_str){"", 0};
}

ix_str ix_risk_symbol_name(const ix_risk *r, uint32_t index) {
	return index < ix_risk_symbol_count(r) ? r->symbols[index].name : (ix_str){"", 0};
}

divisor risk_divisor_of(uint64_t d) {
	uint32_t shift = (uint32_t)__builtin_ctzll(d);
	uint64_t odd = d >> shift, inverse = odd; /* right to 3 bits; each turn doubles them */
	for (int i = 0; i < 5; i++) inverse *= 2 - odd * inverse;
	return (divisor){inverse, UINT64_MAX / d, shift};
}

int risk_symbol_detail(ix_risk *r, uint32_t index, const ix_risk_symbol *from, ix_error *err) {
	symbol *s = &r->symbols[index];
	ix_risk_symbol d = *from;
	if (d.lot == 0) d.lot = 1;
	if (d.tick_e4 == 0) d.tick_e4 = 1;
	if (d.tick_below_one_e4 == 0) d.tick_below_one_e4 = 1;
	if (d.lot < 1 || d.tick_e4 < 1 || d.tick_below_one_e4 < 1 || d.average_volume < 0 ||
		d.reference_e4 < 0 || d.reference_e4 > IX_RISK_PRICE_MAX ||
		d.average_volume > IX_RISK_QUANTITY_MAX)
		return ix_fail(err, IX_ERR_INVALID,
			"symbol %.*s: lot, ticks, volume and reference may not be negative or too large",
			IX_STR_ARG(s->name));
	s->details = d;
	s->lot = risk_divisor_of((uint64_t)d.lot);
	s->tick = risk_divisor_of((uint64_t)d.tick_e4);
	s->tick_below_one = risk_divisor_of((uint64_t)d.tick_below_one_e4);
	s->average_volume = d.average_volume;
	put(&s->reference, d.reference_e4);
	uint32_t flags = (d.is_easy_to_borrow ? SYMBOL_EASY_TO_BORROW : 0U) |
			 (d.is_short_sale_restricted ? SYMBOL_SHORT_SALE_RESTRICTED : 0U);
	flags |= atomic_load_explicit(&s->flags, memory_order_relaxed) & SYMBOL_KILLED;
	atomic_store_explicit(&s->flags, flags, memory_order_relaxed);
	return 0;
}

int risk_symbol_need(ix_risk *r, ix_str name, uint32_t *ret_symbol, ix_error *err) {
	uint32_t *found = name_map_find(&r->control->symbols, name), index = atomic_load(&r->symbol_count);
	if (found) {
		*ret_symbol = *found;
		return 0;
	}
	if (name.size == 0 || name.size > IX_RISK_NAME_MAX)
		return ix_fail(err, IX_ERR_INVALID, "a symbol's name has 1 to %d bytes", IX_RISK_NAME_MAX);
	if (index == r->symbol_max)
		return ix_fail(err, IX_ERR_LIMIT, "there are more than %u symbols", r->symbol_max);
	ix_str own = ix_arena_copy_str(&r->control->arena, name);
	if (!own.data) return ix_fail(err, IX_ERR_MEMORY, "no memory for a symbol's name");
	int code = name_map_put(&r->control->symbols, own, index, err);
	if (code) return code;
	r->symbols[index].name = own;
	atomic_store_explicit(&r->symbols[index].cells, NONE, memory_order_relaxed);
	atomic_store_explicit(&r->symbols[index].top, NONE, memory_order_relaxed);
	code = risk_symbol_detail(r, index, &(ix_risk_symbol){0}, err);
	atomic_store_explicit(&r->symbol_count, index + 1, memory_order_release);
	*ret_symbol = index;
	if (!code && r->state) code = risk_state_note_name(r, true, index, own, err);
	return code;
}

int ix_risk_add_symbol(
	ix_risk *r, ix_str name, const ix_risk_symbol *details, uint32_t *ret_symbol, ix_error *err) {
	uint32_t index = NONE;
	(void)control_lock(r);
	int code = risk_symbol_need(r, name, &index, err);
	if (!code && details) code = risk_symbol_detail(r, index, details, err);
	control_unlock(r);
	if (!code && ret_symbol) *ret_symbol = index;
	return code;
}
