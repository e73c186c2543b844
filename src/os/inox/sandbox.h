/* sandbox.h - a process gives up what it does not need: files, network, programs, system calls, its user.
 * Described as data, entered once, before the first thread, and reported layer by layer. */
#ifndef INOX_SANDBOX_H
#define INOX_SANDBOX_H

#include <inox/base.h>

/* What the process may still do, beyond the calls every program needs (memory, time, signals, reading and
 * writing its own descriptors, accepting on sockets it was handed). */
enum {
	IX_SANDBOX_FILES = 1,      /* open, stat, rename, …: then the paths below decide */
	IX_SANDBOX_THREADS = 2,    /* start threads */
	IX_SANDBOX_UNIX = 4,       /* make unix sockets, connect and bind them */
	IX_SANDBOX_INTERNET = 8,   /* make TCP and UDP sockets, connect and bind them */
	IX_SANDBOX_PROCESSES = 16, /* fork, wait, signal; says nothing about exec */
	IX_SANDBOX_EXEC = 32,      /* execve of what `execute` lists */
	IX_SANDBOX_RING = 64,      /* use an io_uring that exists already; making one is never allowed */
	IX_SANDBOX_JIT = 128,      /* make memory executable that was written */
};

/* The layers, in the order they are entered. */
enum {
	IX_SANDBOX_LAYER_NO_NEW_PRIVILEGES = 1,
	IX_SANDBOX_LAYER_USER = 2, /* user and groups changed */
	IX_SANDBOX_LAYER_CAPABILITIES =
		4, /* none left: effective, permitted, inheritable, ambient, bounding */
	IX_SANDBOX_LAYER_PARENT_DEATH = 8,
	IX_SANDBOX_LAYER_LANDLOCK = 16, /* paths, by the kernel's file rules */
	IX_SANDBOX_LAYER_SECCOMP = 32,  /* system calls */
};

typedef struct ix_sandbox {
	unsigned allow; /* IX_SANDBOX_… */
	const char *const
		*read; /* files, and folders with all that is below; lists end with NULL, or are NULL */
	const char *const *write;   /* read, written, made, renamed and removed */
	const char *const *execute; /* programs and the libraries they need: read and run */
	const char *user;           /* a process of root becomes this user; NULL, or not root: stays */
	bool keep_capabilities;
	bool dies_with_parent;
	bool kill_on_violation; /* a forbidden call kills (SIGSYS); else it fails with EPERM */
	unsigned required;      /* layers without which entering fails; 0: all but LANDLOCK */
} ix_sandbox;

typedef struct ix_sandbox_report {
	unsigned applied; /* IX_SANDBOX_LAYER_… */
	int landlock_abi; /* 0: the kernel has none */
	char text[512];   /* one line: what was applied, what was not and why */
} ix_sandbox_report;

/* Everything opened before stays open. There is no way back. IX_ERR_CONFLICT when other threads run;
 * IX_ERR_ENVIRONMENT when a required layer is not there; IX_ERR_NOT_FOUND when a path or the user is not.
 * After an error the process may be half in: end it. */
IX_API int ix_sandbox_enter(const ix_sandbox *sandbox, ix_sandbox_report *ret_report, ix_error *err);

/* ---- seeing that it holds ---- */

typedef struct ix_sandbox_trial {
	const char *name; /* "open a file outside", "execve", … */
	enum { IX_SANDBOX_HELD, IX_SANDBOX_BROKEN, IX_SANDBOX_UNTRIED } outcome;
	char detail[96]; /* "refused: permission denied", or why it was not tried */
} ix_sandbox_trial;

enum { IX_SANDBOX_TRIAL_MAX = 32 };

typedef struct ix_sandbox_selftest_report {
	ix_sandbox_report sandbox;
	ix_sandbox_trial trials[IX_SANDBOX_TRIAL_MAX];
	size_t trial_count, broken_count;
} ix_sandbox_selftest_report;

/* Forks a child that enters a sandbox around a temporary folder, and tries there what is forbidden and what
 * is allowed. 0 when it could be run, whatever it found: look at broken_count. */
IX_API int ix_sandbox_selftest(ix_sandbox_selftest_report *ret_report, ix_error *err);

#endif
