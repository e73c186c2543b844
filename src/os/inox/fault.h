/* fault.h - the one owner of SIGSEGV and SIGBUS. A room that may fault on purpose (a mapped file that is cut
 * short, the guard pages of a sandboxed memory) registers the range; a fault anywhere else goes to whoever
 * handled it before, so that a real bug still crashes, with its core file and its sanitizer's report. */
#ifndef INOX_FAULT_H
#define INOX_FAULT_H

#include <inox/base.h>

#include <signal.h>

enum { IX_FAULT_RANGE_MAX = 4096 };

typedef struct ix_fault {
	uintptr_t address;
	int signal; /* SIGSEGV or SIGBUS */
	siginfo_t *info;
	void *machine; /* ucontext_t: registers, for handlers that continue elsewhere */
} ix_fault;

/* Runs inside the signal handler, on the thread that faulted: async-signal-safe calls only. True: mended, run
 * the instruction again. False: not mine. It may also leave with siglongjmp. */
typedef bool ix_fault_handler(void *context, const ix_fault *fault);

/* Registers the bytes start .. start + size; installs the signal handler, if it is not the
 * one installed. Nobody may touch the
 * range while it is being registered or unregistered. Ranges do not overlap. Errors: IX_ERR_LIMIT
 * (IX_FAULT_RANGE_MAX are registered), IX_ERR_EXISTS (overlap), IX_ERR_INVALID (empty). */
IX_API int ix_fault_watch(
	const void *start, size_t size, ix_fault_handler *handler, void *context, ix_error *err);
/* By its start; asserts that it is registered. */
IX_API void ix_fault_unwatch(const void *start);

#endif
