/* The handler of SIGSEGV and SIGBUS, and the ranges it serves.
 *
 * The handler may run on any thread at any instant, so it takes no lock: each slot carries a sequence number
 * that is odd while the slot is being changed (a seqlock). Writers hold a mutex; they never fault on a
 * registered range meanwhile, by contract. */
#include <inox/fault.h>
#include <inox/os_error.h>

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

typedef struct slot {
	_Atomic uint32_t sequence;
	_Atomic uintptr_t start, end; /* end 0: free */
	ix_fault_handler *_Atomic handler;
	void *_Atomic context;
} slot;

static slot slots[IX_FAULT_RANGE_MAX];
static _Atomic size_t slot_count; /* slots ever used: the handler looks no further */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct sigaction before_segv, before_bus;
/* What this thread is handing on: seen again, whoever was before us has handed it back. */
static __thread const void *passing;

/* One consistent look at a slot; false when it is free, elsewhere or just being changed. A range that is
 * being changed cannot be the one that faulted. */
static bool slot_covers(slot *s, uintptr_t address, ix_fault_handler **ret_handler, void **ret_context) {
	uint32_t before = atomic_load_explicit(&s->sequence, memory_order_acquire);
	if (before & 1) return false;
	uintptr_t start = atomic_load_explicit(&s->start, memory_order_relaxed);
	uintptr_t end = atomic_load_explicit(&s->end, memory_order_relaxed);
	ix_fault_handler *handler = atomic_load_explicit(&s->handler, memory_order_relaxed);
	void *context = atomic_load_explicit(&s->context, memory_order_relaxed);
	atomic_thread_fence(memory_order_acquire);
	if (atomic_load_explicit(&s->sequence, memory_order_relaxed) != before) return false;
	if (address < start || address >= end) return false;
	*ret_handler = handler;
	*ret_context = context;
	return true;
}

/* The default action is the kernel's to take: put it back; a fault happens again when the instruction runs
 * again, a signal that was sent is sent again. */
static void take_default(int number, const siginfo_t *info) {
	struct sigaction fatal = {.sa_handler = SIG_DFL};
	sigaction(number, &fatal, NULL);
	if (info->si_code <= 0) raise(number);
}

/* To whoever was there before us. */
static void pass_on(int number, siginfo_t *info, void *machine) {
	const struct sigaction *before = number == SIGSEGV ? &before_segv : &before_bus;
	bool is_default = !(before->sa_flags & SA_SIGINFO) &&
			  (before->sa_handler == SIG_DFL || before->sa_handler == SIG_IGN);
	if (is_default || passing == machine) {
		bool is_ignored = before->sa_handler == SIG_IGN && info->si_code <= 0;
		if (!is_ignored) take_default(number, info);
		return;
	}
	passing = machine;
	if (before->sa_flags & SA_SIGINFO)
		before->sa_sigaction(number, info, machine);
	else
		before->sa_handler(number);
	passing = NULL;
}

static void on_fault(int number, siginfo_t *info, void *machine) {
	int kept_errno = errno;
	ix_fault fault = {
		.address = (uintptr_t)info->si_addr, .signal = number, .info = info, .machine = machine};
	size_t count = info->si_code > 0 ? atomic_load_explicit(&slot_count, memory_order_acquire) : 0;
	bool mended = false;
	for (size_t i = 0; i < count && !mended; i++) {
		ix_fault_handler *handler;
		void *context;
		if (slot_covers(&slots[i], fault.address, &handler, &context))
			mended = handler(context, &fault);
	}
	if (!mended) pass_on(number, info, machine);
	errno = kept_errno;
}

/* SA_NODEFER: a handler may leave with siglongjmp, and the next fault must still come through. SA_ONSTACK: a
 * thread that has an alternate stack can report that its own is full. Others in the program may have put
 * theirs over ours since: then ours goes on top again, and theirs is the one before. */
static int install_one(int number, struct sigaction *before, ix_error *err) {
	struct sigaction current;
	struct sigaction ours = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER};
	sigemptyset(&ours.sa_mask);
	if (sigaction(number, NULL, &current) < 0)
		return ix_fail_os(err, errno, "cannot handle memory faults");
	if ((current.sa_flags & SA_SIGINFO) && current.sa_sigaction == on_fault) return 0;
	*before = current; /* first, so that the handler never sees an older one */
	if (sigaction(number, &ours, NULL) < 0) return ix_fail_os(err, errno, "cannot handle memory faults");
	return 0;
}

static int install(ix_error *err) {
	int code = install_one(SIGSEGV, &before_segv, err);
	return code ? code : install_one(SIGBUS, &before_bus, err);
}

static void slot_set(slot *s, uintptr_t start, uintptr_t end, ix_fault_handler *handler, void *context) {
	uint32_t sequence = atomic_load_explicit(&s->sequence, memory_order_relaxed);
	atomic_store_explicit(&s->sequence, sequence + 1, memory_order_relaxed);
	atomic_thread_fence(memory_order_release); /* the odd number is seen before any of the fields */
	atomic_store_explicit(&s->start, start, memory_order_relaxed);
	atomic_store_explicit(&s->end, end, memory_order_relaxed);
	atomic_store_explicit(&s->handler, handler, memory_order_relaxed);
	atomic_store_explicit(&s->context, context, memory_order_relaxed);
	atomic_store_explicit(&s->sequence, sequence + 2, memory_order_release);
}

static int place(uintptr_t start, uintptr_t end, ix_fault_handler *handler, void *context, ix_error *err) {
	size_t count = atomic_load_explicit(&slot_count, memory_order_relaxed);
	size_t chosen = count;
	for (size_t i = 0; i < count; i++) {
		uintptr_t other_start = atomic_load_explicit(&slots[i].start, memory_order_relaxed);
		uintptr_t other_end = atomic_load_explicit(&slots[i].end, memory_order_relaxed);
		if (other_end == 0) {
			if (chosen == count) chosen = i;
		} else if (start < other_end && other_start < end) {
			return ix_fail(err, IX_ERR_EXISTS, "memory range 0x%zx is watched for faults already",
				(size_t)start);
		}
	}
	if (chosen == IX_FAULT_RANGE_MAX)
		return ix_fail(err, IX_ERR_LIMIT,
			"%d memory ranges are watched for faults, and no more can be", IX_FAULT_RANGE_MAX);
	slot_set(&slots[chosen], start, end, handler, context);
	if (chosen == count) atomic_store_explicit(&slot_count, count + 1, memory_order_release);
	return 0;
}

int ix_fault_watch(const void *start, size_t size, ix_fault_handler *handler, void *context, ix_error *err) {
	uintptr_t from = (uintptr_t)start, to;
	if (size == 0 || ix_add_overflow(from, size, &to))
		return ix_fail(err, IX_ERR_INVALID, "a memory range of %zu bytes cannot be watched", size);
	pthread_mutex_lock(&lock);
	int code = install(err);
	if (code == 0) code = place(from, to, handler, context, err);
	pthread_mutex_unlock(&lock);
	return code;
}

void ix_fault_unwatch(const void *start) {
	pthread_mutex_lock(&lock);
	size_t count = atomic_load_explicit(&slot_count, memory_order_relaxed), i = 0;
	while (i < count &&
		(atomic_load_explicit(&slots[i].start, memory_order_relaxed) != (uintptr_t)start ||
			atomic_load_explicit(&slots[i].end, memory_order_relaxed) == 0))
		i++;
	IX_ASSERT(i < count);
	slot_set(&slots[i], 0, 0, NULL, NULL);
	pthread_mutex_unlock(&lock);
}
