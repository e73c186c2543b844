/* ring.c - making a ring. All else is inline. */
#include <inox/ring.h>

_Static_assert(ATOMIC_LONG_LOCK_FREE == 2, "a ring needs counters without locks");

void ix_ring_init(ix_ring *ring, size_t capacity) {
	IX_ASSERT(ix_is_power_of_two(capacity));
	atomic_init(&ring->pushed, 0);
	atomic_init(&ring->popped, 0);
	ring->popped_seen = ring->pushed_seen = 0;
	ring->mask = capacity - 1;
}
