/* conf_check.c - the tree against the schema, block by block: which directives may stand there, how often,
 * with which values; and the struct that they fill, in one pass. */
#include "conf_inside.h"

#include <inox/map.h>

typedef struct first_use {
	const ix_conf_node *node;
} first_use;

IX_MAP(ix_conf_seen, ix_str, first_use, ix_hash_str, ix_equal_str);

typedef struct walk {
	ix_conf_check *check;
	bool after_syntax_errors; /* what is missing may have been lost to them */
} walk;

static void check_block(walk *w, const ix_conf_node *block, const ix_conf_entry *table, void *item);
static void fill_defaults(walk *w, const ix_conf_entry *table, void *item);

static void *at_offset(void *item, size_t offset) { return item ? (uint8_t *)item + offset : NULL; }

/* ---- which directive ---- */

const ix_conf_entry *ix_conf_entry_find(const ix_conf_entry *table, ix_str name) {
	const ix_conf_entry *any = NULL;
	for (const ix_conf_entry *e = table; e && e->name; e++) {
		size_t i = 0;
		while (i < name.size && e->name[i] == name.data[i] && e->name[i]) i++;
		if (i == name.size && e->name[i] == '\0') return e;
		if (e->name[0] == '*' && e->name[1] == '\0') any = e;
	}
	return any;
}

static bool is_directive_of(const ix_conf_entry *table, ix_str name) {
	const ix_conf_entry *e = ix_conf_entry_find(table, name);
	return (e && e->name[0] != '*') || ix_str_equal(name, IX_STR("include"));
}

/* The block that knows a name, for a directive that stands in the wrong one. */
static const char *find_home(const ix_conf_entry *table, ix_str name, const char *block, size_t depth) {
	for (const ix_conf_entry *e = table; e->name; e++) {
		if (block && ix_str_equal(name, ix_str_from(e->name))) return block;
		const char *found =
			e->block && depth > 0 ? find_home(e->block, name, e->name, depth - 1) : NULL;
		if (found) return found;
	}
	return NULL;
}

static void tell_unknown(walk *w, const ix_conf_node *node, const ix_conf_entry *table) {
	enum { DEPTH = 6 };
	const ix_conf_entry *top = w->check->options->schema->directives;
	ix_conf_nearest nearest = {.word = node->name};
	for (const ix_conf_entry *e = table; e->name; e++)
		ix_conf_nearest_offer(&nearest, ix_str_from(e->name));
	ix_conf_nearest_offer(&nearest, IX_STR("include"));
	bool in_root = !node->parent->parent, at_top = is_directive_of(top, node->name);
	const char *home = find_home(top, node->name, NULL, DEPTH);
	char hint[192] = "";
	if (home)
		ix_format(hint, sizeof hint, "; it belongs in '%s'", home);
	else if (at_top && !in_root)
		ix_format(hint, sizeof hint, "; it belongs outside of all blocks");
	else if (nearest.best.size)
		ix_format(hint, sizeof hint, "; did you mean '%.*s'?", IX_STR_ARG(nearest.best));
	ix_conf_tell(w->check, IX_ERR_INVALID, ix_conf_name_place(node), "unknown directive '%.*s'%s%.*s%s%s",
		IX_STR_ARG(ix_conf_shown(w->check, node->name)), in_root ? "" : " in '",
		IX_STR_ARG(node->parent->name), in_root ? "" : "'", hint);
}

/* ---- values into fields ---- */

/* One more item at the end of a list that has doubled whenever its count was a power of two. */
static void *grow_list(ix_conf_check *check, ix_conf_list *list, size_t item_size) {
	if ((list->count & (list->count - 1)) == 0) {
		size_t capacity = list->count ? list->count * 2 : 1;
		void *larger = ix_conf_take(check, capacity, item_size, 16);
		if (!larger) return NULL;
		if (list->count) memcpy(larger, list->items, list->count * item_size);
		list->items = larger;
	}
	return (uint8_t *)(uintptr_t)list->items + item_size * list->count++;
}

/* What a directive's arguments are filled from and into. */
typedef struct target {
	const ix_conf_node *node;
	const ix_conf_entry *entry;
	void *item; /* that the arguments' offsets are in; NULL: only checked */
} target;

static void write_subject(char *out, size_t capacity, const target *t, const ix_conf_entry *argument) {
	if (argument == t->entry && t->node)
		ix_format(out, capacity, "%.*s", IX_STR_ARG(t->node->name));
	else if (argument == t->entry)
		ix_format(out, capacity, "%s", argument->name);
	else
		ix_format(out, capacity, "%s %s", t->entry->name, argument->name);
}

static bool put(walk *w, const target *t, const ix_conf_entry *argument, ix_conf_place place, ix_str text) {
	char subject[160];
	ix_conf_field type = argument->field, natural = ix_conf_natural_field(argument->kind);
	void *field = at_offset(t->item, argument->offset);
	write_subject(subject, sizeof subject, t, argument);
	if (argument->has_items) { /* the item is the value */
		type = natural;
		field = t->item;
	} else if (type == IX_CONF_FIELD_LIST && field) {
		field = grow_list(w->check, field, ix_conf_field_size(natural));
		type = natural;
	} else if (type == IX_CONF_FIELD_ABSENT) {
		field = NULL;
	}
	return ix_conf_fill(w->check, argument, subject, place, text, field, type);
}

static void put_fallback(walk *w, const target *t, const ix_conf_entry *argument) {
	ix_str rest = ix_str_from(argument->fallback);
	if (!argument->fallback) return;
	do {
		ix_str text = argument->many ? ix_str_cut(&rest, ' ') : rest;
		put(w, t, argument, (ix_conf_place){0, 0, 0, 0}, text);
	} while (argument->many && rest.data);
}

/* ---- the values of one directive ---- */

typedef struct assignment {
	walk *w;
	target to;
	const ix_conf_entry *table; /* of the block around, to know its other directives */
	const ix_conf_entry *arguments;
	size_t argument_count;
	size_t next; /* value */
	bool failed;
} assignment;

static const ix_conf_value *value_at(const assignment *a, size_t index) {
	return index < a->to.node->value_count ? &a->to.node->values[index] : NULL;
}

static void tell_value(assignment *a, size_t index, const char *format, ...) IX_PRINTF(3, 4);
static void tell_value(assignment *a, size_t index, const char *format, ...) {
	va_list arguments;
	va_start(arguments, format);
	ix_conf_tell_list(
		a->w->check, IX_ERR_INVALID, ix_conf_value_place(a->to.node, index), format, arguments);
	va_end(arguments);
	a->failed = true;
}

static void tell_with_usage(assignment *a, ix_conf_place place, const char *format, ...) IX_PRINTF(3, 4);
static void tell_with_usage(assignment *a, ix_conf_place place, const char *format, ...) {
	char usage[256], says[200];
	ix_writer w = ix_writer_of(usage, sizeof usage);
	va_list arguments;
	va_start(arguments, format);
	ix_format_list(says, sizeof says, format, arguments);
	va_end(arguments);
	ix_conf_write_usage(&w, a->to.entry);
	ix_conf_tell(a->w->check, IX_ERR_INVALID, place, "%s; it is written: %.*s", says, (int)w.size, usage);
	a->failed = true;
}

/* A value that begins a line and is a directive of this block: the line before it lacks its ';'. */
static bool is_next_directive(const assignment *a, size_t index) {
	const ix_conf_node *node = a->to.node;
	const ix_conf_value *v = &node->values[index];
	uint32_t line_before = index ? node->values[index - 1].line : node->line;
	return !v->quoted && !v->after_comma && v->line > line_before && is_directive_of(a->table, v->source);
}

static void tell_missing_end(assignment *a, size_t index) {
	const ix_conf_node *node = a->to.node;
	ix_conf_place place = index ? ix_conf_value_place(node, index - 1) : ix_conf_name_place(node);
	place.column += place.width;
	place.width = 1;
	ix_conf_tell(a->w->check, IX_ERR_SYNTAX, place, "';' is missing here (if not, put '%.*s' in quotes)",
		IX_STR_ARG(node->values[index].text));
	a->failed = true;
}

/* The named argument that a value begins: `name` or `name=`; then *ret_equals is where the text after it
 * starts. As it is written: what a variable holds cannot name anything. */
static const ix_conf_entry *named_by(const assignment *a, const ix_conf_value *v, size_t *ret_equals) {
	ix_str name = ix_str_slice(v->source, 0, ix_str_find(v->source, '='));
	for (size_t i = 0; i < a->argument_count && !v->quoted; i++) {
		if (!a->arguments[i].named || !ix_str_equal(name, ix_str_from(a->arguments[i].name)))
			continue;
		*ret_equals = name.size < v->source.size ? name.size + 1 : 0;
		return &a->arguments[i];
	}
	return NULL;
}

static void take_value(assignment *a, const ix_conf_entry *argument, size_t skip) {
	size_t index = a->next++;
	const ix_conf_value *v = &a->to.node->values[index];
	ix_conf_place place = ix_conf_value_place(a->to.node, index);
	if (v->after_comma && !argument->many)
		tell_value(a, index, "there is no list here that a ',' could part");
	if (skip) { /* behind `name=` */
		uint32_t width = ix_conf_width(ix_str_slice(v->source, 0, skip));
		place.column += width;
		place.width -= width;
	}
	if (!put(a->w, &a->to, argument, place, ix_str_slice(v->text, skip, v->text.size))) a->failed = true;
}

static void take_list(assignment *a, const ix_conf_entry *argument) {
	size_t from = a->next, equals;
	while (a->next < a->to.node->value_count) {
		if (a->next > from && named_by(a, value_at(a, a->next), &equals)) break;
		if (is_next_directive(a, a->next)) {
			tell_missing_end(a, a->next);
			a->next = a->to.node->value_count;
			return;
		}
		if (argument->count_max && a->next - from == argument->count_max) {
			tell_value(a, a->next, "%s: there are more than %u values", a->to.entry->name,
				(unsigned)argument->count_max);
			a->next = a->to.node->value_count;
			return;
		}
		take_value(a, argument, 0);
	}
}

static void take_rest(assignment *a, const ix_conf_entry *argument) {
	ix_conf_list *list =
		argument->field == IX_CONF_FIELD_LIST ? at_offset(a->to.item, argument->offset) : NULL;
	size_t count = a->to.node->value_count - a->next;
	if (list && count) *list = (ix_conf_list){a->to.node->values + a->next, count};
	a->next = a->to.node->value_count;
}

static void tell_missing(assignment *a, const ix_conf_entry *argument) {
	bool is_self = argument == a->to.entry;
	tell_with_usage(a, ix_conf_name_place(a->to.node), "%s: %s is missing", a->to.entry->name,
		is_self ? "the value" : argument->name);
}

static void leave_out(assignment *a, const ix_conf_entry *argument) {
	bool is_self = argument == a->to.entry;
	if (!is_self && argument->fallback)
		put_fallback(a->w, &a->to, argument);
	else if (argument->kind == IX_CONF_BOOLEAN)
		put(a->w, &a->to, argument, ix_conf_name_place(a->to.node), IX_STR("on"));
	else if (!argument->optional && argument->kind != IX_CONF_VALUES)
		tell_missing(a, argument);
}

static void take_positional(assignment *a, const ix_conf_entry *argument) {
	const ix_conf_value *v = value_at(a, a->next);
	size_t equals;
	int64_t index;
	bool may_lack = argument->optional || (argument->fallback && argument != a->to.entry);
	if (argument->kind == IX_CONF_VALUES)
		take_rest(a, argument);
	else if (v && is_next_directive(a, a->next))
		tell_missing_end(a, a->next);
	else if (!v || named_by(a, v, &equals) ||
		 (may_lack && argument->kind == IX_CONF_CHOICE &&
			 !ix_conf_choice(argument->choices, v->text, &index)))
		leave_out(a, argument);
	else if (argument->many)
		take_list(a, argument);
	else
		take_value(a, argument, 0);
}

static void tell_surplus(assignment *a) {
	const ix_conf_value *v = value_at(a, a->next);
	if (is_next_directive(a, a->next)) {
		tell_missing_end(a, a->next);
		return;
	}
	ix_str shown = ix_conf_shown(a->w->check, v->text),
	       name = ix_str_slice(shown, 0, ix_str_find(shown, '='));
	ix_conf_nearest nearest = {.word = name};
	for (size_t i = 0; i < a->argument_count && !v->has_variable; i++) {
		if (a->arguments[i].named) ix_conf_nearest_offer(&nearest, ix_str_from(a->arguments[i].name));
	}
	ix_conf_place place = ix_conf_value_place(a->to.node, a->next);
	if (nearest.best.size)
		tell_value(a, a->next, "%s: unexpected '%.*s'; did you mean '%.*s'?", a->to.entry->name,
			IX_STR_ARG(name), IX_STR_ARG(nearest.best));
	else if (a->argument_count == 0)
		tell_with_usage(a, place, "%s takes no value", a->to.entry->name);
	else
		tell_with_usage(a, place, "%s: unexpected '%.*s'", a->to.entry->name, IX_STR_ARG(shown));
}

static void take_named(assignment *a, uint64_t *given) {
	while (a->next < a->to.node->value_count && !a->failed) {
		size_t equals = 0, index = a->next;
		const ix_conf_entry *argument = named_by(a, value_at(a, index), &equals);
		if (!argument) {
			tell_surplus(a);
			return;
		}
		uint64_t bit = (uint64_t)1 << (argument - a->arguments);
		if (*given & bit)
			tell_value(a, index, "%s: %s is given twice", a->to.entry->name, argument->name);
		*given |= bit;
		bool is_last = index + 1 == a->to.node->value_count, flag;
		if (!equals && argument->kind == IX_CONF_BOOLEAN &&
			(is_last ||
				ix_conf_read_boolean(a->to.node->values[index + 1].text, &flag, NULL) != 0)) {
			put(a->w, &a->to, argument, ix_conf_value_place(a->to.node, index), IX_STR("on"));
			a->next++;
			continue;
		}
		if (!equals && is_last) {
			tell_with_usage(a, ix_conf_value_place(a->to.node, index),
				"%s: the value of %s is missing", a->to.entry->name, argument->name);
			return;
		}
		if (!equals) a->next++;
		take_value(a, argument, equals);
	}
}

/* True when all was well. */
static bool check_values(walk *w, const target *to, const ix_conf_entry *table) {
	assignment a = {.w = w, .to = *to, .table = table};
	uint64_t given = 0;
	a.arguments = ix_conf_arguments(to->entry, &a.argument_count);
	for (size_t i = 0; i < a.argument_count && !a.failed; i++) {
		if (!a.arguments[i].named) take_positional(&a, &a.arguments[i]);
	}
	if (!a.failed) take_named(&a, &given);
	for (size_t i = 0; i < a.argument_count && !a.failed; i++) {
		if (a.arguments[i].named && !(given >> i & 1)) leave_out(&a, &a.arguments[i]);
	}
	return !a.failed;
}

/* ---- one directive ---- */

static void tell_block(walk *w, const ix_conf_node *node, const ix_conf_entry *entry) {
	char usage[256];
	ix_writer text = ix_writer_of(usage, sizeof usage);
	ix_conf_write_usage(&text, entry);
	ix_conf_tell(w->check, IX_ERR_INVALID, ix_conf_name_place(node), "%.*s %s block; it is written: %.*s",
		IX_STR_ARG(node->name), node->has_block ? "has no" : "needs a", (int)text.size, usage);
}

/* `around` is the struct of the block around; `own` the directive's, where it has one. */
static void check_directive(
	walk *w, const ix_conf_node *node, const ix_conf_entry *table, void *around, void *own) {
	const ix_conf_entry *entry = node->entry;
	ix_conf_check *check = w->check;
	size_t errors = check->problems.error_count;
	target to = {node, entry, ix_conf_has_own_struct(entry) ? own : around};
	bool given = true;
	if (entry->kind == IX_CONF_NONE && !entry->arguments && entry->field == IX_CONF_FIELD_BOOL && around)
		memcpy(at_offset(around, entry->offset), &given, sizeof given);
	if (entry->has_given && around) memcpy(at_offset(around, entry->given_offset), &given, sizeof given);
	if (entry->has_key && to.item)
		memcpy(at_offset(to.item, entry->key_offset), &node->name, sizeof node->name);
	if (!node->is_bad) {
		check_values(w, &to, table);
		if (node->has_block ? !entry->block : entry->block && !entry->block_optional)
			tell_block(w, node, entry);
	}
	if (node->has_block && entry->block)
		check_block(w, node, entry->block, to.item);
	else if (entry->block)
		fill_defaults(w, entry->block, to.item);
	if (entry->judge && check->problems.error_count == errors && !check->stopped)
		entry->judge(check, node, to.item);
}

/* ---- all directives of one row ---- */

static void tell_twice(
	walk *w, const ix_conf_node *node, ix_conf_place place, const ix_conf_node *first, ix_str what) {
	const ix_conf_file *file = &w->check->conf->files[first->file];
	ix_conf_tell(w->check, IX_ERR_INVALID, place, "%.*s%s%.*s%s is given twice; first at %.*s:%u:%u",
		IX_STR_ARG(node->name), what.data ? " '" : "", IX_STR_ARG(what), what.data ? "'" : "",
		IX_STR_ARG(file->name), (unsigned)first->line, (unsigned)first->column);
}

/* No two directives of a row with the same first value; where the first argument is a list, none of its
 * values. */
static void check_unique(walk *w, const ix_conf_node *block, const ix_conf_entry *entry) {
	ix_allocator allocator = ix_arena_allocator(w->check->arena);
	size_t argument_count;
	const ix_conf_entry *arguments = ix_conf_arguments(entry, &argument_count);
	bool whole_list = argument_count > 0 && arguments[0].many;
	ix_conf_seen seen;
	ix_conf_seen_init(&seen, &allocator, w->check->limits.token_count_max, (uintptr_t)w->check->conf);
	for (const ix_conf_node *n = block->child; n; n = n->next) {
		if (n->entry != entry || n->is_bad) continue;
		assignment a = {
			.to = {n, entry, NULL}, .arguments = arguments, .argument_count = argument_count};
		size_t equals;
		for (size_t i = 0; i < n->value_count && (i == 0 || whole_list); i++) {
			first_use *first;
			bool added;
			if (named_by(&a, &n->values[i], &equals)) break;
			if (ix_conf_seen_add(&seen, n->values[i].text, &first, &added, NULL)) {
				w->check->stopped = IX_ERR_MEMORY;
				return;
			}
			if (added)
				first->node = n;
			else
				tell_twice(w, n, ix_conf_value_place(n, i), first->node,
					ix_conf_shown(w->check, n->values[i].text));
		}
	}
}

static void tell_required(walk *w, const ix_conf_node *block, const ix_conf_entry *entry) {
	if (w->after_syntax_errors) return;
	if (!block->parent)
		ix_conf_tell(w->check, IX_ERR_INVALID, (ix_conf_place){0, 0, 0, 0},
			"the directive '%s' is missing", entry->name);
	else
		ix_conf_tell(w->check, IX_ERR_INVALID, ix_conf_name_place(block),
			"'%.*s' needs the directive '%s'", IX_STR_ARG(block->name), entry->name);
}

static void fill_absent(walk *w, const ix_conf_entry *entry, void *item) {
	target to = {NULL, entry, item};
	if (entry->has_items) return;
	if (ix_conf_has_own_struct(entry)) {
		to.item = at_offset(item, entry->offset);
		size_t count = 0;
		const ix_conf_entry *arguments = ix_conf_arguments(entry, &count);
		for (size_t i = 0; i < count; i++) put_fallback(w, &to, &arguments[i]);
		if (entry->block) fill_defaults(w, entry->block, to.item);
	} else if (!entry->arguments) {
		if (entry->kind != IX_CONF_NONE && item) put_fallback(w, &to, entry);
		if (entry->block) fill_defaults(w, entry->block, item);
	}
}

static void fill_defaults(walk *w, const ix_conf_entry *table, void *item) {
	for (const ix_conf_entry *e = table; item && e->name; e++) fill_absent(w, e, item);
}

static size_t count_of(const ix_conf_node *block, const ix_conf_entry *entry) {
	size_t count = 0;
	for (const ix_conf_node *n = block->child; n; n = n->next) count += n->entry == entry;
	return count;
}

static void check_row(walk *w, const ix_conf_node *block, const ix_conf_entry *table,
	const ix_conf_entry *entry, void *item) {
	ix_conf_check *check = w->check;
	const ix_conf_node *first = NULL;
	size_t total = count_of(block, entry), count = 0;
	uint8_t *items = NULL;
	if (total == 0) {
		if (entry->required) tell_required(w, block, entry);
		fill_absent(w, entry, item);
		return;
	}
	if (entry->has_items && item) {
		items = ix_conf_take(check, total, entry->item_size, 16);
		*(ix_conf_list *)at_offset(item, entry->offset) = (ix_conf_list){items, total};
	}
	for (const ix_conf_node *n = block->child; n && !check->stopped; n = n->next) {
		if (n->entry != entry) continue;
		void *own = items ? items + count * entry->item_size : NULL;
		if (!entry->has_items && ix_conf_has_own_struct(entry)) own = at_offset(item, entry->offset);
		count++;
		if (first && !entry->repeatable)
			tell_twice(w, n, ix_conf_name_place(n), first, (ix_str){NULL, 0});
		else if (entry->repeatable && entry->count_max && count == (size_t)entry->count_max + 1)
			ix_conf_tell(check, IX_ERR_LIMIT, ix_conf_name_place(n),
				"there are more than %u '%s'", (unsigned)entry->count_max, entry->name);
		if (!first || entry->repeatable) check_directive(w, n, table, item, own);
		if (!first) first = n;
	}
	if (entry->unique && total > 1) check_unique(w, block, entry);
}

static void check_block(walk *w, const ix_conf_node *block, const ix_conf_entry *table, void *item) {
	for (const ix_conf_node *n = block->child; n && !w->check->stopped; n = n->next) {
		ix_conf_node *own = (ix_conf_node *)(uintptr_t)n; /* ours: parsing has just made it */
		own->entry = ix_conf_entry_find(table, n->name);
		if (!own->entry && !own->is_bad) tell_unknown(w, n, table);
	}
	for (const ix_conf_entry *e = table; e->name && !w->check->stopped; e++)
		check_row(w, block, table, e, item);
}

void ix_conf_check_tree(ix_conf_check *check, void *into) {
	const ix_conf_schema *schema = check->options->schema;
	walk w = {.check = check, .after_syntax_errors = check->problems.error_count > 0};
	check_block(&w, &check->conf->root, schema->directives, into);
	if (schema->judge && check->problems.error_count == 0 && !check->stopped)
		schema->judge(check, &check->conf->root, into);
}
