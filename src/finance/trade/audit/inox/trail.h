/* trail.h - the audit trail of a trading run: every message that came in, every decision, every message that
 * went out, in the order in which they happened, in a crash-safe chained journal (<inox/journal.h>). A run is
 * a deterministic function of its start record and its inputs, so a trail can be replayed, and each of its
 * other records must come out again, byte for byte.
 *
 * The trading thread puts records into a ring, without locks or system calls; a thread of the trail's writes
 * them to the journal in batches. The ring is a mapped file in the trail's directory, so a record is in the
 * kernel's hands, and survives a kill -9, as soon as it was appended; with is_durable it is on the disk once
 * ix_trail_wait says so. Whoever must not go on before a record is on file (a venue that takes an order)
 * waits with ix_trail_wait. */
#ifndef INOX_TRAIL_H
#define INOX_TRAIL_H

#include <inox/base.h>
#include <inox/file_system.h>
#include <inox/journal.h>

enum {
	IX_TRAIL_FORMAT = 1,
	IX_TRAIL_PAYLOAD_MAX = 64 << 10,
	IX_TRAIL_RING_SIZE_MIN = 256 << 10,
	IX_TRAIL_RING_SIZE_DEFAULT = 4 << 20,
	IX_TRAIL_RING_SIZE_MAX = 256 << 20,
	IX_TRAIL_INPUT_HEAD = 8,     /* bytes of an input record in front of its messages */
	IX_TRAIL_DECISION_HEAD = 64, /* bytes of a decision record in front of its OUCH message */
	IX_TRAIL_ANSWER_HEAD = 16,
};

/* What a record is. Inputs are START, INPUT, PARAMETER; what follows from them are DECISION, ANSWER; END
 * closes. */
typedef enum ix_trail_kind {
	IX_TRAIL_START = 1, /* how the run was set up: a JSON document */
	IX_TRAIL_INPUT = 2, /* length-prefixed messages of the feed, as they were taken */
	IX_TRAIL_DECISION =
		3,           /* ix_trail_decision: what the strategy wanted, what risk said, what was sent */
	IX_TRAIL_ANSWER = 4, /* ix_trail_answer: an OUCH message from the venue */
	IX_TRAIL_PARAMETER = 5, /* ix_trail_parameter: an operator changed one */
	IX_TRAIL_END = 6,       /* ix_trail_end: the run came to its end */
} ix_trail_kind;
IX_API const char *ix_trail_kind_name(uint16_t kind); /* "input", …; "unknown" */

/* ---- records as values; all fields little-endian on file ---- */

typedef enum ix_trail_wish { IX_TRAIL_ENTER = 1, IX_TRAIL_REPLACE = 2, IX_TRAIL_CANCEL = 3 } ix_trail_wish;

typedef struct ix_trail_decision {
	uint64_t message;           /* number of the feed's message that it answers, from 1 */
	uint64_t time_ns;           /* market time */
	uint64_t order;             /* the strategy's number */
	uint64_t rejects, warnings; /* risk's reasons; rejects != 0: nothing was sent */
	uint32_t quantity, price_e4;
	uint32_t user_reference; /* OUCH's UserRefNum, 0 when nothing was sent */
	uint16_t symbol;
	uint8_t wish, side, tif;
	ix_bytes ouch; /* the message that was sent, empty when none was */
} ix_trail_decision;

typedef struct ix_trail_answer {
	uint64_t message, time_ns;
	ix_bytes ouch;
} ix_trail_answer;

typedef struct ix_trail_parameter {
	uint32_t index;
	int64_t value;
} ix_trail_parameter;

typedef struct ix_trail_end {
	uint64_t message_count, decision_count, answer_count, fill_count;
	int64_t realised_e4, unrealised_e4;
	uint8_t positions_hash[32]; /* BLAKE3 of all positions */
} ix_trail_end;

/* The head of a decision, into IX_TRAIL_DECISION_HEAD bytes; its OUCH message follows it in the record. The
 * same of an answer. */
IX_API void ix_trail_encode_decision(const ix_trail_decision *decision, uint8_t out[IX_TRAIL_DECISION_HEAD]);
IX_API void ix_trail_encode_answer(const ix_trail_answer *answer, uint8_t out[IX_TRAIL_ANSWER_HEAD]);
enum { IX_TRAIL_PARAMETER_SIZE = 12, IX_TRAIL_END_SIZE = 80 };
IX_API void ix_trail_encode_parameter(
	const ix_trail_parameter *parameter, uint8_t out[IX_TRAIL_PARAMETER_SIZE]);
IX_API void ix_trail_encode_end(const ix_trail_end *end, uint8_t out[IX_TRAIL_END_SIZE]);

/* From a record's payload; slices point into it. Errors with the offset: IX_ERR_TRUNCATED, IX_ERR_SYNTAX. */
IX_API int ix_trail_decode_input(
	ix_bytes payload, uint64_t *ret_first_message, ix_bytes *ret_framed, ix_error *err);
IX_API int ix_trail_decode_decision(ix_bytes payload, ix_trail_decision *ret_decision, ix_error *err);
IX_API int ix_trail_decode_answer(ix_bytes payload, ix_trail_answer *ret_answer, ix_error *err);
IX_API int ix_trail_decode_parameter(ix_bytes payload, ix_trail_parameter *ret_parameter, ix_error *err);
IX_API int ix_trail_decode_end(ix_bytes payload, ix_trail_end *ret_end, ix_error *err);

/* ---- writing ---- */

typedef struct ix_trail ix_trail;

typedef struct ix_trail_options {
	const char *path; /* a directory that is made; its parent is there */
	bool is_durable;  /* "on file" means synced to the disk, not only safe from a crash of this process */
	size_t ring_size; /* bytes, a power of two [IX_TRAIL_RING_SIZE_DEFAULT] */
	bool busy_poll;   /* the writing thread never sleeps */
	bool is_pinned;   /* the writing thread, to `core` */
	int core;
	const ix_file_system *system; /* NULL: the operating system's */
} ix_trail_options;

/* Makes a new trail and starts its thread. Errors: IX_ERR_EXISTS a journal is there already, IX_ERR_LIMIT an
 * option out of range, those of ix_journal_open and ix_thread_start. */
IX_API int ix_trail_open(const ix_trail_options *options, ix_trail **ret_trail, ix_error *err);
/* Writes and syncs all, ends the thread, frees. The error is the first that writing met. NULL is fine. */
IX_API int ix_trail_close(ix_trail *trail, ix_error *err);

/* Appends a record gathered from two parts; one thread only. Returns its number, from 1; 0 when the trail has
 * failed (see ix_trail_check). Waits, without sleeping, while the ring is full. The parts together are at
 * most IX_TRAIL_PAYLOAD_MAX bytes. */
IX_API uint64_t ix_trail_append(ix_trail *trail, uint16_t kind, ix_bytes head, ix_bytes body);
/* Records up to this number are on file. Any thread. */
IX_API uint64_t ix_trail_on_file(const ix_trail *trail);
/* Waits until the record is on file; false when the trail has failed before that. */
IX_API bool ix_trail_wait(ix_trail *trail, uint64_t number);
/* 0, or why the trail failed: a full disk, an I/O error. After a failure nothing more is written. */
IX_API int ix_trail_check(ix_trail *trail, ix_error *err);

typedef struct ix_trail_stats {
	uint64_t record_count, byte_count;
	uint64_t batch_count;     /* writes */
	uint64_t full_wait_count; /* the ring was full */
	uint64_t gate_wait_count; /* ix_trail_wait had to wait */
} ix_trail_stats;
IX_API void ix_trail_get_stats(const ix_trail *trail, ix_trail_stats *ret_stats);

/* After a crash: moves what the journal does not have yet from the ring into it, and removes the ring. No
 * ring: 0, nothing. A ring of before a reboot is not believed, and removed. Errors: IX_ERR_BUSY a run is
 * writing this trail; those of ix_journal_open. */
IX_API int ix_trail_settle(const char *path, uint64_t *ret_recovered, ix_error *err);

/* ---- reading: ix_journal_reader_open with this application name, records as above ---- */
#define IX_TRAIL_APPLICATION "trade"

#endif
