/* Fuzzes the engine with commands. The first byte chooses. Even: the rest is a stream of encoded commands,
 * each behind a byte with its length; what is malformed is skipped. Odd: eight bytes a command make orders of
 * few numbers, prices and owners, which a random stream hardly ever hits. After each command everything must
 * be in order, and the shares that events speak of must add up; at the end the state goes through its bytes.
 */
#include "match_store.h"

#include <inox/alloc.h>
#include <inox/match.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { SYMBOLS = 4, COMMANDS_MAX = 400 };

typedef struct ledger {
	uint64_t accepted, traded, cancelled;
	uint64_t replaced_from, replaced_to;
	uint64_t sequence;
} ledger;

static void hear(void *context, const ix_match_event *v) {
	ledger *l = context;
	IX_ASSERT(v->sequence == ++l->sequence);
	if (v->kind == IX_MATCH_ACCEPTED) l->accepted += v->left;
	if (v->kind == IX_MATCH_TRADE) l->traded += 2 * (uint64_t)v->quantity;
	if (v->kind == IX_MATCH_CANCELLED) l->cancelled += v->quantity;
	if (v->kind == IX_MATCH_REPLACED) l->replaced_to += v->left;
}

static void fill_odd(const uint8_t in[8], ix_match_command *c) {
	static const uint8_t kinds[] = {1, 1, 1, 1, 1, 1, 1, 2, 2, 3, 3, 4, 5, 6, 7, 8};
	*c = (ix_match_command){.kind = kinds[in[0] & 15],
		.symbol = (uint16_t)(1 + (in[0] >> 4 & 1)),
		.side = in[0] >> 5 & 1,
		.type = in[1] & 3,
		.tif = (uint8_t)((in[1] >> 2 & 7) % 5),
		.stp = (uint8_t)((in[1] >> 5) % 5),
		.order = 1 + (in[2] & 31),
		.owner = in[2] >> 6,
		.session = in[2] >> 5 & 1,
		.quantity = in[3] & 63,
		.price_e4 = in[4] & 15,
		.stop_e4 = in[4] >> 4,
		.display = in[5] & 7,
		.minimum = in[5] >> 5 ? 0 : in[5] >> 3 & 3,
		.new_order = 1 + (in[6] & 31),
		.flags = in[6] >> 6,
		.state = in[7] & 3};
	if (c->kind == IX_MATCH_SUBMIT) {
		if (c->type == IX_MATCH_MARKET || c->type == IX_MATCH_STOP) c->price_e4 = c->display = 0;
		if (c->type < IX_MATCH_STOP) c->stop_e4 = 0;
		if (c->flags != IX_MATCH_POST_ONLY || c->minimum) c->flags = 0;
	}
	if (in[7] >> 5 == 7) c->quantity = UINT32_MAX - c->quantity;
	if (in[7] >> 5 == 6) c->price_e4 = UINT32_MAX - c->price_e4;
}

static uint64_t open_shares(const ix_match *e) {
	uint64_t sum = 0;
	/* The numbers that fill_odd gives. */
	for (uint64_t number = 1; number <= 32; number++) {
		ix_match_order o;
		if (ix_match_find(e, number, &o)) sum += o.left;
	}
	return sum;
}

static void go_through_bytes(const ix_match *e, const ix_match_options *options) {
	store s = store_of(e);
	ix_match *copy;
	IX_ASSERT(ix_match_load(options, store_bytes(&s), &copy, NULL) == 0);
	store again = store_of(copy);
	IX_ASSERT(again.size == s.size && memcmp(again.data, s.data, s.size) == 0);
	ix_match_free(copy);
	free(s.data);
	free(again.data);
}

static ix_match *open_engine(const ix_match_options *options) {
	ix_match *e;
	IX_ASSERT(ix_match_new(options, &e, NULL) == 0);
	for (uint16_t i = 1; i <= 2; i++) {
		ix_match_command c = {.kind = IX_MATCH_ADD_SYMBOL, .symbol = i, .lot = i};
		ix_match_apply(e, &c);
		c = (ix_match_command){.kind = IX_MATCH_STATE, .symbol = i, .state = IX_MATCH_CONTINUOUS};
		ix_match_apply(e, &c);
	}
	return e;
}

static void apply(ix_match *e, const ix_match_command *c, ledger *l) {
	ix_match_order replaced;
	ix_error err = {0};
	uint64_t to = l->replaced_to;
	bool is_live = c->kind == IX_MATCH_REPLACE && ix_match_find(e, c->order, &replaced);
	ix_match_apply(e, c);
	if (is_live && l->replaced_to != to) l->replaced_from += replaced.left;
	IX_ASSERT(ix_match_check(e, &err) == 0);
	(void)ix_match_indicate(e, c->symbol);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
	ledger l = {0};
	ix_match_options options = {.allocator = ix_os_allocator(),
		.listener = {hear, &l},
		.symbols_max = SYMBOLS,
		.orders_reserve = 4,
		.orders_max = 64,
		.levels_reserve = 2,
		.levels_max = 48};
	ix_match *e = open_engine(&options);
	bool is_odd = size > 0 && (data[0] & 1);
	size_t at = 1;
	for (int count = 0; count < COMMANDS_MAX && at < size; count++) {
		ix_match_command c;
		if (is_odd) {
			if (size - at < 8) break;
			fill_odd(data + at, &c);
			at += 8;
		} else {
			size_t length = data[at++];
			if (length > size - at) break;
			int code = ix_match_command_decode((ix_bytes){data + at, length}, &c, NULL);
			at += length;
			if (code) continue;
		}
		apply(e, &c, &l);
	}
	if (is_odd)
		IX_ASSERT(l.accepted + l.replaced_to - l.replaced_from ==
			  l.traded + l.cancelled + open_shares(e));
	options.listener = (ix_match_listener){0};
	go_through_bytes(e, &options);
	ix_match_free(e);
	return 0;
}
