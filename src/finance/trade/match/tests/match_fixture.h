/* match_fixture.h - what the engine's tests share: an engine whose events are kept as lines of text, and
 * short ways to write commands. Prices are in 1/100 of the currency here, so that they can be read. */
#ifndef MATCH_FIXTURE_H
#define MATCH_FIXTURE_H

#include <inox/alloc.h>
#include <inox/match.h>
#include <inox/rng.h>
#include <inox/testing.h>

#include <string.h>

enum { STOCK = 1, BUY = IX_MATCH_BUY, SELL = IX_MATCH_SELL, CENT = 100 };

typedef struct tape {
	char text[1 << 18]; /* an event a line */
	size_t size;
} tape;

static tape heard;

static inline const char *event_kind_text(const ix_match_event *v) {
	static const char *const kinds[] = {"accepted", "rejected", "trade", "cancelled", "replaced",
		"triggered", "refreshed", "state", "uncrossed"};
	return kinds[v->kind];
}

static inline size_t event_text(const ix_match_event *v, char *out, size_t capacity) {
	const char *kind = event_kind_text(v), *why = ix_match_reason_name((ix_match_reason)v->reason);
	unsigned long long order = v->order, maker = v->maker, volume = v->volume;
	unsigned price = v->price_e4 / CENT;
	switch (v->kind) {
	case IX_MATCH_ACCEPTED: return ix_format(out, capacity, "%s %llu\n", kind, order);
	case IX_MATCH_REJECTED: return ix_format(out, capacity, "%s %llu: %s\n", kind, order, why);
	case IX_MATCH_TRADE:
		return ix_format(out, capacity, "%s %llu with %llu: %u at %u, left %u and %u\n", kind, order,
			maker, v->quantity, price, v->left, v->maker_left);
	case IX_MATCH_CANCELLED:
		return ix_format(
			out, capacity, "%s %llu: %u, left %u: %s\n", kind, order, v->quantity, v->left, why);
	case IX_MATCH_REPLACED:
		return ix_format(out, capacity, "%s %llu by %llu: %u at %u%s\n", kind, maker, order, v->left,
			price, v->kept_priority ? ", priority kept" : "");
	case IX_MATCH_TRIGGERED: return ix_format(out, capacity, "%s %llu\n", kind, order);
	case IX_MATCH_REFRESHED:
		return ix_format(
			out, capacity, "%s %llu: shows %u of %u\n", kind, order, v->quantity, v->left);
	case IX_MATCH_STATE_CHANGED: return ix_format(out, capacity, "%s %u\n", kind, v->state);
	default: return ix_format(out, capacity, "%s at %u: %llu\n", kind, price, volume);
	}
}

static inline void hear(void *context, const ix_match_event *event) {
	tape *t = context;
	char line[160];
	size_t size = event_text(event, line, sizeof line);
	assert_true(size < sizeof line && t->size + size < sizeof t->text);
	memcpy(t->text + t->size, line, size + 1);
	t->size += size;
}

/* What has been heard since the last time. */
static inline void assert_heard_at(const char *expected, const char *file, int line) {
	heard.text[heard.size] = 0;
	heard.size = 0;
	_assert_string_equal(heard.text, expected, file, line);
}
#define assert_heard(expected) assert_heard_at(expected, __FILE__, __LINE__)

static inline void forget(void) { heard.size = 0; }

static inline ix_match *engine_with(const ix_match_options *options) {
	ix_match *e = NULL;
	ix_error err = {0};
	if (ix_match_new(options, &e, &err) != 0) fail_msg("%s", err.text);
	forget();
	return e;
}

static inline ix_match_options small_options(void) {
	return (ix_match_options){.allocator = ix_os_allocator(),
		.listener = {hear, &heard},
		.symbols_max = 8,
		.orders_reserve = 4,
		.levels_reserve = 2};
}

static inline ix_match_reason apply(ix_match *e, ix_match_command c) {
	ix_match_reason reason = ix_match_apply(e, &c);
	ix_error err = {0};
	if (ix_match_check(e, &err) != 0) fail_msg("%s", err.text);
	return reason;
}

static inline void add_symbol(ix_match *e, uint16_t symbol, uint32_t tick_e4, uint32_t lot, uint8_t state) {
	ix_match_command c = {.kind = IX_MATCH_ADD_SYMBOL, .symbol = symbol, .tick_e4 = tick_e4, .lot = lot};
	assert_int_equal(apply(e, c), IX_MATCH_OK);
	c = (ix_match_command){.kind = IX_MATCH_STATE, .symbol = symbol, .state = state};
	assert_int_equal(apply(e, c), IX_MATCH_OK);
	forget();
}

/* One symbol, trading, with a tick of a cent. */
static inline ix_match *one_stock(void) {
	ix_match_options options = small_options();
	ix_match *e = engine_with(&options);
	add_symbol(e, STOCK, CENT, 1, IX_MATCH_CONTINUOUS);
	return e;
}

static inline void finish(ix_match *e) {
	ix_error err = {0};
	if (ix_match_check(e, &err) != 0) fail_msg("%s", err.text);
	ix_match_free(e);
}

static inline ix_match_command limit_order(uint64_t number, uint8_t side, uint32_t quantity, uint32_t price) {
	return (ix_match_command){.kind = IX_MATCH_SUBMIT,
		.symbol = STOCK,
		.order = number,
		.side = side,
		.quantity = quantity,
		.price_e4 = price * CENT};
}

static inline ix_match_reason limit(
	ix_match *e, uint64_t number, uint8_t side, uint32_t quantity, uint32_t price) {
	return apply(e, limit_order(number, side, quantity, price));
}

static inline ix_match_reason market(ix_match *e, uint64_t number, uint8_t side, uint32_t quantity) {
	ix_match_command c = limit_order(number, side, quantity, 0);
	c.type = IX_MATCH_MARKET;
	return apply(e, c);
}

static inline ix_match_reason stop(
	ix_match *e, uint64_t number, uint8_t side, uint32_t quantity, uint32_t at) {
	ix_match_command c = limit_order(number, side, quantity, 0);
	c.type = IX_MATCH_STOP;
	c.stop_e4 = at * CENT;
	return apply(e, c);
}

static inline ix_match_reason cancel(ix_match *e, uint64_t number, uint32_t left) {
	return apply(e, (ix_match_command){.kind = IX_MATCH_CANCEL, .order = number, .quantity = left});
}

static inline ix_match_command replace_by(uint64_t number, uint64_t by, uint32_t quantity, uint32_t price) {
	return (ix_match_command){.kind = IX_MATCH_REPLACE,
		.order = number,
		.new_order = by,
		.quantity = quantity,
		.price_e4 = price * CENT};
}

static inline ix_match_reason replace(
	ix_match *e, uint64_t number, uint64_t by, uint32_t quantity, uint32_t price) {
	return apply(e, replace_by(number, by, quantity, price));
}

static inline ix_match_reason set_state(ix_match *e, uint16_t symbol, uint8_t state) {
	return apply(e, (ix_match_command){.kind = IX_MATCH_STATE, .symbol = symbol, .state = state});
}

/* "100@1000x2 50@999x1": shares at price, orders. */
static inline const char *depth_text(const ix_match *e, ix_match_side side) {
	static char text[4096];
	ix_match_level levels[64];
	size_t count = ix_match_depth(e, STOCK, side, levels, IX_COUNT(levels)), size = 0;
	text[0] = 0;
	for (size_t i = 0; i < count; i++)
		size += ix_format(text + size, sizeof text - size, "%s%llu@%ux%u", i ? " " : "",
			(unsigned long long)levels[i].quantity, levels[i].price_e4 / CENT,
			levels[i].order_count);
	return text;
}

#endif
