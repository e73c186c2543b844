/* state.h - what an engine holds. For the room's own files; <inox/match.h> is the face.
 *
 * The way of a command: order number -> slot of the table -> order (one cache line) -> level (half a line) ->
 * symbol (its line holds the arrays of both sides of the book). Orders and levels are numbered from 1 in
 * pools that only grow; 0 is none. Nothing outside of memory.c allocates. */
#ifndef MATCH_STATE_H
#define MATCH_STATE_H

#include <inox/match.h>

enum {
	CACHE_LINE = 64,
	SYMBOLS_MOST = 65535,
	ORDERS_MOST = 1 << 26,
	LEVELS_MOST = 1 << 26,
	SIDE_CAPACITY_MIN = 16,
	NEAR = 16, /* levels from the best that are searched without a branch */
};

/* Where an order waits: one of these, plus its side. The order of the numbers is the order in which orders
 * are walked (mass cancel, expiry, snapshots). */
enum {
	PLACE_BOOK = 0,
	PLACE_STOP = 2,   /* not triggered yet; levels are stop prices */
	PLACE_WAIT = 4,   /* limit orders that take part in the next uncross only */
	PLACE_MARKET = 6, /* market orders that wait for an uncross: one level, price 0 */
	PLACE_COUNT = 8,
};

typedef struct order {
	uint64_t number; /* 0: a free one */
	uint32_t owner, session;
	uint32_t price_e4, stop_e4;
	uint32_t left, shown; /* shown: 0 outside of the book */
	uint32_t display, minimum;
	uint32_t next, prev; /* in the queue; next: also of the free ones */
	uint32_t level;
	uint16_t symbol;
	uint8_t side, place; /* place: PLACE_… + side */
	uint8_t type, tif, stp, flags;
} order;
_Static_assert(sizeof(order) == CACHE_LINE, "an order is a cache line");

/* A price and its queue. */
typedef struct level {
	uint64_t shown, left; /* sums of its orders */
	uint32_t head, tail;  /* head: also the next free level */
	uint32_t count;       /* 0: a free level */
	uint32_t price_e4;
} level;
_Static_assert(sizeof(level) == CACHE_LINE / 2, "two levels a line");

/* The levels of a place, the best last: `capacity` keys, then as many level numbers. In front of the keys are
 * NEAR more, smaller than any. */
typedef struct side {
	int32_t *keys; /* NULL: none yet */
	uint32_t count, capacity;
} side;

/* Answers "is it a multiple of d" with one multiplication. */
typedef struct multiples {
	uint32_t inverse, most;
} multiples;

typedef struct symbol {
	multiples tick, lot;
	uint8_t tick_shift, lot_shift;
	uint8_t state;
	bool exists;
	uint32_t promised[2]; /* levels that waiting stop-limit orders may need, by side */
	uint32_t reference_e4;
	side sides[PLACE_COUNT]; /* those of the book share the first line with the above */
	uint32_t tick_e4, lot_size;
} symbol;

/* The table's entry: an order's number in the pool and its hash. */
typedef struct slot {
	uint32_t order; /* 0: empty */
	uint32_t hash;
} slot;

struct ix_match {
	order *orders;
	level *levels;
	slot *slots;
	symbol *symbols; /* 0 … symbols_max */
	uint64_t seed;
	uint32_t slot_mask, slot_shift; /* a hash's home is hash >> shift */
	uint32_t order_free, order_used, order_capacity;
	uint32_t level_free, level_used, level_capacity;
	uint32_t order_count, level_count;
	uint32_t promised;              /* the sum of the symbols' */
	uint32_t trade_low, trade_high; /* prices of the command's trades */
	bool has_traded;
	uint64_t now_ns;
	void (*on_event)(void *context, const ix_match_event *event);
	void *context;
	uint64_t command_count, event_count, trade_count, traded_quantity;
	uint32_t symbol_count, order_count_peak;
	uint64_t growth_count, memory_bytes;
	ix_match_options options; /* with the defaults filled in */
};

/* A number made from an order's, spread over 32 bits; the seed defeats numbers chosen to collide. */
static inline uint32_t hash_of(const ix_match *e, uint64_t number) {
	uint64_t x = (number ^ e->seed) * 0x9E3779B97F4A7C15U;
	x ^= x >> 32;
	return (uint32_t)((x * 0xD1B54A32D192ED03U) >> 32);
}

static inline bool is_multiple(uint32_t n, multiples of, uint8_t shift) {
	uint32_t x = n * of.inverse;
	return (x >> shift | x << (-shift & 31)) <= of.most;
}
static inline bool is_on_tick(const symbol *s, uint32_t price_e4) {
	return is_multiple(price_e4, s->tick, s->tick_shift);
}
static inline bool is_in_lots(const symbol *s, uint32_t quantity) {
	return is_multiple(quantity, s->lot, s->lot_shift);
}

static inline bool is_stop(uint8_t type) { return type == IX_MATCH_STOP || type == IX_MATCH_STOP_LIMIT; }
/* Now, or once it is triggered. */
static inline bool is_market(uint8_t type) { return type == IX_MATCH_MARKET || type == IX_MATCH_STOP; }
static inline uint32_t min_u32(uint32_t a, uint32_t b) { return a < b ? a : b; }

/* The price that orders a place: a stop's is its stop price. */
static inline uint32_t place_price(const order *o) {
	return (o->place & 6) == PLACE_STOP ? o->stop_e4 : o->price_e4;
}

/* ---- memory (memory.c): each makes room for what is asked, by doubling, and changes nothing when there is
 * none; false then ---- */

bool make_order_room(ix_match *e);
bool make_level_room(ix_match *e, uint64_t count); /* `count` levels in all */
bool make_side_room(ix_match *e, side *s, uint64_t count);
void symbol_set_up(symbol *s, uint32_t tick_e4, uint32_t lot);

/* ---- the order table ---- */

/* The order's number in the pool; 0 when it is not live. */
static inline uint32_t table_find(const ix_match *e, uint64_t number) {
	uint32_t hash = hash_of(e, number);
	for (uint32_t at = hash >> e->slot_shift; e->slots[at].order; at = (at + 1) & e->slot_mask) {
		const slot *s = &e->slots[at];
		if (s->hash == hash && IX_LIKELY(e->orders[s->order].number == number)) return s->order;
	}
	return 0;
}

/* It is not there. */
static inline void table_insert(ix_match *e, uint32_t index) {
	uint32_t hash = hash_of(e, e->orders[index].number), at = hash >> e->slot_shift;
	while (e->slots[at].order) at = (at + 1) & e->slot_mask;
	e->slots[at] = (slot){index, hash};
}

/* It is there. Those behind it move up, so that no grave is left. */
static inline void table_erase(ix_match *e, uint32_t index) {
	slot *slots = e->slots;
	uint32_t mask = e->slot_mask, gap = hash_of(e, e->orders[index].number) >> e->slot_shift;
	while (slots[gap].order != index) gap = (gap + 1) & mask;
	for (uint32_t at = (gap + 1) & mask; slots[at].order; at = (at + 1) & mask) {
		uint32_t home = slots[at].hash >> e->slot_shift;
		if (((at - home) & mask) < ((at - gap) & mask)) continue;
		slots[gap] = slots[at];
		gap = at;
	}
	slots[gap] = (slot){0, 0};
}

/* ---- the pool of orders; there is room ---- */

static inline uint32_t order_take(ix_match *e) {
	uint32_t index = e->order_free;
	if (IX_LIKELY(index)) {
		e->order_free = e->orders[index].next;
		return index;
	}
	return ++e->order_used;
}

static inline void order_give(ix_match *e, uint32_t index) {
	e->orders[index].number = 0;
	e->orders[index].next = e->order_free;
	e->order_free = index;
}

/* It is live from now on. */
static inline void order_list(ix_match *e, uint32_t index) {
	table_insert(e, index);
	if (++e->order_count > e->order_count_peak) e->order_count_peak = e->order_count;
}

/* Out of the table and back to the pool. */
static inline void order_end(ix_match *e, uint32_t index) {
	table_erase(e, index);
	e->order_count--;
	order_give(e, index);
}

#endif
