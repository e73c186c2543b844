/* itch_sum.h - adds up every field of a message, so that a benchmark of parsing leaves none out. */
#ifndef INOX_ITCH_SUM_H
#define INOX_ITCH_SUM_H

#include <inox/itch.h>

/* A sum that depends on every field, so that no read can be left out. */
static inline uint64_t ix_itch_sum_text(const char *text, size_t width) {
	uint64_t value = 0;
	memcpy(&value, text, width);
	return value;
}
#define IX_ITCH_SUM_CODE(v)                              (v)
#define IX_ITCH_SUM_U32(v)                               (v)
#define IX_ITCH_SUM_U64(v)                               (v)
#define IX_ITCH_SUM_E4(v)                                (v)
#define IX_ITCH_SUM_E8(v)                                (v)
#define IX_ITCH_SUM_SEC(v)                               (v)
#define IX_ITCH_SUM_NS(v)                                (v)
#define IX_ITCH_SUM_A2(v)                                ix_itch_sum_text((v), 2)
#define IX_ITCH_SUM_A4(v)                                ix_itch_sum_text((v), 4)
#define IX_ITCH_SUM_A8(v)                                ix_itch_sum_text((v), 8)
#define IX_ITCH_SUM(m, kind, name, offset, codes, title) sum += IX_ITCH_SUM_##kind(body.name);
#define IX_ITCH_SUM_BODY(byte, CONSTANT, member, size, title)                    \
	static inline uint64_t ix_itch_sum_##member(const ix_itch_##member *p) { \
		const ix_itch_##member body = *p;                                \
		uint64_t sum = 0;                                                \
		IX_ITCH_FIELDS_##CONSTANT(IX_ITCH_SUM, member) return sum;       \
	}
IX_ITCH_MESSAGES(IX_ITCH_SUM_BODY)

static inline uint64_t ix_itch_sum_decoded(const ix_itch_message *m) {
	uint64_t sum = (uint64_t)m->type + m->locate + m->tracking + m->timestamp_ns;
	switch (m->type) {
#define IX_ITCH_SUM_CASE(byte, CONSTANT, member, size, title) \
	case (byte): return sum + ix_itch_sum_##member(&m->member);
		IX_ITCH_MESSAGES(IX_ITCH_SUM_CASE)
	default: return sum;
	}
}

/* One switch: the bodies by value, as an order book reads them. */
static inline uint64_t ix_itch_sum(const uint8_t *m, size_t size) {
	if (size != ix_itch_size(m[0])) return 0;
	uint64_t sum = (uint64_t)m[0] + ix_itch_view_locate(m) + ix_itch_view_tracking(m) +
		       ix_itch_view_timestamp_ns(m);
	switch (m[0]) {
#define IX_ITCH_SUM_LOAD(byte, CONSTANT, member, size, title)     \
	case (byte): {                                            \
		ix_itch_##member body = ix_itch_load_##member(m); \
		return sum + ix_itch_sum_##member(&body);         \
	}
		IX_ITCH_MESSAGES(IX_ITCH_SUM_LOAD)
	default: return sum;
	}
}

#endif
