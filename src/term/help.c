/* help.c - the pages of --help: of the whole command, of a system, of a verb. All from the tables. */
#include "internal.h"

enum { ENTRY_COLUMN_MAX = 30 };

/* ---- pieces ---- */

void ix_command_option_spelling(const ix_option *option, char *out, size_t capacity) {
	char letter[5] = "    ";
	if (option->letter) ix_format(letter, sizeof letter, "-%c, ", option->letter);
	if (option->kind == IX_OPTION_FLAG)
		ix_format(out, capacity, "%s--%s", letter, option->name);
	else
		ix_format(out, capacity, "%s--%s %s", letter, option->name,
			option->value ? option->value : "VALUE");
}

void ix_command_operand_spelling(const ix_operand *operand, char *out, size_t capacity) {
	ix_format(out, capacity, "%s%s%s%s", operand->optional ? "[" : "", operand->name,
		operand->many ? "..." : "", operand->optional ? "]" : "");
}

/* Appends "; piece", or "piece" at the start. */
static size_t add_piece(char *out, size_t used, size_t capacity, const char *piece) {
	if (!*piece || used >= capacity) return used;
	return ix_size_min(
		used + ix_format(out + used, capacity - used, "%s%s", used ? "; " : "", piece), capacity - 1);
}

void ix_command_option_text(const ix_option *option, char *out, size_t capacity) {
	char notes[512] = "", piece[300];
	size_t used = 0;
	if (option->kind == IX_OPTION_CHOICE) {
		ix_command_choices_text(option->choices, " or ", piece, sizeof piece);
		used = add_piece(notes, used, sizeof notes, piece);
	} else if (option->kind == IX_OPTION_INTEGER || option->kind == IX_OPTION_SIZE ||
		   option->kind == IX_OPTION_DURATION) {
		ix_command_range_text(option, piece, sizeof piece);
		used = add_piece(notes, used, sizeof notes, piece);
	}
	if (option->fallback) {
		ix_format(piece, sizeof piece, "default %s", option->fallback);
		used = add_piece(notes, used, sizeof notes, piece);
	}
	if (option->required) used = add_piece(notes, used, sizeof notes, "required");
	if (option->many) used = add_piece(notes, used, sizeof notes, "may be repeated");
	if (used)
		ix_format(out, capacity, "%s (%s)", option->help, notes);
	else
		ix_format(out, capacity, "%s", option->help);
}

void ix_command_usage_text(const ix_verb *verb, char *out, size_t capacity) {
	size_t used = ix_format(out, capacity, "[options]");
	for (const ix_option *option = verb->options; option && option->name; option++)
		if (option->required && used < capacity)
			used += ix_format(out + used, capacity - used, " --%s %s", option->name,
				option->value ? option->value : "VALUE");
	for (const ix_operand *operand = verb->operands; operand && operand->name; operand++) {
		char spelling[80];
		ix_command_operand_spelling(operand, spelling, sizeof spelling);
		if (used < capacity) used += ix_format(out + used, capacity - used, " %s", spelling);
	}
}

static size_t entry_column(size_t widest) { return ix_size_min(2 + widest + 2, ENTRY_COLUMN_MAX); }

/* ---- a verb ---- */

static void print_operands(const ix_command_page *page, const ix_verb *verb) {
	char spelling[80], text[IX_COMMAND_TEXT_MAX], choices[256];
	size_t widest = 0;
	for (const ix_operand *operand = verb->operands; operand && operand->name; operand++) {
		ix_command_operand_spelling(operand, spelling, sizeof spelling);
		widest = ix_size_max(widest, ix_display_width(ix_str_from(spelling)));
	}
	if (!widest) return;
	ix_command_print_heading(page, "Operands");
	for (const ix_operand *operand = verb->operands; operand->name; operand++) {
		ix_command_operand_spelling(operand, spelling, sizeof spelling);
		ix_format(text, sizeof text, "%s", operand->help ? operand->help : "");
		if (operand->choices) {
			ix_command_choices_text(operand->choices, " or ", choices, sizeof choices);
			ix_format(text, sizeof text, "%s (%s)", operand->help ? operand->help : "", choices);
		}
		ix_command_print_entry(page, 2, spelling, entry_column(widest), text);
	}
}

static void print_options(const ix_command_page *page, const ix_verb *verb) {
	char spelling[160], text[IX_COMMAND_TEXT_MAX];
	size_t widest = 0;
	const ix_option *option;
	for (size_t i = 0; (option = ix_command_option(verb, i)); i++) {
		ix_command_option_spelling(option, spelling, sizeof spelling);
		widest = ix_size_max(widest, ix_display_width(ix_str_from(spelling)));
	}
	ix_command_print_heading(page, "Options");
	for (size_t i = 0; (option = ix_command_option(verb, i)); i++) {
		ix_command_option_spelling(option, spelling, sizeof spelling);
		ix_command_option_text(option, text, sizeof text);
		ix_command_print_entry(page, 2, spelling, entry_column(widest), text);
	}
}

static void print_exit_codes(const ix_command_page *page, const ix_verb *verb) {
	ix_command_print_heading(page, "Exit codes");
	ix_str rest = ix_str_from(ix_command_exit_codes(verb));
	while (rest.size) {
		ix_str line = ix_str_cut(&rest, '\n');
		fprintf(page->out, "  %.*s\n", IX_STR_ARG(line));
	}
}

const char *ix_command_exit_codes(const ix_verb *verb) {
	if (verb->exit_codes) return verb->exit_codes;
	return "0  done\n"
	       "1  done, and the answer is no: findings, a mismatch, a limit breached\n"
	       "2  usage: the command line is wrong\n"
	       "3  bad input: a file that is not there, or not what it should be\n"
	       "4  the environment: a permission, a full disk, a device; or a partial result\n"
	       "5  a fault of our own";
}

void ix_command_print_verb_help(
	const ix_program *program, const ix_room *room, const ix_verb *verb, FILE *out) {
	ix_command_page page = ix_command_page_of(program, out);
	char name[160], usage[IX_COMMAND_TEXT_MAX], line[IX_COMMAND_TEXT_MAX + 160];
	ix_command_full_name(program, room, verb, name, sizeof name);
	ix_command_usage_text(verb, usage, sizeof usage);
	ix_format(line, sizeof line, "usage: %s %s", name, usage);
	ix_command_print_text(&page, 0, line);
	ix_format(line, sizeof line, "\n%s.", verb->summary);
	ix_command_print_text(&page, 0, line);
	if (verb->description) {
		fputc('\n', out);
		ix_command_print_text(&page, 0, verb->description);
	}
	print_operands(&page, verb);
	print_options(&page, verb);
	if (verb->examples && verb->examples->line) ix_command_print_heading(&page, "Examples");
	for (const ix_example *example = verb->examples; example && example->line; example++) {
		fprintf(out, "  %s\n", example->line);
		if (example->says) ix_command_print_entry(&page, 0, "", 6, example->says);
	}
	print_exit_codes(&page, verb);
}

/* ---- a system ---- */

void ix_command_print_room_help(const ix_program *program, const ix_room *room, FILE *out) {
	ix_command_page page = ix_command_page_of(program, out);
	const ix_verb *unnamed = ix_command_verb_named(room, IX_STR(""));
	if (unnamed && !room->verbs[1].name) {
		ix_command_print_verb_help(program, room, unnamed, out);
		return;
	}
	char text[IX_COMMAND_TEXT_MAX];
	size_t widest = 0;
	fprintf(out, "usage: %s %s VERB [options] [operands]\n", program->name, room->name);
	ix_format(text, sizeof text, "\n%s: %s.", room->title, room->summary);
	ix_command_print_text(&page, 0, text);
	if (room->description) {
		fputc('\n', out);
		ix_command_print_text(&page, 0, room->description);
	}
	for (const ix_verb *verb = room->verbs; verb->name; verb++) {
		size_t width = *verb->name ? ix_display_width(ix_str_from(verb->name)) : 6;
		widest = ix_size_max(widest, width);
	}
	ix_command_print_heading(&page, "Verbs");
	for (const ix_verb *verb = room->verbs; verb->name; verb++)
		ix_command_print_entry(
			&page, 2, *verb->name ? verb->name : "(none)", entry_column(widest), verb->summary);
	fprintf(out, "\n'%s %s VERB --help' shows a verb's options, with examples.\n", program->name,
		room->name);
}

/* ---- the whole command ---- */

static size_t widest_name(const ix_room *const *rooms, size_t widest) {
	for (; *rooms; rooms++) widest = ix_size_max(widest, ix_display_width(ix_str_from((*rooms)->name)));
	return widest;
}

/* Rooms of one sector stand together, in the order of the sectors' first rooms. */
static void print_sectors(const ix_command_page *page, const ix_room *const *rooms, size_t column) {
	for (const ix_room *const *first = rooms; *first; first++) {
		ix_str sector = ix_str_from((*first)->sector ? (*first)->sector : "Systems");
		bool seen = false;
		for (const ix_room *const *before = rooms; before < first; before++)
			seen |= ix_str_equal(
				sector, ix_str_from((*before)->sector ? (*before)->sector : "Systems"));
		if (seen) continue;
		ix_command_print_heading(page, sector.data);
		for (const ix_room *const *room = first; *room; room++)
			if (ix_str_equal(sector, ix_str_from((*room)->sector ? (*room)->sector : "Systems")))
				ix_command_print_entry(page, 2, (*room)->name, column, (*room)->summary);
	}
}

void ix_command_print_program_help(const ix_program *program, FILE *out) {
	ix_command_page page = ix_command_page_of(program, out);
	size_t widest = widest_name(ix_command_own_rooms, widest_name(program->rooms, 0));
	fprintf(out, "usage: %s SYSTEM VERB [options] [operands]\n\n", program->name);
	ix_command_print_text(&page, 0, program->summary);
	print_sectors(&page, program->rooms, entry_column(widest));
	print_sectors(&page, ix_command_own_rooms, entry_column(widest));
	fprintf(out,
		"\n'%s SYSTEM --help' lists a system's verbs, '%s SYSTEM VERB --help' a verb's options.\n"
		"'%s --version' tells the version and what is compiled in.\n",
		program->name, program->name, program->name);
}
