/* format.c - encodes and takes apart the journal's bytes; what each field means is in docs/journal.md. */
#include "format.h"

#include <inox/blake3.h>
#include <inox/crc32c.h>
#include <inox/writer.h>

static const char segment_magic[8] = {'I', 'X', 'J', 'O', 'U', 'R', 'N', 'L'};
static const char mark_magic[8] = {'I', 'X', 'J', 'M', 'A', 'R', 'K', '1'};
static const char snapshot_magic[8] = {'I', 'X', 'J', 'S', 'N', 'A', 'P', 'S'};
static const char snapshot_end_magic[8] = {'I', 'X', 'J', 'S', 'N', 'E', 'N', 'D'};

bool bytes_are_zero(const uint8_t *data, size_t size) {
	for (; size >= 8; size -= 8, data += 8) {
		uint64_t word;
		memcpy(&word, data, 8);
		if (word) return false;
	}
	for (; size > 0; size--)
		if (*data++) return false;
	return true;
}

/* ---- segment headers ---- */

/* Magic, version, size and flags, which every file of ours begins with. */
static void file_start_encode(uint8_t *out, const char magic[8], uint16_t size, uint16_t flags) {
	memset(out, 0, size);
	memcpy(out, magic, 8);
	ix_store_u16_le(out + 8, IX_JOURNAL_FORMAT_MAJOR);
	ix_store_u16_le(out + 10, IX_JOURNAL_FORMAT_MINOR);
	ix_store_u16_le(out + 12, size);
	ix_store_u16_le(out + 14, flags);
}

void segment_header_encode(segment_header *header, uint8_t *out) {
	file_start_encode(
		out, segment_magic, SEGMENT_HEADER_SIZE, header->is_chained ? SEGMENT_IS_CHAINED : 0);
	ix_store_u32_le(out + 16, header->payload_max);
	memcpy(out + 24, header->identity, IX_JOURNAL_IDENTITY_SIZE);
	memcpy(out + 40, header->application, IX_JOURNAL_APPLICATION_MAX);
	ix_store_u64_le(out + 56, header->number);
	ix_store_u64_le(out + 64, header->first_sequence);
	ix_store_u64_le(out + 72, (uint64_t)header->created_ns);
	memcpy(out + 80, header->chain, IX_JOURNAL_HASH_SIZE);
	header->salt = ix_crc32c(0, out, SEGMENT_HEADER_SIZE - 4);
	ix_store_u32_le(out + SEGMENT_HEADER_SIZE - 4, header->salt);
}

static void read_into(ix_reader *r, void *out, size_t size) {
	ix_bytes bytes = ix_read_bytes(r, size);
	if (bytes.data) memcpy(out, bytes.data, size);
}

/* Magic and version, which every file of ours begins with. */
static int file_start_decode(
	ix_reader *r, const char magic[8], uint16_t *ret_major, uint16_t *ret_minor, ix_error *err) {
	ix_bytes start = ix_read_bytes(r, 8);
	if (!start.data || memcmp(start.data, magic, 8) != 0)
		return ix_fail(err, IX_ERR_SYNTAX, "offset 0: does not begin with '%.8s'", magic);
	*ret_major = ix_read_u16_le(r);
	*ret_minor = ix_read_u16_le(r);
	if (*ret_major > IX_JOURNAL_FORMAT_MAJOR)
		return ix_fail(err, IX_ERR_VERSION,
			"offset 8: format %u.%u is newer than the %u.x that this program reads", *ret_major,
			*ret_minor, IX_JOURNAL_FORMAT_MAJOR);
	if (*ret_major == 0) return ix_fail(err, IX_ERR_SYNTAX, "offset 8: format 0 does not exist");
	return 0;
}

static int segment_header_fields(ix_bytes bytes, segment_header *h, ix_error *err) {
	ix_reader r = ix_reader_of(bytes);
	int code = file_start_decode(&r, segment_magic, &h->major, &h->minor, err);
	if (code) return code;
	h->size = ix_read_u16_le(&r);
	if (h->size < SEGMENT_HEADER_SIZE || h->size > SEGMENT_HEADER_SIZE_MAX ||
		h->size % RECORD_ALIGNMENT != 0 || h->size > bytes.size)
		return ix_fail(err, IX_ERR_SYNTAX, "offset 12: a header of %u bytes", h->size);
	h->salt = ix_load_u32_le(bytes.data + h->size - 4);
	if (ix_crc32c(0, bytes.data, (size_t)h->size - 4) != h->salt)
		return ix_fail(err, IX_ERR_CHECKSUM, "offset 0: the header's checksum does not match");
	h->is_chained = ix_read_u16_le(&r) & SEGMENT_IS_CHAINED;
	h->payload_max = ix_read_u32_le(&r);
	ix_read_skip(&r, 4);
	read_into(&r, h->identity, IX_JOURNAL_IDENTITY_SIZE);
	read_into(&r, h->application, IX_JOURNAL_APPLICATION_MAX);
	h->application[IX_JOURNAL_APPLICATION_MAX] = '\0';
	h->number = ix_read_u64_le(&r);
	h->first_sequence = ix_read_u64_le(&r);
	h->created_ns = (int64_t)ix_read_u64_le(&r);
	read_into(&r, h->chain, IX_JOURNAL_HASH_SIZE);
	if (h->payload_max > IX_JOURNAL_PAYLOAD_MAX)
		return ix_fail(err, IX_ERR_LIMIT, "offset 16: payloads of %u bytes, the most is %d",
			h->payload_max, IX_JOURNAL_PAYLOAD_MAX);
	if (h->first_sequence == 0 || h->first_sequence > INT64_MAX)
		return ix_fail(err, IX_ERR_RANGE, "offset 64: a first sequence of %llu",
			(unsigned long long)h->first_sequence);
	return 0;
}

header_state segment_header_decode(ix_bytes bytes, segment_header *ret_header, ix_error *err) {
	if (bytes.size < SEGMENT_HEADER_SIZE) {
		ix_fail(err, IX_ERR_TRUNCATED, "offset %zu: ends within the header", bytes.size);
		return bytes_are_zero(bytes.data, bytes.size) ? HEADER_BLANK : HEADER_SHORT;
	}
	if (bytes_are_zero(bytes.data, SEGMENT_HEADER_SIZE)) {
		ix_fail(err, IX_ERR_SYNTAX, "offset 0: the header is blank");
		return HEADER_BLANK;
	}
	segment_header header = {0};
	int code = segment_header_fields(bytes, &header, err);
	if (code == IX_ERR_VERSION) return HEADER_NEWER;
	if (code) return HEADER_DAMAGED;
	*ret_header = header;
	return HEADER_WHOLE;
}

/* ---- records ---- */

void record_seal(uint8_t *out, const record_fields *fields, uint8_t *chain) {
	ix_store_u32_le(out + 4, fields->back);
	ix_store_u32_le(out + 8, fields->payload_size);
	ix_store_u16_le(out + 12, fields->kind);
	ix_store_u16_le(out + 14, 0);
	ix_store_u64_le(out + 16, fields->sequence);
	ix_store_u64_le(out + 24, (uint64_t)fields->time_ns);
	size_t size = RECORD_HEADER_SIZE + fields->payload_size;
	if (chain) {
		size += IX_JOURNAL_HASH_SIZE;
		memcpy(out + RECORD_HEADER_SIZE, chain, IX_JOURNAL_HASH_SIZE);
		ix_blake3(chain, out + RECORD_HASHED_FROM, size - RECORD_HASHED_FROM);
		memcpy(out + RECORD_HEADER_SIZE, chain, IX_JOURNAL_HASH_SIZE);
	}
	size_t total = (size_t)record_total(chain != NULL, fields->payload_size);
	memset(out + size, 0, total - size);
	ix_store_u32_le(out, ix_crc32c(fields->salt + (uint32_t)fields->offset, out + 4, total - 4));
}

uint64_t record_claimed_total(const segment_header *header, uint64_t offset, ix_bytes bytes) {
	ix_reader r = ix_reader_of(bytes);
	ix_read_skip(&r, 4);
	uint32_t back = ix_read_u32_le(&r), size = ix_read_u32_le(&r);
	ix_read_skip(&r, 4);
	uint64_t sequence = ix_read_u64_le(&r);
	ix_read_skip(&r, 8);
	if (r.failed || size > header->payload_max || back > offset || sequence < header->first_sequence)
		return 0;
	return record_total(header->is_chained, size);
}

const char *record_parse(
	const segment_header *header, uint64_t offset, ix_bytes bytes, record_view *ret_record) {
	if (bytes.size < RECORD_HEADER_SIZE) return "the file ends within its header";
	uint64_t total = record_claimed_total(header, offset, bytes);
	if (total == 0) return "its header can't be one";
	if (total > bytes.size) return "the file ends within it";
	uint32_t stored = ix_load_u32_le(bytes.data);
	if (ix_crc32c(header->salt + (uint32_t)offset, bytes.data + 4, (size_t)total - 4) != stored)
		return "its checksum does not match";
	ix_reader r = ix_reader_of((ix_bytes){bytes.data, (size_t)total});
	ix_read_skip(&r, 4);
	record_view record = {.start = bytes.data, .total = total, .back = ix_read_u32_le(&r)};
	uint32_t size = ix_read_u32_le(&r);
	record.kind = ix_read_u16_le(&r);
	ix_read_skip(&r, 2);
	record.sequence = ix_read_u64_le(&r);
	record.time_ns = (int64_t)ix_read_u64_le(&r);
	if (header->is_chained) record.hash = ix_read_bytes(&r, IX_JOURNAL_HASH_SIZE).data;
	record.payload = ix_read_bytes(&r, size);
	IX_ASSERT(!r.failed);
	*ret_record = record;
	return NULL;
}

void record_hash(const record_view *record, const uint8_t former[IX_JOURNAL_HASH_SIZE],
	uint8_t ret_hash[IX_JOURNAL_HASH_SIZE]) {
	ix_blake3_hasher hasher;
	ix_blake3_init(&hasher);
	ix_blake3_update(
		&hasher, record->start + RECORD_HASHED_FROM, RECORD_HEADER_SIZE - RECORD_HASHED_FROM);
	ix_blake3_update(&hasher, former, IX_JOURNAL_HASH_SIZE);
	ix_blake3_update(&hasher, record->payload.data, record->payload.size);
	ix_blake3_finish(&hasher, ret_hash, IX_JOURNAL_HASH_SIZE);
}

void chain_genesis(const uint8_t identity[IX_JOURNAL_IDENTITY_SIZE], const char *application,
	uint8_t ret_hash[IX_JOURNAL_HASH_SIZE]) {
	static const char purpose[] = "inox journal 1 chain";
	uint8_t text[sizeof purpose + IX_JOURNAL_IDENTITY_SIZE + IX_JOURNAL_APPLICATION_MAX] = {0};
	memcpy(text, purpose, sizeof purpose);
	memcpy(text + sizeof purpose, identity, IX_JOURNAL_IDENTITY_SIZE);
	ix_str name = ix_str_from(application);
	memcpy(text + sizeof purpose + IX_JOURNAL_IDENTITY_SIZE, name.data,
		ix_size_min(name.size, IX_JOURNAL_APPLICATION_MAX));
	ix_blake3(ret_hash, text, sizeof text);
}

/* ---- marks ---- */

void mark_encode(const journal_mark *mark, uint8_t out[MARK_SIZE]) {
	file_start_encode(out, mark_magic, MARK_SIZE, mark->is_chained ? SEGMENT_IS_CHAINED : 0);
	memcpy(out + 16, mark->identity, IX_JOURNAL_IDENTITY_SIZE);
	ix_store_u64_le(out + 32, mark->counter);
	ix_store_u64_le(out + 40, mark->first_segment);
	ix_store_u64_le(out + 48, mark->segment);
	ix_store_u64_le(out + 56, mark->offset);
	ix_store_u64_le(out + 64, mark->sequence);
	memcpy(out + 72, mark->chain, IX_JOURNAL_HASH_SIZE);
	ix_store_u32_le(out + MARK_SIZE - 4, ix_crc32c(0, out, MARK_SIZE - 4));
}

static bool mark_slot_decode(ix_bytes slot, journal_mark *ret_mark) {
	if (slot.size < MARK_SIZE) return false;
	ix_reader r = ix_reader_of(slot);
	uint16_t major, minor;
	if (file_start_decode(&r, mark_magic, &major, &minor, NULL)) return false;
	if (ix_crc32c(0, slot.data, MARK_SIZE - 4) != ix_load_u32_le(slot.data + MARK_SIZE - 4)) return false;
	journal_mark mark = {0};
	ix_read_skip(&r, 2);
	mark.is_chained = ix_read_u16_le(&r) & SEGMENT_IS_CHAINED;
	read_into(&r, mark.identity, IX_JOURNAL_IDENTITY_SIZE);
	mark.counter = ix_read_u64_le(&r);
	mark.first_segment = ix_read_u64_le(&r);
	mark.segment = ix_read_u64_le(&r);
	mark.offset = ix_read_u64_le(&r);
	mark.sequence = ix_read_u64_le(&r);
	read_into(&r, mark.chain, IX_JOURNAL_HASH_SIZE);
	*ret_mark = mark;
	return true;
}

bool mark_decode(ix_bytes file, journal_mark *ret_mark, unsigned *ret_damaged) {
	bool found = false;
	unsigned damaged = 0;
	journal_mark newest = {0};
	for (size_t at = 0; file.data && at < MARK_FILE_SIZE && at < file.size; at += MARK_SLOT_SIZE) {
		ix_bytes slot = {file.data + at, ix_size_min(MARK_SLOT_SIZE, file.size - at)};
		journal_mark mark;
		if (mark_slot_decode(slot, &mark)) {
			if (!found || mark.counter > newest.counter) newest = mark;
			found = true;
		} else if (!bytes_are_zero(slot.data, slot.size)) {
			damaged++;
		}
	}
	*ret_damaged = damaged;
	if (found) *ret_mark = newest;
	return found;
}

/* ---- snapshots ---- */

void snapshot_head_encode(const snapshot_head *head, uint8_t out[SNAPSHOT_HEAD_SIZE]) {
	file_start_encode(out, snapshot_magic, SNAPSHOT_HEAD_SIZE, 0);
	memcpy(out + 16, head->identity, IX_JOURNAL_IDENTITY_SIZE);
	memcpy(out + 32, head->application, IX_JOURNAL_APPLICATION_MAX);
	ix_store_u64_le(out + 48, head->sequence);
	ix_store_u64_le(out + 56, (uint64_t)head->time_ns);
	ix_store_u32_le(out + SNAPSHOT_HEAD_SIZE - 4, ix_crc32c(0, out, SNAPSHOT_HEAD_SIZE - 4));
}

int snapshot_head_decode(ix_bytes bytes, snapshot_head *ret_head, ix_error *err) {
	ix_reader r = ix_reader_of(bytes);
	uint16_t major, minor;
	int code = file_start_decode(&r, snapshot_magic, &major, &minor, err);
	if (code) return code;
	snapshot_head head = {.size = ix_read_u16_le(&r)};
	if (r.failed || head.size < SNAPSHOT_HEAD_SIZE || head.size > SEGMENT_HEADER_SIZE_MAX ||
		head.size > bytes.size)
		return ix_fail(err, IX_ERR_TRUNCATED, "offset 12: ends within its head");
	if (ix_crc32c(0, bytes.data, (size_t)head.size - 4) != ix_load_u32_le(bytes.data + head.size - 4))
		return ix_fail(err, IX_ERR_CHECKSUM, "offset 0: the head's checksum does not match");
	ix_read_skip(&r, 2);
	read_into(&r, head.identity, IX_JOURNAL_IDENTITY_SIZE);
	read_into(&r, head.application, IX_JOURNAL_APPLICATION_MAX);
	head.sequence = ix_read_u64_le(&r);
	head.time_ns = (int64_t)ix_read_u64_le(&r);
	*ret_head = head;
	return 0;
}

void snapshot_tail_encode(const snapshot_tail *tail, uint8_t out[SNAPSHOT_TAIL_SIZE]) {
	memset(out, 0, SNAPSHOT_TAIL_SIZE);
	memcpy(out, snapshot_end_magic, sizeof snapshot_end_magic);
	ix_store_u64_le(out + 8, tail->payload_size);
	memcpy(out + 16, tail->hash, IX_JOURNAL_HASH_SIZE);
	ix_store_u32_le(out + SNAPSHOT_TAIL_SIZE - 4, ix_crc32c(0, out, SNAPSHOT_TAIL_SIZE - 4));
}

int snapshot_tail_decode(ix_bytes bytes, snapshot_tail *ret_tail, ix_error *err) {
	if (bytes.size < SNAPSHOT_TAIL_SIZE || memcmp(bytes.data, snapshot_end_magic, 8) != 0 ||
		ix_crc32c(0, bytes.data, SNAPSHOT_TAIL_SIZE - 4) !=
			ix_load_u32_le(bytes.data + SNAPSHOT_TAIL_SIZE - 4))
		return ix_fail(err, IX_ERR_CHECKSUM, "its last %d bytes are not a snapshot's end",
			SNAPSHOT_TAIL_SIZE);
	ret_tail->payload_size = ix_load_u64_le(bytes.data + 8);
	memcpy(ret_tail->hash, bytes.data + 16, IX_JOURNAL_HASH_SIZE);
	return 0;
}

/* ---- names ---- */

static const char segment_pattern[] = "segment-%012llu.ixj", snapshot_pattern[] = "snapshot-%020llu.ixs",
		  index_pattern[] = "segment-%012llu.ixi";

void segment_name(uint64_t number, char out[IX_JOURNAL_FILE_NAME_MAX]) {
	ix_format(out, IX_JOURNAL_FILE_NAME_MAX, segment_pattern, (unsigned long long)number);
}
void snapshot_name(uint64_t sequence, char out[IX_JOURNAL_FILE_NAME_MAX]) {
	ix_format(out, IX_JOURNAL_FILE_NAME_MAX, snapshot_pattern, (unsigned long long)sequence);
}
void index_name(uint64_t number, char out[IX_JOURNAL_FILE_NAME_MAX]) {
	ix_format(out, IX_JOURNAL_FILE_NAME_MAX, index_pattern, (unsigned long long)number);
}

/* The number between the first '-' and the '.', if writing it again gives the same name. */
static bool name_parse(const char *name, void (*write)(uint64_t, char *), uint64_t *ret_number) {
	ix_str text = ix_str_from(name);
	size_t dash = ix_str_find(text, '-'), dot = ix_str_find(text, '.');
	uint64_t number;
	char again[IX_JOURNAL_FILE_NAME_MAX];
	if (dash >= dot) return false;
	ix_str digits = ix_str_slice(text, dash + 1, dot);
	while (digits.size > 1 && digits.data[0] == '0') digits = ix_str_slice(digits, 1, digits.size);
	if (!ix_str_to_u64(digits, &number)) return false;
	write(number, again);
	if (!ix_str_equal(ix_str_from(again), text)) return false;
	*ret_number = number;
	return true;
}

bool segment_name_parse(const char *name, uint64_t *ret_number) {
	return name_parse(name, segment_name, ret_number) && *ret_number > 0;
}
bool snapshot_name_parse(const char *name, uint64_t *ret_sequence) {
	return name_parse(name, snapshot_name, ret_sequence);
}
bool index_name_parse(const char *name, uint64_t *ret_number) {
	return name_parse(name, index_name, ret_number);
}
