/* cpu_features.h - which vector instructions this processor has. Detection is a question that the program
 * asks once at its start; the answer, narrowed by INOX_CPU, goes to those who have a faster twin
 * (ix_blake3_choose, ix_crc32c_choose). No library asks by itself. */
#ifndef INOX_CPU_FEATURES_H
#define INOX_CPU_FEATURES_H

#include <inox/base.h>

/* Asks the processor and whether the operating system keeps the registers (cpuid, xgetbv); no state, any
 * thread. All false where it is not x86-64. */
IX_API ix_cpu_features ix_cpu_features_detect(void);

#endif
