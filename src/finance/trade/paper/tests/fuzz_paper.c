/* Fuzzes the venue on paper. The input is a list of records: a kind and a length, then the bytes. Kind 0: an
 * inbound OUCH message, as it is. Kind 1: an ITCH message of the type of its first byte, padded or cut to
 * its size. Others: a few bytes make an order, of the feed or ours, that a random stream would hardly ever
 * hit. After every record time goes on; at the end everything must be whole. */
#include <inox/alloc.h>
#include <inox/itch.h>
#include <inox/paper.h>

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef struct fuzzed {
	ix_paper *paper;
	uint64_t now_ns;
	uint32_t last_ref;
} fuzzed;

static void answered(void *context, ix_bytes message) {
	const fuzzed *f = context;
	ix_ouch_message m;
	IX_ASSERT(ix_ouch_decode(IX_OUCH_OUT, message, &m, NULL) == 0);
	IX_ASSERT(m.timestamp_ns >= f->now_ns || f->now_ns > 0);
}

static void feed(fuzzed *f, ix_itch_message *m) {
	uint8_t bytes[IX_ITCH_SIZE_MAX];
	m->timestamp_ns = f->now_ns;
	size_t size = ix_itch_encode(m, bytes);
	if (size > 0) ix_paper_feed(f->paper, bytes, size);
}

/* Six bytes: type, reference, reference or side, price, shares, more. */
static void feed_small(fuzzed *f, const uint8_t in[6]) {
	static const uint8_t types[] = {'A', 'A', 'A', 'E', 'E', 'C', 'X', 'D', 'U', 'P', 'H', 'h', 'S', 'R'};
	ix_itch_message m = {.type = types[in[0] % sizeof types], .locate = 1 + (in[5] & 1)};
	uint32_t price = 100 + (in[3] & 15), shares = in[4];
	switch (m.type) {
	case 'A':
	case 'P':
		m.trade.reference = in[1];
		m.trade.side = in[2] & 1 ? 'B' : 'S';
		m.trade.shares = shares;
		m.trade.price_e4 = price;
		memset(m.trade.stock, 'A' + (in[5] & 1), 8);
		break;
	case 'E':
	case 'C':
		m.order_executed_price.reference = in[1];
		m.order_executed_price.shares = shares;
		if (m.type == 'C') m.order_executed_price.printable = in[2] & 1 ? 'Y' : 'N';
		break;
	case 'X':
		m.order_cancel.reference = in[1];
		m.order_cancel.shares = shares;
		break;
	case 'D': m.order_delete.reference = in[1]; break;
	case 'U':
		m.order_replace.reference = in[1];
		m.order_replace.new_reference = in[2];
		m.order_replace.shares = shares;
		m.order_replace.price_e4 = price;
		break;
	case 'H': m.trading_action.trading_state = in[2] & 1 ? 'T' : 'H'; break;
	case 'h':
		m.operational_halt.market = 'Q';
		m.operational_halt.action = in[2] & 1 ? 'T' : 'H';
		break;
	case 'S': m.system_event.event_code = in[2] & 7 ? 'Q' : 'M'; break;
	default: memset(m.stock_directory.stock, 'A' + (in[5] & 1), 8);
	}
	feed(f, &m);
}

static void send_small(fuzzed *f, const uint8_t in[6]) {
	static const uint8_t types[] = {'O', 'O', 'O', 'U', 'X', 'M', 'C'};
	ix_ouch_message m = {.direction = IX_OUCH_IN, .type = types[in[0] % sizeof types]};
	uint8_t bytes[64], tag[4];
	ix_writer w = ix_writer_of(bytes, sizeof bytes), t = ix_writer_of(tag, sizeof tag);
	uint32_t some = f->last_ref - (in[1] & 7), price = 100 + (in[3] & 15);
	switch (m.type) {
	case 'O':
		m.enter_order = (ix_ouch_enter_order){.user_ref_num = ++f->last_ref,
			.side = in[2] & 1 ? 'B' : 'S',
			.quantity = in[4],
			.price_e4 = price,
			.time_in_force = in[2] & 6 ? '0' : '3',
			.display = 'Y',
			.capacity = 'P',
			.intermarket_sweep = 'N',
			.cross_type = 'N'};
		memset(m.enter_order.symbol, 'A' + (in[5] & 1), 8);
		break;
	case 'U':
		m.replace_order = (ix_ouch_replace_order){.original_user_ref_num = some,
			.user_ref_num = ++f->last_ref,
			.quantity = in[4],
			.price_e4 = price,
			.time_in_force = in[2] & 6 ? '0' : '3',
			.display = 'Y'};
		break;
	case 'X': m.cancel_order = (ix_ouch_cancel_order){.user_ref_num = some, .quantity = in[4]}; break;
	case 'M':
		m.modify_order = (ix_ouch_modify_order){
			.user_ref_num = some, .side = in[2] & 1 ? 'B' : 'T', .quantity = in[4]};
		break;
	default:
		m.mass_cancel.user_ref_num = ++f->last_ref;
		memset(m.mass_cancel.symbol, in[2] & 1 ? ' ' : 'A', 8);
	}
	if (in[2] & 8) {
		ix_ouch_tag_write_u64(&t, IX_OUCH_TAG_POST_ONLY, 'P');
		m.has_appendage = true;
		m.appendage = (ix_bytes){tag, t.size};
	}
	ix_ouch_encode(&w, &m);
	(void)ix_paper_send(f->paper, (ix_bytes){bytes, w.size}, f->now_ns, 0, NULL);
}

static void record(fuzzed *f, uint8_t kind, ix_bytes bytes) {
	if ((kind & 7) == 0) {
		(void)ix_paper_send(f->paper, bytes, f->now_ns, 0, NULL);
	} else if ((kind & 7) == 1) {
		uint8_t message[IX_ITCH_SIZE_MAX] = {0};
		memcpy(message, bytes.data, bytes.size < sizeof message ? bytes.size : sizeof message);
		size_t size = ix_itch_size(message[0]);
		/* Its own time would end the day. */
		if (size > 0) ix_store_u48_be(message + 5, f->now_ns);
		ix_paper_feed(f->paper, message, size);
	} else if (bytes.size >= 6) {
		if (kind & 1)
			send_small(f, bytes.data);
		else
			feed_small(f, bytes.data);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
	fuzzed f = {.last_ref = 8};
	const ix_paper_options options = {.allocator = ix_os_allocator(),
		.latency_ns = 10,
		.symbols_max = 8,
		.market_orders_reserve = 64,
		.orders_max = 32,
		.on_answer = answered,
		.context = &f};
	IX_ASSERT(ix_paper_new(&options, &f.paper, NULL) == 0);
	ix_reader reader = ix_reader_of((ix_bytes){data, size});
	while (ix_reader_left(&reader) >= 2) {
		uint8_t kind = ix_read_u8(&reader);
		size_t length = kind & 6 ? 6 : ix_read_u8(&reader);
		ix_bytes bytes = ix_read_bytes(&reader, ix_size_min(length, ix_reader_left(&reader)));
		f.now_ns += kind >> 3;
		record(&f, kind, bytes);
		ix_paper_advance(f.paper, f.now_ns);
	}
	ix_error err = {0};
	IX_ASSERT(ix_paper_check(f.paper, &err) == 0);
	ix_paper_free(f.paper);
	return 0;
}
