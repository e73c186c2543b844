/* The map: the keyed hash against other programs, every operation against a plain list, and that weeks of
 * coming and going leave no trace. */
#include "heap.h"

#include <inox/map.h>
#include <inox/rng.h>

IX_MAP(numbers, uint64_t, uint32_t, ix_hash_u64, ix_equal_u64);
IX_MAP(words, ix_str, int, ix_hash_str, ix_equal_str);

static uint64_t hash_badly(ix_hash_key key, uint64_t value) {
	(void)key;
	return (value & 3) << 62 | (uint64_t)0x12345678 << 32; /* four homes, one mark each */
}
IX_MAP(crowded, uint64_t, uint32_t, hash_badly, ix_equal_u64);

static void siphash_1_3_of_other_programs(void **state) {
	(void)state;
	/* Keys zero: CPython 3.11's hash() of bytes under PYTHONHASHSEED=0; the empty one and "siphash" as in
	 * Rust's and OCaml's test vectors. */
	const ix_hash_key zero = {0, 0};
	uint8_t counting[64];
	for (size_t i = 0; i < 64; i++) counting[i] = (uint8_t)i;
	assert_true(ix_hash_bytes(zero, NULL, 0) == 0xD1FBA762150C532C);
	assert_true(ix_hash_bytes(zero, counting, 1) == 0x68A914128E01E473);
	assert_true(ix_hash_bytes(zero, "a", 1) == 0x407448D2B89B1813);
	assert_true(ix_hash_bytes(zero, "abc", 3) == 0xC03BC3A0042630F2);
	assert_true(ix_hash_bytes(zero, "siphash", 7) == 0x8264CEECCB16BCBE);
	assert_true(ix_hash_bytes(zero, "12345678", 8) == 0x3489982430560A87);
	assert_true(ix_hash_bytes(zero, "123456789", 9) == 0x0FBC0F0007965FCF);
	assert_true(ix_hash_bytes(zero, counting, 64) == 0x75E05FD5BBC870C6);
	/* The key that PYTHONHASHSEED=1 makes. */
	const ix_hash_key one = {0xAED66CE184BE2329, 0xEBE9BBF1F1499052};
	assert_true(ix_hash_bytes(one, "a", 1) == 0xD6300BC9F7CC0E73);
	assert_true(ix_hash_bytes(one, "inox", 4) == 0x0D56A5055733FBA8);
	assert_true(ix_hash_bytes(one, counting, 64) == 0x7E644B6EDC375DC8);
	char many[1001];
	memset(many, 'x', sizeof many);
	assert_true(ix_hash_bytes(one, many, sizeof many) == 0x8448D3C4F9EB78F4);
}

static void a_seed_changes_every_hash(void **state) {
	(void)state;
	size_t same = 0;
	for (uint64_t seed = 0; seed < 100; seed++) {
		ix_hash_key a = ix_hash_key_from(seed), b = ix_hash_key_from(seed + 1);
		same += ix_hash_u64(a, 42) == ix_hash_u64(b, 42);
		same += ix_hash_str(a, IX_STR("AAPL")) == ix_hash_str(b, IX_STR("AAPL"));
		assert_int_equal(a.b & 1, 1);
	}
	assert_int_equal(same, 0);
}

/* Sum over the entries of how far each is from its home: for linear probing it depends on the keys alone, not
 * on the order in which they came. */
static uint64_t displacement(const numbers *m) {
	uint64_t sum = 0;
	size_t cursor = 0;
	for (numbers_slot *s; (s = numbers_next(m, &cursor));)
		sum += ((cursor - 1) - (s->hash >> m->map.shift)) & m->map.mask;
	return sum;
}

static void sequential_keys_do_not_cluster(void **state) {
	(void)state;
	/* Knuth: at 3/4 full, linear probing finds an entry after (1 + 1/(1 - 3/4)) / 2 = 2.5 looks, so 1.5
	 * from home. */
	for (uint64_t stride = 1; stride <= 1 << 20; stride <<= 4) {
		heap h;
		heap_init(&h);
		numbers m;
		numbers_init(&m, &h.allocator, 100000, ix_testing_seed() + stride);
		const size_t count = 49152; /* of 65536 */
		for (uint64_t i = 0; i < count; i++)
			assert_int_equal(numbers_put(&m, i * stride, 0, NULL), 0);
		assert_int_equal(m.map.mask, 65535);
		assert_true(displacement(&m) < 2 * count);
		numbers_fini(&m);
	}
}

static void an_empty_map_finds_and_removes_nothing(void **state) {
	(void)state;
	heap h;
	heap_init(&h);
	numbers m;
	numbers_init(&m, &h.allocator, 10, 1);
	size_t cursor = 0;
	assert_null(numbers_find(&m, 0));
	assert_false(numbers_remove(&m, 0, NULL));
	assert_null(numbers_next(&m, &cursor));
	numbers_clear(&m);
	numbers_fini(&m);
	assert_int_equal(h.calls, 0);
	assert_int_equal(numbers_put(&m, 1, 2, NULL), 0); /* and may be used again */
	assert_true(numbers_remove(&m, 1, NULL));
	assert_null(numbers_find(&m, 1));
	numbers_fini(&m);
	assert_int_equal(h.live_bytes, 0);
}

static void zero_and_the_largest_are_keys_like_any_other(void **state) {
	(void)state;
	heap h;
	heap_init(&h);
	numbers m;
	numbers_init(&m, &h.allocator, 10, 1);
	assert_int_equal(numbers_put(&m, 0, 10, NULL), 0);
	assert_int_equal(numbers_put(&m, UINT64_MAX, 20, NULL), 0);
	assert_int_equal(numbers_put(&m, m.map.key.a, 30, NULL), 0); /* hashes to zero */
	assert_int_equal(*numbers_find(&m, 0), 10);
	assert_int_equal(*numbers_find(&m, UINT64_MAX), 20);
	assert_int_equal(*numbers_find(&m, m.map.key.a), 30);
	numbers_fini(&m);
}

static void put_replaces_and_add_finds(void **state) {
	(void)state;
	heap h;
	heap_init(&h);
	words m;
	words_init(&m, &h.allocator, 10, 1);
	bool added = false;
	int *value = NULL;
	assert_int_equal(words_add(&m, IX_STR("AAPL"), &value, &added, NULL), 0);
	assert_true(added);
	assert_int_equal(*value, 0);
	*value = 7;
	assert_int_equal(words_add(&m, IX_STR("AAPL"), &value, &added, NULL), 0);
	assert_false(added);
	assert_int_equal(*value, 7);
	assert_int_equal(words_put(&m, IX_STR("AAPL"), 8, NULL), 0);
	assert_int_equal(words_put(&m, IX_STR(""), 9, NULL), 0);
	assert_int_equal(words_count(&m), 2);
	assert_int_equal(*words_find(&m, IX_STR("AAPL")), 8);
	assert_int_equal(*words_find(&m, (ix_str){NULL, 0}), 9);
	assert_null(words_find(&m, IX_STR("AAP")));
	int was = 0;
	assert_true(words_remove(&m, IX_STR("AAPL"), &was));
	assert_int_equal(was, 8);
	assert_false(words_remove(&m, IX_STR("AAPL"), &was));
	words_fini(&m);
}

static void the_maximum_holds_and_leaves_the_map_as_it_was(void **state) {
	(void)state;
	heap h;
	heap_init(&h);
	ix_error err = {0};
	numbers m;
	numbers_init(&m, &h.allocator, 100, 1);
	assert_int_equal(numbers_reserve(&m, 100, &err), 0);
	size_t calls = h.calls;
	for (uint64_t i = 0; i < 100; i++) assert_int_equal(numbers_put(&m, i, (uint32_t)i, &err), 0);
	assert_int_equal(numbers_put(&m, 100, 0, &err), IX_ERR_LIMIT);
	assert_string_equal(err.text, "more than 100 entries");
	assert_int_equal(numbers_reserve(&m, 101, &err), IX_ERR_LIMIT);
	assert_int_equal(numbers_put(&m, 50, 4711, &err), 0); /* is there already */
	assert_int_equal(numbers_count(&m), 100);
	for (uint64_t i = 0; i < 100; i++) assert_int_equal(*numbers_find(&m, i), i == 50 ? 4711 : i);
	assert_true(numbers_remove(&m, 7, NULL));
	assert_int_equal(numbers_put(&m, 100, 0, &err), 0);
	assert_int_equal(h.calls, calls); /* reserved once, never again */
	numbers_fini(&m);
	numbers_init(&m, &h.allocator, SIZE_MAX, 1);
	assert_int_equal(m.map.maximum, IX_MAP_COUNT_MAX);
	assert_int_equal(numbers_reserve(&m, SIZE_MAX, &err), IX_ERR_LIMIT);
}

static void slots_that_overflow_a_size_are_over_the_limit(void **state) {
	(void)state;
	heap h;
	heap_init(&h);
	ix_map m;
	ix_map_init(&m, &h.allocator, SIZE_MAX, 1);
	assert_int_equal(ix_map_grow(&m, 1 << 20, SIZE_MAX / 1024, 8, NULL), IX_ERR_LIMIT);
	assert_int_equal(ix_map_grow(&m, 6, PTRDIFF_MAX / 4, 8, NULL), IX_ERR_LIMIT);
	assert_int_equal(h.calls, 0);
}

static void iterating_gives_each_entry_once(void **state) {
	(void)state;
	heap h;
	heap_init(&h);
	numbers m;
	numbers_init(&m, &h.allocator, 10000, 1);
	for (uint64_t i = 0; i < 1000; i++) assert_int_equal(numbers_put(&m, i, (uint32_t)i, NULL), 0);
	bool seen[1000] = {false};
	size_t cursor = 0, count = 0;
	for (numbers_slot *s; (s = numbers_next(&m, &cursor)); count++) {
		assert_int_equal(s->key, s->value);
		assert_false(seen[s->key]);
		seen[s->key] = true;
	}
	assert_int_equal(count, 1000);
	assert_null(numbers_next(&m, &cursor));
	numbers_clear(&m);
	assert_int_equal(numbers_count(&m), 0);
	cursor = 0;
	assert_null(numbers_next(&m, &cursor));
	assert_null(numbers_find(&m, 5));
	numbers_fini(&m);
}

/* The model: value + 1 of each key, 0 when it is not there. */
#define CHECK_AGAINST_MODEL(name, KEYS, maximum_count)                                                \
	do {                                                                                          \
		heap h;                                                                               \
		heap_init(&h);                                                                        \
		ix_rng rng;                                                                           \
		ix_rng_seed(&rng, ix_testing_seed());                                                 \
		name m;                                                                               \
		name##_init(&m, &h.allocator, maximum_count, ix_rng_u64(&rng));                       \
		uint32_t model[KEYS] = {0};                                                           \
		size_t count = 0;                                                                     \
		for (uint32_t turn = 0; turn < 30000; turn++) {                                       \
			size_t key = ix_rng_below(&rng, KEYS);                                        \
			uint32_t *found = name##_find(&m, key), value = 0;                            \
			assert_int_equal(found ? *found + 1 : 0, model[key]);                         \
			/* grows for a while, then shrinks */                                         \
			if (ix_rng_chance(&rng, turn / 5000 % 2 ? 1 : 2, 3)) {                        \
				int code = name##_put(&m, key, turn, NULL);                           \
				assert_int_equal(                                                     \
					code, !found && count == (maximum_count) ? IX_ERR_LIMIT : 0); \
				if (code) continue;                                                   \
				count += !found;                                                      \
				model[key] = turn + 1;                                                \
			} else {                                                                      \
				assert_int_equal(name##_remove(&m, key, &value), found != NULL);      \
				if (model[key]) assert_int_equal(value + 1, model[key]);              \
				count -= model[key] != 0;                                             \
				model[key] = 0;                                                       \
			}                                                                             \
			assert_int_equal(name##_count(&m), count);                                    \
			if (turn % 1000) continue;                                                    \
			for (size_t k = 0; k < KEYS; k++) {                                           \
				found = name##_find(&m, k);                                           \
				assert_int_equal(found ? *found + 1 : 0, model[k]);                   \
			}                                                                             \
		}                                                                                     \
		name##_fini(&m);                                                                      \
		assert_int_equal(h.live_bytes, 0);                                                    \
	} while (0)

static void does_what_a_plain_list_does(void **state) {
	(void)state;
	CHECK_AGAINST_MODEL(numbers, 500, 300);
}

static void does_so_when_all_keys_collide(void **state) {
	(void)state;
	CHECK_AGAINST_MODEL(crowded, 60, 50);
}

static void coming_and_going_for_long_leaves_no_trace(void **state) {
	(void)state;
	enum { LIVE = 700, TURNS = 200000 };
	heap h;
	heap_init(&h);
	numbers m, fresh;
	numbers_init(&m, &h.allocator, LIVE, 7);
	numbers_init(&fresh, &h.allocator, LIVE, 7);
	assert_int_equal(numbers_reserve(&m, LIVE, NULL), 0);
	assert_int_equal(numbers_reserve(&fresh, LIVE, NULL), 0);
	for (uint64_t i = 0; i < TURNS; i++) {
		if (i >= LIVE) assert_true(numbers_remove(&m, i - LIVE, NULL));
		assert_int_equal(numbers_put(&m, i, 0, NULL), 0);
	}
	for (uint64_t i = TURNS - LIVE; i < TURNS; i++) assert_int_equal(numbers_put(&fresh, i, 0, NULL), 0);
	assert_int_equal(m.map.mask, 1023);
	assert_int_equal(displacement(&m), displacement(&fresh));
	numbers_fini(&m);
	numbers_fini(&fresh);
}

static int use_map(heap *h, ix_error *err) {
	words m;
	words_init(&m, &h->allocator, 1000, 1);
	char text[200][4];
	int code = 0, count = 0;
	for (; count < 200 && !code; count++) {
		ix_format(text[count], 4, "%d", count);
		code = words_put(&m, ix_str_from(text[count]), count, err);
	}
	if (code) count--;
	assert_int_equal(words_count(&m), count);
	for (int i = 0; i < count; i++) assert_int_equal(*words_find(&m, ix_str_from(text[i])), i);
	words_fini(&m);
	return code;
}

static void any_allocation_may_fail(void **state) {
	(void)state;
	fail_each_allocation(use_map);
}

IX_TESTS(test_map, cmocka_unit_test(siphash_1_3_of_other_programs),
	cmocka_unit_test(a_seed_changes_every_hash), cmocka_unit_test(sequential_keys_do_not_cluster),
	cmocka_unit_test(an_empty_map_finds_and_removes_nothing),
	cmocka_unit_test(zero_and_the_largest_are_keys_like_any_other),
	cmocka_unit_test(put_replaces_and_add_finds),
	cmocka_unit_test(the_maximum_holds_and_leaves_the_map_as_it_was),
	cmocka_unit_test(slots_that_overflow_a_size_are_over_the_limit),
	cmocka_unit_test(iterating_gives_each_entry_once), cmocka_unit_test(does_what_a_plain_list_does),
	cmocka_unit_test(does_so_when_all_keys_collide),
	cmocka_unit_test(coming_and_going_for_long_leaves_no_trace),
	cmocka_unit_test(any_allocation_may_fail));
