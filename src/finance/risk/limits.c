/* limits.c - what may stand in a limits file: a firm, its desks, their accounts, traders and sessions, and
 * the same limits at each of them, for everything or for a symbol. One table a level, of the same rows. */
#include "limits.h"

/* ---- one limit: VALUE soft=VALUE, either may be missing ---- */

#define TWO_VALUES(limit, unit, value_name, least, most, places)                                       \
	static const ix_conf_entry arguments_##limit[] = {                                             \
		{value_name, unit, IX_CONF_FIELD(level_conf, limits[IX_RISK_LIMIT_##limit].hard),      \
			.optional = true, .minimum = (least), .maximum = (most), .decimals = (places), \
			.help = "an order that would go beyond it is rejected"},                       \
		{"soft", unit, IX_CONF_FIELD(level_conf, limits[IX_RISK_LIMIT_##limit].soft),          \
			.optional = true, .named = true, .minimum = (least), .maximum = (most),        \
			.decimals = (places),                                                          \
			.help = "an order that would go beyond it passes with a warning"},             \
		{0},                                                                                   \
	}

#define SHARES(limit)   TWO_VALUES(limit, IX_CONF_INTEGER, "SHARES", 1, IX_RISK_QUANTITY_MAX, 0)
#define MONEY(limit)    TWO_VALUES(limit, IX_CONF_DECIMAL, "AMOUNT", 1, INT64_C(1) << 62, 4)
#define PERCENT(limit)  TWO_VALUES(limit, IX_CONF_PERCENT, "PERCENT", 1, 1000000000, 0)
#define DURATION(limit) TWO_VALUES(limit, IX_CONF_DURATION, "DURATION", 1, INT64_C(86400000000000), 0)
#define NUMBER(limit)   TWO_VALUES(limit, IX_CONF_INTEGER, "NUMBER", 1, 1 << 30, 0)

SHARES(ORDER_SHARES);
MONEY(ORDER_NOTIONAL);
MONEY(COLLAR_LAST);
PERCENT(COLLAR_LAST_PERCENT);
MONEY(COLLAR_NBBO);
PERCENT(COLLAR_NBBO_PERCENT);
MONEY(COLLAR_REFERENCE);
PERCENT(COLLAR_REFERENCE_PERCENT);
DURATION(QUOTE_AGE);
MONEY(PRICE_MIN);
DURATION(DUPLICATE_WINDOW);
SHARES(POSITION_LONG);
SHARES(POSITION_SHORT);
SHARES(POSITION_GROSS);
PERCENT(CONCENTRATION);
PERCENT(VOLUME_SHARE);
NUMBER(OPEN_ORDERS);
MONEY(OPEN_NOTIONAL);
MONEY(GROSS_NOTIONAL);
MONEY(BUYING_POWER);
MONEY(DAILY_LOSS);
MONEY(DRAWDOWN);
NUMBER(ORDER_TO_TRADE);

static const ix_conf_entry arguments_MESSAGE_RATE[] = {
	{"RATE", IX_CONF_RATE, IX_CONF_FIELD(level_conf, message_rate), .optional = true,
		.help = "orders and replacements, like 100/s; that many may come at once"},
	{"soft", IX_CONF_RATE, IX_CONF_FIELD(level_conf, message_rate_soft), .optional = true, .named = true,
		.help = "the same with a warning"},
	{0},
};
static const ix_conf_entry arguments_REPEAT_RATE[] = {
	{"RATE", IX_CONF_RATE, IX_CONF_FIELD(level_conf, repeat_rate), .optional = true,
		.help = "fills of a session in one symbol, like 50/s"},
	{"soft", IX_CONF_RATE, IX_CONF_FIELD(level_conf, repeat_rate_soft), .optional = true, .named = true,
		.help = "the same with a warning"},
	{0},
};

/* HH:MM or HH:MM:SS, to 24:00. */
static int take_time(const ix_conf_entry *entry, ix_str text, void *field, ix_arena *arena, ix_error *err) {
	(void)entry, (void)arena;
	static const uint64_t below[] = {25, 60, 60},
			      ns[] = {UINT64_C(3600000000000), UINT64_C(60000000000), 1000000000};
	uint64_t sum = 0, part;
	ix_str rest = text;
	int i = 0;
	for (; rest.data && i < 3; i++) {
		ix_str digits = ix_str_cut(&rest, ':');
		if (digits.size != 2 || !ix_str_to_u64(digits, &part) || part >= below[i])
			return ix_fail(err, IX_ERR_SYNTAX, "is not a time like 09:30 or 15:59:30");
		sum += part * ns[i];
	}
	if (rest.data || i < 2 || sum > UINT64_C(86400000000000))
		return ix_fail(err, IX_ERR_SYNTAX, "is not a time like 09:30 or 15:59:30");
	memcpy(field, &(int64_t){(int64_t)sum}, sizeof(int64_t));
	return 0;
}

#define TIME_FIELD(member) \
	.offset = offsetof(level_conf, member), .field = IX_CONF_FIELD_STRUCT, .item_size = sizeof(int64_t)

static const ix_conf_entry arguments_HOURS[] = {
	{"FROM", IX_CONF_CUSTOM, TIME_FIELD(hours_open_ns), .convert = take_time, .help = "UTC, from 00:00"},
	{"TO", IX_CONF_CUSTOM, TIME_FIELD(hours_close_ns), .convert = take_time, .help = "UTC, to 24:00"},
	{0},
};

/* ---- judges ---- */

static void judge_hours(ix_conf_check *check, const ix_conf_node *node, const void *item) {
	const level_conf *level = item;
	if (level->hours_open_ns >= level->hours_close_ns)
		ix_conf_complain(check, node, 1, "hours: it ends before it begins");
}

static void judge_two(ix_conf_check *check, const ix_conf_node *node, const void *item) {
	(void)item;
	if (node->value_count == 0)
		ix_conf_complain(check, node, IX_CONF_AT_NAME, "%.*s: neither a limit nor a soft one",
			IX_STR_ARG(node->name));
}

static void judge_rate(ix_conf_check *check, const ix_conf_node *node, const void *item) {
	const level_conf *level = item;
	bool is_message = ix_str_equal(node->name, IX_STR("message-rate"));
	const ix_conf_rate rates[] = {is_message ? level->message_rate : level->repeat_rate,
		is_message ? level->message_rate_soft : level->repeat_rate_soft};
	judge_two(check, node, item);
	for (int i = 0; i < 2; i++) {
		const ix_conf_rate *r = &rates[i];
		if (r->period_ns && (r->count < 1 || r->count > 1000000000 || r->period_ns < r->count ||
					    r->period_ns > INT64_C(86400000000000)))
			ix_conf_complain(check, node, i && node->value_count > 1 ? 1 : 0,
				"%.*s: from 1 a day to one a nanosecond", IX_STR_ARG(node->name));
	}
}

/* Concentration is of a capital: the level's own, or that of the nearest level above. */
static void judge_concentration(ix_conf_check *check, const ix_conf_node *node, const void *item) {
	judge_two(check, node, item);
	for (const ix_conf_node *above = node->parent; above; above = above->parent) {
		if (ix_conf_find(above, IX_STR("capital"))) return;
	}
	ix_conf_complain(check, node, IX_CONF_AT_NAME,
		"concentration: neither this level nor one above has a capital");
}

/* ---- rows ---- */

#define ROW(limit, text, says) {text, .arguments = arguments_##limit, .judge = judge_two, .help = says}

/* What a level may say for everything, and for one symbol alike. */
#define ROWS_OF_ORDERS                                                                                      \
	ROW(ORDER_SHARES, "order-shares", "shares of one order"),                                           \
		ROW(ORDER_NOTIONAL, "order-notional", "value of one order"),                                \
		ROW(COLLAR_LAST, "collar-last", "how far through the last price, as an amount"),            \
		ROW(COLLAR_LAST_PERCENT, "collar-last-percent", "how far through the last price"),          \
		ROW(COLLAR_NBBO, "collar-nbbo",                                                             \
			"how far through the other side's best price, as an amount"),                       \
		ROW(COLLAR_NBBO_PERCENT, "collar-nbbo-percent",                                             \
			"how far through the other side's best price"),                                     \
		ROW(COLLAR_REFERENCE, "collar-reference",                                                   \
			"how far through the reference price, as an amount"),                               \
		ROW(COLLAR_REFERENCE_PERCENT, "collar-reference-percent",                                   \
			"how far through the reference price"),                                             \
		ROW(QUOTE_AGE, "quote-age",                                                                 \
			"prices older than this are no reference, and orders are blocked"),                 \
		ROW(PRICE_MIN, "price-min", "the least price"),                                             \
		{"hours", .arguments = arguments_HOURS, .judge = judge_hours,                               \
			IX_CONF_GIVEN(level_conf, has_hours),                                               \
			.help = "when orders may be sent, of every day, UTC"},                              \
		ROW(DUPLICATE_WINDOW, "duplicate-window",                                                   \
			"an order like one of the session's last four within this time"),                   \
		ROW(POSITION_LONG, "position-long", "shares held in a symbol, with all open buys filled"),  \
		ROW(POSITION_SHORT, "position-short",                                                       \
			"shares sold short in a symbol, with all open sales filled"),                       \
		ROW(POSITION_GROSS, "position-gross",                                                       \
			"shares held or short in a symbol and all open orders"),                            \
		{"concentration", .arguments = arguments_CONCENTRATION, .judge = judge_concentration,       \
			.help = "value held in one symbol, open orders filled, of the level's capital"},    \
		ROW(VOLUME_SHARE, "volume-share", "shares held in one symbol of its average daily volume"), \
		{"no-market-orders", IX_CONF_NONE, IX_CONF_FIELD(level_conf, no_market_orders),             \
			.help = "orders without a price are rejected"},                                     \
		{"locate-required", IX_CONF_NONE, IX_CONF_FIELD(level_conf, locate_required),               \
			.help = "short sales need a locate, unless the symbol is easy to borrow"},          \
		{"long-only", IX_CONF_NONE, IX_CONF_FIELD(level_conf, long_only),                           \
			.help = "nothing may be sold that is not held"}

static const ix_conf_entry name_argument[] = {
	{"NAME", IX_CONF_TEXT, IX_CONF_FIELD(level_conf, name), .minimum = 1, .maximum = IX_RISK_NAME_MAX},
	{0},
};
static const ix_conf_entry symbol_block[] = {
	ROWS_OF_ORDERS,
	{"restricted", IX_CONF_NONE, IX_CONF_FIELD(level_conf, is_restricted), .help = "no orders at all"},
	{0},
};

#define ROWS_OF_LEVELS                                                                                       \
	{"capital", IX_CONF_DECIMAL, IX_CONF_FIELD(level_conf, capital_e4), .decimals = 4, .minimum = 1,     \
		.maximum = INT64_C(1) << 62, .help = "what concentration is a part of"},                     \
		ROWS_OF_ORDERS,                                                                              \
		{"repeat-rate", .arguments = arguments_REPEAT_RATE, .judge = judge_rate,                     \
			.help = "how often a session may be filled in a symbol before it is stopped"},       \
		ROW(OPEN_ORDERS, "open-orders", "orders that are open"),                                     \
		ROW(OPEN_NOTIONAL, "open-notional", "value of all open orders"),                             \
		ROW(GROSS_NOTIONAL, "gross-notional", "value of positions and open orders"),                 \
		ROW(BUYING_POWER, "buying-power", "value of positions and of open orders that add to them"), \
		ROW(DAILY_LOSS, "daily-loss", "loss of the day, marked to market; trips the kill switch"),   \
		ROW(DRAWDOWN, "drawdown", "fall from the day's best; trips the kill switch"),                \
		{"message-rate", .arguments = arguments_MESSAGE_RATE, .judge = judge_rate,                   \
			.help = "orders and replacements in a time"},                                        \
		ROW(ORDER_TO_TRADE, "order-to-trade", "orders for each trade of the day"),                   \
		{"self-match", IX_CONF_CHOICE, IX_CONF_FIELD(level_conf, self_match),                        \
			.choices = "firm|desk|account|trader|session",                                       \
			IX_CONF_GIVEN(level_conf, has_self_match),                                           \
			.help = "no order that would trade with a resting one of the same"},                 \
		{"restricted", IX_CONF_TEXT, IX_CONF_FIELD(level_conf, restricted), .many = true,            \
			.minimum = 1, .maximum = IX_RISK_NAME_MAX, .help = "symbols without any orders"},    \
		{"symbol", IX_CONF_ITEMS(level_conf, symbols, level_conf), .arguments = name_argument,       \
			.block = symbol_block, .unique = true, .help = "more limits for one symbol"}

#define CHILD(text, table, says)                                                                            \
	{text, IX_CONF_ITEMS(level_conf, children, level_conf), .arguments = name_argument, .block = table, \
		.block_optional = true, .unique = true, .help = says}

static const ix_conf_entry session_block[] = {ROWS_OF_LEVELS, {0}};
static const ix_conf_entry trader_block[] = {
	ROWS_OF_LEVELS,
	CHILD("session", session_block, "a connection that orders come from"),
	{0},
};
static const ix_conf_entry account_block[] = {
	ROWS_OF_LEVELS,
	CHILD("trader", trader_block, "a person or a strategy"),
	{0},
};
static const ix_conf_entry desk_block[] = {
	ROWS_OF_LEVELS,
	CHILD("account", account_block, "an account"),
	{0},
};
static const ix_conf_entry firm_block[] = {
	ROWS_OF_LEVELS,
	CHILD("desk", desk_block, "a desk"),
	{0},
};

static const ix_conf_entry instrument_arguments[] = {
	{"NAME", IX_CONF_TEXT, IX_CONF_FIELD(instrument_conf, name), .minimum = 1,
		.maximum = IX_RISK_NAME_MAX},
	{0},
};
static const ix_conf_entry instrument_block[] = {
	{"lot", IX_CONF_INTEGER, IX_CONF_FIELD(instrument_conf, lot), .fallback = "1", .minimum = 1,
		.maximum = 1000000000, .help = "shares that an order is a multiple of"},
	{"tick", IX_CONF_DECIMAL, IX_CONF_FIELD(instrument_conf, tick_e4), .decimals = 4, .fallback = "0.01",
		.minimum = 1, .maximum = INT64_C(1) << 40,
		.help = "a price of 1.00 or more is a multiple of it"},
	{"tick-below-one", IX_CONF_DECIMAL, IX_CONF_FIELD(instrument_conf, tick_below_one_e4), .decimals = 4,
		.fallback = "0.0001", .minimum = 1, .maximum = INT64_C(1) << 40,
		.help = "the same below 1.00"},
	{"average-volume", IX_CONF_INTEGER, IX_CONF_FIELD(instrument_conf, average_volume), .minimum = 1,
		.maximum = IX_RISK_QUANTITY_MAX, .help = "shares a day"},
	{"reference", IX_CONF_DECIMAL, IX_CONF_FIELD(instrument_conf, reference_e4), .decimals = 4,
		.minimum = 1, .maximum = IX_RISK_PRICE_MAX, .help = "yesterday's close"},
	{"easy-to-borrow", IX_CONF_NONE, IX_CONF_FIELD(instrument_conf, is_easy_to_borrow),
		.help = "short sales need no locate"},
	{"short-sale-restricted", IX_CONF_NONE, IX_CONF_FIELD(instrument_conf, is_short_sale_restricted),
		.help = "short sales only above the best bid"},
	{0},
};

static const ix_conf_entry directives[] = {
	{"instrument", IX_CONF_ITEMS(limits_conf, instruments, instrument_conf),
		.arguments = instrument_arguments, .block = instrument_block, .block_optional = true,
		.unique = true, .help = "a symbol: how it trades"},
	{"firm", IX_CONF_ITEMS(limits_conf, firms, level_conf), .arguments = name_argument,
		.block = firm_block, .required = true, .count_max = 1, .help = "the whole of it"},
	{0},
};

const ix_conf_schema risk_schema = {
	.name = "risk",
	.summary = "pre-trade risk limits of a firm, its desks, accounts, traders and sessions",
	.description = "Every limit may stand at every level, for all symbols or in a `symbol` block for "
		       "one; an order has to keep "
		       "to all of them.\n\nA limit is `name VALUE;`, `name soft=VALUE;` or both: beyond the "
		       "value an order is "
		       "rejected, beyond the soft one it passes with a warning.",
	.example =
		"instrument ABC {\n\tlot 100;\n\taverage-volume 2000000;\n}\n"
		"firm Example {\n\tcapital 50000000.00;\n\tdaily-loss 500000.00 soft=250000.00;\n"
		"\tcollar-nbbo-percent 5%;\n\tdesk equities {\n\t\taccount A1 {\n\t\t\tposition-long 10000;\n"
		"\t\t\tsymbol ABC {\n\t\t\t\tposition-long 2000;\n\t\t\t}\n\t\t\ttrader T1 {\n"
		"\t\t\t\tsession S1 {\n\t\t\t\t\tmessage-rate 100/s;\n\t\t\t\t}\n\t\t\t}\n\t\t}\n\t}\n}\n",
	.directives = directives,
	.size = sizeof(limits_conf),
};

int risk_limits_parse(ix_arena *arena, ix_str name, ix_str text, limits_conf *ret_conf, ix_error *err) {
	ix_conf_options options = {.schema = &risk_schema, .into = ret_conf};
	return ix_conf_parse(arena, name, text, &options, NULL, err);
}

/* ---- names ---- */

static const struct {
	const char *name;
	limit_unit unit;
} limit_facts[] = {
	[IX_RISK_LIMIT_ORDER_SHARES] = {"order-shares", UNIT_SHARES},
	[IX_RISK_LIMIT_ORDER_NOTIONAL] = {"order-notional", UNIT_MONEY},
	[IX_RISK_LIMIT_COLLAR_LAST] = {"collar-last", UNIT_MONEY},
	[IX_RISK_LIMIT_COLLAR_LAST_PERCENT] = {"collar-last-percent", UNIT_PERCENT},
	[IX_RISK_LIMIT_COLLAR_NBBO] = {"collar-nbbo", UNIT_MONEY},
	[IX_RISK_LIMIT_COLLAR_NBBO_PERCENT] = {"collar-nbbo-percent", UNIT_PERCENT},
	[IX_RISK_LIMIT_COLLAR_REFERENCE] = {"collar-reference", UNIT_MONEY},
	[IX_RISK_LIMIT_COLLAR_REFERENCE_PERCENT] = {"collar-reference-percent", UNIT_PERCENT},
	[IX_RISK_LIMIT_QUOTE_AGE] = {"quote-age", UNIT_DURATION},
	[IX_RISK_LIMIT_PRICE_MIN] = {"price-min", UNIT_MONEY},
	[IX_RISK_LIMIT_HOURS_OPEN] = {"hours-open", UNIT_TIME},
	[IX_RISK_LIMIT_HOURS_CLOSE] = {"hours-close", UNIT_TIME},
	[IX_RISK_LIMIT_DUPLICATE_WINDOW] = {"duplicate-window", UNIT_DURATION},
	[IX_RISK_LIMIT_REPEAT_RATE] = {"repeat-rate", UNIT_RATE},
	[IX_RISK_LIMIT_POSITION_LONG] = {"position-long", UNIT_SHARES},
	[IX_RISK_LIMIT_POSITION_SHORT] = {"position-short", UNIT_SHARES},
	[IX_RISK_LIMIT_POSITION_GROSS] = {"position-gross", UNIT_SHARES},
	[IX_RISK_LIMIT_CONCENTRATION] = {"concentration", UNIT_MONEY},
	[IX_RISK_LIMIT_VOLUME_SHARE] = {"volume-share", UNIT_PERCENT},
	[IX_RISK_LIMIT_OPEN_ORDERS] = {"open-orders", UNIT_COUNT},
	[IX_RISK_LIMIT_OPEN_NOTIONAL] = {"open-notional", UNIT_MONEY},
	[IX_RISK_LIMIT_GROSS_NOTIONAL] = {"gross-notional", UNIT_MONEY},
	[IX_RISK_LIMIT_BUYING_POWER] = {"buying-power", UNIT_MONEY},
	[IX_RISK_LIMIT_DAILY_LOSS] = {"daily-loss", UNIT_MONEY},
	[IX_RISK_LIMIT_DRAWDOWN] = {"drawdown", UNIT_MONEY},
	[IX_RISK_LIMIT_MESSAGE_RATE] = {"message-rate", UNIT_RATE},
	[IX_RISK_LIMIT_ORDER_TO_TRADE] = {"order-to-trade", UNIT_COUNT},
};

const char *ix_risk_limit_name(ix_risk_limit limit) {
	return limit < IX_RISK_LIMIT_COUNT ? limit_facts[limit].name : "";
}

limit_unit risk_limit_unit(ix_risk_limit limit) {
	return limit < IX_RISK_LIMIT_COUNT ? limit_facts[limit].unit : UNIT_COUNT;
}

const char *ix_risk_level_name(ix_risk_level level) {
	static const char *const names[] = {"firm", "desk", "account", "trader", "session", "symbol"};
	return level < IX_RISK_LEVEL_COUNT ? names[level] : "";
}
