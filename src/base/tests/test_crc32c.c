/* CRC-32C: the published check values, and that the twins agree on every size and alignment. */
#include <inox/crc32c.h>
#include <inox/rng.h>
#include <inox/testing.h>

#include "crc32c_table.h"

static uint32_t bit_by_bit(uint32_t crc, const uint8_t *data, size_t size) {
	crc = ~crc;
	for (size_t i = 0; i < size; i++) {
		crc ^= data[i];
		for (int bit = 0; bit < 8; bit++) crc = crc >> 1 ^ (crc & 1 ? 0x82F63B78 : 0);
	}
	return ~crc;
}

static void the_published_check_values(void **state) {
	(void)state;
	assert_int_equal(ix_crc32c(0, "123456789", 9), 0xE3069283);
	assert_int_equal(ix_crc32c(0, "", 0), 0);
	assert_int_equal(ix_crc32c(0, NULL, 0), 0);
	/* RFC 3720 appendix B.4; its bytes are in the order of the wire */
	uint8_t bytes[32] = {0};
	assert_int_equal(ix_crc32c(0, bytes, 32), 0x8A9136AA);
	memset(bytes, 0xFF, 32);
	assert_int_equal(ix_crc32c(0, bytes, 32), 0x62A8AB43);
	for (size_t i = 0; i < 32; i++) bytes[i] = (uint8_t)i;
	assert_int_equal(ix_crc32c(0, bytes, 32), 0x46DD794E);
	for (size_t i = 0; i < 32; i++) bytes[i] = (uint8_t)(31 - i);
	assert_int_equal(ix_crc32c(0, bytes, 32), 0x113FDB5C);
	static const uint8_t read_command[48] = {0x01, 0xC0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x14,
		0, 0, 0, 0, 0, 0x04, 0, 0, 0, 0, 0x14, 0, 0, 0, 0x18, 0x28, 0, 0, 0, 0, 0, 0, 0, 0x02, 0, 0,
		0, 0, 0, 0, 0};
	assert_int_equal(ix_crc32c(0, read_command, 48), 0xD9963A56);
}

static void every_entry_of_the_table_is_right(void **state) {
	(void)state;
	for (size_t zeros = 0; zeros < 8; zeros++) {
		for (size_t byte = 0; byte < 256; byte++) {
			/* without the inversions: ~bit_by_bit(~0, …) starts from 0 and leaves the remainder
			 */
			uint8_t data[8] = {(uint8_t)byte};
			assert_int_equal(crc32c_table[zeros][byte], ~bit_by_bit(UINT32_MAX, data, zeros + 1));
		}
	}
}

enum { SIZE = 3 * 2048 * 2 + 3 * 128 * 3 + 77 };
static uint8_t data[SIZE + 8];

static void fill(void) {
	ix_rng rng;
	ix_rng_seed(&rng, ix_testing_seed());
	ix_rng_fill(&rng, data, sizeof data);
}

static void the_portable_twin_is_the_definition(void **state) {
	(void)state;
	fill();
	for (size_t at = 0; at < 8; at++) {
		for (size_t size = 0; size < 200; size++)
			assert_int_equal(ix_crc32c_portable(0x12345678, data + at, size),
				bit_by_bit(0x12345678, data + at, size));
	}
	assert_int_equal(ix_crc32c_portable(0, data, SIZE), bit_by_bit(0, data, SIZE));
}

static void the_twins_agree_on_every_size_and_alignment(void **state) {
	(void)state;
#if defined __x86_64__
	if (!__builtin_cpu_supports("sse4.2") || !__builtin_cpu_supports("pclmul")) skip();
	fill();
	for (size_t size = 0; size <= SIZE; size += size < 1200 ? 1 : 61)
		assert_int_equal(ix_crc32c_sse42((uint32_t)size, data + size % 8, size),
			ix_crc32c_portable((uint32_t)size, data + size % 8, size));
	assert_int_equal(ix_crc32c_sse42(1, data, SIZE), ix_crc32c_portable(1, data, SIZE));
#else
	skip();
#endif
}

static void the_choice_changes_nothing_but_the_speed(void **state) {
	(void)state;
	ix_cpu_features none = {0}, all = {0};
#if defined __x86_64__
	all.sse42 = __builtin_cpu_supports("sse4.2");
	all.pclmul = __builtin_cpu_supports("pclmul");
#endif
	fill();
	uint32_t before = ix_crc32c(0, data, SIZE);
	ix_crc32c_choose(&all);
	assert_int_equal(ix_crc32c(0, data, SIZE), before);
	ix_crc32c_choose(&none);
	assert_int_equal(ix_crc32c(0, data, SIZE), before);
	ix_crc32c_choose(&(ix_cpu_features){.sse42 = true}); /* not enough */
	assert_int_equal(ix_crc32c(0, data, SIZE), before);
}

static void pieces_add_up(void **state) {
	(void)state;
	fill();
	uint32_t whole = ix_crc32c(0, data, SIZE);
	static const size_t cuts[] = {0, 1, 2, 7, 8, 9, 63, 1000, 4096, SIZE - 1, SIZE};
	for (size_t i = 0; i < IX_COUNT(cuts); i++) {
		uint32_t head = ix_crc32c(0, data, cuts[i]);
		assert_int_equal(ix_crc32c(head, data + cuts[i], SIZE - cuts[i]), whole);
		uint32_t tail = ix_crc32c(0, data + cuts[i], SIZE - cuts[i]);
		assert_int_equal(ix_crc32c_combine(head, tail, SIZE - cuts[i]), whole);
	}
}

IX_TESTS(test_crc32c, cmocka_unit_test(the_published_check_values),
	cmocka_unit_test(every_entry_of_the_table_is_right),
	cmocka_unit_test(the_portable_twin_is_the_definition),
	cmocka_unit_test(the_twins_agree_on_every_size_and_alignment),
	cmocka_unit_test(the_choice_changes_nothing_but_the_speed), cmocka_unit_test(pieces_add_up));
