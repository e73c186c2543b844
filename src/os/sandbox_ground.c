/* What the sandbox's trials need around them: folders, listening sockets, an io_uring. */
#include "sandbox_inside.h"

#include <inox/file.h>
#include <inox/os_error.h>

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

/* Whatever user the sandbox becomes: only its paths are to refuse, not the permission bits. */
static int make_folder(const char *top, const char *name, char path[288], const char *file, ix_error *err) {
	(void)ix_format(path, 288, "%s/%s", top, name);
	if (mkdir(path, 0777) < 0 || chmod(path, 0777) < 0) return ix_fail_os(err, errno, "%s", path);
	if (!file) return 0;
	char inner[320];
	(void)ix_format(inner, sizeof inner, "%s/%s", path, file);
	int descriptor = open(inner, O_CREAT | O_WRONLY | O_CLOEXEC, 0666);
	if (descriptor < 0 || fchmod(descriptor, 0666) < 0 || write(descriptor, "x", 1) != 1) {
		int number = errno;
		if (descriptor >= 0) close(descriptor);
		return ix_fail_os(err, number, "%s", inner);
	}
	close(descriptor);
	return 0;
}

static int listen_at(int family, const struct sockaddr *address, socklen_t size) {
	int descriptor = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (descriptor < 0) return -1;
	if (bind(descriptor, address, size) == 0 && listen(descriptor, 4) == 0) return descriptor;
	close(descriptor);
	return -1;
}

/* A machine without one or the other kind of socket is no reason to fail: then connecting is refused too. */
static void open_listeners(ix_sandbox_ground *ground) {
	struct sockaddr_un local = {.sun_family = AF_UNIX};
	(void)ix_format(ground->socket, sizeof ground->socket, "%s/socket", ground->top);
	if (ix_format(local.sun_path, sizeof local.sun_path, "%s", ground->socket) < sizeof local.sun_path) {
		ground->listener_unix = listen_at(AF_UNIX, (struct sockaddr *)&local, sizeof local);
		(void)chmod(ground->socket, 0666);
	}
	struct sockaddr_in tcp = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t size = sizeof tcp;
	ground->listener_tcp = listen_at(AF_INET, (struct sockaddr *)&tcp, size);
	if (ground->listener_tcp >= 0 &&
		getsockname(ground->listener_tcp, (struct sockaddr *)&tcp, &size) == 0)
		ground->port = tcp.sin_port;
}

int ix_sandbox_ground_open(ix_sandbox_ground *ground, ix_error *err) {
	*ground = (ix_sandbox_ground){.listener_unix = -1, .listener_tcp = -1};
	ground->ring = (int)syscall(SYS_io_uring_setup, 4, &ground->ring_parts);
	if (ground->ring < 0) ground->ring = -errno;
	int code = ix_directory_temporary("inox-sandbox-", ground->top, sizeof ground->top, err);
	if (code == 0 && chmod(ground->top, 0755) < 0) code = ix_fail_os(err, errno, "%s", ground->top);
	if (code == 0) code = make_folder(ground->top, "inside", ground->inside, "mine", err);
	if (code == 0) code = make_folder(ground->top, "shown", ground->shown, "shown", err);
	if (code == 0) code = make_folder(ground->top, "outside", ground->outside, "secret", err);
	if (code == 0)
		open_listeners(ground);
	else
		ix_sandbox_ground_close(ground);
	return code;
}

void ix_sandbox_ground_close(ix_sandbox_ground *ground) {
	const int descriptors[] = {ground->ring, ground->listener_unix, ground->listener_tcp};
	for (size_t i = 0; i < IX_COUNT(descriptors); i++)
		if (descriptors[i] >= 0) close(descriptors[i]);
	if (ground->top[0]) (void)ix_directory_remove(ground->top, NULL);
}
