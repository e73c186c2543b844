/* The generator's life, and its walk through the phases of a trading day. */
#include "day.h"

#define AT(hour, minute) ((hour) * GEN_HOUR_NS + (minute) * 60 * GEN_SECOND_NS)

static void phase_begin(ix_gen *gen, gen_phase phase);

ix_itch_message *gen_put(ix_gen *gen, uint8_t type, uint32_t symbol) {
	IX_ASSERT(gen->queue_count < GEN_QUEUE_MAX);
	ix_itch_message *m = &gen->queue[gen->queue_count++];
	*m = (ix_itch_message){.type = type, .timestamp_ns = (uint64_t)gen->now_ns};
	m->locate = symbol == GEN_NONE ? 0 : (uint16_t)(symbol + 1);
	gen->made++;
	return m;
}

uint64_t gen_trade_number(ix_gen *gen) {
	uint64_t match = ++gen->match;
	if (gen->recent_count < GEN_RECENT_TRADE_MAX)
		gen->recent[gen->recent_count++] = match;
	else
		gen->recent[gen_below(gen, GEN_RECENT_TRADE_MAX)] = match;
	return match;
}

/* ---- making a market ---- */

static bool name_is_taken(const gen_market *market, uint32_t count, const char name[8]) {
	for (uint32_t i = 0; i < count; i++) {
		if (memcmp(market->symbols[i].name, name, 8) == 0) return true;
	}
	return false;
}

static void name_symbols(ix_gen *gen) {
	gen_market *market = &gen->market;
	for (uint32_t i = 0; i < market->symbol_count; i++) {
		gen_symbol *symbol = &market->symbols[i];
		do {
			memset(symbol->name, ' ', 8);
			uint32_t length = 4;
			if (market->symbol_count <= 5000)
				length -= gen_below(gen, 8) / 5 + gen_below(gen, 4) / 3;
			for (uint32_t letter = 0; letter < length; letter++)
				symbol->name[letter] = (char)('A' + gen_below(gen, 26));
		} while (name_is_taken(market, i, symbol->name));
		/* From about 3 to 500 dollars, few dear ones: the product of two draws. */
		uint32_t dollars = 3 + gen_below(gen, 22) * (1 + gen_below(gen, 24));
		symbol->reference_price_e4 = dollars * 10000 + gen_below(gen, 100) * 100;
		symbol->open_price_e4 = symbol->reference_price_e4;
	}
}

/* Zipf's law with exponent 1: symbol i is active as 1/(i+1). A busy symbol has a deep book. */
static int weigh_symbols(ix_gen *gen, uint32_t *ret_living_max) {
	uint64_t sum = 0;
	uint32_t count = gen->options.symbol_count;
	for (uint32_t i = 0; i < count; i++) {
		sum += 1000000 / (i + 4);
		gen->weights[i] = sum;
	}
	for (uint32_t i = 0; i < count; i++) {
		uint64_t share = (uint64_t)count * 64 * (1000000 / (i + 4)) / sum;
		ret_living_max[i] = 32 + (uint32_t)(share > 4000 ? 4000 : share);
	}
	return 0;
}

/* How many messages each phase's flow has, so that the day meets its count exactly. */
static void plan_counts(ix_gen *gen) {
	uint64_t symbols = gen->options.symbol_count;
	uint64_t left =
		gen->options.message_count - (1 + symbols * GEN_DIRECTORY_MESSAGES) - 1; /* O, directory; C */
	if (gen->options.rate_per_s) {
		gen->counts[GEN_AFTERNOON] = left - 1; /* Q */
		return;
	}
	left -= 5;                                        /* V S Q M E */
	left -= 2 * symbols * (GEN_IMBALANCE_ROUNDS + 1); /* two crosses */
	left -= 2;                                        /* the offering */
	gen->has_breaker = left > 8 * (symbols * GEN_BREAKER_MESSAGES + 1);
	if (gen->has_breaker) left -= symbols * GEN_BREAKER_MESSAGES + 1;
	gen->counts[GEN_PRE_MARKET] = left / 25;
	gen->counts[GEN_POST_MARKET] = left / 50;
	gen->counts[GEN_MORNING] = left / 25 * 12;
	gen->counts[GEN_AFTERNOON] =
		left - gen->counts[GEN_PRE_MARKET] - gen->counts[GEN_POST_MARKET] - gen->counts[GEN_MORNING];
}

static int check_options(ix_gen_options *options, ix_error *err) {
	if (options->symbol_count == 0) options->symbol_count = IX_GEN_SYMBOL_DEFAULT;
	if (options->message_count == 0) options->message_count = IX_GEN_MESSAGE_DEFAULT;
	if (options->symbol_count > IX_GEN_SYMBOL_MAX)
		return ix_fail(err, IX_ERR_RANGE, "%u symbols are more than %d", options->symbol_count,
			IX_GEN_SYMBOL_MAX);
	if (options->rate_per_s > IX_GEN_RATE_MAX)
		return ix_fail(err, IX_ERR_RANGE, "%llu messages a second are more than %u",
			(unsigned long long)options->rate_per_s, IX_GEN_RATE_MAX);
	uint64_t least = (uint64_t)options->symbol_count * IX_GEN_MESSAGES_PER_SYMBOL_MIN + 100;
	if (options->message_count < least) {
		return ix_fail(err, IX_ERR_RANGE, "%llu messages are too few for %u symbols: at least %llu",
			(unsigned long long)options->message_count, options->symbol_count,
			(unsigned long long)least);
	}
	return 0;
}

static int new_inside(ix_gen *gen, ix_error *err) {
	const ix_allocator *allocator = gen->allocator;
	uint32_t count = gen->options.symbol_count;
	gen->weights = ix_allocate(allocator, count * sizeof *gen->weights, 8);
	uint32_t *living_max = ix_allocate(allocator, count * sizeof *living_max, 8);
	int code = 0;
	if (!gen->weights || !living_max) {
		code = ix_fail(err, IX_ERR_MEMORY, "no memory for %u symbols", count);
	} else {
		weigh_symbols(gen, living_max);
		code = gen_market_init(&gen->market, count, living_max, allocator, err);
	}
	ix_release(allocator, living_max, count * sizeof *living_max, 8);
	return code;
}

int ix_gen_new(
	const ix_gen_options *options, const ix_allocator *allocator, ix_gen **ret_gen, ix_error *err) {
	ix_gen_options checked = *options;
	int code = check_options(&checked, err);
	if (code) return code;
	ix_gen *gen = ix_allocate(allocator, sizeof *gen, 64);
	if (!gen) return ix_fail(err, IX_ERR_MEMORY, "no memory for the generator");
	memset(gen, 0, sizeof *gen);
	gen->options = checked;
	gen->allocator = allocator;
	gen->market.allocator = allocator;
	code = new_inside(gen, err);
	if (code) {
		ix_gen_free(gen);
		return code;
	}
	ix_rng_seed(&gen->rng, checked.seed);
	name_symbols(gen);
	plan_counts(gen);
	phase_begin(gen, GEN_DIRECTORY);
	*ret_gen = gen;
	return 0;
}

void ix_gen_free(ix_gen *gen) {
	if (!gen) return;
	const ix_allocator *allocator = gen->allocator;
	gen_market_fini(&gen->market);
	ix_release(allocator, gen->weights, gen->options.symbol_count * sizeof *gen->weights, 8);
	ix_release(allocator, gen, sizeof *gen, 64);
}

/* ---- the walk ---- */

static void say_at(ix_gen *gen, int64_t at_ns, uint8_t code) {
	if (gen->now_ns < at_ns) gen->now_ns = at_ns;
	gen_system_event(gen, code);
}

static void say_breaker_levels(ix_gen *gen) {
	ix_itch_mwcb_levels *levels = &gen_put(gen, IX_ITCH_MWCB_LEVELS, GEN_NONE)->mwcb_levels;
	uint64_t index_e8 = (400000 + gen_below(gen, 200000)) *
			    UINT64_C(1000000); /* the index closed between 4,000 and 6,000 */
	levels->level1_e8 = index_e8 / 100 * 93;
	levels->level2_e8 = index_e8 / 100 * 87;
	levels->level3_e8 = index_e8 / 100 * 80;
}

/* Where a phase lies in the day, how many items it has, and what is said as it begins. */
static void phase_begin(ix_gen *gen, gen_phase phase) {
	uint64_t symbols = gen->options.symbol_count;
	bool is_stream = gen->options.rate_per_s != 0;
	gen->phase = phase;
	gen->item = 0;
	gen->item_count = gen->counts[phase];
	switch (phase) {
	case GEN_DIRECTORY:
		gen->from_ns = is_stream ? AT(9, 29) : AT(3, 5),
		gen->to_ns = is_stream ? AT(9, 30) : AT(3, 30);
		gen->item_count = symbols;
		say_at(gen, gen->from_ns - 60 * GEN_SECOND_NS, IX_ITCH_EVENT_START_OF_MESSAGES);
		break;
	case GEN_PRE_MARKET:
		gen->from_ns = AT(4, 0), gen->to_ns = AT(9, 28);
		if (is_stream) return;
		gen->now_ns = AT(3, 40);
		say_breaker_levels(gen);
		say_at(gen, AT(4, 0), IX_ITCH_EVENT_START_OF_SYSTEM_HOURS);
		break;
	case GEN_OPENING_IMBALANCE:
	case GEN_CLOSING_IMBALANCE:
		gen->from_ns = phase == GEN_OPENING_IMBALANCE ? AT(9, 28) : AT(15, 55),
		gen->to_ns = gen->from_ns + 100 * GEN_SECOND_NS;
		gen->item_count = is_stream ? 0 : symbols * GEN_IMBALANCE_ROUNDS;
		break;
	case GEN_OPENING_CROSS:
		gen->from_ns = AT(9, 30), gen->to_ns = AT(9, 30) + 2 * GEN_SECOND_NS;
		gen->item_count = is_stream ? 0 : symbols;
		say_at(gen, AT(9, 30), IX_ITCH_EVENT_START_OF_MARKET_HOURS);
		break;
	case GEN_MORNING:
		gen->from_ns = AT(9, 31), gen->to_ns = AT(12, 0);
		if (!is_stream) gen_offering(gen);
		break;
	case GEN_BREAKER_HALT:
		gen->from_ns = AT(12, 0), gen->to_ns = AT(12, 0) + GEN_SECOND_NS;
		gen->item_count = gen->has_breaker ? symbols : 0;
		gen->now_ns = gen->now_ns < gen->from_ns && !is_stream ? gen->from_ns : gen->now_ns;
		if (gen->has_breaker)
			gen_put(gen, IX_ITCH_MWCB_STATUS, GEN_NONE)->mwcb_status.breached_level =
				IX_ITCH_MWCB_LEVEL_1;
		break;
	case GEN_BREAKER_RESUME:
		gen->from_ns = AT(12, 15), gen->to_ns = AT(12, 15) + 10 * GEN_SECOND_NS;
		gen->item_count = gen->has_breaker ? symbols : 0;
		break;
	case GEN_AFTERNOON:
		gen->from_ns = gen->has_breaker ? AT(12, 16) : AT(12, 0), gen->to_ns = AT(15, 54);
		break;
	case GEN_CLOSING_CROSS:
		gen->from_ns = AT(16, 0), gen->to_ns = AT(16, 0) + 2 * GEN_SECOND_NS;
		gen->item_count = is_stream ? 0 : symbols;
		if (!is_stream) say_at(gen, AT(16, 0), IX_ITCH_EVENT_END_OF_MARKET_HOURS);
		break;
	case GEN_POST_MARKET: gen->from_ns = AT(16, 1), gen->to_ns = AT(20, 0); break;
	case GEN_END:
		if (!is_stream) say_at(gen, AT(20, 0), IX_ITCH_EVENT_END_OF_SYSTEM_HOURS);
		say_at(gen, is_stream ? gen->now_ns : AT(20, 5), IX_ITCH_EVENT_END_OF_MESSAGES);
		break;
	case GEN_OVER:
	case GEN_PHASE_COUNT: break;
	}
}

/* Half of the afternoon's messages come in its last third, half of the morning's in its first third: the U
 * shape. */
static uint64_t bend(const ix_gen *gen, uint64_t item, uint64_t count) {
	uint64_t half = count / 2 + 1;
	if (gen->phase == GEN_MORNING)
		return item < half ? item * 2 / 3 : half * 2 / 3 + (item - half) * 4 / 3;
	if (gen->phase == GEN_AFTERNOON)
		return item < half ? item * 4 / 3 : half * 4 / 3 + (item - half) * 2 / 3;
	return item;
}

/* -ln(u) for a uniform u, without libm, whose last bits differ from machine to machine: u = m 2^e with m in
 * [1, 2), and ln m = 2 artanh((m-1)/(m+1)) by its series, good to 1e-9. */
static double exponential(ix_gen *gen) {
	uint64_t bits = (ix_rng_u64(&gen->rng) >> 11) | 1;
	int shift = __builtin_clzll(bits);
	double m = (double)(bits << shift) / 9223372036854775808.0;
	double s = (m - 1) / (m + 1), s2 = s * s, sum = 0;
	for (int k = 17; k >= 1; k -= 2) sum = sum * s2 + 1.0 / k;
	return (double)(shift - 10) * 0.69314718055994530942 - 2 * s * sum;
}

static void move_clock(ix_gen *gen) {
	int64_t now_ns = gen->now_ns;
	if (gen->options.rate_per_s && gen->phase == GEN_AFTERNOON) {
		/* A gap for each message of the last arrival, so that the messages keep the rate. */
		double gaps = 0;
		for (; gen->gap_count > 0; gen->gap_count--) gaps += exponential(gen);
		now_ns += (int64_t)(gaps * 1e9 / (double)gen->options.rate_per_s);
	} else {
		unsigned __int128 span = (unsigned __int128)(uint64_t)(gen->to_ns - gen->from_ns);
		uint64_t bent = bend(gen, gen->item, gen->item_count) * 64 + gen_below(gen, 64);
		now_ns = gen->from_ns + (int64_t)(span * bent / ((unsigned __int128)gen->item_count * 64));
	}
	if (now_ns > gen->now_ns) gen->now_ns = now_ns;
}

static void flow_step(ix_gen *gen) {
	uint64_t before = gen->made, left = gen->item_count - gen->item;
	uint64_t owed = (uint64_t)gen->plan_count * GEN_PLAN_MESSAGES;
	bool is_due =
		gen->plan_count && (gen->plans[0].at_ns <= gen->now_ns || left <= owed + GEN_PLAN_MESSAGES);
	if (is_due)
		gen_plan_run(gen);
	else
		gen_flow(gen, left - owed);
	gen->item += gen->made - before;
	gen->gap_count = gen->made - before;
	IX_ASSERT(gen->item <= gen->item_count);
}

static void step(ix_gen *gen) {
	if (gen->item >= gen->item_count) {
		phase_begin(gen, gen->phase + 1);
		return;
	}
	move_clock(gen);
	uint32_t symbol = (uint32_t)(gen->item % gen->options.symbol_count);
	switch (gen->phase) {
	case GEN_DIRECTORY: gen_directory(gen, symbol); break;
	case GEN_OPENING_IMBALANCE: gen_imbalance(gen, symbol, IX_ITCH_NOII_CROSS_TYPE_OPENING); break;
	case GEN_CLOSING_IMBALANCE: gen_imbalance(gen, symbol, IX_ITCH_NOII_CROSS_TYPE_CLOSING); break;
	case GEN_OPENING_CROSS: gen_cross(gen, symbol, IX_ITCH_TRADE_CROSS_TYPE_OPENING); break;
	case GEN_CLOSING_CROSS: gen_cross(gen, symbol, IX_ITCH_TRADE_CROSS_TYPE_CLOSING); break;
	case GEN_BREAKER_HALT: gen_halt(gen, symbol, IX_ITCH_TRADING_STATE_HALTED, "MWC1"); break;
	case GEN_BREAKER_RESUME: gen_breaker_resume(gen, symbol); break;
	default: flow_step(gen); return;
	}
	gen->item++;
}

bool ix_gen_next(ix_gen *gen, ix_itch_message *ret_message) {
	if (gen->queue_head == gen->queue_count) gen->queue_head = gen->queue_count = 0;
	while (gen->queue_count == 0 && gen->phase != GEN_OVER) step(gen);
	if (gen->queue_head == gen->queue_count) return false;
	*ret_message = gen->queue[gen->queue_head++];
	return true;
}
