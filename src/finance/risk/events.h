/* events.h - what happens to orders and prices, as the doors and the replay of a journal both do it. */
#ifndef INOX_RISK_EVENTS_H
#define INOX_RISK_EVENTS_H

#include "engine.h"

/* False: nothing happened, since there is no such order or the numbers are not those of one. */
bool risk_do_ack(ix_risk *r, session *s, uint64_t id);
bool risk_do_reject(ix_risk *r, session *s, uint64_t id);
bool risk_do_cancel(ix_risk *r, session *s, uint64_t id, int64_t quantity);
bool risk_do_fill(ix_risk *r, session *s, uint64_t id, int64_t quantity, int64_t price);
bool risk_do_adjust(ix_risk *r, session *s, uint32_t symbol_index, int64_t quantity, int64_t price);
void risk_do_day(ix_risk *r);
bool risk_do_mark(ix_risk *r, symbol *y, int64_t mark); /* false: nobody holds it */

void risk_raise_best(entity *e);
bool risk_is_over_loss(const entity *e);
/* Throws the switch of whatever node of the entity is over its limit on losses. Takes the control lock. */
void risk_trip(ix_risk *r, uint32_t entity_index);

#endif
