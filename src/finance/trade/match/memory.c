/* memory.c - making an engine, and where its memory comes from: arrays that double. All of it is touched when
 * it is taken, so that no page fault waits on the hot path. */
#include "state.h"

#include <inox/rng.h>

enum { POOL_SPARE = 2 };

/* What is new is zero. The block stands when there is no memory. */
static bool take(ix_match *e, void **block, size_t old_size, size_t new_size) {
	const ix_allocator *a = e->options.allocator;
	uint8_t *memory = a->resize(a->context, *block, old_size, new_size, CACHE_LINE);
	if (!memory) return false;
	memset(memory + old_size, 0, new_size - old_size);
	e->memory_bytes += new_size - old_size;
	if (old_size) e->growth_count++;
	*block = memory;
	return true;
}

/* A pool of `capacity` items, and two more (item 0, and one for an order that only passes through), to one of
 * `wanted`. */
static bool pool_take(ix_match *e, void **pool, size_t item_size, uint32_t capacity, uint32_t wanted) {
	size_t old_size = *pool ? (capacity + (size_t)POOL_SPARE) * item_size : 0, size;
	if (ix_mul_overflow(wanted + (size_t)POOL_SPARE, item_size, &size)) return false;
	return take(e, pool, old_size, size);
}

/* A table for so many orders, at most half full, with those of the old one. */
static bool table_take(ix_match *e, uint32_t orders) {
	uint32_t log2 = 7;
	while (((uint64_t)1 << log2) < 2 * (uint64_t)orders) log2++;
	if (e->slots && e->slot_mask == ((uint64_t)1 << log2) - 1) return true;
	size_t size, old_size = e->slots ? ((size_t)e->slot_mask + 1) * sizeof(slot) : 0;
	if (ix_mul_overflow((size_t)1 << log2, sizeof(slot), &size)) return false;
	slot *old = e->slots;
	uint64_t old_count = old ? (uint64_t)e->slot_mask + 1 : 0;
	void *table = NULL;
	if (!take(e, &table, 0, size)) return false;
	if (old) e->growth_count++;
	e->slots = table;
	e->slot_mask = (uint32_t)(((uint64_t)1 << log2) - 1);
	e->slot_shift = 32 - log2;
	for (uint64_t i = 0; i < old_count; i++) {
		if (old[i].order) table_insert(e, old[i].order);
	}
	ix_release(e->options.allocator, old, old_size, CACHE_LINE);
	e->memory_bytes -= old_size;
	return true;
}

/* Twice as many, at least `needed`, never over `most` (which `needed` is not). */
static uint32_t doubled(uint32_t capacity, uint64_t needed, uint32_t most) {
	uint64_t count = (uint64_t)capacity * 2;
	if (count < needed) count = needed;
	return (uint32_t)(count < most ? count : most);
}

bool make_order_room(ix_match *e) {
	if (IX_LIKELY(e->order_count < e->order_capacity)) return true;
	if (e->order_count >= e->options.orders_max) return false;
	uint32_t wanted = doubled(e->order_capacity, e->order_count + 1, e->options.orders_max);
	/* A table too large for the pool does no harm; it is not taken twice. */
	if (!table_take(e, wanted)) return false;
	if (!pool_take(e, (void **)&e->orders, sizeof(order), e->order_capacity, wanted)) return false;
	e->order_capacity = wanted;
	return true;
}

bool make_level_room(ix_match *e, uint64_t count) {
	if (IX_LIKELY(count <= e->level_capacity)) return true;
	if (count > e->options.levels_max) return false;
	uint32_t wanted = doubled(e->level_capacity, count, e->options.levels_max);
	if (!pool_take(e, (void **)&e->levels, sizeof(level), e->level_capacity, wanted)) return false;
	e->level_capacity = wanted;
	return true;
}

static size_t side_size(uint32_t capacity) { return (NEAR + 2 * (size_t)capacity) * sizeof(int32_t); }

bool make_side_room(ix_match *e, side *s, uint64_t count) {
	if (IX_LIKELY(count <= s->capacity)) return true;
	if (count > LEVELS_MOST) return false;
	uint32_t wanted =
		doubled(s->capacity, count < SIDE_CAPACITY_MIN ? SIDE_CAPACITY_MIN : count, LEVELS_MOST);
	void *block = s->keys ? s->keys - NEAR : NULL;
	size_t old = s->keys ? side_size(s->capacity) : 0;
	if (!take(e, &block, old, side_size(wanted))) return false;
	memset((uint8_t *)block + old, 0,
		side_size(wanted) - old); /* touched now, not on the way of an order */
	int32_t *keys = (int32_t *)block + NEAR;
	for (int i = 1; i <= NEAR; i++) keys[-i] = INT32_MIN;
	memmove(keys + wanted, keys + s->capacity, s->count * sizeof *keys);
	s->keys = keys;
	s->capacity = wanted;
	return true;
}

/* For d = odd << shift: n is a multiple iff n * odd^-1 (modulo 2^32), rotated right by the shift, is at most
 * UINT32_MAX / d (Granlund and Montgomery 1994, section 9). */
static multiples multiples_of(uint32_t d, uint8_t *ret_shift) {
	uint8_t shift = (uint8_t)__builtin_ctz(d);
	uint32_t odd = d >> shift, inverse = odd; /* right in 3 bits; each step doubles them */
	for (int i = 0; i < 4; i++) inverse *= 2 - odd * inverse;
	*ret_shift = shift;
	return (multiples){inverse, UINT32_MAX / d};
}

void symbol_set_up(symbol *s, uint32_t tick_e4, uint32_t lot) {
	s->tick_e4 = tick_e4 ? tick_e4 : 1;
	s->lot_size = lot ? lot : 1;
	s->tick = multiples_of(s->tick_e4, &s->tick_shift);
	s->lot = multiples_of(s->lot_size, &s->lot_shift);
	s->exists = true;
}

/* ---- making and ending ---- */

static int fill_in(uint32_t *value, uint32_t usual, uint32_t most, const char *name, ix_error *err) {
	if (*value == 0) *value = usual < most ? usual : most;
	if (*value <= most) return 0;
	return ix_fail(err, IX_ERR_LIMIT, "matching engine: %s is %u, more than %u", name, *value, most);
}

static int fill_in_options(ix_match_options *o, ix_error *err) {
	int code = fill_in(&o->symbols_max, 1024, SYMBOLS_MOST, "symbols_max", err);
	if (!code) code = fill_in(&o->orders_max, 1 << 24, ORDERS_MOST, "orders_max", err);
	if (!code) code = fill_in(&o->levels_max, 1 << 22, LEVELS_MOST, "levels_max", err);
	if (!code) code = fill_in(&o->orders_reserve, 65536, o->orders_max, "orders_reserve", err);
	if (!code) code = fill_in(&o->levels_reserve, 16384, o->levels_max, "levels_reserve", err);
	if (!code && o->side_reserve > o->levels_max)
		return ix_fail(err, IX_ERR_LIMIT, "matching engine: side_reserve is %u, more than %u",
			o->side_reserve, o->levels_max);
	return code;
}

static bool take_all(ix_match *e) {
	const ix_match_options *o = &e->options;
	if (!pool_take(e, (void **)&e->orders, sizeof(order), 0, o->orders_reserve)) return false;
	e->order_capacity = o->orders_reserve;
	if (!pool_take(e, (void **)&e->levels, sizeof(level), 0, o->levels_reserve)) return false;
	e->level_capacity = o->levels_reserve;
	if (!pool_take(e, (void **)&e->symbols, sizeof(symbol), 0, o->symbols_max)) return false;
	return table_take(e, o->orders_reserve);
}

int ix_match_new(const ix_match_options *options, ix_match **ret_engine, ix_error *err) {
	if (!options->allocator) return ix_fail(err, IX_ERR_USAGE, "matching engine: no allocator was given");
	ix_match_options filled = *options;
	int code = fill_in_options(&filled, err);
	if (code) return code;
	ix_match *e = ix_allocate(options->allocator, sizeof *e, CACHE_LINE);
	if (!e) return ix_fail(err, IX_ERR_MEMORY, "matching engine: there is no memory for it");
	*e = (ix_match){.options = filled, .memory_bytes = sizeof *e};
	ix_match_set_listener(e, filled.listener);
	uint64_t state = filled.hash_seed;
	e->seed = ix_splitmix64(&state);
	if (!take_all(e)) {
		ix_match_free(e);
		return ix_fail(err, IX_ERR_MEMORY,
			"matching engine: there is no memory for %u orders and %u levels",
			filled.orders_reserve, filled.levels_reserve);
	}
	*ret_engine = e;
	return 0;
}

void ix_match_free(ix_match *e) {
	if (!e) return;
	const ix_allocator *a = e->options.allocator;
	for (uint32_t i = 0; e->symbols && i <= e->options.symbols_max; i++) {
		for (unsigned place = 0; place < PLACE_COUNT; place++) {
			const side *s = &e->symbols[i].sides[place];
			if (s->keys) ix_release(a, s->keys - NEAR, side_size(s->capacity), CACHE_LINE);
		}
	}
	ix_release(a, e->symbols, (e->options.symbols_max + (size_t)POOL_SPARE) * sizeof(symbol), CACHE_LINE);
	ix_release(a, e->orders, (e->order_capacity + (size_t)POOL_SPARE) * sizeof(order), CACHE_LINE);
	ix_release(a, e->levels, (e->level_capacity + (size_t)POOL_SPARE) * sizeof(level), CACHE_LINE);
	if (e->slots) ix_release(a, e->slots, ((size_t)e->slot_mask + 1) * sizeof(slot), CACHE_LINE);
	ix_release(a, e, sizeof *e, CACHE_LINE);
}

void ix_match_set_listener(ix_match *e, ix_match_listener listener) {
	e->on_event = listener.on_event;
	e->context = listener.context;
}
