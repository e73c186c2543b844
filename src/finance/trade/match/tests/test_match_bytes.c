/* Commands and snapshots as bytes: nothing is lost on the way, and what is not right is refused with its
 * place. */
#include "match_fixture.h"
#include "match_mix.h"
#include "match_store.h"

/* ---- commands ---- */

static void a_command_is_its_version_its_fields_bits_and_its_fields(void **state) {
	(void)state;
	/* Kind 2 is bit 0, order bit 3, quantity bit 10: 1 + 8 + 1024 = 0x000409. */
	ix_match_command c = {.kind = IX_MATCH_CANCEL, .order = 0x1122, .quantity = 5};
	const uint8_t expected[] = {1, 0x09, 0x04, 0x00, 2, 0x22, 0x11, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0};
	uint8_t out[IX_MATCH_COMMAND_SIZE_MAX];
	assert_int_equal(ix_match_command_encode(&c, out), sizeof expected);
	assert_memory_equal(out, expected, sizeof expected);
}

static void every_command_comes_back_as_it_was(void **state) {
	(void)state;
	ix_rng rng;
	ix_rng_seed(&rng, ix_testing_seed());
	for (int i = 0; i < 20000; i++) {
		uint8_t noise[sizeof(ix_match_command)], out[IX_MATCH_COMMAND_SIZE_MAX];
		ix_match_command c = {0}, back, any;
		ix_rng_fill(&rng, noise, sizeof noise);
		memcpy(&any, noise, sizeof any);
		uint64_t keep = ix_rng_u64(&rng) | (i == 0 ? UINT64_MAX : 0);
		if (keep & 1) c.time_ns = any.time_ns;
		if (keep & 2) c.order = any.order, c.new_order = any.new_order;
		if (keep & 4) c.owner = any.owner, c.session = any.session, c.lot = any.lot;
		if (keep & 8) c.price_e4 = any.price_e4, c.stop_e4 = any.stop_e4, c.tick_e4 = any.tick_e4;
		if (keep & 16) c.quantity = any.quantity, c.display = any.display, c.minimum = any.minimum;
		if (keep & 32) c.symbol = any.symbol, c.kind = any.kind, c.side = any.side, c.type = any.type;
		if (keep & 64) c.tif = any.tif, c.stp = any.stp, c.flags = any.flags, c.state = any.state;
		size_t size = ix_match_command_encode(&c, out);
		assert_true(size <= sizeof out);
		ix_error err = {0};
		if (ix_match_command_decode((ix_bytes){out, size}, &back, &err) != 0)
			fail_msg("%s", err.text);
		uint8_t again[IX_MATCH_COMMAND_SIZE_MAX];
		assert_int_equal(ix_match_command_encode(&back, again), size);
		assert_memory_equal(again, out, size);
		assert_true(back.time_ns == c.time_ns && back.new_order == c.new_order && back.lot == c.lot &&
			    back.stop_e4 == c.stop_e4 && back.minimum == c.minimum && back.state == c.state);
	}
}

static void a_command_that_is_not_whole_is_refused_at_its_end(void **state) {
	(void)state;
	ix_match_command c = limit_order(7, SELL, 100, 1000), back;
	c.time_ns = UINT64_MAX;
	uint8_t out[IX_MATCH_COMMAND_SIZE_MAX + 1] = {0};
	size_t size = ix_match_command_encode(&c, out);
	for (size_t cut = 0; cut < size; cut++)
		assert_int_equal(
			ix_match_command_decode((ix_bytes){out, cut}, &back, NULL), IX_ERR_TRUNCATED);
	assert_int_equal(ix_match_command_decode((ix_bytes){out, size + 1}, &back, NULL), IX_ERR_SYNTAX);
	ix_error err = {0};
	out[0] = 2;
	assert_int_equal(ix_match_command_decode((ix_bytes){out, size}, &back, &err), IX_ERR_VERSION);
	assert_string_equal(err.text, "matching command: offset 0: a version that is not 1");
	out[0] = 1;
	out[3] = 0x80;
	assert_int_equal(ix_match_command_decode((ix_bytes){out, size}, &back, NULL), IX_ERR_SYNTAX);
	const uint8_t needless[] = {1, 1, 0, 0, 0}; /* a kind of 0 is left out */
	err = (ix_error){0};
	assert_int_equal(
		ix_match_command_decode((ix_bytes){needless, sizeof needless}, &back, &err), IX_ERR_SYNTAX);
	assert_string_equal(err.text, "matching command: offset 4: a zero that should have been left out");
}

static void a_damaged_command_is_refused_or_is_another_command(void **state) {
	(void)state;
	ix_rng rng;
	ix_rng_seed(&rng, ix_testing_seed());
	mixer m = mixer_of(&mixes[6], ix_testing_seed());
	uint32_t refused = 0;
	for (int i = 0; i < 100000; i++) {
		ix_match_command c = mixer_next(&m), back;
		uint8_t out[IX_MATCH_COMMAND_SIZE_MAX], again[IX_MATCH_COMMAND_SIZE_MAX];
		size_t size = ix_match_command_encode(&c, out);
		out[ix_rng_below(&rng, i % 2 ? 4 : size)] ^= (uint8_t)(1 + ix_rng_below(&rng, 255));
		ix_error err = {0};
		int code = ix_match_command_decode((ix_bytes){out, size}, &back, &err);
		if (code) {
			assert_non_null(strstr(err.text, "offset"));
			refused++;
			continue;
		}
		assert_int_equal(ix_match_command_encode(&back, again), size);
		assert_memory_equal(again, out, size);
	}
	assert_true(refused > 20000);
}

/* ---- snapshots ---- */

static ix_match_options snapshot_options(void) {
	ix_match_options options = small_options();
	options.listener = (ix_match_listener){0};
	return options;
}

static ix_match *engine_after(const mix *of, uint64_t seed, uint32_t steps, mixer *ret_mixer) {
	ix_match_options options = snapshot_options();
	ix_match *e = engine_with(&options);
	*ret_mixer = mixer_of(of, seed);
	for (uint32_t i = 0; i < steps; i++) {
		ix_match_command c = mixer_next(ret_mixer);
		(void)ix_match_apply(e, &c);
	}
	return e;
}

static ix_match *loaded(const store *s) {
	ix_match_options options = snapshot_options();
	ix_match *e = NULL;
	ix_error err = {0};
	if (ix_match_load(&options, store_bytes(s), &e, &err) != 0) fail_msg("%s", err.text);
	if (ix_match_check(e, &err) != 0) fail_msg("%s", err.text);
	return e;
}

static void assert_same_state(const ix_match *a, const ix_match *b) {
	store x = store_of(a), y = store_of(b);
	assert_int_equal(x.size, y.size);
	assert_memory_equal(x.data, y.data, x.size);
	free(x.data);
	free(y.data);
}

static void an_engine_goes_on_from_its_snapshot_as_if_it_had_never_stopped(void **state) {
	(void)state;
	for (size_t i = 0; i < IX_COUNT(mixes); i++) {
		mixer m;
		ix_match *e = engine_after(&mixes[i], ix_testing_seed() + i, 500, &m);
		for (int round = 0; round < 40; round++) {
			store s = store_of(e);
			ix_match *copy = loaded(&s);
			assert_same_state(e, copy);
			for (int step = 0; step < 20; step++) {
				ix_match_command c = mixer_next(&m);
				assert_int_equal(ix_match_apply(e, &c), ix_match_apply(copy, &c));
			}
			assert_same_state(e, copy); /* event and trade numbers are part of it */
			ix_match_free(copy);
			free(s.data);
		}
		ix_match_free(e);
	}
}

static void an_empty_engine_has_a_snapshot_too(void **state) {
	(void)state;
	ix_match_options options = snapshot_options();
	ix_match *e = engine_with(&options);
	store s = store_of(e);
	assert_int_equal(s.size, 8 + 2 + 2 + 4 + 4 * 8 + 4);
	ix_match *copy = loaded(&s);
	assert_same_state(e, copy);
	ix_match_free(copy);
	ix_match_free(e);
	free(s.data);
}

static int try_load(const uint8_t *data, size_t size, ix_error *err) {
	ix_match_options options = snapshot_options();
	options.orders_max = 200;
	options.levels_max = 200;
	ix_match *e = NULL;
	int code = ix_match_load(&options, (ix_bytes){data, size}, &e, err);
	if (code == 0) {
		ix_error wrong = {0};
		if (ix_match_check(e, &wrong) != 0) fail_msg("a snapshot was taken, and %s", wrong.text);
		store again = store_of(e);
		assert_int_equal(again.size, size);
		bool is_newer = data[10] || data[11]; /* a minor version that is read all the same */
		if (!is_newer) assert_memory_equal(again.data, data, size);
		free(again.data);
	}
	ix_match_free(e);
	return code;
}

static void a_snapshot_cut_anywhere_is_refused(void **state) {
	(void)state;
	mixer m;
	ix_match *e = engine_after(&mixes[6], 3, 2000, &m);
	store s = store_of(e);
	uint8_t *cut = malloc(s.size + 8);
	for (size_t size = 0; size < s.size; size++) {
		ix_error err = {0};
		memcpy(cut, s.data, size);
		int code = try_load(cut, size, &err);
		assert_true(code == IX_ERR_TRUNCATED || code == IX_ERR_CHECKSUM);
		assert_non_null(strstr(err.text, "offset"));
		/* And with a checksum that fits what is left. */
		store_seal(cut, size);
		code = try_load(cut, size, &err);
		assert_int_equal(code, IX_ERR_TRUNCATED);
	}
	memcpy(cut, s.data, s.size);
	memset(cut + s.size - 4, 0, 8);
	store_seal(cut, s.size + 4);
	assert_int_equal(try_load(cut, s.size + 4, NULL), IX_ERR_SYNTAX);
	free(cut);
	free(s.data);
	ix_match_free(e);
}

static void a_damaged_snapshot_is_refused_or_is_another_whole_one(void **state) {
	(void)state;
	ix_rng rng;
	ix_rng_seed(&rng, ix_testing_seed());
	uint32_t refused = 0, taken = 0;
	for (int round = 0; round < 100; round++) {
		mixer m;
		ix_match *e = engine_after(&mixes[(size_t)round % IX_COUNT(mixes)],
			ix_testing_seed() + (uint64_t)round, 400, &m);
		store s = store_of(e);
		uint8_t *damaged = malloc(s.size);
		for (int i = 0; i < 1000; i++) {
			memcpy(damaged, s.data, s.size);
			for (uint64_t k = 1 + ix_rng_below(&rng, 3); k > 0; k--)
				damaged[ix_rng_below(&rng, s.size)] =
					(uint8_t)(ix_rng_u64(&rng) >> ix_rng_below(&rng, 64));
			if (memcmp(damaged, s.data, s.size) == 0) continue;
			assert_true(try_load(damaged, s.size, NULL) != 0);
			store_seal(damaged, s.size);
			ix_error err = {0};
			int code = try_load(damaged, s.size, &err);
			if (code) assert_non_null(strstr(err.text, "offset"));
			refused += code != 0;
			taken += code == 0;
		}
		free(damaged);
		free(s.data);
		ix_match_free(e);
	}
	assert_true(refused > 30000 && taken > 3000);
}

static void a_snapshot_larger_than_the_engine_may_be_is_refused(void **state) {
	(void)state;
	ix_match *e = one_stock();
	for (uint64_t i = 1; i <= 10; i++) limit(e, i, BUY, 1, 100 + (uint32_t)i);
	store s = store_of(e);
	ix_match *copy = NULL;
	ix_match_options options = snapshot_options();
	options.orders_max = 9;
	assert_int_equal(ix_match_load(&options, store_bytes(&s), &copy, NULL), IX_ERR_LIMIT);
	options.orders_max = 10;
	options.levels_max = 9;
	assert_int_equal(ix_match_load(&options, store_bytes(&s), &copy, NULL), IX_ERR_LIMIT);
	options.levels_max = 10;
	assert_int_equal(ix_match_load(&options, store_bytes(&s), &copy, NULL), 0);
	assert_same_state(e, copy);
	ix_match_free(copy);
	free(s.data);
	finish(e);
}

static int write_nothing(void *context, ix_bytes bytes, ix_error *err) {
	(void)context;
	return ix_fail(err, IX_ERR_NO_SPACE, "no space for %zu bytes", bytes.size);
}

static void a_snapshot_that_cannot_be_written_says_why(void **state) {
	(void)state;
	ix_match *e = one_stock();
	ix_error err = {0};
	assert_int_equal(ix_match_save(e, write_nothing, NULL, &err), IX_ERR_NO_SPACE);
	finish(e);
}

IX_TESTS(test_match_bytes, cmocka_unit_test(a_command_is_its_version_its_fields_bits_and_its_fields),
	cmocka_unit_test(every_command_comes_back_as_it_was),
	cmocka_unit_test(a_command_that_is_not_whole_is_refused_at_its_end),
	cmocka_unit_test(a_damaged_command_is_refused_or_is_another_command),
	cmocka_unit_test(an_engine_goes_on_from_its_snapshot_as_if_it_had_never_stopped),
	cmocka_unit_test(an_empty_engine_has_a_snapshot_too),
	cmocka_unit_test(a_snapshot_cut_anywhere_is_refused),
	cmocka_unit_test(a_damaged_snapshot_is_refused_or_is_another_whole_one),
	cmocka_unit_test(a_snapshot_larger_than_the_engine_may_be_is_refused),
	cmocka_unit_test(a_snapshot_that_cannot_be_written_says_why));
