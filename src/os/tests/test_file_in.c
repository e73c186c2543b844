/* Reading whole files, streams and mapped files; directories. */
#include <inox/file.h>

#include "helpers.h"

#include <pthread.h>
#include <stdatomic.h>
#include <sys/wait.h>

static void reads_a_whole_file_with_a_nul_behind_it(void **state) {
	(void)state;
	char path[PATH_BYTES];
	put_file(path_in(path, ix_testing_directory(), "file"), "hello");
	ix_bytes bytes;
	assert_int_equal(ix_file_read(path, 5, ix_os_allocator(), &bytes, NULL), 0);
	assert_int_equal(bytes.size, 5);
	assert_string_equal((const char *)bytes.data, "hello");
	ix_file_read_free(bytes, ix_os_allocator());
}

static void a_file_over_the_limit_is_refused(void **state) {
	(void)state;
	char path[PATH_BYTES];
	put_file(path_in(path, ix_testing_directory(), "file"), "hello");
	ix_bytes bytes = {NULL, 99};
	ix_error err;
	assert_int_equal(ix_file_read(path, 4, ix_os_allocator(), &bytes, &err), IX_ERR_LIMIT);
	assert_non_null(strstr(err.text, "5 bytes, more than the limit of 4"));
	assert_int_equal(bytes.size, 99);
	/* No size is known beforehand: stopped all the same. */
	assert_int_equal(ix_file_read("/dev/zero", 100000, ix_os_allocator(), &bytes, &err), IX_ERR_LIMIT);
	assert_int_equal(ix_file_read("/dev/zero", 0, ix_os_allocator(), &bytes, &err), IX_ERR_LIMIT);
}

static void reads_files_that_do_not_know_their_size(void **state) {
	(void)state;
	ix_bytes bytes;
	assert_int_equal(ix_file_read("/proc/self/status", 1 << 20, ix_os_allocator(), &bytes, NULL), 0);
	assert_non_null(strstr((const char *)bytes.data, "VmRSS:"));
	assert_int_equal(strlen((const char *)bytes.data), bytes.size);
	ix_file_read_free(bytes, ix_os_allocator());
	assert_int_equal(ix_file_read("/dev/null", 0, ix_os_allocator(), &bytes, NULL), 0);
	assert_int_equal(bytes.size, 0);
	assert_string_equal((const char *)bytes.data, "");
	ix_file_read_free(bytes, ix_os_allocator());
}

static void reading_what_is_not_there_says_so(void **state) {
	(void)state;
	ix_bytes bytes;
	ix_file_map map;
	ix_file_in *in;
	ix_error err;
	assert_int_equal(ix_file_read("/no/such", 10, ix_os_allocator(), &bytes, &err), IX_ERR_NOT_FOUND);
	assert_string_equal(err.text, "/no/such: no such file or directory");
	assert_int_equal(ix_file_map_open("/no/such", &map, &err), IX_ERR_NOT_FOUND);
	assert_string_equal(err.text, "/no/such: no such file or directory");
	assert_int_equal(ix_file_in_open("/no/such", &in, &err), IX_ERR_NOT_FOUND);
	assert_int_equal(ix_file_read("/tmp", 10, ix_os_allocator(), &bytes, &err), IX_ERR_INVALID);
	assert_string_equal(err.text, "/tmp: read: it is a directory");
	assert_int_equal(ix_file_map_open("/tmp", &map, &err), IX_ERR_INVALID);
}

static void streams_a_file_to_its_end(void **state) {
	(void)state;
	char path[PATH_BYTES], back[8];
	put_file(path_in(path, ix_testing_directory(), "file"), "0123456789");
	ix_file_in *in;
	size_t got, total = 0;
	assert_int_equal(ix_file_in_open(path, &in, NULL), 0);
	do {
		assert_int_equal(ix_file_in_read(in, back, 4, &got, NULL), 0);
		for (size_t i = 0; i < got; i++) assert_int_equal(back[i], '0' + (int)(total + i));
		total += got;
	} while (got);
	assert_int_equal(total, 10);
	ix_file_in_close(in);
}

/* In a child whose stdin is a pipe that holds `text`. */
static int with_stdin(const char *text, int (*body)(void)) {
	int ends[2], status;
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], text, strlen(text)), strlen(text));
	close(ends[1]);
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		fcntl(ends[0], F_SETFL, O_NONBLOCK); /* as some shells leave it */
		dup2(ends[0], 0);
		_exit(body());
	}
	close(ends[0]);
	assert_int_equal(waitpid(child, &status, 0), child);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 200;
}

static int read_dash(void) {
	ix_bytes bytes;
	if (ix_file_read("-", 100, ix_os_allocator(), &bytes, NULL)) return 1;
	bool good = bytes.size == 5 && memcmp(bytes.data, "piped", 5) == 0;
	ix_file_read_free(bytes, ix_os_allocator());
	return good ? 0 : 2;
}

static int map_dash(void) {
	ix_file_map map;
	if (ix_file_map_open("-", &map, NULL)) return 1;
	bool good = map.bytes.size == 5 && memcmp(map.bytes.data, "piped", 5) == 0;
	if (ix_file_map_check(&map, NULL)) return 3;
	ix_file_unmap(&map);
	return good ? 0 : 2;
}

static int stream_dash(void) {
	ix_file_in *in;
	char back[8];
	size_t got = 0;
	if (ix_file_in_open("-", &in, NULL) || ix_file_in_read(in, back, 8, &got, NULL)) return 1;
	ix_file_in_close(in);
	return got == 5 && fcntl(0, F_GETFD) >= 0 ? 0 : 2; /* stdin is not ours to close */
}

static void a_dash_is_stdin(void **state) {
	(void)state;
	assert_int_equal(with_stdin("piped", read_dash), 0);
	assert_int_equal(with_stdin("piped", map_dash), 0);
	assert_int_equal(with_stdin("piped", stream_dash), 0);
}

/* ---- mapped ---- */

static void make_large(const char *path, size_t size) {
	int file = open(path, O_CREAT | O_RDWR | O_TRUNC, 0600);
	assert_true(file >= 0);
	uint8_t block[4096];
	memset(block, 7, sizeof block);
	for (size_t done = 0; done < size; done += sizeof block)
		assert_int_equal(write(file, block, sizeof block), sizeof block);
	close(file);
}

static void maps_a_file(void **state) {
	(void)state;
	char path[PATH_BYTES];
	put_file(path_in(path, ix_testing_directory(), "file"), "hello");
	ix_file_map map;
	assert_int_equal(ix_file_map_open(path, &map, NULL), 0);
	assert_int_equal(map.bytes.size, 5);
	assert_memory_equal(map.bytes.data, "hello", 5);
	assert_int_equal(ix_file_map_check(&map, NULL), 0);
	ix_file_unmap(&map);
	assert_null(map.bytes.data);
	ix_file_unmap(&map);
}

static void an_empty_file_and_a_proc_file_can_be_mapped(void **state) {
	(void)state;
	char path[PATH_BYTES];
	put_file(path_in(path, ix_testing_directory(), "empty"), "");
	ix_file_map map;
	assert_int_equal(ix_file_map_open(path, &map, NULL), 0);
	assert_int_equal(map.bytes.size, 0);
	assert_non_null(map.bytes.data);
	ix_file_unmap(&map);
	assert_int_equal(ix_file_map_open("/proc/self/status", &map, NULL), 0);
	assert_true(map.bytes.size > 100);
	ix_file_unmap(&map);
}

static void a_file_cut_short_reads_as_zeroes_and_says_so(void **state) {
	(void)state;
	enum { SIZE = 64 * 4096 };
	char path[PATH_BYTES];
	make_large(path_in(path, ix_testing_directory(), "large"), SIZE);
	ix_file_map map;
	ix_error err;
	assert_int_equal(ix_file_map_open(path, &map, NULL), 0);
	assert_int_equal(map.bytes.data[SIZE - 1], 7);
	assert_int_equal(ix_file_map_check(&map, NULL), 0);
	assert_int_equal(truncate(path, 10 * 4096 + 100), 0);
	/* From the back, so that every page faults by itself. */
	for (size_t i = SIZE; i-- > 0;) assert_int_equal(map.bytes.data[i], i < 10 * 4096 + 100 ? 7 : 0);
	assert_int_equal(ix_file_map_check(&map, &err), IX_ERR_TRUNCATED);
	assert_non_null(strstr(err.text, "large: it was cut short"));
	ix_file_unmap(&map);
}

static void a_cut_inside_the_last_page_is_seen_too(void **state) {
	(void)state;
	char path[PATH_BYTES];
	put_file(path_in(path, ix_testing_directory(), "small"), "hello");
	ix_file_map map;
	assert_int_equal(ix_file_map_open(path, &map, NULL), 0);
	assert_int_equal(truncate(path, 2), 0);
	assert_int_equal(ix_file_map_check(&map, NULL), IX_ERR_TRUNCATED);
	ix_file_unmap(&map);
}

static void a_cut_that_is_undone_before_the_check_is_not_forgotten(void **state) {
	(void)state;
	char path[PATH_BYTES];
	make_large(path_in(path, ix_testing_directory(), "large"), 8 * 4096);
	ix_file_map map;
	assert_int_equal(ix_file_map_open(path, &map, NULL), 0);
	assert_int_equal(truncate(path, 0), 0);
	assert_int_equal(map.bytes.data[5 * 4096], 0);
	assert_int_equal(truncate(path, 8 * 4096), 0);
	assert_int_equal(ix_file_map_check(&map, NULL), IX_ERR_TRUNCATED);
	ix_file_unmap(&map);
}

typedef struct readers {
	ix_file_map map;
	atomic_bool stop;
	_Atomic uint64_t sum;
} readers;

static void *read_again_and_again(void *context) {
	readers *r = context;
	uint64_t sum = 0;
	while (!atomic_load(&r->stop))
		for (size_t i = 0; i < r->map.bytes.size; i += 512) sum += r->map.bytes.data[i];
	atomic_fetch_add(&r->sum, sum);
	return NULL;
}

static void threads_survive_a_file_that_shrinks_under_them(void **state) {
	(void)state;
	enum { SIZE = 256 * 4096 };
	char path[PATH_BYTES];
	make_large(path_in(path, ix_testing_directory(), "large"), SIZE);
	static readers r;
	r = (readers){0};
	assert_int_equal(ix_file_map_open(path, &r.map, NULL), 0);
	pthread_t threads[3];
	for (int i = 0; i < 3; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, read_again_and_again, &r), 0);
	for (int pages = 255; pages >= 0; pages -= 5) {
		assert_int_equal(truncate(path, pages * 4096), 0);
		usleep(200);
	}
	atomic_store(&r.stop, true);
	for (int i = 0; i < 3; i++) assert_int_equal(pthread_join(threads[i], NULL), 0);
	assert_int_equal(ix_file_map_check(&r.map, NULL), IX_ERR_TRUNCATED);
	ix_file_unmap(&r.map);
}

static int map_and_unmap(void *context) {
	ix_file_map map;
	int code = ix_file_map_open(context, &map, NULL);
	if (code == 0) ix_file_unmap(&map);
	return code;
}

static int read_and_free(void *context) {
	ix_bytes bytes;
	int code = ix_file_read(context, 1 << 20, ix_allocator_current(), &bytes, NULL);
	if (code == 0) ix_file_read_free(bytes, ix_allocator_current());
	return code;
}

static int stream_and_close(void *context) {
	ix_file_in *in;
	int code = ix_file_in_open(context, &in, NULL);
	if (code == 0) ix_file_in_close(in);
	return code;
}

static void reading_survives_failing_allocations(void **state) {
	(void)state;
	char path[PATH_BYTES];
	make_large(path_in(path, ix_testing_directory(), "large"), 40960);
	assert_survives_failing_allocations(map_and_unmap, path);
	assert_survives_failing_allocations(read_and_free, path);
	assert_survives_failing_allocations(stream_and_close, path);
	char proc[] = "/proc/self/maps"; /* grows while it is read */
	assert_survives_failing_allocations(read_and_free, proc);
	assert_survives_failing_allocations(map_and_unmap, proc);
}

/* ---- directories ---- */

static void makes_a_directory_with_its_parents(void **state) {
	(void)state;
	char path[PATH_BYTES];
	path_in(path, ix_testing_directory(), "a/b//c/");
	assert_int_equal(ix_directory_make(path, 0750, NULL), 0);
	assert_int_equal(ix_directory_make(path, 0750, NULL), 0);
	struct stat info;
	assert_int_equal(stat(path, &info), 0);
	assert_true(S_ISDIR(info.st_mode));
	assert_int_equal(info.st_mode & 0777, 0750);
}

static void a_file_in_the_way_of_a_directory_is_an_error(void **state) {
	(void)state;
	char file[PATH_BYTES], path[PATH_BYTES];
	const char *directory = ix_testing_directory();
	put_file(path_in(file, directory, "file"), "x");
	ix_error err;
	assert_int_equal(
		ix_directory_make(path_in(path, directory, "file/below"), 0700, &err), IX_ERR_NOT_FOUND);
	assert_non_null(strstr(err.text, "/file: a part of the path is not a directory"));
	assert_int_equal(ix_directory_make("", 0700, &err), IX_ERR_NOT_FOUND);
}

static void removes_a_tree_without_following_links(void **state) {
	(void)state;
	char top[PATH_BYTES], path[PATH_BYTES], outside[PATH_BYTES];
	const char *directory = ix_testing_directory();
	put_file(path_in(outside, directory, "outside"), "stays");
	path_in(top, directory, "top");
	assert_int_equal(ix_directory_make(path_in(path, top, "a/b/c"), 0700, NULL), 0);
	put_file(path_in(path, top, "a/b/file"), "x");
	put_file(path_in(path, top, "a/.hidden"), "x");
	assert_int_equal(symlink(directory, path_in(path, top, "a/link")), 0);
	assert_int_equal(symlink(outside, path_in(path, top, "link")), 0);
	assert_int_equal(ix_directory_remove(top, NULL), 0);
	assert_int_equal(access(top, F_OK), -1);
	assert_file_is(outside, "stays");
	assert_int_equal(ix_directory_remove(top, NULL), 0); /* gone already */
	ix_error err;
	assert_int_equal(symlink(directory, path_in(path, directory, "link")), 0);
	assert_true(ix_directory_remove(path, &err) != 0);
	assert_file_is(outside, "stays");
}

static void a_temporary_directory_is_new_and_private(void **state) {
	(void)state;
	char first[PATH_BYTES], second[PATH_BYTES], tiny[4];
	assert_int_equal(ix_directory_temporary("inox-t-", first, sizeof first, NULL), 0);
	assert_int_equal(ix_directory_temporary("inox-t-", second, sizeof second, NULL), 0);
	assert_string_not_equal(first, second);
	struct stat info;
	assert_int_equal(stat(first, &info), 0);
	assert_int_equal(info.st_mode & 0777, 0700);
	assert_int_equal(ix_directory_temporary("inox-t-", tiny, sizeof tiny, NULL), IX_ERR_LIMIT);
	assert_int_equal(ix_directory_remove(first, NULL), 0);
	assert_int_equal(ix_directory_remove(second, NULL), 0);
}

IX_TESTS(test_file_in, cmocka_unit_test(reads_a_whole_file_with_a_nul_behind_it),
	cmocka_unit_test(a_file_over_the_limit_is_refused),
	cmocka_unit_test(reads_files_that_do_not_know_their_size),
	cmocka_unit_test(reading_what_is_not_there_says_so), cmocka_unit_test(streams_a_file_to_its_end),
	cmocka_unit_test(a_dash_is_stdin), cmocka_unit_test(maps_a_file),
	cmocka_unit_test(an_empty_file_and_a_proc_file_can_be_mapped),
	cmocka_unit_test(a_file_cut_short_reads_as_zeroes_and_says_so),
	cmocka_unit_test(a_cut_inside_the_last_page_is_seen_too),
	cmocka_unit_test(a_cut_that_is_undone_before_the_check_is_not_forgotten),
	cmocka_unit_test(threads_survive_a_file_that_shrinks_under_them),
	cmocka_unit_test(reading_survives_failing_allocations),
	cmocka_unit_test(makes_a_directory_with_its_parents),
	cmocka_unit_test(a_file_in_the_way_of_a_directory_is_an_error),
	cmocka_unit_test(removes_a_tree_without_following_links),
	cmocka_unit_test(a_temporary_directory_is_new_and_private));
