/* conf_expect.h - for the tests of the configuration language: one line to parse a text and compare what is
 * said. */
#ifndef INOX_BASE_TESTS_CONF_EXPECT_H
#define INOX_BASE_TESTS_CONF_EXPECT_H

#include "conf_sample.h"
#include "heap.h"

static heap sample_heap;
static ix_arena sample_arena;

static int sample_begin(void **state) {
	(void)state;
	heap_init(&sample_heap);
	ix_arena_init(&sample_arena, &sample_heap.allocator, 0, 0);
	sample_files = NULL;
	return 0;
}

static int sample_end(void **state) {
	(void)state;
	ix_arena_fini(&sample_arena);
	assert_int_equal(sample_heap.live_bytes, 0);
	return 0;
}

/* Parses, and returns what would be printed; *ret_code is the answer. */
static inline const char *sample_says(const char *text, const ix_conf_options *options, int *ret_code) {
	static ix_error err;
	ix_conf_problems problems = {0};
	ix_conf_options with = *options;
	ix_str printed;
	with.problems = &problems;
	*ret_code = ix_conf_parse(&sample_arena, IX_STR("a.conf"), ix_str_from(text), &with, NULL, &err);
	assert_int_equal(ix_conf_problems_text(&problems, &sample_arena, &printed, NULL), 0);
	return printed.data;
}

/* The text is refused, and exactly this is said. */
static inline void sample_refuses(const char *text, const ix_conf_options *options, const char *expected) {
	int code;
	const char *printed = sample_says(text, options, &code);
	assert_string_equal(printed, expected);
	assert_int_not_equal(code, 0);
}

static inline const ix_conf *sample_accepts(const char *text, const ix_conf_options *options) {
	const ix_conf *conf = NULL;
	ix_error err = {0};
	int code = ix_conf_parse(&sample_arena, IX_STR("a.conf"), ix_str_from(text), options, &conf, &err);
	if (code) fail_msg("%s", err.text);
	return conf;
}

#define SAMPLE_TEST(name) cmocka_unit_test_setup_teardown(name, sample_begin, sample_end)

#endif
