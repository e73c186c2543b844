/* page.c - text for people: filled paragraphs, and entries with a column of explanations. For the help pages.
 */
#include "internal.h"

ix_command_page ix_command_page_of(const ix_program *program, FILE *out) {
	bool terminal = program->columns && out == program->out;
	unsigned columns = terminal ? program->columns : 80;
	return (ix_command_page){out,
		columns < 40    ? 40
		: columns > 100 ? 100
				: columns,
		program->colour_out && out == program->out};
}

void ix_command_print_heading(const ix_command_page *page, const char *text) {
	fprintf(page->out, "\n%s%s:%s\n", ix_style_on(page->colour, IX_STYLE_STRONG), text,
		ix_style_off(page->colour, IX_STYLE_STRONG));
}

static void print_spaces(FILE *out, size_t count) { fprintf(out, "%*s", (int)count, ""); }

/* Fills words from `at` columns on; later lines start at `indent`. Ends the line. */
static void print_filled(const ix_command_page *page, size_t indent, size_t at, ix_str text) {
	bool first = true;
	while (text.size) {
		ix_str word = ix_str_cut(&text, ' ');
		if (!word.size) continue;
		size_t width = ix_display_width(word);
		if (!first && at + 1 + width > page->columns) {
			fputc('\n', page->out);
			print_spaces(page->out, indent);
			at = indent;
		} else if (!first) {
			fputc(' ', page->out);
			at++;
		}
		fwrite(word.data, 1, word.size, page->out);
		at += width;
		first = false;
	}
	fputc('\n', page->out);
}

void ix_command_print_text(const ix_command_page *page, size_t indent, const char *text) {
	ix_str rest = ix_str_from(text);
	while (rest.size) {
		/* A paragraph: lines up to an empty one or one that stands as it is. */
		const char *start = rest.data;
		size_t size = 0;
		while (rest.size && rest.data[0] != '\n' && (size == 0 || rest.data[0] != ' ')) {
			ix_str line = ix_str_cut(&rest, '\n');
			size = (size_t)(line.data + line.size - start);
			if (line.data[0] == ' ') break;
		}
		if (size && start[0] == ' ') {
			print_spaces(page->out, indent);
			fprintf(page->out, "%.*s\n", (int)size, start);
		} else if (size) {
			char filled[4096];
			size = ix_size_min(size, sizeof filled);
			for (size_t i = 0; i < size; i++) filled[i] = start[i] == '\n' ? ' ' : start[i];
			print_spaces(page->out, indent);
			print_filled(page, indent, indent, (ix_str){filled, size});
		} else {
			fputc('\n', page->out);
			(void)ix_str_cut(&rest, '\n');
		}
	}
}

void ix_command_print_entry(
	const ix_command_page *page, size_t indent, const char *left, size_t column, const char *text) {
	size_t width = indent + ix_display_width(ix_str_from(left));
	print_spaces(page->out, indent);
	fputs(left, page->out);
	if (!*text) {
		fputc('\n', page->out);
		return;
	}
	if (width + 2 > column) {
		fputc('\n', page->out);
		width = 0;
	}
	print_spaces(page->out, column - width);
	print_filled(page, column, column, ix_str_from(text));
}
