/* crc32c.c - the portable twin (slicing by 8), the x86 twin (the crc32 instruction on three lanes at a time),
 * the choice between them, and joining two checksums. */
#include <inox/crc32c.h>
#include <inox/reader.h>

#include "crc32c_table.h"

#if defined __x86_64__
#include <nmmintrin.h>
#include <wmmintrin.h>
#endif

uint32_t ix_crc32c_portable(uint32_t crc, const void *data, size_t size) {
	const uint8_t *p = data;
	crc = ~crc;
	for (; size >= 8; size -= 8, p += 8) {
		uint32_t low = ix_load_u32_le(p) ^ crc, high = ix_load_u32_le(p + 4);
		crc = crc32c_table[7][low & 0xFF] ^ crc32c_table[6][low >> 8 & 0xFF] ^
		      crc32c_table[5][low >> 16 & 0xFF] ^ crc32c_table[4][low >> 24] ^
		      crc32c_table[3][high & 0xFF] ^ crc32c_table[2][high >> 8 & 0xFF] ^
		      crc32c_table[1][high >> 16 & 0xFF] ^ crc32c_table[0][high >> 24];
	}
	for (; size > 0; size--) crc = crc >> 8 ^ crc32c_table[0][(crc ^ *p++) & 0xFF];
	return ~crc;
}

#if defined __x86_64__

#define USES_CRC32 __attribute__((target("sse4.2,pclmul")))

/* The instruction takes three cycles, and one can start in each: three lanes of `lane` bytes run side by
 * side. To join them, a lane's remainder is moved over the n bytes that follow it, which is a multiplication
 * by x^8n modulo the polynomial. The carry-less product with a constant is short of that by x^33, which the
 * instruction itself supplies when the product is mixed into the last word: hence the constants x^(8n - 33),
 * bits reversed. */
typedef struct {
	size_t lane;
	uint64_t over_two, over_one; /* lanes */
} lanes;

static const lanes long_lanes = {2048, 0x82F89C77, 0xA51B6135};
static const lanes short_lanes = {128, 0xB9E02B86, 0x0D3B6092};

USES_CRC32 static inline uint64_t times(uint64_t crc, uint64_t constant) {
	return (uint64_t)_mm_cvtsi128_si64(_mm_clmulepi64_si128(
		_mm_cvtsi64_si128((long long)crc), _mm_cvtsi64_si128((long long)constant), 0));
}

USES_CRC32 static inline uint64_t three_lanes(uint64_t a, const uint8_t *p, lanes by) {
	uint64_t b = 0, c = 0;
	size_t last = by.lane - 8;
	for (size_t i = 0; i < last; i += 8) {
		a = _mm_crc32_u64(a, ix_load_u64_le(p + i));
		b = _mm_crc32_u64(b, ix_load_u64_le(p + by.lane + i));
		c = _mm_crc32_u64(c, ix_load_u64_le(p + 2 * by.lane + i));
	}
	a = _mm_crc32_u64(a, ix_load_u64_le(p + last));
	b = _mm_crc32_u64(b, ix_load_u64_le(p + by.lane + last));
	uint64_t moved = times(a, by.over_two) ^ times(b, by.over_one);
	return _mm_crc32_u64(c, ix_load_u64_le(p + 2 * by.lane + last) ^ moved);
}

USES_CRC32 uint32_t ix_crc32c_sse42(uint32_t crc, const void *data, size_t size) {
	const uint8_t *p = data;
	uint64_t state = ~crc;
	for (; size >= 3 * long_lanes.lane; p += 3 * long_lanes.lane, size -= 3 * long_lanes.lane)
		state = three_lanes(state, p, long_lanes);
	for (; size >= 3 * short_lanes.lane; p += 3 * short_lanes.lane, size -= 3 * short_lanes.lane)
		state = three_lanes(state, p, short_lanes);
	for (; size >= 8; p += 8, size -= 8) state = _mm_crc32_u64(state, ix_load_u64_le(p));
	uint32_t end = (uint32_t)state;
	for (; size > 0; size--) end = _mm_crc32_u8(end, *p++);
	return ~end;
}
#endif

static uint32_t (*chosen)(uint32_t crc, const void *data, size_t size) = ix_crc32c_portable;

void ix_crc32c_choose(const ix_cpu_features *cpu) {
	chosen = ix_crc32c_portable;
#if defined __x86_64__
	if (cpu->sse42 && cpu->pclmul) chosen = ix_crc32c_sse42;
#else
	(void)cpu;
#endif
}

uint32_t ix_crc32c(uint32_t crc, const void *data, size_t size) { return chosen(crc, data, size); }

/* a * b modulo the polynomial; bit 31 is x^0. */
static uint32_t multiply(uint32_t a, uint32_t b) {
	uint32_t product = 0;
	for (uint32_t bit = 1U << 31; bit; bit >>= 1) {
		if (a & bit) product ^= b;
		b = b >> 1 ^
		    (b & 1 ? crc32c_table[0][128] : 0); /* the remainder of the byte 128 is the polynomial */
	}
	return product;
}

uint32_t ix_crc32c_combine(uint32_t crc_a, uint32_t crc_b, size_t size_b) {
	/* crc_a moved over size_b bytes, by squaring x^8. */
	uint32_t power = 1U << (31 - 8);
	for (; size_b > 0; size_b >>= 1) {
		if (size_b & 1) crc_a = multiply(crc_a, power);
		power = multiply(power, power);
	}
	return crc_a ^ crc_b;
}
