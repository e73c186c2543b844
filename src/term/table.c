/* table.c - rows from one description, to people, JSON or CSV. JSON and CSV go out cell by cell; rows for
 * people wait in a window until their widths are known, and after that go out with the widths found. */
#include "table_internal.h"

#include <inox/alloc.h>
#include <inox/decimal.h>
#include <inox/os_error.h>

#include <errno.h>
#include <math.h>
#include <stdlib.h>

int ix_table_new(const ix_table_column *columns, const ix_table_options *options, FILE *out,
	ix_table **ret_table, ix_error *err) {
	const ix_allocator *memory = ix_allocator_current();
	ix_table *table = ix_allocate_zeroed(memory, 1, sizeof *table, _Alignof(ix_table));
	if (!table) return ix_fail(err, IX_ERR_MEMORY, "no memory for a table");
	table->memory = memory;
	table->columns = columns;
	table->options = *options;
	table->out = out;
	while (columns[table->column_count].name) table->column_count++;
	IX_ASSERT(table->column_count >= 1 && table->column_count <= IX_TABLE_COLUMN_MAX);
	ix_arena_init(&table->arena, memory, 0, 0);
	if (options->format == IX_TABLE_AS_JSON) {
		table->json = options->json;
		if (!table->json) {
			ix_json_writer_init_sink(&table->own_json, table->buffer, sizeof table->buffer,
				ix_call_sink, out, (ix_json_style){.open_levels = 1});
			table->json = &table->own_json;
		}
		if (options->key) ix_json_key(table->json, ix_str_from(options->key));
		if (!options->record) ix_json_array_begin(table->json);
	} else if (options->format == IX_TABLE_AS_CSV) {
		for (size_t i = 0; i < table->column_count; i++) {
			if (i) fputc(',', out);
			ix_table_write_csv(out, ix_str_from(columns[i].name));
		}
		fputs("\r\n", out);
	}
	*ret_table = table;
	return 0;
}

void ix_table_free(ix_table *table) {
	if (!table) return;
	ix_arena_fini(&table->arena);
	ix_release(table->memory, table, sizeof *table, _Alignof(ix_table));
}

uint64_t ix_table_row_count(const ix_table *table) { return table->row_count; }

/* ---- CSV (RFC 4180 section 2) ---- */

void ix_table_write_csv(FILE *out, ix_str text) {
	bool quoted = false;
	for (size_t i = 0; i < text.size; i++) {
		char c = text.data[i];
		quoted |= c == '"' || c == ',' || c == '\r' || c == '\n';
	}
	if (!quoted) {
		fwrite(text.data, 1, text.size, out);
		return;
	}
	fputc('"', out);
	for (size_t i = 0; i < text.size; i++) {
		if (text.data[i] == '"') fputc('"', out);
		fputc(text.data[i], out);
	}
	fputc('"', out);
}

/* ---- cells ---- */

/* The column of the next cell; opens a row at its first one. */
static const ix_table_column *next_column(ix_table *table) {
	if (table->cell == 0) {
		IX_ASSERT((!table->options.record || table->row_count == 0)); /* a record is one row */
		if (table->json) ix_json_object_begin(table->json);
	}
	const ix_table_column *column = &table->columns[table->cell];
	if (table->json)
		ix_json_key(table->json, ix_str_from(column->name));
	else if (table->options.format == IX_TABLE_AS_CSV && table->cell)
		fputc(',', table->out);
	return column;
}

static void end_cell(ix_table *table) {
	table->next_style = IX_STYLE_PLAIN;
	if (++table->cell < table->column_count) return;
	table->cell = 0;
	table->row_count++;
	if (table->json)
		ix_json_object_end(table->json);
	else if (table->options.format == IX_TABLE_AS_CSV)
		fputs("\r\n", table->out);
	else
		ix_table_layout_row(table);
}

/* A cell for people and CSV as text; JSON was written by the caller. */
static void put_text(ix_table *table, const ix_table_column *column, ix_str text) {
	if (table->options.format == IX_TABLE_AS_CSV)
		ix_table_write_csv(table->out, text);
	else if (!table->json)
		ix_table_layout_cell(table, column, text);
}

void ix_table_style(ix_table *table, ix_style style) { table->next_style = style; }

void ix_table_none(ix_table *table) {
	const ix_table_column *column = next_column(table);
	if (table->json) ix_json_null(table->json);
	put_text(table, column, table->options.format == IX_TABLE_FOR_PEOPLE ? IX_STR("–") : IX_STR(""));
	end_cell(table);
}

void ix_table_text(ix_table *table, ix_str value) {
	const ix_table_column *column = next_column(table);
	IX_ASSERT(column->kind == IX_TABLE_TEXT);
	if (table->json) ix_json_string(table->json, value);
	put_text(table, column, value);
	end_cell(table);
}

/* Puts commas into the whole part: "-1234567.50" to "-1,234,567.50". */
static ix_str group(
	const ix_table *table, const ix_table_column *column, ix_str text, char *out, size_t capacity) {
	if (!column->grouped || table->options.format != IX_TABLE_FOR_PEOPLE) return text;
	size_t sign = text.size && text.data[0] == '-' ? 1 : 0, whole = ix_str_find(text, '.'), used = 0;
	for (size_t i = 0; i < text.size && used + 2 < capacity; i++) {
		if (i > sign && i < whole && (whole - i) % 3 == 0) out[used++] = ',';
		out[used++] = text.data[i];
	}
	return (ix_str){out, used};
}

/* A number as text, in groups for people. */
static void put_number(ix_table *table, const ix_table_column *column, const char *text, size_t size) {
	char grouped[40];
	put_text(table, column, group(table, column, (ix_str){text, size}, grouped, sizeof grouped));
}

void ix_table_integer(ix_table *table, int64_t value) {
	const ix_table_column *column = next_column(table);
	IX_ASSERT(column->kind == IX_TABLE_INTEGER);
	char text[24];
	if (table->json)
		ix_json_i64(table->json, value);
	else
		put_number(table, column, text, ix_format(text, sizeof text, "%lld", (long long)value));
	end_cell(table);
}

void ix_table_count(ix_table *table, uint64_t value) {
	const ix_table_column *column = next_column(table);
	IX_ASSERT(column->kind == IX_TABLE_COUNT);
	char text[24];
	if (table->json)
		ix_json_u64(table->json, value);
	else
		put_number(
			table, column, text, ix_format(text, sizeof text, "%llu", (unsigned long long)value));
	end_cell(table);
}

void ix_table_decimal(ix_table *table, int64_t value) {
	const ix_table_column *column = next_column(table);
	IX_ASSERT(column->kind == IX_TABLE_DECIMAL);
	char text[IX_DECIMAL_TEXT_MAX];
	if (table->json)
		ix_json_decimal(table->json, value, column->decimals);
	else
		put_number(table, column, text, ix_decimal_format(text, value, column->decimals));
	end_cell(table);
}

/* The shortest of 15 to 17 digits that reads back the same. */
static size_t shortest_real(double value, char *out, size_t capacity) {
	int size = 0;
	for (int digits = 15; digits <= 17; digits++) {
		size = snprintf(out, capacity, "%.*g", digits, value);
		if (strtod(out, NULL) == value) break; /* bit for bit: both are finite */
	}
	return (size_t)size;
}

void ix_table_real(ix_table *table, double value) {
	if (!isfinite(value)) {
		ix_table_none(table);
		return;
	}
	const ix_table_column *column = next_column(table);
	IX_ASSERT(column->kind == IX_TABLE_REAL);
	char text[400], grouped[540];
	if (table->options.format == IX_TABLE_FOR_PEOPLE) {
		int size = snprintf(text, sizeof text, "%.*f", (int)ix_size_min(column->decimals, 30), value);
		put_text(table, column,
			group(table, column, (ix_str){text, (size_t)size}, grouped, sizeof grouped));
	} else {
		ix_str number = {text, shortest_real(value, text, sizeof text)};
		if (table->json) ix_json_number(table->json, number);
		put_text(table, column, number);
	}
	end_cell(table);
}

void ix_table_boolean(ix_table *table, bool value) {
	const ix_table_column *column = next_column(table);
	IX_ASSERT(column->kind == IX_TABLE_BOOLEAN);
	if (table->json) ix_json_bool(table->json, value);
	if (table->options.format == IX_TABLE_FOR_PEOPLE)
		put_text(table, column, value ? IX_STR("yes") : IX_STR("no"));
	else
		put_text(table, column, value ? IX_STR("true") : IX_STR("false"));
	end_cell(table);
}

/* For programs the plain number. */
static void put_amount(ix_table *table, const ix_table_column *column, ix_str people, ix_str number) {
	put_text(table, column, table->options.format == IX_TABLE_FOR_PEOPLE ? people : number);
	end_cell(table);
}

void ix_table_size(ix_table *table, uint64_t bytes) {
	const ix_table_column *column = next_column(table);
	IX_ASSERT(column->kind == IX_TABLE_SIZE);
	char people[IX_AMOUNT_TEXT_MAX], number[24];
	size_t people_size = ix_amount_size(bytes, people);
	size_t number_size = ix_format(number, sizeof number, "%llu", (unsigned long long)bytes);
	if (table->json) ix_json_u64(table->json, bytes);
	put_amount(table, column, (ix_str){people, people_size}, (ix_str){number, number_size});
}

void ix_table_duration(ix_table *table, int64_t ns) {
	const ix_table_column *column = next_column(table);
	IX_ASSERT(column->kind == IX_TABLE_DURATION);
	char people[IX_AMOUNT_TEXT_MAX], number[24];
	size_t people_size = ix_amount_duration(ns, people);
	size_t number_size = ix_format(number, sizeof number, "%lld", (long long)ns);
	if (table->json) ix_json_i64(table->json, ns);
	put_amount(table, column, (ix_str){people, people_size}, (ix_str){number, number_size});
}

/* ---- the end ---- */

static int finish(ix_table *table, ix_error *err) {
	IX_ASSERT(table->cell == 0);                                  /* the last row is whole */
	IX_ASSERT((!table->options.record || table->row_count == 1)); /* a record is one row */
	if (table->json) {
		if (!table->options.record) ix_json_array_end(table->json);
		if (table->json == &table->own_json) {
			ix_json_writer_finish(table->json, NULL); /* the stream knows better */
			fputc('\n', table->out);
		}
	} else if (table->options.format == IX_TABLE_FOR_PEOPLE) {
		ix_table_layout_end(table);
	}
	if (table->failed)
		return ix_fail(err, IX_ERR_MEMORY, "no memory for row %llu of a table",
			(unsigned long long)table->row_count);
	return 0;
}

int ix_table_end(ix_table *table, ix_error *err) {
	int code = finish(table, err);
	if (!code && (fflush(table->out) != 0 || ferror(table->out)))
		code = ix_fail_os(err, errno, "the result could not be written");
	ix_table_free(table);
	return code;
}
