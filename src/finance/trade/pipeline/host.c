/* host.c - what the strategy calls: each wish is checked by risk, put on record, and sent on its way as OUCH
 * bytes. And what the strategy is told: updates wait in a ring until its callback has returned. */
#include "inside.h"

#include <inox/ouch.h>

/* IX_ERR_… as the strategy sees them: it links nothing of ours, and tells them only from 0. */
enum { HOST_BUSY = IX_ERR_BUSY, HOST_NOT_FOUND = IX_ERR_NOT_FOUND, HOST_INVALID = IX_ERR_INVALID };

/* ---- telling ---- */

void host_update(ix_pipeline *p, const ix_strategy_update *update) {
	if (IX_UNLIKELY(p->update_put - p->update_taken > p->update_mask)) {
		alert_raise(p, IX_PIPELINE_ALERT_LIMIT, p->update_mask + 1, p->update_mask + 1);
		return;
	}
	p->updates[p->update_put++ & p->update_mask] = *update;
}

void host_deliver(ix_pipeline *p) {
	while (p->update_taken != p->update_put) {
		if (IX_UNLIKELY(p->told_count == UPDATES_PER_MESSAGE_MAX)) {
			/* A strategy that answers each reject with another order. The rest comes with the
			 * next message. */
			alert_raise(
				p, IX_PIPELINE_ALERT_LIMIT, UPDATES_PER_MESSAGE_MAX, UPDATES_PER_MESSAGE_MAX);
			return;
		}
		p->told_count++;
		ix_strategy_update update = p->updates[p->update_taken++ & p->update_mask];
		if (p->strategy->on_order) p->strategy->on_order(p->self, &update);
	}
}

/* ---- a wish, step by step ---- */

typedef struct wish {
	ix_trail_decision decision;
	uint8_t bytes[ORDER_BYTES_MAX];
	size_t size;
	uint64_t start; /* cycles */
} wish;

static wish wish_start(ix_pipeline *p, ix_trail_wish kind, const order *o) {
	p->counts.decision_count++;
	wish w = {.start = cycles_now(p)};
	w.decision = (ix_trail_decision){.message = p->counts.message_count,
		.time_ns = p->now_ns,
		.order = o->number,
		.quantity = o->left,
		.price_e4 = o->price_e4,
		.symbol = o->symbol,
		.wish = (uint8_t)kind,
		.side = o->side,
		.tif = o->tif};
	return w;
}

/* More than is held, and not offered by other orders: a short sale, which risk and venue must be told.
 * `offered` is what the order itself has open already. */
static bool is_short(const ix_pipeline *p, const order *o, uint32_t quantity, uint32_t offered) {
	const ix_strategy_position *at = &p->symbols[o->symbol].position;
	return o->side == IX_STRATEGY_SELL && at->shares - at->open_sell + offered < (int64_t)quantity;
}

/* Risk knows an order by the UserRefNum that it has or will have. */
static ix_risk_order risk_order(
	const ix_pipeline *p, const order *o, uint32_t quantity, uint32_t price_e4, bool sells_short) {
	return (ix_risk_order){.id = p->reference_last + 1,
		.time_ns = p->now_ns,
		.quantity = quantity,
		.price_e4 = price_e4,
		.session = p->session,
		.symbol = p->symbols[o->symbol].risk_symbol,
		.side = o->side == IX_STRATEGY_BUY ? IX_RISK_BUY
			: sells_short              ? IX_RISK_SELL_SHORT
						   : IX_RISK_SELL,
		.flags = o->tif == IX_STRATEGY_IOC ? IX_RISK_IOC : 0};
}

/* Takes risk's verdict down; true: it may be sent. */
static bool judged(ix_pipeline *p, wish *w, bool passes, const ix_risk_verdict *verdict) {
	w->decision.rejects = passes ? 0 : verdict->rejects;
	w->decision.warnings = verdict->warnings;
	p->counts.warned_count += passes && verdict->warnings != 0;
	if (!passes) {
		p->counts.rejected_count++;
		for (uint64_t left = verdict->rejects; left; left &= left - 1)
			p->counts.reject_reasons[__builtin_ctzll(left)]++;
	}
	alert_decision(p, !passes);
	if (p->measures) {
		uint64_t now = ix_cycles();
		measure(p, IX_PIPELINE_RISK, w->start, now);
		p->nested += now - w->start;
		w->start = now;
	}
	return passes;
}

static void encode(ix_pipeline *p, wish *w, const ix_ouch_message *message) {
	ix_writer writer = ix_writer_of(w->bytes, sizeof w->bytes);
	ix_ouch_encode(&writer, message);
	IX_ASSERT(!writer.failed);
	w->size = writer.size;
	if (!p->measures) return;
	uint64_t now = ix_cycles();
	measure(p, IX_PIPELINE_ENCODE, w->start, now);
	if (!p->has_traded) {
		uint64_t ns = measure(p, IX_PIPELINE_TICK_TO_TRADE, p->arrival, now);
		if (IX_UNLIKELY(ns > p->options.latency_alert_ns))
			alert_raise(p, IX_PIPELINE_ALERT_LATENCY, (int64_t)ns,
				(int64_t)p->options.latency_alert_ns);
	}
	p->has_traded = true;
	p->nested += now - w->start;
	w->start = now;
}

/* On record; then, if there are bytes, on their way to the venue. False: they could not be sent. */
static bool record_and_send(ix_pipeline *p, wish *w) {
	uint8_t head[IX_TRAIL_DECISION_HEAD];
	uint64_t number = 0;
	bool is_sent = true;
	if (p->sink.append) {
		ix_trail_encode_decision(&w->decision, head);
		number = p->sink.append(p->sink.context, IX_TRAIL_DECISION, (ix_bytes){head, sizeof head},
			(ix_bytes){w->bytes, w->size});
		if (IX_UNLIKELY(number == 0)) p->has_failed = true;
	}
	uint64_t now = cycles_now(p);
	if (p->measures) measure(p, IX_PIPELINE_AUDIT, w->start, now);
	if (w->size > 0 && !p->has_failed) {
		is_sent =
			ix_paper_send(p->venue, (ix_bytes){w->bytes, w->size}, p->now_ns, number, NULL) == 0;
		p->counts.sent_count += is_sent;
		if (!is_sent)
			alert_raise(p, IX_PIPELINE_ALERT_LIMIT, (int64_t)p->counts.live_count, p->orders_max);
	}
	if (p->measures) p->nested += ix_cycles() - w->start;
	return is_sent;
}

static void tell_rejected(ix_pipeline *p, const order *o, const wish *w, ix_strategy_update_kind kind) {
	host_update(p, &(ix_strategy_update){.order = o->number,
			       .reasons = w->decision.rejects,
			       .quantity = w->decision.quantity,
			       .price_e4 = w->decision.price_e4,
			       .left = kind == IX_STRATEGY_REJECTED ? 0 : o->left,
			       .symbol = o->symbol,
			       .kind = (uint8_t)kind,
			       .side = o->side});
}

static void open_shares(ix_pipeline *p, const order *o, int64_t change) {
	ix_strategy_position *at = &p->symbols[o->symbol].position;
	if (o->side == IX_STRATEGY_BUY)
		at->open_buy += change;
	else
		at->open_sell += change;
}

static ix_ouch_message enter_message(const ix_pipeline *p, const order *o, const ix_strategy_order *wanted) {
	ix_ouch_message m = {.direction = IX_OUCH_IN, .type = IX_OUCH_ENTER_ORDER};
	m.enter_order.user_ref_num = o->reference;
	m.enter_order.side = o->side == IX_STRATEGY_BUY ? 'B' : o->is_short ? 'T' : 'S';
	m.enter_order.quantity = o->left;
	memcpy(m.enter_order.symbol, p->symbols[o->symbol].name, sizeof m.enter_order.symbol);
	m.enter_order.price_e4 = o->price_e4;
	m.enter_order.time_in_force = o->tif == IX_STRATEGY_IOC ? '3' : '0';
	m.enter_order.display = 'Y';
	m.enter_order.capacity = 'P';
	m.enter_order.intermarket_sweep = 'N';
	m.enter_order.cross_type = 'N';
	memset(m.enter_order.client_order_id, ' ', sizeof m.enter_order.client_order_id);
	if (wanted->is_post_only) {
		static const uint8_t post_only[] = {2, IX_OUCH_TAG_POST_ONLY, 'P'};
		m.has_appendage = true;
		m.appendage = (ix_bytes){post_only, sizeof post_only};
	}
	return m;
}

static int host_enter(void *context, const ix_strategy_order *wanted, uint64_t *ret_order) {
	ix_pipeline *p = context;
	if (wanted->symbol == 0 || wanted->symbol > p->symbol_last || wanted->side > IX_STRATEGY_SELL ||
		wanted->tif > IX_STRATEGY_IOC || wanted->quantity == 0 || wanted->quantity > QUANTITY_MAX ||
		wanted->price_e4 == 0 || wanted->price_e4 > PRICE_MAX_E4 ||
		p->symbols[wanted->symbol].name[0] == 0)
		return HOST_INVALID;
	if (p->is_stopping || p->has_failed) return HOST_BUSY;
	order *o = orders_new(p);
	if (!o) {
		alert_raise(p, IX_PIPELINE_ALERT_LIMIT, (int64_t)p->counts.live_count, p->orders_max);
		return HOST_BUSY;
	}
	o->symbol = wanted->symbol;
	o->side = wanted->side;
	o->tif = wanted->tif;
	o->left = wanted->quantity;
	o->price_e4 = wanted->price_e4;
	o->is_short = is_short(p, o, o->left, 0);
	p->counts.enter_count++;
	wish w = wish_start(p, IX_TRAIL_ENTER, o);
	ix_risk_verdict verdict = {0};
	bool passes = true;
	if (p->risk) {
		ix_risk_order checked = risk_order(p, o, o->left, o->price_e4, o->is_short);
		passes = ix_risk_check(p->risk, &checked, &verdict);
	}
	*ret_order = o->number;
	if (!judged(p, &w, passes, &verdict)) {
		tell_rejected(p, o, &w, IX_STRATEGY_REJECTED);
		(void)record_and_send(p, &w);
		orders_end(p, o);
		return 0;
	}
	o->reference = orders_refer(p, o);
	w.decision.user_reference = o->reference;
	open_shares(p, o, o->left);
	ix_ouch_message message = enter_message(p, o, wanted);
	encode(p, &w, &message);
	if (record_and_send(p, &w)) return 0;
	/* It never left: as if the venue had refused it. */
	if (p->risk) ix_risk_on_reject(p->risk, p->session, o->reference, p->now_ns);
	open_shares(p, o, -(int64_t)o->left);
	tell_rejected(p, o, &w, IX_STRATEGY_REJECTED);
	orders_end(p, o);
	return 0;
}

static int host_replace(void *context, uint64_t number, uint32_t quantity, uint32_t price_e4) {
	ix_pipeline *p = context;
	order *o = orders_find(p, number);
	if (!o || p->is_stopping || p->has_failed) return HOST_NOT_FOUND;
	if (quantity == 0 || price_e4 == 0 || o->new_reference != 0 || !o->is_live || o->is_cancelling ||
		price_e4 > PRICE_MAX_E4 || (uint64_t)quantity + o->executed > QUANTITY_MAX)
		return HOST_INVALID;
	p->counts.replace_count++;
	wish w = wish_start(p, IX_TRAIL_REPLACE, o);
	w.decision.quantity = quantity;
	w.decision.price_e4 = price_e4;
	ix_risk_verdict verdict = {0};
	bool passes = true;
	if (p->risk) {
		ix_risk_order checked = risk_order(
			p, o, quantity, price_e4, o->is_short || is_short(p, o, quantity, o->left));
		passes = ix_risk_check_replace(p->risk, p->session, o->reference, &checked, &verdict);
	}
	if (!judged(p, &w, passes, &verdict)) {
		tell_rejected(p, o, &w, IX_STRATEGY_REPLACE_REJECTED);
		(void)record_and_send(p, &w);
		return 0;
	}
	o->new_reference = orders_refer(p, o);
	o->new_left = quantity;
	o->new_price_e4 = price_e4;
	w.decision.user_reference = o->new_reference;
	ix_ouch_message m = {.direction = IX_OUCH_IN, .type = IX_OUCH_REPLACE_ORDER};
	m.replace_order.original_user_ref_num = o->reference;
	m.replace_order.user_ref_num = o->new_reference;
	/* OUCH counts what was executed in, so that a fill on the way does not make the order larger. */
	m.replace_order.quantity = quantity + o->executed;
	m.replace_order.price_e4 = price_e4;
	m.replace_order.time_in_force = '0';
	m.replace_order.display = 'Y';
	m.replace_order.intermarket_sweep = 'N';
	memset(m.replace_order.client_order_id, ' ', sizeof m.replace_order.client_order_id);
	encode(p, &w, &m);
	if (record_and_send(p, &w)) return 0;
	if (p->risk) ix_risk_on_reject(p->risk, p->session, o->new_reference, p->now_ns);
	orders_forget(p, o->new_reference);
	o->new_reference = 0;
	tell_rejected(p, o, &w, IX_STRATEGY_REPLACE_REJECTED);
	return 0;
}

void host_cancel_order(ix_pipeline *p, order *o) {
	p->counts.cancel_count++;
	wish w = wish_start(p, IX_TRAIL_CANCEL, o);
	w.decision.user_reference = o->new_reference ? o->new_reference : o->reference;
	ix_ouch_message m = {.direction = IX_OUCH_IN, .type = IX_OUCH_CANCEL_ORDER};
	m.cancel_order.user_ref_num = w.decision.user_reference;
	encode(p, &w, &m);
	o->is_cancelling = record_and_send(p, &w);
}

static int host_cancel(void *context, uint64_t number) {
	ix_pipeline *p = context;
	order *o = orders_find(p, number);
	if (!o || p->has_failed) return HOST_NOT_FOUND;
	if (o->is_cancelling) return HOST_INVALID;
	host_cancel_order(p, o);
	return 0;
}

void host_cancel_all(ix_pipeline *p) {
	p->must_cancel_all = false;
	for (uint32_t i = 0; i < p->orders_max && !p->has_failed; i++) {
		if (p->orders[i].number != 0 && !p->orders[i].is_cancelling)
			host_cancel_order(p, &p->orders[i]);
	}
}

/* ---- timers: few, so a sorted array; the last is due first ---- */

static int host_set_timer(void *context, uint64_t at_ns, uint32_t id) {
	ix_pipeline *p = context;
	if (p->timer_count == IX_PIPELINE_TIMER_MAX) {
		alert_raise(p, IX_PIPELINE_ALERT_LIMIT, IX_PIPELINE_TIMER_MAX, IX_PIPELINE_TIMER_MAX);
		return HOST_BUSY;
	}
	uint32_t i = p->timer_count++;
	/* Those set first for the same time are due first. */
	for (; i > 0 && p->timers[i - 1].at_ns <= at_ns; i--) p->timers[i] = p->timers[i - 1];
	p->timers[i] = (timer){at_ns, id};
	return 0;
}

void host_fire_timers(ix_pipeline *p) {
	/* Those that a timer sets wait for the next message, even when they are due: what is due now is taken
	 * out first. */
	uint32_t due[IX_PIPELINE_TIMER_MAX], count = 0;
	while (p->timer_count > 0 && p->timers[p->timer_count - 1].at_ns <= p->now_ns)
		due[count++] = p->timers[--p->timer_count].id;
	for (uint32_t i = 0; i < count && p->strategy->on_timer; i++) p->strategy->on_timer(p->self, due[i]);
}

/* ---- questions ---- */

static uint64_t host_now(void *context) { return ((ix_pipeline *)context)->now_ns; }

static const ix_strategy_quote *host_quote(void *context, uint16_t locate) {
	const ix_pipeline *p = context;
	return &p->symbols[locate <= p->symbols_max ? locate : 0].quote;
}

static const ix_strategy_position *host_position(void *context, uint16_t locate) {
	const ix_pipeline *p = context;
	return &p->symbols[locate <= p->symbols_max ? locate : 0].position;
}

static uint16_t host_find_symbol(void *context, const char *name, size_t size) {
	const ix_pipeline *p = context;
	return ix_books_find_symbol(p->books, (ix_str){name, size});
}

static uint16_t host_symbol_last(void *context) { return (uint16_t)((ix_pipeline *)context)->symbol_last; }

static int64_t host_parameter(void *context, uint32_t index) {
	const ix_pipeline *p = context;
	return index < p->strategy->parameter_count ? p->parameters[index] : 0;
}

static void host_log(void *context, const char *text, size_t size) {
	const ix_pipeline *p = context;
	if (p->sink.log) p->sink.log(p->sink.context, (ix_str){text, size});
}

void host_init(ix_pipeline *p) {
	p->host = (ix_strategy_host){
		.size = sizeof p->host,
		.abi = IX_STRATEGY_ABI,
		.context = p,
		.now_ns = host_now,
		.enter = host_enter,
		.replace = host_replace,
		.cancel = host_cancel,
		.set_timer = host_set_timer,
		.quote = host_quote,
		.position = host_position,
		.find_symbol = host_find_symbol,
		.symbol_last = host_symbol_last,
		.parameter = host_parameter,
		.log = host_log,
	};
}
