/* wire_build.h - MoldUDP64 and SoupBinTCP packets put together byte by byte for the tests, independently of
 * the code under test. */
#ifndef FEED_TESTS_WIRE_BUILD_H
#define FEED_TESTS_WIRE_BUILD_H

#include <inox/testing.h>

#include <string.h>

typedef struct wire_build {
	uint8_t data[65536];
	size_t size;
} wire_build;

static inline void put(wire_build *b, const void *data, size_t size) {
	assert_true(size <= sizeof b->data - b->size);
	if (size) memcpy(b->data + b->size, data, size);
	b->size += size;
}
static inline void put_be(wire_build *b, uint64_t value, size_t size) {
	for (size_t i = size; i-- > 0;) put(b, &(uint8_t){(uint8_t)(value >> 8 * i)}, 1);
}
static inline ix_bytes built(const wire_build *b) { return (ix_bytes){b->data, b->size}; }

/* A packet with the messages of "one|two|three"; NULL: none. count < 0: as many as there are. */
static inline ix_bytes mold_packet(
	wire_build *b, const char *session, uint64_t sequence, const char *messages, int count) {
	b->size = 0;
	put(b, session, 10);
	put_be(b, sequence, 8);
	put_be(b, 0, 2);
	int found = 0;
	for (const char *m = messages; m; found++) {
		const char *bar = strchr(m, '|');
		size_t size = bar ? (size_t)(bar - m) : strlen(m);
		put_be(b, size, 2);
		put(b, m, size);
		m = bar ? bar + 1 : NULL;
	}
	if (count < 0) count = found;
	b->data[18] = (uint8_t)(count >> 8);
	b->data[19] = (uint8_t)count;
	return built(b);
}

/* A SoupBinTCP packet with text as its payload. */
static inline ix_bytes soup_packet(wire_build *b, char type, const char *payload) {
	b->size = 0;
	put_be(b, strlen(payload) + 1, 2);
	put(b, &type, 1);
	put(b, payload, strlen(payload));
	return built(b);
}

#endif
