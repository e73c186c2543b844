/* decimal.h - money and prices: a decimal number is an int64_t and a scale, the number of its decimals (0 to
 * 18). 12.345 with scale 4 is 123450. No floating point anywhere; every result is exact, or rounded as asked,
 * or refused.
 *
 * Errors of all: IX_ERR_RANGE when the result does not fit an int64_t, IX_ERR_INVALID when rounding is
 * forbidden and digits would be lost, IX_ERR_USAGE for a scale over 18. Text that is no number is
 * IX_ERR_SYNTAX with its offset. */
#ifndef INOX_DECIMAL_H
#define INOX_DECIMAL_H

#include <inox/base.h>

enum {
	IX_DECIMAL_SCALE_MAX = 18,
	IX_DECIMAL_TEXT_MAX = 22, /* "-9.223372036854775808" and a NUL */
};

typedef enum ix_rounding {
	IX_ROUND_EXACT = 0,     /* refuse to lose a digit */
	IX_ROUND_HALF_EVEN = 1, /* to the nearest; a tie to the even neighbour */
	IX_ROUND_HALF_UP = 2,   /* to the nearest; a tie away from zero */
	IX_ROUND_DOWN = 3,      /* towards zero */
	IX_ROUND_UP = 4,        /* away from zero */
	IX_ROUND_FLOOR = 5,     /* towards minus infinity */
	IX_ROUND_CEILING = 6,   /* towards plus infinity */
} ix_rounding;

/* Text: an optional + or -, digits, and optionally a point and digits: "12", "-0.50", "+3.1400". No spaces,
 * exponents, separators, or a bare point at either end. Any number of decimals; those beyond `scale` are
 * rounded. */
IX_API int ix_decimal_parse(
	ix_str text, unsigned scale, ix_rounding rounding, int64_t *ret_value, ix_error *err);
/* With all `scale` decimals ("12.3450"), NUL-terminated; returns the length. */
IX_API size_t ix_decimal_format(char out[IX_DECIMAL_TEXT_MAX], int64_t value, unsigned scale);
/* With trailing zero decimals left out ("12.345", "12"). */
IX_API size_t ix_decimal_format_short(char out[IX_DECIMAL_TEXT_MAX], int64_t value, unsigned scale);

/* The same number with another scale. */
IX_API int ix_decimal_rescale(int64_t value, unsigned from_scale, unsigned to_scale, ix_rounding rounding,
	int64_t *ret_value, ix_error *err);

typedef struct ix_decimal {
	int64_t value;
	unsigned scale;
} ix_decimal;

/* The product and the quotient with `scale` decimals, as if worked out exactly and rounded once. Dividing by
 * zero is IX_ERR_INVALID. */
IX_API int ix_decimal_multiply(
	ix_decimal a, ix_decimal b, unsigned scale, ix_rounding rounding, int64_t *ret_value, ix_error *err);
IX_API int ix_decimal_divide(
	ix_decimal a, ix_decimal b, unsigned scale, ix_rounding rounding, int64_t *ret_value, ix_error *err);
/* Negative, zero or positive as a is less than, equal to or greater than b, whatever their scales. */
IX_API int ix_decimal_compare(ix_decimal a, ix_decimal b);

#endif
