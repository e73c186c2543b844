/* The tour's job of `inox risk`: a small firm, a day of random orders, and a crash of prices that trips the
 * kill switch. */
#include "cmd.h"

#include <inox/alloc.h>
#include <inox/rng.h>

static const char limits[] =
	"instrument ABC { tick 0.01; reference 100.00; }\n"
	"firm Tour { daily-loss 250000.00; order-shares 900;\n desk equities { account house {\n"
	"  position-long 20000; position-short 20000; collar-last-percent 2%;\n"
	"  trader maker { session S1; }\n } }\n}\n";

static void on_mass_cancel(void *context, ix_risk_level level, ix_str name, ix_str reason) {
	(void)level, (void)name, (void)reason;
	++*(int *)context;
}

/* A random order; half of it is filled, the rest cancelled. */
static void trade_once(ix_risk *risk, ix_rng *rng, uint64_t id, int64_t last) {
	ix_risk_order o = {.id = id,
		.time_ns = id * 1000,
		.quantity = ix_rng_between(rng, 1, 1000),
		.price_e4 = last + 100 * ix_rng_between(rng, -5, 5),
		.side = IX_RISK_BUY};
	o.side = ix_rng_chance(rng, 3, 5) ? IX_RISK_BUY : IX_RISK_SELL;
	if (!ix_risk_check(risk, &o, NULL)) return;
	ix_risk_on_fill(risk, 0, id, (o.quantity + 1) / 2, o.price_e4, o.time_ns);
	ix_risk_on_cancel(risk, 0, id, 0, o.time_ns);
}

int ix_risk_tour(const ix_tour_context *context, ix_tour_report *ret_report, ix_error *err) {
	(void)context;
	int kills = 0;
	ix_risk *risk;
	ix_rng rng;
	ix_risk_stats stats;
	ix_risk_exposure firm;
	ix_risk_options options = {.allocator = ix_os_allocator(),
		.limits = ix_str_from(limits),
		.mass_cancel = on_mass_cancel,
		.context = &kills,
		.single_thread = true};
	int code = ix_risk_open(&options, &risk, err);
	if (code) return code;
	int64_t last = 1000000;
	ix_rng_seed(&rng, 1);
	for (uint64_t i = 1; i <= 100000; i++) {
		if (i > 90000) last -= last > 500000 ? 100 : 0;
		ix_risk_mark(risk, 0, &(ix_risk_mark_price){.last_e4 = last, .time_ns = i * 1000});
		trade_once(risk, &rng, i, last);
	}
	ix_risk_get_stats(risk, &stats);
	code = ix_risk_get_exposure(risk, IX_RISK_FIRM, IX_STR("Tour"), &firm, err);
	ix_risk_close(risk);
	ix_format(ret_report->input, sizeof ret_report->input, "100,000 random orders, and prices that fall");
	ix_format(ret_report->result, sizeof ret_report->result,
		"%llu passed, %llu were rejected; %s the loss limit tripped the kill switch",
		(unsigned long long)stats.pass_count,
		(unsigned long long)(stats.check_count - stats.pass_count),
		kills == 1 && firm.is_killed ? "then" : "but NOT");
	if (!code && (kills != 1 || !firm.is_killed))
		code = ix_fail(err, IX_ERR_INTERNAL, "the kill switch did not trip once");
	return code;
}
