/* apply.c - messages of ITCH 5.0, decoded, into the books: one at a time, every type. Streams of bytes:
 * run.c. */
#include "faults.h"
#include "messages.h"
#include "watch.h"

verdict messages_add_attributed(
	ix_books *books, uint16_t locate, const ix_itch_add_order_attributed *o, uint32_t guess) {
	uint32_t mpid;
	verdict bad = names_mpid(books, o->attribution, &mpid);
	if (bad) return bad;
	return messages_add(
		books, locate, o->side, o->reference, o->shares, o->stock, o->price_e4, mpid, guess);
}

static verdict list_stock(ix_books *books, const ix_itch_message *m) {
	const ix_itch_stock_directory *r = &m->stock_directory;
	verdict bad = names_add_symbol(books, m->locate, name_load(r->stock));
	if (bad) return bad;
	ix_book_status *status = &books->details[m->locate].status;
	status->is_listed = true;
	status->directory.round_lot_size = r->round_lot_size;
	status->directory.etp_leverage = r->etp_leverage;
	status->directory.market_category = r->market_category;
	status->directory.financial_status = r->financial_status;
	status->directory.round_lots_only = r->round_lots_only;
	status->directory.issue_classification = r->issue_classification;
	status->directory.authenticity = r->authenticity;
	status->directory.short_sale_threshold = r->short_sale_threshold;
	status->directory.ipo_flag = r->ipo_flag;
	status->directory.luld_tier = r->luld_tier;
	status->directory.etp_flag = r->etp_flag;
	status->directory.inverse = r->inverse;
	memcpy(status->directory.issue_subtype, r->issue_subtype, sizeof r->issue_subtype);
	return 0;
}

/* The stock named by a message that is about one, and by no other. */
static const char *stock_of(const ix_itch_message *m) {
	switch (m->type) {
	case IX_ITCH_TRADING_ACTION: return m->trading_action.stock;
	case IX_ITCH_REG_SHO: return m->reg_sho.stock;
	case IX_ITCH_PARTICIPANT_POSITION: return m->participant_position.stock;
	case IX_ITCH_IPO_QUOTING: return m->ipo_quoting.stock;
	case IX_ITCH_LULD_COLLAR: return m->luld_collar.stock;
	case IX_ITCH_OPERATIONAL_HALT: return m->operational_halt.stock;
	case IX_ITCH_TRADE: return m->trade.stock;
	case IX_ITCH_CROSS_TRADE: return m->cross_trade.stock;
	case IX_ITCH_NOII: return m->noii.stock;
	case IX_ITCH_RPII: return m->rpii.stock;
	case IX_ITCH_DIRECT_LISTING: return m->direct_listing.stock;
	default: return NULL;
	}
}

static verdict note_halt(ix_book_status *status, const ix_itch_message *m) {
	const ix_itch_operational_halt *h = &m->operational_halt;
	static const uint8_t markets[] = {
		IX_ITCH_HALT_MARKET_NASDAQ, IX_ITCH_HALT_MARKET_BX, IX_ITCH_HALT_MARKET_PSX};
	bool is_halted = h->action == IX_ITCH_HALT_ACTION_HALTED;
	if (!is_halted && h->action != IX_ITCH_HALT_ACTION_LIFTED) return FAULT(BAD_CODE);
	for (size_t i = 0; i < IX_COUNT(markets); i++) {
		if (h->market != markets[i]) continue;
		status->operational.timestamp_ns = m->timestamp_ns;
		status->operational.is_halted[i] = is_halted;
		return 0;
	}
	return FAULT(BAD_CODE);
}

static void note_imbalance(ix_book_status *status, const ix_itch_message *m) {
	const ix_itch_noii *i = &m->noii;
	status->imbalance.timestamp_ns = m->timestamp_ns;
	status->imbalance.paired_shares = i->paired_shares;
	status->imbalance.imbalance_shares = i->imbalance_shares;
	status->imbalance.far_e4 = i->far_e4;
	status->imbalance.near_e4 = i->near_e4;
	status->imbalance.reference_e4 = i->reference_e4;
	status->imbalance.direction = i->direction;
	status->imbalance.cross_type = i->cross_type;
	status->imbalance.price_variation = i->price_variation;
}

static void note_direct_listing(ix_book_status *status, const ix_itch_message *m) {
	const ix_itch_direct_listing *o = &m->direct_listing;
	status->direct_listing.timestamp_ns = m->timestamp_ns;
	status->direct_listing.near_time_ns = o->near_time_ns;
	status->direct_listing.minimum_e4 = o->minimum_e4;
	status->direct_listing.maximum_e4 = o->maximum_e4;
	status->direct_listing.near_e4 = o->near_e4;
	status->direct_listing.lower_collar_e4 = o->lower_collar_e4;
	status->direct_listing.upper_collar_e4 = o->upper_collar_e4;
	status->direct_listing.open_eligibility = o->open_eligibility;
}

static void note_collar(ix_book_status *status, const ix_itch_message *m) {
	const ix_itch_luld_collar *j = &m->luld_collar;
	status->luld.timestamp_ns = m->timestamp_ns;
	status->luld.reference_e4 = j->reference_e4;
	status->luld.upper_e4 = j->upper_e4;
	status->luld.lower_e4 = j->lower_e4;
	status->luld.extension = j->extension;
}

static void enter_hidden(ix_books *books, const ix_itch_message *m) {
	const ix_itch_trade *p = &m->trade;
	if (p->shares == 0) return;
	trades_enter(books, &(ix_book_trade){.match = p->match,
				    .shares = p->shares,
				    .timestamp_ns = m->timestamp_ns,
				    .price_e4 = p->price_e4,
				    .locate = m->locate,
				    .kind = IX_BOOK_TRADE_HIDDEN,
				    .is_printable = true});
}

/* A cross of 0 shares says that there was none. */
static void enter_cross(ix_books *books, const ix_itch_message *m) {
	const ix_itch_cross_trade *q = &m->cross_trade;
	ix_book_status *status = &books->details[m->locate].status;
	status->cross.timestamp_ns = m->timestamp_ns;
	status->cross.shares = q->shares;
	status->cross.match = q->match;
	status->cross.price_e4 = q->price_e4;
	status->cross.cross_type = q->cross_type;
	if (q->shares == 0) return;
	trades_enter(books, &(ix_book_trade){.match = q->match,
				    .shares = q->shares,
				    .timestamp_ns = m->timestamp_ns,
				    .price_e4 = q->price_e4,
				    .locate = m->locate,
				    .kind = IX_BOOK_TRADE_CROSS,
				    .is_printable = true});
}

static verdict note_participant(ix_books *books, const ix_itch_message *m) {
	const ix_itch_participant_position *l = &m->participant_position;
	ix_book_participant said = {
		.primary_market_maker = l->primary_market_maker,
		.market_maker_mode = l->market_maker_mode,
		.state = l->state,
	};
	memcpy(said.mpid, l->mpid, sizeof said.mpid);
	return names_participant(books, m->locate, &said);
}

/* The types that are about one stock; its book exists. */
static verdict apply_to_stock(ix_books *books, const ix_itch_message *m) {
	ix_book_status *status = &books->details[m->locate].status;
	switch (m->type) {
	case IX_ITCH_TRADING_ACTION:
		status->trading.timestamp_ns = m->timestamp_ns;
		status->trading.state = m->trading_action.trading_state;
		memcpy(status->trading.reason, m->trading_action.reason, sizeof status->trading.reason);
		return 0;
	case IX_ITCH_REG_SHO:
		status->reg_sho.timestamp_ns = m->timestamp_ns;
		status->reg_sho.action = m->reg_sho.action;
		return 0;
	case IX_ITCH_PARTICIPANT_POSITION: return note_participant(books, m);
	case IX_ITCH_IPO_QUOTING:
		status->ipo.timestamp_ns = m->timestamp_ns;
		status->ipo.release_time_s = m->ipo_quoting.release_time_s;
		status->ipo.price_e4 = m->ipo_quoting.price_e4;
		status->ipo.qualifier = m->ipo_quoting.qualifier;
		return 0;
	case IX_ITCH_LULD_COLLAR: note_collar(status, m); return 0;
	case IX_ITCH_OPERATIONAL_HALT: return note_halt(status, m);
	case IX_ITCH_TRADE: enter_hidden(books, m); return 0;
	case IX_ITCH_CROSS_TRADE: enter_cross(books, m); return 0;
	case IX_ITCH_NOII: note_imbalance(status, m); return 0;
	case IX_ITCH_RPII:
		status->rpii.timestamp_ns = m->timestamp_ns;
		status->rpii.interest = m->rpii.interest;
		return 0;
	default: note_direct_listing(status, m); return 0;
	}
}

/* The types that are about the market. */
static void apply_to_market(ix_books *books, const ix_itch_message *m) {
	ix_books_market *market = &books->day.market;
	switch (m->type) {
	case IX_ITCH_SYSTEM_EVENT:
		market->event = m->system_event.event_code;
		market->event_time_ns = m->timestamp_ns;
		break;
	case IX_ITCH_MWCB_LEVELS:
		market->mwcb_time_ns = m->timestamp_ns;
		market->mwcb_e8[0] = m->mwcb_levels.level1_e8;
		market->mwcb_e8[1] = m->mwcb_levels.level2_e8;
		market->mwcb_e8[2] = m->mwcb_levels.level3_e8;
		break;
	case IX_ITCH_MWCB_STATUS:
		if (m->mwcb_status.breached_level > market->breached_level)
			market->breached_level = m->mwcb_status.breached_level;
		market->breach_time_ns = m->timestamp_ns;
		break;
	case IX_ITCH_BROKEN_TRADE: (void)ix_book_break(books, m->broken_trade.match); break;
	default: break;
	}
}

verdict messages_apply_other(ix_books *books, const ix_itch_message *m) {
	if (m->type == IX_ITCH_STOCK_DIRECTORY) return list_stock(books, m);
	const char *stock = stock_of(m);
	if (!stock) {
		apply_to_market(books, m);
		return 0;
	}
	verdict bad = messages_check_stock(books, m->locate, stock);
	return bad ? bad : apply_to_stock(books, m);
}

static verdict apply(ix_books *books, const ix_itch_message *m) {
	switch (m->type) {
	case IX_ITCH_ADD_ORDER: {
		const ix_itch_add_order *o = &m->add_order;
		return messages_add(
			books, m->locate, o->side, o->reference, o->shares, o->stock, o->price_e4, 0, 0);
	}
	case IX_ITCH_ADD_ORDER_ATTRIBUTED:
		return messages_add_attributed(books, m->locate, &m->add_order_attributed, 0);
	case IX_ITCH_ORDER_EXECUTED:
		return messages_execute(books, m->locate, m->timestamp_ns, m->order_executed.reference,
			m->order_executed.shares, m->order_executed.match);
	case IX_ITCH_ORDER_EXECUTED_PRICE:
		return messages_execute_at(books, m->locate, m->timestamp_ns, &m->order_executed_price);
	case IX_ITCH_ORDER_CANCEL:
		return core_cancel(books, m->locate, m->order_cancel.reference, m->order_cancel.shares);
	case IX_ITCH_ORDER_DELETE: return core_delete(books, m->locate, m->order_delete.reference);
	case IX_ITCH_ORDER_REPLACE: {
		const ix_itch_order_replace *o = &m->order_replace;
		return core_replace(
			books, m->locate, o->reference, o->new_reference, o->shares, o->price_e4, 0);
	}
	default: return messages_apply_other(books, m);
	}
}

/* The order that a fault is about. */
static uint64_t reference_of(const ix_itch_message *m, verdict bad) {
	switch (m->type) {
	case IX_ITCH_ADD_ORDER:
	case IX_ITCH_ADD_ORDER_ATTRIBUTED: return m->add_order.reference;
	case IX_ITCH_ORDER_EXECUTED:
	case IX_ITCH_ORDER_EXECUTED_PRICE: return m->order_executed.reference;
	case IX_ITCH_ORDER_CANCEL: return m->order_cancel.reference;
	case IX_ITCH_ORDER_DELETE: return m->order_delete.reference;
	case IX_ITCH_ORDER_REPLACE:
		return bad == FAULT(DUPLICATE_REFERENCE) ? m->order_replace.new_reference
							 : m->order_replace.reference;
	default: return 0;
	}
}

int ix_books_apply(ix_books *books, const ix_itch_message *m, ix_error *err) {
	books->day.now_ns = m->timestamp_ns;
	watch w = watch_start(books, m->locate);
	verdict bad = apply(books, m);
	watch_end(books, &w);
	int code = 0;
	if (IX_UNLIKELY(bad)) {
		site where = {.reference = reference_of(m, bad), .locate = m->locate, .type = m->type};
		code = fault_in_message(books, bad, &where, err);
	}
	books->day.sequence++;
	books->day.message_count++;
	return code;
}

const ix_book_status *ix_book_get_status(const ix_books *books, uint16_t locate) {
	return core_book(books, locate) ? &books->details[locate].status : NULL;
}

bool ix_book_is_trading(const ix_books *books, uint16_t locate) {
	const ix_book_status *status = ix_book_get_status(books, locate);
	if (!status || status->operational.is_halted[0]) return false;
	return status->trading.timestamp_ns == 0 || status->trading.state == IX_ITCH_TRADING_STATE_TRADING;
}

const ix_books_market *ix_books_get_market(const ix_books *books) { return &books->day.market; }
