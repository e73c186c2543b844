/* fake_host.h - a host that writes down what a strategy asks of it, and says to it what a test wants: quotes,
 * answers of a venue, time. One line of what was said is compared at a time:
 *
 *     book(h, 1, 100000, 100600);
 *     said(h, "1: buy 100 @ 100100 post; 2: sell 100 @ 100500 post");
 *     accept(h, 1); fill(h, 1, 40); …
 */
#ifndef FAKE_HOST_H
#define FAKE_HOST_H

#include <inox/strategy_load.h>
#include <inox/testing.h>

enum { SYMBOLS = 8, FAKE_ORDERS = 256, FAKE_TIMERS = 64 };
#define MS UINT64_C(1000000)
#define S  UINT64_C(1000000000)

typedef struct fake_order {
	uint32_t left, price_e4, wanted_left, wanted_price_e4;
	uint16_t symbol;
	uint8_t side;
} fake_order;

typedef struct fake_timer {
	uint64_t at_ns;
	uint32_t id;
	bool is_waiting;
} fake_timer;

typedef struct fake_host {
	ix_strategy_host host;
	const ix_strategy_vtable *vtable;
	void *self;
	uint64_t now_ns;
	ix_strategy_quote quotes[SYMBOLS + 1];
	ix_strategy_position positions[SYMBOLS + 1];
	int64_t values[IX_STRATEGY_PARAMETER_MAX];
	fake_order orders[FAKE_ORDERS];
	uint64_t order_count;
	fake_timer timers[FAKE_TIMERS];
	size_t timers_peak;
	bool is_busy; /* enter says no */
	char said[4096];
	size_t said_size;
} fake_host;

static inline void write_down(fake_host *h, const char *text) {
	h->said_size += ix_format(h->said + h->said_size, sizeof h->said - h->said_size, "%s%s",
		h->said_size ? "; " : "", text);
	assert_true(h->said_size < sizeof h->said);
}

static inline uint64_t fake_now(void *context) { return ((fake_host *)context)->now_ns; }

static inline int fake_enter(void *context, const ix_strategy_order *o, uint64_t *ret_order) {
	fake_host *h = context;
	char text[96];
	if (h->is_busy) {
		write_down(h, "busy");
		return IX_ERR_BUSY;
	}
	assert_true(h->order_count + 1 < FAKE_ORDERS);
	assert_true(o->quantity > 0 && o->price_e4 > 0);
	*ret_order = ++h->order_count;
	h->orders[*ret_order] = (fake_order){o->quantity, o->price_e4, 0, 0, o->symbol, o->side};
	(void)ix_format(text, sizeof text, "%u: %s %u @ %u%s%s", (unsigned)*ret_order,
		o->side ? "sell" : "buy", o->quantity, o->price_e4, o->tif == IX_STRATEGY_IOC ? " ioc" : "",
		o->is_post_only ? " post" : "");
	write_down(h, text);
	return 0;
}

static inline int fake_replace(void *context, uint64_t order, uint32_t quantity, uint32_t price_e4) {
	fake_host *h = context;
	char text[96];
	fake_order *o = &h->orders[order];
	(void)ix_format(text, sizeof text, "replace %u: %u @ %u", (unsigned)order, quantity, price_e4);
	write_down(h, text);
	if (o->left == 0) return IX_ERR_NOT_FOUND;
	o->wanted_left = quantity;
	o->wanted_price_e4 = price_e4;
	return 0;
}

static inline int fake_cancel(void *context, uint64_t order) {
	fake_host *h = context;
	char text[96];
	(void)ix_format(text, sizeof text, "cancel %u", (unsigned)order);
	write_down(h, text);
	return h->orders[order].left == 0 ? IX_ERR_NOT_FOUND : 0;
}

static inline int fake_set_timer(void *context, uint64_t at_ns, uint32_t id) {
	fake_host *h = context;
	size_t waiting = 1;
	for (size_t i = 0; i < FAKE_TIMERS; i++) waiting += h->timers[i].is_waiting;
	if (waiting > h->timers_peak) h->timers_peak = waiting;
	for (size_t i = 0; i < FAKE_TIMERS; i++) {
		if (h->timers[i].is_waiting) continue;
		h->timers[i] = (fake_timer){at_ns, id, true};
		return 0;
	}
	return IX_ERR_BUSY;
}

static inline const ix_strategy_quote *fake_quote(void *context, uint16_t symbol) {
	return &((fake_host *)context)->quotes[symbol];
}
static inline const ix_strategy_position *fake_position(void *context, uint16_t symbol) {
	return &((fake_host *)context)->positions[symbol];
}
static inline uint16_t fake_find_symbol(void *context, const char *name, size_t name_size) {
	(void)context;
	return name_size == 1 && name[0] >= 'A' && name[0] < 'A' + SYMBOLS ? (uint16_t)(name[0] - 'A' + 1)
									   : 0;
}
static inline uint16_t fake_symbol_last(void *context) {
	(void)context;
	return SYMBOLS;
}
static inline int64_t fake_parameter(void *context, uint32_t index) {
	return ((fake_host *)context)->values[index];
}
static inline void fake_log(void *context, const char *text, size_t size) {
	(void)context, (void)text, (void)size;
}

/* ---- for the tests ---- */

static inline void put(fake_host *h, const char *text) {
	uint32_t index;
	int64_t value;
	ix_error err = {0};
	if (ix_strategy_parameter_parse(h->vtable, ix_str_from(text), &index, &value, &err))
		fail_msg("%s", err.text);
	h->values[index] = value;
	if (h->self && h->vtable->on_parameter) h->vtable->on_parameter(h->self, index);
}

/* `settings`: "a=1 b=2". Opened at 10:00, and started. */
static inline fake_host *host_of(const ix_strategy_vtable *vtable, const char *settings) {
	fake_host *h = calloc(1, sizeof *h);
	assert_non_null(h);
	h->host = (ix_strategy_host){sizeof h->host, IX_STRATEGY_ABI, h, fake_now, fake_enter, fake_replace,
		fake_cancel, fake_set_timer, fake_quote, fake_position, fake_find_symbol, fake_symbol_last,
		fake_parameter, fake_log};
	h->vtable = vtable;
	h->now_ns = 36000 * S;
	ix_strategy_parameter_fallbacks(vtable, h->values);
	for (ix_str rest = ix_str_from(settings); rest.size > 0;) {
		char one[96];
		ix_str cut = ix_str_cut(&rest, ' ');
		(void)ix_format(one, sizeof one, "%.*s", IX_STR_ARG(cut));
		put(h, one);
	}
	assert_int_equal(vtable->open(&h->host, SYMBOLS, &h->self), 0);
	if (vtable->on_start) vtable->on_start(h->self);
	return h;
}

static inline void host_free(fake_host *h) {
	h->vtable->close(h->self);
	free(h);
}

static inline void said(fake_host *h, const char *text) {
	assert_string_equal(h->said, text);
	h->said[0] = 0;
	h->said_size = 0;
}

static inline void book_sized(fake_host *h, uint16_t symbol, uint32_t bid_e4, uint64_t bid_shares,
	uint32_t ask_e4, uint64_t ask_shares) {
	h->quotes[symbol] =
		(ix_strategy_quote){bid_shares, ask_shares, bid_e4, ask_e4, bid_e4 ? 2 : 0, ask_e4 ? 2 : 0};
	h->vtable->on_book(h->self, symbol, &h->quotes[symbol]);
}
static inline void book(fake_host *h, uint16_t symbol, uint32_t bid_e4, uint32_t ask_e4) {
	book_sized(h, symbol, bid_e4, 1000, ask_e4, 1000);
}

static inline void update(
	fake_host *h, uint64_t order, ix_strategy_update_kind kind, uint32_t quantity, uint32_t left) {
	fake_order *o = &h->orders[order];
	o->left = left;
	const ix_strategy_update u = {.order = order,
		.quantity = quantity,
		.price_e4 = o->price_e4,
		.left = left,
		.symbol = o->symbol,
		.kind = (uint8_t)kind,
		.side = o->side};
	h->vtable->on_order(h->self, &u);
}
static inline void accept(fake_host *h, uint64_t order) {
	update(h, order, IX_STRATEGY_ACCEPTED, h->orders[order].left, h->orders[order].left);
}
static inline void reject(fake_host *h, uint64_t order) { update(h, order, IX_STRATEGY_REJECTED, 0, 0); }
static inline void cancelled(fake_host *h, uint64_t order) {
	update(h, order, IX_STRATEGY_CANCELLED, h->orders[order].left, 0);
}
static inline void replaced(fake_host *h, uint64_t order) {
	h->orders[order].price_e4 = h->orders[order].wanted_price_e4;
	update(h, order, IX_STRATEGY_REPLACED, h->orders[order].wanted_left, h->orders[order].wanted_left);
}
static inline void replace_rejected(fake_host *h, uint64_t order) {
	update(h, order, IX_STRATEGY_REPLACE_REJECTED, 0, h->orders[order].left);
}
static inline void fill(fake_host *h, uint64_t order, uint32_t quantity) {
	const fake_order *o = &h->orders[order];
	h->positions[o->symbol].shares += o->side == IX_STRATEGY_BUY ? (int64_t)quantity : -(int64_t)quantity;
	update(h, order, IX_STRATEGY_FILLED, quantity, o->left > quantity ? o->left - quantity : 0);
}

/* Time goes on to there; timers that are due are told, earliest first. */
static inline void until(fake_host *h, uint64_t at_ns) {
	for (;;) {
		fake_timer *first = NULL;
		for (size_t i = 0; i < FAKE_TIMERS; i++) {
			fake_timer *t = &h->timers[i];
			if (t->is_waiting && t->at_ns <= at_ns && (!first || t->at_ns < first->at_ns))
				first = t;
		}
		if (!first) break;
		first->is_waiting = false;
		if (first->at_ns > h->now_ns) h->now_ns = first->at_ns;
		h->vtable->on_timer(h->self, first->id);
	}
	h->now_ns = at_ns;
}
static inline void pass(fake_host *h, uint64_t ns) { until(h, h->now_ns + ns); }

#endif
