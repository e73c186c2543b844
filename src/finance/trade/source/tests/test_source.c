/* Captures as they are found: made here frame by frame, so that each oddity stands alone. */
#include <inox/alloc.h>
#include <inox/itch.h>
#include <inox/packet.h>
#include <inox/pcap.h>
#include <inox/source.h>
#include <inox/testing.h>

#include <string.h>
#include <unistd.h>

enum { MESSAGE_SIZE = 12 };

static uint8_t file_bytes[1 << 20];
static ix_writer file;

static void begin(void) {
	file = ix_writer_of(file_bytes, sizeof file_bytes);
	ix_pcap_write_start(&file, IX_PCAP_NANOSECONDS, IX_PACKET_LINK_ETHERNET);
}

static const char *end(const char *name) {
	static char paths[2][300];
	static int which;
	char *path = paths[which ^= 1];
	snprintf(path, sizeof paths[0], "%s/%s", ix_testing_directory(), name);
	FILE *out = fopen(path, "wb");
	assert_non_null(out);
	assert_false(file.failed);
	assert_int_equal(fwrite(file.data, 1, file.size, out), file.size);
	assert_int_equal(fclose(out), 0);
	return path;
}

static void put_datagram(const void *payload, size_t size, int64_t time_ns, uint16_t port) {
	uint8_t frame[4096];
	ix_writer w = ix_writer_of(frame, sizeof frame);
	ix_packet_udp header = {.source = {10, 0, 0, 1},
		.destination = {233, 54, 12, 111},
		.source_port = 1,
		.destination_port = port};
	ix_packet_write_udp(&w, &header, (ix_bytes){payload, size});
	assert_false(w.failed);
	ix_pcap_write_packet(&file, IX_PCAP_NANOSECONDS, time_ns, (ix_bytes){frame, w.size}, 0);
}

/* A MoldUDP64 packet by hand: the session as it is given (the standard has ten bytes), the sequence, and
 * `count` system events, each with its sequence number as its time. */
static void put_mold(const char *session, uint64_t sequence, uint16_t count, int64_t time_ns, uint16_t port) {
	uint8_t payload[2048];
	ix_writer w = ix_writer_of(payload, sizeof payload);
	ix_write_str(&w, ix_str_from(session));
	ix_write_u64_be(&w, sequence);
	ix_write_u16_be(&w, count);
	for (uint16_t i = 0; i < count && count != 0xFFFF; i++) {
		ix_itch_message m = {.type = IX_ITCH_SYSTEM_EVENT, .timestamp_ns = sequence + i};
		m.system_event.event_code = IX_ITCH_EVENT_START_OF_MESSAGES;
		uint8_t bytes[2 + IX_ITCH_SIZE_MAX];
		ix_write_bytes(&w, bytes, ix_itch_encode_framed(&m, bytes));
	}
	put_datagram(payload, w.size, time_ns, port);
}

typedef struct heard {
	uint64_t messages, next, out_of_order, gap_messages, lost_messages, sessions;
	ix_source_info info;
} heard;

/* Reads everything; messages count as in order when each one's time is one more than the last. */
static heard hear(const char *a, const char *b, const char *rerequest) {
	heard h = {.next = 1};
	ix_source *source;
	ix_error err;
	ix_source_options options = {
		.allocator = ix_os_allocator(), .paths = {a, b}, .rerequest_path = rerequest};
	if (ix_source_open(&options, &source, &err) != 0) fail_msg("%s", err.text);
	for (ix_source_part part = {0}; part.kind != IX_SOURCE_END;) {
		if (ix_source_next(source, &part, &err) != 0) fail_msg("%s", err.text);
		if (part.kind == IX_SOURCE_GAP) h.gap_messages += part.count;
		if (part.kind == IX_SOURCE_LOST) {
			h.lost_messages += part.count;
			h.next += part.count;
		}
		h.sessions += part.kind == IX_SOURCE_SESSION;
		if (part.kind != IX_SOURCE_MESSAGES) continue;
		/* Only the first message: what is left comes again. */
		assert_true(part.framed.size >= 2 + MESSAGE_SIZE);
		h.out_of_order += ix_itch_view_timestamp_ns(part.framed.data + 2) != h.next++;
		h.messages++;
		ix_source_advance(source, 2 + MESSAGE_SIZE);
	}
	h.info = *ix_source_get_info(source);
	ix_source_close(source);
	return h;
}

static void reads_session_names_of_ten_bytes_and_of_more(void **state) {
	(void)state;
	static const char *const sessions[] = {"INOX000001", "INOX20260101", "A-SESSION-WITH-MANY-BYTES"};
	for (size_t i = 0; i < IX_COUNT(sessions); i++) {
		begin();
		put_mold(sessions[i], 1, 0, 1, 26400); /* a heartbeat first, which is the harder case */
		for (uint64_t sequence = 1; sequence < 100; sequence += 3)
			put_mold(sessions[i], sequence, 3, (int64_t)sequence, 26400);
		put_mold(sessions[i], 100, 0xFFFF, 100, 26400);
		heard h = hear(end("long.pcap"), NULL, NULL);
		assert_int_equal(h.messages, 99);
		assert_int_equal(h.out_of_order, 0);
		assert_int_equal(h.sessions, 1);
		assert_true(h.info.has_end_mark);
		assert_string_equal(h.info.format, "pcap (ns) of MoldUDP64");
	}
}

static void puts_the_files_packets_in_order_of_time(void **state) {
	(void)state;
	begin();
	for (uint64_t sequence = 1; sequence < 101; sequence += 2)
		put_mold("SESSION  1", sequence, 1, (int64_t)sequence, 1);
	char a[300];
	snprintf(a, sizeof a, "%s", end("odd.pcap"));
	begin();
	for (uint64_t sequence = 2; sequence < 101; sequence += 2)
		put_mold("SESSION  1", sequence, 1, (int64_t)sequence, 1);
	heard h = hear(a, end("even.pcap"), NULL);
	assert_int_equal(h.messages, 100);
	assert_int_equal(h.out_of_order, 0);
	assert_int_equal(h.gap_messages, 0);
	assert_int_equal(h.info.line_count, 2); /* one address, two files */
}

static void asks_for_what_is_missing_and_gives_up_on_what_nobody_has(void **state) {
	(void)state;
	begin();
	for (uint64_t sequence = 1; sequence <= 50; sequence++)
		put_mold("SESSION  1", sequence, sequence <= 30, (int64_t)sequence, 1);
	char store[300];
	snprintf(store, sizeof store, "%s", end("store.pcap")); /* has the first thirty */
	begin();
	put_mold("SESSION  1", 1, 10, 1, 1);
	put_mold("SESSION  1", 21, 15, 2, 1);
	put_mold("SESSION  1", 41, 10, 3, 1);
	heard h = hear(end("holes.pcap"), NULL, store);
	assert_int_equal(h.gap_messages, 15);
	assert_int_equal(h.info.recovered_messages, 10);
	assert_int_equal(h.lost_messages, 5);
	assert_int_equal(h.messages, 45);
	assert_int_equal(h.out_of_order, 0);
}

static void leaves_other_traffic_alone(void **state) {
	(void)state;
	begin();
	put_datagram("what is this?", 13, 1, 53);
	put_mold("SESSION  1", 1, 2, 2, 1);
	put_datagram("", 0, 3, 53);
	put_mold("SESSION  1", 3, 2, 4, 1);
	heard h = hear(end("mixed.pcap"), NULL, NULL);
	assert_int_equal(h.messages, 4);
	assert_int_equal(h.info.packet_count, 4);
	assert_int_equal(h.info.other_packet_count, 2);
}

static void counts_more_lines_than_it_tells_apart(void **state) {
	(void)state;
	begin();
	for (uint16_t port = 1; port <= 40; port++) put_mold("SESSION  1", port, 1, port, port);
	heard h = hear(end("lines.pcap"), NULL, NULL);
	assert_int_equal(h.messages, 40);
	assert_int_equal(h.info.line_count, IX_SOURCE_LINE_MAX);
}

static void names_file_and_offset_of_a_cut_capture(void **state) {
	(void)state;
	begin();
	put_mold("SESSION  1", 1, 2, 2, 1);
	file.size -= 5;
	const char *path = end("cut.pcap");
	ix_source *source;
	ix_source_part part;
	ix_error err;
	assert_int_equal(ix_source_open(&(ix_source_options){.allocator = ix_os_allocator(), .paths = {path}},
				 &source, &err),
		0);
	assert_int_equal(ix_source_next(source, &part, &err), IX_ERR_TRUNCATED);
	assert_non_null(strstr(err.text, path));
	assert_non_null(strstr(err.text, "offset 24"));
	ix_source_close(source);
}

static uint16_t client_port = 40000;

/* One TCP segment of Ethernet and IPv4 by hand; checksums are not looked at. */
static void put_segment_of(
	bool is_answer, uint32_t sequence, const void *data, size_t size, int64_t time_ns) {
	uint8_t frame[2048];
	ix_writer w = ix_writer_of(frame, sizeof frame);
	static const uint8_t ethernet[14] = {[12] = 8, [13] = 0};
	static const uint8_t addresses[12] = {10, 0, 0, 1, 10, 0, 0, 2, 10, 0, 0, 1};
	ix_write_bytes(&w, ethernet, sizeof ethernet);
	ix_write_u16_be(&w, 0x4500);
	ix_write_u16_be(&w, (uint16_t)(40 + size));
	ix_write_u32_be(&w, 0x00004000);
	ix_write_u32_be(&w, 0x40060000); /* time to live 64, TCP */
	ix_write_bytes(&w, addresses + (is_answer ? 4 : 0), 8);
	ix_write_u16_be(&w, is_answer ? client_port : 9000);
	ix_write_u16_be(&w, is_answer ? 9000 : client_port);
	ix_write_u32_be(&w, sequence);
	ix_write_u32_be(&w, 0);
	ix_write_u32_be(&w, 0x50101000); /* header of 20 bytes, ACK */
	ix_write_u32_be(&w, 0);
	ix_write_bytes(&w, data, size);
	ix_pcap_write_packet(&file, IX_PCAP_NANOSECONDS, time_ns, (ix_bytes){frame, w.size}, 0);
}

static void put_segment(uint32_t sequence, const void *data, size_t size, int64_t time_ns) {
	put_segment_of(false, sequence, data, size, time_ns);
}

/* System events in sequenced SoupBinTCP packets of 15 bytes each. */
static ix_writer soup_of(uint8_t *bytes, size_t capacity, uint64_t count) {
	ix_writer w = ix_writer_of(bytes, capacity);
	for (uint64_t i = 1; i <= count; i++) {
		ix_itch_message m = {.type = IX_ITCH_SYSTEM_EVENT, .timestamp_ns = i};
		uint8_t message[IX_ITCH_SIZE_MAX];
		size_t size = ix_itch_encode(&m, message);
		ix_write_u16_be(&w, (uint16_t)(size + 1));
		ix_write_u8(&w, 'S');
		ix_write_bytes(&w, message, size);
	}
	return w;
}

static void tells_of_a_stream_with_bytes_missing(void **state) {
	(void)state;
	uint8_t stream[20 * (3 + MESSAGE_SIZE)];
	ix_writer w = soup_of(stream, sizeof stream, 20);
	begin();
	put_segment(1000, stream, 75, 0); /* the first five */
	put_segment(1105, stream + 105, w.size - 105, 1);
	heard h = hear(end("missing.pcap"), NULL, NULL);
	assert_int_equal(h.messages, 5);
	assert_int_equal(h.info.soup_broken_count, 1);
}

static void tcp_of_others_is_no_damaged_soup(void **state) {
	(void)state;
	begin();
	put_segment(1000, "SSH-2.0-OpenSSH_9.2p1 Debian", 28, 0);
	heard h = hear(end("ssh.pcap"), NULL, NULL);
	assert_int_equal(h.messages, 0);
	assert_int_equal(h.info.soup_malformed_count, 0);
	assert_int_equal(h.info.soup_broken_count, 0);
}

static void follows_both_directions_of_sixty_connections(void **state) {
	(void)state;
	uint8_t stream[2 * (3 + MESSAGE_SIZE)];
	ix_writer w = soup_of(stream, sizeof stream, 2);
	begin();
	for (uint32_t half = 0; half < 2; half++) /* one packet and a piece of the next, then the rest */
		for (client_port = 40000; client_port < 40060; client_port++)
			for (int is_answer = 0; is_answer < 2; is_answer++)
				put_segment_of(is_answer, 1000 + half * 20, stream + (size_t)half * 20,
					half ? w.size - 20 : 20, half);
	client_port = 40000;
	heard h = hear(end("many.pcap"), NULL, NULL);
	assert_int_equal(h.info.soup_packet_count, 60 * 2 * 2);
}

static void tells_of_messages_behind_the_end_and_of_sessions_that_are_over(void **state) {
	(void)state;
	begin();
	put_mold("SESSION  1", 1, 3, 1, 1);
	put_mold("SESSION  1", 4, 0xFFFF, 2, 1);
	put_mold("SESSION  1", 2, 2, 3, 1); /* known: nothing is ignored */
	put_mold("SESSION  1", 3, 3, 4, 1); /* 4 and 5 are behind the end */
	put_mold("SESSION  2", 1, 1, 5, 1);
	put_mold("SESSION  1", 3, 4, 6, 1); /* 4, 5 and 6 come too late */
	put_mold("SESSION  1", 9, 0, 7, 1);
	heard h = hear(end("over.pcap"), NULL, NULL);
	assert_int_equal(h.messages, 4);
	assert_int_equal(h.info.lines[0].ignored_count, 2 + 3);
}

/* What was behind the new end reads as zeroes, and so as a wrong capture. */
static void a_file_that_shrinks_is_said_to_have_shrunk(void **state) {
	(void)state;
	begin();
	for (uint64_t sequence = 1; sequence < 2000; sequence++)
		put_mold("SESSION  1", sequence, 1, (int64_t)sequence, 1);
	const char *path = end("shrinks.pcap");
	ix_source *source;
	ix_source_part part = {0};
	ix_error err;
	int code = ix_source_open(
		&(ix_source_options){.allocator = ix_os_allocator(), .paths = {path}}, &source, &err);
	assert_int_equal(code, 0);
	assert_int_equal(truncate(path, 8192), 0);
	while ((code = ix_source_next(source, &part, &err)) == 0 && part.kind != IX_SOURCE_END)
		if (part.kind == IX_SOURCE_MESSAGES) ix_source_advance(source, part.framed.size);
	assert_int_equal(code, IX_ERR_TRUNCATED);
	const char *named = strstr(err.text, path);
	assert_non_null(named);
	assert_null(strstr(named + 1, path)); /* once */
	assert_null(strstr(err.text, "offset"));
	ix_source_close(source);
}

static void counts_what_is_damaged_on_a_line(void **state) {
	(void)state;
	begin();
	put_datagram("SESSION  1.......", 17, 1, 1); /* of nobody yet */
	put_mold("SESSION  1", 1, 3, 2, 1);
	put_datagram("SESSION  1.......", 17, 3, 1);
	heard h = hear(end("damaged.pcap"), NULL, NULL);
	assert_int_equal(h.messages, 3);
	assert_int_equal(h.info.lines[0].malformed_count, 1);
	assert_int_equal(h.info.other_packet_count, 1);
}

static void reads_a_feed_in_soup_from_segments_out_of_order(void **state) {
	(void)state;
	uint8_t stream[60 * (3 + MESSAGE_SIZE)];
	ix_writer w = soup_of(stream, sizeof stream, 60);
	begin();
	/* Pieces of 100 bytes, which cut packets anywhere; each second one comes before the first, the fifth
	 * twice. */
	put_segment(1000, stream, 100, 0);
	for (uint32_t at = 100; at < w.size; at += 200) {
		uint32_t second = at + 100 < w.size ? (uint32_t)ix_size_min(100, w.size - at - 100) : 0;
		if (second) put_segment(1000 + at + 100, stream + at + 100, second, at);
		for (int copies = 1 + (at == 500); copies > 0; copies--)
			put_segment(1000 + at, stream + at, (size_t)ix_size_min(100, w.size - at), at + 1);
	}
	heard h = hear(end("soup.pcap"), NULL, NULL);
	assert_int_equal(h.messages, 60);
	assert_int_equal(h.out_of_order, 0);
	assert_int_equal(h.info.soup_packet_count, 60);
	assert_string_equal(h.info.format, "pcap (ns) of SoupBinTCP");
}

static void what_one_line_lost_at_the_start_the_other_brings_later(void **state) {
	(void)state;
	begin();
	put_mold("SESSION  1", 4, 3, 4, 1);
	char a[300];
	snprintf(a, sizeof a, "%s", end("late.pcap"));
	begin();
	put_mold("SESSION  1", 1, 3, 1000, 1);
	put_mold("SESSION  1", 4, 3, 1003, 1);
	heard h = hear(a, end("whole.pcap"), NULL);
	assert_int_equal(h.messages, 6);
	assert_int_equal(h.out_of_order, 0);
	assert_int_equal(h.lost_messages, 0);
	assert_int_equal(h.info.lines[0].lost_count, 3);
	h = hear(a, NULL, NULL);
	assert_int_equal(h.messages, 3);
	assert_int_equal(h.lost_messages, 3);
}

static void two_captures_may_have_clocks_that_differ(void **state) {
	(void)state;
	for (int64_t skew_ns = -100000000; skew_ns <= 100000000; skew_ns += 50000000) {
		begin();
		for (uint64_t i = 0; i < 2000; i++) /* 20 ms in all; each tenth packet is lost */
			if (i % 10 != 5) put_mold("SESSION  1", 1 + i, 1, 1000000000 + (int64_t)i * 10000, 1);
		char a[300];
		snprintf(a, sizeof a, "%s", end("skewed.pcap"));
		begin();
		for (uint64_t i = 0; i < 2000; i++)
			put_mold("SESSION  1", 1 + i, 1, 1000000000 + skew_ns + (int64_t)i * 10000, 1);
		heard h = hear(a, end("straight.pcap"), NULL);
		assert_int_equal(h.messages, 2000);
		assert_int_equal(h.out_of_order, 0);
		assert_int_equal(h.gap_messages, 0);
	}
}

static void a_capture_from_the_middle_of_a_day_lacks_nothing_but_what_can_be_asked_for(void **state) {
	(void)state;
	begin();
	put_mold("SESSION  1", 2000, 3, 1, 1);
	char a[300];
	snprintf(a, sizeof a, "%s", end("middle.pcap"));
	heard h = hear(a, NULL, NULL);
	assert_int_equal(h.messages, 3);
	assert_int_equal(h.gap_messages, 0);
	begin();
	for (uint64_t sequence = 1; sequence < 2000; sequence++)
		put_mold("SESSION  1", sequence, 1, (int64_t)sequence, 1);
	h = hear(a, NULL, end("before.pcap"));
	assert_int_equal(h.messages, 2002);
	assert_int_equal(h.out_of_order, 0);
	assert_int_equal(h.info.recovered_messages, 1999);
}

/* The store has two sessions, the line the second one only, then another that the store has not. */
static void the_store_answers_for_the_session_that_is_asked_about(void **state) {
	(void)state;
	begin();
	put_mold("SESSION  1", 1, 9, 1, 1);
	put_mold("SESSION  2", 1, 9, 2, 1);
	char store[300];
	snprintf(store, sizeof store, "%s", end("two.pcap"));
	static const char *const sessions[] = {"SESSION  2", "SESSION  3"};
	for (size_t i = 0; i < 2; i++) {
		begin();
		put_mold(sessions[i], 1, 3, 1, 1);
		put_mold(sessions[i], 7, 3, 2, 1);
		heard h = hear(end("of.pcap"), NULL, store);
		assert_int_equal(h.info.recovered_messages, i == 0 ? 3 : 0);
		assert_int_equal(h.lost_messages, i == 0 ? 0 : 3);
		assert_int_equal(h.out_of_order, 0);
	}
}

static void a_message_of_no_bytes_is_an_error_in_its_turn(void **state) {
	(void)state;
	static const uint8_t packet[] = "SESSION  1\0\0\0\0\0\0\0\3\0\1\0"; /* sequence 3, one of 0 bytes */
	begin();
	put_mold("SESSION  1", 1, 2, 1, 1);
	put_datagram(packet, 22, 2, 1);
	const char *path = end("empty.pcap");
	ix_source *source;
	ix_source_part part = {0};
	ix_error err;
	int code = ix_source_open(
		&(ix_source_options){.allocator = ix_os_allocator(), .paths = {path}}, &source, &err);
	assert_int_equal(code, 0);
	uint64_t messages = 0;
	while ((code = ix_source_next(source, &part, &err)) == 0 && part.kind != IX_SOURCE_END) {
		if (part.kind != IX_SOURCE_MESSAGES) continue;
		messages++;
		ix_source_advance(source, 2 + MESSAGE_SIZE);
	}
	assert_int_equal(messages, 2);
	assert_int_equal(code, IX_ERR_SYNTAX);
	assert_non_null(strstr(err.text, "sequence 3"));
	ix_source_close(source);
}

IX_TESTS(test_source, cmocka_unit_test(reads_session_names_of_ten_bytes_and_of_more),
	cmocka_unit_test(puts_the_files_packets_in_order_of_time),
	cmocka_unit_test(asks_for_what_is_missing_and_gives_up_on_what_nobody_has),
	cmocka_unit_test(leaves_other_traffic_alone), cmocka_unit_test(counts_more_lines_than_it_tells_apart),
	cmocka_unit_test(names_file_and_offset_of_a_cut_capture),
	cmocka_unit_test(reads_a_feed_in_soup_from_segments_out_of_order),
	cmocka_unit_test(tells_of_a_stream_with_bytes_missing),
	cmocka_unit_test(tcp_of_others_is_no_damaged_soup),
	cmocka_unit_test(follows_both_directions_of_sixty_connections),
	cmocka_unit_test(tells_of_messages_behind_the_end_and_of_sessions_that_are_over),
	cmocka_unit_test(counts_what_is_damaged_on_a_line),
	cmocka_unit_test(a_file_that_shrinks_is_said_to_have_shrunk),
	cmocka_unit_test(what_one_line_lost_at_the_start_the_other_brings_later),
	cmocka_unit_test(two_captures_may_have_clocks_that_differ),
	cmocka_unit_test(a_capture_from_the_middle_of_a_day_lacks_nothing_but_what_can_be_asked_for),
	cmocka_unit_test(the_store_answers_for_the_session_that_is_asked_about),
	cmocka_unit_test(a_message_of_no_bytes_is_an_error_in_its_turn));
