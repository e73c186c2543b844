/* Is a strategy's table what <inox/strategy.h> says it is? Pure: plug-ins of any kind come through here. */
#include <inox/strategy_load.h>

/* Letters, digits and underscores, and what else `others` allows; not empty, not too long. */
static bool is_name(ix_str name, char others) {
	if (name.size == 0 || name.size > IX_STRATEGY_NAME_MAX) return false;
	for (size_t i = 0; i < name.size; i++) {
		char c = name.data[i];
		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == others))
			return false;
	}
	return true;
}

static int check_parameter(const ix_strategy_vtable *vtable, uint32_t index, ix_error *err) {
	const ix_strategy_parameter *p = &vtable->parameters[index];
	ix_str name = ix_str_from(p->name);
	if (!p->name) return ix_fail(err, IX_ERR_INVALID, "parameter %u has no name", index);
	if (!is_name(name, '_'))
		return ix_fail(err, IX_ERR_INVALID,
			"the name of parameter %u is not 1 to %d of a-z, 0-9 and _", index,
			IX_STRATEGY_NAME_MAX);
	for (uint32_t i = 0; i < index; i++) {
		if (ix_str_equal(ix_str_from(vtable->parameters[i].name), name))
			return ix_fail(err, IX_ERR_INVALID, "parameters %u and %u are both called '%s'", i,
				index, p->name);
	}
	if (!p->help) return ix_fail(err, IX_ERR_INVALID, "parameter '%s' has no help text", p->name);
	if (p->minimum > p->maximum)
		return ix_fail(err, IX_ERR_INVALID,
			"the minimum of parameter '%s', %lld, is over its maximum, %lld", p->name,
			(long long)p->minimum, (long long)p->maximum);
	if (p->fallback < p->minimum || p->fallback > p->maximum)
		return ix_fail(err, IX_ERR_INVALID,
			"the fallback of parameter '%s' is %lld, not %lld to %lld", p->name,
			(long long)p->fallback, (long long)p->minimum, (long long)p->maximum);
	return 0;
}

int ix_strategy_check(const ix_strategy_vtable *vtable, ix_error *err) {
	if (!vtable) return ix_fail(err, IX_ERR_INVALID, "there is no table");
	/* The version first: it says what the rest means. */
	if (vtable->abi != IX_STRATEGY_ABI)
		return ix_fail(err, IX_ERR_VERSION, "it is for version %u of strategy.h, this is version %d",
			vtable->abi, IX_STRATEGY_ABI);
	if (vtable->size < sizeof *vtable)
		return ix_fail(err, IX_ERR_INVALID, "its table has %u bytes, at least %zu are due",
			vtable->size, sizeof *vtable);
	if (!vtable->name || !is_name(ix_str_from(vtable->name), '-'))
		return ix_fail(err, IX_ERR_INVALID, "its name is not 1 to %d of a-z, 0-9, _ and -",
			IX_STRATEGY_NAME_MAX);
	if (!vtable->summary) return ix_fail(err, IX_ERR_INVALID, "it has no summary");
	if (!vtable->open) return ix_fail(err, IX_ERR_INVALID, "it has no function 'open'");
	if (!vtable->close) return ix_fail(err, IX_ERR_INVALID, "it has no function 'close'");
	if (vtable->parameter_count > IX_STRATEGY_PARAMETER_MAX)
		return ix_fail(err, IX_ERR_LIMIT, "it has %u parameters, more than %d",
			vtable->parameter_count, IX_STRATEGY_PARAMETER_MAX);
	if (vtable->parameter_count > 0 && !vtable->parameters)
		return ix_fail(err, IX_ERR_INVALID, "it has %u parameters and no table of them",
			vtable->parameter_count);
	for (uint32_t i = 0; i < vtable->parameter_count; i++) {
		int code = check_parameter(vtable, i, err);
		if (code) return code;
	}
	return 0;
}
