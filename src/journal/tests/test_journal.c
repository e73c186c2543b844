/* What a journal does on a good day: append, commit, read back, rotate, keep to its limits. */
#include "helpers.h"

static void gives_back_what_was_committed(void **state) {
	(void)state;
	bench b;
	bench_init(&b);
	bench_open(&b);
	assert_true(b.recovery.created);
	assert_int_equal(b.recovery.last_sequence, 0);
	append_many(b.journal, 500);
	assert_int_equal(ix_journal_last_sequence(b.journal), 500);
	commit(b.journal);
	assert_int_equal(ix_journal_durable_sequence(b.journal), 500);
	bench_close(&b);
	assert_int_equal(check_all_records(b.system, BENCH_PATH, 1), 500);
	verify_whole(b.system, BENCH_PATH);
	bench_fini(&b);
}

static void goes_on_where_it_was_closed(void **state) {
	(void)state;
	bench b;
	bench_init(&b);
	for (uint64_t round = 0; round < 40; round++) {
		bench_open(&b);
		assert_int_equal(b.recovery.created, round == 0);
		assert_false(b.recovery.torn);
		assert_false(b.recovery.mark_missing);
		assert_int_equal(b.recovery.first_sequence, 1);
		assert_int_equal(b.recovery.last_sequence, round * 17);
		append_many(b.journal, 17);
		bench_close(&b);
	}
	assert_int_equal(check_all_records(b.system, BENCH_PATH, 1), 40 * 17);
	bench_fini(&b);
}

static ix_journal_reader *read_bench(const bench *b) {
	ix_journal_reader *reader = NULL;
	ix_error err = {0};
	ix_journal_reader_options options = {.system = b->system};
	must(ix_journal_reader_open(BENCH_PATH, &options, &reader, &err), &err);
	return reader;
}

static void stamps_records_with_the_clock_it_was_given(void **state) {
	(void)state;
	bench b;
	bench_init(&b);
	bench_open(&b);
	ix_clock_virtual_set(&b.clock, 42);
	append_one(b.journal);
	ix_clock_virtual_set(&b.clock, -7);
	append_one(b.journal);
	assert_int_equal(ix_journal_append_parts(b.journal, 9, INT64_MIN, NULL, 0, NULL, NULL), 0);
	bench_close(&b);
	ix_journal_reader *reader = read_bench(&b);
	const ix_journal_record *record = NULL;
	const int64_t expected[] = {42, -7, INT64_MIN};
	for (size_t i = 0; i < IX_COUNT(expected); i++) {
		assert_int_equal(ix_journal_reader_next(reader, &record, NULL), 0);
		assert_true(record->time_ns == expected[i]);
	}
	assert_int_equal(record->kind, 9);
	assert_int_equal(record->payload.size, 0);
	ix_journal_reader_close(reader);
	bench_fini(&b);
}

static void gathers_a_payload_from_parts(void **state) {
	(void)state;
	bench b;
	bench_init(&b);
	bench_open(&b);
	ix_bytes parts[] = {{(const uint8_t *)"one ", 4}, {NULL, 0}, {(const uint8_t *)"record", 6}};
	assert_int_equal(ix_journal_append_parts(b.journal, 1, 0, parts, 3, NULL, NULL), 0);
	ix_bytes many[IX_JOURNAL_PART_MAX + 1] = {{NULL, 0}};
	assert_int_equal(ix_journal_append_parts(b.journal, 1, 0, many, IX_JOURNAL_PART_MAX + 1, NULL, NULL),
		IX_ERR_LIMIT);
	bench_close(&b);
	ix_journal_reader *reader = read_bench(&b);
	const ix_journal_record *record;
	assert_int_equal(ix_journal_reader_next(reader, &record, NULL), 0);
	assert_int_equal(record->payload.size, 10);
	assert_memory_equal(record->payload.data, "one record", 10);
	assert_int_equal(ix_journal_reader_next(reader, &record, NULL), 0);
	assert_null(record);
	ix_journal_reader_close(reader);
	bench_fini(&b);
}

static void what_is_not_committed_dies_with_the_process(void **state) {
	(void)state;
	bench b;
	bench_init(&b);
	bench_open(&b);
	append_many(b.journal, 3);
	commit(b.journal);
	append_many(b.journal, 2);
	bench_crash(&b);
	bench_open(&b);
	assert_int_equal(b.recovery.last_sequence, 3);
	assert_false(b.recovery.torn);
	append_many(b.journal, 4);
	bench_close(&b);
	assert_int_equal(check_all_records(b.system, BENCH_PATH, 1), 7);
	bench_fini(&b);
}

static void a_flush_is_seen_by_others_without_a_commit(void **state) {
	(void)state;
	bench b;
	bench_init(&b);
	bench_open(&b);
	append_many(b.journal, 3);
	assert_int_equal(check_all_records(b.system, BENCH_PATH, 1), 0);
	assert_int_equal(ix_journal_flush(b.journal, NULL), 0);
	assert_int_equal(check_all_records(b.system, BENCH_PATH, 1), 3);
	assert_int_equal(ix_journal_durable_sequence(b.journal), 0);
	bench_fini(&b);
}

static uint64_t size_of(const bench *b, const char *path) {
	ix_file_info info;
	return ix_file_path_info(b->system, path, &info, NULL) ? UINT64_MAX : info.size;
}

/* 128 bytes of header, then records of 32 + payload, to the next 8. */
static void a_segment_is_filled_to_its_last_byte(void **state) {
	(void)state;
	static uint8_t bytes[4096];
	bench b;
	bench_init(&b);
	b.options.segment_size = 4096;
	b.options.payload_max = 1000;
	bench_open(&b);
	for (int i = 0; i < 4; i++) /* 4 * (32 + 960) = 3968 = 4096 - 128 */
		assert_int_equal(ix_journal_append(b.journal, 0, (ix_bytes){bytes, 960}, NULL, NULL), 0);
	commit(b.journal);
	assert_int_equal(size_of(&b, "j/" SEGMENT_1), 4096);
	assert_true(size_of(&b, "j/" SEGMENT_2) == UINT64_MAX);
	assert_int_equal(ix_journal_append(b.journal, 0, (ix_bytes){bytes, 0}, NULL, NULL), 0);
	bench_close(&b);
	assert_int_equal(size_of(&b, "j/" SEGMENT_2), 128 + 32);
	verify_whole(b.system, BENCH_PATH);
	bench_fini(&b);
}

static void payloads_are_limited_and_the_limit_itself_fits(void **state) {
	(void)state;
	static uint8_t bytes[2001];
	bench b;
	bench_init(&b);
	bench_open(&b);
	ix_error err = {0};
	assert_int_equal(ix_journal_append(b.journal, 0, (ix_bytes){bytes, 2001}, NULL, &err), IX_ERR_LIMIT);
	assert_non_null(strstr(err.text, "2001"));
	ix_bytes parts[2] = {{bytes, 2000}, {bytes, SIZE_MAX}};
	assert_int_equal(ix_journal_append_parts(b.journal, 0, 0, parts, 2, NULL, NULL), IX_ERR_LIMIT);
	assert_int_equal(ix_journal_last_sequence(b.journal), 0);
	for (int i = 0; i < 30; i++)
		assert_int_equal(ix_journal_append(b.journal, 0, (ix_bytes){bytes, 2000}, NULL, NULL), 0);
	bench_close(&b);
	assert_int_equal(verify(b.system, BENCH_PATH).record_count, 30);
	bench_fini(&b);
}

static void larger_payloads_are_allowed_later(void **state) {
	(void)state;
	static uint8_t bytes[5000];
	bench b;
	bench_init(&b);
	b.options.payload_max = 100;
	bench_open(&b);
	assert_int_equal(ix_journal_append(b.journal, 0, (ix_bytes){bytes, 100}, NULL, NULL), 0);
	bench_close(&b);
	b.options.payload_max = 5000;
	bench_open(&b);
	assert_int_equal(ix_journal_append(b.journal, 0, (ix_bytes){bytes, 100}, NULL, NULL), 0);
	assert_int_equal(ix_journal_append(b.journal, 0, (ix_bytes){bytes, 5000}, NULL, NULL), 0);
	bench_close(&b);
	ix_journal_report report = verify(b.system, BENCH_PATH);
	assert_int_equal(report.finding_count, 0);
	assert_int_equal(report.record_count, 3);
	assert_int_equal(report.segment_count, 2);
	bench_fini(&b);
}

static void options_out_of_range_are_refused(void **state) {
	(void)state;
	bench b;
	bench_init(&b);
	const ix_journal_options bad[] = {
		{.segment_size = IX_JOURNAL_SEGMENT_SIZE_MIN - 1},
		{.segment_size = (uint64_t)IX_JOURNAL_SEGMENT_SIZE_MAX + 1},
		{.payload_max = IX_JOURNAL_PAYLOAD_MAX + 1},
		{.segment_size = 8192, .payload_max = 8000},
		{.application = "a name of 17 byte"},
		{.first_sequence = (uint64_t)INT64_MAX + 1},
		{.buffer_size = (size_t)IX_JOURNAL_SEGMENT_SIZE_MAX + 1},
	};
	for (size_t i = 0; i < IX_COUNT(bad); i++) {
		ix_journal_options options = bad[i];
		ix_journal *j;
		options.system = b.system;
		assert_int_equal(ix_journal_open("bad", &options, &j, NULL, NULL), IX_ERR_LIMIT);
	}
	ix_journal_options edge = {.system = b.system,
		.application = "sixteen bytes ok",
		.first_sequence = INT64_MAX,
		.segment_size = IX_JOURNAL_SEGMENT_SIZE_MIN};
	ix_journal *j = open_journal("edge", &edge, NULL);
	assert_int_equal(ix_journal_last_sequence(j), INT64_MAX - 1);
	close_journal(j);
	bench_fini(&b);
}

static void a_journal_may_begin_with_any_sequence(void **state) {
	(void)state;
	bench b;
	bench_init(&b);
	b.options.first_sequence = 1000000;
	bench_open(&b);
	append_many(b.journal, 10);
	bench_close(&b);
	b.options.first_sequence = 5; /* only a new one asks */
	bench_open(&b);
	assert_int_equal(b.recovery.first_sequence, 1000000);
	assert_int_equal(b.recovery.last_sequence, 1000009);
	bench_close(&b);
	assert_int_equal(check_all_records(b.system, BENCH_PATH, 1000000), 1000009);
	bench_fini(&b);
}

static void only_one_writer_has_it(void **state) {
	(void)state;
	bench b;
	bench_init(&b);
	bench_open(&b);
	bench_refuses(&b, IX_ERR_BUSY, "j", "another writer");
	ix_error err = {0};
	assert_int_equal(ix_journal_cut_after(BENCH_PATH, b.system, 0, &err), IX_ERR_BUSY);
	bench_close(&b);
	bench_open(&b);
	bench_fini(&b);
}

static void another_applications_journal_is_refused(void **state) {
	(void)state;
	bench b;
	bench_init(&b);
	bench_open(&b);
	bench_close(&b);
	b.options.application = "risk";
	bench_refuses(&b, IX_ERR_INVALID, "'test'", "'risk'");
	b.options.application = "test";
	b.options.chained = true;
	bench_refuses(&b, IX_ERR_INVALID, "not chained", "with a chain");
	ix_journal_reader *reader;
	ix_journal_reader_options options = {.application = "risk", .system = b.system};
	assert_int_equal(ix_journal_reader_open(BENCH_PATH, &options, &reader, NULL), IX_ERR_INVALID);
	bench_fini(&b);
}

static void a_journal_that_must_exist_is_not_made(void **state) {
	(void)state;
	bench b;
	bench_init(&b);
	b.options.must_exist = true;
	bench_refuses(&b, IX_ERR_NOT_FOUND, "j", "");
	assert_true(size_of(&b, BENCH_PATH) == UINT64_MAX);
	assert_int_equal(b.system->make_directory(b.system->context, "j", 0700), 0);
	bench_refuses(&b, IX_ERR_NOT_FOUND, "j", "no journal");
	ix_journal_reader *reader;
	ix_journal_reader_options options = {.system = b.system};
	assert_int_equal(ix_journal_reader_open(BENCH_PATH, &options, &reader, NULL), IX_ERR_NOT_FOUND);
	ix_journal_report report;
	ix_journal_verify_options verify_options = {.system = b.system};
	assert_int_equal(ix_journal_verify(BENCH_PATH, &verify_options, &report, NULL), IX_ERR_NOT_FOUND);
	bench_fini(&b);
}

static void rotation_seals_a_segment_that_can_be_archived(void **state) {
	(void)state;
	bench b;
	bench_init(&b);
	bench_open(&b);
	assert_int_equal(ix_journal_rotate(b.journal, NULL), 0); /* nothing to seal: nothing happens */
	append_many(b.journal, 3);
	assert_int_equal(ix_journal_rotate(b.journal, NULL), 0);
	assert_int_equal(ix_journal_durable_sequence(b.journal), 3);
	assert_int_equal(ix_journal_rotate(b.journal, NULL), 0);
	append_many(b.journal, 3);
	bench_close(&b);
	ix_journal_report report = verify(b.system, BENCH_PATH);
	assert_int_equal(report.finding_count, 0);
	assert_int_equal(report.segment_count, 2);
	assert_int_equal(report.record_count, 6);
	bench_fini(&b);
}

static void a_closed_journal_takes_no_more_space_than_its_records(void **state) {
	(void)state;
	bench b;
	bench_init(&b);
	bench_open(&b);
	uint64_t expected = 128;
	for (uint64_t i = 1; i <= 10; i++) {
		uint8_t bytes[PAYLOAD_MAX];
		expected += ix_journal_record_size(b.journal, payload_of(i, bytes).size);
		append_one(b.journal);
	}
	assert_int_equal(ix_journal_reserve(b.journal, 8000, NULL), 0);
	assert_int_equal(ix_journal_reserve(b.journal, 8193, NULL), IX_ERR_LIMIT);
	bench_close(&b);
	assert_int_equal(size_of(&b, "j/" SEGMENT_1), expected);
	assert_true(size_of(&b, "j/" SEGMENT_2) == UINT64_MAX);
	bench_fini(&b);
}

static void closing_nothing_is_fine(void **state) {
	(void)state;
	assert_int_equal(ix_journal_close(NULL, NULL), 0);
	ix_journal_abandon(NULL);
	ix_journal_reader_close(NULL);
	ix_journal_snapshot_close(NULL);
	ix_journal_snapshot_abort(NULL);
	assert_int_equal(ix_journal_writer_stop(NULL, NULL), 0);
}

IX_TESTS(test_journal, cmocka_unit_test(gives_back_what_was_committed),
	cmocka_unit_test(goes_on_where_it_was_closed),
	cmocka_unit_test(stamps_records_with_the_clock_it_was_given),
	cmocka_unit_test(gathers_a_payload_from_parts),
	cmocka_unit_test(what_is_not_committed_dies_with_the_process),
	cmocka_unit_test(a_flush_is_seen_by_others_without_a_commit),
	cmocka_unit_test(a_segment_is_filled_to_its_last_byte),
	cmocka_unit_test(payloads_are_limited_and_the_limit_itself_fits),
	cmocka_unit_test(larger_payloads_are_allowed_later),
	cmocka_unit_test(options_out_of_range_are_refused),
	cmocka_unit_test(a_journal_may_begin_with_any_sequence), cmocka_unit_test(only_one_writer_has_it),
	cmocka_unit_test(another_applications_journal_is_refused),
	cmocka_unit_test(a_journal_that_must_exist_is_not_made),
	cmocka_unit_test(rotation_seals_a_segment_that_can_be_archived),
	cmocka_unit_test(a_closed_journal_takes_no_more_space_than_its_records),
	cmocka_unit_test(closing_nothing_is_fine));
