/* Positions and profit, worked out by hand; and that not a ten-thousandth is lost or made. */
#include "../inside.h"

#include <inox/rng.h>
#include <inox/testing.h>

typedef struct ledger {
	ix_pipeline p;
	symbol symbols[3];
	uint16_t touched[3];
} ledger;

static ledger *new_ledger(void) {
	ledger *l = calloc(1, sizeof *l);
	assert_non_null(l);
	l->p.symbols = l->symbols;
	l->p.symbols_max = 2;
	l->p.touched = l->touched;
	return l;
}

static void expect(const ledger *l, int64_t shares, int64_t cost_e4, int64_t realised_e4) {
	const ix_strategy_position *at = ix_pipeline_position(&l->p, 1);
	assert_int_equal(at->shares, shares);
	assert_int_equal(at->cost_e4, cost_e4);
	assert_int_equal(at->realised_e4, realised_e4);
	assert_int_equal(l->p.profit.realised_e4, realised_e4);
}

static void a_round_trip_at_average_cost_turns_short_and_back(void **state) {
	(void)state;
	ledger *l = new_ledger();
	profit_fill(&l->p, 1, IX_STRATEGY_BUY, 100, 100000); /* 100 at 10.0000: costs 1,000.0000 */
	expect(l, 100, 10000000, 0);
	profit_fill(&l->p, 1, IX_STRATEGY_SELL, 40, 105000); /* 40 x 0.50 = 20.0000 */
	expect(l, 60, 6000000, 200000);
	profit_fill(&l->p, 1, IX_STRATEGY_SELL, 100, 90000); /* 60 x -1.00, and 40 short at 9.00 */
	expect(l, -40, -3600000, -400000);
	profit_fill(&l->p, 1, IX_STRATEGY_BUY, 40, 85000); /* 40 x 0.50 back */
	expect(l, 0, 0, -200000);
	free(l);
}

static void what_an_average_leaves_over_stays_in_the_cost(void **state) {
	(void)state;
	ledger *l = new_ledger();
	profit_fill(&l->p, 1, IX_STRATEGY_BUY, 1, 1);
	profit_fill(&l->p, 1, IX_STRATEGY_BUY, 2, 2);  /* 3 shares cost 5 */
	profit_fill(&l->p, 1, IX_STRATEGY_SELL, 1, 3); /* a third of 5 is 1, rounded down: 3 - 1 */
	expect(l, 2, 4, 2);
	profit_fill(&l->p, 1, IX_STRATEGY_SELL, 2, 3); /* 6 - 4; in all 9 - 5 */
	expect(l, 0, 0, 4);
	free(l);
}

static void a_drawdown_is_the_deepest_fall_below_a_peak(void **state) {
	(void)state;
	ledger *l = new_ledger();
	/* 10 shares at 1.0000, then marked at 3, 2, 4, 1.5: profits 20, 10, 30, 5; falls of 10 and 25. */
	profit_fill(&l->p, 1, IX_STRATEGY_BUY, 10, 10000);
	static const uint32_t marks[] = {30000, 20000, 40000, 15000};
	for (size_t i = 0; i < IX_COUNT(marks); i++) {
		l->symbols[1].last_e4 = marks[i];
		l->p.now_ns += 1; /* not only when the curve takes a sample */
		profit_mark(&l->p, 1);
	}
	assert_int_equal(l->p.profit.peak_e4, 300000);
	assert_int_equal(l->p.profit.drawdown_e4, 250000);
	assert_int_equal(l->p.profit.drawdown_time_ns, 4);
	assert_int_equal(l->p.profit.unrealised_e4, 50000);
	free(l);
}

static void the_middle_of_the_best_prices_counts_before_the_last_trade(void **state) {
	(void)state;
	ledger *l = new_ledger();
	profit_fill(&l->p, 1, IX_STRATEGY_SELL, 3, 10000);
	l->symbols[1].last_e4 = 50000;
	l->symbols[1].quote.bid_e4 = 9000;
	l->symbols[1].quote.ask_e4 = 9001;
	profit_mark(&l->p, 1);
	/* 3 short at 1.0000, worth 0.90005 each: -27001.5, towards zero -27001; 30000 - 27001 */
	assert_int_equal(l->p.profit.unrealised_e4, 2999);
	free(l);
}

static void the_curve_keeps_its_shape_when_it_is_thinned_out(void **state) {
	(void)state;
	ledger *l = new_ledger();
	profit_fill(&l->p, 1, IX_STRATEGY_BUY, 1, 10000);
	for (uint32_t second = 0; second < 5000; second++) {
		l->symbols[1].last_e4 = 10000 + second;
		l->p.now_ns = second * NS_PER_SECOND;
		profit_mark(&l->p, 1);
		profit_sample(&l->p);
	}
	size_t count;
	const ix_pipeline_point *curve = ix_pipeline_curve(&l->p, &count);
	assert_true(count > IX_PIPELINE_CURVE_MAX / 2 && count <= IX_PIPELINE_CURVE_MAX);
	assert_int_equal(curve[0].time_ns, 0);
	for (size_t i = 0; i < count; i++) {
		assert_int_equal(curve[i].profit_e4, curve[i].time_ns / NS_PER_SECOND);
		if (i > 0) assert_int_equal(curve[i].time_ns - curve[i - 1].time_ns, 4 * NS_PER_SECOND);
	}
	free(l);
}

/* Money is conserved: realised less cost is all that was paid and received. */
static void a_hundred_thousand_random_fills_lose_no_money(void **state) {
	(void)state;
	ledger *l = new_ledger();
	ix_rng rng;
	ix_rng_seed(&rng, ix_testing_seed());
	int64_t cash = 0, shares = 0;
	for (int i = 0; i < 100000; i++) {
		uint32_t quantity =
			(uint32_t)ix_rng_between(&rng, 1, ix_rng_chance(&rng, 1, 50) ? 1000000 : 900);
		uint32_t price_e4 =
			(uint32_t)ix_rng_between(&rng, 1, ix_rng_chance(&rng, 1, 50) ? 2000000000 : 500000);
		uint8_t side = shares > 3000000    ? IX_STRATEGY_SELL
			       : shares < -3000000 ? IX_STRATEGY_BUY
						   : (uint8_t)ix_rng_below(&rng, 2);
		int64_t sign = side == IX_STRATEGY_BUY ? 1 : -1;
		profit_fill(&l->p, 1, side, quantity, price_e4);
		cash -= sign * (int64_t)quantity * price_e4;
		shares += sign * (int64_t)quantity;
		const ix_strategy_position *at = ix_pipeline_position(&l->p, 1);
		assert_int_equal(at->shares, shares);
		assert_int_equal(at->realised_e4 - at->cost_e4, cash);
		assert_true(shares == 0 ? at->cost_e4 == 0
					: (at->cost_e4 >= 0) == (shares > 0) || at->cost_e4 == 0);
	}
	free(l);
}

IX_TESTS(test_profit, cmocka_unit_test(a_round_trip_at_average_cost_turns_short_and_back),
	cmocka_unit_test(what_an_average_leaves_over_stays_in_the_cost),
	cmocka_unit_test(a_drawdown_is_the_deepest_fall_below_a_peak),
	cmocka_unit_test(the_middle_of_the_best_prices_counts_before_the_last_trade),
	cmocka_unit_test(the_curve_keeps_its_shape_when_it_is_thinned_out),
	cmocka_unit_test(a_hundred_thousand_random_fills_lose_no_money));
