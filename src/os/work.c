/* The bounded pool. One lock for the queue of the pool, one for the finished jobs of each inbox; a job is in
 * one list at a time, and its state says in which. */
#include <inox/alloc.h>
#include <inox/os_error.h>
#include <inox/thread.h>
#include <inox/work.h>

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <unistd.h>

/* IDLE is also what zeroed storage is. */
enum { JOB_IDLE, JOB_WAITING, JOB_RUNNING, JOB_ENDED };
enum { QUEUE_DEFAULT = 1024 };

struct ix_work {
	const ix_allocator *allocator;
	pthread_mutex_t lock;  /* of all below, and of the jobs' states */
	pthread_cond_t wanted; /* there is a job, or no more will come */
	ix_work_job *first, *last;
	size_t waiting, waiting_max;
	size_t inbox_count;
	bool stopped;
	int thread_count, joined; /* threads started, and of them ended */
	ix_thread *threads[IX_WORK_THREAD_MAX];
};

struct ix_work_inbox {
	ix_work *work;
	int event; /* eventfd: not zero while `first` is not NULL */
	size_t pending;
	pthread_mutex_t lock; /* of the list */
	ix_work_job *first, *last;
};

/* ---- ended jobs ---- */

/* Under no lock of the pool's: a drain must not wait for a submit on another thread. */
static void post(ix_work_job *job) {
	ix_work_inbox *inbox = job->inbox;
	pthread_mutex_lock(&inbox->lock);
	bool was_empty = !inbox->first;
	job->next = NULL;
	if (inbox->last)
		inbox->last->next = job;
	else
		inbox->first = job;
	inbox->last = job;
	/* Inside the lock: once it is free, the owner may drain the last job and free the inbox. */
	if (was_empty) {
		uint64_t one = 1;
		while (write(inbox->event, &one, sizeof one) < 0 && errno == EINTR) {}
	}
	pthread_mutex_unlock(&inbox->lock);
}

/* ---- the queue; these run under the pool's lock ---- */

static void unlink_job(ix_work *work, ix_work_job *job) {
	*(job->previous ? &job->previous->next : &work->first) = job->next;
	*(job->next ? &job->next->previous : &work->last) = job->previous;
	job->next = job->previous = NULL;
	work->waiting--;
}

static void append_job(ix_work *work, ix_work_job *job) {
	job->next = NULL;
	job->previous = work->last;
	*(work->last ? &work->last->next : &work->first) = job;
	work->last = job;
	work->waiting++;
}

static void run_jobs(void *argument) {
	ix_work *work = argument;
	pthread_mutex_lock(&work->lock);
	for (;;) {
		while (!work->first && !work->stopped) pthread_cond_wait(&work->wanted, &work->lock);
		ix_work_job *job = work->first;
		if (!job) break;
		unlink_job(work, job);
		job->state = JOB_RUNNING;
		pthread_mutex_unlock(&work->lock);
		int code = job->run(job);
		pthread_mutex_lock(&work->lock);
		job->code = code;
		job->state = JOB_ENDED;
		pthread_mutex_unlock(&work->lock);
		post(job);
		pthread_mutex_lock(&work->lock);
	}
	pthread_mutex_unlock(&work->lock);
}

/* ---- the pool ---- */

static int start_threads(ix_work *work, const ix_work_options *options, int count, ix_error *err) {
	const char *name = options->name ? options->name : "work";
	for (; work->thread_count < count; work->thread_count++) {
		char numbered[IX_THREAD_NAME_MAX];
		(void)ix_format(numbered, sizeof numbered, "%.10s/%d", name, work->thread_count);
		ix_thread_options how = {.name = numbered, .stack_size = options->stack_size};
		int code = ix_thread_start(&how, run_jobs, work, &work->threads[work->thread_count], err);
		if (code) return code;
	}
	return 0;
}

int ix_work_new(const ix_work_options *options, ix_work **ret_work, ix_error *err) {
	const ix_work_options defaults = {0};
	if (!options) options = &defaults;
	int count = options->thread_count;
	if (count == 0)
		count = ix_thread_core_count() < IX_WORK_THREAD_MAX ? ix_thread_core_count()
								    : IX_WORK_THREAD_MAX;
	if (count < 0 || count > IX_WORK_THREAD_MAX)
		return ix_fail(err, IX_ERR_LIMIT, "work pool of %d threads: the limit is %d", count,
			IX_WORK_THREAD_MAX);
	if (options->queue_max > IX_WORK_QUEUE_MAX)
		return ix_fail(err, IX_ERR_LIMIT, "work pool with a queue of %zu: the limit is %d",
			options->queue_max, IX_WORK_QUEUE_MAX);
	const ix_allocator *allocator = ix_allocator_current();
	ix_work *work = ix_allocate_zeroed(allocator, 1, sizeof *work, _Alignof(ix_work));
	if (!work) return ix_fail(err, IX_ERR_MEMORY, "work pool: out of memory");
	work->allocator = allocator;
	work->waiting_max = options->queue_max ? options->queue_max : QUEUE_DEFAULT;
	pthread_mutex_init(&work->lock, NULL);
	pthread_cond_init(&work->wanted, NULL);
	int code = start_threads(work, options, count, err);
	if (code) {
		ix_work_free(work);
		return code;
	}
	*ret_work = work;
	return 0;
}

void ix_work_stop(ix_work *work, bool cancel_waiting) {
	pthread_mutex_lock(&work->lock);
	work->stopped = true;
	while (cancel_waiting && work->first) {
		ix_work_job *job = work->first;
		unlink_job(work, job);
		job->code = IX_ERR_CANCELLED;
		job->state = JOB_ENDED;
		pthread_mutex_unlock(&work->lock);
		post(job);
		pthread_mutex_lock(&work->lock);
	}
	pthread_cond_broadcast(&work->wanted);
	pthread_mutex_unlock(&work->lock);
	for (; work->joined < work->thread_count; work->joined++) ix_thread_join(work->threads[work->joined]);
}

void ix_work_free(ix_work *work) {
	if (!work) return;
	IX_ASSERT(work->inbox_count == 0);
	ix_work_stop(work, true);
	pthread_cond_destroy(&work->wanted);
	pthread_mutex_destroy(&work->lock);
	ix_release(work->allocator, work, sizeof *work, _Alignof(ix_work));
}

/* ---- inboxes ---- */

int ix_work_inbox_new(ix_work *work, ix_work_inbox **ret_inbox, ix_error *err) {
	ix_work_inbox *inbox = ix_allocate_zeroed(work->allocator, 1, sizeof *inbox, _Alignof(ix_work_inbox));
	if (!inbox) return ix_fail(err, IX_ERR_MEMORY, "work inbox: out of memory");
	inbox->work = work;
	inbox->event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (inbox->event < 0) {
		int number = errno;
		ix_release(work->allocator, inbox, sizeof *inbox, _Alignof(ix_work_inbox));
		return ix_fail_os(err, number, "work inbox");
	}
	pthread_mutex_init(&inbox->lock, NULL);
	pthread_mutex_lock(&work->lock);
	work->inbox_count++;
	pthread_mutex_unlock(&work->lock);
	*ret_inbox = inbox;
	return 0;
}

int ix_work_inbox_descriptor(const ix_work_inbox *inbox) { return inbox->event; }
size_t ix_work_inbox_pending(const ix_work_inbox *inbox) { return inbox->pending; }

size_t ix_work_inbox_drain(ix_work_inbox *inbox) {
	pthread_mutex_lock(&inbox->lock);
	ix_work_job *job = inbox->first;
	inbox->first = inbox->last = NULL;
	if (job) {
		uint64_t count;
		/* It never blocks; and outside of the lock it could take back a wake-up that comes meanwhile.
		 */
		// NOLINTNEXTLINE(clang-analyzer-unix.BlockInCriticalSection)
		while (read(inbox->event, &count, sizeof count) < 0 && errno == EINTR) {}
	}
	pthread_mutex_unlock(&inbox->lock);
	size_t drained = 0;
	for (ix_work_job *next; job; job = next, drained++) {
		/* `done` may free the job, or submit it again. */
		next = job->next;
		int code = job->code;
		job->next = NULL;
		job->state = JOB_IDLE;
		inbox->pending--;
		if (job->done) job->done(job, code);
	}
	return drained;
}

void ix_work_inbox_finish(ix_work_inbox *inbox) {
	while (inbox->pending > 0) {
		struct pollfd wait = {.fd = inbox->event, .events = POLLIN};
		(void)poll(&wait, 1, -1);
		(void)ix_work_inbox_drain(inbox);
	}
}

/* Takes this inbox's jobs out of the queue, unrun, and tells those that run. */
static void cancel_all(ix_work_inbox *inbox) {
	ix_work *work = inbox->work;
	ix_work_job *taken = NULL;
	pthread_mutex_lock(&work->lock);
	for (ix_work_job *job = work->first, *next; job; job = next) {
		next = job->next;
		if (job->inbox != inbox) continue;
		unlink_job(work, job);
		job->code = IX_ERR_CANCELLED;
		job->state = JOB_ENDED;
		job->next = taken;
		taken = job;
	}
	pthread_mutex_unlock(&work->lock);
	for (ix_work_job *next; taken; taken = next) {
		next = taken->next;
		post(taken);
	}
}

void ix_work_inbox_free(ix_work_inbox *inbox) {
	if (!inbox) return;
	ix_work *work = inbox->work;
	/* A `done` may submit again: cancel until nothing is left. */
	while (inbox->pending > 0) {
		cancel_all(inbox);
		struct pollfd wait = {.fd = inbox->event, .events = POLLIN};
		(void)poll(&wait, 1, -1);
		(void)ix_work_inbox_drain(inbox);
	}
	pthread_mutex_lock(&work->lock);
	work->inbox_count--;
	pthread_mutex_unlock(&work->lock);
	pthread_mutex_destroy(&inbox->lock);
	close(inbox->event);
	ix_release(work->allocator, inbox, sizeof *inbox, _Alignof(ix_work_inbox));
}

/* ---- jobs ---- */

int ix_work_submit(ix_work_inbox *inbox, ix_work_job *job, ix_error *err) {
	ix_work *work = inbox->work;
	int code = 0;
	pthread_mutex_lock(&work->lock);
	if (work->stopped)
		code = ix_fail(err, IX_ERR_CLOSED, "the work pool has stopped");
	else if (job->state != JOB_IDLE)
		code = ix_fail(err, IX_ERR_CONFLICT, "the job is still pending");
	else if (work->waiting >= work->waiting_max)
		code = ix_fail(err, IX_ERR_BUSY, "%zu jobs wait for the work pool, its limit", work->waiting);
	if (code == 0) {
		job->inbox = inbox;
		job->state = JOB_WAITING;
		job->code = 0;
		atomic_store_explicit(&job->cancelled, false, memory_order_relaxed);
		append_job(work, job);
		inbox->pending++;
		pthread_cond_signal(&work->wanted);
	}
	pthread_mutex_unlock(&work->lock);
	return code;
}

void ix_work_cancel(ix_work_job *job) {
	if (!job->inbox) return;
	ix_work *work = job->inbox->work;
	pthread_mutex_lock(&work->lock);
	bool waits = job->state == JOB_WAITING;
	if (waits) {
		unlink_job(work, job);
		job->code = IX_ERR_CANCELLED;
		job->state = JOB_ENDED;
	}
	if (waits || job->state == JOB_RUNNING)
		atomic_store_explicit(&job->cancelled, true, memory_order_relaxed);
	pthread_mutex_unlock(&work->lock);
	if (waits) post(job);
}
