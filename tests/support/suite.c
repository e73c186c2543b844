/* Running one conformance suite as a program: counting, the list of exceptions, the closing line. */
#include <inox/suite.h>

#include "files.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static struct {
	size_t passed, failed, skipped, excepted;
	bool verbose;
	const char *exceptions; /* the file's text */
} suite;

static bool is_excepted(const char *name) {
	size_t length = strlen(name);
	for (const char *line = suite.exceptions; line && *line;
		line = strchr(line, '\n'), line = line ? line + 1 : NULL) {
		if (strncmp(line, name, length) == 0 && line[length] == '\t') return true;
	}
	return false;
}

void ix_suite_pass(const char *format, ...) {
	suite.passed++;
	if (!suite.verbose) return;
	va_list arguments;
	va_start(arguments, format);
	fputs("ok   ", stdout);
	vprintf(format, arguments);
	putchar('\n');
	va_end(arguments);
}

static void report(const char *word, const char *name, const char *format, va_list arguments) {
	printf("%s %s: ", word, name);
	vprintf(format, arguments);
	putchar('\n');
}

static void fail_list(const char *name, const char *format, va_list arguments) {
	bool excepted = is_excepted(name);
	suite.excepted += excepted;
	suite.failed += !excepted;
	suite.skipped += excepted;
	report(excepted ? "EXCEPTED" : "FAIL", name, format, arguments);
}

void ix_suite_fail(const char *name, const char *format, ...) {
	va_list arguments;
	va_start(arguments, format);
	fail_list(name, format, arguments);
	va_end(arguments);
}

void ix_suite_skip(const char *name, const char *format, ...) {
	suite.skipped++;
	va_list arguments;
	va_start(arguments, format);
	report("SKIPPED", name, format, arguments);
	va_end(arguments);
}

bool ix_suite_check(bool good, const char *name, const char *format, ...) {
	if (good) {
		ix_suite_pass("%s", name);
		return true;
	}
	va_list arguments;
	va_start(arguments, format);
	fail_list(name, format, arguments);
	va_end(arguments);
	return false;
}

static bool ends_with(const char *name, const char *suffix) {
	size_t a = strlen(name), b = strlen(suffix);
	return a >= b && strcmp(name + a - b, suffix) == 0;
}

static void each_below(const char *root, const char *relative, const char *suffix,
	void (*visit)(const char *path, const char *relative, void *context), void *context, int depth) {
	char path[4096];
	snprintf(path, sizeof path, "%s%s%s", root, *relative ? "/" : "", relative);
	struct dirent **names = NULL;
	int count = depth < 16 ? scandir(path, &names, NULL, alphasort) : 0;
	for (int i = 0; i < count; i++) {
		const char *name = names[i]->d_name;
		char below[2048];
		struct stat info;
		snprintf(below, sizeof below, "%s%s%s", relative, *relative ? "/" : "", name);
		snprintf(path, sizeof path, "%s/%s", root, below);
		if (name[0] != '.' && stat(path, &info) == 0) {
			if (S_ISDIR(info.st_mode))
				each_below(root, below, suffix, visit, context, depth + 1);
			else if (ends_with(name, suffix))
				visit(path, below, context);
		}
		free(names[i]);
	}
	free(names);
}

void ix_suite_each(const char *directory, const char *suffix,
	void (*visit)(const char *path, const char *relative, void *context), void *context) {
	each_below(directory, "", suffix, visit, context, 0);
}

uint8_t *ix_suite_read(const char *path, size_t *ret_size) { return ix_test_file_read(path, ret_size); }

int main(int argc, char **argv) {
	const char *directory = NULL;
	size_t floor = 1, size = 0;
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--verbose") == 0)
			suite.verbose = true;
		else if (strcmp(argv[i], "--floor") == 0 && i + 1 < argc)
			floor = strtoul(argv[++i], NULL, 10);
		else if (strcmp(argv[i], "--exceptions") == 0 && i + 1 < argc)
			suite.exceptions = (char *)ix_suite_read(argv[++i], &size);
		else
			directory = argv[i];
	}
	if (suite.exceptions) {
		char *text = calloc(size + 1, 1);
		if (!text) return 4;
		memcpy(text, suite.exceptions, size);
		suite.exceptions = text;
	}
	struct stat info;
	if (!directory || stat(directory, &info) != 0 || !S_ISDIR(info.st_mode)) {
		fprintf(stderr,
			"usage: %s [--verbose] [--floor N] [--exceptions FILE] DIR: %s is not a folder\n",
			argv[0], directory ? directory : "(none)");
		return 2;
	}
	ix_suite_run(directory);
	bool enough = suite.passed >= floor;
	if (!enough)
		printf("FAIL floor: %zu cases passed, fewer than the recorded %zu\n", suite.passed, floor);
	printf("%zu passed, %zu failed, %zu skipped\n", suite.passed, suite.failed + !enough, suite.skipped);
	return suite.failed || !enough ? 1 : 0;
}
