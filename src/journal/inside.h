/* inside.h - what the journal's files share: the directory with its names, a window on a file, the walk over
 * a segment's records, and the writer's state. */
#ifndef JOURNAL_INSIDE_H
#define JOURNAL_INSIDE_H

#include "format.h"

#include <inox/alloc.h>
#include <inox/file_system.h>
#include <inox/reader.h>

enum {
	JOURNAL_PATH_MAX = IX_FILE_PATH_MAX - IX_JOURNAL_FILE_NAME_MAX - 1,
	JOURNAL_LABEL_MAX = 160,
	WINDOW_SIZE = 256 << 10,
	INDEX_STEP = 64 << 10, /* bytes of a segment between two entries of its index */
	DISK_BLOCK = 4096,
};

/* ---- the directory (directory.c) ---- */

typedef struct journal_directory {
	const ix_file_system *system;
	char path[JOURNAL_PATH_MAX];
	char label[JOURNAL_LABEL_MAX]; /* for messages: the path, or its end */
} journal_directory;

typedef struct journal_listing {
	uint64_t first_segment, last_segment, segment_count; /* 0, 0, 0: none */
	uint64_t snapshots[IX_JOURNAL_SNAPSHOT_MAX];         /* the newest ones, newest first */
	size_t snapshot_count;
	uint64_t oldest_snapshot; /* of all there are; UINT64_MAX: none */
	uint64_t first_index;     /* the lowest number of an index; UINT64_MAX: none */
	bool has_temporaries;     /* left by a snapshot that a crash ended */
	bool has_mark;
} journal_listing;

int directory_init(
	journal_directory *directory, const ix_file_system *system, const char *path, ix_error *err);
int directory_open(const journal_directory *directory, const char *name, unsigned flags, ix_file *ret_file,
	ix_error *err);
void directory_join(const journal_directory *directory, const char *name, char ret_path[IX_FILE_PATH_MAX]);
int directory_list(const journal_directory *directory, journal_listing *ret_listing, ix_error *err);
/* Not there: fine. Does not sync the directory. */
int directory_remove(const journal_directory *directory, const char *name, ix_error *err);
int directory_remove_temporaries(const journal_directory *directory, ix_error *err);
int directory_sync(const journal_directory *directory, ix_error *err);
/* Of the directory that it is in: makes its own name durable. */
int directory_sync_parent(const journal_directory *directory, ix_error *err);
/* The number of a missing segment between the listed ones; 0: none is. */
uint64_t directory_missing_segment(const journal_directory *directory, const journal_listing *listing);

/* Reads the mark's file. No file, or no whole slot: *ret_found false. */
int mark_load(const journal_directory *directory, journal_mark *ret_mark, bool *ret_found,
	unsigned *ret_damaged, ix_error *err);
/* Advances the counter and writes the slot whose turn it is. */
int mark_write(ix_file *file, journal_mark *mark, bool synced, ix_error *err);
int mark_read(ix_file *file, journal_mark *ret_mark, bool *ret_found, unsigned *ret_damaged, ix_error *err);

/* One sentence, with the damage as err->detail. */
int damage_fail(ix_error *err, ix_journal_damage damage, const journal_directory *directory, const char *file,
	uint64_t offset, uint64_t sequence, const char *format, ...) IX_PRINTF(7, 8);

/* ---- a window on a file (window.c): reads ahead, grows to the largest record ---- */

typedef struct file_window {
	ix_file *file;
	const ix_allocator *allocator;
	uint8_t *buffer;
	size_t capacity;
	uint64_t start; /* of the bytes held */
	size_t held;
	uint64_t size; /* of the file, when it was last asked */
} file_window;

void window_init(file_window *window, const ix_allocator *allocator);
void window_fini(file_window *window);
/* Looks at this file from now on. */
int window_attach(file_window *window, ix_file *file, ix_error *err);
/* Forgets what it holds: the file may have grown or changed. */
int window_refresh(file_window *window, ix_error *err);
/* At least `wanted` bytes at `offset`, or all there are; they stand until the next call. */
int window_view(file_window *window, uint64_t offset, size_t wanted, ix_bytes *ret_bytes, ix_error *err);

/* ---- the walk over a segment (scan.c) ---- */

typedef enum scan_step {
	SCAN_RECORD,
	SCAN_BROKEN,   /* no record here: the end, a torn one, or damage: scan_rest() tells */
	SCAN_SEQUENCE, /* a whole record with another sequence than is due */
	SCAN_CHAIN,    /* a whole record that does not follow from the one before it */
} scan_step;

typedef struct segment_scan {
	segment_header header;
	file_window *window;
	uint64_t offset;                     /* of the next record */
	uint64_t expected;                   /* its sequence */
	uint8_t chain[IX_JOURNAL_HASH_SIZE]; /* the hash before it */
	bool chain_is_known;
	const char *reason; /* after SCAN_BROKEN */
} segment_scan;

/* What lies behind a place where there is no record. */
typedef struct scan_tail {
	uint64_t end;     /* after the last byte that is not zero; the place itself when all are */
	uint64_t records; /* whole ones */
	uint64_t next_offset, next_sequence; /* of the first of them */
	uint64_t durable_offset; /* they say that everything before this was durable when they were written */
	bool gave_up;            /* too much looked like records: nothing above is certain */
} scan_tail;

/* Reads the header of the file that the window is on. HEADER_WHOLE: the scan stands before the first record.
 */
int scan_begin(segment_scan *scan, file_window *window, header_state *ret_state, ix_error *err);
/* On SCAN_RECORD it has advanced; otherwise it stays. */
int scan_next(segment_scan *scan, record_view *ret_record, scan_step *ret_step, ix_error *err);
/* After any step but SCAN_RECORD. */
int scan_rest(const segment_scan *scan, scan_tail *ret_tail, ix_error *err);
/* Goes on at the first whole record behind damage. */
void scan_resume(segment_scan *scan, const scan_tail *tail);
/* Is what scan_rest() found only a tail that was never durable? `durable_offset` is what the mark says. */
ix_journal_damage scan_judge(const segment_scan *scan, const scan_tail *tail, uint64_t durable_offset);
/* At the end of a segment that has a successor: does that one begin where this one ends? */
int scan_check_end(const segment_scan *scan, const journal_directory *directory, const segment_header *next,
	ix_error *err);
/* The error for a step that found damage. */
int scan_fail(const segment_scan *scan, const journal_directory *directory, ix_journal_damage damage,
	const record_view *record, ix_error *err);

/* ---- indexes of sealed segments (index.c): sequence to offset; derived, never relied on ---- */

typedef struct index_entry {
	uint64_t sequence, offset;
} index_entry;

static inline size_t index_capacity(uint64_t segment_size) { return (size_t)(segment_size / INDEX_STEP) + 1; }
/* Best effort: a journal without its indexes is whole. */
void index_write(const journal_directory *directory, const segment_header *header, const index_entry *entries,
	size_t count);
/* The last entry at or before `sequence`; false when there is no index or it is not whole. */
bool index_find(const journal_directory *directory, const segment_header *header, uint64_t sequence,
	index_entry *ret_entry);

/* ---- the writer's state (journal.c, recover.c, segment.c, retain.c) ---- */

struct ix_journal {
	const ix_allocator *allocator;
	const ix_clock *clock;
	journal_directory directory;
	ix_journal_options options; /* with the defaults filled in; pointers in it are not used */
	bool is_chained;
	bool is_taken; /* by an ix_journal_writer: nobody else appends */

	ix_file mark_file; /* carries the lock */
	journal_mark mark; /* as last written */
	bool has_news;     /* it was written since it was last synced */

	ix_file segment_file;
	segment_header segment; /* of it */
	uint64_t written;       /* where in it the buffer goes */
	uint64_t durable;       /* everything before is on the disk */
	uint64_t reserved;      /* disk blocks are there up to here */
	uint64_t record_count;  /* in this segment */

	ix_file spare_file; /* the next segment, when it is there already */
	uint64_t spare_reserved;
	bool spare_is_named; /* its name is on the disk */

	uint8_t *
		buffer; /* options.buffer_size; sealed records, and before them the header of a new segment */
	size_t buffered;

	uint64_t next_sequence;
	uint64_t durable_sequence;
	uint64_t first_sequence; /* of the oldest kept record */
	uint8_t chain[IX_JOURNAL_HASH_SIZE];

	index_entry *index;
	size_t index_count, index_capacity;

	int poison; /* 0, or what every later call returns */
	char poison_text[IX_ERROR_TEXT_MAX];
};

static inline uint64_t journal_end(const ix_journal *j) { return j->written + j->buffered; }

/* What ix_journal_append_parts does, also for a journal that a writer has taken. */
int journal_append(ix_journal *j, uint16_t kind, int64_t time_ns, const ix_bytes *parts, size_t part_count,
	uint64_t *ret_sequence, ix_error *err);
/* Never again: returns IX_ERR_IO. */
int journal_poison(ix_journal *j, const ix_error *cause, ix_error *err);
int journal_check_poison(const ix_journal *j, ix_error *err);
typedef enum mark_care {
	MARK_NOTE, /* written, not synced: it is never ahead of the truth */
	MARK_SYNCED,
	MARK_BOTH, /* both slots, each synced: for what the oldest kept segment is, whose older answer would
		      be wrong */
} mark_care;
int journal_write_mark(ix_journal *j, mark_care care, ix_error *err);
/* Commits, and the header of a segment without records too. */
int journal_settle(ix_journal *j, ix_error *err);
void journal_note_index(ix_journal *j, uint64_t sequence, uint64_t offset);

/* segment.c */
int segment_reserve(ix_journal *j, uint64_t end, ix_error *err);
int segment_prepare_spare(ix_journal *j, uint64_t size, ix_error *err);
/* Seals the newest segment and starts the next, with space for records of `size` bytes. Errors that are no
 * poison leave everything as it was. */
int segment_rotate(ix_journal *j, uint64_t size, ix_error *err);
/* Puts the header of a segment into the empty buffer. */
void segment_start(ix_journal *j, uint64_t number);

/* headers.c */
int segment_read_header(const journal_directory *directory, uint64_t number, segment_header *ret_header,
	header_state *ret_state, uint64_t *ret_size, ix_error *err);
int segment_fail_header(const journal_directory *directory, uint64_t number, header_state state,
	const ix_error *why, ix_error *err);
/* The highest number from `to` down to `from` whose header is whole; 0: none. */
int segment_find_begun(
	const journal_directory *directory, uint64_t from, uint64_t to, uint64_t *ret_number, ix_error *err);
/* Of a file behind all that has begun: blank, or torn while it was first written, which is fine; or damage,
 * certainly so when something claims that it had begun. */
int segment_judge_unbegun(const journal_directory *directory, uint64_t number, bool is_claimed,
	uint64_t *ret_torn_bytes, ix_error *err);
/* Does the mark say that something in this segment, or behind it, was durable? */
static inline bool mark_claims(const journal_mark *mark, uint64_t number) {
	return mark->segment > number || (mark->segment == number && mark->offset > 0);
}

/* recover.c */
int recover(ix_journal *j, ix_journal_recovery *ret_recovery, ix_error *err);

/* snapshot.c: head and tail only, or all of it. 0, or why it is not a whole snapshot of this journal
 * (`identity` NULL: of any). */
int snapshot_check(const journal_directory *directory, uint64_t sequence, const uint8_t *identity, bool whole,
	const ix_allocator *allocator, ix_journal_snapshot_info *ret_info, ix_error *err);

#endif
