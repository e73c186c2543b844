/* Limits files, orders as JSON and CSV: what is wrong is told with its place, and nothing crashes on any
 * bytes. */
#include "limits.h"

#include <inox/alloc.h>
#include <inox/risk_text.h>
#include <inox/rng.h>
#include <inox/testing.h>

enum { MUTATIONS = 3000, MUTATIONS_LONG = 100000 };

static const char limits[] =
	"instrument ABC { lot 10; tick 0.01; }\n"
	"firm F {\n\tcapital 1000.00;\n\tconcentration 50% soft=20%;\n\tmessage-rate 100/s soft=50/s;\n"
	"\thours 09:30 16:00;\n\trestricted XYZ, QQQ;\n"
	"\tdesk D {\n\t\taccount A {\n\t\t\tsymbol ABC { position-long 5 soft=4; restricted; }\n"
	"\t\t\ttrader T { session S1 { self-match account; } session S2; }\n\t\t}\n\t}\n}\n";

static ix_risk *open_engine(void) {
	ix_error err = {0};
	ix_risk *risk = NULL;
	ix_risk_options options = {.allocator = ix_os_allocator(),
		.limits = ix_str_from(limits),
		.symbol_max = 16,
		.orders_max = 16,
		.cell_max = 16};
	if (ix_risk_open(&options, &risk, &err) != 0) fail_msg("%s", err.text);
	return risk;
}

static void the_schema_and_its_example_are_right(void **state) {
	(void)state;
	ix_arena arena;
	ix_error err = {0};
	ix_arena_init(&arena, ix_os_allocator(), 0, 0);
	if (ix_conf_schema_check(&arena, &risk_schema, &err) != 0) fail_msg("%s", err.text);
	ix_arena_fini(&arena);
}

/* ---- limits ---- */

static void assert_limits_refused(const char *text, const char *says) {
	ix_error err = {0};
	ix_risk *risk = NULL;
	ix_risk_options options = {.allocator = ix_os_allocator(),
		.limits = ix_str_from(text),
		.limits_name = IX_STR("risk.conf"),
		.symbol_max = 4};
	if (ix_risk_open(&options, &risk, &err) == 0) fail_msg("was taken: %s", text);
	if (strcmp(err.text, says) != 0) fail_msg("says '%s'\nand not '%s'", err.text, says);
}

static void a_wrong_limits_file_is_told_with_its_place(void **state) {
	(void)state;
	assert_limits_refused("# nothing\n", "risk.conf: the directive 'firm' is missing");
	assert_limits_refused("firm F {\n\torder-share 5;\n}\n",
		"risk.conf:2:2: unknown directive 'order-share' in 'firm'; did you mean 'order-shares'?");
	assert_limits_refused("firm F {\n\torder-shares 0;\n}\n",
		"risk.conf:2:15: order-shares SHARES: '0' is below the minimum of 1");
	assert_limits_refused("firm F {\n\torder-shares;\n}\n",
		"risk.conf:2:2: order-shares: neither a limit nor a soft one");
	assert_limits_refused("firm F {\n\tconcentration 5%;\n}\n",
		"risk.conf:2:2: concentration: neither this level nor one above has a capital");
	assert_limits_refused(
		"firm F {\n\thours 16:00 09:30;\n}\n", "risk.conf:2:14: hours: it ends before it begins");
	assert_limits_refused("firm F {\n\thours 9 10;\n}\n",
		"risk.conf:2:8: hours FROM: '9' is not a time like 09:30 or 15:59:30");
	assert_limits_refused("firm F {\n\tmessage-rate 5/0s;\n}\n",
		"risk.conf:2:15: message-rate RATE: '5/0s' has a period of 0");
	assert_limits_refused("firm F {\n\tdesk D {\n\t\taccount A { }\n\t\taccount A { }\n\t}\n}\n",
		"risk.conf:4:11: account 'A' is given twice; first at risk.conf:3:3");
	assert_limits_refused("firm F { desk D { account A; } desk E { account A; } }\n",
		"risk.conf: there are two accounts called 'A'");
	assert_limits_refused("firm F { restricted A B C D E; }\n", "there are more than 4 symbols");
	assert_limits_refused("firm F {\n\tdesk D {\n",
		"risk.conf:2:2: the block of 'desk' is not closed: a '}' is missing");
}

static void rows_tell_every_limit_and_what_differs(void **state) {
	(void)state;
	ix_arena arena;
	ix_risk_limit_row *rows, *other;
	ix_risk_limit_change *changes;
	size_t count, other_count, change_count;
	static const char *const expected[][5] = {{"F", "", "capital", "1000.00", ""},
		{"F", "", "concentration", "50%", "20%"}, {"F", "", "hours", "09:30:00-16:00:00", ""},
		{"F", "", "message-rate", "100/1s", "50/1s"}, {"F", "XYZ", "restricted", "on", ""},
		{"F", "QQQ", "restricted", "on", ""}, {"A", "ABC", "position-long", "5", "4"},
		{"A", "ABC", "restricted", "on", ""}, {"S1", "", "self-match", "account", ""}};
	ix_arena_init(&arena, ix_os_allocator(), 0, 0);
	assert_int_equal(
		ix_risk_limit_rows(&arena, IX_STR("a"), ix_str_from(limits), &rows, &count, NULL), 0);
	assert_int_equal(count, IX_COUNT(expected));
	for (size_t i = 0; i < count; i++) {
		const ix_str cells[] = {
			rows[i].name, rows[i].symbol, rows[i].limit, rows[i].hard, rows[i].soft};
		for (int k = 0; k < 5; k++) {
			if (!ix_str_equal(cells[k], ix_str_from(expected[i][k])))
				fail_msg("row %zu: '%.*s' and not '%s'", i, IX_STR_ARG(cells[k]),
					expected[i][k]);
		}
	}
	ix_str shorter = IX_STR(
		"firm F { capital 2000.00; desk D; price-min 1.00; hours 09:30 16:00; restricted XYZ, QQQ; "
		"message-rate 100/s soft=50/s; concentration 50% soft=20%; }");
	assert_int_equal(ix_risk_limit_rows(&arena, IX_STR("b"), shorter, &other, &other_count, NULL), 0);
	assert_int_equal(
		ix_risk_limit_diff(&arena, rows, count, other, other_count, &changes, &change_count, NULL),
		0);
	assert_int_equal(change_count, 5); /* capital; three of A and S1 gone; price-min new */
	assert_true(ix_str_equal(changes[0].after->hard, IX_STR("2000.00")));
	assert_null(changes[1].after);
	assert_null(changes[4].before);
	ix_arena_fini(&arena);
}

/* ---- JSON ---- */

static void assert_json_refused(const char *text, int code, const char *says) {
	ix_risk *risk = open_engine();
	ix_risk_event event;
	ix_error err = {0};
	int got = ix_risk_order_from_json(risk, ix_str_bytes(ix_str_from(text)), 1, &event, &err);
	if (got != code || strcmp(err.text, says) != 0)
		fail_msg("%d '%s'\nand not %d '%s'", got, err.text, code, says);
	ix_risk_close(risk);
}

static const char order_json[] =
	"{\"session\": \"S1\", \"symbol\": \"ABC\", \"side\": \"short\", \"quantity\": 100, \"price\": "
	"\"10.25\", "
	"\"id\": 7, \"time\": \"2026-01-05T15:00:00Z\", \"ioc\": true, \"located\": true, "
	"\"market\": {\"bid\": 9.5, \"ask\": \"10.5\", \"halted\": true}}";

static void an_order_is_read_from_json(void **state) {
	(void)state;
	ix_risk *risk = open_engine();
	ix_risk_event e;
	assert_int_equal(
		ix_risk_order_from_json(risk, ix_str_bytes(ix_str_from(order_json)), 1, &e, NULL), 0);
	assert_int_equal(e.order.side, IX_RISK_SELL_SHORT);
	assert_int_equal(e.order.quantity, 100);
	assert_int_equal(e.order.price_e4, 102500);
	assert_int_equal(e.order.id, 7);
	assert_int_equal(e.order.time_ns, 1767625200000000000); /* date -ud 2026-01-05T15:00:00Z +%s */
	assert_int_equal(e.order.flags, IX_RISK_IOC | IX_RISK_LOCATED);
	assert_true(e.has_market && e.market.is_halted);
	assert_int_equal(e.market.bid_e4, 95000);
	ix_str text = IX_STR("{\"session\":\"S2\",\"symbol\":\"ABC\",\"side\":\"buy\",\"quantity\":1}");
	assert_int_equal(ix_risk_order_from_json(risk, ix_str_bytes(text), 5, &e, NULL), 0);
	assert_int_equal(e.order.flags, IX_RISK_MARKET);
	assert_int_equal(e.order.time_ns, 5);
	ix_risk_close(risk);
}

static void a_wrong_order_is_told_with_its_place(void **state) {
	(void)state;
	assert_json_refused("[]", IX_ERR_INVALID, "an order is an object");
	assert_json_refused("{\"session\": \"S9\"}", IX_ERR_NOT_FOUND, "session: there is no session 'S9'");
	assert_json_refused("{\"session\": \"S1\", \"symbol\": \"ABC\", \"side\": \"hold\"}", IX_ERR_INVALID,
		"side: 'hold' is not one of buy|sell|short");
	assert_json_refused(
		"{\"session\": \"S1\", \"symbol\": \"ABC\", \"side\": \"buy\", \"quantity\": \"1\"}",
		IX_ERR_INVALID, "quantity: must be a whole number, not a string");
	assert_json_refused("{\"session\": \"S1\", \"symbol\": \"ABC\", \"side\": \"buy\", \"quantity\": 1, "
			    "\"time\": \"noon\"}",
		IX_ERR_SYNTAX, "time: no time like 2026-01-05T15:00:00Z: 'noon'");
	assert_json_refused("{\"symbl\": 1}", IX_ERR_INVALID,
		"the document: there is no member 'symbl'; did you mean 'symbol'?");
}

/* ---- CSV ---- */

static const char orders_csv[] = "time,event,session,symbol,side,id,quantity,price,flags,last\r\n"
				 "2026-01-05T15:00:00Z,market,,ABC,,,,,halted,10.00\r\n"
				 ",,S1,\"ABC\",buy,,100,10.25,ioc located,\r\n\r\n"
				 ",fill,S1,,,1,40,10.20,,\r\n";

static void orders_are_read_from_csv(void **state) {
	(void)state;
	ix_risk *risk = open_engine();
	ix_risk_rows rows;
	ix_risk_event e;
	int code;
	assert_int_equal(ix_risk_rows_begin(&rows, risk, ix_str_bytes(ix_str_from(orders_csv)), 1, NULL), 0);
	assert_true(ix_risk_rows_next(&rows, &e, &code, NULL) && code == 0);
	assert_true(e.kind == IX_RISK_EVENT_MARKET && e.market.is_halted && e.market.last_e4 == 100000);
	assert_true(ix_risk_rows_next(&rows, &e, &code, NULL) && code == 0);
	assert_true(e.kind == IX_RISK_EVENT_ORDER && e.order.quantity == 100 && e.order.price_e4 == 102500 &&
		    e.order.id == 1);
	assert_int_equal(e.order.flags, IX_RISK_IOC | IX_RISK_LOCATED);
	assert_int_equal(e.order.time_ns, 1767625200000000000); /* that of the line before */
	assert_true(ix_risk_rows_next(&rows, &e, &code, NULL) && code == 0);
	assert_true(
		e.kind == IX_RISK_EVENT_FILL && e.order.id == 1 && e.order.quantity == 40 && rows.line == 5);
	assert_false(ix_risk_rows_next(&rows, &e, &code, NULL));
	assert_int_equal(code, 0);
	ix_risk_close(risk);
}

static void assert_csv_refused(const char *text, const char *says) {
	ix_risk *risk = open_engine();
	ix_risk_rows rows;
	ix_risk_event e;
	ix_error err = {0};
	int code = ix_risk_rows_begin(&rows, risk, ix_str_bytes(ix_str_from(text)), 1, &err);
	while (!code && ix_risk_rows_next(&rows, &e, &code, &err) && !code) {}
	if (!code || strcmp(err.text, says) != 0) fail_msg("%d '%s'\nand not '%s'", code, err.text, says);
	ix_risk_close(risk);
}

static void a_wrong_line_is_told_with_its_place(void **state) {
	(void)state;
	assert_csv_refused("", "line 1: the names of the columns are missing");
	assert_csv_refused("session,price,sym", "line 1, column 15: there is no column 'sym'");
	assert_csv_refused("session,session", "line 1, column 9: a column is there twice: 'session'");
	assert_csv_refused("session,symbol,side\nS1,ABC,buy\nS1,ABC,by",
		"line 3, column 8: a side is buy, sell or short, not 'by'");
	assert_csv_refused("session,symbol,side\nS1,ZZZ,buy", "line 2, column 4: there is no symbol 'ZZZ'");
	assert_csv_refused(
		"session,symbol,side,quantity\nS1,ABC,buy,1e3", "line 2, column 12: no whole number: '1e3'");
	assert_csv_refused("session,symbol,side,price\nS1,ABC,buy,1.00001",
		"line 2, column 12: no price with at most four decimals: '1.00001'");
	assert_csv_refused("session\n\"S1", "line 2, column 1: the quotes are not closed");
	assert_csv_refused("session\n\"S1\"x", "line 2, column 5: a ',' is missing behind the quotes");
	assert_csv_refused(
		"session,symbol\nS1,ABC,buy", "line 2, column 8: there are more fields than columns");
	assert_csv_refused("event,session\nsell,S1", "line 2, column 1: there is no event 'sell'");
	assert_csv_refused("session,symbol,side,flags\nS1,ABC,buy,fok",
		"line 2, column 12: flags are ioc, located, halted and ssr, not 'fok'");
}

/* ---- any bytes ---- */

typedef void take_bytes(ix_risk *risk, ix_str text);

static void take_limits(ix_risk *risk, ix_str text) {
	ix_error err = {0};
	uint64_t before = ix_risk_limits_version(risk);
	int code = ix_risk_limits_swap(risk, text, IX_STR("x"), IX_STR("y"), &err);
	assert_int_equal(ix_risk_limits_version(risk), before + (code == 0));
	if (code) assert_true(err.text[0]);
}

static void take_json(ix_risk *risk, ix_str text) {
	ix_error err = {0};
	ix_risk_event e;
	ix_risk_verdict v;
	int code = ix_risk_order_from_json(risk, ix_str_bytes(text), 1, &e, &err);
	if (code)
		assert_true(err.text[0]);
	else
		(void)ix_risk_apply(risk, &e, &v);
}

static void take_csv(ix_risk *risk, ix_str text) {
	ix_error err = {0};
	ix_risk_rows rows;
	ix_risk_event e;
	ix_risk_verdict v;
	int code = ix_risk_rows_begin(&rows, risk, ix_str_bytes(text), 1, &err);
	while (!code && ix_risk_rows_next(&rows, &e, &code, &err) && !code) (void)ix_risk_apply(risk, &e, &v);
	if (code) assert_true(err.text[0]);
}

static void cut_and_change(const char *whole, take_bytes *take) {
	size_t size = strlen(whole);
	char text[2048];
	ix_rng rng;
	ix_risk *risk = open_engine();
	ix_rng_seed(&rng, ix_testing_seed());
	for (size_t cut = 0; cut <= size; cut++) {
		memcpy(text, whole, cut);
		take(risk, (ix_str){text, cut});
	}
	for (int i = 0; i < (ix_testing_long() ? MUTATIONS_LONG : MUTATIONS); i++) {
		memcpy(text, whole, size);
		for (uint64_t n = 1 + ix_rng_below(&rng, 3); n > 0; n--) {
			/* another byte, or one from elsewhere in the text */
			size_t at = (size_t)ix_rng_below(&rng, size);
			text[at] = ix_rng_chance(&rng, 1, 2) ? (char)ix_rng_u64(&rng)
							     : whole[ix_rng_below(&rng, size)];
		}
		take(risk, (ix_str){text, size});
	}
	ix_risk_close(risk);
}

static void changed_limits_are_taken_whole_or_not_at_all(void **state) {
	(void)state;
	cut_and_change(limits, take_limits);
}
static void changed_orders_are_an_error_or_an_order(void **state) {
	(void)state;
	cut_and_change(order_json, take_json);
	cut_and_change(orders_csv, take_csv);
}

IX_TESTS(test_risk_text, cmocka_unit_test(the_schema_and_its_example_are_right),
	cmocka_unit_test(a_wrong_limits_file_is_told_with_its_place),
	cmocka_unit_test(rows_tell_every_limit_and_what_differs),
	cmocka_unit_test(an_order_is_read_from_json), cmocka_unit_test(a_wrong_order_is_told_with_its_place),
	cmocka_unit_test(orders_are_read_from_csv), cmocka_unit_test(a_wrong_line_is_told_with_its_place),
	cmocka_unit_test(changed_limits_are_taken_whole_or_not_at_all),
	cmocka_unit_test(changed_orders_are_an_error_or_an_order));
