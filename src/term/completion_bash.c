/* completion_bash.c - the script for bash 4.4 and later; needs no bash-completion package. */
#include "completion.h"

/* clang-format off */
static const char engine[] =
	"_inox() {\n"
	"	local cur=${COMP_WORDS[COMP_CWORD]} path='' value='' kind='' "
	"words='' values='' options=''\n"
	"	local index word count=0 only_operands='' named='' many='' verbatim='' operands=()\n"
	"	COMPREPLY=()\n"
	"	# Bash cuts --name=value into three words.\n"
	"	[[ $cur == '=' ]] && cur=''\n"
	"	_inox_table ''\n"
	"	for ((index = 1; index < COMP_CWORD; index++)); do\n"
	"		word=${COMP_WORDS[index]}\n"
	"		if [[ $value ]]; then\n"
	"			[[ $word == '=' ]] || value=''\n"
	"		elif [[ ! $only_operands && $word == -- ]]; then\n"
	"			only_operands=1\n"
	"		elif [[ ! $only_operands && $word == -?* ]]; then\n"
	"			_inox_value \"$path\" \"$word\" && value=$word\n"
	"		elif [[ ! $named && \" $words \" == *\" $word \"* ]]; then\n"
	"			path=$path/$word\n"
	"			_inox_table \"$path\"\n"
	"		else\n"
	"			named=1\n"
	"			((count += 1))\n"
	"			[[ $verbatim ]] && ((count + 1 >= verbatim)) && only_operands=1\n"
	"		fi\n"
	"	done\n"
	"	if [[ $value ]]; then\n"
	"		_inox_value \"$path\" \"$value\"\n"
	"	elif [[ ! $only_operands && $cur == -* ]]; then\n"
	"		kind=words values=$options\n"
	"	elif [[ $words && ! $named ]]; then\n"
	"		kind=words values=$words\n"
	"	else\n"
	"		((count >= ${#operands[@]} && ${#operands[@]} > 0)) && [[ $many ]] "
	"&& ((count = ${#operands[@]} - 1))\n"
	"		kind=${operands[count]}\n"
	"		if [[ $kind == verbs ]]; then\n"
	"			_inox_table \"/${COMP_WORDS[COMP_CWORD - 1]}\"\n"
	"			kind=words values=$words\n"
	"		elif [[ $kind == word:* ]]; then\n"
	"			values=${kind#word:} kind=words\n"
	"		fi\n"
	"	fi\n"
	"	case $kind in\n"
	"	words) mapfile -t COMPREPLY < <(compgen -W \"$values\" -- \"$cur\") ;;\n"
	"	file)\n"
	"		mapfile -t COMPREPLY < <(compgen -f -- \"$cur\")\n"
	"		compopt -o filenames 2>/dev/null || :\n"
	"		;;\n"
	"	directory)\n"
	"		mapfile -t COMPREPLY < <(compgen -d -- \"$cur\")\n"
	"		compopt -o filenames 2>/dev/null || :\n"
	"		;;\n"
	"	esac\n"
	"	return 0\n"
	"}\n"
	"complete -F _inox inox\n";
/* clang-format on */

/* Those that the system `at` takes; NULL: all. */
static void write_systems(const ix_program *program, const ix_room *at, FILE *out) {
	const ix_room *room;
	const char *gap = "";
	for (size_t i = 0; (room = ix_completion_room(program, i)); i++) {
		if (at && !ix_completion_takes(at, room)) continue;
		fprintf(out, "%s%s", gap, room->name);
		gap = " ";
	}
}

static void write_operands(const ix_program *program, const ix_room *room, const ix_verb *verb, FILE *out) {
	const ix_operand *last = NULL;
	size_t index = 0, verbatim = 0;
	fputs(" operands=(", out);
	for (const ix_operand *operand = verb->operands; operand && operand->name; operand++, index++) {
		if (index) fputc(' ', out);
		if (operand->is_file) {
			fputs("file", out);
		} else if (operand->choices || ix_completion_takes_system(room, index)) {
			fputs("'word:", out);
			if (operand->choices)
				ix_completion_write_choices(out, operand->choices);
			else
				write_systems(program, room, out);
			fputc('\'', out);
		} else {
			fputs(ix_completion_takes_verb(room, index) ? "verbs" : "''", out);
		}
		if (operand->verbatim && !verbatim) verbatim = index + 1;
		last = operand;
	}
	fprintf(out, ") many=%s verbatim=", last && last->many ? "1" : "''");
	if (verbatim)
		fprintf(out, "%zu", verbatim);
	else
		fputs("''", out);
}

static void write_options(const ix_verb *verb, FILE *out) {
	const ix_option *option;
	for (size_t i = 0; (option = ix_command_option(verb, i)); i++) {
		fprintf(out, "%s--%s", i ? " " : "", option->name);
		if (option->letter) fprintf(out, " -%c", option->letter);
	}
}

/* What may stand at a place: the words, the options, what each operand is. */
static void write_places(const ix_program *program, FILE *out) {
	const ix_room *room;
	fputs("_inox_table() {\n\tmany='' verbatim='' operands=() words='' options=''\n\tcase $1 in\n"
	      "\t'') options='--help --version --json' words='",
		out);
	write_systems(program, NULL, out);
	fputs("' ;;\n", out);
	for (size_t i = 0; (room = ix_completion_room(program, i)); i++) {
		const ix_verb *unnamed = ix_command_verb_named(room, IX_STR(""));
		bool first = true;
		fprintf(out, "\t/%s)\n\t\twords='", room->name);
		for (const ix_verb *verb = room->verbs; verb->name; verb++)
			if (*verb->name) fprintf(out, "%s%s", first ? "" : " ", verb->name), first = false;
		fputs("' options='", out);
		if (unnamed)
			write_options(unnamed, out);
		else
			fputs("--help", out);
		fputc('\'', out);
		if (unnamed) write_operands(program, room, unnamed, out);
		fputs("\n\t\t;;\n", out);
		for (const ix_verb *verb = room->verbs; verb->name; verb++) {
			if (!*verb->name) continue;
			fprintf(out, "\t/%s/%s)\n\t\toptions='", room->name, verb->name);
			write_options(verb, out);
			fputc('\'', out);
			write_operands(program, room, verb, out);
			fputs("\n\t\t;;\n", out);
		}
	}
	fputs("\tesac\n}\n", out);
}

static void write_value(const ix_room *room, const ix_verb *verb, const ix_option *option, FILE *out) {
	const char *slash = *verb->name ? "/" : "";
	fprintf(out, "\t/%s%s%s:--%s", room->name, slash, verb->name, option->name);
	if (option->letter) fprintf(out, " | /%s%s%s:-%c", room->name, slash, verb->name, option->letter);
	fputs(") ", out);
	if (option->kind == IX_OPTION_FILE) {
		fputs("kind='file'", out);
	} else if (option->kind == IX_OPTION_DIRECTORY) {
		fputs("kind='directory'", out);
	} else if (option->kind == IX_OPTION_CHOICE) {
		fputs("kind=words values='", out);
		ix_completion_write_choices(out, option->choices);
		fputc('\'', out);
	} else {
		fputs("kind=''", out);
	}
	fputs(" ;;\n", out);
}

/* How the value of an option is completed; fails when it takes none. */
static void write_values(const ix_program *program, FILE *out) {
	const ix_room *room;
	fputs("_inox_value() {\n\tcase $1:$2 in\n", out);
	for (size_t i = 0; (room = ix_completion_room(program, i)); i++)
		for (const ix_verb *verb = room->verbs; verb->name; verb++)
			for (const ix_option *option = verb->options; option && option->name; option++)
				if (option->kind != IX_OPTION_FLAG) write_value(room, verb, option, out);
	fputs("\t*) return 1 ;;\n\tesac\n}\n", out);
}

void ix_completion_bash(const ix_program *program, FILE *out) {
	fprintf(out,
		"# Completion of %s %s for bash, made by '%s completion bash'. Put it into\n"
		"# ~/.local/share/bash-completion/completions/%s, or source it.\n",
		program->name, program->version, program->name, program->name);
	write_places(program, out);
	write_values(program, out);
	fputs(engine, out);
}
