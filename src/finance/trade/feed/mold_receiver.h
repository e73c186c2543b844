/* mold_receiver.h - the inside of the MoldUDP64 receiver: packets to messages (mold_receiver.c), what is
 * missing and when to ask for it (mold_gaps.c), and the statistics of each line (mold_line.c).
 *
 * What must be true between calls: every sequence number of [expected, high) is either in a hole or in the
 * window, but for those of `current`, which follow `expected` directly or wait to be stored. */
#ifndef MOLD_RECEIVER_H
#define MOLD_RECEIVER_H

#include "feed_time.h"
#include "mold_holes.h"
#include "mold_window.h"

#include <inox/mold.h>

enum { MOLD_LINE_HOLE_MAX = 64, MOLD_REPORT_MAX = IX_MOLD_HOLE_MAX + 2 };

typedef struct mold_line {
	ix_mold_line_stats stats;
	uint64_t expected;
	mold_holes holes;
	mold_hole hole_storage[MOLD_LINE_HOLE_MAX];
} mold_line;

typedef struct mold_report {
	uint64_t first, count;
} mold_report;

struct ix_mold_receiver {
	const ix_allocator *allocator;
	ix_mold_options options; /* without zeros; session is NULL */
	bool is_session_fixed;
	uint8_t fixed_session[IX_MOLD_SESSION_SIZE];

	uint8_t session[IX_MOLD_SESSION_SIZE], old_session[IX_MOLD_SESSION_SIZE];
	bool has_session, has_old_session;
	uint64_t old_end;    /* how far the old session came */
	bool is_session_due; /* the event */
	bool is_end_known, is_over;
	uint64_t expected; /* delivered next */
	uint64_t high;     /* one past the highest sequence number that is known to exist */
	uint64_t end;      /* of the session, when known */

	ix_mold_packet current; /* blocks and count are what is left of it */
	unsigned current_line;
	bool has_current;
	bool is_admitted;  /* it reaches up to `expected`: deliver from it */
	bool is_switching; /* `current` is the first packet of another session */
	bool is_drained;   /* all events were taken */

	feed_time time;
	int64_t due_ns;        /* nothing is due before */
	int64_t request_at_ns; /* no request before */

	mold_window window;
	mold_holes holes;
	mold_hole hole_storage[IX_MOLD_HOLE_MAX];
	mold_report reports[MOLD_REPORT_MAX]; /* gap events that are due */
	size_t report_count, report_at;

	ix_mold_stats stats;
	mold_line lines[IX_MOLD_LINE_MAX + 1]; /* the last one is the re-request server's */
};

/* mold_gaps.c */
void mold_tick(ix_mold_receiver *r, int64_t now_ns);
/* [first, end) is missing; end is the new high. */
void mold_open_hole(ix_mold_receiver *r, uint64_t first, uint64_t end);
void mold_declare_gap(ix_mold_receiver *r, mold_hole *hole);
void mold_lose_all(ix_mold_receiver *r);
/* The re-request server answered up to `end`. */
void mold_answered(ix_mold_receiver *r, uint64_t end);

/* mold_line.c */
void mold_line_start(mold_line *line, uint64_t expected);
void mold_line_note(mold_line *line, uint64_t first, uint64_t end);

#endif
