/* ITCH 5.0 on real data: the first 1,000 messages of a Nasdaq day go through decoder and encoder unchanged,
 * and the values in them are ones that we know. And hostile data: mutations of them are read to the end or
 * refused. */
#include "itch_samples.h"

#include <inox/alloc.h>
#include <inox/binaryfile.h>
#include <inox/itch.h>
#include <inox/rng.h>
#include <inox/testing.h>

static uint8_t *read_day(size_t *ret_size) {
	const char *folder = ix_testing_suite("itch");
	if (!folder) return NULL;
	char path[4096];
	(void)snprintf(path, sizeof(path), "%s/nasdaq_first1000.itch", folder);
	return ix_testing_read(path, ret_size);
}

static void a_real_day_encodes_to_the_same_bytes(void **state) {
	(void)state;
	size_t size, count = 0, kinds[256] = {0};
	uint8_t *day = read_day(&size);
	if (!day) return;
	ix_binaryfile_reader reader;
	assert_int_equal(ix_binaryfile_reader_init(&reader, ix_os_allocator(), NULL, NULL), 0);
	ix_binaryfile_feed(&reader, (ix_bytes){day, size}, true);
	ix_bytes bytes;
	while (ix_binaryfile_next(&reader, &bytes, NULL) == 0 && bytes.data) {
		uint8_t out[IX_ITCH_SIZE_MAX];
		ix_itch_message m;
		assert_int_equal(ix_itch_decode(bytes, &m, NULL), 0);
		assert_int_equal(ix_itch_encode(&m, out), bytes.size);
		assert_memory_equal(out, bytes.data, bytes.size);
		kinds[m.type]++;
		count++;
	}
	assert_true(ix_binaryfile_is_ended(&reader));
	assert_int_equal(ix_binaryfile_offset(&reader), size);
	assert_int_equal(count, 1000);
	assert_int_equal(kinds['S'], 1);
	assert_int_equal(kinds['R'], 993);
	assert_int_equal(kinds['H'], 3);
	assert_int_equal(kinds['Y'], 3);
	ix_binaryfile_reader_fini(&reader);
	free(day);
}

static void the_values_of_a_real_day_are_in_our_lists(void **state) {
	(void)state;
	size_t size;
	uint8_t *day = read_day(&size);
	if (!day) return;
	ix_itch_run run = {0};
	for (size_t count = 1; count > 0;) {
		static ix_itch_message batch[100];
		ix_bytes rest = {day + run.offset, size - run.offset};
		assert_int_equal(ix_itch_decode_batch(rest, &run, batch, IX_COUNT(batch), &count, NULL), 0);
		for (size_t i = 0; i < count; i++) {
			ix_error err = {0};
			if (ix_itch_validate(&batch[i], &err) != 0) fail_msg("%s", err.text);
		}
	}
	assert_int_equal(run.message_count, 1000);
	free(day);
}

/* ---- mutations ---- */

/* Reads all of it; every failure has a sentence that begins with an offset inside the stream. */
static void read_hostile(ix_bytes file) {
	ix_binaryfile_reader reader;
	ix_error err = {0};
	ix_itch_run run = {0};
	int code = 0;
	assert_int_equal(ix_binaryfile_reader_init(&reader, ix_os_allocator(), NULL, NULL), 0);
	ix_binaryfile_feed(&reader, file, true);
	while (code == 0) {
		ix_itch_message batch[16];
		ix_bytes window;
		size_t count;
		code = ix_binaryfile_window(&reader, &window, &err);
		if (code || window.size == 0) break;
		assert_int_equal(run.offset, ix_binaryfile_offset(&reader));
		uint64_t before = run.offset;
		run.is_ended = false;
		code = ix_itch_decode_batch(window, &run, batch, IX_COUNT(batch), &count, &err);
		ix_binaryfile_advance(&reader, (size_t)(run.offset - before));
	}
	if (code) {
		assert_int_equal(code, err.code);
		assert_int_equal(strncmp(err.text, "offset ", 7), 0);
		assert_true(strtoull(err.text + 7, NULL, 10) <= file.size);
	} else {
		assert_true(ix_binaryfile_is_ended(&reader));
	}
	ix_binaryfile_reader_fini(&reader);
}

/* Changes, removes, inserts or doubles a few stretches; returns the new size. */
static size_t mutate(ix_rng *rng, uint8_t *bytes, size_t size, size_t capacity) {
	for (uint64_t changes = 1 + ix_rng_below(rng, 4); changes > 0 && size > 0; changes--) {
		size_t at = (size_t)ix_rng_below(rng, size);
		size_t length = 1 + (size_t)ix_rng_below(rng, ix_size_min(size - at, 40));
		switch (ix_rng_below(rng, 5)) {
		case 0: bytes[at] ^= (uint8_t)(1u << ix_rng_below(rng, 8)); break;
		case 1: bytes[at] = (uint8_t)ix_rng_u64(rng); break;
		case 2:
			memmove(bytes + at, bytes + at + length, size - at - length);
			size -= length;
			break;
		case 3:
			if (size + length > capacity) break;
			memmove(bytes + at + length, bytes + at, size - at);
			size += length;
			break;
		default: size = at; break;
		}
	}
	return size;
}

static void mutated_days_are_read_to_the_end_or_refused_with_an_offset(void **state) {
	(void)state;
	ix_rng rng;
	ix_rng_seed(&rng, ix_testing_seed());
	uint8_t day[ITCH_DAY_MAX];
	size_t whole = itch_sample_day(day), rounds = ix_testing_long() ? 100000 : 10000;
	for (size_t round = 0; round < rounds; round++) {
		uint8_t *bytes = malloc(ITCH_DAY_MAX), *exact;
		assert_non_null(bytes);
		memcpy(bytes, day, whole);
		size_t size = mutate(&rng, bytes, whole, ITCH_DAY_MAX);
		exact = malloc(size ? size : 1); /* a sanitizer sees a read beyond it */
		assert_non_null(exact);
		memcpy(exact, bytes, size);
		read_hostile((ix_bytes){exact, size});
		free(exact);
		free(bytes);
	}
}

IX_TESTS(test_itch_suite, cmocka_unit_test(a_real_day_encodes_to_the_same_bytes),
	cmocka_unit_test(the_values_of_a_real_day_are_in_our_lists),
	cmocka_unit_test(mutated_days_are_read_to_the_end_or_refused_with_an_offset));
