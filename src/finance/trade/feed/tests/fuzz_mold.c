/* Any datagrams into the MoldUDP64 receiver, decoder, server and sender: two bytes of size, one of what it
 * is, then the datagram. */
#include <inox/mold.h>

#include <stdlib.h>
#include <string.h>

static void require(int is_true) {
	if (!is_true) abort();
}

static void *resize(void *context, void *block, size_t old_size, size_t new_size, size_t alignment) {
	(void)context, (void)old_size, (void)alignment;
	if (new_size) return realloc(block, new_size);
	free(block);
	return NULL;
}
static const ix_allocator allocator = {resize, NULL};

static void decode(ix_bytes datagram) {
	static uint8_t out[65536];
	ix_mold_packet p;
	ix_error err = {0};
	if (ix_mold_decode(datagram, &p, &err)) {
		require(strncmp(err.text, "offset ", 7) == 0);
		return;
	}
	ix_writer w = ix_writer_of(out, sizeof out);
	ix_mold_encode(&w, &p);
	require(w.size == datagram.size && memcmp(out, datagram.data, w.size) == 0);
	uint64_t size = 0;
	unsigned count = 0;
	for (ix_bytes m; ix_mold_next(&p.blocks, &m); count++) size += 2 + m.size;
	require(size + IX_MOLD_HEADER_SIZE == datagram.size);
	require(count == (p.count == IX_MOLD_COUNT_END ? 0 : p.count));
}

static bool store_message(void *context, uint64_t sequence, ix_bytes *ret_message) {
	(void)context;
	*ret_message = (ix_bytes){(const uint8_t *)"0123456789", sequence % 11};
	return sequence % 64 != 63;
}
static uint64_t store_next(void *context) {
	(void)context;
	return 1000;
}

/* Events go forward, one session at a time. */
static void take_events(ix_mold_receiver *r, uint64_t *next) {
	ix_mold_event e;
	while (ix_mold_receiver_next(r, &e) != IX_MOLD_NONE) {
		if (e.kind == IX_MOLD_SESSION) *next = e.sequence;
		if (e.kind != IX_MOLD_GAP) require(e.sequence == *next);
		if (e.kind == IX_MOLD_LOST || e.kind == IX_MOLD_GAP) require(e.count > 0);
		if (e.kind == IX_MOLD_LOST || e.kind == IX_MOLD_MESSAGE) *next += e.count;
	}
	require(ix_mold_receiver_expected(r) == *next);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
	decode((ix_bytes){data, size});
	ix_mold_options options = {.window_messages = 16,
		.window_bytes = IX_MOLD_WINDOW_BYTES_MIN,
		.gap_wait_ns = 100,
		.retry_wait_ns = 100,
		.request_interval_ns = 1,
		.tries = 3,
		.rerequest = size > 0 && data[size - 1] & 1};
	ix_mold_receiver *r;
	require(ix_mold_receiver_new(&allocator, &options, &r, NULL) == 0);
	ix_mold_server server = {.store = {store_message, store_next, NULL}, .packet_size = 100};
	memcpy(server.session, "SESSION--1", 10);
	uint64_t next = 0;
	int64_t now_ns = 0;
	for (size_t at = 0; at + 3 <= size;) {
		size_t length = ix_load_u16_be(data + at) & 0x0FFF;
		uint8_t what = data[at + 2];
		at += 3;
		if (length > size - at) length = size - at;
		ix_bytes datagram = {data + at, length};
		at += length;
		now_ns += what >> 3;
		unsigned line = (what & 7) == 7 ? IX_MOLD_LINE_REREQUEST : what & 7;
		ix_error err = {0};
		int code = ix_mold_receiver_push(r, line, now_ns, datagram, &err);
		require(code != IX_ERR_BUSY && (code == 0 || err.text[0] != '\0'));
		take_events(r, &next);
		if (what & 0x80) ix_mold_receiver_advance(r, now_ns);
		take_events(r, &next);
		uint8_t request[IX_MOLD_HEADER_SIZE], answer[200];
		for (int i = 0; i < 4 && ix_mold_receiver_request(r, request); i++) {
			size_t answer_size = 0;
			ix_bytes asked = {request, sizeof request};
			require(ix_mold_server_answer(
					&server, asked, answer, sizeof answer, &answer_size, NULL) == 0);
			if (answer_size == 0) continue;
			ix_bytes answered = {answer, answer_size};
			require(ix_mold_receiver_push(r, IX_MOLD_LINE_REREQUEST, now_ns, answered, NULL) ==
				0);
			take_events(r, &next);
		}
	}
	ix_mold_receiver_finish(r);
	take_events(r, &next);
	ix_mold_receiver_give_up(r);
	take_events(r, &next);
	require(ix_mold_receiver_deadline(r) == INT64_MAX);
	ix_mold_receiver_free(r);
	return 0;
}
