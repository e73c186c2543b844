/* book_fixture.h - what the tests of the books share: small books, and operations that show only what
 * matters. */
#ifndef BOOK_FIXTURE_H
#define BOOK_FIXTURE_H

#include <inox/alloc.h>
#include <inox/book.h>
#include <inox/itch.h>
#include <inox/testing.h>

#define BID IX_BOOK_BID
#define ASK IX_BOOK_ASK
enum { STOCK = 1, POSITIONS = 512 };

/* Small reserves: growth is part of what is tested. */
static inline ix_books_options small_options(void) {
	return (ix_books_options){
		.allocator = ix_os_allocator(),
		.orders_reserve = 64,
		.levels_reserve = 16,
		.symbols_reserve = 8,
		.references_window = 64,
		.trades_max = 64,
		.positions_max = POSITIONS,
	};
}

static inline ix_books *books_with(const ix_books_options *options) {
	ix_books *books = NULL;
	ix_error err = {0};
	if (ix_books_new(options, &books, &err) != 0) fail_msg("%s", err.text);
	return books;
}

/* Small books with one symbol, number STOCK. */
static inline ix_books *one_stock(void) {
	ix_books_options options = small_options();
	ix_books *books = books_with(&options);
	assert_int_equal(ix_books_add_symbol(books, STOCK, IX_STR("ACME"), NULL), 0);
	return books;
}

static inline int add_to(ix_books *books, uint16_t locate, uint64_t reference, ix_book_side side,
	uint32_t shares, uint32_t price) {
	return ix_book_add(books,
		&(ix_book_order){.reference = reference,
			.locate = locate,
			.side = (uint8_t)side,
			.shares = shares,
			.price_e4 = price},
		NULL);
}
static inline int add(
	ix_books *books, uint64_t reference, ix_book_side side, uint32_t shares, uint32_t price) {
	return add_to(books, STOCK, reference, side, shares, price);
}

static inline void assert_whole(const ix_books *books) {
	ix_error err = {0};
	if (ix_books_check(books, &err) != 0) fail_msg("%s", err.text);
}

static inline void assert_level(ix_book_level level, uint32_t price, uint32_t orders, uint64_t shares) {
	assert_int_equal(level.price_e4, price);
	assert_int_equal(level.order_count, orders);
	assert_int_equal(level.shares, shares);
}
static inline void assert_best(
	const ix_books *books, ix_book_side side, uint32_t price, uint32_t orders, uint64_t shares) {
	assert_level(ix_book_bbo(books, STOCK)[side], price, orders, shares);
}

/* The references of a level of STOCK in queue order, as "1 2 3". */
static inline const char *queue_text(const ix_books *books, ix_book_side side, uint32_t price) {
	static char text[512];
	size_t length = 0;
	text[0] = 0;
	ix_book_order order;
	ix_book_walk walk = ix_book_walk_level(books, STOCK, side, price);
	while (ix_book_walk_next(&walk, &order))
		length += ix_format(text + length, sizeof text - length, "%s%llu", length ? " " : "",
			(unsigned long long)order.reference);
	return text;
}

/* Ends a test: nothing is out of place. */
static inline void finish(ix_books *books) {
	assert_whole(books);
	ix_books_free(books);
}

#endif
