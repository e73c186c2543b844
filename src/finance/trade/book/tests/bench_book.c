/* How fast the books of a day are built: every message of a BinaryFILE through ix_books_run. One JSON line a
 * case: books      the books of all symbols position   the same, and after every message the symbol's best
 * prices are read, and the queue position of the message's order if it is live Messages a second by CPU time,
 * best and median of the runs (new books each), what the books took, and what they held. Usage: bench-book
 * FILE [RUNS]; $INOX_BENCH_RUNS is the default of RUNS. */
#include <inox/book.h>
#include <inox/file.h>
#include <inox/itch.h>
#include <inox/region.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

enum { RUNS_MAX = 99, REGIONS_MAX = 32, REGION_FROM = 1 << 20 };

/* ---- large blocks on huge pages, the rest from malloc ---- */

static ix_region regions[REGIONS_MAX];

static ix_region *region_of(const void *block) {
	for (size_t i = 0; i < REGIONS_MAX; i++) {
		if (regions[i].data == block) return &regions[i];
	}
	return NULL;
}

static void *block_new(size_t size, size_t alignment) {
	ix_region *r = size >= REGION_FROM ? region_of(NULL) : NULL;
	if (r && ix_region_open(size, IX_REGION_HUGE | IX_REGION_PREFAULT, r, NULL) == 0) return r->data;
	return aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment);
}

static void block_free(void *block) {
	ix_region *r = block ? region_of(block) : NULL;
	if (!r) {
		free(block);
		return;
	}
	ix_region_close(r);
	*r = (ix_region){0};
}

static void *block_resize(void *context, void *block, size_t old_size, size_t new_size, size_t alignment) {
	(void)context;
	void *grown = new_size ? block_new(new_size, alignment) : NULL;
	if (new_size && !grown) return NULL;
	if (grown && block) memcpy(grown, block, old_size < new_size ? old_size : new_size);
	block_free(block);
	return grown;
}

static const ix_allocator huge_allocator = {block_resize, NULL};

/* ---- the cases ---- */

typedef struct reader {
	ix_books *books;
	uint64_t sum, bbo_count, position_count;
} reader;

static void read_message(void *context, const uint8_t *m, size_t size) {
	reader *r = context;
	(void)size;
	const ix_book_level *best = ix_book_bbo(r->books, ix_itch_view_locate(m));
	r->sum += best[IX_BOOK_BID].price_e4 + best[IX_BOOK_ASK].price_e4 + best[IX_BOOK_BID].shares;
	r->bbo_count++;
	uint64_t reference;
	switch (m[0]) {
	case IX_ITCH_ADD_ORDER:
	case IX_ITCH_ADD_ORDER_ATTRIBUTED:
	case IX_ITCH_ORDER_EXECUTED:
	case IX_ITCH_ORDER_EXECUTED_PRICE:
	case IX_ITCH_ORDER_CANCEL: reference = ix_itch_add_order_reference(m); break;
	case IX_ITCH_ORDER_REPLACE: reference = ix_itch_order_replace_new_reference(m); break;
	default: return;
	}
	ix_book_position p;
	if (!ix_book_queue_position(r->books, reference, &p)) return;
	r->sum += p.orders_ahead + p.shares_ahead;
	r->position_count++;
}

typedef struct sample {
	double wall_s, cpu_s;
} sample;

typedef struct outcome {
	ix_books_info info;
	ix_itch_run run;
	reader reader;
	double rss_mb;
	long faults; /* page faults while running */
} outcome;

static double seconds(clockid_t clock) {
	struct timespec t;
	clock_gettime(clock, &t);
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

static long page_faults(void) {
	struct rusage usage;
	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_minflt + usage.ru_majflt;
}

static int run_once(ix_bytes file, bool reads, sample *ret_sample, outcome *ret_outcome) {
	*ret_outcome = (outcome){0};
	const ix_book_listener listener = {.on_message = read_message, .context = &ret_outcome->reader};
	const ix_books_options options = {.allocator = &huge_allocator, .listener = reads ? &listener : NULL};
	ix_books *books;
	ix_error err = {0};
	if (ix_books_new(&options, &books, &err) != 0) {
		fprintf(stderr, "bench-book: %s\n", err.text);
		return 4;
	}
	ret_outcome->reader.books = books;
	long faults = page_faults();
	sample start = {seconds(CLOCK_MONOTONIC), seconds(CLOCK_PROCESS_CPUTIME_ID)};
	int code = ix_books_run(books, file, &ret_outcome->run, UINT64_MAX, &err);
	ret_sample->wall_s = seconds(CLOCK_MONOTONIC) - start.wall_s;
	ret_sample->cpu_s = seconds(CLOCK_PROCESS_CPUTIME_ID) - start.cpu_s;
	ret_outcome->faults = page_faults() - faults;
	ret_outcome->rss_mb = rss_anon_mb();
	ix_books_get_info(books, &ret_outcome->info);
	ix_books_free(books);
	if (code == 0) return 0;
	fprintf(stderr, "bench-book: %s\n", err.text);
	return 3;
}

static int by_cpu(const void *a, const void *b) {
	double x = ((const sample *)a)->cpu_s, y = ((const sample *)b)->cpu_s;
	return (x > y) - (x < y);
}

static int run_case(const char *name, ix_bytes file, bool reads, size_t runs) {
	sample samples[RUNS_MAX];
	outcome o;
	for (size_t i = 0; i < runs; i++) {
		int code = run_once(file, reads, &samples[i], &o);
		if (code) return code;
	}
	qsort(samples, runs, sizeof samples[0], by_cpu);
	double count = (double)o.run.message_count;
	const sample *median = &samples[runs / 2];
	printf("{\"case\": \"%s\", \"unit\": \"msg/s\", \"value\": %.0f, \"best\": %.0f, \"cpu_s\": %.4f, "
	       "\"wall_s\": %.4f, "
	       "\"runs\": %zu, \"messages\": %" PRIu64 ", \"rss_anon_mb\": %.1f, \"books_mb\": %.1f, "
	       "\"orders_peak\": %u, \"levels_peak\": %u, \"symbols\": %u, \"faults\": %" PRIu64
	       ", \"unknown\": %" PRIu64 ", \"growths\": %" PRIu64
	       ", \"page_faults\": %ld, \"bbo_reads\": %" PRIu64 ", \"positions\": %" PRIu64
	       ", \"checksum\": %" PRIu64 "}\n",
		name, count / median->cpu_s, count / samples[0].cpu_s, median->cpu_s, median->wall_s, runs,
		o.run.message_count, o.rss_mb, (double)o.info.memory_bytes / 1048576, o.info.order_count_peak,
		o.info.level_count_peak, o.info.symbol_count, o.info.fault_count, o.run.unknown_count,
		o.info.growth_count, o.faults, o.reader.bbo_count, o.reader.position_count, o.reader.sum);
	fflush(stdout);
	return 0;
}

int main(int argc, char **argv) {
	const char *asked = argc > 2 ? argv[2] : getenv("INOX_BENCH_RUNS");
	long runs = asked ? strtol(asked, NULL, 10) : 7;
	if (argc < 2 || argc > 3 || runs < 1 || runs > RUNS_MAX) {
		fprintf(stderr, "usage: bench-book FILE [RUNS]\n");
		return 2;
	}
	ix_file_map map;
	ix_error err = {0};
	if (ix_file_map_open(argv[1], &map, &err) != 0) {
		fprintf(stderr, "bench-book: %s\n", err.text);
		return 4;
	}
	uint64_t touched = 0;
	for (size_t i = 0; i < map.bytes.size; i += 4096) touched += map.bytes.data[i];
	int code = run_case("books", map.bytes, false, (size_t)runs);
	if (code == 0) code = run_case("position", map.bytes, true, (size_t)runs);
	ix_file_unmap(&map);
	return touched == UINT64_MAX ? 5 : code;
}
