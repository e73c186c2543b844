/* Fuzz: times as text. What parses is printed so that it parses to the same. */
#include <inox/clock.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
	int64_t ns, again;
	ix_error err;
	int code = ix_time_parse((ix_str){(const char *)data, size}, &ns, &err);
	if (code) {
		IX_ASSERT(code == IX_ERR_SYNTAX || code == IX_ERR_INVALID || code == IX_ERR_RANGE);
		return 0;
	}
	char out[IX_TIME_TEXT_MAX];
	size_t length = ix_time_format(ns, 9, out);
	IX_ASSERT(length == 30);
	IX_ASSERT(ix_time_parse((ix_str){out, length}, &again, NULL) == 0 && again == ns);
	return 0;
}
