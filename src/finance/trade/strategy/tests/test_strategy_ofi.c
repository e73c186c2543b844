/* The order-flow taker. Most tests keep the mean size at the best prices at 1,000 shares, so that a threshold
 * of 1000/1000 is an imbalance of 1,000 shares: what the bid gains the ask loses. */
#include "fake_host.h"

#include <inox/rng.h>

#define SETTINGS "threshold_e3=1000 warmup_events=0 window_ms=0 "

static fake_host *ofi(const char *settings) { return host_of(&ix_strategy_ofi, settings); }

static void sizes(fake_host *h, uint64_t bid_shares, uint64_t ask_shares) {
	book_sized(h, 1, 100000, bid_shares, 100100, ask_shares);
}

/* e = 1500 - 1000 - 500 + 1000 = 1000. */
static void shares_that_join_the_bid_and_leave_the_ask_buy(void **state) {
	(void)state;
	fake_host *h = ofi(SETTINGS);
	sizes(h, 1000, 1000);
	sizes(h, 1499, 501); /* 998 */
	said(h, "");
	sizes(h, 1500, 500);
	said(h, "1: buy 100 @ 100100 ioc");
	host_free(h);
}

static void shares_that_leave_the_bid_and_join_the_ask_sell(void **state) {
	(void)state;
	fake_host *h = ofi(SETTINGS "size=300");
	sizes(h, 1000, 1000);
	sizes(h, 500, 1500);
	said(h, "1: sell 300 @ 100000 ioc");
	host_free(h);
}

/* Each from 100000 x 100200, 1,000 shares a side. */
static void assert_move(uint32_t bid_e4, uint32_t ask_e4, const char *expected) {
	fake_host *h = ofi(SETTINGS "spread_max_e4=300");
	book(h, 1, 100000, 100200);
	book(h, 1, bid_e4, ask_e4);
	said(h, expected);
	host_free(h);
}

static void a_new_price_counts_all_its_shares_and_a_lost_one_all_it_had(void **state) {
	(void)state;
	assert_move(100100, 100200, "1: buy 100 @ 100200 ioc");  /* a better bid: + its 1,000 */
	assert_move(99900, 100200, "1: sell 100 @ 99900 ioc");   /* the bid is gone: - the 1,000 it had */
	assert_move(100000, 100100, "1: sell 100 @ 100000 ioc"); /* a better ask: - its 1,000 */
	assert_move(100000, 100300, "1: buy 100 @ 100300 ioc");  /* the ask is gone: + the 1,000 it had */
	assert_move(99900, 100300, "");                          /* both gone: - 1,000 + 1,000 */
}

/* Mean depth 2,000 in the second book: there the threshold of 1000/1000 is 2,000 shares. */
static void the_threshold_is_in_units_of_the_mean_depth(void **state) {
	(void)state;
	fake_host *h = ofi(SETTINGS);
	sizes(h, 2000, 2000);
	sizes(h, 2500, 1500); /* 1,000 */
	said(h, "");
	sizes(h, 3000, 1000); /* 2,000 */
	said(h, "1: buy 100 @ 100100 ioc");
	host_free(h);
	h = ofi(SETTINGS);
	put(h, "threshold_e3=500");
	sizes(h, 2000, 2000);
	sizes(h, 2500, 1500);
	said(h, "1: buy 100 @ 100100 ioc");
	host_free(h);
}

/* From 1,000 the mean goes 1/64 of the way to 1,640: 1,010. */
static void the_mean_depth_follows_slowly(void **state) {
	(void)state;
	fake_host *h = ofi(SETTINGS);
	sizes(h, 1000, 1000);
	sizes(h, 2640, 640); /* e = 1640 + 360 = 2000 and more than 1,010 */
	said(h, "1: buy 100 @ 100100 ioc");
	cancelled(h, 1);
	sizes(h, 2640, 640); /* back to about 1,019; what was acted on is forgotten */
	said(h, "");
	sizes(h, 2640, 1640); /* -1000 */
	said(h, "");
	sizes(h, 2640, 1700); /* -1060, and a mean of about 1,042 */
	said(h, "2: sell 100 @ 100000 ioc");
	host_free(h);
}

/* 600, of which a half is left after a second: 300 + 600 + 100. */
static void half_is_forgotten_in_the_window(void **state) {
	(void)state;
	fake_host *h = ofi("threshold_e3=1000 warmup_events=0 window_ms=1000");
	sizes(h, 1000, 1000);
	sizes(h, 1300, 700);
	pass(h, 1000 * MS);
	sizes(h, 1600, 400);
	said(h, "");
	sizes(h, 1650, 350);
	said(h, "1: buy 100 @ 100100 ioc");
	host_free(h);
}

/* 2^-(1/2) of 600 is 424, so 575 more are 999 and 577 more 1,001. */
static void half_of_the_window_forgets_a_square_root_of_a_half(void **state) {
	(void)state;
	for (uint64_t more = 286; more <= 290; more += 4) {
		fake_host *h = ofi("threshold_e3=1000 warmup_events=0 window_ms=1000");
		sizes(h, 1000, 1000);
		sizes(h, 1300, 700);
		pass(h, 500 * MS);
		sizes(h, 1300 + more, 700 - more);
		said(h, more == 286 ? "" : "1: buy 100 @ 100100 ioc");
		host_free(h);
	}
}

/* Steps are a sixteenth of the window, 100 ms; 150 and 150 are three of them, not two: 900 becomes 790, and
 * 200 more are 990, 20 more 1,010. */
static void what_is_left_of_a_step_is_not_forgotten(void **state) {
	(void)state;
	fake_host *h = ofi("threshold_e3=1000 warmup_events=0 window_ms=1600");
	sizes(h, 1000, 1000);
	sizes(h, 1450, 550);
	pass(h, 150 * MS);
	sizes(h, 1450, 550);
	pass(h, 150 * MS);
	sizes(h, 1550, 450);
	said(h, "");
	sizes(h, 1560, 440);
	said(h, "1: buy 100 @ 100100 ioc");
	host_free(h);
}

static void a_long_silence_forgets_everything(void **state) {
	(void)state;
	fake_host *h = ofi("threshold_e3=1000 warmup_events=0 window_ms=1");
	sizes(h, 1000, 1000);
	sizes(h, 1490, 510);
	pass(h, 10000 * S);
	sizes(h, 1500, 500);
	said(h, "");
	host_free(h);
}

/* Half at every change: 600; 300 + 600; 450 + 600. */
static void a_window_of_events_forgets_by_count(void **state) {
	(void)state;
	fake_host *h = ofi(SETTINGS "window_events=2");
	sizes(h, 1000, 1000);
	sizes(h, 1300, 700);
	sizes(h, 1600, 400);
	said(h, "");
	sizes(h, 1900, 100);
	said(h, "1: buy 100 @ 100100 ioc");
	host_free(h);
}

static void nothing_is_done_before_the_warm_up(void **state) {
	(void)state;
	fake_host *h = ofi("threshold_e3=1000 warmup_events=4 window_ms=0");
	sizes(h, 1000, 1000);
	sizes(h, 1500, 500);
	sizes(h, 1600, 400);
	said(h, "");
	sizes(h, 1700, 300);
	said(h, "1: buy 100 @ 100100 ioc");
	host_free(h);
}

static void a_wide_spread_is_not_crossed(void **state) {
	(void)state;
	fake_host *h = ofi(SETTINGS "spread_max_e4=99");
	sizes(h, 1000, 1000);
	sizes(h, 1500, 500);
	said(h, "");
	put(h, "spread_max_e4=100");
	sizes(h, 1501, 499);
	said(h, "1: buy 100 @ 100100 ioc");
	host_free(h);
}

static void an_empty_side_starts_the_sum_anew(void **state) {
	(void)state;
	fake_host *h = ofi(SETTINGS);
	sizes(h, 1000, 1000);
	sizes(h, 1400, 600);
	book(h, 1, 100000, 0);
	sizes(h, 1400, 600);
	sizes(h, 1600, 400); /* 400 since then */
	said(h, "");
	host_free(h);
}

/* ---- holding and leaving ---- */

/* Bought 100 at 10:00. */
static fake_host *holding(const char *settings) {
	fake_host *h = ofi(settings);
	sizes(h, 1000, 1000);
	sizes(h, 1500, 500);
	accept(h, 1);
	fill(h, 1, 100);
	said(h, "1: buy 100 @ 100100 ioc");
	return h;
}

static void a_position_is_held_and_then_left_at_the_near_side(void **state) {
	(void)state;
	fake_host *h = holding(SETTINGS "hold_ms=2000 exit_limit_ms=500");
	pass(h, 1000 * MS);
	sizes(h, 3000, 100);
	said(h, ""); /* one position a symbol */
	pass(h, 1000 * MS - 1);
	said(h, "");
	pass(h, 1);
	said(h, "2: sell 100 @ 100100");
	accept(h, 2);
	fill(h, 2, 100);
	pass(h, 10 * S);
	said(h, "");
	sizes(h, 3000, 4000);
	said(h, "3: sell 100 @ 100000 ioc"); /* and the next one */
	host_free(h);
}

static void what_the_limit_does_not_sell_crosses(void **state) {
	(void)state;
	fake_host *h = holding(SETTINGS "hold_ms=2000 exit_limit_ms=500");
	pass(h, 2000 * MS);
	accept(h, 2);
	fill(h, 2, 30);
	pass(h, 499 * MS);
	said(h, "2: sell 100 @ 100100");
	pass(h, 1 * MS);
	said(h, "cancel 2");
	fill(h, 2, 10); /* on the way */
	cancelled(h, 2);
	said(h, "3: sell 60 @ 100000 ioc");
	fill(h, 3, 60);
	pass(h, 10 * S);
	said(h, "");
	host_free(h);
}

static void an_exit_that_does_not_trade_is_tried_again_after_the_pause(void **state) {
	(void)state;
	fake_host *h = holding(SETTINGS "hold_ms=0 exit_limit_ms=0 pause_ms=100");
	pass(h, 0);
	said(h, "2: sell 100 @ 100000 ioc");
	cancelled(h, 2);
	said(h, "");
	book(h, 1, 99900, 100000);
	pass(h, 100 * MS);
	said(h, "3: sell 100 @ 99900 ioc");
	reject(h, 3);
	pass(h, 100 * MS);
	said(h, "4: sell 100 @ 99900 ioc");
	fill(h, 4, 100);
	host_free(h);
}

static void a_short_position_is_bought_back(void **state) {
	(void)state;
	fake_host *h = ofi(SETTINGS "hold_ms=10 exit_limit_ms=5");
	sizes(h, 1000, 1000);
	sizes(h, 500, 1500);
	fill(h, 1, 40);
	cancelled(h, 1);
	pass(h, 10 * MS);
	pass(h, 5 * MS);
	cancelled(h, 2);
	said(h, "1: sell 100 @ 100000 ioc; 2: buy 40 @ 100000; cancel 2; 3: buy 40 @ 100100 ioc");
	host_free(h);
}

static void an_exit_waits_for_a_price(void **state) {
	(void)state;
	fake_host *h = holding(SETTINGS "hold_ms=10 exit_limit_ms=0 pause_ms=10");
	book(h, 1, 0, 100100);
	pass(h, 15 * MS);
	said(h, "");
	book(h, 1, 100000, 100100);
	pass(h, 10 * MS);
	said(h, "2: sell 100 @ 100000 ioc");
	host_free(h);
}

/* ---- answers in every order ---- */

static void a_rejected_entry_pauses_the_symbol(void **state) {
	(void)state;
	fake_host *h = ofi(SETTINGS "pause_ms=100");
	sizes(h, 1000, 1000);
	sizes(h, 1500, 500);
	reject(h, 1);
	said(h, "1: buy 100 @ 100100 ioc");
	sizes(h, 1000, 1000);
	said(h, "");
	pass(h, 100 * MS);
	sizes(h, 999, 1001);
	said(h, "2: sell 100 @ 100000 ioc");
	host_free(h);
}

static void a_busy_host_pauses_the_symbol(void **state) {
	(void)state;
	fake_host *h = ofi(SETTINGS "pause_ms=100");
	h->is_busy = true;
	sizes(h, 1000, 1000);
	sizes(h, 1500, 500);
	sizes(h, 1600, 400);
	said(h, "busy");
	h->is_busy = false;
	pass(h, 100 * MS);
	sizes(h, 1601, 399);
	said(h, "1: buy 100 @ 100100 ioc");
	host_free(h);
}

static void an_entry_that_trades_nothing_leaves_nothing(void **state) {
	(void)state;
	fake_host *h = ofi(SETTINGS "hold_ms=10");
	sizes(h, 1000, 1000);
	sizes(h, 1500, 500);
	accept(h, 1);
	cancelled(h, 1);
	pass(h, 1 * S);
	said(h, "1: buy 100 @ 100100 ioc");
	host_free(h);
}

static void a_fill_before_the_acceptance_is_held(void **state) {
	(void)state;
	fake_host *h = ofi(SETTINGS "hold_ms=10 exit_limit_ms=0");
	sizes(h, 1000, 1000);
	sizes(h, 1500, 500);
	fill(h, 1, 100);
	accept(h, 1);
	pass(h, 10 * MS);
	said(h, "1: buy 100 @ 100100 ioc; 2: sell 100 @ 100000 ioc");
	host_free(h);
}

static void a_fill_after_the_cancellation_is_held(void **state) {
	(void)state;
	fake_host *h = ofi(SETTINGS "hold_ms=10 exit_limit_ms=0");
	sizes(h, 1000, 1000);
	sizes(h, 1500, 500);
	cancelled(h, 1);
	fill(h, 1, 100);
	pass(h, 10 * MS);
	said(h, "1: buy 100 @ 100100 ioc; 2: sell 100 @ 100000 ioc");
	host_free(h);
}

static void a_refusal_that_is_about_nothing_changes_nothing(void **state) {
	(void)state;
	fake_host *h = ofi(SETTINGS "hold_ms=10 exit_limit_ms=0 pause_ms=1");
	sizes(h, 1000, 1000);
	sizes(h, 1500, 500);
	replace_rejected(h, 1);
	pass(h, 5 * MS);
	fill(h, 1, 100);
	pass(h, 10 * MS);
	said(h, "1: buy 100 @ 100100 ioc; 2: sell 100 @ 100000 ioc");
	host_free(h);
}

/* Held from before, or by somebody else: it is not added to. */
static void what_is_held_already_is_not_added_to(void **state) {
	(void)state;
	fake_host *h = ofi(SETTINGS);
	h->positions[1].shares = 50;
	sizes(h, 1000, 1000);
	sizes(h, 1500, 500);
	said(h, "");
	host_free(h);
}

static void a_refused_cancel_of_the_exit_is_asked_again(void **state) {
	(void)state;
	fake_host *h = holding(SETTINGS "hold_ms=10 exit_limit_ms=5 pause_ms=20");
	pass(h, 10 * MS);
	pass(h, 5 * MS);
	replace_rejected(h, 2);
	said(h, "2: sell 100 @ 100100; cancel 2");
	pass(h, 20 * MS);
	said(h, "cancel 2");
	fill(h, 2, 100); /* it trades before the cancel comes */
	pass(h, 1 * S);
	said(h, "");
	host_free(h);
}

static void an_exit_that_is_gone_already_is_not_waited_for(void **state) {
	(void)state;
	fake_host *h = holding(SETTINGS "hold_ms=10 exit_limit_ms=5");
	pass(h, 10 * MS);
	h->orders[2].left = 0; /* filled; the host knows, the update is on its way */
	h->positions[1].shares = 0;
	pass(h, 5 * MS);
	said(h, "2: sell 100 @ 100100; cancel 2");
	pass(h, 1 * S);
	said(h, "");
	host_free(h);
}

/* ---- many symbols, the day ---- */

static void symbols_are_left_each_at_its_time_with_one_timer(void **state) {
	(void)state;
	fake_host *h = ofi(SETTINGS "hold_ms=100 exit_limit_ms=0");
	for (uint16_t s = 1; s <= 3; s++) {
		book_sized(h, s, 100000, 1000, 100100, 1000);
		book_sized(h, s, 100000, 1500, 100100, 500);
		fill(h, s, 100);
		pass(h, 10 * MS);
	}
	h->said_size = 0;
	pass(h, 69 * MS);
	pass(h, 1 * MS);
	said(h, "4: sell 100 @ 100000 ioc");
	pass(h, 10 * MS);
	said(h, "5: sell 100 @ 100000 ioc");
	put(h, "hold_ms=1"); /* for those to come */
	book_sized(h, 4, 100000, 1000, 100100, 1000);
	book_sized(h, 4, 100000, 1500, 100100, 500);
	fill(h, 6, 100);
	pass(h, 1 * MS);
	said(h, "6: buy 100 @ 100100 ioc; 7: sell 100 @ 100000 ioc");
	pass(h, 9 * MS);
	said(h, "8: sell 100 @ 100000 ioc");
	assert_true(h->timers_peak <= 3);
	host_free(h);
}

static void trade_in(fake_host *h, uint16_t symbol) {
	book_sized(h, symbol, 100000, 1000, 100100, 1000);
	book_sized(h, symbol, 100000, 1500, 100100, 500);
	fill(h, h->order_count, 100);
}

/* The first symbol's exit is done at once and its time of 1,100 is void: it trades again and is due at 2,050,
 * after the second's 1,500. */
static void a_later_time_makes_way_for_others(void **state) {
	(void)state;
	fake_host *h = ofi(SETTINGS "hold_ms=1000 exit_limit_ms=100");
	trade_in(h, 1);
	pass(h, 500 * MS);
	trade_in(h, 2);
	pass(h, 500 * MS);
	fill(h, 3, 100);
	pass(h, 50 * MS);
	trade_in(h, 1);
	h->said_size = 0;
	h->said[0] = 0;
	pass(h, 449 * MS);
	said(h, "");
	pass(h, 1 * MS);
	said(h, "5: sell 100 @ 100100");
	pass(h, 550 * MS);
	said(h, "cancel 5; 6: buy 100 @ 100000"); /* the second time it sold: the sizes went back */
	host_free(h);
}

static void near_the_close_everything_is_left_at_once_and_nothing_entered(void **state) {
	(void)state;
	fake_host *h = holding(SETTINGS "hold_ms=5000 exit_limit_ms=500 flatten_at_s=36001");
	pass(h, 1 * S);
	said(h, "2: sell 100 @ 100000 ioc");
	fill(h, 2, 100);
	sizes(h, 5000, 100);
	pass(h, 10 * S);
	said(h, "");
	put(h, "flatten_at_s=0");
	sizes(h, 9000, 100);
	said(h, "3: buy 100 @ 100100 ioc");
	host_free(h);
}

static void near_the_close_a_resting_exit_crosses(void **state) {
	(void)state;
	fake_host *h = holding(SETTINGS "hold_ms=900 exit_limit_ms=5000 flatten_at_s=36001");
	pass(h, 1 * S);
	said(h, "2: sell 100 @ 100100; cancel 2");
	cancelled(h, 2);
	said(h, "3: sell 100 @ 100000 ioc");
	host_free(h);
}

static void stopping_leaves_what_is_held(void **state) {
	(void)state;
	fake_host *h = holding(SETTINGS "hold_ms=900");
	h->vtable->on_stop(h->self);
	said(h, "2: sell 100 @ 100000 ioc");
	fill(h, 2, 100);
	sizes(h, 5000, 100);
	said(h, "");
	host_free(h);
}

static void huge_sizes_do_not_overflow(void **state) {
	(void)state;
	fake_host *h = ofi("threshold_e3=1000000 warmup_events=0 window_ms=0");
	for (int i = 0; i < 1000; i++) sizes(h, i % 2 ? UINT64_MAX : 1, i % 2 ? 1 : UINT64_MAX);
	for (int i = 0; i < 1000; i++) book_sized(h, 1, 100000 + (uint32_t)i, UINT64_MAX, 200000, UINT64_MAX);
	said(h, "");
	host_free(h);
}

/* ---- chance ---- */

static void answer(fake_host *h, ix_rng *rng, uint64_t order) {
	fake_order *o = &h->orders[order];
	if (order == 0 || o->left == 0) return;
	switch (ix_rng_below(rng, 6)) {
	case 0: reject(h, order); break;
	case 1: cancelled(h, order); break;
	case 2: fill(h, order, o->left); break;
	case 3: fill(h, order, 1 + (uint32_t)ix_rng_below(rng, o->left)); break;
	case 4: replace_rejected(h, order); break;
	default: accept(h, order);
	}
}

static void storm(uint64_t seed) {
	ix_rng rng;
	ix_rng_seed(&rng, seed);
	fake_host *h =
		ofi("threshold_e3=500 warmup_events=0 window_ms=100 hold_ms=20 exit_limit_ms=10 pause_ms=1");
	while (h->order_count < FAKE_ORDERS - 20) {
		uint16_t symbol = (uint16_t)(1 + ix_rng_below(&rng, 3));
		uint32_t bid = 100000 + 100 * (uint32_t)ix_rng_below(&rng, 3);
		book_sized(h, symbol, bid, 1 + ix_rng_below(&rng, 2000), bid + 100,
			1 + ix_rng_below(&rng, 2000));
		for (uint64_t i = h->order_count; i + 6 > h->order_count && i > 0; i--) {
			if (ix_rng_chance(&rng, 1, 2)) answer(h, &rng, i);
		}
		if (ix_rng_chance(&rng, 1, 4)) pass(h, ix_rng_below(&rng, 30 * MS));
		h->said_size = 0;
		for (uint16_t s = 1; s <= 3; s++) {
			uint32_t live = 0;
			for (uint64_t i = 1; i <= h->order_count; i++)
				live += h->orders[i].symbol == s && h->orders[i].left > 0;
			if (live > 1) fail_msg("seed %llu: %u orders live", (unsigned long long)seed, live);
			if (llabs(h->positions[s].shares) > 100)
				fail_msg("seed %llu: %lld shares held", (unsigned long long)seed,
					(long long)h->positions[s].shares);
		}
	}
	assert_true(h->timers_peak <= 8);
	host_free(h);
}

static void whatever_the_venue_does_a_symbol_has_one_order_and_one_position(void **state) {
	(void)state;
	for (uint64_t i = 0; i < (ix_testing_long() ? 20000 : 200); i++) storm(ix_testing_seed() + i);
}

IX_TESTS(test_strategy_ofi, cmocka_unit_test(shares_that_join_the_bid_and_leave_the_ask_buy),
	cmocka_unit_test(shares_that_leave_the_bid_and_join_the_ask_sell),
	cmocka_unit_test(a_new_price_counts_all_its_shares_and_a_lost_one_all_it_had),
	cmocka_unit_test(the_threshold_is_in_units_of_the_mean_depth),
	cmocka_unit_test(the_mean_depth_follows_slowly), cmocka_unit_test(half_is_forgotten_in_the_window),
	cmocka_unit_test(half_of_the_window_forgets_a_square_root_of_a_half),
	cmocka_unit_test(what_is_left_of_a_step_is_not_forgotten),
	cmocka_unit_test(a_long_silence_forgets_everything),
	cmocka_unit_test(a_window_of_events_forgets_by_count),
	cmocka_unit_test(nothing_is_done_before_the_warm_up), cmocka_unit_test(a_wide_spread_is_not_crossed),
	cmocka_unit_test(an_empty_side_starts_the_sum_anew),
	cmocka_unit_test(a_position_is_held_and_then_left_at_the_near_side),
	cmocka_unit_test(what_the_limit_does_not_sell_crosses),
	cmocka_unit_test(an_exit_that_does_not_trade_is_tried_again_after_the_pause),
	cmocka_unit_test(a_short_position_is_bought_back), cmocka_unit_test(an_exit_waits_for_a_price),
	cmocka_unit_test(a_rejected_entry_pauses_the_symbol), cmocka_unit_test(a_busy_host_pauses_the_symbol),
	cmocka_unit_test(an_entry_that_trades_nothing_leaves_nothing),
	cmocka_unit_test(a_fill_before_the_acceptance_is_held),
	cmocka_unit_test(a_fill_after_the_cancellation_is_held),
	cmocka_unit_test(a_refusal_that_is_about_nothing_changes_nothing),
	cmocka_unit_test(what_is_held_already_is_not_added_to),
	cmocka_unit_test(a_refused_cancel_of_the_exit_is_asked_again),
	cmocka_unit_test(an_exit_that_is_gone_already_is_not_waited_for),
	cmocka_unit_test(symbols_are_left_each_at_its_time_with_one_timer),
	cmocka_unit_test(a_later_time_makes_way_for_others),
	cmocka_unit_test(near_the_close_everything_is_left_at_once_and_nothing_entered),
	cmocka_unit_test(near_the_close_a_resting_exit_crosses),
	cmocka_unit_test(stopping_leaves_what_is_held), cmocka_unit_test(huge_sizes_do_not_overflow),
	cmocka_unit_test(whatever_the_venue_does_a_symbol_has_one_order_and_one_position));
