/* snapshot.c - all that an engine holds as bytes, and back: little-endian, in the order of the functions
 * below, checked as strictly as if it came from outside. Version 1:
 *
 *     "IXRK", u16 version, u64 limits version
 *     u32 count: sessions   text name, u64 time, i64 profit, u64 orders, u64 trades
 *     u32 count: symbols    text name, i64 mark, u8 killed, text approver
 *     u32 count: nodes      u8 level, text name, i64 best, u8 killed, text approver
 *     u32 count: positions  u32 session, u32 symbol, i64 shares
 *     u32 count: orders     u32 session, u32 symbol, u64 id, u64 partner's id, i64 leaves, reserve price,
 * price, own leaves, u8 side, flags, state u32 count: changes    as in the journal
 *
 * A text is u16 size and bytes. What is a sum of these is not in it. */
#include "snapshot.h"

enum { SNAPSHOT_VERSION = 1 };

/* ---- out ---- */

static void put_text(ix_writer *w, ix_str text) {
	ix_write_u16_le(w, (uint16_t)text.size);
	ix_write_str(w, text);
}
static void put_i64(ix_writer *w, int64_t value) { ix_write_u64_le(w, (uint64_t)value); }

void risk_write_change(ix_writer *w, const ix_risk_change *c) {
	ix_write_u64_le(w, c->sequence);
	put_i64(w, c->time_ns);
	ix_write_u64_le(w, c->version);
	ix_write_u8(w, c->kind);
	ix_write_u8(w, c->level);
	put_text(w, ix_str_from(c->name));
	put_text(w, ix_str_from(c->who));
	put_text(w, ix_str_from(c->why));
}

static void write_sessions(const ix_risk *r, ix_writer *w) {
	ix_write_u32_le(w, r->session_count);
	for (uint32_t i = 0; i < r->session_count; i++) {
		const entity *e = &r->entities[i];
		put_text(w, ix_risk_session_name(r, i));
		ix_write_u64_le(w, r->sessions[i].time_ns);
		put_i64(w, get(&e->pnl_e4));
		ix_write_u64_le(w, atomic_load(&e->order_count));
		ix_write_u64_le(w, atomic_load(&e->trade_count));
	}
}

static void write_symbols(const ix_risk *r, ix_writer *w) {
	uint32_t count = ix_risk_symbol_count(r);
	ix_write_u32_le(w, count);
	for (uint32_t i = 0; i < count; i++) {
		const symbol *y = &r->symbols[i];
		put_text(w, y->name);
		put_i64(w, get(&y->mark_e4));
		ix_write_u8(w, (atomic_load(&y->flags) & SYMBOL_KILLED) != 0);
		put_text(w, ix_str_from(y->approval.who));
	}
}

static void write_nodes(const ix_risk *r, ix_writer *w) {
	ix_write_u32_le(w, r->node_count);
	for (uint32_t i = 0; i < r->node_count; i++) {
		const node *n = &r->nodes[i];
		const entity *e = &r->entities[n->entity];
		ix_write_u8(w, n->level);
		put_text(w, n->name);
		put_i64(w, get(&e->pnl_best_e4));
		ix_write_u8(w, atomic_load(&e->killed) >> n->level & 1);
		put_text(w, ix_str_from(n->approval.who));
	}
}

/* Cells of sessions only: those above are their sums. */
static bool is_session_cell(const ix_risk *r, const cell *c, uint32_t *ret_session, uint32_t *ret_symbol) {
	uint64_t key = atomic_load_explicit(&c->key, memory_order_relaxed);
	*ret_session = (uint32_t)(key >> 32) - 1;
	*ret_symbol = (uint32_t)key;
	return key && *ret_session < r->session_count;
}

static void write_positions(const ix_risk *r, ix_writer *w) {
	uint32_t count = 0, session_index, symbol_index;
	for (uint32_t i = 0; i <= r->cell_mask; i++)
		count += is_session_cell(r, &r->cells[i], &session_index, &symbol_index);
	ix_write_u32_le(w, count);
	for (uint32_t i = 0; i <= r->cell_mask; i++) {
		if (!is_session_cell(r, &r->cells[i], &session_index, &symbol_index)) continue;
		ix_write_u32_le(w, session_index);
		ix_write_u32_le(w, symbol_index);
		put_i64(w, get(&r->cells[i].position));
	}
}

static void write_orders(const ix_risk *r, ix_writer *w) {
	uint32_t count = 0, session_index, symbol_index;
	for (uint32_t i = 0; i < r->session_count; i++)
		count += (uint32_t)atomic_load(&r->sessions[i].open_count);
	ix_write_u32_le(w, count);
	for (uint32_t i = 0; i <= r->cell_mask; i++) {
		const cell *c = &r->cells[i];
		if (!is_session_cell(r, c, &session_index, &symbol_index)) continue;
		/* From the last to the first, so that restoring gives the same list. */
		uint32_t at = c->orders;
		while (at != NONE && r->orders[at].next_of_cell != NONE) at = r->orders[at].next_of_cell;
		for (; at != NONE; at = r->orders[at].previous_of_cell) {
			const order_record *o = &r->orders[at];
			ix_write_u32_le(w, session_index);
			ix_write_u32_le(w, symbol_index);
			ix_write_u64_le(w, o->id);
			ix_write_u64_le(w, o->partner == NONE ? 0 : r->orders[o->partner].id);
			put_i64(w, o->leaves);
			put_i64(w, o->reserve_price);
			put_i64(w, o->price);
			put_i64(w, o->own_leaves);
			ix_write_u8(w, o->side);
			ix_write_u8(w, o->flags);
			ix_write_u8(w, o->state);
		}
	}
}

static void write_changes(const ix_risk *r, ix_writer *w) {
	const struct control *c = r->control;
	uint64_t kept = c->change_total < IX_RISK_HISTORY_MAX ? c->change_total : IX_RISK_HISTORY_MAX;
	ix_write_u32_le(w, (uint32_t)kept);
	for (uint64_t i = c->change_total - kept; i < c->change_total; i++)
		risk_write_change(w, &c->changes[i % IX_RISK_HISTORY_MAX]);
}

int ix_risk_snapshot(ix_risk *r, ix_writer *w, ix_error *err) {
	(void)control_lock(r);
	ix_write_str(w, IX_STR("IXRK"));
	ix_write_u16_le(w, SNAPSHOT_VERSION);
	ix_write_u64_le(w, atomic_load(&r->rules)->version);
	write_sessions(r, w);
	write_symbols(r, w);
	write_nodes(r, w);
	write_positions(r, w);
	write_orders(r, w);
	write_changes(r, w);
	control_unlock(r);
	return w->failed ? ix_fail(err, IX_ERR_LIMIT, "a snapshot takes %zu bytes", w->needed) : 0;
}

/* ---- in ---- */

typedef struct restore {
	ix_risk *risk;
	ix_reader in;
	ix_arena *arena;
	uint32_t session_count, symbol_count;
	uint32_t *sessions, *symbols; /* theirs to ours */
	ix_error *err;
} restore;

static int refuse_at(restore *s, int code, const char *what) {
	if (s->in.failed) return ix_reader_finish(&s->in, "a snapshot", s->err);
	return ix_fail(s->err, code, "a snapshot: offset %zu: %s", s->in.offset, what);
}

ix_str risk_read_text(ix_reader *in, size_t size_max) {
	size_t size = ix_read_u16_le(in);
	if (size > size_max) ix_reader_fail_at(in, in->offset - 2);
	return ix_bytes_str(ix_read_bytes(in, size));
}
static int64_t read_i64(ix_reader *in) { return (int64_t)ix_read_u64_le(in); }

static void keep_text(char *out, size_t capacity, ix_str text) {
	IX_ASSERT(text.size < capacity);
	if (text.size) memcpy(out, text.data, text.size);
	out[text.size] = 0;
}

bool risk_read_change(ix_reader *in, ix_risk_change *c) {
	*c = (ix_risk_change){.sequence = ix_read_u64_le(in)};
	c->time_ns = read_i64(in);
	c->version = ix_read_u64_le(in);
	c->kind = ix_read_u8(in);
	c->level = ix_read_u8(in);
	keep_text(c->name, sizeof c->name, risk_read_text(in, IX_RISK_NAME_MAX));
	keep_text(c->who, sizeof c->who, risk_read_text(in, IX_RISK_TEXT_MAX));
	keep_text(c->why, sizeof c->why, risk_read_text(in, IX_RISK_TEXT_MAX));
	return !in->failed && c->kind < IX_RISK_CHANGE_KIND_COUNT && c->level < IX_RISK_LEVEL_COUNT;
}

/* A count of items of at least so many bytes each: never more than there can be. */
static uint32_t read_count(restore *s, size_t least) {
	size_t at = s->in.offset;
	uint32_t n = ix_read_u32_le(&s->in);
	if (n > ix_reader_left(&s->in) / least) ix_reader_fail_at(&s->in, at);
	return s->in.failed ? 0 : n;
}

static int read_sessions(restore *s) {
	ix_risk *r = s->risk;
	s->session_count = read_count(s, 2 + 32);
	s->sessions = ix_arena_array(s->arena, uint32_t, s->session_count + 1U);
	if (!s->sessions) return refuse_at(s, IX_ERR_MEMORY, "no memory");
	for (uint32_t i = 0; i < s->session_count; i++) {
		ix_str name = risk_read_text(&s->in, IX_RISK_NAME_MAX);
		uint64_t time_ns = ix_read_u64_le(&s->in);
		int64_t pnl = read_i64(&s->in);
		uint64_t orders = ix_read_u64_le(&s->in), trades = ix_read_u64_le(&s->in);
		if (s->in.failed) break;
		uint32_t index = s->sessions[i] = ix_risk_find_session(r, name);
		if (index == UINT32_MAX)
			return ix_fail(s->err, IX_ERR_CONFLICT,
				"the state has a session '%.*s', the limits have none", IX_STR_ARG(name));
		session *own = &r->sessions[index];
		if (pnl > MONEY_MAX || pnl < -MONEY_MAX)
			return refuse_at(s, IX_ERR_INVALID, "a profit is out of range");
		own->time_ns = time_ns;
		for (uint32_t k = 0; k < own->chain_count; k++) {
			entity *e = &r->entities[own->chain[k]];
			risk_add_money(&e->pnl_e4, pnl);
			atomic_fetch_add(&e->order_count, orders);
			atomic_fetch_add(&e->trade_count, trades);
		}
	}
	return s->in.failed ? refuse_at(s, 0, "") : 0;
}

static int read_symbols(restore *s) {
	ix_risk *r = s->risk;
	s->symbol_count = read_count(s, 2 + 8 + 1 + 2);
	s->symbols = ix_arena_array(s->arena, uint32_t, s->symbol_count + 1U);
	if (!s->symbols) return refuse_at(s, IX_ERR_MEMORY, "no memory");
	for (uint32_t i = 0; i < s->symbol_count; i++) {
		ix_str name = risk_read_text(&s->in, IX_RISK_NAME_MAX);
		int64_t mark = read_i64(&s->in);
		bool is_killed = ix_read_u8(&s->in);
		ix_str approver = risk_read_text(&s->in, IX_RISK_TEXT_MAX);
		if (s->in.failed) break;
		if (mark < 0 || mark > IX_RISK_PRICE_MAX)
			return refuse_at(s, IX_ERR_INVALID, "a mark is out of range");
		int code = ix_risk_add_symbol(r, name, NULL, &s->symbols[i], s->err);
		if (code) return code;
		put(&r->symbols[s->symbols[i]].mark_e4, mark);
		if (is_killed) (void)risk_switch_set(r, IX_RISK_SYMBOL, name, true, approver, NULL);
	}
	return s->in.failed ? refuse_at(s, 0, "") : 0;
}

/* A level that is gone takes its switch and its best with it. */
static int read_nodes(restore *s) {
	ix_risk *r = s->risk;
	for (uint32_t left = read_count(s, 1 + 2 + 8 + 1 + 2); left > 0; left--) {
		uint8_t level = ix_read_u8(&s->in);
		ix_str name = risk_read_text(&s->in, IX_RISK_NAME_MAX);
		int64_t best = read_i64(&s->in);
		bool is_killed = ix_read_u8(&s->in);
		ix_str approver = risk_read_text(&s->in, IX_RISK_TEXT_MAX);
		if (s->in.failed) break;
		if (level > IX_RISK_SESSION || best < 0 || best > MONEY_MAX)
			return refuse_at(s, IX_ERR_INVALID, "a level is none");
		uint32_t index = risk_node_find(r->control, (ix_risk_level)level, name);
		if (index == NONE) continue;
		entity *e = &r->entities[r->nodes[index].entity];
		if (best > get(&e->pnl_best_e4)) put(&e->pnl_best_e4, best);
		if (is_killed) (void)risk_switch_set(r, (ix_risk_level)level, name, true, approver, NULL);
	}
	return s->in.failed ? refuse_at(s, 0, "") : 0;
}

/* The session's cell; NULL when there is no such pair. */
static cell *cell_of(restore *s, session **ret_session, uint32_t *ret_cell) {
	uint32_t session_index = ix_read_u32_le(&s->in), symbol_index = ix_read_u32_le(&s->in);
	if (s->in.failed || session_index >= s->session_count || symbol_index >= s->symbol_count) return NULL;
	*ret_session = &s->risk->sessions[s->sessions[session_index]];
	*ret_cell = risk_cell_make(s->risk, *ret_session, s->symbols[symbol_index]);
	return *ret_cell == NONE ? NULL : &s->risk->cells[*ret_cell];
}

static int read_positions(restore *s) {
	ix_risk *r = s->risk;
	for (uint32_t left = read_count(s, 16); left > 0; left--) {
		session *own;
		uint32_t index;
		cell *c = cell_of(s, &own, &index);
		int64_t shares = read_i64(&s->in);
		if (s->in.failed) break;
		if (!c || shares > MONEY_MAX || shares < -MONEY_MAX)
			return refuse_at(
				s, IX_ERR_INVALID, "a position is of no session or symbol, or does not fit");
		const symbol *y = &r->symbols[(uint32_t)atomic_load(&c->key)];
		int64_t mark = get(&y->mark_e4);
		for (uint32_t k = 0; k < own->chain_count; k++) {
			cell *held = cell_above(r, own, c, y, k);
			int64_t before = get(&held->position), after = risk_clamp((wide)before + shares);
			put(&held->position, after);
			risk_add_money(&r->entities[own->chain[k]].gross_e4,
				(wide)(absolute(after) - absolute(before)) * mark);
		}
	}
	return s->in.failed ? refuse_at(s, 0, "") : 0;
}

static bool is_order_sane(const order_record *o) {
	bool is_replaced = o->state == ORDER_REPLACED;
	return o->state >= ORDER_OPEN && o->state <= ORDER_REPLACING && o->side >= IX_RISK_BUY &&
	       o->side <= IX_RISK_SELL_SHORT && (is_replaced ? o->leaves == 0 : o->leaves > 0) &&
	       o->leaves <= IX_RISK_QUANTITY_MAX && o->own_leaves >= 0 &&
	       o->own_leaves <= IX_RISK_QUANTITY_MAX && o->reserve_price > 0 &&
	       o->reserve_price <= IX_RISK_PRICE_MAX && o->price > 0 && o->price <= IX_RISK_PRICE_MAX &&
	       (wide)o->leaves * o->reserve_price <= IX_RISK_VALUE_MAX &&
	       (wide)o->own_leaves * o->reserve_price <= IX_RISK_VALUE_MAX;
}

/* Finds the other one of a replacement, once both are there. */
static int join(restore *s, session *own, uint32_t index, uint64_t partner) {
	ix_risk *r = s->risk;
	order_record *o = &r->orders[index];
	if (o->state == ORDER_OPEN)
		return partner ? refuse_at(s, IX_ERR_INVALID, "an open order has a partner") : 0;
	uint32_t other = risk_order_find(r, own, partner);
	if (other == NONE) return 0; /* it comes later, and finds this one */
	order_record *p = &r->orders[other];
	bool fits = p->cell == o->cell && p->side == o->side && p->partner == NONE && other != index &&
		    p->state == (o->state == ORDER_REPLACED ? ORDER_REPLACING : ORDER_REPLACED);
	if (!fits) return refuse_at(s, IX_ERR_INVALID, "a replacement does not fit its order");
	o->partner = other;
	p->partner = index;
	return 0;
}

static int read_order(restore *s, uint32_t *joined) {
	ix_risk *r = s->risk;
	session *own;
	order_record o = {.partner = NONE};
	cell *c = cell_of(s, &own, &o.cell);
	o.id = ix_read_u64_le(&s->in);
	uint64_t partner = ix_read_u64_le(&s->in);
	o.leaves = read_i64(&s->in);
	o.reserve_price = read_i64(&s->in);
	o.price = read_i64(&s->in);
	o.own_leaves = read_i64(&s->in);
	o.side = ix_read_u8(&s->in);
	o.flags = ix_read_u8(&s->in);
	o.state = ix_read_u8(&s->in);
	if (s->in.failed) return refuse_at(s, 0, "");
	if (!c || !is_order_sane(&o) || risk_order_find(r, own, o.id) != NONE)
		return refuse_at(s, IX_ERR_INVALID,
			"an order is of no session or symbol, is there twice, or does not fit");
	uint32_t index = risk_order_take(r, own);
	if (index == NONE) return refuse_at(s, IX_ERR_LIMIT, "there are more open orders than orders_max");
	r->orders[index] = o;
	risk_order_put(r, own, index);
	risk_reserve(
		r, own, c, o.side, o.leaves, o.leaves * o.reserve_price, o.state == ORDER_REPLACED ? 0 : 1);
	int code = join(s, own, index, partner);
	if (!code && o.state != ORDER_OPEN)
		*joined += r->orders[index].partner == NONE ? 1U : UINT32_MAX; /* one more, or one less */
	return code;
}

static int read_orders(restore *s) {
	uint32_t waiting = 0;
	int code = 0;
	for (uint32_t left = read_count(s, 8 + 16 + 32 + 3); !code && left > 0; left--)
		code = read_order(s, &waiting);
	if (!code && waiting) code = refuse_at(s, IX_ERR_INVALID, "a replacement has no order");
	return code;
}

static int read_changes(restore *s) {
	for (uint32_t left = read_count(s, 8 * 3 + 2 + 6); left > 0; left--) {
		ix_risk_change change;
		if (!risk_read_change(&s->in, &change))
			return refuse_at(s, IX_ERR_INVALID, "a change is none");
		risk_remember(s->risk, &change);
	}
	return s->in.failed ? refuse_at(s, 0, "") : 0;
}

int risk_restore_from(ix_risk *r, ix_bytes bytes, uint64_t *ret_version, ix_error *err) {
	ix_arena arena;
	ix_arena_init(&arena, r->options.allocator, 0, 0);
	restore s = {.risk = r, .in = ix_reader_of(bytes), .arena = &arena, .err = err};
	ix_str magic = ix_bytes_str(ix_read_bytes(&s.in, 4));
	uint16_t version = ix_read_u16_le(&s.in);
	*ret_version = ix_read_u64_le(&s.in);
	int code = 0;
	if (s.in.failed || !ix_str_equal(magic, IX_STR("IXRK")))
		code = ix_fail(err, IX_ERR_SYNTAX, "a snapshot: offset 0: this is none");
	else if (version != SNAPSHOT_VERSION)
		code = ix_fail(err, IX_ERR_VERSION, "a snapshot of version %u: we read %d", version,
			SNAPSHOT_VERSION);
	if (!code) code = read_sessions(&s);
	if (!code) code = read_symbols(&s);
	if (!code) code = read_nodes(&s);
	if (!code) code = read_positions(&s);
	if (!code) code = read_orders(&s);
	if (!code) code = read_changes(&s);
	if (!code) code = ix_reader_finish(&s.in, "a snapshot", err);
	ix_arena_fini(&arena);
	return code;
}

int ix_risk_restore(ix_risk *r, ix_bytes snapshot, ix_error *err) {
	uint64_t version;
	r->is_replaying = true;
	int code = risk_restore_from(r, snapshot, &version, err);
	r->is_replaying = false;
	if (!code) atomic_load(&r->rules)->version = version > 1 ? version : 1;
	return code;
}
