/* conf_schema.c - what a schema says: its rows' arguments, how a directive is written; and whether the tables
 * themselves are right, for the tests of the room that owns them. */
#include "conf_inside.h"

enum { ARGUMENT_COUNT_MAX = 64, DEPTH_MAX = 32, CHOICES_SHOWN_MAX = 60 };

const ix_conf_entry *ix_conf_arguments(const ix_conf_entry *entry, size_t *ret_count) {
	size_t count = 0;
	if (!entry->arguments) {
		*ret_count = entry->kind != IX_CONF_NONE;
		return entry->kind != IX_CONF_NONE ? entry : NULL;
	}
	while (entry->arguments[count].name) count++;
	*ret_count = count;
	return entry->arguments;
}

/* ---- how a directive is written ---- */

static const char *placeholder(const ix_conf_entry *argument, bool is_self) {
	static const char *const names[IX_CONF_KIND_COUNT] = {
		[IX_CONF_NONE] = "",
		[IX_CONF_TEXT] = "TEXT",
		[IX_CONF_NAME] = "NAME",
		[IX_CONF_PATH] = "FILE",
		[IX_CONF_INTEGER] = "NUMBER",
		[IX_CONF_DECIMAL] = "NUMBER",
		[IX_CONF_SIZE] = "SIZE",
		[IX_CONF_DURATION] = "DURATION",
		[IX_CONF_PERCENT] = "PERCENTAGE",
		[IX_CONF_RATE] = "RATE",
		[IX_CONF_BOOLEAN] = "on|off",
		[IX_CONF_CHOICE] = "CHOICE",
		[IX_CONF_ADDRESS] = "ADDRESS",
		[IX_CONF_CUSTOM] = "VALUE",
		[IX_CONF_VALUES] = "VALUE",
	};
	if (argument->kind == IX_CONF_CHOICE && ix_str_from(argument->choices).size <= CHOICES_SHOWN_MAX)
		return argument->choices;
	if (argument->named && argument->kind == IX_CONF_BOOLEAN) return "[on|off]";
	if (is_self || argument->named || argument->kind == IX_CONF_BOOLEAN) return names[argument->kind];
	return argument->name;
}

void ix_conf_write_usage(ix_writer *w, const ix_conf_entry *entry) {
	size_t count;
	const ix_conf_entry *arguments = ix_conf_arguments(entry, &count);
	ix_conf_write_text(w, "%s", entry->name[0] == '*' ? "NAME" : entry->name);
	for (size_t i = 0; i < count; i++) {
		const ix_conf_entry *a = &arguments[i];
		bool is_self = a == entry, rest = a->many || a->kind == IX_CONF_VALUES;
		bool may_lack = a->optional || a->kind == IX_CONF_BOOLEAN || (a->fallback && !is_self);
		ix_conf_write_text(w, " %s%s%s%s%s%s", may_lack ? "[" : "", a->named ? a->name : "",
			a->named ? " " : "", placeholder(a, is_self), rest ? "..." : "", may_lack ? "]" : "");
	}
	const char *end = !entry->block ? ";" : entry->block_optional ? " [{ ... }]" : " { ... }";
	ix_conf_write_text(w, "%s", end);
}

/* ---- the tables themselves ---- */

typedef struct inspector {
	ix_arena *arena;
	const ix_conf_entry *path[DEPTH_MAX];
	size_t depth;
	ix_error *err;
} inspector;

static int wrong(inspector *in, const ix_conf_entry *entry, const char *says) {
	char path[256];
	ix_writer w = ix_writer_of(path, sizeof path);
	for (size_t i = 0; i < in->depth; i++) ix_conf_write_text(&w, "%s > ", in->path[i]->name);
	return ix_fail(in->err, IX_ERR_USAGE, "%.*s%s: %s", (int)w.size, path, entry->name, says);
}

static bool is_number_field(ix_conf_field f) { return f >= IX_CONF_FIELD_I8 && f <= IX_CONF_FIELD_U64; }

static bool field_fits(const ix_conf_entry *e) {
	ix_conf_field natural = ix_conf_natural_field(e->kind);
	if (e->field == IX_CONF_FIELD_ABSENT) return true;
	if (e->has_items) return e->kind == IX_CONF_CUSTOM || e->item_size == ix_conf_field_size(natural);
	if (e->field == IX_CONF_FIELD_LIST) return e->many || e->repeatable || e->kind == IX_CONF_VALUES;
	if (e->many || e->repeatable) return false;
	if (e->kind == IX_CONF_CUSTOM) return true;
	if (e->kind == IX_CONF_CHOICE && e->field == IX_CONF_FIELD_BOOL) return e->optional;
	if (natural == IX_CONF_FIELD_I64)
		return is_number_field(e->field) &&
		       (e->kind != IX_CONF_DECIMAL || e->field == IX_CONF_FIELD_I64);
	return e->field == natural;
}

static bool bounds_are_right(const ix_conf_entry *e) {
	bool bounded = e->minimum != 0 || e->maximum != 0;
	bool allowed = e->kind == IX_CONF_TEXT || e->kind == IX_CONF_NAME || e->kind == IX_CONF_PATH ||
		       (ix_conf_natural_field(e->kind) == IX_CONF_FIELD_I64 && e->kind != IX_CONF_CHOICE);
	return !bounded || (allowed && e->minimum <= e->maximum);
}

/* The fallback is what a file could say. */
static int inspect_fallback(inspector *in, const ix_conf_entry *e) {
	static const ix_conf_options plain;
	ix_conf_check check;
	if (!e->fallback) return 0;
	if (e->required) return wrong(in, e, "a required directive has no use for a fallback");
	if (e->kind == IX_CONF_NONE || e->kind == IX_CONF_VALUES)
		return wrong(in, e, "this kind takes no fallback");
	ix_conf_check_init(&check, in->arena, &plain);
	if (check.stopped) return ix_fail(in->err, IX_ERR_MEMORY, "out of memory");
	ix_str rest = ix_str_from(e->fallback);
	do {
		ix_str text = e->many ? ix_str_cut(&rest, ' ') : rest;
		ix_conf_field type = e->many || e->has_items ? ix_conf_natural_field(e->kind) : e->field;
		if (!ix_conf_fill(&check, e, "fallback", (ix_conf_place){0, 0, 0, 0}, text, NULL, type))
			return wrong(in, e,
				check.problems.count ? check.problems.items[0].message.data
						     : "out of memory");
	} while (e->many && rest.data);
	return 0;
}

static int inspect_value(inspector *in, const ix_conf_entry *e) {
	if (e->kind >= IX_CONF_KIND_COUNT) return wrong(in, e, "there is no such kind");
	if ((e->kind == IX_CONF_CHOICE) != (e->choices != NULL))
		return wrong(in, e, "choices belong to the kind of that name");
	if ((e->kind == IX_CONF_CUSTOM) != (e->convert != NULL))
		return wrong(in, e, "convert belongs to a custom kind");
	if (e->decimals > 18 || (e->decimals && e->kind != IX_CONF_DECIMAL))
		return wrong(in, e, "decimals are 0 to 18");
	if (!bounds_are_right(e))
		return wrong(in, e, "minimum and maximum do not go with the kind, or with each other");
	if (!field_fits(e)) return wrong(in, e, "the field is of another type than the kind");
	if (e->many && (e->kind == IX_CONF_VALUES || e->kind == IX_CONF_NONE || e->named))
		return wrong(in, e, "many goes with a positional value");
	return inspect_fallback(in, e);
}

static int inspect_arguments(inspector *in, const ix_conf_entry *entry) {
	bool ended = false, optional = false;
	size_t count = 0;
	if (entry->kind != IX_CONF_NONE) return wrong(in, entry, "a directive has a kind or arguments");
	for (const ix_conf_entry *a = entry->arguments; a->name; a++, count++) {
		bool may_lack = a->optional || a->fallback || a->kind == IX_CONF_BOOLEAN;
		if (a->block || a->arguments || a->required || a->repeatable || a->unique || a->has_items ||
			a->judge)
			return wrong(in, a, "this belongs to directives, not to arguments");
		if (a->kind == IX_CONF_NONE) return wrong(in, a, "an argument has a kind");
		if (ended && !a->named) return wrong(in, a, "nothing follows a list but named arguments");
		if (optional && !may_lack && !a->named)
			return wrong(in, a, "what follows an optional argument is optional");
		for (const ix_conf_entry *b = entry->arguments; b < a; b++) {
			if (ix_str_equal(ix_str_from(a->name), ix_str_from(b->name)))
				return wrong(in, a, "this name stands twice");
		}
		ended = ended || a->many || a->kind == IX_CONF_VALUES;
		optional = optional || (may_lack && !a->named && a->kind != IX_CONF_CHOICE);
		int code = inspect_value(in, a);
		if (code) return code;
	}
	return count > ARGUMENT_COUNT_MAX ? wrong(in, entry, "there are more than 64 arguments") : 0;
}

static int inspect_table(inspector *in, const ix_conf_entry *table);

static int inspect_entry(inspector *in, const ix_conf_entry *table, const ix_conf_entry *e) {
	bool any = ix_str_equal(ix_str_from(e->name), IX_STR("*"));
	for (const ix_conf_entry *before = table; before < e; before++) {
		if (ix_str_equal(ix_str_from(e->name), ix_str_from(before->name)))
			return wrong(in, e, "this name stands twice");
	}
	if (ix_str_equal(ix_str_from(e->name), IX_STR("include")))
		return wrong(in, e, "this name is the language's");
	if (any && !e->repeatable) return wrong(in, e, "'*' is repeatable");
	if (e->named || e->optional) return wrong(in, e, "this belongs to arguments, not to directives");
	if (e->unique && !e->repeatable) return wrong(in, e, "unique goes with repeatable");
	if (e->has_key && !ix_conf_has_own_struct(e)) return wrong(in, e, "a key goes with items");
	bool own = ix_conf_has_own_struct(e);
	if (own && !e->has_items && e->repeatable)
		return wrong(in, e, "a repeatable directive fills items, not one struct");
	if (own && e->block && e->kind != IX_CONF_NONE)
		return wrong(in, e, "with items and a block, values are in arguments");
	if (e->block_optional && !e->block) return wrong(in, e, "there is no block that could be optional");
	bool has_value = e->kind != IX_CONF_NONE && !e->arguments;
	if (!has_value && !own && !e->arguments && e->field != IX_CONF_FIELD_ABSENT &&
		e->field != IX_CONF_FIELD_BOOL)
		return wrong(in, e, "without a value, the field is a bool");
	int code = e->arguments ? inspect_arguments(in, e) : has_value ? inspect_value(in, e) : 0;
	for (size_t i = 0; i < in->depth && e->block && code == 0; i++) {
		if (in->path[i]->block == e->block) return 0; /* a block that may hold itself: seen already */
	}
	if (code || !e->block) return code;
	if (in->depth == DEPTH_MAX) return wrong(in, e, "the blocks are too deep");
	in->path[in->depth++] = e;
	code = inspect_table(in, e->block);
	in->depth--;
	return code;
}

static int inspect_table(inspector *in, const ix_conf_entry *table) {
	int code = 0;
	for (const ix_conf_entry *e = table; e->name && code == 0; e++) code = inspect_entry(in, table, e);
	return code;
}

int ix_conf_schema_check(ix_arena *arena, const ix_conf_schema *schema, ix_error *err) {
	inspector in = {.arena = arena, .err = err};
	if (!schema->name || !schema->summary)
		return ix_fail(err, IX_ERR_USAGE, "a schema has a name and a summary");
	int code = inspect_table(&in, schema->directives);
	if (code || !schema->example) return code;
	ix_conf_options options = {.schema = schema};
	code = ix_conf_parse(arena, IX_STR("example"), ix_str_from(schema->example), &options, NULL, err);
	return code ? ix_wrap(err, code, "%s", schema->name) : 0;
}
