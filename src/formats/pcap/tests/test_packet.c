/* Taking frames apart: link layers, tags, IPv4 and IPv6 with what they may carry, UDP and TCP, checksums,
 * frames that the capture cut short or that contradict themselves. And framing UDP. */
#include <inox/packet.h>
#include <inox/rng.h>

#include "build.h"

/* UDP 1000 -> 2000 with `payload`, no checksum. */
static void put_udp(build *b, const char *payload) {
	net16(b, 1000), net16(b, 2000), net16(b, 8 + (unsigned)strlen(payload)), net16(b, 0);
	put(b, payload, strlen(payload));
}

/* 10.0.0.1 -> 224.0.0.5 around what follows from `at` on, with right lengths and checksum. */
static size_t start_ipv4(build *b, unsigned protocol, unsigned fragment_bits, const char *options) {
	size_t at = b->size, option_size = strlen(options);
	net8(b, 0x45 + (unsigned)option_size / 4), net8(b, 0), net16(b, 0), net16(b, 0x1234),
		net16(b, fragment_bits);
	net8(b, 17), net8(b, protocol), net16(b, 0);
	net32(b, 0x0A000001), net32(b, 0xE0000005);
	put(b, options, option_size);
	return at;
}
static void end_ipv4(build *b, size_t at) {
	b->data[at + 2] = (uint8_t)((b->size - at) >> 8);
	b->data[at + 3] = (uint8_t)(b->size - at);
	uint32_t sum = 0;
	size_t header_size = (b->data[at] & 15u) * 4u;
	for (size_t i = 0; i < header_size; i += 2)
		sum += (uint32_t)(b->data[at + i] << 8 | b->data[at + i + 1]);
	sum = (sum & 0xFFFF) + (sum >> 16);
	sum = ~(sum + (sum >> 16));
	b->data[at + 10] = (uint8_t)(sum >> 8);
	b->data[at + 11] = (uint8_t)sum;
}
static void put_ipv4_udp(build *b, const char *payload) {
	size_t at = start_ipv4(b, 17, 0x4000, "");
	put_udp(b, payload);
	end_ipv4(b, at);
}
static void put_ethernet(build *b, unsigned ether_type) {
	put(b, "\x01\x00\x5e\x00\x00\x05\x02\x00\x00\x00\x00\x01", 12);
	net16(b, ether_type);
}

static ix_packet decode(unsigned link_type, const build *b) {
	ix_packet p;
	ix_error err = {0};
	if (ix_packet_decode((uint16_t)link_type, built(b), (uint32_t)b->size, true, &p, &err) != 0)
		fail_msg("%s", err.text);
	return p;
}
static void expect_error(unsigned link_type, const build *b, int code, const char *text) {
	ix_packet p;
	ix_error err = {0};
	assert_int_equal(
		ix_packet_decode((uint16_t)link_type, built(b), (uint32_t)b->size, true, &p, &err), code);
	assert_string_equal(err.text, text);
}
static void expect_hello(const ix_packet *p) {
	assert_int_equal(p->kind, IX_PACKET_UDP);
	assert_int_equal(p->source_port, 1000);
	assert_int_equal(p->destination_port, 2000);
	assert_int_equal(p->payload_size, 5);
	assert_int_equal(p->payload.size, 5);
	assert_memory_equal(p->payload.data, "hello", 5);
}

static void reads_udp_over_ipv4_over_ethernet(void **state) {
	(void)state;
	build b = {0};
	put_ethernet(&b, 0x0800);
	put_ipv4_udp(&b, "hello");
	ix_packet p = decode(IX_PACKET_LINK_ETHERNET, &b);
	expect_hello(&p);
	assert_int_equal(p.ip_version, 4);
	assert_int_equal(p.protocol, 17);
	assert_int_equal(p.hop_limit, 17);
	assert_int_equal(p.ether_type, 0x0800);
	assert_int_equal(p.vlan_count, 0);
	assert_int_equal(p.ip_check, IX_PACKET_CHECK_GOOD);
	assert_int_equal(p.transport_check, IX_PACKET_CHECK_NONE);
	assert_int_equal(p.payload_offset, 14 + 20 + 8);
	assert_memory_equal(p.source, "\x0a\0\0\x01\0\0\0\0\0\0\0\0\0\0\0\0", 16);
	assert_memory_equal(p.destination, "\xe0\0\0\x05\0\0\0\0\0\0\0\0\0\0\0\0", 16);
}

static void padding_and_trailers_behind_the_ip_packet_are_not_payload(void **state) {
	(void)state;
	build b = {0};
	put_ethernet(&b, 0x0800);
	put_ipv4_udp(&b, "hello");
	put(&b, "padding and a time stamp trailer", 32);
	ix_packet p = decode(IX_PACKET_LINK_ETHERNET, &b);
	expect_hello(&p);
}

static void reads_every_link_layer(void **state) {
	(void)state;
	static const struct {
		unsigned link_type;
		const char *header;
		size_t size;
	} cases[] = {
		{IX_PACKET_LINK_RAW, "", 0},
		{IX_PACKET_LINK_RAW_BSD, "", 0},
		{IX_PACKET_LINK_RAW_OPENBSD, "", 0},
		{IX_PACKET_LINK_IPV4, "", 0},
		{IX_PACKET_LINK_NULL, "\x02\0\0\0", 4},
		{IX_PACKET_LINK_NULL, "\0\0\0\x02", 4},
		{IX_PACKET_LINK_LOOP, "\0\0\0\x02", 4},
		{IX_PACKET_LINK_SLL, "\0\x04\0\x01\0\x06\x02\0\0\0\0\x01\0\0\x08\0", 16},
		{IX_PACKET_LINK_SLL2, "\x08\0\0\0\0\0\0\x02\0\x01\0\x06\x02\0\0\0\0\x01\0\0", 20},
		{IX_PACKET_LINK_SLL2, "\x81\0\0\0\0\0\0\x02\0\x01\0\x06\x02\0\0\0\0\x01\0\0\0\x07\x08\0", 24},
		{IX_PACKET_LINK_ETHERNET, "abcdefghijkl\x81\0\x30\x05\x08\0", 18},
		{IX_PACKET_LINK_ETHERNET, "abcdefghijkl\x88\xa8\x00\x05\x81\0\xff\xff\x08\0", 22},
		{IX_PACKET_LINK_ETHERNET,
			"abcdefghijkl\x91\0\x00\x01\x92\0\0\x02\x88\xa8\0\x03\x81\0\0\x04\x08\0", 30},
	};
	for (size_t i = 0; i < IX_COUNT(cases); i++) {
		build b = {0};
		put(&b, cases[i].header, cases[i].size);
		put_ipv4_udp(&b, "hello");
		ix_packet p = decode(cases[i].link_type, &b);
		expect_hello(&p);
		assert_int_equal(p.ether_type, 0x0800);
		assert_int_equal(p.vlan_count, i < 9 ? 0 : i < 11 ? 1 : i == 11 ? 2 : 4);
		if (i == 9) assert_int_equal(p.vlans[0], 7);
		if (i == 10) assert_int_equal(p.vlans[0], 5); /* the upper four bits are the priority */
		if (i == 11) assert_int_equal(p.vlans[1], 0xFFF);
		if (i == 12) assert_int_equal(p.vlans[3], 4);
	}
}

static void what_is_not_ip_is_something_else(void **state) {
	(void)state;
	build b = {0};
	put_ethernet(&b, 0x0806);
	put(&b, "arp", 3);
	ix_packet p = decode(IX_PACKET_LINK_ETHERNET, &b);
	assert_int_equal(p.kind, IX_PACKET_OTHER);
	assert_int_equal(p.ether_type, 0x0806);
	assert_int_equal(p.ip_version, 0);
	assert_int_equal(p.payload_size, 3);
	b = (build){0};
	put_ethernet(&b, 3); /* 802.3: a length */
	put(&b, "llc", 3);
	p = decode(IX_PACKET_LINK_ETHERNET, &b);
	assert_int_equal(p.kind, IX_PACKET_OTHER);
	assert_int_equal(p.ether_type, 0);
	b = (build){0};
	size_t at = start_ipv4(&b, 1, 0, "");
	put(&b, "ping", 4);
	end_ipv4(&b, at);
	p = decode(IX_PACKET_LINK_RAW, &b);
	assert_int_equal(p.kind, IX_PACKET_OTHER);
	assert_int_equal(p.protocol, 1);
	assert_memory_equal(p.payload.data, "ping", 4);
	b = (build){0};
	put(&b, "\x50", 1);
	assert_int_equal(decode(IX_PACKET_LINK_RAW, &b).kind, IX_PACKET_OTHER);
	expect_error(147, &b, IX_ERR_UNSUPPORTED, "offset 0: link type 147 is not read");
}

static void ipv4_options_are_stepped_over(void **state) {
	(void)state;
	build b = {0};
	size_t at = start_ipv4(&b, 17, 0, "\x01\x01\x01\x01\x01\x01\x01\x01");
	put_udp(&b, "hello");
	end_ipv4(&b, at);
	ix_packet p = decode(IX_PACKET_LINK_RAW, &b);
	expect_hello(&p);
	assert_int_equal(p.ip_check, IX_PACKET_CHECK_GOOD);
	b.data[20] ^= 1; /* an option byte is under the checksum too */
	p = decode(IX_PACKET_LINK_RAW, &b);
	assert_int_equal(p.ip_check, IX_PACKET_CHECK_BAD);
}

static void fragments_are_reported_as_such(void **state) {
	(void)state;
	static const unsigned bits[] = {0x2000, 0x2003, 0x0005}, offsets[] = {0, 24, 40};
	for (int i = 0; i < 3; i++) {
		build b = {0};
		size_t at = start_ipv4(&b, 17, bits[i], "");
		put_udp(&b, "hello");
		end_ipv4(&b, at);
		ix_packet p = decode(IX_PACKET_LINK_RAW, &b);
		assert_int_equal(p.kind, IX_PACKET_FRAGMENT);
		assert_int_equal(p.fragment_id, 0x1234);
		assert_int_equal(p.fragment_offset, offsets[i]);
		assert_int_equal(p.has_more_fragments, i < 2);
		assert_int_equal(p.payload_size, 13);
		assert_int_equal(p.source_port, 0);
	}
}

/* fe80::1 -> ff05::1 with headers of the given kinds in front of UDP "hello". */
static void put_ipv6(build *b, const char *extensions, size_t extension_size, unsigned first) {
	net32(b, 0x60000000), net16(b, (unsigned)extension_size + 13), net8(b, first), net8(b, 9);
	put(b, "\xfe\x80\0\0\0\0\0\0\0\0\0\0\0\0\0\x01\xff\x05\0\0\0\0\0\0\0\0\0\0\0\0\0\x01", 32);
	put(b, extensions, extension_size);
	put_udp(b, "hello");
}

static void reads_udp_over_ipv6_with_extension_headers(void **state) {
	(void)state;
	static const struct {
		unsigned first;
		const char *bytes;
		size_t size;
	} cases[] = {
		{17, "", 0}, {0, "\x11\0\0\0\0\0\0\0", 8},                          /* hop by hop */
		{60, "\x2b\x01\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x11\0\0\0\0\0\0\0", 24}, /* destination, routing */
		{51, "\x11\x02\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 16}, /* authentication, in words of 4 */
		{44, "\x11\0\0\0\0\0\0\x07", 8},                  /* a fragment that is the whole */
	};
	for (size_t i = 0; i < IX_COUNT(cases); i++) {
		build b = {0};
		put_ipv6(&b, cases[i].bytes, cases[i].size, cases[i].first);
		put(&b, "trailer", 7);
		ix_packet p = decode(IX_PACKET_LINK_RAW, &b);
		expect_hello(&p);
		assert_int_equal(p.ip_version, 6);
		assert_int_equal(p.protocol, 17);
		assert_int_equal(p.hop_limit, 9);
		assert_int_equal(p.ip_check, IX_PACKET_CHECK_NONE);
		assert_int_equal(p.destination[0], 0xFF);
	}
	build b = {0};
	put(&b, "\x1e\0\0\0", 4);
	put_ipv6(&b, "", 0, 17);
	ix_packet p = decode(IX_PACKET_LINK_NULL, &b);
	expect_hello(&p);
}

static void ipv6_fragments_and_ends_are_reported(void **state) {
	(void)state;
	build b = {0};
	put_ipv6(&b, "\x11\0\x00\x19\0\0\0\x07", 8, 44); /* offset 24, more follow */
	ix_packet p = decode(IX_PACKET_LINK_IPV6, &b);
	assert_int_equal(p.kind, IX_PACKET_FRAGMENT);
	assert_int_equal(p.fragment_offset, 24);
	assert_int_equal(p.fragment_id, 7);
	assert_true(p.has_more_fragments);
	assert_int_equal(p.protocol, 17);
	b = (build){0};
	put_ipv6(&b, "", 0, 59); /* no next header */
	p = decode(IX_PACKET_LINK_IPV6, &b);
	assert_int_equal(p.kind, IX_PACKET_OTHER);
	assert_int_equal(p.protocol, 59);
}

static void put_tcp(build *b, unsigned flags, const char *options, const char *payload) {
	size_t option_size = strlen(options);
	net16(b, 40000), net16(b, 80), net32(b, 0xFFFFFFF0), net32(b, 77),
		net8(b, (5 + (unsigned)option_size / 4) << 4);
	net8(b, flags), net16(b, 1024), net32(b, 0);
	put(b, options, option_size), put(b, payload, strlen(payload));
}

static void reads_tcp_with_options(void **state) {
	(void)state;
	build b = {0};
	size_t at = start_ipv4(&b, 6, 0, "");
	put_tcp(&b, 0x18, "\x01\x01\x01\x01", "abc");
	end_ipv4(&b, at);
	put(&b, "\0\0\0", 3);
	ix_packet p = decode(IX_PACKET_LINK_RAW, &b);
	assert_int_equal(p.kind, IX_PACKET_TCP);
	assert_int_equal(p.source_port, 40000);
	assert_int_equal(p.destination_port, 80);
	assert_int_equal(p.tcp_sequence, 0xFFFFFFF0);
	assert_int_equal(p.tcp_acknowledgement, 77);
	assert_int_equal(p.tcp_flags, IX_PACKET_TCP_PSH | IX_PACKET_TCP_ACK);
	assert_int_equal(p.tcp_window, 1024);
	assert_int_equal(p.tcp_options.size, 4);
	assert_int_equal(p.payload_size, 3);
	assert_memory_equal(p.payload.data, "abc", 3);
	assert_int_equal(p.transport_check, IX_PACKET_CHECK_BAD); /* 0 is not it */
}

/* Computed by hand: pseudo header 10.0.0.1 + 224.0.0.5 + 17 + 11, ports 1000 and 2000, length 11, "abc". */
static void checksums_are_verified(void **state) {
	(void)state;
	build b = {0};
	size_t at = start_ipv4(&b, 17, 0, "");
	put_udp(&b, "abc");
	end_ipv4(&b, at);
	/* 0a00+0001+e000+0005+0011+000b + 03e8+07d0+000b + 6162+6300 = 1BA47 -> BA48 -> ~ = 45B7 */
	b.data[26] = 0x45, b.data[27] = 0xB7;
	assert_int_equal(decode(IX_PACKET_LINK_RAW, &b).transport_check, IX_PACKET_CHECK_GOOD);
	b.data[30] ^= 0x80;
	assert_int_equal(decode(IX_PACKET_LINK_RAW, &b).transport_check, IX_PACKET_CHECK_BAD);
	ix_packet p;
	assert_int_equal(
		ix_packet_decode(IX_PACKET_LINK_RAW, built(&b), (uint32_t)b.size, false, &p, NULL), 0);
	assert_int_equal(p.transport_check, IX_PACKET_CHECK_NONE);
	assert_int_equal(p.ip_check, IX_PACKET_CHECK_NONE);
	/* What the capture cut cannot be checked. */
	assert_int_equal(ix_packet_decode(IX_PACKET_LINK_RAW, (ix_bytes){b.data, b.size - 1},
				 (uint32_t)b.size, true, &p, NULL),
		0);
	assert_int_equal(p.transport_check, IX_PACKET_CHECK_NONE);
	assert_int_equal(p.payload.size, 2);
	assert_int_equal(p.payload_size, 3);
}

static void lengths_that_contradict_each_other_are_refused(void **state) {
	(void)state;
	build b = {0};
	put_ethernet(&b, 0x0800);
	put_ipv4_udp(&b, "hello");
	b.data[14 + 3] = 34;
	expect_error(
		1, &b, IX_ERR_SYNTAX, "offset 14: IPv4's total length says 34 bytes, where the frame has 33");
	b.data[14 + 3] = 19;
	expect_error(
		1, &b, IX_ERR_SYNTAX, "offset 14: not an IPv4 header: version 4, header 20, total 19 bytes");
	b.data[14 + 3] = 32;
	expect_error(1, &b, IX_ERR_SYNTAX, "offset 34: UDP says 13 bytes, where the IP packet has 12");
	b.data[14 + 3] = 27;
	expect_error(
		1, &b, IX_ERR_TRUNCATED, "offset 34: a UDP header of 8 bytes, where the packet has 7 left");
	b.data[14 + 3] = 33;
	b.data[34 + 5] = 7;
	expect_error(1, &b, IX_ERR_SYNTAX, "offset 34: UDP says 7 bytes, where the IP packet has 13");
	b.data[14] = 0x35;
	expect_error(
		1, &b, IX_ERR_SYNTAX, "offset 14: not an IPv4 header: version 3, header 20, total 33 bytes");
	b.data[14] = 0x44;
	expect_error(
		1, &b, IX_ERR_SYNTAX, "offset 14: not an IPv4 header: version 4, header 16, total 33 bytes");
	b = (build){0};
	size_t at = start_ipv4(&b, 6, 0, "");
	put_tcp(&b, 0, "", "");
	end_ipv4(&b, at);
	b.data[32] = 0x40;
	expect_error(101, &b, IX_ERR_SYNTAX, "offset 20: a TCP header of 16 bytes");
	b.data[32] = 0x60;
	expect_error(101, &b, IX_ERR_TRUNCATED,
		"offset 20: a TCP header with options of 24 bytes, where the packet has 20 left");
	b = (build){0};
	put_ipv6(&b, "", 0, 17);
	b.data[5] = 14;
	expect_error(101, &b, IX_ERR_SYNTAX,
		"offset 0: IPv6's payload length says 14 bytes, where the frame has 13");
	b.data[0] = 0x50;
	expect_error(229, &b, IX_ERR_SYNTAX, "offset 0: not an IPv6 header: version 5");
}

static void lengths_left_to_the_network_card_mean_the_whole_frame(void **state) {
	(void)state;
	build b = {0};
	put_ipv4_udp(&b, "hello");
	b.data[2] = b.data[3] = 0;
	ix_packet p = decode(IX_PACKET_LINK_RAW, &b);
	expect_hello(&p);
	b.data[20 + 4] = b.data[20 + 5] = 0;
	p = decode(IX_PACKET_LINK_RAW, &b);
	expect_hello(&p);
}

static void limits_hold_at_their_edges(void **state) {
	(void)state;
	for (int tags = IX_PACKET_VLAN_MAX; tags <= IX_PACKET_VLAN_MAX + 1; tags++) {
		build b = {0};
		put_ethernet(&b, 0x8100);
		for (int i = 0; i < tags; i++) net16(&b, 1), net16(&b, i + 1 < tags ? 0x8100 : 0x0800);
		put_ipv4_udp(&b, "hello");
		if (tags == IX_PACKET_VLAN_MAX)
			assert_int_equal(decode(1, &b).vlan_count, IX_PACKET_VLAN_MAX);
		else
			expect_error(1, &b, IX_ERR_LIMIT, "offset 46: more than 8 VLAN tags");
	}
	for (int headers = IX_PACKET_EXTENSION_MAX; headers <= IX_PACKET_EXTENSION_MAX + 1; headers++) {
		char bytes[8 * (IX_PACKET_EXTENSION_MAX + 1)] = {0};
		for (int i = 0; i < headers; i++) bytes[8 * i] = i + 1 < headers ? 60 : 17;
		build b = {0};
		put_ipv6(&b, bytes, 8 * (size_t)headers, 60);
		if (headers == IX_PACKET_EXTENSION_MAX) {
			ix_packet p = decode(229, &b);
			expect_hello(&p);
		} else {
			expect_error(
				229, &b, IX_ERR_LIMIT, "offset 176: more than 16 IPv6 extension headers");
		}
	}
}

/* One frame of each kind that has an inside. */
static size_t put_sample(build *b, int which) {
	*b = (build){0};
	put_ethernet(b, which == 3 ? 0x86DD : 0x8100);
	if (which != 3) net16(b, 1), net16(b, 0x0800);
	size_t at =
		which == 3 ? 0 : start_ipv4(b, which == 1 ? 6 : 17, 0, which == 2 ? "\x01\x01\x01\x01" : "");
	if (which == 1) put_tcp(b, 2, "\x01\x01\x01\x01", "payload");
	if (which == 0 || which == 2) put_udp(b, "payload");
	if (which == 3) put_ipv6(b, "\x11\0\0\0\0\0\0\0", 8, 0);
	if (which != 3) end_ipv4(b, at);
	return b->size;
}

static void a_capture_that_cuts_a_frame_anywhere_is_never_an_error(void **state) {
	(void)state;
	for (int which = 0; which < 4; which++) {
		build b;
		size_t whole = put_sample(&b, which);
		size_t payload = which == 3 ? 5 : 7;
		for (size_t size = 0; size <= whole; size++) {
			ix_packet p;
			ix_error err = {0};
			assert_int_equal(ix_packet_decode(1, (ix_bytes){b.data, size}, (uint32_t)whole, true,
						 &p, &err),
				0);
			if (size < whole - payload) {
				assert_int_equal(p.kind, IX_PACKET_CUT);
			} else {
				assert_int_equal(p.kind, which == 1 ? IX_PACKET_TCP : IX_PACKET_UDP);
				assert_int_equal(p.payload_size, payload);
				assert_int_equal(p.payload.size, size - (whole - payload));
			}
		}
	}
}

static void a_frame_that_ends_too_early_on_the_wire_is_an_error(void **state) {
	(void)state;
	for (int which = 0; which < 4; which++) {
		build b;
		size_t whole = put_sample(&b, which);
		for (size_t size = 0; size < whole; size++) {
			ix_packet p;
			ix_error err = {0};
			int code =
				ix_packet_decode(1, (ix_bytes){b.data, size}, (uint32_t)size, true, &p, &err);
			assert_true(code == IX_ERR_TRUNCATED || code == IX_ERR_SYNTAX);
			assert_memory_equal(err.text, "offset ", 7);
		}
	}
}

static void any_bytes_give_a_packet_or_an_error_and_payload_inside_the_frame(void **state) {
	(void)state;
	ix_rng rng;
	ix_rng_seed(&rng, ix_testing_seed());
	static const uint16_t links[] = {0, 1, 12, 101, 108, 113, 228, 229, 276};
	int count = ix_testing_long() ? 1000000 : 100000;
	for (int i = 0; i < count; i++) {
		build b;
		size_t whole = put_sample(&b, (int)ix_rng_below(&rng, 4));
		for (uint64_t n = ix_rng_below(&rng, 4); n < 4; n++)
			b.data[ix_rng_below(&rng, whole)] = (uint8_t)ix_rng_u64(&rng);
		size_t size = (size_t)ix_rng_below(&rng, whole + 1);
		uint8_t *exact = malloc(size ? size : 1); /* so that a step outside is seen */
		memcpy(exact, b.data, size);
		ix_packet p;
		ix_error err = {0};
		uint16_t link = links[ix_rng_below(&rng, 4) ? 1 : ix_rng_below(&rng, IX_COUNT(links))];
		int code = ix_packet_decode(link, (ix_bytes){exact, size},
			(uint32_t)ix_rng_below(&rng, 2 * whole), true, &p, &err);
		if (code == 0) {
			assert_true(p.payload.size <= p.payload_size);
			assert_true(
				p.payload.size == 0 ||
				(p.payload.data >= exact && p.payload.data + p.payload.size <= exact + size));
		} else {
			assert_memory_equal(err.text, "offset ", 7);
		}
		free(exact);
	}
}

static void counts_what_a_capture_held(void **state) {
	(void)state;
	ix_packet_counts counts = {0};
	build b;
	for (int which = 0; which < 4; which++) {
		put_sample(&b, which);
		ix_packet p = decode(1, &b);
		ix_packet_count(&counts, &p);
	}
	ix_packet p;
	assert_int_equal(
		ix_packet_decode(1, (ix_bytes){b.data, b.size - 1}, (uint32_t)b.size, true, &p, NULL), 0);
	ix_packet_count(&counts, &p);
	assert_int_equal(counts.kinds[IX_PACKET_UDP], 4);
	assert_int_equal(counts.kinds[IX_PACKET_TCP], 1);
	assert_int_equal(counts.bad_transport_check_count, 1);
	assert_int_equal(counts.payload_cut_count, 1);
}

static void addresses_print_as_people_write_them(void **state) {
	(void)state;
	static const struct {
		uint8_t version;
		const char *bytes, *text;
	} cases[] = {
		{4, "\x0a\0\0\xff", "10.0.0.255:26400"},
		{6, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", "[::]:26400"},
		{6, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01", "[::1]:26400"},
		{6, "\xff\x05\0\0\0\0\0\0\0\0\0\0\0\0\x0a\xbc", "[ff05::abc]:26400"},
		{6, "\0\x01\0\x02\0\x03\0\x04\0\x05\0\x06\0\x07\0\x08", "[1:2:3:4:5:6:7:8]:26400"},
		{6, "\0\x01\0\0\0\0\0\x04\0\0\0\0\0\0\0\x08", "[1:0:0:4::8]:26400"},
		{6, "\0\x01\0\0\0\x03\0\x04\0\x05\0\x06\0\x07\0\0", "[1:0:3:4:5:6:7:0]:26400"},
		{6, "\0\x01\0\x02\0\x03\0\x04\0\x05\0\x06\0\0\0\0", "[1:2:3:4:5:6::]:26400"},
		{6, "\0\0\0\0\0\x03\0\x04\0\x05\0\x06\0\x07\0\x08", "[::3:4:5:6:7:8]:26400"},
	};
	for (size_t i = 0; i < IX_COUNT(cases); i++) {
		uint8_t address[16] = {0};
		memcpy(address, cases[i].bytes, cases[i].version == 4 ? 4 : 16);
		char text[IX_PACKET_ADDRESS_TEXT_MAX];
		assert_int_equal(ix_packet_address_text(cases[i].version, address, 26400, text, sizeof text),
			strlen(cases[i].text));
		assert_string_equal(text, cases[i].text);
	}
}

static void frames_udp_with_right_lengths_and_checksums(void **state) {
	(void)state;
	/* 10.0.0.1:26477 -> 233.54.12.111:26400 with "abc"; the sums worked out with Python's struct. */
	static const uint8_t expected[] = {0x01, 0x00, 0x5e, 0x36, 0x0c, 0x6f, 2, 0, 0, 0, 0, 1, 0x08,
		0x00, /* Ethernet */
		0x45, 0, 0, 31, 0, 7, 0x40, 0, 16, 17, 0x6b, 0x21, 10, 0, 0, 1, 233, 54, 12, 111, /* IPv4 */
		0x67, 0x6d, 0x67, 0x20, 0, 11, 0x6d, 0x41, 'a', 'b', 'c'};
	ix_packet_udp header = {.identification = 7,
		.source_port = 26477,
		.destination_port = 26400,
		.source = {10, 0, 0, 1},
		.destination = {233, 54, 12, 111},
		.source_mac = {2, 0, 0, 0, 0, 1}};
	uint8_t out[128];
	ix_writer w = ix_writer_of(out, sizeof out);
	ix_packet_write_udp(&w, &header, (ix_bytes){(const uint8_t *)"abc", 3});
	assert_int_equal(w.size, sizeof expected);
	assert_memory_equal(out, expected, sizeof expected);
}

static void what_is_framed_is_read_back_with_good_checks(void **state) {
	(void)state;
	ix_rng rng;
	ix_rng_seed(&rng, ix_testing_seed());
	static uint8_t payload[IX_PACKET_UDP_PAYLOAD_MAX + 1],
		out[IX_PACKET_UDP_PAYLOAD_MAX + IX_PACKET_UDP_EXTRA_MAX];
	for (int i = 0; i < 200; i++) {
		size_t size = i == 0 ? IX_PACKET_UDP_PAYLOAD_MAX : (size_t)ix_rng_below(&rng, 300);
		for (size_t k = 0; k < size; k++) payload[k] = (uint8_t)ix_rng_u64(&rng);
		ix_packet_udp header = {.ip_version = i & 1 ? 6 : 4, .source_port = 5, .destination_port = 6};
		for (int k = 0; k < 16; k++) header.source[k] = (uint8_t)ix_rng_u64(&rng);
		header.destination[0] = i & 1 ? 0xFF : 0xE1;
		ix_writer w = ix_writer_of(out, sizeof out);
		ix_packet_write_udp(&w, &header, (ix_bytes){payload, size});
		assert_false(w.failed);
		assert_int_equal(out[0], i & 1 ? 0x33 : 0x01);
		ix_packet p;
		assert_int_equal(
			ix_packet_decode(1, (ix_bytes){out, w.size}, (uint32_t)w.size, true, &p, NULL), 0);
		assert_int_equal(p.kind, IX_PACKET_UDP);
		assert_int_equal(p.transport_check, IX_PACKET_CHECK_GOOD);
		assert_int_equal(p.ip_check, i & 1 ? IX_PACKET_CHECK_NONE : IX_PACKET_CHECK_GOOD);
		assert_int_equal(p.payload.size, size);
		if (size) assert_memory_equal(p.payload.data, payload, size);
	}
	ix_writer w = ix_writer_of(out, sizeof out);
	ix_packet_write_udp(&w, &(ix_packet_udp){0}, (ix_bytes){payload, IX_PACKET_UDP_PAYLOAD_MAX + 1});
	assert_true(w.failed);
}

IX_TESTS(test_packet, cmocka_unit_test(reads_udp_over_ipv4_over_ethernet),
	cmocka_unit_test(padding_and_trailers_behind_the_ip_packet_are_not_payload),
	cmocka_unit_test(reads_every_link_layer), cmocka_unit_test(what_is_not_ip_is_something_else),
	cmocka_unit_test(ipv4_options_are_stepped_over), cmocka_unit_test(fragments_are_reported_as_such),
	cmocka_unit_test(reads_udp_over_ipv6_with_extension_headers),
	cmocka_unit_test(ipv6_fragments_and_ends_are_reported), cmocka_unit_test(reads_tcp_with_options),
	cmocka_unit_test(checksums_are_verified),
	cmocka_unit_test(lengths_that_contradict_each_other_are_refused),
	cmocka_unit_test(lengths_left_to_the_network_card_mean_the_whole_frame),
	cmocka_unit_test(limits_hold_at_their_edges),
	cmocka_unit_test(a_capture_that_cuts_a_frame_anywhere_is_never_an_error),
	cmocka_unit_test(a_frame_that_ends_too_early_on_the_wire_is_an_error),
	cmocka_unit_test(any_bytes_give_a_packet_or_an_error_and_payload_inside_the_frame),
	cmocka_unit_test(counts_what_a_capture_held), cmocka_unit_test(addresses_print_as_people_write_them),
	cmocka_unit_test(frames_udp_with_right_lengths_and_checksums),
	cmocka_unit_test(what_is_framed_is_read_back_with_good_checks));
