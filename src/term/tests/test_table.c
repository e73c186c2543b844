/* test_table.c - one description of a table as people see it, as JSON and as CSV, character by character. */
#include <inox/alloc.h>
#include <inox/command.h>
#include <inox/json_writer.h>
#include <inox/table.h>
#include <inox/testing.h>

#include <errno.h>
#include <math.h>

typedef struct book {
	const char *symbol;
	int64_t orders;
	int64_t bid_e4;
	bool halted;
} book;

static const book books[] = {
	{"ABC", 12, 1234500, false},
	{"LONGEST", 1234567, 5, true},
	{"Ü東", -3, -100000000, false},
};

static const ix_table_column book_columns[] = {
	{"symbol", .kind = IX_TABLE_TEXT},
	{"orders", .kind = IX_TABLE_INTEGER, .grouped = true},
	{"best_bid", .kind = IX_TABLE_DECIMAL, .decimals = 4},
	{"halted", .title = "stop", .kind = IX_TABLE_BOOLEAN},
	{0},
};

static char text[65536];

/* Opens a stream into `text`. */
static FILE *open_text(void) {
	memset(text, 0, sizeof text);
	FILE *file = fmemopen(text, sizeof text, "w");
	assert_non_null(file);
	return file;
}

static ix_table *open_table(const ix_table_column *columns, ix_table_options options, FILE *out) {
	ix_table *table;
	ix_error error = {0};
	if (ix_table_new(columns, &options, out, &table, &error)) fail_msg("%s", error.text);
	return table;
}

static void close_table(ix_table *table, FILE *out) {
	ix_error error = {0};
	if (ix_table_end(table, &error)) fail_msg("%s", error.text);
	fclose(out);
}

static void print_books(ix_table_options options) {
	FILE *out = open_text();
	ix_table *table = open_table(book_columns, options, out);
	for (size_t i = 0; i < IX_COUNT(books); i++) {
		ix_table_text(table, ix_str_from(books[i].symbol));
		ix_table_integer(table, books[i].orders);
		ix_table_decimal(table, books[i].bid_e4);
		ix_table_boolean(table, books[i].halted);
	}
	assert_int_equal(ix_table_row_count(table), 3);
	close_table(table, out);
}

static void people_see_aligned_columns_under_headings_with_a_rule(void **state) {
	(void)state;
	print_books((ix_table_options){0});
	/* symbol 7 wide; orders "1,234,567" 9; best bid: 6 before the point, 5 with and after it: 11; stop 4
	 */
	assert_string_equal(text, "symbol      orders     best bid  stop\n"
				  "───────  ─────────  ───────────  ────\n"
				  "ABC             12     123.4500  no\n"
				  "LONGEST  1,234,567       0.0005  yes\n"
				  "Ü東             -3  -10000.0000  no\n");
}

static void programs_get_json_with_proper_types_a_row_a_line(void **state) {
	(void)state;
	print_books((ix_table_options){.format = IX_TABLE_AS_JSON});
	assert_string_equal(text,
		"[\n"
		"  {\"symbol\": \"ABC\", \"orders\": 12, \"best_bid\": 123.4500, \"halted\": false},\n"
		"  {\"symbol\": \"LONGEST\", \"orders\": 1234567, \"best_bid\": 0.0005, \"halted\": true},\n"
		"  {\"symbol\": \"Ü東\", \"orders\": -3, \"best_bid\": -10000.0000, \"halted\": false}\n"
		"]\n");
}

static void programs_get_csv_with_a_header_and_crlf(void **state) {
	(void)state;
	print_books((ix_table_options){.format = IX_TABLE_AS_CSV});
	assert_string_equal(text, "symbol,orders,best_bid,halted\r\n"
				  "ABC,12,123.4500,false\r\n"
				  "LONGEST,1234567,0.0005,true\r\n"
				  "Ü東,-3,-10000.0000,false\r\n");
}

static void csv_quotes_what_rfc_4180_says(void **state) {
	(void)state;
	static const ix_table_column columns[] = {{"a,b"}, {"c"}, {0}};
	static const char *const rows[][2] = {
		{"plain", "with space"}, {"comma,", "quote\"d"}, {"line\nbreak", "\r"}, {"", " "}};
	FILE *out = open_text();
	ix_table *table = open_table(columns, (ix_table_options){.format = IX_TABLE_AS_CSV}, out);
	for (size_t i = 0; i < IX_COUNT(rows); i++)
		for (size_t c = 0; c < 2; c++) ix_table_text(table, ix_str_from(rows[i][c]));
	close_table(table, out);
	assert_string_equal(text, "\"a,b\",c\r\n"
				  "plain,with space\r\n"
				  "\"comma,\",\"quote\"\"d\"\r\n"
				  "\"line\nbreak\",\"\r\"\r\n"
				  ", \r\n");
}

static const ix_table_column all_columns[] = {{"text"}, {"count", .kind = IX_TABLE_COUNT, .grouped = true},
	{"real", .kind = IX_TABLE_REAL, .decimals = 2, .grouped = true},
	{"size_bytes", .title = "size", .kind = IX_TABLE_SIZE},
	{"time_ns", .title = "time", .kind = IX_TABLE_DURATION},
	{"id", .kind = IX_TABLE_INTEGER, .hidden = true}, {0}};

static void print_all(ix_table_options options) {
	FILE *out = open_text();
	ix_table *table = open_table(all_columns, options, out);
	ix_table_text(table, IX_STR("x"));
	ix_table_count(table, UINT64_MAX);
	ix_table_real(table, 1234567.125);
	ix_table_size(table, 1536);
	ix_table_duration(table, 1500000);
	ix_table_integer(table, INT64_MIN);
	if (!options.record) {
		ix_table_text(table, IX_STR("a\nb\xFF"));
		ix_table_count(table, 0);
		ix_table_real(table, 0.1);
		ix_table_none(table);
		ix_table_duration(table, -1);
		ix_table_integer(table, INT64_MAX);
		ix_table_none(table);
		ix_table_none(table);
		ix_table_real(table, NAN);
		ix_table_size(table, 0);
		ix_table_none(table);
		ix_table_integer(table, 0);
	}
	close_table(table, out);
}

static void every_kind_for_people(void **state) {
	(void)state;
	print_all((ix_table_options){.title = "All kinds"});
	/* text: a \\n b \\xff is 8 wide; real: 9 before the point, 3 with and after it (a tie goes to the
	 * even 2); the dash stands before the point */
	assert_string_equal(text, "All kinds\n"
				  "text                           count          real     size      time\n"
				  "────────  ──────────────────────────  ────────────  ───────  ────────\n"
				  "x         18,446,744,073,709,551,615  1,234,567.12  1.5 KiB  1.500 ms\n"
				  "a\\nb\\xff                           0          0.10        –     -1 ns\n"
				  "–                                  –          –         0 B         –\n");
}

static void every_kind_as_json(void **state) {
	(void)state;
	print_all((ix_table_options){.format = IX_TABLE_AS_JSON});
	assert_string_equal(text, "[\n"
				  "  {\"text\": \"x\", \"count\": 18446744073709551615, \"real\": "
				  "1234567.125, \"size_bytes\": 1536, \"time_ns\": 1500000, "
				  "\"id\": -9223372036854775808},\n"
				  "  {\"text\": \"a\\nb\xEF\xBF\xBD\", \"count\": 0, \"real\": 0.1, "
				  "\"size_bytes\": null, \"time_ns\": -1, \"id\": 9223372036854775807},\n"
				  "  {\"text\": null, \"count\": null, \"real\": null, \"size_bytes\": 0, "
				  "\"time_ns\": null, \"id\": 0}\n"
				  "]\n");
}

static void every_kind_as_csv(void **state) {
	(void)state;
	print_all((ix_table_options){.format = IX_TABLE_AS_CSV});
	assert_string_equal(text, "text,count,real,size_bytes,time_ns,id\r\n"
				  "x,18446744073709551615,1234567.125,1536,1500000,-9223372036854775808\r\n"
				  "\"a\nb\xFF\",0,0.1,,-1,9223372036854775807\r\n"
				  ",,,0,,0\r\n");
}

static void a_record_is_a_line_a_column_or_one_object(void **state) {
	(void)state;
	print_all((ix_table_options){.record = true});
	assert_string_equal(text, "text   x\n"
				  "count  18,446,744,073,709,551,615\n"
				  "real   1,234,567.12\n"
				  "size   1.5 KiB\n"
				  "time   1.500 ms\n");
	print_all((ix_table_options){.record = true, .format = IX_TABLE_AS_JSON});
	assert_string_equal(text, "{\n"
				  "  \"text\": \"x\",\n"
				  "  \"count\": 18446744073709551615,\n"
				  "  \"real\": 1234567.125,\n"
				  "  \"size_bytes\": 1536,\n"
				  "  \"time_ns\": 1500000,\n"
				  "  \"id\": -9223372036854775808\n"
				  "}\n");
}

static void an_empty_table_is_headings_an_empty_array_or_a_header(void **state) {
	(void)state;
	static const char *const expected[] = {
		"symbol  orders  best bid  stop\n──────  ──────  ────────  ────\n", "[]\n",
		"symbol,orders,best_bid,halted\r\n"};
	for (size_t i = 0; i < 3; i++) {
		FILE *out = open_text();
		close_table(
			open_table(book_columns, (ix_table_options){.format = (ix_table_format)i}, out), out);
		assert_string_equal(text, expected[i]);
	}
}

static void tables_stand_in_a_document_under_their_keys(void **state) {
	(void)state;
	static const ix_table_column columns[] = {{"n", .kind = IX_TABLE_INTEGER}, {0}};
	char buffer[256];
	ix_json_writer json;
	FILE *out = open_text();
	ix_json_writer_init_sink(
		&json, buffer, sizeof buffer, ix_call_sink, out, (ix_json_style){.open_levels = 2});
	ix_json_object_begin(&json);
	for (int64_t t = 0; t < 2; t++) {
		ix_table *table = open_table(columns,
			(ix_table_options){.format = IX_TABLE_AS_JSON,
				.json = &json,
				.key = t ? "rows" : "total",
				.record = t == 0},
			out);
		for (int64_t i = 0; i <= t; i++) ix_table_integer(table, i);
		assert_int_equal(ix_table_end(table, NULL), 0);
	}
	ix_json_object_end(&json);
	assert_int_equal(ix_json_writer_finish(&json, NULL), 0);
	fclose(out);
	assert_string_equal(text, "{\n"
				  "  \"total\": {\n"
				  "    \"n\": 0\n"
				  "  },\n"
				  "  \"rows\": [\n"
				  "    {\"n\": 0},\n"
				  "    {\"n\": 1}\n"
				  "  ]\n"
				  "}");
}

static void reals_read_back_the_same_in_the_fewest_digits(void **state) {
	(void)state;
	static const ix_table_column columns[] = {{"r", .kind = IX_TABLE_REAL}, {0}};
	static const double values[] = {0.1, 1e300, 1.0 / 3, 5e-324, -0.0, 123456789012345680.0};
	FILE *out = open_text();
	ix_table *table = open_table(columns, (ix_table_options){.format = IX_TABLE_AS_CSV}, out);
	for (size_t i = 0; i < IX_COUNT(values); i++) ix_table_real(table, values[i]);
	close_table(table, out);
	/* 1/3 needs 16 digits; the smallest double needs one, and %.15g gives what reads back */
	assert_string_equal(text, "r\r\n0.1\r\n1e+300\r\n0.3333333333333333\r\n4.94065645841247e-324\r\n-"
				  "0\r\n1.2345678901234568e+17\r\n");
}

/* ---- width ---- */

static const ix_table_column wide_columns[] = {{"name"}, {"note"}, {"n", .kind = IX_TABLE_INTEGER}, {0}};

static void print_wide(unsigned columns) {
	FILE *out = open_text();
	ix_table *table = open_table(wide_columns, (ix_table_options){.columns = columns}, out);
	ix_table_text(table, IX_STR("a name of twenty-two.."));
	ix_table_text(table, IX_STR("a note of twenty-one."));
	ix_table_integer(table, 5);
	ix_table_text(table, IX_STR("short"));
	ix_table_text(table, IX_STR("short"));
	ix_table_integer(table, 12345);
	close_table(table, out);
}

static void text_gives_way_when_a_row_is_wider_than_the_terminal(void **state) {
	(void)state;
	print_wide(52); /* 22 + 2 + 21 + 2 + 5 = 52: just fits */
	assert_non_null(strstr(text, "a name of twenty-two..  a note of twenty-one.      5\n"));
	print_wide(
		42); /* ten less, each from what is widest: the name to 21, then both in turn to 16 and 17 */
	assert_string_equal(text, "name              note                   n\n"
				  "────────────────  ─────────────────  ─────\n"
				  "a name of twent…  a note of twenty…      5\n"
				  "short             short              12345\n");
}

static void numbers_are_kept_whole_and_the_rest_of_the_line_cut(void **state) {
	(void)state;
	print_wide(24); /* 8 + 2 + 8 + 2 leaves 4 for the number's 5 */
	assert_string_equal(text, "name      note         n\n"
				  "────────  ────────  ────\n"
				  "a name …  a note …     5\n"
				  "short     short     123…\n");
}

static void columns_without_room_are_counted_below(void **state) {
	(void)state;
	print_wide(24);
	assert_null(strstr(text, "hidden"));
	print_wide(18); /* 8 + 2 + 8: the number is just behind the edge */
	assert_string_equal(text, "name      note\n"
				  "────────  ────────\n"
				  "a name …  a note …\n"
				  "short     short\n"
				  "1 column hidden: …\n");
	print_wide(8);
	assert_non_null(strstr(text, "\n2 colum…\n"));
	static const ix_table_column many[] = {{"long_name_of_a_number", .kind = IX_TABLE_INTEGER},
		{"another_long_name", .kind = IX_TABLE_INTEGER}, {"third", .kind = IX_TABLE_INTEGER},
		{"fourth", .kind = IX_TABLE_INTEGER, .hidden = true}, {0}};
	FILE *out = open_text();
	ix_table *table = open_table(many, (ix_table_options){.columns = 40}, out);
	for (int i = 0; i < 4 * (IX_TABLE_WINDOW + 2); i++) ix_table_integer(table, 7);
	close_table(table, out);
	assert_non_null(strstr(text, "\n1 column hidden: --json has all\n")); /* behind all rows, once */
	assert_ptr_equal(strstr(text, "hidden"), strstr(text, "hidden: --json has all\n"));
	assert_int_equal(strlen(strstr(text, "hidden")), strlen("hidden: --json has all\n"));
}

static void without_a_terminal_nothing_is_cut(void **state) {
	(void)state;
	print_wide(0);
	assert_non_null(strstr(text, "a name of twenty-two..  a note of twenty-one.      5\n"));
}

static void colour_goes_around_the_text_and_not_around_the_blanks(void **state) {
	(void)state;
	static const ix_table_column columns[] = {
		{"side", .style = IX_STYLE_STRONG}, {"n", .kind = IX_TABLE_INTEGER}, {0}};
	FILE *out = open_text();
	ix_table *table = open_table(columns, (ix_table_options){.colour = true}, out);
	ix_table_text(table, IX_STR("b"));
	ix_table_style(table, IX_STYLE_BAD);
	ix_table_integer(table, 10);
	ix_table_style(table, IX_STYLE_GOOD);
	ix_table_text(table, IX_STR("s"));
	ix_table_integer(table, 2);
	close_table(table, out);
	assert_string_equal(text, "\x1b[1mside\x1b[0m   \x1b[1mn\x1b[0m\n"
				  "\x1b[2m────  ──\x1b[0m\n"
				  "\x1b[1mb\x1b[0m     \x1b[31m10\x1b[0m\n"
				  "\x1b[32ms\x1b[0m      2\n");
}

/* ---- limits and failures ---- */

static void rows_past_the_window_keep_its_widths_and_are_not_held_back(void **state) {
	(void)state;
	static const ix_table_column columns[] = {{"a"}, {"b"}, {0}};
	FILE *out = open_text();
	ix_table *table = open_table(columns, (ix_table_options){0}, out);
	for (size_t i = 0; i < IX_TABLE_WINDOW - 1; i++)
		ix_table_text(table, IX_STR("xx")), ix_table_text(table, IX_STR("y"));
	fflush(out);
	assert_string_equal(text, "");
	ix_table_text(table, IX_STR("xxx"));
	ix_table_text(table, IX_STR("y"));
	fflush(out);
	assert_int_equal(strncmp(text, "a    b\n───  ─\nxx   y\n", strlen("a    b\n───  ─\nxx   y\n")), 0);
	ix_table_text(table, IX_STR("wider than the window"));
	ix_table_text(table, IX_STR("z"));
	close_table(table, out);
	assert_non_null(strstr(text, "\nxxx  y\nwider than the window  z\n"));
}

static void a_huge_cell_is_clipped_for_people_and_whole_for_programs(void **state) {
	(void)state;
	static const ix_table_column columns[] = {{"a"}, {0}};
	static char huge[IX_TABLE_CELL_MAX + 100];
	memset(huge, 'x', sizeof huge);
	for (size_t format = 0; format < 3; format++) {
		char *kept = NULL;
		size_t size = 0;
		FILE *out = open_memstream(&kept, &size);
		assert_non_null(out);
		ix_table *table =
			open_table(columns, (ix_table_options){.format = (ix_table_format)format}, out);
		ix_table_text(table, (ix_str){huge, sizeof huge});
		close_table(table, out);
		size_t letters = 0;
		for (size_t i = 0; i < size; i++) letters += kept[i] == 'x';
		assert_int_equal(letters, format == 0 ? IX_TABLE_CELL_MAX : sizeof huge);
		free(kept);
	}
}

static void a_full_disk_is_an_error_at_the_end(void **state) {
	(void)state;
	for (size_t format = 0; format < 3; format++) {
		FILE *out = fopen("/dev/full", "w");
		assert_non_null(out);
		ix_table *table =
			open_table(book_columns, (ix_table_options){.format = (ix_table_format)format}, out);
		ix_table_text(table, IX_STR("A"));
		ix_table_integer(table, 1);
		ix_table_decimal(table, 1);
		ix_table_boolean(table, true);
		ix_error error = {0};
		assert_int_equal(ix_table_end(table, &error), IX_ERR_NO_SPACE);
		assert_string_equal(error.text, "the result could not be written: the disk is full");
		fclose(out);
	}
}

static void every_failed_allocation_is_an_error_and_leaks_nothing(void **state) {
	(void)state;
	ix_alloc_probe probe;
	ix_alloc_probe_init(&probe, NULL);
	const ix_allocator *before = ix_allocator_replace(&probe.allocator);
	unsigned failures = 0;
	for (uint64_t n = 1; n < 50; n++) {
		probe.calls = probe.failures = 0;
		probe.fail_at = n;
		FILE *out = open_text();
		ix_table *table;
		ix_error error = {0};
		int code = ix_table_new(book_columns, &(ix_table_options){0}, out, &table, &error);
		if (!code) {
			for (size_t i = 0; i < 3000; i++) {
				ix_table_text(table, IX_STR("a symbol of some length, to fill more than one "
							    "block of the arena"));
				ix_table_integer(table, (int64_t)i);
				ix_table_decimal(table, 5);
				ix_table_boolean(table, true);
			}
			code = ix_table_end(table, &error);
		}
		fclose(out);
		assert_int_equal(probe.live_blocks, 0);
		if (!probe.failures) break;
		failures++;
		assert_int_equal(code, IX_ERR_MEMORY);
		assert_int_equal(error.code, IX_ERR_MEMORY);
	}
	ix_allocator_replace(before);
	assert_true(failures >= 2);
}

static void freeing_a_table_prints_nothing_more(void **state) {
	(void)state;
	FILE *out = open_text();
	ix_table *table = open_table(book_columns, (ix_table_options){0}, out);
	ix_table_text(table, IX_STR("A"));
	ix_table_free(table);
	ix_table_free(NULL);
	fclose(out);
	assert_string_equal(text, "");
}

IX_TESTS(test_table, cmocka_unit_test(people_see_aligned_columns_under_headings_with_a_rule),
	cmocka_unit_test(programs_get_json_with_proper_types_a_row_a_line),
	cmocka_unit_test(programs_get_csv_with_a_header_and_crlf),
	cmocka_unit_test(csv_quotes_what_rfc_4180_says), cmocka_unit_test(every_kind_for_people),
	cmocka_unit_test(every_kind_as_json), cmocka_unit_test(every_kind_as_csv),
	cmocka_unit_test(a_record_is_a_line_a_column_or_one_object),
	cmocka_unit_test(an_empty_table_is_headings_an_empty_array_or_a_header),
	cmocka_unit_test(tables_stand_in_a_document_under_their_keys),
	cmocka_unit_test(reals_read_back_the_same_in_the_fewest_digits),
	cmocka_unit_test(text_gives_way_when_a_row_is_wider_than_the_terminal),
	cmocka_unit_test(numbers_are_kept_whole_and_the_rest_of_the_line_cut),
	cmocka_unit_test(columns_without_room_are_counted_below),
	cmocka_unit_test(without_a_terminal_nothing_is_cut),
	cmocka_unit_test(colour_goes_around_the_text_and_not_around_the_blanks),
	cmocka_unit_test(rows_past_the_window_keep_its_widths_and_are_not_held_back),
	cmocka_unit_test(a_huge_cell_is_clipped_for_people_and_whole_for_programs),
	cmocka_unit_test(a_full_disk_is_an_error_at_the_end),
	cmocka_unit_test(every_failed_allocation_is_an_error_and_leaks_nothing),
	cmocka_unit_test(freeing_a_table_prints_nothing_more));
