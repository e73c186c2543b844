/* amount.c - amounts as people read them: digits in groups, bytes in binary units, times in decimal ones. */
#include <inox/table.h>

size_t ix_amount_count(uint64_t value, char ret_text[IX_AMOUNT_TEXT_MAX]) {
	char backwards[IX_AMOUNT_TEXT_MAX];
	size_t size = 0, length = 0;
	for (unsigned digits = 0; value || !digits; value /= 10, digits++) {
		if (digits && digits % 3 == 0) backwards[size++] = ',';
		backwards[size++] = (char)('0' + value % 10);
	}
	while (size) ret_text[length++] = backwards[--size];
	ret_text[length] = '\0';
	return length;
}

size_t ix_amount_size(uint64_t bytes, char ret_text[IX_AMOUNT_TEXT_MAX]) {
	static const char *const units[] = {"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
	if (bytes < 1024) return ix_format(ret_text, IX_AMOUNT_TEXT_MAX, "%llu B", (unsigned long long)bytes);
	/* In tenths, rounded to the nearest; 1023.95 KiB is 1.0 MiB. */
	for (unsigned unit = 0;; unit++) {
		unsigned shift = 10 * (unit + 1);
		uint64_t whole = bytes >> shift, rest = bytes & ((UINT64_C(1) << shift) - 1);
		uint64_t tenths = whole * 10 + (((rest >> (shift - 10)) * 10 + 512) >> 10);
		if (tenths < 10240 || unit + 1 == IX_COUNT(units))
			return ix_format(ret_text, IX_AMOUNT_TEXT_MAX, "%llu.%u %s",
				(unsigned long long)(tenths / 10), (unsigned)(tenths % 10), units[unit]);
	}
}

static size_t format_long(uint64_t seconds, const char *sign, char *out) {
	unsigned long long hours = seconds / 3600;
	unsigned minutes = (unsigned)(seconds / 60 % 60), rest = (unsigned)(seconds % 60);
	if (hours) return ix_format(out, IX_AMOUNT_TEXT_MAX, "%s%lluh%02um%02us", sign, hours, minutes, rest);
	return ix_format(out, IX_AMOUNT_TEXT_MAX, "%s%um%02us", sign, minutes, rest);
}

size_t ix_amount_duration(int64_t ns, char ret_text[IX_AMOUNT_TEXT_MAX]) {
	static const char *const units[] = {"us", "ms", "s"};
	const char *sign = ns < 0 ? "-" : "";
	uint64_t magnitude = ns < 0 ? 0 - (uint64_t)ns : (uint64_t)ns;
	if (magnitude < 1000)
		return ix_format(ret_text, IX_AMOUNT_TEXT_MAX, "%s%u ns", sign, (unsigned)magnitude);
	if (magnitude >= UINT64_C(59999500000))
		return format_long((magnitude + 500000000) / 1000000000, sign, ret_text);
	uint64_t step = 1; /* a thousandth of the unit */
	unsigned unit = 0;
	while (unit + 1 < IX_COUNT(units) && (magnitude + step / 2) / step >= 1000000) step *= 1000, unit++;
	uint64_t thousandths = (magnitude + step / 2) / step;
	return ix_format(ret_text, IX_AMOUNT_TEXT_MAX, "%s%llu.%03u %s", sign,
		(unsigned long long)(thousandths / 1000), (unsigned)(thousandths % 1000), units[unit]);
}
