/* The words of INOX_CPU. */
#include <inox/cpu.h>

int ix_cpu_cap(const char *text, ix_cpu_features *features, ix_error *err) {
	ix_str cap = ix_str_from(text);
	if (cap.size == 0 || ix_str_equal(cap, IX_STR("avx512"))) return 0;
	if (ix_str_equal(cap, IX_STR("avx2"))) {
		features->avx512 = false;
		return 0;
	}
	if (ix_str_equal(cap, IX_STR("baseline"))) {
		*features = (ix_cpu_features){0};
		return 0;
	}
	return ix_fail(err, IX_ERR_USAGE, "INOX_CPU is '%.*s': it can be baseline, avx2 or avx512",
		(int)ix_size_min(cap.size, 64), cap.data);
}
