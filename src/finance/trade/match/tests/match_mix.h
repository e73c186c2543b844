/* match_mix.h - streams of random commands from a seed, by mixes of order types. At most MIX_NUMBERS orders
 * are alive at a time: before a number leaves the window, it is cancelled. */
#ifndef MATCH_MIX_H
#define MATCH_MIX_H

#include <inox/match.h>
#include <inox/rng.h>

enum { MIX_NUMBERS = 64, MIX_SYMBOLS = 3 };

typedef struct mix {
	const char *name;
	uint32_t submits, cancels, replaces, others; /* shares of the commands */
	uint32_t auctions;                           /* in a thousand, a change of state or an uncross */
	uint32_t types[4], tifs[5];                  /* shares of the orders */
	uint32_t icebergs, minimums, post_only, own; /* in a hundred orders */
	uint32_t prices, base_ticks, tick, lot,
		lots;      /* prices base … base + prices - 1 ticks; up to so many lots */
	uint32_t nonsense; /* in a thousand commands, a field that is anything */
} mix;

static const mix mixes[] = {
	{"limit", 60, 25, 15, 0, 0, {1}, {1}, .prices = 12, .base_ticks = 100, .tick = 100, .lot = 1,
		.lots = 50},
	{"immediate", 70, 20, 10, 0, 0, {6, 2}, {4, 1, 3, 3}, .minimums = 15, .post_only = 10, .prices = 8,
		.base_ticks = 1, .tick = 1, .lot = 10, .lots = 9},
	{"stops", 75, 15, 10, 0, 0, {5, 1, 3, 3}, {4, 1, 1, 1}, .minimums = 5, .prices = 16, .base_ticks = 50,
		.tick = 5, .lot = 1, .lots = 20},
	{"icebergs", 65, 20, 15, 0, 0, {8, 1}, {8, 2, 1, 2}, .icebergs = 60, .minimums = 10, .prices = 6,
		.base_ticks = 7, .tick = 3, .lot = 5, .lots = 30},
	{"self-trade", 70, 20, 10, 0, 0, {7, 1, 1, 1}, {6, 1, 2, 3}, .icebergs = 30, .minimums = 20,
		.own = 90, .prices = 6, .base_ticks = 20, .tick = 1, .lot = 1, .lots = 12},
	{"auctions", 70, 18, 8, 4, 30, {8, 3, 1, 1}, {5, 2, 1, 1, 4}, .icebergs = 20, .own = 20, .prices = 24,
		.base_ticks = 40, .tick = 25, .lot = 1, .lots = 15},
	{"everything", 62, 20, 14, 4, 10, {8, 2, 2, 2}, {6, 2, 2, 2, 1}, .icebergs = 20, .minimums = 10,
		.post_only = 8, .own = 40, .prices = 14, .base_ticks = 30, .tick = 10, .lot = 2, .lots = 20,
		.nonsense = 40},
	{"extremes", 62, 20, 14, 4, 12, {8, 2, 2, 2}, {6, 2, 2, 2, 1}, .icebergs = 20, .minimums = 10,
		.own = 20, .prices = 8, .base_ticks = UINT32_MAX - 7, .tick = 1, .lot = 1, .lots = UINT32_MAX,
		.nonsense = 10},
};

typedef struct mixer {
	ix_rng rng;
	const mix *mix;
	uint64_t numbers[MIX_NUMBERS]; /* the latest given */
	uint64_t next_number, time_ns;
	uint32_t at, symbols_made;
	bool is_opened;
	uint8_t state;
} mixer;

static inline uint32_t mixer_below(mixer *m, uint32_t bound) {
	return (uint32_t)ix_rng_below(&m->rng, bound);
}
static inline bool mixer_chance(mixer *m, uint32_t of_hundred) { return mixer_below(m, 100) < of_hundred; }

static inline uint8_t mixer_pick(mixer *m, const uint32_t *shares, uint8_t count) {
	uint32_t sum = 0;
	for (uint8_t i = 0; i < count; i++) sum += shares[i];
	uint32_t at = mixer_below(m, sum);
	uint8_t i = 0;
	while (at >= shares[i]) at -= shares[i++];
	return i;
}

static inline mixer mixer_of(const mix *of, uint64_t seed) {
	mixer m = {.mix = of, .state = IX_MATCH_CONTINUOUS};
	ix_rng_seed(&m.rng, seed);
	m.next_number = 1 + ix_rng_u64(&m.rng) % 1000;
	return m;
}

static inline uint32_t mixer_price(mixer *m) {
	return (m->mix->base_ticks + mixer_below(m, m->mix->prices)) * m->mix->tick;
}

/* Small ones more often than large ones. */
static inline uint32_t mixer_quantity(mixer *m) {
	uint32_t lots = m->mix->lots, most = mixer_chance(m, 70) && lots > 8 ? lots / 8 : lots;
	if (lots == UINT32_MAX && mixer_chance(m, 10)) return UINT32_MAX;
	return (1 + mixer_below(m, most)) * m->mix->lot;
}

static inline uint16_t mixer_symbol(mixer *m) { return (uint16_t)(1 + mixer_below(m, MIX_SYMBOLS)); }

static inline void mixer_submit(mixer *m, ix_match_command *c) {
	const mix *x = m->mix;
	c->kind = IX_MATCH_SUBMIT;
	c->symbol = mixer_symbol(m);
	c->order = m->next_number;
	m->next_number += 1 + mixer_below(m, 3);
	m->numbers[m->at++ % MIX_NUMBERS] = c->order;
	c->type = mixer_pick(m, x->types, 4);
	c->tif = mixer_pick(m, x->tifs, 5);
	c->side = (uint8_t)mixer_below(m, 2);
	c->quantity = mixer_quantity(m);
	c->owner = mixer_chance(m, x->own) ? 1 + mixer_below(m, 2)
					   : mixer_below(m, 2) * (3 + mixer_below(m, 50));
	c->session = 1 + mixer_below(m, 4);
	c->stp = (uint8_t)mixer_below(m, 5);
	if (c->type == IX_MATCH_LIMIT || c->type == IX_MATCH_STOP_LIMIT) c->price_e4 = mixer_price(m);
	if (c->type >= IX_MATCH_STOP) {
		c->stop_e4 = mixer_price(m);
		if (c->tif == IX_MATCH_AT_AUCTION) c->tif = IX_MATCH_DAY;
	}
	bool is_resting = c->tif <= IX_MATCH_GTC && c->price_e4;
	if (is_resting && mixer_chance(m, x->icebergs)) {
		uint32_t lots = c->quantity / x->lot, parts = 1 + mixer_below(m, 12);
		c->display = (1 + (lots - 1) / parts) * x->lot;
	}
	if (mixer_chance(m, x->minimums) && c->tif != IX_MATCH_FOK && c->tif != IX_MATCH_AT_AUCTION)
		c->minimum = (1 + mixer_below(m, c->quantity / x->lot)) * x->lot;
	if (is_resting && c->type == IX_MATCH_LIMIT && !c->minimum && mixer_chance(m, x->post_only))
		c->flags = IX_MATCH_POST_ONLY;
}

static inline void mixer_replace(mixer *m, ix_match_command *c) {
	uint64_t *number = &m->numbers[mixer_below(m, MIX_NUMBERS)];
	c->kind = IX_MATCH_REPLACE;
	c->order = *number;
	c->new_order = mixer_chance(m, 25) ? c->order : m->next_number++;
	c->quantity = mixer_quantity(m);
	c->price_e4 = mixer_chance(m, 92) ? mixer_price(m) : 0;
	if (mixer_chance(m, m->mix->icebergs))
		c->display = (1 + (c->quantity / m->mix->lot - 1) / (1 + mixer_below(m, 9))) * m->mix->lot;
	if (mixer_chance(m, 5)) c->stop_e4 = mixer_price(m);
	*number = c->new_order;
}

static inline void mixer_other(mixer *m, ix_match_command *c) {
	switch (mixer_below(m, 8)) {
	case 0: c->kind = IX_MATCH_EXPIRE; break;
	case 1:
		c->kind = IX_MATCH_REFERENCE;
		c->price_e4 = mixer_price(m);
		break;
	default:
		c->kind = IX_MATCH_MASS_CANCEL;
		if (mixer_chance(m, 60)) c->owner = 1 + mixer_below(m, 4);
		if (mixer_chance(m, 50)) c->session = 1 + mixer_below(m, 4);
		if (mixer_chance(m, 50)) {
			c->flags = IX_MATCH_HAS_SIDE;
			c->side = (uint8_t)mixer_below(m, 2);
		}
		break;
	}
	c->symbol = mixer_chance(m, 80) ? mixer_symbol(m) : 0;
}

/* Auctions open and end; now and then a halt. */
static inline void mixer_auction(mixer *m, ix_match_command *c) {
	c->symbol = mixer_chance(m, 90) ? mixer_symbol(m) : 0;
	c->kind = mixer_chance(m, 55) ? IX_MATCH_UNCROSS : IX_MATCH_STATE;
	uint32_t which = mixer_below(m, 20);
	bool is_uncross = c->kind == IX_MATCH_UNCROSS;
	c->state = which == 0                      ? IX_MATCH_HALTED
		   : which == 1                    ? IX_MATCH_CLOSED
		   : which < (is_uncross ? 17 : 8) ? IX_MATCH_CONTINUOUS
						   : IX_MATCH_AUCTION;
	if (is_uncross && c->symbol == 0) c->symbol = 1;
}

/* A field is anything; but a price stays near the others, because the naive engine tries all between them. */
static inline void mixer_spoil(mixer *m, ix_match_command *c) {
	uint32_t value =
		mixer_chance(m, 50) ? mixer_below(m, 4) : (uint32_t)ix_rng_u64(&m->rng) >> mixer_below(m, 32);
	switch (mixer_below(m, 14)) {
	case 0:
		c->price_e4 = mixer_chance(m, 30) ? 0 : m->mix->base_ticks * m->mix->tick - (value & 31);
		break;
	case 1: c->stop_e4 = value; break;
	case 2: c->quantity = value; break;
	case 3: c->display = value; break;
	case 4: c->minimum = value; break;
	case 5: c->symbol = (uint16_t)mixer_below(m, 9); break;
	case 6: c->kind = (uint8_t)mixer_below(m, IX_MATCH_KIND_COUNT + 1); break;
	case 7: c->side = (uint8_t)value; break;
	case 8: c->type = (uint8_t)value; break;
	case 9: c->tif = (uint8_t)value; break;
	case 10: c->stp = (uint8_t)value; break;
	case 11: c->flags = (uint8_t)value; break;
	case 12: c->order = m->numbers[mixer_below(m, MIX_NUMBERS)]; break;
	default: c->state = (uint8_t)mixer_below(m, 5); break;
	}
}

static inline ix_match_command mixer_next(mixer *m) {
	ix_match_command c = {.time_ns = m->time_ns += 1 + mixer_below(m, 1000)};
	if (m->symbols_made < MIX_SYMBOLS) {
		c.kind = IX_MATCH_ADD_SYMBOL;
		c.symbol = (uint16_t)++m->symbols_made;
		c.tick_e4 = m->mix->tick;
		c.lot = m->mix->lot;
		return c;
	}
	if (!m->is_opened) {
		m->is_opened = true;
		c.kind = IX_MATCH_STATE;
		c.state = IX_MATCH_CONTINUOUS;
		return c;
	}
	const uint32_t shares[4] = {m->mix->submits, m->mix->cancels, m->mix->replaces, m->mix->others};
	uint8_t what = mixer_below(m, 1000) < m->mix->auctions ? 4 : mixer_pick(m, shares, 4);
	if (what == 0 && m->numbers[m->at % MIX_NUMBERS]) {
		c.kind = IX_MATCH_CANCEL; /* its number leaves the window */
		c.order = m->numbers[m->at % MIX_NUMBERS];
		m->numbers[m->at % MIX_NUMBERS] = 0;
		return c;
	}
	switch (what) {
	case 0: mixer_submit(m, &c); break;
	case 1:
		c.kind = IX_MATCH_CANCEL;
		c.order = m->numbers[mixer_below(m, MIX_NUMBERS)];
		if (mixer_chance(m, 20)) c.quantity = mixer_quantity(m);
		break;
	case 2: mixer_replace(m, &c); break;
	case 3: mixer_other(m, &c); break;
	default: mixer_auction(m, &c); break;
	}
	if (mixer_below(m, 1000) < m->mix->nonsense) mixer_spoil(m, &c);
	return c;
}

#endif
