/* journal.h - a crash-safe append log in a directory, for every room that keeps state: risk limits, audit
 * trails, the venue's journal, payment outboxes, chat histories. Checksummed records, group commit, recovery,
 * snapshots, an optional hash chain. docs/journal.md has the bytes on the disk and what is promised.
 *
 *     ix_journal_options options = {.application = "risk"};
 *     ix_journal_open("risk.journal", &options, &journal, &recovery, &err);
 *     ix_journal_append(journal, KIND_FILL, payload, &sequence, &err);
 *     ix_journal_commit(journal, &err); // now it survives a power cut
 *     ix_journal_close(journal, &err);
 *
 * One writer a directory, kept out by a lock; readers come and go beside it. An ix_journal belongs to one
 * thread; several producers go through ix_journal_writer. After it is open, appending allocates nothing. */
#ifndef INOX_JOURNAL_H
#define INOX_JOURNAL_H

#include <inox/base.h>
#include <inox/file_system.h>

enum {
	IX_JOURNAL_FORMAT_MAJOR = 1,
	IX_JOURNAL_FORMAT_MINOR = 0,
	IX_JOURNAL_HASH_SIZE = 32,
	IX_JOURNAL_IDENTITY_SIZE = 16,
	IX_JOURNAL_APPLICATION_MAX = 16,   /* bytes of an application's name */
	IX_JOURNAL_PAYLOAD_MAX = 16 << 20, /* the most that options may allow */
	IX_JOURNAL_PAYLOAD_DEFAULT = 64 << 10,
	IX_JOURNAL_SEGMENT_SIZE_MIN = 4 << 10,
	IX_JOURNAL_SEGMENT_SIZE_MAX = 1 << 30,
	IX_JOURNAL_SEGMENT_SIZE_DEFAULT = 64 << 20,
	IX_JOURNAL_SEGMENT_COUNT_MAX = 1 << 20,
	IX_JOURNAL_RESERVE_DEFAULT = 1 << 20,
	IX_JOURNAL_BUFFER_DEFAULT = 256 << 10,
	IX_JOURNAL_QUEUE_DEFAULT = 1 << 20,
	IX_JOURNAL_QUEUE_MAX = 256 << 20,
	IX_JOURNAL_PART_MAX = 8,      /* pieces that one payload is gathered from */
	IX_JOURNAL_SNAPSHOT_MAX = 64, /* snapshots that are looked at, newest first */
	IX_JOURNAL_HEAD_MAX = 4096,   /* known heads given to one verification */
	IX_JOURNAL_FILE_NAME_MAX = 40,
};

typedef struct ix_journal ix_journal;

/* ---- writing ---- */

/* Zero means the default. What is fixed when the journal is made: application, chained, first_sequence,
 * identity. */
typedef struct ix_journal_options {
	/* Whose journal this is; one of another application is refused. NULL: "". */
	const char *application;
	uint32_t payload_max;    /* of one record, bytes; 0: 64 KiB */
	uint64_t segment_size;   /* a segment is full at this size; 0: 64 MiB */
	uint64_t reserve_size;   /* disk space is reserved in steps of this; 0: 1 MiB */
	size_t buffer_size;      /* what is appended between writes; 0: 256 KiB or the largest record */
	uint64_t first_sequence; /* of a new journal; 0: 1 */
	bool chained;            /* each record carries the BLAKE3 of itself and all before it */
	bool must_exist;         /* IX_ERR_NOT_FOUND instead of making one */
	bool check_all;          /* reads every segment at opening, not only the newest */
	uint8_t identity[IX_JOURNAL_IDENTITY_SIZE]; /* all zero: made from the path and the clock */
	const ix_clock *clock;                      /* stamps the records; NULL: ix_clock_real() */
	const ix_file_system *system;               /* NULL: ix_file_system_os() */
} ix_journal_options;

/* What opening found and mended. */
typedef struct ix_journal_recovery {
	uint64_t first_sequence; /* the oldest record that is kept; > last_sequence when there are none */
	uint64_t last_sequence;  /* of the newest record: first_sequence - 1 when there are none */
	uint64_t segment_count;
	uint64_t snapshot_sequence; /* of the newest snapshot that is whole; 0: none */
	uint32_t snapshots_damaged; /* newer ones that were passed over */
	bool created;               /* there was no journal */
	bool mark_missing;          /* the note of what was durable is gone or damaged: it was made anew */
	/* A torn tail: bytes that were written and never acknowledged, cut off. */
	bool torn;
	char torn_file[IX_JOURNAL_FILE_NAME_MAX];
	uint64_t torn_offset;
	uint64_t torn_bytes;   /* up to the last byte that was not zero */
	uint64_t torn_records; /* whole ones among them, behind a broken one */
} ix_journal_recovery;

/* Opens for writing; makes the directory (its parent must exist) and the journal where there is none.
 * Recovery: a torn tail that nobody was told is durable is cut and reported. Anything else that is wrong is
 * an error that names file, offset and sequence, and changes nothing; err->detail is then an
 * ix_journal_damage. `ret_recovery` may be NULL. Errors: IX_ERR_BUSY (another writer), IX_ERR_CHECKSUM,
 * IX_ERR_TRUNCATED, IX_ERR_NOT_FOUND (a segment is missing), IX_ERR_INVALID (another application; chained or
 * not), IX_ERR_VERSION, IX_ERR_LIMIT (an option out of range), IX_ERR_NO_SPACE, IX_ERR_IO, IX_ERR_MEMORY. */
IX_API int ix_journal_open(const char *path, const ix_journal_options *options, ix_journal **ret_journal,
	ix_journal_recovery *ret_recovery, ix_error *err);
/* Commits, gives reserved space back, frees. Freed in any case; the error is the commit's. NULL is fine. */
IX_API int ix_journal_close(ix_journal *journal, ix_error *err);
/* Frees without committing: what was not committed may be lost, as in a crash. NULL is fine. */
IX_API void ix_journal_abandon(ix_journal *journal);

/* Appends one record and gives its sequence (`ret_sequence` may be NULL). It is in memory or in the file, and
 * durable only after ix_journal_commit. Errors, after which the journal is as before the call:
 * IX_ERR_LIMIT (payload_max), IX_ERR_NO_SPACE: space for the record could not be reserved; try again when
 * there is some. IX_ERR_IO: see ix_journal_commit. */
IX_API int ix_journal_append(
	ix_journal *journal, uint16_t kind, ix_bytes payload, uint64_t *ret_sequence, ix_error *err);
/* The same with the time given, and the payload gathered from at most IX_JOURNAL_PART_MAX pieces. */
IX_API int ix_journal_append_parts(ix_journal *journal, uint16_t kind, int64_t time_ns, const ix_bytes *parts,
	size_t part_count, uint64_t *ret_sequence, ix_error *err);

/* Returns 0 when every record appended so far is on the disk. When writing or syncing fails, nobody knows
 * what is there, and trying again proves nothing: the journal is poisoned. This call and all later ones that
 * write return the same IX_ERR_IO; records since the last commit count as lost or not, as recovery will find.
 * IX_ERR_NO_SPACE (only where the file system cannot reserve space) is no poison: commit again later. */
IX_API int ix_journal_commit(ix_journal *journal, ix_error *err);
/* Writes what is buffered without waiting for the disk: other processes see it, a power cut may lose it. */
IX_API int ix_journal_flush(ix_journal *journal, ix_error *err);
/* After this returns 0, records that take `size` bytes (ix_journal_record_size) can be appended and committed
 * without meeting a full disk. At most half the segment size. */
IX_API int ix_journal_reserve(ix_journal *journal, uint64_t size, ix_error *err);
/* Bytes in the file of a record with such a payload. */
IX_API uint64_t ix_journal_record_size(const ix_journal *journal, size_t payload_size);
/* Commits and starts a new segment, unless the newest has no records: the old one can then be archived. */
IX_API int ix_journal_rotate(ix_journal *journal, ix_error *err);

IX_API uint64_t ix_journal_first_sequence(const ix_journal *journal);
IX_API uint64_t ix_journal_last_sequence(const ix_journal *journal);    /* appended */
IX_API uint64_t ix_journal_durable_sequence(const ix_journal *journal); /* committed */
IX_API bool ix_journal_is_poisoned(const ix_journal *journal);
IX_API const char *ix_journal_path(const ix_journal *journal);

/* ---- the hash chain ---- */

/* hash(n) = BLAKE3(hash(n - 1), the record's sequence, time, kind, size and payload); what comes before the
 * first record is the hash of the journal's identity and application. Whoever keeps a head elsewhere
 * (printed, sent, anchored in a chain) can later prove that nothing up to it was changed, dropped, inserted
 * or moved. */
typedef struct ix_journal_head {
	uint64_t sequence; /* of the last record that it covers */
	uint8_t hash[IX_JOURNAL_HASH_SIZE];
} ix_journal_head;

/* Of everything appended. IX_ERR_UNSUPPORTED when the journal is not chained. */
IX_API int ix_journal_get_head(const ix_journal *journal, ix_journal_head *ret_head, ix_error *err);

/* ---- snapshots and retention ---- */

/* State as of `sequence`, so that a start needs only the records after it. Records up to `sequence` must be
 * durable (IX_ERR_CONFLICT). The file appears whole, under its final name, or not at all. Several may be
 * under way. */
typedef struct ix_journal_snapshot_out ix_journal_snapshot_out;
IX_API int ix_journal_snapshot_begin(
	ix_journal *journal, uint64_t sequence, ix_journal_snapshot_out **ret_out, ix_error *err);
/* Any thread, one at a time. After an error only abort is left. */
IX_API int ix_journal_snapshot_write(
	ix_journal_snapshot_out *out, const void *data, size_t size, ix_error *err);
/* Once this returns 0 the snapshot survives a power cut. Frees `out` in any case. */
IX_API int ix_journal_snapshot_commit(ix_journal_snapshot_out *out, ix_error *err);
IX_API void ix_journal_snapshot_abort(ix_journal_snapshot_out *out); /* NULL is fine */

/* Keeps the newest `snapshot_keep` (0: 2) whole snapshots and the records after the oldest of them; removes
 * older snapshots and the segments that hold nothing else. Does nothing while there are fewer. Damaged
 * snapshots do not count, and go when they are older than all that are kept. */
IX_API int ix_journal_retain(ix_journal *journal, uint32_t snapshot_keep, ix_error *err);
/* Removes segments all of whose records are before `sequence`; the newest segment stays. */
IX_API int ix_journal_drop_before(ix_journal *journal, uint64_t sequence, ix_error *err);

typedef struct ix_journal_snapshot ix_journal_snapshot;

typedef struct ix_journal_snapshot_info {
	uint64_t sequence;
	int64_t time_ns;
	uint64_t size;          /* of its payload, bytes */
	uint32_t damaged_newer; /* snapshots that were passed over because they are damaged */
	char file[IX_JOURNAL_FILE_NAME_MAX];
} ix_journal_snapshot_info;

/* The newest snapshot whose checksum holds (all of it is read to know), at most `sequence_max` (0: any);
 * *ret_snapshot is NULL when there is none. `system` NULL: the operating system's. */
IX_API int ix_journal_snapshot_open(const char *path, const ix_file_system *system, uint64_t sequence_max,
	ix_journal_snapshot **ret_snapshot, ix_error *err);
IX_API const ix_journal_snapshot_info *ix_journal_snapshot_get_info(const ix_journal_snapshot *snapshot);
/* The next bytes of the payload; 0 bytes at its end. IX_ERR_CHECKSUM at the end when what was read is not
 * what was checked. */
IX_API int ix_journal_snapshot_read(
	ix_journal_snapshot *snapshot, void *data, size_t capacity, size_t *ret_got, ix_error *err);
IX_API void ix_journal_snapshot_close(ix_journal_snapshot *snapshot); /* NULL is fine */

/* ---- reading ---- */

typedef struct ix_journal_record {
	uint64_t sequence;
	int64_t time_ns;
	uint16_t kind;
	ix_bytes payload;    /* until the next call with the reader */
	const uint8_t *hash; /* IX_JOURNAL_HASH_SIZE bytes; NULL when the journal is not chained */
	uint64_t segment;    /* number of the file it is in */
	uint64_t offset;     /* and where */
} ix_journal_record;

typedef struct ix_journal_reader_options {
	const char *application;      /* NULL: anybody's */
	bool durable_only;            /* beside a writer: stop where it has not committed yet */
	const ix_file_system *system; /* NULL: ix_file_system_os() */
} ix_journal_reader_options;

typedef struct ix_journal_reader ix_journal_reader;

/* Opens for reading, also while a writer has it: takes no lock, changes nothing. Starts at the oldest record.
 * IX_ERR_NOT_FOUND when there is no journal. One thread. */
IX_API int ix_journal_reader_open(const char *path, const ix_journal_reader_options *options,
	ix_journal_reader **ret_reader, ix_error *err);
IX_API void ix_journal_reader_close(ix_journal_reader *reader); /* NULL is fine */
/* The next record is the one with this sequence, also if it is yet to come. IX_ERR_NOT_FOUND when it was
 * dropped by retention; IX_ERR_RANGE when it is more than one past the end. */
IX_API int ix_journal_reader_seek(ix_journal_reader *reader, uint64_t sequence, ix_error *err);
/* The next record, checked; NULL at the end, where a later call looks again (so a journal is followed by
 * calling this now and then). Damage is an error that names file, offset and sequence; the reader stays
 * before it. */
IX_API int ix_journal_reader_next(
	ix_journal_reader *reader, const ix_journal_record **ret_record, ix_error *err);

/* ---- verifying ---- */

typedef enum ix_journal_damage {
	IX_JOURNAL_DAMAGE_NONE,
	IX_JOURNAL_DAMAGE_HEADER,   /* a segment's header */
	IX_JOURNAL_DAMAGE_RECORD,   /* a record's bytes were changed */
	IX_JOURNAL_DAMAGE_LOST,     /* records that were durable are not there */
	IX_JOURNAL_DAMAGE_SEGMENT,  /* a segment file is missing */
	IX_JOURNAL_DAMAGE_SEQUENCE, /* a sequence twice, or out of order */
	IX_JOURNAL_DAMAGE_CHAIN, /* a record does not follow from the one before it, though its checksum holds
				  */
	IX_JOURNAL_DAMAGE_HEAD,  /* a known head is not this journal's */
	IX_JOURNAL_DAMAGE_MARK,  /* the note of what was durable */
	IX_JOURNAL_DAMAGE_SNAPSHOT,
	IX_JOURNAL_DAMAGE_VERSION, /* a format that we do not read */
	IX_JOURNAL_DAMAGE_FOREIGN, /* a file of another journal */
} ix_journal_damage;

IX_API const char *ix_journal_damage_name(ix_journal_damage damage); /* "record", "lost", … */

typedef struct ix_journal_finding {
	ix_journal_damage damage;
	char file[IX_JOURNAL_FILE_NAME_MAX];
	uint64_t offset;
	uint64_t sequence; /* of the first record that it concerns; 0: of none */
	const char *text;  /* one sentence with all of this; until the callback returns */
} ix_journal_finding;

typedef struct ix_journal_verify_options {
	const char *application;      /* NULL: anybody's */
	const ix_journal_head *heads; /* known from elsewhere, in any order; each is looked for */
	size_t head_count;            /* at most IX_JOURNAL_HEAD_MAX */
	/* Called for every finding, in the order of the journal. May be NULL. */
	void (*found)(void *context, const ix_journal_finding *finding);
	void *context;
	const ix_file_system *system; /* NULL: ix_file_system_os() */
} ix_journal_verify_options;

typedef struct ix_journal_report {
	uint64_t finding_count; /* 0: the journal is whole */
	ix_journal_damage first_damage;
	char first_text[IX_ERROR_TEXT_MAX];
	uint64_t segment_count, record_count, byte_count;
	uint64_t first_sequence, last_sequence;
	uint64_t snapshot_count; /* whole ones */
	uint64_t torn_bytes;     /* of a tail that was never acknowledged: no damage, opening cuts it */
	uint64_t heads_checked;  /* known heads that could be compared: others are before what is kept */
	bool chained;
	ix_journal_head head; /* of the last record, when chained */
	char application[IX_JOURNAL_APPLICATION_MAX + 1];
	uint8_t identity[IX_JOURNAL_IDENTITY_SIZE];
} ix_journal_report;

/* Reads everything: segments, mark, snapshots, chain. Returns 0 when it could look at all of it; the report
 * says whether it is whole. Beside a writer it sees a moment. Errors: IX_ERR_NOT_FOUND (no journal here),
 * IX_ERR_IO, IX_ERR_MEMORY, IX_ERR_LIMIT. */
IX_API int ix_journal_verify(const char *path, const ix_journal_verify_options *options,
	ix_journal_report *ret_report, ix_error *err);

/* An operator's decision after damage or loss: throws away every record after `sequence`, and what is broken
 * among them, for good; then ix_journal_open() works again. Records up to `sequence` must be whole. Copy the
 * directory first. IX_ERR_BUSY while a writer has it. */
IX_API int ix_journal_cut_after(
	const char *path, const ix_file_system *system, uint64_t sequence, ix_error *err);

/* ---- several producers ----
 * A thread of its own appends and commits what the others put into a bounded queue; while it waits for the
 * disk the queue fills, and the next sync serves all of it. */

typedef struct ix_journal_writer ix_journal_writer;

typedef struct ix_journal_writer_options {
	size_t queue_size; /* bytes of records that wait; 0: 1 MiB; at most a quarter of the segment size */
	/* 0: every batch is synced. Else a batch is written at once, and synced when somebody waits for it or
	 * this long after the last sync. */
	int64_t sync_interval_ns;
	bool is_pinned; /* the thread, to `core` */
	int core;
	/* On the writer's thread, after every sync: all up to `sequence` is durable (`code` 0), or the
	 * journal is poisoned. Must not block, and must not call the writer. May be NULL. */
	void (*durable)(void *context, uint64_t sequence, int code);
	void *context;
} ix_journal_writer_options;

/* Takes the journal over until the writer is stopped. Errors: IX_ERR_LIMIT, IX_ERR_MEMORY, IX_ERR_NO_SPACE
 * (twice the queue's size is reserved on the disk first), IX_ERR_IO. */
IX_API int ix_journal_writer_start(ix_journal *journal, const ix_journal_writer_options *options,
	ix_journal_writer **ret_writer, ix_error *err);
/* Drains, commits, ends the thread, frees; the journal is its owner's again, still open. The producers are
 * gone before. NULL is fine. */
IX_API int ix_journal_writer_stop(ix_journal_writer *writer, ix_error *err);

/* Any thread. Once it gave a sequence, the record has that place, and only a poisoned journal can keep it
 * from becoming durable: the disk space for it is reserved. Waits while the queue is full (`wait`), or
 * returns IX_ERR_BUSY. IX_ERR_NO_SPACE: nothing was queued; every call tries again. */
IX_API int ix_journal_writer_append(ix_journal_writer *writer, uint16_t kind, ix_bytes payload, bool wait,
	uint64_t *ret_sequence, ix_error *err);
/* Any thread: returns 0 once all up to `sequence` is durable, IX_ERR_IO when the journal was poisoned before
 * that. */
IX_API int ix_journal_writer_wait(ix_journal_writer *writer, uint64_t sequence, ix_error *err);
IX_API uint64_t ix_journal_writer_durable_sequence(ix_journal_writer *writer);
/* The journal, for snapshots, retention and rotation on another thread (not for appending, which asserts);
 * the writer's thread rests until it is released. Producers go on until the queue is full. */
IX_API ix_journal *ix_journal_writer_hold(ix_journal_writer *writer);
IX_API void ix_journal_writer_release(ix_journal_writer *writer);

#endif
