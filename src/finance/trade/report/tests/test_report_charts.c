/* Axes, curves and histograms: round values in the right place, labels that leave each other room, and
 * pictures of whatever numbers there are. */
#include "page.h"
#include "page_fixture.h"

#include <inox/rng.h>

static bool is_near(double a, double b) { return a - b < 1e-8 && b - a < 1e-8; }

/* ---- axes ---- */

static void has_ticks(const axis *a, const char *labels) {
	char joined[1024] = "";
	for (size_t i = 0; i < a->count; i++) {
		size_t used = strlen(joined);
		snprintf(joined + used, sizeof joined - used, "%s%s", i > 0 ? "|" : "",
			a->ticks[i].label.text);
	}
	assert_string_equal(joined, labels);
}

static void amounts_step_in_ones_twos_and_fives(void **state) {
	(void)state;
	static const struct {
		int64_t low_e4, high_e4;
		const char *labels;
	} cases[] = {
		/* The range through six, up to the next 1, 2 or 5 times a power of ten. */
		{0, 100000, "0|2|4|6|8|10"},                         /* 1.67 to 2 */
		{-12000000, 34000000, "−1,000|0|1,000|2,000|3,000"}, /* 766 to 1,000 */
		{-500, 500, "−0.04|−0.02|0|0.02|0.04"},              /* 0.0167 to 0.02 */
		{0, 6, "0|0.0001|0.0002|0.0003|0.0004|0.0005|0.0006"},
		{0, 1, "0|0.0001"},
		{0, 2500000000, "0|50k|100k|150k|200k|250k"},
		{0, 25000000000, "0|0.5M|1.0M|1.5M|2.0M|2.5M"},
		{-30000000000000, 0, "−3.0B|−2.5B|−2.0B|−1.5B|−1.0B|−0.5B|0"},
		/* 9.2e14 and its negative, in trillions: 307 to 500. */
		{INT64_MIN, INT64_MAX, "−500T|0|500T"},
		{INT64_MAX - 10000, INT64_MAX, NULL},
	};
	for (size_t i = 0; i < IX_COUNT(cases); i++) {
		axis a;
		axis_money(&a, cases[i].low_e4, cases[i].high_e4, 6);
		for (size_t k = 0; k < a.count; k++)
			assert_true(a.ticks[k].place >= 0 && a.ticks[k].place <= 1);
		if (cases[i].labels) has_ticks(&a, cases[i].labels);
	}
}

static void a_tick_lies_where_its_value_lies(void **state) {
	(void)state;
	axis a;
	axis_money(&a, -50000, 150000, 4);
	has_ticks(&a, "−5|0|5|10|15");
	for (size_t i = 0; i < 5; i++) assert_true(is_near(a.ticks[i].place, 0.25 * (double)i));
	axis_time(&a, 34200000000000, 57600000000000, 1300);
	/* 09:30 to 16:00 are 13 half hours of 100 points. */
	assert_int_equal(a.count, 14);
	assert_string_equal(a.ticks[0].label.text, "09:30");
	assert_string_equal(a.ticks[13].label.text, "16:00");
	assert_true(is_near(a.ticks[1].place, 1.0 / 13));
}

static void times_step_as_clocks_do(void **state) {
	(void)state;
	static const struct {
		uint64_t low_ns, high_ns;
		double width;
		const char *labels;
	} cases[] = {
		/* "09:30" is 35 points wide, "09:30:00" 54, and 14 stay free. */
		{34200000000000, 57600000000000, 300,
			"10:00|12:00|14:00|16:00"}, /* an hour is 46 points: too close */
		{34200000000000, 34260000000000, 500,
			"09:30:00|09:30:10|09:30:20|09:30:30|09:30:40|09:30:50|09:31:00"},
		{1000000000, 1000000400, 400, "00:00:01.0000000|00:00:01.0000002|00:00:01.0000004"},
		{5, 8, 800, "00:00:00.000000005|00:00:00.000000006|00:00:00.000000007|00:00:00.000000008"},
		/* 90 hours: the 24 hours of a day. */
		{0, 324000000000000, 200, "00:00|24:00|48:00|72:00"},
	};
	for (size_t i = 0; i < IX_COUNT(cases); i++) {
		axis a;
		axis_time(&a, cases[i].low_ns, cases[i].high_ns, cases[i].width);
		has_ticks(&a, cases[i].labels);
	}
}

static void no_time_labels_touch_whatever_the_range(void **state) {
	(void)state;
	ix_rng rng;
	ix_rng_seed(&rng, ix_testing_seed());
	for (int i = 0; i < 20000; i++) {
		uint64_t low = ix_rng_u64(&rng) >> ix_rng_below(&rng, 64);
		uint64_t range = ix_rng_u64(&rng) >> ix_rng_below(&rng, 64), high;
		if (range == 0 || ix_add_overflow(low, range, &high)) continue;
		double width = 280 + (double)ix_rng_below(&rng, 700);
		axis a;
		axis_time(&a, low, high, width);
		for (size_t k = 1; k < a.count; k++) {
			double distance = (a.ticks[k].place - a.ticks[k - 1].place) * width;
			double half = (chart_label_width(a.ticks[k].label.text) +
					      chart_label_width(a.ticks[k - 1].label.text)) /
				      2;
			assert_true(distance > half + 8);
		}
	}
}

static void durations_step_by_decades_or_within_them(void **state) {
	(void)state;
	axis a;
	axis_duration(&a, axis_round_below(150), axis_round_above(9000), 700);
	has_ticks(&a, "100 ns|200 ns|500 ns|1 µs|2 µs|5 µs|10 µs");
	axis_duration(&a, axis_round_below(1), axis_round_above(999999999), 700);
	has_ticks(&a, "1 ns|10 ns|100 ns|1 µs|10 µs|100 µs|1 ms|10 ms|100 ms|1 s");
	/* Twenty decades on 700 points: every fourth has room for "10,000,000,000 s". */
	axis_duration(&a, axis_round_below(1), axis_round_above(UINT64_MAX), 700);
	has_ticks(&a, "1 ns|10 µs|100 ms|1,000 s|10,000,000 s");
}

static void counts_step_by_powers_of_ten(void **state) {
	(void)state;
	axis a;
	axis_count(&a, -1, axis_logarithm(50000), 5);
	has_ticks(&a, "1|10|100|1,000|10k");
	axis_count(&a, -1, axis_logarithm(UINT64_MAX), 5);
	has_ticks(&a, "1|10k|100M|1T|10,000T");
	axis_count(&a, -1, axis_logarithm(1) + 0.4, 5);
	has_ticks(&a, "1");
}

static void round_durations_enclose_the_value(void **state) {
	(void)state;
	static const struct {
		uint64_t value, below, above;
	} cases[] = {{1, 1, 1}, {2, 2, 2}, {3, 2, 5}, {5, 5, 5}, {6, 5, 10}, {10, 10, 10}, {99, 50, 100},
		{101, 100, 200}, {2000000001, 2000000000, 5000000000},
		{10000000000000000000u, 10000000000000000000u, 10000000000000000000u}};
	for (size_t i = 0; i < IX_COUNT(cases); i++) {
		assert_true(is_near(axis_round_below(cases[i].value), axis_logarithm(cases[i].below)));
		assert_true(is_near(axis_round_above(cases[i].value), axis_logarithm(cases[i].above)));
	}
	assert_true(is_near(axis_round_above(UINT64_MAX), 64.116633802860)); /* of 2 * 10^19 */
}

static void logarithms_are_right_to_nine_decimals(void **state) {
	(void)state;
	/* By Python's math.log2. */
	static const struct {
		uint64_t value;
		double log;
	} cases[] = {{3u, 1.584962500721}, {5u, 2.321928094887}, {10u, 3.321928094887},
		{1000u, 9.965784284662}, {999999937u, 29.897352763096},
		{1000000000000000000u, 59.794705707973}, {987654321987654321u, 59.776783801436},
		{9235717715756010375u, 63.001929786639}};
	for (size_t i = 0; i < IX_COUNT(cases); i++)
		assert_true(is_near(axis_logarithm(cases[i].value), cases[i].log));
	for (unsigned i = 0; i < 64; i++) assert_true(is_near(axis_logarithm((uint64_t)1 << i), i));
	assert_true(is_near(axis_logarithm(0), 0));
	assert_true(is_near(axis_logarithm(UINT64_MAX), 64));
}

static void numbers_are_rounded_to_three_digits(void **state) {
	(void)state;
	assert_string_equal(number_duration(0).text, "0 ns");
	assert_string_equal(number_duration(999).text, "999 ns");
	assert_string_equal(number_duration(1234).text, "1.23 µs");
	assert_string_equal(number_duration(1235).text, "1.24 µs");
	assert_string_equal(number_duration(45678).text, "45.7 µs");
	assert_string_equal(number_duration(456500).text, "457 µs");
	assert_string_equal(number_duration(999999).text, "1,000 µs");
	assert_string_equal(number_duration(3600000000000).text, "3,600 s");
	assert_string_equal(number_duration(UINT64_MAX).text, "18,446,744,074 s");
	assert_string_equal(number_large(0).text, "0");
	assert_string_equal(number_large(123456).text, "123,456");
	assert_string_equal(number_large(2410000).text, "2.41 million");
	assert_string_equal(number_tenths(658.14).text, "658.1");
	assert_string_equal(number_tenths(1.9e19).text, "18,446,744,073,709,551,615");
	assert_string_equal(number_bytes(1).text, "1 byte");
	assert_string_equal(number_bytes(1536).text, "1.5 KiB");
	assert_string_equal(number_bytes(UINT64_MAX).text, "16.0 EiB");
	assert_string_equal(number_percent(1, 0).text, "–");
	assert_string_equal(number_time(86399999999999, 3).text, "23:59:59.999");
}

/* ---- pictures ---- */

static written curve_of(const ix_trade_report_point *points, size_t count) {
	return page_of(&(ix_trade_report){.curve = points, .curve_count = count});
}

/* Every place in the drawing lies on the paper: calls back with each number of each attribute of places. */
static void all_places_are_on_paper(const written *w) {
	static const char *const names[] = {" x=\"", " y=\"", " x1=\"", " x2=\"", " y1=\"", " y2=\"",
		" width=\"", " height=\"", " cx=\"", " cy=\""};
	for (size_t i = 0; i < IX_COUNT(names); i++) {
		for (const char *at = strstr(w->data, names[i]); at; at = strstr(at + 1, names[i])) {
			double place = strtod(at + strlen(names[i]), NULL);
			assert_true(place >= 0 && place <= 900);
		}
	}
	for (const char *at = strstr(w->data, " d=\""); at; at = strstr(at + 1, " d=\"")) {
		for (const char *c = at + 4; *c != '"';) {
			assert_non_null(strchr("MLZ 0123456789.", *c));
			char *end;
			double place = strtod(c, &end);
			if (end != c) assert_true(place >= 0 && place <= 900);
			c = end != c ? end : c + 1;
		}
	}
}

static void curves_of_one_point_of_equal_points_and_of_none_are_drawn(void **state) {
	(void)state;
	const ix_trade_report_point flat[] = {{1000, 0, 0}, {2000, 0, 0}, {3000, 0, 0}};
	const ix_trade_report_point high[] = {{1000, 777, 5}, {2000, 777, 5}};
	const ix_trade_report_point same_time[] = {{5, -1, 0}, {5, 1, 0}, {5, 0, 0}};
	written w = curve_of(flat, 1);
	page_has(&w, "<circle class=\"dot\"");
	all_places_are_on_paper(&w);
	free(w.data);
	w = curve_of(flat, 3);
	/* Between −1 and 1 then, in halves, and the line is the middle of the 220 points below 30: y is 140.
	 */
	page_has(&w, "<path class=\"curve\" d=\"M");
	page_has(&w, " 140L");
	page_has(&w, ">−1.0<");
	all_places_are_on_paper(&w);
	free(w.data);
	w = curve_of(high, 2);
	all_places_are_on_paper(&w);
	free(w.data);
	w = curve_of(same_time, 3);
	all_places_are_on_paper(&w);
	free(w.data);
}

static void curves_of_the_widest_numbers_stay_on_paper(void **state) {
	(void)state;
	const ix_trade_report_point wide[] = {{0, INT64_MIN, INT64_MAX}, {UINT64_MAX, INT64_MAX, INT64_MIN}};
	const ix_trade_report_point late[] = {{UINT64_MAX, INT64_MAX, 0}};
	const ix_trade_report_point backwards[] = {{900, 5, 5}, {100, -5, 7}, {500, 1, 1}};
	const ix_trade_report_point large[] = {{1, 1000000000000000000, 0}, {2, -1000000000000000000, 0}};
	const struct {
		const ix_trade_report_point *points;
		size_t count;
	} all[] = {{wide, 2}, {late, 1}, {backwards, 3}, {large, 2}};
	for (size_t i = 0; i < IX_COUNT(all); i++) {
		written w = curve_of(all[i].points, all[i].count);
		all_places_are_on_paper(&w);
		free(w.data);
	}
	written w = curve_of(large, 2);
	page_has(&w, ">50T<"); /* 10^18 of 1/10000 are 100 trillion */
	page_has(&w, ">100T<");
	free(w.data);
}

static void a_curve_of_a_million_points_keeps_its_peaks_and_stays_small(void **state) {
	(void)state;
	enum { COUNT = 1000000 };
	ix_trade_report_point *points = calloc(COUNT, sizeof *points);
	assert_non_null(points);
	for (size_t i = 0; i < COUNT; i++) points[i] = (ix_trade_report_point){i, (int64_t)(i % 7), 3};
	points[654321].profit_e4 = 16000000;
	written w = curve_of(points, COUNT);
	assert_true(w.size < 400000);
	/* 1,600 and a sixteenth of it as air: 1,700 are 220 points, the peak lies 100/1,700 of them below 30.
	 */
	page_has(&w, " 42.9L");
	all_places_are_on_paper(&w);
	free(w.data);
	free(points);
}

static void the_max_drawdown_is_marked_where_it_was(void **state) {
	(void)state;
	const ix_trade_report_point points[] = {{36000000000000, 0, 0}, {36600000000000, -10000, 0}};
	ix_trade_report facts = {
		.curve = points, .curve_count = 2, .drawdown_e4 = 10000, .drawdown_time_ns = 36300000000000};
	written w = page_of(&facts);
	page_has(&w, ">max drawdown 1.00 at 10:05:00<");
	free(w.data);
	facts.drawdown_time_ns = 1; /* before the curve begins: no mark */
	w = page_of(&facts);
	page_lacks(&w, ">max drawdown 1.00");
	free(w.data);
}

static written histogram_of(const uint64_t *values, size_t count) {
	static uint64_t buckets[7424];
	static ix_hist hist;
	assert_int_equal(ix_hist_init_fixed(&hist, NULL, buckets, IX_COUNT(buckets), NULL), 0);
	for (size_t i = 0; i < count; i++) ix_hist_record(&hist, values[i]);
	const ix_trade_report_stage stage = {IX_STR("tick_to_trade"), &hist};
	return page_of(&(ix_trade_report){.stages = &stage, .stage_count = 1});
}

static void percentiles_on_one_value_share_a_label(void **state) {
	(void)state;
	written w = histogram_of((const uint64_t[]){250}, 1);
	page_has(&w, ">p50–max 250 ns<");
	page_has(&w, "<td>1</td><td>250.0</td><td>250</td>");
	all_places_are_on_paper(&w);
	free(w.data);
}

static void histograms_of_the_widest_numbers_stay_on_paper(void **state) {
	(void)state;
	const uint64_t values[] = {0, 1, UINT64_MAX, 1000000000000000000};
	for (size_t i = 0; i < IX_COUNT(values); i++) {
		written w = histogram_of(&values[i], 1);
		all_places_are_on_paper(&w);
		free(w.data);
	}
	written w = histogram_of(values, IX_COUNT(values));
	all_places_are_on_paper(&w);
	page_has(&w, ">max 18,446,744,074 s<");
	free(w.data);
}

static void an_empty_histogram_is_a_row_without_figures(void **state) {
	(void)state;
	written w = histogram_of(NULL, 0);
	page_lacks(&w, "<svg");
	page_has(&w, "<bdi>tick_to_trade</bdi></th><td>0</td><td>–</td>");
	free(w.data);
}

/* Boxes of the percentiles' labels as the page has them, by their class. */
static void flags_do_not_overlap(const written *w) {
	struct {
		double x, y, width;
	} flags[16];
	size_t count = 0;
	for (const char *at = strstr(w->data, "<text class=\"halo\""); at;
		at = strstr(at + 1, "<text class=\"halo\"")) {
		assert_true(count < IX_COUNT(flags));
		const char *label = strchr(at, '>') + 1;
		char text[96];
		snprintf(text, sizeof text, "%.*s", (int)strcspn(label, "<"), label);
		flags[count].x = strtod(strstr(at, " x=\"") + 4, NULL);
		flags[count].y = strtod(strstr(at, " y=\"") + 4, NULL);
		flags[count].width = chart_label_width(text);
		assert_true(flags[count].x + flags[count].width <= 895);
		count++;
	}
	/* Wide and narrow one after the other: only those of the same picture can meet. */
	for (size_t i = 0; i < count; i++) {
		for (size_t k = i + 1; k < count; k++) {
			if (i < count / 2 && k >= count / 2) continue;
			bool apart = flags[i].x + flags[i].width <= flags[k].x ||
				     flags[k].x + flags[k].width <= flags[i].x;
			double distance = flags[i].y - flags[k].y;
			assert_true(apart || distance >= 14 || distance <= -14);
		}
	}
}

static void the_labels_of_percentiles_never_overlap(void **state) {
	(void)state;
	ix_rng rng;
	ix_rng_seed(&rng, ix_testing_seed());
	for (int round = 0; round < 300; round++) {
		uint64_t values[400], base = 1 + (ix_rng_u64(&rng) >> (8 + ix_rng_below(&rng, 54)));
		size_t count = 1 + (size_t)ix_rng_below(&rng, IX_COUNT(values));
		unsigned spread = 1 + (unsigned)ix_rng_below(&rng, 6);
		for (size_t i = 0; i < count; i++)
			values[i] = base +
				    (ix_rng_chance(&rng, 1, 20) ? base << spread : ix_rng_below(&rng, base));
		written w = histogram_of(values, count);
		flags_do_not_overlap(&w);
		all_places_are_on_paper(&w);
		free(w.data);
	}
}

IX_TESTS(test_report_charts, cmocka_unit_test(amounts_step_in_ones_twos_and_fives),
	cmocka_unit_test(a_tick_lies_where_its_value_lies), cmocka_unit_test(times_step_as_clocks_do),
	cmocka_unit_test(no_time_labels_touch_whatever_the_range),
	cmocka_unit_test(durations_step_by_decades_or_within_them),
	cmocka_unit_test(counts_step_by_powers_of_ten), cmocka_unit_test(round_durations_enclose_the_value),
	cmocka_unit_test(logarithms_are_right_to_nine_decimals),
	cmocka_unit_test(numbers_are_rounded_to_three_digits),
	cmocka_unit_test(curves_of_one_point_of_equal_points_and_of_none_are_drawn),
	cmocka_unit_test(curves_of_the_widest_numbers_stay_on_paper),
	cmocka_unit_test(a_curve_of_a_million_points_keeps_its_peaks_and_stays_small),
	cmocka_unit_test(the_max_drawdown_is_marked_where_it_was),
	cmocka_unit_test(percentiles_on_one_value_share_a_label),
	cmocka_unit_test(histograms_of_the_widest_numbers_stay_on_paper),
	cmocka_unit_test(an_empty_histogram_is_a_row_without_figures),
	cmocka_unit_test(the_labels_of_percentiles_never_overlap));
