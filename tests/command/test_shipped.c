/* test_shipped.c - the rooms that ship: their tables, help, completions and manual pages, as the command
 * offers them. */
#include <inox/json.h>
#include <inox/program.h>
#include <inox/testing.h>

static ix_testing_run run;

static void inox(const char *arguments) { ix_testing_shell(&run, "%s %s", ix_testing_inox(), arguments); }

static void expect_good(void) {
	if (run.exit_code != 0 || run.err[0]) fail_msg("exit code %d: %s", run.exit_code, run.err);
}

static void every_rooms_tables_are_right(void **state) {
	(void)state;
	for (const ix_room *const *room = ix_rooms; *room; room++) {
		ix_error error = {0};
		if (ix_program_check_room(*room, &error)) fail_msg("%s", error.text);
	}
}

static void no_two_rooms_have_one_name(void **state) {
	(void)state;
	for (const ix_room *const *room = ix_rooms; *room; room++)
		for (const ix_room *const *other = ix_rooms; other < room; other++)
			assert_string_not_equal((*room)->name, (*other)->name);
}

static void every_page_of_help_is_there(void **state) {
	(void)state;
	for (const ix_room *const *room = ix_rooms; *room; room++)
		for (const ix_verb *verb = (*room)->verbs; verb->name; verb++) {
			char arguments[256], usage[256];
			snprintf(arguments, sizeof arguments, "%s %s --help", (*room)->name, verb->name);
			snprintf(usage, sizeof usage, "usage: inox %s%s%s [options]", (*room)->name,
				*verb->name ? " " : "", verb->name);
			inox(arguments);
			expect_good();
			assert_int_equal(strncmp(run.out, usage, strlen(usage)), 0);
			for (const ix_option *option = verb->options; option && option->name; option++) {
				char spelling[80];
				snprintf(spelling, sizeof spelling, "--%s", option->name);
				assert_non_null(strstr(run.out, spelling));
			}
		}
}

static void no_line_of_help_is_wider_than_80_columns(void **state) {
	(void)state;
	for (const ix_room *const *room = ix_rooms; *room; room++)
		for (const ix_verb *verb = (*room)->verbs; verb->name; verb++) {
			char arguments[256];
			snprintf(arguments, sizeof arguments, "%s %s --help", (*room)->name, verb->name);
			inox(arguments);
			ix_str rest = ix_str_from(run.out), examples = IX_STR("Examples:");
			bool in_examples = false;
			while (rest.size) {
				ix_str line = ix_str_cut(&rest, '\n');
				in_examples =
					line.size ? in_examples || ix_str_starts_with(line, examples) : false;
				/* an example's command line stands as it must be typed */
				if (!in_examples && ix_display_width(line) > 80)
					fail_msg("%s: %.*s", arguments, IX_STR_ARG(line));
			}
		}
}

static void help_for_programs_names_the_rooms_and_their_verbs(void **state) {
	(void)state;
	ix_json *json;
	ix_error error = {0};
	inox("help --json");
	expect_good();
	if (ix_json_parse(ix_str_bytes(ix_str_from(run.out)), NULL, &json, &error))
		fail_msg("%s", error.text);
	ix_json_cursor root = ix_json_root(json), each = {0}, verbs, verb;
	for (const ix_room *const *room = ix_rooms; *room; room++) {
		ix_str name;
		assert_true(ix_json_next(&root, &each));
		assert_int_equal(ix_json_member_string(&each, "system", &name, NULL), 0);
		assert_true(ix_str_equal(name, ix_str_from((*room)->name)));
		assert_int_equal(ix_json_member(&each, "verbs", &verbs, NULL), 0);
		size_t count = 0;
		for (; (*room)->verbs[count].name; count++) {
			assert_int_equal(ix_json_element(&verbs, count, &verb, NULL), 0);
			assert_int_equal(ix_json_get_string(&verb, &name, NULL), 0);
			assert_true(ix_str_equal(name, ix_str_from((*room)->verbs[count].name)));
		}
		assert_int_equal(ix_json_count(&verbs), count);
	}
	assert_false(ix_json_next(&root, &each));
	ix_json_free(json);
}

static void help_of_each_room_for_programs_is_a_document(void **state) {
	(void)state;
	for (const ix_room *const *room = ix_rooms; *room; room++) {
		char arguments[256];
		ix_json *json;
		ix_error error = {0};
		snprintf(arguments, sizeof arguments, "help %s --json", (*room)->name);
		inox(arguments);
		expect_good();
		if (ix_json_parse(ix_str_bytes(ix_str_from(run.out)), NULL, &json, &error))
			fail_msg("%s: %s", (*room)->name, error.text);
		ix_json_free(json);
	}
}

static void version_tells_the_builds_version(void **state) {
	(void)state;
	inox("--version");
	expect_good();
	assert_int_equal(strncmp(run.out, "inox " INOX_VERSION "\n", strlen("inox " INOX_VERSION "\n")), 0);
	for (const ix_room *const *room = ix_rooms; *room; room++)
		assert_non_null(strstr(run.out, (*room)->name));
	ix_json *json;
	ix_str version;
	inox("--version --json");
	expect_good();
	assert_int_equal(ix_json_parse(ix_str_bytes(ix_str_from(run.out)), NULL, &json, NULL), 0);
	ix_json_cursor root = ix_json_root(json);
	assert_int_equal(ix_json_member_string(&root, "version", &version, NULL), 0);
	assert_true(ix_str_equal(version, IX_STR(INOX_VERSION)));
	ix_json_free(json);
}

static bool has(const char *program) {
	ix_testing_shell(&run, "command -v %s", program);
	if (run.exit_code == 0) return true;
	print_message("SKIPPED: %s is not installed (packages/test.apt)\n", program);
	return false;
}

static void every_manual_page_is_clean(void **state) {
	(void)state;
	if (!has("mandoc")) skip();
	ix_testing_shell(&run, "%s man | mandoc -T lint -W warning", ix_testing_inox());
	assert_string_equal(run.out, "");
	for (const ix_room *const *room = ix_rooms; *room; room++) {
		ix_testing_shell(
			&run, "%s man %s | mandoc -T lint -W warning", ix_testing_inox(), (*room)->name);
		assert_string_equal(run.out, "");
		assert_int_equal(run.exit_code, 0);
	}
}

static void bash_completes_every_verb(void **state) {
	(void)state;
	const char *directory = ix_testing_directory();
	ix_testing_shell(&run, "%s completion bash >%s/script", ix_testing_inox(), directory);
	expect_good();
	for (const ix_room *const *room = ix_rooms; *room; room++)
		for (const ix_verb *verb = (*room)->verbs; verb->name; verb++) {
			if (!*verb->name) continue;
			ix_testing_shell(&run,
				"bash -c 'source %s/script; COMP_WORDS=(inox %s \"\"); COMP_CWORD=2; _inox; "
				"printf \"%%s\\n\" \"${COMPREPLY[@]}\"' | grep -qx %s",
				directory, (*room)->name, verb->name);
			if (run.exit_code) fail_msg("%s %s: %s", (*room)->name, verb->name, run.err);
		}
}

static void completion_scripts_parse_in_their_shells(void **state) {
	(void)state;
	static const char *const shells[] = {"bash", "zsh", "fish"};
	for (size_t i = 0; i < IX_COUNT(shells); i++) {
		if (!has(shells[i])) continue;
		const char *directory = ix_testing_directory();
		ix_testing_shell(&run, "%s completion %s >%s/script && HOME=%s %s -n %s/script",
			ix_testing_inox(), shells[i], directory, directory, shells[i], directory);
		assert_string_equal(run.err, "");
		assert_int_equal(run.exit_code, 0);
	}
}

static void a_slip_is_one_line_and_exit_code_2(void **state) {
	(void)state;
	inox("tuor");
	assert_string_equal(run.err,
		"inox: there is no system 'tuor'; did you mean 'tour'? ('inox --help' lists them)\n");
	assert_string_equal(run.out, "");
	assert_int_equal(run.exit_code, 2);
	inox("");
	assert_string_equal(run.out, "");
	assert_int_equal(run.exit_code, 2);
}

static void a_wrong_inox_cpu_is_one_line_and_exit_code_2(void **state) {
	(void)state;
	ix_testing_shell(&run, "INOX_CPU=pentium %s --version", ix_testing_inox());
	assert_string_equal(run.err, "inox: INOX_CPU is 'pentium': it can be baseline, avx2 or avx512\n");
	assert_int_equal(run.exit_code, 2);
	ix_testing_shell(&run, "INOX_CPU=baseline %s --version", ix_testing_inox());
	assert_int_equal(run.exit_code, 0);
}

static void pages_and_completions_go_where_systems_look(void **state) {
	(void)state;
	static const char *const files[] = {"man/man1/inox.1", "man/man1/inox-trade.1",
		"share/bash-completion/completions/inox", "share/zsh/site-functions/_inox",
		"share/fish/vendor_completions.d/inox.fish"};
	const char *top = ix_testing_directory();
	ix_testing_shell(&run, "DESTDIR=%s sh %s/packages/share.sh %s /man /share", top, ix_testing_root(),
		ix_testing_inox());
	expect_good();
	for (size_t i = 0; i < IX_COUNT(files); i++) {
		ix_testing_shell(&run, "test -s %s/%s", top, files[i]);
		if (run.exit_code) fail_msg("%s is not there", files[i]);
	}
}

static void the_developer_script_names_the_lists_that_there_are(void **state) {
	(void)state;
	ix_testing_shell(&run, "%s/dev setup nosuch", ix_testing_root());
	assert_string_equal(run.err, "dev: there is no list 'nosuch'; there are: bench run test\n");
	assert_string_equal(run.out, "");
	assert_int_equal(run.exit_code, 2);
}

IX_TESTS(test_shipped, cmocka_unit_test(every_rooms_tables_are_right),
	cmocka_unit_test(no_two_rooms_have_one_name), cmocka_unit_test(every_page_of_help_is_there),
	cmocka_unit_test(no_line_of_help_is_wider_than_80_columns),
	cmocka_unit_test(help_for_programs_names_the_rooms_and_their_verbs),
	cmocka_unit_test(help_of_each_room_for_programs_is_a_document),
	cmocka_unit_test(version_tells_the_builds_version), cmocka_unit_test(every_manual_page_is_clean),
	cmocka_unit_test(bash_completes_every_verb),
	cmocka_unit_test(completion_scripts_parse_in_their_shells),
	cmocka_unit_test(a_slip_is_one_line_and_exit_code_2),
	cmocka_unit_test(a_wrong_inox_cpu_is_one_line_and_exit_code_2),
	cmocka_unit_test(pages_and_completions_go_where_systems_look),
	cmocka_unit_test(the_developer_script_names_the_lists_that_there_are));
