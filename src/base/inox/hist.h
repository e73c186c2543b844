/* hist.h - a histogram of latencies and sizes in fixed memory: log-linear buckets, so that a nanosecond and
 * an hour are told with the same relative error. For reports and /metrics; recording is a handful of
 * instructions.
 *
 * Values below 2^(precision_bits + 1) are exact. Above, a bucket is at most 2^-precision_bits of its value
 * wide: a percentile is the upper end of its bucket, so it is never less than the true sample and at most
 * 0.79 % more with the default 7 bits (1.6 % with 6, 0.1 % with 10). Count, minimum, maximum and mean are
 * exact.
 *
 * One thread at a time; a histogram a thread and ix_hist_merge at the end. */
#ifndef INOX_HIST_H
#define INOX_HIST_H

#include <inox/base.h>

enum { IX_HIST_PRECISION_BITS = 7, IX_HIST_PRECISION_BITS_MAX = 14 };

typedef struct ix_hist_options {
	unsigned precision_bits; /* 1 to 14; 0: 7 */
	uint64_t value_max;      /* larger ones count in the last bucket; 0: UINT64_MAX */
} ix_hist_options;

typedef struct ix_hist {
	uint64_t *buckets;
	size_t bucket_count;
	unsigned precision_bits;
	uint64_t value_max;
	uint64_t count;
	uint64_t clipped_count; /* larger than value_max */
	uint64_t minimum;       /* UINT64_MAX while empty */
	uint64_t maximum;       /* 0 while empty */
	uint64_t sum_low, sum_high;
	const ix_allocator *allocator; /* NULL: the buckets are the caller's */
} ix_hist;

/* How many buckets the options (NULL: the defaults) need: 58 KiB of them by default, 18 KiB up to an hour of
 * nanoseconds with 6 bits. */
IX_API size_t ix_hist_bucket_count(const ix_hist_options *options);
/* Errors: IX_ERR_RANGE for a precision out of range, IX_ERR_MEMORY. */
IX_API int ix_hist_init(
	ix_hist *h, const ix_hist_options *options, const ix_allocator *allocator, ix_error *err);
/* The same in the caller's buckets. IX_ERR_LIMIT: fewer than ix_hist_bucket_count. */
IX_API int ix_hist_init_fixed(
	ix_hist *h, const ix_hist_options *options, uint64_t *buckets, size_t bucket_count, ix_error *err);
IX_API void ix_hist_fini(ix_hist *h);
IX_API void ix_hist_reset(ix_hist *h);

/* The bucket of a value: the value itself while it has at most precision_bits + 1 bits, then its leading
 * precision_bits + 1 bits after the number of bits dropped. */
static inline size_t ix_hist_bucket_of(const ix_hist *h, uint64_t value) {
	unsigned top = 63U - (unsigned)__builtin_clzll(value | 1);
	unsigned dropped = top > h->precision_bits ? top - h->precision_bits : 0;
	return ((size_t)dropped << h->precision_bits) + (size_t)(value >> dropped);
}

static inline void ix_hist_record_many(ix_hist *h, uint64_t value, uint64_t times) {
	if (IX_UNLIKELY(times == 0)) return;
	if (value < h->minimum) h->minimum = value;
	if (value > h->maximum) h->maximum = value;
	h->count += times;
	uint64_t high, low = ix_mul_wide(value, times, &high);
	h->sum_high += high + ix_add_overflow(h->sum_low, low, &h->sum_low);
	if (IX_UNLIKELY(value > h->value_max)) {
		h->clipped_count += times;
		value = h->value_max;
	}
	h->buckets[ix_hist_bucket_of(h, value)] += times;
}
static inline void ix_hist_record(ix_hist *h, uint64_t value) { ix_hist_record_many(h, value, 1); }

/* The value that at least `percent` (0 to 100, to seven decimals) of the samples do not exceed: 0 gives the
 * minimum, 100 the maximum; 0 while empty. */
IX_API uint64_t ix_hist_percentile(const ix_hist *h, double percent);
IX_API double ix_hist_mean(const ix_hist *h); /* 0 while empty */
/* How many samples are at most `value`, counting the whole of its bucket. */
IX_API uint64_t ix_hist_count_up_to(const ix_hist *h, uint64_t value);
/* Adds the samples of `from`. IX_ERR_INVALID when precision or value_max differ; `into` is then as before. */
IX_API int ix_hist_merge(ix_hist *into, const ix_hist *from, ix_error *err);

/* Each bucket that is not empty, in order: start with *cursor 0, false at the end. */
typedef struct ix_hist_bucket {
	uint64_t from, to; /* both belong to it */
	uint64_t count;
} ix_hist_bucket;
IX_API bool ix_hist_next(const ix_hist *h, size_t *cursor, ix_hist_bucket *ret_bucket);

#endif
