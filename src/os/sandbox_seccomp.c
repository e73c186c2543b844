/* Which system calls are left: lists, one for what every program needs and one for each thing that may be
 * allowed. What is on no list fails with EPERM, or kills. */
#include "sandbox_inside.h"

#include <inox/os_error.h>

#include <errno.h>
#include <linux/sched.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <termios.h>
#include <unistd.h>

typedef struct call_list {
	unsigned allow; /* with any of these; 0: always */
	const int *calls;
	size_t count;
} call_list;

#define CALLS(...) (const int[]){__VA_ARGS__}, sizeof((const int[]){__VA_ARGS__}) / sizeof(int)
#define C(name)    SCMP_SYS(name)

static const call_list lists[] = {
	/* memory */
	{0, CALLS(C(brk), C(munmap), C(mremap), C(madvise), C(mincore), C(msync), C(mlock), C(mlock2),
		    C(munlock), C(mlockall), C(munlockall), C(membarrier))},
	/* time */
	{0, CALLS(C(clock_gettime), C(clock_getres), C(clock_nanosleep), C(nanosleep), C(gettimeofday),
		    C(time), C(timerfd_create), C(timerfd_settime), C(timerfd_gettime), C(timer_create),
		    C(timer_settime), C(timer_gettime), C(timer_delete), C(timer_getoverrun), C(getitimer),
		    C(setitimer), C(alarm), C(pause))},
	/* its own descriptors */
	{0, CALLS(C(read), C(write), C(readv), C(writev), C(pread64), C(pwrite64), C(preadv), C(pwritev),
		    C(preadv2), C(pwritev2), C(close), C(close_range), C(lseek), C(fstat), C(newfstatat),
		    C(statx), C(dup), C(dup2), C(dup3), C(fcntl), C(poll), C(ppoll), C(select), C(pselect6),
		    C(epoll_create), C(epoll_create1), C(epoll_ctl), C(epoll_wait), C(epoll_pwait),
		    C(epoll_pwait2), C(eventfd), C(eventfd2), C(signalfd), C(signalfd4), C(pipe), C(pipe2),
		    C(sendfile), C(splice), C(tee), C(vmsplice), C(copy_file_range), C(fsync), C(fdatasync),
		    C(sync_file_range), C(fallocate), C(ftruncate), C(fadvise64), C(readahead), C(flock),
		    C(memfd_create))},
	/* sockets it was handed */
	{0, CALLS(C(accept), C(accept4), C(recvfrom), C(recvmsg), C(recvmmsg), C(sendto), C(sendmsg),
		    C(sendmmsg), C(getsockname), C(getpeername), C(getsockopt), C(setsockopt), C(shutdown),
		    C(listen))},
	/* signals, its end */
	{0, CALLS(C(rt_sigaction), C(rt_sigprocmask), C(rt_sigreturn), C(rt_sigtimedwait), C(rt_sigpending),
		    C(rt_sigsuspend), C(sigaltstack), C(restart_syscall), C(exit), C(exit_group))},
	/* what it is and uses */
	{0, CALLS(C(getpid), C(gettid), C(getppid), C(getuid), C(geteuid), C(getgid), C(getegid),
		    C(getresuid), C(getresgid), C(getgroups), C(getpgrp), C(getpgid), C(getsid), C(getrlimit),
		    C(getrusage), C(times), C(uname), C(sysinfo), C(getcpu), C(getrandom), C(sched_yield),
		    C(sched_getaffinity), C(sched_getparam), C(sched_getscheduler), C(sched_get_priority_max),
		    C(sched_get_priority_min), C(getpriority), C(capget))},
	/* threads that there are: the C library's locks */
	{0, CALLS(C(futex), C(set_robust_list), C(get_robust_list), C(set_tid_address), C(rseq),
		    C(arch_prctl))},
	{IX_SANDBOX_FILES,
		CALLS(C(open), C(openat), C(openat2), C(creat), C(stat), C(lstat), C(access), C(faccessat),
			C(faccessat2), C(readlink), C(readlinkat), C(getcwd), C(chdir), C(fchdir), C(mkdir),
			C(mkdirat), C(rmdir), C(unlink), C(unlinkat), C(rename), C(renameat), C(renameat2),
			C(link), C(linkat), C(symlink), C(symlinkat), C(chmod), C(fchmod), C(fchmodat),
			C(chown), C(fchown), C(lchown), C(fchownat), C(utimensat), C(truncate), C(getdents),
			C(getdents64), C(statfs), C(fstatfs), C(umask), C(inotify_init), C(inotify_init1),
			C(inotify_add_watch), C(inotify_rm_watch))},
	{IX_SANDBOX_THREADS, CALLS(C(sched_setaffinity))},
	{IX_SANDBOX_UNIX | IX_SANDBOX_INTERNET, CALLS(C(connect), C(bind))},
	{IX_SANDBOX_PROCESSES, CALLS(C(fork), C(vfork), C(wait4), C(waitid), C(kill), C(tgkill),
				       C(pidfd_open), C(pidfd_send_signal), C(setpgid), C(setsid))},
	{IX_SANDBOX_EXEC, CALLS(C(execve), C(execveat))},
	{IX_SANDBOX_RING, CALLS(C(io_uring_enter), C(io_uring_register))},
	{IX_SANDBOX_JIT, CALLS(C(mmap), C(mprotect))},
};

/* Calls that are allowed only with these arguments. */
typedef struct argument_rule {
	unsigned allow;
	int call;
	unsigned index;
	uint64_t mask, value;
} argument_rule;

static const argument_rule argument_rules[] = {
	/* Memory is written or executed, not first the one and then the other. */
	{0, C(mmap), 2, PROT_WRITE | PROT_EXEC, 0},
	{0, C(mmap), 2, PROT_WRITE | PROT_EXEC, PROT_WRITE},
	{0, C(mmap), 2, PROT_WRITE | PROT_EXEC, PROT_EXEC},
	{0, C(mprotect), 2, PROT_EXEC, 0},
	/* Not TIOCSTI, which types into the terminal. */
	{0, C(ioctl), 1, UINT32_MAX, FIONBIO},
	{0, C(ioctl), 1, UINT32_MAX, FIONREAD},
	{0, C(ioctl), 1, UINT32_MAX, FIOCLEX},
	{0, C(ioctl), 1, UINT32_MAX, TCGETS},
	{0, C(ioctl), 1, UINT32_MAX, TIOCGWINSZ},
	{0, C(prctl), 0, UINT32_MAX, PR_SET_NAME},
	{0, C(prctl), 0, UINT32_MAX, PR_GET_NAME},
	{0, C(prctl), 0, UINT32_MAX, PR_GET_DUMPABLE},
	{0, C(prctl), 0, UINT32_MAX, PR_GET_SECCOMP},
	{0, C(prctl), 0, UINT32_MAX, PR_GET_NO_NEW_PRIVS},
	{0, C(prctl), 0, UINT32_MAX, PR_CAPBSET_READ},
	{0, C(prctl), 0, UINT32_MAX, 0x53564D41 /* PR_SET_VMA: malloc names its memory */},
	/* Its own limits, looked at and not changed. */
	{0, C(prlimit64), 2, UINT64_MAX, 0},
	{IX_SANDBOX_THREADS, C(clone), 0, CLONE_VM | CLONE_THREAD | CLONE_SIGHAND,
		CLONE_VM | CLONE_THREAD | CLONE_SIGHAND},
	/* A process, but no name space of its own, where it would be root. */
	{IX_SANDBOX_PROCESSES, C(clone), 0,
		CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWUTS | CLONE_NEWIPC |
			CLONE_NEWCGROUP,
		0},
	{IX_SANDBOX_UNIX, C(socket), 0, UINT32_MAX, AF_UNIX},
	{IX_SANDBOX_UNIX, C(socketpair), 0, UINT32_MAX, AF_UNIX},
};

/* TCP and UDP, no raw sockets: two arguments at once. */
static int allow_internet(scmp_filter_ctx filter) {
	static const unsigned families[] = {AF_INET, AF_INET6}, types[] = {SOCK_STREAM, SOCK_DGRAM};
	int result = 0;
	for (size_t i = 0; i < 4 && result == 0; i++) {
		result = seccomp_rule_add(filter, SCMP_ACT_ALLOW, C(socket), 2,
			SCMP_A0(SCMP_CMP_MASKED_EQ, UINT32_MAX, families[i / 2]),
			SCMP_A1(SCMP_CMP_MASKED_EQ, 0xF, types[i % 2]));
	}
	return result;
}

static bool is_on(unsigned wanted, unsigned allow) { return wanted == 0 || (wanted & allow); }

/* A call that is allowed outright may not have a rule with arguments beside it. */
static bool is_outright(unsigned allow, int call) {
	for (size_t i = 0; i < IX_COUNT(lists); i++)
		for (size_t j = 0; is_on(lists[i].allow, allow) && j < lists[i].count; j++)
			if (lists[i].calls[j] == call) return true;
	return false;
}

static int add_lists(scmp_filter_ctx filter, unsigned allow) {
	int result = 0;
	for (size_t i = 0; i < IX_COUNT(lists); i++)
		for (size_t j = 0; is_on(lists[i].allow, allow) && j < lists[i].count && result == 0; j++)
			result = seccomp_rule_add(filter, SCMP_ACT_ALLOW, lists[i].calls[j], 0);
	for (size_t i = 0; i < IX_COUNT(argument_rules) && result == 0; i++) {
		const argument_rule *rule = &argument_rules[i];
		if (!is_on(rule->allow, allow) || is_outright(allow, rule->call)) continue;
		result = seccomp_rule_add(filter, SCMP_ACT_ALLOW, rule->call, 1,
			SCMP_CMP(rule->index, SCMP_CMP_MASKED_EQ, rule->mask, rule->value));
	}
	return result;
}

/* Signals to itself only, for raise and abort, where processes are not allowed. */
static int allow_own_signals(scmp_filter_ctx filter) {
	uint64_t self = (uint64_t)getpid();
	int result = seccomp_rule_add(
		filter, SCMP_ACT_ALLOW, C(tgkill), 1, SCMP_A0(SCMP_CMP_MASKED_EQ, UINT32_MAX, self));
	if (result) return result;
	return seccomp_rule_add(
		filter, SCMP_ACT_ALLOW, C(kill), 1, SCMP_A0(SCMP_CMP_MASKED_EQ, UINT32_MAX, self));
}

static int build(scmp_filter_ctx filter, unsigned allow) {
	/* The filter cannot look into clone3's structure. The C library takes "no such call" as the sign to
	 * use clone. */
	int result = seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), C(clone3), 0);
	if (result == 0) result = add_lists(filter, allow);
	if (result == 0 && (allow & IX_SANDBOX_INTERNET)) result = allow_internet(filter);
	if (result == 0 && !(allow & IX_SANDBOX_PROCESSES)) result = allow_own_signals(filter);
	/* Decided by a tree, not by a walk through some two hundred comparisons. */
	if (result == 0) result = seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2);
	/* no_new_privs is a layer of its own. */
	if (result == 0) result = seccomp_attr_set(filter, SCMP_FLTATR_CTL_NNP, 0);
	return result ? result : seccomp_load(filter);
}

int ix_sandbox_seccomp(const ix_sandbox *sandbox, ix_error *err) {
	uint32_t otherwise = sandbox->kill_on_violation ? SCMP_ACT_KILL_PROCESS : SCMP_ACT_ERRNO(EPERM);
	scmp_filter_ctx filter = seccomp_init(otherwise);
	if (!filter) return ix_fail(err, IX_ERR_MEMORY, "sandbox: seccomp: out of memory");
	int result = build(filter, sandbox->allow);
	seccomp_release(filter);
	if (result == 0) return 0;
	(void)ix_fail_os(err, -result, "sandbox: seccomp");
	if (err) err->code = IX_ERR_ENVIRONMENT;
	return IX_ERR_ENVIRONMENT;
}
