/* The back-tests that docs/strategies.md tells of, on the public synthetic day, to the bit. The figures were
 * taken from runs by hand; what makes them right is tested room by room (fill model, books, risk, profit).
 * This holds that they stay, on every machine and with every compiler. */
#include <inox/testing.h>

static void a_backtest_comes_out_as_documented(const char *strategy, const char *const *says, size_t count) {
	const char *suite = ix_testing_suite("itch");
	ix_testing_run run;
	if (!suite) return;
	ix_testing_shell(&run,
		"%s trade run --feed %s/synth100k.itch.xz --strategy %s --latency-alert 60s --json",
		ix_testing_inox(), suite, strategy);
	assert_int_equal(run.exit_code, 0);
	for (size_t i = 0; i < count; i++) {
		if (!strstr(run.out, says[i])) fail_msg("%s: '%s' is not there", strategy, says[i]);
	}
}

static void the_makers_day(void **state) {
	(void)state;
	static const char *const says[] = {"\"decisions\": 19454,", "\"fills\": 103,",
		"\"filled_shares\": 6812,", "\"profit\": 51.8900,", "\"drawdown\": 19.1450,",
		"\"positions_hash\": \"75b924fb867942d84768a4e482e37d0051da4772e33983e20d515de8332eafac\""};
	a_backtest_comes_out_as_documented("maker", says, IX_COUNT(says));
}

static void the_order_flow_takers_day(void **state) {
	(void)state;
	static const char *const says[] = {"\"decisions\": 131,", "\"fills\": 54,",
		"\"filled_shares\": 3590,", "\"profit\": -34.9000,", "\"drawdown\": 34.9000,",
		"\"positions_hash\": \"b13e28ae9461712eef926a2d3ff7d0c8381feb4b7c0819ef05ac151616aa805e\""};
	a_backtest_comes_out_as_documented("ofi", says, IX_COUNT(says));
}

IX_TESTS(test_backtests, cmocka_unit_test(the_makers_day), cmocka_unit_test(the_order_flow_takers_day));
