/* test_json_change.c - documents built, changed and written. */
#include <inox/json.h>
#include <inox/testing.h>

#include <jansson.h>
#include <math.h>

static void expect_text(ix_json *json, unsigned open_levels, const char *text) {
	char out[4096];
	ix_writer to = ix_writer_of(out, sizeof out);
	ix_json_writer writer;
	ix_json_writer_init(&writer, &to, (ix_json_style){.open_levels = open_levels});
	ix_json_cursor root = ix_json_root(json);
	ix_json_write(&root, &writer);
	assert_int_equal(ix_json_writer_finish(&writer, NULL), 0);
	assert_int_equal(to.size, strlen(text));
	assert_memory_equal(out, text, to.size);
}

static void builds_a_document_value_by_value(void **state) {
	(void)state;
	ix_json *json;
	assert_int_equal(ix_json_new(IX_JSON_OBJECT, &json, NULL), 0);
	ix_json_cursor root = ix_json_root(json), list, inner;
	assert_int_equal(ix_json_put_string(&root, "name", IX_STR("Ü \"x\"\n"), NULL), 0);
	assert_int_equal(ix_json_put_container(&root, "list", IX_JSON_ARRAY, &list, NULL), 0);
	assert_int_equal(ix_json_put_i64(&list, NULL, INT64_MIN, NULL), 0);
	assert_int_equal(ix_json_put_real(&list, NULL, 0.1, NULL), 0);
	assert_int_equal(ix_json_put_bool(&list, NULL, true, NULL), 0);
	assert_int_equal(ix_json_put_null(&list, NULL, NULL), 0);
	assert_int_equal(ix_json_put_container(&list, NULL, IX_JSON_OBJECT, &inner, NULL), 0);
	char path[32];
	ix_json_path(&inner, path, sizeof path);
	assert_string_equal(path, "list[4]");
	assert_int_equal(ix_json_put_bool(&inner, "off", false, NULL), 0);
	expect_text(json, 0,
		"{\"name\":\"Ü "
		"\\\"x\\\"\\n\",\"list\":[-9223372036854775808,0.1,true,null,{\"off\":false}]}");
	expect_text(json, 1,
		"{\n  \"name\": \"Ü \\\"x\\\"\\n\",\n  \"list\": [-9223372036854775808, 0.1, true, null, "
		"{\"off\": false}]\n}");
	ix_json_free(json);
}

static void a_member_set_again_is_replaced_in_its_place(void **state) {
	(void)state;
	ix_json *json;
	assert_int_equal(
		ix_json_parse(ix_str_bytes(IX_STR("{\"a\":1,\"b\":[2],\"c\":3}")), NULL, &json, NULL), 0);
	ix_json_cursor root = ix_json_root(json);
	assert_int_equal(ix_json_put_string(&root, "b", IX_STR(""), NULL), 0);
	expect_text(json, 0, "{\"a\":1,\"b\":\"\",\"c\":3}");
	assert_true(ix_json_remove(&root, "a"));
	assert_false(ix_json_remove(&root, "a"));
	expect_text(json, 0, "{\"b\":\"\",\"c\":3}");
	ix_json_free(json);
}

static void reals_stay_reals_in_the_fewest_digits(void **state) {
	(void)state;
	ix_json *json;
	assert_int_equal(
		ix_json_parse(ix_str_bytes(IX_STR("[1.0,-0.0,1e2,0.10,1E300,5e-324,1]")), NULL, &json, NULL),
		0);
	/* 100.0 has no fewer digits as 1e+02; the smallest double as %.15g shows it */
	expect_text(json, 0, "[1.0,-0.0,100.0,0.1,1e+300,4.94065645841247e-324,1]");
	ix_json_free(json);
}

static void what_json_cannot_hold_is_refused(void **state) {
	(void)state;
	ix_json *json;
	ix_error error = {0};
	assert_int_equal(ix_json_new(IX_JSON_STRING, &json, &error), IX_ERR_USAGE);
	assert_int_equal(ix_json_new(IX_JSON_ARRAY, &json, NULL), 0);
	ix_json_cursor root = ix_json_root(json), at;
	assert_int_equal(ix_json_put_real(&root, NULL, NAN, &error), IX_ERR_INVALID);
	assert_int_equal(ix_json_put_real(&root, NULL, -INFINITY, &error), IX_ERR_INVALID);
	assert_int_equal(ix_json_put_string(&root, NULL, IX_STR("\xFF"), &error), IX_ERR_INVALID);
	assert_int_equal(ix_json_put_i64(&root, "name", 1, &error), IX_ERR_INVALID);
	assert_string_equal(error.text, "the document: is not an object");
	assert_int_equal(ix_json_put_container(&root, NULL, IX_JSON_NULL, &at, &error), IX_ERR_USAGE);
	assert_int_equal(ix_json_put_container(&root, NULL, IX_JSON_OBJECT, &at, NULL), 0);
	assert_int_equal(ix_json_put_i64(&at, NULL, 1, &error), IX_ERR_INVALID);
	assert_string_equal(error.text, "[0]: is not an array");
	assert_int_equal(ix_json_put_i64(&at, "\xFF", 1, &error), IX_ERR_INVALID);
	assert_string_equal(error.text, "[0]: the new member's name is not UTF-8");
	expect_text(json, 0, "[{}]");
	ix_json_free(json);
}

static void a_document_deeper_than_the_writer_is_an_error(void **state) {
	(void)state;
	char text[131], out[256];
	memset(text, '[', 65), memset(text + 65, ']', 65);
	ix_json *json;
	assert_int_equal(ix_json_parse((ix_bytes){(uint8_t *)text, 130}, &(ix_json_limits){.depth_max = 65},
				 &json, NULL),
		0);
	ix_writer to = ix_writer_of(out, sizeof out);
	ix_json_writer writer;
	ix_json_writer_init(&writer, &to, (ix_json_style){0});
	ix_json_cursor root = ix_json_root(json);
	ix_json_write(&root, &writer);
	assert_int_equal(ix_json_writer_finish(&writer, NULL), IX_ERR_LIMIT);
	ix_json_free(json);
}

static bool no_memory;
static void *failing_malloc(size_t size) { return no_memory ? NULL : malloc(size); }

static void putting_without_memory_changes_nothing(void **state) {
	(void)state;
	json_set_alloc_funcs(failing_malloc, free);
	ix_json *json;
	assert_int_equal(ix_json_new(IX_JSON_OBJECT, &json, NULL), 0);
	ix_json_cursor root = ix_json_root(json), at;
	no_memory = true;
	ix_error error = {0};
	assert_int_equal(ix_json_put_i64(&root, "a", 1, &error), IX_ERR_MEMORY);
	assert_int_equal(
		ix_json_put_bool(&root, "a", true, &error), IX_ERR_MEMORY); /* the name needs memory */
	assert_int_equal(ix_json_put_string(&root, "a", IX_STR("b"), &error), IX_ERR_MEMORY);
	assert_int_equal(ix_json_put_container(&root, "a", IX_JSON_ARRAY, &at, &error), IX_ERR_MEMORY);
	ix_json *other;
	assert_int_equal(ix_json_new(IX_JSON_OBJECT, &other, &error), IX_ERR_MEMORY);
	no_memory = false;
	expect_text(json, 0, "{}");
	ix_json_free(json);
	json_set_alloc_funcs(malloc, free);
}

IX_TESTS(test_json_change, cmocka_unit_test(builds_a_document_value_by_value),
	cmocka_unit_test(a_member_set_again_is_replaced_in_its_place),
	cmocka_unit_test(reals_stay_reals_in_the_fewest_digits),
	cmocka_unit_test(what_json_cannot_hold_is_refused),
	cmocka_unit_test(a_document_deeper_than_the_writer_is_an_error),
	cmocka_unit_test(putting_without_memory_changes_nothing));
