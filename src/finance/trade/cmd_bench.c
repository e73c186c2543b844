/* `inox trade bench`: how fast this machine parses a file and builds its books. */
#include "cmd.h"

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

static int compare(const void *a, const void *b) {
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return (x > y) - (x < y);
}

enum { RUNS_MAX = 1000 };

typedef struct measure {
	bool is_book;
	uint64_t message_count, sum;
	int64_t wall_ns[RUNS_MAX];
	size_t runs;
	int64_t cpu_ns; /* of all runs */
} measure;

static int measure_all(ix_call *call, ix_bytes framed, measure *m) {
	ix_books *books = NULL;
	int code = m->is_book ? ix_books_new(&(ix_books_options){.allocator = ix_os_allocator(),
						     .admits_unlisted = true},
					&books, &call->error)
			      : 0;
	ix_process_usage before = {0}, after = {0};
	(void)ix_process_usage_read(&before, NULL);
	for (size_t i = 0; !code && i < m->runs; i++) {
		int64_t start_ns = ix_clock_now(call->clock);
		if (m->is_book)
			code = build(framed, books, &m->message_count, &call->error);
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
	ix_table_text(table, m->is_book ? IX_STR("book") : IX_STR("parse"));
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

int ix_trade_cmd_bench(ix_call *call) {
	ix_str what = ix_str_from(ix_call_operand(call, 0));
	measure m = {
		.is_book = ix_str_equal(what, IX_STR("book")), .runs = (size_t)ix_call_integer(call, "runs")};
	loaded memory = {0};
	int code = load(call, &memory);
	if (!code) code = measure_all(call, (ix_bytes){memory.bytes, memory.size}, &m);
	if (!code) code = report(call, &m, memory.size);
	ix_release(ix_os_allocator(), memory.bytes, memory.capacity, 64);
	return code ? ix_call_fail(call) : 0;
}
