/* conf_fill.c - one value of a configuration into one field of a C struct: read by its kind, held against its
 * bounds, stored in the field's own size. */
#include "conf_inside.h"

#include <inox/decimal.h>

static bool is_number(ix_conf_kind kind) {
	return kind == IX_CONF_INTEGER || kind == IX_CONF_DECIMAL || kind == IX_CONF_SIZE ||
	       kind == IX_CONF_DURATION || kind == IX_CONF_PERCENT || kind == IX_CONF_CHOICE;
}

ix_conf_field ix_conf_natural_field(ix_conf_kind kind) {
	switch (kind) {
	case IX_CONF_TEXT:
	case IX_CONF_NAME:
	case IX_CONF_PATH: return IX_CONF_FIELD_TEXT;
	case IX_CONF_NONE:
	case IX_CONF_BOOLEAN: return IX_CONF_FIELD_BOOL;
	case IX_CONF_RATE: return IX_CONF_FIELD_RATE;
	case IX_CONF_ADDRESS: return IX_CONF_FIELD_ADDRESS;
	case IX_CONF_CUSTOM: return IX_CONF_FIELD_STRUCT;
	case IX_CONF_VALUES: return IX_CONF_FIELD_LIST;
	default: return IX_CONF_FIELD_I64;
	}
}

size_t ix_conf_field_size(ix_conf_field field) {
	static const uint8_t sizes[] = {
		[IX_CONF_FIELD_BOOL] = sizeof(bool),
		[IX_CONF_FIELD_I8] = 1,
		[IX_CONF_FIELD_I16] = 2,
		[IX_CONF_FIELD_I32] = 4,
		[IX_CONF_FIELD_I64] = 8,
		[IX_CONF_FIELD_U8] = 1,
		[IX_CONF_FIELD_U16] = 2,
		[IX_CONF_FIELD_U32] = 4,
		[IX_CONF_FIELD_U64] = 8,
		[IX_CONF_FIELD_TEXT] = sizeof(ix_str),
		[IX_CONF_FIELD_RATE] = sizeof(ix_conf_rate),
		[IX_CONF_FIELD_ADDRESS] = sizeof(ix_conf_address),
		[IX_CONF_FIELD_LIST] = sizeof(ix_conf_list),
	};
	return field < IX_COUNT(sizes) ? sizes[field] : 0;
}

/* ---- storing ---- */

/* What a field of that size can hold. */
static void field_range(ix_conf_field type, int64_t *minimum, int64_t *maximum) {
	static const struct {
		int64_t minimum, maximum;
	} ranges[] = {
		[IX_CONF_FIELD_I8] = {INT8_MIN, INT8_MAX},
		[IX_CONF_FIELD_I16] = {INT16_MIN, INT16_MAX},
		[IX_CONF_FIELD_I32] = {INT32_MIN, INT32_MAX},
		[IX_CONF_FIELD_I64] = {INT64_MIN, INT64_MAX},
		[IX_CONF_FIELD_U8] = {0, UINT8_MAX},
		[IX_CONF_FIELD_U16] = {0, UINT16_MAX},
		[IX_CONF_FIELD_U32] = {0, UINT32_MAX},
		[IX_CONF_FIELD_U64] = {0, INT64_MAX},
	};
	bool bounded = type >= IX_CONF_FIELD_I8 && type <= IX_CONF_FIELD_U64;
	*minimum = bounded ? ranges[type].minimum : INT64_MIN;
	*maximum = bounded ? ranges[type].maximum : INT64_MAX;
}

/* The low bytes of a number are where a smaller one begins: base is little-endian. */
static void store_number(void *field, ix_conf_field type, int64_t value) {
	memcpy(field, &value, ix_conf_field_size(type));
}

/* ---- reading ---- */

static int read_number(const ix_conf_entry *entry, ix_str text, int64_t *ret_value, ix_error *err) {
	switch (entry->kind) {
	case IX_CONF_SIZE: return ix_conf_read_size(text, ret_value, err);
	case IX_CONF_DURATION: return ix_conf_read_duration(text, ret_value, err);
	case IX_CONF_PERCENT: return ix_conf_read_percent(text, ret_value, err);
	case IX_CONF_DECIMAL: {
		ix_error inner = {0};
		int code = ix_decimal_parse(text, entry->decimals, IX_ROUND_EXACT, ret_value, &inner);
		if (code == IX_ERR_INVALID)
			return ix_fail(err, code, "'%.*s' has more than %u decimals", IX_STR_ARG(text),
				entry->decimals);
		if (code == IX_ERR_RANGE)
			return ix_fail(err, code, "'%.*s' does not fit in 64 bits", IX_STR_ARG(text));
		return code ? ix_fail(err, code, "'%.*s' is not a number like 12 or -0.5", IX_STR_ARG(text))
			    : 0;
	}
	default: return ix_conf_read_integer(text, ret_value, err);
	}
}

static int read_choice(const ix_conf_entry *entry, ix_str text, int64_t *ret_value, ix_error *err) {
	if (ix_conf_choice(entry->choices, text, ret_value)) return 0;
	char words[IX_ERROR_TEXT_MAX];
	ix_writer w = ix_writer_of(words, sizeof words);
	ix_conf_nearest nearest = {.word = text};
	ix_str rest = ix_str_from(entry->choices);
	while (rest.data) {
		ix_str word = ix_str_cut(&rest, '|');
		ix_conf_nearest_offer(&nearest, word);
		if (w.size > 0) ix_write_str(&w, IX_STR(", "));
		ix_write_str(&w, word);
	}
	return ix_fail(err, IX_ERR_INVALID, "'%.*s' is not one of %.*s%s%.*s%s", IX_STR_ARG(text),
		(int)w.size, words, nearest.best.size ? "; did you mean '" : "", IX_STR_ARG(nearest.best),
		nearest.best.size ? "'?" : "");
}

/* minimum and maximum of the entry, and of the field; 0 and 0 leave all, but for percentages: 0 to 100 %. */
static int hold_against_bounds(
	const ix_conf_entry *entry, ix_conf_field type, ix_str text, int64_t value, ix_error *err) {
	int64_t minimum, maximum;
	bool bounded = entry->minimum != 0 || entry->maximum != 0;
	char number[48];
	field_range(type, &minimum, &maximum);
	if (bounded) {
		if (entry->minimum > minimum) minimum = entry->minimum;
		if (entry->maximum < maximum) maximum = entry->maximum;
	} else if (entry->kind == IX_CONF_PERCENT) {
		maximum = 1000000;
	}
	if (value >= minimum && value <= maximum) return 0;
	ix_conf_show(
		number, sizeof number, entry->kind, entry->decimals, value < minimum ? minimum : maximum);
	return ix_fail(err, IX_ERR_RANGE, "'%.*s' is %s %s", IX_STR_ARG(text),
		value < minimum ? "below the minimum of" : "over the maximum of", number);
}

static int fill_number(
	const ix_conf_entry *entry, ix_str text, void *field, ix_conf_field type, ix_error *err) {
	int64_t value;
	bool is_choice = entry->kind == IX_CONF_CHOICE;
	int code = is_choice ? read_choice(entry, text, &value, err) : read_number(entry, text, &value, err);
	if (code == 0 && !is_choice) code = hold_against_bounds(entry, type, text, value, err);
	if (type == IX_CONF_FIELD_BOOL) value = 1; /* a word that may be left out: it is there */
	if (code == 0 && field) store_number(field, type, value);
	return code;
}

static int fill_text(ix_conf_check *check, const ix_conf_entry *entry, ix_str file, ix_str text, void *field,
	ix_error *err) {
	bool bounded = entry->minimum != 0 || entry->maximum != 0;
	bool below = bounded && text.size < (uint64_t)entry->minimum;
	if (entry->kind == IX_CONF_NAME && !ix_conf_is_name(text))
		return ix_fail(err, IX_ERR_INVALID,
			"'%.*s' is not a name of letters, digits, '_', '-' and '.'", IX_STR_ARG(text));
	if (entry->kind == IX_CONF_PATH && text.size == 0)
		return ix_fail(err, IX_ERR_INVALID, "a path cannot be empty");
	if (below || (bounded && text.size > (uint64_t)entry->maximum))
		return ix_fail(err, IX_ERR_INVALID, "'%.*s' has %zu bytes; the %s is %lld", IX_STR_ARG(text),
			text.size, below ? "minimum" : "maximum",
			(long long)(below ? entry->minimum : entry->maximum));
	if (entry->kind == IX_CONF_PATH) text = ix_conf_join(check, file, text);
	if (field) memcpy(field, &text, sizeof text);
	return 0;
}

static int fill_boolean(ix_str text, void *field, ix_error *err) {
	bool value;
	int code = ix_conf_read_boolean(text, &value, err);
	if (code == 0 && field) memcpy(field, &value, sizeof value);
	return code;
}

static int fill_rate(ix_str text, void *field, ix_error *err) {
	ix_conf_rate value;
	int code = ix_conf_read_rate(text, &value, err);
	if (code == 0 && field) memcpy(field, &value, sizeof value);
	return code;
}

static int fill_address(ix_conf_check *check, ix_str file, ix_str text, void *field, ix_error *err) {
	ix_conf_address value;
	int code = ix_conf_read_address(text, &value, err);
	if (code == 0 && value.is_unix) value.host = ix_conf_join(check, file, value.host);
	if (code == 0 && field) memcpy(field, &value, sizeof value);
	return code;
}

static int fill_custom(
	ix_conf_check *check, const ix_conf_entry *entry, ix_str text, void *field, ix_error *err) {
	void *to = field ? field : ix_conf_take(check, 1, entry->item_size ? entry->item_size : 1, 16);
	ix_error inner = {0};
	int code = to ? entry->convert(entry, text, to, check->arena, &inner) : 0;
	return code ? ix_fail(err, code, "'%.*s' %s", IX_STR_ARG(text), inner.text) : 0;
}

static int fill(ix_conf_check *check, const ix_conf_entry *entry, ix_str file, ix_str text, void *field,
	ix_conf_field type, ix_error *err) {
	if (is_number(entry->kind)) return fill_number(entry, text, field, type, err);
	switch (entry->kind) {
	case IX_CONF_BOOLEAN: return fill_boolean(text, field, err);
	case IX_CONF_RATE: return fill_rate(text, field, err);
	case IX_CONF_ADDRESS: return fill_address(check, file, text, field, err);
	case IX_CONF_CUSTOM: return fill_custom(check, entry, text, field, err);
	default: return fill_text(check, entry, file, text, field, err);
	}
}

bool ix_conf_fill(ix_conf_check *check, const ix_conf_entry *entry, const char *subject, ix_conf_place place,
	ix_str text, void *field, ix_conf_field type) {
	ix_error err = {0};
	ix_str file = check->conf->files[place.file].name;
	int code = fill(check, entry, file, text, field, type, &err);
	if (code == 0) return true;
	ix_str shown = ix_conf_shown(check, text);
	if (shown.data != text.data) { /* once more for a sentence that can be printed */
		err = (ix_error){.text = "this value is refused"};
		(void)fill(check, entry, file, shown, NULL, type, &err);
	}
	ix_conf_tell(check, code, place, "%s: %s", subject, err.text);
	return false;
}
