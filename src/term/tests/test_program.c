/* test_program.c - from argv to a system and a verb: dispatch, suggestions, exit codes, errors, version. */
#include "sample.h"

static sample_result result;

static void runs_a_verb_with_no_name_as_the_system_itself(void **state) {
	(void)state;
	sample_expect_output("inox sum", "sum 0\n");
	sample_expect_output("inox sum -c a b", "sum check 2\n");
}

static void suggests_the_system_that_was_meant(void **state) {
	(void)state;
	sample_expect_error("inox dmeo pack", 2,
		"inox: there is no system 'dmeo'; did you mean 'demo'? ('inox --help' lists them)\n");
	sample_expect_error("inox comp bash", 2,
		"inox: there is no system 'comp'; did you mean 'completion'? ('inox --help' lists them)\n");
	sample_expect_error(
		"inox kubernetes", 2, "inox: there is no system 'kubernetes' ('inox --help' lists them)\n");
	sample_expect_error("inox _", 2, "inox: there is no system '' ('inox --help' lists them)\n");
}

static void suggests_the_system_when_only_a_verb_was_typed(void **state) {
	(void)state;
	sample_expect_error(
		"inox pack a.txt", 2, "inox: there is no system 'pack'; did you mean 'inox demo pack'?\n");
}

static void suggests_the_verb_that_was_meant(void **state) {
	(void)state;
	sample_expect_error("inox demo pakc a", 2,
		"inox demo: there is no verb 'pakc'; did you mean 'pack'? ('inox demo --help' lists them)\n");
	sample_expect_error("inox demo frobnicate", 2,
		"inox demo: there is no verb 'frobnicate' ('inox demo --help' lists them)\n");
	sample_expect_error(
		"inox demo _", 2, "inox demo: there is no verb '' ('inox demo --help' lists them)\n");
}

static void suggests_options_of_the_command_itself(void **state) {
	(void)state;
	sample_expect_error(
		"inox --vresion", 2, "inox: there is no option --vresion; did you mean --version?\n");
	sample_expect_error("inox -x demo", 2,
		"inox: there is no option -x before the system ('inox --help' shows what there is)\n");
	sample_expect_error("inox --json demo pack", 2, "inox: --json comes after the verb\n");
	sample_expect_error("inox demo --json pack a", 2,
		"inox demo: options come after the verb: 'inox demo VERB --json' ('inox demo --help' lists "
		"the verbs)\n");
}

static void without_a_system_or_a_verb_shows_what_there_is_and_exits_2(void **state) {
	(void)state;
	sample_run(&result, "inox");
	assert_int_equal(result.code, 2);
	assert_string_equal(result.out, "");
	assert_non_null(strstr(result.err, "usage: inox SYSTEM VERB"));
	sample_run(&result, "inox demo");
	assert_int_equal(result.code, 2);
	assert_string_equal(result.out, "");
	assert_non_null(strstr(result.err, "usage: inox demo VERB"));
}

static void expect_help(const char *line, const char *usage) {
	sample_run(&result, line);
	assert_int_equal(result.code, 0);
	assert_string_equal(result.err, "");
	if (strncmp(result.out, usage, strlen(usage)) != 0) fail_msg("%s: %s", line, result.out);
}

static void help_anywhere_wins_over_mistakes(void **state) {
	(void)state;
	expect_help("inox --help", "usage: inox SYSTEM");
	expect_help("inox -h", "usage: inox SYSTEM");
	expect_help("inox help", "usage: inox SYSTEM");
	expect_help("inox --help demo", "usage: inox demo VERB");
	expect_help("inox demo --help", "usage: inox demo VERB");
	expect_help("inox help demo", "usage: inox demo VERB");
	expect_help("inox --help demo pack", "usage: inox demo pack");
	expect_help("inox demo --help pack", "usage: inox demo pack");
	expect_help("inox demo pack --help", "usage: inox demo pack");
	expect_help("inox demo pack --depth x --nonsense -h", "usage: inox demo pack");
	expect_help("inox demo pack --depth --help", "usage: inox demo pack");
	expect_help("inox help demo pack", "usage: inox demo pack");
	expect_help("inox sum --help", "usage: inox sum");
	expect_help("inox help sum", "usage: inox sum");
	expect_help("inox help --help", "usage: inox help");
	expect_help("inox help help", "usage: inox help");
}

static void a_verb_may_use_the_letter_h_itself(void **state) {
	(void)state;
	sample_expect_output("inox demo send -h --to x mail", "send mail human (none)\n");
	expect_help("inox demo send --help", "usage: inox demo send");
}

static void help_of_what_is_not_there_is_an_error(void **state) {
	(void)state;
	sample_expect_error("inox help dem", 2,
		"inox help: there is no system 'dem'; did you mean 'demo'? ('inox --help' lists them)\n");
	sample_expect_error("inox help demo pck", 2,
		"inox help: there is no verb 'pck'; did you mean 'pack'? ('inox demo --help' lists them)\n");
}

static void a_failure_is_one_line_after_the_results_and_its_code_decides(void **state) {
	(void)state;
	sample_run(&result, "inox demo send --to x mail syntax");
	assert_string_equal(result.out, "so far\n");
	assert_string_equal(result.err, "inox demo: a.txt:\\noffset 4711: bad\\e[31m byte\n");
	assert_int_equal(result.code, 3);
}

static void a_verb_that_fails_without_a_reason_is_our_own_fault(void **state) {
	(void)state;
	sample_expect_error("inox demo send --to x mail silent", 5, "inox demo: failed without saying why\n");
}

static void a_verb_may_find_its_own_mistakes_of_usage(void **state) {
	(void)state;
	sample_expect_error("inox demo send --to x mail usage", 2,
		"inox demo send: options --a and --b exclude each other ('inox demo send --help' says "
		"more)\n");
}

static void the_answer_no_is_exit_code_1(void **state) {
	(void)state;
	sample_expect_error("inox demo send --to x mail no", 1, "");
}

#if defined __clang__
#define COMPILER_NAME "clang "
#else
#define COMPILER_NAME "gcc "
#endif

static void version_names_features_compiler_and_systems(void **state) {
	(void)state;
	sample_run(&result, "inox --version");
	assert_int_equal(result.code, 0);
	assert_int_equal(strncmp(result.out, "inox 1.2.3\ncompiler: " COMPILER_NAME,
				 strlen("inox 1.2.3\ncompiler: " COMPILER_NAME)),
		0);
	assert_non_null(strstr(result.out, "\nfeatures: zlib zstd\nsystems: demo sum\n"));
}

static void version_for_programs_is_json(void **state) {
	(void)state;
	static const char *const lines[] = {
		"inox --version --json", "inox --json --version", "inox -V --json"};
	for (size_t i = 0; i < IX_COUNT(lines); i++) {
		sample_run(&result, lines[i]);
		assert_int_equal(result.code, 0);
		assert_int_equal(
			strncmp(result.out, "{\n  \"name\": \"inox\",\n  \"version\": \"1.2.3\",\n", 42), 0);
		assert_non_null(strstr(result.out,
			"\"features\": [\"zlib\", \"zstd\"],\n  \"systems\": [\"demo\", \"sum\"]\n}\n"));
	}
}

static void help_for_programs_lists_a_system_a_line(void **state) {
	(void)state;
	sample_expect_output("inox help --json",
		"[\n"
		"  {\"system\": \"demo\", \"title\": \"Demonstration\", \"summary\": \"Pack and send "
		"files\", \"sector\": \"Samples\", "
		"\"verbs\": [\"pack\", \"send\", \"exec\"]},\n"
		"  {\"system\": \"sum\", \"title\": \"Sums\", \"summary\": \"Add up files\", \"sector\": "
		"\"Other samples\", \"verbs\": [\"\"]}\n"
		"]\n");
}

static void help_of_a_verb_for_programs_is_its_table(void **state) {
	(void)state;
	sample_expect_output("inox help demo send --json",
		"{\n"
		"  \"system\": \"demo\",\n"
		"  \"title\": \"Demonstration\",\n"
		"  \"summary\": \"Pack and send files\",\n"
		"  \"description\": \"Packs files, sends them, and runs programs on them. It exists so that "
		"tests have something to hold on to.\",\n"
		"  \"verbs\": [\n"
		"    {\n"
		"      \"verb\": \"send\",\n"
		"      \"summary\": \"Send what was packed\",\n"
		"      \"options\": [\n"
		"        {\n          \"option\": \"to\",\n          \"kind\": \"text\",\n          "
		"\"value\": \"ADDRESS\",\n          \"required\": true,\n          \"help\": \"who gets "
		"it\"\n        },\n"
		"        {\n          \"option\": \"human\",\n          \"letter\": \"h\",\n          "
		"\"kind\": \"flag\",\n          \"help\": \"in words\"\n        },\n"
		"        {\n          \"option\": \"help\",\n          \"kind\": \"flag\",\n          "
		"\"help\": \"show this help\"\n        }\n"
		"      ],\n"
		"      \"operands\": [\n"
		"        {\n          \"operand\": \"HOW\",\n          \"choices\": [\"mail\", "
		"\"pigeon\"],\n          \"help\": \"the way it goes\"\n        },\n"
		"        {\n          \"operand\": \"SUBJECT\",\n          \"optional\": true,\n          "
		"\"help\": \"its title\"\n        }\n"
		"      ]\n"
		"    }\n"
		"  ]\n"
		"}\n");
}

IX_TESTS(test_program, cmocka_unit_test(runs_a_verb_with_no_name_as_the_system_itself),
	cmocka_unit_test(suggests_the_system_that_was_meant),
	cmocka_unit_test(suggests_the_system_when_only_a_verb_was_typed),
	cmocka_unit_test(suggests_the_verb_that_was_meant),
	cmocka_unit_test(suggests_options_of_the_command_itself),
	cmocka_unit_test(without_a_system_or_a_verb_shows_what_there_is_and_exits_2),
	cmocka_unit_test(help_anywhere_wins_over_mistakes),
	cmocka_unit_test(a_verb_may_use_the_letter_h_itself),
	cmocka_unit_test(help_of_what_is_not_there_is_an_error),
	cmocka_unit_test(a_failure_is_one_line_after_the_results_and_its_code_decides),
	cmocka_unit_test(a_verb_that_fails_without_a_reason_is_our_own_fault),
	cmocka_unit_test(a_verb_may_find_its_own_mistakes_of_usage),
	cmocka_unit_test(the_answer_no_is_exit_code_1),
	cmocka_unit_test(version_names_features_compiler_and_systems),
	cmocka_unit_test(version_for_programs_is_json),
	cmocka_unit_test(help_for_programs_lists_a_system_a_line),
	cmocka_unit_test(help_of_a_verb_for_programs_is_its_table));
