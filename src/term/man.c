/* man.c - `inox man [SYSTEM]`: manual pages in mdoc(7), from the rooms' tables. */
#include "internal.h"

#include <inox/text.h>

static const char *const months[] = {"January", "February", "March", "April", "May", "June", "July", "August",
	"September", "October", "November", "December"};

/* ---- roff ---- */

/* Text where macros are not looked for. Hyphens of commands stay what they are when copied. */
static void put_chars(FILE *out, ix_str text) {
	while (text.size) {
		uint32_t c = ix_utf8_next(&text);
		if (c == '\\')
			fputs("\\e", out);
		else if (c == '-')
			fputs("\\-", out);
		else if (c < 0x80)
			fputc((int)c, out);
		else
			fprintf(out, "\\[u%04X]", (unsigned)c);
	}
}

enum { LINE_MAX_COLUMNS = 76 };

/* Filled into lines; each sentence begins one, so that roff knows where the last ended. */
static void put_line(FILE *out, ix_str line) {
	size_t at = 0;
	bool new_sentence = false;
	while (line.size) {
		ix_str word = ix_str_cut(&line, ' ');
		if (!word.size) continue;
		if (at && (new_sentence || at + 1 + word.size > LINE_MAX_COLUMNS)) {
			fputc('\n', out);
			at = 0;
		} else if (at) {
			fputc(' ', out);
			at++;
		}
		if (!at && (word.data[0] == '.' || word.data[0] == '\'')) fputs("\\&", out);
		put_chars(out, word);
		at += word.size;
		new_sentence = word.size > 1 && ix_str_ends_with(word, IX_STR("."));
	}
	fputc('\n', out);
}

static void put_literal(FILE *out, ix_str line) {
	if (line.size && (line.data[0] == '.' || line.data[0] == '\'')) fputs("\\&", out);
	put_chars(out, line);
	fputc('\n', out);
}

/* Paragraphs; lines that begin with a space stand as they are. */
static void put_text(FILE *out, const char *text) {
	ix_str rest = ix_str_from(text);
	bool blank = false, literal = false;
	while (rest.size) {
		ix_str line = ix_str_cut(&rest, '\n');
		bool as_is = line.size && line.data[0] == ' ';
		if (literal != as_is) fputs(as_is ? ".Bd -literal -offset indent -compact\n" : ".Ed\n", out);
		if (as_is) {
			/* two of its blanks are what the offset is for */
			put_literal(out, ix_str_slice(line, ix_str_starts_with(line, IX_STR("  ")) ? 2 : 1,
						 line.size));
		} else if (line.size) {
			if (blank) fputs(".Pp\n", out);
			put_line(out, line);
		}
		blank = !line.size;
		literal = as_is;
	}
	if (literal) fputs(".Ed\n", out);
}

/* Words after a macro: none is taken for a macro or a quote. */
static void put_words(FILE *out, const char *text) {
	ix_str rest = ix_str_from(text);
	bool first = true;
	while (rest.size) {
		ix_str word = ix_str_cut(&rest, ' ');
		if (!word.size) continue;
		if (!first) fputc(' ', out);
		first = false;
		fputs("\\&", out);
		while (word.size) {
			size_t quote = ix_str_find(word, '"');
			put_chars(out, ix_str_slice(word, 0, quote));
			if (quote < word.size) fputs("\\(dq", out);
			word = ix_str_slice(word, quote + 1, word.size);
		}
	}
}

static void put_date(FILE *out, const char *iso) {
	unsigned numbers[3] = {0};
	ix_str rest = ix_str_from(iso);
	for (size_t i = 0; i < 3; i++) {
		uint64_t number = 0;
		ix_str part = ix_str_cut(&rest, '-');
		if (ix_str_to_u64(part, &number)) numbers[i] = (unsigned)number;
	}
	IX_ASSERT(numbers[1] >= 1 && numbers[1] <= 12); /* a program's date is YYYY-MM-DD */
	fprintf(out, ".Dd %s %u, %u\n", months[numbers[1] - 1], numbers[2], numbers[0]);
}

static void put_upper(FILE *out, const char *text) {
	for (; *text; text++) fputc(*text >= 'a' && *text <= 'z' ? *text - 32 : *text, out);
}

static void put_head(const ix_program *program, const ix_room *room, FILE *out) {
	fprintf(out, ".\\\" Made by '%s man%s%s' from the command's own tables.\n", program->name,
		room ? " " : "", room ? room->name : "");
	put_date(out, program->date);
	fputs(".Dt ", out);
	put_upper(out, program->name);
	if (room) {
		fputc('-', out);
		put_upper(out, room->name);
	}
	fprintf(out, " 1\n.Os %s %s\n.Sh NAME\n.Nm %s", program->name, program->version, program->name);
	if (room) fprintf(out, "-%s", room->name);
	fputs("\n.Nd ", out);
}

/* ---- pieces ---- */

static void put_option_macro(const ix_option *option, FILE *out) {
	if (option->letter) fprintf(out, "Fl %c , ", option->letter);
	fputs("Fl \\-", out);
	put_chars(out, ix_str_from(option->name));
	if (option->kind == IX_OPTION_FLAG) return;
	fputs(" Ar ", out);
	put_words(out, option->value ? option->value : "VALUE");
}

static void put_usage(const ix_program *program, const ix_room *room, const ix_verb *verb, FILE *out) {
	fprintf(out, ".Nm %s %s\n", program->name, room->name);
	if (*verb->name) fprintf(out, ".Cm \\&%s\n", verb->name);
	fputs(".Op Ar options\n", out);
	for (const ix_option *option = verb->options; option && option->name; option++) {
		if (!option->required) continue;
		fputs(".Fl \\-", out);
		put_chars(out, ix_str_from(option->name));
		fputs(" Ar ", out);
		put_words(out, option->value ? option->value : "VALUE");
		fputc('\n', out);
	}
	for (const ix_operand *operand = verb->operands; operand && operand->name; operand++) {
		fputs(operand->optional ? ".Op Ar " : ".Ar ", out);
		put_words(out, operand->name);
		fputs(operand->many ? " ...\n" : "\n", out);
	}
}

static void put_options(const ix_verb *verb, FILE *out) {
	char text[IX_COMMAND_TEXT_MAX];
	const ix_option *option;
	fputs(".Bl -tag -width Ds\n", out);
	for (const ix_operand *operand = verb->operands; operand && operand->name; operand++) {
		fputs(".It Ar ", out);
		put_words(out, operand->name);
		fputc('\n', out);
		char choices[256];
		if (operand->choices) {
			ix_command_choices_text(operand->choices, " or ", choices, sizeof choices);
			ix_format(text, sizeof text, "%s (%s)", operand->help, choices);
		} else {
			ix_format(text, sizeof text, "%s", operand->help);
		}
		put_text(out, text);
	}
	for (size_t i = 0; (option = ix_command_option(verb, i)); i++) {
		fputs(".It ", out);
		put_option_macro(option, out);
		fputc('\n', out);
		ix_command_option_text(option, text, sizeof text);
		put_text(out, text);
	}
	fputs(".El\n", out);
}

/* `first`: right after the section's heading, where a paragraph would be one too many. */
static bool put_examples(const ix_example *examples, bool first, FILE *out) {
	for (; examples && examples->line; examples++) {
		if (examples->says) {
			char says[IX_COMMAND_TEXT_MAX];
			size_t size = ix_format(says, sizeof says, "%s:", examples->says);
			if (size && says[0] >= 'a' && says[0] <= 'z') says[0] = (char)(says[0] - 32);
			if (!first) fputs(".Pp\n", out);
			put_text(out, says);
		}
		first = false;
		fputs(".Dl ", out);
		put_words(out, examples->line);
		fputc('\n', out);
	}
	return first;
}

static void put_exit_codes(const char *lines, FILE *out) {
	ix_str rest = ix_str_from(lines);
	fputs(".Bl -tag -width Ds\n", out);
	while (rest.size) {
		ix_str line = ix_str_cut(&rest, '\n');
		ix_str code = ix_str_cut(&line, ' ');
		char says[IX_COMMAND_TEXT_MAX];
		line = ix_str_trim(line);
		ix_format(says, sizeof says, "%.*s", IX_STR_ARG(line));
		fprintf(out, ".It %.*s\n", IX_STR_ARG(code));
		put_text(out, says);
	}
	fputs(".El\n", out);
}

/* ---- inox-trade(1) ---- */

static void put_room_page(const ix_program *program, const ix_room *room, FILE *out) {
	bool single = !*room->verbs->name && !room->verbs[1].name;
	put_head(program, room, out);
	put_words(out, room->summary);
	fputs("\n.Sh SYNOPSIS\n", out);
	for (const ix_verb *verb = room->verbs; verb->name; verb++) put_usage(program, room, verb, out);
	fputs(".Sh DESCRIPTION\n", out);
	put_text(out, room->description ? room->description : room->summary);
	for (const ix_verb *verb = room->verbs; verb->name; verb++) {
		char sentence[IX_COMMAND_TEXT_MAX];
		if (!single) {
			fprintf(out, ".Ss %s %s %s\n", program->name, room->name, verb->name);
			ix_format(sentence, sizeof sentence, "%s.", verb->summary);
			put_text(out, sentence);
		}
		if (verb->description) {
			fputs(".Pp\n", out);
			put_text(out, verb->description);
		}
		if (!single || room->description || verb->description) fputs(".Pp\n", out);
		fputs("The operands and options are as follows:\n", out);
		put_options(verb, out);
		if (verb->exit_codes) {
			fputs(".Pp\nIt exits with:\n", out);
			put_exit_codes(verb->exit_codes, out);
		}
	}
	fputs(".Sh EXIT STATUS\n", out);
	put_exit_codes(ix_command_exit_codes(&(ix_verb){0}), out);
	bool any = false, first = true;
	for (const ix_verb *verb = room->verbs; verb->name; verb++)
		any |= verb->examples && verb->examples->line;
	if (any) fputs(".Sh EXAMPLES\n", out);
	for (const ix_verb *verb = room->verbs; verb->name; verb++)
		first = put_examples(verb->examples, first, out);
	fprintf(out, ".Sh SEE ALSO\n.Xr %s 1\n", program->name);
}

/* ---- inox(1) ---- */

static void put_systems(const ix_program *program, const ix_room *const *rooms, bool pages, FILE *out) {
	if (!*rooms) return;
	fputs(".Bl -tag -width Ds\n", out);
	for (; *rooms; rooms++) {
		char sentence[IX_COMMAND_TEXT_MAX];
		fprintf(out, ".It Cm \\&%s\n", (*rooms)->name);
		ix_format(sentence, sizeof sentence, "%s.", (*rooms)->summary);
		put_text(out, sentence);
		if (pages) fprintf(out, "See\n.Xr %s-%s 1 .\n", program->name, (*rooms)->name);
	}
	fputs(".El\n", out);
}

static void put_program_page(const ix_program *program, FILE *out) {
	put_head(program, NULL, out);
	put_words(out, program->summary);
	fprintf(out, "\n.Sh SYNOPSIS\n.Nm\n.Ar system\n.Op Ar verb\n.Op Ar options\n.Op Ar operands\n"
		     ".Nm\n.Fl \\-help\n.Nm\n.Fl \\-version\n.Op Fl \\-json\n"
		     ".Sh DESCRIPTION\n.Nm\nis one command with many systems.\n"
		     "Each has verbs, and\n.Nm\n.Ar system verb\n.Fl \\-help\nexplains each with its options "
		     "and examples.\n"
		     ".Pp\nOptions are written\n.Fl \\-name Ar value ,\n.Fl \\-name Ns = Ns Ar value\nor, "
		     "where there is a letter,\n"
		     ".Fl n Ar value ;\nletters without values can be grouped.\n"
		     "After\n.Fl \\-\nall that follows are operands, and a file named\n.Sq -\nis standard "
		     "input or output.\n"
		     "Sizes take the units k, m, g and t, of 1024; times ns, us, ms, s, m, h and d.\n"
		     "What prints results prints JSON with\n.Fl \\-json .\n"
		     ".Ss Systems\nThe systems are:\n");
	put_systems(program, program->rooms, true, out);
	fputs(".Ss The command itself\n", out);
	put_systems(program, ix_command_own_rooms, false, out);
	fputs(".Sh ENVIRONMENT\n.Bl -tag -width Ds\n"
	      ".It Ev NO_COLOR\nNot empty: no colour, anywhere.\n"
	      ".It Ev CLICOLOR_FORCE\nNot empty and not 0: colour even where the output is no terminal.\n"
	      ".It Ev COLUMNS\nThe width to print tables and help for, on a terminal.\n"
	      ".It Ev INOX_CPU\n.Cm baseline , avx2\nor\n.Cm avx512 :\nthe most that may be used of the "
	      "processor.\n"
	      ".It Ev INOX_SUITES\nThe folder of public data that\n.Cm tour\nmay use.\n"
	      ".El\n.Sh EXIT STATUS\n",
		out);
	put_exit_codes(ix_command_exit_codes(&(ix_verb){0}), out);
	fputs(".Sh EXAMPLES\n.Dl inox \\-\\-help\n.Dl inox tour\n.Dl inox completion bash "
	      ">~/.inox\\-completion\n",
		out);
	if (!*program->rooms) return;
	fputs(".Sh SEE ALSO\n", out);
	for (const ix_room *const *room = program->rooms; *room; room++)
		fprintf(out, ".Xr %s-%s 1%s\n", program->name, (*room)->name, room[1] ? " ," : "");
}

int ix_command_run_man(ix_call *call) {
	const ix_program *program = ix_command_program(call);
	const char *system = ix_call_operand(call, 0);
	const ix_room *room = NULL;
	const ix_verb *verb;
	if (system && ix_command_find(program, system, NULL, &room, &verb, &call->error))
		return ix_call_fail(call);
	if (room)
		put_room_page(program, room, call->out);
	else
		put_program_page(program, call->out);
	return 0;
}
