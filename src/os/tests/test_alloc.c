/* The allocator over malloc, the probe, and regions. */
#include <inox/region.h>

#include "helpers.h"

#include <sys/mman.h>

static void gives_and_takes_back_aligned_memory(void **state) {
	(void)state;
	const ix_allocator *a = ix_os_allocator();
	for (size_t alignment = 1; alignment <= 4096; alignment *= 2) {
		void *block = ix_allocate(a, 100, alignment);
		assert_non_null(block);
		assert_int_equal((uintptr_t)block % alignment, 0);
		memset(block, 0xA5, 100);
		ix_release(a, block, 100, alignment);
	}
}

static void resizing_keeps_what_was_there(void **state) {
	(void)state;
	static const size_t alignments[] = {8, 64};
	const ix_allocator *a = ix_os_allocator();
	for (size_t i = 0; i < IX_COUNT(alignments); i++) {
		uint8_t *block = ix_allocate(a, 3, alignments[i]);
		memcpy(block, "abc", 3);
		block = a->resize(a->context, block, 3, 100000, alignments[i]);
		assert_memory_equal(block, "abc", 3);
		assert_int_equal((uintptr_t)block % alignments[i], 0);
		block = a->resize(a->context, block, 100000, 2, alignments[i]);
		assert_memory_equal(block, "ab", 2);
		ix_release(a, block, 2, alignments[i]);
	}
}

static void a_size_that_cannot_be_is_refused(void **state) {
	(void)state;
	assert_null(ix_allocate(ix_os_allocator(), SIZE_MAX, 1));
	assert_null(ix_allocate(ix_os_allocator(), SIZE_MAX - 100, 64));
	assert_null(ix_allocate_zeroed(ix_os_allocator(), SIZE_MAX / 2, 3, 8));
}

static void zeroed_memory_is_zero(void **state) {
	(void)state;
	uint64_t *block = ix_allocate_zeroed(ix_os_allocator(), 100, sizeof *block, 8);
	for (int i = 0; i < 100; i++) assert_int_equal(block[i], 0);
	ix_release(ix_os_allocator(), block, 800, 8);
}

static void the_probe_counts_what_is_alive(void **state) {
	(void)state;
	ix_alloc_probe probe;
	ix_alloc_probe_init(&probe, NULL);
	const ix_allocator *a = &probe.allocator;
	void *first = ix_allocate(a, 10, 1), *second = ix_allocate(a, 20, 1);
	assert_int_equal(probe.live_blocks, 2);
	assert_int_equal(probe.live_bytes, 30);
	first = a->resize(a->context, first, 10, 50, 1);
	assert_int_equal(probe.live_blocks, 2);
	assert_int_equal(probe.live_bytes, 70);
	ix_release(a, second, 20, 1);
	ix_release(a, first, 50, 1);
	assert_int_equal(probe.live_blocks, 0);
	assert_int_equal(probe.live_bytes, 0);
	assert_int_equal(probe.peak_bytes, 70);
	assert_int_equal(probe.calls, 3);
}

static void the_probe_fails_the_nth_call_once(void **state) {
	(void)state;
	ix_alloc_probe probe;
	ix_alloc_probe_init(&probe, NULL);
	probe.fail_at = 2;
	void *first = ix_allocate(&probe.allocator, 8, 8);
	assert_non_null(first);
	/* A resize that fails leaves the block as it was. */
	assert_null(probe.allocator.resize(&probe, first, 8, 16, 8));
	assert_int_equal(probe.live_bytes, 8);
	void *third = ix_allocate(&probe.allocator, 8, 8);
	assert_non_null(third);
	assert_int_equal(probe.failures, 1);
	ix_release(&probe.allocator, first, 8, 8);
	ix_release(&probe.allocator, third, 8, 8);
}

static void the_probe_fails_every_nth_call(void **state) {
	(void)state;
	ix_alloc_probe probe;
	ix_alloc_probe_init(&probe, NULL);
	probe.fail_every = 3;
	for (int i = 1; i <= 9; i++) {
		void *block = ix_allocate(&probe.allocator, 4, 4);
		assert_int_equal(block == NULL, i % 3 == 0);
		ix_release(&probe.allocator, block, 4, 4);
	}
	assert_int_equal(probe.failures, 3);
	assert_int_equal(probe.live_blocks, 0);
}

static void the_allocator_in_use_can_be_replaced_and_put_back(void **state) {
	(void)state;
	ix_alloc_probe probe;
	ix_alloc_probe_init(&probe, NULL);
	const ix_allocator *before = ix_allocator_replace(&probe.allocator);
	assert_ptr_equal(before, ix_os_allocator());
	assert_ptr_equal(ix_allocator_current(), &probe.allocator);
	assert_ptr_equal(ix_allocator_replace(NULL), &probe.allocator);
	assert_ptr_equal(ix_allocator_current(), ix_os_allocator());
}

static void a_region_is_whole_pages_of_zeroes(void **state) {
	(void)state;
	ix_region region;
	ix_error err;
	assert_int_equal(ix_region_open(5000, IX_REGION_PREFAULT, &region, &err), 0);
	assert_int_equal(region.size, 8192);
	assert_int_equal(region.granted, IX_REGION_PREFAULT);
	for (size_t i = 0; i < region.size; i++) assert_int_equal(((uint8_t *)region.data)[i], 0);
	memset(region.data, 1, region.size);
	ix_region_close(&region);
	assert_null(region.data);
}

static void a_huge_region_starts_at_a_huge_page(void **state) {
	(void)state;
	ix_region region;
	assert_int_equal(ix_region_open(1, IX_REGION_HUGE, &region, NULL), 0);
	assert_int_equal((uintptr_t)region.data % (2u << 20), 0);
	assert_int_equal(region.size, 2u << 20);
	memset(region.data, 1, region.size);
	ix_region_close(&region);
}

static void a_prefaulted_region_takes_no_fault_later(void **state) {
	(void)state;
	ix_region region;
	assert_int_equal(ix_region_open(1 << 20, IX_REGION_PREFAULT, &region, NULL), 0);
	/* mincore: every page is in memory before it was touched here. */
	unsigned char resident[256];
	assert_int_equal(mincore(region.data, region.size, resident), 0);
	for (size_t i = 0; i < 256; i++) assert_int_equal(resident[i] & 1, 1);
	ix_region_close(&region);
}

static void a_region_that_cannot_be_is_an_error(void **state) {
	(void)state;
	ix_region region;
	ix_error err;
	assert_int_equal(ix_region_open(0, 0, &region, &err), IX_ERR_RANGE);
	assert_int_equal(ix_region_open(SIZE_MAX, IX_REGION_HUGE, &region, &err), IX_ERR_RANGE);
	assert_int_equal(ix_region_open((size_t)1 << 60, 0, &region, &err), IX_ERR_MEMORY);
}

IX_TESTS(test_alloc, cmocka_unit_test(gives_and_takes_back_aligned_memory),
	cmocka_unit_test(resizing_keeps_what_was_there), cmocka_unit_test(a_size_that_cannot_be_is_refused),
	cmocka_unit_test(zeroed_memory_is_zero), cmocka_unit_test(the_probe_counts_what_is_alive),
	cmocka_unit_test(the_probe_fails_the_nth_call_once), cmocka_unit_test(the_probe_fails_every_nth_call),
	cmocka_unit_test(the_allocator_in_use_can_be_replaced_and_put_back),
	cmocka_unit_test(a_region_is_whole_pages_of_zeroes),
	cmocka_unit_test(a_huge_region_starts_at_a_huge_page),
	cmocka_unit_test(a_prefaulted_region_takes_no_fault_later),
	cmocka_unit_test(a_region_that_cannot_be_is_an_error));
