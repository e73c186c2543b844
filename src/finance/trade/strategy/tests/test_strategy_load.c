/* Strategies in shared objects: one that works, compiled from the example of docs/strategies.md, and those
 * that are refused, each with its sentence. */
#include "elf.h"
#include "fake_host.h"

#include <inox/rng.h>

#include <dlfcn.h>
#include <unistd.h>

static char object[4096]; /* the latest path */

static const char *directory(void) {
	static const char *made;
	if (!made) made = ix_testing_directory();
	return made;
}

static const char *path_of(const char *name) {
	(void)ix_format(object, sizeof object, "%s/%s", directory(), name);
	return object;
}

/* With everything undefined being an error: nothing of the host can be in it. */
static const char *compile(const char *source, const char *name, const char *flags) {
	static ix_testing_run run;
	ix_testing_shell(&run,
		"${CC:-cc} -std=c11 -Wall -Wextra -Werror -shared -fPIC %s "
		"-I%s/src/finance/trade/strategy "
		"-o %s %s/src/finance/trade/strategy/tests/%s",
		flags, ix_testing_root(), path_of(name), ix_testing_root(), source);
	if (run.exit_code) fail_msg("%s", run.err);
	return object;
}

/* The example, compiled once, for those who only look at its bytes. */
static uint8_t *whole_object(size_t *ret_size) {
	static char path[sizeof object];
	if (!path[0]) (void)ix_format(path, sizeof path, "%s", compile("sample_dip.c", "whole.so", ""));
	return ix_testing_read(path, ret_size);
}

static void write_file(const char *path, const void *data, size_t size) {
	FILE *file = fopen(path, "wb");
	assert_non_null(file);
	assert_int_equal(fwrite(data, 1, size, file), size);
	assert_int_equal(fclose(file), 0);
}

/* The sentence is the path, ": " and the reason. */
static void assert_refused(const char *path, int code, const char *reason) {
	ix_strategy_file file = {0};
	ix_error err = {0};
	char expected[IX_ERROR_TEXT_MAX];
	(void)ix_format(expected, sizeof expected, "%s: %s", path, reason);
	int got = ix_strategy_open_file(path, &file, &err);
	assert_string_equal(err.text, expected);
	assert_int_equal(got, code);
	assert_null(file.vtable);
	assert_null(file.handle);
	assert_null(dlopen(path, RTLD_NOW | RTLD_NOLOAD)); /* nothing of it stays */
}

static void the_example_of_the_handbook_is_this_file(void **state) {
	(void)state;
	char path[4096];
	size_t doc_size, source_size;
	(void)ix_format(path, sizeof path, "%s/docs/strategies.md", ix_testing_root());
	char *doc = (char *)ix_testing_read(path, &doc_size);
	(void)ix_format(
		path, sizeof path, "%s/src/finance/trade/strategy/tests/sample_dip.c", ix_testing_root());
	char *source = (char *)ix_testing_read(path, &source_size);
	char *block = memmem(doc, doc_size, "```c\n", 5);
	assert_non_null(block);
	assert_true((size_t)(doc + doc_size - block - 5) > source_size);
	assert_memory_equal(block + 5, source, source_size);
	assert_memory_equal(block + 5 + source_size, "```", 3);
	free(doc);
	free(source);
}

/* Up to 10.10, down to 10.05: 100 bought at 10.06. Sold for 10.08, two cents more. */
static void the_example_trades(void **state) {
	(void)state;
	ix_strategy_file file = {0};
	ix_error err = {0};
	if (ix_strategy_open_file(compile("sample_dip.c", "dip.so", "-Wl,-z,defs"), &file, &err))
		fail_msg("%s", err.text);
	assert_string_equal(file.vtable->name, "dip");
	fake_host *h = host_of(file.vtable, "size=200");
	put(h, "size=100");
	book(h, 1, 101000, 101100);
	book(h, 1, 100501, 100601);
	said(h, "");
	book(h, 1, 100500, 100600);
	said(h, "1: buy 100 @ 100600 ioc");
	book(h, 1, 90000, 90100);
	said(h, ""); /* one order at a time */
	fill(h, 1, 100);
	h->positions[1].cost_e4 = 100 * 100600;
	book(h, 1, 100799, 100900);
	said(h, "");
	book(h, 1, 100800, 100900);
	said(h, "2: sell 100 @ 100800 ioc");
	host_free(h);
	ix_strategy_close_file(&file);
	assert_null(file.vtable);
	ix_strategy_close_file(&file);
}

static void a_name_without_a_slash_is_in_the_working_directory(void **state) {
	(void)state;
	char before[4096];
	assert_non_null(getcwd(before, sizeof before));
	(void)compile("sample_dip.c", "here.so", "");
	assert_int_equal(chdir(directory()), 0);
	ix_strategy_file file = {0};
	ix_error err = {0};
	int code = ix_strategy_open_file("here.so", &file, &err);
	ix_strategy_close_file(&file);
	assert_refused("there.so", IX_ERR_NOT_FOUND, "no such file or directory");
	assert_int_equal(chdir(before), 0);
	if (code) fail_msg("%s", err.text);
}

static void a_table_that_is_not_right_is_refused_by_name(void **state) {
	(void)state;
	static const struct {
		int broken, code;
		const char *reason;
	} cases[] = {
		{1, IX_ERR_VERSION, "it is for version 2 of strategy.h, this is version 1"},
		{2, IX_ERR_INVALID, "its table has 104 bytes, at least 112 are due"},
		{3, IX_ERR_INVALID, "it has no function 'ix_strategy_entry'"},
		{4, IX_ERR_INVALID, "there is no table"},
		{5, IX_ERR_INVALID, "its name is not 1 to 31 of a-z, 0-9, _ and -"},
		{6, IX_ERR_INVALID, "its name is not 1 to 31 of a-z, 0-9, _ and -"},
		{7, IX_ERR_INVALID, "it has no summary"},
		{8, IX_ERR_INVALID, "it has no function 'open'"},
		{9, IX_ERR_INVALID, "it has no function 'close'"},
		{10, IX_ERR_LIMIT, "it has 33 parameters, more than 32"},
		{11, IX_ERR_INVALID, "it has 2 parameters and no table of them"},
		{12, IX_ERR_INVALID, "parameter 1 has no name"},
		{13, IX_ERR_INVALID, "the name of parameter 1 is not 1 to 31 of a-z, 0-9 and _"},
		{14, IX_ERR_INVALID, "parameters 0 and 1 are both called 'size'"},
		{15, IX_ERR_INVALID, "parameter 'spread' has no help text"},
		{16, IX_ERR_INVALID, "the minimum of parameter 'spread', 20, is over its maximum, 10"},
		{17, IX_ERR_INVALID, "the fallback of parameter 'spread' is 11, not 1 to 10"},
	};
	for (size_t i = 0; i < IX_COUNT(cases); i++) {
		char name[32], flag[32];
		(void)ix_format(name, sizeof name, "broken%d.so", cases[i].broken);
		(void)ix_format(flag, sizeof flag, "-O0 -DBROKEN=%d", cases[i].broken);
		assert_refused(compile("sample_broken.c", name, flag), cases[i].code, cases[i].reason);
	}
}

static void a_larger_table_of_the_same_version_is_taken(void **state) {
	(void)state;
	ix_strategy_file file = {0};
	ix_error err = {0};
	if (ix_strategy_open_file(compile("sample_broken.c", "larger.so", "-DBROKEN=18"), &file, &err))
		fail_msg("%s", err.text);
	ix_strategy_close_file(&file);
}

/* ix_fail is in this very program, and still not the plug-in's. */
static void a_symbol_of_the_host_is_not_there_for_it(void **state) {
	(void)state;
	assert_refused(compile("sample_broken.c", "host.so", "-DBROKEN=19"), IX_ERR_UNSUPPORTED,
		"it cannot be loaded: undefined symbol: ix_fail");
}

static void what_is_no_shared_object_is_refused(void **state) {
	(void)state;
	assert_refused(path_of("none.so"), IX_ERR_NOT_FOUND, "no such file or directory");
	assert_refused(directory(), IX_ERR_SYNTAX, "it is a directory, not a shared object");
	assert_refused("/dev/null", IX_ERR_SYNTAX, "it is not a regular file");
	write_file(path_of("script.so"), "#!/bin/sh\n", 10);
	assert_refused(object, IX_ERR_SYNTAX, "it is not an ELF file");
	write_file(path_of("empty.so"), "", 0);
	assert_refused(object, IX_ERR_SYNTAX, "it is not an ELF file");
	ix_strategy_file file;
	ix_error err = {0};
	assert_int_equal(ix_strategy_open_file("", &file, &err), IX_ERR_USAGE);
	assert_string_equal(err.text, "the path of a strategy is empty");
}

static void an_object_for_another_machine_is_refused(void **state) {
	(void)state;
	size_t size;
	uint8_t *bytes = whole_object(&size);
	bytes[18] = 8; /* MIPS */
	write_file(path_of("other.so"), bytes, size);
	assert_refused(
		object, IX_ERR_UNSUPPORTED, "it is for another kind of machine (ELF class 2, machine 8)");
	free(bytes);
}

static void a_relocatable_object_is_refused(void **state) {
	(void)state;
	assert_refused(compile("sample_dip.c", "object.o", "-c -Wno-unused"), IX_ERR_SYNTAX,
		"it is not a shared object but an ELF file of type 1");
}

/* Every length is refused: the loader never sees a file that lacks a page. */
static void a_truncated_object_is_refused_at_every_length(void **state) {
	(void)state;
	size_t size;
	uint8_t *bytes = whole_object(&size);
	ix_error err = {0};
	assert_int_equal(ix_strategy_elf_check((ix_bytes){bytes, size}, &err), 0);
	for (size_t length = 0; length < size; length++) {
		int code = ix_strategy_elf_check((ix_bytes){bytes, length}, NULL);
		assert_int_equal(code, length < 4 ? IX_ERR_SYNTAX : IX_ERR_TRUNCATED);
	}
	write_file(path_of("half.so"), bytes, size / 2);
	ix_strategy_file file;
	assert_int_equal(ix_strategy_open_file(object, &file, &err), IX_ERR_TRUNCATED);
	assert_true(ix_str_starts_with(ix_str_from(err.text), ix_str_from(object)));
	assert_non_null(strstr(err.text, ": it is cut short: "));
	free(bytes);
}

/* Damage to the headers is an error or goes unnoticed; it never reads beyond the file (the sanitizers look).
 */
static void damaged_headers_are_judged_without_reading_beyond(void **state) {
	(void)state;
	size_t size;
	uint8_t *bytes = whole_object(&size);
	ix_rng rng;
	ix_rng_seed(&rng, ix_testing_seed());
	for (int i = 0; i < 20000; i++) {
		size_t headers = 64 + 11 * 56, length = 64 + (size_t)ix_rng_below(&rng, 2000);
		uint8_t *copy = malloc(length);
		assert_non_null(copy);
		memcpy(copy, bytes, length < size ? length : size);
		for (uint64_t n = 1 + ix_rng_below(&rng, 4); n > 0; n--)
			copy[4 + ix_rng_below(&rng, (length < headers ? length : headers) - 4)] =
				(uint8_t)ix_rng_u64(&rng);
		ix_error err = {0};
		int code = ix_strategy_elf_check((ix_bytes){copy, length}, &err);
		assert_true(code == 0 || err.text[0] != 0);
		free(copy);
	}
	free(bytes);
}

IX_TESTS(test_strategy_load, cmocka_unit_test(the_example_of_the_handbook_is_this_file),
	cmocka_unit_test(the_example_trades),
	cmocka_unit_test(a_name_without_a_slash_is_in_the_working_directory),
	cmocka_unit_test(a_table_that_is_not_right_is_refused_by_name),
	cmocka_unit_test(a_larger_table_of_the_same_version_is_taken),
	cmocka_unit_test(a_symbol_of_the_host_is_not_there_for_it),
	cmocka_unit_test(what_is_no_shared_object_is_refused),
	cmocka_unit_test(an_object_for_another_machine_is_refused),
	cmocka_unit_test(a_relocatable_object_is_refused),
	cmocka_unit_test(a_truncated_object_is_refused_at_every_length),
	cmocka_unit_test(damaged_headers_are_judged_without_reading_beyond));
