/* state.h - what an ix_books holds. For the room's own files; <inox/book.h> is the face.
 *
 * The way from a message to its order: reference -> slot of the order table (16 bytes) -> level (two cache
 * lines)
 * -> entry in the level's queue. An order has no node of its own: its shares and its reference are entries of
 * two arrays that belong to the level. So a delete touches three lines besides its symbol's, and a queue
 * position is a sum over a contiguous array. */
#ifndef BOOK_STATE_H
#define BOOK_STATE_H

#include <inox/book.h>

enum {
	CACHE_LINE = 64,
	LEVEL_BITS = 24, /* of a level's number in slot.where */
	SEQUENCE_BITS = 24,
	LEVEL_MASK = (1 << LEVEL_BITS) - 1,
	SEQUENCE_MASK = (1 << SEQUENCE_BITS) - 1,
	LEVELS_MOST = LEVEL_MASK - 2, /* number 0 is none, and a replace needs one to spare */
	ORDERS_MOST = 1 << 26,
	SYMBOLS_MOST = 65535,
	NEAR_LOG2 = 3, /* entries of a queue that lie in the level itself */
	NEAR_COUNT = 1 << NEAR_LOG2,
	QUEUE_LOG2_MAX = SEQUENCE_BITS - 1,
	ENTRY_UNIT = 32, /* bytes; level.entries counts in them */
	SIDE_NEAR = 16,  /* price levels from the best that are searched without a branch */
	SIDE_LOG2_MIN = 4,
	BLOCK_LOG2_MAX = 26,
	MPIDS_MAX = 65535,
	NAMES_LOG2 = 17,         /* both name tables: at most half full */
	PARTICIPANTS_MAX = 1024, /* of one symbol */
	STRAYS_MAX = 1024, /* references outside the window in a row, until it is set anew; next time after
			      twice as many */
};

/* The order table's entry. where: level, sequence in its queue, attribution (0: none); all 0: an empty slot.
 */
typedef struct slot {
	uint64_t reference;
	uint64_t where;
} slot;

static inline uint32_t where_level(uint64_t where) { return (uint32_t)where & LEVEL_MASK; }
static inline uint32_t where_sequence(uint64_t where) {
	return (uint32_t)(where >> LEVEL_BITS) & SEQUENCE_MASK;
}
static inline uint32_t where_mpid(uint64_t where) {
	return (uint32_t)(where >> (LEVEL_BITS + SEQUENCE_BITS));
}
static inline uint64_t where_of(uint32_t level, uint32_t sequence, uint32_t mpid) {
	return (uint64_t)level | (uint64_t)(sequence & SEQUENCE_MASK) << LEVEL_BITS |
	       (uint64_t)mpid << (LEVEL_BITS + SEQUENCE_BITS);
}

/* A price level and its queue. Entries of the queue have sequence numbers head … tail-1 (modulo 2^32) and lie
 * at sequence % capacity; an entry of 0 shares is dead. Up to NEAR_COUNT entries lie here, more in a block of
 * the ring pool. In both: capacity shares, then capacity references. */
typedef struct level {
	uint64_t shares;
	uint32_t price_e4;
	uint32_t count; /* live orders; 0: a free level, and `entries` is the next free one */
	uint32_t head, tail;
	uint32_t entries; /* where they lie, in units from the start of the arena */
	uint16_t locate;
	uint8_t side;
	uint8_t capacity_log2; /* NEAR_LOG2: here */
	uint32_t near_shares[NEAR_COUNT];
	uint64_t near_references[NEAR_COUNT];
} level;
_Static_assert(sizeof(level) == 2 * CACHE_LINE, "a level is two cache lines");
_Static_assert(offsetof(level, near_shares) == ENTRY_UNIT, "near entries are a unit from the level's start");
_Static_assert(offsetof(level, near_references) == CACHE_LINE, "so that a delete needs the first line only");

/* One side of a book: a block of the side pool with SIDE_NEAR keys smaller than any, then the keys of its
 * levels in ascending order, then the levels' numbers. The key of an ask is its price, complemented: the best
 * is the last. */
typedef struct side {
	uint32_t block; /* 0: none yet */
	uint32_t count;
	uint32_t block_log2;
} side;

/* What nearly every message of a symbol touches: two cache lines. */
typedef struct book {
	ix_book_level best[2];
	side sides[2];
	uint64_t name; /* padded with spaces, as on the wire; 0: not known */
	/* second line */
	uint32_t add_count, execution_count, cancel_count, delete_count, replace_count;
	uint32_t order_count;
	uint64_t volume;
	uint64_t notional_low; /* price x shares */
	uint32_t high_e4, low_e4, last_e4;
	uint32_t trade_last; /* position of the latest trade kept; 0: none */
	uint32_t trade_count;
	bool exists;
} book;
_Static_assert(sizeof(book) == 2 * CACHE_LINE, "hot state of a symbol");

/* A trade that left the window in which it can be broken. */
typedef struct settled {
	uint64_t count;
	uint64_t last_shares, last_match, last_timestamp_ns;
	uint32_t open_e4, high_e4, low_e4, last_e4;
} settled;

/* What few messages of a symbol touch. */
typedef struct details {
	ix_book_status status;
	settled settled;
	uint64_t notional_high;
	uint64_t hidden_volume, cross_volume, unprinted_volume, broken_volume;
	uint32_t broken_count;
	uint32_t open_e4;
	bool has_stale_prices; /* open, high, low and last may be a broken trade's: recall them */
	uint64_t last_shares, last_match, last_timestamp_ns;
	uint32_t participant_first, participant_last, participant_count;
} details;

/* A printed trade, kept for a while so that it can be broken. Positions count up from 1, and wrap; a position
 * is in the window when its age is below trades_max. */
typedef struct kept_trade {
	uint64_t match, shares, timestamp_ns;
	uint32_t price_e4;
	uint16_t locate;
	uint8_t kind;
	bool is_broken;
	uint32_t chain;       /* the one before with the same hash of its match number */
	uint32_t same_symbol; /* the one before of the same symbol */
} kept_trade;

typedef struct participant {
	uint32_t next; /* of the same symbol; 0: the last */
	ix_book_participant said;
} participant;

/* Blocks of 2^log2 units, with a free list for each size; block numbers count units, and 0 is none. */
typedef struct blocks {
	uint8_t *memory;
	uint32_t unit_size;      /* RING_UNIT or SIDE_UNIT */
	uint32_t used, reserved; /* in units */
	uint32_t free[BLOCK_LOG2_MAX + 1];
} blocks;

enum { RING_UNIT = 4 + 8, SIDE_UNIT = 4 + 4 };
#define ARENA_UNITS_MOST (UINT32_MAX - 15)
/* A ring block of n entries has a multiple of 16 of them: whole units of the arena. */
_Static_assert(RING_UNIT * (2 << NEAR_LOG2) % ENTRY_UNIT == 0, "ring blocks are aligned to units");

/* What a day counts up, and a reset forgets. */
typedef struct day {
	uint64_t now_ns, sequence;
	uint64_t message_count, growth_count;
	uint64_t trade_count, broken_count, broken_unknown_count;
	uint32_t order_count, order_count_peak;
	uint32_t level_count, level_count_peak;
	uint32_t level_free, level_used; /* used: highest number taken so far, + 1 */
	uint32_t symbol_count, locate_last;
	uint32_t trade_position;
	uint32_t participant_count, mpid_count;
	ix_books_market market;
	ix_book_fault faults[IX_BOOK_FAULT_COUNT];
} day;

struct ix_books {
	uint64_t *recent;     /* the window of orders.h: where orders wait, by reference */
	uint64_t recent_base; /* its first reference, a multiple of a cache line's */
	uint64_t recent_mask;
	slot *slots; /* the table */
	uint64_t multiplier;
	uint32_t line_shift; /* 64 - log2 of the table's cache lines */
	uint32_t slot_mask;
	uint32_t old_count, old_limit; /* orders in the table; it grows beyond the limit */
	uint32_t ahead_count;          /* of them, with references above the window's */
	uint32_t strays, strays_max;   /* references outside the window, since it last moved */
	level *levels; /* the start of the arena; the rings' memory follows the reserved levels */
	uint32_t level_reserved;
	book *books; /* by locate */
	uint32_t book_reserved, details_reserved;
	blocks rings, sides;
	bool has_listener;
	bool is_watched;     /* it wants to know of best prices */
	int shortage;        /* why an operation said IX_BOOK_FAULT_LIMIT: IX_ERR_LIMIT or IX_ERR_MEMORY */
	ix_book_level spare; /* written, never read */
	day day;

	details *details; /* by locate */
	kept_trade *trades;
	uint32_t *trade_heads;
	uint32_t trade_mask;
	uint32_t participant_reserved;
	participant *participants;
	uint16_t *name_table; /* locates by name */
	uint16_t *mpid_table; /* numbers by MPID */
	uint32_t *mpids;      /* by number, from 1 */
	uint64_t memory_bytes;
	ix_book_listener listener;
	ix_books_options options; /* with the defaults filled in */
};

/* Inside the room an operation returns 0 or a fault kind + 1. */
typedef unsigned verdict;
#define FAULT(kind) ((verdict)IX_BOOK_FAULT_##kind + 1)

/* ---- memory (pools.c) ---- */

/* Makes an array of `*reserved` items hold at least `needed`, by doubling, never over `most` (which `needed`
 * is not); new items are zero. False, with books->shortage set and nothing changed, when there is no memory.
 */
bool pool_grow(
	ix_books *books, void **array, size_t item_size, uint32_t *reserved, uint32_t needed, uint32_t most);
/* Makes the arena hold at least so many levels and ring units. Moves it: no pointer to a level outlives this.
 */
bool arena_grow(ix_books *books, uint32_t levels_needed, uint32_t units_needed);
/* A block of 2^log2 units; its content is anything. 0 when there is no memory. Rings come from the arena. */
uint32_t blocks_take(ix_books *books, blocks *pool, uint32_t log2);
void blocks_give(blocks *pool, uint32_t block, uint32_t log2);

/* One of two addresses, without a branch: for choices that nobody can predict. */
static inline void *choose(bool second, const void *a, const void *b) {
	uintptr_t mask = 0 - (uintptr_t)second;
	return (void *)((uintptr_t)a ^ (((uintptr_t)a ^ (uintptr_t)b) & mask));
}

/* A number made from 64 bits, spread over all of them. */
static inline uint64_t spread(const ix_books *books, uint64_t value) {
	value *= books->multiplier;
	return value ^ value >> 32;
}

#endif
