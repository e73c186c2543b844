/* conf_lex.c - bytes to tokens: words, quoted texts, comments and the four signs `;` `{` `}` `,`; and what a
 * token means once its escapes and variables are filled in. Lines and columns count from 1, columns in
 * characters. */
#include "conf_inside.h"

#include <inox/text.h>

enum { PLAIN, DOLLAR, SPACE, SIGN, QUOTE, CONTROL, HIGH };

/* What a byte of ASCII is to a word. */
enum { P = PLAIN, D = DOLLAR, S = SPACE, G = SIGN, Q = QUOTE, C = CONTROL };
static const uint8_t classes[128] = {
	C,
	C,
	C,
	C,
	C,
	C,
	C,
	C,
	C,
	S,
	S,
	C,
	C,
	S,
	C,
	C,
	C,
	C,
	C,
	C,
	C,
	C,
	C,
	C,
	C,
	C,
	C,
	C,
	C,
	C,
	C,
	C,
	S,
	P,
	Q,
	P,
	D,
	P,
	P,
	Q,
	P,
	P,
	P,
	P,
	G,
	P,
	P,
	P,
	P,
	P,
	P,
	P,
	P,
	P,
	P,
	P,
	P,
	P,
	P,
	G,
	P,
	P,
	P,
	P,
	P,
	P,
	P,
	P,
	P,
	P,
	P,
	P,
	P,
	P,
	P,
	P,
	P,
	P,
	P,
	P,
	P,
	P,
	P,
	P,
	P,
	P,
	P,
	P,
	P,
	P,
	P,
	P,
	P,
	P,
	P,
	P,
	P,
	P,
	P,
	P,
	P,
	P,
	P,
	P,
	P,
	P,
	P,
	P,
	P,
	P,
	P,
	P,
	P,
	P,
	P,
	P,
	P,
	P,
	P,
	P,
	P,
	P,
	P,
	G,
	P,
	G,
	P,
	C,
};

static unsigned class_of(char c) { return (uint8_t)c < 0x80 ? classes[(uint8_t)c] : HIGH; }

/* ---- characters that look like others, or hide: they come with pasted text ---- */

typedef struct impostor {
	uint32_t first, last;
	bool everywhere; /* also in quoted texts and comments */
	const char *says;
} impostor;

static const impostor impostors[] = {
	{0x00a0, 0x00a0, false, "a no-break space (U+00A0); use an ordinary space"},
	{0x2018, 0x2019, false, "a typographic quote; use ' or \""},
	{0x201c, 0x201d, false, "a typographic quote; use ' or \""},
	{0x2000, 0x200a, false, "an unusual space; use an ordinary one"},
	{0x3000, 0x3000, false, "an ideographic space (U+3000); use an ordinary one"},
	{0x200b, 0x200d, false, "an invisible character; remove it, or quote the text"},
	{0xfeff, 0xfeff, false, "an invisible character; remove it, or quote the text"},
	{0x2028, 0x2029, true, "a Unicode line separator; use an ordinary line end"},
	{0x202a, 0x202e, true, "a character that turns the direction of writing; remove it"},
	{0x2066, 0x2069, true, "a character that turns the direction of writing; remove it"},
	{0x0080, 0x009f, true, "a control character; remove it"},
};

static const impostor *find_impostor(uint32_t code_point, bool in_word) {
	for (size_t i = 0; i < IX_COUNT(impostors); i++) {
		if (code_point >= impostors[i].first && code_point <= impostors[i].last &&
			(in_word || impostors[i].everywhere))
			return &impostors[i];
	}
	return NULL;
}

/* ---- walking ---- */

uint32_t ix_conf_width(ix_str text) {
	uint32_t width = 0;
	for (size_t i = 0; i < text.size; i++) width += ((uint8_t)text.data[i] & 0xc0) != 0x80;
	return width;
}

static uint32_t column_of(const ix_conf_lexer *l) {
	return (uint32_t)(l->at - l->line_start - l->line_extra + 1);
}

static ix_conf_place here(const ix_conf_lexer *l) {
	return (ix_conf_place){l->file, l->line, column_of(l), 1};
}

/* Over one byte or character of a token; tells what may not be there, and returns false. */
static bool step(ix_conf_lexer *l, bool in_word) {
	char c = l->text.data[l->at];
	unsigned kind = class_of(c);
	if (kind == HIGH) {
		ix_str rest = ix_str_slice(l->text, l->at, l->text.size);
		uint32_t code_point = ix_utf8_next(&rest);
		const impostor *found = find_impostor(code_point, in_word);
		ix_conf_place place = here(l);
		size_t size = l->text.size - l->at - rest.size;
		l->at += size;
		l->line_extra += size - 1;
		if (!found) return true;
		ix_conf_tell(l->check, IX_ERR_SYNTAX, place, "here is %s", found->says);
		return false;
	}
	if (kind == CONTROL || c == '\r') {
		ix_conf_tell(l->check, IX_ERR_SYNTAX, here(l),
			"here is the control character U+%04X; remove it", (unsigned)(uint8_t)c);
		l->at++;
		return false;
	}
	l->at++;
	return true;
}

static bool at_line_end(const ix_conf_lexer *l) {
	if (l->at == l->text.size) return true;
	char c = l->text.data[l->at];
	return c == '\n' || (c == '\r' && l->at + 1 < l->text.size && l->text.data[l->at + 1] == '\n');
}

/* Returns the line ends that were passed. */
static uint32_t skip_space(ix_conf_lexer *l) {
	uint32_t lines = 0;
	while (l->at < l->text.size && class_of(l->text.data[l->at]) == SPACE) {
		char c = l->text.data[l->at];
		if (c == '\r' && !at_line_end(l)) {
			step(l, true);
			continue;
		}
		l->at++;
		if (c != '\n') continue;
		lines++;
		l->line++;
		l->line_start = l->at;
		l->line_extra = 0;
	}
	return lines;
}

/* ---- tokens ---- */

static void lex_comment(ix_conf_lexer *l, ix_conf_token *token) {
	token->kind = IX_CONF_TOKEN_COMMENT;
	while (!at_line_end(l)) {
		if (class_of(l->text.data[l->at]) < CONTROL && l->text.data[l->at] != '\r')
			l->at++;
		else
			step(l, false);
	}
}

/* `${NAME}` or `${NAME:default}` from the dollar on. */
static bool lex_variable(ix_conf_lexer *l) {
	ix_conf_place start = here(l);
	size_t from = l->at, end = from + 2;
	while (end < l->text.size &&
		(class_of(l->text.data[end]) == PLAIN || class_of(l->text.data[end]) == HIGH ||
			l->text.data[end] == ';' || l->text.data[end] == ',' || l->text.data[end] == ' '))
		end++;
	bool closed = end < l->text.size && l->text.data[end] == '}';
	ix_str inside = ix_str_slice(l->text, from + 2, end);
	size_t name = 0;
	while (name < inside.size && inside.data[name] != ':') {
		char c = inside.data[name];
		bool good = c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			    (name > 0 && c >= '0' && c <= '9');
		if (!good) break;
		name++;
	}
	if (!closed || name == 0 || (name < inside.size && inside.data[name] != ':')) {
		size_t size = closed ? end + 1 - from : 2;
		start.width = ix_conf_width(ix_str_slice(l->text, from, from + size));
		ix_conf_tell(
			l->check, IX_ERR_SYNTAX, start, "a variable is written ${NAME} or ${NAME:default}");
		for (size_t stop = from + size; l->at < stop;) step(l, false);
		return false;
	}
	bool good = true;
	while (l->at <= end) good = step(l, false) && good;
	return good;
}

static void lex_word(ix_conf_lexer *l, ix_conf_token *token) {
	bool good = true;
	token->kind = IX_CONF_TOKEN_WORD;
	while (l->at < l->text.size) {
		unsigned kind = class_of(l->text.data[l->at]);
		if (kind == SPACE || kind == SIGN) break;
		if (kind == PLAIN)
			l->at++;
		else if (kind == DOLLAR && l->at + 1 < l->text.size && l->text.data[l->at + 1] == '{') {
			token->has_variable = true;
			good = lex_variable(l) && good;
		} else if (kind == QUOTE) {
			if (good)
				ix_conf_tell(l->check, IX_ERR_SYNTAX, here(l),
					"here is a quote inside a word; put the whole value in quotes");
			good = false;
			l->at++;
		} else {
			good = step(l, true) && good;
		}
	}
	if (!good) token->kind = IX_CONF_TOKEN_BAD;
}

/* The rest of a line after a quote that is not closed was probably not meant to be text. */
static char last_sign(const ix_conf_lexer *l, size_t from) {
	ix_str line = ix_str_trim(ix_str_slice(l->text, from, l->at));
	char last = line.size > 0 ? line.data[line.size - 1] : 0;
	return last == ';' || last == '{' || last == '}' ? last : 0;
}

static void lex_quoted(ix_conf_lexer *l, ix_conf_token *token) {
	char quote = l->text.data[l->at];
	size_t from = l->at;
	bool good = true;
	token->kind = IX_CONF_TOKEN_QUOTED;
	l->at++;
	while (!at_line_end(l) && l->text.data[l->at] != quote) {
		char c = l->text.data[l->at], next = l->at + 1 < l->text.size ? l->text.data[l->at + 1] : 0;
		if (quote == '"' && c == '\\') {
			token->has_escape = true;
			l->at++;
			if (!at_line_end(l)) good = step(l, false) && good;
		} else if (quote == '"' && c == '$' && next == '{') {
			token->has_variable = true;
			good = lex_variable(l) && good;
		} else {
			good = (c == '\t' ? (l->at++, true) : step(l, false)) && good;
		}
	}
	if (at_line_end(l)) {
		ix_conf_place place = ix_conf_token_place(l->file, token);
		place.width = 1;
		ix_conf_tell(l->check, IX_ERR_SYNTAX, place, "this quote is not closed on its line");
		token->ends_with = last_sign(l, from + 1);
		token->kind = IX_CONF_TOKEN_BAD;
		return;
	}
	l->at++;
	unsigned after = l->at < l->text.size ? class_of(l->text.data[l->at]) : SPACE;
	if (after != SPACE && after != SIGN) {
		ix_conf_tell(l->check, IX_ERR_SYNTAX, here(l), "a space is missing after the quoted text");
		good = false;
		while (l->at < l->text.size && class_of(l->text.data[l->at]) != SPACE &&
			class_of(l->text.data[l->at]) != SIGN)
			step(l, false);
	}
	if (!good) token->kind = IX_CONF_TOKEN_BAD;
}

static void lex_sign(ix_conf_lexer *l, ix_conf_token *token) {
	switch (l->text.data[l->at++]) {
	case ';': token->kind = IX_CONF_TOKEN_SEMICOLON; break;
	case '{': token->kind = IX_CONF_TOKEN_OPEN; break;
	case '}': token->kind = IX_CONF_TOKEN_CLOSE; break;
	default: token->kind = IX_CONF_TOKEN_COMMA;
	}
}

bool ix_conf_lexer_init(ix_conf_lexer *l, ix_conf_check *check, uint32_t file) {
	*l = (ix_conf_lexer){.check = check, .text = check->conf->files[file].text, .file = file, .line = 1};
	if (ix_str_starts_with(l->text, IX_STR("\xef\xbb\xbf"))) l->at = l->line_start = 3;
	size_t good = ix_utf8_check(l->text);
	if (good == l->text.size) return true;
	ix_conf_place place = {file, 1, 0, 1};
	size_t start = l->line_start;
	for (size_t i = start; i < good; i++) {
		if (l->text.data[i] != '\n') continue;
		place.line++;
		start = i + 1;
	}
	place.column = ix_conf_width(ix_str_slice(l->text, start, good)) + 1;
	ix_conf_tell(check, IX_ERR_SYNTAX, place, "here is the byte 0x%02x, which is not UTF-8",
		(unsigned)(uint8_t)l->text.data[good]);
	return false;
}

ix_conf_token ix_conf_lex(ix_conf_lexer *l, bool want_comments) {
	if (l->has_pushed) {
		l->has_pushed = false;
		return l->pushed;
	}
	ix_conf_token token;
	uint32_t lines = 0;
	do {
		lines += skip_space(l);
		token = (ix_conf_token){.line = l->line, .column = column_of(l), .lines_before = lines};
		size_t from = l->at;
		char c = l->at < l->text.size ? l->text.data[l->at] : 0;
		if (l->at == l->text.size)
			token.kind = IX_CONF_TOKEN_END;
		else if (c == '#')
			lex_comment(l, &token);
		else if (class_of(c) == SIGN)
			lex_sign(l, &token);
		else {
			token.source = ix_str_slice(l->text, from, from + 1);
			if (class_of(c) == QUOTE)
				lex_quoted(l, &token);
			else
				lex_word(l, &token);
		}
		token.source = ix_str_slice(l->text, from, l->at);
	} while (token.kind == IX_CONF_TOKEN_COMMENT && !want_comments);
	return token;
}

/* ---- what a token means ---- */

typedef struct decoder {
	ix_conf_check *check;
	ix_conf_place place; /* of the token; columns of its parts are counted from it */
	const ix_conf_token *token;
	ix_writer out;
	bool telling; /* the first of the two passes */
	bool failed;
} decoder;

static void tell_at(decoder *d, size_t offset, size_t size, int code, const char *format, ...)
	IX_PRINTF(5, 6);
static void tell_at(decoder *d, size_t offset, size_t size, int code, const char *format, ...) {
	d->failed = true;
	if (!d->telling) return;
	ix_conf_place place = d->place;
	place.column += ix_conf_width(ix_str_slice(d->token->source, 0, offset));
	place.width = ix_conf_width(ix_str_slice(d->token->source, offset, offset + size));
	va_list arguments;
	va_start(arguments, format);
	ix_conf_tell_list(d->check, code, place, format, arguments);
	va_end(arguments);
}

/* The escape at `at`; returns its size. */
static size_t decode_escape(decoder *d, ix_str s, size_t at) {
	static const char from[] = "\\\"$nrt", to[] = "\\\"$\n\r\t";
	char c = at + 1 < s.size ? s.data[at + 1] : 0;
	for (size_t i = 0; c && i + 1 < sizeof from; i++) {
		if (from[i] != c) continue;
		ix_write_u8(&d->out, (uint8_t)to[i]);
		return 2;
	}
	if (c == 'u' && at + 2 < s.size && s.data[at + 2] == '{') {
		size_t close = at + 3 + ix_str_find(ix_str_slice(s, at + 3, s.size), '}');
		ix_str hex = ix_str_slice(s, at + 3, close);
		char bytes[IX_UTF8_SIZE_MAX];
		uint32_t code_point = 0;
		bool good = close < s.size && hex.size > 0 && hex.size <= 6;
		for (size_t i = 0; i < hex.size && good; i++) {
			uint8_t digit[1];
			size_t size;
			char pair[2] = {'0', hex.data[i]};
			good = ix_hex_decode((ix_str){pair, 2}, digit, 1, &size, NULL) == 0;
			code_point = good ? code_point * 16 + digit[0] : 0;
		}
		size_t size = good && code_point != 0 ? ix_utf8_encode(bytes, code_point) : 0;
		if (size > 0) {
			ix_write_bytes(&d->out, bytes, size);
			return close + 1 - at;
		}
		tell_at(d, at, good ? close + 1 - at : 3, IX_ERR_SYNTAX,
			"this is not a character; write \\u{…} with its hexadecimal number, not 0");
		return 3;
	}
	tell_at(d, at, 2, IX_ERR_SYNTAX,
		"unknown escape; there are \\\\ \\\" \\$ \\n \\r \\t and \\u{…}; text in single quotes has "
		"none");
	return 2;
}

/* The variable at `at`, which the lexer found to be well-formed; returns its size. */
static size_t decode_variable(decoder *d, ix_str s, size_t at) {
	const ix_conf_loader *loader = d->check->options->loader;
	size_t close = at + ix_str_find(ix_str_slice(s, at, s.size), '}'), size = close + 1 - at;
	ix_str rest = ix_str_slice(s, at + 2, close), name = ix_str_cut(&rest, ':'), value = {NULL, 0};
	if (d->check->as_written) {
		ix_write_str(&d->out, ix_str_slice(s, at, close + 1));
		return size;
	}
	if (!loader || !loader->variable) {
		tell_at(d, at, size, IX_ERR_UNSUPPORTED, "variables are not available here");
		return size;
	}
	bool found = loader->variable(loader->context, name, &value);
	if (!found && !rest.data) {
		tell_at(d, at, size, IX_ERR_NOT_FOUND, "the variable '%.*s' is not set, and has no default",
			IX_STR_ARG(name));
		return size;
	}
	if (!found) value = rest;
	if (!ix_utf8_is_valid(value) || ix_str_find(value, '\0') < value.size)
		tell_at(d, at, size, IX_ERR_INVALID, "the value of the variable '%.*s' is not UTF-8 text",
			IX_STR_ARG(name));
	else
		ix_write_str(&d->out, value);
	return size;
}

static void decode(decoder *d) {
	ix_str s = d->token->source;
	bool quoted = d->token->kind == IX_CONF_TOKEN_QUOTED;
	size_t at = quoted, end = s.size - quoted;
	while (at < end) {
		char c = s.data[at];
		if (quoted && c == '\\')
			at += decode_escape(d, ix_str_slice(s, 0, end), at);
		else if (c == '$' && at + 1 < end && s.data[at + 1] == '{')
			at += decode_variable(d, s, at);
		else {
			ix_write_u8(&d->out, (uint8_t)c);
			at++;
		}
	}
}

bool ix_conf_decode(ix_conf_check *check, uint32_t file, const ix_conf_token *token, ix_str *ret_text) {
	bool quoted = token->kind == IX_CONF_TOKEN_QUOTED;
	decoder d = {
		.check = check, .place = ix_conf_token_place(file, token), .token = token, .telling = true};
	ix_str plain = ix_str_slice(token->source, quoted, token->source.size - quoted);
	if (!token->has_escape && !token->has_variable) {
		d.out.needed = plain.size;
	} else {
		d.out = ix_writer_of(NULL, 0);
		decode(&d);
	}
	if (d.out.needed > check->limits.string_size_max)
		tell_at(&d, 0, token->source.size, IX_ERR_LIMIT, "this text is longer than %zu bytes",
			check->limits.string_size_max);
	if (d.failed) return false;
	if (!token->has_escape && !token->has_variable) {
		*ret_text = plain;
		return true;
	}
	size_t size = d.out.needed;
	char *out = ix_conf_new(check, char, size + 1);
	if (!out) return false;
	d.out = ix_writer_of(out, size);
	d.telling = false;
	decode(&d);
	if (d.failed || d.out.failed || d.out.size != size) { /* the environment changed between the passes */
		ix_conf_stop(check, IX_ERR_CONFLICT, d.place, "a variable changed while it was read");
		return false;
	}
	*ret_text = (ix_str){out, size};
	return true;
}
