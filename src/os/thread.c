/* Threads with a name and a core, and the cores there are. */
#include <inox/alloc.h>
#include <inox/os_error.h>
#include <inox/thread.h>

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>

enum { STACK_DEFAULT = 1 << 20, CORE_MAX = 4096 };

struct ix_thread {
	const ix_allocator *allocator;
	pthread_t id;
	void (*run)(void *argument);
	void *argument;
	char name[IX_THREAD_NAME_MAX];
};

/* ---- cores ---- */

static int cores[CORE_MAX];
static int core_count;
static pthread_once_t cores_known = PTHREAD_ONCE_INIT;

static void find_cores(void) {
	static cpu_set_t set[CORE_MAX / CPU_SETSIZE];
	if (sched_getaffinity(0, sizeof set, set) == 0) {
		for (int i = 0; i < CORE_MAX; i++)
			if (CPU_ISSET_S((size_t)i, sizeof set, set)) cores[core_count++] = i;
	}
	if (core_count == 0) core_count = 1; /* the first core, and no way to know better */
}

int ix_thread_core_count(void) {
	pthread_once(&cores_known, find_cores);
	return core_count;
}

int ix_thread_core(int index) {
	IX_ASSERT(index >= 0 && index < ix_thread_core_count());
	return cores[index];
}

static int core_set(int core, cpu_set_t *ret_set, ix_error *err) {
	for (int i = 0; i < ix_thread_core_count(); i++) {
		if (cores[i] != core || core >= CPU_SETSIZE) continue;
		CPU_ZERO(ret_set);
		CPU_SET((size_t)core, ret_set);
		return 0;
	}
	return ix_fail(err, IX_ERR_INVALID, "core %d: this process may not run there", core);
}

int ix_thread_pin(int core, ix_error *err) {
	cpu_set_t set;
	int code = core_set(core, &set, err);
	if (code) return code;
	int number = pthread_setaffinity_np(pthread_self(), sizeof set, &set);
	return number ? ix_fail_os(err, number, "core %d", core) : 0;
}

void ix_thread_set_name(const char *name) {
	char cut[IX_THREAD_NAME_MAX];
	(void)ix_format(cut, sizeof cut, "%s", name);
	(void)pthread_setname_np(pthread_self(), cut);
}

/* ---- threads ---- */

static void *enter(void *argument) {
	ix_thread *thread = argument;
	if (thread->name[0]) ix_thread_set_name(thread->name);
	thread->run(thread->argument);
	return NULL;
}

/* All but those that say that this very thread did something impossible. */
static void block_signals(sigset_t *ret_before) {
	sigset_t blocked;
	sigfillset(&blocked);
	static const int faults[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP, SIGSYS};
	for (size_t i = 0; i < IX_COUNT(faults); i++) sigdelset(&blocked, faults[i]);
	pthread_sigmask(SIG_SETMASK, &blocked, ret_before);
}

static int set_attributes(pthread_attr_t *attributes, const ix_thread_options *options, ix_error *err) {
	size_t stack = options->stack_size ? options->stack_size : STACK_DEFAULT;
	stack = (ix_size_max(stack, IX_THREAD_STACK_MIN) + 4095) & ~(size_t)4095;
	int number = pthread_attr_setstacksize(attributes, stack);
	if (number) return ix_fail(err, IX_ERR_LIMIT, "a stack of %zu bytes cannot be had", stack);
	if (!options->is_pinned) return 0;
	cpu_set_t set;
	int code = core_set(options->core, &set, err);
	if (code) return code;
	number = pthread_attr_setaffinity_np(attributes, sizeof set, &set);
	return number ? ix_fail_os(err, number, "core %d", options->core) : 0;
}

/* The new thread inherits the mask of the one that makes it, so nothing can reach it in between. */
static int create(ix_thread *thread, const ix_thread_options *options, ix_error *err) {
	pthread_attr_t attributes;
	int number = pthread_attr_init(&attributes);
	if (number) return ix_fail_os(err, number, "thread '%s'", thread->name);
	int code = set_attributes(&attributes, options, err);
	if (code == 0) {
		sigset_t before;
		block_signals(&before);
		number = pthread_create(&thread->id, &attributes, enter, thread);
		pthread_sigmask(SIG_SETMASK, &before, NULL);
		if (number == EAGAIN)
			code = ix_fail(err, IX_ERR_LIMIT,
				"thread '%s': no more threads, or no memory for one", thread->name);
		else if (number)
			code = ix_fail_os(err, number, "thread '%s'", thread->name);
	}
	pthread_attr_destroy(&attributes);
	return code;
}

int ix_thread_start(const ix_thread_options *options, void (*run)(void *argument), void *argument,
	ix_thread **ret_thread, ix_error *err) {
	const ix_thread_options defaults = {0};
	if (!options) options = &defaults;
	const ix_allocator *allocator = ix_allocator_current();
	ix_thread *thread = ix_allocate(allocator, sizeof *thread, _Alignof(ix_thread));
	if (!thread) return ix_fail(err, IX_ERR_MEMORY, "thread: out of memory");
	*thread = (ix_thread){.allocator = allocator, .run = run, .argument = argument};
	if (options->name) (void)ix_format(thread->name, sizeof thread->name, "%s", options->name);
	int code = create(thread, options, err);
	if (code) {
		ix_release(allocator, thread, sizeof *thread, _Alignof(ix_thread));
		return code;
	}
	*ret_thread = thread;
	return 0;
}

void ix_thread_join(ix_thread *thread) {
	if (!thread) return;
	(void)pthread_join(thread->id, NULL);
	ix_release(thread->allocator, thread, sizeof *thread, _Alignof(ix_thread));
}
