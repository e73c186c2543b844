/* The ring: full, empty, over the end of the counters, and two threads at once (this file runs under TSan
 * too). */
#include "heap.h"

#include <inox/ring.h>
#include <inox/rng.h>

#include <pthread.h>
#include <sched.h>

typedef struct {
	uint64_t number, check;
} message;

IX_RING(ring, message);
IX_RING(byte_ring, uint8_t);

static message numbered(uint64_t n) { return (message){n, n * 0x9E3779B97F4A7C15}; }

static void comes_out_in_the_order_it_went_in(void **state) {
	(void)state;
	message items[4], out = {0};
	ring r;
	ring_init(&r, items, 4);
	assert_false(ring_pop(&r, &out));
	for (uint64_t i = 0; i < 4; i++) assert_true(ring_push(&r, numbered(i)));
	assert_false(ring_push(&r, numbered(4)));
	assert_int_equal(ring_count(&r), 4);
	for (uint64_t i = 0; i < 4; i++) {
		assert_true(ring_pop(&r, &out));
		assert_int_equal(out.number, i);
	}
	assert_false(ring_pop(&r, &out));
	assert_int_equal(out.number, 3);
	assert_int_equal(ring_count(&r), 0);
}

static void a_batch_is_as_much_as_fits(void **state) {
	(void)state;
	uint8_t items[8], out[16];
	byte_ring r;
	byte_ring_init(&r, items, 8);
	const uint8_t in[] = "0123456789";
	assert_int_equal(byte_ring_push_many(&r, in, 0), 0);
	assert_int_equal(byte_ring_push_many(&r, in, 5), 5);
	assert_int_equal(byte_ring_pop_many(&r, out, 3), 3);
	assert_int_equal(byte_ring_push_many(&r, in + 5, 10 - 5), 5); /* round the end */
	assert_int_equal(byte_ring_push_many(&r, in, 10), 1);
	assert_int_equal(byte_ring_push_many(&r, in, 10), 0);
	assert_int_equal(byte_ring_pop_many(&r, out, 0), 0);
	assert_int_equal(byte_ring_pop_many(&r, out, 16), 8);
	assert_memory_equal(out, "34567890", 8);
	assert_int_equal(byte_ring_pop_many(&r, out, 16), 0);
}

static void one_item_is_a_ring_too(void **state) {
	(void)state;
	uint8_t item, out = 0;
	byte_ring r;
	byte_ring_init(&r, &item, 1);
	for (uint8_t i = 0; i < 10; i++) {
		assert_true(byte_ring_push(&r, i));
		assert_false(byte_ring_push(&r, i));
		assert_true(byte_ring_pop(&r, &out));
		assert_int_equal(out, i);
	}
}

static void a_capacity_is_a_power_of_two(void **state) {
	(void)state;
	static ix_ring r;
	assert_true(PANICS(ix_ring_init(&r, 0)));
	assert_true(PANICS(ix_ring_init(&r, 100)));
}

static void the_counters_may_wrap(void **state) {
	(void)state;
	uint8_t items[8];
	byte_ring r;
	byte_ring_init(&r, items, 8);
	size_t start = SIZE_MAX - 20;
	atomic_init(&r.ring.pushed, start);
	atomic_init(&r.ring.popped, start);
	r.ring.pushed_seen = r.ring.popped_seen = start;
	uint8_t next_in = 0, next_out = 0, batch[5], out[5];
	for (int turn = 0; turn < 30; turn++) {
		for (size_t i = 0; i < 5; i++) batch[i] = (uint8_t)(next_in + i);
		next_in = (uint8_t)(next_in + byte_ring_push_many(&r, batch, 5));
		assert_int_equal(byte_ring_count(&r), (uint8_t)(next_in - next_out));
		size_t got = byte_ring_pop_many(&r, out, 3);
		for (size_t i = 0; i < got; i++) assert_int_equal(out[i], next_out++);
	}
	assert_true(next_in > 80);
}

static void the_two_sides_do_not_share_a_cache_line(void **state) {
	(void)state;
	assert_true(offsetof(ix_ring, popped) / 64 != offsetof(ix_ring, popped_seen) / 64);
	assert_true(offsetof(ix_ring, popped) / 64 != offsetof(ix_ring, pushed) / 64);
	assert_true(offsetof(ix_ring, mask) / 64 != offsetof(ix_ring, popped) / 64);
	assert_int_equal(sizeof(ix_ring) % 64, 0);
}

enum { CAPACITY = 256, TOTAL = 400000, BATCH_MAX = 100 };

typedef struct {
	ring r;
	message items[CAPACITY];
} shared;

static void *produce(void *argument) {
	shared *s = argument;
	ix_rng rng;
	ix_rng_seed(&rng, 1);
	message batch[BATCH_MAX];
	for (uint64_t next = 0; next < TOTAL;) {
		size_t size = ix_size_min(1 + ix_rng_below(&rng, BATCH_MAX), TOTAL - next), sent;
		if (size % 3 == 0) {
			sent = ring_push(&s->r, numbered(next));
		} else {
			for (size_t i = 0; i < size; i++) batch[i] = numbered(next + i);
			sent = ring_push_many(&s->r, batch, size);
		}
		if (sent == 0) sched_yield();
		next += sent;
	}
	return NULL;
}

static void between_two_threads_nothing_is_lost_torn_or_reordered(void **state) {
	(void)state;
	static shared s;
	ring_init(&s.r, s.items, CAPACITY);
	pthread_t producer;
	assert_int_equal(pthread_create(&producer, NULL, produce, &s), 0);
	ix_rng rng;
	ix_rng_seed(&rng, 2);
	message batch[BATCH_MAX];
	uint64_t next = 0, wrong = 0;
	while (next < TOTAL) {
		size_t size = 1 + ix_rng_below(&rng, BATCH_MAX);
		size_t got = size % 3 == 0 ? ring_pop(&s.r, batch) : ring_pop_many(&s.r, batch, size);
		if (got == 0) sched_yield();
		for (size_t i = 0; i < got; i++, next++) {
			message expected = numbered(next);
			wrong += batch[i].number != expected.number || batch[i].check != expected.check;
		}
		wrong += ring_count(&s.r) > CAPACITY;
	}
	assert_int_equal(pthread_join(producer, NULL), 0);
	assert_int_equal(wrong, 0);
	assert_int_equal(ring_count(&s.r), 0);
}

IX_TESTS(test_ring, cmocka_unit_test(comes_out_in_the_order_it_went_in),
	cmocka_unit_test(a_batch_is_as_much_as_fits), cmocka_unit_test(one_item_is_a_ring_too),
	cmocka_unit_test(a_capacity_is_a_power_of_two), cmocka_unit_test(the_counters_may_wrap),
	cmocka_unit_test(the_two_sides_do_not_share_a_cache_line),
	cmocka_unit_test(between_two_threads_nothing_is_lost_torn_or_reordered));
