/* Orders that are not ordinary: stops, icebergs, minimum quantities, self-trade prevention. */
#include "match_fixture.h"

/* ---- stops ---- */

static void a_stop_becomes_a_market_order_when_a_trade_reaches_it(void **state) {
	(void)state;
	ix_match *e = one_stock();
	limit(e, 1, SELL, 10, 1000);
	limit(e, 2, SELL, 10, 1003);
	limit(e, 3, SELL, 10, 1005);
	stop(e, 4, BUY, 8, 1003);
	assert_string_equal(depth_text(e, IX_MATCH_BUY), "");
	ix_match_order o;
	assert_true(ix_match_find(e, 4, &o));
	assert_true(o.is_waiting);
	forget();
	market(e, 5, BUY, 10); /* at 1000: not yet */
	assert_heard("accepted 5\ntrade 5 with 1: 10 at 1000, left 0 and 0\n");
	market(e, 6, BUY, 4);
	assert_heard("accepted 6\n"
		     "trade 6 with 2: 4 at 1003, left 0 and 6\n"
		     "triggered 4\n"
		     "trade 4 with 2: 6 at 1003, left 2 and 0\n"
		     "trade 4 with 3: 2 at 1005, left 0 and 8\n");
	finish(e);
}

static void a_seller_s_stop_is_reached_from_above(void **state) {
	(void)state;
	ix_match *e = one_stock();
	limit(e, 1, BUY, 10, 1000);
	limit(e, 2, BUY, 10, 998);
	stop(e, 3, SELL, 5, 999);
	forget();
	limit(e, 4, SELL, 10, 1000); /* 1000 > 999 */
	assert_heard("accepted 4\ntrade 4 with 1: 10 at 1000, left 0 and 0\n");
	limit(e, 5, SELL, 1, 998);
	assert_heard("accepted 5\n"
		     "trade 5 with 2: 1 at 998, left 0 and 9\n"
		     "triggered 3\n"
		     "trade 3 with 2: 5 at 998, left 0 and 4\n");
	finish(e);
}

static void stops_go_by_price_then_time_and_a_cascade_ends(void **state) {
	(void)state;
	ix_match *e = one_stock();
	for (uint32_t i = 0; i < 5; i++) limit(e, 10 + i, SELL, 10, 1000 + i);
	stop(e, 1, BUY, 10, 1002); /* reached by what 2 and 3 trade */
	stop(e, 2, BUY, 10, 1000);
	stop(e, 3, BUY, 10, 1000);
	stop(e, 4, BUY, 10, 1004); /* reached by nobody: 1 trades at 1003 */
	forget();
	market(e, 5, BUY, 10);
	assert_heard("accepted 5\n"
		     "trade 5 with 10: 10 at 1000, left 0 and 0\n"
		     "triggered 2\n"
		     "trade 2 with 11: 10 at 1001, left 0 and 0\n"
		     "triggered 3\n"
		     "trade 3 with 12: 10 at 1002, left 0 and 0\n"
		     "triggered 1\n"
		     "trade 1 with 13: 10 at 1003, left 0 and 0\n");
	finish(e);
}

/* Each stop's trade reaches the next: no stack may grow with them. */
static void a_cascade_of_thousands_of_stops_is_no_recursion(void **state) {
	(void)state;
	enum { STOPS = 20000 };
	ix_match_options options = small_options();
	options.listener = (ix_match_listener){0};
	ix_match *e = engine_with(&options);
	add_symbol(e, STOCK, CENT, 1, IX_MATCH_CONTINUOUS);
	for (uint32_t i = 0; i < STOPS; i++) {
		ix_match_command sell = limit_order(1 + i, SELL, 1, 1000 + i),
				 buy = limit_order(100000 + i, BUY, 1, 0);
		buy.type = IX_MATCH_STOP;
		buy.stop_e4 = (1000 + i) * CENT;
		assert_int_equal(ix_match_apply(e, &sell), IX_MATCH_OK);
		assert_int_equal(ix_match_apply(e, &buy), IX_MATCH_OK);
	}
	market(e, 1000000, BUY, 1);
	ix_match_info info;
	ix_match_get_info(e, &info);
	assert_int_equal(info.trade_count, STOPS);
	assert_int_equal(info.order_count, 0); /* the last one found nobody */
	finish(e);
}

static void a_stop_limit_order_rests_at_its_limit(void **state) {
	(void)state;
	ix_match *e = one_stock();
	limit(e, 1, SELL, 5, 1000);
	limit(e, 2, SELL, 5, 1001);
	limit(e, 3, SELL, 5, 1002);
	ix_match_command c = limit_order(4, BUY, 12, 1001);
	c.type = IX_MATCH_STOP_LIMIT;
	c.stop_e4 = 1000 * CENT;
	apply(e, c);
	forget();
	market(e, 5, BUY, 5);
	assert_heard("accepted 5\n"
		     "trade 5 with 1: 5 at 1000, left 0 and 0\n"
		     "triggered 4\n"
		     "trade 4 with 2: 5 at 1001, left 7 and 0\n");
	assert_string_equal(depth_text(e, IX_MATCH_BUY), "7@1001x1");
	ix_match_order o;
	assert_true(ix_match_find(e, 4, &o));
	assert_false(o.is_waiting);
	finish(e);
}

static void a_waiting_stop_can_be_changed_and_cancelled(void **state) {
	(void)state;
	ix_match *e = one_stock();
	limit(e, 1, SELL, 5, 1000);
	stop(e, 2, BUY, 5, 1000);
	stop(e, 3, BUY, 5, 1000);
	ix_match_command c = replace_by(2, 4, 5, 0);
	c.stop_e4 = 1001 * CENT;
	forget();
	assert_int_equal(apply(e, c), IX_MATCH_OK);
	assert_heard("replaced 2 by 4: 5 at 0\n");
	assert_int_equal(cancel(e, 3, 2), IX_MATCH_OK);
	assert_heard("cancelled 3: 3, left 2: cancelled\n");
	/* A resting order has no stop price. */
	c = replace_by(1, 1, 5, 1000);
	c.stop_e4 = 1001 * CENT;
	assert_int_equal(apply(e, c), IX_MATCH_REJECT_FIELDS);
	forget();
	market(e, 5, BUY, 3);
	assert_heard("accepted 5\n"
		     "trade 5 with 1: 3 at 1000, left 0 and 2\n"
		     "triggered 3\n"
		     "trade 3 with 1: 2 at 1000, left 0 and 0\n");
	assert_int_equal(cancel(e, 4, 0), IX_MATCH_OK);
	finish(e);
}

/* ---- icebergs ---- */

static ix_match_command iceberg(
	uint64_t number, uint8_t side, uint32_t quantity, uint32_t price, uint32_t display) {
	ix_match_command c = limit_order(number, side, quantity, price);
	c.display = display;
	return c;
}

static void an_iceberg_shows_its_display_and_goes_to_the_end_with_each_new_part(void **state) {
	(void)state;
	ix_match *e = one_stock();
	apply(e, iceberg(1, SELL, 25, 1000, 10));
	limit(e, 2, SELL, 10, 1000);
	assert_string_equal(depth_text(e, IX_MATCH_SELL), "20@1000x2");
	forget();
	limit(e, 3, BUY, 15, 1000);
	assert_heard("accepted 3\n"
		     "trade 3 with 1: 10 at 1000, left 5 and 15\n"
		     "refreshed 1: shows 10 of 15\n"
		     "trade 3 with 2: 5 at 1000, left 0 and 5\n");
	assert_string_equal(depth_text(e, IX_MATCH_SELL), "15@1000x2");
	limit(e, 4, BUY, 18, 1000);
	assert_heard("accepted 4\n"
		     "trade 4 with 2: 5 at 1000, left 13 and 0\n"
		     "trade 4 with 1: 10 at 1000, left 3 and 5\n"
		     "refreshed 1: shows 5 of 5\n"
		     "trade 4 with 1: 3 at 1000, left 0 and 2\n");
	assert_string_equal(depth_text(e, IX_MATCH_SELL), "2@1000x1");
	finish(e);
}

static void an_incoming_iceberg_trades_with_all_of_it_and_rests_with_a_part(void **state) {
	(void)state;
	ix_match *e = one_stock();
	limit(e, 1, SELL, 10, 1000);
	forget();
	apply(e, iceberg(2, BUY, 40, 1000, 7));
	assert_heard("accepted 2\ntrade 2 with 1: 10 at 1000, left 30 and 0\n");
	assert_string_equal(depth_text(e, IX_MATCH_BUY), "7@1000x1");
	cancel(e, 2, 5); /* less than it shows */
	assert_string_equal(depth_text(e, IX_MATCH_BUY), "5@1000x1");
	finish(e);
}

static void a_display_may_shrink_in_place_but_not_grow(void **state) {
	(void)state;
	ix_match *e = one_stock();
	apply(e, iceberg(1, BUY, 40, 1000, 7));
	limit(e, 2, BUY, 1, 1000);
	forget();
	ix_match_command c = replace_by(1, 1, 40, 1000);
	c.display = 5;
	apply(e, c);
	assert_heard("replaced 1 by 1: 40 at 1000, priority kept\n");
	assert_string_equal(depth_text(e, IX_MATCH_BUY), "6@1000x2");
	c.display = 0; /* all of it */
	apply(e, c);
	assert_heard("replaced 1 by 1: 40 at 1000\n");
	assert_string_equal(depth_text(e, IX_MATCH_BUY), "41@1000x2");
	finish(e);
}

static void an_iceberg_has_at_most_so_many_parts(void **state) {
	(void)state;
	ix_match *e = one_stock();
	assert_int_equal(apply(e, iceberg(1, BUY, IX_MATCH_PARTS_MAX * 3, 1000, 3)), IX_MATCH_OK);
	assert_int_equal(
		apply(e, iceberg(2, BUY, IX_MATCH_PARTS_MAX * 3 + 1, 1000, 3)), IX_MATCH_REJECT_FIELDS);
	assert_int_equal(apply(e, iceberg(2, BUY, 10, 1000, 11)), IX_MATCH_REJECT_FIELDS);
	forget();
	limit(e, 3, SELL, IX_MATCH_PARTS_MAX * 3, 1000);
	assert_string_equal(depth_text(e, IX_MATCH_BUY), "");
	forget();
	finish(e);
}

static void fill_or_kill_sees_what_icebergs_hide(void **state) {
	(void)state;
	ix_match *e = one_stock();
	apply(e, iceberg(1, SELL, 30, 1000, 10));
	forget();
	ix_match_command c = limit_order(2, BUY, 31, 1000);
	c.tif = IX_MATCH_FOK;
	apply(e, c);
	assert_heard("accepted 2\ncancelled 2: 31, left 0: fill or kill\n");
	c.quantity = 30;
	apply(e, c);
	assert_string_equal(depth_text(e, IX_MATCH_SELL), "");
	finish(e);
}

/* ---- minimum quantities ---- */

static void less_than_the_minimum_does_not_trade(void **state) {
	(void)state;
	ix_match *e = one_stock();
	apply(e, iceberg(1, SELL, 30, 1000, 10));
	limit(e, 2, SELL, 10, 1001);
	forget();
	ix_match_command c = limit_order(3, BUY, 100, 1000);
	c.tif = IX_MATCH_IOC;
	c.minimum = 31;
	apply(e, c);
	assert_heard("accepted 3\ncancelled 3: 100, left 0: less than the minimum\n");
	/* As a day order it may not rest at 1000, where 30 are offered. */
	c.tif = IX_MATCH_DAY;
	apply(e, c);
	assert_heard("accepted 3\ncancelled 3: 100, left 0: less than the minimum\n");
	c.minimum = 30; /* 20 of them are hidden */
	c.quantity = 35;
	apply(e, c);
	forget();
	assert_string_equal(depth_text(e, IX_MATCH_BUY), "5@1000x1");
	/* Where nothing would trade, a day order rests and its minimum is done with. */
	c = limit_order(4, BUY, 100, 999);
	c.minimum = 50;
	apply(e, c);
	ix_match_order o;
	assert_true(ix_match_find(e, 4, &o));
	assert_int_equal(o.minimum, 0);
	finish(e);
}

/* ---- self-trade prevention ---- */

/* Sellers at 1000: 10 of owner 5, 20 of owner 7, 30 of owner 5; at 1001 5 of owner 5. */
static ix_match *owned(void) {
	ix_match *e = one_stock();
	const uint32_t owners[] = {5, 7, 5, 5}, quantities[] = {10, 20, 30, 5},
		       prices[] = {1000, 1000, 1000, 1001};
	for (uint64_t i = 0; i < 4; i++) {
		ix_match_command c = limit_order(1 + i, SELL, quantities[i], prices[i]);
		c.owner = owners[i];
		apply(e, c);
	}
	forget();
	return e;
}

static ix_match_command by_owner(uint8_t stp, uint32_t quantity, uint8_t tif) {
	ix_match_command c = limit_order(9, BUY, quantity, 1001);
	c.owner = 7;
	c.stp = stp;
	c.tif = tif;
	return c;
}

static void the_newest_of_two_own_orders_goes(void **state) {
	(void)state;
	ix_match *e = owned();
	apply(e, by_owner(IX_MATCH_STP_NEWEST, 15, IX_MATCH_DAY));
	assert_heard("accepted 9\n"
		     "trade 9 with 1: 10 at 1000, left 5 and 0\n"
		     "cancelled 9: 5, left 0: would have traded with its owner\n");
	finish(e);
}

static void the_oldest_of_two_own_orders_goes(void **state) {
	(void)state;
	ix_match *e = owned();
	apply(e, by_owner(IX_MATCH_STP_OLDEST, 15, IX_MATCH_DAY));
	assert_heard("accepted 9\n"
		     "trade 9 with 1: 10 at 1000, left 5 and 0\n"
		     "cancelled 2: 20, left 0: would have traded with its owner\n"
		     "trade 9 with 3: 5 at 1000, left 0 and 25\n");
	finish(e);
}

static void both_own_orders_go(void **state) {
	(void)state;
	ix_match *e = owned();
	apply(e, by_owner(IX_MATCH_STP_BOTH, 15, IX_MATCH_DAY));
	assert_heard("accepted 9\n"
		     "trade 9 with 1: 10 at 1000, left 5 and 0\n"
		     "cancelled 2: 20, left 0: would have traded with its owner\n"
		     "cancelled 9: 5, left 0: would have traded with its owner\n");
	finish(e);
}

static void both_own_orders_lose_the_smaller_quantity(void **state) {
	(void)state;
	ix_match *e = owned();
	apply(e, by_owner(IX_MATCH_STP_DECREMENT, 15, IX_MATCH_DAY));
	assert_heard("accepted 9\n"
		     "trade 9 with 1: 10 at 1000, left 5 and 0\n"
		     "cancelled 2: 5, left 15: would have traded with its owner\n"
		     "cancelled 9: 5, left 0: would have traded with its owner\n");
	apply(e, by_owner(IX_MATCH_STP_DECREMENT, 17, IX_MATCH_DAY));
	assert_heard("accepted 9\n"
		     "cancelled 2: 15, left 0: would have traded with its owner\n"
		     "cancelled 9: 15, left 2: would have traded with its owner\n"
		     "trade 9 with 3: 2 at 1000, left 0 and 28\n");
	finish(e);
}

static void orders_of_nobody_or_without_prevention_trade(void **state) {
	(void)state;
	ix_match *e = owned();
	apply(e, by_owner(IX_MATCH_STP_NONE, 30, IX_MATCH_DAY));
	assert_heard("accepted 9\n"
		     "trade 9 with 1: 10 at 1000, left 20 and 0\n"
		     "trade 9 with 2: 20 at 1000, left 0 and 0\n");
	limit(e, 20, SELL, 1, 900);
	ix_match_command c = limit_order(21, BUY, 1, 900);
	c.stp = IX_MATCH_STP_BOTH; /* both of owner 0 */
	forget();
	apply(e, c);
	assert_heard("accepted 21\ntrade 21 with 20: 1 at 900, left 0 and 0\n");
	finish(e);
}

/* Before owner 7's own order there are 10; behind it 30 + 5, of which nothing is reached unless it goes. */
static void fill_or_kill_does_not_count_what_would_be_prevented(void **state) {
	(void)state;
	const struct {
		uint8_t stp;
		uint32_t most;
	} cases[] = {{IX_MATCH_STP_NONE, 65}, {IX_MATCH_STP_NEWEST, 10}, {IX_MATCH_STP_OLDEST, 45},
		{IX_MATCH_STP_BOTH, 10}, {IX_MATCH_STP_DECREMENT, 10}};
	for (size_t i = 0; i < IX_COUNT(cases); i++) {
		ix_match *e = owned();
		ix_match_info info;
		apply(e, by_owner(cases[i].stp, cases[i].most + 1, IX_MATCH_FOK));
		ix_match_get_info(e, &info);
		assert_int_equal(info.traded_quantity, 0);
		assert_int_equal(info.order_count, 4);
		apply(e, by_owner(cases[i].stp, cases[i].most, IX_MATCH_FOK));
		ix_match_get_info(e, &info);
		assert_int_equal(info.traded_quantity, cases[i].most);
		forget();
		finish(e);
	}
}

/* 40 with decrement: 10 trade, 20 are taken off, and of the last 10 all trade: 20 in all. */
static void a_minimum_counts_what_trades_behind_a_decrement(void **state) {
	(void)state;
	ix_match *e = owned();
	ix_match_command c = by_owner(IX_MATCH_STP_DECREMENT, 40, IX_MATCH_IOC);
	c.minimum = 21;
	apply(e, c);
	assert_heard("accepted 9\ncancelled 9: 40, left 0: less than the minimum\n");
	c.minimum = 20;
	apply(e, c);
	assert_heard("accepted 9\n"
		     "trade 9 with 1: 10 at 1000, left 30 and 0\n"
		     "cancelled 2: 20, left 0: would have traded with its owner\n"
		     "cancelled 9: 20, left 10: would have traded with its owner\n"
		     "trade 9 with 3: 10 at 1000, left 0 and 20\n");
	finish(e);
}

/* ---- combinations that make no sense ---- */

static void combinations_that_make_no_sense_are_rejected(void **state) {
	(void)state;
	ix_match *e = one_stock();
	const ix_match_command good = limit_order(1, BUY, 10, 1000);
#define WITH(...)                                                      \
	do {                                                           \
		ix_match_command c = good;                             \
		__VA_ARGS__;                                           \
		assert_int_equal(apply(e, c), IX_MATCH_REJECT_FIELDS); \
	} while (0)
	WITH(c.flags = IX_MATCH_POST_ONLY, c.tif = IX_MATCH_IOC);
	WITH(c.flags = IX_MATCH_POST_ONLY, c.tif = IX_MATCH_AT_AUCTION);
	WITH(c.flags = IX_MATCH_POST_ONLY, c.minimum = 5);
	WITH(c.flags = IX_MATCH_POST_ONLY, c.type = IX_MATCH_MARKET, c.price_e4 = 0);
	WITH(c.flags = IX_MATCH_HAS_SIDE);
	WITH(c.display = 5, c.tif = IX_MATCH_IOC);
	WITH(c.display = 5, c.tif = IX_MATCH_AT_AUCTION);
	WITH(c.display = 5, c.type = IX_MATCH_MARKET, c.price_e4 = 0);
	WITH(c.minimum = 11);
	WITH(c.minimum = 5, c.tif = IX_MATCH_FOK);
	WITH(c.minimum = 5, c.tif = IX_MATCH_AT_AUCTION);
	WITH(c.stop_e4 = 1000 * CENT);
	WITH(c.type = IX_MATCH_STOP_LIMIT, c.stop_e4 = 1000 * CENT, c.tif = IX_MATCH_AT_AUCTION);
	WITH(c.side = 2);
	WITH(c.type = 4);
	WITH(c.tif = 5);
	WITH(c.stp = 5);
	WITH(c.flags = 4);
	WITH(c.kind = IX_MATCH_KIND_COUNT);
#undef WITH
	finish(e);
}

IX_TESTS(test_match_types, cmocka_unit_test(a_stop_becomes_a_market_order_when_a_trade_reaches_it),
	cmocka_unit_test(a_seller_s_stop_is_reached_from_above),
	cmocka_unit_test(stops_go_by_price_then_time_and_a_cascade_ends),
	cmocka_unit_test(a_cascade_of_thousands_of_stops_is_no_recursion),
	cmocka_unit_test(a_stop_limit_order_rests_at_its_limit),
	cmocka_unit_test(a_waiting_stop_can_be_changed_and_cancelled),
	cmocka_unit_test(an_iceberg_shows_its_display_and_goes_to_the_end_with_each_new_part),
	cmocka_unit_test(an_incoming_iceberg_trades_with_all_of_it_and_rests_with_a_part),
	cmocka_unit_test(a_display_may_shrink_in_place_but_not_grow),
	cmocka_unit_test(an_iceberg_has_at_most_so_many_parts),
	cmocka_unit_test(fill_or_kill_sees_what_icebergs_hide),
	cmocka_unit_test(less_than_the_minimum_does_not_trade),
	cmocka_unit_test(the_newest_of_two_own_orders_goes),
	cmocka_unit_test(the_oldest_of_two_own_orders_goes), cmocka_unit_test(both_own_orders_go),
	cmocka_unit_test(both_own_orders_lose_the_smaller_quantity),
	cmocka_unit_test(orders_of_nobody_or_without_prevention_trade),
	cmocka_unit_test(fill_or_kill_does_not_count_what_would_be_prevented),
	cmocka_unit_test(a_minimum_counts_what_trades_behind_a_decrement),
	cmocka_unit_test(combinations_that_make_no_sense_are_rejected));
