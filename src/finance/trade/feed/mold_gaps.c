/* mold_gaps.c - holes in the stream: waiting for them, saying that they are gaps, asking for them, giving
 * them up. */
#include "mold_receiver.h"

static void set_due(ix_mold_receiver *r, mold_hole *hole, int64_t wait_ns) {
	hole->due_ns = feed_time_after(&r->time, wait_ns);
	if (hole->due_ns < r->due_ns) r->due_ns = hole->due_ns;
}

static void report(ix_mold_receiver *r, uint64_t first, uint64_t end) {
	r->stats.gap_count++;
	r->stats.gap_messages += end - first;
	IX_ASSERT(r->report_count < MOLD_REPORT_MAX);
	r->reports[r->report_count++] = (mold_report){first, end - first};
	r->is_drained = false;
}

void mold_declare_gap(ix_mold_receiver *r, mold_hole *hole) {
	if (hole->is_gap) return;
	hole->is_gap = true;
	report(r, hole->first, hole->end);
	if (!r->options.rerequest) hole->is_lost = true;
}

/* Takes back what is stored of [first, end): it will be missing again. */
static void discard(ix_mold_receiver *r, uint64_t first, uint64_t end) {
	for (uint64_t q = first; q < end; q++) {
		if (!mold_window_has(&r->window, q)) continue;
		(void)mold_window_take(&r->window, q);
		r->stats.overrun_count++;
	}
}

void mold_open_hole(ix_mold_receiver *r, uint64_t first, uint64_t end) {
	mold_holes *holes = &r->holes;
	IX_ASSERT(holes->at);
	mold_hole *last = holes->count ? &holes->at[holes->count - 1] : NULL;
	bool is_full = holes->count == holes->capacity;
	if (last && (is_full || (last->end == first && !last->is_gap))) {
		/* One hole more would be too many: what lies between is asked for again. */
		uint64_t from = last->end;
		discard(r, from, first);
		last->end = end;
		if (last->is_gap) report(r, from, end);
	} else {
		holes->at[holes->count++] = (mold_hole){.first = first, .end = end};
		set_due(r, &holes->at[holes->count - 1], r->options.gap_wait_ns);
	}
	r->high = end;
}

void mold_answered(ix_mold_receiver *r, uint64_t end) {
	for (size_t i = 0; i < r->holes.count; i++) {
		if (r->holes.at[i].first != end) continue;
		r->holes.at[i].tries = 0;
		r->holes.at[i].is_asked = false;
		return;
	}
}

void mold_lose_all(ix_mold_receiver *r) {
	for (size_t i = 0; i < r->holes.count; i++) {
		mold_declare_gap(r, &r->holes.at[i]);
		r->holes.at[i].is_lost = true;
	}
	r->is_drained = false;
}

/* ---- time ---- */

void mold_tick(ix_mold_receiver *r, int64_t now_ns) {
	feed_time_tell(&r->time, now_ns);
	if (r->time.now_ns < r->due_ns || r->holes.count == 0) return;
	r->due_ns = INT64_MAX;
	for (size_t i = 0; i < r->holes.count; i++) {
		mold_hole *h = &r->holes.at[i];
		if (h->is_lost) continue;
		if (!h->is_gap && h->due_ns <= r->time.now_ns) mold_declare_gap(r, h);
		if (h->is_asked && h->due_ns <= r->time.now_ns) {
			h->is_asked = false;
			h->is_lost = h->tries >= r->options.tries;
			if (h->is_lost) r->is_drained = false;
		}
		if ((!h->is_gap || h->is_asked) && h->due_ns < r->due_ns) r->due_ns = h->due_ns;
	}
}

void ix_mold_receiver_advance(ix_mold_receiver *receiver, int64_t now_ns) { mold_tick(receiver, now_ns); }

void ix_mold_receiver_finish(ix_mold_receiver *receiver) {
	for (size_t i = 0; i < receiver->holes.count; i++) mold_declare_gap(receiver, &receiver->holes.at[i]);
}

void ix_mold_receiver_give_up(ix_mold_receiver *receiver) { mold_lose_all(receiver); }

/* ---- requests ---- */

static int64_t retry_wait(const ix_mold_options *options, unsigned tries) {
	int64_t wait = options->retry_wait_ns;
	for (unsigned i = 1; i < tries && wait < options->retry_wait_max_ns; i++)
		if (ix_add_overflow(wait, wait, &wait)) wait = INT64_MAX;
	return wait < options->retry_wait_max_ns ? wait : options->retry_wait_max_ns;
}

/* The hole to be asked for next, whenever that may be; NULL: none. What would not find room when it came is
 * not asked for: beyond the window, and, when the window is crowded, behind the first hole, whose messages
 * never wait. */
static const mold_hole *to_ask(const ix_mold_receiver *r) {
	if (!r->options.rerequest || !r->has_session || r->is_over) return NULL;
	size_t open = 0;
	const mold_hole *found = NULL;
	bool is_crowded = r->window.live_bytes > r->window.capacity / 2;
	for (size_t i = 0; i < r->holes.count; i++) {
		const mold_hole *h = &r->holes.at[i];
		open += h->is_asked;
		bool has_room = i == 0 || (!is_crowded && h->first - r->expected < r->window.slot_count);
		if (!found && h->is_gap && !h->is_asked && !h->is_lost && has_room) found = h;
	}
	return open < r->options.requests_open ? found : NULL;
}

bool ix_mold_receiver_request(ix_mold_receiver *receiver, uint8_t ret_request[IX_MOLD_HEADER_SIZE]) {
	ix_mold_receiver *r = receiver;
	const mold_hole *found = r->holes.count && r->time.now_ns >= r->request_at_ns ? to_ask(r) : NULL;
	if (!found) return false;
	mold_hole *hole = &r->holes.at[found - r->holes.at];
	uint64_t count = hole->end - hole->first, room = r->window.slot_count - (hole->first - r->expected);
	if (count > room) count = room;
	if (count > r->options.request_messages) count = r->options.request_messages;
	hole->is_asked = true;
	hole->tries++;
	set_due(r, hole, retry_wait(&r->options, hole->tries));
	r->request_at_ns = feed_time_after(&r->time, r->options.request_interval_ns);
	r->stats.request_count++;
	r->stats.request_messages += count;
	ix_mold_packet request = {.sequence = hole->first, .count = (uint16_t)count};
	memcpy(request.session, r->session, IX_MOLD_SESSION_SIZE);
	ix_writer writer = ix_writer_of(ret_request, IX_MOLD_HEADER_SIZE);
	ix_mold_encode(&writer, &request);
	return true;
}

int64_t ix_mold_receiver_deadline(const ix_mold_receiver *receiver) {
	const ix_mold_receiver *r = receiver;
	if (r->holes.count == 0) return INT64_MAX;
	int64_t due_ns = r->due_ns;
	if (due_ns > r->request_at_ns && to_ask(r)) due_ns = r->request_at_ns;
	return feed_time_deadline(&r->time, due_ns);
}
