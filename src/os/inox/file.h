/* file.h - reading and writing whole files: mapped, streamed, or read into memory; written so that the target
 * is either the old file or the whole new one. "-" is stdin or stdout everywhere. Durable files that are
 * written in place are file_system.h's. */
#ifndef INOX_FILE_H
#define INOX_FILE_H

#include <inox/file_system.h>

/* ---- the whole file in memory ---- */

/* Reads all of it; IX_ERR_LIMIT when it is larger than `size_max` bytes. A NUL follows the bytes, not counted
 * in their size. Release with ix_file_read_free and the same allocator. */
IX_API int ix_file_read(
	const char *path, size_t size_max, const ix_allocator *allocator, ix_bytes *ret_bytes, ix_error *err);
IX_API void ix_file_read_free(ix_bytes bytes, const ix_allocator *allocator);

/* ---- mapped ----
 * A file that is cut short while it is being read does not kill the reader: what is gone reads as zeroes, and
 * ix_file_map_check() says so. Ask it before results are believed. What cannot be mapped (a pipe, stdin, an
 * empty or a /proc file) is read into memory instead, at most IX_FILE_MAP_PIPE_MAX bytes. */
enum { IX_FILE_MAP_PIPE_MAX = 1 << 30 };

typedef struct ix_file_map {
	ix_bytes bytes;
	struct ix_file_map_state *state; /* the map's own */
} ix_file_map;

IX_API int ix_file_map_open(const char *path, ix_file_map *ret_map, ix_error *err);
/* 0, or IX_ERR_TRUNCATED when the file shrank (or its disk failed) since it was mapped. */
IX_API int ix_file_map_check(const ix_file_map *map, ix_error *err);
IX_API void ix_file_unmap(ix_file_map *map); /* a zeroed map is fine */

/* ---- streamed ---- */

typedef struct ix_file_in ix_file_in;

IX_API int ix_file_in_open(const char *path, ix_file_in **ret_in, ix_error *err);
/* What is there, at most `capacity` bytes; 0 bytes mean the end. Blocks while a pipe is empty. */
IX_API int ix_file_in_read(ix_file_in *in, void *data, size_t capacity, size_t *ret_got, ix_error *err);
IX_API int ix_file_in_descriptor(const ix_file_in *in);
IX_API void ix_file_in_close(ix_file_in *in); /* NULL is fine */

/* ---- written whole or not at all ----
 * A regular target is written beside itself and renamed over at commit, keeping its permission bits; a link
 * is followed. Pipes, devices and stdout are written straight. Exactly one of commit and abort ends it. */
typedef struct ix_file_out ix_file_out;

IX_API int ix_file_out_open(const char *path, ix_file_out **ret_out, ix_error *err);
IX_API int ix_file_out_open_on(
	const ix_file_system *system, const char *path, ix_file_out **ret_out, ix_error *err);
/* Buffered: an error may come with a later write or with the commit. After one, only abort is left.
 * IX_ERR_NO_SPACE when the disk is full, IX_ERR_CLOSED when the reader of a pipe is gone. */
IX_API int ix_file_out_write(ix_file_out *out, const void *data, size_t size, ix_error *err);
/* Hands what is buffered to the system: for readers at the other end of a pipe. Not durable before the
 * commit. */
IX_API int ix_file_out_flush(ix_file_out *out, ix_error *err);
IX_API uint64_t ix_file_out_size(const ix_file_out *out); /* bytes written so far */
/* Flushes, syncs, renames, syncs the directory, and frees `out`; when it fails, the target is as it was, no
 * temporary is left, and `out` is freed all the same. */
IX_API int ix_file_out_commit(ix_file_out *out, ix_error *err);
IX_API void ix_file_out_abort(ix_file_out *out); /* leaves nothing; NULL is fine */
/* For IX_CLEANUP: aborts what was not committed. Set the variable to NULL after a commit. */
static inline void ix_file_out_abortp(ix_file_out **out) { ix_file_out_abort(*out); }

/* ---- directories ---- */

/* With its missing parents. There already: fine. */
IX_API int ix_directory_make(const char *path, uint32_t mode, ix_error *err);
/* With all that is in it; links are removed, not followed. Not there: fine. */
IX_API int ix_directory_remove(const char *path, ix_error *err);
/* A new empty directory, mode 0700, in $TMPDIR or /tmp; the path is NUL-terminated. */
IX_API int ix_directory_temporary(const char *prefix, char *ret_path, size_t capacity, ix_error *err);

#endif
