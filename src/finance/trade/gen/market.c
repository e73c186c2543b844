/* What rests in the generator's books: levels as small sorted arrays, orders as linked lists in one pool. */
#include "market.h"

static void *new_array(const ix_allocator *allocator, size_t count, size_t size) {
	size_t bytes;
	if (ix_mul_overflow(count, size, &bytes)) return NULL;
	void *array = ix_allocate(allocator, bytes, 64);
	if (array) memset(array, 0, bytes);
	return array;
}

int gen_market_init(gen_market *market, uint32_t symbol_count, const uint32_t *living_max,
	const ix_allocator *allocator, ix_error *err) {
	*market = (gen_market){.symbol_count = symbol_count, .allocator = allocator, .free_head = GEN_NONE};
	for (uint32_t i = 0; i < symbol_count; i++) market->order_max += living_max[i];
	market->symbols = new_array(allocator, symbol_count, sizeof *market->symbols);
	market->orders = new_array(allocator, market->order_max, sizeof *market->orders);
	market->living = new_array(allocator, market->order_max, sizeof *market->living);
	if (!market->symbols || !market->orders || !market->living) {
		gen_market_fini(market);
		return ix_fail(err, IX_ERR_MEMORY, "no memory for a market of %u symbols", symbol_count);
	}
	uint32_t *living = market->living;
	for (uint32_t i = 0; i < symbol_count; i++) {
		market->symbols[i].living = living;
		market->symbols[i].living_max = living_max[i];
		living += living_max[i];
	}
	return 0;
}

void gen_market_fini(gen_market *market) {
	ix_release(market->allocator, market->symbols, market->symbol_count * sizeof *market->symbols, 64);
	ix_release(market->allocator, market->orders, market->order_max * sizeof *market->orders, 64);
	ix_release(market->allocator, market->living, market->order_max * sizeof *market->living, 64);
	*market = (gen_market){.free_head = GEN_NONE};
}

/* Is `a` nearer to the touch than `b`? */
static bool is_better(uint8_t side, uint32_t a, uint32_t b) { return side == GEN_BUY ? a > b : a < b; }

/* Where the level of a price is, or where it would have to stand. */
static uint32_t level_place(const gen_side *side, uint8_t which, uint32_t price_e4) {
	uint32_t place = side->count;
	while (place > 0 && is_better(which, side->levels[place - 1].price_e4, price_e4)) place--;
	return place; /* the level behind `place - 1` is no better than the price */
}

static gen_level *level_find(gen_side *side, uint8_t which, uint32_t price_e4) {
	uint32_t place = level_place(side, which, price_e4);
	return place > 0 && side->levels[place - 1].price_e4 == price_e4 ? &side->levels[place - 1] : NULL;
}

static gen_level *level_make(gen_side *side, uint8_t which, uint32_t price_e4) {
	if (side->count == GEN_LEVEL_MAX) return NULL;
	uint32_t place = level_place(side, which, price_e4);
	memmove(&side->levels[place + 1], &side->levels[place],
		(side->count - place) * sizeof side->levels[0]);
	side->count++;
	side->levels[place] = (gen_level){price_e4, GEN_NONE, GEN_NONE};
	return &side->levels[place];
}

static uint32_t take_free(gen_market *market) {
	uint32_t order = market->free_head;
	if (order == GEN_NONE) return market->order_count++;
	market->free_head = market->orders[order].next;
	return order;
}

uint32_t gen_order_add(gen_market *market, uint16_t symbol, uint8_t side, uint64_t reference,
	uint32_t price_e4, uint32_t shares) {
	gen_symbol *book = &market->symbols[symbol];
	if (book->living_count == book->living_max) return GEN_NONE;
	gen_level *level = level_find(&book->sides[side], side, price_e4);
	if (!level) level = level_make(&book->sides[side], side, price_e4);
	if (!level) return GEN_NONE;
	uint32_t order = take_free(market);
	market->orders[order] = (gen_order){
		reference, price_e4, shares, level->tail, GEN_NONE, book->living_count, symbol, side};
	if (level->tail == GEN_NONE)
		level->head = order;
	else
		market->orders[level->tail].next = order;
	level->tail = order;
	book->living[book->living_count++] = order;
	return order;
}

void gen_order_remove(gen_market *market, uint32_t order) {
	gen_order *gone = &market->orders[order];
	gen_symbol *book = &market->symbols[gone->symbol];
	gen_side *side = &book->sides[gone->side];
	gen_level *level = level_find(side, gone->side, gone->price_e4);
	IX_ASSERT(level != NULL);
	if (gone->previous == GEN_NONE)
		level->head = gone->next;
	else
		market->orders[gone->previous].next = gone->next;
	if (gone->next == GEN_NONE)
		level->tail = gone->previous;
	else
		market->orders[gone->next].previous = gone->previous;
	if (level->head == GEN_NONE) {
		size_t behind = (size_t)(&side->levels[side->count] - level) - 1;
		memmove(level, level + 1, behind * sizeof *level);
		side->count--;
	}
	uint32_t moved = book->living[--book->living_count];
	book->living[gone->slot] = moved;
	market->orders[moved].slot = gone->slot;
	gone->next = market->free_head;
	market->free_head = order;
}

uint32_t gen_best_price(const gen_symbol *symbol, uint8_t side) {
	const gen_side *s = &symbol->sides[side];
	return s->count ? s->levels[s->count - 1].price_e4 : 0;
}

uint32_t gen_best_order(const gen_symbol *symbol, uint8_t side) {
	const gen_side *s = &symbol->sides[side];
	return s->count ? s->levels[s->count - 1].head : GEN_NONE;
}
