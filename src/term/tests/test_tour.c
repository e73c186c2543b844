/* test_tour.c - `inox tour`: jobs that pass, fail, lack something, crash, hang or do not report are a line
 * each. */
#include "sample.h"

#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

static sample_result result;
static char shared[320]; /* a file through which a job, in its own process, tells the test */

static int passes(const ix_tour_context *context, ix_tour_report *ret_report, ix_error *err) {
	(void)err;
	ix_format(ret_report->input, sizeof ret_report->input, "ten\nnumbers");
	ix_format(ret_report->result, sizeof ret_report->result, "sum 55");
	FILE *file = fopen(shared, "w");
	if (file) {
		fputs(context->work_dir, file);
		fclose(file);
	}
	char inside[512];
	ix_format(inside, sizeof inside, "%s/left behind", context->work_dir);
	return mkdir(inside, 0700);
}
static int fails(const ix_tour_context *context, ix_tour_report *ret_report, ix_error *err) {
	(void)context, (void)ret_report;
	return ix_fail(err, IX_ERR_CHECKSUM, "sum 54, not 55");
}
static int lacks(const ix_tour_context *context, ix_tour_report *ret_report, ix_error *err) {
	(void)context, (void)ret_report;
	return ix_fail(err, IX_ERR_ENVIRONMENT, "there is no /dev/kvm");
}
static int has_no_space(const ix_tour_context *context, ix_tour_report *ret_report, ix_error *err) {
	(void)context, (void)ret_report;
	return ix_fail(err, IX_ERR_NO_SPACE, "the disk is full");
}
static int has_no_memory(const ix_tour_context *context, ix_tour_report *ret_report, ix_error *err) {
	(void)context, (void)ret_report;
	return ix_fail(err, IX_ERR_MEMORY, "no memory");
}
static int crashes(const ix_tour_context *context, ix_tour_report *ret_report, ix_error *err) {
	(void)context, (void)ret_report, (void)err;
	kill(getpid(), SIGKILL);
	return 0;
}
static int ends(const ix_tour_context *context, ix_tour_report *ret_report, ix_error *err) {
	(void)context, (void)ret_report, (void)err;
	_exit(7);
}
static int is_at_fault(const ix_tour_context *context, ix_tour_report *ret_report, ix_error *err) {
	(void)context, (void)ret_report;
	return ix_fail(err, IX_ERR_INTERNAL, "the books do not add up");
}
static int fails_silently(const ix_tour_context *context, ix_tour_report *ret_report, ix_error *err) {
	(void)context, (void)ret_report, (void)err;
	return IX_ERR_TIMEOUT;
}

#define ROOM(function) \
	{.name = #function, .title = "T", .summary = "S", .verbs = sample_verbs, .tour = function}
static const ix_verb sample_verbs[] = {{.name = "verb", .summary = "Do"}, {0}};
static const ix_room pass_room = ROOM(passes), fail_room = ROOM(fails), lack_room = ROOM(lacks),
		     crash_room = ROOM(crashes), end_room = ROOM(ends), fault_room = ROOM(is_at_fault),
		     silent_room = ROOM(fails_silently), space_room = ROOM(has_no_space),
		     memory_room = ROOM(has_no_memory);

static void run_tour(const ix_room *const *rooms, const char *line) {
	ix_program program = sample_program();
	program.rooms = rooms;
	snprintf(shared, sizeof shared, "%s/shared", ix_testing_directory());
	sample_run_program(&result, program, line);
}

static void a_tour_without_failures_exits_0(void **state) {
	(void)state;
	run_tour((const ix_room *const[]){&pass_room, &lack_room, NULL}, "inox tour");
	/* the test's clock stands still; "passes" is the longer name */
	assert_string_equal(result.out, "passes  ok       ten\\nnumbers: sum 55  (0 ns)\n"
					"lacks   skipped  there is no /dev/kvm  (0 ns)\n"
					"1 passed, 0 failed, 1 skipped\n");
	assert_string_equal(result.err, "");
	assert_int_equal(result.code, 0);
}

static void what_the_machine_has_no_room_for_is_skipped(void **state) {
	(void)state;
	run_tour((const ix_room *const[]){&space_room, &memory_room, NULL}, "inox tour");
	assert_string_equal(result.out, "has_no_space   skipped  the disk is full  (0 ns)\n"
					"has_no_memory  skipped  no memory  (0 ns)\n"
					"0 passed, 0 failed, 2 skipped\n");
	assert_int_equal(result.code, 0);
}

static void a_failed_job_exits_1_and_the_tour_goes_on(void **state) {
	(void)state;
	run_tour((const ix_room *const[]){&fail_room, &silent_room, &pass_room, NULL}, "inox tour");
	assert_string_equal(result.out, "fails           failed   sum 54, not 55  (0 ns)\n"
					"fails_silently  failed   timeout  (0 ns)\n"
					"passes          ok       ten\\nnumbers: sum 55  (0 ns)\n"
					"1 passed, 2 failed, 0 skipped\n");
	assert_int_equal(result.code, 1);
}

static void a_crash_is_a_line_and_exits_5(void **state) {
	(void)state;
	run_tour((const ix_room *const[]){&crash_room, &end_room, &fault_room, &fail_room, &pass_room, NULL},
		"inox tour");
	assert_string_equal(result.out, "crashes      crashed  crashed: Killed  (0 ns)\n"
					"ends         crashed  ended without a report, exit code 7  (0 ns)\n"
					"is_at_fault  crashed  the books do not add up  (0 ns)\n"
					"fails        failed   sum 54, not 55  (0 ns)\n"
					"passes       ok       ten\\nnumbers: sum 55  (0 ns)\n"
					"1 passed, 4 failed, 0 skipped\n");
	assert_int_equal(result.code, 5);
}

static void programs_get_the_tour_as_json(void **state) {
	(void)state;
	run_tour((const ix_room *const[]){&pass_room, &fail_room, NULL}, "inox tour --json");
	assert_string_equal(result.out, "{\n"
					"  \"jobs\": [\n"
					"    {\"system\": \"passes\", \"state\": \"ok\", \"input\": "
					"\"ten\\nnumbers\", \"result\": \"sum 55\", \"duration_ns\": 0},\n"
					"    {\"system\": \"fails\", \"state\": \"failed\", \"error\": \"sum "
					"54, not 55\", \"duration_ns\": 0}\n"
					"  ],\n"
					"  \"passed\": 1,\n"
					"  \"failed\": 1,\n"
					"  \"skipped\": 0,\n"
					"  \"crashed\": 0\n"
					"}\n");
	assert_int_equal(result.code, 1);
}

static void one_system_may_be_picked(void **state) {
	(void)state;
	run_tour((const ix_room *const[]){&fail_room, &pass_room, NULL}, "inox tour passes");
	assert_string_equal(result.out,
		"passes  ok       ten\\nnumbers: sum 55  (0 ns)\n1 passed, 0 failed, 0 skipped\n");
	assert_int_equal(result.code, 0);
}

static void a_job_works_in_a_directory_that_is_gone_afterwards(void **state) {
	(void)state;
	run_tour((const ix_room *const[]){&pass_room, NULL}, "inox tour");
	size_t size;
	char *told = (char *)ix_testing_read(shared, &size), path[512];
	snprintf(path, sizeof path, "%.*s", (int)size, told);
	free(told);
	assert_int_equal(path[0], '/');
	assert_int_equal(access(path, F_OK), -1);
}

static void a_system_without_a_job_is_passed_over_or_a_mistake_of_usage(void **state) {
	(void)state;
	sample_expect_output("inox tour", "demo  ok       three files: 1 archive in its own directory  (0 "
					  "ns)\n1 passed, 0 failed, 0 skipped\n");
	sample_expect_error("inox tour sum", 2, "inox tour: sum has no job to show\n");
	sample_expect_error("inox tour dmeo", 2,
		"inox tour: there is no system 'dmeo'; did you mean 'demo'? ('inox --help' lists them)\n");
}

static void a_terminal_sees_which_job_runs(void **state) {
	(void)state;
	ix_program program = sample_program();
	program.progress = true;
	sample_run_program(&result, program, "inox tour");
	assert_string_equal(result.err, "demo …\r      \r");
}

IX_TESTS(test_tour, cmocka_unit_test(a_tour_without_failures_exits_0),
	cmocka_unit_test(what_the_machine_has_no_room_for_is_skipped),
	cmocka_unit_test(a_failed_job_exits_1_and_the_tour_goes_on),
	cmocka_unit_test(a_crash_is_a_line_and_exits_5), cmocka_unit_test(programs_get_the_tour_as_json),
	cmocka_unit_test(one_system_may_be_picked),
	cmocka_unit_test(a_job_works_in_a_directory_that_is_gone_afterwards),
	cmocka_unit_test(a_system_without_a_job_is_passed_over_or_a_mistake_of_usage),
	cmocka_unit_test(a_terminal_sees_which_job_runs));
