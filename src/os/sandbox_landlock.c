/* Landlock by its raw calls, since Debian 12's headers know only its second version; what a kernel has is
 * asked of it (landlock(7)). */
#include "sandbox_inside.h"

#include <inox/os_error.h>

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* include/uapi/linux/landlock.h, spelled out. */
enum { CREATE_RULESET_VERSION = 1, RULE_PATH_BENEATH = 1 };
enum {
	FS_EXECUTE = 1 << 0,
	FS_WRITE_FILE = 1 << 1,
	FS_READ_FILE = 1 << 2,
	FS_READ_DIR = 1 << 3,
	FS_REMOVE_DIR = 1 << 4,
	FS_REMOVE_FILE = 1 << 5,
	FS_MAKE_CHAR = 1 << 6,
	FS_MAKE_DIR = 1 << 7,
	FS_MAKE_REG = 1 << 8,
	FS_MAKE_SOCK = 1 << 9,
	FS_MAKE_FIFO = 1 << 10,
	FS_MAKE_BLOCK = 1 << 11,
	FS_MAKE_SYM = 1 << 12,
	FS_REFER = 1 << 13,     /* from version 2 */
	FS_TRUNCATE = 1 << 14,  /* 3 */
	FS_IOCTL_DEV = 1 << 15, /* 5 */
	FS_ALL = (1 << 16) - 1,
	/* What a file that is not a directory can be given. */
	FS_OF_FILES = FS_EXECUTE | FS_WRITE_FILE | FS_READ_FILE | FS_TRUNCATE | FS_IOCTL_DEV,
	FS_READING = FS_READ_FILE | FS_READ_DIR,
	FS_WRITING = FS_READING | FS_WRITE_FILE | FS_TRUNCATE | FS_REMOVE_DIR | FS_REMOVE_FILE | FS_MAKE_DIR |
		     FS_MAKE_REG | FS_MAKE_SOCK | FS_MAKE_FIFO | FS_MAKE_SYM | FS_REFER,
};
enum { NET_BIND_TCP = 1, NET_CONNECT_TCP = 2 };            /* 4 */
enum { SCOPE_ABSTRACT_UNIX_SOCKET = 1, SCOPE_SIGNAL = 2 }; /* 6 */
enum { ABI_REFER = 2, ABI_TRUNCATE = 3, ABI_NET = 4, ABI_IOCTL = 5, ABI_SCOPE = 6 };

typedef struct ruleset {
	uint64_t fs, net, scoped;
} ruleset;

typedef struct __attribute__((packed)) path_rule {
	uint64_t allowed;
	int32_t parent;
} path_rule;

static uint64_t fs_rights(int abi) {
	uint64_t rights = FS_ALL;
	if (abi < ABI_REFER) rights &= ~(uint64_t)FS_REFER;
	if (abi < ABI_TRUNCATE) rights &= ~(uint64_t)FS_TRUNCATE;
	if (abi < ABI_IOCTL) rights &= ~(uint64_t)FS_IOCTL_DEV;
	return rights;
}

static int add_path(int rules, const char *path, uint64_t rights, ix_error *err) {
	int parent = open(path, O_PATH | O_CLOEXEC);
	if (parent < 0) return ix_fail_os(err, errno, "sandbox: %s", path);
	struct stat info;
	if (fstat(parent, &info) == 0 && !S_ISDIR(info.st_mode)) rights &= FS_OF_FILES;
	path_rule rule = {.allowed = rights, .parent = parent};
	long result = syscall(SYS_landlock_add_rule, rules, RULE_PATH_BENEATH, &rule, 0);
	int number = errno;
	close(parent);
	return result < 0 ? ix_fail_os(err, number, "sandbox: %s", path) : 0;
}

static int add_paths(int rules, const char *const *paths, uint64_t rights, size_t *count, ix_error *err) {
	for (; paths && *paths; paths++, ++*count) {
		int code = add_path(rules, *paths, rights, err);
		if (code) return code;
	}
	return 0;
}

int ix_sandbox_landlock_prepare(
	const ix_sandbox *sandbox, int *ret_abi, size_t *ret_paths, int *ret_rules, ix_error *err) {
	*ret_rules = -1;
	*ret_paths = 0;
	long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, CREATE_RULESET_VERSION);
	*ret_abi = abi > 0 ? (int)abi : 0;
	if (abi <= 0) return 0;
	uint64_t handled = fs_rights(*ret_abi);
	ruleset attributes = {.fs = handled};
	if (abi >= ABI_NET && !(sandbox->allow & IX_SANDBOX_INTERNET))
		attributes.net = NET_BIND_TCP | NET_CONNECT_TCP;
	if (abi >= ABI_SCOPE)
		attributes.scoped =
			SCOPE_SIGNAL | (sandbox->allow & IX_SANDBOX_UNIX ? 0 : SCOPE_ABSTRACT_UNIX_SOCKET);
	/* Older kernels refuse a larger structure unless its tail is zero. */
	int rules = (int)syscall(SYS_landlock_create_ruleset, &attributes, sizeof attributes, 0);
	if (rules < 0) return ix_fail_os(err, errno, "sandbox: Landlock");
	int code = add_paths(rules, sandbox->read, FS_READING & handled, ret_paths, err);
	if (code == 0) code = add_paths(rules, sandbox->write, FS_WRITING & handled, ret_paths, err);
	if (code == 0)
		code = add_paths(
			rules, sandbox->execute, (FS_READING | FS_EXECUTE) & handled, ret_paths, err);
	if (code) {
		close(rules);
		return code;
	}
	*ret_rules = rules;
	return 0;
}

int ix_sandbox_landlock_enforce(int rules, ix_error *err) {
	long result = syscall(SYS_landlock_restrict_self, rules, 0);
	int number = errno;
	close(rules);
	return result < 0 ? ix_fail_os(err, number, "sandbox: Landlock") : 0;
}
