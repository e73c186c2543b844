/* xz.c - the .xz format through liblzma: streams in a row, with the format's padding between them. */
#include "codec.h"

#include <lzma.h>

enum { DECODER_OVERHEAD = 2 << 20 }; /* liblzma needs some room beside the dictionary */

typedef struct xz_stream {
	const ix_allocator *allocator;
	lzma_allocator glue;
	lzma_stream z;
} xz_stream;

static void *allocate(void *stream, size_t count, size_t size) {
	return ix_mul_overflow(count, size, &size) ? NULL
						   : codec_allocate(((xz_stream *)stream)->allocator, size);
}
static void release(void *stream, void *block) { codec_release(((xz_stream *)stream)->allocator, block); }

static xz_stream *stream_new(const ix_allocator *allocator) {
	xz_stream *s = codec_allocate(allocator, sizeof(*s));
	if (!s) return NULL;
	*s = (xz_stream){allocator, {allocate, release, s}, LZMA_STREAM_INIT};
	s->z.allocator = &s->glue;
	return s;
}

static void stream_free(void *stream) {
	xz_stream *s = stream;
	lzma_end(&s->z);
	codec_release(s->allocator, s);
}

static lzma_ret step(xz_stream *s, stream_io *io) {
	s->z.next_in = io->in;
	s->z.avail_in = io->in_size;
	s->z.next_out = io->out;
	s->z.avail_out = io->out_size;
	lzma_ret result = lzma_code(&s->z, io->is_last ? LZMA_FINISH : LZMA_RUN);
	io->in = s->z.next_in;
	io->in_size = s->z.avail_in;
	io->out = s->z.next_out;
	io->out_size = s->z.avail_out;
	return result;
}

/* ---- reading ---- */

static int decoder_new(const decoder_settings *settings, void **ret_decoder, ix_error *err) {
	xz_stream *s = stream_new(settings->allocator);
	if (!s) return codec_fail_memory("xz", err);
	uint64_t limit =
		settings->window_max > UINT64_MAX / 2 ? UINT64_MAX : settings->window_max + DECODER_OVERHEAD;
	if (lzma_stream_decoder(&s->z, limit, LZMA_CONCATENATED) != LZMA_OK) {
		stream_free(s);
		return codec_fail_memory("xz", err);
	}
	*ret_decoder = s;
	return 0;
}

static int fail_decode(lzma_ret result, ix_error *err) {
	switch (result) {
	case LZMA_MEM_ERROR: return codec_fail_memory("xz", err);
	case LZMA_MEMLIMIT_ERROR:
		return ix_fail(err, IX_ERR_LIMIT, "the xz data asks for a larger window than is allowed");
	case LZMA_OPTIONS_ERROR:
		return ix_fail(err, IX_ERR_UNSUPPORTED, "the xz data uses a filter or option we do not have");
	case LZMA_FORMAT_ERROR: return ix_fail(err, IX_ERR_SYNTAX, "what follows the xz data is not xz");
	case LZMA_BUF_ERROR: return codec_fail_truncated("xz", err);
	default: return codec_fail_damaged("xz", "checks do not hold", err);
	}
}

static int decode(void *decoder, stream_io *io, bool *ret_is_ended, ix_error *err) {
	xz_stream *s = decoder;
	while (io->out_size > 0 && (io->in_size > 0 || io->is_last)) {
		lzma_ret result = step(s, io);
		if (result == LZMA_STREAM_END) {
			*ret_is_ended = true;
			return 0;
		}
		if (result != LZMA_OK) return fail_decode(result, err);
	}
	return 0;
}

/* ---- writing ---- */

static int encoder_new(const ix_allocator *allocator, int level, void **ret_encoder, ix_error *err) {
	xz_stream *s = stream_new(allocator);
	if (!s) return codec_fail_memory("xz", err);
	if (lzma_easy_encoder(&s->z, (uint32_t)level, LZMA_CHECK_CRC64) != LZMA_OK) {
		stream_free(s);
		return codec_fail_memory("xz", err);
	}
	*ret_encoder = s;
	return 0;
}

static int encode(void *encoder, stream_io *io, bool *ret_is_ended, ix_error *err) {
	if (io->in_size == 0 && !io->is_last) return 0;
	lzma_ret result = step(encoder, io);
	if (result == LZMA_MEM_ERROR) return codec_fail_memory("xz", err);
	if (result != LZMA_OK && result != LZMA_STREAM_END)
		return ix_fail(err, IX_ERR_INTERNAL, "xz: the encoder failed (%d)", (int)result);
	*ret_is_ended = result == LZMA_STREAM_END;
	return 0;
}

const codec codec_xz = {"xz", 9, 6, decoder_new, decode, stream_free, encoder_new, encode, stream_free};
