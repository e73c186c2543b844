/* A full disk: told before anything has changed, survived, and forgotten when there is space again. */
#include "helpers.h"

#include <errno.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

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

/* In the middle of a segment, and where the reserve reaches into the next. */
static void rotation_keeps_what_was_reserved(void **state) {
	(void)state;
	static const uint8_t bytes[1000];
	for (size_t before = 30; before <= 75; before += 45) {
		bench b;
		ix_file_faults faults;
		bench_init(&b);
		ix_file_faults_init(&faults, b.system);
		b.options.system = &faults.system;
		b.options.reserve_size = 512;
		bench_open(&b);
		append_many(b.journal, before);
		assert_int_equal(ix_journal_reserve(b.journal, 8192, NULL), 0);
		assert_int_equal(ix_journal_rotate(b.journal, NULL), 0);
		faults.system.allocate = no_space_to_allocate;
		for (int i = 0; i < 7; i++) /* of 1,032 bytes */
			assert_int_equal(
				ix_journal_append(b.journal, 1, (ix_bytes){bytes, sizeof bytes}, NULL, NULL),
				0);
		bench_close(&b);
		verify_whole(b.system, BENCH_PATH);
		bench_fini(&b);
	}
}

static const ix_file_system *roomy;
static int little_space_to_allocate(void *context, int handle, uint64_t offset, uint64_t size) {
	return size > 4096 ? -ENOSPC : roomy->allocate(context, handle, offset, size);
}

/* The step ahead does not fit any more, the record itself does. */
static void the_last_blocks_of_a_disk_are_used(void **state) {
	(void)state;
	bench b;
	bench_init(&b);
	b.options.reserve_size = 16384;
	ix_file_system little = *b.system;
	roomy = b.system;
	b.options.system = &little;
	bench_open(&b);
	little.allocate = little_space_to_allocate;
	append_many(b.journal, 400);
	bench_close(&b);
	assert_int_equal(check_all_records(b.system, BENCH_PATH, 1), 400);
	bench_fini(&b);
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

IX_TESTS(test_space, cmocka_unit_test(a_full_disk_changes_nothing_and_passes),
	cmocka_unit_test(without_reserving_a_commit_meets_the_full_disk_and_can_be_repeated),
	cmocka_unit_test(what_was_reserved_can_be_appended_on_a_full_disk),
	cmocka_unit_test(rotation_keeps_what_was_reserved),
	cmocka_unit_test(the_last_blocks_of_a_disk_are_used),
	cmocka_unit_test(a_small_disk_fills_up_and_is_emptied));
