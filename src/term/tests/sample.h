/* sample.h - running the sample command on a line as a user would type it. For the tests of this room. */
#ifndef INOX_TERM_TESTS_SAMPLE_H
#define INOX_TERM_TESTS_SAMPLE_H

#include "sample_rooms.h"

#include <inox/testing.h>

typedef struct sample_result {
	int code;
	char out[65536];
	char err[4096];
} sample_result;

/* Words are cut at spaces; '_' alone is an empty word, '~' in a word is a space. */
void sample_run(sample_result *ret_result, const char *line);
void sample_run_program(sample_result *ret_result, ix_program program, const char *line);
void sample_run_words(sample_result *ret_result, ix_program program, int argc, char **argv);

/* The line went to stdout or stderr alone, with this exit code. */
void sample_expect_error(const char *line, int code, const char *text);
void sample_expect_output(const char *line, const char *text);

#endif
