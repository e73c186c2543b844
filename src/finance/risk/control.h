/* control.h - what is not on the path of an order: names, versions of the limits, kill switches, history.
 * Everything here is under the lock. */
#ifndef INOX_RISK_CONTROL_H
#define INOX_RISK_CONTROL_H

#include "engine.h"
#include "limits.h"

#include <inox/map.h>

IX_MAP(name_map, ix_str, uint32_t, ix_hash_str, ix_equal_str);

struct control {
	pthread_mutex_t lock;
	ix_arena arena;         /* names; nothing is ever taken back */
	name_map names[LEVELS]; /* of nodes */
	name_map symbols;
	ix_risk_change *changes; /* a ring of the latest IX_RISK_HISTORY_MAX */
	uint64_t change_total;
};

static inline struct control *control_lock(const ix_risk *r) {
	(void)pthread_mutex_lock(&r->control->lock);
	return r->control;
}
static inline void control_unlock(const ix_risk *r) { (void)pthread_mutex_unlock(&r->control->lock); }

/* ---- rules.c ---- */

/* A node of a limits file, with its parent's index. */
typedef struct flat_node {
	const level_conf *conf;
	uint32_t parent;
	uint8_t level;
} flat_node;

int risk_flatten(
	ix_arena *arena, const limits_conf *conf, flat_node **ret_nodes, uint32_t *ret_count, ix_error *err);
/* For nodes in the engine's own order. */
int risk_ruleset_new(ix_risk *r, const flat_node *nodes, ruleset **ret_rules, ix_error *err);
void risk_ruleset_free(ix_risk *r, ruleset *rules);
/* The index of a symbol that has to be there from now on. Under the lock. */
int risk_symbol_need(ix_risk *r, ix_str name, uint32_t *ret_symbol, ix_error *err);
/* Gives a symbol its details. Under the lock. */
int risk_symbol_detail(ix_risk *r, uint32_t index, const ix_risk_symbol *details, ix_error *err);

/* ---- kill.c ---- */
/* NONE when there is none of that name. Under the lock. */
uint32_t risk_node_find(const struct control *c, ix_risk_level level, ix_str name);

#endif
