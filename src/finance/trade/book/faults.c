/* faults.c - counting and wording what makes no sense. */
#include "faults.h"

#include <inox/itch.h>

static const char *const names[IX_BOOK_FAULT_COUNT] = {
	[IX_BOOK_FAULT_UNKNOWN_REFERENCE] = "unknown reference",
	[IX_BOOK_FAULT_DUPLICATE_REFERENCE] = "duplicate reference",
	[IX_BOOK_FAULT_OVER_EXECUTION] = "over-execution",
	[IX_BOOK_FAULT_OVER_CANCEL] = "over-cancel",
	[IX_BOOK_FAULT_ZERO_SHARES] = "zero shares",
	[IX_BOOK_FAULT_UNKNOWN_LOCATE] = "unknown locate",
	[IX_BOOK_FAULT_WRONG_LOCATE] = "wrong locate",
	[IX_BOOK_FAULT_WRONG_STOCK] = "wrong stock",
	[IX_BOOK_FAULT_BAD_CODE] = "bad code",
	[IX_BOOK_FAULT_LIMIT] = "limit",
};

const char *ix_book_fault_name(ix_book_fault_kind kind) {
	return (unsigned)kind < IX_BOOK_FAULT_COUNT ? names[kind] : "unknown";
}

const ix_book_fault *ix_books_faults(const ix_books *books) { return books->day.faults; }

static int say(const ix_books *books, ix_book_fault_kind kind, const site *where, ix_error *err) {
	unsigned long long reference = where->reference;
	unsigned locate = where->locate;
	switch (kind) {
	case IX_BOOK_FAULT_UNKNOWN_REFERENCE:
		return ix_fail(err, IX_ERR_NOT_FOUND, "order %llu is not in the books", reference);
	case IX_BOOK_FAULT_DUPLICATE_REFERENCE:
		return ix_fail(err, IX_ERR_EXISTS, "order %llu is in the books already", reference);
	case IX_BOOK_FAULT_OVER_EXECUTION:
		return ix_fail(
			err, IX_ERR_INVALID, "order %llu has fewer shares than are executed", reference);
	case IX_BOOK_FAULT_OVER_CANCEL:
		return ix_fail(
			err, IX_ERR_INVALID, "order %llu has fewer shares than are cancelled", reference);
	case IX_BOOK_FAULT_ZERO_SHARES:
		return ix_fail(err, IX_ERR_INVALID, "order %llu: 0 shares", reference);
	case IX_BOOK_FAULT_UNKNOWN_LOCATE:
		return ix_fail(err, IX_ERR_NOT_FOUND, "locate %u is not in the stock directory", locate);
	case IX_BOOK_FAULT_WRONG_LOCATE:
		return ix_fail(err, IX_ERR_CONFLICT, "order %llu is not one of locate %u", reference, locate);
	case IX_BOOK_FAULT_WRONG_STOCK:
		return ix_fail(
			err, IX_ERR_CONFLICT, "locate %u and the stock do not belong together", locate);
	case IX_BOOK_FAULT_BAD_CODE: return ix_fail(err, IX_ERR_INVALID, "a code is not one of ITCH 5.0");
	case IX_BOOK_FAULT_LIMIT:
	default: break;
	}
	if (books->shortage == IX_ERR_MEMORY)
		return ix_fail(err, IX_ERR_MEMORY, "the books are out of memory");
	return ix_fail(err, IX_ERR_LIMIT, "a maximum of the books is reached");
}

int fault_report(ix_books *books, verdict bad, const site *where, ix_error *err) {
	if (!bad) return 0;
	ix_book_fault_kind kind = (ix_book_fault_kind)(bad - 1);
	ix_book_fault *f = &books->day.faults[kind];
	if (f->count++ == 0) {
		f->first_sequence = books->day.sequence;
		f->first_offset = where->offset;
		f->first_reference = where->reference;
		f->first_locate = where->locate;
		f->first_type = where->type;
	}
	int code = say(books, kind, where, err);
	if (err) err->detail = (int)bad;
	if (where->type == 0) return code;
	const ix_itch_type *type = ix_itch_type_find(where->type);
	(void)ix_wrap(err, code, "message %llu: %s", (unsigned long long)books->day.sequence,
		type ? type->title : "?");
	if (where->has_offset) (void)ix_wrap(err, code, "offset %llu", (unsigned long long)where->offset);
	return code;
}

int fault_in_message(ix_books *books, verdict bad, const site *where, ix_error *err) {
	bool is_told = books->options.is_strict || bad == FAULT(LIMIT);
	int code = fault_report(books, bad, where, is_told ? err : NULL);
	return is_told ? code : 0;
}
