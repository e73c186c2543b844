/* Damage is found and named: a flipped bit at every byte, lost and missing files, sequences twice, files of
 * others; never silently cut, never delivered. */
#include "helpers.h"

#include <inox/crc32c.h>
#include <inox/writer.h>

enum { RECORD_MAX = 80 };

/* A closed journal of three segments; where each record is. */
typedef struct sample {
	bench b;
	size_t count;
	uint64_t segment[RECORD_MAX + 1], offset[RECORD_MAX + 1]; /* by sequence */
	uint64_t last_segment;
} sample;

static void locate(sample *s) {
	ix_journal_reader *reader;
	const ix_journal_record *record;
	ix_error err = {0};
	ix_journal_reader_options options = {.system = s->b.system};
	must(ix_journal_reader_open(BENCH_PATH, &options, &reader, &err), &err);
	s->count = 0;
	for (;;) {
		must(ix_journal_reader_next(reader, &record, &err), &err);
		if (!record) break;
		s->count++;
		s->segment[record->sequence] = record->segment;
		s->offset[record->sequence] = record->offset;
		s->last_segment = record->segment;
	}
	ix_journal_reader_close(reader);
}

static void sample_init(sample *s, size_t count, bool chained) {
	bench_init(&s->b);
	s->b.options.segment_size = 4096;
	s->b.options.payload_max = 1000;
	s->b.options.chained = chained;
	s->b.options.check_all = true;
	bench_open(&s->b);
	for (size_t i = 0; i < count; i++) {
		append_one(s->b.journal);
		if (i % 3 == 0) commit(s->b.journal);
	}
	bench_close(&s->b);
	locate(s);
	assert_int_equal(s->count, count);
}

static uint64_t record_at(const sample *s, uint64_t segment, uint64_t offset) {
	uint64_t found = 0;
	for (uint64_t i = 1; i <= s->count; i++)
		if (s->segment[i] == segment && s->offset[i] <= offset) found = i;
	return found;
}

typedef struct first_finding {
	ix_journal_finding finding;
	char text[IX_ERROR_TEXT_MAX];
	size_t count;
} first_finding;

static void note_finding(void *context, const ix_journal_finding *finding) {
	first_finding *first = context;
	if (first->count++ > 0) return;
	first->finding = *finding;
	snprintf(first->text, sizeof first->text, "%s", finding->text);
}

static first_finding findings(const sample *s) {
	first_finding first = {0};
	ix_journal_report report;
	ix_error err = {0};
	ix_journal_verify_options options = {.system = s->b.system, .found = note_finding, .context = &first};
	must(ix_journal_verify(BENCH_PATH, &options, &report, &err), &err);
	assert_int_equal(report.finding_count, first.count);
	return first;
}

/* The reader gives all that is before the damage, then an error with the place, again and again. */
static void reader_stops_before(const sample *s, uint64_t sequence, const char *name) {
	ix_journal_reader *reader;
	const ix_journal_record *record = NULL;
	ix_error err = {0};
	ix_journal_reader_options options = {.system = s->b.system};
	uint64_t due = 1;
	int code = ix_journal_reader_open(BENCH_PATH, &options, &reader, &err);
	if (code == 0) {
		while ((code = ix_journal_reader_next(reader, &record, &err)) == 0 && record)
			check_record(record, due++);
		assert_int_not_equal(ix_journal_reader_next(reader, &record, NULL), 0);
		ix_journal_reader_close(reader);
	}
	assert_int_not_equal(code, 0);
	assert_int_equal(due, sequence);
	if (!strstr(err.text, name)) fail_msg("'%s' does not name %s", err.text, name);
}

static void check_flip(
	sample *s, uint64_t segment, const char *name, const test_file *whole, size_t at, unsigned bit) {
	char place[64];
	whole->data[at] ^= (uint8_t)(1 << bit);
	store_file(s->b.system, BENCH_PATH, name, whole->data, whole->size);
	uint64_t sequence = record_at(s, segment, at);
	uint64_t next = sequence ? sequence : 1;
	while (!sequence && next <= s->count && s->segment[next] < segment) next++;
	first_finding first = findings(s);
	if (first.count == 0) fail_msg("%s: byte %zu bit %u: not found", name, at, bit);
	assert_string_equal(first.finding.file, name);
	if (sequence) {
		assert_int_equal(first.finding.damage, IX_JOURNAL_DAMAGE_RECORD);
		assert_int_equal(first.finding.sequence, sequence);
		assert_int_equal(first.finding.offset, s->offset[sequence]);
		snprintf(place, sizeof place, "offset %llu: sequence %llu",
			(unsigned long long)s->offset[sequence], (unsigned long long)sequence);
		assert_non_null(strstr(first.text, place));
		bench_refuses(&s->b, IX_ERR_CHECKSUM, name, place);
	} else {
		ix_journal *j;
		assert_true(first.finding.damage == IX_JOURNAL_DAMAGE_HEADER ||
			    first.finding.damage == IX_JOURNAL_DAMAGE_VERSION);
		assert_int_not_equal(ix_journal_open(BENCH_PATH, &s->b.options, &j, NULL, NULL), 0);
	}
	reader_stops_before(s, next, name);
	whole->data[at] ^= (uint8_t)(1 << bit);
}

static void flip_everywhere(bool chained) {
	sample s;
	sample_init(&s, 30, chained);
	assert_int_equal(s.last_segment, 2);
	ix_rng rng;
	ix_rng_seed(&rng, ix_testing_seed());
	for (uint64_t segment = 1; segment <= s.last_segment; segment++) {
		char name[IX_JOURNAL_FILE_NAME_MAX];
		segment_name(segment, name);
		test_file whole = load_file(s.b.system, BENCH_PATH, name);
		size_t step = chained && !ix_testing_long() ? 5 : 1;
		for (size_t at = 0; at < whole.size; at += step)
			for (unsigned bit = 0; bit < 8; bit++)
				if (ix_testing_long() || bit == ix_rng_below(&rng, 8))
					check_flip(&s, segment, name, &whole, at, bit);
		store_file(s.b.system, BENCH_PATH, name, whole.data, whole.size);
		free(whole.data);
	}
	bench_open(&s.b);
	assert_int_equal(s.b.recovery.last_sequence, 30);
	bench_fini(&s.b);
}

static void a_flipped_bit_anywhere_is_found_and_named(void **state) {
	(void)state;
	flip_everywhere(false);
}

static void a_flipped_bit_anywhere_is_found_in_a_chained_journal_too(void **state) {
	(void)state;
	flip_everywhere(true);
}

static void the_mark_may_be_damaged_without_any_loss(void **state) {
	(void)state;
	sample s;
	sample_init(&s, 10, false);
	test_file mark = load_file(s.b.system, BENCH_PATH, MARK_FILE_NAME);
	assert_int_equal(mark.size, MARK_FILE_SIZE);
	for (size_t at = 0; at < mark.size; at++) {
		mark.data[at] ^= 0x10;
		store_file(s.b.system, BENCH_PATH, MARK_FILE_NAME, mark.data, mark.size);
		mark.data[at] ^= 0x10;
		if (at % MARK_SLOT_SIZE < MARK_SIZE) {
			first_finding first = findings(&s);
			assert_int_equal(first.count, 1);
			assert_int_equal(first.finding.damage, IX_JOURNAL_DAMAGE_MARK);
		}
		bench_open(&s.b);
		assert_int_equal(s.b.recovery.last_sequence, 10);
		assert_false(s.b.recovery.torn);
		bench_crash(&s.b);
	}
	memset(mark.data, 0xA5, mark.size);
	store_file(s.b.system, BENCH_PATH, MARK_FILE_NAME, mark.data, mark.size);
	bench_open(&s.b);
	assert_true(s.b.recovery.mark_missing);
	assert_int_equal(s.b.recovery.last_sequence, 10);
	bench_close(&s.b);
	verify_whole(s.b.system, BENCH_PATH);
	free(mark.data);
	bench_fini(&s.b);
}

/* ---- without the mark: records tell what was durable when they were written ---- */

static void an_older_batch_is_known_to_have_been_durable_without_the_mark(void **state) {
	(void)state;
	sample s;
	bench_init(&s.b);
	bench_open(&s.b);
	for (int batch = 0; batch < 3; batch++) {
		append_many(s.b.journal, 4);
		commit(s.b.journal);
	}
	bench_crash(&s.b);
	locate(&s);
	test_file whole = load_file(s.b.system, BENCH_PATH, SEGMENT_1);
	for (uint64_t sequence = 1; sequence <= 12; sequence++) {
		whole.data[s.offset[sequence] + 5] ^= 1;
		store_file(s.b.system, BENCH_PATH, SEGMENT_1, whole.data, whole.size);
		whole.data[s.offset[sequence] + 5] ^= 1;
		store_file(s.b.system, BENCH_PATH, MARK_FILE_NAME, "", 0);
		char place[64];
		snprintf(place, sizeof place, "sequence %llu", (unsigned long long)sequence);
		if (sequence <= 8) { /* records of the third batch say that the first two were durable */
			bench_refuses(&s.b, IX_ERR_CHECKSUM, SEGMENT_1, place);
			continue;
		}
		bench_open(&s.b); /* the last batch may be torn anywhere */
		assert_true(s.b.recovery.torn);
		assert_int_equal(s.b.recovery.last_sequence, sequence - 1);
		assert_int_equal(s.b.recovery.torn_records, 12 - sequence);
		bench_crash(&s.b);
	}
	free(whole.data);
	bench_fini(&s.b);
}

/* ---- loss ---- */

static void acknowledged_records_that_are_gone_are_an_error(void **state) {
	(void)state;
	sample s;
	sample_init(&s, 30, false);
	char name[IX_JOURNAL_FILE_NAME_MAX], place[64];
	segment_name(s.last_segment, name);
	test_file whole = load_file(s.b.system, BENCH_PATH, name);
	for (size_t size = 0; size < whole.size; size += 7) {
		store_file(s.b.system, BENCH_PATH, name, whole.data, size);
		uint64_t sequence = record_at(&s, s.last_segment, size);
		first_finding first = findings(&s);
		assert_true(first.count > 0);
		if (size < SEGMENT_HEADER_SIZE) {
			bench_refuses(&s.b, IX_ERR_CHECKSUM, name, "");
			continue;
		}
		snprintf(place, sizeof place, "offset %llu: sequence %llu",
			(unsigned long long)s.offset[sequence], (unsigned long long)sequence);
		assert_int_equal(first.finding.damage, IX_JOURNAL_DAMAGE_LOST);
		bench_refuses(&s.b, IX_ERR_TRUNCATED, name, place);
		reader_stops_before(&s, sequence, name);
	}
	/* The same when the end is there and reads as zeros. */
	memset(whole.data + s.offset[30], 0, whole.size - s.offset[30]);
	store_file(s.b.system, BENCH_PATH, name, whole.data, whole.size);
	bench_refuses(&s.b, IX_ERR_TRUNCATED, name, "sequence 30");
	free(whole.data);
	bench_fini(&s.b);
}

static void a_missing_segment_is_named(void **state) {
	(void)state;
	for (uint64_t missing = 1; missing <= 3; missing++) {
		sample s;
		sample_init(&s, 64, true);
		assert_true(s.last_segment >= 3);
		char name[IX_JOURNAL_FILE_NAME_MAX];
		segment_name(missing == 3 ? s.last_segment : missing, name);
		remove_file(s.b.system, BENCH_PATH, name);
		bench_refuses(&s.b, IX_ERR_NOT_FOUND, name, "missing");
		first_finding first = findings(&s);
		assert_int_equal(first.finding.damage, IX_JOURNAL_DAMAGE_SEGMENT);
		assert_string_equal(first.finding.file, name);
		bench_fini(&s.b);
	}
}

static void a_gap_between_segments_is_seen_without_the_mark(void **state) {
	(void)state;
	sample s;
	sample_init(&s, 64, false);
	remove_file(s.b.system, BENCH_PATH, SEGMENT_2);
	remove_file(s.b.system, BENCH_PATH, MARK_FILE_NAME);
	bench_refuses(&s.b, IX_ERR_NOT_FOUND, SEGMENT_2, "missing");
	bench_fini(&s.b);
}

static void a_journal_without_any_segment_is_not_begun_anew(void **state) {
	(void)state;
	sample s;
	sample_init(&s, 10, false);
	remove_file(s.b.system, BENCH_PATH, SEGMENT_1);
	bench_refuses(&s.b, IX_ERR_NOT_FOUND, SEGMENT_1, "missing");
	store_file(s.b.system, BENCH_PATH, SEGMENT_1, "", 0);
	bench_refuses(&s.b, IX_ERR_CHECKSUM, SEGMENT_1, "");
	bench_fini(&s.b);
}

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
	free(file.data);
	file = load_file(s.b.system, BENCH_PATH, SEGMENT_1);
	store_file(s.b.system, BENCH_PATH, SEGMENT_2, file.data, file.size);
	bench_refuses(&s.b, IX_ERR_INVALID, SEGMENT_2, "segment 1");
	free(file.data);
	file = load_file(other.b.system, BENCH_PATH, MARK_FILE_NAME);
	store_file(s.b.system, BENCH_PATH, MARK_FILE_NAME, file.data, file.size);
	bench_refuses(&s.b, IX_ERR_INVALID, MARK_FILE_NAME, "another journal");
	free(file.data);
	bench_fini(&other.b);
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

/* ---- an operator's way out ---- */

static void cutting_behind_a_sequence_opens_a_damaged_journal(void **state) {
	(void)state;
	sample s;
	sample_init(&s, 64, true);
	for (uint64_t damaged = 64; damaged >= 7; damaged -= 6) {
		char name[IX_JOURNAL_FILE_NAME_MAX];
		ix_error err = {0};
		segment_name(s.segment[damaged], name);
		test_file file = load_file(s.b.system, BENCH_PATH, name);
		file.data[s.offset[damaged] + 20] ^= 0x40;
		store_file(s.b.system, BENCH_PATH, name, file.data, file.size);
		free(file.data);
		assert_true(findings(&s).count > 0);
		assert_int_equal(
			ix_journal_cut_after(BENCH_PATH, s.b.system, damaged, &err), IX_ERR_CHECKSUM);
		assert_non_null(strstr(err.text, "nothing was cut"));
		must(ix_journal_cut_after(BENCH_PATH, s.b.system, damaged - 1, &err), &err);
		verify_whole(s.b.system, BENCH_PATH);
		assert_int_equal(check_all_records(s.b.system, BENCH_PATH, 1), damaged - 1);
	}
	ix_error err = {0};
	must(ix_journal_cut_after(BENCH_PATH, s.b.system, 0, &err), &err);
	bench_open(&s.b);
	assert_int_equal(s.b.recovery.last_sequence, 0);
	append_many(s.b.journal, 20);
	bench_close(&s.b);
	assert_int_equal(check_all_records(s.b.system, BENCH_PATH, 1), 20);
	verify_whole(s.b.system, BENCH_PATH);
	bench_fini(&s.b);
}

static void verify_names_every_damage_not_only_the_first(void **state) {
	(void)state;
	sample s;
	sample_init(&s, 64, true);
	const uint64_t damaged[] = {3, 9, 30, 53};
	for (size_t i = 0; i < IX_COUNT(damaged); i++) {
		char name[IX_JOURNAL_FILE_NAME_MAX];
		segment_name(s.segment[damaged[i]], name);
		test_file file = load_file(s.b.system, BENCH_PATH, name);
		file.data[s.offset[damaged[i]]] ^= 0x40;
		store_file(s.b.system, BENCH_PATH, name, file.data, file.size);
		free(file.data);
	}
	ix_journal_report report = verify(s.b.system, BENCH_PATH);
	assert_int_equal(report.finding_count, 4);
	assert_int_equal(report.record_count, 60);
	assert_int_equal(report.last_sequence, 64);
	bench_fini(&s.b);
}

IX_TESTS(test_damage, cmocka_unit_test(a_flipped_bit_anywhere_is_found_and_named),
	cmocka_unit_test(a_flipped_bit_anywhere_is_found_in_a_chained_journal_too),
	cmocka_unit_test(the_mark_may_be_damaged_without_any_loss),
	cmocka_unit_test(an_older_batch_is_known_to_have_been_durable_without_the_mark),
	cmocka_unit_test(acknowledged_records_that_are_gone_are_an_error),
	cmocka_unit_test(a_missing_segment_is_named),
	cmocka_unit_test(a_gap_between_segments_is_seen_without_the_mark),
	cmocka_unit_test(a_journal_without_any_segment_is_not_begun_anew),
	cmocka_unit_test(sequences_twice_or_out_of_order_are_found),
	cmocka_unit_test(a_record_at_another_place_is_not_taken_for_one),
	cmocka_unit_test(a_segment_of_another_journal_is_found),
	cmocka_unit_test(a_newer_major_version_is_refused_in_one_line),
	cmocka_unit_test(a_newer_minor_version_with_a_longer_header_is_read),
	cmocka_unit_test(cutting_behind_a_sequence_opens_a_damaged_journal),
	cmocka_unit_test(verify_names_every_damage_not_only_the_first));
