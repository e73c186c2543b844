/* reader.h - the one way outside bytes are taken apart: bounds-checked, with a sticky failure. Read a whole
 * record, then ask once whether it was all there. After a failure every read gives zero and the offset stays
 * where it failed. */
#ifndef INOX_READER_H
#define INOX_READER_H

#include <inox/base.h>

typedef struct ix_reader {
	const uint8_t *data;
	size_t size;
	size_t offset; /* of the next byte; after a failure, of the item that was not all there */
	bool failed;
	bool malformed; /* it failed because the bytes there follow no grammar, not because they end */
} ix_reader;

static inline ix_reader ix_reader_of(ix_bytes bytes) {
	return (ix_reader){bytes.data, bytes.size, 0, false, false};
}
static inline size_t ix_reader_left(const ix_reader *r) { return r->failed ? 0 : r->size - r->offset; }

/* For a parser that finds something wrong with the item at `offset`. */
static inline void ix_reader_fail_at(ix_reader *r, size_t offset) {
	if (r->failed) return;
	r->offset = offset;
	r->failed = r->malformed = true;
}

/* The next `size` bytes, not copied; NULL data and a failed reader when they are not all there. */
static inline ix_bytes ix_read_bytes(ix_reader *r, size_t size) {
	if (IX_UNLIKELY(r->failed || size > r->size - r->offset)) {
		r->failed = true;
		return (ix_bytes){NULL, 0};
	}
	ix_bytes out = {r->data + r->offset, size};
	r->offset += size;
	return out;
}
static inline void ix_read_skip(ix_reader *r, size_t size) { (void)ix_read_bytes(r, size); }

static inline uint16_t ix_load_u16_be(const uint8_t *p) {
	uint16_t v;
	memcpy(&v, p, 2);
	return __builtin_bswap16(v);
}
static inline uint32_t ix_load_u32_be(const uint8_t *p) {
	uint32_t v;
	memcpy(&v, p, 4);
	return __builtin_bswap32(v);
}
static inline uint64_t ix_load_u64_be(const uint8_t *p) {
	uint64_t v;
	memcpy(&v, p, 8);
	return __builtin_bswap64(v);
}
static inline uint64_t ix_load_u48_be(const uint8_t *p) {
	return ((uint64_t)ix_load_u16_be(p) << 32) | ix_load_u32_be(p + 2);
}
static inline uint16_t ix_load_u16_le(const uint8_t *p) {
	uint16_t v;
	memcpy(&v, p, 2);
	return v;
}
static inline uint32_t ix_load_u32_le(const uint8_t *p) {
	uint32_t v;
	memcpy(&v, p, 4);
	return v;
}
static inline uint64_t ix_load_u64_le(const uint8_t *p) {
	uint64_t v;
	memcpy(&v, p, 8);
	return v;
}
_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__,
	"the loads and stores above assume a little-endian machine");

static inline uint8_t ix_read_u8(ix_reader *r) {
	ix_bytes b = ix_read_bytes(r, 1);
	return b.data ? b.data[0] : 0;
}
static inline uint16_t ix_read_u16_be(ix_reader *r) {
	ix_bytes b = ix_read_bytes(r, 2);
	return b.data ? ix_load_u16_be(b.data) : 0;
}
static inline uint32_t ix_read_u32_be(ix_reader *r) {
	ix_bytes b = ix_read_bytes(r, 4);
	return b.data ? ix_load_u32_be(b.data) : 0;
}
static inline uint64_t ix_read_u48_be(ix_reader *r) {
	ix_bytes b = ix_read_bytes(r, 6);
	return b.data ? ix_load_u48_be(b.data) : 0;
}
static inline uint64_t ix_read_u64_be(ix_reader *r) {
	ix_bytes b = ix_read_bytes(r, 8);
	return b.data ? ix_load_u64_be(b.data) : 0;
}
static inline uint16_t ix_read_u16_le(ix_reader *r) {
	ix_bytes b = ix_read_bytes(r, 2);
	return b.data ? ix_load_u16_le(b.data) : 0;
}
static inline uint32_t ix_read_u32_le(ix_reader *r) {
	ix_bytes b = ix_read_bytes(r, 4);
	return b.data ? ix_load_u32_le(b.data) : 0;
}
static inline uint64_t ix_read_u64_le(ix_reader *r) {
	ix_bytes b = ix_read_bytes(r, 8);
	return b.data ? ix_load_u64_le(b.data) : 0;
}

/* Unsigned LEB128 of at most ten bytes; a longer or overflowing one, or one with needless trailing zero
 * groups, fails the reader. */
IX_API uint64_t ix_read_varint(ix_reader *r);
IX_API int64_t ix_read_zigzag(ix_reader *r);

/* 0 when everything read was there and nothing is left over; otherwise IX_ERR_TRUNCATED or IX_ERR_SYNTAX with
 * the offset and `what`. */
IX_API int ix_reader_finish(const ix_reader *r, const char *what, ix_error *err);

#endif
