/* gen.h - a trading day of a whole market as ITCH 5.0 messages, made from a seed: for tests, for load and for
 * whoever has no exchange's data at hand. The day is valid: every reference lives, executions take the best
 * price first in, first out, no book is crossed, a halted stock does not trade, match numbers and references
 * rise, a broken trade existed. All 23 types occur.
 *
 * The flow is of the zero-intelligence kind (Smith, Farmer et al., "Statistical theory of the continuous
 * double auction", 2003): orders arrive, are cancelled and are met by marketable orders at random, around
 * prices that drift by what trades; symbols are active by Zipf's law, the day by the well-known U shape.
 * Integers only: the same seed gives the same bytes on every machine. */
#ifndef INOX_GEN_H
#define INOX_GEN_H

#include <inox/base.h>
#include <inox/itch.h>
#include <inox/ouch.h>

enum {
	IX_GEN_SYMBOL_MAX = 20000,
	IX_GEN_SYMBOL_DEFAULT = 64,
	IX_GEN_MESSAGES_PER_SYMBOL_MIN = 24, /* what the directory, the crosses and the close need */
};
#define IX_GEN_MESSAGE_DEFAULT 1000000u
#define IX_GEN_RATE_MAX        50000000u /* messages a second */

typedef struct ix_gen_options {
	uint64_t seed;
	uint32_t symbol_count;  /* 0: IX_GEN_SYMBOL_DEFAULT */
	uint64_t message_count; /* the day's messages, met exactly; 0: IX_GEN_MESSAGE_DEFAULT */
	/* 0: a day, from start to end of messages. Else an open-loop stream: after the directory, arrivals of
	 * a Poisson process of this many messages a second, from 09:30 on, whatever becomes of the reader. */
	uint64_t rate_per_s;
} ix_gen_options;

typedef struct ix_gen ix_gen;

/* Allocates here and never again: about 4 KB a symbol and 48 bytes an order that may live at once.
 * Errors: IX_ERR_RANGE for an option out of its limits, IX_ERR_MEMORY. */
IX_API int ix_gen_new(
	const ix_gen_options *options, const ix_allocator *allocator, ix_gen **ret_gen, ix_error *err);
IX_API void ix_gen_free(ix_gen *gen); /* NULL is fine */

/* The next message; false at the end of the day, *ret_message untouched. */
IX_API bool ix_gen_next(ix_gen *gen, ix_itch_message *ret_message);

/* The OUCH 5.0 order that a client sends for what the message shows: enter, replace or cancel. False,
 * *ret_order untouched, for all other messages. Partial cancels have none: OUCH asks for the size that is to
 * be left, which the feed does not tell. */
IX_API bool ix_gen_order_of(const ix_itch_message *message, ix_ouch_message *ret_order);

#endif
