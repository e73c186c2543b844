/* The configuration language under hostile texts: every limit at its edge, every truncation, a hundred
 * thousand mutations, and no memory. */
#include "conf_expect.h"
#include "conf_same.h"

#include <inox/rng.h>

static ix_conf_options sized(ix_conf_limits limits) {
	return (ix_conf_options){.loader = &sample_loader, .limits = limits};
}

static void accepts(const char *text, ix_conf_limits limits) {
	ix_conf_options options = sized(limits);
	sample_accepts(text, &options);
}

static void refuses(const char *text, ix_conf_limits limits, const char *expected) {
	ix_conf_options options = sized(limits);
	int code;
	const char *printed = sample_says(text, &options, &code);
	assert_int_equal(code, IX_ERR_LIMIT);
	assert_string_equal(printed, expected);
}

/* ---- limits ---- */

static void the_bytes_of_all_files_are_limited(void **state) {
	(void)state;
	static const sample_file files[] = {{"b.conf", "b 12;"}, {0}};
	sample_files = files;
	accepts("include b.conf;", (ix_conf_limits){.size_max = 20});
	refuses("include b.conf;", (ix_conf_limits){.size_max = 19},
		"a.conf:1:9: there are more than 19 bytes to read\n"
		"  1 | include b.conf;\n"
		"    |         ^~~~~~\n");
	refuses("a; # xxxxxx", (ix_conf_limits){.size_max = 10},
		"a.conf: there are more than 10 bytes to read\n");
}

static void names_and_values_are_limited_in_number(void **state) {
	(void)state;
	accepts("a b { c; }", (ix_conf_limits){.token_count_max = 3});
	refuses("a b { c; }", (ix_conf_limits){.token_count_max = 2},
		"a.conf:1:7: there are more than 2 names and values\n"
		"  1 | a b { c; }\n"
		"    |       ^\n");
	refuses("a b c;", (ix_conf_limits){.token_count_max = 2},
		"a.conf:1:5: there are more than 2 names and values\n"
		"  1 | a b c;\n"
		"    |     ^\n");
}

static void blocks_are_limited_in_depth_through_includes_too(void **state) {
	(void)state;
	static const sample_file files[] = {{"b.conf", "b { c { } }"}, {0}};
	sample_files = files;
	accepts("a { include b.conf; }", (ix_conf_limits){.depth_max = 3});
	refuses("a { include b.conf; }", (ix_conf_limits){.depth_max = 2},
		"b.conf:1:5: blocks stand more than 2 deep in each other\n"
		"  1 | b { c { } }\n"
		"    |     ^\n");
}

/* 32 by default; 64 at the most, whatever is asked for. */
static void depth_has_a_default_and_a_last_limit(void **state) {
	(void)state;
	static const size_t asked[] = {0, 1000}, given[] = {IX_CONF_DEPTH_MAX, IX_CONF_DEPTH_LIMIT};
	for (size_t i = 0; i < 2; i++) {
		char text[512] = "";
		int code;
		ix_conf_options options = sized((ix_conf_limits){.depth_max = asked[i]});
		for (size_t depth = 0; depth <= given[i]; depth++) {
			assert_int_equal(strlen(text), depth * 2);
			if (depth == given[i]) break;
			memcpy(text + depth * 2, "a{", 3);
		}
		sample_says(text, &options, &code);
		assert_int_equal(code, IX_ERR_TRUNCATED); /* read to its end */
		memcpy(text + given[i] * 2, "a{", 3);
		sample_says(text, &options, &code);
		assert_int_equal(code, IX_ERR_LIMIT);
	}
}

static void texts_are_limited_before_and_after_variables(void **state) {
	(void)state;
	ix_conf_limits limits = {.string_size_max = 8};
	accepts("a 12345678 '12345678' ${PORT}${PORT} \"\\u{41}\\u{41}\";", limits);
	refuses("a 123456789;\nb x${PORT}${PORT};\n123456789 c;\nd '123456789';\n", limits,
		"a.conf:1:3: this text is longer than 8 bytes\n"
		"  1 | a 123456789;\n"
		"    |   ^~~~~~~~~\n"
		"a.conf:2:3: this text is longer than 8 bytes\n"
		"  2 | b x${PORT}${PORT};\n"
		"    |   ^~~~~~~~~~~~~~~\n"
		"a.conf:3:1: this name is longer than 8 bytes\n"
		"  3 | 123456789 c;\n"
		"    | ^~~~~~~~~\n"
		"a.conf:4:3: this text is longer than 8 bytes\n"
		"  4 | d '123456789';\n"
		"    |   ^~~~~~~~~~~\n");
	static char text[IX_CONF_STRING_SIZE_MAX + 4];
	memset(text, 'x', sizeof text);
	memcpy(text, "a ", 2);
	memcpy(text + 2 + IX_CONF_STRING_SIZE_MAX, ";", 2);
	accepts(text, (ix_conf_limits){0});
	text[1] = 'x', text[0] = 'x'; /* the name is two bytes longer now */
	int code;
	ix_conf_options options = sized((ix_conf_limits){0});
	sample_says(text, &options, &code);
	assert_int_equal(code, IX_ERR_LIMIT);
}

static void files_are_limited_in_number(void **state) {
	(void)state;
	static const sample_file files[] = {{"b.conf", "b;"}, {0}};
	sample_files = files;
	accepts("include b.conf; include b.conf;", (ix_conf_limits){.file_count_max = 3});
	refuses("include b.conf; include b.conf;", (ix_conf_limits){.file_count_max = 2},
		"a.conf:1:25: there are more than 2 files\n"
		"  1 | include b.conf; include b.conf;\n"
		"    |                         ^~~~~~\n");
	static char text[(IX_CONF_FILE_COUNT_MAX + 1) * 16];
	for (size_t i = 0; i < IX_CONF_FILE_COUNT_MAX - 1; i++)
		memcpy(text + i * 16, "include b.conf;\n", 17);
	accepts(text, (ix_conf_limits){0});
	memcpy(text + (size_t)(IX_CONF_FILE_COUNT_MAX - 1) * 16, "include b.conf;\n", 17);
	int code;
	ix_conf_options options = sized((ix_conf_limits){0});
	sample_says(text, &options, &code);
	assert_int_equal(code, IX_ERR_LIMIT);
}

static void files_are_limited_in_depth(void **state) {
	(void)state;
	/* b includes c includes d … j: b is 1 deep, i is 8 */
	static const sample_file files[] = {{"b.conf", "include c.conf;"}, {"c.conf", "include d.conf;"},
		{"d.conf", "include e.conf;"}, {"e.conf", "include f.conf;"}, {"f.conf", "include g.conf;"},
		{"g.conf", "include h.conf;"}, {"h.conf", "include i.conf;"}, {"i.conf", "include j.conf;"},
		{"j.conf", "j;"}, {0}};
	sample_files = files;
	accepts("include c.conf;", (ix_conf_limits){0});
	refuses("include b.conf;", (ix_conf_limits){0},
		"i.conf:1:9: files are included more than 8 deep\n"
		"  1 | include j.conf;\n"
		"    |         ^~~~~~\n");
	accepts("include b.conf;", (ix_conf_limits){.include_depth_max = 9});
}

/* ---- hostile texts ---- */

static char *everything(size_t *ret_size) {
	char path[512];
	snprintf(path, sizeof path, "%s/src/base/tests/corpus/fuzz_conf/everything.conf", ix_testing_root());
	return (char *)ix_testing_read(path, ret_size);
}

static const sample_file good[] = {{"b.conf", "# nothing\n"}, {"d/c.conf", "group c;"}, {0}};
static const sample_file parts[] = {{"b.conf", "headers2;"}, {"d/c.conf", "group c;"}, {0}};
static sample filled;
static const ix_conf_options full = {.schema = &sample_schema, .loader = &sample_loader, .into = &filled};

static void the_sample_is_accepted_but_for_what_it_includes(void **state) {
	(void)state;
	size_t size;
	char *text = everything(&size);
	ix_conf_options options = full;
	ix_error err = {0};
	sample_files = good;
	int code = ix_conf_parse(&sample_arena, IX_STR("a.conf"), (ix_str){text, size}, &options, NULL, &err);
	if (code) fail_msg("%s", err.text);
	assert_int_equal(filled.groups.count, 2);
	assert_int_equal(((const sample_endpoint *)((const sample_upstream *)filled.upstreams.items)
					 ->endpoints.items)[2]
				 .weight,
		7);
	assert_int_equal(((const sample_server *)filled.servers.items)->workers, 16);
	free(text);
}

static void every_truncation_is_refused_or_understood(void **state) {
	(void)state;
	size_t size;
	char *text = everything(&size);
	sample_files = parts;
	for (size_t length = 0; length <= size; length++) {
		ix_arena_mark mark = ix_arena_mark_here(&sample_arena);
		char *exact = malloc(length + 1); /* so that a byte too far is found */
		if (!exact) return;
		memcpy(exact, text, length);
		const char *wrong = conf_wrong_with(&sample_arena, (ix_str){exact, length}, &full);
		if (wrong) fail_msg("the first %zu bytes: %s", length, wrong);
		free(exact);
		ix_arena_rewind(&sample_arena, mark);
	}
	free(text);
}

/* One change: a byte, a piece of the language, a piece moved, a piece away. */
static size_t mutate(ix_rng *rng, char *text, size_t size, size_t capacity) {
	static const char *const pieces[] = {"{", "}", ";", ",", "\"", "'", "#", "\\", "${", "${PORT}", "}}",
		"include b.conf;", "\n", "\r\n", " ", "=", "\xc2\xa0", "\xff", "server a { listen 1; }",
		"group", "weight", "99999999999999999999", "%", "ms", "::1", "*"};
	size_t at = ix_rng_below(rng, size + 1);
	ix_str piece = ix_str_from(pieces[ix_rng_below(rng, IX_COUNT(pieces))]);
	size_t length = ix_size_min(1 + ix_rng_below(rng, 30), size - at);
	switch (ix_rng_below(rng, 4)) {
	case 0:
		if (at < size) text[at] = (char)ix_rng_below(rng, 256);
		return size;
	case 1:
		if (size + piece.size > capacity) return size;
		memmove(text + at + piece.size, text + at, size - at);
		memcpy(text + at, piece.data, piece.size);
		return size + piece.size;
	case 2: memmove(text + at, text + at + length, size - at - length); return size - length;
	default:
		if (size + length > capacity) return size;
		memmove(text + at + length, text + at, size - at);
		return size + length;
	}
}

static void mutations_are_refused_or_understood(void **state) {
	(void)state;
	size_t size, count = ix_testing_long() ? 100000 : 10000;
	char *original = everything(&size), *text = malloc(size + 1000);
	ix_rng rng;
	ix_rng_seed(&rng, ix_testing_seed());
	sample_files = parts;
	for (size_t i = 0; text && i < count; i++) {
		size_t length = size, changes = 1 + ix_rng_below(&rng, 4);
		memcpy(text, original, size);
		for (size_t n = 0; n < changes; n++) length = mutate(&rng, text, length, size + 1000);
		ix_arena_mark mark = ix_arena_mark_here(&sample_arena);
		const char *wrong = conf_wrong_with(&sample_arena, (ix_str){text, length}, &full);
		if (wrong) fail_msg("mutation %zu: %s\n%.*s", i, wrong, (int)length, text);
		ix_arena_rewind(&sample_arena, mark);
	}
	free(text);
	free(original);
}

/* ---- no memory ---- */

static int parse_and_print(heap *h, ix_error *err) {
	size_t size;
	char *text = everything(&size);
	ix_arena arena;
	ix_str out;
	sample_files = good;
	ix_arena_init(&arena, &h->allocator, 512, 0);
	ix_conf_problems problems = {0};
	ix_conf_options options = full;
	options.problems = &problems;
	int code = ix_conf_parse(&arena, IX_STR("a.conf"), (ix_str){text, size}, &options, NULL, err);
	if (code == 0) code = ix_conf_format(&arena, IX_STR("a.conf"), (ix_str){text, size}, &out, err);
	if (code == 0) code = ix_conf_describe(&arena, &sample_schema, IX_CONF_PAGE_MAN, &out, err);
	if (code == 0) code = ix_conf_problems_text(&problems, &arena, &out, err);
	ix_arena_fini(&arena);
	free(text);
	return code;
}

static void running_out_of_memory_is_an_error(void **state) {
	(void)state;
	fail_each_allocation(parse_and_print);
}

static int parse_what_is_wrong(heap *h, ix_error *err) {
	ix_arena arena;
	ix_conf_problems problems = {0};
	ix_conf_options options = {.schema = &sample_schema, .loader = &sample_loader, .problems = &problems};
	ix_arena_init(&arena, &h->allocator, 512, 0);
	int code = ix_conf_parse(&arena, IX_STR("a.conf"),
		IX_STR("memroy 1;\nserver a { lisen 1; }\nnice \"\x07\";\n timeout { total "
		       "9999999999999999999999999999999999999999999999999999999999999999; }"),
		&options, NULL, err);
	assert_int_not_equal(code, 0);
	ix_arena_fini(&arena);
	return code == IX_ERR_MEMORY ? code : 0;
}

static void running_out_of_memory_for_problems_is_an_error(void **state) {
	(void)state;
	fail_each_allocation(parse_what_is_wrong);
}

IX_TESTS(test_conf_robust, SAMPLE_TEST(the_bytes_of_all_files_are_limited),
	SAMPLE_TEST(names_and_values_are_limited_in_number),
	SAMPLE_TEST(blocks_are_limited_in_depth_through_includes_too),
	SAMPLE_TEST(depth_has_a_default_and_a_last_limit),
	SAMPLE_TEST(texts_are_limited_before_and_after_variables), SAMPLE_TEST(files_are_limited_in_number),
	SAMPLE_TEST(files_are_limited_in_depth), SAMPLE_TEST(the_sample_is_accepted_but_for_what_it_includes),
	SAMPLE_TEST(every_truncation_is_refused_or_understood),
	SAMPLE_TEST(mutations_are_refused_or_understood), SAMPLE_TEST(running_out_of_memory_is_an_error),
	SAMPLE_TEST(running_out_of_memory_for_problems_is_an_error));
