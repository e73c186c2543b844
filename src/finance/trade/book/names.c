/* names.c - symbols by name, attributions by number, participants by symbol. Both hash tables are open, of
 * fixed size and at most half full, because there are at most 65,535 symbols and attributions. */
#include "names.h"
#include "faults.h"

enum { NAMES_MASK = (1 << NAMES_LOG2) - 1 };

static uint64_t name_of(ix_str stock) {
	char padded[8];
	memset(padded, ' ', sizeof padded);
	memcpy(padded, stock.data, ix_size_min(stock.size, sizeof padded));
	return name_load(padded);
}

/* The entry of the name, or the empty one where it belongs. */
static uint16_t *name_entry(const ix_books *books, uint64_t name) {
	uint64_t at = spread(books, name);
	for (;; at++) {
		uint16_t *entry = &books->name_table[at & NAMES_MASK];
		if (*entry == 0 || books->books[*entry].name == name) return entry;
	}
}

static bool reserve_book(ix_books *books, uint16_t locate) {
	uint32_t needed = locate + 1U, most = books->options.symbols_max + 1;
	return pool_grow(books, (void **)&books->details, sizeof(details), &books->details_reserved, needed,
		       most) &&
	       pool_grow(books, (void **)&books->books, sizeof(book), &books->book_reserved, needed, most);
}

verdict names_add_symbol(ix_books *books, uint16_t locate, uint64_t name) {
	if (locate == 0) return FAULT(UNKNOWN_LOCATE);
	if (locate > books->options.symbols_max) {
		books->shortage = IX_ERR_LIMIT;
		return FAULT(LIMIT);
	}
	bool is_new = locate >= books->book_reserved || !books->books[locate].exists;
	uint64_t known = is_new ? 0 : books->books[locate].name;
	if (known != 0 && name != 0 && known != name) return FAULT(WRONG_STOCK);
	bool is_named = name != 0 && known == 0;
	if (is_named && *name_entry(books, name) != 0) return FAULT(WRONG_STOCK);
	if (!reserve_book(books, locate)) return FAULT(LIMIT);
	book *b = &books->books[locate];
	if (is_new) {
		b->exists = true;
		books->day.symbol_count++;
		if (locate > books->day.locate_last) books->day.locate_last = locate;
	}
	if (is_named) {
		b->name = name;
		*name_entry(books, name) = locate;
	}
	return 0;
}

verdict names_check_symbol(ix_books *books, uint16_t locate, uint64_t name) {
	if (locate < books->book_reserved && books->books[locate].exists) {
		if (books->books[locate].name == name) return 0;
		if (books->books[locate].name != 0) return FAULT(WRONG_STOCK);
	} else if (!books->options.admits_unlisted) {
		return FAULT(UNKNOWN_LOCATE);
	}
	return names_add_symbol(books, locate, name);
}

int ix_books_add_symbol(ix_books *books, uint16_t locate, ix_str stock, ix_error *err) {
	verdict bad = stock.size > 8 ? FAULT(WRONG_STOCK)
				     : names_add_symbol(books, locate, stock.size ? name_of(stock) : 0);
	return fault_report(books, bad, &(site){.locate = locate}, err);
}

uint16_t ix_books_find_symbol(const ix_books *books, ix_str stock) {
	return stock.size == 0 || stock.size > 8 ? 0 : *name_entry(books, name_of(stock));
}

bool ix_books_has_symbol(const ix_books *books, uint16_t locate) {
	return locate < books->book_reserved && books->books[locate].exists;
}

ix_str ix_books_symbol_name(const ix_books *books, uint16_t locate) {
	if (!ix_books_has_symbol(books, locate) || books->books[locate].name == 0) return IX_STR("");
	ix_str name = {(const char *)&books->books[locate].name, 8};
	while (name.size > 0 && name.data[name.size - 1] == ' ') name.size--;
	return name;
}

uint32_t ix_books_locate_last(const ix_books *books) { return books->day.locate_last; }

verdict names_mpid(ix_books *books, const char mpid[4], uint32_t *ret_number) {
	uint32_t value;
	memcpy(&value, mpid, sizeof value);
	if (value == 0) {
		*ret_number = 0;
		return 0;
	}
	uint64_t at = spread(books, value);
	while (books->mpid_table[at & NAMES_MASK] != 0) {
		uint32_t number = books->mpid_table[at & NAMES_MASK];
		if (books->mpids[number] == value) {
			*ret_number = number;
			return 0;
		}
		at++;
	}
	if (books->day.mpid_count >= MPIDS_MAX) {
		books->shortage = IX_ERR_LIMIT;
		return FAULT(LIMIT);
	}
	uint32_t number = ++books->day.mpid_count;
	books->mpid_table[at & NAMES_MASK] = (uint16_t)number;
	books->mpids[number] = value;
	*ret_number = number;
	return 0;
}

verdict names_participant(ix_books *books, uint16_t locate, const ix_book_participant *said) {
	details *d = &books->details[locate];
	for (uint32_t at = d->participant_first; at != 0; at = books->participants[at].next) {
		participant *p = &books->participants[at];
		if (memcmp(p->said.mpid, said->mpid, sizeof said->mpid) != 0) continue;
		p->said = *said;
		return 0;
	}
	if (d->participant_count >= PARTICIPANTS_MAX ||
		books->day.participant_count >= books->options.positions_max) {
		books->shortage = IX_ERR_LIMIT;
		return FAULT(LIMIT);
	}
	uint32_t number = books->day.participant_count + 1;
	if (!pool_grow(books, (void **)&books->participants, sizeof(participant),
		    &books->participant_reserved, number + 1, books->options.positions_max + 1))
		return FAULT(LIMIT);
	books->day.participant_count = number;
	books->participants[number] = (participant){.said = *said};
	if (d->participant_last)
		books->participants[d->participant_last].next = number;
	else
		d->participant_first = number;
	d->participant_last = number;
	d->participant_count++;
	return 0;
}

size_t ix_book_participants(
	const ix_books *books, uint16_t locate, ix_book_participant *out, size_t capacity) {
	if (!ix_books_has_symbol(books, locate)) return 0;
	size_t count = 0;
	for (uint32_t at = books->details[locate].participant_first; at != 0 && count < capacity;
		at = books->participants[at].next)
		out[count++] = books->participants[at].said;
	return books->details[locate].participant_count;
}
