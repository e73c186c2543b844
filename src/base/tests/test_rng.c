/* Chance: the published sequences, and that what is drawn is evenly spread. */
#include <inox/rng.h>
#include <inox/testing.h>

static void splitmix64_of_its_author(void **state) {
	(void)state;
	/* seed 1234567, as printed by Vigna's splitmix64.c */
	uint64_t seed = 1234567;
	static const uint64_t expected[] = {6457827717110365317ULL, 3203168211198807973ULL,
		9817491932198370423ULL, 4593380528125082431ULL, 16408922859458223821ULL};
	for (size_t i = 0; i < IX_COUNT(expected); i++) assert_true(ix_splitmix64(&seed) == expected[i]);
}

static void xoshiro256_plus_plus_of_its_authors(void **state) {
	(void)state;
	/* state 1 2 3 4: the vector of the rand_xoshiro crate, and a Python transcription of the paper */
	ix_rng rng = {{1, 2, 3, 4}};
	static const uint64_t expected[] = {41943041ULL, 58720359ULL, 3588806011781223ULL,
		3591011842654386ULL, 9228616714210784205ULL, 9973669472204895162ULL, 14011001112246962877ULL,
		12406186145184390807ULL, 15849039046786891736ULL, 10450023813501588000ULL};
	for (size_t i = 0; i < IX_COUNT(expected); i++) assert_true(ix_rng_u64(&rng) == expected[i]);
}

static void a_jump_is_2_to_the_128_steps(void **state) {
	(void)state;
	/* The transition as a 256 x 256 matrix over GF(2), squared 128 times and applied to 1 2 3 4, in
	 * Python. */
	ix_rng rng = {{1, 2, 3, 4}};
	ix_rng_jump(&rng);
	assert_true(rng.state[0] == 0x8C7A153956B5F3D1 && rng.state[1] == 0x701F1A713401D85E);
	assert_true(rng.state[2] == 0x6527F66A65469085 && rng.state[3] == 0x8386B786C4408050);
}

static void splitting_leaves_two_generators_that_differ(void **state) {
	(void)state;
	ix_rng rng, twin;
	ix_rng_seed(&rng, 5);
	twin = rng;
	ix_rng other = ix_rng_split(&rng);
	assert_true(ix_rng_u64(&other) == ix_rng_u64(&twin));
	ix_rng_jump(&twin); /* a step and a jump are a jump and a step */
	(void)ix_rng_u64(&rng);
	assert_true(ix_rng_u64(&rng) == ix_rng_u64(&twin));
}

static void seeds_that_are_close_give_sequences_that_are_not(void **state) {
	(void)state;
	unsigned different_bits = 0;
	for (uint64_t seed = 0; seed < 64; seed++) {
		ix_rng a, b;
		ix_rng_seed(&a, seed);
		ix_rng_seed(&b, seed + 1);
		assert_true(a.state[0] | a.state[1] | a.state[2] | a.state[3]);
		different_bits += (unsigned)__builtin_popcountll(ix_rng_u64(&a) ^ ix_rng_u64(&b));
	}
	/* 4096 coins: 2048, give or take five standard deviations of 32 */
	assert_in_range(different_bits, 2048 - 160, 2048 + 160);
}

static void pcg32_of_its_author(void **state) {
	(void)state;
	/* seed 42, sequence 54: round 1 of pcg32-demo */
	ix_pcg32 pcg;
	ix_pcg32_seed(&pcg, 42, 54);
	static const uint32_t expected[] = {
		0xA15C02B7, 0x7B47F409, 0xBA1D3330, 0x83D2F293, 0xBFA4784B, 0xCBED606E};
	for (size_t i = 0; i < IX_COUNT(expected); i++) assert_int_equal(ix_pcg32_u32(&pcg), expected[i]);
}

static void below_is_even_over_small_and_awkward_bounds(void **state) {
	(void)state;
	ix_rng rng;
	ix_rng_seed(&rng, ix_testing_seed());
	for (uint64_t bound = 1; bound <= 10; bound++) {
		unsigned seen[10] = {0};
		for (int i = 0; i < 10000; i++) {
			uint64_t n = ix_rng_below(&rng, bound);
			assert_true(n < bound);
			seen[n]++;
		}
		/* chi-squared with bound - 1 degrees of freedom; 40 is past 99.999 % for 9 */
		double expected = 10000.0 / (double)bound, chi = 0;
		for (uint64_t n = 0; n < bound; n++)
			chi += ((double)seen[n] - expected) * ((double)seen[n] - expected) / expected;
		assert_true(chi < 40);
	}
}

static void below_rejects_what_would_be_biased(void **state) {
	(void)state;
	/* With a bound of 3 * 2^62, taking the high half without rejection gives every third number twice as
	 * often. */
	ix_rng rng;
	ix_rng_seed(&rng, ix_testing_seed());
	const uint64_t bound = 3ULL << 62;
	unsigned seen[3] = {0};
	for (int i = 0; i < 30000; i++) {
		uint64_t n = ix_rng_below(&rng, bound);
		assert_true(n < bound);
		seen[n % 3]++;
	}
	/* 10000 each, standard deviation 82 */
	for (size_t i = 0; i < 3; i++) assert_in_range(seen[i], 10000 - 500, 10000 + 500);
}

static void between_has_both_ends(void **state) {
	(void)state;
	ix_rng rng;
	ix_rng_seed(&rng, ix_testing_seed());
	bool low = false, high = false;
	for (int i = 0; i < 1000; i++) {
		int64_t n = ix_rng_between(&rng, -3, 3);
		assert_true(n >= -3 && n <= 3);
		low |= n == -3;
		high |= n == 3;
	}
	assert_true(low && high);
	assert_int_equal(ix_rng_between(&rng, 7, 7), 7);
	int64_t negative = 0;
	for (int i = 0; i < 1000; i++) negative += ix_rng_between(&rng, INT64_MIN, INT64_MAX) < 0;
	assert_in_range(negative, 400, 600);
}

static void doubles_are_in_the_half_open_unit(void **state) {
	(void)state;
	ix_rng rng;
	ix_rng_seed(&rng, ix_testing_seed());
	double sum = 0;
	for (int i = 0; i < 10000; i++) {
		double x = ix_rng_double(&rng);
		assert_true(x >= 0 && x < 1);
		sum += x;
	}
	assert_true(sum > 4850 && sum < 5150);    /* 5000, standard deviation 29 */
	ix_rng largest = {{0, 0, 0, UINT64_MAX}}; /* gives rotl(2^64 - 1) + 0: all ones */
	assert_true(ix_rng_double(&largest) == 1 - 0x1p-53);
}

static void a_chance_is_as_likely_as_it_says(void **state) {
	(void)state;
	ix_rng rng;
	ix_rng_seed(&rng, ix_testing_seed());
	unsigned happened = 0;
	for (int i = 0; i < 10000; i++) {
		happened += ix_rng_chance(&rng, 1, 4);
		assert_false(ix_rng_chance(&rng, 0, 4));
		assert_true(ix_rng_chance(&rng, 4, 4));
	}
	assert_in_range(happened, 2300, 2700); /* 2500, standard deviation 43 */
}

static void fill_writes_the_little_endian_words(void **state) {
	(void)state;
	ix_rng a, b;
	ix_rng_seed(&a, 1);
	b = a;
	uint64_t words[3] = {ix_rng_u64(&b), ix_rng_u64(&b), ix_rng_u64(&b)};
	for (size_t size = 0; size <= sizeof words; size++) {
		uint8_t out[sizeof words + 1] = {0};
		ix_rng one = a;
		ix_rng_fill(&one, out, size);
		assert_memory_equal(out, words, size);
		assert_int_equal(out[size], 0);
	}
}

static void every_order_of_three_is_equally_likely(void **state) {
	(void)state;
	ix_rng rng;
	ix_rng_seed(&rng, ix_testing_seed());
	unsigned seen[27] = {0};
	for (int i = 0; i < 12000; i++) {
		uint16_t items[] = {0, 1, 2};
		ix_rng_shuffle(&rng, items, 3, sizeof items[0]);
		seen[items[0] * 9 + items[1] * 3 + items[2]]++;
	}
	unsigned orders = 0;
	for (size_t i = 0; i < 27; i++) {
		if (!seen[i]) continue;
		orders++;
		assert_in_range(seen[i], 2000 - 250, 2000 + 250); /* standard deviation 41 */
	}
	assert_int_equal(orders, 6);
	ix_rng_shuffle(&rng, NULL, 0, 8);
}

IX_TESTS(test_rng, cmocka_unit_test(splitmix64_of_its_author),
	cmocka_unit_test(xoshiro256_plus_plus_of_its_authors), cmocka_unit_test(a_jump_is_2_to_the_128_steps),
	cmocka_unit_test(splitting_leaves_two_generators_that_differ),
	cmocka_unit_test(seeds_that_are_close_give_sequences_that_are_not),
	cmocka_unit_test(pcg32_of_its_author), cmocka_unit_test(below_is_even_over_small_and_awkward_bounds),
	cmocka_unit_test(below_rejects_what_would_be_biased), cmocka_unit_test(between_has_both_ends),
	cmocka_unit_test(doubles_are_in_the_half_open_unit),
	cmocka_unit_test(a_chance_is_as_likely_as_it_says),
	cmocka_unit_test(fill_writes_the_little_endian_words),
	cmocka_unit_test(every_order_of_three_is_equally_likely));
