/* Records, from values to bytes and back: layouts by hand, and every way in which bytes can be wrong. */
#include <inox/rng.h>
#include <inox/testing.h>
#include <inox/trail.h>

static void an_input_is_the_number_of_its_first_message_and_its_messages(void **state) {
	(void)state;
	static const uint8_t payload[] = {7, 0, 0, 0, 0, 0, 0, 0, 0, 2, 'S', 'x', 0, 1, 'R'};
	uint64_t first = 0;
	ix_bytes framed = {0};
	assert_int_equal(
		ix_trail_decode_input((ix_bytes){payload, sizeof payload}, &first, &framed, NULL), 0);
	assert_int_equal(first, 7);
	assert_ptr_equal(framed.data, payload + 8);
	assert_int_equal(framed.size, 7);
}

static void an_input_whose_last_message_is_cut_off_is_refused_with_its_offset(void **state) {
	(void)state;
	static const uint8_t payload[] = {1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 'S', 0, 3, 'a', 'b'};
	uint64_t first;
	ix_bytes framed;
	ix_error err = {0};
	assert_int_equal(ix_trail_decode_input((ix_bytes){payload, sizeof payload}, &first, &framed, &err),
		IX_ERR_TRUNCATED);
	assert_string_equal(err.text, "input record: offset 11: a message is cut off");
}

static void an_input_with_a_message_of_no_bytes_is_refused(void **state) {
	(void)state;
	static const uint8_t payload[] = {1, 0, 0, 0, 0, 0, 0, 0, 0, 0};
	uint64_t first;
	ix_bytes framed;
	ix_error err = {0};
	assert_int_equal(ix_trail_decode_input((ix_bytes){payload, sizeof payload}, &first, &framed, &err),
		IX_ERR_SYNTAX);
	assert_string_equal(err.text, "input record: offset 8: a message of no bytes");
}

static const ix_trail_decision sample = {.message = 0x0102030405060708,
	.time_ns = 34200000000001,
	.order = 65537,
	.rejects = 5,
	.warnings = UINT64_C(1) << 63,
	.quantity = 100,
	.price_e4 = 1234500,
	.user_reference = 9,
	.symbol = 300,
	.wish = IX_TRAIL_REPLACE,
	.side = 1,
	.tif = 1};

static void a_decision_has_its_fields_where_the_format_says(void **state) {
	(void)state;
	uint8_t bytes[IX_TRAIL_DECISION_HEAD];
	ix_trail_encode_decision(&sample, bytes);
	static const uint8_t message[8] = {8, 7, 6, 5, 4, 3, 2, 1};
	assert_memory_equal(bytes, message, 8);
	/* 34,200,000,000,001 = 0x1f1aced9f001: 9:30 and a nanosecond */
	static const uint8_t time[8] = {0x01, 0xf0, 0xd9, 0xce, 0x1a, 0x1f, 0, 0};
	assert_memory_equal(bytes + 8, time, 8);
	assert_int_equal(bytes[16], 1);
	assert_int_equal(bytes[18], 1); /* order 0x10001 */
	assert_int_equal(bytes[24], 5);
	assert_int_equal(bytes[39], 0x80);
	assert_int_equal(bytes[40], 100);
	assert_int_equal(bytes[52], 300 - 256);
	assert_int_equal(bytes[53], 1);
	assert_int_equal(bytes[54], IX_TRAIL_REPLACE);
	assert_int_equal(bytes[55], 1);
	assert_int_equal(bytes[56], 1);
	for (int i = 57; i < 64; i++) assert_int_equal(bytes[i], 0);
}

static void a_decision_comes_back_as_it_was(void **state) {
	(void)state;
	uint8_t bytes[IX_TRAIL_DECISION_HEAD + 3];
	ix_trail_encode_decision(&sample, bytes);
	memcpy(bytes + IX_TRAIL_DECISION_HEAD, "abc", 3);
	ix_trail_decision d;
	assert_int_equal(ix_trail_decode_decision((ix_bytes){bytes, sizeof bytes}, &d, NULL), 0);
	assert_int_equal(d.message, sample.message);
	assert_int_equal(d.time_ns, sample.time_ns);
	assert_int_equal(d.order, sample.order);
	assert_int_equal(d.rejects, sample.rejects);
	assert_int_equal(d.warnings, sample.warnings);
	assert_int_equal(d.quantity, sample.quantity);
	assert_int_equal(d.price_e4, sample.price_e4);
	assert_int_equal(d.user_reference, sample.user_reference);
	assert_int_equal(d.symbol, sample.symbol);
	assert_int_equal(d.wish, sample.wish);
	assert_int_equal(d.side, sample.side);
	assert_int_equal(d.tif, sample.tif);
	assert_int_equal(d.ouch.size, 3);
	assert_memory_equal(d.ouch.data, "abc", 3);
}

static void a_decision_with_a_value_that_cannot_be_names_its_place(void **state) {
	(void)state;
	static const struct {
		size_t at;
		uint8_t value;
		const char *text;
	} cases[] = {{54, 4, "decision record: offset 54: there is no wish 4"},
		{54, 0, "decision record: offset 54: there is no wish 0"},
		{55, 2, "decision record: offset 55: there is no side 2"},
		{60, 1, "decision record: offset 57: not zero"}};
	for (size_t i = 0; i < IX_COUNT(cases); i++) {
		uint8_t bytes[IX_TRAIL_DECISION_HEAD];
		ix_trail_encode_decision(&sample, bytes);
		bytes[cases[i].at] = cases[i].value;
		ix_trail_decision d;
		ix_error err = {0};
		assert_int_equal(
			ix_trail_decode_decision((ix_bytes){bytes, sizeof bytes}, &d, &err), IX_ERR_SYNTAX);
		assert_string_equal(err.text, cases[i].text);
	}
}

static void parameters_and_ends_come_back_as_they_were(void **state) {
	(void)state;
	uint8_t bytes[IX_TRAIL_END_SIZE];
	ix_trail_parameter p = {0};
	ix_trail_encode_parameter(&(ix_trail_parameter){3, INT64_MIN}, bytes);
	assert_int_equal(ix_trail_decode_parameter((ix_bytes){bytes, IX_TRAIL_PARAMETER_SIZE}, &p, NULL), 0);
	assert_int_equal(p.index, 3);
	assert_int_equal(p.value, INT64_MIN);
	ix_trail_end e = {1, 2, 3, 4, -5, INT64_MAX, {0}}, back;
	memset(e.positions_hash, 0xab, sizeof e.positions_hash);
	ix_trail_encode_end(&e, bytes);
	assert_int_equal(ix_trail_decode_end((ix_bytes){bytes, sizeof bytes}, &back, NULL), 0);
	assert_int_equal(back.message_count, 1);
	assert_int_equal(back.decision_count, 2);
	assert_int_equal(back.answer_count, 3);
	assert_int_equal(back.fill_count, 4);
	assert_int_equal(back.realised_e4, -5);
	assert_int_equal(back.unrealised_e4, INT64_MAX);
	assert_memory_equal(back.positions_hash, e.positions_hash, 32);
}

/* Whatever the bytes: an error with a place, or a value. */
static void decode_all(ix_bytes bytes) {
	ix_trail_decision d;
	ix_trail_answer a;
	ix_trail_parameter p;
	ix_trail_end e;
	uint64_t first;
	ix_bytes framed;
	ix_error errors[5] = {0};
	const int codes[] = {ix_trail_decode_decision(bytes, &d, &errors[0]),
		ix_trail_decode_answer(bytes, &a, &errors[1]),
		ix_trail_decode_parameter(bytes, &p, &errors[2]), ix_trail_decode_end(bytes, &e, &errors[3]),
		ix_trail_decode_input(bytes, &first, &framed, &errors[4])};
	for (size_t i = 0; i < IX_COUNT(codes); i++) {
		if (codes[i]) assert_non_null(strstr(errors[i].text, "offset"));
	}
}

static void every_length_and_100000_random_records_are_values_or_errors(void **state) {
	(void)state;
	uint8_t *exact;
	ix_rng rng;
	ix_rng_seed(&rng, ix_testing_seed());
	for (int i = 0; i < 100000; i++) {
		size_t size = i < 200 ? (size_t)i : (size_t)ix_rng_below(&rng, 160);
		exact = malloc(size + 1); /* so that a sanitizer sees one byte too many */
		assert_non_null(exact);
		for (size_t k = 0; k < size; k++)
			exact[k] = (uint8_t)(ix_rng_below(&rng, 3) ? ix_rng_below(&rng, 4)
								   : ix_rng_below(&rng, 256));
		decode_all((ix_bytes){exact, size});
		free(exact);
	}
}

IX_TESTS(test_records, cmocka_unit_test(an_input_is_the_number_of_its_first_message_and_its_messages),
	cmocka_unit_test(an_input_whose_last_message_is_cut_off_is_refused_with_its_offset),
	cmocka_unit_test(an_input_with_a_message_of_no_bytes_is_refused),
	cmocka_unit_test(a_decision_has_its_fields_where_the_format_says),
	cmocka_unit_test(a_decision_comes_back_as_it_was),
	cmocka_unit_test(a_decision_with_a_value_that_cannot_be_names_its_place),
	cmocka_unit_test(parameters_and_ends_come_back_as_they_were),
	cmocka_unit_test(every_length_and_100000_random_records_are_values_or_errors));
