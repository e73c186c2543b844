/* ring.h - the ring of bytes between the trading thread and the one that writes, and the trail around it. The
 * ring is a file, mapped and shared: what the trading thread has put in is in the kernel's hands at once, and
 * is there after a kill -9, as after a write. A reboot is another matter: then only the journal counts. So it
 * lies in shared memory where there is some, and a link in the trail's directory says where.
 *
 * Memory order. `put` counts the bytes put in, `taken` those that are in the journal's file, each stored with
 * release by its one writer and loaded with acquire by the other, as in <inox/ring.h>. `taken` moves on only
 * after the journal's write has returned, so a record is always in the ring or in the file. `failed`
 * publishes `why`, which is written once, before. */
#ifndef AUDIT_RING_H
#define AUDIT_RING_H

#include <inox/trail.h>

#include <stdatomic.h>

struct ix_thread;

enum {
	RING_APART = 128, /* processors fetch cache lines in pairs */
	RING_ALIGNMENT = 16,
	RING_HEAD_SIZE = 4096,
	BOOT_ID_SIZE = 40,
	TRAIL_BATCH_MAX = 256 << 10, /* bytes between two writes */
};

/* The file's first page. Native byte order: it never leaves the machine, nor this boot. */
typedef struct ring_head {
	char magic[8];
	char boot_id[BOOT_ID_SIZE];
	uint64_t size;
	uint64_t device, inode; /* of the trail's directory: a copy's link leads here, and is not believed */
	_Alignas(RING_APART) atomic_size_t put;
	_Alignas(RING_APART) atomic_size_t taken;
} ring_head;
_Static_assert(sizeof(ring_head) <= RING_HEAD_SIZE, "the head is a page");

/* In front of each record; never split, as records are aligned to it. */
typedef struct ring_record {
	uint64_t number;
	uint32_t size;
	uint16_t kind, zero;
} ring_record;
_Static_assert(sizeof(ring_record) == RING_ALIGNMENT, "a record's head is not split by the ring's end");

typedef struct ring {
	ring_head *head;
	uint8_t *bytes;
	size_t mask;
} ring;

static inline size_t ring_whole(uint32_t size) {
	return (sizeof(ring_record) + (size_t)size + RING_ALIGNMENT - 1) & ~(size_t)(RING_ALIGNMENT - 1);
}

static inline void ring_copy_in(const ring *r, size_t at, ix_bytes bytes) {
	size_t from = at & r->mask, first = ix_size_min(bytes.size, r->mask + 1 - from);
	if (first > 0) memcpy(r->bytes + from, bytes.data, first);
	if (bytes.size > first) memcpy(r->bytes, bytes.data + first, bytes.size - first);
}

static inline void pause_briefly(void) {
#if defined(__x86_64__)
	__builtin_ia32_pause();
#endif
}

/* ---- ring.c ---- */
int ring_create(ring *r, const char *trail_path, size_t size, ix_error *err);
void ring_close(ring *r, const char *trail_path, bool removes);
/* The records from `*at` up to `put`, as two pieces each; false at the end, or where it is no record. */
bool ring_next(const ring *r, size_t *at, size_t put, ring_record *ret_record, ix_bytes ret_parts[2]);

/* ---- trail_writer.c ---- */
void trail_write(void *trail);

struct ix_trail {
	/* the trading thread's */
	_Alignas(RING_APART) size_t taken_seen;
	uint64_t number; /* of the last record appended */
	uint64_t byte_count, full_wait_count, gate_wait_count;
	/* shared */
	_Alignas(RING_APART) _Atomic uint64_t on_file;
	_Atomic uint64_t batch_count;
	atomic_bool is_ending, failed;
	ix_error why;
	ring ring;
	ix_trail_options options;
	ix_journal *journal;
	struct ix_thread *thread;
};

#endif
