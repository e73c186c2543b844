/* writer.c - several producers, one thread that writes: a bounded queue in two halves. Producers fill one
 * while the thread appends and commits the other; everything that came in during a sync shares the next.
 *
 * Space. A half holds at most `capacity` bytes of records. Whenever the thread has drained a half it reserves
 * disk space for two: what is being filled, and what may be filled after the next swap. So a record that was
 * taken into the queue can't meet a full disk, and a full disk is told to the producer before anything was
 * queued. */
#include "inside.h"

#include <inox/clock.h>
#include <inox/thread.h>

#include <errno.h>
#include <pthread.h>
#include <time.h>

typedef struct entry {
	int64_t time_ns;
	uint32_t size;
	uint16_t kind;
} entry;

enum { ENTRY_SIZE = 16 };
_Static_assert(sizeof(entry) <= ENTRY_SIZE && ENTRY_SIZE + RECORD_ALIGNMENT <= RECORD_HEADER_SIZE,
	"an entry never takes more than its record");

typedef struct half {
	uint8_t *data;
	size_t filled;
	uint64_t record_bytes; /* in the file */
} half;

struct ix_journal_writer {
	ix_journal *journal; /* the thread's while `is_busy`, the holder's while `is_held` */
	ix_journal_writer_options options;
	size_t capacity; /* of a half, bytes of records */
	ix_thread *thread;

	pthread_mutex_t lock;    /* all below */
	pthread_cond_t work;     /* there is something for the thread to do */
	pthread_cond_t progress; /* something was written, synced, refused, released */
	half halves[2];
	int filling;
	uint64_t budget;                   /* record bytes that the filling half may still take */
	bool next_is_reserved;             /* space for a whole half after the next swap is there */
	uint64_t tries_wanted, tries_made; /* to reserve, after a full disk */
	uint64_t next_sequence, durable_sequence, awaited_sequence;
	int64_t last_sync_ns;
	int holders_waiting;
	bool is_held, is_busy, is_idle, is_stopping;
	int failed;
	char failed_text[IX_ERROR_TEXT_MAX];
	char refused_text[IX_ERROR_TEXT_MAX]; /* of the full disk */
};

static size_t entry_size(size_t payload_size) {
	return ENTRY_SIZE + ((payload_size + RECORD_ALIGNMENT - 1) & ~(size_t)(RECORD_ALIGNMENT - 1));
}

/* ---- the thread ---- */

/* Moves a drained half's records into the journal. In order, so that each gets the sequence it was promised.
 */
static int drain(ix_journal_writer *w, const half *h, ix_error *err) {
	for (size_t at = 0; at < h->filled;) {
		entry e;
		memcpy(&e, h->data + at, sizeof e);
		ix_bytes payload = {h->data + at + ENTRY_SIZE, e.size};
		int code = journal_append(w->journal, e.kind, e.time_ns, &payload, 1, NULL, err);
		/* Its space was reserved; a file system that broke that promise leaves no way on. */
		if (code) {
			ix_error why = err ? *err : (ix_error){0};
			return journal_poison(w->journal, &why, err);
		}
		at += entry_size(e.size);
	}
	return 0;
}

static bool sync_is_due(const ix_journal_writer *w, int64_t now_ns) {
	return w->options.sync_interval_ns == 0 || w->is_stopping ||
	       w->awaited_sequence > w->durable_sequence ||
	       now_ns - w->last_sync_ns >= w->options.sync_interval_ns;
}

static bool has_unsynced(const ix_journal_writer *w) { return w->durable_sequence + 1 < w->next_sequence; }

static bool has_work(const ix_journal_writer *w, int64_t now_ns) {
	if (w->halves[w->filling].filled > 0 || w->tries_wanted > w->tries_made) return true;
	return has_unsynced(w) && sync_is_due(w, now_ns);
}

/* Called with the lock; until there is work, or time to sync, or to stop. */
static void rest(ix_journal_writer *w) {
	for (;;) {
		int64_t now = ix_clock_now(ix_clock_monotonic());
		bool is_hindered = w->is_held || w->holders_waiting > 0;
		if (!is_hindered && (w->is_stopping || has_work(w, now))) return;
		w->is_idle = true;
		if (!is_hindered && has_unsynced(w)) {
			int64_t at = w->last_sync_ns + w->options.sync_interval_ns;
			struct timespec until = {
				.tv_sec = at / IX_NS_PER_SECOND, .tv_nsec = at % IX_NS_PER_SECOND};
			(void)pthread_cond_timedwait(&w->work, &w->lock, &until);
		} else {
			(void)pthread_cond_wait(&w->work, &w->lock);
		}
		w->is_idle = false;
	}
}

/* Was there space for what is being filled and for a half more? If not, what the filling half was promised
 * before still holds. With the lock. */
static void note_reservation(ix_journal_writer *w, int code, const ix_error *why) {
	w->tries_made = w->tries_wanted;
	w->next_is_reserved = code == 0;
	if (code == 0)
		w->budget = w->capacity - w->halves[w->filling].record_bytes;
	else
		ix_format(w->refused_text, sizeof w->refused_text, "%s", why->text);
}

/* One turn without the lock: the half that was taken, a sync if it is due, and space for what comes. */
static void turn(ix_journal_writer *w, half *taken, bool must_sync) {
	ix_error why = {0}, refusal = {0};
	int code = drain(w, taken, &why);
	if (code == 0)
		code = must_sync ? ix_journal_commit(w->journal, &why) : ix_journal_flush(w->journal, &why);
	if (code == IX_ERR_NO_SPACE) code = journal_poison(w->journal, &why, &why);
	int reserved = code ? code : ix_journal_reserve(w->journal, 2 * w->capacity, &refusal);
	uint64_t durable = ix_journal_durable_sequence(w->journal);
	int64_t now = ix_clock_now(ix_clock_monotonic());

	(void)pthread_mutex_lock(&w->lock);
	taken->filled = 0;
	taken->record_bytes = 0;
	bool has_news = durable > w->durable_sequence || (code && !w->failed);
	w->durable_sequence = durable;
	if (must_sync) w->last_sync_ns = now;
	if (code && !w->failed) {
		w->failed = code;
		ix_format(w->failed_text, sizeof w->failed_text, "%s", why.text);
	}
	note_reservation(w, reserved, &refusal);
	w->is_busy = false;
	(void)pthread_cond_broadcast(&w->progress);
	(void)pthread_mutex_unlock(&w->lock);
	if (has_news && w->options.durable) w->options.durable(w->options.context, durable, code);
}

static void run(void *argument) {
	ix_journal_writer *w = argument;
	(void)pthread_mutex_lock(&w->lock);
	for (;;) {
		rest(w);
		half *taken = &w->halves[w->filling];
		if (w->failed || (w->is_stopping && taken->filled == 0 && !has_unsynced(w))) break;
		bool must_sync = sync_is_due(w, ix_clock_now(ix_clock_monotonic()));
		w->is_busy = true;
		w->filling ^= 1;
		w->budget = w->next_is_reserved ? w->capacity : 0;
		w->next_is_reserved = false;
		/* Whoever waited for room has it now. */
		(void)pthread_cond_broadcast(&w->progress);
		(void)pthread_mutex_unlock(&w->lock);
		turn(w, taken, must_sync);
		(void)pthread_mutex_lock(&w->lock);
	}
	(void)pthread_cond_broadcast(&w->progress);
	(void)pthread_mutex_unlock(&w->lock);
}

/* ---- producers ---- */

static int fail_failed(const ix_journal_writer *w, ix_error *err) {
	return ix_fail(err, w->failed, "%s", w->failed_text);
}

static void wake(ix_journal_writer *w) {
	if (w->is_idle) (void)pthread_cond_signal(&w->work);
}

/* With the lock: until a record of `total` bytes fits. */
static int wait_for_room(ix_journal_writer *w, uint64_t total, bool wait, ix_error *err) {
	uint64_t asked = 0;
	for (;;) {
		if (w->failed) return fail_failed(w, err);
		if (total <= w->budget) return 0;
		bool is_refused = !w->is_busy && w->halves[w->filling].filled == 0 && !w->next_is_reserved;
		if (is_refused && asked && w->tries_made >= asked)
			return ix_fail(err, IX_ERR_NO_SPACE, "%s", w->refused_text);
		if (is_refused && !asked) {
			asked = ++w->tries_wanted;
			wake(w);
		}
		if (!wait) {
			if (is_refused) return ix_fail(err, IX_ERR_NO_SPACE, "%s", w->refused_text);
			return ix_fail(
				err, IX_ERR_BUSY, "%s: the queue is full", w->journal->directory.label);
		}
		(void)pthread_cond_wait(&w->progress, &w->lock);
	}
}

int ix_journal_writer_append(ix_journal_writer *w, uint16_t kind, ix_bytes payload, bool wait,
	uint64_t *ret_sequence, ix_error *err) {
	const ix_journal *j = w->journal; /* only what never changes is read */
	if (payload.size > j->options.payload_max)
		return ix_fail(err, IX_ERR_LIMIT, "%s: a record of %zu bytes, the most is %u",
			j->directory.label, payload.size, j->options.payload_max);
	uint64_t total = record_total(j->is_chained, payload.size);
	(void)pthread_mutex_lock(&w->lock);
	int code = wait_for_room(w, total, wait, err);
	if (code == 0) {
		half *h = &w->halves[w->filling];
		/* Inside the lock, so that times go with sequences. */
		entry e = {.time_ns = ix_clock_now(j->clock), .size = (uint32_t)payload.size, .kind = kind};
		memcpy(h->data + h->filled, &e, sizeof e);
		if (payload.size > 0) memcpy(h->data + h->filled + ENTRY_SIZE, payload.data, payload.size);
		h->filled += entry_size(payload.size);
		h->record_bytes += total;
		w->budget -= total;
		uint64_t sequence = w->next_sequence++;
		if (ret_sequence) *ret_sequence = sequence;
		wake(w);
	}
	(void)pthread_mutex_unlock(&w->lock);
	return code;
}

int ix_journal_writer_wait(ix_journal_writer *w, uint64_t sequence, ix_error *err) {
	int code = 0;
	(void)pthread_mutex_lock(&w->lock);
	if (sequence >= w->next_sequence) {
		code = ix_fail(err, IX_ERR_RANGE, "%s: sequence %llu is not there yet",
			w->journal->directory.label, (unsigned long long)sequence);
	} else {
		if (sequence > w->awaited_sequence) w->awaited_sequence = sequence;
		wake(w);
		while (w->durable_sequence < sequence && !w->failed)
			(void)pthread_cond_wait(&w->progress, &w->lock);
		if (w->durable_sequence < sequence) code = fail_failed(w, err);
	}
	(void)pthread_mutex_unlock(&w->lock);
	return code;
}

uint64_t ix_journal_writer_durable_sequence(ix_journal_writer *w) {
	(void)pthread_mutex_lock(&w->lock);
	uint64_t durable = w->durable_sequence;
	(void)pthread_mutex_unlock(&w->lock);
	return durable;
}

/* ---- borrowing the journal ---- */

ix_journal *ix_journal_writer_hold(ix_journal_writer *w) {
	(void)pthread_mutex_lock(&w->lock);
	w->holders_waiting++;
	while (w->is_busy || w->is_held) (void)pthread_cond_wait(&w->progress, &w->lock);
	w->holders_waiting--;
	w->is_held = true;
	(void)pthread_mutex_unlock(&w->lock);
	return w->journal;
}

void ix_journal_writer_release(ix_journal_writer *w) {
	(void)pthread_mutex_lock(&w->lock);
	w->is_held = false;
	w->durable_sequence = ix_journal_durable_sequence(w->journal); /* it may have committed */
	(void)pthread_cond_broadcast(&w->progress);
	wake(w);
	(void)pthread_mutex_unlock(&w->lock);
}

/* ---- starting and stopping ---- */

static void release(ix_journal_writer *w) {
	const ix_allocator *allocator = w->journal->allocator;
	for (int i = 0; i < 2; i++) ix_release(allocator, w->halves[i].data, w->capacity, RECORD_ALIGNMENT);
	(void)pthread_cond_destroy(&w->progress);
	(void)pthread_cond_destroy(&w->work);
	(void)pthread_mutex_destroy(&w->lock);
	ix_release(allocator, w, sizeof *w, _Alignof(ix_journal_writer));
}

static int check_options(ix_journal *j, ix_journal_writer_options *o, ix_error *err) {
	uint64_t quarter = j->options.segment_size / 4,
		 largest = record_total(j->is_chained, j->options.payload_max);
	if (o->queue_size == 0)
		o->queue_size =
			quarter < IX_JOURNAL_QUEUE_DEFAULT ? (size_t)quarter : IX_JOURNAL_QUEUE_DEFAULT;
	if (o->queue_size < largest || o->queue_size > quarter || o->queue_size > IX_JOURNAL_QUEUE_MAX)
		return ix_fail(err, IX_ERR_LIMIT,
			"%s: a queue of %zu bytes, it must hold the largest record, %llu, and be at most a "
			"quarter "
			"of a segment, %llu, and %d",
			j->directory.label, o->queue_size, (unsigned long long)largest,
			(unsigned long long)quarter, IX_JOURNAL_QUEUE_MAX);
	if (o->sync_interval_ns < 0)
		return ix_fail(err, IX_ERR_RANGE, "%s: a negative sync interval", j->directory.label);
	return 0;
}

/* NULL: no memory. */
static ix_journal_writer *make(ix_journal *j, const ix_journal_writer_options *o) {
	ix_journal_writer *w = ix_allocate_zeroed(j->allocator, 1, sizeof *w, _Alignof(ix_journal_writer));
	if (!w) return NULL;
	w->journal = j;
	w->options = *o;
	w->capacity = o->queue_size;
	w->budget = w->capacity;
	w->next_is_reserved = true;
	w->next_sequence = j->next_sequence;
	w->durable_sequence = j->durable_sequence;
	w->last_sync_ns = ix_clock_now(ix_clock_monotonic());
	pthread_condattr_t monotonic;
	(void)pthread_condattr_init(&monotonic);
	(void)pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	(void)pthread_mutex_init(&w->lock, NULL);
	(void)pthread_cond_init(&w->work, &monotonic);
	(void)pthread_cond_init(&w->progress, NULL);
	(void)pthread_condattr_destroy(&monotonic);
	for (int i = 0; i < 2; i++)
		w->halves[i].data = ix_allocate(j->allocator, w->capacity, RECORD_ALIGNMENT);
	if (w->halves[0].data && w->halves[1].data) return w;
	release(w);
	return NULL;
}

int ix_journal_writer_start(ix_journal *j, const ix_journal_writer_options *options,
	ix_journal_writer **ret_writer, ix_error *err) {
	ix_journal_writer_options o = options ? *options : (ix_journal_writer_options){0};
	IX_ASSERT(!j->is_taken);
	int code = journal_check_poison(j, err);
	if (code == 0) code = check_options(j, &o, err);
	if (code == 0) code = ix_journal_reserve(j, 2 * (uint64_t)o.queue_size, err);
	if (code) return code;
	ix_journal_writer *w = make(j, &o);
	if (!w)
		return ix_fail(err, IX_ERR_MEMORY, "%s: no memory for a queue of %zu bytes",
			j->directory.label, o.queue_size);
	ix_thread_options thread = {.name = "journal", .is_pinned = o.is_pinned, .core = o.core};
	code = ix_thread_start(&thread, run, w, &w->thread, err);
	if (code) {
		release(w);
		return code;
	}
	j->is_taken = true;
	*ret_writer = w;
	return 0;
}

int ix_journal_writer_stop(ix_journal_writer *w, ix_error *err) {
	if (!w) return 0;
	(void)pthread_mutex_lock(&w->lock);
	w->is_stopping = true;
	(void)pthread_cond_signal(&w->work);
	(void)pthread_mutex_unlock(&w->lock);
	ix_thread_join(w->thread);
	w->journal->is_taken = false;
	int code = w->failed ? fail_failed(w, err) : 0;
	release(w);
	return code;
}
