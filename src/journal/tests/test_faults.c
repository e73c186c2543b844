/* Every file call and every allocation fails once, in a life that does all a journal does: an error each
 * time, no leak, and nothing that was acknowledged is missing afterwards. Then a disk that fails to sync, and
 * names that it forgets. */
#include "helpers.h"

#include <errno.h>

typedef struct life {
	uint64_t appended, acknowledged;
	uint64_t covered; /* by a snapshot whose commit returned 0 */
	uint64_t dropped; /* first sequence that retention was allowed to keep */
} life;

static int take_snapshot(ix_journal *j, life *l, ix_error *err) {
	ix_journal_snapshot_out *out;
	uint64_t sequence = ix_journal_durable_sequence(j);
	int code = ix_journal_snapshot_begin(j, sequence, &out, err);
	if (code) return code;
	code = ix_journal_snapshot_write(out, &sequence, sizeof sequence, err);
	if (code) {
		ix_journal_snapshot_abort(out);
		return code;
	}
	code = ix_journal_snapshot_commit(out, err);
	if (code == 0) l->covered = sequence;
	return code;
}

static int append_some(ix_journal *j, life *l, size_t count, ix_error *err) {
	for (; count > 0; count--) {
		uint8_t bytes[PAYLOAD_MAX];
		uint64_t next = ix_journal_last_sequence(j) + 1;
		int code = ix_journal_append(j, kind_of(next), payload_of(next, bytes), NULL, err);
		if (code) return code;
		l->appended = next;
	}
	int code = ix_journal_commit(j, err);
	if (code == 0) l->acknowledged = ix_journal_durable_sequence(j);
	return code;
}

/* Two openings, three segments, snapshots, retention. Stops at the first error, as a room would. */
static int live(const ix_journal_options *options, life *l, ix_error *err) {
	int code = 0;
	for (int opening = 0; opening < 2 && code == 0; opening++) {
		ix_journal *j;
		code = ix_journal_open(BENCH_PATH, options, &j, NULL, err);
		if (code) return code;
		for (int i = 0; i < 3 && code == 0; i++) {
			code = append_some(j, l, 9, err);
			if (code == 0 && i == 1) code = take_snapshot(j, l, err);
			if (code == 0 && i == 1) code = ix_journal_rotate(j, err);
		}
		if (code == 0) code = ix_journal_reserve(j, 2000, err);
		if (code == 0) code = ix_journal_retain(j, 1, err);
		l->dropped = l->covered;
		int closing = ix_journal_close(j, code ? NULL : err);
		if (code == 0) code = closing;
		if (closing == 0) l->acknowledged = l->appended;
	}
	return code;
}

/* The file system works again: everything acknowledged is there, nothing that was never appended is. */
static void check_life(const bench *b, const life *l) {
	ix_journal_options options = b->options;
	ix_journal_recovery found;
	options.system = b->system;
	options.check_all = true;
	ix_journal *j = open_journal(BENCH_PATH, &options, &found);
	assert_in_range(found.last_sequence, l->acknowledged, l->appended);
	assert_true(found.first_sequence <= l->dropped + 1);
	assert_true(found.snapshot_sequence >= l->covered && found.snapshot_sequence <= l->acknowledged);
	append_many(j, 3);
	close_journal(j);
	assert_int_equal(
		check_all_records(b->system, BENCH_PATH, found.first_sequence), found.last_sequence + 3);
	verify_whole(b->system, BENCH_PATH);
}

static void fault_options(bench *b) {
	bench_init(b);
	b->options.chained = true;
	b->options.segment_size = 8192;
	b->options.payload_max = 500;
	b->options.buffer_size = 1000; /* so that appending writes too */
}

/* What one life counts, so that the loops below hit every call. */
static uint64_t file_calls_of_a_life(void) {
	bench b;
	ix_file_faults faults;
	life l = {0};
	ix_error err = {0};
	fault_options(&b);
	ix_file_faults_init(&faults, b.system);
	b.options.system = &faults.system;
	must(live(&b.options, &l, &err), &err);
	assert_int_equal(l.acknowledged, 54);
	assert_int_equal(faults.open_handles, 0);
	bench_fini(&b);
	return faults.count;
}

static void fail_file_call(uint64_t n, int error_number, bool for_good, size_t torn_bytes) {
	bench b;
	ix_file_faults faults;
	life l = {0};
	ix_error err = {0};
	fault_options(&b);
	ix_file_faults_init(&faults, b.system);
	faults.fail_at = n;
	faults.fail_after = for_good;
	faults.error_number = error_number;
	faults.torn_bytes = torn_bytes;
	b.options.system = &faults.system;
	int code = live(&b.options, &l, &err);
	assert_int_equal(faults.open_handles, 0);
	if (code) assert_true(err.code == code && err.text[0]);
	faults.fail_at = 0;
	if (code && l.acknowledged < l.appended && for_good) assert_true(l.acknowledged <= l.appended);
	check_life(&b, &l);
	bench_fini(&b);
}

static void every_file_call_may_fail(void **state) {
	(void)state;
	uint64_t calls = file_calls_of_a_life();
	assert_true(calls > 100);
	for (uint64_t n = 1; n <= calls; n++) {
		fail_file_call(n, EIO, false, 0);
		fail_file_call(n, EIO, true, n * 37 % 600);
		if (n % 2 || ix_testing_long()) fail_file_call(n, ENOSPC, false, n * 11 % 300);
		if (ix_testing_long()) fail_file_call(n, EMFILE, false, 0);
	}
}

static void every_allocation_may_fail(void **state) {
	(void)state;
	ix_alloc_probe probe;
	ix_alloc_probe_init(&probe, NULL);
	bool failed = true;
	for (uint64_t n = 1; failed; n++) {
		bench b;
		life l = {0};
		ix_error err = {0};
		fault_options(&b);
		ix_journal_snapshot *s = NULL;
		ix_journal_reader *reader = NULL;
		ix_journal_report report;
		const ix_journal_record *record;
		uint64_t failures = probe.failures;
		(void)ix_allocator_replace(&probe.allocator);
		probe.fail_at = probe.calls + n;
		int code = live(&b.options, &l, &err);
		if (code == 0) code = ix_journal_snapshot_open(BENCH_PATH, b.system, 0, &s, &err);
		ix_journal_snapshot_close(s);
		ix_journal_reader_options options = {.system = b.system};
		if (code == 0) code = ix_journal_reader_open(BENCH_PATH, &options, &reader, &err);
		if (code == 0) code = ix_journal_reader_next(reader, &record, &err);
		ix_journal_reader_close(reader);
		ix_journal_head head = {.sequence = 54};
		ix_journal_verify_options verify_options = {
			.system = b.system, .heads = &head, .head_count = 1};
		if (code == 0) code = ix_journal_verify(BENCH_PATH, &verify_options, &report, &err);
		if (code == 0) code = ix_journal_cut_after(BENCH_PATH, b.system, 54, &err);
		(void)ix_allocator_replace(NULL);
		failed = probe.failures > failures;
		probe.fail_at = 0;
		assert_int_equal(probe.live_blocks, 0);
		if (failed)
			assert_int_equal(code, IX_ERR_MEMORY);
		else
			must(code, &err);
		check_life(&b, &l);
		bench_fini(&b);
	}
	assert_true(probe.failures > 10);
}

/* ---- a broken disk ---- */

static void a_failed_sync_is_not_tried_again(void **state) {
	(void)state;
	bench b;
	ix_file_faults faults;
	ix_error err = {0};
	bench_init(&b);
	ix_file_faults_init(&faults, b.system);
	b.options.system = &faults.system;
	bench_open(&b);
	append_many(b.journal, 5);
	commit(b.journal);
	append_many(b.journal, 5);
	faults.calls = IX_FILE_CALL_SYNC;
	faults.count = 0;
	faults.fail_at = 1; /* the second would succeed, and prove nothing */
	assert_int_equal(ix_journal_commit(b.journal, &err), IX_ERR_IO);
	assert_non_null(strstr(err.text, "since sequence 5 is unknown"));
	assert_true(ix_journal_is_poisoned(b.journal));
	assert_int_equal(ix_journal_commit(b.journal, NULL), IX_ERR_IO);
	assert_int_equal(ix_journal_append(b.journal, 1, (ix_bytes){NULL, 0}, NULL, NULL), IX_ERR_IO);
	assert_int_equal(ix_journal_flush(b.journal, NULL), IX_ERR_IO);
	assert_int_equal(ix_journal_rotate(b.journal, NULL), IX_ERR_IO);
	assert_int_equal(ix_journal_reserve(b.journal, 10, NULL), IX_ERR_IO);
	assert_int_equal(ix_journal_retain(b.journal, 0, NULL), IX_ERR_IO);
	assert_int_equal(ix_journal_drop_before(b.journal, 3, NULL), IX_ERR_IO);
	assert_int_equal(ix_journal_durable_sequence(b.journal), 5);
	assert_int_equal(faults.count, 1);
	assert_int_equal(ix_journal_close(b.journal, NULL), IX_ERR_IO);
	b.journal = NULL;
	bench_fini(&b);
}

/* The kernel shows pages that never reached the disk. What opening finds behind the mark it writes again, and
 * syncs, before it is believed: then a power cut can't take it any more. */
static void what_a_failed_sync_left_in_memory_is_made_durable_when_opening(void **state) {
	(void)state;
	bench b;
	ix_file_faults faults;
	bench_init(&b);
	ix_file_faults_init(&faults, b.system);
	b.options.system = &faults.system;
	bench_open(&b);
	append_many(b.journal, 5);
	commit(b.journal);
	append_many(b.journal, 5);
	faults.calls = IX_FILE_CALL_SYNC;
	faults.count = 0;
	faults.fail_at = 1;
	assert_int_equal(ix_journal_commit(b.journal, NULL), IX_ERR_IO);
	bench_crash(&b);
	faults.calls = IX_FILE_CALL_WRITE;
	faults.count = faults.fail_at = 0;
	bench_open(&b);
	assert_int_equal(b.recovery.last_sequence, 10);
	assert_true(faults.count >= 3); /* the five records once more, and both slots of the mark */
	ix_file_memory_power_cut(b.memory, 1);
	bench_crash(&b);
	bench_open(&b);
	assert_int_equal(b.recovery.last_sequence, 10);
	bench_fini(&b);
}

/* ---- what was seen is made durable before anything stands on it ---- */

static void a_snapshot_that_opening_found_survives_a_power_cut(void **state) {
	(void)state;
	for (uint64_t seed = 0; seed < 12; seed++) {
		bench b;
		ix_file_faults faults;
		ix_journal_snapshot_out *out;
		bench_init(&b);
		ix_file_faults_init(&faults, b.system);
		b.options.system = &faults.system;
		bench_open(&b);
		append_many(b.journal, 5);
		commit(b.journal);
		assert_int_equal(ix_journal_snapshot_begin(b.journal, 5, &out, NULL), 0);
		faults.calls = IX_FILE_CALL_SYNC;
		faults.count = 0;
		faults.fail_at = 2; /* the file is synced and renamed, its directory is not */
		assert_int_equal(ix_journal_snapshot_commit(out, NULL), IX_ERR_IO);
		bench_crash(&b);
		bench_open(&b);
		assert_int_equal(b.recovery.snapshot_sequence, 5);
		ix_file_memory_power_cut(b.memory, seed);
		bench_crash(&b);
		bench_open(&b);
		assert_int_equal(b.recovery.snapshot_sequence, 5);
		bench_fini(&b);
	}
}

/* The note of the oldest kept segment was written, not synced; the next opening acts on it and sweeps. */
static void an_interrupted_drop_survives_a_power_cut_after_the_next_opening(void **state) {
	(void)state;
	for (uint64_t n = 1; n <= 12; n++) {
		for (uint64_t seed = 0; seed < 8; seed++) {
			bench b;
			ix_file_faults faults;
			bench_init(&b);
			ix_file_faults_init(&faults, b.system);
			b.options.system = &faults.system;
			bench_open(&b);
			for (int i = 0; i < 3; i++) {
				append_many(b.journal, 5);
				assert_int_equal(ix_journal_rotate(b.journal, NULL), 0);
			}
			append_many(b.journal, 5);
			commit(b.journal);
			faults.count = 0;
			faults.fail_at = n;
			(void)ix_journal_drop_before(b.journal, 11, NULL);
			bench_crash(&b);
			faults.fail_at = 0;
			bench_open(&b);
			bench_crash(&b);
			ix_file_memory_power_cut(b.memory, seed);
			bench_open(&b);
			assert_int_equal(b.recovery.last_sequence, 20);
			assert_true(b.recovery.first_sequence <= 11);
			bench_fini(&b);
		}
	}
}

/* ---- names, in the order that a power cut can't turn around ---- */

static char calls[8][64];
static size_t call_count;
static const ix_file_system *under;

static void note_call(const char *path) {
	if (call_count < IX_COUNT(calls)) snprintf(calls[call_count++], sizeof calls[0], "%s", path);
}
static int noted_remove(void *context, const char *path, bool directory) {
	note_call(path);
	return under->remove(context, path, directory);
}
static int noted_sync_directory(void *context, const char *path) {
	note_call(path);
	return under->sync_directory(context, path);
}

static void segments_that_never_began_go_from_the_end(void **state) {
	(void)state;
	bench b;
	bench_init(&b);
	bench_open(&b);
	append_many(b.journal, 3);
	bench_close(&b);
	store_file(b.system, BENCH_PATH, SEGMENT_2, "", 0);
	store_file(b.system, BENCH_PATH, SEGMENT_3, "", 0);
	ix_file_system noting = *b.system;
	under = b.system;
	noting.remove = noted_remove;
	b.options.system = &noting;
	call_count = 0;
	bench_open(&b);
	assert_int_equal(call_count, 2);
	assert_string_equal(calls[0], "j/" SEGMENT_3);
	assert_string_equal(calls[1], "j/" SEGMENT_2);
	assert_int_equal(b.recovery.last_sequence, 3);
	bench_fini(&b);
}

static void the_directorys_own_name_is_synced_first(void **state) {
	(void)state;
	static const struct {
		const char *path, *parent;
	} cases[] = {{"j", "."}, {"d/j", "d"}, {"d/e/j/", "d/e"}, {"d/e//k", "d/e"}};
	for (size_t i = 0; i < IX_COUNT(cases); i++) {
		bench b;
		bench_init(&b);
		assert_int_equal(b.system->make_directory(b.system->context, "d", 0700), 0);
		assert_int_equal(b.system->make_directory(b.system->context, "d/e", 0700), 0);
		ix_file_system noting = *b.system;
		under = b.system;
		noting.sync_directory = noted_sync_directory;
		b.options.system = &noting;
		call_count = 0;
		b.journal = open_journal(cases[i].path, &b.options, NULL);
		assert_true(call_count >= 2);
		assert_string_equal(calls[0], cases[i].parent);
		bench_fini(&b);
	}
}

IX_TESTS(test_faults, cmocka_unit_test(every_file_call_may_fail), cmocka_unit_test(every_allocation_may_fail),
	cmocka_unit_test(a_failed_sync_is_not_tried_again),
	cmocka_unit_test(what_a_failed_sync_left_in_memory_is_made_durable_when_opening),
	cmocka_unit_test(a_snapshot_that_opening_found_survives_a_power_cut),
	cmocka_unit_test(an_interrupted_drop_survives_a_power_cut_after_the_next_opening),
	cmocka_unit_test(segments_that_never_began_go_from_the_end),
	cmocka_unit_test(the_directorys_own_name_is_synced_first));
