/* Every file call and every allocation fails once, in a life that does all a journal does: an error each
 * time, no leak, and nothing that was acknowledged is missing afterwards. Then the full disk, and the disk
 * that fails to sync. */
#include "helpers.h"

#include <errno.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

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
	assert_true(faults.count >= 1); /* the five records once more, and the mark */
	ix_file_memory_power_cut(b.memory, 1);
	bench_crash(&b);
	bench_open(&b);
	assert_int_equal(b.recovery.last_sequence, 10);
	bench_fini(&b);
}

/* ---- a full disk ---- */

static void a_full_disk_changes_nothing_and_passes(void **state) {
	(void)state;
	bench b;
	ix_file_faults faults;
	ix_error err = {0};
	bench_init(&b);
	ix_file_faults_init(&faults, b.system);
	b.options.system = &faults.system;
	bench_open(&b);
	append_many(b.journal, 10);
	commit(b.journal);
	for (int round = 0; round < 8; round++) {
		faults.calls = IX_FILE_CALL_SPACE;
		faults.count = 0;
		faults.fail_at = 1;
		faults.fail_after = true;
		faults.error_number = ENOSPC;
		int code = 0;
		while (code == 0) {
			uint8_t bytes[PAYLOAD_MAX];
			uint64_t last = ix_journal_last_sequence(b.journal);
			code = ix_journal_append(
				b.journal, kind_of(last + 1), payload_of(last + 1, bytes), NULL, &err);
			if (code) assert_int_equal(ix_journal_last_sequence(b.journal), last);
		}
		assert_int_equal(code, IX_ERR_NO_SPACE);
		assert_non_null(strstr(err.text, "disk is full"));
		assert_false(ix_journal_is_poisoned(b.journal));
		commit(b.journal); /* what was accepted has its space */
		uint64_t last = ix_journal_last_sequence(b.journal);
		assert_int_equal(check_all_records(b.system, BENCH_PATH, 1), last);
		faults.fail_at = 0;
		append_many(b.journal, 1);
	}
	bench_close(&b);
	verify_whole(b.system, BENCH_PATH);
	bench_fini(&b);
}

static int cannot_allocate(void *context, int handle, uint64_t offset, uint64_t size) {
	(void)context, (void)handle, (void)offset, (void)size;
	return -EOPNOTSUPP;
}

/* A file system that can't reserve: the full disk is met by the write, and the commit can be tried again. */
static void without_reserving_a_commit_meets_the_full_disk_and_can_be_repeated(void **state) {
	(void)state;
	bench b;
	ix_file_faults faults;
	bench_init(&b);
	ix_file_faults_init(&faults, b.system);
	faults.system.allocate = cannot_allocate;
	b.options.system = &faults.system;
	bench_open(&b);
	append_many(b.journal, 10);
	commit(b.journal);
	append_many(b.journal, 4);
	faults.space_is_limited = true;
	faults.space_left = 100;
	assert_int_equal(ix_journal_commit(b.journal, NULL), IX_ERR_NO_SPACE);
	assert_false(ix_journal_is_poisoned(b.journal));
	assert_int_equal(ix_journal_durable_sequence(b.journal), 10);
	assert_int_equal(check_all_records(b.system, BENCH_PATH, 1), 10); /* no part of a record is seen */
	faults.space_is_limited = false;
	commit(b.journal);
	assert_int_equal(ix_journal_durable_sequence(b.journal), 14);
	bench_close(&b);
	assert_int_equal(check_all_records(b.system, BENCH_PATH, 1), 14);
	verify_whole(b.system, BENCH_PATH);
	bench_fini(&b);
}

static int no_space_to_allocate(void *context, int handle, uint64_t offset, uint64_t size) {
	(void)context, (void)handle, (void)offset, (void)size;
	return -ENOSPC;
}

static void what_was_reserved_can_be_appended_on_a_full_disk(void **state) {
	(void)state;
	for (uint64_t before = 0; before < 60; before += 7) {
		bench b;
		ix_file_faults faults;
		bench_init(&b);
		ix_file_faults_init(&faults, b.system);
		b.options.system = &faults.system;
		bench_open(&b);
		append_many(b.journal, before);
		assert_int_equal(ix_journal_reserve(b.journal, 8192, NULL), 0);
		faults.system.allocate = no_space_to_allocate;
		for (uint64_t used = 0;;) {
			uint8_t bytes[PAYLOAD_MAX];
			uint64_t next = ix_journal_last_sequence(b.journal) + 1;
			used += ix_journal_record_size(b.journal, payload_of(next, bytes).size);
			if (used > 8192) break;
			append_many(b.journal, 1);
		}
		bench_close(&b);
		verify_whole(b.system, BENCH_PATH);
		bench_fini(&b);
	}
}

/* ---- a real one: a small tmpfs in a mount namespace of a child's own ---- */

enum { CHILD_FINE = 0, CHILD_CANNOT = 77, CHILD_WRONG = 1 };

static int fill_up(ix_journal *j, uint64_t *ret_last) {
	int code = 0;
	for (uint64_t i = 0; code == 0 && i < 100000; i++) {
		uint8_t bytes[PAYLOAD_MAX];
		uint64_t next = ix_journal_last_sequence(j) + 1;
		code = ix_journal_append(j, kind_of(next), payload_of(next, bytes), NULL, NULL);
		if (code == 0 && i % 10 == 0) code = ix_journal_commit(j, NULL);
	}
	*ret_last = ix_journal_last_sequence(j);
	return code;
}

static bool live_on_a_small_disk(const char *path) {
	char filler[300], journal[300];
	snprintf(filler, sizeof filler, "%s/filler", path);
	snprintf(journal, sizeof journal, "%s/j", path);
	static uint8_t zeros[100 << 10];
	store_file(ix_file_system_os(), path, "filler", zeros, sizeof zeros);
	ix_journal_options options = {.segment_size = 32 << 10, .reserve_size = 8 << 10, .payload_max = 2000};
	ix_journal *j;
	uint64_t full, again;
	ix_journal_report report;
	if (ix_journal_open(journal, &options, &j, NULL, NULL)) return false;
	if (fill_up(j, &full) != IX_ERR_NO_SPACE || full < 500) return false;
	if (ix_journal_commit(j, NULL) || check_all_records(NULL, journal, 1) != full) return false;
	ix_journal_snapshot_out *out;
	if (ix_journal_snapshot_begin(j, full, &out, NULL) == 0) { /* no space for it: it never appears */
		int code = ix_journal_snapshot_write(out, zeros, sizeof zeros, NULL);
		if (code)
			ix_journal_snapshot_abort(out);
		else if (ix_journal_snapshot_commit(out, NULL) == 0)
			return false;
	}
	if (ix_file_remove(ix_file_system_os(), filler, NULL)) return false;
	if (fill_up(j, &again) != IX_ERR_NO_SPACE || again < full + 300) return false;
	if (ix_journal_close(j, NULL)) return false;
	if (check_all_records(NULL, journal, 1) != again) return false;
	return ix_journal_verify(journal, NULL, &report, NULL) == 0 && report.finding_count == 0 &&
	       report.snapshot_count == 0;
}

static void a_small_disk_fills_up_and_is_emptied(void **state) {
	(void)state;
	const char *path = ix_testing_directory();
	fflush(NULL);
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		if (unshare(CLONE_NEWNS) || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
			mount("tmpfs", path, "tmpfs", 0, "size=256k"))
			_exit(CHILD_CANNOT);
		_exit(live_on_a_small_disk(path) ? CHILD_FINE : CHILD_WRONG);
	}
	int status = 0;
	assert_int_equal(waitpid(child, &status, 0), child);
	if (WIFEXITED(status) && WEXITSTATUS(status) == CHILD_CANNOT) {
		print_message("SKIPPED: no right to mount a small tmpfs in a namespace of its own\n");
		skip();
	}
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), CHILD_FINE);
}

IX_TESTS(test_faults, cmocka_unit_test(every_file_call_may_fail), cmocka_unit_test(every_allocation_may_fail),
	cmocka_unit_test(a_failed_sync_is_not_tried_again),
	cmocka_unit_test(what_a_failed_sync_left_in_memory_is_made_durable_when_opening),
	cmocka_unit_test(a_full_disk_changes_nothing_and_passes),
	cmocka_unit_test(without_reserving_a_commit_meets_the_full_disk_and_can_be_repeated),
	cmocka_unit_test(what_was_reserved_can_be_appended_on_a_full_disk),
	cmocka_unit_test(a_small_disk_fills_up_and_is_emptied));
