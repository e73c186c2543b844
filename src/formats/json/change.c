/* change.c - building and changing documents, and writing them out. */
#include "json_internal.h"

#include <inox/text.h>

#include <math.h>

int ix_json_new(ix_json_kind kind, ix_json **ret_json, ix_error *err) {
	if (kind != IX_JSON_OBJECT && kind != IX_JSON_ARRAY)
		return ix_fail(err, IX_ERR_USAGE, "a new document is an object or an array");
	json_t *root = kind == IX_JSON_OBJECT ? json_object() : json_array();
	if (!root) return ix_fail(err, IX_ERR_MEMORY, "no memory for a document");
	*ret_json = (ix_json *)root;
	return 0;
}

/* Takes the value over; NULL is one that memory was too short for. */
static int put(const ix_json_cursor *at, const char *name, json_t *value, ix_error *err) {
	char path[200];
	json_t *node = ix_json_node(at);
	const char *wrong = NULL;
	if (name && !json_is_object(node))
		wrong = "is not an object";
	else if (!name && !json_is_array(node))
		wrong = "is not an array";
	else if (name && !ix_utf8_is_valid(ix_str_from(name)))
		wrong = "the new member's name is not UTF-8";
	ix_json_path(at, path, sizeof path);
	if (wrong) {
		json_decref(value);
		return ix_fail(err, IX_ERR_INVALID, "%s: %s", path, wrong);
	}
	/* Both take the value over even when they fail. */
	int failed = name ? json_object_set_new(node, name, value) : json_array_append_new(node, value);
	return failed ? ix_fail(err, IX_ERR_MEMORY, "%s: no memory", path) : 0;
}

int ix_json_put_null(const ix_json_cursor *at, const char *name, ix_error *err) {
	return put(at, name, json_null(), err);
}

int ix_json_put_bool(const ix_json_cursor *at, const char *name, bool value, ix_error *err) {
	return put(at, name, json_boolean(value), err);
}

int ix_json_put_i64(const ix_json_cursor *at, const char *name, int64_t value, ix_error *err) {
	return put(at, name, json_integer(value), err);
}

int ix_json_put_real(const ix_json_cursor *at, const char *name, double value, ix_error *err) {
	if (!isfinite(value))
		return ix_fail(err, IX_ERR_INVALID, "JSON has no numbers that are infinite or none");
	return put(at, name, json_real(value), err);
}

int ix_json_put_string(const ix_json_cursor *at, const char *name, ix_str value, ix_error *err) {
	if (!ix_utf8_is_valid(value)) return ix_fail(err, IX_ERR_INVALID, "a string that is not UTF-8");
	return put(at, name, json_stringn_nocheck(value.data ? value.data : "", value.size), err);
}

int ix_json_put_container(const ix_json_cursor *at, const char *name, ix_json_kind kind,
	ix_json_cursor *ret_at, ix_error *err) {
	if (kind != IX_JSON_OBJECT && kind != IX_JSON_ARRAY)
		return ix_fail(err, IX_ERR_USAGE, "a container is an object or an array");
	json_t *value = kind == IX_JSON_OBJECT ? json_object() : json_array();
	int code = put(at, name, value, err);
	if (!code)
		*ret_at = (ix_json_cursor){
			.node = value, .parent = at, .key = name, .index = name ? 0 : ix_json_count(at) - 1};
	return code;
}

bool ix_json_remove(const ix_json_cursor *object, const char *name) {
	return json_object_del(ix_json_node(object), name) == 0;
}

/* ---- writing ---- */

static void write_scalar(json_t *node, ix_json_writer *json) {
	char text[400];
	switch (json_typeof(node)) {
	case JSON_STRING:
		ix_json_string(json, (ix_str){json_string_value(node), json_string_length(node)});
		return;
	case JSON_INTEGER: ix_json_i64(json, json_integer_value(node)); return;
	case JSON_REAL: {
		size_t size = ix_json_real_text(json_real_value(node), text, sizeof text - 2, NULL);
		ix_str number = {text, size};
		if (ix_str_find(number, '.') == size && ix_str_find(number, 'e') == size) {
			memcpy(text + size, ".0", 2); /* so that it stays a real */
			size += 2;
		}
		ix_json_number(json, (ix_str){text, size});
		return;
	}
	case JSON_TRUE: ix_json_bool(json, true); return;
	case JSON_FALSE: ix_json_bool(json, false); return;
	case JSON_NULL:
	case JSON_OBJECT:
	case JSON_ARRAY: break;
	}
	ix_json_null(json);
}

/* Goes down one level a call: the writer stops at its own depth, and the parser let no document be deeper
 * than IX_JSON_DEPTH_LIMIT. */
void ix_json_write(const ix_json_cursor *at, ix_json_writer *json) {
	json_t *node = ix_json_node(at);
	bool object = json_is_object(node);
	if (!object && !json_is_array(node)) {
		write_scalar(node, json);
		return;
	}
	if (object)
		ix_json_object_begin(json);
	else
		ix_json_array_begin(json);
	for (ix_json_cursor each = {0}; !json->failed && ix_json_next(at, &each);) {
		if (object) ix_json_key(json, ix_json_name(&each));
		ix_json_write(&each, json);
	}
	if (object)
		ix_json_object_end(json);
	else
		ix_json_array_end(json);
}
