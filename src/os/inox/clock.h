/* clock.h - clocks to hand to the rooms below (base.h's ix_clock): real, monotonic, and a virtual one that
 * only moves when it is told to; a cycle counter for nanosecond measurements; sleeping; times as RFC 3339
 * text. */
#ifndef INOX_CLOCK_H
#define INOX_CLOCK_H

#include <inox/base.h>

#include <stdatomic.h>

#define IX_NS_PER_US     INT64_C(1000)
#define IX_NS_PER_MS     INT64_C(1000000)
#define IX_NS_PER_SECOND INT64_C(1000000000)

IX_API const ix_clock *ix_clock_real(void);      /* since 1970-01-01T00:00:00Z; may jump */
IX_API const ix_clock *ix_clock_monotonic(void); /* since boot, never back */

/* Simulated time. Read from any thread; set it by one. */
typedef struct ix_clock_virtual {
	ix_clock clock; /* hand out &v.clock */
	_Atomic int64_t now_ns;
} ix_clock_virtual;

IX_API void ix_clock_virtual_init(ix_clock_virtual *clock, int64_t start_ns);
IX_API void ix_clock_virtual_set(ix_clock_virtual *clock, int64_t now_ns); /* a jump, either way */
IX_API void ix_clock_virtual_advance(ix_clock_virtual *clock, int64_t by_ns);

/* Returns once `clock` has reached the time: sleeps on the real and monotonic ones (woken signals go back to
 * sleep), moves a virtual one there. Any other clock is polled. */
IX_API void ix_clock_sleep_until(const ix_clock *clock, int64_t deadline_ns);

/* ---- cycles: for differences of nanoseconds on one core, about 10 ns a call ---- */

static inline uint64_t ix_cycles(void) {
#if defined(__x86_64__)
	return __builtin_ia32_rdtsc();
#else
	return (uint64_t)ix_clock_now(ix_clock_monotonic());
#endif
}
/* Waits for all earlier instructions first: for the start and the end of a measured piece. */
static inline uint64_t ix_cycles_ordered(void) {
#if defined(__x86_64__)
	__builtin_ia32_lfence();
	uint64_t now = __builtin_ia32_rdtsc();
	__builtin_ia32_lfence();
	return now;
#else
	return ix_cycles();
#endif
}
/* Measured against the monotonic clock, once (some 20 ms at the first call). */
IX_API double ix_cycles_per_ns(void);
IX_API int64_t ix_cycles_to_ns(uint64_t cycles);
/* True when the counter runs at one rate in all power states (invariant TSC); else measure with the clock. */
IX_API bool ix_cycles_are_steady(void);

/* ---- text: RFC 3339, always UTC out ---- */

enum { IX_TIME_TEXT_MAX = 40 };

/* "2026-01-31T23:59:59.000000001Z", with 0, 3, 6 or 9 digits of fraction (cut, not rounded); returns its
 * length. */
IX_API size_t ix_time_format(int64_t ns, int digits, char ret_text[IX_TIME_TEXT_MAX]);
/* Also lower case, a space for the T, an offset for the Z, and 1 to 9 digits (more are cut). 23:59:60 UTC is
 * the second after it. Errors: IX_ERR_SYNTAX, IX_ERR_INVALID (no such day), IX_ERR_RANGE (outside 1677-09-21
 * to 2262-04-11). */
IX_API int ix_time_parse(ix_str text, int64_t *ret_ns, ix_error *err);

#endif
