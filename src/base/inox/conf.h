/* conf.h - the configuration language of every file that people write for Inox (docs/conf.md):
 *
 *     # comments
 *     workers 4;
 *     server shop.example, *.shop.example {
 *             listen   127.0.0.1:8080;
 *             timeout  250ms;
 *             password "${SHOP_PASSWORD}";
 *     }
 *     include parts/shop.conf;
 *
 * One table a file kind (ix_conf_schema) drives parsing, validation, the filling of a C struct, and the
 * reference page. Everything is taken from one arena and lives as long as it. No file or environment is
 * touched but through the loader that the caller passes. One thread at a time. */
#ifndef INOX_CONF_H
#define INOX_CONF_H

#include <inox/arena.h>

/* ---- limits: the defaults of ix_conf_limits ---- */

enum {
	IX_CONF_SIZE_MAX = 64 << 20,       /* bytes of all files together */
	IX_CONF_TOKEN_COUNT_MAX = 8 << 20, /* names and values of all files together */
	IX_CONF_DEPTH_MAX = 32,            /* blocks inside blocks, through includes too */
	IX_CONF_STRING_SIZE_MAX =
		65536, /* bytes of one name or value, before and after its variables are filled in */
	IX_CONF_FILE_COUNT_MAX = 1024,  /* files read, the first among them */
	IX_CONF_INCLUDE_DEPTH_MAX = 8,  /* files that include files */
	IX_CONF_PROBLEM_COUNT_MAX = 20, /* problems told; the rest is counted */
};

enum { IX_CONF_DEPTH_LIMIT = 64, IX_CONF_INCLUDE_DEPTH_LIMIT = 32 }; /* more cannot be asked for */

/* Zero: the default above. */
typedef struct ix_conf_limits {
	size_t size_max;
	size_t token_count_max;
	size_t depth_max;
	size_t string_size_max;
	size_t file_count_max;
	size_t include_depth_max;
	size_t problem_count_max;
} ix_conf_limits;

/* ---- values ---- */

typedef enum ix_conf_kind {
	IX_CONF_NONE = 0, /* no value: the directive's presence says it all. Field: bool */
	IX_CONF_TEXT,     /* any text; minimum and maximum bound its bytes. Field: ix_str */
	IX_CONF_NAME,     /* letters, digits, '_', '-' and '.', not first '-' or '.'. Field: ix_str */
	IX_CONF_PATH, /* a file; a relative one starts at the folder of the file that says it. Field: ix_str
		       */
	IX_CONF_INTEGER,  /* 42, -1, 0x2a, 0o52. Field: any integer */
	IX_CONF_DECIMAL,  /* 12.50 with `decimals` decimals, exact. Field: int64_t, scaled by 10^decimals */
	IX_CONF_SIZE,     /* 512, 10k, 1.5g: bytes, units k m g t of 1024. Field: any integer */
	IX_CONF_DURATION, /* 250ms, 1h30m: units ns us ms s m h d w; 0 needs none. Field: int64_t, nanoseconds
			   */
	IX_CONF_PERCENT,  /* 20%, 0.5%. Field: int64_t or int32_t, millionths: 20% is 200,000 */
	IX_CONF_RATE,     /* 100/s, 5/10m: so many a duration. Field: ix_conf_rate */
	IX_CONF_BOOLEAN,  /* on yes true, off no false; nothing is on. Field: bool */
	IX_CONF_CHOICE, /* one of `choices`. Field: any integer or enum, the index; bool where it is optional:
			   given */
	IX_CONF_ADDRESS, /* host:port, [::1]:port, :port, *:port, unix:/path. Field: ix_conf_address */
	IX_CONF_CUSTOM,  /* what the entry's `convert` takes. Field: what it fills */
	IX_CONF_VALUES,  /* all that follow, unread: a room's own little language. Field: ix_conf_list of
			    ix_conf_value */
	IX_CONF_KIND_COUNT,
} ix_conf_kind;

typedef struct ix_conf_rate {
	int64_t count;
	int64_t period_ns;
} ix_conf_rate;

typedef struct ix_conf_address {
	ix_str host;   /* without brackets; empty: every local address. The path where is_unix */
	uint16_t port; /* 0: any free one */
	bool is_unix;
} ix_conf_address;

/* `count` items side by side: values of one kind (ix_str, ix_conf_rate, ix_conf_address, bool; int64_t for
 * all that are numbers, choices too), or structs of a repeatable directive. */
typedef struct ix_conf_list {
	const void *items;
	size_t count;
} ix_conf_list;

/* The same readers for other doors (command lines, tests). Errors: IX_ERR_SYNTAX, IX_ERR_RANGE; a sentence
 * without place. */
IX_API int ix_conf_read_integer(ix_str text, int64_t *ret_value, ix_error *err);
IX_API int ix_conf_read_size(ix_str text, int64_t *ret_bytes, ix_error *err);
IX_API int ix_conf_read_duration(ix_str text, int64_t *ret_ns, ix_error *err);
IX_API int ix_conf_read_percent(ix_str text, int64_t *ret_millionths, ix_error *err);
IX_API int ix_conf_read_rate(ix_str text, ix_conf_rate *ret_rate, ix_error *err);
IX_API int ix_conf_read_boolean(ix_str text, bool *ret_value, ix_error *err);
IX_API int ix_conf_read_address(ix_str text, ix_conf_address *ret_address, ix_error *err);

/* ---- the tree ---- */

/* One value as it stood in the file. */
typedef struct ix_conf_value {
	ix_str text;     /* quotes, escapes and variables resolved */
	ix_str source;   /* as written */
	uint32_t line;   /* from 1 */
	uint32_t column; /* from 1, in characters */
	bool quoted;
	bool has_variable;
	bool after_comma; /* the first of a new group */
} ix_conf_value;

/* One directive: its name, its values, its block. Included files' directives stand where the include stood.
 */
typedef struct ix_conf_node ix_conf_node;
struct ix_conf_node {
	ix_str name;
	const ix_conf_value *values;
	const ix_conf_node *next;          /* in the same block */
	const ix_conf_node *child;         /* the first of its block */
	const ix_conf_node *parent;        /* NULL for the root, which has no name */
	const struct ix_conf_entry *entry; /* of the schema; NULL without one */
	uint32_t value_count;
	uint32_t file; /* index of the file */
	uint32_t line;
	uint32_t column;
	bool has_block;
	bool is_bad; /* told as a problem already */
};

typedef struct ix_conf ix_conf;

IX_API const ix_conf_node *ix_conf_root(const ix_conf *conf);
/* The first directive of that name in a block, and the next one after it; NULL when there is none. */
IX_API const ix_conf_node *ix_conf_find(const ix_conf_node *block, ix_str name);
IX_API const ix_conf_node *ix_conf_again(const ix_conf_node *node);
/* The text of a value; empty when there are fewer. */
IX_API ix_str ix_conf_text(const ix_conf_node *node, size_t index);
/* The files read, in the order of their first byte; a watcher reloads when one of them changes. */
IX_API size_t ix_conf_file_count(const ix_conf *conf);
IX_API ix_str ix_conf_file_name(const ix_conf *conf, size_t index);

/* ---- problems ---- */

typedef struct ix_conf_problem {
	int code; /* IX_ERR_SYNTAX, _INVALID, _LIMIT …; 0 is a warning */
	ix_str file;
	uint32_t line; /* 0: of the file as a whole */
	uint32_t column;
	uint32_t width;   /* characters to underline */
	ix_str message;   /* without place: "unknown directive 'lisen' in 'server'; did you mean 'listen'?" */
	ix_str line_text; /* the source line */
} ix_conf_problem;

/* The caller's, zeroed before the call; the items are in the arena, in the order of the files. */
typedef struct ix_conf_problems {
	ix_conf_problem *items;
	size_t count;
	size_t error_count; /* found, told or not; the rest are warnings */
	size_t warning_count;
} ix_conf_problems;

/* All of them as a person reads them:
 *
 *     proxy.conf:12:9: unknown directive 'lisen' in 'server'; did you mean 'listen'?
 *       12 |         lisen 8080;
 *          |         ^~~~~
 *
 * Errors: IX_ERR_MEMORY. */
IX_API int ix_conf_problems_text(
	const ix_conf_problems *problems, ix_arena *arena, ix_str *ret_text, ix_error *err);

/* ---- the schema: one table a file kind ---- */

typedef struct ix_conf_entry ix_conf_entry;
typedef struct ix_conf_check ix_conf_check;

/* Reads one value of a custom kind into its field; what it keeps is in the arena. On failure returns
 * ix_fail(err, IX_ERR_INVALID, …) with a sentence that goes after the value: "is not an ISIN". */
typedef int ix_conf_convert(
	const ix_conf_entry *entry, ix_str text, void *field, ix_arena *arena, ix_error *err);

/* What only the room can judge, after everything in `node` was found good: complains with ix_conf_complain.
 * `item` is the struct that was filled (the directive's own, or the one around it); not yet moved to its
 * place. */
typedef void ix_conf_judge(ix_conf_check *check, const ix_conf_node *node, const void *item);

/* What a field is, for schema errors and for storing numbers of all sizes; see IX_CONF_FIELD. */
typedef enum ix_conf_field {
	IX_CONF_FIELD_ABSENT = 0, /* checked, not stored */
	IX_CONF_FIELD_BOOL,
	IX_CONF_FIELD_I8,
	IX_CONF_FIELD_I16,
	IX_CONF_FIELD_I32,
	IX_CONF_FIELD_I64,
	IX_CONF_FIELD_U8,
	IX_CONF_FIELD_U16,
	IX_CONF_FIELD_U32,
	IX_CONF_FIELD_U64,
	IX_CONF_FIELD_TEXT,
	IX_CONF_FIELD_RATE,
	IX_CONF_FIELD_ADDRESS,
	IX_CONF_FIELD_LIST,
	IX_CONF_FIELD_STRUCT,
} ix_conf_field;

#define IX_CONF_FIELD_OF(lvalue)                                                         \
	_Generic((lvalue),                                                               \
		bool: IX_CONF_FIELD_BOOL,                                                \
		char: IX_CONF_FIELD_I8,                                                  \
		signed char: IX_CONF_FIELD_I8,                                           \
		short: IX_CONF_FIELD_I16,                                                \
		int: IX_CONF_FIELD_I32,                                                  \
		long: (ix_conf_field)(IX_CONF_FIELD_I32 + (sizeof(long) == 8)),          \
		long long: IX_CONF_FIELD_I64,                                            \
		unsigned char: IX_CONF_FIELD_U8,                                         \
		unsigned short: IX_CONF_FIELD_U16,                                       \
		unsigned: IX_CONF_FIELD_U32,                                             \
		unsigned long: (ix_conf_field)(IX_CONF_FIELD_U32 + (sizeof(long) == 8)), \
		unsigned long long: IX_CONF_FIELD_U64,                                   \
		ix_str: IX_CONF_FIELD_TEXT,                                              \
		ix_conf_rate: IX_CONF_FIELD_RATE,                                        \
		ix_conf_address: IX_CONF_FIELD_ADDRESS,                                  \
		ix_conf_list: IX_CONF_FIELD_LIST,                                        \
		default: IX_CONF_FIELD_STRUCT)

/* Where an entry's value goes. Offsets are in the struct of the nearest directive around it that has one
 * (IX_CONF_SECTION, IX_CONF_ITEMS), else in the schema's. */
#define IX_CONF_FIELD(type, member)                                                       \
	.offset = offsetof(type, member), .field = IX_CONF_FIELD_OF(((type *)0)->member), \
	.item_size = sizeof(((type *)0)->member)
/* A block that may stand once, and fills the struct `member`; its defaults are filled in where it is absent.
 */
#define IX_CONF_SECTION(type, member)                                    \
	.offset = offsetof(type, member), .field = IX_CONF_FIELD_STRUCT, \
	.item_size = sizeof(((type *)0)->member)
/* A repeatable directive, one `item_type` each, in the list `member`. */
#define IX_CONF_ITEMS(type, member, item_type)                                                         \
	.offset = offsetof(type, member), .field = IX_CONF_FIELD_LIST, .item_size = sizeof(item_type), \
	.repeatable = true, .has_items = true
/* A bool in the struct around, true where the directive stands in the file. */
#define IX_CONF_GIVEN(type, member) .given_offset = offsetof(type, member), .has_given = true
/* For "*" and repeatable blocks: an ix_str in the item, the directive's name. */
#define IX_CONF_KEY(type, member) .key_offset = offsetof(type, member), .has_key = true

/* A row: a directive, or an argument of one. A table ends with a NULL name. Most directives take one value,
 * and are one row: {"workers", IX_CONF_INTEGER, IX_CONF_FIELD(app, workers), .fallback = "4", .help = "…"}.
 */
struct ix_conf_entry {
	const char *name; /* "listen"; "*" for any other name. An argument's name is for people: "ADDRESS" */
	ix_conf_kind kind;

	/* what may stand there */
	const char *choices;      /* "csv|pcap|itch" */
	int64_t minimum, maximum; /* both 0: the whole range of the kind */
	unsigned decimals;        /* of IX_CONF_DECIMAL */
	ix_conf_convert *convert; /* of IX_CONF_CUSTOM */
	const char *fallback; /* the default, as a user would type it; an argument that has one is optional */
	bool many; /* one or more values, with or without commas between; the last argument only. Field:
		      ix_conf_list */

	/* arguments */
	bool optional;
	bool named; /* after the others: `weight 3` or `weight=3`, in any order */

	/* directives */
	const ix_conf_entry *arguments; /* where one value is not enough; `kind` is then IX_CONF_NONE */
	const ix_conf_entry *block;     /* what its block may hold; NULL: it has none */
	bool block_optional;            /* `name;` will do */
	bool required;
	bool repeatable;
	bool unique;        /* no two with the same first value */
	uint32_t count_max; /* of a repeatable one; 0: no limit but the tokens' */
	ix_conf_judge *judge;

	/* where it goes: by the macros above */
	bool has_items, has_given, has_key;
	ix_conf_field field;
	size_t offset, item_size, given_offset, key_offset;

	const char *help; /* one line or a paragraph, no full stop after a single sentence */
};

typedef struct ix_conf_schema {
	const char *name;        /* "proxy" */
	const char *summary;     /* one line */
	const char *description; /* paragraphs; may be NULL */
	const char *example;     /* a file that is valid; may be NULL */
	const ix_conf_entry *directives;
	size_t size;          /* of the struct that is filled; 0: none */
	ix_conf_judge *judge; /* of the whole file */
} ix_conf_schema;

/* Tells whether the tables themselves are right: names, fallbacks, and kinds that fit their fields. For the
 * tests of the room that owns the schema. Errors: IX_ERR_USAGE with the path of the wrong row. */
IX_API int ix_conf_schema_check(ix_arena *arena, const ix_conf_schema *schema, ix_error *err);

/* From a judge: a problem at a value (index in node->values) or, with IX_CONF_AT_NAME, at the name. */
enum { IX_CONF_AT_NAME = -1 };
IX_API void ix_conf_complain(
	ix_conf_check *check, const ix_conf_node *node, int value, const char *format, ...) IX_PRINTF(4, 5);
IX_API void ix_conf_warn(ix_conf_check *check, const ix_conf_node *node, int value, const char *format, ...)
	IX_PRINTF(4, 5);

/* ---- parsing ---- */

/* The outside, as far as a file may see it. What it returns lives as long as the arena. */
typedef struct ix_conf_loader {
	/* The bytes of a file. Errors: as the file system gives them, one sentence without the path. */
	int (*read)(void *context, ix_str path, ix_arena *arena, ix_str *ret_text, ix_error *err);
	/* The files that an include pattern with '*', '?' or '[' means, in order; none is fine. NULL:
	 * patterns are refused. */
	int (*list)(void *context, ix_str pattern, ix_arena *arena, ix_str **ret_paths, size_t *ret_count,
		ix_error *err);
	/* The value of ${NAME}; false when there is none. NULL: variables are refused. */
	bool (*variable)(void *context, ix_str name, ix_str *ret_value);
	void *context;
} ix_conf_loader;

typedef struct ix_conf_options {
	const ix_conf_schema *schema; /* NULL: any directive */
	const ix_conf_loader *loader; /* NULL: no includes, no variables */
	ix_conf_limits limits;
	void *into; /* schema->size bytes that are filled on success, and else untouched; may be NULL */
	ix_conf_problems *problems; /* errors and warnings; may be NULL */
} ix_conf_options;

/* Parses `text`, which stands for the file `name` in messages and relative paths. `err` is the first error in
 * one line: "proxy.conf:12:9: unknown directive 'lisen' in 'server'; did you mean 'listen'? (and 2 more)".
 * Errors: the first problem's code, IX_ERR_MEMORY. The text must outlive the arena's use. */
IX_API int ix_conf_parse(ix_arena *arena, ix_str name, ix_str text, const ix_conf_options *options,
	const ix_conf **ret_conf, ix_error *err);
/* The same for a file that the loader reads. */
IX_API int ix_conf_load(ix_arena *arena, ix_str path, const ix_conf_options *options,
	const ix_conf **ret_conf, ix_error *err);

/* ---- writing ---- */

/* The text in its canonical form: one directive a line, tabs, one space between values; comments, quotes,
 * line breaks between values and blocks on one line that fit stay. Formatting twice changes nothing more, and
 * what it means is unchanged. Errors: as ix_conf_parse on syntax. */
IX_API int ix_conf_format(ix_arena *arena, ix_str name, ix_str text, ix_str *ret_text, ix_error *err);

typedef enum ix_conf_page {
	IX_CONF_PAGE_TEXT,
	IX_CONF_PAGE_MARKDOWN,
	IX_CONF_PAGE_MAN, /* section 5 */
} ix_conf_page;

/* The reference page of a schema. Errors: IX_ERR_MEMORY. */
IX_API int ix_conf_describe(
	ix_arena *arena, const ix_conf_schema *schema, ix_conf_page page, ix_str *ret_text, ix_error *err);

#endif
