/* suite.h - a conformance suite as a program of its own: `suite-itch DIR` runs every case found in DIR, lists
 * those that fail, and ends with "N passed, N failed, N skipped". A file tests/suite_<name>.c defines
 *
 *     void ix_suite_run(const char *directory) { … ix_suite_pass(); … ix_suite_fail("case", "why"); }
 *
 * Exit code 0 only if no case failed that is not on the list of exceptions (tests/<name>.exceptions beside
 * the suite's source: a case a line, a tab, the reason), and at least as many cases passed as the floor that
 * the build passes with --floor. */
#ifndef INOX_SUITE_H
#define INOX_SUITE_H

#include <inox/base.h>

#include <stdio.h>

/* Written by the suite. Cases are found by pattern in `directory`, so that another folder with other cases
 * works. */
void ix_suite_run(const char *directory);

void ix_suite_pass(const char *format, ...) IX_PRINTF(1, 2); /* the case's name; printed with --verbose */
void ix_suite_fail(const char *name, const char *format, ...) IX_PRINTF(2, 3);
void ix_suite_skip(const char *name, const char *format, ...) IX_PRINTF(2, 3);
/* Passes or fails the case `name` by `good`; the reason is used where it fails. Returns `good`. */
bool ix_suite_check(bool good, const char *name, const char *format, ...) IX_PRINTF(3, 4);

/* Calls back for every file under `directory` (all depths, in byte order of the paths) whose name ends in
 * `suffix`. */
void ix_suite_each(const char *directory, const char *suffix,
	void (*visit)(const char *path, const char *relative, void *context), void *context);

/* A whole file, through `xz -dc` where the name ends in .xz; malloc's. NULL when it cannot be read. */
uint8_t *ix_suite_read(const char *path, size_t *ret_size);

#endif
