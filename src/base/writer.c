/* writer.c - the writes that are too long to be inline. */
#include <inox/writer.h>

void ix_write_varint(ix_writer *w, uint64_t value) {
	uint8_t bytes[10];
	size_t size = 0;
	for (; value >= 0x80; value >>= 7) bytes[size++] = (uint8_t)(value | 0x80);
	bytes[size++] = (uint8_t)value;
	ix_write_bytes(w, bytes, size);
}

void ix_write_zigzag(ix_writer *w, int64_t value) {
	ix_write_varint(w, ((uint64_t)value << 1) ^ (0 - ((uint64_t)value >> 63)));
}
