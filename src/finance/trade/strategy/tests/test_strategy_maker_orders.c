/* The market maker and its orders: answers in every order, timers, parameters that change, the end of the
 * day. */
#include "fake_host.h"

#include <inox/rng.h>

static fake_host *maker(const char *settings) { return host_of(&ix_strategy_maker, settings); }

static fake_host *entered(const char *settings) {
	fake_host *h = maker(settings);
	book(h, 1, 100000, 100600);
	said(h, "1: buy 100 @ 100100 post; 2: sell 100 @ 100500 post");
	return h;
}

static fake_host *quoting(const char *settings) {
	fake_host *h = entered(settings);
	accept(h, 1);
	accept(h, 2);
	said(h, "");
	return h;
}

static void nothing_is_asked_of_an_order_before_its_answer(void **state) {
	(void)state;
	fake_host *h = entered("");
	book(h, 1, 100100, 100700);
	book(h, 1, 100200, 100800);
	said(h, "");
	accept(h, 1);
	said(h, "replace 1: 100 @ 100300");
	book(h, 1, 100300, 100900);
	said(h, "");
	replaced(h, 1);
	said(h, "replace 1: 100 @ 100400");
	accept(h, 2);
	said(h, "replace 2: 100 @ 100800");
	host_free(h);
}

static void a_collapse_before_the_answer_cancels_at_the_answer(void **state) {
	(void)state;
	fake_host *h = entered("");
	book(h, 1, 100000, 100050);
	said(h, "");
	accept(h, 2);
	accept(h, 1);
	said(h, "cancel 2; cancel 1");
	host_free(h);
}

static void a_rejected_side_is_left_alone_for_the_pause(void **state) {
	(void)state;
	fake_host *h = entered("pause_ms=1000");
	reject(h, 1);
	accept(h, 2);
	book(h, 1, 100000, 100700);
	said(h, "replace 2: 100 @ 100600");
	pass(h, 999 * MS);
	book(h, 1, 100000, 100600);
	said(h, "");
	pass(h, 1 * MS);
	book(h, 1, 100000, 100700);
	said(h, "3: buy 100 @ 100100 post");
	host_free(h);
}

static void a_busy_host_is_asked_again_after_the_pause(void **state) {
	(void)state;
	fake_host *h = maker("pause_ms=10");
	h->is_busy = true;
	book(h, 1, 100000, 100600);
	said(h, "busy; busy");
	h->is_busy = false;
	book(h, 1, 100000, 100600);
	said(h, "");
	pass(h, 10 * MS);
	book(h, 1, 100000, 100600);
	said(h, "1: buy 100 @ 100100 post; 2: sell 100 @ 100500 post");
	host_free(h);
}

/* 100 bought is a lot: the middle goes down a tick, from 100300 to 100200. */
static void a_filled_quote_is_quoted_again_and_both_lean(void **state) {
	(void)state;
	fake_host *h = quoting("");
	fill(h, 1, 100);
	said(h, "3: buy 100 @ 100000 post; replace 2: 100 @ 100400");
	host_free(h);
}

static void a_fill_may_come_before_the_acceptance(void **state) {
	(void)state;
	fake_host *h = entered("skew_ticks=0");
	fill(h, 1, 60);
	said(h, "");
	accept(h, 1);
	fill(h, 1, 40);
	said(h, "3: buy 100 @ 100100 post");
	accept(h, 1); /* too late: it is gone */
	said(h, "");
	host_free(h);
}

static void a_partly_filled_quote_keeps_its_place(void **state) {
	(void)state;
	fake_host *h = quoting("skew_ticks=0");
	fill(h, 2, 30);
	said(h, "");
	book(h, 1, 100100, 100700);
	said(h, "replace 1: 100 @ 100200; replace 2: 100 @ 100600");
	host_free(h);
}

static void what_the_venue_cancels_comes_back_with_the_next_change(void **state) {
	(void)state;
	fake_host *h = quoting("");
	cancelled(h, 1);
	said(h, "");
	book(h, 1, 100000, 100600);
	said(h, "3: buy 100 @ 100100 post");
	host_free(h);
}

static void a_refused_replace_leaves_the_quote_and_is_tried_after_the_pause(void **state) {
	(void)state;
	fake_host *h = quoting("pause_ms=1000");
	book(h, 1, 100100, 100700);
	said(h, "replace 1: 100 @ 100200; replace 2: 100 @ 100600");
	replaced(h, 2);
	replace_rejected(h, 1);
	book(h, 1, 100200, 100800);
	said(h, "replace 2: 100 @ 100700");
	pass(h, 1000 * MS);
	book(h, 1, 100200, 100900);
	said(h, "replace 1: 100 @ 100300");
	host_free(h);
}

static void a_refused_replace_can_still_be_pulled(void **state) {
	(void)state;
	fake_host *h = quoting("");
	book(h, 1, 100100, 100700);
	said(h, "replace 1: 100 @ 100200; replace 2: 100 @ 100600");
	replace_rejected(h, 1);
	book(h, 1, 100100, 100150);
	said(h, "cancel 1");
	host_free(h);
}

static void a_fill_overtakes_the_replace(void **state) {
	(void)state;
	fake_host *h = quoting("skew_ticks=0");
	book(h, 1, 100100, 100700);
	said(h, "replace 1: 100 @ 100200; replace 2: 100 @ 100600");
	fill(h, 1, 100);
	said(h, "3: buy 100 @ 100200 post");
	replace_rejected(h, 1); /* of an order that it has no more */
	said(h, "");
	accept(h, 3);
	said(h, "");
	host_free(h);
}

static void a_fill_overtakes_the_cancel(void **state) {
	(void)state;
	fake_host *h = quoting("");
	book(h, 1, 100000, 100050);
	said(h, "cancel 1; cancel 2");
	fill(h, 1, 40);
	fill(h, 1, 60);
	cancelled(h, 1);
	cancelled(h, 2);
	said(h, "");
	book(h, 1, 100000, 100600);
	said(h, "3: buy 100 @ 100000 post; 4: sell 100 @ 100400 post");
	host_free(h);
}

static void a_refused_cancel_is_asked_again_with_the_next_change(void **state) {
	(void)state;
	fake_host *h = quoting("");
	book(h, 1, 100000, 100050);
	said(h, "cancel 1; cancel 2");
	replace_rejected(h, 1);
	said(h, "");
	book(h, 1, 100000, 100040);
	said(h, "cancel 1");
	host_free(h);
}

static void an_order_that_the_host_does_not_know_is_given_up(void **state) {
	(void)state;
	fake_host *h = quoting("skew_ticks=0");
	h->orders[1].left = 0; /* gone; its update is still to come */
	book(h, 1, 100100, 100700);
	said(h, "replace 1: 100 @ 100200; replace 2: 100 @ 100600");
	book(h, 1, 100100, 100800);
	said(h, "3: buy 100 @ 100200 post");
	fill(h, 1, 100); /* here it is */
	said(h, "");
	host_free(h);
}

/* Bought after all, a lot of it: both sides lean a tick. */
static void a_fill_of_an_order_that_was_given_up_counts(void **state) {
	(void)state;
	fake_host *h = quoting("");
	h->orders[1].left = 0;
	book(h, 1, 100000, 100050);
	said(h, "cancel 1; cancel 2");
	cancelled(h, 2);
	book(h, 1, 100000, 100600);
	accept(h, 3);
	accept(h, 4);
	said(h, "3: buy 100 @ 100100 post; 4: sell 100 @ 100500 post");
	fill(h, 1, 100);
	said(h, "replace 3: 100 @ 100000; replace 4: 100 @ 100400");
	host_free(h);
}

static void a_quote_that_is_accepted_late_is_stale_too(void **state) {
	(void)state;
	fake_host *h = entered("stale_ms=1000");
	pass(h, 1600 * MS);
	said(h, "");
	accept(h, 1);
	said(h, "cancel 1");
	host_free(h);
}

static void a_silent_book_loses_its_quotes(void **state) {
	(void)state;
	fake_host *h = quoting("stale_ms=1000");
	book(h, 2, 100000, 100100);
	pass(h, 900 * MS);
	said(h, "");
	pass(h, 700 * MS);
	said(h, "cancel 1; cancel 2");
	cancelled(h, 1);
	cancelled(h, 2);
	pass(h, 5 * S);
	said(h, "");
	book(h, 1, 100000, 100600);
	said(h, "3: buy 100 @ 100100 post; 4: sell 100 @ 100500 post");
	assert_true(h->timers_peak <= 2);
	host_free(h);
}

static void a_book_that_moves_is_not_stale(void **state) {
	(void)state;
	fake_host *h = quoting("stale_ms=1000");
	for (int i = 0; i < 20; i++) {
		pass(h, 400 * MS);
		book_sized(h, 1, 100000, 1000 + (uint64_t)i, 100600, 1000);
	}
	said(h, "");
	host_free(h);
}

static void stale_ms_of_zero_never_pulls(void **state) {
	(void)state;
	fake_host *h = quoting("stale_ms=0");
	pass(h, 3600 * S);
	said(h, "");
	put(h, "stale_ms=1000");
	said(h, "");
	pass(h, 1600 * MS);
	said(h, "cancel 1; cancel 2");
	host_free(h);
}

/* 300 long at the close: quotes go first, then 300 are sold to whoever bids; what is left a second later. */
static void near_the_close_quotes_go_and_then_what_is_held(void **state) {
	(void)state;
	fake_host *h = maker("flatten_at_s=36010 stale_ms=0 skew_ticks=0");
	h->positions[1].shares = 300;
	book(h, 1, 100000, 100600);
	accept(h, 1);
	accept(h, 2);
	said(h, "1: buy 100 @ 100100 post; 2: sell 100 @ 100500 post");
	until(h, 36010 * S - 1);
	said(h, "");
	until(h, 36010 * S);
	said(h, "cancel 1; cancel 2");
	fill(h, 1, 100); /* on the way */
	cancelled(h, 2);
	said(h, "3: sell 400 @ 100000 ioc");
	accept(h, 3);
	fill(h, 3, 250);
	cancelled(h, 3);
	said(h, "");
	pass(h, 1 * S);
	said(h, "4: sell 150 @ 100000 ioc");
	fill(h, 4, 150);
	book(h, 1, 100000, 101000);
	pass(h, 60 * S);
	said(h, "");
	host_free(h);
}

static void a_short_position_is_bought_back_near_the_close(void **state) {
	(void)state;
	fake_host *h = maker("flatten_at_s=36001");
	h->positions[3].shares = -70;
	pass(h, 1 * S);
	book(h, 3, 100000, 0);
	said(h, "");
	book(h, 3, 100000, 100600);
	said(h, "1: buy 70 @ 100600 ioc");
	reject(h, 1);
	book(h, 3, 100000, 100500);
	said(h, "");
	pass(h, 1100 * MS);
	said(h, "2: buy 70 @ 100500 ioc");
	host_free(h);
}

static void the_close_can_be_put_off_and_moved_up(void **state) {
	(void)state;
	fake_host *h = quoting("flatten_at_s=36005 stale_ms=0");
	put(h, "flatten_at_s=36100");
	until(h, 36099 * S);
	said(h, "");
	put(h, "flatten_at_s=36050");
	said(h, "cancel 1; cancel 2");
	cancelled(h, 1);
	cancelled(h, 2);
	put(h, "flatten_at_s=0");
	said(h, "3: buy 100 @ 100100 post; 4: sell 100 @ 100500 post");
	host_free(h);
}

static void a_changed_parameter_counts_at_once(void **state) {
	(void)state;
	fake_host *h = quoting("");
	put(h, "inside_ticks=2");
	said(h, "replace 1: 100 @ 100200; replace 2: 100 @ 100400");
	replaced(h, 1);
	replaced(h, 2);
	put(h, "size=200");
	said(h, ""); /* with the next move */
	book(h, 1, 100100, 100600);
	said(h, "replace 1: 200 @ 100300");
	put(h, "spread_pull_e4=5000");
	put(h, "spread_min_e4=5000");
	said(h, "cancel 2");
	host_free(h);
}

static void stopping_pulls_everything_and_quotes_no_more(void **state) {
	(void)state;
	fake_host *h = quoting("");
	book(h, 2, 100000, 100600);
	said(h, "3: buy 100 @ 100100 post; 4: sell 100 @ 100500 post");
	h->vtable->on_stop(h->self);
	said(h, "cancel 1; cancel 2");
	accept(h, 3);
	accept(h, 4);
	said(h, "cancel 3; cancel 4");
	book(h, 1, 100000, 100900);
	pass(h, 100 * S);
	said(h, "");
	host_free(h);
}

/* ---- chance ---- */

typedef struct wish {
	uint64_t order;
	bool is_replace;
} wish;

/* Answers one order by chance: as a venue may at any moment. */
static void answer(fake_host *h, ix_rng *rng, uint64_t order, uint8_t *is_accepted) {
	fake_order *o = &h->orders[order];
	if (o->left == 0) return;
	switch (ix_rng_below(rng, 8)) {
	case 0:
		if (!*is_accepted) reject(h, order);
		break;
	case 1: cancelled(h, order); break;
	case 2: fill(h, order, o->left); break;
	case 3: fill(h, order, 1 + (uint32_t)ix_rng_below(rng, o->left)); break;
	case 4: replace_rejected(h, order); break;
	case 5:
		if (o->wanted_left == 0) break;
		replaced(h, order);
		o->wanted_left = 0;
		break;
	default:
		if (!*is_accepted) accept(h, order);
		*is_accepted = 1;
	}
}

static void storm(uint64_t seed) {
	ix_rng rng;
	ix_rng_seed(&rng, seed);
	fake_host *h = maker("spread_min_e4=200 pause_ms=1 inventory_max=500 stale_ms=50 flatten_at_s=0");
	uint8_t is_accepted[FAKE_ORDERS] = {0};
	while (h->order_count < FAKE_ORDERS - 20) {
		uint16_t symbol = (uint16_t)(1 + ix_rng_below(&rng, 3));
		uint32_t bid = 100000 + 100 * (uint32_t)ix_rng_below(&rng, 10);
		book(h, symbol, bid, bid + 50 * (uint32_t)ix_rng_below(&rng, 14));
		uint64_t order = h->order_count > 0 ? 1 + ix_rng_below(&rng, h->order_count) : 1;
		answer(h, &rng, order, &is_accepted[order]);
		if (h->order_count > 0) answer(h, &rng, h->order_count, &is_accepted[h->order_count]);
		if (ix_rng_chance(&rng, 1, 4)) pass(h, ix_rng_below(&rng, 30 * MS));
		h->said_size = 0;
		for (uint16_t s = 1; s <= 3; s++) {
			uint32_t live[2] = {0, 0};
			for (uint64_t i = 1; i <= h->order_count; i++)
				live[h->orders[i].side] += h->orders[i].symbol == s && h->orders[i].left > 0;
			if (live[0] > 1 || live[1] > 1)
				fail_msg("seed %llu: two orders a side", (unsigned long long)seed);
			/* A replace that crosses a fill may overshoot by a quote. */
			if (llabs(h->positions[s].shares) > 600)
				fail_msg("seed %llu: %lld shares held", (unsigned long long)seed,
					(long long)h->positions[s].shares);
		}
	}
	host_free(h);
}

static void whatever_the_venue_does_a_side_has_one_order_and_the_inventory_its_bound(void **state) {
	(void)state;
	for (uint64_t i = 0; i < (ix_testing_long() ? 20000 : 200); i++) storm(ix_testing_seed() + i);
}

IX_TESTS(test_strategy_maker_orders, cmocka_unit_test(nothing_is_asked_of_an_order_before_its_answer),
	cmocka_unit_test(a_collapse_before_the_answer_cancels_at_the_answer),
	cmocka_unit_test(a_rejected_side_is_left_alone_for_the_pause),
	cmocka_unit_test(a_busy_host_is_asked_again_after_the_pause),
	cmocka_unit_test(a_filled_quote_is_quoted_again_and_both_lean),
	cmocka_unit_test(a_fill_may_come_before_the_acceptance),
	cmocka_unit_test(a_partly_filled_quote_keeps_its_place),
	cmocka_unit_test(what_the_venue_cancels_comes_back_with_the_next_change),
	cmocka_unit_test(a_refused_replace_leaves_the_quote_and_is_tried_after_the_pause),
	cmocka_unit_test(a_refused_replace_can_still_be_pulled),
	cmocka_unit_test(a_fill_overtakes_the_replace), cmocka_unit_test(a_fill_overtakes_the_cancel),
	cmocka_unit_test(a_refused_cancel_is_asked_again_with_the_next_change),
	cmocka_unit_test(an_order_that_the_host_does_not_know_is_given_up),
	cmocka_unit_test(a_fill_of_an_order_that_was_given_up_counts),
	cmocka_unit_test(a_quote_that_is_accepted_late_is_stale_too),
	cmocka_unit_test(a_silent_book_loses_its_quotes), cmocka_unit_test(a_book_that_moves_is_not_stale),
	cmocka_unit_test(stale_ms_of_zero_never_pulls),
	cmocka_unit_test(near_the_close_quotes_go_and_then_what_is_held),
	cmocka_unit_test(a_short_position_is_bought_back_near_the_close),
	cmocka_unit_test(the_close_can_be_put_off_and_moved_up),
	cmocka_unit_test(a_changed_parameter_counts_at_once),
	cmocka_unit_test(stopping_pulls_everything_and_quotes_no_more),
	cmocka_unit_test(whatever_the_venue_does_a_side_has_one_order_and_the_inventory_its_bound));
