/* MoldUDP64 packets, the sender and the re-request server. */
#include <inox/mold.h>
#include <inox/rng.h>

#include "wire_build.h"

static void expect_error(ix_bytes datagram, int code, const char *text) {
	ix_mold_packet packet;
	ix_error err = {0};
	assert_int_equal(ix_mold_decode(datagram, &packet, &err), code);
	assert_string_equal(err.text, text);
}

static void takes_a_packet_apart(void **state) {
	(void)state;
	static const uint8_t bytes[] = {'0', '0', '0', '0', '1', '0', '0', '5', '9', 'B', 0, 0, 0, 0, 1, 0x22,
		0x0e, 0x5d, 0, 3, 0, 2, 'h', 'i', 0, 0, 0, 1, 'x'};
	ix_mold_packet p = {0};
	assert_int_equal(ix_mold_decode((ix_bytes){bytes, sizeof bytes}, &p, NULL), 0);
	assert_memory_equal(p.session, "000010059B", 10);
	assert_int_equal(p.sequence, 0x01220e5d);
	assert_int_equal(p.count, 3);
	ix_bytes message = {0};
	assert_true(ix_mold_next(&p.blocks, &message));
	assert_int_equal(message.size, 2);
	assert_memory_equal(message.data, "hi", 2);
	assert_true(ix_mold_next(&p.blocks, &message));
	assert_int_equal(message.size, 0);
	assert_true(ix_mold_next(&p.blocks, &message));
	assert_memory_equal(message.data, "x", 1);
	assert_false(ix_mold_next(&p.blocks, &message));
}

static void heartbeats_and_the_end_have_no_messages(void **state) {
	(void)state;
	wire_build b;
	ix_mold_packet p = {0};
	assert_int_equal(ix_mold_decode(mold_packet(&b, "INOX000001", 7, NULL, 0), &p, NULL), 0);
	assert_int_equal(p.count, 0);
	assert_int_equal(ix_mold_decode(mold_packet(&b, "INOX000001", 7, NULL, 0xFFFF), &p, NULL), 0);
	assert_int_equal(p.count, IX_MOLD_COUNT_END);
	expect_error(mold_packet(&b, "INOX000001", 7, "abc", 0), IX_ERR_SYNTAX,
		"offset 20: 5 bytes behind the last of 0 messages");
	expect_error(mold_packet(&b, "INOX000001", 7, "abc", 0xFFFF), IX_ERR_SYNTAX,
		"offset 20: 5 bytes behind the last of 0 messages");
}

static void encoding_is_the_inverse_of_decoding(void **state) {
	(void)state;
	wire_build b;
	ix_bytes datagram = mold_packet(&b, "INOX000001", 99, "one||three", -1);
	ix_mold_packet p = {0};
	assert_int_equal(ix_mold_decode(datagram, &p, NULL), 0);
	uint8_t out[64];
	ix_writer w = ix_writer_of(out, sizeof out);
	ix_mold_encode(&w, &p);
	assert_int_equal(w.size, datagram.size);
	assert_memory_equal(out, datagram.data, datagram.size);
}

static void every_truncation_is_an_error_with_its_offset(void **state) {
	(void)state;
	wire_build b;
	ix_bytes datagram =
		mold_packet(&b, "INOX000001", 99, "one||three", -1); /* blocks at 20, 25, 27, end at 34 */
	for (size_t size = 0; size < datagram.size; size++) {
		char text[128];
		size_t at = size < 25 ? 20 : size < 27 ? 25 : 27;
		if (size < 20)
			snprintf(text, sizeof text,
				"offset 0: a MoldUDP64 header needs 20 bytes, there are %zu", size);
		else
			snprintf(text, sizeof text,
				"offset %zu: message %d of 3 does not fit: %zu bytes are left of the "
				"datagram",
				at,
				at == 20   ? 1
				: at == 25 ? 2
					   : 3,
				size - at);
		expect_error((ix_bytes){datagram.data, size}, IX_ERR_TRUNCATED, text);
	}
}

static void sequence_numbers_may_not_run_out(void **state) {
	(void)state;
	wire_build b;
	ix_mold_packet p = {0};
	assert_int_equal(
		ix_mold_decode(mold_packet(&b, "INOX000001", UINT64_MAX - 2, "a|b", -1), &p, NULL), 0);
	expect_error(mold_packet(&b, "INOX000001", UINT64_MAX - 1, "a|b", -1), IX_ERR_RANGE,
		"offset 10: 2 messages from sequence number 18446744073709551614 run past 2^64");
	assert_int_equal(
		ix_mold_decode(mold_packet(&b, "INOX000001", UINT64_MAX, NULL, 0xFFFF), &p, NULL), 0);
}

static void any_bytes_give_a_packet_that_can_be_walked_or_an_error(void **state) {
	(void)state;
	ix_rng rng;
	ix_rng_seed(&rng, ix_testing_seed());
	uint64_t rounds = ix_testing_long() ? 1000000 : 100000;
	for (uint64_t i = 0; i < rounds; i++) {
		wire_build b;
		ix_bytes datagram = mold_packet(&b, "INOX000001", 99, "one||three|four", -1);
		size_t size = (size_t)ix_rng_below(&rng, datagram.size + 1);
		uint8_t *exact = malloc(size ? size : 1); /* so that a step outside is seen */
		memcpy(exact, datagram.data, size);
		for (uint64_t n = ix_rng_below(&rng, 4); n > 0 && size > 0; n--)
			exact[ix_rng_below(&rng, size)] = (uint8_t)ix_rng_u64(&rng);
		ix_mold_packet p = {0};
		ix_error err = {0};
		int code = ix_mold_decode((ix_bytes){exact, size}, &p, &err);
		if (code == 0) {
			unsigned count = 0;
			size_t bytes = 0;
			for (ix_bytes m; ix_mold_next(&p.blocks, &m); count++) bytes += 2 + m.size;
			assert_int_equal(count, p.count == IX_MOLD_COUNT_END ? 0 : p.count);
			assert_int_equal(bytes + 20, size);
		} else {
			assert_memory_equal(err.text, "offset ", 7);
		}
		free(exact);
	}
}

/* ---- the sender ---- */

static ix_bytes text_bytes(const char *s) { return (ix_bytes){(const uint8_t *)s, strlen(s)}; }

static void the_sender_fills_packets(void **state) {
	(void)state;
	ix_mold_sender *s = calloc(1, sizeof *s);
	memcpy(s->session, "INOX000001", 10);
	s->packet_size = 20 + 5 + 6;
	assert_int_equal(ix_mold_sender_add(s, text_bytes("one"), NULL), 0);
	assert_int_equal(ix_mold_sender_add(s, text_bytes("four"), NULL), 0);
	assert_int_equal(ix_mold_sender_add(s, text_bytes(""), NULL), IX_ERR_BUSY);
	ix_bytes packet;
	assert_true(ix_mold_sender_take(s, 0, &packet));
	wire_build b;
	ix_bytes expected = mold_packet(&b, "INOX000001", 1, "one|four", -1);
	assert_int_equal(packet.size, expected.size);
	assert_memory_equal(packet.data, expected.data, expected.size);
	assert_false(ix_mold_sender_take(s, 0, &packet));
	assert_int_equal(ix_mold_sender_add(s, text_bytes("x"), NULL), 0);
	assert_true(ix_mold_sender_take(s, 0, &packet));
	expected = mold_packet(&b, "INOX000001", 3, "x", -1);
	assert_memory_equal(packet.data, expected.data, expected.size);
	assert_int_equal(s->message_count, 3);
	assert_int_equal(s->packet_count, 2);
	free(s);
}

static void a_message_larger_than_a_packet_is_refused(void **state) {
	(void)state;
	ix_mold_sender *s = calloc(1, sizeof *s);
	s->packet_size = 31;
	ix_error err = {0};
	assert_int_equal(ix_mold_sender_add(s, text_bytes("ninebytes"), NULL), 0);
	ix_bytes packet;
	assert_true(ix_mold_sender_take(s, 0, &packet));
	assert_int_equal(packet.size, 31);
	assert_int_equal(ix_mold_sender_add(s, text_bytes("ten bytes!"), &err), IX_ERR_LIMIT);
	assert_string_equal(err.text, "a message of 10 bytes, where a packet has room for 9");
	free(s);
}

static void a_silent_sender_sends_heartbeats_and_at_the_end_says_so(void **state) {
	(void)state;
	const int64_t second = 1000000000;
	ix_mold_sender *s = calloc(1, sizeof *s);
	memcpy(s->session, "INOX000001", 10);
	s->sequence = 5;
	ix_bytes packet;
	wire_build b;
	assert_true(ix_mold_sender_heartbeat(s, 100, &packet)); /* nothing was sent yet */
	assert_memory_equal(packet.data, mold_packet(&b, "INOX000001", 5, NULL, 0).data, 20);
	assert_int_equal(ix_mold_sender_deadline(s), 100 + second);
	assert_false(ix_mold_sender_heartbeat(s, 99 + second, &packet));
	assert_int_equal(ix_mold_sender_add(s, text_bytes("a"), NULL), 0);
	assert_false(ix_mold_sender_heartbeat(s, 100 + second, &packet)); /* a message waits to be taken */
	assert_true(ix_mold_sender_take(s, 100 + second, &packet));
	assert_false(ix_mold_sender_heartbeat(s, 99 + 2 * second, &packet));
	assert_true(ix_mold_sender_heartbeat(s, 100 + 2 * second, &packet));
	assert_memory_equal(packet.data, mold_packet(&b, "INOX000001", 6, NULL, 0).data, 20);
	ix_mold_sender_end(s);
	assert_true(ix_mold_sender_heartbeat(s, 101 + 2 * second, &packet));
	assert_memory_equal(packet.data, mold_packet(&b, "INOX000001", 6, NULL, 0xFFFF).data, 20);
	assert_false(ix_mold_sender_heartbeat(s, 102 + 2 * second, &packet));
	assert_int_equal(ix_mold_sender_add(s, text_bytes("a"), NULL), IX_ERR_CLOSED);
	assert_int_equal(s->heartbeat_count, 3);
	free(s);
}

/* ---- the re-request server ---- */

static bool message_of(void *context, uint64_t sequence, ix_bytes *ret_message) {
	static const char *const texts[] = {"one", "two", "three", "four"};
	(void)context;
	if (sequence < 1 || sequence > 4) return false;
	*ret_message = text_bytes(texts[sequence - 1]);
	return true;
}
static uint64_t next_of(void *context) {
	(void)context;
	return 5;
}

static size_t ask(ix_mold_server *server, uint64_t sequence, int count, uint8_t *out) {
	wire_build b;
	size_t size = 12345;
	assert_int_equal(ix_mold_server_answer(server, mold_packet(&b, "INOX000001", sequence, NULL, count),
				 out, 2000, &size, NULL),
		0);
	return size;
}

static void the_server_answers_with_what_is_there_and_fits(void **state) {
	(void)state;
	ix_mold_server server = {.session = "INOX00000", .store = {message_of, next_of, NULL}};
	server.session[9] = '1';
	uint8_t out[2000];
	wire_build b;
	ix_bytes expected = mold_packet(&b, "INOX000001", 2, "two|three", -1);
	assert_int_equal(ask(&server, 2, 2, out), expected.size);
	assert_memory_equal(out, expected.data, expected.size);
	expected = mold_packet(&b, "INOX000001", 3, "three|four", -1);
	assert_int_equal(ask(&server, 3, 1000, out), expected.size); /* as far as there are any */
	assert_memory_equal(out, expected.data, expected.size);
	server.packet_size = 20 + 5 + 5;
	expected = mold_packet(&b, "INOX000001", 1, "one|two", -1);
	assert_int_equal(ask(&server, 1, 4, out), expected.size); /* as far as they fit */
	assert_memory_equal(out, expected.data, expected.size);
	assert_int_equal(server.answer_count, 3);
	assert_int_equal(server.message_count, 6);
}

static void the_server_is_silent_where_it_has_nothing_to_say(void **state) {
	(void)state;
	ix_mold_server server = {.store = {message_of, next_of, NULL}};
	memcpy(server.session, "INOX000001", 10);
	uint8_t out[2000];
	assert_int_equal(ask(&server, 5, 3, out), 0); /* not yet */
	assert_int_equal(ask(&server, 1, 0, out), 0);
	server.packet_size = 24;
	assert_int_equal(ask(&server, 1, 1, out), 0); /* the first does not fit */
	assert_int_equal(server.absent_count, 3);
	memcpy(server.session, "INOX000002", 10);
	assert_int_equal(ask(&server, 1, 1, out), 0);
	assert_int_equal(server.foreign_count, 1);
	wire_build b;
	size_t size = 1;
	ix_error err = {0};
	ix_bytes wrong = mold_packet(&b, "INOX000002", 1, "x", -1);
	assert_int_equal(ix_mold_server_answer(&server, wrong, out, sizeof out, &size, &err), IX_ERR_SYNTAX);
	assert_string_equal(err.text, "offset 20: 3 bytes behind the request");
	assert_int_equal(
		ix_mold_server_answer(&server, (ix_bytes){wrong.data, 19}, out, sizeof out, &size, NULL),
		IX_ERR_TRUNCATED);
	assert_int_equal(server.malformed_count, 2);
}

IX_TESTS(test_mold, cmocka_unit_test(takes_a_packet_apart),
	cmocka_unit_test(heartbeats_and_the_end_have_no_messages),
	cmocka_unit_test(encoding_is_the_inverse_of_decoding),
	cmocka_unit_test(every_truncation_is_an_error_with_its_offset),
	cmocka_unit_test(sequence_numbers_may_not_run_out),
	cmocka_unit_test(any_bytes_give_a_packet_that_can_be_walked_or_an_error),
	cmocka_unit_test(the_sender_fills_packets),
	cmocka_unit_test(a_message_larger_than_a_packet_is_refused),
	cmocka_unit_test(a_silent_sender_sends_heartbeats_and_at_the_end_says_so),
	cmocka_unit_test(the_server_answers_with_what_is_there_and_fits),
	cmocka_unit_test(the_server_is_silent_where_it_has_nothing_to_say));
