/* strategy_load.h - for whoever runs strategies: the built-in ones by name, those in shared objects by path,
 * and what an operator may say about their parameters. What a strategy is: <inox/strategy.h>.
 *
 *     const ix_strategy_vtable *maker = ix_strategy_find_builtin(IX_STR("maker"));
 *     ix_strategy_file file;
 *     if (ix_strategy_open_file("./mine.so", &file, &err)) …;         file.vtable until
 * ix_strategy_close_file ix_strategy_parameter_parse(file.vtable, IX_STR("size=200"), &index, &value, &err);
 */
#ifndef INOX_STRATEGY_LOAD_H
#define INOX_STRATEGY_LOAD_H

#include <inox/base.h>
#include <inox/strategy.h>

enum {
	IX_STRATEGY_NAME_MAX = 31, /* bytes: of a strategy's and a parameter's name */
	IX_STRATEGY_PATH_MAX = 4095,
	IX_STRATEGY_FILE_SIZE_MAX = 256 << 20,
};

/* ---- built in ---- */

IX_API extern const ix_strategy_vtable ix_strategy_maker; /* quotes both sides inside a wide spread */
IX_API extern const ix_strategy_vtable ix_strategy_ofi;   /* takes with the order flow's imbalance */

enum { IX_STRATEGY_BUILTIN_COUNT = 2 };
IX_API extern const ix_strategy_vtable *const ix_strategy_builtins[IX_STRATEGY_BUILTIN_COUNT];
IX_API const ix_strategy_vtable *ix_strategy_find_builtin(ix_str name); /* NULL: none of that name */

/* ---- in a shared object ---- */

typedef struct ix_strategy_file {
	const ix_strategy_vtable *vtable;
	void *handle; /* the loader's */
} ix_strategy_file;

/* Loads a shared object and asks its `ix_strategy_entry` for the table, which is checked as by
 * ix_strategy_check. A path without a slash is one in the working directory, never looked for elsewhere. The
 * object's constructors run: it is code, as trusted as the caller. Every symbol it needs must come from the
 * libraries it names: it gets none of the program's.
 *
 * Errors, one sentence with the path and the reason; nothing stays loaded: IX_ERR_NOT_FOUND, IX_ERR_DENIED,
 * IX_ERR_IO no such file or not readable; IX_ERR_SYNTAX not an ELF shared object (a directory, a script);
 * IX_ERR_TRUNCATED it is cut short; IX_ERR_UNSUPPORTED for another machine, or it cannot be loaded;
 * IX_ERR_LIMIT path or file too large; IX_ERR_INVALID no entry, or its table is not right; IX_ERR_VERSION
 * built for another version of strategy.h. */
IX_API int ix_strategy_open_file(const char *path, ix_strategy_file *ret_file, ix_error *err);
IX_API void ix_strategy_close_file(ix_strategy_file *file); /* zeroed is fine, and what it is afterwards */

/* Judges a table: version, size, name ([a-z0-9_-], at most IX_STRATEGY_NAME_MAX bytes), open and close, and
 * the parameters: at most IX_STRATEGY_PARAMETER_MAX, each with a name ([a-z0-9_]) that no other has, a help
 * text, and minimum <= fallback <= maximum. Errors: IX_ERR_VERSION, IX_ERR_INVALID, IX_ERR_LIMIT. */
IX_API int ix_strategy_check(const ix_strategy_vtable *vtable, ix_error *err);

/* ---- parameters, by a table that has been checked ---- */

/* The index of the parameter of that name; IX_ERR_NOT_FOUND with the nearest name there is. */
IX_API int ix_strategy_parameter_find(
	const ix_strategy_vtable *vtable, ix_str name, uint32_t *ret_index, ix_error *err);
/* 0, or IX_ERR_RANGE with the limits: "maker: size is 0, not 1 to 1000000". */
IX_API int ix_strategy_parameter_check(
	const ix_strategy_vtable *vtable, uint32_t index, int64_t value, ix_error *err);
/* Takes "name=value" apart; the value is a decimal integer. Errors: those above, IX_ERR_SYNTAX. */
IX_API int ix_strategy_parameter_parse(const ix_strategy_vtable *vtable, ix_str text, uint32_t *ret_index,
	int64_t *ret_value, ix_error *err);
/* Every parameter's fallback; the values behind the last are 0. */
IX_API void ix_strategy_parameter_fallbacks(
	const ix_strategy_vtable *vtable, int64_t ret_values[IX_STRATEGY_PARAMETER_MAX]);

#endif
