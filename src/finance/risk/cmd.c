/* cmd.c - what the doors of `inox risk` share, and those to single orders and to kill switches. */
#include "cmd.h"

#include <inox/alloc.h>
#include <inox/clock.h>
#include <inox/file.h>
#include <inox/json_writer.h>

enum { LIMITS_SIZE_MAX = 64 << 20, ORDERS_SIZE_MAX = 1 << 30 };

/* ---- shared ---- */

int risk_cmd_read(ix_call *call, const char *path, ix_str *ret_text) {
	ix_bytes bytes;
	*ret_text = (ix_str){NULL, 0};
	if (!path) return 0;
	int code = ix_file_read(path, ORDERS_SIZE_MAX, ix_os_allocator(), &bytes, &call->error);
	if (!code) *ret_text = ix_bytes_str(bytes);
	return code;
}

void risk_cmd_release(ix_str text) {
	if (text.data) ix_file_read_free(ix_str_bytes(text), ix_os_allocator());
}

int risk_cmd_open(ix_call *call, const char *path, ix_str text, bool read_only, ix_risk **ret_risk) {
	ix_risk_options options = {.allocator = ix_os_allocator(),
		.limits = text,
		.limits_name = ix_str_from(path ? path : ""),
		.state_dir = ix_call_text(call, "state"),
		.read_only = read_only,
		.single_thread = true};
	if (text.size > LIMITS_SIZE_MAX)
		return ix_fail(
			&call->error, IX_ERR_LIMIT, "%s: a limits file has at most 64 MiB", path ? path : "");
	return ix_risk_open(&options, ret_risk, &call->error);
}

ix_str risk_cmd_names(ix_risk_reasons reasons, char out[RISK_CMD_NAMES_MAX]) {
	size_t size = 0;
	for (unsigned i = 0; i < IX_RISK_REASON_COUNT; i++) {
		if (reasons >> i & 1)
			size += ix_format(out + size, RISK_CMD_NAMES_MAX - size, "%s%s", size ? ", " : "",
				ix_risk_reason_name(i));
	}
	return (ix_str){out, size};
}

ix_str risk_cmd_time(int64_t ns, char out[48]) { return (ix_str){out, ix_time_format(ns, 3, out)}; }

uint64_t risk_cmd_now(void) { return (uint64_t)ix_clock_now(ix_clock_real()); }

/* ---- check ---- */

static const char *result_of(const ix_risk_verdict *v) {
	return v->rejects ? "rejected" : v->warnings ? "passed with warnings" : "passed";
}

static void value_member(ix_json_writer *json, const char *name, const ix_risk_finding *f, int64_t value) {
	char text[IX_RISK_VALUE_TEXT_MAX];
	ix_json_key(json, ix_str_from(name));
	ix_json_string(json, (ix_str){text, ix_risk_value_text((ix_risk_limit)f->limit, value, text)});
}

static void reasons_member(ix_json_writer *json, const char *name, ix_risk_reasons reasons) {
	ix_json_key(json, ix_str_from(name));
	ix_json_array_begin(json);
	for (unsigned i = 0; i < IX_RISK_REASON_COUNT; i++) {
		if (reasons >> i & 1) ix_json_string(json, ix_str_from(ix_risk_reason_name(i)));
	}
	ix_json_array_end(json);
}

static void finding_object(ix_json_writer *json, const ix_risk_finding *f) {
	ix_json_object_begin(json);
	ix_json_key(json, IX_STR("reason"));
	ix_json_string(json, ix_str_from(ix_risk_reason_name(f->reason)));
	ix_json_key(json, IX_STR("rejects"));
	ix_json_bool(json, f->is_reject);
	ix_json_key(json, IX_STR("level"));
	ix_json_string(json, ix_str_from(ix_risk_level_name((ix_risk_level)f->level)));
	if (f->limit < IX_RISK_LIMIT_COUNT) {
		ix_json_key(json, IX_STR("limit"));
		ix_json_string(json, ix_str_from(ix_risk_limit_name((ix_risk_limit)f->limit)));
		ix_json_key(json, IX_STR("for_symbol"));
		ix_json_bool(json, f->is_symbol_limit);
		value_member(json, "value", f, f->value);
		value_member(json, "threshold", f, f->threshold);
	}
	ix_json_object_end(json);
}

static int tell_json(ix_call *call, const ix_risk_verdict *v, const ix_risk_finding *findings, size_t count) {
	char buffer[4096];
	ix_json_writer json;
	ix_json_writer_init_sink(
		&json, buffer, sizeof buffer, ix_call_sink, call->out, (ix_json_style){.open_levels = 2});
	ix_json_object_begin(&json);
	ix_json_key(&json, IX_STR("passes"));
	ix_json_bool(&json, v->rejects == 0);
	reasons_member(&json, "rejects", v->rejects);
	reasons_member(&json, "warnings", v->warnings);
	ix_json_key(&json, IX_STR("findings"));
	ix_json_array_begin(&json);
	for (size_t i = 0; i < count; i++) finding_object(&json, &findings[i]);
	ix_json_array_end(&json);
	ix_json_object_end(&json);
	int code = ix_json_writer_finish(&json, &call->error);
	(void)fputc('\n', call->out);
	return code;
}

static void explain(ix_call *call, const ix_risk_finding *f) {
	char value[IX_RISK_VALUE_TEXT_MAX], threshold[IX_RISK_VALUE_TEXT_MAX];
	fprintf(call->out, "  %s %s: %s\n", f->is_reject ? "reject" : "warning",
		ix_risk_reason_name(f->reason), ix_risk_reason_text(f->reason));
	if (f->limit >= IX_RISK_LIMIT_COUNT) return;
	(void)ix_risk_value_text((ix_risk_limit)f->limit, f->value, value);
	(void)ix_risk_value_text((ix_risk_limit)f->limit, f->threshold, threshold);
	fprintf(call->out, "    %s of the %s%s: %s, and the limit is %s\n",
		ix_risk_limit_name((ix_risk_limit)f->limit), ix_risk_level_name((ix_risk_level)f->level),
		f->is_symbol_limit ? " for this symbol" : "", value, threshold);
}

static int tell(ix_call *call, const ix_risk_verdict *v, const ix_risk_finding *findings, size_t count) {
	char names[RISK_CMD_NAMES_MAX];
	if (call->json) return tell_json(call, v, findings, count);
	ix_str list = risk_cmd_names(v->rejects ? v->rejects : v->warnings, names);
	fprintf(call->out, "%s%s%.*s\n", result_of(v), list.size ? ": " : "", IX_STR_ARG(list));
	for (size_t i = 0; i < count && ix_call_flag(call, "explain"); i++) explain(call, &findings[i]);
	return 0;
}

int ix_risk_cmd_check(ix_call *call) {
	ix_str limits = {NULL, 0}, text = {NULL, 0};
	ix_risk *risk = NULL;
	ix_risk_event event;
	ix_risk_verdict v = {0};
	const char *path = ix_call_operand(call, 0);
	int code = risk_cmd_read(call, ix_call_text(call, "limits"), &limits);
	if (!code) code = risk_cmd_open(call, ix_call_text(call, "limits"), limits, true, &risk);
	if (!code) code = risk_cmd_read(call, path, &text);
	if (!code) {
		code = ix_risk_order_from_json(
			risk, ix_str_bytes(text), risk_cmd_now(), &event, &call->error);
		if (code) code = ix_wrap(&call->error, code, "%s", path);
	}
	if (!code) {
		ix_risk_finding findings[IX_RISK_FINDING_MAX];
		if (event.has_market) ix_risk_mark(risk, event.order.symbol, &event.market);
		size_t count = ix_risk_explain(risk, &event.order, &v, findings, IX_COUNT(findings));
		code = tell(call, &v, findings, count);
	}
	ix_risk_close(risk);
	risk_cmd_release(text);
	risk_cmd_release(limits);
	return code ? ix_call_fail(call) : v.rejects ? 1 : 0;
}

/* ---- switches ---- */

static bool level_of(ix_str name, ix_risk_level *ret_level) {
	for (int i = 0; i < IX_RISK_LEVEL_COUNT; i++) {
		*ret_level = (ix_risk_level)i;
		if (ix_str_equal(name, ix_str_from(ix_risk_level_name(*ret_level)))) return true;
	}
	return false;
}

static int say(ix_call *call, const char *level, ix_str name, const char *what) {
	static const ix_table_column columns[] = {{"level"}, {"name"}, {"state"}, {0}};
	ix_table_options options = ix_call_table(call);
	options.record = call->json;
	ix_table *table;
	if (!call->json) {
		fprintf(call->out, "%s %.*s is %s\n", level, IX_STR_ARG(name), what);
		return 0;
	}
	int code = ix_table_new(columns, &options, call->out, &table, &call->error);
	if (code) return code;
	ix_table_text(table, ix_str_from(level));
	ix_table_text(table, name);
	ix_table_text(table, ix_str_from(what));
	return ix_table_end(table, &call->error);
}

int ix_risk_cmd_kill(ix_call *call) {
	ix_risk *risk = NULL;
	ix_risk_level level = IX_RISK_FIRM;
	ix_str name = ix_str_from(ix_call_operand(call, 1));
	if (!level_of(ix_str_from(ix_call_operand(call, 0)), &level))
		return ix_call_usage(call, "there is no such level");
	int code = risk_cmd_open(call, NULL, (ix_str){NULL, 0}, false, &risk);
	if (!code)
		code = ix_risk_kill(risk, level, name, ix_str_from(ix_call_text(call, "reason")),
			ix_str_from(ix_call_text(call, "who")), &call->error);
	ix_risk_close(risk);
	if (!code) code = say(call, ix_risk_level_name(level), name, "blocked");
	return code ? ix_call_fail(call) : 0;
}

int ix_risk_cmd_unkill(ix_call *call) {
	ix_risk *risk = NULL;
	ix_risk_level level = IX_RISK_FIRM;
	bool is_pending = false;
	ix_str name = ix_str_from(ix_call_operand(call, 1));
	if (!level_of(ix_str_from(ix_call_operand(call, 0)), &level))
		return ix_call_usage(call, "there is no such level");
	int code = risk_cmd_open(call, NULL, (ix_str){NULL, 0}, false, &risk);
	if (!code)
		code = ix_risk_unkill(
			risk, level, name, ix_str_from(ix_call_text(call, "who")), &is_pending, &call->error);
	ix_risk_close(risk);
	if (!code)
		code = say(call, ix_risk_level_name(level), name,
			is_pending ? "still blocked: it takes the approval of somebody else"
				   : "no longer blocked");
	return code ? ix_call_fail(call) : is_pending ? 1 : 0;
}

int ix_risk_cmd_certify(ix_call *call) {
	ix_risk *risk = NULL;
	int code = risk_cmd_open(call, NULL, (ix_str){NULL, 0}, false, &risk);
	if (!code)
		code = ix_risk_certify(risk, ix_str_from(ix_call_text(call, "who")),
			ix_str_from(ix_call_text(call, "why")), &call->error);
	ix_risk_close(risk);
	if (!code)
		code = say(call, "reviewer", ix_str_from(ix_call_text(call, "who")),
			"on record as the one who reviewed the controls");
	return code ? ix_call_fail(call) : 0;
}
