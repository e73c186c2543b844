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

/* Table 3-7 as a machine that takes a byte with one load and one shift: a state is the place, in the number
 * that the byte gives, of the six bits that are the next state. What a row leaves out is BAD, and BAD stays.
 */
enum { BAD = 0, GOOD = 6, ONE_MORE = 12, TWO_MORE = 18, THREE_MORE = 24, E0 = 30, ED = 36, F0 = 42, F4 = 48 };
#define FROM(state, next) ((uint64_t)(next) << (state))
#define CONTINUES         (FROM(ONE_MORE, GOOD) | FROM(TWO_MORE, ONE_MORE) | FROM(THREE_MORE, TWO_MORE))

static const uint64_t next_state[256] = {
	[0x00 ... 0x7F] = FROM(GOOD, GOOD),
	[0x80 ... 0x8F] = CONTINUES | FROM(ED, ONE_MORE) | FROM(F4, TWO_MORE),
	[0x90 ... 0x9F] = CONTINUES | FROM(ED, ONE_MORE) | FROM(F0, TWO_MORE),
	[0xA0 ... 0xBF] = CONTINUES | FROM(E0, ONE_MORE) | FROM(F0, TWO_MORE),
	[0xC2 ... 0xDF] = FROM(GOOD, ONE_MORE),
	[0xE0] = FROM(GOOD, E0),
	[0xE1 ... 0xEC] = FROM(GOOD, TWO_MORE),
	[0xED] = FROM(GOOD, ED),
	[0xEE ... 0xEF] = FROM(GOOD, TWO_MORE),
	[0xF0] = FROM(GOOD, F0),
	[0xF1 ... 0xF3] = FROM(GOOD, THREE_MORE),
	[0xF4] = FROM(GOOD, F4),
};

enum { BLOCK = 16 };

static bool is_ascii(const uint8_t *block) {
	return ((ix_load_u64_le(block) | ix_load_u64_le(block + 8)) & 0x8080808080808080) == 0;
}

/* The offset of the first ill-formed sequence at or after the character that holds the byte before `at`, up
 * to which all is well. */
static size_t find_ill_formed(const uint8_t *p, size_t size, size_t at) {
	for (int back = 0; back < 3 && at > 0 && is_in(p[at - 1], 0x80, 0xBF); back++) at--;
	if (at > 0) at--;
	while (at < size) {
		sequence next = decode(p + at, size - at);
		if (!next.well_formed) break;
		at += next.size;
	}
	return at;
}

size_t ix_utf8_check(ix_str s) {
	const uint8_t *p = (const uint8_t *)s.data;
	uint64_t state = GOOD;
	size_t at = 0;
	for (; s.size - at >= BLOCK; at += BLOCK) {
		if (state == GOOD && is_ascii(p + at)) continue;
		for (size_t i = 0; i < BLOCK; i++) state = next_state[p[at + i]] >> state & 63;
		if (state == BAD) return find_ill_formed(p, s.size, at);
	}
	size_t tail = at;
	for (; at < s.size; at++) state = next_state[p[at]] >> state & 63;
	return state == GOOD ? s.size : find_ill_formed(p, s.size, tail);
}

uint32_t ix_utf8_next_slow(ix_str *rest) {
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
