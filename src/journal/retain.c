/* retain.c - letting go of what snapshots cover. The mark says what the oldest kept segment is before
 * anything is removed, so that a crash in between leaves files to sweep and never a gap to wonder about. */
#include "inside.h"

/* The first segment that must stay so that `sequence` and all after it are kept. */
static int find_first_kept(
	ix_journal *j, uint64_t sequence, uint64_t *ret_number, uint64_t *ret_first, ix_error *err) {
	uint64_t number = j->mark.first_segment, first = j->first_sequence;
	while (number < j->segment.number) {
		segment_header next = j->segment;
		if (number + 1 < j->segment.number) {
			header_state state;
			uint64_t size;
			ix_error why = {0};
			int code = segment_read_header(&j->directory, number + 1, &next, &state, &size, &why);
			if (code) return ix_fail(err, code, "%s", why.text);
			if (state != HEADER_WHOLE)
				return segment_fail_header(&j->directory, number + 1, state, &why, err);
		}
		if (next.first_sequence > sequence) break;
		first = next.first_sequence;
		number++;
	}
	*ret_number = number;
	*ret_first = first;
	return 0;
}

int ix_journal_drop_before(ix_journal *j, uint64_t sequence, ix_error *err) {
	uint64_t from = j->mark.first_segment, to = from, first = j->first_sequence;
	if (j->poison) return journal_check_poison(j, err);
	int code = find_first_kept(j, sequence, &to, &first, err);
	if (code || to == from) return code;
	/* When nothing but the newest stays, its header has to be on the disk. */
	code = journal_end(j) > j->durable ? journal_settle(j, err) : 0;
	if (code) return code;
	j->mark.first_segment = to;
	ix_error why = {0};
	code = journal_write_mark(j, MARK_BOTH, &why);
	if (code) return journal_poison(j, &why, err);
	j->first_sequence = first;
	for (uint64_t number = from; number < to; number++) {
		char name[IX_JOURNAL_FILE_NAME_MAX];
		index_name(number, name);
		code = directory_remove(&j->directory, name, err);
		segment_name(number, name);
		if (code == 0) code = directory_remove(&j->directory, name, err);
		if (code) return code; /* the next opening sweeps */
	}
	return directory_sync(&j->directory, err);
}

/* The oldest of the newest `keep` whole snapshots; 0 when there are fewer. */
static int find_oldest_kept(ix_journal *j, uint32_t keep, uint64_t *ret_sequence, ix_error *err) {
	journal_listing listing;
	int code = directory_list(&j->directory, &listing, err);
	*ret_sequence = 0;
	for (size_t i = 0; code == 0 && i < listing.snapshot_count; i++) {
		ix_journal_snapshot_info info;
		int why = snapshot_check(&j->directory, listing.snapshots[i], j->segment.identity, true,
			j->allocator, &info, err);
		if (why == IX_ERR_MEMORY || why == IX_ERR_IO) return why;
		if (why == 0 && --keep == 0) {
			*ret_sequence = info.sequence;
			return 0;
		}
	}
	return code;
}

int ix_journal_retain(ix_journal *j, uint32_t snapshot_keep, ix_error *err) {
	if (j->poison) return journal_check_poison(j, err);
	uint64_t kept;
	int code = find_oldest_kept(j, snapshot_keep ? snapshot_keep : 2, &kept, err);
	if (code || kept == 0) return code;
	for (;;) {
		journal_listing listing;
		char name[IX_JOURNAL_FILE_NAME_MAX];
		code = directory_list(&j->directory, &listing, err);
		if (code) return code;
		if (listing.oldest_snapshot >= kept) break;
		snapshot_name(listing.oldest_snapshot, name);
		code = directory_remove(&j->directory, name, err);
		if (code) return code;
	}
	return ix_journal_drop_before(j, kept + 1, err);
}
