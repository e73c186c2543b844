/* cmd.h - the doors of `inox risk`, one a verb, and what they share. */
#ifndef INOX_RISK_CMD_H
#define INOX_RISK_CMD_H

#include <inox/risk_text.h>
#include <inox/room.h>

int ix_risk_cmd_check(ix_call *call);
int ix_risk_cmd_what_if(ix_call *call);
int ix_risk_cmd_limits(ix_call *call);
int ix_risk_cmd_kill(ix_call *call);
int ix_risk_cmd_unkill(ix_call *call);
int ix_risk_cmd_certify(ix_call *call);
int ix_risk_cmd_report(ix_call *call);
int ix_risk_tour(const ix_tour_context *context, ix_tour_report *ret_report, ix_error *err);

/* An engine for the verb: with the limits in `text` (of the file `path`), with --state DIR, or both. Without
 * a text those of the state are in force. */
int risk_cmd_open(ix_call *call, const char *path, ix_str text, bool read_only, ix_risk **ret_risk);
/* The file behind --limits or an operand, whole; released with risk_cmd_release. Empty where `path` is NULL.
 */
int risk_cmd_read(ix_call *call, const char *path, ix_str *ret_text);
void risk_cmd_release(ix_str text);
/* "OrderTooLarge, NotALot"; "–" for none. Returns `out`. */
enum { RISK_CMD_NAMES_MAX = 1024 };
ix_str risk_cmd_names(ix_risk_reasons reasons, char out[RISK_CMD_NAMES_MAX]);
/* "2026-01-05T15:00:00.000Z". */
ix_str risk_cmd_time(int64_t ns, char out[48]);
uint64_t risk_cmd_now(void);

#endif
