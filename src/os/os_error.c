/* errno to our codes and to words. */
#include <inox/os_error.h>

#include <errno.h>
#include <string.h>

/* Words that say what a reader needs to know; the C library's for the rest. */
static const struct {
	int number, code;
	const char *phrase;
} table[] = {
	{EPERM, IX_ERR_DENIED, "operation not permitted"},
	{EACCES, IX_ERR_DENIED, "permission denied"},
	{EROFS, IX_ERR_DENIED, "the file system is read-only"},
	{ENOENT, IX_ERR_NOT_FOUND, "no such file or directory"},
	{ESRCH, IX_ERR_NOT_FOUND, "no such process"},
	{ENXIO, IX_ERR_NOT_FOUND, "no such device, or no reader"},
	{ENODEV, IX_ERR_NOT_FOUND, "no such device"},
	{EEXIST, IX_ERR_EXISTS, "it exists already"},
	{ENOTDIR, IX_ERR_NOT_FOUND, "a part of the path is not a directory"},
	{EISDIR, IX_ERR_INVALID, "it is a directory"},
	{ELOOP, IX_ERR_INVALID, "too many symbolic links, or a link where none may be"},
	{ENAMETOOLONG, IX_ERR_LIMIT, "the name is too long"},
	{ENOTEMPTY, IX_ERR_CONFLICT, "the directory is not empty"},
	{ETXTBSY, IX_ERR_CONFLICT, "the program is running"},
	{EXDEV, IX_ERR_CONFLICT, "it would cross file systems"},
	{EBUSY, IX_ERR_BUSY, "it is in use"},
	{EAGAIN, IX_ERR_BUSY, "not available now"},
	{EMFILE, IX_ERR_ENVIRONMENT, "too many open files in this process"},
	{ENFILE, IX_ERR_ENVIRONMENT, "too many open files on this machine"},
	{EFBIG, IX_ERR_LIMIT, "the file would be too large"},
	{E2BIG, IX_ERR_LIMIT, "the arguments are too long"},
	{ENOSPC, IX_ERR_NO_SPACE, "the disk is full"},
	{EDQUOT, IX_ERR_NO_SPACE, "the disk quota is used up"},
	{ENOMEM, IX_ERR_MEMORY, "out of memory"},
	{EOPNOTSUPP, IX_ERR_ENVIRONMENT, "not supported here"},
	{ENOSYS, IX_ERR_ENVIRONMENT, "this kernel does not have it"},
	{ENOEXEC, IX_ERR_INVALID, "not a program this machine can run"},
	{EPIPE, IX_ERR_CLOSED, "the reader is gone"},
	{ECONNRESET, IX_ERR_CLOSED, "the other side closed the connection"},
	{ECONNREFUSED, IX_ERR_CLOSED, "connection refused"},
	{ETIMEDOUT, IX_ERR_TIMEOUT, "timed out"},
	{ECANCELED, IX_ERR_CANCELLED, "cancelled"},
	{EADDRINUSE, IX_ERR_EXISTS, "the address is in use"},
	{EADDRNOTAVAIL, IX_ERR_INVALID, "this machine does not have the address"},
	{EBADF, IX_ERR_CLOSED, "it is not open"},
	{EIO, IX_ERR_IO, "input/output error"},
};

int ix_os_code(int error_number) {
	for (size_t i = 0; i < IX_COUNT(table); i++)
		if (table[i].number == error_number) return table[i].code;
	return IX_ERR_IO;
}

const char *ix_os_phrase(int error_number) {
	for (size_t i = 0; i < IX_COUNT(table); i++)
		if (table[i].number == error_number) return table[i].phrase;
	const char *words = strerrordesc_np(error_number);
	return words ? words : "unknown error";
}

int ix_fail_os(ix_error *err, int error_number, const char *format, ...) {
	int code = ix_os_code(error_number);
	if (!err) return code;
	/* The phrase must not be what a long path pushes out. */
	char context[IX_ERROR_TEXT_MAX - 64];
	va_list arguments;
	va_start(arguments, format);
	size_t length = ix_format_list(context, sizeof context, format, arguments);
	va_end(arguments);
	if (length >= sizeof context) {
		length = sizeof context - 1;
		while (length > 0 && ((uint8_t)context[length - 1] & 0x80)) length--;
		context[length] = '\0';
	}
	(void)ix_fail(err, code, "%s: %s", context, ix_os_phrase(error_number));
	err->detail = error_number;
	return code;
}
