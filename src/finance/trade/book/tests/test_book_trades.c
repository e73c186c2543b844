/* Trades that are broken later, against a list of all trades ever printed; and against whoever breaks them in
 * swarms. */
#include "book_fixture.h"

#include <inox/rng.h>

enum { TRADES = 6000, KEPT = 64, STOCKS = 3 };

typedef struct listed {
	ix_book_trade trade;
	bool is_broken;
} listed;

static listed list[TRADES];
static size_t list_count;

static int print_trade(ix_books *books, const ix_book_trade *trade) {
	list[list_count++] = (listed){*trade, false};
	return ix_book_print(books, trade, NULL);
}

/* The newest of that number that is still kept and whole. */
static bool break_listed(uint64_t match) {
	for (size_t i = list_count; i > 0 && list_count - i < KEPT; i--) {
		if (list[i - 1].trade.match != match || list[i - 1].is_broken) continue;
		list[i - 1].is_broken = true;
		return true;
	}
	return false;
}

static void assert_as_listed(const ix_books *books, uint16_t locate) {
	ix_book_stats want = {0}, have;
	for (size_t i = 0; i < list_count; i++) {
		const ix_book_trade *t = &list[i].trade;
		if (t->locate != locate || list[i].is_broken) continue;
		if (want.trade_count++ == 0) want.open_e4 = want.high_e4 = want.low_e4 = t->price_e4;
		if (t->price_e4 > want.high_e4) want.high_e4 = t->price_e4;
		if (t->price_e4 < want.low_e4) want.low_e4 = t->price_e4;
		want.last_e4 = t->price_e4;
		want.last_match = t->match;
		want.volume += t->shares;
	}
	ix_book_get_stats(books, locate, &have);
	assert_int_equal(have.trade_count, want.trade_count);
	assert_int_equal(have.volume, want.volume);
	assert_int_equal(have.open_e4, want.open_e4);
	assert_int_equal(have.high_e4, want.high_e4);
	assert_int_equal(have.low_e4, want.low_e4);
	assert_int_equal(have.last_e4, want.last_e4);
	if (want.trade_count) assert_int_equal(have.last_match, want.last_match);
}

static void statistics_are_those_of_the_trades_that_stand(void **state) {
	(void)state;
	ix_books *books = one_stock();
	for (uint16_t locate = 2; locate <= STOCKS; locate++)
		assert_int_equal(ix_books_add_symbol(books, locate, (ix_str){&"  BC"[locate], 1}, NULL), 0);
	ix_rng rng;
	ix_rng_seed(&rng, 17);
	list_count = 0;
	while (list_count < TRADES) {
		uint16_t locate = (uint16_t)(1 + ix_rng_below(&rng, STOCKS));
		if (ix_rng_below(&rng, 3)) {
			ix_book_trade trade = {.match = 1 + ix_rng_below(&rng, 40) + list_count / 2,
				.shares = 1 + ix_rng_below(&rng, 500),
				.price_e4 = (uint32_t)(100 + ix_rng_below(&rng, 12)),
				.locate = locate,
				.kind = IX_BOOK_TRADE_HIDDEN,
				.is_printable = true};
			assert_int_equal(print_trade(books, &trade), 0);
		} else {
			uint64_t match = 1 + ix_rng_below(&rng, 60) + list_count / 2;
			assert_int_equal(ix_book_break(books, match), break_listed(match));
		}
		if (list_count % 50 == 0) assert_as_listed(books, locate);
	}
	for (uint16_t locate = 1; locate <= STOCKS; locate++) assert_as_listed(books, locate);
	ix_books_free(books);
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

IX_TESTS(test_book_trades, cmocka_unit_test(statistics_are_those_of_the_trades_that_stand),
	cmocka_unit_test(a_swarm_of_broken_trades_is_no_trouble));
