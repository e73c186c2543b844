/* names.h - symbols by name, attributions by number, participants by symbol. */
#ifndef BOOK_NAMES_H
#define BOOK_NAMES_H

#include "state.h"

static inline uint64_t name_load(const char stock[8]) {
	uint64_t name;
	memcpy(&name, stock, sizeof name);
	return name;
}

/* Makes the book of a locate, or checks that it is that stock's; name 0: not known. */
verdict names_add_symbol(ix_books *books, uint16_t locate, uint64_t name);
/* The book that a message about a stock means. Makes it where unlisted symbols are admitted. */
verdict names_check_symbol(ix_books *books, uint16_t locate, uint64_t name);
/* A number for an attribution, from 1; LIMIT after MPIDS_MAX different ones. */
verdict names_mpid(ix_books *books, const char mpid[4], uint32_t *ret_number);
/* Notes what is said about a market participant of an existing symbol. */
verdict names_participant(ix_books *books, uint16_t locate, const ix_book_participant *said);

#endif
