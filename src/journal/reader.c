/* reader.c - walking through a journal, also one that is being written: a cursor that is set to a sequence,
 * checks what it gives, crosses segments, and waits at the end without being in anybody's way. */
#include "inside.h"

struct ix_journal_reader {
	const ix_allocator *allocator;
	journal_directory directory;
	bool durable_only;
	bool is_bound; /* the identity is known */
	bool has_application;
	char application[IX_JOURNAL_APPLICATION_MAX + 1];
	uint8_t identity[IX_JOURNAL_IDENTITY_SIZE];

	uint64_t number; /* of the segment that is open, or is to be */
	ix_file file;    /* handle -1: not open */
	file_window window;
	segment_scan scan;
	uint64_t settled; /* the offset at which the tail was looked at and is only a tail; 0: none */

	ix_file mark_file;
	journal_mark mark;
	bool has_mark;

	ix_journal_record record;
};

/* ---- what is known of the writer ---- */

static int load_mark(ix_journal_reader *r, ix_error *err) {
	unsigned damaged;
	if (r->mark_file.handle < 0) {
		int code = directory_open(&r->directory, MARK_FILE_NAME, IX_FILE_READ, &r->mark_file, err);
		if (code == IX_ERR_NOT_FOUND) return 0;
		if (code) return code;
	}
	/* Both slots torn or in flux: what was known before stays true. */
	journal_mark mark;
	bool found = false;
	int code = mark_read(&r->mark_file, &mark, &found, &damaged, err);
	if (code == 0 && found) {
		r->mark = mark;
		r->has_mark = true;
	}
	return code;
}

/* The end of what is durable in this segment, as far as the mark knows. */
static uint64_t durable_end(const ix_journal_reader *r) {
	if (!r->has_mark || r->mark.segment < r->number) return 0;
	return r->mark.segment > r->number ? UINT64_MAX : r->mark.offset;
}

/* ---- segments ---- */

static int check_segment(ix_journal_reader *r, uint64_t number, const segment_header *h, ix_error *err) {
	char name[IX_JOURNAL_FILE_NAME_MAX];
	segment_name(number, name);
	if (h->number != number)
		return damage_fail(err, IX_JOURNAL_DAMAGE_FOREIGN, &r->directory, name, 56, 0,
			"the header says segment %llu", (unsigned long long)h->number);
	if (r->has_application && !ix_str_equal(ix_str_from(h->application), ix_str_from(r->application)))
		return ix_fail(err, IX_ERR_INVALID, "%s: %s: the journal of '%s', not of '%s'",
			r->directory.label, name, h->application, r->application);
	if (r->is_bound && memcmp(h->identity, r->identity, sizeof r->identity) != 0)
		return damage_fail(err, IX_JOURNAL_DAMAGE_FOREIGN, &r->directory, name, 24, 0,
			"the segment of another journal");
	memcpy(r->identity, h->identity, sizeof r->identity);
	r->is_bound = true;
	return 0;
}

/* Opens the segment `number` and stands before its first record. HEADER_BLANK: it is not there or has not
 * begun.
 */
static int open_segment(ix_journal_reader *r, uint64_t number, header_state *ret_state, ix_error *err) {
	char name[IX_JOURNAL_FILE_NAME_MAX];
	(void)ix_file_close(&r->file, NULL);
	r->number = number;
	r->settled = 0;
	*ret_state = HEADER_BLANK;
	segment_name(number, name);
	int code = directory_open(&r->directory, name, IX_FILE_READ, &r->file, err);
	if (code == IX_ERR_NOT_FOUND) return 0;
	if (code) return code;
	ix_error why = {0};
	code = window_attach(&r->window, &r->file, err);
	if (code == 0) code = scan_begin(&r->scan, &r->window, ret_state, &why);
	if (code == 0 && *ret_state == HEADER_WHOLE)
		code = check_segment(r, number, &r->scan.header, err);
	else if (code == 0 && (*ret_state == HEADER_DAMAGED || *ret_state == HEADER_NEWER))
		code = segment_fail_header(&r->directory, number, *ret_state, &why, err);
	else if (code && err && why.code)
		*err = why;
	if (code || *ret_state != HEADER_WHOLE) (void)ix_file_close(&r->file, NULL);
	return code;
}

static int fail_dropped(const ix_journal_reader *r, uint64_t number, ix_error *err) {
	char name[IX_JOURNAL_FILE_NAME_MAX];
	segment_name(number, name);
	return ix_fail(err, IX_ERR_NOT_FOUND, "%s: %s was dropped by retention", r->directory.label, name);
}

/* No segment is open: opens the one that is due, if it has begun by now. */
static int open_due(ix_journal_reader *r, bool *ret_open, ix_error *err) {
	header_state state;
	*ret_open = false;
	int code = open_segment(r, r->number, &state, err);
	if (code) return code;
	*ret_open = state == HEADER_WHOLE;
	if (*ret_open) return 0;
	journal_listing listing;
	char name[IX_JOURNAL_FILE_NAME_MAX];
	segment_name(r->number, name);
	code = directory_list(&r->directory, &listing, err);
	if (code == 0) code = load_mark(r, err);
	if (code) return code;
	uint64_t first = r->has_mark ? r->mark.first_segment : listing.first_segment;
	if (r->number < first)
		return ix_fail(
			err, IX_ERR_NOT_FOUND, "%s: %s was dropped by retention", r->directory.label, name);
	if (listing.last_segment > r->number || durable_end(r) > 0) {
		/* It may have begun since it was looked at. */
		code = open_segment(r, r->number, &state, err);
		*ret_open = state == HEADER_WHOLE;
		if (code || *ret_open) return code;
		return damage_fail(err, IX_JOURNAL_DAMAGE_SEGMENT, &r->directory, name, 0, 0,
			state == HEADER_BLANK ? "the segment is missing or blank"
					      : "the segment ends in its header");
	}
	return 0;
}

/* ---- the end of a segment ---- */

typedef enum end_kind {
	END_NOT,  /* there is a record after all */
	END_MOVE, /* the next segment goes on */
	END_HERE, /* nothing more now */
} end_kind;

/* Looks once more, with what the file holds by now. */
static int look_again(ix_journal_reader *r, end_kind *ret_end, ix_error *err) {
	segment_scan probe = r->scan;
	record_view record;
	scan_step step;
	int code = window_refresh(&r->window, err);
	if (code == 0) code = scan_next(&probe, &record, &step, err);
	if (code) return code;
	r->scan.reason = probe.reason;
	*ret_end = step == SCAN_BROKEN ? END_HERE : END_NOT;
	return 0;
}

/* Has the next segment begun? A header that is being written while it is read looks damaged for a moment. */
static int look_at_next(
	ix_journal_reader *r, segment_header *ret_next, header_state *ret_state, ix_error *err) {
	enum { TRIES = 3 };
	ix_error why = {0};
	*ret_state = HEADER_BLANK;
	for (int i = 0; i < TRIES; i++) {
		uint64_t size;
		int code =
			segment_read_header(&r->directory, r->number + 1, ret_next, ret_state, &size, &why);
		if (code == IX_ERR_NOT_FOUND) return 0;
		if (code) return ix_fail(err, code, "%s", why.text);
		if (*ret_state != HEADER_DAMAGED && *ret_state != HEADER_NEWER) return 0;
	}
	return segment_fail_header(&r->directory, r->number + 1, *ret_state, &why, err);
}

/* All of this segment was durable, and there is nothing behind it where there must be. */
static int fail_next(const ix_journal_reader *r, ix_error *err) {
	char name[IX_JOURNAL_FILE_NAME_MAX];
	if (r->mark.first_segment > r->number + 1) return fail_dropped(r, r->number + 1, err);
	segment_name(r->number + 1, name);
	return damage_fail(err, IX_JOURNAL_DAMAGE_SEGMENT, &r->directory, name, 0, r->scan.expected,
		"the segment is missing, or blank");
}

/* Nothing goes on behind this segment: is that the end of the journal? */
static int judge_tail(ix_journal_reader *r, uint64_t durable, end_kind *ret_end, ix_error *err) {
	if (r->settled == r->scan.offset && durable <= r->scan.offset) return 0;
	if (durable == UINT64_MAX && r->scan.offset == r->window.size) return fail_next(r, err);
	scan_tail tail;
	int code = scan_rest(&r->scan, &tail, err);
	if (code) return code;
	ix_journal_damage damage = scan_judge(&r->scan, &tail, durable);
	if (damage) {
		/* Between the two looks it may have been written and committed. */
		code = look_again(r, ret_end, err);
		if (code || *ret_end == END_NOT) return code;
		return scan_fail(&r->scan, &r->directory, damage, NULL, err);
	}
	r->settled = r->scan.offset;
	return 0;
}

/* Facts first, the file after them: what the mark or a next segment says was durable then is readable now, if
 * it is not damaged. */
static int judge_end(ix_journal_reader *r, end_kind *ret_end, ix_error *err) {
	segment_header next;
	header_state state;
	int code = load_mark(r, err);
	uint64_t durable = durable_end(r);
	if (code == 0) code = look_at_next(r, &next, &state, err);
	if (code == 0) code = look_again(r, ret_end, err);
	if (code || *ret_end == END_NOT) return code;
	if (state != HEADER_WHOLE) return judge_tail(r, durable, ret_end, err);
	*ret_end = END_MOVE;
	code = check_segment(r, r->number + 1, &next, err);
	return code ? code : scan_check_end(&r->scan, &r->directory, &next, err);
}

/* ---- records ---- */

static bool is_durable(ix_journal_reader *r) {
	if (!r->durable_only || r->scan.offset <= durable_end(r)) return true;
	(void)load_mark(r, NULL);
	return !r->has_mark || r->scan.offset <= durable_end(r);
}

/* One record ahead; *ret_found false at the end. */
static int advance(ix_journal_reader *r, record_view *ret_record, bool *ret_found, ix_error *err) {
	*ret_found = false;
	for (;;) {
		scan_step step;
		if (r->file.handle < 0) {
			bool is_open;
			int code = open_due(r, &is_open, err);
			if (code || !is_open) return code;
		}
		segment_scan before;
		if (r->durable_only) before = r->scan;
		int code = scan_next(&r->scan, ret_record, &step, err);
		if (code) return code;
		if (step == SCAN_RECORD) {
			*ret_found = is_durable(r);
			if (!*ret_found) r->scan = before;
			return 0;
		}
		if (step != SCAN_BROKEN)
			return scan_fail(&r->scan, &r->directory,
				step == SCAN_CHAIN ? IX_JOURNAL_DAMAGE_CHAIN : IX_JOURNAL_DAMAGE_SEQUENCE,
				ret_record, err);
		end_kind end;
		code = judge_end(r, &end, err);
		if (code || end == END_HERE) return code;
		if (end == END_MOVE) {
			(void)ix_file_close(&r->file, NULL);
			r->number++;
		}
	}
}

int ix_journal_reader_next(ix_journal_reader *r, const ix_journal_record **ret_record, ix_error *err) {
	record_view record;
	bool found;
	int code = advance(r, &record, &found, err);
	if (code) return code;
	*ret_record = NULL;
	if (!found) return 0;
	r->record = (ix_journal_record){.sequence = record.sequence,
		.time_ns = record.time_ns,
		.kind = record.kind,
		.payload = record.payload,
		.hash = record.hash,
		.segment = r->number,
		.offset = r->scan.offset - record.total};
	*ret_record = &r->record;
	return 0;
}

/* ---- seeking ---- */

/* The last segment that begins at or before `sequence`, among those from `low` to `high`. */
static int find_segment(ix_journal_reader *r, uint64_t low, uint64_t high, uint64_t sequence,
	uint64_t *ret_number, ix_error *err) {
	while (low < high) {
		uint64_t middle = low + (high - low + 1) / 2, size;
		segment_header header;
		header_state state;
		ix_error why = {0};
		int code = segment_read_header(&r->directory, middle, &header, &state, &size, &why);
		if (code) return ix_fail(err, code, "%s", why.text);
		if (state != HEADER_WHOLE && middle < high)
			return segment_fail_header(&r->directory, middle, state, &why, err);
		if (state == HEADER_WHOLE && header.first_sequence <= sequence)
			low = middle;
		else
			high = middle - 1;
	}
	*ret_number = low;
	return 0;
}

/* Goes to where the index says, if a whole record of that sequence is there. */
static int jump(ix_journal_reader *r, uint64_t sequence, ix_error *err) {
	index_entry entry;
	record_view record;
	scan_step step;
	if (!index_find(&r->directory, &r->scan.header, sequence, &entry) || entry.offset < r->scan.offset)
		return 0;
	segment_scan start = r->scan;
	r->scan.offset = entry.offset;
	r->scan.expected = entry.sequence;
	r->scan.chain_is_known = entry.offset == start.offset;
	segment_scan there = r->scan;
	int code = scan_next(&r->scan, &record, &step, err);
	if (code) return code;
	r->scan = step == SCAN_RECORD ? there : start;
	return 0;
}

int ix_journal_reader_seek(ix_journal_reader *r, uint64_t sequence, ix_error *err) {
	journal_listing listing;
	header_state state;
	uint64_t number = 0;
	int code = directory_list(&r->directory, &listing, err);
	if (code == 0) code = load_mark(r, err);
	if (code) return code;
	uint64_t first = listing.first_segment;
	if (r->has_mark && r->mark.first_segment > first) first = r->mark.first_segment;
	code = find_segment(r, first, listing.last_segment, sequence, &number, err);
	if (code == 0) code = open_segment(r, number, &state, err);
	if (code) return code;
	if (state == HEADER_WHOLE && sequence < r->scan.expected)
		return ix_fail(err, IX_ERR_NOT_FOUND, "%s: sequence %llu was dropped, the oldest is %llu",
			r->directory.label, (unsigned long long)sequence,
			(unsigned long long)r->scan.expected);
	if (state == HEADER_WHOLE) code = jump(r, sequence, err);
	bool found = true;
	while (code == 0 && found && (r->file.handle < 0 || r->scan.expected < sequence)) {
		record_view record;
		code = advance(r, &record, &found, err);
	}
	if (code == 0 && (r->file.handle < 0 || r->scan.expected != sequence))
		return ix_fail(err, IX_ERR_RANGE, "%s: sequence %llu is not there yet", r->directory.label,
			(unsigned long long)sequence);
	return code;
}

/* ---- opening ---- */

static int start(ix_journal_reader *r, const char *path, const ix_journal_reader_options *o, ix_error *err) {
	journal_listing listing;
	int code = directory_init(&r->directory, o->system, path, err);
	if (code == 0) code = directory_list(&r->directory, &listing, err);
	if (code == 0) code = load_mark(r, err);
	if (code) return code;
	if (listing.segment_count == 0 && !r->has_mark)
		return ix_fail(err, IX_ERR_NOT_FOUND, "%s: there is no journal here", r->directory.label);
	ix_str name = ix_str_from(o->application);
	if (name.size > IX_JOURNAL_APPLICATION_MAX)
		return ix_fail(err, IX_ERR_LIMIT, "%s: an application's name of %zu bytes, the most is %d",
			r->directory.label, name.size, IX_JOURNAL_APPLICATION_MAX);
	r->has_application = o->application != NULL;
	if (name.size > 0) memcpy(r->application, name.data, name.size);
	r->durable_only = o->durable_only;
	r->number = r->has_mark ? r->mark.first_segment : listing.first_segment;
	bool is_open;
	return open_due(r, &is_open, err);
}

int ix_journal_reader_open(const char *path, const ix_journal_reader_options *options,
	ix_journal_reader **ret_reader, ix_error *err) {
	ix_journal_reader_options o = options ? *options : (ix_journal_reader_options){0};
	const ix_allocator *allocator = ix_allocator_current();
	ix_journal_reader *r = ix_allocate_zeroed(allocator, 1, sizeof *r, _Alignof(ix_journal_reader));
	if (!r) return ix_fail(err, IX_ERR_MEMORY, "%s: no memory for a reader", path);
	r->allocator = allocator;
	r->file.handle = r->mark_file.handle = -1;
	window_init(&r->window, allocator);
	int code = start(r, path, &o, err);
	if (code) {
		ix_journal_reader_close(r);
		return code;
	}
	*ret_reader = r;
	return 0;
}

void ix_journal_reader_close(ix_journal_reader *r) {
	if (!r) return;
	(void)ix_file_close(&r->file, NULL);
	(void)ix_file_close(&r->mark_file, NULL);
	window_fini(&r->window);
	ix_release(r->allocator, r, sizeof *r, _Alignof(ix_journal_reader));
}
