/* scan.c - the walk over a segment's records, and the question that recovery stands on: is what lies at the
 * end only a tail that was never durable, or is it damage? */
#include "inside.h"

/* Damaged bytes that look like records again and again would cost a checksum each; an honest tail needs the
 * file's size about once. */
enum { CHECKSUM_BUDGET = 8 };

int scan_begin(segment_scan *scan, file_window *window, header_state *ret_state, ix_error *err) {
	ix_bytes bytes;
	int code = window_view(window, 0, SEGMENT_HEADER_SIZE_MAX, &bytes, err);
	if (code) return code;
	*scan = (segment_scan){.window = window};
	ix_error why = {0};
	*ret_state = segment_header_decode(bytes, &scan->header, &why);
	if (*ret_state != HEADER_WHOLE) {
		if (err) *err = why;
		return 0;
	}
	scan->offset = scan->header.size;
	scan->expected = scan->header.first_sequence;
	memcpy(scan->chain, scan->header.chain, sizeof scan->chain);
	scan->chain_is_known = true;
	return 0;
}

/* The bytes at `offset`: the whole record, when there is one. */
static int view_record(const segment_scan *scan, uint64_t offset, ix_bytes *ret_bytes, ix_error *err) {
	int code = window_view(scan->window, offset, RECORD_HEADER_SIZE, ret_bytes, err);
	if (code) return code;
	uint64_t total = record_claimed_total(&scan->header, offset, *ret_bytes);
	if (total <= ret_bytes->size) return 0;
	return window_view(scan->window, offset, (size_t)total, ret_bytes, err);
}

int scan_next(segment_scan *scan, record_view *ret_record, scan_step *ret_step, ix_error *err) {
	ix_bytes bytes;
	int code = view_record(scan, scan->offset, &bytes, err);
	if (code) return code;
	scan->reason = record_parse(&scan->header, scan->offset, bytes, ret_record);
	if (scan->reason) {
		*ret_step = SCAN_BROKEN;
		return 0;
	}
	if (ret_record->sequence != scan->expected) {
		*ret_step = SCAN_SEQUENCE;
		return 0;
	}
	if (scan->header.is_chained) {
		uint8_t hash[IX_JOURNAL_HASH_SIZE];
		if (scan->chain_is_known) {
			record_hash(ret_record, scan->chain, hash);
			if (memcmp(hash, ret_record->hash, sizeof hash) != 0) {
				*ret_step = SCAN_CHAIN;
				return 0;
			}
		}
		memcpy(scan->chain, ret_record->hash, sizeof scan->chain);
		scan->chain_is_known = true;
	}
	scan->offset += ret_record->total;
	scan->expected++;
	*ret_step = SCAN_RECORD;
	return 0;
}

/* Is there a whole record at `at`? Then *ret_total is its size, else 0. */
static int look_at(const segment_scan *scan, uint64_t at, scan_tail *tail, uint64_t *budget,
	uint64_t *ret_total, ix_error *err) {
	ix_bytes bytes;
	record_view record;
	*ret_total = 0;
	int code = view_record(scan, at, &bytes, err);
	if (code) return code;
	uint64_t total = record_claimed_total(&scan->header, at, bytes);
	if (total == 0 || total > bytes.size) return 0;
	if (total > *budget) {
		tail->gave_up = true;
		return 0;
	}
	*budget -= total;
	if (record_parse(&scan->header, at, bytes, &record) != NULL) return 0;
	if (tail->records++ == 0) {
		tail->next_offset = at;
		tail->next_sequence = record.sequence;
	}
	uint64_t durable = at - record.back;
	if (durable > tail->durable_offset) tail->durable_offset = durable;
	*ret_total = record.total;
	return 0;
}

/* Could the word be the sequence of a record at `at`, behind the place where the scan stands? No more
 * sequences can have gone by than the smallest records would fit. */
static bool is_later_sequence(const segment_scan *scan, uint64_t at, uint64_t word) {
	return at > scan->offset && word > scan->expected &&
	       word - scan->expected <= (at - scan->offset) / RECORD_HEADER_SIZE;
}

/* Every record has a sequence, which is not zero: words that are zero are passed over, others are tried as
 * one. */
int scan_rest(const segment_scan *scan, scan_tail *ret_tail, ix_error *err) {
	scan_tail tail = {.end = scan->offset};
	uint64_t at = scan->offset, size = scan->window->size;
	uint64_t budget = CHECKSUM_BUDGET * (size > at ? size - at : 0) + WINDOW_SIZE;
	while (at < size && !tail.gave_up) {
		ix_bytes bytes;
		int code = window_view(scan->window, at, sizeof(uint64_t), &bytes, err);
		if (code) return code;
		if (bytes.size == 0) break;
		size_t skip = 0;
		while (skip + 8 <= bytes.size && ix_load_u64_le(bytes.data + skip) == 0) skip += 8;
		at += skip;
		if (skip == bytes.size) continue;
		uint64_t word = 0, total = 0;
		memcpy(&word, bytes.data + skip, ix_size_min(8, bytes.size - skip));
		if (bytes.size - skip < 8 && at + 8 <= size)
			continue; /* the window's end: once more, from here */
		if (word != 0) tail.end = at + 8 < size ? at + 8 : size;
		uint64_t place = at - RECORD_SEQUENCE_AT;
		if (at >= RECORD_SEQUENCE_AT && is_later_sequence(scan, place, word))
			code = look_at(scan, place, &tail, &budget, &total, err);
		if (code) return code;
		at = total ? place + total : at + 8;
		if (total) tail.end = at;
	}
	*ret_tail = tail;
	return 0;
}

void scan_resume(segment_scan *scan, const scan_tail *tail) {
	IX_ASSERT(tail->records > 0);
	scan->offset = tail->next_offset;
	scan->expected = tail->next_sequence;
	scan->chain_is_known = false;
}

ix_journal_damage scan_judge(const segment_scan *scan, const scan_tail *tail, uint64_t durable_offset) {
	if (tail->gave_up) return IX_JOURNAL_DAMAGE_RECORD;
	uint64_t durable = durable_offset > tail->durable_offset ? durable_offset : tail->durable_offset;
	if (scan->offset >= durable) return IX_JOURNAL_DAMAGE_NONE;
	bool is_gone = tail->end == scan->offset || scan->window->size < durable;
	return is_gone ? IX_JOURNAL_DAMAGE_LOST : IX_JOURNAL_DAMAGE_RECORD;
}

int scan_fail(const segment_scan *scan, const journal_directory *directory, ix_journal_damage damage,
	const record_view *record, ix_error *err) {
	char name[IX_JOURNAL_FILE_NAME_MAX];
	segment_name(scan->header.number, name);
	switch (damage) {
	case IX_JOURNAL_DAMAGE_SEQUENCE:
		return damage_fail(err, damage, directory, name, scan->offset, scan->expected,
			"the record here has sequence %llu: %s", (unsigned long long)record->sequence,
			record->sequence < scan->expected ? "twice, or out of order" : "some are missing");
	case IX_JOURNAL_DAMAGE_CHAIN:
		return damage_fail(err, damage, directory, name, scan->offset, scan->expected,
			"the record does not follow from the one before it: one of them was altered, "
			"inserted "
			"or moved");
	case IX_JOURNAL_DAMAGE_LOST:
		return damage_fail(err, damage, directory, name, scan->offset, scan->expected,
			"the records from here on were durable and are gone");
	default:
		return damage_fail(err, damage, directory, name, scan->offset, scan->expected,
			"the record is damaged: %s", scan->reason ? scan->reason : "it is not one");
	}
}

int scan_check_end(const segment_scan *scan, const journal_directory *directory, const segment_header *next,
	ix_error *err) {
	if (scan->offset < scan->window->size || scan->expected > next->first_sequence) {
		char name[IX_JOURNAL_FILE_NAME_MAX];
		if (scan->offset < scan->window->size)
			return scan_fail(scan, directory, IX_JOURNAL_DAMAGE_RECORD, NULL, err);
		segment_name(next->number, name);
		return damage_fail(err, IX_JOURNAL_DAMAGE_SEQUENCE, directory, name, 64, next->first_sequence,
			"the segment in front of it already has records up to %llu",
			(unsigned long long)scan->expected - 1);
	}
	if (scan->expected < next->first_sequence)
		return scan_fail(scan, directory, IX_JOURNAL_DAMAGE_LOST, NULL, err);
	if (scan->header.is_chained && memcmp(scan->chain, next->chain, sizeof next->chain) != 0) {
		char name[IX_JOURNAL_FILE_NAME_MAX];
		segment_name(next->number, name);
		return damage_fail(err, IX_JOURNAL_DAMAGE_CHAIN, directory, name, 80, next->first_sequence,
			"the segment does not follow from the one in front of it");
	}
	return 0;
}
