/* headers.c - the headers of segments by their numbers: reading one, and judging files that have none. */
#include "inside.h"

int segment_read_header(const journal_directory *directory, uint64_t number, segment_header *ret_header,
	header_state *ret_state, uint64_t *ret_size, ix_error *err) {
	char name[IX_JOURNAL_FILE_NAME_MAX];
	ix_file file;
	uint8_t bytes[SEGMENT_HEADER_SIZE_MAX];
	size_t got = 0;
	ix_file_info info;
	segment_name(number, name);
	int code = directory_open(directory, name, IX_FILE_READ, &file, err);
	if (code) return code;
	code = ix_file_get_info(&file, &info, err);
	if (code == 0) code = ix_file_read_at(&file, bytes, sizeof bytes, 0, &got, err);
	(void)ix_file_close(&file, NULL);
	if (code) return code;
	*ret_size = info.size;
	*ret_state = segment_header_decode((ix_bytes){bytes, got}, ret_header, err);
	return 0;
}

int segment_fail_header(const journal_directory *directory, uint64_t number, header_state state,
	const ix_error *why, ix_error *err) {
	char name[IX_JOURNAL_FILE_NAME_MAX];
	segment_name(number, name);
	ix_journal_damage damage =
		state == HEADER_NEWER ? IX_JOURNAL_DAMAGE_VERSION : IX_JOURNAL_DAMAGE_HEADER;
	int code = ix_fail(err, state == HEADER_NEWER ? IX_ERR_VERSION : IX_ERR_CHECKSUM, "%s: %s: %s",
		directory->label, name, why->text);
	if (err) err->detail = (int)damage;
	return code;
}

int segment_find_begun(
	const journal_directory *directory, uint64_t from, uint64_t to, uint64_t *ret_number, ix_error *err) {
	*ret_number = 0;
	for (uint64_t number = to; number >= from && *ret_number == 0; number--) {
		segment_header header;
		header_state state = HEADER_BLANK;
		uint64_t size;
		ix_error why = {0};
		int code = segment_read_header(directory, number, &header, &state, &size, &why);
		if (code && code != IX_ERR_NOT_FOUND) return ix_fail(err, code, "%s", why.text);
		if (code == 0 && state == HEADER_WHOLE) *ret_number = number;
	}
	return 0;
}

/* After the last byte from `at` on that is not zero; `at` when all are. */
static int find_content(
	const journal_directory *directory, uint64_t number, uint64_t at, uint64_t *ret_end, ix_error *err) {
	char name[IX_JOURNAL_FILE_NAME_MAX];
	ix_file file;
	size_t got = 0;
	segment_name(number, name);
	int code = directory_open(directory, name, IX_FILE_READ, &file, err);
	if (code) return code;
	*ret_end = at;
	do {
		uint8_t bytes[DISK_BLOCK];
		code = ix_file_read_at(&file, bytes, sizeof bytes, at, &got, err);
		for (size_t i = got; code == 0 && i > 0; i--) {
			if (bytes[i - 1] == 0) continue;
			*ret_end = at + i;
			break;
		}
		at += got;
	} while (code == 0 && got > 0);
	(void)ix_file_close(&file, NULL);
	return code;
}

int segment_judge_unbegun(const journal_directory *directory, uint64_t number, bool is_claimed,
	uint64_t *ret_torn_bytes, ix_error *err) {
	segment_header header;
	header_state state = HEADER_BLANK;
	uint64_t size = 0, end = 0;
	ix_error why = {0};
	int code = segment_read_header(directory, number, &header, &state, &size, &why);
	if (code) return ix_fail(err, code, "%s", why.text);
	code = find_content(directory, number, 0, &end, err);
	if (code) return code;
	/* A header is in one sector: torn, it is blank. Half of one with records behind it is damage. */
	bool is_damaged = state == HEADER_DAMAGED && end > SEGMENT_HEADER_SIZE;
	if (is_claimed || is_damaged || state == HEADER_NEWER)
		return segment_fail_header(directory, number, state, &why, err);
	*ret_torn_bytes = end;
	return 0;
}
