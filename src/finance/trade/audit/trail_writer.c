/* trail_writer.c - the thread that moves records from the ring into the journal, in batches. */
#include "ring.h"

#include <inox/clock.h>

enum {
	IDLE_SPINS = 4096,    /* looks at an empty ring before the first nap */
	NAP_NS = 20000,       /* about as long as the kernel needs to wake a thread */
	NAP_LONG_NS = 500000, /* after so many naps that nothing is going on */
	NAPS_SHORT = 2000,
};

static void fail(ix_trail *t, const ix_error *why) {
	t->why = *why;
	atomic_store_explicit(&t->failed, true, memory_order_release);
}

/* Moves records into the journal's buffer, at most a batch; where in the ring it came to. */
static int take_batch(ix_trail *t, size_t put, size_t *at, uint64_t *number, ix_error *err) {
	size_t start = *at;
	ring_record record;
	ix_bytes parts[2];
	int code = 0;
	while (!code && *at - start < TRAIL_BATCH_MAX && ring_next(&t->ring, at, put, &record, parts)) {
		code = ix_journal_append_parts(
			t->journal, record.kind, ix_clock_now(ix_clock_real()), parts, 2, NULL, err);
		if (!code) *number = record.number;
	}
	return code;
}

static void rest(const ix_trail *t, uint64_t *idle_count) {
	++*idle_count;
	if (t->options.busy_poll || *idle_count < IDLE_SPINS) {
		pause_briefly();
		return;
	}
	int64_t nap_ns = *idle_count < IDLE_SPINS + NAPS_SHORT ? NAP_NS : NAP_LONG_NS;
	ix_clock_sleep_until(ix_clock_monotonic(), ix_clock_now(ix_clock_monotonic()) + nap_ns);
}

void trail_write(void *trail) {
	ix_trail *t = trail;
	size_t at = 0;
	uint64_t number = 0, idle_count = 0;
	ix_error err = {0};
	for (;;) {
		/* In this order: what was put in before the end was announced is seen. */
		bool is_ending = atomic_load_explicit(&t->is_ending, memory_order_acquire);
		size_t put = atomic_load_explicit(&t->ring.head->put, memory_order_acquire);
		if (put == at) {
			if (is_ending) return;
			rest(t, &idle_count);
			continue;
		}
		idle_count = 0;
		int code = take_batch(t, put, &at, &number, &err);
		if (code == 0)
			code = t->options.is_durable ? ix_journal_commit(t->journal, &err)
						     : ix_journal_flush(t->journal, &err);
		if (code) {
			fail(t, &err);
			return;
		}
		atomic_fetch_add_explicit(&t->batch_count, 1, memory_order_relaxed);
		atomic_store_explicit(&t->ring.head->taken, at, memory_order_release);
		if (t->options.is_durable) atomic_store_explicit(&t->on_file, number, memory_order_release);
	}
}
