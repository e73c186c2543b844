/* file_memory.h - a file system in memory that can lose power, for tests of durable code: what was not synced
 * when the power goes may be there, in part or not at all, in any order of its sectors. Deterministic from a
 * seed. */
#ifndef INOX_FILE_MEMORY_H
#define INOX_FILE_MEMORY_H

#include <inox/file_system.h>

typedef struct ix_file_memory ix_file_memory;

enum { IX_FILE_MEMORY_SECTOR = 512 }; /* written whole or not at all when the power goes */

/* It starts with a top directory, which "/" and "." name. Links are not part of it; directories are never
 * lost or renamed. A full `size_max` (0: none) gives ENOSPC. Not for more than one thread. Errors:
 * IX_ERR_MEMORY. */
IX_API int ix_file_memory_new(uint64_t size_max, ix_file_memory **ret_memory, ix_error *err);
IX_API void ix_file_memory_free(ix_file_memory *memory); /* NULL is fine */
IX_API const ix_file_system *ix_file_memory_system(ix_file_memory *memory);

/* The power goes: open handles are dead (EBADF), locks are gone, and of what was not synced chance decides by
 * the seed: each sector has its old or its new bytes, the size is the old or the new one, and of the changes
 * of names in each directory a first part has happened. A new file that was synced may still have lost its
 * name, if its directory was not. */
IX_API void ix_file_memory_power_cut(ix_file_memory *memory, uint64_t seed);

#endif
