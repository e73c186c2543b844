/* Strategies in shared objects: the file is judged, loaded, asked for its table, and the table judged. */
#include "elf.h"

#include <inox/alloc.h>
#include <inox/file.h>
#include <inox/os_error.h>
#include <inox/strategy_load.h>

#include <dlfcn.h>
#include <errno.h>
#include <sys/stat.h>

static int check_file(const char *path, ix_error *err) {
	struct stat status;
	if (stat(path, &status) != 0) return ix_fail_os(err, errno, "%s", path);
	if (S_ISDIR(status.st_mode))
		return ix_fail(err, IX_ERR_SYNTAX, "%s: it is a directory, not a shared object", path);
	if (!S_ISREG(status.st_mode))
		return ix_fail(err, IX_ERR_SYNTAX, "%s: it is not a regular file", path);
	ix_bytes bytes;
	int code = ix_file_read(path, IX_STRATEGY_FILE_SIZE_MAX, ix_allocator_current(), &bytes, err);
	if (code) return code;
	code = ix_strategy_elf_check(bytes, err);
	ix_file_read_free(bytes, ix_allocator_current());
	return code ? ix_wrap(err, code, "%s", path) : 0;
}

/* What the dynamic loader says starts with the path already. */
static int refuse_loading(const char *path, const char *loaded, ix_error *err) {
	ix_str said = ix_str_from(dlerror()), prefix = ix_str_from(loaded);
	if (ix_str_starts_with(said, prefix)) said = ix_str_slice(said, prefix.size, said.size);
	while (said.size > 0 && (said.data[0] == ':' || said.data[0] == ' '))
		said = ix_str_slice(said, 1, said.size);
	return ix_fail(err, IX_ERR_UNSUPPORTED, "%s: it cannot be loaded: %.*s", path, IX_STR_ARG(said));
}

static int check_entry(void *handle, const char *path, const ix_strategy_vtable **ret_vtable, ix_error *err) {
	ix_strategy_entry_fn entry = NULL;
	void *symbol = dlsym(handle, "ix_strategy_entry");
	if (!symbol) return ix_fail(err, IX_ERR_INVALID, "%s: it has no function 'ix_strategy_entry'", path);
	memcpy(&entry, &symbol, sizeof entry); /* POSIX's way from an object to a function */
	const ix_strategy_vtable *vtable = entry();
	int code = ix_strategy_check(vtable, err);
	if (code) return ix_wrap(err, code, "%s", path);
	*ret_vtable = vtable;
	return 0;
}

int ix_strategy_open_file(const char *path, ix_strategy_file *ret_file, ix_error *err) {
	char beside[IX_STRATEGY_PATH_MAX + 3];
	ix_str name = ix_str_from(path);
	if (name.size == 0) return ix_fail(err, IX_ERR_USAGE, "the path of a strategy is empty");
	if (name.size > IX_STRATEGY_PATH_MAX)
		return ix_fail(err, IX_ERR_LIMIT, "the path of a strategy has %zu bytes, more than %d",
			name.size, IX_STRATEGY_PATH_MAX);
	int code = check_file(path, err);
	if (code) return code;
	bool has_slash = ix_str_find(name, '/') < name.size;
	(void)ix_format(beside, sizeof beside, "%s%s", has_slash ? "" : "./", path);
	void *handle = dlopen(beside, RTLD_NOW | RTLD_LOCAL);
	if (!handle) return refuse_loading(path, beside, err);
	const ix_strategy_vtable *vtable = NULL;
	code = check_entry(handle, path, &vtable, err);
	if (code) {
		(void)dlclose(handle);
		return code;
	}
	*ret_file = (ix_strategy_file){vtable, handle};
	return 0;
}

void ix_strategy_close_file(ix_strategy_file *file) {
	if (file->handle) (void)dlclose(file->handle);
	*file = (ix_strategy_file){0};
}
