/* dip.c - buys when a price has fallen, sells when it has come back a little. One file, one include. */
#include <inox/strategy.h>

enum { SIZE, DIP, GAIN, PARAMETERS, SYMBOLS = 65536 };
static const ix_strategy_parameter parameters[PARAMETERS] = {
	{"size", "shares to buy", 100, 1, 10000},
	{"dip_e4", "buy when the bid is this much below its highest", 500, 1, 1000000},
	{"gain_e4", "sell when the bid is this much above what was paid", 200, 1, 1000000},
};
static struct {
	uint32_t high_e4; /* best bid seen */
	bool is_waiting;  /* for the answer to an order */
} states[SYMBOLS];
static const ix_strategy_host *host;
static void send(uint16_t symbol, uint8_t side, uint32_t quantity, uint32_t price_e4) {
	uint64_t number;
	const ix_strategy_order order = {symbol, side, IX_STRATEGY_IOC, false, quantity, price_e4};
	states[symbol].is_waiting = host->enter(host->context, &order, &number) == 0;
}

static void on_book(void *self, uint16_t symbol, const ix_strategy_quote *quote) {
	(void)self;
	const ix_strategy_position *p = host->position(host->context, symbol);
	if (quote->bid_e4 > states[symbol].high_e4) states[symbol].high_e4 = quote->bid_e4;
	if (states[symbol].is_waiting || quote->bid_e4 == 0 || quote->ask_e4 == 0) return;
	if (p->shares > 0) {
		if ((quote->bid_e4 - host->parameter(host->context, GAIN)) * p->shares >= p->cost_e4)
			send(symbol, IX_STRATEGY_SELL, (uint32_t)p->shares, quote->bid_e4);
	} else if (quote->bid_e4 + host->parameter(host->context, DIP) <= states[symbol].high_e4) {
		states[symbol].high_e4 = quote->bid_e4;
		send(symbol, IX_STRATEGY_BUY, (uint32_t)host->parameter(host->context, SIZE), quote->ask_e4);
	}
}

static void on_order(void *self, const ix_strategy_update *update) {
	(void)self;
	if (update->left == 0) states[update->symbol].is_waiting = false;
}

static int open_dip(const ix_strategy_host *given, uint16_t symbols_max, void **ret_self) {
	(void)symbols_max, host = given;
	*ret_self = states; /* static: enough for any symbols_max */
	return 0;
}
static void close_dip(void *self) { (void)self; }

const ix_strategy_vtable *ix_strategy_entry(void) {
	static const ix_strategy_vtable vtable = {.size = sizeof vtable,
		.abi = IX_STRATEGY_ABI,
		.name = "dip",
		.summary = "buys when a price has fallen",
		.parameters = parameters,
		.parameter_count = PARAMETERS,
		.open = open_dip,
		.close = close_dip,
		.on_book = on_book,
		.on_order = on_order};
	return &vtable;
}
