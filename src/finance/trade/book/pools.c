/* pools.c - where the books' memory comes from: arrays that double, and blocks of a power of two with a free
 * list for each size. All of it is touched when it is taken, so that no page fault waits on the hot path. */
#include "state.h"

/* Resizes and zeroes what is new; the block stands when there is no memory. */
static bool take(ix_books *books, void **block, size_t old_size, size_t new_size) {
	const ix_allocator *a = books->options.allocator;
	uint8_t *memory = a->resize(a->context, *block, old_size, new_size, CACHE_LINE);
	if (!memory) {
		books->shortage = IX_ERR_MEMORY;
		return false;
	}
	memset(memory + old_size, 0, new_size - old_size);
	books->memory_bytes += new_size - old_size;
	if (old_size) books->day.growth_count++;
	*block = memory;
	return true;
}

/* At least so many, and twice as many as there were. */
static uint64_t doubled(uint32_t reserved, uint32_t needed) {
	uint64_t count = reserved ? reserved : needed;
	while (count < needed) count *= 2;
	return count;
}

bool pool_grow(
	ix_books *books, void **array, size_t item_size, uint32_t *reserved, uint32_t needed, uint32_t most) {
	if (needed <= *reserved) return true;
	uint64_t count = doubled(*reserved, needed);
	if (count > most) count = most;
	size_t size;
	if (ix_mul_overflow((size_t)count, item_size, &size)) {
		books->shortage = IX_ERR_MEMORY;
		return false;
	}
	if (!take(books, array, *reserved * item_size, size)) return false;
	*reserved = (uint32_t)count;
	return true;
}

static uint32_t *block_link(const blocks *pool, uint32_t block) {
	return (uint32_t *)(void *)(pool->memory + (size_t)block * pool->unit_size);
}

/* The smallest free block that is large enough, cut in halves down to the size; 0 when there is none. */
static uint32_t blocks_split(blocks *pool, uint32_t log2) {
	uint32_t size = log2;
	while (size <= BLOCK_LOG2_MAX && pool->free[size] == 0) size++;
	if (size > BLOCK_LOG2_MAX) return 0;
	uint32_t block = pool->free[size];
	pool->free[size] = *block_link(pool, block);
	while (size > log2) {
		size--;
		blocks_give(pool, block + ((uint32_t)1 << size), size);
	}
	return block;
}

bool arena_grow(ix_books *books, uint32_t levels_needed, uint32_t units_needed) {
	uint64_t level_count = doubled(books->level_reserved, levels_needed);
	uint64_t unit_count = doubled(books->rings.reserved, units_needed);
	uint32_t levels_most = books->options.levels_max + 2;
	if (level_count > levels_most) level_count = levels_most;
	if (unit_count > ARENA_UNITS_MOST) unit_count = ARENA_UNITS_MOST;
	unit_count = (unit_count + 15) / 16 * 16;
	if (units_needed > unit_count) {
		books->shortage = IX_ERR_LIMIT;
		return false;
	}
	const ix_allocator *a = books->options.allocator;
	size_t old_levels = books->level_reserved * sizeof(level),
	       new_levels = (size_t)level_count * sizeof(level);
	size_t old_rings = (size_t)books->rings.reserved * RING_UNIT,
	       new_rings = (size_t)unit_count * RING_UNIT;
	uint8_t *arena = ix_allocate(a, new_levels + new_rings, CACHE_LINE);
	if (!arena) {
		books->shortage = IX_ERR_MEMORY;
		return false;
	}
	memset(arena, 0, new_levels + new_rings);
	if (books->levels) {
		memcpy(arena, books->levels, old_levels);
		memcpy(arena + new_levels, books->rings.memory, old_rings);
		ix_release(a, books->levels, old_levels + old_rings, CACHE_LINE);
		books->day.growth_count++;
	}
	books->memory_bytes += new_levels + new_rings - old_levels - old_rings;
	books->levels = (level *)(void *)arena;
	books->rings.memory = arena + new_levels;
	for (uint32_t i = 1; i < books->day.level_used; i++) {
		level *l = &books->levels[i];
		if (l->count > 0 && l->capacity_log2 > NEAR_LOG2)
			l->entries += (uint32_t)((new_levels - old_levels) / ENTRY_UNIT);
	}
	books->level_reserved = (uint32_t)level_count;
	books->rings.reserved = (uint32_t)unit_count;
	return true;
}

static bool blocks_grow(ix_books *books, blocks *pool, uint32_t needed) {
	if (needed <= pool->reserved) return true;
	if (pool == &books->rings) return arena_grow(books, books->level_reserved, needed);
	return pool_grow(books, (void **)&pool->memory, pool->unit_size, &pool->reserved, needed, UINT32_MAX);
}

uint32_t blocks_take(ix_books *books, blocks *pool, uint32_t log2) {
	uint32_t block = blocks_split(pool, log2);
	if (block) return block;
	uint32_t needed;
	if (ix_add_overflow(pool->used, (uint32_t)1 << log2, &needed)) {
		books->shortage = IX_ERR_LIMIT;
		return 0;
	}
	if (!blocks_grow(books, pool, needed)) return 0;
	block = pool->used;
	pool->used = needed;
	return block;
}

void blocks_give(blocks *pool, uint32_t block, uint32_t log2) {
	*block_link(pool, block) = pool->free[log2];
	pool->free[log2] = block;
}
