/* The descriptor of `inox risk`: its verbs as tables. What they do is in cmd*.c, how in the library. */
#include "cmd.h"
#include "limits.h"

#define LIMITS_OPTION                   \
	{.name = "limits",              \
		.letter = 'l',          \
		.kind = IX_OPTION_FILE, \
		.value = "FILE",        \
		.help = "the limits file: docs/risk.md tells its language"}
#define STATE_OPTION(is_required, says)      \
	{.name = "state",                    \
		.kind = IX_OPTION_DIRECTORY, \
		.value = "DIR",              \
		.required = (is_required),   \
		.help = says}
#define WHO_OPTION(says) \
	{.name = "who", .kind = IX_OPTION_TEXT, .value = "NAME", .required = true, .help = says}

static const ix_option check_options[] = {
	LIMITS_OPTION,
	STATE_OPTION(false, "what is held already; without --limits also its limits"),
	{.name = "explain",
		.letter = 'x',
		.kind = IX_OPTION_FLAG,
		.help = "a sentence for each reason, and the limit that was met"},
	{0},
};
static const ix_operand check_operands[] = {
	{.name = "ORDER.json", .is_file = true, .help = "the order as a JSON object; - is stdin"},
	{0},
};
static const ix_example check_examples[] = {
	{"inox risk check order.json --limits risk.conf --explain", "may it go out, and if not, why"},
	{"inox risk check - --state state --json <order.json",
		"on top of what the state holds, for programs"},
	{0},
};

static const ix_option what_if_options[] = {
	LIMITS_OPTION,
	STATE_OPTION(false, "what is held already; nothing of it is changed"),
	{0},
};
static const ix_operand what_if_operands[] = {
	{.name = "ORDERS.csv",
		.is_file = true,
		.help = "orders, fills, cancels and prices, a line each; - is stdin"},
	{0},
};
static const ix_example what_if_examples[] = {
	{"inox risk what-if basket.csv --limits risk.conf", "each order of a basket, as if all were sent"},
	{"inox risk what-if basket.csv --state state --limits new.conf",
		"the same under other limits, on what is held now"},
	{0},
};

static const ix_option limits_options[] = {
	LIMITS_OPTION,
	STATE_OPTION(false, "the state whose limits are meant"),
	{.name = "who", .kind = IX_OPTION_TEXT, .value = "NAME", .help = "set: who changes them"},
	{.name = "why", .kind = IX_OPTION_TEXT, .value = "TEXT", .help = "set: why"},
	{0},
};
static const ix_operand limits_operands[] = {
	{.name = "ACTION", .choices = "show|set|diff|history", .help = "what to do"},
	{.name = "FILE",
		.is_file = true,
		.optional = true,
		.help = "a limits file: to show, to set, the old one of two"},
	{.name = "NEW", .is_file = true, .optional = true, .help = "diff: the new one"},
	{0},
};
static const ix_example limits_examples[] = {
	{"inox risk limits show --state state", "every limit in force, a row each"},
	{"inox risk limits diff old.conf new.conf", "what would change; exit 1 when something does"},
	{"inox risk limits set new.conf --state state --who ann --why \"quarterly review\"",
		"put them in force, and on record"},
	{"inox risk limits history --state state", "who changed what, when and why"},
	{0},
};

static const ix_operand switch_operands[] = {
	{.name = "LEVEL", .choices = "firm|desk|account|trader|session|symbol", .help = "what is blocked"},
	{.name = "ID", .help = "its name"},
	{0},
};
static const ix_option kill_options[] = {
	STATE_OPTION(true, "the state whose switch it is"),
	{.name = "reason",
		.kind = IX_OPTION_TEXT,
		.value = "TEXT",
		.required = true,
		.help = "why, for the record"},
	WHO_OPTION("who throws it"),
	{0},
};
static const ix_example kill_examples[] = {
	{"inox risk kill account A1 --state state --who ann --reason \"runaway strategy\"",
		"no new orders of A1"},
	{0},
};
static const ix_option unkill_options[] = {
	STATE_OPTION(true, "the state whose switch it is"),
	WHO_OPTION("who approves"),
	{0},
};
static const ix_example unkill_examples[] = {
	{"inox risk unkill account A1 --state state --who ann",
		"the first of two; exit 1, it is still blocked"},
	{"inox risk unkill account A1 --state state --who bob", "the second: orders may go out again"},
	{0},
};
static const ix_option certify_options[] = {
	STATE_OPTION(true, "the state whose controls were reviewed"),
	WHO_OPTION("who reviewed them"),
	{.name = "why", .kind = IX_OPTION_TEXT, .value = "TEXT", .required = true, .help = "what was found"},
	{0},
};
static const ix_example certify_examples[] = {
	{"inox risk certify --state state --who \"chief executive\" --why \"annual review, no findings\"",
		"on record for a year"},
	{0},
};
static const ix_option report_options[] = {
	STATE_OPTION(true, "the state that is reported on"),
	{.name = "rule",
		.kind = IX_OPTION_CHOICE,
		.value = "RULE",
		.choices = "15c3-5",
		.fallback = "15c3-5",
		.help = "whose questions it answers"},
	{.name = "from",
		.kind = IX_OPTION_TEXT,
		.value = "TIME",
		.help = "changes and breaches from here, like 2026-01-05T00:00:00Z"},
	{.name = "to", .kind = IX_OPTION_TEXT, .value = "TIME", .help = "up to here, which is not in it"},
	{0},
};
static const ix_example report_examples[] = {
	{"inox risk report --state state", "controls, thresholds, changes, breaches, reviews"},
	{"inox risk report --state state --from 2026-01-01T00:00:00Z --json",
		"the same of a year, for programs"},
	{0},
};

static const ix_verb verbs[] = {
	{.name = "check",
		.summary = "hold one order against the limits",
		.description = "Prints whether the order may go out and exits with 1 when it may not. All "
			       "reasons are told.",
		.options = check_options,
		.operands = check_operands,
		.examples = check_examples,
		.has_json = true,
		.run = ix_risk_cmd_check},
	{.name = "what-if",
		.summary = "hold a file of orders against the limits, one after the other",
		.description = "Orders that pass stay open for the next ones; lines may also tell fills, "
			       "cancels and prices. Exits with 1 when one is "
			       "rejected. The columns: event (order, replace, ack, reject, cancel, fill, "
			       "adjust, market), time, session, "
			       "symbol, side (buy, sell, short), id, quantity, price, flags (ioc, located, "
			       "halted, ssr), replaces, bid, ask, last, "
			       "reference, low, high; in any order, and most may be left out.",
		.options = what_if_options,
		.operands = what_if_operands,
		.examples = what_if_examples,
		.has_json = true,
		.has_csv = true,
		.run = ix_risk_cmd_what_if},
	{.name = "limits",
		.summary = "show, set and compare limits, and tell their history",
		.options = limits_options,
		.operands = limits_operands,
		.examples = limits_examples,
		.has_json = true,
		.has_csv = true,
		.run = ix_risk_cmd_limits},
	{.name = "kill",
		.summary = "block new orders of a firm, desk, account, trader, session or symbol",
		.description = "Cancels always pass.",
		.options = kill_options,
		.operands = switch_operands,
		.examples = kill_examples,
		.has_json = true,
		.run = ix_risk_cmd_kill},
	{.name = "unkill",
		.summary = "lift a block: two approve it",
		.description = "Exits with 1 after the first approval: it is still blocked.",
		.options = unkill_options,
		.operands = switch_operands,
		.examples = unkill_examples,
		.has_json = true,
		.run = ix_risk_cmd_unkill},
	{.name = "certify",
		.summary = "put a review of the controls on record",
		.options = certify_options,
		.examples = certify_examples,
		.has_json = true,
		.run = ix_risk_cmd_certify},
	{.name = "report",
		.summary = "controls, thresholds, changes, breaches and reviews",
		.description = "Exits with 1 when no review of the controls is on record for the last year.",
		.options = report_options,
		.examples = report_examples,
		.has_json = true,
		.run = ix_risk_cmd_report},
	{0},
};

const ix_room ix_room_risk = {
	.name = "risk",
	.title = "Pre-trade risk",
	.summary = "limits of a firm, its desks, accounts, traders and sessions, held before orders go out",
	.description = "Holds orders against the limits of five levels and what is held and open at each; "
		       "kill switches, history, reports. The library "
		       "is <inox/risk.h>.",
	.verbs = verbs,
	.conf = &risk_schema,
	.tour = ix_risk_tour,
	.sector = "Finance",
};
