/* trade_report.h - what a trading run did, as one HTML page: figures, profit and exposure over the day,
 * latencies, positions, rejects, alerts, the feed's gaps, the audit trail. For a desk to read, print, keep
 * and mail.
 *
 * The page is a function of the plain values below and of nothing else: no clock, no file, no environment. It
 * stands alone (charts are SVG inside, no script, nothing is loaded from anywhere: its own content security
 * policy forbids it), is well-formed as HTML and as XML, dark or light as the reader's system is, and all
 * text of the caller's is escaped; what cannot be shown (control bytes, ill-formed UTF-8, direction
 * overrides) becomes a visible sign in its place.
 *
 *     ix_trade_report facts = {.feed = IX_STR("day.itch"), .strategy = IX_STR("maker"), .order_count = 12,
 * …}; if (ix_trade_report_write_html(&facts, to_file, file, &err)) …
 *
 * Zero-initialised facts are a valid, empty run; each part says so where it has nothing. Amounts are 1/10000
 * of the account's currency and shown exactly; times of the market are nanoseconds since midnight. Texts are
 * borrowed during the call, and cut behind IX_TRADE_REPORT_TEXT_MAX bytes. */
#ifndef INOX_TRADE_REPORT_H
#define INOX_TRADE_REPORT_H

#include <inox/base.h>
#include <inox/hist.h>

enum {
	IX_TRADE_REPORT_TEXT_MAX = 4096,
	IX_TRADE_REPORT_ROW_MAX = 1000, /* of a table: the rest is one line that says how many */
};

/* A number of the strategy's. Units are the suffix of the name: "_e4" is also shown as an amount, "_ns" as a
 * duration. */
typedef struct ix_trade_report_parameter {
	ix_str name, help;
	int64_t value;
} ix_trade_report_parameter;

/* Any number of them: the chart keeps the first, highest, lowest and last of each of its columns. */
typedef struct ix_trade_report_point {
	uint64_t time_ns;
	int64_t profit_e4;
	int64_t gross_e4; /* absolute value of all positions */
} ix_trade_report_point;

typedef struct ix_trade_report_stage {
	ix_str name;
	const ix_hist *latency_ns; /* NULL or empty: nothing was measured */
} ix_trade_report_stage;

typedef struct ix_trade_report_position {
	ix_str symbol;
	int64_t shares; /* short: negative */
	int64_t realised_e4, unrealised_e4;
	uint64_t bought_shares, sold_shares;
} ix_trade_report_position;

typedef struct ix_trade_report_count {
	ix_str name, help; /* help: what it means; may be empty */
	uint64_t count;
} ix_trade_report_count;

typedef struct ix_trade_report_gap {
	uint64_t time_ns;                 /* of the last message before it; UINT64_MAX: not known */
	uint64_t sequence, message_count; /* the first missing one (0: not known), and how many */
	bool is_recovered;
} ix_trade_report_gap;

typedef struct ix_trade_report {
	/* ---- what ran; an empty text is left out ---- */
	ix_str title;   /* "Trading run" */
	ix_str date;    /* when, as the caller would write it */
	ix_str program; /* "inox 0.4.0" */
	ix_str command; /* the command line */
	ix_str feed, feed_format;
	uint64_t feed_bytes;
	ix_str strategy, strategy_summary;
	const ix_trade_report_parameter *parameters;
	size_t parameter_count;
	ix_str limits, session; /* the limits file, and the session in it. Both empty: no risk checks */
	ix_str mode;            /* "one core", "staged" */
	ix_str trouble;         /* why the run ended before its feed did, one sentence; shown on top */
	bool has_seed;
	uint64_t seed;
	uint64_t begin_ns, end_ns; /* market time of the first and last message; both 0: not known */
	int64_t wall_ns, cpu_ns;   /* how long it took; 0: not known */
	uint64_t rate_per_s;       /* the rate that messages were fed at; 0: as fast as it went */
	int64_t late_ns_max;       /* how far behind that schedule it fell */
	uint64_t venue_latency_ns; /* of the paper venue */

	/* ---- what it did ---- */
	uint64_t message_count;
	uint64_t decision_count; /* all that the strategy wanted: */
	uint64_t enter_count, replace_count, cancel_count;
	uint64_t rejected_count, warned_count; /* of the decisions, by risk */
	uint64_t order_count;                  /* orders and replacements that went out to the venue */
	uint64_t fill_count, bought_shares, sold_shares, traded_notional_e4;
	uint64_t venue_reject_count;
	uint64_t live_count; /* orders that were still live at the end */
	int64_t realised_e4, unrealised_e4;
	int64_t drawdown_e4; /* the deepest fall below a peak of the profit: >= 0 */
	uint64_t drawdown_time_ns;

	/* ---- its parts; a NULL list with count 0 is an empty one ---- */
	const ix_trade_report_point *curve; /* by time */
	size_t curve_count;
	const ix_trade_report_stage *stages; /* the first is tick to trade: the one that is drawn */
	size_t stage_count;
	const ix_trade_report_position *positions;
	size_t position_count;
	const ix_trade_report_count *reject_reasons; /* those with count 0 are left out */
	size_t reject_reason_count;
	const ix_trade_report_count *alerts; /* those with count 0 are shown */
	size_t alert_count;
	const ix_trade_report_gap *gaps;
	size_t gap_count;
	uint64_t lost_gap_count, lost_message_count; /* gaps that were never filled, and what is missing */
	uint64_t recovered_message_count;

	/* ---- the audit trail; an empty path: none was kept ---- */
	ix_str trail_path;
	uint64_t trail_record_count, trail_byte_count;
	bool trail_is_durable; /* an order is on the disk before the venue takes it */
	ix_str trail_hash;     /* its head, or of the positions, as text; may be empty */
	ix_str trail_verify;   /* the command that replays and checks it */
} ix_trade_report;

/* Takes all of the data, or returns false; then nothing more is written. `data` is good until it returns. */
typedef bool ix_trade_report_sink(void *context, const char *data, size_t size);

/* Writes the page in pieces of a few KiB. No allocation; the stack needs some 16 KiB.
 * Errors: IX_ERR_IO the sink refused, IX_ERR_USAGE a list without its items (NULL and a count). */
IX_API int ix_trade_report_write_html(
	const ix_trade_report *facts, ix_trade_report_sink *sink, void *context, ix_error *err);

#endif
