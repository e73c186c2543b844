/* Any bytes as an OUCH message in both directions: what decodes encodes to the same bytes, and its tags can
 * be walked. */
#include <inox/ouch.h>

#include <stdlib.h>
#include <string.h>

static void require(int is_true) {
	if (!is_true) abort();
}

static void print(const ix_ouch_field *field, const uint8_t *value) {
	char text[IX_OUCH_FIELD_TEXT_MAX];
	require(ix_ouch_field_text(field, value, text, sizeof text) < sizeof text);
	(void)ix_ouch_code_meaning(field, value[0]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
	static uint8_t out[70000];
	for (int direction = 0; direction < 2; direction++) {
		ix_ouch_message m;
		ix_error err = {0};
		if (ix_ouch_decode((ix_ouch_direction)direction, (ix_bytes){data, size}, &m, &err)) {
			require(strncmp(err.text, "offset ", 7) == 0);
			continue;
		}
		ix_writer w = ix_writer_of(out, sizeof out);
		ix_ouch_encode(&w, &m);
		require(!w.failed && w.size == size && memcmp(out, data, size) == 0);
		const ix_ouch_type *type = ix_ouch_type_find(m.direction, m.type);
		for (size_t i = 0; i < ix_ouch_field_count(&m); i++)
			print(&type->fields[i], data + type->fields[i].offset);
		ix_bytes left = m.appendage;
		ix_writer again = ix_writer_of(out, sizeof out);
		for (ix_ouch_tag tag; ix_ouch_tag_next(&left, &tag);) {
			const ix_ouch_field *field = ix_ouch_tag_field(tag.number);
			if (field && field->width == tag.value.size) print(field, tag.value.data);
			ix_ouch_tag_write(&again, tag.number, tag.value);
			uint64_t number;
			(void)ix_ouch_tag_u64(m.appendage, tag.number, &number);
		}
		require(left.size == 0 && again.size == m.appendage.size);
		require(again.size == 0 || memcmp(out, m.appendage.data, again.size) == 0);
	}
	return 0;
}
