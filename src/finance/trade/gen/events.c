/* What the exchange says: the directory, halts and their ends, imbalances, crosses, restrictions, broken
 * trades. */
#include "day.h"

void gen_system_event(ix_gen *gen, uint8_t code) {
	gen_put(gen, IX_ITCH_SYSTEM_EVENT, GEN_NONE)->system_event.event_code = code;
}

static const char *name_of(const ix_gen *gen, uint32_t symbol) { return gen->market.symbols[symbol].name; }

void gen_halt(ix_gen *gen, uint32_t symbol, uint8_t trading_state, const char reason[4]) {
	ix_itch_message *m = gen_put(gen, IX_ITCH_TRADING_ACTION, symbol);
	memcpy(m->trading_action.stock, name_of(gen, symbol), 8);
	m->trading_action.trading_state = trading_state;
	m->trading_action.reserved = ' ';
	memcpy(m->trading_action.reason, reason, 4);
	gen->market.symbols[symbol].state =
		trading_state == IX_ITCH_TRADING_STATE_TRADING ? GEN_TRADING : GEN_HALTED;
}

static void restrict_short_sales(ix_gen *gen, uint32_t symbol, uint8_t action) {
	ix_itch_message *m = gen_put(gen, IX_ITCH_REG_SHO, symbol);
	memcpy(m->reg_sho.stock, name_of(gen, symbol), 8);
	m->reg_sho.action = action;
	gen->market.symbols[symbol].is_restricted = action != IX_ITCH_REG_SHO_ACTION_NONE;
}

static void participant(ix_gen *gen, uint32_t symbol, const char mpid[4], uint8_t state) {
	ix_itch_message *m = gen_put(gen, IX_ITCH_PARTICIPANT_POSITION, symbol);
	memcpy(m->participant_position.mpid, mpid, 4);
	memcpy(m->participant_position.stock, name_of(gen, symbol), 8);
	m->participant_position.primary_market_maker = IX_ITCH_YES_NO_YES;
	m->participant_position.market_maker_mode = IX_ITCH_MARKET_MAKER_MODE_NORMAL;
	m->participant_position.state = state;
}

void gen_directory(ix_gen *gen, uint32_t symbol) {
	static const uint8_t categories[] = {IX_ITCH_MARKET_CATEGORY_NASDAQ_GLOBAL_SELECT,
		IX_ITCH_MARKET_CATEGORY_NASDAQ_GLOBAL, IX_ITCH_MARKET_CATEGORY_NASDAQ_CAPITAL,
		IX_ITCH_MARKET_CATEGORY_NYSE, IX_ITCH_MARKET_CATEGORY_NYSE_ARCA};
	bool is_offering = symbol + 1 == gen->market.symbol_count && !gen->options.rate_per_s;
	bool is_fund = gen_below(gen, 10) == 0 && !is_offering;
	uint8_t category = categories[gen_below(gen, IX_COUNT(categories))];
	ix_itch_message *m = gen_put(gen, IX_ITCH_STOCK_DIRECTORY, symbol);
	ix_itch_stock_directory *entry = &m->stock_directory;
	memcpy(entry->stock, name_of(gen, symbol), 8);
	entry->market_category = category;
	entry->financial_status = IX_ITCH_FINANCIAL_STATUS_NORMAL;
	entry->round_lot_size = 100;
	entry->round_lots_only = IX_ITCH_YES_NO_NO;
	entry->issue_classification =
		is_fund ? IX_ITCH_ISSUE_CLASSIFICATION_OTHER : IX_ITCH_ISSUE_CLASSIFICATION_COMMON_STOCK;
	memcpy(entry->issue_subtype, is_fund ? "E " : "Z ", 2);
	entry->authenticity = IX_ITCH_AUTHENTICITY_PRODUCTION;
	entry->short_sale_threshold = IX_ITCH_YES_NO_BLANK_NO;
	entry->ipo_flag = is_offering ? IX_ITCH_YES_NO_BLANK_YES : IX_ITCH_YES_NO_BLANK_NO;
	entry->luld_tier = gen_below(gen, 3) ? IX_ITCH_LULD_TIER_2 : IX_ITCH_LULD_TIER_1;
	entry->etp_flag = is_fund ? IX_ITCH_YES_NO_BLANK_YES : IX_ITCH_YES_NO_BLANK_NO;
	entry->etp_leverage = is_fund ? 1 + gen_below(gen, 3) : 0;
	entry->inverse = IX_ITCH_YES_NO_NO;
	if (is_offering)
		gen_halt(gen, symbol, IX_ITCH_TRADING_STATE_HALTED, "IPO1");
	else
		gen_halt(gen, symbol, IX_ITCH_TRADING_STATE_TRADING, "    ");
	restrict_short_sales(gen, symbol,
		gen_below(gen, 50) ? IX_ITCH_REG_SHO_ACTION_NONE : IX_ITCH_REG_SHO_ACTION_REMAINS);
	participant(gen, symbol, "GSCO", IX_ITCH_PARTICIPANT_STATE_ACTIVE);
	participant(gen, symbol, "VIRT",
		gen_below(gen, 20) ? IX_ITCH_PARTICIPANT_STATE_ACTIVE : IX_ITCH_PARTICIPANT_STATE_EXCUSED);
}

void gen_imbalance(ix_gen *gen, uint32_t symbol, uint8_t cross_type) {
	static const uint8_t directions[] = {IX_ITCH_IMBALANCE_DIRECTION_BUY,
		IX_ITCH_IMBALANCE_DIRECTION_SELL, IX_ITCH_IMBALANCE_DIRECTION_NONE};
	uint32_t price_e4 = gen_mid_price(&gen->market.symbols[symbol]);
	ix_itch_noii *noii = &gen_put(gen, IX_ITCH_NOII, symbol)->noii;
	noii->direction = directions[gen_below(gen, IX_COUNT(directions))];
	noii->paired_shares = (uint64_t)gen_below(gen, 1000) * 100;
	if (noii->direction != IX_ITCH_IMBALANCE_DIRECTION_NONE)
		noii->imbalance_shares = (1 + (uint64_t)gen_below(gen, 300)) * 100;
	memcpy(noii->stock, name_of(gen, symbol), 8);
	noii->far_e4 = price_e4;
	noii->near_e4 = price_e4;
	noii->reference_e4 = price_e4;
	noii->cross_type = cross_type;
	noii->price_variation = IX_ITCH_PRICE_VARIATION_BELOW_1;
}

void gen_cross(ix_gen *gen, uint32_t symbol, uint8_t cross_type) {
	gen_symbol *book = &gen->market.symbols[symbol];
	ix_itch_cross_trade *cross = &gen_put(gen, IX_ITCH_CROSS_TRADE, symbol)->cross_trade;
	memcpy(cross->stock, book->name, 8);
	cross->cross_type = cross_type;
	cross->price_e4 = gen_mid_price(book);
	/* A symbol without interest crosses nothing: shares and price are then zero. */
	if (gen_below(gen, 20))
		cross->shares = (1 + (uint64_t)gen_below(gen, 500)) * 100;
	else
		cross->price_e4 = 0;
	cross->match = gen_trade_number(gen);
	if (cross->price_e4) book->reference_price_e4 = cross->price_e4;
}

void gen_breaker_resume(ix_gen *gen, uint32_t symbol) {
	gen_halt(gen, symbol, IX_ITCH_TRADING_STATE_QUOTATION_ONLY, "MWCQ");
	gen_imbalance(gen, symbol, IX_ITCH_NOII_CROSS_TYPE_HALTED);
	gen_cross(gen, symbol, IX_ITCH_TRADE_CROSS_TYPE_HALTED);
	gen_halt(gen, symbol, IX_ITCH_TRADING_STATE_TRADING, "MWCQ");
}

/* ---- plans: what a halt does, minute by minute ---- */

typedef enum plan_stage { STAGE_COLLAR, STAGE_RELEASE, STAGE_SERVICE_BACK } plan_stage;

static void plan(ix_gen *gen, int64_t at_ns, uint32_t symbol, plan_stage stage) {
	IX_ASSERT(gen->plan_count < GEN_PLAN_MAX);
	uint32_t place = gen->plan_count++;
	for (; place > 0 && gen->plans[place - 1].at_ns > at_ns; place--)
		gen->plans[place] = gen->plans[place - 1];
	gen->plans[place] = (gen_plan){at_ns, (uint16_t)symbol, (uint8_t)stage};
}

static void operational(ix_gen *gen, uint32_t symbol, uint8_t action) {
	ix_itch_message *m = gen_put(gen, IX_ITCH_OPERATIONAL_HALT, symbol);
	memcpy(m->operational_halt.stock, name_of(gen, symbol), 8);
	m->operational_halt.market = IX_ITCH_HALT_MARKET_NASDAQ;
	m->operational_halt.action = action;
	gen->market.symbols[symbol].state = action == IX_ITCH_HALT_ACTION_HALTED ? GEN_HALTED : GEN_TRADING;
}

static void collar(ix_gen *gen, uint32_t symbol) {
	uint32_t price_e4 = gen_mid_price(&gen->market.symbols[symbol]);
	uint32_t band = price_e4 / 20 - price_e4 / 20 % GEN_TICK_E4;
	ix_itch_message *m = gen_put(gen, IX_ITCH_LULD_COLLAR, symbol);
	memcpy(m->luld_collar.stock, name_of(gen, symbol), 8);
	m->luld_collar.reference_e4 = price_e4;
	m->luld_collar.upper_e4 = price_e4 + band;
	m->luld_collar.lower_e4 = price_e4 - band;
}

void gen_plan_run(ix_gen *gen) {
	gen_plan due = gen->plans[0];
	memmove(&gen->plans[0], &gen->plans[1], --gen->plan_count * sizeof gen->plans[0]);
	if (gen->now_ns < due.at_ns) gen->now_ns = due.at_ns;
	switch ((plan_stage)due.stage) {
	case STAGE_COLLAR:
		collar(gen, due.symbol);
		gen_imbalance(gen, due.symbol, IX_ITCH_NOII_CROSS_TYPE_HALTED);
		plan(gen, due.at_ns + 240 * GEN_SECOND_NS, due.symbol, STAGE_RELEASE);
		break;
	case STAGE_RELEASE:
		gen_halt(gen, due.symbol, IX_ITCH_TRADING_STATE_QUOTATION_ONLY, "R4  ");
		gen_cross(gen, due.symbol, IX_ITCH_TRADE_CROSS_TYPE_HALTED);
		gen_halt(gen, due.symbol, IX_ITCH_TRADING_STATE_TRADING, "    ");
		break;
	case STAGE_SERVICE_BACK: operational(gen, due.symbol, IX_ITCH_HALT_ACTION_LIFTED); break;
	}
}

void gen_offering(ix_gen *gen) {
	uint32_t symbol = gen->market.symbol_count - 1;
	const gen_symbol *book = &gen->market.symbols[symbol];
	uint32_t price_e4 = book->open_price_e4;
	ix_itch_ipo_quoting *ipo = &gen_put(gen, IX_ITCH_IPO_QUOTING, symbol)->ipo_quoting;
	memcpy(ipo->stock, book->name, 8);
	ipo->release_time_s = 10 * 3600 + 15 * 60;
	ipo->qualifier = IX_ITCH_IPO_QUALIFIER_ANTICIPATED;
	ipo->price_e4 = price_e4;
	ix_itch_direct_listing *listing = &gen_put(gen, IX_ITCH_DIRECT_LISTING, symbol)->direct_listing;
	memcpy(listing->stock, book->name, 8);
	listing->open_eligibility = IX_ITCH_YES_NO_YES;
	listing->minimum_e4 = price_e4 / 5 * 4;
	listing->maximum_e4 = price_e4 / 5 * 9;
	listing->near_e4 = price_e4;
	listing->near_time_ns = (uint64_t)(10 * GEN_HOUR_NS + 900 * GEN_SECOND_NS);
	listing->lower_collar_e4 = price_e4 / 10 * 9;
	listing->upper_collar_e4 = price_e4 / 10 * 11;
	plan(gen, 10 * GEN_HOUR_NS + 900 * GEN_SECOND_NS, symbol, STAGE_RELEASE);
}

static void break_trade(ix_gen *gen, uint32_t symbol) {
	uint32_t which = gen_below(gen, gen->recent_count);
	gen_put(gen, IX_ITCH_BROKEN_TRADE, symbol)->broken_trade.match = gen->recent[which];
	gen->recent[which] = gen->recent[--gen->recent_count];
}

/* Halts begin only where they end before the breaker or the close. */
static bool may_halt(const ix_gen *gen, const gen_symbol *book) {
	int64_t end_ns = gen->now_ns + 330 * GEN_SECOND_NS;
	bool is_clear = gen->phase == GEN_MORNING ? end_ns < 12 * GEN_HOUR_NS
						  : end_ns < 15 * GEN_HOUR_NS + 55 * 60 * GEN_SECOND_NS;
	return is_clear && !gen->options.rate_per_s && book->state == GEN_TRADING &&
	       gen->plan_count + 2 < GEN_PLAN_MAX;
}

void gen_market_event(ix_gen *gen, uint32_t symbol, uint64_t left) {
	const gen_symbol *book = &gen->market.symbols[symbol];
	bool may = left >= GEN_PLAN_MESSAGES && may_halt(gen, book);
	switch (gen_below(gen, 8)) {
	case 0:
		if (!may) return;
		gen_halt(gen, symbol, IX_ITCH_TRADING_STATE_PAUSED, "LUDP");
		plan(gen, gen->now_ns + 60 * GEN_SECOND_NS, symbol, STAGE_COLLAR);
		return;
	case 1:
		if (!may) return;
		operational(gen, symbol, IX_ITCH_HALT_ACTION_HALTED);
		plan(gen, gen->now_ns + 60 * GEN_SECOND_NS, symbol, STAGE_SERVICE_BACK);
		return;
	case 2:
		if (!book->is_restricted) restrict_short_sales(gen, symbol, IX_ITCH_REG_SHO_ACTION_INTRADAY);
		return;
	case 3:
		participant(gen, symbol, "VIRT",
			gen_below(gen, 2) ? IX_ITCH_PARTICIPANT_STATE_ACTIVE
					  : IX_ITCH_PARTICIPANT_STATE_EXCUSED);
		return;
	default:
		if (gen->recent_count) break_trade(gen, symbol);
	}
}
