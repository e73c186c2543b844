/* answers.c - OUCH 5.0 back to the client, and the engine's events that lead to it. */
#include "state.h"

static void send(ix_paper *p, ix_ouch_message *m, uint8_t type) {
	uint8_t bytes[IX_OUCH_FIXED_SIZE_MAX];
	ix_writer writer = ix_writer_of(bytes, sizeof bytes);
	m->direction = IX_OUCH_OUT;
	m->type = type;
	m->timestamp_ns = p->now_ns;
	ix_ouch_encode(&writer, m);
	IX_ASSERT(!writer.failed);
	if (p->options.on_answer) p->options.on_answer(p->options.context, (ix_bytes){bytes, writer.size});
}

void answer_accepted(ix_paper *p, const own *o) {
	ix_ouch_message m = {0};
	ix_ouch_accepted *a = &m.accepted;
	a->user_ref_num = o->user_ref_num;
	a->side = o->ouch_side;
	a->quantity = o->left;
	memcpy(a->symbol, o->stock, sizeof a->symbol);
	a->price_e4 = o->price_e4;
	a->time_in_force = o->time_in_force;
	a->display = o->display;
	a->reference = o->number;
	a->capacity = o->capacity;
	a->intermarket_sweep = o->intermarket_sweep;
	a->cross_type = IX_OUCH_CROSS_TYPE_CONTINUOUS;
	a->order_state = IX_OUCH_ORDER_STATE_LIVE;
	memcpy(a->client_order_id, o->client_order_id, sizeof a->client_order_id);
	send(p, &m, IX_OUCH_ACCEPTED);
}

void answer_replaced(ix_paper *p, const own *o, uint32_t original_user_ref_num) {
	ix_ouch_message m = {0};
	ix_ouch_replaced *a = &m.replaced;
	a->original_user_ref_num = original_user_ref_num;
	a->user_ref_num = o->user_ref_num;
	a->side = o->ouch_side;
	a->quantity = o->left;
	memcpy(a->symbol, o->stock, sizeof a->symbol);
	a->price_e4 = o->price_e4;
	a->time_in_force = o->time_in_force;
	a->display = o->display;
	a->reference = o->number;
	a->capacity = o->capacity;
	a->intermarket_sweep = o->intermarket_sweep;
	a->cross_type = IX_OUCH_CROSS_TYPE_CONTINUOUS;
	a->order_state = IX_OUCH_ORDER_STATE_LIVE;
	memcpy(a->client_order_id, o->client_order_id, sizeof a->client_order_id);
	send(p, &m, IX_OUCH_REPLACED);
}

void answer_executed(ix_paper *p, const own *o, uint32_t quantity, uint32_t price_e4, uint8_t liquidity) {
	ix_ouch_message m = {0};
	m.executed.user_ref_num = o->user_ref_num;
	m.executed.quantity = quantity;
	m.executed.price_e4 = price_e4;
	m.executed.liquidity_flag = liquidity;
	m.executed.match = ++p->match_count;
	p->info.fill_count++;
	p->info.filled_shares += quantity;
	p->info.maker_fill_count += liquidity == IX_OUCH_LIQUIDITY_ADDED;
	send(p, &m, IX_OUCH_EXECUTED);
}

void answer_canceled(ix_paper *p, const own *o, uint32_t quantity, uint8_t reason) {
	ix_ouch_message m = {0};
	m.canceled.user_ref_num = o->user_ref_num;
	m.canceled.quantity = quantity;
	m.canceled.reason = reason;
	send(p, &m, IX_OUCH_CANCELED);
}

void answer_modified(ix_paper *p, const own *o) {
	ix_ouch_message m = {0};
	m.modified.user_ref_num = o->user_ref_num;
	m.modified.side = o->ouch_side;
	m.modified.quantity = o->left;
	send(p, &m, IX_OUCH_MODIFIED);
}

void answer_rejected(ix_paper *p, const request *r, uint16_t reason) {
	ix_ouch_message m = {0};
	m.rejected.user_ref_num = r->user_ref_num;
	m.rejected.reason = reason;
	memcpy(m.rejected.client_order_id, r->client_order_id, sizeof m.rejected.client_order_id);
	p->info.rejected_count++;
	send(p, &m, IX_OUCH_REJECTED);
}

void answer_mass_cancel(ix_paper *p, const request *r) {
	ix_ouch_message m = {0};
	m.mass_cancel_response.user_ref_num = r->user_ref_num;
	memcpy(m.mass_cancel_response.firm, r->firm, sizeof r->firm);
	memcpy(m.mass_cancel_response.symbol, r->symbol, sizeof r->symbol);
	send(p, &m, IX_OUCH_MASS_CANCEL_RESPONSE);
}

void answer_switched(ix_paper *p, const request *r) {
	ix_ouch_message m = {0};
	m.disable_response.user_ref_num = r->user_ref_num;
	memcpy(m.disable_response.firm, r->firm, sizeof r->firm);
	send(p, &m,
		r->type == IX_OUCH_DISABLE_ORDER_ENTRY ? IX_OUCH_DISABLE_RESPONSE : IX_OUCH_ENABLE_RESPONSE);
}

void answer_account(ix_paper *p) {
	ix_ouch_message m = {0};
	m.account_query_response.next_user_ref_num = p->last_ref + 1;
	send(p, &m, IX_OUCH_ACCOUNT_QUERY_RESPONSE);
}

/* ---- the engine's events ---- */

static void executed(ix_paper *p, uint64_t number, uint32_t quantity, uint32_t price_e4, uint8_t liquidity) {
	own *o = own_of(p, number);
	o->left -= quantity;
	o->executed += quantity;
	answer_executed(p, o, quantity, price_e4, liquidity);
	if (o->left == 0) own_end(p, o);
}

static void traded(ix_paper *p, const ix_match_event *e) {
	if (is_own(e->order))
		executed(p, e->order, e->quantity, e->price_e4, IX_OUCH_LIQUIDITY_REMOVED);
	else
		market_note_taken(p, e->order, e->quantity, e->side, p->adding_price_e4);
	if (is_own(e->maker))
		executed(p, e->maker, e->quantity, e->price_e4, IX_OUCH_LIQUIDITY_ADDED);
	else
		market_note_taken(p, e->maker, e->quantity, !e->side, e->price_e4);
}

static void cancelled(ix_paper *p, const ix_match_event *e) {
	own *o = own_of(p, e->order);
	if (p->why == WHY_FILL) {
		executed(p, e->order, e->quantity, o->price_e4, IX_OUCH_LIQUIDITY_ADDED);
		return;
	}
	o->left = e->left;
	if (e->reason == IX_MATCH_CANCEL_IOC)
		answer_canceled(p, o, e->quantity, IX_OUCH_CANCEL_REASON_IMMEDIATE);
	else if (e->reason == IX_MATCH_CANCEL_SELF_TRADE)
		answer_canceled(p, o, e->quantity, IX_OUCH_CANCEL_REASON_SELF_MATCH);
	else if (p->why == WHY_SILENT)
		return;
	else
		answer_canceled(p, o, e->quantity,
			p->why == WHY_CLOSE ? IX_OUCH_CANCEL_REASON_CLOSED : IX_OUCH_CANCEL_REASON_USER);
	if (o->left == 0) own_end(p, o);
}

void paper_on_match(void *context, const ix_match_event *e) {
	ix_paper *p = context;
	switch (e->kind) {
	case IX_MATCH_TRADE: traded(p, e); break;
	case IX_MATCH_ACCEPTED:
		if (!is_own(e->order) || p->why == WHY_SILENT) break;
		if (p->replaced_ref)
			answer_replaced(p, own_of(p, e->order), p->replaced_ref);
		else
			answer_accepted(p, own_of(p, e->order));
		break;
	case IX_MATCH_CANCELLED:
		if (is_own(e->order)) cancelled(p, e);
		break;
	default: break;
	}
}
