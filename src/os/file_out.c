/* Writing a file whole or not at all: into a temporary beside the target, synced, renamed over it. What has
 * no name to rename over (a pipe, a device, stdout) is written straight. */
#include <inox/alloc.h>
#include <inox/file.h>
#include <inox/os_error.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/random.h>
#include <unistd.h>

enum { BUFFER = 1 << 16, NAME_TRIES = 100, MODE_KEPT = 0777 };

struct ix_file_out {
	const ix_allocator *allocator;
	const ix_file_system *system;
	bool is_straight; /* `descriptor` is written; else `file`, to be renamed to `target` */
	int descriptor;
	bool owns_descriptor;
	ix_file file;
	bool has_temporary; /* `temporary` is a name on the disk */
	bool failed;
	uint64_t flushed;
	size_t buffered;
	char target[IX_FILE_PATH_MAX];
	char temporary[IX_FILE_PATH_MAX];
	uint8_t buffer[BUFFER];
};

/* ---- where it goes ---- */

/* stdin and stdout by their file names too: opening them anew would start at the beginning of what the shell
 * has opened for appending. */
static int standard_descriptor(const char *path) {
	static const struct {
		const char *path;
		int descriptor;
	} names[] = {{"-", 1}, {"/dev/stdout", 1}, {"/dev/stderr", 2}, {"/dev/fd/1", 1}, {"/dev/fd/2", 2},
		{"/proc/self/fd/1", 1}, {"/proc/self/fd/2", 2}};
	for (size_t i = 0; i < IX_COUNT(names); i++)
		if (strcmp(path, names[i].path) == 0) return names[i].descriptor;
	return -1;
}

static int open_straight(ix_file_out *out, const char *path, ix_error *err) {
	out->is_straight = true;
	out->descriptor = standard_descriptor(path);
	if (out->descriptor < 0) {
		out->owns_descriptor = true;
		do {
			out->descriptor = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
		} while (out->descriptor < 0 && errno == EINTR);
		if (out->descriptor < 0) return ix_fail_os(err, errno, "%s", path);
	}
	(void)ix_format(
		out->file.name, sizeof out->file.name, "%s", strcmp(path, "-") == 0 ? "stdout" : path);
	return 0;
}

/* A name beside the target that nobody has; starts with a dot, so that a listing of results does not show it.
 */
static int propose_temporary(ix_file_out *out) {
	uint64_t chance = 0;
	if (getrandom(&chance, sizeof chance, 0) != (ssize_t)sizeof chance) return -EIO;
	const char *slash = strrchr(out->target, '/');
	size_t directory = slash ? (size_t)(slash - out->target) + 1 : 0;
	size_t length = ix_format(out->temporary, sizeof out->temporary, "%.*s.inox-%016llx.tmp",
		(int)directory, out->target, (unsigned long long)chance);
	return length < sizeof out->temporary ? 0 : -ENAMETOOLONG;
}

static int open_unnamed(ix_file_out *out) {
	const char *slash = strrchr(out->target, '/');
	size_t length = slash == out->target ? 1 : slash ? (size_t)(slash - out->target) : 0;
	char directory[IX_FILE_PATH_MAX] = ".";
	if (length) {
		memcpy(directory, out->target, length);
		directory[length] = '\0';
	}
	return out->system->open_unnamed(out->system->context, directory, 0666);
}

static int open_named(ix_file_out *out) {
	int handle = -EEXIST;
	for (int i = 0; i < NAME_TRIES && (handle == -EEXIST || handle == -EINTR); i++) {
		handle = propose_temporary(out);
		if (handle < 0) return handle;
		unsigned flags = IX_FILE_WRITE | IX_FILE_CREATE | IX_FILE_EXCLUSIVE;
		handle = out->system->open(out->system->context, out->temporary, flags, 0666);
	}
	out->has_temporary = handle >= 0;
	return handle;
}

/* Who may write a file's directory may replace the file; but a file that says it is not to be written stays.
 */
static int refuse_if_protected(ix_file_out *out, ix_error *err) {
	ix_file existing;
	int code = ix_file_open(out->system, out->target, IX_FILE_WRITE, 0, &existing, err);
	if (code == 0) return ix_file_close(&existing, err);
	/* A running program may be replaced: the old file lives on under it. */
	return code == IX_ERR_CONFLICT ? 0 : code;
}

/* Owner before mode: changing the owner clears bits. Giving a file away is root's right; for others it stays
 * theirs. */
static int keep_permissions(ix_file_out *out, const ix_file_info *old, ix_error *err) {
	const ix_file_system *fs = out->system;
	ix_file_info fresh;
	int code = ix_file_get_info(&out->file, &fresh, err);
	if (code) return code;
	if (fresh.user != old->user || fresh.group != old->group)
		(void)fs->set_owner(fs->context, out->file.handle, old->user, old->group);
	int result = fs->set_mode(fs->context, out->file.handle, old->mode & MODE_KEPT);
	return result < 0 ? ix_fail_os(err, -result, "%s: set permissions", out->target) : 0;
}

static int open_replacing(ix_file_out *out, const char *path, const ix_file_info *old, ix_error *err) {
	int result = out->system->resolve(out->system->context, path, out->target, sizeof out->target);
	if (result < 0) return ix_fail_os(err, -result, "%s", path);
	size_t length = strlen(out->target);
	if (length == 0 || out->target[length - 1] == '/')
		return ix_fail(err, IX_ERR_INVALID, "%s: the name of a directory, not of a file", path);
	if (old) {
		int code = refuse_if_protected(out, err);
		if (code) return code;
	}
	int handle = open_unnamed(out);
	if (handle == -EOPNOTSUPP) handle = open_named(out);
	if (handle < 0) return ix_fail_os(err, -handle, "%s", path);
	out->file.system = out->system;
	out->file.handle = handle;
	(void)ix_format(out->file.name, sizeof out->file.name, "%s", path);
	return old ? keep_permissions(out, old, err) : 0;
}

static void give_up(ix_file_out *out) {
	if (out->owns_descriptor && out->descriptor >= 0) close(out->descriptor);
	(void)ix_file_close(&out->file, NULL);
	if (out->has_temporary) (void)out->system->remove(out->system->context, out->temporary, false);
	ix_release(out->allocator, out, sizeof *out, _Alignof(ix_file_out));
}

static int open_any(ix_file_out *out, const char *path, ix_error *err) {
	if (standard_descriptor(path) >= 0) return open_straight(out, path, err);
	ix_file_info info;
	int result = out->system->path_info(out->system->context, path, true, &info);
	if (result == -ENOENT) return open_replacing(out, path, NULL, err);
	if (result < 0) return ix_fail_os(err, -result, "%s", path);
	if (info.type == IX_FILE_TYPE_DIRECTORY) return ix_fail_os(err, EISDIR, "%s", path);
	if (info.type == IX_FILE_TYPE_OTHER) return open_straight(out, path, err);
	return open_replacing(out, path, &info, err);
}

int ix_file_out_open_on(
	const ix_file_system *system, const char *path, ix_file_out **ret_out, ix_error *err) {
	const ix_allocator *allocator = ix_allocator_current();
	ix_file_out *out = ix_allocate(allocator, sizeof *out, _Alignof(ix_file_out));
	if (!out) return ix_fail(err, IX_ERR_MEMORY, "%s: out of memory", path);
	/* The buffers need no zeroes. */
	memset(out, 0, offsetof(ix_file_out, target));
	out->allocator = allocator;
	out->system = system;
	out->descriptor = -1;
	out->file.handle = -1;
	int code = open_any(out, path, err);
	if (code) {
		give_up(out);
		return code;
	}
	*ret_out = out;
	return 0;
}

int ix_file_out_open(const char *path, ix_file_out **ret_out, ix_error *err) {
	return ix_file_out_open_on(ix_file_system_os(), path, ret_out, err);
}

/* ---- bytes ---- */

static int write_straight(ix_file_out *out, const uint8_t *data, size_t size, ix_error *err) {
	while (size > 0) {
		ssize_t put = write(out->descriptor, data, size);
		if (put < 0 && errno == EINTR) continue;
		if (put < 0 && errno == EAGAIN) { /* a shell handed us a non-blocking terminal or pipe */
			struct pollfd wait = {.fd = out->descriptor, .events = POLLOUT};
			(void)poll(&wait, 1, -1);
			continue;
		}
		if (put < 0) return ix_fail_os(err, errno, "%s: write", out->file.name);
		data += put;
		size -= (size_t)put;
	}
	return 0;
}

static int write_through(ix_file_out *out, const void *data, size_t size, ix_error *err) {
	int code = out->is_straight ? write_straight(out, data, size, err)
				    : ix_file_write_at(&out->file, data, size, out->flushed, err);
	if (code)
		out->failed = true;
	else
		out->flushed += size;
	return code;
}

static int flush(ix_file_out *out, ix_error *err) {
	size_t size = out->buffered;
	out->buffered = 0;
	return size ? write_through(out, out->buffer, size, err) : 0;
}

int ix_file_out_write(ix_file_out *out, const void *data, size_t size, ix_error *err) {
	if (out->failed) return ix_fail(err, IX_ERR_CLOSED, "%s: an earlier write failed", out->file.name);
	if (size > BUFFER - out->buffered) {
		int code = flush(out, err);
		if (code) return code;
		if (size >= BUFFER) return write_through(out, data, size, err);
	}
	if (size) memcpy(out->buffer + out->buffered, data, size);
	out->buffered += size;
	return 0;
}

int ix_file_out_flush(ix_file_out *out, ix_error *err) {
	if (out->failed) return ix_fail(err, IX_ERR_CLOSED, "%s: an earlier write failed", out->file.name);
	return flush(out, err);
}

uint64_t ix_file_out_size(const ix_file_out *out) { return out->flushed + out->buffered; }

/* ---- the end ---- */

static int name_it(ix_file_out *out, ix_error *err) {
	if (out->has_temporary) return 0;
	int result = -EEXIST;
	for (int i = 0; i < NAME_TRIES && result == -EEXIST; i++) {
		result = propose_temporary(out);
		if (result == 0)
			result = out->system->name(out->system->context, out->file.handle, out->temporary);
	}
	if (result < 0) return ix_fail_os(err, -result, "%s", out->file.name);
	out->has_temporary = true;
	return 0;
}

static int finish(ix_file_out *out, ix_error *err) {
	if (out->failed) return ix_fail(err, IX_ERR_CLOSED, "%s: an earlier write failed", out->file.name);
	int code = flush(out, err);
	if (code) return code;
	if (out->is_straight) {
		if (!out->owns_descriptor) return 0;
		int result = close(out->descriptor);
		out->descriptor = -1;
		return result < 0 && errno != EINTR ? ix_fail_os(err, errno, "%s", out->file.name) : 0;
	}
	code = ix_file_sync_all(&out->file, err);
	if (code == 0) code = name_it(out, err);
	if (code == 0) code = ix_file_close(&out->file, err);
	if (code) return code;
	int result = out->system->rename(out->system->context, out->temporary, out->target);
	if (result < 0) return ix_fail_os(err, -result, "%s: replace", out->file.name);
	out->has_temporary = false;
	return 0;
}

int ix_file_out_commit(ix_file_out *out, ix_error *err) {
	int code = finish(out, err);
	if (code == 0 && !out->is_straight) {
		char *slash = strrchr(out->target, '/');
		const char *directory = slash ? out->target : ".";
		if (slash) slash[slash == out->target] = '\0';
		code = ix_file_sync_directory(out->system, directory, err);
	}
	give_up(out);
	return code;
}

void ix_file_out_abort(ix_file_out *out) {
	if (out) give_up(out);
}
