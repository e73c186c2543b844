/* metrics_inside.h - how the registry is laid out: for metrics.c, which fills it, and metrics_text.c, which
 * reads it. Inside this room. */
#ifndef OS_METRICS_INSIDE_H
#define OS_METRICS_INSIDE_H

#include <inox/metrics.h>

#include <pthread.h>

enum { COLLECTOR_MAX = 16, IX_METRICS_PROCESS_COUNT = 8 };

typedef enum ix_metric_kind {
	IX_METRIC_COUNTER,
	IX_METRIC_COUNTER_REAL, /* a counter of seconds, kept as a gauge is */
	IX_METRIC_GAUGE,
	IX_METRIC_HISTOGRAM,
} ix_metric_kind;

/* The counts of its buckets, one more than bounds, stand behind the series. */
struct ix_histogram {
	const ix_metric_family *family;
	_Atomic uint64_t sum_bits; /* of a double */
};

typedef struct ix_metric_series {
	struct ix_metric_series *next;
	size_t size; /* of the block */
	ix_str values[IX_METRIC_LABEL_MAX];
	union { /* by the family's kind */
		ix_counter counter;
		ix_gauge gauge;
		ix_histogram histogram;
	};
	_Atomic uint64_t counts[];
} ix_metric_series;

struct ix_metric_family {
	ix_metric_family *next;
	ix_metrics *metrics;
	size_t size; /* of the block */
	ix_metric_kind kind;
	const char *name, *help;
	const char *labels[IX_METRIC_LABEL_MAX];
	size_t label_count;
	double *buckets;
	size_t bucket_count;
	ix_metric_series *series, **last; /* in the order they were made */
};

struct ix_metrics {
	const ix_allocator *allocator;
	pthread_mutex_t lock; /* of the lists; never held while a collector runs */
	ix_metric_family *families, **last;
	size_t family_count, family_max, series_count, series_max;
	ix_gauge *process[IX_METRICS_PROCESS_COUNT]; /* metrics_process.c's */
	size_t collector_count;
	struct {
		ix_metrics_collector *call;
		void *context;
	} collectors[COLLECTOR_MAX];
};

/* What the public calls are for one kind each. */
int ix_metrics_family(ix_metrics *metrics, ix_metric_kind kind, const ix_metric_about *about,
	ix_metric_family **ret_family, ix_error *err);
int ix_metric_series_of(ix_metric_family *family, ix_metric_kind kind, const ix_str *values,
	ix_metric_series **ret_series, ix_error *err);

#endif
