/* A journal of format 1.0 that another program wrote from the page of docs alone (golden/make_v1.py, with
 * b3sum): it is read, verified, continued, and written the same to the byte. */
#include "helpers.h"

#include <inox/text.h>

/* The last hash, as make_v1.py printed it: b3sum's. */
#define GOLDEN_HEAD "b94666bbc7f5f2d630b671e465c1d1ffb7d87475e809703cb1774feff3d2da3a"

static const char *const files[] = {
	SEGMENT_1, SEGMENT_2, MARK_FILE_NAME, "snapshot-00000000000000000005.ixs"};

/* A copy in a memory file system: opening writes. */
static void golden_init(bench *b) {
	char path[512];
	bench_init(b);
	b->options.application = "golden";
	b->options.chained = true;
	b->options.check_all = true;
	b->options.payload_max = 1000;
	assert_int_equal(b->system->make_directory(b->system->context, "j", 0700), 0);
	for (size_t i = 0; i < IX_COUNT(files); i++) {
		size_t size;
		snprintf(path, sizeof path, "%s/src/journal/tests/golden/v1/%s", ix_testing_root(), files[i]);
		uint8_t *data = ix_testing_read(path, &size);
		store_file(b->system, BENCH_PATH, files[i], data, size);
		free(data);
	}
}

/* make_v1.py's payload(sequence). */
static ix_bytes golden_payload(uint64_t sequence, uint8_t out[64]) {
	for (uint64_t i = 0; i < sequence * 5; i++) out[i] = (uint8_t)(sequence * 7 + i);
	return (ix_bytes){out, (size_t)sequence * 5};
}

static void a_journal_of_version_1_is_read(void **state) {
	(void)state;
	bench b;
	golden_init(&b);
	ix_journal_reader *reader;
	const ix_journal_record *record;
	ix_error err = {0};
	ix_journal_reader_options options = {
		.application = "golden", .durable_only = true, .system = b.system};
	must(ix_journal_reader_open(BENCH_PATH, &options, &reader, &err), &err);
	for (uint64_t i = 1; i <= 7; i++) {
		uint8_t bytes[64];
		must(ix_journal_reader_next(reader, &record, &err), &err);
		assert_non_null(record);
		assert_int_equal(record->sequence, i);
		assert_true(record->time_ns == -1000 * (int64_t)i);
		assert_int_equal(record->kind, i % 3);
		assert_int_equal(record->payload.size, i * 5);
		assert_memory_equal(record->payload.data, golden_payload(i, bytes).data, i * 5);
	}
	char hex[2 * IX_JOURNAL_HASH_SIZE + 1] = "";
	ix_hex_encode(hex, (ix_bytes){record->hash, IX_JOURNAL_HASH_SIZE});
	assert_string_equal(hex, GOLDEN_HEAD);
	must(ix_journal_reader_next(reader, &record, &err), &err);
	assert_null(record);
	ix_journal_reader_close(reader);
	bench_fini(&b);
}

static void a_journal_of_version_1_is_whole_and_goes_on(void **state) {
	(void)state;
	bench b;
	golden_init(&b);
	ix_journal_report report = verify(b.system, BENCH_PATH);
	if (report.finding_count) fail_msg("%s", report.first_text);
	assert_int_equal(report.record_count, 7);
	assert_int_equal(report.snapshot_count, 1);
	bench_open(&b);
	assert_int_equal(b.recovery.last_sequence, 7);
	assert_int_equal(b.recovery.snapshot_sequence, 5);
	assert_false(b.recovery.torn);
	ix_journal_snapshot *s;
	uint8_t text[100];
	size_t got;
	assert_int_equal(ix_journal_snapshot_open(BENCH_PATH, b.system, 0, &s, NULL), 0);
	assert_int_equal(ix_journal_snapshot_read(s, text, sizeof text, &got, NULL), 0);
	assert_int_equal(got, 16);
	assert_memory_equal(text, "state as of five", 16);
	ix_journal_snapshot_close(s);
	append_many(b.journal, 10);
	bench_close(&b);
	verify_whole(b.system, BENCH_PATH);
	bench_fini(&b);
}

/* The same calls give the same bytes: nothing in a file comes from chance or from memory that was not set. */
static void the_same_journal_is_written_to_the_byte(void **state) {
	(void)state;
	bench b, golden;
	golden_init(&golden);
	bench_init(&b);
	b.options = golden.options;
	b.options.system = b.system;
	b.options.clock = &b.clock.clock;
	for (uint8_t i = 0; i < 16; i++) b.options.identity[i] = i;
	ix_clock_virtual_set(&b.clock, 1700000000000000001);
	bench_open(&b);
	for (uint64_t i = 1; i <= 7; i++) {
		uint8_t bytes[64];
		ix_bytes part = golden_payload(i, bytes);
		assert_int_equal(ix_journal_append_parts(b.journal, (uint16_t)(i % 3), -1000 * (int64_t)i,
					 &part, 1, NULL, NULL),
			0);
		if (i % 2 == 0) commit(b.journal);
		ix_clock_virtual_set(&b.clock, 1700000000000000002);
		if (i == 4) assert_int_equal(ix_journal_rotate(b.journal, NULL), 0);
	}
	bench_close(&b);
	for (size_t i = 0; i < 2; i++) {
		test_file ours = load_file(b.system, BENCH_PATH, files[i]);
		test_file theirs = load_file(golden.system, BENCH_PATH, files[i]);
		assert_int_equal(ours.size, theirs.size);
		assert_memory_equal(ours.data, theirs.data, ours.size);
		free(ours.data);
		free(theirs.data);
	}
	bench_fini(&b);
	bench_fini(&golden);
}

IX_TESTS(test_golden, cmocka_unit_test(a_journal_of_version_1_is_read),
	cmocka_unit_test(a_journal_of_version_1_is_whole_and_goes_on),
	cmocka_unit_test(the_same_journal_is_written_to_the_byte));
