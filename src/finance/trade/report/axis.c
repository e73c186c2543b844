/* axis.c - where the round values of an axis lie and what they are called. Amounts and times step in
 * integers; only places are floating point. */
#include "page.h"

#include <inox/text.h>

enum { DECADE_COUNT = 20 };      /* of a uint64_t */
#define LOG_10 3.321928094887362 /* binary logarithm of ten, of five */
#define LOG_5  2.321928094887362

static const uint64_t ns_per_s = 1000000000;
static const unsigned leading[] = {1, 2, 5};
static const double leading_log[] = {0, 1, LOG_5};

static uint64_t power_of_ten(unsigned exponent) {
	IX_ASSERT(exponent < DECADE_COUNT);
	uint64_t power = 1;
	while (exponent-- > 0) power *= 10;
	return power;
}

/* After DejaVu Sans, the widest face that a reader is likely to have: of 12 points its digits are 7.64 wide,
 * its stops 3.81, its dashes up to 10.1, its M 10.4 and its m 11.7. */
double chart_label_width(const char *text) {
	double width = 0;
	ix_str rest = ix_str_from(text);
	while (rest.size > 0) {
		switch (ix_utf8_next(&rest)) {
		case ' ':
		case ',':
		case '.':
		case ':': width += 4.1; break;
		case 0x2212:
		case 0x2013:
		case 'M':
		case 'm': width += 11.7; break;
		default: width += 7.7;
		}
	}
	return width;
}

/* The whole part by the leading bit, the fraction by squaring: each square says one more bit. */
double axis_logarithm(uint64_t value) {
	unsigned top = 63U - (unsigned)__builtin_clzll(value | 1);
	double rest = (double)(value | (value == 0)) / (double)((uint64_t)1 << top), log = top;
	double bit = 1;
	for (int i = 0; i < 30; i++) {
		bit /= 2;
		rest *= rest;
		if (rest < 2) continue;
		rest /= 2;
		log += bit;
	}
	return log;
}

double axis_place_unsigned(uint64_t value, uint64_t low, uint64_t high) {
	if (value <= low) return 0;
	return value >= high ? 1 : (double)(value - low) / (double)(high - low);
}

double axis_place_signed(int64_t value, int64_t low, int64_t high) {
	/* With the sign bit turned, order and differences are those of unsigned numbers. */
	const uint64_t turn = (uint64_t)1 << 63;
	return axis_place_unsigned((uint64_t)value ^ turn, (uint64_t)low ^ turn, (uint64_t)high ^ turn);
}

static void add_tick(axis *a, double place, number label) {
	if (a->count < TICK_MAX) a->ticks[a->count++] = (tick){place, label};
}

/* ---- amounts ---- */

typedef struct amount_unit {
	unsigned exponent; /* of ten, in 1/10000 */
	const char *name;
} amount_unit;

static amount_unit unit_of(uint64_t largest_e4) {
	static const amount_unit units[] = {{16, "T"}, {13, "B"}, {10, "M"}};
	for (size_t i = 0; i < IX_COUNT(units); i++) {
		if (largest_e4 >= power_of_ten(units[i].exponent)) return units[i];
	}
	return largest_e4 >= power_of_ten(9) ? (amount_unit){7, "k"} : (amount_unit){4, ""};
}

static number amount_label(int64_t value, unsigned step_exponent, amount_unit unit) {
	uint64_t size = value < 0 ? 0 - (uint64_t)value : (uint64_t)value, one = power_of_ten(unit.exponent);
	unsigned decimals = unit.exponent > step_exponent ? unit.exponent - step_exponent : 0;
	uint64_t part = size % one / power_of_ten(unit.exponent - decimals);
	const char *minus = value < 0 ? "\xe2\x88\x92" : "";
	number whole = number_count(size / one);
	if (value == 0) return whole;
	if (decimals == 0) return number_format("%s%s%s", minus, whole.text, unit.name);
	return number_format(
		"%s%s.%0*llu%s", minus, whole.text, (int)decimals, (unsigned long long)part, unit.name);
}

void axis_money(axis *a, int64_t low_e4, int64_t high_e4, size_t wanted) {
	IX_ASSERT(low_e4 < high_e4 && wanted >= 2 && wanted < TICK_MAX);
	uint64_t least = ((uint64_t)high_e4 - (uint64_t)low_e4) / wanted, step = 1;
	unsigned exponent = 0;
	for (size_t i = 0; step < least; i++) {
		exponent = (unsigned)(i + 1) / 3;
		step = leading[(i + 1) % 3] * power_of_ten(exponent);
	}
	a->count = 0;
	uint64_t largest = low_e4 < 0 ? 0 - (uint64_t)low_e4 : 0;
	if (high_e4 > 0 && (uint64_t)high_e4 > largest) largest = (uint64_t)high_e4;
	amount_unit unit = unit_of(largest);
	int64_t at = 0;
	if (step <= INT64_MAX) {
		at = low_e4 / (int64_t)step * (int64_t)step;
		if (at < low_e4 && ix_add_overflow(at, (int64_t)step, &at)) return;
	}
	while (at >= low_e4 && at <= high_e4) {
		add_tick(a, axis_place_signed(at, low_e4, high_e4), amount_label(at, exponent, unit));
		if (step > INT64_MAX || ix_add_overflow(at, (int64_t)step, &at)) return;
	}
}

/* ---- times of day ---- */

/* The n-th round step of time in nanoseconds, from 1 ns to 200,000 days; 0 behind the last. */
static uint64_t time_step(size_t n) {
	static const uint32_t seconds[] = {
		1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200};
	if (n < 27) return leading[n % 3] * power_of_ten((unsigned)n / 3);
	n -= 27;
	if (n < IX_COUNT(seconds)) return seconds[n] * ns_per_s;
	n -= IX_COUNT(seconds);
	return n < 17 ? 86400 * ns_per_s * leading[n % 3] * power_of_ten((unsigned)n / 3) : 0;
}

static number time_label(uint64_t time_ns, uint64_t step_ns) {
	unsigned decimals = 0;
	for (uint64_t size = ns_per_s; size > 1 && step_ns % size != 0; size /= 10) decimals++;
	number n = number_time(time_ns, decimals);
	if (step_ns % (60 * ns_per_s) == 0) n.text[number_width(n.text) - 3] = '\0';
	return n;
}

void axis_time(axis *a, uint64_t low_ns, uint64_t high_ns, double width) {
	IX_ASSERT(low_ns < high_ns);
	a->count = 0;
	double range = (double)(high_ns - low_ns);
	uint64_t step = 1;
	for (size_t n = 0; time_step(n) > 0; n++) {
		step = time_step(n);
		double distance = (double)step / range * width;
		if (distance * (TICK_MAX - 2) >= width &&
			distance >= chart_label_width(time_label(high_ns, step).text) + 14)
			break;
	}
	uint64_t at = low_ns / step * step;
	if (at < low_ns && ix_add_overflow(at, step, &at)) return;
	while (at <= high_ns) {
		add_tick(a, axis_place_unsigned(at, low_ns, high_ns), time_label(at, step));
		if (ix_add_overflow(at, step, &at)) return;
	}
}

/* ---- logarithms ---- */

double axis_round_below(uint64_t value) {
	for (unsigned e = DECADE_COUNT; e-- > 0;) {
		for (size_t i = IX_COUNT(leading); i-- > 0;) {
			if (power_of_ten(e) <= value / leading[i]) return leading_log[i] + e * LOG_10;
		}
	}
	return 0;
}

double axis_round_above(uint64_t value) {
	for (unsigned e = 0; e < DECADE_COUNT; e++) {
		for (size_t i = 0; i < IX_COUNT(leading); i++) {
			uint64_t least = value / leading[i] + (value % leading[i] > 0);
			if (power_of_ten(e) >= least) return leading_log[i] + e * LOG_10;
		}
	}
	return leading_log[1] + (DECADE_COUNT - 1) * LOG_10;
}

static number duration_label(unsigned mantissa, unsigned exponent) {
	static const char *const names[] = {"ns", "µs", "ms", "s"};
	unsigned unit = exponent / 3 < 3 ? exponent / 3 : 3;
	number value = number_count(mantissa * power_of_ten(exponent - 3 * unit));
	return number_format("%s %s", value.text, names[unit]);
}

void axis_duration(axis *a, double low_log, double high_log, double width) {
	a->count = 0;
	double decade = width / (high_log - low_log) * LOG_10;
	unsigned last = (unsigned)(high_log / LOG_10), every = 1;
	double room =
		chart_label_width(duration_label(1, last < DECADE_COUNT ? last : DECADE_COUNT - 1).text) + 14;
	bool has_all = decade * 0.3 >= room;
	while (decade * every < room) every++;
	for (unsigned e = 0; e < DECADE_COUNT; e += every) {
		for (size_t i = 0; i < (has_all ? IX_COUNT(leading) : 1); i++) {
			double log = leading_log[i] + e * LOG_10;
			if (log < low_log - 1e-6 || log > high_log + 1e-6) continue;
			/* 20 billion seconds are beyond an integer of nanoseconds. */
			if (e == DECADE_COUNT - 1 && i > 0) continue;
			add_tick(a, (log - low_log) / (high_log - low_log), duration_label(leading[i], e));
		}
	}
}

void axis_count(axis *a, double low_log, double high_log, size_t wanted) {
	static const char *const names[] = {"", "k", "M", "B", "T"};
	a->count = 0;
	unsigned last = (unsigned)(high_log / LOG_10), every = 1 + last / (unsigned)wanted;
	for (unsigned e = 0; e <= last && e < DECADE_COUNT; e += every) {
		unsigned unit = e < 4 ? 0 : e / 3 < 4 ? e / 3 : 4;
		number label =
			number_format("%s%s", number_count(power_of_ten(e - 3 * unit)).text, names[unit]);
		add_tick(a, (e * LOG_10 - low_log) / (high_log - low_log), label);
	}
}
