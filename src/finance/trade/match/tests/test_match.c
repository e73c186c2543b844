/* The ordinary day: limit, market and immediate orders, priority, cancel, replace, states. */
#include "match_fixture.h"

static void orders_that_do_not_meet_rest_in_the_book(void **state) {
	(void)state;
	ix_match *e = one_stock();
	assert_int_equal(limit(e, 1, BUY, 100, 1000), IX_MATCH_OK);
	assert_int_equal(limit(e, 2, SELL, 50, 1001), IX_MATCH_OK);
	assert_int_equal(limit(e, 3, BUY, 10, 1000), IX_MATCH_OK);
	assert_int_equal(limit(e, 4, BUY, 7, 999), IX_MATCH_OK);
	assert_heard("accepted 1\naccepted 2\naccepted 3\naccepted 4\n");
	assert_string_equal(depth_text(e, IX_MATCH_BUY), "110@1000x2 7@999x1");
	assert_string_equal(depth_text(e, IX_MATCH_SELL), "50@1001x1");
	finish(e);
}

static void the_better_price_trades_first_then_the_earlier_order(void **state) {
	(void)state;
	ix_match *e = one_stock();
	limit(e, 1, SELL, 10, 1002);
	limit(e, 2, SELL, 10, 1001);
	limit(e, 3, SELL, 10, 1001);
	forget();
	limit(e, 4, BUY, 25, 1002);
	assert_heard("accepted 4\n"
		     "trade 4 with 2: 10 at 1001, left 15 and 0\n"
		     "trade 4 with 3: 10 at 1001, left 5 and 0\n"
		     "trade 4 with 1: 5 at 1002, left 0 and 5\n");
	assert_string_equal(depth_text(e, IX_MATCH_SELL), "5@1002x1");
	finish(e);
}

static void what_an_incoming_limit_order_does_not_trade_rests_at_its_limit(void **state) {
	(void)state;
	ix_match *e = one_stock();
	limit(e, 1, BUY, 10, 1001);
	limit(e, 2, BUY, 10, 999);
	forget();
	limit(e, 3, SELL, 25, 1000);
	assert_heard("accepted 3\ntrade 3 with 1: 10 at 1001, left 15 and 0\n");
	assert_string_equal(depth_text(e, IX_MATCH_SELL), "15@1000x1");
	assert_string_equal(depth_text(e, IX_MATCH_BUY), "10@999x1");
	finish(e);
}

static void a_market_order_trades_at_any_price_and_its_rest_is_cancelled(void **state) {
	(void)state;
	ix_match *e = one_stock();
	limit(e, 1, SELL, 10, 1001);
	limit(e, 2, SELL, 10, 5000);
	forget();
	market(e, 3, BUY, 25);
	assert_heard("accepted 3\n"
		     "trade 3 with 1: 10 at 1001, left 15 and 0\n"
		     "trade 3 with 2: 10 at 5000, left 5 and 0\n"
		     "cancelled 3: 5, left 0: nothing left to trade with\n");
	market(e, 3, SELL, 1);
	assert_heard("accepted 3\ncancelled 3: 1, left 0: nothing left to trade with\n");
	finish(e);
}

static void an_immediate_order_never_rests(void **state) {
	(void)state;
	ix_match *e = one_stock();
	limit(e, 1, SELL, 10, 1001);
	limit(e, 2, SELL, 10, 1003);
	forget();
	ix_match_command c = limit_order(3, BUY, 25, 1002);
	c.tif = IX_MATCH_IOC;
	apply(e, c);
	assert_heard("accepted 3\n"
		     "trade 3 with 1: 10 at 1001, left 15 and 0\n"
		     "cancelled 3: 15, left 0: immediate or cancel\n");
	assert_string_equal(depth_text(e, IX_MATCH_BUY), "");
	finish(e);
}

static void fill_or_kill_trades_all_or_nothing(void **state) {
	(void)state;
	ix_match *e = one_stock();
	limit(e, 1, SELL, 10, 1001);
	limit(e, 2, SELL, 10, 1002);
	limit(e, 3, SELL, 10, 1003);
	forget();
	ix_match_command c = limit_order(4, BUY, 21, 1002);
	c.tif = IX_MATCH_FOK;
	apply(e, c);
	assert_heard("accepted 4\ncancelled 4: 21, left 0: fill or kill\n");
	c.quantity = 20;
	apply(e, c);
	assert_heard("accepted 4\n"
		     "trade 4 with 1: 10 at 1001, left 10 and 0\n"
		     "trade 4 with 2: 10 at 1002, left 0 and 0\n");
	c.type = IX_MATCH_MARKET;
	c.price_e4 = 0;
	c.quantity = 11;
	apply(e, c);
	assert_heard("accepted 4\ncancelled 4: 11, left 0: fill or kill\n");
	finish(e);
}

static void post_only_orders_rest_or_are_rejected(void **state) {
	(void)state;
	ix_match *e = one_stock();
	limit(e, 1, SELL, 10, 1001);
	forget();
	ix_match_command c = limit_order(2, BUY, 5, 1001);
	c.flags = IX_MATCH_POST_ONLY;
	assert_int_equal(apply(e, c), IX_MATCH_REJECT_POST_ONLY);
	assert_heard("rejected 2: would have traded\n");
	c.price_e4 = 1000 * CENT;
	assert_int_equal(apply(e, c), IX_MATCH_OK);
	assert_heard("accepted 2\n");
	/* Replaced to where it would trade: it stands as it was. */
	assert_int_equal(replace(e, 2, 3, 5, 1001), IX_MATCH_REJECT_POST_ONLY);
	assert_string_equal(depth_text(e, IX_MATCH_BUY), "5@1000x1");
	ix_match_order o;
	assert_true(ix_match_find(e, 2, &o));
	finish(e);
}

static void a_cancel_takes_all_or_leaves_less_in_its_place(void **state) {
	(void)state;
	ix_match *e = one_stock();
	limit(e, 1, SELL, 10, 1001);
	limit(e, 2, SELL, 10, 1001);
	forget();
	assert_int_equal(cancel(e, 1, 4), IX_MATCH_OK);
	assert_heard("cancelled 1: 6, left 4: cancelled\n");
	assert_int_equal(cancel(e, 1, 4), IX_MATCH_REJECT_QUANTITY);
	assert_int_equal(cancel(e, 1, 5), IX_MATCH_REJECT_QUANTITY);
	forget();
	limit(e, 3, BUY, 5, 1001);
	assert_heard("accepted 3\n"
		     "trade 3 with 1: 4 at 1001, left 1 and 0\n"
		     "trade 3 with 2: 1 at 1001, left 0 and 9\n");
	assert_int_equal(cancel(e, 2, 0), IX_MATCH_OK);
	assert_heard("cancelled 2: 9, left 0: cancelled\n");
	assert_int_equal(cancel(e, 2, 0), IX_MATCH_REJECT_ORDER);
	assert_int_equal(cancel(e, 0, 0), IX_MATCH_REJECT_ORDER);
	finish(e);
}

static void a_replace_keeps_priority_where_the_price_stays_and_nothing_grows(void **state) {
	(void)state;
	ix_match *e = one_stock();
	limit(e, 1, SELL, 10, 1001);
	limit(e, 2, SELL, 10, 1001);
	limit(e, 3, SELL, 10, 1001);
	forget();
	assert_int_equal(replace(e, 1, 11, 8, 1001), IX_MATCH_OK);
	assert_int_equal(replace(e, 2, 12, 11, 1001), IX_MATCH_OK);
	assert_heard("replaced 1 by 11: 8 at 1001, priority kept\nreplaced 2 by 12: 11 at 1001\n");
	limit(e, 4, BUY, 29, 1001);
	assert_heard("accepted 4\n"
		     "trade 4 with 11: 8 at 1001, left 21 and 0\n"
		     "trade 4 with 3: 10 at 1001, left 11 and 0\n"
		     "trade 4 with 12: 11 at 1001, left 0 and 0\n");
	finish(e);
}

static void a_replace_to_a_price_that_meets_the_other_side_trades(void **state) {
	(void)state;
	ix_match *e = one_stock();
	limit(e, 1, SELL, 10, 1001);
	limit(e, 2, BUY, 15, 1000);
	forget();
	assert_int_equal(replace(e, 2, 2, 15, 1001), IX_MATCH_OK); /* under its old number */
	assert_heard("replaced 2 by 2: 15 at 1001\ntrade 2 with 1: 10 at 1001, left 5 and 0\n");
	assert_string_equal(depth_text(e, IX_MATCH_BUY), "5@1001x1");
	assert_int_equal(replace(e, 9, 10, 15, 1001), IX_MATCH_REJECT_ORDER);
	assert_int_equal(replace(e, 2, 0, 15, 1001), IX_MATCH_REJECT_ORDER);
	limit(e, 3, BUY, 1, 900);
	assert_int_equal(replace(e, 2, 3, 15, 1001), IX_MATCH_REJECT_ORDER);
	finish(e);
}

static void numbers_of_live_orders_are_taken_and_come_free_when_they_end(void **state) {
	(void)state;
	ix_match *e = one_stock();
	assert_int_equal(limit(e, 0, BUY, 1, 1000), IX_MATCH_REJECT_ORDER);
	assert_int_equal(limit(e, UINT64_MAX, BUY, 1, 1000), IX_MATCH_OK);
	assert_int_equal(limit(e, UINT64_MAX, BUY, 1, 1000), IX_MATCH_REJECT_ORDER);
	assert_int_equal(cancel(e, UINT64_MAX, 0), IX_MATCH_OK);
	assert_int_equal(limit(e, UINT64_MAX, SELL, 1, 1000), IX_MATCH_OK);
	finish(e);
}

static void closed_and_halted_symbols_take_cancels_only(void **state) {
	(void)state;
	ix_match *e = one_stock();
	limit(e, 1, BUY, 10, 1000);
	limit(e, 2, BUY, 10, 1000);
	const uint8_t quiet[] = {IX_MATCH_CLOSED, IX_MATCH_HALTED};
	for (size_t i = 0; i < IX_COUNT(quiet); i++) {
		uint8_t s = quiet[i];
		assert_int_equal(set_state(e, STOCK, s), IX_MATCH_OK);
		assert_int_equal(limit(e, 3, BUY, 10, 1000), IX_MATCH_REJECT_STATE);
		assert_int_equal(replace(e, s == IX_MATCH_CLOSED ? 1 : 2, 3, 5, 1000), IX_MATCH_REJECT_STATE);
		assert_int_equal(cancel(e, s == IX_MATCH_CLOSED ? 1 : 2, 0), IX_MATCH_OK);
	}
	assert_int_equal(limit(e, 3, BUY, 10, 1000), IX_MATCH_REJECT_STATE);
	forget();
	assert_int_equal(set_state(e, 0, IX_MATCH_CONTINUOUS), IX_MATCH_OK);
	assert_heard("state 2\n");
	assert_int_equal(ix_match_symbol_state(e, STOCK), IX_MATCH_CONTINUOUS);
	assert_int_equal(ix_match_symbol_state(e, 7), IX_MATCH_CLOSED);
	assert_int_equal(set_state(e, 7, IX_MATCH_CONTINUOUS), IX_MATCH_REJECT_SYMBOL);
	assert_int_equal(set_state(e, STOCK, IX_MATCH_STATE_COUNT), IX_MATCH_REJECT_FIELDS);
	finish(e);
}

static void events_carry_the_command_s_time_and_are_numbered(void **state) {
	(void)state;
	ix_match *e = one_stock();
	ix_match_info before, after;
	ix_match_get_info(e, &before);
	limit(e, 1, SELL, 10, 1001);
	limit(e, 2, BUY, 4, 1001);
	ix_match_get_info(e, &after);
	assert_int_equal(after.command_count, before.command_count + 2);
	assert_int_equal(after.event_count, before.event_count + 3);
	assert_int_equal(after.trade_count, 1);
	assert_int_equal(after.traded_quantity, 4);
	assert_int_equal(after.order_count, 1);
	assert_int_equal(after.level_count, 1);
	finish(e);
}

static void an_order_s_place_in_its_queue_is_known(void **state) {
	(void)state;
	ix_match *e = one_stock();
	limit(e, 1, SELL, 10, 1001);
	ix_match_command c = limit_order(2, SELL, 100, 1001);
	c.display = 20;
	apply(e, c);
	limit(e, 3, SELL, 10, 1001);
	uint64_t shares;
	uint32_t orders;
	assert_true(ix_match_queue_ahead(e, 3, &shares, &orders));
	assert_int_equal(shares, 30);
	assert_int_equal(orders, 2);
	assert_true(ix_match_queue_ahead(e, 1, &shares, &orders));
	assert_int_equal(shares, 0);
	assert_false(ix_match_queue_ahead(e, 4, &shares, &orders));
	ix_match_order o;
	assert_true(ix_match_find(e, 2, &o));
	assert_int_equal(o.left, 100);
	assert_int_equal(o.shown, 20);
	assert_false(ix_match_find(e, 0, &o));
	finish(e);
}

static void every_reason_has_a_name_of_its_own(void **state) {
	(void)state;
	for (int i = 0; i < IX_MATCH_REASON_COUNT; i++) {
		const char *name = ix_match_reason_name((ix_match_reason)i);
		assert_non_null(name);
		for (int k = 0; k < i; k++)
			assert_string_not_equal(name, ix_match_reason_name((ix_match_reason)k));
	}
	assert_string_equal(ix_match_reason_name(IX_MATCH_REASON_COUNT), "unknown");
}

IX_TESTS(test_match, cmocka_unit_test(every_reason_has_a_name_of_its_own),
	cmocka_unit_test(orders_that_do_not_meet_rest_in_the_book),
	cmocka_unit_test(the_better_price_trades_first_then_the_earlier_order),
	cmocka_unit_test(what_an_incoming_limit_order_does_not_trade_rests_at_its_limit),
	cmocka_unit_test(a_market_order_trades_at_any_price_and_its_rest_is_cancelled),
	cmocka_unit_test(an_immediate_order_never_rests),
	cmocka_unit_test(fill_or_kill_trades_all_or_nothing),
	cmocka_unit_test(post_only_orders_rest_or_are_rejected),
	cmocka_unit_test(a_cancel_takes_all_or_leaves_less_in_its_place),
	cmocka_unit_test(a_replace_keeps_priority_where_the_price_stays_and_nothing_grows),
	cmocka_unit_test(a_replace_to_a_price_that_meets_the_other_side_trades),
	cmocka_unit_test(numbers_of_live_orders_are_taken_and_come_free_when_they_end),
	cmocka_unit_test(closed_and_halted_symbols_take_cancels_only),
	cmocka_unit_test(events_carry_the_command_s_time_and_are_numbered),
	cmocka_unit_test(an_order_s_place_in_its_queue_is_known));
