/* vec.h - a growable array, typed. IX_VEC(ix_orders, ix_order) declares the struct ix_orders and its
 * functions; what a debugger shows is a plain pointer, a count and a capacity.
 *
 *     IX_VEC(ix_orders, ix_order);
 *
 *     ix_orders orders;
 *     ix_orders_init(&orders, ix_os_allocator(), ORDER_COUNT_MAX);
 *     int code = ix_orders_push(&orders, order, err);
 *     for (size_t i = 0; i < orders.count; i++) total += orders.items[i].quantity;
 *     ix_orders_fini(&orders);
 *
 * Items move when it grows: keep indices, not pointers. Errors: IX_ERR_LIMIT when it would hold more than its
 * maximum, IX_ERR_MEMORY; the vector is then as before. */
#ifndef INOX_VEC_H
#define INOX_VEC_H

#include <inox/base.h>

/* Makes room for `wanted` items, at least half as many again as now: resizes *items and sets *capacity. */
IX_API int ix_vec_grow(const ix_allocator *allocator, void **items, size_t *capacity, size_t wanted,
	size_t maximum, size_t item_size, size_t alignment, ix_error *err);

#define IX_VEC(name, type)                                                                              \
	typedef struct name {                                                                           \
		type *items;                                                                            \
		size_t count;                                                                           \
		size_t capacity;                                                                        \
		size_t maximum;                                                                         \
		const ix_allocator *allocator;                                                          \
	} name;                                                                                         \
                                                                                                        \
	/* Empty; holds at most `maximum` items. Takes no memory yet. */                                \
	IX_INLINE void name##_init(name *v, const ix_allocator *allocator, size_t maximum) {            \
		*v = (name){.maximum = maximum, .allocator = allocator};                                \
	}                                                                                               \
	/* Gives the memory back; the vector is empty and may be used again. A zeroed one is fine. */   \
	IX_INLINE void name##_fini(name *v) {                                                           \
		if (v->items)                                                                           \
			ix_release(v->allocator, v->items, v->capacity * sizeof(type), _Alignof(type)); \
		*v = (name){.maximum = v->maximum, .allocator = v->allocator};                          \
	}                                                                                               \
	/* Makes sure that `capacity` items fit without growing. */                                     \
	IX_INLINE int name##_reserve(name *v, size_t capacity, ix_error *err) {                         \
		if (capacity <= v->capacity) return 0;                                                  \
		void *items = v->items;                                                                 \
		int code = ix_vec_grow(v->allocator, &items, &v->capacity, capacity, v->maximum,        \
			sizeof(type), _Alignof(type), err);                                             \
		v->items = (type *)items;                                                               \
		return code;                                                                            \
	}                                                                                               \
	IX_INLINE int name##_push(name *v, type item, ix_error *err) {                                  \
		if (IX_UNLIKELY(v->count == v->capacity)) {                                             \
			int code = name##_reserve(v, v->count + 1, err);                                \
			if (code) return code;                                                          \
		}                                                                                       \
		v->items[v->count++] = item;                                                            \
		return 0;                                                                               \
	}                                                                                               \
	/* All of `items` or none of them; they are not the vector's own. */                            \
	IX_INLINE int name##_append(name *v, const type *items, size_t count, ix_error *err) {          \
		size_t wanted;                                                                          \
		if (ix_add_overflow(v->count, count, &wanted)) wanted = SIZE_MAX;                       \
		int code = name##_reserve(v, wanted, err);                                              \
		if (code) return code;                                                                  \
		if (count && v->items) memcpy(v->items + v->count, items, count * sizeof(type));        \
		v->count = wanted;                                                                      \
		return 0;                                                                               \
	}                                                                                               \
	/* Before the item at `index`, or at the end; what follows moves up. */                         \
	IX_INLINE int name##_insert(name *v, size_t index, type item, ix_error *err) {                  \
		IX_ASSERT(index <= v->count);                                                           \
		int code = name##_reserve(v, v->count + 1, err);                                        \
		if (code) return code;                                                                  \
		memmove(v->items + index + 1, v->items + index, (v->count - index) * sizeof(type));     \
		v->items[index] = item;                                                                 \
		v->count++;                                                                             \
		return 0;                                                                               \
	}                                                                                               \
	/* What follows moves down. */                                                                  \
	IX_INLINE type name##_remove(name *v, size_t index) {                                           \
		IX_ASSERT(index < v->count);                                                            \
		type item = v->items[index];                                                            \
		v->count--;                                                                             \
		memmove(v->items + index, v->items + index + 1, (v->count - index) * sizeof(type));     \
		return item;                                                                            \
	}                                                                                               \
	/* The last item takes its place: constant time, another order. */                              \
	IX_INLINE type name##_remove_swap(name *v, size_t index) {                                      \
		IX_ASSERT(index < v->count);                                                            \
		type item = v->items[index];                                                            \
		v->items[index] = v->items[--v->count];                                                 \
		return item;                                                                            \
	}                                                                                               \
	IX_INLINE type name##_pop(name *v) {                                                            \
		IX_ASSERT(v->count > 0);                                                                \
		return v->items[--v->count];                                                            \
	}                                                                                               \
	/* Keeps the first `count` items, and the memory. */                                            \
	IX_INLINE void name##_truncate(name *v, size_t count) {                                         \
		if (count < v->count) v->count = count;                                                 \
	}                                                                                               \
	IX_INLINE void name##_clear(name *v) { v->count = 0; }                                          \
	struct name

#endif
