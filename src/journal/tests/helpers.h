/* helpers.h - what the journal's tests share: journals in a memory file system, records whose content follows
 * from their sequence, and files to damage. */
#ifndef JOURNAL_TESTS_HELPERS_H
#define JOURNAL_TESTS_HELPERS_H

#include "../format.h"

#include <inox/alloc.h>
#include <inox/clock.h>
#include <inox/file_memory.h>
#include <inox/journal.h>
#include <inox/rng.h>
#include <inox/testing.h>

#include <string.h>

enum { PAYLOAD_MAX = 300, START_NS = 1000000 };

#define HELPER static inline __attribute__((unused))

/* Payloads of 0 to PAYLOAD_MAX bytes, a good part of them zeros, as state has it. */
HELPER ix_bytes payload_of(uint64_t sequence, uint8_t out[PAYLOAD_MAX]) {
	uint64_t state = sequence * 0x9E3779B97F4A7C15;
	size_t size = (size_t)(ix_splitmix64(&state) % PAYLOAD_MAX);
	bool sparse = ix_splitmix64(&state) % 4 == 0;
	for (size_t i = 0; i < size; i++) out[i] = sparse && i % 16 ? 0 : (uint8_t)ix_splitmix64(&state);
	return (ix_bytes){out, size};
}
HELPER uint16_t kind_of(uint64_t sequence) { return (uint16_t)(sequence % 7); }

HELPER void must(int code, const ix_error *err) {
	if (code) fail_msg("%s: %s", ix_code_name(code), err->text);
}

HELPER void append_one(ix_journal *j) {
	uint8_t bytes[PAYLOAD_MAX];
	uint64_t sequence = ix_journal_last_sequence(j) + 1, got;
	ix_error err = {0};
	must(ix_journal_append(j, kind_of(sequence), payload_of(sequence, bytes), &got, &err), &err);
	assert_int_equal(got, sequence);
}
HELPER void append_many(ix_journal *j, size_t count) {
	while (count-- > 0) append_one(j);
}
HELPER void commit(ix_journal *j) {
	ix_error err = {0};
	must(ix_journal_commit(j, &err), &err);
}
HELPER void close_journal(ix_journal *j) {
	ix_error err = {0};
	must(ix_journal_close(j, &err), &err);
}

HELPER void check_record(const ix_journal_record *record, uint64_t sequence) {
	uint8_t bytes[PAYLOAD_MAX];
	ix_bytes expected = payload_of(sequence, bytes);
	assert_int_equal(record->sequence, sequence);
	assert_int_equal(record->kind, kind_of(sequence));
	assert_int_equal(record->payload.size, expected.size);
	if (expected.size) assert_memory_equal(record->payload.data, expected.data, expected.size);
}

/* Reads from `first` to the end; returns the last sequence (first - 1: none). */
HELPER uint64_t check_all_records(const ix_file_system *system, const char *path, uint64_t first) {
	ix_journal_reader *reader;
	const ix_journal_record *record;
	ix_error err = {0};
	ix_journal_reader_options options = {.system = system};
	must(ix_journal_reader_open(path, &options, &reader, &err), &err);
	for (;; first++) {
		must(ix_journal_reader_next(reader, &record, &err), &err);
		if (!record) break;
		check_record(record, first);
	}
	ix_journal_reader_close(reader);
	return first - 1;
}

HELPER ix_journal *open_journal(
	const char *path, const ix_journal_options *options, ix_journal_recovery *recovery) {
	ix_journal *j = NULL;
	ix_error err = {0};
	must(ix_journal_open(path, options, &j, recovery, &err), &err);
	return j;
}

HELPER ix_journal_report verify(const ix_file_system *system, const char *path) {
	ix_journal_report report = {0};
	ix_error err = {0};
	ix_journal_verify_options options = {.system = system};
	must(ix_journal_verify(path, &options, &report, &err), &err);
	return report;
}
HELPER void verify_whole(const ix_file_system *system, const char *path) {
	ix_journal_report report = verify(system, path);
	if (report.finding_count) fail_msg("%s", report.first_text);
}

/* ---- files by name ---- */

typedef struct test_file {
	uint8_t *data;
	size_t size;
} test_file;

HELPER void file_path(char out[256], const char *directory, const char *name) {
	snprintf(out, 256, "%s/%s", directory, name);
}

HELPER test_file load_file(const ix_file_system *system, const char *directory, const char *name) {
	char path[256];
	ix_file file;
	ix_file_info info;
	ix_error err = {0};
	file_path(path, directory, name);
	must(ix_file_open(system, path, IX_FILE_READ, 0, &file, &err), &err);
	must(ix_file_get_info(&file, &info, &err), &err);
	test_file out = {malloc((size_t)info.size + 1), 0};
	assert_non_null(out.data);
	must(ix_file_read_at(&file, out.data, (size_t)info.size, 0, &out.size, &err), &err);
	must(ix_file_close(&file, &err), &err);
	return out;
}

/* In place of what is there; synced. */
HELPER void store_file(const ix_file_system *system, const char *directory, const char *name,
	const void *data, size_t size) {
	char path[256];
	ix_file file;
	ix_error err = {0};
	file_path(path, directory, name);
	must(ix_file_open(system, path, IX_FILE_WRITE | IX_FILE_CREATE | IX_FILE_TRUNCATE, 0600, &file, &err),
		&err);
	must(ix_file_write_at(&file, data, size, 0, &err), &err);
	must(ix_file_sync(&file, &err), &err);
	must(ix_file_close(&file, &err), &err);
}

HELPER void remove_file(const ix_file_system *system, const char *directory, const char *name) {
	char path[256];
	ix_error err = {0};
	file_path(path, directory, name);
	must(ix_file_remove(system, path, &err), &err);
}

/* ---- a memory file system with one journal in it ---- */

typedef struct bench {
	ix_file_memory *memory;
	const ix_file_system *system;
	ix_clock_virtual clock;
	ix_journal_options options;
	ix_journal *journal;
	ix_journal_recovery recovery;
} bench;

#define BENCH_PATH "j"
#define SEGMENT_1  "segment-000000000001.ixj"
#define SEGMENT_2  "segment-000000000002.ixj"
#define SEGMENT_3  "segment-000000000003.ixj"

HELPER void bench_init(bench *b) {
	ix_error err = {0};
	memset(b, 0, sizeof *b);
	must(ix_file_memory_new(0, &b->memory, &err), &err);
	b->system = ix_file_memory_system(b->memory);
	ix_clock_virtual_init(&b->clock, START_NS);
	b->options = (ix_journal_options){.application = "test",
		.payload_max = 2000,
		.segment_size = 16384,
		.reserve_size = 4096,
		.buffer_size = 4096,
		.clock = &b->clock.clock,
		.system = b->system};
}
HELPER void bench_open(bench *b) {
	memset(&b->recovery, 0, sizeof b->recovery);
	b->journal = open_journal(BENCH_PATH, &b->options, &b->recovery);
}
HELPER void bench_close(bench *b) {
	close_journal(b->journal);
	b->journal = NULL;
}
/* The process dies: what it had in memory is gone, what it wrote is there. */
HELPER void bench_crash(bench *b) {
	ix_journal_abandon(b->journal);
	b->journal = NULL;
}
HELPER void bench_fini(bench *b) {
	ix_journal_abandon(b->journal);
	ix_file_memory_free(b->memory);
}
/* Opening must fail with this code and say both of these. */
HELPER void bench_refuses(bench *b, int code, const char *one, const char *other) {
	ix_journal *j = NULL;
	ix_error err = {0};
	int got = ix_journal_open(BENCH_PATH, &b->options, &j, NULL, &err);
	if (got == 0) ix_journal_abandon(j);
	if (got != code || !strstr(err.text, one) || !strstr(err.text, other))
		fail_msg("expected %s with '%s' and '%s', got %s: %s", ix_code_name(code), one, other,
			ix_code_name(got), err.text);
	assert_null(strchr(err.text, '\n'));
}

#endif
