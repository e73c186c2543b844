/* UTF-8: every code point, every sequence up to three bytes and the edges of four against Unicode's table
 * 3-7, and the replacement of what is ill-formed. */
#include <inox/rng.h>
#include <inox/testing.h>
#include <inox/text.h>

static void every_code_point_is_written_and_read_back(void **state) {
	(void)state;
	for (uint32_t code_point = 0; code_point <= 0x10FFFF; code_point++) {
		char out[4];
		size_t size = ix_utf8_encode(out, code_point);
		if (code_point >= 0xD800 && code_point <= 0xDFFF) {
			assert_int_equal(size, 0);
			continue;
		}
		ix_str rest = {out, size};
		if (!ix_utf8_is_valid(rest) || ix_utf8_next(&rest) != code_point || rest.size != 0)
			fail_msg("U+%04X", code_point);
		if (size != (code_point < 0x80             ? 1U
				    : code_point < 0x800   ? 2U
				    : code_point < 0x10000 ? 3U
							   : 4U))
			fail_msg("U+%04X: %zu bytes", code_point, size);
	}
}

static void the_examples_of_the_standard(void **state) {
	(void)state;
	char out[4];
	/* Unicode 15, table 3-4's neighbours: U+004D, U+0430, U+4E8C, U+10302 */
	assert_int_equal(ix_utf8_encode(out, 0x4D), 1);
	assert_memory_equal(out, "\x4D", 1);
	assert_int_equal(ix_utf8_encode(out, 0x430), 2);
	assert_memory_equal(out, "\xD0\xB0", 2);
	assert_int_equal(ix_utf8_encode(out, 0x4E8C), 3);
	assert_memory_equal(out, "\xE4\xBA\x8C", 3);
	assert_int_equal(ix_utf8_encode(out, 0x10302), 4);
	assert_memory_equal(out, "\xF0\x90\x8C\x82", 4);
	assert_int_equal(ix_utf8_encode(out, 0x110000), 0);
	assert_int_equal(ix_utf8_encode(out, UINT32_MAX), 0);
}

/* Table 3-7, row by row. */
static const struct {
	uint8_t size, first[2], second[2];
} table_3_7[] = {
	{1, {0x00, 0x7F}, {0, 0}},
	{2, {0xC2, 0xDF}, {0x80, 0xBF}},
	{3, {0xE0, 0xE0}, {0xA0, 0xBF}},
	{3, {0xE1, 0xEC}, {0x80, 0xBF}},
	{3, {0xED, 0xED}, {0x80, 0x9F}},
	{3, {0xEE, 0xEF}, {0x80, 0xBF}},
	{4, {0xF0, 0xF0}, {0x90, 0xBF}},
	{4, {0xF1, 0xF3}, {0x80, 0xBF}},
	{4, {0xF4, 0xF4}, {0x80, 0x8F}},
};

static bool fits(uint8_t byte, const uint8_t range[2]) { return byte >= range[0] && byte <= range[1]; }

/* The size of the well-formed sequence at p, or 0; and how much of a row of the table is there. */
static size_t sequence_by_table(const uint8_t *p, size_t size, size_t *ret_part) {
	static const uint8_t continuation[2] = {0x80, 0xBF};
	*ret_part = 1;
	for (size_t row = 0; row < IX_COUNT(table_3_7); row++) {
		if (!fits(p[0], table_3_7[row].first)) continue;
		size_t got = 1;
		while (got < table_3_7[row].size && got < size &&
			fits(p[got], got == 1 ? table_3_7[row].second : continuation))
			got++;
		*ret_part = got;
		return got == table_3_7[row].size ? got : 0;
	}
	return 0;
}

static void check_by_table(const uint8_t *p, size_t size) {
	size_t at = 0, part, first_wrong = size;
	ix_str rest = {(const char *)p, size};
	while (at < size) {
		size_t good = sequence_by_table(p + at, size - at, &part);
		uint32_t code_point = ix_utf8_next(&rest);
		if (!good && first_wrong == size) first_wrong = at;
		at += good ? good : part;
		if (size - rest.size != at || (!good && code_point != IX_UTF8_REPLACEMENT))
			fail_msg("%02x %02x %02x %02x, byte %zu", p[0], size > 1 ? p[1] : 0,
				size > 2 ? p[2] : 0, size > 3 ? p[3] : 0, at);
	}
	if (ix_utf8_check((ix_str){(const char *)p, size}) != first_wrong)
		fail_msg("%02x %02x %02x: not %zu", p[0], size > 1 ? p[1] : 0, size > 2 ? p[2] : 0,
			first_wrong);
}

static void all_of_three_bytes_and_the_edges_of_four_are_those_of_the_table(void **state) {
	(void)state;
	static const uint8_t edges[] = {0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1,
		0xC2, 0xDF, 0xE0, 0xED, 0xEF, 0xF0, 0xF4, 0xF5, 0xFF};
	uint8_t p[4];
	for (unsigned a = 0; a < 256; a++) {
		p[0] = (uint8_t)a;
		check_by_table(p, 1);
		for (unsigned b = 0; b < 256; b++) {
			p[1] = (uint8_t)b;
			check_by_table(p, 2);
			/* all of the third byte after a lead of three or four, else the edges */
			unsigned step = ix_testing_long() || a >= 0xE0 ? 1 : 64;
			for (unsigned c = 0; c < 256; c += step) {
				p[2] = (uint8_t)c;
				check_by_table(p, 3);
			}
			for (size_t c = 0; c < IX_COUNT(edges) && a >= 0xE0; c++) {
				p[2] = edges[c];
				for (size_t d = 0; d < IX_COUNT(edges); d++) {
					p[3] = edges[d];
					check_by_table(p, 4);
				}
			}
		}
	}
}

static void what_is_ill_formed_is_replaced_by_maximal_subparts(void **state) {
	(void)state;
	/* Unicode 15, tables 3-8 to 3-11; R stands for U+FFFD */
	static const struct {
		const char *bytes, *shown;
	} cases[] = {
		{"\xC0\xAF\xE0\x80\xBF\xF0\x81\x82\x41", "RRRRRRRRA"},
		{"\xED\xA0\x80\xED\xBF\xBF\xED\xAF\x41", "RRRRRRRRA"},
		{"\xF4\x91\x92\x93\xFF\x41\x80\xBF\x42", "RRRRRARRB"},
		{"\xE1\x80\xE2\xF0\x91\x92\xF1\xBF\x41", "RRRRA"},
	};
	for (size_t i = 0; i < IX_COUNT(cases); i++) {
		ix_str rest = ix_str_from(cases[i].bytes);
		assert_int_equal(ix_utf8_count(rest), strlen(cases[i].shown));
		assert_int_equal(ix_utf8_check(rest), 0);
		for (const char *shown = cases[i].shown; *shown; shown++)
			assert_int_equal(
				ix_utf8_next(&rest), *shown == 'R' ? IX_UTF8_REPLACEMENT : (uint32_t)*shown);
		assert_int_equal(rest.size, 0);
	}
}

static void the_first_wrong_byte_is_found_behind_any_run_of_ascii(void **state) {
	(void)state;
	char text[64];
	for (size_t at = 0; at < sizeof text; at++) {
		memset(text, 'a', sizeof text);
		assert_int_equal(ix_utf8_check((ix_str){text, sizeof text}), sizeof text);
		text[at] = '\xFF';
		assert_int_equal(ix_utf8_check((ix_str){text, sizeof text}), at);
		assert_int_equal(ix_utf8_check((ix_str){text, at}), at);
		text[at] = '\xC3'; /* wants a second byte */
		assert_int_equal(ix_utf8_check((ix_str){text, at + 1}), at);
	}
	assert_true(ix_utf8_is_valid((ix_str){NULL, 0}));
	assert_int_equal(ix_utf8_count((ix_str){NULL, 0}), 0);
}

static void random_text_is_valid_and_counted(void **state) {
	(void)state;
	ix_rng rng;
	ix_rng_seed(&rng, ix_testing_seed());
	for (int turn = 0; turn < 500; turn++) {
		char text[400];
		size_t size = 0, count = ix_rng_below(&rng, 100);
		for (size_t i = 0; i < count;) {
			size_t added = ix_utf8_encode(
				text + size, (uint32_t)ix_rng_u64(&rng) >> ix_rng_below(&rng, 32));
			size += added;
			i += added > 0;
		}
		assert_true(ix_utf8_is_valid((ix_str){text, size}));
		assert_int_equal(ix_utf8_count((ix_str){text, size}), count);
	}
}

static void damage_anywhere_in_any_text_is_found_in_its_place(void **state) {
	(void)state;
	ix_rng rng;
	ix_rng_seed(&rng, ix_testing_seed());
	for (int turn = 0; turn < 20000; turn++) {
		char text[80];
		size_t size = 0, wanted = 1 + ix_rng_below(&rng, sizeof text - IX_UTF8_SIZE_MAX);
		while (size < wanted) {
			uint32_t code_point =
				ix_rng_chance(&rng, 1, 2) ? 'a' : (uint32_t)ix_rng_below(&rng, 0x110000);
			size += ix_utf8_encode(text + size, code_point);
		}
		text[ix_rng_below(&rng, size)] ^= (char)(1 << ix_rng_below(&rng, 8));
		check_by_table((const uint8_t *)text, size - ix_rng_below(&rng, 2));
	}
}

IX_TESTS(test_utf8, cmocka_unit_test(every_code_point_is_written_and_read_back),
	cmocka_unit_test(the_examples_of_the_standard),
	cmocka_unit_test(all_of_three_bytes_and_the_edges_of_four_are_those_of_the_table),
	cmocka_unit_test(what_is_ill_formed_is_replaced_by_maximal_subparts),
	cmocka_unit_test(the_first_wrong_byte_is_found_behind_any_run_of_ascii),
	cmocka_unit_test(random_text_is_valid_and_counted),
	cmocka_unit_test(damage_anywhere_in_any_text_is_found_in_its_place));
