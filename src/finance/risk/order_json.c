/* order_json.c - an order as a JSON object. */
#include <inox/clock.h>
#include <inox/json.h>
#include <inox/risk_text.h>

typedef struct json_event {
	const ix_risk *risk;
	ix_risk_event *event;
	ix_error *err;
} json_event;

/* What is wrong with a member, behind its path. */
static int wrong(const json_event *j, const ix_json_cursor *at, int code, const char *says, ix_str what) {
	char path[128];
	ix_json_path(at, path, sizeof path);
	return ix_fail(j->err, code, "%s: %s '%.*s'", path, says, IX_STR_ARG(what));
}

static int take_name(const json_event *j, const ix_json_cursor *object, bool is_symbol, uint32_t *ret_index) {
	ix_json_cursor at;
	ix_str name;
	int code = ix_json_member(object, is_symbol ? "symbol" : "session", &at, j->err);
	if (!code) code = ix_json_get_string(&at, &name, j->err);
	if (code) return code;
	*ret_index = is_symbol ? ix_risk_find_symbol(j->risk, name) : ix_risk_find_session(j->risk, name);
	if (*ret_index != UINT32_MAX) return 0;
	return wrong(
		j, &at, IX_ERR_NOT_FOUND, is_symbol ? "there is no symbol" : "there is no session", name);
}

/* Left as it is when it is not there. */
static int take_price(
	const json_event *j, const ix_json_cursor *object, const char *name, int64_t *ret_price) {
	ix_json_cursor at;
	return ix_json_find(object, name, &at)
		       ? ix_json_get_decimal(&at, 4, IX_ROUND_EXACT, ret_price, j->err)
		       : 0;
}
static int take_flag(const json_event *j, const ix_json_cursor *object, const char *name, bool *ret_flag) {
	ix_json_cursor at;
	*ret_flag = false;
	return ix_json_find(object, name, &at) ? ix_json_get_bool(&at, ret_flag, j->err) : 0;
}
static int take_time(const json_event *j, const ix_json_cursor *object, uint64_t *time_ns) {
	ix_json_cursor at;
	ix_str text;
	int64_t ns;
	if (!ix_json_find(object, "time", &at)) return 0;
	int code = ix_json_get_string(&at, &text, j->err);
	if (code) return code;
	if (ix_time_parse(text, &ns, NULL) != 0 || ns < 0)
		return wrong(j, &at, IX_ERR_SYNTAX, "no time like 2026-01-05T15:00:00Z:", text);
	*time_ns = (uint64_t)ns;
	return 0;
}

static int take_market(json_event *j, const ix_json_cursor *object) {
	static const char *const names[] = {"bid", "ask", "last", "reference", "low", "high"};
	ix_risk_mark_price *m = &j->event->market;
	int64_t *const prices[] = {
		&m->bid_e4, &m->ask_e4, &m->last_e4, &m->reference_e4, &m->luld_low_e4, &m->luld_high_e4};
	ix_json_cursor at;
	if (!ix_json_find(object, "market", &at)) return 0;
	int code = ix_json_only(
		&at, "bid|ask|last|reference|low|high|halted|short_sale_restricted|time", j->err);
	j->event->has_market = true;
	m->time_ns = j->event->order.time_ns;
	for (size_t i = 0; !code && i < IX_COUNT(names); i++) code = take_price(j, &at, names[i], prices[i]);
	if (!code) code = take_flag(j, &at, "halted", &m->is_halted);
	if (!code) code = take_flag(j, &at, "short_sale_restricted", &m->is_short_sale_restricted);
	return code ? code : take_time(j, &at, &m->time_ns);
}

static int take_order(json_event *j, const ix_json_cursor *object) {
	ix_risk_order *o = &j->event->order;
	ix_json_cursor at;
	int side = 0;
	bool is_ioc, is_located;
	int64_t id = 1;
	int code =
		ix_json_only(object, "session|symbol|side|quantity|price|id|time|ioc|located|market", j->err);
	if (!code) code = take_name(j, object, false, &o->session);
	if (!code) code = take_name(j, object, true, &o->symbol);
	if (!code) code = ix_json_member(object, "side", &at, j->err);
	if (!code) code = ix_json_get_choice(&at, "buy|sell|short", &side, j->err);
	if (!code) code = ix_json_member_i64(object, "quantity", INT64_MIN, INT64_MAX, &o->quantity, j->err);
	if (!code && ix_json_find(object, "id", &at)) code = ix_json_get_i64(&at, 0, INT64_MAX, &id, j->err);
	if (!code) code = take_price(j, object, "price", &o->price_e4);
	if (!code) code = take_flag(j, object, "ioc", &is_ioc);
	if (!code) code = take_flag(j, object, "located", &is_located);
	if (!code) code = take_time(j, object, &o->time_ns);
	if (code) return code;
	bool is_market = !ix_json_find(object, "price", &at);
	o->side = (uint8_t)(IX_RISK_BUY + side);
	o->id = (uint64_t)id;
	o->flags = (uint8_t)((is_market ? IX_RISK_MARKET : 0) | (is_ioc ? IX_RISK_IOC : 0) |
			     (is_located ? IX_RISK_LOCATED : 0));
	return take_market(j, object);
}

int ix_risk_order_from_json(
	const ix_risk *risk, ix_bytes text, uint64_t now_ns, ix_risk_event *ret_event, ix_error *err) {
	ix_json *json;
	ix_risk_event event = {.order = {.time_ns = now_ns}};
	json_event j = {risk, &event, err};
	ix_json_limits limits = {.size_max = IX_RISK_JSON_MAX, .depth_max = 8, .value_max = 256};
	int code = ix_json_parse(text, &limits, &json, err);
	if (code) return code;
	ix_json_cursor root = ix_json_root(json);
	if (ix_json_kind_of(&root) != IX_JSON_OBJECT)
		code = ix_fail(err, IX_ERR_INVALID, "an order is an object");
	else
		code = take_order(&j, &root);
	ix_json_free(json);
	if (!code) *ret_event = event;
	return code;
}
