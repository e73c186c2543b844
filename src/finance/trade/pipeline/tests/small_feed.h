/* small_feed.h - little feeds by hand: a stock, its orders, and what happens to them, as length-prefixed ITCH
 * messages; and a strategy that a test scripts. */
#ifndef SMALL_FEED_H
#define SMALL_FEED_H

#include <inox/alloc.h>
#include <inox/itch.h>
#include <inox/pipeline.h>
#include <inox/testing.h>

enum { STOCK = 1, FEED_MAX = 64 << 10 };
#define NINE_THIRTY_NS UINT64_C(34200000000000)

typedef struct small_feed {
	uint8_t bytes[FEED_MAX];
	size_t size;
	uint64_t now_ns;
} small_feed;

static inline void feed_put(small_feed *f, ix_itch_message m) {
	m.timestamp_ns = f->now_ns;
	f->size += ix_itch_encode_framed(&m, f->bytes + f->size);
	assert_true(f->size + 64 < sizeof f->bytes);
}

static inline void feed_stock(small_feed *f, uint16_t locate, const char *name) {
	ix_itch_message m = {.type = IX_ITCH_STOCK_DIRECTORY, .locate = locate};
	ix_itch_set_text(m.stock_directory.stock, 8, ix_str_from(name));
	m.stock_directory.market_category = 'Q';
	m.stock_directory.financial_status = 'N';
	m.stock_directory.round_lot_size = 100;
	m.stock_directory.round_lots_only = 'N';
	m.stock_directory.issue_classification = 'C';
	memcpy(m.stock_directory.issue_subtype, "Z ", 2);
	m.stock_directory.authenticity = 'P';
	m.stock_directory.short_sale_threshold = 'N';
	m.stock_directory.ipo_flag = 'N';
	m.stock_directory.luld_tier = '1';
	m.stock_directory.etp_flag = 'N';
	m.stock_directory.inverse = 'N';
	feed_put(f, m);
}

static inline void feed_add(
	small_feed *f, uint16_t locate, uint64_t reference, char side, uint32_t shares, uint32_t price_e4) {
	ix_itch_message m = {.type = IX_ITCH_ADD_ORDER, .locate = locate};
	m.add_order.reference = reference;
	m.add_order.side = (uint8_t)side;
	m.add_order.shares = shares;
	ix_itch_set_text(m.add_order.stock, 8, IX_STR("ACME"));
	m.add_order.price_e4 = price_e4;
	feed_put(f, m);
}

static inline void feed_execute(
	small_feed *f, uint16_t locate, uint64_t reference, uint32_t shares, uint64_t match) {
	ix_itch_message m = {.type = IX_ITCH_ORDER_EXECUTED, .locate = locate};
	m.order_executed.reference = reference;
	m.order_executed.shares = shares;
	m.order_executed.match = match;
	feed_put(f, m);
}

static inline void feed_delete(small_feed *f, uint16_t locate, uint64_t reference) {
	ix_itch_message m = {.type = IX_ITCH_ORDER_DELETE, .locate = locate};
	m.order_delete.reference = reference;
	feed_put(f, m);
}

/* A message that changes no book, to let time pass. */
static inline void feed_tick(small_feed *f, uint64_t later_ns) {
	f->now_ns += later_ns;
	ix_itch_message m = {.type = IX_ITCH_REG_SHO, .locate = STOCK};
	ix_itch_set_text(m.reg_sho.stock, 8, IX_STR("ACME"));
	m.reg_sho.action = '0';
	feed_put(f, m);
}

/* ---- a strategy whose callbacks a test writes ---- */

enum { SCRIPT_UPDATES_MAX = 64 };

typedef struct script script;
struct script {
	const ix_strategy_host *host;
	void (*on_book)(script *s, uint16_t symbol, const ix_strategy_quote *quote);
	void (*on_trade)(script *s, uint16_t symbol, const ix_strategy_trade *trade);
	void (*on_order)(script *s, const ix_strategy_update *update);
	void (*on_timer)(script *s, uint32_t id);
	ix_strategy_update updates[SCRIPT_UPDATES_MAX];
	uint32_t update_count, book_count, trade_count, timer_count, parameter_count;
	bool is_inside; /* a call of the host's is under way: no callback may come */
	uint64_t order;
	bool has_stopped;
};

extern script the_script; /* each test file has one */
extern const ix_strategy_vtable script_vtable;

#endif
