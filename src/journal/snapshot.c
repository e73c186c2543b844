/* snapshot.c - state as of a sequence in a file of its own: written whole or not at all, found again by the
 * newest whose checksum holds. */
#include "inside.h"

#include <inox/blake3.h>
#include <inox/file.h>

enum { SNAPSHOT_BATCH = 64 << 10 };

/* ---- writing ---- */

struct ix_journal_snapshot_out {
	const ix_allocator *allocator;
	ix_file_out *file;
	ix_blake3_hasher hasher;
	uint64_t size;
};

static void out_free(ix_journal_snapshot_out *out) {
	ix_release(out->allocator, out, sizeof *out, _Alignof(ix_journal_snapshot_out));
}

int ix_journal_snapshot_begin(
	ix_journal *j, uint64_t sequence, ix_journal_snapshot_out **ret_out, ix_error *err) {
	if (sequence == 0)
		return ix_fail(err, IX_ERR_INVALID, "%s: a snapshot of nothing", j->directory.label);
	if (sequence > j->durable_sequence)
		return ix_fail(err, IX_ERR_CONFLICT,
			"%s: a snapshot of sequence %llu, of which only %llu is durable: commit first",
			j->directory.label, (unsigned long long)sequence,
			(unsigned long long)j->durable_sequence);
	ix_journal_snapshot_out *out =
		ix_allocate_zeroed(j->allocator, 1, sizeof *out, _Alignof(ix_journal_snapshot_out));
	if (!out) return ix_fail(err, IX_ERR_MEMORY, "%s: no memory for a snapshot", j->directory.label);
	out->allocator = j->allocator;
	char name[IX_JOURNAL_FILE_NAME_MAX], path[IX_FILE_PATH_MAX];
	snapshot_name(sequence, name);
	directory_join(&j->directory, name, path);
	snapshot_head head = {.sequence = sequence, .time_ns = ix_clock_now(j->clock)};
	memcpy(head.identity, j->segment.identity, sizeof head.identity);
	memcpy(head.application, j->segment.application, sizeof head.application);
	uint8_t bytes[SNAPSHOT_HEAD_SIZE];
	snapshot_head_encode(&head, bytes);
	ix_blake3_init(&out->hasher);
	ix_blake3_update(&out->hasher, bytes, sizeof bytes);
	int code = ix_file_out_open_on(j->directory.system, path, &out->file, err);
	if (code == 0) code = ix_file_out_write(out->file, bytes, sizeof bytes, err);
	if (code) {
		ix_journal_snapshot_abort(out);
		return code;
	}
	*ret_out = out;
	return 0;
}

int ix_journal_snapshot_write(ix_journal_snapshot_out *out, const void *data, size_t size, ix_error *err) {
	ix_blake3_update(&out->hasher, data, size);
	out->size += size;
	return ix_file_out_write(out->file, data, size, err);
}

int ix_journal_snapshot_commit(ix_journal_snapshot_out *out, ix_error *err) {
	snapshot_tail tail = {.payload_size = out->size};
	ix_blake3_finish(&out->hasher, tail.hash, sizeof tail.hash);
	uint8_t bytes[SNAPSHOT_TAIL_SIZE];
	snapshot_tail_encode(&tail, bytes);
	int code = ix_file_out_write(out->file, bytes, sizeof bytes, err);
	if (code == 0) {
		code = ix_file_out_commit(out->file, err);
		out->file = NULL;
	}
	ix_journal_snapshot_abort(out);
	return code;
}

void ix_journal_snapshot_abort(ix_journal_snapshot_out *out) {
	if (!out) return;
	ix_file_out_abort(out->file);
	out_free(out);
}

/* ---- reading ---- */

struct ix_journal_snapshot {
	const ix_allocator *allocator;
	ix_file file;
	ix_journal_snapshot_info info;
	uint64_t payload_at;
	uint64_t done; /* of the payload */
	uint8_t hash[IX_JOURNAL_HASH_SIZE];
	ix_blake3_hasher hasher;
};

static int read_ends(ix_file *file, snapshot_head *ret_head, snapshot_tail *ret_tail,
	ix_blake3_hasher *ret_hasher, ix_error *err) {
	uint8_t head[SEGMENT_HEADER_SIZE_MAX], tail[SNAPSHOT_TAIL_SIZE];
	ix_file_info info;
	size_t got = 0, tail_got = 0;
	int code = ix_file_get_info(file, &info, err);
	if (code == 0) code = ix_file_read_at(file, head, sizeof head, 0, &got, err);
	if (code == 0) code = snapshot_head_decode((ix_bytes){head, got}, ret_head, err);
	if (code) return code;
	if (info.size < (uint64_t)ret_head->size + SNAPSHOT_TAIL_SIZE)
		return ix_fail(err, IX_ERR_TRUNCATED, "offset %llu: the file ends without a snapshot's end",
			(unsigned long long)info.size);
	code = ix_file_read_at(file, tail, sizeof tail, info.size - sizeof tail, &tail_got, err);
	if (code == 0) code = snapshot_tail_decode((ix_bytes){tail, tail_got}, ret_tail, err);
	if (code) return code;
	if (ret_tail->payload_size != info.size - ret_head->size - SNAPSHOT_TAIL_SIZE)
		return ix_fail(err, IX_ERR_TRUNCATED, "it has %llu bytes of state, its end says %llu",
			(unsigned long long)(info.size - ret_head->size - SNAPSHOT_TAIL_SIZE),
			(unsigned long long)ret_tail->payload_size);
	ix_blake3_init(ret_hasher);
	ix_blake3_update(ret_hasher, head, ret_head->size);
	return 0;
}

/* Leaves the file open, standing before the payload. */
static int open_checked(const journal_directory *directory, uint64_t sequence, const uint8_t *identity,
	ix_journal_snapshot *s, ix_error *err) {
	snapshot_head head = {0};
	snapshot_tail tail = {0};
	snapshot_name(sequence, s->info.file);
	int code = directory_open(directory, s->info.file, IX_FILE_READ, &s->file, err);
	if (code) return code;
	code = read_ends(&s->file, &head, &tail, &s->hasher, err);
	if (code == 0 && head.sequence != sequence)
		code = ix_fail(err, IX_ERR_INVALID, "offset 48: its head says sequence %llu",
			(unsigned long long)head.sequence);
	if (code == 0 && identity && memcmp(identity, head.identity, IX_JOURNAL_IDENTITY_SIZE) != 0)
		code = ix_fail(err, IX_ERR_INVALID, "offset 16: the snapshot of another journal");
	if (code) {
		(void)ix_file_close(&s->file, NULL);
		return ix_wrap(err, code, "%s: %s", directory->label, s->info.file);
	}
	s->info.sequence = sequence;
	s->info.time_ns = head.time_ns;
	s->info.size = tail.payload_size;
	s->payload_at = head.size;
	s->done = 0;
	memcpy(s->hash, tail.hash, sizeof s->hash);
	return 0;
}

int ix_journal_snapshot_read(
	ix_journal_snapshot *s, void *data, size_t capacity, size_t *ret_got, ix_error *err) {
	uint64_t left = s->info.size - s->done;
	size_t got = 0, take = left < capacity ? (size_t)left : capacity;
	int code = ix_file_read_at(&s->file, data, take, s->payload_at + s->done, &got, err);
	if (code) return code;
	ix_blake3_update(&s->hasher, data, got);
	s->done += got;
	if (got < take || (s->done == s->info.size && take > 0) || s->info.size == 0) {
		uint8_t hash[IX_JOURNAL_HASH_SIZE];
		ix_blake3_finish(&s->hasher, hash, sizeof hash);
		if (got < take || memcmp(hash, s->hash, sizeof hash) != 0)
			return ix_fail(err, IX_ERR_CHECKSUM, "%s: offset %llu: the checksum does not match",
				s->info.file, (unsigned long long)s->payload_at);
	}
	*ret_got = got;
	return 0;
}

/* Reads the payload through for its checksum, and stands at its start again. */
static int read_through(ix_journal_snapshot *s, ix_error *err) {
	uint8_t *batch = ix_allocate(s->allocator, SNAPSHOT_BATCH, 1);
	if (!batch) return ix_fail(err, IX_ERR_MEMORY, "%s: no memory to check it", s->info.file);
	ix_blake3_hasher start = s->hasher;
	size_t got = 0;
	int code;
	do {
		code = ix_journal_snapshot_read(s, batch, SNAPSHOT_BATCH, &got, err);
	} while (code == 0 && got > 0);
	s->hasher = start;
	s->done = 0;
	ix_release(s->allocator, batch, SNAPSHOT_BATCH, 1);
	return code;
}

/* Our own troubles, which say nothing about the snapshot. */
static bool is_trouble(int code) {
	return code == IX_ERR_MEMORY || code == IX_ERR_IO || code == IX_ERR_LIMIT || code == IX_ERR_DENIED;
}

int snapshot_check(const journal_directory *directory, uint64_t sequence, const uint8_t *identity, bool whole,
	const ix_allocator *allocator, ix_journal_snapshot_info *ret_info, ix_error *err) {
	ix_journal_snapshot s = {.allocator = allocator};
	int code = open_checked(directory, sequence, identity, &s, err);
	if (code) return code;
	if (whole) {
		code = read_through(&s, err);
		if (code) code = ix_wrap(err, code, "%s", directory->label);
	}
	(void)ix_file_close(&s.file, NULL);
	if (code == 0) *ret_info = s.info;
	return code;
}

/* The newest whole one of the list into `s`; *ret_found false when there is none. */
static int find_newest(const journal_directory *directory, const journal_listing *listing,
	uint64_t sequence_max, ix_journal_snapshot *s, bool *ret_found, ix_error *err) {
	uint32_t damaged = 0;
	unsigned mark_damaged;
	journal_mark mark;
	bool has_mark; /* it knows whose snapshots belong here */
	int marked = mark_load(directory, &mark, &has_mark, &mark_damaged, err);
	if (marked) return marked;
	for (size_t i = 0; i < listing->snapshot_count; i++) {
		if (sequence_max && listing->snapshots[i] > sequence_max) continue;
		int code = open_checked(
			directory, listing->snapshots[i], has_mark ? mark.identity : NULL, s, err);
		if (code == 0) {
			code = read_through(s, err);
			s->info.damaged_newer = damaged;
			*ret_found = true;
			if (code == 0) return 0;
			(void)ix_file_close(&s->file, NULL);
		}
		if (is_trouble(code)) return code;
		damaged++;
	}
	*ret_found = false;
	return 0;
}

int ix_journal_snapshot_open(const char *path, const ix_file_system *system, uint64_t sequence_max,
	ix_journal_snapshot **ret_snapshot, ix_error *err) {
	journal_directory directory;
	journal_listing listing;
	int code = directory_init(&directory, system, path, err);
	if (code == 0) code = directory_list(&directory, &listing, err);
	if (code) return code;
	const ix_allocator *allocator = ix_allocator_current();
	ix_journal_snapshot *s = ix_allocate_zeroed(allocator, 1, sizeof *s, _Alignof(ix_journal_snapshot));
	if (!s) return ix_fail(err, IX_ERR_MEMORY, "%s: no memory for a snapshot", directory.label);
	s->allocator = allocator;
	s->file.handle = -1;
	bool found = false;
	code = find_newest(&directory, &listing, sequence_max, s, &found, err);
	if (code || !found) {
		ix_journal_snapshot_close(s);
		s = NULL;
	}
	if (code == 0) *ret_snapshot = s;
	return code;
}

const ix_journal_snapshot_info *ix_journal_snapshot_get_info(const ix_journal_snapshot *s) {
	return &s->info;
}

void ix_journal_snapshot_close(ix_journal_snapshot *s) {
	if (!s) return;
	(void)ix_file_close(&s->file, NULL);
	ix_release(s->allocator, s, sizeof *s, _Alignof(ix_journal_snapshot));
}
