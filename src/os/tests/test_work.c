/* The bounded pool: every job ends exactly once, on the thread that owns it. */
#include <inox/thread.h>
#include <inox/work.h>

#include "helpers.h"

#include <poll.h>
#include <pthread.h>
#include <semaphore.h>

typedef struct job {
	ix_work_job work; /* first: the pool gives it back */
	sem_t *gate;      /* waited for before it ends; NULL: none */
	sem_t *started;
	int result;
	atomic_int runs;
	int dones, code;
	pthread_t ran_on, done_on;
	bool saw_cancel;
} job;

static int run(ix_work_job *work) {
	job *j = (job *)work;
	j->ran_on = pthread_self();
	atomic_fetch_add(&j->runs, 1);
	if (j->started) sem_post(j->started);
	if (j->gate)
		while (sem_wait(j->gate) != 0) {}
	j->saw_cancel = ix_work_is_cancelled(work);
	return j->result;
}

static void done(ix_work_job *work, int code) {
	job *j = (job *)work;
	j->dones++;
	j->code = code;
	j->done_on = pthread_self();
}

static job a_job(int result) { return (job){.work = {.run = run, .done = done}, .result = result}; }

typedef struct pool {
	ix_work *work;
	ix_work_inbox *inbox;
	sem_t gate, started;
} pool;

static void open_pool(pool *p, int threads, size_t queue_max) {
	ix_work_options options = {.name = "test", .thread_count = threads, .queue_max = queue_max};
	assert_int_equal(ix_work_new(&options, &p->work, NULL), 0);
	assert_int_equal(ix_work_inbox_new(p->work, &p->inbox, NULL), 0);
	sem_init(&p->gate, 0, 0);
	sem_init(&p->started, 0, 0);
}

static void close_pool(pool *p) {
	ix_work_inbox_free(p->inbox);
	ix_work_free(p->work);
	sem_destroy(&p->gate);
	sem_destroy(&p->started);
}

static bool is_readable(const ix_work_inbox *inbox) {
	struct pollfd wait = {.fd = ix_work_inbox_descriptor(inbox), .events = POLLIN};
	return poll(&wait, 1, 0) == 1;
}

/* Occupies the one thread of a pool until the gate is opened. */
static void occupy(pool *p, job *j) {
	*j = a_job(0);
	j->gate = &p->gate;
	j->started = &p->started;
	assert_int_equal(ix_work_submit(p->inbox, &j->work, NULL), 0);
	while (sem_wait(&p->started) != 0) {}
}

static void a_job_runs_elsewhere_and_is_done_here(void **state) {
	(void)state;
	pool p;
	open_pool(&p, 2, 0);
	job j = a_job(IX_ERR_IO);
	assert_int_equal(ix_work_submit(p.inbox, &j.work, NULL), 0);
	assert_int_equal(ix_work_inbox_pending(p.inbox), 1);
	ix_work_inbox_finish(p.inbox);
	assert_int_equal(ix_work_inbox_pending(p.inbox), 0);
	assert_int_equal(j.runs, 1);
	assert_int_equal(j.dones, 1);
	assert_int_equal(j.code, IX_ERR_IO);
	assert_true(pthread_equal(j.done_on, pthread_self()));
	assert_false(pthread_equal(j.ran_on, pthread_self()));
	close_pool(&p);
}

static void the_descriptor_is_readable_until_it_is_drained(void **state) {
	(void)state;
	pool p;
	open_pool(&p, 1, 0);
	job blocked, j = a_job(0);
	occupy(&p, &blocked);
	assert_false(is_readable(p.inbox));
	assert_int_equal(ix_work_inbox_drain(p.inbox), 0);
	assert_int_equal(ix_work_submit(p.inbox, &j.work, NULL), 0);
	sem_post(&p.gate);
	struct pollfd wait = {.fd = ix_work_inbox_descriptor(p.inbox), .events = POLLIN};
	assert_int_equal(poll(&wait, 1, 10000), 1);
	ix_work_inbox_finish(p.inbox);
	assert_false(is_readable(p.inbox));
	assert_int_equal(blocked.dones + j.dones, 2);
	close_pool(&p);
}

static void a_full_queue_is_busy_and_takes_more_later(void **state) {
	(void)state;
	pool p;
	open_pool(&p, 1, 2);
	job blocked, first = a_job(0), second = a_job(0), third = a_job(0);
	ix_error err;
	occupy(&p, &blocked);
	assert_int_equal(ix_work_submit(p.inbox, &first.work, NULL), 0);
	assert_int_equal(ix_work_submit(p.inbox, &second.work, NULL), 0);
	assert_int_equal(ix_work_submit(p.inbox, &third.work, &err), IX_ERR_BUSY);
	assert_string_equal(err.text, "2 jobs wait for the work pool, its limit");
	sem_post(&p.gate);
	ix_work_inbox_finish(p.inbox);
	assert_int_equal(third.dones, 0);
	assert_int_equal(ix_work_submit(p.inbox, &third.work, NULL), 0);
	ix_work_inbox_finish(p.inbox);
	assert_int_equal(first.runs + second.runs + third.runs, 3);
	close_pool(&p);
}

static void a_pending_job_is_not_taken_twice(void **state) {
	(void)state;
	pool p;
	open_pool(&p, 1, 0);
	job blocked;
	occupy(&p, &blocked);
	assert_int_equal(ix_work_submit(p.inbox, &blocked.work, NULL), IX_ERR_CONFLICT);
	sem_post(&p.gate);
	ix_work_inbox_finish(p.inbox);
	assert_int_equal(blocked.runs, 1);
	assert_int_equal(blocked.dones, 1);
	close_pool(&p);
}

static void a_waiting_job_that_is_cancelled_does_not_run(void **state) {
	(void)state;
	pool p;
	open_pool(&p, 1, 0);
	job blocked, first = a_job(0), second = a_job(0), third = a_job(0);
	occupy(&p, &blocked);
	assert_int_equal(ix_work_submit(p.inbox, &first.work, NULL), 0);
	assert_int_equal(ix_work_submit(p.inbox, &second.work, NULL), 0);
	assert_int_equal(ix_work_submit(p.inbox, &third.work, NULL), 0);
	ix_work_cancel(&second.work);
	assert_int_equal(second.dones, 0); /* not inside the call */
	assert_int_equal(ix_work_inbox_drain(p.inbox), 1);
	assert_int_equal(second.code, IX_ERR_CANCELLED);
	ix_work_cancel(&second.work); /* over: nothing happens */
	sem_post(&p.gate);
	ix_work_inbox_finish(p.inbox);
	assert_int_equal(second.runs, 0);
	assert_int_equal(second.dones, 1);
	assert_int_equal(first.runs + third.runs, 2);
	close_pool(&p);
}

static void a_running_job_can_see_that_it_is_cancelled(void **state) {
	(void)state;
	pool p;
	open_pool(&p, 1, 0);
	job j;
	occupy(&p, &j);
	j.result = 0;
	ix_work_cancel(&j.work);
	sem_post(&p.gate);
	ix_work_inbox_finish(p.inbox);
	assert_true(j.saw_cancel);
	assert_int_equal(j.code, 0); /* it ran to its end: what it says counts */
	j.gate = NULL, j.started = NULL;
	assert_int_equal(ix_work_submit(p.inbox, &j.work, NULL), 0);
	ix_work_inbox_finish(p.inbox);
	assert_false(j.saw_cancel); /* a new start */
	close_pool(&p);
}

typedef struct again {
	ix_work_job work;
	ix_work_inbox *inbox;
	int left;
} again;

static int nothing(ix_work_job *work) {
	(void)work;
	return 0;
}

static void submit_again(ix_work_job *work, int code) {
	again *a = (again *)work;
	if (code == 0 && a->left-- > 0) assert_int_equal(ix_work_submit(a->inbox, work, NULL), 0);
}

static void done_may_submit_the_job_again(void **state) {
	(void)state;
	pool p;
	open_pool(&p, 2, 0);
	again a = {.work = {.run = nothing, .done = submit_again}, .inbox = p.inbox, .left = 100};
	assert_int_equal(ix_work_submit(p.inbox, &a.work, NULL), 0);
	ix_work_inbox_finish(p.inbox);
	assert_int_equal(a.left, -1);
	close_pool(&p);
}

static void freeing_an_inbox_gives_back_every_job(void **state) {
	(void)state;
	pool p;
	open_pool(&p, 1, 0);
	job blocked, waiting[10];
	again a = {.work = {.run = nothing, .done = submit_again}, .inbox = p.inbox, .left = 3};
	occupy(&p, &blocked);
	assert_int_equal(ix_work_submit(p.inbox, &a.work, NULL), 0);
	for (int i = 0; i < 10; i++) {
		waiting[i] = a_job(0);
		assert_int_equal(ix_work_submit(p.inbox, &waiting[i].work, NULL), 0);
	}
	sem_post(&p.gate);
	close_pool(&p);
	assert_int_equal(blocked.dones, 1);
	for (int i = 0; i < 10; i++) assert_int_equal(waiting[i].dones, 1);
}

static void stopping_finishes_or_cancels_what_waits(void **state) {
	(void)state;
	for (int cancel = 0; cancel < 2; cancel++) {
		pool p;
		open_pool(&p, 1, 0);
		job blocked, waiting[5], late = a_job(0);
		occupy(&p, &blocked);
		for (int i = 0; i < 5; i++) {
			waiting[i] = a_job(0);
			assert_int_equal(ix_work_submit(p.inbox, &waiting[i].work, NULL), 0);
		}
		sem_post(&p.gate);
		ix_work_stop(p.work, cancel);
		ix_work_stop(p.work, cancel);
		assert_int_equal(ix_work_submit(p.inbox, &late.work, NULL), IX_ERR_CLOSED);
		assert_int_equal(waiting[4].dones, 0);
		ix_work_inbox_finish(p.inbox);
		for (int i = 0; i < 5; i++) {
			assert_int_equal(waiting[i].dones, 1);
			/* The gate is opened before the stop: a first few may have run either way. */
			if (!cancel) assert_int_equal(waiting[i].code, 0);
			assert_int_equal(waiting[i].runs, waiting[i].code == 0);
		}
		close_pool(&p);
	}
}

static void limits_are_checked(void **state) {
	(void)state;
	ix_work *work;
	ix_error err;
	ix_work_options many = {.thread_count = IX_WORK_THREAD_MAX + 1};
	assert_int_equal(ix_work_new(&many, &work, &err), IX_ERR_LIMIT);
	ix_work_options negative = {.thread_count = -1};
	assert_int_equal(ix_work_new(&negative, &work, &err), IX_ERR_LIMIT);
	ix_work_options deep = {.thread_count = 1, .queue_max = IX_WORK_QUEUE_MAX + 1};
	assert_int_equal(ix_work_new(&deep, &work, &err), IX_ERR_LIMIT);
	assert_int_equal(ix_work_new(NULL, &work, &err), 0); /* the defaults */
	ix_work_free(work);
	ix_work_free(NULL);
	ix_work_inbox_free(NULL);
}

static int make_and_free(void *context) {
	(void)context;
	ix_work_options options = {.thread_count = 3};
	ix_work *work;
	int code = ix_work_new(&options, &work, NULL);
	if (code) return code;
	ix_work_inbox *inbox;
	code = ix_work_inbox_new(work, &inbox, NULL);
	if (code == 0) ix_work_inbox_free(inbox);
	ix_work_free(work);
	return code;
}

static void survives_failing_allocations(void **state) {
	(void)state;
	assert_survives_failing_allocations(make_and_free, NULL);
}

/* ---- several loops share a pool ---- */

enum { JOBS = 64, ROUNDS = 60 };

typedef struct owner {
	ix_work *work;
	job jobs[JOBS];
	size_t ended, ran, cancelled, refused, submitted;
	uint32_t chance;
} owner;

static uint32_t roll(owner *o) { return (o->chance = o->chance * 1664525 + 1013904223) >> 16; }

static void submit_cancel_and_drain(void *argument) {
	owner *o = argument;
	ix_work_inbox *inbox;
	assert_int_equal(ix_work_inbox_new(o->work, &inbox, NULL), 0);
	for (int round = 0; round < ROUNDS; round++) {
		for (int i = 0; i < JOBS; i++) {
			o->jobs[i] = a_job(0);
			int code = ix_work_submit(inbox, &o->jobs[i].work, NULL);
			o->submitted += code == 0;
			o->refused += code != 0;
			if (roll(o) % 3 == 0) ix_work_cancel(&o->jobs[roll(o) % (uint32_t)(i + 1)].work);
			if (roll(o) % 8 == 0) (void)ix_work_inbox_drain(inbox);
		}
		if (round + 1 < ROUNDS) {
			ix_work_inbox_finish(inbox);
		} else {
			ix_work_inbox_free(inbox);
		}
		for (int i = 0; i < JOBS; i++) {
			o->ended += (size_t)o->jobs[i].dones;
			o->ran += (size_t)o->jobs[i].runs;
			o->cancelled += o->jobs[i].code == IX_ERR_CANCELLED;
		}
	}
}

static void every_job_of_every_owner_ends_exactly_once(void **state) {
	(void)state;
	enum { OWNERS = 3 };
	static owner owners[OWNERS];
	ix_work *work;
	ix_work_options options = {.thread_count = 4, .queue_max = 100};
	assert_int_equal(ix_work_new(&options, &work, NULL), 0);
	ix_thread *threads[OWNERS];
	for (int i = 0; i < OWNERS; i++) {
		owners[i] = (owner){.work = work, .chance = (uint32_t)ix_testing_seed() + (uint32_t)i};
		assert_int_equal(
			ix_thread_start(NULL, submit_cancel_and_drain, &owners[i], &threads[i], NULL), 0);
	}
	size_t ran = 0;
	for (int i = 0; i < OWNERS; i++) {
		ix_thread_join(threads[i]);
		assert_int_equal(owners[i].submitted + owners[i].refused, JOBS * ROUNDS);
		assert_int_equal(owners[i].ended, owners[i].submitted);
		assert_int_equal(owners[i].ran + owners[i].cancelled, owners[i].submitted);
		ran += owners[i].ran;
	}
	assert_true(ran > 0);
	ix_work_free(work);
}

IX_TESTS(test_work, cmocka_unit_test(a_job_runs_elsewhere_and_is_done_here),
	cmocka_unit_test(the_descriptor_is_readable_until_it_is_drained),
	cmocka_unit_test(a_full_queue_is_busy_and_takes_more_later),
	cmocka_unit_test(a_pending_job_is_not_taken_twice),
	cmocka_unit_test(a_waiting_job_that_is_cancelled_does_not_run),
	cmocka_unit_test(a_running_job_can_see_that_it_is_cancelled),
	cmocka_unit_test(done_may_submit_the_job_again),
	cmocka_unit_test(freeing_an_inbox_gives_back_every_job),
	cmocka_unit_test(stopping_finishes_or_cancels_what_waits), cmocka_unit_test(limits_are_checked),
	cmocka_unit_test(survives_failing_allocations),
	cmocka_unit_test(every_job_of_every_owner_ends_exactly_once));
