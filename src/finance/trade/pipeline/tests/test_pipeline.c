/* The engine, message by message: what a strategy hears, what becomes of its orders, what is put on record.
 */
#include "small_feed.h"

enum { RECORDS_MAX = 256, SCRIPT_UPDATES_PER_MESSAGE = 4096 };

typedef struct record {
	uint16_t kind;
	uint32_t size;
	uint8_t bytes[160];
} record;

typedef struct bench {
	ix_pipeline *pipeline;
	ix_risk *risk;
	small_feed feed;
	record records[RECORDS_MAX];
	uint32_t record_count, wait_count, alert_count;
	uint64_t refuse_from; /* the record that cannot be written; 0: all can */
	ix_pipeline_alert alerts[16];
} bench;

static uint64_t keep_record(void *context, uint16_t kind, ix_bytes head, ix_bytes body) {
	bench *b = context;
	if (b->refuse_from && b->record_count + 1 >= b->refuse_from) return 0;
	record *r = &b->records[b->record_count++ % RECORDS_MAX];
	r->kind = kind;
	r->size = (uint32_t)(head.size + body.size);
	memcpy(r->bytes, head.data, ix_size_min(head.size, sizeof r->bytes));
	if (head.size + body.size <= sizeof r->bytes && body.size > 0)
		memcpy(r->bytes + head.size, body.data, body.size);
	return b->record_count;
}

static bool count_wait(void *context, uint64_t number) {
	bench *b = context;
	b->wait_count++;
	return number <= b->record_count;
}

static void keep_alert(void *context, const ix_pipeline_alert *alert) {
	bench *b = context;
	b->alerts[b->alert_count++ % 16] = *alert;
}

#define LIMITS(...) "firm f { " __VA_ARGS__ " desk d { account a { trader t { session s; } } } }"

static bench *bench_new(const char *limits) {
	bench *b = calloc(1, sizeof *b);
	assert_non_null(b);
	ix_error err = {0};
	the_script = (script){0};
	if (limits) {
		const ix_risk_options risk = {.allocator = ix_os_allocator(),
			.limits = ix_str_from(limits),
			.limits_name = IX_STR("limits"),
			.symbol_max = 64,
			.orders_max = 256};
		if (ix_risk_open(&risk, &b->risk, &err) != 0) fail_msg("%s", err.text);
	}
	const ix_pipeline_options options = {.allocator = ix_os_allocator(),
		.strategy = &script_vtable,
		.risk = b->risk,
		.risk_session = IX_STR("s"),
		.symbols_max = 16,
		.orders_max = 64,
		.book_orders_reserve = 1024,
		.venue_latency_ns = 1000,
		.sink = {.append = keep_record, .wait = count_wait, .alert = keep_alert, .context = b}};
	if (ix_pipeline_new(&options, &b->pipeline, &err) != 0) fail_msg("%s", err.text);
	b->feed.now_ns = NINE_THIRTY_NS;
	feed_stock(&b->feed, STOCK, "ACME");
	return b;
}

static void bench_free(bench *b) {
	ix_pipeline_free(b->pipeline);
	ix_risk_close(b->risk);
	free(b);
}

/* Feeds what was built since the last time. */
static void feed(bench *b) {
	ix_error err = {0};
	if (ix_pipeline_feed(b->pipeline, (ix_bytes){b->feed.bytes, b->feed.size}, &err) != 0)
		fail_msg("%s", err.text);
	b->feed.size = 0;
}

static uint64_t enter(script *s, uint8_t side, uint32_t quantity, uint32_t price_e4, uint8_t tif) {
	uint64_t order = 0;
	s->is_inside = true;
	int code = s->host->enter(s->host->context,
		&(ix_strategy_order){.symbol = STOCK,
			.side = side,
			.tif = tif,
			.quantity = quantity,
			.price_e4 = price_e4},
		&order);
	s->is_inside = false;
	assert_int_equal(code, 0);
	return order;
}

static void buy_at_first_offer(script *s, uint16_t symbol, const ix_strategy_quote *quote) {
	(void)symbol;
	if (s->order == 0 && quote->ask_e4 != 0)
		s->order = enter(s, IX_STRATEGY_BUY, 60, quote->ask_e4, IX_STRATEGY_IOC);
}

static uint32_t records_of(const bench *b, uint16_t kind) {
	uint32_t count = 0;
	for (uint32_t i = 0; i < b->record_count; i++) count += b->records[i].kind == kind;
	return count;
}

static void a_strategy_hears_of_books_and_trades_with_the_prices_before_the_trade(void **state) {
	(void)state;
	bench *b = bench_new(NULL);
	feed_add(&b->feed, STOCK, 1, 'B', 100, 99900);
	feed_add(&b->feed, STOCK, 2, 'S', 100, 100100);
	feed_add(&b->feed, STOCK, 3, 'B', 50, 99000); /* not the best: no news */
	feed_execute(&b->feed, STOCK, 2, 40, 7);
	feed(b);
	assert_int_equal(the_script.book_count, 3);
	assert_int_equal(the_script.trade_count, 1);
	const ix_strategy_quote *q = the_script.host->quote(the_script.host->context, STOCK);
	assert_int_equal(q->bid_e4, 99900);
	assert_int_equal(q->ask_shares, 60);
	assert_int_equal(the_script.host->find_symbol(the_script.host->context, "ACME", 4), STOCK);
	assert_int_equal(the_script.host->now_ns(the_script.host->context), NINE_THIRTY_NS);
	bench_free(b);
}

static void an_order_goes_out_arrives_after_the_latency_and_comes_back_filled(void **state) {
	(void)state;
	bench *b = bench_new(NULL);
	the_script.on_book = buy_at_first_offer;
	feed_add(&b->feed, STOCK, 1, 'S', 100, 100000);
	feed_tick(&b->feed, 999);
	feed(b);
	assert_int_equal(ix_pipeline_get_counts(b->pipeline)->sent_count, 1);
	assert_int_equal(the_script.update_count, 0); /* it is on its way */
	feed_tick(&b->feed, 1);
	feed(b);
	assert_int_equal(the_script.update_count, 2);
	assert_int_equal(the_script.updates[0].kind, IX_STRATEGY_ACCEPTED);
	assert_int_equal(the_script.updates[1].kind, IX_STRATEGY_FILLED);
	assert_int_equal(the_script.updates[1].order, the_script.order);
	assert_int_equal(the_script.updates[1].quantity, 60);
	assert_int_equal(the_script.updates[1].price_e4, 100000);
	assert_int_equal(the_script.updates[1].left, 0);
	const ix_strategy_position *at = ix_pipeline_position(b->pipeline, STOCK);
	assert_int_equal(at->shares, 60);
	assert_int_equal(at->cost_e4, 60 * 100000);
	assert_int_equal(at->open_buy, 0);
	assert_int_equal(ix_pipeline_get_counts(b->pipeline)->live_count, 0);
	assert_int_equal(b->wait_count, 1); /* the venue took it when its decision was on file */
	bench_free(b);
}

static void the_decision_on_record_is_what_was_sent(void **state) {
	(void)state;
	bench *b = bench_new(NULL);
	the_script.on_book = buy_at_first_offer;
	feed_add(&b->feed, STOCK, 1, 'S', 100, 100000);
	feed(b);
	assert_int_equal(b->record_count, 2); /* the input, the decision */
	assert_int_equal(b->records[0].kind, IX_TRAIL_INPUT);
	assert_int_equal(b->records[1].kind, IX_TRAIL_DECISION);
	ix_trail_decision d;
	assert_int_equal(
		ix_trail_decode_decision((ix_bytes){b->records[1].bytes, b->records[1].size}, &d, NULL), 0);
	assert_int_equal(d.message, 2);
	assert_int_equal(d.time_ns, NINE_THIRTY_NS);
	assert_int_equal(d.order, the_script.order);
	assert_int_equal(d.wish, IX_TRAIL_ENTER);
	assert_int_equal(d.user_reference, 1);
	ix_ouch_message m;
	assert_int_equal(ix_ouch_decode(IX_OUCH_IN, d.ouch, &m, NULL), 0);
	assert_int_equal(m.type, IX_OUCH_ENTER_ORDER);
	assert_int_equal(m.enter_order.user_ref_num, 1);
	assert_int_equal(m.enter_order.side, 'B');
	assert_int_equal(m.enter_order.quantity, 60);
	assert_int_equal(m.enter_order.price_e4, 100000);
	assert_memory_equal(m.enter_order.symbol, "ACME    ", 8);
	assert_int_equal(m.enter_order.time_in_force, '3');
	bench_free(b);
}

static void what_risk_rejects_is_recorded_told_and_never_sent(void **state) {
	(void)state;
	bench *b = bench_new(LIMITS("order-shares 50;"));
	the_script.on_book = buy_at_first_offer;
	feed_add(&b->feed, STOCK, 1, 'S', 100, 100000);
	feed_tick(&b->feed, 1000000);
	feed(b);
	assert_int_equal(the_script.update_count, 1);
	assert_int_equal(the_script.updates[0].kind, IX_STRATEGY_REJECTED);
	assert_int_equal(the_script.updates[0].reasons, IX_RISK_ORDER_TOO_LARGE);
	assert_int_equal(ix_pipeline_get_counts(b->pipeline)->sent_count, 0);
	assert_int_equal(ix_pipeline_get_counts(b->pipeline)->rejected_count, 1);
	assert_int_equal(ix_pipeline_get_counts(b->pipeline)->reject_reasons[0], 1);
	assert_int_equal(ix_pipeline_get_counts(b->pipeline)->live_count, 0);
	assert_int_equal(records_of(b, IX_TRAIL_DECISION), 1);
	assert_int_equal(records_of(b, IX_TRAIL_ANSWER), 0);
	assert_int_equal(ix_pipeline_position(b->pipeline, STOCK)->open_buy, 0);
	bench_free(b);
}

static void rest_a_bid(script *s, uint16_t symbol, const ix_strategy_quote *quote) {
	(void)symbol;
	if (s->order == 0 && quote->ask_e4 != 0)
		s->order = enter(s, IX_STRATEGY_BUY, 100, 99000, IX_STRATEGY_DAY);
}

static void a_resting_order_is_replaced_and_cancelled_under_the_same_number(void **state) {
	(void)state;
	bench *b = bench_new(LIMITS("order-shares 500;"));
	the_script.on_book = rest_a_bid;
	feed_add(&b->feed, STOCK, 1, 'S', 100, 100000);
	feed_tick(&b->feed, 2000);
	feed(b);
	assert_int_equal(the_script.updates[0].kind, IX_STRATEGY_ACCEPTED);
	const ix_strategy_host *h = the_script.host;
	assert_int_equal(ix_pipeline_position(b->pipeline, STOCK)->open_buy, 100);
	assert_int_equal(h->replace(h->context, the_script.order, 70, 99100), 0);
	assert_true(h->replace(h->context, the_script.order, 60, 99100) < 0); /* one at a time */
	feed_tick(&b->feed, 2000);
	feed(b);
	assert_int_equal(the_script.update_count, 2);
	assert_int_equal(the_script.updates[1].kind, IX_STRATEGY_REPLACED);
	assert_int_equal(the_script.updates[1].order, the_script.order);
	assert_int_equal(the_script.updates[1].left, 70);
	assert_int_equal(the_script.updates[1].price_e4, 99100);
	assert_int_equal(ix_pipeline_position(b->pipeline, STOCK)->open_buy, 70);
	assert_int_equal(h->cancel(h->context, the_script.order), 0);
	assert_true(h->cancel(h->context, the_script.order) < 0); /* one is on its way */
	assert_true(h->replace(h->context, the_script.order, 50, 99000) < 0);
	feed_tick(&b->feed, 2000);
	feed(b);
	assert_int_equal(the_script.update_count, 3);
	assert_int_equal(the_script.updates[2].kind, IX_STRATEGY_CANCELLED);
	assert_int_equal(the_script.updates[2].quantity, 70);
	assert_int_equal(the_script.updates[2].left, 0);
	assert_true(h->cancel(h->context, the_script.order) < 0); /* there is none any more */
	ix_risk_exposure e;
	assert_int_equal(ix_risk_get_exposure(b->risk, IX_RISK_FIRM, IX_STR("f"), &e, NULL), 0);
	assert_int_equal(e.open_orders, 0);
	assert_int_equal(e.open_notional_e4, 0);
	bench_free(b);
}

static void a_sale_of_what_is_not_held_is_a_short_sale(void **state) {
	(void)state;
	bench *b = bench_new(NULL);
	feed_add(&b->feed, STOCK, 1, 'S', 100, 100000);
	feed(b);
	the_script.order = enter(&the_script, IX_STRATEGY_SELL, 100, 101000, IX_STRATEGY_DAY);
	ix_trail_decision d;
	const record *r = &b->records[b->record_count - 1];
	assert_int_equal(ix_trail_decode_decision((ix_bytes){r->bytes, r->size}, &d, NULL), 0);
	ix_ouch_message m;
	assert_int_equal(ix_ouch_decode(IX_OUCH_IN, d.ouch, &m, NULL), 0);
	assert_int_equal(m.enter_order.side, 'T');
	bench_free(b);
}

static void orders_that_make_no_sense_are_refused_at_once(void **state) {
	(void)state;
	bench *b = bench_new(NULL);
	feed_add(&b->feed, STOCK, 1, 'S', 100, 100000);
	feed(b);
	const ix_strategy_host *h = the_script.host;
	const ix_strategy_order bad[] = {{.symbol = 0, .quantity = 1, .price_e4 = 1},
		{.symbol = 2, .quantity = 1, .price_e4 = 1}, {.symbol = 999, .quantity = 1, .price_e4 = 1},
		{.symbol = STOCK, .quantity = 0, .price_e4 = 1},
		{.symbol = STOCK, .quantity = 1, .price_e4 = 0},
		{.symbol = STOCK, .side = 2, .quantity = 1, .price_e4 = 1},
		{.symbol = STOCK, .tif = 2, .quantity = 1, .price_e4 = 1},
		{.symbol = STOCK, .quantity = 1000000, .price_e4 = 1},
		{.symbol = STOCK, .quantity = 1, .price_e4 = 1999999901}};
	for (size_t i = 0; i < IX_COUNT(bad); i++) {
		uint64_t order = 77;
		assert_true(h->enter(h->context, &bad[i], &order) < 0);
		assert_int_equal(order, 77);
	}
	assert_int_equal(ix_pipeline_get_counts(b->pipeline)->decision_count, 0);
	bench_free(b);
}

static void as_many_orders_as_may_live_are_taken_and_no_more(void **state) {
	(void)state;
	bench *b = bench_new(NULL);
	feed_add(&b->feed, STOCK, 1, 'S', 100, 100000);
	feed(b);
	for (int i = 0; i < 64; i++) enter(&the_script, IX_STRATEGY_BUY, 1, 90000, IX_STRATEGY_DAY);
	uint64_t order;
	assert_true(
		the_script.host->enter(the_script.host->context,
			&(ix_strategy_order){.symbol = STOCK, .quantity = 1, .price_e4 = 90000}, &order) < 0);
	assert_int_equal(b->alerts[0].kind, IX_PIPELINE_ALERT_LIMIT);
	bench_free(b);
}

static uint32_t timer_order[8], timer_seen;

static void note_timer(script *s, uint32_t id) {
	timer_order[timer_seen++] = id;
	if (id == 3) s->host->set_timer(s->host->context, 0, 9); /* due already: with the next message */
}

static void timers_come_in_the_order_of_their_times_and_those_of_one_time_as_set(void **state) {
	(void)state;
	bench *b = bench_new(NULL);
	timer_seen = 0;
	the_script.on_timer = note_timer;
	const ix_strategy_host *h = the_script.host;
	h->set_timer(h->context, NINE_THIRTY_NS + 30, 3);
	h->set_timer(h->context, NINE_THIRTY_NS + 10, 1);
	h->set_timer(h->context, NINE_THIRTY_NS + 30, 4);
	h->set_timer(h->context, NINE_THIRTY_NS + 20, 2);
	feed_tick(&b->feed, 10);
	feed(b);
	assert_int_equal(timer_seen, 1);
	feed_tick(&b->feed, 20);
	feed(b);
	assert_int_equal(timer_seen, 4);
	feed_tick(&b->feed, 0);
	feed(b);
	static const uint32_t expected[] = {1, 2, 3, 4, 9};
	assert_int_equal(timer_seen, 5);
	assert_memory_equal(timer_order, expected, sizeof expected);
	bench_free(b);
}

static void a_parameter_is_changed_live_on_record_and_within_its_range(void **state) {
	(void)state;
	bench *b = bench_new(NULL);
	assert_int_equal(the_script.host->parameter(the_script.host->context, 0), 10);
	assert_int_equal(ix_pipeline_set_parameter(b->pipeline, 0, -100, NULL), 0);
	assert_int_equal(the_script.host->parameter(the_script.host->context, 0), -100);
	assert_int_equal(the_script.parameter_count, 1);
	assert_int_equal(records_of(b, IX_TRAIL_PARAMETER), 1);
	ix_error err = {0};
	assert_int_equal(ix_pipeline_set_parameter(b->pipeline, 0, 101, &err), IX_ERR_RANGE);
	assert_string_equal(err.text, "level: 101 is not from -100 to 100");
	assert_int_equal(ix_pipeline_set_parameter(b->pipeline, 2, 0, &err), IX_ERR_NOT_FOUND);
	assert_int_equal(the_script.host->parameter(the_script.host->context, 0), -100);
	bench_free(b);
}

static void alerts_come_once_a_second_with_how_many_there_were(void **state) {
	(void)state;
	bench *b = bench_new(NULL);
	feed(b);
	for (int i = 0; i < 5; i++) ix_pipeline_gap(b->pipeline, 3);
	assert_int_equal(b->alert_count, 1);
	assert_int_equal(b->alerts[0].kind, IX_PIPELINE_ALERT_GAP);
	assert_int_equal(b->alerts[0].value, 3);
	assert_int_equal(b->alerts[0].count, 1);
	feed_tick(&b->feed, 1000000000);
	feed(b);
	ix_pipeline_gap(b->pipeline, 2);
	assert_int_equal(b->alert_count, 2);
	assert_int_equal(b->alerts[1].count, 5);
	assert_int_equal(ix_pipeline_get_counts(b->pipeline)->lost_count, 17);
	bench_free(b);
}

static void a_record_that_cannot_be_written_stops_the_engine_before_the_order_goes_out(void **state) {
	(void)state;
	bench *b = bench_new(NULL);
	the_script.on_book = buy_at_first_offer;
	b->refuse_from = 2; /* the input can be written, the decision not */
	feed_add(&b->feed, STOCK, 1, 'S', 100, 100000);
	feed_tick(&b->feed, 1000000);
	ix_error err = {0};
	assert_int_equal(
		ix_pipeline_feed(b->pipeline, (ix_bytes){b->feed.bytes, b->feed.size}, &err), IX_ERR_CLOSED);
	assert_int_equal(ix_pipeline_get_counts(b->pipeline)->sent_count, 0);
	assert_int_equal(ix_pipeline_get_counts(b->pipeline)->answer_count, 0);
	bench_free(b);
}

static void answer_each_reject_with_an_order(script *s, const ix_strategy_update *update) {
	(void)update;
	enter(s, IX_STRATEGY_BUY, 60, 100000, IX_STRATEGY_DAY);
}

static void a_strategy_that_answers_each_reject_with_an_order_does_not_hang_the_engine(void **state) {
	(void)state;
	bench *b = bench_new(LIMITS("order-shares 50;"));
	the_script.on_book = buy_at_first_offer;
	the_script.on_order = answer_each_reject_with_an_order;
	feed_add(&b->feed, STOCK, 1, 'S', 100, 100000);
	feed(b);
	assert_int_equal(the_script.update_count, SCRIPT_UPDATES_PER_MESSAGE);
	assert_true(ix_pipeline_get_counts(b->pipeline)->alert_count[IX_PIPELINE_ALERT_LIMIT] >= 1);
	feed_tick(&b->feed, 1);
	feed(b);
	assert_int_equal(the_script.update_count, 2 * SCRIPT_UPDATES_PER_MESSAGE);
	bench_free(b);
}

static void the_end_cancels_what_is_live_and_is_recorded(void **state) {
	(void)state;
	bench *b = bench_new(NULL);
	the_script.on_book = rest_a_bid;
	feed_add(&b->feed, STOCK, 1, 'S', 100, 100000);
	feed_tick(&b->feed, 2000);
	feed(b);
	assert_int_equal(ix_pipeline_stop(b->pipeline, NULL), 0);
	assert_true(the_script.has_stopped);
	assert_int_equal(the_script.updates[the_script.update_count - 1].kind, IX_STRATEGY_CANCELLED);
	assert_int_equal(ix_pipeline_get_counts(b->pipeline)->live_count, 0);
	const record *r = &b->records[b->record_count - 1];
	assert_int_equal(r->kind, IX_TRAIL_END);
	ix_trail_end end;
	assert_int_equal(ix_trail_decode_end((ix_bytes){r->bytes, r->size}, &end, NULL), 0);
	assert_int_equal(end.message_count, 3);
	assert_int_equal(end.decision_count, 2);
	bench_free(b);
}

static void on_mass_cancel(void *context, ix_risk_level level, ix_str name, ix_str reason) {
	bench *b = *(bench **)context;
	(void)level;
	(void)name;
	(void)reason;
	if (b && b->pipeline) ix_pipeline_cancel_all(b->pipeline);
}

static void a_loss_beyond_the_limit_throws_the_kill_switch_and_cancels_all(void **state) {
	(void)state;
	static bench *b;
	b = NULL;
	ix_risk *risk = NULL;
	ix_error err = {0};
	const ix_risk_options options = {.allocator = ix_os_allocator(),
		.limits = IX_STR(LIMITS("daily-loss 10.00;")),
		.limits_name = IX_STR("limits"),
		.mass_cancel = on_mass_cancel,
		.context = &b};
	if (ix_risk_open(&options, &risk, &err) != 0) fail_msg("%s", err.text);
	b = bench_new(NULL);
	ix_pipeline_free(b->pipeline);
	const ix_pipeline_options engine = {.allocator = ix_os_allocator(),
		.strategy = &script_vtable,
		.risk = risk,
		.risk_session = IX_STR("s"),
		.symbols_max = 16,
		.orders_max = 64,
		.venue_latency_ns = 1000,
		.sink = {.alert = keep_alert, .context = b}};
	if (ix_pipeline_new(&engine, &b->pipeline, &err) != 0) fail_msg("%s", err.text);
	the_script.on_book = buy_at_first_offer;
	feed_add(&b->feed, STOCK, 1, 'S', 100, 100000);
	feed_tick(&b->feed, 2000);
	feed(b); /* 60 bought at 10.00 */
	the_script.on_book = NULL;
	uint64_t resting = enter(&the_script, IX_STRATEGY_BUY, 10, 90000, IX_STRATEGY_DAY);
	feed_tick(&b->feed, 2000);
	feed(b);
	/* The offer goes to 9.80: 60 x 0.20 = 12.00 are lost at the last trade's price. */
	feed_add(&b->feed, STOCK, 2, 'S', 10, 98000);
	feed_execute(&b->feed, STOCK, 2, 5, 8);
	feed_tick(&b->feed, 2000);
	feed(b);
	assert_true(ix_pipeline_get_counts(b->pipeline)->alert_count[IX_PIPELINE_ALERT_KILL] >= 1);
	assert_int_equal(the_script.updates[the_script.update_count - 1].kind, IX_STRATEGY_CANCELLED);
	assert_int_equal(the_script.updates[the_script.update_count - 1].order, resting);
	the_script.update_count = 0;
	enter(&the_script, IX_STRATEGY_BUY, 1, 90000, IX_STRATEGY_DAY);
	feed_tick(&b->feed, 1);
	feed(b);
	assert_int_equal(the_script.updates[0].kind, IX_STRATEGY_REJECTED);
	assert_true(the_script.updates[0].reasons & IX_RISK_KILLED);
	bench_free(b);
	ix_risk_close(risk);
}

static void limits_without_the_session_are_refused(void **state) {
	(void)state;
	bench *b = bench_new(LIMITS("order-shares 50;"));
	ix_pipeline *p = NULL;
	ix_error err = {0};
	const ix_pipeline_options options = {.allocator = ix_os_allocator(),
		.strategy = &script_vtable,
		.risk = b->risk,
		.risk_session = IX_STR("nobody")};
	assert_int_equal(ix_pipeline_new(&options, &p, &err), IX_ERR_NOT_FOUND);
	assert_string_equal(err.text, "the limits have no session 'nobody'");
	assert_null(p);
	bench_free(b);
}

IX_TESTS(test_pipeline,
	cmocka_unit_test(a_strategy_hears_of_books_and_trades_with_the_prices_before_the_trade),
	cmocka_unit_test(an_order_goes_out_arrives_after_the_latency_and_comes_back_filled),
	cmocka_unit_test(the_decision_on_record_is_what_was_sent),
	cmocka_unit_test(what_risk_rejects_is_recorded_told_and_never_sent),
	cmocka_unit_test(a_resting_order_is_replaced_and_cancelled_under_the_same_number),
	cmocka_unit_test(a_sale_of_what_is_not_held_is_a_short_sale),
	cmocka_unit_test(orders_that_make_no_sense_are_refused_at_once),
	cmocka_unit_test(as_many_orders_as_may_live_are_taken_and_no_more),
	cmocka_unit_test(timers_come_in_the_order_of_their_times_and_those_of_one_time_as_set),
	cmocka_unit_test(a_parameter_is_changed_live_on_record_and_within_its_range),
	cmocka_unit_test(alerts_come_once_a_second_with_how_many_there_were),
	cmocka_unit_test(a_record_that_cannot_be_written_stops_the_engine_before_the_order_goes_out),
	cmocka_unit_test(a_strategy_that_answers_each_reject_with_an_order_does_not_hang_the_engine),
	cmocka_unit_test(the_end_cancels_what_is_live_and_is_recorded),
	cmocka_unit_test(a_loss_beyond_the_limit_throws_the_kill_switch_and_cancels_all),
	cmocka_unit_test(limits_without_the_session_are_refused));
