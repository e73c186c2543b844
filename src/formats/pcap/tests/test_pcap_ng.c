/* Reading pcapng: sections, interfaces with their clocks, the kinds of packet blocks, blocks to be skipped,
 * and blocks that contradict themselves. */
#include <inox/pcap.h>
#include <inox/rng.h>

#include "build.h"

/* A block around what `body` holds. */
static void put_block(build *b, uint32_t type, const build *body) {
	size_t padding = (4 - body->size % 4) % 4, size = 12 + body->size + padding;
	put32(b, type), put32(b, size);
	put(b, body->data, body->size);
	put_zeros(b, padding);
	put32(b, size);
}

static void put_section(build *b) {
	build body = {.is_big_endian = b->is_big_endian};
	put32(&body, 0x1A2B3C4D), put16(&body, 1), put16(&body, 0), put64(&body, UINT64_MAX);
	put_block(b, 0x0A0D0D0A, &body);
}

/* resolution < 0: no option. */
static void put_interface(
	build *b, unsigned link_type, uint32_t snap_size, int resolution, int64_t offset_s) {
	build body = {.is_big_endian = b->is_big_endian};
	put16(&body, link_type), put16(&body, 0), put32(&body, snap_size);
	put16(&body, 2), put16(&body, 4),
		put(&body, "eth0", 4); /* if_name: an option that is of no interest */
	if (resolution >= 0)
		put16(&body, 9), put16(&body, 1), put(&body, &(uint8_t){(uint8_t)resolution}, 1),
			put_zeros(&body, 3);
	if (offset_s) put16(&body, 14), put16(&body, 8), put64(&body, (uint64_t)offset_s);
	put32(&body, 0);
	put_block(b, 1, &body);
}

static void put_packet(build *b, uint32_t interface, uint64_t units, const char *data, uint32_t original) {
	build body = {.is_big_endian = b->is_big_endian};
	put32(&body, interface), put32(&body, units >> 32), put32(&body, units & UINT32_MAX);
	put32(&body, strlen(data)), put32(&body, original), put(&body, data, strlen(data));
	put_block(b, 6, &body);
}

static void start(build *b, bool is_big_endian) {
	*b = (build){.is_big_endian = is_big_endian};
	put_section(b);
}

static ix_pcap_packet expect_packet(ix_pcap_reader *reader, const build *b) {
	ix_pcap_item item = {0};
	ix_error err = {0};
	if (ix_pcap_next_of(reader, built(b), &item, &err) != 0) fail_msg("%s", err.text);
	assert_int_equal(item.step, IX_PCAP_PACKET);
	return item.packet;
}

static void expect_end(ix_pcap_reader *reader, const build *b) {
	ix_pcap_item item;
	assert_int_equal(ix_pcap_next_of(reader, built(b), &item, NULL), 0);
	assert_int_equal(item.step, IX_PCAP_END);
}

static void expect_error(const build *b, int code, const char *text) {
	ix_pcap_reader reader;
	ix_pcap_reader_init(&reader, NULL);
	ix_pcap_item item = {0};
	ix_error err = {0};
	int got = 0;
	while (got == 0) {
		got = ix_pcap_next_of(&reader, built(b), &item, &err);
		if (got == 0 && item.step == IX_PCAP_END)
			fail_msg("the capture was read, expected: %s", text);
	}
	assert_string_equal(err.text, text);
	assert_int_equal(got, code);
}

static void reads_packets_of_several_interfaces_in_both_byte_orders(void **state) {
	(void)state;
	for (int big = 0; big < 2; big++) {
		build b;
		start(&b, big);
		put_interface(&b, 1, 0, -1, 0);  /* microseconds by default */
		put_interface(&b, 113, 0, 9, 0); /* nanoseconds */
		put_packet(&b, 1, 1700000000123456789, "abc", 3);
		put_packet(&b, 0, 1700000000123456, "hello", 100);
		ix_pcap_reader reader;
		ix_pcap_reader_init(&reader, NULL);
		ix_pcap_packet p = expect_packet(&reader, &b);
		assert_int_equal(p.time_ns, 1700000000123456789);
		assert_int_equal(p.interface, 1);
		assert_int_equal(p.link_type, 113);
		assert_memory_equal(p.data.data, "abc", 3);
		p = expect_packet(&reader, &b);
		assert_int_equal(p.time_ns, 1700000000123456000);
		assert_int_equal(p.link_type, 1);
		assert_int_equal(p.data.size, 5);
		assert_int_equal(p.original_size, 100);
		assert_int_equal(p.number, 2);
		expect_end(&reader, &b);
		assert_int_equal(reader.format, IX_PCAP_NG);
		assert_int_equal(reader.section_count, 1);
		assert_int_equal(reader.interface_count, 2);
	}
}

static void a_section_has_its_own_byte_order_and_interfaces(void **state) {
	(void)state;
	build b;
	start(&b, false);
	put_interface(&b, 1, 0, 9, 0);
	put_packet(&b, 0, 1, "one", 3);
	b.is_big_endian = true;
	put_section(&b);
	put_interface(&b, 276, 0, 3, 0); /* milliseconds */
	put_packet(&b, 0, 7, "two", 3);
	ix_pcap_reader reader;
	ix_pcap_reader_init(&reader, NULL);
	assert_int_equal(expect_packet(&reader, &b).time_ns, 1);
	ix_pcap_packet p = expect_packet(&reader, &b);
	assert_int_equal(p.time_ns, 7000000);
	assert_int_equal(p.link_type, 276);
	assert_int_equal(p.number, 2);
	expect_end(&reader, &b);
	assert_int_equal(reader.section_count, 2);
}

/* Expected values: units / resolution in exact rational arithmetic, times 10^9, rounded down. */
static void every_time_resolution_comes_out_in_nanoseconds(void **state) {
	(void)state;
	static const struct {
		int resolution;
		uint64_t units;
		int64_t time_ns;
	} cases[] = {
		{0, 1700000000, 1700000000000000000},
		{3, 1700000000123, 1700000000123000000},
		{9, 1700000000123456789, 1700000000123456789},
		{10, 17000000001234567899u, 1700000000123456789},
		{12, 1700000123456789999, 1700000123456789},
		{19, 9999999999999999999u, 999999999},
		{0x80, 5, 5000000000},
		{0x80 | 10, 1025, 1000976562},               /* 1 + 1/1024 s */
		{0x80 | 31, 4294967295, 1999999999},         /* 2 s less one unit of 0.47 ns */
		{0x80 | 32, 6442450944, 1500000000},         /* 1.5 * 2^32 */
		{0x80 | 32, 7301444403712, 1700000000119},   /* 1700 * 2^32 + 512 */
		{0x80 | 63, 4611686018427387904, 500000000}, /* 2^62 */
		{0x80 | 63, 9223372036854775807, 999999999},
	};
	for (size_t i = 0; i < IX_COUNT(cases); i++) {
		build b;
		start(&b, false);
		put_interface(&b, 1, 0, cases[i].resolution, 0);
		put_packet(&b, 0, cases[i].units, "x", 1);
		ix_pcap_reader reader;
		ix_pcap_reader_init(&reader, NULL);
		assert_int_equal(expect_packet(&reader, &b).time_ns, cases[i].time_ns);
	}
}

static void a_time_offset_is_added_in_seconds(void **state) {
	(void)state;
	build b;
	start(&b, true);
	put_interface(&b, 1, 0, 9, 1700000000);
	put_interface(&b, 1, 0, 9, -2);
	put_packet(&b, 0, 5, "x", 1);
	put_packet(&b, 1, 5, "x", 1);
	ix_pcap_reader reader;
	ix_pcap_reader_init(&reader, NULL);
	assert_int_equal(expect_packet(&reader, &b).time_ns, 1700000000000000005);
	assert_int_equal(expect_packet(&reader, &b).time_ns, -1999999995);
}

static void simple_packets_have_no_time_and_the_snap_length_of_interface_0(void **state) {
	(void)state;
	build b;
	start(&b, false);
	put_interface(&b, 101, 4, -1, 0);
	build body = {0};
	put32(&body, 6), put(&body, "abcd", 4); /* 6 on the wire, 4 kept */
	put_block(&b, 3, &body);
	body = (build){0};
	put32(&body, 3), put(&body, "xyz", 3);
	put_block(&b, 3, &body);
	ix_pcap_reader reader;
	ix_pcap_reader_init(&reader, NULL);
	ix_pcap_packet p = expect_packet(&reader, &b);
	assert_false(p.has_time);
	assert_int_equal(p.time_ns, 0);
	assert_int_equal(p.link_type, 101);
	assert_int_equal(p.original_size, 6);
	assert_int_equal(p.data.size, 4);
	assert_memory_equal(p.data.data, "abcd", 4);
	p = expect_packet(&reader, &b);
	assert_int_equal(p.data.size, 3);
	assert_memory_equal(p.data.data, "xyz", 3);
	expect_end(&reader, &b);
}

static void obsolete_packet_blocks_are_read(void **state) {
	(void)state;
	build b;
	start(&b, true);
	put_interface(&b, 1, 0, -1, 0);
	put_interface(&b, 228, 0, -1, 0);
	build body = {.is_big_endian = true};
	put16(&body, 1), put16(&body, 12 /* drops */), put32(&body, 0), put32(&body, 77), put32(&body, 2),
		put32(&body, 8);
	put(&body, "hi", 2);
	put_block(&b, 2, &body);
	ix_pcap_reader reader;
	ix_pcap_reader_init(&reader, NULL);
	ix_pcap_packet p = expect_packet(&reader, &b);
	assert_int_equal(p.interface, 1);
	assert_int_equal(p.link_type, 228);
	assert_int_equal(p.time_ns, 77000);
	assert_int_equal(p.original_size, 8);
	assert_memory_equal(p.data.data, "hi", 2);
}

/* A capture with something of everything, in front of and between its two packets blocks that are not
 * packets. */
static void put_everything(build *b, bool is_big_endian) {
	start(b, is_big_endian);
	build body = {.is_big_endian = is_big_endian};
	put_zeros(&body, 60);
	put_block(b, 0x80000001, &body); /* someone's own */
	put_interface(b, 1, 0, 9, 3);
	put_packet(b, 0, 1, "hello", 5);
	put_block(b, 5, &body); /* interface statistics */
	body.size = 0;
	put_block(b, 4, &body); /* name resolution, empty */
	put_packet(b, 0, 2, "hello", 5);
}

static void other_blocks_are_skipped_and_counted(void **state) {
	(void)state;
	build b;
	put_everything(&b, false);
	ix_pcap_reader reader;
	/* The limit on blocks is for those that have to be held as a whole. */
	ix_pcap_reader_init(&reader, &(ix_pcap_options){.block_size_max = 52});
	assert_int_equal(expect_packet(&reader, &b).time_ns, 3000000001);
	assert_int_equal(expect_packet(&reader, &b).time_ns, 3000000002);
	expect_end(&reader, &b);
	assert_int_equal(reader.skipped_block_count, 3);
}

static void pieces_of_any_size_read_as_the_whole(void **state) {
	(void)state;
	for (int big = 0; big < 2; big++) {
		build b;
		put_everything(&b, big);
		for (size_t piece = 1; piece <= b.size; piece++) {
			ix_pcap_reader reader;
			ix_pcap_reader_init(&reader, NULL);
			size_t from = 0, to = 0, packets = 0;
			for (;;) {
				ix_pcap_item item;
				ix_bytes input = {b.data + from, to - from};
				assert_int_equal(ix_pcap_next(&reader, input, to == b.size, &item, NULL), 0);
				from += item.used;
				if (item.step == IX_PCAP_END) break;
				if (item.step == IX_PCAP_PACKET) {
					packets++;
					assert_int_equal(item.packet.time_ns, 3000000000 + (int64_t)packets);
					assert_memory_equal(item.packet.data.data, "hello", 5);
				} else {
					assert_true(to < b.size && reader.wanted > to - from);
					to = ix_size_min(b.size, to + piece);
				}
			}
			assert_int_equal(packets, 2);
			assert_int_equal(reader.skipped_block_count, 3);
		}
	}
}

static void every_truncation_inside_a_block_is_an_error(void **state) {
	(void)state;
	build b;
	put_everything(&b, false);
	size_t ends = 0;
	for (size_t size = 0; size < b.size; size++) {
		ix_pcap_reader reader;
		ix_pcap_reader_init(&reader, NULL);
		ix_pcap_item item = {.step = IX_PCAP_PACKET};
		ix_error err = {0};
		int code = 0;
		while (code == 0 && item.step == IX_PCAP_PACKET)
			code = ix_pcap_next_of(&reader, (ix_bytes){b.data, size}, &item, &err);
		ends += code == 0;
		if (code == 0) continue;
		assert_int_equal(code, IX_ERR_TRUNCATED);
		assert_memory_equal(err.text, "offset ", 7);
	}
	assert_int_equal(ends, 6); /* the places between the 7 blocks */
}

static void blocks_that_contradict_themselves_are_refused(void **state) {
	(void)state;
	build b;
	start(&b, false);
	b.data[4] = 32; /* the length in front, not the one behind */
	put_zeros(&b, 4);
	expect_error(&b, IX_ERR_SYNTAX, "offset 0: the block's length is 32 at its start and 0 at its end");
	start(&b, false);
	b.data[4] = 30;
	expect_error(&b, IX_ERR_SYNTAX, "offset 0: a block of 30 bytes, not a multiple of 4 from 12 on");
	start(&b, false);
	b.data[8] = 0;
	expect_error(&b, IX_ERR_SYNTAX, "offset 0: a section header without a byte-order mark");
	start(&b, false);
	b.data[12] = 2;
	expect_error(&b, IX_ERR_VERSION, "offset 12: pcapng version 2.0 is not read, only 1.x");
	start(&b, false);
	build body = {0};
	put_zeros(&body, 4);
	put_block(&b, 1, &body);
	expect_error(&b, IX_ERR_SYNTAX,
		"offset 28: an interface description block of 16 bytes, less than its least of 20");
	start(&b, false);
	put_block(&b, 77, &body);
	b.data[b.size - 4] = 20;
	expect_error(&b, IX_ERR_SYNTAX, "offset 28: the block's length is 16 at its start and 20 at its end");
}

static void packets_that_contradict_their_block_are_refused(void **state) {
	(void)state;
	build b;
	start(&b, false);
	put_packet(&b, 0, 1, "x", 1);
	expect_error(
		&b, IX_ERR_SYNTAX, "offset 28: a packet of interface 0, where the section has described 0");
	start(&b, false);
	put_interface(&b, 1, 0, -1, 0); /* 12 + 8 + 8 + 4 = 32 bytes, so the packet is at 60 */
	put_packet(&b, 1, 1, "x", 1);
	expect_error(
		&b, IX_ERR_SYNTAX, "offset 60: a packet of interface 1, where the section has described 1");
	start(&b, false);
	put_interface(&b, 1, 0, -1, 0);
	put_packet(&b, 0, 1, "x", 1);
	b.data[60 + 20] = 5; /* one word of data holds 4 */
	expect_error(&b, IX_ERR_SYNTAX, "offset 60: 5 captured bytes in a block of 36");
	start(&b, false);
	put_interface(&b, 1, 0, 0, 0); /* seconds; 8 more bytes for the option */
	put_packet(&b, 0, UINT64_C(9223372037), "x", 1);
	expect_error(
		&b, IX_ERR_RANGE, "offset 68: the packet's time stamp lies beyond the years 1678 to 2262");
}

static void interface_options_are_checked(void **state) {
	(void)state;
	build b;
	start(&b, false);
	put_interface(&b, 1, 0, 20, 0); /* the option lies at 28 + 16 + 8 */
	expect_error(&b, IX_ERR_RANGE, "offset 52: a time resolution of 10 to the power of -20");
	start(&b, false);
	put_interface(&b, 1, 0, 0x80 | 64, 0);
	expect_error(&b, IX_ERR_RANGE, "offset 52: a time resolution of 2 to the power of -64");
	start(&b, false);
	put_interface(&b, 1, 0, 9, 0);
	b.data[54] = 2;
	expect_error(&b, IX_ERR_SYNTAX, "offset 52: interface option 9 has 2 bytes, not 1");
	b.data[54] = 200;
	expect_error(&b, IX_ERR_SYNTAX, "offset 52: interface option 9 runs past its block");
}

static void limits_hold_at_their_edges(void **state) {
	(void)state;
	build b;
	start(&b, false);
	for (int i = 0; i < IX_PCAP_INTERFACE_MAX; i++) put_interface(&b, 1, 0, -1, 0);
	size_t at = b.size;
	put_packet(&b, IX_PCAP_INTERFACE_MAX - 1, 1, "x", 1);
	ix_pcap_reader reader;
	ix_pcap_reader_init(&reader, NULL);
	assert_int_equal(expect_packet(&reader, &b).interface, IX_PCAP_INTERFACE_MAX - 1);
	b.size = at;
	put_interface(&b, 1, 0, -1, 0);
	char text[96];
	snprintf(text, sizeof text, "offset %zu: more than 256 interfaces in one section", at);
	expect_error(&b, IX_ERR_LIMIT, text);

	start(&b, false);
	put_interface(&b, 1, 0, -1, 0);
	put_packet(&b, 0, 1, "hello", 5); /* a block of 40 bytes */
	for (uint32_t limit = 36; limit <= 40; limit += 4) {
		ix_pcap_reader_init(&reader, &(ix_pcap_options){.block_size_max = limit});
		ix_pcap_item item;
		ix_error err = {0};
		int code = ix_pcap_next_of(&reader, built(&b), &item, &err);
		assert_int_equal(code, limit == 40 ? 0 : IX_ERR_LIMIT);
		if (code)
			assert_string_equal(err.text,
				"offset 60: an enhanced packet block of 40 bytes, over the limit of 36");
	}
	for (uint32_t limit = 4; limit <= 5; limit++) {
		ix_pcap_reader_init(&reader, &(ix_pcap_options){.packet_size_max = limit});
		ix_pcap_item item;
		assert_int_equal(
			ix_pcap_next_of(&reader, built(&b), &item, NULL), limit == 5 ? 0 : IX_ERR_LIMIT);
	}
}

/* Small captures of both kinds with bytes changed, cut anywhere. */
static void any_bytes_are_packets_or_an_error_with_an_offset(void **state) {
	(void)state;
	ix_rng rng;
	ix_rng_seed(&rng, ix_testing_seed());
	static build kinds[3];
	put_everything(&kinds[0], false);
	put_everything(&kinds[1], true);
	put32(&kinds[2], 0xa1b23c4d), put16(&kinds[2], 2), put16(&kinds[2], 4), put64(&kinds[2], 0),
		put64(&kinds[2], 65535 | UINT64_C(1) << 32);
	for (int i = 0; i < 4; i++)
		put32(&kinds[2], 7), put32(&kinds[2], 8), put32(&kinds[2], 5), put32(&kinds[2], 9),
			put(&kinds[2], "hello", 5);
	uint64_t rounds = ix_testing_long() ? 1000000 : 100000, whole_count = 0, packet_count = 0;
	for (uint64_t i = 0; i < rounds; i++) {
		const build *b = &kinds[i % 3];
		size_t size = ix_rng_below(&rng, 2) ? b->size : (size_t)ix_rng_below(&rng, b->size + 1);
		uint8_t *exact = malloc(size ? size : 1); /* so that a step outside is seen */
		memcpy(exact, b->data, size);
		for (uint64_t n = ix_rng_below(&rng, 4); n > 0 && size > 0; n--)
			exact[ix_rng_below(&rng, size)] =
				(uint8_t)(ix_rng_below(&rng, 2) ? ix_rng_below(&rng, 64) : ix_rng_u64(&rng));
		static ix_pcap_reader reader;
		ix_pcap_reader_init(&reader, NULL);
		ix_pcap_item item = {0};
		ix_error err = {0};
		int code = 0;
		do {
			code = ix_pcap_next_of(&reader, (ix_bytes){exact, size}, &item, &err);
			if (code || item.step != IX_PCAP_PACKET) break;
			const ix_pcap_packet *p = &item.packet;
			assert_true(p->data.data >= exact &&
				    p->data.size <= size - (size_t)(p->data.data - exact));
			packet_count++;
		} while (true);
		if (code)
			assert_memory_equal(err.text, "offset ", 7);
		else
			whole_count++;
		free(exact);
	}
	assert_true(whole_count > rounds / 10 && packet_count > rounds / 2);
}

IX_TESTS(test_pcap_ng, cmocka_unit_test(reads_packets_of_several_interfaces_in_both_byte_orders),
	cmocka_unit_test(a_section_has_its_own_byte_order_and_interfaces),
	cmocka_unit_test(every_time_resolution_comes_out_in_nanoseconds),
	cmocka_unit_test(a_time_offset_is_added_in_seconds),
	cmocka_unit_test(simple_packets_have_no_time_and_the_snap_length_of_interface_0),
	cmocka_unit_test(obsolete_packet_blocks_are_read),
	cmocka_unit_test(other_blocks_are_skipped_and_counted),
	cmocka_unit_test(pieces_of_any_size_read_as_the_whole),
	cmocka_unit_test(every_truncation_inside_a_block_is_an_error),
	cmocka_unit_test(blocks_that_contradict_themselves_are_refused),
	cmocka_unit_test(packets_that_contradict_their_block_are_refused),
	cmocka_unit_test(interface_options_are_checked), cmocka_unit_test(limits_hold_at_their_edges),
	cmocka_unit_test(any_bytes_are_packets_or_an_error_with_an_offset));
