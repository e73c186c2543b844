/* input.h - one file as a run of unpacked bytes: mapped where it is a plain file, else streamed through a
 * buffer. */
#ifndef INOX_SOURCE_INPUT_H
#define INOX_SOURCE_INPUT_H

#include <inox/compress.h>
#include <inox/file.h>
#include <inox/source.h>

enum { INPUT_PIECE = 1 << 18, INPUT_BUFFER_MAX = 64 << 20 };

typedef struct source_input {
	const ix_allocator *allocator;
	const char *path;
	const atomic_bool *must_stop; /* NULL: nobody stops a read */
	ix_compression compression;
	ix_file_map map; /* a plain file */
	ix_file_in *in;  /* all others, with what follows: */
	ix_decompressor *unpacker;
	uint8_t *packed, *buffer;
	ix_bytes packed_left;
	size_t start, size, capacity; /* of what is unread in the buffer */
	bool is_packed_last, is_last; /* nothing follows in the file; nothing follows the view */
	uint64_t bytes_read, bytes_total, unpacked;
} source_input;

int input_open(source_input *input, const char *path, const ix_source_options *options, ix_error *err);
void input_close(source_input *input); /* a zeroed one is fine */
/* The bytes that are there and were not used. */
ix_bytes input_view(const source_input *input);
void input_use(source_input *input, size_t size);
/* Brings more behind the view, which moves; sets is_last when nothing more will come. IX_ERR_LIMIT when the
 * view would pass INPUT_BUFFER_MAX. */
int input_more(source_input *input, ix_error *err);

#endif
