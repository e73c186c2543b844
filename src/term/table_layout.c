/* table_layout.c - a table as people see it: widths from the rows in the window, headings with a rule,
 * numbers on their points, and nothing wider than the terminal. */
#include "table_internal.h"

enum { GAP = 2, TEXT_WIDTH_MIN = 8 };

/* ---- filling the window ---- */

static ix_table_align align_of(const ix_table_column *column) {
	if (column->align) return column->align;
	switch (column->kind) {
	case IX_TABLE_INTEGER:
	case IX_TABLE_COUNT: return IX_TABLE_ALIGN_RIGHT;
	case IX_TABLE_DECIMAL:
	case IX_TABLE_REAL: return IX_TABLE_ALIGN_POINT;
	case IX_TABLE_SIZE:
	case IX_TABLE_DURATION: return IX_TABLE_ALIGN_RIGHT;
	case IX_TABLE_TEXT:
	case IX_TABLE_BOOLEAN: break;
	}
	return IX_TABLE_ALIGN_LEFT;
}

void ix_table_layout_cell(ix_table *table, const ix_table_column *column, ix_str text) {
	if (table->cell == 0) table->row = ix_arena_array(&table->arena, ix_table_cell, table->column_count);
	ix_str clipped = ix_str_slice(text, 0, IX_TABLE_CELL_MAX);
	ix_str kept = table->row ? ix_arena_copy_str(&table->arena, clipped) : (ix_str){NULL, 0};
	if (!kept.data) {
		table->failed = true;
		table->row = NULL;
		return;
	}
	ix_table_cell *cell = &table->row[table->cell];
	cell->text = kept;
	cell->width = ix_display_width(kept);
	size_t point = ix_str_find(kept, '.');
	cell->left = align_of(column) == IX_TABLE_ALIGN_POINT ? point : cell->width;
	if (cell->left > cell->width) cell->left = cell->width;
	cell->style = table->next_style ? table->next_style : column->style;
}

/* ---- widths ---- */

static ix_str title_of(const ix_table_column *column, char out[128]) {
	if (column->title) return ix_str_from(column->title);
	size_t size = ix_format(out, 128, "%s", column->name);
	for (size_t i = 0; i < ix_size_min(size, 127); i++)
		if (out[i] == '_') out[i] = ' ';
	return (ix_str){out, ix_size_min(size, 127)};
}

static void find_widths(ix_table *table) {
	for (size_t c = 0; c < table->column_count; c++) {
		char title[128];
		size_t left = 0, right = 0, heading = ix_display_width(title_of(&table->columns[c], title));
		for (size_t r = 0; r < table->held; r++) {
			const ix_table_cell *cell = &table->rows[r][c];
			left = ix_size_max(left, cell->left);
			right = ix_size_max(right, cell->width - cell->left);
		}
		table->width[c] = ix_size_max(left + right, heading);
		table->left[c] = table->width[c] - right; /* numbers stand under the heading's end */
	}
}

/* While the row is too wide, the widest column of text gives way. */
static size_t shrink_text(ix_table *table, size_t total) {
	while (total > table->options.columns) {
		size_t widest = table->column_count;
		for (size_t c = 0; c < table->column_count; c++) {
			const ix_table_column *column = &table->columns[c];
			if (column->hidden || align_of(column) != IX_TABLE_ALIGN_LEFT) continue;
			if (widest == table->column_count || table->width[c] > table->width[widest])
				widest = c;
		}
		if (widest == table->column_count || table->width[widest] <= TEXT_WIDTH_MIN) break;
		table->width[widest]--;
		total--;
	}
	return total;
}

/* What is too wide even then is cut at the terminal's edge: a column there gets what is left, those behind it
 * nothing. */
static void fit(ix_table *table) {
	size_t total = 0, end = table->options.columns;
	bool first = true;
	if (!end) return;
	for (size_t c = 0; c < table->column_count; c++) {
		if (table->columns[c].hidden) continue;
		total += table->width[c] + (first ? 0 : GAP);
		first = false;
	}
	if (shrink_text(table, total) <= end) return;
	size_t at = 0;
	first = true;
	for (size_t c = 0; c < table->column_count; c++) {
		if (table->columns[c].hidden) continue;
		at += first ? 0 : GAP;
		first = false;
		table->width[c] = ix_size_min(table->width[c], end > at ? end - at : 0);
		at += table->width[c];
	}
}

/* ---- printing ---- */

static void print_spaces(FILE *out, size_t count) {
	static const char blanks[] = "                                ";
	for (; count >= sizeof blanks; count -= sizeof blanks - 1) fwrite(blanks, 1, sizeof blanks - 1, out);
	fwrite(blanks, 1, count, out);
}

/* Blanks wait until something follows them, so that no line ends in one. On a terminal a cell is cut to its
 * width; elsewhere even what outgrows the widths of the window is whole. Returns the blanks now waiting. */
static size_t print_cell(
	const ix_table *table, size_t waiting, const ix_table_cell *cell, size_t before, size_t width) {
	if (!cell->width || !width) return waiting + width;
	print_spaces(table->out, waiting + before);
	if (table->options.colour) fputs(ix_style_on(true, cell->style), table->out);
	size_t printed = ix_display_write(table->out, cell->text, table->options.columns ? width : 0);
	if (table->options.colour) fputs(ix_style_off(true, cell->style), table->out);
	return width > before + printed ? width - before - printed : 0;
}

static size_t blanks_before(
	const ix_table *table, size_t c, const ix_table_cell *cell, ix_table_align align) {
	size_t width = table->width[c];
	if (cell->width >= width || align == IX_TABLE_ALIGN_LEFT) return 0;
	if (align == IX_TABLE_ALIGN_RIGHT || cell->left > table->left[c]) return width - cell->width;
	return ix_size_min(table->left[c] - cell->left, width - cell->width);
}

static void print_row(const ix_table *table, const ix_table_cell *cells) {
	size_t waiting = 0;
	for (size_t c = 0; c < table->column_count; c++) {
		if (table->columns[c].hidden) continue;
		size_t before = blanks_before(table, c, &cells[c], align_of(&table->columns[c]));
		waiting = print_cell(table, waiting, &cells[c], before, table->width[c]) + GAP;
	}
	fputc('\n', table->out);
}

static void print_headings(const ix_table *table) {
	size_t waiting = 0;
	for (size_t c = 0; c < table->column_count; c++) {
		const ix_table_column *column = &table->columns[c];
		char title[128];
		if (column->hidden) continue;
		ix_table_cell cell = {.text = title_of(column, title), .style = IX_STYLE_STRONG};
		cell.width = cell.left = ix_display_width(cell.text);
		bool left = align_of(column) == IX_TABLE_ALIGN_LEFT;
		size_t before =
			blanks_before(table, c, &cell, left ? IX_TABLE_ALIGN_LEFT : IX_TABLE_ALIGN_RIGHT);
		waiting = print_cell(table, waiting, &cell, before, table->width[c]) + GAP;
	}
	fputc('\n', table->out);
}

static void print_rule(const ix_table *table) {
	bool first = true;
	fputs(ix_style_on(table->options.colour, IX_STYLE_DIM), table->out);
	for (size_t c = 0; c < table->column_count; c++) {
		if (table->columns[c].hidden || !table->width[c]) continue;
		print_spaces(table->out, first ? 0 : GAP);
		for (size_t i = 0; i < table->width[c]; i++) fputs("─", table->out);
		first = false;
	}
	fputs(ix_style_off(table->options.colour, IX_STYLE_DIM), table->out);
	fputc('\n', table->out);
}

static void print_title(const ix_table *table) {
	if (!table->options.title) return;
	fputs(ix_style_on(table->options.colour, IX_STYLE_STRONG), table->out);
	ix_display_write(table->out, ix_str_from(table->options.title), table->options.columns);
	fputs(ix_style_off(table->options.colour, IX_STYLE_STRONG), table->out);
	fputc('\n', table->out);
}

/* A line a column: the title, and the value beside it. */
static void print_record(ix_table *table) {
	char title[128];
	size_t widest = 0, end = table->options.columns;
	for (size_t c = 0; c < table->column_count; c++)
		if (!table->columns[c].hidden)
			widest = ix_size_max(widest, ix_display_width(title_of(&table->columns[c], title)));
	for (size_t c = 0; c < table->column_count && table->held; c++) {
		if (table->columns[c].hidden) continue;
		const ix_table_cell *value = &table->rows[0][c];
		ix_table_cell heading = {.text = title_of(&table->columns[c], title), .style = IX_STYLE_DIM};
		heading.width = ix_display_width(heading.text);
		size_t waiting =
			print_cell(table, 0, &heading, 0, end ? ix_size_min(widest, end) : widest) + GAP;
		size_t room = end > widest + GAP ? end - widest - GAP : 0;
		print_cell(table, waiting, value, 0, end ? ix_size_min(value->width, room) : value->width);
		fputc('\n', table->out);
	}
}

/* ---- the window ---- */

static void lay_out(ix_table *table) {
	find_widths(table);
	fit(table);
	print_headings(table);
	print_rule(table);
	for (size_t r = 0; r < table->held; r++) print_row(table, table->rows[r]);
	table->held = 0;
	ix_arena_reset(&table->arena);
}

void ix_table_layout_row(ix_table *table) {
	ix_table_cell *row = table->row;
	table->row = NULL;
	if (!row) return;
	if (table->laid_out) {
		print_row(table, row);
		ix_arena_reset(&table->arena);
		return;
	}
	table->rows[table->held++] = row;
	if (table->held < IX_TABLE_WINDOW) return;
	print_title(table);
	lay_out(table);
	table->laid_out = true;
}

/* A line for the columns that the terminal had no room for. */
static void print_left_out(const ix_table *table) {
	size_t count = 0;
	for (size_t c = 0; c < table->column_count; c++)
		count += !table->columns[c].hidden && !table->width[c];
	if (!count) return;
	char line[80];
	size_t size = ix_format(
		line, sizeof line, "%zu column%s hidden: --json has all", count, count == 1 ? "" : "s");
	fputs(ix_style_on(table->options.colour, IX_STYLE_DIM), table->out);
	ix_display_write(table->out, (ix_str){line, size}, table->options.columns);
	fputs(ix_style_off(table->options.colour, IX_STYLE_DIM), table->out);
	fputc('\n', table->out);
}

void ix_table_layout_end(ix_table *table) {
	if (!table->laid_out) {
		print_title(table);
		if (table->options.record) {
			print_record(table);
			return;
		}
		lay_out(table);
	}
	print_left_out(table);
}
