/* number_text.h - a double as the shortest decimal text that reads back as the same. Inside this room: for
 * log lines and metrics. */
#ifndef OS_NUMBER_TEXT_H
#define OS_NUMBER_TEXT_H

#include <inox/base.h>

enum { IX_OS_NUMBER_TEXT_MAX = 32 };

/* Finite numbers only; returns the length, NUL not counted. */
size_t ix_os_number_text(double number, char out[IX_OS_NUMBER_TEXT_MAX]);

#endif
