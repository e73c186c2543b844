/* sandbox_inside.h - what the files of the sandbox share. Inside this room. */
#ifndef OS_SANDBOX_INSIDE_H
#define OS_SANDBOX_INSIDE_H

#include <inox/sandbox.h>

#include <linux/io_uring.h>

/* ---- Landlock: prepared while paths can still be opened, enforced later ---- */

/* The rules as a descriptor, -1 where the kernel has no Landlock. *ret_abi 0 then. */
int ix_sandbox_landlock_prepare(
	const ix_sandbox *sandbox, int *ret_abi, size_t *ret_paths, int *ret_rules, ix_error *err);
int ix_sandbox_landlock_enforce(int rules, ix_error *err);

/* ---- system calls ---- */

int ix_sandbox_seccomp(const ix_sandbox *sandbox, ix_error *err);

/* ---- trials ---- */

/* What the trials use: made before the sandbox is entered. */
typedef struct ix_sandbox_ground {
	char top[256];     /* the temporary folder, and in it: */
	char inside[288];  /* a folder that may be written */
	char shown[288];   /* a folder that may be read, with the file `shown` */
	char outside[288]; /* neither, with the file `secret` */
	char socket[288];  /* a unix socket that listens, outside */
	int listener_unix, listener_tcp;
	uint16_t port;
	int ring; /* an io_uring made before; negative: an errno, the kernel has none to give */
	struct io_uring_params ring_parts;
} ix_sandbox_ground;

int ix_sandbox_ground_open(ix_sandbox_ground *ground, ix_error *err);
void ix_sandbox_ground_close(ix_sandbox_ground *ground);
/* Runs every trial in this process. `layers` are those entered; what only a missing one would refuse is not
 * tried. */
void ix_sandbox_try(const ix_sandbox_ground *ground, unsigned layers, ix_sandbox_selftest_report *report);

#endif
