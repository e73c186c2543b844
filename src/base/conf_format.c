/* conf_format.c - a configuration in its canonical form. Works on the tokens, so that comments and the
 * author's line breaks between values stay, after the parser has found that there is nothing wrong with them.
 */
#include "conf_inside.h"

enum { WIDTH_MAX = 100, TAB_WIDTH = 8 };

typedef struct formatter {
	const ix_conf_token *tokens; /* the last is IX_CONF_TOKEN_END */
	size_t next;
	ix_writer out;
	size_t column; /* of the line being written, from 0 */
	size_t depth;
} formatter;

static const ix_conf_token *peek(const formatter *f) { return &f->tokens[f->next]; }

static void put(formatter *f, ix_str text) {
	ix_write_str(&f->out, text);
	f->column += ix_conf_width(text);
}

static void put_line(formatter *f, size_t depth) {
	ix_write_u8(&f->out, '\n');
	for (size_t i = 0; i < depth; i++) ix_write_u8(&f->out, '\t');
	f->column = depth * TAB_WIDTH;
}

static ix_str comment_text(const ix_conf_token *token) {
	ix_str text = token->source;
	while (text.size > 0 && (text.data[text.size - 1] == ' ' || text.data[text.size - 1] == '\t'))
		text.size--;
	return text;
}

static bool is_comment(const ix_conf_token *token) { return token->kind == IX_CONF_TOKEN_COMMENT; }

/* Comments that begin behind something on its line. Returns whether there was one. */
static bool put_trailing_comment(formatter *f) {
	if (!is_comment(peek(f)) || peek(f)->lines_before > 0) return false;
	put(f, IX_STR("  "));
	put(f, comment_text(peek(f)));
	f->next++;
	return true;
}

/* ---- blocks that stay on one line ---- */

/* The index behind the block that opens at `open`, when all of it stands on one line without a comment, or is
 * empty; else 0. */
static size_t one_line_end(const formatter *f, size_t open) {
	size_t depth = 0;
	for (size_t i = open;; i++) {
		const ix_conf_token *t = &f->tokens[i];
		if (t->kind == IX_CONF_TOKEN_END || is_comment(t)) return 0;
		bool empty = t->kind == IX_CONF_TOKEN_CLOSE && i == open + 1;
		if (i > open && t->lines_before > 0 && !empty) return 0;
		if (t->kind == IX_CONF_TOKEN_OPEN) depth++;
		if (t->kind == IX_CONF_TOKEN_CLOSE && --depth == 0) return i + 1;
	}
}

/* The width of tokens on one line, with the spaces that the canonical form has between them. */
static size_t one_line_width(const formatter *f, size_t from, size_t to) {
	size_t width = 0;
	for (size_t i = from; i < to; i++) {
		ix_conf_token_kind kind = f->tokens[i].kind;
		bool tight = kind == IX_CONF_TOKEN_SEMICOLON || kind == IX_CONF_TOKEN_COMMA;
		width += ix_conf_width(f->tokens[i].source) + !tight;
	}
	return width;
}

static void put_one_line_block(formatter *f, size_t end) {
	for (; f->next < end; f->next++) {
		ix_conf_token_kind kind = peek(f)->kind;
		if (kind != IX_CONF_TOKEN_SEMICOLON && kind != IX_CONF_TOKEN_COMMA) put(f, IX_STR(" "));
		put(f, peek(f)->source);
	}
}

/* ---- directives ---- */

/* Name, values and the sign that ends them; a value that began a line begins one again, a level deeper. */
static ix_conf_token_kind put_head(formatter *f) {
	bool first = true, after_comment = false;
	for (;; first = false) {
		const ix_conf_token *t = peek(f);
		ix_conf_token_kind kind = t->kind;
		bool is_end = kind == IX_CONF_TOKEN_SEMICOLON || kind == IX_CONF_TOKEN_OPEN ||
			      kind == IX_CONF_TOKEN_COMMA;
		bool breaks = after_comment || (t->lines_before > 0 && !is_end);
		if (is_comment(t) && t->lines_before == 0) {
			put_trailing_comment(f);
			after_comment = true;
			continue;
		}
		if (!first && breaks)
			put_line(f, f->depth + 1);
		else if (!first && kind != IX_CONF_TOKEN_SEMICOLON && kind != IX_CONF_TOKEN_COMMA)
			put(f, IX_STR(" "));
		after_comment = is_comment(t);
		if (kind == IX_CONF_TOKEN_OPEN) return kind;
		put(f, after_comment ? comment_text(t) : t->source);
		f->next++;
		if (kind == IX_CONF_TOKEN_SEMICOLON) return kind;
	}
}

/* What a directive or a comment of a block is set apart from the one before by: its own line, after at most
 * one empty one. */
static void begin_line(formatter *f, bool first) {
	bool gap = !first && peek(f)->lines_before > 1;
	bool at_start = f->out.needed == 0;
	if (gap) ix_write_u8(&f->out, '\n');
	if (!at_start) put_line(f, f->depth);
}

static void put_directives(formatter *f) {
	for (bool first = true;; first = false) {
		const ix_conf_token *t = peek(f);
		if (t->kind == IX_CONF_TOKEN_CLOSE || t->kind == IX_CONF_TOKEN_END) return;
		begin_line(f, first);
		if (is_comment(t)) {
			put(f, comment_text(t));
			f->next++;
			continue;
		}
		if (put_head(f) == IX_CONF_TOKEN_OPEN) {
			size_t end = one_line_end(f, f->next);
			if (end && f->column + one_line_width(f, f->next, end) <= WIDTH_MAX + 1) {
				put(f, IX_STR("{"));
				f->next++;
				put_one_line_block(f, end);
			} else {
				put(f, IX_STR("{"));
				f->next++;
				put_trailing_comment(f);
				f->depth++;
				put_directives(f); /* as deep as the parser went */
				f->depth--;
				put_line(f, f->depth);
				put(f, IX_STR("}"));
				f->next++;
			}
		}
		put_trailing_comment(f);
	}
}

/* ---- the whole ---- */

static const ix_conf_token *all_tokens(ix_conf_check *check) {
	ix_conf_lexer lexer;
	size_t capacity = 64, count = 0;
	ix_conf_token *tokens = ix_conf_new(check, ix_conf_token, capacity);
	if (!tokens || !ix_conf_lexer_init(&lexer, check, 0)) return NULL;
	for (;;) {
		if (count == capacity) {
			ix_conf_token *larger = ix_conf_new(check, ix_conf_token, capacity * 2);
			if (!larger) return NULL;
			memcpy(larger, tokens, count * sizeof *tokens);
			tokens = larger;
			capacity *= 2;
		}
		tokens[count] = ix_conf_lex(&lexer, true);
		if (tokens[count++].kind == IX_CONF_TOKEN_END) return tokens;
	}
}

static size_t run(const ix_conf_token *tokens, char *out, size_t capacity) {
	formatter f = {.tokens = tokens, .out = ix_writer_of(out, capacity)};
	put_directives(&f);
	if (f.out.needed > 0) ix_write_u8(&f.out, '\n');
	return f.out.needed;
}

int ix_conf_format(ix_arena *arena, ix_str name, ix_str text, ix_str *ret_text, ix_error *err) {
	static const ix_conf_options plain;
	ix_conf_check check;
	ix_conf_check_init(&check, arena, &plain);
	if (check.stopped) return ix_fail(err, IX_ERR_MEMORY, "%.*s: out of memory", IX_STR_ARG(name));
	check.as_written = true;
	check.conf->files[0] = (ix_conf_file){name, text, 0};
	const ix_conf_token *tokens = NULL;
	if (ix_conf_add_file(&check, name, text, 0, (ix_conf_place){0, 0, 0, 0})) {
		ix_conf_read_files(&check);
		if (check.problems.error_count == 0 && !check.stopped) tokens = all_tokens(&check);
	}
	size_t size = tokens ? run(tokens, NULL, 0) : 0;
	char *out = tokens ? ix_conf_new(&check, char, size + 1) : NULL;
	int code = ix_conf_conclude(&check, err);
	if (code) return code;
	run(tokens, out, size);
	*ret_text = (ix_str){out, size};
	return 0;
}
