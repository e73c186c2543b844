/* test_terminal.c - the command on a terminal, a pseudo one: colour, its absence, and the width. */
#include <inox/testing.h>

#include <errno.h>
#include <fcntl.h>
#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

/* Runs `inox --help` on a terminal so wide, with one variable more; gives what the terminal saw. */
static const char *on_terminal(unsigned short columns, const char *name, const char *value) {
	static char seen[65536];
	struct winsize size = {.ws_row = 24, .ws_col = columns};
	int master, status = 0;
	size_t used = 0;
	fflush(NULL);
	pid_t child = forkpty(&master, NULL, NULL, &size);
	if (child < 0) {
		print_message("SKIPPED: there are no pseudo-terminals here\n");
		skip();
	}
	if (child == 0) {
		static const char *const cleared[] = {"NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "COLUMNS"};
		for (size_t i = 0; i < IX_COUNT(cleared); i++) unsetenv(cleared[i]);
		setenv("TERM", "xterm-256color", 1);
		if (name) setenv(name, value, 1);
		execlp(ix_testing_inox(), "inox", "--help", (char *)NULL);
		_exit(127);
	}
	/* The other end is gone when reading fails. */
	for (;;) {
		ssize_t got = read(master, seen + used, sizeof seen - 1 - used);
		if (got < 0 && errno == EINTR) continue;
		if (got <= 0) break;
		used += (size_t)got;
	}
	seen[used] = '\0';
	close(master);
	while (waitpid(child, &status, 0) < 0) assert_int_equal(errno, EINTR);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	return seen;
}

static void headings_are_strong(void **state) {
	(void)state;
	assert_non_null(strstr(on_terminal(80, NULL, NULL), "\x1b[1mThe command itself:\x1b[0m"));
}

static void no_color_and_a_dumb_terminal_are_obeyed(void **state) {
	(void)state;
	assert_null(strchr(on_terminal(80, "NO_COLOR", "1"), '\x1b'));
	assert_null(strchr(on_terminal(80, "TERM", "dumb"), '\x1b'));
	assert_null(strchr(on_terminal(80, "CLICOLOR", "0"), '\x1b'));
}

static void text_is_filled_to_the_terminal_and_to_columns(void **state) {
	(void)state;
	for (int way = 0; way < 2; way++) {
		ix_str rest = ix_str_from(
			way ? on_terminal(200, "COLUMNS", "44") : on_terminal(44, "NO_COLOR", "1"));
		size_t widest = 0, lines = 0;
		/* the usage line and the two at the end are not filled: they are to be typed as they stand */
		for (; rest.size; lines++) {
			ix_str line = ix_str_trim(ix_str_cut(&rest, '\n'));
			if (lines >= 2 && line.size && line.data[0] != '\'')
				widest = ix_size_max(widest, line.size);
		}
		assert_in_range(widest, 38, 44);
	}
}

static void a_pipe_has_colour_only_when_forced(void **state) {
	(void)state;
	ix_testing_run run;
	ix_testing_shell(&run, "TERM=xterm %s --help", ix_testing_inox());
	assert_null(strchr(run.out, '\x1b'));
	ix_testing_shell(&run, "CLICOLOR_FORCE=1 %s --help", ix_testing_inox());
	assert_non_null(strchr(run.out, '\x1b'));
	ix_testing_shell(&run, "CLICOLOR_FORCE=1 NO_COLOR=1 %s --help", ix_testing_inox());
	assert_null(strchr(run.out, '\x1b'));
}

IX_TESTS(test_terminal, cmocka_unit_test(headings_are_strong),
	cmocka_unit_test(no_color_and_a_dumb_terminal_are_obeyed),
	cmocka_unit_test(text_is_filled_to_the_terminal_and_to_columns),
	cmocka_unit_test(a_pipe_has_colour_only_when_forced));
