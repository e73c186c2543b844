/* How fast the engine takes commands: streams made beforehand from a seed, or from an ITCH file, into an
 * engine whose listener looks at every event. One JSON line a case, with the shares of the kinds
 * of commands as they were:
 *
 *     book      64 symbols, about 1,000 live orders each, prices in a band around a drifting middle
 *     deep      1 symbol, about 100,000 live orders on 2,000 price levels
 *     cross     64 symbols, short books: half of the orders trade at once
 *     types     as book, with icebergs, stops, immediate orders and self-trade prevention
 *     itch      with FILE: its adds, executions, cancels, deletes and replaces, as commands
 *     itch-file the same from the bytes of the file on: decoded, turned into commands and applied, in
 * messages a second
 *
 * Each twice: through ix_match_apply_all, and ("-single") one by one through ix_match_apply. Commands a
 * second by CPU time, best and median of the runs (a new engine each). Usage: bench-match [FILE [RUNS]];
 * $INOX_BENCH_RUNS is the default of RUNS. */
#include <inox/alloc.h>
#include <inox/bench.h>
#include <inox/file.h>
#include <inox/itch.h>
#include <inox/match.h>
#include <inox/reader.h>
#include <inox/region.h>
#include <inox/rng.h>

#include <inttypes.h>
#include <sys/resource.h>

enum { RUNS_MAX = 99, COMMANDS = 4 << 20, LIVE_MAX = 1 << 18, REGIONS_MAX = 16, REGION_FROM = 1 << 20 };

/* ---- large blocks on huge pages, the rest from the system ---- */

static ix_region regions[REGIONS_MAX];

static ix_region *region_of(const void *block) {
	for (size_t i = 0; i < REGIONS_MAX; i++) {
		if (regions[i].data == block) return &regions[i];
	}
	return NULL;
}

static void *huge_resize(void *context, void *block, size_t old_size, size_t new_size, size_t alignment) {
	(void)context;
	const ix_allocator *os = ix_os_allocator();
	ix_region *old = block ? region_of(block) : NULL,
		  *r = new_size >= REGION_FROM ? region_of(NULL) : NULL;
	if (!old && !r) return os->resize(os->context, block, old_size, new_size, alignment);
	void *grown = NULL;
	if (r && ix_region_open(new_size, IX_REGION_HUGE | IX_REGION_PREFAULT, r, NULL) == 0)
		grown = r->data;
	else if (new_size)
		grown = ix_allocate(os, new_size, alignment);
	if (new_size && !grown) return NULL;
	if (block && grown) memcpy(grown, block, old_size < new_size ? old_size : new_size);
	if (old) {
		ix_region_close(old);
		*old = (ix_region){0};
	} else {
		ix_release(os, block, old_size, alignment);
	}
	return grown;
}

static const ix_allocator huge_allocator = {huge_resize, NULL};

/* ---- streams of commands ---- */

typedef struct shape {
	const char *name;
	uint32_t symbols, live;     /* live orders that it grows to, then holds, all symbols */
	uint32_t spread;            /* ticks from the middle in which orders are placed */
	uint32_t crossing;          /* in a hundred new orders, those at a price that may trade */
	uint32_t cancels, replaces; /* in a hundred commands */
	bool has_types;
} shape;

static const shape shapes[] = {
	{"book", 64, 64000, 100, 10, 40, 10, false},
	{"deep", 1, 100000, 1000, 10, 40, 10, false},
	{"cross", 64, 6400, 20, 50, 20, 5, false},
	{"types", 64, 64000, 100, 10, 35, 10, true},
};

typedef struct stream {
	ix_match_command *commands;
	size_t count, capacity;
	uint64_t kinds[IX_MATCH_KIND_COUNT];
} stream;

static void put(stream *s, ix_match_command c) {
	if (s->count == s->capacity) {
		s->capacity = s->capacity ? 2 * s->capacity : 1 << 16;
		ix_match_command *grown = realloc(s->commands, s->capacity * sizeof *grown);
		if (!grown) abort();
		s->commands = grown;
	}
	s->commands[s->count++] = c;
	s->kinds[c.kind]++;
}

static void put_symbols(stream *s, uint32_t symbols, uint32_t tick_e4) {
	for (uint32_t k = 1; k <= symbols; k++) {
		uint16_t i = (uint16_t)k;
		put(s, (ix_match_command){.kind = IX_MATCH_ADD_SYMBOL, .symbol = i, .tick_e4 = tick_e4});
		put(s, (ix_match_command){.kind = IX_MATCH_STATE, .symbol = i, .state = IX_MATCH_CONTINUOUS});
	}
}

typedef struct known {
	uint64_t number;
	uint32_t price_e4;
	uint16_t symbol;
	uint8_t side;
} known;

typedef struct maker {
	ix_rng rng;
	const shape *shape;
	uint32_t middle[65];
	known live[LIVE_MAX]; /* given and not cancelled; some have traded */
	uint32_t live_count;
	uint64_t next;
} maker;

static uint32_t below(maker *m, uint32_t bound) { return (uint32_t)ix_rng_below(&m->rng, bound); }

/* Near the middle more often than far from it. */
static uint32_t price_near(maker *m, uint16_t symbol, uint8_t side, bool crosses) {
	uint32_t a = below(m, m->shape->spread), b = below(m, m->shape->spread), away = 1 + (a < b ? a : b);
	uint32_t middle = m->middle[symbol];
	if (crosses) away = 0 - below(m, 4);
	return (side == IX_MATCH_BUY ? middle - away : middle + away) * 100;
}

static void give_type(maker *m, ix_match_command *c) {
	uint32_t kind = below(m, 20);
	c->owner = 1 + below(m, 50);
	c->stp = (uint8_t)below(m, 5);
	if (kind < 3) c->display = (c->quantity + 3) / 4;
	if (kind == 3) c->tif = IX_MATCH_IOC;
	if (kind == 4) c->tif = IX_MATCH_FOK;
	if (kind == 5) {
		c->type = IX_MATCH_STOP_LIMIT;
		c->stop_e4 = c->price_e4 + (c->side == IX_MATCH_BUY ? 6000 : 0U - 6000);
	}
}

static void put_submit(maker *m, stream *s) {
	uint16_t symbol = (uint16_t)(1 + below(m, m->shape->symbols));
	uint8_t side = (uint8_t)below(m, 2);
	if (below(m, 64) == 0) m->middle[symbol] += below(m, 3) - 1;
	bool crosses = below(m, 100) < m->shape->crossing;
	ix_match_command c = {.kind = IX_MATCH_SUBMIT,
		.symbol = symbol,
		.order = m->next++,
		.side = side,
		.quantity = 100 * (1 + below(m, 10)),
		.price_e4 = price_near(m, symbol, side, crosses)};
	if (m->shape->has_types) give_type(m, &c);
	put(s, c);
	m->live[m->live_count++] = (known){c.order, c.price_e4, symbol, side};
}

static void put_replace(maker *m, stream *s) {
	known *k = &m->live[below(m, m->live_count)];
	uint32_t price = below(m, 2) ? k->price_e4 : price_near(m, k->symbol, k->side, false);
	put(s, (ix_match_command){.kind = IX_MATCH_REPLACE,
		       .order = k->number,
		       .new_order = m->next,
		       .quantity = 100 * (1 + below(m, 10)),
		       .price_e4 = price});
	k->number = m->next++;
	k->price_e4 = price;
}

static void put_cancel(maker *m, stream *s) {
	known *k = &m->live[below(m, m->live_count)];
	put(s, (ix_match_command){.kind = IX_MATCH_CANCEL, .order = k->number});
	*k = m->live[--m->live_count];
}

static stream make_stream(const shape *of) {
	static maker m;
	m = (maker){.shape = of, .next = 1};
	ix_rng_seed(&m.rng, 1);
	stream s = {0};
	for (uint32_t i = 0; i <= of->symbols; i++) m.middle[i] = 10000 + i;
	put_symbols(&s, of->symbols, 100);
	while (m.live_count < of->live) put_submit(&m, &s);
	while (s.count < COMMANDS) {
		uint32_t what = below(&m, 100);
		if (m.live_count > of->live || what < of->cancels)
			put_cancel(&m, &s);
		else if (what < of->cancels + of->replaces)
			put_replace(&m, &s);
		else
			put_submit(&m, &s);
		if (m.live_count < of->live / 2) put_submit(&m, &s);
	}
	return s;
}

/* ---- an ITCH file's orders ----
 * An execution is an immediate order of the other side at the price of the order that the feed says it met.
 */

enum { REFERENCES = 1 << 24, BATCH = 256 };

typedef struct itch {
	stream *to;
	known *orders;    /* by reference; NULL: `engine` is asked */
	ix_match *engine; /* takes each batch */
	uint64_t messages;
} itch;

static void flush(itch *x) {
	ix_match_apply_all(x->engine, x->to->commands, x->to->count);
	x->to->count = 0;
}

static void learn(const itch *x, uint64_t number, uint32_t price_e4, uint16_t symbol, uint8_t side) {
	if (x->orders) x->orders[number % REFERENCES] = (known){number, price_e4, symbol, side};
}

static known recall(itch *x, uint64_t number) {
	if (x->orders) return x->orders[number % REFERENCES];
	ix_match_order o = {0};
	flush(x);
	(void)ix_match_find(x->engine, number, &o);
	return (known){number, o.price_e4, o.symbol, o.side};
}

static void put_add(itch *x, const ix_itch_message *m) {
	uint8_t side = m->add_order.side == 'B' ? IX_MATCH_BUY : IX_MATCH_SELL;
	learn(x, m->add_order.reference, m->add_order.price_e4, m->locate, side);
	put(x->to, (ix_match_command){.kind = IX_MATCH_SUBMIT,
			   .symbol = m->locate,
			   .order = m->add_order.reference,
			   .side = side,
			   .quantity = m->add_order.shares,
			   .price_e4 = m->add_order.price_e4});
}

static void put_execution(itch *x, const ix_itch_message *m) {
	known k = recall(x, m->order_executed.reference);
	put(x->to, (ix_match_command){.kind = IX_MATCH_SUBMIT,
			   .symbol = k.symbol,
			   .order = m->order_executed.match | UINT64_C(1) << 63,
			   .side = !k.side,
			   .tif = IX_MATCH_IOC,
			   .quantity = m->order_executed.shares,
			   .price_e4 = k.price_e4});
}

static void put_itch_replace(itch *x, const ix_itch_message *m) {
	if (x->orders) {
		known k = recall(x, m->order_replace.reference);
		learn(x, m->order_replace.new_reference, m->order_replace.price_e4, k.symbol, k.side);
	}
	put(x->to, (ix_match_command){.kind = IX_MATCH_REPLACE,
			   .order = m->order_replace.reference,
			   .new_order = m->order_replace.new_reference,
			   .quantity = m->order_replace.shares,
			   .price_e4 = m->order_replace.price_e4});
}

static void put_itch(itch *x, const uint8_t *bytes, size_t size) {
	ix_itch_message m;
	if (ix_itch_decode_inline(bytes, size, &m) != 0) return;
	switch (m.type) {
	case IX_ITCH_ADD_ORDER:
	case IX_ITCH_ADD_ORDER_ATTRIBUTED: put_add(x, &m); break;
	case IX_ITCH_ORDER_EXECUTED:
	case IX_ITCH_ORDER_EXECUTED_PRICE: put_execution(x, &m); break;
	case IX_ITCH_ORDER_DELETE:
	case IX_ITCH_ORDER_CANCEL:
		put(x->to, (ix_match_command){.kind = IX_MATCH_CANCEL, .order = m.order_delete.reference});
		break;
	case IX_ITCH_ORDER_REPLACE: put_itch_replace(x, &m); break;
	default: break;
	}
}

static void put_file(itch *x, ix_bytes file) {
	ix_reader r = ix_reader_of(file);
	while (ix_reader_left(&r) >= 2) {
		ix_bytes message = ix_read_bytes(&r, ix_read_u16_be(&r));
		if (!message.data || !message.size) continue;
		put_itch(x, message.data, message.size);
		x->messages++;
		if (x->engine && x->to->count >= BATCH) flush(x);
	}
	if (x->engine) flush(x);
}

static stream make_itch_stream(ix_bytes file) {
	stream s = {0};
	itch x = {.to = &s, .orders = calloc(REFERENCES, sizeof *x.orders)};
	if (!x.orders) abort();
	put_symbols(&s, 8192, 1);
	put_file(&x, file);
	free(x.orders);
	return s;
}

/* ---- running ---- */

typedef struct heard {
	uint64_t sum, events, trades;
} heard;

static void listen(void *context, const ix_match_event *event) {
	heard *h = context;
	h->sum += event->order ^ event->price_e4 ^ event->left;
	h->events++;
	h->trades += event->kind == IX_MATCH_TRADE;
}

typedef struct outcome {
	ix_match_info info;
	heard heard;
	double cpu_s[RUNS_MAX];
	long faults;
} outcome;

static double cpu_seconds(void) {
	struct timespec t;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static long page_faults(void) {
	struct rusage usage;
	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_minflt + usage.ru_majflt;
}

static ix_match *open_engine(outcome *o) {
	ix_match *e;
	ix_error err = {0};
	o->heard = (heard){0};
	const ix_match_options options = {.allocator = &huge_allocator,
		.listener = {listen, &o->heard},
		.symbols_max = 8192,
		.orders_reserve = 1 << 19,
		.levels_reserve = 1 << 18};
	if (ix_match_new(&options, &e, &err) == 0) return e;
	fprintf(stderr, "bench-match: %s\n", err.text);
	return NULL;
}

typedef enum way { ALL_AT_ONCE, ONE_BY_ONE, FROM_FILE } way;

static void run(ix_match *e, const stream *s, way how, ix_bytes file) {
	if (how == ALL_AT_ONCE) ix_match_apply_all(e, s->commands, s->count);
	for (size_t i = 0; i < s->count && how == ONE_BY_ONE; i++) (void)ix_match_apply(e, &s->commands[i]);
	if (how != FROM_FILE) return;
	stream batch = {0};
	itch x = {.to = &batch, .engine = e};
	put_symbols(&batch, 8192, 1);
	put_file(&x, file);
	free(batch.commands);
}

static bool run_once(const stream *s, way how, ix_bytes file, outcome *o, size_t at) {
	ix_match *e = open_engine(o);
	if (!e) return false;
	long faults = page_faults();
	double start = cpu_seconds();
	run(e, s, how, file);
	o->cpu_s[at] = cpu_seconds() - start;
	o->faults = page_faults() - faults;
	ix_match_get_info(e, &o->info);
	ix_match_free(e);
	return true;
}

static int by_size(const void *a, const void *b) {
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

static uint64_t count_messages(ix_bytes file) {
	uint64_t count = 0;
	ix_reader r = ix_reader_of(file);
	for (; ix_reader_left(&r) >= 2; count++) (void)ix_read_bytes(&r, ix_read_u16_be(&r));
	return count;
}

static int run_case(const char *name, const stream *s, way how, ix_bytes file, size_t runs) {
	static const char *const suffixes[] = {"", "-single", "-file"};
	static outcome o;
	for (size_t i = 0; i < runs; i++) {
		if (!run_once(s, how, file, &o, i)) return 4;
	}
	qsort(o.cpu_s, runs, sizeof o.cpu_s[0], by_size);
	double count = (double)s->count, median = o.cpu_s[runs / 2];
	double done = how == FROM_FILE ? (double)count_messages(file) : count;
	printf("{\"case\": \"%s%s\", \"unit\": \"%s/s\", \"value\": %.0f, \"best\": %.0f, \"cpu_s\": "
	       "%.4f, "
	       "\"runs\": %zu, \"commands\": %zu, \"submit\": %.3f, \"cancel\": %.3f, \"replace\": %.3f, "
	       "\"events\": %" PRIu64 ", \"trades\": %" PRIu64
	       ", \"orders_peak\": %u, \"orders_left\": %u, \"levels_left\": %u, "
	       "\"engine_mb\": %.1f, \"growths\": %" PRIu64 ", \"page_faults\": %ld, \"checksum\": %" PRIu64
	       "}\n",
		name, suffixes[how], how == FROM_FILE ? "msg" : "commands", done / median, done / o.cpu_s[0],
		median, runs, s->count, (double)s->kinds[IX_MATCH_SUBMIT] / count,
		(double)s->kinds[IX_MATCH_CANCEL] / count, (double)s->kinds[IX_MATCH_REPLACE] / count,
		o.heard.events, o.heard.trades, o.info.order_count_peak, o.info.order_count,
		o.info.level_count, (double)o.info.memory_bytes / 1048576, o.info.growth_count, o.faults,
		o.heard.sum);
	fflush(stdout);
	return 0;
}

static int run_file(const char *path, size_t runs) {
	ix_file_map map;
	ix_error err = {0};
	if (ix_file_map_open(path, &map, &err) != 0) {
		fprintf(stderr, "bench-match: %s\n", err.text);
		return 4;
	}
	stream s = make_itch_stream(map.bytes);
	int code = run_case("itch", &s, ALL_AT_ONCE, map.bytes, runs);
	if (code == 0) code = run_case("itch", &s, ONE_BY_ONE, map.bytes, runs);
	if (code == 0) code = run_case("itch", &s, FROM_FILE, map.bytes, runs);
	free(s.commands);
	ix_file_unmap(&map);
	return code;
}

int main(int argc, char **argv) {
	size_t runs = argc > 2 ? strtoul(argv[2], NULL, 10) : ix_bench_runs(7);
	if (argc > 3 || runs < 1 || runs > RUNS_MAX) {
		fprintf(stderr, "usage: bench-match [FILE [RUNS]]\n");
		return 2;
	}
	int code = 0;
	for (size_t i = 0; i < IX_COUNT(shapes) && code == 0; i++) {
		stream s = make_stream(&shapes[i]);
		code = run_case(shapes[i].name, &s, ALL_AT_ONCE, (ix_bytes){0}, runs);
		if (code == 0) code = run_case(shapes[i].name, &s, ONE_BY_ONE, (ix_bytes){0}, runs);
		free(s.commands);
	}
	if (code == 0 && argc > 1) code = run_file(argv[1], runs);
	return code;
}
