/* Snapshots: whole or not there, the newest whole one is found, and retention lets go only of what they
 * cover. */
#include "helpers.h"

/* State that follows from the sequence: `size` bytes. */
static void write_snapshot(bench *b, uint64_t sequence, size_t size) {
	ix_journal_snapshot_out *out;
	ix_error err = {0};
	must(ix_journal_snapshot_begin(b->journal, sequence, &out, &err), &err);
	for (size_t i = 0; i < size; i++) {
		uint8_t byte = (uint8_t)(sequence * 31 + i);
		must(ix_journal_snapshot_write(out, &byte, 1, &err), &err);
	}
	must(ix_journal_snapshot_commit(out, &err), &err);
}

/* The newest whole one, its content checked; 0 when there is none. */
static uint64_t newest(const bench *b, uint64_t sequence_max, uint32_t *ret_damaged) {
	ix_journal_snapshot *s;
	ix_error err = {0};
	must(ix_journal_snapshot_open(BENCH_PATH, b->system, sequence_max, &s, &err), &err);
	if (!s) return 0;
	ix_journal_snapshot_info info = *ix_journal_snapshot_get_info(s);
	if (ret_damaged) *ret_damaged = info.damaged_newer;
	uint8_t batch[100];
	size_t got, total = 0;
	for (;;) {
		must(ix_journal_snapshot_read(s, batch, sizeof batch, &got, &err), &err);
		if (got == 0) break;
		for (size_t i = 0; i < got; i++)
			assert_int_equal(batch[i], (uint8_t)(info.sequence * 31 + total + i));
		total += got;
	}
	assert_int_equal(total, info.size);
	ix_journal_snapshot_close(s);
	return info.sequence;
}

static bool exists(const bench *b, const char *path) {
	ix_file_info info;
	return ix_file_path_info(b->system, path, &info, NULL) == 0;
}

static void state_is_found_again(void **state) {
	(void)state;
	bench b;
	bench_init(&b);
	bench_open(&b);
	append_many(b.journal, 10);
	commit(b.journal);
	assert_int_equal(newest(&b, 0, NULL), 0);
	write_snapshot(&b, 7, 1000);
	write_snapshot(&b, 10, 0);
	assert_int_equal(newest(&b, 0, NULL), 10);
	assert_int_equal(newest(&b, 9, NULL), 7);
	assert_int_equal(newest(&b, 6, NULL), 0);
	bench_close(&b);
	bench_open(&b);
	assert_int_equal(b.recovery.snapshot_sequence, 10);
	ix_journal_report report = verify(b.system, BENCH_PATH);
	assert_int_equal(report.snapshot_count, 2);
	assert_int_equal(report.finding_count, 0);
	bench_fini(&b);
}

static void only_what_is_durable_can_be_covered(void **state) {
	(void)state;
	bench b;
	ix_journal_snapshot_out *out;
	bench_init(&b);
	bench_open(&b);
	append_many(b.journal, 3);
	assert_int_equal(ix_journal_snapshot_begin(b.journal, 3, &out, NULL), IX_ERR_CONFLICT);
	assert_int_equal(ix_journal_snapshot_begin(b.journal, 0, &out, NULL), IX_ERR_INVALID);
	commit(b.journal);
	assert_int_equal(ix_journal_snapshot_begin(b.journal, 4, &out, NULL), IX_ERR_CONFLICT);
	assert_int_equal(ix_journal_snapshot_begin(b.journal, 3, &out, NULL), 0);
	assert_int_equal(ix_journal_snapshot_write(out, "x", 1, NULL), 0);
	ix_journal_snapshot_abort(out);
	assert_int_equal(newest(&b, 0, NULL), 0);
	bench_fini(&b);
}

static void a_snapshot_of_the_same_sequence_replaces_the_former(void **state) {
	(void)state;
	bench b;
	bench_init(&b);
	bench_open(&b);
	append_many(b.journal, 3);
	commit(b.journal);
	write_snapshot(&b, 3, 10);
	write_snapshot(&b, 3, 2000);
	ix_journal_snapshot *s;
	assert_int_equal(ix_journal_snapshot_open(BENCH_PATH, b.system, 0, &s, NULL), 0);
	assert_int_equal(ix_journal_snapshot_get_info(s)->size, 2000);
	ix_journal_snapshot_close(s);
	bench_fini(&b);
}

#define NEWER "snapshot-00000000000000000010.ixs"

static void a_damaged_snapshot_gives_way_to_the_one_before(void **state) {
	(void)state;
	bench b;
	bench_init(&b);
	bench_open(&b);
	append_many(b.journal, 10);
	commit(b.journal);
	write_snapshot(&b, 5, 50);
	write_snapshot(&b, 10, 50);
	bench_close(&b);
	test_file whole = load_file(b.system, BENCH_PATH, NEWER);
	assert_int_equal(whole.size, SNAPSHOT_HEAD_SIZE + 50 + SNAPSHOT_TAIL_SIZE);
	uint32_t damaged;
	for (size_t at = 0; at < whole.size; at++) {
		whole.data[at] ^= 0x20;
		store_file(b.system, BENCH_PATH, NEWER, whole.data, whole.size);
		whole.data[at] ^= 0x20;
		assert_int_equal(newest(&b, 0, &damaged), 5);
		assert_int_equal(damaged, 1);
		ix_journal_report report = verify(b.system, BENCH_PATH);
		assert_int_equal(report.finding_count, 1);
		assert_int_equal(report.first_damage, IX_JOURNAL_DAMAGE_SNAPSHOT);
		assert_non_null(strstr(report.first_text, NEWER));
		store_file(b.system, BENCH_PATH, NEWER, whole.data, at);
		assert_int_equal(newest(&b, 0, &damaged), 5);
	}
	bench_open(&b);
	assert_int_equal(b.recovery.snapshot_sequence, 5);
	assert_int_equal(b.recovery.snapshots_damaged, 1);
	free(whole.data);
	bench_fini(&b);
}

static void a_snapshot_of_another_journal_is_not_taken(void **state) {
	(void)state;
	bench b, other;
	bench_init(&b);
	bench_open(&b);
	append_many(b.journal, 10);
	commit(b.journal);
	write_snapshot(&b, 5, 50);
	bench_init(&other);
	ix_clock_virtual_set(&other.clock, 99);
	bench_open(&other);
	append_many(other.journal, 10);
	commit(other.journal);
	write_snapshot(&other, 10, 10);
	test_file file = load_file(other.system, BENCH_PATH, NEWER);
	store_file(b.system, BENCH_PATH, NEWER, file.data, file.size);
	assert_int_equal(newest(&b, 0, NULL), 5);
	free(file.data);
	bench_fini(&other);
	bench_fini(&b);
}

static void a_snapshot_under_another_name_is_not_taken(void **state) {
	(void)state;
	bench b;
	bench_init(&b);
	bench_open(&b);
	append_many(b.journal, 20);
	commit(b.journal);
	write_snapshot(&b, 5, 50);
	write_snapshot(&b, 7, 50);
	test_file file = load_file(b.system, BENCH_PATH, "snapshot-00000000000000000007.ixs");
	store_file(b.system, BENCH_PATH, NEWER, file.data, file.size);
	free(file.data);
	uint32_t damaged;
	assert_int_equal(newest(&b, 0, &damaged), 7);
	assert_int_equal(damaged, 1);
	bench_fini(&b);
}

static void cutting_removes_snapshots_of_what_is_cut(void **state) {
	(void)state;
	bench b;
	bench_init(&b);
	bench_open(&b);
	append_many(b.journal, 10);
	commit(b.journal);
	write_snapshot(&b, 4, 50);
	write_snapshot(&b, 10, 50);
	bench_close(&b);
	assert_int_equal(ix_journal_cut_after(BENCH_PATH, b.system, 8, NULL), 0);
	bench_open(&b);
	assert_int_equal(b.recovery.last_sequence, 8);
	assert_int_equal(b.recovery.snapshot_sequence, 4);
	bench_fini(&b);
}

static void a_snapshot_of_records_that_are_gone_is_a_loss(void **state) {
	(void)state;
	bench b;
	bench_init(&b);
	bench_open(&b);
	append_many(b.journal, 3);
	commit(b.journal);
	test_file segment = load_file(b.system, BENCH_PATH, SEGMENT_1);
	append_many(b.journal, 7);
	commit(b.journal);
	write_snapshot(&b, 10, 5);
	bench_crash(&b);
	store_file(b.system, BENCH_PATH, SEGMENT_1, segment.data, segment.size);
	remove_file(b.system, BENCH_PATH, MARK_FILE_NAME);
	bench_refuses(&b, IX_ERR_TRUNCATED, SEGMENT_1, "a snapshot covers records up to 10");
	ix_journal_report report = verify(b.system, BENCH_PATH);
	assert_int_equal(report.finding_count, 2); /* the mark, and this */
	free(segment.data);
	bench_fini(&b);
}

/* ---- retention ---- */

static void retention_keeps_two_snapshots_and_what_follows_the_older(void **state) {
	(void)state;
	bench b;
	bench_init(&b);
	b.options.segment_size = 4096;
	b.options.payload_max = 1000;
	bench_open(&b);
	for (uint64_t i = 1; i <= 5; i++) {
		append_many(b.journal, 40);
		commit(b.journal);
		write_snapshot(&b, i * 40, 100);
		assert_int_equal(ix_journal_retain(b.journal, 0, NULL), 0);
		uint64_t oldest = i < 2 ? 0 : (i - 1) * 40;
		assert_true(ix_journal_first_sequence(b.journal) <= oldest + 1);
		if (i >= 3) assert_true(ix_journal_first_sequence(b.journal) > oldest - 40);
	}
	assert_false(exists(&b, "j/" SEGMENT_1));
	assert_false(exists(&b, "j/segment-000000000001.ixi"));
	assert_false(exists(&b, "j/snapshot-00000000000000000120.ixs"));
	assert_true(exists(&b, "j/snapshot-00000000000000000160.ixs"));
	assert_int_equal(newest(&b, 0, NULL), 200);
	uint64_t first = ix_journal_first_sequence(b.journal);
	bench_close(&b);
	verify_whole(b.system, BENCH_PATH);
	assert_int_equal(check_all_records(b.system, BENCH_PATH, first), 200);
	bench_open(&b);
	assert_int_equal(b.recovery.first_sequence, first);
	bench_fini(&b);
}

static void a_damaged_snapshot_does_not_count_as_kept(void **state) {
	(void)state;
	bench b;
	bench_init(&b);
	bench_open(&b);
	for (uint64_t i = 1; i <= 3; i++) {
		append_many(b.journal, 5);
		commit(b.journal);
		write_snapshot(&b, i * 5, 100);
		assert_int_equal(ix_journal_rotate(b.journal, NULL), 0);
	}
	test_file file = load_file(b.system, BENCH_PATH, NEWER);
	file.data[SNAPSHOT_HEAD_SIZE + 9] ^= 4;
	store_file(b.system, BENCH_PATH, NEWER, file.data, file.size);
	free(file.data);
	assert_int_equal(ix_journal_retain(b.journal, 2, NULL), 0);
	assert_true(exists(&b, "j/snapshot-00000000000000000005.ixs"));
	assert_true(exists(&b, "j/" NEWER));
	assert_int_equal(ix_journal_first_sequence(b.journal), 6);
	assert_int_equal(ix_journal_retain(b.journal, 1, NULL), 0);
	assert_false(exists(&b, "j/" NEWER));
	assert_int_equal(ix_journal_first_sequence(b.journal), 16);
	bench_close(&b);
	bench_open(&b);
	assert_int_equal(b.recovery.first_sequence, 16);
	assert_int_equal(b.recovery.last_sequence, 15);
	append_many(b.journal, 4);
	bench_close(&b);
	verify_whole(b.system, BENCH_PATH);
	assert_int_equal(check_all_records(b.system, BENCH_PATH, 16), 19);
	bench_fini(&b);
}

static void dropping_keeps_the_segment_of_the_sequence(void **state) {
	(void)state;
	bench b;
	bench_init(&b);
	bench_open(&b);
	for (int i = 0; i < 4; i++) { /* segments of 5: 1, 6, 11, 16 */
		append_many(b.journal, 5);
		assert_int_equal(ix_journal_rotate(b.journal, NULL), 0);
	}
	const struct {
		uint64_t before, first;
	} cases[] = {{0, 1}, {5, 1}, {6, 6}, {10, 6}, {11, 11}, {20, 16}, {21, 16}, {UINT64_MAX, 16}};
	for (size_t i = 0; i < IX_COUNT(cases); i++) {
		assert_int_equal(ix_journal_drop_before(b.journal, cases[i].before, NULL), 0);
		assert_int_equal(ix_journal_first_sequence(b.journal), cases[i].first);
		bench_crash(&b);
		bench_open(&b);
		assert_int_equal(b.recovery.first_sequence, cases[i].first);
		assert_int_equal(b.recovery.last_sequence, 20);
	}
	bench_fini(&b);
}

/* The newest segment has no record, and its header was only in memory. */
static void everything_can_be_dropped_and_the_sequence_goes_on(void **state) {
	(void)state;
	bench b;
	bench_init(&b);
	bench_open(&b);
	append_many(b.journal, 20);
	assert_int_equal(ix_journal_rotate(b.journal, NULL), 0);
	assert_int_equal(ix_journal_drop_before(b.journal, UINT64_MAX, NULL), 0);
	assert_int_equal(ix_journal_first_sequence(b.journal), 21);
	bench_crash(&b);
	bench_open(&b);
	assert_false(b.recovery.created);
	assert_int_equal(b.recovery.first_sequence, 21);
	assert_int_equal(b.recovery.last_sequence, 20);
	append_many(b.journal, 5);
	bench_close(&b);
	assert_int_equal(check_all_records(b.system, BENCH_PATH, 21), 25);
	verify_whole(b.system, BENCH_PATH);
	bench_fini(&b);
}

static void leftovers_of_an_interrupted_drop_are_swept(void **state) {
	(void)state;
	bench b;
	bench_init(&b);
	bench_open(&b);
	append_many(b.journal, 5);
	assert_int_equal(ix_journal_rotate(b.journal, NULL), 0);
	test_file segment = load_file(b.system, BENCH_PATH, SEGMENT_1);
	append_many(b.journal, 5);
	assert_int_equal(ix_journal_drop_before(b.journal, 6, NULL), 0);
	bench_close(&b);
	store_file(b.system, BENCH_PATH, SEGMENT_1, segment.data, segment.size);
	store_file(b.system, BENCH_PATH, ".inox-0123456789abcdef.tmp", "half a snapshot", 15);
	verify_whole(b.system, BENCH_PATH);
	assert_int_equal(check_all_records(b.system, BENCH_PATH, 6), 10);
	bench_open(&b);
	assert_int_equal(b.recovery.first_sequence, 6);
	assert_false(exists(&b, "j/" SEGMENT_1));
	assert_false(exists(&b, "j/.inox-0123456789abcdef.tmp"));
	free(segment.data);
	bench_fini(&b);
}

/* The crash came when the second of three was gone. */
static void a_gap_among_what_is_being_dropped_is_no_damage(void **state) {
	(void)state;
	bench b;
	bench_init(&b);
	bench_open(&b);
	append_many(b.journal, 5);
	assert_int_equal(ix_journal_rotate(b.journal, NULL), 0);
	test_file segment = load_file(b.system, BENCH_PATH, SEGMENT_1);
	for (int i = 0; i < 2; i++) {
		append_many(b.journal, 5);
		assert_int_equal(ix_journal_rotate(b.journal, NULL), 0);
	}
	assert_int_equal(ix_journal_drop_before(b.journal, 11, NULL), 0);
	bench_close(&b);
	store_file(b.system, BENCH_PATH, SEGMENT_1, segment.data, segment.size);
	bench_open(&b);
	assert_int_equal(b.recovery.first_sequence, 11);
	assert_int_equal(b.recovery.last_sequence, 15);
	assert_false(exists(&b, "j/" SEGMENT_1));
	free(segment.data);
	bench_fini(&b);
}

IX_TESTS(test_snapshot, cmocka_unit_test(a_gap_among_what_is_being_dropped_is_no_damage),
	cmocka_unit_test(a_snapshot_under_another_name_is_not_taken),
	cmocka_unit_test(cutting_removes_snapshots_of_what_is_cut), cmocka_unit_test(state_is_found_again),
	cmocka_unit_test(only_what_is_durable_can_be_covered),
	cmocka_unit_test(a_snapshot_of_the_same_sequence_replaces_the_former),
	cmocka_unit_test(a_damaged_snapshot_gives_way_to_the_one_before),
	cmocka_unit_test(a_snapshot_of_another_journal_is_not_taken),
	cmocka_unit_test(a_snapshot_of_records_that_are_gone_is_a_loss),
	cmocka_unit_test(retention_keeps_two_snapshots_and_what_follows_the_older),
	cmocka_unit_test(a_damaged_snapshot_does_not_count_as_kept),
	cmocka_unit_test(dropping_keeps_the_segment_of_the_sequence),
	cmocka_unit_test(everything_can_be_dropped_and_the_sequence_goes_on),
	cmocka_unit_test(leftovers_of_an_interrupted_drop_are_swept));
