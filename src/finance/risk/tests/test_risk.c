/* The engine's ordinary ways: an order is checked, reserved, filled, and what that changes at every level. */
#include <inox/alloc.h>
#include <inox/risk.h>
#include <inox/testing.h>

static const char limits[] =
	"instrument ABC { lot 10; tick 0.01; average-volume 1000000; reference 10.00; }\n"
	"instrument XYZ;\n"
	"firm F {\n capital 1000000.00;\n daily-loss 500.00;\n"
	" desk D {\n"
	"  account A { position-long 1000; buying-power 20000.00;\n"
	"   trader T { order-shares 500 soft=300; session S1 { open-orders 3; } session S2; } }\n"
	"  account B { trader U { session S3; } }\n"
	" }\n}\n";

static ix_risk *open_engine(void) {
	ix_risk *risk = NULL;
	ix_error err = {0};
	ix_risk_options options = {.allocator = ix_os_allocator(), .limits = ix_str_from(limits)};
	if (ix_risk_open(&options, &risk, &err) != 0) fail_msg("%s", err.text);
	return risk;
}

/* A buy of 100 ABC at 10.00 from the first session. */
static ix_risk_order order_of(const ix_risk *risk, uint64_t id) {
	return (ix_risk_order){.id = id,
		.time_ns = UINT64_C(1800000000000000000) + id,
		.quantity = 100,
		.price_e4 = 100000,
		.session = ix_risk_find_session(risk, IX_STR("S1")),
		.symbol = ix_risk_find_symbol(risk, IX_STR("ABC")),
		.side = IX_RISK_BUY};
}

static ix_risk_exposure exposure_of(const ix_risk *risk, ix_risk_level level, const char *name) {
	ix_risk_exposure e;
	assert_int_equal(ix_risk_get_exposure(risk, level, ix_str_from(name), &e, NULL), 0);
	return e;
}

static ix_risk_position position_of(
	const ix_risk *risk, ix_risk_level level, const char *name, uint32_t symbol) {
	ix_risk_position p;
	assert_int_equal(ix_risk_get_position(risk, level, ix_str_from(name), symbol, &p, NULL), 0);
	return p;
}

static void an_order_that_passes_is_reserved_at_every_level(void **state) {
	(void)state;
	static const struct {
		ix_risk_level level;
		const char *name;
	} chain[] = {{IX_RISK_SESSION, "S1"}, {IX_RISK_TRADER, "T"}, {IX_RISK_ACCOUNT, "A"},
		{IX_RISK_DESK, "D"}, {IX_RISK_FIRM, "F"}};
	ix_risk *risk = open_engine();
	ix_risk_order o = order_of(risk, 1);
	ix_risk_verdict v;
	assert_true(ix_risk_check(risk, &o, &v));
	assert_int_equal(v.rejects | v.warnings, 0);
	for (size_t i = 0; i < IX_COUNT(chain); i++) {
		ix_risk_exposure e = exposure_of(risk, chain[i].level, chain[i].name);
		assert_int_equal(e.open_notional_e4, 10000000); /* 100 x 10.00 */
		assert_int_equal(e.open_orders, 1);
		assert_int_equal(position_of(risk, chain[i].level, chain[i].name, o.symbol).open_buy, 100);
	}
	assert_int_equal(exposure_of(risk, IX_RISK_SESSION, "S2").open_orders, 0);
	assert_int_equal(exposure_of(risk, IX_RISK_ACCOUNT, "B").open_orders, 0);
	ix_risk_close(risk);
}

static void a_fill_moves_shares_from_open_to_held(void **state) {
	(void)state;
	ix_risk *risk = open_engine();
	ix_risk_order o = order_of(risk, 1);
	assert_true(ix_risk_check(risk, &o, NULL));
	ix_risk_on_ack(risk, o.session, 1, o.time_ns);
	ix_risk_on_fill(risk, o.session, 1, 40, 99000, o.time_ns);
	ix_risk_position p = position_of(risk, IX_RISK_FIRM, "F", o.symbol);
	assert_int_equal(p.shares, 40);
	assert_int_equal(p.open_buy, 60);
	assert_int_equal(exposure_of(risk, IX_RISK_DESK, "D").open_notional_e4, 6000000); /* 60 x 10.00 */
	ix_risk_on_cancel(risk, o.session, 1, 0, o.time_ns);
	p = position_of(risk, IX_RISK_ACCOUNT, "A", o.symbol);
	assert_int_equal(p.shares, 40);
	assert_int_equal(p.open_buy, 0);
	assert_int_equal(exposure_of(risk, IX_RISK_FIRM, "F").open_notional_e4, 0);
	assert_int_equal(exposure_of(risk, IX_RISK_FIRM, "F").open_orders, 0);
	/* marked at the fill: 40 x 9.90 */
	assert_int_equal(exposure_of(risk, IX_RISK_FIRM, "F").gross_notional_e4, 3960000);
	ix_risk_close(risk);
}

static void a_hard_limit_rejects_and_a_soft_one_warns(void **state) {
	(void)state;
	ix_risk *risk = open_engine();
	ix_risk_order o = order_of(risk, 1);
	ix_risk_verdict v;
	o.quantity = 400;
	assert_true(ix_risk_check(risk, &o, &v));
	assert_int_equal(v.rejects, 0);
	assert_int_equal(v.warnings, IX_RISK_ORDER_TOO_LARGE);
	assert_int_equal(v.threshold, 300);
	assert_int_equal(v.level, IX_RISK_TRADER);
	o.id = 2;
	o.quantity = 510;
	assert_false(ix_risk_check(risk, &o, &v));
	assert_int_equal(v.rejects, IX_RISK_ORDER_TOO_LARGE);
	assert_int_equal(v.value, 510);
	assert_int_equal(v.threshold, 500);
	assert_int_equal(v.limit, IX_RISK_LIMIT_ORDER_SHARES);
	ix_risk_close(risk);
}

static void all_reasons_are_told_at_once(void **state) {
	(void)state;
	ix_risk *risk = open_engine();
	ix_risk_order o = order_of(risk, 1);
	ix_risk_verdict v;
	o.quantity = 2005;   /* over 500 and over 1000 held; no multiple of 10 */
	o.price_e4 = 100050; /* no multiple of 0.01; 2005 x 10.005 is over 20,000 */
	assert_false(ix_risk_check(risk, &o, &v));
	assert_int_equal(v.rejects, IX_RISK_ORDER_TOO_LARGE | IX_RISK_POSITION_LIMIT_EXCEEDED |
					    IX_RISK_BUYING_POWER_EXCEEDED | IX_RISK_NOT_A_LOT |
					    IX_RISK_NOT_A_TICK);
	assert_int_equal(exposure_of(risk, IX_RISK_FIRM, "F").open_notional_e4, 0);
	ix_risk_close(risk);
}

static void two_sessions_share_the_limit_of_their_account(void **state) {
	(void)state;
	ix_risk *risk = open_engine();
	ix_risk_order o = order_of(risk, 1);
	ix_risk_verdict v;
	o.quantity = 500;
	assert_true(ix_risk_check(risk, &o, NULL));
	o.session = ix_risk_find_session(risk, IX_STR("S2"));
	assert_true(ix_risk_check(risk, &o, NULL)); /* 1000 in all: at the limit */
	o.id = 2;
	o.quantity = 10;
	assert_false(ix_risk_check(risk, &o, &v));
	assert_int_equal(v.rejects, IX_RISK_POSITION_LIMIT_EXCEEDED);
	assert_int_equal(v.level, IX_RISK_ACCOUNT);
	assert_int_equal(v.value, 1010);
	ix_risk_close(risk);
}

static void mass_cancel(void *context, ix_risk_level level, ix_str name, ix_str reason) {
	(void)reason;
	if (level == IX_RISK_FIRM && ix_str_equal(name, IX_STR("F"))) ++*(int *)context;
}

static void a_loss_over_its_limit_throws_the_kill_switch(void **state) {
	(void)state;
	int calls = 0;
	ix_risk *risk = NULL;
	ix_risk_options options = {.allocator = ix_os_allocator(),
		.limits = ix_str_from(limits),
		.mass_cancel = mass_cancel,
		.context = &calls};
	assert_int_equal(ix_risk_open(&options, &risk, NULL), 0);
	ix_risk_order o = order_of(risk, 1);
	ix_risk_verdict v;
	assert_true(ix_risk_check(risk, &o, NULL));
	ix_risk_on_fill(risk, o.session, 1, 100, 100000, o.time_ns);
	/* 100 shares from 10.00 to 5.00: 500.00 lost, at the limit and not over it */
	ix_risk_mark(risk, o.symbol, &(ix_risk_mark_price){.last_e4 = 50000, .time_ns = 1});
	assert_int_equal(exposure_of(risk, IX_RISK_FIRM, "F").pnl_e4, -5000000);
	assert_int_equal(calls, 0);
	ix_risk_mark(risk, o.symbol, &(ix_risk_mark_price){.last_e4 = 49999, .time_ns = 2});
	assert_int_equal(calls, 1);
	o.id = 2;
	o.price_e4 = 50000;
	assert_false(ix_risk_check(risk, &o, &v));
	assert_int_equal(v.rejects, IX_RISK_KILLED | IX_RISK_DAILY_LOSS_LIMIT_EXCEEDED);
	ix_risk_close(risk);
}

static void a_replacement_reserves_the_larger_until_it_is_acknowledged(void **state) {
	(void)state;
	ix_risk *risk = open_engine();
	ix_risk_order o = order_of(risk, 1);
	assert_true(ix_risk_check(risk, &o, NULL));
	o.id = 2;
	o.quantity = 50;
	o.price_e4 = 110000;
	assert_true(ix_risk_check_replace(risk, o.session, 1, &o, NULL));
	assert_int_equal(exposure_of(risk, IX_RISK_FIRM, "F").open_notional_e4, 11000000); /* 100 x 11.00 */
	assert_int_equal(exposure_of(risk, IX_RISK_FIRM, "F").open_orders, 1);
	ix_risk_on_ack(risk, o.session, 2, o.time_ns);
	assert_int_equal(exposure_of(risk, IX_RISK_FIRM, "F").open_notional_e4, 5500000); /* 50 x 11.00 */
	o.id = 3;
	assert_true(ix_risk_check_replace(risk, o.session, 2, &o, NULL));
	ix_risk_on_reject(risk, o.session, 3, o.time_ns);
	assert_int_equal(exposure_of(risk, IX_RISK_FIRM, "F").open_notional_e4, 5500000);
	ix_risk_on_cancel(risk, o.session, 2, 0, o.time_ns);
	assert_int_equal(exposure_of(risk, IX_RISK_FIRM, "F").open_notional_e4, 0);
	assert_int_equal(exposure_of(risk, IX_RISK_FIRM, "F").open_orders, 0);
	ix_risk_close(risk);
}

IX_TESTS(test_risk, cmocka_unit_test(an_order_that_passes_is_reserved_at_every_level),
	cmocka_unit_test(a_fill_moves_shares_from_open_to_held),
	cmocka_unit_test(a_hard_limit_rejects_and_a_soft_one_warns),
	cmocka_unit_test(all_reasons_are_told_at_once),
	cmocka_unit_test(two_sessions_share_the_limit_of_their_account),
	cmocka_unit_test(a_loss_over_its_limit_throws_the_kill_switch),
	cmocka_unit_test(a_replacement_reserves_the_larger_until_it_is_acknowledged));
