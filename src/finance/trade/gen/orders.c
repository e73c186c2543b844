/* The generated market as the orders that made it: what a client of the exchange would have sent. */
#include <inox/gen.h>

static void enter(const ix_itch_message *m, ix_ouch_enter_order *order) {
	char id[16];
	order->user_ref_num = (uint32_t)m->add_order.reference;
	order->side = m->add_order.side;
	order->quantity = m->add_order.shares;
	memcpy(order->symbol, m->add_order.stock, sizeof order->symbol);
	order->price_e4 = m->add_order.price_e4;
	order->time_in_force = IX_OUCH_TIME_IN_FORCE_DAY;
	order->display = IX_OUCH_DISPLAY_VISIBLE;
	order->capacity = IX_OUCH_CAPACITY_PRINCIPAL;
	order->intermarket_sweep = IX_OUCH_YES_NO_NO;
	order->cross_type = IX_OUCH_CROSS_TYPE_CONTINUOUS;
	size_t size = ix_format(id, sizeof id, "%u", order->user_ref_num);
	ix_ouch_set_text(order->client_order_id, sizeof order->client_order_id, (ix_str){id, size});
}

static void replace(const ix_itch_message *m, ix_ouch_replace_order *order) {
	char id[16];
	order->original_user_ref_num = (uint32_t)m->order_replace.reference;
	order->user_ref_num = (uint32_t)m->order_replace.new_reference;
	order->quantity = m->order_replace.shares;
	order->price_e4 = m->order_replace.price_e4;
	order->time_in_force = IX_OUCH_TIME_IN_FORCE_DAY;
	order->display = IX_OUCH_DISPLAY_VISIBLE;
	order->intermarket_sweep = IX_OUCH_YES_NO_NO;
	size_t size = ix_format(id, sizeof id, "%u", order->user_ref_num);
	ix_ouch_set_text(order->client_order_id, sizeof order->client_order_id, (ix_str){id, size});
}

bool ix_gen_order_of(const ix_itch_message *message, ix_ouch_message *ret_order) {
	ix_ouch_message order = {.direction = IX_OUCH_IN, .has_appendage = true};
	switch (message->type) {
	case IX_ITCH_ADD_ORDER:
	case IX_ITCH_ADD_ORDER_ATTRIBUTED:
		order.type = IX_OUCH_ENTER_ORDER;
		enter(message, &order.enter_order);
		break;
	case IX_ITCH_ORDER_REPLACE:
		order.type = IX_OUCH_REPLACE_ORDER;
		replace(message, &order.replace_order);
		break;
	case IX_ITCH_ORDER_DELETE:
		order.type = IX_OUCH_CANCEL_ORDER;
		order.cancel_order.user_ref_num = (uint32_t)message->order_delete.reference;
		order.cancel_order.quantity = 0; /* nothing of it is wanted any more */
		break;
	default: return false;
	}
	*ret_order = order;
	return true;
}
