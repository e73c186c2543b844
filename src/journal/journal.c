/* journal.c - opening, appending, committing, closing. Recovery is in recover.c, segments in segment.c. */
#include "inside.h"

#include <inox/blake3.h>
#include <inox/clock.h>
#include <inox/os_error.h>
#include <inox/writer.h>

#include <errno.h>

/* ---- poison ---- */

int journal_poison(ix_journal *j, const ix_error *cause, ix_error *err) {
	if (!j->poison) {
		j->poison = IX_ERR_IO;
		ix_format(j->poison_text, sizeof j->poison_text,
			"%s: the journal is closed to writing, what is on the disk since sequence %llu is "
			"unknown: %s",
			j->directory.label, (unsigned long long)j->durable_sequence, cause->text);
	}
	return journal_check_poison(j, err);
}

int journal_check_poison(const ix_journal *j, ix_error *err) {
	return j->poison ? ix_fail(err, j->poison, "%s", j->poison_text) : 0;
}

bool ix_journal_is_poisoned(const ix_journal *journal) { return journal->poison != 0; }

/* ---- the mark ---- */

/* Two slots in turn: a torn one leaves the other. It is written after the sync whose result it notes, and is
 * not synced itself, except where later deeds stand on it. */
int journal_write_mark(ix_journal *j, mark_care care, ix_error *err) {
	IX_ASSERT(j->durable_sequence + 1 == j->next_sequence);
	journal_mark mark = j->mark;
	memcpy(mark.identity, j->segment.identity, sizeof mark.identity);
	mark.segment = j->segment.number;
	mark.offset = j->durable;
	mark.sequence = j->durable_sequence;
	mark.is_chained = j->is_chained;
	if (j->is_chained) memcpy(mark.chain, j->chain, sizeof mark.chain);
	j->has_news = true;
	int code = mark_write(&j->mark_file, &mark, care != MARK_NOTE, err);
	if (code == 0 && care == MARK_BOTH) code = mark_write(&j->mark_file, &mark, true, err);
	if (code) return code;
	j->mark = mark;
	j->has_news = care == MARK_NOTE;
	return 0;
}

/* ---- writing ---- */

void journal_note_index(ix_journal *j, uint64_t sequence, uint64_t offset) {
	if (j->index_count == j->index_capacity) return;
	if (j->index_count > 0 && offset - j->index[j->index_count - 1].offset < INDEX_STEP) return;
	j->index[j->index_count++] = (index_entry){sequence, offset};
}

int ix_journal_flush(ix_journal *j, ix_error *err) {
	if (j->poison) return journal_check_poison(j, err);
	if (j->buffered == 0) return 0;
	ix_error why = {0};
	int code = ix_file_write_at(&j->segment_file, j->buffer, j->buffered, j->written, &why);
	if (code == IX_ERR_NO_SPACE) {
		/* What a part of it wrote is behind the end, and is written over next time. */
		if (err) *err = why;
		return code;
	}
	if (code) return journal_poison(j, &why, err);
	j->written += j->buffered;
	j->buffered = 0;
	return 0;
}

int journal_settle(ix_journal *j, ix_error *err) {
	if (j->poison) return journal_check_poison(j, err);
	int code = ix_journal_flush(j, err);
	if (code) return code;
	ix_error why = {0};
	code = ix_file_sync(&j->segment_file, &why);
	if (code) return journal_poison(j, &why, err);
	j->durable = j->written;
	j->durable_sequence = j->next_sequence - 1;
	code = journal_write_mark(j, MARK_NOTE, &why);
	/* The slot's space is there since the mark was made; a file system that copies on write may still
	 * lack it. The records are durable, the older slot stays true. */
	if (code && code != IX_ERR_NO_SPACE) return journal_poison(j, &why, err);
	return 0;
}

int ix_journal_commit(ix_journal *j, ix_error *err) {
	if (j->poison) return journal_check_poison(j, err);
	return j->durable_sequence + 1 == j->next_sequence ? 0 : journal_settle(j, err);
}

/* Room for a record in the segment, on the disk and in the buffer. */
static int make_room(ix_journal *j, size_t payload_size, uint64_t total, ix_error *err) {
	int code = 0;
	bool full = journal_end(j) + total > j->options.segment_size && j->record_count > 0;
	if (full || payload_size > j->segment.payload_max) code = segment_rotate(j, total, err);
	if (code == 0 && journal_end(j) + total > j->reserved)
		code = segment_reserve(j, journal_end(j) + total, err);
	if (code == 0 && j->buffered + total > j->options.buffer_size) code = ix_journal_flush(j, err);
	return code;
}

int journal_append(ix_journal *j, uint16_t kind, int64_t time_ns, const ix_bytes *parts, size_t part_count,
	uint64_t *ret_sequence, ix_error *err) {
	if (IX_UNLIKELY(j->poison)) return journal_check_poison(j, err);
	if (IX_UNLIKELY(part_count > IX_JOURNAL_PART_MAX))
		return ix_fail(err, IX_ERR_LIMIT, "%s: a record in %zu parts, the most is %d",
			j->directory.label, part_count, IX_JOURNAL_PART_MAX);
	size_t size = 0;
	for (size_t i = 0; i < part_count; i++)
		if (ix_add_overflow(size, parts[i].size, &size)) size = SIZE_MAX;
	if (size > j->options.payload_max)
		return ix_fail(err, IX_ERR_LIMIT, "%s: a record of %zu bytes, the most is %u",
			j->directory.label, size, j->options.payload_max);
	uint64_t total = record_total(j->is_chained, size), end = journal_end(j);
	if (end + total > j->options.segment_size || end + total > j->reserved ||
		j->buffered + total > j->options.buffer_size || size > j->segment.payload_max) {
		int code = make_room(j, size, total, err);
		if (code) return code;
	}
	uint8_t *out = j->buffer + j->buffered;
	uint8_t *to = out + RECORD_HEADER_SIZE + (j->is_chained ? IX_JOURNAL_HASH_SIZE : 0);
	for (size_t i = 0; i < part_count; i++) {
		if (parts[i].size > 0) memcpy(to, parts[i].data, parts[i].size);
		to += parts[i].size;
	}
	record_fields fields = {.sequence = j->next_sequence,
		.time_ns = time_ns,
		.offset = journal_end(j),
		.back = (uint32_t)(journal_end(j) - j->durable),
		.salt = j->segment.salt,
		.payload_size = (uint32_t)size,
		.kind = kind};
	record_seal(out, &fields, j->is_chained ? j->chain : NULL);
	journal_note_index(j, fields.sequence, fields.offset);
	j->buffered += total;
	j->record_count++;
	j->next_sequence++;
	if (ret_sequence) *ret_sequence = fields.sequence;
	return 0;
}

int ix_journal_append(ix_journal *j, uint16_t kind, ix_bytes payload, uint64_t *ret_sequence, ix_error *err) {
	return ix_journal_append_parts(j, kind, ix_clock_now(j->clock), &payload, 1, ret_sequence, err);
}

int ix_journal_append_parts(ix_journal *j, uint16_t kind, int64_t time_ns, const ix_bytes *parts,
	size_t part_count, uint64_t *ret_sequence, ix_error *err) {
	IX_ASSERT(!j->is_taken);
	return journal_append(j, kind, time_ns, parts, part_count, ret_sequence, err);
}

uint64_t ix_journal_record_size(const ix_journal *j, size_t payload_size) {
	return record_total(j->is_chained, payload_size);
}

uint64_t ix_journal_first_sequence(const ix_journal *j) { return j->first_sequence; }
uint64_t ix_journal_last_sequence(const ix_journal *j) { return j->next_sequence - 1; }
uint64_t ix_journal_durable_sequence(const ix_journal *j) { return j->durable_sequence; }
const char *ix_journal_path(const ix_journal *j) { return j->directory.path; }

int ix_journal_get_head(const ix_journal *j, ix_journal_head *ret_head, ix_error *err) {
	if (!j->is_chained)
		return ix_fail(
			err, IX_ERR_UNSUPPORTED, "%s: the journal has no hash chain", j->directory.label);
	ret_head->sequence = j->next_sequence - 1;
	memcpy(ret_head->hash, j->chain, sizeof ret_head->hash);
	return 0;
}

/* ---- opening ---- */

static int check_options(ix_journal_options *o, const char *label, ix_error *err) {
	ix_str name = ix_str_from(o->application);
	if (name.size > IX_JOURNAL_APPLICATION_MAX)
		return ix_fail(err, IX_ERR_LIMIT, "%s: an application's name of %zu bytes, the most is %d",
			label, name.size, IX_JOURNAL_APPLICATION_MAX);
	if (o->segment_size == 0) o->segment_size = IX_JOURNAL_SEGMENT_SIZE_DEFAULT;
	if (o->segment_size < IX_JOURNAL_SEGMENT_SIZE_MIN || o->segment_size > IX_JOURNAL_SEGMENT_SIZE_MAX)
		return ix_fail(err, IX_ERR_LIMIT, "%s: a segment size of %llu, it must be %d to %d", label,
			(unsigned long long)o->segment_size, IX_JOURNAL_SEGMENT_SIZE_MIN,
			IX_JOURNAL_SEGMENT_SIZE_MAX);
	uint64_t fits = o->segment_size - SEGMENT_HEADER_SIZE_MAX - RECORD_HEADER_SIZE -
			IX_JOURNAL_HASH_SIZE - RECORD_ALIGNMENT;
	if (o->payload_max == 0)
		o->payload_max =
			(uint32_t)(fits < IX_JOURNAL_PAYLOAD_DEFAULT ? fits : IX_JOURNAL_PAYLOAD_DEFAULT);
	if (o->payload_max > IX_JOURNAL_PAYLOAD_MAX || o->payload_max > fits)
		return ix_fail(err, IX_ERR_LIMIT,
			"%s: payloads of %u bytes, the most is %d, and what fits into a segment of %llu",
			label, o->payload_max, IX_JOURNAL_PAYLOAD_MAX, (unsigned long long)o->segment_size);
	uint64_t largest = SEGMENT_HEADER_SIZE + record_total(true, o->payload_max);
	if (o->buffer_size == 0) o->buffer_size = IX_JOURNAL_BUFFER_DEFAULT;
	if (o->buffer_size < largest) o->buffer_size = (size_t)largest;
	if (o->buffer_size > IX_JOURNAL_SEGMENT_SIZE_MAX)
		return ix_fail(err, IX_ERR_LIMIT, "%s: a buffer of %zu bytes, the most is %d", label,
			o->buffer_size, IX_JOURNAL_SEGMENT_SIZE_MAX);
	if (o->reserve_size == 0) o->reserve_size = IX_JOURNAL_RESERVE_DEFAULT;
	if (o->reserve_size > o->segment_size) o->reserve_size = o->segment_size;
	if (o->first_sequence == 0) o->first_sequence = 1;
	if (o->first_sequence > INT64_MAX)
		return ix_fail(err, IX_ERR_LIMIT, "%s: a first sequence of %llu", label,
			(unsigned long long)o->first_sequence);
	return 0;
}

/* Unlike any other journal's, as long as no two are made at one path in the same nanosecond. */
static void make_identity(ix_journal *j) {
	uint8_t seed[IX_JOURNAL_HASH_SIZE + 8], hash[IX_JOURNAL_HASH_SIZE];
	ix_str path = ix_str_from(j->directory.path);
	ix_blake3(seed, path.data, path.size);
	ix_store_u64_le(seed + IX_JOURNAL_HASH_SIZE, (uint64_t)ix_clock_now(j->clock));
	ix_blake3(hash, seed, sizeof seed);
	memcpy(j->options.identity, hash, IX_JOURNAL_IDENTITY_SIZE);
}

static void release(ix_journal *j) {
	(void)ix_file_close(&j->segment_file, NULL);
	(void)ix_file_close(&j->spare_file, NULL);
	(void)ix_file_close(&j->mark_file, NULL); /* and with it the lock */
	ix_release(j->allocator, j->buffer, j->options.buffer_size, RECORD_ALIGNMENT);
	ix_release(j->allocator, j->index, j->index_capacity * sizeof(index_entry), _Alignof(index_entry));
	ix_release(j->allocator, j, sizeof *j, _Alignof(ix_journal));
}

static int allocate(ix_journal *j, ix_error *err) {
	j->index_capacity = index_capacity(j->options.segment_size);
	j->buffer = ix_allocate(j->allocator, j->options.buffer_size, RECORD_ALIGNMENT);
	j->index = ix_allocate(j->allocator, j->index_capacity * sizeof(index_entry), _Alignof(index_entry));
	if (j->buffer && j->index) return 0;
	return ix_fail(err, IX_ERR_MEMORY, "%s: no memory for a buffer of %zu bytes", j->directory.label,
		j->options.buffer_size);
}

/* The directory, and in it the mark's file with the lock. */
static int open_place(ix_journal *j, ix_error *err) {
	const ix_file_system *fs = j->directory.system;
	if (!j->options.must_exist) {
		int result = fs->make_directory(fs->context, j->directory.path, 0750);
		if (result < 0 && result != -EEXIST)
			return ix_fail_os(err, -result, "%s", j->directory.label);
	}
	journal_listing listing;
	int code = directory_list(&j->directory, &listing, err);
	if (code) return code;
	if (j->options.must_exist && listing.segment_count == 0)
		return ix_fail(err, IX_ERR_NOT_FOUND, "%s: there is no journal here", j->directory.label);
	code = directory_open(&j->directory, MARK_FILE_NAME, IX_FILE_READ | IX_FILE_WRITE | IX_FILE_CREATE,
		&j->mark_file, err);
	if (code) return code;
	code = ix_file_lock(&j->mark_file, NULL);
	if (code == IX_ERR_BUSY)
		return ix_fail(err, code, "%s: another writer has the journal open", j->directory.label);
	return code ? ix_fail(err, code, "%s: %s: can't be locked", j->directory.label, MARK_FILE_NAME) : 0;
}

int ix_journal_open(const char *path, const ix_journal_options *options, ix_journal **ret_journal,
	ix_journal_recovery *ret_recovery, ix_error *err) {
	ix_journal_options checked = options ? *options : (ix_journal_options){0};
	const ix_allocator *allocator = ix_allocator_current();
	ix_journal *j = ix_allocate_zeroed(allocator, 1, sizeof *j, _Alignof(ix_journal));
	if (!j) return ix_fail(err, IX_ERR_MEMORY, "%s: no memory for a journal", path);
	j->allocator = allocator;
	j->mark_file.handle = j->segment_file.handle = j->spare_file.handle = -1;
	ix_journal_recovery recovery = {0};
	int code = directory_init(&j->directory, checked.system, path, err);
	if (code == 0) code = check_options(&checked, j->directory.label, err);
	j->options = checked;
	j->clock = checked.clock ? checked.clock : ix_clock_real();
	if (code == 0 && bytes_are_zero(checked.identity, sizeof checked.identity)) make_identity(j);
	if (code == 0) code = allocate(j, err);
	if (code == 0) code = open_place(j, err);
	if (code == 0) code = recover(j, &recovery, err);
	if (code) {
		release(j);
		return code;
	}
	*ret_journal = j;
	if (ret_recovery) *ret_recovery = recovery;
	return 0;
}

/* ---- closing ---- */

/* Whole and tidy: the header of a segment without records too, no reserved space, a mark that is durable. */
static int finish(ix_journal *j, ix_error *err) {
	int code = journal_check_poison(j, err);
	if (code == 0 && journal_end(j) > j->durable) code = journal_settle(j, err);
	if (code == 0 && j->reserved > j->written) {
		code = ix_file_truncate(&j->segment_file, j->written, err);
		if (code == 0) code = ix_file_sync(&j->segment_file, err);
	}
	if (code == 0 && j->has_news) code = journal_write_mark(j, MARK_SYNCED, err);
	if (code == 0 && j->index_count > 1)
		index_write(&j->directory, &j->segment, j->index, j->index_count);
	if (code == 0 && j->spare_file.handle >= 0) {
		char name[IX_JOURNAL_FILE_NAME_MAX];
		segment_name(j->segment.number + 1, name);
		code = directory_remove(&j->directory, name, err);
	}
	return code;
}

int ix_journal_close(ix_journal *j, ix_error *err) {
	if (!j) return 0;
	IX_ASSERT(!j->is_taken);
	int code = finish(j, err);
	release(j);
	return code;
}

void ix_journal_abandon(ix_journal *j) {
	if (j) release(j);
}
