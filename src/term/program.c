/* program.c - the whole command: from argv to a system, a verb, its run function and an exit code. Nothing is
 * allocated or opened before that is known. */
#include "internal.h"

#define COMPILER_TEXT __VERSION__

static int usage_error(const ix_program *program, const char *prefix, ix_error *error) {
	fflush(program->out);
	ix_command_complain(program->err, prefix, error->text);
	return ix_code_exit(IX_ERR_USAGE);
}

/* ---- what is not there ---- */

/* `inox stat`: the verb exists, its system was left out. */
static const ix_room *system_of_verb(const ix_program *program, ix_str verb) {
	const ix_room *found = NULL;
	for (const ix_room *const *room = program->rooms; *room; room++) {
		if (!verb.size || !ix_command_verb_named(*room, verb)) continue;
		if (found) return NULL;
		found = *room;
	}
	return found;
}

static int unknown_system(const ix_program *program, const char *word, ix_error *error) {
	ix_command_guess guess = ix_command_guess_of(word);
	for (const ix_room *const *room = program->rooms; *room; room++)
		ix_command_guess_try(&guess, ix_str_from((*room)->name));
	for (const ix_room *const *room = ix_command_own_rooms; *room; room++)
		ix_command_guess_try(&guess, ix_str_from((*room)->name));
	ix_str shown = ix_command_shown(word);
	const ix_room *owner = system_of_verb(program, ix_str_from(word));
	if (owner)
		return ix_fail(error, IX_ERR_USAGE, "there is no system '%.*s'; did you mean '%s %s %s'?",
			IX_STR_ARG(shown), program->name, owner->name, word);
	if (guess.best.size)
		return ix_fail(error, IX_ERR_USAGE,
			"there is no system '%.*s'; did you mean '%.*s'? ('%s --help' lists them)",
			IX_STR_ARG(shown), IX_STR_ARG(guess.best), program->name);
	return ix_fail(error, IX_ERR_USAGE, "there is no system '%.*s' ('%s --help' lists them)",
		IX_STR_ARG(shown), program->name);
}

static int unknown_verb(const ix_program *program, const ix_room *room, const char *word, ix_error *error) {
	ix_command_guess guess = ix_command_guess_of(word);
	for (const ix_verb *verb = room->verbs; verb && verb->name; verb++)
		ix_command_guess_try(&guess, ix_str_from(verb->name));
	ix_str shown = ix_command_shown(word);
	if (guess.best.size)
		return ix_fail(error, IX_ERR_USAGE,
			"there is no verb '%.*s'; did you mean '%.*s'? ('%s %s --help' lists them)",
			IX_STR_ARG(shown), IX_STR_ARG(guess.best), program->name, room->name);
	return ix_fail(error, IX_ERR_USAGE, "there is no verb '%.*s' ('%s %s --help' lists them)",
		IX_STR_ARG(shown), program->name, room->name);
}

static int unknown_program_option(const ix_program *program, const char *word) {
	ix_error error = {0};
	ix_command_guess guess = ix_command_guess_of(word);
	ix_command_guess_try(&guess, IX_STR("--help"));
	ix_command_guess_try(&guess, IX_STR("--version"));
	ix_str shown = ix_command_shown(word);
	if (guess.best.size)
		ix_fail(&error, IX_ERR_USAGE, "there is no option %.*s; did you mean %.*s?",
			IX_STR_ARG(shown), IX_STR_ARG(guess.best));
	else
		ix_fail(&error, IX_ERR_USAGE,
			"there is no option %.*s before the system ('%s --help' shows what there is)",
			IX_STR_ARG(shown), program->name);
	return usage_error(program, program->name, &error);
}

int ix_command_find(const ix_program *program, const char *system, const char *verb, const ix_room **ret_room,
	const ix_verb **ret_verb, ix_error *err) {
	const ix_room *room = ix_command_room_named(program, ix_str_from(system));
	if (!room) return unknown_system(program, system, err);
	const ix_verb *found = NULL;
	if (verb && !(found = ix_command_verb_named(room, ix_str_from(verb))))
		return unknown_verb(program, room, verb, err);
	*ret_room = room;
	*ret_verb = found;
	return 0;
}

/* ---- running ---- */

static int run_verb(
	const ix_program *program, const ix_room *room, const ix_verb *verb, int argc, char *const *argv) {
	ix_command_parsed parsed = {.program = program, .room = room, .verb = verb};
	ix_call call = {.room = room,
		.verb = verb,
		.out = program->out,
		.err = program->err,
		.colour_out = program->colour_out,
		.progress = program->progress,
		.columns = program->columns,
		.clock = program->clock,
		.cpu = program->cpu,
		.parsed = &parsed};
	int result;
	if (ix_command_parse(&parsed, argc, argv, &call.error)) {
		char name[160], sentence[IX_ERROR_TEXT_MAX];
		ix_command_full_name(program, room, verb, name, sizeof name);
		ix_format(sentence, sizeof sentence, "%s", call.error.text);
		result = call.error.code == IX_ERR_USAGE ? ix_call_usage(&call, "%s", sentence)
							 : ix_call_fail(&call);
	} else if (parsed.help) {
		ix_command_print_verb_help(program, room, verb, program->out);
		result = 0;
	} else {
		/* A verb may have a --csv or --json of its own making. */
		call.json = verb->has_json && ix_call_flag(&call, "json");
		call.csv = verb->has_csv && ix_call_flag(&call, "csv");
		result = verb->run(&call);
	}
	ix_command_parsed_free(&parsed);
	return result;
}

static bool is_help(const char *word) {
	return ix_str_equal(ix_str_from(word), IX_STR("--help")) ||
	       ix_str_equal(ix_str_from(word), IX_STR("-h"));
}

/* What comes after the system's name. */
static int run_room(const ix_program *program, const ix_room *room, int argc, char *const *argv) {
	char name[160];
	ix_error error = {0};
	const ix_verb *unnamed = ix_command_verb_named(room, IX_STR(""));
	const ix_verb *verb = argc && *argv[0] ? ix_command_verb_named(room, ix_str_from(argv[0])) : NULL;
	if (verb) return run_verb(program, room, verb, argc - 1, argv + 1);
	if (unnamed && (!room->verbs[1].name || !argc || !is_help(argv[0])))
		return run_verb(program, room, unnamed, argc, argv);
	if (!argc) {
		ix_command_print_room_help(program, room, program->err);
		return ix_code_exit(IX_ERR_USAGE);
	}
	bool help = false;
	for (int i = 0; i < argc; i++) help |= is_help(argv[i]);
	int first = 0;
	while (help && first < argc && argv[first][0] == '-') first++;
	if (help && first == argc) {
		ix_command_print_room_help(program, room, program->out);
		return 0;
	}
	ix_command_full_name(program, room, NULL, name, sizeof name);
	if (help) { /* inox trade --help stat */
		verb = ix_command_verb_named(room, ix_str_from(argv[first]));
		if (verb) {
			ix_command_print_verb_help(program, room, verb, program->out);
			return 0;
		}
	}
	if (argv[0][0] == '-' && argv[0][1])
		ix_fail(&error, IX_ERR_USAGE,
			"options come after the verb: '%s VERB %.*s' ('%s --help' lists the verbs)", name,
			IX_STR_ARG(ix_command_shown(argv[0])), name);
	else
		unknown_verb(program, room, argv[first], &error);
	return usage_error(program, name, &error);
}

int ix_program_run(const ix_program *program, int argc, char *const *argv) {
	int next = 1;
	bool help = false, version = false, json = false;
	for (; next < argc && argv[next][0] == '-'; next++) {
		ix_str word = ix_str_from(argv[next]);
		if (is_help(argv[next]))
			help = true;
		else if (ix_str_equal(word, IX_STR("--version")) || ix_str_equal(word, IX_STR("-V")))
			version = true;
		else if (ix_str_equal(word, IX_STR("--json")))
			json = true;
		else
			return unknown_program_option(program, argv[next]);
	}
	if (version && !help) return ix_command_print_version(program, json);
	if (help && next == argc) {
		ix_command_print_program_help(program, program->out);
		return 0;
	}
	if (next == argc) {
		ix_command_print_program_help(program, program->err);
		return ix_code_exit(IX_ERR_USAGE);
	}
	ix_error error = {0};
	const ix_room *room = ix_command_room_named(program, ix_str_from(argv[next]));
	if (!room) {
		unknown_system(program, argv[next], &error);
		return usage_error(program, program->name, &error);
	}
	next++;
	if (json) {
		ix_fail(&error, IX_ERR_USAGE, "--json comes after the verb");
		return usage_error(program, program->name, &error);
	}
	if (!help) return run_room(program, room, argc - next, argv + next);
	const ix_verb *verb = next < argc ? ix_command_verb_named(room, ix_str_from(argv[next])) : NULL;
	if (!verb && !room->verbs[1].name) verb = ix_command_verb_named(room, IX_STR(""));
	if (verb)
		ix_command_print_verb_help(program, room, verb, program->out);
	else
		ix_command_print_room_help(program, room, program->out);
	return 0;
}
