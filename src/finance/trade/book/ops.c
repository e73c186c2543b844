/* ops.c - the operations as calls: what core.h does, told to the listener, faults as errors. */
#include "core.h"
#include "faults.h"
#include "names.h"
#include "trades.h"
#include "watch.h"

static uint16_t locate_of(const ix_books *books, uint64_t reference) {
	uint64_t where = orders_find(books, reference);
	return where ? books->levels[where_level(where)].locate : 0;
}

static int report(ix_books *books, verdict bad, uint64_t reference, uint16_t locate, ix_error *err) {
	return fault_report(books, bad, &(site){.reference = reference, .locate = locate}, err);
}

int ix_book_add(ix_books *books, const ix_book_order *order, ix_error *err) {
	watch w = watch_start(books, order->locate);
	verdict bad = order->side > IX_BOOK_ASK ? FAULT(BAD_CODE) : 0;
	uint32_t mpid = 0;
	if (!bad) bad = names_mpid(books, order->mpid, &mpid);
	if (!bad)
		bad = core_add(books, order->locate, order->side, order->reference, order->shares,
			order->price_e4, mpid, 0);
	watch_end(books, &w);
	return report(books, bad, order->reference, order->locate, err);
}

static int execute(ix_books *books, uint64_t reference, uint32_t shares, ix_book_trade *t, bool at_own_price,
	ix_error *err) {
	watch w = watch_start(books, books->is_watched ? locate_of(books, reference) : 0);
	fill f;
	verdict bad = core_execute(books, 0, reference, shares, &f);
	if (!bad) {
		t->shares = shares;
		t->timestamp_ns = books->day.now_ns;
		t->locate = f.locate;
		if (at_own_price) t->price_e4 = f.price_e4;
		trades_enter(books, t);
	}
	watch_end(books, &w);
	return report(books, bad, reference, 0, err);
}

int ix_book_execute(ix_books *books, uint64_t reference, uint32_t shares, uint64_t match, ix_error *err) {
	ix_book_trade t = {.match = match, .is_printable = true};
	return execute(books, reference, shares, &t, true, err);
}

int ix_book_execute_at(ix_books *books, uint64_t reference, uint32_t shares, uint64_t match,
	uint32_t price_e4, bool is_printable, ix_error *err) {
	ix_book_trade t = {.match = match, .price_e4 = price_e4, .is_printable = is_printable};
	return execute(books, reference, shares, &t, false, err);
}

int ix_book_cancel(ix_books *books, uint64_t reference, uint32_t shares, ix_error *err) {
	watch w = watch_start(books, books->is_watched ? locate_of(books, reference) : 0);
	verdict bad = core_cancel(books, 0, reference, shares);
	watch_end(books, &w);
	return report(books, bad, reference, 0, err);
}

int ix_book_delete(ix_books *books, uint64_t reference, ix_error *err) {
	watch w = watch_start(books, books->is_watched ? locate_of(books, reference) : 0);
	verdict bad = core_delete(books, 0, reference);
	watch_end(books, &w);
	return report(books, bad, reference, 0, err);
}

int ix_book_replace(ix_books *books, uint64_t reference, uint64_t new_reference, uint32_t shares,
	uint32_t price_e4, ix_error *err) {
	watch w = watch_start(books, books->is_watched ? locate_of(books, reference) : 0);
	verdict bad = core_replace(books, 0, reference, new_reference, shares, price_e4, 0);
	watch_end(books, &w);
	return report(books, bad, bad == FAULT(DUPLICATE_REFERENCE) ? new_reference : reference, 0, err);
}

int ix_book_print(ix_books *books, const ix_book_trade *t, ix_error *err) {
	if (!ix_books_has_symbol(books, t->locate))
		return report(books, FAULT(UNKNOWN_LOCATE), 0, t->locate, err);
	if (t->shares > 0) trades_enter(books, t);
	return 0;
}
