/* The metrics that every process has; their names are those of Prometheus' own client libraries. */
#include "metrics_inside.h"

#include <inox/process.h>

static const struct {
	const char *name, *help;
	ix_metric_kind kind;
} metrics_of_process[] = {
	{"process_cpu_seconds_total", "User and system CPU time in seconds.", IX_METRIC_COUNTER_REAL},
	{"process_resident_memory_bytes", "Resident memory.", IX_METRIC_GAUGE},
	{"process_anonymous_memory_bytes", "Resident memory that is its own, not a file's.", IX_METRIC_GAUGE},
	{"process_open_fds", "Open file descriptors.", IX_METRIC_GAUGE},
	{"process_threads", "Threads.", IX_METRIC_GAUGE},
	{"process_minor_page_faults_total", "Page faults that needed no disk.", IX_METRIC_COUNTER_REAL},
	{"process_major_page_faults_total", "Page faults that waited for a disk.", IX_METRIC_COUNTER_REAL},
	{"process_start_time_seconds", "Start time since 1970 in seconds.", IX_METRIC_GAUGE},
};
_Static_assert(IX_COUNT(metrics_of_process) == IX_METRICS_PROCESS_COUNT, "one gauge for each");

/* A sandbox may have closed /proc: then the last values stay. */
static void collect(void *context) {
	ix_metrics *metrics = context;
	ix_process_usage usage;
	if (ix_process_usage_read(&usage, NULL)) return;
	const double values[IX_METRICS_PROCESS_COUNT] = {
		(double)(usage.cpu_user_ns + usage.cpu_system_ns) / 1e9,
		(double)usage.resident_bytes,
		(double)usage.anonymous_bytes,
		(double)usage.descriptors,
		(double)usage.threads,
		(double)usage.faults_minor,
		(double)usage.faults_major,
		(double)usage.started_ns / 1e9,
	};
	for (size_t i = 0; i < IX_METRICS_PROCESS_COUNT; i++) ix_gauge_set(metrics->process[i], values[i]);
}

int ix_metrics_process(ix_metrics *metrics, ix_error *err) {
	for (size_t i = 0; i < IX_METRICS_PROCESS_COUNT; i++) {
		ix_metric_about about = {
			.name = metrics_of_process[i].name, .help = metrics_of_process[i].help};
		ix_metric_family *family;
		ix_metric_series *series;
		int code = ix_metrics_family(metrics, metrics_of_process[i].kind, &about, &family, err);
		if (code == 0)
			code = ix_metric_series_of(family, metrics_of_process[i].kind, NULL, &series, err);
		if (code) return code;
		metrics->process[i] = &series->gauge;
	}
	return ix_metrics_collect(metrics, collect, metrics, err);
}
