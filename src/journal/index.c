/* index.c - beside a sealed segment, where every 64 KiB of it a record starts, so that a reader that looks
 * for a sequence need not walk from the front. Derived: written without a sync, and when it is missing or not
 * whole the walk finds the place all the same. */
#include "inside.h"

#include <inox/crc32c.h>
#include <inox/writer.h>

enum { INDEX_HEADER_SIZE = 32, INDEX_ENTRY_SIZE = 16, INDEX_BATCH = 256 };
_Static_assert(sizeof(index_entry) == INDEX_ENTRY_SIZE, "entries are written as they are in memory");

static const char index_magic[8] = {'I', 'X', 'J', 'I', 'N', 'D', 'E', 'X'};

static void header_encode(const segment_header *header, size_t count, uint8_t out[INDEX_HEADER_SIZE]) {
	memset(out, 0, INDEX_HEADER_SIZE);
	ix_writer w = ix_writer_of(out, INDEX_HEADER_SIZE);
	ix_write_bytes(&w, index_magic, sizeof index_magic);
	ix_write_u16_le(&w, IX_JOURNAL_FORMAT_MAJOR);
	ix_write_u16_le(&w, IX_JOURNAL_FORMAT_MINOR);
	ix_write_u32_le(&w, header->salt);
	ix_write_u64_le(&w, header->number);
	ix_write_u32_le(&w, (uint32_t)count);
	IX_ASSERT(!w.failed);
}

void index_write(const journal_directory *directory, const segment_header *header, const index_entry *entries,
	size_t count) {
	char name[IX_JOURNAL_FILE_NAME_MAX];
	uint8_t head[INDEX_HEADER_SIZE], end[4];
	ix_file file;
	index_name(header->number, name);
	header_encode(header, count, head);
	uint32_t crc = ix_crc32c(ix_crc32c(0, head, sizeof head), entries, count * INDEX_ENTRY_SIZE);
	ix_store_u32_le(end, crc);
	ix_bytes parts[] = {
		{head, sizeof head}, {(const uint8_t *)entries, count * INDEX_ENTRY_SIZE}, {end, sizeof end}};
	if (directory_open(directory, name, IX_FILE_WRITE | IX_FILE_CREATE | IX_FILE_TRUNCATE, &file, NULL))
		return;
	(void)ix_file_write_parts_at(&file, parts, IX_COUNT(parts), 0, NULL);
	(void)ix_file_close(&file, NULL);
}

/* Reads all of it for the checksum, and keeps the last entry that is not past `sequence`. */
static bool search(ix_file *file, const segment_header *header, uint64_t sequence, index_entry *ret_entry) {
	uint8_t head[INDEX_HEADER_SIZE], expected[INDEX_HEADER_SIZE], end[4];
	index_entry batch[INDEX_BATCH], best = {0};
	size_t got = 0;
	if (ix_file_read_at(file, head, sizeof head, 0, &got, NULL) || got < sizeof head) return false;
	size_t count = ix_load_u32_le(head + 24);
	header_encode(header, count, expected);
	if (memcmp(head, expected, sizeof head) != 0 || count > index_capacity(IX_JOURNAL_SEGMENT_SIZE_MAX))
		return false;
	uint32_t crc = ix_crc32c(0, head, sizeof head);
	uint64_t at = sizeof head;
	for (size_t left = count; left > 0;) {
		size_t take = ix_size_min(left, INDEX_BATCH), size = take * INDEX_ENTRY_SIZE;
		if (ix_file_read_at(file, batch, size, at, &got, NULL) || got < size) return false;
		crc = ix_crc32c(crc, batch, size);
		for (size_t i = 0; i < take; i++)
			if (batch[i].sequence <= sequence && batch[i].offset >= best.offset) best = batch[i];
		at += size;
		left -= take;
	}
	if (ix_file_read_at(file, end, sizeof end, at, &got, NULL) || got < sizeof end) return false;
	if (ix_load_u32_le(end) != crc || best.sequence == 0) return false;
	*ret_entry = best;
	return true;
}

bool index_find(const journal_directory *directory, const segment_header *header, uint64_t sequence,
	index_entry *ret_entry) {
	char name[IX_JOURNAL_FILE_NAME_MAX];
	ix_file file;
	index_name(header->number, name);
	if (directory_open(directory, name, IX_FILE_READ, &file, NULL)) return false;
	bool found = search(&file, header, sequence, ret_entry);
	(void)ix_file_close(&file, NULL);
	return found;
}
