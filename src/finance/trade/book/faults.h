/* faults.h - counting and wording what makes no sense. */
#ifndef BOOK_FAULTS_H
#define BOOK_FAULTS_H

#include "state.h"

/* Where a fault was met. */
typedef struct site {
	uint64_t reference;
	uint16_t locate;
	uint8_t type; /* of the message; 0: a call */
	bool has_offset;
	uint64_t offset;
} site;

/* Counts a verdict, fills err in and returns its code; 0 for no fault. */
int fault_report(ix_books *books, verdict bad, const site *where, ix_error *err);
/* The same for a message: 0 unless the books are strict or the shortage is ours. */
int fault_in_message(ix_books *books, verdict bad, const site *where, ix_error *err);

#endif
