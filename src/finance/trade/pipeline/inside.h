/* inside.h - what a pipeline holds, and what its files offer each other. For the room's own files. */
#ifndef PIPELINE_INSIDE_H
#define PIPELINE_INSIDE_H

#include <inox/clock.h>
#include <inox/itch.h>
#include <inox/map.h>
#include <inox/pipeline.h>

enum {
	SLOT_BITS = 16, /* an order's number is serial << SLOT_BITS | slot */
	UPDATES_PER_MESSAGE_MAX = 4096,
	ORDER_BYTES_MAX = 64,
	QUANTITY_MAX = 999999,     /* OUCH 5.0: fewer than a million shares, */
	PRICE_MAX_E4 = 1999999900, /* at most 199,999.99 */
	DECISION_WINDOW = 100,     /* the decisions that the reject alert looks at */
};
#define NS_PER_SECOND UINT64_C(1000000000)

IX_MAP(reference_map, uint64_t, uint32_t, ix_hash_u64, ix_equal_u64); /* UserRefNum -> slot */

/* An order of the strategy's. */
typedef struct order {
	uint64_t number;        /* 0: a free slot, and `next_free` says which is next */
	uint32_t reference;     /* UserRefNum that the venue knows it by */
	uint32_t new_reference; /* of a replacement on its way; 0: none */
	uint32_t left, price_e4;
	uint32_t executed;               /* of the whole chain of replaced orders, as OUCH counts it */
	uint32_t new_left, new_price_e4; /* of the replacement */
	uint32_t next_free;
	uint16_t symbol;
	uint8_t side, tif;
	bool is_live;       /* the venue has accepted it */
	bool is_short;      /* a short sale */
	bool is_cancelling; /* a cancel is on its way */
} order;

typedef struct timer {
	uint64_t at_ns;
	uint32_t id;
} timer;

typedef struct symbol {
	ix_strategy_quote quote;
	ix_strategy_position position;
	uint64_t bought_shares, sold_shares;
	int64_t unrealised_e4, gross_e4; /* as last marked */
	char name[8];                    /* padded with spaces; all zero: not known yet */
	uint32_t risk_symbol;
	uint32_t last_e4;
	uint32_t touched; /* index in `touched` + 1; 0: never traded */
	bool is_halted;
} symbol;

/* The part of a message that callbacks of the books leave for the end of it. */
typedef struct news {
	bool has_quote, has_trade;
	uint16_t quote_symbol;
	ix_strategy_trade trade;
	uint16_t trade_symbol;
} news;

struct ix_pipeline {
	const ix_strategy_vtable *strategy;
	void *self; /* the strategy's own */
	bool is_open;
	ix_strategy_host host;
	ix_pipeline_sink sink;
	ix_books *books;
	ix_paper *venue;
	ix_risk *risk;
	uint32_t session;
	symbol *symbols; /* by locate */
	uint32_t symbols_max, symbol_last;
	uint64_t now_ns;
	news news;

	/* orders.c */
	order *orders;
	uint32_t orders_max, free_first;
	uint64_t serial;
	uint32_t reference_last;
	reference_map references;
	/* host.c */
	ix_strategy_update *updates; /* a ring of IX_PIPELINE_UPDATE_MAX … as many as `update_mask` + 1 */
	uint32_t update_mask, update_put, update_taken;
	uint32_t told_count; /* updates told with the message at hand */
	timer timers[IX_PIPELINE_TIMER_MAX];
	uint32_t timer_count;
	int64_t parameters[IX_STRATEGY_PARAMETER_MAX];
	bool is_stopping, must_cancel_all;
	bool has_failed; /* the sink */

	/* profit.c */
	uint16_t *touched; /* symbols that have traded, in the order in which they did */
	uint32_t touched_count;
	ix_pipeline_profit profit;
	int64_t gross_e4;
	ix_pipeline_point curve[IX_PIPELINE_CURVE_MAX];
	size_t curve_count;
	uint64_t curve_step_ns, curve_next_ns;

	/* alerts.c */
	struct {
		uint64_t next_ns, held_count;
	} alerts[IX_PIPELINE_ALERT_COUNT];
	uint8_t decision_window[DECISION_WINDOW]; /* 1: rejected */
	uint32_t window_at, window_rejects;
	bool loss_is_told, is_market_open;

	/* measure.h */
	bool measures;
	bool has_schedule;
	uint64_t schedule_start, schedule_period_q32;
	uint64_t arrival; /* of the message at hand, cycles */
	uint64_t mark;    /* the end of the work before this, cycles */
	uint64_t nested;  /* cycles within a callback that are not the strategy's own */
	bool has_traded;  /* the message at hand has led to an order */
	uint64_t ns_per_cycle_q32;
	ix_hist stages[IX_PIPELINE_STAGE_COUNT];

	ix_pipeline_counts counts;
	ix_pipeline_options options; /* with the defaults filled in */
};

/* ---- pipeline.c: the books' listener ---- */
void pipeline_on_bbo(
	void *pipeline, uint16_t locate, const ix_book_level before[2], const ix_book_level best[2]);
void pipeline_on_trade(void *pipeline, const ix_book_trade *trade);
void pipeline_on_message(void *pipeline, const uint8_t *message, size_t size);

/* ---- orders.c ---- */
int orders_init(ix_pipeline *p, ix_error *err);
void orders_fini(ix_pipeline *p);
order *orders_new(ix_pipeline *p);                   /* NULL: as many as may be are live */
order *orders_find(ix_pipeline *p, uint64_t number); /* NULL: none */
order *orders_by_reference(ix_pipeline *p, uint32_t reference);
uint32_t orders_refer(ix_pipeline *p, order *o); /* a new UserRefNum that leads to the order */
void orders_forget(ix_pipeline *p, uint32_t reference);
void orders_end(ix_pipeline *p, order *o);

/* ---- host.c: what the strategy calls, and what it is told ---- */
void host_init(ix_pipeline *p);
void host_update(ix_pipeline *p, const ix_strategy_update *update);
void host_deliver(ix_pipeline *p);
void host_fire_timers(ix_pipeline *p);
void host_cancel_all(ix_pipeline *p);
void host_cancel_order(ix_pipeline *p, order *o);

/* ---- answers.c: what the venue says ---- */
void answers_take(void *pipeline, ix_bytes message);

/* ---- profit.c ---- */
void profit_fill(ix_pipeline *p, uint16_t symbol, uint8_t side, uint32_t quantity, uint32_t price_e4);
/* The symbol's prices or position have changed. */
void profit_mark(ix_pipeline *p, uint16_t symbol);
void profit_sample(ix_pipeline *p);
void profit_finish(ix_pipeline *p);

/* ---- alerts.c ---- */
void alert_raise(ix_pipeline *p, ix_pipeline_alert_kind kind, int64_t value, int64_t threshold);
void alert_decision(ix_pipeline *p, bool is_rejected);

/* ---- measuring: all of it is skipped when nobody asked ---- */
static inline uint64_t cycles_now(const ix_pipeline *p) { return IX_LIKELY(p->measures) ? ix_cycles() : 0; }

static inline uint64_t cycles_ns(const ix_pipeline *p, uint64_t from, uint64_t to) {
	uint64_t high, low = ix_mul_wide(to > from ? to - from : 0, p->ns_per_cycle_q32, &high);
	return high << 32 | low >> 32;
}
static inline uint64_t measure(ix_pipeline *p, ix_pipeline_stage stage, uint64_t from, uint64_t to) {
	uint64_t ns = cycles_ns(p, from, to);
	ix_hist_record(&p->stages[stage], ns);
	return ns;
}

#endif
