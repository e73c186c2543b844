/* metrics.h - counters, gauges and histograms with labels, and their Prometheus text (exposition format
 * 0.0.4). Making a series takes a lock and memory, within limits; changing one is an atomic operation and
 * neither. */
#ifndef INOX_METRICS_H
#define INOX_METRICS_H

#include <inox/base.h>
#include <inox/writer.h>

#include <stdatomic.h>

typedef struct ix_metrics ix_metrics;             /* a registry */
typedef struct ix_metric_family ix_metric_family; /* one name, its help, its label names */

enum {
	IX_METRIC_LABEL_MAX = 8,   /* labels of a family */
	IX_METRIC_BUCKET_MAX = 64, /* buckets of a histogram, +Inf not counted */
	IX_METRIC_NAME_MAX = 128,  /* bytes of a name */
	IX_METRIC_VALUE_MAX = 256, /* bytes of a label's value */
};

typedef struct ix_metrics_options {
	size_t family_max;             /* 0: 256 */
	size_t series_max;             /* over all families; 0: 10000 */
	const ix_allocator *allocator; /* NULL: ix_allocator_current() */
} ix_metrics_options;

IX_API int ix_metrics_new(const ix_metrics_options *options, ix_metrics **ret_metrics, ix_error *err);
IX_API void ix_metrics_free(ix_metrics *metrics); /* NULL is fine */

/* ---- values: what a hot path holds on to. Any thread, lock-free ---- */

typedef struct ix_counter {
	_Atomic uint64_t value;
} ix_counter;
typedef struct ix_gauge {
	_Atomic uint64_t bits; /* of a double */
} ix_gauge;
typedef struct ix_histogram ix_histogram;

/* Relaxed: a count orders nothing else. */
static inline void ix_counter_add(ix_counter *counter, uint64_t by) {
	atomic_fetch_add_explicit(&counter->value, by, memory_order_relaxed);
}
static inline void ix_counter_inc(ix_counter *counter) { ix_counter_add(counter, 1); }
static inline uint64_t ix_counter_value(ix_counter *counter) {
	return atomic_load_explicit(&counter->value, memory_order_relaxed);
}
IX_API void ix_gauge_set(ix_gauge *gauge, double value);
IX_API void ix_gauge_add(ix_gauge *gauge, double by);
IX_API double ix_gauge_value(ix_gauge *gauge);
IX_API void ix_histogram_observe(ix_histogram *histogram, double value);

/* ---- making them ----
 * A family's name and label names follow Prometheus ([a-zA-Z_:][a-zA-Z0-9_:]*; labels without ':' and not
 * starting with "__", no "le" in a histogram); texts are copied. Asking again for what is there gives it;
 * IX_ERR_CONFLICT when it is of another kind, label set or buckets. Others: IX_ERR_INVALID, IX_ERR_LIMIT,
 * IX_ERR_MEMORY. A counter's name ends in _total. */
typedef struct ix_metric_about {
	const char *name, *help;
	const char *labels[IX_METRIC_LABEL_MAX]; /* their names; the first NULL ends them */
	const double *buckets;                   /* histograms: upper bounds, rising, finite */
	size_t bucket_count;
} ix_metric_about;

IX_API int ix_metrics_counters(
	ix_metrics *metrics, const ix_metric_about *about, ix_metric_family **ret_family, ix_error *err);
IX_API int ix_metrics_gauges(
	ix_metrics *metrics, const ix_metric_about *about, ix_metric_family **ret_family, ix_error *err);
IX_API int ix_metrics_histograms(
	ix_metrics *metrics, const ix_metric_about *about, ix_metric_family **ret_family, ix_error *err);

/* The series of these label values, as many as the family has labels (NULL for none). Lives as long as the
 * registry. */
IX_API int ix_metric_counter(
	ix_metric_family *family, const ix_str *values, ix_counter **ret_counter, ix_error *err);
IX_API int ix_metric_gauge(
	ix_metric_family *family, const ix_str *values, ix_gauge **ret_gauge, ix_error *err);
IX_API int ix_metric_histogram(
	ix_metric_family *family, const ix_str *values, ix_histogram **ret_histogram, ix_error *err);

/* Seconds, from 10 microseconds to 10 seconds in steps of about 2.5, and bytes, from 64 to 64 M in steps
 * of 4. */
IX_API extern const double ix_metric_buckets_seconds[19];
IX_API extern const double ix_metric_buckets_bytes[11];

/* ---- reading them ---- */

/* Called at the start of every text, to set gauges from what they show. */
typedef void ix_metrics_collector(void *context);
IX_API int ix_metrics_collect(
	ix_metrics *metrics, ix_metrics_collector *collector, void *context, ix_error *err);
/* The usual process_… metrics: memory, CPU time, open descriptors, page faults, start time. */
IX_API int ix_metrics_process(ix_metrics *metrics, ix_error *err);

/* The text, families in the order they were made. When the writer fails, its `needed` says how much there was
 * (a little more when series came in between). Media type IX_METRICS_MEDIA_TYPE. */
#define IX_METRICS_MEDIA_TYPE "text/plain; version=0.0.4; charset=utf-8"
IX_API void ix_metrics_write(ix_metrics *metrics, ix_writer *writer);

#endif
