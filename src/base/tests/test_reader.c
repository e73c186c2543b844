/* The reader and the writer: what one writes the other reads, and where each stops. */
#include <inox/rng.h>
#include <inox/testing.h>
#include <inox/writer.h>

static ix_reader reader_of(const void *data, size_t size) { return ix_reader_of((ix_bytes){data, size}); }

static void reads_integers_of_either_byte_order(void **state) {
	(void)state;
	const uint8_t bytes[] = {0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08};
	ix_reader r = reader_of(bytes, 8);
	assert_int_equal(ix_read_u8(&r), 0x01);
	assert_int_equal(ix_read_u16_be(&r), 0x0203);
	assert_int_equal(ix_read_u32_be(&r), 0x04050607);
	assert_int_equal(r.offset, 7);
	r = reader_of(bytes, 8);
	assert_int_equal(ix_read_u64_be(&r), 0x0102030405060708);
	r = reader_of(bytes, 8);
	assert_int_equal(ix_read_u48_be(&r), 0x010203040506);
	assert_int_equal(ix_read_u16_le(&r), 0x0807);
	r = reader_of(bytes, 8);
	assert_int_equal(ix_read_u32_le(&r), 0x04030201);
	r = reader_of(bytes, 8);
	assert_int_equal(ix_read_u64_le(&r), 0x0807060504030201);
	assert_int_equal(ix_reader_finish(&r, "record", NULL), 0);
}

/* Each read by its name, for tests that treat them alike. */
static uint64_t read_u8(ix_reader *r) { return ix_read_u8(r); }
static uint64_t read_u16_be(ix_reader *r) { return ix_read_u16_be(r); }
static uint64_t read_u32_be(ix_reader *r) { return ix_read_u32_be(r); }
static uint64_t read_u16_le(ix_reader *r) { return ix_read_u16_le(r); }
static uint64_t read_u32_le(ix_reader *r) { return ix_read_u32_le(r); }
static const struct {
	size_t size;
	uint64_t (*read)(ix_reader *r);
} reads[] = {{1, read_u8}, {2, read_u16_be}, {4, read_u32_be}, {6, ix_read_u48_be}, {8, ix_read_u64_be},
	{2, read_u16_le}, {4, read_u32_le}, {8, ix_read_u64_le}};

static void a_read_past_the_end_gives_zero_and_stays(void **state) {
	(void)state;
	const uint8_t bytes[8] = {0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF};
	for (size_t i = 0; i < IX_COUNT(reads); i++) {
		for (size_t have = 0; have < reads[i].size; have++) {
			ix_reader r = reader_of(bytes, have);
			assert_true(reads[i].read(&r) == 0);
			assert_true(r.failed && !r.malformed);
			assert_int_equal(r.offset, 0);
		}
	}
}

static void after_a_failure_even_what_is_there_reads_as_zero(void **state) {
	(void)state;
	const uint8_t bytes[] = {1, 2, 3};
	ix_reader r = reader_of(bytes, 3);
	assert_int_equal(ix_read_u8(&r), 1);
	assert_int_equal(ix_read_u32_be(&r), 0);
	assert_int_equal(ix_read_u8(&r), 0);
	assert_null(ix_read_bytes(&r, 1).data);
	assert_null(ix_read_bytes(&r, 0).data);
	assert_int_equal(ix_reader_left(&r), 0);
	assert_int_equal(r.offset, 1);
}

static void bytes_are_borrowed_and_a_size_cannot_wrap(void **state) {
	(void)state;
	const uint8_t bytes[] = {1, 2, 3, 4};
	ix_reader r = reader_of(bytes, 4);
	ix_bytes part = ix_read_bytes(&r, 3);
	assert_ptr_equal(part.data, bytes);
	assert_int_equal(part.size, 3);
	assert_int_equal(ix_reader_left(&r), 1);
	ix_read_skip(&r, SIZE_MAX);
	assert_true(r.failed);
	assert_int_equal(r.offset, 3);
}

static void nothing_can_be_read_from_nothing(void **state) {
	(void)state;
	ix_reader r = reader_of(NULL, 0);
	assert_int_equal(ix_read_bytes(&r, 0).size, 0);
	assert_false(r.failed);
	assert_int_equal(ix_reader_finish(&r, "record", NULL), 0);
	assert_int_equal(ix_read_u8(&r), 0);
	assert_true(r.failed);
}

static void finish_tells_the_end_from_too_little_and_too_much(void **state) {
	(void)state;
	const uint8_t bytes[] = {1, 2, 3, 4};
	ix_error err = {0};
	ix_reader r = reader_of(bytes, 4);
	ix_read_u16_be(&r);
	assert_int_equal(ix_reader_finish(&r, "order", &err), IX_ERR_SYNTAX);
	assert_string_equal(err.text, "offset 2: 2 bytes left over after order");
	ix_read_u8(&r);
	assert_int_equal(ix_reader_finish(&r, "order", &err), IX_ERR_SYNTAX);
	assert_string_equal(err.text, "offset 3: 1 byte left over after order");
	ix_read_u16_be(&r);
	assert_int_equal(ix_reader_finish(&r, "order", &err), IX_ERR_TRUNCATED);
	assert_string_equal(err.text, "offset 3: order ends too early");
}

static void a_parser_can_fail_the_reader_once(void **state) {
	(void)state;
	const uint8_t bytes[] = {1, 2, 3, 4};
	ix_error err = {0};
	ix_reader r = reader_of(bytes, 4);
	ix_read_u16_be(&r);
	ix_reader_fail_at(&r, 1);
	ix_reader_fail_at(&r, 0);
	assert_int_equal(ix_read_u8(&r), 0);
	assert_int_equal(ix_reader_finish(&r, "order", &err), IX_ERR_SYNTAX);
	assert_string_equal(err.text, "offset 1: order is malformed");
	r = reader_of(bytes, 1);
	ix_read_u16_be(&r);
	ix_reader_fail_at(&r, 1);
	assert_int_equal(ix_reader_finish(&r, "order", &err), IX_ERR_TRUNCATED);
}

static void varints_of_protobuf_and_dwarf(void **state) {
	(void)state;
	/* 300 = 0b10_0101100: the example of protobuf's encoding page; 624485: that of DWARF and Wikipedia.
	 */
	const struct {
		uint64_t value;
		size_t size;
		uint8_t bytes[10];
	} cases[] = {
		{0, 1, {0x00}},
		{127, 1, {0x7F}},
		{128, 2, {0x80, 0x01}},
		{300, 2, {0xAC, 0x02}},
		{624485, 3, {0xE5, 0x8E, 0x26}},
		{1ULL << 63, 10, {0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01}},
		{UINT64_MAX, 10, {0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01}},
	};
	for (size_t i = 0; i < IX_COUNT(cases); i++) {
		uint8_t out[10];
		ix_writer w = ix_writer_of(out, sizeof out);
		ix_write_varint(&w, cases[i].value);
		assert_int_equal(w.size, cases[i].size);
		assert_memory_equal(out, cases[i].bytes, w.size);
		ix_reader r = reader_of(out, w.size);
		assert_true(ix_read_varint(&r) == cases[i].value);
		assert_int_equal(ix_reader_finish(&r, "varint", NULL), 0);
	}
}

static void wrong_varints_are_malformed_at_their_start(void **state) {
	(void)state;
	const struct {
		size_t size;
		uint8_t bytes[12];
	} cases[] = {
		{3, {0x07, 0x80, 0x00}},                                                  /* needless */
		{4, {0x07, 0xFF, 0x80, 0x00}},                                            /* needless */
		{11, {0x07, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x02}}, /* bit 64 */
		{11, {0x07, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x00}}, /* needless */
		{12, {0x07, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80,
			     0x01}}, /* eleven bytes */
	};
	for (size_t i = 0; i < IX_COUNT(cases); i++) {
		ix_reader r = reader_of(cases[i].bytes, cases[i].size);
		assert_true(ix_read_varint(&r) == 7);
		assert_true(ix_read_varint(&r) == 0);
		assert_true(r.failed && r.malformed);
		assert_int_equal(r.offset, 1);
	}
}

static void a_varint_that_ends_too_early_fails_at_its_start(void **state) {
	(void)state;
	const uint8_t bytes[] = {0x07, 0x80, 0x80};
	ix_reader r = reader_of(bytes, 3);
	assert_true(ix_read_varint(&r) == 7);
	assert_true(ix_read_varint(&r) == 0);
	assert_true(r.failed && !r.malformed);
	assert_int_equal(r.offset, 1);
	assert_true(ix_read_varint(&r) == 0);
	assert_int_equal(r.offset, 1);
}

static void zigzag_puts_small_magnitudes_first(void **state) {
	(void)state;
	const int64_t order[] = {0, -1, 1, -2, 2};
	for (size_t i = 0; i < IX_COUNT(order); i++) {
		uint8_t out[10];
		ix_writer w = ix_writer_of(out, sizeof out);
		ix_write_zigzag(&w, order[i]);
		assert_int_equal(w.size, 1);
		assert_int_equal(out[0], i);
		ix_reader r = reader_of(out, 1);
		assert_int_equal(ix_read_zigzag(&r), order[i]);
	}
	const int64_t ends[] = {INT64_MIN, INT64_MAX};
	for (size_t i = 0; i < 2; i++) {
		uint8_t out[10];
		ix_writer w = ix_writer_of(out, sizeof out);
		ix_write_zigzag(&w, ends[i]);
		ix_reader r = reader_of(out, w.size);
		assert_true(ix_read_zigzag(&r) == ends[i]);
	}
}

static void writes_integers_of_either_byte_order(void **state) {
	(void)state;
	uint8_t out[64];
	ix_writer w = ix_writer_of(out, sizeof out);
	ix_write_u8(&w, 0x01);
	ix_write_u16_be(&w, 0x0203);
	ix_write_u32_be(&w, 0x04050607);
	ix_write_u48_be(&w, 0x08090A0B0C0D);
	ix_write_u64_be(&w, 0x0E0F101112131415);
	ix_write_u16_le(&w, 0x1716);
	ix_write_u32_le(&w, 0x1B1A1918);
	ix_write_u64_le(&w, 0x232221201F1E1D1C);
	ix_write_str(&w, IX_STR("$%"));
	ix_write_str(&w, (ix_str){NULL, 0});
	assert_false(w.failed);
	assert_int_equal(w.size, 0x25);
	for (size_t i = 0; i < w.size; i++) assert_int_equal(out[i], i + 1);
}

static void a_full_writer_writes_no_more_and_counts_on(void **state) {
	(void)state;
	uint8_t out[4] = {9, 9, 9, 9};
	ix_writer w = ix_writer_of(out, 3);
	ix_write_u16_be(&w, 0x0102);
	ix_write_u16_be(&w, 0x0304);
	ix_write_u8(&w, 5);
	ix_write_u32_be(&w, 6);
	ix_write_u48_be(&w, 6);
	ix_write_u64_be(&w, 7);
	ix_write_u16_le(&w, 8);
	ix_write_u32_le(&w, 8);
	ix_write_u64_le(&w, 8);
	ix_write_str(&w, IX_STR("abc"));
	assert_true(w.failed);
	assert_int_equal(w.size, 2);
	assert_int_equal(w.needed, 2 + 2 + 1 + 4 + 6 + 8 + 2 + 4 + 8 + 3);
	assert_memory_equal(out, ((uint8_t[]){1, 2, 9, 9}), 4);
}

/* A random record, written and read back; then every shorter cut of it must fail at the item that is not all
 * there. */
static void any_record_reads_back_and_any_cut_of_it_fails_in_its_place(void **state) {
	(void)state;
	ix_rng rng;
	ix_rng_seed(&rng, ix_testing_seed());
	for (int turn = 0; turn < 200; turn++) {
		uint8_t out[128];
		uint64_t values[12];
		size_t starts[13], kinds[12];
		ix_writer w = ix_writer_of(out, sizeof out);
		for (size_t i = 0; i < 12; i++) {
			values[i] = ix_rng_u64(&rng) >> ix_rng_below(&rng, 64);
			kinds[i] = ix_rng_below(&rng, 4);
			starts[i] = w.size;
			if (kinds[i] == 0)
				ix_write_varint(&w, values[i]);
			else if (kinds[i] == 1)
				ix_write_zigzag(&w, (int64_t)values[i]);
			else if (kinds[i] == 2)
				ix_write_u64_be(&w, values[i]);
			else
				ix_write_u64_le(&w, values[i]);
		}
		starts[12] = w.size;
		assert_false(w.failed);
		for (size_t cut = 0; cut <= w.size; cut++) {
			ix_reader r = reader_of(out, cut);
			for (size_t i = 0; i < 12; i++) {
				uint64_t got = kinds[i] == 0   ? ix_read_varint(&r)
					       : kinds[i] == 1 ? (uint64_t)ix_read_zigzag(&r)
					       : kinds[i] == 2 ? ix_read_u64_be(&r)
							       : ix_read_u64_le(&r);
				assert_true(got == (starts[i + 1] <= cut ? values[i] : 0));
			}
			assert_int_equal(
				ix_reader_finish(&r, "it", NULL), cut < w.size ? IX_ERR_TRUNCATED : 0);
			size_t whole = 0;
			while (whole < 12 && starts[whole + 1] <= cut) whole++;
			assert_int_equal(r.offset, starts[whole]);
		}
	}
}

IX_TESTS(test_reader, cmocka_unit_test(reads_integers_of_either_byte_order),
	cmocka_unit_test(a_read_past_the_end_gives_zero_and_stays),
	cmocka_unit_test(after_a_failure_even_what_is_there_reads_as_zero),
	cmocka_unit_test(bytes_are_borrowed_and_a_size_cannot_wrap),
	cmocka_unit_test(nothing_can_be_read_from_nothing),
	cmocka_unit_test(finish_tells_the_end_from_too_little_and_too_much),
	cmocka_unit_test(a_parser_can_fail_the_reader_once), cmocka_unit_test(varints_of_protobuf_and_dwarf),
	cmocka_unit_test(wrong_varints_are_malformed_at_their_start),
	cmocka_unit_test(a_varint_that_ends_too_early_fails_at_its_start),
	cmocka_unit_test(zigzag_puts_small_magnitudes_first),
	cmocka_unit_test(writes_integers_of_either_byte_order),
	cmocka_unit_test(a_full_writer_writes_no_more_and_counts_on),
	cmocka_unit_test(any_record_reads_back_and_any_cut_of_it_fails_in_its_place));
