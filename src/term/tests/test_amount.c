/* test_amount.c - amounts as people read them. */
#include <inox/table.h>
#include <inox/testing.h>

static void expect_count(uint64_t value, const char *text) {
	char out[IX_AMOUNT_TEXT_MAX];
	assert_int_equal(ix_amount_count(value, out), strlen(text));
	assert_string_equal(out, text);
}

static void counts_stand_in_groups_of_three(void **state) {
	(void)state;
	expect_count(0, "0");
	expect_count(999, "999");
	expect_count(1000, "1,000");
	expect_count(100003, "100,003");
	expect_count(UINT64_MAX, "18,446,744,073,709,551,615");
}

static void expect_size_text(uint64_t bytes, const char *text) {
	char out[IX_AMOUNT_TEXT_MAX];
	assert_int_equal(ix_amount_size(bytes, out), strlen(text));
	assert_string_equal(out, text);
}

static void sizes_are_rounded_to_a_tenth_of_their_unit(void **state) {
	(void)state;
	expect_size_text(0, "0 B");
	expect_size_text(1023, "1023 B");
	expect_size_text(1024, "1.0 KiB");
	expect_size_text(1536, "1.5 KiB");
	expect_size_text(1075, "1.0 KiB");       /* 1.0498 */
	expect_size_text(1076, "1.1 KiB");       /* 1.0508 */
	expect_size_text(12897485, "12.3 MiB");  /* 12.3 * 1048576 = 12897484.8 */
	expect_size_text(1048524, "1023.9 KiB"); /* 1023.949 */
	expect_size_text(1048525, "1.0 MiB");    /* 1023.950: a thousand and twenty-four */
	expect_size_text(UINT64_C(1) << 30, "1.0 GiB");
	expect_size_text(UINT64_C(5) << 39, "2.5 TiB");
	expect_size_text(UINT64_C(1) << 50, "1.0 PiB");
	expect_size_text(UINT64_MAX, "16.0 EiB");
}

static void expect_duration_text(int64_t ns, const char *text) {
	char out[IX_AMOUNT_TEXT_MAX];
	assert_int_equal(ix_amount_duration(ns, out), strlen(text));
	assert_string_equal(out, text);
}

static void durations_are_rounded_to_a_thousandth_of_their_unit(void **state) {
	(void)state;
	expect_duration_text(0, "0 ns");
	expect_duration_text(999, "999 ns");
	expect_duration_text(1000, "1.000 us");
	expect_duration_text(1234567, "1.235 ms");
	expect_duration_text(1234499, "1.234 ms");
	expect_duration_text(999999, "999.999 us");
	expect_duration_text(999999499, "999.999 ms");
	expect_duration_text(999999500, "1.000 s");
	expect_duration_text(59999499999, "59.999 s");
	expect_duration_text(59999500000, "1m00s");
	expect_duration_text(90000000000, "1m30s");
	expect_duration_text(3723000000000, "1h02m03s");
	expect_duration_text(360000000000000, "100h00m00s");
	expect_duration_text(-1500, "-1.500 us");
	expect_duration_text(INT64_MIN, "-2562047h47m17s"); /* 9223372036.85 s: 2562047 h, 47 min, 16.85 s */
}

IX_TESTS(test_amount, cmocka_unit_test(counts_stand_in_groups_of_three),
	cmocka_unit_test(sizes_are_rounded_to_a_tenth_of_their_unit),
	cmocka_unit_test(durations_are_rounded_to_a_thousandth_of_their_unit));
