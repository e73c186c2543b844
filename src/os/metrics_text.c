/* The text that Prometheus reads (exposition format 0.0.4). */
#include "metrics_inside.h"
#include "number_text.h"

#include <math.h>

/* ---- the text ---- */

static void put(ix_writer *w, const char *text) { ix_write_str(w, ix_str_from(text)); }

static void put_u64(ix_writer *w, uint64_t value) {
	char text[24];
	size_t size = ix_format(text, sizeof text, "%llu", (unsigned long long)value);
	ix_write_bytes(w, text, size);
}

/* Help escapes backslash and line feed; a label's value the double quote too. */
static void put_escaped(ix_writer *w, ix_str text, bool quotes) {
	for (size_t i = 0; i < text.size; i++) {
		char c = text.data[i];
		if (c == '\\')
			put(w, "\\\\");
		else if (c == '\n')
			put(w, "\\n");
		else if (c == '"' && quotes)
			put(w, "\\\"");
		else
			ix_write_u8(w, (uint8_t)c);
	}
}

static void put_double(ix_writer *w, double value) {
	if (!isfinite(value)) {
		put(w, isnan(value) ? "NaN" : value < 0 ? "-Inf" : "+Inf");
		return;
	}
	char text[IX_OS_NUMBER_TEXT_MAX];
	ix_write_bytes(w, text, ix_os_number_text(value, text));
}

/* name_suffix{label="value",…,le="bound"} and the space behind it. `bound` NULL: no le. */
static void put_sample(ix_writer *w, const ix_metric_family *family, const ix_metric_series *series,
	const char *suffix, const double *bound) {
	put(w, family->name);
	put(w, suffix);
	for (size_t i = 0; i < family->label_count; i++) {
		put(w, i ? "," : "{");
		put(w, family->labels[i]);
		put(w, "=\"");
		put_escaped(w, series->values[i], true);
		put(w, "\"");
	}
	if (bound) {
		put(w, family->label_count ? ",le=\"" : "{le=\"");
		put_double(w, *bound);
		put(w, "\"");
	}
	put(w, family->label_count || bound ? "} " : " ");
}

static uint64_t load(_Atomic uint64_t *value) { return atomic_load_explicit(value, memory_order_relaxed); }

/* Cumulative, so that the count is the +Inf bucket even while others observe. */
static void put_histogram(ix_writer *w, const ix_metric_family *family, ix_metric_series *series) {
	const double infinity = INFINITY;
	uint64_t total = 0;
	for (size_t i = 0; i <= family->bucket_count; i++) {
		total += load(&series->counts[i]);
		put_sample(w, family, series, "_bucket",
			i < family->bucket_count ? &family->buckets[i] : &infinity);
		put_u64(w, total);
		put(w, "\n");
	}
	ix_gauge sum;
	atomic_init(&sum.bits, load(&series->histogram.sum_bits));
	put_sample(w, family, series, "_sum", NULL);
	put_double(w, ix_gauge_value(&sum));
	put(w, "\n");
	put_sample(w, family, series, "_count", NULL);
	put_u64(w, total);
	put(w, "\n");
}

static void put_series(ix_writer *w, const ix_metric_family *family, ix_metric_series *series) {
	if (family->kind == IX_METRIC_HISTOGRAM) {
		put_histogram(w, family, series);
		return;
	}
	put_sample(w, family, series, "", NULL);
	if (family->kind == IX_METRIC_COUNTER)
		put_u64(w, ix_counter_value(&series->counter));
	else
		put_double(w, ix_gauge_value(&series->gauge));
	put(w, "\n");
}

static void put_family(ix_writer *w, const ix_metric_family *family) {
	static const char *const kinds[] = {[IX_METRIC_COUNTER] = "counter",
		[IX_METRIC_COUNTER_REAL] = "counter",
		[IX_METRIC_GAUGE] = "gauge",
		[IX_METRIC_HISTOGRAM] = "histogram"};
	if (*family->help) {
		put(w, "# HELP ");
		put(w, family->name);
		put(w, " ");
		put_escaped(w, ix_str_from(family->help), false);
		put(w, "\n");
	}
	put(w, "# TYPE ");
	put(w, family->name);
	put(w, " ");
	put(w, kinds[family->kind]);
	put(w, "\n");
	for (ix_metric_series *s = family->series; s; s = s->next) put_series(w, family, s);
}

void ix_metrics_write(ix_metrics *metrics, ix_writer *writer) {
	pthread_mutex_lock(&metrics->lock);
	size_t count = metrics->collector_count; /* they only grow */
	pthread_mutex_unlock(&metrics->lock);
	for (size_t i = 0; i < count; i++) metrics->collectors[i].call(metrics->collectors[i].context);
	pthread_mutex_lock(&metrics->lock);
	for (const ix_metric_family *f = metrics->families; f; f = f->next) put_family(writer, f);
	pthread_mutex_unlock(&metrics->lock);
}
