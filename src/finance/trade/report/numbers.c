/* numbers.c - numbers as a desk reads them. Amounts are exact; what is rounded says so by its three digits.
 */
#include "page.h"

#define MINUS "\xe2\x88\x92" /* U+2212 */
#define DASH  "\xe2\x80\x93" /* U+2013 */

number number_format(const char *format, ...) {
	number n = {""};
	va_list arguments;
	va_start(arguments, format);
	size_t size = ix_format_list(n.text, sizeof n.text, format, arguments);
	va_end(arguments);
	IX_ASSERT(size < sizeof n.text);
	return n;
}

number number_count(uint64_t value) {
	char digits[24], grouped[32];
	size_t count = ix_format(digits, sizeof digits, "%llu", (unsigned long long)value), out = 0;
	for (size_t i = 0; i < count; i++) {
		if (i > 0 && (count - i) % 3 == 0) grouped[out++] = ',';
		grouped[out++] = digits[i];
	}
	grouped[out] = '\0';
	return number_format("%s", grouped);
}

static uint64_t magnitude(int64_t value) { return value < 0 ? 0 - (uint64_t)value : (uint64_t)value; }

number number_signed(int64_t value) {
	return number_format("%s%s", value < 0 ? MINUS : "", number_count(magnitude(value)).text);
}

static number money(const char *sign, uint64_t value_e4, bool is_fine) {
	number whole = number_count(value_e4 / 10000);
	unsigned part = (unsigned)(value_e4 % 10000);
	if (is_fine || part % 100 != 0) return number_format("%s%s.%04u", sign, whole.text, part);
	return number_format("%s%s.%02u", sign, whole.text, part / 100);
}

number number_money(int64_t value_e4, bool is_fine) {
	return money(value_e4 < 0 ? MINUS : "", magnitude(value_e4), is_fine);
}

number number_money_unsigned(uint64_t value_e4, bool is_fine) { return money("", value_e4, is_fine); }

/* Three significant digits of value / unit, where 1 <= value / unit < 1000 but for the last unit. */
static number three_digits(uint64_t value, uint64_t unit, const char *name) {
	uint64_t whole = value / unit, rest = value % unit;
	if (unit == 1 || whole >= 100)
		return number_format(
			"%s%s", number_count(whole + (unit > 1 && rest >= unit - unit / 2)).text, name);
	unsigned decimals = whole >= 10 ? 1 : 2;
	uint64_t steps = decimals == 1 ? 10 : 100, step = unit / steps;
	uint64_t scaled = whole * steps + (rest + step / 2) / step;
	return number_format("%llu.%0*llu%s", (unsigned long long)(scaled / steps), (int)decimals,
		(unsigned long long)(scaled % steps), name);
}

number number_duration(uint64_t value_ns) {
	static const struct {
		uint64_t unit;
		const char *name;
	} units[] = {{1, " ns"}, {1000, " µs"}, {1000000, " ms"}, {1000000000, " s"}};
	size_t i = 0;
	while (i + 1 < IX_COUNT(units) && value_ns >= units[i + 1].unit) i++;
	return three_digits(value_ns, units[i].unit, units[i].name);
}

static uint64_t to_integer(double value) {
	if (!(value > 0)) return 0;
	return value >= 18446744073709549568.0 ? UINT64_MAX : (uint64_t)value;
}

number number_large(double value) {
	static const struct {
		uint64_t unit;
		const char *name;
	} units[] = {{1, ""}, {1000000, " million"}, {1000000000, " billion"}, {1000000000000, " trillion"}};
	uint64_t whole = to_integer(value + 0.5);
	size_t i = 0;
	while (i + 1 < IX_COUNT(units) && whole >= units[i + 1].unit) i++;
	return three_digits(whole, units[i].unit, units[i].name);
}

number number_tenths(double value) {
	if (value >= 1e15) return number_count(to_integer(value));
	uint64_t tenths = to_integer(value * 10 + 0.5);
	return number_format("%s.%u", number_count(tenths / 10).text, (unsigned)(tenths % 10));
}

number number_percent(uint64_t part, uint64_t whole) {
	if (whole == 0) return number_format(DASH);
	return number_format("%s %%", number_tenths((double)part / (double)whole * 100).text);
}

number number_bytes(uint64_t value) {
	static const char *const names[] = {" bytes", " KiB", " MiB", " GiB", " TiB", " PiB", " EiB"};
	size_t i = 0;
	while (i + 1 < IX_COUNT(names) && value >> (10 * (i + 1)) > 0) i++;
	if (i == 0)
		return number_format("%llu%s", (unsigned long long)value, value == 1 ? " byte" : names[0]);
	return number_format(
		"%s%s", number_tenths((double)value / (double)((uint64_t)1 << (10 * i))).text, names[i]);
}

number number_time(uint64_t time_ns, unsigned decimals) {
	uint64_t seconds = time_ns / 1000000000, part = time_ns % 1000000000;
	IX_ASSERT(decimals <= 9);
	number n = number_format("%02llu:%02u:%02u", (unsigned long long)(seconds / 3600),
		(unsigned)(seconds / 60 % 60), (unsigned)(seconds % 60));
	if (decimals == 0) return n;
	for (unsigned i = decimals; i < 9; i++) part /= 10;
	return number_format("%s.%0*llu", n.text, (int)decimals, (unsigned long long)part);
}

size_t number_width(const char *text) {
	size_t count = 0;
	for (; *text; text++) count += ((unsigned char)*text & 0xc0) != 0x80;
	return count;
}
