/* Mapped files that may be cut short while they are read. The kernel then raises SIGBUS for the pages that
 * are gone; the handler puts zero pages in their place and raises a flag. */
#include <inox/alloc.h>
#include <inox/fault.h>
#include <inox/file.h>
#include <inox/os_error.h>

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

struct ix_file_map_state {
	const ix_allocator *allocator;
	int descriptor; /* kept open, to see the file's size at the check; -1: read into memory */
	uint8_t *mapping;
	size_t mapping_size; /* whole pages */
	size_t page_size;
	atomic_bool was_cut;
	char name[IX_FILE_NAME_MAX];
};

/* In the signal handler. From the page that is gone to the end, so that a file of gigabytes costs one fault;
 * the kernel swaps the pages under other readers atomically. The raw call, because sanitizers put themselves
 * in front of mmap with code that is not for signal handlers. */
static bool mend(void *context, const ix_fault *fault) {
	struct ix_file_map_state *state = context;
	if (fault->signal != SIGBUS) return false; /* a write to the read-only mapping is a bug */
	size_t offset = fault->address - (uintptr_t)state->mapping;
	offset -= offset % state->page_size;
	atomic_store_explicit(&state->was_cut, true, memory_order_relaxed);
	long result = syscall(SYS_mmap, state->mapping + offset, state->mapping_size - offset, PROT_READ,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | MAP_NORESERVE, -1, 0);
	return result != -1;
}

static int map_regular(struct ix_file_map_state *state, size_t size, ix_error *err) {
	if (ix_add_overflow(size, state->page_size - 1, &state->mapping_size))
		return ix_fail(err, IX_ERR_LIMIT, "%s: too large to be mapped", state->name);
	state->mapping_size -= state->mapping_size % state->page_size;
	/* Private: what a writer does to its file after a page was first read is not promised either way. */
	void *mapping = mmap(NULL, size, PROT_READ, MAP_PRIVATE, state->descriptor, 0);
	if (mapping == MAP_FAILED) return ix_fail_os(err, errno, "%s: map", state->name);
	state->mapping = mapping;
	(void)madvise(mapping, size, MADV_SEQUENTIAL);
	int code = ix_fault_watch(mapping, state->mapping_size, mend, state, err);
	if (code) {
		munmap(mapping, size);
		state->mapping = NULL;
		return ix_wrap(err, code, "%s", state->name);
	}
	return 0;
}

/* True when the path names a file whose size can be believed: /proc says 0 for files that have contents. */
static bool is_mappable(const char *path, int *ret_descriptor, size_t *ret_size) {
	if (strcmp(path, "-") == 0) return false;
	struct stat info;
	if (stat(path, &info) < 0 || !S_ISREG(info.st_mode) || info.st_size == 0) return false;
	int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (descriptor < 0) return false;
	if (fstat(descriptor, &info) == 0 && S_ISREG(info.st_mode) && info.st_size > 0) {
		*ret_descriptor = descriptor;
		*ret_size = (size_t)info.st_size;
		return true;
	}
	close(descriptor);
	return false;
}

static void free_state(struct ix_file_map_state *state) {
	if (state->descriptor >= 0) close(state->descriptor);
	ix_release(state->allocator, state, sizeof *state, _Alignof(struct ix_file_map_state));
}

int ix_file_map_open(const char *path, ix_file_map *ret_map, ix_error *err) {
	const ix_allocator *allocator = ix_allocator_current();
	struct ix_file_map_state *state =
		ix_allocate(allocator, sizeof *state, _Alignof(struct ix_file_map_state));
	if (!state) return ix_fail(err, IX_ERR_MEMORY, "%s: out of memory", path);
	*state = (struct ix_file_map_state){
		.allocator = allocator, .descriptor = -1, .page_size = (size_t)sysconf(_SC_PAGESIZE)};
	(void)ix_format(state->name, sizeof state->name, "%s", path);
	size_t size = 0;
	ix_bytes bytes = {0};
	int code;
	if (is_mappable(path, &state->descriptor, &size)) {
		code = map_regular(state, size, err);
		bytes = (ix_bytes){state->mapping, size};
	} else { /* also says why a path cannot be opened */
		code = ix_file_read(path, IX_FILE_MAP_PIPE_MAX, allocator, &bytes, err);
	}
	if (code) {
		free_state(state);
		return code;
	}
	*ret_map = (ix_file_map){.bytes = bytes, .state = state};
	return 0;
}

int ix_file_map_check(const ix_file_map *map, ix_error *err) {
	const struct ix_file_map_state *state = map->state;
	if (!state || !state->mapping) return 0;
	/* A cut inside the last page that is left raises no signal: the size tells. */
	struct stat info;
	bool is_cut = atomic_load_explicit(&state->was_cut, memory_order_relaxed) ||
		      fstat(state->descriptor, &info) < 0 || (uint64_t)info.st_size < map->bytes.size;
	if (!is_cut) return 0;
	return ix_fail(err, IX_ERR_TRUNCATED,
		"%s: it was cut short, or could not be read, while it was in use", state->name);
}

void ix_file_unmap(ix_file_map *map) {
	struct ix_file_map_state *state = map->state;
	if (state && state->mapping) {
		ix_fault_unwatch(state->mapping);
		munmap(state->mapping, state->mapping_size);
	} else if (state) {
		ix_file_read_free(map->bytes, state->allocator);
	}
	if (state) free_state(state);
	*map = (ix_file_map){0};
}
