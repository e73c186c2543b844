/* conf_problem.c - what is said when a configuration is wrong: collecting, ordering, and the text with the
 * source line and a caret. What stands in a sentence or a line is made harmless for terminals first. */
#include "conf_inside.h"

#include <inox/text.h>

enum { SHOWN_MAX = 60, LINE_WIDTH_MAX = 160, LINE_BEFORE_MAX = 100 };

static ix_str line_text(ix_str text, uint32_t line) {
	if (ix_str_starts_with(text, IX_STR("\xef\xbb\xbf"))) text = ix_str_slice(text, 3, text.size);
	while (line > 1 && text.data) {
		ix_str_cut(&text, '\n');
		line--;
	}
	ix_str out = ix_str_cut(&text, '\n');
	if (ix_str_ends_with(out, IX_STR("\r"))) out.size--;
	return out;
}

/* The place of a new problem among those told: behind the earlier ones of the files. A warning gives way to
 * an error when there is no more room. SIZE_MAX: it is only counted. */
static size_t make_room(ix_conf_check *check, const ix_conf_problem *problem, uint32_t file) {
	ix_conf_problems *p = &check->problems;
	size_t limit = check->limits.problem_count_max;
	if (!p->items) {
		p->items = ix_conf_new(check, ix_conf_problem, limit);
		check->problem_files = ix_conf_new(check, uint32_t, limit);
		if (!p->items || !check->problem_files) return SIZE_MAX;
	}
	if (p->count == limit) {
		size_t last = limit;
		while (last > 0 && p->items[last - 1].code != 0) last--;
		if (problem->code == 0 || last == 0) return SIZE_MAX;
		memmove(p->items + last - 1, p->items + last, (limit - last) * sizeof p->items[0]);
		memmove(check->problem_files + last - 1, check->problem_files + last,
			(limit - last) * sizeof(uint32_t));
		p->count--;
	}
	size_t at = p->count;
	while (at > 0) {
		const ix_conf_problem *before = &p->items[at - 1];
		uint32_t before_file = check->problem_files[at - 1];
		if (before_file != file                 ? before_file < file
			: before->line != problem->line ? before->line < problem->line
							: before->column <= problem->column)
			break;
		at--;
	}
	memmove(p->items + at + 1, p->items + at, (p->count - at) * sizeof p->items[0]);
	memmove(check->problem_files + at + 1, check->problem_files + at, (p->count - at) * sizeof(uint32_t));
	p->count++;
	return at;
}

void ix_conf_tell_list(
	ix_conf_check *check, int code, ix_conf_place place, const char *format, va_list arguments) {
	if (check->stopped == IX_ERR_MEMORY) return;
	if (code)
		check->problems.error_count++;
	else
		check->problems.warning_count++;
	const ix_conf_file *file = &check->conf->files[place.file];
	ix_conf_problem problem = {
		.code = code,
		.file = file->name,
		.line = place.line,
		.column = place.column,
		.width = place.width ? place.width : 1,
	};
	size_t at = make_room(check, &problem, place.file);
	if (at == SIZE_MAX) return;
	char message[IX_ERROR_TEXT_MAX];
	ix_format_list(message, sizeof message, format, arguments);
	if (place.line > 0) problem.line_text = line_text(file->text, place.line);
	problem.message = ix_arena_copy_str(check->arena, ix_str_from(message));
	if (!problem.message.data) check->stopped = IX_ERR_MEMORY;
	check->problems.items[at] = problem;
	check->problem_files[at] = place.file;
}

void ix_conf_tell(ix_conf_check *check, int code, ix_conf_place place, const char *format, ...) {
	va_list arguments;
	va_start(arguments, format);
	ix_conf_tell_list(check, code, place, format, arguments);
	va_end(arguments);
}

void ix_conf_stop(ix_conf_check *check, int code, ix_conf_place place, const char *format, ...) {
	if (check->stopped) return;
	va_list arguments;
	va_start(arguments, format);
	ix_conf_tell_list(check, code, place, format, arguments);
	va_end(arguments);
	if (!check->stopped) check->stopped = code;
}

static void complain(ix_conf_check *check, int code, const ix_conf_node *node, int value, const char *format,
	va_list arguments) {
	bool at_value = value >= 0 && (size_t)value < node->value_count;
	ix_conf_place place = at_value ? ix_conf_value_place(node, (size_t)value) : ix_conf_name_place(node);
	ix_conf_tell_list(check, code, place, format, arguments);
}

void ix_conf_complain(ix_conf_check *check, const ix_conf_node *node, int value, const char *format, ...) {
	va_list arguments;
	va_start(arguments, format);
	complain(check, IX_ERR_INVALID, node, value, format, arguments);
	va_end(arguments);
}

void ix_conf_warn(ix_conf_check *check, const ix_conf_node *node, int value, const char *format, ...) {
	va_list arguments;
	va_start(arguments, format);
	complain(check, 0, node, value, format, arguments);
	va_end(arguments);
}

/* ---- text ---- */

static bool is_printable(uint32_t code_point) {
	return code_point >= 0x20 && (code_point < 0x7f || code_point > 0x9f) &&
	       (code_point < 0x2028 || code_point > 0x202e) && (code_point < 0x2066 || code_point > 0x2069);
}

/* The next character, '?' for one that a terminal would obey. */
static ix_str next_shown(ix_str *rest) {
	const char *from = rest->data;
	size_t before = rest->size;
	uint32_t code_point = ix_utf8_next(rest);
	bool good = is_printable(code_point) && code_point != IX_UTF8_REPLACEMENT;
	return good ? (ix_str){from, before - rest->size} : IX_STR("?");
}

ix_str ix_conf_shown(ix_conf_check *check, ix_str text) {
	size_t clean = 0;
	while (clean < text.size && text.data[clean] >= ' ' && text.data[clean] < 0x7f) clean++;
	if (clean == text.size && clean <= SHOWN_MAX) return text;
	char out[SHOWN_MAX * IX_UTF8_SIZE_MAX + 4];
	ix_writer w = ix_writer_of(out, sizeof out);
	for (size_t i = 0; text.size > 0; i++) {
		if (i == SHOWN_MAX) {
			ix_write_str(&w, IX_STR("..."));
			break;
		}
		ix_write_str(&w, next_shown(&text));
	}
	ix_str copy = ix_arena_copy_str(check->arena, (ix_str){out, w.size});
	if (copy.data) return copy;
	check->stopped = IX_ERR_MEMORY;
	return IX_STR("");
}

void ix_conf_write_text(ix_writer *w, const char *format, ...) {
	char text[IX_ERROR_TEXT_MAX + 512];
	va_list arguments;
	va_start(arguments, format);
	size_t size = ix_format_list(text, sizeof text, format, arguments);
	va_end(arguments);
	ix_write_bytes(w, text, ix_size_min(size, sizeof text - 1));
}

static void write_place(ix_writer *w, const ix_conf_problem *p) {
	ix_str name = p->file;
	while (name.size > 0) ix_write_str(w, next_shown(&name));
	if (p->line > 0) ix_conf_write_text(w, ":%u:%u", (unsigned)p->line, (unsigned)p->column);
	ix_conf_write_text(w, ": %s", p->code ? "" : "warning: ");
	ix_write_str(w, p->message);
}

static void write_padding(ix_writer *w, size_t count) {
	while (count-- > 0) ix_write_u8(w, ' ');
}

/* The source line, or the part of it around the place, and the caret below; tabs stay tabs, so that both are
 * aligned. */
static void write_line(ix_writer *w, const ix_conf_problem *p) {
	char number[16];
	size_t digits = ix_format(number, sizeof number, "%u", (unsigned)p->line);
	ix_str rest = p->line_text;
	uint32_t column = 1, from = p->column > LINE_BEFORE_MAX ? p->column - LINE_BEFORE_MAX : 1;
	for (; column < from && rest.size > 0; column++) (void)next_shown(&rest);
	ix_str start = rest;
	ix_conf_write_text(w, "  %s | %s", number, from > 1 ? "..." : "");
	for (uint32_t i = 0; i < LINE_WIDTH_MAX && rest.size > 0; i++) {
		bool tab = rest.data[0] == '\t';
		ix_str shown = next_shown(&rest);
		ix_write_str(w, tab ? IX_STR("\t") : shown);
	}
	bool cut = rest.size > 0;
	ix_write_str(w, cut ? IX_STR("...\n") : IX_STR("\n"));
	write_padding(w, digits + 2);
	ix_write_str(w, from > 1 ? IX_STR(" |    ") : IX_STR(" | "));
	for (rest = start; column < p->column; column++) {
		bool tab = rest.size > 0 && rest.data[0] == '\t';
		if (rest.size > 0) (void)next_shown(&rest);
		ix_write_u8(w, tab ? '\t' : ' ');
	}
	ix_write_u8(w, '^');
	uint32_t width_max = from + LINE_WIDTH_MAX - p->column;
	for (uint32_t i = 1; i < p->width && i < width_max; i++) ix_write_u8(w, '~');
	ix_write_u8(w, '\n');
}

static void write_problems(ix_writer *w, const ix_conf_problems *problems) {
	size_t errors = 0;
	for (size_t i = 0; i < problems->count; i++) {
		const ix_conf_problem *p = &problems->items[i];
		errors += p->code != 0;
		write_place(w, p);
		ix_write_u8(w, '\n');
		if (p->line > 0) write_line(w, p);
	}
	size_t untold = problems->error_count - errors;
	if (untold > 0) ix_conf_write_text(w, "and %zu more error%s\n", untold, untold == 1 ? "" : "s");
}

int ix_conf_problems_text(
	const ix_conf_problems *problems, ix_arena *arena, ix_str *ret_text, ix_error *err) {
	ix_writer w = ix_writer_of(NULL, 0);
	write_problems(&w, problems);
	size_t size = w.needed;
	char *out = ix_arena_take(arena, size + 1, 1);
	if (!out) return ix_fail(err, IX_ERR_MEMORY, "out of memory for %zu problems", problems->count);
	w = ix_writer_of(out, size);
	write_problems(&w, problems);
	out[size] = '\0';
	*ret_text = (ix_str){out, size};
	return 0;
}

int ix_conf_conclude(ix_conf_check *check, ix_error *err) {
	if (check->options->problems) *check->options->problems = check->problems;
	if (check->stopped == IX_ERR_MEMORY)
		return ix_fail(
			err, IX_ERR_MEMORY, "%.*s: out of memory", IX_STR_ARG(check->conf->files[0].name));
	if (check->problems.error_count == 0) return 0;
	const ix_conf_problem *first = check->problems.items;
	while (first->code == 0) first++;
	char place[32] = "", more[48] = "";
	size_t others = check->problems.error_count - 1;
	if (first->line > 0)
		ix_format(place, sizeof place, ":%u:%u", (unsigned)first->line, (unsigned)first->column);
	if (others > 0)
		ix_format(more, sizeof more, " (and %zu more error%s)", others, others == 1 ? "" : "s");
	return ix_fail(err, first->code, "%.*s%s: %.*s%s", IX_STR_ARG(first->file), place,
		IX_STR_ARG(first->message), more);
}

/* ---- did you mean ---- */

void ix_conf_nearest_offer(ix_conf_nearest *nearest, ix_str candidate) {
	size_t distance = ix_str_distance(nearest->word, candidate);
	size_t limit = 1 + nearest->word.size / 4;
	if (distance > limit || distance >= candidate.size) return;
	if (nearest->best.size > 0 && nearest->distance <= distance) return;
	nearest->best = candidate;
	nearest->distance = distance;
}
