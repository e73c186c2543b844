/* Errors: the sentence, the context in front of it, the cut at the end, and what a code means outside. */
#include "heap.h"

static void fail_sets_the_code_and_the_sentence(void **state) {
	(void)state;
	ix_error err = {.detail = 7};
	assert_int_equal(ix_fail(&err, IX_ERR_SYNTAX, "offset %zu: '%c'", (size_t)4711, 'q'), IX_ERR_SYNTAX);
	assert_int_equal(err.code, IX_ERR_SYNTAX);
	assert_int_equal(err.detail, 0);
	assert_string_equal(err.text, "offset 4711: 'q'");
}

static void without_an_error_object_the_code_still_comes_back(void **state) {
	(void)state;
	assert_int_equal(ix_fail(NULL, IX_ERR_LIMIT, "%d", 1), IX_ERR_LIMIT);
	assert_int_equal(ix_wrap(NULL, IX_ERR_IO, "%d", 1), IX_ERR_IO);
}

static void wrap_puts_the_context_in_front_and_keeps_code_and_detail(void **state) {
	(void)state;
	ix_error err = {0};
	ix_fail(&err, IX_ERR_NO_SPACE, "disk is full");
	err.detail = 28;
	assert_int_equal(ix_wrap(&err, IX_ERR_IO, "migration %d", 3), IX_ERR_NO_SPACE);
	assert_int_equal(ix_wrap(&err, IX_ERR_IO, "pay.db"), IX_ERR_NO_SPACE);
	assert_string_equal(err.text, "pay.db: migration 3: disk is full");
	assert_int_equal(err.detail, 28);
}

static void wrapping_no_error_makes_one(void **state) {
	(void)state;
	ix_error err = {.detail = 5};
	assert_int_equal(ix_wrap(&err, IX_ERR_IO, "feed.itch"), IX_ERR_IO);
	assert_int_equal(err.code, IX_ERR_IO);
	assert_int_equal(err.detail, 0);
	assert_string_equal(err.text, "feed.itch");
}

static void the_sentence_may_be_made_from_the_one_before(void **state) {
	(void)state;
	ix_error err = {0};
	ix_fail(&err, IX_ERR_SYNTAX, "inner");
	ix_fail(&err, IX_ERR_INVALID, "outer (%s)", err.text);
	assert_string_equal(err.text, "outer (inner)");
}

/* Fills `text` with `count` times what `repeat` says, and one NUL. */
static void fill(char *text, const char *repeat, size_t count) {
	size_t size = strlen(repeat);
	for (size_t i = 0; i < count; i++) memcpy(text + i * size, repeat, size);
	text[count * size] = '\0';
}

static void a_long_sentence_is_cut_between_characters(void **state) {
	(void)state;
	ix_error err = {0};
	char text[1601];
	/* 495 bytes fit: 165 euro signs of three bytes exactly; one byte in front leaves 494, 164 of them and
	 * 2 over. */
	fill(text, "\u20AC", 400);
	ix_fail(&err, IX_ERR_SYNTAX, "%s", text);
	assert_int_equal(strlen(err.text), 495);
	ix_fail(&err, IX_ERR_SYNTAX, "x%s", text);
	assert_int_equal(strlen(err.text), 1 + 164 * 3);
	/* Two bytes a character: an even number of bytes fits. Four: 123 of them. */
	fill(text, "\u00E9", 400);
	ix_fail(&err, IX_ERR_SYNTAX, "%s", text);
	assert_int_equal(strlen(err.text), 494);
	fill(text, "\U0001F600", 400);
	ix_fail(&err, IX_ERR_SYNTAX, "%s", text);
	assert_int_equal(strlen(err.text), 492);
	for (size_t size = 494; size < 498; size++) {
		fill(text, "x", size);
		ix_fail(&err, IX_ERR_SYNTAX, "%s", text);
		assert_int_equal(strlen(err.text), ix_size_min(size, 495));
	}
	fill(text, "x", 400);
	ix_fail(&err, IX_ERR_SYNTAX, "%s%s", text, text);
	assert_int_equal(strlen(err.text), 495);
}

static void bytes_that_are_no_text_are_cut_too(void **state) {
	(void)state;
	ix_error err = {0};
	char text[1601];
	fill(text, "\x80", 1200);
	ix_fail(&err, IX_ERR_SYNTAX, "%s", text);
	assert_int_equal(strlen(err.text), 495);
}

static void a_context_that_makes_it_too_long_cuts_the_end(void **state) {
	(void)state;
	ix_error err = {0};
	char text[600];
	fill(text, "y", 490);
	ix_fail(&err, IX_ERR_SYNTAX, "%s", text);
	ix_wrap(&err, 0, "context");
	assert_int_equal(strlen(err.text), 495);
	assert_memory_equal(err.text, "context: yyy", 12);
	fill(text, "z", 495);
	ix_wrap(&err, 0, "%s", text);
	assert_string_equal(err.text, text);
}

static void every_code_has_a_name_an_exit_code_and_a_status(void **state) {
	(void)state;
	for (int code = 0; code >= IX_ERR_INTERNAL; code--) {
		assert_non_null(ix_code_name(code));
		for (int other = code + 1; other <= 0; other++)
			assert_string_not_equal(ix_code_name(code), ix_code_name(other));
		assert_true(ix_code_exit(code) >= 0 && ix_code_exit(code) <= 5);
		assert_true(ix_code_http(code) >= 200 && ix_code_http(code) <= 599);
	}
}

static void codes_map_as_documented(void **state) {
	(void)state;
	assert_int_equal(ix_code_exit(IX_OK), 0);
	assert_int_equal(ix_code_exit(IX_ERR_USAGE), 2);
	assert_int_equal(ix_code_exit(IX_ERR_SYNTAX), 3);
	assert_int_equal(ix_code_exit(IX_ERR_CHECKSUM), 3);
	assert_int_equal(ix_code_exit(IX_ERR_LIMIT), 3);
	assert_int_equal(ix_code_exit(IX_ERR_DENIED), 4);
	assert_int_equal(ix_code_exit(IX_ERR_NOT_FOUND), 3);
	assert_int_equal(ix_code_exit(IX_ERR_MEMORY), 4);
	assert_int_equal(ix_code_exit(IX_ERR_INTERNAL), 5);
	assert_int_equal(ix_code_http(IX_ERR_NOT_FOUND), 404);
	assert_int_equal(ix_code_http(IX_ERR_UNKNOWN_PEER), 401);
	assert_string_equal(ix_code_name(IX_ERR_NOT_FOUND), "not found");
}

static void a_number_that_is_no_code_is_our_own_fault(void **state) {
	(void)state;
	assert_int_equal(ix_code_exit(1), 5);
	assert_int_equal(ix_code_exit(-24), 5);
	assert_int_equal(ix_code_exit(-2147483647 - 1), 5);
	assert_string_equal(ix_code_name(12345), "internal");
}

static int panic_line;
static void remember_line(const char *expression, const char *file, int line) {
	assert_string_equal(expression, "1 > 2");
	assert_non_null(strstr(file, "test_error.c"));
	panic_line = line;
	longjmp(heap_panic, 1);
}

static void a_failed_assertion_says_what_and_where(void **state) {
	(void)state;
	ix_panic_set_hook(remember_line);
	volatile int line = 0;
	if (!setjmp(heap_panic)) {
		line = __LINE__ + 1;
		IX_ASSERT(1 > 2);
	}
	ix_panic_set_hook(NULL);
	assert_int_equal(panic_line, line);
}

IX_TESTS(test_error, cmocka_unit_test(fail_sets_the_code_and_the_sentence),
	cmocka_unit_test(without_an_error_object_the_code_still_comes_back),
	cmocka_unit_test(wrap_puts_the_context_in_front_and_keeps_code_and_detail),
	cmocka_unit_test(wrapping_no_error_makes_one),
	cmocka_unit_test(the_sentence_may_be_made_from_the_one_before),
	cmocka_unit_test(a_long_sentence_is_cut_between_characters),
	cmocka_unit_test(bytes_that_are_no_text_are_cut_too),
	cmocka_unit_test(a_context_that_makes_it_too_long_cuts_the_end),
	cmocka_unit_test(every_code_has_a_name_an_exit_code_and_a_status),
	cmocka_unit_test(codes_map_as_documented),
	cmocka_unit_test(a_number_that_is_no_code_is_our_own_fault),
	cmocka_unit_test(a_failed_assertion_says_what_and_where));
