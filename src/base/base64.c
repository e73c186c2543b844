/* base64.c - bytes as base64 (RFC 4648 sections 4 and 5), strictly: one text for each byte string. */
#include <inox/text.h>

static const char alphabets[2][65] = {
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/",
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_",
};

static bool is_url(ix_base64 kind) { return kind == IX_BASE64_URL || kind == IX_BASE64_URL_PADDED; }
static bool is_padded(ix_base64 kind) { return kind == IX_BASE64 || kind == IX_BASE64_URL_PADDED; }

size_t ix_base64_text_size(size_t size, ix_base64 kind) {
	size_t rest = size % 3, out;
	if (ix_mul_overflow(size / 3, (size_t)4, &out)) return SIZE_MAX;
	size_t end = rest == 0 ? 0 : is_padded(kind) ? 4 : rest + 1;
	return ix_add_overflow(out, end, &out) ? SIZE_MAX : out;
}

void ix_base64_encode(char *out, ix_bytes bytes, ix_base64 kind) {
	const char *alphabet = alphabets[is_url(kind)];
	const uint8_t *p = bytes.data;
	size_t left = bytes.size;
	for (; left >= 3; left -= 3, p += 3, out += 4) {
		uint32_t group = (uint32_t)p[0] << 16 | (uint32_t)p[1] << 8 | p[2];
		out[0] = alphabet[group >> 18];
		out[1] = alphabet[group >> 12 & 63];
		out[2] = alphabet[group >> 6 & 63];
		out[3] = alphabet[group & 63];
	}
	if (left == 0) return;
	uint32_t group = (uint32_t)p[0] << 16 | (left == 2 ? (uint32_t)p[1] << 8 : 0);
	*out++ = alphabet[group >> 18];
	*out++ = alphabet[group >> 12 & 63];
	if (left == 2) *out++ = alphabet[group >> 6 & 63];
	for (size_t i = left; is_padded(kind) && i < 3; i++) *out++ = '=';
}

/* A digit's value, or 64 for any other byte. */
/* clang-format off */
static const uint8_t digit_values[2][256] = {
	{
		64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64,
		64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 62, 64, 64, 64, 63, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 64, 64, 64, 64, 64, 64,
		64, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 64, 64, 64, 64, 64,
		64, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 64, 64, 64, 64, 64,
		64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64,
		64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64,
		64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64,
		64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64,
	},
	{
		64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64,
		64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 62, 64, 64, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 64, 64, 64, 64, 64, 64,
		64, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 64, 64, 64, 64, 63,
		64, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 64, 64, 64, 64, 64,
		64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64,
		64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64,
		64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64,
		64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64,
	},
};
/* clang-format on */

static int not_a_digit(ix_str text, size_t from, const uint8_t *values, ix_error *err) {
	while (values[(uint8_t)text.data[from]] < 64) from++;
	return ix_fail(err, IX_ERR_SYNTAX, "offset %zu: byte 0x%02x is not a base64 digit here", from,
		(uint8_t)text.data[from]);
}

/* The digits, less the padding that `kind` asks for. */
static int without_padding(ix_str *text, ix_base64 kind, ix_error *err) {
	size_t rest = text->size % 4;
	if (!is_padded(kind))
		return rest == 1 ? ix_fail(err, IX_ERR_TRUNCATED, "offset %zu: base64 ends inside a group",
					   text->size)
				 : 0;
	if (rest) return ix_fail(err, IX_ERR_TRUNCATED, "offset %zu: base64 ends inside a group", text->size);
	for (int i = 0; i < 2 && text->size > 0 && text->data[text->size - 1] == '='; i++) text->size--;
	return 0;
}

int ix_base64_decode(
	ix_str text, ix_base64 kind, uint8_t *out, size_t capacity, size_t *ret_size, ix_error *err) {
	const uint8_t *values = digit_values[is_url(kind)];
	int code = without_padding(&text, kind, err);
	if (code) return code;
	size_t tail = text.size % 4, whole = text.size - tail, size = whole / 4 * 3 + (tail ? tail - 1 : 0);
	if (size > capacity)
		return ix_fail(err, IX_ERR_LIMIT, "%zu bytes of base64 do not fit in %zu", size, capacity);
	const char *p = text.data;
	for (size_t at = 0; at < whole; at += 4, p += 4, out += 3) {
		uint32_t a = values[(uint8_t)p[0]], b = values[(uint8_t)p[1]], c = values[(uint8_t)p[2]],
			 d = values[(uint8_t)p[3]];
		if (IX_UNLIKELY((a | b | c | d) > 63)) return not_a_digit(text, at, values, err);
		uint32_t group = a << 18 | b << 12 | c << 6 | d;
		out[0] = (uint8_t)(group >> 16);
		out[1] = (uint8_t)(group >> 8);
		out[2] = (uint8_t)group;
	}
	if (tail) {
		uint32_t a = values[(uint8_t)p[0]], b = values[(uint8_t)p[1]],
			 c = tail == 3 ? values[(uint8_t)p[2]] : 0;
		if ((a | b | c) > 63) return not_a_digit(text, whole, values, err);
		uint32_t group = a << 18 | b << 12 | c << 6;
		if (group & (tail == 3 ? 0xFF : 0xFFFF))
			return ix_fail(err, IX_ERR_SYNTAX,
				"offset %zu: the last digit has bits that belong to no byte", text.size - 1);
		out[0] = (uint8_t)(group >> 16);
		if (tail == 3) out[1] = (uint8_t)(group >> 8);
	}
	*ret_size = size;
	return 0;
}
