/* markup_check.h - is a page well-formed? A small strict reader of what the report may write: XML's rules for
 * tags, attributes and references (XML 1.0, sections 2.2, 2.4, 3.1), and of HTML that ids are unique and that
 * nothing runs or is loaded. Independent of the room's code. */
#ifndef INOX_TRADE_REPORT_MARKUP_CHECK_H
#define INOX_TRADE_REPORT_MARKUP_CHECK_H

#include <inox/text.h>

#include <stdio.h>

enum { MARKUP_DEPTH_MAX = 32, MARKUP_ID_MAX = 64, MARKUP_ATTRIBUTE_MAX = 12 };

typedef struct markup {
	ix_str rest;
	ix_str open[MARKUP_DEPTH_MAX];
	size_t depth;
	ix_str ids[MARKUP_ID_MAX];
	size_t id_count;
	ix_str names[MARKUP_ATTRIBUTE_MAX];
	size_t name_count;
	const char *why; /* NULL: nothing wrong so far */
} markup;

static bool markup_fail(markup *m, const char *why) {
	if (!m->why) m->why = why;
	return false;
}

static bool markup_take(markup *m, ix_str text) {
	if (!ix_str_starts_with(m->rest, text)) return false;
	m->rest = ix_str_slice(m->rest, text.size, m->rest.size);
	return true;
}

static bool markup_is_name(char c) {
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
	       c == ':';
}

static ix_str markup_name(markup *m) {
	size_t size = 0;
	while (size < m->rest.size && markup_is_name(m->rest.data[size])) size++;
	ix_str name = ix_str_slice(m->rest, 0, size);
	m->rest = ix_str_slice(m->rest, size, m->rest.size);
	return name;
}

/* One character of text or of an attribute's value. */
static bool markup_character(markup *m) {
	static const ix_str references[] = {
		IX_STR("&lt;"), IX_STR("&gt;"), IX_STR("&amp;"), IX_STR("&quot;"), IX_STR("&#39;")};
	if (m->rest.data[0] == '&') {
		for (size_t i = 0; i < IX_COUNT(references); i++) {
			if (markup_take(m, references[i])) return true;
		}
		return markup_fail(m, "a bare &");
	}
	uint32_t c = ix_utf8_next(&m->rest);
	if ((c < 0x20 && c != '\n') || (c >= 0x7f && c < 0xa0)) return markup_fail(m, "a control character");
	if ((c & 0xfffe) == 0xfffe) return markup_fail(m, "a code point that XML forbids");
	return true;
}

static bool markup_value_is_safe(markup *m, ix_str name, ix_str value) {
	if (ix_str_starts_with(name, IX_STR("on"))) return markup_fail(m, "an event handler");
	if (ix_str_equal(name, IX_STR("src")) || ix_str_equal(name, IX_STR("style")))
		return markup_fail(m, "something that is loaded, or a style attribute");
	if (ix_str_equal(name, IX_STR("href")) && !ix_str_starts_with(value, IX_STR("#")))
		return markup_fail(m, "a reference to somewhere else");
	if (!ix_str_equal(name, IX_STR("id"))) return true;
	for (size_t i = 0; i < m->id_count; i++) {
		if (ix_str_equal(m->ids[i], value)) return markup_fail(m, "an id twice");
	}
	if (m->id_count == MARKUP_ID_MAX) return markup_fail(m, "too many ids");
	m->ids[m->id_count++] = value;
	return true;
}

static bool markup_attribute(markup *m) {
	ix_str name = markup_name(m);
	if (name.size == 0 || !markup_take(m, IX_STR("=\"")))
		return markup_fail(m, "an attribute without =\"");
	for (size_t i = 0; i < m->name_count; i++) {
		if (ix_str_equal(m->names[i], name)) return markup_fail(m, "an attribute twice");
	}
	if (m->name_count == MARKUP_ATTRIBUTE_MAX) return markup_fail(m, "too many attributes");
	m->names[m->name_count++] = name;
	const char *begin = m->rest.data;
	while (m->rest.size > 0 && m->rest.data[0] != '"') {
		if (m->rest.data[0] == '<') return markup_fail(m, "a < in an attribute");
		if (!markup_character(m)) return false;
	}
	ix_str value = {begin, (size_t)(m->rest.data - begin)};
	if (!markup_take(m, IX_STR("\""))) return markup_fail(m, "an attribute that does not end");
	return markup_value_is_safe(m, name, value);
}

static bool markup_tag(markup *m) {
	static const ix_str forbidden[] = {IX_STR("script"), IX_STR("img"), IX_STR("link"), IX_STR("iframe"),
		IX_STR("object"), IX_STR("form"), IX_STR("base"), IX_STR("foreignObject")};
	if (markup_take(m, IX_STR("/"))) {
		ix_str name = markup_name(m);
		if (m->depth == 0 || !ix_str_equal(m->open[m->depth - 1], name))
			return markup_fail(m, "an end that fits no beginning");
		m->depth--;
		return markup_take(m, IX_STR(">")) || markup_fail(m, "an end tag with more in it");
	}
	ix_str name = markup_name(m);
	if (name.size == 0) return markup_fail(m, "a < that begins no tag");
	for (size_t i = 0; i < IX_COUNT(forbidden); i++) {
		if (ix_str_equal(name, forbidden[i]))
			return markup_fail(m, "an element that has no place here");
	}
	m->name_count = 0;
	while (markup_take(m, IX_STR(" "))) {
		if (!markup_attribute(m)) return false;
	}
	if (markup_take(m, IX_STR("/>"))) return true;
	if (!markup_take(m, IX_STR(">"))) return markup_fail(m, "a tag that does not end");
	if (m->depth == MARKUP_DEPTH_MAX) return markup_fail(m, "too deep");
	m->open[m->depth++] = name;
	return true;
}

/* NULL, or what is wrong; then *ret_offset says where. */
static const char *markup_check(ix_str text, size_t *ret_offset) {
	markup m = {.rest = text};
	size_t bad = ix_utf8_check(text);
	*ret_offset = bad;
	if (bad != text.size) return "ill-formed UTF-8";
	if (!markup_take(&m, IX_STR("<!DOCTYPE html>\n<html "))) return "no document type";
	m.rest = ix_str_slice(text, 16, text.size);
	size_t root_count = 0;
	while (m.rest.size > 0 && !m.why) {
		if (markup_take(&m, IX_STR("<"))) {
			root_count += m.depth == 0;
			(void)markup_tag(&m);
		} else if (m.depth == 0 && m.rest.data[0] != '\n') {
			(void)markup_fail(&m, "text outside of the document");
		} else {
			(void)markup_character(&m);
		}
	}
	*ret_offset = text.size - m.rest.size;
	if (!m.why && m.depth > 0) (void)markup_fail(&m, "an element that does not end");
	if (!m.why && root_count != 1) (void)markup_fail(&m, "more than one root");
	return m.why;
}

#endif
