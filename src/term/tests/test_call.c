/* test_call.c - what a verb's run function has at hand: tables in the form that was asked for, progress,
 * look-ups that insist on the verb's table, and memory that runs out. */
#include "sample.h"

#include <inox/alloc.h>
#include <inox/clock.h>
#include <inox/json_writer.h>

static sample_result result;

static const ix_table_column columns[] = {{"name"}, {"size", .kind = IX_TABLE_INTEGER, .grouped = true}, {0}};

static int run_list(ix_call *call) {
	ix_table_options options = ix_call_table(call);
	ix_table *table;
	if (ix_table_new(columns, &options, call->out, &table, &call->error)) return ix_call_fail(call);
	ix_table_text(table, IX_STR("a long name of a file"));
	ix_table_integer(table, 1234);
	return ix_table_end(table, &call->error) ? ix_call_fail(call) : 0;
}

static int run_slowly(ix_call *call) {
	ix_progress bar;
	ix_call_progress(call, &bar, "day.itch", IX_PROGRESS_BYTES, 2048);
	ix_clock_virtual_advance(call->clock->context, 2 * IX_NS_PER_SECOND);
	ix_progress_update(&bar, 1024);
	ix_progress_end(&bar);
	return 0;
}

static const char *asked;
static int run_ask(ix_call *call) { return ix_call_has(call, asked) ? 1 : 0; }
static int run_ask_kind(ix_call *call) { return ix_call_integer(call, asked) ? 1 : 0; }

static int run_ask_given(ix_call *call) {
	return ix_call_has(call, "depth") * 10 + ix_call_given(call, "depth");
}
static const ix_option given_options[] = {
	{.name = "depth", .kind = IX_OPTION_INTEGER, .value = "N", .fallback = "5", .help = "levels"}, {0}};

static const ix_option ask_options[] = {{.name = "flag", .kind = IX_OPTION_FLAG, .help = "a flag"}, {0}};
static const ix_verb verbs[] = {
	{.name = "list", .summary = "List", .run = run_list, .has_json = true, .has_csv = true},
	{.name = "slow", .summary = "Take two seconds", .run = run_slowly},
	{.name = "ask", .summary = "Ask", .options = ask_options, .run = run_ask},
	{.name = "given", .summary = "Ask", .options = given_options, .run = run_ask_given},
	{.name = "kind", .summary = "Ask for a number", .options = ask_options, .run = run_ask_kind},
	{0},
};
static const ix_room room = {.name = "room", .title = "Room", .summary = "List", .verbs = verbs};
static const ix_room *const rooms[] = {&room, NULL};

static ix_program program_of(void) {
	ix_program program = sample_program();
	program.rooms = rooms;
	return program;
}

static void expect(ix_program program, const char *line, const char *out) {
	sample_run_program(&result, program, line);
	assert_string_equal(result.err, "");
	assert_string_equal(result.out, out);
	assert_int_equal(result.code, 0);
}

static void a_table_takes_the_form_that_was_asked_for(void **state) {
	(void)state;
	expect(program_of(), "inox room list",
		"name                    size\n─────────────────────  ─────\na long name of a file  1,234\n");
	expect(program_of(), "inox room list --json",
		"[\n  {\"name\": \"a long name of a file\", \"size\": 1234}\n]\n");
	expect(program_of(), "inox room list --csv", "name,size\r\na long name of a file,1234\r\n");
}

static void a_table_takes_the_terminals_width_and_colour(void **state) {
	(void)state;
	ix_program program = program_of();
	program.columns = 20;
	expect(program, "inox room list",
		"name            size\n─────────────  ─────\na long name …  1,234\n");
	program = program_of();
	program.colour_out = true;
	sample_run_program(&result, program, "inox room list");
	assert_non_null(strstr(result.out, "\x1b[1mname\x1b[0m"));
}

static void a_default_is_there_but_was_not_given(void **state) {
	(void)state;
	sample_run_program(&result, program_of(), "inox room given");
	assert_int_equal(result.code, 10);
	sample_run_program(&result, program_of(), "inox room given --depth 5");
	assert_int_equal(result.code, 11);
}

static void json_and_csv_exclude_each_other(void **state) {
	(void)state;
	sample_run_program(&result, program_of(), "inox room list --json --csv");
	assert_string_equal(result.err, "inox room list: options --json and --csv exclude each other ('inox "
					"room list --help' says more)\n");
	assert_int_equal(result.code, 2);
}

static void an_operand_where_none_is_taken_is_too_much(void **state) {
	(void)state;
	sample_run_program(&result, program_of(), "inox room list x");
	assert_string_equal(result.err, "inox room list: 'x' is too much: this takes no operands ('inox room "
					"list --help' says more)\n");
	assert_int_equal(result.code, 2);
}

static void progress_is_shown_on_stderr_where_that_is_a_terminal(void **state) {
	(void)state;
	ix_clock_virtual clock;
	ix_clock_virtual_init(&clock, 0);
	ix_program program = program_of();
	program.clock = &clock.clock;
	expect(program, "inox room slow", "");
	program.progress = true;
	sample_run_program(&result, program, "inox room slow");
	assert_non_null(strstr(result.err, "\rday.itch   50% "));
	assert_int_equal(result.err[strlen(result.err) - 1], '\r');
	assert_string_equal(result.out, "");
}

/* ---- our own mistakes ---- */

static jmp_buf caught;
static char panicked[256];

static void catch_panic(const char *expression, const char *file, int line) {
	(void)file, (void)line;
	snprintf(panicked, sizeof panicked, "%s", expression);
	longjmp(caught, 1);
}

/* What the run left open when it was cut short: streams are tmpfile's, and the words are the parser's. */
static void expect_panic(int (*run)(ix_call *call), const char *option) {
	asked = option;
	panicked[0] = '\0';
	ix_call call = {0};
	call.room = &room;
	call.verb = run == run_ask ? &verbs[2] : &verbs[3];
	ix_panic_set_hook(catch_panic);
	if (setjmp(caught) == 0) run(&call);
	ix_panic_set_hook(NULL);
	assert_string_not_equal(panicked, "");
}

static void asking_for_what_the_table_lacks_is_a_panic(void **state) {
	(void)state;
	expect_panic(run_ask, "falg");
	expect_panic(run_ask_kind, "flag"); /* it is there, and no number */
}

static void memory_that_runs_out_is_one_line_and_exit_code_4(void **state) {
	(void)state;
	ix_alloc_probe probe;
	ix_alloc_probe_init(&probe, NULL);
	const ix_allocator *before = ix_allocator_replace(&probe.allocator);
	unsigned failures = 0;
	for (uint64_t n = 1; n < 20; n++) {
		probe.calls = probe.failures = 0;
		probe.fail_at = n;
		sample_run_program(&result, program_of(), "inox room list");
		assert_int_equal(probe.live_blocks, 0);
		if (!probe.failures) break;
		failures++;
		assert_int_equal(result.code, 4);
		assert_int_equal(strncmp(result.err, "inox room: ", 11), 0);
		assert_non_null(strstr(result.err, "memory"));
	}
	ix_allocator_replace(before);
	assert_true(failures >= 3); /* the parser's two, and the table's */
}

IX_TESTS(test_call, cmocka_unit_test(a_table_takes_the_form_that_was_asked_for),
	cmocka_unit_test(a_table_takes_the_terminals_width_and_colour),
	cmocka_unit_test(a_default_is_there_but_was_not_given),
	cmocka_unit_test(json_and_csv_exclude_each_other),
	cmocka_unit_test(an_operand_where_none_is_taken_is_too_much),
	cmocka_unit_test(progress_is_shown_on_stderr_where_that_is_a_terminal),
	cmocka_unit_test(asking_for_what_the_table_lacks_is_a_panic),
	cmocka_unit_test(memory_that_runs_out_is_one_line_and_exit_code_4));
