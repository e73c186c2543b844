/* map.c - the keyed hash of byte strings, and how a map grows. */
#include <inox/map.h>
#include <inox/reader.h>
#include <inox/rng.h>

ix_hash_key ix_hash_key_from(uint64_t seed) {
	uint64_t a = ix_splitmix64(&seed), b = ix_splitmix64(&seed);
	return (ix_hash_key){a, b | 1};
}

typedef struct {
	uint64_t v0, v1, v2, v3;
} sip;

static inline void sip_round(sip *s) {
	s->v0 += s->v1;
	s->v2 += s->v3;
	s->v1 = ix_rotate_left(s->v1, 13) ^ s->v0;
	s->v3 = ix_rotate_left(s->v3, 16) ^ s->v2;
	s->v0 = ix_rotate_left(s->v0, 32);
	s->v2 += s->v1;
	s->v0 += s->v3;
	s->v1 = ix_rotate_left(s->v1, 17) ^ s->v2;
	s->v3 = ix_rotate_left(s->v3, 21) ^ s->v0;
	s->v2 = ix_rotate_left(s->v2, 32);
}

static inline void sip_word(sip *s, uint64_t word) {
	s->v3 ^= word;
	sip_round(s);
	s->v0 ^= word;
}

uint64_t ix_hash_bytes(ix_hash_key key, const void *data, size_t size) {
	sip s = {key.a ^ 0x736F6D6570736575, key.b ^ 0x646F72616E646F6D, key.a ^ 0x6C7967656E657261,
		key.b ^ 0x7465646279746573};
	const uint8_t *p = data;
	uint64_t last = (uint64_t)size << 56;
	size_t left = size;
	for (; left >= 8; left -= 8, p += 8) sip_word(&s, ix_load_u64_le(p));
	for (size_t i = 0; i < left; i++) last |= (uint64_t)p[i] << (8 * i);
	sip_word(&s, last);
	s.v2 ^= 0xFF;
	for (int i = 0; i < 3; i++) sip_round(&s);
	return s.v0 ^ s.v1 ^ s.v2 ^ s.v3;
}

void ix_map_init(ix_map *map, const ix_allocator *allocator, size_t maximum, uint64_t seed) {
	*map = (ix_map){
		.maximum = ix_size_min(maximum, IX_MAP_COUNT_MAX),
		.allocator = allocator,
		.key = ix_hash_key_from(seed),
	};
}

void ix_map_fini(ix_map *map, size_t slot_size, size_t alignment) {
	if (map->slots) ix_release(map->allocator, map->slots, (map->mask + 1) * slot_size, alignment);
	*map = (ix_map){.maximum = map->maximum, .allocator = map->allocator, .key = map->key};
}

/* Every entry of the old slots into the new ones; the hashes are in the slots, so no key is looked at. */
static void move_all(const ix_map *map, uint8_t *to, size_t mask, unsigned shift, size_t slot_size) {
	const uint8_t *slots = map->slots;
	for (size_t i = 0; slots && i <= map->mask; i++) {
		const uint8_t *from = slots + i * slot_size;
		uint32_t hash = ix_load_u32_le(from);
		if (hash == 0) continue;
		size_t at = hash >> shift;
		while (ix_load_u32_le(to + at * slot_size) != 0) at = (at + 1) & mask;
		memcpy(to + at * slot_size, from, slot_size);
	}
}

int ix_map_grow(ix_map *map, size_t wanted, size_t slot_size, size_t alignment, ix_error *err) {
	if (wanted > map->maximum) return ix_fail(err, IX_ERR_LIMIT, "more than %zu entries", map->maximum);
	/* At least one slot stays free, which ends every search. */
	unsigned bits = 3;
	while (((size_t)1 << bits) / 4 * 3 < wanted) bits++;
	size_t slot_count = (size_t)1 << bits, whole;
	if (ix_mul_overflow(slot_count, slot_size, &whole) || whole > PTRDIFF_MAX)
		return ix_fail(
			err, IX_ERR_LIMIT, "%zu entries of %zu bytes are too large", wanted, slot_size);
	uint8_t *slots = ix_allocate(map->allocator, whole, alignment);
	if (!slots) return ix_fail(err, IX_ERR_MEMORY, "no memory for a map of %zu bytes", whole);
	memset(slots, 0, whole);
	move_all(map, slots, slot_count - 1, 32 - bits, slot_size);
	if (map->slots) ix_release(map->allocator, map->slots, (map->mask + 1) * slot_size, alignment);
	map->slots = slots;
	map->mask = slot_count - 1;
	map->shift = 32 - bits;
	map->room = ix_size_min(slot_count / 4 * 3, map->maximum);
	return 0;
}
