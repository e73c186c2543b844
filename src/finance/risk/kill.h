/* kill.h - history and switches, for those who change them under the control lock. */
#ifndef INOX_RISK_KILL_H
#define INOX_RISK_KILL_H

#include "control.h"

/* Into the history, and first into the journal where there is one; `text` is that of new limits. */
int risk_change_add(ix_risk *r, ix_risk_change_kind kind, ix_risk_level level, ix_str name, ix_str who,
	ix_str why, uint64_t version, ix_str text, ix_error *err);
void risk_remember(ix_risk *r, const ix_risk_change *change);
/* As a journal says: thrown, lifted, or (`asked_by`) still thrown and one has asked to lift it. */
int risk_switch_set(
	ix_risk *r, ix_risk_level level, ix_str name, bool is_thrown, ix_str asked_by, ix_error *err);

/* ---- swap.c ---- */
void risk_swap_prepare(ix_risk *r);
void risk_loss_limits(ix_risk *r, const ruleset *rules);
/* Other limits in force at once, without a trace in the history. */
int risk_rules_install(ix_risk *r, ix_str name, ix_str text, uint64_t version, ix_error *err);

#endif
