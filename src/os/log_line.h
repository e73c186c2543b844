/* log_line.h - one event as one line of text or JSON, in a caller's buffer. Inside this room. */
#ifndef OS_LOG_LINE_H
#define OS_LOG_LINE_H

#include <inox/log.h>

typedef struct ix_log_event {
	int64_t time_ns;
	ix_log_level level;
	ix_str message;
	const ix_log_field *fields;
	size_t field_count;
	uint64_t suppressed; /* lines of this call site held back before this one */
} ix_log_event;

const char *ix_log_level_name(ix_log_level level);

/* Writes at most IX_LOG_LINE_MAX bytes with the newline; returns how many. Fields that do not fit are left
 * out whole, and the line says so. */
size_t ix_log_line(const ix_log_options *options, const ix_log_event *event, char line[IX_LOG_LINE_MAX]);

#endif
