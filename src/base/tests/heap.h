/* heap.h - malloc as an allocator that counts what is alive and fails when it is told to: for the tests of
 * base, which stands below the room that has one to offer. Every resize moves, so that a stale pointer is
 * found out. */
#ifndef INOX_BASE_TESTS_HEAP_H
#define INOX_BASE_TESTS_HEAP_H

#include <inox/base.h>
#include <inox/testing.h>

typedef struct heap {
	ix_allocator allocator;
	size_t calls;       /* allocations and resizes */
	size_t fail_at;     /* this one of them fails, counted from 1; 0: none */
	int64_t live_bytes; /* back to 0 when all is released */
} heap;

static inline void *heap_resize(
	void *context, void *block, size_t old_size, size_t new_size, size_t alignment) {
	heap *h = context;
	void *larger = NULL;
	assert_true((block == NULL) == (old_size == 0));
	if (new_size) {
		if (++h->calls == h->fail_at) return NULL;
		if (alignment < sizeof(void *)) alignment = sizeof(void *);
		assert_int_equal(posix_memalign(&larger, alignment, new_size), 0);
		memset(larger, 0xA5, new_size);
		if (block) memcpy(larger, block, old_size < new_size ? old_size : new_size);
	}
	free(block);
	h->live_bytes += (int64_t)new_size - (int64_t)old_size;
	return larger;
}

static inline void heap_init(heap *h) { *h = (heap){.allocator = {heap_resize, h}}; }

/* The n-th allocation fails, for every n: `scenario` returns 0 only when nothing failed and must leave
 * nothing behind. */
static inline void fail_each_allocation(int (*scenario)(heap *h, ix_error *err)) {
	size_t failures = 0;
	for (size_t n = 1;; n++, failures++) {
		heap h;
		heap_init(&h);
		h.fail_at = n;
		ix_error err = {0};
		int code = scenario(&h, &err);
		assert_int_equal(h.live_bytes, 0);
		if (h.calls < n) {
			assert_int_equal(code, 0);
			break;
		}
		assert_int_equal(code, IX_ERR_MEMORY);
		assert_int_equal(err.code, IX_ERR_MEMORY);
		assert_true(err.text[0] != '\0');
	}
	assert_true(failures > 0);
}

/* Runs `call` and tells whether an assertion of the code under test stopped it. */
static jmp_buf heap_panic;
static inline void heap_on_panic(const char *expression, const char *file, int line) {
	(void)expression, (void)file, (void)line;
	longjmp(heap_panic, 1);
}
#define PANICS(call)                                                                        \
	((bool)(ix_panic_set_hook(heap_on_panic), setjmp(heap_panic)                        \
							  ? (ix_panic_set_hook(NULL), true) \
							  : ((void)(call), ix_panic_set_hook(NULL), false)))

#endif
