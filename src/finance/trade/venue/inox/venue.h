/* venue.h - a matching engine (<inox/match.h>) that outlives its process: every command is in a journal, on
 * the disk, before it is applied; a start takes the newest snapshot and applies the commands after it. What
 * was answered is never lost, and what comes back is the same to the bit.
 *
 *     ix_venue_open("venue.journal", &(ix_venue_options){.match = {.allocator = a, .listener = {…}}}, &venue,
 * NULL, &err); ix_venue_apply(venue, commands, count, &err); // on the disk first, all of them with one sync
 *     ix_venue_snapshot(venue, &err);               // now and then: the next start is short
 *     ix_venue_close(venue);
 *
 * One thread. The directory is an ix_journal (<inox/journal.h>) of the application "venue": a record a
 * command, as ix_match_command_encode writes it, and the snapshots of ix_match_save. */
#ifndef INOX_VENUE_H
#define INOX_VENUE_H

#include <inox/base.h>
#include <inox/file_system.h>
#include <inox/match.h>

enum {
	IX_VENUE_RECORD_COMMAND = 1, /* the kind of a journal record */
	IX_VENUE_SNAPSHOT_KEEP = 2,
};

typedef struct ix_venue ix_venue;

typedef struct ix_venue_options {
	ix_match_options
		match;     /* allocator required; the listener hears what happens after the start. Maxima are
			      part of what a command does: a start with others may end in another state */
	bool hears_replay; /* the listener also hears the commands that are applied again at the start */
	uint64_t segment_size;  /* of the journal's files, bytes [64 MiB] */
	uint32_t snapshot_keep; /* snapshots that stay, with the commands after the oldest of them [2] */
	const ix_clock *clock;  /* stamps the journal's records [the real one] */
	const ix_file_system *system; /* [the operating system's] */
} ix_venue_options;

/* What a start found. */
typedef struct ix_venue_recovery {
	uint64_t snapshot_sequence; /* commands in the snapshot that it started from; 0: none */
	uint64_t replayed_count;    /* applied after it */
	uint64_t torn_bytes;        /* of commands that nobody was told are durable: cut off */
	uint32_t snapshots_damaged; /* newer ones that were passed over */
	bool created;               /* there was no venue yet */
} ix_venue_recovery;

/* Makes the directory (its parent must exist) where there is none. `ret_recovery` may be NULL. Errors: those
 * of ix_journal_open, ix_journal_reader_next, ix_match_new, ix_match_load and ix_match_command_decode;
 * IX_ERR_INVALID: the journal's records are not commands, or do not follow from the snapshot. */
IX_API int ix_venue_open(const char *path, const ix_venue_options *options, ix_venue **ret_venue,
	ix_venue_recovery *ret_recovery, ix_error *err);
/* Everything that was applied is on the disk already. NULL is fine. */
IX_API void ix_venue_close(ix_venue *venue);

/* Writes the commands to the journal, waits for the disk once, applies them in their order. Rejected ones are
 * journalled too: their events are numbered. Errors: IX_ERR_NO_SPACE and IX_ERR_LIMIT (more than half a
 * segment of them), with nothing changed: try again. After any other error only a new start tells whether the
 * commands are in the journal; nothing was applied, and this and later calls return IX_ERR_CLOSED or worse.
 */
IX_API int ix_venue_apply(ix_venue *venue, const ix_match_command *commands, size_t count, ix_error *err);
/* Saves the state; older snapshots and the commands before them go. Nothing was applied yet: does nothing.
 * After an error the venue goes on as before. */
IX_API int ix_venue_snapshot(ix_venue *venue, ix_error *err);

/* The engine, for questions. */
IX_API const ix_match *ix_venue_engine(const ix_venue *venue);
/* Commands applied since the venue was made, and of them since its newest snapshot. */
IX_API uint64_t ix_venue_command_count(const ix_venue *venue);
IX_API uint64_t ix_venue_since_snapshot(const ix_venue *venue);

#endif
