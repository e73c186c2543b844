/* blake3.h - BLAKE3: hash, keyed hash, key derivation, extendable output; incremental, one-shot, and in parts
 * that several cores work on. Written from the BLAKE3 paper (O'Connor, Aumasson, Neves, Wilcox-O'Hearn,
 * 2021-11-02).
 *
 * Sixteen, eight or four chunks are hashed at once with AVX-512, AVX2 or SSE4.1, where the program has chosen
 * so; all give the same bytes. Nothing here allocates, blocks or fails. */
#ifndef INOX_BLAKE3_H
#define INOX_BLAKE3_H

#include <inox/base.h>

enum {
	IX_BLAKE3_OUT_SIZE = 32,
	IX_BLAKE3_KEY_SIZE = 32,
	IX_BLAKE3_BLOCK_SIZE = 64,
	IX_BLAKE3_CHUNK_SIZE = 1024, /* a leaf of the tree */
	IX_BLAKE3_NODE_SIZE = 64,    /* two chaining values: what an inner node of the tree hashes */
	IX_BLAKE3_DEPTH_MAX = 54,    /* of the tree over 2^64 - 1 bytes */
};

typedef enum ix_blake3_path {
	IX_BLAKE3_PORTABLE,
	IX_BLAKE3_SSE41,
	IX_BLAKE3_AVX2,
	IX_BLAKE3_AVX512,
	IX_BLAKE3_PATH_COUNT,
} ix_blake3_path;

/* Lets every hasher that is initialised from now on use what the processor has. Once, at the start of the
 * program, before there are threads; without it the portable path is used. */
IX_API void ix_blake3_choose(const ix_cpu_features *cpu);

/* The fastest path that the features allow; and a path's name, as in benchmarks ("avx512"). */
IX_API ix_blake3_path ix_blake3_path_for(const ix_cpu_features *cpu);
IX_API const char *ix_blake3_path_name(ix_blake3_path path);

/* The caller's storage, 1.9 KB, without pointers to itself: a copy is a fork of the hash. One thread at a
 * time. The fields are blake3.c's. */
typedef struct ix_blake3_hasher {
	uint32_t key[8];   /* the IV, the key, or the derived context key: what every chunk starts from */
	uint32_t value[8]; /* chaining value of the chunk being filled */
	uint64_t chunk;    /* index of the chunk being filled */
	uint8_t block[IX_BLAKE3_BLOCK_SIZE];
	uint8_t block_size;  /* bytes in `block` */
	uint8_t block_count; /* blocks of this chunk that went into `value` */
	uint8_t flags;
	uint8_t path;
	uint8_t depth; /* entries of `stack` */
	uint32_t stack[IX_BLAKE3_DEPTH_MAX + 1][8];
} ix_blake3_hasher;

IX_API void ix_blake3_init(ix_blake3_hasher *hasher);
IX_API void ix_blake3_init_keyed(ix_blake3_hasher *hasher, const uint8_t key[IX_BLAKE3_KEY_SIZE]);
/* `context` names the purpose: hardcoded, globally unique, "example.com 2026-01-31 session tokens"; the key
 * material goes in with update. */
IX_API void ix_blake3_init_derive_key(ix_blake3_hasher *hasher, ix_str context);
/* Between init and the first update: another path for this hasher, for tests and measurements. The processor
 * must have what it needs. */
IX_API void ix_blake3_set_path(ix_blake3_hasher *hasher, ix_blake3_path path);

/* `data` may be NULL where size is 0. Pieces of 64 KiB and more, not split unevenly, reach the full speed. */
IX_API void ix_blake3_update(ix_blake3_hasher *hasher, const void *data, size_t size);

/* Any number of output bytes from a position in the output stream; the first 32 are the hash. The hasher is
 * not changed: it can be finished at other positions, or go on with updates. */
IX_API void ix_blake3_finish(const ix_blake3_hasher *hasher, void *ret_out, size_t size);
IX_API void ix_blake3_finish_at(
	const ix_blake3_hasher *hasher, uint64_t position, void *ret_out, size_t size);

/* One call: the 32-byte hash of `data`; nothing is copied or set up for short inputs. */
IX_API void ix_blake3(uint8_t ret_out[IX_BLAKE3_OUT_SIZE], const void *data, size_t size);

/* ---- several cores ----
 * An aligned subtree is `size` bytes at `offset` of the input where size is a power of two, at least two
 * chunks, and divides offset. Workers hash subtrees in any order from a hasher that is only read; its owner
 * adds the results in the order of the input, in place of the bytes, and update()s the rest:
 *
 *     ix_blake3_subtree(&hasher, offset, data + offset, 1 << 20, node);      on any thread
 *     ix_blake3_add_subtree(&hasher, node, 1 << 20);                        on the owner's, by offset
 */
IX_API void ix_blake3_subtree(const ix_blake3_hasher *hasher, uint64_t offset, const void *data, size_t size,
	uint8_t ret_node[IX_BLAKE3_NODE_SIZE]);
IX_API void ix_blake3_add_subtree(
	ix_blake3_hasher *hasher, const uint8_t node[IX_BLAKE3_NODE_SIZE], size_t size);

/* ---- proofs of ranges ----
 * The chaining value of any part below the root (1 byte or more at `offset`, a multiple of the chunk size, as
 * the left- balanced tree has it), of a parent, and the root's output from its two children. With the values
 * of the siblings on the way up, a range is checked without the rest of the input. */
IX_API void ix_blake3_part(const ix_blake3_hasher *hasher, uint64_t offset, const void *data, size_t size,
	uint8_t ret_value[IX_BLAKE3_OUT_SIZE]);
IX_API void ix_blake3_parent(const ix_blake3_hasher *hasher, const uint8_t node[IX_BLAKE3_NODE_SIZE],
	uint8_t ret_value[IX_BLAKE3_OUT_SIZE]);
IX_API void ix_blake3_root(
	const ix_blake3_hasher *hasher, const uint8_t node[IX_BLAKE3_NODE_SIZE], void *ret_out, size_t size);

#endif
