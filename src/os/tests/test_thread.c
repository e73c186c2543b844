/* Threads, cores, signals of a program. */
#include <inox/signals.h>
#include <inox/thread.h>

#include "helpers.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/wait.h>

typedef struct seen {
	char name[32];
	int core;
	int allowed;
	size_t stack;
	sigset_t blocked;
	atomic_int runs;
} seen;

static void look_around(void *argument) {
	seen *s = argument;
	pthread_getname_np(pthread_self(), s->name, sizeof s->name);
	cpu_set_t set;
	pthread_getaffinity_np(pthread_self(), sizeof set, &set);
	s->allowed = CPU_COUNT(&set);
	s->core = sched_getcpu();
	pthread_attr_t attributes;
	pthread_getattr_np(pthread_self(), &attributes);
	pthread_attr_getstacksize(&attributes, &s->stack);
	pthread_attr_destroy(&attributes);
	pthread_sigmask(SIG_SETMASK, NULL, &s->blocked);
	atomic_fetch_add(&s->runs, 1);
}

static void runs_a_named_thread(void **state) {
	(void)state;
	seen s = {.name = ""};
	ix_thread *thread;
	ix_thread_options options = {.name = "a-name-that-is-too-long", .stack_size = 300000};
	assert_int_equal(ix_thread_start(&options, look_around, &s, &thread, NULL), 0);
	ix_thread_join(thread);
	assert_int_equal(s.runs, 1);
	assert_string_equal(s.name, "a-name-that-is-");
	assert_true(s.stack >= 300000);
	ix_thread_join(NULL);
}

static void a_thread_leaves_signals_to_the_others_but_not_its_faults(void **state) {
	(void)state;
	seen s = {.name = ""};
	ix_thread *thread;
	assert_int_equal(ix_thread_start(NULL, look_around, &s, &thread, NULL), 0);
	ix_thread_join(thread);
	static const int blocked[] = {SIGTERM, SIGINT, SIGHUP, SIGCHLD, SIGUSR1};
	static const int open[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
	for (size_t i = 0; i < IX_COUNT(blocked); i++) assert_true(sigismember(&s.blocked, blocked[i]));
	for (size_t i = 0; i < IX_COUNT(open); i++) assert_false(sigismember(&s.blocked, open[i]));
	sigset_t mine;
	pthread_sigmask(SIG_SETMASK, NULL, &mine);
	assert_false(sigismember(&mine, SIGTERM)); /* the starter's mask is as it was */
}

static void pins_a_thread_to_a_core(void **state) {
	(void)state;
	for (int i = 0; i < ix_thread_core_count(); i++) {
		seen s = {.name = ""};
		ix_thread *thread;
		ix_thread_options options = {.is_pinned = true, .core = ix_thread_core(i)};
		assert_int_equal(ix_thread_start(&options, look_around, &s, &thread, NULL), 0);
		ix_thread_join(thread);
		assert_int_equal(s.core, ix_thread_core(i));
		assert_int_equal(s.allowed, 1);
	}
}

static void a_core_that_is_not_ours_is_refused(void **state) {
	(void)state;
	ix_thread *thread;
	ix_error err;
	seen s = {.name = ""};
	ix_thread_options options = {.is_pinned = true, .core = 4095};
	assert_int_equal(ix_thread_start(&options, look_around, &s, &thread, &err), IX_ERR_INVALID);
	assert_string_equal(err.text, "core 4095: this process may not run there");
	assert_int_equal(ix_thread_pin(-1, &err), IX_ERR_INVALID);
	assert_int_equal(s.runs, 0);
}

static void counts_the_cores_it_may_use_not_those_there_are(void **state) {
	(void)state;
	cpu_set_t set;
	assert_int_equal(sched_getaffinity(0, sizeof set, &set), 0);
	assert_int_equal(ix_thread_core_count(), CPU_COUNT(&set));
	for (int i = 0; i < ix_thread_core_count(); i++)
		assert_true(CPU_ISSET((size_t)ix_thread_core(i), &set));
	if (getenv("INOX_TEST_ONE_CORE")) assert_int_equal(ix_thread_core_count(), 1);
	/* Again in a program that starts with one core: taskset stands for a container's limit. */
	if (getenv("INOX_TEST_ONE_CORE") || access("/usr/bin/taskset", X_OK) != 0) return;
	ix_testing_run again;
	ix_testing_shell(&again,
		"INOX_TEST_ONE_CORE=1 taskset -c %d \"$(readlink /proc/%d/exe)\" test_thread",
		ix_thread_core(ix_thread_core_count() - 1), (int)getpid());
	if (again.exit_code) fail_msg("%s%s", again.out, again.err);
}

static int start_and_join(void *context) {
	seen s = {.name = ""};
	ix_thread *thread;
	int code = ix_thread_start(context, look_around, &s, &thread, NULL);
	if (code == 0) ix_thread_join(thread);
	return code;
}

static void starting_survives_failing_allocations(void **state) {
	(void)state;
	ix_thread_options options = {.name = "t"};
	assert_survives_failing_allocations(start_and_join, &options);
}

static void a_stack_too_large_to_be_is_refused(void **state) {
	(void)state;
	ix_thread *thread;
	ix_thread_options options = {.stack_size = SIZE_MAX / 4};
	assert_int_equal(ix_thread_start(&options, look_around, NULL, &thread, NULL), IX_ERR_LIMIT);
}

/* ---- signals ---- */

static const int usual[] = {SIGTERM, SIGINT, SIGHUP, 0};

static void signals_come_through_the_descriptor(void **state) {
	(void)state;
	ix_signals signals;
	assert_int_equal(ix_signals_open(usual, &signals, NULL), 0);
	assert_int_equal(ix_signals_next(&signals), 0);
	assert_int_equal(ix_signals_wait(&signals, 0), 0);
	kill(getpid(), SIGTERM);
	kill(getpid(), SIGHUP);
	int first = ix_signals_wait(&signals, 1000), second = ix_signals_wait(&signals, 1000);
	assert_int_equal(first + second, SIGTERM + SIGHUP);
	assert_int_equal(ix_signals_next(&signals), 0);
	ix_signals_close(&signals);
	sigset_t mine;
	pthread_sigmask(SIG_SETMASK, NULL, &mine);
	assert_false(sigismember(&mine, SIGTERM));
}

static void one_that_waits_at_the_close_does_not_kill(void **state) {
	(void)state;
	ix_signals signals;
	assert_int_equal(ix_signals_open(usual, &signals, NULL), 0);
	kill(getpid(), SIGTERM);
	ix_signals_close(&signals);
}

static void a_gone_reader_is_an_error_and_no_signal(void **state) {
	(void)state;
	ix_signals signals;
	int ends[2];
	assert_int_equal(pipe(ends), 0);
	close(ends[0]);
	assert_int_equal(ix_signals_open(usual, &signals, NULL), 0);
	assert_int_equal(write(ends[1], "x", 1), -1); /* and we are still here */
	ix_signals_close(&signals);
	struct sigaction now;
	sigaction(SIGPIPE, NULL, &now);
	assert_true(now.sa_handler == SIG_DFL);
	close(ends[1]);
}

static void a_number_that_is_no_signal_is_refused(void **state) {
	(void)state;
	static const int wrong[] = {SIGTERM, 4711, 0};
	ix_signals signals;
	ix_error err;
	assert_int_equal(ix_signals_open(wrong, &signals, &err), IX_ERR_INVALID);
	assert_string_equal(err.text, "4711 is not a signal");
}

IX_TESTS(test_thread, cmocka_unit_test(runs_a_named_thread),
	cmocka_unit_test(a_thread_leaves_signals_to_the_others_but_not_its_faults),
	cmocka_unit_test(pins_a_thread_to_a_core), cmocka_unit_test(a_core_that_is_not_ours_is_refused),
	cmocka_unit_test(counts_the_cores_it_may_use_not_those_there_are),
	cmocka_unit_test(starting_survives_failing_allocations),
	cmocka_unit_test(a_stack_too_large_to_be_is_refused),
	cmocka_unit_test(signals_come_through_the_descriptor),
	cmocka_unit_test(one_that_waits_at_the_close_does_not_kill),
	cmocka_unit_test(a_gone_reader_is_an_error_and_no_signal),
	cmocka_unit_test(a_number_that_is_no_signal_is_refused));
