/* signals.h - the signals a program answers (SIGTERM, SIGINT, SIGHUP, …) as a descriptor that its loop polls.
 * For main only, before it starts threads; a library never installs a handler. */
#ifndef INOX_SIGNALS_H
#define INOX_SIGNALS_H

#include <inox/base.h>

#include <signal.h>

typedef struct ix_signals {
	int descriptor; /* readable when one is waiting */
	sigset_t before;
	bool pipe_was_default;
} ix_signals;

/* Blocks the listed signals (ends with 0) in this thread and those it starts, and ignores SIGPIPE, so that a
 * gone reader is an error of write. */
IX_API int ix_signals_open(const int *numbers, ix_signals *ret_signals, ix_error *err);
IX_API int ix_signals_next(ix_signals *signals); /* the next one waiting, or 0; never blocks */
/* Waits at most so long (negative: for ever); 0 when none came. */
IX_API int ix_signals_wait(ix_signals *signals, int timeout_ms);
IX_API void ix_signals_close(ix_signals *signals); /* puts everything back */

#endif
