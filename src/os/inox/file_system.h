/* file_system.h - the calls that durable files need, as a table, so that a test can stand between a room and
 * the disk: fail the n-th call, write short, run out of space, lose what was not synced. Used by the journal
 * and by file.h's atomic replace; ordinary reading goes through file.h.
 *
 * The table is for those who implement it; users call the functions below it, which finish short writes,
 * retry interrupted calls and put the path into the error. */
#ifndef INOX_FILE_SYSTEM_H
#define INOX_FILE_SYSTEM_H

#include <inox/base.h>

enum {
	IX_FILE_READ = 1,
	IX_FILE_WRITE = 2,
	IX_FILE_CREATE = 4,
	IX_FILE_EXCLUSIVE = 8, /* with CREATE: IX_ERR_EXISTS when it is there */
	IX_FILE_TRUNCATE = 16,
	IX_FILE_NO_FOLLOW = 32, /* refuse a symbolic link as the last part */
	IX_FILE_DIRECTORY = 64, /* a directory, to be locked or synced */
	IX_FILE_NAME_MAX = 160,
	IX_FILE_PATH_MAX = 4096,
};

typedef enum ix_file_type {
	IX_FILE_TYPE_REGULAR,
	IX_FILE_TYPE_DIRECTORY,
	IX_FILE_TYPE_LINK,
	IX_FILE_TYPE_OTHER, /* pipe, socket, device */
} ix_file_type;

typedef struct ix_file_info {
	ix_file_type type;
	uint32_t mode; /* permission bits */
	uint32_t user, group;
	uint64_t size;
	int64_t modified_ns; /* since 1970 */
	uint64_t device, inode;
} ix_file_info;

/* Called once a name, without "." and ".."; not sorted. Anything but 0 ends the listing, and ix_file_list
 * returns it. */
typedef int ix_file_visit(void *visitor, const char *name);

/* Every call returns 0 (or a count, a handle) or a negative errno. */
typedef struct ix_file_system {
	int (*open)(void *context, const char *path, unsigned flags, uint32_t mode);
	int (*close)(void *context, int handle);
	int64_t (*read_at)(void *context, int handle, void *data, size_t size, uint64_t offset);
	/* May write less than asked, as pwritev does. */
	int64_t (*write_at)(
		void *context, int handle, const ix_bytes *parts, size_t part_count, uint64_t offset);
	int (*sync)(void *context, int handle, bool data_only);
	/* Reserves the blocks of a range, where the file system can; the file's size grows to its end. */
	int (*allocate)(void *context, int handle, uint64_t offset, uint64_t size);
	int (*truncate)(void *context, int handle, uint64_t size);
	int (*info)(void *context, int handle, ix_file_info *ret_info);
	/* Follows links when `follow`. */
	int (*path_info)(void *context, const char *path, bool follow, ix_file_info *ret_info);
	/* Of the whole file, held until it is closed or the process ends; -EWOULDBLOCK when another has it.
	 */
	int (*lock)(void *context, int handle, bool shared);
	int (*set_mode)(void *context, int handle, uint32_t mode);
	int (*set_owner)(void *context, int handle, uint32_t user, uint32_t group);
	int (*rename)(void *context, const char *from, const char *to);
	int (*remove)(void *context, const char *path, bool directory);
	int (*make_directory)(void *context, const char *path, uint32_t mode);
	int (*sync_directory)(void *context, const char *path);
	/* Where a write to `path` ends up: its links followed, NUL-terminated. What it names may be missing.
	 */
	int (*resolve)(void *context, const char *path, char *ret_path, size_t capacity);
	int (*list)(void *context, const char *path, ix_file_visit *visit, void *visitor);
	/* A file without a name in a directory, which is gone when it is closed unless it was given one.
	 * -EOPNOTSUPP where there is no such thing. */
	int (*open_unnamed)(void *context, const char *directory, uint32_t mode);
	int (*name)(void *context, int handle, const char *path);
	void *context;
} ix_file_system;

/* The operating system's. Any thread. */
IX_API const ix_file_system *ix_file_system_os(void);

/* ---- files ---- */

typedef struct ix_file {
	const ix_file_system *system;
	int handle;                  /* -1: not open */
	char name[IX_FILE_NAME_MAX]; /* for messages; a long path loses its front */
} ix_file;

/* `mode` counts only with IX_FILE_CREATE; 0 means 0666 less the umask. */
IX_API int ix_file_open(const ix_file_system *system, const char *path, unsigned flags, uint32_t mode,
	ix_file *ret_file, ix_error *err);
/* Closes; a failed close is reported, and the file is closed all the same. */
IX_API int ix_file_close(ix_file *file, ix_error *err);
/* Reads until `size` bytes or the end of the file. */
IX_API int ix_file_read_at(
	ix_file *file, void *data, size_t size, uint64_t offset, size_t *ret_got, ix_error *err);
/* Writes all of it, or says why not; then an unknown first part of it may be in the file. */
IX_API int ix_file_write_at(ix_file *file, const void *data, size_t size, uint64_t offset, ix_error *err);
IX_API int ix_file_write_parts_at(
	ix_file *file, const ix_bytes *parts, size_t part_count, uint64_t offset, ix_error *err);
/* fdatasync: data, and the size when it grew. After an error nothing is known of what is on the disk, and a
 * later success says nothing about it (the kernel forgets the pages): treat the file as lost from the last
 * good sync on. */
IX_API int ix_file_sync(ix_file *file, ix_error *err);
IX_API int ix_file_sync_all(ix_file *file, ix_error *err); /* fsync: data and everything about the file */
IX_API int ix_file_allocate(ix_file *file, uint64_t offset, uint64_t size, ix_error *err);
IX_API int ix_file_truncate(ix_file *file, uint64_t size, ix_error *err);
IX_API int ix_file_get_info(ix_file *file, ix_file_info *ret_info, ix_error *err);
/* IX_ERR_BUSY when another open file holds it. */
IX_API int ix_file_lock(ix_file *file, ix_error *err);

/* ---- names ---- */

IX_API int ix_file_path_info(
	const ix_file_system *system, const char *path, ix_file_info *ret_info, ix_error *err);
/* Renames and syncs the directory of `to` (and of `from`, where that is another): once this returns 0 the new
 * name survives a power cut. */
IX_API int ix_file_rename(const ix_file_system *system, const char *from, const char *to, ix_error *err);
/* Removes a file and syncs its directory. IX_ERR_NOT_FOUND when it is not there. */
IX_API int ix_file_remove(const ix_file_system *system, const char *path, ix_error *err);
IX_API int ix_file_sync_directory(const ix_file_system *system, const char *path, ix_error *err);
IX_API int ix_file_list(
	const ix_file_system *system, const char *path, ix_file_visit *visit, void *visitor, ix_error *err);

/* ---- a file system that fails, for tests ---- */

/* Which calls a fault may hit. */
enum {
	IX_FILE_CALL_OPEN = 1,
	IX_FILE_CALL_READ = 2,
	IX_FILE_CALL_WRITE = 4,
	IX_FILE_CALL_SYNC = 8,   /* files and directories */
	IX_FILE_CALL_SPACE = 16, /* allocate, truncate */
	IX_FILE_CALL_NAME = 32,  /* rename, remove, make, list, name */
	IX_FILE_CALL_OTHER = 64, /* info, lock, mode, owner */
	IX_FILE_CALL_CLOSE = 128,
};

/* The fields are the interface. Not for more than one thread. */
typedef struct ix_file_faults {
	ix_file_system system; /* hand out &faults.system */
	const ix_file_system *under;
	unsigned calls;    /* IX_FILE_CALL_… that are counted and may fail; 0: all but CLOSE */
	uint64_t count;    /* calls counted so far */
	uint64_t failures; /* of them, made to fail */
	uint64_t fail_at;  /* the n-th counted call fails; 0: none */
	bool fail_after;   /* and every counted call after it: the machine is gone */
	int error_number;  /* what it fails with; 0: EIO */
	size_t torn_bytes; /* a failing write still writes so many of its bytes */
	size_t write_max;  /* no write writes more than this at a time; 0: no limit */
	bool space_is_limited;
	uint64_t space_left; /* then: bytes that may still be written, after that ENOSPC */
	int open_handles;    /* opened less closed: 0 when nothing leaked */
} ix_file_faults;

/* `under` NULL: ix_file_system_os(). */
IX_API void ix_file_faults_init(ix_file_faults *faults, const ix_file_system *under);

#endif
