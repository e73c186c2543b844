/* Other programs: what they get, how they end; and what this one uses. */
#include <inox/process.h>

#include "helpers.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>

/* Runs /bin/sh -c `script`, its stdout through a pipe into `out`; returns its status. */
static ix_process_status run_shell(
	const ix_process_options *options, const char *script, char *out, size_t capacity) {
	const char *arguments[] = {"sh", "-c", script, NULL};
	int ends[2];
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	ix_process_descriptor descriptors[8] = {{1, ends[1]}};
	for (size_t i = 0; i < options->descriptor_count; i++) descriptors[i + 1] = options->descriptors[i];
	ix_process_options all = *options;
	all.arguments = arguments;
	all.descriptors = descriptors;
	all.descriptor_count++;
	ix_process process;
	ix_error err;
	if (ix_process_start(&all, &process, &err)) fail_msg("%s", err.text);
	close(ends[1]);
	size_t length = 0;
	for (ssize_t got; (got = read(ends[0], out + length, capacity - 1 - length)) > 0;)
		length += (size_t)got;
	out[length] = '\0';
	close(ends[0]);
	ix_process_status status;
	assert_int_equal(ix_process_wait(&process, 30000, &status, NULL), 0);
	return status;
}

static void runs_a_program_and_gives_its_status(void **state) {
	(void)state;
	char out[64];
	ix_process_options options = {0};
	ix_process_status status = run_shell(&options, "echo hello; exit 3", out, sizeof out);
	assert_string_equal(out, "hello\n");
	assert_false(status.was_killed);
	assert_int_equal(status.code, 3);
	assert_true(status.resident_max_bytes > 100000);
	assert_true(status.cpu_user_ns >= 0);
}

static void a_killed_program_tells_its_signal(void **state) {
	(void)state;
	char out[64];
	ix_process_options options = {0};
	ix_process_status status = run_shell(&options, "kill -TERM $$", out, sizeof out);
	assert_true(status.was_killed);
	assert_int_equal(status.code, SIGTERM);
}

static void the_child_has_only_the_descriptors_it_was_given(void **state) {
	(void)state;
	char out[256];
	int stray = open("/dev/null", O_RDONLY); /* without O_CLOEXEC */
	int given = open("/dev/zero", O_RDONLY);
	ix_process_descriptor extra = {7, given};
	ix_process_options options = {.descriptors = &extra, .descriptor_count = 1};
	ix_process_status status = run_shell(&options,
		"ls -l /proc/$$/fd | sed -n 's/.* \\([0-9]*\\) -> /\\1 /p' | grep -v pipe:", out, sizeof out);
	close(stray), close(given);
	assert_int_equal(status.code, 0);
	assert_string_equal(out, "0 /dev/null\n2 /dev/null\n7 /dev/zero\n");
}

static void descriptors_may_change_places(void **state) {
	(void)state;
	char out[64] = "", path[PATH_BYTES];
	const char *directory = ix_testing_directory();
	put_file(path_in(path, directory, "a"), "A");
	int a = open(path, O_RDONLY);
	put_file(path_in(path, directory, "b"), "B");
	int b = open(path, O_RDONLY);
	/* Each takes the other's number. */
	ix_process_descriptor swapped[] = {{a, b}, {b, a}};
	ix_process_options options = {.descriptors = swapped, .descriptor_count = 2};
	char script[64];
	snprintf(script, sizeof script, "cat <&%d; cat <&%d", a, b);
	run_shell(&options, script, out, sizeof out);
	close(a), close(b);
	assert_string_equal(out, "BA");
}

static void the_environment_and_directory_are_what_was_asked(void **state) {
	(void)state;
	char out[PATH_BYTES], expected[PATH_BYTES];
	const char *directory = ix_testing_directory();
	const char *environment[] = {"PATH=/usr/bin:/bin", "ONLY=this one", NULL};
	ix_process_options options = {.environment = environment, .directory = directory};
	run_shell(&options, "echo $ONLY; pwd -P; echo ${HOME-none}", out, sizeof out);
	snprintf(expected, sizeof expected, "this one\n%s\nnone\n", directory);
	assert_string_equal(out, expected);
}

static void ignored_and_blocked_signals_are_not_handed_down(void **state) {
	(void)state;
	char out[256];
	sigset_t set, before;
	sigemptyset(&set), sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, &before);
	signal(SIGPIPE, SIG_IGN);
	ix_process_options options = {0};
	run_shell(&options, "grep -E '^Sig(Blk|Ign)' /proc/self/status", out, sizeof out);
	signal(SIGPIPE, SIG_DFL);
	sigprocmask(SIG_SETMASK, &before, NULL);
	assert_string_equal(out, "SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n");
}

static int try_to_start(const char *program, const char *directory, ix_error *err) {
	const char *arguments[] = {program, NULL};
	ix_process_options options = {.arguments = arguments, .directory = directory};
	ix_process process;
	size_t descriptors = count_descriptors();
	int code = ix_process_start(&options, &process, err);
	assert_int_equal(count_descriptors(), descriptors);
	return code;
}

static void what_cannot_be_started_says_why(void **state) {
	(void)state;
	char path[PATH_BYTES];
	const char *directory = ix_testing_directory();
	ix_error err;
	assert_int_equal(try_to_start("no-such-program-anywhere", NULL, &err), IX_ERR_NOT_FOUND);
	assert_string_equal(err.text, "no-such-program-anywhere: no such file or directory");
	assert_int_equal(try_to_start("/no/such", NULL, &err), IX_ERR_NOT_FOUND);
	assert_int_equal(try_to_start("", NULL, &err), IX_ERR_INVALID);
	assert_int_equal(try_to_start("true", "/no/dir", &err), IX_ERR_NOT_FOUND);
	assert_string_equal(err.text, "true: enter /no/dir: no such file or directory");
	put_file(path_in(path, directory, "plain"), "echo this must not be run by a shell\n");
	assert_int_equal(try_to_start(path, NULL, &err), IX_ERR_DENIED);
	chmod(path, 0755);
	assert_int_equal(try_to_start(path, NULL, &err), IX_ERR_INVALID);
	assert_non_null(strstr(err.text, "not a program this machine can run"));
	ix_process_descriptor many[IX_PROCESS_DESCRIPTOR_MAX + 1] = {{0}};
	const char *arguments[] = {"true", NULL};
	ix_process_options options = {.arguments = arguments,
		.descriptors = many,
		.descriptor_count = IX_PROCESS_DESCRIPTOR_MAX + 1};
	ix_process process;
	assert_int_equal(ix_process_start(&options, &process, &err), IX_ERR_LIMIT);
	many[0] = (ix_process_descriptor){5, 9999};
	options.descriptor_count = 1;
	assert_int_equal(ix_process_start(&options, &process, &err), IX_ERR_CLOSED); /* not open here */
	assert_non_null(strstr(err.text, "true: descriptors: it is not open"));
}

static ix_process start_shell(const char *script, bool own_group) {
	const char *arguments[] = {"sh", "-c", script, NULL};
	ix_process_options options = {.arguments = arguments, .own_group = own_group};
	ix_process process;
	assert_int_equal(ix_process_start(&options, &process, NULL), 0);
	return process;
}

static void waiting_has_a_limit(void **state) {
	(void)state;
	ix_process process = start_shell("exec sleep 1000", false);
	ix_process_status status;
	ix_error err;
	assert_int_equal(ix_process_wait(&process, 0, &status, &err), IX_ERR_TIMEOUT);
	assert_int_equal(ix_process_wait(&process, 20, &status, &err), IX_ERR_TIMEOUT);
	struct pollfd ended = {.fd = process.descriptor, .events = POLLIN};
	assert_int_equal(poll(&ended, 1, 0), 0);
	assert_int_equal(ix_process_signal(&process, SIGTERM, NULL), 0);
	assert_int_equal(poll(&ended, 1, 30000), 1);
	assert_int_equal(ix_process_wait(&process, -1, &status, NULL), 0);
	assert_int_equal(status.code, SIGTERM);
	assert_int_equal(ix_process_wait(&process, 0, &status, &err), IX_ERR_CLOSED);
	assert_int_equal(ix_process_signal(&process, SIGTERM, &err), IX_ERR_CLOSED);
	ix_process_kill(&process); /* over: nothing */
}

static bool is_alive(pid_t pid) {
	char path[64], state = '?', text[256] = "";
	snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
	FILE *file = fopen(path, "r");
	if (!file) return false;
	if (fgets(text, sizeof text, file)) {
		char *end = strrchr(text, ')');
		if (end) state = end[2];
	}
	fclose(file);
	return state != 'Z' && state != 'X';
}

static void wait_until_dead(pid_t pid) {
	for (int i = 0; i < 10000 && is_alive(pid); i++) usleep(1000);
	assert_false(is_alive(pid));
}

/* Reads `count` process numbers that a script wrote into a file, one a line. */
static void read_pids(const char *path, pid_t *pids, size_t count) {
	for (int i = 0; i < 10000; i++, usleep(1000)) {
		FILE *file = fopen(path, "r");
		size_t got = 0;
		char line[32];
		/* A line without its end is still being written. */
		while (file && got < count && fgets(line, sizeof line, file) && strchr(line, '\n'))
			pids[got++] = (pid_t)strtol(line, NULL, 10);
		if (file) fclose(file);
		if (got == count) return;
	}
	fail();
}

static void killing_takes_the_children_and_theirs(void **state) {
	(void)state;
	char path[PATH_BYTES], script[PATH_BYTES * 3];
	path_in(path, ix_testing_directory(), "pids");
	snprintf(script, sizeof script,
		"sh -c 'sh -c \"echo \\$\\$ >>%s; exec sleep 1000\" & echo $$ >>%s; wait' & wait", path,
		path);
	ix_process process = start_shell(script, false);
	pid_t pids[2];
	read_pids(path, pids, 2);
	assert_true(is_alive(pids[0]) && is_alive(pids[1]));
	ix_process_kill(&process);
	wait_until_dead(pids[0]);
	wait_until_dead(pids[1]);
}

static void killing_reaches_orphans_through_the_group(void **state) {
	(void)state;
	char path[PATH_BYTES], script[PATH_BYTES * 3];
	path_in(path, ix_testing_directory(), "pids");
	/* The one between ends at once: its child is nobody's. */
	snprintf(script, sizeof script,
		"sh -c 'sh -c \"echo \\$\\$ >>%s; exec sleep 1000\" &'; exec sleep 1000", path);
	ix_process process = start_shell(script, true);
	pid_t pid;
	read_pids(path, &pid, 1);
	ix_process_kill(&process);
	wait_until_dead(pid);
}

static void a_child_dies_with_the_one_who_started_it(void **state) {
	(void)state;
	int ends[2];
	assert_int_equal(pipe(ends), 0);
	pid_t middle = fork();
	assert_true(middle >= 0);
	if (middle == 0) {
		const char *arguments[] = {"sleep", "1000", NULL};
		ix_process_options options = {.arguments = arguments, .dies_with_us = true};
		ix_process process;
		if (ix_process_start(&options, &process, NULL)) _exit(1);
		(void)!write(ends[1], &process.pid, sizeof process.pid);
		_exit(0);
	}
	pid_t pid = 0;
	assert_int_equal(read(ends[0], &pid, sizeof pid), sizeof pid);
	close(ends[0]), close(ends[1]);
	assert_int_equal(waitpid(middle, NULL, 0), middle);
	wait_until_dead(pid);
}

static void reads_what_this_process_uses(void **state) {
	(void)state;
	ix_process_usage before, after;
	assert_int_equal(ix_process_usage_read(&before, NULL), 0);
	assert_true(before.resident_bytes >= before.anonymous_bytes);
	assert_true(before.resident_max_bytes >= before.resident_bytes);
	assert_true(before.threads >= 1);
	size_t size = 32 << 20;
	uint8_t *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	assert_true(memory != MAP_FAILED);
	madvise(memory, size, MADV_NOHUGEPAGE);
	for (size_t i = 0; i < size; i += 4096) memory[i] = 1;
	int file = open("/dev/null", O_RDONLY);
	assert_int_equal(ix_process_usage_read(&after, NULL), 0);
	assert_int_equal(after.descriptors, before.descriptors + 1);
	assert_int_equal(count_descriptors() - 1, after.descriptors); /* counting holds one open itself */
	close(file);
	munmap(memory, size);
	assert_true(after.anonymous_bytes >= before.anonymous_bytes + size - (1 << 20));
	assert_true(after.faults_minor >= before.faults_minor + size / 4096);
	assert_true(after.cpu_user_ns + after.cpu_system_ns >= before.cpu_user_ns + before.cpu_system_ns);
}

IX_TESTS(test_process, cmocka_unit_test(runs_a_program_and_gives_its_status),
	cmocka_unit_test(a_killed_program_tells_its_signal),
	cmocka_unit_test(the_child_has_only_the_descriptors_it_was_given),
	cmocka_unit_test(descriptors_may_change_places),
	cmocka_unit_test(the_environment_and_directory_are_what_was_asked),
	cmocka_unit_test(ignored_and_blocked_signals_are_not_handed_down),
	cmocka_unit_test(what_cannot_be_started_says_why), cmocka_unit_test(waiting_has_a_limit),
	cmocka_unit_test(killing_takes_the_children_and_theirs),
	cmocka_unit_test(killing_reaches_orphans_through_the_group),
	cmocka_unit_test(a_child_dies_with_the_one_who_started_it),
	cmocka_unit_test(reads_what_this_process_uses));
