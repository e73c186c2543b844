/* itch.c - messages of ITCH 5.0 from bytes to struct, one or many, and back. The work itself is expanded from
 * the tables; here are the words for what went wrong. Names and codes at run time: itch_tables.c; judging and
 * printing values: itch_values.c. */
#include <inox/itch.h>

static const char *title_of(uint8_t type) {
	const ix_itch_type *row = ix_itch_type_find(type);
	return row ? row->title : "unknown";
}

/* The sentence for a code of ix_itch_decode_inline. */
static int explain(int code, const uint8_t *message, size_t size, ix_error *err) {
	if (size == 0) return ix_fail(err, code, "message is empty");
	uint8_t type = message[0];
	if (code != IX_ERR_UNSUPPORTED)
		return ix_fail(err, code, "message type '%c' (%s) has %zu bytes instead of %zu", type,
			title_of(type), size, ix_itch_size(type));
	if (type >= 0x20 && type < 0x7f)
		return ix_fail(err, code, "message type '%c' is not in ITCH 5.0", type);
	return ix_fail(err, code, "message type 0x%02x is not in ITCH 5.0", type);
}

int ix_itch_decode(ix_bytes message, ix_itch_message *ret_message, ix_error *err) {
	int code = ix_itch_decode_inline(message.data, message.size, ret_message);
	return IX_LIKELY(code == 0) ? 0 : explain(code, message.data, message.size, err);
}

int ix_itch_decode_batch(ix_bytes framed, ix_itch_run *run, ix_itch_message *out, size_t capacity,
	size_t *ret_count, ix_error *err) {
	const uint8_t *at = framed.data;
	const uint8_t *end = framed.data + framed.size;
	size_t filled = 0, unknown = 0;
	int code = 0;
	while (filled < capacity && !run->is_ended && (size_t)(end - at) >= 2) {
		size_t size = ix_load_u16_be(at);
		if (IX_UNLIKELY(size == 0)) {
			run->is_ended = true;
			break;
		}
		if (IX_UNLIKELY(size > (size_t)(end - at) - 2)) break;
		code = ix_itch_decode_inline(at + 2, size, out + filled);
		if (IX_LIKELY(code == 0)) {
			filled++;
		} else if (code == IX_ERR_UNSUPPORTED) {
			unknown++;
			code = 0;
		} else {
			(void)explain(code, at + 2, size, err);
			break;
		}
		at += 2 + size;
	}
	run->offset += (uint64_t)(at - framed.data);
	run->message_count += filled + unknown;
	run->unknown_count += unknown;
	*ret_count = filled;
	return code == 0 ? 0 : ix_wrap(err, code, "offset %llu", (unsigned long long)run->offset);
}

#define STORE_CODE(p, from) (p)[0] = (from)
#define STORE_U32(p, from)  ix_store_u32_be((p), (from))
#define STORE_U64(p, from)  ix_store_u64_be((p), (from))
#define STORE_E4            STORE_U32
#define STORE_E8            STORE_U64
#define STORE_SEC           STORE_U32
#define STORE_NS            STORE_U64
#define STORE_A2(p, from)   memcpy((p), (from), 2)
#define STORE_A4(p, from)   memcpy((p), (from), 4)
#define STORE_A8(p, from)   memcpy((p), (from), 8)

#define STORE(m, kind, name, offset, codes, title) STORE_##kind(out + (offset), body->name);
#define ENCODE_CASE(byte, CONSTANT, member, wire_size, title)                \
	case (byte): {                                                       \
		const ix_itch_##member *body = &message->member;             \
		IX_ITCH_FIELDS_##CONSTANT(STORE, member) size = (wire_size); \
		break;                                                       \
	}

size_t ix_itch_encode(const ix_itch_message *message, uint8_t *out) {
	size_t size;
	switch (message->type) {
		IX_ITCH_MESSAGES(ENCODE_CASE)
	default: return 0;
	}
	out[0] = message->type;
	ix_store_u16_be(out + 1, message->locate);
	ix_store_u16_be(out + 3, message->tracking);
	ix_store_u48_be(out + 5, message->timestamp_ns);
	return size;
}

size_t ix_itch_encode_framed(const ix_itch_message *message, uint8_t *out) {
	size_t size = ix_itch_encode(message, out + 2);
	if (size == 0) return 0;
	ix_store_u16_be(out, (uint16_t)size);
	return 2 + size;
}

void ix_itch_set_text(char *field, size_t width, ix_str text) {
	size_t used = ix_size_min(width, text.size);
	if (used > 0) memcpy(field, text.data, used);
	memset(field + used, ' ', width - used);
}
