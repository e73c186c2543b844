/* verify.c - the whole journal read and judged: every finding with its place, and whether heads known from
 * elsewhere are this journal's. Goes on behind damage, so that one report names all of it. */
#include "inside.h"

typedef struct verification {
	const ix_allocator *allocator;
	const ix_journal_verify_options *options;
	journal_directory directory;
	journal_listing listing;
	journal_mark mark;
	bool has_mark;
	uint64_t last;       /* the newest segment that has begun */
	uint64_t end_offset; /* in it */
	ix_journal_report report;
	file_window window;

	ix_journal_head *heads; /* sorted by sequence */
	size_t head_next;
	uint64_t head_agreed; /* the newest sequence up to which a head was confirmed */

	bool has_former; /* a segment was read to its end, and what follows is known */
	bool is_bound;
	uint64_t expected;
	uint8_t chain[IX_JOURNAL_HASH_SIZE];
	bool chain_is_known;
	uint8_t identity[IX_JOURNAL_IDENTITY_SIZE];
} verification;

/* ---- findings ---- */

static void find(verification *v, ix_journal_damage damage, const char *file, uint64_t offset,
	uint64_t sequence, const char *text) {
	ix_journal_finding finding = {.damage = damage, .offset = offset, .sequence = sequence, .text = text};
	ix_format(finding.file, sizeof finding.file, "%s", file);
	if (v->report.finding_count++ == 0) {
		v->report.first_damage = damage;
		ix_format(v->report.first_text, sizeof v->report.first_text, "%s", text);
	}
	if (v->options->found) v->options->found(v->options->context, &finding);
}

/* At a place in a segment: the sentence is scan_fail's. */
static void find_in_scan(
	verification *v, const segment_scan *scan, ix_journal_damage damage, const record_view *record) {
	char name[IX_JOURNAL_FILE_NAME_MAX];
	ix_error why = {0};
	segment_name(scan->header.number, name);
	(void)scan_fail(scan, &v->directory, damage, record, &why);
	find(v, damage, name, scan->offset, scan->expected, why.text);
}

/* Trouble of ours is returned, a fact about the journal is noted. */
static bool is_trouble(int code) {
	return code == IX_ERR_MEMORY || code == IX_ERR_IO || code == IX_ERR_DENIED || code == IX_ERR_LIMIT;
}

/* ---- known heads ---- */

static void check_head(verification *v, const ix_journal_head *head, const uint8_t *hash, const char *file,
	uint64_t offset) {
	ix_error why = {0};
	v->report.heads_checked++;
	if (memcmp(head->hash, hash, IX_JOURNAL_HASH_SIZE) == 0) {
		v->head_agreed = head->sequence;
		return;
	}
	(void)damage_fail(&why, IX_JOURNAL_DAMAGE_HEAD, &v->directory, file, offset, head->sequence,
		"the hash up to here is not the known one: something was changed after sequence %llu",
		(unsigned long long)v->head_agreed);
	find(v, IX_JOURNAL_DAMAGE_HEAD, file, offset, head->sequence, why.text);
}

/* The walk has passed `sequence`, whose hash is the chain. */
static void pass_heads(
	verification *v, uint64_t sequence, const uint8_t *hash, const char *file, uint64_t offset) {
	while (v->head_next < v->options->head_count && v->heads[v->head_next].sequence <= sequence) {
		const ix_journal_head *head = &v->heads[v->head_next++];
		if (head->sequence == sequence) check_head(v, head, hash, file, offset);
	}
}

static void find_heads_beyond(verification *v) {
	char file[IX_JOURNAL_FILE_NAME_MAX];
	uint64_t offset = v->end_offset;
	segment_name(v->last, file);
	for (; v->head_next < v->options->head_count; v->head_next++) {
		const ix_journal_head *head = &v->heads[v->head_next];
		ix_error why = {0};
		v->report.heads_checked++;
		(void)damage_fail(&why, IX_JOURNAL_DAMAGE_LOST, &v->directory, file, offset, v->expected,
			"the journal ends here, the known head is of sequence %llu",
			(unsigned long long)head->sequence);
		find(v, IX_JOURNAL_DAMAGE_LOST, file, offset, v->expected, why.text);
	}
}

static int take_heads(verification *v, ix_error *err) {
	size_t count = v->options->head_count;
	if (count > IX_JOURNAL_HEAD_MAX)
		return ix_fail(err, IX_ERR_LIMIT, "%s: %zu known heads, the most is %d", v->directory.label,
			count, IX_JOURNAL_HEAD_MAX);
	if (count == 0) return 0;
	v->heads = ix_allocate(v->allocator, count * sizeof *v->heads, _Alignof(ix_journal_head));
	if (!v->heads) return ix_fail(err, IX_ERR_MEMORY, "%s: no memory to verify", v->directory.label);
	for (size_t i = 0; i < count; i++) { /* few: an insertion sort */
		size_t at = i;
		for (; at > 0 && v->heads[at - 1].sequence > v->options->heads[i].sequence; at--)
			v->heads[at] = v->heads[at - 1];
		v->heads[at] = v->options->heads[i];
	}
	return 0;
}

/* ---- one segment ---- */

/* How it follows from what came before. */
static void check_start(verification *v, const segment_scan *scan, const char *name) {
	const segment_header *h = &scan->header;
	ix_error why = {0};
	ix_journal_damage damage = IX_JOURNAL_DAMAGE_NONE;
	uint64_t offset = 0, sequence = 0;
	if (h->number == 0 || (v->is_bound && memcmp(h->identity, v->identity, sizeof v->identity) != 0)) {
		damage = IX_JOURNAL_DAMAGE_FOREIGN, offset = 24;
		(void)damage_fail(
			&why, damage, &v->directory, name, offset, 0, "the segment of another journal");
	} else if (v->has_former && h->first_sequence != v->expected) {
		bool is_lost = h->first_sequence > v->expected;
		damage = is_lost ? IX_JOURNAL_DAMAGE_LOST : IX_JOURNAL_DAMAGE_SEQUENCE, offset = 64;
		sequence = is_lost ? v->expected : h->first_sequence;
		(void)damage_fail(&why, damage, &v->directory, name, offset, sequence,
			"the segment begins with %llu, the one in front of it ends with %llu",
			(unsigned long long)h->first_sequence, (unsigned long long)v->expected - 1);
	} else if (h->is_chained && v->chain_is_known && memcmp(h->chain, v->chain, sizeof v->chain) != 0) {
		damage = IX_JOURNAL_DAMAGE_CHAIN, offset = 80, sequence = h->first_sequence;
		(void)damage_fail(&why, damage, &v->directory, name, offset, sequence,
			"the segment does not follow from the one in front of it");
	}
	if (damage) find(v, damage, name, offset, sequence, why.text);
	if (!v->is_bound) {
		v->is_bound = true;
		memcpy(v->identity, h->identity, sizeof v->identity);
		memcpy(v->report.identity, h->identity, sizeof h->identity);
		memcpy(v->report.application, h->application, sizeof h->application);
		v->report.chained = h->is_chained;
		v->report.first_sequence = h->first_sequence;
	}
}

static void check_first(verification *v, const segment_scan *scan, const char *name) {
	const segment_header *h = &scan->header;
	const char *application = v->options->application;
	ix_error why = {0};
	if (application && !ix_str_equal(ix_str_from(application), ix_str_from(h->application))) {
		(void)damage_fail(&why, IX_JOURNAL_DAMAGE_FOREIGN, &v->directory, name, 40, 0,
			"the journal of '%s', not of '%s'", h->application, application);
		find(v, IX_JOURNAL_DAMAGE_FOREIGN, name, 40, 0, why.text);
	}
	if (v->has_mark && memcmp(v->mark.identity, h->identity, sizeof h->identity) != 0) {
		(void)damage_fail(&why, IX_JOURNAL_DAMAGE_FOREIGN, &v->directory, MARK_FILE_NAME, 0, 0,
			"the mark of another journal");
		find(v, IX_JOURNAL_DAMAGE_FOREIGN, MARK_FILE_NAME, 0, 0, why.text);
		v->has_mark = false;
	}
	uint8_t genesis[IX_JOURNAL_HASH_SIZE];
	chain_genesis(h->identity, h->application, genesis);
	if (h->is_chained && h->number == 1 && memcmp(genesis, h->chain, sizeof genesis) != 0) {
		(void)damage_fail(&why, IX_JOURNAL_DAMAGE_CHAIN, &v->directory, name, 80, h->first_sequence,
			"the chain does not begin as this journal's does");
		find(v, IX_JOURNAL_DAMAGE_CHAIN, name, 80, h->first_sequence, why.text);
	}
	if (h->is_chained) pass_heads(v, h->first_sequence - 1, h->chain, name, 80);
}

/* The mark is a head too. */
static void check_mark_hash(verification *v, const segment_scan *scan, const char *name) {
	const journal_mark *m = &v->mark;
	if (!v->has_mark || !m->is_chained || !scan->header.is_chained || m->segment != scan->header.number ||
		m->offset != scan->offset || memcmp(m->chain, scan->chain, sizeof scan->chain) == 0)
		return;
	ix_error why = {0};
	(void)damage_fail(&why, IX_JOURNAL_DAMAGE_CHAIN, &v->directory, name, scan->offset, m->sequence,
		"the hash chain up to here is not the one that was durable");
	find(v, IX_JOURNAL_DAMAGE_CHAIN, name, scan->offset, m->sequence, why.text);
}

/* Behind a place without a record: noted if it is damage, and the walk goes on at the next whole record;
 * false at the end. */
static int pass_break(verification *v, segment_scan *scan, bool is_last, bool *ret_more, ix_error *err) {
	scan_tail tail;
	int code = scan_rest(scan, &tail, err);
	if (code) return code;
	uint64_t marked = 0;
	if (v->has_mark && v->mark.segment >= scan->header.number)
		marked = v->mark.segment == scan->header.number ? v->mark.offset : UINT64_MAX;
	*ret_more = false;
	ix_journal_damage damage = scan_judge(scan, &tail, marked);
	if (!is_last) /* sealed: it ends where its file ends, and nothing is behind */
		damage = scan->offset < v->window.size ? IX_JOURNAL_DAMAGE_RECORD : IX_JOURNAL_DAMAGE_NONE;
	if (!damage) {
		if (is_last) v->report.torn_bytes = tail.end - scan->offset;
		return 0;
	}
	if (is_last) {
		/* Beside a writer, what was looked at first may be whole by now. */
		segment_scan probe = *scan;
		record_view record;
		scan_step step = SCAN_BROKEN;
		code = window_refresh(&v->window, err);
		if (code == 0) code = scan_next(&probe, &record, &step, err);
		*ret_more = code == 0 && step != SCAN_BROKEN;
		if (code || *ret_more) return code;
	}
	find_in_scan(v, scan, damage, NULL);
	*ret_more = tail.records > 0;
	if (*ret_more)
		scan_resume(scan, &tail);
	else
		v->has_former = v->chain_is_known = false;
	return 0;
}

static int walk_segment(verification *v, segment_scan *scan, bool is_last, const char *name, ix_error *err) {
	bool more = true;
	check_mark_hash(v, scan, name);
	while (more) {
		record_view record;
		scan_step step;
		uint64_t offset = scan->offset;
		int code = scan_next(scan, &record, &step, err);
		if (code) return code;
		switch (step) {
		case SCAN_RECORD:
			v->report.record_count++;
			check_mark_hash(v, scan, name);
			if (record.hash) pass_heads(v, record.sequence, record.hash, name, offset);
			break;
		case SCAN_SEQUENCE:
			find_in_scan(v, scan, IX_JOURNAL_DAMAGE_SEQUENCE, &record);
			scan->expected = record.sequence;
			break;
		case SCAN_CHAIN:
			find_in_scan(v, scan, IX_JOURNAL_DAMAGE_CHAIN, &record);
			scan->chain_is_known = false;
			break;
		case SCAN_BROKEN:
			code = pass_break(v, scan, is_last, &more, err);
			if (code) return code;
		}
	}
	return 0;
}

static int verify_opened(verification *v, uint64_t number, const char *name, ix_error *err) {
	segment_scan scan;
	header_state state;
	ix_error why = {0};
	int code = scan_begin(&scan, &v->window, &state, &why);
	if (code) return ix_fail(err, code, "%s", why.text);
	bool is_last = number == v->last && !(v->has_mark && v->mark.segment > number);
	v->report.byte_count += v->window.size;
	if (state != HEADER_WHOLE) {
		ix_error sentence = {0};
		(void)segment_fail_header(&v->directory, number, state, &why, &sentence);
		find(v, (ix_journal_damage)sentence.detail, name, 0, 0, sentence.text);
		v->has_former = v->chain_is_known = false;
		return 0;
	}
	bool is_first = !v->is_bound;
	check_start(v, &scan, name);
	if (is_first) check_first(v, &scan, name);
	v->report.segment_count++;
	v->has_former = v->chain_is_known = true;
	code = walk_segment(v, &scan, is_last, name, err);
	v->expected = scan.expected;
	memcpy(v->chain, scan.chain, sizeof v->chain);
	v->report.last_sequence = scan.expected - 1;
	v->end_offset = scan.offset;
	return code;
}

static int verify_segment(verification *v, uint64_t number, ix_error *err) {
	char name[IX_JOURNAL_FILE_NAME_MAX];
	ix_file file;
	segment_name(number, name);
	int code = directory_open(&v->directory, name, IX_FILE_READ, &file, err);
	if (code == IX_ERR_NOT_FOUND) {
		ix_error why = {0};
		(void)damage_fail(&why, IX_JOURNAL_DAMAGE_SEGMENT, &v->directory, name, 0,
			v->has_former ? v->expected : 0, "the segment is missing");
		find(v, IX_JOURNAL_DAMAGE_SEGMENT, name, 0, v->has_former ? v->expected : 0, why.text);
		v->has_former = v->chain_is_known = false;
		return 0;
	}
	if (code) return code;
	code = window_attach(&v->window, &file, err);
	if (code == 0) code = verify_opened(v, number, name, err);
	(void)ix_file_close(&file, NULL);
	return code;
}

/* Behind all that has begun: missing, blank or torn is fine, if nobody says that it had. */
static int verify_unbegun(verification *v, uint64_t number, ix_error *err) {
	uint64_t torn_bytes = 0;
	ix_error why = {0};
	bool is_claimed = v->has_mark && mark_claims(&v->mark, number);
	int code = segment_judge_unbegun(&v->directory, number, is_claimed, &torn_bytes, &why);
	if (code == IX_ERR_NOT_FOUND && is_claimed) return verify_segment(v, number, err);
	if (is_trouble(code)) return ix_fail(err, code, "%s", why.text);
	v->report.torn_bytes += torn_bytes;
	if (code == 0 || code == IX_ERR_NOT_FOUND) return 0;
	char name[IX_JOURNAL_FILE_NAME_MAX];
	segment_name(number, name);
	find(v, (ix_journal_damage)why.detail, name, 0, 0, why.text);
	return 0;
}

/* ---- the whole ---- */

static int verify_snapshots(verification *v, ix_error *err) {
	for (size_t i = 0; i < v->listing.snapshot_count; i++) {
		ix_journal_snapshot_info info;
		char name[IX_JOURNAL_FILE_NAME_MAX];
		ix_error why = {0};
		uint64_t sequence = v->listing.snapshots[i];
		snapshot_name(sequence, name);
		int code = snapshot_check(&v->directory, sequence, v->is_bound ? v->identity : NULL, true,
			v->allocator, &info, &why);
		if (is_trouble(code)) return ix_fail(err, code, "%s", why.text);
		if (code == IX_ERR_NOT_FOUND) continue; /* retention took it meanwhile */
		if (code) {
			find(v, IX_JOURNAL_DAMAGE_SNAPSHOT, name, 0, sequence, why.text);
			continue;
		}
		v->report.snapshot_count++;
		if (!v->is_bound || sequence <= v->report.last_sequence) continue;
		(void)damage_fail(&why, IX_JOURNAL_DAMAGE_LOST, &v->directory, name, 48,
			v->report.last_sequence + 1, "the snapshot covers %llu, the journal ends with %llu",
			(unsigned long long)sequence, (unsigned long long)v->report.last_sequence);
		find(v, IX_JOURNAL_DAMAGE_LOST, name, 48, v->report.last_sequence + 1, why.text);
	}
	return 0;
}

static int verify_mark(verification *v, ix_error *err) {
	unsigned damaged = 0;
	int code = mark_load(&v->directory, &v->mark, &v->has_mark, &damaged, err);
	if (code || (v->has_mark && damaged == 0)) return code;
	if (!v->has_mark && v->listing.segment_count == 0)
		return ix_fail(err, IX_ERR_NOT_FOUND, "%s: there is no journal here", v->directory.label);
	ix_error why = {0};
	(void)damage_fail(&why, IX_JOURNAL_DAMAGE_MARK, &v->directory, MARK_FILE_NAME, 0, 0,
		v->has_mark ? "one of its two slots is damaged" : "it is missing, blank or damaged");
	find(v, IX_JOURNAL_DAMAGE_MARK, MARK_FILE_NAME, 0, 0, why.text);
	return 0;
}

static int verify_all(verification *v, ix_error *err) {
	int code = directory_list(&v->directory, &v->listing, err);
	if (code == 0) code = take_heads(v, err);
	if (code == 0) code = verify_mark(v, err);
	if (code) return code;
	uint64_t first = v->has_mark ? v->mark.first_segment : v->listing.first_segment;
	uint64_t last = v->listing.last_segment;
	if (v->has_mark && v->mark.segment > last) last = v->mark.segment;
	if (last - first >= IX_JOURNAL_SEGMENT_COUNT_MAX)
		return ix_fail(err, IX_ERR_LIMIT, "%s: segments %llu to %llu, the most is %d of them",
			v->directory.label, (unsigned long long)first, (unsigned long long)last,
			IX_JOURNAL_SEGMENT_COUNT_MAX);
	code = segment_find_begun(&v->directory, first, last, &v->last, err);
	for (uint64_t number = first; code == 0 && number <= last; number++)
		code = number > v->last ? verify_unbegun(v, number, err) : verify_segment(v, number, err);
	if (code == 0) find_heads_beyond(v);
	if (code == 0) code = verify_snapshots(v, err);
	if (code) return code;
	v->report.head.sequence = v->report.last_sequence;
	memcpy(v->report.head.hash, v->chain, sizeof v->chain);
	return 0;
}

int ix_journal_verify(const char *path, const ix_journal_verify_options *options,
	ix_journal_report *ret_report, ix_error *err) {
	static const ix_journal_verify_options defaults;
	verification v = {.allocator = ix_allocator_current(), .options = options ? options : &defaults};
	window_init(&v.window, v.allocator);
	int code = directory_init(&v.directory, v.options->system, path, err);
	if (code == 0) code = verify_all(&v, err);
	window_fini(&v.window);
	if (v.heads)
		ix_release(v.allocator, v.heads, v.options->head_count * sizeof *v.heads,
			_Alignof(ix_journal_head));
	if (code) return code;
	*ret_report = v.report;
	return 0;
}
