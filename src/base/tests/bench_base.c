/* How fast the parts of base are that sit on hot paths. Prints one JSON line a case: the best of the runs.
 * Usage: bench-base [RUNS] */
#include <inox/arena.h>
#include <inox/crc32c.h>
#include <inox/decimal.h>
#include <inox/hist.h>
#include <inox/map.h>
#include <inox/ring.h>
#include <inox/rng.h>
#include <inox/text.h>

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { RUNS_MAX = 99, BUFFER_SIZE = 1 << 20, KEY_COUNT = 1 << 20, ITEM_COUNT = 1 << 22 };

static uint8_t buffer[BUFFER_SIZE], other[BUFFER_SIZE];
static char text[2 * BUFFER_SIZE];
static size_t text_size;
static uint64_t keys[KEY_COUNT];
static volatile uint64_t sink; /* so that no work can be left out */

static double seconds(clockid_t clock) {
	struct timespec t;
	clock_gettime(clock, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void *heap_resize(void *context, void *block, size_t old_size, size_t new_size, size_t alignment) {
	(void)context, (void)old_size, (void)alignment;
	if (new_size) return realloc(block, new_size);
	free(block);
	return NULL;
}
static const ix_allocator heap = {heap_resize, NULL};

/* Each case does `amount` units of work. */
typedef struct bench {
	const char *name, *unit;
	double amount;
	void (*run)(void);
} bench;

static void crc_portable(void) {
	for (int i = 0; i < 16; i++) sink += ix_crc32c_portable(0, buffer, BUFFER_SIZE);
}
#if defined __x86_64__
static void crc_sse42(void) {
	for (int i = 0; i < 64; i++) sink += ix_crc32c_sse42(0, buffer, BUFFER_SIZE);
}
#endif
static void base64_encode(void) {
	for (int i = 0; i < 8; i++) ix_base64_encode(text, (ix_bytes){buffer, BUFFER_SIZE}, IX_BASE64);
	sink += (uint8_t)text[0];
}
static void base64_decode(void) {
	size_t size = 0;
	for (int i = 0; i < 8; i++)
		sink += (uint64_t)ix_base64_decode(
			(ix_str){text, ix_base64_text_size(BUFFER_SIZE, IX_BASE64)}, IX_BASE64, other,
			BUFFER_SIZE, &size, NULL);
}
static void utf8_check(void) {
	for (int i = 0; i < 16; i++) sink += ix_utf8_check((ix_str){text, text_size});
}
static void hash_text(void) {
	ix_hash_key key = ix_hash_key_from(1);
	for (size_t i = 0; i + 16 < BUFFER_SIZE; i++) sink += ix_hash_bytes(key, buffer + i, 16);
}
static void random_numbers(void) {
	ix_rng rng;
	ix_rng_seed(&rng, 1);
	uint64_t sum = 0;
	for (int i = 0; i < ITEM_COUNT; i++) sum += ix_rng_u64(&rng);
	sink += sum;
}
static void random_below(void) {
	ix_rng rng;
	ix_rng_seed(&rng, 1);
	uint64_t sum = 0;
	for (int i = 0; i < ITEM_COUNT; i++) sum += ix_rng_below(&rng, 1000003);
	sink += sum;
}
static void decimal_round_trip(void) {
	char out[IX_DECIMAL_TEXT_MAX];
	for (int64_t i = 0; i < KEY_COUNT; i++) {
		int64_t value = 0;
		size_t length = ix_decimal_format(out, i * 7919, 4);
		sink += (uint64_t)ix_decimal_parse((ix_str){out, length}, 4, IX_ROUND_EXACT, &value, NULL);
	}
}

static ix_hist hist;
static void hist_record(void) {
	for (size_t i = 0; i < KEY_COUNT; i++) ix_hist_record(&hist, keys[i] >> 40);
}

static void arena_take(void) {
	ix_arena arena;
	ix_arena_init(&arena, &heap, 0, 0);
	for (int turn = 0; turn < 1000; turn++, ix_arena_reset(&arena)) {
		for (int i = 0; i < 1000; i++) sink += (uintptr_t)ix_arena_take(&arena, 48, 8);
	}
	ix_arena_fini(&arena);
}

IX_MAP(numbers, uint64_t, uint32_t, ix_hash_u64, ix_equal_u64);
static numbers map;
static void map_put(void) {
	numbers_clear(&map);
	for (uint32_t i = 0; i < KEY_COUNT; i++) sink += (uint64_t)numbers_put(&map, keys[i], i, NULL);
}
static void map_find(void) {
	uint64_t sum = 0;
	for (size_t i = 0; i < KEY_COUNT; i++) sum += *numbers_find(&map, keys[i]);
	sink += sum;
}
static void map_miss(void) {
	for (size_t i = 0; i < KEY_COUNT; i++) sink += numbers_find(&map, keys[i] + 1) != NULL;
}
/* What an order book does: the oldest goes, a new one comes. */
static void map_churn(void) {
	for (size_t i = 0; i < KEY_COUNT; i++) {
		sink += numbers_remove(&map, keys[i], NULL);
		sink += (uint64_t)numbers_put(&map, keys[i], 1, NULL);
	}
}

IX_RING(ring, uint64_t);
static ring queue;
static uint64_t queue_items[4096];
static void *produce(void *argument) {
	size_t batch = *(size_t *)argument;
	uint64_t items[64] = {0};
	for (size_t sent = 0; sent < ITEM_COUNT;)
		sent += ring_push_many(&queue, items, ix_size_min(batch, ITEM_COUNT - sent));
	return NULL;
}
static void through_ring(size_t batch) {
	pthread_t producer;
	uint64_t items[64];
	ring_init(&queue, queue_items, IX_COUNT(queue_items));
	if (pthread_create(&producer, NULL, produce, &batch) != 0) exit(1);
	for (size_t got = 0; got < ITEM_COUNT;) got += ring_pop_many(&queue, items, batch);
	pthread_join(producer, NULL);
}
static void ring_one(void) { through_ring(1); }
static void ring_batch(void) { through_ring(64); }

static const bench benches[] = {
	{"crc32c portable", "byte/s", 16.0 * (double)BUFFER_SIZE, crc_portable},
#if defined __x86_64__
	{"crc32c sse4.2", "byte/s", 64.0 * (double)BUFFER_SIZE, crc_sse42},
#endif
	{"base64 encode", "byte/s", 8.0 * (double)BUFFER_SIZE, base64_encode},
	{"base64 decode", "byte/s", 8.0 * (double)BUFFER_SIZE, base64_decode},
	{"siphash-1-3 of 16 bytes", "hash/s", BUFFER_SIZE - 16, hash_text},
	{"rng u64", "number/s", ITEM_COUNT, random_numbers},
	{"rng below", "number/s", ITEM_COUNT, random_below},
	{"decimal format and parse", "number/s", KEY_COUNT, decimal_round_trip},
	{"hist record", "sample/s", KEY_COUNT, hist_record},
	{"arena take", "piece/s", 1e6, arena_take},
	{"map put, a million keys", "key/s", KEY_COUNT, map_put},
	{"map find", "key/s", KEY_COUNT, map_find},
	{"map find, not there", "key/s", KEY_COUNT, map_miss},
	{"map remove and put", "pair/s", KEY_COUNT, map_churn},
	{"ring, one at a time", "item/s", ITEM_COUNT, ring_one},
	{"ring, 64 at a time", "item/s", ITEM_COUNT, ring_batch},
};

static void measure(const bench *b, int runs) {
	double wall_s = 1e9, cpu_s = 1e9;
	for (int run = 0; run < runs; run++) {
		double wall = seconds(CLOCK_MONOTONIC), cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
		b->run();
		wall = seconds(CLOCK_MONOTONIC) - wall;
		cpu = seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu;
		if (wall < wall_s) wall_s = wall, cpu_s = cpu;
	}
	printf("{\"case\": \"%s\", \"unit\": \"%s\", \"value\": %.4g, \"wall_s\": %.6f, \"cpu_s\": %.6f}\n",
		b->name, b->unit, b->amount / wall_s, wall_s, cpu_s);
}

/* The buffer's worth of text: ASCII with a character of two to four bytes every so often. */
static void make_text(unsigned one_in) {
	ix_rng rng;
	ix_rng_seed(&rng, 2);
	for (text_size = 0; text_size + IX_UTF8_SIZE_MAX <= BUFFER_SIZE;) {
		bool plain = one_in == 0 || !ix_rng_chance(&rng, 1, one_in);
		text_size += ix_utf8_encode(
			text + text_size, plain ? 'a' : (uint32_t)ix_rng_between(&rng, 0x80, 0x1FFFF));
	}
}

int main(int argc, char **argv) {
	const char *given = argc > 1 ? argv[1] : getenv("INOX_BENCH_RUNS");
	long wanted = given ? strtol(given, NULL, 10) : 5;
	int runs = wanted < 1 ? 1 : wanted > RUNS_MAX ? RUNS_MAX : (int)wanted;
	ix_rng rng;
	ix_rng_seed(&rng, 1);
	ix_rng_fill(&rng, buffer, sizeof buffer);
	for (size_t i = 0; i < KEY_COUNT; i++) keys[i] = ix_rng_u64(&rng);
	numbers_init(&map, &heap, KEY_COUNT, 1);
	if (numbers_reserve(&map, KEY_COUNT, NULL) != 0 || ix_hist_init(&hist, NULL, &heap, NULL) != 0)
		return 1;
	for (size_t i = 0; i < IX_COUNT(benches); i++) measure(&benches[i], runs);
	static const struct {
		const char *name;
		unsigned one_in;
	} texts[] = {{"utf8 check, ASCII", 0}, {"utf8 check, one in 20 not ASCII", 20},
		{"utf8 check, none ASCII", 1}};
	for (size_t i = 0; i < IX_COUNT(texts); i++) {
		make_text(texts[i].one_in);
		measure(&(bench){texts[i].name, "byte/s", 16.0 * (double)text_size, utf8_check}, runs);
	}
	numbers_fini(&map);
	ix_hist_fini(&hist);
	return 0;
}
