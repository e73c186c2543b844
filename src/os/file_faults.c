/* A file system between a room and another one, which fails as it is told: for tests. */
#include <inox/file_system.h>

#include <errno.h>

static bool is_counted(const ix_file_faults *faults, unsigned call) {
	return faults->calls ? (faults->calls & call) != 0 : call != IX_FILE_CALL_CLOSE;
}

/* 0, or the negative errno that this call fails with. */
static int strike(ix_file_faults *faults, unsigned call) {
	if (!is_counted(faults, call)) return 0;
	faults->count++;
	bool fails = faults->fail_at && (faults->count == faults->fail_at ||
						(faults->fail_after && faults->count > faults->fail_at));
	if (!fails) return 0;
	faults->failures++;
	return faults->error_number ? -faults->error_number : -EIO;
}

#define UNDER(faults, call, ...) (faults)->under->call((faults)->under->context, __VA_ARGS__)

static int opened(ix_file_faults *faults, int handle) {
	if (handle >= 0) faults->open_handles++;
	return handle;
}

static int faulty_open(void *context, const char *path, unsigned flags, uint32_t mode) {
	ix_file_faults *faults = context;
	int struck = strike(faults, IX_FILE_CALL_OPEN);
	return struck ? struck : opened(faults, UNDER(faults, open, path, flags, mode));
}

static int faulty_close(void *context, int handle) {
	ix_file_faults *faults = context;
	int struck = strike(faults, IX_FILE_CALL_CLOSE);
	int result = UNDER(faults, close, handle); /* a close that fails has closed */
	faults->open_handles--;
	return struck ? struck : result;
}

static int64_t faulty_read_at(void *context, int handle, void *data, size_t size, uint64_t offset) {
	ix_file_faults *faults = context;
	int struck = strike(faults, IX_FILE_CALL_READ);
	return struck ? struck : UNDER(faults, read_at, handle, data, size, offset);
}

/* Writes at most `limit` bytes of the parts. */
static int64_t write_first(ix_file_faults *faults, int handle, const ix_bytes *parts, size_t part_count,
	uint64_t offset, size_t limit) {
	int64_t total = 0;
	for (size_t i = 0; i < part_count && limit > 0; i++) {
		ix_bytes part = {parts[i].data, ix_size_min(parts[i].size, limit)};
		if (part.size == 0) continue;
		int64_t put = UNDER(faults, write_at, handle, &part, 1, offset + (uint64_t)total);
		if (put < 0) return total ? total : put;
		total += put;
		limit -= (size_t)put;
		if ((size_t)put < part.size) break;
	}
	return total;
}

static int64_t faulty_write_at(
	void *context, int handle, const ix_bytes *parts, size_t part_count, uint64_t offset) {
	ix_file_faults *faults = context;
	int struck = strike(faults, IX_FILE_CALL_WRITE);
	if (struck) {
		(void)write_first(faults, handle, parts, part_count, offset, faults->torn_bytes);
		return struck;
	}
	size_t limit = faults->write_max ? faults->write_max : SIZE_MAX;
	if (faults->space_is_limited) {
		if (faults->space_left == 0) return -ENOSPC;
		if (faults->space_left < limit) limit = (size_t)faults->space_left;
	}
	int64_t put = limit == SIZE_MAX ? UNDER(faults, write_at, handle, parts, part_count, offset)
					: write_first(faults, handle, parts, part_count, offset, limit);
	if (put > 0 && faults->space_is_limited) faults->space_left -= (uint64_t)put;
	return put;
}

static int faulty_sync(void *context, int handle, bool data_only) {
	ix_file_faults *faults = context;
	int struck = strike(faults, IX_FILE_CALL_SYNC);
	return struck ? struck : UNDER(faults, sync, handle, data_only);
}

static int faulty_allocate(void *context, int handle, uint64_t offset, uint64_t size) {
	ix_file_faults *faults = context;
	int struck = strike(faults, IX_FILE_CALL_SPACE);
	if (struck) return struck;
	if (faults->space_is_limited && size > faults->space_left) return -ENOSPC;
	return UNDER(faults, allocate, handle, offset, size);
}

static int faulty_truncate(void *context, int handle, uint64_t size) {
	ix_file_faults *faults = context;
	int struck = strike(faults, IX_FILE_CALL_SPACE);
	return struck ? struck : UNDER(faults, truncate, handle, size);
}

static int faulty_info(void *context, int handle, ix_file_info *ret_info) {
	ix_file_faults *faults = context;
	int struck = strike(faults, IX_FILE_CALL_OTHER);
	return struck ? struck : UNDER(faults, info, handle, ret_info);
}

static int faulty_path_info(void *context, const char *path, bool follow, ix_file_info *ret_info) {
	ix_file_faults *faults = context;
	int struck = strike(faults, IX_FILE_CALL_OTHER);
	return struck ? struck : UNDER(faults, path_info, path, follow, ret_info);
}

static int faulty_lock(void *context, int handle, bool shared) {
	ix_file_faults *faults = context;
	int struck = strike(faults, IX_FILE_CALL_OTHER);
	return struck ? struck : UNDER(faults, lock, handle, shared);
}

static int faulty_set_mode(void *context, int handle, uint32_t mode) {
	ix_file_faults *faults = context;
	int struck = strike(faults, IX_FILE_CALL_OTHER);
	return struck ? struck : UNDER(faults, set_mode, handle, mode);
}

static int faulty_set_owner(void *context, int handle, uint32_t user, uint32_t group) {
	ix_file_faults *faults = context;
	int struck = strike(faults, IX_FILE_CALL_OTHER);
	return struck ? struck : UNDER(faults, set_owner, handle, user, group);
}

static int faulty_rename(void *context, const char *from, const char *to) {
	ix_file_faults *faults = context;
	int struck = strike(faults, IX_FILE_CALL_NAME);
	return struck ? struck : UNDER(faults, rename, from, to);
}

static int faulty_remove(void *context, const char *path, bool directory) {
	ix_file_faults *faults = context;
	int struck = strike(faults, IX_FILE_CALL_NAME);
	return struck ? struck : UNDER(faults, remove, path, directory);
}

static int faulty_make_directory(void *context, const char *path, uint32_t mode) {
	ix_file_faults *faults = context;
	int struck = strike(faults, IX_FILE_CALL_NAME);
	return struck ? struck : UNDER(faults, make_directory, path, mode);
}

static int faulty_sync_directory(void *context, const char *path) {
	ix_file_faults *faults = context;
	int struck = strike(faults, IX_FILE_CALL_SYNC);
	return struck ? struck : UNDER(faults, sync_directory, path);
}

static int faulty_resolve(void *context, const char *path, char *ret_path, size_t capacity) {
	ix_file_faults *faults = context;
	int struck = strike(faults, IX_FILE_CALL_OTHER);
	return struck ? struck : UNDER(faults, resolve, path, ret_path, capacity);
}

static int faulty_list(void *context, const char *path, ix_file_visit *visit, void *visitor) {
	ix_file_faults *faults = context;
	int struck = strike(faults, IX_FILE_CALL_NAME);
	return struck ? struck : UNDER(faults, list, path, visit, visitor);
}

static int faulty_open_unnamed(void *context, const char *directory, uint32_t mode) {
	ix_file_faults *faults = context;
	int struck = strike(faults, IX_FILE_CALL_OPEN);
	return struck ? struck : opened(faults, UNDER(faults, open_unnamed, directory, mode));
}

static int faulty_name(void *context, int handle, const char *path) {
	ix_file_faults *faults = context;
	int struck = strike(faults, IX_FILE_CALL_NAME);
	return struck ? struck : UNDER(faults, name, handle, path);
}

void ix_file_faults_init(ix_file_faults *faults, const ix_file_system *under) {
	*faults = (ix_file_faults){.under = under ? under : ix_file_system_os()};
	faults->system = (ix_file_system){
		.open = faulty_open,
		.close = faulty_close,
		.read_at = faulty_read_at,
		.write_at = faulty_write_at,
		.sync = faulty_sync,
		.allocate = faulty_allocate,
		.truncate = faulty_truncate,
		.info = faulty_info,
		.path_info = faulty_path_info,
		.lock = faulty_lock,
		.set_mode = faulty_set_mode,
		.set_owner = faulty_set_owner,
		.rename = faulty_rename,
		.remove = faulty_remove,
		.make_directory = faulty_make_directory,
		.sync_directory = faulty_sync_directory,
		.resolve = faulty_resolve,
		.list = faulty_list,
		.open_unnamed = faulty_open_unnamed,
		.name = faulty_name,
		.context = faults,
	};
}
