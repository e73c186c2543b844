/* Limits at their edges, ticks and lots, growth, failing memory, and none taken once it is warm. */
#include "match_fixture.h"
#include "match_mix.h"
#include "match_store.h"

#include <sys/resource.h>

#if defined(__SANITIZE_ADDRESS__)
#define IS_SANITIZED true
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define IS_SANITIZED true
#endif
#endif
#ifndef IS_SANITIZED
#define IS_SANITIZED false
#endif

static void options_out_of_range_are_refused_by_name(void **state) {
	(void)state;
	ix_match *e = NULL;
	ix_error err = {0};
	assert_int_equal(ix_match_new(&(ix_match_options){0}, &e, &err), IX_ERR_USAGE);
	ix_match_options options = small_options();
	options.orders_max = 3;
	err = (ix_error){0};
	assert_int_equal(ix_match_new(&options, &e, &err), IX_ERR_LIMIT);
	assert_string_equal(err.text, "matching engine: orders_reserve is 4, more than 3");
	options = small_options();
	options.symbols_max = 65536;
	assert_int_equal(ix_match_new(&options, &e, NULL), IX_ERR_LIMIT);
	options = small_options();
	options.levels_max = (1 << 26) + 1;
	assert_int_equal(ix_match_new(&options, &e, NULL), IX_ERR_LIMIT);
	assert_null(e);
}

static ix_match *limited(uint32_t orders, uint32_t levels) {
	ix_match_options options = small_options();
	options.orders_reserve = options.orders_max = orders;
	options.levels_reserve = options.levels_max = levels;
	ix_match *e = engine_with(&options);
	add_symbol(e, STOCK, CENT, 1, IX_MATCH_CONTINUOUS);
	return e;
}

static void a_full_engine_takes_no_order_that_would_rest(void **state) {
	(void)state;
	ix_match *e = limited(5, 100);
	for (uint64_t i = 1; i <= 5; i++) assert_int_equal(limit(e, i, SELL, 10, 1000), IX_MATCH_OK);
	assert_int_equal(limit(e, 6, SELL, 10, 1000), IX_MATCH_REJECT_LIMIT);
	assert_int_equal(limit(e, 6, BUY, 10, 1000), IX_MATCH_REJECT_LIMIT); /* who knows if it would not */
	ix_match_command c = limit_order(6, BUY, 15, 1000);
	c.tif = IX_MATCH_IOC; /* this one will not */
	assert_int_equal(apply(e, c), IX_MATCH_OK);
	assert_int_equal(limit(e, 6, SELL, 10, 1000), IX_MATCH_OK);
	assert_int_equal(limit(e, 7, SELL, 10, 1000), IX_MATCH_REJECT_LIMIT);
	assert_int_equal(market(e, 7, BUY, 1), IX_MATCH_OK);
	assert_int_equal(replace(e, 6, 8, 10, 1001), IX_MATCH_OK);
	finish(e);
}

static void levels_up_to_the_maximum_are_taken_and_no_more(void **state) {
	(void)state;
	ix_match *e = limited(100, 10);
	for (uint32_t i = 1; i <= 10; i++) assert_int_equal(limit(e, i, BUY, 1, 1000 + i), IX_MATCH_OK);
	assert_int_equal(limit(e, 11, BUY, 1, 2000), IX_MATCH_REJECT_LIMIT);
	assert_int_equal(limit(e, 11, BUY, 1, 1005), IX_MATCH_OK);
	/* A lone order takes its level along; one of two does not. */
	assert_int_equal(replace(e, 3, 12, 1, 2000), IX_MATCH_OK);
	assert_int_equal(replace(e, 11, 13, 1, 3000), IX_MATCH_REJECT_LIMIT);
	assert_int_equal(replace(e, 11, 13, 1, 2000), IX_MATCH_OK);
	finish(e);
}

/* A stop-limit order may need a level at a time when nobody can be refused: it is kept for it. */
static void a_stop_limit_order_finds_room_when_it_is_triggered(void **state) {
	(void)state;
	ix_match *e = limited(100, 4);
	limit(e, 1, SELL, 5, 1000);
	ix_match_command c = limit_order(2, BUY, 5, 999);
	c.type = IX_MATCH_STOP_LIMIT;
	c.stop_e4 = 1000 * CENT;
	assert_int_equal(apply(e, c), IX_MATCH_OK); /* a level for the stop, one kept */
	limit(e, 3, SELL, 5, 1001);
	c.order = 4;
	assert_int_equal(apply(e, c), IX_MATCH_REJECT_LIMIT);
	assert_int_equal(limit(e, 5, BUY, 1, 900), IX_MATCH_REJECT_LIMIT);
	forget();
	market(e, 6, BUY, 1);
	assert_heard("accepted 6\ntrade 6 with 1: 1 at 1000, left 0 and 4\ntriggered 2\n");
	assert_string_equal(depth_text(e, IX_MATCH_BUY), "5@999x1");
	assert_int_equal(limit(e, 5, BUY, 1, 900), IX_MATCH_OK);
	finish(e);
}

static void symbols_up_to_the_maximum_are_taken_once_each(void **state) {
	(void)state;
	ix_match_options options = small_options();
	ix_match *e = engine_with(&options);
	ix_match_command c = {.kind = IX_MATCH_ADD_SYMBOL, .symbol = 8};
	assert_int_equal(apply(e, c), IX_MATCH_OK);
	assert_heard("state 0\n");
	assert_int_equal(apply(e, c), IX_MATCH_REJECT_SYMBOL);
	c.symbol = 9;
	assert_int_equal(apply(e, c), IX_MATCH_REJECT_LIMIT);
	c.symbol = 0;
	assert_int_equal(apply(e, c), IX_MATCH_REJECT_SYMBOL);
	assert_int_equal(limit(e, 1, BUY, 1, 1), IX_MATCH_REJECT_SYMBOL);
	finish(e);
}

static void prices_are_on_the_tick_and_quantities_in_lots(void **state) {
	(void)state;
	static const uint32_t steps[] = {
		1, 2, 3, 5, 7, 10, 25, 48, 100, 1000, 12345, 65536, 0x80000000, UINT32_MAX};
	ix_rng rng;
	ix_rng_seed(&rng, ix_testing_seed());
	for (size_t i = 0; i < IX_COUNT(steps); i++) {
		ix_match_options options = small_options();
		options.listener = (ix_match_listener){0};
		ix_match *e = engine_with(&options);
		add_symbol(e, STOCK, steps[i], steps[IX_COUNT(steps) - 1 - i], IX_MATCH_CONTINUOUS);
		uint32_t tick = steps[i], lot = steps[IX_COUNT(steps) - 1 - i];
		for (int k = 0; k < 2000; k++) {
			uint32_t price = (uint32_t)ix_rng_u64(&rng) >> ix_rng_below(&rng, 32);
			uint32_t quantity = (uint32_t)ix_rng_u64(&rng) >> ix_rng_below(&rng, 32);
			if (k % 3) price -= price % tick;
			if (k % 3 != 1) quantity -= quantity % lot;
			ix_match_command c = limit_order(1, BUY, quantity, 0);
			c.price_e4 = price;
			c.tif = IX_MATCH_IOC;
			bool is_quantity = quantity && quantity % lot == 0,
			     is_price = price && price % tick == 0;
			assert_int_equal(ix_match_apply(e, &c), !is_quantity ? IX_MATCH_REJECT_QUANTITY
								: !is_price  ? IX_MATCH_REJECT_PRICE
									     : IX_MATCH_OK);
		}
		finish(e);
	}
}

static void the_largest_price_and_quantity_are_ordinary(void **state) {
	(void)state;
	ix_match_options options = small_options();
	ix_match *e = engine_with(&options);
	add_symbol(e, STOCK, 1, 1, IX_MATCH_CONTINUOUS);
	ix_match_command c = limit_order(1, SELL, UINT32_MAX, 0);
	c.price_e4 = UINT32_MAX;
	c.display = UINT32_MAX / 1000;
	assert_int_equal(apply(e, c), IX_MATCH_OK);
	c.order = 2;
	c.display = 0;
	assert_int_equal(apply(e, c), IX_MATCH_OK);
	ix_match_command stop_order = limit_order(3, SELL, UINT32_MAX, 0);
	stop_order.type = IX_MATCH_STOP;
	stop_order.stop_e4 = UINT32_MAX;
	assert_int_equal(apply(e, stop_order), IX_MATCH_OK);
	forget();
	ix_match_command buy = limit_order(4, BUY, 1, 0);
	buy.price_e4 = 1; /* no trade: the stop at the highest price is not reached */
	apply(e, buy);
	assert_heard("accepted 4\n");
	buy.price_e4 = UINT32_MAX;
	buy.order = 5;
	buy.quantity = UINT32_MAX;
	buy.tif = IX_MATCH_FOK;
	apply(e, buy);
	ix_match_info info;
	ix_match_get_info(e, &info);
	assert_true(info.traded_quantity >= UINT32_MAX);
	finish(e);
}

static void an_engine_that_outgrows_its_reserve_keeps_everything(void **state) {
	(void)state;
	ix_alloc_probe probe;
	ix_alloc_probe_init(&probe, NULL);
	ix_match_options options = small_options();
	options.allocator = &probe.allocator;
	options.listener = (ix_match_listener){0};
	ix_match *e = engine_with(&options);
	add_symbol(e, STOCK, 1, 1, IX_MATCH_CONTINUOUS);
	for (uint32_t i = 1; i <= 20000; i++) {
		ix_match_command c = limit_order(UINT64_C(1000003) * i, i & 1, 1 + i % 9, 0);
		c.price_e4 = i & 1 ? 100000 + i * 7919 % 3000 : 1000 + i * 7919 % 3000;
		assert_int_equal(ix_match_apply(e, &c), IX_MATCH_OK);
	}
	ix_match_info info;
	ix_match_get_info(e, &info);
	assert_true(info.growth_count > 20);
	assert_int_equal(info.memory_bytes, probe.live_bytes);
	for (uint32_t i = 1; i <= 20000; i++) {
		ix_match_order found;
		assert_true(ix_match_find(e, UINT64_C(1000003) * i, &found));
		assert_int_equal(found.left, 1 + i % 9);
	}
	finish(e);
	assert_int_equal(probe.live_blocks, 0);
	assert_int_equal(probe.live_bytes, 0);
}

/* Runs a stream with the n-th allocation failing; true if there was an n-th. */
static bool run_failing(uint64_t n) {
	ix_alloc_probe probe;
	ix_alloc_probe_init(&probe, NULL);
	probe.fail_at = n;
	ix_match_options options = small_options();
	options.allocator = &probe.allocator;
	options.listener = (ix_match_listener){0};
	ix_match *e = NULL;
	int code = ix_match_new(&options, &e, NULL);
	if (code) {
		assert_int_equal(code, IX_ERR_MEMORY);
		assert_int_equal(probe.live_blocks, 0);
		return true;
	}
	mixer m = mixer_of(&mixes[6], ix_testing_seed());
	uint32_t full = 0;
	for (int i = 0; i < 1500; i++) {
		ix_match_command c = mixer_next(&m);
		bool is_limit = ix_match_apply(e, &c) == IX_MATCH_REJECT_LIMIT;
		if (c.kind != IX_MATCH_ADD_SYMBOL) full += is_limit;
		if (i % 8 == 0 || is_limit) {
			ix_error err = {0};
			if (ix_match_check(e, &err) != 0) fail_msg("%s", err.text);
		}
	}
	assert_true(full <=
		    probe.failures); /* a level may be there already, or there is memory the next moment */
	ix_match_free(e);
	assert_int_equal(probe.live_blocks, 0);
	assert_int_equal(probe.live_bytes, 0);
	return probe.failures > 0;
}

static void a_failing_allocation_refuses_one_command_at_most(void **state) {
	(void)state;
	uint64_t n = 1;
	while (run_failing(n)) n++;
	assert_true(n > 20);
}

static long page_faults(void) {
	struct rusage usage;
	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_minflt + usage.ru_majflt;
}

/* The same commands twice, with everything cancelled in between: the second time finds all that it needs. */
static void a_warm_engine_takes_no_memory_and_faults_no_page(void **state) {
	(void)state;
	enum { STEPS = 20000 };
	ix_alloc_probe probe;
	ix_alloc_probe_init(&probe, NULL);
	ix_match_options options = small_options();
	options.allocator = &probe.allocator;
	options.listener = (ix_match_listener){0};
	ix_match *e = engine_with(&options);
	ix_match_command *commands = calloc(STEPS, sizeof *commands);
	mixer m = mixer_of(&mixes[6], ix_testing_seed());
	for (int i = 0; i < STEPS; i++) commands[i] = mixer_next(&m);
	uint64_t calls = 0;
	long faults = 0;
	for (int round = 0; round < 2; round++) {
		calls = probe.calls;
		faults = page_faults();
		ix_match_apply_all(e, commands, STEPS);
		faults = page_faults() - faults;
		calls = probe.calls - calls;
		ix_match_command all = {.kind = IX_MATCH_MASS_CANCEL}, open = {.kind = IX_MATCH_STATE};
		open.state = IX_MATCH_CONTINUOUS;
		ix_match_apply(e, &all);
		ix_match_apply(e, &open);
	}
	assert_int_equal(calls, 0);
	if (!IS_SANITIZED) assert_int_equal(faults, 0); /* the sanitizers map as they like */
	free(commands);
	finish(e);
}

/* Batches are the commands one by one. */
static void many_at_once_do_what_each_does(void **state) {
	(void)state;
	for (size_t k = 0; k < IX_COUNT(mixes); k++) {
		ix_match_options options = small_options();
		options.listener = (ix_match_listener){0};
		ix_match *a = engine_with(&options), *b = engine_with(&options);
		mixer m = mixer_of(&mixes[k], ix_testing_seed() + k);
		for (int round = 0; round < 100; round++) {
			ix_match_command commands[40];
			size_t count = mixer_below(&m, IX_COUNT(commands) + 1);
			for (size_t i = 0; i < count; i++) {
				commands[i] = mixer_next(&m);
				(void)ix_match_apply(a, &commands[i]);
			}
			ix_match_apply_all(b, commands, count);
		}
		store x = store_of(a), y = store_of(b);
		assert_int_equal(x.size, y.size);
		assert_memory_equal(x.data, y.data, x.size);
		free(x.data);
		free(y.data);
		finish(a);
		finish(b);
	}
}

IX_TESTS(test_match_memory, cmocka_unit_test(options_out_of_range_are_refused_by_name),
	cmocka_unit_test(a_full_engine_takes_no_order_that_would_rest),
	cmocka_unit_test(levels_up_to_the_maximum_are_taken_and_no_more),
	cmocka_unit_test(a_stop_limit_order_finds_room_when_it_is_triggered),
	cmocka_unit_test(symbols_up_to_the_maximum_are_taken_once_each),
	cmocka_unit_test(prices_are_on_the_tick_and_quantities_in_lots),
	cmocka_unit_test(the_largest_price_and_quantity_are_ordinary),
	cmocka_unit_test(an_engine_that_outgrows_its_reserve_keeps_everything),
	cmocka_unit_test(a_failing_allocation_refuses_one_command_at_most),
	cmocka_unit_test(a_warm_engine_takes_no_memory_and_faults_no_page),
	cmocka_unit_test(many_at_once_do_what_each_does));
