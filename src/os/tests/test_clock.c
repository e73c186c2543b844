/* Clocks and times as text. */
#include <inox/clock.h>
#include <inox/cpu.h>

#include "helpers.h"

#include <time.h>

static void real_time_is_the_systems(void **state) {
	(void)state;
	time_t before = time(NULL);
	int64_t now = ix_clock_now(ix_clock_real());
	time_t after = time(NULL);
	assert_in_range(now / IX_NS_PER_SECOND, before - 1, after);
}

static void monotonic_time_does_not_go_back(void **state) {
	(void)state;
	int64_t last = ix_clock_now(ix_clock_monotonic());
	for (int i = 0; i < 100000; i++) {
		int64_t now = ix_clock_now(ix_clock_monotonic());
		assert_true(now >= last);
		last = now;
	}
}

static void virtual_time_moves_only_when_told(void **state) {
	(void)state;
	ix_clock_virtual v;
	ix_clock_virtual_init(&v, 1000);
	assert_int_equal(ix_clock_now(&v.clock), 1000);
	assert_int_equal(ix_clock_now(&v.clock), 1000);
	ix_clock_virtual_advance(&v, 234);
	assert_int_equal(ix_clock_now(&v.clock), 1234);
	ix_clock_virtual_set(&v, 50); /* a jump back */
	assert_int_equal(ix_clock_now(&v.clock), 50);
}

static void sleeping_lasts_until_the_deadline(void **state) {
	(void)state;
	const ix_clock *clocks[] = {ix_clock_real(), ix_clock_monotonic()};
	for (size_t i = 0; i < IX_COUNT(clocks); i++) {
		int64_t deadline = ix_clock_now(clocks[i]) + 3 * IX_NS_PER_MS;
		ix_clock_sleep_until(clocks[i], deadline);
		assert_true(ix_clock_now(clocks[i]) >= deadline);
		ix_clock_sleep_until(clocks[i], -5); /* long ago: at once */
	}
}

static void sleeping_on_a_virtual_clock_moves_it(void **state) {
	(void)state;
	ix_clock_virtual v;
	ix_clock_virtual_init(&v, 0);
	ix_clock_sleep_until(&v.clock, 3600 * IX_NS_PER_SECOND);
	assert_int_equal(ix_clock_now(&v.clock), 3600 * IX_NS_PER_SECOND);
	ix_clock_sleep_until(&v.clock, 5);
	assert_int_equal(ix_clock_now(&v.clock), 3600 * IX_NS_PER_SECOND);
}

static int64_t a_step_each_look(void *context) { return *(int64_t *)context += 10; }

static void sleeping_on_a_strange_clock_looks_at_it(void **state) {
	(void)state;
	int64_t now = 0;
	ix_clock strange = {.now_ns = a_step_each_look, .context = &now};
	ix_clock_sleep_until(&strange, 35);
	assert_int_equal(now, 40);
}

static void cycles_agree_with_the_clock(void **state) {
	(void)state;
	if (!ix_cycles_are_steady()) {
		print_message("SKIPPED: the cycle counter of this machine changes its rate\n");
		skip();
	}
	assert_true(ix_cycles_per_ns() > 0.1 && ix_cycles_per_ns() < 10);
	int64_t start = ix_clock_now(ix_clock_monotonic());
	uint64_t cycles = ix_cycles_ordered();
	ix_clock_sleep_until(ix_clock_monotonic(), start + 20 * IX_NS_PER_MS);
	uint64_t cycles_after = ix_cycles_ordered();
	int64_t after = ix_clock_now(ix_clock_monotonic());
	assert_true(cycles_after > cycles);
	/* The cycles were counted inside start .. after, which an interrupt can only make longer: 5 % more
	 * for the error of the rate. */
	int64_t by_cycles = ix_cycles_to_ns(cycles_after - cycles);
	assert_true((double)by_cycles <= 1.05 * (double)(after - start));
	assert_true(by_cycles >= 19 * IX_NS_PER_MS);
}

static void assert_formats(int64_t ns, int digits, const char *expected) {
	char text[IX_TIME_TEXT_MAX];
	assert_int_equal(ix_time_format(ns, digits, text), strlen(expected));
	assert_string_equal(text, expected);
}

static void formats_times(void **state) {
	(void)state;
	assert_formats(0, 0, "1970-01-01T00:00:00Z");
	assert_formats(1, 9, "1970-01-01T00:00:00.000000001Z");
	assert_formats(1999999, 3, "1970-01-01T00:00:00.001Z"); /* cut, not rounded */
	assert_formats(-1, 9, "1969-12-31T23:59:59.999999999Z");
	/* date -u -d @951782400: the leap day of a year that divides by 400 */
	assert_formats(INT64_C(951782400123456789), 6, "2000-02-29T00:00:00.123456Z");
	/* date -u -d @4107542400: 2100 has none */
	assert_formats(INT64_C(4107542400000000000), 0, "2100-03-01T00:00:00Z");
	/* The ends of 64 bits: 2^63 ns are 9223372036.854775808 s; date -u -d @9223372036 and @-9223372037 */
	assert_formats(INT64_MAX, 9, "2262-04-11T23:47:16.854775807Z");
	assert_formats(INT64_MIN, 9, "1677-09-21T00:12:43.145224192Z");
}

static void assert_parses(const char *text, int64_t expected) {
	int64_t ns = 7;
	ix_error err = {0};
	if (ix_time_parse(ix_str_from(text), &ns, &err)) fail_msg("%s: %s", text, err.text);
	assert_int_equal(ns, expected);
}

static void parses_times(void **state) {
	(void)state;
	assert_parses("1970-01-01T00:00:00Z", 0);
	assert_parses("1970-01-01t00:00:00z", 0);
	assert_parses("1970-01-01 00:00:00.5Z", 500000000);
	assert_parses("1970-01-01T00:00:00.1234567899Z", 123456789);
	/* The four examples of RFC 3339 section 5.8, by date -u +%s; 1990-12-31T23:59:60Z is the second
	 * after. */
	assert_parses("1985-04-12T23:20:50.52Z", INT64_C(482196050520000000));
	assert_parses("1996-12-19T16:39:57-08:00", INT64_C(851042397000000000));
	assert_parses("1990-12-31T23:59:60Z", INT64_C(662688000000000000));
	assert_parses("1990-12-31T15:59:60-08:00", INT64_C(662688000000000000));
	assert_parses("1937-01-01T12:00:27.87+00:20", INT64_C(-1041337172130000000));
	assert_parses("2262-04-11T23:47:16.854775807Z", INT64_MAX);
	assert_parses("1677-09-21T00:12:43.145224192Z", INT64_MIN);
}

static void assert_refused(const char *text, int code) {
	int64_t ns = 7;
	ix_error err = {0};
	assert_int_equal(ix_time_parse(ix_str_from(text), &ns, &err), code);
	assert_int_equal(ns, 7);
	assert_int_equal(err.code, code);
}

static void refuses_what_is_no_time(void **state) {
	(void)state;
	static const char *const malformed[] = {"", "1970", "1970-01-01", "1970-1-1T00:00:00Z",
		"1970-01-01T00:00:00", "1970-01-01T00:00:00.Z", "1970-01-01T00:00:00+1:00",
		"1970-01-01T00:00:00+0100", "1970-01-01T00:00:00ZZ", "1970-01-01T00:00:00Z ",
		" 1970-01-01T00:00:00Z", "1970-01-01T00:00Z", "197a-01-01T00:00:00Z", "1970-01-01T-1:00:00Z",
		"+970-01-01T00:00:00Z", "1970-01-01T00:00:00,5Z"};
	for (size_t i = 0; i < IX_COUNT(malformed); i++) assert_refused(malformed[i], IX_ERR_SYNTAX);
	static const char *const impossible[] = {"1970-00-01T00:00:00Z", "1970-13-01T00:00:00Z",
		"1970-01-00T00:00:00Z", "1970-04-31T00:00:00Z", "1900-02-29T00:00:00Z",
		"2023-02-29T00:00:00Z", "1970-01-01T24:00:00Z", "1970-01-01T00:60:00Z",
		"1970-01-01T00:00:61Z", "1970-01-01T00:00:60Z", "1990-12-31T23:59:60+01:00",
		"1970-01-01T00:00:00+24:00", "1970-01-01T00:00:00+00:60"};
	for (size_t i = 0; i < IX_COUNT(impossible); i++) assert_refused(impossible[i], IX_ERR_INVALID);
	assert_refused("2262-04-11T23:47:16.854775808Z", IX_ERR_RANGE);
	assert_refused("0000-01-01T00:00:00Z", IX_ERR_RANGE);
	assert_refused("9999-12-31T23:59:59Z", IX_ERR_RANGE);
	assert_refused("1677-09-21T00:12:43.145224191Z", IX_ERR_RANGE);
}

static void parsing_undoes_formatting(void **state) {
	(void)state;
	/* Spread over the whole range with a step that shares nothing with a day. */
	const int64_t step = INT64_C(1845234567890123457) / (ix_testing_long() ? 4000 : 40);
	for (int64_t ns = INT64_MIN; ns < INT64_MAX - step; ns += step) {
		char text[IX_TIME_TEXT_MAX];
		size_t length = ix_time_format(ns, 9, text);
		int64_t back;
		assert_int_equal(ix_time_parse((ix_str){text, length}, &back, NULL), 0);
		assert_int_equal(back, ns);
		/* The C library's calendar as the independent one. */
		time_t seconds = (time_t)(ns / IX_NS_PER_SECOND - (ns % IX_NS_PER_SECOND < 0));
		struct tm parts;
		char theirs[32];
		assert_non_null(gmtime_r(&seconds, &parts));
		strftime(theirs, sizeof theirs, "%Y-%m-%dT%H:%M:%S", &parts);
		assert_memory_equal(text, theirs, 19);
	}
}

static void a_cap_takes_instructions_away_and_never_adds_any(void **state) {
	(void)state;
	const ix_cpu_features all = {true, true, true, true, true, true}, none = {0};
	ix_cpu_features cpu = all;
	ix_error err;
	assert_int_equal(ix_cpu_cap(NULL, &cpu, NULL), 0);
	assert_int_equal(ix_cpu_cap("", &cpu, NULL), 0);
	assert_int_equal(ix_cpu_cap("avx512", &cpu, NULL), 0);
	assert_memory_equal(&cpu, &all, sizeof all);
	assert_int_equal(ix_cpu_cap("AVX2", &cpu, &err), IX_ERR_USAGE);
	assert_string_equal(err.text, "INOX_CPU is 'AVX2': it can be baseline, avx2 or avx512");
	assert_memory_equal(&cpu, &all, sizeof all);
	assert_int_equal(ix_cpu_cap("avx2", &cpu, NULL), 0);
	assert_true(cpu.avx2 && cpu.sse42 && !cpu.avx512);
	assert_int_equal(ix_cpu_cap("baseline", &cpu, NULL), 0);
	assert_memory_equal(&cpu, &none, sizeof none);
	assert_int_equal(ix_cpu_cap("avx512", &cpu, NULL), 0);
	assert_memory_equal(&cpu, &none, sizeof none);
}

IX_TESTS(test_clock, cmocka_unit_test(real_time_is_the_systems),
	cmocka_unit_test(monotonic_time_does_not_go_back),
	cmocka_unit_test(virtual_time_moves_only_when_told),
	cmocka_unit_test(sleeping_lasts_until_the_deadline),
	cmocka_unit_test(sleeping_on_a_virtual_clock_moves_it),
	cmocka_unit_test(sleeping_on_a_strange_clock_looks_at_it),
	cmocka_unit_test(cycles_agree_with_the_clock), cmocka_unit_test(formats_times),
	cmocka_unit_test(parses_times), cmocka_unit_test(refuses_what_is_no_time),
	cmocka_unit_test(parsing_undoes_formatting),
	cmocka_unit_test(a_cap_takes_instructions_away_and_never_adds_any));
