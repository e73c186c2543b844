/* sha256.h - SHA-256 (FIPS 180-4), for Merkle trees, block headers and the formats that name it. Where
 * nothing names it, use BLAKE3 (blake3.h).
 *
 * Nothing here allocates, blocks or fails. */
#ifndef INOX_SHA256_H
#define INOX_SHA256_H

#include <inox/base.h>

enum { IX_SHA256_OUT_SIZE = 32, IX_SHA256_BLOCK_SIZE = 64 };

/* The caller's storage, without pointers: a copy is a fork of the hash (a midstate). One thread at a time. */
typedef struct ix_sha256_state {
	uint32_t value[8];
	uint64_t size; /* bytes taken so far, below 2^61 */
	uint8_t block[IX_SHA256_BLOCK_SIZE];
} ix_sha256_state;

IX_API void ix_sha256_init(ix_sha256_state *state);
/* `data` may be NULL where size is 0. */
IX_API void ix_sha256_update(ix_sha256_state *state, const void *data, size_t size);
/* The state is not changed: it can go on with updates. */
IX_API void ix_sha256_finish(const ix_sha256_state *state, uint8_t ret_out[IX_SHA256_OUT_SIZE]);
IX_API void ix_sha256(uint8_t ret_out[IX_SHA256_OUT_SIZE], const void *data, size_t size);

/* Lets the functions above use what the processor has. Once, at the start of the program, before there are
 * threads; without it the portable twin is used. */
IX_API void ix_sha256_choose(const ix_cpu_features *cpu);

/* The compression function over whole blocks, by twin, for tests, benches and miners. */
IX_API void ix_sha256_blocks_portable(uint32_t value[8], const uint8_t *blocks, size_t count);
#if defined __x86_64__
/* The processor must have sha_ni. */
IX_API void ix_sha256_blocks_sha_ni(uint32_t value[8], const uint8_t *blocks, size_t count);
#endif

#endif
