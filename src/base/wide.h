/* wide.h - unsigned 128-bit numbers for decimals, in two halves: a bare machine has no helper for them.
 * Inside base only. */
#ifndef INOX_BASE_WIDE_H
#define INOX_BASE_WIDE_H

#include <inox/base.h>

typedef struct wide {
	uint64_t high, low;
} wide;

static inline int wide_compare(wide a, wide b) {
	if (a.high != b.high) return a.high < b.high ? -1 : 1;
	return (a.low > b.low) - (a.low < b.low);
}

/* True when the product does not fit; *a is then unspecified. */
static inline bool wide_multiply(wide *a, uint64_t by) {
	uint64_t carry, over, low = ix_mul_wide(a->low, by, &carry), high = ix_mul_wide(a->high, by, &over);
	*a = (wide){high + carry, low};
	return over != 0 || a->high < carry;
}

/* high:low / by, where high < by, so that the quotient fits: schoolbook division of four 32-bit digits by two
 * (Knuth, The Art of Computer Programming 4.3.1 D). */
static inline uint64_t wide_divide_step(uint64_t high, uint64_t low, uint64_t by, uint64_t *ret_remainder) {
	unsigned shift = (unsigned)__builtin_clzll(by);
	by <<= shift;
	high = high << shift | (shift ? low >> (64 - shift) : 0);
	low <<= shift;
	uint64_t by1 = by >> 32, by0 = (uint32_t)by, quotient = 0;
	for (int half = 32; half >= 0; half -= 32) {
		uint64_t next = (uint32_t)(low >> half), digit = high / by1, rest = high % by1;
		/* The guess is at most two too large. */
		while (digit >> 32 || digit * by0 > (rest << 32 | next)) {
			digit--;
			rest += by1;
			if (rest >> 32) break;
		}
		high = (high << 32 | next) - digit * by;
		quotient = quotient << 32 | digit;
	}
	*ret_remainder = high >> shift;
	return quotient;
}

/* *a becomes the quotient; returns the remainder. by > 0. */
static inline uint64_t wide_divide(wide *a, uint64_t by) {
	uint64_t rest = 0;
	if (a->high == 0) {
		rest = a->low % by;
		a->low /= by;
		return rest;
	}
	uint64_t high = a->high / by;
	a->low = wide_divide_step(a->high % by, a->low, by, &rest);
	a->high = high;
	return rest;
}

#endif
