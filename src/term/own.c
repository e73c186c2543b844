/* own.c - the systems that the command brings itself: help, tour, completion, man; and `inox --version`. They
 * are rooms like all others, so the same tables drive their help and completion. */
#include "internal.h"

#include <inox/json_writer.h>

#define OWN_SECTOR "The command itself"

/* ---- help ---- */

static const ix_operand help_operands[] = {
	{.name = "SYSTEM", .optional = true, .help = "the system to explain"},
	{.name = "VERB", .optional = true, .help = "its verb to explain"},
	{0},
};
static const ix_example help_examples[] = {
	{"inox help", "every system in a line"},
	{"inox help tour", "what one of them does, and how"},
	{0},
};
static const ix_verb help_verbs[] = {
	{.name = "",
		.summary = "Explain the command, a system or a verb",
		.description = "Prints the same pages as --help. With --json, the tables behind them: "
			       "systems, verbs, "
			       "options and operands, for programs that build on the command.",
		.operands = help_operands,
		.examples = help_examples,
		.has_json = true,
		.run = ix_command_run_help},
	{0},
};
static const ix_room help_room = {.name = "help",
	.title = "Help",
	.summary = "Explain the command, a system or a verb",
	.verbs = help_verbs,
	.sector = OWN_SECTOR};

/* ---- tour ---- */

static const ix_operand tour_operands[] = {
	{.name = "SYSTEM", .optional = true, .help = "only this one"},
	{0},
};
static const ix_example tour_examples[] = {
	{"inox tour", "every system does one real job"},
	{"inox tour --json", "the same, for a program to judge"},
	{0},
};
static const ix_verb tour_verbs[] = {
	{.name = "",
		.summary = "Let every system do one real job",
		.description =
			"A line each: the system, what it ran on, what came out, and the time. Each job is a "
			"process of its own in an empty directory that is removed afterwards. What this "
			"machine "
			"cannot run is skipped with the reason. Exits with 1 when a job failed, with 5 when "
			"one "
			"crashed.",
		.operands = tour_operands,
		.examples = tour_examples,
		.has_json = true,
		.run = ix_command_run_tour},
	{0},
};
static const ix_room tour_room = {.name = "tour",
	.title = "Tour",
	.summary = "Let every system do one real job",
	.verbs = tour_verbs,
	.sector = OWN_SECTOR};

/* ---- completion ---- */

static const ix_operand completion_operands[] = {
	{.name = "SHELL", .choices = "bash|zsh|fish", .help = "the shell to make the script for"},
	{0},
};
static const ix_example completion_examples[] = {
	{"inox completion bash >~/.local/share/bash-completion/completions/inox", "for every bash to come"},
	{"inox completion zsh >~/.zsh/_inox", "for zsh, where ~/.zsh is in $fpath"},
	{"inox completion fish >~/.config/fish/completions/inox.fish", "for fish"},
	{0},
};
static const ix_verb completion_verbs[] = {
	{.name = "",
		.summary = "Print a script that completes the command line",
		.description = "Completes systems, verbs, options, the values of options and file names. The "
			       "script holds "
			       "all it needs and starts no process; make it again after an update.",
		.operands = completion_operands,
		.examples = completion_examples,
		.run = ix_command_run_completion},
	{0},
};
static const ix_room completion_room = {.name = "completion",
	.title = "Completion",
	.summary = "Print a script that completes the command line",
	.verbs = completion_verbs,
	.sector = OWN_SECTOR};

/* ---- man ---- */

static const ix_operand man_operands[] = {
	{.name = "SYSTEM", .optional = true, .help = "the page of this system, instead of the command's"},
	{0},
};
static const ix_example man_examples[] = {
	{"inox man | man -l -", "read the page of the command"},
	{"inox man >/usr/local/share/man/man1/inox.1", "install it"},
	{0},
};
static const ix_verb man_verbs[] = {
	{.name = "",
		.summary = "Print a manual page in mdoc",
		.operands = man_operands,
		.examples = man_examples,
		.run = ix_command_run_man},
	{0},
};
static const ix_room man_room = {.name = "man",
	.title = "Manual pages",
	.summary = "Print a manual page in mdoc",
	.verbs = man_verbs,
	.sector = OWN_SECTOR};

const ix_room *const ix_command_own_rooms[] = {&help_room, &tour_room, &completion_room, &man_room, NULL};

/* ---- what help prints for programs ---- */

static void write_text(ix_json_writer *json, const char *key, const char *text) {
	if (!text) return;
	ix_json_key(json, ix_str_from(key));
	ix_json_string(json, ix_str_from(text));
}

static void write_true(ix_json_writer *json, const char *key, bool value) {
	if (!value) return;
	ix_json_key(json, ix_str_from(key));
	ix_json_bool(json, true);
}

static const char *kind_name(ix_option_kind kind) {
	static const char *const names[] = {
		"flag", "text", "file", "directory", "integer", "size", "duration", "choice"};
	_Static_assert(IX_COUNT(names) == IX_OPTION_CHOICE + 1, "a name for each kind");
	return names[kind];
}

static void write_choices(ix_json_writer *json, const char *choices) {
	ix_str choice;
	if (!choices) return;
	ix_json_key(json, IX_STR("choices"));
	ix_json_array_begin(json);
	for (size_t i = 0; ix_command_choice_at(choices, i, &choice); i++) ix_json_string(json, choice);
	ix_json_array_end(json);
}

static void write_option(ix_json_writer *json, const ix_option *option) {
	ix_json_object_begin(json);
	write_text(json, "option", option->name);
	if (option->letter) {
		ix_json_key(json, IX_STR("letter"));
		ix_json_string(json, (ix_str){&option->letter, 1});
	}
	write_text(json, "kind", kind_name(option->kind));
	write_text(json, "value", option->value);
	write_choices(json, option->choices);
	if (option->minimum || option->maximum) {
		ix_json_key(json, IX_STR("minimum"));
		ix_json_i64(json, option->minimum);
		ix_json_key(json, IX_STR("maximum"));
		ix_json_i64(json, option->maximum);
	}
	write_text(json, "default", option->fallback);
	write_true(json, "required", option->required);
	write_true(json, "many", option->many);
	write_text(json, "help", option->help);
	ix_json_object_end(json);
}

static void write_verb(ix_json_writer *json, const ix_verb *verb) {
	const ix_option *option;
	ix_json_object_begin(json);
	write_text(json, "verb", verb->name);
	write_text(json, "summary", verb->summary);
	write_text(json, "description", verb->description);
	ix_json_key(json, IX_STR("options"));
	ix_json_array_begin(json);
	for (size_t i = 0; (option = ix_command_option(verb, i)); i++) write_option(json, option);
	ix_json_array_end(json);
	ix_json_key(json, IX_STR("operands"));
	ix_json_array_begin(json);
	for (const ix_operand *operand = verb->operands; operand && operand->name; operand++) {
		ix_json_object_begin(json);
		write_text(json, "operand", operand->name);
		write_true(json, "file", operand->is_file);
		write_true(json, "optional", operand->optional);
		write_true(json, "many", operand->many);
		write_choices(json, operand->choices);
		write_text(json, "help", operand->help);
		ix_json_object_end(json);
	}
	ix_json_array_end(json);
	ix_json_object_end(json);
}

static void write_room(ix_json_writer *json, const ix_room *room, const ix_verb *only) {
	ix_json_object_begin(json);
	write_text(json, "system", room->name);
	write_text(json, "title", room->title);
	write_text(json, "summary", room->summary);
	write_text(json, "description", room->description);
	ix_json_key(json, IX_STR("verbs"));
	ix_json_array_begin(json);
	for (const ix_verb *verb = room->verbs; verb->name; verb++)
		if (!only || verb == only) write_verb(json, verb);
	ix_json_array_end(json);
	ix_json_object_end(json);
}

/* One system as an object; all of them as an array with a line each. */
static int write_help(ix_call *call, const ix_room *room, const ix_verb *verb) {
	const ix_program *program = ix_command_program(call);
	char buffer[4096];
	ix_json_writer json;
	ix_json_writer_init_sink(&json, buffer, sizeof buffer, ix_call_sink, call->out,
		(ix_json_style){.open_levels = room ? 5 : 1});
	if (room) {
		write_room(&json, room, verb);
	} else {
		ix_json_array_begin(&json);
		for (const ix_room *const *each = program->rooms; *each; each++) {
			ix_json_object_begin(&json);
			write_text(&json, "system", (*each)->name);
			write_text(&json, "title", (*each)->title);
			write_text(&json, "summary", (*each)->summary);
			write_text(&json, "sector", (*each)->sector);
			ix_json_key(&json, IX_STR("verbs"));
			ix_json_array_begin(&json);
			for (const ix_verb *each_verb = (*each)->verbs; each_verb->name; each_verb++)
				ix_json_string(&json, ix_str_from(each_verb->name));
			ix_json_array_end(&json);
			ix_json_object_end(&json);
		}
		ix_json_array_end(&json);
	}
	int code = ix_json_writer_finish(&json, &call->error);
	fputc('\n', call->out);
	return code ? ix_call_fail(call) : 0;
}

int ix_command_run_help(ix_call *call) {
	const ix_program *program = ix_command_program(call);
	const char *system = ix_call_operand(call, 0), *verb_name = ix_call_operand(call, 1);
	const ix_room *room = NULL;
	const ix_verb *verb = NULL;
	if (system && ix_command_find(program, system, verb_name, &room, &verb, &call->error))
		return ix_call_fail(call);
	if (call->json) return write_help(call, room, verb);
	if (verb)
		ix_command_print_verb_help(program, room, verb, call->out);
	else if (room)
		ix_command_print_room_help(program, room, call->out);
	else
		ix_command_print_program_help(program, call->out);
	return 0;
}

/* ---- version ---- */

#define TEXT_OF(number)    TEXT_OF_IT(number)
#define TEXT_OF_IT(number) #number
#if defined __clang__
#define COMPILER \
	"clang " TEXT_OF(__clang_major__) "." TEXT_OF(__clang_minor__) "." TEXT_OF(__clang_patchlevel__)
#else
#define COMPILER "gcc " TEXT_OF(__GNUC__) "." TEXT_OF(__GNUC_MINOR__) "." TEXT_OF(__GNUC_PATCHLEVEL__)
#endif

static void write_words(ix_json_writer *json, const char *key, const char *words) {
	ix_str rest = ix_str_from(words);
	ix_json_key(json, ix_str_from(key));
	ix_json_array_begin(json);
	while (rest.size) {
		ix_str word = ix_str_cut(&rest, ' ');
		if (word.size) ix_json_string(json, word);
	}
	ix_json_array_end(json);
}

int ix_command_print_version(const ix_program *program, bool as_json) {
	if (!as_json) {
		fprintf(program->out, "%s %s\ncompiler: %s\nfeatures: %s\nsystems:", program->name,
			program->version, COMPILER, *program->features ? program->features : "none");
		for (const ix_room *const *room = program->rooms; *room; room++)
			fprintf(program->out, " %s", (*room)->name);
		fprintf(program->out, "%s\n", *program->rooms ? "" : " none");
		return 0;
	}
	char buffer[512];
	ix_json_writer json;
	ix_json_writer_init_sink(
		&json, buffer, sizeof buffer, ix_call_sink, program->out, (ix_json_style){.open_levels = 1});
	ix_json_object_begin(&json);
	write_text(&json, "name", program->name);
	write_text(&json, "version", program->version);
	write_text(&json, "compiler", COMPILER);
	write_words(&json, "features", program->features);
	ix_json_key(&json, IX_STR("systems"));
	ix_json_array_begin(&json);
	for (const ix_room *const *room = program->rooms; *room; room++)
		ix_json_string(&json, ix_str_from((*room)->name));
	ix_json_array_end(&json);
	ix_json_object_end(&json);
	int code = ix_json_writer_finish(&json, NULL);
	fputc('\n', program->out);
	return ix_code_exit(code);
}
