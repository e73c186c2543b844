/* ring.c - the ring's file: made, taken away, and read after a crash. */
#include "ring.h"

#include <inox/clock.h>
#include <inox/os_error.h>

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_SIZE = 4096, NAME_SIZE = 64, NAME_TRIES = 8 };
static const char magic[8] = "IXRING1";

/* Where memory is a file system: nothing of it is ever written back to a disk, which would make the next
 * store to each page a fault. `ring` in the trail's directory is then a link to there. */
static const char shared[] = "/dev/shm/inox-trail-";

static int path_of(const char *trail_path, char out[PATH_SIZE], ix_error *err) {
	size_t size = ix_format(out, PATH_SIZE, "%s/ring", trail_path);
	return size < PATH_SIZE ? 0 : ix_fail(err, IX_ERR_LIMIT, "%.200s…: the path is too long", trail_path);
}

/* Where the link leads, when it is one of ours. */
static bool read_link(const char *path, char out[NAME_SIZE]) {
	ssize_t size = readlink(path, out, NAME_SIZE - 1);
	if (size <= (ssize_t)(sizeof shared - 1)) return false;
	out[size] = 0;
	const char *name = out + sizeof shared - 1;
	return memcmp(out, shared, sizeof shared - 1) == 0 &&
	       strspn(name, "0123456789abcdef") == strlen(name);
}

/* A new file of the size, its space taken: a store to a page that there is no room for would be a signal. */
static int make_file(const char *path, size_t size, int *ret_errno) {
	int file = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	*ret_errno = file < 0 ? errno : posix_fallocate(file, 0, (off_t)size);
	if (file < 0 || *ret_errno == 0) return file;
	(void)unlink(path);
	(void)close(file);
	return -1;
}

/* In shared memory, with the link; -1 where that cannot be. */
static int make_shared(const char *path, size_t size) {
	for (int i = 0; i < NAME_TRIES; i++) {
		uint64_t chance;
		char name[NAME_SIZE];
		int failed;
		if (getrandom(&chance, sizeof chance, 0) != sizeof chance) return -1;
		ix_format(name, sizeof name, "%s%016llx", shared, (unsigned long long)chance);
		int file = make_file(name, size, &failed);
		if (file < 0 && failed != EEXIST) return -1;
		if (file < 0) continue;
		if (symlink(name, path) == 0) return file;
		(void)unlink(name);
		(void)close(file);
		return -1;
	}
	return -1;
}

static void remove_ring(const char *path) {
	char name[NAME_SIZE];
	if (read_link(path, name)) (void)unlink(name);
	(void)unlink(path);
}

/* Which start of the machine this is; empty where it does not say, and then no ring is ever believed. */
static void boot_id(char out[BOOT_ID_SIZE]) {
	memset(out, 0, BOOT_ID_SIZE);
	int file = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
	if (file < 0) return;
	ssize_t got = read(file, out, BOOT_ID_SIZE - 1);
	if (got < 36) memset(out, 0, BOOT_ID_SIZE);
	(void)close(file);
}

/* What tells a trail from a copy of it. */
static int directory_of(const char *trail_path, uint64_t *ret_device, uint64_t *ret_inode, ix_error *err) {
	struct stat s;
	if (stat(trail_path, &s) != 0) return ix_fail_os(err, errno, "%s", trail_path);
	*ret_device = (uint64_t)s.st_dev;
	*ret_inode = (uint64_t)s.st_ino;
	return 0;
}

static int map(ring *r, int file, size_t size, const char *path, ix_error *err) {
	void *memory =
		mmap(NULL, RING_HEAD_SIZE + size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, file, 0);
	if (memory == MAP_FAILED) return ix_fail_os(err, errno, "%s", path);
	r->head = memory;
	r->bytes = (uint8_t *)memory + RING_HEAD_SIZE;
	r->mask = size - 1;
	return 0;
}

int ring_create(ring *r, const char *trail_path, size_t size, ix_error *err) {
	char path[PATH_SIZE];
	int code = path_of(trail_path, path, err);
	if (code) return code;
	int failed = 0, file = make_shared(path, RING_HEAD_SIZE + size);
	if (file < 0) file = make_file(path, RING_HEAD_SIZE + size, &failed);
	if (file < 0) return ix_fail_os(err, failed, "%s", path);
	code = map(r, file, size, path, err);
	(void)close(file);
	if (code) {
		remove_ring(path);
		return code;
	}
	memset(r->bytes, 0, size); /* touched now, not on the way of a tick */
	memcpy(r->head->magic, magic, sizeof magic);
	boot_id(r->head->boot_id);
	r->head->size = size;
	return directory_of(trail_path, &r->head->device, &r->head->inode, err);
}

void ring_close(ring *r, const char *trail_path, bool removes) {
	char path[PATH_SIZE];
	if (!r->head) return;
	(void)munmap(r->head, RING_HEAD_SIZE + r->mask + 1);
	r->head = NULL;
	if (removes && path_of(trail_path, path, NULL) == 0) remove_ring(path);
}

bool ring_next(const ring *r, size_t *at, size_t put, ring_record *ret_record, ix_bytes ret_parts[2]) {
	size_t left = put - *at;
	if (left == 0 || left > r->mask + 1 || left < sizeof(ring_record)) return false;
	memcpy(ret_record, r->bytes + (*at & r->mask), sizeof *ret_record);
	if (ret_record->size > IX_TRAIL_PAYLOAD_MAX || ring_whole(ret_record->size) > left) return false;
	size_t from = (*at + sizeof(ring_record)) & r->mask;
	size_t first = ix_size_min(ret_record->size, r->mask + 1 - from);
	ret_parts[0] = (ix_bytes){r->bytes + from, first};
	ret_parts[1] = (ix_bytes){r->bytes, ret_record->size - first};
	*at += ring_whole(ret_record->size);
	return true;
}

/* ---- after a crash ---- */

/* A ring of this boot, mapped; *ret_is_ours false: there is none, or none to believe. */
static int find(ring *r, const char *trail_path, const char *path, bool *ret_is_ours, ix_error *err) {
	char name[NAME_SIZE];
	*ret_is_ours = false;
	int file = open(read_link(path, name) ? name : path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
	if (file < 0 && (errno == ENOENT || errno == ELOOP || errno == EISDIR)) return 0;
	if (file < 0) return ix_fail_os(err, errno, "%s", path);
	struct stat s;
	bool is_good = fstat(file, &s) == 0 && S_ISREG(s.st_mode) && s.st_uid == geteuid();
	size_t size = is_good && s.st_size > RING_HEAD_SIZE ? (size_t)s.st_size - RING_HEAD_SIZE : 0;
	int code = 0;
	if (ix_is_power_of_two(size) && size >= IX_TRAIL_RING_SIZE_MIN && size <= IX_TRAIL_RING_SIZE_MAX)
		code = map(r, file, size, path, err);
	(void)close(file);
	if (code || !r->head) return code;
	char here[BOOT_ID_SIZE];
	uint64_t device = 0, inode = 0;
	boot_id(here);
	code = directory_of(trail_path, &device, &inode, err);
	if (code) return code;
	size_t counters = atomic_load(&r->head->taken) | atomic_load(&r->head->put);
	*ret_is_ours = here[0] && memcmp(r->head->magic, magic, sizeof magic) == 0 && r->head->size == size &&
		       memcmp(r->head->boot_id, here, sizeof here) == 0 && r->head->device == device &&
		       r->head->inode == inode && counters % RING_ALIGNMENT == 0;
	return 0;
}

/* Appends what the journal does not have yet. */
static int append_rest(const ring *r, ix_journal *journal, uint64_t *ret_count, ix_error *err) {
	size_t at = atomic_load(&r->head->taken), put = atomic_load(&r->head->put);
	ring_record record;
	ix_bytes parts[2];
	*ret_count = 0;
	while (ring_next(r, &at, put, &record, parts)) {
		uint64_t next = ix_journal_last_sequence(journal) + 1;
		if (record.number < next) continue;
		if (record.number > next || record.kind == 0 || record.kind > IX_TRAIL_END) break;
		int code = ix_journal_append_parts(
			journal, record.kind, ix_clock_now(ix_clock_real()), parts, 2, NULL, err);
		if (code) return code;
		++*ret_count;
	}
	return 0;
}

int ix_trail_settle(const char *path, uint64_t *ret_recovered, ix_error *err) {
	char ring_path[PATH_SIZE];
	ring r = {0};
	bool is_ours;
	uint64_t recovered = 0;
	struct stat s;
	int code = path_of(path, ring_path, err);
	if (code || lstat(ring_path, &s) != 0) {
		*ret_recovered = 0;
		return code;
	}
	const ix_journal_options options = {.application = IX_TRAIL_APPLICATION,
		.payload_max = IX_TRAIL_PAYLOAD_MAX,
		.chained = true,
		.must_exist = true};
	ix_journal *journal = NULL;
	code = ix_journal_open(path, &options, &journal, NULL, err);
	if (code) return code;
	code = find(&r, path, ring_path, &is_ours, err);
	if (!code && is_ours) code = append_rest(&r, journal, &recovered, err);
	int closing = ix_journal_close(journal, code ? NULL : err);
	if (!code) code = closing;
	ring_close(&r, path, code == 0 && is_ours);
	if (!code) {
		(void)unlink(ring_path); /* of a ring that is another's, the link only */
		*ret_recovered = recovered;
	}
	return code;
}
