/* `inox trade book`: the order books at any moment of a day. */
#include "cmd.h"

#include <inox/alloc.h>
#include <inox/json_writer.h>

enum { DEPTH_STEP = 256 }; /* levels fetched at a time */

typedef struct ladder {
	ix_book_level *levels[2];
	size_t counts[2];
	size_t capacity;
} ladder;

static void ladder_fill(ladder *l, const ix_books *books, uint16_t locate) {
	for (int side = 0; side < 2; side++)
		l->counts[side] =
			ix_book_depth(books, locate, (ix_book_side)side, l->levels[side], l->capacity);
}

static void side_cells(ix_table *table, const ix_book_level *level, bool is_bid) {
	static const ix_style styles[] = {IX_STYLE_BAD, IX_STYLE_GOOD};
	for (int i = 0; i < 3; i++) {
		int which = is_bid ? i : 2 - i; /* the prices meet in the middle */
		if (which == 2) ix_table_style(table, styles[is_bid]);
		if (!level)
			ix_table_none(table);
		else if (which == 0)
			ix_table_count(table, level->order_count);
		else if (which == 1)
			ix_table_count(table, level->shares);
		else
			ix_table_decimal(table, level->price_e4);
	}
}

static int show_ladder(ix_call *call, const ix_books *books, uint16_t locate, const ladder *l) {
	static const ix_table_column columns[] = {{"bid_orders", .title = "orders", .kind = IX_TABLE_COUNT},
		{"bid_shares", .title = "shares", .kind = IX_TABLE_COUNT, .grouped = true},
		{"bid", .kind = IX_TABLE_DECIMAL, .decimals = 4},
		{"ask", .kind = IX_TABLE_DECIMAL, .decimals = 4},
		{"ask_shares", .title = "shares", .kind = IX_TABLE_COUNT, .grouped = true},
		{"ask_orders", .title = "orders", .kind = IX_TABLE_COUNT}, {0}};
	ix_table_options options = ix_call_table(call);
	char title[128], time[TRADE_TIME_TEXT_MAX];
	ix_str name = ix_books_symbol_name(books, locate);
	ix_format(title, sizeof title, "%.*s at %s after %llu messages%s", IX_STR_ARG(name),
		ix_trade_time_text(ix_books_time(books), time),
		(unsigned long long)ix_books_sequence(books) - 1,
		ix_book_is_trading(books, locate) ? "" : ", not trading");
	options.title = title;
	ix_table *table;
	int code = ix_table_new(columns, &options, call->out, &table, &call->error);
	if (code) return code;
	for (size_t i = 0; i < ix_size_max(l->counts[0], l->counts[1]); i++) {
		side_cells(table, i < l->counts[IX_BOOK_BID] ? &l->levels[IX_BOOK_BID][i] : NULL, true);
		side_cells(table, i < l->counts[IX_BOOK_ASK] ? &l->levels[IX_BOOK_ASK][i] : NULL, false);
	}
	return ix_table_end(table, &call->error);
}

/* The best prices of every stock. */
static int show_summary(ix_call *call, const ix_books *books) {
	static const ix_table_column columns[] = {{"symbol"},
		{"bid_shares", .title = "shares", .kind = IX_TABLE_COUNT, .grouped = true},
		{"bid", .kind = IX_TABLE_DECIMAL, .decimals = 4, .style = IX_STYLE_GOOD},
		{"ask", .kind = IX_TABLE_DECIMAL, .decimals = 4, .style = IX_STYLE_BAD},
		{"ask_shares", .title = "shares", .kind = IX_TABLE_COUNT, .grouped = true},
		{"orders", .kind = IX_TABLE_COUNT, .grouped = true}, {0}};
	ix_table_options options = ix_call_table(call);
	ix_table *table;
	int code = ix_table_new(columns, &options, call->out, &table, &call->error);
	for (uint32_t locate = 1; !code && locate <= ix_books_locate_last(books); locate++) {
		if (!ix_books_has_symbol(books, (uint16_t)locate)) continue;
		const ix_book_level *best = ix_book_bbo(books, (uint16_t)locate);
		ix_book_stats stats;
		ix_book_get_stats(books, (uint16_t)locate, &stats);
		ix_table_text(table, ix_books_symbol_name(books, (uint16_t)locate));
		for (int cell = 0; cell < 4; cell++) {
			const ix_book_level *level = &best[cell < 2 ? IX_BOOK_BID : IX_BOOK_ASK];
			if (!level->order_count)
				ix_table_none(table);
			else if (cell == 0 || cell == 3)
				ix_table_count(table, level->shares);
			else
				ix_table_decimal(table, level->price_e4);
		}
		ix_table_count(table, stats.order_count);
	}
	return code ? code : ix_table_end(table, &call->error);
}

static void tell_side(ix_json_writer *json, const char *key, const ix_book_level *levels, size_t count) {
	ix_json_key(json, ix_str_from(key));
	ix_json_array_begin(json);
	for (size_t i = 0; i < count; i++) {
		ix_json_object_begin(json);
		ix_json_key(json, IX_STR("price"));
		ix_json_decimal(json, levels[i].price_e4, 4);
		ix_json_key(json, IX_STR("shares"));
		ix_json_u64(json, levels[i].shares);
		ix_json_key(json, IX_STR("orders"));
		ix_json_u64(json, levels[i].order_count);
		ix_json_object_end(json);
	}
	ix_json_array_end(json);
}

static void tell_book(ix_json_writer *json, const ix_books *books, uint16_t locate, const ladder *l) {
	ix_json_object_begin(json);
	ix_json_key(json, IX_STR("symbol"));
	ix_json_string(json, ix_books_symbol_name(books, locate));
	ix_json_key(json, IX_STR("locate"));
	ix_json_u64(json, locate);
	ix_json_key(json, IX_STR("time_ns"));
	ix_json_u64(json, ix_books_time(books));
	ix_json_key(json, IX_STR("messages"));
	ix_json_u64(json, ix_books_sequence(books) - 1);
	ix_json_key(json, IX_STR("trading"));
	ix_json_bool(json, ix_book_is_trading(books, locate));
	tell_side(json, "bids", l->levels[IX_BOOK_BID], l->counts[IX_BOOK_BID]);
	tell_side(json, "asks", l->levels[IX_BOOK_ASK], l->counts[IX_BOOK_ASK]);
	ix_json_object_end(json);
}

static void csv_side(
	ix_table *table, ix_str symbol, const char *side, const ix_book_level *levels, size_t count) {
	for (size_t i = 0; i < count; i++) {
		ix_table_text(table, symbol);
		ix_table_text(table, ix_str_from(side));
		ix_table_count(table, i);
		ix_table_decimal(table, levels[i].price_e4);
		ix_table_count(table, levels[i].shares);
		ix_table_count(table, levels[i].order_count);
	}
}

/* Calls back for the chosen stock, or for every one. */
static int csv_books(ix_call *call, const ix_books *books, uint16_t chosen, ladder *l) {
	static const ix_table_column columns[] = {{"symbol"}, {"side"}, {"level", .kind = IX_TABLE_COUNT},
		{"price", .kind = IX_TABLE_DECIMAL, .decimals = 4}, {"shares", .kind = IX_TABLE_COUNT},
		{"orders", .kind = IX_TABLE_COUNT}, {0}};
	ix_table_options options = ix_call_table(call);
	ix_table *table;
	int code = ix_table_new(columns, &options, call->out, &table, &call->error);
	if (code) return code;
	for (uint32_t locate = chosen ? chosen : 1; locate <= (chosen ? chosen : ix_books_locate_last(books));
		locate++) {
		ladder_fill(l, books, (uint16_t)locate);
		ix_str symbol = ix_books_symbol_name(books, (uint16_t)locate);
		csv_side(table, symbol, "B", l->levels[IX_BOOK_BID], l->counts[IX_BOOK_BID]);
		csv_side(table, symbol, "S", l->levels[IX_BOOK_ASK], l->counts[IX_BOOK_ASK]);
	}
	return ix_table_end(table, &call->error);
}

static int json_books(ix_call *call, const ix_books *books, uint16_t chosen, ladder *l) {
	char buffer[4096];
	ix_json_writer json;
	ix_json_writer_init_sink(&json, buffer, sizeof buffer, ix_call_sink, call->out,
		(ix_json_style){.open_levels = chosen ? 2 : 1});
	if (!chosen) ix_json_array_begin(&json);
	for (uint32_t locate = chosen ? chosen : 1; locate <= (chosen ? chosen : ix_books_locate_last(books));
		locate++) {
		if (!ix_books_has_symbol(books, (uint16_t)locate)) continue;
		ladder_fill(l, books, (uint16_t)locate);
		tell_book(&json, books, (uint16_t)locate, l);
	}
	if (!chosen) ix_json_array_end(&json);
	int code = ix_json_writer_finish(&json, &call->error);
	fputc('\n', call->out);
	return code;
}

static int show(ix_call *call, const ix_books *books, uint16_t chosen) {
	ladder l = {.capacity = (size_t)ix_call_integer(call, "depth")};
	size_t bytes = l.capacity * sizeof *l.levels[0];
	l.levels[0] = ix_allocate(ix_os_allocator(), 2 * bytes, 8);
	if (!l.levels[0]) return ix_fail(&call->error, IX_ERR_MEMORY, "no memory for %zu levels", l.capacity);
	l.levels[1] = l.levels[0] + l.capacity;
	int code;
	if (call->json) {
		code = json_books(call, books, chosen, &l);
	} else if (call->csv) {
		code = csv_books(call, books, chosen, &l);
	} else if (chosen) {
		ladder_fill(&l, books, chosen);
		code = show_ladder(call, books, chosen, &l);
	} else {
		code = show_summary(call, books);
	}
	ix_release(ix_os_allocator(), l.levels[0], 2 * bytes, 8);
	return code;
}

/* Says behind the books that they may be wrong, if they may. */
static int end(ix_call *call, const ix_day *day) {
	char text[TRADE_FLAWS_TEXT_MAX];
	if (ix_trade_flaws(day, text) == 0) return 0;
	(void)ix_fail(&call->error, IX_ERR_INVALID, "%s: %s: the books may be wrong",
		ix_call_operand(call, 0), text);
	(void)ix_call_fail(call);
	return 1;
}

int ix_trade_cmd_book(ix_call *call) {
	ix_day_options options = {.message_max = (uint64_t)ix_call_integer(call, "after")};
	const char *at = ix_call_text(call, "at"), *symbol = ix_call_text(call, "symbol");
	if (at && ix_call_has(call, "after"))
		return ix_call_usage(call, "--at and --after exclude each other");
	if (at && !ix_trade_time_parse(at, &options.until_ns))
		return ix_call_usage(call,
			"--at: '%s' is not a time of day; write it as 09:30, 09:30:00 or 09:30:00.5, to the "
			"nanosecond",
			at);
	options.has_until = at != NULL;
	if (ix_call_given(call, "depth") && !symbol && !call->json && !call->csv)
		return ix_call_usage(call, "--depth goes with --symbol, --json or --csv");
	ix_day *day;
	if (ix_trade_read_day(call, options, &day, NULL) != 0) return ix_call_fail(call);
	ix_books *books = ix_day_books(day);
	uint16_t chosen = symbol ? ix_books_find_symbol(books, ix_str_from(symbol)) : 0;
	int code;
	if (symbol && !chosen) {
		bool is_part = at || options.message_max;
		code = ix_fail(&call->error, IX_ERR_NOT_FOUND, "%s: no stock '%s' %s",
			ix_call_operand(call, 0), symbol, is_part ? "up to there" : "in this day");
	} else {
		code = show(call, books, chosen);
	}
	int exit_code = code ? ix_call_fail(call) : end(call, day);
	ix_day_free(day);
	return exit_code;
}
