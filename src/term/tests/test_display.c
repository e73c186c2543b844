/* test_display.c - colour decisions, display widths, and text that cannot harm a terminal. */
#include <inox/style.h>
#include <inox/testing.h>

#include <locale.h>
#include <wchar.h>

/* ---- colour ---- */

static bool decide(
	bool terminal, const char *no_color, const char *force, const char *clicolor, const char *term) {
	return ix_style_decide(&(ix_style_facts){terminal, no_color, force, clicolor, term});
}

static void colours_on_a_terminal_only(void **state) {
	(void)state;
	assert_true(decide(true, NULL, NULL, NULL, "xterm-256color"));
	assert_false(decide(false, NULL, NULL, NULL, "xterm-256color"));
}

static void obeys_no_color_when_it_is_not_empty(void **state) {
	(void)state;
	assert_false(decide(true, "1", NULL, NULL, "xterm"));
	assert_false(decide(true, "0", NULL, NULL, "xterm"));
	assert_true(decide(true, "", NULL, NULL, "xterm"));
}

static void obeys_a_dumb_or_unknown_terminal(void **state) {
	(void)state;
	assert_false(decide(true, NULL, NULL, NULL, "dumb"));
	assert_false(decide(true, NULL, NULL, NULL, ""));
	assert_false(decide(true, NULL, NULL, NULL, NULL));
}

static void forces_colour_into_a_pipe_unless_no_color_forbids(void **state) {
	(void)state;
	assert_true(decide(false, NULL, "1", NULL, NULL));
	assert_true(decide(false, NULL, "yes", "0", "dumb"));
	assert_false(decide(false, NULL, "0", NULL, "xterm"));
	assert_false(decide(false, NULL, "", NULL, "xterm"));
	assert_false(decide(false, "1", "1", NULL, "xterm"));
}

static void obeys_clicolor_0(void **state) {
	(void)state;
	assert_false(decide(true, NULL, NULL, "0", "xterm"));
	assert_true(decide(true, NULL, NULL, "1", "xterm"));
}

static void a_file_is_not_a_terminal(void **state) {
	(void)state;
	FILE *file = tmpfile();
	assert_non_null(file);
	setenv("TERM", "xterm", 1);
	unsetenv("CLICOLOR_FORCE");
	assert_false(ix_style_wanted(file));
	assert_int_equal(ix_display_columns(file), 0);
	fclose(file);
}

static void every_meaning_has_its_sequence_and_none_without_colour(void **state) {
	(void)state;
	assert_string_equal(ix_style_on(true, IX_STYLE_GOOD), "\x1b[32m");
	assert_string_equal(ix_style_on(true, IX_STYLE_BAD), "\x1b[31m");
	assert_string_equal(ix_style_on(true, IX_STYLE_WARNING), "\x1b[33m");
	assert_string_equal(ix_style_on(true, IX_STYLE_DIM), "\x1b[2m");
	assert_string_equal(ix_style_on(true, IX_STYLE_STRONG), "\x1b[1m");
	assert_string_equal(ix_style_off(true, IX_STYLE_STRONG), "\x1b[0m");
	assert_string_equal(ix_style_on(true, IX_STYLE_PLAIN), "");
	assert_string_equal(ix_style_off(true, IX_STYLE_PLAIN), "");
	assert_string_equal(ix_style_on(false, IX_STYLE_BAD), "");
	assert_string_equal(ix_style_off(false, IX_STYLE_BAD), "");
}

/* ---- width ---- */

static void every_code_point_is_as_wide_as_libc_says(void **state) {
	(void)state;
	if (!setlocale(LC_CTYPE, "C.UTF-8")) {
		print_message("SKIPPED: libc has no C.UTF-8 locale\n");
		skip();
	}
	unsigned compared = 0;
	for (uint32_t c = 0; c <= 0x10FFFF; c++) {
		int theirs = wcwidth((wchar_t)c); /* -1: control, or not in its version of Unicode */
		if (theirs < 0) continue;
		if ((unsigned)theirs != ix_display_width_of(c))
			fail_msg("U+%04X: libc says %d, we say %u", (unsigned)c, theirs,
				ix_display_width_of(c));
		compared++;
	}
	setlocale(LC_CTYPE, "C");
	assert_true(compared > 280000); /* what Unicode 15 assigns, private use included */
}

static void control_characters_take_no_column_by_themselves(void **state) {
	(void)state;
	for (uint32_t c = 0; c < 0x20; c++) assert_int_equal(ix_display_width_of(c), 0);
	for (uint32_t c = 0x7F; c < 0xA0; c++) assert_int_equal(ix_display_width_of(c), 0);
}

static size_t width(const char *text) { return ix_display_width(ix_str_from(text)); }

static void text_is_as_wide_as_its_characters(void **state) {
	(void)state;
	assert_int_equal(width(""), 0);
	assert_int_equal(width("inox"), 4);
	assert_int_equal(width("naïve"), 5);
	assert_int_equal(width("e\xCC\x81"), 1); /* e and a combining acute */
	assert_int_equal(width("東京"), 4);      /* two wide */
	assert_int_equal(width("한국"), 4);      /* two syllables */
	assert_int_equal(width("\xE1\x84\x92\xE1\x85\xA1\xE1\x86\xAB"),
		2); /* the same syllable in three letters: U+1112 wide, then two that join */
	assert_int_equal(width("🚀"), 2);
	assert_int_equal(width("a\xE2\x80\x8B"
			       "b"),
		2); /* zero-width space */
	assert_int_equal(width("a\xC2\xAD"
			       "b"),
		3); /* soft hyphen */
}

/* ---- printing ---- */

static void expect_shown(
	const char *bytes, size_t size, size_t width_max, const char *shown, size_t columns) {
	char out[512], text[256];
	FILE *file = fmemopen(out, sizeof out, "w");
	assert_non_null(file);
	assert_int_equal(ix_display_write(file, (ix_str){bytes, size}, width_max), columns);
	fputc('\0', file);
	fclose(file);
	assert_string_equal(out, shown);
	assert_int_equal(
		ix_display_format(text, sizeof text, (ix_str){bytes, size}, width_max), strlen(shown));
	assert_string_equal(text, shown);
	if (!width_max) assert_int_equal(ix_display_width((ix_str){bytes, size}), columns);
}

#define SHOWN(bytes, width_max, shown, columns) \
	expect_shown(bytes, sizeof(bytes) - 1, width_max, shown, columns)

static void control_characters_are_shown_escaped(void **state) {
	(void)state;
	SHOWN("a\nb\tc\rd", 0, "a\\nb\\tc\\rd", 10);
	SHOWN("\a\b\v\f", 0, "\\a\\b\\v\\f", 8);
	SHOWN("\x1b[31mred", 0, "\\e[31mred", 9);
	SHOWN("\0\x01\x7f", 0, "\\x00\\x01\\x7f", 12);
	SHOWN("\xC2\x9B"
	      "31m",
		0, "\\u{9b}31m", 9); /* C1: the one-byte CSI */
}

static void what_reorders_or_hides_text_is_shown_escaped(void **state) {
	(void)state;
	SHOWN("a\xE2\x80\xAE"
	      "b",
		0, "a\\u{202e}b", 10);                 /* right-to-left override */
	SHOWN("\xE2\x81\xA6", 0, "\\u{2066}", 8);      /* isolate */
	SHOWN("\xE2\x80\xA8", 0, "\\u{2028}", 8);      /* line separator */
	SHOWN("\xD8\x9C", 0, "\\u{61c}", 7);           /* Arabic letter mark */
	SHOWN("\xEF\xBB\xBF", 0, "\\u{feff}", 8);      /* byte order mark */
	SHOWN("\xF3\xA0\x81\x81", 0, "\\u{e0041}", 9); /* a tag character */
}

static void ill_formed_bytes_are_shown_one_by_one(void **state) {
	(void)state;
	SHOWN("\xFF", 0, "\\xff", 4);
	SHOWN("a\xC3", 0, "a\\xc3", 5);
	SHOWN("\xE2\x82"
	      "x",
		0, "\\xe2\\x82x", 9);
	SHOWN("\xED\xA0\x80", 0, "\\xed\\xa0\\x80", 12); /* a surrogate */
	SHOWN("\xEF\xBF\xBD", 0, "\xEF\xBF\xBD", 1);     /* U+FFFD itself is well-formed */
}

static void text_that_is_too_wide_is_cut_with_an_ellipsis(void **state) {
	(void)state;
	SHOWN("abcdef", 6, "abcdef", 6);
	SHOWN("abcdef", 5, "abcd…", 5);
	SHOWN("abcdef", 1, "…", 1);
	SHOWN("東京都", 6, "東京都", 6);
	SHOWN("東京都", 5, "東京…", 5);
	SHOWN("東京都", 4, "東…", 3); /* half a character does not fit */
	SHOWN("ab\x1b"
	      "cd",
		5, "ab\\e…", 5);
	SHOWN("ab\x1b"
	      "cd",
		4, "ab…", 3); /* nor half an escape */
	SHOWN("ae\xCC\x81"
	      "bc",
		3, "ae\xCC\x81…", 3);
}

static void a_buffer_takes_whole_characters_only(void **state) {
	(void)state;
	char out[6];
	assert_int_equal(ix_display_format(out, sizeof out, IX_STR("ab東京"), 0),
		5); /* 2 + 3 bytes; the next needs 3 more */
	assert_string_equal(out, "ab東");
	assert_int_equal(ix_display_format(out, 1, IX_STR("ab"), 0), 0);
	assert_string_equal(out, "");
}

IX_TESTS(test_display, cmocka_unit_test(colours_on_a_terminal_only),
	cmocka_unit_test(obeys_no_color_when_it_is_not_empty),
	cmocka_unit_test(obeys_a_dumb_or_unknown_terminal),
	cmocka_unit_test(forces_colour_into_a_pipe_unless_no_color_forbids),
	cmocka_unit_test(obeys_clicolor_0), cmocka_unit_test(a_file_is_not_a_terminal),
	cmocka_unit_test(every_meaning_has_its_sequence_and_none_without_colour),
	cmocka_unit_test(every_code_point_is_as_wide_as_libc_says),
	cmocka_unit_test(control_characters_take_no_column_by_themselves),
	cmocka_unit_test(text_is_as_wide_as_its_characters),
	cmocka_unit_test(control_characters_are_shown_escaped),
	cmocka_unit_test(what_reorders_or_hides_text_is_shown_escaped),
	cmocka_unit_test(ill_formed_bytes_are_shown_one_by_one),
	cmocka_unit_test(text_that_is_too_wide_is_cut_with_an_ellipsis),
	cmocka_unit_test(a_buffer_takes_whole_characters_only));
