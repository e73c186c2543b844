/* naive_paper.h - the fill model of README.md once more, in the plainest way: a list of orders that is
 * searched from end to end, no engine, no queues. It says what the venue on paper must answer. */
#ifndef NAIVE_PAPER_H
#define NAIVE_PAPER_H

#include <inox/itch.h>
#include <inox/testing.h>

enum { NAIVE_ORDERS = 1 << 15, NAIVE_ANSWERS = 1 << 12, NAIVE_SYMBOLS = 65 };

typedef struct naive_order {
	uint64_t reference; /* of the feed's; 0: ours */
	uint64_t time;      /* place in its queue: smaller is earlier */
	uint32_t ref;       /* of ours: the UserRefNum */
	uint32_t birth;     /* of ours: the order of entering */
	uint32_t price, left;
	uint32_t feed_left; /* of the feed's: what it believes */
	uint32_t executed;
	uint16_t symbol;
	bool is_buy, is_post_only, is_lifted, is_gone; /* gone: out at the end of the step */
	char side;                                     /* of ours: as it was given */
} naive_order;

typedef struct naive_answer {
	char type;
	uint32_t ref, quantity, price;
	uint16_t detail; /* reason, flag, side */
} naive_answer;

/* What a client asks: the fields of OUCH that count. */
typedef struct naive_request {
	char type, side;
	uint32_t ref, original, quantity, price;
	uint16_t symbol; /* 0: any */
	bool is_ioc, is_post_only;
} naive_request;

typedef struct naive {
	naive_order orders[NAIVE_ORDERS];
	uint32_t count, births;
	uint64_t clock;
	uint32_t last_ref;
	bool is_closed, is_halted[NAIVE_SYMBOLS], is_operational[NAIVE_SYMBOLS], is_gathering[NAIVE_SYMBOLS];
	naive_answer answers[NAIVE_ANSWERS];
	uint32_t answer_count;
} naive;

static inline void naive_say(
	naive *n, char type, uint32_t ref, uint32_t quantity, uint32_t price, uint16_t detail) {
	assert_true(n->answer_count < NAIVE_ANSWERS);
	n->answers[n->answer_count++] = (naive_answer){type, ref, quantity, price, detail};
}

static inline naive_order *naive_push(naive *n, naive_order order) {
	assert_true(n->count < NAIVE_ORDERS);
	order.time = ++n->clock;
	n->orders[n->count] = order;
	return &n->orders[n->count++];
}

static inline naive_order *naive_feed_order(naive *n, uint64_t reference) {
	for (uint32_t i = 0; i < n->count; i++) {
		if (n->orders[i].reference == reference && !n->orders[i].is_gone) return &n->orders[i];
	}
	return NULL;
}

static inline naive_order *naive_ours(naive *n, uint32_t ref) {
	for (uint32_t i = 0; i < n->count; i++) {
		if (!n->orders[i].reference && n->orders[i].ref == ref && !n->orders[i].is_gone)
			return &n->orders[i];
	}
	return NULL;
}

static inline bool naive_in_book(const naive_order *o) { return o->left > 0 && !o->is_gone && !o->is_lifted; }

/* Is a better, or as good and earlier? Of one side. */
static inline bool naive_before(const naive_order *a, const naive_order *b) {
	if (a->price != b->price) return a->is_buy ? a->price > b->price : a->price < b->price;
	return a->time < b->time;
}

static inline naive_order *naive_best(naive *n, uint16_t symbol, bool is_buy) {
	naive_order *best = NULL;
	for (uint32_t i = 0; i < n->count; i++) {
		naive_order *o = &n->orders[i];
		if (!naive_in_book(o) || o->symbol != symbol || o->is_buy != is_buy) continue;
		if (!best || naive_before(o, best)) best = o;
	}
	return best;
}

static inline bool naive_crosses(const naive_order *a, const naive_order *b) {
	return a->is_buy ? a->price >= b->price : a->price <= b->price;
}

static inline void naive_executed(naive *n, naive_order *o, uint32_t quantity, uint32_t price, char flag) {
	o->left -= quantity;
	o->executed += quantity;
	naive_say(n, 'E', o->ref, quantity, price, (uint16_t)flag);
	if (o->left == 0) o->is_gone = true;
}

/* The order comes in: trades as far as it may. False: ours, and it met one of ours. */
static inline bool naive_trade(naive *n, naive_order *o) {
	while (o->left > 0 && !o->is_gone) {
		naive_order *other = naive_best(n, o->symbol, !o->is_buy);
		if (!other || !naive_crosses(o, other)) return true;
		if (!o->reference && !other->reference) return false;
		uint32_t size = o->left < other->left ? o->left : other->left, price = other->price;
		if (o->reference)
			o->left -= size;
		else
			naive_executed(n, o, size, price, 'R');
		if (other->reference)
			other->left -= size;
		else
			naive_executed(n, other, size, price, 'A');
	}
	return true;
}

/* ---- the feed ---- */

static inline void naive_add(
	naive *n, uint16_t symbol, uint64_t reference, bool is_buy, uint32_t shares, uint32_t price) {
	naive_order order = {.reference = reference,
		.symbol = symbol,
		.is_buy = is_buy,
		.price = price,
		.feed_left = shares};
	naive_order *o = naive_push(n, order);
	o->left = shares;
	if (!n->is_gathering[symbol]) (void)naive_trade(n, o);
}

static inline void naive_reduce(naive *n, uint64_t reference, uint32_t shares) {
	naive_order *o = naive_feed_order(n, reference);
	if (!o) return;
	o->feed_left -= shares < o->feed_left ? shares : o->feed_left;
	if (o->left > o->feed_left) o->left = o->feed_left;
	if (o->feed_left == 0) o->is_gone = true;
}

/* Ours that are in front: strictly better than the price, or, where there is an order `hit`, before it. */
static inline void naive_fill(
	naive *n, uint16_t symbol, bool is_buy, uint32_t price, const naive_order *hit, uint32_t shares) {
	while (shares > 0 && !n->is_gathering[symbol]) {
		naive_order *best = NULL;
		for (uint32_t i = 0; i < n->count; i++) {
			naive_order *o = &n->orders[i];
			if (o->reference || !naive_in_book(o) || o->symbol != symbol || o->is_buy != is_buy)
				continue;
			bool is_better = is_buy ? o->price > price : o->price < price;
			if (!is_better && !(hit && hit->left > 0 && naive_before(o, hit))) continue;
			if (!best || naive_before(o, best)) best = o;
		}
		if (!best) return;
		uint32_t size = shares < best->left ? shares : best->left;
		shares -= size;
		naive_executed(n, best, size, best->price, 'A');
	}
}

static inline void naive_execute(naive *n, uint64_t reference, uint32_t shares) {
	const naive_order *hit = naive_feed_order(n, reference);
	if (!hit) return;
	naive_fill(n, hit->symbol, hit->is_buy, hit->price, hit, shares);
	naive_reduce(n, reference, shares);
}

static inline bool naive_is_crossed(naive *n, uint16_t symbol) {
	const naive_order *bid = naive_best(n, symbol, true), *ask = naive_best(n, symbol, false);
	return bid && ask && bid->price >= ask->price;
}

/* Our orders in the order of entering: the next after `birth`; NULL: that was the last. */
static inline naive_order *naive_next_ours(naive *n, uint32_t birth) {
	naive_order *next = NULL;
	for (uint32_t i = 0; i < n->count; i++) {
		naive_order *o = &n->orders[i];
		if (o->reference || o->is_gone || o->birth <= birth) continue;
		if (!next || o->birth < next->birth) next = o;
	}
	return next;
}

static inline void naive_come_in(naive *n, naive_order *o, bool is_ioc) {
	const naive_order *other = naive_best(n, o->symbol, !o->is_buy);
	o->is_lifted = false;
	o->time = ++n->clock;
	if (n->is_gathering[o->symbol] && !is_ioc) return;
	char reason = 'I';
	if (n->is_gathering[o->symbol])
		reason = 'Z';
	else if (o->is_post_only && other && naive_crosses(o, other))
		reason = 'G';
	else if (!naive_trade(n, o))
		reason = 'Q';
	else if (!is_ioc)
		return;
	if (o->left == 0) return;
	naive_say(n, 'C', o->ref, o->left, 0, (uint16_t)reason);
	o->is_gone = true;
}

static inline void naive_settle(naive *n, uint16_t symbol) {
	if (n->is_halted[symbol] || n->is_operational[symbol]) {
		n->is_gathering[symbol] = true;
		return;
	}
	if (!n->is_gathering[symbol]) return;
	n->is_gathering[symbol] = naive_is_crossed(n, symbol);
	if (!n->is_gathering[symbol]) return;
	naive_order *o;
	for (uint32_t birth = 0; (o = naive_next_ours(n, birth)); birth = o->birth) {
		const naive_order *other = naive_best(n, symbol, !o->is_buy);
		if (o->symbol == symbol && other && naive_crosses(o, other)) o->is_lifted = true;
	}
	n->is_gathering[symbol] = naive_is_crossed(n, symbol);
	for (uint32_t birth = 0; (o = naive_next_ours(n, birth)); birth = o->birth) {
		if (o->is_lifted) naive_come_in(n, o, false);
	}
}

static inline void naive_cancel_all(naive *n, uint16_t symbol, char reason) {
	naive_order *o;
	for (uint32_t birth = 0; (o = naive_next_ours(n, birth)); birth = o->birth) {
		if (symbol && o->symbol != symbol) continue;
		naive_say(n, 'C', o->ref, o->left, 0, (uint16_t)reason);
		o->is_gone = true;
	}
}

static inline void naive_replace(naive *n, const ix_itch_message *m) {
	naive_order *o = naive_feed_order(n, m->order_replace.reference);
	if (!o) return;
	bool is_buy = o->is_buy;
	o->is_gone = true;
	naive_add(n, m->locate, m->order_replace.new_reference, is_buy, m->order_replace.shares,
		m->order_replace.price_e4);
}

/* What is gone goes out of the list. */
static inline void naive_sweep(naive *n) {
	uint32_t kept = 0;
	for (uint32_t i = 0; i < n->count; i++) {
		if (!n->orders[i].is_gone) n->orders[kept++] = n->orders[i];
	}
	n->count = kept;
}

static inline void naive_feed(naive *n, const ix_itch_message *m) {
	uint16_t s = m->locate;
	switch (m->type) {
	case 'A':
	case 'F':
		naive_add(n, s, m->add_order.reference, m->add_order.side == 'B', m->add_order.shares,
			m->add_order.price_e4);
		break;
	case 'E': naive_execute(n, m->order_executed.reference, m->order_executed.shares); break;
	case 'C':
		if (m->order_executed_price.printable == 'Y')
			naive_execute(n, m->order_executed.reference, m->order_executed.shares);
		else
			naive_reduce(n, m->order_executed.reference, m->order_executed.shares);
		break;
	case 'X': naive_reduce(n, m->order_cancel.reference, m->order_cancel.shares); break;
	case 'D': naive_reduce(n, m->order_delete.reference, UINT32_MAX); break;
	case 'U': naive_replace(n, m); break;
	case 'P':
		naive_fill(n, s, true, m->trade.price_e4, NULL, m->trade.shares);
		naive_fill(n, s, false, m->trade.price_e4, NULL, m->trade.shares);
		break;
	case 'H': n->is_halted[s] = m->trading_action.trading_state != 'T'; break;
	case 'h':
		if (m->operational_halt.market == 'Q')
			n->is_operational[s] = m->operational_halt.action == 'H';
		break;
	case 'S':
		if (m->system_event.event_code == 'S' || m->system_event.event_code == 'Q')
			n->is_closed = false;
		if (strchr("MEC", m->system_event.event_code)) {
			n->is_closed = true;
			naive_cancel_all(n, 0, 'E');
		}
		break;
	default: break;
	}
	if (s > 0 && s < NAIVE_SYMBOLS) naive_settle(n, s);
	naive_sweep(n);
}

/* ---- the client ---- */

static inline void naive_enter(naive *n, const naive_request *r) {
	if (n->is_closed || n->is_halted[r->symbol] || n->is_operational[r->symbol]) {
		naive_say(n, 'J', r->ref, 0, 0, n->is_closed ? 2 : 7);
		return;
	}
	naive_order order = {.ref = r->ref,
		.birth = ++n->births,
		.price = r->price,
		.symbol = r->symbol,
		.is_buy = r->side == 'B',
		.is_post_only = r->is_post_only,
		.is_lifted = true,
		.side = r->side};
	naive_order *o = naive_push(n, order);
	o->left = r->quantity;
	naive_say(n, 'A', r->ref, r->quantity, r->price, (uint16_t)r->side);
	naive_come_in(n, o, r->is_ioc);
}

static inline void naive_take_replace(naive *n, const naive_request *r) {
	naive_order *o = naive_ours(n, r->original);
	uint16_t bad = !o                                                        ? 0x15
		       : n->is_closed                                            ? 2
		       : n->is_halted[o->symbol] || n->is_operational[o->symbol] ? 7
										 : 0;
	if (bad) {
		naive_say(n, 'J', r->ref, 0, 0, bad);
		return;
	}
	if (r->quantity <= o->executed) {
		naive_say(n, 'C', o->ref, o->left, 0, 'U');
		o->is_gone = true;
		return;
	}
	uint32_t open = r->quantity - o->executed;
	bool is_post_only = o->is_post_only && !r->is_ioc;
	bool stays = r->price == o->price && open <= o->left && !r->is_ioc && is_post_only == o->is_post_only;
	o->ref = r->ref;
	o->left = open;
	o->price = r->price;
	o->is_post_only = is_post_only;
	naive_say(n, 'U', r->ref, open, r->price, (uint16_t)r->original);
	if (stays) return;
	o->is_lifted = true;
	naive_come_in(n, o, r->is_ioc);
}

/* Down to a size of the whole; what stays open, or UINT32_MAX where there is no such order. */
static inline uint32_t naive_down(naive *n, const naive_request *r, bool tells) {
	naive_order *o = naive_ours(n, r->ref);
	if (!o) return UINT32_MAX;
	uint32_t open = r->quantity > o->executed ? r->quantity - o->executed : 0;
	if (open >= o->left) return o->left;
	if (tells || open == 0) naive_say(n, 'C', o->ref, o->left - open, 0, 'U');
	o->left = open;
	o->is_gone = open == 0;
	return open;
}

static inline void naive_modify(naive *n, const naive_request *r) {
	naive_order *o = naive_ours(n, r->ref);
	if (!o || (r->side == 'B') != o->is_buy) return;
	uint32_t open = naive_down(n, r, false);
	if (open > 0) naive_say(n, 'M', r->ref, open, 0, (uint16_t)r->side);
}

static inline void naive_take(naive *n, const naive_request *r) {
	switch (r->type) {
	case 'O': naive_enter(n, r); break;
	case 'U': naive_take_replace(n, r); break;
	case 'X': (void)naive_down(n, r, true); break;
	case 'M': naive_modify(n, r); break;
	default: naive_say(n, 'X', r->ref, 0, 0, 0); naive_cancel_all(n, r->symbol, 'U');
	}
	naive_sweep(n);
}

#endif
