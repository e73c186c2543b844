/* mold_bench.h - a MoldUDP64 receiver on the bench: packets from a few words, and what comes out as one line
 * of text. */
#ifndef FEED_TESTS_MOLD_BENCH_H
#define FEED_TESTS_MOLD_BENCH_H

#include <inox/alloc.h>
#include <inox/mold.h>

#include "wire_build.h"

static const int64_t ms = 1000000;

typedef struct bench {
	ix_mold_receiver *receiver;
	int64_t now_ns;
	char said[16384];
	size_t said_size;
} bench;

/* "S1" a session that begins with 1, messages as they are, "G4+2" a gap of two from 4 on, "L4+2" the same
 * lost, "E7". */
static inline void say(bench *t, const ix_mold_event *e) {
	char *to = t->said + t->said_size;
	size_t room = sizeof t->said - t->said_size;
	const char *gap = t->said_size ? " " : "";
	unsigned long long sequence = e->sequence, count = e->count;
	int length = 0;
	switch (e->kind) {
	case IX_MOLD_MESSAGE:
		assert_int_equal(e->count, 1);
		length = snprintf(
			to, room, "%s%.*s", gap, (int)e->message.size, (const char *)e->message.data);
		break;
	case IX_MOLD_GAP: length = snprintf(to, room, "%sG%llu+%llu", gap, sequence, count); break;
	case IX_MOLD_LOST: length = snprintf(to, room, "%sL%llu+%llu", gap, sequence, count); break;
	case IX_MOLD_SESSION: length = snprintf(to, room, "%sS%llu", gap, sequence); break;
	case IX_MOLD_END: length = snprintf(to, room, "%sE%llu", gap, sequence); break;
	case IX_MOLD_NONE: break;
	}
	assert_true(length > 0 && (size_t)length < room);
	t->said_size += (size_t)length;
}

static inline void drain(bench *t) {
	ix_mold_event event;
	while (ix_mold_receiver_next(t->receiver, &event) != IX_MOLD_NONE) say(t, &event);
}

static inline bench start(const ix_mold_options *options) {
	bench t = {.now_ns = 1000 * ms};
	ix_error err = {0};
	if (ix_mold_receiver_new(ix_os_allocator(), options, &t.receiver, &err)) fail_msg("%s", err.text);
	return t;
}
static inline void stop(bench *t) { ix_mold_receiver_free(t->receiver); }

/* The events since the last time. */
static inline void expect(bench *t, const char *said) {
	assert_string_equal(t->said, said);
	t->said_size = 0;
	t->said[0] = '\0';
}

static inline void push_of(
	bench *t, const char *session, unsigned line, uint64_t sequence, const char *messages, int count) {
	wire_build b;
	ix_bytes datagram = mold_packet(&b, session, sequence, messages, count);
	ix_error err = {0};
	if (ix_mold_receiver_push(t->receiver, line, t->now_ns, datagram, &err)) fail_msg("%s", err.text);
	drain(t);
}
static inline void push(bench *t, unsigned line, uint64_t sequence, const char *messages) {
	push_of(t, "INOX000001", line, sequence, messages, -1);
}
static inline void heartbeat(bench *t, unsigned line, uint64_t sequence) {
	push_of(t, "INOX000001", line, sequence, NULL, 0);
}
static inline void end(bench *t, unsigned line, uint64_t sequence) {
	push_of(t, "INOX000001", line, sequence, NULL, 0xFFFF);
}

static inline void wait_ms(bench *t, int64_t milliseconds) {
	t->now_ns += milliseconds * ms;
	ix_mold_receiver_advance(t->receiver, t->now_ns);
	drain(t);
}

/* The next request as "5+2", or "-". */
static inline void expect_request(bench *t, const char *wanted) {
	uint8_t bytes[IX_MOLD_HEADER_SIZE];
	char text[64] = "-";
	if (ix_mold_receiver_request(t->receiver, bytes)) {
		ix_mold_packet request;
		assert_int_equal(ix_mold_decode_request((ix_bytes){bytes, sizeof bytes}, &request, NULL), 0);
		assert_memory_equal(request.session, "INOX000001", 10);
		snprintf(text, sizeof text, "%llu+%u", (unsigned long long)request.sequence, request.count);
	}
	assert_string_equal(text, wanted);
}

#endif
