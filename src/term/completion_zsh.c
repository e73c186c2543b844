/* completion_zsh.c - the script for zsh 5: an _arguments call for each verb. */
#include "completion.h"

/* Inside of '…[here]…:here:': the characters that _arguments takes apart. */
static const char special[] = "[]:\\";

static void write_value(const ix_option *option, FILE *out) {
	fputc(':', out);
	ix_completion_write_quoted(out, option->value ? option->value : "VALUE", special);
	if (option->kind == IX_OPTION_FILE) {
		fputs(":_files", out);
	} else if (option->kind == IX_OPTION_DIRECTORY) {
		fputs(":_files -/", out);
	} else if (option->kind == IX_OPTION_CHOICE) {
		fputs(":(", out);
		ix_completion_write_choices(out, option->choices);
		fputc(')', out);
	} else {
		fputs(": ", out);
	}
}

static void write_option(const ix_option *option, FILE *out) {
	bool value = option->kind != IX_OPTION_FLAG;
	fputs(" \\\n\t\t'", out);
	if (option->many)
		fputs("*'", out);
	else if (option->letter)
		fprintf(out, "(-%c --%s)'", option->letter, option->name);
	else
		fputc('\'', out);
	if (option->letter)
		fprintf(out, "{-%c%s,--%s%s}", option->letter, value ? "+" : "", option->name,
			value ? "=" : "");
	else
		fprintf(out, "--%s%s", option->name, value ? "=" : "");
	fputs("'[", out);
	ix_completion_write_quoted(out, option->help, special);
	fputc(']', out);
	if (value) write_value(option, out);
	fputc('\'', out);
}

static void write_operand(const ix_room *room, const ix_operand *operand, size_t index, FILE *out) {
	if (operand->many)
		fprintf(out, " \\\n\t\t'*%s:", operand->verbatim ? ":" : "");
	else
		fprintf(out, " \\\n\t\t'%zu:%s", index + 1, operand->optional ? ":" : "");
	ix_completion_write_quoted(out, operand->name, special);
	if (operand->is_file) {
		fputs(":_files", out);
	} else if (operand->choices) {
		fputs(":(", out);
		ix_completion_write_choices(out, operand->choices);
		fputc(')', out);
	} else if (ix_completion_takes_system(room, index)) {
		fprintf(out, ":{_inox__systems %s}", room->name);
	} else if (ix_completion_takes_verb(room, index)) {
		fputs(":{_inox__verbs $line[1]}", out);
	} else {
		/* Nothing to offer; a message here would keep options from being completed. */
		fputs(operand->verbatim ? ":_default" : ":()", out);
	}
	fputc('\'', out);
}

static void write_verb(const ix_room *room, const ix_verb *verb, FILE *out) {
	const ix_option *option;
	fputs("\t_arguments -s -S", out);
	for (size_t i = 0; (option = ix_command_option(verb, i)); i++) write_option(option, out);
	size_t index = 0;
	for (const ix_operand *operand = verb->operands; operand && operand->name; operand++, index++)
		write_operand(room, operand, index, out);
	fputc('\n', out);
}

static void write_entry(const char *name, const char *summary, FILE *out) {
	fprintf(out, "\t\t'%s:", name);
	ix_completion_write_quoted(out, summary, ":\\");
	fputs("'\n", out);
}

/* The verbs of a system, each with its summary. */
static void write_verb_lists(const ix_program *program, FILE *out) {
	const ix_room *room;
	fputs("_inox__verbs() {\n\tlocal -a verbs\n\tcase $1 in\n", out);
	for (size_t i = 0; (room = ix_completion_room(program, i)); i++) {
		fprintf(out, "\t%s) verbs=(\n", room->name);
		for (const ix_verb *verb = room->verbs; verb->name; verb++)
			if (*verb->name) write_entry(verb->name, verb->summary, out);
		fputs("\t\t) ;;\n", out);
	}
	fputs("\tesac\n\t_describe -t verbs verb verbs\n}\n\n", out);
}

static void write_room(const ix_room *room, FILE *out) {
	const ix_verb *unnamed = ix_command_verb_named(room, IX_STR(""));
	fprintf(out, "_inox_%s() {\n\tlocal curcontext=$curcontext state line\n\ttypeset -A opt_args\n",
		room->name);
	if (unnamed && !room->verbs[1].name) {
		write_verb(room, unnamed, out);
		fputs("}\n\n", out);
		return;
	}
	fprintf(out,
		"\t_arguments -C '(- *)'{-h,--help}'[show help]' '1: :->verb' '*:: :->rest' && return\n"
		"\tif [[ $state == verb ]]; then\n\t\t_inox__verbs %s\n\t\treturn\n\tfi\n\tcase $words[1] "
		"in\n",
		room->name);
	for (const ix_verb *verb = room->verbs; verb->name; verb++) {
		if (!*verb->name) continue;
		fprintf(out, "\t%s)\n", verb->name);
		write_verb(room, verb, out);
		fputs("\t;;\n", out);
	}
	if (unnamed) {
		fputs("\t*)\n", out);
		write_verb(room, unnamed, out);
		fputs("\t;;\n", out);
	}
	fputs("\tesac\n}\n\n", out);
}

static void write_systems(const ix_program *program, FILE *out) {
	const ix_room *room;
	fputs("# All, or those that the system in $1 takes.\n_inox__systems() {\n\tlocal -a "
	      "systems\n\tsystems=(\n",
		out);
	for (size_t i = 0; (room = ix_completion_room(program, i)); i++)
		write_entry(room->name, room->summary, out);
	fputs("\t)\n\t[[ ${1-} == tour ]] && systems=(\n", out);
	for (size_t i = 0; (room = ix_completion_room(program, i)); i++)
		if (room->tour) write_entry(room->name, room->summary, out);
	fputs("\t)\n\t_describe -t systems system systems\n}\n\n", out);
}

void ix_completion_zsh(const ix_program *program, FILE *out) {
	const ix_room *room;
	fprintf(out,
		"#compdef %s\n# Completion of %s %s for zsh, made by '%s completion zsh'. Put it as _%s into "
		"a\n"
		"# folder of $fpath.\n\n",
		program->name, program->name, program->version, program->name, program->name);
	write_systems(program, out);
	write_verb_lists(program, out);
	for (size_t i = 0; (room = ix_completion_room(program, i)); i++) write_room(room, out);
	fputs("_inox() {\n\tlocal curcontext=$curcontext state line\n\ttypeset -A opt_args\n"
	      "\t_arguments -C '(- *)'{-h,--help}'[show help]' '(- *)--version[tell the version and what is "
	      "compiled in]' \\\n"
	      "\t\t'1: :->system' '*:: :->rest' && return\n"
	      "\tcase $state in\n\tsystem) _inox__systems ;;\n"
	      "\trest) (( $+functions[_inox_$words[1]] )) && _inox_$words[1] ;;\n\tesac\n}\n\n"
	      "if [[ $funcstack[1] == _inox ]]; then\n\t_inox \"$@\"\nelse\n\tcompdef _inox inox\nfi\n",
		out);
}
