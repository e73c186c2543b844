/* ofi: takes liquidity in the direction of the order flow's imbalance, after Cont, Kukanov and Stoikov, "The
 * price impact of order book events" (Journal of Financial Econometrics 12, 2014): between two states of the
 * best quotes, with prices P and sizes q,
 *
 *     e = [Pb' >= Pb] qb' - [Pb' <= Pb] qb - [Pa' <= Pa] qa' + [Pa' >= Pa] qa
 *
 * is what came to the bid, and left the ask, less the reverse. Their price moves in proportion to the sum of
 * e over the depth at the best prices; so does what is decided here. The sum forgets: by market time, by
 * count, or both. Shares are counted in 1/256, so that forgetting in integers keeps the small ones. */
#include "strategies.h"

#include <stdlib.h>

enum {
	WINDOW_MS,
	WINDOW_EVENTS,
	THRESHOLD,
	WARMUP,
	SPREAD_MAX,
	SIZE,
	HOLD,
	EXIT_LIMIT,
	PAUSE,
	FLATTEN_AT,
	PARAMETER_COUNT,
};

static const ix_strategy_parameter parameters[PARAMETER_COUNT] = {
	[WINDOW_MS] = {"window_ms", "half of the imbalance is forgotten in this time; 0: none", 1000, 0,
		3600000},
	[WINDOW_EVENTS] = {"window_events", "1/n of the imbalance is forgotten at every change; 0: none", 0,
		0, 1000000},
	[THRESHOLD] = {"threshold_e3", "take where the imbalance is so many 1/1000 of the mean depth", 3000,
		1, 1000000},
	[WARMUP] = {"warmup_events", "changes of the book before the first trade of a symbol", 50, 0,
		1000000},
	[SPREAD_MAX] = {"spread_max_e4", "only where ask - bid is at most this", 200, 1, 1000000000},
	[SIZE] = {"size", "shares to take", 100, 1, 999999},
	[HOLD] = {"hold_ms", "how long to hold", 2000, 0, 86400000},
	[EXIT_LIMIT] = {"exit_limit_ms",
		"rest at the near side for this long before crossing; 0: cross at once", 500, 0, 86400000},
	[PAUSE] = {"pause_ms", "leave a symbol alone for this long after a rejection", 1000, 1, 3600000},
	[FLATTEN_AT] = {"flatten_at_s",
		"from then on only get rid of what is held; seconds since midnight, 0: never", 57300, 0,
		86399},
};

enum {
	TIMER_DUE = 1,
	TIMER_FLATTEN = 2,
	TIMERS_MAX = 16,    /* of ours at the host */
	FRACTION = 8,       /* bits below the point of flow and depth */
	DEPTH_SHIFT = 6,    /* the mean depth forgets 1/64 at every change */
	HALVING_STEPS = 16, /* of a halving by time */
	FLOW_MAX_BITS = 42, /* 16 billion shares; times 1e6 and 1e3 it still fits below */
	SHARES_MAX = 999999,
};

typedef enum phase {
	IDLE,
	ENTERING,     /* the IOC is out */
	HOLDING,      /* until due */
	EXIT_RESTING, /* a limit order at the near side, until due */
	EXIT_CANCELLING,
	EXIT_CROSSING, /* an IOC */
} phase;

typedef struct market {
	ix_strategy_quote last;
	int64_t flow;  /* shares << FRACTION, signed */
	int64_t depth; /* mean of both sides, shares << FRACTION */
	uint64_t forgot_ns;
	uint64_t quiet_until_ns;
	uint64_t order;
	uint64_t due_ns;
	uint32_t event_count;
	uint8_t phase;
	bool is_urgent; /* the limit had its chance: cross */
	bool has_quote;
} market;

typedef struct due {
	uint64_t at_ns;
	uint16_t symbol;
} due;

typedef struct ofi {
	const ix_strategy_host *host;
	int64_t values[PARAMETER_COUNT];
	uint64_t step_ns; /* of forgetting */
	bool is_flattening, is_stopped;
	uint64_t timers_ns[TIMERS_MAX]; /* those that wait, the earliest last */
	uint32_t timer_count;
	uint32_t symbols_max, due_count;
	due *due; /* a heap, earliest first; one entry a symbol at most */
	market markets[];
} ofi;

static uint64_t now(const ofi *o) { return o->host->now_ns(o->host->context); }
static int64_t held(const ofi *o, uint16_t symbol) {
	return o->host->position(o->host->context, symbol)->shares;
}

/* ---- what is due when ---- */

static void heap_up(due *heap, uint32_t at) {
	while (at > 0 && heap[at].at_ns < heap[(at - 1) / 2].at_ns) {
		due moved = heap[at];
		heap[at] = heap[(at - 1) / 2];
		at = (at - 1) / 2;
		heap[at] = moved;
	}
}

static void heap_down(due *heap, uint32_t count, uint32_t at) {
	for (;;) {
		uint32_t child = 2 * at + 1;
		if (child >= count) return;
		if (child + 1 < count && heap[child + 1].at_ns < heap[child].at_ns) child++;
		if (heap[at].at_ns <= heap[child].at_ns) return;
		due moved = heap[at];
		heap[at] = heap[child];
		heap[child] = moved;
		at = child;
	}
}

/* A timer is set only where none that waits is as early: so each is earlier than those before it. */
static void arm(ofi *o) {
	if (o->due_count == 0 || o->timer_count == TIMERS_MAX) return;
	uint64_t at = o->due[0].at_ns;
	if (o->timer_count > 0 && o->timers_ns[o->timer_count - 1] <= at) return;
	if (o->host->set_timer(o->host->context, at, TIMER_DUE) == 0) o->timers_ns[o->timer_count++] = at;
}

/* The symbol's next step is at that time: sooner or later than before. */
static void plan(ofi *o, uint16_t symbol, uint64_t at_ns) {
	uint32_t i = 0;
	o->markets[symbol].due_ns = at_ns;
	while (i < o->due_count && o->due[i].symbol != symbol) i++;
	if (i == o->due_count) o->due_count++;
	o->due[i] = (due){at_ns, symbol};
	heap_down(o->due, o->due_count, i);
	heap_up(o->due, i);
	arm(o);
}

/* ---- the flow ---- */

/* 2^(-n/16) in 1/65536. */
static const uint32_t halving[HALVING_STEPS] = {65536, 62757, 60097, 57549, 55109, 52772, 50535, 48393, 46341,
	44376, 42495, 40693, 38968, 37316, 35734, 34219};

static int64_t scale(int64_t flow, uint32_t by) { return flow * (int64_t)by / 65536; }

static void forget(ofi *o, market *k, uint64_t at) {
	if (o->values[WINDOW_EVENTS] > 0) k->flow -= k->flow / o->values[WINDOW_EVENTS];
	if (o->step_ns == 0) return;
	uint64_t elapsed = at - k->forgot_ns;
	if (elapsed < o->step_ns) return;
	uint64_t steps = elapsed / o->step_ns;
	k->forgot_ns += steps * o->step_ns;
	uint64_t halvings = steps / HALVING_STEPS;
	k->flow = halvings > FLOW_MAX_BITS
			  ? 0
			  : scale(k->flow, halving[steps % HALVING_STEPS]) / (INT64_C(1) << halvings);
}

static int64_t clamp_shares(uint64_t shares) {
	return shares < (UINT64_C(1) << 32) ? (int64_t)shares : INT64_C(1) << 32;
}

static int64_t flow_of(const ix_strategy_quote *was, const ix_strategy_quote *is) {
	int64_t e = 0;
	if (is->bid_e4 >= was->bid_e4) e += clamp_shares(is->bid_shares);
	if (is->bid_e4 <= was->bid_e4) e -= clamp_shares(was->bid_shares);
	if (is->ask_e4 <= was->ask_e4) e -= clamp_shares(is->ask_shares);
	if (is->ask_e4 >= was->ask_e4) e += clamp_shares(was->ask_shares);
	return e;
}

/* Takes the step from the last quote to this one into the sums. */
static void add_up(ofi *o, market *k, const ix_strategy_quote *q, uint64_t at) {
	const int64_t limit = INT64_C(1) << FLOW_MAX_BITS;
	if (k->has_quote) {
		forget(o, k, at);
		k->flow += flow_of(&k->last, q) * (1 << FRACTION);
		if (k->flow > limit) k->flow = limit;
		if (k->flow < -limit) k->flow = -limit;
	} else {
		k->forgot_ns = at;
		k->flow = 0;
	}
	int64_t depth = (clamp_shares(q->bid_shares) + clamp_shares(q->ask_shares)) * (1 << (FRACTION - 1));
	k->depth += k->depth == 0 ? depth : (depth - k->depth) / (1 << DEPTH_SHIFT);
	if (k->event_count < UINT32_MAX) k->event_count++;
	k->has_quote = true;
	k->last = *q;
}

/* 1 buy, -1 sell, 0 nothing. */
static int signal(const ofi *o, const market *k) {
	int64_t limit = o->values[THRESHOLD] * k->depth / 1000;
	if (k->event_count < o->values[WARMUP] || limit == 0) return 0;
	return k->flow >= limit ? 1 : k->flow <= -limit ? -1 : 0;
}

/* ---- orders ---- */

static bool send(
	ofi *o, uint16_t symbol, bool is_buy, int64_t shares, uint32_t price_e4, ix_strategy_tif tif) {
	const ix_strategy_order order = {.symbol = symbol,
		.side = is_buy ? IX_STRATEGY_BUY : IX_STRATEGY_SELL,
		.tif = (uint8_t)tif,
		.quantity = shares > SHARES_MAX ? SHARES_MAX : (uint32_t)shares,
		.price_e4 = price_e4};
	return o->host->enter(o->host->context, &order, &o->markets[symbol].order) == 0;
}

static void wait_quietly(ofi *o, uint16_t symbol) {
	market *k = &o->markets[symbol];
	k->quiet_until_ns = now(o) + (uint64_t)o->values[PAUSE] * NS_PER_MS;
	if (k->phase == HOLDING) plan(o, symbol, k->quiet_until_ns);
}

static void take(ofi *o, uint16_t symbol, int direction, const ix_strategy_quote *q) {
	market *k = &o->markets[symbol];
	uint32_t price_e4 = direction > 0 ? q->ask_e4 : q->bid_e4;
	if (!send(o, symbol, direction > 0, o->values[SIZE], price_e4, IX_STRATEGY_IOC)) {
		wait_quietly(o, symbol);
		return;
	}
	k->phase = ENTERING;
	k->is_urgent = false;
	k->flow = 0; /* it has been acted on */
}

/* What is held goes: first at the near side, then, when that had its time, across. */
static void leave(ofi *o, uint16_t symbol) {
	market *k = &o->markets[symbol];
	int64_t shares = held(o, symbol);
	bool is_buy = shares < 0, rests = !k->is_urgent && o->values[EXIT_LIMIT] > 0;
	uint32_t near = is_buy ? k->last.bid_e4 : k->last.ask_e4,
		 far = is_buy ? k->last.ask_e4 : k->last.bid_e4;
	uint32_t price_e4 = rests ? near : far;
	if (price_e4 == 0 || !send(o, symbol, is_buy, is_buy ? -shares : shares, price_e4,
				     rests ? IX_STRATEGY_DAY : IX_STRATEGY_IOC)) {
		wait_quietly(o, symbol);
		return;
	}
	k->phase = rests ? EXIT_RESTING : EXIT_CROSSING;
	if (rests) plan(o, symbol, now(o) + (uint64_t)o->values[EXIT_LIMIT] * NS_PER_MS);
}

/* No order is out: what is held decides what comes next. */
static void settle(ofi *o, uint16_t symbol, bool was_refused) {
	market *k = &o->markets[symbol];
	uint8_t before = k->phase;
	if (held(o, symbol) == 0) {
		k->phase = IDLE;
		k->is_urgent = false;
		if (was_refused) wait_quietly(o, symbol);
		return;
	}
	k->phase = HOLDING;
	k->is_urgent |= before == EXIT_RESTING || before == EXIT_CANCELLING || before == EXIT_CROSSING;
	if (was_refused || before == EXIT_CROSSING)
		wait_quietly(o, symbol);
	else if (k->is_urgent || o->is_flattening || o->is_stopped)
		leave(o, symbol);
	else if (before != HOLDING)
		plan(o, symbol, now(o) + (uint64_t)o->values[HOLD] * NS_PER_MS);
}

static void cancel_exit(ofi *o, uint16_t symbol) {
	market *k = &o->markets[symbol];
	k->is_urgent = true;
	k->phase = EXIT_CANCELLING;
	if (o->host->cancel(o->host->context, k->order) != 0) settle(o, symbol, false);
}

/* The symbol's time has come, or the day's. */
static void step(ofi *o, uint16_t symbol) {
	market *k = &o->markets[symbol];
	if (k->phase == EXIT_RESTING) cancel_exit(o, symbol);
	if (k->phase != HOLDING) return;
	if (held(o, symbol) == 0)
		k->phase = IDLE;
	else
		leave(o, symbol);
}

static void on_book(void *self, uint16_t symbol, const ix_strategy_quote *q) {
	ofi *o = self;
	if (symbol == 0 || symbol > o->symbols_max) return;
	market *k = &o->markets[symbol];
	if (q->bid_e4 == 0 || q->ask_e4 == 0 || q->bid_e4 >= q->ask_e4) {
		k->has_quote = false; /* one side alone says nothing; start over */
		k->last = *q;
		return;
	}
	uint64_t at = now(o);
	add_up(o, k, q, at);
	if (k->phase != IDLE || o->is_flattening || o->is_stopped || at < k->quiet_until_ns) return;
	if (q->ask_e4 - q->bid_e4 > o->values[SPREAD_MAX]) return;
	int direction = signal(o, k);
	if (direction != 0 && held(o, symbol) == 0) take(o, symbol, direction, q);
}

static void on_order(void *self, const ix_strategy_update *u) {
	ofi *o = self;
	if (u->symbol == 0 || u->symbol > o->symbols_max) return;
	market *k = &o->markets[u->symbol];
	bool is_out = k->phase != IDLE && k->phase != HOLDING;
	if (!is_out || u->order != k->order) {
		/* A fill that came after its order's end: it is held all the same. */
		if (u->kind == IX_STRATEGY_FILLED && !is_out) settle(o, u->symbol, false);
		return;
	}
	switch (u->kind) {
	case IX_STRATEGY_FILLED:
	case IX_STRATEGY_CANCELLED:
		if (u->left == 0) settle(o, u->symbol, false);
		break;
	case IX_STRATEGY_REJECTED: settle(o, u->symbol, true); break;
	case IX_STRATEGY_REPLACE_REJECTED:
		/* A cancel that came too late, or was not allowed: it stands, and is asked again when due. */
		if (k->phase != EXIT_CANCELLING) break;
		k->phase = EXIT_RESTING;
		plan(o, u->symbol, now(o) + (uint64_t)o->values[PAUSE] * NS_PER_MS);
		break;
	default: break;
	}
}

/* ---- timers and the day ---- */

static void step_all(ofi *o) {
	uint16_t last = o->host->symbol_last(o->host->context);
	for (uint32_t symbol = 1; symbol <= last && symbol <= o->symbols_max; symbol++) {
		market *k = &o->markets[symbol];
		k->is_urgent = true;
		if (k->phase == IDLE && held(o, (uint16_t)symbol) != 0) k->phase = HOLDING;
		step(o, (uint16_t)symbol);
	}
}

static void plan_flatten(ofi *o) {
	uint64_t at = (uint64_t)o->values[FLATTEN_AT] * NS_PER_S;
	o->is_flattening = at > 0 && now(o) >= at;
	if (o->is_flattening)
		step_all(o);
	else if (at > 0)
		(void)o->host->set_timer(o->host->context, at, TIMER_FLATTEN);
}

static void on_timer(void *self, uint32_t id) {
	ofi *o = self;
	uint64_t at = now(o);
	if (id == TIMER_FLATTEN) {
		uint64_t from = (uint64_t)o->values[FLATTEN_AT] * NS_PER_S;
		if (from == 0 || at < from || o->is_flattening || o->is_stopped) return;
		o->is_flattening = true;
		step_all(o);
		return;
	}
	while (o->timer_count > 0 && o->timers_ns[o->timer_count - 1] <= at) o->timer_count--;
	while (o->due_count > 0 && o->due[0].at_ns <= at) {
		due first = o->due[0];
		o->due[0] = o->due[--o->due_count];
		heap_down(o->due, o->due_count, 0);
		step(o, first.symbol);
	}
	arm(o);
}

static void read_parameters(ofi *o) {
	for (uint32_t i = 0; i < PARAMETER_COUNT; i++) o->values[i] = o->host->parameter(o->host->context, i);
	o->step_ns = (uint64_t)o->values[WINDOW_MS] * NS_PER_MS / HALVING_STEPS;
}

static void on_parameter(void *self, uint32_t index) {
	ofi *o = self;
	read_parameters(o);
	if (index == FLATTEN_AT && !o->is_stopped) plan_flatten(o);
}

static void on_start(void *self) { plan_flatten(self); }

static void on_stop(void *self) {
	ofi *o = self;
	o->is_stopped = true;
	step_all(o);
}

static void close_ofi(void *self) {
	ofi *o = self;
	if (!o) return;
	free(o->due);
	free(o);
}

static int open_ofi(const ix_strategy_host *host, uint16_t symbols_max, void **ret_self) {
	ofi *o = calloc(1, sizeof *o + ((size_t)symbols_max + 1) * sizeof o->markets[0]);
	if (!o) return -1;
	o->due = calloc((size_t)symbols_max + 1, sizeof o->due[0]);
	if (!o->due) {
		close_ofi(o);
		return -1;
	}
	o->host = host;
	o->symbols_max = symbols_max;
	read_parameters(o);
	*ret_self = o;
	return 0;
}

const ix_strategy_vtable ix_strategy_ofi = {
	.size = sizeof(ix_strategy_vtable),
	.abi = IX_STRATEGY_ABI,
	.name = "ofi",
	.summary = "takes in the direction of the order flow's imbalance, and holds for a while",
	.parameters = parameters,
	.parameter_count = PARAMETER_COUNT,
	.open = open_ofi,
	.close = close_ofi,
	.on_start = on_start,
	.on_book = on_book,
	.on_order = on_order,
	.on_timer = on_timer,
	.on_parameter = on_parameter,
	.on_stop = on_stop,
};
