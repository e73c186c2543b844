/* Ending a process with everything it started: stopped first, so that nobody starts more while the tree is
 * being walked, then killed. A descendant whose parents are gone is found only through the process group. */
#include <inox/process.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

enum { TREE_MAX = 4096, ROUNDS_MAX = 64 };

typedef struct tree {
	size_t count;
	pid_t members[TREE_MAX]; /* the root first */
} tree;

static bool has(const tree *t, pid_t pid) {
	for (size_t i = 0; i < t->count; i++)
		if (t->members[i] == pid) return true;
	return false;
}

/* The fourth field of /proc/PID/stat; the second, the name, may hold anything, also ')'. 0 when it is gone.
 */
static pid_t parent_of(int proc, const char *pid) {
	char path[32], text[512];
	(void)ix_format(path, sizeof path, "%s/stat", pid);
	int file = openat(proc, path, O_RDONLY | O_CLOEXEC);
	ssize_t got = file >= 0 ? read(file, text, sizeof text) : -1;
	if (file >= 0) close(file);
	if (got <= 0) return 0;
	size_t at = (size_t)got;
	while (at > 0 && text[at - 1] != ')') at--;
	ix_str rest = ix_str_trim((ix_str){text + at, (size_t)got - at});
	(void)ix_str_cut(&rest, ' '); /* the state */
	uint64_t parent = 0;
	(void)ix_str_to_u64(ix_str_cut(&rest, ' '), &parent);
	return (pid_t)parent;
}

/* Stops every process whose parent is in the tree and that is not in it yet; returns how many. */
static size_t take_children(tree *t) {
	DIR *proc = opendir("/proc");
	if (!proc) return 0;
	int folder = dirfd(proc);
	size_t found = 0;
	for (struct dirent *entry; folder >= 0 && (entry = readdir(proc)) != NULL;) {
		uint64_t pid;
		if (!ix_str_to_u64(ix_str_from(entry->d_name), &pid)) continue;
		pid_t parent = parent_of(folder, entry->d_name);
		if (parent == 0 || !has(t, parent) || has(t, (pid_t)pid) || t->count == TREE_MAX) continue;
		(void)kill((pid_t)pid, SIGSTOP);
		t->members[t->count++] = (pid_t)pid;
		found++;
	}
	closedir(proc);
	return found;
}

void ix_process_kill(ix_process *process) {
	if (process->descriptor < 0) return;
	/* Not waited for yet, so its number is still its own. */
	tree t = {.count = 1, .members = {process->pid}};
	(void)kill(process->pid, SIGSTOP);
	for (int i = 0; i < ROUNDS_MAX && take_children(&t) > 0; i++) {}
	for (size_t i = t.count; i-- > 1;) (void)kill(t.members[i], SIGKILL);
	if (process->own_group) (void)kill(-process->pid, SIGKILL);
	(void)kill(process->pid, SIGKILL);
	(void)ix_process_wait(process, -1, NULL, NULL);
}
