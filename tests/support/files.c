/* Reading a whole test file, through `xz -dc` where its name ends in .xz. */
#include "files.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static uint8_t *read_stream(FILE *stream, size_t *ret_size) {
	size_t size = 0, capacity = 1 << 16;
	uint8_t *data = malloc(capacity);
	for (size_t got; data && (got = fread(data + size, 1, capacity - size, stream)) > 0;) {
		size += got;
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
	FILE *stream = child > 0 ? fdopen(ends[0], "rb") : NULL;
	uint8_t *data = stream ? read_stream(stream, ret_size) : NULL;
	if (stream)
		fclose(stream);
	else
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
	FILE *file = fopen(path, "rb");
	uint8_t *data = file ? read_stream(file, ret_size) : NULL;
	if (file) fclose(file);
	return data;
}
