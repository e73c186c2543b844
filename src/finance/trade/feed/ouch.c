/* ouch.c - OUCH 5.0 messages and their appendages, from bytes to a struct and back. The tables for printing:
 * ouch_tables.c. */
#include <inox/ouch.h>

/* ---- loads and stores, one for each kind of field ---- */

#define LOAD_CODE(to, p) (to) = (p)[0]
#define LOAD_U16(to, p)  (to) = ix_load_u16_be(p)
#define LOAD_U32(to, p)  (to) = ix_load_u32_be(p)
#define LOAD_U64(to, p)  (to) = ix_load_u64_be(p)
#define LOAD_E4(to, p)   (to) = ix_load_u64_be(p)
#define LOAD_A4(to, p)   memcpy((to), (p), 4)
#define LOAD_A8(to, p)   memcpy((to), (p), 8)
#define LOAD_A14(to, p)  memcpy((to), (p), 14)

#define STORE_CODE(p, from) (p)[0] = (from)
#define STORE_U16(p, from)  ix_store_u16_be((p), (from))
#define STORE_U32(p, from)  ix_store_u32_be((p), (from))
#define STORE_U64(p, from)  ix_store_u64_be((p), (from))
#define STORE_E4(p, from)   ix_store_u64_be((p), (from))
#define STORE_A4(p, from)   memcpy((p), (from), 4)
#define STORE_A8(p, from)   memcpy((p), (from), 8)
#define STORE_A14(p, from)  memcpy((p), (from), 14)

#define LOAD_FIELD(m, kind, name, offset, codes, title)  LOAD_##kind(body->name, at + (offset));
#define STORE_FIELD(m, kind, name, offset, codes, title) STORE_##kind(at + (offset), body->name);

#define LOAD_CASE(byte, CONSTANT, member, size, title)                \
	case (byte): {                                                \
		ix_ouch_##member *body = &out->member;                \
		(void)body;                                           \
		IX_OUCH_FIELDS_##CONSTANT(LOAD_FIELD, member) return; \
	}
#define STORE_CASE(byte, CONSTANT, member, size, title)                \
	case (byte): {                                                 \
		const ix_ouch_##member *body = &message->member;       \
		(void)body;                                            \
		IX_OUCH_FIELDS_##CONSTANT(STORE_FIELD, member) return; \
	}

/* `at` holds a message of out->type, of at least its size. */
static void load_in(ix_ouch_message *out, const uint8_t *at) {
	switch (out->type) {
		IX_OUCH_INBOUND(LOAD_CASE)
	default: return;
	}
}
static void load_out(ix_ouch_message *out, const uint8_t *at) {
	switch (out->type) {
		IX_OUCH_OUTBOUND(LOAD_CASE)
	default: return;
	}
}
static void store_in(const ix_ouch_message *message, uint8_t *at) {
	switch (message->type) {
		IX_OUCH_INBOUND(STORE_CASE)
	default: return;
	}
}
static void store_out(const ix_ouch_message *message, uint8_t *at) {
	switch (message->type) {
		IX_OUCH_OUTBOUND(STORE_CASE)
	default: return;
	}
}

size_t ix_ouch_size(ix_ouch_direction direction, uint8_t type) {
#define SIZE_CASE(byte, CONSTANT, member, size, title) \
	case (byte): return (size);
	if (direction == IX_OUCH_IN) {
		switch (type) {
			IX_OUCH_INBOUND(SIZE_CASE)
		default: return 0;
		}
	}
	switch (type) {
		IX_OUCH_OUTBOUND(SIZE_CASE)
	default: return 0;
	}
#undef SIZE_CASE
}

/* ---- appendages ---- */

/* An element is a byte of length, counting from the next; the tag's number; and its value. */
bool ix_ouch_tag_next(ix_bytes *appendage, ix_ouch_tag *ret_tag) {
	if (appendage->size < 2 || appendage->data[0] == 0 || appendage->data[0] > appendage->size - 1)
		return false;
	size_t length = appendage->data[0];
	*ret_tag = (ix_ouch_tag){.number = appendage->data[1], .value = {appendage->data + 2, length - 1}};
	*appendage = (ix_bytes){appendage->data + 1 + length, appendage->size - 1 - length};
	return true;
}

static int check_tags(ix_bytes appendage, size_t offset, ix_error *err) {
	size_t at = 0;
	while (at < appendage.size) {
		size_t length = appendage.data[at], left = appendage.size - at - 1;
		if (length == 0)
			return ix_fail(err, IX_ERR_SYNTAX, "offset %zu: a tag of length 0 has no number",
				offset + at);
		if (length > left)
			return ix_fail(err, IX_ERR_TRUNCATED,
				"offset %zu: a tag of %zu bytes, where the appendage has %zu left",
				offset + at, length, left);
		at += 1 + length;
	}
	return 0;
}

/* What is behind the fields: nothing, or a length and as many bytes of tags. */
static int decode_appendage(ix_bytes message, size_t fixed, ix_ouch_message *out, ix_error *err) {
	size_t left = message.size - fixed;
	if (left == 0) return 0;
	if (left == 1)
		return ix_fail(err, IX_ERR_TRUNCATED,
			"offset %zu: one byte, where an appendage starts with 2 of length", fixed);
	size_t length = ix_load_u16_be(message.data + fixed);
	left -= 2;
	if (length != left)
		return ix_fail(err, length > left ? IX_ERR_TRUNCATED : IX_ERR_SYNTAX,
			"offset %zu: an appendage of %zu bytes, where the message has %zu left", fixed,
			length, left);
	out->has_appendage = true;
	out->appendage = (ix_bytes){message.data + fixed + 2, length};
	return check_tags(out->appendage, fixed + 2, err);
}

/* ---- messages ---- */

/* Until its last field, the strategy, came in 2023, an AIQ Canceled was a byte shorter and had no appendage.
 * Only its size tells it from today's, which is never that short. */
enum { SIZE_WITHOUT_STRATEGY = IX_OUCH_AIQ_CANCELED_SIZE - 1 };

static bool is_aiq_canceled(ix_ouch_direction direction, uint8_t type) {
	return direction == IX_OUCH_OUT && type == IX_OUCH_AIQ_CANCELED;
}

static void load(ix_ouch_message *out, const uint8_t *at) {
	if (out->direction == IX_OUCH_IN) {
		load_in(out, at);
	} else {
		out->timestamp_ns = ix_load_u64_be(at + 1);
		load_out(out, at);
	}
}

static void store(const ix_ouch_message *message, uint8_t *at) {
	at[0] = message->type;
	if (message->direction == IX_OUCH_IN) {
		store_in(message, at);
	} else {
		ix_store_u64_be(at + 1, message->timestamp_ns);
		store_out(message, at);
	}
}

static int fail_type(ix_ouch_direction direction, uint8_t type, ix_error *err) {
	char text[8];
	bool is_printable = type > ' ' && type < 0x7F;
	(void)ix_format(text, sizeof text, is_printable ? "'%c'" : "0x%02x", type);
	return ix_fail(err, IX_ERR_UNSUPPORTED, "offset 0: message type %s is not an %s message of OUCH 5.0",
		text, direction == IX_OUCH_IN ? "inbound" : "outbound");
}

int ix_ouch_decode(
	ix_ouch_direction direction, ix_bytes message, ix_ouch_message *ret_message, ix_error *err) {
	if (message.size == 0) return ix_fail(err, IX_ERR_TRUNCATED, "offset 0: an empty message");
	uint8_t type = message.data[0];
	size_t fixed = ix_ouch_size(direction, type);
	if (fixed == 0) return fail_type(direction, type, err);
	bool lacks_strategy = message.size == SIZE_WITHOUT_STRATEGY && is_aiq_canceled(direction, type);
	if (message.size < fixed && !lacks_strategy)
		return ix_fail(err, IX_ERR_TRUNCATED, "offset 0: %s needs %zu bytes, there are %zu",
			ix_ouch_type_find(direction, type)->title, fixed, message.size);
	ix_ouch_message out;
	memset(&out, 0, sizeof out);
	out.direction = direction;
	out.type = type;
	if (lacks_strategy) {
		uint8_t whole[IX_OUCH_AIQ_CANCELED_SIZE] = {0};
		memcpy(whole, message.data, SIZE_WITHOUT_STRATEGY);
		out.lacks_strategy = true;
		load(&out, whole);
	} else {
		int code = decode_appendage(message, fixed, &out, err);
		if (code) return code;
		load(&out, message.data);
	}
	*ret_message = out;
	return 0;
}

void ix_ouch_encode(ix_writer *writer, const ix_ouch_message *message) {
	size_t fixed = ix_ouch_size(message->direction, message->type), tags = message->appendage.size;
	bool is_good =
		fixed > 0 && tags <= IX_OUCH_APPENDAGE_SIZE_MAX && (message->has_appendage || tags == 0) &&
		(!message->lacks_strategy ||
			(is_aiq_canceled(message->direction, message->type) && !message->has_appendage));
	if (!is_good) {
		writer->failed = true;
		return;
	}
	if (message->lacks_strategy) {
		uint8_t whole[IX_OUCH_AIQ_CANCELED_SIZE];
		store(message, whole);
		ix_write_bytes(writer, whole, SIZE_WITHOUT_STRATEGY);
		return;
	}
	uint8_t *at = ix_write_space(writer, fixed + (message->has_appendage ? 2 + tags : 0));
	if (!at) return;
	store(message, at);
	if (!message->has_appendage) return;
	ix_store_u16_be(at + fixed, (uint16_t)tags);
	if (tags) memcpy(at + fixed + 2, message->appendage.data, tags);
}

void ix_ouch_set_text(char *field, size_t width, ix_str text) {
	size_t used = ix_size_min(width, text.size);
	memset(field, ' ', width);
	if (used) memcpy(field, text.data, used);
}

/* ---- tags by number ---- */

bool ix_ouch_tag_find(ix_bytes appendage, uint8_t number, ix_bytes *ret_value) {
	const ix_ouch_field *field = ix_ouch_tag_field(number);
	for (ix_ouch_tag tag; ix_ouch_tag_next(&appendage, &tag);) {
		if (tag.number != number) continue;
		if (field && tag.value.size != field->width) return false;
		*ret_value = tag.value;
		return true;
	}
	return false;
}

static bool is_text(ix_ouch_kind kind) { return kind >= IX_OUCH_KIND_A2; }

bool ix_ouch_tag_u64(ix_bytes appendage, uint8_t number, uint64_t *ret_value) {
	const ix_ouch_field *field = ix_ouch_tag_field(number);
	ix_bytes value;
	if (!field || is_text(field->kind) || !ix_ouch_tag_find(appendage, number, &value)) return false;
	uint64_t result = 0;
	for (size_t i = 0; i < value.size; i++) result = result << 8 | value.data[i];
	if (field->kind == IX_OUCH_KIND_S4E4) result = (uint64_t)(int64_t)(int32_t)(uint32_t)result;
	*ret_value = result;
	return true;
}

void ix_ouch_tag_write(ix_writer *writer, uint8_t number, ix_bytes value) {
	if (value.size > 254) {
		writer->failed = true;
		return;
	}
	uint8_t *at = ix_write_space(writer, 2 + value.size);
	if (!at) return;
	at[0] = (uint8_t)(value.size + 1);
	at[1] = number;
	if (value.size) memcpy(at + 2, value.data, value.size);
}

void ix_ouch_tag_write_u64(ix_writer *writer, uint8_t number, uint64_t value) {
	const ix_ouch_field *field = ix_ouch_tag_field(number);
	if (!field || is_text(field->kind)) {
		writer->failed = true;
		return;
	}
	uint8_t bytes[8];
	ix_store_u64_be(bytes, value);
	bool fits = field->kind == IX_OUCH_KIND_S4E4 ? (int64_t)value == (int32_t)(uint32_t)value
						     : field->width == 8 || value >> 8 * field->width == 0;
	if (!fits) writer->failed = true;
	ix_ouch_tag_write(writer, number, (ix_bytes){bytes + 8 - field->width, field->width});
}
