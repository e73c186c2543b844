/* display.c - how wide text is on a terminal, and printing it so that it cannot do anything but be read. */
#include <inox/style.h>
#include <inox/text.h>
#include <inox/writer.h>

#include "width_table.h"

#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

static bool is_in(const width_range *table, size_t count, uint32_t c) {
	size_t low = 0, high = count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (c > table[middle].last)
			low = middle + 1;
		else
			high = middle;
	}
	return low < count && c >= table[low].first;
}

unsigned ix_display_width_of(uint32_t code_point) {
	if (code_point < 0x20 || (code_point >= 0x7F && code_point < 0xA0)) return 0;
	if (code_point < 0x300) return 1;
	if (is_in(zero_width, IX_COUNT(zero_width), code_point)) return 0;
	return is_in(double_width, IX_COUNT(double_width), code_point) ? 2 : 1;
}

/* What acts on a terminal or reorders the text around it: C0, DEL, C1, line and paragraph separators, the
 * bidirectional controls (UAX 9 section 2), the tag characters. */
static bool is_hostile(uint32_t c) {
	return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x061C || c == 0x200E || c == 0x200F ||
	       (c >= 0x2028 && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) || c == 0xFEFF ||
	       (c >= 0xE0000 && c <= 0xE007F);
}

typedef struct piece {
	char text[24]; /* escaped; empty: the bytes stand for themselves */
	ix_str bytes;
	size_t width;
} piece;

static void escape_bytes(piece *p) {
	size_t used = 0;
	for (size_t i = 0; i < p->bytes.size; i++)
		used += ix_format(
			p->text + used, sizeof p->text - used, "\\x%02x", (unsigned char)p->bytes.data[i]);
	p->width = used;
}

static void escape_code_point(piece *p, uint32_t c) {
	static const char letters[] = "abtnvfr"; /* 7 to 13 */
	if (c >= 7 && c <= 13)
		p->width = ix_format(p->text, sizeof p->text, "\\%c", letters[c - 7]);
	else if (c == 0x1B)
		p->width = ix_format(p->text, sizeof p->text, "\\e");
	else if (c < 0x80)
		p->width = ix_format(p->text, sizeof p->text, "\\x%02x", (unsigned)c);
	else
		p->width = ix_format(p->text, sizeof p->text, "\\u{%x}", (unsigned)c);
}

static piece next_piece(ix_str *rest) {
	ix_str before = *rest;
	uint32_t c = ix_utf8_next(rest);
	piece p = {.bytes = {before.data, before.size - rest->size}};
	if (c == IX_UTF8_REPLACEMENT && !ix_utf8_is_valid(p.bytes))
		escape_bytes(&p);
	else if (is_hostile(c))
		escape_code_point(&p, c);
	else
		p.width = ix_display_width_of(c);
	return p;
}

static size_t count_printable(ix_str text) {
	size_t count = 0;
	while (count < text.size && text.data[count] >= 0x20 && text.data[count] < 0x7F) count++;
	return count;
}

size_t ix_display_width(ix_str text) {
	size_t width = count_printable(text);
	text = ix_str_slice(text, width, text.size);
	while (text.size) width += next_piece(&text).width;
	return width;
}

/* Where the text goes: a stream, or a buffer that keeps what fits whole. */
typedef struct sink {
	FILE *out;
	ix_writer buffer;
} sink;

static bool put(sink *to, ix_str text) {
	if (to->out) return fwrite(text.data, 1, text.size, to->out) == text.size;
	if (text.size > to->buffer.capacity - to->buffer.size) return false;
	ix_write_str(&to->buffer, text);
	return true;
}

static size_t emit(sink *to, ix_str text, size_t width_max) {
	size_t width = ix_display_width(text), used = 0;
	bool cut = width_max && width > width_max;
	if (!cut && count_printable(text) == text.size && put(to, text)) return width;
	size_t room = cut ? width_max - 1 : width;
	while (text.size) {
		piece p = next_piece(&text);
		if (used + p.width > room) break;
		if (!put(to, *p.text ? ix_str_from(p.text) : p.bytes)) return used;
		used += p.width;
	}
	if (!cut || !put(to, IX_STR("…"))) return used;
	return used + 1;
}

size_t ix_display_write(FILE *out, ix_str text, size_t width_max) {
	return emit(&(sink){.out = out}, text, width_max);
}

size_t ix_display_format(char *out, size_t capacity, ix_str text, size_t width_max) {
	IX_ASSERT(capacity > 0);
	sink to = {.buffer = ix_writer_of(out, capacity - 1)};
	emit(&to, text, width_max);
	out[to.buffer.size] = '\0';
	return to.buffer.size;
}

unsigned ix_display_columns(FILE *stream) {
	struct winsize size = {0};
	int descriptor = fileno(stream);
	if (descriptor < 0 || isatty(descriptor) != 1) return 0;
	uint64_t columns = 0;
	if (ix_str_to_u64(ix_str_from(getenv("COLUMNS")), &columns) && columns >= 1 && columns <= 10000)
		return (unsigned)columns;
	if (ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col) return size.ws_col;
	return 80;
}
