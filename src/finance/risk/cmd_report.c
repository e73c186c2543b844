/* `inox risk report`: the controls and their thresholds, changes, breaches, and the yearly review, as SEC
 * Rule 15c3-5 (b) to (e) asks of a firm with market access. */
#include "cmd.h"

#include <inox/alloc.h>
#include <inox/clock.h>
#include <inox/json_writer.h>

enum { BREACHES_SHOWN = 100, YEAR_DAYS = 366 };

typedef struct breach_count {
	uint64_t rejects, warnings;
} breach_count;

typedef struct shown_breach {
	uint64_t time_ns, id;
	int64_t quantity, price_e4;
	ix_risk_reasons rejects, warnings;
	char session[IX_RISK_NAME_MAX + 1], symbol[IX_RISK_NAME_MAX + 1];
} shown_breach;

typedef struct report {
	ix_call *call;
	ix_json_writer writer;
	ix_json_writer *json; /* it, or NULL for people */
	ix_arena arena;
	int64_t from_ns, to_ns;
	ix_risk_limit_row *rows;
	size_t row_count;
	ix_risk_change *changes;
	size_t change_count;
	uint64_t version;
	breach_count counts[IX_RISK_REASON_COUNT];
	uint64_t breach_count;
	shown_breach *latest; /* a ring */
} report;

/* ---- gathering ---- */

static int take_times(ix_call *call, report *r) {
	const char *from = ix_call_text(call, "from"), *to = ix_call_text(call, "to");
	r->from_ns = 0;
	r->to_ns = INT64_MAX;
	if (from && ix_time_parse(ix_str_from(from), &r->from_ns, &call->error) != 0)
		return ix_wrap(&call->error, IX_ERR_USAGE, "--from");
	if (to && ix_time_parse(ix_str_from(to), &r->to_ns, &call->error) != 0)
		return ix_wrap(&call->error, IX_ERR_USAGE, "--to");
	return 0;
}

static void keep(char *out, size_t capacity, ix_str text) {
	(void)ix_format(out, capacity, "%.*s", IX_STR_ARG(text));
}

static void on_breach(void *context, const ix_risk_breach *b) {
	report *r = context;
	for (unsigned i = 0; i < IX_RISK_REASON_COUNT; i++) {
		r->counts[i].rejects += b->rejects >> i & 1;
		r->counts[i].warnings += b->warnings >> i & 1;
	}
	shown_breach *s = &r->latest[r->breach_count++ % BREACHES_SHOWN];
	*s = (shown_breach){.time_ns = b->time_ns,
		.id = b->id,
		.quantity = b->quantity,
		.price_e4 = b->price_e4,
		.rejects = b->rejects,
		.warnings = b->warnings};
	keep(s->session, sizeof s->session, b->session);
	keep(s->symbol, sizeof s->symbol, b->symbol);
}

static int gather(ix_call *call, report *r) {
	const char *state = ix_call_text(call, "state");
	ix_str text;
	ix_risk *risk = NULL;
	r->changes = ix_arena_array(&r->arena, ix_risk_change, IX_RISK_HISTORY_MAX);
	r->latest = ix_arena_array(&r->arena, shown_breach, BREACHES_SHOWN);
	if (!r->changes || !r->latest) return ix_fail(&call->error, IX_ERR_MEMORY, "no memory for a report");
	int code = ix_risk_read_limits(&r->arena, state, &text, &r->version, &call->error);
	if (!code && r->version == 0)
		code = ix_fail(&call->error, IX_ERR_NOT_FOUND, "%s: there is no state", state);
	if (!code)
		code = ix_risk_limit_rows(
			&r->arena, ix_str_from(state), text, &r->rows, &r->row_count, &call->error);
	if (!code) code = risk_cmd_open(call, NULL, (ix_str){NULL, 0}, true, &risk);
	if (!code) r->change_count = ix_risk_get_history(risk, r->changes, IX_RISK_HISTORY_MAX);
	ix_risk_close(risk);
	if (code) return code;
	return ix_risk_read_breaches(
		state, (uint64_t)r->from_ns, (uint64_t)r->to_ns, on_breach, r, &call->error);
}

/* ---- printing ---- */

static int begin(
	report *r, const ix_table_column *columns, const char *key, const char *title, ix_table **ret_table) {
	ix_table_options options = ix_call_table(r->call);
	options.json = r->json;
	options.key = key;
	options.title = title;
	return ix_table_new(columns, &options, r->call->out, ret_table, &r->call->error);
}

static int end(report *r, ix_table *table) {
	int code = ix_table_end(table, &r->call->error);
	if (!r->json) (void)fputc('\n', r->call->out);
	return code;
}

static int print_controls(report *r) {
	static const ix_table_column columns[] = {{"level"}, {"name"}, {"symbol"}, {"control"},
		{"hard", .align = IX_TABLE_ALIGN_RIGHT}, {"soft", .align = IX_TABLE_ALIGN_RIGHT}, {0}};
	ix_table *table;
	int code = begin(r, columns, "controls", "Controls and thresholds in force", &table);
	for (size_t i = 0; !code && i < r->row_count; i++) {
		const ix_risk_limit_row *row = &r->rows[i];
		ix_table_text(table, ix_str_from(ix_risk_level_name((ix_risk_level)row->level)));
		ix_table_text(table, row->name);
		ix_table_text(table, row->symbol);
		ix_table_text(table, row->limit);
		ix_table_text(table, row->hard);
		ix_table_text(table, row->soft);
	}
	return code ? code : end(r, table);
}

/* What is always on, with no threshold of its own. */
static int print_standing(report *r) {
	static const ix_table_column columns[] = {{"control"}, {"what"}, {0}};
	static const uint8_t standing[] = {13, 14, 15, 18, 25, 26, 29, 30, 31, 32, 34, 35};
	ix_table *table;
	int code = begin(r, columns, "standing_controls", "Controls that are always on", &table);
	for (size_t i = 0; !code && i < IX_COUNT(standing); i++) {
		ix_table_text(table, ix_str_from(ix_risk_reason_name(standing[i])));
		ix_table_text(table, ix_str_from(ix_risk_reason_text(standing[i])));
	}
	return code ? code : end(r, table);
}

static int print_changes(report *r, bool certified, const char *key, const char *title) {
	static const ix_table_column columns[] = {{"time"}, {"what"}, {"version", .kind = IX_TABLE_COUNT},
		{"level"}, {"name"}, {"who"}, {"why"}, {0}};
	static const char *const names[] = {"limits in force", "switch thrown", "switch tripped",
		"lifting asked for", "switch lifted", "controls reviewed"};
	ix_table *table;
	char time[48];
	int code = begin(r, columns, key, title, &table);
	for (size_t i = 0; !code && i < r->change_count; i++) {
		const ix_risk_change *c = &r->changes[i];
		if ((c->kind == IX_RISK_CHANGE_CERTIFY) != certified) continue;
		/* Reviews are shown whenever they were: the rule asks for one a year. */
		if (!certified && (c->time_ns < r->from_ns || c->time_ns >= r->to_ns)) continue;
		ix_table_text(table, risk_cmd_time(c->time_ns, time));
		ix_table_text(table, ix_str_from(names[c->kind]));
		ix_table_count(table, c->version);
		ix_table_text(
			table, ix_str_from(c->name[0] ? ix_risk_level_name((ix_risk_level)c->level) : ""));
		ix_table_text(table, ix_str_from(c->name));
		ix_table_text(table, ix_str_from(c->who));
		ix_table_text(table, ix_str_from(c->why));
	}
	return code ? code : end(r, table);
}

static int print_counts(report *r) {
	static const ix_table_column columns[] = {{"reason"},
		{"rejected", .kind = IX_TABLE_COUNT, .grouped = true},
		{"warned", .kind = IX_TABLE_COUNT, .grouped = true}, {0}};
	ix_table *table;
	int code = begin(r, columns, "breaches", "Breaches by reason", &table);
	for (unsigned i = 0; !code && i < IX_RISK_REASON_COUNT; i++) {
		if (!r->counts[i].rejects && !r->counts[i].warnings) continue;
		ix_table_text(table, ix_str_from(ix_risk_reason_name(i)));
		ix_table_count(table, r->counts[i].rejects);
		ix_table_count(table, r->counts[i].warnings);
	}
	return code ? code : end(r, table);
}

static int print_latest(report *r) {
	static const ix_table_column columns[] = {{"time"}, {"session"}, {"symbol"},
		{"id", .kind = IX_TABLE_COUNT}, {"quantity", .kind = IX_TABLE_INTEGER},
		{"price", .kind = IX_TABLE_DECIMAL, .decimals = 4}, {"rejects"}, {"warnings"}, {0}};
	ix_table *table;
	char time[48], names[RISK_CMD_NAMES_MAX];
	int code = begin(r, columns, "latest_breaches", "The latest breaches", &table);
	uint64_t shown = r->breach_count < BREACHES_SHOWN ? r->breach_count : BREACHES_SHOWN;
	for (uint64_t i = r->breach_count - shown; !code && i < r->breach_count; i++) {
		const shown_breach *b = &r->latest[i % BREACHES_SHOWN];
		ix_table_text(table, risk_cmd_time((int64_t)b->time_ns, time));
		ix_table_text(table, ix_str_from(b->session));
		ix_table_text(table, ix_str_from(b->symbol));
		ix_table_count(table, b->id);
		ix_table_integer(table, b->quantity);
		ix_table_decimal(table, b->price_e4);
		ix_table_text(table, risk_cmd_names(b->rejects, names));
		ix_table_text(table, risk_cmd_names(b->warnings, names));
	}
	return code ? code : end(r, table);
}

/* ---- the whole ---- */

static bool is_certified(const report *r) {
	int64_t now = (int64_t)risk_cmd_now();
	for (size_t i = 0; i < r->change_count; i++) {
		if (r->changes[i].kind == IX_RISK_CHANGE_CERTIFY &&
			now - r->changes[i].time_ns < YEAR_DAYS * INT64_C(86400000000000))
			return true;
	}
	return false;
}

static int print(report *r) {
	int code = print_controls(r);
	if (!code) code = print_standing(r);
	if (!code) code = print_changes(r, false, "changes", "Changes");
	if (!code) code = print_counts(r);
	if (!code) code = print_latest(r);
	if (!code) code = print_changes(r, true, "certifications", "Reviews of the controls");
	return code;
}

static int print_json(report *r) {
	char buffer[4096];
	ix_json_writer *json = r->json = &r->writer;
	ix_json_writer_init_sink(
		json, buffer, sizeof buffer, ix_call_sink, r->call->out, (ix_json_style){.open_levels = 2});
	ix_json_object_begin(json);
	ix_json_key(json, IX_STR("rule"));
	ix_json_string(json, ix_str_from(ix_call_text(r->call, "rule")));
	ix_json_key(json, IX_STR("limits_version"));
	ix_json_u64(json, r->version);
	ix_json_key(json, IX_STR("certified_within_a_year"));
	ix_json_bool(json, is_certified(r));
	int code = print(r);
	ix_json_object_end(json);
	if (!code) code = ix_json_writer_finish(json, &r->call->error);
	(void)fputc('\n', r->call->out);
	return code;
}

int ix_risk_cmd_report(ix_call *call) {
	report r = {.call = call};
	ix_arena_init(&r.arena, ix_os_allocator(), 0, 0);
	int code = take_times(call, &r);
	if (!code) code = gather(call, &r);
	if (!code && call->json) {
		code = print_json(&r);
	} else if (!code) {
		fprintf(call->out, "Rule %s: limits version %llu, %s\n\n", ix_call_text(call, "rule"),
			(unsigned long long)r.version,
			is_certified(&r) ? "reviewed within a year" : "NOT REVIEWED WITHIN A YEAR");
		code = print(&r);
	}
	bool is_fine = !code && is_certified(&r);
	ix_arena_fini(&r.arena);
	return code ? ix_call_fail(call) : is_fine ? 0 : 1;
}
