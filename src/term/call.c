/* call.c - what a verb's run function asks of its call: options, operands, and how it says what went wrong.
 */
#include "internal.h"

#include <unistd.h>

static const ix_command_parsed *parsed_of(const ix_call *call) { return call->parsed; }

const ix_program *ix_command_program(const ix_call *call) { return parsed_of(call)->program; }

/* Every look-up goes through here: a name that the table lacks is a mistake in the verb. */
static const ix_option *option_of(const ix_call *call, const char *name) {
	const ix_option *option = ix_command_option_named(call->verb, ix_str_from(name));
	IX_ASSERT(option != NULL); /* the verb's table has this option */
	return option;
}

static const ix_command_given *given_at(const ix_call *call, const ix_option *option, size_t index) {
	const ix_command_parsed *parsed = parsed_of(call);
	for (size_t i = 0; i < parsed->given_count; i++)
		if (parsed->given[i].option == option && index-- == 0) return &parsed->given[i];
	return NULL;
}

bool ix_call_flag(const ix_call *call, const char *option) {
	const ix_option *found = option_of(call, option);
	IX_ASSERT(found->kind == IX_OPTION_FLAG);
	return given_at(call, found, 0) != NULL;
}

bool ix_call_has(const ix_call *call, const char *option) {
	return given_at(call, option_of(call, option), 0) != NULL;
}

bool ix_call_given(const ix_call *call, const char *option) {
	const ix_command_given *given = given_at(call, option_of(call, option), 0);
	return given && !given->is_default;
}

size_t ix_call_option_count(const ix_call *call, const char *option) {
	const ix_option *found = option_of(call, option);
	size_t count = 0;
	while (given_at(call, found, count)) count++;
	return count;
}

const char *ix_call_text_at(const ix_call *call, const char *option, size_t index) {
	const ix_option *found = option_of(call, option);
	IX_ASSERT(found->kind != IX_OPTION_FLAG);
	const ix_command_given *given = given_at(call, found, index);
	return given ? given->text : NULL;
}

const char *ix_call_text(const ix_call *call, const char *option) { return ix_call_text_at(call, option, 0); }

int64_t ix_call_integer_at(const ix_call *call, const char *option, size_t index) {
	const ix_option *found = option_of(call, option);
	IX_ASSERT(found->kind == IX_OPTION_INTEGER || found->kind == IX_OPTION_SIZE ||
		  found->kind == IX_OPTION_DURATION);
	const ix_command_given *given = given_at(call, found, index);
	return given ? given->number : 0;
}

int64_t ix_call_integer(const ix_call *call, const char *option) {
	return ix_call_integer_at(call, option, 0);
}

int ix_call_choice(const ix_call *call, const char *option) {
	const ix_option *found = option_of(call, option);
	IX_ASSERT(found->kind == IX_OPTION_CHOICE);
	const ix_command_given *given = given_at(call, found, 0);
	return given ? (int)given->number : -1;
}

size_t ix_call_operand_count(const ix_call *call) { return parsed_of(call)->operand_count; }

const char *ix_call_operand(const ix_call *call, size_t index) {
	const ix_command_parsed *parsed = parsed_of(call);
	return index < parsed->operand_count ? parsed->operands[index] : NULL;
}

ix_table_options ix_call_table(const ix_call *call) {
	return (ix_table_options){
		.format = call->json  ? IX_TABLE_AS_JSON
			  : call->csv ? IX_TABLE_AS_CSV
				      : IX_TABLE_FOR_PEOPLE,
		.colour = call->colour_out,
		.columns = call->columns,
	};
}

void ix_call_progress(
	ix_call *call, ix_progress *progress, const char *what, ix_progress_unit unit, uint64_t total) {
	ix_progress_start(progress, &(ix_progress_options){.what = what,
					    .unit = unit,
					    .total = total,
					    .out = call->err,
					    .shown = call->progress,
					    .clock = call->clock});
}

bool ix_call_sink(void *context, const char *data, size_t size) {
	return fwrite(data, 1, size, (FILE *)context) == size;
}

void ix_command_complain(FILE *err, const char *prefix, const char *sentence) {
	fputs(prefix, err);
	fputs(": ", err);
	ix_display_write(err, ix_str_from(sentence), 0);
	fputc('\n', err);
	fflush(err);
}

/* Results that were printed before the error come before it where both go to one place. */
static int complain(ix_call *call, const ix_verb *verb) {
	char prefix[160];
	fflush(call->out);
	ix_command_full_name(ix_command_program(call), call->room, verb, prefix, sizeof prefix);
	ix_command_complain(call->err, prefix, call->error.text);
	return ix_code_exit(call->error.code);
}

int ix_call_fail(ix_call *call) {
	if (!call->error.code) ix_fail(&call->error, IX_ERR_INTERNAL, "failed without saying why");
	return complain(call, NULL);
}

int ix_call_usage(ix_call *call, const char *format, ...) {
	char sentence[IX_ERROR_TEXT_MAX], name[160];
	va_list arguments;
	va_start(arguments, format);
	ix_format_list(sentence, sizeof sentence, format, arguments);
	va_end(arguments);
	ix_command_full_name(ix_command_program(call), call->room, call->verb, name, sizeof name);
	ix_fail(&call->error, IX_ERR_USAGE, "%s ('%s --help' says more)", sentence, name);
	return complain(call, call->verb);
}
