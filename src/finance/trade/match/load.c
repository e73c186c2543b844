/* load.c - an engine from the bytes of a snapshot, which are hostile: nothing is believed that was not looked
 * at. See snapshot.h. */
#include "snapshot.h"

typedef struct loader {
	ix_match *e;
	ix_reader r;
	ix_error *err;
} loader;

static int refuse(loader *l, int code, size_t offset, const char *what) {
	return ix_fail(l->err, code, "matching engine's snapshot: offset %zu: %s", offset, what);
}

static int short_of(loader *l) { return refuse(l, IX_ERR_TRUNCATED, l->r.offset, "it ends too early"); }

static int load_head(loader *l, uint32_t *ret_symbols) {
	ix_bytes magic = ix_read_bytes(&l->r, 8);
	if (!magic.data) return short_of(l);
	if (memcmp(magic.data, SNAPSHOT_MAGIC, 8) != 0)
		return refuse(l, IX_ERR_SYNTAX, 0, "it does not begin as a snapshot does");
	uint16_t major = ix_read_u16_le(&l->r);
	(void)ix_read_u16_le(&l->r); /* a newer minor changes nothing that we read */
	if (l->r.failed) return short_of(l);
	if (major != SNAPSHOT_MAJOR) return refuse(l, IX_ERR_VERSION, 8, "a version that is not 1");
	*ret_symbols = ix_read_u32_le(&l->r);
	l->e->command_count = ix_read_u64_le(&l->r);
	l->e->event_count = ix_read_u64_le(&l->r);
	l->e->trade_count = ix_read_u64_le(&l->r);
	l->e->traded_quantity = ix_read_u64_le(&l->r);
	return l->r.failed ? short_of(l) : 0;
}

/* What is wrong with an order of that place, or NULL. The same rules as where orders come in. */
static const char *fault_of(const symbol *s, const order *o) {
	unsigned kind = o->place & 6;
	if (o->type > IX_MATCH_STOP_LIMIT || o->tif > IX_MATCH_AT_AUCTION ||
		o->stp > IX_MATCH_STP_DECREMENT || (o->flags & ~IX_MATCH_POST_ONLY))
		return "an order's type, time in force, prevention or flag is none";
	bool is_priced = kind == PLACE_BOOK   ? o->type == IX_MATCH_LIMIT || o->type == IX_MATCH_STOP_LIMIT
			 : kind == PLACE_STOP ? is_stop(o->type)
			 : kind == PLACE_WAIT ? o->type == IX_MATCH_LIMIT
					      : o->type == IX_MATCH_MARKET;
	bool is_timed = kind == PLACE_BOOK   ? o->tif <= IX_MATCH_GTC
			: kind == PLACE_STOP ? o->tif <= IX_MATCH_FOK
			: kind == PLACE_WAIT ? o->tif == IX_MATCH_AT_AUCTION
					     : o->tif <= IX_MATCH_GTC || o->tif == IX_MATCH_AT_AUCTION;
	if (!is_priced || !is_timed) return "an order waits where its type does not";
	if (judge_terms(s, o->type, o->price_e4, o->left, o->display))
		return "an order's price or quantity is wrong";
	bool has_stop = o->stop_e4 != 0 && is_on_tick(s, o->stop_e4);
	if (is_stop(o->type) ? !has_stop : o->stop_e4 != 0) return "an order's stop price is wrong";
	if (o->flags && (o->type != IX_MATCH_LIMIT || o->tif > IX_MATCH_GTC))
		return "an order may not be post-only";
	if (o->minimum && (kind != PLACE_STOP || o->tif == IX_MATCH_FOK || o->minimum > o->left ||
				  !is_in_lots(s, o->minimum)))
		return "an order's minimum is wrong";
	if (o->display && (is_market(o->type) || o->tif > IX_MATCH_GTC))
		return "an order may not be an iceberg";
	if (o->display && (o->left - 1) / o->display >= IX_MATCH_PARTS_MAX)
		return "an iceberg has too many parts";
	if (kind != PLACE_BOOK) return o->shown ? "an order shows what it may not" : NULL;
	if (o->shown == 0 || o->shown > shown_of(o) || !is_in_lots(s, o->shown))
		return "what an order shows is wrong";
	return !o->display && o->shown != o->left ? "what an order shows is wrong" : NULL;
}

static void read_order(ix_reader *r, order *o) {
	o->number = ix_read_u64_le(r);
	o->owner = ix_read_u32_le(r);
	o->session = ix_read_u32_le(r);
	o->price_e4 = ix_read_u32_le(r);
	o->stop_e4 = ix_read_u32_le(r);
	o->left = ix_read_u32_le(r);
	o->shown = ix_read_u32_le(r);
	o->display = ix_read_u32_le(r);
	o->minimum = ix_read_u32_le(r);
	o->type = ix_read_u8(r);
	o->tif = ix_read_u8(r);
	o->stp = ix_read_u8(r);
	o->flags = ix_read_u8(r);
}

static int place_order(loader *l, symbol *s, const order *o, size_t offset) {
	ix_match *e = l->e;
	side *to = &s->sides[o->place];
	int32_t key = key_of(o->place, place_price(o));
	if (to->count && key < side_best_key(to))
		return refuse(l, IX_ERR_INVALID, offset, "orders are not in the order of their prices");
	if (e->order_count >= e->options.orders_max)
		return refuse(l, IX_ERR_LIMIT, offset, "more orders than orders_max");
	if (!make_order_room(e)) return refuse(l, IX_ERR_MEMORY, offset, "there is no memory for the orders");
	uint64_t promise = o->type == IX_MATCH_STOP_LIMIT && (o->place & 6) == PLACE_STOP, needed = promise;
	needed += to->count == 0 || key > side_best_key(to);
	needed += (uint64_t)e->level_count + e->promised;
	if (needed > e->options.levels_max)
		return refuse(l, IX_ERR_LIMIT, offset, "more price levels than levels_max");
	side *book = &s->sides[PLACE_BOOK + o->side];
	uint64_t promised = s->promised[o->side] + promise;
	if (!make_level_room(e, needed) ||
		!make_side_room(e, to, to->count + (uint64_t)1 + (to == book ? promised : 0)) ||
		!make_side_room(e, book, book->count + promised))
		return refuse(l, IX_ERR_MEMORY, offset, "there is no memory for the price levels");
	uint32_t index = order_take(e);
	e->orders[index] = *o;
	s->promised[o->side] += (uint32_t)promise;
	e->promised += (uint32_t)promise;
	place_append(e, s, index);
	order_list(e, index);
	return 0;
}

static int load_orders(loader *l, symbol *s, uint16_t number, unsigned place, uint32_t count) {
	for (; count > 0; count--) {
		size_t offset = l->r.offset;
		order o = {.symbol = number, .side = (uint8_t)(place & 1), .place = (uint8_t)place};
		read_order(&l->r, &o);
		if (l->r.failed) return short_of(l);
		if (o.number == 0 || table_find(l->e, o.number))
			return refuse(l, IX_ERR_INVALID, offset, "an order's number is 0, or another's");
		const char *fault = fault_of(s, &o);
		if (fault) return refuse(l, IX_ERR_INVALID, offset, fault);
		int code = place_order(l, s, &o, offset);
		if (code) return code;
	}
	return 0;
}

static int load_symbol(loader *l, uint32_t *last) {
	size_t offset = l->r.offset;
	uint16_t number = ix_read_u16_le(&l->r);
	uint8_t state = ix_read_u8(&l->r), filler = ix_read_u8(&l->r);
	uint32_t tick = ix_read_u32_le(&l->r), lot = ix_read_u32_le(&l->r), reference = ix_read_u32_le(&l->r);
	uint32_t counts[PLACE_COUNT];
	for (unsigned place = 0; place < PLACE_COUNT; place++) counts[place] = ix_read_u32_le(&l->r);
	if (l->r.failed) return short_of(l);
	if (number <= *last) return refuse(l, IX_ERR_INVALID, offset, "symbols do not ascend from 1");
	if (number > l->e->options.symbols_max)
		return refuse(l, IX_ERR_LIMIT, offset, "a symbol beyond symbols_max");
	if (state >= IX_MATCH_STATE_COUNT || filler) return refuse(l, IX_ERR_INVALID, offset + 2, "no state");
	if (tick == 0 || lot == 0) return refuse(l, IX_ERR_INVALID, offset + 4, "a tick or lot of 0");
	symbol *s = &l->e->symbols[number];
	symbol_set_up(s, tick, lot);
	s->state = state;
	s->reference_e4 = reference;
	if (!is_on_tick(s, reference))
		return refuse(l, IX_ERR_INVALID, offset + 12, "the reference is off the tick");
	l->e->symbol_count++;
	*last = number;
	for (unsigned place = 0; place < PLACE_COUNT; place++) {
		int code = load_orders(l, s, number, place, counts[place]);
		if (code) return code;
	}
	if (state == IX_MATCH_CONTINUOUS && is_crossed(s))
		return refuse(l, IX_ERR_INVALID, offset, "a book that trades is crossed");
	return 0;
}

static int load(loader *l, ix_bytes snapshot) {
	if (snapshot.size < SNAPSHOT_HEAD + 4) {
		l->r.offset = snapshot.size;
		return short_of(l);
	}
	uint32_t symbols = 0, last = 0;
	int code = load_head(l, &symbols);
	if (code) return code;
	size_t end = snapshot.size - 4;
	if (ix_crc32c(0, snapshot.data, end) != ix_load_u32_le(snapshot.data + end))
		return refuse(l, IX_ERR_CHECKSUM, end, "the checksum is not that of its bytes");
	for (uint32_t i = 0; i < symbols && !code; i++) code = load_symbol(l, &last);
	if (code) return code;
	if (l->r.offset != end) return refuse(l, IX_ERR_SYNTAX, l->r.offset, "bytes behind the last symbol");
	return 0;
}

int ix_match_load(const ix_match_options *options, ix_bytes snapshot, ix_match **ret_engine, ix_error *err) {
	loader l = {.err = err};
	int code = ix_match_new(options, &l.e, err);
	if (code) return code;
	l.r = ix_reader_of((ix_bytes){snapshot.data, snapshot.size < 4 ? 0 : snapshot.size - 4});
	code = load(&l, snapshot);
	if (code) {
		ix_match_free(l.e);
		return code;
	}
	l.e->growth_count = 0; /* taken at once, not in the middle of something */
	*ret_engine = l.e;
	return 0;
}
