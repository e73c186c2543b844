/* malloc's family behind base's allocator, the one in use, and the probe that counts and fails for tests. */
#include <inox/alloc.h>

#include <stdatomic.h>
#include <stdlib.h>

static void *resize_aligned(void *block, size_t old_size, size_t new_size, size_t alignment) {
	void *fresh = NULL;
	if (posix_memalign(&fresh, alignment, new_size) != 0) return NULL;
	if (block) {
		memcpy(fresh, block, ix_size_min(old_size, new_size));
		free(block);
	}
	return fresh;
}

static void *os_resize(void *context, void *block, size_t old_size, size_t new_size, size_t alignment) {
	(void)context;
	if (new_size == 0) {
		free(block);
		return NULL;
	}
	if (new_size > PTRDIFF_MAX)
		return NULL; /* no object is larger; sanitizers would stop at the request */
	if (alignment > _Alignof(max_align_t)) return resize_aligned(block, old_size, new_size, alignment);
	return realloc(block, new_size);
}

static const ix_allocator os_allocator = {.resize = os_resize, .context = NULL};
static const ix_allocator *_Atomic current = &os_allocator;

const ix_allocator *ix_os_allocator(void) { return &os_allocator; }

const ix_allocator *ix_allocator_current(void) {
	/* Acquire: what the allocator points to was written before it was put here. */
	return atomic_load_explicit(&current, memory_order_acquire);
}

const ix_allocator *ix_allocator_replace(const ix_allocator *allocator) {
	return atomic_exchange_explicit(
		&current, allocator ? allocator : &os_allocator, memory_order_acq_rel);
}

void *ix_allocate_zeroed(const ix_allocator *allocator, size_t count, size_t size, size_t alignment) {
	size_t total;
	if (ix_mul_overflow(count, size, &total)) return NULL;
	void *block = ix_allocate(allocator, total, alignment);
	if (block) memset(block, 0, total);
	return block;
}

static void *probe_resize(void *context, void *block, size_t old_size, size_t new_size, size_t alignment) {
	ix_alloc_probe *probe = context;
	if (new_size > 0) {
		probe->calls++;
		bool fails = probe->calls == probe->fail_at ||
			     (probe->fail_every && probe->calls % probe->fail_every == 0);
		if (fails) {
			probe->failures++;
			return NULL;
		}
	}
	void *result = probe->under->resize(probe->under->context, block, old_size, new_size, alignment);
	if (!result && new_size > 0) return NULL;
	probe->live_blocks += (new_size > 0) - (block != NULL);
	probe->live_bytes += (int64_t)new_size - (block ? (int64_t)old_size : 0);
	if (probe->live_bytes > probe->peak_bytes) probe->peak_bytes = probe->live_bytes;
	return result;
}

void ix_alloc_probe_init(ix_alloc_probe *probe, const ix_allocator *under) {
	*probe = (ix_alloc_probe){.under = under ? under : ix_os_allocator()};
	probe->allocator = (ix_allocator){.resize = probe_resize, .context = probe};
}
