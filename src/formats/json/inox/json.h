/* json.h - JSON documents as trees (RFC 8259): parsed under limits with the place of every mistake, read
 * through typed getters whose errors name the path, changed, built, and written. For output that needs no
 * tree there is <inox/json_writer.h>.
 *
 *     ix_json *json;
 *     int code = ix_json_parse(bytes, NULL, &json, err);
 *     ix_json_cursor root = ix_json_root(json), limits;
 *     int64_t depth;
 *     code = ix_json_member(&root, "limits", &limits, err);
 *     code = ix_json_member_i64(&limits, "depth", 1, 100, &depth, err);
 *                                    → "limits.depth: 0 is not in 1 to 100"
 *     ix_json_free(json);
 *
 * A document belongs to one thread at a time. It stands on jansson, which takes its memory from malloc. */
#ifndef INOX_JSON_H
#define INOX_JSON_H

#include <inox/decimal.h>
#include <inox/json_writer.h>

typedef struct ix_json ix_json;

typedef enum ix_json_kind {
	IX_JSON_NULL,
	IX_JSON_BOOLEAN,
	IX_JSON_INTEGER, /* written without point and exponent */
	IX_JSON_REAL,
	IX_JSON_STRING,
	IX_JSON_ARRAY,
	IX_JSON_OBJECT,
} ix_json_kind;

/* ---- parsing ---- */

enum {
	IX_JSON_SIZE_MAX = 64 << 20, /* the defaults of ix_json_limits */
	IX_JSON_DEPTH_MAX = 64,
	IX_JSON_VALUE_MAX = 1000000,
	IX_JSON_DEPTH_LIMIT = 1000, /* depth_max may be as much */
};

/* Zero means the default. */
typedef struct ix_json_limits {
	size_t size_max;    /* bytes of text */
	unsigned depth_max; /* arrays and objects in each other */
	size_t value_max;   /* values of all kinds; each takes 32 to 300 bytes */
} ix_json_limits;

/* The whole text is one value, in UTF-8 without a byte order mark. Members may not stand twice in an object;
 * integers must fit int64_t, reals a double. Errors: IX_ERR_SYNTAX, IX_ERR_TRUNCATED, IX_ERR_INVALID (a
 * member given twice), IX_ERR_RANGE, IX_ERR_LIMIT with "offset 7 (line 1, column 8): …"; IX_ERR_MEMORY. */
IX_API int ix_json_parse(ix_bytes text, const ix_json_limits *limits, ix_json **ret_json, ix_error *err);
IX_API void ix_json_free(ix_json *json); /* NULL is fine; cursors into it are then void */

/* ---- looking ---- */

/* A place in a document, which knows its path as long as the cursor it came from lives. Fields are json.c's
 * own. */
typedef struct ix_json_cursor {
	void *node;
	const struct ix_json_cursor *parent;
	const char *key; /* its name in an object; NULL in an array */
	size_t index;    /* its place in an array; how far ix_json_next has come */
} ix_json_cursor;

IX_API ix_json_cursor ix_json_root(ix_json *json);
IX_API ix_json_kind ix_json_kind_of(const ix_json_cursor *at);
/* "limits[3].max", as in errors; "the document" for the root. NUL-terminated, cut at the front when it is
 * long. */
IX_API void ix_json_path(const ix_json_cursor *at, char *out, size_t capacity);

/* Members of an object or elements of an array; 0 for other kinds. */
IX_API size_t ix_json_count(const ix_json_cursor *at);
/* A member of an object; false when there is none, or `object` is none. */
IX_API bool ix_json_find(const ix_json_cursor *object, const char *name, ix_json_cursor *ret_at);
/* The same, but it must be there. Errors: IX_ERR_INVALID, "limits: member 'depth' is missing". */
IX_API int ix_json_member(
	const ix_json_cursor *object, const char *name, ix_json_cursor *ret_at, ix_error *err);
/* Errors: IX_ERR_INVALID when `array` is none, IX_ERR_RANGE past its end. */
IX_API int ix_json_element(const ix_json_cursor *array, size_t index, ix_json_cursor *ret_at, ix_error *err);
/* Walks members in the order of the text, or elements: start with a zeroed `each`. Do not remove meanwhile.
 *     for (ix_json_cursor each = {0}; ix_json_next(&array, &each);) … */
IX_API bool ix_json_next(const ix_json_cursor *container, ix_json_cursor *each);
/* The name of a member that ix_json_next or ix_json_find gave; empty for elements. Lives as long as the
 * document. */
IX_API ix_str ix_json_name(const ix_json_cursor *at);
/* Refuses members that are not among "name|other|third": IX_ERR_INVALID with the path and "did you mean". */
IX_API int ix_json_only(const ix_json_cursor *object, const char *names, ix_error *err);

/* ---- typed ---- */

/* Each is IX_ERR_INVALID with the path when the kind is another, IX_ERR_RANGE when the number is outside.
 * Strings live as long as the document, and may hold NULs. */
IX_API int ix_json_get_bool(const ix_json_cursor *at, bool *ret_value, ix_error *err);
IX_API int ix_json_get_i64(
	const ix_json_cursor *at, int64_t minimum, int64_t maximum, int64_t *ret_value, ix_error *err);
IX_API int ix_json_get_real(const ix_json_cursor *at, double *ret_value, ix_error *err); /* integers too */
IX_API int ix_json_get_string(const ix_json_cursor *at, ix_str *ret_value, ix_error *err);
/* One of "csv|pcap|itch": its index. */
IX_API int ix_json_get_choice(const ix_json_cursor *at, const char *choices, int *ret_index, ix_error *err);
/* Scaled by 10^scale. A string ("1.25") or an integer is exact. A real was a double on the way: up to 15
 * digits are exact, more are refused (IX_ERR_INVALID): write those as strings. */
IX_API int ix_json_get_decimal(
	const ix_json_cursor *at, unsigned scale, ix_rounding rounding, int64_t *ret_value, ix_error *err);

/* A required member at once. */
IX_API int ix_json_member_bool(
	const ix_json_cursor *object, const char *name, bool *ret_value, ix_error *err);
IX_API int ix_json_member_i64(const ix_json_cursor *object, const char *name, int64_t minimum,
	int64_t maximum, int64_t *ret_value, ix_error *err);
IX_API int ix_json_member_real(
	const ix_json_cursor *object, const char *name, double *ret_value, ix_error *err);
IX_API int ix_json_member_string(
	const ix_json_cursor *object, const char *name, ix_str *ret_value, ix_error *err);

/* ---- changing and building ---- */

/* A new document: IX_JSON_OBJECT or IX_JSON_ARRAY, empty. Errors: IX_ERR_USAGE (another kind), IX_ERR_MEMORY.
 */
IX_API int ix_json_new(ix_json_kind kind, ix_json **ret_json, ix_error *err);
/* Sets the member `name` of an object (NUL-terminated UTF-8), or appends to an array where `name` is NULL.
 * What stood there is gone, and cursors to it with it. Errors: IX_ERR_INVALID (neither object nor array, text
 * that is not UTF-8, NaN or infinity), IX_ERR_MEMORY. */
IX_API int ix_json_put_null(const ix_json_cursor *at, const char *name, ix_error *err);
IX_API int ix_json_put_bool(const ix_json_cursor *at, const char *name, bool value, ix_error *err);
IX_API int ix_json_put_i64(const ix_json_cursor *at, const char *name, int64_t value, ix_error *err);
IX_API int ix_json_put_real(const ix_json_cursor *at, const char *name, double value, ix_error *err);
IX_API int ix_json_put_string(const ix_json_cursor *at, const char *name, ix_str value, ix_error *err);
/* An empty object or array, and its cursor. `name` must outlive the cursor. */
IX_API int ix_json_put_container(
	const ix_json_cursor *at, const char *name, ix_json_kind kind, ix_json_cursor *ret_at, ix_error *err);
/* Of an object; false when it was not there. */
IX_API bool ix_json_remove(const ix_json_cursor *object, const char *name);

/* ---- writing ---- */

/* Writes the value and all below it; members in their order, reals in the fewest digits that read back the
 * same. */
IX_API void ix_json_write(const ix_json_cursor *at, ix_json_writer *json);

#endif
