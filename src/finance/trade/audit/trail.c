/* trail.c - the trading thread's side of a trail, its start and its end. The ring between the threads is in
 * ring.h, the thread that writes in trail_writer.c. */
#include "ring.h"

#include <inox/alloc.h>
#include <inox/thread.h>

#include <sched.h>

enum { GATE_SPINS = 256 }; /* before the trading thread lets others run */

/* False: the trail failed while the ring was full. */
static bool wait_for_space(ix_trail *t, size_t put, size_t needed) {
	t->taken_seen = atomic_load_explicit(&t->ring.head->taken, memory_order_acquire);
	if (t->ring.mask + 1 - (put - t->taken_seen) >= needed) return true;
	t->full_wait_count++;
	for (unsigned spins = 0; t->ring.mask + 1 - (put - t->taken_seen) < needed; spins++) {
		if (atomic_load_explicit(&t->failed, memory_order_acquire)) return false;
		if (spins < GATE_SPINS)
			pause_briefly();
		else
			(void)sched_yield();
		t->taken_seen = atomic_load_explicit(&t->ring.head->taken, memory_order_acquire);
	}
	return true;
}

uint64_t ix_trail_append(ix_trail *t, uint16_t kind, ix_bytes head, ix_bytes body) {
	IX_ASSERT(head.size + body.size <= IX_TRAIL_PAYLOAD_MAX);
	const ring_record record = {
		.number = t->number + 1, .size = (uint32_t)(head.size + body.size), .kind = kind};
	size_t whole = ring_whole(record.size);
	size_t put = atomic_load_explicit(&t->ring.head->put, memory_order_relaxed);
	if (IX_UNLIKELY(atomic_load_explicit(&t->failed, memory_order_acquire))) return 0;
	if (IX_UNLIKELY(t->ring.mask + 1 - (put - t->taken_seen) < whole) && !wait_for_space(t, put, whole))
		return 0;
	memcpy(t->ring.bytes + (put & t->ring.mask), &record, sizeof record);
	ring_copy_in(&t->ring, put + sizeof record, head);
	ring_copy_in(&t->ring, put + sizeof record + head.size, body);
	t->byte_count += record.size;
	atomic_store_explicit(&t->ring.head->put, put + whole, memory_order_release);
	t->number = record.number;
	if (!t->options.is_durable) atomic_store_explicit(&t->on_file, record.number, memory_order_release);
	return record.number;
}

uint64_t ix_trail_on_file(const ix_trail *t) {
	return atomic_load_explicit(&t->on_file, memory_order_acquire);
}

bool ix_trail_wait(ix_trail *t, uint64_t number) {
	if (IX_LIKELY(ix_trail_on_file(t) >= number))
		return t->options.is_durable || !atomic_load_explicit(&t->failed, memory_order_acquire);
	t->gate_wait_count++;
	for (unsigned spins = 0; ix_trail_on_file(t) < number; spins++) {
		if (atomic_load_explicit(&t->failed, memory_order_acquire))
			return ix_trail_on_file(t) >= number;
		if (spins < GATE_SPINS)
			pause_briefly();
		else
			(void)sched_yield();
	}
	return true;
}

int ix_trail_check(ix_trail *t, ix_error *err) {
	if (!atomic_load_explicit(&t->failed, memory_order_acquire)) return 0;
	if (err) *err = t->why;
	return t->why.code;
}

void ix_trail_get_stats(const ix_trail *t, ix_trail_stats *ret_stats) {
	*ret_stats = (ix_trail_stats){.record_count = t->number,
		.byte_count = t->byte_count,
		.batch_count = atomic_load_explicit(&t->batch_count, memory_order_relaxed),
		.full_wait_count = t->full_wait_count,
		.gate_wait_count = t->gate_wait_count};
}

/* ---- start and end ---- */

static int open_journal(ix_trail *t, ix_error *err) {
	const ix_journal_options options = {.application = IX_TRAIL_APPLICATION,
		.payload_max = IX_TRAIL_PAYLOAD_MAX,
		.buffer_size = 2 * TRAIL_BATCH_MAX,
		.chained = true,
		.system = t->options.system};
	ix_journal_recovery found;
	int code = ix_journal_open(t->options.path, &options, &t->journal, &found, err);
	if (code || found.created) return code;
	ix_journal_abandon(t->journal);
	t->journal = NULL;
	return ix_fail(
		err, IX_ERR_EXISTS, "%s: there is a trail already; name a new directory", t->options.path);
}

int ix_trail_open(const ix_trail_options *options, ix_trail **ret_trail, ix_error *err) {
	size_t size = options->ring_size ? options->ring_size : IX_TRAIL_RING_SIZE_DEFAULT;
	if (!ix_is_power_of_two(size) || size < IX_TRAIL_RING_SIZE_MIN || size > IX_TRAIL_RING_SIZE_MAX)
		return ix_fail(err, IX_ERR_LIMIT,
			"a trail's ring of %zu bytes: it is a power of two from %d to %d", size,
			IX_TRAIL_RING_SIZE_MIN, IX_TRAIL_RING_SIZE_MAX);
	ix_trail *t = ix_allocate_zeroed(ix_allocator_current(), 1, sizeof *t, RING_APART);
	if (!t) return ix_fail(err, IX_ERR_MEMORY, "no memory for a trail");
	t->options = *options;
	int code = open_journal(t, err);
	if (code == 0) code = ring_create(&t->ring, options->path, size, err);
	const ix_thread_options thread = {
		.name = "trail", .is_pinned = options->is_pinned, .core = options->core};
	if (code == 0) code = ix_thread_start(&thread, trail_write, t, &t->thread, err);
	if (code) {
		ring_close(&t->ring, options->path, true);
		ix_journal_abandon(t->journal);
		ix_release(ix_allocator_current(), t, sizeof *t, RING_APART);
		return code;
	}
	*ret_trail = t;
	return 0;
}

int ix_trail_close(ix_trail *t, ix_error *err) {
	if (!t) return 0;
	atomic_store_explicit(&t->is_ending, true, memory_order_release);
	ix_thread_join(t->thread);
	int code = ix_trail_check(t, err);
	int closing = ix_journal_close(t->journal, code ? NULL : err);
	/* What could not be written is still in the ring: ix_trail_settle finds it when there is room again.
	 */
	ring_close(&t->ring, t->options.path, code == 0 && closing == 0);
	ix_release(ix_allocator_current(), t, sizeof *t, RING_APART);
	return code ? code : closing;
}
