/* report_sample.h - a trading day that never was, from a seed: what the tests and the browser look at. The
 * parts add up as those of a run do: positions to the profit, reasons to the rejects, the curve's end to the
 * figures. */
#ifndef INOX_TRADE_REPORT_SAMPLE_H
#define INOX_TRADE_REPORT_SAMPLE_H

#include <inox/rng.h>
#include <inox/trade_report.h>

enum { SAMPLE_POINTS = 1561, SAMPLE_STAGES = 8, SAMPLE_POSITIONS = 12, SAMPLE_BUCKETS = 7424 };

typedef struct report_sample {
	ix_trade_report facts;
	ix_trade_report_point curve[SAMPLE_POINTS];
	ix_trade_report_stage stages[SAMPLE_STAGES];
	ix_hist hists[SAMPLE_STAGES];
	uint64_t buckets[SAMPLE_STAGES][SAMPLE_BUCKETS];
	ix_trade_report_position positions[SAMPLE_POSITIONS];
} report_sample;

static const ix_trade_report_parameter sample_parameters[] = {
	{IX_STR("spread_min_e4"), IX_STR("quotes only where the market's own spread is at least this"), 100},
	{IX_STR("size"), IX_STR("shares of each quote"), 200},
	{IX_STR("position_max"), IX_STR("shares of one stock, either side"), 4000},
	{IX_STR("skew_e4"), IX_STR("how far a full position moves both quotes"), 150},
	{IX_STR("requote_ns"), IX_STR("a quote stands at least so long"), 250000000},
};
static const ix_trade_report_count sample_reasons[] = {
	{IX_STR("position"), IX_STR("the position, with all open orders filled, would exceed its limit"),
		1207},
	{IX_STR("price collar"), IX_STR("the price is too far from the last trade"), 311},
	{IX_STR("message rate"), IX_STR("the session sends faster than it may"), 64},
	{IX_STR("restricted"), IX_STR("the stock is on the restricted list"), 0},
	{IX_STR("halted"), IX_STR("the stock is not trading"), 18},
};
static const ix_trade_report_count sample_alerts[] = {
	{IX_STR("latency"), IX_STR("tick to trade above 100 µs"), 37},
	{IX_STR("gap"), IX_STR("messages of the feed are missing"), 2},
	{IX_STR("stale"), IX_STR("no message for 60 s within market hours"), 0},
	{IX_STR("rejects"), IX_STR("more than half of the last 100 decisions were rejected"), 1},
	{IX_STR("loss"), IX_STR("the profit fell below its alert"), 0},
	{IX_STR("kill"), IX_STR("the kill switch tripped"), 0},
};
static const ix_trade_report_gap sample_gaps[] = {
	{38112004193871, 1904772, 58, true},
	{49530118220034, 3611940, 12, false},
};

/* Many small factors make a log-normal time; one in 200 waits for something, and one in 200 of those for
 * long. */
static uint64_t sample_latency(ix_rng *rng, uint64_t typical_ns) {
	uint64_t value = typical_ns * 100 / 270;
	for (int i = 0; i < 16; i++) value += value * ix_rng_below(rng, 14) / 100;
	for (int wait = 0; wait < 2 && ix_rng_chance(rng, 1, 200); wait++) {
		for (int i = 0; i < 12; i++) value += value * ix_rng_below(rng, 50) / 100;
	}
	return value;
}

static void sample_measure(report_sample *s, ix_rng *rng) {
	static const struct {
		const char *name;
		uint32_t typical_ns, count;
	} stages[SAMPLE_STAGES] = {{"tick_to_trade", 620, 184022}, {"tick", 240, 500000},
		{"book", 85, 500000}, {"strategy", 70, 391020}, {"risk", 62, 186622}, {"encode", 24, 184022},
		{"audit", 110, 186622}, {"venue", 140, 500000}};
	for (size_t i = 0; i < SAMPLE_STAGES; i++) {
		s->stages[i] = (ix_trade_report_stage){ix_str_from(stages[i].name), &s->hists[i]};
		IX_ASSERT(ix_hist_init_fixed(&s->hists[i], NULL, s->buckets[i], SAMPLE_BUCKETS, NULL) == 0);
		for (uint32_t k = 0; k < stages[i].count; k++)
			ix_hist_record(&s->hists[i], sample_latency(rng, stages[i].typical_ns));
	}
}

/* The profit drifts up and stumbles in the early afternoon; the exposure comes and goes. */
static void sample_trade(report_sample *s, ix_rng *rng) {
	const uint64_t open_ns = 34200000000000, step_ns = 15000000000;
	int64_t profit = 0, peak = 0, gross = 0;
	for (size_t i = 0; i < SAMPLE_POINTS; i++) {
		int64_t drift = i > 800 && i < 960 ? -290000 : 92000;
		if (i > 0) profit += drift + ix_rng_between(rng, -900000, 900000);
		gross += ix_rng_between(rng, -160000000, 200000000) - gross / 90;
		if (gross < 0) gross = 0;
		if (profit > peak) peak = profit;
		uint64_t time_ns = open_ns + i * step_ns;
		s->curve[i] = (ix_trade_report_point){time_ns, profit, i > 0 ? gross : 0};
		if (peak - profit <= s->facts.drawdown_e4) continue;
		s->facts.drawdown_e4 = peak - profit;
		s->facts.drawdown_time_ns = time_ns;
	}
	s->facts.realised_e4 = profit - profit / 9;
	s->facts.unrealised_e4 = profit / 9;
}

static void sample_hold(report_sample *s, ix_rng *rng) {
	static const char *const symbols[SAMPLE_POSITIONS] = {"ACME", "BOLT", "CRAB", "DUNE", "ECHO", "FERN",
		"GALE", "HIVE", "IRIS", "JADE", "KELP", "LYNX"};
	int64_t realised = s->facts.realised_e4, unrealised = s->facts.unrealised_e4;
	for (size_t i = 0; i < SAMPLE_POSITIONS; i++) {
		ix_trade_report_position *at = &s->positions[i];
		int64_t left = SAMPLE_POSITIONS - (int64_t)i;
		at->symbol = ix_str_from(symbols[i]);
		at->realised_e4 =
			left > 1 ? realised / left + ix_rng_between(rng, -9000000, 9000000) : realised;
		at->unrealised_e4 =
			left > 1 ? unrealised / left + ix_rng_between(rng, -1500000, 1500000) : unrealised;
		realised -= at->realised_e4;
		unrealised -= at->unrealised_e4;
		at->bought_shares = 100 * ix_rng_below(rng, 9000) + 40000;
		at->shares = i == 6 ? 0 : 100 * ix_rng_between(rng, -38, 38);
		at->sold_shares = at->bought_shares - (uint64_t)at->shares;
		s->facts.bought_shares += at->bought_shares;
		s->facts.sold_shares += at->sold_shares;
	}
}

static void report_sample_init(report_sample *s, uint64_t seed) {
	ix_rng rng;
	ix_rng_seed(&rng, seed);
	*s = (report_sample){0};
	sample_trade(s, &rng);
	sample_measure(s, &rng);
	sample_hold(s, &rng);
	ix_trade_report *f = &s->facts;
	f->date = IX_STR("2026-01-30");
	f->program = IX_STR("inox 0.1.0");
	f->command = IX_STR("inox trade run day.itch.zst --strategy maker --limits desk.conf --session desk1 "
			    "--html run.html");
	f->feed = IX_STR("day.itch.zst"), f->feed_format = IX_STR("BinaryFILE, zstd"),
	f->feed_bytes = 48233417;
	f->strategy = IX_STR("maker"),
	f->strategy_summary = IX_STR("quotes both sides around the middle, leaning against its position");
	f->parameters = sample_parameters, f->parameter_count = IX_COUNT(sample_parameters);
	f->limits = IX_STR("desk.conf"), f->session = IX_STR("desk1"), f->mode = IX_STR("one core");
	f->has_seed = true, f->seed = seed;
	f->begin_ns = 34200000000000, f->end_ns = 57600000000000;
	f->wall_ns = 2074512900, f->cpu_ns = 2070118231, f->venue_latency_ns = 20000;
	f->message_count = 5000000, f->decision_count = 188222;
	f->enter_count = 71804, f->replace_count = 84511, f->cancel_count = 31907;
	f->rejected_count = 1600, f->warned_count = 212, f->order_count = 154715;
	f->fill_count = 20419, f->traded_notional_e4 = 3312884017500, f->venue_reject_count = 3,
	f->live_count = 14;
	f->curve = s->curve, f->curve_count = SAMPLE_POINTS;
	f->stages = s->stages, f->stage_count = SAMPLE_STAGES;
	f->positions = s->positions, f->position_count = SAMPLE_POSITIONS;
	f->reject_reasons = sample_reasons, f->reject_reason_count = IX_COUNT(sample_reasons);
	f->alerts = sample_alerts, f->alert_count = IX_COUNT(sample_alerts);
	f->gaps = sample_gaps, f->gap_count = IX_COUNT(sample_gaps);
	f->lost_gap_count = 1, f->lost_message_count = 12, f->recovered_message_count = 58;
	f->trail_path = IX_STR("audit/2026-01-30"), f->trail_record_count = 5563210,
	f->trail_byte_count = 412900183;
	f->trail_is_durable = true;
	f->trail_hash = IX_STR("b3:5f0c1e77a9d24c6be1d8f3902a7745d1c09be4f86d5533aa17ec02f94b6d8e10");
	f->trail_verify = IX_STR("inox trade replay --audit audit/2026-01-30 --verify");
}

#endif
