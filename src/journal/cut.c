/* cut.c - an operator's decision after damage: everything behind a sequence is thrown away, on purpose. */
#include "inside.h"

typedef struct cutting {
	journal_directory directory;
	journal_listing listing;
	ix_file mark_file, segment_file;
	journal_mark mark;
	uint64_t number; /* of the segment that is cut */
	file_window window;
	segment_scan scan;
} cutting;

/* The last segment, up to the first whose header can't be read, that begins at or before the sequence. */
static int find_segment(cutting *c, uint64_t sequence, ix_error *err) {
	for (uint64_t number = c->mark.first_segment; number <= c->listing.last_segment; number++) {
		segment_header header;
		header_state state = HEADER_BLANK;
		uint64_t size;
		int code = segment_read_header(&c->directory, number, &header, &state, &size, NULL);
		bool is_first = number == c->mark.first_segment;
		if (code || state != HEADER_WHOLE || header.first_sequence > sequence + is_first) break;
		c->number = number;
	}
	if (c->number) return 0;
	return ix_fail(err, IX_ERR_NOT_FOUND, "%s: no segment that can be read has sequence %llu",
		c->directory.label, (unsigned long long)sequence);
}

static int find_place(cutting *c, uint64_t sequence, ix_error *err) {
	char name[IX_JOURNAL_FILE_NAME_MAX];
	header_state state = HEADER_BLANK;
	segment_name(c->number, name);
	int code = directory_open(&c->directory, name, IX_FILE_READ | IX_FILE_WRITE, &c->segment_file, err);
	if (code == 0) code = window_attach(&c->window, &c->segment_file, err);
	if (code == 0) code = scan_begin(&c->scan, &c->window, &state, err);
	while (code == 0 && c->scan.expected <= sequence) {
		record_view record;
		scan_step step;
		code = scan_next(&c->scan, &record, &step, err);
		if (code || step == SCAN_RECORD) continue;
		static const ix_journal_damage kinds[] = {[SCAN_BROKEN] = IX_JOURNAL_DAMAGE_RECORD,
			[SCAN_SEQUENCE] = IX_JOURNAL_DAMAGE_SEQUENCE,
			[SCAN_CHAIN] = IX_JOURNAL_DAMAGE_CHAIN};
		code = scan_fail(&c->scan, &c->directory, kinds[step], &record, err);
		code = ix_wrap(err, code, "nothing was cut, the record is not whole");
	}
	return code;
}

/* The mark first: from here on nobody misses what is removed. Then from the end, so that a crash leaves no
 * gap. */
static int cut(cutting *c, uint64_t sequence, ix_error *err) {
	journal_mark *m = &c->mark;
	memcpy(m->identity, c->scan.header.identity, sizeof m->identity);
	m->segment = c->number;
	m->offset = c->scan.offset;
	m->sequence = sequence;
	m->is_chained = c->scan.header.is_chained;
	memcpy(m->chain, c->scan.chain, sizeof m->chain);
	int code = mark_write(&c->mark_file, m, true, err);
	if (code == 0) code = mark_write(&c->mark_file, m, true, err);
	for (size_t i = 0; code == 0 && i < c->listing.snapshot_count; i++) {
		char name[IX_JOURNAL_FILE_NAME_MAX];
		snapshot_name(c->listing.snapshots[i], name);
		if (c->listing.snapshots[i] > sequence) code = directory_remove(&c->directory, name, err);
	}
	for (uint64_t number = c->listing.last_segment; code == 0 && number > c->number; number--) {
		char name[IX_JOURNAL_FILE_NAME_MAX];
		segment_name(number, name);
		code = directory_remove(&c->directory, name, err);
		index_name(number - 1, name);
		if (code == 0) code = directory_remove(&c->directory, name, err);
	}
	if (code == 0) code = directory_sync(&c->directory, err);
	if (code == 0) code = ix_file_truncate(&c->segment_file, c->scan.offset, err);
	return code ? code : ix_file_sync_all(&c->segment_file, err);
}

static int run(cutting *c, uint64_t sequence, ix_error *err) {
	bool has_mark = false;
	unsigned damaged;
	int code = directory_list(&c->directory, &c->listing, err);
	if (code) return code;
	if (c->listing.segment_count == 0)
		return ix_fail(err, IX_ERR_NOT_FOUND, "%s: there is no journal here", c->directory.label);
	code = directory_open(&c->directory, MARK_FILE_NAME, IX_FILE_READ | IX_FILE_WRITE | IX_FILE_CREATE,
		&c->mark_file, err);
	if (code) return code;
	code = ix_file_lock(&c->mark_file, err);
	if (code) return code;
	code = mark_read(&c->mark_file, &c->mark, &has_mark, &damaged, err);
	if (code) return code;
	if (!has_mark || c->mark.first_segment < c->listing.first_segment)
		c->mark.first_segment = c->listing.first_segment;
	code = find_segment(c, sequence, err);
	if (code == 0) code = find_place(c, sequence, err);
	return code ? code : cut(c, sequence, err);
}

int ix_journal_cut_after(const char *path, const ix_file_system *system, uint64_t sequence, ix_error *err) {
	cutting c = {.mark_file = {.handle = -1}, .segment_file = {.handle = -1}};
	window_init(&c.window, ix_allocator_current());
	int code = directory_init(&c.directory, system, path, err);
	if (code == 0) code = run(&c, sequence, err);
	(void)ix_file_close(&c.segment_file, NULL);
	(void)ix_file_close(&c.mark_file, NULL);
	window_fini(&c.window);
	return code;
}
