/* paper_fixture.h - a desk in front of the venue on paper: little feeds, orders, and what was answered, as
 * one line of text.
 *
 *     add(d, 1, 'B', 300, 100000);               the feed: order 1 buys 300 at 10.0000
 *     enter(d, 1, 'B', 100, 100000, "");         ours, taken after the latency
 *     said(d, "1 accepted B 100 @ 100000");
 *     executed(d, 1, 300); executed(d, 2, 50);   …
 */
#ifndef PAPER_FIXTURE_H
#define PAPER_FIXTURE_H

#include <inox/alloc.h>
#include <inox/itch.h>
#include <inox/paper.h>
#include <inox/testing.h>

enum { STOCK = 1, LATENCY = 20000 };

typedef struct desk {
	ix_paper *paper;
	uint64_t now_ns;
	uint64_t taken_token;   /* the latest */
	ix_ouch_message latest; /* answer */
	size_t said_size;
	char said[8192];
} desk;

static inline void write_answer(desk *d, const char *text) {
	d->said_size += ix_format(d->said + d->said_size, sizeof d->said - d->said_size, "%s%s",
		d->said_size ? "; " : "", text);
	assert_true(d->said_size < sizeof d->said);
}

static inline void answer_text(const ix_ouch_message *m, char *text, size_t capacity) {
	switch (m->type) {
	case IX_OUCH_ACCEPTED:
		ix_format(text, capacity, "%u accepted %c %u @ %u", m->accepted.user_ref_num,
			m->accepted.side, m->accepted.quantity, (unsigned)m->accepted.price_e4);
		break;
	case IX_OUCH_REPLACED:
		ix_format(text, capacity, "%u replaces %u: %u @ %u", m->replaced.user_ref_num,
			m->replaced.original_user_ref_num, m->replaced.quantity,
			(unsigned)m->replaced.price_e4);
		break;
	case IX_OUCH_EXECUTED:
		ix_format(text, capacity, "%u %s %u @ %u", m->executed.user_ref_num,
			m->executed.liquidity_flag == 'A' ? "adds" : "takes", m->executed.quantity,
			(unsigned)m->executed.price_e4);
		break;
	case IX_OUCH_CANCELED:
		ix_format(text, capacity, "%u cancelled %u %c", m->canceled.user_ref_num,
			m->canceled.quantity, m->canceled.reason);
		break;
	case IX_OUCH_REJECTED:
		ix_format(text, capacity, "%u rejected 0x%02x", m->rejected.user_ref_num, m->rejected.reason);
		break;
	case IX_OUCH_MODIFIED:
		ix_format(text, capacity, "%u modified %c %u", m->modified.user_ref_num, m->modified.side,
			m->modified.quantity);
		break;
	case IX_OUCH_MASS_CANCEL_RESPONSE:
		ix_format(text, capacity, "%u mass", m->mass_cancel_response.user_ref_num);
		break;
	case IX_OUCH_DISABLE_RESPONSE:
		ix_format(text, capacity, "%u off", m->disable_response.user_ref_num);
		break;
	case IX_OUCH_ENABLE_RESPONSE:
		ix_format(text, capacity, "%u on", m->enable_response.user_ref_num);
		break;
	case IX_OUCH_ACCOUNT_QUERY_RESPONSE:
		ix_format(text, capacity, "next %u", m->account_query_response.next_user_ref_num);
		break;
	default: ix_format(text, capacity, "type %c", m->type);
	}
}

static inline void desk_answer(void *context, ix_bytes message) {
	desk *d = context;
	ix_ouch_message m;
	ix_error err = {0};
	char text[96];
	if (ix_ouch_decode(IX_OUCH_OUT, message, &m, &err)) fail_msg("%s", err.text);
	d->latest = m;
	answer_text(&m, text, sizeof text);
	write_answer(d, text);
}

static inline void desk_take(void *context, uint64_t token) { ((desk *)context)->taken_token = token; }

static inline void advance(desk *d, uint64_t ns) {
	d->now_ns += ns;
	ix_paper_advance(d->paper, d->now_ns);
}

/* ---- the feed: each message a microsecond after the one before ---- */

static inline void feed(desk *d, ix_itch_message *m) {
	uint8_t bytes[IX_ITCH_SIZE_MAX];
	d->now_ns += 1000;
	m->timestamp_ns = d->now_ns;
	if (m->locate == 0 && m->type != IX_ITCH_SYSTEM_EVENT) m->locate = STOCK;
	size_t size = ix_itch_encode(m, bytes);
	assert_true(size > 0);
	ix_paper_feed(d->paper, bytes, size);
}

static inline void list(desk *d, uint16_t locate, const char *stock) {
	ix_itch_message m = {.type = IX_ITCH_STOCK_DIRECTORY, .locate = locate};
	ix_itch_set_text(m.stock_directory.stock, 8, ix_str_from(stock));
	feed(d, &m);
}
static inline void add_to(
	desk *d, uint16_t locate, uint64_t reference, char side, uint32_t shares, uint32_t price_e4) {
	ix_itch_message m = {.type = IX_ITCH_ADD_ORDER, .locate = locate};
	m.add_order.reference = reference;
	m.add_order.side = (uint8_t)side;
	m.add_order.shares = shares;
	m.add_order.price_e4 = price_e4;
	ix_itch_set_text(m.add_order.stock, 8, locate == STOCK ? IX_STR("ACME") : IX_STR("OTHER"));
	feed(d, &m);
}
static inline void add(desk *d, uint64_t reference, char side, uint32_t shares, uint32_t price_e4) {
	add_to(d, STOCK, reference, side, shares, price_e4);
}
static inline void executed(desk *d, uint64_t reference, uint32_t shares) {
	ix_itch_message m = {.type = IX_ITCH_ORDER_EXECUTED};
	m.order_executed.reference = reference;
	m.order_executed.shares = shares;
	feed(d, &m);
}
static inline void executed_at(
	desk *d, uint64_t reference, uint32_t shares, uint32_t price_e4, bool is_printable) {
	ix_itch_message m = {.type = IX_ITCH_ORDER_EXECUTED_PRICE};
	m.order_executed_price.reference = reference;
	m.order_executed_price.shares = shares;
	m.order_executed_price.price_e4 = price_e4;
	m.order_executed_price.printable = is_printable ? 'Y' : 'N';
	feed(d, &m);
}
static inline void reduced(desk *d, uint64_t reference, uint32_t shares) {
	ix_itch_message m = {.type = IX_ITCH_ORDER_CANCEL};
	m.order_cancel.reference = reference;
	m.order_cancel.shares = shares;
	feed(d, &m);
}
static inline void deleted(desk *d, uint64_t reference) {
	ix_itch_message m = {.type = IX_ITCH_ORDER_DELETE};
	m.order_delete.reference = reference;
	feed(d, &m);
}
static inline void moved(
	desk *d, uint64_t reference, uint64_t new_reference, uint32_t shares, uint32_t price_e4) {
	ix_itch_message m = {.type = IX_ITCH_ORDER_REPLACE};
	m.order_replace.reference = reference;
	m.order_replace.new_reference = new_reference;
	m.order_replace.shares = shares;
	m.order_replace.price_e4 = price_e4;
	feed(d, &m);
}
static inline void hidden(desk *d, uint32_t shares, uint32_t price_e4) {
	ix_itch_message m = {.type = IX_ITCH_TRADE};
	m.trade.side = 'B';
	m.trade.shares = shares;
	m.trade.price_e4 = price_e4;
	feed(d, &m);
}
static inline void trading(desk *d, char state) {
	ix_itch_message m = {.type = IX_ITCH_TRADING_ACTION};
	ix_itch_set_text(m.trading_action.stock, 8, IX_STR("ACME"));
	m.trading_action.trading_state = (uint8_t)state;
	feed(d, &m);
}
static inline void operational(desk *d, char market, char action) {
	ix_itch_message m = {.type = IX_ITCH_OPERATIONAL_HALT};
	ix_itch_set_text(m.operational_halt.stock, 8, IX_STR("ACME"));
	m.operational_halt.market = (uint8_t)market;
	m.operational_halt.action = (uint8_t)action;
	feed(d, &m);
}
static inline void event(desk *d, char code) {
	ix_itch_message m = {.type = IX_ITCH_SYSTEM_EVENT};
	m.system_event.event_code = (uint8_t)code;
	feed(d, &m);
}

/* ---- ours: sent, and taken after the latency ---- */

static inline ix_ouch_message order_of(
	uint32_t ref, char side, uint32_t quantity, uint32_t price_e4, bool is_ioc) {
	ix_ouch_message m = {.direction = IX_OUCH_IN, .type = IX_OUCH_ENTER_ORDER};
	m.enter_order.user_ref_num = ref;
	m.enter_order.side = (uint8_t)side;
	m.enter_order.quantity = quantity;
	m.enter_order.price_e4 = price_e4;
	m.enter_order.time_in_force = is_ioc ? '3' : '0';
	m.enter_order.display = 'Y';
	m.enter_order.capacity = 'P';
	m.enter_order.intermarket_sweep = 'N';
	m.enter_order.cross_type = 'N';
	ix_ouch_set_text(m.enter_order.symbol, 8, IX_STR("ACME"));
	ix_ouch_set_text(m.enter_order.client_order_id, 14, IX_STR("desk"));
	return m;
}
static inline int send_only(desk *d, const ix_ouch_message *m, uint64_t token, ix_error *err) {
	uint8_t bytes[256];
	ix_writer w = ix_writer_of(bytes, sizeof bytes);
	ix_ouch_encode(&w, m);
	assert_false(w.failed);
	return ix_paper_send(d->paper, (ix_bytes){bytes, w.size}, d->now_ns, token, err);
}
static inline void send(desk *d, const ix_ouch_message *m) {
	ix_error err = {0};
	if (send_only(d, m, m->enter_order.user_ref_num, &err)) fail_msg("%s", err.text);
	advance(d, LATENCY);
}
/* With a tag in its appendage. */
static inline void send_tagged(desk *d, ix_ouch_message *m, uint8_t tag, uint64_t value) {
	uint8_t bytes[32];
	ix_writer w = ix_writer_of(bytes, sizeof bytes);
	ix_ouch_tag_write_u64(&w, tag, value);
	assert_false(w.failed);
	m->has_appendage = true;
	m->appendage = (ix_bytes){bytes, w.size};
	send(d, m);
}
/* `how`: "", "ioc" or "post". */
static inline void enter(
	desk *d, uint32_t ref, char side, uint32_t quantity, uint32_t price_e4, const char *how) {
	ix_ouch_message m = order_of(ref, side, quantity, price_e4, how[0] == 'i');
	if (how[0] == 'p')
		send_tagged(d, &m, IX_OUCH_TAG_POST_ONLY, 'P');
	else
		send(d, &m);
}
static inline ix_ouch_message replace_of(
	uint32_t original, uint32_t ref, uint32_t quantity, uint32_t price_e4) {
	ix_ouch_message m = {.direction = IX_OUCH_IN, .type = IX_OUCH_REPLACE_ORDER};
	m.replace_order.original_user_ref_num = original;
	m.replace_order.user_ref_num = ref;
	m.replace_order.quantity = quantity;
	m.replace_order.price_e4 = price_e4;
	m.replace_order.time_in_force = '0';
	m.replace_order.display = 'Y';
	m.replace_order.intermarket_sweep = 'N';
	ix_ouch_set_text(m.replace_order.client_order_id, 14, IX_STR("desk"));
	return m;
}
static inline void replace(desk *d, uint32_t original, uint32_t ref, uint32_t quantity, uint32_t price_e4) {
	ix_ouch_message m = replace_of(original, ref, quantity, price_e4);
	send(d, &m);
}
static inline void cancel(desk *d, uint32_t ref, uint32_t quantity) {
	ix_ouch_message m = {.direction = IX_OUCH_IN, .type = IX_OUCH_CANCEL_ORDER};
	m.cancel_order.user_ref_num = ref;
	m.cancel_order.quantity = quantity;
	send(d, &m);
}

/* ---- looking ---- */

static inline void forget(desk *d) {
	d->said[0] = 0;
	d->said_size = 0;
}

static inline void said(desk *d, const char *text) {
	assert_string_equal(d->said, text);
	forget(d);
}

static inline uint32_t left_of(const desk *d, uint64_t reference) {
	ix_match_order o;
	return ix_match_find(ix_paper_engine(d->paper), reference, &o) ? o.left : 0;
}

static inline void assert_whole(const desk *d) {
	ix_error err = {0};
	if (ix_paper_check(d->paper, &err)) fail_msg("%s", err.text);
}

static inline ix_paper_options small_options(desk *d) {
	return (ix_paper_options){.allocator = ix_os_allocator(),
		.symbols_max = 64,
		.market_orders_reserve = 1024,
		.orders_max = 64,
		.on_take = desk_take,
		.on_answer = desk_answer,
		.context = d};
}

/* With one stock, at 10:00. */
static inline desk *desk_new(void) {
	desk *d = calloc(1, sizeof *d);
	assert_non_null(d);
	ix_error err = {0};
	ix_paper_options options = small_options(d);
	if (ix_paper_new(&options, &d->paper, &err)) fail_msg("%s", err.text);
	d->now_ns = UINT64_C(36000000000000);
	list(d, STOCK, "ACME");
	return d;
}

static inline void finish(desk *d) {
	assert_whole(d);
	ix_paper_free(d->paper);
	free(d);
}

#endif
