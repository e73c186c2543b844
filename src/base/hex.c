/* hex.c - bytes as pairs of hexadecimal digits (RFC 4648 section 8). */
#include <inox/text.h>

void ix_hex_encode(char *out, ix_bytes bytes) {
	static const char digits[] = "0123456789abcdef";
	for (size_t i = 0; i < bytes.size; i++) {
		out[2 * i] = digits[bytes.data[i] >> 4];
		out[2 * i + 1] = digits[bytes.data[i] & 15];
	}
}

/* 0 to 15, or 16 for any other byte. */
static unsigned digit_value(char c) {
	if (c >= '0' && c <= '9') return (unsigned)(c - '0');
	unsigned letter = ((unsigned)c | 0x20) - 'a';
	return letter < 6 ? letter + 10 : 16;
}

int ix_hex_decode(ix_str text, uint8_t *out, size_t capacity, size_t *ret_size, ix_error *err) {
	for (size_t i = 0; i < text.size; i++) {
		unsigned value = digit_value(text.data[i]);
		if (value > 15)
			return ix_fail(err, IX_ERR_SYNTAX,
				"offset %zu: byte 0x%02x is not a hexadecimal digit", i,
				(uint8_t)text.data[i]);
		if (i / 2 >= capacity)
			return ix_fail(err, IX_ERR_LIMIT, "offset %zu: more than %zu bytes", i, capacity);
		out[i / 2] = (uint8_t)(i % 2 ? out[i / 2] | value : value << 4);
	}
	if (text.size % 2)
		return ix_fail(err, IX_ERR_TRUNCATED, "offset %zu: half a byte is missing", text.size);
	*ret_size = text.size / 2;
	return 0;
}
