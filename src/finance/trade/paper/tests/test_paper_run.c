/* Whole days: a generated market with random orders of ours in it. Every answer must be the naive model's;
 * what is known of each order from the answers must be what the venue has; the mirrored orders never have
 * more than the feed's. */
#include "naive_paper.h"
#include "paper_fixture.h"

#include <inox/book.h>
#include <inox/gen.h>
#include <inox/map.h>
#include <inox/rng.h>

enum { REFS = 1 << 16, SYMBOLS_MAX = 64 };

typedef struct client_order {
	uint64_t price_e4;
	uint32_t open;
	uint16_t symbol;
	uint8_t side;
	bool is_ours;
} client_order;

/* A client who keeps his own accounts. */
typedef struct client {
	ix_paper *paper;
	ix_books *books;
	ix_rng rng;
	uint64_t now_ns, shift_ns, answer_hash, answer_count, executed, taken;
	uint32_t last_ref;
	client_order orders[REFS];
	/* Unless it is alone, the naive model goes along: it takes what was sent when the venue does, and
	 * answers first. */
	bool is_alone;
	naive naive;
	naive_request requests[REFS]; /* by token */
	uint64_t request_count;
	naive_answer got[NAIVE_ANSWERS];
	uint32_t got_count;
} client;

static void taken(void *context, uint64_t token) {
	client *c = context;
	if (!c->is_alone) naive_take(&c->naive, &c->requests[token % REFS]);
}

static void note(client *c, char type, uint32_t ref, uint32_t quantity, uint64_t price, uint32_t detail) {
	if (c->is_alone) return;
	assert_true(c->got_count < NAIVE_ANSWERS);
	c->got[c->got_count++] = (naive_answer){type, ref, quantity, (uint32_t)price, (uint16_t)detail};
}

static void compare_answers(client *c) {
	for (uint32_t i = 0; i < c->got_count && i < c->naive.answer_count; i++) {
		const naive_answer *got = &c->got[i], *due = &c->naive.answers[i];
		if (got->type == due->type && got->ref == due->ref && got->quantity == due->quantity &&
			got->price == due->price && got->detail == due->detail)
			continue;
		fail_msg("answer %llu: %c of %u: %u @ %u (%u), not %c of %u: %u @ %u (%u)",
			(unsigned long long)c->answer_count, got->type, got->ref, got->quantity, got->price,
			got->detail, due->type, due->ref, due->quantity, due->price, due->detail);
	}
	assert_int_equal(c->got_count, c->naive.answer_count);
	c->got_count = c->naive.answer_count = 0;
}

/* What the naive model needs of an inbound message. */
static naive_request request_of(const client *c, const ix_ouch_message *m) {
	naive_request r = {.type = (char)m->type};
	switch (m->type) {
	case IX_OUCH_ENTER_ORDER:
		r.ref = m->enter_order.user_ref_num;
		r.side = (char)m->enter_order.side;
		r.quantity = m->enter_order.quantity;
		r.price = (uint32_t)m->enter_order.price_e4;
		r.symbol = c->orders[r.ref].symbol;
		r.is_ioc = m->enter_order.time_in_force == '3';
		r.is_post_only = m->has_appendage;
		break;
	case IX_OUCH_REPLACE_ORDER:
		r.ref = m->replace_order.user_ref_num;
		r.original = m->replace_order.original_user_ref_num;
		r.quantity = m->replace_order.quantity;
		r.price = (uint32_t)m->replace_order.price_e4;
		r.is_ioc = m->replace_order.time_in_force == '3';
		break;
	case IX_OUCH_CANCEL_ORDER:
		r.ref = m->cancel_order.user_ref_num;
		r.quantity = m->cancel_order.quantity;
		break;
	case IX_OUCH_MODIFY_ORDER:
		r.ref = m->modify_order.user_ref_num;
		r.side = (char)m->modify_order.side;
		r.quantity = m->modify_order.quantity;
		break;
	default: r.ref = m->mass_cancel.user_ref_num;
	}
	return r;
}

static void replaced(client *c, const ix_ouch_replaced *r) {
	client_order *was = &c->orders[r->original_user_ref_num], *is = &c->orders[r->user_ref_num];
	assert_true(was->open > 0);
	assert_int_equal(is->price_e4, r->price_e4);
	note(c, 'U', r->user_ref_num, r->quantity, r->price_e4, r->original_user_ref_num);
	is->open = r->quantity;
	is->side = was->side;
	was->open = 0;
}

static void answered(void *context, ix_bytes message) {
	client *c = context;
	ix_ouch_message m;
	assert_int_equal(ix_ouch_decode(IX_OUCH_OUT, message, &m, NULL), 0);
	assert_int_equal(m.timestamp_ns, c->now_ns);
	c->answer_hash = (c->answer_hash ^ ix_hash_bytes(ix_hash_key_from(c->answer_hash), message.data,
						   message.size)) *
			 31;
	c->answer_count++;
	switch (m.type) {
	case IX_OUCH_ACCEPTED:
		assert_int_equal(c->orders[m.accepted.user_ref_num].open, 0);
		c->orders[m.accepted.user_ref_num].open = m.accepted.quantity;
		note(c, 'A', m.accepted.user_ref_num, m.accepted.quantity, m.accepted.price_e4,
			m.accepted.side);
		break;
	case IX_OUCH_REPLACED: replaced(c, &m.replaced); break;
	case IX_OUCH_EXECUTED: {
		client_order *o = &c->orders[m.executed.user_ref_num];
		assert_true(m.executed.quantity > 0 && m.executed.quantity <= o->open);
		if (o->side == 'B') assert_true(m.executed.price_e4 <= o->price_e4);
		if (o->side == 'S') assert_true(m.executed.price_e4 >= o->price_e4);
		o->open -= m.executed.quantity;
		c->executed += m.executed.quantity;
		note(c, 'E', m.executed.user_ref_num, m.executed.quantity, m.executed.price_e4,
			m.executed.liquidity_flag);
		break;
	}
	case IX_OUCH_CANCELED:
		assert_true(m.canceled.quantity <= c->orders[m.canceled.user_ref_num].open);
		c->orders[m.canceled.user_ref_num].open -= m.canceled.quantity;
		note(c, 'C', m.canceled.user_ref_num, m.canceled.quantity, 0, m.canceled.reason);
		break;
	case IX_OUCH_MODIFIED:
		c->orders[m.modified.user_ref_num].open = m.modified.quantity;
		note(c, 'M', m.modified.user_ref_num, m.modified.quantity, 0, m.modified.side);
		break;
	case IX_OUCH_REJECTED: note(c, 'J', m.rejected.user_ref_num, 0, 0, m.rejected.reason); break;
	default: note(c, (char)m.type, m.mass_cancel_response.user_ref_num, 0, 0, 0);
	}
}

static void send_bytes(client *c, const ix_ouch_message *m) {
	uint8_t bytes[128];
	ix_writer w = ix_writer_of(bytes, sizeof bytes);
	ix_ouch_encode(&w, m);
	ix_error err = {0};
	c->requests[c->request_count % REFS] = request_of(c, m);
	int code = ix_paper_send(c->paper, (ix_bytes){bytes, w.size}, c->now_ns, c->request_count, &err);
	assert_true(code == 0 || code == IX_ERR_BUSY);
	c->request_count += code == 0;
}

/* Near the best prices: sometimes through them, sometimes far. */
static uint32_t some_price(client *c, uint16_t symbol, char side) {
	const ix_book_level *best = ix_book_bbo(c->books, symbol);
	uint32_t price = best[side == 'B' ? IX_BOOK_BID : IX_BOOK_ASK].price_e4;
	if (price == 0) price = 100000;
	int64_t moved = (int64_t)price + 100 * ix_rng_between(&c->rng, -3, 3);
	return moved < 100 ? 100 : (uint32_t)moved;
}

static void enter_some(client *c, uint16_t symbol) {
	char side = ix_rng_chance(&c->rng, 1, 2) ? 'B' : 'S';
	uint32_t ref = ++c->last_ref, kind = (uint32_t)ix_rng_below(&c->rng, 4);
	uint8_t tag[8];
	ix_ouch_message m = order_of(
		ref, side, 1 + (uint32_t)ix_rng_below(&c->rng, 400), some_price(c, symbol, side), kind == 0);
	ix_ouch_set_text(m.enter_order.symbol, 8, ix_books_symbol_name(c->books, symbol));
	ix_writer w = ix_writer_of(tag, sizeof tag);
	if (kind == 1) {
		ix_ouch_tag_write_u64(&w, IX_OUCH_TAG_POST_ONLY, 'P');
		m.has_appendage = true;
		m.appendage = (ix_bytes){tag, w.size};
	}
	c->orders[ref] = (client_order){
		.price_e4 = m.enter_order.price_e4, .symbol = symbol, .side = (uint8_t)side, .is_ours = true};
	send_bytes(c, &m);
}

static void replace_some(client *c, uint32_t original) {
	const client_order *was = &c->orders[original];
	uint32_t ref = ++c->last_ref;
	uint32_t price = ix_rng_chance(&c->rng, 1, 3) ? (uint32_t)was->price_e4
						      : some_price(c, was->symbol, (char)was->side);
	ix_ouch_message m = replace_of(original, ref, 1 + (uint32_t)ix_rng_below(&c->rng, 500), price);
	if (ix_rng_chance(&c->rng, 1, 10)) m.replace_order.time_in_force = '3';
	c->orders[ref] =
		(client_order){.price_e4 = price, .symbol = was->symbol, .side = was->side, .is_ours = true};
	send_bytes(c, &m);
}

static void do_something(client *c, uint16_t symbol) {
	uint32_t some = c->last_ref > 20 ? c->last_ref - (uint32_t)ix_rng_below(&c->rng, 20) : c->last_ref;
	ix_ouch_message m = {.direction = IX_OUCH_IN};
	switch (ix_rng_below(&c->rng, 10)) {
	case 0:
	case 1:
		if (some && c->orders[some].is_ours) replace_some(c, some);
		break;
	case 2:
	case 3:
		m.type = IX_OUCH_CANCEL_ORDER;
		m.cancel_order.user_ref_num = some;
		m.cancel_order.quantity = (uint32_t)ix_rng_below(&c->rng, 100);
		send_bytes(c, &m);
		break;
	case 4:
		m.type = IX_OUCH_MODIFY_ORDER;
		m.modify_order.user_ref_num = some;
		m.modify_order.side = ix_rng_chance(&c->rng, 1, 2) ? 'S' : 'B';
		m.modify_order.quantity = 1 + (uint32_t)ix_rng_below(&c->rng, 300);
		send_bytes(c, &m);
		break;
	case 5:
		if (!ix_rng_chance(&c->rng, 1, 20)) break;
		m.type = IX_OUCH_MASS_CANCEL;
		m.mass_cancel.user_ref_num = ++c->last_ref;
		memset(m.mass_cancel.symbol, ' ', 8);
		memset(m.mass_cancel.firm, ' ', 4);
		send_bytes(c, &m);
		break;
	default: enter_some(c, symbol);
	}
}

/* ---- looking ---- */

/* Every order that the engine has from the feed is in the books, with at least as many shares, and, where we
 * are `absent`, exactly as many. */
static void compare_with_books(const client *c, bool absent) {
	uint32_t found = 0, in_books = 0;
	static ix_book_level levels[4096];
	for (uint32_t s = 1; s <= ix_books_locate_last(c->books); s++) {
		for (ix_book_side side = IX_BOOK_BID; side <= IX_BOOK_ASK; side++) {
			size_t count = ix_book_depth(c->books, (uint16_t)s, side, levels, IX_COUNT(levels));
			for (size_t i = 0; i < count; i++) {
				ix_book_walk walk =
					ix_book_walk_level(c->books, (uint16_t)s, side, levels[i].price_e4);
				for (ix_book_order b; ix_book_walk_next(&walk, &b); in_books++) {
					ix_match_order m;
					if (!ix_match_find(ix_paper_engine(c->paper), b.reference, &m))
						continue;
					found++;
					assert_true(m.left <= b.shares);
					assert_int_equal(m.price_e4, b.price_e4);
					assert_int_equal(
						m.side, side == IX_BOOK_BID ? IX_MATCH_BUY : IX_MATCH_SELL);
					if (absent) assert_int_equal(m.left, b.shares);
				}
			}
		}
	}
	ix_match_info engine;
	ix_paper_info paper;
	ix_match_get_info(ix_paper_engine(c->paper), &engine);
	ix_paper_get_info(c->paper, &paper);
	assert_int_equal(engine.order_count, found + paper.live_count);
	if (absent) assert_int_equal(found, in_books);
}

static void compare_with_accounts(const client *c) {
	ix_paper_info info;
	uint32_t live = 0;
	ix_paper_get_info(c->paper, &info);
	for (uint32_t ref = 1; ref <= c->last_ref; ref++) {
		ix_match_order o;
		uint64_t number = ix_paper_find(c->paper, ref);
		uint32_t left = number && ix_match_find(ix_paper_engine(c->paper), number, &o) ? o.left : 0;
		assert_int_equal(left, c->orders[ref].open);
		live += left > 0;
	}
	assert_int_equal(live, info.live_count);
	assert_int_equal(c->executed, info.filled_shares);
}

static void compare_what_was_taken(const client *c) {
	uint32_t shrunk = 0;
	ix_paper_info info;
	ix_paper_get_info(c->paper, &info);
	for (uint32_t i = 0; i < c->naive.count; i++)
		shrunk += c->naive.orders[i].left < c->naive.orders[i].feed_left;
	assert_int_equal(info.shrunk_count, shrunk);
}

static void look(const client *c, bool absent) {
	ix_error err = {0};
	if (ix_paper_check(c->paper, &err)) fail_msg("%s", err.text);
	compare_with_books(c, absent);
	compare_with_accounts(c);
	compare_what_was_taken(c);
}

/* ---- days ---- */

static client *client_new(uint64_t seed, const ix_allocator *allocator) {
	client *c = calloc(1, sizeof *c);
	assert_non_null(c);
	ix_rng_seed(&c->rng, seed);
	const ix_paper_options options = {.allocator = allocator,
		.latency_ns = 1000000,
		.symbols_max = SYMBOLS_MAX,
		.market_orders_reserve = 16384,
		.orders_max = 4096,
		.on_take = taken,
		.on_answer = answered,
		.context = c};
	assert_int_equal(ix_paper_new(&options, &c->paper, NULL), 0);
	const ix_books_options books = {.allocator = ix_os_allocator(),
		.orders_reserve = 16384,
		.levels_reserve = 4096,
		.symbols_reserve = SYMBOLS_MAX,
		.references_window = 16384,
		.trades_max = 64,
		.positions_max = 4096};
	assert_int_equal(ix_books_new(&books, &c->books, NULL), 0);
	return c;
}

static void client_free(client *c) {
	ix_paper_free(c->paper);
	ix_books_free(c->books);
	free(c);
}

/* `one_in`: how often we do something; 0: never. `look_every`: messages between looks; 0: never. */
static void run_day(client *c, uint64_t seed, uint32_t messages, uint32_t one_in, uint32_t look_every) {
	ix_gen *gen;
	ix_gen_options options = {
		.seed = seed, .symbol_count = 1 + (uint32_t)(seed % 9), .message_count = messages};
	assert_int_equal(ix_gen_new(&options, ix_os_allocator(), &gen, NULL), 0);
	uint32_t count = 0;
	for (ix_itch_message m; ix_gen_next(gen, &m);) {
		uint8_t bytes[IX_ITCH_SIZE_MAX];
		m.timestamp_ns += c->shift_ns;
		size_t size = ix_itch_encode(&m, bytes);
		if (m.timestamp_ns > c->now_ns) c->now_ns = m.timestamp_ns;
		ix_paper_feed(c->paper, bytes, size);
		if (!c->is_alone) naive_feed(&c->naive, &m);
		compare_answers(c);
		assert_int_equal(ix_books_apply(c->books, &m, NULL), 0);
		if (one_in && m.locate && c->last_ref + 4 < REFS && ix_rng_chance(&c->rng, 1, one_in))
			do_something(c, m.locate);
		if (look_every && ++count % look_every == 0) look(c, one_in == 0);
	}
	ix_gen_free(gen);
	if (look_every) look(c, one_in == 0);
}

static void without_us_the_mirror_is_the_feeds_book(void **state) {
	(void)state;
	for (uint64_t i = 1; i <= 3; i++) {
		client *c = client_new(i, ix_os_allocator());
		run_day(c, ix_testing_seed() + i, 12000, 0, 1000);
		ix_paper_info info;
		ix_paper_get_info(c->paper, &info);
		assert_int_equal(info.unfollowed_count, 0);
		assert_int_equal(info.fill_count, 0);
		client_free(c);
	}
}

static void accounts_and_books_agree_over_days_with_random_orders(void **state) {
	(void)state;
	uint64_t makers = 0, fills = 0;
	for (uint64_t i = 1; i <= (ix_testing_long() ? 500 : 30); i++) {
		client *c = client_new(ix_testing_seed() + i, ix_os_allocator());
		run_day(c, ix_testing_seed() + i, 12000, 1 + (uint32_t)(i * 5 % 23), 500);
		ix_paper_info info;
		ix_paper_get_info(c->paper, &info);
		makers += info.maker_fill_count;
		fills += info.fill_count;
		client_free(c);
	}
	assert_true(makers > 100 && fills > makers + 100); /* of either kind */
}

static void the_same_feed_and_orders_give_the_same_answers(void **state) {
	(void)state;
	uint64_t hashes[3], counts[3];
	for (uint64_t i = 0; i < 3; i++) {
		client *c = client_new(i == 2 ? 8 : 7, ix_os_allocator());
		run_day(c, 11, 12000, 5, 0);
		hashes[i] = c->answer_hash;
		counts[i] = c->answer_count;
		client_free(c);
	}
	assert_true(hashes[0] == hashes[1] && counts[0] == counts[1]);
	assert_true(hashes[0] != hashes[2]);
	assert_true(counts[0] > 1000);
}

/* The feed takes its orders out, so that the same day can come again. */
static void clear_day(client *c) {
	static ix_book_level levels[4096];
	for (uint32_t s = 1; s <= ix_books_locate_last(c->books); s++) {
		for (ix_book_side side = IX_BOOK_BID; side <= IX_BOOK_ASK; side++) {
			size_t count = ix_book_depth(c->books, (uint16_t)s, side, levels, IX_COUNT(levels));
			for (size_t i = 0; i < count; i++) {
				ix_book_walk walk =
					ix_book_walk_level(c->books, (uint16_t)s, side, levels[i].price_e4);
				for (ix_book_order b; ix_book_walk_next(&walk, &b);) {
					uint8_t bytes[IX_ITCH_SIZE_MAX];
					ix_itch_message m = {
						.type = IX_ITCH_ORDER_DELETE, .locate = (uint16_t)s};
					m.order_delete.reference = b.reference;
					ix_paper_feed(c->paper, bytes, ix_itch_encode(&m, bytes));
				}
			}
		}
	}
	ix_books_reset(c->books);
}

static void after_a_day_the_same_day_allocates_nothing(void **state) {
	(void)state;
	ix_alloc_probe probe;
	ix_alloc_probe_init(&probe, NULL);
	client *c = client_new(1, &probe.allocator);
	c->is_alone = true;
	run_day(c, 7, 20000, 4, 0);
	clear_day(c);
	uint64_t calls = probe.calls, fills = c->executed;
	ix_rng_seed(&c->rng, 1);
	c->shift_ns = UINT64_C(86400000000000); /* time does not go back */
	run_day(c, 7, 20000, 4, 0);
	assert_int_equal(probe.calls, calls);
	assert_true(c->executed > fills);
	client_free(c);
	assert_int_equal(probe.live_blocks, 0);
}

/* ---- hostile bytes ---- */

static size_t some_message(client *c, uint8_t *bytes, size_t capacity) {
	static const uint8_t types[] = {'O', 'O', 'U', 'X', 'M', 'C', 'D', 'E', 'Q'};
	ix_writer w = ix_writer_of(bytes, capacity);
	uint8_t tags[64];
	ix_writer t = ix_writer_of(tags, sizeof tags);
	ix_ouch_message m = order_of(1 + (uint32_t)ix_rng_below(&c->rng, 1000), 'B', 100, 100000, false);
	m.type = types[ix_rng_below(&c->rng, sizeof types)];
	if (m.type == 'U')
		m = replace_of((uint32_t)ix_rng_below(&c->rng, 1000), (uint32_t)ix_rng_below(&c->rng, 1000),
			100, 99000);
	if (ix_rng_chance(&c->rng, 1, 3)) {
		ix_ouch_tag_write_u64(&t, IX_OUCH_TAG_POST_ONLY, 'P');
		ix_ouch_tag_write_u64(&t, IX_OUCH_TAG_MINIMUM_QUANTITY, 0);
		m.has_appendage = true;
		m.appendage = (ix_bytes){tags, t.size};
	}
	ix_ouch_encode(&w, &m);
	return w.size;
}

static void damaged_messages_are_errors_with_an_offset_or_orders_like_others(void **state) {
	(void)state;
	client *c = client_new(ix_testing_seed(), ix_os_allocator());
	c->is_alone = true;
	run_day(c, 5, 3000, 0, 0);
	desk d = {.paper = c->paper, .now_ns = c->now_ns};
	event(&d, 'Q');
	c->now_ns = d.now_ns;
	uint64_t refused = 0, taken = 0;
	for (int i = 0; i < 100000; i++) {
		uint8_t bytes[128];
		size_t size = some_message(c, bytes, sizeof bytes);
		for (uint64_t n = ix_rng_below(&c->rng, 4); n > 0; n--)
			bytes[ix_rng_below(&c->rng, size)] = (uint8_t)ix_rng_u64(&c->rng);
		if (ix_rng_chance(&c->rng, 1, 4)) size = (size_t)ix_rng_below(&c->rng, size + 1);
		ix_error err = {0};
		uint8_t *exact = malloc(size ? size : 1); /* so that a read beyond is seen */
		assert_non_null(exact);
		memcpy(exact, bytes, size);
		int code = ix_paper_send(c->paper, (ix_bytes){exact, size}, c->now_ns, 0, &err);
		free(exact);
		if (code && code != IX_ERR_BUSY) {
			assert_non_null(strstr(err.text, "offset"));
			refused++;
		}
		taken += code == 0;
		if (i % 16 == 0) {
			c->now_ns += 2000000;
			ix_paper_advance(c->paper, c->now_ns);
		}
	}
	assert_true(refused > 10000 && taken > 10000);
	ix_error err = {0};
	if (ix_paper_check(c->paper, &err)) fail_msg("%s", err.text);
	client_free(c);
}

/* Any bytes of the right sizes are fine as a feed. */
static void a_damaged_feed_leaves_everything_whole(void **state) {
	(void)state;
	client *c = client_new(3, ix_os_allocator());
	c->is_alone = true;
	ix_gen *gen;
	ix_gen_options options = {.seed = 3, .symbol_count = 4, .message_count = 20000};
	assert_int_equal(ix_gen_new(&options, ix_os_allocator(), &gen, NULL), 0);
	uint32_t count = 0;
	for (ix_itch_message m; ix_gen_next(gen, &m); count++) {
		uint8_t bytes[IX_ITCH_SIZE_MAX];
		size_t size = ix_itch_encode(&m, bytes);
		ix_books_apply(c->books, &m, NULL);
		if (ix_rng_chance(&c->rng, 1, 3))
			bytes[11 + ix_rng_below(&c->rng, size - 11)] ^= (uint8_t)ix_rng_below(&c->rng, 16);
		if (ix_rng_chance(&c->rng, 1, 10)) continue; /* lost */
		if (m.timestamp_ns > c->now_ns) c->now_ns = m.timestamp_ns;
		ix_paper_feed(c->paper, bytes, size);
		if (m.locate && ix_rng_chance(&c->rng, 1, 5)) do_something(c, m.locate);
		if (count % 200) continue;
		ix_error err = {0};
		if (ix_paper_check(c->paper, &err)) fail_msg("message %u: %s", count, err.text);
		compare_with_accounts(c);
	}
	ix_paper_feed(c->paper, (const uint8_t *)"A", 1);
	ix_paper_feed(c->paper, (const uint8_t *)"z23", 3);
	ix_paper_feed(c->paper, NULL, 0);
	ix_gen_free(gen);
	client_free(c);
}

IX_TESTS(test_paper_run, cmocka_unit_test(without_us_the_mirror_is_the_feeds_book),
	cmocka_unit_test(accounts_and_books_agree_over_days_with_random_orders),
	cmocka_unit_test(the_same_feed_and_orders_give_the_same_answers),
	cmocka_unit_test(after_a_day_the_same_day_allocates_nothing),
	cmocka_unit_test(damaged_messages_are_errors_with_an_offset_or_orders_like_others),
	cmocka_unit_test(a_damaged_feed_leaves_everything_whole));
