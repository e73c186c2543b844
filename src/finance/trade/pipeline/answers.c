/* answers.c - what the venue says about our orders: put on record, told to risk and to the strategy, booked.
 */
#include "inside.h"

#include <inox/ouch.h>

static void tell(
	ix_pipeline *p, const order *o, ix_strategy_update_kind kind, uint32_t quantity, uint32_t price_e4) {
	host_update(p, &(ix_strategy_update){.order = o->number,
			       .quantity = quantity,
			       .price_e4 = price_e4,
			       .left = o->left,
			       .symbol = o->symbol,
			       .kind = (uint8_t)kind,
			       .side = o->side});
}

static void change_open(ix_pipeline *p, const order *o, int64_t change) {
	ix_strategy_position *at = &p->symbols[o->symbol].position;
	if (o->side == IX_STRATEGY_BUY)
		at->open_buy += change;
	else
		at->open_sell += change;
}

/* Nothing of it is open. A replacement that is still on its way will find nothing to replace. */
static void end(ix_pipeline *p, order *o) {
	if (p->risk && o->new_reference) ix_risk_on_reject(p->risk, p->session, o->new_reference, p->now_ns);
	orders_end(p, o);
}

static void accepted(ix_pipeline *p, order *o) {
	o->is_live = true;
	if (p->risk) ix_risk_on_ack(p->risk, p->session, o->reference, p->now_ns);
	tell(p, o, IX_STRATEGY_ACCEPTED, o->left, o->price_e4);
}

static void replaced(ix_pipeline *p, order *o, const ix_ouch_replaced *r) {
	orders_forget(p, o->reference);
	change_open(p, o, (int64_t)r->quantity - o->left);
	o->reference = r->user_ref_num;
	o->new_reference = 0;
	o->left = r->quantity;
	o->price_e4 = (uint32_t)r->price_e4;
	if (p->risk) ix_risk_on_ack(p->risk, p->session, o->reference, p->now_ns);
	tell(p, o, IX_STRATEGY_REPLACED, o->left, o->price_e4);
}

static void executed(ix_pipeline *p, order *o, const ix_ouch_executed *e) {
	uint32_t quantity = e->quantity < o->left ? e->quantity : o->left, price_e4 = (uint32_t)e->price_e4;
	o->left -= quantity;
	o->executed += quantity;
	change_open(p, o, -(int64_t)quantity);
	p->counts.fill_count++;
	p->counts.filled_shares += quantity;
	*(o->side == IX_STRATEGY_BUY ? &p->counts.bought_shares : &p->counts.sold_shares) += quantity;
	p->counts.traded_notional_e4 += (uint64_t)quantity * price_e4;
	profit_fill(p, o->symbol, o->side, quantity, price_e4);
	if (p->risk) ix_risk_on_fill(p->risk, p->session, o->reference, quantity, price_e4, p->now_ns);
	tell(p, o, IX_STRATEGY_FILLED, quantity, price_e4);
	if (o->left == 0) end(p, o);
}

static void canceled(ix_pipeline *p, order *o, uint32_t decrement) {
	uint32_t quantity = decrement < o->left ? decrement : o->left;
	o->left -= quantity;
	change_open(p, o, -(int64_t)quantity);
	if (p->risk) ix_risk_on_cancel(p->risk, p->session, o->reference, quantity, p->now_ns);
	tell(p, o, IX_STRATEGY_CANCELLED, quantity, o->price_e4);
	if (o->left == 0) end(p, o);
}

/* Of an order, or of its replacement, which then leaves it as it was. */
static void rejected(ix_pipeline *p, order *o, uint32_t reference) {
	if (reference == o->new_reference) {
		orders_forget(p, reference);
		o->new_reference = 0;
		if (p->risk) ix_risk_on_reject(p->risk, p->session, reference, p->now_ns);
		tell(p, o, IX_STRATEGY_REPLACE_REJECTED, o->left, o->price_e4);
		/* A cancel that followed it went to a reference that never came to be. */
		if (o->is_cancelling) host_cancel_order(p, o);
		return;
	}
	change_open(p, o, -(int64_t)o->left);
	if (p->risk) ix_risk_on_reject(p->risk, p->session, o->reference, p->now_ns);
	uint32_t quantity = o->left;
	o->left = 0;
	tell(p, o, IX_STRATEGY_REJECTED, quantity, o->price_e4);
	end(p, o);
}

/* The UserRefNum that a message is about; 0: about none of ours. */
static uint32_t reference_of(const ix_ouch_message *m) {
	switch (m->type) {
	case IX_OUCH_ACCEPTED: return m->accepted.user_ref_num;
	case IX_OUCH_REPLACED: return m->replaced.original_user_ref_num;
	case IX_OUCH_EXECUTED: return m->executed.user_ref_num;
	case IX_OUCH_CANCELED: return m->canceled.user_ref_num;
	case IX_OUCH_AIQ_CANCELED: return m->aiq_canceled.user_ref_num;
	case IX_OUCH_REJECTED: return m->rejected.user_ref_num;
	default: return 0;
	}
}

static void work_on(ix_pipeline *p, order *o, const ix_ouch_message *m) {
	switch (m->type) {
	case IX_OUCH_ACCEPTED: accepted(p, o); break;
	case IX_OUCH_REPLACED: replaced(p, o, &m->replaced); break;
	case IX_OUCH_EXECUTED: executed(p, o, &m->executed); break;
	case IX_OUCH_CANCELED: canceled(p, o, m->canceled.quantity); break;
	case IX_OUCH_AIQ_CANCELED: canceled(p, o, m->aiq_canceled.decrement_shares); break;
	default: rejected(p, o, m->rejected.user_ref_num); break;
	}
}

void answers_take(void *pipeline, ix_bytes message) {
	ix_pipeline *p = pipeline;
	p->counts.answer_count++;
	if (p->sink.append) {
		uint8_t head[IX_TRAIL_ANSWER_HEAD];
		ix_trail_encode_answer(
			&(ix_trail_answer){.message = p->counts.message_count, .time_ns = p->now_ns}, head);
		if (p->sink.append(
			    p->sink.context, IX_TRAIL_ANSWER, (ix_bytes){head, sizeof head}, message) == 0)
			p->has_failed = true;
	}
	if (p->sink.drop_copy) p->sink.drop_copy(p->sink.context, message);
	ix_ouch_message m;
	if (ix_ouch_decode(IX_OUCH_OUT, message, &m, NULL) != 0) return;
	/* Also of a replacement whose order has been filled meanwhile. */
	p->counts.venue_reject_count += m.type == IX_OUCH_REJECTED;
	uint32_t reference = reference_of(&m);
	order *o = reference ? orders_by_reference(p, reference) : NULL;
	if (o) work_on(p, o, &m);
}
