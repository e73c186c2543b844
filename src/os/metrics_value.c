/* Changing values: lock-free, any thread. Relaxed throughout: a metric orders nothing else, and a text that
 * is written meanwhile may have one change and not yet another. */
#include "metrics_inside.h"

static uint64_t bits_of(double value) {
	uint64_t bits;
	memcpy(&bits, &value, sizeof bits);
	return bits;
}

static double from_bits(uint64_t bits) {
	double value;
	memcpy(&value, &bits, sizeof value);
	return value;
}

static void add_to(_Atomic uint64_t *bits, double by) {
	uint64_t old = atomic_load_explicit(bits, memory_order_relaxed);
	while (!atomic_compare_exchange_weak_explicit(
		bits, &old, bits_of(from_bits(old) + by), memory_order_relaxed, memory_order_relaxed)) {}
}

void ix_gauge_set(ix_gauge *gauge, double value) {
	atomic_store_explicit(&gauge->bits, bits_of(value), memory_order_relaxed);
}

void ix_gauge_add(ix_gauge *gauge, double by) { add_to(&gauge->bits, by); }

double ix_gauge_value(ix_gauge *gauge) {
	return from_bits(atomic_load_explicit(&gauge->bits, memory_order_relaxed));
}

/* The first bucket whose bound is not below the value; what is no number counts with the largest. */
static size_t bucket_of(const ix_metric_family *family, double value) {
	size_t low = 0, high = family->bucket_count;
	while (low < high) {
		size_t middle = (low + high) / 2;
		if (value <= family->buckets[middle])
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

void ix_histogram_observe(ix_histogram *histogram, double value) {
	ix_metric_series *series =
		(ix_metric_series *)((char *)histogram - offsetof(ix_metric_series, histogram));
	size_t bucket = bucket_of(histogram->family, value);
	atomic_fetch_add_explicit(&series->counts[bucket], 1, memory_order_relaxed);
	add_to(&histogram->sum_bits, value);
}
