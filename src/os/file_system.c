/* What users of durable files call: short writes finished, interrupted calls repeated, the path in the
 * error. The table underneath is the operating system's (file_system_os.c), a failing one (file_faults.c), or
 * one in memory (file_memory.c). */
#include <inox/file_system.h>
#include <inox/os_error.h>

#include <errno.h>

/* Parts that one call of write_at is given; more go in several. */
enum { PARTS_A_CALL = 64 };

static void set_name(ix_file *file, const char *path) {
	ix_str name = ix_str_from(path);
	if (name.size < IX_FILE_NAME_MAX) {
		memcpy(file->name, name.data, name.size + 1);
		return;
	}
	/* "…" and the end of the path, cut between characters. */
	size_t keep = IX_FILE_NAME_MAX - 4;
	const char *tail = name.data + name.size - keep;
	while (((uint8_t)*tail & 0xC0) == 0x80) tail++, keep--;
	memcpy(file->name, "\xE2\x80\xA6", 3);
	memcpy(file->name + 3, tail, keep + 1);
}

int ix_file_open(const ix_file_system *system, const char *path, unsigned flags, uint32_t mode,
	ix_file *ret_file, ix_error *err) {
	ix_file file = {.system = system, .handle = -1};
	set_name(&file, path);
	do {
		file.handle = system->open(system->context, path, flags, mode ? mode : 0666);
	} while (file.handle == -EINTR);
	if (file.handle < 0) return ix_fail_os(err, -file.handle, "%s", file.name);
	*ret_file = file;
	return 0;
}

int ix_file_close(ix_file *file, ix_error *err) {
	if (file->handle < 0) return 0;
	int result = file->system->close(file->system->context, file->handle);
	file->handle = -1;
	/* Linux has closed it even when it was interrupted; a second close could hit another's file. */
	if (result < 0 && result != -EINTR) return ix_fail_os(err, -result, "%s: close", file->name);
	return 0;
}

int ix_file_read_at(ix_file *file, void *data, size_t size, uint64_t offset, size_t *ret_got, ix_error *err) {
	size_t got = 0;
	while (got < size) {
		int64_t result = file->system->read_at(
			file->system->context, file->handle, (uint8_t *)data + got, size - got, offset + got);
		if (result == -EINTR) continue;
		if (result < 0)
			return ix_fail_os(err, (int)-result, "%s: read %zu bytes at %llu", file->name, size,
				(unsigned long long)offset);
		if (result == 0) break;
		got += (size_t)result;
	}
	*ret_got = got;
	return 0;
}

static int write_some(
	ix_file *file, const ix_bytes *parts, size_t count, uint64_t offset, size_t *ret_put, ix_error *err) {
	int64_t result;
	do {
		result = file->system->write_at(file->system->context, file->handle, parts, count, offset);
	} while (result == -EINTR);
	/* A device that takes nothing and says nothing would be asked for ever. */
	if (result == 0) result = -EIO;
	if (result < 0)
		return ix_fail_os(
			err, (int)-result, "%s: write at %llu", file->name, (unsigned long long)offset);
	*ret_put = (size_t)result;
	return 0;
}

int ix_file_write_at(ix_file *file, const void *data, size_t size, uint64_t offset, ix_error *err) {
	for (size_t done = 0, put = 0; done < size; done += put) {
		ix_bytes part = {(const uint8_t *)data + done, size - done};
		int code = write_some(file, &part, 1, offset + done, &put, err);
		if (code) return code;
	}
	return 0;
}

int ix_file_write_parts_at(
	ix_file *file, const ix_bytes *parts, size_t part_count, uint64_t offset, ix_error *err) {
	size_t index = 0, inside = 0; /* the first part that is not all written, and how much of it is */
	for (;;) {
		ix_bytes batch[PARTS_A_CALL];
		size_t count = 0, total = 0;
		for (size_t i = index; i < part_count && count < PARTS_A_CALL; i++) {
			size_t skip = i == index ? inside : 0;
			if (parts[i].size == skip) continue;
			batch[count] = (ix_bytes){parts[i].data + skip, parts[i].size - skip};
			total += batch[count++].size;
		}
		if (total == 0) return 0;
		size_t put = 0;
		int code = write_some(file, batch, count, offset, &put, err);
		if (code) return code;
		offset += put;
		while (index < part_count && put >= parts[index].size - inside) {
			put -= parts[index++].size - inside;
			inside = 0;
		}
		inside += put;
	}
}

static int sync_file(ix_file *file, bool data_only, ix_error *err) {
	int result;
	do {
		result = file->system->sync(file->system->context, file->handle, data_only);
	} while (result == -EINTR);
	return result < 0 ? ix_fail_os(err, -result, "%s: sync", file->name) : 0;
}

int ix_file_sync(ix_file *file, ix_error *err) { return sync_file(file, true, err); }
int ix_file_sync_all(ix_file *file, ix_error *err) { return sync_file(file, false, err); }

int ix_file_allocate(ix_file *file, uint64_t offset, uint64_t size, ix_error *err) {
	int result;
	do {
		result = file->system->allocate(file->system->context, file->handle, offset, size);
	} while (result == -EINTR);
	if (result == 0) return 0;
	return ix_fail_os(err, -result, "%s: reserve %llu bytes at %llu", file->name,
		(unsigned long long)size, (unsigned long long)offset);
}

int ix_file_truncate(ix_file *file, uint64_t size, ix_error *err) {
	int result;
	do {
		result = file->system->truncate(file->system->context, file->handle, size);
	} while (result == -EINTR);
	if (result == 0) return 0;
	return ix_fail_os(err, -result, "%s: set the size to %llu", file->name, (unsigned long long)size);
}

int ix_file_get_info(ix_file *file, ix_file_info *ret_info, ix_error *err) {
	ix_file_info info;
	int result = file->system->info(file->system->context, file->handle, &info);
	if (result < 0) return ix_fail_os(err, -result, "%s", file->name);
	*ret_info = info;
	return 0;
}

int ix_file_lock(ix_file *file, ix_error *err) {
	int result = file->system->lock(file->system->context, file->handle, false);
	if (result == -EWOULDBLOCK) {
		(void)ix_fail(err, IX_ERR_BUSY, "%s: another process holds it", file->name);
		if (err) err->detail = EWOULDBLOCK;
		return IX_ERR_BUSY;
	}
	return result < 0 ? ix_fail_os(err, -result, "%s: lock", file->name) : 0;
}

/* ---- names ---- */

int ix_file_path_info(const ix_file_system *system, const char *path, ix_file_info *ret_info, ix_error *err) {
	ix_file_info info;
	int result = system->path_info(system->context, path, true, &info);
	if (result < 0) return ix_fail_os(err, -result, "%s", path);
	*ret_info = info;
	return 0;
}

/* The directory part of a path; "." when there is none. */
static int directory_of(const char *path, char ret_directory[IX_FILE_PATH_MAX]) {
	ix_str name = ix_str_from(path);
	size_t length = name.size;
	while (length > 1 && name.data[length - 1] == '/') length--;
	while (length > 0 && name.data[length - 1] != '/') length--;
	while (length > 1 && name.data[length - 1] == '/') length--;
	if (length >= IX_FILE_PATH_MAX) return -ENAMETOOLONG;
	memcpy(ret_directory, length ? name.data : ".", length ? length : 1);
	ret_directory[length ? length : 1] = '\0';
	return 0;
}

int ix_file_sync_directory(const ix_file_system *system, const char *path, ix_error *err) {
	int result;
	do {
		result = system->sync_directory(system->context, path);
	} while (result == -EINTR);
	return result < 0 ? ix_fail_os(err, -result, "%s: sync", path) : 0;
}

int ix_file_rename(const ix_file_system *system, const char *from, const char *to, ix_error *err) {
	char from_directory[IX_FILE_PATH_MAX], to_directory[IX_FILE_PATH_MAX];
	int result = directory_of(from, from_directory);
	if (result == 0) result = directory_of(to, to_directory);
	if (result == 0) result = system->rename(system->context, from, to);
	if (result < 0) return ix_fail_os(err, -result, "%s: rename to %s", from, to);
	int code = ix_file_sync_directory(system, to_directory, err);
	if (code == 0 && !ix_str_equal(ix_str_from(from_directory), ix_str_from(to_directory)))
		code = ix_file_sync_directory(system, from_directory, err);
	return code;
}

int ix_file_remove(const ix_file_system *system, const char *path, ix_error *err) {
	char directory[IX_FILE_PATH_MAX];
	int result = directory_of(path, directory);
	if (result == 0) result = system->remove(system->context, path, false);
	if (result < 0) return ix_fail_os(err, -result, "%s: remove", path);
	return ix_file_sync_directory(system, directory, err);
}

/* A visitor's own negative answer must not be taken for an errno. */
struct relay {
	ix_file_visit *visit;
	void *visitor;
	int answer;
};

static int relay_name(void *context, const char *name) {
	struct relay *relay = context;
	relay->answer = relay->visit(relay->visitor, name);
	return relay->answer != 0;
}

int ix_file_list(
	const ix_file_system *system, const char *path, ix_file_visit *visit, void *visitor, ix_error *err) {
	struct relay relay = {.visit = visit, .visitor = visitor};
	int result = system->list(system->context, path, relay_name, &relay);
	return result < 0 ? ix_fail_os(err, -result, "%s: list", path) : relay.answer;
}
