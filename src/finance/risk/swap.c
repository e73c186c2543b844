/* swap.c - new limits while orders are checked. A check stores an odd turn in its session, loads the pointer
 * to the limits, and stores an even turn when it is done with them. Here the pointer is exchanged first; then
 * every thread of the process is made to run a full memory barrier (membarrier(2), private expedited). After
 * it a check that still has the old pointer has its odd turn in sight, and one whose turn looks even will
 * load the new pointer. So it is enough to wait for the turns that are odd now to move on, and the old limits
 * can be freed. The cost is the writer's: a check has no fence. Where the kernel refuses membarrier, checks
 * have one (needs_fence). */
#include "control.h"
#include "kill.h"

#include <linux/membarrier.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

static bool barrier(int command) { return syscall(SYS_membarrier, command, 0, 0) == 0; }

void risk_swap_prepare(ix_risk *r) {
	r->needs_fence = !r->is_single_thread && !barrier(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED);
}

static void wait_for_checks(ix_risk *r) {
	atomic_thread_fence(memory_order_seq_cst);
	if (!r->needs_fence && !r->is_single_thread) (void)barrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED);
	for (uint32_t i = 0; i < r->session_count; i++) {
		uint32_t turn = atomic_load_explicit(&r->sessions[i].turn, memory_order_acquire);
		if (turn % 2 == 0) continue;
		while (atomic_load_explicit(&r->sessions[i].turn, memory_order_acquire) == turn)
			(void)sched_yield();
	}
}

/* Limits on losses, where prices find them without looking at the limits. */
void risk_loss_limits(ix_risk *r, const ruleset *rules) {
	for (uint32_t i = 0; i < r->entity_count; i++) {
		put(&r->entities[i].loss_max_e4, rules->of[i]->hard[IX_RISK_LIMIT_DAILY_LOSS]);
		put(&r->entities[i].drawdown_max_e4, rules->of[i]->hard[IX_RISK_LIMIT_DRAWDOWN]);
	}
}

/* A ratio that was not looked at before starts from the orders of the sessions below. */
static void start_ratios(ix_risk *r, const ruleset *old, const ruleset *rules) {
	for (uint32_t i = 0; i < r->session_count; i++) {
		const session *s = &r->sessions[i];
		uint64_t orders =
			atomic_load_explicit(&r->entities[s->chain[0]].order_count, memory_order_relaxed);
		for (uint32_t k = 1; k < s->chain_count; k++) {
			entity *e = &r->entities[s->chain[k]];
			bool is_new = old->of[s->chain[k]]->fast[IX_RISK_LIMIT_ORDER_TO_TRADE] == NO_LIMIT &&
				      rules->of[s->chain[k]]->fast[IX_RISK_LIMIT_ORDER_TO_TRADE] != NO_LIMIT;
			if (is_new && e->is_shared) (void)atomic_fetch_add(&e->order_count, orders);
		}
	}
}

static void clear_ratios(ix_risk *r, const ruleset *old) {
	for (uint32_t i = 0; i < r->entity_count; i++) {
		if (r->entities[i].is_shared && old->of[i]->fast[IX_RISK_LIMIT_ORDER_TO_TRADE] == NO_LIMIT)
			atomic_store(&r->entities[i].order_count, 0);
	}
}

/* The file's levels in the engine's order. */
static int same_levels(ix_risk *r, ix_arena *arena, const flat_node *flat, uint32_t count,
	flat_node **ret_nodes, ix_error *err) {
	flat_node *nodes = ix_arena_array(arena, flat_node, count);
	if (!nodes) return ix_fail(err, IX_ERR_MEMORY, "no memory for limits");
	for (uint32_t i = 0; i < count; i++) {
		uint32_t index = risk_node_find(r->control, (ix_risk_level)flat[i].level, flat[i].conf->name);
		bool is_same = index != NONE && !nodes[index].conf &&
			       (flat[i].parent == NONE || ix_str_equal(r->nodes[r->nodes[index].parent].name,
								  flat[flat[i].parent].conf->name));
		if (!is_same)
			return ix_fail(err, IX_ERR_CONFLICT,
				"%s '%.*s' is new, or elsewhere than before: levels change with a restart "
				"only",
				ix_risk_level_name((ix_risk_level)flat[i].level),
				IX_STR_ARG(flat[i].conf->name));
		nodes[index] = (flat_node){flat[i].conf, r->nodes[index].parent, flat[i].level};
	}
	if (count != r->node_count)
		return ix_fail(err, IX_ERR_CONFLICT,
			"%u of %u levels are missing: levels change with a restart only",
			r->node_count - count, r->node_count);
	*ret_nodes = nodes;
	return 0;
}

int risk_rules_install(ix_risk *r, ix_str name, ix_str text, uint64_t version, ix_error *err) {
	ix_arena scratch;
	limits_conf conf;
	flat_node *flat, *nodes = NULL;
	uint32_t count = 0;
	ruleset *rules = NULL, *old = atomic_load(&r->rules);
	ix_arena_init(&scratch, r->options.allocator, 0, 0);
	int code = risk_limits_parse(&scratch, name, text, &conf, err);
	if (!code) code = risk_flatten(&scratch, &conf, &flat, &count, err);
	if (!code && count > r->node_count)
		code = ix_fail(err, IX_ERR_CONFLICT,
			"there are %u levels, and were %u: levels change with a restart only", count,
			r->node_count);
	if (!code) code = same_levels(r, &scratch, flat, count, &nodes, err);
	if (!code) code = risk_ruleset_new(r, nodes, &rules, err);
	ix_arena_fini(&scratch);
	if (code) return code;
	rules->version = version;
	clear_ratios(r, old);
	start_ratios(r, old, rules);
	risk_loss_limits(r, rules);
	atomic_store_explicit(&r->rules, rules, memory_order_seq_cst);
	wait_for_checks(r);
	risk_ruleset_free(r, old);
	return 0;
}

int ix_risk_limits_swap(ix_risk *r, ix_str text, ix_str who, ix_str why, ix_error *err) {
	(void)control_lock(r);
	uint64_t version = atomic_load(&r->rules)->version + 1;
	int code = risk_rules_install(r, IX_STR("limits"), text, version, err);
	if (!code)
		code = risk_change_add(r, IX_RISK_CHANGE_LIMITS, IX_RISK_FIRM, (ix_str){"", 0}, who, why,
			version, text, err);
	control_unlock(r);
	return code;
}

uint64_t ix_risk_limits_version(const ix_risk *r) {
	(void)control_lock(r);
	uint64_t version = atomic_load(&r->rules)->version;
	control_unlock(r);
	return version;
}
