/* Slices: comparing, cutting, integers, edit distance, and the arithmetic that base.h has inline. */
#include <inox/rng.h>
#include <inox/testing.h>

static const ix_str null_str = {NULL, 0};

static void a_slice_from_a_terminated_string_leaves_the_nul_out(void **state) {
	(void)state;
	assert_int_equal(ix_str_from("abc").size, 3);
	assert_int_equal(ix_str_from("").size, 0);
	assert_int_equal(ix_str_from(NULL).size, 0);
	assert_non_null(ix_str_from(NULL).data);
}

static void equality_looks_at_size_and_bytes(void **state) {
	(void)state;
	assert_true(ix_str_equal(IX_STR("ab\0c"), IX_STR("ab\0c")));
	assert_false(ix_str_equal(IX_STR("ab\0c"), IX_STR("ab\0d")));
	assert_false(ix_str_equal(IX_STR("ab"), IX_STR("abc")));
	assert_true(ix_str_equal(IX_STR(""), null_str));
}

static void order_is_that_of_unsigned_bytes_and_a_prefix_is_first(void **state) {
	(void)state;
	assert_true(ix_str_compare(IX_STR("ab"), IX_STR("abc")) < 0);
	assert_true(ix_str_compare(IX_STR("abc"), IX_STR("ab")) > 0);
	assert_true(ix_str_compare(IX_STR("a\x80"), IX_STR("a\x7F")) > 0);
	assert_int_equal(ix_str_compare(IX_STR("same"), IX_STR("same")), 0);
	assert_int_equal(ix_str_compare(null_str, IX_STR("")), 0);
	assert_true(ix_str_compare(null_str, IX_STR("a")) < 0);
}

static void starts_and_ends(void **state) {
	(void)state;
	assert_true(ix_str_starts_with(IX_STR("feed.itch"), IX_STR("feed")));
	assert_true(ix_str_starts_with(IX_STR("feed"), null_str));
	assert_false(ix_str_starts_with(IX_STR("fee"), IX_STR("feed")));
	assert_false(ix_str_starts_with(IX_STR("need"), IX_STR("feed")));
	assert_true(ix_str_ends_with(IX_STR("feed.itch"), IX_STR(".itch")));
	assert_true(ix_str_ends_with(null_str, null_str));
	assert_false(ix_str_ends_with(IX_STR("itch"), IX_STR(".itch")));
	assert_false(ix_str_ends_with(IX_STR("feed.json"), IX_STR(".itch")));
}

static void find_gives_the_first_place_or_the_size(void **state) {
	(void)state;
	assert_int_equal(ix_str_find(IX_STR("a,b,c"), ','), 1);
	assert_int_equal(ix_str_find(IX_STR("abc"), ','), 3);
	assert_int_equal(ix_str_find(null_str, ','), 0);
}

static void a_slice_of_a_slice_is_clamped(void **state) {
	(void)state;
	assert_true(ix_str_equal(ix_str_slice(IX_STR("abcdef"), 2, 4), IX_STR("cd")));
	assert_true(ix_str_equal(ix_str_slice(IX_STR("abc"), 1, 99), IX_STR("bc")));
	assert_int_equal(ix_str_slice(IX_STR("abc"), 99, 100).size, 0);
	assert_int_equal(ix_str_slice(IX_STR("abc"), 2, 1).size, 0);
	assert_null(ix_str_slice(null_str, 0, 5).data);
}

static void trim_takes_ascii_white_space_off_both_ends(void **state) {
	(void)state;
	assert_true(ix_str_equal(ix_str_trim(IX_STR(" \t\r\n\v\fa b \n")), IX_STR("a b")));
	assert_int_equal(ix_str_trim(IX_STR(" \t ")).size, 0);
	assert_int_equal(ix_str_trim(null_str).size, 0);
	assert_true(ix_str_equal(ix_str_trim(IX_STR("\xC2\xA0x")), IX_STR("\xC2\xA0x")));
}

static void cut_walks_over_the_parts_and_ends_with_null(void **state) {
	(void)state;
	ix_str rest = IX_STR("a,,bc,");
	const char *parts[] = {"a", "", "bc", ""};
	for (size_t i = 0; i < IX_COUNT(parts); i++) {
		assert_non_null(rest.data);
		ix_str part = ix_str_cut(&rest, ',');
		assert_true(ix_str_equal(part, ix_str_from(parts[i])));
	}
	assert_null(rest.data);
	assert_int_equal(rest.size, 0);
}

static void unsigned_integers_up_to_the_largest(void **state) {
	(void)state;
	uint64_t value = 1;
	assert_true(ix_str_to_u64(IX_STR("0"), &value));
	assert_int_equal(value, 0);
	assert_true(ix_str_to_u64(IX_STR("007"), &value));
	assert_int_equal(value, 7);
	assert_true(ix_str_to_u64(IX_STR("18446744073709551615"), &value));
	assert_true(value == UINT64_MAX);
}

static void what_is_no_unsigned_integer_leaves_the_value_alone(void **state) {
	(void)state;
	const char *wrong[] = {"", "-1", "+1", " 1", "1 ", "1x", "x", "0x10", "18446744073709551616",
		"18446744073709551620", "99999999999999999999", "184467440737095516150"};
	for (size_t i = 0; i < IX_COUNT(wrong); i++) {
		uint64_t value = 4711;
		assert_false(ix_str_to_u64(ix_str_from(wrong[i]), &value));
		assert_int_equal(value, 4711);
	}
}

static void signed_integers_up_to_both_ends(void **state) {
	(void)state;
	int64_t value = 1;
	assert_true(ix_str_to_i64(IX_STR("-9223372036854775808"), &value));
	assert_true(value == INT64_MIN);
	assert_true(ix_str_to_i64(IX_STR("9223372036854775807"), &value));
	assert_true(value == INT64_MAX);
	assert_true(ix_str_to_i64(IX_STR("-0"), &value));
	assert_int_equal(value, 0);
	const char *wrong[] = {"", "-", "--1", "+1", "9223372036854775808", "-9223372036854775809", "1-"};
	for (size_t i = 0; i < IX_COUNT(wrong); i++)
		assert_false(ix_str_to_i64(ix_str_from(wrong[i]), &value));
	assert_int_equal(value, 0);
}

static void distance_counts_edits(void **state) {
	(void)state;
	assert_int_equal(ix_str_distance(IX_STR("stat"), IX_STR("stat")), 0);
	assert_int_equal(ix_str_distance(IX_STR("stat"), IX_STR("sta")), 1);   /* left out */
	assert_int_equal(ix_str_distance(IX_STR("stat"), IX_STR("start")), 1); /* put in */
	assert_int_equal(ix_str_distance(IX_STR("stat"), IX_STR("slat")), 1);  /* replaced */
	assert_int_equal(ix_str_distance(IX_STR("stat"), IX_STR("tast")), 2); /* left out, put in elsewhere */
	assert_int_equal(ix_str_distance(IX_STR("stat"), IX_STR("tsat")), 1); /* swapped */
	assert_int_equal(ix_str_distance(IX_STR("ca"), IX_STR("abc")), 3); /* 2 if a swap could be edited */
	assert_int_equal(ix_str_distance(IX_STR("kitten"), IX_STR("sitting")), 3); /* k-s, e-i, +g */
	assert_int_equal(ix_str_distance(IX_STR(""), IX_STR("abc")), 3);
	assert_int_equal(ix_str_distance(null_str, null_str), 0);
}

/* The definition, followed without a table. */
static size_t distance_by_definition(ix_str a, ix_str b) {
	if (a.size == 0 || b.size == 0) return a.size + b.size;
	ix_str a1 = {a.data + 1, a.size - 1}, b1 = {b.data + 1, b.size - 1};
	size_t best = distance_by_definition(a1, b1) + (a.data[0] != b.data[0]);
	best = ix_size_min(best, distance_by_definition(a1, b) + 1);
	best = ix_size_min(best, distance_by_definition(a, b1) + 1);
	if (a.size > 1 && b.size > 1 && a.data[0] == b.data[1] && a.data[1] == b.data[0]) {
		ix_str a2 = {a.data + 2, a.size - 2}, b2 = {b.data + 2, b.size - 2};
		best = ix_size_min(best, distance_by_definition(a2, b2) + 1);
	}
	return best;
}

static void distance_is_what_its_definition_says(void **state) {
	(void)state;
	ix_rng rng;
	ix_rng_seed(&rng, ix_testing_seed());
	for (int turn = 0; turn < 300; turn++) {
		char text[2][5];
		ix_str s[2];
		for (size_t i = 0; i < 2; i++) {
			s[i] = (ix_str){text[i], ix_rng_below(&rng, 6)};
			for (size_t k = 0; k < s[i].size; k++)
				text[i][k] = (char)('a' + ix_rng_below(&rng, 3));
		}
		assert_int_equal(ix_str_distance(s[0], s[1]), distance_by_definition(s[0], s[1]));
		assert_int_equal(ix_str_distance(s[0], s[1]), ix_str_distance(s[1], s[0]));
	}
}

static void over_64_bytes_is_far(void **state) {
	(void)state;
	char text[65];
	memset(text, 'x', sizeof text);
	assert_int_equal(ix_str_distance((ix_str){text, 64}, null_str), 64);
	assert_true(ix_str_distance((ix_str){text, 65}, (ix_str){text, 65}) == SIZE_MAX);
	assert_true(ix_str_distance((ix_str){text, 1}, (ix_str){text, 65}) == SIZE_MAX);
}

static void the_wide_product_has_both_halves(void **state) {
	(void)state;
	uint64_t high = 1;
	assert_true(ix_mul_wide(0, UINT64_MAX, &high) == 0 && high == 0);
	/* (2^64 - 1)^2 = 2^128 - 2^65 + 1 */
	assert_true(ix_mul_wide(UINT64_MAX, UINT64_MAX, &high) == 1 && high == UINT64_MAX - 1);
	/* 2^33 * 2^40 = 2^73 */
	assert_true(ix_mul_wide(1ULL << 33, 1ULL << 40, &high) == 0 && high == 1 << 9);
	/* 0x123456789ABCDEF0 * 0xFEDCBA9876543210, by Python */
	assert_true(ix_mul_wide(0x123456789ABCDEF0, 0xFEDCBA9876543210, &high) == 0x236D88FE5618CF00);
	assert_true(high == 0x121FA00AD77D7422);
}

static void powers_of_two(void **state) {
	(void)state;
	assert_true(ix_is_power_of_two(1) && ix_is_power_of_two(2) && ix_is_power_of_two(SIZE_MAX / 2 + 1));
	assert_false(ix_is_power_of_two(0) || ix_is_power_of_two(3) || ix_is_power_of_two(SIZE_MAX));
}

IX_TESTS(test_slice, cmocka_unit_test(a_slice_from_a_terminated_string_leaves_the_nul_out),
	cmocka_unit_test(equality_looks_at_size_and_bytes),
	cmocka_unit_test(order_is_that_of_unsigned_bytes_and_a_prefix_is_first),
	cmocka_unit_test(starts_and_ends), cmocka_unit_test(find_gives_the_first_place_or_the_size),
	cmocka_unit_test(a_slice_of_a_slice_is_clamped),
	cmocka_unit_test(trim_takes_ascii_white_space_off_both_ends),
	cmocka_unit_test(cut_walks_over_the_parts_and_ends_with_null),
	cmocka_unit_test(unsigned_integers_up_to_the_largest),
	cmocka_unit_test(what_is_no_unsigned_integer_leaves_the_value_alone),
	cmocka_unit_test(signed_integers_up_to_both_ends), cmocka_unit_test(distance_counts_edits),
	cmocka_unit_test(distance_is_what_its_definition_says), cmocka_unit_test(over_64_bytes_is_far),
	cmocka_unit_test(the_wide_product_has_both_halves), cmocka_unit_test(powers_of_two));
