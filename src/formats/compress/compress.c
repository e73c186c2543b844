/* compress.c - the face of <inox/compress.h>: detection, limits, offsets, and errors that wait until the
 * bytes in front of them are out. The formats are in gzip.c, zstd.c and xz.c. */
#include "codec.h"

enum { HEAD_MAX = 6, JUDGE_FROM = 64 << 20 };

static const struct {
	const char *name, *suffix;
	uint8_t magic[HEAD_MAX];
	uint8_t magic_size;
	const codec *codec;
} formats[] = {
	[IX_COMPRESSION_DETECT] = {"detect", "", {0}, 0, NULL},
	[IX_COMPRESSION_NONE] = {"none", "", {0}, 0, NULL},
	[IX_COMPRESSION_GZIP] = {"gzip", ".gz", {0x1f, 0x8b}, 2, &codec_gzip},
#ifdef IX_COMPRESS_ZSTD
	[IX_COMPRESSION_ZSTD] = {"zstd", ".zst", {0x28, 0xb5, 0x2f, 0xfd}, 4, &codec_zstd},
#else
	[IX_COMPRESSION_ZSTD] = {"zstd", ".zst", {0x28, 0xb5, 0x2f, 0xfd}, 4, NULL},
#endif
#ifdef IX_COMPRESS_XZ
	[IX_COMPRESSION_XZ] = {"xz", ".xz", {0xfd, '7', 'z', 'X', 'Z', 0}, 6, &codec_xz},
#else
	[IX_COMPRESSION_XZ] = {"xz", ".xz", {0xfd, '7', 'z', 'X', 'Z', 0}, 6, NULL},
#endif
};

const char *ix_compression_name(ix_compression compression) { return formats[compression].name; }
const char *ix_compression_suffix(ix_compression compression) { return formats[compression].suffix; }

ix_compression ix_compression_of_name(ix_str file_name) {
	for (ix_compression c = IX_COMPRESSION_GZIP; c <= IX_COMPRESSION_XZ; c++)
		if (ix_str_ends_with(file_name, ix_str_from(formats[c].suffix))) return c;
	return IX_COMPRESSION_NONE;
}

bool ix_compression_is_built(ix_compression compression) {
	return compression == IX_COMPRESSION_NONE || formats[compression].codec;
}

/* A skippable zstd frame: 0x184d2a50 to 5f, little-endian. */
static bool is_skippable(const uint8_t *head, size_t size) {
	static const uint8_t tail[3] = {0x2a, 0x4d, 0x18};
	return size >= 1 && head[0] >= 0x50 && head[0] <= 0x5f &&
	       memcmp(head + 1, tail, ix_size_min(size - 1, 3)) == 0;
}

ix_compression ix_compression_detect(ix_bytes head, bool is_all) {
	for (ix_compression c = IX_COMPRESSION_GZIP; c <= IX_COMPRESSION_XZ; c++) {
		size_t compared = ix_size_min(head.size, formats[c].magic_size);
		bool is_alike = compared == 0 || memcmp(head.data, formats[c].magic, compared) == 0;
		if (c == IX_COMPRESSION_ZSTD && is_skippable(head.data, head.size)) is_alike = true;
		if (!is_alike) continue;
		if (head.size >= formats[c].magic_size || (is_all && head.size >= 2)) return c;
		if (!is_all) return IX_COMPRESSION_DETECT;
	}
	return IX_COMPRESSION_NONE;
}

/* ---- memory for the libraries ---- */

typedef union block_head {
	size_t size;
	max_align_t alignment;
} block_head;

void *codec_allocate(const ix_allocator *allocator, size_t size) {
	if (ix_add_overflow(size, sizeof(block_head), &size)) return NULL;
	block_head *head = ix_allocate(allocator, size, _Alignof(block_head));
	if (!head) return NULL;
	head->size = size;
	return head + 1;
}

void codec_release(const ix_allocator *allocator, void *block) {
	if (!block) return;
	block_head *head = (block_head *)block - 1;
	ix_release(allocator, head, head->size, _Alignof(block_head));
}

int codec_fail_truncated(const char *name, ix_error *err) {
	return ix_fail(err, IX_ERR_TRUNCATED, "the %s data ends early", name);
}
int codec_fail_damaged(const char *name, const char *why, ix_error *err) {
	return ix_fail(err, IX_ERR_CHECKSUM, "the %s data is damaged (%s)", name, why);
}
int codec_fail_memory(const char *name, ix_error *err) {
	return ix_fail(err, IX_ERR_MEMORY, "no memory for %s", name);
}

/* NULL, and said so, when it is not in this build. */
static const codec *find_codec(ix_compression compression, ix_error *err) {
	const codec *found = formats[compression].codec;
	if (!found)
		(void)ix_fail(
			err, IX_ERR_UNSUPPORTED, "%s is left out of this build", formats[compression].name);
	return found;
}

/* ---- reading ---- */

struct ix_decompressor {
	const ix_allocator *allocator;
	ix_decompress_options options;
	ix_compression compression;
	const codec *codec;
	void *decoder;
	uint64_t taken, given; /* bytes in and out so far */
	uint8_t head[HEAD_MAX];
	size_t head_size, head_used; /* held while detecting; then fed before the input */
	bool is_ended;
	ix_error failure; /* code 0: none */
};

int ix_decompressor_new(const ix_allocator *allocator, const ix_decompress_options *options,
	ix_decompressor **ret_decompressor, ix_error *err) {
	ix_decompress_options o = options ? *options : (ix_decompress_options){0};
	if (!o.output_max) o.output_max = (uint64_t)1 << 40;
	if (!o.window_max) o.window_max = 128 << 20;
	if (!o.expansion_max) o.expansion_max = 1000;
	if (o.compression > IX_COMPRESSION_XZ || o.window_max < 1024)
		return ix_fail(err, IX_ERR_USAGE, "decompression options are out of range");
	const codec *format = NULL;
	if (o.compression > IX_COMPRESSION_NONE) {
		format = find_codec(o.compression, err);
		if (!format) return IX_ERR_UNSUPPORTED;
	}
	ix_decompressor *d = ix_allocate(allocator, sizeof(*d), _Alignof(ix_decompressor));
	if (!d) return codec_fail_memory("decompression", err);
	*d = (ix_decompressor){
		.allocator = allocator, .options = o, .compression = o.compression, .codec = format};
	*ret_decompressor = d;
	return 0;
}

void ix_decompressor_free(ix_decompressor *decompressor) {
	if (!decompressor) return;
	if (decompressor->decoder) decompressor->codec->decoder_free(decompressor->decoder);
	ix_release(decompressor->allocator, decompressor, sizeof(*decompressor), _Alignof(ix_decompressor));
}

bool ix_decompressor_is_ended(const ix_decompressor *decompressor) { return decompressor->is_ended; }
ix_compression ix_decompressor_compression(const ix_decompressor *decompressor) {
	return decompressor->compression;
}
size_t ix_decompressor_held(const ix_decompressor *decompressor) {
	return decompressor->head_size - decompressor->head_used;
}

/* Settles the compression, or takes what there is of the head and waits. */
static int detect(ix_decompressor *d, ix_bytes *input, bool is_last, ix_error *err) {
	if (d->head_size == 0) d->compression = ix_compression_detect(*input, is_last);
	while (d->compression == IX_COMPRESSION_DETECT && input->size > 0) {
		d->head[d->head_size++] = input->data[0];
		*input = (ix_bytes){input->data + 1, input->size - 1};
		d->compression =
			ix_compression_detect((ix_bytes){d->head, d->head_size}, is_last && input->size == 0);
	}
	if (is_last && d->compression == IX_COMPRESSION_DETECT)
		d->compression = ix_compression_detect((ix_bytes){d->head, d->head_size}, true);
	if (d->compression <= IX_COMPRESSION_NONE) return 0;
	d->codec = find_codec(d->compression, err);
	return d->codec ? 0 : IX_ERR_UNSUPPORTED;
}

static void copy_through(stream_io *io) {
	size_t size = ix_size_min(io->in_size, io->out_size);
	if (size == 0) return;
	memcpy(io->out, io->in, size);
	io->in += size;
	io->in_size -= size;
	io->out += size;
	io->out_size -= size;
}

/* One run of the decoder over one stretch of input. */
static int decode_some(ix_decompressor *d, stream_io *io, ix_error *err) {
	size_t in_size = io->in_size, out_size = io->out_size;
	bool is_ended = false;
	int code = 0;
	if (d->compression == IX_COMPRESSION_NONE) {
		copy_through(io);
		is_ended = io->is_last && io->in_size == 0;
	} else {
		IX_ASSERT(d->codec);
		code = d->codec->decode(d->decoder, io, &is_ended, err);
	}
	d->taken += in_size - io->in_size;
	d->given += out_size - io->out_size;
	if (code) return ix_wrap(err, code, "compressed offset %llu", (unsigned long long)d->taken);
	if (d->given > d->options.output_max)
		return ix_fail(err, IX_ERR_LIMIT, "more than %llu bytes after decompression",
			(unsigned long long)d->options.output_max);
	if (d->given > JUDGE_FROM && d->given / d->options.expansion_max > d->taken)
		return ix_fail(err, IX_ERR_LIMIT,
			"compressed offset %llu: the data grows more than %u times in decompression",
			(unsigned long long)d->taken, d->options.expansion_max);
	d->is_ended = is_ended;
	return 0;
}

/* The held head first, then the caller's input. */
static int decode_all(ix_decompressor *d, ix_bytes *input, bool is_last, stream_io *io, ix_error *err) {
	if (!d->decoder && d->codec) {
		decoder_settings settings = {d->allocator, d->options.window_max};
		int code = d->codec->decoder_new(&settings, &d->decoder, err);
		if (code) return code;
	}
	if (d->head_used < d->head_size) {
		io->in = d->head + d->head_used;
		io->in_size = d->head_size - d->head_used;
		io->is_last = is_last && input->size == 0;
		int code = decode_some(d, io, err);
		d->head_used = d->head_size - io->in_size;
		if (code || d->head_used < d->head_size || d->is_ended) return code;
	}
	io->in = input->data;
	io->in_size = input->size;
	io->is_last = is_last;
	int code = decode_some(d, io, err);
	*input = (ix_bytes){io->in, io->in_size};
	return code;
}

int ix_decompress(ix_decompressor *decompressor, ix_bytes *input, bool is_last, uint8_t *out, size_t capacity,
	size_t *ret_size, ix_error *err) {
	ix_decompressor *d = decompressor;
	size_t size = 0;
	if (d->failure.code == 0 && !d->is_ended) {
		int code = 0;
		if (d->compression == IX_COMPRESSION_DETECT) code = detect(d, input, is_last, &d->failure);
		if (!code && d->compression != IX_COMPRESSION_DETECT && capacity > 0) {
			stream_io io = {.out = out, .out_size = capacity};
			(void)decode_all(d, input, is_last, &io, &d->failure);
			size = capacity - io.out_size;
		}
	} else if (d->failure.code == 0 && input->size > 0) {
		(void)ix_fail(&d->failure, IX_ERR_USAGE, "input after the end of a stream");
	}
	if (d->failure.code != 0 && size == 0) {
		if (err) *err = d->failure;
		return d->failure.code;
	}
	*ret_size = size;
	return 0;
}

/* ---- writing ---- */

struct ix_compressor {
	const ix_allocator *allocator;
	const codec *codec; /* NULL: none */
	void *encoder;
	bool is_ended;
};

int ix_compressor_new(const ix_allocator *allocator, const ix_compress_options *options,
	ix_compressor **ret_compressor, ix_error *err) {
	const codec *format = NULL;
	if (options->compression != IX_COMPRESSION_NONE) {
		if (options->compression == IX_COMPRESSION_DETECT || options->compression > IX_COMPRESSION_XZ)
			return ix_fail(err, IX_ERR_USAGE, "no compression is chosen");
		format = find_codec(options->compression, err);
		if (!format) return IX_ERR_UNSUPPORTED;
		if (options->level < 0 || options->level > format->level_max)
			return ix_fail(err, IX_ERR_RANGE, "%s has levels 1 to %d, not %d", format->name,
				format->level_max, options->level);
	}
	ix_compressor *c = ix_allocate(allocator, sizeof(*c), _Alignof(ix_compressor));
	if (!c) return codec_fail_memory("compression", err);
	*c = (ix_compressor){.allocator = allocator, .codec = format};
	if (format) {
		int level = options->level ? options->level : format->level_usual;
		int code = format->encoder_new(allocator, level, &c->encoder, err);
		if (code) {
			ix_release(allocator, c, sizeof(*c), _Alignof(ix_compressor));
			return code;
		}
	}
	*ret_compressor = c;
	return 0;
}

void ix_compressor_free(ix_compressor *compressor) {
	if (!compressor) return;
	if (compressor->encoder) compressor->codec->encoder_free(compressor->encoder);
	ix_release(compressor->allocator, compressor, sizeof(*compressor), _Alignof(ix_compressor));
}

bool ix_compressor_is_ended(const ix_compressor *compressor) { return compressor->is_ended; }

int ix_compress(ix_compressor *compressor, ix_bytes *input, bool is_last, uint8_t *out, size_t capacity,
	size_t *ret_size, ix_error *err) {
	stream_io io = {input->data, input->size, out, capacity, is_last};
	bool is_ended = compressor->is_ended;
	if (!is_ended && !compressor->codec) {
		copy_through(&io);
		is_ended = is_last && io.in_size == 0;
	} else if (!is_ended) {
		int code = compressor->codec->encode(compressor->encoder, &io, &is_ended, err);
		if (code) return code;
	}
	compressor->is_ended = is_ended;
	*input = (ix_bytes){io.in, io.in_size};
	*ret_size = capacity - io.out_size;
	return 0;
}
