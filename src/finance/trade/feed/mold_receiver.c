/* mold_receiver.c - MoldUDP64 packets of several lines to one exact sequence of messages. What is missing:
 * mold_gaps.c. */
#include "mold_receiver.h"

/* ---- creation ---- */

static int64_t or_default(int64_t value, int64_t fallback) { return value ? value : fallback; }

static int check_options(const ix_mold_options *given, ix_mold_options *o, ix_error *err) {
	*o = given ? *given : (ix_mold_options){0};
	o->window_messages = o->window_messages ? o->window_messages : IX_MOLD_WINDOW_MESSAGES;
	o->window_bytes = o->window_bytes ? o->window_bytes : IX_MOLD_WINDOW_BYTES;
	o->gap_wait_ns = or_default(o->gap_wait_ns, IX_MOLD_GAP_WAIT_NS);
	o->retry_wait_ns = or_default(o->retry_wait_ns, IX_MOLD_RETRY_WAIT_NS);
	o->retry_wait_max_ns = or_default(o->retry_wait_max_ns, IX_MOLD_RETRY_WAIT_MAX_NS);
	o->request_interval_ns = or_default(o->request_interval_ns, IX_MOLD_REQUEST_INTERVAL_NS);
	o->request_messages = o->request_messages ? o->request_messages : IX_MOLD_REQUEST_MESSAGES;
	o->requests_open = o->requests_open ? o->requests_open : IX_MOLD_REQUESTS_OPEN;
	o->tries = o->tries ? o->tries : IX_MOLD_TRIES;
	if (o->window_messages > IX_MOLD_WINDOW_MESSAGES_MAX)
		return ix_fail(err, IX_ERR_LIMIT, "a window of %zu messages, over the limit of %d",
			o->window_messages, (int)IX_MOLD_WINDOW_MESSAGES_MAX);
	if (o->window_bytes < IX_MOLD_WINDOW_BYTES_MIN || o->window_bytes > IX_MOLD_WINDOW_BYTES_MAX)
		return ix_fail(err, IX_ERR_LIMIT, "a window of %zu bytes, not from %d to %d", o->window_bytes,
			(int)IX_MOLD_WINDOW_BYTES_MIN, (int)IX_MOLD_WINDOW_BYTES_MAX);
	if (o->gap_wait_ns < 0 || o->retry_wait_ns < 0 || o->retry_wait_max_ns < 0 ||
		o->request_interval_ns < 0)
		return ix_fail(err, IX_ERR_LIMIT, "a negative time to wait");
	if (o->request_messages > IX_MOLD_COUNT_MAX)
		return ix_fail(err, IX_ERR_LIMIT, "requests of %u messages, over the limit of %d",
			(unsigned)o->request_messages, (int)IX_MOLD_COUNT_MAX);
	size_t slots = 1;
	while (slots < o->window_messages) slots *= 2;
	o->window_messages = slots;
	return 0;
}

int ix_mold_receiver_new(const ix_allocator *allocator, const ix_mold_options *options,
	ix_mold_receiver **ret_receiver, ix_error *err) {
	ix_mold_options chosen = {0};
	int code = check_options(options, &chosen, err);
	if (code) return code;
	size_t slots_size = chosen.window_messages * sizeof(mold_slot);
	ix_mold_receiver *r = ix_allocate(allocator, sizeof *r, _Alignof(ix_mold_receiver));
	mold_slot *slots = ix_allocate(allocator, slots_size, _Alignof(mold_slot));
	uint8_t *bytes = ix_allocate(allocator, chosen.window_bytes, 1);
	if (!r || !slots || !bytes) {
		ix_release(allocator, r, sizeof *r, _Alignof(ix_mold_receiver));
		ix_release(allocator, slots, slots_size, _Alignof(mold_slot));
		ix_release(allocator, bytes, chosen.window_bytes, 1);
		return ix_fail(err, IX_ERR_MEMORY, "no memory for a window of %zu messages and %zu bytes",
			chosen.window_messages, chosen.window_bytes);
	}
	memset(r, 0, sizeof *r);
	r->allocator = allocator;
	r->options = chosen;
	if (chosen.session) {
		memcpy(r->fixed_session, chosen.session, IX_MOLD_SESSION_SIZE);
		r->is_session_fixed = true;
		r->options.session = NULL;
	}
	r->window = (mold_window){.slots = slots,
		.slot_count = chosen.window_messages,
		.bytes = bytes,
		.capacity = chosen.window_bytes};
	mold_window_clear(&r->window);
	r->holes = (mold_holes){r->hole_storage, 0, IX_MOLD_HOLE_MAX};
	r->due_ns = INT64_MAX;
	r->is_drained = true;
	*ret_receiver = r;
	return 0;
}

void ix_mold_receiver_free(ix_mold_receiver *receiver) {
	if (!receiver) return;
	const ix_allocator *allocator = receiver->allocator;
	mold_window *w = &receiver->window;
	ix_release(allocator, w->slots, w->slot_count * sizeof(mold_slot), _Alignof(mold_slot));
	ix_release(allocator, w->bytes, w->capacity, 1);
	ix_release(allocator, receiver, sizeof *receiver, _Alignof(ix_mold_receiver));
}

const ix_mold_stats *ix_mold_receiver_stats(const ix_mold_receiver *receiver) { return &receiver->stats; }
uint64_t ix_mold_receiver_expected(const ix_mold_receiver *receiver) { return receiver->expected; }

/* ---- packets in ---- */

static mold_line *line_of(ix_mold_receiver *r, unsigned line) {
	return &r->lines[line < IX_MOLD_LINE_MAX ? line : IX_MOLD_LINE_MAX];
}
static bool is_same_session(const uint8_t *a, const uint8_t *b) {
	return memcmp(a, b, IX_MOLD_SESSION_SIZE) == 0;
}
static bool is_data(const ix_mold_packet *p) { return p->count != 0 && p->count != IX_MOLD_COUNT_END; }

static void begin_session(ix_mold_receiver *r, const uint8_t *session, uint64_t first) {
	if (r->has_session) {
		memcpy(r->old_session, r->session, IX_MOLD_SESSION_SIZE);
		r->has_old_session = true;
		r->old_end = r->expected;
	}
	memcpy(r->session, session, IX_MOLD_SESSION_SIZE);
	r->has_session = r->is_session_due = true;
	r->is_end_known = r->is_over = r->has_current = false;
	r->expected = r->high = first;
	r->holes.count = 0;
	if (r->window.count) mold_window_clear(&r->window);
	for (size_t i = 0; i <= IX_MOLD_LINE_MAX; i++) mold_line_start(&r->lines[i], first);
	r->stats.session_count++;
}

/* Drops what was delivered from the front of the current packet. */
static void trim_current(ix_mold_receiver *r) {
	ix_bytes message;
	while (r->current.count > 0 && r->current.sequence < r->expected &&
		ix_mold_next(&r->current.blocks, &message)) {
		r->current.sequence++;
		r->current.count--;
	}
	r->has_current = r->current.count > 0;
}

static void count_new(ix_mold_receiver *r, uint64_t new_count, uint64_t redundant_count) {
	line_of(r, r->current_line)->stats.first_count += new_count;
	r->stats.redundant_count += redundant_count;
}

/* The current packet reaches up to `expected`: what follows directly is delivered from it. */
static void admit_current(ix_mold_receiver *r) {
	uint64_t end = r->current.sequence + r->current.count, filled = 0, of_gaps = 0;
	r->is_admitted = true;
	if (end > r->expected) {
		bool fits = mold_holes_fill(&r->holes, r->expected, end, &filled, &of_gaps);
		IX_ASSERT(fits); /* no hole begins before `expected`, so none is split */
		if (end > r->high) {
			filled += end - r->high;
			r->high = end;
		}
		r->stats.recovered_messages += of_gaps;
		if (r->current_line == IX_MOLD_LINE_REREQUEST) mold_answered(r, end);
	}
	count_new(r, filled, r->current.count - filled);
	trim_current(r);
}

/* Messages of the packet from `end` on, where their session was taken to be over, reach nobody. */
static void count_ignored(ix_mold_receiver *r, const ix_mold_packet *packet, unsigned line, uint64_t end) {
	if (!is_data(packet)) return;
	uint64_t first = packet->sequence > end ? packet->sequence : end,
		 behind = packet->sequence + packet->count;
	if (behind > first) line_of(r, line)->stats.ignored_count += behind - first;
}

/* A packet of the session. Its messages are left for ix_mold_receiver_next. */
static void receive(ix_mold_receiver *r, const ix_mold_packet *packet, unsigned line) {
	uint64_t first = packet->sequence, end = is_data(packet) ? first + packet->count : first;
	if (line != IX_MOLD_LINE_REREQUEST) mold_line_note(line_of(r, line), first, end);
	if (r->is_over) {
		count_ignored(r, packet, line, r->end);
		r->stats.redundant_count += end - first;
		return;
	}
	if (packet->count == IX_MOLD_COUNT_END || (r->is_end_known && end > r->end)) {
		r->is_end_known = true;
		r->end = end > r->high ? end : r->high;
	}
	if (first > r->high) mold_open_hole(r, r->high, first);
	if (!is_data(packet)) return;
	r->current = *packet;
	r->current_line = line;
	r->has_current = true;
	r->is_admitted = false;
}

/* Where the first session starts, whose first packet has this sequence number. */
static uint64_t first_of(const ix_mold_options *o, uint64_t sequence) {
	if (o->first_sequence) return o->first_sequence;
	bool is_late = sequence > o->start_sequence && sequence - o->start_sequence <= o->start_max;
	return is_late ? o->start_sequence : sequence;
}

/* Whether the packet is of the session that is followed, which may begin or change with it. */
static bool is_ours(ix_mold_receiver *r, const ix_mold_packet *packet, unsigned line) {
	if (r->has_session && is_same_session(packet->session, r->session)) return true;
	bool is_old = r->has_old_session && is_same_session(packet->session, r->old_session);
	bool is_foreign = (r->is_session_fixed && !is_same_session(packet->session, r->fixed_session)) ||
			  line == IX_MOLD_LINE_REREQUEST || is_old;
	if (is_foreign) {
		count_ignored(r, packet, line, is_old ? r->old_end : 0);
		line_of(r, line)->stats.foreign_count++;
		return false;
	}
	if (!r->has_session) {
		begin_session(r, packet->session, first_of(&r->options, packet->sequence));
		return true;
	}
	/* First what the old session still has is given out, then this packet begins the new one. */
	mold_lose_all(r);
	r->is_switching = r->has_current = true;
	r->current = *packet;
	r->current_line = line;
	return false;
}

int ix_mold_receiver_push(
	ix_mold_receiver *receiver, unsigned line, int64_t now_ns, ix_bytes datagram, ix_error *err) {
	ix_mold_receiver *r = receiver;
	if (line >= IX_MOLD_LINE_MAX && line != IX_MOLD_LINE_REREQUEST)
		return ix_fail(err, IX_ERR_USAGE, "there is no line %u, only 0 to %d", line,
			(int)IX_MOLD_LINE_MAX - 1);
	if (!r->is_drained)
		return ix_fail(err, IX_ERR_BUSY, "there are events to take before the next datagram");
	ix_mold_line_stats *stats = &line_of(r, line)->stats;
	ix_mold_packet packet;
	int code = ix_mold_decode(datagram, &packet, err);
	if (code) {
		stats->malformed_count++;
		return code;
	}
	mold_tick(r, now_ns);
	r->is_drained = false;
	stats->packet_count++;
	stats->byte_count += datagram.size;
	stats->last_ns = now_ns;
	stats->heartbeat_count += packet.count == 0;
	if (is_data(&packet)) stats->message_count += packet.count;
	if (is_ours(r, &packet, line)) receive(r, &packet, line);
	return 0;
}

/* ---- events out ---- */

static ix_mold_event_kind give(ix_mold_receiver *r, ix_mold_event *event, ix_mold_event_kind kind,
	uint64_t sequence, uint64_t count) {
	*event = (ix_mold_event){.kind = kind, .sequence = sequence, .count = count};
	memcpy(event->session, r->session, IX_MOLD_SESSION_SIZE);
	return kind;
}

static ix_mold_event_kind give_message(ix_mold_receiver *r, ix_mold_event *event, ix_bytes message) {
	r->stats.message_count++;
	give(r, event, IX_MOLD_MESSAGE, r->expected++, 1);
	event->message = message;
	return IX_MOLD_MESSAGE;
}

static ix_mold_event_kind give_current(ix_mold_receiver *r, ix_mold_event *event) {
	ix_bytes message = {0};
	bool has_message = ix_mold_next(&r->current.blocks, &message);
	IX_ASSERT_HOT(has_message);
	(void)has_message;
	if (mold_window_has(&r->window, r->expected)) (void)mold_window_take(&r->window, r->expected);
	r->current.sequence++;
	r->has_current = --r->current.count > 0;
	return give_message(r, event, message);
}

static bool is_current_ours(const ix_mold_receiver *r) { return r->has_current && !r->is_switching; }

static ix_mold_event_kind give_lost(ix_mold_receiver *r, ix_mold_event *event) {
	mold_hole hole = r->holes.at[0];
	if (is_current_ours(r) && r->current.sequence < hole.end) {
		hole.end = r->holes.at[0].first =
			r->current.sequence; /* not what the current packet brings */
	} else {
		mold_holes_remove(&r->holes, 0, 1);
	}
	r->expected = hole.end;
	r->stats.lost_count++;
	r->stats.lost_messages += hole.end - hole.first;
	return give(r, event, IX_MOLD_LOST, hole.first, hole.end - hole.first);
}

/* The current packet does not fit into the window: either the stream goes on without its first hole, or,
 * where that may still be filled, without the packet, which will be asked for again. */
static void relieve(ix_mold_receiver *r) {
	IX_ASSERT(r->holes.count > 0 && r->holes.at[0].first == r->expected);
	mold_declare_gap(r, &r->holes.at[0]);
	if (r->holes.at[0].is_lost) return;
	uint64_t end = r->current.sequence + r->current.count;
	r->stats.overrun_count += r->current.count;
	r->has_current = false;
	if (end > r->high) mold_open_hole(r, r->high, end);
}

/* Stores the current packet, which came before its turn, as far as there is room. False: there was not
 * enough. */
static bool store_current(ix_mold_receiver *r) {
	mold_window *w = &r->window;
	uint64_t first = r->current.sequence, end = first + r->current.count,
		 stop = r->expected + w->slot_count;
	if (stop < r->expected) stop = UINT64_MAX;
	uint64_t until = end < stop ? end : stop, filled = 0, of_gaps = 0;
	if (until <= first || !mold_window_make_room(w, r->current.count, r->current.blocks.size) ||
		!mold_holes_fill(&r->holes, first, until, &filled, &of_gaps))
		return false;
	uint64_t stored = 0;
	for (uint64_t q = first; q < until; q++) {
		ix_bytes message;
		if (!ix_mold_next(&r->current.blocks, &message)) break;
		if (mold_window_has(w, q)) continue;
		mold_window_put(w, q, message);
		stored++;
	}
	if (until > r->high) r->high = until;
	r->stats.window_messages_peak = w->count_peak;
	r->stats.window_bytes_peak = w->live_peak;
	r->stats.recovered_messages += of_gaps;
	count_new(r, stored, until - first - stored);
	if (r->current_line == IX_MOLD_LINE_REREQUEST && stored) mold_answered(r, until);
	r->current.sequence = until;
	r->current.count = (uint16_t)(end - until);
	r->has_current = r->current.count > 0;
	bool is_crowded = w->count > w->slot_count / 2 || w->live_bytes > w->capacity / 2;
	if (is_crowded && r->options.rerequest) mold_declare_gap(r, &r->holes.at[0]);
	return !r->has_current;
}

static void switch_session(ix_mold_receiver *r) {
	ix_mold_packet packet = r->current;
	r->is_switching = r->has_current = false;
	begin_session(r, packet.session, 1);
	receive(r, &packet, r->current_line);
}

static ix_mold_event_kind next_event(ix_mold_receiver *r, ix_mold_event *event) {
	if (r->is_session_due) {
		r->is_session_due = false;
		return give(r, event, IX_MOLD_SESSION, r->expected, 0);
	}
	if (r->report_at < r->report_count) {
		mold_report report = r->reports[r->report_at++];
		if (r->report_at == r->report_count) r->report_at = r->report_count = 0;
		return give(r, event, IX_MOLD_GAP, report.first, report.count);
	}
	if (is_current_ours(r) && !r->is_admitted && r->current.sequence <= r->expected) admit_current(r);
	if (is_current_ours(r) && r->is_admitted) return give_current(r, event);
	if (mold_window_has(&r->window, r->expected))
		return give_message(r, event, mold_window_take(&r->window, r->expected));
	if (r->holes.count && r->holes.at[0].first == r->expected && r->holes.at[0].is_lost)
		return give_lost(r, event);
	return IX_MOLD_NONE;
}

ix_mold_event_kind ix_mold_receiver_next(ix_mold_receiver *receiver, ix_mold_event *ret_event) {
	ix_mold_receiver *r = receiver;
	while (!r->is_drained) {
		ix_mold_event_kind kind = next_event(r, ret_event);
		if (kind != IX_MOLD_NONE) return kind;
		if (r->is_switching) {
			switch_session(r);
		} else if (r->has_current) {
			if (!store_current(r)) relieve(r);
		} else if (r->is_end_known && !r->is_over && r->expected >= r->end) {
			r->is_over = true;
			return give(r, ret_event, IX_MOLD_END, r->expected, 0);
		} else {
			r->is_drained = true;
		}
	}
	return IX_MOLD_NONE;
}
