/* match_store.h - a snapshot in memory, for tests. */
#ifndef MATCH_STORE_H
#define MATCH_STORE_H

#include <inox/crc32c.h>
#include <inox/match.h>
#include <inox/writer.h>

#include <stdlib.h>

typedef struct store {
	uint8_t *data; /* malloc's */
	size_t size, capacity;
} store;

static inline int store_write(void *context, ix_bytes bytes, ix_error *err) {
	store *s = context;
	if (s->size + bytes.size > s->capacity) {
		size_t capacity = 2 * (s->size + bytes.size);
		uint8_t *data = realloc(s->data, capacity);
		if (!data) return ix_fail(err, IX_ERR_MEMORY, "no memory");
		s->data = data;
		s->capacity = capacity;
	}
	memcpy(s->data + s->size, bytes.data, bytes.size);
	s->size += bytes.size;
	return 0;
}

static inline store store_of(const ix_match *e) {
	store s = {0};
	ix_error err = {0};
	if (ix_match_save(e, store_write, &s, &err) != 0) ix_panic(err.text, __FILE__, __LINE__);
	return s;
}

static inline ix_bytes store_bytes(const store *s) { return (ix_bytes){s->data, s->size}; }

/* The checksum that its bytes ask for: what is wrong with them is found by looking at them. */
static inline void store_seal(uint8_t *data, size_t size) {
	if (size >= 4) ix_store_u32_le(data + size - 4, ix_crc32c(0, data, size - 4));
}

#endif
