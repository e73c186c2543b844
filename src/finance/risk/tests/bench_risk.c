/* How long a check takes: 10,000 symbols, 1,000 accounts of one session each in 10 desks, and every check on.
 * Each account trades 64 symbols. Of accounts, of an account's symbols and of all symbols the k-th most
 * active is as likely as 1 / k ("even": all are equally likely, so that next to nothing is in the caches).
 * One in fifty orders is too large or through a collar. One JSON line a case: check          shared levels
 * with atomic operations, as for several threads check ahead    the same by one who fetches for the next
 * orders while one is checked single thread  no atomic operations even, even ahead pipeline       one
 * session, 64 symbols, one thread Batches of 256 checks are timed, and so are single checks (less what
 * reading the time takes); filling and cancelling goes on between batches and is not timed. Usage: bench-risk
 * [BATCHES [CASE]]; $INOX_BENCH_RUNS times 2000 is the default. */
#include <inox/alloc.h>
#include <inox/clock.h>
#include <inox/hist.h>
#include <inox/region.h>
#include <inox/risk.h>
#include <inox/rng.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { BATCH = 256, TRADED = 64, REGIONS_MAX = 32, REGION_FROM = 1 << 20 };

/* ---- large blocks on huge pages, the rest from malloc ---- */

static ix_region regions[REGIONS_MAX];

static ix_region *region_of(const void *block) {
	for (size_t i = 0; i < REGIONS_MAX; i++) {
		if (regions[i].data == block) return &regions[i];
	}
	return NULL;
}

static void *resize(void *context, void *block, size_t old_size, size_t new_size, size_t alignment) {
	(void)context;
	ix_region *r = new_size >= REGION_FROM && !block ? region_of(NULL) : NULL;
	if (r && ix_region_open(new_size, IX_REGION_HUGE | IX_REGION_PREFAULT, r, NULL) == 0) return r->data;
	r = block ? region_of(block) : NULL;
	if (!r)
		return ix_os_allocator()->resize(
			ix_os_allocator()->context, block, old_size, new_size, alignment);
	if (new_size) return NULL; /* the engine does not resize what is large */
	ix_region_close(r);
	*r = (ix_region){0};
	return NULL;
}

static const ix_allocator huge_allocator = {resize, NULL};

/* ---- the world ---- */

typedef struct world {
	uint32_t desks, accounts, symbols; /* in all */
	bool single_thread;
	bool is_even; /* all accounts and symbols are equally likely */
	int ahead;    /* orders that are fetched for before they are checked */
} world;

static const char every_check[] =
	" capital 5000000000.00; order-shares 5000 soft=4900; order-notional 2000000.00; collar-last-percent "
	"10%;"
	" collar-nbbo-percent 5%; collar-nbbo 5.00; collar-reference-percent 30%; quote-age 1h; price-min "
	"0.10;"
	" hours 00:00 24:00; duplicate-window 1ms; position-long 50000000; position-short 50000000;"
	" position-gross 90000000; concentration 50%; volume-share 90%; repeat-rate 50000000/s; open-orders "
	"50000;"
	" open-notional 900000000000.00; gross-notional 900000000000.00; buying-power 900000000000.00;"
	" daily-loss 900000000.00; drawdown 900000000.00; order-to-trade 1000000; self-match account;"
	" locate-required; no-market-orders;";

static char *limits_of(const world *w) {
	size_t capacity = 65536 + (size_t)w->accounts * 256, size = 0;
	char *text = malloc(capacity);
	if (!text) abort();
	size += ix_format(text, capacity, "firm F {%s restricted NEVER;\n", every_check);
	for (uint32_t d = 0; d < w->desks; d++) {
		size += ix_format(text + size, capacity - size, "desk D%u {%s\n", d, every_check);
		for (uint32_t a = d; a < w->accounts; a += w->desks)
			size += ix_format(text + size, capacity - size,
				"account A%u { position-long 400000; trader T%u { session S%u { message-rate "
				"50000000/s; "
				"order-shares 4800; } } }\n",
				a, a, a);
		size += ix_format(text + size, capacity - size, "}\n");
	}
	(void)ix_format(text + size, capacity - size, "}\n");
	return text;
}

static ix_risk *open_world(const world *w) {
	ix_risk *risk = NULL;
	ix_error err = {0};
	char *text = limits_of(w);
	ix_risk_options options = {.allocator = &huge_allocator,
		.limits = ix_str_from(text),
		.symbol_max = w->symbols + 1,
		.orders_max = w->accounts > 1 ? 1 << 16 : 1 << 12,
		.cell_max = w->accounts * TRADED + (w->desks + 1) * w->symbols + 16,
		.single_thread = w->single_thread};
	if (ix_risk_open(&options, &risk, &err) != 0) {
		fprintf(stderr, "bench-risk: %s\n", err.text);
		exit(5);
	}
	free(text);
	for (uint32_t i = 0; i < w->symbols; i++) {
		char name[16];
		uint32_t index;
		size_t size = ix_format(name, sizeof name, "Y%u", i);
		ix_risk_symbol details = {
			.lot = 1, .tick_e4 = 100, .average_volume = 100000000, .reference_e4 = 1000000};
		(void)ix_risk_add_symbol(risk, (ix_str){name, size}, &details, &index, NULL);
		ix_risk_mark(risk, index,
			&(ix_risk_mark_price){.bid_e4 = 999900,
				.ask_e4 = 1000100,
				.last_e4 = 1000000,
				.luld_low_e4 = 900000,
				.luld_high_e4 = 1100000,
				.time_ns = UINT64_C(1800000000000000000)});
	}
	return risk;
}

/* From 0 to count - 1, the k-th about as likely as 1 / k: each octave is as likely as the next. */
static uint32_t draw_rank(ix_rng *rng, uint32_t count) {
	unsigned octaves = 32U - (unsigned)__builtin_clz(count);
	uint32_t first = 1U << ix_rng_below(rng, octaves),
		 rank = first - 1 + (uint32_t)ix_rng_below(rng, first);
	return rank < count ? rank : (uint32_t)ix_rng_below(rng, count);
}

/* The symbols of an account: the same ones all day, the popular ones more often. */
static uint32_t symbol_of(const world *w, uint32_t account, uint32_t which) {
	ix_rng own;
	ix_rng_seed(&own, (uint64_t)account << 8 | which);
	return 1 + (w->is_even ? (uint32_t)ix_rng_below(&own, w->symbols)
			       : draw_rank(&own, w->symbols)); /* 0 is NEVER */
}

static void draw(const world *w, ix_rng *rng, ix_risk_order *o, uint64_t id) {
	/* Quotes around 100.00, a few of them through it: one in fifty is over a collar or too large. */
	uint32_t account =
		w->is_even ? (uint32_t)ix_rng_below(rng, w->accounts) : draw_rank(rng, w->accounts);
	uint32_t which = w->is_even ? (uint32_t)ix_rng_below(rng, TRADED) : draw_rank(rng, TRADED);
	bool is_buy = ix_rng_chance(rng, 1, 2);
	int64_t away = ix_rng_chance(rng, 1, 100) ? -800 : (int64_t)ix_rng_below(rng, 300);
	*o = (ix_risk_order){.id = id,
		.time_ns = UINT64_C(1800000000000000000) + id * 100,
		.quantity = ix_rng_chance(rng, 1, 100) ? 5000 : 1 + (int64_t)ix_rng_below(rng, 1000),
		.price_e4 = 1000000 + (is_buy ? -100 : 100) * away,
		.session = account,
		.symbol = symbol_of(w, account, which),
		.side = is_buy ? IX_RISK_BUY : IX_RISK_SELL};
}

/* Whoever has a batch in hand can fetch for the orders to come. */
static void check_batch(ix_risk *risk, const ix_risk_order *orders, bool *passed, int ahead) {
	for (int i = 0; i < BATCH; i++) {
		if (ahead && i + 2 * ahead < BATCH) ix_risk_prefetch(risk, &orders[i + 2 * ahead]);
		if (ahead && i + ahead < BATCH) ix_risk_prefetch_near(risk, &orders[i + ahead]);
		passed[i] = ix_risk_check(risk, &orders[i], NULL);
	}
}

/* What becomes of the orders of a batch; positions stay near zero. */
static void conclude(ix_risk *risk, const ix_risk_order *orders, const bool *passed) {
	for (int i = 0; i < BATCH; i++) {
		const ix_risk_order *o = &orders[i];
		if (!passed[i]) continue;
		ix_risk_on_ack(risk, o->session, o->id, o->time_ns);
		if (i % 8 == 0)
			ix_risk_on_fill(risk, o->session, o->id, o->quantity, o->price_e4, o->time_ns);
		else
			ix_risk_on_cancel(risk, o->session, o->id, 0, o->time_ns);
	}
}

static void report(const char *name, const world *w, const ix_hist *means, const ix_hist *singles,
	const ix_risk_stats *s, double per_second, uint64_t clock_cost) {
	printf("{\"case\": \"%s\", \"unit\": \"checks/s\", \"value\": %.0f, \"batch\": %d, \"batches\": "
	       "%" PRIu64
	       ", \"batch_mean_p50_ns\": %.1f, \"batch_mean_p99_ns\": %.1f, \"single_p50_ns\": %" PRIu64
	       ", \"single_p99_ns\": %" PRIu64 ", \"clock_ns\": %" PRIu64
	       ", \"pass_share\": %.3f, \"checks\": %" PRIu64
	       ", \"symbols\": %u, \"accounts\": %u, \"desks\": %u, \"even\": %s, \"cells\": %" PRIu64
	       ", \"fetched_ahead\": %d, \"single_thread\": %s}\n",
		name, per_second, BATCH, means->count, (double)ix_hist_percentile(means, 50) / 1000,
		(double)ix_hist_percentile(means, 99) / 1000, ix_hist_percentile(singles, 50),
		ix_hist_percentile(singles, 99), clock_cost, (double)s->pass_count / (double)s->check_count,
		s->check_count, w->symbols, w->accounts, w->desks, w->is_even ? "true" : "false",
		s->cell_count, w->ahead, w->single_thread ? "true" : "false");
	fflush(stdout);
}

static double cpu_seconds(void) {
	struct timespec t;
	(void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static uint64_t cost_of_the_clock(void) {
	uint64_t least = UINT64_MAX;
	for (int i = 0; i < 10000; i++) {
		uint64_t start = ix_cycles_ordered(), end = ix_cycles_ordered();
		if (end - start < least) least = end - start;
	}
	return least;
}

static void run(const char *name, const world *w, size_t batches) {
	ix_risk *risk = open_world(w);
	ix_rng rng;
	ix_hist means, singles;
	ix_risk_order orders[BATCH];
	bool passed[BATCH];
	ix_rng_seed(&rng, 1);
	if (ix_hist_init(&means, NULL, ix_os_allocator(), NULL) ||
		ix_hist_init(&singles, NULL, ix_os_allocator(), NULL))
		abort();
	uint64_t clock = cost_of_the_clock(), id = 1;
	double cpu_s = 0;
	size_t warm = (size_t)w->accounts * TRADED * 4 / BATCH + 100;
	for (size_t b = 0; b < warm + 2 * batches; b++) {
		for (int i = 0; i < BATCH; i++) draw(w, &rng, &orders[i], id++);
		bool is_single = b >= warm + batches;
		double cpu_start_s = cpu_seconds();
		uint64_t start = ix_cycles_ordered();
		if (!is_single) check_batch(risk, orders, passed, w->ahead);
		uint64_t took = ix_cycles_ordered() - start;
		if (b >= warm && !is_single) {
			ix_hist_record(
				&means, (uint64_t)ix_cycles_to_ns(took * 1000 / BATCH)); /* picoseconds */
			cpu_s += cpu_seconds() - cpu_start_s;
		}
		for (int i = 0; i < BATCH && is_single; i++) {
			start = ix_cycles_ordered();
			passed[i] = ix_risk_check(risk, &orders[i], NULL);
			took = ix_cycles_ordered() - start;
			ix_hist_record(&singles, (uint64_t)ix_cycles_to_ns(took > clock ? took - clock : 0));
		}
		conclude(risk, orders, passed);
	}
	ix_risk_stats stats;
	ix_risk_get_stats(risk, &stats);
	report(name, w, &means, &singles, &stats, (double)(batches * BATCH) / cpu_s,
		(uint64_t)ix_cycles_to_ns(clock));
	if (getenv("INOX_BENCH_REASONS"))
		for (unsigned i = 0; i < IX_RISK_REASON_COUNT; i++)
			fprintf(stderr, "%s %" PRIu64 "\n", ix_risk_reason_name(i), stats.reject_counts[i]);
	ix_hist_fini(&means);
	ix_hist_fini(&singles);
	ix_risk_close(risk);
}

int main(int argc, char **argv) {
	const char *runs = getenv("INOX_BENCH_RUNS");
	long batches = argc > 1 ? strtol(argv[1], NULL, 10) : runs ? 2000 * strtol(runs, NULL, 10) : 4000;
	static const struct {
		const char *name;
		world world;
	} cases[] = {
		{"check", {10, 1000, 10000, false, false, 0}},
		{"check ahead", {10, 1000, 10000, false, false, 4}},
		{"single thread", {10, 1000, 10000, true, false, 0}},
		{"even", {10, 1000, 10000, false, true, 0}},
		{"even ahead", {10, 1000, 10000, false, true, 4}},
		{"pipeline", {1, 1, 64, true, false, 0}},
	};
	if (argc > 3 || batches < 1 || batches > 1000000) {
		fprintf(stderr, "usage: bench-risk [BATCHES [CASE]]\n");
		return 2;
	}
	for (size_t i = 0; i < IX_COUNT(cases); i++) {
		if (argc < 3 || strcmp(argv[2], cases[i].name) == 0)
			run(cases[i].name, &cases[i].world, (size_t)batches);
	}
	return 0;
}
