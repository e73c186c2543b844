/* hist.c - what a histogram says about what it recorded. */
#include <inox/hist.h>

static ix_hist_options with_defaults(const ix_hist_options *given) {
	ix_hist_options o = given ? *given : (ix_hist_options){0};
	if (o.precision_bits == 0) o.precision_bits = IX_HIST_PRECISION_BITS;
	if (o.value_max == 0) o.value_max = UINT64_MAX;
	return o;
}

size_t ix_hist_bucket_count(const ix_hist_options *options) {
	ix_hist_options o = with_defaults(options);
	ix_hist shape = {.precision_bits = o.precision_bits};
	return o.precision_bits > IX_HIST_PRECISION_BITS_MAX ? 0 : ix_hist_bucket_of(&shape, o.value_max) + 1;
}

static int out_of_range(const ix_hist_options *options, ix_error *err) {
	return ix_fail(err, IX_ERR_RANGE, "a histogram has 1 to %d precision bits, not %u",
		IX_HIST_PRECISION_BITS_MAX, options->precision_bits);
}

static void set_up(ix_hist *h, const ix_hist_options *options, const ix_allocator *allocator,
	uint64_t *buckets, size_t bucket_count) {
	ix_hist_options o = with_defaults(options);
	*h = (ix_hist){
		.buckets = buckets,
		.bucket_count = bucket_count,
		.precision_bits = o.precision_bits,
		.value_max = o.value_max,
		.allocator = allocator,
	};
	ix_hist_reset(h);
}

int ix_hist_init_fixed(
	ix_hist *h, const ix_hist_options *options, uint64_t *buckets, size_t bucket_count, ix_error *err) {
	size_t needed = ix_hist_bucket_count(options);
	if (needed == 0) return out_of_range(options, err);
	if (bucket_count < needed)
		return ix_fail(err, IX_ERR_LIMIT, "a histogram of %zu buckets does not fit in %zu", needed,
			bucket_count);
	set_up(h, options, NULL, buckets, needed);
	return 0;
}

int ix_hist_init(ix_hist *h, const ix_hist_options *options, const ix_allocator *allocator, ix_error *err) {
	size_t count = ix_hist_bucket_count(options);
	if (count == 0) return out_of_range(options, err);
	uint64_t *buckets = ix_allocate(allocator, count * sizeof *buckets, _Alignof(uint64_t));
	if (!buckets) return ix_fail(err, IX_ERR_MEMORY, "no memory for a histogram of %zu buckets", count);
	set_up(h, options, allocator, buckets, count);
	return 0;
}

void ix_hist_fini(ix_hist *h) {
	if (h->allocator)
		ix_release(
			h->allocator, h->buckets, h->bucket_count * sizeof *h->buckets, _Alignof(uint64_t));
	*h = (ix_hist){0};
}

void ix_hist_reset(ix_hist *h) {
	memset(h->buckets, 0, h->bucket_count * sizeof *h->buckets);
	h->count = h->clipped_count = h->maximum = h->sum_low = h->sum_high = 0;
	h->minimum = UINT64_MAX;
}

/* The values of a bucket: ix_hist_bucket_of turned round. */
static void bucket_range(const ix_hist *h, size_t bucket, uint64_t *ret_from, uint64_t *ret_to) {
	size_t dropped = bucket >> h->precision_bits;
	if (dropped > 0) dropped--; /* the first two groups are exact */
	uint64_t leading = bucket - (dropped << h->precision_bits);
	*ret_from = leading << dropped;
	*ret_to = *ret_from + (((uint64_t)1 << dropped) - 1);
}

/* How many samples make up `percent`: the percentage as an integer of 10^-7, so that 99.9 of 1000 is 999 and
 * not, by the binary fraction, 1000. */
static uint64_t rank_of(uint64_t count, double percent) {
	const uint64_t whole = 1000000000;
	if (!(percent > 0)) return 1;
	if (percent >= 100) return count;
	uint64_t parts = (uint64_t)(percent * 1e7 + 0.5);
	uint64_t rank = count / whole * parts + (count % whole * parts + whole - 1) / whole;
	return rank > 0 ? rank : 1;
}

uint64_t ix_hist_percentile(const ix_hist *h, double percent) {
	if (h->count == 0) return 0;
	uint64_t rank = rank_of(h->count, percent), passed = 0, from = 0, to = 0;
	if (!(percent > 0)) return h->minimum;
	if (rank > h->count - h->clipped_count) return h->maximum;
	size_t bucket = 0;
	for (; bucket < h->bucket_count; bucket++) {
		passed += h->buckets[bucket];
		if (passed >= rank) break;
	}
	bucket_range(h, bucket, &from, &to);
	return to < h->maximum ? to : h->maximum;
}

double ix_hist_mean(const ix_hist *h) {
	if (h->count == 0) return 0;
	return ((double)h->sum_high * 0x1p64 + (double)h->sum_low) / (double)h->count;
}

uint64_t ix_hist_count_up_to(const ix_hist *h, uint64_t value) {
	if (value >= h->maximum) return h->count;
	uint64_t count = 0;
	size_t last = ix_hist_bucket_of(h, value < h->value_max ? value : h->value_max);
	for (size_t i = 0; i <= last; i++) count += h->buckets[i];
	/* The clipped ones are in the last bucket and above `value` for all that is known. */
	return last + 1 == h->bucket_count ? count - h->clipped_count : count;
}

int ix_hist_merge(ix_hist *into, const ix_hist *from, ix_error *err) {
	if (into->precision_bits != from->precision_bits || into->value_max != from->value_max)
		return ix_fail(err, IX_ERR_INVALID, "two histograms of different shape cannot be merged");
	for (size_t i = 0; i < into->bucket_count; i++) into->buckets[i] += from->buckets[i];
	if (from->minimum < into->minimum) into->minimum = from->minimum;
	if (from->maximum > into->maximum) into->maximum = from->maximum;
	into->count += from->count;
	into->clipped_count += from->clipped_count;
	into->sum_high += from->sum_high + ix_add_overflow(into->sum_low, from->sum_low, &into->sum_low);
	return 0;
}

bool ix_hist_next(const ix_hist *h, size_t *cursor, ix_hist_bucket *ret_bucket) {
	while (*cursor < h->bucket_count) {
		size_t bucket = (*cursor)++;
		if (h->buckets[bucket] == 0) continue;
		ret_bucket->count = h->buckets[bucket];
		bucket_range(h, bucket, &ret_bucket->from, &ret_bucket->to);
		return true;
	}
	return false;
}
