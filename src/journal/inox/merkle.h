/* merkle.h - append-only Merkle trees of RFC 9162 section 2 (SHA-256): roots, inclusion proofs (this record
 * is in the log) and consistency proofs (the log of today begins with the log of yesterday), made and
 * checked. For sealed audit logs and whoever verifies them offline. Pure: no files, no clock.
 *
 *     leaf hash = SHA-256(0x00, record); node hash = SHA-256(0x01, left, right); the empty tree's root is
 *     SHA-256(""). */
#ifndef INOX_MERKLE_H
#define INOX_MERKLE_H

#include <inox/base.h>

enum {
	IX_MERKLE_HASH_SIZE = 32,
	IX_MERKLE_DEPTH_MAX = 63,
	IX_MERKLE_PROOF_MAX = 64, /* hashes in a proof of any tree below 2^63 leaves */
};

typedef struct ix_merkle_hash {
	uint8_t bytes[IX_MERKLE_HASH_SIZE];
} ix_merkle_hash;

typedef struct ix_merkle_proof {
	uint32_t count;
	ix_merkle_hash path[IX_MERKLE_PROOF_MAX];
} ix_merkle_proof;

IX_API void ix_merkle_leaf(ix_bytes record, ix_merkle_hash *ret_hash);
IX_API void ix_merkle_node(const ix_merkle_hash *left, const ix_merkle_hash *right, ix_merkle_hash *ret_hash);

/* ---- checking: constant memory, hostile input is fine ---- */

/* Section 2.1.3.2. 0, or IX_ERR_INVALID with the reason; IX_ERR_RANGE when index >= size. */
IX_API int ix_merkle_check_inclusion(const ix_merkle_hash *leaf, uint64_t index, uint64_t size,
	const ix_merkle_proof *proof, const ix_merkle_hash *root, ix_error *err);
/* Section 2.1.4.2, with the two cases that need no proof: first == second (equal roots, empty proof) and
 * first == 0 (everything begins with nothing; empty proof). */
IX_API int ix_merkle_check_consistency(uint64_t first_size, uint64_t second_size,
	const ix_merkle_hash *first_root, const ix_merkle_hash *second_root, const ix_merkle_proof *proof,
	ix_error *err);

/* ---- a frontier: the root of a growing log in constant memory ---- */

/* The roots of the complete subtrees, largest first: one a set bit of the size. The fields may be stored; one
 * from outside is checked by nothing but its use. */
typedef struct ix_merkle_frontier {
	uint64_t size;
	ix_merkle_hash peaks[IX_MERKLE_DEPTH_MAX + 1];
} ix_merkle_frontier;

/* A zeroed frontier is the empty tree. Asserts below 2^63 leaves. */
IX_API void ix_merkle_frontier_add(ix_merkle_frontier *frontier, const ix_merkle_hash *leaf);
IX_API void ix_merkle_frontier_root(const ix_merkle_frontier *frontier, ix_merkle_hash *ret_root);

/* ---- a tree with all its nodes ---- */

/* Nodes are numbered in the order in which they become complete, so that a tree is an array (or a file) that
 * only grows: node `index` of `level` (0: leaves) covers leaves index << level and on. */
static inline uint64_t ix_merkle_position(unsigned level, uint64_t index) {
	uint64_t last = ((index + 1) << level) - 1;
	return 2 * last - (uint64_t)__builtin_popcountll(last) + level;
}
/* Complete nodes of a tree of so many leaves. */
static inline uint64_t ix_merkle_node_count(uint64_t size) {
	return 2 * size - (uint64_t)__builtin_popcountll(size);
}

/* Where the nodes are. Returns 0 or an error of the source's, which the proof then returns. */
typedef struct ix_merkle_source {
	int (*node)(void *context, uint64_t position, ix_merkle_hash *ret_hash, ix_error *err);
	void *context;
} ix_merkle_source;

/* Of the first `size` leaves of a source that has at least those. */
IX_API int ix_merkle_source_root(
	const ix_merkle_source *source, uint64_t size, ix_merkle_hash *ret_root, ix_error *err);
/* Section 2.1.3.1. IX_ERR_RANGE when index >= size. At most 64 nodes are asked for twice. */
IX_API int ix_merkle_source_inclusion(const ix_merkle_source *source, uint64_t index, uint64_t size,
	ix_merkle_proof *ret_proof, ix_error *err);
/* Section 2.1.4.1. IX_ERR_RANGE when first > second. */
IX_API int ix_merkle_source_consistency(const ix_merkle_source *source, uint64_t first_size,
	uint64_t second_size, ix_merkle_proof *ret_proof, ix_error *err);

/* A source in memory: 64 bytes a leaf. One thread adds; when none does, any number may read. */
typedef struct ix_merkle_tree {
	ix_merkle_hash *nodes;
	uint64_t size;   /* leaves */
	size_t capacity; /* nodes */
	uint64_t size_max;
	const ix_allocator *allocator;
} ix_merkle_tree;

/* Holds at most `size_max` leaves (0: 2^32). Takes no memory yet. */
IX_API void ix_merkle_tree_init(ix_merkle_tree *tree, const ix_allocator *allocator, uint64_t size_max);
IX_API void ix_merkle_tree_fini(ix_merkle_tree *tree);
/* Errors: IX_ERR_LIMIT, IX_ERR_MEMORY; the tree is then as before. */
IX_API int ix_merkle_tree_add(ix_merkle_tree *tree, const ix_merkle_hash *leaf, ix_error *err);
IX_API ix_merkle_source ix_merkle_tree_source(ix_merkle_tree *tree);

#endif
