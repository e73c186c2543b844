/* trades.c - statistics of what traded, exact when trades are broken later. The latest trades_max printed
 * trades are kept in a ring, found by match number through hash chains, and chained by symbol. A trade that
 * the ring overtakes can no longer be broken: its prices settle into its symbol's high, low, open and last.
 */
#include "trades.h"

#define MASK32 UINT64_C(0xffffffff)

static bool in_window(const ix_books *books, uint32_t position) {
	return position != 0 && books->day.trade_position - position <= books->trade_mask;
}

/* The chains of an overwritten entry lead to whatever took its place: only ever backwards is a way. */
static uint32_t older(const ix_books *books, uint32_t position, uint32_t next) {
	if (!in_window(books, next)) return 0;
	return books->day.trade_position - next > books->day.trade_position - position ? next : 0;
}

static kept_trade *trade_at(const ix_books *books, uint32_t position) {
	return &books->trades[position & books->trade_mask];
}

/* Match numbers ascend: sixteen in a row share a cache line. */
static uint32_t *chain_head(const ix_books *books, uint64_t match) {
	return &books->trade_heads[(spread(books, match >> 4) << 4 | (match & 15)) & books->trade_mask];
}

/* 32 x 64 bits into 128; the 32 x 32 parts cannot overflow. */
static void notional_of(uint32_t price_e4, uint64_t shares, uint64_t *ret_low, uint64_t *ret_high) {
	uint64_t near = price_e4 * (shares & MASK32), far = price_e4 * (shares >> 32);
	uint64_t low = near + (far << 32);
	*ret_high = (far >> 32) + (low < near);
	*ret_low = low;
}

static void settle(ix_books *books, const kept_trade *t) {
	settled *s = &books->details[t->locate].settled;
	if (t->is_broken) return;
	if (s->count++ == 0) s->open_e4 = s->high_e4 = s->low_e4 = t->price_e4;
	if (t->price_e4 > s->high_e4) s->high_e4 = t->price_e4;
	if (t->price_e4 < s->low_e4) s->low_e4 = t->price_e4;
	s->last_e4 = t->price_e4;
	s->last_shares = t->shares;
	s->last_match = t->match;
	s->last_timestamp_ns = t->timestamp_ns;
}

static void keep(ix_books *books, book *b, const ix_book_trade *t) {
	uint32_t position = ++books->day.trade_position;
	if (position == 0) position = ++books->day.trade_position;
	kept_trade *entry = trade_at(books, position);
	if (entry->locate != 0) settle(books, entry);
	uint32_t *head = chain_head(books, t->match);
	*entry = (kept_trade){
		.match = t->match,
		.shares = t->shares,
		.timestamp_ns = t->timestamp_ns,
		.price_e4 = t->price_e4,
		.locate = t->locate,
		.kind = t->kind,
		.chain = *head,
		.same_symbol = b->trade_last,
	};
	*head = position;
	b->trade_last = position;
}

static void count_in(book *b, details *d, const ix_book_trade *t) {
	uint64_t low, high;
	notional_of(t->price_e4, t->shares, &low, &high);
	b->volume += t->shares;
	b->notional_low += low;
	d->notional_high += high + (b->notional_low < low);
	if (t->kind == IX_BOOK_TRADE_HIDDEN) d->hidden_volume += t->shares;
	if (t->kind == IX_BOOK_TRADE_CROSS) d->cross_volume += t->shares;
	if (b->trade_count++ == 0) {
		b->high_e4 = b->low_e4 = d->open_e4 = t->price_e4;
	} else {
		if (t->price_e4 > b->high_e4) b->high_e4 = t->price_e4;
		if (t->price_e4 < b->low_e4) b->low_e4 = t->price_e4;
	}
	b->last_e4 = t->price_e4;
	d->last_shares = t->shares;
	d->last_match = t->match;
	d->last_timestamp_ns = t->timestamp_ns;
}

void trades_enter(ix_books *books, const ix_book_trade *t) {
	book *b = &books->books[t->locate];
	details *d = &books->details[t->locate];
	if (t->is_printable) {
		count_in(b, d, t);
		keep(books, b, t);
		books->day.trade_count++;
	} else {
		d->unprinted_volume += t->shares;
	}
	if (IX_UNLIKELY(books->listener.on_trade != NULL))
		books->listener.on_trade(books->listener.context, t);
}

static void count_out(book *b, details *d, const kept_trade *t) {
	uint64_t low, high;
	notional_of(t->price_e4, t->shares, &low, &high);
	b->volume -= t->shares;
	d->notional_high -= high + (b->notional_low < low);
	b->notional_low -= low;
	if (t->kind == IX_BOOK_TRADE_HIDDEN) d->hidden_volume -= t->shares;
	if (t->kind == IX_BOOK_TRADE_CROSS) d->cross_volume -= t->shares;
	b->trade_count--;
	d->broken_count++;
	d->broken_volume += t->shares;
}

/* Open, high, low and last anew, from what settled and what is in the window. */
static void recall_prices(const ix_books *books, uint16_t locate, book *b, details *d) {
	settled s = d->settled;
	uint32_t open = s.open_e4;
	bool has_last = false;
	for (uint32_t at = b->trade_last; in_window(books, at);
		at = older(books, at, trade_at(books, at)->same_symbol)) {
		const kept_trade *t = trade_at(books, at);
		if (t->locate != locate) break; /* positions have wrapped */
		if (t->is_broken) continue;
		if (!has_last) {
			s.last_e4 = t->price_e4;
			s.last_shares = t->shares;
			s.last_match = t->match;
			s.last_timestamp_ns = t->timestamp_ns;
		}
		if (d->settled.count == 0) {
			if (!has_last) s.high_e4 = s.low_e4 = t->price_e4;
			open = t->price_e4; /* the walk ends at the oldest */
		}
		if (t->price_e4 > s.high_e4) s.high_e4 = t->price_e4;
		if (t->price_e4 < s.low_e4) s.low_e4 = t->price_e4;
		has_last = true;
	}
	d->open_e4 = open;
	b->high_e4 = s.high_e4;
	b->low_e4 = s.low_e4;
	b->last_e4 = s.last_e4;
	d->last_shares = s.last_shares;
	d->last_match = s.last_match;
	d->last_timestamp_ns = s.last_timestamp_ns;
}

bool ix_book_break(ix_books *books, uint64_t match) {
	uint32_t *head = chain_head(books, match);
	for (uint32_t at = *head; in_window(books, at); at = older(books, at, trade_at(books, at)->chain)) {
		kept_trade *t = trade_at(books, at);
		if (t->match != match || t->is_broken) continue;
		book *b = &books->books[t->locate];
		details *d = &books->details[t->locate];
		t->is_broken = true;
		count_out(b, d, t);
		/* Recalled when somebody asks: to recall them for each of many breaks would take for ever. */
		if (t->price_e4 == b->high_e4 || t->price_e4 == b->low_e4 || t->price_e4 == d->open_e4 ||
			t->match == d->last_match)
			d->has_stale_prices = true;
		/* Nor is a run of trades under one number walked for each. */
		if (trade_at(books, *head) == t) *head = older(books, at, t->chain);
		books->day.broken_count++;
		return true;
	}
	books->day.broken_unknown_count++;
	return false;
}

/* 128 by 64 bits, where the quotient fits: binary long division. */
static uint64_t divide(uint64_t high, uint64_t low, uint64_t by, uint64_t *ret_rest) {
	uint64_t quotient = 0, rest = high;
	for (int bit = 63; bit >= 0; bit--) {
		bool carry = rest >> 63;
		rest = rest << 1 | (low >> bit & 1);
		if (carry || rest >= by) {
			rest -= by;
			quotient |= UINT64_C(1) << bit;
		}
	}
	*ret_rest = rest;
	return quotient;
}

static uint32_t vwap(uint64_t high, uint64_t low, uint64_t volume) {
	if (volume == 0 || high >= volume) return 0; /* a wrapped volume: shares beyond 2^64 */
	uint64_t rest, price = divide(high, low, volume, &rest);
	price += rest >= volume - rest;
	return price > UINT32_MAX ? 0 : (uint32_t)price;
}

void ix_book_get_stats(const ix_books *books, uint16_t locate, ix_book_stats *ret_stats) {
	if (!ix_books_has_symbol(books, locate)) {
		*ret_stats = (ix_book_stats){0};
		return;
	}
	book recalled_book = books->books[locate];
	details recalled = books->details[locate];
	if (recalled.has_stale_prices) recall_prices(books, locate, &recalled_book, &recalled);
	const book *b = &recalled_book;
	const details *d = &recalled;
	*ret_stats = (ix_book_stats){
		.volume = b->volume,
		.trade_count = b->trade_count,
		.hidden_volume = d->hidden_volume,
		.cross_volume = d->cross_volume,
		.notional_e4_low = b->notional_low,
		.notional_e4_high = d->notional_high,
		.vwap_e4 = vwap(d->notional_high, b->notional_low, b->volume),
		.open_e4 = d->open_e4,
		.high_e4 = b->high_e4,
		.low_e4 = b->low_e4,
		.last_e4 = b->last_e4,
		.last_shares = d->last_shares,
		.last_match = d->last_match,
		.last_timestamp_ns = d->last_timestamp_ns,
		.unprinted_volume = d->unprinted_volume,
		.broken_volume = d->broken_volume,
		.broken_count = d->broken_count,
		.add_count = b->add_count,
		.execution_count = b->execution_count,
		.cancel_count = b->cancel_count,
		.delete_count = b->delete_count,
		.replace_count = b->replace_count,
		.order_count = b->order_count,
	};
}
