/* The file system in memory, and what a power cut may do to it. */
#include <inox/file.h>
#include <inox/file_memory.h>

#include "helpers.h"

static ix_file_memory *memory;
static const ix_file_system *fs;

static int open_memory(void **state) {
	(void)state;
	if (ix_file_memory_new(0, &memory, NULL)) return -1;
	fs = ix_file_memory_system(memory);
	return 0;
}

static int close_memory(void **state) {
	(void)state;
	ix_file_memory_free(memory);
	return 0;
}

static const unsigned make = IX_FILE_READ | IX_FILE_WRITE | IX_FILE_CREATE;

static ix_file open_file(const char *path) {
	ix_file file;
	assert_int_equal(ix_file_open(fs, path, make, 0, &file, NULL), 0);
	return file;
}

/* What a file holds, as text; NULL when it is not there. */
static const char *text_of(const char *path) {
	static char text[4096];
	ix_file file;
	size_t got;
	if (ix_file_open(fs, path, IX_FILE_READ, 0, &file, NULL)) return NULL;
	assert_int_equal(ix_file_read_at(&file, text, sizeof text - 1, 0, &got, NULL), 0);
	text[got] = '\0';
	assert_int_equal(ix_file_close(&file, NULL), 0);
	return text;
}

static void put(const char *path, const char *text, bool sync) {
	ix_file file = open_file(path);
	assert_int_equal(ix_file_write_at(&file, text, strlen(text), 0, NULL), 0);
	if (sync) assert_int_equal(ix_file_sync(&file, NULL), 0);
	assert_int_equal(ix_file_close(&file, NULL), 0);
}

static void behaves_like_files(void **state) {
	(void)state;
	ix_file file = open_file("log");
	assert_int_equal(ix_file_write_at(&file, "world", 5, 6, NULL), 0);
	assert_int_equal(ix_file_write_at(&file, "hello", 5, 0, NULL), 0);
	char back[16];
	size_t got;
	assert_int_equal(ix_file_read_at(&file, back, sizeof back, 0, &got, NULL), 0);
	assert_int_equal(got, 11);
	assert_memory_equal(back, "hello\0world", 11); /* the gap is zeroes */
	assert_int_equal(ix_file_read_at(&file, back, sizeof back, 100, &got, NULL), 0);
	assert_int_equal(got, 0);
	assert_int_equal(ix_file_truncate(&file, 4, NULL), 0);
	assert_int_equal(ix_file_allocate(&file, 0, 8, NULL), 0);
	ix_file_info info;
	assert_int_equal(ix_file_get_info(&file, &info, NULL), 0);
	assert_int_equal(info.size, 8);
	assert_int_equal(ix_file_read_at(&file, back, 8, 0, &got, NULL), 0);
	assert_memory_equal(back, "hell\0\0\0\0", 8);
	assert_int_equal(ix_file_close(&file, NULL), 0);
}

static void names_follow_the_rules(void **state) {
	(void)state;
	ix_file file;
	assert_int_equal(ix_file_open(fs, "none", IX_FILE_READ, 0, &file, NULL), IX_ERR_NOT_FOUND);
	assert_int_equal(ix_file_open(fs, "no/file", make, 0, &file, NULL), IX_ERR_NOT_FOUND);
	assert_int_equal(fs->make_directory(fs->context, "d", 0700), 0);
	put("./d//a", "1", false);
	assert_string_equal(text_of("d/a"), "1");
	assert_int_equal(ix_file_open(fs, "d/a", make | IX_FILE_EXCLUSIVE, 0, &file, NULL), IX_ERR_EXISTS);
	assert_int_equal(ix_file_open(fs, "d", IX_FILE_READ, 0, &file, NULL), IX_ERR_INVALID);
	assert_int_equal(ix_file_rename(fs, "d/a", "d/b", NULL), 0);
	assert_null(text_of("d/a"));
	assert_int_equal(ix_file_rename(fs, "d/b", "top", NULL), 0);
	assert_string_equal(text_of("top"), "1");
	assert_int_equal(fs->remove(fs->context, "d", true), 0);
	assert_int_equal(ix_file_remove(fs, "top", NULL), 0);
	assert_int_equal(ix_file_remove(fs, "top", NULL), IX_ERR_NOT_FOUND);
}

static int append_name(void *visitor, const char *name) {
	strncat(visitor, name, 20);
	return 0;
}

static void lists_one_directory(void **state) {
	(void)state;
	char names[64] = "";
	assert_int_equal(fs->make_directory(fs->context, "/j", 0700), 0);
	put("/j/x", "", false);
	put("/other", "", false);
	assert_int_equal(ix_file_list(fs, "/j/", append_name, names, NULL), 0);
	assert_string_equal(names, "x");
	assert_int_equal(ix_file_list(fs, "/none", append_name, names, NULL), IX_ERR_NOT_FOUND);
}

static void locks_and_limits_hold(void **state) {
	(void)state;
	ix_file_memory *small;
	assert_int_equal(ix_file_memory_new(10, &small, NULL), 0);
	ix_file first, second;
	ix_error err;
	assert_int_equal(ix_file_open(ix_file_memory_system(small), "f", make, 0, &first, NULL), 0);
	assert_int_equal(ix_file_open(ix_file_memory_system(small), "f", make, 0, &second, NULL), 0);
	assert_int_equal(ix_file_lock(&first, NULL), 0);
	assert_int_equal(ix_file_lock(&second, NULL), IX_ERR_BUSY);
	assert_int_equal(ix_file_close(&first, NULL), 0);
	assert_int_equal(ix_file_lock(&second, NULL), 0);
	assert_int_equal(ix_file_write_at(&second, "0123456789AB", 12, 0, &err), IX_ERR_NO_SPACE);
	assert_int_equal(ix_file_write_at(&second, "abc", 3, 7, NULL), 0); /* over what is there */
	assert_int_equal(ix_file_allocate(&second, 0, 11, NULL), IX_ERR_NO_SPACE);
	assert_int_equal(ix_file_close(&second, NULL), 0);
	ix_file_memory_free(small);
}

static void what_was_synced_survives_every_power_cut(void **state) {
	(void)state;
	for (uint64_t seed = 0; seed < 50; seed++) {
		put("kept", "synced and named", true);
		assert_int_equal(ix_file_sync_directory(fs, ".", NULL), 0);
		ix_file_memory_power_cut(memory, seed);
		assert_string_equal(text_of("kept"), "synced and named");
	}
}

static void open_files_are_dead_after_the_cut(void **state) {
	(void)state;
	ix_file file = open_file("f");
	assert_int_equal(ix_file_lock(&file, NULL), 0);
	ix_file_memory_power_cut(memory, 1);
	assert_int_equal(ix_file_write_at(&file, "x", 1, 0, NULL), IX_ERR_CLOSED);
	assert_int_equal(ix_file_sync(&file, NULL), IX_ERR_CLOSED);
}

static void an_unsynced_name_may_be_lost_or_kept(void **state) {
	(void)state;
	int lost = 0, kept = 0;
	for (uint64_t seed = 0; seed < 64; seed++) {
		close_memory(NULL), open_memory(NULL);
		put("new", "data", true); /* the file is synced, its directory is not */
		ix_file_memory_power_cut(memory, seed);
		const char *text = text_of("new");
		if (text) assert_string_equal(text, "data");
		*(text ? &kept : &lost) += 1;
	}
	assert_true(lost > 10 && kept > 10);
}

static void sectors_are_lost_one_by_one(void **state) {
	(void)state;
	bool seen[16] = {false};
	for (uint64_t seed = 0; seed < 400; seed++) {
		char old[4 * IX_FILE_MEMORY_SECTOR + 1] = "", new[sizeof old] = "";
		memset(old, 'o', sizeof old - 1), memset(new, 'n', sizeof new - 1);
		put("f", old, true);
		assert_int_equal(ix_file_sync_directory(fs, "/", NULL), 0);
		put("f", new, false);
		ix_file_memory_power_cut(memory, seed);
		const char *text = text_of("f");
		assert_int_equal(strlen(text), sizeof old - 1);
		unsigned which = 0;
		for (unsigned i = 0; i < 4; i++) {
			const char *sector = text + i * IX_FILE_MEMORY_SECTOR;
			which |= (unsigned)(*sector == 'n') << i;
			for (size_t j = 0; j < IX_FILE_MEMORY_SECTOR; j++)
				assert_int_equal(sector[j], *sector);
		}
		seen[which] = true;
	}
	for (int i = 0; i < 16; i++) assert_true(seen[i]); /* every mixture comes */
}

static void an_unsynced_append_may_grow_the_file_by_zeroes(void **state) {
	(void)state;
	bool seen_short = false, seen_zeroes = false, seen_data = false;
	for (uint64_t seed = 0; seed < 200; seed++) {
		close_memory(NULL), open_memory(NULL);
		ix_file file = open_file("f");
		uint8_t block[2 * IX_FILE_MEMORY_SECTOR];
		memset(block, 'a', sizeof block);
		assert_int_equal(ix_file_write_at(&file, block, IX_FILE_MEMORY_SECTOR, 0, NULL), 0);
		assert_int_equal(ix_file_sync(&file, NULL), 0);
		assert_int_equal(ix_file_sync_directory(fs, "", NULL), 0);
		assert_int_equal(
			ix_file_write_at(&file, block, IX_FILE_MEMORY_SECTOR, IX_FILE_MEMORY_SECTOR, NULL),
			0);
		ix_file_memory_power_cut(memory, seed);
		file = open_file("f");
		uint8_t back[sizeof block + 1];
		size_t got;
		assert_int_equal(ix_file_read_at(&file, back, sizeof back, 0, &got, NULL), 0);
		assert_true(got == IX_FILE_MEMORY_SECTOR || got == sizeof block);
		assert_memory_equal(back, block, IX_FILE_MEMORY_SECTOR);
		seen_short |= got == IX_FILE_MEMORY_SECTOR;
		if (got == sizeof block) *(back[got - 1] ? &seen_data : &seen_zeroes) = true;
		assert_int_equal(ix_file_close(&file, NULL), 0);
	}
	assert_true(seen_short && seen_zeroes && seen_data);
}

static void a_rename_in_a_directory_happens_or_does_not(void **state) {
	(void)state;
	bool seen[2] = {false};
	for (uint64_t seed = 0; seed < 64; seed++) {
		close_memory(NULL), open_memory(NULL);
		put("a", "new", true), put("b", "old", true);
		assert_int_equal(ix_file_sync_directory(fs, "", NULL), 0);
		assert_int_equal(fs->rename(fs->context, "a", "b"), 0);
		ix_file_memory_power_cut(memory, seed);
		bool is_done = strcmp(text_of("b"), "new") == 0;
		if (!is_done) assert_string_equal(text_of("b"), "old");
		assert_int_equal(text_of("a") == NULL, is_done);
		seen[is_done] = true;
	}
	assert_true(seen[0] && seen[1]);
}

static void changes_of_names_are_lost_from_the_end(void **state) {
	(void)state;
	for (uint64_t seed = 0; seed < 100; seed++) {
		close_memory(NULL), open_memory(NULL);
		put("1", "", true), put("2", "", true), put("3", "", true);
		ix_file_memory_power_cut(memory, seed);
		bool one = text_of("1"), two = text_of("2"), three = text_of("3");
		assert_true(one >= two && two >= three);
	}
}

/* The customer: an atomic replace, cut at every call, finds the old or the new content and nothing else. */
static void an_atomic_replace_survives_a_cut_at_every_call(void **state) {
	(void)state;
	bool seen_old = false, seen_new = false;
	for (uint64_t n = 1; n < 14; n++) {
		for (uint64_t seed = 0; seed < 40; seed++) {
			close_memory(NULL), open_memory(NULL);
			put("file", "old content", true);
			assert_int_equal(ix_file_sync_directory(fs, "", NULL), 0);
			ix_file_faults faults;
			ix_file_faults_init(&faults, fs);
			faults.fail_at = n;
			faults.fail_after = true;
			ix_file_out *out;
			int code = ix_file_out_open_on(&faults.system, "file", &out, NULL);
			if (code == 0) {
				code = ix_file_out_write(out, "new content!", 12, NULL);
				if (code)
					ix_file_out_abort(out);
				else
					code = ix_file_out_commit(out, NULL);
			}
			ix_file_memory_power_cut(memory, seed);
			const char *text = text_of("file");
			assert_non_null(text);
			bool is_new = strcmp(text, "new content!") == 0;
			if (!is_new) assert_string_equal(text, "old content");
			if (code == 0) assert_true(is_new); /* what was promised holds */
			*(is_new ? &seen_new : &seen_old) = true;
		}
	}
	assert_true(seen_old && seen_new);
}

static int use_it(void *context) {
	(void)context;
	ix_file_memory *m;
	int code = ix_file_memory_new(0, &m, NULL);
	if (code) return code;
	const ix_file_system *system = ix_file_memory_system(m);
	ix_file file;
	code = ix_file_open(system, "a", make, 0, &file, NULL);
	if (code == 0) code = ix_file_write_at(&file, "abc", 3, 0, NULL);
	if (code == 0) code = ix_file_sync(&file, NULL);
	if (code == 0) code = ix_file_rename(system, "a", "b", NULL);
	ix_file_memory_free(m);
	return code;
}

static void survives_failing_allocations(void **state) {
	(void)state;
	assert_survives_failing_allocations(use_it, NULL);
}

#define IN_MEMORY(test) cmocka_unit_test_setup_teardown(test, open_memory, close_memory)
IX_TESTS(test_file_memory, IN_MEMORY(behaves_like_files), IN_MEMORY(names_follow_the_rules),
	IN_MEMORY(lists_one_directory), IN_MEMORY(locks_and_limits_hold),
	IN_MEMORY(what_was_synced_survives_every_power_cut), IN_MEMORY(open_files_are_dead_after_the_cut),
	IN_MEMORY(an_unsynced_name_may_be_lost_or_kept), IN_MEMORY(sectors_are_lost_one_by_one),
	IN_MEMORY(an_unsynced_append_may_grow_the_file_by_zeroes),
	IN_MEMORY(a_rename_in_a_directory_happens_or_does_not),
	IN_MEMORY(changes_of_names_are_lost_from_the_end),
	IN_MEMORY(an_atomic_replace_survives_a_cut_at_every_call),
	cmocka_unit_test(survives_failing_allocations));
