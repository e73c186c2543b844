/* setup.c - making a pipeline and taking it apart, and what it answers about itself. */
#include "inside.h"

#include <inox/alloc.h>

enum { UPDATE_COUNT = 16384, SYMBOLS_DEFAULT = 1024, ORDERS_DEFAULT = 4096, BOOK_ORDERS_DEFAULT = 65536 };

/* Before the venue takes an order, its decision is on file. */
static void on_take(void *context, uint64_t number) {
	ix_pipeline *p = context;
	if (number == 0 || !p->sink.wait) return;
	if (!p->sink.wait(p->sink.context, number)) p->has_failed = true;
}

static int check_options(ix_pipeline_options *o, ix_error *err) {
	if (!o->allocator || !o->strategy)
		return ix_fail(err, IX_ERR_USAGE, "a pipeline needs an allocator and a strategy");
	if (!o->symbols_max) o->symbols_max = SYMBOLS_DEFAULT;
	if (!o->orders_max) o->orders_max = ORDERS_DEFAULT;
	if (!o->book_orders_reserve) o->book_orders_reserve = BOOK_ORDERS_DEFAULT;
	if (!o->venue_latency_ns) o->venue_latency_ns = 20000;
	if (!o->latency_alert_ns) o->latency_alert_ns = 100000;
	if (!o->stale_alert_ns) o->stale_alert_ns = 60 * NS_PER_SECOND;
	if (!o->reject_alert_percent) o->reject_alert_percent = 50;
	if (o->symbols_max > IX_PIPELINE_SYMBOL_MAX || o->orders_max > IX_PIPELINE_ORDER_MAX)
		return ix_fail(err, IX_ERR_LIMIT, "a pipeline of %u symbols and %u orders: at most %d and %d",
			o->symbols_max, o->orders_max, IX_PIPELINE_SYMBOL_MAX, IX_PIPELINE_ORDER_MAX);
	return 0;
}

static int make_books(ix_pipeline *p, ix_error *err) {
	const ix_pipeline_options *o = &p->options;
	const ix_book_listener listener = {.on_bbo = pipeline_on_bbo,
		.on_trade = pipeline_on_trade,
		.on_message = pipeline_on_message,
		.context = p};
	const ix_books_options books = {.allocator = o->allocator,
		.orders_reserve = o->book_orders_reserve,
		.symbols_reserve = o->symbols_max,
		.levels_reserve = o->book_orders_reserve / 4 + 64,
		.positions_max = 32 * o->symbols_max,
		.references_window = 65536,
		.trades_max = 16384,
		.admits_unlisted = true,
		.listener = &listener};
	int code = ix_books_new(&books, &p->books, err);
	const ix_paper_options venue = {.allocator = o->allocator,
		.latency_ns = o->venue_latency_ns,
		.symbols_max = o->symbols_max,
		.market_orders_reserve = o->book_orders_reserve,
		.orders_max = 4 * o->orders_max,
		.on_take = on_take,
		.on_answer = answers_take,
		.context = p};
	return code ? code : ix_paper_new(&venue, &p->venue, err);
}

static int make_memory(ix_pipeline *p, ix_error *err) {
	const ix_allocator *a = p->options.allocator;
	p->symbols = ix_allocate_zeroed(a, p->symbols_max + 1, sizeof *p->symbols, 64);
	p->touched = ix_allocate_zeroed(a, p->symbols_max + 1, sizeof *p->touched, 64);
	p->updates = ix_allocate_zeroed(a, UPDATE_COUNT, sizeof *p->updates, 64);
	p->update_mask = UPDATE_COUNT - 1;
	if (!p->symbols || !p->touched || !p->updates)
		return ix_fail(err, IX_ERR_MEMORY, "no memory for a pipeline of %u symbols", p->symbols_max);
	return orders_init(p, err);
}

static int make_measures(ix_pipeline *p, ix_error *err) {
	int code = 0;
	if (!p->measures) return 0;
	p->ns_per_cycle_q32 = (uint64_t)(4294967296.0 / ix_cycles_per_ns());
	const ix_hist_options shape = {.precision_bits = 7, .value_max = 60 * NS_PER_SECOND};
	for (int i = 0; i < IX_PIPELINE_STAGE_COUNT && code == 0; i++)
		code = ix_hist_init(&p->stages[i], &shape, p->options.allocator, err);
	return code;
}

static int open_strategy(ix_pipeline *p, ix_error *err) {
	const ix_strategy_vtable *s = p->strategy;
	for (uint32_t i = 0; i < s->parameter_count && i < IX_STRATEGY_PARAMETER_MAX; i++)
		p->parameters[i] =
			p->options.parameters ? p->options.parameters[i] : s->parameters[i].fallback;
	host_init(p);
	int code = s->open(&p->host, (uint16_t)p->symbols_max, &p->self);
	if (code)
		return ix_fail(err, IX_ERR_ENVIRONMENT, "the strategy %s cannot run here (it said %d)",
			s->name, code);
	p->is_open = true;
	if (s->on_start) s->on_start(p->self);
	return 0;
}

static int make_all(ix_pipeline *p, ix_error *err) {
	int code = make_memory(p, err);
	if (code == 0) code = make_books(p, err);
	if (code == 0) code = make_measures(p, err);
	if (code == 0 && p->risk) {
		p->session = ix_risk_find_session(p->risk, p->options.risk_session);
		if (p->session == UINT32_MAX)
			code = ix_fail(err, IX_ERR_NOT_FOUND, "the limits have no session '%.*s'",
				IX_STR_ARG(p->options.risk_session));
	}
	return code ? code : open_strategy(p, err);
}

int ix_pipeline_new(const ix_pipeline_options *options, ix_pipeline **ret_pipeline, ix_error *err) {
	ix_pipeline_options o = *options;
	int code = check_options(&o, err);
	if (code) return code;
	ix_pipeline *p = ix_allocate_zeroed(o.allocator, 1, sizeof *p, 64);
	if (!p) return ix_fail(err, IX_ERR_MEMORY, "no memory for a pipeline");
	p->options = o;
	p->strategy = o.strategy;
	p->sink = o.sink;
	p->risk = o.risk;
	p->symbols_max = o.symbols_max;
	p->measures = o.measures;
	code = make_all(p, err);
	if (code) {
		ix_pipeline_free(p);
		return code;
	}
	*ret_pipeline = p;
	return 0;
}

void ix_pipeline_free(ix_pipeline *p) {
	if (!p) return;
	const ix_allocator *a = p->options.allocator;
	if (p->is_open) p->strategy->close(p->self);
	ix_paper_free(p->venue);
	ix_books_free(p->books);
	orders_fini(p);
	ix_release(a, p->symbols, (p->symbols_max + 1) * sizeof *p->symbols, 64);
	ix_release(a, p->touched, (p->symbols_max + 1) * sizeof *p->touched, 64);
	ix_release(a, p->updates, UPDATE_COUNT * sizeof *p->updates, 64);
	for (int i = 0; i < IX_PIPELINE_STAGE_COUNT; i++) ix_hist_fini(&p->stages[i]);
	ix_release(a, p, sizeof *p, 64);
}

void ix_pipeline_set_schedule(ix_pipeline *p, uint64_t start_cycles, uint64_t period_q32) {
	p->has_schedule = true;
	p->schedule_start = start_cycles;
	p->schedule_period_q32 = period_q32;
}

const ix_pipeline_counts *ix_pipeline_get_counts(const ix_pipeline *p) { return &p->counts; }
uint64_t ix_pipeline_now_ns(const ix_pipeline *p) { return p->now_ns; }

ix_pipeline_profit ix_pipeline_get_profit(const ix_pipeline *p) { return p->profit; }

const ix_pipeline_point *ix_pipeline_curve(const ix_pipeline *p, size_t *ret_count) {
	*ret_count = p->curve_count;
	return p->curve;
}

const ix_hist *ix_pipeline_latency(const ix_pipeline *p, ix_pipeline_stage stage) {
	return p->measures ? &p->stages[stage] : NULL;
}

void ix_pipeline_reset_latency(ix_pipeline *p) {
	for (int i = 0; p->measures && i < IX_PIPELINE_STAGE_COUNT; i++) ix_hist_reset(&p->stages[i]);
}

const ix_books *ix_pipeline_books(const ix_pipeline *p) { return p->books; }
const ix_paper *ix_pipeline_venue(const ix_pipeline *p) { return p->venue; }

const ix_strategy_position *ix_pipeline_position(const ix_pipeline *p, uint16_t locate) {
	return &p->symbols[locate <= p->symbols_max ? locate : 0].position;
}
