/* The market maker's prices: where its quotes go, and when there are none. A tick is 100 (one cent) and
 * quotes are one tick inside, unless a test says otherwise. */
#include "fake_host.h"

static fake_host *maker(const char *settings) { return host_of(&ix_strategy_maker, settings); }

/* The middle is 100300; inside by a tick each the quotes are 600 - 200 = 400 apart. */
static void quotes_both_sides_inside_a_wide_spread(void **state) {
	(void)state;
	fake_host *h = maker("");
	book(h, 1, 100000, 100600);
	said(h, "1: buy 100 @ 100100 post; 2: sell 100 @ 100500 post");
	host_free(h);
}

static void quotes_at_the_least_spread_and_not_below(void **state) {
	(void)state;
	fake_host *h = maker("spread_min_e4=300");
	book(h, 1, 100000, 100299);
	said(h, "");
	book(h, 1, 100000, 100300);
	said(h, "1: buy 100 @ 100100 post; 2: sell 100 @ 100200 post");
	host_free(h);
}

/* A spread of one tick has no inside. */
static void joins_the_best_prices_where_there_is_no_room(void **state) {
	(void)state;
	fake_host *h = maker("spread_min_e4=100");
	book(h, 1, 100000, 100100);
	said(h, "1: buy 100 @ 100000 post; 2: sell 100 @ 100100 post");
	book(h, 2, 100000, 100200);
	said(h, "3: buy 100 @ 100000 post; 4: sell 100 @ 100200 post");
	host_free(h);
}

static void inside_ticks_of_zero_joins_the_best_prices(void **state) {
	(void)state;
	fake_host *h = maker("inside_ticks=0");
	book(h, 1, 100000, 100600);
	said(h, "1: buy 100 @ 100000 post; 2: sell 100 @ 100600 post");
	host_free(h);
}

/* Middle 100340, width 580 - 200 = 380: 100150 and 100530, to the tick below and above. */
static void prices_are_ticks_rounded_outwards(void **state) {
	(void)state;
	fake_host *h = maker("");
	book(h, 1, 100050, 100630);
	said(h, "1: buy 100 @ 100100 post; 2: sell 100 @ 100600 post");
	host_free(h);
}

/* Tick 1: the middle of 101 and 104 is 102.5, the width 3 - 2 = 1, so 102 and 103. */
static void an_odd_middle_is_no_trouble(void **state) {
	(void)state;
	fake_host *h = maker("tick_e4=1 spread_min_e4=3");
	book(h, 1, 101, 104);
	said(h, "1: buy 100 @ 102 post; 2: sell 100 @ 103 post");
	host_free(h);
}

/* Two lots long, a tick each: the middle of 100500 goes down to 100300; 800 apart. */
static void prices_lean_against_what_is_held(void **state) {
	(void)state;
	fake_host *h = maker("skew_ticks=1");
	h->positions[1].shares = 200;
	book(h, 1, 100000, 101000);
	said(h, "1: buy 100 @ 99900 post; 2: sell 100 @ 100700 post");
	h->positions[2].shares = -200;
	book(h, 2, 100000, 101000);
	said(h, "3: buy 100 @ 100300 post; 4: sell 100 @ 101100 post");
	h->positions[3].shares = 199; /* one whole lot */
	book(h, 3, 100000, 101000);
	said(h, "5: buy 100 @ 100000 post; 6: sell 100 @ 100800 post");
	h->positions[4].shares = -199;
	book(h, 4, 100000, 101000);
	said(h, "7: buy 100 @ 100200 post; 8: sell 100 @ 101000 post");
	host_free(h);
}

/* Five lots at three ticks: the middle of 100300 would be 98800 (101800): 98600 and 99000 (101600 and
 * 102000), of which one is through the other side. */
static void leaning_never_goes_through_the_other_side(void **state) {
	(void)state;
	fake_host *h = maker("skew_ticks=3 inventory_max=1000");
	h->positions[1].shares = 500;
	book(h, 1, 100000, 100600);
	said(h, "1: buy 100 @ 98600 post; 2: sell 100 @ 100100 post");
	h->positions[2].shares = -500;
	book(h, 2, 100000, 100600);
	said(h, "3: buy 100 @ 100500 post; 4: sell 100 @ 102000 post");
	host_free(h);
}

static void the_side_that_would_exceed_the_inventory_is_not_quoted(void **state) {
	(void)state;
	fake_host *h = maker("skew_ticks=0 inventory_max=500");
	h->positions[1].shares = 400;
	book(h, 1, 100000, 100600);
	said(h, "1: buy 100 @ 100100 post; 2: sell 100 @ 100500 post");
	h->positions[2].shares = 401;
	book(h, 2, 100000, 100600);
	said(h, "3: sell 100 @ 100500 post");
	h->positions[3].shares = -401;
	book(h, 3, 100000, 100600);
	said(h, "4: buy 100 @ 100100 post");
	host_free(h);
}

/* A huge position, prices at the ends of their range: no quote of 0 or beyond 32 bits comes out. */
static void extremes_give_no_impossible_price(void **state) {
	(void)state;
	fake_host *h = maker("skew_ticks=1000 tick_e4=1000000 inventory_max=100000000 spread_min_e4=1 lot=1");
	h->positions[1].shares = 50000000;
	book(h, 1, 1, 4294967295);
	said(h, "1: sell 100 @ 1000000 post");
	h->positions[2].shares = -50000000;
	book(h, 2, 1, 4294967295);
	said(h, "2: buy 100 @ 4294000000 post");
	h->positions[3].shares = INT64_C(1) << 62;
	book(h, 3, 1, 4294967295);
	said(h, "3: sell 100 @ 1000000 post");
	h->positions[4].shares = -(INT64_C(1) << 62);
	book(h, 4, 1, 4294967295);
	said(h, "4: buy 100 @ 4294000000 post");
	host_free(h);
}

static fake_host *quoting(const char *settings) {
	fake_host *h = maker(settings);
	book(h, 1, 100000, 100600);
	accept(h, 1);
	accept(h, 2);
	said(h, "1: buy 100 @ 100100 post; 2: sell 100 @ 100500 post");
	return h;
}

static void quotes_move_only_by_requote_ticks_or_more(void **state) {
	(void)state;
	fake_host *h = quoting("requote_ticks=3");
	book(h, 1, 100200, 100800); /* to 100300 and 100700: two ticks */
	said(h, "");
	book(h, 1, 100300, 100900);
	said(h, "replace 1: 100 @ 100400; replace 2: 100 @ 100800");
	host_free(h);
}

/* Pulled below 300, quoted again from 500 on. A spread of 400 is in between: width 200 around 100200. */
static void quotes_are_pulled_when_the_spread_collapses(void **state) {
	(void)state;
	fake_host *h = quoting("spread_min_e4=500 spread_pull_e4=300");
	book(h, 1, 100000, 100400);
	said(h, "replace 2: 100 @ 100300");
	replaced(h, 2);
	book(h, 1, 100000, 100299);
	said(h, "cancel 1; cancel 2");
	cancelled(h, 1);
	cancelled(h, 2);
	book(h, 1, 100000, 100400);
	said(h, "");
	book(h, 1, 100000, 100500);
	said(h, "3: buy 100 @ 100100 post; 4: sell 100 @ 100400 post");
	host_free(h);
}

static void quotes_are_pulled_where_a_side_is_empty_or_the_book_is_crossed(void **state) {
	(void)state;
	fake_host *h = quoting("");
	book(h, 1, 100000, 0);
	said(h, "cancel 1; cancel 2");
	cancelled(h, 1);
	cancelled(h, 2);
	book(h, 1, 0, 100600);
	book(h, 1, 100600, 100000);
	book(h, 1, 100000, 100000);
	said(h, "");
	host_free(h);
}

/* The feed shows our own quotes: being better than oneself would never end. */
static void its_own_quote_is_not_improved_upon(void **state) {
	(void)state;
	fake_host *h = quoting("");
	h->quotes[1] = (ix_strategy_quote){100, 1000, 100100, 100600, 1, 3};
	h->vtable->on_book(h->self, 1, &h->quotes[1]);
	said(h, "");
	h->quotes[1] = (ix_strategy_quote){100, 100, 100100, 100500, 1, 1};
	h->vtable->on_book(h->self, 1, &h->quotes[1]);
	said(h, "");
	host_free(h);
}

/* Somebody joined our bid of 100100 and improved the ask to 100400: that is the market now. Spread 300,
 * width 100 around 100250. */
static void others_at_its_own_price_are_the_market(void **state) {
	(void)state;
	fake_host *h = quoting("");
	h->quotes[1] = (ix_strategy_quote){200, 100, 100100, 100400, 2, 1};
	h->vtable->on_book(h->self, 1, &h->quotes[1]);
	said(h, "replace 1: 100 @ 100200; replace 2: 100 @ 100300");
	host_free(h);
}

static void symbols_do_not_touch_each_other(void **state) {
	(void)state;
	fake_host *h = quoting("");
	book(h, SYMBOLS, 5000, 5600);
	said(h, "3: buy 100 @ 5100 post; 4: sell 100 @ 5500 post");
	book(h, 1, 100000, 100100);
	book(h, 1, 100000, 100050);
	said(h, "replace 1: 100 @ 100000; replace 2: 100 @ 100100");
	replaced(h, 1);
	replaced(h, 2);
	said(h, "cancel 1; cancel 2");
	host_free(h);
}

static void a_symbol_out_of_range_is_ignored(void **state) {
	(void)state;
	fake_host *h = maker("");
	const ix_strategy_quote q = {1000, 1000, 100000, 100600, 1, 1};
	h->vtable->on_book(h->self, 0, &q);
	h->vtable->on_book(h->self, SYMBOLS + 1, &q);
	h->vtable->on_order(
		h->self, &(ix_strategy_update){.symbol = SYMBOLS + 1, .kind = IX_STRATEGY_FILLED});
	said(h, "");
	host_free(h);
}

IX_TESTS(test_strategy_maker, cmocka_unit_test(quotes_both_sides_inside_a_wide_spread),
	cmocka_unit_test(quotes_at_the_least_spread_and_not_below),
	cmocka_unit_test(joins_the_best_prices_where_there_is_no_room),
	cmocka_unit_test(inside_ticks_of_zero_joins_the_best_prices),
	cmocka_unit_test(prices_are_ticks_rounded_outwards), cmocka_unit_test(an_odd_middle_is_no_trouble),
	cmocka_unit_test(prices_lean_against_what_is_held),
	cmocka_unit_test(leaning_never_goes_through_the_other_side),
	cmocka_unit_test(the_side_that_would_exceed_the_inventory_is_not_quoted),
	cmocka_unit_test(extremes_give_no_impossible_price),
	cmocka_unit_test(quotes_move_only_by_requote_ticks_or_more),
	cmocka_unit_test(quotes_are_pulled_when_the_spread_collapses),
	cmocka_unit_test(quotes_are_pulled_where_a_side_is_empty_or_the_book_is_crossed),
	cmocka_unit_test(its_own_quote_is_not_improved_upon),
	cmocka_unit_test(others_at_its_own_price_are_the_market),
	cmocka_unit_test(symbols_do_not_touch_each_other),
	cmocka_unit_test(a_symbol_out_of_range_is_ignored));
