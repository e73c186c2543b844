/* The books beside a naive book, on random operations: after each, the same answer, the same levels, the same
 * orders in the same places. Operations that make no sense are part of it. */
#include "book_fixture.h"
#include "naive_book.h"

#include <inox/rng.h>

/* One run: what is random, and what was. */
typedef struct trial {
	ix_rng rng;
	ix_books *books;
	naive_book naive;
	uint64_t references[4096]; /* given out lately */
	uint64_t next_reference;
	uint32_t given, prices, adds_of_16, price_step;
} trial;

static uint32_t below(trial *t, uint32_t n) { return (uint32_t)ix_rng_below(&t->rng, n); }

static uint64_t some_reference(trial *t) {
	if (t->given == 0 || below(t, 50) == 0) return ix_rng_u64(&t->rng) >> below(t, 64);
	uint32_t back = below(t, 8) == 0 ? below(t, 4096) : below(t, 64);
	return t->references[(t->given - 1 - back % t->given) % 4096];
}

/* Mostly ascending; now and then far away, or one that is alive. */
static uint64_t new_reference(trial *t) {
	uint32_t kind = below(t, 100);
	uint64_t reference = kind == 0   ? ix_rng_u64(&t->rng)
			     : kind == 1 ? some_reference(t)
			     : kind == 2 ? t->next_reference + below(t, 20000)
					 : t->next_reference;
	if (below(t, 3000) == 0) t->next_reference = ix_rng_u64(&t->rng) >> below(t, 64);
	t->next_reference += 1 + below(t, 3);
	t->references[t->given++ % 4096] = reference;
	return reference;
}

static uint32_t some_price(trial *t) { return 1000 + t->price_step * below(t, t->prices); }
static uint32_t some_shares(trial *t) {
	return below(t, 40) == 0 ? below(t, 3) * 4000000000U / 2 : below(t, 60);
}

static int one_operation(trial *t, uint16_t *ret_locate) {
	uint32_t kind = below(t, 16);
	uint64_t reference = some_reference(t);
	ix_book_order found = {0};
	*ret_locate = ix_book_find(t->books, reference, &found) ? found.locate : 1;
	uint32_t shares = below(t, 3) && found.shares ? 1 + below(t, found.shares) : some_shares(t);
	int ours, theirs;
	if (kind < t->adds_of_16) {
		ix_book_order order = {.reference = new_reference(t),
			.locate = (uint16_t)(below(t, 60) ? 1 + below(t, NAIVE_SYMBOLS - 1) : below(t, 9)),
			.side = (uint8_t)below(t, 2),
			.shares = some_shares(t),
			.price_e4 = some_price(t)};
		if (below(t, 5) == 0) memcpy(order.mpid, below(t, 2) ? "GSCO" : "UBSS", 4);
		*ret_locate = order.locate;
		ours = ix_book_add(t->books, &order, NULL);
		theirs = naive_add(&t->naive, &order);
	} else if (kind == 14) {
		uint64_t to = new_reference(t);
		uint32_t price = some_price(t);
		ours = ix_book_replace(t->books, reference, to, shares, price, NULL);
		theirs = naive_replace(&t->naive, reference, to, shares, price);
	} else if (kind == 15) {
		ours = ix_book_cancel(t->books, reference, shares, NULL);
		theirs = naive_take(&t->naive, reference, shares);
	} else if (kind == 13) {
		ours = ix_book_execute(t->books, reference, shares, 1, NULL);
		theirs = naive_take(&t->naive, reference, shares);
	} else {
		ours = ix_book_delete(t->books, reference, NULL);
		theirs = naive_delete(&t->naive, reference);
	}
	assert_int_equal(ours, theirs);
	return ours;
}

/* A level's orders, one by one, and the position of each. */
static void compare_level(
	trial *t, uint16_t locate, unsigned side, const naive_level *level, ix_book_level shown) {
	uint64_t shares = 0;
	uint32_t count = 0;
	for (const naive_order *o = level->first; o; o = o->next) {
		shares += o->order.shares;
		count++;
	}
	assert_level(shown, level->price, count, shares);
	ix_book_walk walk = ix_book_walk_level(t->books, locate, (ix_book_side)side, level->price);
	ix_book_order order;
	uint64_t shares_ahead = 0;
	uint32_t ahead = 0;
	for (const naive_order *o = level->first; o; o = o->next) {
		assert_true(ix_book_walk_next(&walk, &order));
		assert_memory_equal(&order, &o->order, sizeof order);
		ix_book_position p;
		assert_true(ix_book_queue_position(t->books, order.reference, &p));
		assert_int_equal(p.orders_ahead, ahead);
		assert_int_equal(p.shares_ahead, shares_ahead);
		assert_int_equal(p.order_count, count);
		assert_int_equal(p.level_shares, shares);
		ahead++;
		shares_ahead += o->order.shares;
	}
	assert_false(ix_book_walk_next(&walk, &order));
}

static void compare_book(trial *t, uint16_t locate) {
	static ix_book_level levels[4096];
	if (locate >= NAIVE_SYMBOLS) return;
	for (unsigned side = 0; side < 2; side++) {
		size_t count = ix_book_depth(t->books, locate, (ix_book_side)side, levels, IX_COUNT(levels)),
		       i = 0;
		ix_book_level best = ix_book_bbo(t->books, locate)[side];
		if (count == 0)
			assert_level(best, 0, 0, 0);
		else
			assert_memory_equal(&best, &levels[0], sizeof best);
		for (const naive_level *l = t->naive.sides[locate][side]; l; l = l->next, i++) {
			assert_true(i < count);
			compare_level(t, locate, side, l, levels[i]);
		}
		assert_int_equal(i, count);
		assert_int_equal(ix_book_level_count(t->books, locate, (ix_book_side)side), count);
	}
}

static void run_trial(uint64_t seed, uint32_t operations, uint32_t prices, uint32_t price_step) {
	trial *t = calloc(1, sizeof *t);
	ix_rng_seed(&t->rng, seed);
	ix_books_options options = small_options();
	options.hash_seed = seed;
	t->books = books_with(&options);
	t->prices = prices;
	t->price_step = price_step;
	t->next_reference = ix_rng_u64(&t->rng) >> below(t, 64);
	for (uint16_t locate = 1; locate < (uint16_t)NAIVE_SYMBOLS; locate++)
		ix_books_add_symbol(t->books, locate, IX_STR(""), NULL);
	for (uint32_t i = 0; i < operations; i++) {
		/* The books fill, hover, and drain. */
		if (i % 512 == 0) t->adds_of_16 = 3 + below(t, 8);
		uint16_t locate;
		int code = one_operation(t, &locate);
		if (code == 0 || i % 64 == 0) compare_book(t, locate);
		if (i % 128 == 0) assert_whole(t->books);
	}
	for (uint16_t locate = 1; locate < (uint16_t)NAIVE_SYMBOLS; locate++) compare_book(t, locate);
	naive_free(&t->naive);
	finish(t->books);
	free(t);
}

static void run_trials(uint32_t prices, uint32_t price_step) {
	uint32_t count = ix_testing_long() ? 200 : 4, operations = ix_testing_long() ? 20000 : 4000;
	for (uint32_t i = 0; i < count; i++)
		run_trial(ix_testing_seed() + i * 1000 + prices, operations, prices, price_step);
}

static void a_naive_book_agrees_where_queues_are_long(void **state) {
	(void)state;
	run_trials(2, 100);
}

static void a_naive_book_agrees_where_levels_are_many(void **state) {
	(void)state;
	run_trials(300, 1);
}

static void a_naive_book_agrees_where_both_are_middling(void **state) {
	(void)state;
	run_trials(20, 0x0c000000);
}

IX_TESTS(test_book_differential, cmocka_unit_test(a_naive_book_agrees_where_queues_are_long),
	cmocka_unit_test(a_naive_book_agrees_where_levels_are_many),
	cmocka_unit_test(a_naive_book_agrees_where_both_are_middling));
