/* The book by reference: what each operation does to queues, levels and best prices. */
#include "book_fixture.h"

static void an_empty_book_has_no_best_prices(void **state) {
	(void)state;
	ix_books *books = one_stock();
	assert_best(books, BID, 0, 0, 0);
	assert_best(books, ASK, 0, 0, 0);
	assert_int_equal(ix_book_depth(books, STOCK, BID, &(ix_book_level){0}, 1), 0);
	finish(books);
}

static void the_best_bid_is_the_highest_and_the_best_ask_the_lowest(void **state) {
	(void)state;
	ix_books *books = one_stock();
	add(books, 1, BID, 100, 9900);
	add(books, 2, BID, 200, 10000);
	add(books, 3, BID, 300, 9800);
	add(books, 4, ASK, 400, 10300);
	add(books, 5, ASK, 500, 10100);
	add(books, 6, ASK, 600, 10200);
	assert_best(books, BID, 10000, 1, 200);
	assert_best(books, ASK, 10100, 1, 500);
	finish(books);
}

static void orders_of_one_price_queue_in_order_of_arrival(void **state) {
	(void)state;
	ix_books *books = one_stock();
	for (uint64_t reference = 1; reference <= 5; reference++) add(books, reference, BID, 10, 10000);
	assert_string_equal(queue_text(books, BID, 10000), "1 2 3 4 5");
	assert_best(books, BID, 10000, 5, 50);
	finish(books);
}

static void an_execution_takes_shares_and_leaves_the_place(void **state) {
	(void)state;
	ix_books *books = one_stock();
	add(books, 1, ASK, 100, 10000);
	add(books, 2, ASK, 100, 10000);
	assert_int_equal(ix_book_execute(books, 1, 30, 1, NULL), 0);
	assert_best(books, ASK, 10000, 2, 170);
	assert_string_equal(queue_text(books, ASK, 10000), "1 2");
	finish(books);
}

static void an_execution_of_all_shares_removes_the_order(void **state) {
	(void)state;
	ix_books *books = one_stock();
	add(books, 1, ASK, 100, 10000);
	add(books, 2, ASK, 100, 10000);
	assert_int_equal(ix_book_execute(books, 1, 100, 1, NULL), 0);
	assert_false(ix_book_find(books, 1, &(ix_book_order){0}));
	assert_best(books, ASK, 10000, 1, 100);
	finish(books);
}

static void the_last_order_of_a_level_takes_the_level_with_it(void **state) {
	(void)state;
	ix_books *books = one_stock();
	add(books, 1, BID, 100, 10000);
	add(books, 2, BID, 200, 9900);
	assert_int_equal(ix_book_delete(books, 1, NULL), 0);
	assert_best(books, BID, 9900, 1, 200);
	assert_int_equal(ix_book_level_count(books, STOCK, BID), 1);
	assert_level(ix_book_level_at(books, STOCK, BID, 10000), 0, 0, 0);
	finish(books);
}

static void a_partial_cancel_keeps_the_place_in_the_queue(void **state) {
	(void)state;
	ix_books *books = one_stock();
	add(books, 1, BID, 100, 10000);
	add(books, 2, BID, 100, 10000);
	assert_int_equal(ix_book_cancel(books, 1, 60, NULL), 0);
	assert_string_equal(queue_text(books, BID, 10000), "1 2");
	assert_best(books, BID, 10000, 2, 140);
	assert_int_equal(ix_book_cancel(books, 1, 40, NULL), 0);
	assert_string_equal(queue_text(books, BID, 10000), "2");
	finish(books);
}

static void a_replaced_order_goes_to_the_end_of_the_queue_even_at_its_price(void **state) {
	(void)state;
	ix_books *books = one_stock();
	add(books, 1, BID, 100, 10000);
	add(books, 2, BID, 100, 10000);
	assert_int_equal(ix_book_replace(books, 1, 3, 50, 10000, NULL), 0);
	assert_string_equal(queue_text(books, BID, 10000), "2 3");
	assert_best(books, BID, 10000, 2, 150);
	finish(books);
}

static void a_replaced_order_keeps_side_symbol_and_attribution(void **state) {
	(void)state;
	ix_books *books = one_stock();
	ix_book_order order = {.reference = 1, .locate = STOCK, .side = ASK, .shares = 5, .price_e4 = 700};
	memcpy(order.mpid, "GSCO", 4);
	assert_int_equal(ix_book_add(books, &order, NULL), 0);
	assert_int_equal(ix_book_replace(books, 1, 2, 8, 600, NULL), 0);
	ix_book_order found;
	assert_true(ix_book_find(books, 2, &found));
	assert_int_equal(found.locate, STOCK);
	assert_int_equal(found.side, ASK);
	assert_int_equal(found.shares, 8);
	assert_int_equal(found.price_e4, 600);
	assert_memory_equal(found.mpid, "GSCO", 4);
	assert_false(ix_book_find(books, 1, &found));
	finish(books);
}

static void replacing_the_only_order_of_the_best_level_finds_the_next_best(void **state) {
	(void)state;
	ix_books *books = one_stock();
	add(books, 1, ASK, 100, 10000);
	add(books, 2, ASK, 100, 10200);
	ix_book_replace(books, 1, 3, 70, 10400, NULL);
	assert_best(books, ASK, 10200, 1, 100);
	finish(books);
}

static void depth_lists_levels_from_the_best_as_many_as_asked(void **state) {
	(void)state;
	ix_books *books = one_stock();
	for (uint32_t i = 0; i < 40; i++) add(books, 1 + i, ASK, 10 + i, 10000 + 100 * ((i * 7) % 40));
	ix_book_level levels[64];
	assert_int_equal(ix_book_depth(books, STOCK, ASK, levels, 3), 3);
	assert_int_equal(levels[0].price_e4, 10000);
	assert_int_equal(levels[1].price_e4, 10100);
	assert_int_equal(levels[2].price_e4, 10200);
	assert_int_equal(ix_book_depth(books, STOCK, ASK, levels, 64), 40);
	for (uint32_t i = 1; i < 40; i++) assert_true(levels[i - 1].price_e4 < levels[i].price_e4);
	finish(books);
}

static void extreme_prices_sort_like_any_other(void **state) {
	(void)state;
	ix_books *books = one_stock();
	const uint32_t prices[] = {0, UINT32_MAX, 1, 0x80000000U, 0x7fffffffU, UINT32_MAX - 1};
	for (uint32_t i = 0; i < IX_COUNT(prices); i++) {
		add(books, 1 + i, BID, 1, prices[i]);
		add(books, 101 + i, ASK, 1, prices[i]);
	}
	const uint32_t sorted[] = {0, 1, 0x7fffffffU, 0x80000000U, UINT32_MAX - 1, UINT32_MAX};
	ix_book_level bids[8], asks[8];
	assert_int_equal(ix_book_depth(books, STOCK, BID, bids, 8), 6);
	assert_int_equal(ix_book_depth(books, STOCK, ASK, asks, 8), 6);
	for (size_t i = 0; i < 6; i++) {
		assert_int_equal(asks[i].price_e4, sorted[i]);
		assert_int_equal(bids[i].price_e4, sorted[5 - i]);
	}
	assert_true(ix_book_is_crossed(books, STOCK));
	finish(books);
}

static void a_position_counts_orders_and_shares_ahead(void **state) {
	(void)state;
	ix_books *books = one_stock();
	for (uint32_t i = 1; i <= 100; i++) add(books, i, BID, i, 10000);
	ix_book_delete(books, 3, NULL);
	ix_book_cancel(books, 5, 2, NULL);
	ix_book_position p;
	assert_true(ix_book_queue_position(books, 100, &p));
	/* 1 + 2 + … + 99 is 4950; less 3 and 2 */
	assert_int_equal(p.orders_ahead, 98);
	assert_int_equal(p.shares_ahead, 4945);
	assert_int_equal(p.order_count, 99);
	assert_int_equal(p.level_shares, 5045);
	assert_true(ix_book_queue_position(books, 1, &p));
	assert_int_equal(p.orders_ahead, 0);
	assert_int_equal(p.shares_ahead, 0);
	assert_false(ix_book_queue_position(books, 3, &p));
	finish(books);
}

static void an_order_is_found_with_all_its_fields(void **state) {
	(void)state;
	ix_books *books = one_stock();
	add(books, 77, ASK, 123, 45600);
	ix_book_order found;
	assert_true(ix_book_find(books, 77, &found));
	assert_int_equal(found.reference, 77);
	assert_int_equal(found.locate, STOCK);
	assert_int_equal(found.side, ASK);
	assert_int_equal(found.shares, 123);
	assert_int_equal(found.price_e4, 45600);
	assert_memory_equal(found.mpid, "\0\0\0\0", 4);
	finish(books);
}

static void references_may_come_in_any_order_and_size(void **state) {
	(void)state;
	ix_books *books = one_stock();
	/* Steps within the window, leaps over it, the ends of the number range, and back. */
	const uint64_t references[] = {5000, 5001, 5063, 4999, 6000, 9000, 1, 0, UINT64_MAX, UINT64_MAX - 63,
		9001, UINT64_C(1) << 32, 70000, 9065, 9129, 8999};
	for (size_t i = 0; i < IX_COUNT(references); i++) {
		assert_int_equal(add(books, references[i], BID, (uint32_t)i + 1, 10000), 0);
		assert_whole(books);
	}
	for (size_t i = 0; i < IX_COUNT(references); i++) {
		ix_book_order found;
		assert_true(ix_book_find(books, references[i], &found));
		assert_int_equal(found.shares, i + 1);
		assert_int_equal(add(books, references[i], BID, 1, 10000), IX_ERR_EXISTS);
	}
	for (size_t i = 0; i < IX_COUNT(references); i++) {
		assert_int_equal(ix_book_delete(books, references[i], NULL), 0);
		assert_whole(books);
	}
	assert_best(books, BID, 0, 0, 0);
	finish(books);
}

static void an_order_that_outlives_the_window_is_still_found(void **state) {
	(void)state;
	ix_books *books = one_stock();
	add(books, 10, BID, 7, 10000);
	for (uint64_t reference = 11; reference < 5000; reference++) {
		add(books, reference, BID, 1, 10100);
		ix_book_delete(books, reference, NULL);
	}
	ix_book_order found;
	assert_true(ix_book_find(books, 10, &found));
	assert_int_equal(found.shares, 7);
	finish(books);
}

static void the_window_comes_to_an_order_that_was_ahead_of_it(void **state) {
	(void)state;
	ix_books *books = one_stock();
	add(books, 10, BID, 1, 10000);
	add(books, 500, BID, 2, 10000);
	for (uint64_t reference = 20; reference < 1000; reference += 10) {
		assert_int_equal(add(books, reference, ASK, 3, 10100), reference == 500 ? IX_ERR_EXISTS : 0);
		assert_whole(books);
	}
	ix_book_order found;
	assert_true(ix_book_find(books, 500, &found));
	assert_int_equal(found.shares, 2);
	finish(books);
}

static void the_window_follows_a_feed_that_goes_on_elsewhere(void **state) {
	(void)state;
	ix_books *books = one_stock();
	for (uint64_t i = 0; i < 50; i++) add(books, 100 + i, BID, 1, 10000);
	/* More strays than it takes to set the window anew; a few of them below it. */
	for (uint64_t i = 0; i < 3000; i++)
		assert_int_equal(add(books, 1000000 + 3 * i, ASK, 2, 10100 + (uint32_t)i % 7), 0);
	assert_whole(books);
	for (uint64_t i = 0; i < 50; i++) assert_int_equal(ix_book_delete(books, 100 + i, NULL), 0);
	for (uint64_t i = 0; i < 3000; i++) assert_int_equal(ix_book_delete(books, 1000000 + 3 * i, NULL), 0);
	finish(books);
}

static void faults_change_nothing_and_say_what_they_are(void **state) {
	(void)state;
	ix_books *books = one_stock();
	add(books, 1, BID, 100, 10000);
	add(books, 2, BID, 100, 10000);
	ix_error err = {0};
	assert_int_equal(ix_book_delete(books, 9, &err), IX_ERR_NOT_FOUND);
	assert_string_equal(err.text, "order 9 is not in the books");
	assert_int_equal(err.detail, IX_BOOK_FAULT_UNKNOWN_REFERENCE + 1);
	assert_int_equal(ix_book_execute(books, 1, 101, 1, NULL), IX_ERR_INVALID);
	assert_int_equal(ix_book_cancel(books, 1, 101, NULL), IX_ERR_INVALID);
	assert_int_equal(ix_book_execute(books, 1, 0, 1, NULL), IX_ERR_INVALID);
	assert_int_equal(ix_book_replace(books, 1, 2, 5, 10000, NULL), IX_ERR_EXISTS);
	assert_int_equal(ix_book_replace(books, 1, 1, 5, 10000, NULL), IX_ERR_EXISTS);
	assert_int_equal(ix_book_replace(books, 1, 3, 0, 10000, NULL), IX_ERR_INVALID);
	assert_int_equal(ix_book_replace(books, 9, 3, 5, 10000, NULL), IX_ERR_NOT_FOUND);
	assert_int_equal(add(books, 3, BID, 0, 10000), IX_ERR_INVALID);
	assert_int_equal(add(books, 1, ASK, 1, 10100), IX_ERR_EXISTS);
	assert_int_equal(add_to(books, 2, 3, BID, 1, 1), IX_ERR_NOT_FOUND);
	assert_int_equal(add_to(books, 0, 3, BID, 1, 1), IX_ERR_NOT_FOUND);
	assert_int_equal(add_to(books, 65535, 3, BID, 1, 1), IX_ERR_NOT_FOUND);
	assert_int_equal(add(books, 3, (ix_book_side)2, 1, 1), IX_ERR_INVALID);
	assert_best(books, BID, 10000, 2, 200);
	assert_string_equal(queue_text(books, BID, 10000), "1 2");
	finish(books);
}

static void faults_are_counted_by_kind_with_the_first_place(void **state) {
	(void)state;
	ix_books *books = one_stock();
	ix_books_set_sequence(books, 40);
	ix_book_delete(books, 9, NULL);
	ix_book_delete(books, 10, NULL);
	add(books, 1, BID, 0, 10000);
	const ix_book_fault *faults = ix_books_faults(books);
	assert_int_equal(faults[IX_BOOK_FAULT_UNKNOWN_REFERENCE].count, 2);
	assert_int_equal(faults[IX_BOOK_FAULT_UNKNOWN_REFERENCE].first_reference, 9);
	assert_int_equal(faults[IX_BOOK_FAULT_UNKNOWN_REFERENCE].first_sequence, 40);
	assert_int_equal(faults[IX_BOOK_FAULT_ZERO_SHARES].count, 1);
	assert_int_equal(faults[IX_BOOK_FAULT_ZERO_SHARES].first_locate, STOCK);
	ix_books_info info;
	ix_books_get_info(books, &info);
	assert_int_equal(info.fault_count, 3);
	finish(books);
}

static void symbols_are_found_by_name_and_number(void **state) {
	(void)state;
	ix_books *books = one_stock();
	assert_int_equal(ix_books_add_symbol(books, 7, IX_STR("LONGNAME"), NULL), 0);
	assert_int_equal(ix_books_find_symbol(books, IX_STR("ACME")), STOCK);
	assert_int_equal(ix_books_find_symbol(books, IX_STR("LONGNAME")), 7);
	assert_int_equal(ix_books_find_symbol(books, IX_STR("ACM")), 0);
	assert_int_equal(ix_books_find_symbol(books, IX_STR("NINECHARS")), 0);
	assert_int_equal(ix_books_find_symbol(books, IX_STR("")), 0);
	assert_true(ix_str_equal(ix_books_symbol_name(books, 7), IX_STR("LONGNAME")));
	assert_true(ix_str_equal(ix_books_symbol_name(books, STOCK), IX_STR("ACME")));
	assert_int_equal(ix_books_symbol_name(books, 3).size, 0);
	assert_int_equal(ix_books_locate_last(books), 7);
	finish(books);
}

static void a_symbol_may_be_named_again_but_not_otherwise(void **state) {
	(void)state;
	ix_books *books = one_stock();
	assert_int_equal(ix_books_add_symbol(books, STOCK, IX_STR("ACME"), NULL), 0);
	assert_int_equal(ix_books_add_symbol(books, STOCK, IX_STR("OTHER"), NULL), IX_ERR_CONFLICT);
	assert_int_equal(ix_books_add_symbol(books, 2, IX_STR("ACME"), NULL), IX_ERR_CONFLICT);
	assert_int_equal(ix_books_add_symbol(books, 0, IX_STR("ZERO"), NULL), IX_ERR_NOT_FOUND);
	assert_int_equal(ix_books_add_symbol(books, 2, IX_STR("NINECHARS"), NULL), IX_ERR_CONFLICT);
	assert_false(ix_books_has_symbol(books, 2));
	finish(books);
}

static void books_of_symbols_do_not_mix(void **state) {
	(void)state;
	ix_books *books = one_stock();
	ix_books_add_symbol(books, 2, IX_STR("TWO"), NULL);
	add_to(books, 1, 1, BID, 100, 10000);
	add_to(books, 2, 2, BID, 200, 20000);
	assert_best(books, BID, 10000, 1, 100);
	assert_level(ix_book_bbo(books, 2)[BID], 20000, 1, 200);
	ix_book_delete(books, 1, NULL);
	assert_level(ix_book_bbo(books, 2)[BID], 20000, 1, 200);
	finish(books);
}

static void questions_about_unknown_symbols_have_empty_answers(void **state) {
	(void)state;
	ix_books *books = one_stock();
	const uint16_t unknown[] = {0, 2, 300, 65535};
	for (size_t i = 0; i < IX_COUNT(unknown); i++) {
		assert_int_equal(ix_book_bbo(books, unknown[i])[BID].order_count, 0);
		assert_int_equal(ix_book_depth(books, unknown[i], ASK, &(ix_book_level){0}, 1), 0);
		assert_int_equal(ix_book_level_count(books, unknown[i], BID), 0);
		assert_null(ix_book_get_status(books, unknown[i]));
		assert_false(ix_book_is_trading(books, unknown[i]));
		assert_int_equal(ix_book_participants(books, unknown[i], NULL, 0), 0);
		ix_book_walk walk = ix_book_walk_level(books, unknown[i], BID, 1);
		assert_false(ix_book_walk_next(&walk, &(ix_book_order){0}));
	}
	finish(books);
}

/* 4,000 prices in an order that jumps about (7 and 4001 have no common divisor), each from 1 to 4,000. */
static void many_prices_keep_their_order_wherever_they_come_and_go(void **state) {
	(void)state;
	enum { PRICES = 4000 };
	static ix_book_level levels[PRICES];
	for (int side = 0; side < 2; side++) {
		ix_books *books = one_stock();
		for (uint32_t i = 1; i <= PRICES; i++) {
			uint32_t price = i * 7 % 4001;
			assert_int_equal(add(books, price, (ix_book_side)side, price, price), 0);
		}
		for (uint32_t i = 1; i <= PRICES; i++) /* every price that 3 divides */
			if (i * 7 % 4001 % 3 == 0)
				assert_int_equal(ix_book_delete(books, i * 7 % 4001, NULL), 0);
		size_t count = ix_book_depth(books, STOCK, (ix_book_side)side, levels, PRICES);
		assert_int_equal(count, PRICES - PRICES / 3);
		size_t at = 0;
		for (uint32_t i = 1; i <= PRICES; i++) {
			uint32_t price = side == IX_BOOK_BID ? PRICES + 1 - i : i;
			if (price % 3 == 0) continue;
			assert_int_equal(levels[at].price_e4, price);
			assert_int_equal(levels[at++].shares, price);
		}
		assert_whole(books);
		ix_books_free(books);
	}
}

IX_TESTS(test_book, cmocka_unit_test(an_empty_book_has_no_best_prices),
	cmocka_unit_test(the_best_bid_is_the_highest_and_the_best_ask_the_lowest),
	cmocka_unit_test(orders_of_one_price_queue_in_order_of_arrival),
	cmocka_unit_test(an_execution_takes_shares_and_leaves_the_place),
	cmocka_unit_test(an_execution_of_all_shares_removes_the_order),
	cmocka_unit_test(the_last_order_of_a_level_takes_the_level_with_it),
	cmocka_unit_test(a_partial_cancel_keeps_the_place_in_the_queue),
	cmocka_unit_test(a_replaced_order_goes_to_the_end_of_the_queue_even_at_its_price),
	cmocka_unit_test(a_replaced_order_keeps_side_symbol_and_attribution),
	cmocka_unit_test(replacing_the_only_order_of_the_best_level_finds_the_next_best),
	cmocka_unit_test(depth_lists_levels_from_the_best_as_many_as_asked),
	cmocka_unit_test(extreme_prices_sort_like_any_other),
	cmocka_unit_test(many_prices_keep_their_order_wherever_they_come_and_go),
	cmocka_unit_test(a_position_counts_orders_and_shares_ahead),
	cmocka_unit_test(an_order_is_found_with_all_its_fields),
	cmocka_unit_test(references_may_come_in_any_order_and_size),
	cmocka_unit_test(an_order_that_outlives_the_window_is_still_found),
	cmocka_unit_test(the_window_comes_to_an_order_that_was_ahead_of_it),
	cmocka_unit_test(the_window_follows_a_feed_that_goes_on_elsewhere),
	cmocka_unit_test(faults_change_nothing_and_say_what_they_are),
	cmocka_unit_test(faults_are_counted_by_kind_with_the_first_place),
	cmocka_unit_test(symbols_are_found_by_name_and_number),
	cmocka_unit_test(a_symbol_may_be_named_again_but_not_otherwise),
	cmocka_unit_test(books_of_symbols_do_not_mix),
	cmocka_unit_test(questions_about_unknown_symbols_have_empty_answers));
