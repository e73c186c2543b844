/* After warm-up a tick's way, with risk, trail and venue, allocates nothing and touches no new page. */
#include <inox/alloc.h>
#include <inox/gen.h>
#include <inox/itch.h>
#include <inox/pipeline.h>
#include <inox/region.h>
#include <inox/strategy_load.h>
#include <inox/testing.h>

#include <malloc.h>
#include <sys/resource.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define IS_SANITIZED true
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define IS_SANITIZED true
#endif
#endif
#ifndef IS_SANITIZED
#define IS_SANITIZED false
#endif

enum { MESSAGES = 400000, WARM = 100000, PIECE = 8000 };

static const char limits[] =
	"firm f { order-shares 5000; position-long 2000; position-short 2000; daily-loss 100000.00;\n"
	"capital 1000000.00; desk d { account a { trader t { session s; } } } }\n";

static uint64_t append(void *context, uint16_t kind, ix_bytes head, ix_bytes body) {
	return ix_trail_append(context, kind, head, body);
}
static bool wait_for(void *context, uint64_t number) { return ix_trail_wait(context, number); }

/* Feeds until so many messages have been; where in the stream it came to. */
static size_t feed_until(ix_pipeline *p, ix_bytes stream, size_t at, uint64_t count) {
	while (at < stream.size && ix_pipeline_get_counts(p)->message_count < count) {
		size_t size = 0;
		while (at + size < stream.size && size < PIECE)
			size += 2 + (size_t)ix_load_u16_be(stream.data + at + size);
		assert_int_equal(ix_pipeline_feed(p, (ix_bytes){stream.data + at, size}, NULL), 0);
		at += size;
	}
	return at;
}

static ix_bytes make_stream(ix_region *region) {
	ix_gen *gen = NULL;
	assert_int_equal(ix_region_open((size_t)MESSAGES * 40, IX_REGION_PREFAULT, region, NULL), 0);
	const ix_gen_options options = {
		.seed = 8, .symbol_count = 64, .message_count = MESSAGES, .rate_per_s = 200000};
	assert_int_equal(ix_gen_new(&options, ix_os_allocator(), &gen, NULL), 0);
	uint8_t *out = region->data;
	size_t size = 0;
	for (ix_itch_message m; ix_gen_next(gen, &m);) size += ix_itch_encode_framed(&m, out + size);
	ix_gen_free(gen);
	return (ix_bytes){out, size};
}

static uint64_t heap_bytes(void) {
	struct mallinfo2 info = mallinfo2();
	return info.uordblks + info.hblkhd;
}

/* "name=value name=value …" over the fallbacks. */
static void parameters_of(
	const ix_strategy_vtable *s, const char *text, int64_t out[IX_STRATEGY_PARAMETER_MAX]) {
	ix_str rest = ix_str_from(text);
	ix_strategy_parameter_fallbacks(s, out);
	while (rest.size > 0) {
		uint32_t index;
		int64_t value;
		assert_int_equal(
			ix_strategy_parameter_parse(s, ix_str_cut(&rest, ' '), &index, &value, NULL), 0);
		out[index] = value;
	}
}

static void a_ticks_whole_way_neither_allocates_nor_touches_new_pages(
	const char *strategy, const char *parameters) {
	ix_region region;
	ix_bytes stream = make_stream(&region);
	char path[512];
	ix_format(path, sizeof path, "%s/trail", ix_testing_directory());
	ix_trail *trail = NULL;
	ix_risk *risk = NULL;
	ix_pipeline *p = NULL;
	ix_error err = {0};
	if (ix_trail_open(&(ix_trail_options){.path = path}, &trail, &err) != 0) fail_msg("%s", err.text);
	const ix_risk_options risk_options = {.allocator = ix_os_allocator(),
		.limits = ix_str_from(limits),
		.limits_name = IX_STR("limits"),
		.symbol_max = 256,
		.orders_max = 8192,
		.cell_max = 2048,
		.single_thread = true};
	if (ix_risk_open(&risk_options, &risk, &err) != 0) fail_msg("%s", err.text);
	int64_t values[IX_STRATEGY_PARAMETER_MAX];
	parameters_of(ix_strategy_find_builtin(ix_str_from(strategy)), parameters, values);
	const ix_pipeline_options options = {.allocator = ix_os_allocator(),
		.strategy = ix_strategy_find_builtin(ix_str_from(strategy)),
		.parameters = values,
		.risk = risk,
		.risk_session = IX_STR("s"),
		.symbols_max = 128,
		.orders_max = 4096,
		.measures = true,
		.sink = {.append = append, .wait = wait_for, .context = trail}};
	if (ix_pipeline_new(&options, &p, &err) != 0) fail_msg("%s", err.text);
	size_t at = feed_until(p, stream, 0, WARM);
	uint64_t decisions = ix_pipeline_get_counts(p)->decision_count,
		 fills = ix_pipeline_get_counts(p)->fill_count;
	struct rusage before, after;
	uint64_t heap = heap_bytes();
	getrusage(RUSAGE_THREAD, &before);
	at = feed_until(p, stream, at, MESSAGES);
	getrusage(RUSAGE_THREAD, &after);
	assert_int_equal(at, stream.size);
	assert_int_equal(heap_bytes(), heap);
	assert_int_equal(after.ru_minflt - before.ru_minflt, 0);
	assert_int_equal(after.ru_majflt - before.ru_majflt, 0);
	/* And it was at work meanwhile. */
	assert_true(ix_pipeline_get_counts(p)->decision_count > decisions + 50);
	assert_true(ix_pipeline_get_counts(p)->fill_count > fills);
	ix_pipeline_free(p);
	ix_risk_close(risk);
	assert_int_equal(ix_trail_close(trail, NULL), 0);
	ix_region_close(&region);
}

static void a_makers_ticks_neither_allocate_nor_touch_new_pages(void **state) {
	(void)state;
	if (IS_SANITIZED) skip(); /* the sanitizers allocate and map as they like */
	a_ticks_whole_way_neither_allocates_nor_touches_new_pages("maker", "");
}

static void an_order_flow_takers_ticks_neither_allocate_nor_touch_new_pages(void **state) {
	(void)state;
	if (IS_SANITIZED) skip();
	a_ticks_whole_way_neither_allocates_nor_touches_new_pages(
		"ofi", "threshold_e3=300 warmup_events=10 hold_ms=20 exit_limit_ms=5 spread_max_e4=100000");
}

IX_TESTS(test_hot, cmocka_unit_test(a_makers_ticks_neither_allocate_nor_touch_new_pages),
	cmocka_unit_test(an_order_flow_takers_ticks_neither_allocate_nor_touch_new_pages));
