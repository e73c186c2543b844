/* testing.h - what every room's tests share. A test file ends with
 *
 *     IX_TESTS(test_arena, cmocka_unit_test(gives_aligned_memory), …)
 *
 * named after the file; the build lists the groups of a room in one program. */
#ifndef INOX_TESTING_H
#define INOX_TESTING_H

#include <inox/base.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

typedef struct ix_test_group {
	const char *name;
	const struct CMUnitTest *tests;
	size_t count;
} ix_test_group;

#define IX_TESTS(file_stem, ...)                                           \
	static const struct CMUnitTest file_stem##_list[] = {__VA_ARGS__}; \
	extern const ix_test_group ix_##file_stem;                         \
	const ix_test_group ix_##file_stem = {#file_stem, file_stem##_list, IX_COUNT(file_stem##_list)}

/* Runs the groups, or those whose name contains the first argument. Returns the number of failures, at most
 * 100. */
int ix_testing_main(int argc, char **argv, const ix_test_group *const *groups);

/* The folder of a public suite, or NULL after marking the running test as skipped with the place where it
 * comes from. */
const char *ix_testing_suite(const char *name);

/* A new empty directory, removed with all it holds when the program ends; the text lives until then. */
const char *ix_testing_directory(void);

/* True under `./dev test --long`: whole populations instead of fixed-seed slices. */
bool ix_testing_long(void);

/* The seed of random tests: $INOX_SEED, else a fixed one; printed when a test fails. */
uint64_t ix_testing_seed(void);

/* The `inox` command under test, and the root of the source tree; never NULL. */
const char *ix_testing_inox(void);
const char *ix_testing_root(void);

/* What a shell command line did. Runs it with /bin/sh; stdout is kept up to the buffer's size, stderr
 * likewise. */
typedef struct ix_testing_run {
	int exit_code; /* 128+signal when killed */
	char out[65536];
	char err[8192];
} ix_testing_run;
void ix_testing_shell(ix_testing_run *ret_run, const char *format, ...) IX_PRINTF(2, 3);

/* A whole file in memory of malloc's, through `xz -dc` when the name ends in .xz; fails the test when it
 * cannot be read. */
uint8_t *ix_testing_read(const char *path, size_t *ret_size);

#endif
