/* Starting programs and waiting for them. Between fork and exec the child calls only what is safe there
 * (signal-safety(7)), and says through a pipe what failed. */
#include <inox/os_error.h>
#include <inox/process.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { PATH_BYTES = 4096 };

/* What the child reports; also the words of its error. */
typedef enum stage { STAGE_DESCRIPTORS, STAGE_DIRECTORY, STAGE_SIGNALS, STAGE_EXEC } stage;

typedef struct report {
	stage stage;
	int number;
} report;

/* ---- which program ---- */

static bool is_program(const char *path) { return access(path, X_OK) == 0; }

/* Here and not in the child: execvp would hand a file that is no program to the shell. */
static int find_program(const char *name, char ret_path[PATH_BYTES], ix_error *err) {
	if (!*name) return ix_fail(err, IX_ERR_INVALID, "a program with an empty name");
	if (strchr(name, '/')) {
		if (ix_format(ret_path, PATH_BYTES, "%s", name) >= PATH_BYTES)
			return ix_fail_os(err, ENAMETOOLONG, "%s", name);
		return 0;
	}
	const char *path = getenv("PATH");
	ix_str rest = ix_str_from(path && *path ? path : "/usr/bin:/bin");
	bool is_denied = false;
	while (rest.data) {
		ix_str place = ix_str_cut(&rest, ':');
		if (place.size == 0) continue; /* the current directory, which we do not search */
		size_t length = ix_format(ret_path, PATH_BYTES, "%.*s/%s", IX_STR_ARG(place), name);
		if (length >= PATH_BYTES) continue;
		if (is_program(ret_path)) return 0;
		/* There, and not for us; a folder of PATH that we may not look into tells nothing. */
		if (access(ret_path, F_OK) == 0) is_denied = true;
	}
	return ix_fail_os(err, is_denied ? EACCES : ENOENT, "%s", name);
}

/* ---- the child ---- */

typedef struct plan {
	const ix_process_options *options;
	const char *program;
	pid_t parent;
	int report; /* where to say what failed */
} plan;

static _Noreturn void give_up(int report_to, stage at) {
	report failed = {at, errno};
	(void)!write(report_to, &failed, sizeof failed);
	_exit(127);
}

/* Every descriptor of ours closes at exec, then the wanted ones are put in their places: by way of copies
 * above all of them, since they may permute. */
static int place_descriptors(const ix_process_options *options, int *report_to) {
	int copies[IX_PROCESS_DESCRIPTOR_MAX], lowest = 3;
	for (size_t i = 0; i < options->descriptor_count; i++)
		if (options->descriptors[i].child >= lowest) lowest = options->descriptors[i].child + 1;
	if ((*report_to = fcntl(*report_to, F_DUPFD_CLOEXEC, lowest)) < 0) return -1;
	for (size_t i = 0; i < options->descriptor_count; i++)
		if ((copies[i] = fcntl(options->descriptors[i].parent, F_DUPFD_CLOEXEC, lowest)) < 0)
			return -1;
	if (syscall(SYS_close_range, 3u, ~0u, 4u /* CLOSE_RANGE_CLOEXEC */) < 0) {
		struct rlimit limit = {.rlim_cur = 1024};
		(void)getrlimit(RLIMIT_NOFILE, &limit);
		for (int i = 3; i < (int)(limit.rlim_cur < 65536 ? limit.rlim_cur : 65536); i++)
			(void)fcntl(i, F_SETFD, FD_CLOEXEC);
	}
	if (!options->inherit_standard) {
		int null = open("/dev/null", O_RDWR | O_CLOEXEC);
		if (null < 0) return -1;
		for (int i = 0; i < 3; i++) {
			/* When it is already the number it is to have, dup2 would leave it to close at exec.
			 */
			if (null == i ? fcntl(i, F_SETFD, 0) < 0 : dup2(null, i) < 0) return -1;
		}
	}
	for (size_t i = 0; i < options->descriptor_count; i++)
		if (dup2(copies[i], options->descriptors[i].child) < 0) return -1;
	return 0;
}

/* What we ignore or block must not be ignored or blocked by a program that knows nothing of it. */
static int reset_signals(void) {
	struct sigaction standard = {.sa_handler = SIG_DFL};
	for (int i = 1; i < NSIG; i++) (void)sigaction(i, &standard, NULL);
	sigset_t none;
	sigemptyset(&none);
	return sigprocmask(SIG_SETMASK, &none, NULL);
}

static _Noreturn void become(const plan *p) {
	const ix_process_options *options = p->options;
	int report_to = p->report;
	if (place_descriptors(options, &report_to) < 0)
		give_up(report_to < 0 ? p->report : report_to, STAGE_DESCRIPTORS);
	if (options->own_group) (void)setpgid(0, 0);
	if (options->dies_with_us) {
		if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0) give_up(report_to, STAGE_SIGNALS);
		if (getppid() != p->parent) _exit(127); /* it died before we asked */
	}
	if (reset_signals() < 0) give_up(report_to, STAGE_SIGNALS);
	if (options->directory && chdir(options->directory) < 0) give_up(report_to, STAGE_DIRECTORY);
	/* execve promises not to change what its arguments point to; its type is older than const. */
	char *const *arguments = (char *const *)options->arguments;
	char *const *environment = options->environment ? (char *const *)options->environment : environ;
	execve(p->program, arguments, environment);
	give_up(report_to, STAGE_EXEC);
}

/* ---- the parent ---- */

static int explain(const ix_process_options *options, report failed, ix_error *err) {
	const char *name = options->arguments[0];
	if (failed.stage == STAGE_DIRECTORY)
		return ix_fail_os(err, failed.number, "%s: enter %s", name, options->directory);
	if (failed.stage == STAGE_DESCRIPTORS) return ix_fail_os(err, failed.number, "%s: descriptors", name);
	if (failed.stage == STAGE_SIGNALS) return ix_fail_os(err, failed.number, "%s: signals", name);
	return ix_fail_os(err, failed.number, "%s", name);
}

static int fork_child(const plan *p, const int ends[2], ix_process *ret_process, ix_error *err) {
	const char *name = p->options->arguments[0];
	/* A handler of ours must not run in the child before it has its own. */
	sigset_t all, before;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	pid_t pid = fork();
	int number = errno;
	if (pid == 0) become(p);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (pid < 0) return ix_fail_os(err, number, "%s: fork", name);
	if (p->options->own_group) (void)setpgid(pid, pid); /* both do it, so that either may go first */
	ix_process process = {.pid = pid, .own_group = p->options->own_group};
	process.descriptor = (int)syscall(SYS_pidfd_open, pid, 0);
	number = errno;
	close(ends[1]);
	report failed;
	ssize_t got;
	do {
		got = read(ends[0], &failed, sizeof failed);
	} while (got < 0 && errno == EINTR);
	if (got == 0 && process.descriptor >= 0) {
		*ret_process = process;
		return 0;
	}
	int code = got == (ssize_t)sizeof failed ? explain(p->options, failed, err)
						 : ix_fail_os(err, number, "%s: watch it", name);
	if (process.descriptor >= 0) close(process.descriptor);
	(void)kill(pid, SIGKILL);
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR) {}
	return code;
}

int ix_process_start(const ix_process_options *options, ix_process *ret_process, ix_error *err) {
	if (options->descriptor_count > IX_PROCESS_DESCRIPTOR_MAX)
		return ix_fail(err, IX_ERR_LIMIT, "%s: %zu descriptors to hand over, the limit is %d",
			options->arguments[0], options->descriptor_count, IX_PROCESS_DESCRIPTOR_MAX);
	char program[PATH_BYTES];
	int code = find_program(options->arguments[0], program, err);
	if (code) return code;
	int ends[2];
	if (pipe2(ends, O_CLOEXEC) < 0) return ix_fail_os(err, errno, "%s: pipe", options->arguments[0]);
	plan p = {.options = options, .program = program, .parent = getpid(), .report = ends[1]};
	ix_process process;
	code = fork_child(&p, ends, &process, err);
	close(ends[0]);
	if (code == 0) *ret_process = process;
	return code;
}

static int64_t ns_of(struct timeval time) {
	return (int64_t)time.tv_sec * 1000000000 + (int64_t)time.tv_usec * 1000;
}

/* Until `deadline_ms` on the monotonic clock; signals that come in between do not make it longer. */
static int poll_until(int descriptor, int64_t timeout_ms) {
	struct timespec start, now;
	clock_gettime(CLOCK_MONOTONIC, &start);
	for (int64_t left = timeout_ms;;) {
		struct pollfd wait = {.fd = descriptor, .events = POLLIN};
		int ready = poll(&wait, 1, left < 0 ? -1 : left > 1000000 ? 1000000 : (int)left);
		if (ready > 0) return 0;
		if (ready < 0 && errno != EINTR) return -errno;
		if (timeout_ms < 0) continue;
		clock_gettime(CLOCK_MONOTONIC, &now);
		left = timeout_ms -
		       ((now.tv_sec - start.tv_sec) * 1000 + (now.tv_nsec - start.tv_nsec) / 1000000);
		if (left <= 0) return -ETIMEDOUT;
	}
}

int ix_process_wait(ix_process *process, int64_t timeout_ms, ix_process_status *ret_status, ix_error *err) {
	int pid = (int)process->pid;
	if (process->descriptor < 0)
		return ix_fail(err, IX_ERR_CLOSED, "process %d: waited for already", pid);
	int result = poll_until(process->descriptor, timeout_ms);
	if (result < 0) return ix_fail_os(err, -result, "process %d", pid);
	int status = 0;
	struct rusage usage;
	pid_t reaped;
	do {
		reaped = wait4(process->pid, &status, 0, &usage);
	} while (reaped < 0 && errno == EINTR);
	if (reaped < 0) return ix_fail_os(err, errno, "process %d", pid);
	close(process->descriptor);
	process->descriptor = -1;
	if (!ret_status) return 0;
	*ret_status = (ix_process_status){.was_killed = WIFSIGNALED(status),
		.code = WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status),
		.cpu_user_ns = ns_of(usage.ru_utime),
		.cpu_system_ns = ns_of(usage.ru_stime),
		.resident_max_bytes = usage.ru_maxrss * 1024};
	return 0;
}

int ix_process_signal(ix_process *process, int number, ix_error *err) {
	if (process->descriptor < 0)
		return ix_fail(err, IX_ERR_CLOSED, "process %d: waited for already", (int)process->pid);
	if (syscall(SYS_pidfd_send_signal, process->descriptor, number, NULL, 0) < 0)
		return ix_fail_os(err, errno, "process %d: signal %d", (int)process->pid, number);
	return 0;
}
