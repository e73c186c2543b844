/* mold_holes.h - the runs of sequence numbers that are missing, in order; of the whole stream, and of a line.
 */
#ifndef MOLD_HOLES_H
#define MOLD_HOLES_H

#include <inox/base.h>

typedef struct mold_hole {
	uint64_t first, end; /* [first, end) is missing */
	int64_t due_ns;      /* when it becomes a gap, or its request is asked again */
	uint16_t tries;      /* requests since the last answer */
	bool is_gap;         /* said to be one */
	bool is_asked;       /* a request is out */
	bool is_lost;        /* nobody waits for it */
} mold_hole;

/* A set in the owner's storage. */
typedef struct mold_holes {
	mold_hole *at;
	size_t count, capacity;
} mold_holes;

void mold_holes_remove(mold_holes *holes, size_t index, size_t count);
/* Takes [first, end) out of the holes; one in whose middle that lies becomes two. Returns how many numbers
 * were missing; of them, *ret_of_gaps were said to be. False: it would take one hole more than there is room
 * for, nothing is changed. */
bool mold_holes_fill(
	mold_holes *holes, uint64_t first, uint64_t end, uint64_t *ret_filled, uint64_t *ret_of_gaps);
/* Whether any of [first, end) is missing. */
bool mold_holes_touch(const mold_holes *holes, uint64_t first, uint64_t end);

#endif
