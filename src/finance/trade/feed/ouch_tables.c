/* ouch_tables.c - the tables of OUCH 5.0 at run time, and fields as text. Made from <inox/ouch_fields.h>. */
#include <inox/ouch.h>

/* ---- code lists ---- */

#define CODE_ROW(list, name, code, meaning) {(code), (meaning)},
#define CODE_LIST(list)                     static const ix_ouch_code codes_##list[] = {IX_OUCH_CODES_##list(CODE_ROW)};
IX_OUCH_CODE_LISTS(CODE_LIST)

/* A list and its length, by the name in the table; ANY is none. */
#define CODES_SIDE                 codes_SIDE, IX_COUNT(codes_SIDE)
#define CODES_TIME_IN_FORCE        codes_TIME_IN_FORCE, IX_COUNT(codes_TIME_IN_FORCE)
#define CODES_DISPLAY              codes_DISPLAY, IX_COUNT(codes_DISPLAY)
#define CODES_CAPACITY             codes_CAPACITY, IX_COUNT(codes_CAPACITY)
#define CODES_YES_NO               codes_YES_NO, IX_COUNT(codes_YES_NO)
#define CODES_CROSS_TYPE           codes_CROSS_TYPE, IX_COUNT(codes_CROSS_TYPE)
#define CODES_EVENT                codes_EVENT, IX_COUNT(codes_EVENT)
#define CODES_ORDER_STATE          codes_ORDER_STATE, IX_COUNT(codes_ORDER_STATE)
#define CODES_CANCEL_REASON        codes_CANCEL_REASON, IX_COUNT(codes_CANCEL_REASON)
#define CODES_BROKEN_REASON        codes_BROKEN_REASON, IX_COUNT(codes_BROKEN_REASON)
#define CODES_CORRECTION_REASON    codes_CORRECTION_REASON, IX_COUNT(codes_CORRECTION_REASON)
#define CODES_RESTATED_REASON      codes_RESTATED_REASON, IX_COUNT(codes_RESTATED_REASON)
#define CODES_CUSTOMER_TYPE        codes_CUSTOMER_TYPE, IX_COUNT(codes_CUSTOMER_TYPE)
#define CODES_PRICE_TYPE           codes_PRICE_TYPE, IX_COUNT(codes_PRICE_TYPE)
#define CODES_POST_ONLY            codes_POST_ONLY, IX_COUNT(codes_POST_ONLY)
#define CODES_REFERENCE_PRICE_TYPE codes_REFERENCE_PRICE_TYPE, IX_COUNT(codes_REFERENCE_PRICE_TYPE)
#define CODES_HANDLING             codes_HANDLING, IX_COUNT(codes_HANDLING)
#define CODES_BBO_WEIGHT           codes_BBO_WEIGHT, IX_COUNT(codes_BBO_WEIGHT)
#define CODES_LIQUIDITY            codes_LIQUIDITY, IX_COUNT(codes_LIQUIDITY)
#define CODES_REJECT_REASON        codes_REJECT_REASON, IX_COUNT(codes_REJECT_REASON)
#define CODES_ANY                  NULL, 0

/* ---- fields, messages, tags ---- */

enum {
	WIDTH_CODE = 1,
	WIDTH_U8 = 1,
	WIDTH_U16 = 2,
	WIDTH_U32 = 4,
	WIDTH_U64 = 8,
	WIDTH_E4 = 8,
	WIDTH_S4E4 = 4,
	WIDTH_A2 = 2,
	WIDTH_A4 = 4,
	WIDTH_A8 = 8,
	WIDTH_A14 = 14,
};

#define FIELD_ROW(m, kind, name, offset, codes, title) \
	{#name, (title), IX_OUCH_KIND_##kind, (offset), WIDTH_##kind, CODES_##codes},
#define FIELDS(byte, CONSTANT, member, size, title) \
	static const ix_ouch_field fields_##member[] = {IX_OUCH_FIELDS_##CONSTANT(FIELD_ROW, member){0}};
IX_OUCH_INBOUND(FIELDS)
IX_OUCH_OUTBOUND(FIELDS)

#define TYPE_ROW(byte, CONSTANT, member, size, title) \
	{(byte), (size), IX_COUNT(fields_##member) - 1, #member, (title), fields_##member},
const ix_ouch_type ix_ouch_types_in[IX_OUCH_IN_COUNT] = {IX_OUCH_INBOUND(TYPE_ROW)};
const ix_ouch_type ix_ouch_types_out[IX_OUCH_OUT_COUNT] = {IX_OUCH_OUTBOUND(TYPE_ROW)};

#define TAG_ROW(number, CONSTANT, kind, codes, title) \
	{NULL, (title), IX_OUCH_KIND_##kind, (number), WIDTH_##kind, CODES_##codes},
const ix_ouch_field ix_ouch_tags[IX_OUCH_TAG_COUNT] = {IX_OUCH_TAGS(TAG_ROW)};

/* A count that is too small does not compile; one that is too large would leave empty rows. */
#define ONE(byte, CONSTANT, member, size, title)      +1
#define ONE_TAG(number, CONSTANT, kind, codes, title) +1
_Static_assert(0 IX_OUCH_INBOUND(ONE) == IX_OUCH_IN_COUNT, "one row an inbound type");
_Static_assert(0 IX_OUCH_OUTBOUND(ONE) == IX_OUCH_OUT_COUNT, "one row an outbound type");
_Static_assert(0 IX_OUCH_TAGS(ONE_TAG) == IX_OUCH_TAG_COUNT, "one row a tag");

const ix_ouch_type *ix_ouch_type_find(ix_ouch_direction direction, uint8_t type) {
	const ix_ouch_type *types = direction == IX_OUCH_IN ? ix_ouch_types_in : ix_ouch_types_out;
	size_t count = direction == IX_OUCH_IN ? IX_OUCH_IN_COUNT : IX_OUCH_OUT_COUNT;
	for (size_t i = 0; i < count; i++)
		if (types[i].type == type) return &types[i];
	return NULL;
}

size_t ix_ouch_field_count(const ix_ouch_message *message) {
	const ix_ouch_type *type = ix_ouch_type_find(message->direction, message->type);
	if (!type) return 0;
	bool lacks_one = message->lacks_strategy && type->type == IX_OUCH_AIQ_CANCELED &&
			 message->direction == IX_OUCH_OUT;
	return type->field_count - (size_t)lacks_one;
}

const ix_ouch_field *ix_ouch_tag_field(uint8_t number) {
	for (size_t i = 0; i < IX_OUCH_TAG_COUNT; i++)
		if (ix_ouch_tags[i].offset == number) return &ix_ouch_tags[i];
	return NULL;
}

/* ---- as text ---- */

static size_t text_of(const uint8_t *value, size_t width, char *out, size_t capacity) {
	while (width > 0 && value[width - 1] == ' ') width--;
	size_t length = 0;
	if (capacity) out[0] = '\0';
	for (size_t i = 0; i < width; i++) {
		bool is_printable = value[i] >= ' ' && value[i] < 0x7F && value[i] != '\\';
		char piece[8];
		size_t size = ix_format(piece, sizeof piece, is_printable ? "%c" : "\\x%02x", value[i]);
		if (length + size < capacity) memcpy(out + length, piece, size + 1);
		length += size;
	}
	return length;
}

static size_t price_of(uint64_t price_e4, bool is_negative, char *out, size_t capacity) {
	return ix_format(out, capacity, "%s%llu.%04u", is_negative ? "-" : "",
		(unsigned long long)(price_e4 / 10000), (unsigned)(price_e4 % 10000));
}

size_t ix_ouch_field_text(const ix_ouch_field *field, const uint8_t *value, char *out, size_t capacity) {
	switch (field->kind) {
	case IX_OUCH_KIND_U8: return ix_format(out, capacity, "%u", (unsigned)value[0]);
	case IX_OUCH_KIND_U16: return ix_format(out, capacity, "%u", (unsigned)ix_load_u16_be(value));
	case IX_OUCH_KIND_U32: return ix_format(out, capacity, "%u", (unsigned)ix_load_u32_be(value));
	case IX_OUCH_KIND_U64:
		return ix_format(out, capacity, "%llu", (unsigned long long)ix_load_u64_be(value));
	case IX_OUCH_KIND_E4: return price_of(ix_load_u64_be(value), false, out, capacity);
	case IX_OUCH_KIND_S4E4: {
		int64_t offset = (int32_t)ix_load_u32_be(value);
		return price_of((uint64_t)(offset < 0 ? -offset : offset), offset < 0, out, capacity);
	}
	case IX_OUCH_KIND_CODE:
	case IX_OUCH_KIND_A2:
	case IX_OUCH_KIND_A4:
	case IX_OUCH_KIND_A8:
	case IX_OUCH_KIND_A14: break;
	}
	return text_of(value, field->width, out, capacity);
}

const char *ix_ouch_code_meaning(const ix_ouch_field *field, uint16_t code) {
	for (size_t i = 0; i < field->code_count; i++)
		if (field->codes[i].code == code) return field->codes[i].meaning;
	return NULL;
}
