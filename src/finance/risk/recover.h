/* recover.h - what a state directory holds, taken up at the start. */
#ifndef INOX_RISK_RECOVER_H
#define INOX_RISK_RECOVER_H

#include "engine.h"

/* The text and the version of the limits that were last in force; version 0: there is no state yet. The text
 * is in the arena. */
int risk_latest_limits(
	ix_arena *arena, const char *path, ix_str *ret_text, uint64_t *ret_version, ix_error *err);
/* Into an engine that is empty. */
int risk_recover(ix_risk *r, const char *path, ix_error *err);

#endif
