/* gzip.c - the gzip format through zlib: members in a row, zero padding behind the last. */
#include "codec.h"

#include <limits.h>
#define ZLIB_CONST
#include <zlib.h>

enum { GZIP_WRAPPER = 16, MEMORY_LEVEL = 8 };

typedef struct gzip_stream {
	const ix_allocator *allocator;
	z_stream z;
	bool is_between; /* members: at the end of one, in front of another or of the end */
	bool is_padded;  /* zero bytes were met there */
} gzip_stream;

static voidpf allocate(voidpf stream, uInt count, uInt size) {
	return codec_allocate(((gzip_stream *)stream)->allocator, (size_t)count * size);
}
static void release(voidpf stream, voidpf block) { codec_release(((gzip_stream *)stream)->allocator, block); }

static gzip_stream *stream_new(const ix_allocator *allocator) {
	gzip_stream *s = codec_allocate(allocator, sizeof(*s));
	if (!s) return NULL;
	memset(s, 0, sizeof(*s));
	s->allocator = allocator;
	s->z.zalloc = allocate;
	s->z.zfree = release;
	s->z.opaque = s;
	return s;
}

/* zlib counts in unsigned int. */
static void io_to_z(const stream_io *io, z_stream *z) {
	z->next_in = io->in;
	z->avail_in = (uInt)ix_size_min(io->in_size, UINT_MAX);
	z->next_out = io->out;
	z->avail_out = (uInt)ix_size_min(io->out_size, UINT_MAX);
}
static void z_to_io(const z_stream *z, stream_io *io) {
	io->in_size -= (size_t)(z->next_in - io->in);
	io->in = z->next_in;
	io->out_size -= (size_t)(z->next_out - io->out);
	io->out = z->next_out;
}

/* ---- reading ---- */

static int decoder_new(const decoder_settings *settings, void **ret_decoder, ix_error *err) {
	gzip_stream *s = stream_new(settings->allocator);
	if (!s) return codec_fail_memory("gzip", err);
	if (inflateInit2(&s->z, MAX_WBITS + GZIP_WRAPPER) != Z_OK) {
		codec_release(settings->allocator, s);
		return codec_fail_memory("gzip", err);
	}
	*ret_decoder = s;
	return 0;
}

static void decoder_free(void *decoder) {
	gzip_stream *s = decoder;
	(void)inflateEnd(&s->z);
	codec_release(s->allocator, s);
}

/* Behind a member: padding, or the next member. */
static int start_member(gzip_stream *s, stream_io *io, ix_error *err) {
	while (io->in_size > 0 && io->in[0] == 0) {
		s->is_padded = true;
		io->in++;
		io->in_size--;
	}
	if (io->in_size == 0) return 0;
	if (s->is_padded || io->in[0] != 0x1f)
		return ix_fail(err, IX_ERR_SYNTAX, "what follows the gzip data is not gzip");
	(void)inflateReset(&s->z);
	s->is_between = false;
	return 0;
}

static int decode(void *decoder, stream_io *io, bool *ret_is_ended, ix_error *err) {
	gzip_stream *s = decoder;
	for (;;) {
		if (s->is_between) {
			int code = start_member(s, io, err);
			if (code) return code;
			if (s->is_between) break;
		}
		io_to_z(io, &s->z);
		int result = inflate(&s->z, Z_NO_FLUSH);
		const char *why = s->z.msg ? s->z.msg : "preset dictionary";
		z_to_io(&s->z, io);
		if (result == Z_STREAM_END) {
			s->is_between = true;
			continue;
		}
		if (result == Z_MEM_ERROR) return codec_fail_memory("gzip", err);
		if (result != Z_OK && result != Z_BUF_ERROR) return codec_fail_damaged("gzip", why, err);
		if (io->out_size == 0) return 0;
		if (io->in_size == 0) break;
	}
	if (!io->is_last) return 0;
	if (!s->is_between) return codec_fail_truncated("gzip", err);
	*ret_is_ended = true;
	return 0;
}

/* ---- writing ---- */

static int encoder_new(const ix_allocator *allocator, int level, void **ret_encoder, ix_error *err) {
	gzip_stream *s = stream_new(allocator);
	if (!s) return codec_fail_memory("gzip", err);
	if (deflateInit2(&s->z, level, Z_DEFLATED, MAX_WBITS + GZIP_WRAPPER, MEMORY_LEVEL,
		    Z_DEFAULT_STRATEGY) != Z_OK) {
		codec_release(allocator, s);
		return codec_fail_memory("gzip", err);
	}
	*ret_encoder = s;
	return 0;
}

static int encode(void *encoder, stream_io *io, bool *ret_is_ended, ix_error *err) {
	gzip_stream *s = encoder;
	io_to_z(io, &s->z);
	bool is_finish = io->is_last && s->z.avail_in == io->in_size;
	int result = deflate(&s->z, is_finish ? Z_FINISH : Z_NO_FLUSH);
	z_to_io(&s->z, io);
	if (result == Z_STREAM_ERROR)
		return ix_fail(err, IX_ERR_INTERNAL, "gzip: the encoder's state is broken");
	*ret_is_ended = result == Z_STREAM_END;
	return 0;
}

static void encoder_free(void *encoder) {
	gzip_stream *s = encoder;
	(void)deflateEnd(&s->z);
	codec_release(s->allocator, s);
}

const codec codec_gzip = {"gzip", 9, 6, decoder_new, decode, decoder_free, encoder_new, encode, encoder_free};
