/* day.h - a day of market data, read from files into counts and order books: what `inox trade stat` and `inox
 * trade book` show, for programs.
 *
 *     ix_day_options options = {.source = {.allocator = ix_os_allocator(), .paths = {"day.itch.xz"}}};
 *     ix_day *day;
 *     if (ix_day_read(&options, &day, &err) == 0) {
 *         const ix_book_level *best = ix_book_bbo(ix_day_books(day), ix_books_find_symbol(ix_day_books(day),
 * IX_STR("ABC"))); … ix_day_free(day);
 *     }
 */
#ifndef INOX_DAY_H
#define INOX_DAY_H

#include <inox/book.h>
#include <inox/source.h>

enum {
	IX_DAY_EVENT_MAX = 64,      /* system events kept; there are six in a day */
	IX_DAY_MISSING_MAX = 65536, /* gaps kept; all are counted */
};

typedef struct ix_day ix_day;

typedef struct ix_day_options {
	ix_source_options source;
	bool without_books;   /* count only */
	bool is_strict;       /* stop at the first unknown type (IX_ERR_UNSUPPORTED) or fault of the feed */
	uint64_t message_max; /* stop after so many; 0: at the end */
	bool has_until;       /* stop before the first message later than: */
	int64_t until_ns;     /* this time of day */
	/* Called now and then with the bytes read so far and in all (0: not known); NULL: nobody asks. */
	void (*on_progress)(void *context, uint64_t done_bytes, uint64_t total_bytes);
	void *context;
} ix_day_options;

typedef struct ix_day_event {
	uint8_t code; /* IX_ITCH_EVENT_… */
	uint64_t timestamp_ns;
} ix_day_event;

/* A run of messages that no line brought. */
typedef struct ix_day_missing {
	uint64_t sequence, count;
	bool is_lost; /* it did not come later either, or not all of it: */
	uint64_t lost_count;
} ix_day_missing;

typedef struct ix_day_counts {
	uint64_t message_count;
	uint64_t message_bytes; /* without length prefixes */
	uint64_t by_type[256];
	uint64_t unknown_count; /* of types that ITCH 5.0 does not have; skipped by their length */
	uint64_t first_ns, last_ns;
	size_t event_count;
	ix_day_event events[IX_DAY_EVENT_MAX];
	size_t missing_count; /* kept below; in captures' order */
	const ix_day_missing *missing;
} ix_day_counts;

/* Reads the day. Errors name file and place, and leave nothing behind: those of ix_source_open and
 * ix_source_next; IX_ERR_TRUNCATED and IX_ERR_SYNTAX for a message of the wrong size for its type. */
IX_API int ix_day_read(const ix_day_options *options, ix_day **ret_day, ix_error *err);
IX_API void ix_day_free(ix_day *day); /* NULL is fine */

IX_API const ix_day_counts *ix_day_get_counts(const ix_day *day);
IX_API const ix_source_info *ix_day_get_source(const ix_day *day);
/* NULL when it was read without books. Belongs to the day. */
IX_API ix_books *ix_day_books(const ix_day *day);
/* The locates of the books with the most orders, most first (among equals the lower locate); returns how
 * many: 0, too, without memory to sort them. */
IX_API size_t ix_day_deepest(const ix_day *day, uint16_t *out, size_t capacity);

#endif
