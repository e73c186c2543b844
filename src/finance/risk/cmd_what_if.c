/* `inox risk what-if`: a file of orders, one after the other, on what is held now. */
#include "cmd.h"

static const char *side_name(uint8_t side) {
	static const char *const names[] = {"", "buy", "sell", "short"};
	return side < IX_COUNT(names) ? names[side] : "";
}

static const char *event_name(ix_risk_event_kind kind) {
	static const char *const names[] = {
		"order", "replace", "ack", "reject", "cancel", "fill", "adjust", "market"};
	return names[kind];
}

static void verdict_cells(ix_table *table, const ix_risk_verdict *v) {
	char names[RISK_CMD_NAMES_MAX];
	ix_table_style(table, v->rejects ? IX_STYLE_BAD : v->warnings ? IX_STYLE_WARNING : IX_STYLE_GOOD);
	ix_table_text(table, v->rejects    ? IX_STR("rejected")
			     : v->warnings ? IX_STR("warned")
					   : IX_STR("passed"));
	ix_table_text(table, risk_cmd_names(v->rejects, names));
	ix_table_text(table, risk_cmd_names(v->warnings, names));
}

static void add_row(ix_table *table, const ix_risk *risk, uint64_t line, const ix_risk_event *e,
	const ix_risk_verdict *v) {
	const ix_risk_order *o = &e->order;
	ix_table_count(table, line);
	ix_table_text(table, ix_str_from(event_name(e->kind)));
	ix_table_text(table, ix_risk_session_name(risk, o->session));
	ix_table_text(table, ix_risk_symbol_name(risk, o->symbol));
	ix_table_text(table, ix_str_from(side_name(o->side)));
	ix_table_integer(table, o->quantity);
	if (o->flags & IX_RISK_MARKET)
		ix_table_none(table);
	else
		ix_table_decimal(table, o->price_e4);
	verdict_cells(table, v);
}

static int run(ix_call *call, ix_risk *risk, ix_str text, uint64_t *ret_rejected) {
	static const ix_table_column columns[] = {{"line", .kind = IX_TABLE_COUNT}, {"event"}, {"session"},
		{"symbol"}, {"side"}, {"quantity", .kind = IX_TABLE_INTEGER, .grouped = true},
		{"price", .kind = IX_TABLE_DECIMAL, .decimals = 4}, {"result"}, {"reasons"}, {"warnings"},
		{0}};
	ix_table_options options = ix_call_table(call);
	ix_table *table;
	ix_risk_rows rows;
	ix_risk_event event;
	ix_risk_verdict v;
	int code = ix_risk_rows_begin(&rows, risk, ix_str_bytes(text), risk_cmd_now(), &call->error),
	    row_code = 0;
	if (code) return code;
	code = ix_table_new(columns, &options, call->out, &table, &call->error);
	if (code) return code;
	while (ix_risk_rows_next(&rows, &event, &row_code, &call->error) && !row_code) {
		if (!ix_risk_apply(risk, &event, &v)) ++*ret_rejected;
		bool is_order = event.kind == IX_RISK_EVENT_ORDER || event.kind == IX_RISK_EVENT_REPLACE;
		if (is_order) add_row(table, risk, rows.line, &event, &v);
	}
	if (row_code) {
		ix_table_free(table);
		return row_code;
	}
	return ix_table_end(table, &call->error);
}

int ix_risk_cmd_what_if(ix_call *call) {
	ix_str limits = {NULL, 0}, text = {NULL, 0};
	ix_risk *risk = NULL;
	uint64_t rejected = 0;
	int code = risk_cmd_read(call, ix_call_text(call, "limits"), &limits);
	if (!code) code = risk_cmd_open(call, ix_call_text(call, "limits"), limits, true, &risk);
	if (!code) code = risk_cmd_read(call, ix_call_operand(call, 0), &text);
	if (!code) {
		code = run(call, risk, text, &rejected);
		if (code) code = ix_wrap(&call->error, code, "%s", ix_call_operand(call, 0));
	}
	ix_risk_close(risk);
	risk_cmd_release(text);
	risk_cmd_release(limits);
	return code ? ix_call_fail(call) : rejected ? 1 : 0;
}
