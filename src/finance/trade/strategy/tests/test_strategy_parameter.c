/* What an operator says about parameters, and what he is told. */
#include <inox/strategy_load.h>
#include <inox/testing.h>

static const ix_strategy_parameter table[] = {
	{"spread_min_e4", "", 100, 1, 1000},
	{"size", "", 10, -5, 20},
	{"wide", "", 0, INT64_MIN, INT64_MAX},
};
static const ix_strategy_vtable sample = {
	.name = "sample", .parameters = table, .parameter_count = IX_COUNT(table)};

static void assert_parsed(const char *text, uint32_t index, int64_t value) {
	uint32_t got_index = 99;
	int64_t got_value = 0;
	ix_error err = {0};
	if (ix_strategy_parameter_parse(&sample, ix_str_from(text), &got_index, &got_value, &err))
		fail_msg("%s", err.text);
	assert_int_equal(got_index, index);
	assert_int_equal(got_value, value);
}

static void assert_refused(const char *text, int code, const char *said) {
	uint32_t index = 99;
	int64_t value = 77;
	ix_error err = {0};
	assert_int_equal(ix_strategy_parameter_parse(&sample, ix_str_from(text), &index, &value, &err), code);
	assert_string_equal(err.text, said);
	assert_int_equal(index, 99);
	assert_int_equal(value, 77);
}

static void a_name_and_a_number_are_taken_apart(void **state) {
	(void)state;
	assert_parsed("spread_min_e4=200", 0, 200);
	assert_parsed("size=-5", 1, -5);
	assert_parsed("size=20", 1, 20);
	assert_parsed("wide=-9223372036854775808", 2, INT64_MIN);
}

static void a_value_out_of_range_is_refused_with_the_range(void **state) {
	(void)state;
	assert_refused("spread_min_e4=0", IX_ERR_RANGE, "sample: spread_min_e4 is 0, not 1 to 1000");
	assert_refused("size=21", IX_ERR_RANGE, "sample: size is 21, not -5 to 20");
	assert_refused("size=-6", IX_ERR_RANGE, "sample: size is -6, not -5 to 20");
}

static void a_wrong_name_is_answered_with_the_nearest(void **state) {
	(void)state;
	assert_refused("spread_mni_e4=5", IX_ERR_NOT_FOUND,
		"sample has no parameter 'spread_mni_e4'; did you mean 'spread_min_e4'?");
	assert_refused("sise=5", IX_ERR_NOT_FOUND, "sample has no parameter 'sise'; did you mean 'size'?");
	assert_refused("inventory=5", IX_ERR_NOT_FOUND, "sample has no parameter 'inventory'");
	assert_refused("=5", IX_ERR_NOT_FOUND, "sample has no parameter ''");
}

static void what_is_not_a_number_is_refused(void **state) {
	(void)state;
	assert_refused("size", IX_ERR_SYNTAX, "'size' is not name=value");
	assert_refused("size=", IX_ERR_SYNTAX, "sample: size is '', not a whole number");
	assert_refused("size= 5", IX_ERR_SYNTAX, "sample: size is ' 5', not a whole number");
	assert_refused("size=1.5", IX_ERR_SYNTAX, "sample: size is '1.5', not a whole number");
	assert_refused("size=5=6", IX_ERR_SYNTAX, "sample: size is '5=6', not a whole number");
	assert_refused("wide=9223372036854775808", IX_ERR_SYNTAX,
		"sample: wide is '9223372036854775808', not a whole number");
}

static void fallbacks_fill_the_values_and_zeroes_the_rest(void **state) {
	(void)state;
	int64_t values[IX_STRATEGY_PARAMETER_MAX];
	memset(values, 7, sizeof values);
	ix_strategy_parameter_fallbacks(&sample, values);
	assert_int_equal(values[0], 100);
	assert_int_equal(values[1], 10);
	for (size_t i = 2; i < IX_STRATEGY_PARAMETER_MAX; i++) assert_int_equal(values[i], 0);
}

static void an_index_that_is_not_there_is_refused(void **state) {
	(void)state;
	ix_error err = {0};
	assert_int_equal(ix_strategy_parameter_check(&sample, 3, 0, &err), IX_ERR_NOT_FOUND);
	assert_string_equal(err.text, "sample has no parameter 3");
}

static void the_built_in_strategies_are_found_and_right(void **state) {
	(void)state;
	for (size_t i = 0; i < IX_STRATEGY_BUILTIN_COUNT; i++) {
		const ix_strategy_vtable *v = ix_strategy_builtins[i];
		ix_error err = {0};
		if (ix_strategy_check(v, &err)) fail_msg("%s: %s", v->name, err.text);
		assert_ptr_equal(ix_strategy_find_builtin(ix_str_from(v->name)), v);
	}
	assert_string_equal(ix_strategy_find_builtin(IX_STR("maker"))->name, "maker");
	assert_string_equal(ix_strategy_find_builtin(IX_STR("ofi"))->name, "ofi");
	assert_null(ix_strategy_find_builtin(IX_STR("of")));
	assert_null(ix_strategy_find_builtin(IX_STR("")));
}

IX_TESTS(test_strategy_parameter, cmocka_unit_test(a_name_and_a_number_are_taken_apart),
	cmocka_unit_test(a_value_out_of_range_is_refused_with_the_range),
	cmocka_unit_test(a_wrong_name_is_answered_with_the_nearest),
	cmocka_unit_test(what_is_not_a_number_is_refused),
	cmocka_unit_test(fallbacks_fill_the_values_and_zeroes_the_rest),
	cmocka_unit_test(an_index_that_is_not_there_is_refused),
	cmocka_unit_test(the_built_in_strategies_are_found_and_right));
