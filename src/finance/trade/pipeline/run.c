/* run.c - a run: the engine built from its plan, fed at its pace, put on its trail, stopped in order. */
#include "run_inside.h"

#include <errno.h>
#include <fcntl.h>
#include <time.h>
#include <unistd.h>

enum { PROGRESS_NS = 100000000, PROGRESS_MESSAGES = 4096 };

/* ---- the sink: trail, drop copy, words ---- */

static uint64_t sink_append(void *context, uint16_t kind, ix_bytes head, ix_bytes body) {
	return ix_trail_append(((ix_run *)context)->trail, kind, head, body);
}

static bool sink_wait(void *context, uint64_t number) {
	return ix_trail_wait(((ix_run *)context)->trail, number);
}

/* A SoupBinTCP sequenced data packet, written at once: it is there also if this process dies next. */
static void sink_drop_copy(void *context, ix_bytes ouch) {
	ix_run *run = context;
	uint8_t packet[3 + 256];
	if (ouch.size > sizeof packet - 3 || run->drop_copy_failed) return;
	ix_store_u16_be(packet, (uint16_t)(ouch.size + 1));
	packet[2] = 'S';
	memcpy(packet + 3, ouch.data, ouch.size);
	ssize_t wrote;
	do wrote = write(run->drop_copy, packet, ouch.size + 3);
	while (wrote < 0 && errno == EINTR);
	if (wrote != (ssize_t)(ouch.size + 3)) run->drop_copy_failed = wrote < 0 ? errno : ENOSPC;
}

static void sink_alert(void *context, const ix_pipeline_alert *alert) {
	const ix_run *run = context;
	if (run->options.on_alert) run->options.on_alert(run->options.context, alert);
}

static void sink_log(void *context, ix_str text) {
	const ix_run *run = context;
	if (run->options.on_log) run->options.on_log(run->options.context, text);
}

/* ---- pace ---- */

typedef struct pace {
	uint64_t start, period_q32; /* cycles */
	uint64_t done;              /* messages */
	bool has_schedule;
	int64_t start_ns, next_progress_ns;
} pace;

static uint64_t due(const pace *at, uint64_t message) {
	uint64_t high, low = ix_mul_wide(message, at->period_q32, &high);
	return at->start + (high << 32 | low >> 32);
}

static bool must_stop(const ix_run *run) {
	return run->options.must_stop && atomic_load_explicit(run->options.must_stop, memory_order_relaxed);
}

static void tell_progress(ix_run *run, pace *at) {
	if (!run->options.on_progress) return;
	int64_t now_ns = ix_clock_now(ix_clock_monotonic());
	if (now_ns < at->next_progress_ns) return;
	at->next_progress_ns = now_ns + PROGRESS_NS;
	run->options.on_progress(run->options.context, run->pipeline, now_ns - at->start_ns);
}

/* The messages at `from` that have arrived by now, at least one: waits for the first. */
static size_t arrived(ix_run *run, pace *at, ix_bytes from, uint64_t *ret_count) {
	uint64_t now = ix_cycles(), first = due(at, at->done);
	while (now < first) {
#if defined(__x86_64__)
		__builtin_ia32_pause();
#endif
		now = ix_cycles();
	}
	int64_t late_ns = ix_cycles_to_ns(now - first);
	if (late_ns > run->times.late_ns_max) run->times.late_ns_max = late_ns;
	size_t size = 0;
	uint64_t count = 0;
	while (size < from.size && (count == 0 || due(at, at->done + count) <= now)) {
		size += 2 + (size_t)ix_load_u16_be(from.data + size);
		count++;
	}
	*ret_count = count;
	return size;
}

static int feed_batch(ix_run *run, pace *at, const batch *b, ix_error *err) {
	ix_bytes left = {b->bytes, b->size};
	int code = 0;
	while (left.size > 0 && code == 0 && !must_stop(run)) {
		uint64_t count = b->count;
		size_t size = at->has_schedule ? arrived(run, at, left, &count) : left.size;
		code = ix_pipeline_feed(run->pipeline, (ix_bytes){left.data, size}, err);
		at->done += count;
		left = (ix_bytes){left.data + size, left.size - size};
		if (at->has_schedule && at->done % PROGRESS_MESSAGES == 0) tell_progress(run, at);
	}
	return code;
}

static int feed_all(ix_run *run, ix_error *err) {
	pace at = {
		.has_schedule = run->options.rate_per_s > 0, .start_ns = ix_clock_now(ix_clock_monotonic())};
	if (at.has_schedule) {
		double per_s = ix_cycles_per_ns() * 1e9;
		at.period_q32 = (uint64_t)(per_s * 4294967296.0 / (double)run->options.rate_per_s);
		at.start = ix_cycles() + (uint64_t)(per_s / 1000); /* a millisecond from now */
		ix_pipeline_set_schedule(run->pipeline, at.start, at.period_q32);
	}
	for (int code = 0;;) {
		batch *b = reader_next(&run->reader);
		if (b->kind == BATCH_FAILED) {
			if (err) *err = run->reader.err;
			return run->reader.code;
		}
		if (b->kind == BATCH_LOST) ix_pipeline_gap(run->pipeline, b->count);
		bool is_end = b->kind == BATCH_END;
		if (b->kind == BATCH_MESSAGES) code = feed_batch(run, &at, b, err);
		reader_give_back(&run->reader, b);
		tell_progress(run, &at);
		if (code || is_end || must_stop(run)) return code;
	}
}

/* ---- start and end ---- */

static int open_drop_copy(ix_run *run, ix_error *err) {
	const char *path = run->options.drop_copy_path;
	if (!path) return 0;
	run->drop_copy = open(path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0600);
	if (run->drop_copy >= 0) return 0;
	return ix_fail_os(err, errno, "%s", path);
}

static int open_trail(ix_run *run, ix_error *err) {
	const ix_run_options *o = &run->options;
	if (!o->trail_path) return 0;
	const ix_trail_options options = {.path = o->trail_path,
		.is_durable = o->is_durable,
		.busy_poll = o->busy_poll,
		.is_pinned = o->is_pinned,
		.core = o->cores[IX_RUN_CORE_TRAIL]};
	int code = ix_trail_open(&options, &run->trail, err);
	if (code) return code;
	uint8_t *text = ix_allocate(ix_os_allocator(), IX_PLAN_TEXT_MAX, 1);
	ix_writer writer = ix_writer_of(text, text ? IX_PLAN_TEXT_MAX : 0);
	code = text ? ix_plan_write(o->plan, run->strategy, &writer, err)
		    : ix_fail(err, IX_ERR_MEMORY, "no memory for the plan");
	if (!code && ix_trail_append(
			     run->trail, IX_TRAIL_START, (ix_bytes){text, writer.size}, (ix_bytes){0}) == 0)
		code = ix_trail_check(run->trail, err);
	ix_release(ix_os_allocator(), text, IX_PLAN_TEXT_MAX, 1);
	return code;
}

static int start(ix_run *run, ix_error *err) {
	const ix_run_options *o = &run->options;
	ix_pipeline_sink sink = {.alert = sink_alert, .log = sink_log, .context = run};
	if (o->trail_path) {
		sink.append = sink_append;
		sink.wait = sink_wait;
	}
	if (o->drop_copy_path) sink.drop_copy = sink_drop_copy;
	if (o->plan->limits.size > IX_PLAN_LIMITS_MAX)
		return ix_fail(err, IX_ERR_LIMIT, "%.*s: %zu bytes, the most is %d",
			IX_STR_ARG(o->plan->limits_name), o->plan->limits.size, IX_PLAN_LIMITS_MAX);
	int code = reader_open(&run->reader, o, err);
	if (!code) code = plan_build(o->plan, &sink, o, run, err);
	if (!code) code = open_drop_copy(run, err);
	if (!code) code = open_trail(run, err);
	if (!code && o->mode == IX_RUN_STAGED) code = reader_start(&run->reader, o, err);
	if (!code && o->is_pinned) code = ix_thread_pin(o->cores[IX_RUN_CORE_TRADE], err);
	return code;
}

static int64_t thread_cpu_ns(void) {
	struct timespec t;
	(void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (int64_t)t.tv_sec * IX_NS_PER_SECOND + t.tv_nsec;
}

/* The first of several errors is the one that counts. */
static void keep_first(int *code, ix_error *err, int other, const ix_error *why) {
	if (*code || !other) return;
	*code = other;
	if (err) *err = *why;
}

static int finish(ix_run *run, int code, ix_error *err) {
	ix_error why = {0};
	/* After an error of the engine there is nothing to stop; the trail's own says more than the engine's.
	 */
	int stopped = code == 0 ? ix_pipeline_stop(run->pipeline, &why) : 0;
	if (run->trail) {
		ix_error first = {0};
		if (ix_trail_check(run->trail, &first) != 0 && (code == IX_ERR_CLOSED || stopped)) {
			code = 0;
			stopped = 0;
		}
		keep_first(&code, err, stopped, &why);
		ix_trail_get_stats(run->trail, &run->trail_stats);
		int closed = ix_trail_close(run->trail, &why);
		run->trail = NULL;
		keep_first(&code, err, closed, &why);
	}
	keep_first(&code, err, stopped, &why);
	if (run->drop_copy_failed) {
		int failed = ix_fail_os(&why, run->drop_copy_failed, "%s", run->options.drop_copy_path);
		keep_first(&code, err, failed, &why);
	}
	return code;
}

ix_run *run_new(ix_error *err) {
	ix_run *run = ix_allocate_zeroed(ix_os_allocator(), 1, sizeof *run, _Alignof(ix_run));
	if (!run) (void)ix_fail(err, IX_ERR_MEMORY, "no memory for a run");
	if (run) run->drop_copy = -1;
	return run;
}

int ix_run_day(const ix_run_options *options, ix_run **ret_run, ix_error *err) {
	*ret_run = NULL;
	ix_run *run = run_new(err);
	if (!run) return IX_ERR_MEMORY;
	run->options = *options;
	int code = start(run, err);
	if (code) {
		ix_run_free(run);
		return code;
	}
	int64_t wall_ns = ix_clock_now(ix_clock_monotonic()), cpu_ns = thread_cpu_ns();
	code = feed_all(run, err);
	run->times.cpu_ns = thread_cpu_ns() - cpu_ns;
	run->times.wall_ns = ix_clock_now(ix_clock_monotonic()) - wall_ns;
	code = finish(run, code, err);
	run->source_info = *ix_source_get_info(run->reader.source);
	run->has_source = true;
	reader_close(&run->reader);
	*ret_run = run;
	return code;
}

void ix_run_free(ix_run *run) {
	if (!run) return;
	reader_close(&run->reader);
	ix_pipeline_free(run->pipeline);
	ix_risk_close(run->risk);
	ix_strategy_close_file(&run->strategy_file);
	(void)ix_trail_close(run->trail, NULL);
	if (run->drop_copy >= 0) (void)close(run->drop_copy);
	ix_release(ix_os_allocator(), run, sizeof *run, _Alignof(ix_run));
}

const ix_pipeline *ix_run_pipeline(const ix_run *run) { return run->pipeline; }
ix_risk *ix_run_risk(const ix_run *run) { return run->risk; }
const ix_source_info *ix_run_source(const ix_run *run) { return run->has_source ? &run->source_info : NULL; }
const ix_strategy_vtable *ix_run_strategy(const ix_run *run) { return run->strategy; }
ix_run_times ix_run_get_times(const ix_run *run) { return run->times; }
ix_trail_stats ix_run_get_trail(const ix_run *run) { return run->trail_stats; }
