/* check.h - an order under examination: what is known of it, and what was found. check.c asks what concerns
 * the order alone, exposure.c what concerns the levels that it belongs to. */
#ifndef INOX_RISK_CHECK_H
#define INOX_RISK_CHECK_H

#include "engine.h"

/* The build zeroes every local; this one is large, on the hottest path, and take_in() sets what is read. */
#define UNSET __attribute__((uninitialized))

typedef struct inquiry {
	ix_risk *risk;
	session *session;
	symbol *symbol;
	const ix_risk_order *order;
	const ruleset *rules;
	const limit_table *own;           /* of the session: the strictest of an order at any level */
	const limit_table *extra[LEVELS]; /* the levels' limits for this symbol alone */
	uint32_t extra_levels;            /* a bit each */
	bool is_buy, is_market;
	uint8_t self_match_scope, self_match_level; /* 1 + a level; 0: none */
	uint64_t now_ns;
	int64_t price;     /* the order's, or what a market order is valued at */
	int64_t own_price; /* what it may trade at: a market order at anything */
	uint64_t sign;     /* of all that makes orders the same */
	/* what it adds to what is open */
	int64_t add_quantity, add_value;
	int add_orders;
	cell *cell; /* the session's; NULL: none yet */
	ix_risk_reasons rejects, warnings;
	ix_risk_verdict first; /* rejects and warnings are not kept here */
	bool has_first_reject;
	ix_risk_finding *findings; /* NULL: nobody asks */
	size_t finding_count, finding_max;
} inquiry;

typedef struct finding {
	ix_risk_reasons reason;
	ix_risk_limit limit;
	int64_t value, threshold;
	uint8_t level;
	bool is_symbol_limit;
} finding;

void risk_inquiry_reject(inquiry *q, const finding *f);
void risk_inquiry_warn(inquiry *q, const finding *f);
/* A value that is over the fast limit: over the hard one, the soft one, or both. */
void risk_inquiry_beyond(
	inquiry *q, const limit_table *t, ix_risk_limit limit, int64_t value, ix_risk_reasons reason);
/* The same for `part` of `whole` in millionths. */
void risk_inquiry_beyond_share(inquiry *q, const limit_table *t, ix_risk_limit limit, int64_t part,
	int64_t whole, ix_risk_reasons reason);

static inline void hold(
	inquiry *q, const limit_table *t, ix_risk_limit limit, int64_t value, ix_risk_reasons reason) {
	if (IX_UNLIKELY(value > t->fast[limit])) risk_inquiry_beyond(q, t, limit, value, reason);
}
static inline bool is_over_share(int64_t part, int64_t whole, int64_t share) {
	return share != NO_LIMIT && (wide)part * MILLION > (wide)share * whole;
}
static inline void hold_share(inquiry *q, const limit_table *t, ix_risk_limit limit, int64_t part,
	int64_t whole, ix_risk_reasons reason) {
	if (IX_UNLIKELY(is_over_share(part, whole, t->fast[limit])))
		risk_inquiry_beyond_share(q, t, limit, part, whole, reason);
}
static inline void refuse(inquiry *q, ix_risk_reasons reason, uint8_t level) {
	risk_inquiry_reject(q, &(finding){.reason = reason, .limit = IX_RISK_LIMIT_OTHER, .level = level});
}

/* ---- exposure.c ---- */
/* Message rates of all levels: takes from each bucket that has something left. */
void risk_inquiry_rates(inquiry *q);
/* What all levels would hold; with `reserves` it is reserved at once, and stays reserved whatever is found.
 */
void risk_inquiry_exposure(inquiry *q, bool reserves);
void risk_inquiry_release(inquiry *q);
/* Could it trade with an open order within its scope? */
bool risk_inquiry_would_match(const inquiry *q);

#endif
