/* mold_holes.c - a sorted array of holes. They are few: the array is searched from its end, where packets
 * come. */
#include "mold_holes.h"

void mold_holes_remove(mold_holes *holes, size_t index, size_t count) {
	memmove(holes->at + index, holes->at + index + count,
		(holes->count - index - count) * sizeof(mold_hole));
	holes->count -= count;
}

/* The first hole that ends behind `sequence`. */
static size_t hole_behind(const mold_holes *holes, uint64_t sequence) {
	size_t i = holes->count;
	while (i > 0 && holes->at[i - 1].end > sequence) i--;
	return i;
}

bool mold_holes_touch(const mold_holes *holes, uint64_t first, uint64_t end) {
	size_t i = hole_behind(holes, first);
	return i < holes->count && holes->at[i].first < end;
}

bool mold_holes_fill(
	mold_holes *holes, uint64_t first, uint64_t end, uint64_t *ret_filled, uint64_t *ret_of_gaps) {
	uint64_t filled = 0, of_gaps = 0;
	size_t i = hole_behind(holes, first);
	if (i < holes->count && holes->at[i].first < first && holes->at[i].end > end) {
		if (holes->count == holes->capacity) return false;
		memmove(holes->at + i + 1, holes->at + i, (holes->count - i) * sizeof(mold_hole));
		holes->count++;
		holes->at[i].end = first;
		holes->at[i + 1].first = end;
		filled = end - first;
		of_gaps = holes->at[i].is_gap ? filled : 0;
	} else {
		size_t whole_from = i, whole = 0;
		for (; i < holes->count && holes->at[i].first < end; i++) {
			mold_hole *h = &holes->at[i];
			uint64_t from = h->first > first ? h->first : first, to = h->end < end ? h->end : end;
			filled += to - from;
			if (h->is_gap) of_gaps += to - from;
			if (h->first < from) {
				h->end = from;
				whole_from = i + 1;
			} else if (h->end > to) {
				h->first = to;
			} else {
				whole++;
			}
		}
		mold_holes_remove(holes, whole_from, whole);
	}
	*ret_filled = filled;
	*ret_of_gaps = of_gaps;
	return true;
}
