/* Messages as rows. */
#include "inside.h"

/* What the column holds: a price is written with its point, so its name has no unit. The reference price is
 * not the order's reference number. */
static ix_str heading_of(const ix_itch_field *field) {
	ix_str name = ix_str_from(field->name);
	bool is_scaled = field->kind == IX_ITCH_KIND_E4 || field->kind == IX_ITCH_KIND_E8;
	if (is_scaled && name.size > 3 && name.data[name.size - 3] == '_') name.size -= 3;
	return is_scaled && ix_str_equal(name, IX_STR("reference")) ? IX_STR("reference_price") : name;
}

static size_t column_of(ix_converter *converter, ix_str name) {
	for (size_t i = 0; i < converter->column_count; i++) {
		if (ix_str_equal(converter->columns[i], name)) return i;
	}
	IX_ASSERT(converter->column_count < CONVERT_COLUMN_MAX);
	converter->columns[converter->column_count] = name;
	return converter->column_count++;
}

int csv_begin(ix_converter *converter, ix_error *err) {
	uint8_t only = converter->options.type;
	if (only && !ix_itch_type_find(only))
		return ix_fail(err, IX_ERR_USAGE, "ITCH 5.0 has no message type '%c'", only);
	for (size_t i = 0; i < IX_ITCH_TYPE_COUNT; i++) {
		const ix_itch_type *type = &ix_itch_types[i];
		if (only && type->type != only) continue;
		for (size_t f = 0; f < type->field_count; f++)
			converter->fields[type->type][column_of(converter, heading_of(&type->fields[f]))] =
				&type->fields[f];
	}
	ix_writer *w = &converter->writer;
	ix_write_str(w, IX_STR("sequence"));
	for (size_t i = 0; i < IX_ITCH_HEADER_FIELD_COUNT; i++) {
		ix_write_u8(w, ',');
		ix_write_str(w, ix_str_from(ix_itch_header_fields[i].name));
	}
	for (size_t i = 0; i < converter->column_count; i++) {
		ix_write_u8(w, ',');
		ix_write_str(w, converter->columns[i]);
	}
	if (!only) ix_write_str(w, IX_STR(",unknown_size"));
	ix_write_str(w, IX_STR("\r\n"));
	return 0;
}

/* RFC 4180 section 2: quotes around what has a comma or a quote in it, quotes doubled. */
static void put_text(ix_writer *w, ix_str text) {
	if (ix_str_find(text, ',') == text.size && ix_str_find(text, '"') == text.size) {
		ix_write_str(w, text);
		return;
	}
	ix_write_u8(w, '"');
	for (size_t i = 0; i < text.size; i++) {
		if (text.data[i] == '"') ix_write_u8(w, '"');
		ix_write_u8(w, (uint8_t)text.data[i]);
	}
	ix_write_u8(w, '"');
}

static void put_field(ix_writer *w, const ix_itch_field *field, const uint8_t *message) {
	char text[IX_ITCH_FIELD_TEXT_MAX];
	size_t size = ix_itch_field_text(field, message, text);
	put_text(w, (ix_str){text, size});
}

static void put_count(ix_writer *w, uint64_t value) {
	char text[24];
	ix_write_bytes(w, text, ix_format(text, sizeof text, "%llu", (unsigned long long)value));
}

static void put_unknown(ix_converter *converter, ix_bytes message) {
	ix_writer *w = &converter->writer;
	char text[8];
	bool is_printable = message.data[0] > ' ' && message.data[0] < 0x7f;
	size_t size = ix_format(text, sizeof text, is_printable ? "%c" : "\\x%02x", message.data[0]);
	ix_write_u8(w, ',');
	put_text(w, (ix_str){text, size});
	for (size_t i = 0; i < converter->column_count + IX_ITCH_HEADER_FIELD_COUNT; i++) ix_write_u8(w, ',');
	put_count(w, message.size);
}

int csv_put(ix_converter *converter, uint64_t sequence, ix_bytes message, ix_error *err) {
	uint8_t type = message.data[0], only = converter->options.type;
	if (only && type != only) return 0;
	ix_writer *w = &converter->writer;
	size_t wanted = ix_itch_size(type);
	if (wanted && wanted != message.size) {
		ix_itch_message decoded;
		return ix_itch_decode(message, &decoded, err);
	}
	put_count(w, sequence);
	if (!wanted) {
		put_unknown(converter, message);
	} else {
		for (size_t i = 0; i < IX_ITCH_HEADER_FIELD_COUNT; i++) {
			ix_write_u8(w, ',');
			put_field(w, &ix_itch_header_fields[i], message.data);
		}
		for (size_t i = 0; i < converter->column_count; i++) {
			const ix_itch_field *field = converter->fields[type][i];
			ix_write_u8(w, ',');
			if (field) put_field(w, field, message.data);
		}
		if (!only) ix_write_u8(w, ',');
	}
	ix_write_str(w, IX_STR("\r\n"));
	return convert_flush(converter, false, err);
}
