/* itch_values.c - field by field over one message: is every value one that the specification knows, and how
 * does it read. */
#include <inox/itch.h>

enum { DAY_S = 86400 };
static const uint64_t day_ns = (uint64_t)DAY_S * 1000000000;

static bool is_text(ix_itch_kind kind) { return kind >= IX_ITCH_KIND_A2; }

uint64_t ix_itch_field_u64(const ix_itch_field *field, const uint8_t *message) {
	if (is_text(field->kind)) return 0;
	uint64_t value = 0;
	for (size_t i = 0; i < field->width; i++) value = value << 8 | message[field->offset + i];
	return value;
}

/* Decimal digits, at least `digits_min` of them; returns their count. */
static size_t put_decimal(char *out, uint64_t value, size_t digits_min) {
	char digits[20];
	size_t count = 0;
	do {
		digits[count++] = (char)('0' + value % 10);
		value /= 10;
	} while (value > 0 || count < digits_min);
	for (size_t i = 0; i < count; i++) out[i] = digits[count - 1 - i];
	return count;
}

static size_t put_price(char *out, uint64_t value, uint64_t unit, size_t decimals) {
	size_t size = put_decimal(out, value / unit, 1);
	out[size++] = '.';
	return size + put_decimal(out + size, value % unit, decimals);
}

static size_t put_text(char *out, const uint8_t *text, size_t width) {
	static const char hex[] = "0123456789abcdef";
	while (width > 0 && text[width - 1] == ' ') width--;
	size_t size = 0;
	for (size_t i = 0; i < width; i++) {
		uint8_t byte = text[i];
		if (byte >= 0x20 && byte < 0x7f && byte != '\\') {
			out[size++] = (char)byte;
			continue;
		}
		out[size++] = '\\';
		out[size++] = 'x';
		out[size++] = hex[byte >> 4];
		out[size++] = hex[byte & 15];
	}
	return size;
}

size_t ix_itch_field_text(const ix_itch_field *field, const uint8_t *message, char *out) {
	size_t size;
	switch (field->kind) {
	case IX_ITCH_KIND_E4: size = put_price(out, ix_itch_field_u64(field, message), 10000, 4); break;
	case IX_ITCH_KIND_E8: size = put_price(out, ix_itch_field_u64(field, message), 100000000, 8); break;
	case IX_ITCH_KIND_CODE:
	case IX_ITCH_KIND_A2:
	case IX_ITCH_KIND_A4:
	case IX_ITCH_KIND_A8: size = put_text(out, message + field->offset, field->width); break;
	default: size = put_decimal(out, ix_itch_field_u64(field, message), 1); break;
	}
	out[size] = '\0';
	return size;
}

/* The row of the list that the field's value, without padding, spells. */
static const ix_itch_code *find_code(const ix_itch_field *field, const uint8_t *message) {
	ix_str value = ix_itch_text((const char *)message + field->offset, field->width);
	for (size_t i = 0; i < field->codes->count; i++)
		if (ix_str_equal(value, ix_str_from(field->codes->codes[i].text)))
			return &field->codes->codes[i];
	return NULL;
}

const char *ix_itch_field_meaning(const ix_itch_field *field, const uint8_t *message) {
	const ix_itch_code *code = find_code(field, message);
	return code ? code->meaning : NULL;
}

/* "Add Order: Buy/Sell Indicator is 'Z', not one of 'B', 'S'"; long lists are not spelled out. */
static int fail_code(const char *title, const ix_itch_field *field, const char *value, ix_error *err) {
	const ix_itch_codes *codes = field->codes;
	IX_ASSERT(codes->codes);
	if (codes->count > 14)
		return ix_fail(err, IX_ERR_INVALID, "%s: %s is '%s', not one of the %zu in ITCH 5.0", title,
			field->title, value, codes->count);
	char list[128] = "";
	size_t size = 0;
	for (size_t i = 0; i < codes->count; i++)
		size += ix_format(list + size, sizeof(list) - size, "%s'%s'", i ? ", " : "",
			codes->codes[i].text[0] ? codes->codes[i].text : " ");
	return ix_fail(
		err, IX_ERR_INVALID, "%s: %s is '%s', not one of %s", title, field->title, value, list);
}

/* Printable ASCII, no space in front of a letter: left-justified. */
static bool is_good_text(const uint8_t *text, size_t width) {
	for (size_t i = 0; i < width; i++) {
		if (text[i] < 0x20 || text[i] > 0x7e) return false;
		if (i > 0 && text[i - 1] == ' ' && text[i] != ' ') return false;
	}
	return true;
}

static int check_field(const char *title, const ix_itch_field *field, const uint8_t *message, ix_error *err) {
	char value[IX_ITCH_FIELD_TEXT_MAX];
	uint64_t number = ix_itch_field_u64(field, message);
	if (field->codes->count > 0 && !find_code(field, message)) {
		(void)ix_itch_field_text(field, message, value);
		return fail_code(title, field, value[0] ? value : " ", err);
	}
	if (is_text(field->kind) && !is_good_text(message + field->offset, field->width)) {
		(void)ix_itch_field_text(field, message, value);
		return ix_fail(err, IX_ERR_INVALID, "%s: %s is '%s', not printable text padded on the right",
			title, field->title, value);
	}
	if ((field->kind == IX_ITCH_KIND_SEC && number >= DAY_S) ||
		(field->kind == IX_ITCH_KIND_NS && number >= day_ns))
		return ix_fail(err, IX_ERR_INVALID, "%s: %s is %llu, later than a day has", title,
			field->title, (unsigned long long)number);
	return 0;
}

int ix_itch_validate(const ix_itch_message *message, ix_error *err) {
	const ix_itch_type *row = ix_itch_type_find(message->type);
	if (!row) return ix_itch_decode((ix_bytes){&message->type, 1}, &(ix_itch_message){0}, err);
	if (message->timestamp_ns >= day_ns) /* before the encoder would cut it to 48 bits */
		return ix_fail(err, IX_ERR_INVALID, "%s: Timestamp is %llu, later than a day has", row->title,
			(unsigned long long)message->timestamp_ns);
	uint8_t wire[IX_ITCH_SIZE_MAX];
	(void)ix_itch_encode(message, wire);
	for (size_t i = 0; i < row->field_count; i++) {
		int code = check_field(row->title, &row->fields[i], wire, err);
		if (code) return code;
	}
	return 0;
}
