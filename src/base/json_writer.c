/* json_writer.c - JSON written as it comes (RFC 8259): the state is one bit a level and what the innermost
 * one has seen. Commas, line breaks and escapes are decided here and nowhere else. */
#include <inox/decimal.h>
#include <inox/json_writer.h>
#include <inox/text.h>

/* ---- bytes out ---- */

static void drain(ix_json_writer *json) {
	if (json->buffer.size &&
		!json->sink(json->context, (const char *)json->buffer.data, json->buffer.size))
		json->failed = true;
	json->buffer.size = 0;
}

/* Pieces that may be larger than what is left of the buffer, or than all of it. */
static void put_slowly(ix_json_writer *json, const char *data, size_t size) {
	if (json->to) {
		ix_write_bytes(json->to, data, size); /* goes on counting when it is full */
		return;
	}
	while (size && !json->failed) {
		size_t room = json->buffer.capacity - json->buffer.size;
		if (!room) {
			drain(json);
			continue;
		}
		size_t part = ix_size_min(room, size);
		memcpy(json->buffer.data + json->buffer.size, data, part);
		json->buffer.size += part;
		data += part;
		size -= part;
	}
}

static inline void put(ix_json_writer *json, const char *data, size_t size) {
	if (IX_LIKELY(!json->to && !json->failed && size <= json->buffer.capacity - json->buffer.size)) {
		memcpy(json->buffer.data + json->buffer.size, data, size);
		json->buffer.size += size;
		return;
	}
	put_slowly(json, data, size);
}

#define PUT(json, literal) put(json, literal, sizeof(literal) - 1)

void ix_json_writer_init(ix_json_writer *json, ix_writer *to, ix_json_style style) {
	*json = (ix_json_writer){.to = to, .style = style};
}

void ix_json_writer_init_sink(ix_json_writer *json, void *buffer, size_t capacity, ix_json_sink *sink,
	void *context, ix_json_style style) {
	IX_ASSERT(capacity >= 64);
	*json = (ix_json_writer){
		.sink = sink, .context = context, .buffer = ix_writer_of(buffer, capacity), .style = style};
}

int ix_json_writer_finish(ix_json_writer *json, ix_error *err) {
	IX_ASSERT(json->failed || (json->depth == 0 && !json->has_key));
	if (!json->to && !json->failed) drain(json);
	if (!json->failed && !(json->to && json->to->failed)) return 0;
	if (json->depth > IX_JSON_WRITER_DEPTH_MAX)
		return ix_fail(
			err, IX_ERR_LIMIT, "JSON nested deeper than %d levels", IX_JSON_WRITER_DEPTH_MAX);
	if (json->to)
		return ix_fail(err, IX_ERR_LIMIT, "JSON of %zu bytes does not fit %zu", json->to->needed,
			json->to->capacity);
	return ix_fail(err, IX_ERR_IO, "JSON could not be written");
}

/* ---- structure ---- */

static bool is_open(const ix_json_writer *json) { return json->depth <= json->style.open_levels; }

static void line_break(ix_json_writer *json) {
	PUT(json, "\n");
	for (unsigned i = 0; i < json->depth; i++) PUT(json, "  ");
}

static bool in_object(const ix_json_writer *json) {
	return json->depth && (json->in_object >> (json->depth - 1) & 1);
}

/* What stands before a member or an element. */
static void separate(ix_json_writer *json) {
	if (json->has_member) PUT(json, ",");
	if (json->style.open_levels && json->depth) {
		if (is_open(json))
			line_break(json);
		else if (json->has_member)
			PUT(json, " ");
	}
	json->has_member = true;
}

/* Before any value: its key has been written, or it is an element, or it is the document. */
static void before_value(ix_json_writer *json) {
	if (json->failed) return;
	if (in_object(json)) {
		IX_ASSERT(json->has_key); /* a value in an object needs a key */
		json->has_key = false;
		return;
	}
	IX_ASSERT((json->depth || !json->has_member)); /* a document is one value */
	separate(json);
}

static void begin(ix_json_writer *json, bool object) {
	before_value(json);
	if (json->failed) return;
	put(json, object ? "{" : "[", 1);
	if (json->depth++ == IX_JSON_WRITER_DEPTH_MAX) {
		json->failed = true;
		return;
	}
	uint64_t bit = UINT64_C(1) << (json->depth - 1);
	json->in_object = object ? json->in_object | bit : json->in_object & ~bit;
	json->has_member = false;
}

static void end(ix_json_writer *json, bool object) {
	if (json->failed) return;
	IX_ASSERT(json->depth && in_object(json) == object && !json->has_key); /* an end for each beginning */
	bool broken = json->has_member && json->style.open_levels && is_open(json);
	json->depth--;
	if (broken) line_break(json);
	put(json, object ? "}" : "]", 1);
	json->has_member = true;
}

void ix_json_object_begin(ix_json_writer *json) { begin(json, true); }
void ix_json_object_end(ix_json_writer *json) { end(json, true); }
void ix_json_array_begin(ix_json_writer *json) { begin(json, false); }
void ix_json_array_end(ix_json_writer *json) { end(json, false); }

/* ---- strings ---- */

static void put_escape(ix_json_writer *json, uint32_t unit) {
	char text[8];
	size_t length = ix_format(text, sizeof text, "\\u%04x", (unsigned)unit);
	put(json, text, length);
}

static void put_code_point(ix_json_writer *json, uint32_t c, ix_str as_it_stood) {
	switch (c) {
	case '"': PUT(json, "\\\""); return;
	case '\\': PUT(json, "\\\\"); return;
	case '\b': PUT(json, "\\b"); return;
	case '\f': PUT(json, "\\f"); return;
	case '\n': PUT(json, "\\n"); return;
	case '\r': PUT(json, "\\r"); return;
	case '\t': PUT(json, "\\t"); return;
	default: break;
	}
	if (c < 0x20 || c == 0x7F) {
		put_escape(json, c);
	} else if (c < 0x7F || !json->style.ascii) {
		if (c == IX_UTF8_REPLACEMENT)
			PUT(json, "\xEF\xBF\xBD"); /* what stood there may have been ill-formed */
		else
			put(json, as_it_stood.data, as_it_stood.size);
	} else if (c < 0x10000) {
		put_escape(json, c);
	} else {
		put_escape(json, 0xD800 + ((c - 0x10000) >> 10));
		put_escape(json, 0xDC00 + ((c - 0x10000) & 0x3FF));
	}
}

static bool stands_for_itself(unsigned char c) { return c >= 0x20 && c < 0x7F && c != '"' && c != '\\'; }

static void put_string(ix_json_writer *json, ix_str text) {
	PUT(json, "\"");
	while (text.size && !json->failed) {
		size_t plain = 0;
		while (plain < text.size && stands_for_itself((unsigned char)text.data[plain])) plain++;
		if (plain) {
			put(json, text.data, plain);
			text = (ix_str){text.data + plain, text.size - plain};
			continue;
		}
		ix_str before = text;
		uint32_t c = ix_utf8_next(&text);
		put_code_point(json, c, (ix_str){before.data, before.size - text.size});
	}
	PUT(json, "\"");
}

void ix_json_key(ix_json_writer *json, ix_str key) {
	if (json->failed) return;
	IX_ASSERT(in_object(json) && !json->has_key); /* a key stands in an object, before its value */
	separate(json);
	put_string(json, key);
	if (json->style.open_levels)
		PUT(json, ": ");
	else
		PUT(json, ":");
	json->has_key = true;
}

void ix_json_string(ix_json_writer *json, ix_str text) {
	before_value(json);
	put_string(json, text);
}

void ix_json_hex(ix_json_writer *json, ix_bytes bytes) {
	before_value(json);
	PUT(json, "\"");
	while (bytes.size) {
		char digits[64];
		size_t part = ix_size_min(bytes.size, sizeof digits / 2);
		ix_hex_encode(digits, (ix_bytes){bytes.data, part});
		put(json, digits, 2 * part);
		bytes = (ix_bytes){bytes.data + part, bytes.size - part};
	}
	PUT(json, "\"");
}

/* ---- numbers and words ---- */

static void put_magnitude(ix_json_writer *json, uint64_t magnitude, bool negative) {
	char text[21]; /* a sign and 20 digits */
	size_t at = sizeof text;
	do {
		text[--at] = (char)('0' + magnitude % 10);
		magnitude /= 10;
	} while (magnitude);
	if (negative) text[--at] = '-';
	put(json, text + at, sizeof text - at);
}

void ix_json_i64(ix_json_writer *json, int64_t value) {
	before_value(json);
	put_magnitude(json, value < 0 ? 0 - (uint64_t)value : (uint64_t)value, value < 0);
}

void ix_json_u64(ix_json_writer *json, uint64_t value) {
	before_value(json);
	put_magnitude(json, value, false);
}

void ix_json_decimal(ix_json_writer *json, int64_t value, unsigned scale) {
	char text[IX_DECIMAL_TEXT_MAX];
	size_t length = ix_decimal_format(text, value, scale);
	before_value(json);
	put(json, text, length);
}

static size_t skip_digits(ix_str text, size_t at) {
	while (at < text.size && text.data[at] >= '0' && text.data[at] <= '9') at++;
	return at;
}

bool ix_json_is_number(ix_str text) {
	size_t at = text.size && text.data[0] == '-' ? 1 : 0, start = at;
	at = skip_digits(text, at);
	if (at == start || (text.data[start] == '0' && at - start > 1)) return false;
	if (at < text.size && text.data[at] == '.') {
		start = ++at;
		if ((at = skip_digits(text, at)) == start) return false;
	}
	if (at < text.size && (text.data[at] == 'e' || text.data[at] == 'E')) {
		at++;
		if (at < text.size && (text.data[at] == '+' || text.data[at] == '-')) at++;
		start = at;
		if ((at = skip_digits(text, at)) == start) return false;
	}
	return at == text.size;
}

void ix_json_number(ix_json_writer *json, ix_str number) {
	IX_ASSERT(ix_json_is_number(number));
	before_value(json);
	put(json, number.data, number.size);
}

void ix_json_bool(ix_json_writer *json, bool value) {
	before_value(json);
	if (value)
		PUT(json, "true");
	else
		PUT(json, "false");
}

void ix_json_null(ix_json_writer *json) {
	before_value(json);
	PUT(json, "null");
}
