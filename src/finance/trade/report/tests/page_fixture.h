/* page_fixture.h - a page in memory, and what tests ask of it. */
#ifndef INOX_TRADE_REPORT_PAGE_FIXTURE_H
#define INOX_TRADE_REPORT_PAGE_FIXTURE_H

#include <inox/testing.h>
#include <inox/trade_report.h>

#include "markup_check.h"

typedef struct written {
	char *data;
	size_t size, capacity;
} written;

static bool keep(void *context, const char *data, size_t size) {
	written *w = context;
	if (size >= w->capacity - w->size) {
		w->capacity = (w->capacity + size + 1) * 2;
		char *grown = realloc(w->data, w->capacity);
		if (!grown) return false;
		w->data = grown;
	}
	memcpy(w->data + w->size, data, size);
	w->size += size;
	w->data[w->size] = '\0';
	return true;
}

/* The page of the facts, which is well-formed; free(data). */
static written page_of(const ix_trade_report *facts) {
	written w = {0};
	ix_error err = {0};
	if (ix_trade_report_write_html(facts, keep, &w, &err)) fail_msg("%s", err.text);
	size_t offset;
	const char *why = markup_check((ix_str){w.data, w.size}, &offset);
	if (why) fail_msg("%s at %zu: %.60s", why, offset, w.data + (offset > 30 ? offset - 30 : 0));
	assert_null(strstr(w.data, ">\xe2\x88\x92"
				   "0<"));
	return w;
}

static void page_has(const written *w, const char *text) {
	if (!strstr(w->data, text)) fail_msg("the page does not have: %s", text);
}
static void page_lacks(const written *w, const char *text) {
	if (strstr(w->data, text)) fail_msg("the page has: %s", text);
}

#endif
