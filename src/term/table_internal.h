/* table_internal.h - a table's inside, shared by its cells (table.c) and its looks (table_layout.c). */
#ifndef INOX_TERM_TABLE_INTERNAL_H
#define INOX_TERM_TABLE_INTERNAL_H

#include <inox/arena.h>
#include <inox/command.h>
#include <inox/json_writer.h>

/* A cell in the window. `left` is the columns before the point where its column is aligned on it. */
typedef struct ix_table_cell {
	ix_str text;
	size_t width, left;
	ix_style style;
} ix_table_cell;

struct ix_table {
	const ix_allocator *memory;
	const ix_table_column *columns;
	size_t column_count;
	ix_table_options options;
	FILE *out;
	size_t cell; /* the next one's column */
	uint64_t row_count;
	ix_style next_style;
	bool failed; /* memory was short: a row is missing */

	ix_json_writer own_json;
	ix_json_writer *json;
	char buffer[4096];

	ix_arena arena; /* rows in the window */
	ix_table_cell *rows[IX_TABLE_WINDOW];
	size_t held;
	ix_table_cell *row; /* being filled */
	bool laid_out;      /* the widths stand */
	size_t width[IX_TABLE_COLUMN_MAX], left[IX_TABLE_COLUMN_MAX];
};

void ix_table_write_csv(FILE *out, ix_str text);
void ix_table_layout_cell(ix_table *table, const ix_table_column *column, ix_str text);
void ix_table_layout_row(ix_table *table);
void ix_table_layout_end(ix_table *table);

#endif
