/* test_completion.c - the completion scripts, driven in their own shells: bash by its variables, fish by its
 * complete -C, zsh through a pseudo-terminal. */
#include "sample.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

static char directory[256];

/* Writes the script for a shell, and some files to complete; gives the script's path. */
static const char *make_script(const char *shell) {
	static char path[320];
	static sample_result result;
	char line[64];
	snprintf(directory, sizeof directory, "%s", ix_testing_directory());
	snprintf(line, sizeof line, "inox completion %s", shell);
	sample_run(&result, line);
	assert_int_equal(result.code, 0);
	assert_string_equal(result.err, "");
	snprintf(path, sizeof path, "%s/inox.%s", directory, shell);
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	assert_true(fputs(result.out, file) >= 0);
	fclose(file);
	ix_testing_run run;
	ix_testing_shell(&run, "cd %s && mkdir folder other && touch fox 'a file' only.itch", directory);
	assert_int_equal(run.exit_code, 0);
	return path;
}

static bool has(const char *program) {
	ix_testing_run run;
	ix_testing_shell(&run, "command -v %s", program);
	if (run.exit_code == 0) return true;
	print_message("SKIPPED: %s is not installed (packages/test.apt)\n", program);
	return false;
}

/* ---- bash ---- */

/* `words` are quoted for the shell; the last is the one being completed. */
static void expect_bash(const char *script, const char *words, const char *replies) {
	ix_testing_run run;
	ix_testing_shell(&run,
		"cd %s && bash -c 'source %s; COMP_WORDS=(\"$@\"); COMP_CWORD=$(($# - 1)); _inox; "
		"printf \"%%s|\" \"${COMPREPLY[@]}\"' bash %s | tr \"|\" \"\\n\" | LC_ALL=C sort | tr "
		"\"\\n\" \"|\"",
		directory, script, words);
	char expected[1024];
	snprintf(expected, sizeof expected, "%s", replies);
	assert_string_equal(run.err, "");
	if (strcmp(run.out, expected) != 0) fail_msg("%s: '%s', not '%s'", words, run.out, expected);
}

static void bash_completes_systems_verbs_and_options(void **state) {
	(void)state;
	const char *script = make_script("bash");
	expect_bash(script, "inox ''", "completion|demo|help|man|sum|tour|");
	expect_bash(script, "inox de", "demo|");
	expect_bash(script, "inox --v", "--version|");
	expect_bash(script, "inox demo ''", "exec|pack|send|");
	expect_bash(script, "inox demo pa", "pack|");
	expect_bash(script, "inox demo pack --f", "--format|");
	expect_bash(script, "inox demo send --", "--help|--human|--to|");
	expect_bash(script, "inox demo pack a.txt --js", "--json|");
	expect_bash(script, "inox sum --c", "--check|--csv|");
}

static void bash_completes_the_values_of_options(void **state) {
	(void)state;
	const char *script = make_script("bash");
	expect_bash(script, "inox demo pack --format ''", "csv|itch|pcap|");
	expect_bash(script, "inox demo pack -f p", "pcap|");
	expect_bash(script, "inox demo pack --format = c", "csv|"); /* bash cuts --format=c into three */
	expect_bash(script, "inox demo pack --format =", "csv|itch|pcap|");
	expect_bash(script, "inox demo pack --out fo", "folder|fox|");
	expect_bash(script, "inox demo pack --into fo", "folder|");
	expect_bash(script, "inox demo pack --depth ''", "|");
	expect_bash(script, "inox demo pack --depth 5 --js", "--json|");
}

static void bash_completes_operands_by_their_place(void **state) {
	(void)state;
	const char *script = make_script("bash");
	expect_bash(script, "inox demo pack only", "only.itch|");
	expect_bash(script, "inox demo pack x only", "only.itch|");
	expect_bash(script, "inox demo pack 'a f'", "a file|");
	expect_bash(script, "inox demo send --to joe ''", "mail|pigeon|");
	expect_bash(script, "inox demo send --to joe mail ''", "|");
	expect_bash(script, "inox completion z", "zsh|");
	expect_bash(script, "inox help ''", "completion|demo|help|man|sum|tour|");
	expect_bash(script, "inox tour ''", "demo|"); /* the others have no job to show */
	expect_bash(script, "inox help demo s", "send|");
	expect_bash(script, "inox demo pack -- --f", "|");
	expect_bash(script, "inox demo exec ls --e", "|"); /* another program's option */
	expect_bash(script, "inox demo exec --e", "--env|");
}

static void bash_script_is_clean_under_shellcheck(void **state) {
	(void)state;
	if (!has("shellcheck")) skip();
	ix_testing_run run;
	ix_testing_shell(&run, "shellcheck -s bash %s", make_script("bash"));
	assert_string_equal(run.out, "");
	assert_int_equal(run.exit_code, 0);
}

/* ---- fish ---- */

static void expect_fish(const char *script, const char *line, const char *replies) {
	ix_testing_run run;
	ix_testing_shell(&run,
		"cd %s && HOME=%s fish --no-config -c 'source %s; complete -C \"%s\" | string replace -r "
		"\"\\t.*\" \"\" | sort | tr \"\\n\" \"|\"'",
		directory, directory, script, line);
	if (strcmp(run.out, replies) != 0)
		fail_msg("%s: '%s' (%s), not '%s'", line, run.out, run.err, replies);
}

static void fish_completes_all_of_it(void **state) {
	(void)state;
	if (!has("fish")) skip();
	const char *script = make_script("fish");
	expect_fish(script, "inox ", "completion|demo|help|man|sum|tour|");
	expect_fish(script, "inox demo ", "exec|pack|send|");
	expect_fish(script, "inox demo pack --f", "--format|");
	expect_fish(script, "inox demo pack --format ", "csv|itch|pcap|");
	expect_fish(script, "inox demo pack -f p", "pcap|");
	expect_fish(script, "inox demo pack --into fo", "folder/|");
	expect_fish(script, "inox demo pack --out fo", "folder/|fox|");
	expect_fish(script, "inox demo pack x on", "only.itch|");
	expect_fish(script, "inox demo send --to joe ", "mail|pigeon|");
	expect_fish(script, "inox demo send --to joe mail ", "");
	expect_fish(script, "inox help demo ", "exec|pack|send|");
	expect_fish(script, "inox tour ", "demo|");
	expect_fish(script, "inox completion ", "bash|fish|zsh|");
	expect_fish(script, "inox sum --", "--check|--csv|--help|");
}

/* ---- zsh ---- */

/* Types each line, a Tab, and a key that writes the line as it then stands to a file. */
static const char zsh_driver[] =
	"zmodload zsh/zpty\n"
	"zpty shell zsh -f -i\n"
	"zpty -w shell \"PS1= PS2= RPS1=; cd $2; autoload -Uz compinit; compinit -u -D; source $1; "
	"report() { print -r -- \\\"<\\$BUFFER>\\\" >>typed; BUFFER= }; zle -N report; bindkey '^Xr' report; "
	"LISTMAX=1000; print ready\"\n"
	"seen=''\n"
	"while zpty -r shell part; do seen+=$part; [[ $seen == *$'ready\\r'* ]] && break; done\n"
	"cd $2\n"
	"count=0\n"
	"for line in ${@:3}; do\n"
	"	zpty -w -n shell \"$line\"$'\\t\\C-xr'\n"
	"	((count += 1))\n"
	"	for ((wait = 0; wait < 600; wait++)); do\n"
	"		zpty -r -t shell part\n"
	"		[[ -f typed && $(wc -l <typed) -ge $count ]] && break\n"
	"		sleep 0.05\n"
	"	done\n"
	"done\n"
	"zpty -d shell\n"
	"cat typed\n";

/* zsh completes only on a terminal; a bare root directory may have none to give. */
static bool has_terminals(void) {
	int master = posix_openpt(O_RDWR | O_NOCTTY);
	const char *name =
		master >= 0 && grantpt(master) == 0 && unlockpt(master) == 0 ? ptsname(master) : NULL;
	bool is_there = name && access(name, R_OK | W_OK) == 0;
	if (master >= 0) close(master);
	return is_there;
}

static void zsh_completes_all_of_it(void **state) {
	(void)state;
	if (!has("zsh")) skip();
	if (!has_terminals()) {
		print_message("SKIPPED: there are no pseudo-terminals here\n");
		skip();
	}
	const char *script = make_script("zsh");
	char driver[320];
	snprintf(driver, sizeof driver, "%s/driver", directory);
	FILE *file = fopen(driver, "w");
	assert_non_null(file);
	fputs(zsh_driver, file);
	fclose(file);
	static ix_testing_run run;
	ix_testing_shell(&run,
		"HOME=%s TERM=xterm timeout 100 zsh -f %s %s %s 'inox de' 'inox demo pa' 'inox demo pack "
		"--form' "
		"'inox demo pack --format=i' 'inox demo pack -f p' 'inox demo pack only' 'inox demo pack x "
		"only' "
		"'inox demo pack --into=fo' 'inox demo send --to joe pi' 'inox demo exec --e' 'inox help "
		"demo ex' "
		"'inox completion f' 'inox sum --ch' 'inox tour ' 'inox help s'",
		directory, driver, script, directory);
	assert_string_equal(run.out, "<inox demo >\n"
				     "<inox demo pack >\n"
				     "<inox demo pack --format=>\n"
				     "<inox demo pack --format=itch >\n"
				     "<inox demo pack -f pcap >\n"
				     "<inox demo pack only.itch >\n"
				     "<inox demo pack x only.itch >\n"
				     "<inox demo pack --into=folder/>\n"
				     "<inox demo send --to joe pigeon >\n"
				     "<inox demo exec --env=>\n"
				     "<inox help demo exec >\n"
				     "<inox completion fish >\n"
				     "<inox sum --check >\n"
				     "<inox tour demo >\n"
				     "<inox help sum >\n");
}

/* ---- quoting ---- */

static void texts_with_quotes_and_brackets_break_no_script(void **state) {
	(void)state;
	static const ix_option options[] = {{.name = "odd",
						    .letter = 'o',
						    .kind = IX_OPTION_TEXT,
						    .value = "A:B",
						    .help = "it's [odd]: $HOME `id` \\ \"x\" 100%"},
		{0}};
	static const ix_verb verbs[] = {
		{.name = "say", .summary = "Say what's [odd]: $(id)", .options = options}, {0}};
	static const ix_room room = {.name = "odd", .title = "Odd", .summary = "It's: odd", .verbs = verbs};
	static const ix_room *const rooms[] = {&room, NULL};
	static const char *const shells[] = {"bash", "zsh", "fish"};
	static sample_result result;
	ix_program program = sample_program();
	program.rooms = rooms;
	for (size_t i = 0; i < IX_COUNT(shells); i++) {
		if (!has(shells[i])) continue;
		char line[64], path[320];
		snprintf(line, sizeof line, "inox completion %s", shells[i]);
		sample_run_program(&result, program, line);
		snprintf(path, sizeof path, "%s/script", ix_testing_directory());
		FILE *file = fopen(path, "w");
		assert_non_null(file);
		fputs(result.out, file);
		fclose(file);
		ix_testing_run run;
		ix_testing_shell(&run, "HOME=/nonexistent %s -n %s", shells[i], path);
		assert_string_equal(run.err, "");
		assert_int_equal(run.exit_code, 0);
	}
}

static void another_shell_is_a_mistake_of_usage(void **state) {
	(void)state;
	sample_expect_error("inox completion tcsh", 2,
		"inox completion: SHELL: 'tcsh' is not one of bash, zsh, fish ('inox "
		"completion --help' says more)\n");
	sample_expect_error("inox completion", 2,
		"inox completion: SHELL is missing; usage: inox completion [options] SHELL ('inox completion "
		"--help' says more)\n");
}

IX_TESTS(test_completion, cmocka_unit_test(bash_completes_systems_verbs_and_options),
	cmocka_unit_test(bash_completes_the_values_of_options),
	cmocka_unit_test(bash_completes_operands_by_their_place),
	cmocka_unit_test(bash_script_is_clean_under_shellcheck), cmocka_unit_test(fish_completes_all_of_it),
	cmocka_unit_test(zsh_completes_all_of_it),
	cmocka_unit_test(texts_with_quotes_and_brackets_break_no_script),
	cmocka_unit_test(another_shell_is_a_mistake_of_usage));
