/* feed_store.h - messages by sequence number: what a MoldUDP64 re-request server and a SoupBinTCP server send
 * from. The owner of the messages implements it. */
#ifndef INOX_FEED_STORE_H
#define INOX_FEED_STORE_H

#include <inox/base.h>

typedef struct ix_feed_store {
	/* The message with this sequence number, valid until the next call; false when there is none (yet, or
	 * any more). */
	bool (*message)(void *context, uint64_t sequence, ix_bytes *ret_message);
	/* The sequence number that the next new message will get; the first message has 1. */
	uint64_t (*next)(void *context);
	void *context;
} ix_feed_store;

#endif
