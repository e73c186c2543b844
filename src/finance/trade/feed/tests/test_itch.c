/* ITCH 5.0 messages: what is refused and how it is said, batches, judging values, and fields as text. The
 * layouts are in test_itch_layout.c, real data in test_itch_suite.c. */
#include "itch_samples.h"

#include <inox/itch.h>
#include <inox/testing.h>

static int decode(const char *bytes, size_t size, ix_error *err) {
	ix_itch_message m;
	*err = (ix_error){0};
	return ix_itch_decode((ix_bytes){(const uint8_t *)bytes, size}, &m, err);
}

static void refuses_an_empty_message(void **state) {
	(void)state;
	ix_error err;
	assert_int_equal(decode("", 0, &err), IX_ERR_TRUNCATED);
	assert_string_equal(err.text, "message is empty");
}

/* In a block of exactly that size, so that a sanitizer sees any read beyond it. */
static void refuses_every_truncation_of_every_message(void **state) {
	(void)state;
	for (size_t i = 0; i < IX_COUNT(itch_samples); i++)
		for (size_t size = 1; size < itch_samples[i].size; size++) {
			char *cut = malloc(size);
			ix_error err;
			assert_non_null(cut);
			memcpy(cut, itch_samples[i].text, size);
			assert_int_equal(decode(cut, size, &err), IX_ERR_TRUNCATED);
			char end[80];
			(void)snprintf(
				end, sizeof(end), "has %zu bytes instead of %zu", size, itch_samples[i].size);
			assert_non_null(strstr(err.text, end));
			free(cut);
		}
}

static void refuses_a_message_that_is_too_long(void **state) {
	(void)state;
	ix_error err;
	for (size_t i = 0; i < IX_COUNT(itch_samples); i++) {
		char longer[IX_ITCH_SIZE_MAX + 1] = {0};
		memcpy(longer, itch_samples[i].text, itch_samples[i].size);
		assert_int_equal(decode(longer, itch_samples[i].size + 1, &err), IX_ERR_SYNTAX);
	}
	assert_string_equal(
		err.text, "message type 'O' (Direct Listing with Capital Raise) has 49 bytes instead of 48");
}

static void tells_a_type_that_itch_does_not_have(void **state) {
	(void)state;
	ix_error err;
	assert_int_equal(decode("q12345678901", 12, &err), IX_ERR_UNSUPPORTED);
	assert_string_equal(err.text, "message type 'q' is not in ITCH 5.0");
	assert_int_equal(decode("\7", 1, &err), IX_ERR_UNSUPPORTED);
	assert_string_equal(err.text, "message type 0x07 is not in ITCH 5.0");
}

static void leaves_the_result_alone_when_it_fails(void **state) {
	(void)state;
	ix_itch_message m, before;
	memset(&m, 0x5a, sizeof(m));
	before = m;
	assert_int_equal(
		ix_itch_decode((ix_bytes){itch_sample_of('A').data, 35}, &m, NULL), IX_ERR_TRUNCATED);
	assert_memory_equal(&m, &before, sizeof(m));
}

static void does_not_encode_a_type_that_itch_does_not_have(void **state) {
	(void)state;
	uint8_t out[2 + IX_ITCH_SIZE_MAX] = {0};
	ix_itch_message m = {.type = 'q'};
	assert_int_equal(ix_itch_encode(&m, out), 0);
	assert_int_equal(ix_itch_encode_framed(&m, out), 0);
	assert_int_equal(out[0], 0);
}

static void frames_with_a_big_endian_length(void **state) {
	(void)state;
	ix_itch_message m;
	uint8_t out[2 + IX_ITCH_SIZE_MAX];
	ix_bytes a = itch_sample_of('A');
	assert_int_equal(ix_itch_decode(a, &m, NULL), 0);
	assert_int_equal(ix_itch_encode_framed(&m, out), 38);
	assert_memory_equal(out, "\0\x24", 2);
	assert_memory_equal(out + 2, a.data, 36);
}

static void writes_the_low_48_bits_of_a_timestamp(void **state) {
	(void)state;
	ix_itch_message m = {.type = 'S', .timestamp_ns = 0xffff123456789abc, .system_event = {'O'}};
	uint8_t out[IX_ITCH_SIZE_MAX];
	assert_int_equal(ix_itch_encode(&m, out), 12);
	assert_memory_equal(out + 5, "\x12\x34\x56\x78\x9a\xbc", 6);
}

static void sets_and_reads_padded_text(void **state) {
	(void)state;
	char stock[8];
	ix_itch_set_text(stock, 8, IX_STR("BRK.B"));
	assert_memory_equal(stock, "BRK.B   ", 8);
	assert_true(ix_str_equal(ix_itch_text(stock, 8), IX_STR("BRK.B")));
	ix_itch_set_text(stock, 8, IX_STR("TOOLONGNAME"));
	assert_memory_equal(stock, "TOOLONGN", 8);
	assert_int_equal(ix_itch_text(stock, 8).size, 8);
	ix_itch_set_text(stock, 8, (ix_str){NULL, 0});
	assert_memory_equal(stock, "        ", 8);
	assert_int_equal(ix_itch_text(stock, 8).size, 0);
}

/* ---- batches ---- */

static void a_batch_goes_on_where_the_last_one_stopped(void **state) {
	(void)state;
	uint8_t day[ITCH_DAY_MAX];
	size_t size = itch_sample_day(day), count, total = 0;
	for (size_t capacity = 1; capacity <= 24; capacity++) {
		ix_itch_run run = {0};
		ix_itch_message out[24];
		total = 0;
		do {
			assert_int_equal(ix_itch_decode_batch((ix_bytes){day + run.offset, size - run.offset},
						 &run, out, capacity, &count, NULL),
				0);
			for (size_t i = 0; i < count; i++)
				assert_int_equal(out[i].type, itch_samples[total + i].text[0]);
			total += count;
		} while (count > 0);
		assert_int_equal(total, 23);
		assert_int_equal(run.offset, size);
		assert_int_equal(run.message_count, 23);
		assert_int_equal(run.unknown_count, 0);
		assert_false(run.is_ended);
	}
}

static void a_batch_waits_in_front_of_an_incomplete_message(void **state) {
	(void)state;
	uint8_t day[ITCH_DAY_MAX];
	size_t count, first = 2 + itch_samples[0].size;
	(void)itch_sample_day(day);
	for (size_t size = 0; size < first + 41; size++) { /* the second message has 39 bytes */
		ix_itch_run run = {0};
		ix_itch_message out[2];
		assert_int_equal(ix_itch_decode_batch((ix_bytes){day, size}, &run, out, 2, &count, NULL), 0);
		assert_int_equal(count, size >= first);
		assert_int_equal(run.offset, size >= first ? first : 0);
	}
}

static void a_batch_skips_unknown_types_by_their_length_and_counts_them(void **state) {
	(void)state;
	static const char framed[] = "\0\3q12\0\x0cS" HEAD "O\0\1\1";
	ix_itch_run run = {.offset = 1000};
	ix_itch_message out[4];
	size_t count;
	ix_bytes bytes = {(const uint8_t *)framed, sizeof(framed) - 1};
	assert_int_equal(ix_itch_decode_batch(bytes, &run, out, 4, &count, NULL), 0);
	assert_int_equal(count, 1);
	assert_int_equal(out[0].type, 'S');
	assert_int_equal(run.message_count, 3);
	assert_int_equal(run.unknown_count, 2);
	assert_int_equal(run.offset, 1000 + sizeof(framed) - 1);
}

static void a_batch_stops_in_front_of_the_end_mark(void **state) {
	(void)state;
	static const char framed[] = "\0\x0cS" HEAD "C\0\0more";
	ix_itch_run run = {0};
	ix_itch_message out[4];
	size_t count;
	ix_bytes bytes = {(const uint8_t *)framed, sizeof(framed) - 1};
	assert_int_equal(ix_itch_decode_batch(bytes, &run, out, 4, &count, NULL), 0);
	assert_int_equal(count, 1);
	assert_true(run.is_ended);
	assert_int_equal(run.offset, 14);
}

static void a_batch_gives_what_is_in_front_of_a_bad_message_and_its_offset(void **state) {
	(void)state;
	static const char framed[] = "\0\x0cS" HEAD "O\0\x0b"
				     "S" HEAD "\0\x0cS" HEAD "C";
	ix_itch_run run = {.offset = 4711};
	ix_itch_message out[4];
	size_t count;
	ix_error err = {0};
	ix_bytes bytes = {(const uint8_t *)framed, sizeof(framed) - 1};
	assert_int_equal(ix_itch_decode_batch(bytes, &run, out, 4, &count, &err), IX_ERR_TRUNCATED);
	assert_int_equal(count, 1);
	assert_int_equal(out[0].system_event.event_code, 'O');
	assert_int_equal(run.offset, 4725);
	assert_int_equal(run.message_count, 1);
	assert_string_equal(
		err.text, "offset 4725: message type 'S' (System Event) has 11 bytes instead of 12");
}

/* ---- judging values ---- */

static int validate(ix_itch_message m, const char *expected) {
	ix_error err = {0};
	int code = ix_itch_validate(&m, &err);
	assert_string_equal(err.text, expected);
	return code;
}

static ix_itch_message sample(char type) {
	ix_itch_message m;
	assert_int_equal(ix_itch_decode(itch_sample_of(type), &m, NULL), 0);
	return m;
}

static void names_the_field_whose_code_is_not_in_the_list(void **state) {
	(void)state;
	ix_itch_message m = sample('A');
	m.add_order.side = 'Z';
	assert_int_equal(
		validate(m, "Add Order: Buy/Sell Indicator is 'Z', not one of 'B', 'S'"), IX_ERR_INVALID);
	m = sample('R');
	m.stock_directory.luld_tier = '3';
	assert_int_equal(
		validate(m, "Stock Directory: LULD Reference Price Tier is '3', not one of '1', '2', ' '"),
		IX_ERR_INVALID);
	m.stock_directory.luld_tier = 0;
	assert_int_equal(
		validate(
			m, "Stock Directory: LULD Reference Price Tier is '\\x00', not one of '1', '2', ' '"),
		IX_ERR_INVALID);
	m = sample('H');
	memcpy(m.trading_action.reason, "T13 ", 4);
	assert_int_equal(validate(m, "Stock Trading Action: Reason is 'T13', not one of the 34 in ITCH 5.0"),
		IX_ERR_INVALID);
}

static void names_text_that_is_not_padded_printable_ascii(void **state) {
	(void)state;
	ix_itch_message m = sample('A');
	memcpy(m.add_order.stock, "AA\0L    ", 8);
	assert_int_equal(
		validate(m, "Add Order: Stock is 'AA\\x00L', not printable text padded on the right"),
		IX_ERR_INVALID);
	memcpy(m.add_order.stock, " AAPL   ", 8);
	assert_int_equal(validate(m, "Add Order: Stock is ' AAPL', not printable text padded on the right"),
		IX_ERR_INVALID);
}

static void names_a_time_that_is_later_than_a_day_has(void **state) {
	(void)state;
	ix_itch_message m = sample('O');
	m.timestamp_ns = 86399999999999;
	assert_int_equal(validate(m, ""), 0);
	m.timestamp_ns = 86400000000000;
	assert_int_equal(
		validate(m, "Direct Listing with Capital Raise: Timestamp is 86400000000000, later than a "
			    "day has"),
		IX_ERR_INVALID);
	m.timestamp_ns = (uint64_t)1 << 48; /* 0 when cut to 48 bits */
	assert_int_equal(ix_itch_validate(&m, NULL), IX_ERR_INVALID);
	m.timestamp_ns = 0;
	m.direct_listing.near_time_ns = 86400000000000;
	assert_int_equal(ix_itch_validate(&m, NULL), IX_ERR_INVALID);
	m = sample('K');
	m.ipo_quoting.release_time_s = 86400;
	assert_int_equal(
		validate(m,
			"IPO Quoting Period Update: IPO Quotation Release Time is 86400, later than a day "
			"has"),
		IX_ERR_INVALID);
}

static void does_not_judge_a_type_that_itch_does_not_have(void **state) {
	(void)state;
	assert_int_equal(validate((ix_itch_message){.type = 'z'}, "message type 'z' is not in ITCH 5.0"),
		IX_ERR_UNSUPPORTED);
}

/* For every one-byte code field, all 256 values: good are exactly those that the specification lists. */
static void every_code_list_is_the_specifications(void **state) {
	(void)state;
	static const struct {
		char type;
		const char *field, *codes;
	} lists[] = {
		{'S', "event_code", "OSQMEC"},
		{'R', "market_category", "QGSNAPZV "},
		{'R', "financial_status", "DEQSGHJKCN "},
		{'R', "round_lots_only", "YN"},
		{'R', "issue_classification", "ABCFILNOPQRSTUVW"},
		{'R', "authenticity", "PT"},
		{'R', "short_sale_threshold", "YN "},
		{'R', "ipo_flag", "YN "},
		{'R', "luld_tier", "12 "},
		{'R', "etp_flag", "YN "},
		{'R', "inverse", "YN"},
		{'H', "trading_state", "HPQT"},
		{'Y', "action", "012"},
		{'L', "primary_market_maker", "YN"},
		{'L', "market_maker_mode", "NPSRL"},
		{'L', "state", "AEWSD"},
		{'W', "breached_level", "123"},
		{'K', "qualifier", "AC"},
		{'h', "market", "QBX"},
		{'h', "action", "HT"},
		{'A', "side", "BS"},
		{'F', "side", "BS"},
		{'C', "printable", "YN"},
		{'P', "side", "BS"},
		{'Q', "cross_type", "OCHI"},
		{'I', "direction", "BSNOP"},
		{'I', "cross_type", "OCHA"},
		{'I', "price_variation", "L123456789ABC "},
		{'N', "interest", "BSAN"},
		{'O', "open_eligibility", "YN"},
	};
	size_t checked = 0, code_fields = 0;
	for (size_t i = 0; i < IX_ITCH_TYPE_COUNT; i++)
		for (size_t f = 0; f < ix_itch_types[i].field_count; f++)
			code_fields += ix_itch_types[i].fields[f].kind == IX_ITCH_KIND_CODE;
	for (size_t i = 0; i < IX_COUNT(lists); i++) {
		const ix_itch_type *row = ix_itch_type_find((uint8_t)lists[i].type);
		for (size_t f = 0; f < row->field_count; f++) {
			if (strcmp(row->fields[f].name, lists[i].field) != 0) continue;
			checked++;
			for (unsigned value = 0; value < 256; value++) {
				uint8_t wire[IX_ITCH_SIZE_MAX];
				ix_itch_message m;
				memcpy(wire, itch_sample_of(lists[i].type).data, row->size);
				wire[row->fields[f].offset] = (uint8_t)value;
				assert_int_equal(ix_itch_decode((ix_bytes){wire, row->size}, &m, NULL), 0);
				bool is_listed = value != 0 && strchr(lists[i].codes, (int)value);
				assert_int_equal(ix_itch_validate(&m, NULL), is_listed ? 0 : IX_ERR_INVALID);
			}
		}
	}
	assert_int_equal(checked, IX_COUNT(lists));
	assert_int_equal(checked + 1, code_fields); /* and the reserved byte, which is free */
}

/* ---- fields as text ---- */

static const ix_itch_field *field_of(char type, const char *name) {
	const ix_itch_type *row = ix_itch_type_find((uint8_t)type);
	for (size_t i = 0; i < row->field_count; i++)
		if (strcmp(row->fields[i].name, name) == 0) return &row->fields[i];
	fail_msg("no field %s", name);
	return NULL;
}

static void assert_text(char type, const char *name, const char *expected) {
	char out[IX_ITCH_FIELD_TEXT_MAX];
	assert_int_equal(
		ix_itch_field_text(field_of(type, name), itch_sample_of(type).data, out), strlen(expected));
	assert_string_equal(out, expected);
}

static void prints_fields_in_their_units(void **state) {
	(void)state;
	assert_text('A', "price_e4", "187.5400");
	assert_text('A', "reference", "1234605616436508552"); /* 0x1122334455667788 */
	assert_text('A', "side", "B");
	assert_text('A', "stock", "AAPL");
	assert_text('V', "level1_e8", "2900.00000000");
	assert_text('K', "release_time_s", "45296");
	assert_text('O', "near_time_ns", "34200000000001");
	assert_text('R', "ipo_flag", "");
	assert_text('R', "issue_subtype", "Z");
	assert_text('P', "reference", "0");
}

static void prints_the_header(void **state) {
	(void)state;
	static const char *const expected[] = {"D", "258", "772", "34200000000001"};
	for (size_t i = 0; i < IX_ITCH_HEADER_FIELD_COUNT; i++) {
		char out[IX_ITCH_FIELD_TEXT_MAX];
		(void)ix_itch_field_text(&ix_itch_header_fields[i], itch_sample_of('D').data, out);
		assert_string_equal(out, expected[i]);
	}
}

static void prints_the_extremes_within_its_room(void **state) {
	(void)state;
	char out[IX_ITCH_FIELD_TEXT_MAX];
	uint8_t wire[IX_ITCH_SIZE_MAX];
	memset(wire, 0xff, sizeof(wire));
	(void)ix_itch_field_text(field_of('V', "level1_e8"), wire, out);
	assert_string_equal(out, "184467440737.09551615");
	(void)ix_itch_field_text(field_of('A', "price_e4"), wire, out);
	assert_string_equal(out, "429496.7295");
	assert_int_equal(ix_itch_field_text(field_of('A', "stock"), wire, out), 32);
	assert_string_equal(out, "\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff");
	memset(wire, 0, sizeof(wire));
	(void)ix_itch_field_text(field_of('V', "level1_e8"), wire, out);
	assert_string_equal(out, "0.00000000");
	memcpy(wire + 24, "A\\,\"    ", 8);
	(void)ix_itch_field_text(field_of('A', "stock"), wire, out);
	assert_string_equal(out, "A\\x5c,\"");
}

static void says_what_a_code_means(void **state) {
	(void)state;
	assert_string_equal(ix_itch_field_meaning(field_of('H', "trading_state"), itch_sample_of('H').data),
		"halted across all U.S. equity markets");
	assert_string_equal(ix_itch_field_meaning(field_of('H', "reason"), itch_sample_of('H').data),
		"trading halted: information requested by the listing market");
	assert_string_equal(ix_itch_field_meaning(field_of('R', "issue_subtype"), itch_sample_of('R').data),
		"not applicable");
	assert_string_equal(
		ix_itch_field_meaning(field_of('R', "ipo_flag"), itch_sample_of('R').data), "not available");
	assert_null(ix_itch_field_meaning(field_of('A', "stock"), itch_sample_of('A').data));
}

IX_TESTS(test_itch, cmocka_unit_test(refuses_an_empty_message),
	cmocka_unit_test(refuses_every_truncation_of_every_message),
	cmocka_unit_test(refuses_a_message_that_is_too_long),
	cmocka_unit_test(tells_a_type_that_itch_does_not_have),
	cmocka_unit_test(leaves_the_result_alone_when_it_fails),
	cmocka_unit_test(does_not_encode_a_type_that_itch_does_not_have),
	cmocka_unit_test(frames_with_a_big_endian_length),
	cmocka_unit_test(writes_the_low_48_bits_of_a_timestamp), cmocka_unit_test(sets_and_reads_padded_text),
	cmocka_unit_test(a_batch_goes_on_where_the_last_one_stopped),
	cmocka_unit_test(a_batch_waits_in_front_of_an_incomplete_message),
	cmocka_unit_test(a_batch_skips_unknown_types_by_their_length_and_counts_them),
	cmocka_unit_test(a_batch_stops_in_front_of_the_end_mark),
	cmocka_unit_test(a_batch_gives_what_is_in_front_of_a_bad_message_and_its_offset),
	cmocka_unit_test(names_the_field_whose_code_is_not_in_the_list),
	cmocka_unit_test(names_text_that_is_not_padded_printable_ascii),
	cmocka_unit_test(names_a_time_that_is_later_than_a_day_has),
	cmocka_unit_test(does_not_judge_a_type_that_itch_does_not_have),
	cmocka_unit_test(every_code_list_is_the_specifications),
	cmocka_unit_test(prints_fields_in_their_units), cmocka_unit_test(prints_the_header),
	cmocka_unit_test(prints_the_extremes_within_its_room), cmocka_unit_test(says_what_a_code_means));
