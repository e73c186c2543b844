/* risk.h - pre-trade risk: may this order go out, given the limits and what is already held? For a trading
 * pipeline (in line, in process), an order gateway, and the risk officer behind `inox risk`.
 *
 *     ix_risk_options options = {.allocator = ix_os_allocator(), .limits = text, .limits_name = name};
 *     ix_risk_open(&options, &risk, &err);
 *     uint32_t session = ix_risk_find_session(risk, IX_STR("S1")), abc = ix_risk_find_symbol(risk, …);
 *     ix_risk_mark(risk, abc, &prices);
 *     if (ix_risk_check(risk, &order, &verdict)) send(order); // its exposure is reserved at every level
 *     ix_risk_on_fill(risk, session, id, quantity, price_e4, now_ns);
 *
 * Levels: firm > desk > account > trader > session. Every level may have every limit, for all symbols and for
 * one; the strictest wins. A hard limit rejects, a soft one warns. All reasons are told, as a set of bits.
 *
 * Threads. Each session belongs to one thread, which checks its orders and tells what became of them
 * (ix_risk_check, _check_replace, _on_ack, _on_reject, _on_cancel, _on_fill). Several threads may do so at
 * once: what they reserve together never exceeds a limit of a level that they share. Market data
 * (ix_risk_mark) and control (limits, kill switches, reports, journal) may come from any thread at any time.
 * A check takes no lock and allocates nothing. Where a function says "quiet", no other thread may be inside
 * the engine.
 *
 * Units: shares; prices and money in ten-thousandths (_e4) of the account currency; times in nanoseconds
 * since 1970 UTC. Sums are exact: products are 128 bits wide, an order whose value is over
 * IX_RISK_VALUE_MAX is rejected. Sources: SEC Rule 15c3-5 (market access), Regulation SHO Rule 201 (short
 * sales), the LULD plan, FIA "Best practices for automated trading risk controls" (2024). */
#ifndef INOX_RISK_H
#define INOX_RISK_H

#include <inox/writer.h>

typedef struct ix_risk ix_risk;

enum {
	IX_RISK_NODE_MAX = 1 << 20, /* firms, desks, accounts, traders and sessions together */
	IX_RISK_SYMBOL_MAX = 1 << 20,
	IX_RISK_ORDER_MAX = 1 << 26, /* open orders */
	IX_RISK_CELL_MAX = 1 << 26,  /* pairs of a level and a symbol that were ever traded */
	IX_RISK_NAME_MAX = 64,       /* bytes of a name of a level or a symbol */
	IX_RISK_TEXT_MAX = 160,      /* bytes of a reason, of who and why */
	IX_RISK_HISTORY_MAX = 4096,  /* changes of limits and kill switches that are remembered */
};

#define IX_RISK_PRICE_MAX    (INT64_C(1) << 42) /* e4: some 439 million for a share */
#define IX_RISK_QUANTITY_MAX (INT64_C(1) << 40)
#define IX_RISK_VALUE_MAX    (INT64_C(1) << 56) /* e4, of one order: some 7.2 trillion */

/* ---- levels ---- */

typedef enum ix_risk_level {
	IX_RISK_FIRM = 0,
	IX_RISK_DESK,
	IX_RISK_ACCOUNT,
	IX_RISK_TRADER,
	IX_RISK_SESSION,
	IX_RISK_SYMBOL, /* for kill switches: one symbol, everybody */
	IX_RISK_LEVEL_COUNT,
} ix_risk_level;

IX_API const char *ix_risk_level_name(ix_risk_level level); /* "firm", "desk", … */

/* ---- reasons ---- */

typedef uint64_t ix_risk_reasons;

#define IX_RISK_BIT(n)                        (UINT64_C(1) << (n))
#define IX_RISK_ORDER_TOO_LARGE               IX_RISK_BIT(0) /* shares of the order */
#define IX_RISK_POSITION_LIMIT_EXCEEDED       IX_RISK_BIT(1) /* long, short or gross, open orders included */
#define IX_RISK_CONCENTRATION_TOO_HIGH        IX_RISK_BIT(2) /* of the level's capital, or of a day's volume */
#define IX_RISK_DAILY_LOSS_LIMIT_EXCEEDED     IX_RISK_BIT(3) /* realised and unrealised */
#define IX_RISK_DRAWDOWN_LIMIT_EXCEEDED       IX_RISK_BIT(4) /* below the day's best */
#define IX_RISK_ORDER_VALUE_TOO_LARGE         IX_RISK_BIT(5) /* notional of the order */
#define IX_RISK_BUYING_POWER_EXCEEDED         IX_RISK_BIT(6)
#define IX_RISK_OPEN_NOTIONAL_EXCEEDED        IX_RISK_BIT(7)
#define IX_RISK_GROSS_NOTIONAL_EXCEEDED       IX_RISK_BIT(8)
#define IX_RISK_TOO_MANY_OPEN_ORDERS          IX_RISK_BIT(9)
#define IX_RISK_COLLAR_LAST                   IX_RISK_BIT(10)
#define IX_RISK_COLLAR_NBBO                   IX_RISK_BIT(11)
#define IX_RISK_COLLAR_REFERENCE              IX_RISK_BIT(12)
#define IX_RISK_OUTSIDE_LULD_BAND             IX_RISK_BIT(13)
#define IX_RISK_NOT_A_LOT                     IX_RISK_BIT(14)
#define IX_RISK_NOT_A_TICK                    IX_RISK_BIT(15)
#define IX_RISK_PRICE_TOO_LOW                 IX_RISK_BIT(16)
#define IX_RISK_MARKET_ORDER_BLOCKED          IX_RISK_BIT(17)
#define IX_RISK_STALE_REFERENCE               IX_RISK_BIT(18) /* no price to hold it against, or too old */
#define IX_RISK_DUPLICATE_ORDER               IX_RISK_BIT(19)
#define IX_RISK_MESSAGE_RATE_EXCEEDED         IX_RISK_BIT(20)
#define IX_RISK_ORDER_TO_TRADE_RATIO_EXCEEDED IX_RISK_BIT(21)
#define IX_RISK_REPEATED_EXECUTION            IX_RISK_BIT(22)
#define IX_RISK_RESTRICTED_SYMBOL             IX_RISK_BIT(23)
#define IX_RISK_LOCATE_REQUIRED               IX_RISK_BIT(24)
#define IX_RISK_SHORT_SALE_RESTRICTED         IX_RISK_BIT(25)
#define IX_RISK_SYMBOL_HALTED                 IX_RISK_BIT(26)
#define IX_RISK_OUTSIDE_HOURS                 IX_RISK_BIT(27)
#define IX_RISK_SELF_MATCH                    IX_RISK_BIT(28)
#define IX_RISK_KILLED                        IX_RISK_BIT(29)
#define IX_RISK_INVALID_ORDER                 IX_RISK_BIT(30) /* side, quantity, price, session or symbol */
#define IX_RISK_VALUE_OUT_OF_RANGE            IX_RISK_BIT(31)
#define IX_RISK_DUPLICATE_ID                  IX_RISK_BIT(32) /* the session has an open order of that id */
#define IX_RISK_UNKNOWN_ORDER                 IX_RISK_BIT(33) /* nothing to replace */
#define IX_RISK_ENGINE_FULL                   IX_RISK_BIT(34) /* orders_max or cell_max: fails closed */
#define IX_RISK_JOURNAL_FULL                  IX_RISK_BIT(35) /* nobody commits: fails closed */
enum { IX_RISK_REASON_COUNT = 36 };

/* Of a bit's number: "OrderTooLarge", "PositionLimitExceeded", …; NULL past the last. */
IX_API const char *ix_risk_reason_name(unsigned bit);
/* One sentence about it. */
IX_API const char *ix_risk_reason_text(unsigned bit);
/* The bit's number; -1: no such name. */
IX_API int ix_risk_reason_find(ix_str name);

/* ---- limits: each may stand at every level, for all symbols or for one ---- */

typedef enum ix_risk_limit {
	/* of an order; the strictest of the five levels is what counts */
	IX_RISK_LIMIT_ORDER_SHARES = 0,
	IX_RISK_LIMIT_ORDER_NOTIONAL,      /* e4 */
	IX_RISK_LIMIT_COLLAR_LAST,         /* e4 through the last price */
	IX_RISK_LIMIT_COLLAR_LAST_PERCENT, /* millionths of it */
	IX_RISK_LIMIT_COLLAR_NBBO,
	IX_RISK_LIMIT_COLLAR_NBBO_PERCENT,
	IX_RISK_LIMIT_COLLAR_REFERENCE,
	IX_RISK_LIMIT_COLLAR_REFERENCE_PERCENT,
	IX_RISK_LIMIT_QUOTE_AGE,  /* ns: older prices are no reference */
	IX_RISK_LIMIT_PRICE_MIN,  /* e4 */
	IX_RISK_LIMIT_HOURS_OPEN, /* ns after midnight UTC */
	IX_RISK_LIMIT_HOURS_CLOSE,
	IX_RISK_LIMIT_DUPLICATE_WINDOW, /* ns */
	IX_RISK_LIMIT_REPEAT_RATE,      /* fills of a session in a symbol */
	/* of what a level holds in one symbol */
	IX_RISK_LIMIT_POSITION_LONG, /* shares, with every open buy filled */
	IX_RISK_LIMIT_POSITION_SHORT,
	IX_RISK_LIMIT_POSITION_GROSS, /* |position| and all that is open on both sides */
	IX_RISK_LIMIT_CONCENTRATION,  /* e4: the part of the level's capital that may be in one symbol */
	IX_RISK_LIMIT_VOLUME_SHARE,   /* millionths of the average daily volume */
	/* of what a level has in all */
	IX_RISK_LIMIT_OPEN_ORDERS,
	IX_RISK_LIMIT_OPEN_NOTIONAL,  /* e4, open orders */
	IX_RISK_LIMIT_GROSS_NOTIONAL, /* e4, positions at the mark and open orders */
	IX_RISK_LIMIT_BUYING_POWER,   /* e4, the same without orders that sell what is held */
	IX_RISK_LIMIT_DAILY_LOSS,     /* e4 */
	IX_RISK_LIMIT_DRAWDOWN,       /* e4 */
	IX_RISK_LIMIT_MESSAGE_RATE,
	IX_RISK_LIMIT_ORDER_TO_TRADE,
	IX_RISK_LIMIT_COUNT,
	IX_RISK_LIMIT_OTHER = IX_RISK_LIMIT_COUNT, /* what is no number: a halt, a kill switch, … */
} ix_risk_limit;

IX_API const char *ix_risk_limit_name(ix_risk_limit limit); /* as in a limits file: "order-shares" */

/* ---- opening ---- */

/* Mass cancel wanted: a kill switch was thrown for `name` (an index of ix_risk_find_…). Called on the thread
 * that threw it, which may be the one that told of a fill or a price; must not call the engine. */
typedef void ix_risk_mass_cancel(void *context, ix_risk_level level, ix_str name, ix_str reason);

/* Zero means the default. */
typedef struct ix_risk_options {
	const ix_allocator *allocator;
	ix_str limits; /* text of a limits file (docs/risk.md); empty with a state_dir: the latest that it
			  knows */
	ix_str limits_name;    /* for errors; empty: "limits" */
	const char *state_dir; /* journal and snapshot; NULL: in memory only */
	bool read_only;        /* takes up the state, and changes nothing of it: beside an engine that runs */
	ix_str who, why;       /* on record when `limits` are not those that the state knows */
	uint32_t session_max;  /* the file may not have more; 0: as many as it has */
	uint32_t symbol_max;   /* 0: 16,384 */
	uint32_t account_max;  /* the file may not have more; 0: as many as it has */
	uint32_t orders_max;   /* open orders, and what a session once had open stays its own; 0: 65,536 */
	uint32_t cell_max;     /* pairs of a level and a symbol that were ever traded; 0: 65,536 */
	uint32_t queue_max;    /* events that wait for ix_risk_commit, with a state_dir; 0: 65,536 */
	bool single_thread; /* all sessions belong to one thread: shared levels need no atomic operations */
	ix_risk_mass_cancel *mass_cancel;
	void *context;
	const ix_clock *clock; /* stamps changes of limits and kill switches; NULL: the real one */
} ix_risk_options;

/* Reads the limits, allocates everything, and with a state_dir takes up the state that is there. Errors: a
 * limits file's with file:line:column, IX_ERR_LIMIT, IX_ERR_MEMORY, the journal's, IX_ERR_CONFLICT when the
 * state names a session that the limits file has not. */
IX_API int ix_risk_open(const ix_risk_options *options, ix_risk **ret_risk, ix_error *err);
/* Quiet. Commits what waits, and frees. NULL is fine. */
IX_API void ix_risk_close(ix_risk *risk);

/* ---- names ---- */

/* The index of a session or a symbol; UINT32_MAX: none. Not for the hot path. */
IX_API uint32_t ix_risk_find_session(const ix_risk *risk, ix_str name);
IX_API uint32_t ix_risk_find_symbol(const ix_risk *risk, ix_str name);
IX_API uint32_t ix_risk_session_count(const ix_risk *risk);
IX_API uint32_t ix_risk_symbol_count(const ix_risk *risk);
IX_API ix_str ix_risk_session_name(const ix_risk *risk, uint32_t session); /* as long as the engine */
IX_API ix_str ix_risk_symbol_name(const ix_risk *risk, uint32_t symbol);

/* What does not change during a day. */
typedef struct ix_risk_symbol {
	int64_t lot;                   /* shares; 0: 1 */
	int64_t tick_e4;               /* from 1.0000 on; 0: 1 */
	int64_t tick_below_one_e4;     /* 0: 1 */
	int64_t average_volume;        /* shares a day; 0: not known, and a limit on it fails closed */
	int64_t reference_e4;          /* yesterday's close; 0: none */
	bool is_easy_to_borrow;        /* a short sale needs no locate */
	bool is_short_sale_restricted; /* Rule 201: short sales only above the best bid */
} ix_risk_symbol;

/* Adds a symbol, or gives one that is there (from the limits file) its details; NULL: the defaults, or what
 * it has. Before its first order, any thread. Errors: IX_ERR_LIMIT (symbol_max), IX_ERR_INVALID. */
IX_API int ix_risk_add_symbol(
	ix_risk *risk, ix_str name, const ix_risk_symbol *details, uint32_t *ret_symbol, ix_error *err);

/* ---- orders ---- */

enum { IX_RISK_BUY = 1, IX_RISK_SELL = 2, IX_RISK_SELL_SHORT = 3 };
enum {
	IX_RISK_MARKET = 1,  /* no price: valued at the worst that the bands or the market allow */
	IX_RISK_LOCATED = 2, /* a short sale whose shares were located */
	IX_RISK_IOC = 4,     /* never rests */
};

typedef struct ix_risk_order {
	uint64_t id;      /* the session's own; one open order each */
	uint64_t time_ns; /* of the caller's clock */
	int64_t quantity;
	int64_t price_e4;
	uint32_t session, symbol;
	uint8_t side;
	uint8_t flags;
} ix_risk_order;

typedef struct ix_risk_verdict {
	ix_risk_reasons rejects, warnings;
	/* of the first reason that was met: of a reject, else of a warning */
	int64_t value, threshold; /* in the limit's unit; both 0 for IX_RISK_LIMIT_OTHER */
	uint8_t level;            /* ix_risk_level: whose limit it is */
	uint8_t limit;            /* ix_risk_limit */
	uint8_t reason;           /* the bit's number; IX_RISK_REASON_COUNT: there is none */
	bool is_symbol_limit;     /* it is the level's limit for this symbol alone */
} ix_risk_verdict;

/* Checks an order against everything, and tells all reasons. True: it passes, and its exposure is reserved at
 * every level until it is filled, cancelled or rejected. False: nothing has changed but rate counters.
 * `ret_verdict` may be NULL. Constant time but for a self-match search over the account's other sessions. */
IX_API bool ix_risk_check(ix_risk *risk, const ix_risk_order *order, ix_risk_verdict *ret_verdict);
/* One limit that was met, or one thing that forbids the order. */
typedef struct ix_risk_finding {
	int64_t value, threshold;
	uint8_t reason, limit, level;
	bool is_reject, is_symbol_limit;
} ix_risk_finding;
enum { IX_RISK_FINDING_MAX = 64 }; /* more are not told */

/* The same check, and all that was found; returns how many of them are in `ret_findings`. Not the fast way.
 */
IX_API size_t ix_risk_explain(ix_risk *risk, const ix_risk_order *order, ix_risk_verdict *ret_verdict,
	ix_risk_finding *ret_findings, size_t capacity);
/* A replacement with an id of its own, whose quantity is what shall be open afterwards. Until it is
 * acknowledged the larger of both is reserved; if it is rejected, the old order stands as before. */
IX_API bool ix_risk_check_replace(ix_risk *risk, uint32_t session, uint64_t id,
	const ix_risk_order *replacement, ix_risk_verdict *ret_verdict);
/* Brings the memory that a check of this order needs into the cache: for whoever has the next order in hand
 * while this one is checked. */
IX_API void ix_risk_prefetch(const ix_risk *risk, const ix_risk_order *order);
/* What can be known only when that has arrived: a little later, a little before the check. */
IX_API void ix_risk_prefetch_near(const ix_risk *risk, const ix_risk_order *order);

/* What became of an order. An unknown id changes nothing and is counted (ix_risk_get_stats). */
IX_API void ix_risk_on_ack(ix_risk *risk, uint32_t session, uint64_t id, uint64_t time_ns);
IX_API void ix_risk_on_reject(ix_risk *risk, uint32_t session, uint64_t id, uint64_t time_ns);
/* `quantity` shares are cancelled; 0: all that is left. */
IX_API void ix_risk_on_cancel(
	ix_risk *risk, uint32_t session, uint64_t id, int64_t quantity, uint64_t time_ns);
/* Moves shares from open to held. More than was open counts as held all the same, and is counted. */
IX_API void ix_risk_on_fill(
	ix_risk *risk, uint32_t session, uint64_t id, int64_t quantity, int64_t price_e4, uint64_t time_ns);
/* Shares that came or went without an order here: a position at the start of the day, a correction from a
 * drop copy. `quantity` is negative for shares that went. False: the table is full or a value is out of
 * range. */
IX_API bool ix_risk_adjust(ix_risk *risk, uint32_t session, uint32_t symbol, int64_t quantity,
	int64_t price_e4, uint64_t time_ns);

/* ---- market data ---- */

/* All of a symbol's prices; 0: not known. */
typedef struct ix_risk_mark_price {
	int64_t bid_e4, ask_e4;
	int64_t last_e4;
	int64_t reference_e4; /* 0: stays as it was */
	int64_t luld_low_e4, luld_high_e4;
	bool is_halted;
	bool is_short_sale_restricted;
	uint64_t time_ns;
} ix_risk_mark_price;

/* Positions are marked at the last price, else at the middle of bid and ask, else at the reference. Prices
 * over IX_RISK_PRICE_MAX or below 0 count as not known. */
IX_API void ix_risk_mark(ix_risk *risk, uint32_t symbol, const ix_risk_mark_price *price);
/* A new trading day: profit and loss, best, counts of orders and trades start from zero. Quiet. */
IX_API void ix_risk_start_day(ix_risk *risk, uint64_t time_ns);

/* ---- control ---- */

/* Puts new limits into force, all at once, while orders are checked: a check sees the old ones or the new
 * ones. The levels must be the same; another session takes a restart. Errors: as for a limits file,
 * IX_ERR_CONFLICT when the levels differ; the old limits then stay. */
IX_API int ix_risk_limits_swap(ix_risk *risk, ix_str text, ix_str who, ix_str why, ix_error *err);
IX_API uint64_t ix_risk_limits_version(const ix_risk *risk); /* from 1 */

/* Blocks new orders of a firm, desk, account, trader, session, or of everybody in a symbol; cancels always
 * pass, and a mass cancel is asked for. Errors: IX_ERR_NOT_FOUND. Thrown already: 0. */
IX_API int ix_risk_kill(
	ix_risk *risk, ix_risk_level level, ix_str name, ix_str reason, ix_str who, ix_error *err);
/* Takes two: the first call returns 0 with *ret_pending true, a second by somebody else lifts the block.
 * Errors: IX_ERR_NOT_FOUND, IX_ERR_CONFLICT (not thrown), IX_ERR_DENIED (the same approver twice, or nobody's
 * name). */
IX_API int ix_risk_unkill(
	ix_risk *risk, ix_risk_level level, ix_str name, ix_str who, bool *ret_pending, ix_error *err);

/* ---- state ---- */

/* Writes what happened so far to the journal and waits for the disk: after it returned 0, a kill or a power
 * cut loses none of it. Any thread. Without a state_dir: 0. Errors: the journal's. */
IX_API int ix_risk_commit(ix_risk *risk, ix_error *err);
/* The same, and all that is held goes beside the journal as a snapshot, so that the next start is short.
 * Quiet. Errors: also IX_ERR_MEMORY. */
IX_API int ix_risk_checkpoint(ix_risk *risk, ix_error *err);

/* All that is held (positions, open orders, marks, profit and loss, switches, history) in a format of our
 * own, version 1. What only lasts a moment is not in it: rates, duplicates, prices. Quiet; `to->needed` tells
 * how much it is when it does not fit (IX_ERR_LIMIT). */
IX_API int ix_risk_snapshot(ix_risk *risk, ix_writer *to, ix_error *err);
/* Puts it into an engine that is as it was opened. Sessions are found by name. Errors, after which the engine
 * may only be closed: IX_ERR_SYNTAX, IX_ERR_TRUNCATED, IX_ERR_INVALID with the offset, IX_ERR_VERSION,
 * IX_ERR_CONFLICT (a session that the limits have not), IX_ERR_LIMIT. */
IX_API int ix_risk_restore(ix_risk *risk, ix_bytes snapshot, ix_error *err);

/* ---- history ---- */

typedef enum ix_risk_change_kind {
	IX_RISK_CHANGE_LIMITS = 0,   /* a new version is in force */
	IX_RISK_CHANGE_KILL,         /* a switch was thrown, by hand */
	IX_RISK_CHANGE_TRIP,         /* or by a limit on losses */
	IX_RISK_CHANGE_UNKILL_ASKED, /* the first of two */
	IX_RISK_CHANGE_UNKILL,
	IX_RISK_CHANGE_CERTIFY, /* the yearly review (Rule 15c3-5 (e)) is on record */
	IX_RISK_CHANGE_KIND_COUNT,
} ix_risk_change_kind;

typedef struct ix_risk_change {
	uint64_t sequence; /* from 1 */
	int64_t time_ns;
	uint64_t version; /* of the limits in force afterwards */
	uint8_t kind, level;
	char name[IX_RISK_NAME_MAX + 1]; /* of the level or symbol; empty for limits */
	char who[IX_RISK_TEXT_MAX + 1], why[IX_RISK_TEXT_MAX + 1];
} ix_risk_change;

/* The latest `capacity` changes of at most IX_RISK_HISTORY_MAX, oldest first; returns how many. */
IX_API size_t ix_risk_get_history(ix_risk *risk, ix_risk_change *ret_changes, size_t capacity);
/* Puts on record that somebody reviewed the controls. */
IX_API int ix_risk_certify(ix_risk *risk, ix_str who, ix_str why, ix_error *err);

/* ---- looking ---- */

typedef struct ix_risk_exposure {
	int64_t open_notional_e4;   /* all open orders */
	int64_t open_long_sales_e4; /* of them, sales of what is held */
	int64_t gross_notional_e4;  /* positions at the mark */
	int64_t open_orders;
	int64_t pnl_e4, pnl_best_e4;
	uint64_t order_count, trade_count; /* today */
	bool is_killed;
} ix_risk_exposure;

typedef struct ix_risk_position {
	int64_t shares;
	int64_t open_buy, open_sell; /* shares */
} ix_risk_position;

/* A moment's view of a level; exact when quiet. Errors: IX_ERR_NOT_FOUND. */
IX_API int ix_risk_get_exposure(
	const ix_risk *risk, ix_risk_level level, ix_str name, ix_risk_exposure *ret_exposure, ix_error *err);
/* The same of one symbol; zeroes when it was never traded. */
IX_API int ix_risk_get_position(const ix_risk *risk, ix_risk_level level, ix_str name, uint32_t symbol,
	ix_risk_position *ret_position, ix_error *err);

typedef struct ix_risk_stats {
	uint64_t check_count, pass_count, warning_count;
	uint64_t reject_counts[IX_RISK_REASON_COUNT]; /* an order counts for each of its reasons */
	uint64_t unknown_order_count;                 /* acks, fills, cancels, rejects of unknown ids */
	uint64_t overfill_count;                      /* fills of more than was open */
	uint64_t open_order_count, cell_count;
} ix_risk_stats;

IX_API void ix_risk_get_stats(const ix_risk *risk, ix_risk_stats *ret_stats);

#endif
