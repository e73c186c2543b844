/* check.c - is this order allowed? What concerns the order alone comes first, then the levels; every reason
 * is noted. Only an order that nothing was found against reserves, and gives back when another thread was
 * faster. */
#include "check.h"
#include "state.h"

/* ---- findings ---- */

static void note(inquiry *q, const finding *f, bool is_reject) {
	uint8_t reason = (uint8_t)__builtin_ctzll(f->reason);
	if (q->findings && q->finding_count < q->finding_max)
		q->findings[q->finding_count++] = (ix_risk_finding){.value = f->value,
			.threshold = f->threshold,
			.reason = reason,
			.limit = (uint8_t)f->limit,
			.level = f->level,
			.is_reject = is_reject,
			.is_symbol_limit = f->is_symbol_limit};
	if (q->has_first_reject || (!is_reject && q->warnings)) return;
	q->first = (ix_risk_verdict){.value = f->value,
		.threshold = f->threshold,
		.level = f->level,
		.limit = (uint8_t)f->limit,
		.reason = reason,
		.is_symbol_limit = f->is_symbol_limit};
}

void risk_inquiry_reject(inquiry *q, const finding *f) {
	note(q, f, true);
	q->has_first_reject = true;
	q->rejects |= f->reason;
}

void risk_inquiry_warn(inquiry *q, const finding *f) {
	note(q, f, false);
	q->warnings |= f->reason;
}

/* Kept with its sign turned; people read it as it is in the file. */
static bool is_floor(ix_risk_limit limit) {
	return limit == IX_RISK_LIMIT_PRICE_MIN || limit == IX_RISK_LIMIT_HOURS_OPEN ||
	       limit == IX_RISK_LIMIT_DUPLICATE_WINDOW;
}

static bool is_of_symbol(const inquiry *q, const limit_table *t) {
	for (int i = 0; i < LEVELS; i++) {
		if ((q->extra_levels >> i & 1) && q->extra[i] == t) return true;
	}
	return false;
}

void risk_inquiry_beyond(
	inquiry *q, const limit_table *t, ix_risk_limit limit, int64_t value, ix_risk_reasons reason) {
	int64_t sign = is_floor(limit) ? -1 : 1;
	finding f = {.reason = reason,
		.limit = limit,
		.value = value * sign,
		.is_symbol_limit = is_of_symbol(q, t)};
	if (value > t->hard[limit]) {
		f.threshold = t->hard[limit] * sign;
		f.level = t->hard_level[limit];
		risk_inquiry_reject(q, &f);
	}
	if (value > t->soft[limit]) {
		f.threshold = t->soft[limit] * sign;
		f.level = t->soft_level[limit];
		risk_inquiry_warn(q, &f);
	}
}

void risk_inquiry_beyond_share(inquiry *q, const limit_table *t, ix_risk_limit limit, int64_t part,
	int64_t whole, ix_risk_reasons reason) {
	finding f = {.reason = reason, .limit = limit, .is_symbol_limit = is_of_symbol(q, t)};
	/* rounded up, so that it is over the limit as a number too */
	f.value = whole > 0 ? risk_clamp(((wide)part * MILLION + whole - 1) / whole) : MONEY_MAX;
	if (is_over_share(part, whole, t->hard[limit])) {
		f.threshold = t->hard[limit];
		f.level = t->hard_level[limit];
		risk_inquiry_reject(q, &f);
	}
	if (is_over_share(part, whole, t->soft[limit])) {
		f.threshold = t->soft[limit];
		f.level = t->soft_level[limit];
		risk_inquiry_warn(q, &f);
	}
}

/* ---- the order alone ---- */

/* How far the price is through another one, towards the worse; the limits in money and in millionths stand
 * side by side. */
static void hold_collar(
	inquiry *q, const limit_table *t, ix_risk_limit limit, int64_t against, ix_risk_reasons reason) {
	ix_risk_limit share = (ix_risk_limit)(limit + 1);
	if (t->fast[limit] == NO_LIMIT && t->fast[share] == NO_LIMIT) return;
	if (IX_UNLIKELY(against <= 0)) {
		refuse(q, IX_RISK_STALE_REFERENCE, t->hard_level[t->hard[limit] != NO_LIMIT ? limit : share]);
		return;
	}
	int64_t through = q->is_buy ? q->price - against : against - q->price;
	if (IX_LIKELY(through <= 0)) return;
	hold(q, t, limit, through, reason);
	hold_share(q, t, share, through, against, reason);
}

static void hold_prices(inquiry *q, const limit_table *t) {
	const symbol *y = q->symbol;
	hold_collar(q, t, IX_RISK_LIMIT_COLLAR_LAST, get(&y->last), IX_RISK_COLLAR_LAST);
	hold_collar(q, t, IX_RISK_LIMIT_COLLAR_NBBO, get(q->is_buy ? &y->ask : &y->bid), IX_RISK_COLLAR_NBBO);
	hold_collar(q, t, IX_RISK_LIMIT_COLLAR_REFERENCE, get(&y->reference), IX_RISK_COLLAR_REFERENCE);
	hold(q, t, IX_RISK_LIMIT_PRICE_MIN, -q->price, IX_RISK_PRICE_TOO_LOW);
}

/* One table's limits of an order. `value` is price times quantity. */
static void hold_order(inquiry *q, const limit_table *t, int64_t value) {
	const ix_risk_order *o = q->order;
	hold(q, t, IX_RISK_LIMIT_ORDER_SHARES, o->quantity, IX_RISK_ORDER_TOO_LARGE);
	hold(q, t, IX_RISK_LIMIT_ORDER_NOTIONAL, value, IX_RISK_ORDER_VALUE_TOO_LARGE);
	if (!q->is_market) hold_prices(q, t);
	if (t->fast[IX_RISK_LIMIT_QUOTE_AGE] != NO_LIMIT) {
		uint64_t at = atomic_load_explicit(&q->symbol->time_ns, memory_order_relaxed);
		int64_t age = at == 0 ? NO_LIMIT - 1 : o->time_ns > at ? (int64_t)(o->time_ns - at) : 0;
		hold(q, t, IX_RISK_LIMIT_QUOTE_AGE, age, IX_RISK_STALE_REFERENCE);
	}
	if (t->fast[IX_RISK_LIMIT_HOURS_CLOSE] != NO_LIMIT) {
		int64_t time_of_day = (int64_t)(o->time_ns % DAY_NS);
		hold(q, t, IX_RISK_LIMIT_HOURS_OPEN, -time_of_day, IX_RISK_OUTSIDE_HOURS);
		hold(q, t, IX_RISK_LIMIT_HOURS_CLOSE, time_of_day, IX_RISK_OUTSIDE_HOURS);
	}
	if (q->is_market && t->no_market)
		refuse(q, IX_RISK_MARKET_ORDER_BLOCKED, (uint8_t)(t->no_market - 1));
	if (IX_UNLIKELY(t->restricted)) refuse(q, IX_RISK_RESTRICTED_SYMBOL, (uint8_t)(t->restricted - 1));
	uint32_t flags = atomic_load_explicit(&q->symbol->flags, memory_order_relaxed);
	if (t->locate && o->side == IX_RISK_SELL_SHORT && !(o->flags & IX_RISK_LOCATED) &&
		!(flags & SYMBOL_EASY_TO_BORROW))
		refuse(q, IX_RISK_LOCATE_REQUIRED, (uint8_t)(t->locate - 1));
	if (t->self_match && (!q->self_match_scope || t->self_match_scope < q->self_match_scope)) {
		q->self_match_scope = t->self_match_scope;
		q->self_match_level = t->self_match;
	}
}

static void hold_duplicate(inquiry *q) {
	const session *s = q->session;
	int64_t youngest = NO_LIMIT;
	for (int i = 0; i < DUPLICATE_RING; i++) {
		if (IX_LIKELY(s->recent[i].sign != q->sign)) continue;
		int64_t age = (int64_t)(q->now_ns - s->recent[i].time_ns);
		if (age < youngest) youngest = age;
	}
	if (IX_LIKELY(youngest == NO_LIMIT)) return;
	hold(q, q->own, IX_RISK_LIMIT_DUPLICATE_WINDOW, -youngest, IX_RISK_DUPLICATE_ORDER);
	for (uint32_t left = q->extra_levels; left; left &= left - 1)
		hold(q, q->extra[__builtin_ctz(left)], IX_RISK_LIMIT_DUPLICATE_WINDOW, -youngest,
			IX_RISK_DUPLICATE_ORDER);
}

/* What the symbol says, whatever the limits. */
static void hold_symbol(inquiry *q) {
	const symbol *y = q->symbol;
	const ix_risk_order *o = q->order;
	uint32_t flags = atomic_load_explicit(&y->flags, memory_order_relaxed);
	if (IX_UNLIKELY(!divides(&y->lot, o->quantity))) refuse(q, IX_RISK_NOT_A_LOT, IX_RISK_SYMBOL);
	if (!q->is_market) {
		int64_t low = get(&y->luld_low), high = get(&y->luld_high);
		if (IX_UNLIKELY(!divides(o->price_e4 < 10000 ? &y->tick_below_one : &y->tick, o->price_e4)))
			refuse(q, IX_RISK_NOT_A_TICK, IX_RISK_SYMBOL);
		if (IX_UNLIKELY(q->is_buy ? high > 0 && o->price_e4 > high : low > 0 && o->price_e4 < low))
			refuse(q, IX_RISK_OUTSIDE_LULD_BAND, IX_RISK_SYMBOL);
	}
	if (IX_UNLIKELY(flags & SYMBOL_HALTED)) refuse(q, IX_RISK_SYMBOL_HALTED, IX_RISK_SYMBOL);
	if (o->side == IX_RISK_SELL_SHORT && (flags & SYMBOL_SHORT_SALE_RESTRICTED)) {
		int64_t bid = get(&y->bid);
		if (q->is_market || bid <= 0 || o->price_e4 <= bid)
			refuse(q, IX_RISK_SHORT_SALE_RESTRICTED, IX_RISK_SYMBOL);
	}
	if (IX_UNLIKELY(flags & SYMBOL_KILLED)) refuse(q, IX_RISK_KILLED, IX_RISK_SYMBOL);
}

/* ---- the way in ---- */

/* A product of 128 bits, folded: two orders that differ have the same one in 2^64. */
static uint64_t mix(uint64_t a, uint64_t b) {
	uint64_t high,
		low = ix_mul_wide(a ^ UINT64_C(0x9E3779B97F4A7C15), b ^ UINT64_C(0xD6E8FEB86659FD93), &high);
	return high ^ low;
}

static uint64_t sign_of(const ix_risk_order *o) {
	uint64_t what = (uint64_t)o->symbol << 16 | (uint64_t)o->side << 8 | o->flags;
	return mix(mix((uint64_t)o->price_e4, (uint64_t)o->quantity), what) | 1; /* 0: an empty place */
}

static int64_t max3(int64_t a, int64_t b, int64_t c) {
	int64_t ab = a > b ? a : b;
	return ab > c ? ab : c;
}

/* A market order is valued at the upper band where there is one, else at the highest price that is known. */
static int64_t market_value(const symbol *y) {
	int64_t high = get(&y->luld_high);
	return high > 0 ? high : max3(get(&y->ask), get(&y->last), get(&y->reference));
}

/* False: it is not an order that could be checked; the reason is noted. */
static bool take_in(inquiry *q, ix_risk *r, const ix_risk_order *o) {
	q->risk = r;
	q->order = o;
	q->session = NULL;
	q->cell = NULL;
	q->rejects = q->warnings = 0;
	q->has_first_reject = false;
	q->self_match_scope = 0;
	q->extra_levels = 0;
	q->add_quantity = q->add_value = 0;
	q->add_orders = 1;
	q->findings = NULL;
	q->finding_count = q->finding_max = 0;
	q->is_market = o->flags & IX_RISK_MARKET;
	if (o->session >= r->session_count ||
		o->symbol >= atomic_load_explicit(&r->symbol_count, memory_order_acquire) ||
		o->side < IX_RISK_BUY || o->side > IX_RISK_SELL_SHORT || o->quantity <= 0 ||
		(!q->is_market && o->price_e4 <= 0)) {
		refuse(q, IX_RISK_INVALID_ORDER, IX_RISK_SESSION);
		return false;
	}
	q->session = &r->sessions[o->session];
	q->symbol = &r->symbols[o->symbol];
	q->is_buy = o->side == IX_RISK_BUY;
	return true;
}

static void look_up_limits(inquiry *q) {
	const ruleset *rules = q->rules;
	q->own = rules->of[q->session->chain[0]];
	q->extra_levels = 0;
	for (uint32_t left = rules->symbol_levels[q->order->symbol]; IX_UNLIKELY(left); left &= left - 1) {
		uint32_t level = (uint32_t)__builtin_ctz(left);
		const limit_table *t = symbol_table(rules, q->session->nodes[level], q->order->symbol);
		if (!t) continue;
		q->extra[level] = t;
		q->extra_levels |= 1U << level;
	}
}

/* Value and range; false when nothing can be computed with it. */
static bool take_value(inquiry *q, int64_t *ret_value) {
	const ix_risk_order *o = q->order;
	q->price = q->is_market ? market_value(q->symbol) : o->price_e4;
	q->own_price = q->is_market ? (q->is_buy ? IX_RISK_PRICE_MAX : 1) : o->price_e4;
	wide value = (wide)q->price * o->quantity;
	*ret_value = risk_clamp(value);
	if (q->is_market && q->price == 0) refuse(q, IX_RISK_STALE_REFERENCE, IX_RISK_SESSION);
	if (IX_LIKELY(o->quantity <= IX_RISK_QUANTITY_MAX && q->price <= IX_RISK_PRICE_MAX &&
		      value <= IX_RISK_VALUE_MAX))
		return true;
	refuse(q, IX_RISK_VALUE_OUT_OF_RANGE, IX_RISK_SESSION);
	hold(q, q->own, IX_RISK_LIMIT_ORDER_SHARES, o->quantity, IX_RISK_ORDER_TOO_LARGE);
	hold(q, q->own, IX_RISK_LIMIT_ORDER_NOTIONAL, *ret_value, IX_RISK_ORDER_VALUE_TOO_LARGE);
	return false;
}

/* Everything that is asked of an order before anything is reserved. */
static bool examine(inquiry *q) {
	ix_risk *r = q->risk;
	const ix_risk_order *o = q->order;
	uint32_t index = cell_find(r, cell_key(q->session->chain[0], o->symbol));
	q->cell = index == NONE ? NULL : &r->cells[index];
	int64_t value;
	if (!take_value(q, &value)) return false;
	q->sign = sign_of(o);
	hold_symbol(q);
	hold_order(q, q->own, value);
	for (uint32_t left = q->extra_levels; IX_UNLIKELY(left); left &= left - 1)
		hold_order(q, q->extra[__builtin_ctz(left)], value);
	hold_duplicate(q);
	risk_inquiry_rates(q);
	if (risk_order_find(r, q->session, o->id) != NONE) refuse(q, IX_RISK_DUPLICATE_ID, IX_RISK_SESSION);
	if (q->self_match_scope && risk_inquiry_would_match(q))
		refuse(q, IX_RISK_SELF_MATCH, (uint8_t)(q->self_match_level - 1));
	return true;
}

/* ---- reserving ---- */

static void remember(inquiry *q) {
	session *s = q->session;
	s->recent[s->recent_next].sign = q->sign;
	s->recent[s->recent_next].time_ns = q->now_ns;
	s->recent_next = (s->recent_next + 1) % DUPLICATE_RING;
	for (uint32_t i = 0; i < q->session->chain_count; i++) {
		entity *e = &q->risk->entities[q->session->chain[i]];
		/* Shared levels count while somebody looks; putting a ratio in force adds up the sessions'
		 * counts. */
		if (!e->is_shared)
			count(&e->order_count);
		else if (q->rules->of[q->session->chain[i]]->fast[IX_RISK_LIMIT_ORDER_TO_TRADE] != NO_LIMIT)
			(void)atomic_fetch_add_explicit(&e->order_count, 1, memory_order_relaxed);
	}
}

/* An order of our own that came at the same moment: each publishes its price first, then looks; so at least
 * one of two sees the other. */
static bool lost_self_match_race(inquiry *q) {
	if (!q->self_match_scope || q->risk->is_single_thread) return false;
	atomic_thread_fence(memory_order_seq_cst);
	return risk_inquiry_would_match(q);
}

/* Field by field: a record that is made on the stack and copied waits for its own stores. */
static void fill_record(const inquiry *q, order_record *record, uint32_t cell_index) {
	const ix_risk_order *o = q->order;
	record->id = o->id;
	record->leaves = record->own_leaves = o->quantity;
	record->reserve_price = q->price;
	record->price = q->own_price;
	record->cell = cell_index;
	record->partner = NONE;
	record->side = o->side;
	record->flags = o->flags;
	record->state = ORDER_OPEN;
}

static bool reserve_new(inquiry *q) {
	ix_risk *r = q->risk;
	const ix_risk_order *o = q->order;
	uint32_t index = risk_order_take(r, q->session), cell_index = NONE;
	if (index != NONE) cell_index = risk_cell_make(r, q->session, o->symbol);
	if (cell_index == NONE) {
		if (index != NONE) risk_order_give(r, q->session, index);
		refuse(q, IX_RISK_ENGINE_FULL, IX_RISK_FIRM);
		return false;
	}
	q->cell = &r->cells[cell_index];
	risk_inquiry_exposure(q, true);
	if (IX_UNLIKELY(q->rejects)) {
		risk_inquiry_release(q);
		risk_order_give(r, q->session, index);
		return false;
	}
	fill_record(q, &r->orders[index], cell_index);
	risk_order_put(r, q->session, index);
	if (IX_UNLIKELY(lost_self_match_race(q)))
		refuse(q, IX_RISK_SELF_MATCH, (uint8_t)(q->self_match_level - 1));
	else if (IX_UNLIKELY(r->state && !risk_state_note_order(r, o, q->price)))
		refuse(q, IX_RISK_JOURNAL_FULL, IX_RISK_FIRM);
	if (IX_LIKELY(!q->rejects)) return true;
	risk_inquiry_release(q);
	risk_order_drop(r, q->session, index);
	return false;
}

/* ---- the door ---- */

static bool conclude(inquiry *q, ix_risk_verdict *ret_verdict) {
	session *s = q->session;
	if (s) {
		count(&s->check_count);
		if (!q->rejects) count(&s->pass_count);
		if (IX_UNLIKELY(q->warnings)) count(&s->warning_count);
		for (ix_risk_reasons left = q->rejects; IX_UNLIKELY(left); left &= left - 1)
			count(&s->reject_counts[__builtin_ctzll(left)]);
		if (q->risk->state && (q->rejects | q->warnings)) risk_state_note_breach(q);
	}
	if (!ret_verdict) return !q->rejects;
	if (IX_LIKELY(!(q->rejects | q->warnings))) {
		*ret_verdict =
			(ix_risk_verdict){.reason = IX_RISK_REASON_COUNT, .limit = IX_RISK_LIMIT_OTHER};
		return true;
	}
	*ret_verdict = q->first;
	ret_verdict->rejects = q->rejects;
	ret_verdict->warnings = q->warnings;
	return !q->rejects;
}

static void tick(inquiry *q) {
	session *s = q->session;
	if (q->order->time_ns > s->time_ns) s->time_ns = q->order->time_ns;
	q->now_ns = s->time_ns;
}

static void check(inquiry *q) {
	ix_risk *r = q->risk;
	const ix_risk_order *o = q->order;
	__builtin_prefetch(&r->cells[cell_home(r, cell_key(o->session, o->symbol))]);
	__builtin_prefetch(order_bucket(r, o->session, o->id));
	q->rules = risk_enter(r, q->session);
	tick(q);
	look_up_limits(q);
	if (examine(q)) {
		q->add_quantity = o->quantity;
		q->add_value = q->price * o->quantity;
		if (IX_UNLIKELY(q->rejects))
			risk_inquiry_exposure(q, false);
		else if (reserve_new(q))
			remember(q);
	}
	risk_leave(q->session);
}

bool ix_risk_check(ix_risk *r, const ix_risk_order *o, ix_risk_verdict *ret_verdict) {
	UNSET inquiry q;
	if (IX_LIKELY(take_in(&q, r, o))) check(&q);
	return conclude(&q, ret_verdict);
}

size_t ix_risk_explain(ix_risk *r, const ix_risk_order *o, ix_risk_verdict *ret_verdict,
	ix_risk_finding *ret_findings, size_t capacity) {
	inquiry q;
	bool is_order = take_in(&q, r, o);
	q.findings = ret_findings;
	q.finding_max = capacity;
	if (is_order) check(&q);
	if (!is_order && capacity)
		ret_findings[q.finding_count++] = (ix_risk_finding){.reason = q.first.reason,
			.limit = q.first.limit,
			.level = q.first.level,
			.is_reject = true};
	(void)conclude(&q, ret_verdict);
	return q.finding_count;
}

/* ---- replacing ---- */

static void undo_replacement(inquiry *q, uint32_t old_index, uint32_t index) {
	order_record *old = &q->risk->orders[old_index];
	old->leaves = old->own_leaves;
	old->partner = NONE;
	old->state = ORDER_OPEN;
	risk_inquiry_release(q);
	risk_order_drop(q->risk, q->session, index);
}

static void reserve_replacement(inquiry *q, uint32_t old_index) {
	ix_risk *r = q->risk;
	uint32_t index = risk_order_take(r, q->session);
	if (index == NONE) {
		refuse(q, IX_RISK_ENGINE_FULL, IX_RISK_FIRM);
		return;
	}
	risk_inquiry_exposure(q, true);
	if (q->rejects) {
		risk_inquiry_release(q);
		risk_order_give(r, q->session, index);
		return;
	}
	fill_record(q, &r->orders[index], r->orders[old_index].cell);
	risk_put_replacement(r, q->session, old_index, index);
	if (lost_self_match_race(q))
		refuse(q, IX_RISK_SELF_MATCH, (uint8_t)(q->self_match_level - 1));
	else if (r->state && !risk_state_note_replace(r, q->order, r->orders[old_index].id, q->price))
		refuse(q, IX_RISK_JOURNAL_FULL, IX_RISK_FIRM);
	if (q->rejects)
		undo_replacement(q, old_index, index);
	else
		remember(q);
}

static void replace(inquiry *q, uint64_t id) {
	ix_risk *r = q->risk;
	const ix_risk_order *o = q->order;
	uint32_t old_index = risk_order_find(r, q->session, id);
	if (!examine(q)) return;
	const order_record *old = old_index == NONE ? NULL : &r->orders[old_index];
	if (!old || old->state != ORDER_OPEN) {
		refuse(q, IX_RISK_UNKNOWN_ORDER, IX_RISK_SESSION);
		return;
	}
	if (old->side != o->side || (uint32_t)atomic_load(&r->cells[old->cell].key) != o->symbol) {
		refuse(q, IX_RISK_INVALID_ORDER, IX_RISK_SESSION);
		return;
	}
	int64_t leaves = old->leaves > o->quantity ? old->leaves : o->quantity,
		price = old->reserve_price > q->price ? old->reserve_price : q->price;
	wide value = (wide)leaves * price;
	if (value > IX_RISK_VALUE_MAX) refuse(q, IX_RISK_VALUE_OUT_OF_RANGE, IX_RISK_SESSION);
	q->add_quantity = leaves - old->leaves;
	q->add_value = risk_clamp(value) - old->leaves * old->reserve_price;
	q->add_orders = 0;
	if (q->rejects)
		risk_inquiry_exposure(q, false);
	else
		reserve_replacement(q, old_index);
}

bool ix_risk_check_replace(ix_risk *r, uint32_t session_index, uint64_t id, const ix_risk_order *replacement,
	ix_risk_verdict *ret_verdict) {
	inquiry q;
	ix_risk_order o = *replacement;
	o.session = session_index;
	if (take_in(&q, r, &o)) {
		q.rules = risk_enter(r, q.session);
		tick(&q);
		look_up_limits(&q);
		replace(&q, id);
		risk_leave(q.session);
	}
	return conclude(&q, ret_verdict);
}
