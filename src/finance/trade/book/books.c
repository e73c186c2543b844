/* books.c - making, emptying and freeing the books, and what they say about themselves. */
#include "orders.h"
#include "state.h"

enum {
	POWER_MOST = 1 << 28,
	RING_RESERVE_PER_ORDER =
		2, /* entries: queues that leave their level are at least a quarter alive, mostly half */
	SIDE_RESERVE_PER_LEVEL = 4,
	POSITIONS_RESERVE = 65536,
};

/* Any odd number with its ones spread out: 2^64 divided by the golden ratio. */
#define DEFAULT_MULTIPLIER UINT64_C(0x9e3779b97f4a7c15)

typedef struct bound {
	const char *name;
	uint32_t *reserve, *most;
	uint32_t default_reserve, highest;
} bound;

static int check_bound(const bound *b, ix_error *err) {
	if (*b->most == 0) *b->most = b->highest;
	if (*b->most > b->highest)
		return ix_fail(
			err, IX_ERR_LIMIT, "%s_max is %u, the most is %u", b->name, *b->most, b->highest);
	if (*b->reserve > *b->most)
		return ix_fail(err, IX_ERR_LIMIT, "%s_reserve is %u, more than %s_max, %u", b->name,
			*b->reserve, b->name, *b->most);
	if (*b->reserve == 0) *b->reserve = b->default_reserve < *b->most ? b->default_reserve : *b->most;
	return 0;
}

/* Rounds up to a power of two. */
static int check_power(
	uint32_t *value, const char *name, uint32_t least, uint32_t default_value, ix_error *err) {
	if (*value == 0) *value = default_value;
	if (*value > POWER_MOST)
		return ix_fail(err, IX_ERR_LIMIT, "%s is %u, the most is %u", name, *value, POWER_MOST);
	uint32_t power = least;
	while (power < *value) power *= 2;
	*value = power;
	return 0;
}

/* Fills the defaults in. */
static int check_options(ix_books_options *o, ix_error *err) {
	if (!o->allocator) return ix_fail(err, IX_ERR_USAGE, "the options name no allocator");
	const bound bounds[] = {
		{"orders", &o->orders_reserve, &o->orders_max, 1 << 19, ORDERS_MOST},
		{"levels", &o->levels_reserve, &o->levels_max, 1 << 17, LEVELS_MOST},
		{"symbols", &o->symbols_reserve, &o->symbols_max, 12288, SYMBOLS_MOST},
	};
	for (size_t i = 0; i < IX_COUNT(bounds); i++) {
		int bad = check_bound(&bounds[i], err);
		if (bad) return bad;
	}
	int code = check_power(&o->trades_max, "trades_max", 1, 1 << 18, err);
	if (!code) code = check_power(&o->references_window, "references_window", 64, 1 << 19, err);
	if (code) return code;
	if (o->positions_max == 0) o->positions_max = 1 << 19;
	if (o->positions_max > 1 << 24)
		return ix_fail(
			err, IX_ERR_LIMIT, "positions_max is %u, the most is %u", o->positions_max, 1 << 24);
	return 0;
}

/* Slots for so many orders at seven eighths full: a power of two. */
static uint32_t slots_for(uint32_t orders) {
	uint32_t slots = 64;
	while (slots / 8 * 7 < orders) slots *= 2;
	return slots;
}

static bool reserve_array(ix_books *books, void **array, size_t item_size, uint32_t count) {
	uint32_t reserved = 0;
	return pool_grow(books, array, item_size, &reserved, count, count);
}

/* Units for so many items, and a few to start with. */
static uint32_t units_for(uint32_t items, uint32_t units_per_item) {
	uint64_t units = (uint64_t)items * units_per_item + 64;
	return units < UINT32_MAX / 2 ? (uint32_t)units : UINT32_MAX / 2;
}

static bool reserve_all(ix_books *books) {
	const ix_books_options *o = &books->options;
	uint32_t slots = slots_for(o->orders_reserve);
	books->slot_mask = slots - 1;
	books->line_shift = 64;
	for (uint32_t lines = slots / 4; lines > 1; lines /= 2) books->line_shift--;
	books->old_limit = slots / 8 * 7;
	uint32_t positions = o->positions_max < POSITIONS_RESERVE ? o->positions_max : POSITIONS_RESERVE;
	books->recent_mask = o->references_window - 1;
	books->rings.unit_size = RING_UNIT;
	books->sides.unit_size = SIDE_UNIT;
	uint32_t side_units = units_for(o->levels_reserve, SIDE_RESERVE_PER_LEVEL);
	return reserve_array(books, (void **)&books->recent, sizeof(uint64_t), o->references_window) &&
	       reserve_array(books, (void **)&books->slots, sizeof(slot), slots) &&
	       arena_grow(
		       books, o->levels_reserve + 2, units_for(o->orders_reserve, RING_RESERVE_PER_ORDER)) &&
	       pool_grow(books, (void **)&books->details, sizeof(details), &books->details_reserved,
		       o->symbols_reserve + 1, o->symbols_reserve + 1) &&
	       pool_grow(books, (void **)&books->books, sizeof(book), &books->book_reserved,
		       o->symbols_reserve + 1, o->symbols_reserve + 1) &&
	       pool_grow(books, (void **)&books->sides.memory, SIDE_UNIT, &books->sides.reserved, side_units,
		       side_units) &&
	       reserve_array(books, (void **)&books->trades, sizeof(kept_trade), o->trades_max) &&
	       reserve_array(books, (void **)&books->trade_heads, sizeof(uint32_t), o->trades_max) &&
	       pool_grow(books, (void **)&books->participants, sizeof(participant),
		       &books->participant_reserved, positions + 1, positions + 1) &&
	       reserve_array(books, (void **)&books->name_table, sizeof(uint16_t), 1 << NAMES_LOG2) &&
	       reserve_array(books, (void **)&books->mpid_table, sizeof(uint16_t), 1 << NAMES_LOG2) &&
	       reserve_array(books, (void **)&books->mpids, sizeof(uint32_t), MPIDS_MAX + 1);
}

static void start_day(ix_books *books) {
	books->day = (day){.sequence = 1, .level_used = 1};
	books->recent_base = 0;
	books->old_count = books->ahead_count = books->strays = 0;
	books->strays_max = STRAYS_MAX;
	/* Block 0 is none. */
	books->rings.used = books->sides.used = 1 << SIDE_LOG2_MIN;
	memset(books->rings.free, 0, sizeof books->rings.free);
	memset(books->sides.free, 0, sizeof books->sides.free);
}

int ix_books_new(const ix_books_options *options, ix_books **ret_books, ix_error *err) {
	ix_books_options o = *options;
	int code = check_options(&o, err);
	if (code) return ix_wrap(err, code, "order books");
	ix_books *books = ix_allocate(o.allocator, sizeof *books, CACHE_LINE);
	if (!books) return ix_fail(err, IX_ERR_MEMORY, "order books: out of memory");
	memset(books, 0, sizeof *books);
	books->memory_bytes = sizeof *books;
	books->options = o;
	books->options.listener = NULL;
	if (o.listener) {
		books->listener = *o.listener;
		books->has_listener = true;
		books->is_watched = books->listener.on_bbo != NULL;
	}
	books->multiplier = (DEFAULT_MULTIPLIER ^ o.hash_seed << 1) | 1;
	books->trade_mask = o.trades_max - 1;
	if (!reserve_all(books)) {
		ix_books_free(books);
		return ix_fail(
			err, IX_ERR_MEMORY, "order books: out of memory for %u orders", o.orders_reserve);
	}
	start_day(books);
	*ret_books = books;
	return 0;
}

static void release(const ix_books *books, void *array, size_t item_size, size_t count) {
	ix_release(books->options.allocator, array, item_size * count, CACHE_LINE);
}

void ix_books_free(ix_books *books) {
	if (!books) return;
	const ix_books_options *o = &books->options;
	release(books, books->recent, sizeof(uint64_t), o->references_window);
	release(books, books->slots, sizeof(slot), (size_t)books->slot_mask + 1);
	release(books, books->levels, 1,
		books->level_reserved * sizeof(level) + (size_t)books->rings.reserved * RING_UNIT);
	release(books, books->details, sizeof(details), books->details_reserved);
	release(books, books->books, sizeof(book), books->book_reserved);
	release(books, books->sides.memory, SIDE_UNIT, books->sides.reserved);
	release(books, books->trades, sizeof(kept_trade), o->trades_max);
	release(books, books->trade_heads, sizeof(uint32_t), o->trades_max);
	release(books, books->participants, sizeof(participant), books->participant_reserved);
	release(books, books->name_table, sizeof(uint16_t), 1 << NAMES_LOG2);
	release(books, books->mpid_table, sizeof(uint16_t), 1 << NAMES_LOG2);
	release(books, books->mpids, sizeof(uint32_t), MPIDS_MAX + 1);
	ix_allocator allocator = *o->allocator;
	ix_release(&allocator, books, sizeof *books, CACHE_LINE);
}

void ix_books_reset(ix_books *books) {
	memset(books->recent, 0, (books->recent_mask + 1) * sizeof(uint64_t));
	memset(books->slots, 0, ((size_t)books->slot_mask + 1) * sizeof(slot));
	memset(books->details, 0, books->details_reserved * sizeof(details));
	memset(books->books, 0, books->book_reserved * sizeof(book));
	memset(books->trades, 0, books->options.trades_max * sizeof(kept_trade));
	memset(books->trade_heads, 0, books->options.trades_max * sizeof(uint32_t));
	memset(books->name_table, 0, sizeof(uint16_t) << NAMES_LOG2);
	memset(books->mpid_table, 0, sizeof(uint16_t) << NAMES_LOG2);
	start_day(books);
}

void ix_books_get_info(const ix_books *books, ix_books_info *ret_info) {
	const day *d = &books->day;
	*ret_info = (ix_books_info){
		.message_count = d->message_count,
		.growth_count = d->growth_count,
		.memory_bytes = books->memory_bytes,
		.symbol_count = d->symbol_count,
		.order_count = d->order_count,
		.order_count_peak = d->order_count_peak,
		.level_count = d->level_count,
		.level_count_peak = d->level_count_peak,
		.position_count = d->participant_count,
		.trade_count = d->trade_count,
		.broken_count = d->broken_count,
		.broken_unknown_count = d->broken_unknown_count,
	};
	for (size_t i = 0; i < IX_BOOK_FAULT_COUNT; i++) ret_info->fault_count += d->faults[i].count;
}

void ix_books_set_sequence(ix_books *books, uint64_t sequence) { books->day.sequence = sequence; }
uint64_t ix_books_sequence(const ix_books *books) { return books->day.sequence; }
void ix_books_set_time(ix_books *books, uint64_t timestamp_ns) { books->day.now_ns = timestamp_ns; }
uint64_t ix_books_time(const ix_books *books) { return books->day.now_ns; }
