/* How fast a tick becomes an order. One JSON line a case:
 *
 * tick to trade   an open loop: message n of a generated stream of 64 symbols arrives n / 200,000 seconds
 * after the start, whatever becomes of the engine, and its latency counts from then. Windows of a second
 *                 alternate with a control: an empty loop on the same core and schedule that only looks at
 * the clock, which shows what the machine itself takes away. Every window is printed; the sums are given for
 * all windows, and for those whose neighbouring controls were quiet (p99 <= 200 ns). saturated       the same
 * stream as fast as it goes: orders a second.
 *
 * The strategy sends an order for every change of the best prices (an IOC below the market, so it never
 * trades) and risk checks each against the limits of a desk, every input and decision goes on an audit trail,
 * and the venue on paper takes each order when its record is on file. Usage: bench-pipeline [SECONDS];
 * $INOX_BENCH_RUNS 1: 6 s. */
#include <inox/alloc.h>
#include <inox/blake3.h>
#include <inox/clock.h>
#include <inox/cpu_features.h>
#include <inox/crc32c.h>
#include <inox/file.h>
#include <inox/gen.h>
#include <inox/itch.h>
#include <inox/pipeline.h>
#include <inox/region.h>
#include <inox/thread.h>

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { RATE = 200000, SYMBOLS = 64, QUIET_NS = 200, WINDOWS_MAX = 120, SATURATED_MESSAGES = 2000000 };

/* ---- a strategy that answers every tick ---- */

static const ix_strategy_host *host;
static uint64_t order_count;

static int each_open(const ix_strategy_host *h, uint16_t symbols_max, void **ret_self) {
	(void)symbols_max;
	host = h;
	*ret_self = &host;
	return 0;
}
static void each_close(void *self) { (void)self; }
static void each_book(void *self, uint16_t symbol, const ix_strategy_quote *q) {
	(void)self;
	uint64_t order;
	if (q->bid_e4 < 20000 || q->ask_e4 == 0) return;
	ix_strategy_order o = {.symbol = symbol,
		.side = IX_STRATEGY_BUY,
		.tif = IX_STRATEGY_IOC,
		.quantity = 100,
		.price_e4 = q->bid_e4 - 100};
	order_count += host->enter(host->context, &o, &order) == 0;
	o.side = IX_STRATEGY_SELL;
	o.price_e4 = q->ask_e4 + 100;
	order_count += host->enter(host->context, &o, &order) == 0;
}
static const ix_strategy_vtable each_tick = {.size = sizeof each_tick,
	.abi = IX_STRATEGY_ABI,
	.name = "each-tick",
	.summary = "an order a tick",
	.open = each_open,
	.close = each_close,
	.on_book = each_book};

static const char limits[] =
	"firm f { capital 1000000000.00; order-shares 10000; order-notional 100000000.00; position-long "
	"1000000;\n"
	"position-short 1000000; open-orders 4000; gross-notional 10000000000.00; daily-loss 10000000.00;\n"
	"drawdown 10000000.00; collar-last-percent 20%; collar-nbbo-percent 20%;\n"
	"desk d { account a { trader t { session s { order-shares 5000; } } } } }\n";

/* ---- the engine and its surroundings ---- */

typedef struct setting {
	ix_pipeline *pipeline;
	ix_risk *risk;
	ix_trail *trail;
	char directory[512], trail_path[560];
	ix_region stream; /* framed messages */
	size_t stream_size;
	uint64_t message_count;
} setting;

static uint64_t append(void *context, uint16_t kind, ix_bytes head, ix_bytes body) {
	return ix_trail_append(((setting *)context)->trail, kind, head, body);
}
static bool wait_for(void *context, uint64_t number) {
	return ix_trail_wait(((setting *)context)->trail, number);
}

static void die(const ix_error *err) {
	fprintf(stderr, "bench-pipeline: %s\n", err->text);
	exit(4);
}

static void make_stream(setting *s, uint64_t message_count) {
	ix_error err = {0};
	ix_gen *gen = NULL;
	const ix_gen_options options = {
		.seed = 99, .symbol_count = SYMBOLS, .message_count = message_count, .rate_per_s = RATE};
	/* From the operating system, so that it is not in the heap that is measured, and given back in whole.
	 */
	if (ix_region_open((size_t)message_count * 40, 0, &s->stream, &err) != 0) die(&err);
	if (ix_gen_new(&options, ix_os_allocator(), &gen, &err) != 0) die(&err);
	uint8_t *out = s->stream.data;
	for (ix_itch_message m; ix_gen_next(gen, &m);) {
		s->stream_size += ix_itch_encode_framed(&m, out + s->stream_size);
		s->message_count++;
	}
	ix_gen_free(gen);
}

static void start(setting *s, bool measures, int trail_core) {
	ix_error err = {0};
	if (ix_directory_temporary("inox-bench", s->directory, sizeof s->directory, &err) != 0) die(&err);
	ix_format(s->trail_path, sizeof s->trail_path, "%s/trail", s->directory);
	const ix_trail_options trail = {
		.path = s->trail_path, .is_pinned = trail_core >= 0, .core = trail_core};
	if (ix_trail_open(&trail, &s->trail, &err) != 0) die(&err);
	const ix_risk_options risk = {.allocator = ix_os_allocator(),
		.limits = ix_str_from(limits),
		.limits_name = IX_STR("limits"),
		.symbol_max = 256,
		.orders_max = 16384,
		.cell_max = 2048,
		.single_thread = true};
	if (ix_risk_open(&risk, &s->risk, &err) != 0) die(&err);
	const ix_pipeline_options options = {.allocator = ix_os_allocator(),
		.strategy = &each_tick,
		.risk = s->risk,
		.risk_session = IX_STR("s"),
		.symbols_max = 128,
		.orders_max = 8192,
		.measures = measures,
		.sink = {.append = append, .wait = wait_for, .context = s}};
	if (ix_pipeline_new(&options, &s->pipeline, &err) != 0) die(&err);
	order_count = 0;
}

static void finish(setting *s) {
	ix_error err = {0};
	if (ix_pipeline_stop(s->pipeline, &err) != 0) die(&err);
	if (ix_trail_close(s->trail, &err) != 0) die(&err);
	ix_pipeline_free(s->pipeline);
	ix_risk_close(s->risk);
	(void)ix_directory_remove(s->directory, NULL);
}

static double thread_cpu_s(void) {
	struct timespec t;
	(void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static double rss_anon_mb(void) {
	FILE *status = fopen("/proc/self/status", "r");
	char line[256];
	double mb = 0;
	while (status && fgets(line, sizeof line, status)) {
		if (strncmp(line, "RssAnon:", 8) == 0) mb = strtod(line + 8, NULL) / 1024;
	}
	if (status) fclose(status);
	return mb;
}

/* ---- the open loop ---- */

typedef struct window {
	uint64_t count, mean_ns, p50_ns, p99_ns, p999_ns, max_ns, control_p99_ns;
} window;

typedef struct loop {
	setting *s;
	size_t at;
	uint64_t done;
	double cycles_per_message;
} loop;

/* A second's worth of the stream, each message when it is due. */
static void run_window(loop *l) {
	const uint8_t *bytes = l->s->stream.data;
	uint64_t period_q32 = (uint64_t)(l->cycles_per_message * 4294967296.0);
	uint64_t start_cycles = ix_cycles() + 100000, end = l->done + RATE;
	/* The schedule counts the engine's messages from its start; this window's begins now. */
	uint64_t behind = (uint64_t)((double)l->done * l->cycles_per_message);
	ix_pipeline_set_schedule(l->s->pipeline, start_cycles - behind, period_q32);
	while (l->done < end && l->at < l->s->stream_size) {
		uint64_t due = start_cycles - behind + (uint64_t)((double)l->done * l->cycles_per_message);
		while (ix_cycles() < due) __builtin_ia32_pause();
		uint64_t now = ix_cycles();
		size_t size = 0;
		do {
			size += 2 + (size_t)ix_load_u16_be(bytes + l->at + size);
			l->done++;
			due += (uint64_t)l->cycles_per_message;
		} while (due <= now && l->done < end && l->at + size < l->s->stream_size && size < 32768);
		ix_error err = {0};
		if (ix_pipeline_feed(l->s->pipeline, (ix_bytes){bytes + l->at, size}, &err) != 0) die(&err);
		l->at += size;
	}
}

/* The same schedule with nothing to do: how late an empty loop is. */
static uint64_t run_control(ix_hist *h, double cycles_per_message) {
	ix_hist_reset(h);
	double per_ns = ix_cycles_per_ns();
	uint64_t start_cycles = ix_cycles() + 100000;
	for (uint64_t i = 0; i < RATE; i++) {
		uint64_t due = start_cycles + (uint64_t)((double)i * cycles_per_message), now;
		while ((now = ix_cycles()) < due) __builtin_ia32_pause();
		ix_hist_record(h, (uint64_t)((double)(now - due) / per_ns));
	}
	return ix_hist_percentile(h, 99);
}

static window read_window(const ix_hist *h) {
	return (window){.count = h->count,
		.mean_ns = (uint64_t)(ix_hist_mean(h) + 0.5),
		.p50_ns = ix_hist_percentile(h, 50),
		.p99_ns = ix_hist_percentile(h, 99),
		.p999_ns = ix_hist_percentile(h, 99.9),
		.max_ns = h->maximum};
}

static void print_sum(const char *name, const ix_hist *h, size_t windows, size_t of) {
	printf("\"%s\": {\"windows\": %zu, \"of\": %zu, \"orders\": %llu, \"mean_ns\": %.0f, \"p50_ns\": "
	       "%llu, \"p90_ns\": "
	       "%llu, \"p99_ns\": %llu, \"p99_9_ns\": %llu, \"max_ns\": %llu}, ",
		name, windows, of, (unsigned long long)h->count, ix_hist_mean(h),
		(unsigned long long)ix_hist_percentile(h, 50), (unsigned long long)ix_hist_percentile(h, 90),
		(unsigned long long)ix_hist_percentile(h, 99),
		(unsigned long long)ix_hist_percentile(h, 99.9), (unsigned long long)h->maximum);
}

static void tick_to_trade(size_t window_count, int core, int trail_core) {
	static setting s;
	static window windows[WINDOWS_MAX];
	ix_hist all = {0}, quiet = {0}, control = {0};
	const ix_hist_options shape = {.precision_bits = 7, .value_max = UINT64_C(60000000000)};
	ix_error err = {0};
	for (ix_hist *const *h = (ix_hist *const[]){&all, &quiet, &control, NULL}; *h; h++) {
		if (ix_hist_init(*h, &shape, ix_os_allocator(), &err) != 0) die(&err);
	}
	make_stream(&s, (uint64_t)RATE * (window_count + 1));
	start(&s, true, trail_core);
	if (core >= 0) (void)ix_thread_pin(core, NULL);
	loop l = {.s = &s, .cycles_per_message = ix_cycles_per_ns() * 1e9 / (double)RATE};
	run_window(&l); /* the directory, and warm caches */
	uint64_t before = run_control(&control, l.cycles_per_message);
	size_t quiet_count = 0;
	double cpu_s = thread_cpu_s();
	for (size_t i = 0; i < window_count; i++) {
		ix_pipeline_reset_latency(s.pipeline);
		run_window(&l);
		const ix_hist *h = ix_pipeline_latency(s.pipeline, IX_PIPELINE_TICK_TO_TRADE);
		windows[i] = read_window(h);
		uint64_t after = run_control(&control, l.cycles_per_message);
		windows[i].control_p99_ns = before > after ? before : after;
		(void)ix_hist_merge(&all, h, NULL);
		if (windows[i].control_p99_ns <= QUIET_NS) {
			(void)ix_hist_merge(&quiet, h, NULL);
			quiet_count++;
		}
		before = after;
	}
	cpu_s = thread_cpu_s() - cpu_s;
	double rss = rss_anon_mb() - (double)s.stream.size / 1048576;
	printf("{\"case\": \"tick to trade, %d ticks/s\", \"unit\": \"ns\", \"value\": %.0f, \"cpu_s\": "
	       "%.3f, ",
		RATE, quiet_count ? ix_hist_mean(&quiet) : ix_hist_mean(&all), cpu_s);
	print_sum("all", &all, window_count, window_count);
	print_sum("quiet", &quiet, quiet_count, window_count);
	printf("\"rss_anon_mb\": %.1f, \"windows\": [", rss);
	for (size_t i = 0; i < window_count; i++)
		printf("%s[%llu, %llu, %llu, %llu]", i ? ", " : "", (unsigned long long)windows[i].mean_ns,
			(unsigned long long)windows[i].p99_ns, (unsigned long long)windows[i].max_ns,
			(unsigned long long)windows[i].control_p99_ns);
	printf("]}\n");
	finish(&s);
	ix_region_close(&s.stream);
	ix_hist_fini(&all);
	ix_hist_fini(&quiet);
	ix_hist_fini(&control);
}

static void saturated(int core, int trail_core) {
	static setting s;
	make_stream(&s, SATURATED_MESSAGES);
	start(&s, false, trail_core);
	if (core >= 0) (void)ix_thread_pin(core, NULL);
	const uint8_t *bytes = s.stream.data;
	ix_error err = {0};
	double cpu_s = thread_cpu_s();
	int64_t wall_ns = ix_clock_now(ix_clock_monotonic());
	for (size_t at = 0; at < s.stream_size;) {
		size_t size = 0;
		while (at + size < s.stream_size && size < 16000)
			size += 2 + (size_t)ix_load_u16_be(bytes + at + size);
		if (ix_pipeline_feed(s.pipeline, (ix_bytes){bytes + at, size}, &err) != 0) die(&err);
		at += size;
	}
	wall_ns = ix_clock_now(ix_clock_monotonic()) - wall_ns;
	cpu_s = thread_cpu_s() - cpu_s;
	const ix_pipeline_counts *n = ix_pipeline_get_counts(s.pipeline);
	ix_trail_stats trail;
	ix_trail_get_stats(s.trail, &trail);
	printf("{\"case\": \"saturated\", \"unit\": \"orders/s\", \"value\": %.0f, \"cpu_s\": %.3f, "
	       "\"wall_s\": %.3f, \"messages_per_s\": "
	       "%.0f, \"messages\": %llu, \"orders\": %llu, \"rejected\": %llu, \"trail_bytes\": %llu, "
	       "\"waits_of_the_venue\": %llu, \"waits_for_room\": %llu, \"rss_anon_mb\": %.1f}\n",
		(double)n->sent_count * 1e9 / (double)wall_ns, cpu_s, (double)wall_ns * 1e-9,
		(double)n->message_count * 1e9 / (double)wall_ns, (unsigned long long)n->message_count,
		(unsigned long long)n->sent_count, (unsigned long long)n->rejected_count,
		(unsigned long long)trail.byte_count, (unsigned long long)trail.gate_wait_count,
		(unsigned long long)trail.full_wait_count, rss_anon_mb() - (double)s.stream.size / 1048576);
	finish(&s);
	ix_region_close(&s.stream);
}

int main(int argc, char **argv) {
	long seconds = argc > 1 ? strtol(argv[1], NULL, 10) : getenv("INOX_BENCH_RUNS") ? 6 : 20;
	if (argc > 2 || seconds < 1 || seconds > WINDOWS_MAX) {
		fprintf(stderr, "usage: bench-pipeline [SECONDS]\n");
		return 2;
	}
	const ix_cpu_features cpu = ix_cpu_features_detect(); /* as the command does at its start */
	ix_crc32c_choose(&cpu);
	ix_blake3_choose(&cpu);
	int cores = ix_thread_core_count();
	int core = cores > 1 ? ix_thread_core(cores - 1) : -1,
	    trail_core = cores > 1 ? ix_thread_core(0) : -1;
	saturated(core, trail_core);
	tick_to_trade((size_t)seconds, core, trail_core);
	return 0;
}
