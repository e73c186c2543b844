/* Entering the sandbox: layer after layer, each reported. System calls go last, since the other layers need
 * theirs. */
#include "sandbox_inside.h"

#include <inox/os_error.h>

#include <dirent.h>
#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { LAYERS_ALL = 63 };

typedef struct entering {
	const ix_sandbox *sandbox;
	ix_sandbox_report report;
	unsigned required;
	size_t length; /* of the report's text */
} entering;

/* ---- the report ---- */

static void say(entering *e, const char *format, ...) IX_PRINTF(2, 3);
static void say(entering *e, const char *format, ...) {
	size_t room = sizeof e->report.text - e->length;
	va_list arguments;
	va_start(arguments, format);
	size_t size = ix_format_list(e->report.text + e->length, room, format, arguments);
	va_end(arguments);
	e->length += ix_size_min(size, room - 1);
}

static const char *comma(const entering *e) { return e->length ? ", " : ""; }

/* A layer that could not be had: an error when it is required, else a word in the report. */
static int missing(
	entering *e, unsigned layer, const char *name, int code, ix_error *err, const ix_error *why) {
	if (e->required & layer) {
		if (err) *err = *why;
		return code;
	}
	say(e, "%snot %s (%s)", comma(e), name, why->text);
	return 0;
}

/* ---- layers ---- */

static int require_one_thread(ix_error *err) {
	DIR *directory = opendir("/proc/self/task");
	if (!directory) return 0; /* no /proc here: then the caller's word must do */
	size_t count = 0;
	for (struct dirent *entry; (entry = readdir(directory)) != NULL;) count += entry->d_name[0] != '.';
	closedir(directory);
	if (count == 1) return 0;
	return ix_fail(err, IX_ERR_CONFLICT, "sandbox: %zu threads run, and only one would be inside", count);
}

static int enter_no_new_privileges(entering *e, ix_error *err) {
	ix_error why;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0) {
		int code = ix_fail_os(&why, errno, "sandbox: no_new_privs");
		return missing(e, IX_SANDBOX_LAYER_NO_NEW_PRIVILEGES, "no_new_privs", code, err, &why);
	}
	e->report.applied |= IX_SANDBOX_LAYER_NO_NEW_PRIVILEGES;
	say(e, "no_new_privs");
	return 0;
}

typedef struct identity {
	bool wanted;
	uid_t user;
	gid_t group;
} identity;

static int find_user(const char *name, identity *ret_identity, ix_error *err) {
	*ret_identity = (identity){.wanted = false};
	if (!name || geteuid() != 0) return 0;
	struct passwd entry, *found = NULL;
	char buffer[4096];
	int number = getpwnam_r(name, &entry, buffer, sizeof buffer, &found);
	if (number) return ix_fail_os(err, number, "sandbox: user %s", name);
	if (!found) return ix_fail(err, IX_ERR_NOT_FOUND, "sandbox: there is no user '%s'", name);
	*ret_identity = (identity){.wanted = true, .user = found->pw_uid, .group = found->pw_gid};
	return 0;
}

static int become_user(entering *e, identity who, ix_error *err) {
	if (!who.wanted) {
		if (e->sandbox->user) say(e, "%suser unchanged (not root)", comma(e));
		return 0;
	}
	ix_error why;
	bool is_done = setgroups(0, NULL) == 0 && setresgid(who.group, who.group, who.group) == 0 &&
		       setresuid(who.user, who.user, who.user) == 0;
	if (!is_done) {
		int code = ix_fail_os(&why, errno, "sandbox: become %s", e->sandbox->user);
		return missing(e, IX_SANDBOX_LAYER_USER, "user", code, err, &why);
	}
	/* Were it possible to go back, we would still be root. */
	if (who.user != 0 && setuid(0) == 0)
		return ix_fail(err, IX_ERR_INTERNAL, "sandbox: root could be had back");
	e->report.applied |= IX_SANDBOX_LAYER_USER;
	say(e, "%suser %s", comma(e), e->sandbox->user);
	return 0;
}

/* The bounding set first: leaving it needs a capability. A process without that one has none to gain either,
 * since no_new_privs is on. */
static void drop_bounding(void) {
	for (int i = 0; prctl(PR_CAPBSET_READ, i, 0, 0, 0) >= 0; i++)
		(void)prctl(PR_CAPBSET_DROP, i, 0, 0, 0);
}

static int drop_capabilities(entering *e, ix_error *err) {
	if (e->sandbox->keep_capabilities) return 0;
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct none[2] = {{0}};
	(void)prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
	if (syscall(SYS_capset, &header, none) < 0) {
		ix_error why;
		int code = ix_fail_os(&why, errno, "sandbox: capabilities");
		return missing(e, IX_SANDBOX_LAYER_CAPABILITIES, "capabilities", code, err, &why);
	}
	e->report.applied |= IX_SANDBOX_LAYER_CAPABILITIES;
	say(e, "%sno capabilities", comma(e));
	return 0;
}

/* After the change of user, which clears it. */
static int die_with_parent(entering *e, pid_t parent, ix_error *err) {
	if (!e->sandbox->dies_with_parent) return 0;
	if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) < 0) {
		ix_error why;
		int code = ix_fail_os(&why, errno, "sandbox: parent death signal");
		return missing(e, IX_SANDBOX_LAYER_PARENT_DEATH, "parent death signal", code, err, &why);
	}
	if (getppid() != parent) return ix_fail(err, IX_ERR_CLOSED, "sandbox: the parent is gone");
	e->report.applied |= IX_SANDBOX_LAYER_PARENT_DEATH;
	say(e, "%sdies with its parent", comma(e));
	return 0;
}

static int enter_landlock(entering *e, int rules, size_t paths, ix_error *err) {
	ix_error why;
	int code = rules < 0 ? ix_fail(&why, IX_ERR_ENVIRONMENT, "sandbox: this kernel has no Landlock")
			     : ix_sandbox_landlock_enforce(rules, &why);
	if (code) return missing(e, IX_SANDBOX_LAYER_LANDLOCK, "paths", code, err, &why);
	e->report.applied |= IX_SANDBOX_LAYER_LANDLOCK;
	say(e, "%sLandlock %d with %zu paths", comma(e), e->report.landlock_abi, paths);
	return 0;
}

static int enter_seccomp(entering *e, ix_error *err) {
	ix_error why;
	int code = ix_sandbox_seccomp(e->sandbox, &why);
	if (code) return missing(e, IX_SANDBOX_LAYER_SECCOMP, "seccomp", code, err, &why);
	e->report.applied |= IX_SANDBOX_LAYER_SECCOMP;
	say(e, "%sseccomp", comma(e));
	return 0;
}

int ix_sandbox_enter(const ix_sandbox *sandbox, ix_sandbox_report *ret_report, ix_error *err) {
	entering e = {.sandbox = sandbox, .required = sandbox->required};
	if (e.required == 0) e.required = LAYERS_ALL & ~(unsigned)IX_SANDBOX_LAYER_LANDLOCK;
	pid_t parent = getppid();
	identity who;
	int rules = -1;
	size_t paths = 0;
	int code = require_one_thread(err);
	if (code == 0) code = find_user(sandbox->user, &who, err);
	if (code == 0)
		code = ix_sandbox_landlock_prepare(sandbox, &e.report.landlock_abi, &paths, &rules, err);
	if (code) return code;
	if (!sandbox->keep_capabilities) drop_bounding();
	code = enter_no_new_privileges(&e, err);
	if (code == 0) code = become_user(&e, who, err);
	if (code == 0) code = drop_capabilities(&e, err);
	if (code == 0) code = die_with_parent(&e, parent, err);
	if (code == 0)
		code = enter_landlock(&e, rules, paths, err);
	else if (rules >= 0)
		close(rules);
	if (code == 0) code = enter_seccomp(&e, err);
	if (code == 0 && ret_report) *ret_report = e.report;
	return code;
}
