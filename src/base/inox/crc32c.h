/* crc32c.h - CRC-32C (Castagnoli; RFC 3720 section 12.1), the checksum of every file and frame that we write.
 */
#ifndef INOX_CRC32C_H
#define INOX_CRC32C_H

#include <inox/base.h>

/* The checksum of what `crc` was the checksum of, followed by `data`; start with 0. */
IX_API uint32_t ix_crc32c(uint32_t crc, const void *data, size_t size);
/* The checksum of A followed by B, from the checksums of both and the size of B. */
IX_API uint32_t ix_crc32c_combine(uint32_t crc_a, uint32_t crc_b, size_t size_b);

/* Lets ix_crc32c use what the processor has. Once, at the start of the program, before there are threads;
 * without it the portable twin is used. */
IX_API void ix_crc32c_choose(const ix_cpu_features *cpu);

/* The twins by name, for tests and benches. */
IX_API uint32_t ix_crc32c_portable(uint32_t crc, const void *data, size_t size);
#if defined __x86_64__
IX_API uint32_t ix_crc32c_sse42(uint32_t crc, const void *data, size_t size);
#endif

#endif
