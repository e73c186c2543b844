/* The canonical form, the reference pages, and the schema's check of itself. */
#include "conf_expect.h"

static const char *formatted(const char *text) {
	ix_str out;
	ix_error err = {0};
	if (ix_conf_format(&sample_arena, IX_STR("a.conf"), ix_str_from(text), &out, &err) != 0)
		fail_msg("%s", err.text);
	return out.data;
}

/* What comes out is expected, and comes out again of itself. */
static void expect_format(const char *text, const char *expected) {
	assert_string_equal(formatted(text), expected);
	assert_string_equal(formatted(expected), expected);
}

static void one_directive_a_line_indented_by_tabs(void **state) {
	(void)state;
	expect_format("a  1 ;b{c 2;\n d { e ; } f\t3 ; }\n", "a 1;\nb {\n\tc 2;\n\td { e; }\n\tf 3;\n}\n");
	expect_format("a;b;c;", "a;\nb;\nc;\n");
}

static void an_empty_file_stays_empty(void **state) {
	(void)state;
	expect_format("", "");
	expect_format("\n\n  \t\n", "");
	expect_format("# only this", "# only this\n");
	expect_format("\xef\xbb\xbf"
		      "a;",
		"a;\n");
}

static void short_blocks_stay_on_their_line(void **state) {
	(void)state;
	expect_format("a{b 1;c{d;}}", "a { b 1; c { d; } }\n");
	expect_format("a{}", "a { }\n");
	expect_format("a {\n\n}", "a { }\n");
	expect_format("a {\nb; }", "a {\n\tb;\n}\n");
}

static void blocks_that_are_too_long_for_a_line_are_opened(void **state) {
	(void)state;
	/* 100 columns fit, 101 do not: "a { b " + x + "; }" is 9 columns and x */
	char fits[200], too_long[200], opened[200];
	snprintf(fits, sizeof fits, "a { b %091d; }\n", 0);
	expect_format(fits, fits);
	snprintf(too_long, sizeof too_long, "a { b %092d; }\n", 0);
	snprintf(opened, sizeof opened, "a {\n\tb %092d;\n}\n", 0);
	expect_format(too_long, opened);
}

static void comments_stay_where_they_are(void **state) {
	(void)state;
	expect_format("#one\na 1;#two  \n\n#three\nb { #four\n#five\nc; # six\n} # seven\n# eight",
		"#one\na 1;  #two\n\n#three\nb {  #four\n\t#five\n\tc;  # six\n}  # seven\n# eight\n");
	expect_format("a { } # x\n\t# y\n", "a { }  # x\n# y\n");
	expect_format("a # x\n{ b; # y\n}", "a  # x\n\t{\n\tb;  # y\n}\n");
	expect_format("a 1 # x\n;", "a 1  # x\n\t;\n");
	expect_format("a 1, # x\n   2, # y\n # z\n 3;", "a 1,  # x\n\t2,  # y\n\t# z\n\t3;\n");
}

static void line_breaks_between_values_stay(void **state) {
	(void)state;
	expect_format("b {\n  a 1,\n2\n,\n 3\n;\n}", "b {\n\ta 1,\n\t\t2,\n\t\t3;\n}\n");
}

static void empty_lines_are_at_most_one_and_not_at_edges(void **state) {
	(void)state;
	expect_format("\n\na;\n\n\n\nb {\n\n  c;\n\n\n  d;\n\n}\n\n\n", "a;\n\nb {\n\tc;\n\n\td;\n}\n");
}

static void quotes_and_variables_are_left_as_written(void **state) {
	(void)state;
	expect_format("a   \"x  \\n\" 'y' ${HOME:a b} \"${X}\";", "a \"x  \\n\" 'y' ${HOME:a b} \"${X}\";\n");
}

static void includes_are_not_followed(void **state) {
	(void)state;
	expect_format("include  no/such/*.file ;", "include no/such/*.file;\n");
}

static void carriage_returns_go(void **state) {
	(void)state;
	expect_format("# x\r\na 1;\r\n\r\nb {\r\n}\r\n", "# x\na 1;\n\nb { }\n");
}

static void what_cannot_be_read_is_not_formatted(void **state) {
	(void)state;
	ix_str out = {NULL, 7};
	ix_error err = {0};
	assert_int_equal(ix_conf_format(&sample_arena, IX_STR("a.conf"), IX_STR("a {\nb 1"), &out, &err),
		IX_ERR_TRUNCATED);
	assert_string_equal(
		err.text, "a.conf:1:1: the block of 'a' is not closed: a '}' is missing (and 1 more error)");
	assert_int_equal(out.size, 7);
	assert_int_equal(ix_conf_format(&sample_arena, IX_STR("a.conf"), IX_STR("a \"\\q\";"), &out, NULL),
		IX_ERR_SYNTAX);
}

/* ---- pages ---- */

static const ix_conf_entry page_arguments[] = {
	{"PATH", IX_CONF_PATH, .help = "what is served"},
	{"index", IX_CONF_NAME, .named = true, .fallback = "index.html", .minimum = 1, .maximum = 20},
	{0},
};
static const ix_conf_entry page_rows[] = {
	{"memory", IX_CONF_SIZE, .fallback = "1m", .minimum = 1024, .maximum = INT64_MAX,
		.help = "the most that is held"},
	{"site", .arguments = page_arguments, .block = page_rows, .repeatable = true, .count_max = 9,
		.help = "A folder. Its files."},
	{"log", IX_CONF_CHOICE, .choices = "json|text", .required = true},
	{0},
};
static const ix_conf_schema page_schema = {
	.name = "files",
	.summary = "a file server",
	.description = "Serves.\n\nAnd how.",
	.example = "log json;\n\nsite www { log text; }\n",
	.directives = page_rows,
};

static const char *page(ix_conf_page kind) {
	ix_str out;
	assert_int_equal(ix_conf_describe(&sample_arena, &page_schema, kind, &out, NULL), 0);
	assert_int_equal(out.data[out.size], 0);
	return out.data;
}

static void the_page_for_a_terminal(void **state) {
	(void)state;
	assert_string_equal(page(IX_CONF_PAGE_TEXT),
		"files.conf - a file server\n"
		"\n"
		"Serves.\n"
		"\n"
		"And how.\n"
		"\n"
		"DIRECTIVES\n"
		"\n"
		"memory SIZE;\n"
		"    The most that is held.\n"
		"    A size such as 512, 10k or 1.5g, at least 1k. Default: 1m.\n"
		"\n"
		"site PATH [index NAME] { ... }\n"
		"    A folder. Its files.\n"
		"    May stand more than once, up to 9 times.\n"
		"    PATH: What is served. A file or folder; a relative path starts at the folder\n"
		"    of this file.\n"
		"    index: A name of letters, digits, '_', '-' and '.', 1 to 20 bytes. Default:\n"
		"    index.html.\n"
		"\n"
		"    memory SIZE;\n"
		"        The most that is held.\n"
		"        A size such as 512, 10k or 1.5g, at least 1k. Default: 1m.\n"
		"\n"
		"    site PATH [index NAME] { ... }\n"
		"        A folder. Its files.\n"
		"        May stand more than once, up to 9 times.\n"
		"        PATH: What is served. A file or folder; a relative path starts at the\n"
		"        folder of this file.\n"
		"        index: A name of letters, digits, '_', '-' and '.', 1 to 20 bytes.\n"
		"        Default: index.html.\n"
		"\n"
		"        Its block may hold the same again.\n"
		"\n"
		"    log json|text;\n"
		"        One of json, text. Required.\n"
		"\n"
		"log json|text;\n"
		"    One of json, text. Required.\n"
		"\n"
		"\n"
		"EXAMPLE\n"
		"\n"
		"    log json;\n"
		"\n"
		"    site www { log text; }\n");
}

static void the_page_for_the_handbook(void **state) {
	(void)state;
	const char *text = page(IX_CONF_PAGE_MARKDOWN);
	assert_int_equal(strncmp(text,
				 "# files.conf\n\na file server\n\nServes.\n\nAnd how.\n\n## "
				 "Directives\n\n### memory\n\n    memory SIZE;\n\n"
				 "The most that is held.\n\nA size such as 512, 10k or 1.5g, at least 1k. "
				 "Default: 1m.\n\n### site\n",
				 strlen("# files.conf\n\na file server\n\nServes.\n\nAnd how.\n\n## "
					"Directives\n\n### memory\n\n    memory SIZE;\n\n"
					"The most that is held.\n\nA size such as 512, 10k or 1.5g, at least "
					"1k. Default: 1m.\n\n### site\n")),
		0);
	assert_non_null(strstr(text, "### site > log\n\n    log json|text;\n\n"));
	assert_non_null(strstr(text, "\n- `index`: A name"));
	assert_non_null(strstr(text, "```\nlog json;\n\nsite www { log text; }\n```\n"));
}

/* groff finds nothing to warn of, and shows what the page says. */
static void the_manual_page_is_one(void **state) {
	(void)state;
	static ix_testing_run run;
	char path[128];
	const char *text = page(IX_CONF_PAGE_MAN);
	assert_int_equal(strncmp(text,
				 ".TH files.conf 5\n.SH NAME\nfiles.conf \\- a file server\n.SH "
				 "DESCRIPTION\nServes.\n.sp\nAnd how.\n"
				 ".SH DIRECTIVES\n.TP\n.B memory SIZE;\nThe most that is held.\n",
				 strlen(".TH files.conf 5\n.SH NAME\nfiles.conf \\- a file server\n.SH "
					"DESCRIPTION\nServes.\n.sp\nAnd how.\n"
					".SH DIRECTIVES\n.TP\n.B memory SIZE;\nThe most that is held.\n")),
		0);
	ix_testing_shell(&run, "groff --version");
	if (run.exit_code != 0) skip();
	snprintf(path, sizeof path, "%s/files.conf.5", ix_testing_directory());
	FILE *file = fopen(path, "w");
	if (!file) {
		fail_msg("%s cannot be written", path);
		return;
	}
	fputs(text, file);
	fclose(file);
	ix_testing_shell(&run, "groff -man -ww -Tascii -P-cbou %s", path);
	assert_int_equal(run.exit_code, 0);
	assert_string_equal(run.err, "");
	assert_non_null(strstr(run.out, "site PATH [index NAME] { ... }"));
	assert_non_null(strstr(run.out, "at least 1k. Default: 1m."));
}

/* ---- schemas ---- */

static void the_schemas_of_these_tests_are_right(void **state) {
	(void)state;
	ix_error err = {0};
	if (ix_conf_schema_check(&sample_arena, &sample_schema, &err) != 0) fail_msg("%s", err.text);
	if (ix_conf_schema_check(&sample_arena, &page_schema, &err) != 0) fail_msg("%s", err.text);
}

static void refuse_rows(const ix_conf_entry *rows, const char *says) {
	ix_conf_schema schema = {.name = "s", .summary = "s", .directives = rows};
	ix_error err = {0};
	assert_int_equal(ix_conf_schema_check(&sample_arena, &schema, &err), IX_ERR_USAGE);
	assert_string_equal(err.text, says);
}
#define REFUSE(says, ...) refuse_rows((const ix_conf_entry[]){__VA_ARGS__, {0}}, says)

static int take_anything(
	const ix_conf_entry *entry, ix_str text, void *field, ix_arena *arena, ix_error *err) {
	(void)entry, (void)text, (void)field, (void)arena, (void)err;
	return 0;
}

typedef struct fields {
	int32_t number;
	ix_str text;
	bool flag;
	ix_conf_list list;
	sample_timeouts section;
} fields;

/* Rows that name fields are tables as a room would have them. */
static const ix_conf_entry key_without_items[] = {{"a", IX_CONF_TEXT, IX_CONF_KEY(fields, text)}, {0}};
static const ix_conf_entry repeated_struct[] = {
	{"a", IX_CONF_NONE, IX_CONF_SECTION(fields, section), .block = page_rows, .repeatable = true}, {0}};
static const ix_conf_entry items_and_value[] = {
	{"a", IX_CONF_TEXT, IX_CONF_ITEMS(fields, list, ix_str), .block = page_rows}, {0}};
static const ix_conf_entry number_without_value[] = {{"a", IX_CONF_NONE, IX_CONF_FIELD(fields, number)}, {0}};
static const ix_conf_entry wrong_fields[][2] = {
	{{"a", IX_CONF_TEXT, IX_CONF_FIELD(fields, number)}, {0}},
	{{"a", IX_CONF_INTEGER, IX_CONF_FIELD(fields, text)}, {0}},
	{{"a", IX_CONF_BOOLEAN, IX_CONF_FIELD(fields, number)}, {0}},
	{{"a", IX_CONF_ADDRESS, IX_CONF_FIELD(fields, text)}, {0}},
	{{"a", IX_CONF_DECIMAL, .decimals = 2, IX_CONF_FIELD(fields, number)}, {0}},
	{{"a", IX_CONF_TEXT, .many = true, IX_CONF_FIELD(fields, text)}, {0}},
	{{"a", IX_CONF_TEXT, .repeatable = true, IX_CONF_FIELD(fields, text)}, {0}},
	{{"a", IX_CONF_TEXT, IX_CONF_FIELD(fields, list)}, {0}},
	{{"a", IX_CONF_TEXT, IX_CONF_ITEMS(fields, list, int64_t)}, {0}},
	{{"a", IX_CONF_CHOICE, .choices = "x", IX_CONF_FIELD(fields, flag)}, {0}},
};

static void wrong_directives_are_found(void **state) {
	(void)state;
	REFUSE("a: this name stands twice", {"a", IX_CONF_NONE, .help = "x"},
		{"b", IX_CONF_NONE, .help = "x"}, {"a", IX_CONF_NONE, .help = "x"});
	REFUSE("include: this name is the language's", {"include", IX_CONF_TEXT, .help = "x"});
	REFUSE("*: '*' is repeatable", {"*", IX_CONF_TEXT, .help = "x"});
	REFUSE("a: this belongs to arguments, not to directives", {"a", IX_CONF_TEXT, .optional = true});
	REFUSE("a: unique goes with repeatable", {"a", IX_CONF_TEXT, .unique = true});
	REFUSE("a: there is no block that could be optional", {"a", .block_optional = true});
	REFUSE("a: a directive has a kind or arguments", {"a", IX_CONF_TEXT, .arguments = page_arguments});
	REFUSE("b > a: there is no such kind",
		{"b", .block = (const ix_conf_entry[]){{"a", IX_CONF_KIND_COUNT, .help = "x"}, {0}}});
	refuse_rows(key_without_items, "a: a key goes with items");
	refuse_rows(repeated_struct, "a: a repeatable directive fills items, not one struct");
	refuse_rows(items_and_value, "a: with items and a block, values are in arguments");
	refuse_rows(number_without_value, "a: without a value, the field is a bool");
}

static void wrong_values_are_found(void **state) {
	(void)state;
	REFUSE("a: choices belong to the kind of that name", {"a", IX_CONF_TEXT, .choices = "x|y"});
	REFUSE("a: choices belong to the kind of that name", {"a", IX_CONF_CHOICE});
	REFUSE("a: convert belongs to a custom kind", {"a", IX_CONF_CUSTOM});
	REFUSE("a: convert belongs to a custom kind", {"a", IX_CONF_TEXT, .convert = take_anything});
	REFUSE("a: decimals are 0 to 18", {"a", IX_CONF_DECIMAL, .decimals = 19});
	REFUSE("a: decimals are 0 to 18", {"a", IX_CONF_INTEGER, .decimals = 1});
	REFUSE("a: minimum and maximum do not go with the kind, or with each other",
		{"a", IX_CONF_BOOLEAN, .maximum = 1});
	REFUSE("a: minimum and maximum do not go with the kind, or with each other",
		{"a", IX_CONF_INTEGER, .minimum = 2, .maximum = 1});
	REFUSE("a: many goes with a positional value", {"a", IX_CONF_VALUES, .many = true});
	REFUSE("a: a required directive has no use for a fallback",
		{"a", IX_CONF_TEXT, .required = true, .fallback = "x"});
	REFUSE("a: this kind takes no fallback", {"a", IX_CONF_VALUES, .fallback = "x"});
	REFUSE("a: fallback: '5' has no unit; the units are ns, us, ms, s, m, h, d and w",
		{"a", IX_CONF_DURATION, .fallback = "5"});
	REFUSE("a: fallback: '9' is over the maximum of 8",
		{"a", IX_CONF_INTEGER, .maximum = 8, .fallback = "9"});
	REFUSE("a: fallback: 'z' is not one of x, y",
		{"a", IX_CONF_CHOICE, .choices = "x|y", .many = true, .fallback = "x z"});
}

static void fields_of_another_type_are_found(void **state) {
	(void)state;
	for (size_t i = 0; i < IX_COUNT(wrong_fields); i++)
		refuse_rows(wrong_fields[i], "a: the field is of another type than the kind");
}

static void wrong_arguments_are_found(void **state) {
	(void)state;
#define ARGUMENTS(...)                                                         \
	{                                                                      \
		"a", .arguments = (const ix_conf_entry[]) { __VA_ARGS__, {0} } \
	}
	REFUSE("X: this belongs to directives, not to arguments",
		ARGUMENTS({"X", IX_CONF_TEXT, .required = true}));
	REFUSE("X: an argument has a kind", ARGUMENTS({"X"}));
	REFUSE("Y: nothing follows a list but named arguments",
		ARGUMENTS({"X", IX_CONF_TEXT, .many = true}, {"Y", IX_CONF_TEXT}));
	REFUSE("Y: what follows an optional argument is optional",
		ARGUMENTS({"X", IX_CONF_TEXT, .optional = true}, {"Y", IX_CONF_TEXT}));
	REFUSE("X: this name stands twice", ARGUMENTS({"X", IX_CONF_TEXT}, {"X", IX_CONF_TEXT}));
	REFUSE("X: many goes with a positional value",
		ARGUMENTS({"X", IX_CONF_TEXT, .many = true, .named = true}));
}

static void an_example_that_does_not_parse_is_found(void **state) {
	(void)state;
	static const ix_conf_entry rows[] = {{"a", IX_CONF_INTEGER}, {0}};
	ix_conf_schema schema = {.name = "s", .summary = "s", .directives = rows, .example = "a one;"};
	ix_error err = {0};
	assert_int_equal(ix_conf_schema_check(&sample_arena, &schema, &err), IX_ERR_SYNTAX);
	assert_string_equal(err.text, "s: example:1:3: a: 'one' is not a whole number");
	schema.summary = NULL;
	assert_int_equal(ix_conf_schema_check(&sample_arena, &schema, &err), IX_ERR_USAGE);
	assert_string_equal(err.text, "a schema has a name and a summary");
}

IX_TESTS(test_conf_format, SAMPLE_TEST(one_directive_a_line_indented_by_tabs),
	SAMPLE_TEST(an_empty_file_stays_empty), SAMPLE_TEST(short_blocks_stay_on_their_line),
	SAMPLE_TEST(blocks_that_are_too_long_for_a_line_are_opened),
	SAMPLE_TEST(comments_stay_where_they_are), SAMPLE_TEST(line_breaks_between_values_stay),
	SAMPLE_TEST(empty_lines_are_at_most_one_and_not_at_edges),
	SAMPLE_TEST(quotes_and_variables_are_left_as_written), SAMPLE_TEST(includes_are_not_followed),
	SAMPLE_TEST(carriage_returns_go), SAMPLE_TEST(what_cannot_be_read_is_not_formatted),
	SAMPLE_TEST(the_page_for_a_terminal), SAMPLE_TEST(the_page_for_the_handbook),
	SAMPLE_TEST(the_manual_page_is_one), SAMPLE_TEST(the_schemas_of_these_tests_are_right),
	SAMPLE_TEST(wrong_directives_are_found), SAMPLE_TEST(wrong_values_are_found),
	SAMPLE_TEST(fields_of_another_type_are_found), SAMPLE_TEST(wrong_arguments_are_found),
	SAMPLE_TEST(an_example_that_does_not_parse_is_found));
