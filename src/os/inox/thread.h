/* thread.h - starting named threads, pinning them to cores, and counting the cores this process may use.
 * Locks and conditions are pthread's own. */
#ifndef INOX_THREAD_H
#define INOX_THREAD_H

#include <inox/base.h>

typedef struct ix_thread ix_thread;

enum { IX_THREAD_NAME_MAX = 16, IX_THREAD_STACK_MIN = 64 * 1024 };

typedef struct ix_thread_options {
	const char *name;  /* shown by ps and in logs; cut to 15 bytes */
	size_t stack_size; /* 0: 1 MiB */
	bool is_pinned;
	int core; /* when pinned: its number, as in ix_thread_core() */
} ix_thread_options;

/* Starts a thread that blocks every signal but those of faults, so that the signals of a program reach the
 * thread that waits for them. Join it exactly once. Errors: IX_ERR_INVALID (no such core), IX_ERR_LIMIT,
 * IX_ERR_MEMORY. */
IX_API int ix_thread_start(const ix_thread_options *options, void (*run)(void *argument), void *argument,
	ix_thread **ret_thread, ix_error *err);
IX_API void ix_thread_join(ix_thread *thread); /* waits, and frees; NULL is fine */

/* The calling thread. */
IX_API int ix_thread_pin(int core, ix_error *err);
IX_API void ix_thread_set_name(const char *name);

/* Cores this process may run on (its affinity at the first call), at least 1, and the number of the
 * index-th. */
IX_API int ix_thread_core_count(void);
IX_API int ix_thread_core(int index);

#endif
