/* recover.c - the state on the disk: the latest limits that it knows, the snapshot, and the events after it,
 * done again in their order. What they decided is not decided anew: nothing is checked, no switch trips. */
#include "recover.h"
#include "events.h"
#include "snapshot.h"
#include "state_inside.h"

/* ---- the latest limits, before there is an engine ---- */

int risk_latest_limits(
	ix_arena *arena, const char *path, ix_str *ret_text, uint64_t *ret_version, ix_error *err) {
	ix_journal_reader *reader = NULL;
	const ix_journal_record *record = NULL;
	*ret_version = 0;
	*ret_text = (ix_str){NULL, 0};
	int code = ix_journal_reader_open(
		path, &(ix_journal_reader_options){.application = "risk"}, &reader, err);
	if (code == IX_ERR_NOT_FOUND) {
		if (err) *err = (ix_error){0};
		return 0;
	}
	while (!code && !(code = ix_journal_reader_next(reader, &record, err)) && record) {
		ix_risk_change change;
		ix_reader in = ix_reader_of(record->payload);
		if (record->kind != RECORD_CHANGE) continue;
		if (!risk_read_change(&in, &change)) {
			code = ix_fail(err, IX_ERR_SYNTAX, "%s: record %llu is no change", path,
				(unsigned long long)record->sequence);
			break;
		}
		if (change.kind != IX_RISK_CHANGE_LIMITS) continue;
		ix_str text = ix_bytes_str(ix_read_bytes(&in, ix_reader_left(&in)));
		*ret_text = ix_arena_copy_str(arena, text);
		*ret_version = change.version;
		if (!ret_text->data) code = ix_fail(err, IX_ERR_MEMORY, "no memory for limits");
	}
	ix_journal_reader_close(reader);
	return code;
}

/* ---- events, again ---- */

typedef struct replay {
	ix_risk *risk;
	uint32_t *sessions, *symbols; /* by the index that the journal has; NONE */
	uint32_t session_max;
	uint64_t sequence; /* of the record, for errors */
	ix_error *err;
} replay;

static int damaged(const replay *p, const char *what) {
	return ix_fail(
		p->err, IX_ERR_INVALID, "the state's record %llu: %s", (unsigned long long)p->sequence, what);
}

static int do_order(replay *p, session *s, const event *e, uint32_t symbol_index) {
	ix_risk *r = p->risk;
	bool is_market = e->flags & IX_RISK_MARKET;
	int64_t reserve = (int64_t)e->other;
	if (e->side < IX_RISK_BUY || e->side > IX_RISK_SELL_SHORT || e->quantity <= 0 ||
		e->quantity > IX_RISK_QUANTITY_MAX || reserve <= 0 || reserve > IX_RISK_PRICE_MAX ||
		(!is_market && (e->price <= 0 || e->price > IX_RISK_PRICE_MAX)) ||
		(wide)e->quantity * reserve > IX_RISK_VALUE_MAX || risk_order_find(r, s, e->id) != NONE)
		return damaged(p, "an order is none, or is there already");
	uint32_t index = risk_order_take(r, s), cell_index = risk_cell_make(r, s, symbol_index);
	if (index == NONE || cell_index == NONE)
		return ix_fail(p->err, IX_ERR_LIMIT,
			"the state has more orders or positions than orders_max and cell_max allow");
	int64_t own = is_market ? (e->side == IX_RISK_BUY ? IX_RISK_PRICE_MAX : 1) : e->price;
	order_record *o = &r->orders[index];
	*o = (order_record){.id = e->id,
		.leaves = e->quantity,
		.reserve_price = reserve,
		.price = own,
		.own_leaves = e->quantity,
		.cell = cell_index,
		.partner = NONE,
		.side = e->side,
		.flags = e->flags,
		.state = ORDER_OPEN};
	if (e->kind == EVENT_REPLACE) {
		uint32_t old_index = risk_order_find(r, s, e->replaced);
		if (old_index == NONE || r->orders[old_index].state != ORDER_OPEN ||
			r->orders[old_index].cell != cell_index || r->orders[old_index].side != e->side)
			return damaged(p, "an order that is not open is replaced");
		int64_t before = r->orders[old_index].leaves,
			value = before * r->orders[old_index].reserve_price;
		risk_put_replacement(r, s, old_index, index);
		if ((wide)o->leaves * o->reserve_price > IX_RISK_VALUE_MAX)
			return damaged(p, "a replacement is too large");
		risk_reserve(r, s, &r->cells[cell_index], e->side, o->leaves - before,
			o->leaves * o->reserve_price - value, 0);
	} else {
		risk_order_put(r, s, index);
		risk_reserve(
			r, s, &r->cells[cell_index], e->side, o->leaves, o->leaves * o->reserve_price, 1);
	}
	for (uint32_t i = 0; i < s->chain_count; i++)
		atomic_fetch_add(&r->entities[s->chain[i]].order_count, 1);
	return 0;
}

static int do_event(replay *p, const event *e) {
	ix_risk *r = p->risk;
	bool is_market_data = e->kind == EVENT_MARK || e->kind == EVENT_DAY;
	uint32_t symbol_index = e->kind == EVENT_MARK     ? e->session
				: e->kind == EVENT_ADJUST ? (uint32_t)e->id
							  : e->symbol;
	bool needs_symbol = e->kind == EVENT_MARK || e->kind == EVENT_ADJUST || e->kind == EVENT_ORDER ||
			    e->kind == EVENT_REPLACE;
	if (e->kind == EVENT_BREACH) return 0;
	if (needs_symbol && (symbol_index >= r->symbol_max || p->symbols[symbol_index] == NONE))
		return damaged(p, "a symbol was never named");
	if (needs_symbol) symbol_index = p->symbols[symbol_index];
	if (e->kind == EVENT_DAY) {
		risk_do_day(r);
		return 0;
	}
	if (e->kind == EVENT_MARK) {
		if (e->price <= 0 || e->price > IX_RISK_PRICE_MAX)
			return damaged(p, "a mark is out of range");
		(void)risk_do_mark(r, &r->symbols[symbol_index], e->price);
		return 0;
	}
	if (!is_market_data && (e->session >= p->session_max || p->sessions[e->session] == NONE))
		return damaged(p, "a session was never named");
	session *s = &r->sessions[p->sessions[e->session]];
	if (e->time_ns > s->time_ns) s->time_ns = e->time_ns;
	switch (e->kind) {
	case EVENT_ORDER:
	case EVENT_REPLACE: return do_order(p, s, e, symbol_index);
	case EVENT_ACK: (void)risk_do_ack(r, s, e->id); return 0;
	case EVENT_REJECT: (void)risk_do_reject(r, s, e->id); return 0;
	case EVENT_CANCEL: (void)risk_do_cancel(r, s, e->id, e->quantity); return 0;
	case EVENT_FILL: (void)risk_do_fill(r, s, e->id, e->quantity, e->price); return 0;
	case EVENT_ADJUST: (void)risk_do_adjust(r, s, symbol_index, e->quantity, e->price); return 0;
	default: return damaged(p, "an event of a kind that we do not know");
	}
}

static int do_events(replay *p, ix_bytes payload) {
	int code = payload.size % sizeof(event) ? damaged(p, "it is cut") : 0;
	for (size_t at = 0; !code && at + sizeof(event) <= payload.size; at += sizeof(event)) {
		event e;
		memcpy(&e, payload.data + at, sizeof e);
		code = do_event(p, &e);
	}
	return code;
}

/* u8 what, u32 index, text. */
static int do_names(replay *p, ix_bytes payload) {
	ix_risk *r = p->risk;
	ix_reader in = ix_reader_of(payload);
	while (!in.failed && ix_reader_left(&in) > 0) {
		bool is_symbol = ix_read_u8(&in);
		uint32_t index = ix_read_u32_le(&in);
		ix_str name = risk_read_text(&in, IX_RISK_NAME_MAX);
		if (in.failed || index >= (is_symbol ? r->symbol_max : p->session_max))
			return damaged(p, "a name is none");
		if (is_symbol) {
			int code = ix_risk_add_symbol(r, name, NULL, &p->symbols[index], p->err);
			if (code) return code;
			continue;
		}
		p->sessions[index] = ix_risk_find_session(r, name);
		if (p->sessions[index] == UINT32_MAX)
			return ix_fail(p->err, IX_ERR_CONFLICT,
				"the state has a session '%.*s', the limits have none", IX_STR_ARG(name));
	}
	return in.failed ? damaged(p, "names are cut") : 0;
}

static int do_change(replay *p, ix_bytes payload) {
	ix_risk *r = p->risk;
	ix_risk_change c;
	ix_reader in = ix_reader_of(payload);
	if (!risk_read_change(&in, &c)) return damaged(p, "a change is none");
	risk_remember(r, &c);
	bool is_thrown = c.kind == IX_RISK_CHANGE_KILL || c.kind == IX_RISK_CHANGE_TRIP;
	ix_str asked_by = {NULL, 0};
	if (c.kind == IX_RISK_CHANGE_UNKILL_ASKED) {
		asked_by = ix_str_from(c.who);
		is_thrown = true;
	}
	/* A level that the limits no longer have has no switch. */
	if (is_thrown || c.kind == IX_RISK_CHANGE_UNKILL)
		(void)risk_switch_set(
			r, (ix_risk_level)c.level, ix_str_from(c.name), is_thrown, asked_by, NULL);
	return 0;
}

static int do_journal(replay *p, const char *path, uint64_t after) {
	ix_journal_reader *reader = NULL;
	const ix_journal_record *record = NULL;
	int code = ix_journal_reader_open(
		path, &(ix_journal_reader_options){.application = "risk"}, &reader, p->err);
	if (!code && after) code = ix_journal_reader_seek(reader, after + 1, p->err);
	while (!code && !(code = ix_journal_reader_next(reader, &record, p->err)) && record) {
		p->sequence = record->sequence;
		if (record->kind == RECORD_EVENTS)
			code = do_events(p, record->payload);
		else if (record->kind == RECORD_NAMES)
			code = do_names(p, record->payload);
		else if (record->kind == RECORD_CHANGE)
			code = do_change(p, record->payload);
		else
			code = damaged(p, "a record of a kind that we do not know");
	}
	ix_journal_reader_close(reader);
	return code;
}

static int do_snapshot(ix_risk *r, const char *path, uint64_t *ret_sequence, ix_error *err) {
	ix_journal_snapshot *snapshot = NULL;
	uint64_t version;
	*ret_sequence = 0;
	int code = ix_journal_snapshot_open(path, NULL, 0, &snapshot, err);
	if (code || !snapshot) return code;
	const ix_journal_snapshot_info *info = ix_journal_snapshot_get_info(snapshot);
	uint8_t *bytes = ix_allocate(r->options.allocator, info->size + 1, 1);
	size_t at = 0, got = 1, size = info->size;
	*ret_sequence = info->sequence;
	if (!bytes) code = ix_fail(err, IX_ERR_MEMORY, "no memory for a snapshot of %zu bytes", size);
	while (!code && got > 0) {
		code = ix_journal_snapshot_read(snapshot, bytes + at, size + 1 - at, &got, err);
		if (!code) at += got;
	}
	if (!code) code = risk_restore_from(r, (ix_bytes){bytes, at}, &version, err);
	ix_release(r->options.allocator, bytes, size + 1, 1);
	ix_journal_snapshot_close(snapshot);
	return code;
}

int risk_recover(ix_risk *r, const char *path, ix_error *err) {
	ix_arena arena;
	ix_arena_init(&arena, r->options.allocator, 0, 0);
	replay p = {.risk = r, .err = err, .session_max = IX_RISK_NODE_MAX};
	p.symbols = ix_arena_take(&arena, r->symbol_max * sizeof(uint32_t), sizeof(uint32_t));
	p.sessions = ix_arena_take(&arena, p.session_max * sizeof(uint32_t), sizeof(uint32_t));
	if (!p.symbols || !p.sessions) {
		ix_arena_fini(&arena);
		return ix_fail(err, IX_ERR_MEMORY, "no memory to recover");
	}
	memset(p.symbols, 0xFF, r->symbol_max * sizeof(uint32_t));
	memset(p.sessions, 0xFF, p.session_max * sizeof(uint32_t));
	uint64_t after = 0;
	r->is_replaying = true;
	int code = do_snapshot(r, path, &after, err);
	if (!code) code = do_journal(&p, path, after);
	r->is_replaying = false;
	ix_arena_fini(&arena);
	return code ? ix_wrap(err, code, "%s", path) : 0;
}
