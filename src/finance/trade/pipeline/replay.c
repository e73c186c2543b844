/* replay.c - a trail's inputs once more through an engine built from its plan; what comes out is held against
 * the records, one by one, as it comes. */
#include "run_inside.h"

#include <inox/json.h>

typedef struct replay {
	ix_run *run;
	const ix_replay_options *options;
	ix_replay_result *result;
	ix_journal_reader *reader;
	const ix_journal_record *ahead; /* read and not yet used */
	uint8_t input[IX_TRAIL_PAYLOAD_MAX];
	size_t input_size;
	bool has_ended; /* there are no more records */
	int code;       /* of reading, met within the engine's calls */
	ix_error err;
} replay;

/* The next record, NULL at the end or after an error. */
static const ix_journal_record *look(replay *r) {
	if (r->ahead || r->has_ended || r->code) return r->ahead;
	r->code = ix_journal_reader_next(r->reader, &r->ahead, &r->err);
	if (!r->code && r->ahead && r->ahead->payload.size > IX_TRAIL_PAYLOAD_MAX)
		r->code = ix_fail(&r->err, IX_ERR_LIMIT, "%s: record %llu has %zu bytes, the most is %d",
			r->options->trail_path, (unsigned long long)r->ahead->sequence,
			r->ahead->payload.size, IX_TRAIL_PAYLOAD_MAX);
	if (r->code) r->ahead = NULL;
	if (!r->ahead) {
		r->has_ended = true;
		return NULL;
	}
	r->result->record_count++;
	if (r->options->on_record) r->options->on_record(r->options->context, r->ahead);
	return r->ahead;
}

static void differs(replay *r, uint64_t sequence, const char *what, uint16_t expected, uint16_t got) {
	if (r->result->mismatch_sequence) return;
	r->result->mismatch_sequence = sequence;
	ix_format(r->result->mismatch, sizeof r->result->mismatch,
		"record %llu: the trail has %s, the replay %s%s", (unsigned long long)sequence,
		ix_trail_kind_name(expected), ix_trail_kind_name(got), what);
}

static bool same_bytes(ix_bytes payload, ix_bytes head, ix_bytes body) {
	if (payload.size != head.size + body.size) return false;
	if (head.size > 0 && memcmp(payload.data, head.data, head.size) != 0) return false;
	return body.size == 0 || memcmp(payload.data + head.size, body.data, body.size) == 0;
}

/* The engine's sink: each record it makes is the trail's next. Past the end of a trail that was cut off there
 * is nothing to hold it against. */
static uint64_t compare(void *context, uint16_t kind, ix_bytes head, ix_bytes body) {
	replay *r = context;
	if (kind == IX_TRAIL_INPUT || kind == IX_TRAIL_PARAMETER) return 1; /* it was fed from the trail */
	const ix_journal_record *record = look(r);
	if (!record) return r->code ? 0 : 1;
	if (record->kind != kind) {
		differs(r, record->sequence, "", record->kind, kind);
		return 0;
	}
	if (!same_bytes(record->payload, head, body)) {
		differs(r, record->sequence, " of other content", record->kind, kind);
		return 0;
	}
	r->result->compared_count++;
	r->ahead = NULL;
	return 1;
}

/* Feeds one input record; the engine's calls of `compare` read on, so its bytes are copied first. */
static int feed(replay *r, const ix_journal_record *record, ix_error *err) {
	uint64_t first, sequence = record->sequence;
	ix_bytes framed;
	memcpy(r->input, record->payload.data, record->payload.size);
	int code = ix_trail_decode_input((ix_bytes){r->input, record->payload.size}, &first, &framed, err);
	uint64_t expected = ix_pipeline_get_counts(r->run->pipeline)->message_count + 1;
	if (!code && first != expected)
		code = ix_fail(err, IX_ERR_SYNTAX, "its first message is %llu, where %llu comes next",
			(unsigned long long)first, (unsigned long long)expected);
	if (code) return ix_wrap(err, code, "record %llu", (unsigned long long)sequence);
	r->ahead = NULL;
	code = ix_pipeline_feed(r->run->pipeline, framed, err);
	/* The sink stopped it: for a difference, which the result tells, or for an error of the journal. */
	if (code == IX_ERR_CLOSED) return 0;
	return code ? ix_wrap(err, code, "record %llu", (unsigned long long)sequence) : 0;
}

static int set_parameter(replay *r, const ix_journal_record *record, ix_error *err) {
	ix_trail_parameter p;
	uint64_t sequence = record->sequence;
	int code = ix_trail_decode_parameter(record->payload, &p, err);
	r->ahead = NULL;
	if (!code) code = ix_pipeline_set_parameter(r->run->pipeline, p.index, p.value, err);
	if (code == IX_ERR_CLOSED) return 0;
	return code ? ix_wrap(err, code, "record %llu", (unsigned long long)sequence) : 0;
}

/* All inputs. What is neither belongs to the end, whose first records are the orders that it cancels. */
static int feed_all(replay *r, ix_error *err) {
	int code = 0;
	const ix_journal_record *record;
	while (!code && !r->result->mismatch_sequence && (record = look(r)) != NULL) {
		if (record->kind == IX_TRAIL_INPUT)
			code = feed(r, record, err);
		else if (record->kind == IX_TRAIL_PARAMETER)
			code = set_parameter(r, record, err);
		else
			break;
	}
	return code;
}

static int stop(replay *r, ix_error *err) {
	const ix_journal_record *record = look(r);
	if (!record || r->result->mismatch_sequence) return 0;
	int code = ix_pipeline_stop(r->run->pipeline, err);
	if (code == IX_ERR_CLOSED) return 0;
	r->result->is_complete = code == 0 && !r->has_ended;
	record = code == 0 ? look(r) : NULL;
	if (record) {
		r->result->is_complete = false;
		r->result->mismatch_sequence = record->sequence;
		ix_format(r->result->mismatch, sizeof r->result->mismatch,
			"record %llu: a record of kind %s behind the end",
			(unsigned long long)record->sequence, ix_trail_kind_name(record->kind));
	}
	return code;
}

/* A trail is data, and may be a stranger's: code that it names is run only if who replays it names it too. */
static int trust(const replay *r, ix_plan *plan, ix_error *err) {
	static const uint8_t none[sizeof plan->strategy_hash];
	if (ix_strategy_find_builtin(plan->strategy)) return 0;
	if (!r->options->strategy)
		return ix_fail(err, IX_ERR_DENIED,
			"it ran the shared object '%.*s': name it with --strategy to run its code again",
			IX_STR_ARG(plan->strategy));
	if (memcmp(plan->strategy_hash, none, sizeof none) == 0)
		return ix_fail(err, IX_ERR_INVALID, "the plan does not say which shared object ran");
	plan->strategy = ix_str_from(r->options->strategy);
	return 0;
}

static int build(replay *r, ix_error *err) {
	const ix_journal_record *record = look(r);
	if (r->code) {
		if (err) *err = r->err;
		return r->code;
	}
	if (!record) return ix_fail(err, IX_ERR_TRUNCATED, "the trail has no records");
	if (record->kind != IX_TRAIL_START)
		return ix_fail(err, IX_ERR_SYNTAX, "record %llu: a trail starts with its plan, not with %s",
			(unsigned long long)record->sequence, ix_trail_kind_name(record->kind));
	ix_json *json;
	ix_plan plan;
	int code = ix_json_parse(record->payload, NULL, &json, err);
	if (code) return ix_wrap(err, code, "record 1");
	code = ix_plan_read(json, &plan, err);
	if (!code) code = trust(r, &plan, err);
	const ix_pipeline_sink sink = {.append = compare, .context = r};
	const ix_run_options options = {0};
	if (!code) code = plan_build(&plan, &sink, &options, r->run, err);
	if (code) code = ix_wrap(err, code, "record 1: the plan");
	r->run->options = options;
	ix_json_free(json);
	r->ahead = NULL;
	return code;
}

static int verify_chain(const char *path, ix_error *err) {
	const ix_journal_verify_options options = {.application = IX_TRAIL_APPLICATION};
	ix_journal_report report;
	int code = ix_journal_verify(path, &options, &report, err);
	if (!code && report.finding_count > 0) code = ix_fail(err, IX_ERR_CHECKSUM, "%s", report.first_text);
	return code;
}

/* What a crash left in the ring, unless the run is still going on. */
static int settle(replay *r, ix_error *err) {
	int code = ix_trail_settle(r->options->trail_path, &r->result->recovered_count, err);
	return code == IX_ERR_BUSY ? 0 : code;
}

static int replay_all(replay *r, ix_error *err) {
	int code = settle(r, err);
	if (!code && r->options->verify) code = verify_chain(r->options->trail_path, err);
	const ix_journal_reader_options reading = {.application = IX_TRAIL_APPLICATION};
	if (!code) code = ix_journal_reader_open(r->options->trail_path, &reading, &r->reader, err);
	if (code) return code;
	code = build(r, err);
	if (!code) code = feed_all(r, err);
	if (!code) code = stop(r, err);
	if (!code && r->code) {
		code = r->code;
		if (err) *err = r->err;
	}
	/* The journal's own sentences start with where it is. */
	bool is_placed =
		err && ix_str_starts_with(ix_str_from(err->text), ix_str_from(r->options->trail_path));
	return code && !is_placed ? ix_wrap(err, code, "%s", r->options->trail_path) : code;
}

int ix_replay(
	const ix_replay_options *options, ix_run **ret_run, ix_replay_result *ret_result, ix_error *err) {
	*ret_run = NULL;
	*ret_result = (ix_replay_result){0};
	replay *r = ix_allocate_zeroed(ix_os_allocator(), 1, sizeof *r, _Alignof(replay));
	ix_run *run = r ? run_new(err) : NULL;
	if (!run) {
		ix_release(ix_os_allocator(), r, sizeof *r, _Alignof(replay));
		return ix_fail(err, IX_ERR_MEMORY, "no memory for a replay");
	}
	r->run = run;
	r->options = options;
	r->result = ret_result;
	int code = replay_all(r, err);
	ix_journal_reader_close(r->reader);
	ix_release(ix_os_allocator(), r, sizeof *r, _Alignof(replay));
	if (code) {
		ix_run_free(run);
		return code;
	}
	*ret_run = run;
	return 0;
}
