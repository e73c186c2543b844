/* Reading a whole test file, through `xz -dc` where its name ends in .xz. */
#include "files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static uint8_t *read_all(int fd, size_t *ret_size) {
	size_t size = 0, capacity = 1 << 16;
	uint8_t *data = malloc(capacity);
	while (data) {
		ssize_t got = read(fd, data + size, capacity - size);
		if (got < 0 && errno == EINTR) continue;
		if (got <= 0) break;
		size += (size_t)got;
		if (size < capacity) continue;
		uint8_t *larger = realloc(data, capacity *= 2);
		if (!larger) free(data);
		data = larger;
	}
	*ret_size = size;
	return data;
}

static uint8_t *read_unpacked(const char *path, size_t *ret_size) {
	int ends[2];
	if (pipe(ends) != 0) return NULL;
	fflush(NULL);
	pid_t child = fork();
	if (child == 0) {
		dup2(ends[1], 1);
		close(ends[0]), close(ends[1]);
		execlp("xz", "xz", "-dc", "--", path, (char *)NULL);
		_exit(127);
	}
	close(ends[1]);
	uint8_t *data = child > 0 ? read_all(ends[0], ret_size) : NULL;
	close(ends[0]);
	int status = 1;
	while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR) {}
	if (status == 0) return data;
	free(data);
	errno = ENODATA;
	return NULL;
}

uint8_t *ix_test_file_read(const char *path, size_t *ret_size) {
	size_t length = strlen(path);
	if (length > 3 && strcmp(path + length - 3, ".xz") == 0) return read_unpacked(path, ret_size);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	uint8_t *data = fd >= 0 ? read_all(fd, ret_size) : NULL;
	if (fd >= 0) close(fd);
	return data;
}
