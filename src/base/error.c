/* error.c - one sentence on what went wrong, in the caller's storage; and what each code means to a shell and
 * to HTTP. Assertions end here too. */
#include <inox/base.h>

static ix_panic_hook *panic_hook;

void ix_panic_set_hook(ix_panic_hook *hook) { panic_hook = hook; }

void ix_panic(const char *expression, const char *file, int line) {
	if (panic_hook) panic_hook(expression, file, line);
	__builtin_trap();
}

/* The length of `text` without a character that a cut left incomplete, so that a long error stays UTF-8. */
static size_t whole_characters(const char *text, size_t length) {
	size_t lead = length;
	while (lead > 0 && length - lead < 3 && ((uint8_t)text[lead - 1] & 0xC0) == 0x80) lead--;
	if (lead == 0) return length;
	uint8_t byte = (uint8_t)text[lead - 1];
	size_t need = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC0 ? 2 : 1;
	return need > length - lead + 1 ? lead - 1 : length;
}

/* Appends as much as fits; what is cut is cut between characters. */
static size_t append(char *out, size_t length, const char *text, size_t size) {
	size_t room = IX_ERROR_TEXT_MAX - 1 - length;
	size_t take = size <= room ? size : whole_characters(text, room);
	memcpy(out + length, text, take);
	out[length + take] = '\0';
	return length + take;
}

static size_t format_whole(char *out, const char *format, va_list arguments) {
	size_t needed = ix_format_list(out, IX_ERROR_TEXT_MAX, format, arguments);
	if (needed < IX_ERROR_TEXT_MAX) return needed;
	size_t length = whole_characters(out, IX_ERROR_TEXT_MAX - 1);
	out[length] = '\0';
	return length;
}

int ix_fail(ix_error *err, int code, const char *format, ...) {
	if (!err) return code;
	/* Through a local, because the arguments may point into err->text. */
	char text[IX_ERROR_TEXT_MAX];
	va_list arguments;
	va_start(arguments, format);
	size_t length = format_whole(text, format, arguments);
	va_end(arguments);
	err->code = code;
	err->detail = 0;
	memcpy(err->text, text, length + 1);
	return code;
}

int ix_wrap(ix_error *err, int code, const char *format, ...) {
	if (!err) return code;
	char text[IX_ERROR_TEXT_MAX];
	va_list arguments;
	va_start(arguments, format);
	size_t length = format_whole(text, format, arguments);
	va_end(arguments);
	if (err->code == IX_OK) {
		err->code = code;
		err->detail = 0;
	} else {
		length = append(text, length, ": ", 2);
		length = append(text, length, err->text, ix_str_from(err->text).size);
	}
	memcpy(err->text, text, length + 1);
	return err->code;
}

/* Files and peers that are missing or refuse are the environment's (4); what was read and is wrong is input
 * (3). */
static const struct {
	const char *name;
	uint8_t exit;
	uint16_t http;
} codes[] = {
	[-IX_OK] = {"ok", 0, 200},
	[-IX_ERR_USAGE] = {"usage", 2, 400},
	[-IX_ERR_SYNTAX] = {"syntax", 3, 400},
	[-IX_ERR_INVALID] = {"invalid", 3, 422},
	[-IX_ERR_TRUNCATED] = {"truncated", 3, 400},
	[-IX_ERR_CHECKSUM] = {"checksum", 3, 400},
	[-IX_ERR_VERSION] = {"version", 3, 400},
	[-IX_ERR_LIMIT] = {"limit", 3, 413},
	[-IX_ERR_RANGE] = {"range", 3, 422},
	[-IX_ERR_UNSUPPORTED] = {"unsupported", 3, 501},
	[-IX_ERR_NOT_FOUND] = {"not found", 3, 404},
	[-IX_ERR_EXISTS] = {"exists", 4, 409},
	[-IX_ERR_CONFLICT] = {"conflict", 4, 409},
	[-IX_ERR_DENIED] = {"denied", 4, 403},
	[-IX_ERR_UNKNOWN_PEER] = {"unknown peer", 4, 401},
	[-IX_ERR_BUSY] = {"busy", 4, 503},
	[-IX_ERR_TIMEOUT] = {"timeout", 4, 504},
	[-IX_ERR_CANCELLED] = {"cancelled", 4, 503},
	[-IX_ERR_CLOSED] = {"closed", 4, 503},
	[-IX_ERR_IO] = {"input/output", 4, 500},
	[-IX_ERR_NO_SPACE] = {"no space", 4, 507},
	[-IX_ERR_MEMORY] = {"memory", 4, 503},
	[-IX_ERR_ENVIRONMENT] = {"environment", 4, 500},
	[-IX_ERR_INTERNAL] = {"internal", 5, 500},
};

static size_t index_of(int code) {
	return code <= 0 && code >= IX_ERR_INTERNAL ? (size_t)-code : (size_t)-IX_ERR_INTERNAL;
}

const char *ix_code_name(int code) { return codes[index_of(code)].name; }
int ix_code_exit(int code) { return codes[index_of(code)].exit; }
int ix_code_http(int code) { return codes[index_of(code)].http; }
