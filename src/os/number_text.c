/* A double as text. Seventeen digits always read back; fewer often do. */
#include "number_text.h"

#include <stdio.h>
#include <stdlib.h>

size_t ix_os_number_text(double number, char out[IX_OS_NUMBER_TEXT_MAX]) {
	int size = 0;
	for (int digits = 15; digits <= 17; digits++) {
		size = snprintf(out, IX_OS_NUMBER_TEXT_MAX, "%.*g", digits, number);
		double back = strtod(out, NULL);
		if (!(back < number) && !(back > number)) break;
	}
	/* A program with a locale may print a decimal comma. */
	for (char *byte = out; *byte; byte++)
		if (*byte == ',') *byte = '.';
	return (size_t)size;
}
