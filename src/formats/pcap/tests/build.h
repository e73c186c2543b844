/* build.h - captures and frames put together byte by byte for the tests of this room, independently of its
 * writers. */
#ifndef PCAP_TESTS_BUILD_H
#define PCAP_TESTS_BUILD_H

#include <inox/testing.h>

#include <string.h>

typedef struct build {
	uint8_t data[65536];
	size_t size;
	bool is_big_endian; /* of the file's own fields; frames are in network order */
} build;

static inline void put(build *b, const void *data, size_t size) {
	assert_true(size <= sizeof b->data - b->size);
	if (size) memcpy(b->data + b->size, data, size);
	b->size += size;
}
static inline void put_zeros(build *b, size_t size) {
	while (size--) put(b, "", 1);
}
static inline void put_number(build *b, uint64_t value, size_t size, bool is_big_endian) {
	for (size_t i = 0; i < size; i++) {
		uint8_t byte = (uint8_t)(value >> 8 * (is_big_endian ? size - 1 - i : i));
		put(b, &byte, 1);
	}
}
static inline void put16(build *b, unsigned value) { put_number(b, value, 2, b->is_big_endian); }
static inline void put32(build *b, uint64_t value) { put_number(b, value, 4, b->is_big_endian); }
static inline void put64(build *b, uint64_t value) { put_number(b, value, 8, b->is_big_endian); }
static inline void net8(build *b, unsigned value) { put_number(b, value, 1, true); }
static inline void net16(build *b, unsigned value) { put_number(b, value, 2, true); }
static inline void net32(build *b, uint64_t value) { put_number(b, value, 4, true); }

static inline ix_bytes built(const build *b) { return (ix_bytes){b->data, b->size}; }

#endif
