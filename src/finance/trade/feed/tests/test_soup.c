/* SoupBinTCP packets and their fields. */
#include <inox/soup.h>

#include "wire_build.h"

static void takes_packets_apart_and_back(void **state) {
	(void)state;
	static const uint8_t bytes[] = {0, 4, 'S', 'a', 'b', 'c', 0, 1, 'H'};
	ix_soup_packet p;
	size_t used;
	assert_int_equal(ix_soup_decode((ix_bytes){bytes, sizeof bytes}, IX_SOUP_SERVER, &p, &used, NULL), 0);
	assert_int_equal(p.type, IX_SOUP_SEQUENCED);
	assert_int_equal(p.payload.size, 3);
	assert_memory_equal(p.payload.data, "abc", 3);
	assert_int_equal(used, 6);
	uint8_t out[16];
	ix_writer w = ix_writer_of(out, sizeof out);
	ix_soup_encode(&w, &p);
	assert_int_equal(ix_soup_decode((ix_bytes){bytes + 6, 3}, IX_SOUP_SERVER, &p, &used, NULL), 0);
	assert_int_equal(p.type, IX_SOUP_SERVER_HEARTBEAT);
	ix_soup_encode(&w, &p);
	assert_int_equal(w.size, sizeof bytes);
	assert_memory_equal(out, bytes, sizeof bytes);
}

static void each_side_sends_its_own_packets(void **state) {
	(void)state;
	static const struct {
		char type;
		size_t size;
		bool client, server;
	} cases[] = {{'+', 5, true, true}, {'A', 30, false, true}, {'J', 1, false, true},
		{'S', 9, false, true}, {'H', 0, false, true}, {'Z', 0, false, true}, {'L', 46, true, false},
		{'L', 51, true, false}, {'U', 9, true, true}, {'R', 0, true, false}, {'O', 0, true, false},
		{'q', 0, false, false}, {'\x07', 0, false, false}};
	for (size_t i = 0; i < IX_COUNT(cases); i++) {
		for (int from = 0; from < 2; from++) {
			char payload[64] = "";
			memset(payload, ' ', cases[i].size);
			wire_build b;
			ix_soup_packet p;
			size_t used;
			ix_error err = {0};
			bool is_good = from == IX_SOUP_CLIENT ? cases[i].client : cases[i].server;
			int code = ix_soup_decode(
				soup_packet(&b, cases[i].type, payload), (ix_soup_role)from, &p, &used, &err);
			assert_int_equal(code, is_good ? 0 : IX_ERR_UNSUPPORTED);
			if (cases[i].type == 'q' && from)
				assert_string_equal(
					err.text, "offset 2: packet type 'q' is none that a server sends");
			if (cases[i].type == 7 && !from)
				assert_string_equal(
					err.text, "offset 2: packet type 0x07 is none that a client sends");
		}
	}
}

static void sizes_are_checked_by_type(void **state) {
	(void)state;
	static const struct {
		const char *bytes;
		size_t size;
		int from, code;
		const char *text;
	} cases[] = {
		{"", 0, 1, IX_ERR_TRUNCATED, "offset 0: a packet starts with 2 bytes of length, there are 0"},
		{"\0", 1, 1, IX_ERR_TRUNCATED,
			"offset 0: a packet starts with 2 bytes of length, there are 1"},
		{"\0\0", 2, 1, IX_ERR_SYNTAX, "offset 0: a packet of length 0 has no type"},
		{"\0\1", 2, 1, IX_ERR_TRUNCATED, "offset 0: a packet of 3 bytes, where there are 2"},
		{"\0\4Sab", 5, 1, IX_ERR_TRUNCATED, "offset 0: a packet of 6 bytes, where there are 5"},
		{"\0\2Hx", 4, 1, IX_ERR_SYNTAX,
			"offset 0: Server Heartbeat with 1 bytes of payload, more than 0"},
		{"\0\1J", 3, 1, IX_ERR_SYNTAX,
			"offset 0: Login Rejected with 0 bytes of payload, less than 1"},
	};
	for (size_t i = 0; i < IX_COUNT(cases); i++) {
		ix_soup_packet p;
		size_t used;
		ix_error err = {0};
		ix_bytes bytes = {(const uint8_t *)cases[i].bytes, cases[i].size};
		assert_int_equal(
			ix_soup_decode(bytes, (ix_soup_role)cases[i].from, &p, &used, &err), cases[i].code);
		assert_string_equal(err.text, cases[i].text);
	}
	static uint8_t huge[IX_SOUP_PAYLOAD_MAX + 1], out[IX_SOUP_PAYLOAD_MAX + 10];
	for (size_t size = IX_SOUP_PAYLOAD_MAX; size <= IX_SOUP_PAYLOAD_MAX + 1; size++) {
		ix_writer w = ix_writer_of(out, sizeof out);
		ix_soup_encode(&w, &(ix_soup_packet){.type = 'S', .payload = {huge, size}});
		assert_int_equal(w.failed, size > IX_SOUP_PAYLOAD_MAX);
	}
}

static void reads_login_fields(void **state) {
	(void)state;
	ix_soup_login login;
	static const char v3[] = "user  password       INOX1                  42";
	assert_int_equal(ix_soup_decode_login(ix_str_bytes(ix_str_from(v3)), &login, NULL), 0);
	assert_memory_equal(login.username, "user  ", 6);
	assert_memory_equal(login.password, "password  ", 10);
	assert_memory_equal(login.session, "     INOX1", 10);
	assert_int_equal(login.sequence, 42);
	assert_false(login.has_heartbeat);
	static const char v4[] = "user  password            18446744073709551615 5000";
	assert_int_equal(ix_soup_decode_login(ix_str_bytes(ix_str_from(v4)), &login, NULL), 0);
	assert_int_equal(login.sequence, UINT64_MAX);
	assert_true(login.has_heartbeat);
	assert_int_equal(login.heartbeat_ms, 5000);
	ix_error err = {0};
	static const char over[] = "user  password            18446744073709551616";
	assert_int_equal(ix_soup_decode_login(ix_str_bytes(ix_str_from(over)), &login, &err), IX_ERR_SYNTAX);
	assert_string_equal(
		err.text, "offset 26: the requested sequence number is not a number that fits 64 bits");
	static const char word[] = "user  password                               0 5s  ";
	assert_int_equal(ix_soup_decode_login(ix_str_bytes(ix_str_from(word)), &login, &err), IX_ERR_SYNTAX);
	assert_string_equal(err.text, "offset 46: the heartbeat time-out is not a number that fits 64 bits");
}

IX_TESTS(test_soup, cmocka_unit_test(takes_packets_apart_and_back),
	cmocka_unit_test(each_side_sends_its_own_packets), cmocka_unit_test(sizes_are_checked_by_type),
	cmocka_unit_test(reads_login_fields));
