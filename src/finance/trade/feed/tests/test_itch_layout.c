/* The layout of every ITCH 5.0 message, against a list written by hand from the specification's tables
 * (Nasdaq TotalView-ITCH 5.0, sections 1.1 to 1.8) and against messages written by hand. */
#include "itch_samples.h"

#include <inox/itch.h>
#include <inox/testing.h>

/* Offset and length of each field behind the common eleven bytes, as printed. */
static const struct {
	char type;
	uint8_t size;
	struct {
		uint8_t offset, width;
	} fields[16];
} printed[] = {
	{'S', 12, {{11, 1}}},
	{'R', 39,
		{{11, 8}, {19, 1}, {20, 1}, {21, 4}, {25, 1}, {26, 1}, {27, 2}, {29, 1}, {30, 1}, {31, 1},
			{32, 1}, {33, 1}, {34, 4}, {38, 1}}},
	{'H', 25, {{11, 8}, {19, 1}, {20, 1}, {21, 4}}},
	{'Y', 20, {{11, 8}, {19, 1}}},
	{'L', 26, {{11, 4}, {15, 8}, {23, 1}, {24, 1}, {25, 1}}},
	{'V', 35, {{11, 8}, {19, 8}, {27, 8}}},
	{'W', 12, {{11, 1}}},
	{'K', 28, {{11, 8}, {19, 4}, {23, 1}, {24, 4}}},
	{'J', 35, {{11, 8}, {19, 4}, {23, 4}, {27, 4}, {31, 4}}},
	{'h', 21, {{11, 8}, {19, 1}, {20, 1}}},
	{'A', 36, {{11, 8}, {19, 1}, {20, 4}, {24, 8}, {32, 4}}},
	{'F', 40, {{11, 8}, {19, 1}, {20, 4}, {24, 8}, {32, 4}, {36, 4}}},
	{'E', 31, {{11, 8}, {19, 4}, {23, 8}}},
	{'C', 36, {{11, 8}, {19, 4}, {23, 8}, {31, 1}, {32, 4}}},
	{'X', 23, {{11, 8}, {19, 4}}},
	{'D', 19, {{11, 8}}},
	{'U', 35, {{11, 8}, {19, 8}, {27, 4}, {31, 4}}},
	{'P', 44, {{11, 8}, {19, 1}, {20, 4}, {24, 8}, {32, 4}, {36, 8}}},
	{'Q', 40, {{11, 8}, {19, 8}, {27, 4}, {31, 8}, {39, 1}}},
	{'B', 19, {{11, 8}}},
	{'I', 50, {{11, 8}, {19, 8}, {27, 1}, {28, 8}, {36, 4}, {40, 4}, {44, 4}, {48, 1}, {49, 1}}},
	{'N', 20, {{11, 8}, {19, 1}}},
	{'O', 48, {{11, 8}, {19, 1}, {20, 4}, {24, 4}, {28, 4}, {32, 8}, {40, 4}, {44, 4}}},
};

static void every_field_lies_where_the_specification_prints_it(void **state) {
	(void)state;
	assert_int_equal(IX_COUNT(printed), 23);
	for (size_t i = 0; i < IX_COUNT(printed); i++) {
		const ix_itch_type *row = ix_itch_type_find((uint8_t)printed[i].type);
		assert_non_null(row);
		assert_ptr_equal(row, &ix_itch_types[i]);
		assert_int_equal(row->type, printed[i].type);
		assert_int_equal(row->size, printed[i].size);
		assert_int_equal(ix_itch_size((uint8_t)printed[i].type), printed[i].size);
		for (size_t f = 0; f < row->field_count; f++) {
			assert_int_equal(row->fields[f].offset, printed[i].fields[f].offset);
			assert_int_equal(row->fields[f].width, printed[i].fields[f].width);
		}
		assert_int_equal(printed[i].fields[row->field_count].offset, 0);
	}
}

static void the_fields_of_a_message_leave_no_gap(void **state) {
	(void)state;
	for (size_t i = 0; i < IX_ITCH_TYPE_COUNT; i++) {
		size_t offset = IX_ITCH_HEADER_SIZE;
		for (size_t f = 0; f < ix_itch_types[i].field_count; f++) {
			assert_int_equal(ix_itch_types[i].fields[f].offset, offset);
			offset += ix_itch_types[i].fields[f].width;
		}
		assert_int_equal(ix_itch_types[i].size, offset);
	}
}

static void no_other_byte_is_a_type(void **state) {
	(void)state;
	size_t known = 0;
	for (unsigned type = 0; type < 256; type++) {
		bool is_printed = type != 0 && strchr("SRHYLVWKJhAFECXDUPQBINO", (int)type);
		assert_int_equal(ix_itch_type_find((uint8_t)type) != NULL, is_printed);
		assert_int_equal(ix_itch_size((uint8_t)type) != 0, is_printed);
		known += is_printed;
	}
	assert_int_equal(known, 23);
}

/* Decodes the sample of a type and checks what all messages share, and that it encodes to the same bytes. */
static ix_itch_message decode(char type) {
	ix_bytes bytes = itch_sample_of(type);
	ix_itch_message m;
	uint8_t out[IX_ITCH_SIZE_MAX];
	assert_int_equal(ix_itch_decode(bytes, &m, NULL), 0);
	assert_int_equal(m.type, type);
	assert_int_equal(m.locate, 258);
	assert_int_equal(m.tracking, 772);
	assert_true(m.timestamp_ns == 34200000000001);
	assert_int_equal(ix_itch_encode(&m, out), bytes.size);
	assert_memory_equal(out, bytes.data, bytes.size);
	assert_int_equal(ix_itch_validate(&m, NULL), 0);
	return m;
}

#define REFERENCE           0x1122334455667788
#define assert_stock(field) assert_memory_equal(field, "AAPL    ", 8)

static void reads_a_system_event(void **state) {
	(void)state;
	assert_int_equal(decode('S').system_event.event_code, IX_ITCH_EVENT_START_OF_MARKET_HOURS);
}

static void reads_a_stock_directory_entry(void **state) {
	(void)state;
	ix_itch_stock_directory m = decode('R').stock_directory;
	assert_stock(m.stock);
	assert_int_equal(m.market_category, IX_ITCH_MARKET_CATEGORY_NASDAQ_GLOBAL_SELECT);
	assert_int_equal(m.financial_status, IX_ITCH_FINANCIAL_STATUS_NORMAL);
	assert_int_equal(m.round_lot_size, 100);
	assert_int_equal(m.round_lots_only, 'N');
	assert_int_equal(m.issue_classification, IX_ITCH_ISSUE_CLASSIFICATION_COMMON_STOCK);
	assert_memory_equal(m.issue_subtype, "Z ", 2);
	assert_int_equal(m.authenticity, IX_ITCH_AUTHENTICITY_PRODUCTION);
	assert_int_equal(m.short_sale_threshold, 'Y');
	assert_int_equal(m.ipo_flag, ' ');
	assert_int_equal(m.luld_tier, '1');
	assert_int_equal(m.etp_flag, 'N');
	assert_int_equal(m.etp_leverage, 3);
	assert_int_equal(m.inverse, 'Y');
}

static void reads_a_trading_action(void **state) {
	(void)state;
	ix_itch_trading_action m = decode('H').trading_action;
	assert_stock(m.stock);
	assert_int_equal(m.trading_state, IX_ITCH_TRADING_STATE_HALTED);
	assert_int_equal(m.reserved, ' ');
	assert_memory_equal(m.reason, "T12 ", 4);
}

static void reads_a_short_sale_restriction(void **state) {
	(void)state;
	ix_itch_reg_sho m = decode('Y').reg_sho;
	assert_stock(m.stock);
	assert_int_equal(m.action, IX_ITCH_REG_SHO_ACTION_INTRADAY);
}

static void reads_a_market_participant_position(void **state) {
	(void)state;
	ix_itch_participant_position m = decode('L').participant_position;
	assert_memory_equal(m.mpid, "GSCO", 4);
	assert_stock(m.stock);
	assert_int_equal(m.primary_market_maker, 'Y');
	assert_int_equal(m.market_maker_mode, IX_ITCH_MARKET_MAKER_MODE_PASSIVE);
	assert_int_equal(m.state, IX_ITCH_PARTICIPANT_STATE_WITHDRAWN);
}

static void reads_circuit_breaker_levels_and_status(void **state) {
	(void)state;
	ix_itch_mwcb_levels m = decode('V').mwcb_levels;
	assert_true(m.level1_e8 == 290000000000);
	assert_true(m.level2_e8 == 270000000000);
	assert_true(m.level3_e8 == 250000000000);
	assert_int_equal(decode('W').mwcb_status.breached_level, IX_ITCH_MWCB_LEVEL_2);
}

static void reads_an_ipo_quoting_period(void **state) {
	(void)state;
	ix_itch_ipo_quoting m = decode('K').ipo_quoting;
	assert_stock(m.stock);
	assert_int_equal(m.release_time_s, 12 * 3600 + 34 * 60 + 56);
	assert_int_equal(m.qualifier, IX_ITCH_IPO_QUALIFIER_ANTICIPATED);
	assert_int_equal(m.price_e4, 210000);
}

static void reads_an_auction_collar(void **state) {
	(void)state;
	ix_itch_luld_collar m = decode('J').luld_collar;
	assert_stock(m.stock);
	assert_int_equal(m.reference_e4, 1000000);
	assert_int_equal(m.upper_e4, 1100000);
	assert_int_equal(m.lower_e4, 900000);
	assert_int_equal(m.extension, 2);
}

static void reads_an_operational_halt(void **state) {
	(void)state;
	ix_itch_operational_halt m = decode('h').operational_halt;
	assert_stock(m.stock);
	assert_int_equal(m.market, IX_ITCH_HALT_MARKET_PSX);
	assert_int_equal(m.action, IX_ITCH_HALT_ACTION_HALTED);
}

static void reads_orders_with_and_without_attribution(void **state) {
	(void)state;
	ix_itch_add_order a = decode('A').add_order;
	assert_true(a.reference == REFERENCE);
	assert_int_equal(a.side, IX_ITCH_SIDE_BUY);
	assert_int_equal(a.shares, 300);
	assert_stock(a.stock);
	assert_int_equal(a.price_e4, 1875400);
	ix_itch_message f = decode('F');
	assert_int_equal(f.add_order_attributed.side, IX_ITCH_SIDE_SELL);
	assert_memory_equal(f.add_order_attributed.attribution, "GSCO", 4);
	assert_true(f.add_order.reference == REFERENCE); /* the first part is an Add Order */
	assert_int_equal(f.add_order.price_e4, 1875400);
}

static void reads_executions(void **state) {
	(void)state;
	ix_itch_order_executed e = decode('E').order_executed;
	assert_true(e.reference == REFERENCE);
	assert_int_equal(e.shares, 5);
	assert_true(e.match == 987654); /* 0x0f1206 */
	ix_itch_order_executed_price c = decode('C').order_executed_price;
	assert_true(c.reference == REFERENCE);
	assert_int_equal(c.shares, 5);
	assert_true(c.match == 987654);
	assert_int_equal(c.printable, 'N');
	assert_int_equal(c.price_e4, 1875400);
}

static void reads_cancels_deletes_and_replaces(void **state) {
	(void)state;
	ix_itch_message x = decode('X');
	assert_true(x.order_cancel.reference == REFERENCE);
	assert_int_equal(x.order_cancel.shares, 7);
	assert_true(decode('D').order_delete.reference == REFERENCE);
	ix_itch_order_replace u = decode('U').order_replace;
	assert_true(u.reference == REFERENCE);
	assert_true(u.new_reference == REFERENCE + 0x11);
	assert_int_equal(u.shares, 300);
	assert_int_equal(u.price_e4, 1875400);
}

static void reads_trades_crosses_and_broken_trades(void **state) {
	(void)state;
	ix_itch_trade p = decode('P').trade;
	assert_true(p.reference == 0);
	assert_int_equal(p.side, IX_ITCH_SIDE_BUY);
	assert_int_equal(p.shares, 100);
	assert_stock(p.stock);
	assert_int_equal(p.price_e4, 1875400);
	assert_true(p.match == 987655);
	ix_itch_cross_trade q = decode('Q').cross_trade;
	assert_true(q.shares == 5000000000);
	assert_stock(q.stock);
	assert_int_equal(q.price_e4, 1875400);
	assert_true(q.match == 987656);
	assert_int_equal(q.cross_type, IX_ITCH_TRADE_CROSS_TYPE_CLOSING);
	assert_true(decode('B').broken_trade.match == 987656);
}

static void reads_an_imbalance(void **state) {
	(void)state;
	ix_itch_noii m = decode('I').noii;
	assert_true(m.paired_shares == 9999);
	assert_true(m.imbalance_shares == 77);
	assert_int_equal(m.direction, IX_ITCH_IMBALANCE_DIRECTION_SELL);
	assert_stock(m.stock);
	assert_int_equal(m.far_e4, 1875399);
	assert_int_equal(m.near_e4, 1875400);
	assert_int_equal(m.reference_e4, 1875401);
	assert_int_equal(m.cross_type, IX_ITCH_NOII_CROSS_TYPE_OPENING);
	assert_int_equal(m.price_variation, IX_ITCH_PRICE_VARIATION_BELOW_1);
}

static void reads_retail_interest(void **state) {
	(void)state;
	ix_itch_rpii m = decode('N').rpii;
	assert_stock(m.stock);
	assert_int_equal(m.interest, IX_ITCH_RPII_INTEREST_BOTH);
}

static void reads_a_direct_listing(void **state) {
	(void)state;
	ix_itch_direct_listing m = decode('O').direct_listing;
	assert_stock(m.stock);
	assert_int_equal(m.open_eligibility, 'Y');
	assert_int_equal(m.minimum_e4, 800000);
	assert_int_equal(m.maximum_e4, 1800000);
	assert_int_equal(m.near_e4, 1000000);
	assert_true(m.near_time_ns == 34200000000001);
	assert_int_equal(m.lower_collar_e4, 900000);
	assert_int_equal(m.upper_collar_e4, 1100000);
}

/* One bit at a time, everywhere: decoding and encoding must carry it through. */
static void every_bit_of_every_message_survives_a_round_trip(void **state) {
	(void)state;
	for (size_t i = 0; i < IX_COUNT(itch_samples); i++) {
		ix_bytes bytes = itch_sample_bytes(i);
		for (size_t bit = 8; bit < bytes.size * 8; bit++) {
			uint8_t in[IX_ITCH_SIZE_MAX], out[IX_ITCH_SIZE_MAX];
			memcpy(in, bytes.data, bytes.size);
			in[bit / 8] ^= (uint8_t)(1u << bit % 8);
			ix_itch_message m;
			assert_int_equal(ix_itch_decode((ix_bytes){in, bytes.size}, &m, NULL), 0);
			assert_int_equal(ix_itch_encode(&m, out), bytes.size);
			assert_memory_equal(out, in, bytes.size);
		}
	}
}

/* The views and the loads read the same as the decoder: each field against the struct's. */
#define SAME_CODE(a, b) assert_int_equal(a, b)
#define SAME_U32        SAME_CODE
#define SAME_U64(a, b)  assert_true((a) == (b))
#define SAME_E4         SAME_CODE
#define SAME_E8         SAME_U64
#define SAME_SEC        SAME_CODE
#define SAME_NS         SAME_U64
#define SAME_A2(a, b)   assert_memory_equal(a, b, 2)
#define SAME_A4(a, b)   assert_memory_equal(a, b, 4)
#define SAME_A8(a, b)   assert_memory_equal(a, b, 8)
#define SAME_FIELD(m, kind, name, offset, codes, title)           \
	SAME_##kind(ix_itch_##m##_##name(bytes), message.m.name); \
	SAME_##kind(loaded.name, message.m.name);
#define SAME_MESSAGE(byte, CONSTANT, member, size, title)               \
	{                                                               \
		const uint8_t *bytes = itch_sample_of(byte).data;       \
		ix_itch_message message = decode(byte);                 \
		ix_itch_##member loaded = ix_itch_load_##member(bytes); \
		IX_ITCH_FIELDS_##CONSTANT(SAME_FIELD, member)           \
	}

static void views_and_loads_agree_with_the_decoder(void **state) {
	(void)state;
	IX_ITCH_MESSAGES(SAME_MESSAGE)
	const uint8_t *bytes = itch_sample_of('D').data;
	assert_int_equal(ix_itch_view_type(bytes), 'D');
	assert_int_equal(ix_itch_view_locate(bytes), 258);
	assert_int_equal(ix_itch_view_tracking(bytes), 772);
	assert_true(ix_itch_view_timestamp_ns(bytes) == 34200000000001);
}

IX_TESTS(test_itch_layout, cmocka_unit_test(every_field_lies_where_the_specification_prints_it),
	cmocka_unit_test(the_fields_of_a_message_leave_no_gap), cmocka_unit_test(no_other_byte_is_a_type),
	cmocka_unit_test(reads_a_system_event), cmocka_unit_test(reads_a_stock_directory_entry),
	cmocka_unit_test(reads_a_trading_action), cmocka_unit_test(reads_a_short_sale_restriction),
	cmocka_unit_test(reads_a_market_participant_position),
	cmocka_unit_test(reads_circuit_breaker_levels_and_status),
	cmocka_unit_test(reads_an_ipo_quoting_period), cmocka_unit_test(reads_an_auction_collar),
	cmocka_unit_test(reads_an_operational_halt),
	cmocka_unit_test(reads_orders_with_and_without_attribution), cmocka_unit_test(reads_executions),
	cmocka_unit_test(reads_cancels_deletes_and_replaces),
	cmocka_unit_test(reads_trades_crosses_and_broken_trades), cmocka_unit_test(reads_an_imbalance),
	cmocka_unit_test(reads_retail_interest), cmocka_unit_test(reads_a_direct_listing),
	cmocka_unit_test(every_bit_of_every_message_survives_a_round_trip),
	cmocka_unit_test(views_and_loads_agree_with_the_decoder));
