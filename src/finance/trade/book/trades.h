/* trades.h - what is printed, and what is taken back. */
#ifndef BOOK_TRADES_H
#define BOOK_TRADES_H

#include "state.h"

/* Enters a trade into its symbol's statistics, keeps it to be broken, and tells the listener. The symbol
 * exists. */
void trades_enter(ix_books *books, const ix_book_trade *t);

#endif
