/* arena.c - blocks behind an arena: taking one, keeping it for next time, giving it back. */
#include <inox/arena.h>

enum { BLOCK_ALIGNMENT = 64, BLOCK_SIZE_MIN = 256, ALIGNMENT_MAX = 4096 };

struct ix_arena_block {
	_Alignas(BLOCK_ALIGNMENT) ix_arena_block *older;
	size_t size; /* with this header */
};

static uint8_t *block_start(ix_arena_block *block) { return (uint8_t *)(block + 1); }
static uint8_t *block_end(ix_arena_block *block) { return (uint8_t *)block + block->size; }

static void hide(const void *data, size_t size) {
#ifdef IX_ARENA_POISON
	__asan_poison_memory_region(data, size);
#else
	(void)data, (void)size;
#endif
}

static void show(const void *data, size_t size) {
#ifdef IX_ARENA_POISON
	__asan_unpoison_memory_region(data, size);
#else
	(void)data, (void)size;
#endif
}

void ix_arena_init(ix_arena *arena, const ix_allocator *allocator, size_t block_size, size_t limit) {
	if (block_size == 0) block_size = IX_ARENA_BLOCK_SIZE;
	*arena = (ix_arena){
		.allocator = allocator,
		.block_size = ix_size_max(block_size, BLOCK_SIZE_MIN),
		.limit = limit ? limit : SIZE_MAX,
	};
}

void ix_arena_init_fixed(ix_arena *arena, void *buffer, size_t size) {
	*arena = (ix_arena){.next = buffer, .end = (uint8_t *)buffer + size, .reserved = size, .limit = size};
	arena->fixed = buffer;
	hide(buffer, size);
}

static void release_all(ix_arena *arena, ix_arena_block *block) {
	while (block) {
		ix_arena_block *older = block->older;
		size_t size = block->size;
		show(block, size);
		ix_release(arena->allocator, block, size, BLOCK_ALIGNMENT);
		arena->reserved -= size;
		block = older;
	}
}

void ix_arena_fini(ix_arena *arena) {
	if (arena->fixed) {
		show(arena->fixed, (size_t)(arena->end - arena->fixed));
		ix_arena_init_fixed(arena, arena->fixed, 0);
		return;
	}
	release_all(arena, arena->blocks);
	release_all(arena, arena->spare);
	arena->blocks = arena->spare = NULL;
	arena->next = arena->end = NULL;
}

/* A kept block that is large enough, cut out of the list. */
static ix_arena_block *take_spare(ix_arena *arena, size_t size) {
	for (ix_arena_block **at = &arena->spare; *at; at = &(*at)->older) {
		ix_arena_block *block = *at;
		if (block->size < size) continue;
		*at = block->older;
		return block;
	}
	return NULL;
}

/* A new one: the ordinary size, or what is asked for where that is more or the limit leaves less. */
static ix_arena_block *take_fresh(ix_arena *arena, size_t size) {
	size_t left = arena->limit - arena->reserved;
	if (size > left) return NULL;
	size_t wanted = ix_size_max(size, ix_size_min(arena->block_size, left));
	ix_arena_block *block = ix_allocate(arena->allocator, wanted, BLOCK_ALIGNMENT);
	if (!block) return NULL;
	arena->reserved += wanted;
	block->size = wanted;
	hide(block_start(block), wanted - sizeof *block);
	return block;
}

void *ix_arena_take_slow(ix_arena *arena, size_t size, size_t alignment) {
	IX_ASSERT(ix_is_power_of_two(alignment) && alignment <= ALIGNMENT_MAX);
	if (!arena->allocator) return NULL;
	/* The start of a block is aligned already for what needs no more than the block itself. */
	size_t slack = alignment > BLOCK_ALIGNMENT ? alignment - BLOCK_ALIGNMENT : 0, whole;
	if (ix_add_overflow(size, sizeof(ix_arena_block) + slack, &whole)) return NULL;
	ix_arena_block *block = take_spare(arena, whole);
	if (!block) block = take_fresh(arena, whole);
	if (!block) return NULL;
	block->older = arena->blocks;
	arena->blocks = block;
	arena->next = block_start(block);
	arena->end = block_end(block);
	return ix_arena_take(arena, size, alignment);
}

void *ix_arena_take_zeroed(ix_arena *arena, size_t count, size_t size, size_t alignment) {
	size_t whole;
	if (ix_mul_overflow(count, size, &whole)) return NULL;
	void *out = ix_arena_take(arena, whole, alignment);
	if (out && whole) memset(out, 0, whole);
	return out;
}

ix_str ix_arena_copy_str(ix_arena *arena, ix_str s) {
	char *out = s.size < SIZE_MAX ? ix_arena_take(arena, s.size + 1, 1) : NULL;
	if (!out) return (ix_str){NULL, 0};
	if (s.size) memcpy(out, s.data, s.size);
	out[s.size] = '\0';
	return (ix_str){out, s.size};
}

ix_bytes ix_arena_copy_bytes(ix_arena *arena, ix_bytes bytes) {
	return ix_str_bytes(ix_arena_copy_str(arena, ix_bytes_str(bytes)));
}

ix_str ix_arena_format(ix_arena *arena, const char *format, ...) {
	char nothing[1];
	va_list arguments;
	va_start(arguments, format);
	size_t size = ix_format_list(nothing, sizeof nothing, format, arguments);
	va_end(arguments);
	char *out = ix_arena_take(arena, size + 1, 1);
	if (!out) return (ix_str){NULL, 0};
	va_start(arguments, format);
	ix_format_list(out, size + 1, format, arguments);
	va_end(arguments);
	return (ix_str){out, size};
}

void ix_arena_rewind(ix_arena *arena, ix_arena_mark mark) {
	while (arena->blocks != mark.block) {
		IX_ASSERT(arena->blocks); /* else the mark is not of this arena, or was rewound past */
		ix_arena_block *block = arena->blocks;
		arena->blocks = block->older;
		block->older = arena->spare;
		arena->spare = block;
		hide(block_start(block), block->size - sizeof *block);
	}
	arena->next = mark.next;
	if (!arena->fixed) arena->end = arena->blocks ? block_end(arena->blocks) : NULL;
	if (arena->next) hide(arena->next, (size_t)(arena->end - arena->next));
}

void ix_arena_reset(ix_arena *arena) { ix_arena_rewind(arena, (ix_arena_mark){NULL, arena->fixed}); }

void ix_arena_trim(ix_arena *arena) {
	release_all(arena, arena->spare);
	arena->spare = NULL;
}

static void *resize(void *context, void *block, size_t old_size, size_t new_size, size_t alignment) {
	ix_arena *arena = context;
	bool latest = block && (uint8_t *)block + old_size == arena->next;
	if (new_size == 0) {
		if (latest) {
			arena->next = block;
			hide(block, old_size);
		}
		return NULL;
	}
	if (latest && new_size <= (size_t)(arena->end - (uint8_t *)block)) {
		arena->next = (uint8_t *)block + new_size;
		hide(block, (size_t)(arena->end - (uint8_t *)block));
		show(block, new_size);
		return block;
	}
	if (block && new_size <= old_size) return block;
	void *larger = ix_arena_take(arena, new_size, alignment);
	if (larger && block) memcpy(larger, block, old_size);
	return larger;
}

ix_allocator ix_arena_allocator(ix_arena *arena) { return (ix_allocator){resize, arena}; }
