/* maker: a market maker. Where the spread of a symbol is wide, it quotes both sides inside of it, around a
 * price that leans against what it holds; where the spread collapses, it is gone. What the parameters mean,
 * and the arithmetic with an example: docs/strategies.md.
 *
 * A side has at most one order. While a request about it is on its way nothing else is asked of it; when the
 * answer comes, the side is looked at again. A symbol whose best prices did not move, and whose sides are as
 * they should be, costs two comparisons. */
#include "strategies.h"

#include <stdlib.h>

enum {
	SPREAD_MIN,
	SPREAD_PULL,
	TICK,
	INSIDE,
	SIZE,
	INVENTORY_MAX,
	LOT,
	SKEW,
	REQUOTE,
	STALE,
	PAUSE,
	FLATTEN_AT,
	PARAMETER_COUNT,
};

static const ix_strategy_parameter parameters[PARAMETER_COUNT] = {
	[SPREAD_MIN] = {"spread_min_e4", "quote where ask - bid is at least this", 300, 1, 1000000000},
	[SPREAD_PULL] = {"spread_pull_e4", "pull quotes where ask - bid is less than this", 100, 0,
		1000000000},
	[TICK] = {"tick_e4", "prices are multiples of this", 100, 1, 1000000},
	[INSIDE] = {"inside_ticks", "so many ticks better than the best prices", 1, 0, 10000},
	[SIZE] = {"size", "shares of a quote", 100, 1, 999999},
	[INVENTORY_MAX] = {"inventory_max", "most shares to hold, long or short", 500, 0, 100000000},
	[LOT] = {"lot", "shares of a lot, for the skew", 100, 1, 1000000},
	[SKEW] = {"skew_ticks", "ticks that prices shift against each lot held", 1, 0, 1000},
	[REQUOTE] = {"requote_ticks", "move a quote when it is off by so many ticks", 1, 1, 10000},
	[STALE] = {"stale_ms", "pull quotes where the book was silent for this long; 0: never", 5000, 0,
		3600000},
	[PAUSE] = {"pause_ms", "leave a side alone for this long after a rejection", 1000, 0, 3600000},
	[FLATTEN_AT] = {"flatten_at_s",
		"from then on only get rid of what is held; seconds since midnight, 0: never", 57300, 0,
		86399},
};

enum {
	TIMER_STALE = 1,
	TIMER_FLATTEN = 2,
	FLATTEN_RETRY_MS = 1000,
	FLATTEN_SHARES_MAX = 999999,
	LOTS_MAX = 1 << 20
};

typedef enum order_state {
	NONE,
	ENTERING, /* these three wait for an answer */
	REPLACING,
	CANCELLING,
	LIVE,
} order_state;

typedef struct resting {
	uint64_t order;
	uint64_t quiet_until_ns; /* after a rejection */
	uint32_t price_e4;       /* as it stands, or was entered */
	uint32_t left;
	uint8_t state;
	bool is_taker; /* an IOC that flattens */
} resting;

typedef struct market {
	uint32_t bid_e4, ask_e4; /* when last looked at */
	bool is_settled;         /* its sides were as they should be then */
	bool is_quoting;         /* the spread was wide enough; see spread_pull_e4 */
	bool is_stale;           /* nothing was heard of it for stale_ms */
	uint64_t seen_ns;
	resting sides[2]; /* by ix_strategy_side */
} market;

typedef struct maker {
	const ix_strategy_host *host;
	int64_t values[PARAMETER_COUNT];
	bool is_flattening, is_stopped, is_stale_set;
	uint64_t flatten_set_ns; /* 0: no timer waits */
	uint32_t symbols_max;
	market markets[]; /* by locate */
} maker;

static uint64_t now(const maker *m) { return m->host->now_ns(m->host->context); }

static bool waits(const resting *r) {
	return r->state == ENTERING || r->state == REPLACING || r->state == CANCELLING;
}

/* ---- one side ---- */

static void enter(maker *m, uint16_t symbol, int side, uint32_t price_e4, uint32_t quantity, bool is_taker) {
	resting *r = &m->markets[symbol].sides[side];
	const ix_strategy_order order = {.symbol = symbol,
		.side = (uint8_t)side,
		.tif = is_taker ? IX_STRATEGY_IOC : IX_STRATEGY_DAY,
		.is_post_only = !is_taker,
		.quantity = quantity,
		.price_e4 = price_e4};
	if (m->host->enter(m->host->context, &order, &r->order) != 0) {
		r->quiet_until_ns = now(m) + (uint64_t)m->values[PAUSE] * NS_PER_MS;
		return;
	}
	r->state = ENTERING;
	r->price_e4 = price_e4;
	r->left = quantity;
	r->is_taker = is_taker;
}

static void cancel(maker *m, resting *r) {
	r->state = m->host->cancel(m->host->context, r->order) == 0 ? CANCELLING : NONE;
}

static void replace(maker *m, resting *r, uint32_t price_e4, uint32_t quantity) {
	r->state = m->host->replace(m->host->context, r->order, quantity, price_e4) == 0 ? REPLACING : NONE;
}

/* Brings a side to a price, or to nothing (0). True: it is there, nothing is on its way. */
static bool steer(maker *m, uint16_t symbol, int side, uint32_t price_e4) {
	resting *r = &m->markets[symbol].sides[side];
	if (waits(r)) return false;
	if (price_e4 == 0) {
		if (r->state == LIVE) cancel(m, r);
		return r->state == NONE;
	}
	uint32_t quantity = (uint32_t)m->values[SIZE];
	if (r->state == LIVE) {
		uint32_t off = price_e4 > r->price_e4 ? price_e4 - r->price_e4 : r->price_e4 - price_e4;
		if (off < m->values[REQUOTE] * m->values[TICK]) return true;
		if (r->quiet_until_ns > 0 && now(m) < r->quiet_until_ns) return false;
		replace(m, r, price_e4, quantity);
		return false;
	}
	if (r->quiet_until_ns > 0 && now(m) < r->quiet_until_ns) return false;
	r->quiet_until_ns = 0;
	enter(m, symbol, side, price_e4, quantity, false);
	return false;
}

static bool steer_both(maker *m, uint16_t symbol, const uint32_t prices[2]) {
	bool buys = steer(m, symbol, IX_STRATEGY_BUY, prices[IX_STRATEGY_BUY]);
	bool sells = steer(m, symbol, IX_STRATEGY_SELL, prices[IX_STRATEGY_SELL]);
	return buys && sells;
}

/* ---- prices ---- */

/* The best price of that side is our own order alone: there is nobody to be better than. */
static bool is_ours_alone(const resting *r, uint32_t price_e4, uint64_t shares, uint32_t orders) {
	return r->state == LIVE && r->price_e4 == price_e4 && orders == 1 && shares == r->left;
}

static int64_t round_down(int64_t price_e4, int64_t tick) {
	int64_t rest = price_e4 % tick;
	return price_e4 - (rest < 0 ? rest + tick : rest);
}

/* Where the two quotes go, by side; 0: nowhere. All in halves of 1/10000, so that the middle is a whole
 * number. */
static void price(
	const maker *m, const market *k, const ix_strategy_quote *q, int64_t shares, uint32_t ret_prices[2]) {
	int64_t tick = m->values[TICK], bid = q->bid_e4, ask = q->ask_e4;
	int64_t lots = shares / m->values[LOT];
	if (lots > LOTS_MAX) lots = LOTS_MAX;
	if (lots < -LOTS_MAX) lots = -LOTS_MAX;
	int64_t fair_twice = bid + ask - 2 * lots * m->values[SKEW] * tick;
	int64_t width = ask - bid - 2 * m->values[INSIDE] * tick;
	if (width < tick) width = tick;
	int64_t buy = round_down((fair_twice - width) >> 1, tick);
	int64_t sell = round_down(((fair_twice + width + 1) >> 1) + tick - 1, tick);
	/* Never through the other side: these are offers to rest. */
	int64_t buy_most = round_down(ask - 1, tick), sell_least = round_down(bid, tick) + tick;
	if (buy > buy_most) buy = buy_most;
	if (sell < sell_least) sell = sell_least;
	if (is_ours_alone(&k->sides[IX_STRATEGY_BUY], q->bid_e4, q->bid_shares, q->bid_orders) && buy > bid)
		buy = bid;
	if (is_ours_alone(&k->sides[IX_STRATEGY_SELL], q->ask_e4, q->ask_shares, q->ask_orders) && sell < ask)
		sell = ask;
	bool may_buy = shares + m->values[SIZE] <= m->values[INVENTORY_MAX] && buy >= tick;
	bool may_sell = -shares + m->values[SIZE] <= m->values[INVENTORY_MAX] && sell <= UINT32_MAX;
	ret_prices[IX_STRATEGY_BUY] = may_buy ? (uint32_t)buy : 0;
	ret_prices[IX_STRATEGY_SELL] = may_sell ? (uint32_t)sell : 0;
}

/* ---- a symbol ---- */

/* Near the close: quotes go, and what is held is offered to whoever is there now. */
static bool flatten(maker *m, uint16_t symbol, const ix_strategy_quote *q, int64_t shares) {
	market *k = &m->markets[symbol];
	if (!steer_both(m, symbol, (uint32_t[2]){0, 0})) return false;
	if (shares == 0) return true;
	int side = shares > 0 ? IX_STRATEGY_SELL : IX_STRATEGY_BUY;
	uint32_t price_e4 = shares > 0 ? q->bid_e4 : q->ask_e4;
	if (price_e4 == 0 || now(m) < k->sides[side].quiet_until_ns) return false;
	uint64_t quantity = shares > 0 ? (uint64_t)shares : 0 - (uint64_t)shares;
	enter(m, symbol, side, price_e4,
		quantity > FLATTEN_SHARES_MAX ? FLATTEN_SHARES_MAX : (uint32_t)quantity, true);
	return false;
}

static void work(maker *m, uint16_t symbol, const ix_strategy_quote *q) {
	market *k = &m->markets[symbol];
	uint32_t prices[2] = {0, 0};
	k->bid_e4 = q->bid_e4;
	k->ask_e4 = q->ask_e4;
	int64_t shares = m->host->position(m->host->context, symbol)->shares;
	if (m->is_flattening && !m->is_stopped) {
		k->is_settled = flatten(m, symbol, q, shares);
		return;
	}
	int64_t spread = (int64_t)q->ask_e4 - q->bid_e4;
	bool has_both = q->bid_e4 > 0 && q->ask_e4 > 0 && spread > 0;
	k->is_quoting =
		has_both && !m->is_stopped && !k->is_stale &&
		(spread >= m->values[SPREAD_MIN] || (k->is_quoting && spread >= m->values[SPREAD_PULL]));
	if (k->is_quoting) price(m, k, q, shares, prices);
	k->is_settled = steer_both(m, symbol, prices);
}

static void on_book(void *self, uint16_t symbol, const ix_strategy_quote *quote) {
	maker *m = self;
	if (symbol == 0 || symbol > m->symbols_max) return;
	market *k = &m->markets[symbol];
	k->seen_ns = now(m);
	k->is_stale = false;
	if (k->is_settled && quote->bid_e4 == k->bid_e4 && quote->ask_e4 == k->ask_e4) return;
	work(m, symbol, quote);
}

/* ---- updates ---- */

static void look_again(maker *m, uint16_t symbol) {
	work(m, symbol, m->host->quote(m->host->context, symbol));
}

static void on_order(void *self, const ix_strategy_update *u) {
	maker *m = self;
	if (u->symbol == 0 || u->symbol > m->symbols_max || u->side > IX_STRATEGY_SELL) return;
	market *k = &m->markets[u->symbol];
	resting *r = &k->sides[u->side];
	k->is_settled = false;
	if (r->state == NONE || r->order != u->order) {
		/* An order that was given up for gone was filled after all: what is held has changed. */
		if (u->kind == IX_STRATEGY_FILLED) look_again(m, u->symbol);
		return;
	}
	uint64_t quiet = now(m) + (uint64_t)m->values[PAUSE] * NS_PER_MS;
	switch (u->kind) {
	case IX_STRATEGY_ACCEPTED:
		if (r->state == ENTERING && !r->is_taker) r->state = LIVE; /* an IOC is done in a moment */
		break;
	case IX_STRATEGY_REPLACED:
		if (r->state == REPLACING) r->state = LIVE;
		r->price_e4 = u->price_e4;
		r->left = u->left;
		break;
	case IX_STRATEGY_REPLACE_REJECTED:
		r->quiet_until_ns = quiet;
		if (r->state == REPLACING) r->state = LIVE;
		if (r->state != CANCELLING) break;
		r->state = LIVE;
		return; /* asked again at the next change of the book */
	case IX_STRATEGY_FILLED:
		r->left = u->left;
		if (u->left == 0) r->state = NONE;
		break;
	case IX_STRATEGY_REJECTED:
		r->state = NONE;
		r->quiet_until_ns = quiet;
		return; /* the next change of the book looks again */
	case IX_STRATEGY_CANCELLED:
		r->left = u->left;
		if (u->left > 0 && r->state == CANCELLING) r->state = LIVE;
		if (u->left > 0) break;
		r->state = NONE;
		/* What the venue took back would come back at once, and be taken back again. */
		if (r->is_taker || !m->is_flattening) return;
		break;
	default: return;
	}
	look_again(m, u->symbol);
}

/* ---- timers and the day ---- */

static void set_stale_timer(maker *m) {
	if (m->values[STALE] == 0 || m->is_stopped || m->is_stale_set) return;
	uint64_t step = (uint64_t)m->values[STALE] * NS_PER_MS;
	m->is_stale_set = m->host->set_timer(m->host->context, now(m) + step / 2 + 1, TIMER_STALE) == 0;
}

static void set_flatten_timer(maker *m, uint64_t at_ns) {
	if (m->is_stopped || m->flatten_set_ns == at_ns) return;
	if (m->host->set_timer(m->host->context, at_ns, TIMER_FLATTEN) == 0) m->flatten_set_ns = at_ns;
}

static void pull_stale(maker *m) {
	uint64_t at = now(m), age = (uint64_t)m->values[STALE] * NS_PER_MS;
	uint16_t last = m->host->symbol_last(m->host->context);
	for (uint32_t symbol = 1; symbol <= last && symbol <= m->symbols_max; symbol++) {
		market *k = &m->markets[symbol];
		if (!k->is_quoting || at - k->seen_ns < age) continue;
		k->is_stale = true; /* the next change of its book looks again */
		k->is_quoting = k->is_settled = false;
		(void)steer_both(m, (uint16_t)symbol, (uint32_t[2]){0, 0});
	}
}

static void look_at_all(maker *m) {
	uint16_t last = m->host->symbol_last(m->host->context);
	for (uint32_t symbol = 1; symbol <= last && symbol <= m->symbols_max; symbol++) {
		market *k = &m->markets[symbol];
		k->is_settled = false;
		if (k->seen_ns > 0) look_again(m, (uint16_t)symbol);
	}
}

static void plan_flatten(maker *m) {
	uint64_t at = (uint64_t)m->values[FLATTEN_AT] * NS_PER_S;
	m->is_flattening = at > 0 && now(m) >= at;
	if (m->is_flattening) at = now(m);
	if (at > 0) set_flatten_timer(m, at);
}

static void on_timer(void *self, uint32_t id) {
	maker *m = self;
	if (m->is_stopped) return;
	if (id == TIMER_STALE) {
		m->is_stale_set = false;
		if (m->values[STALE] > 0 && !m->is_flattening) pull_stale(m);
		set_stale_timer(m);
	} else if (id == TIMER_FLATTEN) {
		uint64_t at = (uint64_t)m->values[FLATTEN_AT] * NS_PER_S;
		if (at == 0 || now(m) < at) return; /* it was put off, and has a timer of its own */
		m->is_flattening = true;
		look_at_all(m);
		set_flatten_timer(m, now(m) + FLATTEN_RETRY_MS * NS_PER_MS);
	}
}

static void read_parameters(maker *m) {
	for (uint32_t i = 0; i < PARAMETER_COUNT; i++) m->values[i] = m->host->parameter(m->host->context, i);
}

static void on_parameter(void *self, uint32_t index) {
	maker *m = self;
	read_parameters(m);
	if (m->is_stopped) return;
	if (index == STALE) set_stale_timer(m);
	if (index == FLATTEN_AT) plan_flatten(m);
	look_at_all(m);
}

static void on_start(void *self) {
	maker *m = self;
	set_stale_timer(m);
	plan_flatten(m);
}

static void on_stop(void *self) {
	maker *m = self;
	m->is_stopped = true;
	look_at_all(m);
}

static int open_maker(const ix_strategy_host *host, uint16_t symbols_max, void **ret_self) {
	maker *m = calloc(1, sizeof *m + ((size_t)symbols_max + 1) * sizeof m->markets[0]);
	if (!m) return -1;
	m->host = host;
	m->symbols_max = symbols_max;
	read_parameters(m);
	*ret_self = m;
	return 0;
}

static void close_maker(void *self) { free(self); }

const ix_strategy_vtable ix_strategy_maker = {
	.size = sizeof(ix_strategy_vtable),
	.abi = IX_STRATEGY_ABI,
	.name = "maker",
	.summary = "quotes both sides inside a wide spread, leaning against what it holds",
	.parameters = parameters,
	.parameter_count = PARAMETER_COUNT,
	.open = open_maker,
	.close = close_maker,
	.on_start = on_start,
	.on_book = on_book,
	.on_order = on_order,
	.on_timer = on_timer,
	.on_parameter = on_parameter,
	.on_stop = on_stop,
};
