/* alloc.h - memory from the operating system, as the allocator that the rooms below are handed, and an
 * allocator for tests that counts what is alive and fails when it is told to. Regions of whole pages are in
 * region.h. */
#ifndef INOX_ALLOC_H
#define INOX_ALLOC_H

#include <inox/base.h>

/* malloc and its family. Safe from every thread. */
IX_API const ix_allocator *ix_os_allocator(void);

/* What every room that allocates for itself goes through: ix_os_allocator(), until a program replaces it
 * before it starts threads, or a test does to see an allocation fail. NULL puts ix_os_allocator() back.
 * Returns what was in use. Blocks go back to the allocator they came from: replace it only when none are
 * alive, or by one that stands on the one before it. */
IX_API const ix_allocator *ix_allocator_current(void);
IX_API const ix_allocator *ix_allocator_replace(const ix_allocator *allocator);

/* Counts, and fails on demand. The fields are the interface: set `fail_at` or `fail_every` at any time, read
 * the counts. A release never fails. Not for more than one thread. */
typedef struct ix_alloc_probe {
	ix_allocator allocator; /* hand out &probe.allocator */
	const ix_allocator *under;
	uint64_t calls;      /* allocations and resizes asked for */
	uint64_t failures;   /* of them, made to fail */
	uint64_t fail_at;    /* the n-th call from the start fails, once; 0: none */
	uint64_t fail_every; /* every n-th call fails; 0: none */
	int64_t live_blocks;
	int64_t live_bytes;
	int64_t peak_bytes;
} ix_alloc_probe;

/* `under` NULL: ix_os_allocator(). */
IX_API void ix_alloc_probe_init(ix_alloc_probe *probe, const ix_allocator *under);

/* One object or array of zeroed memory; NULL when there is none or when count * size overflows. */
IX_API void *ix_allocate_zeroed(const ix_allocator *allocator, size_t count, size_t size, size_t alignment);

#endif
