/* `inox trade stat`: what a day of market data held. */
#include "cmd.h"

#include <inox/alloc.h>
#include <inox/itch.h>
#include <inox/json_writer.h>
#include <inox/ouch.h>

/* One document: text for people, or one JSON object with the same parts as its members. */
typedef struct report {
	ix_call *call;
	ix_json_writer *json; /* NULL: for people */
	const ix_day *day;
	const ix_day_counts *counts;
	const ix_source_info *source;
	const ix_books *books; /* NULL: none were built */
	int64_t wall_ns;
	int code;
} report;

static ix_table *table_new(report *r, const ix_table_column *columns, const char *key, const char *title) {
	ix_table_options options = ix_call_table(r->call);
	options.key = key;
	options.title = title;
	options.json = r->json;
	ix_table *table = NULL;
	if (!r->json) fputc('\n', r->call->out);
	if (!r->code) r->code = ix_table_new(columns, &options, r->call->out, &table, &r->call->error);
	return r->code ? NULL : table;
}

static void table_end(report *r, ix_table *table) {
	int code = ix_table_end(table, &r->call->error);
	if (!r->code) r->code = code;
}

static void key_count(const report *r, const char *key, uint64_t value) {
	ix_json_key(r->json, ix_str_from(key));
	ix_json_u64(r->json, value);
}

static uint64_t rate_of(const report *r) {
	return r->wall_ns > 0 ? (uint64_t)((double)r->counts->message_count * 1e9 / (double)r->wall_ns) : 0;
}

static uint32_t symbol_count(const report *r) {
	ix_books_info info = {0};
	if (r->books) ix_books_get_info(r->books, &info);
	return info.symbol_count;
}

/* Orders alone are no day. */
static bool is_day(const report *r) {
	return r->counts->message_count > 0 || r->source->soup_packet_count == 0;
}

static bool has_end(const report *r) {
	for (size_t i = 0; i < r->counts->event_count; i++)
		if (r->counts->events[i].code == IX_ITCH_EVENT_END_OF_MESSAGES) return true;
	return false;
}

static void show_head(report *r) {
	char size[IX_AMOUNT_TEXT_MAX], messages[IX_AMOUNT_TEXT_MAX], rate[IX_AMOUNT_TEXT_MAX],
		wall[IX_AMOUNT_TEXT_MAX];
	char first[TRADE_TIME_TEXT_MAX], last[TRADE_TIME_TEXT_MAX];
	ix_amount_size(r->source->bytes_read, size);
	ix_amount_count(r->counts->message_count, messages);
	ix_amount_count(rate_of(r), rate);
	ix_amount_duration(r->wall_ns, wall);
	FILE *out = r->call->out;
	fprintf(out, "%s: %s, %s\n", ix_call_operand(r->call, 0), r->source->format, size);
	fprintf(out, "%s messages", messages);
	if (r->books) fprintf(out, " of %u stocks", symbol_count(r));
	if (r->counts->message_count)
		fprintf(out, ", %s to %s", ix_trade_time_text(r->counts->first_ns, first),
			ix_trade_time_text(r->counts->last_ns, last));
	fprintf(out, "\n%s in %s: %s messages a second\n", r->books ? "read, and all books rebuilt," : "read",
		wall, rate);
	if (is_day(r) && !has_end(r)) fprintf(out, "the day has no end-of-messages event\n");
}

static void tell_head(report *r) {
	ix_json_key(r->json, IX_STR("file"));
	ix_json_string(r->json, ix_str_from(ix_call_operand(r->call, 0)));
	ix_json_key(r->json, IX_STR("format"));
	ix_json_string(r->json, ix_str_from(r->source->format));
	key_count(r, "file_bytes", r->source->bytes_read);
	key_count(r, "messages", r->counts->message_count);
	key_count(r, "message_bytes", r->counts->message_bytes);
	key_count(r, "unknown_messages", r->counts->unknown_count);
	key_count(r, "first_ns", r->counts->first_ns);
	key_count(r, "last_ns", r->counts->last_ns);
	key_count(r, "wall_ns", (uint64_t)r->wall_ns);
	key_count(r, "messages_per_second", rate_of(r));
	if (r->books) key_count(r, "stocks", symbol_count(r));
	ix_json_key(r->json, IX_STR("has_end_of_messages"));
	ix_json_bool(r->json, has_end(r));
}

/* Of a capture: what was not read, for whatever reason. */
static void tell_packets(const report *r) {
	key_count(r, "packets", r->source->packet_count);
	key_count(r, "other_packets", r->source->other_packet_count);
	key_count(r, "cut_packets", r->source->cut_packet_count);
	key_count(r, "soup_malformed", r->source->soup_malformed_count);
	key_count(r, "soup_broken", r->source->soup_broken_count);
}

static void show_packets(const report *r) {
	const ix_source_info *s = r->source;
	char packets[IX_AMOUNT_TEXT_MAX], other[IX_AMOUNT_TEXT_MAX], cut[IX_AMOUNT_TEXT_MAX];
	ix_amount_count(s->packet_count, packets);
	ix_amount_count(s->other_packet_count, other);
	ix_amount_count(s->cut_packet_count, cut);
	if (s->other_packet_count)
		fprintf(r->call->out, "%s packets: %s are something else, %s of them cut short\n", packets,
			other, cut);
	if (s->soup_malformed_count + s->soup_broken_count)
		fprintf(r->call->out,
			"SoupBinTCP not read to its end: %llu streams with bytes missing, %llu malformed\n",
			(unsigned long long)s->soup_broken_count,
			(unsigned long long)s->soup_malformed_count);
}

static void add_type(report *r, ix_table *table, uint8_t type, const char *title) {
	uint64_t count = r->counts->by_type[type];
	if (count == 0 || r->counts->message_count == 0) return;
	char name[8];
	size_t size = ix_format(name, sizeof name, type > ' ' && type < 0x7f ? "%c" : "\\x%02x", type);
	ix_table_text(table, (ix_str){name, size});
	ix_table_text(table, ix_str_from(title));
	ix_table_count(table, count);
	ix_table_decimal(table, (int64_t)(count * 1000 / r->counts->message_count));
}

static void types(report *r) {
	static const ix_table_column columns[] = {{"type"}, {"message"},
		{"messages", .kind = IX_TABLE_COUNT, .grouped = true},
		{"percent", .title = "%", .kind = IX_TABLE_DECIMAL, .decimals = 1}, {0}};
	ix_table *table = table_new(r, columns, "by_type", NULL);
	if (!table) return;
	for (size_t i = 0; i < IX_ITCH_TYPE_COUNT; i++)
		add_type(r, table, ix_itch_types[i].type, ix_itch_types[i].title);
	for (unsigned type = 0; type < 256; type++) {
		if (!ix_itch_type_find((uint8_t)type))
			add_type(r, table, (uint8_t)type, "not in ITCH 5.0, skipped");
	}
	table_end(r, table);
}

static const char *event_meaning(uint8_t code) {
	switch (code) {
#define EVENT_CASE(list, name, byte, meaning) \
	case (byte): return meaning;
		IX_ITCH_CODES_EVENT(EVENT_CASE)
#undef EVENT_CASE
	default: return "unknown event";
	}
}

static void events(report *r) {
	static const ix_table_column columns[] = {
		{"time"}, {"event"}, {"timestamp_ns", .kind = IX_TABLE_COUNT, .hidden = true}, {0}};
	if (r->counts->event_count == 0 && !r->json) return;
	ix_table *table = table_new(r, columns, "events", NULL);
	if (!table) return;
	for (size_t i = 0; i < r->counts->event_count; i++) {
		char time[TRADE_TIME_TEXT_MAX];
		ix_table_text(
			table, ix_str_from(ix_trade_time_text(r->counts->events[i].timestamp_ns, time)));
		ix_table_text(table, ix_str_from(event_meaning(r->counts->events[i].code)));
		ix_table_count(table, r->counts->events[i].timestamp_ns);
	}
	table_end(r, table);
}

static void address_text(const ix_source_line *line, char *out, size_t capacity) {
	const uint8_t *a = line->address;
	if (line->ip_version == 4) {
		ix_format(out, capacity, "%u.%u.%u.%u:%u", a[0], a[1], a[2], a[3], line->port);
		return;
	}
	size_t size = ix_format(out, capacity, "[");
	for (size_t i = 0; i < 16; i += 2)
		size += ix_format(out + size, capacity - size, i ? ":%x" : "%x", ix_load_u16_be(a + i));
	ix_format(out + size, capacity - size, "]:%u", line->port);
}

static void lines(report *r) {
	static const ix_table_column columns[] = {{"line"}, {"file"},
		{"packets", .kind = IX_TABLE_COUNT, .grouped = true},
		{"messages", .kind = IX_TABLE_COUNT, .grouped = true},
		{"first", .kind = IX_TABLE_COUNT, .grouped = true},
		{"duplicates", .kind = IX_TABLE_COUNT, .grouped = true},
		{"reordered", .kind = IX_TABLE_COUNT, .grouped = true},
		{"lost", .kind = IX_TABLE_COUNT, .grouped = true},
		{"malformed", .kind = IX_TABLE_COUNT, .grouped = true},
		{"ignored", .kind = IX_TABLE_COUNT, .grouped = true}, {0}};
	if (r->source->line_count == 0) return;
	ix_table *table =
		table_new(r, columns, "lines", "lines (first: messages that it brought before the others)");
	if (!table) return;
	for (size_t i = 0; i < r->source->line_count; i++) {
		const ix_source_line *line = &r->source->lines[i];
		char address[64];
		address_text(line, address, sizeof address);
		ix_table_text(table, ix_str_from(address));
		ix_table_text(table, ix_str_from(ix_call_operand(r->call, line->file)));
		ix_table_count(table, line->packet_count);
		ix_table_count(table, line->message_count);
		ix_table_count(table, line->first_count);
		ix_table_count(table, line->duplicate_count);
		ix_table_count(table, line->reordered_count);
		ix_table_count(table, line->lost_count);
		ix_table_count(table, line->malformed_count);
		ix_table_count(table, line->ignored_count);
	}
	table_end(r, table);
}

static void gaps(report *r) {
	static const ix_table_column columns[] = {{"sequence", .kind = IX_TABLE_COUNT},
		{"count", .kind = IX_TABLE_COUNT, .grouped = true}, {"outcome"}, {0}};
	if (r->counts->missing_count == 0) return;
	char title[160], messages[IX_AMOUNT_TEXT_MAX];
	ix_amount_count(r->source->gap_messages, messages);
	ix_format(title, sizeof title, "%llu gaps of %s messages in all",
		(unsigned long long)r->source->gap_count, messages);
	ix_table *table = table_new(r, columns, "gaps", title);
	if (!table) return;
	size_t shown = r->json || r->counts->missing_count < 20 ? r->counts->missing_count : 20;
	for (size_t i = 0; i < shown; i++) {
		const ix_day_missing *missing = &r->counts->missing[i];
		ix_table_count(table, missing->sequence);
		ix_table_count(table, missing->count);
		ix_table_style(table, missing->is_lost ? IX_STYLE_BAD : IX_STYLE_GOOD);
		char outcome[64] = "recovered";
		if (missing->lost_count == missing->count)
			ix_format(outcome, sizeof outcome, "lost");
		else if (missing->is_lost)
			ix_format(outcome, sizeof outcome, "%llu lost",
				(unsigned long long)missing->lost_count);
		ix_table_text(table, ix_str_from(outcome));
	}
	table_end(r, table);
	if (shown < r->counts->missing_count)
		fprintf(r->call->out, "and %zu more (all with --json)\n", r->counts->missing_count - shown);
}

static void faults(report *r) {
	static const ix_table_column columns[] = {{"fault"},
		{"count", .kind = IX_TABLE_COUNT, .grouped = true}, {"first_message", .kind = IX_TABLE_COUNT},
		{"type"}, {"reference", .kind = IX_TABLE_COUNT}, {0}};
	ix_books_info info;
	ix_books_get_info(r->books, &info);
	if (info.fault_count == 0) return;
	ix_table *table =
		table_new(r, columns, "faults", "faults of the feed (each changed nothing in the books)");
	if (!table) return;
	const ix_book_fault *fault = ix_books_faults(r->books);
	for (int kind = 0; kind < IX_BOOK_FAULT_COUNT; kind++) {
		if (fault[kind].count == 0) continue;
		char type = (char)fault[kind].first_type;
		ix_table_text(table, ix_str_from(ix_book_fault_name((ix_book_fault_kind)kind)));
		ix_table_count(table, fault[kind].count);
		ix_table_count(table, fault[kind].first_sequence);
		ix_table_text(table, (ix_str){&type, 1});
		ix_table_count(table, fault[kind].first_reference);
	}
	table_end(r, table);
}

static void price_or_none(ix_table *table, uint32_t price_e4) {
	if (price_e4)
		ix_table_decimal(table, price_e4);
	else
		ix_table_none(table);
}

static void deepest(report *r) {
	static const ix_table_column columns[] = {{"symbol"},
		{"orders", .kind = IX_TABLE_COUNT, .grouped = true}, {"bid_levels", .kind = IX_TABLE_COUNT},
		{"ask_levels", .kind = IX_TABLE_COUNT}, {"bid", .kind = IX_TABLE_DECIMAL, .decimals = 4},
		{"ask", .kind = IX_TABLE_DECIMAL, .decimals = 4},
		{"last", .kind = IX_TABLE_DECIMAL, .decimals = 4},
		{"vwap", .kind = IX_TABLE_DECIMAL, .decimals = 4},
		{"volume", .kind = IX_TABLE_COUNT, .grouped = true},
		{"trades", .kind = IX_TABLE_COUNT, .grouped = true}, {0}};
	size_t wanted = (size_t)ix_call_integer(r->call, "deepest");
	if (wanted == 0) return;
	uint16_t *locates = ix_allocate(ix_os_allocator(), wanted * sizeof *locates, 8);
	if (!locates) {
		r->code = ix_fail(&r->call->error, IX_ERR_MEMORY, "no memory for %zu books", wanted);
		return;
	}
	size_t count = ix_day_deepest(r->day, locates, wanted);
	ix_table *table = table_new(r, columns, "deepest", "the deepest books at the end");
	for (size_t i = 0; table && i < count; i++) {
		ix_book_stats stats;
		const ix_book_level *best = ix_book_bbo(r->books, locates[i]);
		ix_book_get_stats(r->books, locates[i], &stats);
		ix_table_text(table, ix_books_symbol_name(r->books, locates[i]));
		ix_table_count(table, stats.order_count);
		ix_table_count(table, ix_book_level_count(r->books, locates[i], IX_BOOK_BID));
		ix_table_count(table, ix_book_level_count(r->books, locates[i], IX_BOOK_ASK));
		price_or_none(table, best[IX_BOOK_BID].price_e4);
		price_or_none(table, best[IX_BOOK_ASK].price_e4);
		price_or_none(table, stats.last_e4);
		price_or_none(table, stats.vwap_e4);
		ix_table_count(table, stats.volume);
		ix_table_count(table, stats.trade_count);
	}
	if (table) table_end(r, table);
	ix_release(ix_os_allocator(), locates, wanted * sizeof *locates, 8);
}

static void add_ouch(ix_table *table, ix_ouch_direction direction, const uint64_t counts[256]) {
	for (unsigned type = 0; type < 256; type++) {
		if (counts[type] == 0) continue;
		char name = (char)type;
		const ix_ouch_type *known = ix_ouch_type_find(direction, (uint8_t)type);
		ix_table_text(table,
			direction == IX_OUCH_IN ? IX_STR("to the exchange") : IX_STR("from the exchange"));
		ix_table_text(table, (ix_str){&name, 1});
		ix_table_text(table, known ? ix_str_from(known->title) : IX_STR("unknown"));
		ix_table_count(table, counts[type]);
	}
}

static void orders(report *r) {
	static const ix_table_column columns[] = {{"direction"}, {"type"}, {"message"},
		{"messages", .kind = IX_TABLE_COUNT, .grouped = true}, {0}};
	if (r->source->soup_packet_count == 0) return;
	char title[96];
	ix_format(title, sizeof title, "OUCH 5.0 in %llu SoupBinTCP packets of %llu connections",
		(unsigned long long)r->source->soup_packet_count,
		(unsigned long long)r->source->connection_count);
	ix_table *table = table_new(r, columns, "orders", title);
	if (!table) return;
	add_ouch(table, IX_OUCH_IN, r->source->ouch_in);
	add_ouch(table, IX_OUCH_OUT, r->source->ouch_out);
	table_end(r, table);
}

static void everything(report *r) {
	if (r->json)
		tell_head(r);
	else
		show_head(r);
	if (r->source->is_capture && r->json) tell_packets(r);
	if (r->source->is_capture && !r->json) show_packets(r);
	if (r->counts->message_count || r->json) types(r);
	events(r);
	if (r->source->is_capture) lines(r);
	gaps(r);
	orders(r);
	if (!r->books) return;
	faults(r);
	if (r->counts->message_count || r->json) deepest(r);
}

int ix_trade_cmd_stat(ix_call *call) {
	ix_day *day;
	report r = {.call = call};
	if (ix_call_flag(call, "no-books") && ix_call_given(call, "deepest"))
		return ix_call_usage(call, "--deepest and --no-books exclude each other");
	if (ix_trade_read_day(call, (ix_day_options){.without_books = ix_call_flag(call, "no-books")}, &day,
		    &r.wall_ns) != 0)
		return ix_call_fail(call);
	r.day = day;
	r.counts = ix_day_get_counts(day);
	r.source = ix_day_get_source(day);
	r.books = ix_day_books(day);
	char buffer[4096];
	ix_json_writer json;
	if (call->json) {
		ix_json_writer_init_sink(&json, buffer, sizeof buffer, ix_call_sink, call->out,
			(ix_json_style){.open_levels = 2});
		r.json = &json;
		ix_json_object_begin(&json);
	}
	everything(&r);
	if (call->json && !r.code) {
		ix_json_object_end(&json);
		r.code = ix_json_writer_finish(&json, &call->error);
		fputc('\n', call->out);
	}
	bool has_flaw = ix_trade_flaws(day, (char[TRADE_FLAWS_TEXT_MAX]){0}) > 0;
	ix_day_free(day);
	return r.code ? ix_call_fail(call) : has_flaw;
}
