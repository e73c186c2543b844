/* Streams of messages: ix_books_run gives what ix_books_apply gives, however the stream is cut, and stops
 * where it should. Damaged streams leave the books whole. No memory is allocated and no page touched for the
 * first time on the way. */
#include "book_fixture.h"
#include "day_maker.h"

#include <malloc.h>
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

static ix_bytes bytes_of(const day_maker *d) { return (ix_bytes){d->data, d->size}; }
static ix_bytes rest_of(ix_bytes all, const ix_itch_run *run) {
	return (ix_bytes){all.data + run->offset, all.size - run->offset};
}

static ix_books *empty_books(void) {
	ix_books_options options = small_options();
	return books_with(&options);
}

static void apply_all(ix_books *books, ix_bytes stream) {
	ix_itch_run run = {0};
	ix_itch_message m;
	size_t count;
	while (ix_itch_decode_batch(rest_of(stream, &run), &run, &m, 1, &count, NULL) == 0 && count == 1)
		assert_int_equal(ix_books_apply(books, &m, NULL), 0);
}

static void assert_same_level_orders(
	const ix_books *a, const ix_books *b, uint16_t locate, ix_book_side side, uint32_t price) {
	ix_book_walk walk_a = ix_book_walk_level(a, locate, side, price),
		     walk_b = ix_book_walk_level(b, locate, side, price);
	ix_book_order order_a, order_b;
	while (ix_book_walk_next(&walk_a, &order_a)) {
		assert_true(ix_book_walk_next(&walk_b, &order_b));
		assert_memory_equal(&order_a, &order_b, sizeof order_a);
	}
	assert_false(ix_book_walk_next(&walk_b, &order_b));
}

/* Everything that can be asked has the same answer. */
static void assert_same_books(const ix_books *a, const ix_books *b) {
	static ix_book_level levels_a[1024], levels_b[1024];
	assert_int_equal(ix_books_locate_last(a), ix_books_locate_last(b));
	for (uint32_t l = 1; l <= ix_books_locate_last(a); l++) {
		uint16_t locate = (uint16_t)l;
		for (int side = 0; side < 2; side++) {
			size_t count = ix_book_depth(a, locate, (ix_book_side)side, levels_a, 1024);
			assert_int_equal(ix_book_depth(b, locate, (ix_book_side)side, levels_b, 1024), count);
			if (count) assert_memory_equal(levels_a, levels_b, count * sizeof *levels_a);
			for (size_t i = 0; i < count; i++)
				assert_same_level_orders(
					a, b, locate, (ix_book_side)side, levels_a[i].price_e4);
		}
		ix_book_stats stats_a, stats_b;
		ix_book_get_stats(a, locate, &stats_a);
		ix_book_get_stats(b, locate, &stats_b);
		assert_memory_equal(&stats_a, &stats_b, sizeof stats_a);
		assert_memory_equal(
			ix_book_get_status(a, locate), ix_book_get_status(b, locate), sizeof(ix_book_status));
	}
	assert_memory_equal(ix_books_get_market(a), ix_books_get_market(b), sizeof(ix_books_market));
	assert_memory_equal(
		ix_books_faults(a), ix_books_faults(b), IX_BOOK_FAULT_COUNT * sizeof(ix_book_fault));
	assert_int_equal(ix_books_sequence(a), ix_books_sequence(b));
	assert_int_equal(ix_books_time(a), ix_books_time(b));
}

static void running_a_stream_is_applying_its_messages(void **state) {
	(void)state;
	day_maker day = day_make(ix_testing_seed(), 12, 2000, 30000);
	ix_books *applied = empty_books(), *ran = empty_books();
	apply_all(applied, bytes_of(&day));
	ix_itch_run run = {0};
	assert_int_equal(ix_books_run(ran, bytes_of(&day), &run, UINT64_MAX, NULL), 0);
	assert_int_equal(run.offset, day.size);
	assert_int_equal(run.message_count, day.message_count);
	ix_books_info info;
	ix_books_get_info(ran, &info);
	assert_int_equal(info.fault_count, 0);
	assert_int_equal(info.message_count, day.message_count);
	assert_same_books(applied, ran);
	finish(applied);
	finish(ran);
	day_free(&day);
}

static void a_stream_may_come_in_pieces_cut_anywhere(void **state) {
	(void)state;
	day_maker day = day_make(ix_testing_seed() + 1, 5, 300, 6000);
	ix_books *whole = empty_books(), *pieces = empty_books();
	ix_itch_run run = {0};
	ix_books_run(whole, bytes_of(&day), &run, UINT64_MAX, NULL);
	run = (ix_itch_run){0};
	while (run.offset < day.size) {
		ix_bytes piece = rest_of(bytes_of(&day), &run);
		piece.size = ix_size_min(piece.size, 60 + day_below(&day, 3000));
		uint64_t message_max = day_below(&day, 3) ? UINT64_MAX : 1 + day_below(&day, 70),
			 before = run.message_count;
		assert_int_equal(ix_books_run(pieces, piece, &run, message_max, NULL), 0);
		assert_true(run.message_count - before <= message_max);
		assert_true(run.message_count > before);
	}
	assert_int_equal(run.message_count, day.message_count);
	assert_same_books(whole, pieces);
	finish(whole);
	finish(pieces);
	day_free(&day);
}

static void a_run_stops_at_the_end_of_session_mark(void **state) {
	(void)state;
	day_maker day = day_make(1, 1, 10, 100);
	size_t size = day.size;
	uint64_t count = day.message_count;
	day.data = day_grow(day.data, size + 10);
	memset(day.data + size, 0, 10);
	ix_books *books = empty_books();
	ix_itch_run run = {0};
	assert_int_equal(ix_books_run(books, (ix_bytes){day.data, size + 10}, &run, UINT64_MAX, NULL), 0);
	assert_true(run.is_ended);
	assert_int_equal(run.offset, size + 2);
	assert_int_equal(run.message_count, count);
	finish(books);
	day_free(&day);
}

static void a_run_waits_in_front_of_a_message_that_is_not_all_there(void **state) {
	(void)state;
	day_maker day = day_make(2, 1, 10, 100);
	size_t last = day.size;
	day_add(&day);
	for (size_t missing = 1; missing <= day.size - last; missing++) {
		ix_books *books = empty_books();
		ix_itch_run run = {0};
		assert_int_equal(
			ix_books_run(books, (ix_bytes){day.data, day.size - missing}, &run, UINT64_MAX, NULL),
			0);
		assert_int_equal(run.offset, last);
		assert_int_equal(run.message_count, day.message_count - 1);
		finish(books);
	}
	day_free(&day);
}

static void a_malformed_message_is_an_error_with_its_offset(void **state) {
	(void)state;
	day_maker day = day_make(3, 1, 10, 100);
	size_t bad = day.size;
	day.data = day_grow(day.data, bad + 64);
	memcpy(day.data + bad,
		"\0\x0e"
		"Dxxxxxxxxxxxxx",
		16); /* 14 bytes instead of 19 */
	ix_books *books = empty_books();
	ix_itch_run run = {0};
	ix_error err = {0};
	assert_int_equal(ix_books_run(books, (ix_bytes){day.data, bad + 16}, &run, UINT64_MAX, &err),
		IX_ERR_TRUNCATED);
	assert_int_equal(run.offset, bad);
	assert_int_equal(run.message_count, day.message_count);
	char expected[64];
	ix_format(expected, sizeof expected, "offset %zu: message type 'D'", bad);
	assert_true(ix_str_starts_with(ix_str_from(err.text), ix_str_from(expected)));
	finish(books);
	day_free(&day);
}

static void unknown_types_are_skipped_by_their_length(void **state) {
	(void)state;
	day_maker day = day_make(4, 1, 10, 50);
	size_t size = day.size;
	day.data = day_grow(day.data, size + 64);
	memcpy(day.data + size,
		"\0\1q"
		"\0\3zzz"
		"\0\1q",
		11);
	ix_books *books = empty_books();
	ix_itch_run run = {0};
	assert_int_equal(ix_books_run(books, (ix_bytes){day.data, size + 11}, &run, UINT64_MAX, NULL), 0);
	assert_int_equal(run.unknown_count, 3);
	assert_int_equal(run.message_count, day.message_count + 3);
	assert_int_equal(run.offset, size + 11);
	assert_int_equal(ix_books_time(books), day.time_ns);
	finish(books);
	day_free(&day);
}

static void a_strict_run_stops_behind_the_fault_and_can_go_on(void **state) {
	(void)state;
	day_maker day = day_make(5, 1, 10, 200);
	size_t fault = day.size;
	uint64_t fault_sequence = day.message_count + 1;
	ix_itch_message m = {.type = IX_ITCH_ORDER_DELETE, .locate = 1};
	m.order_delete.reference = 77777777;
	day_put(&day, &m);
	size_t behind = day.size;
	for (int i = 0; i < 40; i++) day_news(&day);
	ix_books_options options = small_options();
	options.is_strict = true;
	ix_books *books = books_with(&options);
	ix_itch_run run = {0};
	ix_error err = {0};
	assert_int_equal(ix_books_run(books, bytes_of(&day), &run, UINT64_MAX, &err), IX_ERR_NOT_FOUND);
	char expected[128];
	ix_format(expected, sizeof expected,
		"offset %zu: message %llu: Order Delete: order 77777777 is not in the books", fault,
		(unsigned long long)fault_sequence);
	assert_string_equal(err.text, expected);
	assert_int_equal(run.offset, behind);
	const ix_book_fault *f = &ix_books_faults(books)[IX_BOOK_FAULT_UNKNOWN_REFERENCE];
	assert_int_equal(f->first_offset, fault);
	assert_int_equal(f->first_sequence, fault_sequence);
	assert_int_equal(f->first_type, 'D');
	assert_int_equal(ix_books_run(books, rest_of(bytes_of(&day), &run), &run, UINT64_MAX, &err), 0);
	assert_int_equal(run.offset, day.size);
	assert_int_equal(run.message_count, day.message_count);
	finish(books);
	day_free(&day);
}

/* ---- the listener ---- */

typedef struct ledger {
	const ix_books *books;
	uint64_t hash, bbo_count, trade_count, message_count;
} ledger;

static void enter(ledger *l, uint64_t value) { l->hash = (l->hash ^ value) * UINT64_C(0x100000001b3); }
static void enter_bbo(
	void *context, uint16_t locate, const ix_book_level before[2], const ix_book_level best[2]) {
	ledger *l = context;
	(void)before;
	l->bbo_count++;
	enter(l, locate);
	for (int side = 0; side < 2; side++) enter(l, best[side].shares * 31 + best[side].price_e4);
	enter(l, ix_books_sequence(l->books));
	enter(l, ix_books_time(l->books));
}
static void enter_trade(void *context, const ix_book_trade *trade) {
	ledger *l = context;
	l->trade_count++;
	enter(l, trade->match + trade->shares + trade->price_e4);
}
static void enter_message(void *context, const uint8_t *message, size_t size) {
	ledger *l = context;
	assert_int_equal(ix_itch_size(message[0]), size);
	l->message_count++;
}

static void a_listener_hears_the_same_from_a_run_as_from_calls(void **state) {
	(void)state;
	day_maker day = day_make(ix_testing_seed() + 2, 6, 500, 10000);
	ledger applied = {0}, ran = {0};
	ix_book_listener listener = {.on_bbo = enter_bbo, .on_trade = enter_trade, .context = &applied};
	ix_books_options options = small_options();
	options.listener = &listener;
	ix_books *a = books_with(&options);
	listener.context = &ran;
	listener.on_message = enter_message;
	ix_books *b = books_with(&options);
	applied.books = a;
	ran.books = b;
	apply_all(a, bytes_of(&day));
	ix_itch_run run = {0};
	assert_int_equal(ix_books_run(b, bytes_of(&day), &run, UINT64_MAX, NULL), 0);
	assert_true(applied.bbo_count > 100 && applied.trade_count > 100);
	assert_int_equal(applied.bbo_count, ran.bbo_count);
	assert_int_equal(applied.trade_count, ran.trade_count);
	assert_true(applied.hash == ran.hash);
	assert_int_equal(ran.message_count, day.message_count);
	assert_same_books(a, b);
	finish(a);
	finish(b);
	day_free(&day);
}

/* ---- damage ---- */

static void damage(day_maker *day, uint8_t *copy) {
	memcpy(copy, day->data, day->size);
	for (uint32_t i = 0, count = 1 + day_below(day, 40); i < count; i++) {
		size_t at = (size_t)ix_rng_below(&day->rng, day->size);
		uint32_t kind = day_below(day, 4);
		if (kind == 0)
			copy[at] ^= (uint8_t)(1U << day_below(day, 8));
		else if (kind == 1)
			copy[at] = (uint8_t)day_below(day, 256);
		else if (kind == 2)
			copy[at] = (uint8_t)"AFECXDUPQBHRL"[day_below(day, 13)];
		else
			memmove(copy + at,
				day->data + ix_rng_below(&day->rng, day->size - ix_size_min(day->size, 40)),
				ix_size_min(day->size - at, 1 + day_below(day, 39)));
	}
}

static void damaged_streams_leave_the_books_whole(void **state) {
	(void)state;
	day_maker day = day_make(ix_testing_seed() + 3, 8, 400, 3000);
	uint8_t *copy = malloc(day.size);
	ix_books_options options = small_options();
	options.admits_unlisted = true;
	ix_books *books = books_with(&options);
	uint32_t count = ix_testing_long() ? 20000 : 150;
	uint64_t faults = 0;
	for (uint32_t i = 0; i < count; i++) {
		damage(&day, copy);
		ix_itch_run run = {0};
		ix_bytes stream = {copy, day.size};
		/* A malformed message is skipped by its length. */
		while (ix_books_run(books, rest_of(stream, &run), &run, UINT64_MAX, NULL) != 0 &&
			day.size - run.offset >= 2) {
			size_t skip = 2 + (size_t)ix_load_u16_be(copy + run.offset);
			if (skip > day.size - run.offset) break;
			run.offset += skip;
		}
		assert_whole(books);
		ix_books_info info;
		ix_books_get_info(books, &info);
		faults += info.fault_count;
		ix_books_reset(books);
	}
	assert_true(faults > count);
	free(copy);
	finish(books);
	day_free(&day);
}

/* ---- memory ---- */

static uint64_t heap_bytes(void) {
	struct mallinfo2 info = mallinfo2();
	return info.uordblks + info.hblkhd;
}

static void the_hot_path_neither_allocates_nor_touches_new_pages(void **state) {
	(void)state;
	if (IS_SANITIZED) skip(); /* the sanitizers allocate and map as they like */
	day_maker day = day_make(ix_testing_seed() + 4, 200, 20000, 300000);
	ix_alloc_probe probe;
	ix_alloc_probe_init(&probe, NULL);
	ix_books *books = books_with(&(ix_books_options){.allocator = &probe.allocator,
		.orders_reserve = 30000,
		.levels_reserve = 60000,
		.symbols_reserve = 300,
		.trades_max = 1 << 14});
	ix_itch_run run = {0};
	assert_int_equal(
		ix_books_run(books, bytes_of(&day), &run, 20000, NULL), 0); /* code and stack are warm now */
	struct rusage before, after;
	uint64_t calls = probe.calls, heap = heap_bytes();
	getrusage(RUSAGE_SELF, &before);
	int code = ix_books_run(books, rest_of(bytes_of(&day), &run), &run, UINT64_MAX, NULL);
	getrusage(RUSAGE_SELF, &after);
	assert_int_equal(heap_bytes(), heap);
	assert_int_equal(code, 0);
	assert_int_equal(probe.calls, calls);
	assert_int_equal(after.ru_minflt - before.ru_minflt, 0);
	assert_int_equal(after.ru_majflt - before.ru_majflt, 0);
	assert_int_equal(run.message_count, day.message_count);
	ix_books_info info;
	ix_books_get_info(books, &info);
	assert_int_equal(info.growth_count, 0);
	assert_true(info.order_count_peak > 15000);
	finish(books);
	day_free(&day);
}

IX_TESTS(test_book_run, cmocka_unit_test(running_a_stream_is_applying_its_messages),
	cmocka_unit_test(a_stream_may_come_in_pieces_cut_anywhere),
	cmocka_unit_test(a_run_stops_at_the_end_of_session_mark),
	cmocka_unit_test(a_run_waits_in_front_of_a_message_that_is_not_all_there),
	cmocka_unit_test(a_malformed_message_is_an_error_with_its_offset),
	cmocka_unit_test(unknown_types_are_skipped_by_their_length),
	cmocka_unit_test(a_strict_run_stops_behind_the_fault_and_can_go_on),
	cmocka_unit_test(a_listener_hears_the_same_from_a_run_as_from_calls),
	cmocka_unit_test(damaged_streams_leave_the_books_whole),
	cmocka_unit_test(the_hot_path_neither_allocates_nor_touches_new_pages));
