/* day_maker.h - a random day of ITCH in memory, valid in every message, for tests that need many: a market of
 * a few symbols where orders come, trade, shrink, move and go, and everything else that the feed says. */
#ifndef DAY_MAKER_H
#define DAY_MAKER_H

#include <inox/itch.h>
#include <inox/rng.h>
#include <inox/testing.h>

typedef struct day_order {
	uint64_t reference;
	uint32_t shares, price;
	uint16_t locate;
	uint8_t side;
} day_order;

typedef struct day_maker {
	ix_rng rng;
	uint8_t *data;
	size_t size, capacity;
	uint64_t message_count, time_ns, reference, match;
	day_order *live;
	uint32_t live_count, live_max;
	uint16_t symbols;
} day_maker;

/* Grows the day's bytes; a test without memory fails. */
static inline uint8_t *day_grow(uint8_t *data, size_t size) {
	uint8_t *larger = realloc(data, size);
	assert_non_null(larger);
	return larger;
}

static inline void day_put(day_maker *d, ix_itch_message *m) {
	d->time_ns += ix_rng_below(&d->rng, 5000);
	m->timestamp_ns = d->time_ns;
	if (d->capacity - d->size < 2 + IX_ITCH_SIZE_MAX) {
		d->capacity = d->capacity * 2 + 4096;
		d->data = day_grow(d->data, d->capacity);
	}
	d->size += ix_itch_encode_framed(m, d->data + d->size);
	d->message_count++;
}

static inline void day_name(uint16_t locate, char stock[8]) {
	char text[16];
	size_t size = ix_format(text, sizeof text, "S%u", locate);
	ix_itch_set_text(stock, 8, (ix_str){text, size});
}

static inline uint32_t day_below(day_maker *d, uint32_t n) { return (uint32_t)ix_rng_below(&d->rng, n); }

/* Buyers below 50.00, sellers above. */
static inline uint32_t day_price(day_maker *d, uint8_t side) {
	uint32_t away = 100 * (1 + day_below(d, day_below(d, 20) ? 12 : 200));
	return side == 'B' ? 500000 - away : 500000 + away;
}

static inline void day_add(day_maker *d) {
	day_order *o = &d->live[d->live_count++];
	*o = (day_order){.reference = d->reference += 1 + day_below(d, 3),
		.locate = (uint16_t)(1 + day_below(d, day_below(d, 2) ? d->symbols : 1 + d->symbols / 4U)),
		.side = day_below(d, 2) ? 'B' : 'S',
		.shares = 1 + day_below(d, 500)};
	o->price = day_price(d, o->side);
	ix_itch_message m = {.type = day_below(d, 40) ? IX_ITCH_ADD_ORDER : IX_ITCH_ADD_ORDER_ATTRIBUTED,
		.locate = o->locate};
	m.add_order.reference = o->reference;
	m.add_order.side = o->side;
	m.add_order.shares = o->shares;
	m.add_order.price_e4 = o->price;
	day_name(o->locate, m.add_order.stock);
	if (m.type == IX_ITCH_ADD_ORDER_ATTRIBUTED) memcpy(m.add_order_attributed.attribution, "GSCO", 4);
	day_put(d, &m);
}

/* Something happens to a live order, mostly a recent one. */
static inline void day_change(day_maker *d) {
	uint32_t back = day_below(d, day_below(d, 4) ? 1 + d->live_count / 8 : d->live_count);
	day_order *o = &d->live[d->live_count - 1 - back];
	ix_itch_message m = {.locate = o->locate};
	uint32_t kind = day_below(d, 20), shares = 1 + day_below(d, o->shares);
	if (kind < 3) {
		m.type = IX_ITCH_ORDER_REPLACE;
		m.order_replace.reference = o->reference;
		m.order_replace.new_reference = o->reference = d->reference += 1 + day_below(d, 3);
		m.order_replace.shares = o->shares = 1 + day_below(d, 500);
		m.order_replace.price_e4 = o->price = day_price(d, o->side);
		day_put(d, &m);
		return;
	}
	if (kind < 6) {
		m.type = kind == 3 ? IX_ITCH_ORDER_EXECUTED_PRICE : IX_ITCH_ORDER_EXECUTED;
		m.order_executed_price.shares = shares;
		m.order_executed_price.match = ++d->match;
		if (kind == 3) {
			m.order_executed_price.printable = day_below(d, 2) ? 'Y' : 'N';
			m.order_executed_price.price_e4 = o->price + 100;
		}
	} else if (kind < 8) {
		m.type = IX_ITCH_ORDER_CANCEL;
		m.order_cancel.shares = shares;
	} else {
		m.type = IX_ITCH_ORDER_DELETE;
		shares = o->shares;
	}
	m.order_delete.reference = o->reference; /* the first field of all of them */
	day_put(d, &m);
	o->shares -= shares;
	if (o->shares == 0) *o = d->live[--d->live_count];
}

/* What is not about an order. */
static inline void day_news(day_maker *d) {
	static const uint8_t types[] = {
		'H', 'Y', 'L', 'K', 'J', 'h', 'P', 'Q', 'I', 'N', 'O', 'B', 'W', 'V', 'S'};
	ix_itch_message m = {.type = types[day_below(d, IX_COUNT(types))],
		.locate = (uint16_t)(1 + day_below(d, d->symbols))};
	char stock[8];
	day_name(m.locate, stock);
	switch (m.type) {
	case 'H':
		memcpy(m.trading_action.stock, stock, 8);
		m.trading_action.trading_state = 'T';
		break;
	case 'Y':
		memcpy(m.reg_sho.stock, stock, 8);
		m.reg_sho.action = '1';
		break;
	case 'L':
		memcpy(m.participant_position.stock, stock, 8);
		memcpy(m.participant_position.mpid, "UBSS", 4);
		m.participant_position.mpid[3] = (char)('A' + day_below(d, 20));
		break;
	case 'K': memcpy(m.ipo_quoting.stock, stock, 8); break;
	case 'J': memcpy(m.luld_collar.stock, stock, 8); break;
	case 'h':
		memcpy(m.operational_halt.stock, stock, 8);
		m.operational_halt.market = 'Q';
		m.operational_halt.action = day_below(d, 2) ? 'H' : 'T';
		break;
	case 'P':
		memcpy(m.trade.stock, stock, 8);
		m.trade.side = 'B';
		m.trade.shares = 100;
		m.trade.price_e4 = 500000 + day_below(d, 100);
		m.trade.match = ++d->match;
		break;
	case 'Q':
		memcpy(m.cross_trade.stock, stock, 8);
		m.cross_trade.shares = day_below(d, 2) * 1000;
		m.cross_trade.price_e4 = 500000;
		m.cross_trade.match = ++d->match;
		break;
	case 'I':
		memcpy(m.noii.stock, stock, 8);
		m.noii.paired_shares = day_below(d, 1000);
		break;
	case 'N':
		memcpy(m.rpii.stock, stock, 8);
		m.rpii.interest = 'A';
		break;
	case 'O': memcpy(m.direct_listing.stock, stock, 8); break;
	case 'B':
		m.broken_trade.match = 1 + (uint64_t)day_below(d, (uint32_t)d->match + 1);
		m.locate = 0;
		break;
	default: m.locate = 0; break;
	}
	day_put(d, &m);
}

/* A day of about `messages` messages with up to `live_max` live orders at a time. Free it with day_free. */
static inline day_maker day_make(uint64_t seed, uint16_t symbols, uint32_t live_max, uint64_t messages) {
	day_maker d = {.symbols = symbols, .live_max = live_max, .time_ns = UINT64_C(34200000000000)};
	ix_rng_seed(&d.rng, seed);
	d.reference = ix_rng_below(&d.rng, 100000);
	d.live = malloc((size_t)live_max * sizeof *d.live);
	for (uint16_t locate = 1; locate <= symbols; locate++) {
		ix_itch_message m = {.type = IX_ITCH_STOCK_DIRECTORY, .locate = locate};
		day_name(locate, m.stock_directory.stock);
		day_put(&d, &m);
	}
	while (d.message_count < messages) {
		uint32_t kind = day_below(&d, 100);
		if (kind < 3)
			day_news(&d);
		else if (d.live_count < live_max && (kind < 52 || d.live_count < live_max / 16 + 1))
			day_add(&d);
		else if (d.live_count > 0)
			day_change(&d);
	}
	return d;
}

static inline void day_free(day_maker *d) {
	free(d->data);
	free(d->live);
}

#endif
