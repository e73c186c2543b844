/* test_progress.c - the progress line, drawn against a virtual clock into memory: what is shown, when, and
 * that nothing stays. */
#include <inox/clock.h>
#include <inox/progress.h>
#include <inox/testing.h>

typedef struct fixture {
	ix_clock_virtual clock;
	ix_progress bar;
	FILE *out;
	char text[16384];
} fixture;

static int set_up(void **state) {
	fixture *f = calloc(1, sizeof *f);
	if (!f) return -1;
	ix_clock_virtual_init(&f->clock, 5000);
	f->out = fmemopen(f->text, sizeof f->text, "w");
	setvbuf(f->out, NULL, _IONBF, 0);
	*state = f;
	return f->out ? 0 : -1;
}

static int tear_down(void **state) {
	fixture *f = *state;
	fclose(f->out);
	free(f);
	return 0;
}

static ix_progress_options options(fixture *f) {
	return (ix_progress_options){.what = "feed.itch",
		.unit = IX_PROGRESS_BYTES,
		.total = 1000 * 1024,
		.out = f->out,
		.shown = true,
		.clock = &f->clock.clock,
		.columns = 81};
}

static void at(fixture *f, double seconds, uint64_t done) {
	ix_clock_virtual_set(&f->clock, 5000 + (int64_t)(seconds * 1e9));
	ix_progress_update(&f->bar, done);
}

/* What the terminal shows: carriage returns go back and write over. */
static const char *screen(const fixture *f) {
	static char line[1024];
	size_t size = 0;
	const char *start = strrchr(f->text, '\r');
	if (!start) return "";
	snprintf(line, sizeof line, "%s", start + 1);
	size = strlen(line);
	while (size && line[size - 1] == ' ') line[--size] = '\0';
	return line;
}

static void shows_nothing_in_the_first_second(void **state) {
	fixture *f = *state;
	ix_progress_options o = options(f);
	ix_progress_start(&f->bar, &o);
	at(f, 0.1, 1024);
	at(f, 0.999, 2048);
	ix_progress_end(&f->bar);
	assert_string_equal(f->text, "");
}

static void shows_share_bar_amount_rate_and_time_left(void **state) {
	fixture *f = *state;
	ix_progress_options o = options(f);
	ix_progress_start(&f->bar, &o);
	at(f, 1.0, 250 * 1024);
	/* 250 of 1000 KiB in a second: 25 %, three more seconds. 80 columns: name 9 + 2, " 25% " 5, numbers
	 * "250.0 KiB of 1000.0 KiB  250.0 KiB/s  0:03 left" 47 and 2 before them: 15 left for the bar, 30
	 * halves, 7 of them full */
	assert_string_equal(screen(f),
		"feed.itch   25% ━━━╸···········  250.0 KiB of 1000.0 KiB  250.0 KiB/s  0:03 left");
}

static void draws_at_most_ten_times_a_second(void **state) {
	fixture *f = *state;
	ix_progress_options o = options(f);
	ix_progress_start(&f->bar, &o);
	unsigned drawn = 0;
	for (unsigned ms = 0; ms < 3000; ms++) {
		at(f, ms / 1000.0, ms);
		drawn = 0;
		for (const char *c = f->text; *c; c++) drawn += *c == '\r';
	}
	/* from 1.0 s to 2.999 s: 20 moments at which a tenth of a second has passed; some are met a little
	 * late */
	assert_in_range(drawn, 15, 20);
}

static void asks_the_clock_rarely_when_the_job_is_fast(void **state) {
	fixture *f = *state;
	ix_progress_options o = options(f);
	ix_progress_start(&f->bar, &o);
	/* a million updates while no time passes: the steps double, so some twenty looks at the clock */
	uint64_t before = f->bar.next;
	unsigned looks = 0;
	for (uint64_t done = 0; done < 1000000; done++) {
		ix_progress_update(&f->bar, done);
		looks += f->bar.next != before;
		before = f->bar.next;
	}
	assert_in_range(looks, 10, 25);
}

static void the_rate_follows_the_last_seconds(void **state) {
	fixture *f = *state;
	ix_progress_options o = options(f);
	o.total = 0;
	ix_progress_start(&f->bar, &o);
	at(f, 1.0, 100 * 1024);     /* 100 KiB/s */
	at(f, 4.0, 100 * 1024 + 1); /* a byte in three seconds: weight 3/(3+3), so 50 KiB/s */
	assert_string_equal(screen(f), "feed.itch  100.0 KiB  50.0 KiB/s");
}

static void items_have_their_noun_and_no_bar_without_a_total(void **state) {
	fixture *f = *state;
	ix_progress_options o = options(f);
	o.unit = IX_PROGRESS_ITEMS, o.noun = "messages", o.total = 0;
	ix_progress_start(&f->bar, &o);
	at(f, 2.0, 3000000);
	assert_string_equal(screen(f), "feed.itch  3,000,000 messages  1,500,000/s");
}

static void a_total_may_be_learnt_on_the_way(void **state) {
	fixture *f = *state;
	ix_progress_options o = options(f);
	o.unit = IX_PROGRESS_ITEMS, o.total = 0, o.what = NULL;
	ix_progress_start(&f->bar, &o);
	ix_progress_total(&f->bar, 8000);
	at(f, 2.0, 4000);
	/* 80 columns, numbers "4,000 of 8,000  2,000/s  0:02 left" 34, and 5 and 2: 39 left for the bar, 78
	 * halves, 39 of them full */
	assert_string_equal(screen(f),
		" 50% ━━━━━━━━━━━━━━━━━━━╸···················  4,000 of 8,000  2,000/s  0:02 left");
}

static void long_times_have_hours_and_endless_ones_are_left_out(void **state) {
	fixture *f = *state;
	ix_progress_options o = options(f);
	o.unit = IX_PROGRESS_ITEMS, o.what = NULL, o.columns = 48;
	o.total = 7323 + 2;
	ix_progress_start(&f->bar, &o);
	at(f, 2.0, 2); /* one a second: 7323 s */
	assert_non_null(strstr(screen(f), "1/s  2:02:03 left"));
	ix_progress_total(&f->bar, 400000);
	at(f, 3.0, 3);
	assert_null(strstr(screen(f), "left"));
}

static void is_full_when_more_than_the_total_is_done(void **state) {
	fixture *f = *state;
	ix_progress_options o = options(f);
	o.unit = IX_PROGRESS_ITEMS, o.total = 10, o.what = NULL, o.columns = 41;
	ix_progress_start(&f->bar, &o);
	at(f, 1.0, 12);
	/* 40 columns: 5, "12 of 10  12/s" 14 and 2: 19 for the bar */
	assert_string_equal(screen(f), "100% ━━━━━━━━━━━━━━━━━━━  12 of 10  12/s");
}

static void fits_narrow_terminals(void **state) {
	fixture *f = *state;
	for (unsigned columns = 1; columns < 100; columns++) {
		ix_progress_options o = options(f);
		o.columns = columns;
		assert_int_equal(fseek(f->out, 0, SEEK_SET), 0);
		memset(f->text, 0, sizeof f->text);
		ix_clock_virtual_set(&f->clock, 5000);
		ix_progress_start(&f->bar, &o);
		at(f, 1.0, 250 * 1024);
		size_t width = 0;
		for (const char *c = screen(f); *c; c++) width += ((unsigned char)*c & 0xC0) != 0x80;
		assert_true(width < columns || columns == 1);
		ix_progress_end(&f->bar);
	}
}

static void a_long_or_hostile_name_is_cut_and_escaped(void **state) {
	fixture *f = *state;
	ix_progress_options o = options(f);
	o.unit = IX_PROGRESS_ITEMS, o.total = 0, o.what = "a\nname\x1b[2J of more than twenty-eight columns";
	ix_progress_start(&f->bar, &o);
	at(f, 1.0, 1);
	/* 27 columns and the ellipsis */
	assert_string_equal(screen(f), "a\\nname\\e[2J of more than t…  1  1/s");
}

static void a_shorter_line_leaves_nothing_of_a_longer_one(void **state) {
	fixture *f = *state;
	ix_progress_options o = options(f);
	o.unit = IX_PROGRESS_ITEMS, o.total = 0, o.what = NULL;
	ix_progress_start(&f->bar, &o);
	at(f, 1.0, 1000);
	assert_string_equal(f->text, "\r1,000  1,000/s");
	at(f, 2.0, 1001); /* one in a second, weight 1/(1+3): 750 a second; two columns less */
	assert_string_equal(f->text, "\r1,000  1,000/s\r1,001  750/s  ");
}

static void the_end_leaves_an_empty_line_with_the_cursor_at_its_start(void **state) {
	fixture *f = *state;
	ix_progress_options o = options(f);
	o.unit = IX_PROGRESS_ITEMS, o.total = 0, o.what = NULL;
	ix_progress_start(&f->bar, &o);
	at(f, 1.0, 1);
	assert_string_equal(f->text, "\r1  1/s");
	ix_progress_end(&f->bar);
	assert_string_equal(f->text, "\r1  1/s\r      \r");
	ix_progress_end(&f->bar);
	at(f, 9.0, 100);
	assert_string_equal(f->text, "\r1  1/s\r      \r");
}

static void a_hidden_line_comes_back_with_the_next_update(void **state) {
	fixture *f = *state;
	ix_progress_options o = options(f);
	o.unit = IX_PROGRESS_ITEMS, o.total = 0, o.what = NULL;
	ix_progress_start(&f->bar, &o);
	at(f, 1.0, 2);
	ix_progress_hide(&f->bar);
	ix_progress_hide(&f->bar);
	assert_string_equal(f->text, "\r2  2/s\r      \r");
	at(f, 2.0, 4);
	assert_string_equal(screen(f), "4  2/s");
}

static void shows_nothing_where_it_may_not(void **state) {
	fixture *f = *state;
	ix_progress_options o = options(f);
	o.shown = false;
	ix_progress_start(&f->bar, &o);
	at(f, 5.0, 500);
	ix_progress_end(&f->bar);
	o.shown = true, o.clock = NULL;
	ix_progress_start(&f->bar, &o);
	at(f, 15.0, 500);
	ix_progress_end(&f->bar);
	assert_string_equal(f->text, "");
}

static void time_that_stands_still_or_goes_back_does_no_harm(void **state) {
	fixture *f = *state;
	ix_progress_options o = options(f);
	ix_progress_start(&f->bar, &o);
	at(f, 2.0, 100);
	at(f, 1.0, 200);
	at(f, 2.0, 50);
	at(f, 3.0, UINT64_MAX);
	ix_progress_end(&f->bar);
	assert_string_equal(screen(f), "");
}

#define PROGRESS_TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

IX_TESTS(test_progress, PROGRESS_TEST(shows_nothing_in_the_first_second),
	PROGRESS_TEST(shows_share_bar_amount_rate_and_time_left),
	PROGRESS_TEST(draws_at_most_ten_times_a_second),
	PROGRESS_TEST(asks_the_clock_rarely_when_the_job_is_fast),
	PROGRESS_TEST(the_rate_follows_the_last_seconds),
	PROGRESS_TEST(items_have_their_noun_and_no_bar_without_a_total),
	PROGRESS_TEST(a_total_may_be_learnt_on_the_way),
	PROGRESS_TEST(long_times_have_hours_and_endless_ones_are_left_out),
	PROGRESS_TEST(is_full_when_more_than_the_total_is_done), PROGRESS_TEST(fits_narrow_terminals),
	PROGRESS_TEST(a_long_or_hostile_name_is_cut_and_escaped),
	PROGRESS_TEST(a_shorter_line_leaves_nothing_of_a_longer_one),
	PROGRESS_TEST(the_end_leaves_an_empty_line_with_the_cursor_at_its_start),
	PROGRESS_TEST(a_hidden_line_comes_back_with_the_next_update),
	PROGRESS_TEST(shows_nothing_where_it_may_not),
	PROGRESS_TEST(time_that_stands_still_or_goes_back_does_no_harm));
