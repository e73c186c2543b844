/* Damage is found and named: a flipped bit at every byte, lost and missing files, sequences twice, files of
 * others; never silently cut, never delivered. */
#include "samples.h"

#include <inox/crc32c.h>
#include <inox/writer.h>

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
	/* A mark that makes no sense, with a right checksum, is no reason either. */
	journal_mark mark = {.counter = 9, .first_segment = 5, .segment = 3, .offset = 200, .sequence = 7};
	uint8_t bytes[MARK_SIZE];
	mark_encode(&mark, bytes);
	remove_file(s.b.system, BENCH_PATH, SEGMENT_1);
	store_file(s.b.system, BENCH_PATH, MARK_FILE_NAME, bytes, sizeof bytes);
	store_file(s.b.system, BENCH_PATH, "segment-000000000005.ixj", "", 0);
	bench_refuses(&s.b, IX_ERR_TRUNCATED, MARK_FILE_NAME, "none of its segments");
	bench_fini(&s.b);
}

/* The mark is from before the segment began, as after a power cut: its header still may not be damaged. */
static void a_damaged_header_with_records_behind_it_is_not_taken_for_a_torn_one(void **state) {
	(void)state;
	sample s;
	bench_init(&s.b);
	bench_open(&s.b);
	append_many(s.b.journal, 5);
	commit(s.b.journal);
	test_file mark = load_file(s.b.system, BENCH_PATH, MARK_FILE_NAME);
	assert_int_equal(ix_journal_rotate(s.b.journal, NULL), 0);
	append_many(s.b.journal, 5);
	bench_close(&s.b);
	test_file file = load_file(s.b.system, BENCH_PATH, SEGMENT_2);
	file.data[70] ^= 1;
	store_file(s.b.system, BENCH_PATH, SEGMENT_2, file.data, file.size);
	store_file(s.b.system, BENCH_PATH, MARK_FILE_NAME, mark.data, mark.size);
	bench_refuses(&s.b, IX_ERR_CHECKSUM, SEGMENT_2, "checksum");
	assert_string_equal(findings(&s).finding.file, SEGMENT_2);
	store_file(s.b.system, BENCH_PATH, SEGMENT_2, file.data, SEGMENT_HEADER_SIZE); /* nothing behind it */
	bench_open(&s.b);
	assert_int_equal(s.b.recovery.last_sequence, 5);
	assert_true(s.b.recovery.torn);
	free(mark.data);
	free(file.data);
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
	cmocka_unit_test(a_damaged_header_with_records_behind_it_is_not_taken_for_a_torn_one),
	cmocka_unit_test(cutting_behind_a_sequence_opens_a_damaged_journal),
	cmocka_unit_test(verify_names_every_damage_not_only_the_first));
