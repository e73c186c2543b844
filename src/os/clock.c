/* Clocks, sleeping, and the cycle counter's rate. */
#include <inox/clock.h>

#include <errno.h>
#include <pthread.h>
#include <time.h>

#if defined(__x86_64__)
#include <cpuid.h>
#endif

static int64_t read_clock(clockid_t id) {
	struct timespec now;
	clock_gettime(id, &now);
	return (int64_t)now.tv_sec * IX_NS_PER_SECOND + now.tv_nsec;
}

static int64_t real_now(void *context) {
	(void)context;
	return read_clock(CLOCK_REALTIME);
}

static int64_t monotonic_now(void *context) {
	(void)context;
	return read_clock(CLOCK_MONOTONIC);
}

const ix_clock *ix_clock_real(void) {
	static const ix_clock clock = {.now_ns = real_now};
	return &clock;
}

const ix_clock *ix_clock_monotonic(void) {
	static const ix_clock clock = {.now_ns = monotonic_now};
	return &clock;
}

/* ---- simulated ---- */

static int64_t virtual_now(void *context) {
	ix_clock_virtual *clock = context;
	return atomic_load_explicit(&clock->now_ns, memory_order_relaxed);
}

void ix_clock_virtual_init(ix_clock_virtual *clock, int64_t start_ns) {
	clock->clock = (ix_clock){.now_ns = virtual_now, .context = clock};
	atomic_init(&clock->now_ns, start_ns);
}

void ix_clock_virtual_set(ix_clock_virtual *clock, int64_t now_ns) {
	atomic_store_explicit(&clock->now_ns, now_ns, memory_order_relaxed);
}

void ix_clock_virtual_advance(ix_clock_virtual *clock, int64_t by_ns) {
	atomic_fetch_add_explicit(&clock->now_ns, by_ns, memory_order_relaxed);
}

/* ---- sleeping ---- */

static void sleep_absolute(clockid_t id, int64_t deadline_ns) {
	if (deadline_ns < 0) return;
	struct timespec until = {
		.tv_sec = deadline_ns / IX_NS_PER_SECOND, .tv_nsec = deadline_ns % IX_NS_PER_SECOND};
	while (clock_nanosleep(id, TIMER_ABSTIME, &until, NULL) == EINTR) {}
}

void ix_clock_sleep_until(const ix_clock *clock, int64_t deadline_ns) {
	if (clock->now_ns == real_now) {
		sleep_absolute(CLOCK_REALTIME, deadline_ns);
	} else if (clock->now_ns == monotonic_now) {
		sleep_absolute(CLOCK_MONOTONIC, deadline_ns);
	} else if (clock->now_ns == virtual_now) {
		ix_clock_virtual *simulated = clock->context;
		if (virtual_now(simulated) < deadline_ns) ix_clock_virtual_set(simulated, deadline_ns);
	} else {
		while (ix_clock_now(clock) < deadline_ns)
			sleep_absolute(CLOCK_MONOTONIC, read_clock(CLOCK_MONOTONIC) + IX_NS_PER_MS);
	}
}

/* ---- cycles ---- */

static double per_ns = 1.0;
static pthread_once_t calibrated = PTHREAD_ONCE_INIT;

/* The two counters are read around each other, and the tightest of a few tries is taken, so that an interrupt
 * between the two reads does not end up in the rate. */
static void read_both(uint64_t *ret_cycles, int64_t *ret_ns) {
	uint64_t best = UINT64_MAX;
	for (int i = 0; i < 16; i++) {
		uint64_t before = ix_cycles_ordered();
		int64_t now = read_clock(CLOCK_MONOTONIC);
		uint64_t after = ix_cycles_ordered();
		if (after - before >= best) continue;
		best = after - before;
		*ret_cycles = before + best / 2;
		*ret_ns = now;
	}
}

static void calibrate(void) {
	uint64_t cycles_start = 0, cycles_end = 0;
	int64_t start = 0, end = 0;
	read_both(&cycles_start, &start);
	sleep_absolute(CLOCK_MONOTONIC, start + 20 * IX_NS_PER_MS);
	read_both(&cycles_end, &end);
	if (end > start && cycles_end > cycles_start)
		per_ns = (double)(cycles_end - cycles_start) / (double)(end - start);
}

double ix_cycles_per_ns(void) {
	pthread_once(&calibrated, calibrate);
	return per_ns;
}

int64_t ix_cycles_to_ns(uint64_t cycles) { return (int64_t)((double)cycles / ix_cycles_per_ns()); }

bool ix_cycles_are_steady(void) {
#if defined(__x86_64__)
	unsigned a = 0, b = 0, c = 0, d = 0;
	return __get_cpuid(0x80000007, &a, &b, &c, &d) && (d & (1u << 8));
#else
	return true; /* ix_cycles() is the clock there */
#endif
}
