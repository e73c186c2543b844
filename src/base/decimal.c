/* decimal.c - decimal numbers in 64 bits: text, rounding, and arithmetic through 128 bits. Signs are handled
 * apart: everything between works on magnitudes. */
#include <inox/decimal.h>

#include "wide.h"

#define TEN_18 1000000000000000000ULL

static const uint64_t powers[IX_DECIMAL_SCALE_MAX + 1] = {1ULL, 10ULL, 100ULL, 1000ULL, 10000ULL, 100000ULL,
	1000000ULL, 10000000ULL, 100000000ULL, 1000000000ULL, 10000000000ULL, 100000000000ULL,
	1000000000000ULL, 10000000000000ULL, 100000000000000ULL, 1000000000000000ULL, 10000000000000000ULL,
	100000000000000000ULL, TEN_18};

/* What lies between the digits kept and the true value, measured in the last digit kept. */
typedef enum { NOTHING, BELOW_HALF, HALF, ABOVE_HALF } lost;

static uint64_t magnitude_of(int64_t value) { return value < 0 ? 0 - (uint64_t)value : (uint64_t)value; }

static int out_of_range(ix_error *err) {
	return ix_fail(err, IX_ERR_RANGE, "the number does not fit 64 bits");
}

static int scale_too_large(unsigned scale, ix_error *err) {
	return ix_fail(err, IX_ERR_USAGE, "%u decimals are more than %d", scale, IX_DECIMAL_SCALE_MAX);
}

static bool rounds_away(ix_rounding rounding, bool negative, bool odd, lost rest) {
	switch (rounding) {
	case IX_ROUND_HALF_EVEN: return rest == ABOVE_HALF || (rest == HALF && odd);
	case IX_ROUND_HALF_UP: return rest >= HALF;
	case IX_ROUND_UP: return true;
	case IX_ROUND_FLOOR: return negative;
	case IX_ROUND_CEILING: return !negative;
	case IX_ROUND_EXACT:
	case IX_ROUND_DOWN: break;
	}
	return false;
}

/* The last step of everything: rounds, puts the sign back, and sees whether it fits. */
static int settle(
	wide magnitude, bool negative, lost rest, ix_rounding rounding, int64_t *ret_value, ix_error *err) {
	if (rest != NOTHING) {
		if (rounding == IX_ROUND_EXACT)
			return ix_fail(
				err, IX_ERR_INVALID, "digits would be lost, and rounding is not allowed");
		if (rounds_away(rounding, negative, magnitude.low & 1, rest))
			magnitude.high += ix_add_overflow(magnitude.low, (uint64_t)1, &magnitude.low);
	}
	if (magnitude.high || magnitude.low > (uint64_t)INT64_MAX + negative) return out_of_range(err);
	*ret_value = (int64_t)(negative ? 0 - magnitude.low : magnitude.low);
	return 0;
}

static lost compare_to_half(uint64_t remainder, uint64_t divisor) {
	if (remainder == 0) return NOTHING;
	uint64_t other = divisor - remainder;
	return remainder < other ? BELOW_HALF : remainder == other ? HALF : ABOVE_HALF;
}

/* Divides by 10^exponent, at most 36. */
static lost shift_right(wide *magnitude, unsigned exponent) {
	bool crumbs = false; /* below the digits that decide */
	if (exponent > IX_DECIMAL_SCALE_MAX) {
		crumbs = wide_divide(magnitude, TEN_18) != 0;
		exponent -= IX_DECIMAL_SCALE_MAX;
	}
	lost rest = compare_to_half(wide_divide(magnitude, powers[exponent]), powers[exponent]);
	if (crumbs && rest == NOTHING) return BELOW_HALF;
	return crumbs && rest == HALF ? ABOVE_HALF : rest;
}

/* Multiplies by 10^exponent, at most 36 for a number of 64 bits, 18 for a product of two; true when it does
 * not fit. */
static bool shift_left(wide *magnitude, unsigned exponent) {
	if (exponent > IX_DECIMAL_SCALE_MAX) {
		(void)wide_multiply(magnitude, TEN_18); /* 64 bits by 10^18: fits */
		exponent -= IX_DECIMAL_SCALE_MAX;
	}
	return wide_multiply(magnitude, powers[exponent]);
}

/* From one scale to another, then settles. */
static int settle_at(wide magnitude, bool negative, unsigned from, unsigned to, ix_rounding rounding,
	int64_t *ret_value, ix_error *err) {
	lost rest = NOTHING;
	if (to < from)
		rest = shift_right(&magnitude, from - to);
	else if (shift_left(&magnitude, to - from))
		return out_of_range(err);
	return settle(magnitude, negative, rest, rounding, ret_value, err);
}

/* ---- text ---- */

typedef struct {
	wide magnitude; /* the digits up to the scale, high 0 */
	bool too_large;
	unsigned decimals; /* taken into the magnitude */
	lost rest;         /* of the decimals that were not */
} digits;

static void take_decimal_beyond(digits *d, unsigned digit, bool first) {
	if (first)
		d->rest = digit > 5 ? ABOVE_HALF : digit == 5 ? HALF : digit ? BELOW_HALF : NOTHING;
	else if (digit && (d->rest == NOTHING || d->rest == HALF))
		d->rest = d->rest == HALF ? ABOVE_HALF : BELOW_HALF;
}

static void take_digit(digits *d, unsigned digit) {
	uint64_t *value = &d->magnitude.low;
	d->too_large |= *value > (UINT64_MAX - digit) / 10;
	*value = *value * 10 + digit;
}

static int syntax(ix_str text, size_t at, ix_error *err) {
	if (at == text.size)
		return ix_fail(err, IX_ERR_SYNTAX, "offset %zu: a digit is missing at the end", at);
	return ix_fail(err, IX_ERR_SYNTAX, "offset %zu: byte 0x%02x where a decimal digit should be", at,
		(uint8_t)text.data[at]);
}

static bool is_digit(ix_str text, size_t at) {
	return at < text.size && text.data[at] >= '0' && text.data[at] <= '9';
}

int ix_decimal_parse(ix_str text, unsigned scale, ix_rounding rounding, int64_t *ret_value, ix_error *err) {
	if (scale > IX_DECIMAL_SCALE_MAX) return scale_too_large(scale, err);
	bool negative = text.size > 0 && text.data[0] == '-';
	size_t at = text.size > 0 && (negative || text.data[0] == '+');
	digits d = {0};
	if (!is_digit(text, at)) return syntax(text, at, err);
	for (; is_digit(text, at); at++) take_digit(&d, (unsigned)(text.data[at] - '0'));
	if (at < text.size && text.data[at] == '.') {
		size_t start = ++at;
		if (!is_digit(text, at)) return syntax(text, at, err);
		for (; is_digit(text, at); at++) {
			unsigned digit = (unsigned)(text.data[at] - '0');
			if (at - start >= scale) {
				take_decimal_beyond(&d, digit, at - start == scale);
				continue;
			}
			take_digit(&d, digit);
			d.decimals++;
		}
	}
	if (at < text.size) return syntax(text, at, err);
	if (d.too_large) return out_of_range(err);
	(void)shift_left(&d.magnitude, scale - d.decimals); /* 64 bits by 10^18: fits */
	return settle(d.magnitude, negative, d.rest, rounding, ret_value, err);
}

size_t ix_decimal_format(char out[IX_DECIMAL_TEXT_MAX], int64_t value, unsigned scale) {
	IX_ASSERT(scale <= IX_DECIMAL_SCALE_MAX);
	char backwards[IX_DECIMAL_TEXT_MAX];
	size_t size = 0, length = 0;
	uint64_t magnitude = magnitude_of(value);
	for (unsigned i = 0; magnitude || i <= scale; i++, magnitude /= 10) {
		if (i == scale && scale > 0) backwards[size++] = '.';
		backwards[size++] = (char)('0' + magnitude % 10);
	}
	if (value < 0) backwards[size++] = '-';
	while (size > 0) out[length++] = backwards[--size];
	out[length] = '\0';
	return length;
}

size_t ix_decimal_format_short(char out[IX_DECIMAL_TEXT_MAX], int64_t value, unsigned scale) {
	size_t length = ix_decimal_format(out, value, scale);
	if (scale == 0) return length;
	while (out[length - 1] == '0') length--;
	if (out[length - 1] == '.') length--;
	out[length] = '\0';
	return length;
}

/* ---- arithmetic ---- */

int ix_decimal_rescale(int64_t value, unsigned from_scale, unsigned to_scale, ix_rounding rounding,
	int64_t *ret_value, ix_error *err) {
	unsigned largest = from_scale > to_scale ? from_scale : to_scale;
	if (largest > IX_DECIMAL_SCALE_MAX) return scale_too_large(largest, err);
	return settle_at(
		(wide){0, magnitude_of(value)}, value < 0, from_scale, to_scale, rounding, ret_value, err);
}

static int check_scales(ix_decimal a, ix_decimal b, unsigned scale, ix_error *err) {
	unsigned largest = a.scale > b.scale ? a.scale : b.scale;
	if (scale > largest) largest = scale;
	return largest > IX_DECIMAL_SCALE_MAX ? scale_too_large(largest, err) : 0;
}

int ix_decimal_multiply(
	ix_decimal a, ix_decimal b, unsigned scale, ix_rounding rounding, int64_t *ret_value, ix_error *err) {
	int code = check_scales(a, b, scale, err);
	if (code) return code;
	wide product = {0, 0};
	product.low = ix_mul_wide(magnitude_of(a.value), magnitude_of(b.value), &product.high);
	bool negative = (a.value < 0) != (b.value < 0);
	return settle_at(product, negative, a.scale + b.scale, scale, rounding, ret_value, err);
}

int ix_decimal_divide(
	ix_decimal a, ix_decimal b, unsigned scale, ix_rounding rounding, int64_t *ret_value, ix_error *err) {
	int code = check_scales(a, b, scale, err);
	if (code) return code;
	if (b.value == 0) return ix_fail(err, IX_ERR_INVALID, "division by zero");
	wide quotient = {0, magnitude_of(a.value)}, divisor = {0, magnitude_of(b.value)};
	bool negative = (a.value < 0) != (b.value < 0);
	lost rest;
	if (scale + b.scale >= a.scale) {
		/* A dividend over 128 bits has a quotient over 64. */
		if (shift_left(&quotient, scale + b.scale - a.scale)) return out_of_range(err);
		rest = compare_to_half(wide_divide(&quotient, divisor.low), divisor.low);
	} else {
		(void)shift_left(&divisor, a.scale - b.scale - scale); /* by 10^18 at most: fits */
		if (divisor.high) { /* at least 2^64, and |a| at most 2^63 */
			rest = quotient.low ? BELOW_HALF : NOTHING;
			quotient.low = 0;
		} else {
			rest = compare_to_half(wide_divide(&quotient, divisor.low), divisor.low);
		}
	}
	return settle(quotient, negative, rest, rounding, ret_value, err);
}

int ix_decimal_compare(ix_decimal a, ix_decimal b) {
	IX_ASSERT(a.scale <= IX_DECIMAL_SCALE_MAX && b.scale <= IX_DECIMAL_SCALE_MAX);
	if ((a.value < 0) != (b.value < 0)) return a.value < 0 ? -1 : 1;
	unsigned scale = a.scale > b.scale ? a.scale : b.scale;
	wide left = {0, magnitude_of(a.value)}, right = {0, magnitude_of(b.value)};
	(void)shift_left(&left, scale - a.scale); /* 64 bits by 10^18: fits */
	(void)shift_left(&right, scale - b.scale);
	int order = wide_compare(left, right);
	return a.value < 0 ? -order : order;
}
