/* vec.c - how a vector grows: by half, up to its maximum. */
#include <inox/vec.h>

enum { CAPACITY_MIN = 8 };

int ix_vec_grow(const ix_allocator *allocator, void **items, size_t *capacity, size_t wanted, size_t maximum,
	size_t item_size, size_t alignment, ix_error *err) {
	size_t fits = ix_size_min(maximum, PTRDIFF_MAX / item_size);
	if (wanted > fits) return ix_fail(err, IX_ERR_LIMIT, "more than %zu items", fits);
	size_t larger = ix_size_max(*capacity + *capacity / 2, CAPACITY_MIN);
	larger = ix_size_min(ix_size_max(larger, wanted), fits);
	void *grown = allocator->resize(
		allocator->context, *items, *capacity * item_size, larger * item_size, alignment);
	if (!grown)
		return ix_fail(err, IX_ERR_MEMORY, "no memory for %zu items of %zu bytes", larger, item_size);
	*items = grown;
	*capacity = larger;
	return 0;
}
