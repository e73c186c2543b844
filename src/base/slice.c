/* slice.c - borrowed text: comparing, searching, cutting, whole-string integers, and the edit distance behind
 * "did you mean". */
#include <inox/base.h>

ix_str ix_str_from(const char *terminated) {
	size_t size = 0;
	while (terminated && terminated[size]) size++;
	return (ix_str){terminated ? terminated : "", size};
}

/* mem* may not be given NULL, not even for nothing, and an empty slice may hold one. */
static bool same(const char *a, const char *b, size_t size) { return size == 0 || memcmp(a, b, size) == 0; }

bool ix_str_equal(ix_str a, ix_str b) { return a.size == b.size && same(a.data, b.data, a.size); }

int ix_str_compare(ix_str a, ix_str b) {
	size_t common = ix_size_min(a.size, b.size);
	int order = common ? memcmp(a.data, b.data, common) : 0;
	return order ? order : (a.size > b.size) - (a.size < b.size);
}

bool ix_str_starts_with(ix_str s, ix_str prefix) {
	return s.size >= prefix.size && same(s.data, prefix.data, prefix.size);
}

bool ix_str_ends_with(ix_str s, ix_str suffix) {
	return suffix.size == 0 ||
	       (s.size >= suffix.size && same(s.data + (s.size - suffix.size), suffix.data, suffix.size));
}

size_t ix_str_find(ix_str s, char byte) {
	size_t at = 0;
	while (at < s.size && s.data[at] != byte) at++;
	return at;
}

ix_str ix_str_slice(ix_str s, size_t from, size_t to) {
	to = ix_size_min(to, s.size);
	from = ix_size_min(from, to);
	return (ix_str){s.data ? s.data + from : NULL, to - from};
}

static bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

ix_str ix_str_trim(ix_str s) {
	size_t from = 0, to = s.size;
	while (from < to && is_space(s.data[from])) from++;
	while (to > from && is_space(s.data[to - 1])) to--;
	return ix_str_slice(s, from, to);
}

ix_str ix_str_cut(ix_str *rest, char separator) {
	size_t at = ix_str_find(*rest, separator);
	ix_str part = {rest->data, at};
	*rest = at < rest->size ? (ix_str){rest->data + at + 1, rest->size - at - 1} : (ix_str){NULL, 0};
	return part;
}

bool ix_str_to_u64(ix_str s, uint64_t *ret_value) {
	uint64_t value = 0;
	for (size_t i = 0; i < s.size; i++) {
		if (s.data[i] < '0' || s.data[i] > '9') return false;
		uint64_t digit = (uint64_t)(s.data[i] - '0');
		if (value > UINT64_MAX / 10 || value * 10 > UINT64_MAX - digit) return false;
		value = value * 10 + digit;
	}
	if (s.size == 0) return false;
	*ret_value = value;
	return true;
}

bool ix_str_to_i64(ix_str s, int64_t *ret_value) {
	bool negative = s.size > 0 && s.data[0] == '-';
	uint64_t magnitude;
	if (!ix_str_to_u64(ix_str_slice(s, negative, s.size), &magnitude)) return false;
	if (magnitude > (uint64_t)INT64_MAX + negative) return false;
	*ret_value = (int64_t)(negative ? 0 - magnitude : magnitude);
	return true;
}

enum { DISTANCE_SIZE_MAX = 64 };

static uint8_t least(unsigned a, unsigned b) { return (uint8_t)(a < b ? a : b); }

size_t ix_str_distance(ix_str a, ix_str b) {
	if (a.size > DISTANCE_SIZE_MAX || b.size > DISTANCE_SIZE_MAX) return SIZE_MAX;
	/* Three rows of the table: the one being filled and, for transpositions, the two above it. */
	uint8_t rows[3][DISTANCE_SIZE_MAX + 1];
	uint8_t *above2 = rows[0], *above = rows[1], *row = rows[2];
	for (size_t j = 0; j <= b.size; j++) row[j] = (uint8_t)j;
	for (size_t i = 1; i <= a.size; i++) {
		uint8_t *oldest = above2;
		above2 = above, above = row, row = oldest;
		row[0] = (uint8_t)i;
		for (size_t j = 1; j <= b.size; j++) {
			bool differ = a.data[i - 1] != b.data[j - 1];
			row[j] =
				least(above[j] + 1U, least(row[j - 1] + 1U, above[j - 1] + (unsigned)differ));
			if (i > 1 && j > 1 && a.data[i - 1] == b.data[j - 2] &&
				a.data[i - 2] == b.data[j - 1])
				row[j] = least(row[j], above2[j - 2] + 1U);
		}
	}
	return row[b.size];
}
