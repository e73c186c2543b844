/* program.h - the whole command as a function: given the rooms and the streams, it finds the system and the
 * verb, parses, runs, and returns the exit code. main.c calls it once; tests call it with rooms of their own.
 */
#ifndef INOX_PROGRAM_H
#define INOX_PROGRAM_H

#include <inox/room.h>

typedef struct ix_program {
	const char *name;            /* "inox" */
	const char *version;         /* "0.1.0" */
	const char *date;            /* of the version, for man pages: "2026-01-31" */
	const char *summary;         /* one line */
	const char *features;        /* what is compiled in, separated by spaces; "" for nothing */
	const ix_room *const *rooms; /* ends with NULL */
	FILE *out, *err;
	bool colour_out;  /* ix_style_wanted(out) */
	bool progress;    /* `err` is a terminal */
	unsigned columns; /* ix_display_columns(out); 0: no terminal */
	ix_cpu_features cpu;
	const ix_clock *clock;
	const char *suites_dir; /* for tour jobs; may be NULL */
} ix_program;

IX_API int ix_program_run(const ix_program *program, int argc, char *const *argv);

/* Tells whether a room's tables are right: names, letters, defaults, ranges, order of operands, sentences.
 * For the tests of the room. Errors: IX_ERR_USAGE with the wrong row. */
IX_API int ix_program_check_room(const ix_room *room, ix_error *err);

#endif
