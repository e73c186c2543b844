/* The typed values of the configuration language: what each reader takes, to the edge, and what it says of
 * the rest. */
#include <inox/conf.h>
#include <inox/testing.h>

typedef int read_number(ix_str text, int64_t *ret_value, ix_error *err);

static void expect_number(read_number *read, const char *text, int64_t expected) {
	int64_t value = -77;
	ix_error err = {0};
	if (read(ix_str_from(text), &value, &err) != 0) fail_msg("%s", err.text);
	assert_int_equal(value, expected);
}

static void expect_refusal(read_number *read, const char *text, int code, const char *says) {
	int64_t value = -77;
	ix_error err = {0};
	assert_int_equal(read(ix_str_from(text), &value, &err), code);
	assert_string_equal(err.text, says);
	assert_int_equal(value, -77);
	assert_int_equal(read(ix_str_from(text), &value, NULL), code);
}

static void reads_whole_numbers_in_four_bases(void **state) {
	(void)state;
	expect_number(ix_conf_read_integer, "0", 0);
	expect_number(ix_conf_read_integer, "42", 42);
	expect_number(ix_conf_read_integer, "-1", -1);
	expect_number(ix_conf_read_integer, "0x2a", 42);
	expect_number(ix_conf_read_integer, "0xFf", 255);
	expect_number(ix_conf_read_integer, "0o640", 416);
	expect_number(ix_conf_read_integer, "0b101", 5);
	expect_number(ix_conf_read_integer, "-0x10", -16);
	expect_number(ix_conf_read_integer, "9223372036854775807", INT64_MAX);
	expect_number(ix_conf_read_integer, "-9223372036854775808", INT64_MIN);
}

static void refuses_what_is_no_whole_number(void **state) {
	(void)state;
	static const char *const bad[] = {
		"", "-", "x", "1.5", "+1", "1 ", " 1", "1k", "0x", "0xg", "0o8", "0b2", "--1", "1_000"};
	for (size_t i = 0; i < IX_COUNT(bad); i++) {
		char says[64];
		snprintf(says, sizeof says, "'%s' is not a whole number", bad[i]);
		expect_refusal(ix_conf_read_integer, bad[i], IX_ERR_SYNTAX, says);
	}
	expect_refusal(ix_conf_read_integer, "0640", IX_ERR_SYNTAX,
		"'0640' begins with 0; octal numbers are written 0o17");
	expect_refusal(ix_conf_read_integer, "9223372036854775808", IX_ERR_RANGE,
		"'9223372036854775808' does not fit in 64 bits");
	expect_refusal(ix_conf_read_integer, "-9223372036854775809", IX_ERR_RANGE,
		"'-9223372036854775809' does not fit in 64 bits");
	expect_refusal(ix_conf_read_integer, "0x10000000000000000", IX_ERR_RANGE,
		"'0x10000000000000000' does not fit in 64 bits");
}

static void reads_sizes_in_units_of_1024(void **state) {
	(void)state;
	expect_number(ix_conf_read_size, "0", 0);
	expect_number(ix_conf_read_size, "512", 512);
	expect_number(ix_conf_read_size, "10k", 10240);
	expect_number(ix_conf_read_size, "10K", 10240);
	expect_number(ix_conf_read_size, "1.5g", 1610612736);
	expect_number(ix_conf_read_size, "0.5k", 512);
	expect_number(ix_conf_read_size, "0.001953125m", 2048);
	expect_number(ix_conf_read_size, "3m", 3145728);
	expect_number(ix_conf_read_size, "2T", 2199023255552);
	expect_number(ix_conf_read_size, "8388607t", 8388607 * ((int64_t)1 << 40));
}

static void refuses_what_is_no_size(void **state) {
	(void)state;
	expect_refusal(ix_conf_read_size, "", IX_ERR_SYNTAX, "'' is not a size like 512, 10k or 1.5g");
	expect_refusal(ix_conf_read_size, "k", IX_ERR_SYNTAX, "'k' is not a size like 512, 10k or 1.5g");
	expect_refusal(ix_conf_read_size, "-1k", IX_ERR_SYNTAX, "'-1k' is not a size like 512, 10k or 1.5g");
	expect_refusal(ix_conf_read_size, "1.k", IX_ERR_SYNTAX, "'1.k' is not a size like 512, 10k or 1.5g");
	expect_refusal(ix_conf_read_size, "10kb", IX_ERR_SYNTAX,
		"'10kb' has the unknown unit 'kb'; the units are k, m, g and t, of 1024");
	expect_refusal(ix_conf_read_size, "0.3k", IX_ERR_INVALID, "'0.3k' is not a whole number of bytes");
	expect_refusal(ix_conf_read_size, "1.5", IX_ERR_INVALID, "'1.5' is not a whole number of bytes");
	expect_refusal(ix_conf_read_size, "8388608t", IX_ERR_RANGE, "'8388608t' does not fit in 64 bits");
	expect_refusal(ix_conf_read_size, "99999999999999999999", IX_ERR_RANGE,
		"'99999999999999999999' does not fit in 64 bits");
}

static void reads_durations_and_sums_of_them(void **state) {
	(void)state;
	expect_number(ix_conf_read_duration, "0", 0);
	expect_number(ix_conf_read_duration, "7ns", 7);
	expect_number(ix_conf_read_duration, "7us", 7000);
	expect_number(ix_conf_read_duration, "250ms", 250000000);
	expect_number(ix_conf_read_duration, "5s", 5000000000);
	expect_number(ix_conf_read_duration, "10m", 600000000000);
	expect_number(ix_conf_read_duration, "1h30m", 5400000000000);
	expect_number(ix_conf_read_duration, "1.5h", 5400000000000);
	expect_number(ix_conf_read_duration, "1d", 86400000000000);
	expect_number(ix_conf_read_duration, "2w", 1209600000000000);
	expect_number(ix_conf_read_duration, "1w1d1h1m1s1ms1us1ns", 694861001001001);
	expect_number(ix_conf_read_duration, "0.000000001s", 1);
	expect_number(ix_conf_read_duration, "9223372036854775807ns", INT64_MAX);
}

static void refuses_what_is_no_duration(void **state) {
	(void)state;
	expect_refusal(
		ix_conf_read_duration, "", IX_ERR_SYNTAX, "'' is not a duration like 250ms, 5s or 1h30m");
	expect_refusal(ix_conf_read_duration, "soon", IX_ERR_SYNTAX,
		"'soon' is not a duration like 250ms, 5s or 1h30m");
	expect_refusal(ix_conf_read_duration, "5", IX_ERR_SYNTAX,
		"'5' has no unit; the units are ns, us, ms, s, m, h, d and w");
	expect_refusal(ix_conf_read_duration, "00", IX_ERR_SYNTAX,
		"'00' has no unit; the units are ns, us, ms, s, m, h, d and w");
	expect_refusal(ix_conf_read_duration, "5sec", IX_ERR_SYNTAX,
		"'5sec' has the unknown unit 'sec'; the units are ns, us, ms, s, m, h, d and w");
	expect_refusal(ix_conf_read_duration, "5S", IX_ERR_SYNTAX,
		"'5S' has the unknown unit 'S'; the units are ns, us, ms, s, m, h, d and w");
	expect_refusal(ix_conf_read_duration, "1m1h", IX_ERR_SYNTAX,
		"'1m1h' does not go from large units to small ones");
	expect_refusal(ix_conf_read_duration, "1s1s", IX_ERR_SYNTAX,
		"'1s1s' does not go from large units to small ones");
	expect_refusal(ix_conf_read_duration, "0.5ns", IX_ERR_INVALID,
		"'0.5ns' is not a whole number of nanoseconds");
	expect_refusal(ix_conf_read_duration, "9223372036854775808ns", IX_ERR_RANGE,
		"'9223372036854775808ns' is longer than 292 years");
	expect_refusal(
		ix_conf_read_duration, "15250w2d", IX_ERR_RANGE, "'15250w2d' is longer than 292 years");
	expect_refusal(ix_conf_read_duration, "-5s", IX_ERR_SYNTAX,
		"'-5s' is not a duration like 250ms, 5s or 1h30m");
}

static void reads_percentages_to_the_millionth(void **state) {
	(void)state;
	expect_number(ix_conf_read_percent, "0%", 0);
	expect_number(ix_conf_read_percent, "20%", 200000);
	expect_number(ix_conf_read_percent, "0.5%", 5000);
	expect_number(ix_conf_read_percent, "0.0001%", 1);
	expect_number(ix_conf_read_percent, "250%", 2500000);
	expect_refusal(
		ix_conf_read_percent, "20", IX_ERR_SYNTAX, "'20' has no percent sign; did you mean '20%'?");
	expect_refusal(ix_conf_read_percent, "%", IX_ERR_SYNTAX, "'%' is not a percentage like 20% or 0.5%");
	expect_refusal(
		ix_conf_read_percent, "20%%", IX_ERR_SYNTAX, "'20%%' is not a percentage like 20% or 0.5%");
	expect_refusal(
		ix_conf_read_percent, "0.00001%", IX_ERR_INVALID, "'0.00001%' has more than 4 decimals");
	expect_refusal(ix_conf_read_percent, "922337203685478%", IX_ERR_RANGE,
		"'922337203685478%' does not fit in 64 bits");
}

static void expect_rate(const char *text, int64_t count, int64_t period_ns) {
	ix_conf_rate rate;
	ix_error err = {0};
	if (ix_conf_read_rate(ix_str_from(text), &rate, &err) != 0) fail_msg("%s", err.text);
	assert_int_equal(rate.count, count);
	assert_int_equal(rate.period_ns, period_ns);
}

static void refuse_rate(const char *text, const char *says) {
	ix_conf_rate rate;
	ix_error err = {0};
	assert_int_not_equal(ix_conf_read_rate(ix_str_from(text), &rate, &err), 0);
	assert_string_equal(err.text, says);
}

static void reads_rates(void **state) {
	(void)state;
	expect_rate("100/s", 100, 1000000000);
	expect_rate("5/10m", 5, 600000000000);
	expect_rate("0/ms", 0, 1000000);
	expect_rate("1/1h30m", 1, 5400000000000);
	refuse_rate("100", "'100' is not a rate like 100/s or 5/10m");
	refuse_rate("/s", "'/s' is not a rate like 100/s or 5/10m");
	refuse_rate("100/", "'100/' is not a rate like 100/s or 5/10m");
	refuse_rate("1.5/s", "'1.5/s' is not a rate like 100/s or 5/10m");
	refuse_rate("5/parsec", "'5/parsec': 'parsec' is neither a unit of time nor a duration");
	refuse_rate("5/0", "'5/0' has a period of 0");
	refuse_rate("5/0s", "'5/0s' has a period of 0");
	refuse_rate("9223372036854775808/s", "'9223372036854775808/s' does not fit in 64 bits");
}

static void reads_six_words_as_yes_or_no(void **state) {
	(void)state;
	static const char *const words[] = {"off", "no", "false", "on", "yes", "true"};
	for (size_t i = 0; i < IX_COUNT(words); i++) {
		bool value = i < 3;
		assert_int_equal(ix_conf_read_boolean(ix_str_from(words[i]), &value, NULL), 0);
		assert_int_equal(value, i >= 3);
	}
	bool value;
	ix_error err = {0};
	assert_int_equal(ix_conf_read_boolean(IX_STR("On"), &value, &err), IX_ERR_SYNTAX);
	assert_string_equal(err.text, "'On' is neither on nor off");
	assert_int_equal(ix_conf_read_boolean(IX_STR("1"), &value, &err), IX_ERR_SYNTAX);
}

static void expect_address(const char *text, const char *host, uint16_t port, bool is_unix) {
	ix_conf_address a;
	ix_error err = {0};
	if (ix_conf_read_address(ix_str_from(text), &a, &err) != 0) fail_msg("%s", err.text);
	assert_true(ix_str_equal(a.host, ix_str_from(host)));
	assert_int_equal(a.port, port);
	assert_int_equal(a.is_unix, is_unix);
}

static void refuse_address(const char *text, const char *says) {
	ix_conf_address a;
	ix_error err = {0};
	assert_int_equal(ix_conf_read_address(ix_str_from(text), &a, &err), IX_ERR_SYNTAX);
	assert_string_equal(err.text, says);
}

static void reads_addresses_of_every_form(void **state) {
	(void)state;
	expect_address("127.0.0.1:8080", "127.0.0.1", 8080, false);
	expect_address("8080", "", 8080, false);
	expect_address(":80", "", 80, false);
	expect_address("*:80", "", 80, false);
	expect_address(":0", "", 0, false);
	expect_address("api.internal:65535", "api.internal", 65535, false);
	expect_address("my_host-1:1", "my_host-1", 1, false);
	expect_address("[::1]:8080", "::1", 8080, false);
	expect_address("[::]:80", "::", 80, false);
	expect_address("[2001:db8::8:800:200c:417a]:1", "2001:db8::8:800:200c:417a", 1, false);
	expect_address("[1:2:3:4:5:6:7:8]:1", "1:2:3:4:5:6:7:8", 1, false);
	expect_address("[1:2:3:4:5:6:7::]:1", "1:2:3:4:5:6:7::", 1, false);
	expect_address("[::ffff:10.0.0.1]:1", "::ffff:10.0.0.1", 1, false);
	expect_address("[1:2:3:4:5:6:10.0.0.1]:1", "1:2:3:4:5:6:10.0.0.1", 1, false);
	expect_address("[fe80::1%eth0]:1", "fe80::1%eth0", 1, false);
	expect_address("unix:/run/x.sock", "/run/x.sock", 0, true);
}

static void refuses_what_is_no_address(void **state) {
	(void)state;
	refuse_address("localhost", "'localhost' has no port; write it as in 127.0.0.1:8080");
	refuse_address("", "'': '' is not a port from 0 to 65535");
	refuse_address("[::1]", "'[::1]' has no port; write it as in 127.0.0.1:8080");
	refuse_address("::1", "'::1': an IPv6 address stands in brackets, as in [::1]:8080");
	refuse_address("a:65536", "'a:65536': '65536' is not a port from 0 to 65535");
	refuse_address("a:", "'a:': '' is not a port from 0 to 65535");
	refuse_address("a:http", "'a:http': 'http' is not a port from 0 to 65535");
	refuse_address("999999", "'999999': '999999' is not a port from 0 to 65535");
	refuse_address("unix:", "'unix:' has no path");
	static const char *const hosts[] = {
		"1.2.3.4.5", "1.2.3", "1.2.3.256", "01.2.3.4", "-a", "a-", "a..b", ".a", "a b", "a/b"};
	for (size_t i = 0; i < IX_COUNT(hosts); i++) {
		char text[64], says[128];
		snprintf(text, sizeof text, "%s:1", hosts[i]);
		snprintf(says, sizeof says, "'%s': '%s' is neither an IP address nor a host's name", text,
			hosts[i]);
		refuse_address(text, says);
	}
	static const char *const ipv6[] = {"", ":", ":::", "1", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9",
		"1::2::3", "12345::", "::g", "1:2:3:4:5:6:7:8::", "::1%", "::1.2.3", "1:2:3:4:5:6:7:1.2.3.4",
		"1:"};
	for (size_t i = 0; i < IX_COUNT(ipv6); i++) {
		char text[64], says[128];
		snprintf(text, sizeof text, "[%s]:1", ipv6[i]);
		snprintf(says, sizeof says, "'%s': '%s' is neither an IP address nor a host's name", text,
			ipv6[i]);
		refuse_address(text, says);
	}
}

IX_TESTS(test_conf_value, cmocka_unit_test(reads_whole_numbers_in_four_bases),
	cmocka_unit_test(refuses_what_is_no_whole_number), cmocka_unit_test(reads_sizes_in_units_of_1024),
	cmocka_unit_test(refuses_what_is_no_size), cmocka_unit_test(reads_durations_and_sums_of_them),
	cmocka_unit_test(refuses_what_is_no_duration), cmocka_unit_test(reads_percentages_to_the_millionth),
	cmocka_unit_test(reads_rates), cmocka_unit_test(reads_six_words_as_yes_or_no),
	cmocka_unit_test(reads_addresses_of_every_form), cmocka_unit_test(refuses_what_is_no_address));
