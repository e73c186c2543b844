/* test_check.c - the check of a room's tables: right ones pass, and each kind of mistake is named. */
#include "sample.h"

#include "internal.h"

static int run_nothing(ix_call *call) { return (void)call, 0; }

static void expect_room(const ix_room *room, const char *complaint) {
	ix_error error = {0};
	int code = ix_program_check_room(room, &error);
	assert_string_equal(error.text, complaint);
	assert_int_equal(code, *complaint ? IX_ERR_USAGE : 0);
}

static void right_tables_pass(void **state) {
	(void)state;
	expect_room(&sample_demo, "");
	expect_room(&sample_sum, "");
	for (const ix_room *const *own = ix_command_own_rooms; *own; own++) expect_room(*own, "");
}

/* One verb with these, in an otherwise right room. */
static void expect_tables(const ix_option *options, const ix_operand *operands, const ix_example *examples,
	const char *complaint) {
	char text[IX_ERROR_TEXT_MAX] = "";
	const ix_verb verbs[] = {{.name = "do",
					 .summary = "Do it",
					 .options = options,
					 .operands = operands,
					 .examples = examples,
					 .run = run_nothing},
		{0}};
	const ix_room room = {.name = "room", .title = "Room", .summary = "Do things", .verbs = verbs};
	if (*complaint) snprintf(text, sizeof text, "room do: %s", complaint);
	expect_room(&room, text);
}

#define OPTION(complaint, ...) expect_tables((const ix_option[]){{__VA_ARGS__}, {0}}, NULL, NULL, complaint)

static void wrong_options_are_named(void **state) {
	(void)state;
	OPTION("", .name = "x", .help = "it");
	OPTION("--X: not a name", .name = "X", .help = "it");
	OPTION("--x-: not a name", .name = "x-", .help = "it");
	OPTION("--x: its help is not one line without a full stop", .name = "x", .help = "It.");
	OPTION("--x: its help is not one line without a full stop", .name = "x");
	OPTION("--x: its help is not one line without a full stop", .name = "x", .help = "a\nb");
	OPTION("--help: there are two of that name", .name = "help", .help = "it");
	OPTION("--x: its letter is none", .name = "x", .letter = '-', .help = "it");
	OPTION("--x: a flag has no value, default, requirement or repetition", .name = "x", .fallback = "1",
		.help = "it");
	OPTION("--x: its value has no name", .name = "x", .kind = IX_OPTION_TEXT, .help = "it");
	OPTION("--x: choices are for the kind of that name", .name = "x", .kind = IX_OPTION_TEXT,
		.value = "X", .choices = "a|b", .help = "it");
	OPTION("--x: choices are for the kind of that name", .name = "x", .kind = IX_OPTION_CHOICE,
		.value = "X", .help = "it");
	OPTION("--x: its choices are empty or repeated", .name = "x", .kind = IX_OPTION_CHOICE, .value = "X",
		.choices = "a|b|a", .help = "it");
	OPTION("--x: its choices are empty or repeated", .name = "x", .kind = IX_OPTION_CHOICE, .value = "X",
		.choices = "a||b", .help = "it");
	OPTION("--x: its choices are empty or repeated", .name = "x", .kind = IX_OPTION_CHOICE, .value = "X",
		.choices = "a|", .help = "it");
	OPTION("--x: only numbers have a range", .name = "x", .kind = IX_OPTION_TEXT, .value = "X",
		.maximum = 9, .help = "it");
	OPTION("--x: its range is empty", .name = "x", .kind = IX_OPTION_INTEGER, .value = "X", .minimum = 9,
		.help = "it");
	OPTION("--x: has a default, and is required", .name = "x", .kind = IX_OPTION_TEXT, .value = "X",
		.fallback = "a", .required = true, .help = "it");
	OPTION("--x: its default: 'a' is not a whole number", .name = "x", .kind = IX_OPTION_INTEGER,
		.value = "X", .fallback = "a", .help = "it");
	OPTION("--x: no such kind", .name = "x", .kind = (ix_option_kind)99, .value = "X", .help = "it");
	expect_tables((const ix_option[]){{.name = "x", .help = "it"}, {.name = "x", .help = "it"}, {0}},
		NULL, NULL, "--x: there are two of that name");
	expect_tables((const ix_option[]){{.name = "x", .letter = 'x', .help = "it"},
			      {.name = "y", .letter = 'x', .help = "it"}, {0}},
		NULL, NULL, "--x: -x is taken");
}

static void wrong_operands_are_named(void **state) {
	(void)state;
	expect_tables(NULL,
		(const ix_operand[]){{.name = "A", .help = "a"},
			{.name = "B", .optional = true, .many = true, .help = "b"}, {0}},
		NULL, "");
	expect_tables(NULL, (const ix_operand[]){{.name = "A"}, {0}}, NULL,
		"A: its help is not one line without a full stop");
	expect_tables(NULL,
		(const ix_operand[]){
			{.name = "A", .many = true, .help = "a"}, {.name = "B", .help = "b"}, {0}},
		NULL, "B: stands after one that takes all");
	expect_tables(NULL,
		(const ix_operand[]){
			{.name = "A", .optional = true, .help = "a"}, {.name = "B", .help = "b"}, {0}},
		NULL, "B: is required after one that is not");
	expect_tables(NULL, (const ix_operand[]){{.name = "A", .choices = "x|x", .help = "a"}, {0}}, NULL,
		"A: its choices are empty or repeated");
	expect_tables(NULL, (const ix_operand[]){{.name = "A", .verbatim = true, .help = "a"}, {0}}, NULL,
		"A: the first operand cannot be verbatim: no option could be given");
}

static void expect_example(const char *line, const char *says, const char *complaint) {
	static const ix_option options[] = {
		{.name = "depth", .letter = 'd', .kind = IX_OPTION_INTEGER, .value = "N", .help = "it"}, {0}};
	static const ix_operand operands[] = {{.name = "FILE", .help = "it"}, {0}};
	expect_tables(options, operands, (const ix_example[]){{line, says}, {0}}, complaint);
}

static void examples_must_be_command_lines_that_the_tables_take(void **state) {
	(void)state;
	expect_example("inox room do a.txt", "do it", "");
	expect_example("zcat a.gz | inox room do -d 5 - >out", NULL, "");
	expect_example("inox other do --what ever; inox room do 'a file'", NULL, "");
	expect_example("inox room do \"a  b\" # a comment", NULL, "");
	expect_example("inox room do", NULL,
		"example 'inox room do': FILE is missing; usage: inox room do [options] FILE");
	expect_example("inox room do a b", NULL,
		"example 'inox room do a b': 'b' is one operand too many; usage: inox room do [options] "
		"FILE");
	expect_example("inox room do -d x a", NULL,
		"example 'inox room do -d x a': option --depth: 'x' is not a whole number");
	expect_example("cat x | inox room do --dept 1 a", NULL,
		"example 'cat x | inox room do --dept 1 a': there is no option --dept; did you mean "
		"--depth?");
	expect_example("inox room did a", NULL, "example 'inox room did a': there is no verb 'did'");
	expect_example("ls", NULL, "example 'ls': does not run the command");
	expect_example("inox room do a", "Does it.",
		"example 'inox room do a': what it says is not one line without a full stop");
}

static void wrong_rooms_and_verbs_are_named(void **state) {
	(void)state;
	static const ix_verb good[] = {{.name = "do", .summary = "Do it", .run = run_nothing}, {0}},
			     none[] = {{0}};
	static const ix_verb twice[] = {{.name = "do", .summary = "Do it", .run = run_nothing},
		{.name = "do", .summary = "Do it", .run = run_nothing}, {0}};
	static const ix_verb idle[] = {{.name = "do", .summary = "Do it"}, {0}},
			     wordy[] = {{.name = "do", .summary = "Do it.", .run = run_nothing}, {0}};
	static const ix_verb odd[] = {{.name = "Do", .summary = "Do it", .run = run_nothing}, {0}};
	expect_room(&(ix_room){.name = "room", .title = "R", .summary = "Do", .verbs = good}, "");
	expect_room(&(ix_room){.name = "a room", .title = "R", .summary = "Do", .verbs = good},
		"'a room' is not a name for a system");
	expect_room(&(ix_room){.name = "help", .title = "R", .summary = "Do", .verbs = good},
		"help: the command itself has that name");
	expect_room(&(ix_room){.name = "room", .summary = "Do", .verbs = good},
		"room: title and summary are one line each, without a full stop");
	expect_room(&(ix_room){.name = "room", .title = "R", .summary = "Do", .verbs = none},
		"room: has no verbs");
	expect_room(&(ix_room){.name = "room", .title = "R", .summary = "Do", .verbs = twice},
		"room do: there are two of that name");
	expect_room(&(ix_room){.name = "room", .title = "R", .summary = "Do", .verbs = idle},
		"room do: does nothing");
	expect_room(&(ix_room){.name = "room", .title = "R", .summary = "Do", .verbs = wordy},
		"room do: its summary is not one line without a full stop");
	expect_room(&(ix_room){.name = "room", .title = "R", .summary = "Do", .verbs = odd},
		"room Do: not a name");
}

IX_TESTS(test_check, cmocka_unit_test(right_tables_pass), cmocka_unit_test(wrong_options_are_named),
	cmocka_unit_test(wrong_operands_are_named),
	cmocka_unit_test(examples_must_be_command_lines_that_the_tables_take),
	cmocka_unit_test(wrong_rooms_and_verbs_are_named));
