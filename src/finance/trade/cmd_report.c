/* cmd_report.c - the end of a trading run, told: the sums, latencies by stage, positions, rejects, alerts. */
#include "cmd_report.h"
#include "cmd.h"

#include <inox/json_writer.h>

/* One document: text for people, or one JSON object with the same parts as its members. */
typedef struct report {
	ix_call *call;
	ix_json_writer *json; /* NULL: for people */
	const ix_run *run;
	const ix_trade_told *told;
	const ix_pipeline *pipeline;
	const ix_pipeline_counts *counts;
	ix_pipeline_profit profit;
	ix_run_times times;
	int code;
} report;

const char *ix_trade_money_text(int64_t e4, char out[TRADE_MONEY_TEXT_MAX]) {
	uint64_t size = e4 < 0 ? 0 - (uint64_t)e4 : (uint64_t)e4, cents = (size + 50) / 100;
	char whole[IX_AMOUNT_TEXT_MAX];
	ix_amount_count(cents / 100, whole);
	ix_format(out, TRADE_MONEY_TEXT_MAX, "%s%s.%02u", e4 < 0 && cents ? "-" : "", whole,
		(unsigned)(cents % 100));
	return out;
}

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

static uint64_t rate_of(const report *r) {
	return r->times.wall_ns > 0
		       ? (uint64_t)((double)r->counts->message_count * 1e9 / (double)r->times.wall_ns)
		       : 0;
}

/* ---- the head ---- */

static void show_head(const report *r) {
	FILE *out = r->call->out;
	char a[IX_AMOUNT_TEXT_MAX], b[IX_AMOUNT_TEXT_MAX], c[IX_AMOUNT_TEXT_MAX], d[IX_AMOUNT_TEXT_MAX];
	const ix_pipeline_counts *n = r->counts;
	ix_amount_count(n->message_count, a);
	ix_amount_count(rate_of(r), b);
	ix_amount_duration(r->times.wall_ns, c);
	fprintf(out, "%s: ", ix_run_strategy(r->run)->name);
	if (r->told->replay)
		fprintf(out, "%s messages of the trail in %s, replayed\n", a, r->told->trail_path);
	else
		fprintf(out, "%s messages of %s in %s: %s a second\n", a, r->told->feed, c, b);
	if (r->told->trouble) fprintf(out, "partial: %s\n", r->told->trouble);
	ix_amount_count(n->decision_count, a);
	ix_amount_count(n->sent_count, b);
	ix_amount_count(n->rejected_count, c);
	ix_amount_count(n->fill_count, d);
	fprintf(out, "%s decisions: %s sent, %s rejected by risk; %s fills", a, b, c, d);
	ix_amount_count(n->filled_shares, a);
	fprintf(out, " of %s shares\n", a);
	char money[TRADE_MONEY_TEXT_MAX], more[TRADE_MONEY_TEXT_MAX], depth[TRADE_MONEY_TEXT_MAX];
	char time[TRADE_TIME_TEXT_MAX];
	fprintf(out, "profit %s (realised %s), ",
		ix_trade_money_text(r->profit.realised_e4 + r->profit.unrealised_e4, money),
		ix_trade_money_text(r->profit.realised_e4, more));
	fprintf(out, "deepest drawdown %s at %s\n", ix_trade_money_text(r->profit.drawdown_e4, depth),
		ix_trade_time_text(r->profit.drawdown_time_ns, time));
}

static void key_count(const report *r, const char *key, uint64_t value) {
	ix_json_key(r->json, ix_str_from(key));
	ix_json_u64(r->json, value);
}

static void key_money(const report *r, const char *key, int64_t e4) {
	ix_json_key(r->json, ix_str_from(key));
	ix_json_decimal(r->json, e4, 4);
}

static void tell_head(const report *r) {
	const ix_pipeline_counts *n = r->counts;
	ix_json_key(r->json, IX_STR("strategy"));
	ix_json_string(r->json, ix_str_from(ix_run_strategy(r->run)->name));
	if (r->told->trouble) {
		ix_json_key(r->json, IX_STR("partial"));
		ix_json_string(r->json, ix_str_from(r->told->trouble));
	}
	key_count(r, "messages", n->message_count);
	key_count(r, "wall_ns", (uint64_t)r->times.wall_ns);
	key_count(r, "cpu_ns", (uint64_t)r->times.cpu_ns);
	key_count(r, "messages_per_second", rate_of(r));
	key_count(r, "decisions", n->decision_count);
	key_count(r, "enters", n->enter_count);
	key_count(r, "replaces", n->replace_count);
	key_count(r, "cancels", n->cancel_count);
	key_count(r, "sent", n->sent_count);
	key_count(r, "rejected", n->rejected_count);
	key_count(r, "warned", n->warned_count);
	key_count(r, "venue_rejects", n->venue_reject_count);
	key_count(r, "fills", n->fill_count);
	key_count(r, "filled_shares", n->filled_shares);
	key_money(r, "notional", (int64_t)n->traded_notional_e4);
	key_money(r, "profit", r->profit.realised_e4 + r->profit.unrealised_e4);
	key_money(r, "realised", r->profit.realised_e4);
	key_money(r, "unrealised", r->profit.unrealised_e4);
	key_money(r, "drawdown", r->profit.drawdown_e4);
	key_count(r, "drawdown_time_ns", r->profit.drawdown_time_ns);
	key_count(r, "gaps", n->gap_count);
	key_count(r, "lost_messages", n->lost_count);
	uint8_t hash[32];
	ix_pipeline_positions_hash(r->pipeline, hash);
	ix_json_key(r->json, IX_STR("positions_hash"));
	ix_json_hex(r->json, (ix_bytes){hash, sizeof hash});
}

/* ---- the parts ---- */

static void latencies(report *r) {
	static const ix_table_column columns[] = {{"stage"},
		{"count", .kind = IX_TABLE_COUNT, .grouped = true},
		{"mean_ns", .title = "mean", .kind = IX_TABLE_DURATION},
		{"p50_ns", .title = "p50", .kind = IX_TABLE_DURATION},
		{"p90_ns", .title = "p90", .kind = IX_TABLE_DURATION},
		{"p99_ns", .title = "p99", .kind = IX_TABLE_DURATION},
		{"p99_9_ns", .title = "p99.9", .kind = IX_TABLE_DURATION},
		{"p99_99_ns", .title = "p99.99", .kind = IX_TABLE_DURATION, .hidden = true},
		{"max_ns", .title = "max", .kind = IX_TABLE_DURATION}, {0}};
	static const double percents[] = {50, 90, 99, 99.9, 99.99};
	if (!ix_pipeline_latency(r->pipeline, IX_PIPELINE_TICK)) return;
	ix_table *table = table_new(r, columns, "latency", NULL);
	if (!table) return;
	for (int i = 0; i < IX_PIPELINE_STAGE_COUNT; i++) {
		const ix_hist *h = ix_pipeline_latency(r->pipeline, (ix_pipeline_stage)i);
		ix_table_text(table, ix_str_from(ix_pipeline_stage_name((ix_pipeline_stage)i)));
		ix_table_count(table, h->count);
		ix_table_duration(table, (int64_t)(ix_hist_mean(h) + 0.5));
		for (size_t p = 0; p < IX_COUNT(percents); p++)
			ix_table_duration(table, (int64_t)ix_hist_percentile(h, percents[p]));
		ix_table_duration(table, (int64_t)h->maximum);
	}
	table_end(r, table);
}

enum { POSITIONS_SHOWN = 10 };

static bool has_traded(const ix_strategy_position *p) { return p->shares || p->realised_e4 || p->cost_e4; }

static void positions(report *r) {
	static const ix_table_column columns[] = {{"symbol"},
		{"shares", .kind = IX_TABLE_INTEGER, .grouped = true},
		{"cost", .kind = IX_TABLE_DECIMAL, .decimals = 4},
		{"realised", .kind = IX_TABLE_DECIMAL, .decimals = 4},
		{"unrealised", .kind = IX_TABLE_DECIMAL, .decimals = 4},
		{"mark", .kind = IX_TABLE_DECIMAL, .decimals = 4}, {0}};
	const ix_books *books = ix_pipeline_books(r->pipeline);
	uint32_t last = ix_books_locate_last(books), count = 0;
	for (uint32_t i = 1; i <= last; i++)
		count += has_traded(ix_pipeline_position(r->pipeline, (uint16_t)i));
	if (!r->json && count == 0) return;
	char title[64];
	ix_format(title, sizeof title,
		count > POSITIONS_SHOWN ? "positions: %u, the first %u" : "positions: %u", count,
		POSITIONS_SHOWN);
	ix_table *table = table_new(r, columns, "positions", r->json ? NULL : title);
	if (!table) return;
	uint32_t shown = 0;
	for (uint32_t i = 1; i <= last && (r->json || shown < POSITIONS_SHOWN); i++) {
		const ix_strategy_position *p = ix_pipeline_position(r->pipeline, (uint16_t)i);
		if (!has_traded(p)) continue;
		const ix_pipeline_traded traded = ix_pipeline_traded_of(r->pipeline, (uint16_t)i);
		shown++;
		ix_table_text(table, ix_books_symbol_name(books, (uint16_t)i));
		ix_table_integer(table, p->shares);
		ix_table_decimal(table, p->cost_e4);
		ix_table_decimal(table, p->realised_e4);
		ix_table_decimal(table, traded.unrealised_e4);
		ix_table_decimal(table, traded.mark_e4);
	}
	table_end(r, table);
}

static void rejects(report *r) {
	static const ix_table_column columns[] = {
		{"reason"}, {"orders", .kind = IX_TABLE_COUNT, .grouped = true}, {0}};
	if (!r->json && r->counts->rejected_count == 0) return;
	ix_table *table = table_new(r, columns, "rejects", r->json ? NULL : "rejected by risk");
	if (!table) return;
	for (unsigned bit = 0; bit < 64; bit++) {
		if (r->counts->reject_reasons[bit] == 0) continue;
		ix_table_text(table, ix_str_from(ix_risk_reason_name(bit)));
		ix_table_count(table, r->counts->reject_reasons[bit]);
	}
	table_end(r, table);
}

static void alerts(report *r) {
	static const ix_table_column columns[] = {
		{"alert"}, {"times", .kind = IX_TABLE_COUNT, .grouped = true}, {0}};
	uint64_t count = 0;
	for (int i = 0; i < IX_PIPELINE_ALERT_COUNT; i++) count += r->counts->alert_count[i];
	if (!r->json && count == 0) return;
	ix_table *table = table_new(r, columns, "alerts", NULL);
	if (!table) return;
	for (int i = 0; i < IX_PIPELINE_ALERT_COUNT; i++) {
		if (r->counts->alert_count[i] == 0) continue;
		ix_table_text(table, ix_str_from(ix_pipeline_alert_name((ix_pipeline_alert_kind)i)));
		ix_table_count(table, r->counts->alert_count[i]);
	}
	table_end(r, table);
}

static void tell_trail(const report *r) {
	const ix_trail_stats s = ix_run_get_trail(r->run);
	ix_json_key(r->json, IX_STR("trail"));
	ix_json_object_begin(r->json);
	ix_json_key(r->json, IX_STR("path"));
	ix_json_string(r->json, ix_str_from(r->told->trail_path));
	if (r->told->replay) {
		key_count(r, "records", r->told->replay->record_count);
		key_count(r, "compared", r->told->replay->compared_count);
		ix_json_key(r->json, IX_STR("complete"));
		ix_json_bool(r->json, r->told->replay->is_complete);
		key_count(r, "mismatch_record", r->told->replay->mismatch_sequence);
	} else {
		key_count(r, "records", s.record_count);
		key_count(r, "bytes", s.byte_count);
		key_count(r, "writes", s.batch_count);
		key_count(r, "waits_for_room", s.full_wait_count);
		key_count(r, "waits_of_the_venue", s.gate_wait_count);
	}
	ix_json_object_end(r->json);
}

static void show_trail(const report *r) {
	FILE *out = r->call->out;
	char a[IX_AMOUNT_TEXT_MAX], b[IX_AMOUNT_TEXT_MAX];
	if (r->told->replay) {
		const ix_replay_result *result = r->told->replay;
		ix_amount_count(result->record_count, a);
		ix_amount_count(result->compared_count, b);
		if (result->mismatch_sequence)
			fprintf(out, "\nNOT the same: %s\n", result->mismatch);
		else
			fprintf(out,
				"\n%s records; %s decisions and answers made again, each the same byte for "
				"byte%s\n",
				a, b,
				result->is_complete ? "" : "; the trail was cut off before the run's end");
		return;
	}
	const ix_trail_stats s = ix_run_get_trail(r->run);
	ix_amount_count(s.record_count, a);
	ix_amount_size(s.byte_count, b);
	fprintf(out,
		"\naudit trail: %s, %s records, %s; check it with: inox trade replay --audit %s --verify\n",
		r->told->trail_path, a, b, r->told->trail_path);
}

static void all_parts(report *r) {
	if (r->json) {
		ix_json_object_begin(r->json);
		tell_head(r);
	} else {
		show_head(r);
	}
	latencies(r);
	positions(r);
	rejects(r);
	alerts(r);
	if (r->told->trail_path && r->json) tell_trail(r);
	if (r->told->trail_path && !r->json) show_trail(r);
	if (r->told->html_path && !r->json) fprintf(r->call->out, "report: %s\n", r->told->html_path);
	if (r->json) ix_json_object_end(r->json);
}

int ix_trade_tell_run(ix_call *call, const ix_run *run, const ix_trade_told *told) {
	report r = {.call = call,
		.run = run,
		.told = told,
		.pipeline = ix_run_pipeline(run),
		.counts = ix_pipeline_get_counts(ix_run_pipeline(run)),
		.profit = ix_pipeline_get_profit(ix_run_pipeline(run)),
		.times = ix_run_get_times(run)};
	ix_json_writer json;
	char buffer[8192];
	if (call->json) {
		ix_json_writer_init_sink(&json, buffer, sizeof buffer, ix_call_sink, call->out,
			(ix_json_style){.open_levels = 2});
		r.json = &json;
	}
	all_parts(&r);
	if (call->json) {
		int code = ix_json_writer_finish(&json, &call->error);
		if (!r.code) r.code = code;
		fputc('\n', call->out);
	}
	return r.code ? ix_call_fail(call) : 0;
}
