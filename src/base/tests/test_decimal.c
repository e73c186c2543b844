/* Decimals: text both ways, and arithmetic against exact fractions worked out by another program. */
#include <inox/decimal.h>
#include <inox/rng.h>

#include "decimal_cases.h"
#include "heap.h"

#include "../wide.h"

static void text_becomes_a_scaled_integer(void **state) {
	(void)state;
	static const struct {
		const char *text;
		unsigned scale;
		int64_t value;
	} good[] = {
		{"0", 0, 0},
		{"0", 18, 0},
		{"-0", 4, 0},
		{"12", 4, 120000},
		{"12.345", 4, 123450},
		{"+3.1400", 2, 314},
		{"-0.50", 2, -50},
		{"0000000000000000000000000000012.5", 1, 125},
		{"1.50000000000000000000000000000000000000", 1, 15},
		{"9223372036854775807", 0, INT64_MAX},
		{"-9223372036854775808", 0, INT64_MIN},
		{"9.223372036854775807", 18, INT64_MAX},
		{"-9.223372036854775808", 18, INT64_MIN},
		{"-922337203685477.5808", 4, INT64_MIN},
	};
	for (size_t i = 0; i < IX_COUNT(good); i++) {
		int64_t value = 4711;
		assert_int_equal(ix_decimal_parse(ix_str_from(good[i].text), good[i].scale, IX_ROUND_EXACT,
					 &value, NULL),
			0);
		assert_true(value == good[i].value);
	}
}

static void what_is_no_number_is_refused_in_its_place(void **state) {
	(void)state;
	static const struct {
		const char *text, *error;
	} wrong[] = {
		{"", "offset 0: a digit is missing at the end"},
		{"-", "offset 1: a digit is missing at the end"},
		{"+", "offset 1: a digit is missing at the end"},
		{"12.", "offset 3: a digit is missing at the end"},
		{".5", "offset 0: byte 0x2e where a decimal digit should be"},
		{"-.5", "offset 1: byte 0x2e where a decimal digit should be"},
		{"--5", "offset 1: byte 0x2d where a decimal digit should be"},
		{" 5", "offset 0: byte 0x20 where a decimal digit should be"},
		{"5 ", "offset 1: byte 0x20 where a decimal digit should be"},
		{"1e5", "offset 1: byte 0x65 where a decimal digit should be"},
		{"1,000", "offset 1: byte 0x2c where a decimal digit should be"},
		{"1.2.3", "offset 3: byte 0x2e where a decimal digit should be"},
		{"1.-2", "offset 2: byte 0x2d where a decimal digit should be"},
		{"99999999999999999999999x", "offset 23: byte 0x78 where a decimal digit should be"},
	};
	for (size_t i = 0; i < IX_COUNT(wrong); i++) {
		int64_t value = 4711;
		ix_error err = {0};
		assert_int_equal(ix_decimal_parse(ix_str_from(wrong[i].text), 4, IX_ROUND_DOWN, &value, &err),
			IX_ERR_SYNTAX);
		assert_string_equal(err.text, wrong[i].error);
		assert_int_equal(value, 4711);
	}
}

static void numbers_that_do_not_fit_are_out_of_range(void **state) {
	(void)state;
	static const struct {
		const char *text;
		unsigned scale;
	} wrong[] = {
		{"9223372036854775808", 0},
		{"-9223372036854775809", 0},
		{"18446744073709551616", 0},
		{"18446744073709551620", 0},
		{"100000000000000000000000000000000000000000", 0},
		{"10", 18},
		{"-9.223372036854775809", 18},
		{"18446744073709551615", 18},
	};
	for (size_t i = 0; i < IX_COUNT(wrong); i++) {
		int64_t value = 4711;
		assert_int_equal(ix_decimal_parse(ix_str_from(wrong[i].text), wrong[i].scale,
					 IX_ROUND_HALF_EVEN, &value, NULL),
			IX_ERR_RANGE);
		assert_int_equal(value, 4711);
	}
	int64_t value = 0;
	/* Rounding is what takes it over the edge, or keeps it from it. */
	assert_int_equal(
		ix_decimal_parse(IX_STR("9223372036854775807.5"), 0, IX_ROUND_HALF_EVEN, &value, NULL),
		IX_ERR_RANGE);
	assert_int_equal(
		ix_decimal_parse(IX_STR("9223372036854775807.5"), 0, IX_ROUND_DOWN, &value, NULL), 0);
	assert_true(value == INT64_MAX);
	assert_int_equal(ix_decimal_parse(IX_STR("18446744073709551615.9"), 0, IX_ROUND_UP, &value, NULL),
		IX_ERR_RANGE);
}

static void text_is_rounded_as_asked(void **state) {
	(void)state;
	/* in the order of ix_rounding from HALF_EVEN on: even, up, down, away, floor, ceiling */
	static const struct {
		const char *text;
		int64_t values[6];
	} rows[] = {
		{"2.5", {2, 3, 2, 3, 2, 3}},
		{"3.5", {4, 4, 3, 4, 3, 4}},
		{"-2.5", {-2, -3, -2, -3, -3, -2}},
		{"2.50000000000000000000000000000000000001", {3, 3, 2, 3, 2, 3}},
		{"2.49999999999999999999999999999999999999", {2, 2, 2, 3, 2, 3}},
		{"2.00000000000000000000000000000000000001", {2, 2, 2, 3, 2, 3}},
		{"-2.6", {-3, -3, -2, -3, -3, -2}},
		{"0.5", {0, 1, 0, 1, 0, 1}},
		{"-0.1", {0, 0, 0, -1, -1, 0}},
		{"2.000", {2, 2, 2, 2, 2, 2}},
	};
	for (size_t i = 0; i < IX_COUNT(rows); i++) {
		for (int mode = 0; mode < 6; mode++) {
			int64_t value = 4711;
			ix_rounding rounding = (ix_rounding)(IX_ROUND_HALF_EVEN + mode);
			assert_int_equal(
				ix_decimal_parse(ix_str_from(rows[i].text), 0, rounding, &value, NULL), 0);
			assert_int_equal(value, rows[i].values[mode]);
		}
	}
	int64_t value = 4711;
	assert_int_equal(ix_decimal_parse(IX_STR("1.23"), 1, IX_ROUND_EXACT, &value, NULL), IX_ERR_INVALID);
	assert_int_equal(value, 4711);
}

static void an_integer_becomes_text_with_all_its_decimals(void **state) {
	(void)state;
	static const struct {
		int64_t value;
		unsigned scale;
		const char *text, *short_text;
	} rows[] = {
		{0, 0, "0", "0"},
		{0, 2, "0.00", "0"},
		{5, 0, "5", "5"},
		{100, 0, "100", "100"},
		{5, 3, "0.005", "0.005"},
		{-5, 1, "-0.5", "-0.5"},
		{123450, 4, "12.3450", "12.345"},
		{-1200, 2, "-12.00", "-12"},
		{INT64_MAX, 0, "9223372036854775807", "9223372036854775807"},
		{INT64_MIN, 18, "-9.223372036854775808", "-9.223372036854775808"},
		{1, 18, "0.000000000000000001", "0.000000000000000001"},
	};
	for (size_t i = 0; i < IX_COUNT(rows); i++) {
		char out[IX_DECIMAL_TEXT_MAX];
		assert_int_equal(ix_decimal_format(out, rows[i].value, rows[i].scale), strlen(rows[i].text));
		assert_string_equal(out, rows[i].text);
		assert_int_equal(ix_decimal_format_short(out, rows[i].value, rows[i].scale),
			strlen(rows[i].short_text));
		assert_string_equal(out, rows[i].short_text);
	}
}

static void text_and_back_is_the_same_number(void **state) {
	(void)state;
	ix_rng rng;
	ix_rng_seed(&rng, ix_testing_seed());
	for (int turn = 0; turn < 10000; turn++) {
		int64_t value = (int64_t)ix_rng_u64(&rng) >> ix_rng_below(&rng, 64), back = 0;
		unsigned scale = (unsigned)ix_rng_below(&rng, 19);
		char out[IX_DECIMAL_TEXT_MAX];
		size_t length = turn % 2 ? ix_decimal_format(out, value, scale)
					 : ix_decimal_format_short(out, value, scale);
		assert_int_equal(
			ix_decimal_parse((ix_str){out, length}, scale, IX_ROUND_EXACT, &back, NULL), 0);
		assert_true(back == value);
	}
}

static void arithmetic_is_that_of_exact_fractions(void **state) {
	(void)state;
	for (size_t i = 0; i < IX_COUNT(cases); i++) {
		int64_t value = 0;
		ix_error err = {0};
		int code = cases[i].operation == '*'
				   ? ix_decimal_multiply(cases[i].a, cases[i].b, cases[i].scale,
					     cases[i].rounding, &value, &err)
			   : cases[i].operation == '/'
				   ? ix_decimal_divide(cases[i].a, cases[i].b, cases[i].scale,
					     cases[i].rounding, &value, &err)
				   : ix_decimal_rescale(cases[i].a.value, cases[i].a.scale, cases[i].scale,
					     cases[i].rounding, &value, &err);
		if (code != cases[i].code || value != cases[i].value || err.code != code)
			fail_msg("case %zu: %d and %lld, not %d and %lld", i, code, (long long)value,
				cases[i].code, (long long)cases[i].value);
	}
}

static void numbers_compare_whatever_their_scales(void **state) {
	(void)state;
	static const struct {
		ix_decimal a, b;
		int order;
	} rows[] = {
		{{1, 0}, {1000, 3}, 0},
		{{-1, 0}, {-1000, 3}, 0},
		{{0, 0}, {0, 18}, 0},
		{{1, 18}, {0, 0}, 1},
		{{-1, 18}, {0, 0}, -1},
		{{-1, 18}, {1, 18}, -1},
		{{INT64_MAX, 0}, {INT64_MAX, 18}, 1},
		{{INT64_MIN, 0}, {INT64_MIN, 18}, -1},
		{{INT64_MIN, 0}, {INT64_MAX, 0}, -1},
		{{999, 2}, {10, 0}, -1},
	};
	for (size_t i = 0; i < IX_COUNT(rows); i++) {
		assert_int_equal(ix_decimal_compare(rows[i].a, rows[i].b), rows[i].order);
		assert_int_equal(ix_decimal_compare(rows[i].b, rows[i].a), -rows[i].order);
	}
}

static void a_scale_over_18_is_a_wrong_call(void **state) {
	(void)state;
	int64_t value = 4711;
	ix_error err = {0};
	ix_decimal good = {1, 18}, wrong = {1, 19};
	assert_int_equal(ix_decimal_parse(IX_STR("1"), 19, IX_ROUND_EXACT, &value, &err), IX_ERR_USAGE);
	assert_string_equal(err.text, "19 decimals are more than 18");
	assert_int_equal(ix_decimal_rescale(1, 19, 0, IX_ROUND_DOWN, &value, &err), IX_ERR_USAGE);
	assert_int_equal(ix_decimal_rescale(1, 0, 19, IX_ROUND_DOWN, &value, &err), IX_ERR_USAGE);
	assert_int_equal(ix_decimal_multiply(wrong, good, 0, IX_ROUND_DOWN, &value, &err), IX_ERR_USAGE);
	assert_int_equal(ix_decimal_multiply(good, wrong, 0, IX_ROUND_DOWN, &value, &err), IX_ERR_USAGE);
	assert_int_equal(
		ix_decimal_divide(good, good, UINT32_MAX, IX_ROUND_DOWN, &value, &err), IX_ERR_USAGE);
	assert_int_equal(value, 4711);
	char out[IX_DECIMAL_TEXT_MAX];
	assert_true(PANICS(ix_decimal_format(out, 1, 19)));
	assert_true(PANICS(ix_decimal_compare(wrong, good)));
	assert_true(PANICS(ix_decimal_compare(good, wrong)));
}

/* The halves of 128 bits, against the compiler's own type. */
__extension__ typedef unsigned __int128 native;

static void wide_division_is_the_machine_s(void **state) {
	(void)state;
	ix_rng rng;
	ix_rng_seed(&rng, ix_testing_seed());
	static const uint64_t edges[] = {0, 1, 2, 3, 0xFFFFFFFF, 0x100000000, 0x100000001, 0x7FFFFFFFFFFFFFFF,
		0x8000000000000000, 0x8000000000000001, 0xFFFFFFFF00000000, 0xFFFFFFFFFFFFFFFE,
		0xFFFFFFFFFFFFFFFF};
	for (int turn = 0; turn < 100000; turn++) {
		uint64_t part[3];
		for (size_t i = 0; i < 3; i++)
			part[i] = ix_rng_chance(&rng, 1, 2) ? edges[ix_rng_below(&rng, IX_COUNT(edges))]
							    : ix_rng_u64(&rng) >> ix_rng_below(&rng, 64);
		native a = (native)part[0] << 64 | part[1];
		uint64_t by = part[2];
		wide product = {part[0], part[1]}, quotient = product;
		native low = a * by;
		bool fits = by == 0 || low / by == a;
		assert_int_equal(wide_multiply(&product, by), !fits);
		if (fits) assert_true(product.high == (uint64_t)(low >> 64) && product.low == (uint64_t)low);
		if (by == 0) continue;
		assert_true(wide_divide(&quotient, by) == (uint64_t)(a % by));
		assert_true(quotient.high == (uint64_t)(a / by >> 64) && quotient.low == (uint64_t)(a / by));
	}
}

IX_TESTS(test_decimal, cmocka_unit_test(text_becomes_a_scaled_integer),
	cmocka_unit_test(what_is_no_number_is_refused_in_its_place),
	cmocka_unit_test(numbers_that_do_not_fit_are_out_of_range),
	cmocka_unit_test(text_is_rounded_as_asked),
	cmocka_unit_test(an_integer_becomes_text_with_all_its_decimals),
	cmocka_unit_test(text_and_back_is_the_same_number),
	cmocka_unit_test(arithmetic_is_that_of_exact_fractions),
	cmocka_unit_test(numbers_compare_whatever_their_scales),
	cmocka_unit_test(a_scale_over_18_is_a_wrong_call), cmocka_unit_test(wide_division_is_the_machine_s));
