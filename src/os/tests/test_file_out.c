/* Files that are written whole or not at all. */
#include <inox/file.h>

#include "helpers.h"

#include <errno.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/wait.h>

static int write_file(const ix_file_system *system, const char *path, const char *text, ix_error *err) {
	ix_file_out *out;
	int code = ix_file_out_open_on(system, path, &out, err);
	if (code) return code;
	code = ix_file_out_write(out, text, strlen(text), err);
	if (code) {
		ix_file_out_abort(out);
		return code;
	}
	return ix_file_out_commit(out, err);
}

static void makes_a_new_file(void **state) {
	(void)state;
	char path[PATH_BYTES];
	const char *directory = ix_testing_directory();
	ix_error err;
	mode_t mask = umask(027);
	int code = write_file(ix_file_system_os(), path_in(path, directory, "new"), "hello", &err);
	umask(mask);
	assert_int_equal(code, 0);
	assert_file_is(path, "hello");
	assert_int_equal(count_entries(directory), 1);
	struct stat info;
	assert_int_equal(stat(path, &info), 0);
	assert_int_equal(info.st_mode & 07777, 0640);
}

static void the_old_file_stands_until_the_commit(void **state) {
	(void)state;
	char path[PATH_BYTES];
	const char *directory = ix_testing_directory();
	put_file(path_in(path, directory, "file"), "old");
	ix_file_out *out;
	assert_int_equal(ix_file_out_open(path, &out, NULL), 0);
	static char large[200000];
	memset(large, 'n', sizeof large);
	assert_int_equal(ix_file_out_write(out, large, sizeof large, NULL), 0);
	assert_int_equal(ix_file_out_write(out, "!", 1, NULL), 0);
	assert_int_equal(ix_file_out_size(out), 200001);
	assert_file_is(path, "old");
	assert_int_equal(ix_file_out_commit(out, NULL), 0);
	struct stat info;
	assert_int_equal(stat(path, &info), 0);
	assert_int_equal(info.st_size, 200001);
	assert_int_equal(count_entries(directory), 1);
}

static void small_and_large_writes_come_out_in_order(void **state) {
	(void)state;
	/* Sizes on both sides of the 65536-byte buffer. */
	static const size_t sizes[] = {1, 65535, 65536, 65537, 0, 3, 65534, 2, 200000, 1};
	char path[PATH_BYTES];
	ix_file_out *out;
	assert_int_equal(ix_file_out_open(path_in(path, ix_testing_directory(), "f"), &out, NULL), 0);
	uint8_t *all = malloc(600000);
	size_t length = 0;
	for (size_t i = 0; i < 600000; i++) all[i] = (uint8_t)(i * 31 + i / 251);
	for (size_t i = 0; i < IX_COUNT(sizes); i++) {
		assert_int_equal(ix_file_out_write(out, all + length, sizes[i], NULL), 0);
		length += sizes[i];
	}
	assert_int_equal(ix_file_out_commit(out, NULL), 0);
	size_t size = 0;
	uint8_t *back = ix_testing_read(path, &size);
	assert_int_equal(size, length);
	assert_memory_equal(back, all, length);
	free(back), free(all);
}

static void aborting_leaves_nothing(void **state) {
	(void)state;
	char path[PATH_BYTES], fresh[PATH_BYTES];
	const char *directory = ix_testing_directory();
	put_file(path_in(path, directory, "file"), "old");
	ix_file_out *out;
	assert_int_equal(ix_file_out_open(path, &out, NULL), 0);
	assert_int_equal(ix_file_out_write(out, "new", 3, NULL), 0);
	ix_file_out_abort(out);
	assert_int_equal(ix_file_out_open(path_in(fresh, directory, "fresh"), &out, NULL), 0);
	ix_file_out_abort(out);
	assert_file_is(path, "old");
	assert_int_equal(count_entries(directory), 1);
}

static void a_killed_writer_leaves_nothing(void **state) {
	(void)state;
	char path[PATH_BYTES];
	const char *directory = ix_testing_directory();
	put_file(path_in(path, directory, "file"), "old");
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		ix_file_out *out;
		char block[100000] = "";
		if (ix_file_out_open(path, &out, NULL) || ix_file_out_write(out, block, sizeof block, NULL))
			_exit(1);
		raise(SIGKILL);
	}
	int status;
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status));
	assert_file_is(path, "old");
	/* Where the file system has files without names; elsewhere a temporary with a name stays. */
	int handle = open(directory, O_TMPFILE | O_WRONLY, 0600);
	if (handle < 0) skip();
	close(handle);
	assert_int_equal(count_entries(directory), 1);
}

static void the_permissions_of_the_old_file_are_kept(void **state) {
	(void)state;
	char path[PATH_BYTES];
	put_file(path_in(path, ix_testing_directory(), "file"), "old");
	assert_int_equal(chmod(path, 0751), 0);
	bool is_root = geteuid() == 0;
	if (is_root) assert_int_equal(chown(path, 12, 34), 0);
	assert_int_equal(write_file(ix_file_system_os(), path, "new", NULL), 0);
	struct stat info;
	assert_int_equal(stat(path, &info), 0);
	assert_int_equal(info.st_mode & 07777, 0751);
	if (is_root) assert_int_equal(info.st_uid * 1000 + info.st_gid, 12034);
}

static void a_link_is_followed_and_stays_a_link(void **state) {
	(void)state;
	char below[PATH_BYTES], target[PATH_BYTES], first[PATH_BYTES], second[PATH_BYTES];
	const char *directory = ix_testing_directory();
	assert_int_equal(mkdir(path_in(below, directory, "below"), 0700), 0);
	put_file(path_in(target, below, "target"), "old");
	assert_int_equal(symlink("below/target", path_in(first, directory, "first")), 0); /* relative */
	assert_int_equal(symlink(first, path_in(second, below, "second")), 0);            /* absolute */
	assert_int_equal(write_file(ix_file_system_os(), second, "new", NULL), 0);
	assert_file_is(target, "new");
	struct stat info;
	assert_int_equal(lstat(first, &info), 0);
	assert_true(S_ISLNK(info.st_mode));
	assert_int_equal(count_entries(below), 2);
}

static void a_link_to_nowhere_makes_its_target(void **state) {
	(void)state;
	char link[PATH_BYTES], target[PATH_BYTES];
	const char *directory = ix_testing_directory();
	assert_int_equal(symlink("later", path_in(link, directory, "link")), 0);
	assert_int_equal(write_file(ix_file_system_os(), link, "x", NULL), 0);
	assert_file_is(path_in(target, directory, "later"), "x");
}

static void links_in_a_circle_are_an_error(void **state) {
	(void)state;
	char link[PATH_BYTES];
	assert_int_equal(symlink("link", path_in(link, ix_testing_directory(), "link")), 0);
	ix_error err;
	assert_int_equal(write_file(ix_file_system_os(), link, "x", &err), IX_ERR_INVALID);
	assert_non_null(strstr(err.text, "too many symbolic links"));
}

static void a_file_that_may_not_be_written_is_not_replaced(void **state) {
	(void)state;
	char path[PATH_BYTES];
	const char *directory = ix_testing_directory();
	put_file(path_in(path, directory, "file"), "old");
	assert_int_equal(chmod(directory, 0777), 0);
	assert_int_equal(chmod(path, 0444), 0);
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) { /* root may write everything */
		if (geteuid() == 0 && setuid(65534) < 0) _exit(99);
		ix_file_out *out;
		_exit(-ix_file_out_open(path, &out, NULL));
	}
	int status;
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(WEXITSTATUS(status), -IX_ERR_DENIED);
	assert_file_is(path, "old");
	assert_int_equal(count_entries(directory), 1);
}

static void a_directory_is_refused(void **state) {
	(void)state;
	char path[PATH_BYTES];
	const char *directory = ix_testing_directory();
	ix_error err;
	ix_file_out *out;
	assert_int_equal(ix_file_out_open(directory, &out, &err), IX_ERR_INVALID);
	assert_non_null(strstr(err.text, "it is a directory"));
	assert_int_equal(ix_file_out_open(path_in(path, directory, "new/"), &out, &err), IX_ERR_INVALID);
	assert_int_equal(ix_file_out_open(path_in(path, directory, "no/file"), &out, &err), IX_ERR_NOT_FOUND);
	assert_int_equal(ix_file_out_open("", &out, &err), IX_ERR_INVALID);
	assert_int_equal(count_entries(directory), 0);
}

static void devices_and_pipes_are_written_straight(void **state) {
	(void)state;
	ix_error err;
	assert_int_equal(write_file(ix_file_system_os(), "/dev/null", "x", &err), 0);
	struct stat info;
	assert_int_equal(stat("/dev/null", &info), 0);
	assert_true(S_ISCHR(info.st_mode));
	char path[PATH_BYTES], back[8] = "";
	const char *directory = ix_testing_directory();
	assert_int_equal(mkfifo(path_in(path, directory, "pipe"), 0600), 0);
	int reader = open(path, O_RDONLY | O_NONBLOCK);
	assert_int_equal(write_file(ix_file_system_os(), path, "piped", &err), 0);
	assert_int_equal(read(reader, back, sizeof back), 5);
	assert_memory_equal(back, "piped", 5);
	close(reader);
	assert_int_equal(count_entries(directory), 1);
}

static void a_full_device_is_no_space_and_never_a_success(void **state) {
	(void)state;
	ix_error err;
	assert_int_equal(write_file(ix_file_system_os(), "/dev/full", "x", &err), IX_ERR_NO_SPACE);
	assert_string_equal(err.text, "/dev/full: write: the disk is full");
	static char large[100000];
	ix_file_out *out;
	assert_int_equal(ix_file_out_open("/dev/full", &out, NULL), 0);
	assert_int_equal(ix_file_out_write(out, large, sizeof large, &err), IX_ERR_NO_SPACE);
	assert_int_equal(ix_file_out_write(out, large, 1, &err), IX_ERR_CLOSED);
	assert_int_equal(ix_file_out_commit(out, &err), IX_ERR_CLOSED);
}

/* Runs `body` in a child whose stdout is `out`, and returns its exit code. */
static int with_stdout(int out, int (*body)(void)) {
	fflush(NULL);
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		signal(SIGPIPE, SIG_IGN);
		if (out < 0 || dup2(out, 1) < 0) _exit(201);
		close(out);
		_exit(body());
	}
	int status;
	assert_int_equal(waitpid(child, &status, 0), child);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 200;
}

static int dash(void) { return -write_file(ix_file_system_os(), "-", "to stdout", NULL); }
static int dev_stdout(void) { return -write_file(ix_file_system_os(), "/dev/stdout", "+more", NULL); }

static void a_dash_is_stdout_and_a_gone_reader_is_closed(void **state) {
	(void)state;
	int ends[2];
	char back[32] = "";
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(with_stdout(ends[1], dash), 0);
	assert_int_equal(read(ends[0], back, sizeof back), 9);
	assert_string_equal(back, "to stdout");
	close(ends[0]);
	assert_int_equal(with_stdout(ends[1], dash), -IX_ERR_CLOSED);
	close(ends[1]);
	int full = open("/dev/full", O_WRONLY);
	assert_true(full >= 0);
	assert_int_equal(with_stdout(full, dash), -IX_ERR_NO_SPACE);
	close(full);
}

static void dev_stdout_goes_where_the_shell_appends(void **state) {
	(void)state;
	char path[PATH_BYTES];
	put_file(path_in(path, ix_testing_directory(), "log"), "first");
	int log = open(path, O_WRONLY | O_APPEND);
	assert_int_equal(with_stdout(log, dev_stdout), 0);
	close(log);
	assert_file_is(path, "first+more");
}

/* Whatever call fails: either the old file or the new one, never a third, and nothing beside it. */
static void check_failing_calls(unsigned calls, int error_number, int expected_code) {
	for (uint64_t n = 1;; n++) {
		char path[PATH_BYTES];
		const char *directory = ix_testing_directory();
		put_file(path_in(path, directory, "file"), "old");
		ix_file_faults faults;
		ix_file_faults_init(&faults, NULL);
		faults.calls = calls;
		faults.fail_at = n;
		faults.error_number = error_number;
		ix_error err;
		int code = write_file(&faults.system, path, "new", &err);
		assert_int_equal(faults.open_handles, 0);
		assert_int_equal(count_entries(directory), 1);
		if (faults.failures == 0) {
			assert_int_equal(code, 0);
			assert_file_is(path, "new");
			assert_true(n > 5);
			return;
		}
		if (code == 0) continue; /* the owner: not being able to give a file away is no error */
		assert_int_equal(code, expected_code);
		size_t size;
		uint8_t *data = ix_testing_read(path, &size);
		assert_int_equal(size, 3);
		assert_true(memcmp(data, "old", 3) == 0 || memcmp(data, "new", 3) == 0);
		/* New only when it was the last step, the sync of the directory, that failed. */
		if (memcmp(data, "new", 3) == 0) assert_non_null(strstr(err.text, ": sync: "));
		free(data);
	}
}

static void the_failing_nth_call_leaves_the_old_file_or_the_new_one(void **state) {
	(void)state;
	check_failing_calls(0xFF & ~(unsigned)IX_FILE_CALL_CLOSE, EIO, IX_ERR_IO);
	check_failing_calls(0xFF, ENOSPC, IX_ERR_NO_SPACE);
}

static int no_unnamed(void *context, const char *directory, uint32_t mode) {
	(void)context, (void)directory, (void)mode;
	return -EOPNOTSUPP;
}

static void works_where_files_need_names(void **state) {
	(void)state;
	ix_file_system plain = *ix_file_system_os();
	plain.open_unnamed = no_unnamed;
	for (uint64_t n = 0; n < 12; n++) {
		char path[PATH_BYTES];
		const char *directory = ix_testing_directory();
		put_file(path_in(path, directory, "file"), "old");
		ix_file_faults faults;
		ix_file_faults_init(&faults, &plain);
		faults.calls = IX_FILE_CALL_WRITE | IX_FILE_CALL_SYNC | IX_FILE_CALL_OPEN;
		faults.fail_at = n;
		int code = write_file(&faults.system, path, "new", NULL);
		assert_int_equal(code != 0, faults.failures > 0);
		assert_int_equal(faults.open_handles, 0);
		assert_int_equal(count_entries(directory), 1);
		if (code == 0) assert_file_is(path, "new");
	}
}

static int write_new(void *context) {
	ix_error err;
	return write_file(ix_file_system_os(), context, "new", &err);
}

static void survives_failing_allocations(void **state) {
	(void)state;
	char path[PATH_BYTES];
	path_in(path, ix_testing_directory(), "file");
	assert_survives_failing_allocations(write_new, path);
}

static void a_full_file_system_leaves_the_old_file(void **state) {
	(void)state;
	const char *directory = ix_testing_directory();
	if (mount("none", directory, "tmpfs", 0, "size=256k") < 0) {
		print_message("SKIPPED: a small tmpfs cannot be mounted here: %s\n", strerror(errno));
		skip();
	}
	char path[PATH_BYTES];
	put_file(path_in(path, directory, "file"), "old");
	static char block[40000];
	ix_file_out *out;
	ix_error err;
	int code = ix_file_out_open(path, &out, &err);
	for (int i = 0; i < 20 && code == 0; i++) code = ix_file_out_write(out, block, sizeof block, &err);
	int committed = ix_file_out_commit(out, NULL);
	size_t entries = count_entries(directory), size = 0;
	uint8_t *data = ix_testing_read(path, &size);
	bool is_old = size == 3 && memcmp(data, "old", 3) == 0;
	free(data);
	umount(directory);
	assert_int_equal(code, IX_ERR_NO_SPACE);
	assert_int_equal(committed, IX_ERR_CLOSED);
	assert_non_null(strstr(err.text, "the disk is full"));
	assert_int_equal(entries, 1);
	assert_true(is_old);
}

IX_TESTS(test_file_out, cmocka_unit_test(makes_a_new_file),
	cmocka_unit_test(the_old_file_stands_until_the_commit),
	cmocka_unit_test(small_and_large_writes_come_out_in_order), cmocka_unit_test(aborting_leaves_nothing),
	cmocka_unit_test(a_killed_writer_leaves_nothing),
	cmocka_unit_test(the_permissions_of_the_old_file_are_kept),
	cmocka_unit_test(a_link_is_followed_and_stays_a_link),
	cmocka_unit_test(a_link_to_nowhere_makes_its_target),
	cmocka_unit_test(links_in_a_circle_are_an_error),
	cmocka_unit_test(a_file_that_may_not_be_written_is_not_replaced),
	cmocka_unit_test(a_directory_is_refused), cmocka_unit_test(devices_and_pipes_are_written_straight),
	cmocka_unit_test(a_full_device_is_no_space_and_never_a_success),
	cmocka_unit_test(a_dash_is_stdout_and_a_gone_reader_is_closed),
	cmocka_unit_test(dev_stdout_goes_where_the_shell_appends),
	cmocka_unit_test(the_failing_nth_call_leaves_the_old_file_or_the_new_one),
	cmocka_unit_test(works_where_files_need_names), cmocka_unit_test(survives_failing_allocations),
	cmocka_unit_test(a_full_file_system_leaves_the_old_file));
