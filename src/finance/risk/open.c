/* open.c - making an engine from a limits file, and taking it apart: all of its memory is taken here. */
#include "kill.h"
#include "recover.h"
#include "state_inside.h"

#include <inox/clock.h>

enum {
	DEFAULT_SYMBOLS = 16384,
	DEFAULT_ORDERS = 65536,
	DEFAULT_CELLS = 65536,
	DEFAULT_QUEUE = 65536,
	QUEUE_MAX = 1 << 24,
	BUCKETS_MIN = 16,
	ORDER_CHUNK_MAX = 32
};

/* ---- the hierarchy ---- */

static int name_nodes(ix_risk *r, const flat_node *flat, ix_error *err) {
	struct control *c = r->control;
	for (uint32_t i = 0; i < r->node_count; i++) {
		node *n = &r->nodes[i];
		bool is_new;
		uint32_t *index;
		*n = (node){
			.parent = flat[i].parent, .level = flat[i].level, .session = NONE, .entity = NONE};
		n->name = ix_arena_copy_str(&c->arena, flat[i].conf->name);
		if (!n->name.data) return ix_fail(err, IX_ERR_MEMORY, "no memory for names");
		int code = name_map_add(&c->names[n->level], n->name, &index, &is_new, err);
		if (code) return code;
		if (!is_new)
			return ix_fail(err, IX_ERR_EXISTS, "%.*s: there are two %ss called '%.*s'",
				IX_STR_ARG(r->options.limits_name),
				ix_risk_level_name((ix_risk_level)n->level), IX_STR_ARG(n->name));
		*index = i;
		if (n->parent != NONE) r->nodes[n->parent].child_count++;
	}
	return 0;
}

/* A node with one child shares the child's entity. Children come after their parents, so backwards. A
 * session's own entity has the session's number: a check can fetch it without having looked at the session.
 */
static void make_entities(ix_risk *r, uint32_t *only_child) {
	for (uint32_t i = 0, sessions = 0; i < r->node_count; i++) {
		if (r->nodes[i].level == IX_RISK_SESSION)
			r->nodes[i].entity = r->nodes[i].session = sessions++;
	}
	r->entity_count = r->session_count;
	for (uint32_t i = r->node_count; i-- > 0;) {
		node *n = &r->nodes[i];
		if (n->parent != NONE) only_child[n->parent] = i;
		if (n->level == IX_RISK_SESSION) continue;
		n->entity = n->child_count == 1 ? r->nodes[only_child[i]].entity : r->entity_count++;
	}
}

static void fill_entities(ix_risk *r) {
	for (uint32_t i = 0; i < r->entity_count; i++) {
		for (int level = 0; level < LEVELS; level++) r->entities[i].nodes[level] = NONE;
		r->entities[i].is_shared = !r->options.single_thread;
	}
	for (uint32_t i = 0; i < r->node_count; i++) {
		node *n = &r->nodes[i];
		entity *e = &r->entities[n->entity];
		e->nodes[n->level] = i;
		if (n->level != IX_RISK_SESSION) continue;
		e->is_shared = false; /* its session's alone */
		session *s = &r->sessions[n->session];
		for (uint32_t above = i; above != NONE; above = r->nodes[above].parent) {
			uint32_t index = r->nodes[above].entity;
			s->nodes[r->nodes[above].level] = above;
			if (s->chain_count == 0 || s->chain[s->chain_count - 1] != index)
				s->chain[s->chain_count++] = index;
		}
	}
}

static int check_counts(ix_risk *r, const flat_node *flat, ix_error *err) {
	uint32_t counts[LEVELS] = {0};
	for (uint32_t i = 0; i < r->node_count; i++) counts[flat[i].level]++;
	r->session_count = counts[IX_RISK_SESSION];
	if (r->options.session_max && counts[IX_RISK_SESSION] > r->options.session_max)
		return ix_fail(err, IX_ERR_LIMIT, "%u sessions, and at most %u are allowed",
			counts[IX_RISK_SESSION], r->options.session_max);
	if (r->options.account_max && counts[IX_RISK_ACCOUNT] > r->options.account_max)
		return ix_fail(err, IX_ERR_LIMIT, "%u accounts, and at most %u are allowed",
			counts[IX_RISK_ACCOUNT], r->options.account_max);
	return 0;
}

/* ---- memory ---- */

static uint32_t power_of_two(uint64_t at_least) {
	uint32_t n = 1;
	while (n < at_least) n *= 2;
	return n;
}

/* count objects on lines of their own, zeroed. */
static void *take(ix_risk *r, size_t number, size_t size) {
	size_t bytes;
	if (ix_mul_overflow(number ? number : 1, size, &bytes)) return NULL;
	void *block = ix_allocate(r->options.allocator, bytes, LINE);
	if (block) memset(block, 0, bytes);
	return block;
}
static void give(ix_risk *r, void *block, size_t number, size_t size) {
	ix_release(r->options.allocator, block, (number ? number : 1) * size, LINE);
}

static int take_tables(ix_risk *r, ix_error *err) {
	const ix_risk_options *o = &r->options;
	r->order_max = o->orders_max;
	r->order_chunk = r->session_count ? r->order_max / r->session_count : 1;
	if (r->order_chunk > ORDER_CHUNK_MAX) r->order_chunk = ORDER_CHUNK_MAX;
	if (r->order_chunk == 0) r->order_chunk = 1;
	uint32_t slots = power_of_two(2 * (uint64_t)o->cell_max);
	r->cell_max = o->cell_max;
	r->cell_mask = slots - 1;
	r->cell_shift = 64U - (unsigned)__builtin_ctz(slots);
	uint32_t each = power_of_two(r->session_count ? 2 * (uint64_t)r->order_max / r->session_count : 1);
	if (each < BUCKETS_MIN) each = BUCKETS_MIN;
	r->bucket_count = (size_t)each * r->session_count;
	r->bucket_mask = each - 1;
	r->cells = take(r, slots, sizeof(cell));
	r->more = take(r, slots, sizeof(cell_more));
	r->orders = take(r, r->order_max, sizeof(order_record));
	r->buckets = take(r, r->bucket_count, sizeof(uint32_t));
	if (!r->cells || !r->more || !r->orders || !r->buckets)
		return ix_fail(err, IX_ERR_MEMORY, "no memory for %u open orders and %u positions",
			r->order_max, slots);
	memset(r->buckets, 0xFF, r->bucket_count * sizeof(uint32_t));
	for (uint32_t i = 0; i < slots; i++) {
		put(&r->cells[i].best_sell, INT64_MAX);
		atomic_store_explicit(&r->more[i].children, NONE, memory_order_relaxed);
		r->cells[i].orders = NONE;
	}
	for (uint32_t i = 0; i < r->session_count; i++) {
		session *s = &r->sessions[i];
		s->free_order = NONE;
	}
	return 0;
}

static int take_nodes(ix_risk *r, const flat_node *flat, ix_error *err) {
	uint32_t *only_child = NULL;
	int code = check_counts(r, flat, err);
	if (code) return code;
	r->nodes = take(r, r->node_count, sizeof(node));
	r->sessions = take(r, r->session_count, sizeof(session));
	r->symbols = take(r, r->symbol_max, sizeof(symbol));
	only_child = take(r, r->node_count, sizeof *only_child);
	if (!r->nodes || !r->sessions || !r->symbols || !only_child)
		code = ix_fail(err, IX_ERR_MEMORY, "no memory for %u levels and %u symbols", r->node_count,
			r->symbol_max);
	if (!code) code = name_nodes(r, flat, err);
	if (!code) make_entities(r, only_child);
	give(r, only_child, r->node_count, sizeof *only_child);
	if (code) return code;
	r->entities = take(r, r->entity_count, sizeof(entity));
	if (!r->entities) return ix_fail(err, IX_ERR_MEMORY, "no memory for %u levels", r->node_count);
	fill_entities(r);
	return 0;
}

static int take_control(ix_risk *r, ix_error *err) {
	const ix_allocator *a = r->options.allocator;
	struct control *c = take(r, 1, sizeof *c);
	if (!c) return ix_fail(err, IX_ERR_MEMORY, "no memory for a risk engine");
	r->control = c;
	(void)pthread_mutex_init(&c->lock, NULL);
	ix_arena_init(&c->arena, a, 0, 0);
	for (uint64_t i = 0; i < LEVELS; i++) name_map_init(&c->names[i], a, IX_RISK_NODE_MAX, i + 1);
	name_map_init(&c->symbols, a, r->symbol_max, LEVELS + 1);
	c->changes = take(r, IX_RISK_HISTORY_MAX, sizeof(ix_risk_change));
	return c->changes ? 0 : ix_fail(err, IX_ERR_MEMORY, "no memory for a history");
}

static int add_instruments(ix_risk *r, const limits_conf *conf, ix_error *err) {
	const instrument_conf *items = conf->instruments.items;
	for (size_t i = 0; i < conf->instruments.count; i++) {
		const instrument_conf *from = &items[i];
		ix_risk_symbol details = {from->lot, from->tick_e4, from->tick_below_one_e4,
			from->average_volume, from->reference_e4, from->is_easy_to_borrow,
			from->is_short_sale_restricted};
		uint32_t index;
		int code = risk_symbol_need(r, from->name, &index, err);
		if (!code) code = risk_symbol_detail(r, index, &details, err);
		if (code) return code;
	}
	return 0;
}

/* ---- opening ---- */

static int check_options(ix_risk_options *o, ix_error *err) {
	if (!o->allocator) return ix_fail(err, IX_ERR_USAGE, "a risk engine needs an allocator");
	if (o->symbol_max == 0) o->symbol_max = DEFAULT_SYMBOLS;
	if (o->orders_max == 0) o->orders_max = DEFAULT_ORDERS;
	if (o->cell_max == 0) o->cell_max = DEFAULT_CELLS;
	if (o->queue_max == 0) o->queue_max = DEFAULT_QUEUE;
	if (o->limits_name.size == 0) o->limits_name = IX_STR("limits");
	if (o->symbol_max > IX_RISK_SYMBOL_MAX || o->orders_max > IX_RISK_ORDER_MAX ||
		o->cell_max > IX_RISK_CELL_MAX || o->queue_max > QUEUE_MAX)
		return ix_fail(err, IX_ERR_LIMIT, "at most %d symbols, %d orders and %d positions",
			IX_RISK_SYMBOL_MAX, IX_RISK_ORDER_MAX, IX_RISK_CELL_MAX);
	return 0;
}

/* The limits that were given; else those that the state knows. */
static int choose_limits(
	ix_risk *r, ix_arena *scratch, ix_str *ret_latest, uint64_t *ret_version, ix_error *err) {
	*ret_version = 0;
	*ret_latest = (ix_str){NULL, 0};
	int code = r->options.state_dir
			   ? risk_latest_limits(scratch, r->options.state_dir, ret_latest, ret_version, err)
			   : 0;
	if (code || r->options.limits.size) return code;
	if (*ret_version == 0)
		return ix_fail(err, IX_ERR_USAGE, "there are no limits: neither given nor in the state");
	r->options.limits = *ret_latest;
	return 0;
}

/* Takes up the state, and puts the limits on record when they are not those that it knows. */
static int take_up(ix_risk *r, ix_str latest, uint64_t version, ix_error *err) {
	ix_str text = r->options.limits;
	int code = version ? risk_recover(r, r->options.state_dir, err) : 0;
	if (!code && r->options.read_only) {
		atomic_load(&r->rules)->version = version ? version : 1;
		return 0;
	}
	if (!code) code = risk_state_open(r, err);
	bool is_new = version == 0 || !ix_str_equal(text, latest);
	atomic_load(&r->rules)->version = version + is_new;
	if (!code && is_new)
		code = risk_change_add(r, IX_RISK_CHANGE_LIMITS, IX_RISK_FIRM, (ix_str){"", 0},
			r->options.who.size ? r->options.who : IX_STR("start"),
			r->options.why.size ? r->options.why : r->options.limits_name, version + 1, text,
			err);
	return code;
}

static int fill(ix_risk *r, ix_arena *scratch, ix_error *err) {
	limits_conf conf;
	flat_node *flat = NULL;
	ruleset *rules = NULL;
	ix_str latest;
	uint64_t version;
	int code = choose_limits(r, scratch, &latest, &version, err);
	if (!code) code = risk_limits_parse(scratch, r->options.limits_name, r->options.limits, &conf, err);
	if (!code) code = risk_flatten(scratch, &conf, &flat, &r->node_count, err);
	if (!code) code = take_control(r, err);
	if (!code) code = take_nodes(r, flat, err);
	if (!code) code = take_tables(r, err);
	if (!code) code = add_instruments(r, &conf, err);
	if (!code) code = risk_ruleset_new(r, flat, &rules, err);
	if (code) return code;
	rules->version = 1;
	risk_loss_limits(r, rules);
	risk_swap_prepare(r);
	atomic_store_explicit(&r->rules, rules, memory_order_release);
	return r->options.state_dir ? take_up(r, latest, version, err) : 0;
}

int ix_risk_open(const ix_risk_options *options, ix_risk **ret_risk, ix_error *err) {
	ix_risk_options o = *options;
	int code = check_options(&o, err);
	if (code) return code;
	ix_risk *r = ix_allocate(o.allocator, sizeof *r, LINE);
	if (!r) return ix_fail(err, IX_ERR_MEMORY, "no memory for a risk engine");
	memset(r, 0, sizeof *r);
	r->options = o;
	r->symbol_max = o.symbol_max;
	r->is_single_thread = o.single_thread;
	r->clock = o.clock ? o.clock : ix_clock_real();
	ix_arena scratch;
	ix_arena_init(&scratch, o.allocator, 0, 0);
	code = fill(r, &scratch, err);
	ix_arena_fini(&scratch);
	r->options.limits = (ix_str){NULL, 0}; /* the caller's, and no longer needed */
	r->options.limits_name = r->options.who = r->options.why = (ix_str){NULL, 0};
	if (code)
		ix_risk_close(r);
	else
		*ret_risk = r;
	return code;
}

void ix_risk_close(ix_risk *r) {
	if (!r) return;
	struct control *c = r->control;
	risk_state_close(r);
	if (c) {
		risk_ruleset_free(r, atomic_load(&r->rules));
		for (int i = 0; i < LEVELS; i++) name_map_fini(&c->names[i]);
		name_map_fini(&c->symbols);
		ix_arena_fini(&c->arena);
		give(r, c->changes, IX_RISK_HISTORY_MAX, sizeof(ix_risk_change));
		(void)pthread_mutex_destroy(&c->lock);
		give(r, c, 1, sizeof *c);
	}
	give(r, r->cells, (size_t)r->cell_mask + 1, sizeof(cell));
	give(r, r->more, (size_t)r->cell_mask + 1, sizeof(cell_more));
	give(r, r->orders, r->order_max, sizeof(order_record));
	give(r, r->buckets, r->bucket_count, sizeof(uint32_t));
	give(r, r->entities, r->entity_count, sizeof(entity));
	give(r, r->nodes, r->node_count, sizeof(node));
	give(r, r->sessions, r->session_count, sizeof(session));
	give(r, r->symbols, r->symbol_max, sizeof(symbol));
	ix_release(r->options.allocator, r, sizeof *r, LINE);
}
