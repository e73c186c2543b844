/* The engine beside a naive one (naive_match.h), driven with the same random commands: the same reasons, the
 * same events, the same books, nothing lost; and everything in order after every command. */
#include "match_fixture.h"
#include "match_mix.h"
#include "naive_match.h"

typedef struct trial {
	ix_match *engine;
	naive_match naive;
	ix_match_event events[NAIVE_EVENTS]; /* the engine's, of the command */
	size_t heard;
	uint64_t open; /* by the events: accepted less traded less cancelled */
	uint64_t step;
	const char *what;
} trial;

static trial t;

static void keep(void *context, const ix_match_event *event) {
	trial *to = context;
	assert_true(to->heard < NAIVE_EVENTS);
	to->events[to->heard++] = *event;
}

static bool is_same(const ix_match_event *a, const ix_match_event *b) {
	return a->time_ns == b->time_ns && a->sequence == b->sequence && a->order == b->order &&
	       a->maker == b->maker && a->match == b->match && a->volume == b->volume &&
	       a->owner == b->owner && a->maker_owner == b->maker_owner && a->price_e4 == b->price_e4 &&
	       a->quantity == b->quantity && a->left == b->left && a->maker_left == b->maker_left &&
	       a->symbol == b->symbol && a->kind == b->kind && a->reason == b->reason && a->side == b->side &&
	       a->state == b->state && a->kept_priority == b->kept_priority && a->is_auction == b->is_auction;
}

static void compare_events(const ix_match_command *c) {
	size_t count = t.heard < t.naive.heard ? t.heard : t.naive.heard;
	for (size_t i = 0; i <= count; i++) {
		if (i < count && is_same(&t.events[i], &t.naive.events[i])) continue;
		if (i == count && t.heard == t.naive.heard) return;
		char ours[160] = "nothing\n", theirs[160] = "nothing\n";
		if (i < t.heard) event_text(&t.events[i], ours, sizeof ours);
		if (i < t.naive.heard) event_text(&t.naive.events[i], theirs, sizeof theirs);
		fail_msg("%s, step %llu, command %u of order %llu, event %zu: %s, and naively: %s", t.what,
			(unsigned long long)t.step, c->kind, (unsigned long long)c->order, i, ours, theirs);
	}
}

/* Shares come by being accepted or replaced, and go by trading or being cancelled. */
static void count_open(uint64_t replaced_left) {
	for (size_t i = 0; i < t.heard; i++) {
		const ix_match_event *v = &t.events[i];
		if (v->kind == IX_MATCH_ACCEPTED) t.open += v->left;
		if (v->kind == IX_MATCH_REPLACED) t.open += v->left - replaced_left;
		if (v->kind == IX_MATCH_TRADE) t.open -= 2 * (uint64_t)v->quantity;
		if (v->kind == IX_MATCH_CANCELLED) t.open -= v->quantity;
	}
}

static void compare_order(const naive_order *n) {
	ix_match_order o;
	assert_true(ix_match_find(t.engine, n->number, &o));
	assert_int_equal(o.left, n->left);
	assert_int_equal(o.shown, n->shown);
	assert_int_equal(o.display, n->display);
	assert_int_equal(o.minimum, n->minimum);
	assert_int_equal(o.price_e4, n->price);
	assert_int_equal(o.stop_e4, n->stop);
	assert_int_equal(o.owner, n->owner);
	assert_int_equal(o.session, n->session);
	assert_int_equal(o.symbol, n->symbol);
	assert_int_equal(o.side, n->side);
	assert_int_equal(o.type, n->type);
	assert_int_equal(o.tif, n->tif);
	assert_int_equal(o.stp, n->stp);
	assert_int_equal(o.is_waiting, n->stage == NAIVE_STOP);
	uint64_t shares, naive_shares;
	uint32_t orders, naive_orders;
	assert_int_equal(ix_match_queue_ahead(t.engine, n->number, &shares, &orders), n->stage == NAIVE_BOOK);
	if (n->stage != NAIVE_BOOK) return;
	naive_ahead(&t.naive, n, &naive_shares, &naive_orders);
	assert_int_equal(shares, naive_shares);
	assert_int_equal(orders, naive_orders);
}

static void compare_symbol(uint16_t symbol) {
	ix_match_level ours[NAIVE_ORDERS], theirs[NAIVE_ORDERS];
	for (uint8_t side = 0; side < 2; side++) {
		size_t count = ix_match_depth(t.engine, symbol, side, ours, IX_COUNT(ours));
		assert_int_equal(count, naive_depth(&t.naive, symbol, side, theirs));
		assert_memory_equal(ours, theirs, count * sizeof *ours);
	}
	assert_int_equal(ix_match_symbol_state(t.engine, symbol), t.naive.symbols[symbol].state);
	if (!t.naive.symbols[symbol].exists) return;
	if (t.naive.symbols[symbol].state != IX_MATCH_AUCTION && t.step % 32) return;
	ix_match_indication a = ix_match_indicate(t.engine, symbol), b = naive_indicate(&t.naive, symbol);
	assert_int_equal(a.price_e4, b.price_e4);
	assert_int_equal(a.volume, b.volume);
	assert_int_equal(a.imbalance, b.imbalance);
}

static void compare_all(void) {
	uint64_t left = 0;
	uint32_t count = 0;
	for (size_t i = 0; i < NAIVE_ORDERS; i++) {
		const naive_order *n = &t.naive.orders[i];
		if (n->number == 0) continue;
		left += n->left;
		count++;
		if (t.step % 16 == i % 16) compare_order(n);
	}
	ix_match_info info;
	ix_match_get_info(t.engine, &info);
	assert_int_equal(info.order_count, count);
	assert_int_equal(info.traded_quantity, t.naive.traded);
	assert_int_equal(info.trade_count, t.naive.trade_count);
	assert_int_equal(t.open, left);
}

static void one_step(mixer *m) {
	ix_match_command c = mixer_next(m);
	ix_match_order replaced = {0};
	if (c.kind == IX_MATCH_REPLACE) (void)ix_match_find(t.engine, c.order, &replaced);
	t.heard = 0;
	ix_match_reason ours = ix_match_apply(t.engine, &c), theirs = naive_apply(&t.naive, &c);
	compare_events(&c);
	assert_int_equal(ours, theirs);
	count_open(replaced.left);
	ix_error err = {0};
	if (ix_match_check(t.engine, &err) != 0)
		fail_msg("%s, step %llu: %s", t.what, (unsigned long long)t.step, err.text);
	uint16_t symbol = c.symbol ? c.symbol : replaced.symbol;
	if (symbol >= 1 && symbol <= NAIVE_SYMBOLS) compare_symbol(symbol);
	compare_all();
}

static void run_trial(const mix *of, uint64_t seed, uint64_t steps) {
	memset(&t, 0, sizeof t);
	t.what = of->name;
	ix_match_options options = {.allocator = ix_os_allocator(),
		.listener = {keep, &t},
		.symbols_max = NAIVE_SYMBOLS,
		.orders_reserve = 2,
		.levels_reserve = 1,
		.hash_seed = seed};
	t.engine = engine_with(&options);
	mixer m = mixer_of(of, seed);
	for (; t.step < steps; t.step++) one_step(&m);
	assert_true(t.naive.trade_count > steps / 50);
	ix_match_free(t.engine);
}

/* 200,000 commands over all mixes; ten million of each mix on 20 seeds in the long run. */
static void run_mix(const char *name) {
	uint64_t seeds = ix_testing_long() ? 20 : 5, steps = ix_testing_long() ? 500000 : 5000;
	for (size_t i = 0; i < IX_COUNT(mixes); i++) {
		if (strcmp(mixes[i].name, name) != 0) continue;
		for (uint64_t seed = 0; seed < seeds; seed++)
			run_trial(&mixes[i], ix_testing_seed() + seed, steps);
	}
}

#define AGREES(mix, name)                                          \
	static void a_naive_engine_agrees_on_##mix(void **state) { \
		(void)state;                                       \
		run_mix(name);                                     \
	}
AGREES(limit_orders, "limit")
AGREES(immediate_orders, "immediate")
AGREES(stop_orders, "stops")
AGREES(icebergs, "icebergs")
AGREES(self_trade_prevention, "self-trade")
AGREES(auctions, "auctions")
AGREES(everything_and_nonsense, "everything")
AGREES(extreme_numbers, "extremes")

IX_TESTS(test_match_reference, cmocka_unit_test(a_naive_engine_agrees_on_limit_orders),
	cmocka_unit_test(a_naive_engine_agrees_on_immediate_orders),
	cmocka_unit_test(a_naive_engine_agrees_on_stop_orders),
	cmocka_unit_test(a_naive_engine_agrees_on_icebergs),
	cmocka_unit_test(a_naive_engine_agrees_on_self_trade_prevention),
	cmocka_unit_test(a_naive_engine_agrees_on_auctions),
	cmocka_unit_test(a_naive_engine_agrees_on_everything_and_nonsense),
	cmocka_unit_test(a_naive_engine_agrees_on_extreme_numbers));
