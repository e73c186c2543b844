/* Fuzzes the books. The first byte chooses. Even: the rest is a stream of length-prefixed ITCH messages. Odd:
 * four bytes a message make orders of few references, prices and symbols, which a random stream hardly ever
 * hits. Either way the stream goes through ix_books_run at once and through ix_books_apply one by one; both
 * must end alike and whole. */
#include <inox/alloc.h>
#include <inox/book.h>
#include <inox/itch.h>

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { STREAM_MAX = 1 << 16 };

static ix_books *ran, *applied;

static void make_books(void) {
	const ix_books_options options = {
		.allocator = ix_os_allocator(),
		.orders_reserve = 16,
		.orders_max = 4000,
		.levels_reserve = 4,
		.levels_max = 2000,
		.symbols_reserve = 4,
		.symbols_max = 300,
		.references_window = 64,
		.trades_max = 8,
		.positions_max = 32,
		.admits_unlisted = true,
	};
	IX_ASSERT(ix_books_new(&options, &ran, NULL) == 0);
	IX_ASSERT(ix_books_new(&options, &applied, NULL) == 0);
}

/* References climb by a step of up to 32 from a base that may leap. */
static size_t expand_one(const uint8_t in[4], uint64_t *base, uint8_t *out) {
	static const uint8_t types[] = {
		'A', 'A', 'A', 'D', 'D', 'E', 'C', 'X', 'U', 'U', 'F', 'P', 'B', 'R', 'A', 'D'};
	ix_itch_message m = {.type = types[in[0] & 15], .locate = 1 + (in[0] >> 4 & 1)};
	uint64_t reference = *base - (in[1] & 31);
	uint32_t price = in[2] & 15, shares = in[3] & 63;
	if (in[0] >> 5 == 7)
		*base += (uint64_t)1 << (in[1] & 63);
	else
		*base += in[0] >> 5 & 3;
	switch (m.type) {
	case 'D': m.order_delete.reference = reference; break;
	case 'X':
	case 'E':
	case 'C':
		m.order_executed_price.reference = reference;
		m.order_executed_price.shares = shares;
		if (m.type == 'X') break;
		m.order_executed_price.match = in[2];
		if (m.type == 'C') m.order_executed_price.printable = in[1] & 128 ? 'Y' : 'N';
		break;
	case 'U':
		m.order_replace.reference = reference;
		m.order_replace.new_reference = in[1] & 32 ? *base : reference + (in[1] >> 5);
		m.order_replace.shares = shares;
		m.order_replace.price_e4 = price;
		break;
	case 'B': m.broken_trade.match = in[2]; break;
	case 'R': ix_itch_set_text(m.stock_directory.stock, 8, IX_STR("A")); break;
	default:
		m.add_order.reference = in[1] & 32 ? *base : reference;
		m.add_order.side = in[1] & 64 ? 'B' : 'S';
		m.add_order.shares = shares;
		m.add_order.price_e4 = price;
		ix_itch_set_text(m.add_order.stock, 8, m.locate == 1 ? IX_STR("A") : IX_STR("B"));
		if (m.type == 'F') m.add_order_attributed.attribution[0] = (char)('A' + (in[1] & 3));
		if (m.type == 'P') m.trade.match = in[2];
		break;
	}
	return ix_itch_encode_framed(&m, out);
}

static ix_bytes expand(const uint8_t *data, size_t size) {
	static uint8_t stream[STREAM_MAX];
	size_t length = 0;
	uint64_t base = 100;
	for (size_t i = 0; i + 4 <= size && STREAM_MAX - length >= 64; i += 4)
		length += expand_one(data + i, &base, stream + length);
	return (ix_bytes){stream, length};
}

/* Skips what is malformed by its length, and goes on behind it. */
static void run_all(ix_bytes stream) {
	ix_itch_run run = {0};
	for (;;) {
		ix_bytes rest = {stream.data + run.offset, stream.size - run.offset};
		if (ix_books_run(ran, rest, &run, UINT64_MAX, NULL) == 0) return;
		rest = (ix_bytes){stream.data + run.offset, stream.size - run.offset};
		if (rest.size < 2 || rest.size - 2 < ix_load_u16_be(rest.data)) return;
		/* A maximum of ours was met, or a malformed message: only this one is still to be skipped. */
		size_t length = ix_load_u16_be(rest.data);
		size_t whole = length ? ix_itch_size(rest.data[2]) : 0;
		if (length && whole && whole != length) run.offset += 2 + length;
	}
}

static void apply_all(ix_bytes stream) {
	while (stream.size >= 2) {
		size_t length = ix_load_u16_be(stream.data);
		if (length == 0 || length > stream.size - 2) return;
		ix_itch_message m;
		if (ix_itch_decode_inline(stream.data + 2, length, &m) == 0)
			(void)ix_books_apply(applied, &m, NULL);
		stream.data += 2 + length;
		stream.size -= 2 + length;
	}
}

static void compare(uint16_t locate, ix_book_side side) {
	static ix_book_level a[2048], b[2048];
	size_t count = ix_book_depth(ran, locate, side, a, 2048);
	IX_ASSERT(ix_book_depth(applied, locate, side, b, 2048) == count);
	for (size_t i = 0; i < count; i++) {
		IX_ASSERT(a[i].price_e4 == b[i].price_e4 && a[i].shares == b[i].shares &&
			  a[i].order_count == b[i].order_count);
		ix_book_walk walk = ix_book_walk_level(ran, locate, side, a[i].price_e4);
		ix_book_order order;
		uint64_t shares_ahead = 0;
		uint32_t ahead = 0;
		while (ix_book_walk_next(&walk, &order)) {
			ix_book_position p;
			IX_ASSERT(ix_book_queue_position(applied, order.reference, &p));
			IX_ASSERT(p.orders_ahead == ahead && p.shares_ahead == shares_ahead);
			ahead++;
			shares_ahead += order.shares;
		}
		IX_ASSERT(ahead == a[i].order_count && shares_ahead == a[i].shares);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
	if (size == 0) return 0;
	if (!ran) make_books();
	ix_books_reset(ran);
	ix_books_reset(applied);
	ix_bytes stream = data[0] & 1 ? expand(data + 1, size - 1) : (ix_bytes){data + 1, size - 1};
	run_all(stream);
	apply_all(stream);
	ix_error err = {0};
	IX_ASSERT(ix_books_check(ran, &err) == 0);
	IX_ASSERT(ix_books_check(applied, &err) == 0);
	IX_ASSERT(ix_books_locate_last(ran) == ix_books_locate_last(applied));
	for (uint32_t locate = 1; locate <= ix_books_locate_last(ran); locate++) {
		compare((uint16_t)locate, IX_BOOK_BID);
		compare((uint16_t)locate, IX_BOOK_ASK);
		ix_book_stats a, b;
		ix_book_get_stats(ran, (uint16_t)locate, &a);
		ix_book_get_stats(applied, (uint16_t)locate, &b);
		IX_ASSERT(memcmp(&a, &b, sizeof a) == 0);
	}
	return 0;
}
