/* values.c - the values of options: whole numbers, sizes, durations and choices, each with a sentence that
 * says what is wrong and what would be right. */
#include "internal.h"

__extension__ typedef unsigned __int128 wide;

typedef struct unit {
	const char *name;
	uint64_t factor;
} unit;

static const unit size_units[] = {{"t", UINT64_C(1) << 40}, {"g", UINT64_C(1) << 30},
	{"m", UINT64_C(1) << 20}, {"k", UINT64_C(1) << 10}, {"", 1}, {0}};
static const unit duration_units[] = {{"d", UINT64_C(86400000000000)}, {"h", UINT64_C(3600000000000)},
	{"m", UINT64_C(60000000000)}, {"s", UINT64_C(1000000000)}, {"ms", 1000000}, {"us", 1000}, {"ns", 1},
	{0}};

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

/* Digits, then possibly a point and at most nine digits: 1.5 is whole 1, fraction 5, scale 10. */
static bool cut_number(ix_str *rest, uint64_t *ret_whole, uint64_t *ret_fraction, uint64_t *ret_scale) {
	size_t end = 0;
	while (end < rest->size && is_digit(rest->data[end])) end++;
	if (!ix_str_to_u64(ix_str_slice(*rest, 0, end), ret_whole)) return false;
	*ret_fraction = 0, *ret_scale = 1;
	if (end < rest->size && rest->data[end] == '.') {
		size_t start = ++end;
		for (; end < rest->size && is_digit(rest->data[end]); end++) {
			if (end - start == 9) return false;
			*ret_fraction = *ret_fraction * 10 + (uint64_t)(rest->data[end] - '0');
			*ret_scale *= 10;
		}
		if (end == start) return false;
	}
	*rest = ix_str_slice(*rest, end, rest->size);
	return true;
}

/* The unit's letters; in sizes either case. */
static const unit *cut_unit(const unit *units, ix_str *rest) {
	size_t end = 0;
	while (end < rest->size && !is_digit(rest->data[end]) && rest->data[end] != '.') end++;
	char letter = end == 1 ? rest->data[0] : 0;
	char lower = letter >= 'A' && letter <= 'Z' && units == size_units ? (char)(letter + 32) : letter;
	ix_str name = end == 1 ? (ix_str){&lower, 1} : ix_str_slice(*rest, 0, end);
	for (; units->name; units++) {
		if (!ix_str_equal(ix_str_from(units->name), name)) continue;
		*rest = ix_str_slice(*rest, end, rest->size);
		return units;
	}
	return NULL;
}

/* A number with its unit, or several from the largest unit to the smallest: "1h30m". IX_ERR_SYNTAX when it is
 * none, IX_ERR_RANGE when it does not fit. */
static int read_amount(const unit *units, ix_str text, int64_t *ret_value) {
	wide sum = 0;
	uint64_t before = UINT64_MAX;
	ix_str rest = text;
	do {
		uint64_t whole, fraction, scale;
		if (!cut_number(&rest, &whole, &fraction, &scale)) return IX_ERR_SYNTAX;
		const unit *found = cut_unit(units, &rest);
		if (!found || found->factor >= before) return IX_ERR_SYNTAX;
		before = found->factor;
		wide part = (wide)fraction * found->factor;
		if (part % scale) return IX_ERR_SYNTAX; /* half a byte */
		sum += (wide)whole * found->factor + part / scale;
		if (sum > INT64_MAX) return IX_ERR_RANGE;
	} while (rest.size);
	*ret_value = (int64_t)sum;
	return 0;
}

static int read_integer(ix_str text, int64_t *ret_value) {
	if (text.size > 1 && text.data[0] == '+') text = ix_str_slice(text, 1, text.size);
	if (ix_str_to_i64(text, ret_value)) return 0;
	size_t digits = text.size && text.data[0] == '-' ? 1 : 0;
	if (digits == text.size) return IX_ERR_SYNTAX;
	for (size_t i = digits; i < text.size; i++)
		if (!is_digit(text.data[i])) return IX_ERR_SYNTAX;
	return IX_ERR_RANGE;
}

size_t ix_command_number_text(ix_option_kind kind, int64_t number, char *out, size_t capacity) {
	const unit *units = kind == IX_OPTION_SIZE       ? size_units
			    : kind == IX_OPTION_DURATION ? duration_units
							 : NULL;
	if (!units || number == 0) return ix_format(out, capacity, "%lld", (long long)number);
	while (number % (int64_t)units->factor) units++;
	return ix_format(out, capacity, "%lld%s", (long long)(number / (int64_t)units->factor), units->name);
}

static int64_t lowest(ix_option_kind kind) { return kind == IX_OPTION_INTEGER ? INT64_MIN : 0; }

size_t ix_command_range_text(const ix_option *option, char *out, size_t capacity) {
	char from[32], to[32];
	ix_command_number_text(option->kind, option->minimum, from, sizeof from);
	ix_command_number_text(option->kind, option->maximum, to, sizeof to);
	bool bounded = option->minimum || option->maximum;
	bool has_from = bounded && option->minimum > lowest(option->kind);
	bool has_to = bounded && option->maximum < INT64_MAX;
	if (has_from && has_to) return ix_format(out, capacity, "%s to %s", from, to);
	if (has_from) return ix_format(out, capacity, "at least %s", from);
	if (has_to) return ix_format(out, capacity, "at most %s", to);
	return ix_format(out, capacity, "%s", "");
}

size_t ix_command_choices_text(const char *choices, const char *last, char *out, size_t capacity) {
	size_t used = 0;
	ix_str choice, next;
	*out = '\0';
	for (size_t i = 0; ix_command_choice_at(choices, i, &choice) && used < capacity; i++) {
		bool ends = !ix_command_choice_at(choices, i + 1, &next);
		used += ix_format(out + used, capacity - used, "%s%.*s",
			i == 0 ? ""
			: ends ? last
			       : ", ",
			IX_STR_ARG(choice));
	}
	return ix_size_min(used, capacity - 1);
}

static int read_choice(const char *choices, const char *text, int64_t *ret_number, ix_error *err) {
	ix_str choice, word = ix_str_from(text);
	ix_command_guess guess = ix_command_guess_of(text);
	for (size_t i = 0; ix_command_choice_at(choices, i, &choice); i++) {
		if (ix_str_equal(choice, word)) {
			*ret_number = (int64_t)i;
			return 0;
		}
		ix_command_guess_try(&guess, choice);
	}
	char list[256];
	ix_command_choices_text(choices, ", ", list, sizeof list);
	if (guess.best.size)
		return ix_fail(err, IX_ERR_USAGE, "'%.*s' is not one of %s; did you mean '%.*s'?",
			IX_STR_ARG(ix_command_shown(text)), list, IX_STR_ARG(guess.best));
	return ix_fail(
		err, IX_ERR_USAGE, "'%.*s' is not one of %s", IX_STR_ARG(ix_command_shown(text)), list);
}

/* Numbers of all kinds: read, then the range. */
static int read_number(const ix_option *option, const char *text, int64_t *ret_number, ix_error *err) {
	ix_str word = ix_str_from(text), shown = ix_command_shown(text);
	int64_t number = 0;
	int code;
	const char *what;
	if (option->kind == IX_OPTION_SIZE)
		code = read_amount(size_units, word, &number), what = "a size (512, 64k, 10m, 1.5g)";
	else if (option->kind == IX_OPTION_DURATION)
		code = ix_str_equal(word, IX_STR("0")) ? 0 : read_amount(duration_units, word, &number),
		what = "a duration (250ms, 5s, 1h30m)";
	else
		code = read_integer(word, &number), what = "a whole number";
	if (code == IX_ERR_SYNTAX)
		return ix_fail(err, IX_ERR_USAGE, "'%.*s' is not %s", IX_STR_ARG(shown), what);
	char range[80];
	size_t length = ix_command_range_text(option, range, sizeof range);
	if (code == IX_ERR_RANGE && length && option->maximum == INT64_MAX) {
		/* "at least 0" says nothing about a number that is too large. */
		char from[32], to[32];
		ix_command_number_text(option->kind, option->minimum, from, sizeof from);
		ix_command_number_text(option->kind, option->maximum, to, sizeof to);
		ix_format(range, sizeof range, "%s to %s", from, to);
	}
	if (code == IX_ERR_RANGE && !length)
		return ix_fail(err, IX_ERR_USAGE, "%.*s is too large a number", IX_STR_ARG(shown));
	if (code == IX_ERR_RANGE || (length && (number < option->minimum || number > option->maximum)))
		return ix_fail(err, IX_ERR_USAGE, "%.*s is out of range (%s)", IX_STR_ARG(shown), range);
	*ret_number = number;
	return 0;
}

int ix_command_read_value(const ix_option *option, const char *text, int64_t *ret_number, ix_error *err) {
	switch (option->kind) {
	case IX_OPTION_INTEGER:
	case IX_OPTION_SIZE:
	case IX_OPTION_DURATION: return read_number(option, text, ret_number, err);
	case IX_OPTION_CHOICE: return read_choice(option->choices, text, ret_number, err);
	case IX_OPTION_FILE:
		if (!*text) return ix_fail(err, IX_ERR_USAGE, "the file's name is empty");
		break;
	case IX_OPTION_DIRECTORY:
		if (!*text) return ix_fail(err, IX_ERR_USAGE, "the directory's name is empty");
		break;
	case IX_OPTION_FLAG:
	case IX_OPTION_TEXT: break;
	}
	*ret_number = 0;
	return 0;
}
