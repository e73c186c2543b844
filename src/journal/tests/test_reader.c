/* Readers: set to a sequence, following a journal that is being written, stopping where it is not durable. */
#include "helpers.h"

#include <inox/crc32c.h>
#include <inox/thread.h>
#include <inox/writer.h>

#include <stdatomic.h>

static ix_journal_reader *start_reader(const ix_file_system *system, const char *path, bool durable_only) {
	ix_journal_reader *reader = NULL;
	ix_error err = {0};
	ix_journal_reader_options options = {.durable_only = durable_only, .system = system};
	must(ix_journal_reader_open(path, &options, &reader, &err), &err);
	return reader;
}

/* The next record's sequence; 0 at the end. */
static uint64_t next(ix_journal_reader *reader) {
	const ix_journal_record *record;
	ix_error err = {0};
	must(ix_journal_reader_next(reader, &record, &err), &err);
	if (record) check_record(record, record->sequence);
	return record ? record->sequence : 0;
}

static void seek(ix_journal_reader *reader, uint64_t sequence) {
	ix_error err = {0};
	must(ix_journal_reader_seek(reader, sequence, &err), &err);
}

static void seeks_to_every_sequence(void **state) {
	(void)state;
	for (int chained = 0; chained < 2; chained++) {
		bench b;
		bench_init(&b);
		b.options.segment_size = 8192;
		b.options.chained = chained;
		bench_open(&b);
		append_many(b.journal, 300);
		bench_close(&b);
		ix_journal_reader *reader = start_reader(b.system, BENCH_PATH, false);
		ix_rng rng;
		ix_rng_seed(&rng, ix_testing_seed());
		for (uint64_t i = 1; i <= 300; i++) {
			uint64_t to = i % 2 ? i : 1 + ix_rng_below(&rng, 300);
			seek(reader, to);
			assert_int_equal(next(reader), to);
			if (to < 300) assert_int_equal(next(reader), to + 1);
		}
		seek(reader, 301); /* yet to come */
		assert_int_equal(next(reader), 0);
		ix_error err = {0};
		assert_int_equal(ix_journal_reader_seek(reader, 302, &err), IX_ERR_RANGE);
		assert_int_equal(ix_journal_reader_seek(reader, UINT64_MAX, &err), IX_ERR_RANGE);
		assert_int_equal(ix_journal_reader_seek(reader, 0, &err), IX_ERR_NOT_FOUND);
		seek(reader, 1);
		assert_int_equal(next(reader), 1);
		ix_journal_reader_close(reader);
		bench_fini(&b);
	}
}

/* A sealed segment of 300 KiB has an entry every 64 KiB. Whatever is in the index's file, the answer is
 * right. */
static void an_index_helps_and_never_misleads(void **state) {
	(void)state;
	bench b;
	bench_init(&b);
	b.options.segment_size = 300 << 10;
	b.options.chained = true;
	bench_open(&b);
	append_many(b.journal, 2500);
	bench_close(&b);
	static const char name[] = "segment-000000000001.ixi";
	test_file whole = load_file(b.system, BENCH_PATH, name);
	assert_int_equal(
		whole.size, 32 + 5 * 16 + 4); /* at 128 and the first records past 64, 128, 192, 256 KiB */
	ix_rng rng;
	ix_rng_seed(&rng, ix_testing_seed());
	ix_journal_reader *reader = start_reader(b.system, BENCH_PATH, false);
	for (int i = 0; i < 200; i++) {
		uint64_t to = 1 + ix_rng_below(&rng, 2500);
		seek(reader, to);
		assert_int_equal(next(reader), to);
		size_t size = i % 3 == 0 ? whole.size : (size_t)ix_rng_below(&rng, whole.size + 1);
		test_file copy = {malloc(whole.size), size};
		memcpy(copy.data, whole.data, whole.size);
		if (i % 2) copy.data[ix_rng_below(&rng, whole.size)] ^= (uint8_t)(1 << ix_rng_below(&rng, 8));
		store_file(b.system, BENCH_PATH, name, copy.data, copy.size);
		free(copy.data);
	}
	/* One that is whole and lies: every entry's offset is that of the next. */
	for (size_t i = 0; i + 1 < 5; i++) memcpy(whole.data + 40 + 16 * i, whole.data + 56 + 16 * i, 8);
	ix_store_u32_le(whole.data + whole.size - 4, ix_crc32c(0, whole.data, whole.size - 4));
	store_file(b.system, BENCH_PATH, name, whole.data, whole.size);
	for (uint64_t to = 1; to <= 1500; to += 99) {
		seek(reader, to);
		assert_int_equal(next(reader), to);
	}
	ix_journal_reader_close(reader);
	verify_whole(b.system, BENCH_PATH);
	free(whole.data);
	bench_fini(&b);
}

static void what_retention_dropped_is_said_to_be_gone(void **state) {
	(void)state;
	bench b;
	bench_init(&b);
	bench_open(&b);
	append_many(b.journal, 5);
	assert_int_equal(ix_journal_rotate(b.journal, NULL), 0);
	append_many(b.journal, 5);
	assert_int_equal(ix_journal_rotate(b.journal, NULL), 0);
	append_many(b.journal, 5);
	ix_journal_reader *reader = start_reader(b.system, BENCH_PATH, false);
	for (uint64_t i = 1; i <= 5; i++) assert_int_equal(next(reader), i);
	assert_int_equal(ix_journal_drop_before(b.journal, 11, NULL), 0);
	const ix_journal_record *record;
	ix_error err = {0};
	assert_int_equal(ix_journal_reader_next(reader, &record, &err), IX_ERR_NOT_FOUND);
	assert_non_null(strstr(err.text, "dropped"));
	assert_int_equal(ix_journal_reader_seek(reader, 10, &err), IX_ERR_NOT_FOUND);
	assert_non_null(strstr(err.text, "the oldest is 11"));
	seek(reader, 11);
	assert_int_equal(next(reader), 11);
	ix_journal_reader_close(reader);
	bench_fini(&b);
}

static void follows_a_journal_across_segments(void **state) {
	(void)state;
	bench b;
	bench_init(&b);
	b.options.segment_size = 4096;
	b.options.payload_max = 1000;
	bench_open(&b);
	ix_journal_reader *reader = start_reader(b.system, BENCH_PATH, false);
	assert_int_equal(next(reader), 0);
	uint64_t seen = 0;
	ix_rng rng;
	ix_rng_seed(&rng, ix_testing_seed());
	for (int round = 0; round < 300; round++) {
		append_many(b.journal, (size_t)ix_rng_below(&rng, 5));
		if (ix_rng_chance(&rng, 1, 10)) assert_int_equal(ix_journal_rotate(b.journal, NULL), 0);
		if (ix_rng_chance(&rng, 1, 3)) commit(b.journal);
		for (uint64_t got; (got = next(reader)) != 0; seen++) assert_int_equal(got, seen + 1);
		assert_true(seen >= ix_journal_durable_sequence(b.journal));
	}
	ix_journal_reader_close(reader);
	bench_fini(&b);
}

static void a_durable_only_reader_never_runs_ahead(void **state) {
	(void)state;
	bench b;
	bench_init(&b);
	b.options.segment_size = 4096;
	b.options.payload_max = 1000;
	bench_open(&b);
	ix_journal_reader *reader = start_reader(b.system, BENCH_PATH, true);
	uint64_t seen = 0;
	for (int round = 0; round < 200; round++) {
		append_many(b.journal, 3);
		assert_int_equal(ix_journal_flush(b.journal, NULL), 0);
		if (round % 4 == 3) commit(b.journal);
		for (uint64_t got; (got = next(reader)) != 0; seen++) assert_int_equal(got, seen + 1);
		assert_int_equal(seen, ix_journal_durable_sequence(b.journal));
	}
	ix_journal_reader_close(reader);
	bench_fini(&b);
}

static void a_reader_of_a_dead_writers_journal_reads_to_its_end(void **state) {
	(void)state;
	bench b;
	bench_init(&b);
	bench_open(&b);
	append_many(b.journal, 8);
	commit(b.journal);
	append_many(b.journal, 2);
	assert_int_equal(ix_journal_flush(b.journal, NULL), 0);
	bench_crash(&b);
	assert_int_equal(check_all_records(b.system, BENCH_PATH, 1), 10);
	ix_journal_reader *reader = start_reader(b.system, BENCH_PATH, true);
	seek(reader, 8);
	assert_int_equal(next(reader), 8);
	assert_int_equal(next(reader), 0);
	ix_journal_reader_close(reader);
	bench_fini(&b);
}

/* ---- beside a writer in another thread, on a real disk ---- */

enum { FOLLOWED = 20000 };

typedef struct follower {
	const char *path;
	atomic_bool failed;
} follower;

static void follow(void *argument) {
	follower *f = argument;
	const ix_journal_record *record;
	ix_journal_reader *reader;
	ix_error err = {0};
	ix_journal_reader_options options = {.durable_only = true};
	if (ix_journal_reader_open(f->path, &options, &reader, &err)) {
		atomic_store(&f->failed, true);
		return;
	}
	uint64_t seen = 0;
	while (seen < FOLLOWED) {
		uint8_t bytes[PAYLOAD_MAX];
		int code = ix_journal_reader_next(reader, &record, &err);
		ix_bytes expected = payload_of(seen + 1, bytes);
		if (code) {
			fprintf(stderr, "follower: %s\n", err.text);
			atomic_store(&f->failed, true);
			break;
		}
		if (!record) continue;
		if (record->sequence != ++seen || record->payload.size != expected.size ||
			(expected.size && memcmp(record->payload.data, expected.data, expected.size) != 0))
			atomic_store(&f->failed, true);
	}
	ix_journal_reader_close(reader);
}

static void a_reader_follows_another_threads_writer(void **state) {
	(void)state;
	char path[256];
	snprintf(path, sizeof path, "%s/followed", ix_testing_directory());
	ix_journal_options options = {
		.application = "test", .segment_size = 256 << 10, .reserve_size = 64 << 10};
	ix_journal *j = open_journal(path, &options, NULL);
	follower f = {.path = path};
	ix_thread *thread;
	ix_error err = {0};
	must(ix_thread_start(NULL, follow, &f, &thread, &err), &err);
	for (int i = 0; i < FOLLOWED / 50; i++) {
		append_many(j, 50);
		commit(j);
	}
	ix_thread_join(thread);
	assert_false(atomic_load(&f.failed));
	close_journal(j);
	verify_whole(NULL, path);
}

IX_TESTS(test_reader, cmocka_unit_test(seeks_to_every_sequence),
	cmocka_unit_test(an_index_helps_and_never_misleads),
	cmocka_unit_test(what_retention_dropped_is_said_to_be_gone),
	cmocka_unit_test(follows_a_journal_across_segments),
	cmocka_unit_test(a_durable_only_reader_never_runs_ahead),
	cmocka_unit_test(a_reader_of_a_dead_writers_journal_reads_to_its_end),
	cmocka_unit_test(a_reader_follows_another_threads_writer));
