/* One file as a run of unpacked bytes. */
#include "input.h"

#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LOOK_MS = 50 }; /* how often a waiting read looks whether it is wanted */

/* `taken` bytes were read: what came before them is not ours. */
static bool is_regular(int descriptor, uint64_t taken, uint64_t *ret_size) {
	struct stat info;
	if (fstat(descriptor, &info) != 0 || !S_ISREG(info.st_mode)) return false;
	off_t at = lseek(descriptor, 0, SEEK_CUR);
	uint64_t start = at > 0 && (uint64_t)at > taken ? (uint64_t)at - taken : 0;
	*ret_size = info.st_size > 0 && (uint64_t)info.st_size > start ? (uint64_t)info.st_size - start : 0;
	return true;
}

/* Until there is something to read; or until the read is not wanted any more. */
static int wait_readable(const source_input *input, ix_error *err) {
	struct pollfd wanted = {.fd = ix_file_in_descriptor(input->in), .events = POLLIN};
	while (input->must_stop && poll(&wanted, 1, LOOK_MS) == 0) {
		if (atomic_load_explicit(input->must_stop, memory_order_relaxed))
			return ix_fail(err, IX_ERR_CANCELLED, "%s: reading was stopped", input->path);
	}
	return 0;
}

static int read_packed(source_input *input, ix_error *err) {
	size_t got;
	int code = wait_readable(input, err);
	if (code) return code;
	code = ix_file_in_read(input->in, input->packed, INPUT_PIECE, &got, err);
	if (code) return code;
	input->packed_left = (ix_bytes){input->packed, got};
	input->bytes_read += got;
	input->is_packed_last = got == 0;
	return 0;
}

static int open_inside(source_input *input, ix_error *err) {
	int code = ix_file_in_open(input->path, &input->in, err);
	if (code) return code;
	input->packed = ix_allocate(input->allocator, INPUT_PIECE, 64);
	input->capacity = 2 * INPUT_PIECE;
	input->buffer = ix_allocate(input->allocator, input->capacity, 64);
	if (!input->packed || !input->buffer)
		return ix_fail(err, IX_ERR_MEMORY, "%s: no memory for reading", input->path);
	code = ix_decompressor_new(input->allocator, NULL, &input->unpacker, err);
	while (!code && input->size < INPUT_PIECE / 4 && !input->is_last) code = input_more(input, err);
	if (code) return code;
	input->compression = ix_decompressor_compression(input->unpacker);
	/* A plain regular file is better mapped: no copy of it is made then. Not stdin: the descriptor may
	 * stand anywhere, and has moved on by what was read. */
	if (!is_regular(ix_file_in_descriptor(input->in), input->bytes_read, &input->bytes_total)) return 0;
	if (ix_str_equal(ix_str_from(input->path), IX_STR("-"))) return 0;
	if (input->compression != IX_COMPRESSION_NONE || input->bytes_total == 0) return 0;
	code = ix_file_map_open(input->path, &input->map, err);
	if (code) return code;
	input->start = 0;
	input->size = input->map.bytes.size;
	input->bytes_read = input->unpacked = input->size;
	input->is_last = true;
	return 0;
}

int input_open(source_input *input, const char *path, const ix_source_options *options, ix_error *err) {
	*input = (source_input){
		.allocator = options->allocator, .path = path, .must_stop = options->must_stop};
	int code = open_inside(input, err);
	if (code) input_close(input);
	return code;
}

void input_close(source_input *input) {
	ix_file_unmap(&input->map);
	ix_file_in_close(input->in);
	ix_decompressor_free(input->unpacker);
	if (input->allocator) {
		ix_release(input->allocator, input->packed, INPUT_PIECE, 64);
		ix_release(input->allocator, input->buffer, input->capacity, 64);
	}
	*input = (source_input){0};
}

ix_bytes input_view(const source_input *input) {
	const uint8_t *data = input->map.bytes.data ? input->map.bytes.data : input->buffer;
	return (ix_bytes){data + input->start, input->size};
}

void input_use(source_input *input, size_t size) {
	IX_ASSERT(size <= input->size);
	input->start += size;
	input->size -= size;
}

/* Makes room behind the unread bytes: by moving them to the front, by doubling the buffer if they fill most
 * of it. */
static int make_room(source_input *input, ix_error *err) {
	if (input->size > 0) memmove(input->buffer, input->buffer + input->start, input->size);
	input->start = 0;
	if (input->size <= input->capacity - INPUT_PIECE) return 0;
	if (input->capacity >= INPUT_BUFFER_MAX)
		return ix_fail(err, IX_ERR_LIMIT, "%s: an item of more than %d bytes", input->path,
			INPUT_BUFFER_MAX);
	uint8_t *larger = input->allocator->resize(
		input->allocator->context, input->buffer, input->capacity, 2 * input->capacity, 64);
	if (!larger)
		return ix_fail(
			err, IX_ERR_MEMORY, "%s: no memory for %zu bytes", input->path, 2 * input->capacity);
	input->buffer = larger;
	input->capacity *= 2;
	return 0;
}

int input_more(source_input *input, ix_error *err) {
	if (input->is_last) return 0;
	int code = make_room(input, err);
	for (size_t got = 0; !code && got == 0 && !input->is_last;) {
		if (input->packed_left.size == 0 && !input->is_packed_last) code = read_packed(input, err);
		if (code) break;
		code = ix_decompress(input->unpacker, &input->packed_left, input->is_packed_last,
			input->buffer + input->size, input->capacity - input->size, &got, err);
		if (code) return ix_wrap(err, code, "%s", input->path);
		input->size += got;
		input->unpacked += got;
		input->is_last = ix_decompressor_is_ended(input->unpacker);
	}
	return code;
}
