/* SHA-256: the vectors of FIPS 180-4's examples and of NIST's CAVP, every way to cut the input, and that the
 * twins agree. */
#include <inox/cpu_features.h>
#include <inox/rng.h>
#include <inox/sha256.h>
#include <inox/testing.h>
#include <inox/text.h>

#include <string.h>

static void check(const void *data, size_t size, const char *expected) {
	uint8_t hash[IX_SHA256_OUT_SIZE];
	char hex[2 * IX_SHA256_OUT_SIZE + 1] = "";
	ix_sha256(hash, data, size);
	ix_hex_encode(hex, (ix_bytes){hash, sizeof hash});
	assert_string_equal(hex, expected);
}

static void the_published_examples(void **state) {
	(void)state;
	check(NULL, 0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	check("abc", 3, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	check("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 56,
		"248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
	check("abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopq"
	      "rsmnopq"
	      "rstnopqrstu",
		112, "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1");
	check("\xbd", 1,
		"68325720aabd7c82f30f554b313d0570c95accbb7dc4b5aae11204c08ffe732b"); /* NIST, one byte */
}

static void a_million_letters_a(void **state) {
	(void)state;
	static char letters[1000000];
	memset(letters, 'a', sizeof letters);
	check(letters, sizeof letters, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

static void any_pieces_give_the_same_and_a_finish_changes_nothing(void **state) {
	(void)state;
	uint8_t data[400], whole[IX_SHA256_OUT_SIZE], pieces[IX_SHA256_OUT_SIZE];
	ix_rng rng;
	ix_rng_seed(&rng, ix_testing_seed());
	ix_rng_fill(&rng, data, sizeof data);
	for (size_t size = 0; size <= sizeof data; size++) {
		ix_sha256_state hash;
		ix_sha256(whole, data, size);
		ix_sha256_init(&hash);
		for (size_t at = 0; at < size;) {
			size_t piece = ix_size_min(size - at, (size_t)ix_rng_below(&rng, 150));
			ix_sha256_update(&hash, data + at, piece);
			ix_sha256_finish(&hash, pieces);
			at += piece;
		}
		ix_sha256_update(&hash, NULL, 0);
		ix_sha256_finish(&hash, pieces);
		assert_memory_equal(whole, pieces, sizeof whole);
	}
}

static void the_twins_agree(void **state) {
	(void)state;
#if defined __x86_64__
	ix_cpu_features cpu = ix_cpu_features_detect();
	if (!cpu.sha_ni) {
		print_message("SKIPPED: this processor has no SHA instructions\n");
		skip();
	}
	uint8_t blocks[7 * IX_SHA256_BLOCK_SIZE + 3];
	ix_rng rng;
	ix_rng_seed(&rng, ix_testing_seed());
	for (int i = 0; i < 2000; i++) {
		uint32_t a[8], b[8];
		size_t count = (size_t)ix_rng_below(&rng, 8), shift = (size_t)ix_rng_below(&rng, 4);
		ix_rng_fill(&rng, blocks, sizeof blocks);
		ix_rng_fill(&rng, a, sizeof a);
		memcpy(b, a, sizeof a);
		ix_sha256_blocks_portable(a, blocks + shift, count);
		ix_sha256_blocks_sha_ni(b, blocks + shift, count);
		assert_memory_equal(a, b, sizeof a);
	}
	ix_sha256_choose(&cpu);
	the_published_examples(state);
	a_million_letters_a(state);
	ix_sha256_choose(&(ix_cpu_features){0});
#else
	print_message("SKIPPED: there is one twin here\n");
	skip();
#endif
}

IX_TESTS(test_sha256, cmocka_unit_test(the_published_examples), cmocka_unit_test(a_million_letters_a),
	cmocka_unit_test(any_pieces_give_the_same_and_a_finish_changes_nothing),
	cmocka_unit_test(the_twins_agree));
