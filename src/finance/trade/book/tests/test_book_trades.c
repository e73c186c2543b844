/* Statistics of what traded, and of what was broken again. */
#include "book_fixture.h"

#include <inox/rng.h>

static void print(ix_books *books, uint64_t match, uint64_t shares, uint32_t price) {
	const ix_book_trade trade = {.match = match,
		.shares = shares,
		.price_e4 = price,
		.locate = STOCK,
		.timestamp_ns = match,
		.kind = IX_BOOK_TRADE_HIDDEN,
		.is_printable = true};
	assert_int_equal(ix_book_print(books, &trade, NULL), 0);
}

static ix_book_stats stats_of(const ix_books *books) {
	ix_book_stats stats;
	ix_book_get_stats(books, STOCK, &stats);
	return stats;
}

static void assert_prices(const ix_books *books, uint32_t open, uint32_t high, uint32_t low, uint32_t last) {
	ix_book_stats s = stats_of(books);
	assert_int_equal(s.open_e4, open);
	assert_int_equal(s.high_e4, high);
	assert_int_equal(s.low_e4, low);
	assert_int_equal(s.last_e4, last);
}

static void trades_make_volume_and_prices(void **state) {
	(void)state;
	ix_books *books = one_stock();
	print(books, 1, 100, 10000);
	print(books, 2, 200, 10300);
	print(books, 3, 100, 9900);
	print(books, 4, 50, 10100);
	ix_book_stats s = stats_of(books);
	assert_int_equal(s.volume, 450);
	assert_int_equal(s.hidden_volume, 450);
	assert_int_equal(s.trade_count, 4);
	/* 100*10000 + 200*10300 + 100*9900 + 50*10100 = 4,555,000; / 450 = 10122.2 */
	assert_int_equal(s.notional_e4_low, 4555000);
	assert_int_equal(s.vwap_e4, 10122);
	assert_int_equal(s.last_shares, 50);
	assert_int_equal(s.last_match, 4);
	assert_prices(books, 10000, 10300, 9900, 10100);
	finish(books);
}

static void the_vwap_is_rounded_half_up(void **state) {
	(void)state;
	ix_books *books = one_stock();
	print(books, 1, 1, 10000);
	print(books, 2, 1, 10001);
	assert_int_equal(stats_of(books).vwap_e4, 10001); /* 10000.5 */
	print(books, 3, 1, 10000);
	assert_int_equal(stats_of(books).vwap_e4, 10000); /* 10000.33 */
	finish(books);
}

static void the_notional_does_not_overflow(void **state) {
	(void)state;
	ix_books *books = one_stock();
	print(books, 1, UINT64_C(1) << 62, UINT32_MAX);
	print(books, 2, UINT64_C(1) << 62, UINT32_MAX);
	ix_book_stats s = stats_of(books);
	/* 2^63 * (2^32 - 1) = 2^95 - 2^63 */
	assert_true(s.notional_e4_high == (UINT64_C(1) << 31) - 1);
	assert_true(s.notional_e4_low == UINT64_C(1) << 63);
	assert_int_equal(s.vwap_e4, UINT32_MAX);
	finish(books);
}

static void a_broken_trade_is_undone(void **state) {
	(void)state;
	ix_books *books = one_stock();
	print(books, 1, 100, 10000);
	print(books, 2, 200, 10300);
	print(books, 3, 100, 9900);
	assert_true(ix_book_break(books, 2));
	assert_prices(books, 10000, 10000, 9900, 9900);
	ix_book_stats s = stats_of(books);
	assert_int_equal(s.volume, 200);
	assert_int_equal(s.vwap_e4, 9950);
	assert_int_equal(s.broken_count, 1);
	assert_int_equal(s.broken_volume, 200);
	assert_true(ix_book_break(books, 3));
	assert_prices(books, 10000, 10000, 10000, 10000);
	assert_true(ix_book_break(books, 1));
	assert_prices(books, 0, 0, 0, 0);
	assert_int_equal(stats_of(books).volume, 0);
	assert_int_equal(stats_of(books).vwap_e4, 0);
	print(books, 4, 7, 5000);
	assert_prices(books, 5000, 5000, 5000, 5000);
	finish(books);
}

static void a_trade_is_broken_once(void **state) {
	(void)state;
	ix_books *books = one_stock();
	print(books, 1, 100, 10000);
	assert_true(ix_book_break(books, 1));
	assert_false(ix_book_break(books, 1));
	assert_false(ix_book_break(books, 2));
	ix_books_info info;
	ix_books_get_info(books, &info);
	assert_int_equal(info.broken_count, 1);
	assert_int_equal(info.broken_unknown_count, 2);
	finish(books);
}

static void breaking_a_trade_leaves_the_book_as_it_is(void **state) {
	(void)state;
	ix_books *books = one_stock();
	add(books, 1, BID, 100, 10000);
	ix_book_execute(books, 1, 40, 9, NULL);
	assert_true(ix_book_break(books, 9));
	assert_best(books, BID, 10000, 1, 60);
	assert_int_equal(stats_of(books).volume, 0);
	finish(books);
}

static void trades_beyond_the_window_are_final(void **state) {
	(void)state;
	ix_books *books = one_stock(); /* trades_max is 64 */
	print(books, 1, 10, 20000);
	print(books, 2, 10, 100);
	for (uint64_t match = 3; match <= 66; match++) print(books, match, 10, 10000);
	assert_false(ix_book_break(books, 1));
	assert_false(ix_book_break(books, 2));
	assert_true(ix_book_break(books, 3));
	assert_prices(books, 20000, 20000, 100, 10000);
	for (uint64_t match = 4; match <= 66; match++) assert_true(ix_book_break(books, match));
	/* What has settled remains, with its last trade. */
	assert_prices(books, 20000, 20000, 100, 100);
	assert_int_equal(stats_of(books).volume, 20);
	finish(books);
}

static void a_broken_trade_does_not_settle(void **state) {
	(void)state;
	ix_books *books = one_stock();
	print(books, 1, 10, 20000);
	assert_true(ix_book_break(books, 1));
	for (uint64_t match = 2; match <= 200; match++) print(books, match, 10, 10000);
	assert_true(ix_book_break(books, 200));
	assert_prices(books, 10000, 10000, 10000, 10000);
	finish(books);
}

static void a_print_needs_a_symbol_and_shares(void **state) {
	(void)state;
	ix_books *books = one_stock();
	assert_int_equal(
		ix_book_print(books, &(ix_book_trade){.locate = 3, .shares = 5, .is_printable = true}, NULL),
		IX_ERR_NOT_FOUND);
	print(books, 1, 0, 10000);
	assert_int_equal(stats_of(books).trade_count, 0);
	finish(books);
}

/* ---- against a plain list of all trades ---- */

enum { LISTED = 3000, WINDOW = 64, SYMBOLS = 3 };

typedef struct listed_trade {
	ix_book_trade trade;
	bool is_broken;
} listed_trade;

static void compare_with_list(
	const ix_books *books, const listed_trade *list, size_t count, uint16_t locate) {
	ix_book_stats expected = {0}, s;
	uint64_t notional = 0;
	for (size_t i = 0; i < count; i++) {
		const ix_book_trade *t = &list[i].trade;
		if (t->locate != locate || list[i].is_broken) continue;
		if (expected.trade_count++ == 0)
			expected.open_e4 = expected.high_e4 = expected.low_e4 = t->price_e4;
		if (t->price_e4 > expected.high_e4) expected.high_e4 = t->price_e4;
		if (t->price_e4 < expected.low_e4) expected.low_e4 = t->price_e4;
		expected.last_e4 = t->price_e4;
		expected.last_match = t->match;
		expected.volume += t->shares;
		notional += t->shares * t->price_e4;
	}
	ix_book_get_stats(books, locate, &s);
	assert_int_equal(s.trade_count, expected.trade_count);
	assert_int_equal(s.volume, expected.volume);
	assert_int_equal(s.notional_e4_low, notional);
	assert_int_equal(s.vwap_e4, expected.volume ? (notional + expected.volume / 2) / expected.volume : 0);
	assert_int_equal(s.open_e4, expected.open_e4);
	assert_int_equal(s.high_e4, expected.high_e4);
	assert_int_equal(s.low_e4, expected.low_e4);
	assert_int_equal(s.last_e4, expected.last_e4);
	assert_int_equal(s.last_match, expected.last_match);
}

static void random_trades_and_breaks_agree_with_a_list_of_all(void **state) {
	(void)state;
	ix_rng rng;
	ix_rng_seed(&rng, ix_testing_seed());
	ix_books *books = one_stock();
	ix_books_add_symbol(books, 2, IX_STR("TWO"), NULL);
	ix_books_add_symbol(books, 3, IX_STR("THREE"), NULL);
	listed_trade *list = calloc(LISTED, sizeof *list);
	size_t count = 0;
	while (count < LISTED) {
		if (count > 0 && ix_rng_below(&rng, 3) == 0) {
			size_t back = (size_t)ix_rng_below(&rng, 80),
			       at = back < count ? count - 1 - back : 0;
			bool is_known = count - 1 - at < WINDOW && !list[at].is_broken;
			assert_int_equal(ix_book_break(books, list[at].trade.match), is_known);
			if (is_known) list[at].is_broken = true;
		} else {
			list[count].trade = (ix_book_trade){.match = count * 3 + ix_rng_below(&rng, 3),
				.shares = 1 + ix_rng_below(&rng, 500),
				.price_e4 = 10000 + (uint32_t)ix_rng_below(&rng, 50),
				.locate = (uint16_t)(1 + ix_rng_below(&rng, SYMBOLS)),
				.is_printable = true};
			assert_int_equal(ix_book_print(books, &list[count].trade, NULL), 0);
			count++;
		}
		if (count % 8 == 0)
			compare_with_list(books, list, count, (uint16_t)(1 + ix_rng_below(&rng, SYMBOLS)));
	}
	free(list);
	finish(books);
}

/* All at one price: each of them was the high, the low and the last. When the prices were recalled for each,
 * and a run of one number was walked for each, this took minutes. */
static void a_swarm_of_broken_trades_is_no_trouble(void **state) {
	(void)state;
	enum { SWARM = 250000 };
	for (int has_one_number = 0; has_one_number < 2; has_one_number++) {
		ix_books_options options = small_options();
		options.trades_max = 1 << 18;
		ix_books *books = books_with(&options);
		assert_int_equal(ix_books_add_symbol(books, STOCK, IX_STR("ACME"), NULL), 0);
		ix_book_trade trade = {.shares = 1,
			.price_e4 = 100,
			.locate = STOCK,
			.kind = IX_BOOK_TRADE_HIDDEN,
			.is_printable = true};
		for (uint32_t i = 0; i < SWARM; i++) {
			trade.match = has_one_number ? 5 : i;
			assert_int_equal(ix_book_print(books, &trade, NULL), 0);
		}
		for (uint32_t i = 1; i < SWARM; i++)
			if (!ix_book_break(books, has_one_number ? 5 : i)) fail();
		ix_book_stats stats;
		ix_book_get_stats(books, STOCK, &stats);
		assert_int_equal(stats.volume, 1);
		assert_int_equal(stats.last_match, has_one_number ? 5 : 0);
		assert_int_equal(stats.high_e4, 100);
		ix_books_free(books);
	}
}

IX_TESTS(test_book_trades, cmocka_unit_test(trades_make_volume_and_prices),
	cmocka_unit_test(the_vwap_is_rounded_half_up), cmocka_unit_test(the_notional_does_not_overflow),
	cmocka_unit_test(a_broken_trade_is_undone), cmocka_unit_test(a_trade_is_broken_once),
	cmocka_unit_test(breaking_a_trade_leaves_the_book_as_it_is),
	cmocka_unit_test(trades_beyond_the_window_are_final),
	cmocka_unit_test(a_broken_trade_does_not_settle), cmocka_unit_test(a_print_needs_a_symbol_and_shares),
	cmocka_unit_test(random_trades_and_breaks_agree_with_a_list_of_all),
	cmocka_unit_test(a_swarm_of_broken_trades_is_no_trouble));
