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

bool pool_grow(
	ix_books *books, void **array, size_t item_size, uint32_t *reserved, uint32_t needed, uint32_t most) {
	if (needed <= *reserved) return true;
	uint64_t count = *reserved;
	if (count == 0) count = needed;
	while (count < needed) count *= 2;
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

uint32_t blocks_take(ix_books *books, blocks *pool, uint32_t log2) {
	uint32_t block = blocks_split(pool, log2);
	if (block) return block;
	uint32_t needed;
	if (ix_add_overflow(pool->used, (uint32_t)1 << log2, &needed)) {
		books->shortage = IX_ERR_LIMIT;
		return 0;
	}
	if (!pool_grow(books, (void **)&pool->memory, pool->unit_size, &pool->reserved, needed, UINT32_MAX))
		return 0;
	block = pool->used;
	pool->used = needed;
	return block;
}

void blocks_give(blocks *pool, uint32_t block, uint32_t log2) {
	*block_link(pool, block) = pool->free[log2];
	pool->free[log2] = block;
}
