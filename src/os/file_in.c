/* Reading: whole into memory, or as a stream; "-" is stdin. */
#include <inox/file.h>

#include <inox/alloc.h>
#include <inox/os_error.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

struct ix_file_in {
	const ix_allocator *allocator;
	int descriptor;
	bool owns_descriptor;
	char name[IX_FILE_NAME_MAX];
};

static int open_to_read(const char *path, bool *ret_owned, ix_error *err) {
	*ret_owned = strcmp(path, "-") != 0;
	if (!*ret_owned) return STDIN_FILENO;
	int descriptor;
	do {
		descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	} while (descriptor < 0 && errno == EINTR);
	return descriptor < 0 ? ix_fail_os(err, errno, "%s", path) : descriptor;
}

static const char *shown(const char *path) { return strcmp(path, "-") == 0 ? "stdin" : path; }

/* Bytes read, 0 at the end, or a negative errno; waits where the descriptor does not. */
static ssize_t read_some(int descriptor, void *data, size_t capacity) {
	for (;;) {
		ssize_t got = read(descriptor, data, ix_size_min(capacity, PTRDIFF_MAX));
		if (got >= 0) return got;
		if (errno == EAGAIN) {
			struct pollfd wait = {.fd = descriptor, .events = POLLIN};
			(void)poll(&wait, 1, -1);
		} else if (errno != EINTR) {
			return -errno;
		}
	}
}

int ix_file_in_open(const char *path, ix_file_in **ret_in, ix_error *err) {
	const ix_allocator *allocator = ix_allocator_current();
	ix_file_in *in = ix_allocate(allocator, sizeof *in, _Alignof(ix_file_in));
	if (!in) return ix_fail(err, IX_ERR_MEMORY, "%s: out of memory", path);
	*in = (ix_file_in){.allocator = allocator};
	in->descriptor = open_to_read(path, &in->owns_descriptor, err);
	if (in->descriptor < 0) {
		int code = in->descriptor;
		ix_release(allocator, in, sizeof *in, _Alignof(ix_file_in));
		return code;
	}
	(void)posix_fadvise(in->descriptor, 0, 0, POSIX_FADV_SEQUENTIAL);
	(void)ix_format(in->name, sizeof in->name, "%s", shown(path));
	*ret_in = in;
	return 0;
}

int ix_file_in_read(ix_file_in *in, void *data, size_t capacity, size_t *ret_got, ix_error *err) {
	ssize_t got = read_some(in->descriptor, data, capacity);
	if (got < 0) return ix_fail_os(err, (int)-got, "%s: read", in->name);
	*ret_got = (size_t)got;
	return 0;
}

int ix_file_in_descriptor(const ix_file_in *in) { return in->descriptor; }

void ix_file_in_close(ix_file_in *in) {
	if (!in) return;
	if (in->owns_descriptor) close(in->descriptor);
	ix_release(in->allocator, in, sizeof *in, _Alignof(ix_file_in));
}

/* ---- whole ---- */

/* What is read so far: `size` bytes in a block of `capacity`. */
typedef struct growing {
	const ix_allocator *allocator;
	uint8_t *data;
	size_t size, capacity;
} growing;

static bool grow(growing *g, size_t capacity) {
	uint8_t *data = g->allocator->resize(g->allocator->context, g->data, g->capacity, capacity, 1);
	if (!data) return false;
	g->data = data;
	g->capacity = capacity;
	return true;
}

/* A regular file says how much to expect; it may still hold more or less. Room for one byte over the limit
 * tells a file of exactly the limit from a larger one; the NUL takes its place. */
static int read_whole(int descriptor, const char *name, size_t size_max, growing *g, ix_error *err) {
	struct stat info;
	size_t hint = 0;
	if (fstat(descriptor, &info) == 0 && S_ISREG(info.st_mode) && info.st_size > 0)
		hint = (size_t)info.st_size;
	if (hint > size_max)
		return ix_fail(
			err, IX_ERR_LIMIT, "%s: %zu bytes, more than the limit of %zu", name, hint, size_max);
	if (!grow(g, ix_size_max(hint + 1, ix_size_min(size_max, 4095) + 1)))
		return ix_fail(err, IX_ERR_MEMORY, "%s: out of memory for %zu bytes", name, hint);
	for (;;) {
		if (g->size == g->capacity) {
			size_t doubled = g->capacity > size_max / 2 ? size_max + 1 : g->capacity * 2;
			if (g->size > size_max)
				return ix_fail(err, IX_ERR_LIMIT, "%s: more than the limit of %zu bytes",
					name, size_max);
			if (!grow(g, doubled))
				return ix_fail(
					err, IX_ERR_MEMORY, "%s: out of memory for %zu bytes", name, doubled);
		}
		ssize_t got = read_some(descriptor, g->data + g->size, g->capacity - g->size);
		if (got < 0) return ix_fail_os(err, (int)-got, "%s: read", name);
		if (got == 0) break;
		g->size += (size_t)got;
	}
	if (g->size > size_max)
		return ix_fail(err, IX_ERR_LIMIT, "%s: more than the limit of %zu bytes", name, size_max);
	if (!grow(g, g->size + 1)) return ix_fail(err, IX_ERR_MEMORY, "%s: out of memory", name);
	g->data[g->size] = '\0';
	return 0;
}

int ix_file_read(const char *path, size_t size_max, const ix_allocator *allocator, ix_bytes *ret_bytes,
	ix_error *err) {
	bool owned;
	int descriptor = open_to_read(path, &owned, err);
	if (descriptor < 0) return descriptor;
	growing g = {.allocator = allocator};
	size_max = ix_size_min(size_max, PTRDIFF_MAX - 1);
	int code = read_whole(descriptor, shown(path), size_max, &g, err);
	if (owned) close(descriptor);
	if (code) {
		ix_release(allocator, g.data, g.capacity, 1);
		return code;
	}
	*ret_bytes = (ix_bytes){g.data, g.size};
	return 0;
}

void ix_file_read_free(ix_bytes bytes, const ix_allocator *allocator) {
	ix_release(allocator, (void *)bytes.data, bytes.size + 1, 1);
}
