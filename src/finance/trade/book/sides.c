/* sides.c - a side's arrays when they are full, or much too large; prices far from the best. */
#include "sides.h"

static bool side_move(ix_books *books, side *s, uint32_t log2) {
	if (log2 > BLOCK_LOG2_MAX) {
		books->shortage = IX_ERR_LIMIT;
		return false;
	}
	uint32_t block = blocks_take(books, &books->sides, log2);
	if (!block) return false;
	side moved = {block, s->count, log2};
	int32_t *keys = side_keys(books, &moved);
	for (int i = 1; i <= SIDE_NEAR; i++) keys[-i] = INT32_MIN;
	if (s->block) {
		memcpy(keys, side_keys(books, s), s->count * sizeof(uint32_t));
		memcpy(side_levels(books, &moved), side_levels(books, s), s->count * sizeof(uint32_t));
		blocks_give(&books->sides, s->block, s->block_log2);
	}
	*s = moved;
	return true;
}

bool side_grow(ix_books *books, side *s) {
	return side_move(books, s, s->block ? s->block_log2 + 1 : SIDE_LOG2_MIN);
}

void side_shrink(ix_books *books, side *s) { (void)side_move(books, s, s->block_log2 - 1); }

void side_move_far(int32_t *keys, uint32_t *levels, uint32_t to, uint32_t from, uint32_t count) {
	memmove(keys + to, keys + from, count * sizeof *keys);
	memmove(levels + to, levels + from, count * sizeof *levels);
}

uint32_t side_place_far(const int32_t *keys, uint32_t count, int32_t key) {
	/* In strides that double, so that the cost follows the distance from the best, not the depth of the
	 * book. */
	uint32_t high = count, stride = SIDE_NEAR;
	while (high > stride && keys[high - stride] >= key) {
		high -= stride;
		stride *= 2;
	}
	uint32_t low = high > stride ? high - stride : 0;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		if (keys[middle] < key)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}
