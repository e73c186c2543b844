/* Compression streams: what other programs wrote is read, what we write comes back, in pieces of any size,
 * and every way of being cut short, damaged or too large is refused. */
#include <inox/alloc.h>
#include <inox/compress.h>
#include <inox/testing.h>

static const char text[] = "hello, hello, hello\n";
enum { TEXT = sizeof(text) - 1 };

/* `text` as written by gzip 1.12 -n -9, zstd 1.5.4 --check and xz 5.4.1. */
static const uint8_t by_gzip[] = {0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0xcb, 0x48,
	0xcd, 0xc9, 0xc9, 0xd7, 0x51, 0xc8, 0x40, 0xa2, 0xb8, 0x00, 0xe7, 0x42, 0x6e, 0x52, 0x14, 0x00, 0x00,
	0x00};
static const uint8_t by_zstd[] = {0x28, 0xb5, 0x2f, 0xfd, 0x04, 0x58, 0x75, 0x00, 0x00, 0x40, 0x68, 0x65,
	0x6c, 0x6c, 0x6f, 0x2c, 0x20, 0x0a, 0x01, 0x00, 0xe2, 0x8a, 0x11, 0x21, 0x69, 0x9d, 0x87};
static const uint8_t by_xz[] = {0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00, 0x00, 0x04, 0xe6, 0xd6, 0xb4, 0x46, 0x02,
	0x00, 0x21, 0x01, 0x16, 0x00, 0x00, 0x00, 0x74, 0x2f, 0xe5, 0xa3, 0xe0, 0x00, 0x13, 0x00, 0x0e, 0x5d,
	0x00, 0x34, 0x19, 0x49, 0xee, 0x8d, 0xef, 0x8c, 0x87, 0x31, 0xf5, 0x2f, 0x64, 0x00, 0x00, 0x00, 0x00,
	0x00, 0xb0, 0x48, 0x85, 0x59, 0xd7, 0xa9, 0xae, 0x4b, 0x00, 0x01, 0x2a, 0x14, 0x7e, 0xad, 0x37, 0x55,
	0x1f, 0xb6, 0xf3, 0x7d, 0x01, 0x00, 0x00, 0x00, 0x00, 0x04, 0x59, 0x5a};

typedef struct sample {
	ix_compression compression;
	ix_bytes bytes;
} sample;
static const sample written[] = {
	{IX_COMPRESSION_GZIP, {by_gzip, sizeof(by_gzip)}},
	{IX_COMPRESSION_ZSTD, {by_zstd, sizeof(by_zstd)}},
	{IX_COMPRESSION_XZ, {by_xz, sizeof(by_xz)}},
};
enum { SAMPLES = IX_COUNT(written), ROOM = 1 << 20 };

/* Those whose format is in this build. */
static sample samples[SAMPLES];
static size_t find_samples(void) {
	size_t count = 0;
	for (size_t i = 0; i < SAMPLES; i++)
		if (ix_compression_is_built(written[i].compression)) samples[count++] = written[i];
	return count;
}

static uint8_t out[ROOM];

/* Decompresses `in`, brought in pieces of `piece` bytes, into `out` by `step` bytes; what came out is in
 * *ret_size also when it fails. */
static int unpack(const ix_decompress_options *options, ix_bytes in, size_t piece, size_t step,
	size_t *ret_size, ix_error *err) {
	ix_decompressor *d;
	*ret_size = 0;
	int code = ix_decompressor_new(ix_os_allocator(), options, &d, err);
	if (code) return code;
	ix_bytes now = {in.data, 0};
	size_t brought = 0;
	while (!code && !ix_decompressor_is_ended(d)) {
		size_t size, before = now.size;
		code = ix_decompress(d, &now, brought == in.size, out + *ret_size,
			ix_size_min(step, ROOM - *ret_size), &size, err);
		if (code) break;
		*ret_size += size;
		if (size > 0 || now.size < before || ix_decompressor_is_ended(d)) continue;
		assert_true(now.size == 0 && brought < in.size); /* it asks for more, and there is more */
		now = (ix_bytes){in.data + brought, ix_size_min(piece, in.size - brought)};
		brought += now.size;
	}
	ix_decompressor_free(d);
	return code;
}

/* Compresses into a buffer of the caller's. */
static size_t pack(ix_compression compression, int level, ix_bytes in, uint8_t *to, size_t capacity) {
	ix_compressor *c;
	ix_compress_options options = {compression, level};
	assert_int_equal(ix_compressor_new(ix_os_allocator(), &options, &c, NULL), 0);
	size_t total = 0;
	while (!ix_compressor_is_ended(c)) {
		size_t size;
		assert_true(total < capacity);
		assert_int_equal(
			ix_compress(c, &in, true, to + total, ix_size_min(7, capacity - total), &size, NULL),
			0);
		total += size;
	}
	ix_compressor_free(c);
	return total;
}

static void reads_what_the_formats_own_programs_wrote(void **state) {
	(void)state;
	static const size_t pieces[] = {1, 2, 3, 7, 100};
	for (size_t i = 0, count = find_samples(); i < count; i++)
		for (size_t p = 0; p < IX_COUNT(pieces); p++)
			for (size_t step = 1; step <= 32; step += 5) {
				size_t size;
				assert_int_equal(
					unpack(NULL, samples[i].bytes, pieces[p], step, &size, NULL), 0);
				assert_int_equal(size, TEXT);
				assert_memory_equal(out, text, TEXT);
			}
}

static void passes_plain_bytes_through(void **state) {
	(void)state;
	for (size_t piece = 1; piece < 9; piece++) {
		size_t size;
		assert_int_equal(
			unpack(NULL, (ix_bytes){(const uint8_t *)text, TEXT}, piece, 3, &size, NULL), 0);
		assert_int_equal(size, TEXT);
		assert_memory_equal(out, text, TEXT);
		assert_int_equal(
			unpack(NULL, (ix_bytes){(const uint8_t *)text, 0}, piece, 3, &size, NULL), 0);
		assert_int_equal(size, 0);
	}
}

static void knows_each_format_by_its_first_bytes(void **state) {
	(void)state;
	static const struct {
		const char *head;
		size_t size;
		bool is_all;
		ix_compression answer;
	} cases[] = {
		{"", 0, false, IX_COMPRESSION_DETECT},
		{"", 0, true, IX_COMPRESSION_NONE},
		{"\x1f", 1, false, IX_COMPRESSION_DETECT},
		{"\x1f", 1, true, IX_COMPRESSION_NONE},
		{"\x1f\x8b", 2, false, IX_COMPRESSION_GZIP},
		{"\x28\xb5\x2f", 3, false, IX_COMPRESSION_DETECT},
		{"\x28\xb5\x2f", 3, true, IX_COMPRESSION_ZSTD},
		{"\x28\xb5\x2f\xfd", 4, false, IX_COMPRESSION_ZSTD},
		{"\x28\xb5\x2f\xfe", 4, false, IX_COMPRESSION_NONE},
		{"\x50\x2a\x4d\x18", 4, false, IX_COMPRESSION_ZSTD},
		{"\x5f\x2a\x4d\x18", 4, false, IX_COMPRESSION_ZSTD},
		{"\x60\x2a\x4d\x18", 4, false, IX_COMPRESSION_NONE},
		{"\xfd\x37zXZ", 5, false, IX_COMPRESSION_DETECT},
		{"\xfd\x37zXZ\0", 6, false, IX_COMPRESSION_XZ},
		{"\xfd\x37zXY\0", 6, false, IX_COMPRESSION_NONE},
		{"\0\x0cS", 3, false, IX_COMPRESSION_NONE},
	};
	for (size_t i = 0; i < IX_COUNT(cases); i++) {
		ix_bytes head = {(const uint8_t *)cases[i].head, cases[i].size};
		assert_int_equal(ix_compression_detect(head, cases[i].is_all), cases[i].answer);
	}
}

static void knows_each_format_by_the_name_of_a_file(void **state) {
	(void)state;
	assert_int_equal(ix_compression_of_name(IX_STR("day.itch.gz")), IX_COMPRESSION_GZIP);
	assert_int_equal(ix_compression_of_name(IX_STR("day.zst")), IX_COMPRESSION_ZSTD);
	assert_int_equal(ix_compression_of_name(IX_STR("day.xz")), IX_COMPRESSION_XZ);
	assert_int_equal(ix_compression_of_name(IX_STR("day.itch")), IX_COMPRESSION_NONE);
}

/* Something with repetition and noise, 200,000 bytes of it. */
static void fill(uint8_t *data, size_t size) {
	uint32_t x = 12345;
	for (size_t i = 0; i < size; i++) {
		x = x * 1664525 + 1013904223;
		data[i] = i % 37 < 20 ? (uint8_t)(i / 4096) : (uint8_t)(x >> 24);
	}
}

static void gives_back_what_it_wrote_at_every_level(void **state) {
	(void)state;
	enum { SIZE = 200000, CAPACITY = 300000 };
	static uint8_t data[SIZE], packed[CAPACITY];
	static const int levels[] = {0, 1, 9};
	fill(data, SIZE);
	for (size_t i = 0, count = find_samples(); i < count; i++)
		for (size_t l = 0; l < IX_COUNT(levels); l++) {
			size_t size, packed_size = pack(samples[i].compression, levels[l],
					     (ix_bytes){data, SIZE}, packed, CAPACITY);
			assert_true(packed_size < SIZE * 3 / 4);
			assert_int_equal(
				ix_compression_detect((ix_bytes){packed, 6}, false), samples[i].compression);
			assert_int_equal(
				unpack(NULL, (ix_bytes){packed, packed_size}, 1000, 777, &size, NULL), 0);
			assert_int_equal(size, SIZE);
			assert_memory_equal(out, data, SIZE);
		}
}

static void refuses_a_level_that_the_format_does_not_have(void **state) {
	(void)state;
	if (!ix_compression_is_built(IX_COMPRESSION_ZSTD) || !ix_compression_is_built(IX_COMPRESSION_XZ))
		skip();
	ix_compressor *c;
	ix_error err = {0};
	assert_int_equal(ix_compressor_new(ix_os_allocator(), &(ix_compress_options){IX_COMPRESSION_GZIP, 10},
				 &c, &err),
		IX_ERR_RANGE);
	assert_string_equal(err.text, "gzip has levels 1 to 9, not 10");
	assert_int_equal(ix_compressor_new(ix_os_allocator(), &(ix_compress_options){IX_COMPRESSION_ZSTD, 20},
				 &c, NULL),
		IX_ERR_RANGE);
	assert_int_equal(
		ix_compressor_new(ix_os_allocator(), &(ix_compress_options){IX_COMPRESSION_XZ, -1}, &c, NULL),
		IX_ERR_RANGE);
}

/* `parts` one behind the other. */
static ix_bytes join(uint8_t *to, const ix_bytes *parts, size_t count) {
	size_t size = 0;
	for (size_t i = 0; i < count; i++) {
		memcpy(to + size, parts[i].data, parts[i].size);
		size += parts[i].size;
	}
	return (ix_bytes){to, size};
}

static void reads_several_members_as_one_stream(void **state) {
	(void)state;
	uint8_t all[512];
	for (size_t i = 0, count = find_samples(); i < count; i++)
		for (size_t piece = 1; piece < 50; piece += 6) {
			const ix_bytes parts[] = {samples[i].bytes, samples[i].bytes, samples[i].bytes};
			size_t size;
			assert_int_equal(unpack(NULL, join(all, parts, 3), piece, 11, &size, NULL), 0);
			assert_int_equal(size, 3 * TEXT);
			for (size_t k = 0; k < 3; k++) assert_memory_equal(out + k * TEXT, text, TEXT);
		}
}

static void passes_over_the_padding_that_each_format_allows(void **state) {
	(void)state;
	static const uint8_t zeros[8] = {0},
			     skippable[] = {0x53, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 'x', 'y', 'z'};
	uint8_t all[256];
	size_t size;
	const ix_bytes gzip[] = {written[0].bytes, {zeros, 5}};
	assert_int_equal(unpack(NULL, join(all, gzip, 2), 9, 99, &size, NULL), 0);
	assert_int_equal(size, TEXT);
	if (!ix_compression_is_built(IX_COMPRESSION_ZSTD) || !ix_compression_is_built(IX_COMPRESSION_XZ))
		skip();
	const ix_bytes zstd[] = {
		{skippable, sizeof(skippable)}, written[1].bytes, {skippable, sizeof(skippable)}};
	assert_int_equal(unpack(NULL, join(all, zstd, 3), 9, 99, &size, NULL), 0);
	assert_int_equal(size, TEXT);
	const ix_bytes xz[] = {written[2].bytes, {zeros, 8}, written[2].bytes, {zeros, 4}};
	assert_int_equal(unpack(NULL, join(all, xz, 4), 9, 99, &size, NULL), 0);
	assert_int_equal(size, 2 * TEXT);
}

static void refuses_what_follows_the_stream_and_is_none(void **state) {
	(void)state;
	static const char *const said[] = {
		[IX_COMPRESSION_GZIP] = "compressed offset 30: what follows the gzip data is not gzip",
		[IX_COMPRESSION_ZSTD] = "compressed offset 27: what follows the zstd data is not zstd",
		[IX_COMPRESSION_XZ] = NULL, /* liblzma tells it as damage, at a place of its own */
	};
	uint8_t all[256];
	for (size_t i = 0, count = find_samples(); i < count; i++) {
		ix_error err = {0};
		const ix_bytes parts[] = {
			samples[i].bytes, {(const uint8_t *)"PK\3\4PK\3\4PK\3\4PK\3\4", 16}};
		size_t size;
		int code = unpack(NULL, join(all, parts, 2), 1000, 1000, &size, &err);
		assert_true(code == IX_ERR_SYNTAX || code == IX_ERR_CHECKSUM);
		assert_int_equal(size, TEXT); /* what was good came out first */
		const char *expected = said[samples[i].compression];
		if (expected) assert_string_equal(err.text, expected);
	}
}

static void tells_every_truncation(void **state) {
	(void)state;
	for (size_t i = 0, count = find_samples(); i < count; i++)
		for (size_t cut = 2; cut < samples[i].bytes.size; cut++)
			for (size_t piece = 1; piece <= 64; piece *= 8) {
				ix_error err = {0};
				size_t size;
				int code = unpack(
					NULL, (ix_bytes){samples[i].bytes.data, cut}, piece, 64, &size, &err);
				assert_int_equal(code, IX_ERR_TRUNCATED);
				char expected[80];
				(void)snprintf(expected, sizeof(expected),
					"compressed offset %zu: the %s data ends early", cut,
					ix_compression_name(samples[i].compression));
				assert_string_equal(err.text, expected);
			}
}

/* A flipped bit in a time stamp or a file name of gzip's header changes nothing: that is the one other
 * outcome. */
static void never_gives_other_bytes_for_a_flipped_bit(void **state) {
	(void)state;
	uint8_t bad[128];
	for (size_t i = 0, count = find_samples(); i < count; i++) {
		size_t size = samples[i].bytes.size, refused = 0;
		for (size_t bit = 0; bit < size * 8; bit++) {
			memcpy(bad, samples[i].bytes.data, size);
			bad[bit / 8] ^= (uint8_t)(1u << bit % 8);
			ix_decompress_options options = {.compression = samples[i].compression};
			size_t given;
			int code = unpack(&options, (ix_bytes){bad, size}, 1000, ROOM, &given, NULL);
			refused += code != 0;
			if (code == 0) assert_int_equal(given, TEXT);
			if (code == 0) assert_memory_equal(out, text, TEXT);
		}
		assert_true(refused > size * 8 * 2 / 3);
	}
}

static void refuses_a_window_beyond_the_limit(void **state) {
	(void)state;
	if (!ix_compression_is_built(IX_COMPRESSION_ZSTD) || !ix_compression_is_built(IX_COMPRESSION_XZ))
		skip();
	/* A zstd frame header that asks for 2^28 bytes: descriptor 0, window exponent 18 << 3. */
	static const uint8_t wide[] = {0x28, 0xb5, 0x2f, 0xfd, 0x00, 18 << 3, 0x01, 0x00, 0x00};
	ix_error err = {0};
	size_t size;
	assert_int_equal(unpack(NULL, (ix_bytes){wide, sizeof(wide)}, 100, 100, &size, &err), IX_ERR_LIMIT);
	ix_decompress_options wider = {.window_max = (uint64_t)1 << 28};
	assert_int_equal(unpack(&wider, (ix_bytes){wide, sizeof(wide)}, 100, 100, &size, &err), 0);

	static uint8_t packed[1000]; /* xz -9 asks for 64 MiB */
	size_t packed_size =
		pack(IX_COMPRESSION_XZ, 9, (ix_bytes){(const uint8_t *)text, TEXT}, packed, sizeof(packed));
	ix_decompress_options narrow = {.window_max = 1 << 20};
	assert_int_equal(
		unpack(&narrow, (ix_bytes){packed, packed_size}, 100, 100, &size, &err), IX_ERR_LIMIT);
	assert_int_equal(unpack(NULL, (ix_bytes){packed, packed_size}, 100, 100, &size, &err), 0);
}

static void refuses_more_output_than_the_limit(void **state) {
	(void)state;
	size_t size;
	for (size_t i = 0, count = find_samples(); i < count; i++) {
		ix_error err = {0};
		ix_decompress_options exact = {.output_max = TEXT}, less = {.output_max = TEXT - 1};
		assert_int_equal(unpack(&exact, samples[i].bytes, 100, 100, &size, &err), 0);
		assert_int_equal(unpack(&less, samples[i].bytes, 100, 100, &size, &err), IX_ERR_LIMIT);
		assert_string_equal(err.text, "more than 19 bytes after decompression");
	}
}

/* 65 MiB of zeros: zstd makes some 6 KB of it, 10,000 to one. */
static void refuses_a_bomb_once_it_is_large(void **state) {
	(void)state;
	if (!ix_compression_is_built(IX_COMPRESSION_ZSTD)) skip();
	static uint8_t packed[100000], zeros[1 << 20];
	ix_compressor *c;
	ix_compress_options options = {IX_COMPRESSION_ZSTD, 1};
	assert_int_equal(ix_compressor_new(ix_os_allocator(), &options, &c, NULL), 0);
	size_t packed_size = 0, size;
	for (int i = 0; i < 65; i++) {
		ix_bytes in = {zeros, sizeof(zeros)};
		while (in.size > 0 || (i == 64 && !ix_compressor_is_ended(c))) {
			assert_int_equal(ix_compress(c, &in, i == 64, packed + packed_size,
						 sizeof(packed) - packed_size, &size, NULL),
				0);
			packed_size += size;
		}
	}
	ix_compressor_free(c);
	ix_bytes rest = {packed, packed_size};
	ix_decompressor *d;
	ix_error err = {0};
	uint64_t total = 0;
	int code = ix_decompressor_new(ix_os_allocator(), NULL, &d, &err);
	while (!code && !ix_decompressor_is_ended(d)) {
		code = ix_decompress(d, &rest, true, out, ROOM, &size, &err);
		if (!code) total += size;
	}
	ix_decompressor_free(d);
	assert_int_equal(code, IX_ERR_LIMIT);
	assert_true(total >= 64 << 20);
	assert_non_null(strstr(err.text, "grows more than 1000 times"));
}

static void says_so_when_there_is_no_memory(void **state) {
	(void)state;
	for (size_t i = 0, count = find_samples(); i < count; i++) {
		bool is_done = false;
		for (uint64_t nth = 1; !is_done; nth++) {
			assert_true(nth < 100);
			ix_alloc_probe probe;
			ix_alloc_probe_init(&probe, NULL);
			probe.fail_at = nth;
			ix_decompressor *d;
			ix_bytes in = samples[i].bytes;
			size_t size;
			int code = ix_decompressor_new(&probe.allocator, NULL, &d, NULL);
			if (!code) {
				code = ix_decompress(d, &in, true, out, ROOM, &size, NULL);
				ix_decompressor_free(d);
			}
			if (probe.failures > 0)
				assert_int_equal(code, IX_ERR_MEMORY);
			else
				assert_int_equal(code, 0);
			assert_int_equal(probe.live_blocks, 0);
			is_done = probe.failures == 0;
		}
	}
}

static void writers_say_so_when_there_is_no_memory(void **state) {
	(void)state;
	for (size_t i = 0, count = find_samples(); i < count; i++) {
		bool is_done = false;
		for (uint64_t nth = 1; !is_done; nth++) {
			assert_true(nth < 100);
			ix_alloc_probe probe;
			ix_alloc_probe_init(&probe, NULL);
			probe.fail_at = nth;
			ix_compressor *c;
			ix_compress_options options = {samples[i].compression, 1};
			ix_bytes in = {(const uint8_t *)text, TEXT};
			size_t size;
			int code = ix_compressor_new(&probe.allocator, &options, &c, NULL);
			if (!code) {
				code = ix_compress(c, &in, true, out, ROOM, &size, NULL);
				ix_compressor_free(c);
			}
			assert_int_equal(code, probe.failures > 0 ? IX_ERR_MEMORY : 0);
			assert_int_equal(probe.live_blocks, 0);
			is_done = probe.failures == 0;
		}
	}
}

static void an_error_stays_until_the_end(void **state) {
	(void)state;
	uint8_t bad[sizeof(by_gzip)];
	memcpy(bad, by_gzip, sizeof(bad));
	bad[22] ^= 1; /* the CRC */
	ix_decompressor *d;
	ix_error first = {0}, second = {0};
	ix_bytes in = {bad, sizeof(bad)};
	size_t size = 0;
	assert_int_equal(ix_decompressor_new(ix_os_allocator(), NULL, &d, NULL), 0);
	assert_int_equal(ix_decompress(d, &in, true, out, ROOM, &size, NULL), 0);
	assert_int_equal(size, TEXT);
	assert_int_equal(ix_decompress(d, &in, true, out, ROOM, &size, &first), IX_ERR_CHECKSUM);
	assert_int_equal(ix_decompress(d, &in, true, out, ROOM, &size, &second), IX_ERR_CHECKSUM);
	assert_string_equal(first.text, second.text);
	assert_non_null(strstr(first.text, "gzip data is damaged"));
	ix_decompressor_free(d);
}

IX_TESTS(test_compress, cmocka_unit_test(reads_what_the_formats_own_programs_wrote),
	cmocka_unit_test(passes_plain_bytes_through), cmocka_unit_test(knows_each_format_by_its_first_bytes),
	cmocka_unit_test(knows_each_format_by_the_name_of_a_file),
	cmocka_unit_test(gives_back_what_it_wrote_at_every_level),
	cmocka_unit_test(refuses_a_level_that_the_format_does_not_have),
	cmocka_unit_test(reads_several_members_as_one_stream),
	cmocka_unit_test(passes_over_the_padding_that_each_format_allows),
	cmocka_unit_test(refuses_what_follows_the_stream_and_is_none),
	cmocka_unit_test(tells_every_truncation), cmocka_unit_test(never_gives_other_bytes_for_a_flipped_bit),
	cmocka_unit_test(refuses_a_window_beyond_the_limit),
	cmocka_unit_test(refuses_more_output_than_the_limit),
	cmocka_unit_test(refuses_a_bomb_once_it_is_large), cmocka_unit_test(says_so_when_there_is_no_memory),
	cmocka_unit_test(writers_say_so_when_there_is_no_memory),
	cmocka_unit_test(an_error_stays_until_the_end));
