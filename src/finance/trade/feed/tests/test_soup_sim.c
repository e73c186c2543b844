/* SoupBinTCP sessions by chance: both ends talking in any split, cut off and resumed; and bytes that are no
 * such thing. */
#include <inox/rng.h>

#include "soup_bench.h"

/* ---- both ends over a pipe that splits and stalls, cut off and resumed until everything has come ---- */

typedef struct pipe_end {
	uint8_t data[1 << 20];
	size_t from, to;
} pipe_end;

static void move_bytes(ix_rng *rng, ix_soup *from, pipe_end *to) {
	ix_bytes output = ix_soup_output(from);
	size_t size = (size_t)ix_rng_below(rng, output.size + 1);
	if (ix_rng_below(rng, 3) == 0) size = ix_size_min(size, 3);
	assert_true(to->to + size <= sizeof to->data);
	memcpy(to->data + to->to, output.data, size);
	to->to += size;
	ix_soup_sent(from, size);
}

/* A piece of what waits in the pipe. */
static ix_bytes some(ix_rng *rng, pipe_end *pipe) {
	size_t size = (size_t)ix_rng_below(rng, pipe->to - pipe->from + 1);
	if (ix_rng_below(rng, 3) == 0) size = ix_size_min(size, 2);
	ix_bytes piece = {pipe->data + pipe->from, size};
	pipe->from += size;
	return piece;
}

/* One connection: from the login until it is cut off. Returns the sequence number that the client wants next.
 */
static uint64_t connect(ix_rng *rng, shelf *store, uint64_t wanted, uint64_t final, uint64_t *ret_orders) {
	static pipe_end up, down;
	up.from = up.to = down.from = down.to = 0;
	ix_soup_options options = {.payload_max = 60, .output_size = 63 + (size_t)ix_rng_below(rng, 200)};
	ix_soup *server = new_session(IX_SOUP_SERVER, store, options),
		*client = new_session(IX_SOUP_CLIENT, NULL, options);
	ix_soup_login login = login_of(wanted);
	assert_int_equal(ix_soup_login_request(client, 0, &login, NULL), 0);
	uint64_t orders = 0;
	bool is_accepted = false;
	for (int64_t now_ns = 0, steps = (int64_t)ix_rng_below(rng, 600); steps > 0; steps--) {
		now_ns += (int64_t)ix_rng_below(rng, (uint64_t)second / 4);
		if (store->count < final && ix_rng_below(rng, 2)) store->count++;
		ix_soup_event e;
		ix_bytes input = some(rng, &up);
		do {
			assert_int_equal(ix_soup_receive(server, now_ns, &input, &e, NULL), 0);
			if (e.kind == IX_SOUP_EVENT_LOGIN)
				assert_int_equal(ix_soup_accept(server, now_ns, (const uint8_t *)"     INOX1",
							 e.login.sequence, NULL),
					0);
			if (e.kind == IX_SOUP_EVENT_UNSEQUENCED) {
				char text[16];
				int size = snprintf(text, sizeof text, "o%llu", (unsigned long long)++orders);
				assert_int_equal(e.message.size, size);
				assert_memory_equal(e.message.data, text, e.message.size);
			}
		} while (e.kind != IX_SOUP_EVENT_NONE);
		size_t count;
		if (ix_soup_state_of(server) == IX_SOUP_STATE_OPEN)
			assert_int_equal(ix_soup_pump(server, now_ns, &count, NULL), 0);
		input = some(rng, &down);
		do {
			assert_int_equal(ix_soup_receive(client, now_ns, &input, &e, NULL), 0);
			if (e.kind == IX_SOUP_EVENT_ACCEPTED) {
				assert_int_equal(e.sequence, wanted);
				is_accepted = true;
			}
			if (e.kind == IX_SOUP_EVENT_SEQUENCED) {
				char text[16];
				int size = snprintf(text, sizeof text, "m%llu", (unsigned long long)wanted);
				assert_int_equal(e.sequence, wanted++);
				assert_int_equal(e.message.size, size);
				assert_memory_equal(e.message.data, text, e.message.size);
			}
		} while (e.kind != IX_SOUP_EVENT_NONE);
		if (is_accepted && ix_rng_below(rng, 4) == 0) {
			char text[16];
			int size = snprintf(text, sizeof text, "o%llu", (unsigned long long)*ret_orders + 1);
			*ret_orders += ix_soup_send_unsequenced(client, now_ns,
					       (ix_bytes){(uint8_t *)text, (size_t)size}, NULL) == 0;
		}
		assert_int_equal(ix_soup_advance(client, now_ns, NULL), 0);
		assert_int_equal(ix_soup_advance(server, now_ns, NULL), 0);
		move_bytes(rng, client, &up);
		move_bytes(rng, server, &down);
	}
	assert_true(orders <= *ret_orders);
	ix_soup_free(server);
	ix_soup_free(client);
	return wanted;
}

static void every_message_comes_once_in_order_over_any_split_and_reconnection(void **state) {
	(void)state;
	ix_rng rng;
	ix_rng_seed(&rng, ix_testing_seed());
	for (int round = 0; round < (ix_testing_long() ? 300 : 10); round++) {
		shelf store = {0};
		uint64_t wanted = 1, final = 500;
		for (int connections = 0; wanted <= final; connections++) {
			uint64_t orders = 0;
			wanted = connect(&rng, &store, wanted, final, &orders);
			assert_true(connections < 200);
		}
		assert_int_equal(wanted, final + 1);
	}
}

static void any_bytes_give_events_or_an_error_with_an_offset(void **state) {
	(void)state;
	ix_rng rng;
	ix_rng_seed(&rng, ix_testing_seed());
	static const char good[] =
		"\0\3Sxy\0\1H\0\2+d\0\2Uz\0\1S\0\x1f"
		"A     INOX1                   1\0\1H\0\2JA\0\3Sab\0\1Z\0\4Sxyz\0\1R\0\2Uq\0\1O";
	uint64_t rounds = ix_testing_long() ? 1000000 : 100000;
	ix_soup *sessions[2] = {NULL, NULL};
	shelf store = {.count = 3};
	for (uint64_t i = 0; i < rounds; i++) {
		if (i % 8 == 0) { /* sessions live through a few inputs */
			ix_soup_free(sessions[0]), ix_soup_free(sessions[1]);
			sessions[0] =
				i % 16 ? logged_in_client(1)
				       : new_session(IX_SOUP_CLIENT, NULL,
						 (ix_soup_options){.payload_max = 60, .output_size = 200});
			sessions[1] = logged_in_server(&store, 1);
		}
		uint8_t bytes[sizeof good];
		memcpy(bytes, good, sizeof good);
		for (uint64_t n = ix_rng_below(&rng, 3); n > 0; n--)
			bytes[ix_rng_below(&rng, sizeof good)] = (uint8_t)ix_rng_u64(&rng);
		size_t from = (size_t)ix_rng_below(&rng, sizeof good),
		       to = from + (size_t)ix_rng_below(&rng, sizeof good - from);
		for (int k = 0; k < 2; k++) {
			ix_bytes input = {bytes + from, to - from};
			ix_soup_event e = {.kind = IX_SOUP_EVENT_DEBUG};
			ix_error err = {0};
			int code = 0;
			while (code == 0 && e.kind != IX_SOUP_EVENT_NONE)
				code = ix_soup_receive(sessions[k], 0, &input, &e, &err);
			if (code) {
				assert_memory_equal(err.text, "offset ", 7);
				assert_int_equal(ix_soup_state_of(sessions[k]), IX_SOUP_STATE_CLOSED);
			} else {
				assert_int_equal(input.size, 0);
			}
		}
	}
	ix_soup_free(sessions[0]), ix_soup_free(sessions[1]);
}

IX_TESTS(test_soup_sim, cmocka_unit_test(every_message_comes_once_in_order_over_any_split_and_reconnection),
	cmocka_unit_test(any_bytes_give_events_or_an_error_with_an_offset));
