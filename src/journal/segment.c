/* segment.c - segments of the writer: reserving their space, sealing the newest, starting the next. */
#include "inside.h"

#include <errno.h>

/* A file system that can't reserve gives no promise, and the full disk is met when writing. */
static int allocate(ix_file *file, uint64_t from, uint64_t to, ix_error *err) {
	ix_error why = {0};
	int code = ix_file_allocate(file, from, to - from, &why);
	if (code && err) *err = why;
	return code && why.detail != EOPNOTSUPP && why.detail != ENOSYS ? code : 0;
}

/* Reserves up to `end`, and a step more where there is space for it. */
static int allocate_step(ix_file *file, uint64_t from, uint64_t end, uint64_t step, uint64_t most,
	uint64_t *ret_reserved, ix_error *err) {
	uint64_t to = from + step > end ? from + step : end;
	if (to > most) to = most > end ? most : end;
	int code = allocate(file, from, to, err);
	uint64_t least = (end + DISK_BLOCK - 1) & ~(uint64_t)(DISK_BLOCK - 1);
	if (code == IX_ERR_NO_SPACE && least < to) {
		to = least;
		code = allocate(file, from, to, err);
	}
	if (code == 0) *ret_reserved = to;
	return code;
}

int segment_reserve(ix_journal *j, uint64_t end, ix_error *err) {
	if (end <= j->reserved) return 0;
	return allocate_step(&j->segment_file, j->reserved, end, j->options.reserve_size,
		j->options.segment_size, &j->reserved, err);
}

/* Each step is done once, and a later call goes on where one failed. */
int segment_prepare_spare(ix_journal *j, uint64_t size, ix_error *err) {
	if (j->spare_file.handle < 0) {
		char name[IX_JOURNAL_FILE_NAME_MAX];
		segment_name(j->segment.number + 1, name);
		int code = directory_open(&j->directory, name,
			IX_FILE_READ | IX_FILE_WRITE | IX_FILE_CREATE | IX_FILE_TRUNCATE, &j->spare_file,
			err);
		if (code) return code;
		j->spare_reserved = 0;
		j->spare_is_named = false;
	}
	if (j->spare_reserved < size) {
		int code = allocate_step(&j->spare_file, j->spare_reserved, size, j->options.reserve_size,
			j->options.segment_size, &j->spare_reserved, err);
		if (code) return code;
	}
	if (!j->spare_is_named) {
		ix_error why = {0};
		if (directory_sync(&j->directory, &why)) return journal_poison(j, &why, err);
		j->spare_is_named = true;
	}
	return 0;
}

void segment_start(ix_journal *j, uint64_t number) {
	IX_ASSERT(j->buffered == 0);
	segment_header header = {.major = IX_JOURNAL_FORMAT_MAJOR,
		.minor = IX_JOURNAL_FORMAT_MINOR,
		.size = SEGMENT_HEADER_SIZE,
		.is_chained = j->is_chained,
		.payload_max = j->options.payload_max,
		.number = number,
		.first_sequence = j->next_sequence,
		.created_ns = ix_clock_now(j->clock)};
	memcpy(header.identity, j->segment.identity, sizeof header.identity);
	memcpy(header.application, j->segment.application, sizeof header.application);
	if (j->is_chained) memcpy(header.chain, j->chain, sizeof header.chain);
	segment_header_encode(&header, j->buffer);
	j->segment = header;
	j->buffered = SEGMENT_HEADER_SIZE;
	j->written = j->durable = 0;
	j->record_count = 0;
	j->index_count = 0;
}

/* After this the segment is on the disk to its last byte, and nothing is behind it: the next one's header
 * stands on that. */
static int seal(ix_journal *j, ix_error *err) {
	int code = ix_journal_flush(j, err);
	if (code) return code;
	if (j->reserved > j->written) code = ix_file_truncate(&j->segment_file, j->written, err);
	if (code) return code; /* whatever the size is now, the records are before it */
	j->reserved = j->written;
	return journal_settle(j, err);
}

int segment_rotate(ix_journal *j, uint64_t size, ix_error *err) {
	int code = segment_prepare_spare(j, SEGMENT_HEADER_SIZE + size, err);
	if (code == 0) code = seal(j, err);
	if (code) return code;
	index_write(&j->directory, &j->segment, j->index, j->index_count);
	(void)ix_file_close(
		&j->segment_file, NULL); /* synced: there is nothing left that closing could lose */
	j->segment_file = j->spare_file;
	j->reserved = j->spare_reserved;
	j->spare_file.handle = -1;
	j->spare_reserved = 0;
	segment_start(j, j->segment.number + 1);
	return 0;
}

int ix_journal_rotate(ix_journal *j, ix_error *err) {
	if (j->poison) return journal_check_poison(j, err);
	if (j->record_count == 0) return ix_journal_commit(j, err);
	/* What was reserved stays so, here or in the spare. */
	uint64_t ahead = j->reserved - journal_end(j), most = j->options.segment_size - SEGMENT_HEADER_SIZE;
	return segment_rotate(j, ahead < most ? ahead : most, err);
}

int ix_journal_reserve(ix_journal *j, uint64_t size, ix_error *err) {
	if (j->poison) return journal_check_poison(j, err);
	if (size > j->options.segment_size / 2)
		return ix_fail(err, IX_ERR_LIMIT,
			"%s: %llu bytes to reserve, the most is half a segment, %llu", j->directory.label,
			(unsigned long long)size, (unsigned long long)j->options.segment_size / 2);
	uint64_t end = journal_end(j) + size, most = j->options.segment_size;
	int code = segment_reserve(j, end < most ? end : most, err);
	/* Whatever does not fit here any more goes into the next. */
	if (code == 0 && end > most) code = segment_prepare_spare(j, SEGMENT_HEADER_SIZE + size, err);
	return code;
}
