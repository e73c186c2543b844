/* cpu_features.c - cpuid and xgetbv. */
#include <inox/cpu_features.h>

#if defined __x86_64__
#include <cpuid.h>

static bool bit(unsigned word, unsigned index) { return (word >> index) & 1; }

/* XCR0: the registers that the operating system saves. */
static unsigned kept_registers(void) {
	unsigned low, high;
	__asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
	return low;
}

ix_cpu_features ix_cpu_features_detect(void) {
	ix_cpu_features f = {0};
	unsigned a, b, c, d;
	if (!__get_cpuid(1, &a, &b, &c, &d)) return f;
	f.sse42 = bit(c, 20) && bit(c, 19) && bit(c, 9); /* with SSE4.1 and SSSE3 */
	f.pclmul = bit(c, 1);
	bool has_xgetbv = bit(c, 27), avx = bit(c, 28);
	unsigned kept = has_xgetbv ? kept_registers() : 0;
	if (!__get_cpuid_count(7, 0, &a, &b, &c, &d)) return f;
	f.bmi2 = bit(b, 8) && bit(b, 3);
	f.sha_ni = f.sse42 && bit(b, 29);
	f.avx2 = avx && bit(b, 5) && (kept & 0x06) == 0x06;                          /* xmm, ymm */
	f.avx512 = f.avx2 && bit(b, 16) && bit(b, 30) && bit(b, 17) && bit(b, 31) && /* F, BW, DQ, VL */
		   (kept & 0xe6) == 0xe6;                                            /* and masks, zmm */
	return f;
}

#else
ix_cpu_features ix_cpu_features_detect(void) { return (ix_cpu_features){0}; }
#endif
