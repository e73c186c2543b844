/* Registered ranges, and what happens to faults elsewhere. */
#include <inox/fault.h>

#include "helpers.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>

enum { PAGE = 4096 };

static uint8_t *guarded(size_t pages) {
	void *memory = mmap(NULL, pages * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	assert_true(memory != MAP_FAILED);
	return memory;
}

typedef struct seen {
	uint8_t *memory;
	size_t pages;
	_Atomic int count;
	uintptr_t address;
	int signal;
} seen;

static bool open_page(void *context, const ix_fault *fault) {
	seen *s = context;
	atomic_fetch_add(&s->count, 1);
	s->address = fault->address;
	s->signal = fault->signal;
	size_t page = (fault->address - (uintptr_t)s->memory) / PAGE;
	return mprotect(s->memory + page * PAGE, PAGE, PROT_READ | PROT_WRITE) == 0;
}

static bool count_only(void *context, const ix_fault *fault) {
	(void)fault;
	((seen *)context)->count++;
	return false;
}

static void a_handler_mends_and_the_instruction_runs_again(void **state) {
	(void)state;
	static seen s;
	s = (seen){.memory = guarded(4)};
	assert_int_equal(ix_fault_watch(s.memory, 4 * PAGE, open_page, &s, NULL), 0);
	((volatile uint8_t *)s.memory)[2 * PAGE + 17] = 42;
	assert_int_equal(s.memory[2 * PAGE + 17], 42);
	assert_int_equal(s.count, 1);
	assert_int_equal(s.signal, SIGSEGV);
	assert_int_equal(s.address, (uintptr_t)s.memory + 2 * PAGE + 17);
	assert_int_equal(((volatile uint8_t *)s.memory)[0], 0);
	assert_int_equal(s.count, 2);
	ix_fault_unwatch(s.memory);
	munmap(s.memory, 4 * PAGE);
}

static sigjmp_buf way_out;

static bool leave(void *context, const ix_fault *fault) {
	(void)context, (void)fault;
	siglongjmp(way_out, 1);
}

static void a_handler_may_jump_out_again_and_again(void **state) {
	(void)state;
	uint8_t *memory = guarded(1);
	assert_int_equal(ix_fault_watch(memory, PAGE, leave, NULL, NULL), 0);
	for (volatile int i = 0; i < 3; i++) {
		if (sigsetjmp(way_out, 1) == 0) {
			(void)((volatile uint8_t *)memory)[i];
			fail();
		}
	}
	ix_fault_unwatch(memory);
	munmap(memory, PAGE);
}

/* Runs `body` in a child without a core file, and gives how it ended: 128 + signal, or its exit code. */
static int in_child(void (*body)(void)) {
	fflush(NULL);
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		struct rlimit none = {0};
		setrlimit(RLIMIT_CORE, &none);
		int null = open("/dev/null", O_WRONLY);
		if (null >= 0)
			dup2(null, 2); /* a sanitizer's report would look like a failure of this program */
		body();
		_exit(0);
	}
	int status;
	assert_int_equal(waitpid(child, &status, 0), child);
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

static void use_default(void) {
	signal(SIGSEGV, SIG_DFL);
	signal(SIGBUS, SIG_DFL);
}

static void fault_outside_a_range(void) {
	use_default();
	static seen s;
	uint8_t *memory = guarded(3);
	if (ix_fault_watch(memory + PAGE, PAGE, count_only, &s, NULL)) _exit(9);
	(void)((volatile uint8_t *)memory)[PAGE - 1];
}

static void fault_that_nobody_mends(void) {
	use_default();
	static seen s;
	uint8_t *memory = guarded(1);
	if (ix_fault_watch(memory, PAGE, count_only, &s, NULL)) _exit(9);
	(void)((volatile uint8_t *)memory)[0];
}

static void fault_after_unwatch(void) {
	use_default();
	static seen s;
	s = (seen){.memory = guarded(1)};
	if (ix_fault_watch(s.memory, PAGE, open_page, &s, NULL)) _exit(9);
	ix_fault_unwatch(s.memory);
	(void)((volatile uint8_t *)s.memory)[0];
}

static void sent_by_someone(void) {
	use_default();
	static seen s;
	uint8_t *memory = guarded(1);
	if (ix_fault_watch(memory, PAGE, open_page, &s, NULL)) _exit(9);
	raise(SIGSEGV);
}

static void a_real_bug_still_dies_of_its_signal(void **state) {
	(void)state;
	assert_int_equal(in_child(fault_outside_a_range), 128 + SIGSEGV);
	assert_int_equal(in_child(fault_that_nobody_mends), 128 + SIGSEGV);
	assert_int_equal(in_child(fault_after_unwatch), 128 + SIGSEGV);
	assert_int_equal(in_child(sent_by_someone), 128 + SIGSEGV);
}

static void exit_33(int number) {
	(void)number;
	_exit(33);
}

static void exit_44(int number, siginfo_t *info, void *machine) {
	(void)number, (void)machine;
	_exit(info->si_addr ? 44 : 45);
}

static void with_an_old_handler(void) {
	signal(SIGSEGV, exit_33);
	static seen s;
	uint8_t *memory = guarded(1);
	if (ix_fault_watch(memory, PAGE, count_only, &s, NULL)) _exit(9);
	(void)((volatile uint8_t *)memory)[0];
}

static void with_a_newer_handler(void) {
	struct sigaction action = {.sa_sigaction = exit_44, .sa_flags = SA_SIGINFO};
	sigaction(SIGSEGV, &action, NULL);
	static seen s;
	uint8_t *memory = guarded(1);
	if (ix_fault_watch(memory, PAGE, count_only, &s, NULL)) _exit(9);
	(void)((volatile uint8_t *)memory)[0];
}

static void the_handler_before_gets_what_is_not_ours(void **state) {
	(void)state;
	assert_int_equal(in_child(with_an_old_handler), 33);
	assert_int_equal(in_child(with_a_newer_handler), 44);
}

static struct sigaction ours_as_they_found_it;

static void hand_back(int number, siginfo_t *info, void *machine) {
	ours_as_they_found_it.sa_sigaction(number, info, machine);
}

/* They saved our handler and call it; we are put on top again and call theirs: it must end. */
static void handlers_that_call_each_other(void) {
	use_default();
	static seen s;
	uint8_t *first = guarded(1), *second = guarded(1);
	if (ix_fault_watch(first, PAGE, count_only, &s, NULL)) _exit(9);
	struct sigaction theirs = {.sa_sigaction = hand_back, .sa_flags = SA_SIGINFO | SA_NODEFER};
	sigaction(SIGSEGV, &theirs, &ours_as_they_found_it);
	if (ix_fault_watch(second, PAGE, count_only, &s, NULL)) _exit(9);
	(void)((volatile uint8_t *)second)[0];
}

static void handlers_in_a_circle_end_in_the_crash_they_should(void **state) {
	(void)state;
	assert_int_equal(in_child(handlers_that_call_each_other), 128 + SIGSEGV);
}

static void overlapping_and_empty_ranges_are_refused(void **state) {
	(void)state;
	static seen s;
	ix_error err;
	uint8_t *memory = guarded(4);
	assert_int_equal(ix_fault_watch(memory + PAGE, 2 * PAGE, count_only, &s, NULL), 0);
	assert_int_equal(ix_fault_watch(memory, PAGE + 1, count_only, &s, &err), IX_ERR_EXISTS);
	assert_int_equal(ix_fault_watch(memory + 3 * PAGE - 1, 1, count_only, &s, &err), IX_ERR_EXISTS);
	assert_int_equal(ix_fault_watch(memory, 0, count_only, &s, &err), IX_ERR_INVALID);
	assert_int_equal(ix_fault_watch(memory, SIZE_MAX, count_only, &s, &err), IX_ERR_INVALID);
	/* Neighbours do not overlap. */
	assert_int_equal(ix_fault_watch(memory, PAGE, count_only, &s, NULL), 0);
	assert_int_equal(ix_fault_watch(memory + 3 * PAGE, PAGE, count_only, &s, NULL), 0);
	ix_fault_unwatch(memory);
	ix_fault_unwatch(memory + PAGE);
	ix_fault_unwatch(memory + 3 * PAGE);
	munmap(memory, 4 * PAGE);
}

static void one_range_too_many_is_refused(void **state) {
	(void)state;
	static seen s;
	ix_error err;
	static uint8_t bytes[IX_FAULT_RANGE_MAX + 1];
	for (size_t i = 0; i < IX_FAULT_RANGE_MAX; i++)
		assert_int_equal(ix_fault_watch(bytes + i, 1, count_only, &s, NULL), 0);
	assert_int_equal(ix_fault_watch(bytes + IX_FAULT_RANGE_MAX, 1, count_only, &s, &err), IX_ERR_LIMIT);
	ix_fault_unwatch(bytes + 1000);
	assert_int_equal(ix_fault_watch(bytes + IX_FAULT_RANGE_MAX, 1, count_only, &s, NULL), 0);
	ix_fault_unwatch(bytes + IX_FAULT_RANGE_MAX);
	for (size_t i = 0; i < IX_FAULT_RANGE_MAX; i++)
		if (i != 1000) ix_fault_unwatch(bytes + i);
}

/* ---- many threads: some register and unregister, others fault ---- */

static atomic_bool stop;

static void *register_and_unregister(void *context) {
	static seen unused;
	uint8_t *bytes = context;
	while (!atomic_load(&stop))
		for (size_t i = 0; i < 64; i++) {
			if (ix_fault_watch(bytes + i, 1, count_only, &unused, NULL)) return bytes;
			ix_fault_unwatch(bytes + i);
		}
	return NULL;
}

static void *fault_on_purpose(void *context) {
	seen *s = context;
	for (int round = 0; round < 200; round++) {
		for (size_t page = 0; page < s->pages; page++) ((volatile uint8_t *)s->memory)[page * PAGE]++;
		if (mprotect(s->memory, s->pages * PAGE, PROT_NONE) != 0) return s;
	}
	return NULL;
}

static void ranges_come_and_go_while_others_fault(void **state) {
	(void)state;
	static uint8_t bytes[2][64];
	static seen s[2];
	pthread_t registering[2], faulting[2];
	atomic_store(&stop, false);
	for (int i = 0; i < 2; i++) {
		s[i] = (seen){.memory = guarded(8), .pages = 8};
		assert_int_equal(ix_fault_watch(s[i].memory, 8 * PAGE, open_page, &s[i], NULL), 0);
		assert_int_equal(pthread_create(&registering[i], NULL, register_and_unregister, bytes[i]), 0);
		assert_int_equal(pthread_create(&faulting[i], NULL, fault_on_purpose, &s[i]), 0);
	}
	void *result;
	for (int i = 0; i < 2; i++) {
		assert_int_equal(pthread_join(faulting[i], &result), 0);
		assert_null(result);
	}
	atomic_store(&stop, true);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(pthread_join(registering[i], &result), 0);
		assert_null(result);
		assert_int_equal(s[i].count, 200 * 8);
		ix_fault_unwatch(s[i].memory);
		munmap(s[i].memory, 8 * PAGE);
	}
}

IX_TESTS(test_fault, cmocka_unit_test(a_handler_mends_and_the_instruction_runs_again),
	cmocka_unit_test(a_handler_may_jump_out_again_and_again),
	cmocka_unit_test(a_real_bug_still_dies_of_its_signal),
	cmocka_unit_test(the_handler_before_gets_what_is_not_ours),
	cmocka_unit_test(handlers_in_a_circle_end_in_the_crash_they_should),
	cmocka_unit_test(overlapping_and_empty_ranges_are_refused),
	cmocka_unit_test(one_range_too_many_is_refused),
	cmocka_unit_test(ranges_come_and_go_while_others_fault));
