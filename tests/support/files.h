/* files.h - reading a whole test file, through xz where its name says so. Shared by the unit tests' and the
 * suites' support. */
#ifndef INOX_TESTS_FILES_H
#define INOX_TESTS_FILES_H

#include <stddef.h>
#include <stdint.h>

/* malloc's; NULL with errno set when it cannot be read. */
uint8_t *ix_test_file_read(const char *path, size_t *ret_size);

#endif
