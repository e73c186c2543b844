/* parse.c - text to tree: our limits before jansson sees it, its complaints in our words after. */
#include "json_internal.h"

/* ---- limits ---- */

/* One pass that knows strings from the rest: levels, and an upper bound of the values (one before each comma
 * and after each opening bracket). It judges no grammar, but for a NUL: jansson would take it for the end of
 * a token. */
static int check_limits(ix_bytes text, const ix_json_limits *limits, ix_error *err) {
	const uint8_t *nul = text.size ? memchr(text.data, 0, text.size) : NULL;
	if (nul)
		return ix_json_complain(
			err, IX_ERR_SYNTAX, text, (size_t)(nul - text.data), "a byte that is 0");
	size_t depth = 0, values = 1;
	bool in_string = false;
	for (size_t i = 0; i < text.size; i++) {
		uint8_t c = text.data[i];
		if (in_string) {
			if (c == '\\') i++;
			in_string = c != '"';
			continue;
		}
		in_string = c == '"';
		if (c == ']' || c == '}') depth -= depth > 0;
		bool opens = c == '[' || c == '{';
		depth += opens;
		values += opens || c == ',';
		if (depth > limits->depth_max)
			return ix_json_complain(err, IX_ERR_LIMIT, text, i, "nested deeper than %u levels",
				limits->depth_max);
		if (values > limits->value_max)
			return ix_json_complain(
				err, IX_ERR_LIMIT, text, i, "more than %zu values", limits->value_max);
	}
	return 0;
}

/* ---- mistakes ---- */

int ix_json_complain(ix_error *err, int code, ix_bytes text, size_t offset, const char *format, ...) {
	size_t line = 1, column = 1;
	for (size_t i = 0; i < offset && i < text.size; i++) {
		if (text.data[i] == '\n')
			line++, column = 1;
		else if ((text.data[i] & 0xC0) != 0x80)
			column++;
	}
	char sentence[400];
	va_list arguments;
	va_start(arguments, format);
	ix_format_list(sentence, sizeof sentence, format, arguments);
	va_end(arguments);
	return ix_fail(err, code, "offset %zu (line %zu, column %zu): %s", offset, line, column, sentence);
}

/* jansson says "… near 'token'" and counts to the token's end; the token, when it stands in the text just
 * there. */
static ix_str token_of(const json_error_t *error, ix_bytes text, size_t end) {
	static const ix_str near_text = {" near '", 7};
	ix_str said = ix_str_from(error->text);
	for (size_t i = 0; i + near_text.size < said.size; i++) {
		if (!ix_str_equal(ix_str_slice(said, i, i + near_text.size), near_text)) continue;
		ix_str token = ix_str_slice(said, i + near_text.size, said.size - 1);
		if (token.size && token.size <= end &&
			memcmp(text.data + end - token.size, token.data, token.size) == 0)
			return token;
		break;
	}
	return (ix_str){NULL, 0};
}

/* What jansson expected, without what it found. */
static ix_str expectation_of(const json_error_t *error) {
	ix_str said = ix_str_from(error->text);
	for (size_t i = 0; i < said.size; i++)
		if (ix_str_starts_with(ix_str_slice(said, i, said.size), IX_STR(" near ")))
			return ix_str_slice(said, 0, i);
	return said;
}

/* When memory is short jansson leaves the place open, or calls a string that is whole no string. */
static bool is_out_of_memory(const json_error_t *error, ix_str token, ix_str expected) {
	if (json_error_code(error) == json_error_out_of_memory || error->line < 0) return true;
	return json_error_code(error) == json_error_invalid_syntax && token.size && token.data[0] == '"' &&
	       (ix_str_equal(expected, IX_STR("invalid token")) ||
		       ix_str_equal(expected, IX_STR("string or '}' expected")));
}

/* Up to what would break the line, or worse. */
static ix_str one_line(ix_str text) {
	size_t size = 0;
	while (size < text.size && (uint8_t)text.data[size] >= 0x20 && text.data[size] != 0x7f) size++;
	return ix_str_slice(text, 0, size);
}

static int translate(const json_error_t *error, ix_bytes text, ix_error *err) {
	size_t end = error->position < 0 ? 0 : ix_size_min((size_t)error->position, text.size);
	ix_str token = token_of(error, text, end), expected = expectation_of(error);
	size_t start = end - token.size;
	ix_str shown = one_line(ix_str_slice(token, 0, 40));
	if (is_out_of_memory(error, token, expected))
		return ix_fail(err, IX_ERR_MEMORY, "no memory for a document of %zu bytes", text.size);
	expected = one_line(expected);
	switch (json_error_code(error)) {
	case json_error_stack_overflow:
		return ix_json_complain(err, IX_ERR_LIMIT, text, end, "nested too deep");
	case json_error_invalid_utf8: return ix_json_complain(err, IX_ERR_SYNTAX, text, end, "not UTF-8");
	case json_error_premature_end_of_input:
		return ix_json_complain(
			err, IX_ERR_TRUNCATED, text, text.size, "the document ends too early");
	case json_error_end_of_input_expected:
		return ix_json_complain(
			err, IX_ERR_SYNTAX, text, start, "text after the end of the document");
	case json_error_duplicate_key:
		return ix_json_complain(err, IX_ERR_INVALID, text, start, "member %.*s stands there twice",
			IX_STR_ARG(shown));
	case json_error_numeric_overflow:
		if (!shown.size) /* jansson quotes no long ones */
			return ix_json_complain(err, IX_ERR_RANGE, text, end,
				"the number that ends here does not fit 64 bits");
		return ix_json_complain(
			err, IX_ERR_RANGE, text, start, "%.*s does not fit 64 bits", IX_STR_ARG(shown));
	case json_error_null_character:
	case json_error_null_byte_in_key:
		return ix_json_complain(err, IX_ERR_INVALID, text, start, "a NUL in a member's name");
	default: break;
	}
	if (token.size)
		return ix_json_complain(err, IX_ERR_SYNTAX, text, start, "%.*s at '%.*s'",
			IX_STR_ARG(expected), IX_STR_ARG(shown));
	return ix_json_complain(err, IX_ERR_SYNTAX, text, end, "%.*s", IX_STR_ARG(expected));
}

/* ---- parsing ---- */

int ix_json_parse(ix_bytes text, const ix_json_limits *limits, ix_json **ret_json, ix_error *err) {
	ix_json_limits actual = limits ? *limits : (ix_json_limits){0};
	if (!actual.size_max) actual.size_max = IX_JSON_SIZE_MAX;
	if (!actual.depth_max) actual.depth_max = IX_JSON_DEPTH_MAX;
	if (!actual.value_max) actual.value_max = IX_JSON_VALUE_MAX;
	if (actual.depth_max > IX_JSON_DEPTH_LIMIT)
		return ix_fail(err, IX_ERR_USAGE, "a depth of %u is more than %d", actual.depth_max,
			IX_JSON_DEPTH_LIMIT);
	if (text.size > actual.size_max)
		return ix_fail(err, IX_ERR_LIMIT, "a document of %zu bytes is larger than %zu", text.size,
			actual.size_max);
	int code = check_limits(text, &actual, err);
	if (code) return code;
	json_error_t error;
	json_t *root = json_loadb(text.size ? (const char *)text.data : "", text.size,
		JSON_REJECT_DUPLICATES | JSON_DECODE_ANY | JSON_ALLOW_NUL, &error);
	if (!root) return translate(&error, text, err);
	*ret_json = (ix_json *)root;
	return 0;
}

void ix_json_free(ix_json *json) { json_decref((json_t *)json); }
