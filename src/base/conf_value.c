/* conf_value.c - texts that mean a number, an amount of time, an address …: the typed values of the
 * configuration language, for its schema and for other doors. Exact, or refused with a sentence that says
 * what to write instead. */
#include "conf_inside.h"

#include <inox/decimal.h>

typedef struct unit {
	const char *name;
	int64_t factor;
} unit;

static const unit size_units[] = {{"t", (int64_t)1 << 40}, {"g", (int64_t)1 << 30}, {"m", (int64_t)1 << 20},
	{"k", (int64_t)1 << 10}, {"", 1}};
/* From the longest, so that what a duration is printed in comes first. */
static const unit duration_units[] = {{"w", 604800000000000}, {"d", 86400000000000}, {"h", 3600000000000},
	{"m", 60000000000}, {"s", 1000000000}, {"ms", 1000000}, {"us", 1000}, {"ns", 1}};

static bool is_digit(char c) { return c >= '0' && c <= '9'; }
static bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

static size_t digits_at(ix_str s, size_t at) {
	size_t end = at;
	while (end < s.size && is_digit(s.data[end])) end++;
	return end - at;
}

static char lower(char c) { return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c; }

static const unit *find_unit(const unit *units, size_t count, ix_str name, bool any_case) {
	for (size_t i = 0; i < count; i++) {
		size_t at = 0;
		while (at < name.size &&
			units[i].name[at] == (any_case ? lower(name.data[at]) : name.data[at]))
			at++;
		if (at == name.size && units[i].name[at] == '\0') return &units[i];
	}
	return NULL;
}

/* ---- whole numbers ---- */

static unsigned digit_value(char c) {
	if (is_digit(c)) return (unsigned)(c - '0');
	if (is_letter(c)) return (unsigned)(lower(c) - 'a') + 10;
	return 99;
}

int ix_conf_read_integer(ix_str text, int64_t *ret_value, ix_error *err) {
	bool negative = text.size > 0 && text.data[0] == '-';
	ix_str digits = ix_str_slice(text, negative, text.size);
	unsigned base = 10;
	if (digits.size > 1 && digits.data[0] == '0') {
		char kind = digits.data[1];
		base = kind == 'x' ? 16 : kind == 'o' ? 8 : kind == 'b' ? 2 : 10;
		if (base == 10 && digits_at(digits, 0) == digits.size)
			return ix_fail(err, IX_ERR_SYNTAX,
				"'%.*s' begins with 0; octal numbers are written 0o17", IX_STR_ARG(text));
		if (base != 10) digits = ix_str_slice(digits, 2, digits.size);
	}
	uint64_t magnitude = 0;
	bool fits = true;
	for (size_t i = 0; i < digits.size; i++) {
		unsigned digit = digit_value(digits.data[i]);
		if (digit >= base) digits.size = 0; /* no number */
		fits = fits && !ix_mul_overflow(magnitude, (uint64_t)base, &magnitude) &&
		       !ix_add_overflow(magnitude, (uint64_t)digit, &magnitude);
	}
	if (digits.size == 0)
		return ix_fail(err, IX_ERR_SYNTAX, "'%.*s' is not a whole number", IX_STR_ARG(text));
	if (!fits || magnitude > (uint64_t)INT64_MAX + negative)
		return ix_fail(err, IX_ERR_RANGE, "'%.*s' does not fit in 64 bits", IX_STR_ARG(text));
	*ret_value = (int64_t)(negative ? 0 - magnitude : magnitude);
	return 0;
}

/* ---- numbers with units ---- */

/* One number with decimals at *at, which is moved behind it, times the factor of `u`; exact. 0, or an
 * ix_code. */
typedef struct amount {
	uint64_t whole;
	uint64_t fraction; /* of `scale` */
	uint64_t scale;    /* a power of ten, at most 10^9 */
	size_t end;
} amount;

static bool scan_amount(ix_str s, size_t at, amount *ret_amount) {
	amount a = {0, 0, 1, at + digits_at(s, at)};
	if (a.end == at || !ix_str_to_u64(ix_str_slice(s, at, a.end), &a.whole)) return false;
	if (a.end < s.size && s.data[a.end] == '.') {
		size_t from = a.end + 1, size = digits_at(s, from);
		if (size == 0 || size > 9) return false;
		ix_str_to_u64(ix_str_slice(s, from, from + size), &a.fraction);
		for (size_t i = 0; i < size; i++) a.scale *= 10;
		a.end = from + size;
	}
	*ret_amount = a;
	return true;
}

static uint64_t greatest_common_divisor(uint64_t a, uint64_t b) {
	while (b != 0) {
		uint64_t rest = a % b;
		a = b;
		b = rest;
	}
	return a;
}

/* 0; IX_ERR_RANGE; IX_ERR_INVALID where it is not a whole number of what the unit counts. */
static int scale_amount(const amount *a, int64_t factor, int64_t *ret_value) {
	uint64_t common = greatest_common_divisor(a->scale, (uint64_t)factor);
	uint64_t part = a->scale / common, value;
	if (a->fraction % part != 0) return IX_ERR_INVALID;
	/* Below `factor`, as the fraction is below 1. */
	uint64_t fraction = a->fraction / part * ((uint64_t)factor / common);
	if (ix_mul_overflow(a->whole, (uint64_t)factor, &value) || ix_add_overflow(value, fraction, &value) ||
		value > INT64_MAX)
		return IX_ERR_RANGE;
	*ret_value = (int64_t)value;
	return 0;
}

int ix_conf_read_size(ix_str text, int64_t *ret_bytes, ix_error *err) {
	amount a;
	if (!scan_amount(text, 0, &a)) {
		if (text.size > 0 && digits_at(text, 0) == text.size)
			return ix_fail(err, IX_ERR_RANGE, "'%.*s' does not fit in 64 bits", IX_STR_ARG(text));
		return ix_fail(
			err, IX_ERR_SYNTAX, "'%.*s' is not a size like 512, 10k or 1.5g", IX_STR_ARG(text));
	}
	ix_str name = ix_str_slice(text, a.end, text.size);
	const unit *u = find_unit(size_units, IX_COUNT(size_units), name, true);
	if (!u)
		return ix_fail(err, IX_ERR_SYNTAX,
			"'%.*s' has the unknown unit '%.*s'; the units are k, m, g and t, of 1024",
			IX_STR_ARG(text), IX_STR_ARG(name));
	int code = scale_amount(&a, u->factor, ret_bytes);
	if (code == IX_ERR_INVALID)
		return ix_fail(
			err, IX_ERR_INVALID, "'%.*s' is not a whole number of bytes", IX_STR_ARG(text));
	if (code) return ix_fail(err, code, "'%.*s' does not fit in 64 bits", IX_STR_ARG(text));
	return 0;
}

int ix_conf_read_duration(ix_str text, int64_t *ret_ns, ix_error *err) {
	int64_t total = 0, last = INT64_MAX;
	size_t at = 0;
	if (ix_str_equal(text, IX_STR("0"))) {
		*ret_ns = 0;
		return 0;
	}
	do {
		amount a;
		int64_t part;
		if (!scan_amount(text, at, &a))
			return ix_fail(err, IX_ERR_SYNTAX, "'%.*s' is not a duration like 250ms, 5s or 1h30m",
				IX_STR_ARG(text));
		size_t end = a.end;
		while (end < text.size && is_letter(text.data[end])) end++;
		ix_str name = ix_str_slice(text, a.end, end);
		if (name.size == 0)
			return ix_fail(err, IX_ERR_SYNTAX,
				"'%.*s' has no unit; the units are ns, us, ms, s, m, h, d and w",
				IX_STR_ARG(text));
		const unit *u = find_unit(duration_units, IX_COUNT(duration_units), name, false);
		if (!u)
			return ix_fail(err, IX_ERR_SYNTAX,
				"'%.*s' has the unknown unit '%.*s'; the units are ns, us, ms, s, m, h, d "
				"and w",
				IX_STR_ARG(text), IX_STR_ARG(name));
		if (u->factor >= last)
			return ix_fail(err, IX_ERR_SYNTAX,
				"'%.*s' does not go from large units to small ones", IX_STR_ARG(text));
		int code = scale_amount(&a, u->factor, &part);
		if (code == IX_ERR_INVALID)
			return ix_fail(
				err, code, "'%.*s' is not a whole number of nanoseconds", IX_STR_ARG(text));
		if (code || ix_add_overflow(total, part, &total))
			return ix_fail(
				err, IX_ERR_RANGE, "'%.*s' is longer than 292 years", IX_STR_ARG(text));
		last = u->factor;
		at = end;
	} while (at < text.size);
	*ret_ns = total;
	return 0;
}

int ix_conf_read_percent(ix_str text, int64_t *ret_millionths, ix_error *err) {
	amount a;
	bool is_number = scan_amount(text, 0, &a);
	if (is_number && a.end == text.size)
		return ix_fail(err, IX_ERR_SYNTAX, "'%.*s' has no percent sign; did you mean '%.*s%%'?",
			IX_STR_ARG(text), IX_STR_ARG(text));
	if (!is_number || !ix_str_equal(ix_str_slice(text, a.end, text.size), IX_STR("%")))
		return ix_fail(err, IX_ERR_SYNTAX, "'%.*s' is not a percentage like 20%% or 0.5%%",
			IX_STR_ARG(text));
	int code = scale_amount(&a, 10000, ret_millionths);
	if (code == IX_ERR_INVALID)
		return ix_fail(err, code, "'%.*s' has more than 4 decimals", IX_STR_ARG(text));
	if (code) return ix_fail(err, code, "'%.*s' does not fit in 64 bits", IX_STR_ARG(text));
	return 0;
}

int ix_conf_read_rate(ix_str text, ix_conf_rate *ret_rate, ix_error *err) {
	ix_conf_rate rate;
	size_t slash = ix_str_find(text, '/');
	ix_str period = ix_str_slice(text, slash + 1, text.size);
	if (slash == 0 || slash == text.size || digits_at(text, 0) != slash || period.size == 0)
		return ix_fail(
			err, IX_ERR_SYNTAX, "'%.*s' is not a rate like 100/s or 5/10m", IX_STR_ARG(text));
	const unit *u = find_unit(duration_units, IX_COUNT(duration_units), period, false);
	rate.period_ns = u ? u->factor : 0;
	if (!ix_str_to_i64(ix_str_slice(text, 0, slash), &rate.count))
		return ix_fail(err, IX_ERR_RANGE, "'%.*s' does not fit in 64 bits", IX_STR_ARG(text));
	if (!u && ix_conf_read_duration(period, &rate.period_ns, NULL) != 0)
		return ix_fail(err, IX_ERR_SYNTAX, "'%.*s': '%.*s' is neither a unit of time nor a duration",
			IX_STR_ARG(text), IX_STR_ARG(period));
	if (rate.period_ns == 0)
		return ix_fail(err, IX_ERR_INVALID, "'%.*s' has a period of 0", IX_STR_ARG(text));
	*ret_rate = rate;
	return 0;
}

int ix_conf_read_boolean(ix_str text, bool *ret_value, ix_error *err) {
	static const char *const words[2][3] = {{"off", "no", "false"}, {"on", "yes", "true"}};
	for (size_t i = 0; i < 2; i++) {
		for (size_t j = 0; j < 3; j++) {
			if (ix_str_equal(text, ix_str_from(words[i][j]))) {
				*ret_value = i == 1;
				return 0;
			}
		}
	}
	return ix_fail(err, IX_ERR_SYNTAX, "'%.*s' is neither on nor off", IX_STR_ARG(text));
}

/* ---- addresses ---- */

static bool is_hex(char c) { return digit_value(c) < 16; }

/* Four numbers up to 255 without needless zeros. */
static bool is_ipv4(ix_str s) {
	size_t parts = 0;
	while (s.data) {
		ix_str part = ix_str_cut(&s, '.');
		uint64_t value;
		if (part.size > 3 || !ix_str_to_u64(part, &value) || value > 255 ||
			(part.size > 1 && part.data[0] == '0'))
			return false;
		parts++;
	}
	return parts == 4;
}

/* RFC 4291 section 2.2, with a zone (RFC 4007 section 11) after '%'. */
static bool is_ipv6(ix_str s) {
	size_t zone = ix_str_find(s, '%'), groups = 0, at = 0;
	bool gap = false;
	if (zone + 1 == s.size) return false;
	s = ix_str_slice(s, 0, zone);
	if (ix_str_starts_with(s, IX_STR("::"))) {
		gap = true;
		at = 2;
	}
	while (at < s.size) {
		size_t end = at;
		while (end < s.size && is_hex(s.data[end])) end++;
		if (end < s.size && s.data[end] == '.')
			return is_ipv4(ix_str_slice(s, at, s.size)) && (gap ? groups < 6 : groups == 6);
		if (end == at || end - at > 4) return false;
		groups++;
		if (end == s.size) break;
		if (s.data[end] != ':' || end + 1 == s.size) return false;
		at = end + 1;
		if (s.data[at] != ':') continue;
		if (gap) return false;
		gap = true;
		at++;
	}
	return gap ? groups < 8 : groups == 8;
}

static bool is_host_name(ix_str s) {
	bool numeric = true;
	for (size_t i = 0; i < s.size; i++) {
		char c = s.data[i];
		bool edge = i == 0 || i + 1 == s.size || s.data[i - 1] == '.' || s.data[i + 1] == '.';
		if (!is_digit(c) && !is_letter(c) && c != '_' && (edge || (c != '-' && c != '.')))
			return false;
		numeric = numeric && (is_digit(c) || c == '.');
	}
	return s.size > 0 && s.size <= 253 && (!numeric || is_ipv4(s));
}

int ix_conf_read_address(ix_str text, ix_conf_address *ret_address, ix_error *err) {
	ix_conf_address address = {.host = ix_str_slice(text, 0, 0)};
	if (ix_str_starts_with(text, IX_STR("unix:"))) {
		address.is_unix = true;
		address.host = ix_str_slice(text, 5, text.size);
		if (address.host.size == 0) return ix_fail(err, IX_ERR_SYNTAX, "'unix:' has no path");
		*ret_address = address;
		return 0;
	}
	size_t colon = text.size;
	while (colon > 0 && text.data[colon - 1] != ':' && text.data[colon - 1] != ']') colon--;
	bool has_port = colon > 0 && text.data[colon - 1] == ':', bare = digits_at(text, 0) == text.size;
	ix_str host = bare ? address.host : ix_str_slice(text, 0, has_port ? colon - 1 : text.size);
	ix_str port = bare ? text : ix_str_slice(text, has_port ? colon : text.size, text.size);
	if (ix_str_find(host, ':') < host.size && host.data[0] != '[')
		return ix_fail(err, IX_ERR_SYNTAX,
			"'%.*s': an IPv6 address stands in brackets, as in [::1]:8080", IX_STR_ARG(text));
	if (!has_port && !bare)
		return ix_fail(err, IX_ERR_SYNTAX, "'%.*s' has no port; write it as in 127.0.0.1:8080",
			IX_STR_ARG(text));
	uint64_t number;
	if (digits_at(port, 0) != port.size || port.size > 5 || !ix_str_to_u64(port, &number) ||
		number > 65535)
		return ix_fail(err, IX_ERR_SYNTAX, "'%.*s': '%.*s' is not a port from 0 to 65535",
			IX_STR_ARG(text), IX_STR_ARG(port));
	bool bracketed = host.size > 1 && host.data[0] == '[' && host.data[host.size - 1] == ']';
	if (bracketed) host = ix_str_slice(host, 1, host.size - 1);
	if (ix_str_equal(host, IX_STR("*"))) host.size = 0;
	if (bracketed ? !is_ipv6(host) : host.size > 0 && !is_host_name(host))
		return ix_fail(err, IX_ERR_SYNTAX,
			"'%.*s': '%.*s' is neither an IP address nor a host's name", IX_STR_ARG(text),
			IX_STR_ARG(host));
	address.host = host;
	address.port = (uint16_t)number;
	*ret_address = address;
	return 0;
}

/* ---- words ---- */

bool ix_conf_is_name(ix_str text) {
	for (size_t i = 0; i < text.size; i++) {
		char c = text.data[i];
		if (!is_letter(c) && !is_digit(c) && c != '_' && (i == 0 || (c != '-' && c != '.')))
			return false;
	}
	return text.size > 0;
}

bool ix_conf_choice(const char *choices, ix_str text, int64_t *ret_index) {
	ix_str rest = ix_str_from(choices);
	for (int64_t i = 0; rest.data; i++) {
		if (ix_str_equal(ix_str_cut(&rest, '|'), text)) {
			*ret_index = i;
			return true;
		}
	}
	return false;
}

/* ---- and back: as a person would write them ---- */

static size_t show_units(char *out, size_t capacity, int64_t value, const unit *units, size_t count) {
	size_t i = 0;
	while (i + 1 < count && (value == 0 || value % units[i].factor != 0)) i++;
	if (value == 0) return ix_format(out, capacity, "0");
	return ix_format(out, capacity, "%lld%s", (long long)(value / units[i].factor), units[i].name);
}

size_t ix_conf_show(char *out, size_t capacity, ix_conf_kind kind, unsigned decimals, int64_t value) {
	char text[IX_DECIMAL_TEXT_MAX];
	switch (kind) {
	case IX_CONF_SIZE: return show_units(out, capacity, value, size_units, IX_COUNT(size_units));
	case IX_CONF_DURATION:
		return show_units(out, capacity, value, duration_units, IX_COUNT(duration_units));
	case IX_CONF_PERCENT:
		ix_decimal_format_short(text, value, 4);
		return ix_format(out, capacity, "%s%%", text);
	case IX_CONF_DECIMAL:
		ix_decimal_format_short(text, value, decimals);
		return ix_format(out, capacity, "%s", text);
	default: return ix_format(out, capacity, "%lld", (long long)value);
	}
}
