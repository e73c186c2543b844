/* TCP streams: order, retransmissions, overlaps, gaps, ends; and the table of connections. Checked by hand on
 * small cases, and against the sent bytes in seeded simulations. */
#include <inox/alloc.h>
#include <inox/rng.h>
#include <inox/tcp.h>

#include "build.h"

static const unsigned SYN = IX_PACKET_TCP_SYN, FIN = IX_PACKET_TCP_FIN, RST = IX_PACKET_TCP_RST,
		      ACK = IX_PACKET_TCP_ACK;

static ix_packet segment_of(uint32_t sequence, unsigned flags, const char *payload) {
	size_t size = strlen(payload);
	return (ix_packet){.kind = IX_PACKET_TCP,
		.ip_version = 4,
		.source = {10, 0, 0, 1},
		.destination = {10, 0, 0, 2},
		.source_port = 40000,
		.destination_port = 80,
		.tcp_sequence = sequence,
		.tcp_flags = (uint8_t)flags,
		.payload = {(const uint8_t *)payload, size},
		.payload_size = (uint32_t)size};
}

typedef struct text {
	char at[512];
	size_t size;
} text;

/* "[" a start, "(" one in the middle, data as it is, "<3>" a gap of three bytes, "]" an end, "!" a reset. */
static void say(text *t, const ix_tcp_event *e) {
	char *to = t->at + t->size;
	size_t room = sizeof t->at - t->size;
	int length = 0;
	if (e->kind == IX_TCP_START) length = snprintf(to, room, "%s", e->is_middle ? "(" : "[");
	if (e->kind == IX_TCP_DATA)
		length = snprintf(to, room, "%.*s", (int)e->data.size, (const char *)e->data.data);
	if (e->kind == IX_TCP_GAP) length = snprintf(to, room, "<%d>", (int)e->size);
	if (e->kind == IX_TCP_END) length = snprintf(to, room, "%s", e->is_reset ? "!" : "]");
	assert_true(length > 0 && (size_t)length < room);
	t->size += (size_t)length;
}

static void drain(ix_tcp_stream *s, text *t) {
	ix_tcp_event event;
	while (ix_tcp_stream_next(s, &event) != IX_TCP_NONE) say(t, &event);
}

static ix_tcp_stream *new_stream(size_t window) {
	ix_tcp_stream *s;
	assert_int_equal(
		ix_tcp_stream_new(ix_os_allocator(), &(ix_tcp_options){.window_bytes = window}, &s, NULL), 0);
	return s;
}

typedef struct sent {
	uint32_t sequence;
	unsigned flags;
	const char *payload;
} sent;

/* Pushes the segments into a stream with a window of `window` bytes, and compares all events; "." is the
 * capture's end. */
static ix_tcp_stats expect_list(size_t window, const sent *segments, size_t count, const char *expected) {
	ix_tcp_stream *s = new_stream(window);
	text t = {0};
	for (size_t i = 0; i < count; i++) {
		ix_packet p = segment_of(segments[i].sequence, segments[i].flags, segments[i].payload);
		ix_tcp_stream_push(s, &p);
		drain(s, &t);
	}
	t.at[t.size++] = '.';
	ix_tcp_stream_finish(s);
	drain(s, &t);
	assert_string_equal(t.at, expected);
	ix_tcp_stats stats = *ix_tcp_stream_stats(s);
	ix_tcp_stream_free(s);
	return stats;
}
#define EXPECT(window, expected, ...)                                                                        \
	expect_list(window, (const sent[]){__VA_ARGS__}, sizeof((const sent[]){__VA_ARGS__}) / sizeof(sent), \
		expected)

static void segments_in_order_come_out_as_they_are(void **state) {
	(void)state;
	ix_tcp_stats stats = EXPECT(
		16, "[abcdef].", {100, SYN, ""}, {101, ACK, "abc"}, {104, ACK, "def"}, {107, FIN | ACK, ""});
	assert_int_equal(stats.segment_count, 4);
	assert_int_equal(stats.data_bytes, 6);
	assert_int_equal(stats.duplicate_bytes, 0);
	EXPECT(16, "[abcdef].", {100, SYN, "abc"}, {104, FIN, "def"});
}

static void a_capture_that_starts_later_starts_in_the_middle(void **state) {
	(void)state;
	EXPECT(16, "(abcdef.", {100, ACK, ""}, {101, ACK, "abc"}, {104, ACK, "def"});
	EXPECT(16, ".", {100, ACK, ""}, {100, RST, ""});
}

static void early_segments_wait_for_their_turn(void **state) {
	(void)state;
	ix_tcp_stats stats =
		EXPECT(16, "[abcdefghi.", {100, SYN, ""}, {107, 0, "ghi"}, {104, 0, "def"}, {101, 0, "abc"});
	assert_int_equal(stats.early_count, 2);
	EXPECT(16, "[abcdef].", {100, SYN, ""}, {107, FIN, ""}, {104, 0, "def"}, {101, 0, "abc"});
}

static void the_window_is_a_ring(void **state) {
	(void)state;
	/* 12 bytes in, 10 early ones wrap around the end of a ring of 16. */
	EXPECT(16, "[abcdefghijklmnopqrstuvwxy.", {0, SYN, "abcdefghijkl"}, {16, 0, "pqrstuvwxy"},
		{13, 0, "mno"});
}

static void retransmissions_and_overlaps_are_cut_away(void **state) {
	(void)state;
	ix_tcp_stats stats = EXPECT(16, "[abcde.", {100, SYN, ""}, {100, SYN, ""}, {101, 0, "abc"},
		{101, 0, "abc"}, {102, 0, "bcde"}, {105, 0, "e"});
	assert_int_equal(stats.duplicate_bytes, 3 + 2 + 1);
	/* Of bytes that came twice, the first copy counts. */
	stats = EXPECT(16, "[abcXYZg.", {100, SYN, ""}, {104, 0, "XYZ"}, {101, 0, "abcdefg"});
	assert_int_equal(stats.duplicate_bytes, 3);
	stats = EXPECT(16, "[abXdYf.", {100, SYN, ""}, {103, 0, "X"}, {105, 0, "Y"}, {102, 0, "bcdef"},
		{101, 0, "a"});
	assert_int_equal(stats.duplicate_bytes, 2);
	assert_int_equal(stats.data_bytes, 6);
}

static void a_keep_alive_changes_nothing(void **state) {
	(void)state;
	EXPECT(16, "[abcdef.", {100, SYN, ""}, {101, 0, "abc"}, {103, ACK, "?"}, {103, ACK, ""},
		{104, 0, "def"});
}

static void what_never_comes_is_a_gap_when_the_window_is_full(void **state) {
	(void)state;
	ix_tcp_stats stats = EXPECT(8, "[<3>defghijk.", {0, SYN, ""}, {4, 0, "defg"}, {8, 0, "hijk"});
	assert_int_equal(stats.gap_count, 1);
	assert_int_equal(stats.gap_bytes, 3);
	EXPECT(8, "[.<1>bcdefgh", {0, SYN, ""}, {2, 0, "bcdefgh"}); /* fits exactly, and waits */
	EXPECT(8, "[<1>bcdefghi.", {0, SYN, ""}, {2, 0, "bcdefgh"}, {9, 0, "i"});
}

static void a_segment_larger_than_the_window_is_whole(void **state) {
	(void)state;
	EXPECT(4, "[abcdefghij.", {0, SYN, ""}, {1, 0, "abcdefghij"});
	EXPECT(4, "[<2>cdefghij.", {0, SYN, ""}, {3, 0, "cdefghij"});
}

static void what_never_comes_is_a_gap_at_the_end_of_the_capture(void **state) {
	(void)state;
	EXPECT(16, "[abc.<3>ghi", {0, SYN, ""}, {1, 0, "abc"}, {7, 0, "ghi"});
	EXPECT(16, "[abc.<3>]", {0, SYN, ""}, {1, 0, "abc"}, {7, FIN, ""});
}

static void what_the_receiver_has_is_not_waited_for(void **state) {
	(void)state;
	ix_tcp_stream *s = new_stream(1000);
	text t = {0};
	ix_packet p = segment_of(100, SYN, "");
	ix_tcp_stream_push(s, &p);
	p = segment_of(104, 0, "def");
	ix_tcp_stream_push(s, &p);
	drain(s, &t);
	assert_string_equal(t.at, "[");
	ix_tcp_stream_acknowledge(s, 103);
	drain(s, &t);
	assert_string_equal(t.at, "[<2>");
	ix_tcp_stream_acknowledge(s, 107);
	drain(s, &t);
	assert_string_equal(t.at, "[<2><1>def");
	ix_tcp_stream_acknowledge(s, 0x90000000); /* far away: not this connection's */
	drain(s, &t);
	assert_string_equal(t.at, "[<2><1>def");
	ix_tcp_stream_free(s);
}

static void resets_give_out_what_waits(void **state) {
	(void)state;
	EXPECT(16, "[abc!.", {0, SYN, ""}, {1, 0, "abc"}, {4, RST, ""}, {4, 0, "late"});
	EXPECT(16, "[<3>def!.", {0, SYN, ""}, {4, 0, "def"}, {1, RST, ""});
	EXPECT(16, "[abc.", {0, SYN, ""}, {1, 0, "abc"}, {900, RST, ""}); /* far away: someone's guess */
}

static void nothing_comes_behind_the_end(void **state) {
	(void)state;
	EXPECT(16, "[abc].", {0, SYN, ""}, {1, FIN, "abc"}, {4, 0, "def"}, {1, 0, "abc"}, {4, FIN, ""});
	EXPECT(16, "[abc].", {0, SYN, ""}, {4, FIN, ""}, {5, 0, "more"}, {1, 0, "abc"});
}

static void stray_segments_are_dropped_until_they_are_many(void **state) {
	(void)state;
	ix_tcp_stats stats = EXPECT(16, "[abcdef.", {0, SYN, ""}, {1, 0, "abc"}, {5000, 0, "wild"},
		{3000000000u, 0, "wild"}, {4, 0, "def"}, {7000, 0, "wild"});
	assert_int_equal(stats.outside_count, 3);
	/* The third in a row shows that the capture has lost what lies between. */
	stats = EXPECT(16, "[abc<5004>mno.", {0, SYN, ""}, {1, 0, "abc"}, {5000, 0, "ghi"}, {5004, 0, "jkl"},
		{5008, 0, "mno"});
	assert_int_equal(stats.gap_bytes, 5004);
}

static void sequence_numbers_wrap(void **state) {
	(void)state;
	EXPECT(16, "[abcdef].", {0xFFFFFFFD, SYN, ""}, {1, 0, "def"}, {0xFFFFFFFE, 0, "abc"}, {4, FIN, ""});
}

static void what_the_capture_cut_off_is_a_gap(void **state) {
	(void)state;
	ix_tcp_stream *s = new_stream(1000);
	text t = {0};
	ix_packet p = segment_of(0, SYN, "");
	ix_tcp_stream_push(s, &p);
	p = segment_of(1, 0, "ab");
	p.payload_size = 5;
	ix_tcp_stream_push(s, &p);
	drain(s, &t);
	p = segment_of(6, 0, "fgh");
	ix_tcp_stream_push(s, &p);
	drain(s, &t);
	assert_string_equal(t.at, "[ab<3>fgh");
	assert_int_equal(ix_tcp_stream_stats(s)->cut_bytes, 3);
	ix_tcp_stream_free(s);
}

static void events_that_were_not_taken_are_not_lost(void **state) {
	(void)state;
	ix_tcp_stream *s = new_stream(1000);
	text t = {0};
	for (int i = 0; i < 4; i++) {
		ix_packet p = segment_of(i ? (uint32_t)(3 * i - 2) : 0, i ? 0 : SYN,
			&"\0\0\0abc\0def\0ghi\0"[i ? 4 * i - 1 : 0]);
		ix_tcp_stream_push(s, &p);
	}
	drain(s, &t);
	assert_string_equal(t.at, "[abcdefghi");
	ix_tcp_stream_free(s);
}

static void more_holes_than_are_kept_give_up_the_first(void **state) {
	(void)state;
	ix_tcp_stream *s = new_stream(4096);
	uint64_t gaps = 0, data = 0;
	ix_packet p = segment_of(0, SYN, "");
	ix_tcp_stream_push(s, &p);
	for (uint32_t i = 0; i < IX_TCP_RANGE_MAX + 10; i++) { /* every second byte */
		p = segment_of(2 + 2 * i, 0, "x");
		ix_tcp_stream_push(s, &p);
		ix_tcp_event e;
		while (ix_tcp_stream_next(s, &e) != IX_TCP_NONE)
			gaps += e.kind == IX_TCP_GAP, data += e.kind == IX_TCP_DATA;
		assert_int_equal(gaps, i < IX_TCP_RANGE_MAX ? 0 : i - IX_TCP_RANGE_MAX + 1);
		assert_int_equal(data, gaps);
	}
	ix_tcp_stream_free(s);
}

/* ---- simulation: random segments of a known stream, some lost for good, some twice, some late ---- */

enum { SIM_BYTES = 6000, SIM_SEGMENTS = 400 };

static void simulate(uint64_t seed) {
	static uint8_t truth[SIM_BYTES], is_captured[SIM_BYTES];
	static struct {
		uint32_t at, size, order;
	} segments[SIM_SEGMENTS * 2];
	ix_rng rng;
	ix_rng_seed(&rng, seed);
	memset(is_captured, 0, sizeof is_captured);
	for (size_t i = 0; i < SIM_BYTES; i++) truth[i] = (uint8_t)ix_rng_u64(&rng);
	size_t count = 0;
	uint32_t loss = (uint32_t)ix_rng_below(&rng, 3) * 10, late = (uint32_t)ix_rng_below(&rng, 20),
		 last = 0;
	for (uint32_t at = 0, i = 0; at < SIM_BYTES; i++) {
		uint32_t size = 1 + (uint32_t)ix_rng_below(&rng, 40), back = (uint32_t)ix_rng_below(&rng, 10);
		if (size > SIM_BYTES - at) size = SIM_BYTES - at;
		uint32_t from = at > back && ix_rng_below(&rng, 4) == 0 ? at - back : at;
		for (int copies = ix_rng_below(&rng, 100) < loss ? 0
				  : ix_rng_below(&rng, 10)       ? 1
								 : 2;
			copies > 0; copies--) {
			assert_true(count < IX_COUNT(segments));
			segments[count].at = from;
			segments[count].size = at + size - from;
			segments[count++].order = i + (uint32_t)ix_rng_below(&rng, late + 1);
			for (uint32_t k = from; k < at + size; k++) is_captured[k] = 1;
			last = at + size > last ? at + size : last;
		}
		at += size;
	}
	/* Sorted by when they come; stable, so that the first is in order among equals. */
	for (size_t i = 1; i < count; i++)
		for (size_t k = i; k > 0 && segments[k - 1].order > segments[k].order; k--) {
			uint32_t a = segments[k].at, s = segments[k].size, o = segments[k].order;
			segments[k] = segments[k - 1];
			segments[k - 1].at = a, segments[k - 1].size = s, segments[k - 1].order = o;
		}
	ix_tcp_stream *s = new_stream(2048);
	uint32_t isn = (uint32_t)ix_rng_u64(&rng);
	uint64_t place = 0;
	for (size_t i = 0; i <= count + 1; i++) {
		ix_packet p = segment_of(isn, SYN, "");
		if (i > 0 && i <= count) {
			p = segment_of(isn + 1 + segments[i - 1].at, ACK, "");
			p.payload = (ix_bytes){truth + segments[i - 1].at, segments[i - 1].size};
			p.payload_size = segments[i - 1].size;
		}
		if (i <= count)
			ix_tcp_stream_push(s, &p);
		else
			ix_tcp_stream_finish(s);
		ix_tcp_event e;
		while (ix_tcp_stream_next(s, &e) != IX_TCP_NONE) {
			assert_int_equal(e.offset, place);
			if (e.kind == IX_TCP_DATA) assert_memory_equal(e.data.data, truth + place, e.size);
			/* The window is wider than anything is late, so only what never came is a gap. */
			for (uint64_t k = place; k < place + e.size; k++)
				assert_int_equal(is_captured[k], e.kind == IX_TCP_DATA);
			place += e.size;
		}
	}
	assert_int_equal(place, last);
	ix_tcp_stream_free(s);
}

static void every_captured_byte_comes_once_and_in_order(void **state) {
	(void)state;
	uint64_t rounds = ix_testing_long() ? 5000 : 150;
	for (uint64_t i = 0; i < rounds; i++) simulate(ix_testing_seed() + i);
}

/* Any segments at all: events stay in one line, and no byte is read that was not written. */
static void hostile_segments_keep_the_stream_in_one_line(void **state) {
	(void)state;
	ix_rng rng;
	ix_rng_seed(&rng, ix_testing_seed());
	static uint8_t payload[300];
	for (int round = 0; round < 40; round++) {
		ix_tcp_stream *s = new_stream(1 + (size_t)ix_rng_below(&rng, 200));
		uint64_t place = 0, ends = 0;
		for (int i = 0; i < 500; i++) {
			ix_packet p = segment_of((uint32_t)ix_rng_below(&rng, 1000),
				(unsigned)ix_rng_below(&rng, 40) ? 0 : FIN, "");
			if (ix_rng_below(&rng, 50) == 0) p.tcp_sequence = (uint32_t)ix_rng_u64(&rng);
			p.payload = (ix_bytes){
				payload, (size_t)ix_rng_below(&rng, 1 + ix_rng_below(&rng, sizeof payload))};
			p.payload_size = (uint32_t)p.payload.size + (ix_rng_below(&rng, 9) ? 0 : 5);
			ix_tcp_stream_push(s, &p);
			if (ix_rng_below(&rng, 9) == 0)
				ix_tcp_stream_acknowledge(s, (uint32_t)ix_rng_below(&rng, 1000));
			ix_tcp_event e;
			while (ix_rng_below(&rng, 20) && ix_tcp_stream_next(s, &e) != IX_TCP_NONE) {
				assert_int_equal(e.offset, place);
				assert_true(ends == 0);
				ends += e.kind == IX_TCP_END;
				place += e.size;
			}
		}
		ix_tcp_stream_free(s);
	}
}

/* ---- the table ---- */

static ix_packet between(
	unsigned client_port, bool is_client, uint32_t sequence, unsigned flags, const char *payload) {
	ix_packet p = segment_of(sequence, flags, payload);
	p.source_port = (uint16_t)client_port;
	if (!is_client) {
		p.source[3] = 2, p.destination[3] = 1;
		p.source_port = 80, p.destination_port = (uint16_t)client_port;
	}
	return p;
}

/* "1>" what connection 1's client says, "1<" what its server says. */
static void drain_table(ix_tcp_table *table, text *t) {
	ix_tcp_side side;
	ix_tcp_event event;
	while (ix_tcp_table_next(table, &side, &event) != IX_TCP_NONE) {
		assert_int_equal(side.source_port == 80, !side.is_client);
		assert_int_equal(side.source[3], side.is_client ? 1 : 2);
		t->size += (size_t)snprintf(t->at + t->size, sizeof t->at - t->size, " %u%c", side.connection,
			side.is_client ? '>' : '<');
		say(t, &event);
	}
}

static void push(ix_tcp_table *table, text *t, ix_packet p) {
	assert_int_equal(ix_tcp_table_push(table, &p, NULL), 0);
	drain_table(table, t);
}

static ix_tcp_table *new_table(size_t connection_max) {
	ix_tcp_table *table;
	assert_int_equal(ix_tcp_table_new(ix_os_allocator(),
				 &(ix_tcp_options){.window_bytes = 100, .connection_max = connection_max},
				 &table, NULL),
		0);
	return table;
}

static void a_table_keeps_connections_and_directions_apart(void **state) {
	(void)state;
	ix_tcp_table *table = new_table(8);
	text t = {0};
	push(table, &t, between(1000, true, 10, SYN, ""));
	push(table, &t, between(1000, false, 70, SYN | ACK, ""));
	push(table, &t, between(1001, true, 20, SYN, ""));
	push(table, &t, between(1000, true, 11, ACK, "ask"));
	push(table, &t, between(1001, true, 21, ACK, "other"));
	push(table, &t, between(1000, false, 71, ACK, "answer"));
	push(table, &t, between(1000, false, 77, FIN, ""));
	push(table, &t, between(1000, true, 14, FIN, ""));
	assert_string_equal(t.at, " 1>[ 1<[ 2>[ 1>ask 2>other 1<answer 1<] 1>]");
	ix_tcp_table_free(table);
}

static void in_the_middle_the_higher_port_is_the_client(void **state) {
	(void)state;
	ix_tcp_table *table = new_table(8);
	text t = {0};
	push(table, &t, between(1000, false, 70, ACK, "answer"));
	push(table, &t, between(1000, true, 11, ACK, "ask"));
	assert_string_equal(t.at, " 1<( 1<answer 1>( 1>ask");
	ix_tcp_table_free(table);
}

static void an_acknowledgement_ends_the_waiting_of_the_other_side(void **state) {
	(void)state;
	ix_tcp_table *table = new_table(8);
	text t = {0};
	push(table, &t, between(1000, true, 10, SYN, ""));
	push(table, &t, between(1000, true, 14, ACK, "def"));
	ix_packet p = between(1000, false, 70, ACK, "ok");
	p.tcp_acknowledgement = 17;
	push(table, &t, p);
	assert_string_equal(t.at, " 1>[ 1><3> 1>def 1<( 1<ok");
	ix_tcp_table_free(table);
}

static void ports_used_again_are_another_connection(void **state) {
	(void)state;
	ix_tcp_table *table = new_table(8);
	text t = {0};
	push(table, &t, between(1000, true, 10, SYN, ""));
	push(table, &t, between(1000, true, 14, 0, "def"));
	push(table, &t, between(1000, true, 900000, SYN, ""));
	push(table, &t, between(1000, true, 900001, 0, "new"));
	assert_string_equal(t.at, " 1>[ 1><3> 1>def 1>! 2>[ 2>new");
	uint64_t connections, evicted;
	ix_tcp_stats stats = ix_tcp_table_stats(table, &connections, &evicted);
	assert_int_equal(connections, 2);
	assert_int_equal(evicted, 0);
	assert_int_equal(stats.data_bytes, 6);
	assert_int_equal(stats.gap_bytes, 3);
	assert_int_equal(stats.segment_count, 4);
	ix_tcp_table_free(table);
}

static void a_full_table_lets_go_of_the_closed_and_then_the_idle(void **state) {
	(void)state;
	ix_tcp_table *table = new_table(2);
	text t = {0};
	push(table, &t, between(1000, true, 10, SYN, ""));
	push(table, &t, between(1001, true, 10, SYN | FIN, ""));
	push(table, &t, between(1001, false, 10, SYN | FIN, ""));
	push(table, &t,
		between(1002, true, 10, SYN, "")); /* the second is closed, though the first is idle longer */
	push(table, &t, between(1002, true, 13, 0, "cd"));
	push(table, &t, between(1000, true, 11, 0, "x"));
	push(table, &t,
		between(1003, true, 10, SYN, "")); /* the third is idle longest, and holds something */
	assert_string_equal(t.at, " 1>[ 2>[ 2>] 2<[ 2<] 3>[ 1>x 3><2> 3>cd 3>! 4>[");
	uint64_t connections, evicted;
	(void)ix_tcp_table_stats(table, &connections, &evicted);
	assert_int_equal(connections, 4);
	assert_int_equal(evicted, 1);
	ix_tcp_table_finish(table);
	drain_table(table, &t);
	ix_tcp_table_free(table);
}

static void a_capture_that_ends_gives_out_what_waits_in_all_connections(void **state) {
	(void)state;
	ix_tcp_table *table = new_table(8);
	text t = {0};
	for (unsigned i = 0; i < 3; i++) {
		push(table, &t, between(1000 + i, true, 10, SYN, ""));
		push(table, &t, between(1000 + i, true, 12, 0, "b"));
	}
	t = (text){0};
	ix_tcp_table_finish(table);
	drain_table(table, &t);
	assert_string_equal(t.at, " 1><1> 1>b 2><1> 2>b 3><1> 3>b");
	ix_tcp_table_free(table);
}

static void no_memory_is_an_error_that_leaves_nothing_behind(void **state) {
	(void)state;
	for (uint64_t fail_at = 1; fail_at <= 7; fail_at++) {
		ix_alloc_probe probe;
		ix_alloc_probe_init(&probe, NULL);
		probe.fail_at = fail_at;
		ix_tcp_table *table = NULL;
		ix_error err = {0};
		int code = ix_tcp_table_new(&probe.allocator, NULL, &table, &err);
		for (unsigned i = 0; code == 0 && i < 2; i++) {
			ix_packet p = between(1000 + i, true, 10, SYN, "");
			code = ix_tcp_table_push(table, &p, &err);
			if (code) { /* and the next one works again */
				assert_int_equal(ix_tcp_table_push(table, &p, NULL), 0);
			}
		}
		assert_int_equal(code, IX_ERR_MEMORY);
		assert_int_equal(probe.failures, 1);
		ix_tcp_table_free(table);
		assert_int_equal(probe.live_blocks, 0);
	}
	ix_tcp_table_free(NULL);
	ix_tcp_stream_free(NULL);
}

static void limits_hold_at_their_edges(void **state) {
	(void)state;
	ix_alloc_probe probe; /* so that a gigabyte is only asked for */
	ix_alloc_probe_init(&probe, NULL);
	probe.fail_every = 1;
	ix_tcp_stream *s;
	ix_tcp_options options = {.window_bytes = IX_TCP_WINDOW_BYTES_MAX};
	assert_int_equal(ix_tcp_stream_new(&probe.allocator, &options, &s, NULL), IX_ERR_MEMORY);
	options.window_bytes++;
	assert_int_equal(ix_tcp_stream_new(&probe.allocator, &options, &s, NULL), IX_ERR_LIMIT);
	ix_tcp_table *table;
	options = (ix_tcp_options){.connection_max = IX_TCP_CONNECTION_LIMIT};
	assert_int_equal(ix_tcp_table_new(&probe.allocator, &options, &table, NULL), IX_ERR_MEMORY);
	options.connection_max++;
	assert_int_equal(ix_tcp_table_new(&probe.allocator, &options, &table, NULL), IX_ERR_LIMIT);
}

IX_TESTS(test_tcp, cmocka_unit_test(segments_in_order_come_out_as_they_are),
	cmocka_unit_test(a_capture_that_starts_later_starts_in_the_middle),
	cmocka_unit_test(early_segments_wait_for_their_turn), cmocka_unit_test(the_window_is_a_ring),
	cmocka_unit_test(retransmissions_and_overlaps_are_cut_away),
	cmocka_unit_test(a_keep_alive_changes_nothing),
	cmocka_unit_test(what_never_comes_is_a_gap_when_the_window_is_full),
	cmocka_unit_test(a_segment_larger_than_the_window_is_whole),
	cmocka_unit_test(what_never_comes_is_a_gap_at_the_end_of_the_capture),
	cmocka_unit_test(what_the_receiver_has_is_not_waited_for),
	cmocka_unit_test(resets_give_out_what_waits), cmocka_unit_test(nothing_comes_behind_the_end),
	cmocka_unit_test(stray_segments_are_dropped_until_they_are_many),
	cmocka_unit_test(sequence_numbers_wrap), cmocka_unit_test(what_the_capture_cut_off_is_a_gap),
	cmocka_unit_test(events_that_were_not_taken_are_not_lost),
	cmocka_unit_test(more_holes_than_are_kept_give_up_the_first),
	cmocka_unit_test(every_captured_byte_comes_once_and_in_order),
	cmocka_unit_test(hostile_segments_keep_the_stream_in_one_line),
	cmocka_unit_test(a_table_keeps_connections_and_directions_apart),
	cmocka_unit_test(in_the_middle_the_higher_port_is_the_client),
	cmocka_unit_test(an_acknowledgement_ends_the_waiting_of_the_other_side),
	cmocka_unit_test(ports_used_again_are_another_connection),
	cmocka_unit_test(a_full_table_lets_go_of_the_closed_and_then_the_idle),
	cmocka_unit_test(a_capture_that_ends_gives_out_what_waits_in_all_connections),
	cmocka_unit_test(no_memory_is_an_error_that_leaves_nothing_behind),
	cmocka_unit_test(limits_hold_at_their_edges));
