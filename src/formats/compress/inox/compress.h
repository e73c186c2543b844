/* compress.h - gzip, zstd and xz as streams: bytes in, bytes out, in constant memory. For every reader of
 * files that people keep compressed, and for writers of such files. zlib, libzstd and liblzma do the work;
 * here are one face, detection by magic, several members in a row, limits, and errors that say where.
 *
 * Sans-I/O: the caller brings each piece of input and room for output, of any size. Not for two threads at
 * once. */
#ifndef INOX_COMPRESS_H
#define INOX_COMPRESS_H

#include <inox/base.h>

typedef enum ix_compression {
	IX_COMPRESSION_DETECT, /* by the first bytes; what is none of the others is IX_COMPRESSION_NONE */
	IX_COMPRESSION_NONE,
	IX_COMPRESSION_GZIP, /* RFC 1952; members in a row are one stream, zero bytes may follow the last */
	IX_COMPRESSION_ZSTD, /* RFC 8878; frames in a row, skippable ones too */
	IX_COMPRESSION_XZ,   /* the .xz format; streams in a row, padded by the format's rule */
} ix_compression;

IX_API const char *ix_compression_name(ix_compression compression);   /* "gzip", "none" */
IX_API const char *ix_compression_suffix(ix_compression compression); /* ".gz", "" */
/* What a file name's ending asks for: NONE when it is none of ours. */
IX_API ix_compression ix_compression_of_name(ix_str file_name);
/* Whether this build has it: gzip always, the others as the build's options `zstd` and `lzma` say. */
IX_API bool ix_compression_is_built(ix_compression compression);
/* Judges the first bytes of a stream; DETECT means that more are needed, never with 6 bytes or when `is_all`.
 * The beginning of a magic (two bytes at least) that is all there is counts as that compression, cut short.
 */
IX_API ix_compression ix_compression_detect(ix_bytes head, bool is_all);

/* ---- reading ---- */

typedef struct ix_decompress_options {
	ix_compression compression; /* zero: detect */
	uint64_t output_max;        /* bytes that may come out in all; 0: 2^40 */
	uint64_t window_max;    /* bytes of history a stream may ask us to keep; 0: 128 MiB; at least 1 KiB */
	uint32_t expansion_max; /* bytes out for one byte in, judged when 64 MiB are out; 0: 1000 */
} ix_decompress_options;

typedef struct ix_decompressor ix_decompressor;

/* `options` may be NULL. What it needs beyond its own struct comes from `allocator` when the stream starts
 * (libzstd takes its memory from malloc). Errors: IX_ERR_MEMORY, IX_ERR_UNSUPPORTED, IX_ERR_USAGE for a bad
 * option. */
IX_API int ix_decompressor_new(const ix_allocator *allocator, const ix_decompress_options *options,
	ix_decompressor **ret_decompressor, ix_error *err);
IX_API void ix_decompressor_free(ix_decompressor *decompressor); /* NULL is fine */

/* Takes bytes from the front of *input and gives up to `capacity` bytes. Both may make no progress: then the
 * input is used up and more is needed, or the stream has ended (ix_decompressor_is_ended). `is_last` says
 * that nothing follows *input. What the library gave before an error comes first; the error stays and is told
 * by every later call. Errors, with the offset in the compressed stream: IX_ERR_TRUNCATED, IX_ERR_CHECKSUM
 * damaged, IX_ERR_SYNTAX something else follows, IX_ERR_LIMIT an option's limit, IX_ERR_UNSUPPORTED,
 * IX_ERR_MEMORY. */
IX_API int ix_decompress(ix_decompressor *decompressor, ix_bytes *input, bool is_last, uint8_t *out,
	size_t capacity, size_t *ret_size, ix_error *err);
IX_API bool ix_decompressor_is_ended(const ix_decompressor *decompressor);
/* The compression at work: DETECT until enough bytes were seen. */
IX_API ix_compression ix_decompressor_compression(const ix_decompressor *decompressor);
/* Bytes taken and held back while detecting, not given out yet. */
IX_API size_t ix_decompressor_held(const ix_decompressor *decompressor);

/* ---- writing ---- */

typedef struct ix_compress_options {
	ix_compression compression; /* not DETECT */
	int level;                  /* 0: the format's usual one; gzip 1-9, zstd 1-19, xz 1-9 */
} ix_compress_options;

typedef struct ix_compressor ix_compressor;

/* Errors: IX_ERR_MEMORY, IX_ERR_UNSUPPORTED, IX_ERR_RANGE for the level. */
IX_API int ix_compressor_new(const ix_allocator *allocator, const ix_compress_options *options,
	ix_compressor **ret_compressor, ix_error *err);
IX_API void ix_compressor_free(ix_compressor *compressor);

/* The same give and take as ix_decompress; call with `is_last` until ix_compressor_is_ended. Errors:
 * IX_ERR_MEMORY, IX_ERR_INTERNAL. */
IX_API int ix_compress(ix_compressor *compressor, ix_bytes *input, bool is_last, uint8_t *out,
	size_t capacity, size_t *ret_size, ix_error *err);
IX_API bool ix_compressor_is_ended(const ix_compressor *compressor);

#endif
