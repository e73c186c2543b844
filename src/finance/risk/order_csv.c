/* order_csv.c - orders, and what became of them, as lines of CSV; and doing what a line says. */
#include <inox/clock.h>
#include <inox/decimal.h>
#include <inox/risk_text.h>

typedef enum column {
	COLUMN_EVENT,
	COLUMN_TIME,
	COLUMN_SESSION,
	COLUMN_SYMBOL,
	COLUMN_SIDE,
	COLUMN_ID,
	COLUMN_QUANTITY,
	COLUMN_PRICE,
	COLUMN_FLAGS,
	COLUMN_REPLACES,
	COLUMN_BID,
	COLUMN_ASK,
	COLUMN_LAST,
	COLUMN_REFERENCE,
	COLUMN_LOW,
	COLUMN_HIGH,
	COLUMN_COUNT,
} column;

static const char column_names[] =
	"event|time|session|symbol|side|id|quantity|price|flags|replaces|bid|ask|last|reference|low|high";

/* The place in "a|b|c"; -1: none of them. */
static int choice_of(const char *choices, ix_str word) {
	ix_str rest = ix_str_from(choices);
	for (int i = 0; rest.data; i++) {
		if (ix_str_equal(ix_str_cut(&rest, '|'), word)) return i;
	}
	return -1;
}

/* One line, without its end; an empty one is passed over. */
static bool next_line(ix_risk_rows *rows, ix_str *ret_line) {
	while (rows->rest.size) {
		ix_str line = ix_str_cut(&rows->rest, '\n');
		rows->line++;
		if (line.size && line.data[line.size - 1] == '\r') line.size--;
		*ret_line = line;
		if (line.size) return true;
	}
	return false;
}

static int wrong(
	const ix_risk_rows *rows, size_t offset, int code, ix_error *err, const char *says, ix_str what) {
	return ix_fail(err, code, "line %llu, column %zu: %s%s%.*s%s", (unsigned long long)rows->line,
		offset + 1, says, what.size ? " '" : "", IX_STR_ARG(ix_str_slice(what, 0, 100)),
		what.size ? "'" : "");
}

/* The next field of a line; one in quotes may hold commas, and here no quotes: no name or number has one. */
static int next_field(const ix_risk_rows *rows, ix_str line, size_t *at, ix_str *ret_field, ix_error *err) {
	size_t from = *at;
	if (from < line.size && line.data[from] == '"') {
		size_t end = from + 1 + ix_str_find(ix_str_slice(line, from + 1, line.size), '"');
		if (end >= line.size)
			return wrong(rows, from, IX_ERR_SYNTAX, err, "the quotes are not closed",
				(ix_str){NULL, 0});
		if (end + 1 < line.size && line.data[end + 1] != ',')
			return wrong(rows, end + 1, IX_ERR_SYNTAX, err, "a ',' is missing behind the quotes",
				(ix_str){NULL, 0});
		*ret_field = ix_str_slice(line, from + 1, end);
		*at = end + 2;
		return 0;
	}
	size_t size = ix_str_find(ix_str_slice(line, from, line.size), ',');
	*ret_field = ix_str_trim(ix_str_slice(line, from, from + size));
	*at = from + size + 1;
	return 0;
}

int ix_risk_rows_begin(
	ix_risk_rows *rows, const ix_risk *risk, ix_bytes text, uint64_t now_ns, ix_error *err) {
	*rows = (ix_risk_rows){.risk = risk, .rest = ix_bytes_str(text), .now_ns = now_ns, .next_id = 1};
	ix_str line = {NULL, 0}, name = {NULL, 0};
	bool seen[COLUMN_COUNT] = {0};
	if (!next_line(rows, &line))
		return ix_fail(err, IX_ERR_TRUNCATED, "line 1: the names of the columns are missing");
	for (size_t at = 0, from = 0; at <= line.size; from = at) {
		int code = next_field(rows, line, &at, &name, err);
		if (code) return code;
		int which = choice_of(column_names, name);
		if (which < 0) return wrong(rows, from, IX_ERR_INVALID, err, "there is no column", name);
		if (seen[which])
			return wrong(rows, from, IX_ERR_INVALID, err, "a column is there twice:", name);
		seen[which] = true;
		rows->columns[rows->column_count++] = (int8_t)which;
	}
	return 0;
}

/* ---- one row ---- */

typedef struct row {
	ix_str fields[COLUMN_COUNT];
	size_t offsets[COLUMN_COUNT];
	const ix_risk_rows *rows;
	ix_error *err;
} row;

static int bad(const row *r, column which, int code, const char *says) {
	return wrong(r->rows, r->offsets[which], code, r->err, says, r->fields[which]);
}

static int take_price(const row *r, column which, int64_t *ret_price) {
	if (r->fields[which].size == 0) return 0;
	if (ix_decimal_parse(r->fields[which], 4, IX_ROUND_EXACT, ret_price, NULL) == 0) return 0;
	return bad(r, which, IX_ERR_SYNTAX, "no price with at most four decimals:");
}

static int take_number(const row *r, column which, int64_t *ret_value) {
	if (r->fields[which].size == 0 || ix_str_to_i64(r->fields[which], ret_value)) return 0;
	return bad(r, which, IX_ERR_SYNTAX, "no whole number:");
}

static int take_id(const row *r, column which, uint64_t *ret_value) {
	if (r->fields[which].size == 0 || ix_str_to_u64(r->fields[which], ret_value)) return 0;
	return bad(r, which, IX_ERR_SYNTAX, "no id:");
}

static int take_names(const row *r, ix_risk_event *e) {
	ix_str session = r->fields[COLUMN_SESSION], symbol = r->fields[COLUMN_SYMBOL];
	bool needs_symbol = e->kind == IX_RISK_EVENT_ORDER || e->kind == IX_RISK_EVENT_REPLACE ||
			    e->kind == IX_RISK_EVENT_MARKET || e->kind == IX_RISK_EVENT_ADJUST;
	e->order.session = e->order.symbol = UINT32_MAX;
	if (session.size) e->order.session = ix_risk_find_session(r->rows->risk, session);
	if (symbol.size) e->order.symbol = ix_risk_find_symbol(r->rows->risk, symbol);
	if (e->kind != IX_RISK_EVENT_MARKET && e->order.session == UINT32_MAX)
		return bad(r, COLUMN_SESSION, IX_ERR_NOT_FOUND,
			session.size ? "there is no session" : "a session is missing");
	if (needs_symbol && e->order.symbol == UINT32_MAX)
		return bad(r, COLUMN_SYMBOL, IX_ERR_NOT_FOUND,
			symbol.size ? "there is no symbol" : "a symbol is missing");
	return 0;
}

static int take_flags(const row *r, ix_risk_event *e) {
	ix_str rest = r->fields[COLUMN_FLAGS];
	while (rest.size) {
		ix_str word = ix_str_cut(&rest, ' ');
		switch (word.size ? choice_of("ioc|located|halted|ssr", word) : 4) {
		case 0: e->order.flags |= IX_RISK_IOC; break;
		case 1: e->order.flags |= IX_RISK_LOCATED; break;
		case 2: e->market.is_halted = true; break;
		case 3: e->market.is_short_sale_restricted = true; break;
		case 4: break;
		default:
			return bad(r, COLUMN_FLAGS, IX_ERR_INVALID,
				"flags are ioc, located, halted and ssr, not");
		}
	}
	return 0;
}

static int take_prices(const row *r, ix_risk_event *e) {
	ix_risk_mark_price *m = &e->market;
	int64_t *const prices[] = {
		&m->bid_e4, &m->ask_e4, &m->last_e4, &m->reference_e4, &m->luld_low_e4, &m->luld_high_e4};
	int code = take_price(r, COLUMN_PRICE, &e->order.price_e4);
	for (size_t i = 0; !code && i < IX_COUNT(prices); i++) {
		column which = (column)(COLUMN_BID + i);
		code = take_price(r, which, prices[i]);
		e->has_market = e->has_market || r->fields[which].size > 0;
	}
	m->time_ns = e->order.time_ns;
	return code;
}

static int take_time(const row *r, ix_risk_event *e) {
	int64_t ns;
	if (r->fields[COLUMN_TIME].size == 0) return 0;
	if (ix_time_parse(r->fields[COLUMN_TIME], &ns, NULL) != 0 || ns < 0)
		return bad(r, COLUMN_TIME, IX_ERR_SYNTAX, "no time like 2026-01-05T15:00:00Z:");
	e->order.time_ns = (uint64_t)ns;
	return 0;
}

static int take_kind(const row *r, ix_risk_event *e) {
	ix_str name = r->fields[COLUMN_EVENT];
	int kind = name.size ? choice_of("order|replace|ack|reject|cancel|fill|adjust|market", name)
			     : IX_RISK_EVENT_ORDER;
	if (kind < 0) return bad(r, COLUMN_EVENT, IX_ERR_INVALID, "there is no event");
	e->kind = (ix_risk_event_kind)kind;
	return 0;
}

static int take_side(const row *r, ix_risk_event *e) {
	bool is_order = e->kind == IX_RISK_EVENT_ORDER || e->kind == IX_RISK_EVENT_REPLACE;
	int side = choice_of("buy|sell|short", r->fields[COLUMN_SIDE]);
	if (side < 0 && (is_order || r->fields[COLUMN_SIDE].size))
		return bad(r, COLUMN_SIDE, IX_ERR_INVALID, "a side is buy, sell or short, not");
	e->order.side = side < 0 ? 0 : (uint8_t)(IX_RISK_BUY + side);
	if (is_order && r->fields[COLUMN_PRICE].size == 0) e->order.flags |= IX_RISK_MARKET;
	return 0;
}

static int take_row(const row *r, ix_risk_event *e) {
	int code = take_kind(r, e);
	if (!code) code = take_time(r, e);
	if (!code) code = take_names(r, e);
	if (!code) code = take_flags(r, e);
	if (!code) code = take_side(r, e);
	if (!code) code = take_prices(r, e);
	if (!code) code = take_number(r, COLUMN_QUANTITY, &e->order.quantity);
	if (!code) code = take_id(r, COLUMN_ID, &e->order.id);
	bool is_of_order = e->kind >= IX_RISK_EVENT_ACK && e->kind <= IX_RISK_EVENT_FILL;
	if (!code && is_of_order && r->fields[COLUMN_ID].size == 0)
		code = bad(r, COLUMN_ID, IX_ERR_INVALID, "the id of the order is missing");
	if (!code) code = take_id(r, COLUMN_REPLACES, &e->replaces);
	return code;
}

bool ix_risk_rows_next(ix_risk_rows *rows, ix_risk_event *ret_event, int *ret_code, ix_error *err) {
	ix_str line = {NULL, 0};
	row r = {.rows = rows, .err = err};
	*ret_code = 0;
	if (!next_line(rows, &line)) return false;
	if (line.size > IX_RISK_ROW_MAX) {
		*ret_code = wrong(
			rows, IX_RISK_ROW_MAX, IX_ERR_LIMIT, err, "the line is too long", (ix_str){NULL, 0});
		return true;
	}
	size_t at = 0, field = 0;
	for (; at <= line.size && field < rows->column_count && !*ret_code; field++) {
		column which = (column)rows->columns[field];
		r.offsets[which] = at;
		*ret_code = next_field(rows, line, &at, &r.fields[which], err);
	}
	if (!*ret_code && at <= line.size)
		*ret_code = wrong(rows, at, IX_ERR_SYNTAX, err, "there are more fields than columns",
			(ix_str){NULL, 0});
	ix_risk_event event = {.order = {.time_ns = rows->now_ns, .id = rows->next_id}};
	if (!*ret_code) *ret_code = take_row(&r, &event);
	if (*ret_code) return true;
	rows->now_ns = event.order.time_ns;
	bool is_order = event.kind == IX_RISK_EVENT_ORDER || event.kind == IX_RISK_EVENT_REPLACE;
	if (is_order && event.order.id >= rows->next_id && event.order.id < UINT64_MAX)
		rows->next_id = event.order.id + 1;
	*ret_event = event;
	return true;
}

/* ---- doing it ---- */

bool ix_risk_apply(ix_risk *risk, const ix_risk_event *e, ix_risk_verdict *ret_verdict) {
	const ix_risk_order *o = &e->order;
	*ret_verdict = (ix_risk_verdict){.reason = IX_RISK_REASON_COUNT, .limit = IX_RISK_LIMIT_OTHER};
	if (e->has_market || e->kind == IX_RISK_EVENT_MARKET) ix_risk_mark(risk, o->symbol, &e->market);
	switch (e->kind) {
	case IX_RISK_EVENT_ORDER: return ix_risk_check(risk, o, ret_verdict);
	case IX_RISK_EVENT_REPLACE:
		return ix_risk_check_replace(risk, o->session, e->replaces, o, ret_verdict);
	case IX_RISK_EVENT_ACK: ix_risk_on_ack(risk, o->session, o->id, o->time_ns); return true;
	case IX_RISK_EVENT_REJECT: ix_risk_on_reject(risk, o->session, o->id, o->time_ns); return true;
	case IX_RISK_EVENT_CANCEL:
		ix_risk_on_cancel(risk, o->session, o->id, o->quantity, o->time_ns);
		return true;
	case IX_RISK_EVENT_FILL:
		ix_risk_on_fill(risk, o->session, o->id, o->quantity, o->price_e4, o->time_ns);
		return true;
	case IX_RISK_EVENT_ADJUST:
		return ix_risk_adjust(risk, o->session, o->symbol, o->quantity, o->price_e4, o->time_ns);
	default: return true;
	}
}
