/* market.h - the generator's own knowledge of what rests in each book: enough to make every message a valid
 * one. Kept apart from trade/book on purpose, so that each can be tested by the other. */
#ifndef INOX_GEN_MARKET_H
#define INOX_GEN_MARKET_H

#include <inox/base.h>

enum { GEN_LEVEL_MAX = 96, GEN_TICK_E4 = 100, GEN_BUY = 0, GEN_SELL = 1 };
#define GEN_NONE UINT32_MAX

typedef struct gen_order {
	uint64_t reference;
	uint32_t price_e4, shares;
	uint32_t previous, next; /* first in, first out in its level */
	uint32_t slot;           /* in its symbol's list of living orders */
	uint16_t symbol;
	uint8_t side;
} gen_order;

typedef struct gen_level {
	uint32_t price_e4, head, tail;
} gen_level;

typedef struct gen_side {
	gen_level levels[GEN_LEVEL_MAX]; /* best last, so that the touch is cheap to change */
	uint32_t count;
} gen_side;

typedef enum gen_state { GEN_TRADING, GEN_HALTED } gen_state;

typedef struct gen_symbol {
	gen_side sides[2];
	uint32_t *living; /* orders of this symbol, in no order */
	uint32_t living_count, living_max;
	uint32_t reference_price_e4; /* where the price stands when a side is empty */
	uint32_t open_price_e4;
	char name[8];
	uint8_t state;
	bool is_restricted; /* short sales */
} gen_symbol;

typedef struct gen_market {
	gen_symbol *symbols;
	gen_order *orders;
	uint32_t *living;
	uint32_t symbol_count, order_count, order_max, free_head;
	const ix_allocator *allocator;
} gen_market;

/* `living_max[i]` orders of symbol i may live at once. */
int gen_market_init(gen_market *market, uint32_t symbol_count, const uint32_t *living_max,
	const ix_allocator *allocator, ix_error *err);
void gen_market_fini(gen_market *market);

/* Puts an order at the end of its level. GEN_NONE when the symbol has no room for it. */
uint32_t gen_order_add(gen_market *market, uint16_t symbol, uint8_t side, uint64_t reference,
	uint32_t price_e4, uint32_t shares);
void gen_order_remove(gen_market *market, uint32_t order);
/* The touch: 0 when the side is empty. */
uint32_t gen_best_price(const gen_symbol *symbol, uint8_t side);
/* The order that trades next on a side, or GEN_NONE. */
uint32_t gen_best_order(const gen_symbol *symbol, uint8_t side);

#endif
