/* ring.h - a bounded queue between two threads, one that pushes and one that pops, without locks or
 * allocation. IX_RING(ix_feed_ring, ix_message) declares the struct ix_feed_ring and its functions.
 *
 *     IX_RING(ix_feed_ring, ix_message);
 *     static ix_message messages[4096];
 *     static ix_feed_ring ring;
 *     ix_feed_ring_init(&ring, messages, 4096);
 *     producer: if (!ix_feed_ring_push(&ring, message)) full();
 *     consumer: while (ix_feed_ring_pop(&ring, &message)) handle(&message);
 *
 * `pushed` and `popped` count items since the start and wrap; their difference is what the ring holds. Each
 * side writes one of them and keeps a copy of the other on its own cache line, which it refreshes only when
 * the ring looks full (or empty): in a steady stream a cache line crosses once a batch, not once an item.
 *
 * Memory order. The producer writes an item, then stores `pushed` with release; the consumer loads `pushed`
 * with acquire, then reads the item: it sees the item whole. The consumer reads an item, then stores `popped`
 * with release; the producer loads `popped` with acquire, then writes over the item: the read is finished.
 * Each side loads its own counter relaxed, as nobody else writes it. */
#ifndef INOX_RING_H
#define INOX_RING_H

#include <inox/base.h>
#include <stdatomic.h>

/* Two lines of 64 bytes, because processors fetch them in pairs; one is enough for a microcontroller. */
#if __SIZEOF_POINTER__ == 8
enum { IX_RING_APART = 128 };
#else
enum { IX_RING_APART = 32 };
#endif

typedef struct ix_ring {
	_Alignas(IX_RING_APART) atomic_size_t pushed; /* the producer's line */
	size_t popped_seen;
	_Alignas(IX_RING_APART) atomic_size_t popped; /* the consumer's line */
	size_t pushed_seen;
	_Alignas(IX_RING_APART) size_t mask; /* capacity - 1; never written again */
} ix_ring;

IX_API void ix_ring_init(ix_ring *ring, size_t capacity);

/* How many of `wanted` items can be pushed now, from position *ret_at on. Producer only. */
static inline size_t ix_ring_space(ix_ring *ring, size_t wanted, size_t *ret_at) {
	size_t pushed = atomic_load_explicit(&ring->pushed, memory_order_relaxed);
	size_t space = ring->mask + 1 - (pushed - ring->popped_seen);
	if (IX_UNLIKELY(space < wanted)) {
		ring->popped_seen = atomic_load_explicit(&ring->popped, memory_order_acquire);
		space = ring->mask + 1 - (pushed - ring->popped_seen);
	}
	*ret_at = pushed;
	return ix_size_min(space, wanted);
}

/* How many of `wanted` items can be popped now, from position *ret_at on. Consumer only. */
static inline size_t ix_ring_ready(ix_ring *ring, size_t wanted, size_t *ret_at) {
	size_t popped = atomic_load_explicit(&ring->popped, memory_order_relaxed);
	size_t ready = ring->pushed_seen - popped;
	if (IX_UNLIKELY(ready < wanted)) {
		ring->pushed_seen = atomic_load_explicit(&ring->pushed, memory_order_acquire);
		ready = ring->pushed_seen - popped;
	}
	*ret_at = popped;
	return ix_size_min(ready, wanted);
}

/* How many it holds: exact on either side when the other rests, else a moment old. Any thread. `popped`
 * first: it only grows, so the difference is never negative; it may count what was popped in between, hence
 * the cap. */
static inline size_t ix_ring_count(ix_ring *ring) {
	size_t popped = atomic_load_explicit(&ring->popped, memory_order_acquire);
	size_t pushed = atomic_load_explicit(&ring->pushed, memory_order_acquire);
	return ix_size_min(pushed - popped, ring->mask + 1);
}

#define IX_RING(name, type)                                                                       \
	typedef struct name {                                                                     \
		ix_ring ring;                                                                     \
		type *items;                                                                      \
	} name;                                                                                   \
                                                                                                  \
	/* `capacity` items of the caller's, a power of two. Before the threads start. */         \
	IX_INLINE void name##_init(name *r, type *items, size_t capacity) {                       \
		ix_ring_init(&r->ring, capacity);                                                 \
		r->items = items;                                                                 \
	}                                                                                         \
	IX_INLINE size_t name##_count(name *r) { return ix_ring_count(&r->ring); }                \
	/* Producer: as many of `items` as there is space for, in order; returns how many. */     \
	IX_INLINE size_t name##_push_many(name *r, const type *items, size_t count) {             \
		size_t at, n = ix_ring_space(&r->ring, count, &at);                               \
		size_t from = at & r->ring.mask, first = ix_size_min(n, r->ring.mask + 1 - from); \
		if (n == 0) return 0;                                                             \
		memcpy(r->items + from, items, first * sizeof(type));                             \
		if (n > first) memcpy(r->items, items + first, (n - first) * sizeof(type));       \
		atomic_store_explicit(&r->ring.pushed, at + n, memory_order_release);             \
		return n;                                                                         \
	}                                                                                         \
	/* Producer: false when the ring is full. */                                              \
	IX_INLINE bool name##_push(name *r, type item) {                                          \
		size_t at;                                                                        \
		if (ix_ring_space(&r->ring, 1, &at) == 0) return false;                           \
		r->items[at & r->ring.mask] = item;                                               \
		atomic_store_explicit(&r->ring.pushed, at + 1, memory_order_release);             \
		return true;                                                                      \
	}                                                                                         \
	/* Consumer: up to `count` of the oldest items, in order; returns how many. */            \
	IX_INLINE size_t name##_pop_many(name *r, type *ret_items, size_t count) {                \
		size_t at, n = ix_ring_ready(&r->ring, count, &at);                               \
		size_t from = at & r->ring.mask, first = ix_size_min(n, r->ring.mask + 1 - from); \
		if (n == 0) return 0;                                                             \
		memcpy(ret_items, r->items + from, first * sizeof(type));                         \
		if (n > first) memcpy(ret_items + first, r->items, (n - first) * sizeof(type));   \
		atomic_store_explicit(&r->ring.popped, at + n, memory_order_release);             \
		return n;                                                                         \
	}                                                                                         \
	/* Consumer: false when the ring is empty; *ret_item is then untouched. */                \
	IX_INLINE bool name##_pop(name *r, type *ret_item) {                                      \
		size_t at;                                                                        \
		if (ix_ring_ready(&r->ring, 1, &at) == 0) return false;                           \
		*ret_item = r->items[at & r->ring.mask];                                          \
		atomic_store_explicit(&r->ring.popped, at + 1, memory_order_release);             \
		return true;                                                                      \
	}                                                                                         \
	struct name

#endif
