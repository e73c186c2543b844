/* blake3_inside.h - what the files of BLAKE3 share: constants of the paper, and the kernel that each
 * instruction set implements. Names of the paper: the chaining value is what a node hands to its parent;
 * flags mark what a block is. */
#ifndef INOX_BLAKE3_INSIDE_H
#define INOX_BLAKE3_INSIDE_H

#include <inox/blake3.h>

enum {
	BLAKE3_CHUNK_START = 1, /* table 3 of the paper */
	BLAKE3_CHUNK_END = 2,
	BLAKE3_PARENT = 4,
	BLAKE3_ROOT = 8,
	BLAKE3_KEYED_HASH = 16,
	BLAKE3_DERIVE_KEY_CONTEXT = 32,
	BLAKE3_DERIVE_KEY_MATERIAL = 64,
	BLAKE3_ROUNDS = 7,
};

/* Table 1: the first eight words of the fractional parts of the square roots of primes, as in SHA-256. */
#define BLAKE3_IV \
	{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19}

/* Table 2, applied once, twice …: the order in which each round takes the words of the message. */
#define BLAKE3_SCHEDULE                                                 \
	{                                                               \
		{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}, \
		{2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8}, \
		{3, 4, 10, 12, 13, 2, 7, 14, 6, 5, 9, 0, 11, 15, 8, 1}, \
		{10, 7, 12, 9, 14, 3, 13, 15, 4, 0, 11, 2, 5, 8, 1, 6}, \
		{12, 13, 9, 11, 15, 10, 14, 8, 7, 2, 5, 3, 0, 1, 6, 4}, \
		{9, 14, 11, 5, 8, 12, 15, 1, 13, 3, 0, 10, 2, 6, 4, 7}, \
		{11, 15, 5, 0, 1, 9, 8, 6, 14, 10, 2, 12, 3, 4, 7, 13}, \
	}

/* A run of blocks of one node, first to last. */
typedef struct ix_blake3_run {
	const uint8_t *data; /* block_count * 64 bytes */
	size_t block_count;
	uint64_t counter;
	unsigned flags;       /* of every block */
	unsigned flags_first; /* added to the first block's, and to the last's */
	unsigned flags_last;
} ix_blake3_run;

/* Nodes of the same shape, `stride` bytes apart: chunks or parents. */
typedef struct ix_blake3_batch {
	ix_blake3_run run; /* of the first node */
	size_t stride;
	unsigned counter_step; /* 1 for chunks, 0 for parents */
	const uint32_t *key;   /* what each starts from */
} ix_blake3_batch;

/* One block that ends a node: what the extendable output is made from. */
typedef struct ix_blake3_output {
	uint32_t value[8];
	uint8_t block[IX_BLAKE3_BLOCK_SIZE]; /* zero beyond `size` */
	unsigned size;
	unsigned flags;
	uint64_t counter; /* of the chunk; the root's is the number of the output block */
} ix_blake3_output;

typedef struct ix_blake3_kernel {
	/* Whole blocks into a chaining value. */
	void (*run)(uint32_t value[8], const ix_blake3_run *run);
	/* One block of any size into a chaining value. */
	void (*last)(uint32_t value[8], const ix_blake3_output *output);
	/* Output blocks from output->counter on, 64 bytes each. */
	void (*expand)(const ix_blake3_output *output, uint8_t *out, size_t block_count);
	/* The chaining values of `count` nodes; of parents, they may take the place of the nodes from the
	 * first on. */
	void (*many)(const ix_blake3_batch *batch, size_t count, uint32_t (*values)[8]);
} ix_blake3_kernel;

extern const ix_blake3_kernel ix_blake3_portable;
#if defined __x86_64__
extern const ix_blake3_kernel ix_blake3_sse41, ix_blake3_avx2, ix_blake3_avx512;
#endif

static inline unsigned ix_blake3_flags_at(const ix_blake3_run *run, size_t block) {
	return run->flags | (block == 0 ? run->flags_first : 0) |
	       (block + 1 == run->block_count ? run->flags_last : 0);
}

#endif
