/* queue.c - a level's queue when its window is full, or much too large. Entries that get new sequence numbers
 * have their slots told; a sequence number is the way from the slot to the entry. */
#include "queue.h"
#include "orders.h"

static void renumber(ix_books *books, uint64_t reference, uint32_t sequence) {
	uint64_t where = orders_find(books, reference);
	orders_put(books, reference, where_of(where_level(where), sequence, where_mpid(where)));
}

/* Closes the gaps, towards the head. */
static void queue_compact(ix_books *books, level *l) {
	uint32_t *shares = queue_shares(books, l);
	uint64_t *references = queue_references(books, l);
	uint32_t mask = queue_mask(l), to = l->head;
	for (uint32_t from = l->head; from != l->tail; from++) {
		if (shares[from & mask] == 0) continue;
		if (from != to) {
			shares[to & mask] = shares[from & mask];
			references[to & mask] = references[from & mask];
			renumber(books, references[to & mask], to);
		}
		to++;
	}
	l->tail = to;
}

static bool queue_grow(ix_books *books, uint32_t number) {
	uint32_t log2 = books->levels[number].capacity_log2 + 1U;
	if (log2 > QUEUE_LOG2_MAX) {
		books->shortage = IX_ERR_LIMIT;
		return false;
	}
	uint32_t ring = blocks_take(books, &books->rings, log2);
	if (!ring) return false;
	level *l = &books->levels[number]; /* the arena may have moved */
	level grown = *l;
	grown.entries = queue_entries(books, ring);
	grown.capacity_log2 = (uint8_t)log2;
	const uint32_t *shares = queue_shares(books, l);
	const uint64_t *references = queue_references(books, l);
	uint32_t *to_shares = queue_shares(books, &grown);
	uint64_t *to_references = queue_references(books, &grown);
	uint32_t mask = queue_mask(l), to_mask = queue_mask(&grown);
	for (uint32_t i = l->head; i != l->tail; i++) {
		to_shares[i & to_mask] = shares[i & mask];
		to_references[i & to_mask] = references[i & mask];
	}
	queue_give_ring(books, l);
	l->entries = grown.entries;
	l->capacity_log2 = grown.capacity_log2;
	return true;
}

bool queue_make_room(ix_books *books, uint32_t number) {
	level *l = &books->levels[number];
	const uint32_t *shares = queue_shares(books, l);
	while (shares[l->head & queue_mask(l)] == 0) l->head++;
	while (shares[(l->tail - 1) & queue_mask(l)] == 0) l->tail--;
	if (!queue_is_full(l)) return true;
	if (l->count > (queue_mask(l) + 1) / 8 * 5) return queue_grow(books, number);
	queue_compact(books, l);
	return true;
}

void queue_give_ring(ix_books *books, const level *l) {
	if (!queue_is_near(l)) blocks_give(&books->rings, queue_ring(books, l), l->capacity_log2);
}

void queue_shrink(ix_books *books, uint32_t number) {
	uint32_t log2 = NEAR_LOG2;
	while ((uint32_t)1 << log2 < 2 * books->levels[number].count) log2++;
	uint32_t ring = log2 > NEAR_LOG2 ? blocks_take(books, &books->rings, log2) : 0;
	if (!ring && log2 > NEAR_LOG2) return;
	level *l = &books->levels[number];
	level old = *l;
	const uint32_t *shares = queue_shares(books, &old);
	const uint64_t *references = queue_references(books, &old);
	uint32_t mask = queue_mask(&old);
	l->entries = ring ? queue_entries(books, ring) : queue_near(number);
	l->capacity_log2 = (uint8_t)log2;
	l->head = l->tail = 0;
	uint32_t *to_shares = queue_shares(books, l);
	uint64_t *to_references = queue_references(books, l);
	for (uint32_t from = old.head; from != old.tail; from++) {
		if (shares[from & mask] == 0) continue;
		to_shares[l->tail] = shares[from & mask];
		to_references[l->tail] = references[from & mask];
		renumber(books, references[from & mask], l->tail++);
	}
	queue_give_ring(books, &old);
}
