/* completion.h - what the three completion scripts share. */
#ifndef INOX_TERM_COMPLETION_H
#define INOX_TERM_COMPLETION_H

#include "internal.h"

void ix_completion_bash(const ix_program *program, FILE *out);
void ix_completion_zsh(const ix_program *program, FILE *out);
void ix_completion_fish(const ix_program *program, FILE *out);

/* The program's rooms, then our own; NULL past the end. */
const ix_room *ix_completion_room(const ix_program *program, size_t index);
/* `inox help SYSTEM VERB`, `inox tour SYSTEM`, `inox man SYSTEM`. */
bool ix_completion_takes_system(const ix_room *room, size_t index);
/* Whether the system at hand takes this one's name: `inox tour` only those that have a job. */
bool ix_completion_takes(const ix_room *room, const ix_room *system);
bool ix_completion_takes_verb(const ix_room *room, size_t index);
/* For the inside of '…'; the characters in `escaped` get a backslash. */
void ix_completion_write_quoted(FILE *out, const char *text, const char *escaped);
void ix_completion_write_choices(FILE *out, const char *choices);

#endif
