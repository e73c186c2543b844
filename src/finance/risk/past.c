/* past.c - what a state directory tells of the past, read beside whoever writes it. */
#include "recover.h"
#include "snapshot.h"
#include "state_inside.h"

#include <inox/alloc.h>
#include <inox/risk_text.h>

int ix_risk_read_limits(
	ix_arena *arena, const char *state_dir, ix_str *ret_text, uint64_t *ret_version, ix_error *err) {
	return risk_latest_limits(arena, state_dir, ret_text, ret_version, err);
}

typedef struct reading {
	ix_arena arena;
	ix_str *names[2]; /* of sessions, symbols; by index */
	uint32_t count[2];
	uint64_t from_ns, to_ns;
	ix_risk_breach_found *found;
	void *context;
	ix_error *err;
	const char *path;
} reading;

static int keep_name(reading *r, bool is_symbol, uint32_t index, ix_str name) {
	if (index >= IX_RISK_NODE_MAX) return ix_fail(r->err, IX_ERR_INVALID, "%s: a name is none", r->path);
	if (index >= r->count[is_symbol]) {
		uint32_t more = index < 512 ? 1024 : index * 2;
		ix_str *names = ix_arena_array(&r->arena, ix_str, more);
		if (!names) return ix_fail(r->err, IX_ERR_MEMORY, "no memory for names");
		if (r->count[is_symbol])
			memcpy(names, r->names[is_symbol], r->count[is_symbol] * sizeof(ix_str));
		r->names[is_symbol] = names;
		r->count[is_symbol] = more;
	}
	r->names[is_symbol][index] = ix_arena_copy_str(&r->arena, name);
	return r->names[is_symbol][index].data ? 0 : ix_fail(r->err, IX_ERR_MEMORY, "no memory for names");
}

static ix_str name_of(const reading *r, bool is_symbol, uint32_t index) {
	return index < r->count[is_symbol] ? r->names[is_symbol][index] : (ix_str){"", 0};
}

static int read_names(reading *r, ix_bytes payload) {
	ix_reader in = ix_reader_of(payload);
	int code = 0;
	while (!code && !in.failed && ix_reader_left(&in) > 0) {
		bool is_symbol = ix_read_u8(&in);
		uint32_t index = ix_read_u32_le(&in);
		ix_str name = risk_read_text(&in, IX_RISK_NAME_MAX);
		if (!in.failed) code = keep_name(r, is_symbol, index, name);
	}
	return in.failed ? ix_fail(r->err, IX_ERR_TRUNCATED, "%s: names are cut", r->path) : code;
}

static void read_events(reading *r, ix_bytes payload) {
	for (size_t at = 0; at + sizeof(event) <= payload.size; at += sizeof(event)) {
		event e;
		memcpy(&e, payload.data + at, sizeof e);
		if (e.kind != EVENT_BREACH || e.time_ns < r->from_ns || e.time_ns >= r->to_ns) continue;
		ix_risk_breach breach = {.time_ns = e.time_ns,
			.session = name_of(r, false, e.session),
			.symbol = name_of(r, true, e.symbol),
			.id = e.id,
			.quantity = e.quantity,
			.price_e4 = e.price,
			.side = e.side,
			.flags = e.flags,
			.rejects = e.replaced,
			.warnings = e.other,
			.level = e.level,
			.limit = e.limit};
		r->found(r->context, &breach);
	}
}

int ix_risk_read_breaches(const char *state_dir, uint64_t from_ns, uint64_t to_ns,
	ix_risk_breach_found *found, void *context, ix_error *err) {
	ix_journal_reader *reader = NULL;
	const ix_journal_record *record = NULL;
	reading r = {.from_ns = from_ns,
		.to_ns = to_ns,
		.found = found,
		.context = context,
		.err = err,
		.path = state_dir};
	ix_arena_init(&r.arena, ix_allocator_current(), 0, 0);
	int code = ix_journal_reader_open(
		state_dir, &(ix_journal_reader_options){.application = "risk"}, &reader, err);
	while (!code && !(code = ix_journal_reader_next(reader, &record, err)) && record) {
		if (record->kind == RECORD_NAMES) code = read_names(&r, record->payload);
		if (record->kind == RECORD_EVENTS) read_events(&r, record->payload);
	}
	ix_journal_reader_close(reader);
	ix_arena_fini(&r.arena);
	return code;
}
