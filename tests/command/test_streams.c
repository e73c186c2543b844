/* test_streams.c - what becomes of output that cannot be written: a full disk, a closed descriptor, a reader
 * that is gone. */
#include <inox/testing.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

static ix_testing_run run;

static const char *const printers[] = {"--help", "--version", "--version --json", "help --json", "help help",
	"man", "completion bash", "completion zsh", "completion fish"};

static void a_full_disk_is_one_line_and_exit_code_4(void **state) {
	(void)state;
	for (size_t i = 0; i < IX_COUNT(printers); i++) {
		ix_testing_shell(&run, "%s %s >/dev/full", ix_testing_inox(), printers[i]);
		ix_str line = ix_str_from(run.err);
		if (run.exit_code != 4 || !ix_str_ends_with(line, IX_STR("the disk is full\n")) ||
			ix_str_find(line, '\n') != line.size - 1)
			fail_msg("%s: exit code %d: %s", printers[i], run.exit_code, run.err);
	}
}

static void a_closed_stdout_is_one_line_and_exit_code_4(void **state) {
	(void)state;
	for (size_t i = 0; i < IX_COUNT(printers); i++) {
		ix_testing_shell(&run, "%s %s >&-", ix_testing_inox(), printers[i]);
		if (run.exit_code != 4 || !strstr(run.err, "not open"))
			fail_msg("%s: exit code %d: %s", printers[i], run.exit_code, run.err);
	}
}

static void a_closed_stdin_or_stderr_does_no_harm(void **state) {
	(void)state;
	ix_testing_shell(&run, "%s --version <&-", ix_testing_inox());
	assert_int_equal(run.exit_code, 0);
	ix_testing_shell(&run, "%s --version 2>&-", ix_testing_inox());
	assert_int_equal(run.exit_code, 0);
	ix_testing_shell(&run, "%s nonsense 2>&-", ix_testing_inox());
	assert_int_equal(run.exit_code, 2);
	assert_string_equal(run.out, "");
}

/* Runs it with stdout a pipe whose reader is gone; gives the status, and what came on stderr. */
static int run_into_a_broken_pipe(const char *argument, bool ignored, char *err, size_t capacity) {
	int out[2], errors[2], status = 0;
	assert_int_equal(pipe(out), 0);
	assert_int_equal(pipe(errors), 0);
	close(out[0]); /* before there is a child that could write */
	fflush(NULL);
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		signal(SIGPIPE, ignored ? SIG_IGN : SIG_DFL);
		dup2(out[1], 1), dup2(errors[1], 2);
		close(out[1]), close(errors[0]), close(errors[1]);
		execlp(ix_testing_inox(), "inox", argument, (char *)NULL);
		_exit(127);
	}
	close(out[1]), close(errors[1]);
	ssize_t got = read(errors[0], err, capacity - 1);
	err[got > 0 ? got : 0] = '\0';
	close(errors[0]);
	while (waitpid(child, &status, 0) < 0) assert_int_equal(errno, EINTR);
	return status;
}

static void a_reader_that_is_gone_ends_it_quietly_as_it_ends_cat(void **state) {
	(void)state;
	static const char *const arguments[] = {"--help", "--version", "man", "help"};
	char err[4096];
	for (size_t i = 0; i < IX_COUNT(arguments); i++)
		for (int ignored = 0; ignored < 2; ignored++) {
			int status = run_into_a_broken_pipe(arguments[i], ignored, err, sizeof err);
			assert_string_equal(err, "");
			assert_true(WIFSIGNALED(status));
			assert_int_equal(WTERMSIG(status), SIGPIPE);
		}
}

static void an_error_and_a_full_disk_are_still_one_line(void **state) {
	(void)state;
	ix_testing_shell(&run, "%s help nonsense >/dev/full", ix_testing_inox());
	assert_int_equal(run.exit_code, 2);
	assert_string_equal(run.err, "inox help: there is no system 'nonsense' ('inox --help' lists them)\n");
}

IX_TESTS(test_streams, cmocka_unit_test(a_full_disk_is_one_line_and_exit_code_4),
	cmocka_unit_test(a_closed_stdout_is_one_line_and_exit_code_4),
	cmocka_unit_test(a_closed_stdin_or_stderr_does_no_harm),
	cmocka_unit_test(a_reader_that_is_gone_ends_it_quietly_as_it_ends_cat),
	cmocka_unit_test(an_error_and_a_full_disk_are_still_one_line));
