/* check.c - are a room's tables right? For the tests of every room: a wrong table would show to users as a
 * panic, an option that cannot be reached, or an example that does not run. */
#include "internal.h"

#define WRONG(err, ...) ix_fail(err, IX_ERR_USAGE, __VA_ARGS__)

static bool is_name(const char *name) {
	if (!name || *name < 'a' || *name > 'z') return false;
	for (; *name; name++)
		if (!((*name >= 'a' && *name <= 'z') || (*name >= '0' && *name <= '9') || *name == '-'))
			return false;
	return name[-1] != '-';
}

/* One line without a full stop at the end. */
static bool is_phrase(const char *text) {
	ix_str s = ix_str_from(text);
	return s.size && s.size <= 200 && ix_str_find(s, '\n') == s.size && !ix_str_ends_with(s, IX_STR("."));
}

/* ---- options ---- */

static bool choices_are_distinct(const char *choices) {
	ix_str one, other;
	if (!choices || !*choices) return false;
	for (size_t i = 0; ix_command_choice_at(choices, i, &one); i++) {
		if (!one.size) return false;
		for (size_t j = 0; j < i; j++)
			if (ix_command_choice_at(choices, j, &other) && ix_str_equal(one, other))
				return false;
	}
	return !ix_str_ends_with(ix_str_from(choices), IX_STR("|"));
}

static int check_kind(const ix_option *option, ix_error *err) {
	const char *name = option->name;
	bool number = option->kind == IX_OPTION_INTEGER || option->kind == IX_OPTION_SIZE ||
		      option->kind == IX_OPTION_DURATION;
	if (option->kind > IX_OPTION_CHOICE) return WRONG(err, "--%s: no such kind", name);
	if (option->kind == IX_OPTION_FLAG) {
		if (option->value || option->fallback || option->required || option->many)
			return WRONG(
				err, "--%s: a flag has no value, default, requirement or repetition", name);
	} else if (!option->value || !*option->value) {
		return WRONG(err, "--%s: its value has no name", name);
	}
	if ((option->kind == IX_OPTION_CHOICE) != (option->choices != NULL))
		return WRONG(err, "--%s: choices are for the kind of that name", name);
	if (option->choices && !choices_are_distinct(option->choices))
		return WRONG(err, "--%s: its choices are empty or repeated", name);
	if (!number && (option->minimum || option->maximum))
		return WRONG(err, "--%s: only numbers have a range", name);
	if (option->minimum > option->maximum) return WRONG(err, "--%s: its range is empty", name);
	return 0;
}

static int check_option(const ix_verb *verb, const ix_option *option, ix_error *err) {
	const char *name = option->name;
	if (!is_name(name)) return WRONG(err, "--%s: not a name", name);
	if (!is_phrase(option->help))
		return WRONG(err, "--%s: its help is not one line without a full stop", name);
	for (size_t i = 0; ix_command_option(verb, i); i++) {
		const ix_option *other = ix_command_option(verb, i);
		if (other != option && ix_str_equal(ix_str_from(other->name), ix_str_from(name)))
			return WRONG(err, "--%s: there are two of that name", name);
		if (other != option && option->letter && other->letter == option->letter)
			return WRONG(err, "--%s: -%c is taken", name, option->letter);
	}
	if (option->letter && !((option->letter >= 'a' && option->letter <= 'z') ||
				      (option->letter >= 'A' && option->letter <= 'Z') ||
				      (option->letter >= '0' && option->letter <= '9')))
		return WRONG(err, "--%s: its letter is none", name);
	int code = check_kind(option, err);
	if (code || !option->fallback) return code;
	int64_t number;
	if (option->required) return WRONG(err, "--%s: has a default, and is required", name);
	if (ix_command_read_value(option, option->fallback, &number, err))
		return ix_wrap(err, 0, "--%s: its default", name);
	return 0;
}

static int check_operands(const ix_verb *verb, ix_error *err) {
	const ix_operand *before = NULL;
	for (const ix_operand *operand = verb->operands; operand && operand->name; operand++) {
		if (!is_phrase(operand->help))
			return WRONG(err, "%s: its help is not one line without a full stop", operand->name);
		if (before && before->many)
			return WRONG(err, "%s: stands after one that takes all", operand->name);
		if (before && before->optional && !operand->optional)
			return WRONG(err, "%s: is required after one that is not", operand->name);
		if (operand->choices && !choices_are_distinct(operand->choices))
			return WRONG(err, "%s: its choices are empty or repeated", operand->name);
		if (operand->verbatim && !before)
			return WRONG(err,
				"%s: the first operand cannot be verbatim: no option could be given",
				operand->name);
		before = operand;
	}
	return 0;
}

/* ---- examples ---- */

/* Words of a shell's line, as far as examples need it: quotes, and an end at | > < & ; or #. */
static int cut_words(ix_str line, char *text, size_t capacity, char **words, int word_max) {
	int count = 0;
	size_t used = 0;
	char quote = 0;
	bool in_word = false;
	for (size_t i = 0; i < line.size && used + 2 < capacity && count < word_max; i++) {
		char c = line.data[i];
		if (!quote && ix_str_find(IX_STR("|><&;#"), c) < 6 && (c != '#' || !in_word)) break;
		if (!quote && c == ' ') {
			if (in_word) text[used++] = '\0';
			in_word = false;
			continue;
		}
		if (!in_word) words[count++] = text + used;
		in_word = true;
		if (!quote && (c == '\'' || c == '"'))
			quote = c;
		else if (quote && c == quote)
			quote = 0;
		else
			text[used++] = c;
	}
	text[used] = '\0';
	return count;
}

/* Each "inox trade …" in a line must be something the tables take. */
static int check_command(const ix_room *room, ix_str line, ix_error *err) {
	char text[512], *words[64];
	int count = cut_words(line, text, sizeof text, words, 64);
	if (count < 2 || !ix_str_equal(ix_str_from(words[1]), ix_str_from(room->name))) return 0;
	const ix_verb *verb = count > 2 ? ix_command_verb_named(room, ix_str_from(words[2])) : NULL;
	int first = verb ? 3 : 2;
	if (!verb) verb = ix_command_verb_named(room, IX_STR(""));
	if (!verb) return WRONG(err, "there is no verb '%s'", count > 2 ? words[2] : "");
	static const ix_program program = {.name = "inox"};
	ix_command_parsed parsed = {.program = &program, .room = room, .verb = verb};
	int code = ix_command_parse(&parsed, count - first, words + first, err);
	ix_command_parsed_free(&parsed);
	return code;
}

static int check_examples(const ix_room *room, const ix_verb *verb, ix_error *err) {
	for (const ix_example *example = verb->examples; example && example->line; example++) {
		ix_str line = ix_str_from(example->line), name = IX_STR("inox ");
		bool any = false;
		for (size_t i = 0; i + name.size <= line.size; i++) {
			if (i && line.data[i - 1] != ' ' && line.data[i - 1] != '(') continue;
			if (!ix_str_equal(ix_str_slice(line, i, i + name.size), name)) continue;
			any = true;
			if (check_command(room, ix_str_slice(line, i, line.size), err))
				return ix_wrap(err, IX_ERR_USAGE, "example '%s'", example->line);
		}
		if (!any) return WRONG(err, "example '%s': does not run the command", example->line);
		if (example->says && !is_phrase(example->says))
			return WRONG(err, "example '%s': what it says is not one line without a full stop",
				example->line);
	}
	return 0;
}

/* ---- rooms ---- */

static int check_verb(const ix_room *room, const ix_verb *verb, ix_error *err) {
	if (*verb->name && !is_name(verb->name)) return WRONG(err, "not a name");
	if (ix_command_verb_named(room, ix_str_from(verb->name)) != verb)
		return WRONG(err, "there are two of that name");
	if (!is_phrase(verb->summary)) return WRONG(err, "its summary is not one line without a full stop");
	if (!verb->run) return WRONG(err, "does nothing");
	for (const ix_option *option = verb->options; option && option->name; option++) {
		int code = check_option(verb, option, err);
		if (code) return code;
	}
	int code = check_operands(verb, err);
	return code ? code : check_examples(room, verb, err);
}

int ix_program_check_room(const ix_room *room, ix_error *err) {
	if (!is_name(room->name))
		return WRONG(err, "'%s' is not a name for a system", room->name ? room->name : "");
	for (const ix_room *const *own = ix_command_own_rooms; *own; own++)
		if (*own != room && ix_str_equal(ix_str_from((*own)->name), ix_str_from(room->name)))
			return WRONG(err, "%s: the command itself has that name", room->name);
	if (!is_phrase(room->title) || !is_phrase(room->summary))
		return WRONG(err, "%s: title and summary are one line each, without a full stop", room->name);
	if (!room->verbs || !room->verbs->name) return WRONG(err, "%s: has no verbs", room->name);
	for (const ix_verb *verb = room->verbs; verb->name; verb++) {
		int code = check_verb(room, verb, err);
		if (code) return ix_wrap(err, code, "%s%s%s", room->name, *verb->name ? " " : "", verb->name);
	}
	return 0;
}
