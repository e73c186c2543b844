/* BLAKE3: every path, split and way to the same hash, against b3sum and against each other; the official
 * vectors are in suite_blake3.c. */
#include "blake3_paths.h"
#include "heap.h"

#include <inox/rng.h>
#include <inox/text.h>

#include <sys/mman.h>

enum { LENGTH_MAX = 3000, CHUNK = IX_BLAKE3_CHUNK_SIZE };

static uint8_t input[8 << 20];

static int fill_input(void **state) {
	(void)state;
	ix_rng rng;
	ix_rng_seed(&rng, ix_testing_seed());
	ix_rng_fill(&rng, input, sizeof input);
	return 0;
}

static int choose_portable(void **state) {
	(void)state;
	ix_cpu_features none = {0};
	ix_blake3_choose(&none);
	return 0;
}

static void expect_hash(const uint8_t hash[32], const char *hex) {
	char text[65] = {0};
	ix_hex_encode(text, (ix_bytes){hash, 32});
	assert_string_equal(text, hex);
}

/* The hash of input[0 … size) with one update, on one path. */
static void whole(ix_blake3_path path, size_t size, void *out, size_t out_size) {
	ix_blake3_hasher h;
	ix_blake3_init(&h);
	ix_blake3_set_path(&h, path);
	ix_blake3_update(&h, input, size);
	ix_blake3_finish(&h, out, out_size);
}

static void hashes_nothing_and_abc_as_b3sum_does(void **state) {
	(void)state;
	uint8_t hash[32];
	ix_blake3(hash, NULL, 0); /* b3sum /dev/null */
	expect_hash(hash, "af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262");
	ix_blake3(hash, "abc", 3); /* printf abc | b3sum */
	expect_hash(hash, "6437b3ac38465133ffb63b75273a8db548c558465d79db03fd359c6cd5bd9d85");
}

static void every_length_is_the_same_on_every_path_and_in_one_call(void **state) {
	(void)state;
	for (size_t size = 0; size <= LENGTH_MAX; size++) {
		uint8_t expected[32], hash[32];
		whole(IX_BLAKE3_PORTABLE, size, expected, 32);
		for (size_t path = 0; path < blake3_path_count(); path++) {
			ix_cpu_features features = blake3_features((ix_blake3_path)path);
			whole((ix_blake3_path)path, size, hash, 32);
			assert_memory_equal(hash, expected, 32);
			ix_blake3_choose(&features);
			ix_blake3(hash, input, size);
			assert_memory_equal(hash, expected, 32);
		}
	}
}

/* Sizes around every power of two of chunks, where trees change shape, on all paths. */
static void trees_of_every_shape_are_the_same_on_every_path(void **state) {
	(void)state;
	for (size_t chunks = 2; chunks <= 512; chunks += chunks < 70 ? 1 : chunks / 3) {
		for (size_t size = chunks * CHUNK - 1; size <= chunks * CHUNK + 1; size++) {
			uint8_t expected[32], hash[32];
			whole(IX_BLAKE3_PORTABLE, size, expected, 32);
			for (size_t path = 1; path < blake3_path_count(); path++) {
				whole((ix_blake3_path)path, size, hash, 32);
				assert_memory_equal(hash, expected, 32);
			}
		}
	}
}

static void splitting_the_input_changes_nothing(void **state) {
	(void)state;
	ix_rng rng;
	ix_rng_seed(&rng, ix_testing_seed());
	for (size_t size = 0; size <= LENGTH_MAX; size++) {
		ix_blake3_path path = (ix_blake3_path)(size % blake3_path_count());
		uint8_t expected[32], hash[32];
		whole(IX_BLAKE3_PORTABLE, size, expected, 32);
		size_t piece_max = 1 + ix_rng_below(&rng, 1500);
		ix_blake3_hasher h;
		ix_blake3_init(&h);
		ix_blake3_set_path(&h, path);
		for (size_t at = 0; at < size;) {
			size_t piece = ix_size_min(size - at, ix_rng_below(&rng, piece_max + 1));
			ix_blake3_update(&h, input + at, piece); /* of 0 bytes too */
			at += piece;
		}
		ix_blake3_finish(&h, hash, 32);
		assert_memory_equal(hash, expected, 32);
	}
}

static void large_uneven_pieces_change_nothing(void **state) {
	(void)state;
	ix_rng rng;
	ix_rng_seed(&rng, ix_testing_seed());
	for (int turn = 0; turn < (ix_testing_long() ? 2000 : 60); turn++) {
		ix_blake3_path path = (ix_blake3_path)((size_t)turn % blake3_path_count());
		size_t size = ix_rng_below(&rng, 1 << 20);
		uint8_t expected[32], hash[32];
		whole(path, size, expected, 32);
		ix_blake3_hasher h;
		ix_blake3_init(&h);
		ix_blake3_set_path(&h, path);
		for (size_t at = 0; at < size;) {
			/* whole chunks, powers of two of them, and anything */
			size_t piece = ix_rng_below(&rng, 3) == 0 ? (size_t)CHUNK << ix_rng_below(&rng, 8)
								  : 1 + ix_rng_below(&rng, 100000);
			piece = ix_size_min(size - at, piece);
			ix_blake3_update(&h, input + at, piece);
			at += piece;
		}
		ix_blake3_finish(&h, hash, 32);
		assert_memory_equal(hash, expected, 32);
	}
}

static void finishing_changes_nothing_and_a_copy_is_a_fork(void **state) {
	(void)state;
	ix_blake3_hasher h, fork;
	uint8_t a[32], b[32], expected[32];
	ix_blake3_init(&h);
	ix_blake3_update(&h, input, 5000);
	ix_blake3_finish(&h, a, 32);
	fork = h;
	ix_blake3_update(&h, input + 5000, 4000);
	ix_blake3_finish(&h, a, 32);
	ix_blake3_update(&fork, input + 5000, 4000);
	ix_blake3_finish(&fork, b, 32);
	whole(IX_BLAKE3_PORTABLE, 9000, expected, 32);
	assert_memory_equal(a, expected, 32);
	assert_memory_equal(b, expected, 32);
}

static void output_can_be_read_from_any_position(void **state) {
	(void)state;
	static uint8_t stream[4096], part[4096];
	for (size_t path = 0; path < blake3_path_count(); path++) {
		ix_blake3_hasher h;
		ix_blake3_init_keyed(&h, input);
		ix_blake3_set_path(&h, (ix_blake3_path)path);
		ix_blake3_update(&h, input, 1500);
		/* byte after byte from one block at a time is the slow twin */
		for (size_t at = 0; at < sizeof stream; at++) ix_blake3_finish_at(&h, at, stream + at, 1);
		for (size_t at = 0; at < 200; at++) {
			for (size_t size = 0; size < 2000; size = size * 3 / 2 + 1) {
				memset(part, 0, sizeof part);
				ix_blake3_finish_at(&h, at, part, size);
				assert_memory_equal(part, stream + at, size);
				assert_int_equal(part[size], 0);
			}
		}
		ix_blake3_finish(&h, part, sizeof part);
		assert_memory_equal(part, stream, sizeof part);
	}
}

/* The counter of an output block has 64 bits: 2^32 blocks are 256 GiB. */
static void output_goes_on_past_two_to_the_32_blocks(void **state) {
	(void)state;
	static uint8_t expected[64 * 64], part[64 * 64];
	uint64_t position = ((uint64_t)1 << 38) - 20 * 64 + 7;
	for (size_t path = 0; path < blake3_path_count(); path++) {
		ix_blake3_hasher h;
		ix_blake3_init(&h);
		ix_blake3_set_path(&h, (ix_blake3_path)path);
		ix_blake3_update(&h, input, 100);
		ix_blake3_finish_at(&h, position, part, sizeof part);
		if (path == 0) memcpy(expected, part, sizeof part);
		assert_memory_equal(part, expected, sizeof part);
	}
	/* and it is not the stream from the beginning again */
	ix_blake3_hasher h;
	ix_blake3_init(&h);
	ix_blake3_update(&h, input, 100);
	ix_blake3_finish_at(&h, 0, part, 32);
	assert_memory_not_equal(part, expected + 20 * 64 - 7, 32);
}

/* So has the counter of a chunk: 2^32 of them are 4 TiB. */
static void chunks_are_counted_past_two_to_the_32(void **state) {
	(void)state;
	for (uint64_t before = 0; before < 20; before++) {
		uint8_t expected[32], value[32];
		uint64_t offset = (((uint64_t)1 << 32) - before) * CHUNK;
		for (size_t path = 0; path < blake3_path_count(); path++) {
			ix_blake3_hasher h;
			ix_blake3_init(&h);
			ix_blake3_set_path(&h, (ix_blake3_path)path);
			ix_blake3_part(&h, offset, input, 16 * CHUNK, value);
			if (path == 0) memcpy(expected, value, 32);
			assert_memory_equal(value, expected, 32);
		}
		ix_blake3_hasher h;
		ix_blake3_init(&h);
		ix_blake3_part(&h, 0, input, 16 * CHUNK, value);
		assert_memory_not_equal(value, expected, 32);
	}
}

static void keys_and_contexts_give_other_hashes(void **state) {
	(void)state;
	uint8_t hashes[5][32];
	ix_blake3_hasher h;
	ix_blake3(hashes[0], input, 100);
	ix_blake3_init_keyed(&h, input);
	ix_blake3_update(&h, input, 100);
	ix_blake3_finish(&h, hashes[1], 32);
	ix_blake3_init_keyed(&h, input + 1);
	ix_blake3_update(&h, input, 100);
	ix_blake3_finish(&h, hashes[2], 32);
	ix_blake3_init_derive_key(&h, IX_STR("inox 2026-01-01 a test"));
	ix_blake3_update(&h, input, 100);
	ix_blake3_finish(&h, hashes[3], 32);
	ix_blake3_init_derive_key(&h, IX_STR("inox 2026-01-01 another test"));
	ix_blake3_update(&h, input, 100);
	ix_blake3_finish(&h, hashes[4], 32);
	for (size_t i = 0; i < 5; i++) {
		for (size_t j = 0; j < i; j++) assert_memory_not_equal(hashes[i], hashes[j], 32);
	}
}

/* A page that may not be touched follows the input; sanitizers do not watch the vector paths. */
static void no_path_reads_past_the_end_of_its_input(void **state) {
	(void)state;
	enum { ROOM = 40 * CHUNK };
	// cppcheck-suppress invalidFunctionArg ; no file
	uint8_t *memory = mmap(NULL, ROOM + 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	assert_true(memory != MAP_FAILED);
	assert_int_equal(mprotect(memory + ROOM, 4096, PROT_NONE), 0);
	memcpy(memory, input, ROOM);
	for (size_t path = 0; path < blake3_path_count(); path++) {
		for (size_t size = 0; size <= ROOM; size += size < 200 ? 1 : 61) {
			const uint8_t *data = memory + ROOM - size;
			uint8_t hash[32], expected[32];
			ix_blake3_hasher h;
			ix_blake3_init(&h);
			ix_blake3_set_path(&h, (ix_blake3_path)path);
			ix_blake3_update(&h, data, size);
			ix_blake3_finish(&h, hash, 32);
			if (size % 10 == 0) {
				ix_blake3_init(&h);
				ix_blake3_update(&h, input + ROOM - size, size);
				ix_blake3_finish(&h, expected, 32);
				assert_memory_equal(hash, expected, 32);
			}
		}
	}
	assert_int_equal(munmap(memory, ROOM + 4096), 0);
}

/* What a work pool does: subtrees in any order, added in the order of the input. */
static void subtrees_hashed_apart_give_the_same_hash(void **state) {
	(void)state;
	ix_rng rng;
	ix_rng_seed(&rng, ix_testing_seed());
	for (int turn = 0; turn < 40; turn++) {
		ix_blake3_path path = (ix_blake3_path)((size_t)turn % blake3_path_count());
		size_t part = (size_t)2048 << ix_rng_below(&rng, 10), count = ix_rng_below(&rng, 6);
		size_t rest = ix_rng_below(&rng, 3) ? ix_rng_below(&rng, 5000) : 0;
		uint8_t nodes[6][IX_BLAKE3_NODE_SIZE], expected[32], hash[32];
		ix_blake3_hasher h;
		ix_blake3_init(&h);
		ix_blake3_set_path(&h, path);
		for (size_t i = count; i-- > 0;)
			ix_blake3_subtree(&h, i * part, input + i * part, part, nodes[i]);
		for (size_t i = 0; i < count; i++) {
			if (ix_rng_below(&rng, 4) == 0)
				ix_blake3_update(
					&h, input + i * part, part); /* the owner may do some itself */
			else
				ix_blake3_add_subtree(&h, nodes[i], part);
		}
		ix_blake3_update(&h, input + count * part, rest);
		ix_blake3_finish(&h, hash, 32);
		whole(IX_BLAKE3_PORTABLE, count * part + rest, expected, 32);
		assert_memory_equal(hash, expected, 32);
	}
}

static void a_subtree_can_follow_full_chunks_given_one_by_one(void **state) {
	(void)state;
	uint8_t node[IX_BLAKE3_NODE_SIZE], expected[32], hash[32];
	ix_blake3_hasher h;
	ix_blake3_init(&h);
	ix_blake3_subtree(&h, 4096, input + 4096, 4096, node);
	for (size_t i = 0; i < 4; i++) ix_blake3_update(&h, input + i * CHUNK, CHUNK);
	ix_blake3_add_subtree(&h, node, 4096);
	ix_blake3_finish(&h, hash, 32);
	whole(IX_BLAKE3_PORTABLE, 8192, expected, 32);
	assert_memory_equal(hash, expected, 32);
}

static void misplaced_subtrees_are_our_own_mistakes(void **state) {
	(void)state;
	uint8_t node[IX_BLAKE3_NODE_SIZE] = {0};
	ix_blake3_hasher h;
	ix_blake3_init(&h);
	assert_true(PANICS(ix_blake3_subtree(&h, 0, input, 1024, node)));     /* one chunk */
	assert_true(PANICS(ix_blake3_subtree(&h, 0, input, 3 * 1024, node))); /* no power of two */
	assert_true(PANICS(ix_blake3_subtree(&h, 2048, input, 4096, node)));  /* not aligned */
	ix_blake3_update(&h, input, 2048);
	assert_true(PANICS(ix_blake3_add_subtree(&h, node, 4096))); /* the hasher stands elsewhere */
	ix_blake3_update(&h, input, 1);
	assert_true(PANICS(ix_blake3_add_subtree(&h, node, 2048))); /* inside a chunk */
	ix_panic_set_hook(NULL);
}

/* A range of 64 KiB groups is proved with the values of the other groups' parents only. */
static void a_root_is_reached_from_the_parts_of_a_file(void **state) {
	(void)state;
	enum { GROUP = 65536 };
	size_t size = 3 * GROUP + 777; /* ((0 1) (2 3)) with a short 3 */
	uint8_t parts[4][32], left[64], right[64], root_node[64], hash[100], expected[100];
	ix_blake3_hasher h;
	ix_blake3_init(&h);
	for (size_t i = 0; i < 4; i++)
		ix_blake3_part(
			&h, i * GROUP, input + i * GROUP, ix_size_min(GROUP, size - i * GROUP), parts[i]);
	memcpy(left, parts[0], 32);
	memcpy(left + 32, parts[1], 32);
	memcpy(right, parts[2], 32);
	memcpy(right + 32, parts[3], 32);
	ix_blake3_parent(&h, left, root_node);
	ix_blake3_parent(&h, right, root_node + 32);
	ix_blake3_root(&h, root_node, hash, sizeof hash);
	whole(IX_BLAKE3_PORTABLE, size, expected, sizeof expected);
	assert_memory_equal(hash, expected, sizeof hash);
	/* a part of several groups is what its parent says */
	uint8_t value[32];
	ix_blake3_part(&h, 2 * GROUP, input + 2 * GROUP, size - 2 * GROUP, value);
	assert_memory_equal(value, root_node + 32, 32);
}

static void a_path_is_chosen_by_what_the_processor_has(void **state) {
	(void)state;
	static const char *const names[] = {"portable", "sse41", "avx2", "avx512"};
	for (size_t path = 0; path < IX_BLAKE3_PATH_COUNT; path++) {
		ix_cpu_features features = blake3_features((ix_blake3_path)path);
		assert_int_equal(ix_blake3_path_for(&features), path);
		assert_string_equal(ix_blake3_path_name((ix_blake3_path)path), names[path]);
	}
}

static void write_file(const char *path, const uint8_t *data, size_t size) {
	FILE *file = fopen(path, "wb");
	if (!file) {
		fail_msg("%s cannot be written", path);
		return;
	}
	assert_int_equal(fwrite(data, 1, size, file), size);
	assert_int_equal(fclose(file), 0);
}

static void b3sum_agrees_on_500_files(void **state) {
	(void)state;
	enum { FILES = 500 };
	static ix_testing_run run;
	const char *directory = ix_testing_directory();
	ix_testing_shell(&run, "b3sum --version");
	if (run.exit_code != 0) {
		print_message("SKIPPED: b3sum is not installed (packages/test.apt)\n");
		skip();
	}
	ix_rng rng;
	ix_rng_seed(&rng, ix_testing_seed());
	char expected[FILES][65];
	for (size_t i = 0; i < FILES; i++) {
		/* as many between 1 and 2 bytes as between 2 and 4 MiB */
		size_t size = ix_rng_below(&rng, (uint64_t)1 << (1 + ix_rng_below(&rng, 22)));
		size_t offset = ix_rng_below(&rng, sizeof input - size);
		char path[128];
		uint8_t hash[32];
		ix_blake3_hasher h;
		snprintf(path, sizeof path, "%s/%03zu", directory, i);
		write_file(path, input + offset, size);
		ix_blake3_init(&h);
		ix_blake3_set_path(&h, (ix_blake3_path)(i % blake3_path_count()));
		ix_blake3_update(&h, input + offset, size);
		ix_blake3_finish(&h, hash, 32);
		ix_hex_encode(expected[i], (ix_bytes){hash, 32});
		expected[i][64] = '\0';
	}
	ix_testing_shell(&run, "cd %s && b3sum --no-names *", directory);
	assert_int_equal(run.exit_code, 0);
	for (size_t i = 0; i < FILES; i++) {
		run.out[i * 65 + 64] = '\0';
		assert_string_equal(run.out + i * 65, expected[i]);
	}
}

/* /proc/cpuinfo lists a flag when the processor has it and the kernel uses it. */
static void the_processor_is_what_the_kernel_says(void **state) {
	(void)state;
	ix_cpu_features f = ix_cpu_features_detect();
	const struct {
		const char *flag;
		bool has;
	} expected[] = {{"sse4_2", f.sse42}, {"pclmulqdq", f.pclmul}, {"avx2", f.avx2}, {"bmi2", f.bmi2},
		{"avx512vl", f.avx512}};
	size_t size;
	char *text = (char *)ix_testing_read("/proc/cpuinfo", &size);
	char *flags = strstr(text, "\nflags");
	if (!flags) {
		free(text);
		skip();
	}
	char *end = strchr(flags + 1, '\n');
	*end = ' ';
	end[1] = '\0';
	for (size_t i = 0; i < IX_COUNT(expected); i++) {
		char word[32];
		snprintf(word, sizeof word, " %s ", expected[i].flag);
		assert_int_equal(strstr(flags, word) != NULL, expected[i].has);
	}
	free(text);
}

IX_TESTS(test_blake3, cmocka_unit_test_setup(hashes_nothing_and_abc_as_b3sum_does, fill_input),
	cmocka_unit_test_teardown(every_length_is_the_same_on_every_path_and_in_one_call, choose_portable),
	cmocka_unit_test(trees_of_every_shape_are_the_same_on_every_path),
	cmocka_unit_test(splitting_the_input_changes_nothing),
	cmocka_unit_test(large_uneven_pieces_change_nothing),
	cmocka_unit_test(finishing_changes_nothing_and_a_copy_is_a_fork),
	cmocka_unit_test(output_can_be_read_from_any_position),
	cmocka_unit_test(output_goes_on_past_two_to_the_32_blocks),
	cmocka_unit_test(chunks_are_counted_past_two_to_the_32),
	cmocka_unit_test(keys_and_contexts_give_other_hashes),
	cmocka_unit_test(no_path_reads_past_the_end_of_its_input),
	cmocka_unit_test(subtrees_hashed_apart_give_the_same_hash),
	cmocka_unit_test(a_subtree_can_follow_full_chunks_given_one_by_one),
	cmocka_unit_test(misplaced_subtrees_are_our_own_mistakes),
	cmocka_unit_test(a_root_is_reached_from_the_parts_of_a_file),
	cmocka_unit_test(a_path_is_chosen_by_what_the_processor_has),
	cmocka_unit_test(b3sum_agrees_on_500_files), cmocka_unit_test(the_processor_is_what_the_kernel_says));
