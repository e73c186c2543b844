/* naive_auction.c - auctions of the naive engine: every price is tried. */
#include "naive_match.h"

bool naive_takes_part(const naive_order *o, uint16_t symbol, uint8_t side) {
	return o->number && o->symbol == symbol && o->side == side && o->stage != NAIVE_STOP;
}

static uint64_t wanted_at(const naive_match *n, uint16_t symbol, uint8_t side, uint32_t price) {
	uint64_t sum = 0;
	for (size_t i = 0; i < NAIVE_ORDERS; i++) {
		const naive_order *o = &n->orders[i];
		if (!naive_takes_part(o, symbol, side)) continue;
		bool fits = o->type == IX_MATCH_MARKET ||
			    (side == IX_MATCH_BUY ? o->price >= price : o->price <= price);
		if (fits) sum += o->left;
	}
	return sum;
}

typedef struct naive_price {
	uint64_t volume, gap, distance;
	int64_t imbalance;
	uint32_t price;
} naive_price;

static naive_price price_at(const naive_match *n, uint16_t symbol, uint32_t price) {
	uint64_t buy = wanted_at(n, symbol, IX_MATCH_BUY, price),
		 sell = wanted_at(n, symbol, IX_MATCH_SELL, price);
	uint32_t reference = n->symbols[symbol].reference;
	uint64_t distance = reference == 0 ? 0 : price > reference ? price - reference : reference - price;
	return (naive_price){.volume = buy < sell ? buy : sell,
		.gap = buy > sell ? buy - sell : sell - buy,
		.distance = distance,
		.imbalance = (int64_t)buy - (int64_t)sell,
		.price = price};
}

static int compare_prices(const naive_price *a, const naive_price *b) {
	if (a->volume != b->volume) return a->volume > b->volume ? 1 : -1;
	if (a->gap != b->gap) return a->gap < b->gap ? 1 : -1;
	if (a->distance != b->distance) return a->distance < b->distance ? 1 : -1;
	return 0;
}

ix_match_indication naive_indicate(const naive_match *n, uint16_t symbol) {
	const naive_symbol *s = &n->symbols[symbol];
	uint64_t low = UINT64_MAX, high = 0;
	for (size_t i = 0; i < NAIVE_ORDERS; i++) {
		const naive_order *o = &n->orders[i];
		if (o->type == IX_MATCH_MARKET) continue;
		if (!naive_takes_part(o, symbol, 0) && !naive_takes_part(o, symbol, 1)) continue;
		if (o->price < low) low = o->price;
		if (o->price > high) high = o->price;
	}
	if (high == 0) low = high = s->reference;
	naive_price lowest = {0}, highest = {0};
	for (uint64_t price = low; price != 0 && price <= high; price += s->tick) {
		naive_price at = price_at(n, symbol, (uint32_t)price);
		int verdict = compare_prices(&at, &lowest);
		if (at.volume == 0 || verdict < 0) continue;
		if (verdict > 0) lowest = at;
		highest = at;
	}
	naive_price chosen = highest.imbalance > 0 ? highest : lowest;
	return (ix_match_indication){chosen.price, chosen.volume, chosen.imbalance};
}

/* Market orders, then the better price, then those in the book, then the earlier. */
static bool goes_first(const naive_order *a, const naive_order *b) {
	bool market_a = a->type == IX_MATCH_MARKET, market_b = b->type == IX_MATCH_MARKET;
	if (market_a != market_b) return market_a;
	if (a->price != b->price) return a->side == IX_MATCH_BUY ? a->price > b->price : a->price < b->price;
	if (a->stage != b->stage) return a->stage == NAIVE_BOOK;
	return a->rank < b->rank;
}

naive_order *naive_first(naive_match *n, uint16_t symbol, uint8_t side) {
	naive_order *first = NULL;
	for (size_t i = 0; i < NAIVE_ORDERS; i++) {
		naive_order *o = &n->orders[i];
		if (naive_takes_part(o, symbol, side) && (!first || goes_first(o, first))) first = o;
	}
	return first;
}
