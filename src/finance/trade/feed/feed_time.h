/* feed_time.h - time as the state machines of this room keep it: it follows the caller's clock forward, and
 * stands still when that goes back. */
#ifndef FEED_TIME_H
#define FEED_TIME_H

#include <inox/base.h>

typedef struct feed_time {
	int64_t now_ns;   /* ours, from 0 on */
	int64_t clock_ns; /* the caller's, when it was last told */
	bool has_clock;
} feed_time;

static inline void feed_time_tell(feed_time *t, int64_t clock_ns) {
	int64_t passed = 0;
	if (t->has_clock && clock_ns > t->clock_ns && ix_sub_overflow(clock_ns, t->clock_ns, &passed))
		passed = INT64_MAX;
	t->clock_ns = clock_ns;
	t->has_clock = true;
	if (ix_add_overflow(t->now_ns, passed, &t->now_ns)) t->now_ns = INT64_MAX;
}

static inline int64_t feed_time_after(const feed_time *t, int64_t wait_ns) {
	int64_t due_ns;
	return ix_add_overflow(t->now_ns, wait_ns, &due_ns) ? INT64_MAX : due_ns;
}

/* A moment of ours in the caller's clock; what is past is now. */
static inline int64_t feed_time_deadline(const feed_time *t, int64_t due_ns) {
	int64_t deadline_ns;
	if (due_ns == INT64_MAX) return INT64_MAX;
	if (due_ns <= t->now_ns) return t->clock_ns;
	return ix_add_overflow(t->clock_ns, due_ns - t->now_ns, &deadline_ns) ? INT64_MAX : deadline_ns;
}

#endif
