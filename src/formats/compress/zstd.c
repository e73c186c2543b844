/* zstd.c - the zstd format through libzstd: frames in a row, skippable ones passed over by the library. */
#include "codec.h"

#include <zstd.h>
#include <zstd_errors.h>

typedef struct zstd_stream {
	const ix_allocator *allocator;
	ZSTD_DCtx *reader;
	ZSTD_CCtx *writer;
	size_t hint; /* of the last step: 0 at the end of a frame */
} zstd_stream;

static zstd_stream *stream_new(const ix_allocator *allocator) {
	zstd_stream *s = codec_allocate(allocator, sizeof(*s));
	if (s) *s = (zstd_stream){.allocator = allocator};
	return s;
}

static void stream_free(void *stream) {
	zstd_stream *s = stream;
	(void)ZSTD_freeDCtx(s->reader);
	(void)ZSTD_freeCCtx(s->writer);
	codec_release(s->allocator, s);
}

/* ---- reading ---- */

static int decoder_new(const decoder_settings *settings, void **ret_decoder, ix_error *err) {
	ZSTD_bounds bounds = ZSTD_dParam_getBounds(ZSTD_d_windowLogMax);
	int log = bounds.lowerBound;
	while (log < bounds.upperBound && (uint64_t)2 << log <= settings->window_max) log++;
	zstd_stream *s = stream_new(settings->allocator);
	if (!s) return codec_fail_memory("zstd", err);
	s->reader = ZSTD_createDCtx();
	if (!s->reader || ZSTD_isError(ZSTD_DCtx_setParameter(s->reader, ZSTD_d_windowLogMax, log))) {
		stream_free(s);
		return codec_fail_memory("zstd", err);
	}
	s->hint = 1;
	*ret_decoder = s;
	return 0;
}

static int fail_decode(size_t result, ix_error *err) {
	switch (ZSTD_getErrorCode(result)) {
	case ZSTD_error_memory_allocation: return codec_fail_memory("zstd", err);
	case ZSTD_error_frameParameter_windowTooLarge:
		return ix_fail(err, IX_ERR_LIMIT, "the zstd data asks for a larger window than is allowed");
	case ZSTD_error_prefix_unknown:
		return ix_fail(err, IX_ERR_SYNTAX, "what follows the zstd data is not zstd");
	case ZSTD_error_dictionary_wrong:
	case ZSTD_error_frameParameter_unsupported:
	case ZSTD_error_version_unsupported:
		return ix_fail(err, IX_ERR_UNSUPPORTED, "this zstd data cannot be read (%s)",
			ZSTD_getErrorName(result));
	default: return codec_fail_damaged("zstd", ZSTD_getErrorName(result), err);
	}
}

static int decode(void *decoder, stream_io *io, bool *ret_is_ended, ix_error *err) {
	zstd_stream *s = decoder;
	while (io->out_size > 0 && (io->in_size > 0 || s->hint != 0)) {
		ZSTD_inBuffer in = {io->in, io->in_size, 0};
		ZSTD_outBuffer out = {io->out, io->out_size, 0};
		size_t result = ZSTD_decompressStream(s->reader, &out, &in);
		io->in += in.pos;
		io->in_size -= in.pos;
		io->out += out.pos;
		io->out_size -= out.pos;
		if (ZSTD_isError(result)) return fail_decode(result, err);
		s->hint = result;
		if (in.pos == 0 && out.pos == 0) break;
	}
	if (io->in_size > 0 || !io->is_last) return 0;
	if (s->hint == 0)
		*ret_is_ended = true;
	else if (io->out_size > 0)
		return codec_fail_truncated("zstd", err);
	return 0;
}

/* ---- writing ---- */

static int encoder_new(const ix_allocator *allocator, int level, void **ret_encoder, ix_error *err) {
	zstd_stream *s = stream_new(allocator);
	if (!s) return codec_fail_memory("zstd", err);
	s->writer = ZSTD_createCCtx();
	if (!s->writer || ZSTD_isError(ZSTD_CCtx_setParameter(s->writer, ZSTD_c_compressionLevel, level)) ||
		ZSTD_isError(ZSTD_CCtx_setParameter(s->writer, ZSTD_c_checksumFlag, 1))) {
		stream_free(s);
		return codec_fail_memory("zstd", err);
	}
	*ret_encoder = s;
	return 0;
}

static int encode(void *encoder, stream_io *io, bool *ret_is_ended, ix_error *err) {
	zstd_stream *s = encoder;
	ZSTD_inBuffer in = {io->in, io->in_size, 0};
	ZSTD_outBuffer out = {io->out, io->out_size, 0};
	size_t left = ZSTD_compressStream2(s->writer, &out, &in, io->is_last ? ZSTD_e_end : ZSTD_e_continue);
	io->in += in.pos;
	io->in_size -= in.pos;
	io->out += out.pos;
	io->out_size -= out.pos;
	if (ZSTD_isError(left)) {
		if (ZSTD_getErrorCode(left) == ZSTD_error_memory_allocation)
			return codec_fail_memory("zstd", err);
		return ix_fail(err, IX_ERR_INTERNAL, "zstd: %s", ZSTD_getErrorName(left));
	}
	*ret_is_ended = io->is_last && left == 0;
	return 0;
}

const codec codec_zstd = {"zstd", 19, 3, decoder_new, decode, stream_free, encoder_new, encode, stream_free};
