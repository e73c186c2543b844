/* merkle.c - RFC 9162 section 2: trees, proofs and their checking, over any source of nodes. */
#include <inox/merkle.h>
#include <inox/sha256.h>

static const uint64_t leaves_max = UINT64_C(1) << IX_MERKLE_DEPTH_MAX;

void ix_merkle_leaf(ix_bytes record, ix_merkle_hash *ret_hash) {
	ix_sha256_state state;
	ix_sha256_init(&state);
	ix_sha256_update(&state, &(uint8_t){0}, 1);
	ix_sha256_update(&state, record.data, record.size);
	ix_sha256_finish(&state, ret_hash->bytes);
}

void ix_merkle_node(const ix_merkle_hash *left, const ix_merkle_hash *right, ix_merkle_hash *ret_hash) {
	uint8_t text[1 + 2 * IX_MERKLE_HASH_SIZE];
	text[0] = 1;
	memcpy(text + 1, left->bytes, IX_MERKLE_HASH_SIZE);
	memcpy(text + 1 + IX_MERKLE_HASH_SIZE, right->bytes, IX_MERKLE_HASH_SIZE);
	ix_sha256(ret_hash->bytes, text, sizeof text);
}

static bool is_equal(const ix_merkle_hash *a, const ix_merkle_hash *b) {
	return memcmp(a->bytes, b->bytes, IX_MERKLE_HASH_SIZE) == 0;
}

/* ---- checking ---- */

int ix_merkle_check_inclusion(const ix_merkle_hash *leaf, uint64_t index, uint64_t size,
	const ix_merkle_proof *proof, const ix_merkle_hash *root, ix_error *err) {
	if (index >= size)
		return ix_fail(err, IX_ERR_RANGE, "leaf %llu of a tree of %llu", (unsigned long long)index,
			(unsigned long long)size);
	if (proof->count > IX_MERKLE_PROOF_MAX)
		return ix_fail(err, IX_ERR_LIMIT, "a proof of %u hashes", proof->count);
	uint64_t at = index, last = size - 1;
	ix_merkle_hash hash = *leaf;
	for (uint32_t i = 0; i < proof->count; i++) {
		if (last == 0)
			return ix_fail(
				err, IX_ERR_INVALID, "the proof has %u hashes too many", proof->count - i);
		if ((at & 1) || at == last) {
			ix_merkle_node(&proof->path[i], &hash, &hash);
			while (!(at & 1) && at != 0) at >>= 1, last >>= 1;
		} else {
			ix_merkle_node(&hash, &proof->path[i], &hash);
		}
		at >>= 1, last >>= 1;
	}
	if (last != 0) return ix_fail(err, IX_ERR_INVALID, "the proof has too few hashes: %u", proof->count);
	if (!is_equal(&hash, root))
		return ix_fail(err, IX_ERR_INVALID, "leaf %llu and the proof do not give this root",
			(unsigned long long)index);
	return 0;
}

/* The cases without a path. */
static int check_trivial_consistency(uint64_t first_size, uint64_t second_size,
	const ix_merkle_hash *first_root, const ix_merkle_hash *second_root, const ix_merkle_proof *proof,
	ix_error *err) {
	if (proof->count > 0)
		return ix_fail(err, IX_ERR_INVALID, "the proof has %u hashes too many", proof->count);
	const ix_merkle_hash *expected = second_root;
	ix_merkle_hash empty;
	if (first_size == 0) {
		ix_sha256(empty.bytes, NULL, 0);
		expected = &empty;
		if (second_size == 0 && !is_equal(second_root, &empty))
			return ix_fail(err, IX_ERR_INVALID, "the second root is not the empty tree's");
	}
	if (!is_equal(first_root, expected))
		return ix_fail(err, IX_ERR_INVALID,
			first_size == 0 ? "the first root is not the empty tree's"
					: "two roots of one size differ");
	return 0;
}

int ix_merkle_check_consistency(uint64_t first_size, uint64_t second_size, const ix_merkle_hash *first_root,
	const ix_merkle_hash *second_root, const ix_merkle_proof *proof, ix_error *err) {
	if (first_size > second_size)
		return ix_fail(err, IX_ERR_RANGE, "a tree of %llu can't begin with one of %llu",
			(unsigned long long)second_size, (unsigned long long)first_size);
	if (proof->count > IX_MERKLE_PROOF_MAX)
		return ix_fail(err, IX_ERR_LIMIT, "a proof of %u hashes", proof->count);
	if (first_size == 0 || first_size == second_size)
		return check_trivial_consistency(
			first_size, second_size, first_root, second_root, proof, err);
	uint64_t at = first_size - 1, last = second_size - 1;
	while (at & 1) at >>= 1, last >>= 1;
	uint32_t next = 0;
	ix_merkle_hash from_first = *first_root; /* step 2: a complete first tree is its own first node */
	if (at != 0) {
		if (proof->count == 0) return ix_fail(err, IX_ERR_INVALID, "the proof is empty");
		from_first = proof->path[next++];
	}
	ix_merkle_hash from_second = from_first;
	for (; next < proof->count; next++) {
		const ix_merkle_hash *step = &proof->path[next];
		if (last == 0)
			return ix_fail(
				err, IX_ERR_INVALID, "the proof has %u hashes too many", proof->count - next);
		if ((at & 1) || at == last) {
			ix_merkle_node(step, &from_first, &from_first);
			ix_merkle_node(step, &from_second, &from_second);
			while (!(at & 1) && at != 0) at >>= 1, last >>= 1;
		} else {
			ix_merkle_node(&from_second, step, &from_second);
		}
		at >>= 1, last >>= 1;
	}
	if (last != 0) return ix_fail(err, IX_ERR_INVALID, "the proof has too few hashes: %u", proof->count);
	if (!is_equal(&from_first, first_root))
		return ix_fail(err, IX_ERR_INVALID, "the proof does not give the first root");
	if (!is_equal(&from_second, second_root))
		return ix_fail(err, IX_ERR_INVALID, "the proof does not give the second root");
	return 0;
}

/* ---- the frontier ---- */

void ix_merkle_frontier_add(ix_merkle_frontier *frontier, const ix_merkle_hash *leaf) {
	IX_ASSERT(frontier->size < leaves_max - 1);
	/* As in a binary counter: every trailing one of the size is a subtree that this leaf completes. */
	unsigned count = (unsigned)__builtin_popcountll(frontier->size);
	ix_merkle_hash hash = *leaf;
	for (uint64_t ones = frontier->size; ones & 1; ones >>= 1)
		ix_merkle_node(&frontier->peaks[--count], &hash, &hash);
	frontier->peaks[count] = hash;
	frontier->size++;
}

void ix_merkle_frontier_root(const ix_merkle_frontier *frontier, ix_merkle_hash *ret_root) {
	unsigned count = (unsigned)__builtin_popcountll(frontier->size);
	ix_merkle_hash hash;
	if (count == 0) {
		ix_sha256(ret_root->bytes, NULL, 0);
		return;
	}
	hash = frontier->peaks[count - 1];
	for (unsigned i = count - 1; i-- > 0;) ix_merkle_node(&frontier->peaks[i], &hash, &hash);
	*ret_root = hash;
}

/* ---- sources ---- */

/* MTH(D[from:to]) for a range that starts at a multiple of the largest power of two below its size, as all
 * ranges that section 2.1 speaks of do: the complete subtrees from right to left. */
static int range_hash(
	const ix_merkle_source *source, uint64_t from, uint64_t to, ix_merkle_hash *ret_hash, ix_error *err) {
	ix_merkle_hash hash = {{0}}, node;
	bool has_hash = false;
	for (uint64_t size = to - from; size > 0; size &= size - 1) {
		unsigned level = (unsigned)__builtin_ctzll(size);
		to -= UINT64_C(1) << level;
		int code = source->node(source->context, ix_merkle_position(level, to >> level), &node, err);
		if (code) return code;
		if (has_hash)
			ix_merkle_node(&node, &hash, &hash);
		else
			hash = node;
		has_hash = true;
	}
	IX_ASSERT(has_hash);
	*ret_hash = hash;
	return 0;
}

int ix_merkle_source_root(
	const ix_merkle_source *source, uint64_t size, ix_merkle_hash *ret_root, ix_error *err) {
	if (size > 0) return range_hash(source, 0, size, ret_root, err);
	ix_sha256(ret_root->bytes, NULL, 0);
	return 0;
}

/* The largest power of two below n. */
static uint64_t split_of(uint64_t n) { return UINT64_C(1) << (63 - (unsigned)__builtin_clzll(n - 1)); }

/* Walks down from the root; what is not on the way is a hash of the proof. The last comes first, so the
 * caller reverses. */
static int prove_down(const ix_merkle_source *source, uint64_t index, uint64_t size, ix_merkle_proof *proof,
	ix_error *err) {
	uint64_t from = 0, to = size;
	while (to - from > 1) {
		uint64_t middle = from + split_of(to - from);
		bool left = index < middle;
		int code = range_hash(
			source, left ? middle : from, left ? to : middle, &proof->path[proof->count], err);
		if (code) return code;
		proof->count++;
		if (left)
			to = middle;
		else
			from = middle;
	}
	return 0;
}

static void reverse(ix_merkle_proof *proof) {
	for (uint32_t i = 0; i < proof->count / 2; i++) {
		ix_merkle_hash other = proof->path[i];
		proof->path[i] = proof->path[proof->count - 1 - i];
		proof->path[proof->count - 1 - i] = other;
	}
}

int ix_merkle_source_inclusion(const ix_merkle_source *source, uint64_t index, uint64_t size,
	ix_merkle_proof *ret_proof, ix_error *err) {
	if (index >= size || size > leaves_max)
		return ix_fail(err, IX_ERR_RANGE, "leaf %llu of a tree of %llu", (unsigned long long)index,
			(unsigned long long)size);
	ix_merkle_proof proof;
	proof.count = 0;
	int code = prove_down(source, index, size, &proof, err);
	if (code) return code;
	reverse(&proof);
	*ret_proof = proof;
	return 0;
}

int ix_merkle_source_consistency(const ix_merkle_source *source, uint64_t first_size, uint64_t second_size,
	ix_merkle_proof *ret_proof, ix_error *err) {
	if (first_size > second_size || second_size > leaves_max)
		return ix_fail(err, IX_ERR_RANGE, "a tree of %llu can't begin with one of %llu",
			(unsigned long long)second_size, (unsigned long long)first_size);
	ix_merkle_proof proof;
	proof.count = 0;
	if (first_size > 0 && first_size < second_size) {
		/* SUBPROOF: down to the subtree of which first_size is the end. */
		uint64_t from = 0, to = second_size;
		int code = 0;
		while (to != first_size && code == 0) {
			uint64_t middle = from + split_of(to - from);
			bool left = first_size <= middle;
			code = range_hash(source, left ? middle : from, left ? to : middle,
				&proof.path[proof.count++], err);
			if (left)
				to = middle;
			else
				from = middle;
		}
		/* The first tree's root is known to whoever checks, if it is that subtree. */
		if (code == 0 && from > 0)
			code = range_hash(source, from, to, &proof.path[proof.count++], err);
		if (code) return code;
		reverse(&proof);
	}
	*ret_proof = proof;
	return 0;
}

/* ---- the tree in memory ---- */

void ix_merkle_tree_init(ix_merkle_tree *tree, const ix_allocator *allocator, uint64_t size_max) {
	*tree = (ix_merkle_tree){.allocator = allocator, .size_max = size_max ? size_max : UINT64_C(1) << 32};
}

void ix_merkle_tree_fini(ix_merkle_tree *tree) {
	ix_release(tree->allocator, tree->nodes, tree->capacity * sizeof(ix_merkle_hash),
		_Alignof(ix_merkle_hash));
	*tree = (ix_merkle_tree){.allocator = tree->allocator, .size_max = tree->size_max};
}

static int tree_grow(ix_merkle_tree *tree, uint64_t needed, ix_error *err) {
	size_t capacity = tree->capacity ? tree->capacity : 256, size;
	while (capacity < needed)
		if (ix_add_overflow(capacity, capacity / 2, &capacity)) capacity = SIZE_MAX;
	void *nodes = NULL;
	if (!ix_mul_overflow(capacity, sizeof(ix_merkle_hash), &size))
		nodes = tree->allocator->resize(tree->allocator->context, tree->nodes,
			tree->capacity * sizeof(ix_merkle_hash), size, _Alignof(ix_merkle_hash));
	if (!nodes)
		return ix_fail(err, IX_ERR_MEMORY, "no memory for a tree of %llu leaves",
			(unsigned long long)tree->size + 1);
	tree->nodes = nodes;
	tree->capacity = capacity;
	return 0;
}

int ix_merkle_tree_add(ix_merkle_tree *tree, const ix_merkle_hash *leaf, ix_error *err) {
	if (tree->size >= tree->size_max)
		return ix_fail(err, IX_ERR_LIMIT, "the tree holds its most, %llu leaves",
			(unsigned long long)tree->size_max);
	uint64_t at = ix_merkle_node_count(tree->size), end = ix_merkle_node_count(tree->size + 1);
	if (end > tree->capacity) {
		int code = tree_grow(tree, end, err);
		if (code) return code;
	}
	tree->nodes[at] = *leaf;
	/* The left sibling of a node of a level is as far back as a complete subtree of that level is large.
	 */
	for (uint64_t ones = tree->size, level = 0; ones & 1; ones >>= 1, level++, at++) {
		const ix_merkle_hash *left = &tree->nodes[at - ((UINT64_C(2) << level) - 1)];
		ix_merkle_node(left, &tree->nodes[at], &tree->nodes[at + 1]);
	}
	tree->size++;
	return 0;
}

static int tree_node(void *context, uint64_t position, ix_merkle_hash *ret_hash, ix_error *err) {
	const ix_merkle_tree *tree = context;
	if (position >= ix_merkle_node_count(tree->size))
		return ix_fail(
			err, IX_ERR_RANGE, "the tree has only %llu leaves", (unsigned long long)tree->size);
	*ret_hash = tree->nodes[position];
	return 0;
}

ix_merkle_source ix_merkle_tree_source(ix_merkle_tree *tree) { return (ix_merkle_source){tree_node, tree}; }
