/* The vector: growth, its maximum, and every operation against a plain array. */
#include "heap.h"

#include <inox/rng.h>
#include <inox/vec.h>

typedef struct {
	int x, y, z;
} point;

IX_VEC(ints, int);
IX_VEC(points, point);

static void a_new_one_is_empty_and_takes_nothing(void **state) {
	(void)state;
	heap h;
	heap_init(&h);
	ints v;
	ints_init(&v, &h.allocator, 10);
	assert_int_equal(v.count, 0);
	ints_fini(&v);
	assert_int_equal(h.calls, 0);
	ints zeroed = {0};
	ints_fini(&zeroed);
}

static void pushing_n_items_allocates_about_log_n_times(void **state) {
	(void)state;
	heap h;
	heap_init(&h);
	points v;
	points_init(&v, &h.allocator, SIZE_MAX);
	for (int i = 0; i < 100000; i++) assert_int_equal(points_push(&v, (point){i, -i, 2 * i}, NULL), 0);
	for (int i = 0; i < 100000; i++) assert_int_equal(v.items[i].z, 2 * i);
	/* 8 * 1.5^k >= 100000: k = 24 */
	assert_true(h.calls <= 26);
	points_fini(&v);
	assert_int_equal(h.live_bytes, 0);
	assert_int_equal(v.capacity, 0);
}

static void the_maximum_holds_and_leaves_the_vector_as_it_was(void **state) {
	(void)state;
	heap h;
	heap_init(&h);
	ix_error err = {0};
	ints v;
	ints_init(&v, &h.allocator, 10);
	for (int i = 0; i < 10; i++) assert_int_equal(ints_push(&v, i, &err), 0);
	const int more[] = {1, 2, 3};
	const volatile size_t huge = SIZE_MAX; /* or the compiler warns of a copy that never happens */
	ints was = v;
	assert_int_equal(ints_push(&v, 10, &err), IX_ERR_LIMIT);
	assert_string_equal(err.text, "more than 10 items");
	assert_int_equal(ints_insert(&v, 0, 10, &err), IX_ERR_LIMIT);
	assert_int_equal(ints_append(&v, more, 3, &err), IX_ERR_LIMIT);
	assert_int_equal(ints_reserve(&v, 11, &err), IX_ERR_LIMIT);
	assert_int_equal(ints_append(&v, more, huge, &err), IX_ERR_LIMIT);
	assert_memory_equal(&v, &was, sizeof v);
	assert_true(v.capacity <= 10);
	assert_int_equal(ints_append(&v, NULL, 0, &err), 0);
	ints_fini(&v);
	ints_init(&v, &h.allocator, 0);
	assert_int_equal(ints_push(&v, 1, NULL), IX_ERR_LIMIT);
}

static void a_size_that_overflows_is_over_the_limit(void **state) {
	(void)state;
	heap h;
	heap_init(&h);
	points v;
	points_init(&v, &h.allocator, SIZE_MAX);
	assert_int_equal(points_reserve(&v, SIZE_MAX, NULL), IX_ERR_LIMIT);
	assert_int_equal(points_reserve(&v, SIZE_MAX / sizeof(point), NULL), IX_ERR_LIMIT);
	assert_int_equal(h.calls, 0);
}

static void reserved_room_is_not_allocated_again(void **state) {
	(void)state;
	heap h;
	heap_init(&h);
	ints v;
	ints_init(&v, &h.allocator, 1000);
	assert_int_equal(ints_reserve(&v, 1000, NULL), 0);
	assert_int_equal(v.capacity, 1000);
	for (int i = 0; i < 1000; i++) assert_int_equal(ints_push(&v, i, NULL), 0);
	ints_truncate(&v, 2000);
	assert_int_equal(v.count, 1000);
	ints_truncate(&v, 10);
	assert_int_equal(v.count, 10);
	ints_clear(&v);
	assert_int_equal(v.count, 0);
	assert_int_equal(h.calls, 1);
	ints_fini(&v);
}

static void does_what_a_plain_array_does(void **state) {
	(void)state;
	enum { MAXIMUM = 200 };
	heap h;
	heap_init(&h);
	ix_rng rng;
	ix_rng_seed(&rng, ix_testing_seed());
	ints v;
	ints_init(&v, &h.allocator, MAXIMUM);
	int model[MAXIMUM + 8] = {0};
	size_t count = 0;
	for (int turn = 0; turn < 20000; turn++) {
		size_t at = ix_rng_below(&rng, count + 1);
		int code = 0, items[4] = {turn, turn + 1, turn + 2, turn + 3};
		size_t grows = 0;
		switch (ix_rng_below(&rng, 7)) {
		case 0:
			code = ints_push(&v, turn, NULL);
			model[count] = turn, grows = 1;
			break;
		case 1:
			grows = ix_rng_below(&rng, 5);
			code = ints_append(&v, items, grows, NULL);
			memcpy(model + count, items, grows * sizeof(int));
			break;
		case 2:
			code = ints_insert(&v, at, turn, NULL);
			if (code) break;
			memmove(model + at + 1, model + at, (count - at) * sizeof(int));
			model[at] = turn, grows = 1;
			break;
		case 3:
			if (at == count) break;
			assert_int_equal(ints_remove(&v, at), model[at]);
			memmove(model + at, model + at + 1, (--count - at) * sizeof(int));
			break;
		case 4:
			if (at == count) break;
			assert_int_equal(ints_remove_swap(&v, at), model[at]);
			model[at] = model[--count];
			break;
		case 5:
			if (count) assert_int_equal(ints_pop(&v), model[--count]);
			break;
		default:
			if (turn % 50) break;
			ints_truncate(&v, at);
			count = at;
		}
		assert_int_equal(code, code ? IX_ERR_LIMIT : 0);
		if (code) assert_true(count + 4 > MAXIMUM);
		if (!code) count += grows;
		assert_int_equal(v.count, count);
		if (count) assert_memory_equal(v.items, model, count * sizeof(int));
	}
	ints_fini(&v);
	assert_int_equal(h.live_bytes, 0);
}

static int use_vec(heap *h, ix_error *err) {
	ints v;
	ints_init(&v, &h->allocator, SIZE_MAX);
	int code = 0;
	for (int i = 0; i < 500 && !code; i++) {
		code = ints_push(&v, i, err);
		if (code) assert_int_equal(v.count, i);
	}
	for (size_t i = 0; i < v.count; i++) assert_int_equal(v.items[i], i);
	ints_fini(&v);
	return code;
}

static void any_allocation_may_fail(void **state) {
	(void)state;
	fail_each_allocation(use_vec);
}

static void what_is_not_there_cannot_be_removed(void **state) {
	(void)state;
	heap h;
	heap_init(&h);
	static ints v;
	ints_init(&v, &h.allocator, 10);
	assert_int_equal(ints_push(&v, 1, NULL), 0);
	assert_true(PANICS(ints_remove(&v, 1)));
	assert_true(PANICS(ints_remove_swap(&v, 1)));
	assert_true(PANICS(ints_insert(&v, 2, 1, NULL)));
	assert_int_equal(ints_pop(&v), 1);
	assert_true(PANICS(ints_pop(&v)));
	ints_fini(&v);
}

IX_TESTS(test_vec, cmocka_unit_test(a_new_one_is_empty_and_takes_nothing),
	cmocka_unit_test(pushing_n_items_allocates_about_log_n_times),
	cmocka_unit_test(the_maximum_holds_and_leaves_the_vector_as_it_was),
	cmocka_unit_test(a_size_that_overflows_is_over_the_limit),
	cmocka_unit_test(reserved_room_is_not_allocated_again),
	cmocka_unit_test(does_what_a_plain_array_does), cmocka_unit_test(any_allocation_may_fail),
	cmocka_unit_test(what_is_not_there_cannot_be_removed));
