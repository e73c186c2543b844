/* mold_line.c - what each line lost, repeated and reordered by itself, whatever the others brought. */
#include "mold_receiver.h"

void mold_line_start(mold_line *line, uint64_t expected) {
	line->expected = expected;
	line->holes = (mold_holes){line->hole_storage, 0, MOLD_LINE_HOLE_MAX};
}

/* The oldest hole makes room: what it lacks stays lost. */
static void make_room(mold_line *line) {
	if (line->holes.count == line->holes.capacity) mold_holes_remove(&line->holes, 0, 1);
}

void mold_line_note(mold_line *line, uint64_t first, uint64_t end) {
	if (first > line->expected) {
		make_room(line);
		line->holes.at[line->holes.count++] = (mold_hole){.first = line->expected, .end = first};
		line->stats.lost_count += first - line->expected;
		line->expected = first;
	}
	uint64_t late_end = end < line->expected ? end : line->expected;
	if (first < late_end) {
		uint64_t filled = 0, of_gaps;
		if (!mold_holes_fill(&line->holes, first, late_end, &filled, &of_gaps)) {
			make_room(line);
			(void)mold_holes_fill(&line->holes, first, late_end, &filled, &of_gaps);
		}
		line->stats.lost_count -= filled;
		line->stats.reordered_count += filled;
		line->stats.duplicate_count += late_end - first - filled;
	}
	if (end > line->expected) line->expected = end;
}

const ix_mold_line_stats *ix_mold_receiver_line_stats(const ix_mold_receiver *receiver, unsigned line) {
	IX_ASSERT(line < IX_MOLD_LINE_MAX || line == IX_MOLD_LINE_REREQUEST);
	return &receiver->lines[line < IX_MOLD_LINE_MAX ? line : IX_MOLD_LINE_MAX].stats;
}
