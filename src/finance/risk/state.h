/* state.h - what happened, on its way to the journal: events of fixed size go through a bounded queue without
 * a lock, and ix_risk_commit() writes what is in it. */
#ifndef INOX_RISK_STATE_H
#define INOX_RISK_STATE_H

#include "check.h"

typedef enum event_kind {
	EVENT_ORDER = 1,
	EVENT_REPLACE,
	EVENT_ACK,
	EVENT_REJECT,
	EVENT_CANCEL,
	EVENT_FILL,
	EVENT_ADJUST, /* `id` is the symbol */
	EVENT_MARK,   /* `session` is the symbol */
	EVENT_DAY,
	EVENT_BREACH, /* of an order that was rejected or warned of */
	EVENT_KIND_COUNT,
} event_kind;

typedef struct event {
	uint64_t id, time_ns;
	int64_t quantity, price;
	uint64_t other;    /* of an order: what a share is valued at; of a breach: the warnings */
	uint64_t replaced; /* of a replacement: the old id; of a breach: the rejects */
	uint32_t session, symbol;
	uint8_t kind, side, flags, level;
	uint8_t limit, unused[3];
} event;

/* False: the queue is full, and nothing was noted. */
bool risk_state_note_order(ix_risk *r, const ix_risk_order *o, int64_t price);
bool risk_state_note_replace(ix_risk *r, const ix_risk_order *o, uint64_t old_id, int64_t price);
/* Waits for the disk when the queue is full: what has happened is never left out. */
void risk_state_note_event(ix_risk *r, event_kind kind, uint32_t session_index, uint64_t id, int64_t quantity,
	int64_t price, uint64_t time_ns);
/* Left out when the queue is half full: it is only for reports, and must not stop orders. */
void risk_state_note_breach(const inquiry *q);
/* At once, durable before it returns. Under the control lock. */
int risk_state_note_change(ix_risk *r, const ix_risk_change *change, ix_str text, ix_error *err);
/* What an index means from now on. */
int risk_state_note_name(ix_risk *r, bool is_symbol, uint32_t index, ix_str name, ix_error *err);

#endif
