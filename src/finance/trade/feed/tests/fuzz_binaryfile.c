/* Fuzzes BinaryFILE with ITCH 5.0 inside: the first byte chooses the sizes of the pieces, the rest is the
 * file. Read in pieces and at once, it must give the same messages and the same end. */
#include <inox/alloc.h>
#include <inox/binaryfile.h>
#include <inox/itch.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef struct outcome {
	int code;
	uint64_t messages, hash, offset;
	ix_compression compression;
} outcome;

static outcome read_all(ix_bytes file, size_t piece_max) {
	outcome o = {.hash = 14695981039346656037u};
	ix_decompress_options options = {.output_max = 1 << 22, .window_max = 1 << 20};
	ix_binaryfile_reader reader;
	IX_ASSERT(ix_binaryfile_reader_init(&reader, ix_os_allocator(), &options, NULL) == 0);
	while (!ix_binaryfile_is_ended(&reader)) {
		ix_bytes message;
		ix_error err = {0};
		o.code = ix_binaryfile_next(&reader, &message, &err);
		o.offset = ix_binaryfile_offset(&reader);
		IX_ASSERT(o.code == err.code);
		if (o.code) break;
		if (message.data) {
			ix_itch_message m;
			o.messages++;
			(void)ix_itch_decode(message, &m, NULL);
			for (size_t i = 0; i < message.size; i++)
				o.hash = (o.hash ^ message.data[i]) * 1099511628211u;
		} else if (!ix_binaryfile_is_ended(&reader)) {
			ix_bytes piece = {file.data, ix_size_min(piece_max, file.size)};
			file = (ix_bytes){file.data + piece.size, file.size - piece.size};
			ix_binaryfile_feed(&reader, piece, file.size == 0);
		}
	}
	o.compression = ix_binaryfile_compression(&reader);
	ix_binaryfile_reader_fini(&reader);
	return o;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
	if (size < 1) return 0;
	ix_bytes file = {data + 1, size - 1};
	outcome whole = read_all(file, SIZE_MAX), pieces = read_all(file, (size_t)1 + data[0] % 64);
	if (whole.compression > IX_COMPRESSION_NONE && (whole.code || pieces.code)) {
		/* What a library gives before it sees the damage depends on the pieces; and libzstd does not
		 * look at the window of a frame that it has all at once. */
		IX_ASSERT((whole.code && pieces.code) || pieces.code == IX_ERR_LIMIT);
		return 0;
	}
	IX_ASSERT(whole.code == pieces.code && whole.messages == pieces.messages &&
		  whole.hash == pieces.hash && whole.offset == pieces.offset);
	return 0;
}
