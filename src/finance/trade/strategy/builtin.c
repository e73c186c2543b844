/* The list of the built-in strategies. Each is a file of its own and an ordinary user of <inox/strategy.h>.
 */
#include <inox/strategy_load.h>

const ix_strategy_vtable *const ix_strategy_builtins[IX_STRATEGY_BUILTIN_COUNT] = {
	&ix_strategy_maker,
	&ix_strategy_ofi,
};

const ix_strategy_vtable *ix_strategy_find_builtin(ix_str name) {
	for (size_t i = 0; i < IX_STRATEGY_BUILTIN_COUNT; i++) {
		if (ix_str_equal(ix_str_from(ix_strategy_builtins[i]->name), name))
			return ix_strategy_builtins[i];
	}
	return NULL;
}
