/* Bytes that are whole and still not this journal's: records out of place, segments of others, impossible
 * claims, other versions. */
#include "samples.h"

#include <inox/crc32c.h>
#include <inox/writer.h>

/* ---- whole records that are not in place ---- */

/* Writes a record with a right checksum over the one at `sequence`, of the same size. */
static void forge(
	sample *s, uint64_t sequence, uint64_t as_sequence, test_file *file, const segment_header *header) {
	uint8_t *at = file->data + s->offset[sequence];
	record_fields fields = {.sequence = as_sequence,
		.time_ns = START_NS,
		.offset = s->offset[sequence],
		.back = 0,
		.salt = header->salt,
		.payload_size = ix_load_u32_le(at + 8),
		.kind = 1};
	record_seal(at, &fields, NULL);
}

static void sequences_twice_or_out_of_order_are_found(void **state) {
	(void)state;
	const uint64_t wrong[] = {4, 5, 3, 8, 1, 1000000};
	for (size_t i = 0; i < IX_COUNT(wrong); i++) {
		sample s;
		sample_init(&s, 10, false);
		test_file file = load_file(s.b.system, BENCH_PATH, SEGMENT_1);
		segment_header header;
		assert_int_equal(
			segment_header_decode((ix_bytes){file.data, file.size}, &header, NULL), HEADER_WHOLE);
		forge(&s, 6, wrong[i], &file, &header);
		store_file(s.b.system, BENCH_PATH, SEGMENT_1, file.data, file.size);
		first_finding first = findings(&s);
		assert_int_equal(first.finding.damage, IX_JOURNAL_DAMAGE_SEQUENCE);
		assert_int_equal(first.finding.sequence, 6);
		bench_refuses(&s.b, IX_ERR_INVALID, SEGMENT_1, "sequence 6");
		reader_stops_before(&s, 6, SEGMENT_1);
		free(file.data);
		bench_fini(&s.b);
	}
}

static void a_record_at_another_place_is_not_taken_for_one(void **state) {
	(void)state;
	sample s;
	bench_init(&s.b);
	s.b.options.check_all = true;
	bench_open(&s.b);
	for (int i = 0; i < 5; i++)
		assert_int_equal(
			ix_journal_append(s.b.journal, 1, ix_str_bytes(IX_STR("same size")), NULL, NULL), 0);
	bench_close(&s.b);
	locate(&s);
	/* Record 3 in the place of record 4, bytes and all. */
	test_file file = load_file(s.b.system, BENCH_PATH, SEGMENT_1);
	memcpy(file.data + s.offset[4], file.data + s.offset[3], s.offset[4] - s.offset[3]);
	store_file(s.b.system, BENCH_PATH, SEGMENT_1, file.data, file.size);
	bench_refuses(&s.b, IX_ERR_CHECKSUM, SEGMENT_1, "sequence 4");
	free(file.data);
	bench_fini(&s.b);
}

static void a_segment_of_another_journal_is_found(void **state) {
	(void)state;
	sample s, other;
	sample_init(&s, 64, false);
	bench_init(&other.b);
	other.b.options.segment_size = 4096;
	other.b.options.payload_max = 1000;
	other.b.options.first_sequence = 1;
	ix_clock_virtual_set(&other.b.clock, 77); /* made at another time */
	bench_open(&other.b);
	append_many(other.b.journal, 64);
	bench_close(&other.b);
	test_file file = load_file(other.b.system, BENCH_PATH, SEGMENT_2);
	store_file(s.b.system, BENCH_PATH, SEGMENT_2, file.data, file.size);
	bench_refuses(&s.b, IX_ERR_INVALID, SEGMENT_2, "another journal");
	assert_int_equal(findings(&s).finding.damage, IX_JOURNAL_DAMAGE_FOREIGN);
	uint64_t first = 1;
	while (s.segment[first] == 1) first++;
	reader_stops_before(&s, first, SEGMENT_2);
	free(file.data);
	file = load_file(s.b.system, BENCH_PATH, SEGMENT_1);
	store_file(s.b.system, BENCH_PATH, SEGMENT_2, file.data, file.size);
	bench_refuses(&s.b, IX_ERR_INVALID, SEGMENT_2, "segment 1");
	reader_stops_before(&s, first, SEGMENT_2);
	free(file.data);
	file = load_file(other.b.system, BENCH_PATH, MARK_FILE_NAME);
	store_file(s.b.system, BENCH_PATH, MARK_FILE_NAME, file.data, file.size);
	bench_refuses(&s.b, IX_ERR_INVALID, MARK_FILE_NAME, "another journal");
	free(file.data);
	bench_fini(&other.b);
	bench_fini(&s.b);
}

/* Two whole records behind a hole: what they claim must be possible, or they are only bytes. */
static void bytes_behind_a_hole_are_records_only_if_they_can_be(void **state) {
	(void)state;
	enum { SIZE = 40 }; /* of a record with 8 bytes */
	const struct {
		uint64_t sequence;
		uint32_t back;
		uint64_t records; /* of the tail that is cut; UINT64_MAX: it is damage */
	} cases[] = {
		{3, 0, UINT64_MAX},                 /* says that the hole was durable */
		{3, 2 * SIZE, 1},                   /* of the same batch */
		{2, 2 * SIZE, 0},                   /* the sequence of the hole itself */
		{1, 2 * SIZE, 0}, {4, 2 * SIZE, 0}, /* more records have gone by than fit */
		{3, 100000, 0},                     /* says that something before the file was durable */
	};
	for (size_t i = 0; i < IX_COUNT(cases); i++) {
		sample s;
		bench_init(&s.b);
		bench_open(&s.b);
		for (int k = 0; k < 3; k++)
			assert_int_equal(ix_journal_append(s.b.journal, 1, ix_str_bytes(IX_STR("8 bytes!")),
						 NULL, NULL),
				0);
		bench_close(&s.b);
		locate(&s);
		test_file file = load_file(s.b.system, BENCH_PATH, SEGMENT_1);
		segment_header header;
		assert_int_equal(
			segment_header_decode((ix_bytes){file.data, file.size}, &header, NULL), HEADER_WHOLE);
		record_fields fields = {.sequence = cases[i].sequence,
			.offset = s.offset[3],
			.back = cases[i].back,
			.salt = header.salt,
			.payload_size = 8};
		record_seal(file.data + s.offset[3], &fields, NULL);
		memset(file.data + s.offset[2], 0, SIZE);
		store_file(s.b.system, BENCH_PATH, SEGMENT_1, file.data, file.size);
		store_file(s.b.system, BENCH_PATH, MARK_FILE_NAME, "", 0);
		if (cases[i].records == UINT64_MAX) {
			bench_refuses(&s.b, IX_ERR_CHECKSUM, SEGMENT_1, "sequence 2");
		} else {
			bench_open(&s.b);
			assert_int_equal(s.b.recovery.last_sequence, 1);
			assert_int_equal(s.b.recovery.torn_records, cases[i].records);
		}
		free(file.data);
		bench_fini(&s.b);
	}
}

static void a_payload_over_the_segments_limit_is_no_record(void **state) {
	(void)state;
	sample s;
	bench_init(&s.b);
	s.b.options.payload_max = 100;
	bench_open(&s.b);
	append_many(s.b.journal, 0);
	bench_close(&s.b);
	test_file file = load_file(s.b.system, BENCH_PATH, SEGMENT_1);
	segment_header header;
	uint8_t bytes[SEGMENT_HEADER_SIZE + 144] = {0};
	assert_int_equal(
		segment_header_decode((ix_bytes){file.data, file.size}, &header, NULL), HEADER_WHOLE);
	memcpy(bytes, file.data, file.size);
	record_fields fields = {
		.sequence = 1, .offset = SEGMENT_HEADER_SIZE, .salt = header.salt, .payload_size = 101};
	record_seal(bytes + SEGMENT_HEADER_SIZE, &fields, NULL);
	store_file(s.b.system, BENCH_PATH, SEGMENT_1, bytes, sizeof bytes);
	bench_open(&s.b);
	assert_int_equal(s.b.recovery.last_sequence, 0);
	assert_true(s.b.recovery.torn);
	free(file.data);
	bench_fini(&s.b);
}

/* Garbage in which every word could be a sequence and a size: the search gives up, and says damage. */
static void a_tail_that_looks_like_records_everywhere_is_refused(void **state) {
	(void)state;
	enum { TAIL = 1 << 20, WORD = 20000 };
	sample s;
	bench_init(&s.b);
	s.b.options.segment_size = 4 << 20;
	s.b.options.payload_max = 30000;
	bench_open(&s.b);
	append_many(s.b.journal, 3);
	bench_close(&s.b);
	test_file file = load_file(s.b.system, BENCH_PATH, SEGMENT_1);
	uint8_t *bytes = malloc(file.size + TAIL);
	assert_non_null(bytes);
	memcpy(bytes, file.data, file.size);
	for (size_t i = 0; i < TAIL; i += 8) ix_store_u64_le(bytes + file.size + i, WORD);
	store_file(s.b.system, BENCH_PATH, SEGMENT_1, bytes, file.size + TAIL);
	bench_refuses(&s.b, IX_ERR_CHECKSUM, SEGMENT_1, "sequence 4");
	free(bytes);
	free(file.data);
	bench_fini(&s.b);
}

/* ---- segments that do not fit together ---- */

static void a_sealed_segment_that_ends_early_is_missed(void **state) {
	(void)state;
	sample s;
	sample_init(&s, 64, false);
	uint64_t last = 1;
	while (s.segment[last + 1] == 1) last++;
	test_file file = load_file(s.b.system, BENCH_PATH, SEGMENT_1);
	store_file(
		s.b.system, BENCH_PATH, SEGMENT_1, file.data, (size_t)s.offset[last]); /* at a record's end */
	first_finding first = findings(&s);
	assert_int_equal(first.finding.damage, IX_JOURNAL_DAMAGE_LOST);
	assert_int_equal(first.finding.sequence, last);
	reader_stops_before(&s, last, SEGMENT_1);
	char place[64];
	snprintf(place, sizeof place, "sequence %llu", (unsigned long long)last);
	bench_refuses(&s.b, IX_ERR_TRUNCATED, SEGMENT_1, place);
	free(file.data);
	bench_fini(&s.b);
}

static void patch_header(sample *s, const char *name, size_t at, uint8_t by) {
	test_file file = load_file(s->b.system, BENCH_PATH, name);
	file.data[at] = (uint8_t)(file.data[at] + by);
	ix_store_u32_le(
		file.data + SEGMENT_HEADER_SIZE - 4, ix_crc32c(0, file.data, SEGMENT_HEADER_SIZE - 4));
	store_file(s->b.system, BENCH_PATH, name, file.data, file.size);
	free(file.data);
}

static void a_segment_that_begins_before_its_predecessor_is_refused(void **state) {
	(void)state;
	sample s;
	bench_init(&s.b);
	s.b.options.first_sequence = 10;
	bench_open(&s.b);
	append_many(s.b.journal, 5);
	assert_int_equal(ix_journal_rotate(s.b.journal, NULL), 0);
	bench_close(&s.b);
	patch_header(&s, SEGMENT_2, 64, (uint8_t)-6); /* 15 becomes 9 */
	bench_refuses(&s.b, IX_ERR_INVALID, SEGMENT_2, "sequence 9");
	patch_header(&s, SEGMENT_2, 64, 4); /* 13: within the first */
	s.b.options.check_all = true;
	bench_refuses(&s.b, IX_ERR_INVALID, SEGMENT_2, "up to 14");
	assert_int_equal(findings(&s).finding.damage, IX_JOURNAL_DAMAGE_SEQUENCE);
	bench_fini(&s.b);
}

static void a_chain_that_begins_otherwise_is_found(void **state) {
	(void)state;
	sample s;
	sample_init(&s, 0, true);
	patch_header(&s, SEGMENT_1, 90, 1);
	first_finding first = findings(&s);
	assert_int_equal(first.finding.damage, IX_JOURNAL_DAMAGE_CHAIN);
	assert_int_equal(first.finding.offset, 80);
	bench_fini(&s.b);
}

/* ---- versions ---- */

static void patch_version(sample *s, uint16_t major, uint16_t minor, size_t grown) {
	test_file file = load_file(s->b.system, BENCH_PATH, SEGMENT_1);
	size_t size = SEGMENT_HEADER_SIZE + grown;
	uint8_t header[SEGMENT_HEADER_SIZE_MAX] = {0};
	memcpy(header, file.data, SEGMENT_HEADER_SIZE - 4);
	ix_store_u16_le(header + 8, major);
	ix_store_u16_le(header + 10, minor);
	ix_store_u16_le(header + 12, (uint16_t)size);
	ix_store_u32_le(header + size - 4, ix_crc32c(0, header, size - 4));
	store_file(s->b.system, BENCH_PATH, SEGMENT_1, header, size);
	free(file.data);
}

static void a_newer_major_version_is_refused_in_one_line(void **state) {
	(void)state;
	sample s;
	sample_init(&s, 3, false);
	patch_version(&s, 2, 0, 0);
	bench_refuses(&s.b, IX_ERR_VERSION, SEGMENT_1, "format 2.0 is newer than the 1.x");
	assert_int_equal(findings(&s).finding.damage, IX_JOURNAL_DAMAGE_VERSION);
	ix_journal_reader *reader;
	ix_journal_reader_options options = {.system = s.b.system};
	assert_int_equal(ix_journal_reader_open(BENCH_PATH, &options, &reader, NULL), IX_ERR_VERSION);
	bench_fini(&s.b);
}

static void a_newer_minor_version_with_a_longer_header_is_read(void **state) {
	(void)state;
	sample s;
	sample_init(&s, 0, false);
	patch_version(&s, 1, 9, 64);
	remove_file(s.b.system, BENCH_PATH, MARK_FILE_NAME);
	bench_open(&s.b);
	append_many(s.b.journal, 10);
	bench_close(&s.b);
	assert_int_equal(check_all_records(s.b.system, BENCH_PATH, 1), 10);
	verify_whole(s.b.system, BENCH_PATH);
	bench_fini(&s.b);
}

IX_TESTS(test_forged, cmocka_unit_test(sequences_twice_or_out_of_order_are_found),
	cmocka_unit_test(a_record_at_another_place_is_not_taken_for_one),
	cmocka_unit_test(a_segment_of_another_journal_is_found),
	cmocka_unit_test(bytes_behind_a_hole_are_records_only_if_they_can_be),
	cmocka_unit_test(a_payload_over_the_segments_limit_is_no_record),
	cmocka_unit_test(a_tail_that_looks_like_records_everywhere_is_refused),
	cmocka_unit_test(a_sealed_segment_that_ends_early_is_missed),
	cmocka_unit_test(a_segment_that_begins_before_its_predecessor_is_refused),
	cmocka_unit_test(a_chain_that_begins_otherwise_is_found),
	cmocka_unit_test(a_newer_major_version_is_refused_in_one_line),
	cmocka_unit_test(a_newer_minor_version_with_a_longer_header_is_read));
