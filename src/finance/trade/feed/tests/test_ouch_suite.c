/* What the public OUCH captures hold, read off their bytes by hand: the SoupBinTCP header of 3 bytes taken
 * apart here and not by <inox/soup.h>, every field of the message behind it, and its tags. That all captures
 * come back byte for byte, layer by layer: test_wire_suite.c. */
#include <inox/ouch.h>
#include <inox/packet.h>
#include <inox/pcap.h>

#include "wire_build.h"

#include <unistd.h>

/* The TCP payload of a capture with one packet; skips the test where the suite has no such file. */
static ix_bytes payload_of(const char *name) {
	static uint8_t *whole;
	char path[1100];
	snprintf(path, sizeof path, "%s/omi/Nasdaq.Nsm.Ouch.v5.0/%s", ix_testing_suite("itch"), name);
	if (access(path, R_OK) != 0) skip();
	size_t size;
	free(whole);
	whole = ix_testing_read(path, &size);
	static ix_pcap_reader reader;
	ix_pcap_reader_init(&reader, NULL);
	ix_pcap_item item = {0};
	ix_packet packet = {0};
	assert_int_equal(ix_pcap_next_of(&reader, (ix_bytes){whole, size}, &item, NULL), 0);
	assert_int_equal(item.step, IX_PCAP_PACKET);
	assert_int_equal(ix_packet_decode(item.packet.link_type, item.packet.data, item.packet.original_size,
				 true, &packet, NULL),
		0);
	assert_int_equal(packet.kind, IX_PACKET_TCP);
	return packet.payload;
}

static void say(
	char *says, size_t capacity, const char *name, const ix_ouch_field *field, const uint8_t *value) {
	char text[IX_OUCH_FIELD_TEXT_MAX];
	size_t used = strlen(says);
	(void)ix_ouch_field_text(field, value, text, sizeof text);
	snprintf(says + used, capacity - used, "%s%s=%s", used ? " " : "", name, text);
}

/* The capture is one SoupBinTCP packet of that type; its message says that, fields and then tags; and the
 * same 3 bytes before what the encoder writes are the capture again. */
static void expect_capture(const char *name, char soup_type, ix_ouch_direction direction,
	uint64_t timestamp_ns, const char *expected) {
	ix_bytes payload = payload_of(name);
	assert_true(payload.size > 3);
	assert_int_equal(payload.data[0] << 8 | payload.data[1], payload.size - 2);
	assert_int_equal(payload.data[2], soup_type);
	ix_bytes bytes = {payload.data + 3, payload.size - 3};
	ix_ouch_message m = {0};
	ix_error err = {0};
	if (ix_ouch_decode(direction, bytes, &m, &err)) fail_msg("%s: %s", name, err.text);
	assert_int_equal(m.timestamp_ns, timestamp_ns);
	char says[512] = "";
	const ix_ouch_type *type = ix_ouch_type_find(direction, m.type);
	for (size_t i = 0; i < ix_ouch_field_count(&m); i++)
		say(says, sizeof says, type->fields[i].name, &type->fields[i],
			bytes.data + type->fields[i].offset);
	ix_bytes left = m.appendage;
	for (ix_ouch_tag tag; ix_ouch_tag_next(&left, &tag);) {
		const ix_ouch_field *field = ix_ouch_tag_field(tag.number);
		assert_int_equal(field->width, tag.value.size);
		say(says, sizeof says, field->title, field, tag.value.data);
	}
	assert_string_equal(says, expected);
	uint8_t out[256];
	memcpy(out, payload.data, 3);
	ix_writer w = ix_writer_of(out + 3, sizeof out - 3);
	ix_ouch_encode(&w, &m);
	assert_false(w.failed);
	assert_int_equal(3 + w.size, payload.size);
	assert_memory_equal(out, payload.data, payload.size);
}

/* 4f 00000071 54 000000e1 "CVLT    " 0000000000099db8 30 59 41 4e 4e "H8FUB8IV      " 0006 05 02 "LIME": 0x71
 * is 113, 0xe1 225, 0x99db8 630,200. */
static void an_enter_order_was_for_225_shares_of_cvlt(void **state) {
	(void)state;
	expect_capture("EnterOrderMessage.pcap", 'U', IX_OUCH_IN, 0,
		"user_ref_num=113 side=T quantity=225 symbol=CVLT price_e4=63.0200 time_in_force=0 display=Y "
		"capacity=A intermarket_sweep=N cross_type=N client_order_id=H8FUB8IV Firm=LIME");
}

/* 58 00752e71 00000000, and no length of an appendage. */
static void a_cancel_order_took_all_of_an_order(void **state) {
	(void)state;
	expect_capture("CancelOrderMessage.pcap", 'U', IX_OUCH_IN, 0, "user_ref_num=7679601 quantity=0");
}

/* 41 0000289b4d64af87 00753a8d 42 00000028 "ADBE    " 000000000048e748 35 59 000000000f56b4f5 41 4e 4e 4c
 * "7682701       " 0009 05 02 "MLRO" 02 12 30: 0x48e748 is 4,777,800, 0xf56b4f5 257,340,661. */
static void an_order_of_40_shares_of_adbe_was_accepted(void **state) {
	(void)state;
	expect_capture("OrderAcceptedMessage.pcap", 'S', IX_OUCH_OUT, 44647483486087,
		"user_ref_num=7682701 side=B quantity=40 symbol=ADBE price_e4=477.7800 time_in_force=5 "
		"display=Y reference=257340661 capacity=A intermarket_sweep=N cross_type=N order_state=L "
		"client_order_id=7682701 Firm=MLRO BBOWeightIndicator=0");
}

/* 43 0000289b4d681317 00753a8d 00000028 55: the order above, 222 microseconds later. */
static void the_same_order_was_canceled(void **state) {
	(void)state;
	expect_capture("CanceledMessage.pcap", 'S', IX_OUCH_OUT, 44647483708183,
		"user_ref_num=7682701 quantity=40 reason=U");
}

/* A length of one, which is the type. */
static void heartbeats_have_no_message(void **state) {
	(void)state;
	ix_bytes client = payload_of("ClientHeartbeatPacket.pcap");
	assert_int_equal(client.size, 3);
	assert_memory_equal(client.data, "\0\1R", 3);
	ix_bytes server = payload_of("ServerHeartbeatPacket.pcap");
	assert_int_equal(server.size, 3);
	assert_memory_equal(server.data, "\0\1H", 3);
}

IX_TESTS(test_ouch_suite, cmocka_unit_test(an_enter_order_was_for_225_shares_of_cvlt),
	cmocka_unit_test(a_cancel_order_took_all_of_an_order),
	cmocka_unit_test(an_order_of_40_shares_of_adbe_was_accepted),
	cmocka_unit_test(the_same_order_was_canceled), cmocka_unit_test(heartbeats_have_no_message));
