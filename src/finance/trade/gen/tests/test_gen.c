/* The generator's promises, checked by a plain list of living orders that knows nothing of the generator's
 * inside. */
#include <inox/alloc.h>
#include <inox/gen.h>
#include <inox/testing.h>

typedef struct resting {
	uint64_t reference;
	uint32_t price_e4, shares;
	uint16_t locate;
	uint8_t side;
	bool is_living;
} resting;

typedef struct checker {
	resting *orders; /* in order of arrival, so that FIFO can be judged */
	size_t count;
	uint8_t state[64 + 1], traded_while_halted;
	uint64_t by_type[256], last_ns, last_match, total;
	uint64_t broken_unknown, crossed, not_first, bad_reference, backwards, invalid;
} checker;

static resting *find(checker *c, uint64_t reference) {
	for (size_t i = c->count; i-- > 0;) {
		if (c->orders[i].reference == reference && c->orders[i].is_living) return &c->orders[i];
	}
	c->bad_reference++;
	return NULL;
}

static bool is_before(const resting *a, const resting *b) {
	if (a->price_e4 != b->price_e4)
		return b->side == 'B' ? a->price_e4 > b->price_e4 : a->price_e4 < b->price_e4;
	return a < b; /* came earlier */
}

static void check_first(checker *c, const resting *order) {
	for (size_t i = 0; i < c->count; i++) {
		const resting *other = &c->orders[i];
		if (other->is_living && other->locate == order->locate && other->side == order->side &&
			is_before(other, order)) {
			c->not_first++;
			return;
		}
	}
}

static void add(
	checker *c, uint16_t locate, uint8_t side, uint64_t reference, uint32_t price_e4, uint32_t shares) {
	for (size_t i = 0; i < c->count; i++) {
		const resting *other = &c->orders[i];
		if (!other->is_living || other->locate != locate || other->side == side) continue;
		c->crossed += side == 'B' ? price_e4 >= other->price_e4 : price_e4 <= other->price_e4;
	}
	c->orders[c->count++] = (resting){reference, price_e4, shares, locate, side, true};
}

static void reduce(checker *c, uint64_t reference, uint32_t shares, bool is_execution, uint16_t locate) {
	resting *order = find(c, reference);
	if (!order) return;
	if (is_execution) {
		check_first(c, order);
		c->traded_while_halted |= c->state[locate] != 'T';
	}
	c->bad_reference += shares > order->shares || order->locate != locate;
	order->shares -= shares;
	order->is_living = order->shares > 0;
}

static void check(checker *c, const ix_itch_message *m) {
	c->total++;
	c->by_type[m->type]++;
	c->backwards += m->timestamp_ns < c->last_ns;
	c->last_ns = m->timestamp_ns;
	c->invalid += ix_itch_validate(m, NULL) != 0;
	resting *order;
	switch (m->type) {
	case 'H': c->state[m->locate] = m->trading_action.trading_state; break;
	case 'h': c->state[m->locate] = m->operational_halt.action; break;
	case 'A':
	case 'F':
		add(c, m->locate, m->add_order.side, m->add_order.reference, m->add_order.price_e4,
			m->add_order.shares);
		break;
	case 'E':
	case 'C': reduce(c, m->order_executed.reference, m->order_executed.shares, true, m->locate); break;
	case 'X': reduce(c, m->order_cancel.reference, m->order_cancel.shares, false, m->locate); break;
	case 'D':
		order = find(c, m->order_delete.reference);
		if (order) order->is_living = false;
		break;
	case 'U':
		order = find(c, m->order_replace.reference);
		if (!order) break;
		order->is_living = false;
		add(c, m->locate, order->side, m->order_replace.new_reference, m->order_replace.price_e4,
			m->order_replace.shares);
		break;
	case 'B': c->broken_unknown += m->broken_trade.match > c->last_match; break;
	case 'P': c->last_match = m->trade.match; break;
	default: break;
	}
	if (m->type == 'E' || m->type == 'C') c->last_match = m->order_executed.match;
	if (m->type == 'Q') c->last_match = m->cross_trade.match;
}

static void walk(const ix_gen_options *options, checker *c) {
	ix_gen *gen;
	ix_error err;
	memset(c, 0, sizeof *c);
	c->orders = calloc(options->message_count, sizeof *c->orders);
	assert_non_null(c->orders);
	if (ix_gen_new(options, ix_os_allocator(), &gen, &err)) fail_msg("%s", err.text);
	for (ix_itch_message m; ix_gen_next(gen, &m);) check(c, &m);
	ix_gen_free(gen);
	free(c->orders);
}

static void assert_valid(const checker *c) {
	assert_int_equal(c->bad_reference, 0);
	assert_int_equal(c->crossed, 0);
	assert_int_equal(c->not_first, 0);
	assert_int_equal(c->backwards, 0);
	assert_int_equal(c->invalid, 0);
	assert_int_equal(c->broken_unknown, 0);
	assert_int_equal(c->traded_while_halted, 0);
}

static void makes_a_valid_day_from_any_seed(void **state) {
	(void)state;
	for (uint64_t seed = 1; seed <= (ix_testing_long() ? 200 : 5); seed++) {
		checker c;
		ix_gen_options options = {.seed = ix_testing_seed() + seed,
			.symbol_count = 1 + (uint32_t)(seed * 7 % 31),
			.message_count = 12000};
		walk(&options, &c);
		assert_valid(&c);
		assert_int_equal(c.total, 12000);
	}
}

static void a_long_day_has_all_types(void **state) {
	(void)state;
	static checker c;
	ix_gen_options options = {.seed = 1, .symbol_count = 8, .message_count = 60000};
	walk(&options, &c);
	assert_valid(&c);
	for (size_t i = 0; i < IX_ITCH_TYPE_COUNT; i++) {
		if (c.by_type[ix_itch_types[i].type] == 0)
			fail_msg("no message of type %c", ix_itch_types[i].type);
	}
	assert_int_equal(c.by_type['S'], 6);
}

static void meets_the_least_count_exactly(void **state) {
	(void)state;
	for (uint32_t symbols = 1; symbols <= 64; symbols *= 4) {
		checker c;
		ix_gen_options options = {.symbol_count = symbols,
			.message_count = symbols * IX_GEN_MESSAGES_PER_SYMBOL_MIN + 100};
		walk(&options, &c);
		assert_int_equal(c.total, options.message_count);
		assert_valid(&c);
	}
}

static void the_same_seed_gives_the_same_messages(void **state) {
	(void)state;
	ix_gen *a, *b, *other;
	ix_gen_options options = {.seed = 7, .message_count = 20000};
	assert_int_equal(ix_gen_new(&options, ix_os_allocator(), &a, NULL), 0);
	assert_int_equal(ix_gen_new(&options, ix_os_allocator(), &b, NULL), 0);
	options.seed = 8;
	assert_int_equal(ix_gen_new(&options, ix_os_allocator(), &other, NULL), 0);
	size_t differences = 0;
	uint8_t from_a[IX_ITCH_SIZE_MAX], from_b[IX_ITCH_SIZE_MAX], from_other[IX_ITCH_SIZE_MAX];
	for (ix_itch_message m; ix_gen_next(a, &m);) {
		size_t size = ix_itch_encode(&m, from_a);
		assert_true(ix_gen_next(b, &m));
		assert_int_equal(ix_itch_encode(&m, from_b), size);
		assert_memory_equal(from_a, from_b, size);
		assert_true(ix_gen_next(other, &m));
		differences +=
			ix_itch_encode(&m, from_other) != size || memcmp(from_a, from_other, size) != 0;
	}
	assert_true(differences > 10000);
	ix_gen_free(a), ix_gen_free(b), ix_gen_free(other);
}

/* A Poisson process of 200,000 a second: 100,000 arrivals take half a second, with a standard deviation of
 * 0.32 %. */
static void a_stream_arrives_at_its_rate(void **state) {
	(void)state;
	ix_gen *gen;
	ix_gen_options options = {
		.seed = 3, .symbol_count = 64, .message_count = 120000, .rate_per_s = 200000};
	assert_int_equal(ix_gen_new(&options, ix_os_allocator(), &gen, NULL), 0);
	uint64_t first_ns = 0, last_ns = 0, arrivals = 0;
	for (ix_itch_message m; ix_gen_next(gen, &m);) {
		if (m.type == 'R' || m.type == 'S' || m.timestamp_ns <= UINT64_C(34200) * 1000000000)
			continue;
		if (!first_ns) first_ns = m.timestamp_ns;
		last_ns = m.timestamp_ns;
		arrivals++;
	}
	ix_gen_free(gen);
	double mean_ns = (double)(last_ns - first_ns) / (double)arrivals;
	assert_true(arrivals > 119000);
	assert_true(mean_ns > 5000 * 0.98 && mean_ns < 5000 * 1.02);
}

static void refuses_what_cannot_be(void **state) {
	(void)state;
	ix_gen *gen = NULL;
	ix_error err;
	assert_int_equal(ix_gen_new(&(ix_gen_options){.symbol_count = 20001, .message_count = UINT64_MAX},
				 ix_os_allocator(), &gen, &err),
		IX_ERR_RANGE);
	assert_string_equal(err.text, "20001 symbols are more than 20000");
	assert_int_equal(ix_gen_new(&(ix_gen_options){.symbol_count = 10, .message_count = 339},
				 ix_os_allocator(), &gen, &err),
		IX_ERR_RANGE);
	assert_string_equal(err.text, "339 messages are too few for 10 symbols: at least 340");
	assert_int_equal(ix_gen_new(&(ix_gen_options){.rate_per_s = IX_GEN_RATE_MAX + 1}, ix_os_allocator(),
				 &gen, &err),
		IX_ERR_RANGE);
	assert_null(gen);
}

IX_TESTS(test_gen, cmocka_unit_test(makes_a_valid_day_from_any_seed),
	cmocka_unit_test(a_long_day_has_all_types), cmocka_unit_test(meets_the_least_count_exactly),
	cmocka_unit_test(the_same_seed_gives_the_same_messages),
	cmocka_unit_test(a_stream_arrives_at_its_rate), cmocka_unit_test(refuses_what_cannot_be));
