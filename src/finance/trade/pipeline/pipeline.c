/* pipeline.c - the engine itself: messages through the books, what they changed to the strategy, the venue's
 * part, timers, the end. */
#include "inside.h"

#include <inox/alloc.h>

static const char *const stage_names[IX_PIPELINE_STAGE_COUNT] = {
	"tick_to_trade", "tick", "book", "strategy", "risk", "encode", "audit", "venue"};

const char *ix_pipeline_stage_name(ix_pipeline_stage stage) {
	return (unsigned)stage < IX_PIPELINE_STAGE_COUNT ? stage_names[stage] : "unknown";
}

/* ---- what the books tell, kept until the message has been applied ---- */

void pipeline_on_bbo(
	void *context, uint16_t locate, const ix_book_level before[2], const ix_book_level best[2]) {
	ix_pipeline *p = context;
	(void)before;
	if (IX_UNLIKELY(locate > p->symbols_max)) return;
	p->symbols[locate].quote = (ix_strategy_quote){
		.bid_shares = best[IX_BOOK_BID].shares,
		.ask_shares = best[IX_BOOK_ASK].shares,
		.bid_e4 = best[IX_BOOK_BID].price_e4,
		.ask_e4 = best[IX_BOOK_ASK].price_e4,
		.bid_orders = best[IX_BOOK_BID].order_count,
		.ask_orders = best[IX_BOOK_ASK].order_count,
	};
	p->news.has_quote = true;
	p->news.quote_symbol = locate;
}

/* The quote is still the one before the trade. */
void pipeline_on_trade(void *context, const ix_book_trade *t) {
	ix_pipeline *p = context;
	if (IX_UNLIKELY(t->locate > p->symbols_max)) return;
	symbol *s = &p->symbols[t->locate];
	uint8_t resting = 2;
	if (t->kind == IX_BOOK_TRADE_ORDER)
		resting = s->quote.ask_e4 != 0 && t->price_e4 >= s->quote.ask_e4 ? IX_STRATEGY_SELL
										 : IX_STRATEGY_BUY;
	s->last_e4 = t->price_e4;
	p->news.has_trade = true;
	p->news.trade_symbol = t->locate;
	p->news.trade =
		(ix_strategy_trade){.shares = t->shares, .price_e4 = t->price_e4, .resting_side = resting};
}

static void mark_risk(ix_pipeline *p, const symbol *s) {
	if (!p->risk || s->name[0] == 0) return;
	ix_risk_mark(p->risk, s->risk_symbol,
		&(ix_risk_mark_price){.bid_e4 = s->quote.bid_e4,
			.ask_e4 = s->quote.ask_e4,
			.last_e4 = s->last_e4,
			.is_halted = s->is_halted,
			.time_ns = p->now_ns});
}

/* ---- one message ---- */

static void list_symbol(ix_pipeline *p, const uint8_t *m) {
	uint16_t locate = ix_itch_view_locate(m);
	if (locate == 0 || locate > p->symbols_max || p->symbols[locate].name[0] != 0) return;
	symbol *s = &p->symbols[locate];
	memcpy(s->name, m + IX_ITCH_HEADER_SIZE, sizeof s->name);
	if (locate > p->symbol_last) p->symbol_last = locate;
	if (!p->risk) return;
	ix_str name = ix_itch_text(s->name, sizeof s->name);
	s->risk_symbol = ix_risk_find_symbol(p->risk, name);
	const ix_risk_symbol details = {.is_easy_to_borrow = true}; /* of those that the limits do not know */
	if (s->risk_symbol == UINT32_MAX &&
		ix_risk_add_symbol(p->risk, name, &details, &s->risk_symbol, NULL) != 0) {
		memset(s->name, 0, sizeof s->name); /* risk is full: it cannot be traded */
		alert_raise(p, IX_PIPELINE_ALERT_LIMIT, locate, p->symbols_max);
	}
}

static void note_message(ix_pipeline *p, const uint8_t *m) {
	uint16_t locate = ix_itch_view_locate(m);
	switch (m[0]) {
	case IX_ITCH_STOCK_DIRECTORY: list_symbol(p, m); break;
	case IX_ITCH_TRADING_ACTION:
	case IX_ITCH_OPERATIONAL_HALT:
		if (locate <= p->symbols_max) {
			p->symbols[locate].is_halted = !ix_book_is_trading(p->books, locate);
			mark_risk(p, &p->symbols[locate]);
		}
		break;
	case IX_ITCH_SYSTEM_EVENT:
		if (m[IX_ITCH_HEADER_SIZE] == IX_ITCH_EVENT_START_OF_MARKET_HOURS) p->is_market_open = true;
		if (m[IX_ITCH_HEADER_SIZE] == IX_ITCH_EVENT_END_OF_MARKET_HOURS) p->is_market_open = false;
		break;
	default: break;
	}
}

static void tell_strategy(ix_pipeline *p) {
	const news n = p->news;
	p->news = (news){0};
	if (n.has_quote || n.has_trade) {
		uint16_t changed = n.has_quote ? n.quote_symbol : n.trade_symbol;
		mark_risk(p, &p->symbols[changed]);
		profit_mark(p, changed);
	}
	if (n.has_trade && p->strategy->on_trade) p->strategy->on_trade(p->self, n.trade_symbol, &n.trade);
	if (n.has_quote && p->strategy->on_book)
		p->strategy->on_book(p->self, n.quote_symbol, &p->symbols[n.quote_symbol].quote);
	if (p->update_taken != p->update_put) host_deliver(p);
}

static void venue_part(ix_pipeline *p, const uint8_t *m, size_t size) {
	ix_paper_advance(p->venue, p->now_ns);
	ix_paper_feed(p->venue, m, size);
	if (p->update_taken != p->update_put) host_deliver(p);
	if (IX_UNLIKELY(p->must_cancel_all)) host_cancel_all(p);
}

static uint64_t arrival_of(const ix_pipeline *p, uint64_t message) {
	uint64_t high, low = ix_mul_wide(message, p->schedule_period_q32, &high);
	return p->schedule_start + (high << 32 | low >> 32);
}

void pipeline_on_message(void *context, const uint8_t *m, size_t size) {
	ix_pipeline *p = context;
	uint64_t time_ns = ix_itch_view_timestamp_ns(m), start = cycles_now(p);
	if (IX_UNLIKELY(p->has_failed)) return;
	if (IX_UNLIKELY(p->is_market_open && time_ns > p->now_ns + p->options.stale_alert_ns))
		alert_raise(p, IX_PIPELINE_ALERT_STALE, (int64_t)(time_ns - p->now_ns),
			(int64_t)p->options.stale_alert_ns);
	if (time_ns > p->now_ns) p->now_ns = time_ns;
	if (p->measures) {
		p->arrival = p->has_schedule ? arrival_of(p, p->counts.message_count) : p->mark;
		measure(p, IX_PIPELINE_BOOK, p->mark, start);
	}
	p->counts.message_count++;
	p->has_traded = false;
	p->nested = 0;
	p->told_count = 0;
	note_message(p, m);
	if (p->timer_count > 0 && p->timers[p->timer_count - 1].at_ns <= p->now_ns) host_fire_timers(p);
	tell_strategy(p);
	uint64_t after = cycles_now(p);
	if (p->measures) measure(p, IX_PIPELINE_STRATEGY, start + p->nested, after);
	venue_part(p, m, size);
	profit_sample(p);
	if (!p->measures) return;
	p->mark = ix_cycles();
	measure(p, IX_PIPELINE_VENUE, after, p->mark);
	measure(p, IX_PIPELINE_TICK, p->arrival, p->mark);
}

/* ---- feeding ---- */

static int sink_failed(ix_error *err) {
	return ix_fail(err, IX_ERR_CLOSED, "the record of the run could not be written");
}

int ix_pipeline_feed(ix_pipeline *p, ix_bytes framed, ix_error *err) {
	IX_ASSERT(framed.size <= IX_TRAIL_PAYLOAD_MAX - IX_TRAIL_INPUT_HEAD);
	p->mark = cycles_now(p);
	if (p->sink.append) {
		uint8_t head[IX_TRAIL_INPUT_HEAD];
		ix_store_u64_le(head, p->counts.message_count + 1);
		if (p->sink.append(p->sink.context, IX_TRAIL_INPUT, (ix_bytes){head, sizeof head}, framed) ==
			0)
			return sink_failed(err);
	}
	ix_itch_run run = {0};
	int code = ix_books_run(p->books, framed, &run, UINT64_MAX, err);
	if (code) return code;
	return p->has_failed ? sink_failed(err) : 0;
}

void ix_pipeline_gap(ix_pipeline *p, uint64_t message_count) {
	p->counts.gap_count++;
	p->counts.lost_count += message_count;
	alert_raise(p, IX_PIPELINE_ALERT_GAP, (int64_t)message_count, 0);
}

void ix_pipeline_cancel_all(ix_pipeline *p) {
	p->must_cancel_all = true;
	alert_raise(p, IX_PIPELINE_ALERT_KILL, 0, 0);
}

int ix_pipeline_set_parameter(ix_pipeline *p, uint32_t index, int64_t value, ix_error *err) {
	if (index >= p->strategy->parameter_count)
		return ix_fail(err, IX_ERR_NOT_FOUND, "%s has no parameter %u", p->strategy->name, index);
	const ix_strategy_parameter *known = &p->strategy->parameters[index];
	if (value < known->minimum || value > known->maximum)
		return ix_fail(err, IX_ERR_RANGE, "%s: %lld is not from %lld to %lld", known->name,
			(long long)value, (long long)known->minimum, (long long)known->maximum);
	if (p->sink.append) {
		uint8_t bytes[IX_TRAIL_PARAMETER_SIZE];
		ix_trail_encode_parameter(&(ix_trail_parameter){index, value}, bytes);
		if (p->sink.append(p->sink.context, IX_TRAIL_PARAMETER, (ix_bytes){bytes, sizeof bytes},
			    (ix_bytes){0}) == 0)
			return sink_failed(err);
	}
	p->parameters[index] = value;
	p->told_count = 0;
	if (p->strategy->on_parameter) p->strategy->on_parameter(p->self, index);
	host_deliver(p);
	return 0;
}

int ix_pipeline_stop(ix_pipeline *p, ix_error *err) {
	p->told_count = 0;
	if (p->strategy->on_stop) p->strategy->on_stop(p->self);
	p->is_stopping = true;
	host_cancel_all(p);
	p->now_ns += p->options.venue_latency_ns;
	ix_paper_advance(p->venue, p->now_ns);
	host_deliver(p);
	profit_finish(p);
	if (p->has_failed) return sink_failed(err);
	if (!p->sink.append) return 0;
	ix_trail_end end = {.message_count = p->counts.message_count,
		.decision_count = p->counts.decision_count,
		.answer_count = p->counts.answer_count,
		.fill_count = p->counts.fill_count,
		.realised_e4 = p->profit.realised_e4,
		.unrealised_e4 = p->profit.unrealised_e4};
	ix_pipeline_positions_hash(p, end.positions_hash);
	uint8_t bytes[IX_TRAIL_END_SIZE];
	ix_trail_encode_end(&end, bytes);
	uint64_t number =
		p->sink.append(p->sink.context, IX_TRAIL_END, (ix_bytes){bytes, sizeof bytes}, (ix_bytes){0});
	return number ? 0 : sink_failed(err);
}
