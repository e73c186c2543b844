/* conf_same.h - for the tests and the fuzz target of the configuration language: whether two trees say the
 * same. */
#ifndef INOX_BASE_TESTS_CONF_SAME_H
#define INOX_BASE_TESTS_CONF_SAME_H

#include <inox/conf.h>

static inline bool conf_same_block(const ix_conf_node *a, const ix_conf_node *b) {
	const ix_conf_node *x = a->child, *y = b->child;
	for (; x && y; x = x->next, y = y->next) {
		if (!ix_str_equal(x->name, y->name) || x->value_count != y->value_count ||
			x->has_block != y->has_block)
			return false;
		for (size_t i = 0; i < x->value_count; i++) {
			const ix_conf_value *v = &x->values[i], *w = &y->values[i];
			if (!ix_str_equal(v->text, w->text) || !ix_str_equal(v->source, w->source) ||
				v->quoted != w->quoted || v->after_comma != w->after_comma)
				return false;
		}
		if (!conf_same_block(x, y)) return false;
	}
	return !x && !y;
}

/* What must hold of any text: a refusal says why and where; what is accepted is formatted to something that
 * means the same and is formatted no further. Returns what is wrong, or NULL. */
static inline const char *conf_wrong_with(ix_arena *arena, ix_str text, const ix_conf_options *options) {
	const ix_conf *conf = NULL, *again = NULL;
	ix_conf_problems problems = {0};
	ix_conf_options with = *options;
	ix_error err = {0};
	ix_str printed, formatted, twice;
	with.problems = &problems;
	int code = ix_conf_parse(arena, IX_STR("a.conf"), text, &with, &conf, &err);
	if (code && (err.code != code || !err.text[0] || !problems.error_count))
		return "refused without a reason";
	if (!code && problems.error_count) return "accepted with errors";
	if (ix_conf_problems_text(&problems, arena, &printed, NULL) != 0) return "problems without text";
	for (size_t i = 0; i < printed.size; i++) {
		if ((uint8_t)printed.data[i] < ' ' && printed.data[i] != '\n' && printed.data[i] != '\t')
			return "a control character is printed";
	}
	with.schema = NULL;
	if (ix_conf_parse(arena, IX_STR("a.conf"), text, &with, &conf, NULL) != 0) return NULL;
	if (ix_conf_format(arena, IX_STR("a.conf"), text, &formatted, NULL) != 0)
		return "accepted, but not formatted";
	if (ix_conf_parse(arena, IX_STR("a.conf"), formatted, &with, &again, NULL) != 0)
		return "formatted, but refused";
	if (!conf_same_block(ix_conf_root(conf), ix_conf_root(again))) return "formatted to something else";
	if (ix_conf_format(arena, IX_STR("a.conf"), formatted, &twice, NULL) != 0)
		return "not formatted twice";
	return ix_str_equal(formatted, twice) ? NULL : "formatted differently the second time";
}

#endif
