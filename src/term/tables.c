/* tables.c - looking things up in the tables of rooms, verbs and options, with those options that every verb
 * has without naming them. For the parser, the pages and the completions alike. */
#include "internal.h"

static const ix_option json_option = {
	.name = "json", .kind = IX_OPTION_FLAG, .help = "print the result as JSON"};
static const ix_option csv_option = {
	.name = "csv", .kind = IX_OPTION_FLAG, .help = "print the rows as CSV (RFC 4180)"};
const ix_option ix_command_help_option = {
	.name = "help", .letter = 'h', .kind = IX_OPTION_FLAG, .help = "show this help"};
/* For a verb that uses -h itself. */
static const ix_option help_without_letter = {
	.name = "help", .kind = IX_OPTION_FLAG, .help = "show this help"};

static const ix_option *own_option_lettered(const ix_verb *verb, char letter) {
	for (const ix_option *option = verb->options; option && option->name; option++)
		if (option->letter && option->letter == letter) return option;
	return NULL;
}

const ix_option *ix_command_option(const ix_verb *verb, size_t index) {
	for (const ix_option *option = verb->options; option && option->name; option++)
		if (index-- == 0) return option;
	if (verb->has_json && index-- == 0) return &json_option;
	if (verb->has_csv && index-- == 0) return &csv_option;
	if (index) return NULL;
	return own_option_lettered(verb, 'h') ? &help_without_letter : &ix_command_help_option;
}

const ix_option *ix_command_option_named(const ix_verb *verb, ix_str name) {
	const ix_option *option;
	for (size_t i = 0; (option = ix_command_option(verb, i)); i++)
		if (ix_str_equal(ix_str_from(option->name), name)) return option;
	return NULL;
}

const ix_option *ix_command_option_lettered(const ix_verb *verb, char letter) {
	const ix_option *option = own_option_lettered(verb, letter);
	if (option) return option;
	return letter == ix_command_help_option.letter ? &ix_command_help_option : NULL;
}

size_t ix_command_operand_count(const ix_verb *verb) {
	size_t count = 0;
	for (const ix_operand *operand = verb->operands; operand && operand->name; operand++) count++;
	return count;
}

const ix_verb *ix_command_verb_named(const ix_room *room, ix_str name) {
	for (const ix_verb *verb = room->verbs; verb && verb->name; verb++)
		if (ix_str_equal(ix_str_from(verb->name), name)) return verb;
	return NULL;
}

bool ix_command_choice_at(const char *choices, size_t index, ix_str *ret_choice) {
	ix_str rest = ix_str_from(choices);
	while (rest.data && rest.size) {
		ix_str choice = ix_str_cut(&rest, '|');
		if (index-- == 0) {
			*ret_choice = choice;
			return true;
		}
	}
	return false;
}

const ix_room *ix_command_room_named(const ix_program *program, ix_str name) {
	for (const ix_room *const *room = program->rooms; *room; room++)
		if (ix_str_equal(ix_str_from((*room)->name), name)) return *room;
	for (const ix_room *const *room = ix_command_own_rooms; *room; room++)
		if (ix_str_equal(ix_str_from((*room)->name), name)) return *room;
	return NULL;
}

/* ---- "did you mean" ---- */

ix_command_guess ix_command_guess_of(const char *word) {
	return (ix_command_guess){ix_str_from(word), {NULL, 0}, SIZE_MAX};
}

/* Near enough to be a slip: one edit in three letters, or the beginning of the word. */
void ix_command_guess_try(ix_command_guess *guess, ix_str candidate) {
	if (!candidate.size || !guess->word.size) return;
	size_t distance = ix_str_distance(guess->word, candidate);
	size_t allowed = ix_size_max(1, guess->word.size / 3);
	/* A beginning beats a slip of more than one letter. */
	if (guess->word.size >= 2 && ix_str_starts_with(candidate, guess->word)) distance = distance ? 1 : 0;
	if (distance > allowed || distance >= ix_size_max(guess->word.size, 1) || distance >= guess->distance)
		return;
	guess->best = candidate;
	guess->distance = distance;
}

ix_str ix_command_shown(const char *text) {
	ix_str s = ix_str_from(text);
	if (s.size <= 64) return s;
	size_t end = 64;
	while (end > 60 && ((unsigned char)s.data[end] & 0xC0) == 0x80) end--;
	return ix_str_slice(s, 0, end);
}

void ix_command_full_name(
	const ix_program *program, const ix_room *room, const ix_verb *verb, char *out, size_t capacity) {
	const char *verb_name = verb ? verb->name : "";
	ix_format(out, capacity, "%s %s%s%s", program->name, room->name, *verb_name ? " " : "", verb_name);
}
