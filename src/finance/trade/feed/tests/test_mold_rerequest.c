/* The MoldUDP64 receiver with a re-request server, and at the limits of its window. */
#include "mold_bench.h"

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

IX_TESTS(test_mold_rerequest, cmocka_unit_test(asks_for_a_gap_and_takes_the_answer),
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
	cmocka_unit_test(more_holes_than_are_kept_become_one));
