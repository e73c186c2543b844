/* BinaryFILE: frames out of pieces of any size, plain and compressed; every way of ending too early is told
 * with its offset; what is written comes back. */
#include "itch_samples.h"

#include <inox/alloc.h>
#include <inox/binaryfile.h>
#include <inox/testing.h>
#include <inox/writer.h>

enum { ROOM = 1 << 20 };

/* What a reading gave: the messages one behind the other, framed again. */
typedef struct reading {
	int code;
	ix_error err;
	uint64_t offset; /* of the last message, or of the end */
	size_t count, size;
	bool has_end_mark;
	ix_compression compression;
	uint8_t bytes[ROOM];
} reading;
static reading got;

/* Reads `file` in pieces of `piece` bytes, each in a block of its own, so that a sanitizer sees what is kept.
 */
static void read_pieces(ix_bytes file, size_t piece, const ix_decompress_options *options) {
	ix_binaryfile_reader reader;
	memset(&got, 0, offsetof(reading, bytes));
	assert_int_equal(ix_binaryfile_reader_init(&reader, ix_os_allocator(), options, NULL), 0);
	uint8_t *block = NULL;
	size_t brought = 0;
	while (got.code == 0 && !ix_binaryfile_is_ended(&reader)) {
		ix_bytes message = {NULL, 0};
		got.code = ix_binaryfile_next(&reader, &message, &got.err);
		got.offset = ix_binaryfile_offset(&reader);
		if (got.code) break;
		if (message.data) {
			ix_store_u16_be(got.bytes + got.size, (uint16_t)message.size);
			memcpy(got.bytes + got.size + 2, message.data, message.size);
			assert_int_equal(got.offset, got.size);
			got.size += 2 + message.size;
			got.count++;
			continue;
		}
		if (ix_binaryfile_is_ended(&reader)) break;
		size_t size = ix_size_min(piece, file.size - brought);
		free(block);
		block = malloc(size ? size : 1);
		assert_non_null(block);
		if (size) memcpy(block, file.data + brought, size);
		brought += size;
		ix_binaryfile_feed(&reader, (ix_bytes){block, size}, brought == file.size);
	}
	got.has_end_mark = ix_binaryfile_has_end_mark(&reader);
	got.compression = ix_binaryfile_compression(&reader);
	free(block);
	ix_binaryfile_reader_fini(&reader);
}

/* ---- a sink in memory ---- */

typedef struct memory {
	size_t size;
	size_t fails_at; /* bytes; 0: never */
	uint8_t bytes[ROOM];
} memory;

static int memory_sink(void *context, ix_bytes bytes, ix_error *err) {
	memory *m = context;
	if (m->fails_at && m->size + bytes.size > m->fails_at)
		return ix_fail(err, IX_ERR_NO_SPACE, "the disk is full");
	assert_true(bytes.size <= ROOM - m->size);
	memcpy(m->bytes + m->size, bytes.data, bytes.size);
	m->size += bytes.size;
	return 0;
}

/* Writes the samples `times` over; returns what came out. */
static memory file;
static ix_bytes write_days(ix_compression compression, size_t times, bool with_end_mark) {
	ix_binaryfile_writer *w;
	ix_binaryfile_writer_options options = {
		.compress = {compression, 1}, .sink = memory_sink, .context = &file};
	file.size = 0;
	file.fails_at = 0;
	assert_int_equal(ix_binaryfile_writer_new(ix_os_allocator(), &options, &w, NULL), 0);
	for (size_t t = 0; t < times; t++)
		for (size_t i = 0; i < IX_COUNT(itch_samples); i++)
			assert_int_equal(ix_binaryfile_write(w, itch_sample_bytes(i), NULL), 0);
	assert_int_equal(ix_binaryfile_finish(w, with_end_mark, NULL), 0);
	ix_binaryfile_writer_free(w);
	return (ix_bytes){file.bytes, file.size};
}

static const ix_compression compressions[] = {
	IX_COMPRESSION_NONE, IX_COMPRESSION_GZIP, IX_COMPRESSION_ZSTD, IX_COMPRESSION_XZ};
enum { COMPRESSIONS = IX_COUNT(compressions) };

static void reads_a_day_in_pieces_of_any_size(void **state) {
	(void)state;
	uint8_t day[ITCH_DAY_MAX];
	size_t size = itch_sample_day(day);
	for (size_t piece = 1; piece <= size + 1; piece++) {
		read_pieces((ix_bytes){day, size}, piece, NULL);
		assert_int_equal(got.code, 0);
		assert_int_equal(got.count, 23);
		assert_int_equal(got.size, size);
		assert_memory_equal(got.bytes, day, size);
		assert_false(got.has_end_mark);
	}
}

static void reads_the_layout_that_the_format_prints(void **state) {
	(void)state;
	static const char bytes[] = "\0\3abc\0\1d\0\0";
	read_pieces((ix_bytes){(const uint8_t *)bytes, sizeof(bytes) - 1}, 100, NULL);
	assert_int_equal(got.code, 0);
	assert_int_equal(got.count, 2);
	assert_memory_equal(got.bytes, bytes, 8);
	assert_true(got.has_end_mark);
}

static void an_empty_file_has_no_messages(void **state) {
	(void)state;
	read_pieces((ix_bytes){NULL, 0}, 1, NULL);
	assert_int_equal(got.code, 0);
	assert_int_equal(got.count, 0);
	assert_int_equal(got.compression, IX_COMPRESSION_NONE);
}

static void messages_of_a_whole_plain_piece_lie_in_it(void **state) {
	(void)state;
	uint8_t day[ITCH_DAY_MAX];
	size_t size = itch_sample_day(day), at = 0;
	ix_binaryfile_reader reader;
	assert_int_equal(ix_binaryfile_reader_init(&reader, ix_os_allocator(), NULL, NULL), 0);
	ix_binaryfile_feed(&reader, (ix_bytes){day, size}, true);
	ix_bytes message;
	while (ix_binaryfile_next(&reader, &message, NULL) == 0 && message.data) {
		assert_ptr_equal(message.data, day + at + 2);
		at += 2 + message.size;
	}
	assert_int_equal(at, size);
	assert_true(ix_binaryfile_is_ended(&reader));
	ix_binaryfile_reader_fini(&reader);
}

static void the_largest_message_crosses_every_piece(void **state) {
	(void)state;
	static uint8_t bytes[2 * (2 + 65535) + 3];
	memset(bytes, 'x', sizeof(bytes));
	ix_store_u16_be(bytes, 65535);
	ix_store_u16_be(bytes + 65537, 65535);
	ix_store_u16_be(bytes + 2 * 65537, 1);
	for (size_t piece = 4096; piece < sizeof(bytes); piece += 12345) {
		read_pieces((ix_bytes){bytes, sizeof(bytes)}, piece, NULL);
		assert_int_equal(got.code, 0);
		assert_int_equal(got.count, 3);
		assert_memory_equal(got.bytes, bytes, sizeof(bytes));
	}
}

static void a_window_begins_with_a_whole_message_and_moves_as_told(void **state) {
	(void)state;
	uint8_t day[ITCH_DAY_MAX], seen[ITCH_DAY_MAX];
	size_t size = itch_sample_day(day), total = 0;
	ix_bytes gz = write_days(IX_COMPRESSION_GZIP, 1, false), window = {NULL, 0};
	ix_binaryfile_reader reader;
	assert_int_equal(ix_binaryfile_reader_init(&reader, ix_os_allocator(), NULL, NULL), 0);
	for (size_t fed = 0; !ix_binaryfile_is_ended(&reader);) {
		assert_int_equal(ix_binaryfile_window(&reader, &window, NULL), 0);
		if (window.size == 0) {
			if (ix_binaryfile_is_ended(&reader)) break;
			size_t piece = ix_size_min(50, gz.size - fed);
			ix_binaryfile_feed(&reader, (ix_bytes){gz.data + fed, piece}, fed + piece == gz.size);
			fed += piece;
			continue;
		}
		size_t whole = 2 + (size_t)ix_load_u16_be(window.data);
		assert_true(whole <= window.size);
		assert_int_equal(ix_binaryfile_offset(&reader), total);
		memcpy(seen + total, window.data, whole); /* one at a time, though more may be there */
		ix_binaryfile_advance(&reader, whole);
		total += whole;
	}
	assert_int_equal(total, size);
	assert_memory_equal(seen, day, size);
	ix_binaryfile_reader_fini(&reader);
}

/* ---- what is refused ---- */

static void a_file_cut_anywhere_but_between_messages_is_truncated(void **state) {
	(void)state;
	uint8_t day[ITCH_DAY_MAX];
	size_t size = itch_sample_day(day), start = 0, count = 0;
	for (size_t cut = 0; cut < size; cut++) {
		if (cut == start + 2 + itch_samples[count].size) {
			start = cut;
			count++;
		}
		for (size_t piece = 1; piece < 80; piece += 13) {
			read_pieces((ix_bytes){day, cut}, piece, NULL);
			assert_int_equal(got.count, count);
			assert_int_equal(got.code, cut == start ? 0 : IX_ERR_TRUNCATED);
			if (cut == start) continue;
			char expected[120];
			if (cut == start + 1)
				(void)snprintf(expected, sizeof(expected),
					"offset %zu: the file ends inside a length prefix", start);
			else
				(void)snprintf(expected, sizeof(expected),
					"offset %zu: the file ends inside a message, %zu of %zu bytes are "
					"there",
					start, cut - start - 2, itch_samples[count].size);
			assert_string_equal(got.err.text, expected);
		}
	}
}

static void nothing_may_follow_the_end_mark(void **state) {
	(void)state;
	static const char bytes[] = "\0\1a\0\0\0\1b";
	for (size_t piece = 1; piece < 9; piece++) {
		read_pieces((ix_bytes){(const uint8_t *)bytes, 5}, piece, NULL);
		assert_int_equal(got.code, 0);
		assert_true(got.has_end_mark);
		read_pieces((ix_bytes){(const uint8_t *)bytes, 8}, piece, NULL);
		assert_int_equal(got.code, IX_ERR_SYNTAX);
		assert_int_equal(got.count, 1);
		assert_string_equal(got.err.text, "offset 5: bytes follow the end-of-session mark");
	}
}

/* ---- compressed ---- */

static void each_compression_comes_back_and_is_found_out(void **state) {
	(void)state;
	uint8_t day[ITCH_DAY_MAX];
	size_t size = itch_sample_day(day);
	for (size_t c = 0; c < COMPRESSIONS; c++) {
		if (!ix_compression_is_built(compressions[c])) continue;
		for (size_t piece = 1; piece < 1000; piece *= 3) {
			read_pieces(write_days(compressions[c], 300, piece & 1), piece, NULL);
			assert_int_equal(got.code, 0);
			assert_int_equal(got.compression, compressions[c]);
			assert_int_equal(got.count, 300 * 23);
			assert_true(got.has_end_mark == (piece & 1));
			for (size_t t = 0; t < 300; t++) assert_memory_equal(got.bytes + t * size, day, size);
		}
	}
}

static void members_in_a_row_are_one_file(void **state) {
	(void)state;
	static uint8_t twice[100000];
	for (size_t c = 1; c < COMPRESSIONS; c++) {
		if (!ix_compression_is_built(compressions[c])) continue;
		ix_bytes one = write_days(compressions[c], 3, false);
		memcpy(twice, one.data, one.size);
		memcpy(twice + one.size, one.data, one.size);
		for (size_t piece = 1; piece < 3000; piece = piece * 5 + 2) {
			read_pieces((ix_bytes){twice, 2 * one.size}, piece, NULL);
			assert_int_equal(got.code, 0);
			assert_int_equal(got.count, 2 * 3 * 23);
		}
	}
}

static void a_compressed_file_cut_anywhere_is_truncated(void **state) {
	(void)state;
	for (size_t c = 1; c < COMPRESSIONS; c++) {
		if (!ix_compression_is_built(compressions[c])) continue;
		ix_bytes whole = write_days(compressions[c], 1, true);
		for (size_t cut = 2; cut < whole.size; cut++) {
			read_pieces((ix_bytes){whole.data, cut}, 61, NULL);
			assert_int_equal(got.code, IX_ERR_TRUNCATED);
			char expected[64];
			(void)snprintf(expected, sizeof(expected), ": compressed offset %zu: the ", cut);
			assert_int_equal(strncmp(got.err.text, "offset ", 7), 0);
			assert_non_null(strstr(got.err.text, expected));
		}
	}
}

static void a_damaged_compressed_file_never_gives_other_messages_silently(void **state) {
	(void)state;
	static uint8_t bad[100000];
	uint8_t day[ITCH_DAY_MAX];
	size_t size = itch_sample_day(day);
	for (size_t c = 1; c < COMPRESSIONS; c++) {
		if (!ix_compression_is_built(compressions[c])) continue;
		ix_bytes whole = write_days(compressions[c], 1, false);
		ix_decompress_options options = {.compression = compressions[c]};
		for (size_t bit = 0; bit < whole.size * 8; bit++) {
			memcpy(bad, whole.data, whole.size);
			bad[bit / 8] ^= (uint8_t)(1u << bit % 8);
			read_pieces((ix_bytes){bad, whole.size}, 4096, &options);
			if (got.code == 0) {
				assert_int_equal(got.size, size);
				assert_memory_equal(got.bytes, day, size);
			} else {
				assert_non_null(strstr(got.err.text, "offset "));
			}
		}
	}
}

static void the_reader_keeps_the_limits_it_is_given(void **state) {
	(void)state;
	ix_decompress_options options = {.output_max = 1000};
	read_pieces(write_days(IX_COMPRESSION_GZIP, 2, false), 100000, &options);
	assert_int_equal(got.code, IX_ERR_LIMIT);
	assert_non_null(strstr(got.err.text, "more than 1000 bytes after decompression"));
}

/* ---- writing ---- */

static void a_message_must_fit_its_prefix(void **state) {
	(void)state;
	static uint8_t large[65536];
	ix_binaryfile_writer *w;
	ix_binaryfile_writer_options options = {.sink = memory_sink, .context = &file};
	ix_error err = {0};
	file.size = 0;
	assert_int_equal(ix_binaryfile_writer_new(ix_os_allocator(), &options, &w, NULL), 0);
	assert_int_equal(ix_binaryfile_write(w, (ix_bytes){large, 0}, &err), IX_ERR_RANGE);
	assert_int_equal(ix_binaryfile_write(w, (ix_bytes){large, 65536}, &err), IX_ERR_RANGE);
	assert_string_equal(err.text, "a message of 65536 bytes does not fit a BinaryFILE, 1 to 65535 do");
	assert_int_equal(ix_binaryfile_write(w, (ix_bytes){large, 65535}, &err), 0);
	assert_int_equal(ix_binaryfile_finish(w, true, NULL), 0);
	ix_binaryfile_writer_free(w);
	assert_int_equal(file.size, 2 + 65535 + 2);
	assert_memory_equal(file.bytes, "\xff\xff", 2);
	assert_memory_equal(file.bytes + 65537, "\0\0", 2);
}

static void framed_bytes_go_through_as_they_are(void **state) {
	(void)state;
	static uint8_t framed[600000], copy[600000];
	for (size_t i = 0; i < sizeof(framed); i++) framed[i] = (uint8_t)(i * 7 >> 3);
	ix_binaryfile_writer *w;
	ix_binaryfile_writer_options options = {.sink = memory_sink, .context = &file};
	file.size = 0;
	assert_int_equal(ix_binaryfile_writer_new(ix_os_allocator(), &options, &w, NULL), 0);
	assert_int_equal(ix_binaryfile_write_framed(w, (ix_bytes){framed, 100}, NULL), 0);
	assert_int_equal(ix_binaryfile_write_framed(w, (ix_bytes){framed + 100, 300000}, NULL), 0);
	assert_int_equal(ix_binaryfile_write_framed(w, (ix_bytes){framed + 300100, 200000}, NULL), 0);
	assert_int_equal(ix_binaryfile_write_framed(w, (ix_bytes){framed + 500100, 99900}, NULL), 0);
	assert_int_equal(ix_binaryfile_finish(w, false, NULL), 0);
	ix_binaryfile_writer_free(w);
	memcpy(copy, file.bytes, sizeof(copy));
	assert_int_equal(file.size, sizeof(framed));
	assert_memory_equal(copy, framed, sizeof(framed));
}

static void a_flush_hands_over_what_was_written_so_far(void **state) {
	(void)state;
	ix_binaryfile_writer *w;
	ix_binaryfile_writer_options options = {.sink = memory_sink, .context = &file};
	file.size = 0;
	assert_int_equal(ix_binaryfile_writer_new(ix_os_allocator(), &options, &w, NULL), 0);
	assert_int_equal(ix_binaryfile_write(w, (ix_bytes){(const uint8_t *)"abc", 3}, NULL), 0);
	assert_int_equal(file.size, 0);
	assert_int_equal(ix_binaryfile_writer_flush(w, NULL), 0);
	assert_int_equal(file.size, 5);
	assert_int_equal(ix_binaryfile_writer_flush(w, NULL), 0); /* of nothing is nothing */
	assert_int_equal(ix_binaryfile_write(w, (ix_bytes){(const uint8_t *)"d", 1}, NULL), 0);
	assert_int_equal(ix_binaryfile_finish(w, false, NULL), 0);
	ix_binaryfile_writer_free(w);
	assert_int_equal(file.size, 8);
	assert_memory_equal(file.bytes, "\0\3abc\0\1d", 8);
}

static void the_sinks_error_comes_back(void **state) {
	(void)state;
	for (size_t c = 0; c < COMPRESSIONS; c++) {
		if (!ix_compression_is_built(compressions[c])) continue;
		ix_binaryfile_writer *w;
		ix_binaryfile_writer_options options = {
			.compress = {compressions[c], 1}, .sink = memory_sink, .context = &file};
		ix_error err = {0};
		file.size = 0;
		file.fails_at = 1;
		assert_int_equal(ix_binaryfile_writer_new(ix_os_allocator(), &options, &w, NULL), 0);
		int code = ix_binaryfile_write(w, itch_sample_bytes(0), &err);
		if (!code) code = ix_binaryfile_finish(w, false, &err);
		assert_int_equal(code, IX_ERR_NO_SPACE);
		assert_string_equal(err.text, "the disk is full");
		ix_binaryfile_writer_free(w);
	}
}

static void says_so_when_there_is_no_memory(void **state) {
	(void)state;
	for (uint64_t nth = 1; nth <= 3; nth++) {
		ix_alloc_probe probe;
		ix_binaryfile_reader reader = {0};
		ix_binaryfile_writer *w = NULL;
		ix_binaryfile_writer_options options = {
			.compress = {IX_COMPRESSION_GZIP, 1}, .sink = memory_sink, .context = &file};
		ix_alloc_probe_init(&probe, NULL);
		probe.fail_at = nth;
		int code = ix_binaryfile_reader_init(&reader, &probe.allocator, NULL, NULL);
		assert_int_equal(code, nth <= 2 ? IX_ERR_MEMORY : 0);
		ix_binaryfile_reader_fini(&reader);
		assert_int_equal(probe.live_blocks, 0);
		ix_alloc_probe_init(&probe, NULL);
		probe.fail_at = nth;
		assert_int_equal(
			ix_binaryfile_writer_new(&probe.allocator, &options, &w, NULL), IX_ERR_MEMORY);
		assert_null(w);
		assert_int_equal(probe.live_blocks, 0);
	}
}

IX_TESTS(test_binaryfile, cmocka_unit_test(reads_a_day_in_pieces_of_any_size),
	cmocka_unit_test(reads_the_layout_that_the_format_prints),
	cmocka_unit_test(an_empty_file_has_no_messages),
	cmocka_unit_test(messages_of_a_whole_plain_piece_lie_in_it),
	cmocka_unit_test(the_largest_message_crosses_every_piece),
	cmocka_unit_test(a_window_begins_with_a_whole_message_and_moves_as_told),
	cmocka_unit_test(a_file_cut_anywhere_but_between_messages_is_truncated),
	cmocka_unit_test(nothing_may_follow_the_end_mark),
	cmocka_unit_test(each_compression_comes_back_and_is_found_out),
	cmocka_unit_test(members_in_a_row_are_one_file),
	cmocka_unit_test(a_compressed_file_cut_anywhere_is_truncated),
	cmocka_unit_test(a_damaged_compressed_file_never_gives_other_messages_silently),
	cmocka_unit_test(the_reader_keeps_the_limits_it_is_given),
	cmocka_unit_test(a_message_must_fit_its_prefix),
	cmocka_unit_test(framed_bytes_go_through_as_they_are),
	cmocka_unit_test(a_flush_hands_over_what_was_written_so_far),
	cmocka_unit_test(the_sinks_error_comes_back), cmocka_unit_test(says_so_when_there_is_no_memory));
