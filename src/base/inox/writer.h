/* writer.h - bytes out, into a caller's buffer, bounds-checked with a sticky failure. After a failure nothing
 * more is written, and `needed` goes on counting, so that a caller can size a second try. */
#ifndef INOX_WRITER_H
#define INOX_WRITER_H

#include <inox/reader.h>

typedef struct ix_writer {
	uint8_t *data;
	size_t capacity;
	size_t size;   /* bytes written */
	size_t needed; /* bytes that were asked for */
	bool failed;
} ix_writer;

static inline ix_writer ix_writer_of(void *data, size_t capacity) {
	return (ix_writer){data, capacity, 0, 0, false};
}

/* Room for `size` bytes, or NULL. */
static inline uint8_t *ix_write_space(ix_writer *w, size_t size) {
	w->needed += size;
	if (IX_UNLIKELY(w->failed || size > w->capacity - w->size)) {
		w->failed = true;
		return NULL;
	}
	uint8_t *out = w->data + w->size;
	w->size += size;
	return out;
}

static inline void ix_store_u16_be(uint8_t *p, uint16_t v) {
	v = __builtin_bswap16(v);
	memcpy(p, &v, 2);
}
static inline void ix_store_u32_be(uint8_t *p, uint32_t v) {
	v = __builtin_bswap32(v);
	memcpy(p, &v, 4);
}
static inline void ix_store_u64_be(uint8_t *p, uint64_t v) {
	v = __builtin_bswap64(v);
	memcpy(p, &v, 8);
}
static inline void ix_store_u48_be(uint8_t *p, uint64_t v) {
	ix_store_u16_be(p, (uint16_t)(v >> 32));
	ix_store_u32_be(p + 2, (uint32_t)v);
}
static inline void ix_store_u16_le(uint8_t *p, uint16_t v) { memcpy(p, &v, 2); }
static inline void ix_store_u32_le(uint8_t *p, uint32_t v) { memcpy(p, &v, 4); }
static inline void ix_store_u64_le(uint8_t *p, uint64_t v) { memcpy(p, &v, 8); }

static inline void ix_write_bytes(ix_writer *w, const void *from, size_t size) {
	uint8_t *p = ix_write_space(w, size);
	if (p && size) memcpy(p, from, size);
}
static inline void ix_write_str(ix_writer *w, ix_str s) { ix_write_bytes(w, s.data, s.size); }
static inline void ix_write_u8(ix_writer *w, uint8_t v) {
	uint8_t *p = ix_write_space(w, 1);
	if (p) p[0] = v;
}
static inline void ix_write_u16_be(ix_writer *w, uint16_t v) {
	uint8_t *p = ix_write_space(w, 2);
	if (p) ix_store_u16_be(p, v);
}
static inline void ix_write_u32_be(ix_writer *w, uint32_t v) {
	uint8_t *p = ix_write_space(w, 4);
	if (p) ix_store_u32_be(p, v);
}
static inline void ix_write_u48_be(ix_writer *w, uint64_t v) {
	uint8_t *p = ix_write_space(w, 6);
	if (p) ix_store_u48_be(p, v);
}
static inline void ix_write_u64_be(ix_writer *w, uint64_t v) {
	uint8_t *p = ix_write_space(w, 8);
	if (p) ix_store_u64_be(p, v);
}
static inline void ix_write_u16_le(ix_writer *w, uint16_t v) {
	uint8_t *p = ix_write_space(w, 2);
	if (p) ix_store_u16_le(p, v);
}
static inline void ix_write_u32_le(ix_writer *w, uint32_t v) {
	uint8_t *p = ix_write_space(w, 4);
	if (p) ix_store_u32_le(p, v);
}
static inline void ix_write_u64_le(ix_writer *w, uint64_t v) {
	uint8_t *p = ix_write_space(w, 8);
	if (p) ix_store_u64_le(p, v);
}
IX_API void ix_write_varint(ix_writer *w, uint64_t value); /* unsigned LEB128, shortest form */
IX_API void ix_write_zigzag(ix_writer *w, int64_t value);

#endif
