/* test_json.c - parsing: what is taken, what is refused and where; typed getters and the paths of their
 * errors. */
#include <inox/json.h>
#include <inox/testing.h>

#include <jansson.h>

static ix_bytes bytes_of(const char *text) { return ix_str_bytes(ix_str_from(text)); }

static ix_json *parse(const char *text) {
	ix_json *json;
	ix_error error = {0};
	if (ix_json_parse(bytes_of(text), NULL, &json, &error)) fail_msg("%s: %s", text, error.text);
	return json;
}

static void refuse_bytes(ix_bytes bytes, const ix_json_limits *limits, int code, const char *text) {
	ix_json *json = NULL;
	ix_error error = {0};
	int got = ix_json_parse(bytes, limits, &json, &error);
	assert_string_equal(error.text, text);
	assert_int_equal(got, code);
	assert_null(json);
}

static void refuse(const char *document, int code, const char *text) {
	refuse_bytes(bytes_of(document), NULL, code, text);
}

/* ---- parsing ---- */

static void takes_every_kind_of_value_as_a_document(void **state) {
	(void)state;
	static const struct {
		const char *text;
		ix_json_kind kind;
	} cases[] = {{"null", IX_JSON_NULL}, {" true ", IX_JSON_BOOLEAN}, {"false", IX_JSON_BOOLEAN},
		{"-0", IX_JSON_INTEGER}, {"1e0", IX_JSON_REAL}, {"1.0", IX_JSON_REAL},
		{"\"\"", IX_JSON_STRING}, {"[]", IX_JSON_ARRAY}, {"\t{}\r\n", IX_JSON_OBJECT}};
	for (size_t i = 0; i < IX_COUNT(cases); i++) {
		ix_json *json = parse(cases[i].text);
		ix_json_cursor root = ix_json_root(json);
		assert_int_equal(ix_json_kind_of(&root), cases[i].kind);
		ix_json_free(json);
	}
	ix_json_free(NULL);
}

static void says_where_the_grammar_is_broken(void **state) {
	(void)state;
	refuse("{\"a\":1,}", IX_ERR_SYNTAX, "offset 7 (line 1, column 8): string or '}' expected at '}'");
	refuse("[1 2]", IX_ERR_SYNTAX, "offset 3 (line 1, column 4): ']' expected at '2'");
	refuse("{\"a\" 1}", IX_ERR_SYNTAX, "offset 5 (line 1, column 6): ':' expected at '1'");
	refuse("[1,\n\n  tru]", IX_ERR_SYNTAX, "offset 7 (line 3, column 3): invalid token at 'tru'");
	refuse("{\"\xC3\xA9\":x}", IX_ERR_SYNTAX,
		"offset 6 (line 1, column 6): invalid token at 'x'"); /* é is two bytes, one column */
	refuse("[1]x", IX_ERR_SYNTAX, "offset 3 (line 1, column 4): text after the end of the document");
	refuse("01", IX_ERR_SYNTAX, "offset 0 (line 1, column 1): invalid token at '0'");
	refuse("'a'", IX_ERR_SYNTAX, "offset 0 (line 1, column 1): invalid token at '''");
	refuse("\"a\\q\"", IX_ERR_SYNTAX, "offset 0 (line 1, column 1): invalid escape at '\"a\\q'");
	refuse("[// no\n1]", IX_ERR_SYNTAX, "offset 1 (line 1, column 2): invalid token at '/'");
	refuse("[NaN]", IX_ERR_SYNTAX, "offset 1 (line 1, column 2): invalid token at 'NaN'");
	refuse("\xEF\xBB\xBF[]", IX_ERR_SYNTAX,
		"offset 0 (line 1, column 1): invalid token at '\xEF\xBB\xBF'");
}

static void says_when_the_document_ends_too_early(void **state) {
	(void)state;
	refuse("", IX_ERR_TRUNCATED, "offset 0 (line 1, column 1): the document ends too early");
	refuse("[1,2", IX_ERR_TRUNCATED, "offset 4 (line 1, column 5): the document ends too early");
	refuse("\"abc", IX_ERR_TRUNCATED, "offset 4 (line 1, column 5): the document ends too early");
	refuse_bytes((ix_bytes){NULL, 0}, NULL, IX_ERR_TRUNCATED,
		"offset 0 (line 1, column 1): the document ends too early");
}

static void refuses_text_that_is_not_utf_8(void **state) {
	(void)state;
	refuse("\"ab\xFF\"", IX_ERR_SYNTAX, "offset 3 (line 1, column 4): not UTF-8");
	refuse("\"\xED\xA0\x80\"", IX_ERR_SYNTAX, "offset 1 (line 1, column 2): not UTF-8");
}

static void refuses_a_member_given_twice(void **state) {
	(void)state;
	refuse("{\"a\":1,\"a\":2}", IX_ERR_INVALID,
		"offset 7 (line 1, column 8): member \"a\" stands there twice");
	refuse("{\"a\":1,\"\\u0061\":2}", IX_ERR_INVALID,
		"offset 7 (line 1, column 8): member \"\\u0061\" stands there twice");
}

static void refuses_numbers_that_do_not_fit(void **state) {
	(void)state;
	refuse("[99999999999999999999]", IX_ERR_RANGE,
		"offset 1 (line 1, column 2): 99999999999999999999 does not fit 64 bits");
	refuse("[9223372036854775808]", IX_ERR_RANGE,
		"offset 1 (line 1, column 2): 9223372036854775808 does not fit 64 bits");
	refuse("[1e999]", IX_ERR_RANGE, "offset 1 (line 1, column 2): 1e999 does not fit 64 bits");
}

static void refuses_a_nul_in_a_members_name_and_takes_it_in_a_string(void **state) {
	(void)state;
	refuse("{\"\\u0000\":1}", IX_ERR_INVALID, "offset 1 (line 1, column 2): a NUL in a member's name");
	ix_json *json = parse("\"a\\u0000b\"");
	ix_json_cursor root = ix_json_root(json);
	ix_str text;
	assert_int_equal(ix_json_get_string(&root, &text, NULL), 0);
	assert_int_equal(text.size, 3);
	assert_memory_equal(text.data, "a\0b", 3);
	ix_json_free(json);
}

static void a_refusal_is_one_line_whatever_the_document_holds(void **state) {
	(void)state;
	refuse("[\"a\\\nb\"]", IX_ERR_SYNTAX, "offset 1 (line 1, column 2): invalid escape at '\"a\\'");
	refuse("[\"a\\\x1b[31m\"]", IX_ERR_SYNTAX, "offset 1 (line 1, column 2): invalid escape at '\"a\\'");
	refuse("[12345678901234567890123\n]", IX_ERR_RANGE,
		"offset 24 (line 1, column 25): the number that ends here does not fit 64 bits");
}

static void refuses_a_raw_nul_wherever_it_stands(void **state) {
	(void)state;
	static const struct {
		const char *text;
		size_t size;
		const char *says;
	} cases[] = {{"true\0", 5, "offset 4 (line 1, column 5): a byte that is 0"},
		{"[1,true\0,false]", 15, "offset 7 (line 1, column 8): a byte that is 0"},
		{"[1\0]", 4, "offset 2 (line 1, column 3): a byte that is 0"},
		{"\0", 1, "offset 0 (line 1, column 1): a byte that is 0"},
		{"[\n\"a\0\"]", 7, "offset 4 (line 2, column 3): a byte that is 0"}};
	for (size_t i = 0; i < IX_COUNT(cases); i++)
		refuse_bytes((ix_bytes){(const uint8_t *)cases[i].text, cases[i].size}, NULL, IX_ERR_SYNTAX,
			cases[i].says);
}

static void depth_is_limited_at_its_edge(void **state) {
	(void)state;
	const ix_json_limits limits = {.depth_max = 3};
	ix_json *json;
	assert_int_equal(ix_json_parse(bytes_of("[[{\"[[[\":\"]\\\"[[[\"}],[[]]]"), &limits, &json, NULL),
		0); /* brackets in strings count for nothing */
	ix_json_free(json);
	refuse_bytes(bytes_of("[[[[]]]]"), &limits, IX_ERR_LIMIT,
		"offset 3 (line 1, column 4): nested deeper than 3 levels");
	refuse_bytes(bytes_of("[]"), &(ix_json_limits){.depth_max = 1001}, IX_ERR_USAGE,
		"a depth of 1001 is more than 1000");
	char deep[2001];
	memset(deep, '[', 1000), memset(deep + 1000, ']', 1000), deep[2000] = '\0';
	assert_int_equal(ix_json_parse(bytes_of(deep), &(ix_json_limits){.depth_max = 1000}, &json, NULL), 0);
	ix_json_free(json);
	refuse(deep, IX_ERR_LIMIT, "offset 64 (line 1, column 65): nested deeper than 64 levels");
}

static void values_are_limited_at_their_edge(void **state) {
	(void)state;
	const ix_json_limits limits = {.value_max = 4};
	ix_json *json;
	/* the array and three numbers; a bracket counts one for what stands in it */
	assert_int_equal(ix_json_parse(bytes_of("[1,2,\",,,\"]"), &limits, &json, NULL), 0);
	ix_json_free(json);
	refuse_bytes(bytes_of("[1,2,3,4]"), &limits, IX_ERR_LIMIT,
		"offset 6 (line 1, column 7): more than 4 values");
}

static void size_is_limited_at_its_edge(void **state) {
	(void)state;
	ix_json *json;
	assert_int_equal(ix_json_parse(bytes_of("[1,2]"), &(ix_json_limits){.size_max = 5}, &json, NULL), 0);
	ix_json_free(json);
	refuse_bytes(bytes_of("[1,2]"), &(ix_json_limits){.size_max = 4}, IX_ERR_LIMIT,
		"a document of 5 bytes is larger than 4");
}

/* ---- failing memory: jansson's own allocator, replaced for one test ---- */

static uint64_t allocations, fail_at;

static void *failing_malloc(size_t size) { return ++allocations == fail_at ? NULL : malloc(size); }

static void every_failed_allocation_is_an_error_and_leaks_nothing(void **state) {
	(void)state;
	static const char text[] =
		"{\"name\": \"a string\", \"list\": [1, 2.5, true, null, {\"deep\": [[]]}], \"more\": -7}";
	json_set_alloc_funcs(failing_malloc, free);
	unsigned failures = 0;
	for (fail_at = 1; fail_at < 500; fail_at++) {
		ix_json *json = NULL;
		ix_error error = {0};
		allocations = 0;
		int code = ix_json_parse(bytes_of(text), NULL, &json, &error);
		ix_json_free(json);
		if (allocations < fail_at) break;
		failures++;
		assert_int_equal(code, IX_ERR_MEMORY);
	}
	json_set_alloc_funcs(malloc, free);
	assert_true(failures > 20);
}

/* ---- looking ---- */

static const char order_text[] = "{\"symbol\": \"ABC\", \"limits\": [{\"max\": 5}, {\"max\": \"6\"}], \"odd "
				 "key\": {\"x.y\": null}, \"live\": true, \"ratio\": 0.25}";

static void finds_members_and_elements(void **state) {
	(void)state;
	ix_json *json = parse(order_text);
	ix_json_cursor root = ix_json_root(json), limits, first, at;
	int64_t max;
	assert_int_equal(ix_json_count(&root), 5);
	assert_int_equal(ix_json_member(&root, "limits", &limits, NULL), 0);
	assert_int_equal(ix_json_count(&limits), 2);
	assert_int_equal(ix_json_element(&limits, 0, &first, NULL), 0);
	assert_int_equal(ix_json_member_i64(&first, "max", 0, 5, &max, NULL), 0);
	assert_int_equal(max, 5);
	assert_false(ix_json_find(&root, "nothing", &at));
	assert_false(ix_json_find(&limits, "max", &at)); /* an array has no members */
	assert_true(ix_json_find(&root, "live", &at));
	assert_int_equal(ix_json_count(&at), 0);
	ix_json_free(json);
}

static void walks_members_in_the_order_of_the_text(void **state) {
	(void)state;
	ix_json *json = parse("{\"z\": 1, \"a\": 2, \"m\": [3, 4]}");
	ix_json_cursor root = ix_json_root(json), last = {0};
	char names[16] = "";
	size_t used = 0;
	for (ix_json_cursor each = {0}; ix_json_next(&root, &each); last = each)
		used += ix_format(
			names + used, sizeof names - used, "%.*s ", IX_STR_ARG(ix_json_name(&each)));
	assert_string_equal(names, "z a m ");
	int64_t sum = 0, value;
	for (ix_json_cursor each = {0}; ix_json_next(&last, &each);) {
		assert_int_equal(ix_json_name(&each).size, 0);
		assert_int_equal(ix_json_get_i64(&each, 0, 9, &value, NULL), 0);
		sum += value;
	}
	assert_int_equal(sum, 7);
	for (ix_json_cursor each = {0}, number = {.node = NULL};
		ix_json_find(&root, "z", &number) && ix_json_next(&number, &each);)
		fail();
	ix_json_free(json);
}

static void expect_error(int code, const ix_error *error, int wanted, const char *text) {
	assert_string_equal(error->text, text);
	assert_int_equal(code, wanted);
}

static void errors_name_the_path(void **state) {
	(void)state;
	ix_json *json = parse(order_text);
	ix_json_cursor root = ix_json_root(json), limits, second, odd, at;
	int64_t number = 77;
	double real = 7;
	bool flag;
	ix_str text;
	ix_error error = {0};
	assert_int_equal(ix_json_member(&root, "limits", &limits, NULL), 0);
	assert_int_equal(ix_json_element(&limits, 1, &second, NULL), 0);
	expect_error(ix_json_member_i64(&second, "max", 0, 9, &number, &error), &error, IX_ERR_INVALID,
		"limits[1].max: must be a whole number, not a string");
	expect_error(ix_json_member_i64(&second, "min", 0, 9, &number, &error), &error, IX_ERR_INVALID,
		"limits[1]: member 'min' is missing");
	expect_error(ix_json_member(&root, "limit", &at, &error), &error, IX_ERR_INVALID,
		"the document: member 'limit' is missing");
	expect_error(ix_json_member(&limits, "x", &at, &error), &error, IX_ERR_INVALID,
		"limits: must be an object, not an array");
	expect_error(ix_json_element(&limits, 2, &at, &error), &error, IX_ERR_RANGE,
		"limits: has 2 elements, and none at 2");
	expect_error(ix_json_element(&root, 0, &at, &error), &error, IX_ERR_INVALID,
		"the document: must be an array, not an object");
	expect_error(ix_json_member_i64(&root, "ratio", 0, 9, &number, &error), &error, IX_ERR_INVALID,
		"ratio: must be a whole number, not a number with decimals");
	expect_error(ix_json_member_string(&root, "live", &text, &error), &error, IX_ERR_INVALID,
		"live: must be a string, not a boolean");
	expect_error(ix_json_member_bool(&root, "symbol", &flag, &error), &error, IX_ERR_INVALID,
		"symbol: must be true or false, not a string");
	assert_int_equal(ix_json_member(&root, "odd key", &odd, NULL), 0);
	expect_error(ix_json_member_real(&odd, "x.y", &real, &error), &error, IX_ERR_INVALID,
		"[\"odd key\"][\"x.y\"]: must be a number, not null");
	assert_int_equal(number, 77);
	assert_true(real == 7);
	ix_json_free(json);
}

static void whole_numbers_are_checked_against_their_range(void **state) {
	(void)state;
	ix_json *json = parse("{\"n\": -9223372036854775808}");
	ix_json_cursor root = ix_json_root(json);
	int64_t number = 0;
	ix_error error = {0};
	assert_int_equal(ix_json_member_i64(&root, "n", INT64_MIN, 0, &number, NULL), 0);
	assert_true(number == INT64_MIN);
	expect_error(ix_json_member_i64(&root, "n", 1, 100, &number, &error), &error, IX_ERR_RANGE,
		"n: -9223372036854775808 is not in 1 to 100");
	ix_json_free(json);
}

static void booleans_reals_and_choices_are_read(void **state) {
	(void)state;
	ix_json *json = parse("{\"t\": true, \"f\": false, \"r\": -2.5e-3, \"i\": 3, \"c\": \"pcap\", \"w\": "
			      "\"pacp\", \"o\": \"other\"}");
	ix_json_cursor root = ix_json_root(json), at;
	bool flag = false;
	double real;
	int index = -1;
	ix_error error = {0};
	assert_int_equal(ix_json_member_bool(&root, "t", &flag, NULL), 0);
	assert_true(flag);
	assert_int_equal(ix_json_member_bool(&root, "f", &flag, NULL), 0);
	assert_false(flag);
	assert_int_equal(ix_json_member_real(&root, "r", &real, NULL), 0);
	assert_true(real == -0.0025);
	assert_int_equal(ix_json_member_real(&root, "i", &real, NULL), 0);
	assert_true(real == 3);
	assert_true(ix_json_find(&root, "c", &at));
	assert_int_equal(ix_json_get_choice(&at, "csv|pcap|itch", &index, NULL), 0);
	assert_int_equal(index, 1);
	assert_true(ix_json_find(&root, "w", &at));
	expect_error(ix_json_get_choice(&at, "csv|pcap|itch", &index, &error), &error, IX_ERR_INVALID,
		"w: 'pacp' is not one of csv|pcap|itch; did you mean 'pcap'?");
	assert_true(ix_json_find(&root, "o", &at));
	expect_error(ix_json_get_choice(&at, "csv|pcap|itch", &index, &error), &error, IX_ERR_INVALID,
		"o: 'other' is not one of csv|pcap|itch");
	assert_true(ix_json_find(&root, "i", &at));
	expect_error(ix_json_get_choice(&at, "csv", &index, &error), &error, IX_ERR_INVALID,
		"i: must be a string, not a whole number");
	ix_json_free(json);
}

static void decimals_are_exact_or_refused(void **state) {
	(void)state;
	static const struct {
		const char *text;
		unsigned scale;
		int64_t value;
	} good[] = {
		{"\"123.45\"", 4, 1234500},
		{"\"-0.00000001\"", 8, -1},
		{"7", 2, 700},
		{"-7", 0, -7},
		{"123.45", 4, 1234500},
		{"0.1", 18, 100000000000000000},
		{"1e3", 2, 100000},
		{"1.5E-7", 8, 15},
		{"-2.50", 2, -250},
		{"123456789012.345", 3, 123456789012345},
		{"0.0", 2, 0},
		{"1e-10", 10, 1},
		{"99999999999999.9", 1, 999999999999999},
	};
	for (size_t i = 0; i < IX_COUNT(good); i++) {
		ix_json *json = parse(good[i].text);
		ix_json_cursor root = ix_json_root(json);
		int64_t value = 0;
		ix_error error = {0};
		if (ix_json_get_decimal(&root, good[i].scale, IX_ROUND_EXACT, &value, &error))
			fail_msg("%s: %s", good[i].text, error.text);
		if (value != good[i].value) fail_msg("%s: %lld", good[i].text, (long long)value);
		ix_json_free(json);
	}
	static const struct {
		const char *text;
		int code;
	} bad[] = {{"\"1.23\"", IX_ERR_INVALID}, {"1.23", IX_ERR_INVALID}, {"\"1,5\"", IX_ERR_SYNTAX},
		{"1e30", IX_ERR_RANGE}, {"\"92233720368547758.08\"", IX_ERR_INVALID},
		{"922337203685477581", IX_ERR_RANGE}, {"0.12345678901234567", IX_ERR_INVALID},
		{"null", IX_ERR_INVALID}, {"1e-300", IX_ERR_INVALID}};
	for (size_t i = 0; i < IX_COUNT(bad); i++) {
		ix_json *json = parse(bad[i].text);
		ix_json_cursor root = ix_json_root(json);
		int64_t value = 77;
		ix_error error = {0};
		int code = ix_json_get_decimal(&root, 1, IX_ROUND_EXACT, &value, &error);
		if (code != bad[i].code) fail_msg("%s: %d %s", bad[i].text, code, error.text);
		assert_true(ix_str_starts_with(ix_str_from(error.text), IX_STR("the document: ")));
		assert_int_equal(value, 77);
		ix_json_free(json);
	}
}

static void unknown_members_are_refused_with_a_suggestion(void **state) {
	(void)state;
	ix_json *json = parse("{\"symbol\": 1, \"limits\": {\"dept\": 1}, \"x\": [1]}");
	ix_json_cursor root = ix_json_root(json), limits, x;
	ix_error error = {0};
	assert_int_equal(ix_json_only(&root, "symbol|limits|x", &error), 0);
	expect_error(ix_json_only(&root, "limits|x", &error), &error, IX_ERR_INVALID,
		"the document: there is no member 'symbol'");
	assert_true(ix_json_find(&root, "limits", &limits));
	expect_error(ix_json_only(&limits, "width|depth", &error), &error, IX_ERR_INVALID,
		"limits: there is no member 'dept'; did you mean 'depth'?");
	assert_true(ix_json_find(&root, "x", &x));
	expect_error(
		ix_json_only(&x, "a", &error), &error, IX_ERR_INVALID, "x: must be an object, not an array");
	ix_json_free(json);
}

static void a_long_path_keeps_its_end(void **state) {
	(void)state;
	ix_json *json = parse("{\"abcdefghij\": {\"klmnopqrst\": [[5]]}}");
	ix_json_cursor root = ix_json_root(json), one, two, three, four;
	char path[64];
	assert_true(ix_json_find(&root, "abcdefghij", &one) && ix_json_find(&one, "klmnopqrst", &two));
	assert_int_equal(ix_json_element(&two, 0, &three, NULL), 0);
	assert_int_equal(ix_json_element(&three, 0, &four, NULL), 0);
	ix_json_path(&four, path, sizeof path);
	assert_string_equal(path, "abcdefghij.klmnopqrst[0][0]");
	ix_json_path(&four, path, 22); /* room for 21: the 17 of ".klmnopqrst[0][0]" and dots */
	assert_string_equal(path, "....klmnopqrst[0][0]");
	ix_json_path(&four, path, 9); /* 8: two steps, and no room for dots */
	assert_string_equal(path, "[0][0]");
	ix_json_free(json);
}

IX_TESTS(test_json, cmocka_unit_test(takes_every_kind_of_value_as_a_document),
	cmocka_unit_test(says_where_the_grammar_is_broken),
	cmocka_unit_test(says_when_the_document_ends_too_early),
	cmocka_unit_test(refuses_text_that_is_not_utf_8), cmocka_unit_test(refuses_a_member_given_twice),
	cmocka_unit_test(refuses_numbers_that_do_not_fit),
	cmocka_unit_test(refuses_a_nul_in_a_members_name_and_takes_it_in_a_string),
	cmocka_unit_test(a_refusal_is_one_line_whatever_the_document_holds),
	cmocka_unit_test(refuses_a_raw_nul_wherever_it_stands),
	cmocka_unit_test(depth_is_limited_at_its_edge), cmocka_unit_test(values_are_limited_at_their_edge),
	cmocka_unit_test(size_is_limited_at_its_edge),
	cmocka_unit_test(every_failed_allocation_is_an_error_and_leaks_nothing),
	cmocka_unit_test(finds_members_and_elements),
	cmocka_unit_test(walks_members_in_the_order_of_the_text), cmocka_unit_test(errors_name_the_path),
	cmocka_unit_test(whole_numbers_are_checked_against_their_range),
	cmocka_unit_test(booleans_reals_and_choices_are_read),
	cmocka_unit_test(decimals_are_exact_or_refused),
	cmocka_unit_test(unknown_members_are_refused_with_a_suggestion),
	cmocka_unit_test(a_long_path_keeps_its_end));
