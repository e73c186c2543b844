/* reader.c - the reads that are too long to be inline, and the verdict at the end of a record. */
#include <inox/reader.h>

uint64_t ix_read_varint(ix_reader *r) {
	uint64_t value = 0;
	size_t start = r->offset;
	for (unsigned shift = 0; shift < 64; shift += 7) {
		uint8_t byte = ix_read_u8(r);
		if (r->failed) {
			r->offset = start;
			return 0;
		}
		value |= (uint64_t)(byte & 0x7F) << shift;
		if (byte & 0x80) continue;
		/* The tenth byte holds bit 63 alone; a last byte of zero could have been left out. */
		if ((shift == 63 && byte > 1) || (shift > 0 && byte == 0)) break;
		return value;
	}
	ix_reader_fail_at(r, start);
	return 0;
}

int64_t ix_read_zigzag(ix_reader *r) {
	uint64_t value = ix_read_varint(r);
	return (int64_t)((value >> 1) ^ (0 - (value & 1)));
}

int ix_reader_finish(const ix_reader *r, const char *what, ix_error *err) {
	if (r->malformed) return ix_fail(err, IX_ERR_SYNTAX, "offset %zu: %s is malformed", r->offset, what);
	if (r->failed)
		return ix_fail(err, IX_ERR_TRUNCATED, "offset %zu: %s ends too early", r->offset, what);
	if (r->offset == r->size) return 0;
	size_t left = r->size - r->offset;
	return ix_fail(err, IX_ERR_SYNTAX, "offset %zu: %zu byte%s left over after %s", r->offset, left,
		left == 1 ? "" : "s", what);
}
