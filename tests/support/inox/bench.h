/* bench.h - what every benchmark shares: wall and CPU time of a run, and its result as one JSON object a
 * line, which ./dev bench collects (bench/run.py):
 *
 *     ix_bench_start();
 *     … the work …
 *     ix_bench_stop("parse", "msg/s", messages, "\"bytes\":%zu", size);
 *
 * ./dev bench runs a program again and again, in turn with its peers, each time with INOX_BENCH_RUNS=1. */
#ifndef INOX_BENCH_H
#define INOX_BENCH_H

#include <inox/base.h>

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double ix_bench_wall_s, ix_bench_cpu_s;

static inline double ix_bench_seconds(clockid_t clock) {
	struct timespec t;
	clock_gettime(clock, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* How often to measure: $INOX_BENCH_RUNS, else `usual`. */
static inline size_t ix_bench_runs(size_t usual) {
	const char *text = getenv("INOX_BENCH_RUNS");
	size_t runs = text ? strtoul(text, NULL, 10) : 0;
	return runs ? runs : usual;
}

static inline void ix_bench_start(void) {
	ix_bench_wall_s = ix_bench_seconds(CLOCK_MONOTONIC);
	ix_bench_cpu_s = ix_bench_seconds(CLOCK_PROCESS_CPUTIME_ID);
}

/* `amount` of the unit's things were done since the start; the unit ends in "/s". `more` is NULL or further
 * members of the object. */
IX_PRINTF(4, 5)
static inline void ix_bench_stop(const char *name, const char *unit, double amount, const char *more, ...) {
	double wall_s = ix_bench_seconds(CLOCK_MONOTONIC) - ix_bench_wall_s;
	double cpu_s = ix_bench_seconds(CLOCK_PROCESS_CPUTIME_ID) - ix_bench_cpu_s;
	printf("{\"case\":\"%s\",\"unit\":\"%s\",\"value\":%.6g,\"wall_s\":%.6f,\"cpu_s\":%.6f", name, unit,
		amount / wall_s, wall_s, cpu_s);
	if (more) {
		va_list arguments;
		putchar(',');
		va_start(arguments, more);
		vprintf(more, arguments);
		va_end(arguments);
	}
	puts("}");
	fflush(stdout);
}

#endif
