/* What each type of ITCH message does to the books. */
#include "book_fixture.h"

static ix_itch_message about(uint8_t type, uint16_t locate) {
	return (ix_itch_message){.type = type, .locate = locate, .timestamp_ns = 5000};
}

/* A message about STOCK. Every type that names the stock has a field of that name. */
#define ABOUT(TYPE, member)                               \
	ix_itch_message m = about(IX_ITCH_##TYPE, STOCK); \
	ix_itch_set_text(m.member.stock, 8, IX_STR("ACME"))

static int apply(ix_books *books, const ix_itch_message *m) { return ix_books_apply(books, m, NULL); }

static ix_itch_message order_message(uint64_t reference, uint8_t side, uint32_t shares, uint32_t price) {
	ABOUT(ADD_ORDER, add_order);
	m.add_order.reference = reference;
	m.add_order.side = side;
	m.add_order.shares = shares;
	m.add_order.price_e4 = price;
	return m;
}

static ix_itch_message directory_message(uint16_t locate, const char *stock) {
	ix_itch_message m = about(IX_ITCH_STOCK_DIRECTORY, locate);
	ix_itch_set_text(m.stock_directory.stock, 8, ix_str_from(stock));
	m.stock_directory.round_lot_size = 100;
	m.stock_directory.market_category = 'Q';
	m.stock_directory.luld_tier = '1';
	m.stock_directory.etp_leverage = 3;
	return m;
}

static ix_books *listed_with(ix_books_options options) {
	ix_books *books = books_with(&options);
	ix_itch_message m = directory_message(STOCK, "ACME");
	assert_int_equal(apply(books, &m), 0);
	return books;
}
static ix_books *listed(void) { return listed_with(small_options()); }

static void a_directory_entry_makes_the_book(void **state) {
	(void)state;
	ix_books *books = listed();
	assert_int_equal(ix_books_find_symbol(books, IX_STR("ACME")), STOCK);
	const ix_book_status *s = ix_book_get_status(books, STOCK);
	assert_true(s->is_listed);
	assert_int_equal(s->directory.round_lot_size, 100);
	assert_int_equal(s->directory.market_category, 'Q');
	assert_int_equal(s->directory.luld_tier, '1');
	assert_int_equal(s->directory.etp_leverage, 3);
	finish(books);
}

static void adds_executions_cancels_deletes_and_replaces_reach_the_book(void **state) {
	(void)state;
	ix_books *books = listed();
	ix_itch_message m = order_message(1, 'B', 100, 10000);
	apply(books, &m);
	m = order_message(2, 'S', 200, 10100);
	apply(books, &m);
	assert_best(books, BID, 10000, 1, 100);
	assert_best(books, ASK, 10100, 1, 200);
	m = about(IX_ITCH_ORDER_EXECUTED, STOCK);
	m.order_executed.reference = 1;
	m.order_executed.shares = 10;
	m.order_executed.match = 7;
	apply(books, &m);
	assert_best(books, BID, 10000, 1, 90);
	m = about(IX_ITCH_ORDER_CANCEL, STOCK);
	m.order_cancel.reference = 1;
	m.order_cancel.shares = 20;
	apply(books, &m);
	assert_best(books, BID, 10000, 1, 70);
	m = about(IX_ITCH_ORDER_REPLACE, STOCK);
	m.order_replace.reference = 1;
	m.order_replace.new_reference = 3;
	m.order_replace.shares = 500;
	m.order_replace.price_e4 = 9900;
	apply(books, &m);
	assert_best(books, BID, 9900, 1, 500);
	m = about(IX_ITCH_ORDER_DELETE, STOCK);
	m.order_delete.reference = 2;
	apply(books, &m);
	assert_best(books, ASK, 0, 0, 0);
	ix_book_stats stats;
	ix_book_get_stats(books, STOCK, &stats);
	assert_int_equal(stats.add_count, 2);
	assert_int_equal(stats.execution_count, 1);
	assert_int_equal(stats.cancel_count, 1);
	assert_int_equal(stats.replace_count, 1);
	assert_int_equal(stats.delete_count, 1);
	assert_int_equal(stats.order_count, 1);
	assert_int_equal(stats.last_e4, 10000);
	assert_int_equal(stats.last_timestamp_ns, 5000);
	finish(books);
}

static void an_attributed_add_keeps_its_mpid(void **state) {
	(void)state;
	ix_books *books = listed();
	ABOUT(ADD_ORDER_ATTRIBUTED, add_order_attributed);
	m.add_order_attributed.reference = 8;
	m.add_order_attributed.side = 'S';
	m.add_order_attributed.shares = 100;
	m.add_order_attributed.price_e4 = 12300;
	ix_itch_set_text(m.add_order_attributed.attribution, 4, IX_STR("UBS"));
	assert_int_equal(apply(books, &m), 0);
	ix_book_order found;
	assert_true(ix_book_find(books, 8, &found));
	assert_memory_equal(found.mpid, "UBS ", 4);
	finish(books);
}

static void an_execution_with_price_trades_at_that_price_if_printable(void **state) {
	(void)state;
	ix_books *books = listed();
	ix_itch_message m = order_message(1, 'B', 100, 10000);
	apply(books, &m);
	m = about(IX_ITCH_ORDER_EXECUTED_PRICE, STOCK);
	m.order_executed_price.reference = 1;
	m.order_executed_price.shares = 30;
	m.order_executed_price.match = 7;
	m.order_executed_price.printable = 'N';
	m.order_executed_price.price_e4 = 9950;
	assert_int_equal(apply(books, &m), 0);
	ix_book_stats stats;
	ix_book_get_stats(books, STOCK, &stats);
	assert_int_equal(stats.volume, 0);
	assert_int_equal(stats.unprinted_volume, 30);
	m.order_executed_price.printable = 'Y';
	assert_int_equal(apply(books, &m), 0);
	ix_book_get_stats(books, STOCK, &stats);
	assert_int_equal(stats.volume, 30);
	assert_int_equal(stats.last_e4, 9950);
	assert_best(books, BID, 10000, 1, 40);
	finish(books);
}

static void trading_is_possible_in_state_t_without_an_operational_halt(void **state) {
	(void)state;
	ix_books *books = listed();
	assert_true(ix_book_is_trading(books, STOCK)); /* nothing said against it */
	ABOUT(TRADING_ACTION, trading_action);
	ix_itch_set_text(m.trading_action.reason, 4, IX_STR("T1"));
	static const struct {
		uint8_t state;
		bool is_trading;
	} rows[] = {{'H', false}, {'P', false}, {'Q', false}, {'T', true}};
	for (size_t i = 0; i < IX_COUNT(rows); i++) {
		m.trading_action.trading_state = rows[i].state;
		apply(books, &m);
		assert_int_equal(ix_book_is_trading(books, STOCK), rows[i].is_trading);
		assert_int_equal(ix_book_get_status(books, STOCK)->trading.state, rows[i].state);
	}
	assert_memory_equal(ix_book_get_status(books, STOCK)->trading.reason, "T1  ", 4);
	ix_itch_message h = about(IX_ITCH_OPERATIONAL_HALT, STOCK);
	ix_itch_set_text(h.operational_halt.stock, 8, IX_STR("ACME"));
	h.operational_halt.market = 'B';
	h.operational_halt.action = 'H';
	apply(books, &h);
	assert_true(ix_book_is_trading(books, STOCK)); /* BX is another market */
	h.operational_halt.market = 'Q';
	apply(books, &h);
	assert_false(ix_book_is_trading(books, STOCK));
	h.operational_halt.action = 'T';
	apply(books, &h);
	assert_true(ix_book_is_trading(books, STOCK));
	assert_true(ix_book_get_status(books, STOCK)->operational.is_halted[1]);
	finish(books);
}

static void restrictions_collars_and_quoting_periods_are_kept(void **state) {
	(void)state;
	ix_books *books = listed();
	const ix_book_status *s = ix_book_get_status(books, STOCK);
	{
		ABOUT(REG_SHO, reg_sho);
		m.reg_sho.action = '1';
		apply(books, &m);
		assert_int_equal(s->reg_sho.action, '1');
		assert_int_equal(s->reg_sho.timestamp_ns, 5000);
	}
	{
		ABOUT(LULD_COLLAR, luld_collar);
		m.luld_collar.reference_e4 = 100;
		m.luld_collar.upper_e4 = 110;
		m.luld_collar.lower_e4 = 90;
		m.luld_collar.extension = 2;
		apply(books, &m);
		assert_int_equal(s->luld.reference_e4, 100);
		assert_int_equal(s->luld.upper_e4, 110);
		assert_int_equal(s->luld.lower_e4, 90);
		assert_int_equal(s->luld.extension, 2);
	}
	{
		ABOUT(IPO_QUOTING, ipo_quoting);
		m.ipo_quoting.release_time_s = 34200;
		m.ipo_quoting.qualifier = 'A';
		m.ipo_quoting.price_e4 = 170000;
		apply(books, &m);
		assert_int_equal(s->ipo.release_time_s, 34200);
		assert_int_equal(s->ipo.qualifier, 'A');
		assert_int_equal(s->ipo.price_e4, 170000);
	}
	{
		ABOUT(RPII, rpii);
		m.rpii.interest = 'A';
		apply(books, &m);
		assert_int_equal(s->rpii.interest, 'A');
	}
	finish(books);
}

static void auctions_are_kept(void **state) {
	(void)state;
	ix_books *books = listed();
	const ix_book_status *s = ix_book_get_status(books, STOCK);
	{
		ABOUT(NOII, noii);
		m.noii.paired_shares = 1000;
		m.noii.imbalance_shares = 200;
		m.noii.direction = 'B';
		m.noii.far_e4 = 1;
		m.noii.near_e4 = 2;
		m.noii.reference_e4 = 3;
		m.noii.cross_type = 'O';
		m.noii.price_variation = 'L';
		apply(books, &m);
		assert_int_equal(s->imbalance.paired_shares, 1000);
		assert_int_equal(s->imbalance.imbalance_shares, 200);
		assert_int_equal(s->imbalance.direction, 'B');
		assert_int_equal(s->imbalance.far_e4, 1);
		assert_int_equal(s->imbalance.near_e4, 2);
		assert_int_equal(s->imbalance.reference_e4, 3);
		assert_int_equal(s->imbalance.cross_type, 'O');
		assert_int_equal(s->imbalance.price_variation, 'L');
	}
	{
		ABOUT(CROSS_TRADE, cross_trade);
		m.cross_trade.shares = 900;
		m.cross_trade.price_e4 = 10000;
		m.cross_trade.match = 5;
		m.cross_trade.cross_type = 'O';
		apply(books, &m);
		assert_int_equal(s->cross.shares, 900);
		assert_int_equal(s->cross.price_e4, 10000);
		assert_int_equal(s->cross.match, 5);
		assert_int_equal(s->cross.cross_type, 'O');
	}
	{
		ABOUT(DIRECT_LISTING, direct_listing);
		m.direct_listing.open_eligibility = 'Y';
		m.direct_listing.minimum_e4 = 1;
		m.direct_listing.maximum_e4 = 2;
		m.direct_listing.near_e4 = 3;
		m.direct_listing.near_time_ns = 4;
		m.direct_listing.lower_collar_e4 = 5;
		m.direct_listing.upper_collar_e4 = 6;
		apply(books, &m);
		assert_int_equal(s->direct_listing.open_eligibility, 'Y');
		assert_int_equal(s->direct_listing.minimum_e4, 1);
		assert_int_equal(s->direct_listing.maximum_e4, 2);
		assert_int_equal(s->direct_listing.near_e4, 3);
		assert_int_equal(s->direct_listing.near_time_ns, 4);
		assert_int_equal(s->direct_listing.lower_collar_e4, 5);
		assert_int_equal(s->direct_listing.upper_collar_e4, 6);
	}
	finish(books);
}

static void market_participants_are_listed_once_with_their_latest_state(void **state) {
	(void)state;
	ix_books *books = listed();
	ABOUT(PARTICIPANT_POSITION, participant_position);
	const char *const mpids[] = {"GSCO", "UBSS", "GSCO"};
	for (size_t i = 0; i < IX_COUNT(mpids); i++) {
		memcpy(m.participant_position.mpid, mpids[i], 4);
		m.participant_position.primary_market_maker = 'Y';
		m.participant_position.market_maker_mode = 'N';
		m.participant_position.state = (uint8_t)('A' + i);
		assert_int_equal(apply(books, &m), 0);
	}
	ix_book_participant found[4];
	assert_int_equal(ix_book_participants(books, STOCK, found, 4), 2);
	assert_memory_equal(found[0].mpid, "GSCO", 4);
	assert_int_equal(found[0].state, 'C');
	assert_memory_equal(found[1].mpid, "UBSS", 4);
	assert_int_equal(found[1].state, 'B');
	assert_int_equal(ix_book_participants(books, STOCK, found, 1), 2);
	finish(books);
}

static void the_market_knows_its_events_and_circuit_breakers(void **state) {
	(void)state;
	ix_books *books = listed();
	const ix_books_market *market = ix_books_get_market(books);
	assert_int_equal(market->event, 0);
	ix_itch_message m = about(IX_ITCH_SYSTEM_EVENT, 0);
	m.system_event.event_code = 'Q';
	apply(books, &m);
	assert_int_equal(market->event, 'Q');
	m = about(IX_ITCH_MWCB_LEVELS, 0);
	m.mwcb_levels.level1_e8 = 3;
	m.mwcb_levels.level2_e8 = 2;
	m.mwcb_levels.level3_e8 = 1;
	apply(books, &m);
	assert_int_equal(market->mwcb_e8[0], 3);
	assert_int_equal(market->mwcb_e8[2], 1);
	m = about(IX_ITCH_MWCB_STATUS, 0);
	m.mwcb_status.breached_level = '2';
	apply(books, &m);
	m.mwcb_status.breached_level = '1';
	apply(books, &m);
	assert_int_equal(market->breached_level, '2');
	finish(books);
}

static void an_add_of_an_unlisted_stock_is_a_fault(void **state) {
	(void)state;
	ix_books *books = listed();
	ix_itch_message m = order_message(1, 'B', 100, 10000);
	m.locate = 5;
	ix_itch_set_text(m.add_order.stock, 8, IX_STR("NEW"));
	assert_int_equal(apply(books, &m), 0);
	assert_int_equal(ix_books_faults(books)[IX_BOOK_FAULT_UNKNOWN_LOCATE].count, 1);
	assert_int_equal(ix_books_faults(books)[IX_BOOK_FAULT_UNKNOWN_LOCATE].first_locate, 5);
	assert_false(ix_books_has_symbol(books, 5));
	finish(books);
}

static void unlisted_stocks_may_be_admitted(void **state) {
	(void)state;
	ix_books_options options = small_options();
	options.admits_unlisted = true;
	ix_books *books = listed_with(options);
	ix_itch_message m = order_message(1, 'B', 100, 10000);
	m.locate = 5;
	ix_itch_set_text(m.add_order.stock, 8, IX_STR("NEW"));
	assert_int_equal(apply(books, &m), 0);
	assert_int_equal(ix_books_find_symbol(books, IX_STR("NEW")), 5);
	assert_false(ix_book_get_status(books, 5)->is_listed);
	assert_level(ix_book_bbo(books, 5)[BID], 10000, 1, 100);
	finish(books);
}

static void an_add_that_names_another_stock_is_a_fault(void **state) {
	(void)state;
	ix_books *books = listed();
	ix_itch_message m = order_message(1, 'B', 100, 10000);
	ix_itch_set_text(m.add_order.stock, 8, IX_STR("OTHER"));
	apply(books, &m);
	assert_int_equal(ix_books_faults(books)[IX_BOOK_FAULT_WRONG_STOCK].count, 1);
	assert_best(books, BID, 0, 0, 0);
	finish(books);
}

static void an_operation_by_another_symbols_locate_is_a_fault(void **state) {
	(void)state;
	ix_books *books = listed();
	ix_itch_message m = directory_message(2, "TWO");
	apply(books, &m);
	m = order_message(1, 'B', 100, 10000);
	apply(books, &m);
	m = about(IX_ITCH_ORDER_DELETE, 2);
	m.order_delete.reference = 1;
	apply(books, &m);
	assert_int_equal(ix_books_faults(books)[IX_BOOK_FAULT_WRONG_LOCATE].count, 1);
	assert_best(books, BID, 10000, 1, 100);
	finish(books);
}

static void codes_that_matter_are_checked(void **state) {
	(void)state;
	ix_books *books = listed();
	ix_itch_message m = order_message(1, 'X', 100, 10000);
	apply(books, &m);
	m = order_message(1, 'B', 100, 10000);
	apply(books, &m);
	m = about(IX_ITCH_ORDER_EXECUTED_PRICE, STOCK);
	m.order_executed_price.reference = 1;
	m.order_executed_price.shares = 1;
	m.order_executed_price.printable = '?';
	apply(books, &m);
	ix_itch_message h = about(IX_ITCH_OPERATIONAL_HALT, STOCK);
	ix_itch_set_text(h.operational_halt.stock, 8, IX_STR("ACME"));
	h.operational_halt.market = 'Z';
	h.operational_halt.action = 'H';
	apply(books, &h);
	assert_int_equal(ix_books_faults(books)[IX_BOOK_FAULT_BAD_CODE].count, 3);
	assert_best(books, BID, 10000, 1, 100);
	finish(books);
}

static void strict_books_return_the_fault_in_one_sentence(void **state) {
	(void)state;
	ix_books_options options = small_options();
	options.is_strict = true;
	ix_books *books = listed_with(options);
	ix_itch_message m = about(IX_ITCH_ORDER_DELETE, STOCK);
	m.order_delete.reference = 99;
	ix_error err = {0};
	assert_int_equal(ix_books_apply(books, &m, &err), IX_ERR_NOT_FOUND);
	assert_string_equal(err.text, "message 2: Order Delete: order 99 is not in the books");
	assert_int_equal(err.detail, IX_BOOK_FAULT_UNKNOWN_REFERENCE + 1);
	finish(books);
}

static void a_message_of_no_type_is_counted_and_skipped(void **state) {
	(void)state;
	ix_books *books = listed();
	ix_itch_message m = about('q', STOCK);
	assert_int_equal(apply(books, &m), 0);
	ix_books_info info;
	ix_books_get_info(books, &info);
	assert_int_equal(info.message_count, 2);
	assert_int_equal(info.fault_count, 0);
	finish(books);
}

/* ---- the listener ---- */

typedef struct heard {
	unsigned bbo_count, trade_count, message_count;
	ix_book_level before[2], best[2];
	ix_book_trade trade;
} heard;

static void hear_bbo(
	void *context, uint16_t locate, const ix_book_level before[2], const ix_book_level best[2]) {
	heard *h = context;
	assert_int_equal(locate, STOCK);
	h->bbo_count++;
	memcpy(h->before, before, sizeof h->before);
	memcpy(h->best, best, sizeof h->best);
}
static void hear_trade(void *context, const ix_book_trade *trade) {
	heard *h = context;
	h->trade_count++;
	h->trade = *trade;
}

static void the_listener_hears_of_changed_best_prices_and_of_nothing_else(void **state) {
	(void)state;
	heard h = {0};
	const ix_book_listener listener = {.on_bbo = hear_bbo, .context = &h};
	ix_books_options options = small_options();
	options.listener = &listener;
	ix_books *books = listed_with(options);
	ix_itch_message m = order_message(1, 'B', 100, 10000);
	apply(books, &m);
	assert_int_equal(h.bbo_count, 1);
	assert_level(h.before[BID], 0, 0, 0);
	assert_level(h.best[BID], 10000, 1, 100);
	m = order_message(2, 'B', 100, 9900);
	apply(books, &m);
	assert_int_equal(h.bbo_count, 1); /* behind the best */
	ix_book_delete(books, 1, NULL);
	assert_int_equal(h.bbo_count, 2);
	assert_level(h.best[BID], 9900, 1, 100);
	/* A replace is one change, not two. */
	ix_book_replace(books, 2, 3, 50, 9800, NULL);
	assert_int_equal(h.bbo_count, 3);
	assert_level(h.before[BID], 9900, 1, 100);
	assert_level(h.best[BID], 9800, 1, 50);
	/* A fault is none. */
	ix_book_delete(books, 77, NULL);
	assert_int_equal(h.bbo_count, 3);
	finish(books);
}

static void the_listener_hears_of_trades_with_price_and_symbol(void **state) {
	(void)state;
	heard h = {0};
	const ix_book_listener listener = {.on_trade = hear_trade, .context = &h};
	ix_books_options options = small_options();
	options.listener = &listener;
	ix_books *books = listed_with(options);
	ix_itch_message m = order_message(1, 'B', 100, 10000);
	apply(books, &m);
	m = about(IX_ITCH_ORDER_EXECUTED, STOCK);
	m.order_executed.reference = 1;
	m.order_executed.shares = 60;
	m.order_executed.match = 4;
	apply(books, &m);
	assert_int_equal(h.trade_count, 1);
	assert_int_equal(h.trade.price_e4, 10000);
	assert_int_equal(h.trade.shares, 60);
	assert_int_equal(h.trade.match, 4);
	assert_int_equal(h.trade.locate, STOCK);
	assert_int_equal(h.trade.kind, IX_BOOK_TRADE_ORDER);
	assert_int_equal(h.trade.timestamp_ns, 5000);
	assert_true(h.trade.is_printable);
	finish(books);
}

IX_TESTS(test_book_itch, cmocka_unit_test(a_directory_entry_makes_the_book),
	cmocka_unit_test(adds_executions_cancels_deletes_and_replaces_reach_the_book),
	cmocka_unit_test(an_attributed_add_keeps_its_mpid),
	cmocka_unit_test(an_execution_with_price_trades_at_that_price_if_printable),
	cmocka_unit_test(trading_is_possible_in_state_t_without_an_operational_halt),
	cmocka_unit_test(restrictions_collars_and_quoting_periods_are_kept),
	cmocka_unit_test(auctions_are_kept),
	cmocka_unit_test(market_participants_are_listed_once_with_their_latest_state),
	cmocka_unit_test(the_market_knows_its_events_and_circuit_breakers),
	cmocka_unit_test(an_add_of_an_unlisted_stock_is_a_fault),
	cmocka_unit_test(unlisted_stocks_may_be_admitted),
	cmocka_unit_test(an_add_that_names_another_stock_is_a_fault),
	cmocka_unit_test(an_operation_by_another_symbols_locate_is_a_fault),
	cmocka_unit_test(codes_that_matter_are_checked),
	cmocka_unit_test(strict_books_return_the_fault_in_one_sentence),
	cmocka_unit_test(a_message_of_no_type_is_counted_and_skipped),
	cmocka_unit_test(the_listener_hears_of_changed_best_prices_and_of_nothing_else),
	cmocka_unit_test(the_listener_hears_of_trades_with_price_and_symbol));
