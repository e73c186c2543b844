/* The converter's life, and BinaryFILE. */
#include "inside.h"

/* Sends bytes on, through the compressor where there is one; with `is_last` until its stream is closed. */
static int send(ix_converter *converter, ix_bytes bytes, bool is_last, ix_error *err) {
	const ix_convert_options *o = &converter->options;
	if (!converter->compressor) return bytes.size ? o->sink(o->context, bytes, err) : 0;
	while (bytes.size > 0 || (is_last && !ix_compressor_is_ended(converter->compressor))) {
		size_t size;
		int code = ix_compress(converter->compressor, &bytes, is_last, converter->packed,
			CONVERT_PACKED, &size, err);
		if (!code && size > 0) code = o->sink(o->context, (ix_bytes){converter->packed, size}, err);
		if (code) return code;
	}
	return 0;
}

int convert_flush(ix_converter *converter, bool all, ix_error *err) {
	ix_writer *w = &converter->writer;
	IX_ASSERT(!w->failed);
	if (!all && w->capacity - w->size >= CONVERT_ITEM_MAX) return 0;
	int code = send(converter, (ix_bytes){w->data, w->size}, all, err);
	*w = ix_writer_of(converter->buffer, CONVERT_BUFFER);
	return code;
}

static int binary_begin(ix_converter *converter, ix_error *err) {
	const ix_convert_options *o = &converter->options;
	ix_binaryfile_writer_options options = {
		.compress = {.compression = o->compression}, .sink = o->sink, .context = o->context};
	return ix_binaryfile_writer_new(o->allocator, &options, &converter->binary, err);
}

/* CSV and captures: BinaryFILE's writer compresses by itself. */
static int compressor_begin(ix_converter *converter, ix_error *err) {
	const ix_convert_options *o = &converter->options;
	if (o->format == IX_CONVERT_ITCH || o->compression <= IX_COMPRESSION_NONE) return 0;
	converter->packed = ix_allocate(o->allocator, CONVERT_PACKED, 64);
	if (!converter->packed) return ix_fail(err, IX_ERR_MEMORY, "no memory for a converter");
	ix_compress_options options = {.compression = o->compression};
	return ix_compressor_new(o->allocator, &options, &converter->compressor, err);
}

static int begin(ix_converter *converter, ix_error *err) {
	int code = compressor_begin(converter, err);
	if (code) return code;
	switch (converter->options.format) {
	case IX_CONVERT_CSV: return csv_begin(converter, err);
	case IX_CONVERT_ITCH: return binary_begin(converter, err);
	case IX_CONVERT_PCAP: return pcap_begin(converter, err);
	}
	return ix_fail(err, IX_ERR_USAGE, "there is no format %d", (int)converter->options.format);
}

int ix_converter_new(const ix_convert_options *options, ix_converter **ret_converter, ix_error *err) {
	const ix_allocator *allocator = options->allocator;
	ix_converter *converter = ix_allocate(allocator, sizeof *converter, 64);
	if (!converter) return ix_fail(err, IX_ERR_MEMORY, "no memory for a converter");
	memset(converter, 0, sizeof *converter);
	converter->options = *options;
	converter->buffer = ix_allocate(allocator, CONVERT_BUFFER, 64);
	converter->writer = ix_writer_of(converter->buffer, CONVERT_BUFFER);
	int code = converter->buffer ? begin(converter, err)
				     : ix_fail(err, IX_ERR_MEMORY, "no memory for a converter");
	if (code)
		ix_converter_free(converter);
	else
		*ret_converter = converter;
	return code;
}

void ix_converter_free(ix_converter *converter) {
	if (!converter) return;
	const ix_allocator *allocator = converter->options.allocator;
	ix_binaryfile_writer_free(converter->binary);
	ix_compressor_free(converter->compressor);
	ix_release(allocator, converter->packed, CONVERT_PACKED, 64);
	ix_release(allocator, converter->sender, sizeof *converter->sender, 64);
	ix_release(allocator, converter->buffer, CONVERT_BUFFER, 64);
	ix_release(allocator, converter, sizeof *converter, 64);
}

int ix_converter_put(ix_converter *converter, uint64_t sequence, ix_bytes message, ix_error *err) {
	if (message.size == 0) return ix_fail(err, IX_ERR_RANGE, "an empty message");
	switch (converter->options.format) {
	case IX_CONVERT_CSV: return csv_put(converter, sequence, message, err);
	case IX_CONVERT_ITCH: return ix_binaryfile_write(converter->binary, message, err);
	case IX_CONVERT_PCAP: return pcap_put(converter, message, err);
	}
	return IX_ERR_INTERNAL;
}

int ix_converter_end(ix_converter *converter, bool with_end_mark, ix_error *err) {
	if (converter->options.format == IX_CONVERT_ITCH)
		return ix_binaryfile_finish(converter->binary, with_end_mark, err);
	int code = converter->options.format == IX_CONVERT_PCAP ? pcap_end(converter, err) : 0;
	return code ? code : convert_flush(converter, true, err);
}
