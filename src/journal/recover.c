/* recover.c - what opening does with the files it finds: a new journal, a clean one, a torn tail to cut; or
 * damage, which it names and leaves alone. */
#include "inside.h"

typedef struct recovery_state {
	ix_journal *j;
	ix_journal_recovery *report;
	journal_listing listing;
	journal_mark mark;
	bool has_mark;
	unsigned mark_damaged;
	uint64_t last;   /* the newest segment that has begun */
	bool drops_last; /* the file behind it is torn in its header, or blank: it is made anew */
	uint64_t size;   /* of its file */
	segment_scan scan;
	scan_tail tail;
} recovery_state;

/* ---- a new journal ---- */

static int make_journal(ix_journal *j, ix_error *err) {
	const ix_journal_options *o = &j->options;
	memcpy(j->segment.identity, o->identity, sizeof j->segment.identity);
	ix_format(j->segment.application, sizeof j->segment.application, "%s",
		o->application ? o->application : "");
	j->is_chained = o->chained;
	if (j->is_chained) chain_genesis(o->identity, o->application, j->chain);
	j->next_sequence = j->first_sequence = o->first_sequence;
	j->durable_sequence = o->first_sequence - 1;
	static const uint8_t blank[MARK_FILE_SIZE];
	/* The directory's own name first: a mark says that all of it is there. */
	int code = directory_sync_parent(&j->directory, err);
	if (code == 0) code = ix_file_write_at(&j->mark_file, blank, sizeof blank, 0, err);
	j->segment.number = 0;
	if (code == 0) code = segment_prepare_spare(j, SEGMENT_HEADER_SIZE, err);
	if (code) return code;
	j->segment_file = j->spare_file;
	j->reserved = j->spare_reserved;
	j->spare_file.handle = -1;
	j->spare_reserved = 0;
	segment_start(j, 1);
	j->mark.first_segment = 1;
	code = ix_journal_flush(j, err);
	if (code == 0) code = ix_file_sync(&j->segment_file, err);
	if (code) return code;
	j->durable = j->written;
	return journal_write_mark(j, MARK_BOTH, err);
}

/* ---- headers ---- */

/* Is this the same journal's header, with the number that its name says, following `former` (NULL: none)? */
static int check_header(const journal_directory *directory, const segment_header *header, uint64_t number,
	const segment_header *former, const ix_journal_options *options, ix_error *err) {
	char name[IX_JOURNAL_FILE_NAME_MAX];
	segment_name(number, name);
	if (header->number != number)
		return damage_fail(err, IX_JOURNAL_DAMAGE_FOREIGN, directory, name, 56, 0,
			"the header says segment %llu", (unsigned long long)header->number);
	const char *application = options->application ? options->application : "";
	if (!ix_str_equal(ix_str_from(header->application), ix_str_from(application)))
		return ix_fail(err, IX_ERR_INVALID, "%s: %s: the journal of '%s', not of '%s'",
			directory->label, name, header->application, application);
	if (header->is_chained != options->chained)
		return ix_fail(err, IX_ERR_INVALID, "%s: %s: the journal is %s, and was asked for %s",
			directory->label, name, header->is_chained ? "chained" : "not chained",
			options->chained ? "with a chain" : "without one");
	if (former && memcmp(former->identity, header->identity, sizeof header->identity) != 0)
		return damage_fail(err, IX_JOURNAL_DAMAGE_FOREIGN, directory, name, 24, 0,
			"the segment of another journal");
	if (former && header->first_sequence < former->first_sequence)
		return damage_fail(err, IX_JOURNAL_DAMAGE_SEQUENCE, directory, name, 64,
			header->first_sequence, "begins before the segment in front of it");
	return 0;
}

/* From `number` on nothing has begun; or something has, and then its header is damage. */
static int check_unbegun(recovery_state *s, uint64_t number, ix_error *err) {
	const journal_directory *directory = &s->j->directory;
	uint64_t begun;
	int code = segment_find_begun(directory, number, s->listing.last_segment, &begun, err);
	s->drops_last = true;
	for (; code == 0 && number <= s->listing.last_segment; number++) {
		uint64_t torn_bytes;
		bool is_claimed = begun > number || (s->has_mark && mark_claims(&s->mark, number));
		code = segment_judge_unbegun(directory, number, is_claimed, &torn_bytes, err);
		if (code || torn_bytes == 0 || s->report->torn) continue;
		s->report->torn = true;
		segment_name(number, s->report->torn_file);
		s->report->torn_bytes = torn_bytes;
	}
	return code;
}

/* Every header, in order; leaves the newest one's in scan.header and the oldest sequence in the report. */
static int check_headers(recovery_state *s, ix_error *err) {
	const journal_directory *directory = &s->j->directory;
	segment_header former = {0};
	uint64_t first = s->listing.first_segment;
	if (s->has_mark && s->mark.first_segment > first)
		first = s->mark.first_segment; /* the rest is being dropped */
	for (uint64_t number = first; number <= s->listing.last_segment; number++) {
		segment_header header;
		header_state state = HEADER_BLANK;
		uint64_t size = 0;
		ix_error why = {0};
		int code = segment_read_header(directory, number, &header, &state, &size, &why);
		if (code) {
			if (err) *err = why;
			return code;
		}
		if (state != HEADER_WHOLE) return check_unbegun(s, number, err);
		code = check_header(
			directory, &header, number, number > first ? &former : NULL, &s->j->options, err);
		if (code) return code;
		if (number == first) s->report->first_sequence = header.first_sequence;
		if (s->has_mark && memcmp(s->mark.identity, header.identity, sizeof header.identity) != 0)
			return damage_fail(err, IX_JOURNAL_DAMAGE_FOREIGN, directory, MARK_FILE_NAME, 0, 0,
				"the mark of another journal");
		former = header;
		s->last = number;
		s->report->segment_count++;
	}
	return 0;
}

static int check_segments_present(recovery_state *s, ix_error *err) {
	const journal_directory *directory = &s->j->directory;
	uint64_t missing = directory_missing_segment(directory, &s->listing);
	if (missing && s->has_mark && missing < s->mark.first_segment) missing = 0;
	if (s->has_mark) {
		if (s->listing.segment_count == 0 || s->listing.first_segment > s->mark.first_segment)
			missing = s->mark.first_segment;
		else if (!missing && s->listing.last_segment < s->mark.segment)
			missing = s->listing.last_segment + 1;
	}
	if (!missing) return 0;
	char name[IX_JOURNAL_FILE_NAME_MAX];
	segment_name(missing, name);
	return damage_fail(err, IX_JOURNAL_DAMAGE_SEGMENT, directory, name, 0, 0, "the segment is missing");
}

/* ---- records ---- */

/* The mark's own head, when the walk passes it: what was durable once must be what is there now. */
static int check_marked_hash(const recovery_state *s, const segment_scan *scan, ix_error *err) {
	const journal_mark *m = &s->mark;
	if (!s->has_mark || !m->is_chained || m->segment != scan->header.number || m->offset != scan->offset)
		return 0;
	if (memcmp(m->chain, scan->chain, sizeof scan->chain) == 0) return 0;
	char name[IX_JOURNAL_FILE_NAME_MAX];
	segment_name(scan->header.number, name);
	return damage_fail(err, IX_JOURNAL_DAMAGE_CHAIN, &s->j->directory, name, scan->offset, m->sequence,
		"the hash chain up to here is not the one that was durable");
}

static int step_damage(scan_step step) {
	return step == SCAN_SEQUENCE ? IX_JOURNAL_DAMAGE_SEQUENCE : IX_JOURNAL_DAMAGE_CHAIN;
}

/* Walks to where no record is. */
static int walk(recovery_state *s, segment_scan *scan, bool is_last, ix_error *err) {
	for (;;) {
		record_view record;
		scan_step step;
		uint64_t offset = scan->offset, sequence = scan->expected;
		int code = scan_next(scan, &record, &step, err);
		if (code || step == SCAN_BROKEN) return code;
		if (step != SCAN_RECORD)
			return scan_fail(
				scan, &s->j->directory, (ix_journal_damage)step_damage(step), &record, err);
		if (is_last) {
			s->j->record_count++;
			journal_note_index(s->j, sequence, offset);
		}
		code = check_marked_hash(s, scan, err);
		if (code) return code;
	}
}

/* A segment that has a successor was durable to its last byte. */
static int check_sealed(
	recovery_state *s, uint64_t number, const segment_header *next, file_window *window, ix_error *err) {
	char name[IX_JOURNAL_FILE_NAME_MAX];
	ix_file file;
	segment_scan scan;
	header_state state = HEADER_BLANK;
	segment_name(number, name);
	int code = directory_open(&s->j->directory, name, IX_FILE_READ, &file, err);
	if (code) return code;
	code = window_attach(window, &file, err);
	if (code == 0) code = scan_begin(&scan, window, &state, err);
	if (code == 0 && state == HEADER_WHOLE) code = walk(s, &scan, false, err);
	if (code == 0 && state == HEADER_WHOLE) code = scan_check_end(&scan, &s->j->directory, next, err);
	(void)ix_file_close(&file, NULL);
	return code;
}

static int check_all_sealed(recovery_state *s, file_window *window, ix_error *err) {
	uint64_t number = s->listing.first_segment;
	if (s->has_mark && s->mark.first_segment > number) number = s->mark.first_segment;
	for (; number < s->last; number++) {
		segment_header next;
		header_state state;
		uint64_t size;
		int code = segment_read_header(&s->j->directory, number + 1, &next, &state, &size, err);
		if (code == 0) code = check_sealed(s, number, &next, window, err);
		if (code) return code;
	}
	return 0;
}

static int check_newest(recovery_state *s, file_window *window, ix_error *err) {
	header_state state;
	int code = window_attach(window, &s->j->segment_file, err);
	if (code == 0) code = scan_begin(&s->scan, window, &state, err);
	if (code) return code;
	IX_ASSERT(state == HEADER_WHOLE);
	s->size = window->size;
	code = check_marked_hash(s, &s->scan, err);
	if (code == 0) code = walk(s, &s->scan, true, err);
	if (code == 0) code = scan_rest(&s->scan, &s->tail, err);
	if (code) return code;
	uint64_t marked = s->has_mark && s->mark.segment == s->last ? s->mark.offset : 0;
	ix_journal_damage damage = scan_judge(&s->scan, &s->tail, marked);
	if (damage) return scan_fail(&s->scan, &s->j->directory, damage, NULL, err);
	if (s->tail.end > s->scan.offset) {
		s->report->torn = true; /* what is behind this segment goes too */
		segment_name(s->last, s->report->torn_file);
		s->report->torn_offset = s->scan.offset;
		s->report->torn_bytes = s->tail.end - s->scan.offset;
		s->report->torn_records = s->tail.records;
	}
	return 0;
}

/* ---- snapshots ---- */

static int check_snapshots(recovery_state *s, ix_error *err) {
	for (size_t i = 0; i < s->listing.snapshot_count; i++) {
		ix_journal_snapshot_info info;
		int code = snapshot_check(&s->j->directory, s->listing.snapshots[i], s->j->segment.identity,
			false, s->j->allocator, &info, err);
		if (code == IX_ERR_MEMORY || code == IX_ERR_IO) return code;
		if (code) {
			s->report->snapshots_damaged++;
			continue;
		}
		s->report->snapshot_sequence = info.sequence;
		if (info.sequence < s->j->next_sequence) return 0;
		char name[IX_JOURNAL_FILE_NAME_MAX];
		segment_name(s->last, name);
		return damage_fail(err, IX_JOURNAL_DAMAGE_LOST, &s->j->directory, name, s->scan.offset,
			s->j->next_sequence, "a snapshot covers records up to %llu, which are gone",
			(unsigned long long)info.sequence);
	}
	return 0;
}

/* ---- mending ---- */

/* Writes what is kept behind the last mark once more and syncs it. After a failed sync the kernel may show
 * pages that never reached the disk; only a write makes them dirty again, so that this sync means something.
 */
static int make_durable(recovery_state *s, ix_error *err) {
	ix_journal *j = s->j;
	uint64_t at = s->has_mark && s->mark.segment == s->last ? s->mark.offset : 0;
	while (at < s->scan.offset) {
		uint64_t left = s->scan.offset - at;
		size_t got = 0, size = left < j->options.buffer_size ? (size_t)left : j->options.buffer_size;
		int code = ix_file_read_at(&j->segment_file, j->buffer, size, at, &got, err);
		if (code == 0 && got < size)
			code = ix_fail(err, IX_ERR_TRUNCATED,
				"%s: the newest segment shrank while it was read", j->directory.label);
		if (code == 0) code = ix_file_write_at(&j->segment_file, j->buffer, size, at, err);
		if (code) return code;
		at += size;
	}
	return 0;
}

static int remove_range(const journal_directory *directory, uint64_t from, uint64_t to,
	void (*name_of)(uint64_t, char *), ix_error *err) {
	for (uint64_t number = from; number < to; number++) {
		char name[IX_JOURNAL_FILE_NAME_MAX];
		name_of(number, name);
		int code = directory_remove(directory, name, err);
		if (code) return code;
	}
	return 0;
}

/* From the end, so that a crash leaves no gap. */
static int remove_unbegun(const recovery_state *s, ix_error *err) {
	int code = 0;
	for (uint64_t number = s->listing.last_segment; code == 0 && number > s->last; number--) {
		char name[IX_JOURNAL_FILE_NAME_MAX];
		segment_name(number, name);
		code = directory_remove(&s->j->directory, name, err);
	}
	return code;
}

/* What an interrupted retention, a snapshot or a start of a segment left. */
static int sweep(recovery_state *s, ix_error *err) {
	const journal_directory *directory = &s->j->directory;
	int code = 0;
	if (s->listing.has_temporaries) code = directory_remove_temporaries(directory, err);
	if (code == 0 && s->drops_last) code = remove_unbegun(s, err);
	if (code == 0 && s->has_mark)
		code = remove_range(
			directory, s->listing.first_segment, s->mark.first_segment, segment_name, err);
	if (code == 0 && s->listing.first_index < s->j->mark.first_segment)
		code = remove_range(
			directory, s->listing.first_index, s->j->mark.first_segment, index_name, err);
	return code;
}

static int mend(recovery_state *s, ix_error *err) {
	ix_journal *j = s->j;
	uint64_t end = s->scan.offset;
	bool is_clean = s->has_mark && s->mark.segment == s->last && s->mark.offset == end &&
			!s->report->torn && !s->drops_last && s->mark_damaged == 0 &&
			s->listing.first_segment == s->mark.first_segment;
	int code = 0;
	/* Cut first, and for good, before anything is appended: an old torn record must not rise again behind
	 * new ones that happen to end where it begins. */
	if (s->size > end) code = ix_file_truncate(&j->segment_file, end, err);
	if (code == 0 && !is_clean) code = make_durable(s, err);
	if (code == 0 && (!is_clean || s->size > end)) code = ix_file_sync(&j->segment_file, err);
	if (code) return code;
	j->written = j->durable = j->reserved = end;
	j->mark = s->has_mark ? s->mark : (journal_mark){.first_segment = s->listing.first_segment};
	if (j->mark.first_segment < s->listing.first_segment)
		j->mark.first_segment = s->listing.first_segment;
	/* Names that were seen are durable before anything stands on them: snapshots, the newest segment. */
	code = directory_sync(&j->directory, err);
	if (code == 0 && !s->has_mark) code = directory_sync_parent(&j->directory, err);
	/* And so is what the mark says of the oldest segment, before those in front of it are removed. */
	if (code == 0 && !is_clean) code = journal_write_mark(j, MARK_BOTH, err);
	return code ? code : sweep(s, err);
}

static void adopt(recovery_state *s) {
	ix_journal *j = s->j;
	j->segment = s->scan.header;
	j->is_chained = s->scan.header.is_chained;
	j->next_sequence = s->scan.expected;
	j->durable_sequence = s->scan.expected - 1;
	j->first_sequence = s->report->first_sequence;
	memcpy(j->chain, s->scan.chain, sizeof j->chain);
}

static int recover_existing(recovery_state *s, ix_error *err) {
	ix_journal *j = s->j;
	char name[IX_JOURNAL_FILE_NAME_MAX];
	file_window window;
	segment_name(s->last, name);
	int code = directory_open(&j->directory, name, IX_FILE_READ | IX_FILE_WRITE, &j->segment_file, err);
	if (code) return code;
	window_init(&window, j->allocator);
	code = check_newest(s, &window, err);
	if (code == 0) {
		adopt(s);
		code = check_snapshots(s, err);
	}
	if (code == 0 && j->options.check_all) code = check_all_sealed(s, &window, err);
	if (code == 0) code = mend(s, err);
	window_fini(&window);
	return code;
}

int recover(ix_journal *j, ix_journal_recovery *ret_recovery, ix_error *err) {
	recovery_state s = {.j = j, .report = ret_recovery};
	int code = directory_list(&j->directory, &s.listing, err);
	if (code == 0) code = mark_read(&j->mark_file, &s.mark, &s.has_mark, &s.mark_damaged, err);
	if (code == 0) code = check_segments_present(&s, err);
	if (code == 0 && s.listing.segment_count > 0) code = check_headers(&s, err);
	if (code == 0 && s.last == 0 && s.has_mark)
		code = damage_fail(err, IX_JOURNAL_DAMAGE_LOST, &j->directory, MARK_FILE_NAME, 0, 0,
			"the journal had begun, and none of its segments is left");
	if (code) return code;
	ret_recovery->mark_missing = !s.has_mark && s.last > 0;
	if (s.last > 0) {
		code = recover_existing(&s, err);
	} else {
		ret_recovery->created = true;
		ret_recovery->segment_count = 1;
		ret_recovery->first_sequence = j->options.first_sequence;
		code = make_journal(j, err);
	}
	ret_recovery->last_sequence = j->next_sequence - 1;
	return code;
}
