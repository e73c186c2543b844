/* The scripted strategy of the tests: passes on what it is told to the functions that a test has set, and
 * keeps the updates. */
#include "small_feed.h"

script the_script;

static const ix_strategy_parameter parameters[] = {
	{"level", "a number", 10, -100, 100},
	{"other", "another number", 1, 0, 2},
};

static int script_open(const ix_strategy_host *host, uint16_t symbols_max, void **ret_self) {
	if (symbols_max == 0) return -1;
	the_script.host = host;
	*ret_self = &the_script;
	return 0;
}

static void script_close(void *self) { (void)self; }

static void script_book(void *self, uint16_t symbol, const ix_strategy_quote *quote) {
	script *s = self;
	assert_false(s->is_inside);
	s->book_count++;
	if (s->on_book) s->on_book(s, symbol, quote);
}

static void script_trade(void *self, uint16_t symbol, const ix_strategy_trade *trade) {
	script *s = self;
	s->trade_count++;
	if (s->on_trade) s->on_trade(s, symbol, trade);
}

static void script_order(void *self, const ix_strategy_update *update) {
	script *s = self;
	assert_false(s->is_inside);
	if (s->update_count < SCRIPT_UPDATES_MAX) s->updates[s->update_count] = *update;
	s->update_count++;
	if (s->on_order) s->on_order(s, update);
}

static void script_timer(void *self, uint32_t id) {
	script *s = self;
	s->timer_count++;
	if (s->on_timer) s->on_timer(s, id);
}

static void script_parameter(void *self, uint32_t index) {
	script *s = self;
	s->parameter_count++;
	(void)index;
}

static void script_stop(void *self) { ((script *)self)->has_stopped = true; }

const ix_strategy_vtable script_vtable = {
	.size = sizeof script_vtable,
	.abi = IX_STRATEGY_ABI,
	.name = "script",
	.summary = "what a test says",
	.parameters = parameters,
	.parameter_count = 2,
	.open = script_open,
	.close = script_close,
	.on_book = script_book,
	.on_trade = script_trade,
	.on_order = script_order,
	.on_timer = script_timer,
	.on_parameter = script_parameter,
	.on_stop = script_stop,
};
