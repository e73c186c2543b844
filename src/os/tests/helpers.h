/* helpers.h - what the tests of this room share: small files, and allocations that fail one after the other.
 */
#ifndef OS_TESTS_HELPERS_H
#define OS_TESTS_HELPERS_H

#include <inox/alloc.h>
#include <inox/testing.h>

#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_BYTES = 512 };

static inline const char *path_in(char out[PATH_BYTES], const char *directory, const char *name) {
	assert_true(snprintf(out, PATH_BYTES, "%s/%s", directory, name) < PATH_BYTES);
	return out;
}

static inline void put_file(const char *path, const char *text) {
	FILE *file = fopen(path, "wb");
	if (!file) {
		fail_msg("%s cannot be written", path);
		return;
	}
	assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
	assert_int_equal(fclose(file), 0);
}

static inline void assert_file_is(const char *path, const char *text) {
	size_t size = 0;
	uint8_t *data = ix_testing_read(path, &size);
	assert_int_equal(size, strlen(text));
	assert_memory_equal(data, text, size);
	free(data);
}

static inline size_t count_entries(const char *path) {
	DIR *directory = opendir(path);
	size_t count = 0;
	if (!directory) {
		fail_msg("%s cannot be read", path);
		return 0;
	}
	for (struct dirent *entry; (entry = readdir(directory)) != NULL;)
		count += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
	closedir(directory);
	return count;
}

static inline size_t count_descriptors(void) { return count_entries("/proc/self/fd"); }

/* Runs `attempt` with the first allocation failing, then the second, … until it succeeds without one having
 * failed; it returns an ix_code. Each failure must be IX_ERR_MEMORY and leave no block and no descriptor. */
static inline void assert_survives_failing_allocations(int (*attempt)(void *context), void *context) {
	size_t descriptors = count_descriptors();
	for (uint64_t n = 1;; n++) {
		assert_true(n < 1000);
		ix_alloc_probe probe;
		ix_alloc_probe_init(&probe, NULL);
		probe.fail_at = n;
		const ix_allocator *before = ix_allocator_replace(&probe.allocator);
		int code = attempt(context);
		ix_allocator_replace(before);
		assert_int_equal(probe.live_blocks, 0);
		assert_int_equal(probe.live_bytes, 0);
		assert_int_equal(count_descriptors(), descriptors);
		if (probe.failures == 0) {
			assert_int_equal(code, 0);
			assert_true(n > 1);
			return;
		}
		assert_int_equal(code, IX_ERR_MEMORY);
	}
}

#endif
