/* ITCH 5.0 messages: decoding against messages written by hand from the specification, the exact inverse, and
 * what is refused. The layouts in bulk: test_itch_layout.c. */
#include <inox/itch.h>
#include <inox/testing.h>

/* An Add Order: locate 0x0102, tracking 0x0304, 09:30:00.000000001 = 34200 s = 0x1f1aced9f001 ns, reference
 * 0x1122334455667788, buy 300 "AAPL" at 187.5400 = 1875400 = 0x1c9dc8. */
static const uint8_t add_order[36] = {'A', 0x01, 0x02, 0x03, 0x04, 0x1f, 0x1a, 0xce, 0xd9, 0xf0, 0x01, 0x11,
	0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88, 'B', 0x00, 0x00, 0x01, 0x2c, 'A', 'A', 'P', 'L', ' ', ' ',
	' ', ' ', 0x00, 0x1c, 0x9d, 0xc8};

static void reads_every_field_of_an_add_order(void **state) {
	(void)state;
	ix_itch_message m;
	assert_int_equal(ix_itch_decode((ix_bytes){add_order, sizeof(add_order)}, &m, NULL), 0);
	assert_int_equal(m.type, IX_ITCH_ADD_ORDER);
	assert_int_equal(m.locate, 0x0102);
	assert_int_equal(m.tracking, 0x0304);
	assert_int_equal(m.timestamp_ns, 0x1f1aced9f001);
	assert_true(m.add_order.reference == 0x1122334455667788);
	assert_int_equal(m.add_order.side, IX_ITCH_SIDE_BUY);
	assert_int_equal(m.add_order.shares, 300);
	assert_memory_equal(m.add_order.stock, "AAPL    ", 8);
	assert_int_equal(m.add_order.price_e4, 1875400);
	assert_true(ix_str_equal(ix_itch_text(m.add_order.stock, 8), IX_STR("AAPL")));
}

static void encodes_to_the_same_bytes(void **state) {
	(void)state;
	ix_itch_message m;
	uint8_t out[2 + IX_ITCH_SIZE_MAX];
	assert_int_equal(ix_itch_decode((ix_bytes){add_order, sizeof(add_order)}, &m, NULL), 0);
	assert_int_equal(ix_itch_encode_framed(&m, out), 38);
	assert_memory_equal(out, "\0\x24", 2);
	assert_memory_equal(out + 2, add_order, 36);
}

IX_TESTS(test_itch, cmocka_unit_test(reads_every_field_of_an_add_order),
	cmocka_unit_test(encodes_to_the_same_bytes));
