/* Torn tails: whatever a crash leaves behind the last acknowledged record is cut and reported, at every byte;
 * and what was cut never comes back. */
#include "helpers.h"

/* Nine committed records and one or more that were only written; the process is dead. */
typedef struct torn {
	bench b;
	test_file whole;  /* the segment, cut at its last record's end */
	uint64_t end[16]; /* by sequence */
} torn;

static void torn_init(torn *t, bool chained, unsigned unsynced) {
	bench_init(&t->b);
	t->b.options.chained = chained;
	bench_open(&t->b);
	append_many(t->b.journal, 9);
	commit(t->b.journal);
	append_many(t->b.journal, unsynced);
	assert_int_equal(ix_journal_flush(t->b.journal, NULL), 0);
	t->end[0] = SEGMENT_HEADER_SIZE;
	for (uint64_t i = 1; i <= 9 + unsynced; i++) {
		uint8_t bytes[PAYLOAD_MAX];
		t->end[i] = t->end[i - 1] + ix_journal_record_size(t->b.journal, payload_of(i, bytes).size);
	}
	bench_crash(&t->b);
	t->whole = load_file(t->b.system, BENCH_PATH, SEGMENT_1);
	assert_true(t->whole.size >= t->end[9 + unsynced]);
	t->whole.size = (size_t)t->end[9 + unsynced];
}

static void torn_fini(torn *t) {
	free(t->whole.data);
	bench_fini(&t->b);
}

/* Opens, expects the first nine and `torn_bytes` cut at their end; then life goes on. */
static void check_cut(torn *t, uint64_t torn_bytes) {
	bench_open(&t->b);
	const ix_journal_recovery *r = &t->b.recovery;
	assert_int_equal(r->last_sequence, 9);
	assert_int_equal(r->torn, torn_bytes > 0);
	if (r->torn) {
		assert_string_equal(r->torn_file, SEGMENT_1);
		assert_int_equal(r->torn_offset, t->end[9]);
		assert_int_equal(r->torn_bytes, torn_bytes);
	}
	append_many(t->b.journal, 3);
	bench_close(&t->b);
	assert_int_equal(check_all_records(t->b.system, BENCH_PATH, 1), 12);
	verify_whole(t->b.system, BENCH_PATH);
}

/* The part of the last record that a torn write left has its last byte that is not zero here. */
static uint64_t torn_size(const torn *t, uint64_t cut) {
	uint64_t size = (cut + 7) / 8 * 8; /* counted in words from the record's start */
	while (size > 0) {
		uint64_t from = t->end[9] + size - 8,
			 to = t->end[9] + cut < t->end[9] + size ? t->end[9] + cut : t->end[9] + size;
		if (!bytes_are_zero(t->whole.data + from, (size_t)(to - from))) break;
		size -= 8;
	}
	return size;
}

typedef enum filling { CUT, ZEROS, GARBAGE } filling;

static void tear(torn *t, uint64_t cut, filling how, const test_file *mark) {
	static uint8_t bytes[16384];
	size_t kept = (size_t)(t->end[9] + cut), size = kept;
	memcpy(bytes, t->whole.data, kept);
	if (how != CUT) {
		size = kept + 700;
		memset(bytes + kept, 0, 700);
	}
	ix_rng rng;
	ix_rng_seed(&rng, ix_testing_seed() + cut);
	if (how == GARBAGE) ix_rng_fill(&rng, bytes + kept, 700);
	store_file(t->b.system, BENCH_PATH, SEGMENT_1, bytes, size);
	store_file(t->b.system, BENCH_PATH, MARK_FILE_NAME, mark->data, mark->size);
}

static void a_torn_last_record_is_cut_at_every_byte(void **state) {
	(void)state;
	for (int chained = 0; chained < 2; chained++) {
		torn t;
		torn_init(&t, chained, 1);
		test_file mark = load_file(t.b.system, BENCH_PATH, MARK_FILE_NAME);
		uint64_t total = t.end[10] - t.end[9];
		for (uint64_t cut = 0; cut < total; cut++) {
			/* A cut in the padding leaves a file that is too short for the record, in zeros the
			 * record. */
			tear(&t, cut, CUT, &mark);
			uint64_t size = torn_size(&t, cut);
			check_cut(&t, size < cut ? size : cut);
			bool is_whole = bytes_are_zero(t.whole.data + t.end[9] + cut, (size_t)(total - cut));
			if (is_whole) continue;
			tear(&t, cut, ZEROS, &mark);
			check_cut(&t, torn_size(&t, cut));
		}
		free(mark.data);
		torn_fini(&t);
	}
}

static void garbage_behind_the_end_is_cut(void **state) {
	(void)state;
	torn t;
	torn_init(&t, false, 1);
	test_file mark = load_file(t.b.system, BENCH_PATH, MARK_FILE_NAME);
	for (uint64_t cut = 0; cut < t.end[10] - t.end[9]; cut += 5) {
		tear(&t, cut, GARBAGE, &mark);
		bench_open(&t.b);
		assert_int_equal(t.b.recovery.last_sequence, 9);
		assert_true(t.b.recovery.torn);
		assert_true(t.b.recovery.torn_bytes >= cut + 690 && t.b.recovery.torn_bytes <= cut + 700);
		bench_crash(&t.b);
	}
	free(mark.data);
	torn_fini(&t);
}

static void an_unacknowledged_record_that_is_whole_is_kept(void **state) {
	(void)state;
	torn t;
	torn_init(&t, false, 3);
	bench_open(&t.b);
	assert_int_equal(t.b.recovery.last_sequence, 12);
	assert_false(t.b.recovery.torn);
	assert_int_equal(ix_journal_durable_sequence(t.b.journal), 12);
	torn_fini(&t);
}

/* Of three records written in one go the disk has any subset: the first hole ends the journal. */
static void a_batch_that_was_never_synced_may_be_torn_anywhere(void **state) {
	(void)state;
	for (unsigned lost = 1; lost < 8; lost++) {
		torn t;
		torn_init(&t, false, 3);
		uint64_t last = 12, whole_behind = 0, end = 0;
		for (unsigned i = 0; i < 3; i++) {
			if (!(lost >> i & 1)) continue;
			if (last == 12) last = 9 + i;
			memset(t.whole.data + t.end[9 + i], 0, (size_t)(t.end[10 + i] - t.end[9 + i]));
		}
		for (uint64_t i = last + 2; i <= 12; i++) {
			whole_behind += !(lost >> (i - 10) & 1);
			if (!(lost >> (i - 10) & 1)) end = t.end[i];
		}
		store_file(t.b.system, BENCH_PATH, SEGMENT_1, t.whole.data, t.whole.size);
		bench_open(&t.b);
		assert_int_equal(t.b.recovery.last_sequence, last);
		assert_int_equal(t.b.recovery.torn_records, whole_behind);
		assert_int_equal(t.b.recovery.torn, whole_behind > 0);
		if (whole_behind) assert_int_equal(t.b.recovery.torn_bytes, end - t.end[last]);
		torn_fini(&t);
	}
}

/* Old record 11 is whole behind a hole where 10 was. A new record 10 of the same size must not let it rise.
 */
static void what_was_cut_does_not_come_back(void **state) {
	(void)state;
	torn t;
	torn_init(&t, false, 2);
	memset(t.whole.data + t.end[9], 0, (size_t)(t.end[10] - t.end[9]));
	store_file(t.b.system, BENCH_PATH, SEGMENT_1, t.whole.data, t.whole.size);
	bench_open(&t.b);
	assert_int_equal(t.b.recovery.last_sequence, 9);
	assert_int_equal(t.b.recovery.torn_records, 1);
	append_one(t.b.journal);
	commit(t.b.journal);
	bench_crash(&t.b);
	bench_open(&t.b);
	assert_int_equal(t.b.recovery.last_sequence, 10);
	assert_false(t.b.recovery.torn);
	torn_fini(&t);
}

static void a_segment_that_had_not_begun_is_made_anew(void **state) {
	(void)state;
	for (size_t size = 0; size < SEGMENT_HEADER_SIZE + 64; size += 16) {
		torn t;
		torn_init(&t, false, 1);
		test_file header = load_file(t.b.system, BENCH_PATH, SEGMENT_1);
		static const uint8_t zeros[SEGMENT_HEADER_SIZE + 64];
		store_file(t.b.system, BENCH_PATH, SEGMENT_2, zeros, size);
		bench_open(&t.b);
		assert_false(t.b.recovery.torn);
		assert_int_equal(t.b.recovery.last_sequence, 10);
		bench_crash(&t.b);
		if (size > 0 && size < SEGMENT_HEADER_SIZE) {
			store_file(t.b.system, BENCH_PATH, SEGMENT_2, header.data, size);
			bench_open(&t.b);
			assert_true(t.b.recovery.torn);
			assert_string_equal(t.b.recovery.torn_file, SEGMENT_2);
			append_many(t.b.journal, 200);
			bench_close(&t.b);
			assert_int_equal(check_all_records(t.b.system, BENCH_PATH, 1), 210);
			verify_whole(t.b.system, BENCH_PATH);
		}
		free(header.data);
		torn_fini(&t);
	}
}

static void a_creation_that_was_interrupted_is_done_again(void **state) {
	(void)state;
	static const uint8_t zeros[MARK_FILE_SIZE];
	for (int step = 0; step < 5; step++) {
		bench b;
		bench_init(&b);
		assert_int_equal(b.system->make_directory(b.system->context, "j", 0700), 0);
		if (step > 0)
			store_file(b.system, BENCH_PATH, MARK_FILE_NAME, zeros, step == 1 ? 0 : sizeof zeros);
		if (step > 2) store_file(b.system, BENCH_PATH, SEGMENT_1, zeros, step == 3 ? 0 : 200);
		bench_open(&b);
		assert_true(b.recovery.created);
		append_many(b.journal, 20);
		bench_close(&b);
		assert_int_equal(check_all_records(b.system, BENCH_PATH, 1), 20);
		verify_whole(b.system, BENCH_PATH);
		bench_fini(&b);
	}
}

IX_TESTS(test_torn, cmocka_unit_test(a_torn_last_record_is_cut_at_every_byte),
	cmocka_unit_test(garbage_behind_the_end_is_cut),
	cmocka_unit_test(an_unacknowledged_record_that_is_whole_is_kept),
	cmocka_unit_test(a_batch_that_was_never_synced_may_be_torn_anywhere),
	cmocka_unit_test(what_was_cut_does_not_come_back),
	cmocka_unit_test(a_segment_that_had_not_begun_is_made_anew),
	cmocka_unit_test(a_creation_that_was_interrupted_is_done_again));
