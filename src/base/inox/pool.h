/* pool.h - objects of one size, at most so many, taken and given back in constant time. All of its memory is
 * taken when it is made; an object's index is stable, so 32 bits can stand for a pointer.
 *
 * One thread at a time. Objects are not zeroed. A build with IX_DEBUG stops at a second give of the same
 * object and at one that is not of this pool. */
#ifndef INOX_POOL_H
#define INOX_POOL_H

#include <inox/base.h>

typedef struct ix_pool {
	void *free;     /* given back, latest first: the one most likely still in the cache */
	uint8_t *slots; /* slot_size * maximum bytes */
	size_t slot_size;
	size_t fresh; /* slots from here on were never taken */
	size_t used;  /* taken now */
	size_t maximum;
	uint8_t *live; /* IX_DEBUG: one byte a slot; else NULL */
	const ix_allocator *allocator;
	size_t alignment;
} ix_pool;

/* A pool of at most `maximum` objects. Errors: IX_ERR_LIMIT when the sizes overflow, IX_ERR_MEMORY. */
IX_API int ix_pool_init(ix_pool *pool, const ix_allocator *allocator, size_t object_size, size_t alignment,
	size_t maximum, ix_error *err);
#define ix_pool_init_of(pool, allocator, type, maximum, err) \
	ix_pool_init(pool, allocator, sizeof(type), _Alignof(type), maximum, err)
/* Gives the memory back, whether or not objects are still out. A zeroed pool is fine. */
IX_API void ix_pool_fini(ix_pool *pool);

IX_API void ix_pool_check_take(ix_pool *pool, const void *object);
IX_API void ix_pool_check_give(ix_pool *pool, const void *object);

/* The object's number, 0 up to maximum - 1, and back. */
static inline size_t ix_pool_index(const ix_pool *pool, const void *object) {
	return (size_t)((const uint8_t *)object - pool->slots) / pool->slot_size;
}
static inline void *ix_pool_at(const ix_pool *pool, size_t index) {
	IX_ASSERT_HOT(index < pool->fresh);
	return pool->slots + index * pool->slot_size;
}

/* NULL when all are out. */
IX_MUST_USE static inline void *ix_pool_take(ix_pool *pool) {
	void *object = pool->free;
	if (object)
		memcpy(&pool->free, object, sizeof pool->free);
	else if (IX_LIKELY(pool->fresh < pool->maximum))
		object = pool->slots + pool->slot_size * pool->fresh++;
	else
		return NULL;
	pool->used++;
#ifdef IX_DEBUG
	ix_pool_check_take(pool, object);
#endif
	return object;
}

/* `object` came from ix_pool_take of this pool and is not touched again. */
static inline void ix_pool_give(ix_pool *pool, void *object) {
#ifdef IX_DEBUG
	ix_pool_check_give(pool, object);
#endif
	memcpy(object, &pool->free, sizeof pool->free);
	pool->free = object;
	pool->used--;
}

#endif
