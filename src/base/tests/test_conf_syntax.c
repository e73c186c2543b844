/* The grammar of the configuration language: what the tree holds, and every sentence that is said of a text
 * that does not follow it, with the line and the caret. No schema here: test_conf_schema.c. */
#include "conf_expect.h"

static const ix_conf_options plain = {.loader = &sample_loader};
static const ix_conf_options closed; /* no loader */

/* name[values]{children} in one line; quoted values in quotes, groups parted by |. */
static void sketch_block(char *out, size_t capacity, size_t *at, const ix_conf_node *block) {
	for (const ix_conf_node *n = block->child; n; n = n->next) {
		*at += (size_t)snprintf(out + *at, capacity - *at, "%.*s[", IX_STR_ARG(n->name));
		for (size_t i = 0; i < n->value_count; i++) {
			const ix_conf_value *v = &n->values[i];
			const char *quote = v->quoted ? "'" : "";
			*at += (size_t)snprintf(out + *at, capacity - *at, "%s%s%.*s%s",
				v->after_comma ? "|"
				: i            ? " "
					       : "",
				quote, IX_STR_ARG(v->text), quote);
		}
		*at += (size_t)snprintf(out + *at, capacity - *at, "]");
		if (!n->has_block) continue;
		*at += (size_t)snprintf(out + *at, capacity - *at, "{");
		sketch_block(out, capacity, at, n);
		*at += (size_t)snprintf(out + *at, capacity - *at, "}");
	}
}

static void expect_tree_with(const char *text, const ix_conf_options *options, const char *expected) {
	char sketch[1024] = "";
	size_t at = 0;
	sketch_block(sketch, sizeof sketch, &at, ix_conf_root(sample_accepts(text, options)));
	assert_string_equal(sketch, expected);
}

static void expect_tree(const char *text, const char *expected) { expect_tree_with(text, &plain, expected); }

/* ---- what a text means ---- */

static void an_empty_file_is_an_empty_tree(void **state) {
	(void)state;
	expect_tree("", "");
	expect_tree(" \t\r\n# only a comment", "");
	expect_tree("\xef\xbb\xbf", "");
}

static void directives_have_values_and_blocks(void **state) {
	(void)state;
	expect_tree("a;", "a[]");
	expect_tree("a b c ; d\n{}", "a[b c]d[]{}");
	expect_tree("a { b { c 1; } d; } e;", "a[]{b[]{c[1]}d[]}e[]");
	expect_tree("a x{b y;}c;", "a[x]{b[y]}c[]");
	expect_tree("a\n\tb # why\n\tc\n;", "a[b c]");
}

static void words_hold_anything_but_spaces_and_signs(void **state) {
	(void)state;
	expect_tree("a http://x/?q=1&r=2#top ^/(.*)$ \\d+ a=b $host -1 *.example caf\xc3\xa9;",
		"a[http://x/?q=1&r=2#top ^/(.*)$ \\d+ a=b $host -1 *.example caf\xc3\xa9]");
}

static void a_comment_begins_where_a_word_could(void **state) {
	(void)state;
	expect_tree("a b#c #d;\n;", "a[b#c]");
	expect_tree("#a;\r\nb;#c\n#", "b[]");
}

static void commas_part_values_into_groups(void **state) {
	(void)state;
	expect_tree("a b,c d , e;", "a[b|c d|e]");
}

static void quotes_keep_spaces_signs_and_nothing(void **state) {
	(void)state;
	expect_tree("a \"x; {y} # 'z', \\\\\" '' \"\";", "a['x; {y} # 'z', \\' '' '']");
	expect_tree("a 'no \\n escapes ${HERE}';", "a['no \\n escapes ${HERE}']");
}

static void escapes_stand_in_double_quotes(void **state) {
	(void)state;
	expect_tree("a \"\\\"\\\\\\$\\n\\r\\t\\u{e9}\\u{1F600}\\u{41}\";",
		"a['\"\\$\n\r\t\xc3\xa9\xf0\x9f\x98\x80"
		"A']");
}

static void variables_are_filled_into_words_and_double_quotes(void **state) {
	(void)state;
	expect_tree("a ${PORT} x${NAME}y \"${NAME} ${PORT}\" '${PORT}' \"\\${PORT}\";",
		"a[8080 xshopy 'shop 8080' '${PORT}' '${PORT}']");
	expect_tree("a ${MISSING:none} ${MISSING:} ${MISSING:a b;c} ${PORT:1} ${EMPTY:x};",
		"a[none  a b;c 8080 ]");
}

static void a_variable_is_always_one_value(void **state) {
	(void)state;
	expect_tree("a ${EVIL} c;", "a[a; b { weight=9 c]");
}

static void values_know_where_they_stand(void **state) {
	(void)state;
	const ix_conf *conf = sample_accepts("# x\n  name one\n\t'\xc3\xa9' ${PORT};\n", &plain);
	const ix_conf_node *n = ix_conf_root(conf)->child;
	assert_int_equal(n->line, 2);
	assert_int_equal(n->column, 3);
	assert_int_equal(n->values[0].line, 2);
	assert_int_equal(n->values[0].column, 8);
	assert_int_equal(n->values[1].line, 3);
	assert_int_equal(n->values[1].column, 2);
	assert_int_equal(n->values[2].column, 6); /* in characters, not bytes */
	assert_true(ix_str_equal(n->values[2].source, IX_STR("${PORT}")));
	assert_true(n->values[2].has_variable && n->values[1].quoted && !n->values[0].quoted);
}

static void the_tree_is_walked_by_name(void **state) {
	(void)state;
	const ix_conf_node *root = ix_conf_root(sample_accepts("a 1; b 2; a 3 4;", &plain));
	const ix_conf_node *a = ix_conf_find(root, IX_STR("a"));
	assert_true(ix_str_equal(ix_conf_text(a, 0), IX_STR("1")));
	a = ix_conf_again(a);
	assert_true(ix_str_equal(ix_conf_text(a, 1), IX_STR("4")));
	assert_int_equal(ix_conf_text(a, 2).size, 0);
	assert_null(ix_conf_again(a));
	assert_null(ix_conf_find(root, IX_STR("c")));
	assert_ptr_equal(a->parent, root);
}

/* ---- includes ---- */

static void included_directives_stand_where_the_include_stood(void **state) {
	(void)state;
	static const sample_file files[] = {
		{"sub/b.conf", "x 1; include ./c.conf; z;"}, {"sub/c.conf", "y { }"}, {0}};
	sample_files = files;
	expect_tree("a; s { include sub//b.conf; } e;", "a[]s[]{x[1]y[]{}z[]}e[]");
}

static void patterns_include_all_that_match_or_none(void **state) {
	(void)state;
	static const sample_file files[] = {
		{"d/1.conf", "one;"}, {"d/2.conf", "two;"}, {"d/3.txt", "three;"}, {0}};
	sample_files = files;
	expect_tree("include d/*.conf;", "one[]two[]");
	expect_tree("include e/*.conf; a;", "a[]");
}

static void the_files_read_are_listed(void **state) {
	(void)state;
	static const sample_file files[] = {{"/etc/x.conf", "include y.conf;"}, {"/etc/y.conf", ""}, {0}};
	const ix_conf *conf;
	sample_files = files;
	assert_int_equal(ix_conf_load(&sample_arena, IX_STR("/etc/x.conf"), &plain, &conf, NULL), 0);
	assert_int_equal(ix_conf_file_count(conf), 2);
	assert_true(ix_str_equal(ix_conf_file_name(conf, 0), IX_STR("/etc/x.conf")));
	assert_true(ix_str_equal(ix_conf_file_name(conf, 1), IX_STR("/etc/y.conf")));
	assert_int_equal(ix_conf_file_name(conf, 2).size, 0);
}

static void a_file_that_cannot_be_read_is_named(void **state) {
	(void)state;
	const ix_conf *conf = NULL;
	ix_error err = {0};
	assert_int_equal(
		ix_conf_load(&sample_arena, IX_STR("no.conf"), &plain, &conf, &err), IX_ERR_NOT_FOUND);
	assert_string_equal(err.text, "no.conf: there is no such file");
	assert_null(conf);
}

static void a_file_may_be_included_twice_but_not_into_itself(void **state) {
	(void)state;
	static const sample_file files[] = {
		{"b.conf", "b;"}, {"c.conf", "\ninclude d.conf;"}, {"d.conf", "include c.conf;"}, {0}};
	sample_files = files;
	expect_tree("include b.conf; include b.conf;", "b[]b[]");
	sample_refuses("include c.conf;", &plain,
		"d.conf:1:9: 'c.conf' includes itself\n"
		"  1 | include c.conf;\n"
		"    |         ^~~~~~\n");
	sample_refuses("include a.conf;", &plain,
		"a.conf:1:9: 'a.conf' includes itself\n"
		"  1 | include a.conf;\n"
		"    |         ^~~~~~\n");
}

static void refuses_includes_that_cannot_be_followed(void **state) {
	(void)state;
	sample_refuses("include x.conf;\ninclude a b;\ninclude;\ninclude y { }\ninclude ?;\n", &plain,
		"a.conf:1:9: 'x.conf' cannot be read: there is no such file\n"
		"  1 | include x.conf;\n"
		"    |         ^~~~~~\n"
		"a.conf:2:1: 'include' takes one file, and no block\n"
		"  2 | include a b;\n"
		"    | ^~~~~~~\n"
		"a.conf:3:1: 'include' takes one file, and no block\n"
		"  3 | include;\n"
		"    | ^~~~~~~\n"
		"a.conf:4:1: 'include' takes one file, and no block\n"
		"  4 | include y { }\n"
		"    | ^~~~~~~\n"
		"a.conf:5:9: '?': no such pattern\n"
		"  5 | include ?;\n"
		"    |         ^\n");
	sample_refuses("include x.conf;", &closed,
		"a.conf:1:1: other files cannot be included here\n"
		"  1 | include x.conf;\n"
		"    | ^~~~~~~\n");
	static const ix_conf_loader no_list = {.read = sample_read};
	sample_refuses("include x*;", &(ix_conf_options){.loader = &no_list},
		"a.conf:1:9: 'x*': patterns are not available here\n"
		"  1 | include x*;\n"
		"    |         ^~\n");
}

static void problems_in_an_included_file_are_told_there(void **state) {
	(void)state;
	static const sample_file files[] = {{"b.conf", "b\n"}, {0}};
	sample_files = files;
	sample_refuses("x ,;\ninclude b.conf;\ny ,;\n", &plain,
		"a.conf:1:3: there is no value before this ','\n"
		"  1 | x ,;\n"
		"    |   ^\n"
		"a.conf:3:3: there is no value before this ','\n"
		"  3 | y ,;\n"
		"    |   ^\n"
		"b.conf:1:2: ';' is missing here\n"
		"  1 | b\n"
		"    |  ^\n");
}

/* ---- characters ---- */

static void refuses_bytes_that_are_not_utf8(void **state) {
	(void)state;
	sample_refuses("ok;\n  b\xc3\xa9 \xff;\n", &plain,
		"a.conf:2:6: here is the byte 0xff, which is not UTF-8\n"
		"  2 |   b\xc3\xa9 ?;\n"
		"    |      ^\n");
	sample_refuses("a \xed\xa0\x80;", &plain,
		"a.conf:1:3: here is the byte 0xed, which is not UTF-8\n"
		"  1 | a ???;\n"
		"    |   ^\n");
}

static void refuses_control_characters_and_does_not_print_them(void **state) {
	(void)state;
	sample_refuses("a \x1b[31m \"\x07\" b\x7f; # \x01\r\nc\rd;", &plain,
		"a.conf:1:3: here is the control character U+001B; remove it\n"
		"  1 | a ?[31m \"?\" b?; # ?\n"
		"    |   ^\n"
		"a.conf:1:10: here is the control character U+0007; remove it\n"
		"  1 | a ?[31m \"?\" b?; # ?\n"
		"    |          ^\n"
		"a.conf:1:14: here is the control character U+007F; remove it\n"
		"  1 | a ?[31m \"?\" b?; # ?\n"
		"    |              ^\n"
		"a.conf:1:19: here is the control character U+0001; remove it\n"
		"  1 | a ?[31m \"?\" b?; # ?\n"
		"    |                   ^\n"
		"a.conf:2:2: here is the control character U+000D; remove it\n"
		"  2 | c?d;\n"
		"    |  ^\n");
}

static void refuses_characters_that_look_like_others(void **state) {
	(void)state;
	sample_refuses("a\xc2\xa0"
		       "b;\nc \xe2\x80\x9cx\xe2\x80\x9d;\nd '\xe2\x80\x99\xc2\xa0';\ne\xe2\x80\x8b;\n",
		&plain,
		"a.conf:1:2: here is a no-break space (U+00A0); use an ordinary space\n"
		"  1 | a\xc2\xa0"
		"b;\n"
		"    |  ^\n"
		"a.conf:2:3: here is a typographic quote; use ' or \"\n"
		"  2 | c \xe2\x80\x9cx\xe2\x80\x9d;\n"
		"    |   ^\n"
		"a.conf:2:5: here is a typographic quote; use ' or \"\n"
		"  2 | c \xe2\x80\x9cx\xe2\x80\x9d;\n"
		"    |     ^\n"
		"a.conf:4:2: here is an invisible character; remove it, or quote the text\n"
		"  4 | e\xe2\x80\x8b;\n"
		"    |  ^\n");
}

/* A comment must not make a reader believe something else than the program (CVE-2021-42574). */
static void refuses_characters_that_turn_the_direction_everywhere(void **state) {
	(void)state;
	sample_refuses("a; # \xe2\x80\xae x\nb '\xe2\x81\xa6';", &plain,
		"a.conf:1:6: here is a character that turns the direction of writing; remove it\n"
		"  1 | a; # ? x\n"
		"    |      ^\n"
		"a.conf:2:4: here is a character that turns the direction of writing; remove it\n"
		"  2 | b '?';\n"
		"    |    ^\n");
}

/* ---- quotes, escapes, variables ---- */

static void refuses_quotes_that_are_not_closed(void **state) {
	(void)state;
	sample_refuses("a \"x;\nb 'y {\n c;\n}\nd \"z\n  e;\n", &plain,
		"a.conf:1:3: this quote is not closed on its line\n"
		"  1 | a \"x;\n"
		"    |   ^\n"
		"a.conf:2:3: this quote is not closed on its line\n"
		"  2 | b 'y {\n"
		"    |   ^\n"
		"a.conf:5:3: this quote is not closed on its line\n"
		"  5 | d \"z\n"
		"    |   ^\n");
}

static void refuses_quotes_that_touch_a_word(void **state) {
	(void)state;
	sample_refuses("a b\"c\" \"d\"e 'f''g' ok;", &plain,
		"a.conf:1:4: here is a quote inside a word; put the whole value in quotes\n"
		"  1 | a b\"c\" \"d\"e 'f''g' ok;\n"
		"    |    ^\n"
		"a.conf:1:11: a space is missing after the quoted text\n"
		"  1 | a b\"c\" \"d\"e 'f''g' ok;\n"
		"    |           ^\n"
		"a.conf:1:16: a space is missing after the quoted text\n"
		"  1 | a b\"c\" \"d\"e 'f''g' ok;\n"
		"    |                ^\n");
}

static void refuses_unknown_escapes(void **state) {
	(void)state;
	sample_refuses("a \"\\d\";\nb \"\\u{110000}\";\nc \"\\u{0}\";\nd \"\\u{}\";\ne \"\\u41\";\nf "
		       "\"\\u{d800}\";\n",
		&plain,
		"a.conf:1:4: unknown escape; there are \\\\ \\\" \\$ \\n \\r \\t and \\u{\xe2\x80\xa6}; text "
		"in single quotes has none\n"
		"  1 | a \"\\d\";\n"
		"    |    ^~\n"
		"a.conf:2:4: this is not a character; write \\u{\xe2\x80\xa6} with its hexadecimal number, "
		"not 0\n"
		"  2 | b \"\\u{110000}\";\n"
		"    |    ^~~~~~~~~~\n"
		"a.conf:3:4: this is not a character; write \\u{\xe2\x80\xa6} with its hexadecimal number, "
		"not 0\n"
		"  3 | c \"\\u{0}\";\n"
		"    |    ^~~~~\n"
		"a.conf:4:4: this is not a character; write \\u{\xe2\x80\xa6} with its hexadecimal number, "
		"not 0\n"
		"  4 | d \"\\u{}\";\n"
		"    |    ^~~\n"
		"a.conf:5:4: unknown escape; there are \\\\ \\\" \\$ \\n \\r \\t and \\u{\xe2\x80\xa6}; text "
		"in single quotes has none\n"
		"  5 | e \"\\u41\";\n"
		"    |    ^~\n"
		"a.conf:6:4: this is not a character; write \\u{\xe2\x80\xa6} with its hexadecimal number, "
		"not 0\n"
		"  6 | f \"\\u{d800}\";\n"
		"    |    ^~~~~~~~\n");
}

static void refuses_variables_that_are_malformed_or_not_set(void **state) {
	(void)state;
	sample_refuses("a ${} ${1A} ${A B} x${PORT;\n", &plain,
		"a.conf:1:3: a variable is written ${NAME} or ${NAME:default}\n"
		"  1 | a ${} ${1A} ${A B} x${PORT;\n"
		"    |   ^~~\n"
		"a.conf:1:7: a variable is written ${NAME} or ${NAME:default}\n"
		"  1 | a ${} ${1A} ${A B} x${PORT;\n"
		"    |       ^~~~~\n"
		"a.conf:1:13: a variable is written ${NAME} or ${NAME:default}\n"
		"  1 | a ${} ${1A} ${A B} x${PORT;\n"
		"    |             ^~~~~~\n"
		"a.conf:1:21: a variable is written ${NAME} or ${NAME:default}\n"
		"  1 | a ${} ${1A} ${A B} x${PORT;\n"
		"    |                     ^~\n");
	sample_refuses("a \"${1}\" x${NOT_SET} \"-${LATIN}-\";", &plain,
		"a.conf:1:4: a variable is written ${NAME} or ${NAME:default}\n"
		"  1 | a \"${1}\" x${NOT_SET} \"-${LATIN}-\";\n"
		"    |    ^~~~\n"
		"a.conf:1:11: the variable 'NOT_SET' is not set, and has no default\n"
		"  1 | a \"${1}\" x${NOT_SET} \"-${LATIN}-\";\n"
		"    |           ^~~~~~~~~~\n"
		"a.conf:1:24: the value of the variable 'LATIN' is not UTF-8 text\n"
		"  1 | a \"${1}\" x${NOT_SET} \"-${LATIN}-\";\n"
		"    |                        ^~~~~~~~\n");
	sample_refuses("a ${PORT};", &closed,
		"a.conf:1:3: variables are not available here\n"
		"  1 | a ${PORT};\n"
		"    |   ^~~~~~~\n");
	sample_refuses("x${PORT} 1;", &plain,
		"a.conf:1:1: a directive's name cannot hold a variable\n"
		"  1 | x${PORT} 1;\n"
		"    | ^~~~~~~~\n");
}

/* ---- grammar ---- */

static void refuses_a_missing_semicolon(void **state) {
	(void)state;
	sample_refuses("a { b 1 }\nc", &plain,
		"a.conf:1:8: ';' is missing here\n"
		"  1 | a { b 1 }\n"
		"    |        ^\n"
		"a.conf:2:2: ';' is missing here\n"
		"  2 | c\n"
		"    |  ^\n");
}

static void refuses_commas_without_values(void **state) {
	(void)state;
	sample_refuses("a , b;\nc d,, e;\nf g,;\n,h;\n", &plain,
		"a.conf:1:3: there is no value before this ','\n"
		"  1 | a , b;\n"
		"    |   ^\n"
		"a.conf:2:5: there is no value before this ','\n"
		"  2 | c d,, e;\n"
		"    |     ^\n"
		"a.conf:3:4: there is no value after this ','\n"
		"  3 | f g,;\n"
		"    |    ^\n"
		"a.conf:4:1: a directive begins with a name, not with ','\n"
		"  4 | ,h;\n"
		"    | ^\n");
}

static void refuses_what_does_not_begin_with_a_name(void **state) {
	(void)state;
	sample_refuses("a;;\n\"b\" c;\n{ d; }\ne;\n", &plain,
		"a.conf:1:3: this ';' ends nothing; remove it\n"
		"  1 | a;;\n"
		"    |   ^\n"
		"a.conf:2:1: a directive begins with a name, not with a quoted text\n"
		"  2 | \"b\" c;\n"
		"    | ^~~\n"
		"a.conf:3:1: this block has no name\n"
		"  3 | { d; }\n"
		"    | ^\n");
}

static void refuses_braces_that_do_not_match(void **state) {
	(void)state;
	sample_refuses("a;\n}\nb {\n\tc { d;\n", &plain,
		"a.conf:2:1: this '}' closes nothing\n"
		"  2 | }\n"
		"    | ^\n"
		"a.conf:4:2: the block of 'c' is not closed: a '}' is missing\n"
		"  4 | \tc { d;\n"
		"    | \t^\n");
}

static void long_lines_are_shown_around_the_place(void **state) {
	(void)state;
	char text[600], expected[1000];
	memset(text, 'x', sizeof text);
	memcpy(text, "a ", 2);
	memcpy(text + 297, " ,, ", 4); /* the second comma is in column 300 */
	memcpy(text + 598, ";", 2);
	/* 160 characters of the line, from column 200 on */
	snprintf(expected, sizeof expected,
		"a.conf:1:300: there is no value before this ','\n"
		"  1 | ...%.160s...\n"
		"    |    %100s^\n",
		text + 199, "");
	sample_refuses(text, &plain, expected);
}

static void the_error_is_the_first_problem_in_one_line(void **state) {
	(void)state;
	ix_error err = {0};
	const ix_conf *conf = NULL;
	assert_int_equal(
		ix_conf_parse(&sample_arena, IX_STR("a.conf"), IX_STR("b ,;\nc ,;\na"), &plain, &conf, &err),
		IX_ERR_SYNTAX);
	assert_string_equal(err.text, "a.conf:1:3: there is no value before this ',' (and 2 more errors)");
	assert_int_equal(ix_conf_parse(&sample_arena, IX_STR("a.conf"), IX_STR("b ,;"), &plain, &conf, &err),
		IX_ERR_SYNTAX);
	assert_string_equal(err.text, "a.conf:1:3: there is no value before this ','");
	assert_null(conf);
}

static void twenty_problems_are_told_and_the_rest_counted(void **state) {
	(void)state;
	char text[256] = "";
	for (size_t i = 0; i < 25; i++) snprintf(text + i * 5, 6, "b ,;\n");
	int code;
	const char *printed = sample_says(text, &plain, &code);
	size_t lines = 0;
	for (const char *p = printed; *p; p++) lines += *p == '\n';
	assert_int_equal(lines, 20 * 3 + 1);
	assert_non_null(strstr(printed, "a.conf:20:3: "));
	assert_null(strstr(printed, "a.conf:21:3: "));
	assert_string_equal(printed + strlen(printed) - 18, "and 5 more errors\n");
}

IX_TESTS(test_conf_syntax, SAMPLE_TEST(an_empty_file_is_an_empty_tree),
	SAMPLE_TEST(directives_have_values_and_blocks), SAMPLE_TEST(words_hold_anything_but_spaces_and_signs),
	SAMPLE_TEST(a_comment_begins_where_a_word_could), SAMPLE_TEST(commas_part_values_into_groups),
	SAMPLE_TEST(quotes_keep_spaces_signs_and_nothing), SAMPLE_TEST(escapes_stand_in_double_quotes),
	SAMPLE_TEST(variables_are_filled_into_words_and_double_quotes),
	SAMPLE_TEST(a_variable_is_always_one_value), SAMPLE_TEST(values_know_where_they_stand),
	SAMPLE_TEST(the_tree_is_walked_by_name),
	SAMPLE_TEST(included_directives_stand_where_the_include_stood),
	SAMPLE_TEST(patterns_include_all_that_match_or_none), SAMPLE_TEST(the_files_read_are_listed),
	SAMPLE_TEST(a_file_that_cannot_be_read_is_named),
	SAMPLE_TEST(a_file_may_be_included_twice_but_not_into_itself),
	SAMPLE_TEST(refuses_includes_that_cannot_be_followed),
	SAMPLE_TEST(problems_in_an_included_file_are_told_there),
	SAMPLE_TEST(refuses_bytes_that_are_not_utf8),
	SAMPLE_TEST(refuses_control_characters_and_does_not_print_them),
	SAMPLE_TEST(refuses_characters_that_look_like_others),
	SAMPLE_TEST(refuses_characters_that_turn_the_direction_everywhere),
	SAMPLE_TEST(refuses_quotes_that_are_not_closed), SAMPLE_TEST(refuses_quotes_that_touch_a_word),
	SAMPLE_TEST(refuses_unknown_escapes), SAMPLE_TEST(refuses_variables_that_are_malformed_or_not_set),
	SAMPLE_TEST(refuses_a_missing_semicolon), SAMPLE_TEST(refuses_commas_without_values),
	SAMPLE_TEST(refuses_what_does_not_begin_with_a_name), SAMPLE_TEST(refuses_braces_that_do_not_match),
	SAMPLE_TEST(long_lines_are_shown_around_the_place),
	SAMPLE_TEST(the_error_is_the_first_problem_in_one_line),
	SAMPLE_TEST(twenty_problems_are_told_and_the_rest_counted));
