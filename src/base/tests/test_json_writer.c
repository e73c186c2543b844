/* test_json_writer.c - JSON as it comes: layout, escapes, numbers, limits. */
#include <inox/json_writer.h>
#include <inox/testing.h>

static char text[8192];

static void begin(ix_json_writer *json, ix_writer *to, unsigned open_levels) {
	memset(text, 0, sizeof text);
	*to = ix_writer_of(text, sizeof text - 1);
	ix_json_writer_init(json, to, (ix_json_style){.open_levels = open_levels});
}

static void expect(ix_json_writer *json, const char *expected) {
	ix_error error = {0};
	assert_int_equal(ix_json_writer_finish(json, &error), 0);
	assert_string_equal(text, expected);
}

/* {"a":1,"b":[true,{"c":null},[]],"d":{}} */
static void write_sample(ix_json_writer *json) {
	ix_json_object_begin(json);
	ix_json_key(json, IX_STR("a"));
	ix_json_i64(json, 1);
	ix_json_key(json, IX_STR("b"));
	ix_json_array_begin(json);
	ix_json_bool(json, true);
	ix_json_object_begin(json);
	ix_json_key(json, IX_STR("c"));
	ix_json_null(json);
	ix_json_object_end(json);
	ix_json_array_begin(json);
	ix_json_array_end(json);
	ix_json_array_end(json);
	ix_json_key(json, IX_STR("d"));
	ix_json_object_begin(json);
	ix_json_object_end(json);
	ix_json_object_end(json);
}

static void compact_has_no_blanks(void **state) {
	(void)state;
	ix_json_writer json;
	ix_writer to;
	begin(&json, &to, 0);
	write_sample(&json);
	expect(&json, "{\"a\":1,\"b\":[true,{\"c\":null},[]],\"d\":{}}");
}

static void open_levels_have_a_line_a_member(void **state) {
	(void)state;
	ix_json_writer json;
	ix_writer to;
	begin(&json, &to, 1);
	write_sample(&json);
	expect(&json, "{\n  \"a\": 1,\n  \"b\": [true, {\"c\": null}, []],\n  \"d\": {}\n}");
	begin(&json, &to, 9);
	write_sample(&json);
	expect(&json, "{\n  \"a\": 1,\n  \"b\": [\n    true,\n    {\n      \"c\": null\n    },\n    []\n  "
		      "],\n  \"d\": {}\n}");
}

static void a_document_may_be_a_single_value(void **state) {
	(void)state;
	ix_json_writer json;
	ix_writer to;
	begin(&json, &to, 1);
	ix_json_string(&json, IX_STR("x"));
	expect(&json, "\"x\"");
}

static void strings_are_escaped_as_rfc_8259_says(void **state) {
	(void)state;
	ix_json_writer json;
	ix_writer to;
	begin(&json, &to, 0);
	ix_json_string(&json, IX_STR("\"\\/\b\f\n\r\t\x01\x1f\x7f é東🚀"));
	expect(&json, "\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\\u001f\\u007f é東🚀\"");
	begin(&json, &to, 0);
	ix_json_string(&json, (ix_str){"a\0b", 3});
	expect(&json, "\"a\\u0000b\"");
}

static void ascii_style_escapes_everything_above(void **state) {
	(void)state;
	ix_json_writer json;
	ix_writer to;
	begin(&json, &to, 0);
	json.style.ascii = true;
	ix_json_string(&json, IX_STR("é東🚀\xFF"));
	/* U+1F680 less 0x10000 is 0xF680: 0xD800 + 0x3D, 0xDC00 + 0x280 */
	expect(&json, "\"\\u00e9\\u6771\\ud83d\\ude80\\ufffd\"");
}

static void ill_formed_bytes_become_replacement_characters(void **state) {
	(void)state;
	ix_json_writer json;
	ix_writer to;
	begin(&json, &to, 0);
	ix_json_array_begin(&json);
	ix_json_string(&json, IX_STR("a\xFF"
				     "b"));
	ix_json_string(&json, IX_STR("\xE2\x82"));     /* a maximal subpart is one */
	ix_json_string(&json, IX_STR("\xED\xA0\x80")); /* a surrogate is three */
	ix_json_array_end(&json);
	expect(&json, "[\"a\xEF\xBF\xBD"
		      "b\",\"\xEF\xBF\xBD\",\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"]");
}

static void numbers_are_exact(void **state) {
	(void)state;
	ix_json_writer json;
	ix_writer to;
	begin(&json, &to, 0);
	ix_json_array_begin(&json);
	ix_json_i64(&json, INT64_MIN);
	ix_json_u64(&json, UINT64_MAX);
	ix_json_decimal(&json, 1234500, 4);
	ix_json_decimal(&json, -5, 4);
	ix_json_decimal(&json, INT64_MIN, 18);
	ix_json_number(&json, IX_STR("1.5e-7"));
	ix_json_bool(&json, false);
	ix_json_array_end(&json);
	expect(&json, "[-9223372036854775808,18446744073709551615,123.4500,-0.0005,-9.223372036854775808,1."
		      "5e-7,false]");
}

static void bytes_are_hex(void **state) {
	(void)state;
	uint8_t bytes[100];
	ix_json_writer json;
	ix_writer to;
	for (size_t i = 0; i < sizeof bytes; i++) bytes[i] = (uint8_t)i;
	begin(&json, &to, 0);
	ix_json_hex(&json, (ix_bytes){bytes, sizeof bytes});
	assert_int_equal(ix_json_writer_finish(&json, NULL), 0);
	assert_int_equal(strlen(text), 202);
	assert_int_equal(strncmp(text, "\"000102030405060708090a0b0c0d0e0f1011", 37), 0);
	assert_string_equal(text + 193, "60616263\"");
	begin(&json, &to, 0);
	ix_json_hex(&json, (ix_bytes){NULL, 0});
	expect(&json, "\"\"");
}

static void knows_the_grammar_of_numbers(void **state) {
	(void)state;
	static const char *const good[] = {"0", "-0", "10", "1.0", "0.10", "1e5", "1E+5", "1e-05", "-1.5e10"};
	static const char *const bad[] = {"", "-", "+1", "01", "-01", ".5", "1.", "1.e5", "1e", "1e+", "0x1",
		"1 ", " 1", "NaN", "1.5.2", "1e5.5"};
	for (size_t i = 0; i < IX_COUNT(good); i++) assert_true(ix_json_is_number(ix_str_from(good[i])));
	for (size_t i = 0; i < IX_COUNT(bad); i++) assert_false(ix_json_is_number(ix_str_from(bad[i])));
}

static void a_buffer_that_is_too_small_fails_and_says_what_is_needed(void **state) {
	(void)state;
	char small[10];
	ix_json_writer json;
	ix_error error = {0};
	ix_writer to = ix_writer_of(small, sizeof small);
	ix_json_writer_init(&json, &to, (ix_json_style){0});
	write_sample(&json);
	assert_int_equal(ix_json_writer_finish(&json, &error), IX_ERR_LIMIT);
	assert_string_equal(error.text, "JSON of 39 bytes does not fit 10");
	assert_int_equal(to.needed, 39); /* the length of the compact sample */
}

static void depth_is_limited_at_its_edge(void **state) {
	(void)state;
	for (unsigned depth = IX_JSON_WRITER_DEPTH_MAX; depth <= IX_JSON_WRITER_DEPTH_MAX + 1; depth++) {
		ix_json_writer json;
		ix_writer to;
		ix_error error = {0};
		begin(&json, &to, 0);
		for (unsigned i = 0; i < depth; i++) {
			if (i % 2) ix_json_key(&json, IX_STR("k"));
			if (i % 2)
				ix_json_array_begin(&json);
			else
				ix_json_object_begin(&json);
		}
		for (unsigned i = depth; i-- > 0;) {
			if (i % 2)
				ix_json_array_end(&json);
			else
				ix_json_object_end(&json);
		}
		int code = ix_json_writer_finish(&json, &error);
		assert_int_equal(code, depth > IX_JSON_WRITER_DEPTH_MAX ? IX_ERR_LIMIT : 0);
		if (code) assert_string_equal(error.text, "JSON nested deeper than 64 levels");
	}
}

typedef struct drain {
	size_t size, calls, refuse_at;
} drain;

static bool take(void *context, const char *data, size_t size) {
	drain *to = context;
	if (++to->calls == to->refuse_at) return false;
	memcpy(text + to->size, data, size);
	to->size += size;
	return true;
}

static void a_sink_gets_the_same_text_in_pieces(void **state) {
	(void)state;
	static char whole[8000];
	char buffer[64];
	ix_json_writer json;
	ix_writer to = ix_writer_of(whole, sizeof whole);
	for (int pass = 0; pass < 2; pass++) {
		drain out = {0};
		if (pass)
			ix_json_writer_init_sink(
				&json, buffer, sizeof buffer, take, &out, (ix_json_style){0});
		else
			ix_json_writer_init(&json, &to, (ix_json_style){0});
		ix_json_array_begin(&json);
		for (int64_t i = 0; i < 100; i++) {
			write_sample(&json);
			ix_json_i64(&json, i);
		}
		ix_json_array_end(&json);
		assert_int_equal(ix_json_writer_finish(&json, NULL), 0);
		if (!pass) continue;
		assert_int_equal(out.size, to.size);
		assert_memory_equal(text, whole, to.size);
		assert_int_equal(
			out.calls, (to.size + 63) / 64); /* only whole buffers, and the rest at the end */
	}
}

static void a_sink_that_refuses_is_an_error_and_gets_nothing_more(void **state) {
	(void)state;
	char buffer[64];
	drain out = {.refuse_at = 2};
	ix_json_writer json;
	ix_error error = {0};
	ix_json_writer_init_sink(&json, buffer, sizeof buffer, take, &out, (ix_json_style){0});
	ix_json_array_begin(&json);
	for (int i = 0; i < 100; i++) write_sample(&json);
	ix_json_array_end(&json);
	assert_int_equal(ix_json_writer_finish(&json, &error), IX_ERR_IO);
	assert_string_equal(error.text, "JSON could not be written");
	assert_int_equal(out.calls, 2);
	assert_int_equal(out.size, 64);
}

/* ---- our own mistakes ---- */

static jmp_buf caught;

static void catch_panic(const char *expression, const char *file, int line) {
	(void)expression, (void)file, (void)line;
	longjmp(caught, 1);
}

static void value_without_a_key(ix_json_writer *json) { ix_json_object_begin(json), ix_json_null(json); }
static void key_in_an_array(ix_json_writer *json) {
	ix_json_array_begin(json), ix_json_key(json, IX_STR("k"));
}
static void key_after_a_key(ix_json_writer *json) {
	ix_json_object_begin(json), ix_json_key(json, IX_STR("k")), ix_json_key(json, IX_STR("k"));
}
static void end_of_nothing(ix_json_writer *json) { ix_json_array_end(json); }
static void end_of_another_kind(ix_json_writer *json) { ix_json_array_begin(json), ix_json_object_end(json); }
static void two_documents(ix_json_writer *json) { ix_json_null(json), ix_json_null(json); }
static void finish_in_the_middle(ix_json_writer *json) {
	ix_json_array_begin(json), (void)ix_json_writer_finish(json, NULL);
}
static void number_that_is_none(ix_json_writer *json) { ix_json_number(json, IX_STR("1.")); }

static void calls_out_of_order_panic(void **state) {
	(void)state;
	static void (*const volatile mistakes[])(ix_json_writer *json) = {value_without_a_key,
		key_in_an_array, key_after_a_key, end_of_nothing, end_of_another_kind, two_documents,
		finish_in_the_middle, number_that_is_none};
	for (volatile size_t i = 0; i < IX_COUNT(mistakes); i++) {
		static ix_json_writer json;
		static ix_writer to;
		volatile bool panicked = true;
		begin(&json, &to, 0);
		ix_panic_set_hook(catch_panic);
		if (setjmp(caught) == 0) {
			mistakes[i](&json);
			panicked = false;
		}
		ix_panic_set_hook(NULL);
		if (!panicked) fail_msg("mistake %zu went through", (size_t)i);
	}
}

IX_TESTS(test_json_writer, cmocka_unit_test(calls_out_of_order_panic),
	cmocka_unit_test(compact_has_no_blanks), cmocka_unit_test(open_levels_have_a_line_a_member),
	cmocka_unit_test(a_document_may_be_a_single_value),
	cmocka_unit_test(strings_are_escaped_as_rfc_8259_says),
	cmocka_unit_test(ascii_style_escapes_everything_above),
	cmocka_unit_test(ill_formed_bytes_become_replacement_characters), cmocka_unit_test(numbers_are_exact),
	cmocka_unit_test(bytes_are_hex), cmocka_unit_test(knows_the_grammar_of_numbers),
	cmocka_unit_test(a_buffer_that_is_too_small_fails_and_says_what_is_needed),
	cmocka_unit_test(depth_is_limited_at_its_edge), cmocka_unit_test(a_sink_gets_the_same_text_in_pieces),
	cmocka_unit_test(a_sink_that_refuses_is_an_error_and_gets_nothing_more));
