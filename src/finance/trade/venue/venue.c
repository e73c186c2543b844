/* venue.c - the journal around the engine: first it is written, then it is done. */
#include <inox/journal.h>
#include <inox/venue.h>

struct ix_venue {
	ix_match *engine;
	ix_journal *journal;
	uint64_t snapshot_sequence;
	bool is_broken; /* commands may be in the journal that were not applied */
	ix_venue_options options;
};

enum { BLOCK_ALIGNMENT = 64 };

/* ---- the start ---- */

static int read_snapshot(ix_journal_snapshot *s, uint8_t *data, size_t size, ix_error *err) {
	size_t at = 0, got = 1;
	while (got > 0) {
		/* Once more at its end: that is where the journal compares what was read. */
		int code = ix_journal_snapshot_read(s, data + at, size - at, &got, err);
		if (code) return code;
		at += got;
	}
	return at == size ? 0 : ix_fail(err, IX_ERR_TRUNCATED, "a snapshot of %zu bytes has %zu", size, at);
}

/* The engine of the newest whole snapshot; an empty one where there is none. */
static int load_engine(ix_venue *v, const char *path, ix_venue_recovery *r, ix_error *err) {
	ix_journal_snapshot *s = NULL;
	int code = ix_journal_snapshot_open(path, v->options.system, 0, &s, err);
	if (code) return code;
	ix_match_options options = v->options.match;
	if (!v->options.hears_replay) options.listener = (ix_match_listener){0};
	if (!s) return ix_match_new(&options, &v->engine, err);
	const ix_journal_snapshot_info info = *ix_journal_snapshot_get_info(s);
	size_t size = (size_t)info.size;
	/* One byte more, so that an empty one is not a case of its own. */
	uint8_t *data =
		info.size < SIZE_MAX ? ix_allocate(options.allocator, size + 1, BLOCK_ALIGNMENT) : NULL;
	if (!data) {
		ix_journal_snapshot_close(s);
		return ix_fail(err, IX_ERR_MEMORY, "%s: there is no memory for a snapshot of %llu bytes",
			path, (unsigned long long)info.size);
	}
	code = read_snapshot(s, data, size, err);
	if (!code) code = ix_match_load(&options, (ix_bytes){data, size}, &v->engine, err);
	ix_release(options.allocator, data, size + 1, BLOCK_ALIGNMENT);
	ix_journal_snapshot_close(s);
	if (code) return ix_wrap(err, code, "%s/%s", path, info.file);
	v->snapshot_sequence = info.sequence;
	r->snapshot_sequence = info.sequence;
	if (ix_venue_command_count(v) == info.sequence) return 0;
	return ix_fail(err, IX_ERR_INVALID, "%s/%s: it holds the state after another command than it says",
		path, info.file);
}

static int apply_record(ix_venue *v, const char *path, const ix_journal_record *record, ix_error *err) {
	ix_match_command c;
	int code = record->kind == IX_VENUE_RECORD_COMMAND
			   ? ix_match_command_decode(record->payload, &c, err)
			   : ix_fail(err, IX_ERR_INVALID, "it is of kind %u, not a command", record->kind);
	if (code) return ix_wrap(err, code, "%s: record %llu", path, (unsigned long long)record->sequence);
	(void)ix_match_apply(v->engine, &c);
	return 0;
}

/* The commands after the snapshot. */
static int replay(ix_venue *v, const char *path, ix_venue_recovery *r, ix_error *err) {
	ix_journal_reader *reader;
	ix_journal_reader_options options = {.application = "venue", .system = v->options.system};
	int code = ix_journal_reader_open(path, &options, &reader, err);
	if (code) return code;
	code = ix_journal_reader_seek(reader, v->snapshot_sequence + 1, err);
	while (!code) {
		const ix_journal_record *record;
		code = ix_journal_reader_next(reader, &record, err);
		if (code || !record) break;
		code = apply_record(v, path, record, err);
		r->replayed_count += code == 0;
	}
	ix_journal_reader_close(reader);
	if (code || ix_venue_command_count(v) == ix_journal_last_sequence(v->journal)) return code;
	return ix_fail(err, IX_ERR_INVALID, "%s: the state does not follow from the journal", path);
}

static int start(ix_venue *v, const char *path, ix_venue_recovery *r, ix_error *err) {
	const ix_journal_options options = {.application = "venue",
		.payload_max = IX_MATCH_COMMAND_SIZE_MAX,
		.segment_size = v->options.segment_size,
		.clock = v->options.clock,
		.system = v->options.system};
	ix_journal_recovery found = {0};
	int code = ix_journal_open(path, &options, &v->journal, &found, err);
	if (code) return code;
	r->created = found.created;
	r->torn_bytes = found.torn_bytes;
	r->snapshots_damaged = found.snapshots_damaged;
	code = load_engine(v, path, r, err);
	if (!code) code = replay(v, path, r, err);
	/* What the replay has applied counts as done from now on, so it must stay. */
	if (!code) code = ix_journal_commit(v->journal, err);
	if (!code) ix_match_set_listener(v->engine, v->options.match.listener);
	return code;
}

int ix_venue_open(const char *path, const ix_venue_options *options, ix_venue **ret_venue,
	ix_venue_recovery *ret_recovery, ix_error *err) {
	const ix_allocator *a = options->match.allocator;
	if (!a) return ix_fail(err, IX_ERR_USAGE, "venue: no allocator was given");
	ix_venue *v = ix_allocate(a, sizeof *v, BLOCK_ALIGNMENT);
	if (!v) return ix_fail(err, IX_ERR_MEMORY, "venue: there is no memory for it");
	*v = (ix_venue){.options = *options};
	if (!v->options.system) v->options.system = ix_file_system_os();
	ix_venue_recovery r = {0};
	int code = start(v, path, &r, err);
	if (code) {
		ix_venue_close(v);
		return code;
	}
	if (ret_recovery) *ret_recovery = r;
	*ret_venue = v;
	return 0;
}

void ix_venue_close(ix_venue *v) {
	if (!v) return;
	/* What was applied is durable; what was not must not become so by closing. */
	if (v->is_broken)
		ix_journal_abandon(v->journal);
	else
		(void)ix_journal_close(v->journal, NULL);
	ix_match_free(v->engine);
	ix_release(v->options.match.allocator, v, sizeof *v, BLOCK_ALIGNMENT);
}

/* ---- commands ---- */

static int journal_all(ix_venue *v, const ix_match_command *commands, size_t count, ix_error *err) {
	int code = 0;
	for (size_t i = 0; i < count && !code; i++) {
		uint8_t bytes[IX_MATCH_COMMAND_SIZE_MAX];
		size_t size = ix_match_command_encode(&commands[i], bytes);
		code = ix_journal_append(
			v->journal, IX_VENUE_RECORD_COMMAND, (ix_bytes){bytes, size}, NULL, err);
	}
	return code ? code : ix_journal_commit(v->journal, err);
}

int ix_venue_apply(ix_venue *v, const ix_match_command *commands, size_t count, ix_error *err) {
	if (v->is_broken)
		return ix_fail(err, IX_ERR_CLOSED, "venue: its journal has failed; it has to be opened anew");
	uint64_t size;
	if (ix_mul_overflow(ix_journal_record_size(v->journal, IX_MATCH_COMMAND_SIZE_MAX), count, &size))
		return ix_fail(err, IX_ERR_LIMIT, "venue: %zu commands at once", count);
	int code = ix_journal_reserve(v->journal, size, err);
	if (code) {
		v->is_broken = ix_journal_is_poisoned(v->journal);
		return code;
	}
	code = journal_all(v, commands, count, err);
	if (code) {
		v->is_broken = true;
		return code;
	}
	ix_match_apply_all(v->engine, commands, count);
	return 0;
}

/* ---- snapshots ---- */

static int write_snapshot(void *context, ix_bytes bytes, ix_error *err) {
	return ix_journal_snapshot_write(context, bytes.data, bytes.size, err);
}

int ix_venue_snapshot(ix_venue *v, ix_error *err) {
	uint64_t sequence = ix_venue_command_count(v);
	if (sequence == v->snapshot_sequence) return 0;
	if (v->is_broken)
		return ix_fail(err, IX_ERR_CLOSED, "venue: its journal has failed; it has to be opened anew");
	ix_journal_snapshot_out *out;
	int code = ix_journal_snapshot_begin(v->journal, sequence, &out, err);
	if (code) return code;
	code = ix_match_save(v->engine, write_snapshot, out, err);
	if (code) {
		ix_journal_snapshot_abort(out);
		return code;
	}
	code = ix_journal_snapshot_commit(out, err);
	if (code) return code;
	v->snapshot_sequence = sequence;
	uint32_t keep = v->options.snapshot_keep ? v->options.snapshot_keep : IX_VENUE_SNAPSHOT_KEEP;
	return ix_journal_retain(v->journal, keep, err);
}

/* ---- questions ---- */

const ix_match *ix_venue_engine(const ix_venue *v) { return v->engine; }

uint64_t ix_venue_command_count(const ix_venue *v) {
	ix_match_info info;
	ix_match_get_info(v->engine, &info);
	return info.command_count;
}

uint64_t ix_venue_since_snapshot(const ix_venue *v) {
	return ix_venue_command_count(v) - v->snapshot_sequence;
}
