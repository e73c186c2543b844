/* match.h - a matching engine: price-time priority for every symbol of a venue. It is a deterministic state
 * machine: commands in, events out, no clock, no chance, no I/O. The same commands give the same events and
 * the same state, bit for bit; so a journal of commands is a full record of a venue, and a snapshot plus the
 * commands after it is its restart.
 *
 *     ix_match_new(&(ix_match_options){.allocator = a, .listener = {on_event, context}}, &engine, &err);
 *     ix_match_apply(engine, &(ix_match_command){.kind = IX_MATCH_ADD_SYMBOL, .symbol = 1, …});
 *     ix_match_apply(engine, &(ix_match_command){.kind = IX_MATCH_STATE, .state = IX_MATCH_CONTINUOUS});
 *     ix_match_apply(engine, &(ix_match_command){.kind = IX_MATCH_SUBMIT, .symbol = 1, .order = 7, …});
 *
 * Prices are 1/10000 of the currency, quantities shares. One thread. Allocates in ix_match_new (and, where a
 * reserve does not do, by doubling up to the maxima); a warmed-up engine allocates nothing. */
#ifndef INOX_MATCH_H
#define INOX_MATCH_H

#include <inox/base.h>

/* An iceberg's quantity is at most so many times its display. */
enum { IX_MATCH_PARTS_MAX = 1024 };

typedef enum ix_match_side { IX_MATCH_BUY, IX_MATCH_SELL } ix_match_side;

typedef enum ix_match_type {
	IX_MATCH_LIMIT,
	IX_MATCH_MARKET, /* trades what it can; the rest is cancelled. In AUCTION it waits for the uncross */
	IX_MATCH_STOP,   /* becomes a market order when a trade (one that comes later) reaches stop_e4 */
	IX_MATCH_STOP_LIMIT, /* becomes a limit order then */
} ix_match_type;

typedef enum ix_match_tif {
	IX_MATCH_DAY, /* until IX_MATCH_EXPIRE */
	IX_MATCH_GTC, /* until cancelled */
	IX_MATCH_IOC,
	IX_MATCH_FOK,
	IX_MATCH_AT_AUCTION, /* takes part in the next uncross only, and until then is in no book; what is
				left then is cancelled. May be given in AUCTION and in CONTINUOUS */
} ix_match_tif;

/* What happens when an incoming order meets a resting one of the same owner (owner 0: nobody's, never the
 * same). The incoming order's choice counts. Auctions prevent nothing: nobody comes in there. */
typedef enum ix_match_stp {
	IX_MATCH_STP_NONE, /* they trade */
	IX_MATCH_STP_NEWEST,
	IX_MATCH_STP_OLDEST,
	IX_MATCH_STP_BOTH,
	IX_MATCH_STP_DECREMENT, /* both lose the smaller open quantity, hidden parts too, without a trade */
} ix_match_stp;

typedef enum ix_match_state {
	IX_MATCH_CLOSED,  /* only cancels */
	IX_MATCH_AUCTION, /* orders gather, nothing trades: opening, closing, after a halt. No IOC, no FOK, no
			     minimum quantity, but for stops: they wait anyway */
	IX_MATCH_CONTINUOUS,
	IX_MATCH_HALTED, /* only cancels */
	IX_MATCH_STATE_COUNT,
} ix_match_state;

typedef enum ix_match_kind {
	IX_MATCH_ADD_SYMBOL, /* symbol, tick_e4, lot (0: 1); state CLOSED */
	IX_MATCH_SUBMIT,
	IX_MATCH_CANCEL,  /* order; quantity is what is to be left open (0: all goes); less keeps priority */
	IX_MATCH_REPLACE, /* order -> new_order (which may be the same), with price_e4, quantity (open from
			     now on), display, and of a waiting stop stop_e4 (0: as it was); priority is kept
			     only if the prices stay and neither quantity nor display grows. What loses it
			     comes in anew: it may trade */
	IX_MATCH_MASS_CANCEL, /* every order that fits symbol, owner, session (0: any) and side (has_side):
				 symbols ascending; the book, waiting stops, waiting for an auction; buyers
				 before sellers, best price first, first in the queue first */
	IX_MATCH_STATE, /* symbol (0: all) goes to `state`, without an uncross; a crossed book does not become
			   CONTINUOUS */
	IX_MATCH_UNCROSS,   /* symbol, in AUCTION: the auction's trades at one price, then state `state`. Its
			       trades trigger stops if that is CONTINUOUS */
	IX_MATCH_REFERENCE, /* symbol: price_e4 is the reference price of auctions (0: none), on the tick */
	IX_MATCH_EXPIRE,    /* the day ends: orders of the symbol (0: all) go, all but GTC; as MASS_CANCEL */
	IX_MATCH_KIND_COUNT,
} ix_match_kind;

enum { IX_MATCH_POST_ONLY = 1, IX_MATCH_HAS_SIDE = 2 };

/* One command. Unused fields are 0. */
typedef struct ix_match_command {
	uint64_t time_ns; /* carried to the events, never looked at */
	uint64_t order;   /* the submitter's number, not 0, unique among live orders */
	uint64_t new_order;
	uint32_t owner;   /* whose: self-trade prevention, mass cancel */
	uint32_t session; /* which connection's: cancel on disconnect is a mass cancel by session */
	uint32_t price_e4, stop_e4;
	uint32_t quantity;
	uint32_t display; /* iceberg: shown at a time; 0: all of it */
	/* So many shares must trade at once when it comes in (or is triggered), hidden ones included. If less
	 * than that would, it is cancelled; if nothing would, a DAY or GTC order rests and its minimum is
	 * done with. (A book in which it rested untraded would be crossed.) */
	uint32_t minimum;
	uint32_t tick_e4, lot;
	uint16_t symbol; /* from 1 */
	uint8_t kind, side, type, tif, stp, flags, state;
} ix_match_command;

/* Of several reasons to reject the first of these counts; only an order to be cancelled or replaced is looked
 * for before its symbol's state. */
typedef enum ix_match_reason {
	IX_MATCH_OK,
	IX_MATCH_REJECT_SYMBOL,    /* there is none, or, to be added, there is one */
	IX_MATCH_REJECT_STATE,     /* the symbol does not take it now */
	IX_MATCH_REJECT_ORDER,     /* unknown, or a live one has the number, or it is 0 */
	IX_MATCH_REJECT_QUANTITY,  /* 0, not in lots; of a cancel, not less than what is open */
	IX_MATCH_REJECT_PRICE,     /* 0, off the tick, or given to a market order */
	IX_MATCH_REJECT_FIELDS,    /* a combination that makes no sense: post-only IOC, a display over the
				      quantity … */
	IX_MATCH_REJECT_POST_ONLY, /* it would have traded */
	IX_MATCH_REJECT_LIMIT,     /* the engine is full */
	IX_MATCH_CANCEL_USER,
	IX_MATCH_CANCEL_IOC,
	IX_MATCH_CANCEL_FOK,
	IX_MATCH_CANCEL_MARKET, /* nothing left to trade with */
	IX_MATCH_CANCEL_MINIMUM,
	IX_MATCH_CANCEL_SELF_TRADE,
	IX_MATCH_CANCEL_MASS,
	IX_MATCH_CANCEL_EXPIRED,
	IX_MATCH_CANCEL_AUCTION, /* AT_AUCTION, and the auction is over */
	IX_MATCH_REASON_COUNT,
} ix_match_reason;
IX_API const char *ix_match_reason_name(ix_match_reason reason); /* "would have traded", … */

typedef enum ix_match_event_kind {
	IX_MATCH_ACCEPTED, /* it is in the book, or waits for its stop or auction, or trades next */
	IX_MATCH_REJECTED,
	IX_MATCH_TRADE,     /* of two orders; see maker and taker */
	IX_MATCH_CANCELLED, /* `quantity` went, `left` stays open (0: the order is gone) */
	IX_MATCH_REPLACED,  /* order -> new_order */
	IX_MATCH_TRIGGERED, /* a stop order */
	IX_MATCH_REFRESHED, /* an iceberg shows a new part, at the end of the queue */
	IX_MATCH_STATE_CHANGED,
	IX_MATCH_UNCROSSED, /* price_e4 (0: no trade), quantity */
	IX_MATCH_EVENT_COUNT,
} ix_match_event_kind;

typedef struct ix_match_event {
	uint64_t time_ns;  /* the command's */
	uint64_t sequence; /* counts events from 1 */
	uint64_t order;    /* the order; of a trade: the taker (in an auction: the buyer) */
	uint64_t maker;    /* trade: the resting order (auction: the seller); REPLACED: the old number */
	uint64_t match;    /* trade: its number, from 1 */
	uint64_t volume;   /* UNCROSSED: all that traded; `quantity` is the same as far as it goes */
	uint32_t owner, maker_owner;
	uint32_t price_e4;
	uint32_t quantity;         /* traded, cancelled, shown */
	uint32_t left, maker_left; /* open quantity of order and maker afterwards, hidden parts included */
	uint16_t symbol;
	uint8_t kind, reason, side, state; /* side: the order's */
	bool kept_priority;                /* REPLACED */
	bool is_auction;                   /* TRADE */
} ix_match_event;

/* Called from within ix_match_apply; must not call the engine. */
typedef struct ix_match_listener {
	void (*on_event)(void *context, const ix_match_event *event);
	void *context;
} ix_match_listener;

typedef struct ix_match_options {
	const ix_allocator *allocator;       /* required */
	ix_match_listener listener;          /* on_event NULL: events are counted only */
	uint32_t symbols_max;                /* highest symbol [1024; at most 65535] */
	uint32_t orders_reserve, orders_max; /* live orders [65536, 16777216] */
	uint32_t levels_reserve, levels_max; /* price levels [16384, 4194304] */
	uint32_t side_reserve; /* price levels that a side of a symbol has room for from the start [as they
				  come] */
	uint64_t hash_seed;    /* other values defeat order numbers chosen to collide; no answer changes */
} ix_match_options;

typedef struct ix_match ix_match;

/* Errors: IX_ERR_USAGE no allocator, IX_ERR_LIMIT a maximum out of range, IX_ERR_MEMORY. */
IX_API int ix_match_new(const ix_match_options *options, ix_match **ret_engine, ix_error *err);
IX_API void ix_match_free(ix_match *engine); /* NULL is fine */

/* Another listener from now on: a venue that replays its journal tells nobody. */
IX_API void ix_match_set_listener(ix_match *engine, ix_match_listener listener);

/* Applies one command. A command that cannot be is answered with an IX_MATCH_REJECTED event and its reason is
 * returned; it changes nothing else. IX_MATCH_OK: it was carried out (an order may have been cancelled at
 * once). */
IX_API ix_match_reason ix_match_apply(ix_match *engine, const ix_match_command *command);
/* The same for each of them, in their order. Faster where there are many orders: the memory that a command
 * will need is fetched while those before it are applied. */
IX_API void ix_match_apply_all(ix_match *engine, const ix_match_command *commands, size_t count);

/* ---- questions ---- */

typedef struct ix_match_level {
	uint32_t price_e4, order_count;
	uint64_t quantity; /* shown */
} ix_match_level;
/* The best `capacity` levels, best first; returns how many. Stops and what waits for an auction only
 * (AT_AUCTION and market orders) are not in the book. */
IX_API size_t ix_match_depth(
	const ix_match *engine, uint16_t symbol, ix_match_side side, ix_match_level *out, size_t capacity);

typedef struct ix_match_order {
	uint64_t order;
	uint32_t owner, session, price_e4, stop_e4, left, shown, display, minimum;
	uint16_t symbol;
	uint8_t side, type, tif, stp;
	bool is_waiting; /* a stop that has not been triggered */
} ix_match_order;
/* False, *ret_order untouched, when it is not live. */
IX_API bool ix_match_find(const ix_match *engine, uint64_t order, ix_match_order *ret_order);
/* Shares shown ahead of the order in its level's queue; false when it is not in the book. Walks the queue. */
IX_API bool ix_match_queue_ahead(
	const ix_match *engine, uint64_t order, uint64_t *ret_shares, uint32_t *ret_orders);

/* What an uncross of the symbol would do now: the price with the most volume, then the least imbalance, then
 * nearest to the reference; of those that are left the highest if buyers are left over there, else the
 * lowest. It lies between the lowest and the highest limit given; where there is none, it is the reference.
 * Market orders trade first, then the better price, there the book before AT_AUCTION orders, then the
 * earlier; icebergs with their whole quantity, keeping their place. */
typedef struct ix_match_indication {
	uint32_t price_e4; /* 0: nothing would trade */
	uint64_t volume;
	int64_t imbalance; /* buyers' less sellers' shares at that price */
} ix_match_indication;
IX_API ix_match_indication ix_match_indicate(const ix_match *engine, uint16_t symbol);

typedef struct ix_match_info {
	uint64_t command_count, event_count, trade_count, traded_quantity;
	uint32_t order_count, order_count_peak, level_count, symbol_count;
	uint64_t growth_count, memory_bytes;
} ix_match_info;
IX_API void ix_match_get_info(const ix_match *engine, ix_match_info *ret_info);
IX_API ix_match_state ix_match_symbol_state(const ix_match *engine, uint16_t symbol);

/* ---- a venue's memory ---- */

/* A command as bytes (versioned, little-endian) and back; an error names the offset. */
enum { IX_MATCH_COMMAND_SIZE_MAX = 96 };
IX_API size_t ix_match_command_encode(
	const ix_match_command *command, uint8_t out[IX_MATCH_COMMAND_SIZE_MAX]);
IX_API int ix_match_command_decode(ix_bytes bytes, ix_match_command *ret_command, ix_error *err);

/* The whole state as bytes, through `write`; and into a new engine. Equal states give equal bytes. Format:
 * magic, version, little-endian, CRC-32C at the end. Errors of load name the offset: IX_ERR_SYNTAX,
 * IX_ERR_VERSION, IX_ERR_TRUNCATED, IX_ERR_CHECKSUM, IX_ERR_INVALID, IX_ERR_LIMIT; those of save are
 * `write`'s. */
IX_API int ix_match_save(const ix_match *engine, int (*write)(void *context, ix_bytes bytes, ix_error *err),
	void *context, ix_error *err);
IX_API int ix_match_load(
	const ix_match_options *options, ix_bytes snapshot, ix_match **ret_engine, ix_error *err);

/* Looks at everything: sums of levels, order of queues and sides, no crossed book in CONTINUOUS, free lists.
 * Slow; IX_ERR_INTERNAL names the first thing that is not so. */
IX_API int ix_match_check(const ix_match *engine, ix_error *err);

#endif
