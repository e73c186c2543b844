/* orders.c - the strategy's live orders: found by the strategy's number (which holds the slot) and by the
 * UserRefNum that the venue knows them by. */
#include "inside.h"

int orders_init(ix_pipeline *p, ix_error *err) {
	const ix_allocator *a = p->options.allocator;
	p->orders_max = p->options.orders_max;
	p->orders = ix_allocate(a, p->orders_max * sizeof *p->orders, 64);
	/* Two references an order: its own, and that of a replacement on its way. */
	reference_map_init(&p->references, a, 2 * (size_t)p->orders_max, UINT64_C(0x9e3779b97f4a7c15));
	if (!p->orders) return ix_fail(err, IX_ERR_MEMORY, "no memory for %u orders", p->orders_max);
	memset(p->orders, 0, p->orders_max * sizeof *p->orders);
	for (uint32_t i = 0; i < p->orders_max; i++) p->orders[i].next_free = i + 1;
	return reference_map_reserve(&p->references, 2 * (size_t)p->orders_max, err);
}

void orders_fini(ix_pipeline *p) {
	ix_release(p->options.allocator, p->orders, p->orders_max * sizeof *p->orders, 64);
	reference_map_fini(&p->references);
}

order *orders_new(ix_pipeline *p) {
	if (p->free_first >= p->orders_max) return NULL;
	uint32_t slot = p->free_first;
	order *o = &p->orders[slot];
	p->free_first = o->next_free;
	*o = (order){.number = ++p->serial << SLOT_BITS | slot};
	p->counts.live_count++;
	return o;
}

order *orders_find(ix_pipeline *p, uint64_t number) {
	uint32_t slot = (uint32_t)(number & ((1U << SLOT_BITS) - 1));
	return number != 0 && slot < p->orders_max && p->orders[slot].number == number ? &p->orders[slot]
										       : NULL;
}

order *orders_by_reference(ix_pipeline *p, uint32_t reference) {
	const uint32_t *slot = reference_map_find(&p->references, reference);
	return slot ? &p->orders[*slot] : NULL;
}

uint32_t orders_refer(ix_pipeline *p, order *o) {
	uint32_t slot = (uint32_t)(o - p->orders);
	/* There is room: the map holds two for each slot. */
	(void)reference_map_put(&p->references, ++p->reference_last, slot, NULL);
	return p->reference_last;
}

void orders_forget(ix_pipeline *p, uint32_t reference) {
	if (reference) (void)reference_map_remove(&p->references, reference, NULL);
}

void orders_end(ix_pipeline *p, order *o) {
	orders_forget(p, o->reference);
	orders_forget(p, o->new_reference);
	*o = (order){.next_free = p->free_first};
	p->free_first = (uint32_t)(o - p->orders);
	p->counts.live_count--;
}
