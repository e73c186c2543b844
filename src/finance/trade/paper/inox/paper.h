/* paper.h - a venue on paper: OUCH 5.0 orders in, OUCH 5.0 answers out, matched by our own engine
 * (<inox/match.h>) against the orders that the market's feed shows. The feed's orders stand in the engine in
 * their places, so an order of ours waits behind those that were there first, and trades when the market
 * would have reached it. Deterministic: time is the feed's.
 *
 *     ix_paper_new(&(ix_paper_options){.allocator = a, .on_answer = on_answer, .context = c}, &paper, &err);
 *     for each message of the feed: ix_paper_feed(paper, message, size);
 *     at any time: ix_paper_send(paper, enter_order, market_time_ns, token, &err);
 *
 * How a fill comes about, and what is assumed, is written down in the room's README.
 *
 * Quantities are OUCH's: that of a Replace, Cancel or Modify Order is the intended size of the whole chain of
 * replaced orders, what was executed of it included: who wants n shares open sends n + executed. So a fill
 * that crosses the message on its way can never make an order larger than was meant. A Cancel of 0 cancels
 * all. UserRefNums of Enter, Replace and Mass Cancel rise; a message that repeats one, or names an order that
 * is not live, is ignored and counted, but for a Replace: it is answered with Rejected, "replace not
 * allowed", under its new number. */
#ifndef INOX_PAPER_H
#define INOX_PAPER_H

#include <inox/base.h>
#include <inox/match.h>
#include <inox/ouch.h>

typedef struct ix_paper ix_paper;

#define IX_PAPER_OWN_FIRST                                                               \
	(UINT64_C(1) << 63) /* order numbers of ours in the engine; the feed's are lower \
			     */
enum {
	IX_PAPER_OWNER = 1, /* ours, in the engine; the feed's orders have owner 0 */
	IX_PAPER_ORDERS_MAX = 1 << 20,
	IX_PAPER_QUANTITY_MAX = 999999,     /* OUCH: less than a million */
	IX_PAPER_PRICE_E4_MAX = 1999999900, /* OUCH: $199,999.99 */
};

/* Zero means the default, in [brackets]. */
typedef struct ix_paper_options {
	const ix_allocator *allocator;  /* required */
	uint64_t latency_ns;            /* market time from an order being sent to its being taken [20000] */
	uint32_t symbols_max;           /* highest locate [1024] */
	uint32_t market_orders_reserve; /* orders of the feed that are live at a time [262144] */
	uint32_t orders_max;            /* live ones of ours, and new ones on their way [65536; at most
					   IX_PAPER_ORDERS_MAX] */
	/* Called before a sent order is taken, with what ix_paper_send was given: whoever must have something
	 * on record first waits here. May be NULL. */
	void (*on_take)(void *context, uint64_t token);
	/* An answer: an outbound OUCH message, whole, stamped with market time. Good until it returns; it
	 * must not call ix_paper_feed or ix_paper_advance (ix_paper_send is fine). */
	void (*on_answer)(void *context, ix_bytes message);
	void *context;
} ix_paper_options;

/* Allocates here, and afterwards only when the feed outgrows the reserve. Errors: IX_ERR_USAGE no allocator,
 * IX_ERR_LIMIT an option out of range, IX_ERR_MEMORY. */
IX_API int ix_paper_new(const ix_paper_options *options, ix_paper **ret_paper, ix_error *err);
IX_API void ix_paper_free(ix_paper *paper); /* NULL is fine */

/* Takes what was sent and has arrived by `now_ns` (sent + latency <= now), in the order of sending. */
IX_API void ix_paper_advance(ix_paper *paper, uint64_t now_ns);
/* One message of the feed, as bytes, of a size that is right for its type; ix_paper_advance to its time
 * first. All 23 types are fine; what ITCH 5.0 does not have, or is not whole, is passed over. */
IX_API void ix_paper_feed(ix_paper *paper, const uint8_t *message, size_t size);
/* An inbound OUCH message, whole: it is on its way from now on. `token`: see on_take. Errors: those of
 * ix_ouch_decode; IX_ERR_BUSY too many on their way (twice orders_max), or, for a new order, live too. */
IX_API int ix_paper_send(ix_paper *paper, ix_bytes message, uint64_t now_ns, uint64_t token, ix_error *err);

typedef struct ix_paper_info {
	uint64_t taken_count, rejected_count, fill_count, filled_shares;
	uint64_t maker_fill_count;          /* of them, while resting */
	uint32_t live_count, pending_count; /* orders of ours; messages on their way */
	uint64_t unfollowed_count; /* feed messages about orders that the engine does not have (any more) */
	uint64_t ignored_count;    /* messages of ours that OUCH passes over in silence */
	uint32_t shrunk_count;     /* orders of the feed that have fewer shares here than it believes */
} ix_paper_info;
IX_API void ix_paper_get_info(const ix_paper *paper, ix_paper_info *ret_info);
/* The engine, for questions. */
IX_API const ix_match *ix_paper_engine(const ix_paper *paper);

/* A live order of ours by its UserRefNum: its number in the engine; 0: there is none. */
IX_API uint64_t ix_paper_find(const ix_paper *paper, uint32_t user_ref_num);

/* Looks at everything: the engine, and that our orders here and there are the same. Slow. IX_ERR_INTERNAL
 * names the first thing that is not so. */
IX_API int ix_paper_check(const ix_paper *paper, ix_error *err);

#endif
