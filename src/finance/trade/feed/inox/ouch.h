/* ouch.h - Nasdaq OUCH 5.0, order entry: its 8 inbound and 18 outbound messages with their appendages, in
 * its revisions of 2023 to 2025, from bytes to a struct and back. The same byte means different messages in
 * the two directions, so both calls are told which one.
 *
 * Pure: no memory, no clock, no state. Sessions: <inox/soup.h>. The tables of fields: <inox/ouch_fields.h>.
 */
#ifndef INOX_OUCH_H
#define INOX_OUCH_H

#include <inox/base.h>
#include <inox/ouch_fields.h>
#include <inox/reader.h>
#include <inox/writer.h>

typedef enum ix_ouch_direction {
	IX_OUCH_IN, /* from the client to the exchange */
	IX_OUCH_OUT,
} ix_ouch_direction;

enum {
	IX_OUCH_IN_COUNT = 8,
	IX_OUCH_OUT_COUNT = 18,
	IX_OUCH_TAG_COUNT = 28,
	IX_OUCH_APPENDAGE_SIZE_MAX = 65535,
	IX_OUCH_FIXED_SIZE_MAX = 66, /* of a message without its appendage: Order Replaced */
};

/* ---- the structs, made from the tables ---- */

#define IX_OUCH_MEMBER_CODE(name)                           uint8_t name;
#define IX_OUCH_MEMBER_U16(name)                            uint16_t name;
#define IX_OUCH_MEMBER_U32(name)                            uint32_t name;
#define IX_OUCH_MEMBER_U64(name)                            uint64_t name;
#define IX_OUCH_MEMBER_E4(name)                             uint64_t name;
#define IX_OUCH_MEMBER_A4(name)                             char name[4];
#define IX_OUCH_MEMBER_A8(name)                             char name[8];
#define IX_OUCH_MEMBER_A14(name)                            char name[14];
#define IX_OUCH_MEMBER(m, kind, name, offset, codes, title) IX_OUCH_MEMBER_##kind(name)
#define IX_OUCH_STRUCT(byte, CONSTANT, member, size, title)       \
	typedef struct ix_ouch_##member {                         \
		IX_OUCH_FIELDS_##CONSTANT(IX_OUCH_MEMBER, member) \
	} ix_ouch_##member;
IX_OUCH_INBOUND(IX_OUCH_STRUCT)
IX_OUCH_OUTBOUND(IX_OUCH_STRUCT)

/* IX_OUCH_ENTER_ORDER = 'O', … and IX_OUCH_ENTER_ORDER_SIZE = 45, … */
#define IX_OUCH_TYPE_CONSTANT(byte, CONSTANT, member, size, title) \
	IX_OUCH_##CONSTANT = (byte), IX_OUCH_##CONSTANT##_SIZE = (size),
enum ix_ouch_type_value { IX_OUCH_INBOUND(IX_OUCH_TYPE_CONSTANT) IX_OUCH_OUTBOUND(IX_OUCH_TYPE_CONSTANT) };

#define IX_OUCH_UNION_MEMBER(byte, CONSTANT, member, size, title) ix_ouch_##member member;

/* One message. The union's member follows from `direction` and `type`. */
typedef struct ix_ouch_message {
	ix_ouch_direction direction;
	uint8_t type;
	bool has_appendage;    /* the two bytes of its length are there */
	bool lacks_strategy;   /* an AIQ Canceled as it was until 2023: it ends in front of aiq_strategy */
	uint64_t timestamp_ns; /* outbound: since midnight; inbound: 0 */
	ix_bytes appendage;    /* its tags, behind the length; borrowed. See ix_ouch_tag_next */
	union {
		IX_OUCH_INBOUND(IX_OUCH_UNION_MEMBER)
		IX_OUCH_OUTBOUND(IX_OUCH_UNION_MEMBER)
	};
} ix_ouch_message;

/* ---- bytes to struct and back ---- */

/* The size of a message without appendage, or 0 when there is no such type in that direction. */
IX_API size_t ix_ouch_size(ix_ouch_direction direction, uint8_t type);

/* Decodes one message: the payload of a SoupBinTCP data packet. Its tags are checked for their lengths, so
 * that they can be walked without errors; tags that are not known, and values, are let through. Errors with
 * the offset: IX_ERR_TRUNCATED, IX_ERR_SYNTAX, IX_ERR_UNSUPPORTED (no such type in that direction). */
IX_API int ix_ouch_decode(
	ix_ouch_direction direction, ix_bytes message, ix_ouch_message *ret_message, ix_error *err);

/* Writes the message: the exact inverse. Tags are written as they are. Fails the writer for a type that there
 * is not, for an appendage that is too long or is there without has_appendage, and for lacks_strategy in
 * another message or beside an appendage. A message that does not fit leaves nothing behind, and `needed`
 * says what it takes. */
IX_API void ix_ouch_encode(ix_writer *writer, const ix_ouch_message *message);

/* Copies text into a field's char array, cut or padded with spaces. */
IX_API void ix_ouch_set_text(char *field, size_t width, ix_str text);

/* ---- appendages ---- */

#define IX_OUCH_TAG_CONSTANT(number, CONSTANT, kind, codes, title) IX_OUCH_TAG_##CONSTANT = (number),
enum ix_ouch_tag_number { IX_OUCH_TAGS(IX_OUCH_TAG_CONSTANT) };

typedef struct ix_ouch_tag {
	uint8_t number; /* IX_OUCH_TAG_…, or one that is not known */
	ix_bytes value;
} ix_ouch_tag;

/* Cuts the next tag off a decoded message's appendage; false when there is none left. */
IX_API bool ix_ouch_tag_next(ix_bytes *appendage, ix_ouch_tag *ret_tag);
/* The value of the first tag with that number; false when there is none, or its size is not the tag's. */
IX_API bool ix_ouch_tag_find(ix_bytes appendage, uint8_t number, ix_bytes *ret_value);
/* The same as a number; signed ones are sign-extended (read them as int64_t). False for text. */
IX_API bool ix_ouch_tag_u64(ix_bytes appendage, uint8_t number, uint64_t *ret_value);

/* Adds a tag to an appendage that is being built in `writer`, whole or not at all. Fails the writer where
 * value.size exceeds 254. */
IX_API void ix_ouch_tag_write(ix_writer *writer, uint8_t number, ix_bytes value);
/* The same from a number, in the size that the tag has. Fails the writer for text tags, unknown ones and
 * numbers that do not fit. */
IX_API void ix_ouch_tag_write_u64(ix_writer *writer, uint8_t number, uint64_t value);

/* ---- the tables at run time: for printing and documentation ---- */

typedef enum ix_ouch_kind {
	IX_OUCH_KIND_CODE,
	IX_OUCH_KIND_U8,
	IX_OUCH_KIND_U16,
	IX_OUCH_KIND_U32,
	IX_OUCH_KIND_U64,
	IX_OUCH_KIND_E4,   /* 64 bits, 1/10000 dollar */
	IX_OUCH_KIND_S4E4, /* 32 bits, signed, 1/10000 dollar */
	IX_OUCH_KIND_A2,
	IX_OUCH_KIND_A4,
	IX_OUCH_KIND_A8,
	IX_OUCH_KIND_A14,
} ix_ouch_kind;

typedef struct ix_ouch_code {
	uint16_t code;
	const char *meaning;
} ix_ouch_code;

typedef struct ix_ouch_field {
	const char *name;  /* "price_e4"; a tag's is NULL */
	const char *title; /* "Price" */
	ix_ouch_kind kind;
	uint8_t offset; /* in the message; of a tag: its number */
	uint8_t width;
	const ix_ouch_code *codes; /* NULL: any value is good */
	size_t code_count;
} ix_ouch_field;

typedef struct ix_ouch_type {
	uint8_t type;
	uint8_t size; /* without appendage */
	uint8_t field_count;
	const char *name;  /* "enter_order" */
	const char *title; /* "Enter Order" */
	const ix_ouch_field
		*fields; /* behind the type and an outbound message's timestamp, in order of offset */
} ix_ouch_type;

IX_API extern const ix_ouch_type ix_ouch_types_in[IX_OUCH_IN_COUNT];
IX_API extern const ix_ouch_type ix_ouch_types_out[IX_OUCH_OUT_COUNT];
IX_API extern const ix_ouch_field ix_ouch_tags[IX_OUCH_TAG_COUNT];

/* How many of its type's fields the message has: all, but for one that lacks_strategy. */
IX_API size_t ix_ouch_field_count(const ix_ouch_message *message);
IX_API const ix_ouch_type *ix_ouch_type_find(ix_ouch_direction direction, uint8_t type); /* NULL: none */
IX_API const ix_ouch_field *ix_ouch_tag_field(uint8_t number);                           /* NULL: not known */
/* A field's value as text: numbers in decimal, prices with their point, text without padding, codes as they
 * are; bytes outside printable ASCII, and backslashes, as \xNN. `value` is field->width bytes. Returns the
 * length, NUL-terminated; IX_OUCH_FIELD_TEXT_MAX bytes are always enough. */
enum { IX_OUCH_FIELD_TEXT_MAX = 64 };
IX_API size_t ix_ouch_field_text(
	const ix_ouch_field *field, const uint8_t *value, char *out, size_t capacity);
/* What a code, or a number such as the reason of a Rejected, means; NULL where the tables do not say. */
IX_API const char *ix_ouch_code_meaning(const ix_ouch_field *field, uint16_t code);

#endif
