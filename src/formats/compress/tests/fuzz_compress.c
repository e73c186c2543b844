/* Fuzzes decompression: the first byte chooses the sizes of pieces and of room, the rest is the stream.
 * Whatever comes, it ends, within its limits. */
#include <inox/alloc.h>
#include <inox/compress.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
	static uint8_t out[4096];
	if (size < 1) return 0;
	size_t piece_max = (size_t)1 << (data[0] & 15), room = (size_t)1 << (data[0] >> 4 & 7) << 5;
	ix_bytes rest = {data + 1, size - 1}, now = {data + 1, 0};
	ix_decompress_options options = {.output_max = 1 << 20, .window_max = 1 << 20};
	ix_decompressor *d;
	IX_ASSERT(ix_decompressor_new(ix_os_allocator(), &options, &d, NULL) == 0);
	uint64_t total = 0;
	while (!ix_decompressor_is_ended(d)) {
		size_t given = 0, before = now.size;
		ix_error err = {0};
		int code = ix_decompress(d, &now, rest.size == 0, out, room, &given, &err);
		if (code) {
			IX_ASSERT(err.code == code && err.text[0] != '\0');
			break;
		}
		total += given;
		IX_ASSERT(given <= room && total <= options.output_max + room);
		if (given > 0 || now.size < before || ix_decompressor_is_ended(d)) continue;
		IX_ASSERT(now.size == 0 && rest.size > 0);
		now = (ix_bytes){rest.data, ix_size_min(piece_max, rest.size)};
		rest = (ix_bytes){rest.data + now.size, rest.size - now.size};
	}
	ix_decompressor_free(d);
	return 0;
}
