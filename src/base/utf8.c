/* utf8.c - UTF-8 as Unicode's table 3-7 has it: no surrogates, nothing above U+10FFFF, shortest forms only.
 */
#include <inox/reader.h>
#include <inox/text.h>

typedef struct {
	uint32_t code_point; /* IX_UTF8_REPLACEMENT when ill-formed */
	uint8_t size;        /* of the sequence, or of its maximal subpart; at least 1 */
	bool well_formed;
} sequence;

static bool is_in(uint8_t byte, unsigned low, unsigned high) { return byte >= low && byte <= high; }

/* Decodes what starts at p; left > 0. Only the second byte's range depends on the first. */
static sequence decode(const uint8_t *p, size_t left) {
	uint8_t lead = p[0];
	if (lead < 0x80) return (sequence){lead, 1, true};
	if (!is_in(lead, 0xC2, 0xF4)) return (sequence){IX_UTF8_REPLACEMENT, 1, false};
	unsigned low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
	unsigned high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
	uint8_t size = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4, got = 1;
	uint32_t code_point = lead & (0x7FU >> size);
	for (; got < size; got++) {
		if (got == left || !is_in(p[got], low, high))
			return (sequence){IX_UTF8_REPLACEMENT, got, false};
		code_point = code_point << 6 | (p[got] & 0x3F);
		low = 0x80, high = 0xBF;
	}
	return (sequence){code_point, size, true};
}

size_t ix_utf8_check(ix_str s) {
	const uint8_t *p = (const uint8_t *)s.data;
	size_t at = 0;
	while (at < s.size) {
		/* Most text is ASCII, and eight bytes without a top bit are eight characters. */
		while (s.size - at >= 8 && (ix_load_u64_le(p + at) & 0x8080808080808080) == 0) at += 8;
		if (at == s.size) break;
		sequence next = decode(p + at, s.size - at);
		if (!next.well_formed) return at;
		at += next.size;
	}
	return at;
}

uint32_t ix_utf8_next(ix_str *rest) {
	IX_ASSERT_HOT(rest->size > 0);
	sequence next = decode((const uint8_t *)rest->data, rest->size);
	rest->data += next.size;
	rest->size -= next.size;
	return next.code_point;
}

size_t ix_utf8_encode(char out[IX_UTF8_SIZE_MAX], uint32_t code_point) {
	if (code_point < 0x80) {
		out[0] = (char)code_point;
		return 1;
	}
	if (code_point > 0x10FFFF || (code_point >= 0xD800 && code_point <= 0xDFFF)) return 0;
	size_t size = code_point < 0x800 ? 2 : code_point < 0x10000 ? 3 : 4;
	for (size_t i = size - 1; i > 0; i--, code_point >>= 6) out[i] = (char)(0x80 | (code_point & 0x3F));
	static const uint8_t leads[] = {[2] = 0xC0, [3] = 0xE0, [4] = 0xF0};
	out[0] = (char)(leads[size] | code_point);
	return size;
}

size_t ix_utf8_count(ix_str s) {
	size_t count = 0;
	while (s.size > 0) {
		(void)ix_utf8_next(&s);
		count++;
	}
	return count;
}
