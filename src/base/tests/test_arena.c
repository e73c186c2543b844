/* The arena: alignment, limits, marks, what is kept and what is given back. */
#include "heap.h"

#include <inox/arena.h>
#include <inox/rng.h>

static void pieces_are_aligned_and_do_not_overlap(void **state) {
	(void)state;
	heap h;
	heap_init(&h);
	ix_arena arena;
	ix_arena_init(&arena, &h.allocator, 1024, 0);
	ix_rng rng;
	ix_rng_seed(&rng, ix_testing_seed());
	struct {
		uint8_t *data;
		size_t size;
	} pieces[2000];
	for (size_t i = 0; i < IX_COUNT(pieces); i++) {
		size_t alignment = (size_t)1 << ix_rng_below(&rng, 13);
		pieces[i].size = ix_rng_below(&rng, i % 50 ? 100 : 3000);
		pieces[i].data = ix_arena_take(&arena, pieces[i].size, alignment);
		assert_non_null(pieces[i].data);
		assert_int_equal((uintptr_t)pieces[i].data % alignment, 0);
		memset(pieces[i].data, (int)i, pieces[i].size);
	}
	for (size_t i = 0; i < IX_COUNT(pieces); i++) {
		for (size_t k = 0; k < pieces[i].size; k++) assert_int_equal(pieces[i].data[k], i & 0xFF);
	}
	assert_int_equal((int64_t)arena.reserved, h.live_bytes);
	ix_arena_fini(&arena);
	assert_int_equal(h.live_bytes, 0);
}

static void an_arena_that_gave_nothing_took_nothing(void **state) {
	(void)state;
	heap h;
	heap_init(&h);
	ix_arena arena;
	ix_arena_init(&arena, &h.allocator, 0, 0);
	assert_int_equal(h.calls, 0);
	assert_int_equal(arena.block_size, IX_ARENA_BLOCK_SIZE);
	ix_arena_reset(&arena);
	ix_arena_trim(&arena);
	ix_arena_fini(&arena);
	assert_int_equal(h.calls, 0);
}

static void even_nothing_has_an_address(void **state) {
	(void)state;
	heap h;
	heap_init(&h);
	ix_arena arena;
	ix_arena_init(&arena, &h.allocator, 0, 0);
	assert_non_null(ix_arena_take(&arena, 0, 1));
	ix_arena_fini(&arena);
}

static void the_limit_holds_to_the_byte(void **state) {
	(void)state;
	heap h;
	heap_init(&h);
	ix_arena arena;
	ix_arena_init(&arena, &h.allocator, 256, 1000);
	size_t given = 0;
	while (ix_arena_take(&arena, 1, 1)) given++;
	/* Four blocks: three of 256 and the 232 that are left; each loses the same to its header. */
	assert_int_equal(arena.reserved, 1000);
	assert_int_equal(h.live_bytes, 1000);
	assert_int_equal(given, 1000 - 4 * 64);
	assert_null(ix_arena_take(&arena, 1, 1));
	ix_arena_reset(&arena);
	assert_non_null(ix_arena_take(&arena, 1, 1));
	ix_arena_fini(&arena);
}

static void a_request_over_the_limit_changes_nothing(void **state) {
	(void)state;
	heap h;
	heap_init(&h);
	ix_arena arena;
	ix_arena_init(&arena, &h.allocator, 256, 4096);
	uint8_t *before = ix_arena_take(&arena, 10, 1);
	ix_arena was = arena;
	assert_null(ix_arena_take(&arena, 4096, 1));
	assert_null(ix_arena_take(&arena, SIZE_MAX, 1));
	assert_null(ix_arena_take(&arena, SIZE_MAX - 63, 1));
	assert_null(ix_arena_take(&arena, SIZE_MAX / 2, 4096));
	assert_null(ix_arena_take_zeroed(&arena, SIZE_MAX / 2, 3, 1));
	assert_memory_equal(&arena, &was, sizeof arena);
	assert_ptr_equal(ix_arena_take(&arena, 1, 1), before + 10);
	ix_arena_fini(&arena);
}

static void a_large_piece_has_a_block_of_its_own(void **state) {
	(void)state;
	heap h;
	heap_init(&h);
	ix_arena arena;
	ix_arena_init(&arena, &h.allocator, 1024, 0);
	uint8_t *large = ix_arena_take(&arena, 100000, 4096);
	assert_non_null(large);
	assert_int_equal((uintptr_t)large % 4096, 0);
	memset(large, 1, 100000);
	ix_arena_fini(&arena);
	assert_int_equal(h.live_bytes, 0);
}

static void a_fixed_arena_ends_where_its_buffer_does(void **state) {
	(void)state;
	_Alignas(16) uint8_t buffer[100];
	ix_arena arena;
	ix_arena_init_fixed(&arena, buffer, sizeof buffer);
	assert_ptr_equal(ix_arena_take(&arena, 40, 8), buffer);
	ix_arena_mark mark = ix_arena_mark_here(&arena);
	assert_ptr_equal(ix_arena_take(&arena, 60, 8), buffer + 40);
	assert_non_null(ix_arena_take(&arena, 0, 1));
	assert_null(ix_arena_take(&arena, 1, 1));
	ix_arena_rewind(&arena, mark);
	assert_null(ix_arena_take(&arena, 61, 1));
	assert_ptr_equal(ix_arena_take(&arena, 60, 1), buffer + 40);
	ix_arena_reset(&arena);
	assert_ptr_equal(ix_arena_take(&arena, 100, 1), buffer);
	ix_arena_fini(&arena);
	assert_null(ix_arena_take(&arena, 1, 1));
	buffer[99] = 1; /* the buffer is the caller's again */
}

static void rewinding_gives_the_same_memory_again(void **state) {
	(void)state;
	heap h;
	heap_init(&h);
	ix_arena arena;
	ix_arena_init(&arena, &h.allocator, 512, 0);
	uint8_t *kept = ix_arena_take(&arena, 100, 1);
	memset(kept, 7, 100);
	ix_arena_mark mark = ix_arena_mark_here(&arena);
	uint8_t *first = ix_arena_take(&arena, 50, 1);
	for (int i = 0; i < 100; i++) assert_non_null(ix_arena_take(&arena, 300, 1));
	size_t calls = h.calls;
	for (int turn = 0; turn < 50; turn++) {
		ix_arena_rewind(&arena, mark);
		assert_ptr_equal(ix_arena_take(&arena, 50, 1), first);
		for (int i = 0; i < 100; i++) assert_non_null(ix_arena_take(&arena, 300, 1));
	}
	assert_int_equal(h.calls, calls);
	for (size_t i = 0; i < 100; i++) assert_int_equal(kept[i], 7);
	ix_arena_fini(&arena);
	assert_int_equal(h.live_bytes, 0);
}

static void marks_nest(void **state) {
	(void)state;
	heap h;
	heap_init(&h);
	ix_arena arena;
	ix_arena_init(&arena, &h.allocator, 256, 0);
	ix_arena_mark outer = ix_arena_mark_here(&arena); /* before the first block */
	uint8_t *a = ix_arena_take(&arena, 150, 1);
	ix_arena_mark inner = ix_arena_mark_here(&arena);
	assert_non_null(ix_arena_take(&arena, 150, 1));
	ix_arena_rewind(&arena, inner);
	assert_ptr_equal(ix_arena_take(&arena, 1, 1), a + 150);
	ix_arena_rewind(&arena, outer);
	assert_null(arena.blocks);
	assert_non_null(arena.spare);
	ix_arena_fini(&arena);
	assert_int_equal(h.live_bytes, 0);
}

static void a_mark_that_was_rewound_past_is_our_own_mistake(void **state) {
	(void)state;
	heap h;
	heap_init(&h);
	static ix_arena arena;
	ix_arena_init(&arena, &h.allocator, 256, 0);
	assert_non_null(ix_arena_take(&arena, 150, 1));
	ix_arena_mark stale = ix_arena_mark_here(&arena);
	ix_arena_reset(&arena);
	assert_true(PANICS(ix_arena_rewind(&arena, stale)));
	ix_arena_fini(&arena);
}

static void an_alignment_is_a_power_of_two_up_to_a_page(void **state) {
	(void)state;
	heap h;
	heap_init(&h);
	static ix_arena arena;
	ix_arena_init(&arena, &h.allocator, 256, 0);
	assert_true(PANICS(ix_arena_take_slow(&arena, 1, 3)));
	assert_true(PANICS(ix_arena_take_slow(&arena, 1, 8192)));
	ix_arena_fini(&arena);
}

static void trim_gives_back_what_is_kept(void **state) {
	(void)state;
	heap h;
	heap_init(&h);
	ix_arena arena;
	ix_arena_init(&arena, &h.allocator, 256, 0);
	for (int i = 0; i < 10; i++) assert_non_null(ix_arena_take(&arena, 150, 1));
	ix_arena_reset(&arena);
	assert_true(h.live_bytes > 0);
	ix_arena_trim(&arena);
	assert_int_equal(h.live_bytes, 0);
	assert_int_equal(arena.reserved, 0);
	assert_non_null(ix_arena_take(&arena, 150, 1));
	ix_arena_fini(&arena);
}

static void a_kept_block_that_is_too_small_is_passed_over(void **state) {
	(void)state;
	heap h;
	heap_init(&h);
	ix_arena arena;
	ix_arena_init(&arena, &h.allocator, 256, 0);
	assert_non_null(ix_arena_take(&arena, 10, 1));
	assert_non_null(ix_arena_take(&arena, 1000, 1));
	ix_arena_reset(&arena);
	size_t calls = h.calls;
	assert_non_null(
		ix_arena_take(&arena, 900, 1)); /* the large one, which is kept behind the small one */
	assert_int_equal(h.calls, calls);
	ix_arena_fini(&arena);
	assert_int_equal(h.live_bytes, 0);
}

static void copies_are_whole_and_followed_by_a_nul(void **state) {
	(void)state;
	heap h;
	heap_init(&h);
	ix_arena arena;
	ix_arena_init(&arena, &h.allocator, 0, 0);
	char text[] = "symbol";
	ix_str copy = ix_arena_copy_str(&arena, ix_str_from(text));
	text[0] = 'X';
	assert_int_equal(copy.size, 6);
	assert_string_equal(copy.data, "symbol");
	ix_str empty = ix_arena_copy_str(&arena, (ix_str){NULL, 0});
	assert_non_null(empty.data);
	assert_int_equal(empty.size, 0);
	const uint8_t bytes[] = {0, 1, 0};
	ix_bytes copied = ix_arena_copy_bytes(&arena, (ix_bytes){bytes, 3});
	assert_int_equal(copied.size, 3);
	assert_memory_equal(copied.data, bytes, 3);
	assert_null(ix_arena_copy_str(&arena, (ix_str){text, SIZE_MAX}).data);
	ix_arena_fini(&arena);
}

static void formats_text_of_any_length(void **state) {
	(void)state;
	heap h;
	heap_init(&h);
	ix_arena arena;
	ix_arena_init(&arena, &h.allocator, 256, 2000);
	ix_str s = ix_arena_format(&arena, "%s-%d", "order", 42);
	assert_int_equal(s.size, 8);
	assert_string_equal(s.data, "order-42");
	s = ix_arena_format(&arena, "%1000d", 7);
	assert_int_equal(s.size, 1000);
	assert_int_equal(s.data[999], '7');
	assert_null(ix_arena_format(&arena, "%2000d", 7).data);
	ix_arena_fini(&arena);
}

static void new_objects_and_arrays_are_zeroed(void **state) {
	(void)state;
	heap h;
	heap_init(&h);
	ix_arena arena;
	ix_arena_init(&arena, &h.allocator, 0, 0);
	for (int turn = 0; turn < 2; turn++, ix_arena_reset(&arena)) {
		uint64_t *one = ix_arena_new(&arena, uint64_t), *many = ix_arena_array(&arena, uint64_t, 100);
		assert_int_equal(*one, 0);
		*one = 1;
		for (size_t i = 0; i < 100; i++) assert_int_equal(many[i], 0);
		memset(many, 0xFF, 100 * sizeof *many);
		assert_non_null(ix_arena_array(&arena, uint64_t, 0));
	}
	ix_arena_fini(&arena);
}

static int use_arena(heap *h, ix_error *err) {
	ix_arena arena;
	ix_arena_init(&arena, &h->allocator, 256, 0);
	int code = 0;
	for (size_t i = 0; i < 20 && !code; i++) {
		ix_str copy = ix_arena_copy_str(&arena, IX_STR("a text that is copied"));
		uint64_t *array = copy.data ? ix_arena_array(&arena, uint64_t, i * 10) : NULL;
		if (!array) code = ix_fail(err, IX_ERR_MEMORY, "no memory");
	}
	ix_arena_fini(&arena);
	return code;
}

static void any_allocation_may_fail(void **state) {
	(void)state;
	fail_each_allocation(use_arena);
}

static void an_allocator_on_an_arena_grows_the_latest_piece_in_place(void **state) {
	(void)state;
	_Alignas(16) uint8_t buffer[256];
	ix_arena arena;
	ix_arena_init_fixed(&arena, buffer, sizeof buffer);
	ix_allocator a = ix_arena_allocator(&arena);
	uint8_t *piece = ix_allocate(&a, 16, 8);
	memset(piece, 3, 16);
	assert_ptr_equal(a.resize(a.context, piece, 16, 32, 8), piece); /* grows */
	assert_ptr_equal(a.resize(a.context, piece, 32, 16, 8), piece); /* shrinks */
	uint8_t *other = ix_allocate(&a, 16, 8);
	assert_ptr_equal(other, piece + 16);
	assert_ptr_equal(a.resize(a.context, piece, 16, 8, 8), piece); /* shrinks where it is */
	uint8_t *moved = a.resize(a.context, piece, 16, 24, 8);
	assert_ptr_equal(moved, other + 16);
	for (size_t i = 0; i < 16; i++) assert_int_equal(moved[i], 3);
	ix_release(&a, moved, 24, 8); /* the latest: taken back */
	assert_ptr_equal(ix_allocate(&a, 1, 1), moved);
	ix_release(&a, piece, 16, 8); /* not the latest: stays until the arena goes */
	assert_null(a.resize(a.context, other, 16, 1000, 8));
	uint8_t *latest = ix_allocate(&a, 16, 8);
	assert_null(a.resize(a.context, latest, 16, 1000, 8));
	assert_ptr_equal(ix_arena_take(&arena, 1, 1), latest + 16); /* it stands as it was */
	ix_arena_fini(&arena);
}

#ifdef IX_ARENA_POISON
int __asan_address_is_poisoned(void const volatile *address);

static void what_was_taken_back_is_poisoned(void **state) {
	(void)state;
	heap h;
	heap_init(&h);
	ix_arena arena;
	ix_arena_init(&arena, &h.allocator, 0, 0);
	uint8_t *kept = ix_arena_take(&arena, 64, 8);
	ix_arena_mark mark = ix_arena_mark_here(&arena);
	uint8_t *gone = ix_arena_take(&arena, 64, 8);
	assert_false(__asan_address_is_poisoned(gone));
	assert_true(__asan_address_is_poisoned(gone + 64));
	ix_arena_rewind(&arena, mark);
	assert_true(__asan_address_is_poisoned(gone));
	assert_false(__asan_address_is_poisoned(kept + 63));
	ix_arena_fini(&arena);
}
#else
static void what_was_taken_back_is_poisoned(void **state) {
	(void)state;
	skip(); /* needs AddressSanitizer */
}
#endif

IX_TESTS(test_arena, cmocka_unit_test(pieces_are_aligned_and_do_not_overlap),
	cmocka_unit_test(an_arena_that_gave_nothing_took_nothing),
	cmocka_unit_test(even_nothing_has_an_address), cmocka_unit_test(the_limit_holds_to_the_byte),
	cmocka_unit_test(a_request_over_the_limit_changes_nothing),
	cmocka_unit_test(a_large_piece_has_a_block_of_its_own),
	cmocka_unit_test(a_fixed_arena_ends_where_its_buffer_does),
	cmocka_unit_test(rewinding_gives_the_same_memory_again), cmocka_unit_test(marks_nest),
	cmocka_unit_test(a_mark_that_was_rewound_past_is_our_own_mistake),
	cmocka_unit_test(an_alignment_is_a_power_of_two_up_to_a_page),
	cmocka_unit_test(trim_gives_back_what_is_kept),
	cmocka_unit_test(a_kept_block_that_is_too_small_is_passed_over),
	cmocka_unit_test(copies_are_whole_and_followed_by_a_nul),
	cmocka_unit_test(formats_text_of_any_length), cmocka_unit_test(new_objects_and_arrays_are_zeroed),
	cmocka_unit_test(any_allocation_may_fail),
	cmocka_unit_test(an_allocator_on_an_arena_grows_the_latest_piece_in_place),
	cmocka_unit_test(what_was_taken_back_is_poisoned));
