/* read.c - looking at a document: places with their paths, typed getters. */
#include "json_internal.h"

#include <stdio.h>
#include <stdlib.h>

/* ---- paths ---- */

static bool is_plain(ix_str name) {
	for (size_t i = 0; i < name.size; i++) {
		char c = name.data[i];
		bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
		if (!letter && c != '_' && c != '-') return false;
	}
	return name.size > 0;
}

static void format_step(const ix_json_cursor *at, char *out, size_t capacity) {
	if (!at->key)
		ix_format(out, capacity, "[%zu]", at->index);
	else if (is_plain(ix_str_from(at->key)))
		ix_format(out, capacity, "%s%s", at->parent && at->parent->parent ? "." : "", at->key);
	else
		ix_format(out, capacity, "[\"%s\"]", at->key);
}

void ix_json_path(const ix_json_cursor *at, char *out, size_t capacity) {
	char step[160];
	size_t start = capacity - 1;
	if (!at->parent) {
		ix_format(out, capacity, "the document");
		return;
	}
	/* From the last step to the first, so that the end is what stays. */
	out[start] = '\0';
	for (; at->parent; at = at->parent) {
		format_step(at, step, sizeof step);
		size_t size = ix_str_from(step).size;
		if (size > start) {
			if (start >= 3) memcpy(out + (start -= 3), "...", 3);
			break;
		}
		start -= size;
		memcpy(out + start, step, size);
	}
	memmove(out, out + start, capacity - start);
}

enum { PATH_MAX_SHOWN = 200 };

IX_PRINTF(4, 5)
static int fail_at(ix_error *err, int code, const ix_json_cursor *at, const char *format, ...) {
	char path[PATH_MAX_SHOWN], sentence[300];
	ix_json_path(at, path, sizeof path);
	va_list arguments;
	va_start(arguments, format);
	ix_format_list(sentence, sizeof sentence, format, arguments);
	va_end(arguments);
	return ix_fail(err, code, "%s: %s", path, sentence);
}

/* ---- places ---- */

ix_json_cursor ix_json_root(ix_json *json) { return (ix_json_cursor){.node = json}; }

ix_json_kind ix_json_kind_of(const ix_json_cursor *at) {
	switch (json_typeof(ix_json_node(at))) {
	case JSON_OBJECT: return IX_JSON_OBJECT;
	case JSON_ARRAY: return IX_JSON_ARRAY;
	case JSON_STRING: return IX_JSON_STRING;
	case JSON_INTEGER: return IX_JSON_INTEGER;
	case JSON_REAL: return IX_JSON_REAL;
	case JSON_TRUE:
	case JSON_FALSE: return IX_JSON_BOOLEAN;
	case JSON_NULL: break;
	}
	return IX_JSON_NULL;
}

static const char *kind_name(const ix_json_cursor *at) {
	static const char *const names[] = {"null", "a boolean", "a whole number", "a number with decimals",
		"a string", "an array", "an object"};
	return names[ix_json_kind_of(at)];
}

static int wants(const ix_json_cursor *at, const char *what, ix_error *err) {
	return fail_at(err, IX_ERR_INVALID, at, "must be %s, not %s", what, kind_name(at));
}

size_t ix_json_count(const ix_json_cursor *at) {
	json_t *node = ix_json_node(at);
	return json_is_object(node) ? json_object_size(node) : json_array_size(node);
}

bool ix_json_find(const ix_json_cursor *object, const char *name, ix_json_cursor *ret_at) {
	json_t *found = json_object_get(ix_json_node(object), name);
	if (!found) return false;
	*ret_at = (ix_json_cursor){.node = found, .parent = object, .key = name};
	return true;
}

int ix_json_member(const ix_json_cursor *object, const char *name, ix_json_cursor *ret_at, ix_error *err) {
	if (!json_is_object(ix_json_node(object))) return wants(object, "an object", err);
	if (ix_json_find(object, name, ret_at)) return 0;
	return fail_at(err, IX_ERR_INVALID, object, "member '%s' is missing", name);
}

int ix_json_element(const ix_json_cursor *array, size_t index, ix_json_cursor *ret_at, ix_error *err) {
	if (!json_is_array(ix_json_node(array))) return wants(array, "an array", err);
	json_t *found = json_array_get(ix_json_node(array), index);
	if (!found)
		return fail_at(err, IX_ERR_RANGE, array, "has %zu elements, and none at %zu",
			ix_json_count(array), index);
	*ret_at = (ix_json_cursor){.node = found, .parent = array, .index = index};
	return 0;
}

bool ix_json_next(const ix_json_cursor *container, ix_json_cursor *each) {
	json_t *node = ix_json_node(container);
	if (json_is_object(node)) {
		void *iterator = each->node ? json_object_iter_next(node, json_object_key_to_iter(each->key))
					    : json_object_iter(node);
		if (!iterator) return false;
		*each = (ix_json_cursor){.node = json_object_iter_value(iterator),
			.parent = container,
			.key = json_object_iter_key(iterator)};
		return true;
	}
	size_t index = each->node ? each->index + 1 : 0;
	json_t *found = json_array_get(node, index);
	if (!found) return false;
	*each = (ix_json_cursor){.node = found, .parent = container, .index = index};
	return true;
}

ix_str ix_json_name(const ix_json_cursor *at) { return ix_str_from(at->key); }

/* ---- one of a|b|c ---- */

/* Its index, or -1 and the nearest of them (empty: none is near). */
static int index_in(const char *choices, ix_str word, ix_str *ret_near) {
	ix_str rest = ix_str_from(choices);
	size_t best = SIZE_MAX, allowed = ix_size_max(1, word.size / 3);
	*ret_near = (ix_str){NULL, 0};
	for (int i = 0; rest.size; i++) {
		ix_str choice = ix_str_cut(&rest, '|');
		if (ix_str_equal(choice, word)) return i;
		size_t distance = ix_str_distance(choice, word);
		if (distance > allowed || distance >= best) continue;
		best = distance;
		*ret_near = choice;
	}
	return -1;
}

int ix_json_only(const ix_json_cursor *object, const char *names, ix_error *err) {
	if (!json_is_object(ix_json_node(object))) return wants(object, "an object", err);
	for (ix_json_cursor each = {0}; ix_json_next(object, &each);) {
		ix_str near_name, name = ix_json_name(&each), shown = ix_str_slice(name, 0, 64);
		if (index_in(names, name, &near_name) >= 0) continue;
		if (near_name.size)
			return fail_at(err, IX_ERR_INVALID, object,
				"there is no member '%.*s'; did you mean '%.*s'?", IX_STR_ARG(shown),
				IX_STR_ARG(near_name));
		return fail_at(err, IX_ERR_INVALID, object, "there is no member '%.*s'", IX_STR_ARG(shown));
	}
	return 0;
}

/* ---- values ---- */

int ix_json_get_bool(const ix_json_cursor *at, bool *ret_value, ix_error *err) {
	if (!json_is_boolean(ix_json_node(at))) return wants(at, "true or false", err);
	*ret_value = json_is_true(ix_json_node(at));
	return 0;
}

int ix_json_get_i64(
	const ix_json_cursor *at, int64_t minimum, int64_t maximum, int64_t *ret_value, ix_error *err) {
	if (!json_is_integer(ix_json_node(at))) return wants(at, "a whole number", err);
	int64_t value = json_integer_value(ix_json_node(at));
	if (value < minimum || value > maximum)
		return fail_at(err, IX_ERR_RANGE, at, "%lld is not in %lld to %lld", (long long)value,
			(long long)minimum, (long long)maximum);
	*ret_value = value;
	return 0;
}

int ix_json_get_real(const ix_json_cursor *at, double *ret_value, ix_error *err) {
	if (!json_is_number(ix_json_node(at))) return wants(at, "a number", err);
	*ret_value = json_number_value(ix_json_node(at));
	return 0;
}

static ix_str string_of(const ix_json_cursor *at) {
	return (ix_str){json_string_value(ix_json_node(at)), json_string_length(ix_json_node(at))};
}

int ix_json_get_string(const ix_json_cursor *at, ix_str *ret_value, ix_error *err) {
	if (!json_is_string(ix_json_node(at))) return wants(at, "a string", err);
	*ret_value = string_of(at);
	return 0;
}

int ix_json_get_choice(const ix_json_cursor *at, const char *choices, int *ret_index, ix_error *err) {
	if (!json_is_string(ix_json_node(at))) return wants(at, "a string", err);
	ix_str near_choice, word = string_of(at), shown = ix_str_slice(word, 0, 64);
	int index = index_in(choices, word, &near_choice);
	if (index < 0 && near_choice.size)
		return fail_at(err, IX_ERR_INVALID, at, "'%.*s' is not one of %s; did you mean '%.*s'?",
			IX_STR_ARG(shown), choices, IX_STR_ARG(near_choice));
	if (index < 0)
		return fail_at(
			err, IX_ERR_INVALID, at, "'%.*s' is not one of %s", IX_STR_ARG(shown), choices);
	*ret_index = index;
	return 0;
}

/* The shortest decimal text that reads back as the same double. */
size_t ix_json_real_text(double value, char *out, size_t capacity, int *ret_digits) {
	int size = 0, digits = 15;
	for (; digits <= 17; digits++) {
		size = snprintf(out, capacity, "%.*g", digits, value);
		if (strtod(out, NULL) == value) break;
	}
	if (ret_digits) *ret_digits = digits;
	return (size_t)size;
}

/* d.ddde-07 without its exponent: 0.0000001… */
static ix_str spell_out(double value, int digits, char *out, size_t capacity) {
	char text[40];
	snprintf(text, sizeof text, "%.*e", digits - 1, value);
	ix_str rest = ix_str_from(text), mantissa = ix_str_cut(&rest, 'e');
	int64_t exponent = 0;
	(void)ix_str_to_i64(rest.data[0] == '+' ? ix_str_slice(rest, 1, rest.size) : rest, &exponent);
	ix_writer w = ix_writer_of(out, capacity);
	if (mantissa.data[0] == '-') {
		ix_write_u8(&w, '-');
		mantissa = ix_str_slice(mantissa, 1, mantissa.size);
	}
	for (int64_t i = exponent; i < 0; i++) ix_write_str(&w, i == exponent ? IX_STR("0.") : IX_STR("0"));
	int64_t before_point = exponent; /* digits still to come before the point, after this one */
	for (size_t i = 0; i < mantissa.size; i++) {
		if (mantissa.data[i] == '.') continue;
		ix_write_u8(&w, (uint8_t)mantissa.data[i]);
		if (before_point-- == 0) ix_write_u8(&w, '.');
	}
	for (; before_point >= 0; before_point--) ix_write_str(&w, before_point ? IX_STR("0") : IX_STR("0."));
	ix_write_u8(&w, '0');
	return (ix_str){out, w.size};
}

static int decimal_of_real(
	const ix_json_cursor *at, unsigned scale, ix_rounding rounding, int64_t *ret_value, ix_error *err) {
	char text[400];
	int digits;
	double value = json_real_value(ix_json_node(at));
	ix_json_real_text(value, text, sizeof text, &digits);
	if (digits > 15)
		return ix_fail(err, IX_ERR_INVALID,
			"%s has more digits than a number keeps: write it as a string", text);
	return ix_decimal_parse(spell_out(value, digits, text, sizeof text), scale, rounding, ret_value, err);
}

int ix_json_get_decimal(
	const ix_json_cursor *at, unsigned scale, ix_rounding rounding, int64_t *ret_value, ix_error *err) {
	char path[PATH_MAX_SHOWN], digits[24];
	int code;
	json_t *node = ix_json_node(at);
	if (json_is_string(node)) {
		code = ix_decimal_parse(string_of(at), scale, rounding, ret_value, err);
	} else if (json_is_integer(node)) {
		size_t size = ix_format(digits, sizeof digits, "%lld", (long long)json_integer_value(node));
		code = ix_decimal_parse((ix_str){digits, size}, scale, rounding, ret_value, err);
	} else if (json_is_real(node)) {
		code = decimal_of_real(at, scale, rounding, ret_value, err);
	} else {
		return wants(at, "a number, or one in a string", err);
	}
	if (!code) return 0;
	ix_json_path(at, path, sizeof path);
	return ix_wrap(err, code, "%s", path);
}

/* ---- members at once ---- */

int ix_json_member_bool(const ix_json_cursor *object, const char *name, bool *ret_value, ix_error *err) {
	ix_json_cursor at = {0};
	int code = ix_json_member(object, name, &at, err);
	return code ? code : ix_json_get_bool(&at, ret_value, err);
}

int ix_json_member_i64(const ix_json_cursor *object, const char *name, int64_t minimum, int64_t maximum,
	int64_t *ret_value, ix_error *err) {
	ix_json_cursor at = {0};
	int code = ix_json_member(object, name, &at, err);
	return code ? code : ix_json_get_i64(&at, minimum, maximum, ret_value, err);
}

int ix_json_member_real(const ix_json_cursor *object, const char *name, double *ret_value, ix_error *err) {
	ix_json_cursor at = {0};
	int code = ix_json_member(object, name, &at, err);
	return code ? code : ix_json_get_real(&at, ret_value, err);
}

int ix_json_member_string(const ix_json_cursor *object, const char *name, ix_str *ret_value, ix_error *err) {
	ix_json_cursor at = {0};
	int code = ix_json_member(object, name, &at, err);
	return code ? code : ix_json_get_string(&at, ret_value, err);
}
