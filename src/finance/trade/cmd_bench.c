/* `inox trade bench`: how fast this machine parses a file, builds its books, matches its orders, trades on
 * it. */
#include "cmd.h"
#include "cmd_report.h"

#include <inox/alloc.h>
#include <inox/clock.h>
#include <inox/itch_sum.h>
#include <inox/process.h>

#include <stdlib.h>

typedef struct loaded {
	uint8_t *bytes;
	size_t size, capacity;
} loaded;

static int grow(loaded *m, size_t size, ix_error *err) {
	if (m->capacity - m->size >= size) return 0;
	size_t capacity = ix_size_max(m->size + size, m->capacity * 2);
	const ix_allocator *a = ix_os_allocator();
	uint8_t *larger = a->resize(a->context, m->bytes, m->capacity, capacity, 64);
	if (!larger) return ix_fail(err, IX_ERR_MEMORY, "no memory for %zu bytes of messages", capacity);
	m->bytes = larger;
	m->capacity = capacity;
	return 0;
}

/* All messages of the file, unpacked and length-prefixed, in memory. */
static int load(ix_call *call, loaded *m) {
	ix_source_options options = {.allocator = ix_os_allocator(), .paths = {ix_call_operand(call, 1)}};
	ix_source *source = NULL;
	int code = ix_source_open(&options, &source, &call->error);
	for (ix_source_part part = {0}; !code && part.kind != IX_SOURCE_END;) {
		code = ix_source_next(source, &part, &call->error);
		if (code || part.kind != IX_SOURCE_MESSAGES) continue;
		size_t used = 0;
		while (part.framed.size - used >= 2) {
			size_t size = ix_load_u16_be(part.framed.data + used);
			if (size == 0 || size > part.framed.size - used - 2) break;
			used += 2 + size;
		}
		code = grow(m, used, &call->error);
		if (!code && m->bytes) memcpy(m->bytes + m->size, part.framed.data, used);
		m->size += code ? 0 : used;
		ix_source_advance(source, used);
	}
	ix_source_close(source);
	if (!code && m->size == 0)
		code = ix_fail(&call->error, IX_ERR_INVALID, "%s: no messages", ix_call_operand(call, 1));
	return code;
}

/* Reads every field of every message. */
static uint64_t parse(ix_bytes framed, uint64_t *ret_count) {
	uint64_t sum = 0, count = 0;
	for (size_t at = 0; at < framed.size; count++) {
		size_t size = ix_load_u16_be(framed.data + at);
		sum += ix_itch_sum(framed.data + at + 2, size);
		at += 2 + size;
	}
	*ret_count = count;
	return sum;
}

static int build(ix_bytes framed, ix_books *books, uint64_t *ret_count, ix_error *err) {
	ix_itch_run run = {0};
	ix_books_reset(books);
	int code = ix_books_run(books, framed, &run, UINT64_MAX, err);
	*ret_count = run.message_count;
	return code;
}

/* ---- match: the day's orders as commands of the matching engine ---- */

/* The command that a message amounts to; false: none. Executions are what the engine finds out by itself, so
 * they come as the cancel of what they took: the same work on the same order. */
static bool command_of(const uint8_t *m, size_t size, ix_match_command *c) {
	ix_itch_message d;
	if (ix_itch_decode((ix_bytes){m, size}, &d, NULL) != 0) return false;
	*c = (ix_match_command){.symbol = d.locate};
	switch (d.type) {
	case IX_ITCH_STOCK_DIRECTORY: c->kind = IX_MATCH_ADD_SYMBOL; return true;
	case IX_ITCH_ADD_ORDER:
	case IX_ITCH_ADD_ORDER_ATTRIBUTED:
		c->kind = IX_MATCH_SUBMIT;
		c->order = d.add_order.reference;
		c->side = d.add_order.side == IX_ITCH_SIDE_SELL ? IX_MATCH_SELL : IX_MATCH_BUY;
		c->quantity = d.add_order.shares;
		c->price_e4 = d.add_order.price_e4;
		return true;
	case IX_ITCH_ORDER_DELETE:
		c->kind = IX_MATCH_CANCEL;
		c->order = d.order_delete.reference;
		return true;
	case IX_ITCH_ORDER_REPLACE:
		c->kind = IX_MATCH_REPLACE;
		c->order = d.order_replace.reference;
		c->new_order = d.order_replace.new_reference;
		c->quantity = d.order_replace.shares;
		c->price_e4 = d.order_replace.price_e4;
		return true;
	default: return false;
	}
}

static int match(ix_bytes framed, uint64_t *ret_count, ix_error *err) {
	ix_match *engine;
	int code = ix_match_new(
		&(ix_match_options){.allocator = ix_os_allocator(), .symbols_max = 65535}, &engine, err);
	if (code) return code;
	uint64_t count = 0;
	for (size_t at = 0; at < framed.size;) {
		size_t size = ix_load_u16_be(framed.data + at);
		ix_match_command c;
		if (command_of(framed.data + at + 2, size, &c)) {
			(void)ix_match_apply(engine, &c);
			count++;
			const ix_match_command open = {
				.kind = IX_MATCH_STATE, .symbol = c.symbol, .state = IX_MATCH_CONTINUOUS};
			if (c.kind == IX_MATCH_ADD_SYMBOL) (void)ix_match_apply(engine, &open);
		}
		at += 2 + size;
	}
	ix_match_free(engine);
	*ret_count = count;
	return 0;
}

/* ---- measuring ---- */

static int compare(const void *a, const void *b) {
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return (x > y) - (x < y);
}

enum { RUNS_MAX = 1000 };
enum { WHAT_PARSE, WHAT_BOOK, WHAT_MATCH, WHAT_TICK2TRADE };

typedef struct measure {
	int what;
	uint64_t message_count, sum;
	int64_t wall_ns[RUNS_MAX];
	size_t runs;
	int64_t cpu_ns; /* of all runs */
} measure;

static int measure_all(ix_call *call, ix_bytes framed, measure *m) {
	ix_books *books = NULL;
	int code = m->what == WHAT_BOOK ? ix_books_new(&(ix_books_options){.allocator = ix_os_allocator(),
							       .admits_unlisted = true},
						  &books, &call->error)
					: 0;
	ix_process_usage before = {0}, after = {0};
	(void)ix_process_usage_read(&before, NULL);
	for (size_t i = 0; !code && i < m->runs; i++) {
		int64_t start_ns = ix_clock_now(call->clock);
		if (m->what == WHAT_BOOK)
			code = build(framed, books, &m->message_count, &call->error);
		else if (m->what == WHAT_MATCH)
			code = match(framed, &m->message_count, &call->error);
		else
			m->sum += parse(framed, &m->message_count);
		m->wall_ns[i] = ix_clock_now(call->clock) - start_ns;
	}
	(void)ix_process_usage_read(&after, NULL);
	m->cpu_ns = after.cpu_user_ns + after.cpu_system_ns - before.cpu_user_ns - before.cpu_system_ns;
	ix_books_free(books);
	qsort(m->wall_ns, m->runs, sizeof *m->wall_ns, compare);
	return code;
}

static int report(ix_call *call, const measure *m, size_t bytes) {
	static const ix_table_column columns[] = {{"what"},
		{"messages", .kind = IX_TABLE_COUNT, .grouped = true}, {"bytes", .kind = IX_TABLE_SIZE},
		{"runs", .kind = IX_TABLE_COUNT},
		{"median_per_second", .title = "messages/s, median", .kind = IX_TABLE_COUNT, .grouped = true},
		{"best_per_second", .title = "messages/s, best", .kind = IX_TABLE_COUNT, .grouped = true},
		{"median_ns_per_message", .title = "ns a message, median", .kind = IX_TABLE_REAL,
			.decimals = 1},
		{"cpu_ns", .title = "CPU, all runs", .kind = IX_TABLE_DURATION},
		{"checksum", .kind = IX_TABLE_COUNT, .hidden = true}, {0}};
	ix_table_options options = ix_call_table(call);
	options.record = true;
	ix_table *table;
	int code = ix_table_new(columns, &options, call->out, &table, &call->error);
	if (code) return code;
	int64_t median_ns = m->wall_ns[m->runs / 2] + !m->wall_ns[m->runs / 2],
		best_ns = m->wall_ns[0] + !m->wall_ns[0];
	ix_table_text(table, ix_str_from(ix_call_operand(call, 0)));
	ix_table_count(table, m->message_count);
	ix_table_size(table, bytes);
	ix_table_count(table, m->runs);
	ix_table_count(table, (uint64_t)((double)m->message_count * 1e9 / (double)median_ns));
	ix_table_count(table, (uint64_t)((double)m->message_count * 1e9 / (double)best_ns));
	ix_table_real(table, (double)median_ns / (double)m->message_count);
	ix_table_duration(table, m->cpu_ns);
	ix_table_count(table, m->sum);
	return ix_table_end(table, &call->error);
}

/* The market maker through the day, as fast as it goes, without a trail: the latencies of a run. */
static int tick_to_trade(ix_call *call) {
	ix_plan plan = {.strategy = IX_STR("maker"),
		.limits = ix_str_from(ix_trade_default_limits),
		.limits_name = IX_STR("the built-in limits"),
		.session = IX_STR("auto"),
		.symbols_max = 4096};
	const ix_run_options options = {.plan = &plan,
		.source = {.allocator = ix_os_allocator(), .paths = {ix_call_operand(call, 1)}},
		.measures = true};
	ix_run *run = NULL;
	if (ix_run_day(&options, &run, &call->error) != 0) {
		ix_run_free(run);
		return ix_call_fail(call);
	}
	int exit_code = ix_trade_tell_run(
		call, run, &(ix_trade_told){.feed = ix_call_operand(call, 1), .plan = &plan});
	ix_run_free(run);
	return exit_code;
}

int ix_trade_cmd_bench(ix_call *call) {
	static const char *const names[] = {"parse", "book", "match", "tick2trade"};
	measure m = {.runs = (size_t)ix_call_integer(call, "runs")};
	while (!ix_str_equal(ix_str_from(names[m.what]), ix_str_from(ix_call_operand(call, 0)))) m.what++;
	if (m.what == WHAT_TICK2TRADE) return tick_to_trade(call);
	loaded memory = {0};
	int code = load(call, &memory);
	if (!code) code = measure_all(call, (ix_bytes){memory.bytes, memory.size}, &m);
	if (!code) code = report(call, &m, memory.size);
	ix_release(ix_os_allocator(), memory.bytes, memory.capacity, 64);
	return code ? ix_call_fail(call) : 0;
}
