/* A snapshot of any bytes: refused with a sentence, or restored; then a snapshot of it restores too, and says
 * the same. */
#include <inox/alloc.h>
#include <inox/risk.h>

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char limits[] =
	"instrument ABC { tick 0.01; reference 10.00; }\ninstrument XYZ { tick 0.01; reference 20.00; }\n"
	"firm F { desk D { account A { position-long 5000; trader T { session S1; session S2; } } account B "
	"{ trader "
	"U { session S3; } } } }\n";

static void need(bool holds) {
	if (!holds) abort();
}

static ix_risk *open_engine(void) {
	ix_risk *risk = NULL;
	ix_risk_options options = {.allocator = ix_os_allocator(),
		.limits = ix_str_from(limits),
		.symbol_max = 16,
		.orders_max = 64,
		.cell_max = 64};
	need(ix_risk_open(&options, &risk, NULL) == 0);
	return risk;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
	static uint8_t first[1 << 20], second[1 << 20];
	ix_error err = {0};
	ix_risk *risk = open_engine(), *other = open_engine();
	int code = ix_risk_restore(risk, (ix_bytes){data, size}, &err);
	need(code == err.code && (code == 0 || err.text[0]));
	if (code == 0) {
		ix_writer one = ix_writer_of(first, sizeof first), two = ix_writer_of(second, sizeof second);
		need(ix_risk_snapshot(risk, &one, NULL) == 0);
		need(ix_risk_restore(other, (ix_bytes){first, one.size}, &err) == 0);
		need(ix_risk_snapshot(other, &two, NULL) == 0 && two.size == one.size);
	}
	ix_risk_close(risk);
	ix_risk_close(other);
	return 0;
}
