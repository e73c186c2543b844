/* arena.h - memory that is given out piece by piece and taken back all at once: a request's life, a parse, a
 * frame. Blocks come from an allocator, or all of it is one buffer of the caller's. What was taken back is
 * kept and given out again, so a loop that marks and rewinds stops allocating after its first turn.
 *
 *     ix_arena arena;
 *     ix_arena_init(&arena, ix_os_allocator(), 0, 0);
 *     ix_order *orders = ix_arena_array(&arena, ix_order, count);
 *     if (!orders) return ix_fail(err, IX_ERR_MEMORY, "%zu orders do not fit", count);
 *     …
 *     ix_arena_fini(&arena);
 *
 * One thread at a time. Under AddressSanitizer, touching what was taken back is reported. */
#ifndef INOX_ARENA_H
#define INOX_ARENA_H

#include <inox/base.h>

enum { IX_ARENA_BLOCK_SIZE = 64 * 1024 }; /* the default */

typedef struct ix_arena_block ix_arena_block;

typedef struct ix_arena {
	uint8_t *next; /* the free part of the newest block */
	uint8_t *end;
	ix_arena_block *blocks;        /* in use, newest first */
	ix_arena_block *spare;         /* taken back, ready for use */
	const ix_allocator *allocator; /* NULL: a fixed buffer */
	size_t block_size;             /* of an ordinary block, with its header */
	size_t reserved;               /* bytes held, spare ones included */
	size_t limit;                  /* the most that may be held */
	uint8_t *fixed;                /* the caller's buffer, or NULL */
} ix_arena;

/* A place to come back to. */
typedef struct ix_arena_mark {
	ix_arena_block *block;
	uint8_t *next;
} ix_arena_mark;

/* Holds at most `limit` bytes, block headers included (0: no limit), in blocks of `block_size` (0:
 * IX_ARENA_BLOCK_SIZE); a request that is larger than a block gets one of its own. Takes nothing yet. */
IX_API void ix_arena_init(ix_arena *arena, const ix_allocator *allocator, size_t block_size, size_t limit);
/* Everything comes from `buffer`, which stays the caller's; the end of it is the limit. */
IX_API void ix_arena_init_fixed(ix_arena *arena, void *buffer, size_t size);
/* Gives every block back to the allocator. The arena may be used again. */
IX_API void ix_arena_fini(ix_arena *arena);

/* What ix_arena_take does when the newest block is too small. */
IX_API void *ix_arena_take_slow(ix_arena *arena, size_t size, size_t alignment);

#if defined __SANITIZE_ADDRESS__
#define IX_ARENA_POISON 1
#elif defined __has_feature
#if __has_feature(address_sanitizer)
#define IX_ARENA_POISON 1
#endif
#endif
#ifdef IX_ARENA_POISON
void __asan_poison_memory_region(void const volatile *data, size_t size);
void __asan_unpoison_memory_region(void const volatile *data, size_t size);
#endif

/* `size` bytes, not zeroed, at a multiple of `alignment` (a power of two, at most 4096). NULL: the limit is
 * reached or there is no memory; the arena is then as before. */
IX_MUST_USE static inline void *ix_arena_take(ix_arena *arena, size_t size, size_t alignment) {
	IX_ASSERT_HOT(ix_is_power_of_two(alignment));
	size_t gap = (0 - (uintptr_t)arena->next) & (alignment - 1);
	size_t room = (size_t)(arena->end - arena->next);
	if (IX_UNLIKELY(gap > room || size > room - gap || !arena->next))
		return ix_arena_take_slow(arena, size, alignment);
	uint8_t *out = arena->next + gap;
	arena->next = out + size;
#ifdef IX_ARENA_POISON
	__asan_unpoison_memory_region(out, size);
#endif
	return out;
}
/* The same for count * size bytes, which may not fit a size_t; zeroed. */
IX_API IX_MUST_USE void *ix_arena_take_zeroed(ix_arena *arena, size_t count, size_t size, size_t alignment);

/* One object, or `count` of them, zeroed; NULL when there is no memory. */
#define ix_arena_new(arena, type) ((type *)ix_arena_take_zeroed(arena, 1, sizeof(type), _Alignof(type)))
#define ix_arena_array(arena, type, count) \
	((type *)ix_arena_take_zeroed(arena, count, sizeof(type), _Alignof(type)))

/* Copies; a NUL follows the text, outside its size. NULL data: no memory. An empty copy's data is not NULL.
 */
IX_API IX_MUST_USE ix_str ix_arena_copy_str(ix_arena *arena, ix_str s);
IX_API IX_MUST_USE ix_bytes ix_arena_copy_bytes(ix_arena *arena, ix_bytes bytes);
/* ix_format into the arena, whole. */
IX_API IX_MUST_USE ix_str ix_arena_format(ix_arena *arena, const char *format, ...) IX_PRINTF(2, 3);

/* Rewinding takes back all that was given out since the mark was made. Marks nest: the latest is rewound
 * first. */
static inline ix_arena_mark ix_arena_mark_here(const ix_arena *arena) {
	return (ix_arena_mark){arena->blocks, arena->next};
}
IX_API void ix_arena_rewind(ix_arena *arena, ix_arena_mark mark);
IX_API void ix_arena_reset(ix_arena *arena); /* takes everything back; keeps the blocks */
IX_API void ix_arena_trim(ix_arena *arena);  /* gives the kept blocks to the allocator */

/* For containers: memory from the arena, where a free does nothing and only the latest piece grows in place.
 * The arena must outlive the container. */
IX_API ix_allocator ix_arena_allocator(ix_arena *arena);

#endif
