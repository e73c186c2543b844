/* mold_window.c - the store of early messages. Records are added at the end of one array; when it is full and
 * at least a quarter of it is dead, the living are moved together. */
#include "mold_window.h"

#include <inox/reader.h>

static size_t record_size(size_t message_size) { return MOLD_RECORD_HEADER + message_size; }

/* A record lives as long as its slot points at it. */
static void squeeze(mold_window *w) {
	size_t to = 0;
	for (size_t at = 0; at < w->used;) {
		uint64_t sequence;
		uint16_t size;
		memcpy(&sequence, w->bytes + at, 8);
		memcpy(&size, w->bytes + at + 8, 2);
		size_t whole = record_size(size);
		mold_slot *slot = mold_window_slot(w, sequence);
		if (slot->tag == sequence + 1 && slot->offset == at) {
			memmove(w->bytes + to, w->bytes + at, whole);
			slot->offset = (uint32_t)to;
			to += whole;
		}
		at += whole;
	}
	IX_ASSERT(to == w->live_bytes);
	w->used = to;
}

bool mold_window_make_room(mold_window *w, size_t count, size_t size) {
	size_t needed = count * MOLD_RECORD_HEADER + size;
	if (w->count == 0) w->used = 0;
	if (needed <= w->capacity - w->used) return true;
	size_t dead = w->used - w->live_bytes;
	if (dead < w->capacity / 4 || needed > w->capacity - w->live_bytes) return false;
	squeeze(w);
	return true;
}

void mold_window_put(mold_window *w, uint64_t sequence, ix_bytes message) {
	mold_slot *slot = mold_window_slot(w, sequence);
	IX_ASSERT_HOT(slot->tag == 0);
	uint16_t size = (uint16_t)message.size;
	uint8_t *to = w->bytes + w->used;
	memcpy(to, &sequence, 8);
	memcpy(to + 8, &size, 2);
	if (size) memcpy(to + MOLD_RECORD_HEADER, message.data, size);
	*slot = (mold_slot){.tag = sequence + 1, .offset = (uint32_t)w->used, .size = size};
	w->used += record_size(size);
	w->live_bytes += record_size(size);
	w->count++;
	w->live_peak = ix_size_max(w->live_peak, w->live_bytes);
	w->count_peak = ix_size_max(w->count_peak, w->count);
}

ix_bytes mold_window_take(mold_window *w, uint64_t sequence) {
	mold_slot *slot = mold_window_slot(w, sequence);
	IX_ASSERT_HOT(slot->tag == sequence + 1);
	slot->tag = 0;
	w->count--;
	w->live_bytes -= record_size(slot->size);
	return (ix_bytes){w->bytes + slot->offset + MOLD_RECORD_HEADER, slot->size};
}

void mold_window_clear(mold_window *w) {
	memset(w->slots, 0, w->slot_count * sizeof(mold_slot));
	w->used = w->live_bytes = w->count = 0;
}
