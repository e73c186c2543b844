/* Hex and base64: RFC 4648's vectors, round trips, and everything that a strict decoder refuses. */
#include <inox/rng.h>
#include <inox/testing.h>
#include <inox/text.h>

static ix_bytes bytes_of(const char *text) { return ix_str_bytes(ix_str_from(text)); }

static void hex_of_rfc_4648(void **state) {
	(void)state;
	char out[12];
	ix_hex_encode(out, bytes_of("foobar"));
	assert_memory_equal(out, "666f6f626172", 12);
	uint8_t back[6];
	size_t size = 0;
	assert_int_equal(ix_hex_decode(IX_STR("666F6f626172"), back, 6, &size, NULL), 0);
	assert_int_equal(size, 6);
	assert_memory_equal(back, "foobar", 6);
}

static void every_byte_has_two_digits(void **state) {
	(void)state;
	for (int byte = 0; byte < 256; byte++) {
		uint8_t one = (uint8_t)byte, back = 0;
		char ours[3] = {0}, theirs[3];
		size_t size = 0;
		ix_hex_encode(ours, (ix_bytes){&one, 1});
		snprintf(theirs, sizeof theirs, "%02x", byte);
		assert_string_equal(ours, theirs);
		assert_int_equal(ix_hex_decode((ix_str){ours, 2}, &back, 1, &size, NULL), 0);
		assert_int_equal(back, byte);
	}
}

static void only_the_22_digits_are_hexadecimal(void **state) {
	(void)state;
	for (int c = 0; c < 256; c++) {
		char text[2] = {'0', (char)c};
		uint8_t out;
		size_t size = 99;
		ix_error err = {0};
		bool is_digit = c && strchr("0123456789abcdefABCDEF", c);
		int code = ix_hex_decode((ix_str){text, 2}, &out, 1, &size, &err);
		assert_int_equal(code, is_digit ? 0 : IX_ERR_SYNTAX);
		assert_int_equal(size, is_digit ? 1 : 99);
		if (!is_digit) assert_int_equal(strncmp(err.text, "offset 1: ", 10), 0);
	}
}

static void hex_tells_half_a_byte_and_too_many(void **state) {
	(void)state;
	uint8_t out[2];
	size_t size = 99;
	ix_error err = {0};
	assert_int_equal(ix_hex_decode(IX_STR("abc"), out, 2, &size, &err), IX_ERR_TRUNCATED);
	assert_string_equal(err.text, "offset 3: half a byte is missing");
	assert_int_equal(ix_hex_decode(IX_STR("abcdef"), out, 2, &size, &err), IX_ERR_LIMIT);
	assert_string_equal(err.text, "offset 4: more than 2 bytes");
	assert_int_equal(size, 99);
	assert_int_equal(ix_hex_decode(IX_STR(""), NULL, 0, &size, &err), 0);
	assert_int_equal(size, 0);
}

static const struct {
	const char *bytes, *text;
} rfc_4648[] = {{"", ""}, {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"}, {"foob", "Zm9vYg=="},
	{"fooba", "Zm9vYmE="}, {"foobar", "Zm9vYmFy"}};

static void base64_of_rfc_4648(void **state) {
	(void)state;
	for (size_t i = 0; i < IX_COUNT(rfc_4648); i++) {
		ix_bytes bytes = bytes_of(rfc_4648[i].bytes);
		ix_str text = ix_str_from(rfc_4648[i].text), bare = {text.data, ix_str_find(text, '=')};
		char out[16];
		uint8_t back[16];
		size_t size = 99;
		assert_int_equal(ix_base64_text_size(bytes.size, IX_BASE64), text.size);
		ix_base64_encode(out, bytes, IX_BASE64);
		assert_memory_equal(out, text.data, text.size);
		assert_int_equal(ix_base64_decode(text, IX_BASE64, back, sizeof back, &size, NULL), 0);
		assert_int_equal(size, bytes.size);
		assert_memory_equal(back, bytes.data, size);
		assert_int_equal(ix_base64_text_size(bytes.size, IX_BASE64_UNPADDED), bare.size);
		assert_int_equal(
			ix_base64_decode(bare, IX_BASE64_UNPADDED, back, sizeof back, &size, NULL), 0);
		assert_int_equal(size, bytes.size);
	}
}

static void the_two_alphabets_differ_in_two_digits(void **state) {
	(void)state;
	/* 11111011 11111111 10111111 -> 111110 111111 111110 111111: 62 63 62 63 */
	const uint8_t bytes[] = {0xFB, 0xFF, 0xBF};
	char out[4];
	uint8_t back[3];
	size_t size;
	ix_base64_encode(out, (ix_bytes){bytes, 3}, IX_BASE64);
	assert_memory_equal(out, "+/+/", 4);
	ix_base64_encode(out, (ix_bytes){bytes, 3}, IX_BASE64_URL);
	assert_memory_equal(out, "-_-_", 4);
	assert_int_equal(ix_base64_decode(IX_STR("-_-_"), IX_BASE64_URL, back, 3, &size, NULL), 0);
	assert_memory_equal(back, bytes, 3);
	assert_int_equal(ix_base64_decode(IX_STR("-_-_"), IX_BASE64, back, 3, &size, NULL), IX_ERR_SYNTAX);
	assert_int_equal(
		ix_base64_decode(IX_STR("+/+/"), IX_BASE64_URL, back, 3, &size, NULL), IX_ERR_SYNTAX);
}

static void any_bytes_come_back_in_every_kind(void **state) {
	(void)state;
	ix_rng rng;
	ix_rng_seed(&rng, ix_testing_seed());
	for (int turn = 0; turn < 2000; turn++) {
		uint8_t bytes[64], back[64];
		char text[96];
		size_t count = ix_rng_below(&rng, 65), size = 0;
		ix_base64 kind = (ix_base64)ix_rng_below(&rng, 4);
		ix_rng_fill(&rng, bytes, count);
		size_t text_size = ix_base64_text_size(count, kind);
		memset(text, '#', sizeof text);
		ix_base64_encode(text, (ix_bytes){bytes, count}, kind);
		if (text_size < sizeof text) assert_int_equal(text[text_size], '#');
		assert_int_equal(
			ix_base64_decode((ix_str){text, text_size}, kind, back, count, &size, NULL), 0);
		assert_int_equal(size, count);
		assert_memory_equal(back, bytes, count);
		if (count == 0) continue;
		assert_int_equal(
			ix_base64_decode((ix_str){text, text_size}, kind, back, count - 1, &size, NULL),
			IX_ERR_LIMIT);
	}
}

static void wrong_base64_is_refused_in_its_place(void **state) {
	(void)state;
	static const struct {
		ix_base64 kind;
		int code;
		const char *text, *start;
	} cases[] = {
		{IX_BASE64, IX_ERR_TRUNCATED, "Zg", "offset 2:"},
		{IX_BASE64, IX_ERR_TRUNCATED, "Zg=", "offset 3:"},
		{IX_BASE64, IX_ERR_TRUNCATED, "Zm9vY", "offset 5:"},
		{IX_BASE64, IX_ERR_TRUNCATED, "Zg==\n", "offset 5:"},
		{IX_BASE64, IX_ERR_SYNTAX, "Zm9\n", "offset 3: byte 0x0a"},
		{IX_BASE64, IX_ERR_SYNTAX, "Zm 9vYg=", "offset 2: byte 0x20"},
		{IX_BASE64, IX_ERR_SYNTAX, "Z===", "offset 1: byte 0x3d"},
		{IX_BASE64, IX_ERR_SYNTAX, "====", "offset 0: byte 0x3d"},
		{IX_BASE64, IX_ERR_SYNTAX, "Zg==Zg==", "offset 2: byte 0x3d"},
		{IX_BASE64, IX_ERR_SYNTAX, "Z=g=", "offset 1: byte 0x3d"},
		{IX_BASE64, IX_ERR_SYNTAX, "Zm9vYm\xE9=", "offset 6: byte 0xe9"},
		{IX_BASE64, IX_ERR_SYNTAX,
			"Zh==", "offset 1: the last digit"}, /* h is 33: its low four bits are 1 */
		{IX_BASE64, IX_ERR_SYNTAX,
			"Zm9=", "offset 2: the last digit"}, /* 9 is 61: its low two bits are 1 */
		{IX_BASE64_URL, IX_ERR_SYNTAX, "Zg==", "offset 2: byte 0x3d"},
		{IX_BASE64_URL, IX_ERR_TRUNCATED, "Zm9vY", "offset 5:"},
		{IX_BASE64_URL, IX_ERR_SYNTAX, "Zh", "offset 1: the last digit"},
		{IX_BASE64_URL, IX_ERR_SYNTAX, "Z+", "offset 1: byte 0x2b"},
		{IX_BASE64_UNPADDED, IX_ERR_SYNTAX, "Zm8=", "offset 3: byte 0x3d"},
		{IX_BASE64_URL_PADDED, IX_ERR_TRUNCATED, "Zm8", "offset 3:"},
	};
	for (size_t i = 0; i < IX_COUNT(cases); i++) {
		uint8_t out[16];
		size_t size = 99;
		ix_error err = {0};
		assert_int_equal(ix_base64_decode(ix_str_from(cases[i].text), cases[i].kind, out, sizeof out,
					 &size, &err),
			cases[i].code);
		assert_int_equal(strncmp(err.text, cases[i].start, strlen(cases[i].start)), 0);
		assert_int_equal(size, 99);
	}
}

/* All texts of two digits: one byte string has one text. */
static void each_byte_has_exactly_one_unpadded_text(void **state) {
	(void)state;
	size_t accepted = 0;
	for (int a = 0; a < 256; a++) {
		for (int b = 0; b < 256; b++) {
			char text[2] = {(char)a, (char)b}, again[2];
			uint8_t out;
			size_t size;
			if (ix_base64_decode((ix_str){text, 2}, IX_BASE64_URL, &out, 1, &size, NULL) != 0)
				continue;
			accepted++;
			ix_base64_encode(again, (ix_bytes){&out, 1}, IX_BASE64_URL);
			assert_memory_equal(again, text, 2);
		}
	}
	assert_int_equal(accepted, 256);
}

static void a_text_size_that_does_not_fit_is_size_max(void **state) {
	(void)state;
	assert_true(ix_base64_text_size(SIZE_MAX, IX_BASE64) == SIZE_MAX);
	/* SIZE_MAX / 4 * 3 bytes: the largest whole groups that fit */
	assert_true(ix_base64_text_size(SIZE_MAX / 4 * 3, IX_BASE64) == SIZE_MAX / 4 * 4);
	assert_true(ix_base64_text_size(SIZE_MAX / 4 * 3 + 1, IX_BASE64) == SIZE_MAX);
	assert_true(ix_base64_text_size(SIZE_MAX / 4 * 3 + 3, IX_BASE64) == SIZE_MAX);
}

IX_TESTS(test_text, cmocka_unit_test(hex_of_rfc_4648), cmocka_unit_test(every_byte_has_two_digits),
	cmocka_unit_test(only_the_22_digits_are_hexadecimal),
	cmocka_unit_test(hex_tells_half_a_byte_and_too_many), cmocka_unit_test(base64_of_rfc_4648),
	cmocka_unit_test(the_two_alphabets_differ_in_two_digits),
	cmocka_unit_test(any_bytes_come_back_in_every_kind),
	cmocka_unit_test(wrong_base64_is_refused_in_its_place),
	cmocka_unit_test(each_byte_has_exactly_one_unpadded_text),
	cmocka_unit_test(a_text_size_that_does_not_fit_is_size_max));
