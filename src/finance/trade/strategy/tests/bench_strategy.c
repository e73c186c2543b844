/* What a strategy costs a quote: on_book of the built-in ones over random walks of many symbols, with a host
 * that answers every request on the spot. One JSON line a case: nanoseconds a call, median and best of the
 * runs; "quiet" is a book whose prices stay, "walk" one that moves a tick at every third call. Usage:
 * bench-strategy [RUNS] */
#include <inox/rng.h>
#include <inox/strategy_load.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { SYMBOLS = 512, CALLS = 2000000, RUNS_MAX = 99, LATER_MAX = 1024 };

typedef struct bench_host {
	ix_strategy_host host;
	const ix_strategy_vtable *vtable;
	void *self;
	uint64_t now_ns, order_count, request_count;
	ix_strategy_quote quotes[SYMBOLS + 1];
	ix_strategy_position positions[SYMBOLS + 1];
	ix_strategy_update later[LATER_MAX];
	size_t later_count;
} bench_host;

static uint64_t bench_now(void *context) { return ((bench_host *)context)->now_ns; }

static void answer_later(bench_host *h, ix_strategy_update update) {
	h->request_count++;
	if (h->later_count < LATER_MAX) h->later[h->later_count++] = update;
}

/* A number says what the order is: symbol and side in its low bits. */
static int bench_enter(void *context, const ix_strategy_order *o, uint64_t *ret_order) {
	bench_host *h = context;
	*ret_order = ++h->order_count << 17 | (uint64_t)o->symbol << 1 | o->side;
	const bool is_ioc = o->tif == IX_STRATEGY_IOC;
	answer_later(h, (ix_strategy_update){.order = *ret_order,
				.symbol = o->symbol,
				.side = o->side,
				.kind = is_ioc ? IX_STRATEGY_CANCELLED : IX_STRATEGY_ACCEPTED,
				.quantity = o->quantity,
				.price_e4 = o->price_e4,
				.left = is_ioc ? 0 : o->quantity});
	return 0;
}
static int bench_replace(void *context, uint64_t order, uint32_t quantity, uint32_t price_e4) {
	answer_later(context, (ix_strategy_update){.order = order,
				      .symbol = (uint16_t)(order >> 1),
				      .side = order & 1,
				      .kind = IX_STRATEGY_REPLACED,
				      .quantity = quantity,
				      .price_e4 = price_e4,
				      .left = quantity});
	return 0;
}
static int bench_cancel(void *context, uint64_t order) {
	answer_later(context, (ix_strategy_update){.order = order,
				      .symbol = (uint16_t)(order >> 1),
				      .side = order & 1,
				      .kind = IX_STRATEGY_CANCELLED});
	return 0;
}
static int bench_set_timer(void *context, uint64_t at_ns, uint32_t id) {
	(void)context, (void)at_ns, (void)id;
	return 0;
}
static const ix_strategy_quote *bench_quote(void *context, uint16_t symbol) {
	return &((bench_host *)context)->quotes[symbol];
}
static const ix_strategy_position *bench_position(void *context, uint16_t symbol) {
	return &((bench_host *)context)->positions[symbol];
}
static uint16_t bench_find_symbol(void *context, const char *name, size_t size) {
	(void)context, (void)name, (void)size;
	return 0;
}
static uint16_t bench_symbol_last(void *context) {
	(void)context;
	return SYMBOLS;
}
static int64_t bench_parameter(void *context, uint32_t index) {
	const ix_strategy_parameter *p = &((bench_host *)context)->vtable->parameters[index];
	/* A spread that is wide for the one is to be narrow for the other. */
	return ix_str_equal(ix_str_from(p->name), IX_STR("spread_max_e4")) ? 600 : p->fallback;
}
static void bench_log(void *context, const char *text, size_t size) { (void)context, (void)text, (void)size; }

static double seconds(void) {
	struct timespec t;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void walk(ix_strategy_quote *q, ix_rng *rng, bool moves) {
	uint64_t r = ix_rng_u64(rng);
	q->bid_shares = 100 + (r & 1023);
	q->ask_shares = 100 + (r >> 10 & 1023);
	q->bid_orders = q->ask_orders = 3;
	if (!moves || r >> 40 & 3) return;
	uint32_t step = r >> 50 & 1 ? 100 : (uint32_t)-100;
	if (q->bid_e4 < 50000 && step != 100) return;
	q->bid_e4 += step;
	q->ask_e4 += step;
}

/* The seconds of the calls alone: the same walk without a strategy is taken off. */
static double run(const ix_strategy_vtable *vtable, bool moves, bool is_empty, bench_host *h) {
	*h = (bench_host){.vtable = vtable, .now_ns = UINT64_C(36000000000000)};
	h->host = (ix_strategy_host){sizeof h->host, IX_STRATEGY_ABI, h, bench_now, bench_enter,
		bench_replace, bench_cancel, bench_set_timer, bench_quote, bench_position, bench_find_symbol,
		bench_symbol_last, bench_parameter, bench_log};
	if (vtable->open(&h->host, SYMBOLS, &h->self) != 0) exit(4);
	if (vtable->on_start) vtable->on_start(h->self);
	ix_rng rng;
	ix_rng_seed(&rng, 1);
	for (uint32_t s = 1; s <= SYMBOLS; s++)
		h->quotes[s] = (ix_strategy_quote){1000, 1000, 100000, 100600, 3, 3};
	double start = seconds();
	for (uint32_t i = 0; i < CALLS; i++) {
		uint16_t symbol = (uint16_t)(1 + (i * 7) % SYMBOLS);
		walk(&h->quotes[symbol], &rng, moves);
		h->now_ns += 5000;
		if (is_empty) continue;
		vtable->on_book(h->self, symbol, &h->quotes[symbol]);
		for (size_t u = 0; u < h->later_count; u++) vtable->on_order(h->self, &h->later[u]);
		h->later_count = 0;
	}
	double spent = seconds() - start;
	vtable->close(h->self);
	return spent;
}

static int by_value(const void *a, const void *b) {
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

int main(int argc, char **argv) {
	static bench_host h;
	long runs = argc > 1 ? strtol(argv[1], NULL, 10) : 7;
	if (argc > 2 || runs < 1 || runs > RUNS_MAX) {
		fprintf(stderr, "usage: bench-strategy [RUNS]\n");
		return 2;
	}
	for (size_t i = 0; i < 2 * (size_t)IX_STRATEGY_BUILTIN_COUNT; i++) {
		const ix_strategy_vtable *vtable = ix_strategy_builtins[i / 2];
		bool moves = i % 2;
		double spent[RUNS_MAX];
		for (long r = 0; r < runs; r++) {
			double empty = run(vtable, moves, true, &h);
			spent[r] = (run(vtable, moves, false, &h) - empty) / (double)CALLS * 1e9;
		}
		qsort(spent, (size_t)runs, sizeof spent[0], by_value);
		printf("{\"case\": \"%s_%s\", \"unit\": \"ns/call\", \"value\": %.1f, \"best\": %.1f, "
		       "\"runs\": %ld, "
		       "\"calls\": %d, \"symbols\": %d, \"requests\": %" PRIu64 "}\n",
			vtable->name, moves ? "walk" : "quiet", spent[runs / 2], spent[0], runs, CALLS,
			SYMBOLS, h.request_count);
	}
	return 0;
}
