/* Fuzzes snapshots: the bytes as they are, and with the checksum that they ask for. What is taken must be
 * whole, have the same bytes again, and take commands. */
#include "match_store.h"

#include <inox/alloc.h>
#include <inox/match.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void go_on(ix_match *e) {
	for (uint16_t i = 1; i <= 8; i++) {
		ix_match_command c = {
			.kind = IX_MATCH_SUBMIT, .symbol = i, .order = UINT64_MAX - i, .side = i & 1};
		c.type = IX_MATCH_MARKET;
		c.quantity = UINT32_MAX;
		ix_match_apply(e, &c);
		c = (ix_match_command){.kind = IX_MATCH_UNCROSS, .symbol = i, .state = IX_MATCH_CONTINUOUS};
		ix_match_apply(e, &c);
	}
	ix_match_command all = {.kind = IX_MATCH_EXPIRE};
	ix_match_apply(e, &all);
	IX_ASSERT(ix_match_check(e, NULL) == 0);
}

static void load(const uint8_t *data, size_t size) {
	const ix_match_options options = {.allocator = ix_os_allocator(),
		.symbols_max = 8,
		.orders_reserve = 4,
		.orders_max = 256,
		.levels_reserve = 2,
		.levels_max = 256};
	ix_match *e;
	ix_error err = {0};
	if (ix_match_load(&options, (ix_bytes){data, size}, &e, &err) != 0) return;
	IX_ASSERT(ix_match_check(e, &err) == 0);
	store again = store_of(e);
	IX_ASSERT(again.size == size);
	/* The minor version may have been a newer one, and so the checksum. */
	if (data[10] == 0 && data[11] == 0) IX_ASSERT(memcmp(again.data, data, size) == 0);
	free(again.data);
	go_on(e);
	ix_match_free(e);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
	load(data, size);
	if (size < 4) return 0;
	uint8_t *sealed = malloc(size);
	if (!sealed) return 0;
	memcpy(sealed, data, size);
	store_seal(sealed, size);
	load(sealed, size);
	free(sealed);
	return 0;
}
