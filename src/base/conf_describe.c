/* conf_describe.c - the reference page of a schema, from the same table that checks the files: plain text for
 * a terminal, Markdown for the handbook, or a manual page of section 5. */
#include "conf_inside.h"

enum { DEPTH_MAX = 16, TEXT_WIDTH = 80, INDENT = 4 };

typedef struct page {
	ix_writer out;
	ix_conf_page kind;
	const ix_conf_entry *path[DEPTH_MAX]; /* the directives whose blocks are being described */
	size_t depth;
} page;

/* ---- the three kinds of pages ---- */

static void put(page *p, const char *text) { ix_write_str(&p->out, ix_str_from(text)); }

/* Text that troff does not take for its own. */
static void put_man(page *p, ix_str text, bool line_start) {
	for (size_t i = 0; i < text.size; i++) {
		char c = text.data[i];
		if (line_start && (c == '.' || c == '\'')) put(p, "\\&");
		line_start = c == '\n';
		if (c == '\\')
			put(p, "\\e");
		else if (c == '-')
			put(p, "\\-");
		else
			ix_write_u8(&p->out, (uint8_t)c);
	}
}

static void put_indent(page *p, size_t count) {
	for (size_t i = 0; i < count; i++) ix_write_u8(&p->out, ' ');
}

/* Words filled into lines, each line after `indent` spaces. */
static void put_filled(page *p, ix_str text, size_t indent) {
	size_t column = 0;
	while (text.size > 0) {
		size_t from = 0, to;
		while (from < text.size && (text.data[from] == ' ' || text.data[from] == '\n')) from++;
		for (to = from; to < text.size && text.data[to] != ' ' && text.data[to] != '\n'; to++) {}
		ix_str word = ix_str_slice(text, from, to);
		uint32_t width = ix_conf_width(word);
		text = ix_str_slice(text, to, text.size);
		if (width == 0) continue;
		if (column > 0 && column + 1 + width > TEXT_WIDTH) {
			put(p, "\n");
			column = 0;
		}
		if (column == 0) {
			put_indent(p, indent);
			column = indent;
		} else {
			put(p, " ");
			column++;
		}
		ix_write_str(&p->out, word);
		column += width;
	}
	put(p, "\n");
}

/* Paragraphs are parted by empty lines. */
static void put_paragraphs(page *p, const char *text, size_t depth) {
	ix_str rest = ix_str_from(text);
	while (rest.data) {
		size_t end = 0;
		while (end < rest.size &&
			!ix_str_starts_with(ix_str_slice(rest, end, rest.size), IX_STR("\n\n")))
			end++;
		ix_str paragraph = ix_str_trim(ix_str_slice(rest, 0, end));
		rest = end < rest.size ? ix_str_slice(rest, end + 2, rest.size) : (ix_str){NULL, 0};
		if (paragraph.size == 0) continue;
		if (p->kind == IX_CONF_PAGE_TEXT) {
			put_filled(p, paragraph, depth * INDENT);
			put(p, rest.data ? "\n" : "");
		} else if (p->kind == IX_CONF_PAGE_MAN) {
			put_man(p, paragraph, true);
			put(p, rest.data ? "\n.sp\n" : "\n");
		} else {
			ix_write_str(&p->out, paragraph);
			put(p, rest.data ? "\n\n" : "\n");
		}
	}
}

static void put_heading(page *p, const char *title) {
	if (p->kind == IX_CONF_PAGE_MAN)
		ix_conf_write_text(&p->out, ".SH %s\n", title);
	else
		ix_conf_write_text(&p->out, p->kind == IX_CONF_PAGE_TEXT ? "\n%s\n\n" : "\n## %s\n\n", title);
}

static void put_code(page *p, const char *text) {
	ix_str rest = ix_str_trim(ix_str_from(text));
	if (p->kind == IX_CONF_PAGE_MARKDOWN) {
		ix_conf_write_text(&p->out, "```\n");
		ix_write_str(&p->out, rest);
		put(p, "\n```\n");
		return;
	}
	if (p->kind == IX_CONF_PAGE_MAN) put(p, ".nf\n");
	while (rest.data) {
		ix_str line = ix_str_cut(&rest, '\n');
		if (p->kind == IX_CONF_PAGE_MAN) {
			put_man(p, line, true);
		} else if (line.size > 0) {
			put_indent(p, INDENT);
			ix_write_str(&p->out, line);
		}
		put(p, "\n");
	}
	if (p->kind == IX_CONF_PAGE_MAN) put(p, ".fi\n");
}

/* ---- what a value may be ---- */

static void write_choices(ix_writer *w, const char *choices) {
	ix_str rest = ix_str_from(choices);
	ix_conf_write_text(w, "One of");
	for (const char *between = " "; rest.data; between = ", ") {
		ix_str word = ix_str_cut(&rest, '|');
		ix_conf_write_text(w, "%s%.*s", between, IX_STR_ARG(word));
	}
}

static void write_bounds(ix_writer *w, const ix_conf_entry *e) {
	char low[48], high[48];
	bool is_text = ix_conf_natural_field(e->kind) == IX_CONF_FIELD_TEXT;
	ix_conf_show(low, sizeof low, e->kind, e->decimals, e->minimum);
	ix_conf_show(high, sizeof high, e->kind, e->decimals, e->maximum);
	if (e->maximum == INT64_MAX)
		ix_conf_write_text(w, ", at least %s", low);
	else if (e->minimum == INT64_MIN)
		ix_conf_write_text(w, ", at most %s", high);
	else
		ix_conf_write_text(w, ", %s%s to %s", is_text ? "" : "from ", low, high);
	if (is_text) ix_conf_write_text(w, " bytes");
}

static void write_kind(ix_writer *w, const ix_conf_entry *e) {
	static const char *const names[IX_CONF_KIND_COUNT] = {
		[IX_CONF_NONE] = "",
		[IX_CONF_TEXT] = "Text",
		[IX_CONF_NAME] = "A name of letters, digits, '_', '-' and '.'",
		[IX_CONF_PATH] = "A file or folder; a relative path starts at the folder of this file",
		[IX_CONF_INTEGER] = "A whole number",
		[IX_CONF_DECIMAL] = "A number",
		[IX_CONF_SIZE] = "A size such as 512, 10k or 1.5g",
		[IX_CONF_DURATION] = "A duration such as 250ms, 5s or 1h30m",
		[IX_CONF_PERCENT] = "A percentage such as 20% or 0.5%",
		[IX_CONF_RATE] = "A rate such as 100/s or 5/10m",
		[IX_CONF_BOOLEAN] = "on or off; nothing means on",
		[IX_CONF_CHOICE] = "",
		[IX_CONF_ADDRESS] = "An address such as 127.0.0.1:8080, [::1]:443, :80 or unix:run/x.sock",
		[IX_CONF_CUSTOM] = "",
		[IX_CONF_VALUES] = "",
	};
	if (e->kind == IX_CONF_CHOICE)
		write_choices(w, e->choices);
	else
		ix_conf_write_text(w, "%s", names[e->kind]);
	if (e->kind == IX_CONF_DECIMAL && e->decimals)
		ix_conf_write_text(w, " with up to %u decimals", e->decimals);
	if (e->minimum != 0 || e->maximum != 0) write_bounds(w, e);
	if (e->many) ix_conf_write_text(w, "; one or more, with or without commas between");
}

static void write_sentence_end(ix_writer *w, size_t before) {
	if (w->needed > before) ix_conf_write_text(w, ".");
}

static void put_facts(page *p, const ix_conf_entry *e, size_t depth) {
	char text[1024];
	ix_writer w = ix_writer_of(text, sizeof text - 1);
	if (!e->arguments) write_kind(&w, e);
	write_sentence_end(&w, 0);
	if (e->fallback) ix_conf_write_text(&w, "%sDefault: %s.", w.size ? " " : "", e->fallback);
	if (e->required) ix_conf_write_text(&w, "%sRequired.", w.size ? " " : "");
	if (e->repeatable) {
		ix_conf_write_text(&w, "%sMay stand more than once", w.size ? " " : "");
		if (e->count_max) ix_conf_write_text(&w, ", up to %u times", (unsigned)e->count_max);
		ix_conf_write_text(&w, e->unique ? ", each with another first value." : ".");
	}
	text[w.size] = '\0';
	if (w.size) put_paragraphs(p, text, depth);
}

/* ---- directives ---- */

static void put_usage(page *p, const ix_conf_entry *e) {
	char usage[512];
	ix_writer w = ix_writer_of(usage, sizeof usage);
	ix_conf_write_usage(&w, e);
	ix_str text = {usage, w.size};
	if (p->kind == IX_CONF_PAGE_TEXT) {
		put_indent(p, p->depth * INDENT);
		ix_write_str(&p->out, text);
		put(p, "\n");
	} else if (p->kind == IX_CONF_PAGE_MAN) {
		put(p, ".TP\n.B ");
		put_man(p, text, false);
		put(p, "\n");
	} else {
		put(p, "### ");
		for (size_t i = 0; i < p->depth; i++) ix_conf_write_text(&p->out, "%s > ", p->path[i]->name);
		ix_conf_write_text(&p->out, "%s\n\n    ", e->name[0] == '*' ? "NAME" : e->name);
		ix_write_str(&p->out, text);
		put(p, "\n\n");
	}
}

/* A help text comes as in a table of options, without a capital letter and a full stop. */
static void write_help(ix_writer *w, const char *help) {
	size_t size = ix_str_from(help).size;
	char first = help[0];
	bool is_lower = first >= 'a' && first <= 'z', ended = size > 0 && help[size - 1] == '.';
	if (size == 0) return;
	ix_conf_write_text(w, "%c%s%s", is_lower ? first - 0x20 : first, help + 1, ended ? "" : ".");
}

static void put_help(page *p, const char *help) {
	char text[1024];
	ix_writer w = ix_writer_of(text, sizeof text - 1);
	write_help(&w, help);
	text[w.size] = '\0';
	put_paragraphs(p, w.failed ? help : text, p->depth + 1);
}

static void put_arguments(page *p, const ix_conf_entry *e) {
	size_t count;
	const ix_conf_entry *arguments = ix_conf_arguments(e, &count);
	if (e->arguments && p->kind == IX_CONF_PAGE_MARKDOWN) put(p, "\n");
	for (size_t i = 0; e->arguments && i < count; i++) {
		const ix_conf_entry *a = &arguments[i];
		char text[1024];
		ix_writer w = ix_writer_of(text, sizeof text - 1);
		ix_conf_write_text(&w, p->kind == IX_CONF_PAGE_MARKDOWN ? "- `%s`: " : "%s: ", a->name);
		if (a->help) write_help(&w, a->help);
		if (a->help) ix_conf_write_text(&w, " ");
		size_t before = w.needed;
		write_kind(&w, a);
		write_sentence_end(&w, before);
		if (a->fallback) ix_conf_write_text(&w, " Default: %s.", a->fallback);
		text[w.size] = '\0';
		if (p->kind == IX_CONF_PAGE_MAN) put(p, ".br\n");
		put_paragraphs(p, text, p->depth + 1);
	}
}

static bool is_on_path(const page *p, const ix_conf_entry *e) {
	for (size_t i = 0; i < p->depth; i++) {
		if (p->path[i]->block == e->block) return true;
	}
	return false;
}

static void put_table(page *p, const ix_conf_entry *table) {
	for (const ix_conf_entry *e = table; e->name; e++) {
		put_usage(p, e);
		if (e->help) put_help(p, e->help);
		if (e->help && p->kind == IX_CONF_PAGE_MARKDOWN) put(p, "\n");
		if (e->help && p->kind == IX_CONF_PAGE_MAN) put(p, ".br\n");
		put_facts(p, e, p->depth + 1);
		put_arguments(p, e);
		if (p->kind != IX_CONF_PAGE_MAN) put(p, "\n");
		if (!e->block) continue;
		if (is_on_path(p, e) || p->depth == DEPTH_MAX) {
			put_paragraphs(p, "Its block may hold the same again.", p->depth + 1);
			if (p->kind != IX_CONF_PAGE_MAN) put(p, "\n");
			continue;
		}
		if (p->kind == IX_CONF_PAGE_MAN) put(p, ".RS\n");
		p->path[p->depth++] = e;
		put_table(p, e->block);
		p->depth--;
		if (p->kind == IX_CONF_PAGE_MAN) put(p, ".RE\n");
	}
}

static void put_page(page *p, const ix_conf_schema *schema) {
	if (p->kind == IX_CONF_PAGE_MAN)
		ix_conf_write_text(&p->out, ".TH %s.conf 5\n.SH NAME\n%s.conf \\- %s\n", schema->name,
			schema->name, schema->summary);
	else
		ix_conf_write_text(&p->out,
			p->kind == IX_CONF_PAGE_TEXT ? "%s.conf - %s\n" : "# %s.conf\n\n%s\n", schema->name,
			schema->summary);
	if (schema->description) {
		put(p, p->kind == IX_CONF_PAGE_MAN ? ".SH DESCRIPTION\n" : "\n");
		put_paragraphs(p, schema->description, 0);
	}
	put_heading(p, p->kind == IX_CONF_PAGE_MARKDOWN ? "Directives" : "DIRECTIVES");
	put_table(p, schema->directives);
	if (schema->example) {
		put_heading(p, p->kind == IX_CONF_PAGE_MARKDOWN ? "Example" : "EXAMPLE");
		put_code(p, schema->example);
	}
}

int ix_conf_describe(
	ix_arena *arena, const ix_conf_schema *schema, ix_conf_page kind, ix_str *ret_text, ix_error *err) {
	page p = {.kind = kind};
	put_page(&p, schema);
	size_t size = p.out.needed;
	char *out = ix_arena_take(arena, size + 1, 1);
	if (!out) return ix_fail(err, IX_ERR_MEMORY, "out of memory for the page of %s", schema->name);
	p = (page){.kind = kind, .out = ix_writer_of(out, size)};
	put_page(&p, schema);
	out[size] = '\0';
	*ret_text = (ix_str){out, size};
	return 0;
}
