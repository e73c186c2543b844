/* Several threads: together they never exceed a limit that they share, and limits change under them. Run
 * under TSan too. */
#include <inox/alloc.h>
#include <inox/risk.h>
#include <inox/rng.h>
#include <inox/testing.h>
#include <inox/thread.h>

#include <stdatomic.h>

enum { THREADS = 4, LIMIT_SHARES = 1000, LIMIT_ORDERS = 7 };

static const char limits[] = "instrument ABC { tick 0.01; }\nfirm F {\n desk D {\n  account A { "
			     "position-long 1000; position-short 1000; open-orders 7;"
			     " open-notional 9000.00; buying-power 1000000.00; self-match account;\n   "
			     "trader T { session S0; session S1; }\n"
			     "   trader U { session S2; session S3; }\n  }\n }\n}\n";

typedef struct shooter {
	ix_risk *risk;
	uint32_t session, symbol;
	uint64_t shots, passed, fills;
	uint64_t seed;
	_Atomic int64_t *open_orders, *open_value, *worst_long, *worst_short; /* of all, as counted here */
	_Atomic uint64_t *breaches;
	_Atomic bool *stop;
} shooter;

/* What is ours until the order is done, counted after the engine said yes and before it hears of the end. */
static void count_in(shooter *s, const ix_risk_order *o, int sign) {
	int64_t orders = atomic_fetch_add(s->open_orders, sign) + sign,
		value = atomic_fetch_add(s->open_value, sign * o->quantity * o->price_e4) +
			sign * o->quantity * o->price_e4,
		shares = atomic_fetch_add(o->side == IX_RISK_BUY ? s->worst_long : s->worst_short,
				 sign * o->quantity) +
			 sign * o->quantity;
	if (orders > LIMIT_ORDERS || value > 90000000 || shares > LIMIT_SHARES)
		atomic_fetch_add(s->breaches, 1);
}

static void shoot(void *argument) {
	shooter *s = argument;
	ix_rng rng;
	ix_rng_seed(&rng, s->seed);
	ix_risk_order open[LIMIT_ORDERS];
	size_t count = 0;
	for (uint64_t i = 0; i < s->shots; i++) {
		bool is_buy = ix_rng_chance(&rng, 1, 2);
		ix_risk_order o = {.id = i + 1,
			.time_ns = i + 1,
			.session = s->session,
			.symbol = s->symbol,
			.side = is_buy ? IX_RISK_BUY : IX_RISK_SELL_SHORT,
			.quantity = ix_rng_between(&rng, 1, 600),
			.price_e4 = 100000 + (is_buy ? -100 : 100) * ix_rng_between(&rng, 0, 5)};
		if (count < LIMIT_ORDERS && ix_risk_check(s->risk, &o, NULL)) {
			count_in(s, &o, 1);
			open[count++] = o;
			s->passed++;
		}
		if (count == 0 || !ix_rng_chance(&rng, 1, 2)) continue;
		size_t which = (size_t)ix_rng_below(&rng, count);
		count_in(s, &open[which], -1);
		if (ix_rng_chance(&rng, 1, 4))
			ix_risk_on_reject(s->risk, s->session, open[which].id, i);
		else
			ix_risk_on_cancel(s->risk, s->session, open[which].id, 0, i);
		open[which] = open[--count];
	}
	while (count > 0) {
		count_in(s, &open[--count], -1);
		ix_risk_on_cancel(s->risk, s->session, open[count].id, 0, s->shots);
	}
}

typedef struct range {
	ix_risk *risk;
	shooter shooters[THREADS];
	_Atomic int64_t open_orders, open_value, worst_long, worst_short;
	_Atomic uint64_t breaches;
	_Atomic bool stop;
	ix_thread *threads[THREADS];
} range;

static void open_range(range *g, const char *text, uint64_t shots) {
	ix_error err = {0};
	ix_risk_options options = {.allocator = ix_os_allocator(),
		.limits = ix_str_from(text),
		.symbol_max = 16,
		.orders_max = 4096,
		.cell_max = 64};
	if (ix_risk_open(&options, &g->risk, &err) != 0) fail_msg("%s", err.text);
	for (int i = 0; i < THREADS; i++) {
		char name[] = {'S', (char)('0' + i), 0};
		g->shooters[i] = (shooter){.risk = g->risk,
			.session = ix_risk_find_session(g->risk, ix_str_from(name)),
			.symbol = ix_risk_find_symbol(g->risk, IX_STR("ABC")),
			.shots = shots / THREADS,
			.seed = ix_testing_seed() + (uint64_t)i,
			.open_orders = &g->open_orders,
			.open_value = &g->open_value,
			.worst_long = &g->worst_long,
			.worst_short = &g->worst_short,
			.breaches = &g->breaches,
			.stop = &g->stop};
	}
}

static void start(range *g, void (*run)(void *)) {
	for (int i = 0; i < THREADS; i++)
		assert_int_equal(ix_thread_start(&(ix_thread_options){.name = "shooter"}, run,
					 &g->shooters[i], &g->threads[i], NULL),
			0);
}
static void join(range *g) {
	for (int i = 0; i < THREADS; i++) ix_thread_join(g->threads[i]);
}

static void four_threads_never_exceed_a_limit_that_they_share(void **state) {
	(void)state;
	static range g;
	open_range(&g, limits, ix_testing_long() ? 10000000 : 200000);
	start(&g, shoot);
	join(&g);
	uint64_t passed = 0;
	for (int i = 0; i < THREADS; i++) passed += g.shooters[i].passed;
	ix_risk_exposure e;
	ix_risk_position p;
	assert_int_equal(atomic_load(&g.breaches), 0);
	assert_true(passed > 1000);
	/* All is over: nothing is left reserved at any level. */
	assert_int_equal(ix_risk_get_exposure(g.risk, IX_RISK_FIRM, IX_STR("F"), &e, NULL), 0);
	assert_int_equal(e.open_orders | e.open_notional_e4, 0);
	assert_int_equal(
		ix_risk_get_position(g.risk, IX_RISK_ACCOUNT, IX_STR("A"), g.shooters[0].symbol, &p, NULL),
		0);
	assert_int_equal(p.open_buy | p.open_sell, 0);
	ix_risk_close(g.risk);
}

/* ---- fills and marks at the same time ---- */

static void trade(void *argument) {
	shooter *s = argument;
	ix_rng rng;
	ix_rng_seed(&rng, s->seed);
	for (uint64_t i = 0; i < s->shots; i++) {
		ix_risk_order o = {.id = i + 1,
			.time_ns = i + 1,
			.session = s->session,
			.symbol = s->symbol,
			.side = ix_rng_chance(&rng, 1, 2) ? IX_RISK_BUY : IX_RISK_SELL,
			.quantity = ix_rng_between(&rng, 1, 9),
			.price_e4 = 100 * ix_rng_between(&rng, 900, 1100)};
		if (!ix_risk_check(s->risk, &o, NULL)) continue;
		s->passed++;
		ix_risk_on_ack(s->risk, s->session, o.id, i);
		ix_risk_on_fill(s->risk, s->session, o.id, o.quantity, o.price_e4, i);
		int64_t shares = o.side == IX_RISK_BUY ? o.quantity : -o.quantity;
		atomic_fetch_add(s->worst_long, shares);               /* shares held */
		atomic_fetch_add(s->open_value, -shares * o.price_e4); /* money that came */
	}
	atomic_store(s->stop, true);
}

static void profit_is_exact_though_prices_move_while_orders_fill(void **state) {
	(void)state;
	static range g;
	open_range(&g,
		"instrument ABC;\nfirm F { desk D { account A { trader T { session S0; session S1; session "
		"S2; session S3; } } } }",
		ix_testing_long() ? 1000000 : 20000);
	uint32_t symbol = g.shooters[0].symbol;
	int64_t last = 0;
	start(&g, trade);
	for (uint64_t i = 0; !atomic_load(&g.stop); i++)
		ix_risk_mark(g.risk, symbol,
			&(ix_risk_mark_price){
				.last_e4 = last = 90000 + (int64_t)(i % 200) * 100, .time_ns = i});
	join(&g);
	ix_risk_mark(g.risk, symbol, &(ix_risk_mark_price){.last_e4 = last = 100000});
	int64_t shares = atomic_load(&g.worst_long);
	for (int level = IX_RISK_FIRM; level <= IX_RISK_TRADER; level++) {
		static const char *const names[] = {"F", "D", "A", "T"};
		ix_risk_exposure e;
		assert_int_equal(ix_risk_get_exposure(
					 g.risk, (ix_risk_level)level, ix_str_from(names[level]), &e, NULL),
			0);
		/* what was paid and got, and what is held at the last price */
		assert_int_equal(e.pnl_e4, atomic_load(&g.open_value) + shares * last);
		assert_int_equal(e.gross_notional_e4, (shares < 0 ? -shares : shares) * last);
		assert_int_equal(e.open_notional_e4, 0);
	}
	ix_risk_close(g.risk);
}

/* ---- limits that change meanwhile ---- */

static void fire(void *argument) {
	shooter *s = argument;
	for (uint64_t i = 1; !atomic_load(s->stop); i++) {
		ix_risk_verdict v;
		ix_risk_order o = {.id = i,
			.time_ns = i,
			.session = s->session,
			.symbol = s->symbol,
			.side = IX_RISK_BUY,
			.quantity = 150,
			.price_e4 = 100000};
		/* 150 are too many under the limits of the firm or under those of the session, never under
		 * both or none. */
		bool passes = ix_risk_check(s->risk, &o, &v);
		if (passes || v.rejects != IX_RISK_ORDER_TOO_LARGE ||
			v.threshold != (v.level == IX_RISK_FIRM ? 100 : 120))
			atomic_fetch_add(s->breaches, 1);
		s->passed++;
	}
}

static void limits_change_at_once_while_orders_are_checked(void **state) {
	(void)state;
	static range g;
	char texts[2][512];
	for (int i = 0; i < 2; i++)
		ix_format(texts[i], sizeof texts[i],
			"instrument ABC { tick 0.01; }\nfirm F { %s desk D { account A { trader T { session "
			"S0 { %s } session S1 { %s } "
			"session S2 { %s } session S3 { %s } } } } }",
			i ? "" : "order-shares 100; symbol ABC { order-shares 500; }",
			i ? "order-shares 120;" : "", i ? "order-shares 120;" : "",
			i ? "order-shares 120;" : "", i ? "order-shares 120;" : "");
	open_range(&g, texts[0], 0);
	start(&g, fire);
	int swaps = ix_testing_long() ? 5000 : 500;
	for (int i = 1; i <= swaps; i++)
		assert_int_equal(ix_risk_limits_swap(g.risk, ix_str_from(texts[i % 2]), IX_STR("officer"),
					 IX_STR("test"), NULL),
			0);
	atomic_store(&g.stop, true);
	join(&g);
	assert_int_equal(ix_risk_limits_version(g.risk), 1 + swaps);
	assert_int_equal(atomic_load(&g.breaches), 0);
	ix_risk_close(g.risk);
}

static void a_kill_switch_stops_threads_and_lets_cancels_pass(void **state) {
	(void)state;
	static range g;
	open_range(&g, limits, 40000);
	start(&g, shoot);
	assert_int_equal(
		ix_risk_kill(g.risk, IX_RISK_ACCOUNT, IX_STR("A"), IX_STR("test"), IX_STR("officer"), NULL),
		0);
	join(&g);
	ix_risk_exposure e;
	assert_int_equal(ix_risk_get_exposure(g.risk, IX_RISK_ACCOUNT, IX_STR("A"), &e, NULL), 0);
	assert_int_equal(e.open_orders, 0);
	assert_true(e.is_killed);
	ix_risk_close(g.risk);
}

IX_TESTS(test_risk_threads, cmocka_unit_test(four_threads_never_exceed_a_limit_that_they_share),
	cmocka_unit_test(profit_is_exact_though_prices_move_while_orders_fill),
	cmocka_unit_test(limits_change_at_once_while_orders_are_checked),
	cmocka_unit_test(a_kill_switch_stops_threads_and_lets_cancels_pass));
