/* Lines: how they look, what they never let through, who may write them. */
#include <inox/clock.h>
#include <inox/log.h>
#include <inox/rng.h>
#include <inox/text.h>
#include <inox/thread.h>

#include "helpers.h"

#include <errno.h>

typedef struct sheet {
	ix_log log;
	ix_clock_virtual clock;
	size_t lines;
	char last[IX_LOG_LINE_MAX + 1];
} sheet;

static void keep_line(void *context, ix_log_level level, ix_str line) {
	(void)level;
	sheet *s = context;
	assert_true(line.size <= IX_LOG_LINE_MAX);
	memcpy(s->last, line.data, line.size);
	s->last[line.size] = '\0';
	s->lines++;
}

/* 2026-01-02T03:04:05.678901234Z; date -u -d 2026-01-02T03:04:05Z +%s gives the seconds. */
static const int64_t a_time_ns = INT64_C(1767323045678901234);

static void open_sheet(sheet *s, ix_log_options options) {
	memset(s, 0, sizeof *s);
	ix_clock_virtual_init(&s->clock, a_time_ns);
	options.sink = keep_line;
	options.sink_context = s;
	options.clock = &s->clock.clock;
	ix_log_init(&s->log, &options);
}

static void writes_text_for_people(void **state) {
	(void)state;
	sheet s;
	open_sheet(&s, (ix_log_options){.name = "trade"});
	ix_log_info(&s.log, "book opened", IX_LOG_TEXT_OF("symbol", "ABC"), IX_LOG_INT("depth", -10),
		IX_LOG_UINT("id", UINT64_MAX), IX_LOG_BOOL("live", true), IX_LOG_DOUBLE("ratio", 0.1),
		IX_LOG_DURATION("took", 1500000));
	assert_string_equal(s.last,
		"2026-01-02T03:04:05.678901Z INFO  trade: book opened symbol=ABC depth=-10 "
		"id=18446744073709551615 live=true ratio=0.1 took=1.5ms\n");
	ix_log_fini(&s.log);
}

static void writes_json_for_machines(void **state) {
	(void)state;
	sheet s;
	open_sheet(&s, (ix_log_options){.format = IX_LOG_JSON, .name = "trade"});
	static const uint8_t trace[16] = {0x4b, 0xf9, 0x2f, 0x35, 0x77, 0xb3, 0x4d, 0xa6, 0xa3, 0xce, 0x92,
		0x9d, 0x0e, 0x0e, 0x47, 0x36};
	ix_log_warn(&s.log, "gap", IX_LOG_STR("symbol", IX_STR("ABC")), IX_LOG_INT("lost", 3),
		IX_LOG_BOOL("live", false), IX_LOG_DOUBLE("ratio", 1e300),
		IX_LOG_DURATION("took", -1500000001),
		IX_LOG_HEX("digest", ((ix_bytes){(const uint8_t *)"\x00\xff", 2})), IX_LOG_TRACE(trace));
	assert_string_equal(s.last,
		"{\"time\":\"2026-01-02T03:04:05.678901234Z\",\"level\":\"warn\",\"name\":\"trade\","
		"\"message\":\"gap\",\"symbol\":\"ABC\",\"lost\":3,\"live\":false,\"ratio\":1e+300,"
		"\"took\":-1.500000001,\"digest\":\"00ff\",\"trace_id\":\"4bf92f3577b34da6a3ce929d0e0e4736\"}"
		"\n");
	ix_log_fini(&s.log);
}

static void colour_is_only_around_the_level(void **state) {
	(void)state;
	sheet s;
	open_sheet(&s, (ix_log_options){.colour = true});
	ix_log_error(&s.log, "bad");
	assert_string_equal(s.last, "2026-01-02T03:04:05.678901Z \x1b[31mERROR \x1b[0mbad\n");
	open_sheet(&s, (ix_log_options){.colour = true, .format = IX_LOG_JSON});
	ix_log_error(&s.log, "bad");
	assert_null(strchr(s.last, '\x1b'));
	ix_log_fini(&s.log);
}

static void durations_read_well(void **state) {
	(void)state;
	static const struct {
		int64_t ns;
		const char *text;
	} cases[] = {{0, "0ns"}, {999, "999ns"}, {1000, "1us"}, {1050, "1.05us"}, {1001, "1.001us"},
		{2000000000, "2s"}, {61000000000, "61s"}, {-1500, "-1.5us"}, {1234567, "1.234ms"},
		{INT64_MIN, "-9223372036.854s"}};
	for (size_t i = 0; i < IX_COUNT(cases); i++) {
		sheet s;
		char expected[64];
		open_sheet(&s, (ix_log_options){0});
		ix_log_info(&s.log, "m", IX_LOG_DURATION("d", cases[i].ns));
		snprintf(expected, sizeof expected, " d=%s\n", cases[i].text);
		assert_non_null(strstr(s.last, expected));
		ix_log_fini(&s.log);
	}
}

static void numbers_json_does_not_have_are_text(void **state) {
	(void)state;
	sheet s;
	open_sheet(&s, (ix_log_options){.format = IX_LOG_JSON});
	ix_log_info(&s.log, "m", IX_LOG_DOUBLE("a", __builtin_nan("")), IX_LOG_DOUBLE("b", -__builtin_inf()),
		IX_LOG_DOUBLE("c", 1.0 / 3));
	assert_non_null(strstr(s.last, "\"a\":\"nan\",\"b\":\"-inf\",\"c\":0.3333333333333333}"));
	ix_log_fini(&s.log);
}

static void a_secret_is_never_printed(void **state) {
	(void)state;
	sheet s;
	open_sheet(&s, (ix_log_options){0});
	ix_log_info(&s.log, "login", IX_LOG_SECRET("password"));
	assert_non_null(strstr(s.last, "login password=***\n"));
	open_sheet(&s, (ix_log_options){.format = IX_LOG_JSON});
	ix_log_info(&s.log, "login", IX_LOG_SECRET("password"));
	assert_non_null(strstr(s.last, "\"password\":\"***\"}"));
	ix_log_fini(&s.log);
}

static void no_trace_is_left_out(void **state) {
	(void)state;
	sheet s;
	static const uint8_t none[16];
	open_sheet(&s, (ix_log_options){0});
	ix_log_info(&s.log, "m", IX_LOG_TRACE(none), IX_LOG_TRACE(NULL), IX_LOG_INT("n", 1));
	assert_non_null(strstr(s.last, " m n=1\n"));
	ix_log_fini(&s.log);
}

/* ---- hostile bytes ---- */

static void a_value_cannot_forge_a_line_or_a_field(void **state) {
	(void)state;
	sheet s;
	open_sheet(&s, (ix_log_options){0});
	ix_log_info(&s.log, "m", IX_LOG_STR("v", IX_STR("a\n2026 ERROR forged level=error \"q\" \\")));
	assert_non_null(strstr(s.last, " v=\"a\\n2026 ERROR forged level=error \\\"q\\\" \\\\\"\n"));
	ix_log_info(&s.log, "m", IX_LOG_STR("v", IX_STR("")));
	assert_non_null(strstr(s.last, " m v=\"\"\n"));
	ix_log_info(&s.log, "m", IX_LOG_STR("v", IX_STR("a=b")));
	assert_non_null(strstr(s.last, " m v=\"a=b\"\n"));
	ix_log_fini(&s.log);
}

static void a_value_cannot_move_the_cursor_or_turn_the_text_around(void **state) {
	(void)state;
	sheet s;
	open_sheet(&s, (ix_log_options){0});
	/* ESC [ 2 J; DEL; CSI of 8 bits (U+009B); right-to-left override; line separator; NUL; a lone byte */
	ix_log_info(
		&s.log, "m", IX_LOG_STR("v", IX_STR("\x1b[2J\x7f\xC2\x9B\xE2\x80\xAE\xE2\x80\xA8\0\xFF")));
	assert_non_null(strstr(s.last, " v=\"\\u001b[2J\\u007f\\u009b\\u202e\\u2028\\u0000\xEF\xBF\xBD\"\n"));
	ix_log_info(&s.log, "a\x1b[0mb");
	assert_non_null(strstr(s.last, "a\\u001b[0mb\n"));
	ix_log_info(&s.log, "m", IX_LOG_STR("v", IX_STR("gr\xC3\xBC\xC3\x9F")));
	assert_non_null(strstr(s.last, " v=\"gr\xC3\xBC\xC3\x9F\"\n")); /* plain letters stay */
	ix_log_fini(&s.log);
}

/* An independent reader of JSON's grammar (RFC 8259), enough for one flat object of scalars. */
static const char *skip_string(const char *p) {
	if (*p++ != '"') return NULL;
	for (; *p != '"'; p++) {
		if ((unsigned char)*p < 0x20) return NULL;
		if (*p != '\\') continue;
		p++;
		if (*p == 'u') {
			for (int i = 0; i < 4; i++) {
				p++;
				if (!*p || !strchr("0123456789abcdefABCDEF", *p)) return NULL;
			}
		} else if (!*p || !strchr("\"\\/bfnrt", *p)) {
			return NULL;
		}
	}
	return p + 1;
}

static const char *skip_scalar(const char *p) {
	if (*p == '"') return skip_string(p);
	if (strncmp(p, "true", 4) == 0) return p + 4;
	if (strncmp(p, "false", 5) == 0) return p + 5;
	const char *start = p;
	p += *p == '-';
	if (*p == '0')
		p++;
	else
		while (*p >= '0' && *p <= '9') p++;
	if (p == start || p[-1] == '-') return NULL;
	if (*p == '.') p += 1 + strspn(p + 1, "0123456789");
	if (*p == 'e' || *p == 'E') {
		p += 1 + (p[1] == '+' || p[1] == '-');
		size_t digits = strspn(p, "0123456789");
		if (!digits) return NULL;
		p += digits;
	}
	return p;
}

static bool is_json_line(const char *line, size_t *ret_members) {
	const char *p = line;
	*ret_members = 0;
	if (*p++ != '{') return false;
	for (;;) {
		p = skip_string(p);
		if (!p || *p != ':') return false;
		p = skip_scalar(p + 1);
		if (!p) return false;
		++*ret_members;
		if (*p == '}') return strcmp(p, "}\n") == 0 && ix_utf8_is_valid(ix_str_from(line));
		if (*p++ != ',') return false;
	}
}

static void any_bytes_make_one_line_of_json(void **state) {
	(void)state;
	ix_rng rng;
	ix_rng_seed(&rng, ix_testing_seed());
	static char bytes[3][3000];
	size_t rounds = ix_testing_long() ? 100000 : 2000;
	for (size_t round = 0; round < rounds; round++) {
		sheet s;
		ix_str texts[3];
		open_sheet(&s, (ix_log_options){.format = IX_LOG_JSON, .site_burst = UINT32_MAX});
		for (int i = 0; i < 3; i++) {
			texts[i] = (ix_str){
				bytes[i], (size_t)ix_rng_below(&rng, round % 3 ? 40 : sizeof bytes[0] - 1)};
			for (size_t j = 0; j < texts[i].size; j++)
				bytes[i][j] = (char)(ix_rng_below(&rng, 2) ? ix_rng_below(&rng, 256)
									   : ix_rng_below(&rng, 40));
			bytes[i][texts[i].size] = '\0';
		}
		ix_log_info(&s.log, bytes[2], IX_LOG_STR("a", texts[0]), IX_LOG_STR("b", texts[1]),
			IX_LOG_HEX("h", ix_str_bytes(texts[2])), IX_LOG_DOUBLE("d", ix_rng_double(&rng)),
			IX_LOG_STR("c", texts[1]), IX_LOG_STR(bytes[1], texts[0]));
		size_t members;
		if (!is_json_line(s.last, &members)) fail_msg("%s", s.last);
		/* time, level, message, and either all six fields or the mark that some are missing */
		bool is_cut = strstr(s.last, ",\"cut\":true}") != NULL;
		if (is_cut ? members >= 10 : members != 9) fail_msg("%zu %s", members, s.last);
		ix_log_fini(&s.log);
	}
}

static void what_does_not_fit_is_left_out_whole(void **state) {
	(void)state;
	for (int format = IX_LOG_TEXT; format <= IX_LOG_JSON; format++) {
		sheet s;
		char huge[5000];
		memset(huge, 'x', sizeof huge);
		open_sheet(&s, (ix_log_options){.format = (ix_log_format)format});
		ix_str value = {huge, sizeof huge};
		ix_log_info(&s.log, "m", IX_LOG_STR("a", value), IX_LOG_STR("b", value),
			IX_LOG_STR("c", value), IX_LOG_STR("d", value), IX_LOG_INT("last", 7));
		/* Three values of 1024 bytes and their marks fit, the fourth does not, the last does. */
		assert_non_null(strstr(s.last, format == IX_LOG_JSON ? ",\"c\":\"xx" : " c=\"xx"));
		assert_non_null(strstr(s.last, "xx\xE2\x80\xA6\""));
		assert_null(strstr(s.last, format == IX_LOG_JSON ? "\"d\"" : " d="));
		assert_non_null(strstr(s.last,
			format == IX_LOG_JSON ? ",\"last\":7,\"cut\":true}\n" : " last=7 cut=true\n"));
		ix_log_fini(&s.log);
	}
}

static void a_cut_is_between_characters(void **state) {
	(void)state;
	char text[IX_LOG_VALUE_MAX + 8];
	for (size_t shift = 0; shift < 4; shift++) {
		/* 4-byte characters, at every position relative to the limit */
		memset(text, 'x', sizeof text);
		for (size_t i = shift; i + 4 <= sizeof text; i += 4) memcpy(text + i, "\xF0\x9F\x98\x80", 4);
		sheet s;
		open_sheet(&s, (ix_log_options){0});
		ix_log_info(&s.log, "m", IX_LOG_STR("v", ((ix_str){text, IX_LOG_VALUE_MAX + 4 + shift})));
		assert_null(strstr(s.last, "\xEF\xBF\xBD"));
		assert_non_null(strstr(s.last, "\xF0\x9F\x98\x80\xE2\x80\xA6\"\n"));
		ix_log_fini(&s.log);
	}
}

/* ---- who may write ---- */

static void only_the_levels_asked_for_are_written(void **state) {
	(void)state;
	sheet s;
	open_sheet(&s, (ix_log_options){.level = IX_LOG_WARN});
	ix_log_debug(&s.log, "m");
	ix_log_info(&s.log, "m");
	assert_int_equal(s.lines, 0);
	ix_log_warn(&s.log, "m");
	ix_log_error(&s.log, "m");
	assert_int_equal(s.lines, 2);
	ix_log_set_level(&s.log, IX_LOG_OFF);
	ix_log_error(&s.log, "m");
	assert_int_equal(s.lines, 2);
	ix_log_set_level(&s.log, IX_LOG_DEBUG);
	ix_log_debug(&s.log, "m");
	assert_int_equal(s.lines, 3);
	ix_log_info((ix_log *)NULL, "no log: nothing happens");
	ix_log_fini(&s.log);
}

static void levels_are_read_from_text(void **state) {
	(void)state;
	ix_log_level level = IX_LOG_OFF;
	assert_true(ix_log_level_parse(IX_STR("debug"), &level));
	assert_int_equal(level, IX_LOG_DEBUG);
	assert_true(ix_log_level_parse(IX_STR("off"), &level));
	assert_int_equal(level, IX_LOG_OFF);
	assert_false(ix_log_level_parse(IX_STR("DEBUG"), &level));
	assert_false(ix_log_level_parse(IX_STR(""), &level));
}

static void log_here(sheet *s) { ix_log_info(&s->log, "again", IX_LOG_INT("n", 1)); }

static void a_call_site_that_repeats_itself_is_held_back_and_says_so(void **state) {
	(void)state;
	sheet s;
	open_sheet(&s, (ix_log_options){.site_burst = 5});
	ix_clock_virtual_set(&s.clock, 100 * IX_NS_PER_SECOND);
	for (int i = 0; i < 12; i++) log_here(&s);
	assert_int_equal(s.lines, 5);
	ix_log_info(&s.log, "another place is free");
	assert_int_equal(s.lines, 6);
	ix_clock_virtual_advance(&s.clock, IX_NS_PER_SECOND);
	log_here(&s);
	assert_int_equal(s.lines, 7);
	assert_non_null(strstr(s.last, " again n=1 suppressed=7\n"));
	log_here(&s);
	assert_null(strstr(s.last, "suppressed"));
	ix_log_fini(&s.log);
}

static void the_count_of_lines_held_back_always_fits(void **state) {
	(void)state;
	sheet s;
	char huge[1000];
	memset(huge, 'y', sizeof huge);
	ix_str value = {huge, sizeof huge};
	open_sheet(&s, (ix_log_options){.site_burst = 1, .format = IX_LOG_JSON});
	for (int i = 0; i < 3; i++) {
		if (i == 2) ix_clock_virtual_advance(&s.clock, IX_NS_PER_SECOND);
		/* Four fields that fill the line to the last few bytes of its reserve. */
		ix_log_info(&s.log, "m", IX_LOG_STR("a", value), IX_LOG_STR("b", value),
			IX_LOG_STR("c", value), IX_LOG_STR("d", ix_str_slice(value, 0, 880)),
			IX_LOG_STR("e", value));
	}
	assert_int_equal(s.lines, 2);
	assert_non_null(strstr(s.last, ",\"suppressed\":1,\"cut\":true}\n"));
	ix_log_fini(&s.log);
}

static void writes_whole_lines_to_a_descriptor(void **state) {
	(void)state;
	char path[PATH_BYTES];
	int file = open(path_in(path, ix_testing_directory(), "log"), O_CREAT | O_WRONLY, 0600);
	ix_clock_virtual clock;
	ix_clock_virtual_init(&clock, 0);
	ix_log log;
	ix_log_init(&log, &(ix_log_options){.descriptor = file, .clock = &clock.clock});
	errno = 77;
	ix_log_info(&log, "one");
	ix_log_info(&log, "two");
	assert_int_equal(errno, 77);
	ix_log_fini(&log);
	close(file);
	assert_file_is(
		path, "1970-01-01T00:00:00.000000Z INFO  one\n1970-01-01T00:00:00.000000Z INFO  two\n");
}

static void a_log_that_nobody_reads_drops_lines_and_does_not_block(void **state) {
	(void)state;
	int ends[2];
	assert_int_equal(pipe2(ends, O_NONBLOCK), 0);
	ix_log log;
	ix_log_init(&log, &(ix_log_options){.descriptor = ends[1], .site_burst = 100000});
	char huge[900];
	memset(huge, 'x', sizeof huge);
	for (int i = 0; i < 80; i++) ix_log_info(&log, "m", IX_LOG_STR("v", ((ix_str){huge, sizeof huge})));
	assert_true(log.dropped >= 1);
	/* Read it all; whatever came through, later lines stand on lines of their own. */
	static char text[200000];
	ssize_t size = read(ends[0], text, sizeof text);
	assert_true(size > 60000);
	ix_log_info(&log, "after");
	size = read(ends[0], text, sizeof text - 1);
	assert_true(size > 0);
	text[size] = '\0';
	char *line = text[0] == '\n' ? text + 1 : text; /* ends a line that was cut */
	assert_int_equal(strspn(line, "0123456789-T:.Z"), 27);
	ix_log_fini(&log);
	close(ends[0]), close(ends[1]);
}

static void log_many(void *context) {
	ix_log *log = context;
	for (int i = 0; i < 500; i++)
		ix_log_info(log, "from a thread", IX_LOG_INT("i", i), IX_LOG_STR("v", IX_STR("some text")));
}

static void count_whole(void *context, ix_log_level level, ix_str line) {
	(void)level;
	size_t *count = context; /* under the log's lock */
	*count += line.size > 60 && line.data[line.size - 1] == '\n';
}

static void threads_share_a_log(void **state) {
	(void)state;
	size_t count = 0;
	ix_log log;
	ix_log_init(
		&log, &(ix_log_options){.sink = count_whole, .sink_context = &count, .site_burst = 1000000});
	ix_thread *threads[4];
	for (int i = 0; i < 4; i++)
		assert_int_equal(ix_thread_start(NULL, log_many, &log, &threads[i], NULL), 0);
	for (int i = 0; i < 4; i++) {
		ix_log_set_level(&log, IX_LOG_DEBUG);
		ix_thread_join(threads[i]);
	}
	assert_int_equal(count, 2000);
	ix_log_fini(&log);
}

IX_TESTS(test_log, cmocka_unit_test(writes_text_for_people), cmocka_unit_test(writes_json_for_machines),
	cmocka_unit_test(colour_is_only_around_the_level), cmocka_unit_test(durations_read_well),
	cmocka_unit_test(numbers_json_does_not_have_are_text), cmocka_unit_test(a_secret_is_never_printed),
	cmocka_unit_test(no_trace_is_left_out), cmocka_unit_test(a_value_cannot_forge_a_line_or_a_field),
	cmocka_unit_test(a_value_cannot_move_the_cursor_or_turn_the_text_around),
	cmocka_unit_test(any_bytes_make_one_line_of_json),
	cmocka_unit_test(what_does_not_fit_is_left_out_whole), cmocka_unit_test(a_cut_is_between_characters),
	cmocka_unit_test(only_the_levels_asked_for_are_written), cmocka_unit_test(levels_are_read_from_text),
	cmocka_unit_test(a_call_site_that_repeats_itself_is_held_back_and_says_so),
	cmocka_unit_test(the_count_of_lines_held_back_always_fits),
	cmocka_unit_test(writes_whole_lines_to_a_descriptor),
	cmocka_unit_test(a_log_that_nobody_reads_drops_lines_and_does_not_block),
	cmocka_unit_test(threads_share_a_log));
