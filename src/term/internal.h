/* internal.h - what the files behind command.h and program.h share: the options a verb really has, what was
 * parsed, and printing for people. */
#ifndef INOX_TERM_INTERNAL_H
#define INOX_TERM_INTERNAL_H

#include <inox/program.h>

/* ---- tables ---- */

/* The verb's options, then --json, --csv where it has them, then --help. NULL past the end. */
const ix_option *ix_command_option(const ix_verb *verb, size_t index);
const ix_option *ix_command_option_named(const ix_verb *verb, ix_str name);
const ix_option *ix_command_option_lettered(const ix_verb *verb, char letter);
extern const ix_option ix_command_help_option;

size_t ix_command_operand_count(const ix_verb *verb);
/* NULL when there is none. */
const ix_verb *ix_command_verb_named(const ix_room *room, ix_str name);
/* Calls `each` with one choice of "a|b|c" after the other, until it returns false. */
bool ix_command_choice_at(const char *choices, size_t index, ix_str *ret_choice);

extern const ix_room *const ix_command_own_rooms[]; /* help, tour, completion, man; ends with NULL */
/* Among the program's rooms and our own; NULL when there is none. */
const ix_room *ix_command_room_named(const ix_program *program, ix_str name);

/* The named system and, unless `verb` is NULL, its verb. Errors: IX_ERR_USAGE with a suggestion. */
int ix_command_find(const ix_program *program, const char *system, const char *verb, const ix_room **ret_room,
	const ix_verb **ret_verb, ix_error *err);

/* ---- values ---- */

/* Reads a value of the option's kind and checks its range. The error is a sentence without the option's name.
 * A choice gives its index, texts give 0. */
int ix_command_read_value(const ix_option *option, const char *text, int64_t *ret_number, ix_error *err);
/* A bound as a user would type it: "64k", "250ms", "-5". */
size_t ix_command_number_text(ix_option_kind kind, int64_t number, char *out, size_t capacity);
/* "1 to 100", "at least 1", "at most 9"; "" when the option takes the whole range of its kind. */
size_t ix_command_range_text(const ix_option *option, char *out, size_t capacity);
/* "csv, pcap or itch" (`last` is " or ") */
size_t ix_command_choices_text(const char *choices, const char *last, char *out, size_t capacity);

/* ---- "did you mean" ---- */

typedef struct ix_command_guess {
	ix_str word;     /* what was typed */
	ix_str best;     /* empty: nothing near */
	size_t distance; /* of best */
} ix_command_guess;

ix_command_guess ix_command_guess_of(const char *word);
void ix_command_guess_try(ix_command_guess *guess, ix_str candidate);
/* Text of the user's for a message: cut to 64 bytes on a character's border. */
ix_str ix_command_shown(const char *text);

/* ---- parsing ---- */

typedef struct ix_command_given {
	const ix_option *option;
	const char *text;
	int64_t number;
	bool is_default;
} ix_command_given;

typedef struct ix_command_parsed {
	const ix_program *program;
	const ix_room *room;
	const ix_verb *verb;
	ix_command_given *given; /* in the order of the command line; defaults last */
	size_t given_count;
	const char **operands;
	size_t operand_count;
	size_t capacity; /* of both */
	bool help;
} ix_command_parsed;

/* Parses what comes after the verb. On an error the sentence needs the verb's name in front. Free it either
 * way; `help` is set when --help stands anywhere, errors or not. */
int ix_command_parse(ix_command_parsed *parsed, int argc, char *const *argv, ix_error *err);
void ix_command_parsed_free(ix_command_parsed *parsed);

/* The usage line's part after "inox trade stat": "[options] FILE...". */
void ix_command_usage_text(const ix_verb *verb, char *out, size_t capacity);
/* "inox trade stat", "inox b3sum" */
void ix_command_full_name(
	const ix_program *program, const ix_room *room, const ix_verb *verb, char *out, size_t capacity);
/* The program's name, a colon, and one line; hostile bytes escaped. */
void ix_command_complain(FILE *err, const char *prefix, const char *sentence);

/* ---- pages ---- */

typedef struct ix_command_page {
	FILE *out;
	unsigned columns;
	bool colour;
} ix_command_page;

ix_command_page ix_command_page_of(const ix_program *program, FILE *out);
/* Paragraphs: a blank line ends one, a line that begins with a space stands as it is, others are filled. */
void ix_command_print_text(const ix_command_page *page, size_t indent, const char *text);
/* `left` at the indent, the text filled in a column that starts at `column`. */
void ix_command_print_entry(
	const ix_command_page *page, size_t indent, const char *left, size_t column, const char *text);
void ix_command_print_heading(const ix_command_page *page, const char *text);

void ix_command_print_program_help(const ix_program *program, FILE *out);
void ix_command_print_room_help(const ix_program *program, const ix_room *room, FILE *out);
void ix_command_print_verb_help(
	const ix_program *program, const ix_room *room, const ix_verb *verb, FILE *out);
/* A line a code: "0  done". */
const char *ix_command_exit_codes(const ix_verb *verb);
/* The option's help with its range, choices and default in brackets. */
void ix_command_option_text(const ix_option *option, char *out, size_t capacity);
/* "-d, --depth N" */
void ix_command_option_spelling(const ix_option *option, char *out, size_t capacity);
void ix_command_operand_spelling(const ix_operand *operand, char *out, size_t capacity);

enum { IX_COMMAND_TEXT_MAX = 1024 };

/* ---- the command's own systems ---- */

int ix_command_run_help(ix_call *call);
int ix_command_run_tour(ix_call *call);
int ix_command_run_completion(ix_call *call);
int ix_command_run_man(ix_call *call);
int ix_command_print_version(const ix_program *program, bool json);
const ix_program *ix_command_program(const ix_call *call);

#endif
