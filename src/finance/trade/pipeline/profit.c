/* profit.c - positions by fills, at average cost; profit and its extremes at every change of a price or a
 * position, and its curve at equal distances of market time. Integers: what an average leaves over stays in
 * the cost of what is still open, so nothing is lost in a round trip. */
#include "inside.h"

#include <inox/blake3.h>
#include <inox/writer.h>

enum { STEP_FIRST_NS = 1000000000 };

/* The part of the cost that belongs to `closed` of `open` shares: rounded towards zero. */
static int64_t part_of(int64_t cost_e4, uint64_t closed, uint64_t open) {
	if (closed == open) return cost_e4;
	uint64_t high, size = (uint64_t)(cost_e4 < 0 ? -cost_e4 : cost_e4);
	uint64_t low = ix_mul_wide(size, closed, &high);
	/* closed < open, so the quotient fits. */
	__extension__ typedef unsigned __int128 wide;
	uint64_t part = (uint64_t)(((wide)high << 64 | low) / open);
	return cost_e4 < 0 ? -(int64_t)part : (int64_t)part;
}

/* What a share is worth now, doubled; 0: nobody knows. */
static int64_t worth_twice(const symbol *s) {
	if (s->quote.bid_e4 && s->quote.ask_e4) return (int64_t)s->quote.bid_e4 + s->quote.ask_e4;
	return 2 * (int64_t)s->last_e4;
}

static int64_t value_of(const symbol *s) { return s->position.shares * worth_twice(s) / 2; }

/* The peak, and how far below it the profit is now. */
static void note_extremes(ix_pipeline *p) {
	int64_t profit = p->profit.realised_e4 + p->profit.unrealised_e4;
	if (profit > p->profit.peak_e4) p->profit.peak_e4 = profit;
	if (p->profit.peak_e4 - profit > p->profit.drawdown_e4) {
		p->profit.drawdown_e4 = p->profit.peak_e4 - profit;
		p->profit.drawdown_time_ns = p->now_ns;
	}
	if (p->options.loss_alert_e4 > 0 && profit < -p->options.loss_alert_e4 && !p->loss_is_told) {
		p->loss_is_told = true;
		alert_raise(p, IX_PIPELINE_ALERT_LOSS, profit, -p->options.loss_alert_e4);
	}
}

void profit_mark(ix_pipeline *p, uint16_t locate) {
	symbol *s = &p->symbols[locate];
	if (!s->touched) return;
	int64_t value = value_of(s), gross = value < 0 ? -value : value;
	int64_t unrealised = s->position.shares ? value - s->position.cost_e4 : 0;
	p->profit.unrealised_e4 += unrealised - s->unrealised_e4;
	p->gross_e4 += gross - s->gross_e4;
	s->unrealised_e4 = unrealised;
	s->gross_e4 = gross;
	note_extremes(p);
}

void profit_fill(ix_pipeline *p, uint16_t locate, uint8_t side, uint32_t quantity, uint32_t price_e4) {
	symbol *s = &p->symbols[locate];
	ix_strategy_position *at = &s->position;
	if (!s->touched) {
		p->touched[p->touched_count++] = locate;
		s->touched = p->touched_count;
	}
	int64_t sign = side == IX_STRATEGY_BUY ? 1 : -1;
	*(sign > 0 ? &s->bought_shares : &s->sold_shares) += quantity;
	uint64_t open = (uint64_t)(at->shares < 0 ? -at->shares : at->shares), closed = 0;
	if (at->shares != 0 && (at->shares > 0) != (sign > 0)) closed = open < quantity ? open : quantity;
	if (closed > 0) {
		int64_t cost = part_of(at->cost_e4, closed, open),
			proceeds = -sign * (int64_t)closed * price_e4;
		at->realised_e4 += proceeds - cost;
		p->profit.realised_e4 += proceeds - cost;
		at->cost_e4 -= cost;
	}
	at->cost_e4 += sign * (int64_t)(quantity - closed) * price_e4;
	at->shares += sign * (int64_t)quantity;
	profit_mark(p, locate);
}

/* Every other point goes, and the distance doubles. */
static void thin_out(ix_pipeline *p) {
	for (size_t i = 0; i < IX_PIPELINE_CURVE_MAX / 2; i++) p->curve[i] = p->curve[2 * i];
	p->curve_count = IX_PIPELINE_CURVE_MAX / 2;
	p->curve_step_ns *= 2;
}

void profit_sample(ix_pipeline *p) {
	if (IX_LIKELY(p->now_ns < p->curve_next_ns)) return;
	if (p->curve_step_ns == 0) p->curve_step_ns = STEP_FIRST_NS;
	if (p->curve_count == IX_PIPELINE_CURVE_MAX) thin_out(p);
	p->curve[p->curve_count++] =
		(ix_pipeline_point){p->now_ns, p->profit.realised_e4 + p->profit.unrealised_e4, p->gross_e4};
	p->curve_next_ns = p->now_ns - p->now_ns % p->curve_step_ns + p->curve_step_ns;
}

void profit_finish(ix_pipeline *p) {
	p->curve_next_ns = 0;
	profit_sample(p);
}

ix_pipeline_traded ix_pipeline_traded_of(const ix_pipeline *p, uint16_t locate) {
	const symbol *s = &p->symbols[locate <= p->symbols_max ? locate : 0];
	return (ix_pipeline_traded){s->bought_shares, s->sold_shares, s->unrealised_e4, worth_twice(s) / 2};
}

void ix_pipeline_positions_hash(const ix_pipeline *p, uint8_t ret_hash[32]) {
	ix_blake3_hasher hasher;
	ix_blake3_init(&hasher);
	for (uint32_t locate = 1; locate <= p->symbols_max; locate++) {
		const symbol *s = &p->symbols[locate];
		if (!s->touched) continue;
		uint8_t bytes[34];
		ix_store_u16_le(bytes, (uint16_t)locate);
		memcpy(bytes + 2, s->name, sizeof s->name);
		ix_store_u64_le(bytes + 10, (uint64_t)s->position.shares);
		ix_store_u64_le(bytes + 18, (uint64_t)s->position.realised_e4);
		ix_store_u64_le(bytes + 26, (uint64_t)s->position.cost_e4);
		ix_blake3_update(&hasher, bytes, sizeof bytes);
	}
	ix_blake3_finish(&hasher, ret_hash, 32);
}
