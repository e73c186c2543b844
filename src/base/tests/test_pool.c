/* The pool: a fixed maximum, stable indices, and in a debug build the watch over what is out. */
#include "heap.h"

#include <inox/arena.h>
#include <inox/pool.h>
#include <inox/rng.h>

typedef struct {
	uint64_t id;
	char name[12];
} thing;

static void gives_out_so_many_and_no_more(void **state) {
	(void)state;
	heap h;
	heap_init(&h);
	ix_pool pool;
	assert_int_equal(ix_pool_init_of(&pool, &h.allocator, thing, 100, NULL), 0);
	assert_int_equal(pool.slot_size, sizeof(thing));
	size_t calls = h.calls;
	thing *things[100];
	for (size_t i = 0; i < 100; i++) {
		things[i] = ix_pool_take(&pool);
		assert_non_null(things[i]);
		assert_int_equal((uintptr_t)things[i] % _Alignof(thing), 0);
		things[i]->id = i;
		assert_int_equal(ix_pool_index(&pool, things[i]), i);
		assert_ptr_equal(ix_pool_at(&pool, i), things[i]);
	}
	assert_null(ix_pool_take(&pool));
	assert_int_equal(pool.used, 100);
	for (size_t i = 0; i < 100; i++) assert_int_equal(things[i]->id, i);
	ix_pool_give(&pool, things[37]);
	assert_ptr_equal(ix_pool_take(&pool), things[37]);
	assert_null(ix_pool_take(&pool));
	assert_int_equal(h.calls, calls);
	ix_pool_fini(&pool);
	assert_int_equal(h.live_bytes, 0);
}

static void the_latest_given_is_taken_first(void **state) {
	(void)state;
	heap h;
	heap_init(&h);
	ix_pool pool;
	assert_int_equal(ix_pool_init_of(&pool, &h.allocator, thing, 3, NULL), 0);
	thing *a = ix_pool_take(&pool), *b = ix_pool_take(&pool);
	ix_pool_give(&pool, a);
	ix_pool_give(&pool, b);
	assert_ptr_equal(ix_pool_take(&pool), b);
	assert_ptr_equal(ix_pool_take(&pool), a);
	ix_pool_fini(&pool);
}

static void objects_smaller_than_a_pointer_have_room_for_one(void **state) {
	(void)state;
	heap h;
	heap_init(&h);
	ix_pool pool;
	assert_int_equal(ix_pool_init(&pool, &h.allocator, 1, 1, 10, NULL), 0);
	uint8_t *bytes[10];
	for (size_t i = 0; i < 10; i++) {
		bytes[i] = ix_pool_take(&pool);
		*bytes[i] = (uint8_t)i;
	}
	for (size_t i = 0; i < 10; i++) assert_int_equal(*bytes[i], i);
	for (size_t i = 0; i < 10; i++) ix_pool_give(&pool, bytes[i]);
	for (size_t i = 0; i < 10; i++) assert_ptr_equal(ix_pool_take(&pool), bytes[9 - i]);
	ix_pool_fini(&pool);
}

static void slots_keep_the_alignment(void **state) {
	(void)state;
	heap h;
	heap_init(&h);
	ix_pool pool;
	assert_int_equal(ix_pool_init(&pool, &h.allocator, 65, 64, 5, NULL), 0);
	assert_int_equal(pool.slot_size, 128);
	for (size_t i = 0; i < 5; i++) assert_int_equal((uintptr_t)ix_pool_take(&pool) % 64, 0);
	ix_pool_fini(&pool);
}

static void an_empty_pool_gives_nothing(void **state) {
	(void)state;
	heap h;
	heap_init(&h);
	ix_pool pool;
	assert_int_equal(ix_pool_init_of(&pool, &h.allocator, thing, 0, NULL), 0);
	assert_null(ix_pool_take(&pool));
	assert_int_equal(h.calls, 0);
	ix_pool_fini(&pool);
	ix_pool zeroed = {0};
	ix_pool_fini(&zeroed);
}

static void sizes_that_overflow_are_refused(void **state) {
	(void)state;
	heap h;
	heap_init(&h);
	static ix_pool pool;
	ix_error err = {0};
	assert_int_equal(ix_pool_init(&pool, &h.allocator, 1000, 8, SIZE_MAX / 999, &err), IX_ERR_LIMIT);
	assert_int_equal(ix_pool_init(&pool, &h.allocator, SIZE_MAX, 8, 1, &err), IX_ERR_LIMIT);
	assert_int_equal(ix_pool_init(&pool, &h.allocator, 8, 8, SIZE_MAX / 8, &err), IX_ERR_LIMIT);
	assert_non_null(strstr(err.text, "too large"));
	assert_true(PANICS(ix_pool_init(&pool, &h.allocator, 0, 8, 1, NULL)));
	assert_true(PANICS(ix_pool_init(&pool, &h.allocator, 8, 12, 1, NULL)));
	assert_int_equal(h.calls, 0);
}

static void a_pool_can_stand_in_a_fixed_buffer(void **state) {
	(void)state;
	_Alignas(16) uint8_t buffer[1024];
	ix_arena arena;
	ix_arena_init_fixed(&arena, buffer, sizeof buffer);
	ix_allocator allocator = ix_arena_allocator(&arena);
	ix_pool pool;
	assert_int_equal(ix_pool_init_of(&pool, &allocator, thing, 1000, NULL), IX_ERR_MEMORY);
	assert_int_equal(ix_pool_init_of(&pool, &allocator, thing, 10, NULL), 0);
	assert_non_null(ix_pool_take(&pool));
	ix_pool_fini(&pool);
	ix_arena_fini(&arena);
}

static void any_mix_of_takes_and_gives_keeps_objects_apart(void **state) {
	(void)state;
	enum { MAXIMUM = 64 };
	heap h;
	heap_init(&h);
	ix_pool pool;
	assert_int_equal(ix_pool_init_of(&pool, &h.allocator, thing, MAXIMUM, NULL), 0);
	ix_rng rng;
	ix_rng_seed(&rng, ix_testing_seed());
	thing *out[MAXIMUM];
	size_t count = 0;
	for (uint64_t turn = 0; turn < 20000; turn++) {
		if (ix_rng_chance(&rng, 1, 2)) {
			thing *t = ix_pool_take(&pool);
			assert_int_equal(t == NULL, count == MAXIMUM);
			if (!t) continue;
			t->id = ix_pool_index(&pool, t);
			out[count++] = t;
		} else if (count > 0) {
			size_t i = ix_rng_below(&rng, count);
			assert_int_equal(out[i]->id, ix_pool_index(&pool, out[i]));
			ix_pool_give(&pool, out[i]);
			out[i] = out[--count];
		}
		assert_int_equal(pool.used, count);
	}
	ix_pool_fini(&pool);
}

static int use_pool(heap *h, ix_error *err) {
	ix_pool pool;
	int code = ix_pool_init_of(&pool, &h->allocator, thing, 100, err);
	if (code == 0) ix_pool_fini(&pool);
	return code;
}

static void any_allocation_may_fail(void **state) {
	(void)state;
	fail_each_allocation(use_pool);
}

static void a_debug_build_stops_at_a_second_give_and_at_strangers(void **state) {
	(void)state;
	heap h;
	heap_init(&h);
	static ix_pool pool;
	static thing *t;
	static thing stranger;
	assert_int_equal(ix_pool_init_of(&pool, &h.allocator, thing, 4, NULL), 0);
	if (!pool.live) {
		ix_pool_fini(&pool);
		skip(); /* not a debug build */
	}
	t = ix_pool_take(&pool);
	assert_true(PANICS(ix_pool_check_give(&pool, (uint8_t *)t + 1)));
	assert_true(PANICS(ix_pool_check_give(&pool, &stranger)));
	assert_true(PANICS(ix_pool_check_give(&pool, (uint8_t *)t + pool.slot_size)));
	assert_true(PANICS(ix_pool_at(&pool, 1))); /* never taken */
	assert_true(!PANICS(ix_pool_give(&pool, t)));
	assert_true(PANICS(ix_pool_give(&pool, t)));
	ix_pool_fini(&pool);
}

IX_TESTS(test_pool, cmocka_unit_test(gives_out_so_many_and_no_more),
	cmocka_unit_test(the_latest_given_is_taken_first),
	cmocka_unit_test(objects_smaller_than_a_pointer_have_room_for_one),
	cmocka_unit_test(slots_keep_the_alignment), cmocka_unit_test(an_empty_pool_gives_nothing),
	cmocka_unit_test(sizes_that_overflow_are_refused),
	cmocka_unit_test(a_pool_can_stand_in_a_fixed_buffer),
	cmocka_unit_test(any_mix_of_takes_and_gives_keeps_objects_apart),
	cmocka_unit_test(any_allocation_may_fail),
	cmocka_unit_test(a_debug_build_stops_at_a_second_give_and_at_strangers));
