/* window.c - a window on a file: large reads for those who walk through it in small steps. */
#include "inside.h"

void window_init(file_window *window, const ix_allocator *allocator) {
	*window = (file_window){.allocator = allocator};
}

void window_fini(file_window *window) {
	ix_release(window->allocator, window->buffer, window->capacity, RECORD_ALIGNMENT);
	window_init(window, window->allocator);
}

int window_attach(file_window *window, ix_file *file, ix_error *err) {
	window->file = file;
	return window_refresh(window, err);
}

int window_refresh(file_window *window, ix_error *err) {
	ix_file_info info;
	int code = ix_file_get_info(window->file, &info, err);
	if (code) return code;
	window->held = 0;
	window->size = info.size;
	return 0;
}

static int grow(file_window *window, size_t wanted, ix_error *err) {
	size_t capacity = ix_size_max(wanted, WINDOW_SIZE);
	uint8_t *buffer = window->allocator->resize(
		window->allocator->context, window->buffer, window->capacity, capacity, RECORD_ALIGNMENT);
	if (!buffer) return ix_fail(err, IX_ERR_MEMORY, "no memory for %zu bytes", capacity);
	window->buffer = buffer;
	window->capacity = capacity;
	return 0;
}

int window_view(file_window *window, uint64_t offset, size_t wanted, ix_bytes *ret_bytes, ix_error *err) {
	uint64_t left = offset < window->size ? window->size - offset : 0;
	wanted = left < wanted ? (size_t)left : wanted;
	uint64_t end = window->start + window->held;
	if (wanted > 0 && (offset < window->start || offset + wanted > end)) {
		if (wanted > window->capacity) {
			int code = grow(window, wanted, err);
			if (code) return code;
		}
		size_t got = 0, ask = left < window->capacity ? (size_t)left : window->capacity;
		window->held = 0;
		int code = ix_file_read_at(window->file, window->buffer, ask, offset, &got, err);
		if (code) return code;
		window->start = offset;
		window->held = got;
		if (got < ask) window->size = offset + got; /* it was cut short while it was read */
		end = offset + got;
	}
	if (offset < window->start || offset >= end || wanted == 0) {
		*ret_bytes = (ix_bytes){(const uint8_t *)"", 0};
		return 0;
	}
	*ret_bytes = (ix_bytes){window->buffer + (offset - window->start), (size_t)(end - offset)};
	return 0;
}
