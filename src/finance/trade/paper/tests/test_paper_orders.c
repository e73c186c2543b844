/* The OUCH side: what each inbound message does and how it is answered; time. */
#include "paper_fixture.h"

static ix_paper_info info_of(const desk *d) {
	ix_paper_info info;
	ix_paper_get_info(d->paper, &info);
	return info;
}

/* ---- entering ---- */

static void send_changed(desk *d, ix_ouch_message m, const char *expected) {
	send(d, &m);
	said(d, expected);
}

static void what_makes_no_sense_is_rejected_with_its_reason(void **state) {
	(void)state;
	desk *d = desk_new();
	ix_ouch_message m = order_of(1, 'B', 100, 100000, false);
	ix_ouch_set_text(m.enter_order.symbol, 8, IX_STR("ACM"));
	send_changed(d, m, "1 rejected 0x17");
	m = order_of(2, 'X', 100, 100000, false);
	send_changed(d, m, "2 rejected 0x09");
	send_changed(d, order_of(3, 'B', 0, 100000, false), "3 rejected 0x13");
	send_changed(d, order_of(4, 'B', 1000000, 100000, false), "4 rejected 0x13");
	send_changed(d, order_of(5, 'B', 100, 0, false), "5 rejected 0x1d");
	send_changed(d, order_of(6, 'B', 100, 1999999901, false), "6 rejected 0x1d");
	m = order_of(7, 'B', 100, 1, false);
	m.enter_order.price_e4 = UINT64_C(1) << 40;
	send_changed(d, m, "7 rejected 0x1d");
	m = order_of(8, 'B', 100, 100000, false);
	m.enter_order.display = 'N';
	send_changed(d, m, "8 rejected 0x03");
	m = order_of(9, 'B', 100, 100000, false);
	m.enter_order.cross_type = 'O';
	send_changed(d, m, "9 rejected 0x14");
	m = order_of(10, 'B', 100, 100000, false);
	m.enter_order.time_in_force = '6';
	send_changed(d, m, "10 rejected 0x0f");
	assert_int_equal(info_of(d).rejected_count, 10);
	assert_int_equal(info_of(d).live_count, 0);
	finish(d);
}

static void tags_that_are_not_done_here_are_rejected(void **state) {
	(void)state;
	desk *d = desk_new();
	const struct {
		uint8_t tag;
		uint64_t value;
		const char *said;
	} cases[] = {
		{IX_OUCH_TAG_PRICE_TYPE, 'M', "1 rejected 0x11"},
		{IX_OUCH_TAG_MINIMUM_QUANTITY, 50, "2 rejected 0x0d"},
		{IX_OUCH_TAG_MAX_FLOOR, 50, "3 rejected 0x04"},
		{IX_OUCH_TAG_POST_ONLY, 'X', "4 rejected 0x0f"},
		{IX_OUCH_TAG_PRICE_TYPE, 'L', "5 accepted B 100 @ 100000"},
		{IX_OUCH_TAG_MINIMUM_QUANTITY, 0, "6 accepted B 100 @ 100000"},
		{IX_OUCH_TAG_POST_ONLY, 'N', "7 accepted B 100 @ 100000"},
		{IX_OUCH_TAG_GROUP_ID, 3, "8 accepted B 100 @ 100000"},
	};
	for (uint32_t i = 0; i < IX_COUNT(cases); i++) {
		ix_ouch_message m = order_of(i + 1, 'B', 100, 100000, false);
		send_tagged(d, &m, cases[i].tag, cases[i].value);
		said(d, cases[i].said);
	}
	ix_ouch_message m = order_of(9, 'B', 100, 100000, true);
	send_tagged(d, &m, IX_OUCH_TAG_POST_ONLY, 'P');
	said(d, "9 rejected 0x0f");
	finish(d);
}

static void the_limits_themselves_are_fine(void **state) {
	(void)state;
	desk *d = desk_new();
	send_changed(d, order_of(1, 'S', 999999, 1999999900, false), "1 accepted S 999999 @ 1999999900");
	send_changed(d, order_of(2, 'B', 1, 1, false), "2 accepted B 1 @ 1");
	send_changed(d, order_of(3, 'T', 1, 100, false), "3 accepted T 1 @ 100");
	send_changed(d, order_of(UINT32_MAX, 'E', 1, 100, false), "4294967295 accepted E 1 @ 100");
	finish(d);
}

static void a_number_that_does_not_rise_is_ignored(void **state) {
	(void)state;
	desk *d = desk_new();
	send_changed(d, order_of(5, 'B', 100, 100000, false), "5 accepted B 100 @ 100000");
	send_changed(d, order_of(5, 'B', 100, 100000, false), "");
	send_changed(d, order_of(4, 'B', 100, 100000, false), "");
	send_changed(d, order_of(6, 'B', 0, 100000, false), "6 rejected 0x13");
	send_changed(d, order_of(6, 'B', 100, 100000, false), ""); /* a rejected one is used up */
	assert_int_equal(info_of(d).ignored_count, 3);
	assert_int_equal(info_of(d).taken_count, 5);
	finish(d);
}

static void an_acceptance_says_everything_back(void **state) {
	(void)state;
	desk *d = desk_new();
	ix_ouch_message m = order_of(1, 'T', 70, 123400, false);
	m.enter_order.display = 'A';
	m.enter_order.capacity = 'R';
	m.enter_order.intermarket_sweep = 'Y';
	send(d, &m);
	const ix_ouch_accepted *a = &d->latest.accepted;
	uint64_t number = ix_paper_find(d->paper, 1);
	assert_int_equal(d->latest.timestamp_ns, d->now_ns);
	assert_int_equal(a->user_ref_num, 1);
	assert_int_equal(a->side, 'T');
	assert_int_equal(a->quantity, 70);
	assert_memory_equal(a->symbol, "ACME    ", 8);
	assert_int_equal(a->price_e4, 123400);
	assert_int_equal(a->time_in_force, '0');
	assert_int_equal(a->display, 'A');
	assert_int_equal(a->reference, number);
	assert_int_equal(a->capacity, 'R');
	assert_int_equal(a->intermarket_sweep, 'Y');
	assert_int_equal(a->cross_type, 'N');
	assert_int_equal(a->order_state, 'L');
	assert_memory_equal(a->client_order_id, "desk          ", 14);
	ix_match_order o;
	assert_true(number >= IX_PAPER_OWN_FIRST);
	assert_true(ix_match_find(ix_paper_engine(d->paper), number, &o));
	assert_int_equal(o.owner, IX_PAPER_OWNER);
	assert_int_equal(o.side, IX_MATCH_SELL);
	replace(d, 1, 2, 60, 123500);
	const ix_ouch_replaced *r = &d->latest.replaced;
	assert_int_equal(r->original_user_ref_num, 1);
	assert_int_equal(r->user_ref_num, 2);
	assert_int_equal(r->side, 'T');
	assert_int_equal(r->quantity, 60);
	assert_memory_equal(r->symbol, "ACME    ", 8);
	assert_int_equal(r->price_e4, 123500);
	assert_int_equal(r->display, 'Y');
	assert_int_equal(r->capacity, 'R');
	assert_int_equal(r->order_state, 'L');
	assert_true(r->reference != number);
	finish(d);
}

/* ---- cancelling ---- */

static void a_cancel_of_zero_takes_all(void **state) {
	(void)state;
	desk *d = desk_new();
	enter(d, 1, 'B', 100, 100000, "");
	cancel(d, 1, 0);
	said(d, "1 accepted B 100 @ 100000; 1 cancelled 100 U");
	cancel(d, 1, 0);
	cancel(d, 9, 0);
	said(d, "");
	assert_int_equal(info_of(d).ignored_count, 2);
	finish(d);
}

/* 30 of 100 are executed. Down to 80 in all leaves 50 open; to 30 in all, none. */
static void a_cancel_names_the_size_of_the_whole_order(void **state) {
	(void)state;
	desk *d = desk_new();
	enter(d, 1, 'B', 100, 100000, "");
	add(d, 1, 'B', 100, 100000);
	executed(d, 1, 30);
	cancel(d, 1, 80);
	said(d, "1 accepted B 100 @ 100000; 1 adds 30 @ 100000; 1 cancelled 20 U");
	assert_int_equal(left_of(d, ix_paper_find(d->paper, 1)), 50);
	cancel(d, 1, 80); /* nothing to do */
	cancel(d, 1, 100);
	said(d, "");
	executed(d, 1, 10); /* it kept its place */
	said(d, "1 adds 10 @ 100000");
	cancel(d, 1, 40);
	said(d, "1 cancelled 40 U");
	assert_int_equal(info_of(d).live_count, 0);
	finish(d);
}

/* ---- replacing ---- */

static void a_replace_to_another_price_goes_to_the_end_of_its_queue(void **state) {
	(void)state;
	desk *d = desk_new();
	add(d, 1, 'B', 100, 100100);
	enter(d, 1, 'B', 100, 100000, "");
	replace(d, 1, 2, 100, 100100);
	said(d, "1 accepted B 100 @ 100000; 2 replaces 1: 100 @ 100100");
	executed(d, 1, 50);
	said(d, "");
	add(d, 2, 'B', 100, 100100);
	executed(d, 2, 30);
	said(d, "2 adds 30 @ 100100");
	assert_int_equal(ix_paper_find(d->paper, 1), 0);
	finish(d);
}

static void a_replace_to_less_keeps_the_place_and_one_to_more_loses_it(void **state) {
	(void)state;
	desk *d = desk_new();
	enter(d, 1, 'B', 100, 100000, "");
	add(d, 1, 'B', 100, 100000);
	replace(d, 1, 2, 60, 100000);
	executed(d, 1, 10);
	said(d, "1 accepted B 100 @ 100000; 2 replaces 1: 60 @ 100000; 2 adds 10 @ 100000");
	replace(d, 2, 12, 60, 100000); /* as it is: 50 open */
	executed(d, 1, 10);
	said(d, "12 replaces 2: 50 @ 100000; 12 adds 10 @ 100000");
	replace(d, 12, 13, 200, 100000); /* 180 open */
	executed(d, 1, 10);
	said(d, "13 replaces 12: 180 @ 100000");
	finish(d);
}

/* 40 were executed: 100 in all are 60 open. */
static void a_replace_names_the_size_of_the_whole_chain(void **state) {
	(void)state;
	desk *d = desk_new();
	enter(d, 1, 'B', 100, 100000, "");
	add(d, 1, 'B', 100, 100000);
	executed(d, 1, 40);
	replace(d, 1, 2, 100, 99900);
	said(d, "1 accepted B 100 @ 100000; 1 adds 40 @ 100000; 2 replaces 1: 60 @ 99900");
	replace(d, 2, 3, 40, 99800);
	said(d, "2 cancelled 60 U"); /* that much was executed: nothing is left to replace */
	finish(d);
}

static void a_replace_may_take(void **state) {
	(void)state;
	desk *d = desk_new();
	add(d, 1, 'S', 60, 100200);
	enter(d, 1, 'B', 100, 100000, "");
	replace(d, 1, 2, 100, 100200);
	said(d, "1 accepted B 100 @ 100000; 2 replaces 1: 100 @ 100200; 2 takes 60 @ 100200");
	ix_ouch_message m = replace_of(2, 3, 100, 100100);
	m.replace_order.time_in_force = '3';
	send(d, &m);
	said(d, "3 replaces 2: 40 @ 100100; 3 cancelled 40 I");
	assert_int_equal(info_of(d).live_count, 0);
	finish(d);
}

static void a_replace_stays_post_only_unless_it_says_otherwise(void **state) {
	(void)state;
	desk *d = desk_new();
	add(d, 1, 'S', 60, 100200);
	enter(d, 1, 'B', 100, 100000, "post");
	replace(d, 1, 2, 100, 100200);
	said(d, "1 accepted B 100 @ 100000; 2 replaces 1: 100 @ 100200; 2 cancelled 100 G");
	enter(d, 3, 'B', 10, 100000, "post");
	forget(d);
	ix_ouch_message m = replace_of(3, 4, 10, 100200);
	send_tagged(d, &m, IX_OUCH_TAG_POST_ONLY, 'N');
	said(d, "4 replaces 3: 10 @ 100200; 4 takes 10 @ 100200");
	finish(d);
}

static void a_replace_that_cannot_be_leaves_the_order_as_it_was(void **state) {
	(void)state;
	desk *d = desk_new();
	enter(d, 1, 'B', 100, 100000, "");
	forget(d);
	replace(d, 7, 8, 100, 100000);
	said(d, "8 rejected 0x15");
	replace(d, 1, 9, 0, 100000);
	said(d, "9 rejected 0x13");
	replace(d, 1, 10, 100, 0);
	said(d, "10 rejected 0x1d");
	replace(d, 1, 10, 100, 100100); /* does not rise */
	said(d, "");
	assert_int_equal(left_of(d, ix_paper_find(d->paper, 1)), 100);
	finish(d);
}

/* ---- the others ---- */

static void modify(desk *d, uint32_t ref, char side, uint32_t quantity) {
	ix_ouch_message m = {.direction = IX_OUCH_IN, .type = IX_OUCH_MODIFY_ORDER};
	m.modify_order.user_ref_num = ref;
	m.modify_order.side = (uint8_t)side;
	m.modify_order.quantity = quantity;
	send(d, &m);
}

static void a_modify_changes_the_kind_of_sale_and_makes_smaller(void **state) {
	(void)state;
	desk *d = desk_new();
	enter(d, 1, 'S', 100, 100200, "");
	add(d, 1, 'S', 100, 100200);
	forget(d);
	modify(d, 1, 'T', 100);
	said(d, "1 modified T 100");
	modify(d, 1, 'T', 200); /* not larger */
	said(d, "1 modified T 100");
	modify(d, 1, 'E', 70);
	said(d, "1 modified E 70");
	executed(d, 1, 20);
	said(d, "1 adds 20 @ 100200"); /* in its place */
	modify(d, 1, 'S', 60);
	said(d, "1 modified S 40");
	modify(d, 1, 'B', 50);
	modify(d, 1, 'X', 50);
	modify(d, 1, 'S', 0);
	modify(d, 2, 'S', 10);
	said(d, "");
	assert_int_equal(info_of(d).ignored_count, 4);
	modify(d, 1, 'S', 20);
	said(d, "1 cancelled 40 U");
	finish(d);
}

static ix_ouch_message mass_of(uint32_t ref, const char *stock) {
	ix_ouch_message m = {.direction = IX_OUCH_IN, .type = IX_OUCH_MASS_CANCEL};
	m.mass_cancel.user_ref_num = ref;
	ix_ouch_set_text(m.mass_cancel.firm, 4, IX_STR("FIRM"));
	ix_ouch_set_text(m.mass_cancel.symbol, 8, ix_str_from(stock));
	return m;
}

static void a_mass_cancel_takes_a_symbol_a_side_or_all(void **state) {
	(void)state;
	desk *d = desk_new();
	list(d, 2, "OTHER");
	enter(d, 1, 'B', 10, 100000, "");
	enter(d, 2, 'S', 20, 100200, "");
	ix_ouch_message m = order_of(3, 'B', 30, 100000, false);
	ix_ouch_set_text(m.enter_order.symbol, 8, IX_STR("OTHER"));
	send(d, &m);
	enter(d, 4, 'B', 40, 99900, "");
	forget(d);
	m = mass_of(5, "ACME");
	send_tagged(d, &m, IX_OUCH_TAG_SIDE, 'S');
	said(d, "5 mass; 2 cancelled 20 U");
	m = mass_of(6, "ACME");
	send(d, &m);
	said(d, "6 mass; 1 cancelled 10 U; 4 cancelled 40 U");
	m = mass_of(7, "NONE");
	send(d, &m);
	said(d, "7 rejected 0x17");
	m = mass_of(7, "");
	send(d, &m);
	said(d, "");
	m = mass_of(8, "");
	send(d, &m);
	said(d, "8 mass; 3 cancelled 30 U");
	finish(d);
}

static void order_entry_can_be_switched_off_and_on(void **state) {
	(void)state;
	desk *d = desk_new();
	enter(d, 1, 'B', 10, 100000, "");
	forget(d);
	ix_ouch_message m = {.direction = IX_OUCH_IN, .type = IX_OUCH_DISABLE_ORDER_ENTRY};
	m.disable_order_entry.user_ref_num = 2;
	send(d, &m);
	said(d, "2 off");
	enter(d, 3, 'B', 10, 100000, "");
	replace(d, 1, 4, 10, 99900);
	said(d, "3 rejected 0x0c; 4 rejected 0x0c");
	cancel(d, 1, 0);
	said(d, "1 cancelled 10 U");
	m.type = IX_OUCH_ENABLE_ORDER_ENTRY;
	m.enable_order_entry.user_ref_num = 5;
	send(d, &m);
	enter(d, 6, 'B', 10, 100000, "");
	said(d, "5 on; 6 accepted B 10 @ 100000");
	m = (ix_ouch_message){.direction = IX_OUCH_IN, .type = IX_OUCH_ACCOUNT_QUERY};
	send(d, &m);
	said(d, "next 7");
	finish(d);
}

/* ---- time, room ---- */

/* Sent at t: the book of t + latency - 1 is still the old one. The offer that comes then is met first. */
static void an_order_is_taken_after_the_latency_and_not_before(void **state) {
	(void)state;
	desk *d = desk_new();
	ix_error err = {0};
	ix_ouch_message m = order_of(1, 'B', 100, 100200, true);
	assert_int_equal(send_only(d, &m, 42, &err), 0);
	advance(d, LATENCY - 1);
	said(d, "");
	assert_int_equal(info_of(d).pending_count, 1);
	assert_int_equal(d->taken_token, 0);
	d->now_ns -= 1000; /* the fixture's message comes a microsecond later: at t + latency - 1 */
	add(d, 1, 'S', 100, 100200);
	said(d, "");
	d->now_ns -= 999;
	add(d, 2, 'S', 100, 100200); /* at t + latency: after ours */
	said(d, "1 accepted B 100 @ 100200; 1 takes 100 @ 100200");
	assert_int_equal(d->taken_token, 42);
	assert_int_equal(left_of(d, 2), 100);
	finish(d);
}

static void messages_are_taken_in_the_order_of_sending(void **state) {
	(void)state;
	desk *d = desk_new();
	ix_error err = {0};
	ix_ouch_message a = order_of(1, 'B', 10, 100000, false), b = order_of(2, 'B', 20, 100000, false);
	assert_int_equal(send_only(d, &a, 1, &err), 0);
	assert_int_equal(send_only(d, &b, 2, &err), 0);
	advance(d, LATENCY);
	said(d, "1 accepted B 10 @ 100000; 2 accepted B 20 @ 100000");
	assert_int_equal(d->taken_token, 2);
	finish(d);
}

static void what_is_not_ouch_is_refused_with_its_place(void **state) {
	(void)state;
	desk *d = desk_new();
	ix_error err = {0};
	assert_int_equal(ix_paper_send(d->paper, (ix_bytes){NULL, 0}, 0, 0, &err), IX_ERR_TRUNCATED);
	assert_int_equal(
		ix_paper_send(d->paper, (ix_bytes){(const uint8_t *)"Z", 1}, 0, 0, &err), IX_ERR_UNSUPPORTED);
	assert_int_equal(ix_paper_send(d->paper, (ix_bytes){(const uint8_t *)"X1234", 5}, 0, 0, &err),
		IX_ERR_TRUNCATED);
	assert_true(err.text[0] != 0);
	assert_int_equal(info_of(d).pending_count, 0);
	finish(d);
}

static void orders_up_to_the_maximum_and_no_more(void **state) {
	(void)state;
	desk *d = desk_new();
	ix_error err = {0};
	for (uint32_t i = 1; i <= 64; i++) enter(d, i, 'B', 10, 100000, "");
	ix_ouch_message m = order_of(65, 'B', 10, 100000, false);
	assert_int_equal(send_only(d, &m, 0, &err), IX_ERR_BUSY);
	assert_string_equal(err.text,
		"paper: 64 orders are live and 0 messages on their way, which is all there is room for");
	forget(d);
	replace(d, 64, 66, 20, 100000);
	said(d, "66 replaces 64: 20 @ 100000");
	cancel(d, 1, 0);
	enter(d, 67, 'B', 10, 100000, "");
	said(d, "1 cancelled 10 U; 67 accepted B 10 @ 100000");
	ix_ouch_message query = {.direction = IX_OUCH_IN, .type = IX_OUCH_ACCOUNT_QUERY};
	for (int i = 0; i < 128; i++) assert_int_equal(send_only(d, &query, 0, &err), 0);
	assert_int_equal(send_only(d, &query, 0, &err), IX_ERR_BUSY);
	advance(d, LATENCY);
	assert_int_equal(info_of(d).pending_count, 0);
	finish(d);
}

/* Two on their way count as much as two that are live. */
static void orders_on_their_way_count_against_the_maximum(void **state) {
	(void)state;
	desk *d = desk_new();
	ix_error err = {0};
	for (uint32_t i = 1; i <= 65; i++) {
		ix_ouch_message m = order_of(i, 'B', 10, 100000, false);
		assert_int_equal(send_only(d, &m, 0, &err), i <= 64 ? 0 : IX_ERR_BUSY);
	}
	advance(d, LATENCY);
	assert_int_equal(info_of(d).live_count, 64);
	finish(d);
}

static void options_out_of_range_are_refused_by_name(void **state) {
	(void)state;
	ix_paper *paper = NULL;
	ix_error err = {0};
	assert_int_equal(ix_paper_new(&(ix_paper_options){0}, &paper, &err), IX_ERR_USAGE);
	assert_string_equal(err.text, "paper: there is no allocator");
	assert_int_equal(
		ix_paper_new(&(ix_paper_options){.allocator = ix_os_allocator(), .symbols_max = 65536},
			&paper, &err),
		IX_ERR_LIMIT);
	assert_string_equal(err.text, "paper: symbols_max is 65536, more than 65535");
	assert_int_equal(
		ix_paper_new(&(ix_paper_options){.allocator = ix_os_allocator(), .orders_max = 1 << 20},
			&paper, &err),
		IX_ERR_LIMIT);
	assert_string_equal(err.text, "paper: orders_max is 1048576, not below 1048576");
	assert_null(paper);
}

static void every_failing_allocation_is_an_error_that_leaves_nothing(void **state) {
	(void)state;
	uint64_t n = 1;
	for (;; n++) {
		ix_alloc_probe probe;
		ix_alloc_probe_init(&probe, NULL);
		probe.fail_at = n;
		desk d = {0};
		ix_paper_options options = small_options(&d);
		options.allocator = &probe.allocator;
		ix_error err = {0};
		int code = ix_paper_new(&options, &d.paper, &err);
		assert_int_equal(code, probe.failures ? IX_ERR_MEMORY : 0);
		if (code == 0) ix_paper_free(d.paper);
		assert_int_equal(probe.live_blocks, 0);
		assert_int_equal(probe.live_bytes, 0);
		if (!probe.failures) break;
	}
	assert_true(n > 6);
}

IX_TESTS(test_paper_orders, cmocka_unit_test(what_makes_no_sense_is_rejected_with_its_reason),
	cmocka_unit_test(tags_that_are_not_done_here_are_rejected),
	cmocka_unit_test(the_limits_themselves_are_fine),
	cmocka_unit_test(a_number_that_does_not_rise_is_ignored),
	cmocka_unit_test(an_acceptance_says_everything_back), cmocka_unit_test(a_cancel_of_zero_takes_all),
	cmocka_unit_test(a_cancel_names_the_size_of_the_whole_order),
	cmocka_unit_test(a_replace_to_another_price_goes_to_the_end_of_its_queue),
	cmocka_unit_test(a_replace_to_less_keeps_the_place_and_one_to_more_loses_it),
	cmocka_unit_test(a_replace_names_the_size_of_the_whole_chain), cmocka_unit_test(a_replace_may_take),
	cmocka_unit_test(a_replace_stays_post_only_unless_it_says_otherwise),
	cmocka_unit_test(a_replace_that_cannot_be_leaves_the_order_as_it_was),
	cmocka_unit_test(a_modify_changes_the_kind_of_sale_and_makes_smaller),
	cmocka_unit_test(a_mass_cancel_takes_a_symbol_a_side_or_all),
	cmocka_unit_test(order_entry_can_be_switched_off_and_on),
	cmocka_unit_test(an_order_is_taken_after_the_latency_and_not_before),
	cmocka_unit_test(messages_are_taken_in_the_order_of_sending),
	cmocka_unit_test(what_is_not_ouch_is_refused_with_its_place),
	cmocka_unit_test(orders_up_to_the_maximum_and_no_more),
	cmocka_unit_test(orders_on_their_way_count_against_the_maximum),
	cmocka_unit_test(options_out_of_range_are_refused_by_name),
	cmocka_unit_test(every_failing_allocation_is_an_error_that_leaves_nothing));
