/* limit_rows.c - limits as rows: what is in a file, and what differs between two. */
#include "limits.h"

#include <inox/decimal.h>
#include <inox/risk_text.h>

/* ---- values ---- */

static size_t duration_text(int64_t ns, char *out, size_t capacity) {
	static const struct {
		const char *unit;
		int64_t ns;
	} units[] = {{"h", INT64_C(3600000000000)}, {"m", INT64_C(60000000000)}, {"s", 1000000000},
		{"ms", 1000000}, {"us", 1000}, {"ns", 1}};
	size_t i = 0;
	while (i + 1 < IX_COUNT(units) && (ns == 0 || ns % units[i].ns != 0)) i++;
	return ix_format(out, capacity, "%lld%s", (long long)(ns / units[i].ns), units[i].unit);
}

static size_t time_text(int64_t ns, char *out, size_t capacity) {
	int64_t s = ns / 1000000000;
	return ix_format(out, capacity, "%02lld:%02lld:%02lld", (long long)(s / 3600),
		(long long)(s / 60 % 60), (long long)(s % 60));
}

static size_t money_text(int64_t value, char *out, size_t capacity) {
	char digits[IX_DECIMAL_TEXT_MAX];
	size_t size = ix_decimal_format(digits, value, 4);
	/* two decimals at least, as money has them */
	while (digits[size - 1] == '0' && digits[size - 3] != '.') size--;
	return ix_format(out, capacity, "%.*s", (int)size, digits);
}

size_t ix_risk_value_text(ix_risk_limit limit, int64_t value, char out[IX_RISK_VALUE_TEXT_MAX]) {
	char digits[IX_DECIMAL_TEXT_MAX];
	switch (risk_limit_unit(limit)) {
	case UNIT_MONEY: return money_text(value, out, IX_RISK_VALUE_TEXT_MAX);
	case UNIT_PERCENT:
		(void)ix_decimal_format_short(digits, value, 4);
		return ix_format(out, IX_RISK_VALUE_TEXT_MAX, "%s%%", digits);
	case UNIT_DURATION: return duration_text(value, out, IX_RISK_VALUE_TEXT_MAX);
	case UNIT_TIME: return time_text(value, out, IX_RISK_VALUE_TEXT_MAX);
	default: return ix_format(out, IX_RISK_VALUE_TEXT_MAX, "%lld", (long long)value);
	}
}

/* ---- rows ---- */

typedef struct listing {
	ix_arena *arena;
	ix_risk_limit_row *rows; /* NULL: only counting */
	size_t count;
	bool failed;
} listing;

typedef struct place {
	uint8_t level;
	ix_str name, symbol;
} place;

static ix_str keep(listing *l, const char *text, size_t size) {
	if (!l->rows || size == 0) return (ix_str){"", 0};
	ix_str copy = ix_arena_copy_str(l->arena, (ix_str){text, size});
	if (!copy.data) l->failed = true;
	return copy;
}

static void add_row(listing *l, const place *p, const char *limit, ix_str hard, ix_str soft) {
	if (l->rows)
		l->rows[l->count] =
			(ix_risk_limit_row){p->level, p->name, p->symbol, ix_str_from(limit), hard, soft};
	l->count++;
}

static void add_number(
	listing *l, const place *p, ix_risk_limit limit, const char *name, int64_t hard, int64_t soft) {
	char text[2][IX_RISK_VALUE_TEXT_MAX];
	if (hard == 0 && soft == 0) return;
	size_t sizes[] = {hard ? ix_risk_value_text(limit, hard, text[0]) : 0,
		soft ? ix_risk_value_text(limit, soft, text[1]) : 0};
	add_row(l, p, name, keep(l, text[0], sizes[0]), keep(l, text[1], sizes[1]));
}

static ix_str rate_text(listing *l, ix_conf_rate rate) {
	char text[64], period[32];
	if (rate.count == 0) return (ix_str){"", 0};
	(void)duration_text(rate.period_ns, period, sizeof period);
	return keep(l, text, ix_format(text, sizeof text, "%lld/%s", (long long)rate.count, period));
}

static void add_rate(listing *l, const place *p, const char *name, ix_conf_rate hard, ix_conf_rate soft) {
	if (hard.count || soft.count) add_row(l, p, name, rate_text(l, hard), rate_text(l, soft));
}

static void add_flag(listing *l, const place *p, const char *name, bool is_set) {
	if (is_set) add_row(l, p, name, IX_STR("on"), (ix_str){"", 0});
}

static void add_hours(listing *l, const place *p, const level_conf *c) {
	char text[64], from[32], to[32];
	if (!c->has_hours) return;
	(void)time_text(c->hours_open_ns, from, sizeof from);
	(void)time_text(c->hours_close_ns, to, sizeof to);
	add_row(l, p, "hours", keep(l, text, ix_format(text, sizeof text, "%s-%s", from, to)),
		(ix_str){"", 0});
}

static void list_one(listing *l, const place *p, const level_conf *c) {
	add_number(l, p, IX_RISK_LIMIT_ORDER_NOTIONAL, "capital", c->capital_e4, 0);
	for (int i = 0; i < IX_RISK_LIMIT_COUNT; i++) {
		ix_risk_limit limit = (ix_risk_limit)i;
		/* Concentration is written as a part, and told as an amount by a verdict. */
		ix_risk_limit unit =
			limit == IX_RISK_LIMIT_CONCENTRATION ? IX_RISK_LIMIT_VOLUME_SHARE : limit;
		add_number(l, p, unit, ix_risk_limit_name(limit), c->limits[i].hard, c->limits[i].soft);
	}
	add_hours(l, p, c);
	add_rate(l, p, "message-rate", c->message_rate, c->message_rate_soft);
	add_rate(l, p, "repeat-rate", c->repeat_rate, c->repeat_rate_soft);
	add_flag(l, p, "no-market-orders", c->no_market_orders);
	add_flag(l, p, "locate-required", c->locate_required);
	add_flag(l, p, "long-only", c->long_only);
	add_flag(l, p, "restricted", c->is_restricted);
	if (c->has_self_match) {
		ix_str scope = ix_str_from(ix_risk_level_name((ix_risk_level)c->self_match));
		add_row(l, p, "self-match", scope, (ix_str){"", 0});
	}
}

static void list_level(listing *l, const level_conf *c, uint8_t level) {
	const level_conf *symbols = c->symbols.items, *children = c->children.items;
	const ix_str *restricted = c->restricted.items;
	place p = {level, c->name, {"", 0}};
	list_one(l, &p, c);
	for (size_t i = 0; i < c->restricted.count; i++)
		add_flag(l, &(place){level, c->name, restricted[i]}, "restricted", true);
	for (size_t i = 0; i < c->symbols.count; i++)
		list_one(l, &(place){level, c->name, symbols[i].name}, &symbols[i]);
	for (size_t i = 0; i < c->children.count; i++) list_level(l, &children[i], (uint8_t)(level + 1));
}

int ix_risk_limit_rows(ix_arena *arena, ix_str name, ix_str text, ix_risk_limit_row **ret_rows,
	size_t *ret_count, ix_error *err) {
	limits_conf conf;
	listing l = {.arena = arena};
	ix_str own = ix_arena_copy_str(arena, text); /* the rows' names lie in it */
	if (!own.data) return ix_fail(err, IX_ERR_MEMORY, "no memory for limits");
	int code = risk_limits_parse(arena, name, own, &conf, err);
	if (code) return code;
	list_level(&l, conf.firms.items, IX_RISK_FIRM);
	ix_risk_limit_row *rows = ix_arena_array(arena, ix_risk_limit_row, l.count + 1);
	if (!rows) return ix_fail(err, IX_ERR_MEMORY, "no memory for limits");
	l = (listing){.arena = arena, .rows = rows};
	list_level(&l, conf.firms.items, IX_RISK_FIRM);
	if (l.failed) return ix_fail(err, IX_ERR_MEMORY, "no memory for limits");
	*ret_rows = rows;
	*ret_count = l.count;
	return 0;
}

/* ---- differences ---- */

static bool is_same_limit(const ix_risk_limit_row *a, const ix_risk_limit_row *b) {
	return a->level == b->level && ix_str_equal(a->name, b->name) && ix_str_equal(a->symbol, b->symbol) &&
	       ix_str_equal(a->limit, b->limit);
}

/* Rows in the order of two files that are mostly alike: looked for from where the last one was found. */
static const ix_risk_limit_row *find_row(
	const ix_risk_limit_row *rows, size_t count, const ix_risk_limit_row *row, size_t *hint) {
	for (size_t i = 0; i < count; i++) {
		size_t at = (*hint + i) % count;
		if (!is_same_limit(&rows[at], row)) continue;
		*hint = at + 1;
		return &rows[at];
	}
	return NULL;
}

int ix_risk_limit_diff(ix_arena *arena, const ix_risk_limit_row *before, size_t before_count,
	const ix_risk_limit_row *after, size_t after_count, ix_risk_limit_change **ret_changes,
	size_t *ret_count, ix_error *err) {
	ix_risk_limit_change *changes =
		ix_arena_array(arena, ix_risk_limit_change, before_count + after_count + 1);
	if (!changes) return ix_fail(err, IX_ERR_MEMORY, "no memory for the differences");
	size_t count = 0, hint = 0;
	for (size_t i = 0; i < before_count; i++) {
		const ix_risk_limit_row *now = find_row(after, after_count, &before[i], &hint);
		if (now && ix_str_equal(now->hard, before[i].hard) && ix_str_equal(now->soft, before[i].soft))
			continue;
		changes[count++] = (ix_risk_limit_change){&before[i], now};
	}
	hint = 0;
	for (size_t i = 0; i < after_count; i++) {
		if (!find_row(before, before_count, &after[i], &hint))
			changes[count++] = (ix_risk_limit_change){NULL, &after[i]};
	}
	*ret_changes = changes;
	*ret_count = count;
	return 0;
}
