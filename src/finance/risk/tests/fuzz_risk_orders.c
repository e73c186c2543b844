/* Orders of any bytes, as JSON when they begin with a brace and as CSV else: what is read is done, and
 * nothing is reserved that is not open. */
#include <inox/alloc.h>
#include <inox/risk_text.h>

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char limits[] =
	"instrument ABC { lot 10; tick 0.01; average-volume 100000; reference 10.00; }\ninstrument XYZ;\n"
	"firm F { capital 100000.00; concentration 90%; daily-loss 10000.00; self-match firm; desk D { "
	"account A { "
	"position-long 5000; locate-required; quote-age 1h; duplicate-window 1ms; message-rate 100/s; "
	"repeat-rate 5/s; "
	"trader T { session S1; session S2 { order-to-trade 10; symbol ABC { order-shares 100 soft=50; } } } "
	"} } }\n";

static void need(bool holds) {
	if (!holds) abort();
}

static void apply(ix_risk *risk, const ix_risk_event *e) {
	ix_risk_verdict v;
	bool passes = ix_risk_apply(risk, e, &v);
	need(passes || v.rejects || e->kind == IX_RISK_EVENT_ADJUST);
}

static void take(ix_risk *risk, ix_bytes text) {
	ix_error err = {0};
	ix_risk_event event;
	ix_risk_rows rows;
	int code;
	if (text.size && text.data[0] == '{') {
		code = ix_risk_order_from_json(risk, text, 1, &event, &err);
		if (!code) apply(risk, &event);
	} else {
		code = ix_risk_rows_begin(&rows, risk, text, 1, &err);
		while (!code && ix_risk_rows_next(&rows, &event, &code, &err) && !code) apply(risk, &event);
	}
	need(code == 0 || (err.code == code && err.text[0]));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
	ix_risk *risk = NULL;
	ix_risk_exposure firm;
	ix_risk_options options = {.allocator = ix_os_allocator(),
		.limits = ix_str_from(limits),
		.symbol_max = 4,
		.orders_max = 32,
		.cell_max = 32};
	need(ix_risk_open(&options, &risk, NULL) == 0);
	take(risk, (ix_bytes){data, size});
	need(ix_risk_get_exposure(risk, IX_RISK_FIRM, IX_STR("F"), &firm, NULL) == 0);
	need(firm.open_notional_e4 >= 0 && firm.open_orders >= 0 &&
		(firm.open_orders > 0 || firm.open_notional_e4 == 0));
	need(firm.gross_notional_e4 >= 0 && firm.pnl_best_e4 >= firm.pnl_e4);
	ix_risk_close(risk);
	return 0;
}
