/* command.c - a command as bytes: a version, which fields are not zero, and those fields, little-endian.
 * There is one encoding of a command, and nothing is lost; whether its values make sense, ix_match_apply
 * says.
 *
 *     u8 version   u24 bits of the fields that follow, in the order of the table below   the fields */
#include "state.h"

#include <inox/writer.h>

enum { COMMAND_VERSION = 1, HEAD_SIZE = 4 };

typedef struct field {
	uint8_t offset, size;
} field;

#define FIELD(name) {offsetof(ix_match_command, name), sizeof(((ix_match_command *)0)->name)}
static const field fields[] = {FIELD(kind), FIELD(symbol), FIELD(time_ns), FIELD(order), FIELD(side),
	FIELD(type), FIELD(tif), FIELD(stp), FIELD(flags), FIELD(state), FIELD(quantity), FIELD(price_e4),
	FIELD(owner), FIELD(session), FIELD(new_order), FIELD(stop_e4), FIELD(display), FIELD(minimum),
	FIELD(tick_e4), FIELD(lot)};
_Static_assert(IX_COUNT(fields) <= 24, "a bit for each field");
_Static_assert(HEAD_SIZE + sizeof(ix_match_command) <= IX_MATCH_COMMAND_SIZE_MAX, "the largest command fits");

size_t ix_match_command_encode(const ix_match_command *command, uint8_t out[IX_MATCH_COMMAND_SIZE_MAX]) {
	const uint8_t *from = (const uint8_t *)command;
	static const uint8_t zero[8];
	uint32_t present = 0;
	size_t size = HEAD_SIZE;
	for (uint32_t i = 0; i < IX_COUNT(fields); i++) {
		const field *f = &fields[i];
		if (memcmp(from + f->offset, zero, f->size) == 0) continue;
		present |= (uint32_t)1 << i;
		memcpy(out + size, from + f->offset, f->size);
		size += f->size;
	}
	ix_store_u32_le(out, COMMAND_VERSION | present << 8);
	return size;
}

static int fail_at(ix_error *err, int code, size_t offset, const char *what) {
	return ix_fail(err, code, "matching command: offset %zu: %s", offset, what);
}

int ix_match_command_decode(ix_bytes bytes, ix_match_command *ret_command, ix_error *err) {
	ix_reader r = ix_reader_of(bytes);
	uint32_t head = ix_read_u32_le(&r), present = head >> 8;
	if (r.failed) return ix_reader_finish(&r, "matching command", err);
	if ((head & 255) != COMMAND_VERSION)
		return fail_at(err, IX_ERR_VERSION, 0, "a version that is not 1");
	if (present >> IX_COUNT(fields))
		return fail_at(err, IX_ERR_SYNTAX, 1, "fields that version 1 does not have");
	ix_match_command c = {0};
	for (uint32_t i = 0; i < IX_COUNT(fields); i++) {
		if (!(present >> i & 1)) continue;
		const field *f = &fields[i];
		size_t offset = r.offset;
		ix_bytes value = ix_read_bytes(&r, f->size);
		if (!value.data) return ix_reader_finish(&r, "matching command", err);
		uint8_t any = 0;
		for (size_t k = 0; k < f->size; k++) any |= value.data[k];
		if (!any) return fail_at(err, IX_ERR_SYNTAX, offset, "a zero that should have been left out");
		memcpy((uint8_t *)&c + f->offset, value.data, f->size);
	}
	int code = ix_reader_finish(&r, "matching command", err);
	if (code) return code;
	*ret_command = c;
	return 0;
}
