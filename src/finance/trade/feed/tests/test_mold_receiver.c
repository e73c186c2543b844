/* The MoldUDP64 receiver, case by case: what comes in on the lines, and the exact events. */
#include <inox/alloc.h>
#include <inox/mold.h>

#include "wire_build.h"

static const int64_t ms = 1000000;

typedef struct bench {
	ix_mold_receiver *receiver;
	int64_t now_ns;
	char said[16384];
	size_t said_size;
} bench;

/* "S1" a session that begins with 1, messages as they are, "G4+2" a gap of two from 4 on, "L4+2" the same
 * lost, "E7". */
static void say(bench *t, const ix_mold_event *e) {
	char *to = t->said + t->said_size;
	size_t room = sizeof t->said - t->said_size;
	const char *gap = t->said_size ? " " : "";
	unsigned long long sequence = e->sequence, count = e->count;
	int length = 0;
	switch (e->kind) {
	case IX_MOLD_MESSAGE:
		assert_int_equal(e->count, 1);
		length = snprintf(
			to, room, "%s%.*s", gap, (int)e->message.size, (const char *)e->message.data);
		break;
	case IX_MOLD_GAP: length = snprintf(to, room, "%sG%llu+%llu", gap, sequence, count); break;
	case IX_MOLD_LOST: length = snprintf(to, room, "%sL%llu+%llu", gap, sequence, count); break;
	case IX_MOLD_SESSION: length = snprintf(to, room, "%sS%llu", gap, sequence); break;
	case IX_MOLD_END: length = snprintf(to, room, "%sE%llu", gap, sequence); break;
	case IX_MOLD_NONE: break;
	}
	assert_true(length > 0 && (size_t)length < room);
	t->said_size += (size_t)length;
}

static void drain(bench *t) {
	ix_mold_event event;
	while (ix_mold_receiver_next(t->receiver, &event) != IX_MOLD_NONE) say(t, &event);
}

static bench start(const ix_mold_options *options) {
	bench t = {.now_ns = 1000 * ms};
	ix_error err = {0};
	if (ix_mold_receiver_new(ix_os_allocator(), options, &t.receiver, &err)) fail_msg("%s", err.text);
	return t;
}
static void stop(bench *t) { ix_mold_receiver_free(t->receiver); }

/* The events since the last time. */
static void expect(bench *t, const char *said) {
	assert_string_equal(t->said, said);
	t->said_size = 0;
	t->said[0] = '\0';
}

static void push_of(
	bench *t, const char *session, unsigned line, uint64_t sequence, const char *messages, int count) {
	wire_build b;
	ix_bytes datagram = mold_packet(&b, session, sequence, messages, count);
	ix_error err = {0};
	if (ix_mold_receiver_push(t->receiver, line, t->now_ns, datagram, &err)) fail_msg("%s", err.text);
	drain(t);
}
static void push(bench *t, unsigned line, uint64_t sequence, const char *messages) {
	push_of(t, "INOX000001", line, sequence, messages, -1);
}
static void heartbeat(bench *t, unsigned line, uint64_t sequence) {
	push_of(t, "INOX000001", line, sequence, NULL, 0);
}
static void end(bench *t, unsigned line, uint64_t sequence) {
	push_of(t, "INOX000001", line, sequence, NULL, 0xFFFF);
}

static void wait_ms(bench *t, int64_t milliseconds) {
	t->now_ns += milliseconds * ms;
	ix_mold_receiver_advance(t->receiver, t->now_ns);
	drain(t);
}

/* The next request as "5+2", or "-". */
static void expect_request(bench *t, const char *wanted) {
	uint8_t bytes[IX_MOLD_HEADER_SIZE];
	char text[64] = "-";
	if (ix_mold_receiver_request(t->receiver, bytes)) {
		ix_mold_packet request;
		assert_int_equal(ix_mold_decode_request((ix_bytes){bytes, sizeof bytes}, &request, NULL), 0);
		assert_memory_equal(request.session, "INOX000001", 10);
		snprintf(text, sizeof text, "%llu+%u", (unsigned long long)request.sequence, request.count);
	}
	assert_string_equal(text, wanted);
}

static void messages_come_out_in_sequence(void **state) {
	(void)state;
	bench t = start(NULL);
	push(&t, 0, 1, "a|b");
	push(&t, 0, 3, "c");
	expect(&t, "S1 a b c");
	assert_int_equal(ix_mold_receiver_expected(t.receiver), 4);
	stop(&t);
}

static void two_lines_give_each_message_once(void **state) {
	(void)state;
	bench t = start(NULL);
	push(&t, 0, 1, "a|b");
	push(&t, 1, 1, "a|b");
	push(&t, 1, 3, "c|d");
	push(&t, 0, 3, "c"); /* cut into packets differently */
	push(&t, 0, 4, "d|e");
	expect(&t, "S1 a b c d e");
	assert_int_equal(ix_mold_receiver_stats(t.receiver)->redundant_count, 2 + 1 + 1);
	const ix_mold_line_stats *a = ix_mold_receiver_line_stats(t.receiver, 0),
				 *b = ix_mold_receiver_line_stats(t.receiver, 1);
	assert_int_equal(a->first_count, 3);
	assert_int_equal(b->first_count, 2);
	assert_int_equal(a->duplicate_count + b->duplicate_count, 0);
	stop(&t);
}

static void one_line_fills_what_the_other_lost(void **state) {
	(void)state;
	bench t = start(NULL);
	push(&t, 0, 1, "a");
	push(&t, 0, 4, "d|e");
	expect(&t, "S1 a");
	push(&t, 1, 1, "a|b|c");
	expect(&t, "b c d e");
	assert_int_equal(ix_mold_receiver_stats(t.receiver)->gap_count, 0);
	assert_int_equal(ix_mold_receiver_line_stats(t.receiver, 0)->lost_count, 2);
	assert_int_equal(ix_mold_receiver_deadline(t.receiver), INT64_MAX);
	stop(&t);
}

static void reordered_packets_wait_for_their_turn(void **state) {
	(void)state;
	bench t = start(NULL);
	push(&t, 0, 1, "a");
	push(&t, 0, 5, "e");
	push(&t, 0, 3, "c|d");
	expect(&t, "S1 a");
	push(&t, 0, 2, "b");
	expect(&t, "b c d e");
	const ix_mold_line_stats *line = ix_mold_receiver_line_stats(t.receiver, 0);
	assert_int_equal(line->reordered_count, 3);
	assert_int_equal(line->lost_count, 0);
	assert_int_equal(ix_mold_receiver_stats(t.receiver)->gap_count, 0);
	stop(&t);
}

static void a_hole_that_stays_is_a_gap_after_the_wait(void **state) {
	(void)state;
	bench t = start(&(ix_mold_options){.gap_wait_ns = 10 * ms});
	push(&t, 0, 1, "a");
	push(&t, 0, 4, "d");
	assert_int_equal(ix_mold_receiver_deadline(t.receiver), t.now_ns + 10 * ms);
	wait_ms(&t, 9);
	expect(&t, "S1 a");
	wait_ms(&t, 1);
	expect(&t, "G2+2 L2+2 d");
	push(&t, 0, 5, "e");
	push(&t, 0, 2, "b|c"); /* too late */
	expect(&t, "e");
	const ix_mold_stats *stats = ix_mold_receiver_stats(t.receiver);
	assert_int_equal(stats->gap_count, 1);
	assert_int_equal(stats->gap_messages, 2);
	assert_int_equal(stats->lost_messages, 2);
	assert_int_equal(stats->message_count, 3);
	stop(&t);
}

static void a_heartbeat_tells_what_was_lost_before_it(void **state) {
	(void)state;
	bench t = start(&(ix_mold_options){.gap_wait_ns = 10 * ms});
	push(&t, 0, 1, "a");
	heartbeat(&t, 0, 2);
	expect(&t, "S1 a");
	heartbeat(&t, 0, 4);
	wait_ms(&t, 10);
	expect(&t, "G2+2 L2+2");
	assert_int_equal(ix_mold_receiver_expected(t.receiver), 4);
	assert_int_equal(ix_mold_receiver_line_stats(t.receiver, 0)->heartbeat_count, 2);
	stop(&t);
}

static void holes_that_touch_are_one_gap(void **state) {
	(void)state;
	bench t = start(&(ix_mold_options){.gap_wait_ns = 10 * ms});
	push(&t, 0, 1, "a");
	heartbeat(&t, 0, 3);
	push(&t, 0, 5, "e");
	wait_ms(&t, 10);
	expect(&t, "S1 a G2+3 L2+3 e");
	stop(&t);
}

static void the_session_ends_when_everything_is_there(void **state) {
	(void)state;
	bench t = start(&(ix_mold_options){.gap_wait_ns = 10 * ms});
	push(&t, 0, 1, "a");
	push(&t, 0, 3, "c");
	end(&t, 0, 4);
	expect(&t, "S1 a");
	push(&t, 1, 1, "a|b");
	expect(&t, "b c E4");
	end(&t, 1, 4); /* the other line says so too */
	push(&t, 1, 3, "c");
	expect(&t, "");
	assert_int_equal(ix_mold_receiver_stats(t.receiver)->session_count, 1);
	stop(&t);
}

static void the_last_messages_can_be_lost_too(void **state) {
	(void)state;
	bench t = start(&(ix_mold_options){.gap_wait_ns = 10 * ms});
	push(&t, 0, 1, "a");
	end(&t, 0, 3);
	wait_ms(&t, 10);
	expect(&t, "S1 a G2+1 L2+1 E3");
	stop(&t);
}

static void starts_with_the_first_packet_or_where_it_is_told(void **state) {
	(void)state;
	bench t = start(NULL);
	push(&t, 0, 100, "a");
	push(&t, 0, 99, "old");
	expect(&t, "S100 a");
	stop(&t);
	t = start(&(ix_mold_options){.first_sequence = 98});
	push(&t, 0, 100, "c");
	push(&t, 0, 98, "a|b");
	expect(&t, "S98 a b c");
	stop(&t);
}

/* ---- re-requests ---- */

static void asks_for_a_gap_and_takes_the_answer(void **state) {
	(void)state;
	bench t = start(&(ix_mold_options){.rerequest = true, .gap_wait_ns = 10 * ms});
	push(&t, 0, 1, "a");
	push(&t, 0, 4, "d");
	expect_request(&t, "-");
	wait_ms(&t, 10);
	expect(&t, "S1 a G2+2");
	expect_request(&t, "2+2");
	expect_request(&t, "-");
	push(&t, 0, 5, "e");
	push(&t, IX_MOLD_LINE_REREQUEST, 2, "b|c");
	expect(&t, "b c d e");
	expect_request(&t, "-");
	assert_int_equal(ix_mold_receiver_deadline(t.receiver), INT64_MAX);
	const ix_mold_stats *stats = ix_mold_receiver_stats(t.receiver);
	assert_int_equal(stats->gap_messages, 2);
	assert_int_equal(stats->recovered_messages, 2);
	assert_int_equal(stats->lost_messages, 0);
	assert_int_equal(stats->request_count, 1);
	assert_int_equal(stats->request_messages, 2);
	assert_int_equal(ix_mold_receiver_line_stats(t.receiver, IX_MOLD_LINE_REREQUEST)->first_count, 2);
	stop(&t);
}

static void an_answer_in_part_is_followed_by_a_request_for_the_rest(void **state) {
	(void)state;
	bench t = start(
		&(ix_mold_options){.rerequest = true, .gap_wait_ns = 10 * ms, .request_interval_ns = 1});
	push(&t, 0, 1, "a");
	push(&t, 0, 6, "f");
	wait_ms(&t, 10);
	expect_request(&t, "2+4");
	wait_ms(&t, 1);
	push(&t, IX_MOLD_LINE_REREQUEST, 2, "b|c");
	expect_request(&t, "4+2");
	wait_ms(&t, 1);
	push(&t, IX_MOLD_LINE_REREQUEST, 4, "d|e");
	expect(&t, "S1 a G2+4 b c d e f");
	stop(&t);
}

static void requests_are_limited_in_size_number_and_rate(void **state) {
	(void)state;
	bench t = start(&(ix_mold_options){.rerequest = true,
		.gap_wait_ns = 10 * ms,
		.request_messages = 3,
		.requests_open = 2,
		.request_interval_ns = 5 * ms});
	push(&t, 0, 1, "a");
	push(&t, 0, 10, "x");
	push(&t, 0, 20, "y");
	push(&t, 0, 30, "z");
	wait_ms(&t, 10);
	expect(&t, "S1 a G2+8 G11+9 G21+9");
	expect_request(&t, "2+3");
	expect_request(&t, "-"); /* too soon */
	assert_int_equal(ix_mold_receiver_deadline(t.receiver), t.now_ns + 5 * ms);
	wait_ms(&t, 4);
	expect_request(&t, "-");
	wait_ms(&t, 1);
	expect_request(&t, "11+3");
	wait_ms(&t, 5);
	expect_request(&t, "-"); /* two are open */
	push(&t, IX_MOLD_LINE_REREQUEST, 11, "k|l|m");
	expect_request(&t, "14+3"); /* one was answered; the hole has more */
	stop(&t);
}

static void unanswered_requests_are_asked_again_ever_more_slowly_and_then_given_up(void **state) {
	(void)state;
	bench t = start(&(ix_mold_options){.rerequest = true,
		.gap_wait_ns = 10 * ms,
		.retry_wait_ns = 20 * ms,
		.retry_wait_max_ns = 50 * ms,
		.tries = 4});
	push(&t, 0, 1, "a");
	push(&t, 0, 3, "c");
	wait_ms(&t, 10);
	expect_request(&t, "2+1");
	static const int waits[] = {20, 40, 50};
	for (size_t i = 0; i < IX_COUNT(waits); i++) {
		assert_int_equal(ix_mold_receiver_deadline(t.receiver), t.now_ns + waits[i] * ms);
		wait_ms(&t, waits[i] - 1);
		expect_request(&t, "-");
		wait_ms(&t, 1);
		expect_request(&t, "2+1");
	}
	expect(&t, "S1 a G2+1");
	wait_ms(&t, 49);
	expect(&t, "");
	wait_ms(&t, 1);
	expect(&t, "L2+1 c");
	expect_request(&t, "-");
	stop(&t);
}

static void a_line_may_still_bring_what_was_asked_for(void **state) {
	(void)state;
	bench t = start(&(ix_mold_options){.rerequest = true, .gap_wait_ns = 10 * ms});
	push(&t, 0, 1, "a");
	push(&t, 0, 4, "d");
	wait_ms(&t, 10);
	expect_request(&t, "2+2");
	push(&t, 1, 2, "b|c");
	expect(&t, "S1 a G2+2 b c d");
	push(&t, IX_MOLD_LINE_REREQUEST, 2, "b|c");
	expect(&t, "");
	stop(&t);
}

static void an_answer_can_fill_the_middle_of_a_hole(void **state) {
	(void)state;
	bench t = start(&(ix_mold_options){.gap_wait_ns = 10 * ms});
	push(&t, 0, 1, "a");
	push(&t, 0, 7, "g");
	push(&t, 1, 3, "c|d");
	wait_ms(&t, 10);
	expect(&t, "S1 a G2+1 G5+2 L2+1 c d L5+2 g");
	stop(&t);
}

/* ---- the window ---- */

static void a_full_window_goes_on_without_its_first_hole(void **state) {
	(void)state;
	bench t = start(&(ix_mold_options){.window_messages = 8});
	push(&t, 0, 1, "a");
	push(&t, 0, 3, "c|d|e|f|g|h|i"); /* 2 … 9 are the window: this fits */
	expect(&t, "S1 a");
	push(&t, 0, 10, "j|k");
	expect(&t, "G2+1 L2+1 c d e f g h i j k");
	assert_int_equal(ix_mold_receiver_stats(t.receiver)->window_messages_peak, 7);
	stop(&t);
}

static void a_packet_that_leaps_over_the_window_is_taken_too(void **state) {
	(void)state;
	bench t = start(&(ix_mold_options){.window_messages = 4});
	push(&t, 0, 1, "a");
	push(&t, 0, 100, "b|c");
	expect(&t, "S1 a G2+98 L2+98 b c");
	stop(&t);
}

static void bytes_are_limited_as_messages_are(void **state) {
	(void)state;
	static char large[60001];
	memset(large, 'x', 60000);
	bench t = start(&(ix_mold_options){.window_bytes = IX_MOLD_WINDOW_BYTES_MIN});
	push(&t, 0, 1, "a");
	for (uint64_t q = 3; q < 7; q++) {
		push(&t, 0, q, large);
		expect(&t, q == 3 ? "S1 a" : "");
	}
	assert_int_equal(ix_mold_receiver_stats(t.receiver)->window_bytes_peak, 4 * 60010);
	wire_build b; /* 262144 bytes hold four of 60010, not five */
	ix_bytes datagram = mold_packet(&b, "INOX000001", 7, large, -1);
	assert_int_equal(ix_mold_receiver_push(t.receiver, 0, t.now_ns, datagram, NULL), 0);
	ix_mold_event e;
	assert_int_equal(ix_mold_receiver_next(t.receiver, &e), IX_MOLD_GAP);
	assert_int_equal(ix_mold_receiver_next(t.receiver, &e), IX_MOLD_LOST);
	for (uint64_t q = 3; q <= 7; q++) {
		assert_int_equal(ix_mold_receiver_next(t.receiver, &e), IX_MOLD_MESSAGE);
		assert_int_equal(e.sequence, q);
		assert_int_equal(e.message.size, 60000);
	}
	assert_int_equal(ix_mold_receiver_next(t.receiver, &e), IX_MOLD_NONE);
	stop(&t);
}

static void a_window_that_is_half_full_asks_early(void **state) {
	(void)state;
	bench t =
		start(&(ix_mold_options){.rerequest = true, .window_messages = 8, .gap_wait_ns = 1000 * ms});
	push(&t, 0, 1, "a");
	push(&t, 0, 3, "c|d|e|f");
	expect(&t, "S1 a");
	push(&t, 0, 7, "g");
	expect(&t, "G2+1");
	expect_request(&t, "2+1");
	stop(&t);
}

static void with_a_server_what_does_not_fit_is_asked_for_again(void **state) {
	(void)state;
	bench t = start(&(ix_mold_options){
		.rerequest = true, .window_messages = 4, .gap_wait_ns = 10 * ms, .request_interval_ns = 1});
	push(&t, 0, 1, "a");
	push(&t, 0, 3, "c|d|e|f"); /* 2 … 5 are the window: f does not fit */
	expect(&t, "S1 a G2+1");
	push(&t, 0, 7, "g|h");
	assert_int_equal(ix_mold_receiver_stats(t.receiver)->overrun_count, 3);
	expect_request(&t, "2+1");
	push(&t, IX_MOLD_LINE_REREQUEST, 2, "b");
	expect(&t, "b c d e");
	wait_ms(&t, 10);
	expect(&t, "G6+3");
	expect_request(&t, "6+3");
	push(&t, 0, 9, "i");
	push(&t, IX_MOLD_LINE_REREQUEST, 6, "f|g|h");
	expect(&t, "f g h i");
	assert_int_equal(ix_mold_receiver_stats(t.receiver)->lost_messages, 0);
	stop(&t);
}

static void what_has_no_room_is_not_asked_for_yet(void **state) {
	(void)state;
	bench t = start(&(ix_mold_options){
		.rerequest = true, .window_messages = 4, .gap_wait_ns = 10 * ms, .request_interval_ns = 1});
	push(&t, 0, 1, "a");
	heartbeat(&t, 0, 100);
	wait_ms(&t, 10);
	expect(&t, "S1 a G2+98");
	expect_request(&t, "2+4");
	push(&t, IX_MOLD_LINE_REREQUEST, 2, "b|c");
	wait_ms(&t, 1);
	expect_request(&t, "4+4");
	stop(&t);
}

static void more_holes_than_are_kept_become_one(void **state) {
	(void)state;
	bench t = start(&(ix_mold_options){.rerequest = true, .gap_wait_ns = 10 * ms});
	push(&t, 0, 1, "a");
	expect(&t, "S1 a");
	for (uint64_t i = 0; i < IX_MOLD_HOLE_MAX + 2; i++)
		push(&t, 0, 3 + 2 * i, "x"); /* every second one is missing */
	expect(&t, "");
	/* The two holes too many swallowed the messages in front of them. */
	assert_int_equal(ix_mold_receiver_stats(t.receiver)->overrun_count, 2);
	wait_ms(&t, 10);
	assert_int_equal(ix_mold_receiver_stats(t.receiver)->gap_count, IX_MOLD_HOLE_MAX);
	assert_int_equal(ix_mold_receiver_stats(t.receiver)->gap_messages, IX_MOLD_HOLE_MAX + 4);
	stop(&t);
}

/* ---- sessions ---- */

static void another_session_begins_when_the_old_one_was_given_out(void **state) {
	(void)state;
	bench t = start(&(ix_mold_options){.gap_wait_ns = 10 * ms});
	push(&t, 0, 100, "a");
	push(&t, 0, 102, "c");
	push_of(&t, "INOX000002", 0, 2, "y", -1);
	expect(&t, "S100 a G101+1 L101+1 c S1");
	push(&t, 1, 103, "late"); /* the old session on a slower line */
	push_of(&t, "INOX000002", 1, 1, "x", -1);
	expect(&t, "x y");
	assert_int_equal(ix_mold_receiver_line_stats(t.receiver, 1)->foreign_count, 1);
	assert_int_equal(ix_mold_receiver_stats(t.receiver)->session_count, 2);
	stop(&t);
}

static void a_receiver_for_one_session_ignores_others(void **state) {
	(void)state;
	bench t = start(&(ix_mold_options){.session = (const uint8_t *)"INOX000001"});
	push_of(&t, "INOX000002", 0, 1, "x", -1);
	push(&t, 0, 1, "a");
	push_of(&t, "INOX000002", 0, 2, "y", -1);
	push(&t, 0, 2, "b");
	expect(&t, "S1 a b");
	assert_int_equal(ix_mold_receiver_line_stats(t.receiver, 0)->foreign_count, 2);
	stop(&t);
}

static void the_server_cannot_begin_a_session(void **state) {
	(void)state;
	bench t = start(NULL);
	push(&t, IX_MOLD_LINE_REREQUEST, 1, "x");
	expect(&t, "");
	push(&t, 0, 1, "a");
	push_of(&t, "INOX000002", IX_MOLD_LINE_REREQUEST, 1, "x", -1);
	expect(&t, "S1 a");
	stop(&t);
}

/* ---- the rest ---- */

static void at_the_end_of_a_capture_what_is_missing_is_a_gap(void **state) {
	(void)state;
	for (int with_server = 0; with_server < 2; with_server++) {
		bench t = start(&(ix_mold_options){.rerequest = with_server});
		push(&t, 0, 1, "a");
		push(&t, 0, 3, "c");
		ix_mold_receiver_finish(t.receiver);
		drain(&t);
		expect(&t, with_server ? "S1 a G2+1" : "S1 a G2+1 L2+1 c");
		ix_mold_receiver_give_up(t.receiver);
		drain(&t);
		expect(&t, with_server ? "L2+1 c" : "");
		stop(&t);
	}
}

static void a_clock_that_goes_back_stands_still(void **state) {
	(void)state;
	bench t = start(&(ix_mold_options){.gap_wait_ns = 10 * ms});
	push(&t, 0, 1, "a");
	push(&t, 0, 3, "c");
	wait_ms(&t, 6);
	wait_ms(&t, -100000);
	wait_ms(&t, 3);
	expect(&t, "S1 a");
	assert_int_equal(ix_mold_receiver_deadline(t.receiver), t.now_ns + 1 * ms);
	wait_ms(&t, 1);
	expect(&t, "G2+1 L2+1 c");
	t.now_ns = INT64_MIN;
	push(&t, 0, 5, "e");
	t.now_ns = INT64_MAX;
	ix_mold_receiver_advance(t.receiver, t.now_ns);
	drain(&t);
	expect(&t, "G4+1 L4+1 e");
	stop(&t);
}

static void a_datagram_that_does_not_decode_changes_nothing(void **state) {
	(void)state;
	bench t = start(NULL);
	push(&t, 0, 1, "a");
	ix_error err = {0};
	assert_int_equal(
		ix_mold_receiver_push(t.receiver, 0, t.now_ns, (ix_bytes){(const uint8_t *)"short", 5}, &err),
		IX_ERR_TRUNCATED);
	assert_string_equal(err.text, "offset 0: a MoldUDP64 header needs 20 bytes, there are 5");
	push(&t, 0, 2, "b");
	expect(&t, "S1 a b");
	const ix_mold_line_stats *line = ix_mold_receiver_line_stats(t.receiver, 0);
	assert_int_equal(line->malformed_count, 1);
	assert_int_equal(line->packet_count, 2);
	assert_int_equal(line->byte_count, 2 * 23);
	assert_int_equal(line->message_count, 2);
	assert_int_equal(line->last_ns, t.now_ns);
	stop(&t);
}

static void events_are_to_be_taken_before_the_next_datagram(void **state) {
	(void)state;
	bench t = start(NULL);
	wire_build b;
	ix_bytes datagram = mold_packet(&b, "INOX000001", 1, "a", -1);
	assert_int_equal(ix_mold_receiver_push(t.receiver, 0, t.now_ns, datagram, NULL), 0);
	ix_error err = {0};
	assert_int_equal(ix_mold_receiver_push(t.receiver, 0, t.now_ns, datagram, &err), IX_ERR_BUSY);
	assert_string_equal(err.text, "there are events to take before the next datagram");
	drain(&t);
	expect(&t, "S1 a");
	assert_int_equal(
		ix_mold_receiver_push(t.receiver, IX_MOLD_LINE_MAX, t.now_ns, datagram, &err), IX_ERR_USAGE);
	assert_string_equal(err.text, "there is no line 16, only 0 to 15");
	stop(&t);
}

static void lines_count_their_own_losses_and_duplicates(void **state) {
	(void)state;
	bench t = start(NULL);
	push(&t, 0, 1, "a|b");
	push(&t, 0, 1, "a|b"); /* twice */
	push(&t, 0, 6, "f");
	push(&t, 0, 4, "d"); /* late */
	push(&t, 1, 1, "a|b|c|d|e|f");
	expect(&t, "S1 a b c d e f");
	const ix_mold_line_stats *a = ix_mold_receiver_line_stats(t.receiver, 0);
	assert_int_equal(a->duplicate_count, 2);
	assert_int_equal(a->lost_count, 2); /* c and e */
	assert_int_equal(a->reordered_count, 1);
	assert_int_equal(a->first_count, 4);
	assert_int_equal(ix_mold_receiver_line_stats(t.receiver, 1)->first_count, 2);
	assert_int_equal(ix_mold_receiver_line_stats(t.receiver, 1)->lost_count, 0);
	stop(&t);
}

static void sequence_numbers_may_be_as_high_as_they_go(void **state) {
	(void)state;
	bench t = start(&(ix_mold_options){.gap_wait_ns = 10 * ms, .window_messages = 4});
	push(&t, 0, UINT64_MAX - 5, "a");
	push(&t, 0, UINT64_MAX - 2, "d|e");
	wait_ms(&t, 10);
	expect(&t, "S18446744073709551610 a G18446744073709551611+2 L18446744073709551611+2 d e");
	end(&t, 0, UINT64_MAX);
	expect(&t, "E18446744073709551615");
	stop(&t);
}

static void options_have_limits(void **state) {
	(void)state;
	static const struct {
		ix_mold_options options;
		bool is_good;
	} cases[] = {
		{{.window_messages = IX_MOLD_WINDOW_MESSAGES_MAX}, true},
		{{.window_messages = IX_MOLD_WINDOW_MESSAGES_MAX + 1}, false},
		{{.window_bytes = IX_MOLD_WINDOW_BYTES_MIN}, true},
		{{.window_bytes = IX_MOLD_WINDOW_BYTES_MIN - 1}, false},
		{{.window_bytes = IX_MOLD_WINDOW_BYTES_MAX}, true},
		{{.window_bytes = (size_t)IX_MOLD_WINDOW_BYTES_MAX + 1}, false},
		{{.gap_wait_ns = -1}, false},
		{{.request_messages = 0xFFFF}, false},
	};
	for (size_t i = 0; i < IX_COUNT(cases); i++) {
		ix_alloc_probe probe; /* the large ones are only asked for */
		ix_alloc_probe_init(&probe, NULL);
		probe.fail_every = 1;
		ix_mold_receiver *receiver;
		assert_int_equal(ix_mold_receiver_new(&probe.allocator, &cases[i].options, &receiver, NULL),
			cases[i].is_good ? IX_ERR_MEMORY : IX_ERR_LIMIT);
	}
}

static void memory_is_asked_for_once_and_given_back(void **state) {
	(void)state;
	for (uint64_t fail_at = 0; fail_at <= 3; fail_at++) {
		ix_alloc_probe probe;
		ix_alloc_probe_init(&probe, NULL);
		probe.fail_at = fail_at;
		bench t = {0};
		int code = ix_mold_receiver_new(&probe.allocator, NULL, &t.receiver, NULL);
		assert_int_equal(code, fail_at ? IX_ERR_MEMORY : 0);
		if (code == 0) {
			uint64_t calls = probe.calls;
			push(&t, 0, 1, "a");
			push(&t, 0, 3, "c");
			push_of(&t, "INOX000002", 0, 1, "x", -1);
			assert_int_equal(probe.calls, calls);
			stop(&t);
		}
		assert_int_equal(probe.live_blocks, 0);
	}
	ix_mold_receiver_free(NULL);
}

IX_TESTS(test_mold_receiver, cmocka_unit_test(messages_come_out_in_sequence),
	cmocka_unit_test(two_lines_give_each_message_once),
	cmocka_unit_test(one_line_fills_what_the_other_lost),
	cmocka_unit_test(reordered_packets_wait_for_their_turn),
	cmocka_unit_test(a_hole_that_stays_is_a_gap_after_the_wait),
	cmocka_unit_test(a_heartbeat_tells_what_was_lost_before_it),
	cmocka_unit_test(holes_that_touch_are_one_gap),
	cmocka_unit_test(the_session_ends_when_everything_is_there),
	cmocka_unit_test(the_last_messages_can_be_lost_too),
	cmocka_unit_test(starts_with_the_first_packet_or_where_it_is_told),
	cmocka_unit_test(asks_for_a_gap_and_takes_the_answer),
	cmocka_unit_test(an_answer_in_part_is_followed_by_a_request_for_the_rest),
	cmocka_unit_test(requests_are_limited_in_size_number_and_rate),
	cmocka_unit_test(unanswered_requests_are_asked_again_ever_more_slowly_and_then_given_up),
	cmocka_unit_test(a_line_may_still_bring_what_was_asked_for),
	cmocka_unit_test(an_answer_can_fill_the_middle_of_a_hole),
	cmocka_unit_test(a_full_window_goes_on_without_its_first_hole),
	cmocka_unit_test(a_packet_that_leaps_over_the_window_is_taken_too),
	cmocka_unit_test(bytes_are_limited_as_messages_are),
	cmocka_unit_test(a_window_that_is_half_full_asks_early),
	cmocka_unit_test(with_a_server_what_does_not_fit_is_asked_for_again),
	cmocka_unit_test(what_has_no_room_is_not_asked_for_yet),
	cmocka_unit_test(more_holes_than_are_kept_become_one),
	cmocka_unit_test(another_session_begins_when_the_old_one_was_given_out),
	cmocka_unit_test(a_receiver_for_one_session_ignores_others),
	cmocka_unit_test(the_server_cannot_begin_a_session),
	cmocka_unit_test(at_the_end_of_a_capture_what_is_missing_is_a_gap),
	cmocka_unit_test(a_clock_that_goes_back_stands_still),
	cmocka_unit_test(a_datagram_that_does_not_decode_changes_nothing),
	cmocka_unit_test(events_are_to_be_taken_before_the_next_datagram),
	cmocka_unit_test(lines_count_their_own_losses_and_duplicates),
	cmocka_unit_test(sequence_numbers_may_be_as_high_as_they_go), cmocka_unit_test(options_have_limits),
	cmocka_unit_test(memory_is_asked_for_once_and_given_back));
