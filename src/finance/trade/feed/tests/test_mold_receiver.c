/* The MoldUDP64 receiver, case by case: what comes in on the lines, and the exact events. Gaps that are asked
 * for, and the window: test_mold_rerequest.c. */
#include "mold_bench.h"

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

static void a_first_packet_a_little_behind_the_start_is_a_late_one(void **state) {
	(void)state;
	bench t = start(&(ix_mold_options){.start_sequence = 1, .start_max = 2});
	push(&t, 0, 3, "c");
	push(&t, 0, 1, "a|b");
	expect(&t, "S1 a b c");
	stop(&t);
	t = start(&(ix_mold_options){.start_sequence = 1, .start_max = 2});
	push(&t, 0, 4, "d");
	expect(&t, "S4 d");
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
	cmocka_unit_test(a_first_packet_a_little_behind_the_start_is_a_late_one),
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
