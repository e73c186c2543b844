/* strategy.h - what a trading strategy is: a table of functions that a host calls with market data, order
 * updates and timers, and a table of the host's that it calls to trade. The same table serves strategies that
 * are built in (maker, ofi), shared objects (.so) and, later, WebAssembly modules; in a back-test, on paper
 * and live the host is the only thing that differs.
 *
 * A plug-in includes this file and links nothing of Inox:
 *
 *     const ix_strategy_vtable *ix_strategy_entry(void) { static const ix_strategy_vtable v = {…}; return &v;
 * }
 *
 * Everything happens on one thread, and a strategy must not block. Time is market time (nanoseconds since
 * midnight), handed in; a strategy that uses no other source of time or chance is repeatable to the bit.
 * Prices are 1/10000, quantities shares, symbols the feed's locates. */
#ifndef INOX_STRATEGY_H
#define INOX_STRATEGY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { IX_STRATEGY_ABI = 1, IX_STRATEGY_PARAMETER_MAX = 32 };

typedef enum ix_strategy_side { IX_STRATEGY_BUY, IX_STRATEGY_SELL } ix_strategy_side;
typedef enum ix_strategy_tif { IX_STRATEGY_DAY, IX_STRATEGY_IOC } ix_strategy_tif;

/* The best prices of a symbol; a price of 0: no order on that side. Where the feed is the venue's own, orders
 * of ours are in them. */
typedef struct ix_strategy_quote {
	uint64_t bid_shares, ask_shares;
	uint32_t bid_e4, ask_e4;
	uint32_t bid_orders, ask_orders;
} ix_strategy_quote;

typedef struct ix_strategy_trade {
	uint64_t shares;
	uint32_t price_e4;
	uint8_t resting_side; /* of the displayed order that was met; 2: not displayed, or an auction */
} ix_strategy_trade;

typedef struct ix_strategy_order {
	uint16_t symbol;
	uint8_t side, tif;
	bool is_post_only;
	uint32_t quantity, price_e4;
} ix_strategy_order;

typedef enum ix_strategy_update_kind {
	IX_STRATEGY_ACCEPTED,
	IX_STRATEGY_REJECTED,         /* by risk (`reasons`) or by the venue (`reasons` 0) */
	IX_STRATEGY_FILLED,           /* `quantity` at price_e4; `left` 0: it is done */
	IX_STRATEGY_REPLACED,         /* it has `left` and price_e4 now, under the same number */
	IX_STRATEGY_CANCELLED,        /* `quantity` went; `left` 0: it is done */
	IX_STRATEGY_REPLACE_REJECTED, /* it stands as it was */
} ix_strategy_update_kind;

typedef struct ix_strategy_update {
	uint64_t order, reasons;
	uint32_t quantity, price_e4, left;
	uint16_t symbol;
	uint8_t kind, side;
} ix_strategy_update;

/* Of one symbol, by fills; what on_order tells is in it already. Profit is in 1/10000. */
typedef struct ix_strategy_position {
	int64_t shares;              /* short: negative */
	int64_t realised_e4;         /* of closed parts, average cost */
	int64_t cost_e4;             /* of the open part, signed as shares */
	int64_t open_buy, open_sell; /* shares of live orders */
} ix_strategy_position;

/* What the host does for a strategy. `size` says which of them are there; new ones go to the end. */
typedef struct ix_strategy_host {
	uint32_t size, abi;
	void *context;
	uint64_t (*now_ns)(void *context);
	/* Sends an order; its updates come later, through on_order, never from within this call. 0 and the
	 * order's number, or IX_ERR_BUSY-like negative codes when too many are live (nothing was sent then).
	 */
	int (*enter)(void *context, const ix_strategy_order *order, uint64_t *ret_order);
	/* `quantity` is what is to be open from now on. Negative: no such live order. */
	int (*replace)(void *context, uint64_t order, uint32_t quantity, uint32_t price_e4);
	int (*cancel)(void *context, uint64_t order);
	/* on_timer(id) is called at the first event at or after that market time. At most 64 wait. */
	int (*set_timer)(void *context, uint64_t at_ns, uint32_t id);
	const ix_strategy_quote *(*quote)(void *context, uint16_t symbol);
	const ix_strategy_position *(*position)(void *context, uint16_t symbol);
	/* "ABC" or, with a length, what the feed calls a locate; 0: no such symbol (yet). */
	uint16_t (*find_symbol)(void *context, const char *name, size_t name_size);
	uint16_t (*symbol_last)(void *context);              /* locates go from 1 to this */
	int64_t (*parameter)(void *context, uint32_t index); /* its value now */
	void (*log)(void *context, const char *text, size_t size);
} ix_strategy_host;

/* A number that an operator sets when the strategy starts, and may change while it runs. */
typedef struct ix_strategy_parameter {
	const char *name; /* "spread_min_e4" */
	const char *help;
	int64_t fallback, minimum, maximum;
} ix_strategy_parameter;

/* What a strategy does. Any on_… may be NULL; open and close may not. Calls come from one thread, none from
 * within another; after on_stop only updates of orders that are still live, then close. */
typedef struct ix_strategy_vtable {
	uint32_t size, abi; /* sizeof(ix_strategy_vtable), IX_STRATEGY_ABI */
	const char *name, *summary;
	const ix_strategy_parameter *parameters;
	uint32_t parameter_count;
	/* Allocates what it needs, here only. 0, or negative: it cannot run, and nothing is left allocated.
	 * `host` stays until close. Symbols are at most symbols_max. */
	int (*open)(const ix_strategy_host *host, uint16_t symbols_max, void **ret_self);
	void (*close)(void *self);
	void (*on_start)(void *self);
	void (*on_book)(
		void *self, uint16_t symbol, const ix_strategy_quote *quote); /* its best prices changed */
	void (*on_trade)(void *self, uint16_t symbol, const ix_strategy_trade *trade);
	void (*on_order)(void *self, const ix_strategy_update *update);
	void (*on_timer)(void *self, uint32_t id);
	void (*on_parameter)(void *self, uint32_t index); /* it was changed */
	void (*on_stop)(void *self);
} ix_strategy_vtable;

typedef const ix_strategy_vtable *(*ix_strategy_entry_fn)(void);

#endif
