/* The histogram: every figure against the sorted samples themselves. */
#include "heap.h"

#include <inox/hist.h>
#include <inox/rng.h>

static void an_empty_one_says_zero(void **state) {
	(void)state;
	heap h;
	heap_init(&h);
	ix_hist hist;
	assert_int_equal(ix_hist_init(&hist, NULL, &h.allocator, NULL), 0);
	assert_int_equal(
		hist.bucket_count, 7424); /* 58 groups of 128: two exact, 56 for the bits above the eighth */
	assert_int_equal(ix_hist_percentile(&hist, 50), 0);
	assert_true(ix_hist_mean(&hist) == 0.0);
	assert_int_equal(ix_hist_count_up_to(&hist, UINT64_MAX), 0);
	size_t cursor = 0;
	ix_hist_bucket bucket;
	assert_false(ix_hist_next(&hist, &cursor, &bucket));
	ix_hist_fini(&hist);
	assert_int_equal(h.live_bytes, 0);
}

static int compare(const void *a, const void *b) {
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
	return (x > y) - (x < y);
}

/* The smallest sample that at least `percent_e7` hundred-millionths of them do not exceed. */
static uint64_t exact_percentile(const uint64_t *sorted, uint64_t count, uint64_t percent_e7) {
	uint64_t rank = (count * percent_e7 + 999999999) / 1000000000;
	return sorted[rank ? rank - 1 : 0];
}

static void percentiles_are_those_of_the_sorted_samples_within_the_bound(void **state) {
	(void)state;
	enum { COUNT = 5000 };
	static uint64_t samples[COUNT];
	static const uint64_t percents_e7[] = {0, 1, 10000000, 250000000, 500000000, 900000000, 990000000,
		999000000, 999900000, 999999999, 1000000000};
	ix_rng rng;
	ix_rng_seed(&rng, ix_testing_seed());
	for (unsigned bits = 1; bits <= IX_HIST_PRECISION_BITS_MAX; bits++) {
		heap h;
		heap_init(&h);
		ix_hist hist;
		assert_int_equal(
			ix_hist_init(&hist, &(ix_hist_options){.precision_bits = bits}, &h.allocator, NULL),
			0);
		size_t count = 1 + ix_rng_below(&rng, COUNT);
		for (size_t i = 0; i < count; i++) {
			samples[i] = ix_rng_u64(&rng) >> ix_rng_below(&rng, 64);
			ix_hist_record(&hist, samples[i]);
		}
		qsort(samples, count, sizeof samples[0], compare);
		assert_int_equal(hist.count, count);
		assert_true(hist.minimum == samples[0] && hist.maximum == samples[count - 1]);
		for (size_t i = 0; i < IX_COUNT(percents_e7); i++) {
			uint64_t exact = exact_percentile(samples, count, percents_e7[i]);
			uint64_t got = ix_hist_percentile(&hist, (double)percents_e7[i] / 1e7);
			assert_true(got >= exact && got - exact <= exact >> bits);
			if (exact < 2ULL << bits) assert_true(got == exact);
		}
		ix_hist_fini(&hist);
		assert_int_equal(h.live_bytes, 0);
	}
}

static void small_values_are_exact(void **state) {
	(void)state;
	heap h;
	heap_init(&h);
	ix_hist hist;
	assert_int_equal(ix_hist_init(&hist, NULL, &h.allocator, NULL), 0);
	for (uint64_t v = 1; v <= 200; v++) ix_hist_record(&hist, v);
	for (int percent = 1; percent <= 100; percent++)
		assert_int_equal(ix_hist_percentile(&hist, percent), 2 * percent);
	assert_int_equal(ix_hist_percentile(&hist, 0), 1);
	assert_int_equal(ix_hist_percentile(&hist, -5), 1);
	assert_int_equal(ix_hist_percentile(&hist, 1e-9), 1); /* less than one sample is one */
	assert_int_equal(ix_hist_percentile(&hist, 1000), 200);
	assert_true(ix_hist_mean(&hist) == 100.5);
	ix_hist_fini(&hist);
}

static void a_rank_is_not_spoilt_by_binary_fractions(void **state) {
	(void)state;
	/* 99.9 % of 1000 samples are 999: 99.9 / 100 * 1000 in doubles is a little more. */
	heap h;
	heap_init(&h);
	ix_hist hist;
	assert_int_equal(ix_hist_init(&hist, NULL, &h.allocator, NULL), 0);
	ix_hist_record_many(&hist, 1, 999);
	ix_hist_record(&hist, 200);
	assert_int_equal(ix_hist_percentile(&hist, 99.9), 1);
	assert_int_equal(ix_hist_percentile(&hist, 99.90001), 200);
	ix_hist_fini(&hist);
}

static void buckets_tile_the_range_and_are_as_narrow_as_promised(void **state) {
	(void)state;
	for (unsigned bits = 1; bits <= 10; bits += 3) {
		heap h;
		heap_init(&h);
		ix_hist hist;
		ix_hist_options options = {.precision_bits = bits};
		assert_int_equal(ix_hist_init(&hist, &options, &h.allocator, NULL), 0);
		for (size_t i = 0; i < hist.bucket_count; i++) hist.buckets[i] = 1;
		uint64_t expected = 0;
		size_t cursor = 0, count = 0;
		for (ix_hist_bucket b; ix_hist_next(&hist, &cursor, &b); count++) {
			assert_true(b.from == expected && b.to >= b.from);
			assert_true(b.to - b.from <= b.from >> bits);
			assert_int_equal(ix_hist_bucket_of(&hist, b.from), count);
			assert_int_equal(ix_hist_bucket_of(&hist, b.to), count);
			expected = b.to + 1;
		}
		assert_true(expected == 0); /* went round: the last one ends with UINT64_MAX */
		assert_int_equal(count, ix_hist_bucket_count(&options));
		ix_hist_fini(&hist);
	}
}

static void values_over_the_maximum_are_clipped_and_remembered(void **state) {
	(void)state;
	heap h;
	heap_init(&h);
	ix_hist hist;
	ix_hist_options options = {.value_max = 1000};
	assert_int_equal(ix_hist_init(&hist, &options, &h.allocator, NULL), 0);
	ix_hist_record_many(&hist, 10, 90);
	ix_hist_record_many(&hist, 1000, 4);
	ix_hist_record_many(&hist, 5000, 6);
	assert_int_equal(hist.clipped_count, 6);
	assert_int_equal(hist.maximum, 5000);
	assert_int_equal(ix_hist_percentile(&hist, 90), 10);
	assert_int_equal(
		ix_hist_percentile(&hist, 94), 1003); /* 1000 >> 2 is 250: the bucket is 1000 to 1003 */
	assert_int_equal(ix_hist_percentile(&hist, 95), 5000);
	assert_int_equal(ix_hist_count_up_to(&hist, 9), 0);
	assert_int_equal(ix_hist_count_up_to(&hist, 10), 90);
	assert_int_equal(ix_hist_count_up_to(&hist, 1000), 94);
	assert_int_equal(ix_hist_count_up_to(&hist, 4999), 94);
	assert_int_equal(ix_hist_count_up_to(&hist, 5000), 100);
	ix_hist_fini(&hist);
}

static void the_mean_survives_sums_over_64_bits(void **state) {
	(void)state;
	heap h;
	heap_init(&h);
	ix_hist hist;
	assert_int_equal(ix_hist_init(&hist, NULL, &h.allocator, NULL), 0);
	/* 3 * 2^62 + 2^62 * 5 over 8 samples is 2^62 */
	ix_hist_record_many(&hist, 1ULL << 62, 3);
	for (int i = 0; i < 5; i++) ix_hist_record(&hist, 1ULL << 62);
	assert_true(ix_hist_mean(&hist) == 0x1p62);
	ix_hist_record_many(&hist, 7, 0); /* none is none */
	assert_int_equal(hist.count, 8);
	assert_true(hist.minimum == 1ULL << 62);
	ix_hist_fini(&hist);
}

static void merging_is_recording_both(void **state) {
	(void)state;
	heap h;
	heap_init(&h);
	ix_rng rng;
	ix_rng_seed(&rng, ix_testing_seed());
	ix_hist parts[2], whole;
	ix_hist_options options = {.value_max = 1ULL << 40};
	for (size_t i = 0; i < 2; i++)
		assert_int_equal(ix_hist_init(&parts[i], &options, &h.allocator, NULL), 0);
	assert_int_equal(ix_hist_init(&whole, &options, &h.allocator, NULL), 0);
	for (int i = 0; i < 5000; i++) {
		uint64_t value = ix_rng_u64(&rng) >> ix_rng_below(&rng, 64), times = ix_rng_below(&rng, 3);
		ix_hist_record_many(&parts[i % 2], value, times);
		ix_hist_record_many(&whole, value, times);
	}
	assert_int_equal(ix_hist_merge(&parts[0], &parts[1], NULL), 0);
	assert_memory_equal(parts[0].buckets, whole.buckets, whole.bucket_count * sizeof(uint64_t));
	assert_int_equal(parts[0].count, whole.count);
	assert_int_equal(parts[0].clipped_count, whole.clipped_count);
	assert_true(parts[0].minimum == whole.minimum && parts[0].maximum == whole.maximum);
	assert_true(parts[0].sum_low == whole.sum_low && parts[0].sum_high == whole.sum_high);
	ix_hist_reset(&parts[1]);
	assert_int_equal(ix_hist_merge(&parts[1], &whole, NULL), 0); /* into an empty one */
	assert_true(parts[1].minimum == whole.minimum && parts[1].maximum == whole.maximum);
	ix_hist_reset(&parts[1]);
	assert_int_equal(ix_hist_merge(&parts[0], &parts[1], NULL), 0); /* of an empty one */
	assert_true(parts[0].minimum == whole.minimum && parts[0].count == whole.count);
	for (size_t i = 0; i < 2; i++) ix_hist_fini(&parts[i]);
	ix_hist_fini(&whole);
}

static void different_shapes_do_not_merge(void **state) {
	(void)state;
	heap h;
	heap_init(&h);
	ix_hist a, b, c;
	ix_error err = {0};
	assert_int_equal(ix_hist_init(&a, NULL, &h.allocator, NULL), 0);
	assert_int_equal(ix_hist_init(&b, &(ix_hist_options){.precision_bits = 6}, &h.allocator, NULL), 0);
	assert_int_equal(ix_hist_init(&c, &(ix_hist_options){.value_max = 1000}, &h.allocator, NULL), 0);
	assert_int_equal(ix_hist_merge(&a, &b, &err), IX_ERR_INVALID);
	assert_int_equal(ix_hist_merge(&a, &c, &err), IX_ERR_INVALID);
	ix_hist_fini(&a);
	ix_hist_fini(&b);
	ix_hist_fini(&c);
}

static void the_options_have_limits(void **state) {
	(void)state;
	heap h;
	heap_init(&h);
	ix_hist hist;
	ix_error err = {0};
	ix_hist_options options = {.precision_bits = 15};
	assert_int_equal(ix_hist_init(&hist, &options, &h.allocator, &err), IX_ERR_RANGE);
	assert_string_equal(err.text, "a histogram has 1 to 14 precision bits, not 15");
	assert_int_equal(ix_hist_bucket_count(&options), 0);
	uint64_t buckets[1024];
	assert_int_equal(ix_hist_init_fixed(&hist, &options, buckets, 1024, &err), IX_ERR_RANGE);
	options = (ix_hist_options){.value_max = 1000};
	/* 1000 has ten bits: two dropped, (2 << 7) + 250 + 1 */
	assert_int_equal(ix_hist_bucket_count(&options), 507);
	assert_int_equal(ix_hist_init_fixed(&hist, &options, buckets, 506, &err), IX_ERR_LIMIT);
	assert_int_equal(ix_hist_init_fixed(&hist, &options, buckets, 507, &err), 0);
	ix_hist_record(&hist, UINT64_MAX);
	assert_int_equal(buckets[506], 1);
	ix_hist_fini(&hist); /* the buckets are ours */
	assert_int_equal(h.calls, 0);
}

static int use_hist(heap *h, ix_error *err) {
	ix_hist hist;
	int code = ix_hist_init(&hist, NULL, &h->allocator, err);
	if (code == 0) ix_hist_fini(&hist);
	return code;
}

static void any_allocation_may_fail(void **state) {
	(void)state;
	fail_each_allocation(use_hist);
}

IX_TESTS(test_hist, cmocka_unit_test(an_empty_one_says_zero),
	cmocka_unit_test(percentiles_are_those_of_the_sorted_samples_within_the_bound),
	cmocka_unit_test(small_values_are_exact), cmocka_unit_test(a_rank_is_not_spoilt_by_binary_fractions),
	cmocka_unit_test(buckets_tile_the_range_and_are_as_narrow_as_promised),
	cmocka_unit_test(values_over_the_maximum_are_clipped_and_remembered),
	cmocka_unit_test(the_mean_survives_sums_over_64_bits), cmocka_unit_test(merging_is_recording_both),
	cmocka_unit_test(different_shapes_do_not_merge), cmocka_unit_test(the_options_have_limits),
	cmocka_unit_test(any_allocation_may_fail));
