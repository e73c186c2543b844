/* limits.h - a limits file in memory, as written: levels, their limits, their symbols. limits.c says what may
 * stand in it; rules.c makes of it what a check looks at. */
#ifndef INOX_RISK_LIMITS_H
#define INOX_RISK_LIMITS_H

#include <inox/conf.h>
#include <inox/risk.h>

typedef struct limit_conf {
	int64_t hard, soft; /* 0: none; what may be 0 has `given` */
} limit_conf;

/* Of a level, or of a level for one symbol. */
typedef struct level_conf {
	ix_str name;
	limit_conf limits[IX_RISK_LIMIT_COUNT];
	int64_t hours_open_ns, hours_close_ns;
	bool has_hours, no_market_orders, locate_required, long_only, is_restricted, has_self_match;
	uint8_t self_match; /* a level */
	ix_conf_rate message_rate, message_rate_soft, repeat_rate, repeat_rate_soft;
	int64_t capital_e4;
	ix_conf_list restricted; /* of ix_str */
	ix_conf_list symbols;    /* of level_conf */
	ix_conf_list children;   /* of level_conf */
} level_conf;

typedef struct instrument_conf {
	ix_str name;
	int64_t lot, tick_e4, tick_below_one_e4, average_volume, reference_e4;
	bool is_easy_to_borrow, is_short_sale_restricted;
} instrument_conf;

typedef struct limits_conf {
	ix_conf_list instruments; /* of instrument_conf */
	ix_conf_list firms;       /* of level_conf; exactly one */
} limits_conf;

extern const ix_conf_schema risk_schema;

/* Everything lies in the arena. Errors: the file's, with file:line:column. */
int risk_limits_parse(ix_arena *arena, ix_str name, ix_str text, limits_conf *ret_conf, ix_error *err);

/* Counts and units, for tables and reports. */
typedef enum limit_unit {
	UNIT_SHARES,
	UNIT_MONEY,
	UNIT_PERCENT,
	UNIT_DURATION,
	UNIT_TIME,
	UNIT_COUNT,
	UNIT_RATE
} limit_unit;
limit_unit risk_limit_unit(ix_risk_limit limit);

#endif
