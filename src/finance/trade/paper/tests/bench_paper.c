/* What the venue on paper costs: the messages of a generated day mirrored, without orders of ours and with a
 * thousand resting, and orders entered and cancelled, by CPU time. One JSON line a case; median and best of
 * the runs. Usage: bench-paper [RUNS] */
#include <inox/alloc.h>
#include <inox/gen.h>
#include <inox/itch.h>
#include <inox/paper.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { MESSAGES = 1000000, SYMBOLS = 64, ORDERS = 200000, RESTING = 1000, RUNS_MAX = 99 };

static uint8_t *day;
static size_t *offsets; /* MESSAGES + 1 */

static double seconds(void) {
	struct timespec t;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static bool make_day(void) {
	ix_gen *gen;
	const ix_gen_options options = {.seed = 99, .symbol_count = SYMBOLS, .message_count = MESSAGES};
	day = malloc((size_t)MESSAGES * IX_ITCH_SIZE_MAX);
	offsets = malloc((MESSAGES + 1) * sizeof *offsets);
	if (!day || !offsets || ix_gen_new(&options, ix_os_allocator(), &gen, NULL) != 0) return false;
	size_t at = 0, count = 0;
	for (ix_itch_message m; count < MESSAGES && ix_gen_next(gen, &m); count++) {
		offsets[count] = at;
		at += ix_itch_encode(&m, day + at);
	}
	offsets[count] = at;
	ix_gen_free(gen);
	return count == MESSAGES;
}

static const uint8_t *message_at(size_t i, size_t *ret_size) {
	*ret_size = offsets[i + 1] - offsets[i];
	return day + offsets[i];
}

static void send_order(
	ix_paper *paper, uint32_t ref, char side, uint32_t price_e4, const char stock[8], uint64_t now_ns) {
	uint8_t bytes[64];
	ix_writer w = ix_writer_of(bytes, sizeof bytes);
	ix_ouch_message m = {.direction = IX_OUCH_IN, .type = IX_OUCH_ENTER_ORDER};
	m.enter_order = (ix_ouch_enter_order){.user_ref_num = ref,
		.side = (uint8_t)side,
		.quantity = 100,
		.price_e4 = price_e4,
		.time_in_force = '0',
		.display = 'Y',
		.capacity = 'P',
		.intermarket_sweep = 'N',
		.cross_type = 'N'};
	memcpy(m.enter_order.symbol, stock, 8);
	ix_ouch_encode(&w, &m);
	if (ix_paper_send(paper, (ix_bytes){bytes, w.size}, now_ns, 0, NULL) != 0) abort();
}

static void send_cancel(ix_paper *paper, uint32_t ref, uint64_t now_ns) {
	uint8_t bytes[16];
	ix_writer w = ix_writer_of(bytes, sizeof bytes);
	ix_ouch_message m = {.direction = IX_OUCH_IN, .type = IX_OUCH_CANCEL_ORDER};
	m.cancel_order.user_ref_num = ref;
	ix_ouch_encode(&w, &m);
	if (ix_paper_send(paper, (ix_bytes){bytes, w.size}, now_ns, 0, NULL) != 0) abort();
}

static void answered(void *context, ix_bytes message) { *(uint64_t *)context += message.size; }

static ix_paper *paper_new(uint64_t *answers) {
	ix_paper *paper;
	const ix_paper_options options = {
		.allocator = ix_os_allocator(), .on_answer = answered, .context = answers};
	return ix_paper_new(&options, &paper, NULL) == 0 ? paper : NULL;
}

/* `resting` orders of ours at prices near the first that the feed has, so that some are met. */
static double run_feed(uint32_t resting, ix_paper_info *ret_info, uint64_t *ret_answers) {
	ix_paper *paper = paper_new(ret_answers);
	if (!paper) exit(4);
	uint32_t ref = 0;
	double start = seconds();
	for (size_t i = 0; i < MESSAGES; i++) {
		size_t size;
		const uint8_t *m = message_at(i, &size);
		if (ref < resting && m[0] == IX_ITCH_ADD_ORDER) {
			bool is_buy = ix_itch_add_order_side(m) == 'B';
			uint32_t price = ix_itch_add_order_price_e4(m);
			send_order(paper, ++ref, is_buy ? 'B' : 'S',
				is_buy && price > 1000 ? price - 1000 : price + 1000,
				ix_itch_add_order_stock(m), 0);
		}
		ix_paper_feed(paper, m, size);
	}
	double spent = seconds() - start;
	ix_paper_get_info(paper, ret_info);
	ix_paper_free(paper);
	return spent;
}

/* Half of the day, then orders entered at a price of their own and cancelled. */
static double run_orders(ix_paper_info *ret_info, uint64_t *ret_answers) {
	ix_paper *paper = paper_new(ret_answers);
	if (!paper) exit(4);
	const uint8_t *latest = NULL;
	for (size_t i = 0; i < MESSAGES / 2; i++) {
		size_t size;
		const uint8_t *m = message_at(i, &size);
		if (m[0] == IX_ITCH_ADD_ORDER) latest = m;
		ix_paper_feed(paper, m, size);
	}
	if (!latest) exit(5);
	const char *stock = ix_itch_add_order_stock(latest);
	uint64_t now = ix_itch_view_timestamp_ns(latest);
	double start = seconds();
	for (uint32_t ref = 1; ref <= ORDERS; ref++) {
		send_order(paper, ref, 'B', 100 + ref % 50 * 100, stock, now);
		now += 20000;
		ix_paper_advance(paper, now);
		send_cancel(paper, ref, now);
		now += 20000;
		ix_paper_advance(paper, now);
	}
	double spent = seconds() - start;
	ix_paper_get_info(paper, ret_info);
	ix_paper_free(paper);
	return spent;
}

static int by_value(const void *a, const void *b) {
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

int main(int argc, char **argv) {
	long runs = argc > 1 ? strtol(argv[1], NULL, 10) : 7;
	if (argc > 2 || runs < 1 || runs > RUNS_MAX || !make_day()) {
		fprintf(stderr, "usage: bench-paper [RUNS]\n");
		return 2;
	}
	static const struct {
		const char *name, *unit;
		uint32_t resting;
		double count;
	} cases[] = {
		{"feed", "msg/s", 0, MESSAGES},
		{"feed_resting", "msg/s", RESTING, MESSAGES},
		{"enter_cancel", "orders/s", 0, ORDERS},
	};
	for (size_t i = 0; i < IX_COUNT(cases); i++) {
		double spent[RUNS_MAX];
		ix_paper_info info = {0};
		uint64_t answers = 0;
		for (long r = 0; r < runs; r++) {
			answers = 0;
			spent[r] = i == 2 ? run_orders(&info, &answers)
					  : run_feed(cases[i].resting, &info, &answers);
		}
		qsort(spent, (size_t)runs, sizeof spent[0], by_value);
		printf("{\"case\": \"%s\", \"unit\": \"%s\", \"value\": %.0f, \"best\": %.0f, \"cpu_s\": "
		       "%.4f, \"runs\": %ld, "
		       "\"taken\": %" PRIu64 ", \"fills\": %" PRIu64 ", \"maker_fills\": %" PRIu64
		       ", \"unfollowed\": %" PRIu64 ", \"answer_bytes\": %" PRIu64 "}\n",
			cases[i].name, cases[i].unit, cases[i].count / spent[runs / 2],
			cases[i].count / spent[0], spent[runs / 2], runs, info.taken_count, info.fill_count,
			info.maker_fill_count, info.unfollowed_count, answers);
	}
	free(day);
	free(offsets);
	return 0;
}
