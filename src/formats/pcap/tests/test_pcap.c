/* Reading classic pcap: formats and byte orders, pieces as they come, limits, and files that are cut or
 * wrong. And writing all three formats. */
#include <inox/pcap.h>

#include "build.h"

/* One packet of 5 bytes at 1,700,000,000.000123(456) s, 9 bytes on the wire; one of none at 1,700,000,001 s.
 */
static void put_capture(build *b, bool is_big_endian, bool is_nano) {
	*b = (build){.is_big_endian = is_big_endian};
	put32(b, is_nano ? 0xa1b23c4d : 0xa1b2c3d4);
	put16(b, 2), put16(b, 4);
	put32(b, 0), put32(b, 0), put32(b, 65535), put32(b, 1);
	put32(b, 1700000000), put32(b, is_nano ? 123456 : 123), put32(b, 5), put32(b, 9), put(b, "hello", 5);
	put32(b, 1700000001), put32(b, 0), put32(b, 0), put32(b, 0);
}

static void assert_error(ix_bytes bytes, int code, const char *text) {
	ix_pcap_reader reader;
	ix_pcap_reader_init(&reader, NULL);
	ix_pcap_item item = {0};
	ix_error err = {0};
	int got = 0;
	for (int i = 0; got == 0 && i < 1000; i++) {
		got = ix_pcap_next_of(&reader, bytes, &item, &err);
		if (got == 0 && item.step == IX_PCAP_END)
			fail_msg("the capture was read, expected: %s", text);
	}
	assert_string_equal(err.text, text);
	assert_int_equal(got, code);
	assert_int_equal(ix_pcap_next_of(&reader, bytes, &item, NULL), code);
}

static void reads_both_byte_orders_and_both_resolutions(void **state) {
	(void)state;
	for (int i = 0; i < 4; i++) {
		bool is_nano = i & 2;
		build b;
		put_capture(&b, i & 1, is_nano);
		ix_pcap_reader reader;
		ix_pcap_reader_init(&reader, NULL);
		ix_pcap_item item;
		assert_int_equal(ix_pcap_next_of(&reader, built(&b), &item, NULL), 0);
		assert_int_equal(item.step, IX_PCAP_PACKET);
		assert_int_equal(reader.format, is_nano ? IX_PCAP_NANOSECONDS : IX_PCAP_MICROSECONDS);
		assert_int_equal(reader.is_big_endian, i & 1);
		assert_int_equal(item.packet.time_ns, 1700000000000123000 + (is_nano ? 456 : 0));
		assert_true(item.packet.has_time);
		assert_int_equal(item.packet.data.size, 5);
		assert_memory_equal(item.packet.data.data, "hello", 5);
		assert_int_equal(item.packet.original_size, 9);
		assert_int_equal(item.packet.link_type, 1);
		assert_int_equal(item.packet.offset, 24);
		assert_int_equal(item.packet.number, 1);
		assert_int_equal(item.used, 24 + 16 + 5);
		assert_int_equal(ix_pcap_next_of(&reader, built(&b), &item, NULL), 0);
		assert_int_equal(item.step, IX_PCAP_PACKET);
		assert_int_equal(item.packet.time_ns, 1700000001000000000);
		assert_int_equal(item.packet.data.size, 0);
		assert_int_equal(item.packet.number, 2);
		assert_int_equal(item.packet.offset, 45);
		assert_int_equal(ix_pcap_next_of(&reader, built(&b), &item, NULL), 0);
		assert_int_equal(item.step, IX_PCAP_END);
		assert_int_equal(reader.offset, b.size);
	}
}

static void a_capture_without_packets_is_one(void **state) {
	(void)state;
	build b;
	put_capture(&b, false, false);
	ix_pcap_reader reader;
	ix_pcap_reader_init(&reader, NULL);
	ix_pcap_item item;
	assert_int_equal(ix_pcap_next_of(&reader, (ix_bytes){b.data, 24}, &item, NULL), 0);
	assert_int_equal(item.step, IX_PCAP_END);
}

static void the_upper_half_of_the_link_type_field_is_not_the_link_type(void **state) {
	(void)state;
	build b;
	put_capture(&b, false, false);
	b.data[23] = 0x24; /* "frame check sequences of 2 words" */
	ix_pcap_reader reader;
	ix_pcap_reader_init(&reader, NULL);
	ix_pcap_item item;
	assert_int_equal(ix_pcap_next_of(&reader, built(&b), &item, NULL), 0);
	assert_int_equal(item.packet.link_type, 1);
}

static void a_packet_longer_than_the_wire_said_counts_as_captured(void **state) {
	(void)state;
	build b;
	put_capture(&b, false, false);
	b.data[24 + 12] = 2; /* original length below the captured 5 */
	ix_pcap_reader reader;
	ix_pcap_reader_init(&reader, NULL);
	ix_pcap_item item;
	assert_int_equal(ix_pcap_next_of(&reader, built(&b), &item, NULL), 0);
	assert_int_equal(item.packet.original_size, 5);
}

/* Reads with pieces of `piece` new bytes at a time, and says how many packets came. */
static size_t read_in_pieces(ix_bytes whole, size_t piece) {
	ix_pcap_reader reader;
	ix_pcap_reader_init(&reader, NULL);
	size_t from = 0, to = 0, packets = 0;
	for (;;) {
		ix_pcap_item item;
		bool is_last = to == whole.size;
		assert_int_equal(
			ix_pcap_next(&reader, (ix_bytes){whole.data + from, to - from}, is_last, &item, NULL),
			0);
		from += item.used;
		assert_int_equal(reader.offset, from);
		if (item.step == IX_PCAP_END) return packets;
		if (item.step == IX_PCAP_PACKET) {
			packets++;
			if (packets == 1) assert_memory_equal(item.packet.data.data, "hello", 5);
			continue;
		}
		assert_true(reader.wanted > to - from);
		to = ix_size_min(whole.size, to + piece);
	}
}

static void pieces_of_any_size_read_as_the_whole(void **state) {
	(void)state;
	for (int i = 0; i < 4; i++) {
		build b;
		put_capture(&b, i & 1, i & 2);
		for (size_t piece = 1; piece <= b.size; piece++)
			assert_int_equal(read_in_pieces(built(&b), piece), 2);
	}
}

static void every_truncation_is_an_error_with_its_offset(void **state) {
	(void)state;
	build b;
	put_capture(&b, false, false);
	for (size_t size = 0; size < b.size; size++) {
		if (size == 24 || size == 45) continue; /* between records: a shorter capture */
		char text[128];
		snprintf(text, sizeof text,
			"offset %d: the capture ends inside %s: %zu of its %d bytes are there",
			size < 24   ? 0
			: size < 45 ? 24
				    : 45,
			size < 24                 ? "its file header"
			: size < 40 || size >= 45 ? "a record's header"
						  : "a record",
			size < 24   ? size
			: size < 45 ? size - 24
				    : size - 45,
			size < 4                  ? 4
			: size < 24               ? 24
			: size < 40 || size >= 45 ? 16
						  : 21);
		assert_error((ix_bytes){b.data, size}, IX_ERR_TRUNCATED, text);
	}
}

static void what_is_no_capture_is_named(void **state) {
	(void)state;
	static const uint8_t gzip[] = {0x1f, 0x8b, 0x08, 0x00, 0, 0, 0, 0};
	assert_error((ix_bytes){gzip, sizeof gzip}, IX_ERR_SYNTAX,
		"offset 0: neither pcap nor pcapng: it starts with 1f 8b 08 00");
	static const uint8_t modified[] = {0x34, 0xcd, 0xb2, 0xa1};
	assert_error((ix_bytes){modified, 4}, IX_ERR_UNSUPPORTED,
		"offset 0: the modified pcap of old Linux systems is not read");
	build b;
	put_capture(&b, false, false);
	b.data[4] = 3;
	assert_error(built(&b), IX_ERR_VERSION, "offset 4: pcap version 3.4 is not read, only 2.x");
}

static void tells_captures_by_their_first_bytes(void **state) {
	(void)state;
	assert_true(ix_pcap_is_capture(ix_str_bytes(IX_STR("\xd4\xc3\xb2\xa1"))));
	assert_true(ix_pcap_is_capture(ix_str_bytes(IX_STR("\xa1\xb2\x3c\x4d..."))));
	assert_true(ix_pcap_is_capture(ix_str_bytes(IX_STR("\x0a\x0d\x0d\x0a"))));
	assert_false(ix_pcap_is_capture(ix_str_bytes(IX_STR("\x0a\x0d\x0d"))));
	assert_false(ix_pcap_is_capture(ix_str_bytes(IX_STR("\x1f\x8b\x08\x00"))));
}

static void the_packet_limit_holds_at_its_edge(void **state) {
	(void)state;
	build b;
	put_capture(&b, false, false);
	for (uint32_t limit = 4; limit <= 5; limit++) {
		ix_pcap_reader reader;
		ix_pcap_reader_init(&reader, &(ix_pcap_options){.packet_size_max = limit});
		ix_pcap_item item;
		ix_error err = {0};
		int code = ix_pcap_next_of(&reader, built(&b), &item, &err);
		assert_int_equal(code, limit == 5 ? 0 : IX_ERR_LIMIT);
		if (limit == 4)
			assert_string_equal(
				err.text, "offset 24: a packet of 5 captured bytes, over the limit of 4");
	}
}

static void writes_what_it_reads_in_all_formats(void **state) {
	(void)state;
	static const ix_pcap_format formats[] = {IX_PCAP_MICROSECONDS, IX_PCAP_NANOSECONDS, IX_PCAP_NG};
	for (size_t f = 0; f < IX_COUNT(formats); f++) {
		static uint8_t out[4096];
		ix_writer w = ix_writer_of(out, sizeof out);
		ix_pcap_write_start(&w, formats[f], 276);
		assert_true(w.size <= IX_PCAP_START_SIZE_MAX);
		for (uint32_t size = 0; size < 9; size++) {
			size_t before = w.size;
			ix_pcap_write_packet(&w, formats[f], 1700000000123456789 + size,
				(ix_bytes){(const uint8_t *)"abcdefghi", size}, size * 2);
			assert_true(w.size - before <= size + IX_PCAP_RECORD_EXTRA_MAX);
		}
		assert_false(w.failed);
		ix_pcap_reader reader;
		ix_pcap_reader_init(&reader, NULL);
		ix_pcap_item item;
		for (uint32_t size = 0; size < 9; size++) {
			assert_int_equal(ix_pcap_next_of(&reader, (ix_bytes){out, w.size}, &item, NULL), 0);
			assert_int_equal(item.step, IX_PCAP_PACKET);
			assert_int_equal(item.packet.data.size, size);
			assert_memory_equal(item.packet.data.data, "abcdefghi", size);
			assert_int_equal(item.packet.original_size, size * 2);
			assert_int_equal(item.packet.link_type, 276);
			assert_int_equal(item.packet.time_ns, formats[f] == IX_PCAP_MICROSECONDS
								      ? 1700000000123456000
								      : 1700000000123456789 + size);
		}
		assert_int_equal(ix_pcap_next_of(&reader, (ix_bytes){out, w.size}, &item, NULL), 0);
		assert_int_equal(item.step, IX_PCAP_END);
	}
}

static void writes_the_bytes_that_the_formats_define(void **state) {
	(void)state;
	/* 2 s and 3 ns after 1970; two bytes of a frame that had three; Ethernet. */
	static const uint8_t expected_pcap[] = {0x4d, 0x3c, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
		0, 4, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 'x', 'y'};
	uint8_t out[256];
	ix_writer w = ix_writer_of(out, sizeof out);
	ix_pcap_write_start(&w, IX_PCAP_NANOSECONDS, 1);
	ix_pcap_write_packet(&w, IX_PCAP_NANOSECONDS, 2000000003, (ix_bytes){(const uint8_t *)"xy", 2}, 3);
	assert_int_equal(w.size, sizeof expected_pcap);
	assert_memory_equal(out, expected_pcap, w.size);
	static const uint8_t expected_ng[] = {0x0a, 0x0d, 0x0d, 0x0a, 28, 0, 0, 0, 0x4d, 0x3c, 0x2b, 0x1a, 1,
		0, 0, 0, 255, 255, 255, 255, 255, 255, 255, 255, 28, 0, 0, 0, /* section */
		1, 0, 0, 0, 32, 0, 0, 0, 1, 0, 0, 0, 0, 0, 4, 0, 9, 0, 1, 0, 9, 0, 0, 0, 0, 0, 0, 0, 32, 0, 0,
		0, /* interface */
		6, 0, 0, 0, 36, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x03, 0x94, 0x35, 0x77, 2, 0, 0, 0, 3, 0, 0,
		0, 'x', 'y', 0, 0, 36, 0, 0, 0}; /* 2000000003 is 0x77359403 */
	w = ix_writer_of(out, sizeof out);
	ix_pcap_write_start(&w, IX_PCAP_NG, 1);
	ix_pcap_write_packet(&w, IX_PCAP_NG, 2000000003, (ix_bytes){(const uint8_t *)"xy", 2}, 3);
	assert_int_equal(w.size, sizeof expected_ng);
	assert_memory_equal(out, expected_ng, w.size);
}

static void what_a_format_cannot_hold_fails_the_writer(void **state) {
	(void)state;
	uint8_t out[256];
	for (int i = 0; i < 5; i++) {
		ix_writer w = ix_writer_of(out, i == 4 ? 20 : sizeof out);
		int64_t last = INT64_C(4294967295999999999); /* 2^32 - 1 s and a last nanosecond */
		if (i == 0) ix_pcap_write_packet(&w, IX_PCAP_NANOSECONDS, last, (ix_bytes){0}, 0);
		if (i == 1) ix_pcap_write_packet(&w, IX_PCAP_NANOSECONDS, last + 1, (ix_bytes){0}, 0);
		if (i == 2) ix_pcap_write_packet(&w, IX_PCAP_NG, last + 1, (ix_bytes){0}, 0);
		if (i == 3) ix_pcap_write_packet(&w, IX_PCAP_NG, -1, (ix_bytes){0}, 0);
		if (i == 4) ix_pcap_write_packet(&w, IX_PCAP_NG, 1, (ix_bytes){0}, 0);
		assert_int_equal(w.failed, i == 1 || i == 3 || i == 4);
	}
}

IX_TESTS(test_pcap, cmocka_unit_test(reads_both_byte_orders_and_both_resolutions),
	cmocka_unit_test(a_capture_without_packets_is_one),
	cmocka_unit_test(the_upper_half_of_the_link_type_field_is_not_the_link_type),
	cmocka_unit_test(a_packet_longer_than_the_wire_said_counts_as_captured),
	cmocka_unit_test(pieces_of_any_size_read_as_the_whole),
	cmocka_unit_test(every_truncation_is_an_error_with_its_offset),
	cmocka_unit_test(what_is_no_capture_is_named), cmocka_unit_test(tells_captures_by_their_first_bytes),
	cmocka_unit_test(the_packet_limit_holds_at_its_edge),
	cmocka_unit_test(writes_what_it_reads_in_all_formats),
	cmocka_unit_test(writes_the_bytes_that_the_formats_define),
	cmocka_unit_test(what_a_format_cannot_hold_fails_the_writer));
