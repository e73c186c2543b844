/* completion_fish.c - the script for fish 3. */
#include "completion.h"

/* clang-format off */
static const char helpers[] =
	"# The words before the cursor that are neither options nor their values.\n"
	"function __inox_words\n"
	"	set -l words (commandline -opc)\n"
	"	set -l found\n"
	"	set -l is_value no\n"
	"	for word in $words[2..-1]\n"
	"		if test $is_value = yes\n"
	"			set is_value no\n"
	"		else if string match -q -- '-*' $word\n"
	"			if contains -- \"$found[1] $word\" $__inox_valued; or contains -- "
	"\"$found[1] $found[2] $word\" $__inox_valued\n"
	"				set is_value yes\n"
	"			end\n"
	"		else\n"
	"			set -a found $word\n"
	"		end\n"
	"	end\n"
	"	test (count $found) = 0; or printf '%s\\n' $found\n"
	"end\n"
	"# They begin with these.\n"
	"function __inox_in\n"
	"	set -l words (__inox_words)\n"
	"	test (count $words) -ge (count $argv); or return 1\n"
	"	test (count $argv) = 0; or test \"$words[1..\"(count $argv)\"]\" = \"$argv\"\n"
	"end\n"
	"# There are so many of them, and they begin with these.\n"
	"function __inox_at\n"
	"	test (count (__inox_words)) = $argv[1]; and __inox_in $argv[2..-1]\n"
	"end\n";
/* clang-format on */

static void write_text(const char *option, const char *text, FILE *out) {
	fprintf(out, " %s '", option);
	for (; *text; text++) {
		if (*text == '\'' || *text == '\\') fputc('\\', out);
		fputc(*text, out);
	}
	fputc('\'', out);
}

/* How many words stand before the operand at `index`. */
static size_t words_before(const ix_room *room, const ix_verb *verb, size_t index) {
	return index + (room ? 1 : 0) + (verb && *verb->name ? 1 : 0);
}

static void write_start(const ix_room *room, const ix_verb *verb, FILE *out) {
	fputs("complete -c inox -n '__inox_in", out);
	if (room) fprintf(out, " %s", room->name);
	if (verb && *verb->name) fprintf(out, " %s", verb->name);
	fputc('\'', out);
}

static void write_start_at(size_t count, const ix_room *room, const ix_verb *verb, FILE *out) {
	fprintf(out, "complete -c inox -n '__inox_at %zu", count);
	if (room) fprintf(out, " %s", room->name);
	if (verb && *verb->name) fprintf(out, " %s", verb->name);
	fputc('\'', out);
}

static void write_option(const ix_room *room, const ix_verb *verb, const ix_option *option, FILE *out) {
	write_start(room, verb, out);
	fprintf(out, " -l %s", option->name);
	if (option->letter) fprintf(out, " -s %c", option->letter);
	if (option->kind == IX_OPTION_FILE) {
		fputs(" -r -F", out);
	} else if (option->kind == IX_OPTION_DIRECTORY) {
		fputs(" -x -a '(__fish_complete_directories)'", out);
	} else if (option->kind == IX_OPTION_CHOICE) {
		fputs(" -x -a '", out);
		ix_completion_write_choices(out, option->choices);
		fputc('\'', out);
	} else if (option->kind != IX_OPTION_FLAG) {
		fputs(" -x", out);
	}
	write_text("-d", option->help, out);
	fputc('\n', out);
}

static void write_operand(
	const ix_room *room, const ix_verb *verb, const ix_operand *operand, size_t index, FILE *out) {
	if (operand->is_file) {
		write_start(room, verb, out);
		fputs(" -F\n", out);
	} else if (operand->choices) {
		write_start_at(words_before(room, verb, index), room, verb, out);
		fputs(" -a '", out);
		ix_completion_write_choices(out, operand->choices);
		fputc('\'', out);
		write_text("-d", operand->name, out);
		fputc('\n', out);
	}
}

static void write_systems(const ix_program *program, const ix_room *at, FILE *out) {
	const ix_room *room;
	for (size_t i = 0; (room = ix_completion_room(program, i)); i++) {
		if (at && !ix_completion_takes(at, room)) continue;
		write_start_at(at ? 1 : 0, at, NULL, out);
		fprintf(out, " -a %s", room->name);
		write_text("-d", room->summary, out);
		fputc('\n', out);
	}
}

/* `inox help SYSTEM VERB` */
static void write_verbs_of_systems(const ix_program *program, const ix_room *at, FILE *out) {
	const ix_room *room;
	for (size_t i = 0; (room = ix_completion_room(program, i)); i++)
		for (const ix_verb *verb = room->verbs; verb->name; verb++) {
			if (!*verb->name) continue;
			fprintf(out, "complete -c inox -n '__inox_at 2 %s %s' -a %s", at->name, room->name,
				verb->name);
			write_text("-d", verb->summary, out);
			fputc('\n', out);
		}
}

static void write_room(const ix_program *program, const ix_room *room, FILE *out) {
	const ix_option *option;
	if (ix_completion_takes_system(room, 0)) write_systems(program, room, out);
	if (ix_completion_takes_verb(room, 1)) write_verbs_of_systems(program, room, out);
	for (const ix_verb *verb = room->verbs; verb->name; verb++) {
		if (*verb->name) {
			write_start_at(1, room, NULL, out);
			fprintf(out, " -a %s", verb->name);
			write_text("-d", verb->summary, out);
			fputc('\n', out);
		}
		for (size_t i = 0; (option = ix_command_option(verb, i)); i++)
			write_option(room, verb, option, out);
		size_t index = 0;
		for (const ix_operand *operand = verb->operands; operand && operand->name; operand++)
			write_operand(room, verb, operand, index++, out);
	}
}

/* The options that take the next word: "demo pack --name". */
static void write_valued(const ix_program *program, FILE *out) {
	const ix_room *room;
	fputs("set -g __inox_valued", out);
	for (size_t i = 0; (room = ix_completion_room(program, i)); i++)
		for (const ix_verb *verb = room->verbs; verb->name; verb++)
			for (const ix_option *option = verb->options; option && option->name; option++) {
				if (option->kind == IX_OPTION_FLAG) continue;
				const char *gap = *verb->name ? " " : "";
				fprintf(out, " \\\n\t'%s%s%s --%s'", room->name, gap, verb->name,
					option->name);
				if (option->letter)
					fprintf(out, " '%s%s%s -%c'", room->name, gap, verb->name,
						option->letter);
			}
	fputc('\n', out);
}

void ix_completion_fish(const ix_program *program, FILE *out) {
	const ix_room *room;
	fprintf(out,
		"# Completion of %s %s for fish, made by '%s completion fish'. Put it into\n"
		"# ~/.config/fish/completions/%s.fish.\n",
		program->name, program->version, program->name, program->name);
	write_valued(program, out);
	fputs(helpers, out);
	fputs("complete -c inox -e\ncomplete -c inox -f\n"
	      "complete -c inox -n '__inox_at 0' -l help -s h -d 'show help'\n"
	      "complete -c inox -n '__inox_at 0' -l version -d 'tell the version and what is compiled in'\n",
		out);
	write_systems(program, NULL, out);
	for (size_t i = 0; (room = ix_completion_room(program, i)); i++) write_room(program, room, out);
}
