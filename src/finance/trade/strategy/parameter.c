/* What an operator says about a strategy's parameters: names, ranges, "did you mean". */
#include <inox/strategy_load.h>

int ix_strategy_parameter_find(
	const ix_strategy_vtable *vtable, ix_str name, uint32_t *ret_index, ix_error *err) {
	size_t nearest = SIZE_MAX;
	ix_str guess = {0};
	for (uint32_t i = 0; i < vtable->parameter_count; i++) {
		ix_str candidate = ix_str_from(vtable->parameters[i].name);
		if (ix_str_equal(candidate, name)) {
			*ret_index = i;
			return 0;
		}
		size_t distance = ix_str_distance(candidate, name);
		if (distance < nearest) nearest = distance, guess = candidate;
	}
	/* A third of the letters may be wrong; what is further off is another word. */
	if (nearest <= 1 + guess.size / 3 && nearest < guess.size)
		return ix_fail(err, IX_ERR_NOT_FOUND, "%s has no parameter '%.*s'; did you mean '%.*s'?",
			vtable->name, IX_STR_ARG(ix_str_slice(name, 0, 64)), IX_STR_ARG(guess));
	return ix_fail(err, IX_ERR_NOT_FOUND, "%s has no parameter '%.*s'", vtable->name,
		IX_STR_ARG(ix_str_slice(name, 0, 64)));
}

int ix_strategy_parameter_check(
	const ix_strategy_vtable *vtable, uint32_t index, int64_t value, ix_error *err) {
	if (index >= vtable->parameter_count)
		return ix_fail(err, IX_ERR_NOT_FOUND, "%s has no parameter %u", vtable->name, index);
	const ix_strategy_parameter *p = &vtable->parameters[index];
	if (value >= p->minimum && value <= p->maximum) return 0;
	return ix_fail(err, IX_ERR_RANGE, "%s: %s is %lld, not %lld to %lld", vtable->name, p->name,
		(long long)value, (long long)p->minimum, (long long)p->maximum);
}

int ix_strategy_parameter_parse(const ix_strategy_vtable *vtable, ix_str text, uint32_t *ret_index,
	int64_t *ret_value, ix_error *err) {
	size_t at = ix_str_find(text, '=');
	if (at == text.size)
		return ix_fail(err, IX_ERR_SYNTAX, "'%.*s' is not name=value",
			IX_STR_ARG(ix_str_slice(text, 0, 64)));
	uint32_t index = 0;
	int64_t value = 0;
	int code = ix_strategy_parameter_find(vtable, ix_str_slice(text, 0, at), &index, err);
	if (code) return code;
	ix_str number = ix_str_slice(text, at + 1, text.size);
	if (!ix_str_to_i64(number, &value))
		return ix_fail(err, IX_ERR_SYNTAX, "%s: %s is '%.*s', not a whole number", vtable->name,
			vtable->parameters[index].name, IX_STR_ARG(ix_str_slice(number, 0, 64)));
	code = ix_strategy_parameter_check(vtable, index, value, err);
	if (code) return code;
	*ret_index = index;
	*ret_value = value;
	return 0;
}

void ix_strategy_parameter_fallbacks(
	const ix_strategy_vtable *vtable, int64_t ret_values[IX_STRATEGY_PARAMETER_MAX]) {
	for (uint32_t i = 0; i < IX_STRATEGY_PARAMETER_MAX; i++)
		ret_values[i] = i < vtable->parameter_count ? vtable->parameters[i].fallback : 0;
}
