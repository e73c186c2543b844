/* book.h - the order books of every symbol of a day, order by order (L3): who waits where at which price.
 *
 * One ix_books holds all symbols, because order references are unique in a day, not in a symbol. The upper
 * half of this page is the book itself and knows no feed: add, execute, cancel, delete, replace; best prices,
 * depth, queues. The lower half reads Nasdaq ITCH 5.0 into it (<inox/itch.h>) and keeps what else the feed
 * says about a symbol: halts, auctions, collars, statistics.
 *
 * Memory comes from the allocator handed in, all of it when the books are made; a day that outgrows the
 * reserves of the options makes a pool double, and `growth_count` tell. Nothing else allocates. An ix_books
 * belongs to one thread at a time. Prices are in 1/10000 of the currency, times in nanoseconds since
 * midnight. */
#ifndef INOX_BOOK_H
#define INOX_BOOK_H

#include <inox/base.h>

typedef struct ix_books ix_books;

typedef enum ix_book_side { IX_BOOK_BID = 0, IX_BOOK_ASK = 1 } ix_book_side;

/* A price level: the best of a side, or one of its depth. */
typedef struct ix_book_level {
	uint32_t price_e4;
	uint32_t order_count; /* 0: there is no such level, and the other fields are 0 */
	uint64_t shares;
} ix_book_level;

typedef struct ix_book_order {
	uint64_t reference;
	uint32_t price_e4;
	uint32_t shares;
	uint16_t locate; /* the symbol's number of the day, 1 … 65535 */
	uint8_t side;    /* an ix_book_side */
	char mpid[4];    /* attribution, padded with spaces; all zero bytes: none */
} ix_book_order;

/* A trade as it enters the statistics. */
typedef struct ix_book_trade {
	uint64_t match; /* the day-unique match number */
	uint64_t shares;
	uint64_t timestamp_ns;
	uint32_t price_e4;
	uint16_t locate;
	uint8_t kind;      /* an ix_book_trade_kind */
	bool is_printable; /* false: reported again by a later cross, and so in no volume */
} ix_book_trade;

typedef enum ix_book_trade_kind {
	IX_BOOK_TRADE_ORDER,  /* against a displayed order, at its price or another */
	IX_BOOK_TRADE_HIDDEN, /* against a non-displayed order */
	IX_BOOK_TRADE_CROSS,  /* an auction's bulk print */
} ix_book_trade_kind;

/* ---- making them ---- */

/* Called after the operation that changed something, never in the middle of one; must not change the books.
 */
typedef struct ix_book_listener {
	/* The best bid or ask differs in price, shares or order count: `best` is {bid, ask}, as is `before`.
	 */
	void (*on_bbo)(
		void *context, uint16_t locate, const ix_book_level before[2], const ix_book_level best[2]);
	void (*on_trade)(void *context, const ix_book_trade *trade);
	/* ix_books_run has applied a message, known to ITCH 5.0 and whole; faulty ones are shown too. */
	void (*on_message)(void *context, const uint8_t *message, size_t size);
	void *context;
} ix_book_listener;

/* Zero means the default, in [brackets]. The defaults hold an ordinary test day and take about 70 MB; a whole
 * Nasdaq day wants orders_reserve = 4 << 20, levels_reserve = 1 << 20. A reserve is taken and touched at
 * once; what goes beyond doubles a pool, up to the maximum. reserve = maximum: nothing ever grows. */
typedef struct ix_books_options {
	const ix_allocator *allocator; /* required */
	uint32_t orders_reserve;       /* live at a time [524288] */
	uint32_t orders_max;           /* [67108864, which is also the most] */
	uint32_t levels_reserve;       /* live at a time, all symbols and sides [131072] */
	uint32_t levels_max;           /* [16777213, which is also the most] */
	uint32_t symbols_reserve;      /* highest locate expected [12288] */
	uint32_t symbols_max;          /* highest locate allowed [65535, which is also the most] */
	uint32_t
		references_window; /* order references that are looked up fastest: the latest so many the feed
				      has handed out; rounded up to a power of two, at most 2^28 [524288] */
	uint32_t trades_max;       /* latest printed trades that can still be broken; rounded up to a power
				      of two, at most 2^28 [262144] */
	uint32_t positions_max;    /* market participant positions, all symbols [524288] */
	uint64_t hash_seed;        /* other values defeat references chosen to collide [fixed] */
	bool is_strict;            /* a fault of the feed is returned as an error, not only counted */
	bool admits_unlisted;      /* a symbol may appear without its directory entry: joining in mid-day */
	const ix_book_listener *listener; /* copied; NULL costs nothing */
} ix_books_options;

/* Errors: IX_ERR_USAGE no allocator, IX_ERR_LIMIT a reserve or maximum out of range, IX_ERR_MEMORY. */
IX_API int ix_books_new(const ix_books_options *options, ix_books **ret_books, ix_error *err);
IX_API void ix_books_free(ix_books *books); /* NULL is fine */
/* Back to the state after ix_books_new, for the next day; keeps the memory, frees and allocates nothing. */
IX_API void ix_books_reset(ix_books *books);

/* ---- faults: what a damaged feed, or a gap in it, does ----
 * An operation that makes no sense changes nothing and is counted here. The operations below always return
 * the error too; ix_books_apply and ix_books_run do in strict mode. err->detail is the kind + 1. */
typedef enum ix_book_fault_kind {
	IX_BOOK_FAULT_UNKNOWN_REFERENCE,   /* IX_ERR_NOT_FOUND: no such live order */
	IX_BOOK_FAULT_DUPLICATE_REFERENCE, /* IX_ERR_EXISTS: added or replaced to, and alive already */
	IX_BOOK_FAULT_OVER_EXECUTION,      /* IX_ERR_INVALID: more than the order has left */
	IX_BOOK_FAULT_OVER_CANCEL,         /* IX_ERR_INVALID: likewise */
	IX_BOOK_FAULT_ZERO_SHARES,         /* IX_ERR_INVALID: of an order, an execution or a cancel */
	IX_BOOK_FAULT_UNKNOWN_LOCATE,      /* IX_ERR_NOT_FOUND: no directory entry, or 0 */
	IX_BOOK_FAULT_WRONG_LOCATE,        /* IX_ERR_CONFLICT: the order is another symbol's */
	IX_BOOK_FAULT_WRONG_STOCK, /* IX_ERR_CONFLICT: the locate is another stock's, or the stock another
				      locate's */
	IX_BOOK_FAULT_BAD_CODE,    /* IX_ERR_INVALID: a side or code that ITCH does not have */
	IX_BOOK_FAULT_LIMIT,       /* IX_ERR_LIMIT, IX_ERR_MEMORY: ours, not the feed's; always returned */
	IX_BOOK_FAULT_COUNT,
} ix_book_fault_kind;

typedef struct ix_book_fault {
	uint64_t count;
	uint64_t first_sequence;  /* of the message, see ix_books_set_sequence */
	uint64_t first_offset;    /* ix_books_run: of its length prefix in the stream; else 0 */
	uint64_t first_reference; /* the order's, where it is about one */
	uint16_t first_locate;
	uint8_t first_type; /* the ITCH type; 0: an operation of ours */
} ix_book_fault;

/* IX_BOOK_FAULT_COUNT of them, by kind. */
IX_API const ix_book_fault *ix_books_faults(const ix_books *books);
IX_API const char *ix_book_fault_name(ix_book_fault_kind kind); /* "unknown reference" … */

typedef struct ix_books_info {
	uint64_t message_count; /* applied, faulty ones included */
	uint64_t fault_count;
	uint64_t growth_count; /* how often a reserve did not do; 0 on a well-sized day */
	uint64_t memory_bytes; /* taken from the allocator */
	uint32_t symbol_count;
	uint32_t order_count, order_count_peak; /* live */
	uint32_t level_count, level_count_peak;
	uint32_t position_count;
	uint64_t trade_count;          /* printed */
	uint64_t broken_count;         /* undone */
	uint64_t broken_unknown_count; /* break messages whose trade is not among the latest trades_max, or
					  was not printed */
} ix_books_info;
IX_API void ix_books_get_info(const ix_books *books, ix_books_info *ret_info);

/* ---- symbols ---- */

/* Makes the book of a locate. Again with the same stock: fine. `stock` is up to 8 bytes, without padding.
 * Errors: as the faults UNKNOWN_LOCATE (0), WRONG_STOCK, LIMIT. */
IX_API int ix_books_add_symbol(ix_books *books, uint16_t locate, ix_str stock, ix_error *err);
/* The locate of a stock, 0 when the day does not have it. */
IX_API uint16_t ix_books_find_symbol(const ix_books *books, ix_str stock);
/* The stock's name, empty for a locate without a book (or one whose name is not known yet). */
IX_API ix_str ix_books_symbol_name(const ix_books *books, uint16_t locate);
/* Locates go from 1 to this number; some may have no book. */
IX_API uint32_t ix_books_locate_last(const ix_books *books);
IX_API bool ix_books_has_symbol(const ix_books *books, uint16_t locate);

/* ---- the book: operations by order reference, O(1) but for a new price's place in its side ---- */

/* Joins the end of its level's queue. Faults: UNKNOWN_LOCATE, DUPLICATE_REFERENCE, ZERO_SHARES, BAD_CODE,
 * LIMIT. */
IX_API int ix_book_add(ix_books *books, const ix_book_order *order, ix_error *err);
/* Trades shares of the order, at its own price, and removes it when none are left. Faults: UNKNOWN_REFERENCE,
 * OVER_EXECUTION, ZERO_SHARES. */
IX_API int ix_book_execute(
	ix_books *books, uint64_t reference, uint32_t shares, uint64_t match, ix_error *err);
/* The same at another price, which enters the statistics if it is printable. */
IX_API int ix_book_execute_at(ix_books *books, uint64_t reference, uint32_t shares, uint64_t match,
	uint32_t price_e4, bool is_printable, ix_error *err);
/* Takes shares off; keeps its place in the queue, or goes if none are left. Faults: UNKNOWN_REFERENCE,
 * OVER_CANCEL, ZERO_SHARES. */
IX_API int ix_book_cancel(ix_books *books, uint64_t reference, uint32_t shares, ix_error *err);
IX_API int ix_book_delete(ix_books *books, uint64_t reference, ix_error *err);
/* The order ends; a new one of the same symbol, side and attribution joins the end of its level's queue, even
 * at the same price. All or nothing. Faults: UNKNOWN_REFERENCE, DUPLICATE_REFERENCE, ZERO_SHARES, LIMIT. */
IX_API int ix_book_replace(ix_books *books, uint64_t reference, uint64_t new_reference, uint32_t shares,
	uint32_t price_e4, ix_error *err);

/* ---- the book: questions. A locate without a book has an empty one. ---- */

/* The best bid and ask, {bid, ask}: two levels, kept current, read in O(1). The pointer is good until a
 * symbol is added. */
IX_API const ix_book_level *ix_book_bbo(const ix_books *books, uint16_t locate);
/* Both sides have orders, and bid >= ask: only while a feed says so. */
IX_API bool ix_book_is_crossed(const ix_books *books, uint16_t locate);
/* The best `capacity` levels of a side, best first; returns how many. */
IX_API size_t ix_book_depth(
	const ix_books *books, uint16_t locate, ix_book_side side, ix_book_level *out, size_t capacity);
IX_API uint32_t ix_book_level_count(const ix_books *books, uint16_t locate, ix_book_side side);
/* The level of a price; order_count 0 when there is none. */
IX_API ix_book_level ix_book_level_at(
	const ix_books *books, uint16_t locate, ix_book_side side, uint32_t price_e4);
/* False, *ret_order untouched, when the order is not live. */
IX_API bool ix_book_find(const ix_books *books, uint64_t reference, ix_book_order *ret_order);

/* An order's place in the queue of its level. Exact. Cost: the level's queue lies in one array, and the part
 * ahead of the order is summed: 4 bytes an entry in one stream, about 10 ns for 100 orders ahead, a
 * microsecond for 10,000. At least a quarter of a longer queue's entries are live orders. */
typedef struct ix_book_position {
	uint32_t orders_ahead;
	uint32_t order_count; /* of the level, this order included */
	uint64_t shares_ahead;
	uint64_t level_shares;
} ix_book_position;
/* False, *ret_position untouched, when the order is not live. */
IX_API bool ix_book_queue_position(const ix_books *books, uint64_t reference, ix_book_position *ret_position);

/* Walks a level's orders, first in the queue first. Any change of the books ends the walk. */
typedef struct ix_book_walk {
	const ix_books *books;
	uint32_t level, sequence, left;
} ix_book_walk;
IX_API ix_book_walk ix_book_walk_level(
	const ix_books *books, uint16_t locate, ix_book_side side, uint32_t price_e4);
IX_API bool ix_book_walk_next(ix_book_walk *walk, ix_book_order *ret_order);

/* ---- statistics of a symbol ---- */

typedef struct ix_book_stats {
	/* printed trades, less the broken ones */
	uint64_t volume;                            /* shares */
	uint64_t trade_count;                       /* crosses of 0 shares are none */
	uint64_t hidden_volume;                     /* of it, against non-displayed orders */
	uint64_t cross_volume;                      /* of it, in auctions */
	uint64_t notional_e4_low, notional_e4_high; /* sum of price x shares, 128 bits */
	uint32_t vwap_e4;                           /* rounded half up; 0: no trades */
	uint32_t open_e4, high_e4, low_e4, last_e4; /* 0: no trades */
	uint32_t broken_count;
	uint64_t last_shares, last_match, last_timestamp_ns;
	uint64_t unprinted_volume; /* executions that a cross reports again */
	uint64_t broken_volume;
	/* operations that changed the book */
	uint32_t add_count, execution_count, cancel_count, delete_count, replace_count;
	uint32_t order_count; /* live */
} ix_book_stats;
/* High, low, open and last are recomputed when a trade is broken, over the latest trades_max trades; older
 * ones count as final. Zeros for a locate without a book. */
IX_API void ix_book_get_stats(const ix_books *books, uint16_t locate, ix_book_stats *ret_stats);

/* Prints a trade that no displayed order took part in. Faults: UNKNOWN_LOCATE. 0 shares: nothing. */
IX_API int ix_book_print(ix_books *books, const ix_book_trade *trade, ix_error *err);
/* Takes a printed trade back out of the statistics; the book itself stays. False: not among the latest
 * trades_max, not printed, or broken already. */
IX_API bool ix_book_break(ix_books *books, uint64_t match);

/* ---- the feed ---- */

struct ix_itch_message; /* <inox/itch.h> */
struct ix_itch_run;

/* Applies one decoded message: 0, or with its fault's code IX_ERR_LIMIT and IX_ERR_MEMORY always, the others
 * in strict mode: "message 4711: Order Delete: order 99 is not in the books". After any error the books are
 * as before the message. Types that ITCH does not have are counted and skipped. */
IX_API int ix_books_apply(ix_books *books, const struct ix_itch_message *message, ix_error *err);

/* Applies up to `message_max` messages of a stream of length-prefixed messages (BinaryFILE, the body of a
 * MoldUDP64 packet) straight from its bytes, with the memory each will need fetched in advance. `framed`
 * starts at run->offset of the stream; `run` is the place in it (zero-initialised at the start; kept from
 * call to call) and moves on. Stops without an error at message_max, at the end-of-session mark and in front
 * of a message that is not wholly there (bytes are left then). Errors, with run->offset behind the last
 * message that was applied: IX_ERR_TRUNCATED and IX_ERR_SYNTAX a message too short or too long for its type,
 * and those of ix_books_apply. Both name the offset. */
IX_API int ix_books_run(
	ix_books *books, ix_bytes framed, struct ix_itch_run *run, uint64_t message_max, ix_error *err);

/* The next message applied has this sequence number (they count on from there); the first is 1. */
IX_API void ix_books_set_sequence(ix_books *books, uint64_t sequence);
IX_API uint64_t ix_books_sequence(const ix_books *books); /* of the next message */
/* Operations that are no messages happen at this time; a message brings its own. */
IX_API void ix_books_set_time(ix_books *books, uint64_t timestamp_ns);
IX_API uint64_t ix_books_time(const ix_books *books);

/* ---- what the feed says about a symbol. A time of 0: it never did. Codes are those of <inox/itch.h>. ----
 */

typedef struct ix_book_status {
	bool is_listed; /* has its directory entry */
	struct {        /* R */
		uint32_t round_lot_size, etp_leverage;
		uint8_t market_category, financial_status, round_lots_only, issue_classification,
			authenticity;
		uint8_t short_sale_threshold, ipo_flag, luld_tier, etp_flag, inverse;
		char issue_subtype[2];
	} directory;
	struct { /* H */
		uint64_t timestamp_ns;
		uint8_t state; /* H halted, P paused, Q quotation only, T trading; 0 unknown */
		char reason[4];
	} trading;
	struct { /* h: by market, Nasdaq, BX, PSX */
		uint64_t timestamp_ns;
		bool is_halted[3];
	} operational;
	struct { /* Y */
		uint64_t timestamp_ns;
		uint8_t action; /* 0 none, 1 intraday drop, 2 remains; 0 byte: unknown */
	} reg_sho;
	struct { /* J */
		uint64_t timestamp_ns;
		uint32_t reference_e4, upper_e4, lower_e4, extension;
	} luld;
	struct { /* K */
		uint64_t timestamp_ns;
		uint32_t release_time_s, price_e4;
		uint8_t qualifier;
	} ipo;
	struct { /* I */
		uint64_t timestamp_ns, paired_shares, imbalance_shares;
		uint32_t far_e4, near_e4, reference_e4;
		uint8_t direction, cross_type, price_variation;
	} imbalance;
	struct { /* Q */
		uint64_t timestamp_ns, shares, match;
		uint32_t price_e4;
		uint8_t cross_type;
	} cross;
	struct { /* N */
		uint64_t timestamp_ns;
		uint8_t interest;
	} rpii;
	struct { /* O */
		uint64_t timestamp_ns, near_time_ns;
		uint32_t minimum_e4, maximum_e4, near_e4, lower_collar_e4, upper_collar_e4;
		uint8_t open_eligibility;
	} direct_listing;
} ix_book_status;
/* NULL for a locate without a book; good until a symbol is added. */
IX_API const ix_book_status *ix_book_get_status(const ix_books *books, uint16_t locate);
/* Nasdaq takes orders and matches them: state T (or none said yet) and no operational halt on Nasdaq. */
IX_API bool ix_book_is_trading(const ix_books *books, uint16_t locate);

typedef struct ix_book_participant { /* L */
	char mpid[4];
	uint8_t primary_market_maker, market_maker_mode, state;
} ix_book_participant;
/* The symbol's positions in the order they came first; returns how many there are, and fills in at most
 * `capacity`. */
IX_API size_t ix_book_participants(
	const ix_books *books, uint16_t locate, ix_book_participant *out, size_t capacity);

typedef struct ix_books_market {
	uint8_t event;          /* S: the latest system event, 0 none yet */
	uint8_t breached_level; /* W: the highest circuit-breaker level breached, '1' … '3'; 0 none */
	uint64_t event_time_ns, mwcb_time_ns, breach_time_ns;
	uint64_t mwcb_e8[3]; /* V: the index values of the levels; mwcb_time_ns 0: not said */
} ix_books_market;
IX_API const ix_books_market *ix_books_get_market(const ix_books *books);

/* ---- for tests and audits ---- */

/* Looks at everything: every order found where its reference says, every level the sum of its orders in queue
 * order, every side sorted, best prices current, free lists whole. Slow. IX_ERR_INTERNAL names the first
 * thing that is not so. Allocates nothing. */
IX_API int ix_books_check(const ix_books *books, ix_error *err);

#endif
