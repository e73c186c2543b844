/* engine.h - what the engine holds, and who may touch it. Inside this room only.
 *
 * Hierarchy. A node is a firm, desk, account, trader or session as the limits file has it. Nodes whose only
 * child is the next one always have the same exposure, so they share one `entity`: a session that is its
 * trader's only one costs one line of memory, not two. A session has a chain of entities, its own (which is
 * no other session's) first, the firm's last.
 *
 * A `cell` is what an entity holds in one symbol. Cells are found by hash, made at the first order, and never
 * go; a session's cell knows those of its chain. Tables of limits belong to a `ruleset`, which is one version
 * of the limits file and is never changed once it is in force.
 *
 * Memory order. Whatever a check reserves it adds with an atomic read-modify-write and looks at the sum that
 * it made: of two threads, the later sees both. Adding is acq_rel, so that whoever sees a fill leave `open`
 * also sees it in `position` (fills add to the position first): a worst case may be read too high for a
 * moment, never too low. Entities of one session are written by its thread alone and need no atomic
 * read-modify-write. Positions change under the symbol's lock, which no check takes. */
#ifndef INOX_RISK_ENGINE_H
#define INOX_RISK_ENGINE_H

#include <inox/arena.h>
#include <inox/risk.h>

#include <pthread.h>
#include <stdatomic.h>

__extension__ typedef __int128 wide;

enum { LEVELS = 5, LINE = 64, NONE32 = UINT32_MAX, DUPLICATE_RING = 4 };
#define NO_LIMIT INT64_MAX
#define NONE     UINT32_MAX
#define MILLION  INT64_C(1000000)
#define DAY_NS   UINT64_C(86400000000000)
#define MONEY_MAX \
	(INT64_C(1) << 62) /* of a sum: sixty-four orders of IX_RISK_VALUE_MAX may be on their way to it */
#define ORDER_LIMITS IX_RISK_LIMIT_POSITION_LONG

/* ---- limits ---- */

typedef struct rate_rule {
	int64_t step_ns;     /* a message's share of the bucket */
	int64_t hard, soft;  /* how full it may be, ns */
	uint8_t level, slot; /* slot: which bucket is its own */
} rate_rule;

/* The strictest limits of whatever it stands for, and whose each is. A value over `fast` is over `hard` or
 * `soft` or both. What must not be below a limit is kept with its sign turned. */
typedef struct limit_table {
	_Alignas(LINE) int64_t fast[IX_RISK_LIMIT_COUNT];
	uint8_t no_market, restricted, locate, self_match; /* 0, or 1 + the level that says so */
	uint8_t self_match_scope;                          /* 0, or 1 + the level within which */
	uint8_t rate_count, repeat_count;
	int64_t hard[IX_RISK_LIMIT_COUNT], soft[IX_RISK_LIMIT_COUNT];
	uint8_t hard_level[IX_RISK_LIMIT_COUNT], soft_level[IX_RISK_LIMIT_COUNT];
	rate_rule rates[2 * LEVELS], repeats[2 * LEVELS]; /* a hard and a soft one a level */
} limit_table;

/* The limits of one node for one symbol. */
typedef struct symbol_rule {
	uint64_t key; /* 1 + node, symbol; 0: free */
	limit_table *table;
} symbol_rule;

typedef struct ruleset {
	uint64_t version;
	uint8_t *symbol_levels; /* a bit for each level that has limits for the symbol; [symbol_max] */
	const limit_table *
		*of; /* [entity]; entities with the same limits share a table, which stays in the cache */
	symbol_rule *rules;
	uint32_t rule_mask; /* slots - 1 */
	ix_arena arena;     /* all of it */
} ruleset;

/* ---- what is held ---- */

typedef struct entity {
	_Alignas(LINE) _Atomic int64_t open_e4; /* buys and short sales */
	_Atomic int64_t open_sales_e4;          /* sales of what is held */
	_Atomic int64_t open_orders;
	_Atomic int64_t gross_e4;
	_Atomic int64_t pnl_e4, pnl_best_e4;
	_Atomic uint64_t order_count;
	_Atomic uint32_t killed; /* a bit a level */
	bool is_shared;          /* by threads */
	_Alignas(LINE) _Atomic uint64_t trade_count;
	_Atomic uint64_t full_at[2 * LEVELS];         /* of message rates: see take_token() */
	_Atomic int64_t loss_max_e4, drawdown_max_e4; /* over these the kill switch is thrown */
	uint32_t nodes[LEVELS];                       /* that it stands for; NONE */
} entity;
_Static_assert(offsetof(entity, trade_count) == LINE, "a level's sums are one line");

/* All that an order touches. */
typedef struct cell {
	_Alignas(LINE) _Atomic uint64_t key; /* 1 + entity, symbol; 0: free */
	_Atomic int64_t position, open_buy, open_sell;
	_Atomic int64_t best_buy, best_sell; /* of a session's resting orders; 0, INT64_MAX */
	uint32_t parents[3]; /* cells of the session's chain; the firm's is the symbol's `top` */
	uint32_t orders;     /* of a session: the first open one */
} cell;
_Static_assert(sizeof(cell) == LINE, "a cell is one line of memory");

/* What fills, prices and self-match need of it besides. */
typedef struct cell_more {
	_Alignas(LINE) uint64_t repeat_full_at[2 * LEVELS];
	_Atomic uint32_t next_of_symbol; /* cells of the symbol */
	_Atomic uint32_t children;       /* session cells below, for self-match */
	uint32_t siblings[LEVELS];       /* the next one, per parent */
} cell_more;

/* Who was the first of two to lift a kill switch; empty: nobody yet. Under the control lock. */
typedef struct approval {
	char who[IX_RISK_TEXT_MAX + 1];
} approval;

typedef struct divisor { /* n % d == 0, without a division (Granlund, Montgomery 1994, section 9) */
	uint64_t inverse, quotient_max;
	uint32_t shift;
} divisor;

/* The first two lines are all that an order looks at. */
typedef struct symbol {
	_Alignas(LINE) _Atomic int64_t bid;
	_Atomic int64_t ask, last, reference, luld_low, luld_high;
	_Atomic uint64_t time_ns;
	_Atomic uint32_t flags;
	_Atomic uint32_t top; /* the firm's cell; NONE */
	_Alignas(LINE) divisor lot;
	divisor tick;
	int64_t average_volume;
	_Atomic int64_t mark_e4; /* what positions are marked at; 0: none yet */
	_Alignas(LINE) divisor tick_below_one;
	_Atomic uint32_t cells; /* the first; NONE */
	_Atomic uint32_t lock;
	ix_risk_symbol details;
	ix_str name;
	approval approval;
} symbol;
_Static_assert(offsetof(symbol, lot) == LINE && offsetof(symbol, tick_below_one) == 2 * LINE,
	"a check touches two lines of its symbol");
enum { SYMBOL_HALTED = 1, SYMBOL_SHORT_SALE_RESTRICTED = 2, SYMBOL_EASY_TO_BORROW = 4, SYMBOL_KILLED = 8 };

typedef struct order_record {
	_Alignas(LINE) uint64_t id;
	int64_t leaves, reserve_price; /* what is reserved */
	int64_t price;                 /* its own */
	int64_t own_leaves;            /* its own, while a replacement holds the reservation or waits */
	uint32_t cell;
	uint32_t next; /* in its bucket, or free */
	uint32_t previous_of_cell, next_of_cell;
	uint32_t partner; /* of a replacement under way: the other one */
	uint8_t side, flags, state;
	uint8_t unused;
} order_record;
_Static_assert(sizeof(order_record) == LINE, "an order is one line of memory");
enum { ORDER_FREE, ORDER_OPEN, ORDER_REPLACED, ORDER_REPLACING };

typedef struct session {
	_Alignas(LINE) _Atomic uint32_t turn; /* odd while it looks at limits */
	uint32_t chain_count;
	uint32_t chain[LEVELS]; /* entities, its own first */
	uint32_t free_order, fresh_order, fresh_end;
	uint32_t recent_next;     /* place in the ring */
	uint64_t time_ns;         /* the latest it has seen: a clock that steps back stands still */
	uint64_t repeating_until; /* before that one of its cells was filled too often */
	_Alignas(LINE) _Atomic uint64_t check_count;
	_Atomic uint64_t pass_count, warning_count, open_count;
	uint32_t nodes[LEVELS];
	_Alignas(LINE) struct {
		uint64_t sign, time_ns;
	} recent[DUPLICATE_RING]; /* its latest orders that passed */
	_Atomic uint64_t unknown_count, overfill_count;
	_Atomic uint64_t reject_counts[IX_RISK_REASON_COUNT];
} session;
_Static_assert(offsetof(session, check_count) == LINE && offsetof(session, recent) == 2 * LINE,
	"a check touches three lines of its session");

typedef struct node {
	ix_str name;
	uint32_t parent, entity;
	uint8_t level;
	uint32_t session; /* of a session; NONE */
	uint32_t child_count;
	approval approval;
} node;

struct state; /* journal.c's */
struct control;

struct ix_risk {
	_Atomic(ruleset *) rules;
	session *sessions;
	entity *entities;
	symbol *symbols;
	cell *cells;
	cell_more *more; /* of the same index */
	order_record *orders;
	uint32_t cell_mask, cell_shift, cell_max;

	_Alignas(LINE) _Atomic uint32_t cell_count;
	_Alignas(LINE) _Atomic uint32_t order_count; /* records handed to sessions */
	_Alignas(LINE) uint32_t order_max;
	uint32_t order_chunk; /* that a session takes at a time, and keeps */
	uint32_t session_count, entity_count, node_count, symbol_max;
	_Atomic uint32_t symbol_count;
	node *nodes;       /* by level, sessions last, in the file's order */
	uint32_t *buckets; /* of open orders: so many a session */
	uint32_t bucket_mask;
	size_t bucket_count;
	bool is_single_thread, needs_fence;
	bool is_replaying;   /* what a journal tells has been decided already */
	struct state *state; /* NULL: in memory only */
	struct control *control;
	ix_risk_options options;
	const ix_clock *clock;
};

/* ---- arithmetic on shared numbers ---- */

static inline int64_t get(const _Atomic int64_t *v) { return atomic_load_explicit(v, memory_order_relaxed); }
static inline int64_t get_acquire(const _Atomic int64_t *v) {
	return atomic_load_explicit(v, memory_order_acquire);
}
static inline void put(_Atomic int64_t *v, int64_t value) {
	atomic_store_explicit(v, value, memory_order_release);
}
/* Adds and returns the sum. */
static inline int64_t add(_Atomic int64_t *v, int64_t by, bool is_shared) {
	if (is_shared) return atomic_fetch_add_explicit(v, by, memory_order_acq_rel) + by;
	int64_t sum = get(v) + by;
	put(v, sum);
	return sum;
}
static inline void count(_Atomic uint64_t *v) { /* one writer */
	atomic_store_explicit(v, atomic_load_explicit(v, memory_order_relaxed) + 1, memory_order_relaxed);
}
/* A sum that stays within ±MONEY_MAX whatever comes. */
void risk_add_money(_Atomic int64_t *v, wide by);
static inline int64_t risk_clamp(wide v) {
	return v > MONEY_MAX ? MONEY_MAX : v < -MONEY_MAX ? -MONEY_MAX : (int64_t)v;
}
static inline int64_t absolute(int64_t v) { return v < 0 ? -v : v; } /* never INT64_MIN: sums are clamped */

static inline bool divides(const divisor *d, int64_t n) {
	uint64_t q = (uint64_t)n * d->inverse;
	q = q >> d->shift | q << ((64 - d->shift) & 63);
	return q <= d->quotient_max;
}
divisor risk_divisor_of(uint64_t d); /* d > 0 */

static inline void symbol_lock(symbol *s) {
	while (atomic_exchange_explicit(&s->lock, 1, memory_order_acquire)) {
		while (atomic_load_explicit(&s->lock, memory_order_relaxed)) __builtin_ia32_pause();
	}
}
static inline void symbol_unlock(symbol *s) { atomic_store_explicit(&s->lock, 0, memory_order_release); }

/* ---- cells.c ---- */
static inline cell_more *more_of(const ix_risk *r, const cell *c) { return &r->more[c - r->cells]; }
static inline uint64_t cell_key(uint32_t entity_index, uint32_t symbol_index) {
	return ((uint64_t)entity_index + 1) << 32 | symbol_index;
}
static inline uint32_t cell_home(const ix_risk *r, uint64_t key) {
	return (uint32_t)((key * UINT64_C(0x9E3779B97F4A7C15)) >> r->cell_shift);
}
static inline uint32_t cell_find(const ix_risk *r, uint64_t key) {
	for (uint32_t i = cell_home(r, key);; i = (i + 1) & r->cell_mask) {
		uint64_t k = atomic_load_explicit(&r->cells[i].key, memory_order_acquire);
		if (k == key) return i;
		if (k == 0) return NONE;
	}
}
/* The session's cell, and those of its chain; NONE when the table is full. */
uint32_t risk_cell_make(ix_risk *r, const session *s, uint32_t symbol_index);

/* The cell of the i-th entity of the chain that has `own` at its end. */
static inline cell *cell_above(const ix_risk *r, const session *s, cell *own, const symbol *y, uint32_t i) {
	if (i == 0) return own;
	if (i + 1 == s->chain_count) return &r->cells[atomic_load_explicit(&y->top, memory_order_relaxed)];
	return &r->cells[own->parents[i - 1]];
}

/* ---- orders.c ---- */
static inline uint32_t *order_bucket(const ix_risk *r, uint32_t session_index, uint64_t id) {
	uint32_t i = (uint32_t)((id * UINT64_C(0x9E3779B97F4A7C15)) >> 32) & r->bucket_mask;
	return &r->buckets[(size_t)session_index * (r->bucket_mask + 1) + i];
}
uint32_t risk_order_find(const ix_risk *r, const session *s, uint64_t id);
uint32_t risk_order_take(ix_risk *r, session *s); /* NONE: none left */
void risk_order_give(ix_risk *r, session *s, uint32_t index);
/* Into its bucket and its cell's list, and out of them (which gives it back). */
void risk_order_put(ix_risk *r, session *s, uint32_t index);
void risk_order_drop(ix_risk *r, session *s, uint32_t index);
/* The old order keeps its record, without a reservation, until the new one is acknowledged or rejected; the
 * new one, filled in as an order of its own, takes the larger of both. What that adds is the caller's to
 * reserve. */
void risk_put_replacement(ix_risk *r, session *s, uint32_t old_index, uint32_t index);
/* Reserves (sign 1) or releases (-1) shares and their value at every level of the session. */
void risk_reserve(
	ix_risk *r, const session *s, cell *c, uint8_t side, int64_t quantity, int64_t value_e4, int orders);

/* ---- rules.c, swap.c ---- */

/* Limits are looked at in odd turns only. Whoever replaces them waits for the turns that were odd when the
 * new ones were in place; swap.c says why no fence is needed here. */
static inline const ruleset *risk_enter(const ix_risk *r, session *s) {
	uint32_t turn = atomic_load_explicit(&s->turn, memory_order_relaxed);
	atomic_store_explicit(&s->turn, turn + 1, memory_order_relaxed);
	if (IX_UNLIKELY(r->needs_fence))
		atomic_thread_fence(memory_order_seq_cst);
	else
		atomic_signal_fence(memory_order_seq_cst);
	return atomic_load_explicit(&r->rules, memory_order_acquire);
}
static inline void risk_leave(session *s) {
	atomic_store_explicit(
		&s->turn, atomic_load_explicit(&s->turn, memory_order_relaxed) + 1, memory_order_release);
}

static inline uint32_t rule_home(const ruleset *rules, uint64_t key) {
	return (uint32_t)((key * UINT64_C(0x9E3779B97F4A7C15)) >> 32) & rules->rule_mask;
}
static inline const limit_table *symbol_table(
	const ruleset *rules, uint32_t node_index, uint32_t symbol_index) {
	uint64_t key = ((uint64_t)node_index + 1) << 32 | symbol_index;
	for (uint32_t i = rule_home(rules, key);; i = (i + 1) & rules->rule_mask) {
		if (rules->rules[i].key == key) return rules->rules[i].table;
		if (rules->rules[i].key == 0) return NULL;
	}
}

#endif
