/* What orders do: they arrive, are cancelled, are replaced, and are met by marketable orders, at random. */
#include "day.h"

/* Counts heads before the first tail of a coin that falls heads (n-1)/n of the time: geometric, mean n-1. */
static uint32_t geometric(ix_gen *gen, uint32_t n, uint32_t max) {
	uint32_t count = 0;
	while (count < max && gen_below(gen, n) != 0) count++;
	return count;
}

static uint32_t pick_symbol(ix_gen *gen) {
	uint32_t count = gen->market.symbol_count;
	uint64_t x = ix_rng_below(&gen->rng, gen->weights[count - 1]);
	uint32_t low = 0, high = count - 1;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		if (gen->weights[middle] <= x)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

uint32_t gen_mid_price(const gen_symbol *symbol) {
	uint32_t bid = gen_best_price(symbol, GEN_BUY), ask = gen_best_price(symbol, GEN_SELL);
	if (!bid || !ask) return symbol->reference_price_e4;
	uint32_t middle = bid / 2 + ask / 2;
	return middle - middle % GEN_TICK_E4;
}

/* A price that does not cross: near the touch, now and then improving it, never below one tick. */
static uint32_t passive_price(ix_gen *gen, const gen_symbol *symbol, uint8_t side) {
	int64_t tick = side == GEN_BUY ? -GEN_TICK_E4 : GEN_TICK_E4; /* away from the touch */
	int64_t own = gen_best_price(symbol, side), other = gen_best_price(symbol, !side);
	int64_t price = own ? own : (int64_t)symbol->reference_price_e4 + tick;
	if (own && gen_below(gen, 6) == 0)
		price -= tick; /* into the spread */
	else
		price += tick * geometric(gen, 5, 40);
	if (other && side == GEN_BUY && price >= other) price = other + tick;
	if (other && side == GEN_SELL && price <= other) price = other + tick;
	if (price < GEN_TICK_E4)
		price = side == GEN_SELL && other >= GEN_TICK_E4 ? other + tick : GEN_TICK_E4;
	if (side == GEN_BUY && other && price >= other)
		return 0; /* the offer stands at one tick: no room to bid */
	return (uint32_t)price;
}

static uint32_t some_shares(ix_gen *gen) {
	static const uint32_t lots[] = {100, 100, 100, 100, 200, 200, 300, 500, 1000, 50};
	uint32_t shares = lots[gen_below(gen, IX_COUNT(lots))];
	return gen_below(gen, 8) == 0 ? 1 + gen_below(gen, 99) : shares;
}

static uint64_t next_reference(ix_gen *gen) { return gen->reference += 1 + gen_below(gen, 3); }

static uint8_t side_code(uint8_t side) { return side == GEN_BUY ? IX_ITCH_SIDE_BUY : IX_ITCH_SIDE_SELL; }

static bool add_order(ix_gen *gen, uint32_t symbol, uint8_t side, uint32_t price_e4, uint32_t shares) {
	static const char participants[][5] = {"GSCO", "MSCO", "UBSS", "JPMS", "CDRG", "VIRT"};
	uint64_t reference = next_reference(gen);
	if (gen_order_add(&gen->market, (uint16_t)symbol, side, reference, price_e4, shares) == GEN_NONE)
		return false;
	bool is_attributed = gen_below(gen, 40) == 0;
	ix_itch_message *m =
		gen_put(gen, is_attributed ? IX_ITCH_ADD_ORDER_ATTRIBUTED : IX_ITCH_ADD_ORDER, symbol);
	m->add_order_attributed.reference = reference;
	m->add_order_attributed.side = side_code(side);
	m->add_order_attributed.shares = shares;
	memcpy(m->add_order_attributed.stock, gen->market.symbols[symbol].name, 8);
	m->add_order_attributed.price_e4 = price_e4;
	if (is_attributed)
		memcpy(m->add_order_attributed.attribution,
			participants[gen_below(gen, IX_COUNT(participants))], 4);
	return true;
}

/* The flow is young at the end of the list: an order lately come is the likelier to go. */
static uint32_t pick_order(ix_gen *gen, const gen_symbol *symbol) {
	uint32_t back = geometric(gen, 24, symbol->living_count - 1);
	return symbol->living[symbol->living_count - 1 - back];
}

static void delete_order(ix_gen *gen, uint32_t symbol) {
	uint32_t order = pick_order(gen, &gen->market.symbols[symbol]);
	gen_put(gen, IX_ITCH_ORDER_DELETE, symbol)->order_delete.reference =
		gen->market.orders[order].reference;
	gen_order_remove(&gen->market, order);
}

static void replace_order(ix_gen *gen, uint32_t symbol) {
	gen_symbol *book = &gen->market.symbols[symbol];
	uint32_t order = pick_order(gen, book);
	gen_order old = gen->market.orders[order];
	gen_order_remove(&gen->market, order);
	uint32_t price_e4 = gen_below(gen, 3) == 0 ? old.price_e4 : passive_price(gen, book, old.side);
	uint32_t shares = gen_below(gen, 2) == 0 ? old.shares : some_shares(gen);
	uint64_t reference = next_reference(gen);
	if (price_e4 == 0 || gen_order_add(&gen->market, (uint16_t)symbol, old.side, reference, price_e4,
				     shares) == GEN_NONE) {
		gen_put(gen, IX_ITCH_ORDER_DELETE, symbol)->order_delete.reference = old.reference;
		return;
	}
	ix_itch_message *m = gen_put(gen, IX_ITCH_ORDER_REPLACE, symbol);
	m->order_replace.reference = old.reference;
	m->order_replace.new_reference = reference;
	m->order_replace.shares = shares;
	m->order_replace.price_e4 = price_e4;
}

static void cancel_part(ix_gen *gen, uint32_t symbol) {
	gen_order *order = &gen->market.orders[pick_order(gen, &gen->market.symbols[symbol])];
	if (order->shares < 2) return;
	uint32_t shares = 1 + gen_below(gen, order->shares - 1);
	order->shares -= shares;
	ix_itch_message *m = gen_put(gen, IX_ITCH_ORDER_CANCEL, symbol);
	m->order_cancel.reference = order->reference;
	m->order_cancel.shares = shares;
}

static void execute(ix_gen *gen, uint32_t symbol, uint32_t order, uint32_t shares) {
	gen_order *resting = &gen->market.orders[order];
	bool is_hidden_better = gen_below(gen, 30) == 0; /* trades at a price of its own */
	ix_itch_message *m = gen_put(
		gen, is_hidden_better ? IX_ITCH_ORDER_EXECUTED_PRICE : IX_ITCH_ORDER_EXECUTED, symbol);
	m->order_executed_price.reference = resting->reference;
	m->order_executed_price.shares = shares;
	m->order_executed_price.match = gen_trade_number(gen);
	if (is_hidden_better) {
		m->order_executed_price.printable =
			gen_below(gen, 5) ? IX_ITCH_YES_NO_YES : IX_ITCH_YES_NO_NO;
		m->order_executed_price.price_e4 = resting->price_e4;
	}
	gen->market.symbols[symbol].reference_price_e4 = resting->price_e4;
	resting->shares -= shares;
	if (resting->shares == 0) gen_order_remove(&gen->market, order);
}

/* A marketable order takes the other side, first in, first out, up to two levels deep; what is left of it may
 * rest. */
static void take(ix_gen *gen, uint32_t symbol, uint64_t left) {
	gen_symbol *book = &gen->market.symbols[symbol];
	uint8_t side = (uint8_t)gen_below(gen, 2), other = !side;
	uint32_t limit = gen_best_price(book, other), shares = some_shares(gen) * (1 + gen_below(gen, 3));
	if (!limit) return;
	uint32_t made_max = left < GEN_QUEUE_MAX / 2 ? (uint32_t)left : GEN_QUEUE_MAX / 2;
	for (uint32_t levels = gen_below(gen, 8) == 0 ? 2 : 1; shares > 0 && gen->queue_count < made_max;) {
		uint32_t order = gen_best_order(book, other);
		if (order == GEN_NONE) break;
		if (gen->market.orders[order].price_e4 != limit) {
			if (--levels == 0) break;
			limit = gen->market.orders[order].price_e4;
		}
		uint32_t here =
			gen->market.orders[order].shares < shares ? gen->market.orders[order].shares : shares;
		execute(gen, symbol, order, here);
		shares -= here;
	}
	/* The level is gone and something is left: it rests where it traded last. */
	uint32_t touch = gen_best_price(book, other);
	bool is_clear = touch == 0 || (side == GEN_BUY ? limit < touch : limit > touch);
	if (shares > 0 && is_clear && gen->queue_count < made_max && gen_below(gen, 2))
		add_order(gen, symbol, side, limit, shares);
}

/* A trade against an order that was not displayed, at or inside the spread. */
static void trade_hidden(ix_gen *gen, uint32_t symbol) {
	const gen_symbol *book = &gen->market.symbols[symbol];
	ix_itch_message *m = gen_put(gen, IX_ITCH_TRADE, symbol);
	m->trade.side = IX_ITCH_SIDE_BUY; /* always, since 2014, whichever side was hidden */
	m->trade.shares = some_shares(gen);
	memcpy(m->trade.stock, book->name, 8);
	m->trade.price_e4 = gen_mid_price(book);
	m->trade.match = gen_trade_number(gen);
}

static void retail_interest(ix_gen *gen, uint32_t symbol) {
	static const uint8_t flags[] = {IX_ITCH_RPII_INTEREST_BUY, IX_ITCH_RPII_INTEREST_SELL,
		IX_ITCH_RPII_INTEREST_BOTH, IX_ITCH_RPII_INTEREST_NONE};
	ix_itch_message *m = gen_put(gen, IX_ITCH_RPII, symbol);
	memcpy(m->rpii.stock, gen->market.symbols[symbol].name, 8);
	m->rpii.interest = flags[gen_below(gen, IX_COUNT(flags))];
}

void gen_flow(ix_gen *gen, uint64_t left) {
	bool is_market_open = gen->phase == GEN_MORNING || gen->phase == GEN_AFTERNOON;
	while (gen->queue_count == 0) { /* what is drawn may turn out impossible: draw again */
		uint32_t symbol = pick_symbol(gen), draw = gen_below(gen, 1000);
		gen_symbol *book = &gen->market.symbols[symbol];
		bool is_thin = book->living_count < 8, is_full = book->living_count + 1 >= book->living_max;
		bool may_trade = is_market_open && book->state == GEN_TRADING;
		if (is_thin || (draw < 480 && !is_full)) {
			uint8_t side = (uint8_t)gen_below(gen, 2);
			uint32_t price_e4 = passive_price(gen, book, side);
			if (price_e4)
				(void)add_order(gen, symbol, side, price_e4, some_shares(gen));
			else if (book->living_count)
				delete_order(gen, symbol);
		} else if (draw < 830) {
			delete_order(gen, symbol);
		} else if (draw < 915) {
			replace_order(gen, symbol);
		} else if (draw < 930) {
			cancel_part(gen, symbol);
		} else if (!may_trade) {
			delete_order(gen, symbol);
		} else if (draw < 984) {
			take(gen, symbol, left);
		} else if (draw < 996) {
			trade_hidden(gen, symbol);
		} else if (draw < 999) {
			retail_interest(gen, symbol);
		} else {
			gen_market_event(gen, symbol, left);
		}
	}
}
