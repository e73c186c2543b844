/* page.c - the page on its way to the sink: a buffer, a sticky failure, and escaping. */
#include "page.h"

#include <inox/text.h>

void page_flush(page *p) {
	if (!p->failed && p->size > 0 && !p->sink(p->context, p->buffer, p->size)) p->failed = true;
	p->size = 0;
}

void page_bytes(page *p, const char *data, size_t size) {
	while (size > 0 && !p->failed) {
		size_t part = ix_size_min(size, PAGE_BUFFER - p->size);
		memcpy(p->buffer + p->size, data, part);
		p->size += part;
		data += part;
		size -= part;
		if (p->size == PAGE_BUFFER) page_flush(p);
	}
}

void page_put(page *p, const char *markup) {
	ix_str text = ix_str_from(markup);
	page_bytes(p, text.data, text.size);
}

void page_format(page *p, const char *format, ...) {
	char text[512];
	va_list arguments;
	va_start(arguments, format);
	size_t size = ix_format_list(text, sizeof text, format, arguments);
	va_end(arguments);
	IX_ASSERT(size < sizeof text);
	page_bytes(p, text, size);
}

/* What stands for a code point that must not reach the reader: the pictures of U+2400 for control bytes, the
 * replacement character for what XML forbids, for C1 controls, line separators and whatever turns the
 * direction of the text around it (a file name could seem to be another). */
static uint32_t shown_as(uint32_t c) {
	if (c < 0x20) return 0x2400 + c;
	if (c == 0x7f) return 0x2421;
	bool is_control = c >= 0x80 && c < 0xa0;
	bool turns = c == 0x61c || c == 0x200e || c == 0x200f || (c >= 0x2028 && c <= 0x202e) ||
		     (c >= 0x2066 && c <= 0x2069);
	bool is_none = (c & 0xfffe) == 0xfffe || (c >= 0xfdd0 && c <= 0xfdef) || c == 0xfeff;
	return is_control || turns || is_none ? IX_UTF8_REPLACEMENT : c;
}

void page_text(page *p, ix_str text) {
	ix_str rest = ix_str_slice(text, 0, IX_TRADE_REPORT_TEXT_MAX);
	while (rest.size > 0 && !p->failed) {
		uint32_t c = shown_as(ix_utf8_next(&rest));
		switch (c) {
		case '<': page_put(p, "&lt;"); break;
		case '>': page_put(p, "&gt;"); break;
		case '&': page_put(p, "&amp;"); break;
		case '"': page_put(p, "&quot;"); break;
		case '\'': page_put(p, "&#39;"); break;
		default: {
			char bytes[IX_UTF8_SIZE_MAX];
			page_bytes(p, bytes, ix_utf8_encode(bytes, c));
		}
		}
	}
	if (text.size > IX_TRADE_REPORT_TEXT_MAX) page_put(p, "…");
}
