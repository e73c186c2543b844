/* SoupBinTCP sessions by hand: the bytes, timers, limits, and everything that the other side may do wrong. */
#include "soup_bench.h"

static void a_client_logs_in_with_these_bytes(void **state) {
	(void)state;
	ix_soup *s = new_session(IX_SOUP_CLIENT, NULL, (ix_soup_options){0});
	ix_soup_login login = login_of(42);
	assert_int_equal(ix_soup_login_request(s, 0, &login, NULL), 0);
	expect_output(s,
		"\0\x2fL"
		"trader"
		"secret    "
		"          "
		"                  42",
		49);
	assert_int_equal(ix_soup_login_request(s, 0, &login, NULL), IX_ERR_CONFLICT);
	ix_soup_free(s);
	s = new_session(IX_SOUP_CLIENT, NULL, (ix_soup_options){0});
	login.has_heartbeat = true;
	login.heartbeat_ms = 100000;
	assert_int_equal(ix_soup_login_request(s, 0, &login, NULL), IX_ERR_RANGE);
	login.heartbeat_ms = 99999;
	assert_int_equal(ix_soup_login_request(s, 0, &login, NULL), 0);
	expect_output(s,
		"\0\x34L"
		"trader"
		"secret    "
		"          "
		"                  42"
		"99999",
		54);
	ix_soup_free(s);
}

static void a_server_accepts_with_these_bytes_and_sends_from_its_store(void **state) {
	(void)state;
	shelf store = {.count = 3};
	ix_soup *s = new_session(IX_SOUP_SERVER, &store, (ix_soup_options){0});
	wire_build b;
	ix_soup_event e;
	assert_int_equal(
		receive(s, 0, soup_packet(&b, 'L', "tradersecret         INOX1                   2"), &e),
		IX_SOUP_EVENT_LOGIN);
	assert_memory_equal(e.login.username, "trader", 6);
	assert_memory_equal(e.login.session, "     INOX1", 10);
	assert_int_equal(ix_soup_state_of(s), IX_SOUP_STATE_LOGIN);
	assert_int_equal(ix_soup_accept(s, 0, e.login.session, e.login.sequence, NULL), 0);
	expect_output(s,
		"\0\x1f"
		"A     INOX1                   2",
		33);
	size_t count;
	assert_int_equal(ix_soup_pump(s, 0, &count, NULL), 0);
	assert_int_equal(count, 2);
	expect_output(s, "\0\3Sm2\0\3Sm3", 10);
	assert_int_equal(ix_soup_pump(s, 0, &count, NULL), 0);
	assert_int_equal(count, 0);
	store.count = 4;
	ix_error err = {0};
	assert_int_equal(ix_soup_end(s, 0, &err), IX_ERR_CONFLICT);
	assert_string_equal(err.text, "the client does not have message 4 yet");
	assert_int_equal(ix_soup_pump(s, 0, &count, NULL), 0);
	assert_int_equal(ix_soup_end(s, 0, NULL), 0);
	expect_output(s, "\0\3Sm4\0\1Z", 8);
	assert_int_equal(ix_soup_state_of(s), IX_SOUP_STATE_CLOSED);
	ix_soup_free(s);
}

static void sequence_zero_starts_with_the_next_new_message(void **state) {
	(void)state;
	shelf store = {.count = 3};
	ix_soup *s = logged_in_server(&store, 0);
	size_t count;
	assert_int_equal(ix_soup_pump(s, 0, &count, NULL), 0);
	assert_int_equal(count, 0);
	store.count = 4;
	assert_int_equal(ix_soup_pump(s, 0, &count, NULL), 0);
	expect_output(s, "\0\3Sm4", 5);
	ix_soup_free(s);
}

static void a_client_numbers_what_it_gets(void **state) {
	(void)state;
	ix_soup *s = logged_in_client(7);
	static const uint8_t bytes[] = "\0\3Sxy\0\1H\0\2+d\0\2Uz\0\1S\0\1Z\0\1H";
	ix_bytes input = {bytes, sizeof bytes - 1};
	ix_soup_event e;
	assert_int_equal(ix_soup_receive(s, 0, &input, &e, NULL), 0);
	assert_int_equal(e.kind, IX_SOUP_EVENT_SEQUENCED);
	assert_int_equal(e.sequence, 7);
	assert_memory_equal(e.message.data, "xy", 2);
	assert_int_equal(ix_soup_receive(s, 0, &input, &e, NULL), 0);
	assert_int_equal(e.kind, IX_SOUP_EVENT_DEBUG);
	assert_memory_equal(e.message.data, "d", 1);
	assert_int_equal(ix_soup_receive(s, 0, &input, &e, NULL), 0);
	assert_int_equal(e.kind, IX_SOUP_EVENT_UNSEQUENCED);
	assert_int_equal(ix_soup_receive(s, 0, &input, &e, NULL), 0);
	assert_int_equal(e.kind, IX_SOUP_EVENT_SEQUENCED);
	assert_int_equal(e.sequence, 8);
	assert_int_equal(e.message.size, 0);
	assert_int_equal(ix_soup_receive(s, 0, &input, &e, NULL), 0);
	assert_int_equal(e.kind, IX_SOUP_EVENT_END);
	assert_int_equal(e.sequence, 9);
	assert_int_equal(ix_soup_receive(s, 0, &input, &e, NULL), 0); /* behind the end nothing counts */
	assert_int_equal(e.kind, IX_SOUP_EVENT_NONE);
	assert_int_equal(input.size, 0);
	assert_int_equal(ix_soup_stats_of(s)->heartbeats_in, 1);
	ix_soup_free(s);
}

static void a_server_hears_messages_and_the_logout(void **state) {
	(void)state;
	shelf store = {0};
	ix_soup *s = logged_in_server(&store, 1);
	wire_build b;
	ix_soup_event e;
	assert_int_equal(receive(s, 0, soup_packet(&b, 'U', "order"), &e), IX_SOUP_EVENT_UNSEQUENCED);
	assert_memory_equal(e.message.data, "order", 5);
	assert_int_equal(receive(s, 0, soup_packet(&b, 'R', ""), &e), IX_SOUP_EVENT_NONE);
	assert_int_equal(receive(s, 0, soup_packet(&b, 'O', ""), &e), IX_SOUP_EVENT_LOGOUT);
	assert_int_equal(ix_soup_state_of(s), IX_SOUP_STATE_CLOSED);
	ix_soup_free(s);
}

static void a_login_can_be_rejected(void **state) {
	(void)state;
	shelf store = {0};
	ix_soup *server = new_session(IX_SOUP_SERVER, &store, (ix_soup_options){0});
	ix_soup *client = new_session(IX_SOUP_CLIENT, NULL, (ix_soup_options){0});
	ix_soup_login login = login_of(1);
	ix_soup_event e;
	assert_int_equal(ix_soup_reject(server, 0, 'A', NULL), IX_ERR_CONFLICT); /* nobody asked */
	assert_int_equal(ix_soup_login_request(client, 0, &login, NULL), 0);
	assert_int_equal(receive(server, 0, ix_soup_output(client), &e), IX_SOUP_EVENT_LOGIN);
	assert_int_equal(ix_soup_reject(server, 0, IX_SOUP_REJECT_NO_SESSION, NULL), 0);
	assert_int_equal(ix_soup_state_of(server), IX_SOUP_STATE_CLOSED);
	assert_int_equal(receive(client, 0, ix_soup_output(server), &e), IX_SOUP_EVENT_REJECTED);
	assert_int_equal(e.reason, 'S');
	assert_int_equal(ix_soup_state_of(client), IX_SOUP_STATE_CLOSED);
	ix_soup_free(server);
	ix_soup_free(client);
}

static void silence_is_filled_with_heartbeats(void **state) {
	(void)state;
	for (int role = 0; role < 2; role++) {
		shelf store = {0};
		ix_soup *s = role == IX_SOUP_CLIENT ? logged_in_client(1) : logged_in_server(&store, 1);
		assert_int_equal(ix_soup_deadline(s), second);
		assert_int_equal(ix_soup_advance(s, second - 1, NULL), 0);
		assert_int_equal(ix_soup_output(s).size, 0);
		assert_int_equal(ix_soup_advance(s, second, NULL), 0);
		expect_output(s, role == IX_SOUP_CLIENT ? "\0\1R" : "\0\1H", 3);
		assert_int_equal(ix_soup_send_unsequenced(s, second + second / 2, (ix_bytes){0}, NULL), 0);
		expect_output(s, "\0\1U", 3);
		assert_int_equal(ix_soup_deadline(s), 2 * second + second / 2);
		assert_int_equal(ix_soup_stats_of(s)->heartbeats_out, 1);
		ix_soup_free(s);
	}
}

static void the_other_sides_silence_ends_the_session(void **state) {
	(void)state;
	ix_soup *s = logged_in_client(1);
	wire_build b;
	ix_soup_event e;
	assert_int_equal(receive(s, 5 * second, soup_packet(&b, 'H', ""), &e), IX_SOUP_EVENT_NONE);
	ix_error err = {0};
	for (int64_t i = 6; i < 20; i++) assert_int_equal(ix_soup_advance(s, i * second, &err), 0);
	assert_int_equal(ix_soup_advance(s, 20 * second, &err), IX_ERR_TIMEOUT);
	assert_string_equal(err.text, "nothing was heard for 15000 ms");
	assert_int_equal(ix_soup_state_of(s), IX_SOUP_STATE_CLOSED);
	assert_int_equal(ix_soup_advance(s, 99 * second, NULL), 0);
	assert_int_equal(ix_soup_deadline(s), INT64_MAX);
	ix_soup_free(s);
}

static void a_login_has_its_time(void **state) {
	(void)state;
	shelf store = {0};
	ix_soup_options options = {.login_timeout_ns = 3 * second};
	ix_soup *server = new_session(IX_SOUP_SERVER, &store, options),
		*client = new_session(IX_SOUP_CLIENT, NULL, options);
	assert_int_equal(ix_soup_deadline(server), 3 * second);
	assert_int_equal(ix_soup_deadline(client), INT64_MAX); /* it has not asked yet */
	assert_int_equal(ix_soup_advance(client, 100 * second, NULL), 0);
	ix_soup_login login = login_of(1);
	assert_int_equal(ix_soup_login_request(client, 100 * second, &login, NULL), 0);
	ix_error err = {0};
	assert_int_equal(ix_soup_advance(client, 103 * second - 1, &err), 0);
	assert_int_equal(ix_soup_advance(client, 103 * second, &err), IX_ERR_TIMEOUT);
	assert_string_equal(err.text, "the login is not through for 3000 ms");
	assert_int_equal(ix_soup_advance(server, 3 * second, NULL), IX_ERR_TIMEOUT);
	ix_soup_free(server);
	ix_soup_free(client);
}

static void a_clock_that_goes_back_stands_still(void **state) {
	(void)state;
	ix_soup *s = logged_in_client(1);
	assert_int_equal(ix_soup_advance(s, second / 2, NULL), 0);
	assert_int_equal(ix_soup_advance(s, -1000 * second, NULL), 0);
	assert_int_equal(ix_soup_deadline(s), -1000 * second + second / 2);
	assert_int_equal(ix_soup_advance(s, -999 * second, NULL), 0);
	expect_output(s, "\0\1R", 3);
	ix_soup_free(s);
}

static void packets_out_of_turn_close_the_session(void **state) {
	(void)state;
	static const struct {
		int who; /* 0 a new client, 1 one that asked, 2 one in session, 3 a new server, 4 one that was
			    asked, 5 one in session */
		char type;
		size_t size;
	} cases[] = {{0, 'A', 30}, {0, 'J', 1}, {0, 'S', 1}, {0, 'Z', 0}, {1, 'S', 1}, {1, 'U', 1},
		{1, 'Z', 0}, {2, 'A', 30}, {2, 'J', 1}, {3, 'U', 1}, {4, 'L', 46}, {4, 'U', 1}, {5, 'L', 46}};
	for (size_t i = 0; i < IX_COUNT(cases); i++) {
		shelf store = {0};
		ix_soup_event e;
		wire_build b;
		ix_soup *s;
		ix_soup_login login = login_of(1);
		unsigned before = 0;
		switch (cases[i].who) {
		case 2: s = logged_in_client(1), before = 33; break;
		case 5: s = logged_in_server(&store, 1), before = 49; break;
		default:
			s = new_session(cases[i].who < 3 ? IX_SOUP_CLIENT : IX_SOUP_SERVER, &store,
				(ix_soup_options){0});
		}
		if (cases[i].who == 1) assert_int_equal(ix_soup_login_request(s, 0, &login, NULL), 0);
		if (cases[i].who == 4) {
			ix_bytes request =
				soup_packet(&b, 'L', "tradersecret                                 1");
			assert_int_equal(receive(s, 0, request, &e), IX_SOUP_EVENT_LOGIN);
			before = 49;
		}
		char payload[64] = "", text[64];
		memset(payload, ' ', cases[i].size);
		ix_bytes input = soup_packet(&b, cases[i].type, payload);
		ix_error err = {0};
		assert_int_equal(ix_soup_receive(s, 0, &input, &e, &err), IX_ERR_CONFLICT);
		snprintf(text, sizeof text, "offset %u: packet type '%c' out of turn", before, cases[i].type);
		assert_string_equal(err.text, text);
		assert_int_equal(ix_soup_state_of(s), IX_SOUP_STATE_CLOSED);
		ix_soup_free(s);
	}
}

static void errors_name_the_offset_in_the_stream(void **state) {
	(void)state;
	static const struct {
		const char *bytes;
		size_t size;
		int code;
		const char *text;
	} cases[] = {
		{"\0\1H\0\0", 5, IX_ERR_SYNTAX, "offset 36: a packet of length 0 has no type"},
		{"\0\1H\0\1R", 6, IX_ERR_UNSUPPORTED,
			"offset 38: packet type 'R' is none that a server sends"},
		{"\0\2Hx", 4, IX_ERR_SYNTAX,
			"offset 33: Server Heartbeat with 1 bytes of payload, more than 0"},
	};
	for (size_t i = 0; i < IX_COUNT(cases); i++) {
		for (int split = 0; split < 2; split++) {
			ix_soup *s = logged_in_client(1); /* 33 bytes of login accepted came before */
			ix_soup_event e;
			ix_error err = {0};
			int code = 0;
			for (size_t at = 0; at < cases[i].size && code == 0;
				at += split ? 1 : cases[i].size) {
				ix_bytes input = {
					(const uint8_t *)cases[i].bytes + at, split ? 1 : cases[i].size};
				code = ix_soup_receive(s, 0, &input, &e, &err);
			}
			assert_int_equal(code, cases[i].code);
			assert_string_equal(err.text, cases[i].text);
			ix_soup_free(s);
		}
	}
	shelf store = {0};
	ix_soup *s = new_session(IX_SOUP_SERVER, &store, (ix_soup_options){0});
	wire_build b;
	ix_bytes input = soup_packet(&b, 'L', "tradersecret                                1x");
	ix_soup_event e;
	ix_error err = {0};
	assert_int_equal(ix_soup_receive(s, 0, &input, &e, &err), IX_ERR_SYNTAX);
	assert_string_equal(
		err.text, "offset 29: the requested sequence number is not a number that fits 64 bits");
	ix_soup_free(s);
}

static void limits_hold_at_their_edges(void **state) {
	(void)state;
	ix_soup_options options = {.payload_max = 60, .output_size = 2 * 63};
	ix_soup *s = new_session(IX_SOUP_CLIENT, NULL, options);
	ix_soup_login login = login_of(1);
	assert_int_equal(ix_soup_login_request(s, 0, &login, NULL), 0);
	ix_soup_sent(s, ix_soup_output(s).size);
	wire_build b;
	ix_soup_event e;
	assert_int_equal(receive(s, 0, soup_packet(&b, 'A', "     INOX1                   1"), &e),
		IX_SOUP_EVENT_ACCEPTED);
	char payload[62];
	memset(payload, 'x', 61);
	payload[61] = '\0';
	ix_error err = {0};
	assert_int_equal(
		ix_soup_send_unsequenced(s, 0, (ix_bytes){(uint8_t *)payload, 61}, &err), IX_ERR_LIMIT);
	assert_string_equal(err.text, "a packet with 61 bytes of payload, over the limit of 60");
	for (int i = 0; i < 2; i++)
		assert_int_equal(ix_soup_send_unsequenced(s, 0, (ix_bytes){(uint8_t *)payload, 60}, NULL), 0);
	assert_int_equal(
		ix_soup_send_unsequenced(s, 0, (ix_bytes){(uint8_t *)payload, 0}, &err), IX_ERR_BUSY);
	assert_string_equal(err.text, "no room for 3 bytes until more of the output was sent");
	assert_int_equal(
		ix_soup_advance(s, second, NULL), 0); /* no heartbeat either: there is enough to send */
	ix_soup_sent(s, 3);
	assert_int_equal(ix_soup_send_unsequenced(s, 0, (ix_bytes){(uint8_t *)payload, 0}, NULL), 0);
	assert_int_equal(ix_soup_output(s).size, 126);
	assert_memory_equal(ix_soup_output(s).data + 123, "\0\1U", 3);
	assert_int_equal(receive(s, 0, soup_packet(&b, 'S', payload + 1), &e), IX_SOUP_EVENT_SEQUENCED);
	ix_bytes input = soup_packet(&b, 'S', payload);
	assert_int_equal(ix_soup_receive(s, 0, &input, &e, &err), IX_ERR_LIMIT);
	assert_string_equal(err.text, "offset 96: a packet with 61 bytes of payload, over the limit of 60");
	ix_soup_free(s);

	static const struct {
		ix_soup_options options;
		int code;
	} cases[] = {
		{{.payload_max = IX_SOUP_PAYLOAD_MIN}, 0},
		{{.payload_max = IX_SOUP_PAYLOAD_MIN - 1}, IX_ERR_LIMIT},
		{{.payload_max = IX_SOUP_PAYLOAD_MAX + 1}, IX_ERR_LIMIT},
		{{.payload_max = 100, .output_size = 103}, 0},
		{{.payload_max = 100, .output_size = 102}, IX_ERR_LIMIT},
		{{.output_size = (size_t)IX_SOUP_OUTPUT_SIZE_MAX + 1}, IX_ERR_LIMIT},
		{{.heartbeat_ns = -1}, IX_ERR_LIMIT},
		{{.role = IX_SOUP_SERVER}, IX_ERR_USAGE},
	};
	for (size_t i = 0; i < IX_COUNT(cases); i++) {
		ix_soup *session = NULL;
		assert_int_equal(
			ix_soup_new(ix_os_allocator(), &cases[i].options, 0, &session, NULL), cases[i].code);
		ix_soup_free(session);
	}
}

static void calls_of_the_wrong_side_or_time_are_refused(void **state) {
	(void)state;
	shelf store = {0};
	ix_soup *client = logged_in_client(1), *server = logged_in_server(&store, 1);
	ix_soup_login login = login_of(1);
	size_t count;
	ix_error err = {0};
	assert_int_equal(ix_soup_pump(client, 0, &count, &err), IX_ERR_CONFLICT);
	assert_string_equal(err.text, "only a server does this");
	assert_int_equal(ix_soup_logout(server, 0, &err), IX_ERR_CONFLICT);
	assert_string_equal(err.text, "only a client does this");
	assert_int_equal(ix_soup_login_request(client, 0, &login, &err), IX_ERR_CONFLICT);
	assert_string_equal(err.text, "not in a session while it is open");
	assert_int_equal(ix_soup_accept(server, 0, login.session, 1, NULL), IX_ERR_CONFLICT);
	assert_int_equal(ix_soup_logout(client, 0, NULL), 0);
	expect_output(client, "\0\1O", 3);
	assert_int_equal(ix_soup_send_debug(client, 0, IX_STR("x"), &err), IX_ERR_CONFLICT);
	assert_string_equal(err.text, "not in a session when it is closed");
	ix_soup_free(client);
	ix_soup_free(server);
}

static void a_store_that_forgets_closes_the_session(void **state) {
	(void)state;
	shelf store = {.count = 5, .gone = 2};
	ix_soup *s = logged_in_server(&store, 2);
	size_t count;
	ix_error err = {0};
	assert_int_equal(ix_soup_pump(s, 0, &count, &err), IX_ERR_NOT_FOUND);
	assert_string_equal(err.text, "message 2 is not in the store any more");
	assert_int_equal(ix_soup_state_of(s), IX_SOUP_STATE_CLOSED);
	ix_soup_free(s);
}

static void no_memory_is_an_error_that_leaves_nothing_behind(void **state) {
	(void)state;
	for (uint64_t fail_at = 1; fail_at <= 3; fail_at++) {
		ix_alloc_probe probe;
		ix_alloc_probe_init(&probe, NULL);
		probe.fail_at = fail_at;
		ix_soup *s = NULL;
		assert_int_equal(
			ix_soup_new(&probe.allocator, &(ix_soup_options){0}, 0, &s, NULL), IX_ERR_MEMORY);
		assert_int_equal(probe.live_blocks, 0);
	}
	ix_soup_free(NULL);
}

IX_TESTS(test_soup_session, cmocka_unit_test(a_client_logs_in_with_these_bytes),
	cmocka_unit_test(a_server_accepts_with_these_bytes_and_sends_from_its_store),
	cmocka_unit_test(sequence_zero_starts_with_the_next_new_message),
	cmocka_unit_test(a_client_numbers_what_it_gets),
	cmocka_unit_test(a_server_hears_messages_and_the_logout), cmocka_unit_test(a_login_can_be_rejected),
	cmocka_unit_test(silence_is_filled_with_heartbeats),
	cmocka_unit_test(the_other_sides_silence_ends_the_session), cmocka_unit_test(a_login_has_its_time),
	cmocka_unit_test(a_clock_that_goes_back_stands_still),
	cmocka_unit_test(packets_out_of_turn_close_the_session),
	cmocka_unit_test(errors_name_the_offset_in_the_stream), cmocka_unit_test(limits_hold_at_their_edges),
	cmocka_unit_test(calls_of_the_wrong_side_or_time_are_refused),
	cmocka_unit_test(a_store_that_forgets_closes_the_session),
	cmocka_unit_test(no_memory_is_an_error_that_leaves_nothing_behind));
