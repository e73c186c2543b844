/* The fill model, rule by rule, on feeds of a few messages. Prices are ten dollars and some cents; bids at
 * 100000, offers at 100200. */
#include "paper_fixture.h"

/* ---- resting ---- */

/* 300 are ahead: 200 and 100 of them trade, then ours. */
static void an_order_waits_behind_those_that_were_there_first(void **state) {
	(void)state;
	desk *d = desk_new();
	add(d, 1, 'B', 300, 100000);
	enter(d, 1, 'B', 100, 100000, "");
	add(d, 2, 'B', 500, 100000);
	said(d, "1 accepted B 100 @ 100000");
	executed(d, 1, 200);
	executed(d, 1, 100);
	said(d, "");
	executed(d, 2, 60);
	said(d, "1 adds 60 @ 100000");
	executed(d, 2, 70);
	said(d, "1 adds 40 @ 100000");
	assert_int_equal(left_of(d, 2), 370); /* the feed's word counts all the same */
	finish(d);
}

static void an_order_moves_up_when_those_in_front_go(void **state) {
	(void)state;
	desk *d = desk_new();
	add(d, 1, 'S', 300, 100200);
	add(d, 2, 'S', 300, 100200);
	enter(d, 1, 'S', 100, 100200, "");
	add(d, 3, 'S', 100, 100200);
	deleted(d, 1);
	reduced(d, 2, 299);
	executed(d, 2, 1);
	executed(d, 3, 100);
	said(d, "1 accepted S 100 @ 100200; 1 adds 100 @ 100200");
	finish(d);
}

/* An order that is replaced joins the end of the queue, even at the same price. */
static void a_replaced_order_of_the_feed_goes_behind_ours(void **state) {
	(void)state;
	desk *d = desk_new();
	add(d, 1, 'B', 300, 100000);
	enter(d, 1, 'B', 100, 100000, "");
	moved(d, 1, 5, 200, 100000);
	executed(d, 5, 30);
	said(d, "1 accepted B 100 @ 100000; 1 adds 30 @ 100000");
	finish(d);
}

static void a_better_price_trades_before_the_order_that_was_hit(void **state) {
	(void)state;
	desk *d = desk_new();
	add(d, 1, 'B', 300, 100000);
	add(d, 2, 'S', 300, 100200);
	enter(d, 1, 'B', 100, 100100, "");
	enter(d, 2, 'S', 100, 100150, "");
	executed(d, 1, 40);
	executed(d, 2, 150);
	said(d, "1 accepted B 100 @ 100100; 2 accepted S 100 @ 100150; 1 adds 40 @ 100100; 2 adds 100 @ "
		"100150");
	assert_int_equal(left_of(d, 1), 260);
	assert_int_equal(left_of(d, 2), 150);
	finish(d);
}

static void a_worse_price_does_not_trade(void **state) {
	(void)state;
	desk *d = desk_new();
	add(d, 1, 'B', 300, 100000);
	enter(d, 1, 'B', 100, 99900, "");
	executed(d, 1, 300);
	said(d, "1 accepted B 100 @ 99900");
	finish(d);
}

/* Best price first, then the earlier: 50 at 100050, then 80 and 20 of 90 at 100000. */
static void several_of_ours_trade_by_price_and_time(void **state) {
	(void)state;
	desk *d = desk_new();
	enter(d, 1, 'B', 80, 100000, "");
	enter(d, 2, 'B', 90, 100000, "");
	enter(d, 3, 'B', 50, 100050, "");
	add(d, 1, 'B', 300, 100000);
	forget(d);
	executed(d, 1, 150);
	said(d, "3 adds 50 @ 100050; 1 adds 80 @ 100000; 2 adds 20 @ 100000");
	finish(d);
}

static void a_trade_at_another_price_counts_by_the_order_that_was_hit(void **state) {
	(void)state;
	desk *d = desk_new();
	enter(d, 1, 'B', 100, 100000, "");
	add(d, 1, 'B', 300, 100000);
	executed_at(d, 1, 30, 100050, true);
	said(d, "1 accepted B 100 @ 100000; 1 adds 30 @ 100000");
	finish(d);
}

/* Not printable: a cross, which has its own price and ours take no part in. */
static void a_cross_does_not_fill_ours(void **state) {
	(void)state;
	desk *d = desk_new();
	enter(d, 1, 'B', 100, 100000, "");
	add(d, 1, 'B', 300, 100000);
	executed_at(d, 1, 30, 100050, false);
	said(d, "1 accepted B 100 @ 100000");
	assert_int_equal(left_of(d, 1), 270);
	finish(d);
}

static void an_order_of_the_feed_that_crosses_ours_trades_and_the_rest_stands(void **state) {
	(void)state;
	desk *d = desk_new();
	add(d, 1, 'S', 100, 100200);
	enter(d, 1, 'B', 100, 100100, "");
	add(d, 2, 'S', 250, 100050);
	said(d, "1 accepted B 100 @ 100100; 1 adds 100 @ 100100");
	assert_int_equal(left_of(d, 2), 150);
	finish(d);
}

static void an_order_of_the_feed_that_is_moved_through_ours_trades(void **state) {
	(void)state;
	desk *d = desk_new();
	add(d, 1, 'S', 100, 100200);
	enter(d, 1, 'B', 300, 100100, "");
	moved(d, 1, 2, 120, 100100);
	said(d, "1 accepted B 300 @ 100100; 1 adds 120 @ 100100");
	assert_int_equal(left_of(d, 2), 0);
	finish(d);
}

static void a_hidden_trade_at_a_worse_price_fills_ours(void **state) {
	(void)state;
	desk *d = desk_new();
	enter(d, 1, 'B', 100, 100100, "");
	enter(d, 2, 'B', 100, 100000, "");
	enter(d, 3, 'S', 100, 100300, "");
	forget(d);
	hidden(d, 50, 100100); /* at our very price: the hidden one may have been first */
	hidden(d, 50, 100200);
	hidden(d, 50, 100300);
	said(d, "");
	hidden(d, 120, 100050);
	said(d, "1 adds 100 @ 100100");
	hidden(d, 130, 99999);
	said(d, "2 adds 100 @ 100000");
	hidden(d, 70, 100301);
	said(d, "3 adds 70 @ 100300");
	finish(d);
}

/* ---- taking ---- */

static void an_incoming_order_takes_the_best_prices_and_rests_with_what_is_left(void **state) {
	(void)state;
	desk *d = desk_new();
	add(d, 1, 'S', 100, 100200);
	add(d, 2, 'S', 100, 100300);
	add(d, 3, 'S', 100, 100400);
	enter(d, 1, 'B', 250, 100300, "");
	said(d, "1 accepted B 250 @ 100300; 1 takes 100 @ 100200; 1 takes 100 @ 100300");
	assert_int_equal(left_of(d, ix_paper_find(d->paper, 1)), 50);
	assert_int_equal(left_of(d, 3), 100);
	finish(d);
}

static void an_immediate_order_takes_what_there_is_and_goes(void **state) {
	(void)state;
	desk *d = desk_new();
	add(d, 1, 'B', 100, 100000);
	enter(d, 1, 'S', 250, 99900, "ioc");
	said(d, "1 accepted S 250 @ 99900; 1 takes 100 @ 100000; 1 cancelled 150 I");
	enter(d, 2, 'S', 250, 99900, "ioc");
	said(d, "2 accepted S 250 @ 99900; 2 cancelled 250 I");
	finish(d);
}

static void a_post_only_order_that_would_take_is_cancelled(void **state) {
	(void)state;
	desk *d = desk_new();
	add(d, 1, 'S', 100, 100200);
	enter(d, 1, 'B', 50, 100200, "post");
	said(d, "1 accepted B 50 @ 100200; 1 cancelled 50 G");
	enter(d, 2, 'B', 50, 100199, "post");
	said(d, "2 accepted B 50 @ 100199");
	assert_int_equal(left_of(d, 1), 100);
	finish(d);
}

static void an_order_that_would_meet_our_own_is_cancelled(void **state) {
	(void)state;
	desk *d = desk_new();
	enter(d, 1, 'S', 100, 100200, "");
	add(d, 1, 'S', 100, 100100);
	enter(d, 2, 'B', 150, 100200, "");
	said(d, "1 accepted S 100 @ 100200; 2 accepted B 150 @ 100200; 2 takes 100 @ 100100; 2 cancelled 50 "
		"Q");
	finish(d);
}

/* ---- what we took, the feed still believes in ---- */

/* We took 60 of 100. The feed executes 30, cancels 20: those were ours. Then 50: 10 of ours, and the last 40.
 */
static void what_was_taken_here_absorbs_what_the_feed_says_later(void **state) {
	(void)state;
	desk *d = desk_new();
	add(d, 1, 'S', 100, 100200);
	enter(d, 1, 'B', 60, 100200, "ioc");
	assert_int_equal(left_of(d, 1), 40);
	executed(d, 1, 30);
	assert_int_equal(left_of(d, 1), 40);
	reduced(d, 1, 20);
	assert_int_equal(left_of(d, 1), 40);
	executed(d, 1, 50);
	assert_int_equal(left_of(d, 1), 0);
	ix_paper_info info;
	ix_paper_get_info(d->paper, &info);
	assert_int_equal(info.unfollowed_count, 0);
	finish(d);
}

static void messages_about_an_order_that_was_taken_away_are_counted(void **state) {
	(void)state;
	desk *d = desk_new();
	add(d, 1, 'S', 100, 100200);
	enter(d, 1, 'B', 100, 100200, "ioc");
	executed(d, 1, 30);
	reduced(d, 1, 10);
	deleted(d, 1);
	deleted(d, 77);
	executed(d, 77, 1);
	ix_paper_info info;
	ix_paper_get_info(d->paper, &info);
	assert_int_equal(info.unfollowed_count, 5);
	assert_int_equal(info.fill_count, 1);
	assert_int_equal(info.filled_shares, 100);
	assert_int_equal(info.maker_fill_count, 0);
	finish(d);
}

static void an_order_that_was_taken_away_comes_back_when_the_feed_moves_it(void **state) {
	(void)state;
	desk *d = desk_new();
	add(d, 1, 'S', 100, 100200);
	enter(d, 1, 'B', 100, 100200, "ioc");
	moved(d, 1, 2, 80, 100300);
	assert_int_equal(left_of(d, 2), 80);
	forget(d);
	enter(d, 2, 'B', 80, 100300, "ioc");
	said(d, "2 accepted B 80 @ 100300; 2 takes 80 @ 100300");
	finish(d);
}

/* The offer at 100200 was taken by us; ours at 100150 is in front of what the feed still trades there. */
static void a_trade_with_an_order_that_was_taken_away_meets_our_better_price(void **state) {
	(void)state;
	desk *d = desk_new();
	add(d, 1, 'S', 100, 100200);
	enter(d, 1, 'B', 100, 100200, "ioc");
	enter(d, 2, 'S', 50, 100150, "");
	enter(d, 3, 'S', 50, 100200, "");
	forget(d);
	executed(d, 1, 70);
	said(d, "2 adds 50 @ 100150");
	finish(d);
}

/* 100 of its 250 met ours when it came: the feed knows nothing of it. */
static void a_crossing_order_of_the_feed_absorbs_too(void **state) {
	(void)state;
	desk *d = desk_new();
	enter(d, 1, 'B', 100, 100100, "");
	add(d, 2, 'S', 250, 100050);
	executed(d, 2, 100);
	assert_int_equal(left_of(d, 2), 150);
	executed(d, 2, 20);
	assert_int_equal(left_of(d, 2), 130);
	finish(d);
}

static void more_than_there_is_takes_what_there_is(void **state) {
	(void)state;
	desk *d = desk_new();
	add(d, 1, 'S', 100, 100200);
	executed(d, 1, 500);
	assert_int_equal(left_of(d, 1), 0);
	add(d, 2, 'S', 100, 100200);
	reduced(d, 2, 500);
	assert_int_equal(left_of(d, 2), 0);
	finish(d);
}

/* ---- halts and the day ---- */

static void a_halted_symbol_takes_no_orders_and_trades_with_nobody(void **state) {
	(void)state;
	desk *d = desk_new();
	enter(d, 1, 'B', 100, 100000, "");
	add(d, 1, 'B', 100, 100000);
	forget(d);
	trading(d, 'H');
	enter(d, 2, 'B', 100, 100000, "");
	said(d, "2 rejected 0x07");
	replace(d, 1, 3, 100, 99900);
	said(d, "3 rejected 0x07");
	add(d, 2, 'S', 100, 99900); /* gathers: the book may be crossed now */
	executed(d, 1, 50);
	hidden(d, 50, 99000);
	said(d, "");
	cancel(d, 1, 0);
	said(d, "1 cancelled 100 U");
	trading(d, 'Q');
	enter(d, 4, 'B', 100, 100000, "");
	said(d, "4 rejected 0x07");
	finish(d);
}

/* Crossed by the market while it was halted: it comes in when trading goes on, and takes. */
static void an_order_that_was_crossed_during_a_halt_trades_at_its_end(void **state) {
	(void)state;
	desk *d = desk_new();
	enter(d, 1, 'B', 100, 100000, "");
	enter(d, 2, 'B', 100, 99000, "");
	trading(d, 'P');
	add(d, 1, 'S', 60, 99900);
	forget(d);
	trading(d, 'T');
	said(d, "1 takes 60 @ 99900");
	assert_int_equal(ix_match_symbol_state(ix_paper_engine(d->paper), STOCK), IX_MATCH_CONTINUOUS);
	assert_int_equal(left_of(d, ix_paper_find(d->paper, 1)), 40);
	enter(d, 3, 'S', 10, 99000, "ioc");
	said(d, "3 accepted S 10 @ 99000; 3 cancelled 10 Q");
	finish(d);
}

/* Crossed in itself: it trades again when the feed has put it right. */
static void a_feed_that_is_crossed_after_a_halt_gathers_until_it_is_not(void **state) {
	(void)state;
	desk *d = desk_new();
	trading(d, 'H');
	add(d, 1, 'S', 60, 99900);
	add(d, 2, 'B', 60, 100000);
	trading(d, 'T');
	assert_int_equal(ix_match_symbol_state(ix_paper_engine(d->paper), STOCK), IX_MATCH_AUCTION);
	executed_at(d, 1, 60, 99950, false);
	assert_int_equal(ix_match_symbol_state(ix_paper_engine(d->paper), STOCK), IX_MATCH_CONTINUOUS);
	assert_int_equal(left_of(d, 2), 60);
	finish(d);
}

static void an_operational_halt_of_nasdaq_halts_and_that_of_others_does_not(void **state) {
	(void)state;
	desk *d = desk_new();
	operational(d, 'B', 'H');
	enter(d, 1, 'B', 100, 100000, "");
	said(d, "1 accepted B 100 @ 100000");
	operational(d, 'Q', 'H');
	trading(d, 'H');
	trading(d, 'T');
	enter(d, 2, 'B', 100, 100000, "");
	said(d, "2 rejected 0x07");
	operational(d, 'Q', 'T');
	enter(d, 3, 'B', 100, 100000, "");
	said(d, "3 accepted B 100 @ 100000");
	finish(d);
}

static void the_end_of_market_hours_cancels_everything(void **state) {
	(void)state;
	desk *d = desk_new();
	enter(d, 1, 'B', 100, 100000, "");
	enter(d, 2, 'S', 100, 100200, "");
	forget(d);
	event(d, 'M');
	said(d, "1 cancelled 100 E; 2 cancelled 100 E");
	enter(d, 3, 'B', 100, 100000, "");
	said(d, "3 rejected 0x02");
	event(d, 'Q');
	enter(d, 4, 'B', 100, 100000, "");
	said(d, "4 accepted B 100 @ 100000");
	finish(d);
}

static void a_symbol_may_appear_without_its_directory_entry(void **state) {
	(void)state;
	desk *d = desk_new();
	add_to(d, 7, 1, 'S', 100, 100200);
	ix_ouch_message m = order_of(1, 'B', 100, 100200, true);
	ix_ouch_set_text(m.enter_order.symbol, 8, IX_STR("OTHER"));
	send(d, &m);
	said(d, "1 accepted B 100 @ 100200; 1 takes 100 @ 100200");
	add_to(d, 65, 2, 'S', 100, 100200); /* beyond symbols_max */
	ix_paper_info info;
	ix_paper_get_info(d->paper, &info);
	assert_int_equal(info.unfollowed_count, 1);
	finish(d);
}

static void references_that_cannot_be_the_feeds_are_passed_over(void **state) {
	(void)state;
	desk *d = desk_new();
	enter(d, 1, 'B', 100, 100000, "");
	uint64_t number = ix_paper_find(d->paper, 1);
	add(d, 0, 'S', 100, 100200);
	add(d, number, 'S', 100, 100200);
	add(d, 5, 'S', 0, 100200);
	add(d, 5, 'S', 100, 0);
	executed(d, number, 100);
	reduced(d, number, 100);
	deleted(d, number);
	moved(d, number, 9, 100, 100000);
	ix_paper_info info;
	ix_paper_get_info(d->paper, &info);
	assert_int_equal(info.unfollowed_count, 8);
	assert_int_equal(left_of(d, number), 100);
	finish(d);
}

IX_TESTS(test_paper_fill, cmocka_unit_test(an_order_waits_behind_those_that_were_there_first),
	cmocka_unit_test(an_order_moves_up_when_those_in_front_go),
	cmocka_unit_test(a_replaced_order_of_the_feed_goes_behind_ours),
	cmocka_unit_test(a_better_price_trades_before_the_order_that_was_hit),
	cmocka_unit_test(a_worse_price_does_not_trade),
	cmocka_unit_test(several_of_ours_trade_by_price_and_time),
	cmocka_unit_test(a_trade_at_another_price_counts_by_the_order_that_was_hit),
	cmocka_unit_test(a_cross_does_not_fill_ours),
	cmocka_unit_test(an_order_of_the_feed_that_crosses_ours_trades_and_the_rest_stands),
	cmocka_unit_test(an_order_of_the_feed_that_is_moved_through_ours_trades),
	cmocka_unit_test(a_hidden_trade_at_a_worse_price_fills_ours),
	cmocka_unit_test(an_incoming_order_takes_the_best_prices_and_rests_with_what_is_left),
	cmocka_unit_test(an_immediate_order_takes_what_there_is_and_goes),
	cmocka_unit_test(a_post_only_order_that_would_take_is_cancelled),
	cmocka_unit_test(an_order_that_would_meet_our_own_is_cancelled),
	cmocka_unit_test(what_was_taken_here_absorbs_what_the_feed_says_later),
	cmocka_unit_test(messages_about_an_order_that_was_taken_away_are_counted),
	cmocka_unit_test(an_order_that_was_taken_away_comes_back_when_the_feed_moves_it),
	cmocka_unit_test(a_trade_with_an_order_that_was_taken_away_meets_our_better_price),
	cmocka_unit_test(a_crossing_order_of_the_feed_absorbs_too),
	cmocka_unit_test(more_than_there_is_takes_what_there_is),
	cmocka_unit_test(a_halted_symbol_takes_no_orders_and_trades_with_nobody),
	cmocka_unit_test(an_order_that_was_crossed_during_a_halt_trades_at_its_end),
	cmocka_unit_test(a_feed_that_is_crossed_after_a_halt_gathers_until_it_is_not),
	cmocka_unit_test(an_operational_halt_of_nasdaq_halts_and_that_of_others_does_not),
	cmocka_unit_test(the_end_of_market_hours_cancels_everything),
	cmocka_unit_test(a_symbol_may_appear_without_its_directory_entry),
	cmocka_unit_test(references_that_cannot_be_the_feeds_are_passed_over));
