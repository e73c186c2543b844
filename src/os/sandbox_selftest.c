/* The self-test: a child enters a sandbox and sends back what it found. */
#include "sandbox_inside.h"

#include <inox/os_error.h>

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct answer {
	int code;
	ix_error err;
	ix_sandbox_selftest_report report;
} answer;

static bool has_user(const char *name) {
	struct passwd entry, *found = NULL;
	char buffer[4096];
	return getpwnam_r(name, &entry, buffer, sizeof buffer, &found) == 0 && found;
}

static _Noreturn void be_the_child(const ix_sandbox_ground *ground, int to) {
	static answer a; /* too large for a thread's stack */
	const char *const shown[] = {ground->shown, NULL}, *const inside[] = {ground->inside, NULL};
	ix_sandbox sandbox = {
		.allow = IX_SANDBOX_FILES | IX_SANDBOX_THREADS | IX_SANDBOX_RING,
		.read = shown,
		.write = inside,
		.user = geteuid() == 0 && has_user("nobody") ? "nobody" : NULL,
		.dies_with_parent = true,
	};
	a.code = ix_sandbox_enter(&sandbox, &a.report.sandbox, &a.err);
	if (a.code == 0) ix_sandbox_try(ground, a.report.sandbox.applied, &a.report);
	const uint8_t *bytes = (const uint8_t *)&a;
	for (size_t done = 0; done < sizeof a;) {
		ssize_t put = write(to, bytes + done, sizeof a - done);
		if (put > 0)
			done += (size_t)put;
		else if (errno != EINTR)
			_exit(1);
	}
	_exit(0);
}

static int run_child(const ix_sandbox_ground *ground, ix_sandbox_selftest_report *ret_report, ix_error *err) {
	int ends[2];
	if (pipe2(ends, O_CLOEXEC) < 0) return ix_fail_os(err, errno, "sandbox self-test");
	pid_t child = fork();
	int number = errno;
	if (child == 0) be_the_child(ground, ends[1]);
	close(ends[1]);
	answer a;
	size_t got = 0;
	while (child > 0 && got < sizeof a) {
		ssize_t more = read(ends[0], (uint8_t *)&a + got, sizeof a - got);
		if (more > 0)
			got += (size_t)more;
		else if (more == 0 || errno != EINTR)
			break;
	}
	close(ends[0]);
	if (child < 0) return ix_fail_os(err, number, "sandbox self-test");
	int status = 0;
	while (waitpid(child, &status, 0) < 0 && errno == EINTR) {}
	if (got < sizeof a)
		return ix_fail(err, IX_ERR_INTERNAL, "sandbox self-test: the child ended early (%s %d)",
			WIFSIGNALED(status) ? "signal" : "status",
			WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
	if (a.code) {
		if (err) *err = a.err;
		return a.code;
	}
	*ret_report = a.report;
	return 0;
}

int ix_sandbox_selftest(ix_sandbox_selftest_report *ret_report, ix_error *err) {
	ix_sandbox_ground ground;
	int code = ix_sandbox_ground_open(&ground, err);
	if (code) return code;
	code = run_child(&ground, ret_report, err);
	ix_sandbox_ground_close(&ground);
	return code;
}
