/* How fast a day of ITCH is parsed: every field of every message read into a sum, from a file in memory.
 * Usage: bench-itch-parse FILE */
#include <inox/alloc.h>
#include <inox/bench.h>
#include <inox/binaryfile.h>
#include <inox/file.h>
#include <inox/itch_sum.h>

#include <stdio.h>
#include <stdlib.h>

enum { BATCH = 128 };

typedef struct result {
	uint64_t messages, sum;
} result;

static result run_load(ix_bytes file) {
	result r = {0, 0};
	const uint8_t *at = file.data, *end = file.data + file.size;
	while (end - at >= 2) {
		size_t size = ix_load_u16_be(at);
		if (size == 0 || size > (size_t)(end - at) - 2) break;
		r.sum += ix_itch_sum(at + 2, size);
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
		r.sum += ix_itch_sum(message.data, message.size);
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
		if (ix_itch_decode_inline(at + 2, size, &m) == 0) r.sum += ix_itch_sum_decoded(&m);
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
		for (size_t i = 0; i < count; i++) r.sum += ix_itch_sum_decoded(&batch[i]);
	}
	r.messages = run.message_count;
	return r;
}

static void measure(const char *name, ix_bytes file, result (*parse)(ix_bytes)) {
	for (size_t i = 0; i < ix_bench_runs(7); i++) {
		ix_bench_start();
		result r = parse(file);
		ix_bench_stop(name, "msg/s", (double)r.messages, "\"messages\":%llu,\"sum\":\"%016llx\"",
			(unsigned long long)r.messages, (unsigned long long)r.sum);
	}
}

/* What the machine does when it only moves the bytes. */
static void measure_memcpy(ix_bytes file) {
	uint8_t *copy = malloc(file.size + 1);
	if (!copy) return;
	memset(copy, 1, file.size);
	ix_bench_start();
	memcpy(copy, file.data, file.size);
	__asm__ volatile("" : : "r"(copy) : "memory");
	ix_bench_stop("memcpy of the file", "byte/s", (double)file.size, NULL);
	free(copy);
}

int main(int argc, char **argv) {
	if (argc < 2) {
		fputs("usage: bench-itch-parse FILE\n", stderr);
		return 2;
	}
	ix_file_map map;
	ix_error err = {0};
	if (ix_file_map_open(argv[1], &map, &err) != 0) {
		fprintf(stderr, "bench-itch-parse: %s\n", err.text);
		return ix_code_exit(err.code);
	}
	measure_memcpy(map.bytes);
	measure("parse: load", map.bytes, run_load);
	measure("parse: BinaryFILE reader and load", map.bytes, run_reader);
	measure("parse: decode", map.bytes, run_decode);
	measure("parse: decode batches", map.bytes, run_batch);
	ix_file_unmap(&map);
	return 0;
}
