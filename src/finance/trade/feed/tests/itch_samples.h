/* itch_samples.h - for the tests: one valid message of each ITCH 5.0 type, written by hand from the
 * specification's tables, byte for byte. Nothing here comes from our own tables. */
#ifndef INOX_ITCH_SAMPLES_H
#define INOX_ITCH_SAMPLES_H

#include <inox/base.h>

/* locate 0x0102 = 258, tracking 0x0304 = 772, 09:30:00.000000001 = 34,200,000,000,001 ns = 0x1f1aced9f001 */
#define HEAD "\x01\x02\x03\x04\x1f\x1a\xce\xd9\xf0\x01"

typedef struct itch_sample {
	const char *text;
	size_t size;
} itch_sample;
#define SAMPLE(literal) {literal, sizeof(literal) - 1}

/* In the specification's order. */
static const itch_sample itch_samples[] = {
	SAMPLE("S" HEAD "Q"), /* start of market hours */
	/* stock, market category, financial status, round lot 100, lots only, class, sub-type, authenticity,
	 * threshold, IPO, LULD tier, ETP, leverage 3, inverse */
	SAMPLE("R" HEAD "AAPL    "
	       "Q"
	       "N"
	       "\x00\x00\x00\x64"
	       "N"
	       "C"
	       "Z "
	       "P"
	       "Y"
	       " "
	       "1"
	       "N"
	       "\x00\x00\x00\x03"
	       "Y"),
	SAMPLE("H" HEAD "AAPL    "
	       "H"
	       " "
	       "T12 "),
	SAMPLE("Y" HEAD "AAPL    "
	       "1"),
	SAMPLE("L" HEAD "GSCO"
	       "AAPL    "
	       "Y"
	       "P"
	       "W"),
	/* 2900.00000000 = 290,000,000,000 = 0x438558d400; 2700 and 2500 likewise */
	SAMPLE("V" HEAD "\x00\x00\x00\x43\x85\x58\xd4\x00"
	       "\x00\x00\x00\x3e\xdd\x41\x0c\x00"
	       "\x00\x00\x00\x3a\x35\x29\x44\x00"),
	SAMPLE("W" HEAD "2"),
	/* 12:34:56 = 45,296 s = 0xb0f0; price 21.0000 = 210,000 = 0x33450 */
	SAMPLE("K" HEAD "AAPL    "
	       "\x00\x00\xb0\xf0"
	       "A"
	       "\x00\x03\x34\x50"),
	/* 100.0000 = 1,000,000 = 0xf4240; 110.0000 = 0x10c8e0; 90.0000 = 0xdbba0; second extension */
	SAMPLE("J" HEAD "AAPL    "
	       "\x00\x0f\x42\x40"
	       "\x00\x10\xc8\xe0"
	       "\x00\x0d\xbb\xa0"
	       "\x00\x00\x00\x02"),
	SAMPLE("h" HEAD "AAPL    "
	       "X"
	       "H"),
	/* reference, side, 300 shares, stock, 187.5400 = 1,875,400 = 0x1c9dc8 */
	SAMPLE("A" HEAD "\x11\x22\x33\x44\x55\x66\x77\x88"
	       "B"
	       "\x00\x00\x01\x2c"
	       "AAPL    "
	       "\x00\x1c\x9d\xc8"),
	SAMPLE("F" HEAD "\x11\x22\x33\x44\x55\x66\x77\x88"
	       "S"
	       "\x00\x00\x01\x2c"
	       "AAPL    "
	       "\x00\x1c\x9d\xc8"
	       "GSCO"),
	SAMPLE("E" HEAD "\x11\x22\x33\x44\x55\x66\x77\x88"
	       "\x00\x00\x00\x05"
	       "\x00\x00\x00\x00\x00\x0f\x12\x06"),
	SAMPLE("C" HEAD "\x11\x22\x33\x44\x55\x66\x77\x88"
	       "\x00\x00\x00\x05"
	       "\x00\x00\x00\x00\x00\x0f\x12\x06"
	       "N"
	       "\x00\x1c\x9d\xc8"),
	SAMPLE("X" HEAD "\x11\x22\x33\x44\x55\x66\x77\x88"
	       "\x00\x00\x00\x07"),
	SAMPLE("D" HEAD "\x11\x22\x33\x44\x55\x66\x77\x88"),
	SAMPLE("U" HEAD "\x11\x22\x33\x44\x55\x66\x77\x88"
	       "\x11\x22\x33\x44\x55\x66\x77\x99"
	       "\x00\x00\x01\x2c"
	       "\x00\x1c\x9d\xc8"),
	SAMPLE("P" HEAD "\x00\x00\x00\x00\x00\x00\x00\x00"
	       "B"
	       "\x00\x00\x00\x64"
	       "AAPL    "
	       "\x00\x1c\x9d\xc8"
	       "\x00\x00\x00\x00\x00\x0f\x12\x07"),
	/* 5,000,000,000 shares = 0x12a05f200: more than 32 bits hold */
	SAMPLE("Q" HEAD "\x00\x00\x00\x01\x2a\x05\xf2\x00"
	       "AAPL    "
	       "\x00\x1c\x9d\xc8"
	       "\x00\x00\x00\x00\x00\x0f\x12\x08"
	       "C"),
	SAMPLE("B" HEAD "\x00\x00\x00\x00\x00\x0f\x12\x08"),
	/* 9,999 paired, 77 imbalance, direction, stock, far, near, reference, cross type, variation */
	SAMPLE("I" HEAD "\x00\x00\x00\x00\x00\x00\x27\x0f"
	       "\x00\x00\x00\x00\x00\x00\x00\x4d"
	       "S"
	       "AAPL    "
	       "\x00\x1c\x9d\xc7"
	       "\x00\x1c\x9d\xc8"
	       "\x00\x1c\x9d\xc9"
	       "O"
	       "L"),
	SAMPLE("N" HEAD "AAPL    "
	       "A"),
	/* eligible, 80.0000 to 180.0000, near 100.0000 at 09:30:00.000000001, collar 90.0000 to 110.0000 */
	SAMPLE("O" HEAD "AAPL    "
	       "Y"
	       "\x00\x0c\x35\x00"
	       "\x00\x1b\x77\x40"
	       "\x00\x0f\x42\x40"
	       "\x00\x00\x1f\x1a\xce\xd9\xf0\x01"
	       "\x00\x0d\xbb\xa0"
	       "\x00\x10\xc8\xe0"),
};

static inline ix_bytes itch_sample_bytes(size_t i) {
	return (ix_bytes){(const uint8_t *)itch_samples[i].text, itch_samples[i].size};
}

/* The sample of a type. */
static inline ix_bytes itch_sample_of(char type) {
	for (size_t i = 0; i < IX_COUNT(itch_samples); i++)
		if (itch_samples[i].text[0] == type) return itch_sample_bytes(i);
	return (ix_bytes){NULL, 0};
}

enum { ITCH_DAY_MAX = 4096 };

/* All samples one behind the other, each with its length in front; returns the size. */
static inline size_t itch_sample_day(uint8_t *to) {
	size_t size = 0;
	for (size_t i = 0; i < IX_COUNT(itch_samples); i++) {
		to[size] = 0;
		to[size + 1] = (uint8_t)itch_samples[i].size;
		memcpy(to + size + 2, itch_samples[i].text, itch_samples[i].size);
		size += 2 + itch_samples[i].size;
	}
	return size;
}

#endif
