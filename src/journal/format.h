/* format.h - the journal's bytes on the disk (docs/journal.md): segment headers, records, marks, snapshot
 * heads and tails, file names; encoded and taken apart. Pure: bytes in, values out. */
#ifndef JOURNAL_FORMAT_H
#define JOURNAL_FORMAT_H

#include <inox/journal.h>

enum {
	SEGMENT_HEADER_SIZE = 128,
	SEGMENT_HEADER_SIZE_MAX = 512, /* of a later minor version: still one sector */
	RECORD_HEADER_SIZE = 32,
	RECORD_ALIGNMENT = 8,
	RECORD_SEQUENCE_AT = 16,
	RECORD_HASHED_FROM = 8, /* a record's hash covers it from here, with the former hash in its place */
	MARK_SIZE = 128,
	MARK_SLOT_SIZE = 512, /* two slots, a sector each, written in turn */
	MARK_FILE_SIZE = 2 * MARK_SLOT_SIZE,
	SNAPSHOT_HEAD_SIZE = 128,
	SNAPSHOT_TAIL_SIZE = 64,
	SEGMENT_IS_CHAINED = 1, /* flag of a segment's header */
};

#define MARK_FILE_NAME "mark"

typedef struct segment_header {
	uint16_t major, minor;
	uint16_t size; /* of the header: the first record's offset */
	bool is_chained;
	uint32_t payload_max;
	uint8_t identity[IX_JOURNAL_IDENTITY_SIZE];
	char application[IX_JOURNAL_APPLICATION_MAX + 1];
	uint64_t number;
	uint64_t first_sequence;
	int64_t created_ns;
	uint8_t chain[IX_JOURNAL_HASH_SIZE]; /* the hash before the first record */
	uint32_t salt;                       /* the header's checksum: every record's starts from it */
} segment_header;

typedef enum header_state {
	HEADER_WHOLE,
	HEADER_BLANK, /* only zeros, or nothing: a segment that has not begun */
	HEADER_SHORT, /* ends within the header */
	HEADER_DAMAGED,
	HEADER_NEWER, /* of a version that we do not read */
} header_state;

/* Writes SEGMENT_HEADER_SIZE bytes and sets header->salt. */
void segment_header_encode(segment_header *header, uint8_t *out);
header_state segment_header_decode(ix_bytes bytes, segment_header *ret_header, ix_error *err);

typedef struct record_view {
	uint64_t sequence;
	int64_t time_ns;
	uint16_t kind;
	uint32_t back; /* its offset less the end of what was durable when it was appended */
	const uint8_t *start;
	const uint8_t *hash; /* NULL when not chained */
	ix_bytes payload;
	uint64_t total; /* bytes that it takes in the file */
} record_view;

static inline uint64_t record_total(bool is_chained, uint64_t payload_size) {
	uint64_t size =
		payload_size + (is_chained ? RECORD_HEADER_SIZE + IX_JOURNAL_HASH_SIZE : RECORD_HEADER_SIZE);
	return (size + RECORD_ALIGNMENT - 1) & ~(uint64_t)(RECORD_ALIGNMENT - 1);
}
static inline uint64_t record_total_max(const segment_header *header) {
	return record_total(header->is_chained, header->payload_max);
}

typedef struct record_fields {
	uint64_t sequence;
	int64_t time_ns;
	uint64_t offset;
	uint32_t back;
	uint32_t salt;
	uint32_t payload_size;
	uint16_t kind;
} record_fields;

/* Finishes a record whose payload is in place at `out`: header, hash (advancing `chain`, NULL when not
 * chained), padding, checksum. */
void record_seal(uint8_t *out, const record_fields *fields, uint8_t *chain);
/* Why the bytes at `offset` are no record of this segment, or NULL: then *ret_record is. `bytes` has at least
 * the whole record when there is one. The sequence and the hash are for the caller to judge. */
const char *record_parse(
	const segment_header *header, uint64_t offset, ix_bytes bytes, record_view *ret_record);
/* The size that the record at the start of `bytes` claims, when its header can be one; 0: it can't. */
uint64_t record_claimed_total(const segment_header *header, uint64_t offset, ix_bytes bytes);
/* The hash that a record has after `former`. */
void record_hash(const record_view *record, const uint8_t former[IX_JOURNAL_HASH_SIZE],
	uint8_t ret_hash[IX_JOURNAL_HASH_SIZE]);
/* The hash before a journal's first record. */
void chain_genesis(const uint8_t identity[IX_JOURNAL_IDENTITY_SIZE], const char *application,
	uint8_t ret_hash[IX_JOURNAL_HASH_SIZE]);

/* What was durable, written after the sync that made it so: never ahead of the truth, maybe behind it. */
typedef struct journal_mark {
	uint8_t identity[IX_JOURNAL_IDENTITY_SIZE];
	uint64_t counter;
	uint64_t first_segment; /* the oldest that is kept */
	uint64_t segment;       /* everything before `offset` of this one */
	uint64_t offset;
	uint64_t sequence; /* the last durable one */
	bool is_chained;
	uint8_t chain[IX_JOURNAL_HASH_SIZE]; /* its hash */
} journal_mark;

void mark_encode(const journal_mark *mark, uint8_t out[MARK_SIZE]);
/* The newer of the whole slots. False when there is none; *ret_damaged counts slots that are neither whole
 * nor blank. */
bool mark_decode(ix_bytes file, journal_mark *ret_mark, unsigned *ret_damaged);

typedef struct snapshot_head {
	uint8_t identity[IX_JOURNAL_IDENTITY_SIZE];
	char application[IX_JOURNAL_APPLICATION_MAX + 1];
	uint64_t sequence;
	int64_t time_ns;
	uint16_t size; /* of the head: where the payload starts */
} snapshot_head;

typedef struct snapshot_tail {
	uint64_t payload_size;
	uint8_t hash[IX_JOURNAL_HASH_SIZE]; /* BLAKE3 of head and payload */
} snapshot_tail;

void snapshot_head_encode(const snapshot_head *head, uint8_t out[SNAPSHOT_HEAD_SIZE]);
void snapshot_tail_encode(const snapshot_tail *tail, uint8_t out[SNAPSHOT_TAIL_SIZE]);
int snapshot_head_decode(ix_bytes bytes, snapshot_head *ret_head, ix_error *err);
int snapshot_tail_decode(ix_bytes bytes, snapshot_tail *ret_tail, ix_error *err);

/* File names, NUL-terminated. */
void segment_name(uint64_t number, char out[IX_JOURNAL_FILE_NAME_MAX]);
void snapshot_name(uint64_t sequence, char out[IX_JOURNAL_FILE_NAME_MAX]);
void index_name(uint64_t number, char out[IX_JOURNAL_FILE_NAME_MAX]);
/* The number in a name that is exactly what the functions above write. */
bool segment_name_parse(const char *name, uint64_t *ret_number);
bool snapshot_name_parse(const char *name, uint64_t *ret_sequence);
bool index_name_parse(const char *name, uint64_t *ret_number);

bool bytes_are_zero(const uint8_t *data, size_t size);

#endif
