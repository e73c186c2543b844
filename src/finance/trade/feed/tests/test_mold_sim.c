/* The MoldUDP64 receiver in a simulated network: lines that lose, repeat and delay packets, a re-request
 * server behind a lossy path, clocks that jump. Whatever happens, every message comes once and in order or is
 * reported lost, and with a server that can be reached nothing is. */
#include <inox/alloc.h>
#include <inox/mold.h>
#include <inox/rng.h>

#include "wire_build.h"

enum { MESSAGE_MAX = 3000, FLIGHT_MAX = 4096, LINE_COUNT_MAX = 3, DATAGRAM_MAX = 1600 };
static const int64_t us = 1000;

typedef struct flight { /* a datagram on its way */
	int64_t at_ns;
	unsigned line;
	size_t size;
	uint8_t data[DATAGRAM_MAX];
} flight;

typedef struct world {
	ix_rng rng;
	uint64_t message_count;
	uint8_t sizes[MESSAGE_MAX + 1];
	unsigned line_count, loss_permille, repeat_permille;
	int64_t delay_ns; /* at most */
	bool has_server, server_loses, clock_jumps;
	ix_mold_server server;
	flight *flights;
	size_t flight_count;
	int64_t now_ns, skew_ns;
	ix_mold_receiver *receiver;
	/* what came out */
	uint64_t next, lost_count, gap_count;
	bool has_begun, has_ended;
	bool is_gap[MESSAGE_MAX + 2], is_captured[MESSAGE_MAX + 2];
} world;

static uint64_t below(world *w, uint64_t n) { return ix_rng_below(&w->rng, n); }
static bool chance(world *w, unsigned permille) { return below(w, 1000) < permille; }

/* Message q is its number again and again, so that any mix-up shows. */
static ix_bytes message_at(const world *w, uint64_t q) {
	static uint8_t bytes[256];
	for (size_t i = 0; i < w->sizes[q]; i++) bytes[i] = (uint8_t)(q >> 8 * (i % 2));
	return (ix_bytes){bytes, w->sizes[q]};
}
static bool store_message(void *context, uint64_t sequence, ix_bytes *ret_message) {
	const world *w = context;
	if (sequence < 1 || sequence > w->message_count) return false;
	*ret_message = message_at(w, sequence);
	return true;
}
static uint64_t store_next(void *context) { return ((const world *)context)->message_count + 1; }

static void fly(world *w, unsigned line, int64_t at_ns, ix_bytes datagram) {
	assert_true(w->flight_count < FLIGHT_MAX && datagram.size <= DATAGRAM_MAX);
	flight *f = &w->flights[w->flight_count++];
	f->at_ns = at_ns, f->line = line, f->size = datagram.size;
	memcpy(f->data, datagram.data, datagram.size);
}

/* Everything that the lines will bring, before the first datagram arrives. */
static void send_all(world *w) {
	ix_mold_sender *s = calloc(1, sizeof *s);
	memcpy(s->session, "SIMULATION", 10);
	s->packet_size = 600;
	int64_t at_ns = 1000 * us;
	uint64_t q = 1;
	for (unsigned ends = 0; ends < 3;) {
		for (uint64_t n = 1 + below(w, 12); n > 0 && q <= w->message_count; n--)
			if (ix_mold_sender_add(s, message_at(w, q), NULL))
				break;
			else
				q++;
		ix_bytes packet;
		bool is_message = ix_mold_sender_take(s, at_ns, &packet);
		if (!is_message || chance(w, 30)) {
			if (q > w->message_count) ix_mold_sender_end(s);
			if (!is_message && !ix_mold_sender_heartbeat(s, INT64_MAX - 1, &packet)) break;
			s->last_ns = 0;
			ends += q > w->message_count;
		}
		for (unsigned line = 0; line < w->line_count; line++) {
			uint64_t first = s->sequence - (is_message ? ix_load_u16_be(packet.data + 18) : 0);
			bool is_last = ends == 3; /* the last word is heard, so that all ends */
			int copies = is_last                         ? 1
				     : chance(w, w->loss_permille)   ? 0
				     : chance(w, w->repeat_permille) ? 2
								     : 1;
			for (int c = 0; c < copies; c++) {
				int64_t delay_ns =
					chance(w, 50) ? (int64_t)below(w, (uint64_t)w->delay_ns) : 0;
				fly(w, line, at_ns + line * 7 * us + (is_last ? w->delay_ns : delay_ns),
					packet);
			}
			for (uint64_t m = first; copies && m < s->sequence; m++) w->is_captured[m] = true;
		}
		at_ns += (int64_t)below(w, 60) * us;
	}
	free(s);
}

static void take_events(world *w) {
	ix_mold_event e;
	while (ix_mold_receiver_next(w->receiver, &e) != IX_MOLD_NONE) {
		assert_false(w->has_ended);
		switch (e.kind) {
		case IX_MOLD_SESSION:
			assert_false(w->has_begun);
			assert_memory_equal(e.session, "SIMULATION", 10);
			w->has_begun = true;
			break;
		case IX_MOLD_MESSAGE:
			assert_int_equal(e.sequence, w->next);
			ix_bytes truth = message_at(w, w->next);
			assert_int_equal(e.message.size, truth.size);
			if (truth.size) assert_memory_equal(e.message.data, truth.data, truth.size);
			w->next++;
			break;
		case IX_MOLD_GAP:
			for (uint64_t q = e.sequence; q < e.sequence + e.count; q++) {
				assert_false(w->is_gap[q]); /* said once */
				w->is_gap[q] = true;
			}
			w->gap_count += e.count;
			break;
		case IX_MOLD_LOST:
			assert_int_equal(e.sequence, w->next);
			for (uint64_t q = e.sequence; q < e.sequence + e.count; q++)
				assert_true(w->is_gap[q]);
			w->next += e.count;
			w->lost_count += e.count;
			break;
		case IX_MOLD_END:
			assert_int_equal(e.sequence, w->next);
			w->has_ended = true;
			break;
		case IX_MOLD_NONE: break;
		}
	}
}

static void make_requests(world *w) {
	uint8_t request[IX_MOLD_HEADER_SIZE], answer[DATAGRAM_MAX];
	while (ix_mold_receiver_request(w->receiver, request)) {
		if (w->server_loses && chance(w, 300)) continue;
		size_t size = 0;
		ix_bytes asked = {request, sizeof request};
		assert_int_equal(
			ix_mold_server_answer(&w->server, asked, answer, sizeof answer, &size, NULL), 0);
		if (size == 0 || (w->server_loses && chance(w, 300))) continue;
		fly(w, IX_MOLD_LINE_REREQUEST, w->now_ns + 200 * us + (int64_t)below(w, 3000) * us,
			(ix_bytes){answer, size});
	}
}

static void run(world *w) {
	while (!w->has_ended) {
		size_t first = w->flight_count;
		for (size_t i = 0; i < w->flight_count; i++)
			if (first == w->flight_count || w->flights[i].at_ns < w->flights[first].at_ns)
				first = i;
		int64_t deadline = ix_mold_receiver_deadline(w->receiver);
		if (deadline != INT64_MAX) deadline -= w->skew_ns;
		bool is_flight = first < w->flight_count && w->flights[first].at_ns <= deadline;
		assert_true(is_flight || deadline != INT64_MAX); /* else it would wait for ever */
		w->now_ns = is_flight ? w->flights[first].at_ns : deadline > w->now_ns ? deadline : w->now_ns;
		if (w->clock_jumps && chance(w, 5))
			w->skew_ns += ((int64_t)below(w, 2000) - 1000) * 10000 * us;
		if (is_flight) {
			flight *f = &w->flights[first];
			assert_int_equal(ix_mold_receiver_push(w->receiver, f->line, w->now_ns + w->skew_ns,
						 (ix_bytes){f->data, f->size}, NULL),
				0);
			take_events(w);
			*f = w->flights[--w->flight_count];
		} else {
			ix_mold_receiver_advance(w->receiver, w->now_ns + w->skew_ns);
			take_events(w);
		}
		make_requests(w);
		take_events(w);
	}
}

static void simulate(uint64_t seed, int long_factor) {
	world *w = calloc(1, sizeof *w);
	w->flights = malloc(FLIGHT_MAX * sizeof(flight));
	ix_rng_seed(&w->rng, seed);
	w->message_count = 1 + below(w, (uint64_t)(MESSAGE_MAX / (long_factor ? 1 : 4)));
	for (uint64_t q = 1; q <= w->message_count; q++) w->sizes[q] = (uint8_t)below(w, 60);
	w->line_count = 1 + (unsigned)below(w, LINE_COUNT_MAX);
	w->loss_permille = (unsigned)(below(w, 4) * 60);
	w->repeat_permille = (unsigned)(below(w, 2) * 100);
	w->delay_ns = 1 + (int64_t)below(w, 4000) * us;
	w->has_server = chance(w, 600);
	w->server_loses = chance(w, 500);
	w->clock_jumps = chance(w, 300);
	w->next = 1;
	ix_mold_options options = {
		.first_sequence = 1,
		.rerequest = w->has_server,
		.gap_wait_ns = chance(w, 500) ? 5000 * us : 100 * us,
		.window_messages = chance(w, 300) ? 16 + (size_t)below(w, 100) : 0,
		.request_messages = (uint16_t)(1 + below(w, 100)),
		.request_interval_ns = 50 * us,
		.tries = 40, /* 0.6 to the 40th: a lossy path will do in the end */
		.retry_wait_max_ns = 400000 * us,
	};
	memcpy(w->server.session, "SIMULATION", 10);
	w->server.packet_size = 200 + (size_t)below(w, 1000);
	w->server.store = (ix_feed_store){store_message, store_next, w};
	assert_int_equal(ix_mold_receiver_new(ix_os_allocator(), &options, &w->receiver, NULL), 0);
	send_all(w);
	run(w);

	assert_int_equal(w->next, w->message_count + 1);
	const ix_mold_stats *stats = ix_mold_receiver_stats(w->receiver);
	assert_int_equal(stats->message_count + stats->lost_messages, w->message_count);
	assert_int_equal(stats->lost_messages, w->lost_count);
	assert_int_equal(stats->gap_messages, w->gap_count);
	if (w->has_server) {
		assert_int_equal(w->lost_count, 0);
		if (stats->overrun_count == 0) assert_int_equal(stats->recovered_messages, w->gap_count);
	}
	/* With time enough to wait, and room, only what no line brought is missing. */
	if (!w->clock_jumps && !options.window_messages && options.gap_wait_ns > w->delay_ns + 21 * us &&
		w->line_count == 1)
		for (uint64_t q = 1; q <= w->message_count; q++)
			assert_int_equal(w->is_gap[q], !w->is_captured[q]);
	ix_mold_receiver_free(w->receiver);
	free(w->flights);
	free(w);
}

static void every_message_comes_once_in_order_or_is_reported(void **state) {
	(void)state;
	uint64_t rounds = ix_testing_long() ? 3000 : 120;
	for (uint64_t i = 0; i < rounds; i++) simulate(ix_testing_seed() + i, ix_testing_long());
}

/* Packets with arbitrary numbers: nothing breaks, and what comes out goes forward. */
static void hostile_packets_never_turn_the_sequence_back(void **state) {
	(void)state;
	ix_rng rng;
	ix_rng_seed(&rng, ix_testing_seed());
	for (int round = 0; round < (ix_testing_long() ? 300 : 20); round++) {
		ix_mold_receiver *receiver;
		ix_mold_options options = {.window_messages = 8, .rerequest = round & 1, .gap_wait_ns = 1000};
		assert_int_equal(ix_mold_receiver_new(ix_os_allocator(), &options, &receiver, NULL), 0);
		uint64_t next = 0;
		int64_t now_ns = 0;
		for (int i = 0; i < 2000; i++) {
			wire_build b;
			uint64_t sequence = next + ix_rng_below(&rng, 30);
			if (ix_rng_below(&rng, 3) == 0) sequence -= ix_rng_below(&rng, 40);
			if (ix_rng_below(&rng, 200) == 0) sequence = ix_rng_u64(&rng);
			const char *session = ix_rng_below(&rng, 100) ? "SESSION--1" : "SESSION--2";
			int count = ix_rng_below(&rng, 300) ? -1 : 0xFFFF;
			ix_bytes datagram =
				mold_packet(&b, session, sequence, count < 0 ? "a|bb||ccc" : NULL, count);
			unsigned line = ix_rng_below(&rng, 4) ? (unsigned)ix_rng_below(&rng, 3)
							      : IX_MOLD_LINE_REREQUEST;
			int code = ix_mold_receiver_push(receiver, line, now_ns, datagram, NULL);
			assert_true(code == 0 || code == IX_ERR_RANGE);
			now_ns += (int64_t)ix_rng_below(&rng, 2000);
			for (int k = 0; k < 2; k++) {
				ix_mold_event e;
				while (ix_mold_receiver_next(receiver, &e) != IX_MOLD_NONE) {
					if (e.kind == IX_MOLD_SESSION) next = e.sequence;
					if (e.kind == IX_MOLD_GAP) continue;
					assert_int_equal(e.sequence, next);
					next += e.kind == IX_MOLD_MESSAGE || e.kind == IX_MOLD_LOST ? e.count
												    : 0;
				}
				ix_mold_receiver_advance(receiver, now_ns);
			}
			ix_mold_event e;
			while (ix_mold_receiver_next(receiver, &e) != IX_MOLD_NONE)
				if (e.kind == IX_MOLD_MESSAGE || e.kind == IX_MOLD_LOST) next += e.count;
			uint8_t request[IX_MOLD_HEADER_SIZE];
			(void)ix_mold_receiver_request(receiver, request);
			assert_int_equal(ix_mold_receiver_expected(receiver), next);
		}
		ix_mold_receiver_free(receiver);
	}
}

IX_TESTS(test_mold_sim, cmocka_unit_test(every_message_comes_once_in_order_or_is_reported),
	cmocka_unit_test(hostile_packets_never_turn_the_sequence_back));
