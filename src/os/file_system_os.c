/* The operating system's calls behind the table of file_system.h. */
#include <inox/file_system.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

enum { PARTS_MAX = 64, LINKS_MAX = 40 };

static int answer(int result) { return result < 0 ? -errno : result; }

static int os_open(void *context, const char *path, unsigned flags, uint32_t mode) {
	(void)context;
	int how = O_CLOEXEC | O_NOCTTY;
	how |= flags & IX_FILE_WRITE ? (flags & IX_FILE_READ ? O_RDWR : O_WRONLY) : O_RDONLY;
	how |= flags & IX_FILE_CREATE ? O_CREAT : 0;
	how |= flags & IX_FILE_EXCLUSIVE ? O_EXCL : 0;
	how |= flags & IX_FILE_TRUNCATE ? O_TRUNC : 0;
	how |= flags & IX_FILE_NO_FOLLOW ? O_NOFOLLOW : 0;
	how |= flags & IX_FILE_DIRECTORY ? O_DIRECTORY : 0;
	return answer(open(path, how, (mode_t)mode));
}

static int os_close(void *context, int handle) {
	(void)context;
	return answer(close(handle));
}

static int64_t os_read_at(void *context, int handle, void *data, size_t size, uint64_t offset) {
	(void)context;
	ssize_t got = pread(handle, data, size, (off_t)offset);
	return got < 0 ? -errno : got;
}

static int64_t os_write_at(
	void *context, int handle, const ix_bytes *parts, size_t part_count, uint64_t offset) {
	(void)context;
	struct iovec vector[PARTS_MAX];
	size_t count = ix_size_min(part_count, PARTS_MAX);
	for (size_t i = 0; i < count; i++)
		vector[i] = (struct iovec){.iov_base = (void *)parts[i].data, .iov_len = parts[i].size};
	ssize_t put = pwritev(handle, vector, (int)count, (off_t)offset);
	return put < 0 ? -errno : put;
}

static int os_sync(void *context, int handle, bool data_only) {
	(void)context;
	return answer(data_only ? fdatasync(handle) : fsync(handle));
}

static int os_allocate(void *context, int handle, uint64_t offset, uint64_t size) {
	(void)context;
	if (fallocate(handle, 0, (off_t)offset, (off_t)size) == 0) return 0;
	if (errno != EOPNOTSUPP) return -errno;
	struct stat info;
	if (fstat(handle, &info) < 0) return -errno;
	off_t end = (off_t)(offset + size);
	return info.st_size < end ? answer(ftruncate(handle, end)) : 0;
}

static int os_truncate(void *context, int handle, uint64_t size) {
	(void)context;
	return answer(ftruncate(handle, (off_t)size));
}

static ix_file_info info_from(const struct stat *from) {
	ix_file_type type = IX_FILE_TYPE_OTHER;
	if (S_ISREG(from->st_mode)) type = IX_FILE_TYPE_REGULAR;
	if (S_ISDIR(from->st_mode)) type = IX_FILE_TYPE_DIRECTORY;
	if (S_ISLNK(from->st_mode)) type = IX_FILE_TYPE_LINK;
	return (ix_file_info){.type = type,
		.mode = from->st_mode & 07777,
		.user = from->st_uid,
		.group = from->st_gid,
		.size = (uint64_t)from->st_size,
		.modified_ns = (int64_t)from->st_mtim.tv_sec * 1000000000 + from->st_mtim.tv_nsec,
		.device = from->st_dev,
		.inode = from->st_ino};
}

static int os_info(void *context, int handle, ix_file_info *ret_info) {
	(void)context;
	struct stat info;
	if (fstat(handle, &info) < 0) return -errno;
	*ret_info = info_from(&info);
	return 0;
}

static int os_path_info(void *context, const char *path, bool follow, ix_file_info *ret_info) {
	(void)context;
	struct stat info;
	if (fstatat(AT_FDCWD, path, &info, follow ? 0 : AT_SYMLINK_NOFOLLOW) < 0) return -errno;
	*ret_info = info_from(&info);
	return 0;
}

static int os_lock(void *context, int handle, bool shared) {
	(void)context;
	return answer(flock(handle, (shared ? LOCK_SH : LOCK_EX) | LOCK_NB));
}

static int os_set_mode(void *context, int handle, uint32_t mode) {
	(void)context;
	return answer(fchmod(handle, (mode_t)mode));
}

static int os_set_owner(void *context, int handle, uint32_t user, uint32_t group) {
	(void)context;
	return answer(fchown(handle, user, group));
}

static int os_rename(void *context, const char *from, const char *to) {
	(void)context;
	return answer(rename(from, to));
}

static int os_remove(void *context, const char *path, bool directory) {
	(void)context;
	return answer(directory ? rmdir(path) : unlink(path));
}

static int os_make_directory(void *context, const char *path, uint32_t mode) {
	(void)context;
	return answer(mkdir(path, (mode_t)mode));
}

static int os_sync_directory(void *context, const char *path) {
	(void)context;
	int handle = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (handle < 0) return -errno;
	int result = answer(fsync(handle));
	close(handle);
	return result == -EINVAL ? 0 : result; /* some file systems have nothing to sync in a directory */
}

/* Puts what the link at `path` points to in place of it. -EINVAL when it is no link. */
static int follow_one(char *path, size_t capacity) {
	char target[IX_FILE_PATH_MAX];
	ssize_t length = readlink(path, target, sizeof target);
	if (length < 0) return -errno;
	size_t keep = 0; /* of `path`: its directory with the '/', for a relative target */
	if (length > 0 && target[0] != '/') {
		const char *slash = strrchr(path, '/');
		keep = slash ? (size_t)(slash - path) + 1 : 0;
	}
	if ((size_t)length == sizeof target || keep + (size_t)length >= capacity) return -ENAMETOOLONG;
	memcpy(path + keep, target, (size_t)length);
	path[keep + (size_t)length] = '\0';
	return 0;
}

static int os_resolve(void *context, const char *path, char *ret_path, size_t capacity) {
	(void)context;
	size_t length = strlen(path);
	if (length >= capacity) return -ENAMETOOLONG;
	memcpy(ret_path, path, length + 1);
	for (int i = 0; i < LINKS_MAX; i++) {
		int result = follow_one(ret_path, capacity);
		if (result == -EINVAL || result == -ENOENT) return 0;
		if (result < 0) return result;
	}
	return -ELOOP;
}

static int os_list(void *context, const char *path, ix_file_visit *visit, void *visitor) {
	(void)context;
	DIR *directory = opendir(path);
	if (!directory) return -errno;
	int result = 0;
	while (result == 0) {
		errno = 0;
		struct dirent *entry = readdir(directory);
		if (!entry) {
			result = -errno;
			break;
		}
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
		result = visit(visitor, entry->d_name);
	}
	closedir(directory);
	return result;
}

/* The name given later goes through /proc; where that is not mounted there is no use in starting. */
static int os_open_unnamed(void *context, const char *directory, uint32_t mode) {
	(void)context;
	if (access("/proc/self/fd", F_OK) != 0) return -EOPNOTSUPP;
	int handle = open(directory, O_TMPFILE | O_RDWR | O_CLOEXEC, (mode_t)mode);
	if (handle >= 0) return handle;
	/* Kernels and file systems without it see the opening of a directory for writing. */
	return errno == EISDIR || errno == EINVAL ? -EOPNOTSUPP : -errno;
}

static int os_name(void *context, int handle, const char *path) {
	(void)context;
	char from[32];
	(void)ix_format(from, sizeof from, "/proc/self/fd/%d", handle);
	return answer(linkat(AT_FDCWD, from, AT_FDCWD, path, AT_SYMLINK_FOLLOW));
}

const ix_file_system *ix_file_system_os(void) {
	static const ix_file_system system = {
		.open = os_open,
		.close = os_close,
		.read_at = os_read_at,
		.write_at = os_write_at,
		.sync = os_sync,
		.allocate = os_allocate,
		.truncate = os_truncate,
		.info = os_info,
		.path_info = os_path_info,
		.lock = os_lock,
		.set_mode = os_set_mode,
		.set_owner = os_set_owner,
		.rename = os_rename,
		.remove = os_remove,
		.make_directory = os_make_directory,
		.sync_directory = os_sync_directory,
		.resolve = os_resolve,
		.list = os_list,
		.open_unnamed = os_open_unnamed,
		.name = os_name,
	};
	return &system;
}
