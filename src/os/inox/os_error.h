/* os_error.h - errno as our error codes: one table, so that a full disk is IX_ERR_NO_SPACE wherever it is
 * met. */
#ifndef INOX_OS_ERROR_H
#define INOX_OS_ERROR_H

#include <inox/base.h>

/* The ix_code of an errno; IX_ERR_IO for one that has no better. */
IX_API int ix_os_code(int error_number);

/* "no such file or directory", "disk is full", … for messages; never NULL, no allocation, any thread. */
IX_API const char *ix_os_phrase(int error_number);

/* ix_fail with the text "<format…>: <phrase>", the errno in err->detail and its code returned. */
IX_API int ix_fail_os(ix_error *err, int error_number, const char *format, ...) IX_PRINTF(3, 4);

#endif
