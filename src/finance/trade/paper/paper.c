/* paper.c - the venue as a whole: making it, messages on their way, questions. */
#include "state.h"

enum {
	LATENCY_NS = 20000,
	SYMBOLS = 1024,
	MARKET_ORDERS = 262144,
	OWN_ORDERS = 65536,
	LEVELS_LEAST = 1024,
	SIDE_LEAST = 16, /* price levels that each side of a symbol has room for from the start */
	SIDE_MOST = 512,
	TAKEN_RESERVE = 4096, /* at most */
	TAKEN_MAX = 1 << 24,
};

static int allocate(ix_paper *p, ix_error *err) {
	const ix_paper_options *o = &p->options;
	int code = owns_init(p, err);
	if (code) return code;
	taken_map_init(&p->taken, o->allocator, TAKEN_MAX, 2);
	stock_map_init(&p->stocks, o->allocator, o->symbols_max, 3);
	code = taken_map_reserve(&p->taken, least_u32(o->market_orders_reserve, TAKEN_RESERVE), err);
	if (code == 0) code = stock_map_reserve(&p->stocks, o->symbols_max, err);
	if (code) return code;
	size_t symbols = (size_t)o->symbols_max + 1, requests = p->request_max;
	p->symbols = ix_allocate(o->allocator, symbols * sizeof(paper_symbol), _Alignof(paper_symbol));
	p->requests = ix_allocate(o->allocator, requests * sizeof(request), _Alignof(request));
	if (!p->symbols || !p->requests)
		return ix_fail(err, IX_ERR_MEMORY, "no memory for %zu symbols", symbols);
	memset(p->symbols, 0, symbols * sizeof(paper_symbol));
	memset(p->requests, 0, requests * sizeof(request)); /* touched now, not on the way of an order */
	uint32_t levels = o->market_orders_reserve / 4,
		 side = o->market_orders_reserve / (o->symbols_max + 1);
	return ix_match_new(&(ix_match_options){.allocator = o->allocator,
				    .listener = {paper_on_match, p},
				    .symbols_max = o->symbols_max,
				    .orders_reserve = o->market_orders_reserve + o->orders_max,
				    .levels_reserve = levels > LEVELS_LEAST ? levels : LEVELS_LEAST,
				    .side_reserve = side < SIDE_LEAST  ? SIDE_LEAST
						    : side < SIDE_MOST ? side
								       : SIDE_MOST},
		&p->engine, err);
}

int ix_paper_new(const ix_paper_options *options, ix_paper **ret_paper, ix_error *err) {
	ix_paper_options o = *options;
	if (!o.allocator) return ix_fail(err, IX_ERR_USAGE, "paper: there is no allocator");
	if (o.latency_ns == 0) o.latency_ns = LATENCY_NS;
	if (o.symbols_max == 0) o.symbols_max = SYMBOLS;
	if (o.market_orders_reserve == 0) o.market_orders_reserve = MARKET_ORDERS;
	if (o.orders_max == 0) o.orders_max = OWN_ORDERS;
	if (o.symbols_max > UINT16_MAX)
		return ix_fail(err, IX_ERR_LIMIT, "paper: symbols_max is %u, more than %d", o.symbols_max,
			UINT16_MAX);
	if (o.orders_max >= IX_PAPER_ORDERS_MAX)
		return ix_fail(err, IX_ERR_LIMIT, "paper: orders_max is %u, not below %d", o.orders_max,
			IX_PAPER_ORDERS_MAX);
	ix_paper *p = ix_allocate(o.allocator, sizeof *p, _Alignof(ix_paper));
	if (!p) return ix_fail(err, IX_ERR_MEMORY, "paper: no memory");
	*p = (ix_paper){.options = o, .request_max = 2 * o.orders_max};
	int code = allocate(p, err);
	if (code) {
		ix_paper_free(p);
		return ix_wrap(err, code, "paper");
	}
	*ret_paper = p;
	return 0;
}

void ix_paper_free(ix_paper *paper) {
	if (!paper) return;
	const ix_allocator *a = paper->options.allocator;
	ix_match_free(paper->engine);
	ix_release(a, paper->requests, (size_t)paper->request_max * sizeof(request), _Alignof(request));
	ix_release(a, paper->symbols, ((size_t)paper->options.symbols_max + 1) * sizeof(paper_symbol),
		_Alignof(paper_symbol));
	stock_map_fini(&paper->stocks);
	taken_map_fini(&paper->taken);
	owns_fini(paper);
	ix_release(a, paper, sizeof *paper, _Alignof(ix_paper));
}

/* ---- on their way ---- */

static void read_tags(const ix_ouch_message *m, request *r) {
	uint64_t value;
	if (ix_ouch_tag_u64(m->appendage, IX_OUCH_TAG_POST_ONLY, &value)) r->post_only = (uint8_t)value;
	if (ix_ouch_tag_u64(m->appendage, IX_OUCH_TAG_SIDE, &value)) r->side_tag = (uint8_t)value;
	if (ix_ouch_tag_u64(m->appendage, IX_OUCH_TAG_MINIMUM_QUANTITY, &value)) r->has_minimum = value > 0;
	if (ix_ouch_tag_u64(m->appendage, IX_OUCH_TAG_MAX_FLOOR, &value)) r->has_floor = value > 0;
	if (ix_ouch_tag_u64(m->appendage, IX_OUCH_TAG_PRICE_TYPE, &value))
		r->is_pegged = value != IX_OUCH_PRICE_TYPE_LIMIT;
}

static void read_enter(const ix_ouch_enter_order *m, request *r) {
	r->user_ref_num = m->user_ref_num;
	r->side = m->side;
	r->quantity = m->quantity;
	r->price_e4 = m->price_e4;
	r->time_in_force = m->time_in_force;
	r->display = m->display;
	r->capacity = m->capacity;
	r->intermarket_sweep = m->intermarket_sweep;
	r->cross_type = m->cross_type;
	memcpy(r->symbol, m->symbol, sizeof r->symbol);
	memcpy(r->client_order_id, m->client_order_id, sizeof r->client_order_id);
}

static void read_replace(const ix_ouch_replace_order *m, request *r) {
	r->original_user_ref_num = m->original_user_ref_num;
	r->user_ref_num = m->user_ref_num;
	r->quantity = m->quantity;
	r->price_e4 = m->price_e4;
	r->time_in_force = m->time_in_force;
	r->display = m->display;
	r->intermarket_sweep = m->intermarket_sweep;
	memcpy(r->client_order_id, m->client_order_id, sizeof r->client_order_id);
}

static void read_request(const ix_ouch_message *m, request *r) {
	r->type = m->type;
	switch (m->type) {
	case IX_OUCH_ENTER_ORDER: read_enter(&m->enter_order, r); break;
	case IX_OUCH_REPLACE_ORDER: read_replace(&m->replace_order, r); break;
	case IX_OUCH_CANCEL_ORDER:
		r->user_ref_num = m->cancel_order.user_ref_num;
		r->quantity = m->cancel_order.quantity;
		break;
	case IX_OUCH_MODIFY_ORDER:
		r->user_ref_num = m->modify_order.user_ref_num;
		r->side = m->modify_order.side;
		r->quantity = m->modify_order.quantity;
		break;
	case IX_OUCH_MASS_CANCEL:
		r->user_ref_num = m->mass_cancel.user_ref_num;
		memcpy(r->firm, m->mass_cancel.firm, sizeof r->firm);
		memcpy(r->symbol, m->mass_cancel.symbol, sizeof r->symbol);
		break;
	case IX_OUCH_DISABLE_ORDER_ENTRY:
	case IX_OUCH_ENABLE_ORDER_ENTRY:
		r->user_ref_num = m->disable_order_entry.user_ref_num;
		memcpy(r->firm, m->disable_order_entry.firm, sizeof r->firm);
		break;
	default: break;
	}
	read_tags(m, r);
}

int ix_paper_send(ix_paper *paper, ix_bytes message, uint64_t now_ns, uint64_t token, ix_error *err) {
	ix_ouch_message m;
	int code = ix_ouch_decode(IX_OUCH_IN, message, &m, err);
	if (code) return code;
	bool is_order = m.type == IX_OUCH_ENTER_ORDER;
	if (paper->request_count == paper->request_max ||
		(is_order && paper->info.live_count + paper->entering_count >= paper->options.orders_max))
		return ix_fail(err, IX_ERR_BUSY,
			"paper: %u orders are live and %u messages on their way, which is all there is room "
			"for",
			paper->info.live_count, paper->request_count);
	uint32_t at = paper->request_first + paper->request_count;
	if (at >= paper->request_max) at -= paper->request_max;
	request *r = &paper->requests[at];
	*r = (request){.token = token};
	if (ix_add_overflow(now_ns, paper->options.latency_ns, &r->due_ns)) r->due_ns = UINT64_MAX;
	read_request(&m, r);
	paper->request_count++;
	paper->entering_count += is_order;
	return 0;
}

void ix_paper_advance(ix_paper *paper, uint64_t now_ns) {
	if (now_ns > paper->now_ns) paper->now_ns = now_ns;
	while (paper->request_count > 0 && paper->requests[paper->request_first].due_ns <= paper->now_ns) {
		/* A copy: an answer may bring in the next, which may take its place. */
		request r = paper->requests[paper->request_first];
		if (++paper->request_first == paper->request_max) paper->request_first = 0;
		paper->request_count--;
		paper->entering_count -= r.type == IX_OUCH_ENTER_ORDER;
		if (paper->options.on_take) paper->options.on_take(paper->options.context, r.token);
		paper_take(paper, &r);
	}
}

/* ---- questions ---- */

void ix_paper_get_info(const ix_paper *paper, ix_paper_info *ret_info) {
	*ret_info = paper->info;
	ret_info->pending_count = paper->request_count;
	ret_info->shrunk_count = (uint32_t)taken_map_count(&paper->taken);
}

const ix_match *ix_paper_engine(const ix_paper *paper) { return paper->engine; }

uint64_t ix_paper_find(const ix_paper *paper, uint32_t user_ref_num) {
	const own *o = own_find(paper, user_ref_num);
	return o ? o->number : 0;
}

static int check_own(const ix_paper *p, const own *o, ix_error *err) {
	ix_match_order there;
	if (own_find(p, o->user_ref_num) != o)
		return ix_fail(
			err, IX_ERR_INTERNAL, "paper: order %u is not found by its number", o->user_ref_num);
	if (o->is_lifted || !ix_match_find(p->engine, o->number, &there))
		return ix_fail(err, IX_ERR_INTERNAL, "paper: order %u is not in the engine", o->user_ref_num);
	if (there.left != o->left || there.price_e4 != o->price_e4 || there.side != o->side ||
		there.symbol != o->symbol || there.owner != IX_PAPER_OWNER || o->left == 0)
		return ix_fail(
			err, IX_ERR_INTERNAL, "paper: order %u differs from the engine's", o->user_ref_num);
	return 0;
}

int ix_paper_check(const ix_paper *paper, ix_error *err) {
	uint32_t count = 0, in_sides = 0;
	int code = ix_match_check(paper->engine, err);
	for (uint32_t at = paper->all.first; at && code == 0; at = paper->owns[at].all_next, count++)
		code = check_own(paper, &paper->owns[at], err);
	if (code) return code;
	for (uint32_t s = 0; s <= paper->options.symbols_max; s++) {
		for (uint32_t side = 0; side < 2; side++) {
			for (uint32_t at = paper->symbols[s].sides[side].first; at;
				at = paper->owns[at].next, in_sides++) {
				if (paper->owns[at].symbol != s || paper->owns[at].side != side)
					return ix_fail(
						err, IX_ERR_INTERNAL, "paper: an order is in the wrong list");
			}
		}
	}
	if (count != paper->info.live_count || in_sides != count || own_map_count(&paper->by_ref) != count)
		return ix_fail(err, IX_ERR_INTERNAL,
			"paper: %u orders are live, %u in all lists, %u in the sides'",
			paper->info.live_count, count, in_sides);
	return 0;
}
