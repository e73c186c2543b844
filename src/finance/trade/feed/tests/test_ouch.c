/* OUCH 5.0: every message and tag against bytes from the specification's tables, appendages of every
 * revision, and messages that are cut or wrong. */
#include <inox/ouch.h>
#include <inox/rng.h>

#include "wire_build.h"

/* One message of each type, and one tag of each number, field by field. */
#include "ouch_samples.h"

static const ouch_sample *sample_of(ix_ouch_direction direction, char type) {
	for (size_t i = 0; i < IX_COUNT(ouch_samples); i++)
		if (ouch_samples[i].direction == direction && ouch_samples[i].bytes[0] == type)
			return &ouch_samples[i];
	fail_msg("no sample of '%c'", type);
	return NULL;
}

static ix_bytes sample_bytes(const ouch_sample *s) { return (ix_bytes){(const uint8_t *)s->bytes, s->size}; }

/* A sample with an appendage of the given tags behind it. */
static ix_bytes with_tags(wire_build *b, const ouch_sample *s, const void *tags, size_t size) {
	b->size = 0;
	put(b, s->bytes, s->size);
	put_be(b, size, 2);
	put(b, tags, size);
	return built(b);
}

static void expect_error(ix_ouch_direction direction, ix_bytes message, int code, const char *text) {
	ix_ouch_message m;
	ix_error err = {0};
	assert_int_equal(ix_ouch_decode(direction, message, &m, &err), code);
	assert_string_equal(err.text, text);
}

static ix_ouch_message expect_same(ix_ouch_direction direction, ix_bytes message) {
	ix_ouch_message m = {0};
	ix_error err = {0};
	if (ix_ouch_decode(direction, message, &m, &err)) fail_msg("%s", err.text);
	static uint8_t out[70000];
	ix_writer w = ix_writer_of(out, sizeof out);
	ix_ouch_encode(&w, &m);
	assert_false(w.failed);
	assert_int_equal(w.size, message.size);
	assert_memory_equal(out, message.data, message.size);
	return m;
}

static void there_is_a_sample_of_every_message_and_tag(void **state) {
	(void)state;
	assert_int_equal(IX_COUNT(ouch_samples), IX_OUCH_IN_COUNT + IX_OUCH_OUT_COUNT);
	for (size_t i = 0; i < IX_COUNT(ouch_samples); i++) {
		const ix_ouch_type *types = i < IX_OUCH_IN_COUNT ? ix_ouch_types_in : ix_ouch_types_out;
		assert_int_equal(types[i < IX_OUCH_IN_COUNT ? i : i - IX_OUCH_IN_COUNT].type,
			ouch_samples[i].bytes[0]);
	}
	assert_int_equal(IX_COUNT(ouch_tag_samples), IX_OUCH_TAG_COUNT);
	static const char *const titles[] = {"Enter Order", "Replace Order", "Cancel Order", "Modify Order",
		"Mass Cancel", "Disable Order Entry", "Enable Order Entry", "Account Query", "System Event",
		"Order Accepted", "Order Replaced", "Order Canceled", "AIQ Canceled", "Order Executed",
		"Broken Trade", "Trade Correction", "Rejected", "Cancel Pending", "Cancel Reject",
		"Order Priority Update", "Order Modified", "Order Restated", "Mass Cancel Response",
		"Disable Order Entry Response", "Enable Order Entry Response", "Account Query Response"};
	for (size_t i = 0; i < IX_COUNT(ouch_samples); i++)
		assert_string_equal(
			ix_ouch_type_find(ouch_samples[i].direction, (uint8_t)ouch_samples[i].bytes[0])
				->title,
			titles[i]);
}

static void every_field_lies_where_the_specification_says(void **state) {
	(void)state;
	for (size_t i = 0; i < IX_COUNT(ouch_samples); i++) {
		const ouch_sample *s = &ouch_samples[i];
		const ix_ouch_type *type = ix_ouch_type_find(s->direction, (uint8_t)s->bytes[0]);
		assert_int_equal(type->size, s->size);
		assert_int_equal(ix_ouch_size(s->direction, type->type), s->size);
		char says[512] = "";
		size_t size = 0, end = s->direction == IX_OUCH_IN ? 1 : 9;
		for (size_t k = 0; k < type->field_count; k++) {
			const ix_ouch_field *f = &type->fields[k];
			char value[IX_OUCH_FIELD_TEXT_MAX];
			assert_int_equal(f->offset, end);
			end += f->width;
			(void)ix_ouch_field_text(
				f, (const uint8_t *)s->bytes + f->offset, value, sizeof value);
			size += (size_t)snprintf(
				says + size, sizeof says - size, "%s%s=%s", k ? " " : "", f->name, value);
		}
		assert_string_equal(says, s->says);
		assert_int_equal(end, s->size);
	}
}

static void every_message_comes_back_byte_for_byte(void **state) {
	(void)state;
	for (size_t i = 0; i < IX_COUNT(ouch_samples); i++) {
		const ouch_sample *s = &ouch_samples[i];
		ix_ouch_message m = expect_same(s->direction, sample_bytes(s));
		assert_false(m.has_appendage);
		assert_int_equal(m.timestamp_ns, s->direction == IX_OUCH_OUT ? 34200000000123 : 0);
		wire_build b;
		m = expect_same(
			s->direction, with_tags(&b, s, "", 0)); /* a length of zero is not no length */
		assert_true(m.has_appendage);
		assert_int_equal(m.appendage.size, 0);
		m = expect_same(s->direction, with_tags(&b, s, "\x02\x1c\x05\x05\x02LIME", 9));
		assert_int_equal(m.appendage.size, 9);
	}
}

static void the_struct_has_the_fields(void **state) {
	(void)state;
	ix_ouch_message m = expect_same(IX_OUCH_IN, sample_bytes(&ouch_samples[0]));
	assert_int_equal(m.type, IX_OUCH_ENTER_ORDER);
	assert_int_equal(m.enter_order.user_ref_num, 0x01020304);
	assert_int_equal(m.enter_order.side, IX_OUCH_SIDE_BUY);
	assert_int_equal(m.enter_order.quantity, 100);
	assert_memory_equal(m.enter_order.symbol, "AAPL    ", 8);
	assert_int_equal(m.enter_order.price_e4, 1503400);
	assert_int_equal(m.enter_order.cross_type, IX_OUCH_CROSS_TYPE_CLOSING);
	assert_memory_equal(m.enter_order.client_order_id, SAMPLE_ID, 14);
	m = expect_same(IX_OUCH_OUT, sample_bytes(sample_of(IX_OUCH_OUT, 'J')));
	assert_int_equal(m.type, IX_OUCH_REJECTED);
	assert_int_equal(m.rejected.reason, 29);
	assert_int_equal(m.rejected.user_ref_num, 9);
}

static void the_same_byte_means_different_messages_in_the_two_directions(void **state) {
	(void)state;
	ix_bytes enable = sample_bytes(&ouch_samples[6]);
	expect_error(IX_OUCH_OUT, enable, IX_ERR_TRUNCATED,
		"offset 0: Order Executed needs 34 bytes, there are 9");
	expect_error(IX_OUCH_IN, ix_str_bytes(IX_STR("A")), IX_ERR_UNSUPPORTED,
		"offset 0: message type 'A' is not an inbound message of OUCH 5.0");
	expect_error(IX_OUCH_OUT, ix_str_bytes(IX_STR("O")), IX_ERR_UNSUPPORTED,
		"offset 0: message type 'O' is not an outbound message of OUCH 5.0");
	expect_error(IX_OUCH_OUT, ix_str_bytes(IX_STR("\x07")), IX_ERR_UNSUPPORTED,
		"offset 0: message type 0x07 is not an outbound message of OUCH 5.0");
	for (int direction = 0; direction < 2; direction++) {
		size_t known = 0;
		for (int type = 0; type < 256; type++)
			known += ix_ouch_size((ix_ouch_direction)direction, (uint8_t)type) > 0;
		assert_int_equal(known, direction == IX_OUCH_IN ? IX_OUCH_IN_COUNT : IX_OUCH_OUT_COUNT);
	}
}

static void every_truncation_is_an_error_with_its_offset(void **state) {
	(void)state;
	expect_error(IX_OUCH_IN, (ix_bytes){(const uint8_t *)"", 0}, IX_ERR_TRUNCATED,
		"offset 0: an empty message");
	for (size_t i = 0; i < IX_COUNT(ouch_samples); i++) {
		const ouch_sample *s = &ouch_samples[i];
		wire_build b;
		ix_bytes whole = with_tags(&b, s, "\x02\x1c\x05\x05\x02LIME", 9);
		for (size_t size = 1; size < whole.size; size++) {
			if (size == s->size) continue; /* without the appendage it is a whole message */
			if (s == sample_of(IX_OUCH_OUT, 'D') && size == 31)
				continue; /* so is this: see below */
			char text[128];
			const char *title = ix_ouch_type_find(s->direction, (uint8_t)s->bytes[0])->title;
			if (size < s->size)
				snprintf(text, sizeof text, "offset 0: %s needs %zu bytes, there are %zu",
					title, s->size, size);
			else if (size == s->size + 1)
				snprintf(text, sizeof text,
					"offset %zu: one byte, where an appendage starts with 2 of length",
					s->size);
			else
				snprintf(text, sizeof text,
					"offset %zu: an appendage of 9 bytes, where the message has %zu left",
					s->size, size - s->size - 2);
			expect_error(s->direction, (ix_bytes){whole.data, size}, IX_ERR_TRUNCATED, text);
		}
	}
}

static void an_aiq_canceled_without_its_strategy_is_whole(void **state) {
	(void)state;
	const ouch_sample *s = sample_of(IX_OUCH_OUT, 'D');
	ix_ouch_message m = expect_same(IX_OUCH_OUT, (ix_bytes){(const uint8_t *)s->bytes, 31});
	assert_true(m.lacks_strategy);
	assert_false(m.has_appendage);
	assert_int_equal(m.timestamp_ns, 34200000000123);
	assert_int_equal(m.aiq_canceled.decrement_shares, 100);
	assert_int_equal(m.aiq_canceled.price_e4, 1503400);
	assert_int_equal(m.aiq_canceled.liquidity_flag, IX_OUCH_LIQUIDITY_REMOVED);
	assert_int_equal(m.aiq_canceled.aiq_strategy, 0);
	assert_int_equal(ix_ouch_field_count(&m), 6);
	m = expect_same(IX_OUCH_OUT, sample_bytes(s));
	assert_false(m.lacks_strategy);
	assert_int_equal(m.aiq_canceled.aiq_strategy, 'O');
	assert_int_equal(ix_ouch_field_count(&m), 7);
	/* Inbound, 'D' is something else, and 31 bytes are its 9, a length of 20, and 20 of tags. */
	static const uint8_t disable[31] = {'D', 0, 0, 0, 1, 'F', 'I', 'R', 'M', 0, 20, 19, 200};
	m = expect_same(IX_OUCH_IN, (ix_bytes){disable, sizeof disable});
	assert_false(m.lacks_strategy);
	assert_int_equal(m.appendage.size, 20);
	assert_int_equal(ix_ouch_field_count(&m), 2);
	m.lacks_strategy = true; /* means nothing there */
	assert_int_equal(ix_ouch_field_count(&m), 2);
	m.direction = IX_OUCH_OUT;
	m.type = IX_OUCH_CANCEL_PENDING;
	assert_int_equal(ix_ouch_field_count(&m), 1);
	m.type = 'z';
	assert_int_equal(ix_ouch_field_count(&m), 0);
}

static void bytes_too_many_are_refused(void **state) {
	(void)state;
	wire_build b;
	ix_bytes whole = with_tags(&b, &ouch_samples[2], "\x02\x1c\x05", 3);
	put(&b, "!", 1);
	expect_error(IX_OUCH_IN, (ix_bytes){whole.data, whole.size + 1}, IX_ERR_SYNTAX,
		"offset 9: an appendage of 3 bytes, where the message has 4 left");
}

static void tags_that_do_not_fit_are_refused(void **state) {
	(void)state;
	wire_build b;
	expect_error(IX_OUCH_IN, with_tags(&b, &ouch_samples[2], "\x02\x1c\x05\0", 4), IX_ERR_SYNTAX,
		"offset 14: a tag of length 0 has no number");
	expect_error(IX_OUCH_IN, with_tags(&b, &ouch_samples[2], "\x03\x1c\x05", 3), IX_ERR_TRUNCATED,
		"offset 11: a tag of 3 bytes, where the appendage has 2 left");
	expect_error(IX_OUCH_IN, with_tags(&b, &ouch_samples[2], "\x02\x1c\x05\x01", 4), IX_ERR_TRUNCATED,
		"offset 14: a tag of 1 bytes, where the appendage has 0 left");
}

static void every_tag_is_read_and_written(void **state) {
	(void)state;
	wire_build all = {.size = 0};
	for (size_t i = 0; i < IX_COUNT(ouch_tag_samples); i++)
		put(&all, ouch_tag_samples[i].bytes, ouch_tag_samples[i].size);
	wire_build b;
	ix_ouch_message m = expect_same(IX_OUCH_IN, with_tags(&b, &ouch_samples[0], all.data, all.size));
	ix_bytes left = m.appendage;
	uint8_t out[512];
	ix_writer w = ix_writer_of(out, sizeof out), numbers = ix_writer_of(out + 256, 256);
	for (size_t i = 0; i < IX_COUNT(ouch_tag_samples); i++) {
		ix_ouch_tag tag;
		assert_true(ix_ouch_tag_next(&left, &tag));
		assert_int_equal(tag.number, ouch_tag_samples[i].bytes[1]);
		const ix_ouch_field *field = ix_ouch_tag_field(tag.number);
		assert_int_equal(field->width, tag.value.size);
		char value[IX_OUCH_FIELD_TEXT_MAX], says[128];
		(void)ix_ouch_field_text(field, tag.value.data, value, sizeof value);
		snprintf(says, sizeof says, "%s=%s", field->title, value);
		assert_string_equal(says, ouch_tag_samples[i].says);
		ix_bytes found;
		assert_true(ix_ouch_tag_find(m.appendage, tag.number, &found));
		assert_ptr_equal(found.data, tag.value.data);
		uint64_t number;
		bool is_number = ix_ouch_tag_u64(m.appendage, tag.number, &number);
		assert_int_equal(is_number, field->kind < IX_OUCH_KIND_A2);
		ix_ouch_tag_write(&w, tag.number, tag.value);
		numbers = ix_writer_of(out + 256, 256);
		if (is_number) ix_ouch_tag_write_u64(&numbers, tag.number, number);
		if (is_number) assert_memory_equal(out + 256, ouch_tag_samples[i].bytes, numbers.size);
		assert_false(numbers.failed);
	}
	ix_ouch_tag tag;
	assert_false(ix_ouch_tag_next(&left, &tag));
	assert_int_equal(w.size, all.size);
	assert_memory_equal(out, all.data, all.size);
}

static void tags_have_their_values_as_numbers(void **state) {
	(void)state;
	wire_build b;
	ix_ouch_message m = expect_same(
		IX_OUCH_IN, with_tags(&b, &ouch_samples[0], "\x05\x07\xff\xff\xff\x9c\x03\x18\x02\x01", 10));
	uint64_t number;
	assert_true(ix_ouch_tag_u64(m.appendage, IX_OUCH_TAG_PEG_OFFSET, &number));
	assert_int_equal((int64_t)number, -100);
	assert_true(ix_ouch_tag_u64(m.appendage, IX_OUCH_TAG_GROUP_ID, &number));
	assert_int_equal(number, 513);
	assert_false(ix_ouch_tag_u64(m.appendage, IX_OUCH_TAG_SIDE, &number));
}

/* Decoding refuses such appendages; who builds one by hand and walks it is stopped at its fault. */
static void walking_stops_where_an_appendage_is_not_one(void **state) {
	(void)state;
	static const struct {
		const char *bytes;
		size_t size, good;
	} cases[] = {{"", 0, 0}, {"\x01", 1, 0}, {"\x02", 1, 0}, {"\0", 1, 0}, {"\0\x1c", 2, 0},
		{"\x01\x1c", 2, 1}, {"\x02\x1c", 2, 0}, {"\x02\x1c\x05", 3, 1},
		{"\x02\x1c\x05\x02\x1b", 5, 1}, {"\x02\x1c\x05\0\x1b\x05", 6, 1}, {"\x02\x1c\x05\x01", 4, 1}};
	for (size_t i = 0; i < IX_COUNT(cases); i++) {
		uint8_t *exact =
			malloc(cases[i].size ? cases[i].size : 1); /* so that a step outside is seen */
		memcpy(exact, cases[i].bytes, cases[i].size);
		ix_bytes left = {exact, cases[i].size};
		size_t good = 0;
		for (ix_ouch_tag tag; ix_ouch_tag_next(&left, &tag);) good++;
		assert_int_equal(good, cases[i].good);
		free(exact);
	}
}

static void unknown_tags_and_odd_sizes_survive(void **state) {
	(void)state;
	wire_build b;
	ix_ouch_message m = expect_same(
		IX_OUCH_IN, with_tags(&b, &ouch_samples[0], "\x03\xc8\x01\x02\x01\x63\x03\x1c\x05\x06", 10));
	ix_bytes value;
	uint64_t number;
	assert_true(ix_ouch_tag_find(m.appendage, 200, &value));
	assert_int_equal(value.size, 2);
	assert_false(ix_ouch_tag_u64(m.appendage, 200, &number));
	assert_true(ix_ouch_tag_find(m.appendage, 99, &value));
	assert_int_equal(value.size, 0);
	assert_false(
		ix_ouch_tag_find(m.appendage, IX_OUCH_TAG_USER_REF_INDEX, &value)); /* two bytes, not one */
}

static void what_cannot_be_written_fails_the_writer(void **state) {
	(void)state;
	uint8_t out[600];
	static const uint8_t large[65536];
	static uint8_t room[70000];
	static const struct {
		uint8_t tag;
		uint64_t value;
		bool fits;
	} numbers[] = {{IX_OUCH_TAG_USER_REF_INDEX, 255, true}, {IX_OUCH_TAG_USER_REF_INDEX, 256, false},
		{IX_OUCH_TAG_PEG_OFFSET, (uint64_t)INT32_MIN, true},
		{IX_OUCH_TAG_PEG_OFFSET, (uint64_t)INT32_MIN - 1, false},
		{IX_OUCH_TAG_PEG_OFFSET, INT32_MAX, true},
		{IX_OUCH_TAG_PEG_OFFSET, (uint64_t)INT32_MAX + 1, false},
		{IX_OUCH_TAG_DISPLAY_PRICE, UINT64_MAX, true}, {IX_OUCH_TAG_FIRM, 1, false}, {200, 1, false}};
	for (size_t i = 0; i < IX_COUNT(numbers); i++) {
		ix_writer w = ix_writer_of(out, sizeof out);
		ix_ouch_tag_write_u64(&w, numbers[i].tag, numbers[i].value);
		assert_int_equal(w.failed, !numbers[i].fits);
	}
	for (size_t size = 254; size <= 255; size++) {
		ix_writer w = ix_writer_of(out, sizeof out);
		ix_ouch_tag_write(&w, 200, (ix_bytes){large, size});
		assert_int_equal(w.failed, size > 254);
	}
	ix_ouch_message m = expect_same(IX_OUCH_IN, sample_bytes(&ouch_samples[0]));
	for (int i = 0; i < 5; i++) {
		ix_ouch_message bad = m;
		if (i == 0) bad.type = 'A';
		if (i == 1) bad.appendage = (ix_bytes){large, 3};
		if (i == 2) bad.has_appendage = true, bad.appendage = (ix_bytes){large, 65536};
		if (i == 3) bad.lacks_strategy = true;
		if (i == 4) {
			bad = expect_same(IX_OUCH_OUT, sample_bytes(sample_of(IX_OUCH_OUT, 'D')));
			bad.lacks_strategy = bad.has_appendage = true;
		}
		ix_writer w = ix_writer_of(room, sizeof room);
		ix_ouch_encode(&w, &bad);
		assert_true(w.failed);
		assert_int_equal(w.size, 0);
	}
}

static void what_has_no_room_is_not_written_in_part(void **state) {
	(void)state;
	wire_build b;
	ix_ouch_message m = expect_same(IX_OUCH_IN, with_tags(&b, &ouch_samples[0], "\x02\x1c\x05", 3));
	ix_ouch_message old =
		expect_same(IX_OUCH_OUT, (ix_bytes){(const uint8_t *)sample_of(IX_OUCH_OUT, 'D')->bytes, 31});
	for (size_t capacity = 0; capacity < 50; capacity++) {
		uint8_t out[50];
		memset(out, 0xAA, sizeof out);
		ix_writer w = ix_writer_of(out, capacity);
		ix_ouch_encode(&w, &m); /* 45, 2 of length, 3 of tags */
		assert_true(w.failed);
		assert_int_equal(w.size, 0);
		assert_int_equal(w.needed, 50);
		for (size_t i = 0; i < sizeof out; i++) assert_int_equal(out[i], 0xAA);
		w = ix_writer_of(out, capacity);
		ix_ouch_encode(&w, &old);
		assert_int_equal(w.failed, capacity < 31);
		assert_int_equal(w.size, capacity < 31 ? 0 : 31);
		assert_int_equal(w.needed, 31);
		w = ix_writer_of(out, capacity < 6 ? capacity : 5);
		ix_ouch_tag_write(&w, IX_OUCH_TAG_FIRM, ix_str_bytes(IX_STR("LIME")));
		assert_true(w.failed);
		assert_int_equal(w.size, 0);
		assert_int_equal(w.needed, 6);
	}
}

/* An appendage may be as large as its length can say, and no larger: 257 tags of 255 bytes are 65,535. */
static void the_largest_appendage_survives(void **state) {
	(void)state;
	static uint8_t message[9 + 2 + 65535], out[9 + 2 + 65535];
	static const uint8_t value[253];
	memcpy(message, sample_of(IX_OUCH_IN, 'X')->bytes, 9);
	memset(message + 9, 0xFF, 2);
	ix_writer tags = ix_writer_of(message + 11, 65535);
	for (int i = 0; i < 257; i++) ix_ouch_tag_write(&tags, (uint8_t)i, (ix_bytes){value, sizeof value});
	assert_false(tags.failed);
	assert_int_equal(tags.size, 65535);
	ix_ouch_message m;
	assert_int_equal(ix_ouch_decode(IX_OUCH_IN, (ix_bytes){message, sizeof message}, &m, NULL), 0);
	ix_writer w = ix_writer_of(out, sizeof out);
	ix_ouch_encode(&w, &m);
	assert_false(w.failed);
	assert_int_equal(w.size, sizeof message);
	assert_memory_equal(out, message, sizeof message);
}

/* One bit at a time, everywhere behind the type: decoding and encoding must carry it through. */
static void every_bit_of_every_field_survives_a_round_trip(void **state) {
	(void)state;
	for (size_t i = 0; i < IX_COUNT(ouch_samples); i++) {
		const ouch_sample *s = &ouch_samples[i];
		for (size_t bit = 8; bit < s->size * 8; bit++) {
			uint8_t in[IX_OUCH_FIXED_SIZE_MAX];
			memcpy(in, s->bytes, s->size);
			in[bit / 8] ^= (uint8_t)(1u << bit % 8);
			(void)expect_same(s->direction, (ix_bytes){in, s->size});
		}
	}
}

static void an_error_leaves_the_result_untouched(void **state) {
	(void)state;
	ix_ouch_message m, before;
	memset(&m, 0x5A, sizeof m);
	before = m;
	wire_build b;
	ix_bytes bad = with_tags(&b, &ouch_samples[0], "\x03\x1c\x05", 3);
	assert_int_equal(ix_ouch_decode(IX_OUCH_IN, bad, &m, NULL), IX_ERR_TRUNCATED);
	assert_memory_equal(&m, &before, sizeof m);
	uint64_t number = 77;
	ix_bytes value = {NULL, 77};
	assert_false(ix_ouch_tag_find((ix_bytes){NULL, 0}, 1, &value));
	assert_false(ix_ouch_tag_u64((ix_bytes){NULL, 0}, 1, &number));
	assert_int_equal(value.size, 77);
	assert_int_equal(number, 77);
}

static void codes_have_meanings(void **state) {
	(void)state;
	const ix_ouch_field *side = &ix_ouch_type_find(IX_OUCH_IN, 'O')->fields[1];
	assert_string_equal(ix_ouch_code_meaning(side, 'T'), "sell short");
	assert_null(ix_ouch_code_meaning(side, 'Z'));
	assert_null(ix_ouch_code_meaning(&ix_ouch_type_find(IX_OUCH_IN, 'O')->fields[0], 1));
	const ix_ouch_field *reason = &ix_ouch_type_find(IX_OUCH_OUT, 'J')->fields[1];
	assert_string_equal(ix_ouch_code_meaning(reason, IX_OUCH_REJECT_REASON_PRICE), "invalid price");
	assert_int_equal(IX_OUCH_REJECT_REASON_PRICE, 29);
	assert_string_equal(
		ix_ouch_code_meaning(reason, 0x33), "risk: market order to buy in an IPO not allowed");
	assert_null(ix_ouch_code_meaning(reason, 0));
	assert_null(ix_ouch_code_meaning(reason, 0x34));
	assert_null(ix_ouch_code_meaning(reason, 0x0101)); /* not the reason 1 */
	char out[IX_OUCH_FIELD_TEXT_MAX];
	const ix_ouch_field *id = &ix_ouch_type_find(IX_OUCH_IN, 'O')->fields[10];
	assert_int_equal(ix_ouch_field_text(id, (const uint8_t *)"a\x01\xff           ", out, sizeof out), 9);
	assert_string_equal(out, "a\\x01\\xff");
	/* What looks escaped is not: "\x01" as four letters begins with a backslash, 0x5c. */
	assert_int_equal(ix_ouch_field_text(id, (const uint8_t *)"\\x01          ", out, sizeof out), 7);
	assert_string_equal(out, "\\x5cx01");
	uint8_t worst[14];
	memset(worst, 0xFF, sizeof worst);
	assert_true(ix_ouch_field_text(id, worst, out, sizeof out) < sizeof out);
	char symbol[8];
	ix_ouch_set_text(symbol, sizeof symbol, IX_STR("IBM"));
	assert_memory_equal(symbol, "IBM     ", 8);
	ix_ouch_set_text(symbol, sizeof symbol, IX_STR("NINELETTERS"));
	assert_memory_equal(symbol, "NINELETT", 8);
}

static void expect_no_code_twice(const ix_ouch_field *field) {
	for (size_t i = 0; i < field->code_count; i++)
		for (size_t k = 0; k < i; k++) {
			assert_int_not_equal(field->codes[i].code, field->codes[k].code);
			assert_string_not_equal(field->codes[i].meaning, field->codes[k].meaning);
		}
}

static void no_list_says_two_things_of_a_code(void **state) {
	(void)state;
	for (size_t i = 0; i < IX_OUCH_TAG_COUNT; i++) expect_no_code_twice(&ix_ouch_tags[i]);
	for (size_t i = 0; i < IX_COUNT(ouch_samples); i++) {
		const ouch_sample *s = &ouch_samples[i];
		const ix_ouch_type *type = ix_ouch_type_find(s->direction, (uint8_t)s->bytes[0]);
		for (size_t k = 0; k < type->field_count; k++) expect_no_code_twice(&type->fields[k]);
	}
}

/* The lists against the specification's appendices, where they are single letters. */
static void the_lists_hold_the_specifications_letters(void **state) {
	(void)state;
	static const struct {
		ix_ouch_direction direction;
		char type; /* 0: of a tag */
		uint8_t field;
		const char *letters;
	} lists[] = {{IX_OUCH_IN, 'O', 1, "BSTE"}, {IX_OUCH_IN, 'O', 5, "0356E"},
		{IX_OUCH_IN, 'O', 6, "YNAZ"}, {IX_OUCH_IN, 'O', 7, "APRO"}, {IX_OUCH_IN, 'O', 8, "YN"},
		{IX_OUCH_IN, 'O', 9, "NOCHSREA"}, {IX_OUCH_OUT, 'S', 0, "SE"}, {IX_OUCH_OUT, 'A', 11, "LD"},
		{IX_OUCH_OUT, 'C', 2, "CDEFGHIKQSTUXZe"}, {IX_OUCH_OUT, 'D', 2, "CDEFGHIKQSTUXZe"},
		{IX_OUCH_OUT, 'E', 3, "ACHJKLMNOR0178eijkmnpqrtu"},
		{IX_OUCH_OUT, 'D', 5, "ACHJKLMNOR0178eijkmnpqrtu"},
		{IX_OUCH_OUT, 'F', 3, "ACHJKLMNOR0178eijkmnpqrtu"}, {IX_OUCH_OUT, 'B', 2, "ECSX"},
		{IX_OUCH_OUT, 'F', 5, "N"}, {IX_OUCH_OUT, 'R', 1, "RP"},
		{IX_OUCH_IN, 0, IX_OUCH_TAG_CUSTOMER_TYPE, "RN"},
		{IX_OUCH_IN, 0, IX_OUCH_TAG_PRICE_TYPE, "LPMRQm"},
		{IX_OUCH_IN, 0, IX_OUCH_TAG_DISCRETION_PRICE_TYPE, "LPMRQm"},
		{IX_OUCH_IN, 0, IX_OUCH_TAG_POST_ONLY, "PN"}, {IX_OUCH_IN, 0, IX_OUCH_TAG_TRADE_NOW, "YN"},
		{IX_OUCH_IN, 0, IX_OUCH_TAG_HANDLING_INSTRUCTION, " IOTQBDR"},
		{IX_OUCH_IN, 0, IX_OUCH_TAG_BBO_WEIGHT, " 0123SN"},
		{IX_OUCH_IN, 0, IX_OUCH_TAG_REFERENCE_PRICE_TYPE, "I"},
		{IX_OUCH_IN, 0, IX_OUCH_TAG_SHARES_LOCATED, "YN"}, {IX_OUCH_IN, 0, IX_OUCH_TAG_SIDE, "BSTE"}};
	for (size_t i = 0; i < IX_COUNT(lists); i++) {
		const ix_ouch_field *field = ix_ouch_tag_field(lists[i].field);
		if (lists[i].type)
			field = &ix_ouch_type_find(lists[i].direction, (uint8_t)lists[i].type)
					 ->fields[lists[i].field];
		assert_int_equal(field->kind, IX_OUCH_KIND_CODE);
		assert_int_equal(field->code_count, strlen(lists[i].letters));
		for (const char *letter = lists[i].letters; *letter; letter++)
			assert_non_null(ix_ouch_code_meaning(field, (uint8_t)*letter));
	}
}

static void any_bytes_come_back_or_are_an_error_with_an_offset(void **state) {
	(void)state;
	ix_rng rng;
	ix_rng_seed(&rng, ix_testing_seed());
	uint64_t rounds = ix_testing_long() ? 1000000 : 100000, good = 0;
	for (uint64_t i = 0; i < rounds; i++) {
		const ouch_sample *s = &ouch_samples[ix_rng_below(&rng, IX_COUNT(ouch_samples))];
		wire_build b;
		ix_bytes whole = with_tags(&b, s,
			"\x02\x1c\x05\x05\x02LIME\x03\xc8"
			"ab",
			13);
		size_t size = ix_rng_below(&rng, 4) ? whole.size : (size_t)ix_rng_below(&rng, whole.size + 1);
		uint8_t *exact = malloc(size ? size : 1); /* so that a step outside is seen */
		memcpy(exact, whole.data, size);
		for (uint64_t n = ix_rng_below(&rng, 4); n > 0 && size > 0; n--)
			exact[ix_rng_below(&rng, 3) ? size - 1 - ix_rng_below(&rng, ix_size_min(size, 16))
						    : ix_rng_below(&rng, size)] =
				(uint8_t)(ix_rng_below(&rng, 2) ? ix_rng_below(&rng, 8) : ix_rng_u64(&rng));
		ix_ouch_message m;
		ix_error err = {0};
		int code = ix_ouch_decode(s->direction, (ix_bytes){exact, size}, &m, &err);
		if (code == 0) {
			uint8_t out[256];
			ix_writer w = ix_writer_of(out, sizeof out);
			ix_ouch_encode(&w, &m);
			assert_int_equal(w.size, size);
			assert_memory_equal(out, exact, size);
			size_t tags = 0;
			ix_bytes left = m.appendage;
			for (ix_ouch_tag tag; ix_ouch_tag_next(&left, &tag);) tags += 2 + tag.value.size;
			assert_int_equal(tags, m.appendage.size);
			good++;
		} else {
			assert_memory_equal(err.text, "offset ", 7);
		}
		free(exact);
	}
	assert_true(good > rounds / 10);
}

IX_TESTS(test_ouch, cmocka_unit_test(there_is_a_sample_of_every_message_and_tag),
	cmocka_unit_test(every_field_lies_where_the_specification_says),
	cmocka_unit_test(every_message_comes_back_byte_for_byte), cmocka_unit_test(the_struct_has_the_fields),
	cmocka_unit_test(the_same_byte_means_different_messages_in_the_two_directions),
	cmocka_unit_test(every_truncation_is_an_error_with_its_offset),
	cmocka_unit_test(an_aiq_canceled_without_its_strategy_is_whole),
	cmocka_unit_test(every_bit_of_every_field_survives_a_round_trip),
	cmocka_unit_test(the_largest_appendage_survives),
	cmocka_unit_test(an_error_leaves_the_result_untouched), cmocka_unit_test(bytes_too_many_are_refused),
	cmocka_unit_test(tags_that_do_not_fit_are_refused), cmocka_unit_test(every_tag_is_read_and_written),
	cmocka_unit_test(tags_have_their_values_as_numbers),
	cmocka_unit_test(walking_stops_where_an_appendage_is_not_one),
	cmocka_unit_test(unknown_tags_and_odd_sizes_survive),
	cmocka_unit_test(what_cannot_be_written_fails_the_writer),
	cmocka_unit_test(what_has_no_room_is_not_written_in_part), cmocka_unit_test(codes_have_meanings),
	cmocka_unit_test(no_list_says_two_things_of_a_code),
	cmocka_unit_test(the_lists_hold_the_specifications_letters),
	cmocka_unit_test(any_bytes_come_back_or_are_an_error_with_an_offset));
