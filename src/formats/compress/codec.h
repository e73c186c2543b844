/* codec.h - inside: what each compression format does for compress.c. One implementation a format, each in a
 * file of its own around its library. */
#ifndef INOX_COMPRESS_CODEC_H
#define INOX_COMPRESS_CODEC_H

#include <inox/compress.h>

/* Moved on by the codec. */
typedef struct stream_io {
	const uint8_t *in;
	size_t in_size;
	uint8_t *out;
	size_t out_size;
	bool is_last; /* nothing follows `in` */
} stream_io;

typedef struct decoder_settings {
	const ix_allocator *allocator;
	uint64_t window_max;
} decoder_settings;

typedef struct codec {
	const char *name;
	int level_max, level_usual;
	int (*decoder_new)(const decoder_settings *settings, void **ret_decoder, ix_error *err);
	/* Goes on as far as input and room allow. *ret_is_ended: the input is over and the stream whole. */
	int (*decode)(void *decoder, stream_io *io, bool *ret_is_ended, ix_error *err);
	void (*decoder_free)(void *decoder);
	int (*encoder_new)(const ix_allocator *allocator, int level, void **ret_encoder, ix_error *err);
	int (*encode)(void *encoder, stream_io *io, bool *ret_is_ended, ix_error *err);
	void (*encoder_free)(void *encoder);
} codec;

extern const codec codec_gzip;
extern const codec codec_zstd;
extern const codec codec_xz;

/* For libraries that free without saying the size: the block remembers it. NULL when there is no memory. */
void *codec_allocate(const ix_allocator *allocator, size_t size);
void codec_release(const ix_allocator *allocator, void *block);

/* The three endings that all formats share. */
int codec_fail_truncated(const char *name, ix_error *err);
int codec_fail_damaged(const char *name, const char *why, ix_error *err);
int codec_fail_memory(const char *name, ix_error *err);

#endif
