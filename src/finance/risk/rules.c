/* rules.c - a limits file made into what a check looks at: for each entity one table with the strictest
 * limits of the nodes that it stands for, for each node and symbol with limits of their own another. A
 * session's own table also has the strictest limits of an order of all five levels. */
#include "control.h"

/* ---- the tree, flat ---- */

static int flatten(ix_arena *arena, const level_conf *conf, uint8_t level, uint32_t parent, flat_node *out,
	uint32_t *at, ix_error *err) {
	uint32_t own = (*at)++;
	if (*at > IX_RISK_NODE_MAX)
		return ix_fail(err, IX_ERR_LIMIT, "more than %d levels", IX_RISK_NODE_MAX);
	if (out) out[own] = (flat_node){conf, parent, level};
	const level_conf *children = conf->children.items;
	int code = 0;
	for (size_t i = 0; !code && i < conf->children.count; i++)
		code = flatten(arena, &children[i], (uint8_t)(level + 1), own, out, at, err);
	return code;
}

int risk_flatten(
	ix_arena *arena, const limits_conf *conf, flat_node **ret_nodes, uint32_t *ret_count, ix_error *err) {
	uint32_t count = 0, again = 0;
	int code = flatten(arena, conf->firms.items, IX_RISK_FIRM, NONE, NULL, &count, err);
	if (code) return code;
	flat_node *nodes = ix_arena_array(arena, flat_node, count);
	if (!nodes) return ix_fail(err, IX_ERR_MEMORY, "no memory for %u levels", count);
	code = flatten(arena, conf->firms.items, IX_RISK_FIRM, NONE, nodes, &again, err);
	*ret_nodes = nodes;
	*ret_count = count;
	return code;
}

/* ---- one table ---- */

static void table_clear(limit_table *t) {
	memset(t, 0, sizeof *t);
	for (int i = 0; i < IX_RISK_LIMIT_COUNT; i++) t->fast[i] = t->hard[i] = t->soft[i] = NO_LIMIT;
}

static void tighten(limit_table *t, ix_risk_limit limit, int64_t hard, int64_t soft, uint8_t level) {
	if (hard < t->hard[limit]) {
		t->hard[limit] = hard;
		t->hard_level[limit] = level;
	}
	if (soft < t->soft[limit]) {
		t->soft[limit] = soft;
		t->soft_level[limit] = level;
	}
	t->fast[limit] = t->hard[limit] < t->soft[limit] ? t->hard[limit] : t->soft[limit];
}

static void tighten_by(limit_table *t, const level_conf *c, ix_risk_limit limit, uint8_t level) {
	int64_t hard = c->limits[limit].hard ? c->limits[limit].hard : NO_LIMIT,
		soft = c->limits[limit].soft ? c->limits[limit].soft : NO_LIMIT;
	tighten(t, limit, hard, soft, level);
}

/* A floor, with its sign turned: over -floor is below it. */
static void tighten_floor(limit_table *t, const level_conf *c, ix_risk_limit limit, uint8_t level) {
	int64_t hard = c->limits[limit].hard ? -c->limits[limit].hard : NO_LIMIT,
		soft = c->limits[limit].soft ? -c->limits[limit].soft : NO_LIMIT;
	tighten(t, limit, hard, soft, level);
}

static void flag(uint8_t *field, bool is_set, uint8_t level) {
	if (is_set && *field == 0) *field = (uint8_t)(level + 1);
}

static void tighten_orders(limit_table *t, const level_conf *c, uint8_t level) {
	for (int i = 0; i <= IX_RISK_LIMIT_QUOTE_AGE; i++) tighten_by(t, c, (ix_risk_limit)i, level);
	tighten_floor(t, c, IX_RISK_LIMIT_PRICE_MIN, level);
	tighten_floor(t, c, IX_RISK_LIMIT_DUPLICATE_WINDOW, level);
	if (c->has_hours) {
		tighten(t, IX_RISK_LIMIT_HOURS_OPEN, -c->hours_open_ns, NO_LIMIT, level);
		tighten(t, IX_RISK_LIMIT_HOURS_CLOSE, c->hours_close_ns - 1, NO_LIMIT, level);
	}
	flag(&t->no_market, c->no_market_orders, level);
	flag(&t->locate, c->locate_required, level);
	flag(&t->restricted, c->is_restricted, level);
	if (c->has_self_match && (t->self_match_scope == 0 || c->self_match + 1 < t->self_match_scope)) {
		t->self_match_scope = (uint8_t)(c->self_match + 1);
		t->self_match = (uint8_t)(level + 1);
	}
}

static void tighten_positions(limit_table *t, const level_conf *c, int64_t capital_e4, uint8_t level) {
	tighten_by(t, c, IX_RISK_LIMIT_POSITION_LONG, level);
	tighten_by(t, c, IX_RISK_LIMIT_POSITION_SHORT, level);
	tighten_by(t, c, IX_RISK_LIMIT_POSITION_GROSS, level);
	tighten_by(t, c, IX_RISK_LIMIT_VOLUME_SHARE, level);
	if (c->long_only) tighten(t, IX_RISK_LIMIT_POSITION_SHORT, 0, NO_LIMIT, level);
	const limit_conf *share = &c->limits[IX_RISK_LIMIT_CONCENTRATION];
	int64_t values[2];
	for (int i = 0; i < 2; i++) {
		int64_t part = i ? share->soft : share->hard;
		values[i] = part ? risk_clamp((wide)capital_e4 * part / MILLION) : NO_LIMIT;
	}
	tighten(t, IX_RISK_LIMIT_CONCENTRATION, values[0], values[1], level);
}

static void tighten_totals(limit_table *t, const level_conf *c, uint8_t level) {
	for (int i = IX_RISK_LIMIT_OPEN_ORDERS; i <= IX_RISK_LIMIT_DRAWDOWN; i++)
		tighten_by(t, c, (ix_risk_limit)i, level);
	tighten_by(t, c, IX_RISK_LIMIT_ORDER_TO_TRADE, level);
}

/* A token bucket of `count` tokens that fills up in a period, as the generic cell rate algorithm: a message
 * moves the time at which the bucket is full again by one step; it passes while that is at most a period
 * ahead. A step is rounded up: never more than the rate. */
static void add_rate(rate_rule *rates, uint8_t *count, ix_conf_rate hard, ix_conf_rate soft, uint8_t level) {
	for (int i = 0; i < 2; i++) {
		ix_conf_rate r = i ? soft : hard;
		if (!r.count || *count == 2 * LEVELS) continue;
		int64_t step = (r.period_ns + r.count - 1) / r.count, room = step * r.count;
		rates[(*count)++] = (rate_rule){step, i ? NO_LIMIT : room, i ? room : NO_LIMIT, level,
			(uint8_t)((LEVELS - 1 - level) * 2 + i)};
	}
}

/* ---- a whole set ---- */

static symbol_rule *rule_slot(ruleset *rules, uint32_t node_index, uint32_t symbol_index) {
	uint64_t key = ((uint64_t)node_index + 1) << 32 | symbol_index;
	uint32_t i = rule_home(rules, key);
	while (rules->rules[i].key && rules->rules[i].key != key) i = (i + 1) & rules->rule_mask;
	return &rules->rules[i];
}

static limit_table *rule_of(ruleset *rules, uint32_t node_index, uint8_t level, uint32_t symbol_index) {
	symbol_rule *slot = rule_slot(rules, node_index, symbol_index);
	if (slot->key == 0) {
		slot->table = ix_arena_new(&rules->arena, limit_table);
		if (!slot->table) return NULL;
		table_clear(slot->table);
		slot->key = ((uint64_t)node_index + 1) << 32 | symbol_index;
		rules->symbol_levels[symbol_index] |= (uint8_t)(1U << level);
	}
	return slot->table;
}

static int add_symbol_rules(
	ix_risk *r, ruleset *rules, const flat_node *n, uint32_t index, int64_t capital_e4, ix_error *err) {
	const level_conf *c = n->conf, *symbols = c->symbols.items;
	const ix_str *restricted = c->restricted.items;
	uint32_t symbol_index = NONE;
	int code;
	for (size_t i = 0; i < c->symbols.count; i++) {
		code = risk_symbol_need(r, symbols[i].name, &symbol_index, err);
		if (code) return code;
		limit_table *t = rule_of(rules, index, n->level, symbol_index);
		if (!t) return ix_fail(err, IX_ERR_MEMORY, "no memory for limits");
		tighten_orders(t, &symbols[i], n->level);
		tighten_positions(t, &symbols[i], capital_e4, n->level);
	}
	for (size_t i = 0; i < c->restricted.count; i++) {
		code = risk_symbol_need(r, restricted[i], &symbol_index, err);
		if (code) return code;
		limit_table *t = rule_of(rules, index, n->level, symbol_index);
		if (!t) return ix_fail(err, IX_ERR_MEMORY, "no memory for limits");
		t->restricted = (uint8_t)(n->level + 1);
	}
	return 0;
}

static int64_t capital_of(const flat_node *nodes, uint32_t index) {
	while (nodes[index].conf->capital_e4 == 0 && nodes[index].parent != NONE) index = nodes[index].parent;
	return nodes[index].conf->capital_e4;
}

static int fill_tables(
	ix_risk *r, const flat_node *nodes, ruleset *rules, limit_table *tables, ix_error *err) {
	for (uint32_t i = 0; i < r->entity_count; i++) table_clear(&tables[i]);
	int code = 0;
	for (uint32_t i = 0; !code && i < r->node_count; i++) {
		const flat_node *n = &nodes[i];
		limit_table *t = &tables[r->nodes[i].entity];
		int64_t capital_e4 = capital_of(nodes, i);
		tighten_positions(t, n->conf, capital_e4, n->level);
		tighten_totals(t, n->conf, n->level);
		add_rate(t->rates, &t->rate_count, n->conf->message_rate, n->conf->message_rate_soft,
			n->level);
		code = add_symbol_rules(r, rules, n, i, capital_e4, err);
	}
	for (uint32_t i = 0; !code && i < r->node_count; i++) {
		if (nodes[i].level != IX_RISK_SESSION) continue;
		limit_table *t = &tables[r->nodes[i].entity];
		for (uint32_t above = i; above != NONE; above = nodes[above].parent) {
			const level_conf *c = nodes[above].conf;
			tighten_orders(t, c, nodes[above].level);
			add_rate(t->repeats, &t->repeat_count, c->repeat_rate, c->repeat_rate_soft,
				nodes[above].level);
		}
	}
	return code;
}

/* Padding is zeroed with the rest; where it differed, a table would only be there twice. */
static ix_str bytes_of(const limit_table *t) { return (ix_str){(const char *)t, sizeof *t}; }

/* Entities with the same limits share a table. */
static int share_tables(
	const ix_risk *r, ruleset *rules, const limit_table *tables, ix_arena *scratch, ix_error *err) {
	size_t slots = 2;
	while (slots < 2 * (size_t)r->entity_count) slots *= 2;
	const limit_table **found = ix_arena_array(scratch, const limit_table *, slots);
	if (!found) return ix_fail(err, IX_ERR_MEMORY, "no memory for limits");
	ix_hash_key key = ix_hash_key_from(1);
	for (uint32_t i = 0; i < r->entity_count; i++) {
		size_t at = (size_t)ix_hash_bytes(key, &tables[i], sizeof tables[i]) & (slots - 1);
		while (found[at] && !ix_str_equal(bytes_of(found[at]), bytes_of(&tables[i])))
			at = (at + 1) & (slots - 1);
		if (!found[at]) {
			limit_table *own = ix_arena_new(&rules->arena, limit_table);
			if (!own) return ix_fail(err, IX_ERR_MEMORY, "no memory for limits");
			memcpy(own, &tables[i], sizeof *own);
			found[at] = own;
		}
		rules->of[i] = found[at];
	}
	return 0;
}

static int fill_rules(ix_risk *r, const flat_node *nodes, ruleset *rules, ix_error *err) {
	ix_arena scratch;
	ix_arena_init(&scratch, r->options.allocator, 0, 0);
	limit_table *tables = ix_arena_array(&scratch, limit_table, r->entity_count);
	int code = tables ? fill_tables(r, nodes, rules, tables, err)
			  : ix_fail(err, IX_ERR_MEMORY, "no memory for limits");
	if (!code && tables) code = share_tables(r, rules, tables, &scratch, err);
	ix_arena_fini(&scratch);
	return code;
}

int risk_ruleset_new(ix_risk *r, const flat_node *nodes, ruleset **ret_rules, ix_error *err) {
	size_t wanted = 0, slots = 2;
	for (uint32_t i = 0; i < r->node_count; i++)
		wanted += nodes[i].conf->symbols.count + nodes[i].conf->restricted.count;
	while (slots < wanted * 2 + 1) slots *= 2;
	ruleset *rules = ix_allocate(r->options.allocator, sizeof *rules, LINE);
	if (!rules || slots > UINT32_MAX) {
		ix_release(r->options.allocator, rules, sizeof *rules, LINE);
		return ix_fail(err, IX_ERR_MEMORY, "no memory for limits");
	}
	memset(rules, 0, sizeof *rules);
	ix_arena_init(&rules->arena, r->options.allocator, 0, 0);
	rules->rule_mask = (uint32_t)slots - 1;
	rules->symbol_levels = ix_arena_array(&rules->arena, uint8_t, r->symbol_max);
	rules->of = ix_arena_array(&rules->arena, const limit_table *, r->entity_count);
	rules->rules = ix_arena_array(&rules->arena, symbol_rule, slots);
	if (!rules->symbol_levels || !rules->of || !rules->rules) {
		risk_ruleset_free(r, rules);
		return ix_fail(err, IX_ERR_MEMORY, "no memory for limits");
	}
	int code = fill_rules(r, nodes, rules, err);
	if (code)
		risk_ruleset_free(r, rules);
	else
		*ret_rules = rules;
	return code;
}

void risk_ruleset_free(ix_risk *r, ruleset *rules) {
	if (!rules) return;
	ix_arena_fini(&rules->arena);
	ix_release(r->options.allocator, rules, sizeof *rules, LINE);
}
