/* A limits file of any bytes: refused with a sentence, or in force; then it lists the same rows twice, and an
 * order is held against it. */
#include <inox/alloc.h>
#include <inox/risk_text.h>

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void need(bool holds) {
	if (!holds) abort();
}

static void try_orders(ix_risk *risk) {
	uint32_t sessions = ix_risk_session_count(risk), symbols = ix_risk_symbol_count(risk);
	ix_risk_verdict v;
	for (uint32_t i = 0; i < 8; i++) {
		ix_risk_order o = {.id = i,
			.time_ns = i * 1000000000,
			.quantity = 100 * (i + 1),
			.price_e4 = 100000,
			.session = sessions ? i % sessions : 0,
			.symbol = symbols ? i % symbols : 0,
			.side = (uint8_t)(1 + i % 3)};
		bool passes = ix_risk_check(risk, &o, &v);
		need(passes == (v.rejects == 0));
		if (passes) ix_risk_on_fill(risk, o.session, o.id, o.quantity / 2, 90000, o.time_ns);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
	ix_arena arena;
	ix_error err = {0};
	ix_risk *risk = NULL;
	ix_risk_limit_row *rows, *again;
	ix_risk_limit_change *changes;
	size_t count, again_count, change_count;
	ix_str text = {(const char *)data, size};
	ix_risk_options options = {.allocator = ix_os_allocator(),
		.limits = text,
		.session_max = 64,
		.symbol_max = 32,
		.orders_max = 32,
		.cell_max = 256};
	int code = ix_risk_open(&options, &risk, &err);
	need(code == err.code && (code == 0 || err.text[0]));
	if (code) return 0;
	ix_arena_init(&arena, ix_os_allocator(), 0, 0);
	need(ix_risk_limit_rows(&arena, IX_STR("a"), text, &rows, &count, NULL) == 0);
	need(ix_risk_limit_rows(&arena, IX_STR("b"), text, &again, &again_count, NULL) == 0 &&
		count == again_count);
	need(count > 1000 || ix_risk_limit_diff(&arena, rows, count, again, again_count, &changes,
				     &change_count, NULL) == 0);
	try_orders(risk);
	need(ix_risk_limits_swap(risk, text, IX_STR("who"), IX_STR("why"), &err) == 0);
	try_orders(risk);
	ix_arena_fini(&arena);
	ix_risk_close(risk);
	return 0;
}
