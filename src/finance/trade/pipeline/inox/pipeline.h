/* pipeline.h - a trading engine: the feed's messages in, books, strategy, risk, orders out as OUCH bytes, a
 * venue's answers back in, every step on the audit trail.
 *
 *     feed -> books -> strategy -> risk -> order bytes -> audit -> venue (on paper)
 *       ^                                                             |
 *       '------------------ answers: fills, cancels, rejects ---------'
 *
 * The engine is a deterministic function of how it is set up and of what it is fed: time is the feed's, so
 * the same input gives the same orders, fills and profit to the bit, and a trail can be replayed. What is
 * measured (latencies) and what is only told (alerts) never flows back.
 *
 * One thread drives it, one message to its end before the next. After warm-up it allocates nothing. Reading
 * files, pacing, threads and trails around it: <inox/session.h>. */
#ifndef INOX_PIPELINE_H
#define INOX_PIPELINE_H

#include <inox/base.h>
#include <inox/book.h>
#include <inox/hist.h>
#include <inox/paper.h>
#include <inox/risk.h>
#include <inox/strategy.h>
#include <inox/trail.h>

enum {
	IX_PIPELINE_SYMBOL_MAX = 16384,
	IX_PIPELINE_ORDER_MAX = 65536, /* of the strategy, live at once */
	IX_PIPELINE_TIMER_MAX = 64,
	IX_PIPELINE_CURVE_MAX = 2048,       /* points of the profit curve */
	IX_PIPELINE_UPDATE_MAX = 256 << 10, /* updates that wait for the strategy */
};

/* The parts of a tick's way that are measured apart. */
typedef enum ix_pipeline_stage {
	IX_PIPELINE_TICK_TO_TRADE, /* from a message's arrival to the first order bytes that it led to */
	IX_PIPELINE_TICK,          /* from a message's arrival to the end of all work on it */
	IX_PIPELINE_BOOK,          /* decoding, and the books */
	IX_PIPELINE_STRATEGY,      /* its callbacks, without what follows here */
	IX_PIPELINE_RISK,          /* one check */
	IX_PIPELINE_ENCODE,        /* one order's bytes */
	IX_PIPELINE_AUDIT,         /* one decision put on the trail */
	IX_PIPELINE_VENUE,         /* the paper venue's part of a message */
	IX_PIPELINE_STAGE_COUNT,
} ix_pipeline_stage;
IX_API const char *ix_pipeline_stage_name(ix_pipeline_stage stage); /* "tick_to_trade", … */

typedef enum ix_pipeline_alert_kind {
	IX_PIPELINE_ALERT_LATENCY, /* a tick to trade above latency_alert_ns */
	IX_PIPELINE_ALERT_GAP,     /* messages of the feed are missing */
	IX_PIPELINE_ALERT_STALE,   /* no message for stale_alert_ns of market time, within market hours */
	IX_PIPELINE_ALERT_REJECTS, /* more than reject_alert_percent of the last 100 decisions were rejected
				    */
	IX_PIPELINE_ALERT_LOSS,    /* the profit fell below -loss_alert_e4 */
	IX_PIPELINE_ALERT_KILL,    /* risk's kill switch tripped */
	IX_PIPELINE_ALERT_LIMIT,   /* a limit of the engine itself: too many orders, updates, timers */
	IX_PIPELINE_ALERT_COUNT,
} ix_pipeline_alert_kind;
IX_API const char *ix_pipeline_alert_name(ix_pipeline_alert_kind kind); /* "latency", … */

/* At most one a kind and second: `count` is how many there were since the last one, this one included. */
typedef struct ix_pipeline_alert {
	ix_pipeline_alert_kind kind;
	uint64_t time_ns; /* market time */
	int64_t value, threshold;
	uint64_t count;
} ix_pipeline_alert;

/* Where records go: the trail, or a replay that compares. All may be NULL. */
typedef struct ix_pipeline_sink {
	/* Returns the record's number, 0 when it could not be put on record: the engine stops then. */
	uint64_t (*append)(void *context, uint16_t kind, ix_bytes head, ix_bytes body);
	/* Returns when the record is on file; false: it never will be, and the engine stops. */
	bool (*wait)(void *context, uint64_t number);
	/* What the venue sends out, as an exchange's drop copy. */
	void (*drop_copy)(void *context, ix_bytes ouch);
	void (*alert)(void *context, const ix_pipeline_alert *alert);
	void (*log)(void *context, ix_str text); /* the strategy's words */
	void *context;
} ix_pipeline_sink;

typedef struct ix_pipeline_options {
	const ix_allocator *allocator;      /* required */
	const ix_strategy_vtable *strategy; /* required */
	const int64_t *parameters;          /* as many as the strategy has; NULL: their fallbacks */
	ix_risk *risk;                      /* NULL: every order passes */
	ix_str risk_session;                /* the session of the limits file that orders come from */
	uint64_t venue_latency_ns;          /* market time from order bytes to the venue [20000] */
	uint32_t symbols_max;               /* highest locate [1024] */
	uint32_t orders_max;                /* [4096] */
	uint32_t book_orders_reserve;       /* live orders of the feed expected [65536] */
	bool measures;                      /* record the histograms: costs some 60 ns a message */
	uint64_t latency_alert_ns;          /* [100000: the survey's 100 us] */
	uint64_t stale_alert_ns;            /* [60 s] */
	uint32_t reject_alert_percent;      /* [50] */
	int64_t loss_alert_e4;              /* 0: never */
	ix_pipeline_sink sink;
} ix_pipeline_options;

typedef struct ix_pipeline ix_pipeline;

/* Errors: IX_ERR_USAGE something required is missing, IX_ERR_LIMIT a maximum out of range, IX_ERR_NOT_FOUND
 * no such session in the limits, IX_ERR_MEMORY, IX_ERR_ENVIRONMENT the strategy said it cannot run. */
IX_API int ix_pipeline_new(const ix_pipeline_options *options, ix_pipeline **ret_pipeline, ix_error *err);
IX_API void ix_pipeline_free(ix_pipeline *pipeline); /* NULL is fine; the risk engine is the caller's */

/* When the n-th message arrives (n from 0), in cycles of <inox/clock.h>: start + n * period / 2^32. Without a
 * schedule a message arrives when the engine comes to it. */
IX_API void ix_pipeline_set_schedule(ix_pipeline *pipeline, uint64_t start_cycles, uint64_t period_q32);

/* Puts whole length-prefixed messages on record and works on them, one by one. At most IX_TRAIL_PAYLOAD_MAX -
 * IX_TRAIL_INPUT_HEAD bytes. Errors: IX_ERR_TRUNCATED and IX_ERR_SYNTAX with the offset, IX_ERR_LIMIT the
 * books are full; IX_ERR_CLOSED the sink failed. After an error only ix_pipeline_free is left. */
IX_API int ix_pipeline_feed(ix_pipeline *pipeline, ix_bytes framed, ix_error *err);
/* Messages that the feed has lost in front of the next. */
IX_API void ix_pipeline_gap(ix_pipeline *pipeline, uint64_t message_count);
/* Risk's kill switch was thrown (ix_risk_mass_cancel): every live order is cancelled at the end of the
 * message at hand. On the engine's thread, also from within its calls. */
IX_API void ix_pipeline_cancel_all(ix_pipeline *pipeline);
/* An operator changes a parameter, between messages. IX_ERR_RANGE, IX_ERR_NOT_FOUND. */
IX_API int ix_pipeline_set_parameter(ix_pipeline *pipeline, uint32_t index, int64_t value, ix_error *err);
/* The end: the strategy stops, what is on its way arrives, the end record is written. */
IX_API int ix_pipeline_stop(ix_pipeline *pipeline, ix_error *err);

/* ---- what became of it ---- */

typedef struct ix_pipeline_counts {
	uint64_t message_count;
	uint64_t decision_count, enter_count, replace_count, cancel_count; /* what the strategy wanted */
	uint64_t rejected_count;                                           /* of them, by risk */
	uint64_t warned_count;                                             /* passed with a warning */
	uint64_t sent_count, answer_count;
	uint64_t fill_count, filled_shares, bought_shares, sold_shares;
	uint64_t venue_reject_count;
	uint64_t gap_count, lost_count;
	uint64_t alert_count[IX_PIPELINE_ALERT_COUNT];
	uint64_t reject_reasons[64]; /* by bit of ix_risk_reasons */
	uint64_t traded_notional_e4;
	uint32_t live_count;
} ix_pipeline_counts;

typedef struct ix_pipeline_profit {
	int64_t realised_e4,
		unrealised_e4;        /* unrealised: at the middle of the best prices, else the last trade */
	int64_t peak_e4, drawdown_e4; /* the highest so far, and the deepest fall below a peak: >= 0 */
	uint64_t drawdown_time_ns;
} ix_pipeline_profit;

typedef struct ix_pipeline_point {
	uint64_t time_ns;
	int64_t profit_e4;
	int64_t gross_e4; /* absolute value of all positions */
} ix_pipeline_point;

IX_API const ix_pipeline_counts *ix_pipeline_get_counts(const ix_pipeline *pipeline);
IX_API uint64_t ix_pipeline_now_ns(const ix_pipeline *pipeline); /* market time */
IX_API ix_pipeline_profit ix_pipeline_get_profit(const ix_pipeline *pipeline);
/* A sample of the profit at equal distances of market time; the pointer is good until the next feed. */
IX_API const ix_pipeline_point *ix_pipeline_curve(const ix_pipeline *pipeline, size_t *ret_count);
/* Nanoseconds; NULL when it does not measure. */
IX_API const ix_hist *ix_pipeline_latency(const ix_pipeline *pipeline, ix_pipeline_stage stage);
IX_API void ix_pipeline_reset_latency(ix_pipeline *pipeline);
IX_API const ix_books *ix_pipeline_books(const ix_pipeline *pipeline);
IX_API const ix_paper *ix_pipeline_venue(const ix_pipeline *pipeline);
IX_API const ix_strategy_position *ix_pipeline_position(const ix_pipeline *pipeline, uint16_t symbol);
typedef struct ix_pipeline_traded {
	uint64_t bought_shares, sold_shares;
	int64_t unrealised_e4;
	int64_t mark_e4; /* what a share is valued at */
} ix_pipeline_traded;
IX_API ix_pipeline_traded ix_pipeline_traded_of(const ix_pipeline *pipeline, uint16_t symbol);
/* BLAKE3 of all positions that are not flat or have traded: two runs that agree on it agree on every fill. */
IX_API void ix_pipeline_positions_hash(const ix_pipeline *pipeline, uint8_t ret_hash[32]);

#endif
