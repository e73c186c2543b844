/* naive_book.h - a book that is too simple to be wrong, for comparison: sorted linked lists of levels, each
 * with a linked list of orders, and every question answered by walking. One symbol and side a list. */
#ifndef NAIVE_BOOK_H
#define NAIVE_BOOK_H

#include <inox/book.h>

#include <stdlib.h>

enum { NAIVE_SYMBOLS = 5 };

typedef struct naive_order {
	struct naive_order *next;
	ix_book_order order;
} naive_order;

typedef struct naive_level {
	struct naive_level *next;
	uint32_t price;
	naive_order *first;
} naive_level;

typedef struct naive_book {
	naive_level *sides[NAIVE_SYMBOLS][2]; /* best first */
} naive_book;

static inline bool naive_is_better(unsigned side, uint32_t a, uint32_t b) {
	return side == IX_BOOK_BID ? a > b : a < b;
}

/* The pointer that points to the order, and its level's; NULL when it is not there. */
static inline naive_order **naive_find(naive_book *book, uint64_t reference, naive_level ***ret_level) {
	for (size_t symbol = 0; symbol < NAIVE_SYMBOLS; symbol++) {
		for (size_t side = 0; side < 2; side++) {
			for (naive_level **l = &book->sides[symbol][side]; *l; l = &(*l)->next) {
				for (naive_order **o = &(*l)->first; *o; o = &(*o)->next) {
					if ((*o)->order.reference != reference) continue;
					if (ret_level) *ret_level = l;
					return o;
				}
			}
		}
	}
	return NULL;
}

static inline int naive_add(naive_book *book, const ix_book_order *order) {
	if (order->locate == 0 || order->locate >= NAIVE_SYMBOLS) return IX_ERR_NOT_FOUND;
	if (order->shares == 0) return IX_ERR_INVALID;
	if (naive_find(book, order->reference, NULL)) return IX_ERR_EXISTS;
	naive_level **at = &book->sides[order->locate][order->side];
	while (*at && naive_is_better(order->side, (*at)->price, order->price_e4)) at = &(*at)->next;
	if (!*at || (*at)->price != order->price_e4) {
		naive_level *level = calloc(1, sizeof *level);
		level->price = order->price_e4;
		level->next = *at;
		*at = level;
	}
	naive_order **last = &(*at)->first;
	while (*last) last = &(*last)->next;
	*last = calloc(1, sizeof **last);
	(*last)->order = *order;
	return 0;
}

static inline int naive_delete(naive_book *book, uint64_t reference) {
	naive_level **level;
	naive_order **at = naive_find(book, reference, &level);
	if (!at) return IX_ERR_NOT_FOUND;
	naive_order *order = *at;
	*at = order->next;
	free(order);
	if (!(*level)->first) {
		naive_level *empty = *level;
		*level = empty->next;
		free(empty);
	}
	return 0;
}

/* An execution and a cancel are the same to the book. */
static inline int naive_take(naive_book *book, uint64_t reference, uint32_t shares) {
	naive_order **at = naive_find(book, reference, NULL);
	if (!at) return IX_ERR_NOT_FOUND;
	if (shares == 0 || shares > (*at)->order.shares) return IX_ERR_INVALID;
	(*at)->order.shares -= shares;
	return (*at)->order.shares == 0 ? naive_delete(book, reference) : 0;
}

static inline int naive_replace(
	naive_book *book, uint64_t reference, uint64_t new_reference, uint32_t shares, uint32_t price) {
	naive_order **at = naive_find(book, reference, NULL);
	if (!at) return IX_ERR_NOT_FOUND;
	if (shares == 0) return IX_ERR_INVALID;
	if (naive_find(book, new_reference, NULL)) return IX_ERR_EXISTS;
	ix_book_order order = (*at)->order;
	order.reference = new_reference;
	order.shares = shares;
	order.price_e4 = price;
	(void)naive_delete(book, reference);
	return naive_add(book, &order);
}

static inline void naive_free(naive_book *book) {
	for (size_t symbol = 0; symbol < NAIVE_SYMBOLS; symbol++) {
		for (size_t side = 0; side < 2; side++) {
			while (book->sides[symbol][side])
				(void)naive_delete(book, book->sides[symbol][side]->first->order.reference);
		}
	}
}

#endif
