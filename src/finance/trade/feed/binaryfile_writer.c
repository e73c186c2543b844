/* binaryfile_writer.c - writing BinaryFILE: frames into a buffer, through compression where wanted, to the
 * sink. */
#include <inox/binaryfile.h>
#include <inox/writer.h>

struct ix_binaryfile_writer {
	const ix_allocator *allocator;
	ix_compressor *compressor; /* NULL: plain */
	ix_binaryfile_sink *sink;
	void *context;
	size_t size; /* bytes in the buffer */
	bool is_finished;
	uint8_t buffer[IX_BINARYFILE_BUFFER];
	uint8_t out[IX_BINARYFILE_BUFFER / 4];
};

int ix_binaryfile_writer_new(const ix_allocator *allocator, const ix_binaryfile_writer_options *options,
	ix_binaryfile_writer **ret_writer, ix_error *err) {
	ix_binaryfile_writer *w = ix_allocate(allocator, sizeof(*w), _Alignof(ix_binaryfile_writer));
	if (!w) return ix_fail(err, IX_ERR_MEMORY, "no memory for writing a BinaryFILE");
	w->allocator = allocator;
	w->compressor = NULL;
	w->sink = options->sink;
	w->context = options->context;
	w->size = 0;
	w->is_finished = false;
	if (options->compress.compression > IX_COMPRESSION_NONE) {
		int code = ix_compressor_new(allocator, &options->compress, &w->compressor, err);
		if (code) {
			ix_binaryfile_writer_free(w);
			return code;
		}
	}
	*ret_writer = w;
	return 0;
}

void ix_binaryfile_writer_free(ix_binaryfile_writer *writer) {
	if (!writer) return;
	ix_compressor_free(writer->compressor);
	ix_release(writer->allocator, writer, sizeof(*writer), _Alignof(ix_binaryfile_writer));
}

/* Sends `bytes` on; with `is_last` until the compressed stream is closed. */
static int send(ix_binaryfile_writer *w, ix_bytes bytes, bool is_last, ix_error *err) {
	if (!w->compressor) return bytes.size > 0 ? w->sink(w->context, bytes, err) : 0;
	while (bytes.size > 0 || (is_last && !ix_compressor_is_ended(w->compressor))) {
		size_t size;
		int code = ix_compress(w->compressor, &bytes, is_last, w->out, sizeof(w->out), &size, err);
		if (!code && size > 0) code = w->sink(w->context, (ix_bytes){w->out, size}, err);
		if (code) return code;
	}
	return 0;
}

static int flush(ix_binaryfile_writer *w, bool is_last, ix_error *err) {
	size_t size = w->size;
	w->size = 0;
	return send(w, (ix_bytes){w->buffer, size}, is_last, err);
}

int ix_binaryfile_write_framed(ix_binaryfile_writer *writer, ix_bytes framed, ix_error *err) {
	IX_ASSERT(!writer->is_finished);
	if (framed.size > sizeof(writer->buffer) - writer->size) {
		int code = flush(writer, false, err);
		if (code) return code;
		if (framed.size > sizeof(writer->buffer)) return send(writer, framed, false, err);
	}
	if (framed.size > 0) memcpy(writer->buffer + writer->size, framed.data, framed.size);
	writer->size += framed.size;
	return 0;
}

int ix_binaryfile_write(ix_binaryfile_writer *writer, ix_bytes message, ix_error *err) {
	IX_ASSERT(!writer->is_finished);
	if (message.size == 0 || message.size > IX_BINARYFILE_MESSAGE_MAX)
		return ix_fail(err, IX_ERR_RANGE,
			"a message of %zu bytes does not fit a BinaryFILE, 1 to %d do", message.size,
			IX_BINARYFILE_MESSAGE_MAX);
	if (2 + message.size > sizeof(writer->buffer) - writer->size) {
		int code = flush(writer, false, err);
		if (code) return code;
	}
	ix_store_u16_be(writer->buffer + writer->size, (uint16_t)message.size);
	memcpy(writer->buffer + writer->size + 2, message.data, message.size);
	writer->size += 2 + message.size;
	return 0;
}

int ix_binaryfile_writer_flush(ix_binaryfile_writer *writer, ix_error *err) {
	IX_ASSERT(!writer->is_finished);
	return flush(writer, false, err);
}

int ix_binaryfile_finish(ix_binaryfile_writer *writer, bool with_end_mark, ix_error *err) {
	static const uint8_t end_mark[2] = {0, 0};
	if (with_end_mark) {
		int code = ix_binaryfile_write_framed(writer, (ix_bytes){end_mark, 2}, err);
		if (code) return code;
	}
	writer->is_finished = true;
	return flush(writer, true, err);
}
