/* Opening market data, finding out what it is, and handing it out in parts. */
#include "capture.h"

#include <inox/binaryfile.h>
#include <inox/soup.h>

enum {
	STORE_SESSION_MAX = 64,
	/* SoupBinTCP's packets that open a connection, behind their length. */
	LOGIN_REQUEST_SIZE = 1 + IX_SOUP_USERNAME_SIZE + IX_SOUP_PASSWORD_SIZE + IX_SOUP_SESSION_SIZE +
			     IX_SOUP_SEQUENCE_SIZE,
	LOGIN_ACCEPTED_SIZE = 1 + IX_SOUP_SESSION_SIZE + IX_SOUP_SEQUENCE_SIZE,
};

typedef struct store_session {
	uint8_t name[10];
	size_t first;
} store_session;

/* What answers re-requests: all messages of a file, by sequence number. */
typedef struct store {
	uint8_t *bytes;
	uint64_t *places; /* of message i: sequence, offset, size */
	size_t size, capacity, count, count_max;
	/* A capture's sessions, each with its first message; none: whatever session is asked for is meant. */
	store_session sessions[STORE_SESSION_MAX];
	size_t session_count;
	size_t first, end; /* of the session that is asked for */
} store;

struct ix_source {
	const ix_allocator *allocator;
	source_input inputs[IX_SOURCE_FILE_MAX];
	size_t input_count;
	ix_source_info info;
	ix_binaryfile_reader binary;
	source_capture capture;
	ix_mold_server server;
	store store;
};

static bool is_stdin(const char *path) { return path && ix_str_equal(ix_str_from(path), IX_STR("-")); }

static int open_inputs(ix_source *source, const ix_source_options *options, ix_error *err) {
	if (is_stdin(options->paths[0]) + is_stdin(options->paths[1]) + is_stdin(options->rerequest_path) > 1)
		return ix_fail(err, IX_ERR_USAGE, "stdin can be one of the files, not two");
	for (size_t i = 0; i < IX_SOURCE_FILE_MAX && options->paths[i]; i++) {
		source_input *input = &source->inputs[i];
		int code = input_open(input, options->paths[i], options, err);
		if (code) return code;
		source->input_count++;
		bool is_capture = ix_pcap_is_capture(input_view(input));
		if (i > 0 && (!is_capture || !source->info.is_capture))
			return ix_fail(err, IX_ERR_USAGE,
				"%s: two files are two lines, and must both be captures",
				options->paths[is_capture ? 0 : i]);
		source->info.is_capture = is_capture;
	}
	return source->input_count ? 0 : ix_fail(err, IX_ERR_USAGE, "no file was named");
}

/* Judges a file that is no capture by its first message: then an error can say what the file is not, instead
 * of where it stops making sense. */
static int check_binary(const source_input *input, ix_error *err) {
	ix_bytes view = input_view(input);
	if (view.size == 0) return 0; /* an empty day */
	if (view.size < 2 && !input->is_last) return 0;
	size_t size = view.size >= 2 ? ix_load_u16_be(view.data) : SIZE_MAX;
	/* Both have a length in front; a login says what it is. */
	bool is_login = view.size >= 3 &&
			((view.data[2] == IX_SOUP_LOGIN_REQUEST && size == LOGIN_REQUEST_SIZE) ||
				(view.data[2] == IX_SOUP_LOGIN_ACCEPTED && size == LOGIN_ACCEPTED_SIZE));
	if (is_login)
		return ix_fail(err, IX_ERR_SYNTAX,
			"%s: offset 0: this looks like the bytes of a SoupBinTCP connection; they are read "
			"from captures "
			"(pcap, pcapng) only",
			input->path);
	bool is_type = size == 0 || (view.size >= 3 && view.data[2] >= ' ' && view.data[2] <= '~');
	if (size <= 512 && is_type) return 0;
	return ix_fail(err, IX_ERR_SYNTAX, "%s: offset 0: neither BinaryFILE nor a capture (pcap, pcapng)",
		input->path);
}

static bool store_message(void *context, uint64_t sequence, ix_bytes *ret_message) {
	const store *s = context;
	size_t low = s->first, high = s->end;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (s->places[3 * middle] < sequence)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == s->end || s->places[3 * low] != sequence) return false;
	*ret_message = (ix_bytes){s->bytes + s->places[3 * low + 1], (size_t)s->places[3 * low + 2]};
	return true;
}

static uint64_t store_next(void *context) {
	const store *s = context;
	return s->end > s->first ? s->places[3 * (s->end - 1)] + 1 : 1;
}

static int store_grow(ix_source *source, size_t size, ix_error *err) {
	store *s = &source->store;
	const ix_allocator *a = source->allocator;
	if (s->size + size > IX_SOURCE_REREQUEST_MAX)
		return ix_fail(err, IX_ERR_LIMIT, "more than %d bytes of messages", IX_SOURCE_REREQUEST_MAX);
	if (s->size + size > s->capacity) {
		size_t capacity = s->capacity ? 2 * s->capacity : 1 << 20;
		uint8_t *bytes = a->resize(a->context, s->bytes, s->capacity, capacity, 8);
		if (!bytes)
			return ix_fail(err, IX_ERR_MEMORY, "no memory for %zu bytes of messages", capacity);
		s->bytes = bytes, s->capacity = capacity;
	}
	if (s->count == s->count_max) {
		size_t count_max = s->count_max ? 2 * s->count_max : 1 << 15;
		uint64_t *places = a->resize(a->context, s->places, s->count_max * 3 * sizeof *places,
			count_max * 3 * sizeof *places, 8);
		if (!places) return ix_fail(err, IX_ERR_MEMORY, "no memory for %zu messages", count_max);
		s->places = places, s->count_max = count_max;
	}
	return 0;
}

static int store_put(ix_source *source, uint64_t sequence, ix_bytes message, ix_error *err) {
	int code = store_grow(source, message.size, err);
	if (code) return code;
	store *s = &source->store;
	uint64_t *place = &s->places[3 * s->count++];
	place[0] = sequence, place[1] = s->size, place[2] = message.size;
	memcpy(s->bytes + s->size, message.data, message.size);
	s->size += message.size;
	return 0;
}

static int store_session_begin(store *s, const uint8_t name[10], const char *path, ix_error *err) {
	if (s->session_count == STORE_SESSION_MAX)
		return ix_fail(err, IX_ERR_LIMIT, "%s: more than %d sessions", path, STORE_SESSION_MAX);
	store_session *session = &s->sessions[s->session_count++];
	session->first = s->count;
	memcpy(session->name, name, sizeof session->name);
	return 0;
}

/* From now on it answers for this session: with nothing, if it is a capture of others. */
static void store_choose(store *s, const uint8_t name[10]) {
	s->first = 0;
	s->end = s->session_count ? 0 : s->count;
	for (size_t i = 0; i < s->session_count; i++) {
		if (memcmp(s->sessions[i].name, name, sizeof s->sessions[i].name) != 0) continue;
		s->first = s->sessions[i].first;
		s->end = i + 1 < s->session_count ? s->sessions[i + 1].first : s->count;
	}
}

/* The lowest sequence number that there is, of any session. */
static uint64_t store_start(const store *s) {
	uint64_t start = s->count ? s->places[0] : 1;
	for (size_t i = 0; i < s->session_count; i++) {
		size_t first = s->sessions[i].first;
		if (first < s->count && s->places[3 * first] < start) start = s->places[3 * first];
	}
	return start;
}

/* Reads all of the re-request file into the store. */
static int fill_store(ix_source *source, const char *path, ix_error *err) {
	ix_source *from = NULL;
	int code = ix_source_open(
		&(ix_source_options){.allocator = source->allocator, .paths = {path}}, &from, err);
	if (code) return code;
	IX_ASSERT(from != NULL);
	uint64_t sequence = 1;
	while (!code) {
		ix_source_part part = {0};
		code = ix_source_next(from, &part, err);
		if (code || part.kind == IX_SOURCE_END) break;
		if (part.kind == IX_SOURCE_SESSION)
			code = store_session_begin(&source->store, part.session, path, err);
		if (part.kind != IX_SOURCE_MESSAGES) continue;
		if (part.sequence) sequence = part.sequence;
		size_t used = 0;
		while (!code && part.framed.size - used >= 2) {
			size_t size = ix_load_u16_be(part.framed.data + used);
			if (size == 0 || size > part.framed.size - used - 2) break;
			code = store_put(
				source, sequence++, (ix_bytes){part.framed.data + used + 2, size}, err);
			if (code) (void)ix_wrap(err, code, "%s", path);
			used += 2 + size;
		}
		ix_source_advance(from, used);
	}
	ix_source_close(from);
	return code;
}

static int open_inside(ix_source *source, const ix_source_options *options, ix_error *err) {
	int code = open_inputs(source, options, err);
	if (code) return code;
	if (!source->info.is_capture) {
		if (options->rerequest_path)
			return ix_fail(err, IX_ERR_USAGE,
				"%s: is no capture, and what is no capture lost nothing that could be "
				"re-requested",
				options->paths[0]);
		code = check_binary(&source->inputs[0], err);
		ix_decompress_options plain = {.compression = IX_COMPRESSION_NONE}; /* the input unpacks */
		return code ? code
			    : ix_binaryfile_reader_init(&source->binary, source->allocator, &plain, err);
	}
	if (options->rerequest_path) {
		code = fill_store(source, options->rerequest_path, err);
		source->server.store = (ix_feed_store){store_message, store_next, &source->store};
	}
	if (!code)
		code = capture_init(&source->capture, source->allocator, &source->info, source->input_count,
			options->rerequest_path ? &source->server : NULL, store_start(&source->store), err);
	for (size_t i = 0; !code && i < source->input_count; i++)
		capture_add(&source->capture, &source->inputs[i]);
	return code;
}

int ix_source_open(const ix_source_options *options, ix_source **ret_source, ix_error *err) {
	ix_source *source = ix_allocate(options->allocator, sizeof *source, 64);
	if (!source) return ix_fail(err, IX_ERR_MEMORY, "no memory for reading market data");
	memset(source, 0, sizeof *source);
	source->allocator = options->allocator;
	int code = open_inside(source, options, err);
	if (code)
		ix_source_close(source);
	else
		*ret_source = source;
	return code;
}

void ix_source_close(ix_source *source) {
	if (!source) return;
	const ix_allocator *allocator = source->allocator;
	capture_fini(&source->capture);
	ix_binaryfile_reader_fini(&source->binary);
	for (size_t i = 0; i < IX_SOURCE_FILE_MAX; i++) input_close(&source->inputs[i]);
	ix_release(allocator, source->store.bytes, source->store.capacity, 8);
	ix_release(allocator, source->store.places, source->store.count_max * 3 * sizeof(uint64_t), 8);
	ix_release(allocator, source, sizeof *source, 64);
}

/* The next window of a BinaryFILE. The reader borrows the input's view, so that is let go of only when the
 * reader asks for more. */
static int next_binary(ix_source *source, ix_source_part *ret_part, ix_error *err) {
	source_input *input = &source->inputs[0];
	for (;;) {
		ix_bytes framed;
		int code = ix_binaryfile_window(&source->binary, &framed, err);
		if (code) return ix_wrap(err, code, "%s", input->path);
		if (framed.size > 0) {
			*ret_part = (ix_source_part){.kind = IX_SOURCE_MESSAGES,
				.framed = framed,
				.offset = ix_binaryfile_offset(&source->binary)};
			return 0;
		}
		if (ix_binaryfile_is_ended(&source->binary)) break;
		if (input->size == 0 && !input->is_last && (code = input_more(input, err)) != 0) return code;
		ix_bytes view = input_view(input);
		ix_binaryfile_feed(&source->binary, view, input->is_last);
		input_use(input, view.size); /* stays where it is until input_more */
	}
	*ret_part = (ix_source_part){.kind = IX_SOURCE_END};
	return 0;
}

int ix_source_next(ix_source *source, ix_source_part *ret_part, ix_error *err) {
	int code = source->info.is_capture ? capture_next(&source->capture, ret_part, err)
					   : next_binary(source, ret_part, err);
	if (code) {
		/* The zeroes where a file was are no fault of what was written in it. */
		int shrunk = ix_source_check(source, err);
		return shrunk ? shrunk : code;
	}
	if (source->info.is_capture && ret_part->kind == IX_SOURCE_SESSION) {
		memcpy(source->server.session, ret_part->session, sizeof ret_part->session);
		store_choose(&source->store, ret_part->session);
	}
	return code;
}

void ix_source_advance(ix_source *source, size_t size) {
	if (source->info.is_capture)
		capture_advance(&source->capture, size);
	else
		ix_binaryfile_advance(&source->binary, size);
}

const ix_source_info *ix_source_get_info(ix_source *source) {
	ix_source_info *info = &source->info;
	info->bytes_read = info->bytes_total = info->unpacked_bytes = 0;
	bool is_known = true;
	for (size_t i = 0; i < source->input_count; i++) {
		info->bytes_read += source->inputs[i].bytes_read;
		info->bytes_total += source->inputs[i].bytes_total;
		info->unpacked_bytes += source->inputs[i].unpacked;
		is_known = is_known && source->inputs[i].bytes_total > 0;
	}
	if (!is_known) info->bytes_total = 0;
	if (info->is_capture) {
		capture_tell(&source->capture);
	} else {
		info->has_end_mark = ix_binaryfile_has_end_mark(&source->binary);
		ix_format(info->format, sizeof info->format, "BinaryFILE");
	}
	ix_compression compression = source->inputs[0].compression;
	size_t length = ix_str_from(info->format).size;
	if (compression > IX_COMPRESSION_NONE)
		ix_format(info->format + length, sizeof info->format - length, ", %s",
			ix_compression_name(compression));
	return info;
}

int ix_source_check(const ix_source *source, ix_error *err) {
	for (size_t i = 0; i < source->input_count; i++) {
		if (!source->inputs[i].map.bytes.data) continue;
		int code = ix_file_map_check(&source->inputs[i].map, err);
		if (code) return code; /* it names the file */
	}
	return 0;
}
