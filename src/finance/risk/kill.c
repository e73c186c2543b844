/* kill.c - kill switches and what is remembered of them: thrown by one, or by a limit on losses; lifted by
 * two. Switches are bits that a check sees at its next turn. */
#include "kill.h"
#include "events.h"
#include "state.h"

/* ---- history ---- */

static void copy_text(char *out, size_t capacity, ix_str text) {
	size_t size = text.size < capacity - 1 ? text.size : capacity - 1;
	if (size) memcpy(out, text.data, size);
	out[size] = 0;
}

void risk_remember(ix_risk *r, const ix_risk_change *change) {
	struct control *c = r->control;
	c->changes[c->change_total % IX_RISK_HISTORY_MAX] = *change;
	c->change_total = change->sequence;
}

int risk_change_add(ix_risk *r, ix_risk_change_kind kind, ix_risk_level level, ix_str name, ix_str who,
	ix_str why, uint64_t version, ix_str text, ix_error *err) {
	ix_risk_change change = {.sequence = r->control->change_total + 1,
		.time_ns = ix_clock_now(r->clock),
		.version = version,
		.kind = (uint8_t)kind,
		.level = (uint8_t)level};
	copy_text(change.name, sizeof change.name, name);
	copy_text(change.who, sizeof change.who, who);
	copy_text(change.why, sizeof change.why, why);
	int code = r->state ? risk_state_note_change(r, &change, text, err) : 0;
	if (!code) risk_remember(r, &change);
	return code;
}

size_t ix_risk_get_history(ix_risk *r, ix_risk_change *ret_changes, size_t capacity) {
	struct control *c = control_lock(r);
	uint64_t kept = c->change_total < IX_RISK_HISTORY_MAX ? c->change_total : IX_RISK_HISTORY_MAX;
	size_t count = kept < capacity ? (size_t)kept : capacity;
	for (size_t i = 0; i < count; i++)
		ret_changes[i] = c->changes[(c->change_total - count + i) % IX_RISK_HISTORY_MAX];
	control_unlock(r);
	return count;
}

int ix_risk_certify(ix_risk *r, ix_str who, ix_str why, ix_error *err) {
	if (who.size == 0) return ix_fail(err, IX_ERR_DENIED, "a review needs the name of who made it");
	(void)control_lock(r);
	int code = risk_change_add(r, IX_RISK_CHANGE_CERTIFY, IX_RISK_FIRM, r->nodes[0].name, who, why,
		atomic_load(&r->rules)->version, (ix_str){NULL, 0}, err);
	control_unlock(r);
	return code;
}

/* ---- switches ---- */

/* The bits of a switch: an entity's, one for each level, or a symbol's. */
typedef struct switch_place {
	_Atomic uint32_t *bits;
	uint32_t bit;
	approval *first; /* who has asked to lift it */
} switch_place;

static int find_switch(ix_risk *r, ix_risk_level level, ix_str name, switch_place *ret_place, ix_error *err) {
	if (level == IX_RISK_SYMBOL) {
		const uint32_t *index = name_map_find(&r->control->symbols, name);
		if (!index)
			return ix_fail(err, IX_ERR_NOT_FOUND, "there is no symbol '%.*s'", IX_STR_ARG(name));
		*ret_place = (switch_place){
			&r->symbols[*index].flags, SYMBOL_KILLED, &r->symbols[*index].approval};
		return 0;
	}
	uint32_t index = risk_node_find(r->control, level, name);
	if (index == NONE)
		return ix_fail(err, IX_ERR_NOT_FOUND, "there is no %s '%.*s'", ix_risk_level_name(level),
			IX_STR_ARG(name));
	*ret_place = (switch_place){
		&r->entities[r->nodes[index].entity].killed, 1U << level, &r->nodes[index].approval};
	return 0;
}

int risk_switch_set(
	ix_risk *r, ix_risk_level level, ix_str name, bool is_thrown, ix_str asked_by, ix_error *err) {
	switch_place place = {0};
	int code = find_switch(r, level, name, &place, err);
	if (!place.first) return code;
	if (is_thrown)
		atomic_fetch_or(place.bits, place.bit);
	else if (asked_by.size == 0)
		atomic_fetch_and(place.bits, ~place.bit);
	copy_text(place.first->who, sizeof place.first->who, asked_by);
	return 0;
}

static int throw(ix_risk * r, ix_risk_change_kind kind, ix_risk_level level, ix_str name, ix_str reason,
	ix_str who, ix_error *err) {
	switch_place place = {0};
	int code = find_switch(r, level, name, &place, err);
	if (!place.first || (atomic_load(place.bits) & place.bit)) return code;
	/* Blocked first: a journal that cannot take the change does not keep orders going. */
	atomic_fetch_or(place.bits, place.bit);
	place.first->who[0] = 0;
	code = risk_change_add(
		r, kind, level, name, who, reason, atomic_load(&r->rules)->version, (ix_str){NULL, 0}, err);
	if (r->options.mass_cancel) r->options.mass_cancel(r->options.context, level, name, reason);
	return code;
}

int ix_risk_kill(ix_risk *r, ix_risk_level level, ix_str name, ix_str reason, ix_str who, ix_error *err) {
	(void)control_lock(r);
	int code = throw(r, IX_RISK_CHANGE_KILL, level, name, reason, who, err);
	control_unlock(r);
	return code;
}

/* Under the lock. */
static int lift(ix_risk *r, ix_risk_level level, ix_str name, ix_str who, bool *ret_pending, ix_error *err) {
	switch_place place = {0};
	int code = find_switch(r, level, name, &place, err);
	if (!place.first) return code;
	if (!(atomic_load(place.bits) & place.bit))
		return ix_fail(err, IX_ERR_CONFLICT, "%s '%.*s' is not blocked", ix_risk_level_name(level),
			IX_STR_ARG(name));
	bool is_second = place.first->who[0];
	if (is_second && ix_str_equal(ix_str_from(place.first->who), who))
		return ix_fail(err, IX_ERR_DENIED, "'%.*s' has approved already: it takes somebody else",
			IX_STR_ARG(who));
	code = risk_change_add(r, is_second ? IX_RISK_CHANGE_UNKILL : IX_RISK_CHANGE_UNKILL_ASKED, level,
		name, who, (ix_str){"", 0}, atomic_load(&r->rules)->version, (ix_str){NULL, 0}, err);
	if (code) return code;
	copy_text(place.first->who, sizeof place.first->who, is_second ? (ix_str){NULL, 0} : who);
	if (is_second) atomic_fetch_and(place.bits, ~place.bit);
	if (ret_pending) *ret_pending = !is_second;
	return 0;
}

int ix_risk_unkill(
	ix_risk *r, ix_risk_level level, ix_str name, ix_str who, bool *ret_pending, ix_error *err) {
	if (who.size == 0 || who.size > IX_RISK_TEXT_MAX)
		return ix_fail(err, IX_ERR_DENIED, "lifting a block needs the name of who approves");
	(void)control_lock(r);
	int code = lift(r, level, name, who, ret_pending, err);
	control_unlock(r);
	return code;
}

void risk_trip(ix_risk *r, uint32_t entity_index) {
	entity *e = &r->entities[entity_index];
	(void)control_lock(r);
	const limit_table *t = atomic_load(&r->rules)->of[entity_index];
	int64_t pnl = get(&e->pnl_e4);
	bool is_loss = -pnl > t->hard[IX_RISK_LIMIT_DAILY_LOSS],
	     is_fall = get(&e->pnl_best_e4) - pnl > t->hard[IX_RISK_LIMIT_DRAWDOWN];
	ix_risk_level level =
		(ix_risk_level)t->hard_level[is_loss ? IX_RISK_LIMIT_DAILY_LOSS : IX_RISK_LIMIT_DRAWDOWN];
	if (!r->is_replaying && (is_loss || is_fall) && e->nodes[level] != NONE)
		(void) throw(r, IX_RISK_CHANGE_TRIP, level, r->nodes[e->nodes[level]].name,
			is_loss ? IX_STR("the day's loss is over its limit")
				: IX_STR("the fall from the day's best is over its limit"),
			IX_STR("risk engine"), NULL);
	control_unlock(r);
}
