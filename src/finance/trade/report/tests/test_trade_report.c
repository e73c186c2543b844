/* The page as a whole: what it says, that it is well-formed whatever it is given, and that writing can fail.
 */
#include "page_fixture.h"
#include "report_sample.h"

static report_sample sample;

static ix_trade_report *full(void) {
	if (!sample.facts.curve) report_sample_init(&sample, 1);
	return &sample.facts;
}

static void a_full_page_is_well_formed_and_has_every_part(void **state) {
	(void)state;
	written w = page_of(full());
	static const char *const parts[] = {"id=\"profit\"", "id=\"latency\"", "id=\"positions\"",
		"id=\"rejects\"", "id=\"alerts\"", "id=\"feed\"", "id=\"trail\"", "id=\"parameters\"",
		"<svg class=\"wide\"", "<svg class=\"narrow\"", "</html>\n"};
	for (size_t i = 0; i < IX_COUNT(parts); i++) page_has(&w, parts[i]);
	free(w.data);
}

static void an_empty_run_says_so_in_every_part(void **state) {
	(void)state;
	written w = page_of(&(ix_trade_report){0});
	static const char *const words[] = {"<bdi>Trading run</bdi>", "An empty run",
		"none: every order passed", "No profit was recorded over time.",
		"Latencies were not measured.", "Nothing was bought or sold.", "Risk rejected nothing.",
		"No alert was raised.", "No message was missing.", "This run kept no audit trail.",
		"fill ratio –", "the profit never fell"};
	for (size_t i = 0; i < IX_COUNT(words); i++) page_has(&w, words[i]);
	page_lacks(&w, "<svg");
	free(w.data);
}

static void any_one_part_may_be_absent(void **state) {
	(void)state;
	for (int part = 0; part < 16; part++) {
		ix_trade_report facts = *full();
		switch (part) {
		case 0: facts.curve = NULL, facts.curve_count = 0; break;
		case 1: facts.stages = NULL, facts.stage_count = 0; break;
		case 2: facts.positions = NULL, facts.position_count = 0; break;
		case 3: facts.reject_reasons = NULL, facts.reject_reason_count = 0; break;
		case 4: facts.alerts = NULL, facts.alert_count = 0; break;
		case 5: facts.gaps = NULL, facts.gap_count = 0; break;
		case 6: facts.parameters = NULL, facts.parameter_count = 0; break;
		case 7: facts.trail_path = (ix_str){0}; break;
		case 8: facts.feed = (ix_str){0}; break;
		case 9: facts.strategy = (ix_str){0}; break;
		case 10: facts.limits = (ix_str){0}; break;
		case 11: facts.session = (ix_str){0}; break;
		case 12: facts.wall_ns = 0; break;
		case 13: facts.has_seed = false; break;
		case 14: facts.begin_ns = facts.end_ns = 0; break;
		default: facts.command = facts.program = facts.date = facts.mode = (ix_str){0}; break;
		}
		written w = page_of(&facts);
		free(w.data);
	}
}

static void nothing_in_it_runs_or_is_loaded(void **state) {
	(void)state;
	written w = page_of(full());
	page_has(&w, "content=\"default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action "
		     "'none'\"");
	page_lacks(&w, "<script");
	page_lacks(&w, "@import");
	page_lacks(&w, "@font-face");
	/* The name space of XHTML is a name: nobody fetches it. */
	char *first = strstr(w.data, "http");
	while (first) {
		assert_true(strncmp(first, "http-equiv", 10) == 0 ||
			    strncmp(first, "http://www.w3.org/1999/xhtml\"", 29) == 0);
		first = strstr(first + 4, "http");
	}
	free(w.data);
}

/* ---- text of strangers ---- */

static void markup_in_a_name_is_text(void **state) {
	(void)state;
	ix_trade_report facts = *full();
	ix_trade_report_position position = {.symbol = IX_STR("<script>a('x')&\"</td>")};
	facts.positions = &position, facts.position_count = 1;
	facts.feed = facts.title = facts.trouble = facts.trail_path = position.symbol;
	written w = page_of(&facts);
	page_has(&w, "<th scope=\"row\"><bdi>&lt;script&gt;a(&#39;x&#39;)&amp;&quot;&lt;/td&gt;</bdi></th>");
	page_has(&w, "<h1><bdi>&lt;script&gt;a(&#39;x&#39;)");
	free(w.data);
}

static void what_cannot_be_shown_has_a_sign_in_its_place(void **state) {
	(void)state;
	ix_trade_report facts = {.feed = IX_STR("a\x01"
						"b\nc\x7f"
						"d\xff"
						"e\xc3"
						"f\xe2\x80\xae"
						"g\xc2\x85"
						"h\xef\xbf\xbe"
						"i\xed\xa0\x80"
						"j")};
	written w = page_of(&facts);
	/* SOH is U+2401, LF U+240A, DEL U+2421; the rest is U+FFFD: FF, a lead byte without its second,
	 * RIGHT-TO-LEFT OVERRIDE, NEL, U+FFFE; a surrogate's three bytes are ill-formed one by one (Unicode
	 * table 3-7). */
	page_has(&w, "a␁b␊c␡d\uFFFDe\uFFFDf\uFFFDg\uFFFDh\uFFFDi\uFFFD\uFFFD\uFFFDj");
	free(w.data);
}

static void a_text_is_cut_behind_its_limit(void **state) {
	(void)state;
	static char text[IX_TRADE_REPORT_TEXT_MAX + 1];
	memset(text, 'x', sizeof text);
	ix_trade_report facts = {.mode = {text, IX_TRADE_REPORT_TEXT_MAX}};
	written w = page_of(&facts);
	page_has(&w, "xxx</bdi>");
	page_lacks(&w, "x…");
	free(w.data);
	facts.mode.size++;
	w = page_of(&facts);
	page_has(&w, "xxx…</bdi>");
	free(w.data);
}

/* ---- numbers ---- */

static void amounts_are_exact_to_the_last_digit(void **state) {
	(void)state;
	ix_trade_report_position positions[] = {
		{.symbol = IX_STR("HIGH"), .realised_e4 = INT64_MAX, .shares = INT64_MIN},
		{.symbol = IX_STR("LOW"), .realised_e4 = INT64_MIN, .bought_shares = UINT64_MAX},
		{.symbol = IX_STR("CENT"), .unrealised_e4 = -1},
	};
	ix_trade_report facts = {
		.positions = positions, .position_count = 3, .traded_notional_e4 = UINT64_MAX};
	written w = page_of(&facts);
	page_has(&w, "<td class=\"gain\">922,337,203,685,477.5807</td>");
	page_has(&w, "<td class=\"loss\">−922,337,203,685,477.5808</td>");
	page_has(&w, "<td class=\"loss\">−0.0001</td>");
	page_has(&w, "<td>−9,223,372,036,854,775,808</td>");
	page_has(&w, "<td>18,446,744,073,709,551,615</td>");
	page_has(&w, ">1,844,674,407,370,955.1615<");
	/* MAX + MIN = -1, and -1 more: -0.0002 in the last column of the sums. */
	page_has(&w, "<th scope=\"row\">All</th><td></td><td class=\"loss\">−0.0001</td><td "
		     "class=\"loss\">−0.0001</td>"
		     "<td class=\"loss\">−0.0002</td>");
	free(w.data);
}

static void a_column_has_four_decimals_when_one_amount_needs_them(void **state) {
	(void)state;
	ix_trade_report_position positions[] = {
		{.symbol = IX_STR("A"), .realised_e4 = 12345600, .unrealised_e4 = 0},
		{.symbol = IX_STR("B"), .realised_e4 = 100, .unrealised_e4 = 0},
	};
	ix_trade_report facts = {.positions = positions, .position_count = 2};
	written w = page_of(&facts);
	page_has(&w, ">1,234.56</td>");
	page_has(&w, "<td>0.00</td>");
	free(w.data);
	positions[1].realised_e4 = 101;
	w = page_of(&facts);
	page_has(&w, ">1,234.5600</td>");
	page_has(&w, ">0.0101</td>");
	page_has(&w, "<td>0.0000</td>");
	free(w.data);
}

static void a_sum_beyond_the_numbers_is_a_dash(void **state) {
	(void)state;
	ix_trade_report_position positions[] = {
		{.symbol = IX_STR("A"),
			.realised_e4 = INT64_MAX,
			.unrealised_e4 = 1,
			.sold_shares = UINT64_MAX},
		{.symbol = IX_STR("B"), .realised_e4 = 1, .unrealised_e4 = 1, .sold_shares = 1},
	};
	ix_trade_report facts = {
		.positions = positions, .position_count = 2, .realised_e4 = INT64_MIN, .unrealised_e4 = -1};
	written w = page_of(&facts);
	page_has(&w, "<dt>Profit and loss</dt><dd class=\"figure\">–</dd>");
	page_has(&w,
		"All</th><td></td><td>–</td><td class=\"gain\">0.0002</td><td>–</td><td>0</td><td>–</td>");
	free(w.data);
}

static void a_table_ends_at_its_limit_and_says_how_many_more(void **state) {
	(void)state;
	static ix_trade_report_position positions[IX_TRADE_REPORT_ROW_MAX + 2];
	for (size_t i = 0; i < IX_COUNT(positions); i++)
		positions[i] = (ix_trade_report_position){.symbol = IX_STR("S"), .bought_shares = 1};
	ix_trade_report facts = {.positions = positions, .position_count = IX_TRADE_REPORT_ROW_MAX};
	written w = page_of(&facts);
	page_lacks(&w, " more</th>");
	free(w.data);
	facts.position_count += 2;
	w = page_of(&facts);
	page_has(&w, "and 2 more</th>");
	page_has(&w, "<td>1,002</td><td>0</td></tr></tfoot>"); /* the sums are of all */
	free(w.data);
}

static void reasons_that_never_came_are_left_out_but_quiet_alerts_are_shown(void **state) {
	(void)state;
	ix_trade_report_count counts[] = {
		{.name = IX_STR("seldom"), .count = 0}, {.name = IX_STR("often"), .count = 12345}};
	ix_trade_report facts = {.reject_reasons = counts, .reject_reason_count = 2};
	written w = page_of(&facts);
	page_lacks(&w, "seldom");
	page_has(&w, "<bdi>often</bdi></th><td>12,345</td>");
	page_lacks(&w, "Meaning");
	free(w.data);
	facts = (ix_trade_report){.alerts = counts, .alert_count = 2};
	w = page_of(&facts);
	page_has(&w, "<bdi>seldom</bdi></th><td>0</td>");
	free(w.data);
}

static void ratios_and_rates_are_those_of_the_counts(void **state) {
	(void)state;
	/* 1 fill of 8 orders: 12.5 %; 3 of 2,000 decisions: 0.15 %, shown as 0.2; 5 million messages in 2 s.
	 */
	ix_trade_report facts = {.fill_count = 1,
		.order_count = 8,
		.rejected_count = 3,
		.decision_count = 2000,
		.message_count = 5000000,
		.wall_ns = 2000000000};
	written w = page_of(&facts);
	page_has(&w, "fill ratio 12.5 %");
	page_has(&w, "0.2 % of decisions");
	page_has(&w, "2.50 million a second");
	free(w.data);
}

static void parameters_are_shown_in_their_units_too(void **state) {
	(void)state;
	ix_trade_report_parameter parameters[] = {{IX_STR("spread_e4"), IX_STR("h"), -150},
		{IX_STR("wait_ns"), IX_STR(""), 250000000}, {IX_STR("size"), IX_STR(""), 4000}};
	ix_trade_report facts = {.strategy = IX_STR("maker"), .parameters = parameters, .parameter_count = 3};
	written w = page_of(&facts);
	page_has(&w, "<td>−150</td><td>−0.0150</td>");
	page_has(&w, "<td>250,000,000</td><td>250 ms</td>");
	page_has(&w, "<td>4,000</td><td></td>");
	free(w.data);
}

static void gaps_say_when_what_and_whether_it_came_back(void **state) {
	(void)state;
	/* 10:35:12.004193 is 38,112.004193 s. */
	ix_trade_report_gap gaps[] = {{38112004193871, 1904772, 58, true}, {UINT64_MAX, 0, 1, false}};
	ix_trade_report facts = {.gaps = gaps,
		.gap_count = 2,
		.lost_gap_count = 1,
		.lost_message_count = 1,
		.recovered_message_count = 58};
	written w = page_of(&facts);
	page_has(&w, "10:35:12.004193</th><td>1,904,772</td><td>58</td><td class=\"text\">recovered</td>");
	page_has(&w, "<th scope=\"row\">–</th><td>–</td><td>1</td><td class=\"text\">lost</td>");
	page_has(&w, "<p>Lost: 1 message in 1 gap. Recovered: 58 messages.</p>");
	free(w.data);
}

static void a_run_that_broke_off_says_so_on_top(void **state) {
	(void)state;
	written w = page_of(
		&(ix_trade_report){.trouble = IX_STR("day.itch: offset 4711: the file ends in a message")});
	page_has(&w, "<strong>The run is not complete.</strong> <bdi>day.itch: offset 4711");
	free(w.data);
}

/* ---- writing that fails ---- */

typedef struct meter {
	size_t calls, allowed, calls_after;
} meter;

static bool refuse_later(void *context, const char *data, size_t size) {
	meter *m = context;
	assert_non_null(data);
	assert_true(size > 0);
	if (m->calls > m->allowed) m->calls_after++;
	return m->calls++ < m->allowed;
}

static void a_sink_that_refuses_fails_the_page_at_whatever_call(void **state) {
	(void)state;
	meter all = {.allowed = SIZE_MAX};
	assert_int_equal(ix_trade_report_write_html(full(), refuse_later, &all, NULL), 0);
	assert_true(all.calls > 10);
	for (size_t i = 0; i < all.calls; i++) {
		meter m = {.allowed = i};
		ix_error err = {0};
		assert_int_equal(ix_trade_report_write_html(full(), refuse_later, &m, &err), IX_ERR_IO);
		assert_int_equal(m.calls, i + 1);
		assert_int_equal(m.calls_after, 0);
		assert_string_equal(err.text, "the report could not be written");
	}
}

static void a_count_without_items_is_refused_before_anything_is_written(void **state) {
	(void)state;
	ix_trade_report all[] = {{.curve_count = 1}, {.stage_count = 1}, {.position_count = 1},
		{.alert_count = 1}, {.reject_reason_count = 1}, {.gap_count = 1}, {.parameter_count = 1}};
	for (size_t i = 0; i < IX_COUNT(all); i++) {
		meter m = {0};
		assert_int_equal(ix_trade_report_write_html(&all[i], refuse_later, &m, NULL), IX_ERR_USAGE);
		assert_int_equal(m.calls, 0);
	}
}

IX_TESTS(test_trade_report, cmocka_unit_test(a_full_page_is_well_formed_and_has_every_part),
	cmocka_unit_test(an_empty_run_says_so_in_every_part), cmocka_unit_test(any_one_part_may_be_absent),
	cmocka_unit_test(nothing_in_it_runs_or_is_loaded), cmocka_unit_test(markup_in_a_name_is_text),
	cmocka_unit_test(what_cannot_be_shown_has_a_sign_in_its_place),
	cmocka_unit_test(a_text_is_cut_behind_its_limit),
	cmocka_unit_test(amounts_are_exact_to_the_last_digit),
	cmocka_unit_test(a_column_has_four_decimals_when_one_amount_needs_them),
	cmocka_unit_test(a_sum_beyond_the_numbers_is_a_dash),
	cmocka_unit_test(a_table_ends_at_its_limit_and_says_how_many_more),
	cmocka_unit_test(reasons_that_never_came_are_left_out_but_quiet_alerts_are_shown),
	cmocka_unit_test(ratios_and_rates_are_those_of_the_counts),
	cmocka_unit_test(parameters_are_shown_in_their_units_too),
	cmocka_unit_test(gaps_say_when_what_and_whether_it_came_back),
	cmocka_unit_test(a_run_that_broke_off_says_so_on_top),
	cmocka_unit_test(a_sink_that_refuses_fails_the_page_at_whatever_call),
	cmocka_unit_test(a_count_without_items_is_refused_before_anything_is_written));
