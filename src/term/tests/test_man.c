/* test_man.c - manual pages: without a warning from mandoc and groff, and with every word of the tables. */
#include "sample.h"

static sample_result result;

static bool has(const char *program) {
	ix_testing_run run;
	ix_testing_shell(&run, "command -v %s", program);
	if (run.exit_code == 0) return true;
	print_message("SKIPPED: %s is not installed (packages/test.apt)\n", program);
	return false;
}

static const char *write_page(ix_program program, const char *line) {
	static char path[320];
	sample_run_program(&result, program, line);
	assert_int_equal(result.code, 0);
	assert_string_equal(result.err, "");
	snprintf(path, sizeof path, "%s/page.1", ix_testing_directory());
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	fputs(result.out, file);
	fclose(file);
	return path;
}

static void expect_clean(ix_program program, const char *line) {
	ix_testing_run run;
	const char *path = write_page(program, line);
	if (has("mandoc")) {
		ix_testing_shell(&run, "mandoc -T lint -W warning %s", path);
		assert_string_equal(run.out, "");
		assert_int_equal(run.exit_code, 0);
	}
	if (has("groff")) {
		ix_testing_shell(&run, "groff -mdoc -ww -z -Tutf8 %s", path);
		assert_string_equal(run.err, "");
	}
}

static void every_page_is_clean_under_mandoc_and_groff(void **state) {
	(void)state;
	static const char *const lines[] = {"inox man", "inox man demo", "inox man sum", "inox man help",
		"inox man tour", "inox man completion", "inox man man"};
	for (size_t i = 0; i < IX_COUNT(lines); i++) expect_clean(sample_program(), lines[i]);
}

/* As a reader sees it, without overstrikes. */
static void expect_rendered(const char *line, const char *const *texts, size_t count) {
	if (!has("mandoc")) skip();
	static ix_testing_run run;
	ix_testing_shell(&run, "mandoc -T ascii %s | col -bx", write_page(sample_program(), line));
	assert_int_equal(run.exit_code, 0);
	for (size_t i = 0; i < count; i++)
		if (!strstr(run.out, texts[i])) fail_msg("'%s' is not in:\n%s", texts[i], run.out);
}

static void the_page_of_a_system_holds_its_tables(void **state) {
	(void)state;
	static const char *const texts[] = {
		"INOX-DEMO(1)",
		"     inox-demo - Pack and send files\n",
		"     inox demo pack [options] FILE ...\n",
		"     inox demo send [options] --to ADDRESS HOW [SUBJECT]\n",
		"     inox demo exec [options] PROGRAM [ARG ...]\n",
		"     The formats are:\n           csv   a line a record\n           itch  binary\n",
		"     -d, --depth N\n             levels a side (1 to 100; default 10)\n",
		"     HOW     the way it goes (mail or pigeon)\n",
		"     125     nobody was there\n",
		"     Pack two files:\n           inox demo pack a.txt b.txt\n",
		"     inox(1)\n",
		"March 4, 2026",
		"inox 1.2.3",
	};
	expect_rendered("inox man demo", texts, IX_COUNT(texts));
}

static void the_page_of_the_command_points_to_the_others(void **state) {
	(void)state;
	static const char *const texts[] = {
		"     inox - Runs samples, for tests.\n",
		"     inox system [verb] [options] [operands]\n",
		"     inox --version [--json]\n",
		"     demo    Pack and send files.  See inox-demo(1).\n",
		"     tour    Let every system do one real job.\n",
		"     inox-demo(1), inox-sum(1)\n",
	};
	expect_rendered("inox man", texts, IX_COUNT(texts));
}

static void texts_that_look_like_roff_are_text(void **state) {
	(void)state;
	static const ix_option options[] = {{.name = "odd",
						    .kind = IX_OPTION_TEXT,
						    .value = "Ar",
						    .required = true,
						    .help = ".Sh \\fBno\\fP \"x\" 'y' — ü"},
		{0}};
	static const ix_example examples[] = {{"inox odd say --odd \"Fl Op\" -x '\\n'", ".Pp in front"}, {0}};
	static const ix_operand operands[] = {{.name = "No", .help = "'quoted"}, {0}};
	static const ix_verb verbs[] = {{.name = "say",
						.summary = "Op Fl Ar",
						.description = "'tis\n.Em not a macro\n\n\n  \\literal\n\n.",
						.options = options,
						.operands = operands,
						.examples = examples},
		{0}};
	static const ix_room room = {
		.name = "odd", .title = "Odd", .summary = "Fl Ar \"odd\" \\e", .verbs = verbs};
	static const ix_room *const rooms[] = {&room, NULL};
	ix_program program = sample_program();
	program.rooms = rooms;
	expect_clean(program, "inox man odd");
	expect_clean(program, "inox man");
	if (!has("mandoc")) return;
	static ix_testing_run run;
	ix_testing_shell(&run, "mandoc -T utf8 %s | col -bx", write_page(program, "inox man odd"));
	assert_non_null(strstr(run.out, ".Sh \\fBno\\fP \"x\" 'y' — ü (required)\n"));
	assert_non_null(strstr(run.out, "'tis .Em not a macro\n"));
	assert_non_null(strstr(run.out, "\\literal\n"));
	assert_non_null(strstr(run.out, "inox odd say --odd \"Fl Op\" -x '\\n'\n"));
	assert_non_null(strstr(run.out, "inox-odd – Fl Ar \"odd\" \\e\n"));
}

static void a_page_of_what_is_not_there_is_an_error(void **state) {
	(void)state;
	sample_expect_error("inox man dem", 2,
		"inox man: there is no system 'dem'; did you mean 'demo'? ('inox --help' lists them)\n");
}

IX_TESTS(test_man, cmocka_unit_test(every_page_is_clean_under_mandoc_and_groff),
	cmocka_unit_test(the_page_of_a_system_holds_its_tables),
	cmocka_unit_test(the_page_of_the_command_points_to_the_others),
	cmocka_unit_test(texts_that_look_like_roff_are_text),
	cmocka_unit_test(a_page_of_what_is_not_there_is_an_error));
