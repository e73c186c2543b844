/* process.h - starting other programs with exactly the descriptors, environment and directory they should
 * have, waiting for them with a limit, ending them with their children; and what this process uses. */
#ifndef INOX_PROCESS_H
#define INOX_PROCESS_H

#include <inox/base.h>

#include <sys/types.h>

enum { IX_PROCESS_DESCRIPTOR_MAX = 64 };

/* What a descriptor of the child is. */
typedef struct ix_process_descriptor {
	int child;  /* its number there */
	int parent; /* ours */
} ix_process_descriptor;

typedef struct ix_process_options {
	const char *const *arguments;   /* ends with NULL; the first is the program, looked up in PATH */
	const char *const *environment; /* NULL: ours; ends with NULL */
	const char *directory;          /* NULL: ours */
	/* 0, 1 and 2 are /dev/null unless they are listed; all others of ours are closed there. */
	const ix_process_descriptor *descriptors;
	size_t descriptor_count;
	bool inherit_standard; /* 0, 1 and 2 are ours, unless listed */
	bool own_group;        /* a new process group, so that terminal signals and kills reach it apart */
	bool dies_with_us;     /* SIGKILL when the thread that started it ends */
} ix_process_options;

typedef struct ix_process {
	pid_t pid;
	int descriptor; /* pidfd: readable when it has ended; -1 after the wait */
	bool own_group;
} ix_process;

typedef struct ix_process_status {
	bool was_killed;
	int code; /* exit status, or the signal's number */
	int64_t cpu_user_ns, cpu_system_ns;
	int64_t resident_max_bytes;
} ix_process_status;

/* Errors say why the program could not be started: IX_ERR_NOT_FOUND, IX_ERR_DENIED, … */
IX_API int ix_process_start(const ix_process_options *options, ix_process *ret_process, ix_error *err);
/* Negative: for ever. IX_ERR_TIMEOUT leaves it running; after 0 it is reaped. */
IX_API int ix_process_wait(
	ix_process *process, int64_t timeout_ms, ix_process_status *ret_status, ix_error *err);
IX_API int ix_process_signal(ix_process *process, int number, ix_error *err);
/* SIGKILL to it and to all its descendants that can still be found; then waits for it. */
IX_API void ix_process_kill(ix_process *process);

/* ---- this process ---- */

typedef struct ix_process_usage {
	uint64_t resident_bytes;  /* all, of which: */
	uint64_t anonymous_bytes; /* its own memory */
	uint64_t file_bytes;      /* mapped files, shared with the page cache */
	uint64_t resident_max_bytes;
	int64_t cpu_user_ns, cpu_system_ns;
	uint64_t faults_minor, faults_major;
	uint64_t switches_voluntary, switches_forced;
	uint64_t threads, descriptors;
	int64_t started_ns; /* since 1970, to a hundredth of a second */
} ix_process_usage;

IX_API int ix_process_usage_read(ix_process_usage *ret_usage, ix_error *err);

#endif
