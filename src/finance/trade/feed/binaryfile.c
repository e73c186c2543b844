/* binaryfile.c - reading BinaryFILE: finds whole frames in what the pieces of a file bring, through
 * decompression where there is any. A window of bytes lies either in the caller's piece (plain) or in our
 * buffer. */
#include <inox/binaryfile.h>

struct ix_binaryfile_state {
	const ix_allocator *allocator;
	ix_decompressor *decompressor;
	ix_bytes piece; /* what is not taken yet */
	bool is_last;   /* no piece follows */
	bool is_direct; /* the window lies in the caller's piece */
	bool has_end_mark;
	bool is_ended;
	uint8_t buffer[IX_BINARYFILE_BUFFER];
};

int ix_binaryfile_reader_init(ix_binaryfile_reader *reader, const ix_allocator *allocator,
	const ix_decompress_options *options, ix_error *err) {
	ix_binaryfile_state *s = ix_allocate(allocator, sizeof(*s), _Alignof(ix_binaryfile_state));
	if (!s) return ix_fail(err, IX_ERR_MEMORY, "no memory for reading a BinaryFILE");
	memset(s, 0, offsetof(ix_binaryfile_state, buffer));
	s->allocator = allocator;
	int code = ix_decompressor_new(allocator, options, &s->decompressor, err);
	if (code) {
		ix_release(allocator, s, sizeof(*s), _Alignof(ix_binaryfile_state));
		return code;
	}
	*reader = (ix_binaryfile_reader){.at = s->buffer, .end = s->buffer, .state = s};
	return 0;
}

void ix_binaryfile_reader_fini(ix_binaryfile_reader *reader) {
	ix_binaryfile_state *s = reader->state;
	if (!s) return;
	ix_decompressor_free(s->decompressor);
	ix_release(s->allocator, s, sizeof(*s), _Alignof(ix_binaryfile_state));
	*reader = (ix_binaryfile_reader){0};
}

void ix_binaryfile_feed(ix_binaryfile_reader *reader, ix_bytes piece, bool is_last) {
	ix_binaryfile_state *s = reader->state;
	IX_ASSERT(s->piece.size == 0 && !s->is_direct && !s->is_last);
	s->piece = piece;
	s->is_last = is_last;
}

bool ix_binaryfile_is_ended(const ix_binaryfile_reader *reader) { return reader->state->is_ended; }
bool ix_binaryfile_has_end_mark(const ix_binaryfile_reader *reader) { return reader->state->has_end_mark; }
ix_compression ix_binaryfile_compression(const ix_binaryfile_reader *reader) {
	return ix_decompressor_compression(reader->state->decompressor);
}

/* How many bytes more make the frame at the window's start whole; 0: it is. */
static size_t missing(const ix_binaryfile_reader *r) {
	size_t left = (size_t)(r->end - r->at);
	if (left < 2) return 2 - left;
	size_t whole = 2 + (size_t)ix_load_u16_be(r->at);
	return whole > left ? whole - left : 0;
}

/* Puts what is left of the window at the front of the buffer. */
static void keep_rest(ix_binaryfile_reader *r) {
	ix_binaryfile_state *s = r->state;
	size_t left = (size_t)(r->end - r->at);
	if (left > 0) memmove(s->buffer, r->at, left);
	r->at = s->buffer;
	r->end = s->buffer + left;
	s->is_direct = false;
}

/* Brings more bytes into the window; r->end_offset stays where it is when there are none. */
static int pull(ix_binaryfile_reader *r, ix_error *err) {
	ix_binaryfile_state *s = r->state;
	ix_compression compression = ix_binaryfile_compression(r);
	bool is_plain = compression == IX_COMPRESSION_NONE;
	size_t left = (size_t)(r->end - r->at);
	if (is_plain && left == 0 && s->piece.size > 0 && ix_decompressor_held(s->decompressor) == 0) {
		r->at = s->piece.data;
		r->end = s->piece.data + s->piece.size;
		r->end_offset += s->piece.size;
		s->is_direct = true;
		s->piece = (ix_bytes){NULL, 0};
		return 0;
	}
	keep_rest(r);
	/* Nothing before the compression is known, and of plain bytes only what completes a frame, so that
	 * the next window is the piece itself again. */
	size_t room = IX_BINARYFILE_BUFFER - left;
	if (is_plain || compression == IX_COMPRESSION_DETECT) room = is_plain ? missing(r) : 0;
	size_t size;
	int code = ix_decompress(s->decompressor, &s->piece, s->is_last, s->buffer + left, room, &size, err);
	if (code) return ix_wrap(err, code, "offset %llu", (unsigned long long)ix_binaryfile_offset(r));
	r->end += size;
	r->end_offset += size;
	return 0;
}

static int fail_truncated(const ix_binaryfile_reader *r, ix_error *err) {
	size_t left = (size_t)(r->end - r->at);
	unsigned long long offset = ix_binaryfile_offset(r);
	if (left < 2)
		return ix_fail(
			err, IX_ERR_TRUNCATED, "offset %llu: the file ends inside a length prefix", offset);
	return ix_fail(err, IX_ERR_TRUNCATED,
		"offset %llu: the file ends inside a message, %zu of %zu bytes are there", offset, left - 2,
		(size_t)ix_load_u16_be(r->at));
}

static int fail_behind_end(const ix_binaryfile_reader *r, ix_error *err) {
	return ix_fail(err, IX_ERR_SYNTAX, "offset %llu: bytes follow the end-of-session mark",
		(unsigned long long)ix_binaryfile_offset(r));
}

int ix_binaryfile_refill(ix_binaryfile_reader *reader, ix_error *err) {
	ix_binaryfile_reader *r = reader;
	ix_binaryfile_state *s = r->state;
	for (;;) {
		if (!s->has_end_mark && missing(r) == 0) {
			if (ix_load_u16_be(r->at) != 0) return 0;
			s->has_end_mark = true;
			r->at += 2;
		}
		if (s->has_end_mark && r->end > r->at) return fail_behind_end(r, err);
		uint64_t before = r->end_offset;
		bool is_compression_known = ix_binaryfile_compression(r) != IX_COMPRESSION_DETECT;
		int code = pull(r, err);
		if (code) return code;
		if (r->end_offset != before) continue;
		if (!is_compression_known && ix_binaryfile_compression(r) != IX_COMPRESSION_DETECT) continue;
		if (s->piece.size > 0) continue; /* taken in part, nothing out yet */
		if (!s->is_last) return 0;
		if (r->end > r->at) return fail_truncated(r, err);
		s->is_ended = true;
		return 0;
	}
}
