/* directory.c - the journal's folder: names, listing, the mark's file, and how damage is worded. */
#include "inside.h"

#include <inox/os_error.h>

#include <errno.h>

int directory_init(
	journal_directory *directory, const ix_file_system *system, const char *path, ix_error *err) {
	ix_str text = ix_str_from(path);
	while (text.size > 1 && text.data[text.size - 1] == '/') text.size--;
	if (text.size == 0 || text.size >= JOURNAL_PATH_MAX)
		return ix_fail(err, IX_ERR_INVALID, "journal: a path of %zu bytes, it must have 1 to %d",
			text.size, JOURNAL_PATH_MAX - 1);
	directory->system = system ? system : ix_file_system_os();
	memcpy(directory->path, text.data, text.size);
	directory->path[text.size] = '\0';
	size_t skip = text.size < JOURNAL_LABEL_MAX ? 0 : text.size - JOURNAL_LABEL_MAX + 4;
	while (skip && ((uint8_t)text.data[skip] & 0xC0) == 0x80) skip++;
	ix_format(directory->label, sizeof directory->label, "%s%s", skip ? "\xE2\x80\xA6" : "",
		directory->path + skip);
	return 0;
}

void directory_join(const journal_directory *directory, const char *name, char ret_path[IX_FILE_PATH_MAX]) {
	ix_format(ret_path, IX_FILE_PATH_MAX, "%s/%s", directory->path, name);
}

int directory_open(const journal_directory *directory, const char *name, unsigned flags, ix_file *ret_file,
	ix_error *err) {
	char path[IX_FILE_PATH_MAX];
	directory_join(directory, name, path);
	/* What is here is ours: no links, and not readable by others than the directory's owner allows. */
	return ix_file_open(directory->system, path, flags | IX_FILE_NO_FOLLOW, 0640, ret_file, err);
}

int directory_remove(const journal_directory *directory, const char *name, ix_error *err) {
	char path[IX_FILE_PATH_MAX];
	directory_join(directory, name, path);
	int result = directory->system->remove(directory->system->context, path, false);
	if (result == 0 || result == -ENOENT) return 0;
	return ix_fail_os(err, -result, "%s: %s: remove", directory->label, name);
}

int directory_sync(const journal_directory *directory, ix_error *err) {
	return ix_file_sync_directory(directory->system, directory->path, err);
}

int directory_sync_parent(const journal_directory *directory, ix_error *err) {
	char parent[JOURNAL_PATH_MAX];
	ix_str path = ix_str_from(directory->path);
	size_t length = path.size;
	while (length > 0 && path.data[length - 1] != '/') length--;
	while (length > 1 && path.data[length - 1] == '/') length--;
	ix_format(parent, sizeof parent, "%.*s", length ? (int)length : 1, length ? path.data : ".");
	return ix_file_sync_directory(directory->system, parent, err);
}

/* ---- listing ---- */

static bool is_temporary(const char *name) {
	ix_str text = ix_str_from(name);
	return ix_str_starts_with(text, IX_STR(".inox-")) && ix_str_ends_with(text, IX_STR(".tmp"));
}

static void list_snapshot(journal_listing *listing, uint64_t sequence) {
	if (sequence < listing->oldest_snapshot) listing->oldest_snapshot = sequence;
	size_t at = 0;
	while (at < listing->snapshot_count && listing->snapshots[at] > sequence) at++;
	if (at == IX_JOURNAL_SNAPSHOT_MAX) return;
	if (listing->snapshot_count < IX_JOURNAL_SNAPSHOT_MAX) listing->snapshot_count++;
	memmove(listing->snapshots + at + 1, listing->snapshots + at,
		(listing->snapshot_count - at - 1) * sizeof(uint64_t));
	listing->snapshots[at] = sequence;
}

static int list_name(void *visitor, const char *name) {
	journal_listing *listing = visitor;
	uint64_t number;
	if (segment_name_parse(name, &number)) {
		if (listing->segment_count == 0 || number < listing->first_segment)
			listing->first_segment = number;
		if (number > listing->last_segment) listing->last_segment = number;
		listing->segment_count++;
	} else if (snapshot_name_parse(name, &number)) {
		list_snapshot(listing, number);
	} else if (index_name_parse(name, &number)) {
		if (number < listing->first_index) listing->first_index = number;
	} else if (is_temporary(name)) {
		listing->has_temporaries = true;
	} else if (ix_str_equal(ix_str_from(name), IX_STR(MARK_FILE_NAME))) {
		listing->has_mark = true;
	}
	return 0;
}

int directory_list(const journal_directory *directory, journal_listing *ret_listing, ix_error *err) {
	journal_listing listing = {.oldest_snapshot = UINT64_MAX, .first_index = UINT64_MAX};
	int code = ix_file_list(directory->system, directory->path, list_name, &listing, err);
	if (code) return code;
	if (listing.segment_count > IX_JOURNAL_SEGMENT_COUNT_MAX)
		return ix_fail(err, IX_ERR_LIMIT, "%s: %llu segments, the most is %d", directory->label,
			(unsigned long long)listing.segment_count, IX_JOURNAL_SEGMENT_COUNT_MAX);
	*ret_listing = listing;
	return 0;
}

uint64_t directory_missing_segment(const journal_directory *directory, const journal_listing *listing) {
	if (listing->last_segment - listing->first_segment + 1 == listing->segment_count) return 0;
	for (uint64_t number = listing->first_segment; number < listing->last_segment; number++) {
		char name[IX_JOURNAL_FILE_NAME_MAX], path[IX_FILE_PATH_MAX];
		ix_file_info info;
		segment_name(number, name);
		directory_join(directory, name, path);
		if (ix_file_path_info(directory->system, path, &info, NULL) == IX_ERR_NOT_FOUND)
			return number;
	}
	return 0;
}

typedef struct temporary {
	char name[IX_JOURNAL_FILE_NAME_MAX];
} temporary;

static int find_temporary(void *visitor, const char *name) {
	temporary *found = visitor;
	if (!is_temporary(name) || ix_str_from(name).size >= sizeof found->name) return 0;
	memcpy(found->name, name, ix_str_from(name).size + 1);
	return 1;
}

int directory_remove_temporaries(const journal_directory *directory, ix_error *err) {
	for (;;) {
		temporary found;
		int answer = ix_file_list(directory->system, directory->path, find_temporary, &found, err);
		if (answer <= 0) return answer;
		int code = directory_remove(directory, found.name, err);
		if (code) return code;
	}
}

/* ---- the mark ---- */

/* A slot that is being written while it is read looks damaged for a moment. */
enum { MARK_TRIES = 3 };

int mark_read(ix_file *file, journal_mark *ret_mark, bool *ret_found, unsigned *ret_damaged, ix_error *err) {
	*ret_damaged = 1;
	for (int i = 0; i < MARK_TRIES && *ret_damaged > 0; i++) {
		uint8_t bytes[MARK_FILE_SIZE];
		size_t got = 0;
		int code = ix_file_read_at(file, bytes, sizeof bytes, 0, &got, err);
		if (code) return code;
		*ret_found = mark_decode((ix_bytes){bytes, got}, ret_mark, ret_damaged);
	}
	return 0;
}

int mark_write(ix_file *file, journal_mark *mark, bool synced, ix_error *err) {
	uint8_t bytes[MARK_SIZE];
	mark->counter++;
	mark_encode(mark, bytes);
	int code = ix_file_write_at(file, bytes, sizeof bytes, (mark->counter & 1) * MARK_SLOT_SIZE, err);
	return code == 0 && synced ? ix_file_sync(file, err) : code;
}

int mark_load(const journal_directory *directory, journal_mark *ret_mark, bool *ret_found,
	unsigned *ret_damaged, ix_error *err) {
	ix_file file;
	*ret_damaged = 0;
	int code = directory_open(directory, MARK_FILE_NAME, IX_FILE_READ, &file, err);
	if (code == IX_ERR_NOT_FOUND) {
		*ret_found = false;
		return 0;
	}
	if (code) return code;
	code = mark_read(&file, ret_mark, ret_found, ret_damaged, err);
	(void)ix_file_close(&file, NULL);
	return code;
}

/* ---- wording ---- */

const char *ix_journal_damage_name(ix_journal_damage damage) {
	static const char *const names[] = {
		[IX_JOURNAL_DAMAGE_NONE] = "none",
		[IX_JOURNAL_DAMAGE_HEADER] = "header",
		[IX_JOURNAL_DAMAGE_RECORD] = "record",
		[IX_JOURNAL_DAMAGE_LOST] = "lost",
		[IX_JOURNAL_DAMAGE_SEGMENT] = "segment missing",
		[IX_JOURNAL_DAMAGE_SEQUENCE] = "sequence",
		[IX_JOURNAL_DAMAGE_CHAIN] = "chain",
		[IX_JOURNAL_DAMAGE_HEAD] = "head",
		[IX_JOURNAL_DAMAGE_MARK] = "mark",
		[IX_JOURNAL_DAMAGE_SNAPSHOT] = "snapshot",
		[IX_JOURNAL_DAMAGE_VERSION] = "version",
		[IX_JOURNAL_DAMAGE_FOREIGN] = "foreign",
	};
	return (size_t)damage < IX_COUNT(names) ? names[damage] : "unknown";
}

static int damage_code(ix_journal_damage damage) {
	switch (damage) {
	case IX_JOURNAL_DAMAGE_LOST: return IX_ERR_TRUNCATED;
	case IX_JOURNAL_DAMAGE_SEGMENT: return IX_ERR_NOT_FOUND;
	case IX_JOURNAL_DAMAGE_VERSION: return IX_ERR_VERSION;
	case IX_JOURNAL_DAMAGE_SEQUENCE:
	case IX_JOURNAL_DAMAGE_HEAD:
	case IX_JOURNAL_DAMAGE_FOREIGN: return IX_ERR_INVALID;
	default: return IX_ERR_CHECKSUM;
	}
}

int damage_fail(ix_error *err, ix_journal_damage damage, const journal_directory *directory, const char *file,
	uint64_t offset, uint64_t sequence, const char *format, ...) {
	char text[IX_ERROR_TEXT_MAX / 2], place[64] = "";
	va_list arguments;
	va_start(arguments, format);
	ix_format_list(text, sizeof text, format, arguments);
	va_end(arguments);
	if (sequence) ix_format(place, sizeof place, "sequence %llu: ", (unsigned long long)sequence);
	int code = ix_fail(err, damage_code(damage), "%s: %s: offset %llu: %s%s", directory->label, file,
		(unsigned long long)offset, place, text);
	if (err) err->detail = (int)damage;
	return code;
}
