/* work.h - a bounded pool of threads for what a loop must not do itself: fsync, SQL, DNS, compressing much.
 * A loop owns an inbox; it submits jobs to it, and is told of their end on its own thread, when it drains the
 * inbox after the inbox's descriptor became readable. Jobs are the caller's storage: submitting allocates
 * nothing. */
#ifndef INOX_WORK_H
#define INOX_WORK_H

#include <inox/base.h>

#include <stdatomic.h>

typedef struct ix_work ix_work;
typedef struct ix_work_inbox ix_work_inbox;

enum { IX_WORK_THREAD_MAX = 256, IX_WORK_QUEUE_MAX = 1 << 20 };

typedef struct ix_work_options {
	const char *name;  /* of its threads; NULL: "work" */
	int thread_count;  /* 0: one a core */
	size_t queue_max;  /* jobs that wait, over all inboxes; 0: 1024 */
	size_t stack_size; /* 0: 1 MiB */
} ix_work_options;

/* The storage stands still from submit until `done` was called. */
typedef struct ix_work_job {
	/* On a thread of the pool. What it returns is what `done` is given. */
	int (*run)(struct ix_work_job *job);
	/* On the thread that drains the inbox, exactly once, never from inside submit or cancel. `code` is
	 * what run returned, or IX_ERR_CANCELLED when it did not run. May be NULL. May submit, also this job.
	 */
	void (*done)(struct ix_work_job *job, int code);

	/* The pool's own. */
	struct ix_work_job *next, *previous;
	ix_work_inbox *inbox;
	int state, code;
	atomic_bool cancelled;
} ix_work_job;

/* Errors: IX_ERR_LIMIT, IX_ERR_MEMORY. */
IX_API int ix_work_new(const ix_work_options *options, ix_work **ret_work, ix_error *err);
/* No more jobs: submitting gives IX_ERR_CLOSED. Those that wait are cancelled (`cancel_waiting`) or run;
 * returns when no thread runs any more. The completions wait in their inboxes. Twice is fine. */
IX_API void ix_work_stop(ix_work *work, bool cancel_waiting);
/* Stops it, cancelling, and frees it. Its inboxes are freed before. NULL is fine. */
IX_API void ix_work_free(ix_work *work);

/* Belongs to one thread: it alone submits, cancels and drains. */
IX_API int ix_work_inbox_new(ix_work *work, ix_work_inbox **ret_inbox, ix_error *err);
/* Cancels what waits, waits for what runs, and calls every `done` that is still owed. NULL is fine. */
IX_API void ix_work_inbox_free(ix_work_inbox *inbox);
/* Readable when there is something to drain; for a poll, not to be read. */
IX_API int ix_work_inbox_descriptor(const ix_work_inbox *inbox);
/* Calls `done` of every job that ended before this call; returns how many. Never blocks. */
IX_API size_t ix_work_inbox_drain(ix_work_inbox *inbox);
/* Jobs submitted whose `done` was not yet called. */
IX_API size_t ix_work_inbox_pending(const ix_work_inbox *inbox);
/* Blocks until nothing is pending, draining. For programs without a loop, and for their end. */
IX_API void ix_work_inbox_finish(ix_work_inbox *inbox);

/* Errors: IX_ERR_BUSY when the queue is full, IX_ERR_CLOSED after a stop, IX_ERR_CONFLICT when the job is
 * still pending; `done` is then not called. */
IX_API int ix_work_submit(ix_work_inbox *inbox, ix_work_job *job, ix_error *err);
/* Asks; never waits. A job that waits will not run; one that runs can see ix_work_is_cancelled() and end
 * early. Either way `done` comes once, through the drain. */
IX_API void ix_work_cancel(ix_work_job *job);
static inline bool ix_work_is_cancelled(ix_work_job *job) {
	return atomic_load_explicit(&job->cancelled, memory_order_relaxed);
}

#endif
