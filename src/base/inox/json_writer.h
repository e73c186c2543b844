/* json_writer.h - JSON (RFC 8259) written as it comes, without a tree: into a buffer or through one into a
 * sink. Results of commands, logs and protocols. Always well-formed: commas, quotes, escapes and indentation
 * are the writer's, ill-formed UTF-8 becomes U+FFFD, and numbers are exact decimal text.
 *
 *     ix_json_writer json;
 *     ix_json_writer_init(&json, &writer, (ix_json_style){0});
 *     ix_json_object_begin(&json);
 *     ix_json_key(&json, IX_STR("price"));
 *     ix_json_decimal(&json, 1234500, 4);       → {"price":123.4500}
 *     ix_json_object_end(&json);
 *     if (ix_json_writer_finish(&json, &err)) …
 *
 * Calls out of order (a value without a key, an end without a beginning) are our own mistakes and panic. */
#ifndef INOX_JSON_WRITER_H
#define INOX_JSON_WRITER_H

#include <inox/writer.h>

enum { IX_JSON_WRITER_DEPTH_MAX = 64 };

/* Takes all of the data, or returns false; then nothing more is written. */
typedef bool ix_json_sink(void *context, const char *data, size_t size);

typedef struct ix_json_style {
	/* Levels that get a line for each member, indented by two spaces; deeper ones stand on one line as
	 * {"a": 1, "b": [2, 3]}. 0: all compact, without a space. */
	unsigned open_levels;
	bool ascii; /* \u escapes for everything above U+007E */
} ix_json_style;

typedef struct ix_json_writer {
	ix_writer *to; /* or NULL, and then: */
	ix_json_sink *sink;
	void *context;
	ix_writer buffer;
	ix_json_style style;
	uint64_t in_object; /* a bit for each level */
	unsigned depth;
	bool has_member; /* of the innermost level */
	bool has_key;
	bool failed;
} ix_json_writer;

/* `to` keeps the text; finish says when it did not fit, and `to->needed` how much it would be. */
IX_API void ix_json_writer_init(ix_json_writer *json, ix_writer *to, ix_json_style style);
/* `buffer` (at least 64 bytes) is the caller's, and emptied into `sink` whenever it is full and at the end.
 */
IX_API void ix_json_writer_init_sink(ix_json_writer *json, void *buffer, size_t capacity, ix_json_sink *sink,
	void *context, ix_json_style style);
/* Everything that was begun has been ended: empties the buffer. Errors: IX_ERR_LIMIT (`to` was too small),
 * IX_ERR_IO (the sink refused). */
IX_API int ix_json_writer_finish(ix_json_writer *json, ix_error *err);

/* Deeper than IX_JSON_WRITER_DEPTH_MAX fails the writer. */
IX_API void ix_json_object_begin(ix_json_writer *json);
IX_API void ix_json_object_end(ix_json_writer *json);
IX_API void ix_json_array_begin(ix_json_writer *json);
IX_API void ix_json_array_end(ix_json_writer *json);
IX_API void ix_json_key(ix_json_writer *json, ix_str key);

IX_API void ix_json_string(ix_json_writer *json, ix_str text);
IX_API void ix_json_hex(ix_json_writer *json, ix_bytes bytes); /* a string of lower-case hex digits */
IX_API void ix_json_i64(ix_json_writer *json, int64_t value);
IX_API void ix_json_u64(ix_json_writer *json, uint64_t value);
/* value / 10^scale with all `scale` (0 to 18) decimals, as a number. */
IX_API void ix_json_decimal(ix_json_writer *json, int64_t value, unsigned scale);
/* A number that is text already ("1.5e-7"): must follow JSON's grammar, else it panics. */
IX_API void ix_json_number(ix_json_writer *json, ix_str number);
IX_API void ix_json_bool(ix_json_writer *json, bool value);
IX_API void ix_json_null(ix_json_writer *json);

/* Whether text is a JSON number (RFC 8259 section 6). */
IX_API bool ix_json_is_number(ix_str text);

#endif
