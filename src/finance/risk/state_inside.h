/* state_inside.h - the queue and the journal behind it, for state.c and recover.c. */
#ifndef INOX_RISK_STATE_INSIDE_H
#define INOX_RISK_STATE_INSIDE_H

#include "kill.h"
#include "state.h"

#include <inox/journal.h>

typedef struct place {
	_Alignas(LINE) _Atomic uint64_t sequence;
	event event;
} place;

struct state {
	_Alignas(LINE) _Atomic uint64_t tail;
	_Alignas(LINE) uint64_t head; /* under the lock, as is all below but `is_lost` */
	uint64_t mask;
	place *places;
	pthread_mutex_t lock;
	ix_journal *journal;
	_Atomic bool is_lost; /* the disk refused what had happened */
};

/* What a record of the journal is. */
enum { EVENT_BATCH = 256, STATE_PAYLOAD_MAX = 8 << 20, CHANGE_MAX = 512 };
enum { RECORD_EVENTS = 1, RECORD_NAMES = 2, RECORD_CHANGE = 3 };

/* Under the state's lock. */
bool risk_state_queue_take(struct state *q, event *ret_event);

int risk_state_open(ix_risk *r, ix_error *err);
void risk_state_close(ix_risk *r);

#endif
