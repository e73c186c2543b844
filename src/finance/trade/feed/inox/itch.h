/* itch.h - Nasdaq TotalView-ITCH 5.0: the 23 messages of the feed, from bytes to a struct and back.
 *
 * Two ways to read. `ix_itch_decode` fills an ix_itch_message: one cache line, prices and shares in host
 * order, text copied by word into it; no heap, no buffer in between. The views
 * (`ix_itch_add_order_price_e4(bytes)`, one for each field) read in place, for those who need two fields of
 * one message. What the fields are called, where they lie and what their codes mean: <inox/itch_fields.h>,
 * <inox/itch_codes.h>.
 *
 * Pure: no memory, no clock, no state. Files of messages: <inox/binaryfile.h>. */
#ifndef INOX_ITCH_H
#define INOX_ITCH_H

#include <inox/base.h>
#include <inox/itch_codes.h>
#include <inox/itch_fields.h>
#include <inox/reader.h>
#include <inox/writer.h>

enum {
	IX_ITCH_TYPE_COUNT = 23,
	IX_ITCH_HEADER_SIZE = 11,
	IX_ITCH_SIZE_MIN = 12, /* of a known message: S and W */
	IX_ITCH_SIZE_MAX = 50, /* of a known message: I */
};

/* ---- the structs, made from the tables ---- */

#define IX_ITCH_MEMBER_CODE(name)                           uint8_t name;
#define IX_ITCH_MEMBER_U32(name)                            uint32_t name;
#define IX_ITCH_MEMBER_U64(name)                            uint64_t name;
#define IX_ITCH_MEMBER_E4(name)                             uint32_t name;
#define IX_ITCH_MEMBER_E8(name)                             uint64_t name;
#define IX_ITCH_MEMBER_SEC(name)                            uint32_t name;
#define IX_ITCH_MEMBER_NS(name)                             uint64_t name;
#define IX_ITCH_MEMBER_A2(name)                             char name[2];
#define IX_ITCH_MEMBER_A4(name)                             char name[4];
#define IX_ITCH_MEMBER_A8(name)                             char name[8];
#define IX_ITCH_MEMBER(m, kind, name, offset, codes, title) IX_ITCH_MEMBER_##kind(name)
#define IX_ITCH_STRUCT(byte, CONSTANT, member, size, title)       \
	typedef struct ix_itch_##member {                         \
		IX_ITCH_FIELDS_##CONSTANT(IX_ITCH_MEMBER, member) \
	} ix_itch_##member;
IX_ITCH_MESSAGES(IX_ITCH_STRUCT)

/* IX_ITCH_ADD_ORDER = 'A', … and IX_ITCH_ADD_ORDER_SIZE = 36, … */
#define IX_ITCH_TYPE_CONSTANT(byte, CONSTANT, member, size, title) \
	IX_ITCH_##CONSTANT = (byte), IX_ITCH_##CONSTANT##_SIZE = (size),
enum ix_itch_type_value { IX_ITCH_MESSAGES(IX_ITCH_TYPE_CONSTANT) };

#define IX_ITCH_UNION_MEMBER(byte, CONSTANT, member, size, title) ix_itch_##member member;

/* One message. The union's member follows from `type`; `add_order` also reads the first part of an F and of a
 * P, `order_executed` that of a C (they start with the same fields). Any 64-bit timestamp fits the struct,
 * the wire holds 48 bits. */
typedef struct ix_itch_message {
	uint8_t type;
	uint16_t locate;       /* stock locate: the day's number of the symbol; 0: not about one symbol */
	uint16_t tracking;     /* Nasdaq's internal tracking number */
	uint64_t timestamp_ns; /* since midnight */
	union {
		IX_ITCH_MESSAGES(IX_ITCH_UNION_MEMBER)
	};
} ix_itch_message;
_Static_assert(sizeof(ix_itch_message) == 64, "one cache line");

/* ---- bytes to struct ---- */

/* The exact size of a message of each type; 0 when ITCH 5.0 has no such type. */
IX_API extern const uint8_t ix_itch_sizes[256];
static inline size_t ix_itch_size(uint8_t type) { return ix_itch_sizes[type]; }

#define IX_ITCH_LOAD_CODE(to, p) (to) = (p)[0]
#define IX_ITCH_LOAD_U32(to, p)  (to) = ix_load_u32_be(p)
#define IX_ITCH_LOAD_U64(to, p)  (to) = ix_load_u64_be(p)
#define IX_ITCH_LOAD_E4          IX_ITCH_LOAD_U32
#define IX_ITCH_LOAD_E8          IX_ITCH_LOAD_U64
#define IX_ITCH_LOAD_SEC         IX_ITCH_LOAD_U32
#define IX_ITCH_LOAD_NS          IX_ITCH_LOAD_U64
#define IX_ITCH_LOAD_A2(to, p)   memcpy((to), (p), 2)
#define IX_ITCH_LOAD_A4(to, p)   memcpy((to), (p), 4)
#define IX_ITCH_LOAD_A8(to, p)   memcpy((to), (p), 8)

/* ix_itch_load_add_order(message) and so on: the body of one message as a struct, by value. The message must
 * be of that type and whole: size == ix_itch_size(type). After a switch on the type of one's own this is the
 * fastest way through a feed: what is not used of the struct is not read. */
#define IX_ITCH_LOAD(m, kind, name, offset, codes, title) IX_ITCH_LOAD_##kind(body.name, message + (offset));
#define IX_ITCH_LOAD_MESSAGE(byte, CONSTANT, member, size, title)                      \
	static inline ix_itch_##member ix_itch_load_##member(const uint8_t *message) { \
		ix_itch_##member body;                                                 \
		IX_ITCH_FIELDS_##CONSTANT(IX_ITCH_LOAD, member) return body;           \
	}
IX_ITCH_MESSAGES(IX_ITCH_LOAD_MESSAGE)

/* The decoder without words, to be inlined into hot loops: 0, or the code that ix_itch_decode gives. Total:
 * reads message[0 .. size-1] and nothing else; *out is touched only on success. */
static inline int ix_itch_decode_inline(const uint8_t *message, size_t size, ix_itch_message *out) {
	if (IX_UNLIKELY(size == 0)) return IX_ERR_TRUNCATED;
	size_t whole = ix_itch_size(message[0]);
	if (IX_UNLIKELY(size != whole))
		return whole == 0 ? IX_ERR_UNSUPPORTED : size < whole ? IX_ERR_TRUNCATED : IX_ERR_SYNTAX;
	switch (message[0]) {
#define IX_ITCH_STORE(m, kind, name, offset, codes, title) \
	IX_ITCH_LOAD_##kind(out->m.name, message + (offset));
#define IX_ITCH_DECODE_CASE(byte, CONSTANT, member, size, title) \
	case (byte): IX_ITCH_FIELDS_##CONSTANT(IX_ITCH_STORE, member) break;
		IX_ITCH_MESSAGES(IX_ITCH_DECODE_CASE)
#undef IX_ITCH_DECODE_CASE
#undef IX_ITCH_STORE
	default: return IX_ERR_UNSUPPORTED;
	}
	out->type = message[0];
	out->locate = ix_load_u16_be(message + 1);
	out->tracking = ix_load_u16_be(message + 3);
	out->timestamp_ns = ix_load_u48_be(message + 5);
	return 0;
}

/* Decodes one message, without its length prefix. Errors, each a sentence with the type and the sizes:
 * IX_ERR_TRUNCATED too short (or empty), IX_ERR_SYNTAX too long, IX_ERR_UNSUPPORTED a type that ITCH 5.0 does
 * not have: whoever knows the length may count it and go on. Field values are not judged: see
 * ix_itch_validate. */
IX_API int ix_itch_decode(ix_bytes message, ix_itch_message *ret_message, ix_error *err);

/* Where a run over length-prefixed messages (BinaryFILE, or the body of a MoldUDP64 packet) stands.
 * Zero-initialise it, and keep it from call to call. */
typedef struct ix_itch_run {
	uint64_t offset;        /* of the next length prefix in the stream */
	uint64_t message_count; /* met so far, unknown ones included */
	uint64_t unknown_count; /* skipped by their length */
	bool is_ended;          /* a prefix of zero, the end-of-session mark, was met */
} ix_itch_run;

/* Decodes up to `capacity` messages from `framed`, which starts at run->offset of the stream; moves run on.
 * *ret_count messages were filled in, also when it fails: then they are those in front of the bad one, and
 * run->offset is its place, as the error says. Stops without error at capacity, in front of a message
 * that is not wholly there, and in front of the end-of-session mark. Unknown types are skipped and counted.
 */
IX_API int ix_itch_decode_batch(ix_bytes framed, ix_itch_run *run, ix_itch_message *out, size_t capacity,
	size_t *ret_count, ix_error *err);

/* ---- struct to bytes ---- */

/* Writes the message in wire form and returns its size, or 0 (nothing written) for a type that ITCH 5.0 does
 * not have. The exact inverse of decoding: padding, reserved and unknown codes go through as they are. The
 * timestamp's low 48 bits are written. `out` has room for IX_ITCH_SIZE_MAX bytes. */
IX_API size_t ix_itch_encode(const ix_itch_message *message, uint8_t *out);
/* The same behind its two-byte length prefix; returns the size with it, or 0. `out` has room for
 * 2 + IX_ITCH_SIZE_MAX bytes. */
IX_API size_t ix_itch_encode_framed(const ix_itch_message *message, uint8_t *out);

/* Copies text into a field's char array, cut or padded with spaces: ix_itch_set_text(m.add_order.stock, 8,
 * s). */
IX_API void ix_itch_set_text(char *field, size_t width, ix_str text);
/* A field's text without the padding on its right; borrowed from the message. */
static inline ix_str ix_itch_text(const char *field, size_t width) {
	while (width > 0 && field[width - 1] == ' ') width--;
	return (ix_str){field, width};
}

/* Judges the values: codes against the specification's lists, text for printable ASCII, times of day below 24
 * hours (the encoder's 48 bits included). 0, or IX_ERR_INVALID naming the first bad field and its value:
 * "Add Order: Buy/Sell Indicator is 'Z', not one of 'B', 'S'". Unknown types: IX_ERR_UNSUPPORTED. */
IX_API int ix_itch_validate(const ix_itch_message *message, ix_error *err);

/* ---- views: one function for each field, reading in place ----
 * ix_itch_add_order_price_e4(message) and so on; text fields give a pointer into the message. The message
 * must be of that type and whole (ix_itch_size). */

static inline uint8_t ix_itch_view_type(const uint8_t *message) { return message[0]; }
static inline uint16_t ix_itch_view_locate(const uint8_t *message) { return ix_load_u16_be(message + 1); }
static inline uint16_t ix_itch_view_tracking(const uint8_t *message) { return ix_load_u16_be(message + 3); }
static inline uint64_t ix_itch_view_timestamp_ns(const uint8_t *message) {
	return ix_load_u48_be(message + 5);
}

#define IX_ITCH_VIEW_CODE(name, p) \
	static inline uint8_t name(const uint8_t *message) { return (p)[0]; }
#define IX_ITCH_VIEW_U32(name, p) \
	static inline uint32_t name(const uint8_t *message) { return ix_load_u32_be(p); }
#define IX_ITCH_VIEW_U64(name, p) \
	static inline uint64_t name(const uint8_t *message) { return ix_load_u64_be(p); }
#define IX_ITCH_VIEW_E4  IX_ITCH_VIEW_U32
#define IX_ITCH_VIEW_E8  IX_ITCH_VIEW_U64
#define IX_ITCH_VIEW_SEC IX_ITCH_VIEW_U32
#define IX_ITCH_VIEW_NS  IX_ITCH_VIEW_U64
#define IX_ITCH_VIEW_A2(name, p) \
	static inline const char *name(const uint8_t *message) { return (const char *)(p); }
#define IX_ITCH_VIEW_A4 IX_ITCH_VIEW_A2
#define IX_ITCH_VIEW_A8 IX_ITCH_VIEW_A2
#define IX_ITCH_VIEW(m, kind, name, offset, codes, title) \
	IX_ITCH_VIEW_##kind(ix_itch_##m##_##name, message + (offset))
#define IX_ITCH_VIEWS(byte, CONSTANT, member, size, title) IX_ITCH_FIELDS_##CONSTANT(IX_ITCH_VIEW, member)
IX_ITCH_MESSAGES(IX_ITCH_VIEWS)

/* ---- the tables at run time: for printing, CSV and documentation ---- */

typedef enum ix_itch_kind {
	IX_ITCH_KIND_CODE, /* one byte of a list */
	IX_ITCH_KIND_U16,  /* locate and tracking, in the header only */
	IX_ITCH_KIND_U32,
	IX_ITCH_KIND_U64,
	IX_ITCH_KIND_E4,  /* 32 bits, 1/10000 dollar */
	IX_ITCH_KIND_E8,  /* 64 bits, 1/100000000 */
	IX_ITCH_KIND_SEC, /* 32 bits, seconds since midnight */
	IX_ITCH_KIND_NS,  /* 64 bits (48 in the header), nanoseconds since midnight */
	IX_ITCH_KIND_A2,
	IX_ITCH_KIND_A4,
	IX_ITCH_KIND_A8,
} ix_itch_kind;

typedef struct ix_itch_code {
	char text[5]; /* as on the wire, without padding, NUL-terminated; "" is the blank code */
	const char *meaning;
} ix_itch_code;

typedef struct ix_itch_codes {
	const char *name; /* "TRADING_STATE" */
	const ix_itch_code *codes;
	size_t count; /* 0: any value is good */
} ix_itch_codes;

typedef struct ix_itch_field {
	const char *name;  /* "price_e4" */
	const char *title; /* "Price" */
	ix_itch_kind kind;
	uint8_t offset; /* in the message */
	uint8_t width;  /* in bytes */
	const ix_itch_codes *codes;
} ix_itch_field;

typedef struct ix_itch_type {
	uint8_t type;
	uint8_t size;
	uint8_t field_count;
	const char *name;            /* "add_order" */
	const char *title;           /* "Add Order" */
	const ix_itch_field *fields; /* after the header, in order of offset, without gaps */
} ix_itch_type;

IX_API extern const ix_itch_type ix_itch_types[IX_ITCH_TYPE_COUNT]; /* in the specification's order */
enum { IX_ITCH_HEADER_FIELD_COUNT = 4 };
IX_API extern const ix_itch_field ix_itch_header_fields[IX_ITCH_HEADER_FIELD_COUNT]; /* type … timestamp_ns */

/* The row of a type, or NULL when ITCH 5.0 has no such type. */
IX_API const ix_itch_type *ix_itch_type_find(uint8_t type);

/* A numeric or code field's value, out of a whole message of the field's type; 0 for text. */
IX_API uint64_t ix_itch_field_u64(const ix_itch_field *field, const uint8_t *message);
/* A field as text: numbers in decimal, prices with their point ("12.3400"), text without padding, codes as
 * they are; backslash and bytes outside printable ASCII come as \xNN. Returns the length, NUL-terminated.
 * `out` has room for IX_ITCH_FIELD_TEXT_MAX bytes. */
enum { IX_ITCH_FIELD_TEXT_MAX = 40 };
IX_API size_t ix_itch_field_text(const ix_itch_field *field, const uint8_t *message, char *out);
/* What a code or text field's value means ("trading on Nasdaq"), or NULL when its list does not have it or it
 * has no list. */
IX_API const char *ix_itch_field_meaning(const ix_itch_field *field, const uint8_t *message);

#endif
