/* Limits, growth, failing memory, and starting over. */
#include "book_fixture.h"
#include "day_maker.h"

static void options_out_of_range_are_refused_by_name(void **state) {
	(void)state;
	ix_books *books = NULL;
	ix_error err = {0};
	assert_int_equal(ix_books_new(&(ix_books_options){0}, &books, &err), IX_ERR_USAGE);
	ix_books_options options = small_options();
	options.orders_max = 63;
	err = (ix_error){0};
	assert_int_equal(ix_books_new(&options, &books, &err), IX_ERR_LIMIT);
	assert_string_equal(err.text, "order books: orders_reserve is 64, more than orders_max, 63");
	options = small_options();
	options.symbols_max = 65536;
	assert_int_equal(ix_books_new(&options, &books, NULL), IX_ERR_LIMIT);
	options = small_options();
	options.levels_max = 1 << 24;
	assert_int_equal(ix_books_new(&options, &books, NULL), IX_ERR_LIMIT);
	options = small_options();
	options.trades_max = (1 << 28) + 1;
	assert_int_equal(ix_books_new(&options, &books, NULL), IX_ERR_LIMIT);
	options = small_options();
	options.positions_max = (1 << 24) + 1;
	assert_int_equal(ix_books_new(&options, &books, NULL), IX_ERR_LIMIT);
	assert_null(books);
}

static ix_books *limited(uint32_t orders, uint32_t levels) {
	ix_books_options options = small_options();
	options.orders_reserve = options.orders_max = orders;
	options.levels_reserve = options.levels_max = levels;
	ix_books *books = books_with(&options);
	ix_books_add_symbol(books, STOCK, IX_STR("ACME"), NULL);
	return books;
}

static void orders_up_to_the_maximum_are_taken_and_no_more(void **state) {
	(void)state;
	ix_books *books = limited(100, 100);
	for (uint64_t i = 1; i <= 100; i++) assert_int_equal(add(books, i, BID, 1, 10000), 0);
	ix_error err = {0};
	assert_int_equal(
		ix_book_add(books, &(ix_book_order){.reference = 101, .locate = STOCK, .shares = 1}, &err),
		IX_ERR_LIMIT);
	assert_int_equal(err.detail, IX_BOOK_FAULT_LIMIT + 1);
	assert_int_equal(add(books, 100, BID, 1, 10000), IX_ERR_EXISTS);
	assert_int_equal(ix_book_replace(books, 50, 101, 1, 9900, NULL), 0);
	assert_int_equal(add(books, 102, BID, 1, 10000), IX_ERR_LIMIT);
	assert_int_equal(ix_book_delete(books, 1, NULL), 0);
	assert_int_equal(add(books, 102, BID, 1, 10000), 0);
	ix_books_info info;
	ix_books_get_info(books, &info);
	assert_int_equal(info.order_count, 100);
	assert_int_equal(info.order_count_peak, 100);
	finish(books);
}

static void levels_up_to_the_maximum_are_taken_and_no_more(void **state) {
	(void)state;
	ix_books *books = limited(100, 10);
	for (uint32_t i = 1; i <= 10; i++) assert_int_equal(add(books, i, BID, 1, 10000 + i), 0);
	assert_int_equal(add(books, 11, BID, 1, 20000), IX_ERR_LIMIT);
	assert_int_equal(add(books, 11, BID, 1, 10005), 0);
	/* A lone order takes its level along; one of two does not. */
	assert_int_equal(ix_book_replace(books, 3, 12, 1, 20000, NULL), 0);
	assert_whole(books);
	assert_int_equal(ix_book_replace(books, 11, 13, 1, 30000, NULL), IX_ERR_LIMIT);
	assert_best(books, BID, 20000, 1, 1);
	assert_string_equal(queue_text(books, BID, 10005), "5 11");
	finish(books);
}

static void symbols_up_to_the_maximum_are_taken_and_no_more(void **state) {
	(void)state;
	ix_books_options options = small_options();
	options.symbols_max = 20;
	ix_books *books = books_with(&options);
	assert_int_equal(ix_books_add_symbol(books, 20, IX_STR("LAST"), NULL), 0);
	assert_int_equal(ix_books_add_symbol(books, 21, IX_STR("NONE"), NULL), IX_ERR_LIMIT);
	finish(books);
}

static void participants_up_to_the_maximum_are_taken_and_no_more(void **state) {
	(void)state;
	ix_books *books = one_stock();
	ix_itch_message m = {.type = IX_ITCH_PARTICIPANT_POSITION, .locate = STOCK};
	ix_itch_set_text(m.participant_position.stock, 8, IX_STR("ACME"));
	for (uint32_t i = 0; i <= POSITIONS; i++) {
		memcpy(m.participant_position.mpid, &(uint32_t){0x41414141 + i}, 4);
		assert_int_equal(ix_books_apply(books, &m, NULL), i < POSITIONS ? 0 : IX_ERR_LIMIT);
	}
	assert_int_equal(ix_book_participants(books, STOCK, NULL, 0), POSITIONS);
	finish(books);
}

static void books_that_outgrow_their_reserve_keep_everything(void **state) {
	(void)state;
	ix_alloc_probe probe;
	ix_alloc_probe_init(&probe, NULL);
	ix_books_options options = small_options();
	options.allocator = &probe.allocator;
	ix_books *books = books_with(&options);
	for (uint32_t locate = 1; locate <= 500; locate++) {
		char name[8];
		size_t size = ix_format(name, sizeof name, "N%u", locate);
		assert_int_equal(ix_books_add_symbol(books, (uint16_t)locate, (ix_str){name, size}, NULL), 0);
	}
	/* References far apart fill the table, near ones the window. */
	for (uint32_t i = 0; i < 20000; i++)
		assert_int_equal(add_to(books, (uint16_t)(1 + i % 500), i % 2 ? i : UINT64_C(1000003) * i,
					 BID, 1 + i % 9, 10000 + i % 77),
			0);
	ix_books_info info;
	ix_books_get_info(books, &info);
	assert_true(info.growth_count > 5);
	assert_int_equal(info.memory_bytes, probe.live_bytes);
	assert_whole(books);
	for (uint32_t i = 0; i < 20000; i++) {
		ix_book_order found;
		assert_true(ix_book_find(books, i % 2 ? i : UINT64_C(1000003) * i, &found));
		assert_int_equal(found.shares, 1 + i % 9);
		assert_int_equal(found.locate, 1 + i % 500);
		assert_int_equal(found.price_e4, 10000 + i % 77);
	}
	assert_int_equal(ix_books_find_symbol(books, IX_STR("N432")), 432);
	finish(books);
	assert_int_equal(probe.live_blocks, 0);
	assert_int_equal(probe.live_bytes, 0);
}

static void a_reset_book_is_as_good_as_new_and_takes_no_memory(void **state) {
	(void)state;
	ix_alloc_probe probe;
	ix_alloc_probe_init(&probe, NULL);
	ix_books_options options = small_options();
	options.allocator = &probe.allocator;
	ix_books *books = books_with(&options);
	day_maker day = day_make(ix_testing_seed(), 20, 1000, 10000);
	ix_books_info first, second;
	for (int round = 0; round < 3; round++) {
		uint64_t calls = probe.calls;
		ix_itch_run run = {0};
		assert_int_equal(
			ix_books_run(books, (ix_bytes){day.data, day.size}, &run, UINT64_MAX, NULL), 0);
		assert_whole(books);
		ix_books_get_info(books, round == 0 ? &first : &second);
		if (round > 0) {
			assert_int_equal(probe.calls, calls);
			assert_int_equal(second.growth_count, 0);
			second.growth_count = first.growth_count;
			assert_memory_equal(&first, &second, sizeof first);
		}
		ix_books_reset(books);
		assert_whole(books);
		assert_int_equal(ix_books_locate_last(books), 0);
		assert_int_equal(ix_books_find_symbol(books, IX_STR("S1")), 0);
		assert_int_equal(ix_books_sequence(books), 1);
	}
	day_free(&day);
	finish(books);
}

/* Runs a stream with the n-th allocation failing; true if there was an n-th. */
static bool run_failing(const day_maker *day, uint64_t n) {
	ix_alloc_probe probe;
	ix_alloc_probe_init(&probe, NULL);
	probe.fail_at = n;
	ix_books_options options = small_options();
	options.allocator = &probe.allocator;
	ix_books *books = NULL;
	ix_error err = {0};
	int code = ix_books_new(&options, &books, &err);
	if (code) {
		assert_int_equal(code, IX_ERR_MEMORY);
		assert_int_equal(probe.live_blocks, 0);
		return true;
	}
	ix_itch_run run = {0};
	code = ix_books_run(books, (ix_bytes){day->data, day->size}, &run, UINT64_MAX, &err);
	if (probe.failures > 0) {
		/* Shrinking a queue or a side may fail unnoticed: they stay as large as they were. */
		if (code) {
			assert_int_equal(code, IX_ERR_MEMORY);
			assert_int_equal(ix_books_faults(books)[IX_BOOK_FAULT_LIMIT].count, 1);
		}
		assert_whole(books);
		/* There is memory again, and the books go on; that one message is missing. */
		ix_bytes rest = {day->data + run.offset, day->size - run.offset};
		assert_int_equal(ix_books_run(books, rest, &run, UINT64_MAX, &err), 0);
	}
	assert_int_equal(run.offset, day->size);
	assert_whole(books);
	ix_books_free(books);
	assert_int_equal(probe.live_blocks, 0);
	assert_int_equal(probe.live_bytes, 0);
	return probe.failures > 0;
}

static void every_failing_allocation_is_an_error_that_leaves_the_books_whole(void **state) {
	(void)state;
	day_maker day = day_make(ix_testing_seed(), 40, 700, 4000);
	uint64_t n = 1;
	while (run_failing(&day, n)) n++;
	assert_true(n > 25); /* a dozen to start with, the others on the way */
	day_free(&day);
}

IX_TESTS(test_book_memory, cmocka_unit_test(options_out_of_range_are_refused_by_name),
	cmocka_unit_test(orders_up_to_the_maximum_are_taken_and_no_more),
	cmocka_unit_test(levels_up_to_the_maximum_are_taken_and_no_more),
	cmocka_unit_test(symbols_up_to_the_maximum_are_taken_and_no_more),
	cmocka_unit_test(participants_up_to_the_maximum_are_taken_and_no_more),
	cmocka_unit_test(books_that_outgrow_their_reserve_keep_everything),
	cmocka_unit_test(a_reset_book_is_as_good_as_new_and_takes_no_memory),
	cmocka_unit_test(every_failing_allocation_is_an_error_that_leaves_the_books_whole));
