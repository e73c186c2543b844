/* Auctions, mass cancels and expiry. */
#include "match_fixture.h"

static ix_match *gathering(void) {
	ix_match *e = one_stock();
	set_state(e, STOCK, IX_MATCH_AUCTION);
	forget();
	return e;
}

static ix_match_reason uncross(ix_match *e, uint8_t state) {
	return apply(e, (ix_match_command){.kind = IX_MATCH_UNCROSS, .symbol = STOCK, .state = state});
}

static void reference(ix_match *e, uint32_t price) {
	ix_match_command c = {.kind = IX_MATCH_REFERENCE, .symbol = STOCK, .price_e4 = price * CENT};
	assert_int_equal(apply(e, c), IX_MATCH_OK);
}

static void assert_indication(const ix_match *e, uint32_t price, uint64_t volume, int64_t imbalance) {
	ix_match_indication at = ix_match_indicate(e, STOCK);
	assert_int_equal(at.price_e4, price * CENT);
	assert_int_equal(at.volume, volume);
	assert_int_equal(at.imbalance, imbalance);
}

static void orders_gather_and_trade_at_one_price(void **state) {
	(void)state;
	ix_match *e = gathering();
	limit(e, 1, BUY, 100, 1010);
	limit(e, 2, SELL, 60, 1000);
	limit(e, 3, SELL, 60, 1005);
	assert_heard("accepted 1\naccepted 2\naccepted 3\n");
	/* Up to 1004 60 would trade; from 1005 to 1010 100 of 120. */
	assert_indication(e, 1005, 100, -20);
	assert_int_equal(uncross(e, IX_MATCH_CONTINUOUS), IX_MATCH_OK);
	assert_heard("trade 1 with 2: 60 at 1005, left 40 and 0\n"
		     "trade 1 with 3: 40 at 1005, left 0 and 20\n"
		     "uncrossed at 1005: 100\n"
		     "state 2\n");
	assert_string_equal(depth_text(e, IX_MATCH_SELL), "20@1005x1");
	finish(e);
}

static void the_least_imbalance_decides_where_volumes_are_equal(void **state) {
	(void)state;
	ix_match *e = gathering();
	limit(e, 1, BUY, 50, 1010);
	limit(e, 2, BUY, 50, 1005);
	limit(e, 3, SELL, 50, 1000);
	/* 50 trade anywhere from 1000 to 1010; buyers: 100 up to 1005, 50 above it. Where nothing is left
	 * over, from 1006 to 1010, the lowest. */
	assert_indication(e, 1006, 50, 0);
	reference(e, 1008);
	assert_indication(e, 1008, 50, 0);
	reference(e, 1020);
	assert_indication(e, 1010, 50, 0);
	reference(e, 900);
	assert_indication(e, 1006, 50, 0);
	reference(e, 0);
	assert_indication(e, 1006, 50, 0);
	finish(e);
}

static void a_surplus_of_buyers_lifts_the_price_and_one_of_sellers_lowers_it(void **state) {
	(void)state;
	ix_match *e = gathering();
	limit(e, 1, BUY, 80, 1010);
	limit(e, 2, SELL, 50, 1000);
	assert_indication(e, 1010, 50, 30);
	limit(e, 3, SELL, 60, 1000);
	assert_indication(e, 1000, 80, -30);
	/* As far from 1000 as from 1010: the rule decides. */
	reference(e, 1005);
	assert_indication(e, 1005, 80, -30);
	finish(e);
}

static void market_orders_trade_first_and_those_for_the_auction_last(void **state) {
	(void)state;
	ix_match *e = one_stock();
	limit(e, 1, BUY, 10, 1000);
	ix_match_command c = limit_order(2, BUY, 10, 1000); /* before 3, but for the auction only */
	c.tif = IX_MATCH_AT_AUCTION;
	apply(e, c);
	limit(e, 3, BUY, 10, 1000);
	assert_string_equal(depth_text(e, IX_MATCH_BUY), "20@1000x2");
	c = limit_order(4, BUY, 10, 0);
	c.type = IX_MATCH_MARKET;
	c.tif = IX_MATCH_AT_AUCTION;
	apply(e, c);
	set_state(e, STOCK, IX_MATCH_AUCTION);
	market(e, 5, BUY, 10);
	limit(e, 6, SELL, 45, 990);
	forget();
	uncross(e, IX_MATCH_CLOSED);
	assert_heard("trade 4 with 6: 10 at 1000, left 0 and 35\n"
		     "trade 5 with 6: 10 at 1000, left 0 and 25\n"
		     "trade 1 with 6: 10 at 1000, left 0 and 15\n"
		     "trade 3 with 6: 10 at 1000, left 0 and 5\n"
		     "trade 2 with 6: 5 at 1000, left 5 and 0\n"
		     "uncrossed at 1000: 45\n"
		     "cancelled 2: 5, left 0: the auction is over\n"
		     "state 0\n");
	finish(e);
}

static void what_is_left_of_market_orders_is_cancelled(void **state) {
	(void)state;
	ix_match *e = gathering();
	market(e, 1, BUY, 10);
	ix_match_command c = limit_order(2, SELL, 4, 0);
	c.type = IX_MATCH_MARKET;
	c.tif = IX_MATCH_AT_AUCTION;
	apply(e, c);
	/* Nobody names a price, and there is no reference: nothing trades. */
	assert_indication(e, 0, 0, 0);
	reference(e, 777);
	assert_indication(e, 777, 4, 6);
	forget();
	uncross(e, IX_MATCH_CONTINUOUS);
	assert_heard("trade 1 with 2: 4 at 777, left 6 and 0\n"
		     "uncrossed at 777: 4\n"
		     "cancelled 1: 6, left 0: nothing left to trade with\n"
		     "state 2\n");
	finish(e);
}

static void an_auction_without_a_trade_says_so(void **state) {
	(void)state;
	ix_match *e = gathering();
	limit(e, 1, BUY, 10, 1000);
	limit(e, 2, SELL, 10, 1001);
	forget();
	uncross(e, IX_MATCH_CONTINUOUS);
	assert_heard("uncrossed at 0: 0\nstate 2\n");
	assert_int_equal(uncross(e, IX_MATCH_CONTINUOUS), IX_MATCH_REJECT_STATE);
	finish(e);
}

static void icebergs_take_part_with_all_of_it_and_keep_their_place(void **state) {
	(void)state;
	ix_match *e = gathering();
	ix_match_command c = limit_order(1, BUY, 100, 1000);
	c.display = 10;
	apply(e, c);
	limit(e, 2, BUY, 10, 1000);
	limit(e, 3, SELL, 95, 1000);
	forget();
	uncross(e, IX_MATCH_CONTINUOUS);
	assert_heard("trade 1 with 3: 95 at 1000, left 5 and 0\nuncrossed at 1000: 95\nstate 2\n");
	assert_string_equal(depth_text(e, IX_MATCH_BUY), "15@1000x2");
	uint64_t shares;
	uint32_t orders;
	assert_true(ix_match_queue_ahead(e, 2, &shares, &orders));
	assert_int_equal(shares, 5);
	finish(e);
}

static void an_iceberg_shows_after_an_auction_what_it_showed_before(void **state) {
	(void)state;
	ix_match *e = one_stock();
	ix_match_command c = limit_order(1, BUY, 100, 1000);
	c.display = 10;
	apply(e, c);
	limit(e, 2, SELL, 4, 1000);
	set_state(e, STOCK, IX_MATCH_AUCTION);
	limit(e, 3, SELL, 50, 1000);
	uncross(e, IX_MATCH_CONTINUOUS);
	ix_match_order o;
	assert_true(ix_match_find(e, 1, &o));
	assert_int_equal(o.left, 46);
	assert_int_equal(o.shown, 6); /* 4 of 10 had traded */
	finish(e);
}

static void an_auction_takes_no_immediate_orders(void **state) {
	(void)state;
	ix_match *e = gathering();
	ix_match_command c = limit_order(1, BUY, 10, 1000);
	c.tif = IX_MATCH_IOC;
	assert_int_equal(apply(e, c), IX_MATCH_REJECT_STATE);
	c.tif = IX_MATCH_FOK;
	assert_int_equal(apply(e, c), IX_MATCH_REJECT_STATE);
	c.tif = IX_MATCH_DAY;
	c.minimum = 5;
	assert_int_equal(apply(e, c), IX_MATCH_REJECT_STATE);
	c.type = IX_MATCH_STOP_LIMIT; /* it waits anyway */
	c.stop_e4 = 1000 * CENT;
	assert_int_equal(apply(e, c), IX_MATCH_OK);
	finish(e);
}

static void a_crossed_book_does_not_go_on_trading_without_an_uncross(void **state) {
	(void)state;
	ix_match *e = gathering();
	limit(e, 1, BUY, 10, 1000);
	limit(e, 2, SELL, 10, 1000);
	assert_int_equal(set_state(e, STOCK, IX_MATCH_CONTINUOUS), IX_MATCH_REJECT_STATE);
	assert_int_equal(set_state(e, 0, IX_MATCH_CONTINUOUS), IX_MATCH_REJECT_STATE);
	assert_int_equal(set_state(e, STOCK, IX_MATCH_HALTED), IX_MATCH_OK);
	assert_int_equal(set_state(e, STOCK, IX_MATCH_AUCTION), IX_MATCH_OK);
	assert_int_equal(uncross(e, IX_MATCH_STATE_COUNT), IX_MATCH_REJECT_FIELDS);
	assert_int_equal(uncross(e, IX_MATCH_CONTINUOUS), IX_MATCH_OK);
	finish(e);
}

static void an_auction_s_price_triggers_stops_once_trading_goes_on(void **state) {
	(void)state;
	ix_match *e = gathering();
	limit(e, 1, BUY, 10, 1000);
	limit(e, 2, SELL, 10, 1000);
	limit(e, 3, SELL, 10, 1002);
	stop(e, 4, BUY, 3, 1000);
	stop(e, 5, SELL, 3, 999);
	forget();
	uncross(e, IX_MATCH_CONTINUOUS);
	assert_heard("trade 1 with 2: 10 at 1000, left 0 and 0\n"
		     "uncrossed at 1000: 10\n"
		     "state 2\n"
		     "triggered 4\n"
		     "trade 4 with 3: 3 at 1002, left 0 and 7\n");
	finish(e);
}

/* More than 32 bits hold: 3 buyers and 3 sellers of the most shares at the highest price. */
static void sums_are_64_bits_wide(void **state) {
	(void)state;
	ix_match_options options = small_options();
	ix_match *e = engine_with(&options);
	add_symbol(e, STOCK, 1, 1, IX_MATCH_AUCTION);
	for (uint64_t i = 1; i <= 6; i++) {
		ix_match_command c = limit_order(i, i > 3, UINT32_MAX, 0);
		c.price_e4 = UINT32_MAX;
		assert_int_equal(apply(e, c), IX_MATCH_OK);
	}
	ix_match_indication at = ix_match_indicate(e, STOCK);
	assert_int_equal(at.price_e4, UINT32_MAX);
	assert_int_equal(at.volume, 3 * (uint64_t)UINT32_MAX);
	ix_match_level level;
	assert_int_equal(ix_match_depth(e, STOCK, IX_MATCH_SELL, &level, 1), 1);
	assert_int_equal(level.quantity, 3 * (uint64_t)UINT32_MAX);
	forget();
	uncross(e, IX_MATCH_CONTINUOUS);
	assert_non_null(strstr(heard.text, "uncrossed at 42949672: 12884901885\n"));
	ix_match_info info;
	ix_match_get_info(e, &info);
	assert_int_equal(info.traded_quantity, 3 * (uint64_t)UINT32_MAX);
	finish(e);
}

/* ---- mass cancel and expiry ---- */

static ix_match *crowded(void) {
	ix_match *e = one_stock();
	for (uint64_t i = 1; i <= 8; i++) {
		ix_match_command c = limit_order(
			i, i & 1 ? BUY : SELL, 10, i & 1 ? 900 + (uint32_t)i : 1000 + (uint32_t)i);
		c.owner = 1 + (uint32_t)(i - 1) / 4;
		c.session = 1 + (uint32_t)(i - 1) % 4 / 2;
		c.tif = i <= 4 ? IX_MATCH_DAY : IX_MATCH_GTC;
		apply(e, c);
	}
	forget();
	return e;
}

static ix_match_reason mass_cancel(ix_match *e, uint32_t owner, uint32_t session, int side) {
	ix_match_command c = {.kind = IX_MATCH_MASS_CANCEL, .owner = owner, .session = session};
	if (side >= 0) c.flags = IX_MATCH_HAS_SIDE, c.side = (uint8_t)side;
	return apply(e, c);
}

/* Owners 1 1 1 1 2 2 2 2, sessions 1 1 2 2 1 1 2 2; odd ones buy. */
static void a_mass_cancel_takes_what_fits_in_the_order_of_the_books(void **state) {
	(void)state;
	ix_match *e = crowded();
	assert_int_equal(mass_cancel(e, 2, 0, SELL), IX_MATCH_OK);
	assert_heard("cancelled 6: 10, left 0: mass cancel\ncancelled 8: 10, left 0: mass cancel\n");
	assert_int_equal(mass_cancel(e, 0, 2, -1), IX_MATCH_OK); /* a connection is gone */
	assert_heard("cancelled 7: 10, left 0: mass cancel\n"
		     "cancelled 3: 10, left 0: mass cancel\n"
		     "cancelled 4: 10, left 0: mass cancel\n");
	ix_match_command c = {.kind = IX_MATCH_MASS_CANCEL, .symbol = 2};
	assert_int_equal(apply(e, c), IX_MATCH_REJECT_SYMBOL);
	c = (ix_match_command){.kind = IX_MATCH_MASS_CANCEL, .side = 2};
	assert_int_equal(apply(e, c), IX_MATCH_REJECT_FIELDS);
	forget();
	assert_int_equal(mass_cancel(e, 0, 0, -1), IX_MATCH_OK);
	assert_heard("cancelled 5: 10, left 0: mass cancel\n"
		     "cancelled 1: 10, left 0: mass cancel\n"
		     "cancelled 2: 10, left 0: mass cancel\n");
	finish(e);
}

static void the_end_of_the_day_takes_all_but_those_that_are_good_till_cancelled(void **state) {
	(void)state;
	ix_match *e = crowded();
	stop(e, 9, BUY, 1, 2000);
	set_state(e, STOCK, IX_MATCH_CLOSED);
	forget();
	assert_int_equal(apply(e, (ix_match_command){.kind = IX_MATCH_EXPIRE}), IX_MATCH_OK);
	assert_heard("cancelled 3: 10, left 0: expired\n"
		     "cancelled 1: 10, left 0: expired\n"
		     "cancelled 2: 10, left 0: expired\n"
		     "cancelled 4: 10, left 0: expired\n"
		     "cancelled 9: 1, left 0: expired\n");
	finish(e);
}

IX_TESTS(test_match_auction, cmocka_unit_test(orders_gather_and_trade_at_one_price),
	cmocka_unit_test(the_least_imbalance_decides_where_volumes_are_equal),
	cmocka_unit_test(a_surplus_of_buyers_lifts_the_price_and_one_of_sellers_lowers_it),
	cmocka_unit_test(market_orders_trade_first_and_those_for_the_auction_last),
	cmocka_unit_test(what_is_left_of_market_orders_is_cancelled),
	cmocka_unit_test(an_auction_without_a_trade_says_so),
	cmocka_unit_test(icebergs_take_part_with_all_of_it_and_keep_their_place),
	cmocka_unit_test(an_iceberg_shows_after_an_auction_what_it_showed_before),
	cmocka_unit_test(an_auction_takes_no_immediate_orders),
	cmocka_unit_test(a_crossed_book_does_not_go_on_trading_without_an_uncross),
	cmocka_unit_test(an_auction_s_price_triggers_stops_once_trading_goes_on),
	cmocka_unit_test(sums_are_64_bits_wide),
	cmocka_unit_test(a_mass_cancel_takes_what_fits_in_the_order_of_the_books),
	cmocka_unit_test(the_end_of_the_day_takes_all_but_those_that_are_good_till_cancelled));
