/* json_internal.h - jansson, known to this room's sources only. A document is its root value. */
#ifndef INOX_JSON_INTERNAL_H
#define INOX_JSON_INTERNAL_H

#include <inox/json.h>

#include <jansson.h>

/* "offset 7 (line 1, column 8): …" */
int ix_json_complain(ix_error *err, int code, ix_bytes text, size_t offset, const char *format, ...)
	IX_PRINTF(5, 6);

/* The shortest decimal text that reads back as the same double, and how many digits it took. */
size_t ix_json_real_text(double value, char *out, size_t capacity, int *ret_digits);

static inline json_t *ix_json_node(const ix_json_cursor *at) { return at->node; }

#endif
