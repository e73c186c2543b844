/* test_faults.c - our own faults, as a user meets them: one line, and the exit code that says whose fault it
 * was. */
#include <inox/testing.h>

static ix_testing_run run;

/* The command with faulty_room.c for a room, built beside the tests. */
static void faulty(const char *arguments) {
	ix_testing_shell(&run, "$(dirname %s)/../tests/command/inox-faulty %s", ix_testing_inox(), arguments);
}

static void a_panic_is_one_line_with_its_place_and_an_abort(void **state) {
	(void)state;
	faulty("faulty panic");
	assert_int_equal(run.exit_code, 134); /* 128 and SIGABRT */
	ix_str line = ix_str_from(run.err);
	assert_true(ix_str_starts_with(line, IX_STR("inox: internal error: ")));
	assert_non_null(strstr(run.err, "term/call.c:"));
	assert_non_null(strstr(run.err, ": option != NULL\n"));
}

static void an_internal_error_is_one_line_and_exit_code_5(void **state) {
	(void)state;
	faulty("faulty fail");
	assert_string_equal(run.out, "half a result\n");
	assert_string_equal(run.err, "inox faulty: the books do not add up\n");
	assert_int_equal(run.exit_code, 5);
}

static void the_answer_no_is_exit_code_1_even_on_a_full_disk(void **state) {
	(void)state;
	faulty("faulty no");
	assert_string_equal(run.out, "no\n");
	assert_int_equal(run.exit_code, 1);
	faulty("faulty no >/dev/full");
	assert_int_equal(run.exit_code, 4);
	assert_string_equal(run.err, "inox: the output could not be written: the disk is full\n");
}

static void a_job_that_crashes_does_not_end_the_tour(void **state) {
	(void)state;
	faulty("tour");
	assert_int_equal(run.exit_code, 5);
	assert_true(ix_str_starts_with(ix_str_from(run.out), IX_STR("faulty  crashed  crashed: Aborted  (")));
	assert_non_null(strstr(run.out, "\n0 passed, 1 failed, 0 skipped\n"));
}

IX_TESTS(test_faults, cmocka_unit_test(a_panic_is_one_line_with_its_place_and_an_abort),
	cmocka_unit_test(an_internal_error_is_one_line_and_exit_code_5),
	cmocka_unit_test(the_answer_no_is_exit_code_1_even_on_a_full_disk),
	cmocka_unit_test(a_job_that_crashes_does_not_end_the_tour));
