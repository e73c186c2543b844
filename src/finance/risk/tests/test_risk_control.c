/* What is not in the decision table: memory, limits of the engine itself, replacements, ids that nobody
 * knows, switches, limits that change, days. */
#include <inox/alloc.h>
#include <inox/risk.h>
#include <inox/testing.h>

static const char limits[] =
	"instrument ABC { tick 0.01; reference 10.00; }\n"
	"firm F { desk D { account A { position-long 1000; symbol ABC { order-shares 900; }\n"
	" trader T { session S1; session S2; } } account B { trader U { session S3; } } } }\n";

static ix_risk *open_with(const ix_risk_options *more, const char *text) {
	ix_risk *risk = NULL;
	ix_error err = {0};
	ix_risk_options options = *more;
	if (!options.allocator) options.allocator = ix_os_allocator();
	options.limits = ix_str_from(text);
	if (!options.symbol_max) options.symbol_max = 8;
	if (ix_risk_open(&options, &risk, &err) != 0) fail_msg("%s", err.text);
	return risk;
}

static ix_risk *open_engine(void) {
	return open_with(&(ix_risk_options){.orders_max = 64, .cell_max = 64}, limits);
}

/* A buy of 100 ABC at 10.00 from the first session. */
static ix_risk_order buy(uint64_t id) {
	return (ix_risk_order){
		.id = id, .time_ns = 1000 * id, .quantity = 100, .price_e4 = 100000, .side = IX_RISK_BUY};
}

static ix_risk_exposure firm(const ix_risk *risk) {
	ix_risk_exposure e;
	assert_int_equal(ix_risk_get_exposure(risk, IX_RISK_FIRM, IX_STR("F"), &e, NULL), 0);
	return e;
}

static ix_risk_stats stats_of(const ix_risk *risk) {
	ix_risk_stats s;
	ix_risk_get_stats(risk, &s);
	return s;
}

/* ---- memory ---- */

static void after_opening_nothing_is_allocated(void **state) {
	(void)state;
	ix_alloc_probe probe;
	ix_alloc_probe_init(&probe, NULL);
	ix_risk *risk = open_with(
		&(ix_risk_options){.allocator = &probe.allocator, .orders_max = 64, .cell_max = 64}, limits);
	uint64_t calls = probe.calls;
	for (uint64_t id = 1; id < 2000; id++) {
		ix_risk_order o = buy(id);
		o.session = (uint32_t)(id % 3);
		o.side = (uint8_t)(1 + id % 2);
		if (ix_risk_check(risk, &o, NULL)) ix_risk_on_fill(risk, o.session, id, 50, 100000, id);
		ix_risk_on_cancel(risk, o.session, id, 0, id);
		ix_risk_mark(risk, 0, &(ix_risk_mark_price){.last_e4 = 100000 + (int64_t)id, .time_ns = id});
	}
	assert_int_equal(probe.calls, calls);
	ix_risk_close(risk);
	assert_int_equal(probe.live_blocks, 0);
}

static void any_allocation_may_fail(void **state) {
	(void)state;
	ix_alloc_probe probe;
	ix_error err = {0};
	bool opened = false;
	for (uint64_t n = 1; !opened; n++) {
		ix_risk *risk = NULL;
		ix_alloc_probe_init(&probe, NULL);
		probe.fail_at = n;
		ix_risk_options options = {.allocator = &probe.allocator,
			.limits = ix_str_from(limits),
			.symbol_max = 8,
			.orders_max = 16,
			.cell_max = 16};
		int code = ix_risk_open(&options, &risk, &err);
		opened = code == 0;
		if (!opened) assert_int_equal(code, IX_ERR_MEMORY);
		uint64_t version = opened ? ix_risk_limits_version(risk) : 0;
		for (uint64_t k = 1; opened && k < 30; k++) {
			probe.fail_at = probe.calls + k;
			code = ix_risk_limits_swap(
				risk, ix_str_from(limits), IX_STR("who"), IX_STR("why"), &err);
			version += code == 0;
			assert_true(code == 0 || code == IX_ERR_MEMORY);
			assert_int_equal(ix_risk_limits_version(risk), version);
		}
		ix_risk_close(risk);
		assert_int_equal(probe.live_blocks, 0);
	}
}

static void a_full_engine_fails_closed(void **state) {
	(void)state;
	ix_risk *risk = open_with(&(ix_risk_options){.orders_max = 3, .cell_max = 4},
		"instrument ABC; instrument XYZ; firm F { desk D { account A { trader T { "
		"session S1; session S2; } } } }");
	ix_risk_verdict v;
	for (uint64_t id = 1; id <= 4; id++) {
		ix_risk_order o = buy(id);
		assert_int_equal(ix_risk_check(risk, &o, &v), id <= 3);
	}
	assert_int_equal(v.rejects, IX_RISK_ENGINE_FULL);
	ix_risk_on_cancel(risk, 0, 2, 0, 5);
	ix_risk_order o = buy(5);
	assert_true(ix_risk_check(risk, &o, NULL));
	/* Two positions each: of the session and of all above it. The third pair has no room. */
	o = buy(6);
	o.session = 1;
	ix_risk_on_cancel(risk, 0, 1, 0, 6);
	assert_false(ix_risk_check(risk, &o, &v)); /* the records are the first session's */
	assert_int_equal(v.rejects, IX_RISK_ENGINE_FULL);
	o = buy(7);
	o.symbol = 1;
	assert_true(ix_risk_check(risk, &o, NULL));
	assert_int_equal(firm(risk).open_orders, 3);
	ix_risk_close(risk);
}

/* ---- ids ---- */

static void ids_that_nobody_knows_change_nothing_and_are_counted(void **state) {
	(void)state;
	ix_risk *risk = open_engine();
	ix_risk_order o = buy(1);
	assert_true(ix_risk_check(risk, &o, NULL));
	ix_risk_exposure before = firm(risk);
	ix_risk_on_ack(risk, 0, 9, 1);
	ix_risk_on_reject(risk, 0, 9, 1);
	ix_risk_on_cancel(risk, 0, 9, 5, 1);
	ix_risk_on_fill(risk, 0, 9, 5, 100000, 1);
	ix_risk_on_fill(risk, 1, 1, 5, 100000, 1);          /* another session's */
	ix_risk_on_fill(risk, UINT32_MAX, 1, 5, 100000, 1); /* no session at all */
	ix_risk_on_fill(risk, 0, 1, 0, 100000, 1);          /* nothing */
	ix_risk_on_fill(risk, 0, 1, 5, -1, 1);
	ix_risk_mark(risk, 77, &(ix_risk_mark_price){.last_e4 = 1});
	ix_risk_exposure after = firm(risk);
	assert_memory_equal(
		&before, &after, offsetof(ix_risk_exposure, is_killed)); /* behind it is padding */
	assert_int_equal(stats_of(risk).unknown_order_count, 5);
	ix_risk_close(risk);
}

static void a_fill_of_more_than_is_open_is_held_and_counted(void **state) {
	(void)state;
	ix_risk *risk = open_engine();
	ix_risk_order o = buy(1);
	assert_true(ix_risk_check(risk, &o, NULL));
	ix_risk_on_fill(risk, 0, 1, 130, 100000, 1);
	ix_risk_position p;
	assert_int_equal(ix_risk_get_position(risk, IX_RISK_DESK, IX_STR("D"), 0, &p, NULL), 0);
	assert_int_equal(p.shares, 130);
	assert_int_equal(p.open_buy, 0);
	assert_int_equal(firm(risk).open_notional_e4, 0);
	assert_int_equal(stats_of(risk).overfill_count, 1);
	ix_risk_close(risk);
}

static void an_order_that_is_none_is_refused_without_a_session(void **state) {
	(void)state;
	ix_risk *risk = open_engine();
	ix_risk_verdict v;
	ix_risk_finding findings[4];
	ix_risk_order o = buy(1);
	o.session = UINT32_MAX;
	assert_false(ix_risk_check(risk, &o, &v));
	assert_int_equal(v.rejects, IX_RISK_INVALID_ORDER);
	assert_int_equal(ix_risk_explain(risk, &o, &v, findings, IX_COUNT(findings)), 1);
	o = buy(1);
	o.side = 4;
	assert_false(ix_risk_check(risk, &o, NULL));
	o.side = IX_RISK_BUY;
	o.symbol = 99;
	assert_false(ix_risk_check(risk, &o, NULL));
	assert_int_equal(firm(risk).open_orders, 0);
	ix_risk_close(risk);
}

/* ---- replacements ---- */

static void a_replacement_is_held_against_what_gets_larger_only(void **state) {
	(void)state;
	ix_risk *risk = open_engine();
	ix_risk_verdict v;
	ix_risk_order o = buy(1);
	o.quantity = 800;
	assert_true(ix_risk_check(risk, &o, NULL));
	o = buy(2);
	o.quantity = 1001; /* 1001 in all, 1000 are allowed; 900 an order in this symbol */
	assert_false(ix_risk_check_replace(risk, 0, 1, &o, &v));
	assert_int_equal(v.rejects, IX_RISK_POSITION_LIMIT_EXCEEDED | IX_RISK_ORDER_TOO_LARGE);
	assert_int_equal(firm(risk).open_notional_e4, 80000000);
	o.quantity = 900;
	assert_true(ix_risk_check_replace(risk, 0, 1, &o, &v));
	assert_int_equal(firm(risk).open_notional_e4, 90000000);
	assert_int_equal(firm(risk).open_orders, 1);
	ix_risk_close(risk);
}

static void a_replacement_of_nothing_or_of_another_kind_is_refused(void **state) {
	(void)state;
	ix_risk *risk = open_engine();
	ix_risk_verdict v;
	ix_risk_order o = buy(1), other = buy(2);
	assert_false(ix_risk_check_replace(risk, 0, 1, &other, &v));
	assert_int_equal(v.rejects, IX_RISK_UNKNOWN_ORDER);
	assert_true(ix_risk_check(risk, &o, NULL));
	other.side = IX_RISK_SELL;
	assert_false(ix_risk_check_replace(risk, 0, 1, &other, &v));
	assert_int_equal(v.rejects, IX_RISK_INVALID_ORDER);
	other.side = IX_RISK_BUY;
	other.id = 1;
	assert_false(ix_risk_check_replace(risk, 0, 1, &other, &v));
	assert_int_equal(v.rejects, IX_RISK_DUPLICATE_ID);
	other.id = 2;
	assert_true(ix_risk_check_replace(risk, 0, 1, &other, &v));
	other.id = 3;
	assert_false(ix_risk_check_replace(risk, 0, 1, &other, &v)); /* it is being replaced already */
	assert_int_equal(v.rejects, IX_RISK_UNKNOWN_ORDER);
	ix_risk_close(risk);
}

static void the_old_order_may_fill_while_it_is_replaced(void **state) {
	(void)state;
	ix_risk *risk = open_engine();
	ix_risk_order o = buy(1);
	assert_true(ix_risk_check(risk, &o, NULL));
	o.id = 2;
	o.quantity = 60;
	assert_true(ix_risk_check_replace(risk, 0, 1, &o, NULL));
	ix_risk_on_fill(
		risk, 0, 1, 70, 100000, 1); /* 30 are left of the old one, the new one would have 60 */
	assert_int_equal(firm(risk).open_notional_e4, 6000000);
	ix_risk_on_reject(risk, 0, 2, 2);
	assert_int_equal(firm(risk).open_notional_e4, 3000000);
	ix_risk_on_fill(risk, 0, 1, 30, 100000, 3);
	assert_int_equal(firm(risk).open_orders, 0);
	assert_int_equal(firm(risk).open_notional_e4, 0);
	assert_int_equal(firm(risk).gross_notional_e4, 10000000);
	ix_risk_close(risk);
}

/* ---- verdicts ---- */

static void a_verdict_says_whose_limit_it_was(void **state) {
	(void)state;
	ix_risk *risk = open_engine();
	ix_risk_verdict v;
	ix_risk_finding found[8];
	ix_risk_order o = buy(1);
	o.quantity = 1100;
	assert_int_equal(ix_risk_explain(risk, &o, &v, found, IX_COUNT(found)), 2);
	assert_int_equal(v.reason, 0);
	assert_int_equal(v.level, IX_RISK_ACCOUNT);
	assert_true(v.is_symbol_limit);
	assert_int_equal(v.threshold, 900);
	assert_int_equal(found[1].limit, IX_RISK_LIMIT_POSITION_LONG);
	assert_int_equal(found[1].value, 1100);
	assert_false(found[1].is_symbol_limit);
	assert_int_equal(ix_risk_reason_find(IX_STR("PositionLimitExceeded")), 1);
	assert_string_equal(ix_risk_reason_name(3), "DailyLossLimitExceeded");
	assert_null(ix_risk_reason_name(IX_RISK_REASON_COUNT));
	ix_risk_close(risk);
}

/* ---- limits that change ---- */

static void a_swap_that_fails_changes_nothing(void **state) {
	(void)state;
	ix_risk *risk = open_engine();
	ix_error err = {0};
	assert_int_equal(ix_risk_limits_swap(
				 risk, IX_STR("firm F { order-shares x; }"), IX_STR("w"), IX_STR("y"), &err),
		IX_ERR_SYNTAX);
	assert_string_equal(err.text, "limits:1:23: order-shares SHARES: 'x' is not a whole number");
	assert_int_equal(
		ix_risk_limits_swap(risk, IX_STR("firm F { desk D; }"), IX_STR("w"), IX_STR("y"), &err),
		IX_ERR_CONFLICT);
	assert_int_equal(ix_risk_limits_swap(risk,
				 IX_STR("firm F { desk D { account A { trader T { session S1; session S2; "
					"session S9; } } "
					"account B { trader U { session S3; } } } }"),
				 IX_STR("w"), IX_STR("y"), &err),
		IX_ERR_CONFLICT);
	/* A session that moved to another trader. */
	assert_int_equal(ix_risk_limits_swap(risk,
				 IX_STR("firm F { desk D { account A { trader T { session S1; } } account B "
					"{ trader U { session "
					"S3; session S2; } } } }"),
				 IX_STR("w"), IX_STR("y"), &err),
		IX_ERR_CONFLICT);
	assert_int_equal(ix_risk_limits_version(risk), 1);
	ix_risk_order o = buy(1);
	o.quantity = 901;
	assert_false(ix_risk_check(risk, &o, NULL));
	ix_risk_close(risk);
}

static void a_ratio_that_comes_into_force_counts_the_orders_before(void **state) {
	(void)state;
	static const char text[] = "instrument ABC; firm F { desk D { account A { %s trader T { session S1; "
				   "session S2; } } account B { trader U { session S3; } } } }";
	char plain[256], strict[256];
	ix_format(plain, sizeof plain, text, "");
	ix_format(strict, sizeof strict, text, "order-to-trade 3;");
	ix_risk *risk = open_with(&(ix_risk_options){.orders_max = 64, .cell_max = 64}, plain);
	ix_risk_verdict v;
	for (uint64_t id = 1; id <= 4; id++) {
		ix_risk_order o = buy(id);
		o.session = (uint32_t)(id % 3);
		assert_true(ix_risk_check(risk, &o, NULL));
	}
	assert_int_equal(ix_risk_limits_swap(risk, ix_str_from(strict), IX_STR("w"), IX_STR("y"), NULL), 0);
	ix_risk_order o = buy(9); /* three before in account A, of four in all */
	assert_false(ix_risk_check(risk, &o, &v));
	assert_int_equal(v.rejects, IX_RISK_ORDER_TO_TRADE_RATIO_EXCEEDED);
	assert_int_equal(v.value, 4);
	ix_risk_close(risk);
}

/* ---- switches and days ---- */

static int mass_cancels;
static void on_mass_cancel(void *context, ix_risk_level level, ix_str name, ix_str reason) {
	(void)context, (void)level, (void)name, (void)reason;
	mass_cancels++;
}

static void a_loss_that_stays_trips_the_switch_again(void **state) {
	(void)state;
	mass_cancels = 0;
	ix_risk *risk =
		open_with(&(ix_risk_options){.orders_max = 64, .cell_max = 64, .mass_cancel = on_mass_cancel},
			"instrument ABC; firm F { desk D { account A { daily-loss 50.00; trader T { session "
			"S1; } } account B { trader U { session S3; } } } }");
	ix_risk_verdict v;
	bool pending;
	ix_risk_order o = buy(1);
	assert_true(ix_risk_check(risk, &o, NULL));
	ix_risk_on_fill(risk, 0, 1, 100, 100000, 1);
	ix_risk_mark(risk, 0, &(ix_risk_mark_price){.last_e4 = 94999});
	assert_int_equal(mass_cancels, 1);
	assert_int_equal(
		ix_risk_unkill(risk, IX_RISK_ACCOUNT, IX_STR("A"), IX_STR("ann"), &pending, NULL), 0);
	assert_int_equal(ix_risk_unkill(risk, IX_RISK_ACCOUNT, IX_STR("A"), IX_STR(""), &pending, NULL),
		IX_ERR_DENIED);
	assert_int_equal(
		ix_risk_unkill(risk, IX_RISK_ACCOUNT, IX_STR("A"), IX_STR("bob"), &pending, NULL), 0);
	o = buy(2);
	assert_false(ix_risk_check(risk, &o, &v));
	assert_int_equal(v.rejects, IX_RISK_DAILY_LOSS_LIMIT_EXCEEDED);
	ix_risk_mark(risk, 0, &(ix_risk_mark_price){.last_e4 = 94998});
	assert_int_equal(mass_cancels, 2);
	assert_int_equal(ix_risk_unkill(risk, IX_RISK_ACCOUNT, IX_STR("B"), IX_STR("bob"), &pending, NULL),
		IX_ERR_CONFLICT);
	assert_int_equal(ix_risk_kill(risk, IX_RISK_TRADER, IX_STR("Z"), IX_STR("why"), IX_STR("who"), NULL),
		IX_ERR_NOT_FOUND);
	/* A cancel passes while everything is blocked. */
	o = buy(3);
	o.session = 1;
	assert_true(ix_risk_check(risk, &o, NULL));
	assert_int_equal(
		ix_risk_kill(risk, IX_RISK_FIRM, IX_STR("F"), IX_STR("why"), IX_STR("who"), NULL), 0);
	ix_risk_on_cancel(risk, 1, 3, 0, 9);
	assert_int_equal(firm(risk).open_orders, 0);
	ix_risk_close(risk);
}

static void a_new_day_starts_from_zero_and_keeps_positions(void **state) {
	(void)state;
	ix_risk *risk = open_engine();
	assert_true(ix_risk_adjust(risk, 0, 0, 300, 100000, 1));
	ix_risk_mark(risk, 0, &(ix_risk_mark_price){.last_e4 = 90000});
	assert_int_equal(firm(risk).pnl_e4, -3000000);
	ix_risk_start_day(risk, 2);
	assert_int_equal(firm(risk).pnl_e4, 0);
	assert_int_equal(firm(risk).gross_notional_e4, 27000000);
	ix_risk_mark(risk, 0, &(ix_risk_mark_price){.last_e4 = 91000});
	assert_int_equal(firm(risk).pnl_e4, 300000);
	assert_int_equal(firm(risk).pnl_best_e4, 300000);
	assert_false(ix_risk_adjust(risk, 0, 0, 0, 100000, 1));
	assert_false(ix_risk_adjust(risk, 0, 9, 1, 100000, 1));
	ix_risk_close(risk);
}

/* Sums stay where they can be added to, whatever a venue reports. */
static void sums_never_wrap(void **state) {
	(void)state;
	ix_risk *risk = open_engine();
	for (int i = 0; i < 40; i++) {
		assert_true(ix_risk_adjust(risk, 0, 0, IX_RISK_QUANTITY_MAX, 1, 1));
		ix_risk_mark(risk, 0, &(ix_risk_mark_price){.last_e4 = i % 2 ? 1 : IX_RISK_PRICE_MAX});
	}
	ix_risk_exposure e = firm(risk);
	assert_true(e.pnl_e4 <= INT64_C(1) << 62 && e.pnl_e4 >= -(INT64_C(1) << 62));
	assert_true(e.gross_notional_e4 >= -(INT64_C(1) << 62) && e.gross_notional_e4 <= INT64_C(1) << 62);
	ix_risk_order o = buy(1);
	ix_risk_verdict v;
	assert_false(ix_risk_check(risk, &o, &v));
	assert_int_equal(v.rejects & IX_RISK_POSITION_LIMIT_EXCEEDED, IX_RISK_POSITION_LIMIT_EXCEEDED);
	ix_risk_close(risk);
}

IX_TESTS(test_risk_control, cmocka_unit_test(after_opening_nothing_is_allocated),
	cmocka_unit_test(any_allocation_may_fail), cmocka_unit_test(a_full_engine_fails_closed),
	cmocka_unit_test(ids_that_nobody_knows_change_nothing_and_are_counted),
	cmocka_unit_test(a_fill_of_more_than_is_open_is_held_and_counted),
	cmocka_unit_test(an_order_that_is_none_is_refused_without_a_session),
	cmocka_unit_test(a_replacement_is_held_against_what_gets_larger_only),
	cmocka_unit_test(a_replacement_of_nothing_or_of_another_kind_is_refused),
	cmocka_unit_test(the_old_order_may_fill_while_it_is_replaced),
	cmocka_unit_test(a_verdict_says_whose_limit_it_was),
	cmocka_unit_test(a_swap_that_fails_changes_nothing),
	cmocka_unit_test(a_ratio_that_comes_into_force_counts_the_orders_before),
	cmocka_unit_test(a_loss_that_stays_trips_the_switch_again),
	cmocka_unit_test(a_new_day_starts_from_zero_and_keeps_positions), cmocka_unit_test(sums_never_wrap));
