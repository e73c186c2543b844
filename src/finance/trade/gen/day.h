/* day.h - the inside of the generator: its state, the queue that its parts write messages to, and who makes
 * what. gen.c walks the phases of the day, events.c makes what the exchange says, flow.c what the orders do.
 */
#ifndef INOX_GEN_DAY_H
#define INOX_GEN_DAY_H

#include "market.h"

#include <inox/gen.h>
#include <inox/rng.h>

enum {
	GEN_QUEUE_MAX = 64,        /* one step makes at most as many messages */
	GEN_RECENT_TRADE_MAX = 64, /* trades that may still be broken */
	GEN_PLAN_MAX = 64,         /* halts under way */
};
#define GEN_SECOND_NS INT64_C(1000000000)
#define GEN_HOUR_NS   (3600 * GEN_SECOND_NS)

/* What is to happen to a halted stock, and when. */
typedef struct gen_plan {
	int64_t at_ns;
	uint16_t symbol;
	uint8_t stage;
} gen_plan;

/* The stretches of the day; each has a number of messages or of items to make, and a stretch of time. */
typedef enum gen_phase {
	GEN_DIRECTORY,
	GEN_PRE_MARKET,
	GEN_OPENING_IMBALANCE,
	GEN_OPENING_CROSS,
	GEN_MORNING,
	GEN_BREAKER_HALT, /* the market-wide circuit breaker trips, once, in a day long enough for it */
	GEN_BREAKER_RESUME,
	GEN_AFTERNOON,
	GEN_CLOSING_IMBALANCE,
	GEN_CLOSING_CROSS,
	GEN_POST_MARKET,
	GEN_END,
	GEN_OVER,
	GEN_PHASE_COUNT,
} gen_phase;

struct ix_gen {
	gen_market market;
	const ix_allocator *allocator;
	ix_rng rng;
	ix_gen_options options;
	uint64_t *weights; /* running sums of the symbols' activity */

	gen_phase phase;
	uint64_t item, item_count; /* symbols, symbols times rounds, or messages of the flow */
	int64_t from_ns, to_ns;    /* of this phase */
	int64_t now_ns;
	uint64_t made; /* messages handed out or waiting */
	/* Messages of each phase's flow; those of the other phases follow from the symbols. */
	uint64_t counts[GEN_PHASE_COUNT];
	uint64_t gap_count; /* of a stream: messages that came at the last instant */
	bool has_breaker;

	uint64_t reference, match;
	uint64_t recent[GEN_RECENT_TRADE_MAX]; /* match numbers that may still be broken */
	uint32_t recent_count;
	gen_plan plans[GEN_PLAN_MAX]; /* in order of time */
	uint32_t plan_count;

	ix_itch_message queue[GEN_QUEUE_MAX];
	uint32_t queue_head, queue_count;
};

/* A fresh message of the given type at this instant, already in the queue; fill in the rest. `symbol` may be
 * GEN_NONE. */
ix_itch_message *gen_put(ix_gen *gen, uint8_t type, uint32_t symbol);
uint64_t gen_trade_number(ix_gen *gen);
static inline uint32_t gen_below(ix_gen *gen, uint32_t n) { return (uint32_t)ix_rng_below(&gen->rng, n); }

/* events.c */
enum {
	GEN_DIRECTORY_MESSAGES = 5, /* R H Y L L for each symbol */
	GEN_IMBALANCE_ROUNDS = 2,
	GEN_BREAKER_MESSAGES = 5, /* H, then H I Q H, for each symbol */
	GEN_PLAN_MESSAGES = 8,    /* at most, from a plan's making to its end */
};
void gen_system_event(ix_gen *gen, uint8_t code);
void gen_directory(ix_gen *gen, uint32_t symbol); /* GEN_DIRECTORY_MESSAGES */
void gen_imbalance(ix_gen *gen, uint32_t symbol, uint8_t cross_type);
void gen_cross(ix_gen *gen, uint32_t symbol, uint8_t cross_type);
void gen_halt(ix_gen *gen, uint32_t symbol, uint8_t trading_state, const char reason[4]);
void gen_breaker_resume(ix_gen *gen, uint32_t symbol);
/* The first day of the last symbol, which opens at 10:15. */
void gen_offering(ix_gen *gen);
/* Something rare about a symbol, of at most `left` messages now and later. */
void gen_market_event(ix_gen *gen, uint32_t symbol, uint64_t left);
void gen_plan_run(ix_gen *gen); /* the first plan */

/* flow.c: one arrival, of at most `left` messages. */
void gen_flow(ix_gen *gen, uint64_t left);
uint32_t gen_mid_price(const gen_symbol *symbol);

#endif
