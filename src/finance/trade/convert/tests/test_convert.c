/* What the converter writes, byte for byte where that can be worked out by hand, and read back by the rooms
 * that read such files. */
#include <inox/alloc.h>
#include <inox/binaryfile.h>
#include <inox/convert.h>
#include <inox/itch.h>
#include <inox/mold.h>
#include <inox/packet.h>
#include <inox/pcap.h>
#include <inox/testing.h>

#include <string.h>

typedef struct kept {
	uint8_t bytes[1 << 20];
	size_t size, room;
} kept;

static int keep(void *context, ix_bytes bytes, ix_error *err) {
	kept *k = context;
	if (bytes.size > k->room - k->size) return ix_fail(err, IX_ERR_NO_SPACE, "the disk is full");
	memcpy(k->bytes + k->size, bytes.data, bytes.size);
	k->size += bytes.size;
	return 0;
}

/* An Add Order of 300 shares of ABC at 12.3400, reference 77, locate 5, tracking 2, one nanosecond after
 * midnight. */
static const uint8_t add_order[36] = {'A', 0, 5, 0, 2, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 77, 'B', 0, 0,
	1, 44, 'A', 'B', 'C', ' ', ' ', ' ', ' ', ' ', 0, 1, 0xE2, 0x08};
/* A Reg SHO message whose stock has a comma and a quote, which no exchange would send. */
static const uint8_t odd_stock[20] = {
	'Y', 0, 6, 0, 0, 0, 0, 0, 0, 0, 2, 'A', ',', 'B', '"', 'C', ' ', ' ', ' ', '1'};
static const uint8_t unknown[3] = {'z', 1, 2};

static void convert(ix_convert_options options, const ix_bytes *messages, size_t count, kept *k) {
	ix_converter *converter;
	ix_error err;
	k->size = 0;
	k->room = sizeof k->bytes;
	options.allocator = ix_os_allocator();
	options.sink = keep;
	options.context = k;
	if (ix_converter_new(&options, &converter, &err) != 0) fail_msg("%s", err.text);
	for (size_t i = 0; i < count; i++)
		assert_int_equal(ix_converter_put(converter, i + 1, messages[i], NULL), 0);
	assert_int_equal(ix_converter_end(converter, true, NULL), 0);
	ix_converter_free(converter);
}

static kept out;
static const ix_bytes three[] = {
	{add_order, sizeof add_order}, {odd_stock, sizeof odd_stock}, {unknown, sizeof unknown}};

static void one_type_has_its_own_columns(void **state) {
	(void)state;
	static const char expected[] =
		"sequence,type,locate,tracking,timestamp_ns,reference,side,shares,stock,price\r\n"
		"1,A,5,2,1,77,B,300,ABC,12.3400\r\n";
	convert((ix_convert_options){.format = IX_CONVERT_CSV, .type = 'A'}, three, 3, &out);
	assert_int_equal(out.size, strlen(expected));
	assert_memory_equal(out.bytes, expected, out.size);
}

static void no_column_is_named_after_a_unit_that_it_is_not_in(void **state) {
	(void)state;
	convert((ix_convert_options){.format = IX_CONVERT_CSV}, three, 0, &out);
	out.bytes[out.size] = 0;
	const char *header = (const char *)out.bytes;
	assert_null(strstr(header, "_e4"));
	assert_null(strstr(header, "_e8"));
	assert_non_null(strstr(header, ",level1,level2,level3,"));
	/* An order's number, and a price: not one column. */
	assert_non_null(strstr(header, ",reference,"));
	assert_non_null(strstr(header, ",reference_price,"));
}

static void text_with_commas_and_quotes_is_quoted(void **state) {
	(void)state;
	static const char expected[] =
		"sequence,type,locate,tracking,timestamp_ns,stock,action\r\n2,Y,6,0,2,\"A,B\"\"C\",1\r\n";
	convert((ix_convert_options){.format = IX_CONVERT_CSV, .type = 'Y'}, three, 3, &out);
	assert_int_equal(out.size, strlen(expected));
	assert_memory_equal(out.bytes, expected, out.size);
}

/* Commas outside of quotes, in a line of `size` bytes. */
static size_t commas(const char *line, size_t size) {
	size_t count = 0;
	bool is_quoted = false;
	for (size_t i = 0; i < size; i++) {
		is_quoted ^= line[i] == '"';
		count += line[i] == ',' && !is_quoted;
	}
	return count;
}

static void all_types_together_have_rows_of_one_width(void **state) {
	(void)state;
	convert((ix_convert_options){.format = IX_CONVERT_CSV}, three, 3, &out);
	out.bytes[out.size] = 0;
	size_t rows = 0, width = 0;
	const char *last = NULL;
	for (const char *line = (const char *)out.bytes; *line; line = strstr(line, "\r\n") + 2, rows++) {
		size_t count = commas(line, (size_t)(strstr(line, "\r\n") - line));
		if (rows == 0) width = count;
		assert_int_equal(count, width);
		last = line;
	}
	assert_int_equal(rows, 4);
	/* The unknown one shows its type and size, and nothing else. */
	assert_memory_equal(last, "3,z,,,", 6);
	assert_memory_equal(out.bytes + out.size - 4, ",3\r\n", 4);
}

static void binaryfile_is_framed_and_ended(void **state) {
	(void)state;
	convert((ix_convert_options){.format = IX_CONVERT_ITCH}, three, 3, &out);
	assert_int_equal(out.size, 2 + 36 + 2 + 20 + 2 + 3 + 2);
	assert_memory_equal(out.bytes, "\0\44", 2);
	assert_memory_equal(out.bytes + 2, add_order, 36);
	assert_memory_equal(out.bytes + 60, "\0\3z\1\2\0\0", 7);
}

static ix_packet packet_of(ix_pcap_reader *reader, ix_pcap_item *item) {
	ix_packet packet;
	assert_int_equal(ix_pcap_next_of(reader, (ix_bytes){out.bytes, out.size}, item, NULL), 0);
	assert_int_equal(item->step, IX_PCAP_PACKET);
	assert_int_equal(ix_packet_decode(item->packet.link_type, item->packet.data,
				 item->packet.original_size, true, &packet, NULL),
		0);
	assert_int_equal(packet.kind, IX_PACKET_UDP);
	assert_int_equal(packet.ip_check, IX_PACKET_CHECK_GOOD);
	assert_int_not_equal(packet.transport_check, IX_PACKET_CHECK_BAD);
	return packet;
}

static void a_bare_capture_has_a_message_a_datagram(void **state) {
	(void)state;
	ix_pcap_reader reader;
	ix_pcap_item item;
	convert((ix_convert_options){.format = IX_CONVERT_PCAP, .midnight_ns = INT64_C(1700000000000000000)},
		three, 3, &out);
	ix_pcap_reader_init(&reader, NULL);
	for (size_t i = 0; i < 3; i++) {
		ix_packet packet = packet_of(&reader, &item);
		assert_int_equal(packet.payload.size, three[i].size);
		assert_memory_equal(packet.payload.data, three[i].data, three[i].size);
		assert_int_equal(packet.destination_port, 26400);
	}
	assert_true(item.packet.time_ns ==
		    INT64_C(1700000000000000002)); /* the unknown one comes when the one before it came */
	assert_int_equal(ix_pcap_next_of(&reader, (ix_bytes){out.bytes, out.size}, &item, NULL), 0);
	assert_int_equal(item.step, IX_PCAP_END);
}

static void a_mold_capture_packs_messages_and_says_the_end(void **state) {
	(void)state;
	ix_pcap_reader reader;
	ix_pcap_item item;
	ix_mold_packet mold;
	convert((ix_convert_options){.format = IX_CONVERT_PCAP, .is_mold = true, .session = IX_STR("ABC")},
		three, 3, &out);
	ix_pcap_reader_init(&reader, NULL);
	ix_packet packet = packet_of(&reader, &item);
	assert_int_equal(ix_mold_decode(packet.payload, &mold, NULL), 0);
	assert_memory_equal(mold.session, "ABC       ", 10);
	assert_int_equal(mold.sequence, 1);
	assert_int_equal(mold.count, 3);
	packet = packet_of(&reader, &item);
	assert_int_equal(ix_mold_decode(packet.payload, &mold, NULL), 0);
	assert_int_equal(mold.sequence, 4);
	assert_int_equal(mold.count, IX_MOLD_COUNT_END);
}

static void refuses_what_it_cannot_do(void **state) {
	(void)state;
	ix_converter *converter = NULL;
	ix_error err;
	ix_convert_options options = {.allocator = ix_os_allocator(),
		.sink = keep,
		.context = &out,
		.format = IX_CONVERT_CSV,
		.type = 'z'};
	assert_int_equal(ix_converter_new(&options, &converter, &err), IX_ERR_USAGE);
	assert_string_equal(err.text, "ITCH 5.0 has no message type 'z'");
	options = (ix_convert_options){
		.allocator = ix_os_allocator(), .format = IX_CONVERT_PCAP, .session = IX_STR("ELEVEN CHAR")};
	assert_int_equal(ix_converter_new(&options, &converter, &err), IX_ERR_USAGE);
	assert_string_equal(err.text, "the session 'ELEVEN CHAR' is longer than 10 characters");
	assert_null(converter);
	options = (ix_convert_options){
		.allocator = ix_os_allocator(), .sink = keep, .context = &out, .format = IX_CONVERT_CSV};
	assert_int_equal(ix_converter_new(&options, &converter, NULL), 0);
	assert_int_equal(ix_converter_put(converter, 1, (ix_bytes){add_order, 35}, NULL), IX_ERR_TRUNCATED);
	assert_int_equal(ix_converter_put(converter, 1, (ix_bytes){add_order, 0}, NULL), IX_ERR_RANGE);
	ix_converter_free(converter);
}

static void a_full_disk_comes_back_unchanged(void **state) {
	(void)state;
	for (int format = IX_CONVERT_CSV; format <= IX_CONVERT_PCAP; format++) {
		ix_converter *converter;
		ix_error err;
		out.size = out.room = 0;
		ix_convert_options options = {.allocator = ix_os_allocator(),
			.sink = keep,
			.context = &out,
			.format = (ix_convert_format)format};
		assert_int_equal(ix_converter_new(&options, &converter, &err), 0);
		int code = ix_converter_put(converter, 1, three[0], &err);
		if (!code) code = ix_converter_end(converter, true, &err);
		assert_int_equal(code, IX_ERR_NO_SPACE);
		assert_string_equal(err.text, "the disk is full");
		ix_converter_free(converter);
	}
}

IX_TESTS(test_convert, cmocka_unit_test(one_type_has_its_own_columns),
	cmocka_unit_test(no_column_is_named_after_a_unit_that_it_is_not_in),
	cmocka_unit_test(text_with_commas_and_quotes_is_quoted),
	cmocka_unit_test(all_types_together_have_rows_of_one_width),
	cmocka_unit_test(binaryfile_is_framed_and_ended),
	cmocka_unit_test(a_bare_capture_has_a_message_a_datagram),
	cmocka_unit_test(a_mold_capture_packs_messages_and_says_the_end),
	cmocka_unit_test(refuses_what_it_cannot_do), cmocka_unit_test(a_full_disk_comes_back_unchanged));
