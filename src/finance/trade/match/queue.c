/* queue.c - prices far from the best. */
#include "queue.h"

uint32_t level_place_far(const int32_t *keys, uint32_t count, int32_t key) {
	/* In strides that double, so that the cost follows the distance from the best, not the depth of the
	 * book. */
	uint32_t high = count, stride = NEAR;
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
