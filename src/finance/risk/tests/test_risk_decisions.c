/* The decision table: decisions.csv has situations, an order, and the verdict that an independent model
 * (beside it, decisions.py) came to; the engine comes to the same, reason by reason. */
#include <inox/alloc.h>
#include <inox/clock.h>
#include <inox/conf.h>
#include <inox/decimal.h>
#include <inox/risk.h>
#include <inox/testing.h>

enum { COLUMNS = 8, NOON_S = 1798588800 + 43200 };

typedef struct table_row {
	ix_str name, limits, instrument, market, before, order, rejects, warnings;
} table_row;

typedef struct stage {
	ix_risk *risk;
	uint32_t symbol;
	uint64_t now_ns;
	const table_row *row;
} stage;

static ix_str word(ix_str *rest) {
	*rest = ix_str_trim(*rest);
	return ix_str_cut(rest, ' ');
}

static int64_t money(ix_str text) {
	int64_t value = 0;
	if (text.size && ix_decimal_parse(text, 4, IX_ROUND_EXACT, &value, NULL) != 0)
		fail_msg("%.*s", IX_STR_ARG(text));
	return value;
}

static int64_t number(ix_str text) {
	int64_t value = 0;
	if (!ix_str_to_i64(text, &value)) fail_msg("'%.*s' is no number", IX_STR_ARG(text));
	return value;
}

/* ---- the limits file of a row ---- */

/* What stands in the row for one level: its own directives, and those of a symbol in a block. */
static void write_level(ix_writer *w, ix_str limits, const char *level) {
	while (limits.size) {
		ix_str item = ix_str_trim(ix_str_cut(&limits, '|')), directive = item;
		ix_str where = word(&directive), symbol = where, at = ix_str_cut(&symbol, '/');
		if (!ix_str_equal(at, ix_str_from(level))) continue;
		char line[256];
		size_t size = symbol.data ? ix_format(line, sizeof line, "symbol %.*s { %.*s; }\n",
						    IX_STR_ARG(symbol), IX_STR_ARG(directive))
					  : ix_format(line, sizeof line, "%.*s;\n", IX_STR_ARG(directive));
		ix_write_bytes(w, line, size);
	}
}

static ix_str limits_of(const table_row *row, char *text, size_t capacity) {
	static const char *const parts[] = {"firm F {\n", "F", "desk D {\n", "D", "account A {\n", "A",
		"trader T {\n", "T", "session S1 {\n", "S1", "}\nsession S2 {\n", "S2",
		"}\n}\n}\naccount B {\n", "B", "trader U {\n", "U", "session S3 {\n", "S3",
		"}\n}\n}\n}\n}\n"};
	ix_writer w = ix_writer_of(text, capacity);
	ix_str rest = row->instrument;
	ix_write_str(&w, IX_STR("instrument ABC { tick 0.01; "));
	while ((rest = ix_str_trim(rest)).size) {
		ix_str value = word(&rest), name = ix_str_cut(&value, '=');
		char line[128];
		if (ix_str_equal(name, IX_STR("tick"))) w.size -= 12; /* the default is in its way */
		ix_write_bytes(&w, line,
			ix_format(line, sizeof line, "%.*s %.*s; ", IX_STR_ARG(name), IX_STR_ARG(value)));
	}
	ix_write_str(&w, IX_STR("}\n"));
	for (size_t i = 0; i < IX_COUNT(parts); i++) {
		if (i % 2)
			write_level(&w, row->limits, parts[i]);
		else
			ix_write_str(&w, ix_str_from(parts[i]));
	}
	assert_false(w.failed);
	return (ix_str){text, w.size};
}

/* ---- what happens ---- */

static void happen_market(stage *s, ix_str text) {
	ix_risk_mark_price p = {.time_ns = s->now_ns};
	while ((text = ix_str_trim(text)).size) {
		ix_str value = word(&text), name = ix_str_cut(&value, '=');
		int64_t age;
		if (ix_str_equal(name, IX_STR("bid"))) p.bid_e4 = money(value);
		if (ix_str_equal(name, IX_STR("ask"))) p.ask_e4 = money(value);
		if (ix_str_equal(name, IX_STR("last"))) p.last_e4 = money(value);
		if (ix_str_equal(name, IX_STR("ref"))) p.reference_e4 = money(value);
		if (ix_str_equal(name, IX_STR("low"))) p.luld_low_e4 = money(value);
		if (ix_str_equal(name, IX_STR("high"))) p.luld_high_e4 = money(value);
		if (ix_str_equal(name, IX_STR("halted"))) p.is_halted = true;
		if (ix_str_equal(name, IX_STR("ssr"))) p.is_short_sale_restricted = true;
		if (!ix_str_equal(name, IX_STR("age"))) continue;
		assert_int_equal(ix_conf_read_duration(value, &age, NULL), 0);
		p.time_ns -= (uint64_t)age;
	}
	ix_risk_mark(s->risk, s->symbol, &p);
}

static ix_risk_order order_of(const stage *s, ix_str text) {
	ix_risk_order o = {.session = ix_risk_find_session(s->risk, word(&text)),
		.symbol = s->symbol,
		.time_ns = s->now_ns};
	ix_str side = word(&text);
	o.side = ix_str_equal(side, IX_STR("buy"))    ? IX_RISK_BUY
		 : ix_str_equal(side, IX_STR("sell")) ? IX_RISK_SELL
						      : IX_RISK_SELL_SHORT;
	o.id = (uint64_t)number(word(&text));
	o.quantity = number(word(&text));
	ix_str price = word(&text);
	if (ix_str_equal(price, IX_STR("market")))
		o.flags |= IX_RISK_MARKET;
	else
		o.price_e4 = money(price);
	while (text.size) {
		ix_str flag = word(&text);
		if (ix_str_equal(flag, IX_STR("ioc"))) o.flags |= IX_RISK_IOC;
		if (ix_str_equal(flag, IX_STR("located"))) o.flags |= IX_RISK_LOCATED;
	}
	return o;
}

static void happen_kill(stage *s, ix_str rest) {
	ix_str level = word(&rest);
	for (int i = 0; i < IX_RISK_LEVEL_COUNT; i++) {
		if (!ix_str_equal(level, ix_str_from(ix_risk_level_name((ix_risk_level)i)))) continue;
		assert_int_equal(ix_risk_kill(s->risk, (ix_risk_level)i, rest, IX_STR("a test"),
					 IX_STR("somebody"), NULL),
			0);
	}
}

static void happen_to_order(stage *s, ix_str verb, ix_str rest) {
	uint32_t session = ix_risk_find_session(s->risk, word(&rest));
	uint64_t id = (uint64_t)number(word(&rest));
	if (ix_str_equal(verb, IX_STR("reject"))) {
		ix_risk_on_reject(s->risk, session, id, s->now_ns);
	} else if (ix_str_equal(verb, IX_STR("cancel"))) {
		ix_risk_on_cancel(s->risk, session, id, rest.size ? number(word(&rest)) : 0, s->now_ns);
	} else {
		int64_t quantity = number(word(&rest));
		ix_risk_on_fill(s->risk, session, id, quantity, money(word(&rest)), s->now_ns);
	}
}

static void happen_adjust(stage *s, ix_str rest) {
	uint32_t session = ix_risk_find_session(s->risk, word(&rest));
	int64_t quantity = number(word(&rest));
	assert_true(ix_risk_adjust(s->risk, session, s->symbol, quantity, money(word(&rest)), s->now_ns));
}

static void happen(stage *s, ix_str event) {
	ix_str rest = event, verb = word(&rest);
	int64_t ns = 0;
	ix_risk_verdict v;
	if (ix_str_equal(verb, IX_STR("wait")) || ix_str_equal(verb, IX_STR("back"))) {
		assert_int_equal(ix_conf_read_duration(ix_str_trim(rest), &ns, NULL), 0);
		s->now_ns = ix_str_equal(verb, IX_STR("wait")) ? s->now_ns + (uint64_t)ns
							       : s->now_ns - (uint64_t)ns;
	} else if (ix_str_equal(verb, IX_STR("market"))) {
		happen_market(s, rest);
	} else if (ix_str_equal(verb, IX_STR("kill"))) {
		happen_kill(s, rest);
	} else if (ix_str_equal(verb, IX_STR("adjust"))) {
		happen_adjust(s, rest);
	} else if (ix_str_equal(verb, IX_STR("fill")) || ix_str_equal(verb, IX_STR("cancel")) ||
		   ix_str_equal(verb, IX_STR("reject"))) {
		happen_to_order(s, verb, rest);
	} else if (ix_str_equal(verb, IX_STR("try"))) {
		ix_risk_order o = order_of(s, rest);
		(void)ix_risk_check(s->risk, &o, NULL);
	} else {
		ix_risk_order o = order_of(s, event);
		if (!ix_risk_check(s->risk, &o, &v))
			fail_msg("%.*s: '%.*s' before: %s", IX_STR_ARG(s->row->name), IX_STR_ARG(event),
				ix_risk_reason_name(v.reason));
	}
}

/* ---- rows ---- */

static ix_risk_reasons reasons_of(ix_str names) {
	ix_risk_reasons set = 0;
	while ((names = ix_str_trim(names)).size) {
		ix_str name = word(&names);
		int bit = ix_risk_reason_find(name);
		if (bit < 0) fail_msg("there is no reason '%.*s'", IX_STR_ARG(name));
		set |= IX_RISK_BIT(bit);
	}
	return set;
}

static size_t names_of(ix_risk_reasons set, char *out, size_t capacity) {
	size_t size = 0;
	out[0] = 0;
	for (unsigned i = 0; i < IX_RISK_REASON_COUNT; i++) {
		if (set >> i & 1)
			size += ix_format(out + size, capacity - size, " %s", ix_risk_reason_name(i));
	}
	return size;
}

static bool is_as_expected(const table_row *row, ix_risk_reasons rejects, ix_risk_reasons warnings) {
	char theirs[2][512], ours[2][512];
	ix_risk_reasons expected[] = {reasons_of(row->rejects), reasons_of(row->warnings)};
	if (expected[0] == rejects && expected[1] == warnings) return true;
	for (int i = 0; i < 2; i++) {
		(void)names_of(expected[i], theirs[i], sizeof theirs[i]);
		(void)names_of(i ? warnings : rejects, ours[i], sizeof ours[i]);
	}
	print_error("%.*s\n  limits %.*s\n  before %.*s\n  order %.*s\n  expected:%s; warnings:%s\n  got:%s; "
		    "warnings:%s\n",
		IX_STR_ARG(row->name), IX_STR_ARG(row->limits), IX_STR_ARG(row->before),
		IX_STR_ARG(row->order), theirs[0], theirs[1], ours[0], ours[1]);
	return false;
}

static bool decide(const table_row *row, bool single_thread) {
	static char text[8192];
	ix_error err = {0};
	ix_risk_options options = {.allocator = ix_os_allocator(),
		.limits = limits_of(row, text, sizeof text),
		.symbol_max = 8,
		.orders_max = 64,
		.cell_max = 64,
		.single_thread = single_thread};
	stage s = {.row = row, .now_ns = UINT64_C(1000000000) * NOON_S};
	if (ix_risk_open(&options, &s.risk, &err) != 0)
		fail_msg("%.*s: %s\n%s", IX_STR_ARG(row->name), err.text, text);
	s.symbol = ix_risk_find_symbol(s.risk, IX_STR("ABC"));
	if (!ix_str_equal(row->market, IX_STR("none"))) happen_market(&s, row->market);
	for (ix_str rest = row->before; rest.size;) {
		ix_str event = ix_str_trim(ix_str_cut(&rest, '|'));
		if (event.size) happen(&s, event);
	}
	ix_risk_verdict v;
	ix_risk_order o = order_of(&s, row->order);
	bool passes = ix_risk_check(s.risk, &o, &v), is_right = is_as_expected(row, v.rejects, v.warnings);
	assert_int_equal(passes, v.rejects == 0);
	ix_risk_close(s.risk);
	return is_right;
}

/* The file has no quotes: its model never needs any. */
static void every_row_of_the_table_is_decided_as_the_model_says(void **state) {
	(void)state;
	char path[512];
	size_t size, rows = 0, wrong = 0;
	ix_format(path, sizeof path, "%s/src/finance/risk/tests/decisions.csv", ix_testing_root());
	char *bytes = (char *)ix_testing_read(path, &size);
	ix_str rest = {bytes, size};
	(void)ix_str_cut(&rest, '\n');
	while (rest.size) {
		ix_str line = ix_str_cut(&rest, '\n');
		table_row row;
		ix_str *fields[COLUMNS] = {&row.name, &row.limits, &row.instrument, &row.market, &row.before,
			&row.order, &row.rejects, &row.warnings};
		for (int i = 0; i < COLUMNS; i++) *fields[i] = ix_str_cut(&line, ',');
		wrong += !decide(&row, rows % 2);
		rows++;
	}
	free(bytes);
	assert_true(rows >= 300);
	assert_int_equal(wrong, 0);
}

IX_TESTS(test_risk_decisions, cmocka_unit_test(every_row_of_the_table_is_decided_as_the_model_says));
