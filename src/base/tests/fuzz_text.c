/* The decoders of text: the first byte chooses one, the rest is its input. What is accepted must be written
 * back as the same text, what is refused must say where. */
#include <inox/decimal.h>
#include <inox/reader.h>
#include <inox/text.h>
#include <inox/writer.h>

#include <stdlib.h>

#define MUST(condition)                    \
	do {                               \
		if (!(condition)) abort(); \
	} while (0)

static uint8_t out[1 << 16];
static char again[2 << 16];

static void refused(const ix_error *err, int code) { MUST(code < 0 && err->code == code && err->text[0]); }

static void hex(ix_str text) {
	ix_error err = {0};
	size_t size;
	int code = ix_hex_decode(text, out, sizeof out, &size, &err);
	if (code) {
		refused(&err, code);
		return;
	}
	MUST(size * 2 == text.size);
	ix_hex_encode(again, (ix_bytes){out, size});
	for (size_t i = 0; i < text.size; i++)
		MUST(again[i] == text.data[i] || again[i] == (text.data[i] | 0x20));
}

static void base64(ix_str text, ix_base64 kind) {
	ix_error err = {0};
	size_t size;
	int code = ix_base64_decode(text, kind, out, sizeof out, &size, &err);
	if (code) {
		refused(&err, code);
		return;
	}
	MUST(ix_base64_text_size(size, kind) == text.size);
	ix_base64_encode(again, (ix_bytes){out, size}, kind);
	MUST(text.size == 0 || memcmp(again, text.data, text.size) == 0);
}

static void utf8(ix_str text) {
	size_t valid_until = ix_utf8_check(text), count = ix_utf8_count(text);
	MUST(valid_until <= text.size);
	ix_str rest = text;
	for (; rest.size > 0; count--) {
		const char *at = rest.data;
		size_t offset = text.size - rest.size;
		uint32_t code_point = ix_utf8_next(&rest);
		size_t used = (size_t)(rest.data - at);
		char bytes[IX_UTF8_SIZE_MAX];
		size_t size = ix_utf8_encode(bytes, code_point);
		MUST(used >= 1 && used <= 4 && size > 0);
		bool same = size == used && memcmp(bytes, at, used) == 0;
		MUST(same || code_point == IX_UTF8_REPLACEMENT);
		if (offset < valid_until) MUST(same);
		if (offset == valid_until) MUST(!same);
	}
	MUST(count == 0);
}

static void decimal(ix_str text, unsigned scale, ix_rounding rounding) {
	ix_error err = {0};
	int64_t value, back;
	int code = ix_decimal_parse(text, scale, rounding, &value, &err);
	if (code) {
		refused(&err, code);
		return;
	}
	char shown[IX_DECIMAL_TEXT_MAX];
	size_t length = ix_decimal_format(shown, value, scale);
	MUST(ix_decimal_parse((ix_str){shown, length}, scale, IX_ROUND_EXACT, &back, NULL) == 0 &&
		back == value);
	int64_t other;
	if (ix_decimal_divide((ix_decimal){value, scale}, (ix_decimal){value / 3 + 1, scale / 2}, scale,
		    rounding, &other, NULL) == 0 &&
		rounding == IX_ROUND_EXACT)
		MUST(ix_decimal_multiply((ix_decimal){other, scale}, (ix_decimal){value / 3 + 1, scale / 2},
			     scale, IX_ROUND_EXACT, &back, NULL) == 0 &&
			back == value);
}

static void varints(ix_str text) {
	ix_reader r = ix_reader_of(ix_str_bytes(text));
	while (ix_reader_left(&r) > 0) {
		size_t start = r.offset;
		uint64_t value = ix_read_varint(&r);
		if (r.failed) break;
		ix_writer w = ix_writer_of(again, sizeof again);
		ix_write_varint(&w, value);
		MUST(w.size == r.offset - start && memcmp(again, text.data + start, w.size) == 0);
	}
	ix_error err = {0};
	int code = ix_reader_finish(&r, "varints", &err);
	if (code) refused(&err, code);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
	if (size == 0 || size > 1 << 16) return 0;
	ix_str text = {(const char *)data + 1, size - 1};
	switch (data[0] % 8) {
	case 0: hex(text); break;
	case 1:
	case 2:
	case 3:
	case 4: base64(text, (ix_base64)(data[0] % 8 - 1)); break;
	case 5: utf8(text); break;
	case 6: decimal(text, data[0] / 8 % 19, (ix_rounding)(data[0] / 8 % 7)); break;
	default: varints(text); break;
	}
	return 0;
}
