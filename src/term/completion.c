/* completion.c - `inox completion bash|zsh|fish`: scripts made from the rooms' tables. They hold all they
 * need, so pressing Tab starts no process. What each shell wants is in completion_<shell>.c. */
#include "completion.h"

int ix_command_run_completion(ix_call *call) {
	static const struct {
		const char *name;
		void (*write)(const ix_program *program, FILE *out);
	} shells[] = {{"bash", ix_completion_bash}, {"zsh", ix_completion_zsh}, {"fish", ix_completion_fish}};
	ix_str wanted = ix_str_from(ix_call_operand(call, 0));
	for (size_t i = 0; i < IX_COUNT(shells); i++)
		if (ix_str_equal(wanted, ix_str_from(shells[i].name)))
			shells[i].write(ix_command_program(call), call->out);
	return 0;
}

const ix_room *ix_completion_room(const ix_program *program, size_t index) {
	for (const ix_room *const *room = program->rooms; *room; room++)
		if (index-- == 0) return *room;
	for (const ix_room *const *room = ix_command_own_rooms; *room; room++)
		if (index-- == 0) return *room;
	return NULL;
}

bool ix_completion_takes_system(const ix_room *room, size_t index) {
	for (const ix_room *const *own = ix_command_own_rooms; *own; own++)
		if (*own == room && index == 0 && room->verbs->operands && room->verbs->operands->name)
			return ix_str_equal(ix_str_from(room->verbs->operands->name), IX_STR("SYSTEM"));
	return false;
}

bool ix_completion_takes(const ix_room *room, const ix_room *system) {
	return room->verbs->run != ix_command_run_tour || system->tour;
}

bool ix_completion_takes_verb(const ix_room *room, size_t index) {
	return index == 1 && ix_completion_takes_system(room, 0) && ix_command_operand_count(room->verbs) > 1;
}

void ix_completion_write_quoted(FILE *out, const char *text, const char *escaped) {
	for (; *text; text++) {
		if (*text == '\'') {
			fputs("'\\''", out);
			continue;
		}
		if (ix_str_find(ix_str_from(escaped), *text) < ix_str_from(escaped).size) fputc('\\', out);
		fputc(*text, out);
	}
}

void ix_completion_write_choices(FILE *out, const char *choices) {
	ix_str choice;
	for (size_t i = 0; ix_command_choice_at(choices, i, &choice); i++)
		fprintf(out, "%s%.*s", i ? " " : "", IX_STR_ARG(choice));
}
