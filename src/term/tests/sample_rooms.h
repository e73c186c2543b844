/* sample_rooms.h - a small command with two systems; what their verbs print is what they were given. For the
 * tests and the fuzz target of this room. */
#ifndef INOX_TERM_TESTS_SAMPLE_ROOMS_H
#define INOX_TERM_TESTS_SAMPLE_ROOMS_H

#include <inox/program.h>

extern const ix_room *const sample_rooms[];
extern const ix_room sample_demo, sample_sum;

/* Its streams are for the caller to set. */
ix_program sample_program(void);

#endif
