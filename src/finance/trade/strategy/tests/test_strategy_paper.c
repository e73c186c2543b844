/* Both built-in strategies over generated days on paper: a small host that speaks OUCH to the venue, keeps
 * positions by fills and fires timers. What they must never do is looked for after every message. */
#include <inox/alloc.h>
#include <inox/book.h>
#include <inox/gen.h>
#include <inox/paper.h>
#include <inox/strategy_load.h>
#include <inox/testing.h>

enum { REFS = 1 << 17, DAY_SYMBOLS = 16, TIMERS = 64 };
#define NS_PER_SECOND UINT64_C(1000000000)

typedef struct sent {
	uint32_t number;   /* the order's, which is the UserRefNum of its first message */
	uint32_t ref;      /* its UserRefNum now; kept at [number] */
	uint32_t executed; /* of the chain */
	uint32_t left;
	uint16_t symbol;
	uint8_t side;
} sent;

typedef struct day_host {
	ix_strategy_host host;
	const ix_strategy_vtable *vtable;
	void *self;
	ix_paper *paper;
	ix_books *books;
	uint64_t now_ns, timers_ns[TIMERS], hash, fills, rejections;
	uint32_t timer_ids[TIMERS], last_ref;
	bool is_calling; /* a strategy's function runs: no update may come */
	ix_strategy_quote quotes[DAY_SYMBOLS + 1];
	ix_strategy_position positions[DAY_SYMBOLS + 1];
	int64_t values[IX_STRATEGY_PARAMETER_MAX];
	sent orders[REFS]; /* by UserRefNum: its number; the rest at [number] */
} day_host;

static void send(day_host *h, const ix_ouch_message *m) {
	uint8_t bytes[64], tag[4];
	ix_ouch_message tagged = *m;
	ix_writer t = ix_writer_of(tag, sizeof tag), w = ix_writer_of(bytes, sizeof bytes);
	if (m->has_appendage) {
		ix_ouch_tag_write_u64(&t, IX_OUCH_TAG_POST_ONLY, 'P');
		tagged.appendage = (ix_bytes){tag, t.size};
	}
	ix_ouch_encode(&w, &tagged);
	assert_int_equal(ix_paper_send(h->paper, (ix_bytes){bytes, w.size}, h->now_ns, 0, NULL), 0);
}

static uint64_t day_now(void *context) { return ((day_host *)context)->now_ns; }

static int day_enter(void *context, const ix_strategy_order *o, uint64_t *ret_order) {
	day_host *h = context;
	uint32_t ref = ++h->last_ref;
	assert_true(ref < REFS);
	assert_true(o->symbol > 0 && o->symbol <= DAY_SYMBOLS && o->quantity > 0 && o->price_e4 > 0);
	ix_ouch_message m = {
		.direction = IX_OUCH_IN, .type = IX_OUCH_ENTER_ORDER, .has_appendage = o->is_post_only};
	m.enter_order.user_ref_num = ref;
	m.enter_order.side = o->side == IX_STRATEGY_BUY ? 'B' : 'S';
	m.enter_order.quantity = o->quantity;
	ix_ouch_set_text(m.enter_order.symbol, 8, ix_books_symbol_name(h->books, o->symbol));
	m.enter_order.price_e4 = o->price_e4;
	m.enter_order.time_in_force = o->tif == IX_STRATEGY_IOC ? '3' : '0';
	m.enter_order.display = 'Y';
	m.enter_order.capacity = 'P';
	m.enter_order.intermarket_sweep = 'N';
	m.enter_order.cross_type = 'N';
	h->orders[ref] = (sent){ref, ref, 0, o->quantity, o->symbol, o->side};
	*ret_order = ref;
	send(h, &m);
	return 0;
}

static int day_replace(void *context, uint64_t order, uint32_t quantity, uint32_t price_e4) {
	day_host *h = context;
	const sent *o = &h->orders[order];
	uint32_t ref = ++h->last_ref;
	assert_true(ref < REFS);
	if (o->left == 0) return IX_ERR_NOT_FOUND;
	ix_ouch_message m = {.direction = IX_OUCH_IN, .type = IX_OUCH_REPLACE_ORDER};
	m.replace_order.original_user_ref_num = o->ref;
	m.replace_order.user_ref_num = ref;
	m.replace_order.quantity = o->executed + quantity; /* OUCH means the whole */
	m.replace_order.price_e4 = price_e4;
	m.replace_order.time_in_force = '0';
	m.replace_order.display = 'Y';
	h->orders[ref].number = (uint32_t)order;
	send(h, &m);
	return 0;
}

static int day_cancel(void *context, uint64_t order) {
	day_host *h = context;
	const sent *o = &h->orders[order];
	if (o->left == 0) return IX_ERR_NOT_FOUND;
	ix_ouch_message m = {.direction = IX_OUCH_IN, .type = IX_OUCH_CANCEL_ORDER};
	m.cancel_order.user_ref_num = o->ref;
	send(h, &m);
	return 0;
}

static int day_set_timer(void *context, uint64_t at_ns, uint32_t id) {
	day_host *h = context;
	for (size_t i = 0; i < TIMERS; i++) {
		if (h->timers_ns[i]) continue;
		h->timers_ns[i] = at_ns;
		h->timer_ids[i] = id;
		return 0;
	}
	fail_msg("too many timers wait");
	return IX_ERR_BUSY;
}

static const ix_strategy_quote *day_quote(void *context, uint16_t symbol) {
	return &((day_host *)context)->quotes[symbol];
}
static const ix_strategy_position *day_position(void *context, uint16_t symbol) {
	return &((day_host *)context)->positions[symbol];
}
static uint16_t day_find_symbol(void *context, const char *name, size_t size) {
	return ix_books_find_symbol(((day_host *)context)->books, (ix_str){name, size});
}
static uint16_t day_symbol_last(void *context) {
	return (uint16_t)ix_books_locate_last(((day_host *)context)->books);
}
static int64_t day_parameter(void *context, uint32_t index) { return ((day_host *)context)->values[index]; }
static void day_log(void *context, const char *text, size_t size) { (void)context, (void)text, (void)size; }

/* ---- answers ---- */

static void tell(
	day_host *h, const sent *o, ix_strategy_update_kind kind, uint32_t quantity, uint64_t price_e4) {
	const ix_strategy_update u = {.order = o->number,
		.quantity = quantity,
		.price_e4 = (uint32_t)price_e4,
		.left = o->left,
		.symbol = o->symbol,
		.kind = (uint8_t)kind,
		.side = o->side};
	assert_false(h->is_calling);
	h->is_calling = true;
	h->vtable->on_order(h->self, &u);
	h->is_calling = false;
}

static sent *order_of(day_host *h, uint32_t ref) { return &h->orders[h->orders[ref].number]; }

static void filled(day_host *h, const ix_ouch_executed *e) {
	sent *o = order_of(h, e->user_ref_num);
	assert_true(e->quantity <= o->left);
	o->left -= e->quantity;
	o->executed += e->quantity;
	h->positions[o->symbol].shares +=
		o->side == IX_STRATEGY_BUY ? (int64_t)e->quantity : -(int64_t)e->quantity;
	h->fills++;
	tell(h, o, IX_STRATEGY_FILLED, e->quantity, e->price_e4);
}

static void answered(void *context, ix_bytes message) {
	day_host *h = context;
	ix_ouch_message m;
	sent *o;
	assert_int_equal(ix_ouch_decode(IX_OUCH_OUT, message, &m, NULL), 0);
	for (size_t i = 0; i < message.size; i++)
		h->hash = (h->hash ^ message.data[i]) * UINT64_C(1099511628211);
	switch (m.type) {
	case IX_OUCH_ACCEPTED:
		o = order_of(h, m.accepted.user_ref_num);
		tell(h, o, IX_STRATEGY_ACCEPTED, m.accepted.quantity, m.accepted.price_e4);
		break;
	case IX_OUCH_REPLACED:
		o = order_of(h, m.replaced.user_ref_num);
		o->ref = m.replaced.user_ref_num;
		o->left = m.replaced.quantity;
		tell(h, o, IX_STRATEGY_REPLACED, m.replaced.quantity, m.replaced.price_e4);
		break;
	case IX_OUCH_EXECUTED: filled(h, &m.executed); break;
	case IX_OUCH_CANCELED:
		o = order_of(h, m.canceled.user_ref_num);
		o->left -= m.canceled.quantity;
		tell(h, o, IX_STRATEGY_CANCELLED, m.canceled.quantity, 0);
		break;
	case IX_OUCH_REJECTED: {
		h->rejections++;
		o = order_of(h, m.rejected.user_ref_num);
		bool is_new = o->number == m.rejected.user_ref_num;
		if (is_new) o->left = 0;
		if (is_new || o->left > 0)
			tell(h, o, is_new ? IX_STRATEGY_REJECTED : IX_STRATEGY_REPLACE_REJECTED, 0, 0);
		break;
	}
	default: fail_msg("an answer of type %c", m.type);
	}
}

/* ---- a day ---- */

static void fire_timers(day_host *h) {
	for (size_t i = 0; i < TIMERS; i++) {
		if (h->timers_ns[i] == 0 || h->timers_ns[i] > h->now_ns) continue;
		h->timers_ns[i] = 0;
		h->vtable->on_timer(h->self, h->timer_ids[i]);
	}
}

static void show_quote(day_host *h, uint16_t symbol) {
	const ix_book_level *best = ix_book_bbo(h->books, symbol);
	const ix_strategy_quote q = {.bid_shares = best[0].shares,
		.ask_shares = best[1].shares,
		.bid_e4 = best[0].price_e4,
		.ask_e4 = best[1].price_e4,
		.bid_orders = best[0].order_count,
		.ask_orders = best[1].order_count};
	if (memcmp(&q, &h->quotes[symbol], sizeof q) == 0) return;
	h->quotes[symbol] = q;
	h->is_calling = true;
	h->vtable->on_book(h->self, symbol, &h->quotes[symbol]);
	h->is_calling = false;
}

static void step(day_host *h, const ix_itch_message *m) {
	uint8_t bytes[IX_ITCH_SIZE_MAX];
	size_t size = ix_itch_encode(m, bytes);
	h->now_ns = m->timestamp_ns;
	fire_timers(h);
	ix_paper_feed(h->paper, bytes, size);
	assert_int_equal(ix_books_apply(h->books, m, NULL), 0);
	if (m->locate > 0) show_quote(h, m->locate);
}

static day_host *run_day(
	const ix_strategy_vtable *vtable, uint64_t seed, const char *const *settings, int64_t held_max) {
	day_host *h = calloc(1, sizeof *h);
	assert_non_null(h);
	h->host = (ix_strategy_host){sizeof h->host, IX_STRATEGY_ABI, h, day_now, day_enter, day_replace,
		day_cancel, day_set_timer, day_quote, day_position, day_find_symbol, day_symbol_last,
		day_parameter, day_log};
	h->vtable = vtable;
	ix_strategy_parameter_fallbacks(vtable, h->values);
	for (; *settings; settings++) {
		uint32_t index;
		int64_t value;
		assert_int_equal(
			ix_strategy_parameter_parse(vtable, ix_str_from(*settings), &index, &value, NULL), 0);
		h->values[index] = value;
	}
	const ix_paper_options paper = {.allocator = ix_os_allocator(),
		.symbols_max = DAY_SYMBOLS,
		.market_orders_reserve = 8192,
		.orders_max = 1024,
		.on_answer = answered,
		.context = h};
	const ix_books_options books = {.allocator = ix_os_allocator(),
		.orders_reserve = 8192,
		.levels_reserve = 4096,
		.symbols_reserve = 64,
		.references_window = 8192,
		.trades_max = 64,
		.positions_max = 1024};
	assert_int_equal(ix_paper_new(&paper, &h->paper, NULL), 0);
	assert_int_equal(ix_books_new(&books, &h->books, NULL), 0);
	assert_int_equal(vtable->open(&h->host, DAY_SYMBOLS, &h->self), 0);
	vtable->on_start(h->self);
	ix_gen *gen;
	const ix_gen_options options = {.seed = seed, .symbol_count = DAY_SYMBOLS, .message_count = 40000};
	assert_int_equal(ix_gen_new(&options, ix_os_allocator(), &gen, NULL), 0);
	for (ix_itch_message m; ix_gen_next(gen, &m);) {
		step(h, &m);
		for (int s = 1; s <= DAY_SYMBOLS; s++) assert_true(llabs(h->positions[s].shares) <= held_max);
	}
	ix_gen_free(gen);
	ix_error err = {0};
	if (ix_paper_check(h->paper, &err)) fail_msg("%s", err.text);
	return h;
}

static uint64_t day_free(day_host *h) {
	uint64_t hash = h->hash;
	h->vtable->close(h->self);
	ix_paper_free(h->paper);
	ix_books_free(h->books);
	free(h);
	return hash;
}

static void assert_flat_and_alone(const day_host *h) {
	ix_paper_info info;
	ix_paper_get_info(h->paper, &info);
	assert_int_equal(info.live_count, 0);
	for (int s = 1; s <= DAY_SYMBOLS; s++) assert_int_equal(h->positions[s].shares, 0);
}

static void the_maker_trades_a_day_and_ends_it_flat(void **state) {
	(void)state;
	static const char *const settings[] = {
		"spread_min_e4=200", "spread_pull_e4=200", "flatten_at_s=57000", NULL};
	for (uint64_t i = 0; i < (ix_testing_long() ? 50 : 3); i++) {
		/* A quote is 100; one that crosses a fill on its way may come on top of 500. */
		day_host *h = run_day(&ix_strategy_maker, ix_testing_seed() + i, settings, 600);
		assert_true(h->fills > 20);
		assert_flat_and_alone(h);
		(void)day_free(h);
	}
}

static void the_taker_trades_a_day_and_ends_it_flat(void **state) {
	(void)state;
	static const char *const settings[] = {"spread_max_e4=1000", "threshold_e3=1500", "window_ms=60000",
		"hold_ms=20000", "exit_limit_ms=10000", "flatten_at_s=57000", NULL};
	for (uint64_t i = 0; i < (ix_testing_long() ? 50 : 3); i++) {
		day_host *h = run_day(&ix_strategy_ofi, ix_testing_seed() + i, settings, 100);
		assert_true(h->fills > 20);
		assert_flat_and_alone(h);
		(void)day_free(h);
	}
}

static void the_same_day_gives_the_same_orders(void **state) {
	(void)state;
	static const char *const settings[] = {"spread_min_e4=200", NULL};
	uint64_t first = day_free(run_day(&ix_strategy_maker, 5, settings, 600));
	assert_true(first == day_free(run_day(&ix_strategy_maker, 5, settings, 600)));
	assert_true(first != day_free(run_day(&ix_strategy_maker, 6, settings, 600)));
}

IX_TESTS(test_strategy_paper, cmocka_unit_test(the_maker_trades_a_day_and_ends_it_flat),
	cmocka_unit_test(the_taker_trades_a_day_and_ends_it_flat),
	cmocka_unit_test(the_same_day_gives_the_same_orders));
