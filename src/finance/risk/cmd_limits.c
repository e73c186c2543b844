/* `inox risk limits`: what is in force, putting others in force, what differs, what was. */
#include "cmd.h"

#include <inox/alloc.h>

static const char *const change_names[IX_RISK_CHANGE_KIND_COUNT] = {
	"limits", "kill", "trip", "unkill asked", "unkill", "certify"};

/* The limits behind an operand, or else those of --limits, or else those in force by --state; as rows. */
static int rows_of(
	ix_call *call, ix_arena *arena, const char *path, ix_risk_limit_row **ret_rows, size_t *ret_count) {
	ix_str text = {NULL, 0};
	uint64_t version = 1;
	const char *state = ix_call_text(call, "state");
	if (!path) path = ix_call_text(call, "limits");
	if (!path && !state)
		return ix_fail(&call->error, IX_ERR_USAGE, "which limits? --limits FILE or --state DIR");
	int code = path ? risk_cmd_read(call, path, &text)
			: ix_risk_read_limits(arena, state, &text, &version, &call->error);
	if (!code && version == 0)
		code = ix_fail(&call->error, IX_ERR_NOT_FOUND, "%s: there are no limits yet", state);
	if (!code)
		code = ix_risk_limit_rows(
			arena, ix_str_from(path ? path : state), text, ret_rows, ret_count, &call->error);
	if (path) risk_cmd_release(text);
	return code;
}

static void text_or_none(ix_table *table, ix_str text) {
	if (text.size)
		ix_table_text(table, text);
	else
		ix_table_none(table);
}

static int show(ix_call *call, ix_arena *arena) {
	static const ix_table_column columns[] = {{"level"}, {"name"}, {"symbol"}, {"limit"},
		{"hard", .align = IX_TABLE_ALIGN_RIGHT}, {"soft", .align = IX_TABLE_ALIGN_RIGHT}, {0}};
	ix_table_options options = ix_call_table(call);
	ix_risk_limit_row *rows = NULL;
	size_t count = 0;
	ix_table *table;
	int code = rows_of(call, arena, ix_call_operand(call, 1), &rows, &count);
	if (!code) code = ix_table_new(columns, &options, call->out, &table, &call->error);
	if (code) return code;
	for (size_t i = 0; i < count; i++) {
		ix_table_text(table, ix_str_from(ix_risk_level_name((ix_risk_level)rows[i].level)));
		ix_table_text(table, rows[i].name);
		text_or_none(table, rows[i].symbol);
		ix_table_text(table, rows[i].limit);
		text_or_none(table, rows[i].hard);
		text_or_none(table, rows[i].soft);
	}
	return ix_table_end(table, &call->error);
}

static void limit_cells(ix_table *table, const ix_risk_limit_row *row) {
	char text[128];
	if (!row)
		ix_table_none(table);
	else
		ix_table_text(table,
			(ix_str){text, ix_format(text, sizeof text, "%.*s%s%.*s", IX_STR_ARG(row->hard),
					       row->soft.size ? row->hard.size ? " soft=" : "soft=" : "",
					       IX_STR_ARG(row->soft))});
}

static int diff(ix_call *call, ix_arena *arena, bool *ret_differs) {
	static const ix_table_column columns[] = {{"level"}, {"name"}, {"symbol"}, {"limit"},
		{"before", .align = IX_TABLE_ALIGN_RIGHT}, {"after", .align = IX_TABLE_ALIGN_RIGHT}, {0}};
	ix_table_options options = ix_call_table(call);
	const char *first = ix_call_operand(call, 1), *second = ix_call_operand(call, 2);
	ix_risk_limit_row *before = NULL, *after = NULL;
	ix_risk_limit_change *changes = NULL;
	size_t before_count = 0, after_count = 0, count = 0;
	ix_table *table;
	if (!first)
		return ix_fail(
			&call->error, IX_ERR_USAGE, "what differs from what? OLD NEW, or --state DIR NEW");
	int code = rows_of(call, arena, second ? first : NULL, &before, &before_count);
	if (!code) code = rows_of(call, arena, second ? second : first, &after, &after_count);
	if (!code)
		code = ix_risk_limit_diff(
			arena, before, before_count, after, after_count, &changes, &count, &call->error);
	if (!code) code = ix_table_new(columns, &options, call->out, &table, &call->error);
	if (code) return code;
	for (size_t i = 0; i < count; i++) {
		const ix_risk_limit_row *row = changes[i].before ? changes[i].before : changes[i].after;
		ix_table_text(table, ix_str_from(ix_risk_level_name((ix_risk_level)row->level)));
		ix_table_text(table, row->name);
		text_or_none(table, row->symbol);
		ix_table_text(table, row->limit);
		limit_cells(table, changes[i].before);
		limit_cells(table, changes[i].after);
	}
	*ret_differs = count > 0;
	return ix_table_end(table, &call->error);
}

static int set(ix_call *call) {
	const char *path = ix_call_operand(call, 1), *who = ix_call_text(call, "who"),
		   *why = ix_call_text(call, "why");
	ix_str text;
	ix_risk *risk = NULL;
	if (!path || !ix_call_text(call, "state") || !who || !why)
		return ix_fail(&call->error, IX_ERR_USAGE,
			"set takes a FILE, --state DIR, --who NAME and --why TEXT");
	int code = risk_cmd_read(call, path, &text);
	if (code) return code;
	ix_risk_options options = {.allocator = ix_os_allocator(),
		.limits = text,
		.limits_name = ix_str_from(path),
		.state_dir = ix_call_text(call, "state"),
		.who = ix_str_from(who),
		.why = ix_str_from(why),
		.single_thread = true};
	code = ix_risk_open(&options, &risk, &call->error);
	if (!code)
		fprintf(call->out, call->json ? "{\"version\": %llu}\n" : "version %llu is in force\n",
			(unsigned long long)ix_risk_limits_version(risk));
	ix_risk_close(risk);
	risk_cmd_release(text);
	return code;
}

static int history(ix_call *call, ix_arena *arena) {
	static const ix_table_column columns[] = {{"change", .kind = IX_TABLE_COUNT}, {"time"}, {"what"},
		{"version", .kind = IX_TABLE_COUNT}, {"level"}, {"name"}, {"who"}, {"why"}, {0}};
	ix_table_options options = ix_call_table(call);
	ix_risk_change *changes = ix_arena_array(arena, ix_risk_change, IX_RISK_HISTORY_MAX);
	ix_risk *risk = NULL;
	ix_table *table;
	char time[48];
	if (!changes) return ix_fail(&call->error, IX_ERR_MEMORY, "no memory for a history");
	if (!ix_call_text(call, "state"))
		return ix_fail(&call->error, IX_ERR_USAGE, "history takes --state DIR");
	int code = risk_cmd_open(call, NULL, (ix_str){NULL, 0}, true, &risk);
	if (code) return code;
	size_t count = ix_risk_get_history(risk, changes, IX_RISK_HISTORY_MAX);
	ix_risk_close(risk);
	code = ix_table_new(columns, &options, call->out, &table, &call->error);
	if (code) return code;
	for (size_t i = 0; i < count; i++) {
		const ix_risk_change *c = &changes[i];
		bool is_limits = c->kind == IX_RISK_CHANGE_LIMITS;
		ix_table_count(table, c->sequence);
		ix_table_text(table, risk_cmd_time(c->time_ns, time));
		ix_table_text(table, ix_str_from(change_names[c->kind]));
		ix_table_count(table, c->version);
		text_or_none(
			table, ix_str_from(is_limits ? "" : ix_risk_level_name((ix_risk_level)c->level)));
		text_or_none(table, ix_str_from(c->name));
		ix_table_text(table, ix_str_from(c->who));
		ix_table_text(table, ix_str_from(c->why));
	}
	return ix_table_end(table, &call->error);
}

int ix_risk_cmd_limits(ix_call *call) {
	ix_str action = ix_str_from(ix_call_operand(call, 0));
	ix_arena arena;
	bool differs = false;
	ix_arena_init(&arena, ix_os_allocator(), 0, 0);
	int code;
	if (ix_str_equal(action, IX_STR("show")))
		code = show(call, &arena);
	else if (ix_str_equal(action, IX_STR("diff")))
		code = diff(call, &arena, &differs);
	else if (ix_str_equal(action, IX_STR("set")))
		code = set(call);
	else
		code = history(call, &arena);
	ix_arena_fini(&arena);
	return code ? ix_call_fail(call) : differs ? 1 : 0;
}
