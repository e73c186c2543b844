/* How a line looks. Both forms keep a reserve at the end, so that what counts the lines held back, what says
 * "cut", and what closes the line always fit; a field is written whole or taken back. */
#include "log_line.h"
#include "number_text.h"

#include <inox/clock.h>
#include <inox/text.h>

#include <math.h>

enum { RESERVE = 64 };

typedef struct line {
	const ix_log_options *options;
	char *data;
	size_t size, capacity;
	bool full;
} line;

static void add(line *l, const char *data, size_t size) {
	if (l->full || size > l->capacity - l->size) {
		l->full = true;
		return;
	}
	memcpy(l->data + l->size, data, size);
	l->size += size;
}

static void add_str(line *l, ix_str text) { add(l, text.data, text.size); }
static void add_text(line *l, const char *text) { add(l, text, strlen(text)); }

static void add_format(line *l, const char *format, ...) IX_PRINTF(2, 3);
static void add_format(line *l, const char *format, ...) {
	char text[96] = "";
	va_list arguments;
	va_start(arguments, format);
	size_t size = ix_format_list(text, sizeof text, format, arguments);
	va_end(arguments);
	add(l, text, ix_size_min(size, sizeof text - 1));
}

/* ---- hostile bytes ---- */

/* Code points that move a terminal's cursor, end a line, or turn the reading direction around. */
static bool is_hidden(uint32_t c) {
	return c < 0x20 || (c >= 0x7F && c <= 0x9F) || c == 0x061C || (c >= 0x200B && c <= 0x200F) ||
	       (c >= 0x2028 && c <= 0x202E) || (c >= 0x2060 && c <= 0x2069) || c == 0xFEFF;
}

static bool is_harmless(char byte) { return byte >= ' ' && byte <= '~' && byte != '"' && byte != '\\'; }

static void add_escape(line *l, uint32_t c) {
	static const char short_names[] = "\bb\tt\nn\ff\rr";
	for (size_t i = 0; i + 1 < sizeof short_names; i += 2) {
		if ((uint32_t)short_names[i] != c) continue;
		add_format(l, "\\%c", short_names[i + 1]);
		return;
	}
	/* Hidden code points are all below U+10000. */
	add_format(l, "\\u%04x", (unsigned)c);
}

/* The same escapes in both forms, so that a line of text can be copied into a search of the JSON ones. */
static void add_escaped(line *l, ix_str text, size_t size_max) {
	bool is_cut = text.size > size_max;
	if (is_cut) {
		/* Not through a character: its halves would look like hostile bytes. */
		size_t end = size_max;
		for (int i = 0; i < 3 && end > 0 && ((uint8_t)text.data[end] & 0xC0) == 0x80; i++) end--;
		text.size = end;
	}
	while (text.size > 0) {
		const char *start = text.data;
		size_t run = 0;
		while (run < text.size && is_harmless(start[run])) run++;
		if (run) { /* nearly all there is, nearly always */
			add(l, start, run);
			text = (ix_str){start + run, text.size - run};
			continue;
		}
		uint32_t c = ix_utf8_next(&text);
		if (c == '"' || c == '\\')
			add_format(l, "\\%c", (char)c);
		else if (is_hidden(c))
			add_escape(l, c);
		else if (c == IX_UTF8_REPLACEMENT)
			add_text(l, "\xEF\xBF\xBD");
		else
			add(l, start, (size_t)(text.data - start));
	}
	if (is_cut) add_text(l, "\xE2\x80\xA6");
}

static void add_quoted(line *l, ix_str text, size_t size_max) {
	add_text(l, "\"");
	add_escaped(l, text, size_max);
	add_text(l, "\"");
}

/* ---- values ---- */

static void add_number(line *l, double number) {
	if (!isfinite(number)) { /* JSON has no such numbers */
		const char *word = isnan(number) ? "nan" : number < 0 ? "-inf" : "inf";
		add_quoted(l, ix_str_from(word), 8);
		return;
	}
	char text[IX_OS_NUMBER_TEXT_MAX] = "";
	size_t size = ix_os_number_text(number, text);
	add(l, text, size);
}

/* 1500000 as 1.5ms: for people. */
static void add_duration(line *l, int64_t ns) {
	static const struct {
		const char *unit;
		uint64_t ns;
	} units[] = {{"s", 1000000000}, {"ms", 1000000}, {"us", 1000}, {"ns", 1}};
	uint64_t size = ns < 0 ? 0 - (uint64_t)ns : (uint64_t)ns;
	size_t i = 0;
	while (i + 1 < IX_COUNT(units) && size < units[i].ns) i++;
	add_format(l, "%s%llu", ns < 0 ? "-" : "", (unsigned long long)(size / units[i].ns));
	uint64_t rest = size % units[i].ns * 1000 / units[i].ns; /* three digits */
	if (rest) {
		int digits = rest % 100 == 0 ? 1 : rest % 10 == 0 ? 2 : 3;
		add_format(l, ".%0*llu", digits,
			(unsigned long long)(rest / (digits == 1          ? 100U
							    : digits == 2 ? 10U
									  : 1U)));
	}
	add_text(l, units[i].unit);
}

static void add_seconds(line *l, int64_t ns) {
	uint64_t size = ns < 0 ? 0 - (uint64_t)ns : (uint64_t)ns;
	add_format(l, "%s%llu.%09llu", ns < 0 ? "-" : "", (unsigned long long)(size / 1000000000),
		(unsigned long long)(size % 1000000000));
}

static void add_hex(line *l, ix_bytes bytes, bool quoted) {
	size_t size = ix_size_min(bytes.size, IX_LOG_VALUE_MAX / 2);
	if (quoted) add_text(l, "\"");
	for (size_t i = 0; i < size; i++) {
		char digits[2] = {0};
		ix_hex_encode(digits, (ix_bytes){bytes.data + i, 1});
		add(l, digits, 2);
	}
	if (size < bytes.size) add_text(l, "\xE2\x80\xA6");
	if (quoted) add_text(l, "\"");
}

/* Text without anything that a reader could take for the next field. */
static bool is_plain(ix_str text) {
	for (size_t i = 0; i < text.size; i++) {
		char c = text.data[i];
		if (c <= ' ' || c > '~' || c == '"' || c == '=' || c == '\\') return false;
	}
	return text.size > 0 && text.size <= IX_LOG_VALUE_MAX;
}

static void add_value(line *l, const ix_log_field *field) {
	bool is_json = l->options->format == IX_LOG_JSON;
	switch (field->kind) {
	case IX_LOG_KIND_STR:
		if (!is_json && is_plain(field->value.text))
			add_str(l, field->value.text);
		else
			add_quoted(l, field->value.text, IX_LOG_VALUE_MAX);
		break;
	case IX_LOG_KIND_INT: add_format(l, "%lld", (long long)field->value.integer); break;
	case IX_LOG_KIND_UINT:
		add_format(l, "%llu", (unsigned long long)field->value.unsigned_integer);
		break;
	case IX_LOG_KIND_BOOL: add_text(l, field->value.truth ? "true" : "false"); break;
	case IX_LOG_KIND_DOUBLE: add_number(l, field->value.number); break;
	case IX_LOG_KIND_DURATION:
		if (is_json)
			add_seconds(l, field->value.integer);
		else
			add_duration(l, field->value.integer);
		break;
	case IX_LOG_KIND_TRACE:
	case IX_LOG_KIND_HEX: add_hex(l, field->value.bytes, is_json); break;
	case IX_LOG_KIND_SECRET: add_text(l, is_json ? "\"***\"" : "***"); break;
	}
}

/* ---- lines ---- */

static const struct {
	const char *name, *padded, *colour;
} levels[] = {
	[IX_LOG_DEFAULT] = {"", "", ""},
	[IX_LOG_DEBUG] = {"debug", "DEBUG ", "\x1b[2m"},
	[IX_LOG_INFO] = {"info", "INFO  ", "\x1b[32m"},
	[IX_LOG_WARN] = {"warn", "WARN  ", "\x1b[33m"},
	[IX_LOG_ERROR] = {"error", "ERROR ", "\x1b[31m"},
	[IX_LOG_OFF] = {"off", "OFF   ", ""},
};

const char *ix_log_level_name(ix_log_level level) { return levels[level].name; }

static bool is_left_out(const ix_log_field *field) {
	static const uint8_t zero[IX_LOG_TRACE_SIZE];
	return field->kind == IX_LOG_KIND_TRACE &&
	       (!field->value.bytes.data || memcmp(field->value.bytes.data, zero, sizeof zero) == 0);
}

static void add_field(line *l, const ix_log_field *field) {
	if (is_left_out(field)) return;
	bool is_json = l->options->format == IX_LOG_JSON;
	ix_str key = ix_str_from(field->key);
	if (is_json) {
		add_text(l, ",");
		add_quoted(l, key, IX_LOG_KEY_MAX);
		add_text(l, ":");
	} else {
		add_text(l, " ");
		if (is_plain(key))
			add_str(l, ix_str_slice(key, 0, IX_LOG_KEY_MAX));
		else
			add_quoted(l, key, IX_LOG_KEY_MAX);
		add_text(l, "=");
	}
	add_value(l, field);
}

/* Each whole or not at all; later, smaller ones may still fit. False when one was left out. */
static bool add_fields(line *l, const ix_log_event *event) {
	bool all = true;
	for (size_t i = 0; i < event->field_count; i++) {
		size_t before = l->size;
		add_field(l, &event->fields[i]);
		if (!l->full) continue;
		l->size = before;
		l->full = false;
		all = false;
	}
	return all;
}

static void add_head_json(line *l, const ix_log_event *event) {
	char time[IX_TIME_TEXT_MAX];
	(void)ix_time_format(event->time_ns, 9, time);
	add_format(l, "{\"time\":\"%s\",\"level\":\"%s\"", time, levels[event->level].name);
	if (l->options->name) {
		add_text(l, ",\"name\":");
		add_quoted(l, ix_str_from(l->options->name), IX_LOG_KEY_MAX);
	}
	add_text(l, ",\"message\":");
	add_quoted(l, event->message, IX_LOG_MESSAGE_MAX);
}

static void add_head_text(line *l, const ix_log_event *event) {
	char time[IX_TIME_TEXT_MAX];
	(void)ix_time_format(event->time_ns, 6, time);
	add_text(l, time);
	add_text(l, " ");
	if (l->options->colour) add_text(l, levels[event->level].colour);
	add_text(l, levels[event->level].padded);
	if (l->options->colour) add_text(l, "\x1b[0m");
	if (l->options->name) {
		add_escaped(l, ix_str_from(l->options->name), IX_LOG_KEY_MAX);
		add_text(l, ": ");
	}
	add_escaped(l, event->message, IX_LOG_MESSAGE_MAX);
}

size_t ix_log_line(const ix_log_options *options, const ix_log_event *event, char out[IX_LOG_LINE_MAX]) {
	line l = {.options = options, .data = out, .capacity = IX_LOG_LINE_MAX - RESERVE};
	bool is_json = options->format == IX_LOG_JSON;
	if (is_json)
		add_head_json(&l, event);
	else
		add_head_text(&l, event);
	IX_ASSERT(!l.full); /* its parts are bounded far below a line */
	bool all = add_fields(&l, event);
	l.capacity = IX_LOG_LINE_MAX;
	l.full = false;
	if (event->suppressed) add_field(&l, &IX_LOG_UINT("suppressed", event->suppressed));
	if (!all) add_text(&l, is_json ? ",\"cut\":true" : " cut=true");
	add_text(&l, is_json ? "}\n" : "\n");
	return l.size;
}
