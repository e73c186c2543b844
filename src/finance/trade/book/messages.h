/* messages.h - from a message's fields to an operation; the types that come by the million. For apply.c,
 * which has structs, and run.c, which has bytes. */
#ifndef BOOK_MESSAGES_H
#define BOOK_MESSAGES_H

#include "core.h"
#include "names.h"
#include "trades.h"

#include <inox/itch.h>

/* All other types, and those of no type: apply.c. */
verdict messages_apply_other(ix_books *books, const ix_itch_message *m);
/* Attribution comes with two adds of a hundred. */
verdict messages_add_attributed(
	ix_books *books, uint16_t locate, const ix_itch_add_order_attributed *o, uint32_t guess);

static inline verdict messages_check_stock(ix_books *books, uint16_t locate, const char stock[8]) {
	const book *b = core_book(books, locate);
	uint64_t name = name_load(stock);
	return IX_LIKELY(b && b->name == name) ? 0 : names_check_symbol(books, locate, name);
}

static inline verdict messages_add(ix_books *books, uint16_t locate, uint8_t side_code, uint64_t reference,
	uint32_t shares, const char stock[8], uint32_t price_e4, uint32_t mpid, uint32_t guess) {
	unsigned which = side_code == IX_ITCH_SIDE_SELL;
	if (IX_UNLIKELY(!which && side_code != IX_ITCH_SIDE_BUY)) return FAULT(BAD_CODE);
	verdict bad = messages_check_stock(books, locate, stock);
	if (IX_UNLIKELY(bad)) return bad;
	return core_add(books, locate, which, reference, shares, price_e4, mpid, guess);
}

static inline verdict messages_execute(ix_books *books, uint16_t locate, uint64_t timestamp_ns,
	uint64_t reference, uint32_t shares, uint64_t match) {
	fill f;
	verdict bad = core_execute(books, locate, reference, shares, &f);
	if (IX_UNLIKELY(bad)) return bad;
	trades_enter(books, &(ix_book_trade){.match = match,
				    .shares = shares,
				    .timestamp_ns = timestamp_ns,
				    .price_e4 = f.price_e4,
				    .locate = f.locate,
				    .kind = IX_BOOK_TRADE_ORDER,
				    .is_printable = true});
	return 0;
}

static inline verdict messages_execute_at(
	ix_books *books, uint16_t locate, uint64_t timestamp_ns, const ix_itch_order_executed_price *o) {
	fill f;
	bool is_printable = o->printable == IX_ITCH_YES_NO_YES;
	if (IX_UNLIKELY(!is_printable && o->printable != IX_ITCH_YES_NO_NO)) return FAULT(BAD_CODE);
	verdict bad = core_execute(books, locate, o->reference, o->shares, &f);
	if (IX_UNLIKELY(bad)) return bad;
	trades_enter(books, &(ix_book_trade){.match = o->match,
				    .shares = o->shares,
				    .timestamp_ns = timestamp_ns,
				    .price_e4 = o->price_e4,
				    .locate = f.locate,
				    .kind = IX_BOOK_TRADE_ORDER,
				    .is_printable = is_printable});
	return 0;
}

#endif
