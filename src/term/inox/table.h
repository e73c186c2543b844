/* table.h - rows for people and programs from one description: aligned columns on a terminal, JSON objects
 * with proper types, or RFC 4180 CSV. A verb describes its columns once, adds its rows once, and prints all
 * three.
 *
 *     static const ix_table_column columns[] = {
 *             {"symbol", .kind = IX_TABLE_TEXT},
 *             {"orders", .kind = IX_TABLE_INTEGER, .grouped = true},
 *             {"best_bid", .title = "best bid", .kind = IX_TABLE_DECIMAL, .decimals = 4},
 *             {0},
 *     };
 *     ix_table *table;
 *     int code = ix_table_new(columns, &(ix_table_options){.format = …}, call->out, &table, &call->error);
 *     for (…) {
 *             ix_table_text(table, symbol);
 *             ix_table_integer(table, orders);
 *             ix_table_decimal(table, bid_e4);
 *     }
 *     code = ix_table_end(table, &call->error);
 *
 * Inside a command, ix_call_table (command.h) fills the options from what the user asked for. */
#ifndef INOX_TABLE_H
#define INOX_TABLE_H

#include <inox/style.h>

typedef struct ix_table ix_table;
struct ix_json_writer;

typedef enum ix_table_kind {
	IX_TABLE_TEXT = 0, /* JSON: a string; ill-formed UTF-8 becomes U+FFFD there */
	IX_TABLE_INTEGER,  /* JSON: a number, all digits */
	IX_TABLE_COUNT,    /* uint64_t, likewise */
	IX_TABLE_DECIMAL,  /* int64_t scaled by 10^decimals. JSON: a number with all its decimals, exact */
	IX_TABLE_REAL, /* double. JSON: the shortest number that reads back the same; null for NaN, infinity
			*/
	IX_TABLE_BOOLEAN,  /* yes or no. JSON, CSV: true or false */
	IX_TABLE_SIZE,     /* bytes. People: 12.3 MiB; JSON, CSV: the number of bytes */
	IX_TABLE_DURATION, /* nanoseconds. People: 1.234 ms; JSON, CSV: the number of nanoseconds */
} ix_table_kind;

typedef enum ix_table_align {
	IX_TABLE_ALIGN_DEFAULT = 0, /* by kind: text left, numbers right, decimals and reals on the point */
	IX_TABLE_ALIGN_LEFT,
	IX_TABLE_ALIGN_RIGHT,
	IX_TABLE_ALIGN_POINT,
} ix_table_align;

typedef struct ix_table_column {
	const char *name;  /* JSON member and CSV heading: "best_bid"; a list ends with a NULL name */
	const char *title; /* heading for people; NULL: the name with spaces for underscores */
	ix_table_kind kind;
	unsigned decimals; /* of DECIMAL (exact) and REAL (rounded, for people) */
	bool grouped;      /* 1,234,567 for people */
	ix_table_align align;
	ix_style style;
	bool hidden; /* not for people: only in JSON and CSV */
} ix_table_column;

typedef enum ix_table_format {
	IX_TABLE_FOR_PEOPLE = 0,
	IX_TABLE_AS_JSON, /* an array of objects, one a line */
	IX_TABLE_AS_CSV,  /* RFC 4180: CRLF, a header line, quotes where needed */
} ix_table_format;

typedef struct ix_table_options {
	ix_table_format format;
	bool colour;
	unsigned columns;  /* of the terminal: rows are cut to it with …, and a line below says how
			    * many columns have no room at all; 0: it is none, nothing is cut */
	bool record;       /* exactly one row: people see a line a column, JSON has one object and no array */
	const char *title; /* a line above, for people; NULL: none */
	const char *key;   /* the member's name where `json` is in an object */
	struct ix_json_writer
		*json; /* write into this document (<inox/json_writer.h>) instead of starting one */
} ix_table_options;

enum {
	IX_TABLE_COLUMN_MAX = 64,
	IX_TABLE_WINDOW = 1000,    /* rows held back to find the widths; later ones go straight out */
	IX_TABLE_CELL_MAX = 65536, /* bytes of a cell for people; longer ones are cut */
};

/* The columns must outlive the table. Errors: IX_ERR_MEMORY. */
IX_API int ix_table_new(const ix_table_column *columns, const ix_table_options *options, FILE *out,
	ix_table **ret_table, ix_error *err);
/* The next cell, of its column's kind; the row ends with the last column's. */
IX_API void ix_table_text(ix_table *table, ix_str value);
IX_API void ix_table_integer(ix_table *table, int64_t value);
IX_API void ix_table_count(ix_table *table, uint64_t value);
IX_API void ix_table_decimal(ix_table *table, int64_t value);
IX_API void ix_table_real(ix_table *table, double value);
IX_API void ix_table_boolean(ix_table *table, bool value);
IX_API void ix_table_size(ix_table *table, uint64_t bytes);
IX_API void ix_table_duration(ix_table *table, int64_t ns);
IX_API void ix_table_none(ix_table *table); /* any kind. People: –; JSON: null; CSV: empty */
/* Colours the next cell only. */
IX_API void ix_table_style(ix_table *table, ix_style style);
IX_API uint64_t ix_table_row_count(const ix_table *table);
/* Prints what is held back and frees the table. Errors: IX_ERR_MEMORY when a row could not be held;
 * IX_ERR_NO_SPACE, IX_ERR_IO when `out` did not take it. */
IX_API int ix_table_end(ix_table *table, ix_error *err);
IX_API void ix_table_free(ix_table *table); /* prints nothing more; NULL is fine */

/* The same spellings outside of tables: "1,234,567", "12.3 MiB", "1.234 ms". Return the length. */
enum { IX_AMOUNT_TEXT_MAX = 32 };
IX_API size_t ix_amount_count(uint64_t value, char ret_text[IX_AMOUNT_TEXT_MAX]);
IX_API size_t ix_amount_size(uint64_t bytes, char ret_text[IX_AMOUNT_TEXT_MAX]);
IX_API size_t ix_amount_duration(int64_t ns, char ret_text[IX_AMOUNT_TEXT_MAX]);

#endif
