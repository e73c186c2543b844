/* format.c - printf's integers and strings without stdio, for error sentences on machines that have no libc.
 */
#include <inox/base.h>

typedef struct {
	char *out;
	size_t capacity;
	size_t length; /* of the whole text, written or not */
} sink;

typedef struct {
	bool left, zero, plus, has_precision;
	size_t width, precision;
	char length; /* 0, 'h', 'H' (hh), 'l', 'L' (ll), 'z', 'j', 't' */
} directive;

static void put(sink *to, char c) {
	if (to->length + 1 < to->capacity) to->out[to->length] = c;
	to->length++;
}

static void put_text(sink *to, const char *text, size_t size) {
	size_t room = to->length + 1 < to->capacity ? to->capacity - 1 - to->length : 0;
	size_t take = ix_size_min(size, room);
	if (take) memcpy(to->out + to->length, text, take);
	to->length += size;
}

static void pad(sink *to, char c, size_t width, size_t used) {
	for (; used < width; used++) put(to, c);
}

static void put_string(sink *to, const directive *d, const char *text) {
	if (!text) text = "(null)";
	size_t size = 0;
	while ((!d->has_precision || size < d->precision) && text[size]) size++;
	if (!d->left) pad(to, ' ', d->width, size);
	put_text(to, text, size);
	if (d->left) pad(to, ' ', d->width, size);
}

/* C17 7.21.6.1: a precision is the least number of digits and switches zero padding off; zero with precision
 * 0 has no digits. */
static void put_number(sink *to, const directive *d, ix_str sign, uint64_t value, unsigned base, bool upper) {
	char digits[20];
	size_t count = 0;
	const char *symbols = upper ? "0123456789ABCDEF" : "0123456789abcdef";
	for (; value; value /= base) digits[count++] = symbols[value % base];
	size_t digit_count = ix_size_max(count, d->has_precision ? d->precision : 1);
	if (d->zero && !d->left && !d->has_precision && d->width > sign.size + digit_count)
		digit_count = d->width - sign.size;
	if (!d->left) pad(to, ' ', d->width, sign.size + digit_count);
	put_text(to, sign.data, sign.size);
	pad(to, '0', digit_count, count);
	while (count) put(to, digits[--count]);
	if (d->left) pad(to, ' ', d->width, sign.size + digit_count);
}

/* A struct, because a va_list that is an array type decays when it is passed on its own. */
typedef struct {
	va_list list;
} argument_list;

static int64_t signed_argument(argument_list *arguments, char length) {
	switch (length) {
	case 'H': return (signed char)va_arg(arguments->list, int);
	case 'h': return (short)va_arg(arguments->list, int);
	case 'l': return va_arg(arguments->list, long);
	case 'L': return va_arg(arguments->list, long long);
	case 'j': return va_arg(arguments->list, intmax_t);
	case 'z':
	case 't': return va_arg(arguments->list, ptrdiff_t);
	default: return va_arg(arguments->list, int);
	}
}

static uint64_t unsigned_argument(argument_list *arguments, char length) {
	switch (length) {
	case 'H': return (unsigned char)va_arg(arguments->list, unsigned);
	case 'h': return (unsigned short)va_arg(arguments->list, unsigned);
	case 'l': return va_arg(arguments->list, unsigned long);
	case 'L': return va_arg(arguments->list, unsigned long long);
	case 'j': return va_arg(arguments->list, uintmax_t);
	case 'z':
	case 't': return va_arg(arguments->list, size_t);
	default: return va_arg(arguments->list, unsigned);
	}
}

/* Digits or '*'; saturates far above any text. */
static size_t parse_count(const char **at, argument_list *arguments, bool *ret_negative) {
	size_t count = 0;
	*ret_negative = false;
	if (**at == '*') {
		++*at;
		int given = va_arg(arguments->list, int);
		*ret_negative = given < 0;
		return given < 0 ? (size_t)0 - (size_t)given : (size_t)given;
	}
	for (; **at >= '0' && **at <= '9'; ++*at) {
		if (count < 100000) count = count * 10 + (size_t)(**at - '0');
	}
	return count;
}

static directive parse_directive(const char **at, argument_list *arguments) {
	directive d = {0};
	bool negative;
	for (;; ++*at) {
		if (**at == '-')
			d.left = true;
		else if (**at == '0')
			d.zero = true;
		else if (**at == '+')
			d.plus = true;
		else
			break;
	}
	d.width = parse_count(at, arguments, &negative);
	d.left |= negative;
	if (**at == '.') {
		++*at;
		d.precision = parse_count(at, arguments, &negative);
		d.has_precision = !negative;
	}
	switch (**at) {
	case 'h':
	case 'l':
		d.length = *(*at)++;
		if (**at == d.length) {
			d.length = d.length == 'h' ? 'H' : 'L';
			++*at;
		}
		break;
	case 'z':
	case 'j':
	case 't': d.length = *(*at)++; break;
	default: break;
	}
	return d;
}

/* Writes one conversion; false when `conversion` is none of ours. */
static bool convert(sink *to, directive *d, char conversion, argument_list *arguments) {
	switch (conversion) {
	case 'd':
	case 'i': {
		int64_t value = signed_argument(arguments, d->length);
		ix_str sign = value < 0 ? IX_STR("-") : d->plus ? IX_STR("+") : IX_STR("");
		put_number(to, d, sign, value < 0 ? 0 - (uint64_t)value : (uint64_t)value, 10, false);
		return true;
	}
	case 'u':
		put_number(to, d, IX_STR(""), unsigned_argument(arguments, d->length), 10, false);
		return true;
	case 'x':
		put_number(to, d, IX_STR(""), unsigned_argument(arguments, d->length), 16, false);
		return true;
	case 'X':
		put_number(to, d, IX_STR(""), unsigned_argument(arguments, d->length), 16, true);
		return true;
	case 'p':
		put_number(to, d, IX_STR("0x"), (uintptr_t)va_arg(arguments->list, void *), 16, false);
		return true;
	case 'c': {
		char c = (char)va_arg(arguments->list, int);
		if (!d->left) pad(to, ' ', d->width, 1);
		put(to, c);
		if (d->left) pad(to, ' ', d->width, 1);
		return true;
	}
	case 's': put_string(to, d, va_arg(arguments->list, const char *)); return true;
	case '%': put(to, '%'); return true;
	default: return false;
	}
}

size_t ix_format_list(char *out, size_t capacity, const char *format, va_list arguments) {
	IX_ASSERT(capacity > 0);
	sink to = {out, capacity, 0};
	argument_list list;
	va_copy(list.list, arguments);
	while (*format) {
		const char *start = format;
		while (*format && *format != '%') format++;
		put_text(&to, start, (size_t)(format - start));
		if (!*format) break;
		start = format++;
		directive d = parse_directive(&format, &list);
		if (*format && convert(&to, &d, *format, &list))
			format++;
		else /* our own mistake, shown rather than hidden */
			put_text(&to, start, (size_t)(format - start));
	}
	va_end(list.list);
	out[ix_size_min(to.length, capacity - 1)] = '\0';
	return to.length;
}

size_t ix_format(char *out, size_t capacity, const char *format, ...) {
	va_list arguments;
	va_start(arguments, format);
	size_t length = ix_format_list(out, capacity, format, arguments);
	va_end(arguments);
	return length;
}
