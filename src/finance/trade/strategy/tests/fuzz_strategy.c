/* Fuzzes what a strategy's file and an operator's words go through before anything is believed: the ELF
 * headers, and "name=value". */
#include "elf.h"

#include <inox/strategy_load.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
	ix_error err = {0};
	int code = ix_strategy_elf_check((ix_bytes){data, size}, &err);
	IX_ASSERT(code == 0 || (err.code == code && err.text[0] != 0));
	for (size_t i = 0; i < IX_STRATEGY_BUILTIN_COUNT; i++) {
		const ix_strategy_vtable *v = ix_strategy_builtins[i];
		uint32_t index = IX_STRATEGY_PARAMETER_MAX;
		int64_t value;
		if (ix_strategy_parameter_parse(v, (ix_str){(const char *)data, size}, &index, &value, &err))
			continue;
		IX_ASSERT(index < v->parameter_count);
		IX_ASSERT(value >= v->parameters[index].minimum && value <= v->parameters[index].maximum);
	}
	return 0;
}
