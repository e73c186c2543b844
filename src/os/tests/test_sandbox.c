/* The sandbox from inside: what it refuses, what it lets through, and that the trials can tell. */
#include <inox/process.h>
#include <inox/sandbox.h>
#include <inox/thread.h>

#include "../sandbox_inside.h"
#include "helpers.h"

#include <arpa/inet.h>
#include <errno.h>
#include <sched.h>
#include <seccomp.h>
#include <semaphore.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define HAS_A_HELPER_THREAD 1
#endif
#endif

static void skip_where_threads_run(void) {
#ifdef HAS_A_HELPER_THREAD
	print_message(
		"SKIPPED: the thread sanitizer runs a thread of its own, and a sandbox is entered alone\n");
	skip();
#endif
}

/* Runs `body` in a child and gives its exit code, or 128 + signal. */
static int in_child(int (*body)(void)) {
	fflush(NULL);
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		struct rlimit none = {0};
		setrlimit(RLIMIT_CORE, &none);
		_exit(body());
	}
	int status;
	assert_int_equal(waitpid(child, &status, 0), child);
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

static int enter(unsigned allow) {
	ix_sandbox sandbox = {.allow = allow};
	return ix_sandbox_enter(&sandbox, NULL, NULL);
}

static void print_report(const ix_sandbox_selftest_report *report) {
	print_message("%s\n", report->sandbox.text);
	for (size_t i = 0; i < report->trial_count; i++)
		print_message("%s: %s (%d)\n", report->trials[i].name, report->trials[i].detail,
			(int)report->trials[i].outcome);
}

static void everything_forbidden_is_refused_and_everything_allowed_works(void **state) {
	(void)state;
	skip_where_threads_run();
	ix_sandbox_selftest_report report;
	ix_error err;
	if (ix_sandbox_selftest(&report, &err)) fail_msg("%s", err.text);
	if (report.broken_count) print_report(&report);
	assert_int_equal(report.broken_count, 0);
	assert_true(report.trial_count >= 27);
	size_t untried = 0;
	for (size_t i = 0; i < report.trial_count; i++)
		untried += report.trials[i].outcome == IX_SANDBOX_UNTRIED;
	if (untried) {
		print_message("SKIPPED: of %zu trials %zu need what this kernel does not have\n",
			report.trial_count, untried);
		print_report(&report);
	}
	assert_true(report.sandbox.applied & IX_SANDBOX_LAYER_SECCOMP);
	assert_true(report.sandbox.applied & IX_SANDBOX_LAYER_NO_NEW_PRIVILEGES);
	assert_true(report.sandbox.applied & IX_SANDBOX_LAYER_CAPABILITIES);
	assert_int_equal(
		(report.sandbox.applied & IX_SANDBOX_LAYER_LANDLOCK) != 0, report.sandbox.landlock_abi > 0);
	assert_int_equal((report.sandbox.applied & IX_SANDBOX_LAYER_USER) != 0, geteuid() == 0);
}

static ix_sandbox_ground ground;

/* Without a sandbox, with all layers claimed: every trial of something forbidden must see that it is broken.
 */
static int try_in_the_open(void) {
	static ix_sandbox_selftest_report report;
	ix_sandbox_try(&ground, ~0U, &report);
	int fooled = 0;
	for (size_t i = 0; i < report.trial_count; i++) {
		bool is_allowed_one = i >= report.trial_count - 5;
		bool is_broken = report.trials[i].outcome == IX_SANDBOX_BROKEN;
		if (is_broken != is_allowed_one || report.trials[i].outcome == IX_SANDBOX_UNTRIED) continue;
		/* In a changed root directory the kernel refuses it to everybody. */
		if (strcmp(report.trials[i].name, "make a user name space") == 0 &&
			unshare(CLONE_NEWUSER) != 0)
			continue;
		fprintf(stderr, "fooled: %s: %s\n", report.trials[i].name, report.trials[i].detail);
		fooled++;
	}
	return fooled;
}

static void the_trials_see_when_there_is_no_sandbox(void **state) {
	(void)state;
	if (geteuid() != 0) {
		print_message("SKIPPED: only root may do in the open what a sandbox refuses\n");
		skip();
	}
	assert_int_equal(ix_sandbox_ground_open(&ground, NULL), 0);
	int fooled = in_child(try_in_the_open);
	char top[sizeof ground.top];
	memcpy(top, ground.top, sizeof top);
	ix_sandbox_ground_close(&ground);
	assert_int_equal(fooled, 0);
	assert_int_equal(access(top, F_OK), -1);
}

static bool is_refused(int descriptor) {
	if (descriptor < 0) return errno == EPERM;
	close(descriptor);
	return false;
}

static int forbidden_call(void) {
	ix_sandbox sandbox = {.allow = IX_SANDBOX_FILES, .kill_on_violation = true};
	if (ix_sandbox_enter(&sandbox, NULL, NULL)) return 1;
	return is_refused(socket(AF_INET, SOCK_STREAM, 0)) ? 2 : 3;
}

static void a_violation_can_kill(void **state) {
	(void)state;
	skip_where_threads_run();
	assert_int_equal(in_child(forbidden_call), 128 + SIGSYS);
}

static int aborts(void) {
	if (enter(0)) return 1;
	signal(SIGABRT, SIG_DFL);
	raise(SIGABRT);
	return 2;
}

static void a_program_can_still_abort(void **state) {
	(void)state;
	skip_where_threads_run();
	assert_int_equal(in_child(aborts), 128 + SIGABRT);
}

static uint16_t listening_port;

static int talks_to_the_internet(void) {
	if (enter(IX_SANDBOX_INTERNET)) return 1;
	struct sockaddr_in address = {
		.sin_family = AF_INET, .sin_port = listening_port, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int stream = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (stream < 0 || connect(stream, (struct sockaddr *)&address, sizeof address) < 0) return 2;
	if (is_refused(socket(AF_INET6, SOCK_DGRAM, 0))) return 3;
	if (!is_refused(socket(AF_INET, SOCK_RAW, IPPROTO_ICMP))) return 4;
	if (!is_refused(socket(AF_UNIX, SOCK_STREAM, 0))) return 5;
	if (!is_refused(socket(AF_PACKET, SOCK_DGRAM, 0))) return 6;
	return is_refused(open("/etc/passwd", O_RDONLY)) ? 0 : 7;
}

static void the_internet_can_be_allowed_and_nothing_else(void **state) {
	(void)state;
	skip_where_threads_run();
	assert_int_equal(ix_sandbox_ground_open(&ground, NULL), 0);
	listening_port = ground.port;
	int code = in_child(talks_to_the_internet);
	ix_sandbox_ground_close(&ground);
	assert_int_equal(code, 0);
}

static int talks_to_unix_sockets(void) {
	if (enter(IX_SANDBOX_UNIX)) return 1;
	int ends[2];
	char byte = 'x';
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) < 0) return 2;
	if (write(ends[0], &byte, 1) != 1 || read(ends[1], &byte, 1) != 1) return 3;
	return is_refused(socket(AF_INET, SOCK_STREAM, 0)) ? 0 : 4;
}

static void unix_sockets_can_be_allowed_and_nothing_else(void **state) {
	(void)state;
	skip_where_threads_run();
	assert_int_equal(in_child(talks_to_unix_sockets), 0);
}

static int runs_a_listed_program(void) {
	static const char *const execute[] = {"/usr", "/bin", "/lib", "/lib64", NULL};
	static const char *const write_to[] = {"/dev/null", NULL};
	ix_sandbox sandbox = {.allow = IX_SANDBOX_FILES | IX_SANDBOX_PROCESSES | IX_SANDBOX_EXEC,
		.execute = execute,
		.write = write_to};
	if (ix_sandbox_enter(&sandbox, NULL, NULL)) return 1;
	const char *good[] = {"/bin/sh", "-c", "exit 7", NULL}, *bad[] = {ground.top, NULL};
	ix_process process;
	ix_process_status status;
	ix_error err;
	if (ix_process_start(&(ix_process_options){.arguments = good}, &process, &err)) return 2;
	if (ix_process_wait(&process, -1, &status, NULL) || status.code != 7) return 3;
	return ix_process_start(&(ix_process_options){.arguments = bad}, &process, &err) == IX_ERR_DENIED ? 0
													  : 4;
}

static void listed_programs_can_be_run_and_others_not(void **state) {
	(void)state;
	skip_where_threads_run();
	/* A copy of a program, in a place that is not listed. */
	const char *directory = ix_testing_directory();
	assert_true(snprintf(ground.top, sizeof ground.top, "%s/true", directory) > 0);
	ix_testing_run run;
	ix_testing_shell(&run, "cp /bin/true %s && %s", ground.top, ground.top);
	assert_int_equal(run.exit_code, 0);
	int code = in_child(runs_a_listed_program);
	ix_sandbox_selftest_report report;
	if (ix_sandbox_selftest(&report, NULL) == 0 && report.sandbox.landlock_abi == 0) {
		print_message("SKIPPED: this kernel has no Landlock, so every program can be run\n");
		skip();
	}
	assert_int_equal(code, 0);
}

static int makes_a_name_space_by_clone(void) {
	if (enter(IX_SANDBOX_PROCESSES)) return 1;
	pid_t child = fork();
	if (child == 0) _exit(0);
	if (child < 0 || waitpid(child, NULL, 0) != child) return 2;
	long result = syscall(SYS_clone, 0x10000000 /* CLONE_NEWUSER */ | SIGCHLD, 0, 0, 0, 0);
	if (result == 0) _exit(0);
	return result < 0 && errno == EPERM ? 0 : 3;
}

static void processes_can_be_allowed_but_no_name_spaces(void **state) {
	(void)state;
	skip_where_threads_run();
	assert_int_equal(in_child(makes_a_name_space_by_clone), 0);
}

static int writes_code(void) {
	if (enter(IX_SANDBOX_JIT)) return 1;
	void *memory = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return memory != MAP_FAILED && mprotect(memory, 4096, PROT_READ | PROT_EXEC) == 0 ? 0 : 2;
}

static void code_can_be_made_where_it_is_allowed(void **state) {
	(void)state;
	skip_where_threads_run();
	assert_int_equal(in_child(writes_code), 0);
}

static int becomes_nobody(void) {
	ix_sandbox sandbox = {.allow = IX_SANDBOX_FILES, .user = "nobody", .dies_with_parent = true};
	static const char *const proc[] = {"/proc", NULL};
	sandbox.read = proc;
	ix_sandbox_report report;
	if (ix_sandbox_enter(&sandbox, &report, NULL)) return 1;
	if (getuid() != 65534 || geteuid() != 65534 || getgid() != 65534 || getgroups(0, NULL) != 0) return 2;
	char text[4096] = "";
	int file = open("/proc/self/status", O_RDONLY);
	if (file < 0 || read(file, text, sizeof text - 1) <= 0) return 3;
	static const char *const lines[] = {"CapInh:\t0000000000000000\n", "CapPrm:\t0000000000000000\n",
		"CapEff:\t0000000000000000\n", "CapBnd:\t0000000000000000\n", "CapAmb:\t0000000000000000\n",
		"NoNewPrivs:\t1\n", "Seccomp:\t2\n"};
	for (size_t i = 0; i < IX_COUNT(lines); i++)
		if (!strstr(text, lines[i])) return 10 + (int)i;
	return report.applied == 63 || report.landlock_abi == 0 ? 0 : 4;
}

static void root_becomes_the_user_and_keeps_nothing(void **state) {
	(void)state;
	skip_where_threads_run();
	if (geteuid() != 0) {
		print_message("SKIPPED: only root can become another user\n");
		skip();
	}
	assert_int_equal(in_child(becomes_nobody), 0);
}

static int names_an_unknown_user(void) {
	ix_sandbox sandbox = {.user = "inox-no-such-user"};
	ix_error err;
	int code = ix_sandbox_enter(&sandbox, NULL, &err);
	return code == IX_ERR_NOT_FOUND && strstr(err.text, "there is no user 'inox-no-such-user'") ? 0 : 1;
}

static int names_an_unknown_path(void) {
	static const char *const paths[] = {"/inox/no/such/path", NULL};
	ix_sandbox sandbox = {.allow = IX_SANDBOX_FILES, .read = paths};
	ix_error err;
	int code = ix_sandbox_enter(&sandbox, NULL, &err);
	return code == IX_ERR_NOT_FOUND && strstr(err.text, "/inox/no/such/path: no such file") ? 0 : 1;
}

static void what_is_not_there_is_an_error_and_no_weaker_sandbox(void **state) {
	(void)state;
	skip_where_threads_run();
	if (geteuid() == 0) assert_int_equal(in_child(names_an_unknown_user), 0);
	ix_sandbox_selftest_report report;
	assert_int_equal(ix_sandbox_selftest(&report, NULL), 0);
	if (report.sandbox.landlock_abi > 0) assert_int_equal(in_child(names_an_unknown_path), 0);
}

/* An older kernel, made by a filter: no Landlock, no io_uring. */
static bool become_an_older_kernel(void) {
	static const int calls[] = {SCMP_SYS(landlock_create_ruleset), SCMP_SYS(io_uring_setup)};
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
	bool is_good = filter != NULL;
	for (size_t i = 0; i < IX_COUNT(calls); i++)
		is_good = is_good && seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), calls[i], 0) == 0;
	is_good = is_good && seccomp_load(filter) == 0;
	seccomp_release(filter);
	return is_good;
}

static int holds_on_an_older_kernel(void) {
	if (!become_an_older_kernel()) return 1;
	ix_sandbox_selftest_report report;
	if (ix_sandbox_selftest(&report, NULL)) return 2;
	if (report.broken_count != 0 || report.sandbox.landlock_abi != 0) return 3;
	if (report.sandbox.applied & IX_SANDBOX_LAYER_LANDLOCK) return 4;
	if (!strstr(report.sandbox.text, "not paths (sandbox: this kernel has no Landlock)")) return 5;
	/* Seven trials of paths, one of them by a ring, and the making of a ring could not be tried. */
	size_t untried = 0;
	for (size_t i = 0; i < report.trial_count; i++)
		untried += report.trials[i].outcome == IX_SANDBOX_UNTRIED;
	return untried == 8 ? 0 : 6;
}

static int requires_what_an_older_kernel_lacks(void) {
	if (!become_an_older_kernel()) return 1;
	ix_sandbox sandbox = {.allow = IX_SANDBOX_FILES, .required = IX_SANDBOX_LAYER_LANDLOCK};
	ix_error err;
	int code = ix_sandbox_enter(&sandbox, NULL, &err);
	return code == IX_ERR_ENVIRONMENT && strcmp(err.text, "sandbox: this kernel has no Landlock") == 0
		       ? 0
		       : 2;
}

static void a_missing_layer_is_reported_or_refused_as_asked(void **state) {
	(void)state;
	skip_where_threads_run();
	assert_int_equal(in_child(holds_on_an_older_kernel), 0);
	assert_int_equal(in_child(requires_what_an_older_kernel_lacks), 0);
}

static void wait_for(void *gate) {
	while (sem_wait(gate) != 0) {}
}

static int has_a_second_thread(void) {
	sem_t gate;
	sem_init(&gate, 0, 0);
	ix_thread *thread;
	if (ix_thread_start(NULL, wait_for, &gate, &thread, NULL)) return 1;
	ix_sandbox sandbox = {.allow = 0};
	int code = ix_sandbox_enter(&sandbox, NULL, NULL);
	sem_post(&gate);
	ix_thread_join(thread);
	return code == IX_ERR_CONFLICT ? 0 : 2;
}

static void a_process_with_threads_is_refused(void **state) {
	(void)state;
	assert_int_equal(in_child(has_a_second_thread), 0);
}

static int nests(void) {
	if (enter(IX_SANDBOX_FILES)) return 1;
	/* A second one needs calls that the first refuses: it says so, and the first still holds. */
	ix_error err;
	ix_sandbox again = {.allow = IX_SANDBOX_INTERNET};
	if (ix_sandbox_enter(&again, NULL, &err) == 0) return 2;
	return is_refused(socket(AF_INET, SOCK_STREAM, 0)) ? 0 : 3;
}

static void there_is_no_way_back(void **state) {
	(void)state;
	skip_where_threads_run();
	assert_int_equal(in_child(nests), 0);
}

IX_TESTS(test_sandbox, cmocka_unit_test(everything_forbidden_is_refused_and_everything_allowed_works),
	cmocka_unit_test(the_trials_see_when_there_is_no_sandbox), cmocka_unit_test(a_violation_can_kill),
	cmocka_unit_test(a_program_can_still_abort),
	cmocka_unit_test(the_internet_can_be_allowed_and_nothing_else),
	cmocka_unit_test(unix_sockets_can_be_allowed_and_nothing_else),
	cmocka_unit_test(listed_programs_can_be_run_and_others_not),
	cmocka_unit_test(processes_can_be_allowed_but_no_name_spaces),
	cmocka_unit_test(code_can_be_made_where_it_is_allowed),
	cmocka_unit_test(root_becomes_the_user_and_keeps_nothing),
	cmocka_unit_test(what_is_not_there_is_an_error_and_no_weaker_sandbox),
	cmocka_unit_test(a_missing_layer_is_reported_or_refused_as_asked),
	cmocka_unit_test(a_process_with_threads_is_refused), cmocka_unit_test(there_is_no_way_back));
