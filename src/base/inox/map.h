/* map.h - hash maps, typed: open addressing with linear probing, deletion that closes its gap (no tombstones,
 * so a map that lives for weeks does not rot), and a seeded hash, so that nobody outside can choose keys that
 * collide.
 *
 *     IX_MAP(ix_orders, uint64_t, ix_order *, ix_hash_u64, ix_equal_u64);       by number
 *     IX_MAP(ix_sessions, ix_str, ix_session, ix_hash_str, ix_equal_str);       by text
 *
 *     ix_orders orders;
 *     ix_orders_init(&orders, ix_os_allocator(), ORDER_COUNT_MAX, ix_rng_u64(&rng));
 *     int code = ix_orders_put(&orders, reference, order, err);
 *     ix_order **found = ix_orders_find(&orders, reference);
 *     ix_orders_remove(&orders, reference, NULL);
 *     size_t cursor = 0;
 *     for (ix_orders_slot *s; (s = ix_orders_next(&orders, &cursor));) use(s->key, s->value);
 *     ix_orders_fini(&orders);
 *
 * Keys are stored as they are: text keys must live as long as their entry. Slots move on put, add and remove:
 * keep no pointer to a value across them, and change nothing while iterating. Reserve the maximum at the
 * start and it never allocates again. Give each map a seed of its own: entries come out in the order of their
 * hashes, and would crowd another map of the same seed. Errors: IX_ERR_LIMIT at the maximum, IX_ERR_MEMORY;
 * the map is then as before. */
#ifndef INOX_MAP_H
#define INOX_MAP_H

#include <inox/base.h>

/* ---- hashing: keyed, the same on every machine, not for the wire or the disk ---- */

typedef struct ix_hash_key {
	uint64_t a, b;
} ix_hash_key;

IX_API ix_hash_key ix_hash_key_from(uint64_t seed);
/* SipHash-1-3 (Aumasson, Bernstein: "SipHash: a fast short-input PRF", with one and three rounds). */
IX_API uint64_t ix_hash_bytes(ix_hash_key key, const void *data, size_t size);

static inline uint64_t ix_hash_u64(ix_hash_key key, uint64_t value) {
	uint64_t high, low = ix_mul_wide(value ^ key.a, key.b, &high);
	return high ^ low;
}
static inline uint64_t ix_hash_str(ix_hash_key key, ix_str s) { return ix_hash_bytes(key, s.data, s.size); }
static inline bool ix_equal_u64(uint64_t a, uint64_t b) { return a == b; }
static inline bool ix_equal_str(ix_str a, ix_str b) {
	return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

/* ---- the untyped part: growing. A slot starts with the upper half of its key's hash, made odd; 0 is free. A
 * key's home is given by the topmost bits of it, so growing needs no key and an unequal hash needs no
 * comparison. ---- */

enum { IX_MAP_COUNT_MAX = 1 << 30 };

typedef struct ix_map {
	void *slots;
	size_t mask;    /* slots - 1; 0: no slots yet */
	unsigned shift; /* 32 - log2(slots) */
	size_t count;
	size_t room; /* how many fit before it grows: three quarters of the slots, at most the maximum */
	size_t maximum;
	const ix_allocator *allocator;
	ix_hash_key key;
} ix_map;

IX_API void ix_map_init(ix_map *map, const ix_allocator *allocator, size_t maximum, uint64_t seed);
IX_API void ix_map_fini(ix_map *map, size_t slot_size, size_t alignment);
IX_API int ix_map_grow(ix_map *map, size_t wanted, size_t slot_size, size_t alignment, ix_error *err);
static inline uint32_t ix_map_mark(uint64_t hash) { return (uint32_t)(hash >> 32) | 1; }

#define IX_MAP(name, key_type, value_type, hash_function, equal_function)                                   \
	typedef struct name {                                                                               \
		ix_map map;                                                                                 \
	} name;                                                                                             \
	typedef struct name##_slot {                                                                        \
		uint32_t hash;                                                                              \
		value_type value;                                                                           \
		key_type key;                                                                               \
	} name##_slot;                                                                                      \
                                                                                                            \
	/* Empty; holds at most `maximum` entries. The seed should be hard to guess where keys come from    \
	 * outside. */                                                                                      \
	IX_INLINE void name##_init(name *m, const ix_allocator *allocator, size_t maximum, uint64_t seed) { \
		ix_map_init(&m->map, allocator, maximum, seed);                                             \
	}                                                                                                   \
	IX_INLINE void name##_fini(name *m) {                                                               \
		ix_map_fini(&m->map, sizeof(name##_slot), _Alignof(name##_slot));                           \
	}                                                                                                   \
	IX_INLINE size_t name##_count(const name *m) { return m->map.count; }                               \
	/* Makes sure that `count` entries fit without growing. */                                          \
	IX_INLINE int name##_reserve(name *m, size_t count, ix_error *err) {                                \
		if (count <= m->map.room) return 0;                                                         \
		return ix_map_grow(&m->map, count, sizeof(name##_slot), _Alignof(name##_slot), err);        \
	}                                                                                                   \
	/* The slot that holds the key, or the free one where it would go. The map has slots, and a free    \
	 * one. */                                                                                          \
	IX_INLINE name##_slot *name##_probe(const name *m, key_type key, uint32_t mark) {                   \
		name##_slot *slots = m->map.slots;                                                          \
		for (size_t i = mark >> m->map.shift;; i = (i + 1) & m->map.mask) {                         \
			name##_slot *s = &slots[i];                                                         \
			if (s->hash == 0 || (s->hash == mark && equal_function(s->key, key))) return s;     \
		}                                                                                           \
	}                                                                                                   \
	/* NULL when the key is not there. */                                                               \
	IX_INLINE value_type *name##_find(const name *m, key_type key) {                                    \
		if (IX_UNLIKELY(m->map.count == 0)) return NULL;                                            \
		name##_slot *s = name##_probe(m, key, ix_map_mark(hash_function(m->map.key, key)));         \
		return s->hash ? &s->value : NULL;                                                          \
	}                                                                                                   \
	/* The key's value, made (zeroed) when it was not there, which *ret_added (may be NULL) tells. */   \
	IX_INLINE int name##_add(                                                                           \
		name *m, key_type key, value_type **ret_value, bool *ret_added, ix_error *err) {            \
		uint32_t mark = ix_map_mark(hash_function(m->map.key, key));                                \
		name##_slot *s = m->map.mask ? name##_probe(m, key, mark) : NULL;                           \
		bool added = !s || s->hash == 0;                                                            \
		if (added) {                                                                                \
			if (IX_UNLIKELY(!s || m->map.count >= m->map.room)) {                               \
				int code = name##_reserve(m, m->map.count + 1, err);                        \
				if (code) return code;                                                      \
				s = name##_probe(m, key, mark);                                             \
			}                                                                                   \
			memset(&s->value, 0, sizeof s->value);                                              \
			s->key = key;                                                                       \
			s->hash = mark;                                                                     \
			m->map.count++;                                                                     \
		}                                                                                           \
		*ret_value = &s->value;                                                                     \
		if (ret_added) *ret_added = added;                                                          \
		return 0;                                                                                   \
	}                                                                                                   \
	/* Adds or replaces. */                                                                             \
	IX_INLINE int name##_put(name *m, key_type key, value_type value, ix_error *err) {                  \
		value_type *place;                                                                          \
		int code = name##_add(m, key, &place, NULL, err);                                           \
		if (code == 0) *place = value;                                                              \
		return code;                                                                                \
	}                                                                                                   \
	/* False when it was not there; *ret_value (may be NULL) gets what it had. */                       \
	IX_INLINE bool name##_remove(name *m, key_type key, value_type *ret_value) {                        \
		if (m->map.count == 0) return false;                                                        \
		name##_slot *slots = m->map.slots;                                                          \
		name##_slot *s = name##_probe(m, key, ix_map_mark(hash_function(m->map.key, key)));         \
		if (s->hash == 0) return false;                                                             \
		if (ret_value) *ret_value = s->value;                                                       \
		size_t mask = m->map.mask, gap = (size_t)(s - slots);                                       \
		/* An entry further on moves into the gap unless that would be before its home. */          \
		for (size_t i = (gap + 1) & mask; slots[i].hash; i = (i + 1) & mask) {                      \
			size_t home = slots[i].hash >> m->map.shift;                                        \
			if (((i - home) & mask) < ((i - gap) & mask)) continue;                             \
			slots[gap] = slots[i];                                                              \
			gap = i;                                                                            \
		}                                                                                           \
		slots[gap].hash = 0;                                                                        \
		m->map.count--;                                                                             \
		return true;                                                                                \
	}                                                                                                   \
	/* Forgets everything; keeps the memory. */                                                         \
	IX_INLINE void name##_clear(name *m) {                                                              \
		if (m->map.slots) memset(m->map.slots, 0, (m->map.mask + 1) * sizeof(name##_slot));         \
		m->map.count = 0;                                                                           \
	}                                                                                                   \
	/* Each entry once, in no order: start with *cursor 0, NULL at the end. */                          \
	IX_INLINE name##_slot *name##_next(const name *m, size_t *cursor) {                                 \
		name##_slot *slots = m->map.slots;                                                          \
		for (size_t end = m->map.mask ? m->map.mask + 1 : 0; *cursor < end;) {                      \
			name##_slot *s = &slots[(*cursor)++];                                               \
			if (s->hash) return s;                                                              \
		}                                                                                           \
		return NULL;                                                                                \
	}                                                                                                   \
	struct name

#endif
