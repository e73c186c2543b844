/* text.h - bytes as text and text as bytes: hex and base64 (RFC 4648), UTF-8 (Unicode 15 section 3.9).
 * Decoders are strict: there is one text for each byte string, and anything else is refused with its offset.
 */
#ifndef INOX_TEXT_H
#define INOX_TEXT_H

#include <inox/base.h>

/* ---- hex ---- */

/* Writes 2 * bytes.size lower-case digits, no NUL. */
IX_API void ix_hex_encode(char *out, ix_bytes bytes);
/* Either case; no spaces, no prefix. Errors: IX_ERR_SYNTAX with the offset, IX_ERR_TRUNCATED for an odd digit
 * at the end, IX_ERR_LIMIT when `out` is too small. `out` may have been written to on an error. */
IX_API int ix_hex_decode(ix_str text, uint8_t *out, size_t capacity, size_t *ret_size, ix_error *err);

/* ---- base64 ---- */

typedef enum ix_base64 {
	IX_BASE64 = 0,     /* section 4: + and /, padded */
	IX_BASE64_URL = 1, /* section 5: - and _ , not padded, as in JWT and Merkle proofs */
	IX_BASE64_URL_PADDED = 2,
	IX_BASE64_UNPADDED = 3,
} ix_base64;

/* The size of the text of `size` bytes; SIZE_MAX when that does not fit. */
IX_API size_t ix_base64_text_size(size_t size, ix_base64 kind);
/* Writes exactly that many characters, no NUL. */
IX_API void ix_base64_encode(char *out, ix_bytes bytes, ix_base64 kind);
/* Strict: the right alphabet, padding exactly as `kind` says, unused bits zero, no line breaks. Errors: as
 * ix_hex_decode; `out` needs 3 bytes for 4 characters, less what the end lacks. */
IX_API int ix_base64_decode(
	ix_str text, ix_base64 kind, uint8_t *out, size_t capacity, size_t *ret_size, ix_error *err);

/* ---- UTF-8 ---- */

enum { IX_UTF8_REPLACEMENT = 0xFFFD, IX_UTF8_SIZE_MAX = 4 };

/* The offset of the first byte that does not belong to a well-formed sequence (table 3-7); s.size when all is
 * well. */
IX_API size_t ix_utf8_check(ix_str s);
static inline bool ix_utf8_is_valid(ix_str s) { return ix_utf8_check(s) == s.size; }
/* What ix_utf8_next does with more than ASCII. */
IX_API uint32_t ix_utf8_next_slow(ix_str *rest);
/* The next code point, cut off *rest (which is not empty). An ill-formed part gives IX_UTF8_REPLACEMENT for
 * each of its maximal subparts, as the WHATWG Encoding Standard and Unicode's recommended practice do. */
static inline uint32_t ix_utf8_next(ix_str *rest) {
	IX_ASSERT_HOT(rest->size > 0);
	uint8_t lead = (uint8_t)rest->data[0];
	if (IX_UNLIKELY(lead >= 0x80)) return ix_utf8_next_slow(rest);
	rest->data++;
	rest->size--;
	return lead;
}
/* Writes 1 to 4 bytes and returns how many; 0 for a surrogate or above U+10FFFF. */
IX_API size_t ix_utf8_encode(char out[IX_UTF8_SIZE_MAX], uint32_t code_point);
/* How many code points ix_utf8_next would give. */
IX_API size_t ix_utf8_count(ix_str s);

#endif
