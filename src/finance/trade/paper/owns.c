/* owns.c - our live orders: a pool, a list of each symbol's sides, a list of all, a table by UserRefNum. All
 * of it is there from the start. */
#include "state.h"

int owns_init(ix_paper *p, ix_error *err) {
	const ix_allocator *a = p->options.allocator;
	uint32_t count = p->options.orders_max + 1;
	p->owns = ix_allocate(a, (size_t)count * sizeof(own), _Alignof(own));
	if (!p->owns) return ix_fail(err, IX_ERR_MEMORY, "no memory for %u orders", count);
	memset(p->owns, 0, (size_t)count * sizeof(own));
	own_map_init(&p->by_ref, a, count, 1);
	return own_map_reserve(&p->by_ref, count, err);
}

void owns_fini(ix_paper *p) {
	own_map_fini(&p->by_ref);
	ix_release(p->options.allocator, p->owns, ((size_t)p->options.orders_max + 1) * sizeof(own),
		_Alignof(own));
}

static own_list *side_of(ix_paper *p, const own *o) { return &p->symbols[o->symbol].sides[o->side]; }

static void link_side(ix_paper *p, own *o) {
	own_list *list = side_of(p, o);
	uint32_t index = own_index(p, o);
	o->next = 0;
	o->prev = list->last;
	if (list->last)
		p->owns[list->last].next = index;
	else
		list->first = index;
	list->last = index;
}

static void unlink_side(ix_paper *p, const own *o) {
	own_list *list = side_of(p, o);
	*(o->prev ? &p->owns[o->prev].next : &list->first) = o->next;
	*(o->next ? &p->owns[o->next].prev : &list->last) = o->prev;
}

static void link_all(ix_paper *p, own *o) {
	uint32_t index = own_index(p, o);
	o->all_next = 0;
	o->all_prev = p->all.last;
	*(p->all.last ? &p->owns[p->all.last].all_next : &p->all.first) = index;
	p->all.last = index;
}

static void unlink_all(ix_paper *p, const own *o) {
	*(o->all_prev ? &p->owns[o->all_prev].all_next : &p->all.first) = o->all_next;
	*(o->all_next ? &p->owns[o->all_next].all_prev : &p->all.last) = o->all_prev;
}

uint64_t own_number(ix_paper *p, const own *o) {
	return IX_PAPER_OWN_FIRST | ++p->own_sequence << OWN_INDEX_BITS | own_index(p, o);
}

own *own_new(ix_paper *p, const request *r, uint16_t symbol) {
	uint32_t index = p->own_free;
	if (index)
		p->own_free = p->owns[index].next;
	else if (p->own_used < p->options.orders_max)
		index = ++p->own_used;
	else
		return NULL;
	own *o = &p->owns[index];
	*o = (own){.user_ref_num = r->user_ref_num,
		.price_e4 = (uint32_t)r->price_e4,
		.left = r->quantity,
		.symbol = symbol,
		.side = r->side == IX_OUCH_SIDE_BUY ? IX_MATCH_BUY : IX_MATCH_SELL,
		.ouch_side = r->side,
		.time_in_force = r->time_in_force,
		.display = r->display,
		.capacity = r->capacity,
		.intermarket_sweep = r->intermarket_sweep,
		.is_post_only = r->post_only == IX_OUCH_POST_ONLY_YES,
		.is_lifted = true};
	memcpy(o->stock, r->symbol, sizeof o->stock);
	memcpy(o->client_order_id, r->client_order_id, sizeof o->client_order_id);
	o->number = own_number(p, o);
	link_side(p, o);
	link_all(p, o);
	IX_ASSERT(own_map_put(&p->by_ref, o->user_ref_num, index, NULL) == 0); /* there is room for all */
	p->info.live_count++;
	return o;
}

void own_end(ix_paper *p, own *o) {
	unlink_side(p, o);
	unlink_all(p, o);
	(void)own_map_remove(&p->by_ref, o->user_ref_num, NULL);
	o->number = 0;
	o->next = p->own_free;
	p->own_free = own_index(p, o);
	p->info.live_count--;
}

void own_to_the_end(ix_paper *p, own *o) {
	unlink_side(p, o);
	link_side(p, o);
}

own *own_find(const ix_paper *p, uint32_t user_ref_num) {
	const uint32_t *index = own_map_find(&p->by_ref, user_ref_num);
	return index ? &p->owns[*index] : NULL;
}

void own_rename(ix_paper *p, own *o, uint32_t user_ref_num) {
	(void)own_map_remove(&p->by_ref, o->user_ref_num, NULL);
	o->user_ref_num = user_ref_num;
	IX_ASSERT(own_map_put(&p->by_ref, user_ref_num, own_index(p, o), NULL) == 0);
}
