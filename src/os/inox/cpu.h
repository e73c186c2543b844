/* cpu.h - the cap that INOX_CPU puts on which instructions are used. A program asks once, at its start, and
 * hands the features down:
 *
 *     ix_cpu_features cpu = ix_cpu_features_detect();
 *     int code = ix_cpu_cap(getenv("INOX_CPU"), &cpu, &err); */
#ifndef INOX_CPU_H
#define INOX_CPU_H

#include <inox/cpu_features.h>

/* Takes from `features` what the text forbids: "baseline" everything, "avx2" AVX-512, "avx512" nothing; a
 * NULL or empty text nothing. It never adds what the machine lacks. Others: IX_ERR_USAGE, and nothing is
 * changed. */
IX_API int ix_cpu_cap(const char *text, ix_cpu_features *features, ix_error *err);

#endif
