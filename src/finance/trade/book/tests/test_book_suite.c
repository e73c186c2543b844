/* Days with a known truth: the top ten levels of every symbol, after every so many messages, as an
 * independent program saw them. Days are found by pattern: X.itch.xz or X.itch, with X.truth.csv.xz or
 * X.truth.csv. */
#include "book_fixture.h"

#include <dirent.h>

enum { TOP = 10 };

typedef struct comparison {
	ix_books *books;
	ix_bytes day;
	ix_itch_run run;
	uint64_t rows, rows_expected, differences;
} comparison;

/* How many rows there should be now: levels of all symbols and sides, ten at most of each. */
static uint64_t rows_now(const ix_books *books) {
	uint64_t rows = 0;
	for (uint32_t locate = 1; locate <= ix_books_locate_last(books); locate++) {
		rows += ix_size_min(TOP, ix_book_level_count(books, (uint16_t)locate, BID));
		rows += ix_size_min(TOP, ix_book_level_count(books, (uint16_t)locate, ASK));
	}
	return rows;
}

static void advance_to(comparison *c, uint64_t message) {
	ix_error err = {0};
	ix_bytes rest = {c->day.data + c->run.offset, c->day.size - c->run.offset};
	if (ix_books_run(c->books, rest, &c->run, message - c->run.message_count, &err) != 0)
		fail_msg("%s", err.text);
	assert_int_equal(c->run.message_count, message);
	c->rows_expected += rows_now(c->books);
	assert_whole(c->books);
}

static uint64_t number(ix_str field) {
	uint64_t value = 0;
	assert_true(ix_str_to_u64(field, &value));
	return value;
}

/* after_message,symbol,side,level,price_1e4,shares,orders */
static void compare_row(comparison *c, ix_str row) {
	uint64_t message = number(ix_str_cut(&row, ','));
	if (message != c->run.message_count || c->rows == 0) advance_to(c, message);
	uint16_t locate = ix_books_find_symbol(c->books, ix_str_cut(&row, ','));
	ix_book_side side = ix_str_equal(ix_str_cut(&row, ','), IX_STR("B")) ? BID : ASK;
	size_t index = (size_t)number(ix_str_cut(&row, ','));
	assert_true(index < TOP);
	ix_book_level levels[TOP] = {0};
	(void)ix_book_depth(c->books, locate, side, levels, TOP);
	uint64_t price = number(ix_str_cut(&row, ',')), shares = number(ix_str_cut(&row, ',')),
		 orders = number(row);
	c->differences += levels[index].price_e4 != price || levels[index].shares != shares ||
			  levels[index].order_count != orders;
	c->rows++;
}

static void compare_day(const char *day_path, const char *truth_path) {
	size_t day_size, truth_size;
	uint8_t *day = ix_testing_read(day_path, &day_size),
		*truth = ix_testing_read(truth_path, &truth_size);
	ix_books_options options = {.allocator = ix_os_allocator(),
		.orders_reserve = 1 << 16,
		.levels_reserve = 1 << 14,
		.is_strict = true};
	comparison c = {.books = books_with(&options), .day = {day, day_size}};
	ix_str rows = {(const char *)truth, truth_size};
	(void)ix_str_cut(&rows, '\n');
	while (rows.size > 0) compare_row(&c, ix_str_trim(ix_str_cut(&rows, '\n')));
	printf("%s: %llu states, %llu differences\n", day_path, (unsigned long long)c.rows,
		(unsigned long long)c.differences);
	assert_true(c.rows > 0);
	assert_int_equal(c.differences, 0);
	assert_int_equal(c.rows, c.rows_expected);
	finish(c.books);
	free(day);
	free(truth);
}

static bool is_there(const char *path) {
	FILE *file = fopen(path, "rb");
	if (file) fclose(file);
	return file != NULL;
}

static void the_top_ten_levels_are_the_truth(void **state) {
	(void)state;
	const char *folder = ix_testing_suite("itch");
	if (!folder) return;
	DIR *directory = opendir(folder);
	assert_non_null(directory);
	unsigned days = 0;
	for (const struct dirent *entry; (entry = readdir(directory));) {
		ix_str name = ix_str_from(entry->d_name);
		size_t tail = ix_str_ends_with(name, IX_STR(".itch.xz")) ? 8
			      : ix_str_ends_with(name, IX_STR(".itch"))  ? 5
									 : 0;
		if (tail == 0) continue;
		char day[1024], truth[1024];
		ix_format(day, sizeof day, "%s/%s", folder, entry->d_name);
		ix_format(truth, sizeof truth, "%s/%.*s.truth.csv.xz", folder, (int)(name.size - tail),
			name.data);
		if (!is_there(truth)) truth[ix_str_from(truth).size - 3] = 0;
		if (!is_there(truth)) continue;
		compare_day(day, truth);
		days++;
	}
	closedir(directory);
	assert_true(days > 0);
}

static void the_start_of_a_real_day_lists_its_stocks(void **state) {
	(void)state;
	const char *folder = ix_testing_suite("itch");
	if (!folder) return;
	char path[1024];
	ix_format(path, sizeof path, "%s/nasdaq_first1000.itch", folder);
	size_t size;
	uint8_t *day = ix_testing_read(path, &size);
	ix_books_options options = small_options();
	options.is_strict = true;
	ix_books *books = books_with(&options);
	ix_itch_run run = {0};
	assert_int_equal(ix_books_run(books, (ix_bytes){day, size}, &run, UINT64_MAX, NULL), 0);
	assert_int_equal(run.message_count, 1000);
	ix_books_info info;
	ix_books_get_info(books, &info);
	assert_int_equal(info.symbol_count, 993); /* ORIGIN.md: 1 S, 993 R, 3 H, 3 Y */
	free(day);
	finish(books);
}

IX_TESTS(test_book_suite, cmocka_unit_test(the_top_ten_levels_are_the_truth),
	cmocka_unit_test(the_start_of_a_real_day_lists_its_stocks));
