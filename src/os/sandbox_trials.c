/* The trials: each one act that a sandboxed process must not be able to do, or must. An act returns 0 when it
 * was done, else an errno. Where doing it for real would do harm, it is asked for in a way that fails
 * differently when it is let through (a program or process that does not exist). */
#include "sandbox_inside.h"

#include <inox/file.h>
#include <inox/os_error.h>
#include <inox/thread.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

typedef ix_sandbox_ground ground;

enum { NO_SUCH_PROCESS = 0x3FFFFFF0, MINE_MAX = 320 };

static const char *inner(char out[MINE_MAX], const char *folder, const char *name) {
	(void)ix_format(out, MINE_MAX, "%s/%s", folder, name);
	return out;
}

static int opens(const char *folder, const char *name, int flags) {
	char path[MINE_MAX];
	int descriptor = open(inner(path, folder, name), flags | O_CLOEXEC, 0600);
	if (descriptor < 0) return errno;
	close(descriptor);
	return 0;
}

/* ---- forbidden: files ---- */

static int read_outside(const ground *g) { return opens(g->outside, "secret", O_RDONLY); }
static int list_outside(const ground *g) { return opens(g->outside, ".", O_RDONLY | O_DIRECTORY); }
static int make_outside(const ground *g) { return opens(g->outside, "made", O_WRONLY | O_CREAT); }
static int write_shown(const ground *g) { return opens(g->shown, "shown", O_WRONLY); }

static int remove_outside(const ground *g) {
	char path[MINE_MAX];
	return unlink(inner(path, g->outside, "secret")) < 0 ? errno : 0;
}

static int move_outside(const ground *g) {
	char from[MINE_MAX], to[MINE_MAX];
	if (rename(inner(from, g->inside, "mine"), inner(to, g->outside, "mine")) == 0) return 0;
	return errno == EXDEV ? EACCES : errno; /* Landlock's word for it, so that mv copies instead */
}

static void *map_ring(const ground *g, size_t size, off_t offset) {
	return mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, g->ring, offset);
}

static void *part_of(void *ring, size_t offset) { return (uint8_t *)ring + offset; }

/* Puts one openat into the ring that was made before, and waits for its result. */
static int open_through_ring(const ground *g, void *rings, struct io_uring_sqe *entries) {
	const struct io_uring_params *parts = &g->ring_parts;
	char path[MINE_MAX];
	(void)inner(path, g->outside, "secret");
	entries[0] = (struct io_uring_sqe){
		.opcode = IORING_OP_OPENAT, .fd = AT_FDCWD, .addr = (uintptr_t)path, .open_flags = O_RDONLY};
	unsigned *array = part_of(rings, parts->sq_off.array), *tail = part_of(rings, parts->sq_off.tail);
	array[0] = 0;
	__atomic_store_n(tail, 1, __ATOMIC_RELEASE);
	if (syscall(SYS_io_uring_enter, g->ring, 1, 1, IORING_ENTER_GETEVENTS, NULL, 0) < 0) return errno;
	const struct io_uring_cqe *done = part_of(rings, parts->cq_off.cqes);
	if (done->res < 0) return -done->res;
	close(done->res);
	return 0;
}

static int read_outside_by_ring(const ground *g) {
	if (g->ring < 0) return ENOSYS;
	const struct io_uring_params *parts = &g->ring_parts;
	size_t size = ix_size_max(parts->sq_off.array + parts->sq_entries * sizeof(unsigned),
		parts->cq_off.cqes + parts->cq_entries * sizeof(struct io_uring_cqe));
	size_t entries_size = parts->sq_entries * sizeof(struct io_uring_sqe);
	void *rings = map_ring(g, size, IORING_OFF_SQ_RING);
	void *entries = map_ring(g, entries_size, IORING_OFF_SQES);
	int number =
		rings == MAP_FAILED || entries == MAP_FAILED ? errno : open_through_ring(g, rings, entries);
	if (rings != MAP_FAILED) munmap(rings, size);
	if (entries != MAP_FAILED) munmap(entries, entries_size);
	return number;
}

/* ---- forbidden: calls ---- */

static int make_ring(const ground *g) {
	if (g->ring < 0) return ENOSYS;
	struct io_uring_params parts = {0};
	int ring = (int)syscall(SYS_io_uring_setup, 4, &parts);
	if (ring < 0) return errno;
	close(ring);
	return 0;
}

static int connects(int family, const void *address, socklen_t size) {
	int descriptor = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (descriptor < 0) return errno;
	int number = connect(descriptor, address, size) < 0 ? errno : 0;
	close(descriptor);
	return number;
}

static int connect_tcp(const ground *g) {
	struct sockaddr_in address = {
		.sin_family = AF_INET, .sin_port = g->port, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	return connects(AF_INET, &address, sizeof address);
}

static int connect_unix(const ground *g) {
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	(void)ix_format(address.sun_path, sizeof address.sun_path, "%s", g->socket);
	return connects(AF_UNIX, &address, sizeof address);
}

static int run_program(const ground *g) {
	(void)g;
	char *const none[] = {NULL};
	return execve("/inox-no-such-program", none, none) < 0 ? errno : 0;
}

static int start_process(const ground *g) {
	(void)g;
	pid_t child = fork();
	if (child < 0) return errno;
	if (child == 0) _exit(0);
	(void)waitpid(child, NULL, 0);
	return 0;
}

static int trace_process(const ground *g) {
	(void)g;
	return ptrace(PTRACE_ATTACH, NO_SUCH_PROCESS, NULL, NULL) < 0 ? errno : 0;
}

static int read_process_memory(const ground *g) {
	(void)g;
	char byte;
	struct iovec here = {&byte, 1}, there = {&byte, 1};
	return process_vm_readv(NO_SUCH_PROCESS, &here, 1, &there, 1, 0) < 0 ? errno : 0;
}

static int signal_parent(const ground *g) {
	(void)g;
	return kill(getppid(), 0) < 0 ? errno : 0;
}

static int become_root(const ground *g) {
	(void)g;
	return setresuid(0, 0, 0) < 0 ? errno : 0;
}

static int make_name_space(const ground *g) {
	(void)g;
	return unshare(CLONE_NEWUSER) < 0 ? errno : 0;
}

static int mount_something(const ground *g) {
	(void)g;
	return mount("none", "/inox-no-such-folder", "tmpfs", 0, NULL) < 0 ? errno : 0;
}

static int run_written_memory(const ground *g) {
	(void)g;
	size_t size = 4096;
	void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (memory == MAP_FAILED) return 0;
	int number = mprotect(memory, size, PROT_READ | PROT_EXEC) < 0 ? errno : 0;
	munmap(memory, size);
	return number;
}

static int type_into_terminal(const ground *g) {
	(void)g;
	char byte = '\n';
	return ioctl(-1, TIOCSTI, &byte) < 0 ? errno : 0;
}

static int load_bpf(const ground *g) {
	(void)g;
	return syscall(SYS_bpf, 0, NULL, 0) < 0 ? errno : 0;
}

static int open_by_handle(const ground *g) {
	(void)g;
	return syscall(SYS_open_by_handle_at, -1, NULL, O_RDONLY) < 0 ? errno : 0;
}

/* ---- allowed ---- */

static int read_shown(const ground *g) { return opens(g->shown, "shown", O_RDONLY); }

static int write_and_rename(const ground *g) {
	char first[MINE_MAX], second[MINE_MAX];
	int descriptor = open(inner(first, g->inside, "first"), O_CREAT | O_RDWR | O_CLOEXEC, 0600);
	if (descriptor < 0) return errno;
	bool is_good = write(descriptor, "x", 1) == 1 && ftruncate(descriptor, 0) == 0 &&
		       fsync(descriptor) == 0 && rename(first, inner(second, g->inside, "second")) == 0 &&
		       unlink(second) == 0;
	int number = is_good ? 0 : errno;
	close(descriptor);
	return number;
}

static int replace_whole(const ground *g) {
	char path[MINE_MAX];
	ix_file_out *out;
	ix_error err = {0};
	int code = ix_file_out_open(inner(path, g->inside, "replaced"), &out, &err);
	if (code == 0) {
		code = ix_file_out_write(out, "whole", 5, &err);
		if (code)
			ix_file_out_abort(out);
		else
			code = ix_file_out_commit(out, &err);
	}
	return code == 0 ? 0 : err.detail ? err.detail : EIO;
}

static void nothing(void *argument) { (void)argument; }

static int start_thread(const ground *g) {
	(void)g;
	ix_thread *thread;
	ix_error err = {0};
	if (ix_thread_start(NULL, nothing, NULL, &thread, &err)) return err.detail ? err.detail : EAGAIN;
	ix_thread_join(thread);
	return 0;
}

static int ask_the_kernel(const ground *g) {
	(void)g;
	uint64_t chance;
	struct timespec now;
	void *memory = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (memory == MAP_FAILED) return errno;
	bool is_good = getrandom(&chance, sizeof chance, 0) == (ssize_t)sizeof chance &&
		       clock_gettime(CLOCK_MONOTONIC, &now) == 0 && munmap(memory, 1 << 20) == 0;
	return is_good ? 0 : errno;
}

/* ---- all of them ---- */

enum { PATHS = IX_SANDBOX_LAYER_LANDLOCK, SYSTEM_CALLS = IX_SANDBOX_LAYER_SECCOMP };

static const struct {
	const char *name;
	int (*act)(const ground *g);
	unsigned refused_by; /* 0: it is to work */
} trials[] = {
	{"read a file outside", read_outside, PATHS},
	{"list a folder outside", list_outside, PATHS},
	{"make a file outside", make_outside, PATHS},
	{"write a file that may only be read", write_shown, PATHS},
	{"move a file outside", move_outside, PATHS},
	{"read a file outside through an io_uring", read_outside_by_ring, PATHS},
	{"remove a file outside", remove_outside, PATHS},
	{"make an io_uring", make_ring, SYSTEM_CALLS},
	{"connect by TCP", connect_tcp, SYSTEM_CALLS},
	{"connect to a unix socket", connect_unix, SYSTEM_CALLS},
	{"run a program", run_program, SYSTEM_CALLS},
	{"start a process", start_process, SYSTEM_CALLS},
	{"trace a process", trace_process, SYSTEM_CALLS},
	{"read a process's memory", read_process_memory, SYSTEM_CALLS},
	{"signal its parent", signal_parent, SYSTEM_CALLS},
	{"become root", become_root, SYSTEM_CALLS},
	{"mount a file system", mount_something, SYSTEM_CALLS},
	{"run memory it wrote", run_written_memory, SYSTEM_CALLS},
	{"type into a terminal", type_into_terminal, SYSTEM_CALLS},
	{"load a BPF program", load_bpf, SYSTEM_CALLS},
	{"open a file by its handle", open_by_handle, SYSTEM_CALLS},
	{"make a user name space", make_name_space, SYSTEM_CALLS},
	{"read a file that may be read", read_shown, 0},
	{"write, sync and rename in its folder", write_and_rename, 0},
	{"replace a file whole", replace_whole, 0},
	{"start a thread", start_thread, 0},
	{"ask for memory, time and chance", ask_the_kernel, 0},
};
_Static_assert(IX_COUNT(trials) <= IX_SANDBOX_TRIAL_MAX, "every trial has a place in the report");

static void judge(ix_sandbox_trial *trial, unsigned refused_by, int number) {
	bool is_refused = number == EPERM || number == EACCES;
	if (refused_by && number == ENOSYS) {
		trial->outcome = IX_SANDBOX_UNTRIED;
		(void)ix_format(trial->detail, sizeof trial->detail, "this kernel does not have it");
		return;
	}
	bool is_held = refused_by ? is_refused : number == 0;
	trial->outcome = is_held ? IX_SANDBOX_HELD : IX_SANDBOX_BROKEN;
	(void)ix_format(trial->detail, sizeof trial->detail, "%s%s", is_refused ? "refused: " : "",
		number ? ix_os_phrase(number) : "it works");
}

void ix_sandbox_try(const ix_sandbox_ground *g, unsigned layers, ix_sandbox_selftest_report *report) {
	report->trial_count = IX_COUNT(trials);
	report->broken_count = 0;
	for (size_t i = 0; i < IX_COUNT(trials); i++) {
		ix_sandbox_trial *trial = &report->trials[i];
		*trial = (ix_sandbox_trial){.name = trials[i].name, .outcome = IX_SANDBOX_UNTRIED};
		if (trials[i].refused_by & ~layers) {
			(void)ix_format(trial->detail, sizeof trial->detail,
				"the layer that refuses it is not there");
			continue;
		}
		judge(trial, trials[i].refused_by, trials[i].act(g));
		report->broken_count += trial->outcome == IX_SANDBOX_BROKEN;
	}
}
