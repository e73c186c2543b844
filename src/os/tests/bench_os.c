/* How fast the parts of this room are that sit on hot paths. Prints one JSON line a case: the best of the
 * runs. Usage: bench-os [RUNS] */
#include <inox/clock.h>
#include <inox/file.h>
#include <inox/log.h>
#include <inox/metrics.h>
#include <inox/work.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { RUNS_MAX = 99, LINES = 200000, CHANGES = 5000000, JOBS = 20000, FILE_SIZE = 64 << 20, REPLACES = 20 };

static volatile uint64_t sink; /* so that no work can be left out */
static char directory[256], path[300];
static ix_log text_log, json_log, held_log;
static ix_metrics *metrics;
static ix_counter *counter;
static ix_gauge *gauge;
static ix_histogram *histogram;
static ix_work *work;
static ix_work_inbox *inbox;

static void log_lines(ix_log *log) {
	for (int i = 0; i < LINES; i++)
		ix_log_info(log, "order accepted", IX_LOG_STR("symbol", IX_STR("ABCD")),
			IX_LOG_INT("quantity", i), IX_LOG_STR("text", IX_STR("a value with spaces")),
			IX_LOG_DURATION("took", 1234567 + i));
}
static void log_text(void) { log_lines(&text_log); }
static void log_json(void) { log_lines(&json_log); }
static void log_held(void) { log_lines(&held_log); }

static void clock_real(void) {
	for (int i = 0; i < CHANGES; i++) sink += (uint64_t)ix_clock_now(ix_clock_real());
}
static void clock_cycles(void) {
	for (int i = 0; i < CHANGES; i++) sink += ix_cycles();
}
static void count(void) {
	for (int i = 0; i < CHANGES; i++) ix_counter_inc(counter);
}
static void add_to_gauge(void) {
	for (int i = 0; i < CHANGES; i++) ix_gauge_add(gauge, 0.5);
}
static void observe(void) {
	for (int i = 0; i < CHANGES; i++) ix_histogram_observe(histogram, (double)(i % 1000) * 1e-5);
}

static char exposition[1 << 21];
static void write_metrics(void) {
	ix_writer writer = ix_writer_of(exposition, sizeof exposition);
	ix_metrics_write(metrics, &writer);
	sink += writer.size;
}

static int nothing(ix_work_job *job) {
	(void)job;
	return 0;
}
static void work_in_turn(void) {
	ix_work_job job = {.run = nothing};
	for (int i = 0; i < JOBS; i++) {
		if (ix_work_submit(inbox, &job, NULL)) exit(1);
		ix_work_inbox_finish(inbox);
	}
}
static void work_in_batches(void) {
	static ix_work_job jobs[500];
	for (int i = 0; i < JOBS; i += 500) {
		for (int j = 0; j < 500; j++) {
			jobs[j].run = nothing;
			if (ix_work_submit(inbox, &jobs[j], NULL)) exit(1);
		}
		ix_work_inbox_finish(inbox);
	}
}

static void write_file(size_t piece, size_t size) {
	static uint8_t bytes[1 << 16];
	ix_file_out *out;
	if (ix_file_out_open(path, &out, NULL)) exit(1);
	for (size_t done = 0; done < size; done += piece)
		if (ix_file_out_write(out, bytes, piece, NULL)) exit(1);
	if (ix_file_out_commit(out, NULL)) exit(1);
}
static void write_small_pieces(void) { write_file(64, FILE_SIZE); }
static void write_large_pieces(void) { write_file(1 << 16, FILE_SIZE); }
static void replace_small_files(void) {
	for (int i = 0; i < REPLACES; i++) write_file(4096, 4096);
}
typedef struct bench {
	const char *name, *unit;
	double amount;
	void (*run)(void);
} bench;

static const bench benches[] = {
	{"log a line of text to /dev/null", "line/s", LINES, log_text},
	{"log a line of JSON to /dev/null", "line/s", LINES, log_json},
	{"a line held back by its site's limit", "line/s", LINES, log_held},
	{"real clock", "call/s", CHANGES, clock_real},
	{"cycle counter", "call/s", CHANGES, clock_cycles},
	{"counter", "change/s", CHANGES, count},
	{"gauge add", "change/s", CHANGES, add_to_gauge},
	{"histogram of 19 buckets", "change/s", CHANGES, observe},
	{"text of 1000 series", "series/s", 1000, write_metrics},
	{"work pool, one job at a time", "job/s", JOBS, work_in_turn},
	{"work pool, 500 at a time", "job/s", JOBS, work_in_batches},
	{"file, whole, in pieces of 64 bytes", "byte/s", FILE_SIZE, write_small_pieces},
	{"file, whole, in pieces of 64 KiB", "byte/s", FILE_SIZE, write_large_pieces},
	{"file of 4 KiB replaced, synced", "file/s", REPLACES, replace_small_files},
};

static double seconds(clockid_t clock) {
	struct timespec t;
	clock_gettime(clock, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void measure(const bench *b, int runs) {
	double wall_s = 1e9, cpu_s = 1e9;
	for (int run = 0; run < runs; run++) {
		double wall = seconds(CLOCK_MONOTONIC), cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
		b->run();
		wall = seconds(CLOCK_MONOTONIC) - wall;
		cpu = seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu;
		if (wall < wall_s) wall_s = wall, cpu_s = cpu;
	}
	printf("{\"case\": \"%s\", \"unit\": \"%s\", \"value\": %.4g, \"wall_s\": %.6f, \"cpu_s\": %.6f}\n",
		b->name, b->unit, b->amount / wall_s, wall_s, cpu_s);
}

static void open_all(void) {
	int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
	ix_log_init(&text_log, &(ix_log_options){.descriptor = null, .site_burst = UINT32_MAX});
	ix_log_init(&json_log,
		&(ix_log_options){.descriptor = null, .format = IX_LOG_JSON, .site_burst = UINT32_MAX});
	ix_log_init(&held_log, &(ix_log_options){.descriptor = null, .site_burst = 1});
	ix_metric_family *counters, *gauges, *histograms;
	ix_metric_about counted = {.name = "c_total", .labels = {"n"}}, shown = {.name = "g"};
	ix_metric_about observed = {.name = "h", .buckets = ix_metric_buckets_seconds, .bucket_count = 19};
	if (ix_metrics_new(NULL, &metrics, NULL) || ix_metrics_counters(metrics, &counted, &counters, NULL) ||
		ix_metrics_gauges(metrics, &shown, &gauges, NULL) ||
		ix_metrics_histograms(metrics, &observed, &histograms, NULL))
		exit(1);
	for (int i = 0; i < 1000; i++) {
		char value[16];
		(void)snprintf(value, sizeof value, "%d", i);
		if (ix_metric_counter(counters, (ix_str[]){ix_str_from(value)}, &counter, NULL)) exit(1);
	}
	if (ix_metric_gauge(gauges, NULL, &gauge, NULL) ||
		ix_metric_histogram(histograms, NULL, &histogram, NULL) ||
		ix_work_new(&(ix_work_options){.thread_count = 1}, &work, NULL) ||
		ix_work_inbox_new(work, &inbox, NULL) ||
		ix_directory_temporary("inox-bench-", directory, sizeof directory, NULL))
		exit(1);
	(void)snprintf(path, sizeof path, "%s/file", directory);
}

int main(int argc, char **argv) {
	const char *given = argc > 1 ? argv[1] : getenv("INOX_BENCH_RUNS");
	long wanted = given ? strtol(given, NULL, 10) : 5;
	int runs = wanted < 1 ? 1 : wanted > RUNS_MAX ? RUNS_MAX : (int)wanted;
	open_all();
	for (size_t i = 0; i < IX_COUNT(benches); i++) measure(&benches[i], runs);
	ix_work_inbox_free(inbox);
	ix_work_free(work);
	ix_metrics_free(metrics);
	(void)ix_directory_remove(directory, NULL);
	return 0;
}
