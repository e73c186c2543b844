/* blake3_paths.h - for the tests, the suite and the benchmark of BLAKE3: the paths that this processor has.
 */
#ifndef INOX_BASE_TESTS_BLAKE3_PATHS_H
#define INOX_BASE_TESTS_BLAKE3_PATHS_H

#include <inox/blake3.h>
#include <inox/cpu_features.h>

static inline size_t blake3_path_count(void) {
	ix_cpu_features cpu = ix_cpu_features_detect();
	return (size_t)ix_blake3_path_for(&cpu) + 1; /* each path's processor has the ones before it */
}

/* What ix_blake3_choose is told so that it takes `path`. */
static inline ix_cpu_features blake3_features(ix_blake3_path path) {
	return (ix_cpu_features){
		.sse42 = path >= IX_BLAKE3_SSE41,
		.avx2 = path >= IX_BLAKE3_AVX2,
		.avx512 = path >= IX_BLAKE3_AVX512,
	};
}

#endif
