/* Formatting: what libc's snprintf makes of the same format is the expected text. */
#include "heap.h"

#include <stddef.h>

#define SAME(...)                                                                       \
	do {                                                                            \
		char ours[128], theirs[128];                                            \
		size_t length = ix_format(ours, sizeof ours, __VA_ARGS__);              \
		assert_int_equal(length, snprintf(theirs, sizeof theirs, __VA_ARGS__)); \
		assert_string_equal(ours, theirs);                                      \
	} while (0)

static const int64_t numbers[] = {0, 1, -1, 9, 10, -10, 127, 128, 255, 32767, 65535, 99999, INT32_MAX,
	INT32_MIN, INT64_MAX, INT64_MIN, INT64_MAX - 1};

static void integers_of_every_length_are_those_of_printf(void **state) {
	(void)state;
	for (size_t i = 0; i < IX_COUNT(numbers); i++) {
		int64_t n = numbers[i];
		SAME("%d %i %u %x %X", (int)n, (int)n, (unsigned)n, (unsigned)n, (unsigned)n);
		SAME("%hhd %hhu %hd %hu", (signed char)n, (unsigned char)n, (short)n, (unsigned short)n);
		SAME("%ld %lu %lld %llx", (long)n, (unsigned long)n, (long long)n, (unsigned long long)n);
		SAME("%zu %zd %jd %ju %td", (size_t)n, (ssize_t)n, (intmax_t)n, (uintmax_t)n, (ptrdiff_t)n);
		SAME("%lli %hhx %lX %jX", (long long)n, (unsigned char)n, (unsigned long)n, (uintmax_t)n);
	}
}

static void flags_width_and_precision_are_those_of_printf(void **state) {
	(void)state;
	for (size_t i = 0; i < IX_COUNT(numbers); i++) {
		int n = (int)numbers[i];
		SAME("[%5d] [%-5d] [%05d] [%+d] [%+05d] [%-+5d]", n, n, n, n, n, n);
		SAME("[%.0d] [%.3d] [%8.3d] [%-8.3d] [%+.3d]", n, n, n, n, n);
		SAME("[%*d] [%-*d] [%.*d] [%*.*d]", 7, n, 7, n, 4, n, 9, 3, n);
		SAME("[%*d] [%.*d]", -7, n, -4, n);
		SAME("[%08x] [%.4X] [%-10x] [%020u]", (unsigned)n, (unsigned)n, (unsigned)n, (unsigned)n);
	}
}

static void a_zero_flag_gives_way_to_minus_and_to_a_precision(void **state) {
	(void)state;
	const char *volatile format = "[%-05d] [%08.3d]"; /* or the compiler warns */
	for (size_t i = 0; i < IX_COUNT(numbers); i++) {
		char ours[64], theirs[64];
		ix_format(ours, sizeof ours, format, (int)numbers[i], (int)numbers[i]);
		snprintf(theirs, sizeof theirs, format, (int)numbers[i], (int)numbers[i]);
		assert_string_equal(ours, theirs);
	}
}

static void characters_and_strings_are_those_of_printf(void **state) {
	(void)state;
	SAME("[%c] [%3c] [%-3c]", 'a', 'b', 'c');
	SAME("[%s] [%5s] [%-5s] [%2s]", "abc", "abc", "abc", "abc");
	SAME("[%.2s] [%5.2s] [%-5.2s] [%.0s] [%.9s]", "abc", "abc", "abc", "abc", "abc");
	SAME("%d%%", 50);
	SAME("no directive");
	SAME("%s", "");
}

static void a_precision_reads_no_further_than_it_says(void **state) {
	(void)state;
	const char bytes[3] = {'a', 'b', 'c'}; /* no NUL */
	char out[16];
	assert_int_equal(ix_format(out, sizeof out, "%.*s|", IX_STR_ARG(((ix_str){bytes, 3}))), 4);
	assert_string_equal(out, "abc|");
}

static void a_null_string_is_shown(void **state) {
	(void)state;
	char out[16];
	const char *volatile nothing = NULL;
	ix_format(out, sizeof out, "%s", nothing);
	assert_string_equal(out, "(null)");
}

static void pointers_are_hexadecimal(void **state) {
	(void)state;
	char out[32];
	ix_format(out, sizeof out, "%p", (void *)(uintptr_t)0xBEEF); // NOLINT(performance-no-int-to-ptr)
	assert_string_equal(out, "0xbeef");
}

static void the_text_is_cut_and_the_whole_length_returned(void **state) {
	(void)state;
	char out[8];
	for (size_t capacity = 1; capacity <= sizeof out; capacity++) {
		memset(out, '#', sizeof out);
		assert_int_equal(ix_format(out, capacity, "%s-%05d", "abc", 42), 9);
		assert_int_equal(strlen(out), capacity - 1);
		assert_memory_equal(out, "abc-00042", capacity - 1);
		for (size_t i = capacity; i < sizeof out; i++) assert_int_equal(out[i], '#');
	}
}

static void huge_widths_do_not_overflow(void **state) {
	(void)state;
	char out[4];
	const char *volatile format = "%99999999999999999999d"; /* a count saturates */
	size_t length = ix_format(out, sizeof out, format, 7);
	assert_true(length >= 100000 && length < 10000000);
	assert_string_equal(out, "   ");
}

static void a_directive_we_do_not_have_is_shown_as_it_stands(void **state) {
	(void)state;
	char out[32];
	const char *volatile wrong[] = {"%f", "a%", "%5", "%llq!", "%l"};
	const char *shown[] = {"%f", "a%", "%5", "%llq!", "%l"};
	for (size_t i = 0; i < IX_COUNT(wrong); i++) {
		ix_format(out, sizeof out, wrong[i], 1);
		assert_string_equal(out, shown[i]);
	}
}

static void no_room_at_all_is_our_own_mistake(void **state) {
	(void)state;
	char out[1];
	assert_true(PANICS(ix_format(out, 0, "x")));
}

IX_TESTS(test_format, cmocka_unit_test(integers_of_every_length_are_those_of_printf),
	cmocka_unit_test(flags_width_and_precision_are_those_of_printf),
	cmocka_unit_test(a_zero_flag_gives_way_to_minus_and_to_a_precision),
	cmocka_unit_test(characters_and_strings_are_those_of_printf),
	cmocka_unit_test(a_precision_reads_no_further_than_it_says), cmocka_unit_test(a_null_string_is_shown),
	cmocka_unit_test(pointers_are_hexadecimal),
	cmocka_unit_test(the_text_is_cut_and_the_whole_length_returned),
	cmocka_unit_test(huge_widths_do_not_overflow),
	cmocka_unit_test(a_directive_we_do_not_have_is_shown_as_it_stands),
	cmocka_unit_test(no_room_at_all_is_our_own_mistake));
