/* pool.c - making a pool, and in a debug build the watch over what is out and what is not. */
#include <inox/pool.h>

int ix_pool_init(ix_pool *pool, const ix_allocator *allocator, size_t object_size, size_t alignment,
	size_t maximum, ix_error *err) {
	IX_ASSERT(object_size > 0 && ix_is_power_of_two(alignment));
	/* A free slot holds a pointer, which is copied in and out, so it needs the size but not the
	 * alignment. */
	size_t slot_size, whole;
	bool over = ix_add_overflow(ix_size_max(object_size, sizeof pool->free), alignment - 1, &slot_size);
	slot_size &= ~(alignment - 1);
	if (over || ix_mul_overflow(slot_size, maximum, &whole) || whole > PTRDIFF_MAX)
		return ix_fail(err, IX_ERR_LIMIT, "a pool of %zu objects of %zu bytes is too large", maximum,
			object_size);
	*pool = (ix_pool){
		.slot_size = slot_size, .maximum = maximum, .alignment = alignment, .allocator = allocator};
	if (maximum == 0) return 0;
	pool->slots = ix_allocate(allocator, whole, alignment);
	if (!pool->slots) return ix_fail(err, IX_ERR_MEMORY, "no memory for a pool of %zu bytes", whole);
#ifdef IX_DEBUG
	pool->live = ix_allocate(allocator, maximum, 1);
	if (!pool->live) {
		ix_pool_fini(pool);
		return ix_fail(err, IX_ERR_MEMORY, "no memory to watch a pool of %zu objects", maximum);
	}
	memset(pool->live, 0, maximum);
#endif
	return 0;
}

void ix_pool_fini(ix_pool *pool) {
	if (pool->slots)
		ix_release(pool->allocator, pool->slots, pool->slot_size * pool->maximum, pool->alignment);
	if (pool->live) ix_release(pool->allocator, pool->live, pool->maximum, 1);
	*pool = (ix_pool){0};
}

static size_t slot_of(const ix_pool *pool, const void *object) {
	size_t distance = (size_t)((uintptr_t)object - (uintptr_t)pool->slots);
	IX_ASSERT(distance % pool->slot_size == 0 && distance / pool->slot_size < pool->fresh);
	return distance / pool->slot_size;
}

void ix_pool_check_take(ix_pool *pool, const void *object) {
	if (!pool->live) return; /* the library itself is not a debug build */
	size_t slot = slot_of(pool, object);
	IX_ASSERT(!pool->live[slot]);
	pool->live[slot] = 1;
}

void ix_pool_check_give(ix_pool *pool, const void *object) {
	if (!pool->live) return;
	size_t slot = slot_of(pool, object);
	IX_ASSERT(pool->live[slot]); /* else it was given back twice */
	pool->live[slot] = 0;
}
