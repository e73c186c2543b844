/* risk_text.h - risk as text: orders as JSON and CSV, limits as rows, what a state directory tells of the
 * past. For `inox risk`, and for programs that do the same. */
#ifndef INOX_RISK_TEXT_H
#define INOX_RISK_TEXT_H

#include <inox/arena.h>
#include <inox/risk.h>

/* ---- orders ---- */

enum {
	IX_RISK_JSON_MAX = 64 << 10, /* bytes of an order as JSON */
	IX_RISK_ROW_MAX = 4096,      /* bytes of a line of CSV */
};

/* One thing that happens, as a line of CSV or a JSON object says it. */
typedef enum ix_risk_event_kind {
	IX_RISK_EVENT_ORDER = 0,
	IX_RISK_EVENT_REPLACE,
	IX_RISK_EVENT_ACK,
	IX_RISK_EVENT_REJECT,
	IX_RISK_EVENT_CANCEL,
	IX_RISK_EVENT_FILL,
	IX_RISK_EVENT_ADJUST,
	IX_RISK_EVENT_MARKET,
	IX_RISK_EVENT_KIND_COUNT,
} ix_risk_event_kind;

typedef struct ix_risk_event {
	ix_risk_event_kind kind;
	ix_risk_order order; /* fills and adjustments too: id, quantity, price_e4 */
	uint64_t replaces;   /* the id of the order that is replaced */
	bool has_market;     /* of an order: prices came with it, to be marked first */
	ix_risk_mark_price market;
} ix_risk_event;

/* {"session": "S1", "symbol": "ABC", "side": "buy", "quantity": 100, "price": "10.00", "id": 1,
 *  "time": "2026-01-05T15:00:00Z", "ioc": true, "located": true, "market": {"bid": "9.99", …}}
 * Without a price it is a market order; id is 1 and time `now_ns` where they are not given. Errors:
 * IX_ERR_SYNTAX, IX_ERR_INVALID, IX_ERR_RANGE, IX_ERR_NOT_FOUND (no such session or symbol) with the place in
 * the text. */
IX_API int ix_risk_order_from_json(
	const ix_risk *risk, ix_bytes text, uint64_t now_ns, ix_risk_event *ret_event, ix_error *err);

/* Lines of RFC 4180, the first of them names; in any order, unknown ones are refused:
 *     event (order, replace, ack, reject, cancel, fill, adjust, market), time, session, symbol, side, id,
 * quantity, price, flags (ioc, located, halted, ssr), replaces, bid, ask, last, reference, low, high An empty
 * field is one that is not given. Without an event it is an order. */
typedef struct ix_risk_rows {
	const ix_risk *risk;
	ix_str rest;
	uint64_t line; /* of the row that was read last, from 1 */
	uint64_t now_ns, next_id;
	int8_t columns[24]; /* what stands in each; -1 past the last */
	uint8_t column_count;
} ix_risk_rows;

/* Errors: as above, with "line 3, column 5: …". The text must outlive the rows. */
IX_API int ix_risk_rows_begin(
	ix_risk_rows *rows, const ix_risk *risk, ix_bytes text, uint64_t now_ns, ix_error *err);
/* False at the end; then *ret_code is 0. */
IX_API bool ix_risk_rows_next(ix_risk_rows *rows, ix_risk_event *ret_event, int *ret_code, ix_error *err);
/* Does it. For orders and replacements the verdict is filled in; true unless they are rejected. */
IX_API bool ix_risk_apply(ix_risk *risk, const ix_risk_event *event, ix_risk_verdict *ret_verdict);

/* ---- values ---- */

enum { IX_RISK_VALUE_TEXT_MAX = 48 };
/* A value in the unit of its limit: "500", "1000.00", "5%", "250ms", "15:30". Returns the length. */
IX_API size_t ix_risk_value_text(ix_risk_limit limit, int64_t value, char ret_text[IX_RISK_VALUE_TEXT_MAX]);

/* ---- limits ---- */

typedef struct ix_risk_limit_row {
	uint8_t level;
	ix_str name;       /* of the level */
	ix_str symbol;     /* empty: of all */
	ix_str limit;      /* "order-shares", "no-market-orders", "capital" */
	ix_str hard, soft; /* as text; empty: none */
} ix_risk_limit_row;

/* All limits of a file, in its order; in the arena. Errors: the file's. */
IX_API int ix_risk_limit_rows(ix_arena *arena, ix_str name, ix_str text, ix_risk_limit_row **ret_rows,
	size_t *ret_count, ix_error *err);

typedef struct ix_risk_limit_change {
	const ix_risk_limit_row *before, *after; /* NULL: there was none, there is none any more */
} ix_risk_limit_change;

/* What differs, in the order of the old rows, new ones behind; in the arena. Errors: IX_ERR_MEMORY. */
IX_API int ix_risk_limit_diff(ix_arena *arena, const ix_risk_limit_row *before, size_t before_count,
	const ix_risk_limit_row *after, size_t after_count, ix_risk_limit_change **ret_changes,
	size_t *ret_count, ix_error *err);

/* ---- the past ---- */

typedef struct ix_risk_breach {
	uint64_t time_ns;
	ix_str session, symbol;
	uint64_t id;
	int64_t quantity, price_e4;
	uint8_t side, flags;
	ix_risk_reasons rejects, warnings;
	uint8_t level, limit; /* of the first reason */
} ix_risk_breach;

typedef void ix_risk_breach_found(void *context, const ix_risk_breach *breach);

/* Orders that were rejected or warned of from `from_ns` up to and without `to_ns`, in order. The slices live
 * until the callback returns. Errors: the journal's, IX_ERR_NOT_FOUND. */
IX_API int ix_risk_read_breaches(const char *state_dir, uint64_t from_ns, uint64_t to_ns,
	ix_risk_breach_found *found, void *context, ix_error *err);
/* The text of the limits in force by a state, in the arena, and their version; version 0: there is none. */
IX_API int ix_risk_read_limits(
	ix_arena *arena, const char *state_dir, ix_str *ret_text, uint64_t *ret_version, ix_error *err);

#endif
