/* progress.h - one line on stderr that says how far a long job is: bar, amount, rate, time left. Shows
 * nothing unless it is asked to (a terminal), the job lasts longer than a second, and there is something to
 * tell; it leaves nothing behind.
 *
 *     ix_progress bar;
 *     ix_progress_start(&bar, &(ix_progress_options){.what = path, .unit = IX_PROGRESS_BYTES, .total = size,
 *             .out = call->err, .shown = call->progress, .clock = ix_clock_monotonic()});
 *     while (…) ix_progress_update(&bar, done);
 *     ix_progress_end(&bar);
 */
#ifndef INOX_PROGRESS_H
#define INOX_PROGRESS_H

#include <inox/base.h>
#include <stdio.h>

typedef enum ix_progress_unit {
	IX_PROGRESS_ITEMS = 0, /* 1,234,567 */
	IX_PROGRESS_BYTES,     /* 1.2 GiB */
} ix_progress_unit;

typedef struct ix_progress_options {
	const char *what; /* "feed.itch"; escaped and cut as needed; copied */
	ix_progress_unit unit;
	const char *noun;      /* "messages", for items; NULL: none. Must outlive the bar */
	uint64_t total;        /* 0: not known: no bar and no time left */
	FILE *out;             /* stderr; ix_call's err */
	bool shown;            /* ix_call's progress; false: every call below does nothing */
	const ix_clock *clock; /* monotonic; NULL: nothing is shown */
	int64_t delay_ns;      /* quiet for so long; 0: a second */
	int64_t interval_ns;   /* at least so long between two drawings; 0: a tenth of a second */
	unsigned columns;      /* 0: those of the terminal, asked at each drawing; 80 when it is none */
} ix_progress_options;

enum { IX_PROGRESS_WHAT_MAX = 64, IX_PROGRESS_LINE_MAX = 512 };

/* The caller's storage; fields are progress.c's own. */
typedef struct ix_progress {
	ix_progress_options options;
	char what[IX_PROGRESS_WHAT_MAX];
	uint64_t done;
	uint64_t next; /* the clock is not asked before `done` gets here */
	uint64_t sample_done;
	uint64_t step; /* from one look at the clock to the next */
	int64_t start_ns, checked_ns, drawn_ns, sample_ns;
	double rate; /* a second, smoothed; for a person's eyes only */
	size_t drawn_columns;
} ix_progress;

IX_API void ix_progress_start(ix_progress *progress, const ix_progress_options *options);
IX_API void ix_progress_check(ix_progress *progress); /* update's slow half */
/* `done` so far, not since the last call. A comparison most of the times; call it in inner loops. */
static inline void ix_progress_update(ix_progress *progress, uint64_t done) {
	progress->done = done;
	if (IX_UNLIKELY(done >= progress->next)) ix_progress_check(progress);
}
/* For jobs that learn their size on the way. */
IX_API void ix_progress_total(ix_progress *progress, uint64_t total);
/* Takes the line away so that something else can be printed; the next update may draw it again. */
IX_API void ix_progress_hide(ix_progress *progress);
IX_API void ix_progress_end(ix_progress *progress); /* twice is fine */

#endif
