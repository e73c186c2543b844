/* The operating system's files through the table, and the failing table. */
#include <inox/file_system.h>
#include <inox/os_error.h>

#include "helpers.h"

#include <errno.h>

static void open_fresh(ix_file *file, const ix_file_system *system, char path[PATH_BYTES]) {
	path_in(path, ix_testing_directory(), "file");
	assert_int_equal(
		ix_file_open(system, path, IX_FILE_READ | IX_FILE_WRITE | IX_FILE_CREATE, 0, file, NULL), 0);
}

static void writes_and_reads_at_offsets(void **state) {
	(void)state;
	char path[PATH_BYTES], back[16] = "";
	ix_file file;
	size_t got = 0;
	open_fresh(&file, ix_file_system_os(), path);
	assert_int_equal(ix_file_write_at(&file, "world", 5, 6, NULL), 0);
	assert_int_equal(ix_file_write_at(&file, "hello ", 6, 0, NULL), 0);
	assert_int_equal(ix_file_sync(&file, NULL), 0);
	assert_int_equal(ix_file_sync_all(&file, NULL), 0);
	assert_int_equal(ix_file_read_at(&file, back, sizeof back, 3, &got, NULL), 0);
	assert_int_equal(got, 8);
	assert_memory_equal(back, "lo world", 8);
	assert_int_equal(ix_file_close(&file, NULL), 0);
	assert_file_is(path, "hello world");
}

static void writes_many_parts_in_order(void **state) {
	(void)state;
	/* More parts than one call takes, empty ones among them. */
	enum { PARTS = 201 };
	char path[PATH_BYTES];
	ix_bytes parts[PARTS];
	ix_file file;
	char expected[PARTS * 3 + 1] = "";
	static char texts[PARTS][4];
	size_t length = 0;
	for (size_t i = 0; i < PARTS; i++) {
		snprintf(texts[i], sizeof texts[i], "%03zu", i);
		parts[i] = (ix_bytes){(uint8_t *)texts[i], i % 5 == 0 ? 0 : i % 4};
		memcpy(expected + length, texts[i], parts[i].size);
		length += parts[i].size;
	}
	open_fresh(&file, ix_file_system_os(), path);
	assert_int_equal(ix_file_write_parts_at(&file, parts, PARTS, 0, NULL), 0);
	assert_int_equal(ix_file_close(&file, NULL), 0);
	assert_file_is(path, expected);
}

static void short_writes_are_finished(void **state) {
	(void)state;
	for (size_t at_most = 1; at_most < 12; at_most++) {
		char path[PATH_BYTES];
		ix_file_faults faults;
		ix_file_faults_init(&faults, NULL);
		faults.write_max = at_most;
		ix_file file;
		open_fresh(&file, &faults.system, path);
		ix_bytes parts[] = {{(const uint8_t *)"abc", 3}, {NULL, 0}, {(const uint8_t *)"defgh", 5}};
		assert_int_equal(ix_file_write_parts_at(&file, parts, 3, 2, NULL), 0);
		assert_int_equal(ix_file_write_at(&file, "XY", 2, 0, NULL), 0);
		assert_int_equal(ix_file_close(&file, NULL), 0);
		assert_file_is(path, "XYabcdefgh");
		assert_int_equal(faults.open_handles, 0);
	}
}

static void a_full_disk_is_told_apart(void **state) {
	(void)state;
	char path[PATH_BYTES];
	ix_file_faults faults;
	ix_file_faults_init(&faults, NULL);
	faults.space_is_limited = true;
	faults.space_left = 4;
	ix_file file;
	ix_error err;
	open_fresh(&file, &faults.system, path);
	assert_int_equal(ix_file_write_at(&file, "abcdef", 6, 0, &err), IX_ERR_NO_SPACE);
	assert_non_null(strstr(err.text, "file: write at 4: the disk is full"));
	assert_int_equal(err.detail, ENOSPC);
	assert_int_equal(ix_file_allocate(&file, 0, 100, &err), IX_ERR_NO_SPACE);
	assert_int_equal(ix_file_close(&file, NULL), 0);
	assert_file_is(path, "abcd"); /* what fitted */
}

static void a_failing_write_may_be_torn(void **state) {
	(void)state;
	char path[PATH_BYTES];
	ix_file_faults faults;
	ix_file_faults_init(&faults, NULL);
	faults.calls = IX_FILE_CALL_WRITE;
	faults.fail_at = 2;
	faults.torn_bytes = 3;
	ix_file file;
	open_fresh(&file, &faults.system, path);
	assert_int_equal(ix_file_write_at(&file, "abcdef", 6, 0, NULL), 0);
	assert_int_equal(ix_file_write_at(&file, "ABCDEF", 6, 0, NULL), IX_ERR_IO);
	assert_int_equal(ix_file_close(&file, NULL), 0);
	assert_file_is(path, "ABCdef");
}

static void a_failing_sync_is_reported_with_its_cause(void **state) {
	(void)state;
	char path[PATH_BYTES];
	ix_file_faults faults;
	ix_file_faults_init(&faults, NULL);
	faults.calls = IX_FILE_CALL_SYNC;
	faults.fail_at = 1;
	faults.fail_after = true;
	ix_file file;
	ix_error err;
	open_fresh(&file, &faults.system, path);
	assert_int_equal(ix_file_sync(&file, &err), IX_ERR_IO);
	assert_int_equal(err.detail, EIO);
	assert_int_equal(ix_file_sync(&file, &err), IX_ERR_IO);
	assert_int_equal(faults.failures, 2);
	assert_int_equal(ix_file_close(&file, NULL), 0);
}

/* One of each call, to be failed one after the other. */
static int use_everything(const ix_file_system *system, const char *directory) {
	char first[PATH_BYTES], second[PATH_BYTES];
	path_in(first, directory, "first"), path_in(second, directory, "second");
	ix_file file;
	size_t got;
	ix_file_info info;
	int code =
		ix_file_open(system, first, IX_FILE_READ | IX_FILE_WRITE | IX_FILE_CREATE, 0600, &file, NULL);
	if (code) return code;
	code = ix_file_lock(&file, NULL);
	if (code == 0) code = ix_file_allocate(&file, 0, 100, NULL);
	if (code == 0) code = ix_file_write_at(&file, "abc", 3, 0, NULL);
	if (code == 0) code = ix_file_truncate(&file, 2, NULL);
	if (code == 0) code = ix_file_sync(&file, NULL);
	if (code == 0) code = ix_file_read_at(&file, &info, 2, 0, &got, NULL);
	if (code == 0) code = ix_file_get_info(&file, &info, NULL);
	int closed = ix_file_close(&file, NULL);
	if (code == 0) code = closed;
	if (code == 0) code = ix_file_path_info(system, first, &info, NULL);
	if (code == 0) code = ix_file_rename(system, first, second, NULL);
	if (code == 0) code = ix_file_remove(system, second, NULL);
	return code;
}

static void every_call_that_fails_is_reported_and_leaks_nothing(void **state) {
	(void)state;
	const char *directory = ix_testing_directory();
	uint64_t n = 1;
	for (;; n++) {
		ix_file_faults faults;
		ix_file_faults_init(&faults, NULL);
		faults.calls = 0xFF;
		faults.fail_at = n;
		int code = use_everything(&faults.system, directory);
		assert_int_equal(faults.open_handles, 0);
		if (faults.failures == 0) {
			assert_int_equal(code, 0);
			break;
		}
		assert_int_equal(code, IX_ERR_IO);
	}
	assert_int_equal(n, 15); /* 14 calls: the 12 above, and the two directory syncs */
}

static int remember(void *visitor, const char *name) {
	char *names = visitor;
	size_t length = strlen(names);
	snprintf(names + length, 100 - length, "%s ", name);
	return strcmp(name, "stop") == 0 ? IX_ERR_CANCELLED : 0;
}

static void lists_names_without_the_dots(void **state) {
	(void)state;
	char path[PATH_BYTES], names[100] = "";
	const char *directory = ix_testing_directory();
	put_file(path_in(path, directory, ".hidden"), "");
	assert_int_equal(ix_file_list(ix_file_system_os(), directory, remember, names, NULL), 0);
	assert_string_equal(names, ".hidden ");
}

static void a_visitor_can_end_the_listing(void **state) {
	(void)state;
	char path[PATH_BYTES], names[100] = "";
	const char *directory = ix_testing_directory();
	put_file(path_in(path, directory, "stop"), "");
	assert_int_equal(
		ix_file_list(ix_file_system_os(), directory, remember, names, NULL), IX_ERR_CANCELLED);
	ix_error err;
	path_in(path, directory, "none");
	assert_int_equal(ix_file_list(ix_file_system_os(), path, remember, names, &err), IX_ERR_NOT_FOUND);
	assert_non_null(strstr(err.text, "none: list: no such file or directory"));
}

static void a_lock_keeps_a_second_opener_out(void **state) {
	(void)state;
	char path[PATH_BYTES];
	ix_file first, second;
	ix_error err;
	open_fresh(&first, ix_file_system_os(), path);
	assert_int_equal(ix_file_open(ix_file_system_os(), path, IX_FILE_READ, 0, &second, NULL), 0);
	assert_int_equal(ix_file_lock(&first, NULL), 0);
	assert_int_equal(ix_file_lock(&second, &err), IX_ERR_BUSY);
	assert_non_null(strstr(err.text, "another process holds it"));
	assert_int_equal(ix_file_close(&first, NULL), 0);
	assert_int_equal(ix_file_lock(&second, NULL), 0);
	assert_int_equal(ix_file_close(&second, NULL), 0);
}

static void allocating_grows_the_file_and_truncating_cuts_it(void **state) {
	(void)state;
	char path[PATH_BYTES];
	ix_file file;
	ix_file_info info;
	open_fresh(&file, ix_file_system_os(), path);
	assert_int_equal(ix_file_allocate(&file, 0, 65536, NULL), 0);
	assert_int_equal(ix_file_get_info(&file, &info, NULL), 0);
	assert_int_equal(info.size, 65536);
	assert_int_equal(info.type, IX_FILE_TYPE_REGULAR);
	assert_int_equal(ix_file_truncate(&file, 10, NULL), 0);
	assert_int_equal(ix_file_path_info(ix_file_system_os(), path, &info, NULL), 0);
	assert_int_equal(info.size, 10);
	assert_int_equal(ix_file_close(&file, NULL), 0);
	assert_int_equal(ix_file_close(&file, NULL), 0); /* twice is once */
}

static void open_errors_name_the_file(void **state) {
	(void)state;
	char path[PATH_BYTES];
	const char *directory = ix_testing_directory();
	ix_file file = {.handle = 77};
	ix_error err;
	path_in(path, directory, "missing");
	assert_int_equal(
		ix_file_open(ix_file_system_os(), path, IX_FILE_READ, 0, &file, &err), IX_ERR_NOT_FOUND);
	char expected[PATH_BYTES + 64];
	snprintf(expected, sizeof expected, "%s: no such file or directory", path);
	assert_string_equal(err.text, expected);
	assert_int_equal(file.handle, 77); /* untouched */
	put_file(path, "x");
	unsigned exclusive = IX_FILE_WRITE | IX_FILE_CREATE | IX_FILE_EXCLUSIVE;
	assert_int_equal(ix_file_open(ix_file_system_os(), path, exclusive, 0, &file, &err), IX_ERR_EXISTS);
	char link[PATH_BYTES];
	assert_int_equal(symlink(path, path_in(link, directory, "link")), 0);
	unsigned careful = IX_FILE_READ | IX_FILE_NO_FOLLOW;
	assert_int_equal(ix_file_open(ix_file_system_os(), link, careful, 0, &file, &err), IX_ERR_INVALID);
}

static void a_long_path_keeps_its_end_in_messages(void **state) {
	(void)state;
	char path[400];
	memset(path, 'a', sizeof path);
	memcpy(path + 380, "/the-end-of-it", 15);
	ix_file file;
	ix_error err;
	assert_int_equal(ix_file_open(ix_file_system_os(), path, IX_FILE_READ, 0, &file, &err), IX_ERR_LIMIT);
	assert_memory_equal(err.text, "\xE2\x80\xA6", 3);
	assert_non_null(strstr(err.text, "/the-end-of-it: the name is too long"));
}

static void renaming_replaces_and_survives_in_another_directory(void **state) {
	(void)state;
	char from[PATH_BYTES], below[PATH_BYTES], to[PATH_BYTES];
	const char *directory = ix_testing_directory();
	put_file(path_in(from, directory, "from"), "new");
	assert_int_equal(mkdir(path_in(below, directory, "below"), 0700), 0);
	put_file(path_in(to, below, "to"), "old");
	ix_file_faults faults;
	ix_file_faults_init(&faults, NULL);
	faults.calls = IX_FILE_CALL_SYNC;
	assert_int_equal(ix_file_rename(&faults.system, from, to, NULL), 0);
	assert_int_equal(faults.count, 2); /* both directories are synced */
	assert_file_is(to, "new");
	assert_int_equal(access(from, F_OK), -1);
}

static void errno_becomes_a_code_and_words(void **state) {
	(void)state;
	ix_error err;
	assert_int_equal(ix_fail_os(&err, ENOSPC, "%s: %d", "a.log", 3), IX_ERR_NO_SPACE);
	assert_string_equal(err.text, "a.log: 3: the disk is full");
	assert_int_equal(err.code, IX_ERR_NO_SPACE);
	assert_int_equal(err.detail, ENOSPC);
	assert_int_equal(ix_fail_os(NULL, EACCES, "x"), IX_ERR_DENIED);
	assert_int_equal(ix_os_code(9999), IX_ERR_IO);
	assert_string_equal(ix_os_phrase(9999), "unknown error");
	assert_string_equal(ix_os_phrase(EDOM), "Numerical argument out of domain");
}

static void a_long_context_does_not_push_the_cause_out(void **state) {
	(void)state;
	char path[2000];
	memset(path, 'p', sizeof path);
	path[sizeof path - 1] = '\0';
	ix_error err;
	assert_int_equal(ix_fail_os(&err, EACCES, "%s", path), IX_ERR_DENIED);
	assert_non_null(strstr(err.text, ": permission denied"));
}

IX_TESTS(test_file_system, cmocka_unit_test(writes_and_reads_at_offsets),
	cmocka_unit_test(writes_many_parts_in_order), cmocka_unit_test(short_writes_are_finished),
	cmocka_unit_test(a_full_disk_is_told_apart), cmocka_unit_test(a_failing_write_may_be_torn),
	cmocka_unit_test(a_failing_sync_is_reported_with_its_cause),
	cmocka_unit_test(every_call_that_fails_is_reported_and_leaks_nothing),
	cmocka_unit_test(lists_names_without_the_dots), cmocka_unit_test(a_visitor_can_end_the_listing),
	cmocka_unit_test(a_lock_keeps_a_second_opener_out),
	cmocka_unit_test(allocating_grows_the_file_and_truncating_cuts_it),
	cmocka_unit_test(open_errors_name_the_file), cmocka_unit_test(a_long_path_keeps_its_end_in_messages),
	cmocka_unit_test(renaming_replaces_and_survives_in_another_directory),
	cmocka_unit_test(errno_becomes_a_code_and_words),
	cmocka_unit_test(a_long_context_does_not_push_the_cause_out));
