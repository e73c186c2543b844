/* Making directories with their parents, removing whole trees, temporary ones. */
#include <inox/file.h>
#include <inox/os_error.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { DEPTH_MAX = 256 };

static bool is_directory(const char *path) {
	struct stat info;
	return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

int ix_directory_make(const char *path, uint32_t mode, ix_error *err) {
	char part[IX_FILE_PATH_MAX];
	size_t length = strlen(path);
	if (length >= sizeof part) return ix_fail_os(err, ENAMETOOLONG, "%s", path);
	memcpy(part, path, length + 1);
	for (size_t i = 1; i <= length; i++) {
		if (part[i] != '/' && part[i] != '\0') continue;
		char kept = part[i];
		part[i] = '\0';
		/* Another process may make it first: what counts is that it is there. */
		int number = mkdir(part, (mode_t)mode) < 0 ? errno : 0;
		if (number && !is_directory(part))
			return ix_fail_os(err, number == EEXIST ? ENOTDIR : number, "%s", part);
		part[i] = kept;
	}
	return length ? 0 : ix_fail_os(err, ENOENT, "a directory with an empty name");
}

/* By descriptor and without following links, so that a link put in place of a directory meanwhile leads
 * nowhere else. Consumes `descriptor`. Returns 0 or an errno. */
static int empty_directory(int descriptor, int depth) {
	DIR *directory = fdopendir(descriptor);
	if (!directory) {
		int why = errno;
		close(descriptor);
		return why;
	}
	int number = depth < DEPTH_MAX ? 0 : ENAMETOOLONG;
	for (struct dirent *entry; number == 0 && (errno = 0, entry = readdir(directory)) != NULL;) {
		const char *name = entry->d_name;
		if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0) continue;
		if (unlinkat(descriptor, name, 0) == 0 || errno == ENOENT) continue;
		number = errno;
		int below = openat(descriptor, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (below < 0) break; /* not a directory: what unlink said stands */
		number = empty_directory(below, depth + 1);
		if (number == 0 && unlinkat(descriptor, name, AT_REMOVEDIR) < 0) number = errno;
	}
	if (number == 0) number = errno;
	closedir(directory);
	return number;
}

int ix_directory_remove(const char *path, ix_error *err) {
	int descriptor = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (descriptor < 0) return errno == ENOENT ? 0 : ix_fail_os(err, errno, "%s", path);
	int number = empty_directory(descriptor, 0);
	if (number == 0 && rmdir(path) < 0 && errno != ENOENT) number = errno;
	return number ? ix_fail_os(err, number, "%s: remove", path) : 0;
}

int ix_directory_temporary(const char *prefix, char *ret_path, size_t capacity, ix_error *err) {
	const char *place = getenv("TMPDIR");
	if (!place || !*place) place = "/tmp";
	char path[IX_FILE_PATH_MAX];
	size_t length = ix_format(path, sizeof path, "%s/%sXXXXXX", place, prefix);
	if (length >= sizeof path || length >= capacity) return ix_fail_os(err, ENAMETOOLONG, "%s", place);
	if (!mkdtemp(path)) return ix_fail_os(err, errno, "%s", place);
	memcpy(ret_path, path, length + 1);
	return 0;
}
