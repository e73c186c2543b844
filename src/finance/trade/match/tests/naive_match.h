/* naive_match.h - an engine that is too simple to be wrong, for comparison: a flat list of orders that is
 * scanned for every question. Fill or kill and minimum quantities are answered by trading in a copy, auction
 * prices by trying every price. */
#ifndef NAIVE_MATCH_H
#define NAIVE_MATCH_H

#include <inox/match.h>

enum { NAIVE_ORDERS = 96, NAIVE_SYMBOLS = 4, NAIVE_EVENTS = 4096 };

typedef enum naive_stage { NAIVE_BOOK, NAIVE_STOP, NAIVE_AUCTION } naive_stage;

typedef struct naive_order {
	uint64_t number; /* 0: not there */
	uint64_t rank;   /* who came first */
	naive_stage stage;
	uint32_t owner, session, price, stop, left, shown, display, minimum;
	uint16_t symbol;
	uint8_t side, type, tif, stp;
	bool is_post_only;
} naive_order;

typedef struct naive_symbol {
	bool exists;
	uint8_t state;
	uint32_t tick, lot, reference;
} naive_symbol;

typedef struct naive_match {
	naive_order orders[NAIVE_ORDERS];
	naive_symbol symbols[NAIVE_SYMBOLS + 1];
	uint64_t rank, event_count, trade_count, traded, time;
	uint32_t low, high; /* trade prices of the command */
	bool has_traded, is_silent;
	ix_match_event events[NAIVE_EVENTS]; /* of the command */
	size_t heard;
} naive_match;

ix_match_reason naive_apply(naive_match *n, const ix_match_command *command);
naive_order *naive_find(naive_match *n, uint64_t number);
size_t naive_depth(const naive_match *n, uint16_t symbol, uint8_t side, ix_match_level *out);
/* Of an uncross: does the order take part, and who is the first of a side. */
bool naive_takes_part(const naive_order *o, uint16_t symbol, uint8_t side);
naive_order *naive_first(naive_match *n, uint16_t symbol, uint8_t side);
ix_match_indication naive_indicate(const naive_match *n, uint16_t symbol);
/* Shares and orders shown ahead of a book order. */
void naive_ahead(const naive_match *n, const naive_order *o, uint64_t *ret_shares, uint32_t *ret_orders);

#endif
