/* feed.c - from a source of whatever kind to batches of whole messages, a thread ahead of the engine or in
 * turn with it. */
#include "run_inside.h"

#include <inox/reader.h>

#include <sched.h>

enum { SPINS = 1024, NAP_NS = 50000 };

/* ---- filling a batch ---- */

/* No message of any feed is that large. */
static bool refuse_size(reader *r, size_t at, size_t size) {
	r->code = ix_fail(&r->err, IX_ERR_SYNTAX, "%s: offset %llu: a message of %zu bytes, the most is %d",
		r->path, (unsigned long long)(r->part.offset + at), size, BATCH_SIZE - 2);
	return true;
}

/* Whole messages from the part at hand; false when it has none (any more). */
static bool take_messages(reader *r, batch *b) {
	ix_bytes from = r->part.framed;
	size_t at = r->part_used;
	while (from.size - at >= 2) {
		size_t size = ix_load_u16_be(from.data + at);
		if (size == 0 || size > from.size - at - 2) break; /* the end mark, or not all there */
		if (b->size + 2 + size > sizeof b->bytes && b->size == 0) return refuse_size(r, at, size);
		if (b->size + 2 + size > sizeof b->bytes) return true;
		if (r->message_max && r->message_count >= r->message_max) return b->size > 0;
		memcpy(b->bytes + b->size, from.data + at, 2 + size);
		b->size += (uint32_t)(2 + size);
		b->count++;
		r->message_count++;
		at += 2 + size;
		r->part_used = at;
	}
	ix_source_advance(r->source, r->part_used);
	r->part = (ix_source_part){0};
	r->part_used = 0;
	return b->size > 0;
}

static void fill(reader *r, batch *b) {
	*b = (batch){.kind = BATCH_MESSAGES, .size = 0, .count = 0};
	for (;;) {
		if (r->part.kind == IX_SOURCE_MESSAGES && r->part.framed.size > r->part_used &&
			take_messages(r, b)) {
			if (r->code) b->kind = BATCH_FAILED;
			return;
		}
		if (r->message_max && r->message_count >= r->message_max) break;
		r->code = ix_source_next(r->source, &r->part, &r->err);
		r->part_used = 0;
		if (r->code == IX_ERR_CANCELLED) { /* it was asked to stop while it waited */
			r->code = 0;
			break;
		}
		if (r->code) {
			b->kind = BATCH_FAILED;
			return;
		}
		if (r->part.kind == IX_SOURCE_LOST) {
			b->kind = BATCH_LOST;
			b->count = r->part.count;
			r->part = (ix_source_part){.kind = IX_SOURCE_GAP};
			return;
		}
		if (r->part.kind == IX_SOURCE_END) break;
	}
	b->kind = BATCH_END;
	r->code = ix_source_check(r->source, &r->err);
	if (r->code) b->kind = BATCH_FAILED;
}

/* ---- the thread ---- */

static void wait_a_little(const reader *r, unsigned *spins) {
	if (r->busy_poll || ++*spins < SPINS) {
#if defined(__x86_64__)
		__builtin_ia32_pause();
#endif
		return;
	}
	ix_clock_sleep_until(ix_clock_monotonic(), ix_clock_now(ix_clock_monotonic()) + NAP_NS);
}

static void run(void *argument) {
	reader *r = argument;
	unsigned spins = 0;
	for (;;) {
		batch *b;
		if (atomic_load_explicit(&r->must_stop, memory_order_relaxed)) return;
		if (!batch_ring_pop(&r->free, &b)) {
			wait_a_little(r, &spins);
			continue;
		}
		spins = 0;
		fill(r, b);
		batch_kind kind = b->kind; /* it is not ours any more once it is pushed */
		/* There is room: the ring holds all batches. */
		(void)batch_ring_push(&r->full, b);
		if (kind == BATCH_END || kind == BATCH_FAILED) return;
	}
}

/* ---- the engine's side ---- */

batch *reader_next(reader *r) {
	batch *b = NULL;
	if (!r->thread) {
		/* There is one: the engine holds none while it asks. */
		IX_ASSERT(batch_ring_pop(&r->free, &b));
		fill(r, b);
		return b;
	}
	unsigned spins = 0;
	while (!batch_ring_pop(&r->full, &b)) wait_a_little(r, &spins);
	return b;
}

void reader_give_back(reader *r, batch *b) { (void)batch_ring_push(&r->free, b); }

int reader_open(reader *r, const ix_run_options *o, ix_error *err) {
	ix_source_options source = o->source;
	if (!source.allocator) source.allocator = ix_os_allocator();
	source.must_stop = o->must_stop;
	r->path = source.paths[0];
	r->message_max = o->message_max;
	r->busy_poll = o->busy_poll;
	r->batches = ix_allocate_zeroed(ix_os_allocator(), BATCH_COUNT, sizeof *r->batches, 64);
	if (!r->batches) return ix_fail(err, IX_ERR_MEMORY, "no memory for the feed's batches");
	batch_ring_init(&r->free, r->free_items, BATCH_COUNT);
	batch_ring_init(&r->full, r->full_items, BATCH_COUNT);
	for (size_t i = 0; i < BATCH_COUNT; i++) (void)batch_ring_push(&r->free, &r->batches[i]);
	return ix_source_open(&source, &r->source, err);
}

int reader_start(reader *r, const ix_run_options *o, ix_error *err) {
	const ix_thread_options thread = {
		.name = "feed", .is_pinned = o->is_pinned, .core = o->cores[IX_RUN_CORE_READ]};
	return ix_thread_start(&thread, run, r, &r->thread, err);
}

void reader_close(reader *r) {
	atomic_store_explicit(&r->must_stop, true, memory_order_relaxed);
	ix_thread_join(r->thread);
	r->thread = NULL;
	ix_source_close(r->source);
	r->source = NULL;
	ix_release(ix_os_allocator(), r->batches, BATCH_COUNT * sizeof *r->batches, 64);
	r->batches = NULL;
}
