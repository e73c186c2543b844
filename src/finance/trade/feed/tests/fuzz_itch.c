/* Fuzzes the ITCH 5.0 decoder: the input is one message. What decodes must encode to the same bytes, and be
 * judged and printed within bounds. */
#include <inox/itch.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
	ix_itch_message m;
	ix_error err = {0};
	int code = ix_itch_decode((ix_bytes){data, size}, &m, &err);
	IX_ASSERT(code == err.code);
	if (code) {
		IX_ASSERT(err.text[0] != '\0');
		return 0;
	}
	uint8_t out[IX_ITCH_SIZE_MAX];
	IX_ASSERT(ix_itch_encode(&m, out) == size && memcmp(out, data, size) == 0);
	code = ix_itch_validate(&m, &err);
	IX_ASSERT(code == 0 || code == IX_ERR_INVALID);
	const ix_itch_type *type = ix_itch_type_find(m.type);
	for (size_t i = 0; i < type->field_count; i++) {
		char text[IX_ITCH_FIELD_TEXT_MAX];
		IX_ASSERT(ix_itch_field_text(&type->fields[i], data, text) < sizeof(text));
		(void)ix_itch_field_meaning(&type->fields[i], data);
	}
	return 0;
}
