/* What every room's tests share: running groups, finding suites, temporary directories, child processes. */
#include <inox/testing.h>

#include "files.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { DIRECTORY_MAX = 256 };
static char directories[DIRECTORY_MAX][64];
static size_t directory_count;
static pid_t owner;

static int remove_entry(const char *path, const struct stat *info, int kind, struct FTW *where) {
	(void)info, (void)kind, (void)where;
	return remove(path);
}

static void remove_directories(void) {
	if (getpid() != owner) return; /* a forked child of a test leaves them alone */
	for (size_t i = 0; i < directory_count; i++)
		nftw(directories[i], remove_entry, 16, FTW_DEPTH | FTW_PHYS);
	directory_count = 0;
}

const char *ix_testing_directory(void) {
	assert_true(directory_count < DIRECTORY_MAX);
	char *path = directories[directory_count];
	snprintf(path, sizeof directories[0], "/tmp/inox-test-XXXXXX");
	if (!mkdtemp(path)) fail_msg("mkdtemp: %s", strerror(errno));
	directory_count++;
	return path;
}

const char *ix_testing_root(void) {
	const char *root = getenv("INOX_ROOT");
	return root ? root : ".";
}

const char *ix_testing_inox(void) {
	const char *path = getenv("INOX_BINARY");
	return path ? path : "inox";
}

bool ix_testing_long(void) { return getenv("INOX_TEST_LONG") != NULL; }

uint64_t ix_testing_seed(void) {
	const char *text = getenv("INOX_SEED");
	return text ? strtoull(text, NULL, 0) : 20260101;
}

static bool is_directory(const char *path) {
	struct stat info;
	return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

const char *ix_testing_suite(const char *name) {
	static char path[1024];
	const char *chosen = getenv("INOX_SUITES");
	if (chosen) {
		snprintf(path, sizeof path, "%s/%s", chosen, name);
		if (is_directory(path)) return path;
	} else {
		static const char *const places[] = {"../shared/suites", "tests/suites"};
		for (size_t i = 0; i < IX_COUNT(places); i++) {
			snprintf(path, sizeof path, "%s/%s/%s", ix_testing_root(), places[i], name);
			if (is_directory(path)) return path;
		}
	}
	print_message("SKIPPED: the public suite '%s' is not here: set INOX_SUITES to the folder that holds "
		      "it (docs/tests.md says where each comes from)\n",
		name);
	skip();
	return NULL;
}

uint8_t *ix_testing_read(const char *path, size_t *ret_size) {
	uint8_t *data = ix_test_file_read(path, ret_size);
	if (!data) fail_msg("%s: %s", path, strerror(errno));
	return data;
}

static void read_back(const char *path, char *out, size_t capacity) {
	FILE *file = fopen(path, "rb");
	size_t got = file ? fread(out, 1, capacity - 1, file) : 0;
	out[got] = '\0';
	if (file) fclose(file);
	remove(path);
}

void ix_testing_shell(ix_testing_run *ret_run, const char *format, ...) {
	char line[8192];
	va_list arguments;
	va_start(arguments, format);
	int length = vsnprintf(line, sizeof line, format, arguments);
	va_end(arguments);
	assert_true(length > 0 && (size_t)length < sizeof line);
	static const char *directory;
	if (!directory || !is_directory(directory)) directory = ix_testing_directory();
	char out[128], err[128];
	snprintf(out, sizeof out, "%s/out", directory);
	snprintf(err, sizeof err, "%s/err", directory);
	fflush(NULL);
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		int to_out = open(out, O_CREAT | O_TRUNC | O_WRONLY, 0600);
		int to_err = open(err, O_CREAT | O_TRUNC | O_WRONLY, 0600);
		int from = open("/dev/null", O_RDONLY);
		if (to_out < 0 || to_err < 0 || from < 0) _exit(126);
		dup2(from, 0), dup2(to_out, 1), dup2(to_err, 2);
		/* A test program that is started again by its own test must not write over its own result. */
		unsetenv("CMOCKA_XML_FILE"), unsetenv("CMOCKA_MESSAGE_OUTPUT");
		execl("/bin/sh", "sh", "-c", line, (char *)NULL);
		_exit(127);
	}
	int status = 0;
	while (waitpid(child, &status, 0) < 0) assert_int_equal(errno, EINTR);
	ret_run->exit_code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
	read_back(out, ret_run->out, sizeof ret_run->out);
	read_back(err, ret_run->err, sizeof ret_run->err);
}

int ix_testing_main(int argc, char **argv, const ix_test_group *const *groups) {
	owner = getpid();
	atexit(remove_directories);
	int failed = 0;
	for (; *groups; groups++) {
		if (argc > 1 && !strstr((*groups)->name, argv[1])) continue;
		int result = _cmocka_run_group_tests(
			(*groups)->name, (*groups)->tests, (*groups)->count, NULL, NULL);
		failed += result < 0 ? 1 : result;
	}
	if (failed)
		fprintf(stderr, "seed %llu (set INOX_SEED to repeat)\n",
			(unsigned long long)ix_testing_seed());
	return failed > 100 ? 100 : failed;
}
