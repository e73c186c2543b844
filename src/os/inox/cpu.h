/* cpu.h - the cap that INOX_CPU puts on which instructions are used. The program reads the variable once and
 * hands the features down; detection and the struct are base's (cpu_features.h). */
#ifndef INOX_CPU_H
#define INOX_CPU_H

#include <inox/base.h>

typedef enum ix_cpu_cap {
	IX_CPU_CAP_NONE,     /* all that the machine has */
	IX_CPU_CAP_BASELINE, /* x86-64's first instructions only */
	IX_CPU_CAP_AVX2,     /* up to AVX2 */
	IX_CPU_CAP_AVX512,   /* all, AVX-512 among it */
} ix_cpu_cap;

/* "baseline", "avx2", "avx512"; empty is none. Others: IX_ERR_USAGE. */
IX_API int ix_cpu_cap_parse(ix_str text, ix_cpu_cap *ret_cap, ix_error *err);

#endif
