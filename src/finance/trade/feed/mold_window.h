/* mold_window.h - messages that came before their turn: copied, found by sequence number, bounded in number
 * and bytes. */
#ifndef MOLD_WINDOW_H
#define MOLD_WINDOW_H

#include <inox/base.h>

typedef struct mold_slot {
	uint64_t tag; /* sequence number + 1; 0: empty */
	uint32_t offset;
	uint16_t size;
} mold_slot;

typedef struct mold_window {
	mold_slot *slots; /* by sequence number modulo their count, a power of two */
	size_t slot_count;
	uint8_t *bytes; /* records: sequence number, size, message; dead ones are squeezed out when there is
			   no more room */
	size_t capacity, used;
	size_t live_bytes; /* of records */
	size_t count;
	size_t live_peak, count_peak;
} mold_window;

enum { MOLD_RECORD_HEADER = 10 };

static inline mold_slot *mold_window_slot(const mold_window *w, uint64_t sequence) {
	return &w->slots[sequence & (w->slot_count - 1)];
}
static inline bool mold_window_has(const mold_window *w, uint64_t sequence) {
	return w->count > 0 && mold_window_slot(w, sequence)->tag == sequence + 1;
}

/* Whether records of `count` messages of `size` bytes together have room. May move what is stored: slices
 * that were given out end. */
bool mold_window_make_room(mold_window *w, size_t count, size_t size);
/* Stores one message; there is room, and its slot is empty. */
void mold_window_put(mold_window *w, uint64_t sequence, ix_bytes message);
/* Takes a message out; its bytes stay until the next make_room. */
ix_bytes mold_window_take(mold_window *w, uint64_t sequence);
void mold_window_clear(mold_window *w);

#endif
