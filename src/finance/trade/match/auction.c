/* auction.c - the price at which an auction uncrosses, and its trades. */
#include "core.h"

/* ---- the price ----
 * A sweep over prices, upwards. At each: what buyers would take who pay so much or more, what sellers would
 * give who want so much or less, market orders in both. */

enum { BID, ASK, WAIT_BID, WAIT_ASK, SOURCES };

static const uint8_t source_places[SOURCES] = {PLACE_BOOK, PLACE_BOOK + 1, PLACE_WAIT, PLACE_WAIT + 1};

typedef struct sweep {
	const ix_match *e;
	const symbol *s;
	uint32_t passed[SOURCES]; /* levels of each, from the lowest price, that are behind */
	uint64_t buyers, sellers;
} sweep;

/* The level of a source that is the i-th from the lowest price: the best is the last of its array. */
static const level *level_at(const sweep *w, unsigned source, uint32_t i) {
	const side *s = &w->s->sides[source_places[source]];
	return &w->e->levels[side_numbers(s)[source & 1 ? s->count - 1 - i : i]];
}

static uint32_t level_count(const sweep *w, unsigned source) {
	return w->s->sides[source_places[source]].count;
}

static uint64_t waiting_in_market(const ix_match *e, const symbol *s, unsigned side_of) {
	const side *market = &s->sides[PLACE_MARKET + side_of];
	return market->count ? e->levels[side_best(market)].left : 0;
}

static sweep sweep_start(const ix_match *e, const symbol *s) {
	sweep w = {.e = e, .s = s};
	w.buyers = waiting_in_market(e, s, IX_MATCH_BUY);
	w.sellers = waiting_in_market(e, s, IX_MATCH_SELL);
	for (unsigned source = BID; source < SOURCES; source += 2) {
		for (uint32_t i = 0; i < level_count(&w, source); i++)
			w.buyers += level_at(&w, source, i)->left;
	}
	return w;
}

static void sweep_to(sweep *w, uint64_t price) {
	for (unsigned source = 0; source < SOURCES; source++) {
		for (; w->passed[source] < level_count(w, source); w->passed[source]++) {
			const level *l = level_at(w, source, w->passed[source]);
			if (source & 1 ? l->price_e4 > price : l->price_e4 >= price) break;
			if (source & 1)
				w->sellers += l->left;
			else
				w->buyers -= l->left;
		}
	}
}

static void take_lower(uint64_t candidate, uint64_t above, uint64_t *best) {
	if (candidate > above && candidate < *best) *best = candidate;
}

/* The next price above `price` at which something can be different: where an order's limit is, one tick to
 * the side on which it does not trade, and the reference. */
static uint64_t sweep_next(const sweep *w, uint64_t price) {
	uint64_t next = UINT64_MAX, tick = w->s->tick_e4;
	for (unsigned source = 0; source < SOURCES; source++) {
		if (w->passed[source] == level_count(w, source)) continue;
		uint64_t at = level_at(w, source, w->passed[source])->price_e4;
		take_lower(at, price, &next);
		take_lower(source & 1 ? at - tick : at + tick, price, &next);
	}
	take_lower(w->s->reference_e4, price, &next);
	return next;
}

/* The lowest and the highest limit; false when there is none. */
static bool limits(const sweep *w, uint64_t *ret_low, uint64_t *ret_high) {
	uint64_t low = UINT64_MAX, high = 0;
	for (unsigned source = 0; source < SOURCES; source++) {
		uint32_t count = level_count(w, source);
		if (count == 0) continue;
		uint64_t first = level_at(w, source, 0)->price_e4,
			 last = level_at(w, source, count - 1)->price_e4;
		if (first < low) low = first;
		if (last > high) high = last;
	}
	*ret_low = low;
	*ret_high = high;
	return high != 0;
}

typedef struct found {
	uint64_t volume, imbalance, distance; /* the best so far; imbalance without its sign */
	uint64_t low, high;                   /* the lowest and highest price with them */
	int64_t low_imbalance, high_imbalance;
} found;

static void judge_price(const sweep *w, uint64_t price, found *best) {
	uint64_t volume = w->buyers < w->sellers ? w->buyers : w->sellers;
	int64_t imbalance = (int64_t)(w->buyers - w->sellers);
	uint64_t size = imbalance < 0 ? 0 - (uint64_t)imbalance : (uint64_t)imbalance, distance = 0;
	uint64_t reference = w->s->reference_e4;
	if (reference) distance = price > reference ? price - reference : reference - price;
	if (volume == 0 || volume < best->volume) return;
	if (volume == best->volume) {
		if (size > best->imbalance) return;
		if (size == best->imbalance && distance > best->distance) return;
		if (size == best->imbalance && distance == best->distance) {
			best->high = price;
			best->high_imbalance = imbalance;
			return;
		}
	}
	*best = (found){volume, size, distance, price, price, imbalance, imbalance};
}

static ix_match_indication indicate(const ix_match *e, const symbol *s) {
	sweep w = sweep_start(e, s);
	found best = {0};
	uint64_t low, high;
	if (limits(&w, &low, &high)) {
		for (uint64_t price = low; price <= high; price = sweep_next(&w, price)) {
			sweep_to(&w, price);
			judge_price(&w, price, &best);
		}
	} else if (s->reference_e4) {
		judge_price(&w, s->reference_e4, &best); /* nobody has named a price */
	}
	bool is_high = best.high_imbalance > 0;
	return (ix_match_indication){.price_e4 = (uint32_t)(is_high ? best.high : best.low),
		.volume = best.volume,
		.imbalance = is_high ? best.high_imbalance : best.low_imbalance};
}

ix_match_indication ix_match_indicate(const ix_match *e, uint16_t number) {
	const symbol *s = symbol_of(e, number);
	return s ? indicate(e, s) : (ix_match_indication){0};
}

/* ---- the trades ---- */

/* Who trades next of a side: market orders, then the best price, there the book before those who wait for the
 * auction only, then the first in the queue. */
static uint32_t first_of(const ix_match *e, const symbol *s, unsigned side_of) {
	const side *market = &s->sides[PLACE_MARKET + side_of];
	const side *book = &s->sides[PLACE_BOOK + side_of], *wait = &s->sides[PLACE_WAIT + side_of];
	const side *from = market->count ? market : book;
	if (!market->count && wait->count && (!book->count || side_best_key(wait) > side_best_key(book)))
		from = wait;
	return e->levels[side_best(from)].head;
}

/* What has traded of an order is gone; so is the order, if that was all. */
static void take_off(ix_match *e, symbol *s, uint32_t index, uint32_t size) {
	order *o = &e->orders[index];
	uint32_t left = o->left - size;
	if (left) {
		place_reduce(e, o, left, min_u32(o->shown, left));
		return;
	}
	place_remove(e, s, index);
	order_end(e, index);
}

static void trade_all(ix_match *e, symbol *s, uint32_t price_e4, uint64_t volume) {
	while (volume) {
		uint32_t buyer = first_of(e, s, IX_MATCH_BUY), seller = first_of(e, s, IX_MATCH_SELL);
		const order *b = &e->orders[buyer], *a = &e->orders[seller];
		uint32_t size = min_u32(b->left, a->left);
		if (size > volume) size = (uint32_t)volume;
		volume -= size;
		e->traded_quantity += size;
		ix_match_event event = {.order = b->number,
			.maker = a->number,
			.match = ++e->trade_count,
			.owner = b->owner,
			.maker_owner = a->owner,
			.price_e4 = price_e4,
			.quantity = size,
			.left = b->left - size,
			.maker_left = a->left - size,
			.symbol = b->symbol,
			.kind = IX_MATCH_TRADE,
			.side = IX_MATCH_BUY,
			.is_auction = true};
		tell(e, &event);
		take_off(e, s, buyer, size);
		take_off(e, s, seller, size);
	}
}

/* Those that took part in this auction only. */
static void cancel_rest(ix_match *e, symbol *s) {
	for (unsigned place = PLACE_WAIT; place < PLACE_COUNT; place++) {
		const side *from = &s->sides[place];
		while (from->count) {
			uint32_t index = e->levels[side_best(from)].head;
			bool is_asked = e->orders[index].tif == IX_MATCH_AT_AUCTION;
			order_drop(e, s, index, is_asked ? IX_MATCH_CANCEL_AUCTION : IX_MATCH_CANCEL_MARKET);
		}
	}
}

ix_match_reason uncross(ix_match *e, const ix_match_command *c) {
	symbol *s = symbol_of(e, c->symbol);
	if (!s) return IX_MATCH_REJECT_SYMBOL;
	if (s->state != IX_MATCH_AUCTION) return IX_MATCH_REJECT_STATE;
	if (c->state >= IX_MATCH_STATE_COUNT) return IX_MATCH_REJECT_FIELDS;
	ix_match_indication at = indicate(e, s);
	trade_all(e, s, at.price_e4, at.volume);
	ix_match_event event = {.price_e4 = at.price_e4,
		.quantity = at.volume < UINT32_MAX ? (uint32_t)at.volume : UINT32_MAX,
		.volume = at.volume,
		.symbol = c->symbol,
		.kind = IX_MATCH_UNCROSSED,
		.state = c->state};
	tell(e, &event);
	cancel_rest(e, s);
	set_state(e, s, c->state);
	if (at.volume && c->state == IX_MATCH_CONTINUOUS) {
		e->has_traded = true;
		e->trade_low = e->trade_high = at.price_e4;
		stops_run(e, s);
	}
	return IX_MATCH_OK;
}
