/* The registry: families of series, made under a lock and within limits; values change without it. */
#include "metrics_inside.h"

#include <inox/alloc.h>

enum { FAMILY_MAX_DEFAULT = 256, SERIES_MAX_DEFAULT = 10000, HELP_MAX = 1024 };

const double ix_metric_buckets_seconds[19] = {0.00001, 0.000025, 0.00005, 0.0001, 0.00025, 0.0005, 0.001,
	0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10};
const double ix_metric_buckets_bytes[11] = {
	64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864};

/* ---- names (prometheus.io/docs/concepts/data_model) ---- */

static bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

static bool is_name(ix_str name, bool is_label) {
	if (name.size == 0 || name.size > IX_METRIC_NAME_MAX) return false;
	for (size_t i = 0; i < name.size; i++) {
		char c = name.data[i];
		bool is_good = is_letter(c) || (c == ':' && !is_label) || (i > 0 && c >= '0' && c <= '9');
		if (!is_good) return false;
	}
	return !is_label || !ix_str_starts_with(name, IX_STR("__"));
}

static int check_labels(ix_metric_kind kind, const ix_metric_about *about, size_t count, ix_error *err) {
	for (size_t i = 0; i < count; i++) {
		ix_str name = ix_str_from(about->labels[i]);
		bool is_taken = kind == IX_METRIC_HISTOGRAM && ix_str_equal(name, IX_STR("le"));
		for (size_t j = 0; j < i; j++)
			if (ix_str_equal(name, ix_str_from(about->labels[j]))) is_taken = true;
		if (!is_name(name, true) || is_taken)
			return ix_fail(err, IX_ERR_INVALID, "metric %s: '%s' cannot be a label's name",
				about->name, about->labels[i]);
	}
	return 0;
}

static int check_buckets(ix_metric_kind kind, const ix_metric_about *about, ix_error *err) {
	if (kind != IX_METRIC_HISTOGRAM) return 0;
	if (about->bucket_count == 0 || about->bucket_count > IX_METRIC_BUCKET_MAX)
		return ix_fail(err, IX_ERR_INVALID, "metric %s: %zu buckets: it can be 1 to %d", about->name,
			about->bucket_count, IX_METRIC_BUCKET_MAX);
	for (size_t i = 0; i < about->bucket_count; i++) {
		bool is_rising = i == 0 || about->buckets[i] > about->buckets[i - 1];
		if (!is_rising || !__builtin_isfinite(about->buckets[i]))
			return ix_fail(err, IX_ERR_INVALID,
				"metric %s: bucket %zu: bounds must rise and be finite", about->name, i + 1);
	}
	return 0;
}

static int check_about(ix_metric_kind kind, const ix_metric_about *about, size_t label_count, ix_error *err) {
	ix_str name = ix_str_from(about->name);
	if (!is_name(name, false))
		return ix_fail(err, IX_ERR_INVALID, "'%.*s' cannot be a metric's name",
			(int)ix_size_min(name.size, 64), name.data);
	bool counts = kind == IX_METRIC_COUNTER || kind == IX_METRIC_COUNTER_REAL;
	if (counts && !ix_str_ends_with(name, IX_STR("_total")))
		return ix_fail(
			err, IX_ERR_INVALID, "metric %s: a counter's name ends in _total", about->name);
	if (ix_str_from(about->help).size > HELP_MAX)
		return ix_fail(
			err, IX_ERR_LIMIT, "metric %s: help of more than %d bytes", about->name, HELP_MAX);
	int code = check_labels(kind, about, label_count, err);
	return code ? code : check_buckets(kind, about, err);
}

/* ---- families ---- */

static size_t count_labels(const ix_metric_about *about) {
	size_t count = 0;
	while (count < IX_METRIC_LABEL_MAX && about->labels[count]) count++;
	return count;
}

/* The samples of a histogram h are h_bucket, h_sum, h_count: no other family may have those names. */
static bool names_clash(const ix_metric_family *family, ix_metric_kind kind, ix_str name) {
	static const ix_str suffixes[] = {{"_bucket", 7}, {"_sum", 4}, {"_count", 6}};
	ix_str theirs = ix_str_from(family->name);
	for (size_t i = 0; i < IX_COUNT(suffixes); i++) {
		ix_str suffix = suffixes[i];
		if (family->kind == IX_METRIC_HISTOGRAM && name.size == theirs.size + suffix.size &&
			ix_str_starts_with(name, theirs) && ix_str_ends_with(name, suffix))
			return true;
		if (kind == IX_METRIC_HISTOGRAM && theirs.size == name.size + suffix.size &&
			ix_str_starts_with(theirs, name) && ix_str_ends_with(theirs, suffix))
			return true;
	}
	return false;
}

static bool is_same(const ix_metric_family *family, ix_metric_kind kind, const ix_metric_about *about,
	size_t label_count) {
	if (family->kind != kind || family->label_count != label_count) return false;
	for (size_t i = 0; i < label_count; i++)
		if (!ix_str_equal(ix_str_from(family->labels[i]), ix_str_from(about->labels[i])))
			return false;
	if (kind != IX_METRIC_HISTOGRAM) return true;
	return family->bucket_count == about->bucket_count &&
	       memcmp(family->buckets, about->buckets, about->bucket_count * sizeof *about->buckets) == 0;
}

/* Every text of a family stands behind it in one block. */
static char *keep(char **room, const char *text) {
	size_t size = ix_str_from(text).size;
	char *at = *room;
	if (size) memcpy(at, text, size);
	at[size] = '\0';
	*room += size + 1;
	return at;
}

static ix_metric_family *new_family(
	ix_metrics *metrics, ix_metric_kind kind, const ix_metric_about *about, size_t label_count) {
	size_t texts = strlen(about->name) + 1 + ix_str_from(about->help).size + 1;
	for (size_t i = 0; i < label_count; i++) texts += strlen(about->labels[i]) + 1;
	size_t bucket_count = kind == IX_METRIC_HISTOGRAM ? about->bucket_count : 0;
	size_t size = sizeof(ix_metric_family) + bucket_count * sizeof(double) + texts;
	ix_metric_family *family =
		ix_allocate_zeroed(metrics->allocator, 1, size, _Alignof(ix_metric_family));
	if (!family) return NULL;
	family->metrics = metrics;
	family->kind = kind;
	family->size = size;
	family->label_count = label_count;
	family->bucket_count = bucket_count;
	family->buckets = (double *)(family + 1);
	if (bucket_count) memcpy(family->buckets, about->buckets, bucket_count * sizeof(double));
	char *room = (char *)(family->buckets + bucket_count);
	family->name = keep(&room, about->name);
	family->help = keep(&room, about->help);
	for (size_t i = 0; i < label_count; i++) family->labels[i] = keep(&room, about->labels[i]);
	family->last = &family->series;
	return family;
}

static int find_or_add_family(ix_metrics *metrics, ix_metric_kind kind, const ix_metric_about *about,
	size_t label_count, ix_metric_family **ret_family, ix_error *err) {
	ix_str name = ix_str_from(about->name);
	for (ix_metric_family *f = metrics->families; f; f = f->next) {
		bool has_name = ix_str_equal(ix_str_from(f->name), name);
		if (has_name && is_same(f, kind, about, label_count)) {
			*ret_family = f;
			return 0;
		}
		if (has_name || names_clash(f, kind, name))
			return ix_fail(err, IX_ERR_CONFLICT,
				"metric %s: there is another %s of a different shape", about->name, f->name);
	}
	if (metrics->family_count == metrics->family_max)
		return ix_fail(err, IX_ERR_LIMIT, "metric %s: there are %zu metrics, the limit", about->name,
			metrics->family_max);
	ix_metric_family *family = new_family(metrics, kind, about, label_count);
	if (!family) return ix_fail(err, IX_ERR_MEMORY, "metric %s: out of memory", about->name);
	*metrics->last = family;
	metrics->last = &family->next;
	metrics->family_count++;
	*ret_family = family;
	return 0;
}

int ix_metrics_family(ix_metrics *metrics, ix_metric_kind kind, const ix_metric_about *about,
	ix_metric_family **ret_family, ix_error *err) {
	size_t label_count = count_labels(about);
	int code = check_about(kind, about, label_count, err);
	if (code) return code;
	pthread_mutex_lock(&metrics->lock);
	code = find_or_add_family(metrics, kind, about, label_count, ret_family, err);
	pthread_mutex_unlock(&metrics->lock);
	return code;
}

int ix_metrics_counters(
	ix_metrics *metrics, const ix_metric_about *about, ix_metric_family **ret_family, ix_error *err) {
	return ix_metrics_family(metrics, IX_METRIC_COUNTER, about, ret_family, err);
}

int ix_metrics_gauges(
	ix_metrics *metrics, const ix_metric_about *about, ix_metric_family **ret_family, ix_error *err) {
	return ix_metrics_family(metrics, IX_METRIC_GAUGE, about, ret_family, err);
}

int ix_metrics_histograms(
	ix_metrics *metrics, const ix_metric_about *about, ix_metric_family **ret_family, ix_error *err) {
	return ix_metrics_family(metrics, IX_METRIC_HISTOGRAM, about, ret_family, err);
}

/* ---- series ---- */

static bool has_values(const ix_metric_series *series, const ix_str *values, size_t count) {
	for (size_t i = 0; i < count; i++)
		if (!ix_str_equal(series->values[i], values[i])) return false;
	return true;
}

static ix_metric_series *new_series(ix_metric_family *family, const ix_str *values) {
	size_t texts = 0;
	for (size_t i = 0; i < family->label_count; i++) texts += values[i].size;
	size_t buckets = family->kind == IX_METRIC_HISTOGRAM ? family->bucket_count + 1 : 0;
	size_t size = sizeof(ix_metric_series) + buckets * sizeof(_Atomic uint64_t) + texts;
	const ix_allocator *allocator = family->metrics->allocator;
	ix_metric_series *series = ix_allocate_zeroed(allocator, 1, size, _Alignof(ix_metric_series));
	if (!series) return NULL;
	series->size = size;
	if (buckets) series->histogram.family = family;
	char *room = (char *)series + size - texts;
	for (size_t i = 0; i < family->label_count; i++) {
		if (values[i].size) memcpy(room, values[i].data, values[i].size);
		series->values[i] = (ix_str){room, values[i].size};
		room += values[i].size;
	}
	return series;
}

static int find_or_add_series(
	ix_metric_family *family, const ix_str *values, ix_metric_series **ret_series, ix_error *err) {
	ix_metrics *metrics = family->metrics;
	for (ix_metric_series *s = family->series; s; s = s->next) {
		if (!has_values(s, values, family->label_count)) continue;
		*ret_series = s;
		return 0;
	}
	if (metrics->series_count == metrics->series_max)
		return ix_fail(err, IX_ERR_LIMIT, "metric %s: there are %zu series, the limit", family->name,
			metrics->series_max);
	ix_metric_series *series = new_series(family, values);
	if (!series) return ix_fail(err, IX_ERR_MEMORY, "metric %s: out of memory", family->name);
	*family->last = series;
	family->last = &series->next;
	metrics->series_count++;
	*ret_series = series;
	return 0;
}

int ix_metric_series_of(ix_metric_family *family, ix_metric_kind kind, const ix_str *values,
	ix_metric_series **ret_series, ix_error *err) {
	IX_ASSERT(family->kind == kind);
	for (size_t i = 0; i < family->label_count; i++)
		if (values[i].size > IX_METRIC_VALUE_MAX)
			return ix_fail(err, IX_ERR_LIMIT, "metric %s: a %s of %zu bytes, the limit is %d",
				family->name, family->labels[i], values[i].size, IX_METRIC_VALUE_MAX);
	pthread_mutex_lock(&family->metrics->lock);
	int code = find_or_add_series(family, values, ret_series, err);
	pthread_mutex_unlock(&family->metrics->lock);
	return code;
}

int ix_metric_counter(
	ix_metric_family *family, const ix_str *values, ix_counter **ret_counter, ix_error *err) {
	ix_metric_series *series = NULL;
	int code = ix_metric_series_of(family, IX_METRIC_COUNTER, values, &series, err);
	if (code == 0) *ret_counter = &series->counter;
	return code;
}

int ix_metric_gauge(ix_metric_family *family, const ix_str *values, ix_gauge **ret_gauge, ix_error *err) {
	ix_metric_series *series = NULL;
	int code = ix_metric_series_of(family, IX_METRIC_GAUGE, values, &series, err);
	if (code == 0) *ret_gauge = &series->gauge;
	return code;
}

int ix_metric_histogram(
	ix_metric_family *family, const ix_str *values, ix_histogram **ret_histogram, ix_error *err) {
	ix_metric_series *series = NULL;
	int code = ix_metric_series_of(family, IX_METRIC_HISTOGRAM, values, &series, err);
	if (code == 0) *ret_histogram = &series->histogram;
	return code;
}

/* ---- the registry ---- */

int ix_metrics_new(const ix_metrics_options *options, ix_metrics **ret_metrics, ix_error *err) {
	const ix_metrics_options defaults = {0};
	if (!options) options = &defaults;
	const ix_allocator *allocator = options->allocator ? options->allocator : ix_allocator_current();
	ix_metrics *metrics = ix_allocate_zeroed(allocator, 1, sizeof *metrics, _Alignof(ix_metrics));
	if (!metrics) return ix_fail(err, IX_ERR_MEMORY, "metrics: out of memory");
	metrics->allocator = allocator;
	metrics->family_max = options->family_max ? options->family_max : FAMILY_MAX_DEFAULT;
	metrics->series_max = options->series_max ? options->series_max : SERIES_MAX_DEFAULT;
	metrics->last = &metrics->families;
	pthread_mutex_init(&metrics->lock, NULL);
	*ret_metrics = metrics;
	return 0;
}

void ix_metrics_free(ix_metrics *metrics) {
	if (!metrics) return;
	const ix_allocator *allocator = metrics->allocator;
	for (ix_metric_family *f = metrics->families, *next_family; f; f = next_family) {
		next_family = f->next;
		for (ix_metric_series *s = f->series, *next; s; s = next) {
			next = s->next;
			ix_release(allocator, s, s->size, _Alignof(ix_metric_series));
		}
		ix_release(allocator, f, f->size, _Alignof(ix_metric_family));
	}
	pthread_mutex_destroy(&metrics->lock);
	ix_release(allocator, metrics, sizeof *metrics, _Alignof(ix_metrics));
}

int ix_metrics_collect(ix_metrics *metrics, ix_metrics_collector *collector, void *context, ix_error *err) {
	pthread_mutex_lock(&metrics->lock);
	bool fits = metrics->collector_count < COLLECTOR_MAX;
	if (fits) {
		metrics->collectors[metrics->collector_count].call = collector;
		metrics->collectors[metrics->collector_count++].context = context;
	}
	pthread_mutex_unlock(&metrics->lock);
	return fits ? 0
		    : ix_fail(err, IX_ERR_LIMIT, "metrics: there are %d collectors, the limit",
			      COLLECTOR_MAX);
}
