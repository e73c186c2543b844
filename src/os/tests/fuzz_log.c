/* Fuzz: any bytes in a message, a key or a value make one whole line, printable and well-formed UTF-8. */
#include <inox/log.h>
#include <inox/text.h>

#include "../log_line.h"

static void check_line(const ix_log_options *options, const uint8_t *data, size_t size) {
	/* The NUL-terminated message is cut from the front, the fields are the rest. */
	char message[64];
	size_t head = ix_size_min(size, sizeof message - 1);
	memcpy(message, data, head);
	message[head] = '\0';
	ix_str rest = {(const char *)data + head, size - head};
	const ix_log_field fields[] = {IX_LOG_STR("a", rest), IX_LOG_STR(message, rest),
		IX_LOG_HEX("h", ix_str_bytes(rest)), IX_LOG_UINT("n", size)};
	ix_log_event event = {.time_ns = (int64_t)size,
		.level = IX_LOG_INFO,
		.message = ix_str_from(message),
		.fields = fields,
		.field_count = IX_COUNT(fields),
		.suppressed = size};
	char line[IX_LOG_LINE_MAX];
	size_t length = ix_log_line(options, &event, line);
	IX_ASSERT(length > 0 && length <= IX_LOG_LINE_MAX && line[length - 1] == '\n');
	IX_ASSERT(ix_utf8_is_valid((ix_str){line, length}));
	for (size_t i = 0; i + 1 < length; i++) IX_ASSERT((uint8_t)line[i] >= ' ' && line[i] != 0x7F);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
	static const ix_log_options text = {.format = IX_LOG_TEXT}, json = {.format = IX_LOG_JSON};
	check_line(&text, data, size);
	check_line(&json, data, size);
	return 0;
}
