/* binaryfile.h - Nasdaq's BinaryFILE: messages one behind the other, each with a two-byte big-endian length
 * in front; a length of zero marks the end of the session (days without the mark are common, and fine).
 * Plain, or inside gzip, zstd or xz, found out by the first bytes.
 *
 * Sans-I/O: the caller brings pieces of the file, the reader gives the messages. A plain file that is brought
 * as one piece (a mapped one) is not copied; everything else goes through a buffer of a fixed size. */
#ifndef INOX_BINARYFILE_H
#define INOX_BINARYFILE_H

#include <inox/base.h>
#include <inox/compress.h>
#include <inox/reader.h>

enum {
	IX_BINARYFILE_MESSAGE_MAX = 65535,
	IX_BINARYFILE_BUFFER = 256 * 1024, /* bytes of decompressed stream held at most */
};

/* ---- reading ----
 *
 *     ix_binaryfile_feed(reader, piece, is_last);
 *     while ((code = ix_binaryfile_next(reader, &message, &err)) == 0 && message.data) { … }
 *
 * No message and no error: the piece is used up, bring the next; or ix_binaryfile_is_ended. */

typedef struct ix_binaryfile_state ix_binaryfile_state;

/* The fields are for the inline functions below only. */
typedef struct ix_binaryfile_reader {
	const uint8_t *at;  /* the frame that was given last, or the next */
	const uint8_t *end; /* of the bytes that are there */
	size_t taken;       /* size of the frame given last, with its prefix */
	uint64_t end_offset;
	ix_binaryfile_state *state;
} ix_binaryfile_reader;

/* `options` may be NULL: see <inox/compress.h> for the limits. Errors: IX_ERR_MEMORY, IX_ERR_USAGE,
 * IX_ERR_UNSUPPORTED. */
IX_API int ix_binaryfile_reader_init(ix_binaryfile_reader *reader, const ix_allocator *allocator,
	const ix_decompress_options *options, ix_error *err);
IX_API void ix_binaryfile_reader_fini(ix_binaryfile_reader *reader); /* a zeroed one is fine */

/* Brings the next piece, borrowed until the reader asks for another; `is_last` when the file ends with it (an
 * empty last piece is fine). Only when the one before is used up. */
IX_API void ix_binaryfile_feed(ix_binaryfile_reader *reader, ix_bytes piece, bool is_last);

/* Makes at least one whole frame ready at reader->at, or none. */
IX_API int ix_binaryfile_refill(ix_binaryfile_reader *reader, ix_error *err);

/* The next message, without its prefix, good until the next call; NULL data when there is none now. Errors,
 * with the offset in the decompressed stream: IX_ERR_TRUNCATED the file ends inside a message, IX_ERR_SYNTAX
 * bytes behind the end mark, and those of ix_decompress. What is in front of an error is given first. */
static inline int ix_binaryfile_next(ix_binaryfile_reader *reader, ix_bytes *ret_message, ix_error *err) {
	reader->at += reader->taken;
	reader->taken = 0;
	for (int tries = 0;; tries++) {
		size_t left = (size_t)(reader->end - reader->at);
		size_t size = left >= 2 ? ix_load_u16_be(reader->at) : 0;
		if (IX_LIKELY(size != 0 && size <= left - 2)) {
			*ret_message = (ix_bytes){reader->at + 2, size};
			reader->taken = 2 + size;
			return 0;
		}
		if (tries > 0) break;
		int code = ix_binaryfile_refill(reader, err);
		if (code) return code;
	}
	*ret_message = (ix_bytes){NULL, 0};
	return 0;
}

/* The same for a batch: all the bytes that are there, beginning with a whole frame (an incomplete one may be
 * last); size 0 when there is none now. The caller walks, then says how far it came. */
static inline int ix_binaryfile_window(ix_binaryfile_reader *reader, ix_bytes *ret_framed, ix_error *err) {
	ix_bytes first;
	int code = ix_binaryfile_next(reader, &first, err);
	if (code) return code;
	reader->taken = 0;
	*ret_framed = (ix_bytes){reader->at, first.data ? (size_t)(reader->end - reader->at) : 0};
	return 0;
}
static inline void ix_binaryfile_advance(ix_binaryfile_reader *reader, size_t size) {
	IX_ASSERT_HOT(size <= (size_t)(reader->end - reader->at));
	reader->at += size;
}

/* Where in the decompressed stream the message given last begins (its prefix), or the window. */
static inline uint64_t ix_binaryfile_offset(const ix_binaryfile_reader *reader) {
	return reader->end_offset - (uint64_t)(reader->end - reader->at);
}

/* All is read and whole. */
IX_API bool ix_binaryfile_is_ended(const ix_binaryfile_reader *reader);
/* The end-of-session mark was met. */
IX_API bool ix_binaryfile_has_end_mark(const ix_binaryfile_reader *reader);
/* DETECT until the first bytes were seen. */
IX_API ix_compression ix_binaryfile_compression(const ix_binaryfile_reader *reader);

/* ---- writing ---- */

/* Takes bytes of the finished file, in order. Its errors come back unchanged. */
typedef int ix_binaryfile_sink(void *context, ix_bytes bytes, ix_error *err);

typedef struct ix_binaryfile_writer_options {
	ix_compress_options compress; /* compression DETECT (zero): none */
	ix_binaryfile_sink *sink;
	void *context;
} ix_binaryfile_writer_options;

typedef struct ix_binaryfile_writer ix_binaryfile_writer;

IX_API int ix_binaryfile_writer_new(const ix_allocator *allocator,
	const ix_binaryfile_writer_options *options, ix_binaryfile_writer **ret_writer, ix_error *err);
IX_API void ix_binaryfile_writer_free(ix_binaryfile_writer *writer);
/* Errors: IX_ERR_RANGE for an empty message or one over 65,535 bytes, and the sink's. */
IX_API int ix_binaryfile_write(ix_binaryfile_writer *writer, ix_bytes message, ix_error *err);
/* Bytes that are framed already; not looked at. */
IX_API int ix_binaryfile_write_framed(ix_binaryfile_writer *writer, ix_bytes framed, ix_error *err);
/* Hands the sink what was written so far: for a reader that waits for it. A compressor keeps what it has not
 * made a block of. */
IX_API int ix_binaryfile_writer_flush(ix_binaryfile_writer *writer, ix_error *err);
/* Hands the sink all that is left, behind an end-of-session mark if wanted. Nothing may be written after it.
 */
IX_API int ix_binaryfile_finish(ix_binaryfile_writer *writer, bool with_end_mark, ix_error *err);

#endif
