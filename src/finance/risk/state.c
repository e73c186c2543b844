/* state.c - events on their way to the journal: a bounded queue that several threads put into without a lock
 * (Vyukov's bounded queue: a place has a sequence number, which says whose turn it is). Taking out is under
 * a lock, and not in the way of a check. */
#include "state_inside.h"

/* ---- putting in ---- */

static bool queue_put(struct state *q, const event *e) {
	uint64_t at = atomic_load_explicit(&q->tail, memory_order_relaxed);
	for (;;) {
		place *p = &q->places[at & q->mask];
		int64_t turn = (int64_t)(atomic_load_explicit(&p->sequence, memory_order_acquire) - at);
		if (turn < 0) return false;
		if (turn > 0) {
			at = atomic_load_explicit(&q->tail, memory_order_relaxed);
			continue;
		}
		if (!atomic_compare_exchange_weak_explicit(
			    &q->tail, &at, at + 1, memory_order_relaxed, memory_order_relaxed))
			continue;
		p->event = *e;
		atomic_store_explicit(&p->sequence, at + 1, memory_order_release);
		return true;
	}
}

bool state_queue_take(struct state *q, event *ret_event) {
	place *p = &q->places[q->head & q->mask];
	if (atomic_load_explicit(&p->sequence, memory_order_acquire) != q->head + 1) return false;
	*ret_event = p->event;
	atomic_store_explicit(&p->sequence, q->head + q->mask + 1, memory_order_release);
	q->head++;
	return true;
}

/* ---- what is noted ---- */

static event event_of(event_kind kind, const ix_risk_order *o, int64_t price) {
	return (event){.id = o->id,
		.time_ns = o->time_ns,
		.quantity = o->quantity,
		.price = o->price_e4,
		.other = (uint64_t)price,
		.session = o->session,
		.symbol = o->symbol,
		.kind = (uint8_t)kind,
		.side = o->side,
		.flags = o->flags};
}

bool state_note_order(ix_risk *r, const ix_risk_order *o, int64_t price) {
	event e = event_of(EVENT_ORDER, o, price);
	return queue_put(r->state, &e);
}

bool state_note_replace(ix_risk *r, const ix_risk_order *o, uint64_t old_id, int64_t price) {
	event e = event_of(EVENT_REPLACE, o, price);
	e.replaced = old_id;
	return queue_put(r->state, &e);
}

static void must_note(ix_risk *r, const event *e) {
	while (!queue_put(r->state, e)) {
		if (ix_risk_commit(r, NULL) != 0) {
			/* The disk is lost: what is held stays right in memory, and no order passes any more.
			 */
			atomic_store_explicit(&r->state->is_lost, true, memory_order_relaxed);
			return;
		}
	}
}

void state_note_event(ix_risk *r, event_kind kind, uint32_t session_index, uint64_t id, int64_t quantity,
	int64_t price, uint64_t time_ns) {
	event e = {.id = id,
		.time_ns = time_ns,
		.quantity = quantity,
		.price = price,
		.session = session_index,
		.kind = (uint8_t)kind};
	must_note(r, &e);
}

void state_note_breach(const inquiry *q) {
	event e = event_of(EVENT_BREACH, q->order, 0);
	e.replaced = q->rejects;
	e.other = q->warnings;
	e.level = q->first.level;
	e.limit = q->first.limit;
	(void)queue_put(q->risk->state, &e);
}

/* ---- writing ---- */

/* Several events a record: a record's header is as large as an event. */
static int write_queue(struct state *q, ix_error *err) {
	event batch[EVENT_BATCH];
	for (size_t count = EVENT_BATCH; count == EVENT_BATCH;) {
		count = 0;
		while (count < EVENT_BATCH && state_queue_take(q, &batch[count])) count++;
		if (count == 0) return 0;
		int code = ix_journal_append(q->journal, RECORD_EVENTS,
			(ix_bytes){(const uint8_t *)batch, count * sizeof(event)}, NULL, err);
		if (code) return code;
	}
	return 0;
}

int ix_risk_commit(ix_risk *r, ix_error *err) {
	struct state *q = r->state;
	if (!q) return 0;
	(void)pthread_mutex_lock(&q->lock);
	int code = write_queue(q, err);
	if (!code) code = ix_journal_commit(q->journal, err);
	(void)pthread_mutex_unlock(&q->lock);
	return code;
}

int state_note_change(ix_risk *r, const ix_risk_change *change, ix_str text, ix_error *err) {
	struct state *q = r->state;
	const ix_bytes parts[] = {{(const uint8_t *)change, sizeof *change}, ix_str_bytes(text)};
	(void)pthread_mutex_lock(&q->lock);
	int code = write_queue(q, err);
	if (!code)
		code = ix_journal_append_parts(
			q->journal, RECORD_CHANGE, change->time_ns, parts, text.size ? 2 : 1, NULL, err);
	if (!code) code = ix_journal_commit(q->journal, err);
	(void)pthread_mutex_unlock(&q->lock);
	return code;
}
