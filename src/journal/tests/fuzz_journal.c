/* Fuzzes a journal's directory: two segments, a mark and a snapshot from the input, as they are or with their
 * checksums made right so that the fields behind them are reached. Whatever opens has to be whole after it
 * was written to. */
#include "../format.h"

#include <inox/crc32c.h>
#include <inox/file_memory.h>
#include <inox/writer.h>

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { FIX_CHECKSUMS = 1, IS_CHAINED = 2, HAS_MARK = 4, HAS_SNAPSHOT = 8, PIECE_MAX = 8192 };

static void require(bool condition) {
	if (!condition) abort();
}

static void put(const ix_file_system *system, const char *path, const uint8_t *data, size_t size) {
	ix_file file;
	require(ix_file_open(system, path, IX_FILE_WRITE | IX_FILE_CREATE, 0600, &file, NULL) == 0);
	require(ix_file_write_at(&file, data, size, 0, NULL) == 0);
	require(ix_file_close(&file, NULL) == 0);
}

static void fix_checksum(uint8_t *bytes, size_t size) {
	ix_store_u32_le(bytes + size - 4, ix_crc32c(0, bytes, size - 4));
}

/* The header is made one of segment `number`, and each record's checksum right as far as sizes lead. */
static void fix_segment(uint8_t *bytes, size_t size, uint64_t number, bool chained) {
	segment_header header = {.major = 1, .is_chained = chained, .payload_max = 4000, .number = number};
	if (size < SEGMENT_HEADER_SIZE) return;
	header.first_sequence = ix_load_u16_le(bytes + 64) + UINT64_C(1);
	memcpy(header.chain, bytes + 80, sizeof header.chain);
	segment_header_encode(&header, bytes);
	for (size_t at = SEGMENT_HEADER_SIZE; size - at >= RECORD_HEADER_SIZE;) {
		uint64_t total = record_claimed_total(&header, at, (ix_bytes){bytes + at, size - at});
		if (total == 0 || total > size - at) break;
		uint32_t crc = ix_crc32c(header.salt + (uint32_t)at, bytes + at + 4, (size_t)total - 4);
		ix_store_u32_le(bytes + at, crc);
		at += (size_t)total;
	}
}

/* The next piece of the input, copied; its size is the two bytes in front of it. */
static size_t take(ix_reader *r, uint8_t out[PIECE_MAX]) {
	size_t size = ix_read_u16_le(r) % (PIECE_MAX + 1);
	size = ix_size_min(size, ix_reader_left(r));
	ix_bytes piece = ix_read_bytes(r, size);
	if (piece.size) memcpy(out, piece.data, piece.size);
	return piece.size;
}

static void fill(const ix_file_system *system, ix_bytes input) {
	static uint8_t bytes[PIECE_MAX];
	static const char *const segments[] = {"j/segment-000000000001.ixj", "j/segment-000000000002.ixj"};
	ix_reader r = ix_reader_of(input);
	unsigned flags = ix_read_u8(&r);
	require(system->make_directory(system->context, "j", 0700) == 0);
	for (uint64_t i = 0; i < IX_COUNT(segments); i++) {
		size_t size = take(&r, bytes);
		if (flags & FIX_CHECKSUMS) fix_segment(bytes, size, i + 1, flags & IS_CHAINED);
		if (size) put(system, segments[i], bytes, size);
	}
	if (flags & HAS_MARK) {
		size_t size = take(&r, bytes);
		if ((flags & FIX_CHECKSUMS) && size >= MARK_SIZE) fix_checksum(bytes, MARK_SIZE);
		put(system, "j/mark", bytes, size);
	}
	if (flags & HAS_SNAPSHOT) {
		size_t size = take(&r, bytes);
		if ((flags & FIX_CHECKSUMS) && size >= SNAPSHOT_HEAD_SIZE + SNAPSHOT_TAIL_SIZE) {
			fix_checksum(bytes, SNAPSHOT_HEAD_SIZE);
			fix_checksum(bytes + size - SNAPSHOT_TAIL_SIZE, SNAPSHOT_TAIL_SIZE);
		}
		put(system, "j/snapshot-00000000000000000002.ixs", bytes, size);
	}
}

static void read_through(const ix_file_system *system) {
	ix_journal_reader *reader;
	const ix_journal_record *record;
	ix_journal_reader_options options = {.system = system};
	if (ix_journal_reader_open("j", &options, &reader, NULL)) return;
	for (uint64_t due = 0; ix_journal_reader_next(reader, &record, NULL) == 0 && record;
		due = record->sequence)
		require(due == 0 || record->sequence == due + 1);
	(void)ix_journal_reader_seek(reader, 3, NULL);
	if (ix_journal_reader_next(reader, &record, NULL) == 0 && record)
		require(record->payload.size <= IX_JOURNAL_PAYLOAD_MAX);
	ix_journal_reader_close(reader);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
	static ix_file_memory *memory;
	ix_journal_report report;
	ix_journal_snapshot *snapshot;
	ix_journal *j;
	if (ix_file_memory_new(0, &memory, NULL)) return 0;
	const ix_file_system *system = ix_file_memory_system(memory);
	fill(system, (ix_bytes){data, size});
	ix_journal_verify_options verify = {.system = system};
	(void)ix_journal_verify("j", &verify, &report, NULL);
	read_through(system);
	if (ix_journal_snapshot_open("j", system, 0, &snapshot, NULL) == 0)
		ix_journal_snapshot_close(snapshot);
	ix_journal_options options = {.chained = size > 0 && (data[0] & IS_CHAINED),
		.segment_size = 16384,
		.payload_max = 4000,
		.check_all = true,
		.system = system};
	if (ix_journal_open("j", &options, &j, NULL, NULL) == 0) {
		/* A sequence near the end of its range is a limit of ours, and a snapshot of garbage is its
		 * own. */
		require(ix_journal_append(j, 1, (ix_bytes){data, ix_size_min(size, 100)}, NULL, NULL) == 0);
		require(ix_journal_close(j, NULL) == 0);
		require(ix_journal_verify("j", &verify, &report, NULL) == 0);
		require(report.finding_count == 0 || report.first_damage == IX_JOURNAL_DAMAGE_SNAPSHOT ||
			report.first_damage == IX_JOURNAL_DAMAGE_CHAIN);
	}
	ix_file_memory_free(memory);
	return 0;
}
