/* The words of INOX_CPU. */
#include <inox/cpu.h>

int ix_cpu_cap_parse(ix_str text, ix_cpu_cap *ret_cap, ix_error *err) {
	static const struct {
		ix_str word;
		ix_cpu_cap cap;
	} words[] = {
		{{"", 0}, IX_CPU_CAP_NONE},
		{{"baseline", 8}, IX_CPU_CAP_BASELINE},
		{{"avx2", 4}, IX_CPU_CAP_AVX2},
		{{"avx512", 6}, IX_CPU_CAP_AVX512},
	};
	for (size_t i = 0; i < IX_COUNT(words); i++) {
		if (!ix_str_equal(text, words[i].word)) continue;
		*ret_cap = words[i].cap;
		return 0;
	}
	return ix_fail(err, IX_ERR_USAGE, "INOX_CPU is '%.*s': it can be baseline, avx2 or avx512",
		(int)ix_size_min(text.size, 64), text.data);
}
