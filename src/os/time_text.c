/* Times as RFC 3339 text. Days are counted in the proleptic Gregorian calendar, in eras of 400 years that
 * start on a first of March, so that the leap day is the last of its year. */
#include <inox/clock.h>

enum { DAYS_AN_ERA = 146097, EPOCH_DAY = 719468 /* from 0000-03-01 to 1970-01-01 */ };

typedef struct civil {
	int64_t year;
	int month, day;
} civil;

static int64_t floor_divide(int64_t a, int64_t b) { return a / b - (a % b < 0); }

static civil civil_from_days(int64_t days) {
	days += EPOCH_DAY;
	int64_t era = floor_divide(days, DAYS_AN_ERA);
	int64_t in_era = days - era * DAYS_AN_ERA;
	/* Take the leap days out: one in 1460 days, not one in 36524, one again in 146096. */
	int64_t year = (in_era - in_era / 1460 + in_era / 36524 - in_era / 146096) / 365;
	int64_t in_year = in_era - (365 * year + year / 4 - year / 100);
	int64_t shifted = (5 * in_year + 2) / 153; /* March is 0; five months of 153 days repeat */
	civil date = {.day = (int)(in_year - (153 * shifted + 2) / 5 + 1),
		.month = (int)(shifted < 10 ? shifted + 3 : shifted - 9)};
	date.year = year + era * 400 + (date.month <= 2);
	return date;
}

static int64_t days_from_civil(civil date) {
	int64_t year = date.year - (date.month <= 2);
	int64_t era = floor_divide(year, 400);
	int64_t in_era = year - era * 400;
	int64_t shifted = date.month > 2 ? date.month - 3 : date.month + 9;
	int64_t in_year = (153 * shifted + 2) / 5 + date.day - 1;
	return era * DAYS_AN_ERA + in_era * 365 + in_era / 4 - in_era / 100 + in_year - EPOCH_DAY;
}

size_t ix_time_format(int64_t ns, int digits, char ret_text[IX_TIME_TEXT_MAX]) {
	int64_t seconds = floor_divide(ns, IX_NS_PER_SECOND);
	int64_t fraction = ns - seconds * IX_NS_PER_SECOND;
	int64_t days = floor_divide(seconds, 86400);
	int in_day = (int)(seconds - days * 86400);
	civil date = civil_from_days(days);
	size_t length = ix_format(ret_text, IX_TIME_TEXT_MAX, "%04d-%02d-%02dT%02d:%02d:%02d", (int)date.year,
		date.month, date.day, in_day / 3600, in_day / 60 % 60, in_day % 60);
	int shown = digits < 0 ? 0 : digits > 9 ? 9 : digits;
	if (shown) ret_text[length++] = '.';
	int64_t scale = 100000000;
	for (int i = 0; i < shown; i++, scale /= 10) ret_text[length++] = (char)('0' + fraction / scale % 10);
	ret_text[length++] = 'Z';
	ret_text[length] = '\0';
	return length;
}

/* ---- parsing ---- */

typedef struct cursor {
	ix_str text;
	size_t at;
	bool failed;
} cursor;

static char peek(const cursor *c) { return c->at < c->text.size ? c->text.data[c->at] : '\0'; }
static bool is_digit(char byte) { return byte >= '0' && byte <= '9'; }

static int take_number(cursor *c, int digits) {
	int value = 0;
	for (int i = 0; i < digits; i++) {
		char byte = peek(c);
		if (!is_digit(byte)) c->failed = true;
		if (c->failed) return 0;
		value = value * 10 + (byte - '0');
		c->at++;
	}
	return value;
}

static void take_one_of(cursor *c, const char *bytes) {
	char byte = peek(c);
	for (; *bytes && *bytes != byte; bytes++) {}
	if (*bytes && byte)
		c->at++;
	else
		c->failed = true;
}

static int64_t take_fraction(cursor *c) {
	if (peek(c) != '.') return 0;
	c->at++;
	if (!is_digit(peek(c))) c->failed = true;
	int64_t value = 0, scale = 100000000;
	for (; is_digit(peek(c)); c->at++, scale /= 10) value += (peek(c) - '0') * scale;
	return value;
}

/* Seconds east of UTC. */
static int take_offset(cursor *c, bool *ret_in_range) {
	char sign = peek(c);
	*ret_in_range = true;
	take_one_of(c, "Zz+-");
	if (c->failed || sign == 'Z' || sign == 'z') return 0;
	int hours = take_number(c, 2);
	take_one_of(c, ":");
	int minutes = take_number(c, 2);
	*ret_in_range = hours <= 23 && minutes <= 59;
	return (hours * 60 + minutes) * (sign == '-' ? -60 : 60);
}

static int days_in_month(int64_t year, int month) {
	static const int8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
	return days[month - 1] + (month == 2 && leap);
}

static int invalid(ix_str text, const char *what, ix_error *err) {
	return ix_fail(
		err, IX_ERR_INVALID, "time '%.*s': %s", (int)ix_size_min(text.size, 64), text.data, what);
}

int ix_time_parse(ix_str text, int64_t *ret_ns, ix_error *err) {
	cursor c = {.text = text};
	civil date = {.year = take_number(&c, 4)};
	take_one_of(&c, "-");
	date.month = take_number(&c, 2);
	take_one_of(&c, "-");
	date.day = take_number(&c, 2);
	take_one_of(&c, "Tt ");
	int hour = take_number(&c, 2);
	take_one_of(&c, ":");
	int minute = take_number(&c, 2);
	take_one_of(&c, ":");
	int second = take_number(&c, 2);
	int64_t fraction = take_fraction(&c);
	bool offset_in_range;
	int offset = take_offset(&c, &offset_in_range);
	if (c.failed || c.at != text.size)
		return ix_fail(err, IX_ERR_SYNTAX,
			"time '%.*s': not like 2026-01-31T23:59:59.5Z (at byte %zu)",
			(int)ix_size_min(text.size, 64), text.data, c.at + 1);
	if (date.month < 1 || date.month > 12) return invalid(text, "no such month", err);
	if (date.day < 1 || date.day > days_in_month(date.year, date.month))
		return invalid(text, "no such day in that month", err);
	if (hour > 23 || minute > 59 || second > 60) return invalid(text, "no such time of day", err);
	if (!offset_in_range) return invalid(text, "no such offset", err);
	int64_t seconds = days_from_civil(date) * 86400 + hour * 3600 + minute * 60 + second - offset;
	if (second == 60 && floor_divide(seconds, 86400) * 86400 != seconds)
		return invalid(text, "a leap second is 23:59:60 UTC", err);
	/* Wider, because the first instant is a whole second that does not fit plus a fraction that makes it.
	 */
	__extension__ typedef __int128 wide;
	wide ns = (wide)seconds * IX_NS_PER_SECOND + fraction;
	if (ns < INT64_MIN || ns > INT64_MAX)
		return ix_fail(err, IX_ERR_RANGE, "time '%.*s': outside 1677-09-21 to 2262-04-11",
			(int)ix_size_min(text.size, 64), text.data);
	*ret_ns = (int64_t)ns;
	return 0;
}
