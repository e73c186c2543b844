/* conf_inside.h - what the files of the configuration language share:
 * conf_lex.c (bytes to tokens), conf_parse.c (tokens to the tree, includes, variables), conf_check.c and
 * conf_fill.c (the tree against the schema, into structs), conf_problem.c (what is said when something is
 * wrong), conf_value.c (texts to values), conf_schema.c (the schema against itself), conf_format.c and
 * conf_describe.c (texts from them). */
#ifndef INOX_CONF_INSIDE_H
#define INOX_CONF_INSIDE_H

#include <inox/conf.h>
#include <inox/writer.h>

/* ---- the state of one call ---- */

typedef struct ix_conf_file {
	ix_str name;
	ix_str text;
	uint32_t includer; /* index; its own for the first file */
} ix_conf_file;

struct ix_conf {
	ix_conf_node root;
	ix_conf_file *files;
	size_t file_count;
};

struct ix_conf_check {
	ix_arena *arena;
	const ix_conf_options *options;
	ix_conf_limits limits; /* with the defaults filled in */
	ix_conf *conf;
	ix_conf_problems problems;
	uint32_t *problem_files; /* the index of each problem's file, for their order */
	size_t file_capacity;
	size_t size;        /* bytes of all files */
	size_t token_count; /* names and values */
	int stopped;        /* the code of what ended the work early; 0: go on */
	bool as_written;    /* for the formatter: includes are not followed, variables not filled in */
};

/* Memory of the arena; NULL after setting check->stopped. */
void *ix_conf_take(ix_conf_check *check, size_t count, size_t size, size_t alignment);
#define ix_conf_new(check, type, count) ((type *)ix_conf_take(check, count, sizeof(type), _Alignof(type)))

/* ---- tokens ---- */

typedef enum ix_conf_token_kind {
	IX_CONF_TOKEN_END,
	IX_CONF_TOKEN_WORD,
	IX_CONF_TOKEN_QUOTED,
	IX_CONF_TOKEN_COMMA,
	IX_CONF_TOKEN_SEMICOLON,
	IX_CONF_TOKEN_OPEN,
	IX_CONF_TOKEN_CLOSE,
	IX_CONF_TOKEN_COMMENT, /* to the end of the line, without it */
	IX_CONF_TOKEN_BAD,     /* told as a problem already */
} ix_conf_token_kind;

typedef struct ix_conf_token {
	ix_str source;
	ix_conf_token_kind kind;
	uint32_t line;
	uint32_t column;
	uint32_t lines_before; /* line ends between the token before and this one */
	bool has_variable;
	bool has_escape;
	char ends_with; /* of a bad one that took the rest of its line: that line's last ';', '{' or '}', else
			   0 */
} ix_conf_token;

typedef struct ix_conf_lexer {
	ix_conf_check *check;
	ix_str text;
	uint32_t file;
	uint32_t line;
	size_t at;
	size_t line_start;
	size_t line_extra;    /* bytes of this line that are not the first of their character */
	ix_conf_token pushed; /* given again, when has_pushed */
	bool has_pushed;
} ix_conf_lexer;

/* Checks that the text is UTF-8; false after telling the problem. A byte-order mark is passed over. */
bool ix_conf_lexer_init(ix_conf_lexer *lexer, ix_conf_check *check, uint32_t file);
/* Comments are given where wanted. */
ix_conf_token ix_conf_lex(ix_conf_lexer *lexer, bool want_comments);
/* Writes what a word or a quoted text means: twice, first to measure. False after telling the problem. */
bool ix_conf_decode(ix_conf_check *check, uint32_t file, const ix_conf_token *token, ix_str *ret_text);
/* Characters, as columns count them. */
uint32_t ix_conf_width(ix_str text);

/* ---- problems ---- */

/* A place to point at; line 0 is the file as a whole. */
typedef struct ix_conf_place {
	uint32_t file, line, column, width;
} ix_conf_place;

static inline ix_conf_place ix_conf_token_place(uint32_t file, const ix_conf_token *token) {
	return (ix_conf_place){file, token->line, token->column, ix_conf_width(token->source)};
}
static inline ix_conf_place ix_conf_name_place(const ix_conf_node *node) {
	return (ix_conf_place){node->file, node->line, node->column, ix_conf_width(node->name)};
}
static inline ix_conf_place ix_conf_value_place(const ix_conf_node *node, size_t index) {
	const ix_conf_value *v = &node->values[index];
	return (ix_conf_place){node->file, v->line, v->column, ix_conf_width(v->source)};
}

/* `code` 0 is a warning. Texts from outside go through ix_conf_shown first. */
void ix_conf_tell(ix_conf_check *check, int code, ix_conf_place place, const char *format, ...)
	IX_PRINTF(4, 5);
void ix_conf_tell_list(ix_conf_check *check, int code, ix_conf_place place, const char *format,
	va_list arguments) IX_PRINTF(4, 0);
/* Ends the work: nothing more is read. */
void ix_conf_stop(ix_conf_check *check, int code, ix_conf_place place, const char *format, ...)
	IX_PRINTF(4, 5);
/* What can stand in a sentence: the text itself where it is short and plain, else a copy without control
 * characters, cut. */
ix_str ix_conf_shown(ix_conf_check *check, ix_str text);
/* Sorts what was told and writes the first error in one line. Returns the code of the whole call. */
int ix_conf_conclude(ix_conf_check *check, ix_error *err);

/* The nearest of several words, for "did you mean"; offer each, and ask in the end. */
typedef struct ix_conf_nearest {
	ix_str word;
	ix_str best; /* empty: none is near */
	size_t distance;
} ix_conf_nearest;
void ix_conf_nearest_offer(ix_conf_nearest *nearest, ix_str candidate);

/* ---- parsing ---- */

/* Reads check->conf->files[0] and what it includes into the tree. */
void ix_conf_read_files(ix_conf_check *check);
void ix_conf_check_init(ix_conf_check *check, ix_arena *arena, const ix_conf_options *options);
/* Adds a file; NULL after stopping. */
ix_conf_file *ix_conf_add_file(
	ix_conf_check *check, ix_str name, ix_str text, uint32_t includer, ix_conf_place place);
/* A path as it is meant by the file that says it; with `.` folders and doubled slashes left out. */
ix_str ix_conf_join(ix_conf_check *check, ix_str file, ix_str path);

/* ---- schema ---- */

/* The tree against check->options->schema; fills `into` where it is not NULL. */
void ix_conf_check_tree(ix_conf_check *check, void *into);

/* One value into its field (NULL: only checked). False after telling the problem at `place`. */
bool ix_conf_fill(ix_conf_check *check, const ix_conf_entry *entry, const char *subject, ix_conf_place place,
	ix_str text, void *field, ix_conf_field type);
/* What one value of a list, or an item that is a value, is stored as; and its size. */
ix_conf_field ix_conf_natural_field(ix_conf_kind kind);
size_t ix_conf_field_size(ix_conf_field field);
/* The arguments of a directive: its table, or itself where it takes one value; NULL: none. Sets *ret_count.
 */
const ix_conf_entry *ix_conf_arguments(const ix_conf_entry *entry, size_t *ret_count);
static inline bool ix_conf_has_own_struct(const ix_conf_entry *entry) {
	return entry->has_items || (entry->field == IX_CONF_FIELD_STRUCT && entry->kind != IX_CONF_CUSTOM);
}
/* The row of a name in a table; "*" is the last resort. */
const ix_conf_entry *ix_conf_entry_find(const ix_conf_entry *table, ix_str name);

/* ---- values ---- */

bool ix_conf_is_name(ix_str text);
bool ix_conf_choice(const char *choices, ix_str text, int64_t *ret_index);
/* A number of a kind as a person would write it: "10k", "250ms". As ix_format. */
size_t ix_conf_show(char *out, size_t capacity, ix_conf_kind kind, unsigned decimals, int64_t value);
/* How a directive is written: "endpoint ADDRESS [weight NUMBER];". */
void ix_conf_write_usage(ix_writer *w, const ix_conf_entry *entry);
void ix_conf_write_text(ix_writer *w, const char *format, ...) IX_PRINTF(2, 3);

#endif
