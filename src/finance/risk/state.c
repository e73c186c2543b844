/* state.c - events on their way to the journal: a bounded queue that several threads put into without a lock
 * (Vyukov's bounded queue: a place has a sequence number, which says whose turn it is). Taking out is under
 * a lock, and not in the way of a check. */
#include "snapshot.h"
#include "state_inside.h"

/* ---- putting in ---- */

static bool queue_put(struct state *q, const event *e) {
	if (IX_UNLIKELY(atomic_load_explicit(&q->is_lost, memory_order_relaxed))) return false;
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

/* Whether the place half a queue ahead was taken out already. */
static bool is_half_empty(const struct state *q) {
	uint64_t at = atomic_load_explicit(&q->tail, memory_order_relaxed) + q->mask / 2;
	return atomic_load_explicit(&q->places[at & q->mask].sequence, memory_order_relaxed) == at;
}

bool risk_state_queue_take(struct state *q, event *ret_event) {
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

bool risk_state_note_order(ix_risk *r, const ix_risk_order *o, int64_t price) {
	event e = event_of(EVENT_ORDER, o, price);
	return queue_put(r->state, &e);
}

bool risk_state_note_replace(ix_risk *r, const ix_risk_order *o, uint64_t old_id, int64_t price) {
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

void risk_state_note_event(ix_risk *r, event_kind kind, uint32_t session_index, uint64_t id, int64_t quantity,
	int64_t price, uint64_t time_ns) {
	event e = {.id = id,
		.time_ns = time_ns,
		.quantity = quantity,
		.price = price,
		.session = session_index,
		.kind = (uint8_t)kind};
	must_note(r, &e);
}

void risk_state_note_breach(const inquiry *q) {
	if (!is_half_empty(q->risk->state)) return;
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
		while (count < EVENT_BATCH && risk_state_queue_take(q, &batch[count])) count++;
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
	if (atomic_load_explicit(&q->is_lost, memory_order_relaxed))
		return ix_fail(err, IX_ERR_IO, "the journal has lost what happened: it takes a restart");
	(void)pthread_mutex_lock(&q->lock);
	int code = write_queue(q, err);
	if (!code) code = ix_journal_commit(q->journal, err);
	(void)pthread_mutex_unlock(&q->lock);
	return code;
}

int risk_state_note_change(ix_risk *r, const ix_risk_change *change, ix_str text, ix_error *err) {
	struct state *q = r->state;
	uint8_t bytes[CHANGE_MAX];
	ix_writer w = ix_writer_of(bytes, sizeof bytes);
	risk_write_change(&w, change);
	IX_ASSERT(!w.failed);
	const ix_bytes parts[] = {{bytes, w.size}, ix_str_bytes(text)};
	(void)pthread_mutex_lock(&q->lock);
	int code = write_queue(q, err);
	if (!code)
		code = ix_journal_append_parts(
			q->journal, RECORD_CHANGE, change->time_ns, parts, text.size ? 2 : 1, NULL, err);
	if (!code) code = ix_journal_commit(q->journal, err);
	(void)pthread_mutex_unlock(&q->lock);
	return code;
}

int risk_state_note_name(ix_risk *r, bool is_symbol, uint32_t index, ix_str name, ix_error *err) {
	struct state *q = r->state;
	uint8_t bytes[8 + IX_RISK_NAME_MAX];
	ix_writer w = ix_writer_of(bytes, sizeof bytes);
	ix_write_u8(&w, is_symbol);
	ix_write_u32_le(&w, index);
	ix_write_u16_le(&w, (uint16_t)name.size);
	ix_write_str(&w, name);
	IX_ASSERT(!w.failed);
	(void)pthread_mutex_lock(&q->lock);
	int code = write_queue(q, err);
	if (!code) code = ix_journal_append(q->journal, RECORD_NAMES, (ix_bytes){bytes, w.size}, NULL, err);
	(void)pthread_mutex_unlock(&q->lock);
	return code;
}

/* ---- opening ---- */

static int note_all_names(ix_risk *r, ix_error *err) {
	int code = 0;
	for (uint32_t i = 0; !code && i < r->session_count; i++)
		code = risk_state_note_name(r, false, i, ix_risk_session_name(r, i), err);
	for (uint32_t i = 0; !code && i < ix_risk_symbol_count(r); i++)
		code = risk_state_note_name(r, true, i, r->symbols[i].name, err);
	return code;
}

int risk_state_open(ix_risk *r, ix_error *err) {
	struct state *q = ix_allocate(r->options.allocator, sizeof *q, LINE);
	if (!q) return ix_fail(err, IX_ERR_MEMORY, "no memory for a journal");
	memset(q, 0, sizeof *q);
	size_t places = 2;
	while (places < r->options.queue_max) places *= 2;
	q->mask = places - 1;
	q->places = ix_allocate(r->options.allocator, places * sizeof(place), LINE);
	(void)pthread_mutex_init(&q->lock, NULL);
	r->state = q;
	if (!q->places) return ix_fail(err, IX_ERR_MEMORY, "no memory for %zu events", places);
	memset(q->places, 0, places * sizeof(place));
	for (size_t i = 0; i < places; i++)
		atomic_store_explicit(&q->places[i].sequence, i, memory_order_relaxed);
	ix_journal_options options = {.application = "risk", .payload_max = STATE_PAYLOAD_MAX};
	int code = ix_journal_open(r->options.state_dir, &options, &q->journal, NULL, err);
	return code ? code : note_all_names(r, err);
}

void risk_state_close(ix_risk *r) {
	struct state *q = r->state;
	if (!q) return;
	if (q->journal) (void)ix_risk_commit(r, NULL);
	(void)ix_journal_close(q->journal, NULL);
	ix_release(r->options.allocator, q->places, (q->mask + 1) * sizeof(place), LINE);
	(void)pthread_mutex_destroy(&q->lock);
	ix_release(r->options.allocator, q, sizeof *q, LINE);
	r->state = NULL;
}

/* ---- snapshots ---- */

static int write_snapshot(ix_risk *r, ix_bytes bytes, ix_error *err) {
	struct state *q = r->state;
	ix_journal_snapshot_out *out = NULL;
	int code = ix_journal_snapshot_begin(q->journal, ix_journal_last_sequence(q->journal), &out, err);
	if (code) return code;
	code = ix_journal_snapshot_write(out, bytes.data, bytes.size, err);
	if (code) {
		ix_journal_snapshot_abort(out);
		return code;
	}
	return ix_journal_snapshot_commit(out, err);
}

int ix_risk_checkpoint(ix_risk *r, ix_error *err) {
	int code = ix_risk_commit(r, err);
	if (code || !r->state) return code;
	ix_writer w = ix_writer_of(NULL, 0);
	(void)ix_risk_snapshot(r, &w, NULL);
	size_t size = w.needed;
	uint8_t *bytes = ix_allocate(r->options.allocator, size, 1);
	if (!bytes) return ix_fail(err, IX_ERR_MEMORY, "no memory for a snapshot of %zu bytes", size);
	w = ix_writer_of(bytes, size);
	code = ix_risk_snapshot(r, &w, err);
	if (!code) code = write_snapshot(r, (ix_bytes){bytes, w.size}, err);
	ix_release(r->options.allocator, bytes, size, 1);
	/* Events after it speak of indices again, and the journal's older names may be dropped one day. */
	if (!code) code = note_all_names(r, err);
	if (!code) code = ix_risk_commit(r, err);
	return code;
}
