/* snapshot.h - what of a snapshot's format the journal uses too. */
#ifndef INOX_RISK_SNAPSHOT_H
#define INOX_RISK_SNAPSHOT_H

#include "kill.h"

void risk_write_change(ix_writer *w, const ix_risk_change *change);
/* False: it is none. */
bool risk_read_change(ix_reader *in, ix_risk_change *ret_change);
ix_str risk_read_text(ix_reader *in, size_t size_max);
/* Into an engine that is empty; *ret_version is that of the limits that were in force. */
int risk_restore_from(ix_risk *r, ix_bytes bytes, uint64_t *ret_version, ix_error *err);

#endif
