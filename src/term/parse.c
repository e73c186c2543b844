/* parse.c - a verb's command line, by its table: --name value, --name=value, -n value, -nvalue, -n=value,
 * flags in a group, -- and - and negative numbers. The first mistake is told; --help anywhere wins over all.
 */
#include "internal.h"

#include <inox/alloc.h>

typedef struct parser {
	ix_command_parsed *parsed;
	char *const *argv;
	int argc, next;
	bool verbatim;
	ix_error *err;
	int code; /* of the first mistake; err is its sentence */
} parser;

#define COMPLAIN(p, ...) ((p)->code = (p)->code ? (p)->code : ix_fail((p)->err, IX_ERR_USAGE, __VA_ARGS__))

static const char *value_name(const ix_option *option) { return option->value ? option->value : "VALUE"; }

static bool is_number(const char *text) {
	if (*text == '-') text++;
	return (text[0] >= '0' && text[0] <= '9') || (text[0] == '.' && text[1] >= '0' && text[1] <= '9');
}

static bool looks_like_an_option(const char *text) {
	return text[0] == '-' && text[1] != '\0' && !is_number(text);
}

static size_t count_given(const ix_command_parsed *parsed, const ix_option *option) {
	size_t count = 0;
	for (size_t i = 0; i < parsed->given_count; i++) count += parsed->given[i].option == option;
	return count;
}

static void give(parser *p, const ix_option *option, const char *value) {
	ix_command_parsed *parsed = p->parsed;
	if (ix_str_equal(ix_str_from(option->name), IX_STR("help"))) {
		parsed->help = true;
		return;
	}
	if (p->code) return;
	if (option->kind == IX_OPTION_FLAG) {
		if (count_given(parsed, option)) return; /* saying it twice does no harm */
	} else if (!option->many && count_given(parsed, option)) {
		COMPLAIN(p, "option --%s is given twice", option->name);
		return;
	}
	int64_t number = 0;
	if (option->kind != IX_OPTION_FLAG && ix_command_read_value(option, value, &number, p->err)) {
		p->code = ix_wrap(p->err, IX_ERR_USAGE, "option --%s", option->name);
		return;
	}
	IX_ASSERT(parsed->given_count < parsed->capacity);
	parsed->given[parsed->given_count++] = (ix_command_given){option, value, number, false};
}

/* The next word as the value, unless it looks like an option that was meant. */
static void give_next(parser *p, const ix_option *option) {
	const char *value = p->next < p->argc ? p->argv[p->next] : NULL;
	if (!value) {
		COMPLAIN(p, "option --%s needs a value: --%s %s", option->name, option->name,
			value_name(option));
	} else if (looks_like_an_option(value)) {
		ix_str shown = ix_command_shown(value);
		COMPLAIN(p, "option --%s needs a value: --%s %s (or --%s=%.*s, if that is the value)",
			option->name, option->name, value_name(option), option->name, IX_STR_ARG(shown));
	} else {
		p->next++;
		give(p, option, value);
	}
}

static void unknown_long(parser *p, ix_str name) {
	char word[128];
	ix_format(word, sizeof word, "%.*s", IX_STR_ARG(name));
	ix_command_guess guess = ix_command_guess_of(word);
	const ix_option *option;
	for (size_t i = 0; (option = ix_command_option(p->parsed->verb, i)); i++)
		ix_command_guess_try(&guess, ix_str_from(option->name));
	ix_str shown = ix_command_shown(word);
	if (guess.best.size)
		COMPLAIN(p, "there is no option --%.*s; did you mean --%.*s?", IX_STR_ARG(shown),
			IX_STR_ARG(guess.best));
	else
		COMPLAIN(p, "there is no option --%.*s", IX_STR_ARG(shown));
}

static void parse_long(parser *p, const char *word) {
	ix_str rest = ix_str_from(word + 2), name = ix_str_cut(&rest, '=');
	const ix_option *option = ix_command_option_named(p->parsed->verb, name);
	if (!option) {
		unknown_long(p, name);
	} else if (option->kind == IX_OPTION_FLAG) {
		if (rest.data)
			COMPLAIN(p, "option --%s takes no value", option->name);
		else
			give(p, option, NULL);
	} else if (rest.data) {
		give(p, option, rest.data); /* the end of the word: terminated */
	} else {
		give_next(p, option);
	}
}

static void unknown_letter(parser *p, const char *word, const char *at) {
	ix_str rest = ix_str_from(at), shown = ix_command_shown(word);
	ix_str letter = ix_str_slice(rest, 0, 1);
	if ((unsigned char)*at >= 0x80) /* the whole character */
		while (letter.size < rest.size && ((unsigned char)at[letter.size] & 0xC0) == 0x80)
			letter.size++;
	/* -json for --json is the usual slip */
	const ix_option *meant = ix_command_option_named(p->parsed->verb, ix_str_from(word + 1));
	if (meant)
		COMPLAIN(p, "there is no option %.*s; did you mean --%s?", IX_STR_ARG(shown), meant->name);
	else if (word[2])
		COMPLAIN(p, "there is no option -%.*s (in %.*s)", IX_STR_ARG(letter), IX_STR_ARG(shown));
	else
		COMPLAIN(p, "there is no option -%.*s", IX_STR_ARG(letter));
}

static void parse_letters(parser *p, const char *word) {
	for (const char *at = word + 1; *at; at++) {
		const ix_option *option = ix_command_option_lettered(p->parsed->verb, *at);
		if (!option) {
			unknown_letter(p, word, at);
			return;
		}
		if (option->kind == IX_OPTION_FLAG) {
			give(p, option, NULL);
			continue;
		}
		if (at[1])
			give(p, option, at[1] == '=' ? at + 2 : at + 1);
		else
			give_next(p, option);
		return;
	}
}

static const ix_operand *operand_at(const ix_verb *verb, size_t index) {
	const ix_operand *last = NULL;
	for (const ix_operand *operand = verb->operands; operand && operand->name; operand++, index--) {
		if (index == 0) return operand;
		last = operand;
	}
	return last && last->many ? last : NULL;
}

/* "inox trade stat [options] FILE" */
static void usage_line(const ix_command_parsed *parsed, char *out, size_t capacity) {
	char name[160], usage[IX_COMMAND_TEXT_MAX];
	ix_command_full_name(parsed->program, parsed->room, parsed->verb, name, sizeof name);
	ix_command_usage_text(parsed->verb, usage, sizeof usage);
	ix_format(out, capacity, "%s %s", name, usage);
}

static void parse_operand(parser *p, const char *word) {
	ix_command_parsed *parsed = p->parsed;
	const ix_operand *operand = operand_at(parsed->verb, parsed->operand_count);
	IX_ASSERT(parsed->operand_count < parsed->capacity);
	parsed->operands[parsed->operand_count++] = word;
	if (!operand) {
		char usage[IX_COMMAND_TEXT_MAX];
		usage_line(parsed, usage, sizeof usage);
		if (ix_command_operand_count(parsed->verb))
			COMPLAIN(p, "'%.*s' is one operand too many; usage: %.200s",
				IX_STR_ARG(ix_command_shown(word)), usage);
		else
			COMPLAIN(p, "'%.*s' is too much: this takes no operands",
				IX_STR_ARG(ix_command_shown(word)));
		return;
	}
	if (operand->choices && !p->code) {
		ix_option as_option = {.kind = IX_OPTION_CHOICE, .choices = operand->choices};
		int64_t index;
		if (ix_command_read_value(&as_option, word, &index, p->err))
			p->code = ix_wrap(p->err, IX_ERR_USAGE, "%s", operand->name);
	}
	if (operand->is_file && !*word) COMPLAIN(p, "%s: the file's name is empty", operand->name);
}

/* What is missing, once all is read. */
static void check_complete(parser *p) {
	const ix_command_parsed *parsed = p->parsed;
	const ix_verb *verb = parsed->verb;
	for (const ix_option *option = verb->options; option && option->name; option++)
		if (option->required && !count_given(parsed, option))
			COMPLAIN(p, "option --%s is required: --%s %s", option->name, option->name,
				value_name(option));
	size_t index = 0;
	for (const ix_operand *operand = verb->operands; operand && operand->name; operand++, index++) {
		if (index < parsed->operand_count || operand->optional) continue;
		char usage[IX_COMMAND_TEXT_MAX];
		usage_line(parsed, usage, sizeof usage);
		COMPLAIN(p, "%s is missing; usage: %.200s", operand->name, usage);
		return;
	}
	const ix_option *json = ix_command_option_named(verb, IX_STR("json"));
	const ix_option *csv = ix_command_option_named(verb, IX_STR("csv"));
	if (verb->has_json && csv && csv->kind == IX_OPTION_FLAG && count_given(parsed, json) &&
		count_given(parsed, csv))
		COMPLAIN(p, "options --json and --csv exclude each other");
}

static void add_defaults(ix_command_parsed *parsed) {
	for (const ix_option *option = parsed->verb->options; option && option->name; option++) {
		if (!option->fallback || count_given(parsed, option)) continue;
		int64_t number = 0;
		int code = ix_command_read_value(option, option->fallback, &number, NULL);
		IX_ASSERT(code == 0); /* a default that its own option refuses */
		parsed->given[parsed->given_count++] =
			(ix_command_given){option, option->fallback, number, true};
	}
}

int ix_command_parse(ix_command_parsed *parsed, int argc, char *const *argv, ix_error *err) {
	parser p = {.parsed = parsed, .argv = argv, .argc = argc, .err = err};
	size_t option_count = 0;
	while (ix_command_option(parsed->verb, option_count)) option_count++;
	/* A word may be a group of flags, but no flag is given twice. */
	parsed->capacity = (size_t)argc + 2 * option_count + 1;
	const ix_allocator *memory = ix_allocator_current();
	parsed->given = ix_allocate_zeroed(
		memory, parsed->capacity, sizeof *parsed->given, _Alignof(ix_command_given));
	parsed->operands =
		ix_allocate_zeroed(memory, parsed->capacity, sizeof *parsed->operands, _Alignof(char *));
	if (!parsed->given || !parsed->operands) return ix_fail(err, IX_ERR_MEMORY, "out of memory");
	bool options_end = false;
	while (p.next < argc) {
		const char *word = argv[p.next++];
		const ix_operand *operand = operand_at(parsed->verb, parsed->operand_count);
		p.verbatim |= operand && operand->verbatim;
		bool letter = word[0] == '-' && word[1] && ix_command_option_lettered(parsed->verb, word[1]);
		if (options_end || p.verbatim || word[0] != '-' || !word[1] || (is_number(word) && !letter))
			parse_operand(&p, word);
		else if (word[1] != '-')
			parse_letters(&p, word);
		else if (word[2])
			parse_long(&p, word);
		else
			options_end = true;
	}
	if (parsed->help) return 0;
	check_complete(&p);
	if (p.code) return p.code;
	add_defaults(parsed);
	return 0;
}

void ix_command_parsed_free(ix_command_parsed *parsed) {
	const ix_allocator *memory = ix_allocator_current();
	ix_release(
		memory, parsed->given, parsed->capacity * sizeof *parsed->given, _Alignof(ix_command_given));
	ix_release(memory, parsed->operands, parsed->capacity * sizeof *parsed->operands, _Alignof(char *));
	parsed->given = NULL;
	parsed->operands = NULL;
}
