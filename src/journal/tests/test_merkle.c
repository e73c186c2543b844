/* Merkle trees against an independent program (merkle_reference.py, hashlib) for all pairs of sizes up to 72,
 * against the roots that Certificate Transparency publishes, and against whoever changes a proof. */
#include <inox/merkle.h>

#include <inox/alloc.h>
#include <inox/rng.h>
#include <inox/testing.h>
#include <inox/text.h>

#include <string.h>

enum { LEAF_MAX = 72 };

typedef struct forest {
	ix_merkle_tree tree;
	ix_merkle_source source;
	ix_merkle_hash leaves[LEAF_MAX];
	ix_merkle_hash roots[LEAF_MAX + 1];
} forest;

/* merkle_reference.py's leaf(index). */
static ix_bytes leaf_of(size_t index, uint8_t out[32]) {
	static const char *const ct[] = {"", "00", "10", "2021", "3031", "40414243", "5051525354555657",
		"606162636465666768696a6b6c6d6e6f"};
	size_t size = 0;
	if (index < IX_COUNT(ct)) {
		assert_int_equal(ix_hex_decode(ix_str_from(ct[index]), out, 32, &size, NULL), 0);
		return (ix_bytes){out, size};
	}
	size = ix_format((char *)out, 32, "leaf %zu", index);
	return (ix_bytes){out, size};
}

static void forest_init(forest *f) {
	ix_merkle_tree_init(&f->tree, ix_os_allocator(), 0);
	f->source = ix_merkle_tree_source(&f->tree);
	for (size_t i = 0; i <= LEAF_MAX; i++) {
		assert_int_equal(ix_merkle_source_root(&f->source, i, &f->roots[i], NULL), 0);
		if (i == LEAF_MAX) break;
		uint8_t bytes[32];
		ix_merkle_leaf(leaf_of(i, bytes), &f->leaves[i]);
		assert_int_equal(ix_merkle_tree_add(&f->tree, &f->leaves[i], NULL), 0);
	}
}

static void to_hex(const ix_merkle_hash *hash, char out[65]) {
	ix_hex_encode(out, (ix_bytes){hash->bytes, IX_MERKLE_HASH_SIZE});
	out[64] = '\0';
}

/* ---- the independent program ---- */

static void proof_line(
	char *out, size_t capacity, const char *kind, uint64_t a, uint64_t b, const ix_merkle_proof *proof) {
	size_t used = (size_t)snprintf(
		out, capacity, "%s %llu %llu", kind, (unsigned long long)a, (unsigned long long)b);
	for (uint32_t i = 0; i < proof->count; i++) {
		char hex[65];
		to_hex(&proof->path[i], hex);
		used += (size_t)snprintf(out + used, capacity - used, " %s", hex);
	}
}

/* What we say to the question that a line of the program answers. */
static void our_line(const forest *f, const char *line, char *out, size_t capacity) {
	ix_str rest = ix_str_from(line), kind = ix_str_cut(&rest, ' ');
	uint64_t a = 0, b = 0;
	ix_merkle_proof proof = {0};
	assert_true(ix_str_to_u64(ix_str_cut(&rest, ' '), &a));
	if (ix_str_equal(kind, IX_STR("root"))) {
		char hex[65];
		to_hex(&f->roots[a], hex);
		snprintf(out, capacity, "root %llu %s", (unsigned long long)a, hex);
		return;
	}
	assert_true(ix_str_to_u64(ix_str_cut(&rest, ' '), &b));
	if (ix_str_equal(kind, IX_STR("inclusion"))) {
		assert_int_equal(ix_merkle_source_inclusion(&f->source, a, b, &proof, NULL), 0);
		assert_int_equal(
			ix_merkle_check_inclusion(&f->leaves[a], a, b, &proof, &f->roots[b], NULL), 0);
		proof_line(out, capacity, "inclusion", a, b, &proof);
	} else {
		assert_int_equal(ix_merkle_source_consistency(&f->source, a, b, &proof, NULL), 0);
		assert_int_equal(
			ix_merkle_check_consistency(a, b, &f->roots[a], &f->roots[b], &proof, NULL), 0);
		proof_line(out, capacity, "consistency", a, b, &proof);
	}
}

static void agrees_with_an_independent_program_on_every_root_and_proof(void **state) {
	(void)state;
	static forest f;
	static ix_testing_run run;
	char path[600], line[1200], ours[1200];
	size_t lines = 0;
	forest_init(&f);
	const char *directory = ix_testing_directory();
	ix_testing_shell(&run, "python3 %s/src/journal/tests/merkle_reference.py %d > %s/answers",
		ix_testing_root(), LEAF_MAX, directory);
	if (run.exit_code) fail_msg("merkle_reference.py: %s", run.err);
	snprintf(path, sizeof path, "%s/answers", directory);
	FILE *file = fopen(path, "r");
	assert_non_null(file);
	while (fgets(line, sizeof line, file)) {
		line[strcspn(line, "\n")] = '\0';
		our_line(&f, line, ours, sizeof ours);
		assert_string_equal(ours, line);
		lines++;
	}
	fclose(file);
	/* 73 roots; sum of 0 … 72 inclusion proofs, sum of 0 … 71 consistency proofs */
	assert_int_equal(lines, 73 + 72 * 73 / 2 + 71 * 72 / 2);
	ix_merkle_tree_fini(&f.tree);
}

/* The roots of 0 to 8 leaves that RFC 6962's reference implementations test with. */
static void gives_the_roots_of_certificate_transparency(void **state) {
	(void)state;
	static const char *const roots[] = {
		"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
		"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
		"fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
		"aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
		"d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
		"4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
		"76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
		"ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
		"5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
	};
	static forest f;
	forest_init(&f);
	for (size_t i = 0; i < IX_COUNT(roots); i++) {
		char hex[65];
		to_hex(&f.roots[i], hex);
		assert_string_equal(hex, roots[i]);
	}
	ix_merkle_tree_fini(&f.tree);
}

/* ---- checking refuses ---- */

static void a_changed_proof_proves_nothing(void **state) {
	(void)state;
	static forest f;
	forest_init(&f);
	for (uint64_t size = 2; size <= LEAF_MAX; size += 7) {
		for (uint64_t index = 0; index < size; index++) {
			ix_merkle_proof proof = {0};
			const ix_merkle_hash *leaf = &f.leaves[index], *root = &f.roots[size];
			assert_int_equal(ix_merkle_source_inclusion(&f.source, index, size, &proof, NULL), 0);
			for (uint32_t i = 0; i < proof.count; i++) {
				proof.path[i].bytes[i % 32] ^= 0x10;
				assert_int_equal(
					ix_merkle_check_inclusion(leaf, index, size, &proof, root, NULL),
					IX_ERR_INVALID);
				proof.path[i].bytes[i % 32] ^= 0x10;
			}
			for (uint64_t other = 0; other < size; other++)
				assert_int_equal(
					ix_merkle_check_inclusion(leaf, other, size, &proof, root, NULL) == 0,
					other == index);
			proof.count--;
			assert_int_equal(ix_merkle_check_inclusion(leaf, index, size, &proof, root, NULL),
				IX_ERR_INVALID);
			proof.count += 2;
			assert_int_equal(ix_merkle_check_inclusion(leaf, index, size, &proof, root, NULL),
				IX_ERR_INVALID);
			proof.count--;
			assert_int_equal(ix_merkle_check_inclusion(&f.leaves[(index + 1) % size], index, size,
						 &proof, root, NULL),
				IX_ERR_INVALID);
		}
	}
	ix_merkle_tree_fini(&f.tree);
}

static void a_changed_history_is_not_consistent(void **state) {
	(void)state;
	static forest f;
	forest_init(&f);
	for (uint64_t second = 2; second <= LEAF_MAX; second += 5) {
		for (uint64_t first = 1; first < second; first++) {
			ix_merkle_proof proof = {0};
			const ix_merkle_hash *a = &f.roots[first], *b = &f.roots[second];
			assert_int_equal(
				ix_merkle_source_consistency(&f.source, first, second, &proof, NULL), 0);
			for (uint32_t i = 0; i < proof.count; i++) {
				proof.path[i].bytes[31 - i % 32] ^= 1;
				assert_int_equal(
					ix_merkle_check_consistency(first, second, a, b, &proof, NULL),
					IX_ERR_INVALID);
				proof.path[i].bytes[31 - i % 32] ^= 1;
			}
			assert_int_equal(ix_merkle_check_consistency(first, second, b, b, &proof, NULL),
				IX_ERR_INVALID);
			assert_int_equal(ix_merkle_check_consistency(first, second, a, a, &proof, NULL),
				IX_ERR_INVALID);
			proof.count--;
			assert_int_equal(ix_merkle_check_consistency(first, second, a, b, &proof, NULL),
				IX_ERR_INVALID);
			proof.count += 2;
			assert_int_equal(ix_merkle_check_consistency(first, second, a, b, &proof, NULL),
				IX_ERR_INVALID);
		}
	}
	ix_merkle_tree_fini(&f.tree);
}

static void what_needs_no_proof_takes_none(void **state) {
	(void)state;
	static forest f;
	ix_merkle_proof none = {0}, one = {.count = 1};
	forest_init(&f);
	const ix_merkle_hash *r = f.roots;
	assert_int_equal(ix_merkle_check_consistency(0, 0, &r[0], &r[0], &none, NULL), 0);
	assert_int_equal(ix_merkle_check_consistency(0, 9, &r[0], &r[9], &none, NULL), 0);
	assert_int_equal(ix_merkle_check_consistency(9, 9, &r[9], &r[9], &none, NULL), 0);
	assert_int_equal(ix_merkle_check_consistency(9, 9, &r[9], &r[8], &none, NULL), IX_ERR_INVALID);
	assert_int_equal(ix_merkle_check_consistency(0, 9, &r[1], &r[9], &none, NULL), IX_ERR_INVALID);
	assert_int_equal(ix_merkle_check_consistency(0, 0, &r[1], &r[1], &none, NULL), IX_ERR_INVALID);
	assert_int_equal(ix_merkle_check_consistency(9, 9, &r[9], &r[9], &one, NULL), IX_ERR_INVALID);
	assert_int_equal(ix_merkle_check_consistency(9, 8, &r[9], &r[8], &none, NULL), IX_ERR_RANGE);
	assert_int_equal(ix_merkle_check_consistency(3, 8, &r[3], &r[8], &none, NULL), IX_ERR_INVALID);
	assert_int_equal(ix_merkle_check_inclusion(&f.leaves[0], 0, 1, &none, &r[1], NULL), 0);
	assert_int_equal(ix_merkle_check_inclusion(&f.leaves[0], 1, 1, &none, &r[1], NULL), IX_ERR_RANGE);
	assert_int_equal(ix_merkle_check_inclusion(&f.leaves[0], 0, 0, &none, &r[1], NULL), IX_ERR_RANGE);
	one.count = IX_MERKLE_PROOF_MAX + 1;
	assert_int_equal(ix_merkle_check_inclusion(&f.leaves[0], 0, 1, &one, &r[1], NULL), IX_ERR_LIMIT);
	assert_int_equal(ix_merkle_check_consistency(1, 2, &r[1], &r[2], &one, NULL), IX_ERR_LIMIT);
	ix_merkle_tree_fini(&f.tree);
}

/* Random proofs for sizes and indices up to 2^64: an answer, in bounded time. */
static void hostile_proofs_are_refused(void **state) {
	(void)state;
	ix_rng rng;
	ix_rng_seed(&rng, ix_testing_seed());
	for (int i = 0; i < 20000; i++) {
		ix_merkle_proof proof;
		ix_merkle_hash a, b;
		ix_rng_fill(&rng, &proof, sizeof proof);
		ix_rng_fill(&rng, &a, sizeof a);
		ix_rng_fill(&rng, &b, sizeof b);
		proof.count = (uint32_t)ix_rng_below(&rng, IX_MERKLE_PROOF_MAX + 1);
		uint64_t x = ix_rng_u64(&rng) >> ix_rng_below(&rng, 64),
			 y = ix_rng_u64(&rng) >> ix_rng_below(&rng, 64);
		assert_int_not_equal(ix_merkle_check_inclusion(&a, x, y, &proof, &b, NULL), 0);
		if (x != y && x != 0)
			assert_int_not_equal(ix_merkle_check_consistency(x, y, &a, &b, &proof, NULL), 0);
	}
}

/* ---- growing ---- */

static void a_frontier_has_the_root_of_the_whole_tree(void **state) {
	(void)state;
	static forest f;
	forest_init(&f);
	ix_merkle_frontier frontier = {0};
	for (size_t i = 0; i <= LEAF_MAX; i++) {
		ix_merkle_hash root;
		ix_merkle_frontier_root(&frontier, &root);
		assert_memory_equal(root.bytes, f.roots[i].bytes, IX_MERKLE_HASH_SIZE);
		if (i < LEAF_MAX) ix_merkle_frontier_add(&frontier, &f.leaves[i]);
	}
	assert_int_equal(frontier.size, LEAF_MAX);
	ix_merkle_tree_fini(&f.tree);
}

static void nodes_are_numbered_as_they_become_complete(void **state) {
	(void)state;
	/* Leaves 0 1, their parent, leaves 2 3, their parent, the root of four. */
	assert_int_equal(ix_merkle_position(0, 0), 0);
	assert_int_equal(ix_merkle_position(0, 1), 1);
	assert_int_equal(ix_merkle_position(1, 0), 2);
	assert_int_equal(ix_merkle_position(0, 2), 3);
	assert_int_equal(ix_merkle_position(0, 3), 4);
	assert_int_equal(ix_merkle_position(1, 1), 5);
	assert_int_equal(ix_merkle_position(2, 0), 6);
	assert_int_equal(ix_merkle_position(0, 4), 7);
	assert_int_equal(ix_merkle_node_count(0), 0);
	assert_int_equal(ix_merkle_node_count(4), 7);
	assert_int_equal(ix_merkle_node_count(5), 8);
}

static void a_tree_is_limited_and_survives_without_memory(void **state) {
	(void)state;
	ix_alloc_probe probe;
	ix_alloc_probe_init(&probe, NULL);
	ix_merkle_tree tree;
	ix_merkle_hash leaf = {{1}}, root, again;
	ix_merkle_tree_init(&tree, &probe.allocator, 400);
	probe.fail_every = 2;
	for (uint64_t i = 0; i < 400; i++) {
		int code = ix_merkle_tree_add(&tree, &leaf, NULL);
		if (code) {
			assert_int_equal(code, IX_ERR_MEMORY);
			assert_int_equal(tree.size, i);
			assert_int_equal(ix_merkle_tree_add(&tree, &leaf, NULL), 0);
		}
	}
	assert_true(probe.failures > 0);
	assert_int_equal(ix_merkle_tree_add(&tree, &leaf, NULL), IX_ERR_LIMIT);
	ix_merkle_source source = ix_merkle_tree_source(&tree);
	ix_merkle_frontier frontier = {0};
	for (int i = 0; i < 400; i++) ix_merkle_frontier_add(&frontier, &leaf);
	ix_merkle_frontier_root(&frontier, &again);
	assert_int_equal(ix_merkle_source_root(&source, 400, &root, NULL), 0);
	assert_memory_equal(root.bytes, again.bytes, IX_MERKLE_HASH_SIZE);
	ix_merkle_proof proof;
	assert_int_equal(ix_merkle_source_root(&source, 401, &root, NULL), IX_ERR_RANGE);
	assert_int_equal(ix_merkle_source_inclusion(&source, 400, 400, &proof, NULL), IX_ERR_RANGE);
	assert_int_equal(ix_merkle_source_inclusion(&source, 0, 401, &proof, NULL), IX_ERR_RANGE);
	assert_int_equal(ix_merkle_source_consistency(&source, 401, 400, &proof, NULL), IX_ERR_RANGE);
	assert_int_equal(ix_merkle_source_consistency(&source, 3, 401, &proof, NULL), IX_ERR_RANGE);
	ix_merkle_tree_fini(&tree);
	assert_int_equal(probe.live_blocks, 0);
}

IX_TESTS(test_merkle, cmocka_unit_test(agrees_with_an_independent_program_on_every_root_and_proof),
	cmocka_unit_test(gives_the_roots_of_certificate_transparency),
	cmocka_unit_test(a_changed_proof_proves_nothing),
	cmocka_unit_test(a_changed_history_is_not_consistent),
	cmocka_unit_test(what_needs_no_proof_takes_none), cmocka_unit_test(hostile_proofs_are_refused),
	cmocka_unit_test(a_frontier_has_the_root_of_the_whole_tree),
	cmocka_unit_test(nodes_are_numbered_as_they_become_complete),
	cmocka_unit_test(a_tree_is_limited_and_survives_without_memory));
