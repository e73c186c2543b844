/* state.h - what the files of the venue on paper share: our orders, the symbols, what is on its way. */
#ifndef INOX_PAPER_STATE_H
#define INOX_PAPER_STATE_H

#include <inox/map.h>
#include <inox/paper.h>

/* One of our live orders. Its number in the engine says which: see own_of. */
typedef struct own {
	uint64_t number; /* 0: a free one */
	uint32_t user_ref_num;
	uint32_t price_e4;
	uint32_t left;
	uint32_t executed;   /* of the whole chain of replaced orders */
	uint32_t next, prev; /* in the symbol's list of its side, in order of time; next: of free ones */
	uint32_t all_next, all_prev; /* of all our orders */
	uint16_t symbol;
	uint8_t side; /* ix_match_side */
	uint8_t ouch_side, time_in_force, display, capacity, intermarket_sweep;
	bool is_post_only;
	bool is_lifted; /* out of the engine for the moment */
	char stock[8];
	char client_order_id[14];
} own;

typedef struct own_list {
	uint32_t first, last; /* 0: none */
} own_list;

typedef struct paper_symbol {
	char stock[8];
	own_list sides[2];
	bool exists;
	bool is_halted;      /* by its trading state */
	bool is_operational; /* halted on Nasdaq alone */
	bool is_gathering;   /* the engine is in AUCTION */
} paper_symbol;

/* An inbound message on its way: what is needed of it. */
typedef struct request {
	uint64_t due_ns, token;
	uint64_t price_e4;
	uint32_t user_ref_num, original_user_ref_num;
	uint32_t quantity;
	uint8_t type;
	uint8_t side, time_in_force, display, capacity, intermarket_sweep, cross_type;
	uint8_t post_only; /* the tag's value; 0: it has none */
	uint8_t side_tag;
	bool is_pegged, has_minimum, has_floor;
	char symbol[8];
	char client_order_id[14];
	char firm[4];
} request;

/* Shares that the feed believes an order has and that were traded away here; see README. */
typedef struct taken {
	uint32_t shares, price_e4;
	uint8_t side;
} taken;

IX_MAP(taken_map, uint64_t, taken, ix_hash_u64, ix_equal_u64);
IX_MAP(own_map, uint64_t, uint32_t, ix_hash_u64, ix_equal_u64);   /* by UserRefNum */
IX_MAP(stock_map, uint64_t, uint16_t, ix_hash_u64, ix_equal_u64); /* by the eight bytes of the name */

/* Why an order of ours gets smaller in the engine; it says what the client is told. */
typedef enum why {
	WHY_CANCEL,
	WHY_FILL,
	WHY_CLOSE,
	WHY_SILENT, /* the client is told otherwise, or nothing */
} why;

struct ix_paper {
	ix_paper_options options;
	ix_match *engine;
	uint64_t now_ns;
	own *owns; /* from 1 */
	uint32_t own_free, own_used;
	own_list all;
	own_map by_ref;
	taken_map taken;
	stock_map stocks;
	paper_symbol *symbols; /* from 0 */
	request *requests;     /* a ring */
	uint32_t request_first, request_count, request_max, entering_count;
	uint32_t last_ref;
	uint64_t own_sequence, match_count;
	uint32_t adding_price_e4; /* of the feed's order that comes in */
	uint32_t replaced_ref;    /* what comes in replaces this one; 0: it is new */
	uint8_t why;
	bool is_closed;   /* the market is */
	bool is_disabled; /* order entry is */
	ix_paper_info info;
};

enum { OWN_INDEX_BITS = 20 };
_Static_assert(IX_PAPER_ORDERS_MAX == 1 << OWN_INDEX_BITS, "an index fits into a number");

static inline bool is_own(uint64_t number) { return number >= IX_PAPER_OWN_FIRST; }
static inline own *own_of(const ix_paper *p, uint64_t number) {
	return &p->owns[number & ((UINT64_C(1) << OWN_INDEX_BITS) - 1)];
}
static inline uint32_t own_index(const ix_paper *p, const own *o) { return (uint32_t)(o - p->owns); }
static inline uint32_t least_u32(uint32_t a, uint32_t b) { return a < b ? a : b; }

static inline uint64_t stock_key(const char stock[8]) {
	uint64_t key;
	memcpy(&key, stock, 8);
	return key;
}

/* ---- owns.c: our orders in their lists ---- */

int owns_init(ix_paper *p, ix_error *err);
void owns_fini(ix_paper *p);
own *own_new(ix_paper *p, const request *r, uint16_t symbol); /* NULL: all are in use */
void own_end(ix_paper *p, own *o);
void own_to_the_end(ix_paper *p, own *o); /* it lost its place */
uint64_t own_number(ix_paper *p, const own *o);
own *own_find(const ix_paper *p, uint32_t user_ref_num); /* NULL: not live */
void own_rename(ix_paper *p, own *o, uint32_t user_ref_num);

/* ---- answers.c: what the client is told ---- */

void answer_accepted(ix_paper *p, const own *o);
void answer_replaced(ix_paper *p, const own *o, uint32_t original_user_ref_num);
void answer_executed(ix_paper *p, const own *o, uint32_t quantity, uint32_t price_e4, uint8_t liquidity);
void answer_canceled(ix_paper *p, const own *o, uint32_t quantity, uint8_t reason);
void answer_modified(ix_paper *p, const own *o);
void answer_rejected(ix_paper *p, const request *r, uint16_t reason);
void answer_mass_cancel(ix_paper *p, const request *r);
void answer_switched(ix_paper *p, const request *r);
void answer_account(ix_paper *p);
/* The engine's listener. */
void paper_on_match(void *context, const ix_match_event *event);

/* ---- market.c: the feed's orders in the engine, and what they do to ours ---- */

/* Shares of a feed's order were traded away here. */
void market_note_taken(ix_paper *p, uint64_t reference, uint32_t shares, uint8_t side, uint32_t price_e4);
/* Fewer shares of one of ours, `left` of them left. */
void own_reduce(ix_paper *p, own *o, uint32_t left, why cause);
/* One of ours that the engine does not have goes in, and trades if it can. */
void own_submit(ix_paper *p, own *o, why cause);
void own_cancel_all(ix_paper *p, uint16_t symbol, int side, why cause); /* 0: any symbol; -1: either side */

/* ---- orders.c: what the client wants ---- */

void paper_take(ix_paper *p, const request *r);

#endif
