/* tcp_stream.c - one direction of a TCP connection put back in order.
 *
 * Places in the stream are 64-bit offsets from its first byte; `origin` is the sequence number of offset 0. A
 * segment that is in order is given out from the caller's bytes; one that is early is copied into the ring (a
 * byte of offset o lies at o modulo its size), where `ranges` says what is filled. `over_at` is how far
 * waiting is over: what is missing in front of it is a gap. */
#include "tcp_stream.h"

typedef struct range {
	uint64_t begin, end;
} range;

struct ix_tcp_stream {
	const ix_allocator *allocator;
	size_t window;
	uint32_t origin;
	uint32_t outside_run; /* segments in a row from too far away */
	uint64_t next;        /* what is given out next */
	uint64_t over_at;
	uint64_t fin_at;
	ix_bytes current; /* the segment being taken apart, from current_at on */
	uint64_t current_at;
	size_t range_count;
	bool is_started, is_middle, is_start_due;
	bool has_fin, is_reset, is_ended;
	ix_tcp_stats stats;
	range ranges[IX_TCP_RANGE_MAX]; /* in order, apart from each other */
	uint8_t ring[];
};

int ix_tcp_stream_new(const ix_allocator *allocator, const ix_tcp_options *options,
	ix_tcp_stream **ret_stream, ix_error *err) {
	size_t window = options && options->window_bytes ? options->window_bytes : IX_TCP_WINDOW_BYTES;
	if (window > IX_TCP_WINDOW_BYTES_MAX)
		return ix_fail(err, IX_ERR_LIMIT, "a TCP window of %zu bytes, over the limit of %d", window,
			(int)IX_TCP_WINDOW_BYTES_MAX);
	ix_tcp_stream *stream = ix_allocate(allocator, sizeof *stream + window, _Alignof(ix_tcp_stream));
	if (!stream) return ix_fail(err, IX_ERR_MEMORY, "no memory for a TCP stream of %zu bytes", window);
	*stream = (ix_tcp_stream){.allocator = allocator, .window = window};
	*ret_stream = stream;
	return 0;
}

void ix_tcp_stream_free(ix_tcp_stream *stream) {
	if (stream)
		ix_release(
			stream->allocator, stream, sizeof *stream + stream->window, _Alignof(ix_tcp_stream));
}

const ix_tcp_stats *ix_tcp_stream_stats(const ix_tcp_stream *stream) { return &stream->stats; }
bool tcp_stream_has_ended(const ix_tcp_stream *stream) { return stream->is_ended; }

/* ---- the window ---- */

static void copy_in(ix_tcp_stream *s, uint64_t at, const uint8_t *from, size_t size) {
	size_t slot = (size_t)(at % s->window), first = ix_size_min(size, s->window - slot);
	memcpy(s->ring + slot, from, first);
	memcpy(s->ring, from + first, size - first);
}

/* The first range that ends behind `at`. */
static size_t range_behind(const ix_tcp_stream *s, uint64_t at) {
	size_t i = 0;
	while (i < s->range_count && s->ranges[i].end <= at) i++;
	return i;
}

/* Marks [begin, end) as filled. There is room for one more range. */
static void mark(ix_tcp_stream *s, uint64_t begin, uint64_t end) {
	size_t from = 0, to;
	while (from < s->range_count && s->ranges[from].end < begin) from++;
	for (to = from; to < s->range_count && s->ranges[to].begin <= end; to++) {
		if (s->ranges[to].begin < begin) begin = s->ranges[to].begin;
		if (s->ranges[to].end > end) end = s->ranges[to].end;
	}
	memmove(s->ranges + from + 1, s->ranges + to, (s->range_count - to) * sizeof(range));
	s->range_count = s->range_count - (to - from) + 1;
	s->ranges[from] = (range){begin, end};
}

/* Copies what is new of the current segment into the window. */
static void store(ix_tcp_stream *s) {
	uint64_t begin = s->current_at, end = begin + s->current.size;
	for (uint64_t at = begin; at < end;) {
		size_t i = range_behind(s, at);
		if (i < s->range_count && s->ranges[i].begin <= at) {
			uint64_t skip_to = s->ranges[i].end < end ? s->ranges[i].end : end;
			s->stats.duplicate_bytes += skip_to - at;
			at = skip_to;
			continue;
		}
		uint64_t to = i < s->range_count && s->ranges[i].begin < end ? s->ranges[i].begin : end;
		copy_in(s, at, s->current.data + (at - begin), (size_t)(to - at));
		at = to;
	}
	mark(s, begin, end);
	s->stats.early_count++;
	s->current.size = 0;
}

/* Cuts off what was given out from elsewhere in the meantime. */
static void trim_current(ix_tcp_stream *s) {
	if (s->current.size == 0 || s->current_at >= s->next) return;
	uint64_t behind = s->next - s->current_at;
	size_t old = behind < s->current.size ? (size_t)behind : s->current.size;
	s->stats.duplicate_bytes += old;
	s->current = (ix_bytes){s->current.data + old, s->current.size - old};
	s->current_at += old;
}

/* ---- segments in ---- */

static int64_t distance(const ix_tcp_stream *s, uint32_t sequence) {
	return (int32_t)(sequence - (s->origin + (uint32_t)s->next));
}

bool tcp_stream_is_other(const ix_tcp_stream *stream, const ix_packet *segment) {
	if (!stream->is_started) return false;
	if (segment->tcp_flags & IX_PACKET_TCP_SYN) {
		bool is_same = !stream->is_middle && segment->tcp_sequence + 1 == stream->origin;
		return !is_same;
	}
	return segment->payload.size > 0 &&
	       distance(stream, segment->tcp_sequence) < -(int64_t)IX_TCP_BEHIND_MAX &&
	       stream->outside_run + 1 >= IX_TCP_OUTSIDE_MAX;
}

static bool begin(ix_tcp_stream *s, const ix_packet *segment) {
	bool is_syn = segment->tcp_flags & IX_PACKET_TCP_SYN;
	if (!is_syn && segment->payload.size == 0 && !(segment->tcp_flags & IX_PACKET_TCP_FIN)) return false;
	s->is_started = s->is_start_due = true;
	s->is_middle = !is_syn;
	s->origin = segment->tcp_sequence + is_syn;
	return true;
}

/* A segment that is not near the window. After a few in a row the capture has plainly lost what lies between.
 */
static bool follow_outside(ix_tcp_stream *s, int64_t ahead, size_t size) {
	s->stats.outside_count++;
	if (size == 0) return false;
	s->outside_run++;
	if (ahead < 0 || s->outside_run < IX_TCP_OUTSIDE_MAX) return false;
	s->over_at = s->next + (uint64_t)ahead;
	return true;
}

void ix_tcp_stream_push(ix_tcp_stream *s, const ix_packet *segment) {
	s->stats.segment_count++;
	trim_current(s);
	if (s->current.size > 0 && s->current_at + s->current.size - s->next <= s->window &&
		s->range_count < IX_TCP_RANGE_MAX)
		store(s); /* the caller did not take all events */
	s->current.size = 0;
	if (s->is_ended || (!s->is_started && !begin(s, segment))) return;
	uint32_t sequence = segment->tcp_sequence + ((segment->tcp_flags & IX_PACKET_TCP_SYN) != 0);
	size_t size = segment->payload.size;
	int64_t ahead = distance(s, sequence);
	bool is_near = ahead >= -(int64_t)IX_TCP_BEHIND_MAX && ahead <= (int64_t)(2 * s->window);
	if (!is_near && !follow_outside(s, ahead, size)) return;
	s->outside_run = 0;
	s->stats.cut_bytes += segment->payload_size - size;

	/* What lies before the stream's next byte was given out already. */
	uint64_t behind = ahead < 0 ? (uint64_t)-ahead : 0;
	size_t old = behind < size ? (size_t)behind : size;
	s->stats.duplicate_bytes += old;
	s->current = (ix_bytes){segment->payload.data + old, size - old};
	s->current_at = ahead < 0 ? s->next : s->next + (uint64_t)ahead;
	uint64_t end = s->current_at + s->current.size;
	if (end - s->next > s->window) { /* it does not fit in until some of what is missing is given up */
		uint64_t over = s->current.size < s->window ? end - s->window : s->current_at;
		if (over > s->over_at) s->over_at = over;
	}

	int64_t full_end = ahead + (int64_t)segment->payload_size;
	if (full_end >= 0) {
		uint64_t stop = s->next + (uint64_t)full_end;
		bool is_cut = segment->payload_size > size;
		if (is_cut && ahead <= 0 && stop > s->over_at) s->over_at = stop;
		if ((segment->tcp_flags & IX_PACKET_TCP_FIN) && !s->has_fin)
			s->has_fin = true, s->fin_at = stop;
		if (segment->tcp_flags & IX_PACKET_TCP_RST) tcp_stream_abort(s);
	}
}

void ix_tcp_stream_acknowledge(ix_tcp_stream *s, uint32_t acknowledgement) {
	if (!s->is_started) return;
	int64_t ahead = distance(s, acknowledgement);
	if (ahead <= 0 || ahead > (int64_t)s->window) return;
	if (s->next + (uint64_t)ahead > s->over_at) s->over_at = s->next + (uint64_t)ahead;
}

void ix_tcp_stream_finish(ix_tcp_stream *s) { s->over_at = UINT64_MAX; }

void tcp_stream_abort(ix_tcp_stream *s) {
	s->over_at = UINT64_MAX;
	s->is_reset = true;
}

/* ---- events out ---- */

static ix_tcp_kind give(
	ix_tcp_stream *s, ix_tcp_event *event, ix_tcp_kind kind, ix_bytes data, uint64_t size) {
	*event = (ix_tcp_event){.kind = kind, .data = data, .offset = s->next, .size = size};
	if (kind == IX_TCP_DATA) s->stats.data_bytes += size;
	if (kind == IX_TCP_GAP) s->stats.gap_bytes += size, s->stats.gap_count++;
	s->next += size;
	return kind;
}

static ix_tcp_kind give_current(ix_tcp_stream *s, ix_tcp_event *event) {
	uint64_t stop = s->current_at + s->current.size;
	if (s->range_count && s->ranges[0].begin < stop) stop = s->ranges[0].begin;
	size_t size = (size_t)(stop - s->next);
	ix_bytes data = {s->current.data, size};
	s->current = (ix_bytes){s->current.data + size, s->current.size - size};
	s->current_at += size;
	return give(s, event, IX_TCP_DATA, data, size);
}

static ix_tcp_kind give_waiting(ix_tcp_stream *s, ix_tcp_event *event) {
	range *first = &s->ranges[0];
	size_t slot = (size_t)(first->begin % s->window);
	size_t size = (size_t)(first->end - first->begin);
	if (size > s->window - slot) size = s->window - slot;
	first->begin += size;
	if (first->begin == first->end) memmove(s->ranges, s->ranges + 1, --s->range_count * sizeof(range));
	return give(s, event, IX_TCP_DATA, (ix_bytes){s->ring + slot, size}, size);
}

/* Where the stream goes on behind what is missing: the nearest of what waits. UINT64_MAX: nothing does. */
static uint64_t resumes_at(const ix_tcp_stream *s) {
	uint64_t at = s->has_fin ? s->fin_at : UINT64_MAX;
	if (s->range_count && s->ranges[0].begin < at) at = s->ranges[0].begin;
	if (s->current.size && s->current_at < at) at = s->current_at;
	return at;
}

static ix_tcp_kind give_end(ix_tcp_stream *s, ix_tcp_event *event) {
	bool is_fin = s->has_fin && s->next >= s->fin_at;
	if (!s->is_started || s->is_ended || (!is_fin && !s->is_reset)) return IX_TCP_NONE;
	s->is_ended = true;
	give(s, event, IX_TCP_END, (ix_bytes){0}, 0);
	event->is_reset = !is_fin;
	return IX_TCP_END;
}

ix_tcp_kind ix_tcp_stream_next(ix_tcp_stream *s, ix_tcp_event *ret_event) {
	if (s->is_start_due) {
		s->is_start_due = false;
		give(s, ret_event, IX_TCP_START, (ix_bytes){0}, 0);
		ret_event->is_middle = s->is_middle;
		return IX_TCP_START;
	}
	while (s->is_started && !s->is_ended && !(s->has_fin && s->next >= s->fin_at)) {
		trim_current(s);
		if (s->range_count && s->ranges[0].begin <= s->next) return give_waiting(s, ret_event);
		if (s->current.size && s->current_at <= s->next) return give_current(s, ret_event);
		uint64_t resumes = resumes_at(s), over = s->over_at < resumes ? s->over_at : resumes;
		if (resumes != UINT64_MAX && over > s->next)
			return give(s, ret_event, IX_TCP_GAP, (ix_bytes){0}, over - s->next);
		if (s->current.size == 0) break;
		if (s->range_count < IX_TCP_RANGE_MAX)
			store(s);
		else
			s->over_at = s->ranges[0].begin; /* too many holes: the first is given up */
	}
	return give_end(s, ret_event);
}
