/* How fast a day of ITCH is parsed: every field of every message read into a sum, from a file in memory.
 * Prints one JSON line a case: messages a second by wall and by CPU time, best and median of the runs, beside
 * what memcpy does on the same bytes. Usage: bench-itch-parse FILE [RUNS] */
#include <inox/alloc.h>
#include <inox/binaryfile.h>
#include <inox/file.h>
#include <inox/itch.h>

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { RUNS_MAX = 99, BATCH = 128 };

typedef struct sample {
	double wall_s, cpu_s;
} sample;

static double seconds(clockid_t clock) {
	struct timespec t;
	clock_gettime(clock, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* A sum that depends on every field, so that no read can be left out. */
static inline uint64_t load_text(const char *text, size_t width) {
	uint64_t value = 0;
	memcpy(&value, text, width);
	return value;
}
#define SUM_CODE(v)                              (v)
#define SUM_U32(v)                               (v)
#define SUM_U64(v)                               (v)
#define SUM_E4(v)                                (v)
#define SUM_E8(v)                                (v)
#define SUM_SEC(v)                               (v)
#define SUM_NS(v)                                (v)
#define SUM_A2(v)                                load_text((v), 2)
#define SUM_A4(v)                                load_text((v), 4)
#define SUM_A8(v)                                load_text((v), 8)
#define SUM(m, kind, name, offset, codes, title) sum += SUM_##kind(body.name);
#define SUM_BODY(byte, CONSTANT, member, size, title)                    \
	static inline uint64_t sum_##member(const ix_itch_##member *p) { \
		const ix_itch_##member body = *p;                        \
		uint64_t sum = 0;                                        \
		IX_ITCH_FIELDS_##CONSTANT(SUM, member) return sum;       \
	}
IX_ITCH_MESSAGES(SUM_BODY)

static inline uint64_t sum_message(const ix_itch_message *m) {
	uint64_t sum = (uint64_t)m->type + m->locate + m->tracking + m->timestamp_ns;
	switch (m->type) {
#define SUM_CASE(byte, CONSTANT, member, size, title) \
	case (byte): return sum + sum_##member(&m->member);
		IX_ITCH_MESSAGES(SUM_CASE)
	default: return sum;
	}
}

typedef struct result {
	uint64_t messages, sum;
} result;

/* One switch: the bodies by value, as an order book reads them. */
static inline uint64_t sum_load(const uint8_t *m, size_t size) {
	if (size != ix_itch_size(m[0])) return 0;
	uint64_t sum = (uint64_t)m[0] + ix_itch_view_locate(m) + ix_itch_view_tracking(m) +
		       ix_itch_view_timestamp_ns(m);
	switch (m[0]) {
#define LOAD_CASE(byte, CONSTANT, member, size, title)            \
	case (byte): {                                            \
		ix_itch_##member body = ix_itch_load_##member(m); \
		return sum + sum_##member(&body);                 \
	}
		IX_ITCH_MESSAGES(LOAD_CASE)
	default: return sum;
	}
}

static result run_load(ix_bytes file) {
	result r = {0, 0};
	const uint8_t *at = file.data, *end = file.data + file.size;
	while (end - at >= 2) {
		size_t size = ix_load_u16_be(at);
		if (size == 0 || size > (size_t)(end - at) - 2) break;
		r.sum += sum_load(at + 2, size);
		r.messages++;
		at += 2 + size;
	}
	return r;
}

/* The same behind the BinaryFILE reader, as the command reads a mapped file. */
static result run_reader(ix_bytes file) {
	result r = {0, 0};
	ix_binaryfile_reader reader;
	ix_bytes message;
	if (ix_binaryfile_reader_init(&reader, ix_os_allocator(), NULL, NULL) != 0) return r;
	ix_binaryfile_feed(&reader, file, true);
	while (ix_binaryfile_next(&reader, &message, NULL) == 0 && message.data) {
		r.sum += sum_load(message.data, message.size);
		r.messages++;
	}
	ix_binaryfile_reader_fini(&reader);
	return r;
}

/* Any type into one struct, which is then switched over. */
static result run_decode(ix_bytes file) {
	result r = {0, 0};
	const uint8_t *at = file.data, *end = file.data + file.size;
	ix_itch_message m;
	while (end - at >= 2) {
		size_t size = ix_load_u16_be(at);
		if (size == 0 || size > (size_t)(end - at) - 2) break;
		if (ix_itch_decode_inline(at + 2, size, &m) == 0) r.sum += sum_message(&m);
		r.messages++;
		at += 2 + size;
	}
	return r;
}

/* A hundred structs at a time. */
static result run_batch(ix_bytes file) {
	static ix_itch_message batch[BATCH];
	result r = {0, 0};
	ix_itch_run run = {0};
	for (;;) {
		size_t count;
		ix_bytes rest = {file.data + run.offset, file.size - run.offset};
		if (ix_itch_decode_batch(rest, &run, batch, BATCH, &count, NULL) != 0 || count == 0) break;
		for (size_t i = 0; i < count; i++) r.sum += sum_message(&batch[i]);
	}
	r.messages = run.message_count;
	return r;
}

static int by_wall(const void *a, const void *b) {
	double x = ((const sample *)a)->wall_s, y = ((const sample *)b)->wall_s;
	return (x > y) - (x < y);
}

static void measure(
	const char *name, ix_bytes file, size_t runs, result (*parse)(ix_bytes), double memcpy_gbs) {
	sample samples[RUNS_MAX];
	result r = {0, 0};
	double cpu_best = 1e9;
	for (size_t i = 0; i < runs; i++) {
		double wall = seconds(CLOCK_MONOTONIC), cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
		r = parse(file);
		samples[i].wall_s = seconds(CLOCK_MONOTONIC) - wall;
		samples[i].cpu_s = seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu;
		if (samples[i].cpu_s < cpu_best) cpu_best = samples[i].cpu_s;
	}
	qsort(samples, runs, sizeof(samples[0]), by_wall);
	double n = (double)r.messages * 1e-6, median = samples[runs / 2].wall_s;
	printf("{\"bench\":\"itch_parse\",\"case\":\"%s\",\"messages\":%llu,\"runs\":%zu,"
	       "\"best_mmsg_s\":%.1f,\"median_mmsg_s\":%.1f,\"best_cpu_mmsg_s\":%.1f,\"median_gb_s\":%.2f,"
	       "\"memcpy_gb_s\":%.2f,\"sum\":\"%016llx\"}\n",
		name, (unsigned long long)r.messages, runs, n / samples[0].wall_s, n / median, n / cpu_best,
		(double)file.size * 1e-9 / median, memcpy_gbs, (unsigned long long)r.sum);
}

/* The best of five, in GB/s. */
static double measure_memcpy(ix_bytes file) {
	double best = 1e9;
	uint8_t *copy = malloc(file.size + 1);
	if (!copy) return 0;
	for (int i = 0; i < 5; i++) {
		double t = seconds(CLOCK_MONOTONIC);
		memcpy(copy, file.data, file.size);
		__asm__ volatile("" : : "r"(copy) : "memory");
		t = seconds(CLOCK_MONOTONIC) - t;
		if (t < best) best = t;
	}
	free(copy);
	return (double)file.size * 1e-9 / best;
}

int main(int argc, char **argv) {
	if (argc < 2) {
		fputs("usage: bench-itch-parse FILE [RUNS]\n", stderr);
		return 2;
	}
	size_t runs = argc > 2 ? (size_t)strtoul(argv[2], NULL, 10) : 7;
	if (runs < 1 || runs > RUNS_MAX) runs = 7;
	ix_file_map map;
	ix_error err = {0};
	if (ix_file_map_open(argv[1], &map, &err) != 0) {
		fprintf(stderr, "bench-itch-parse: %s\n", err.text);
		return ix_code_exit(err.code);
	}
	double memcpy_gbs = measure_memcpy(map.bytes);
	measure("load", map.bytes, runs, run_load, memcpy_gbs);
	measure("reader", map.bytes, runs, run_reader, memcpy_gbs);
	measure("decode", map.bytes, runs, run_decode, memcpy_gbs);
	measure("batch", map.bytes, runs, run_batch, memcpy_gbs);
	ix_file_unmap(&map);
	return 0;
}
