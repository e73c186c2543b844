/* Signals as a descriptor. */
#include <inox/os_error.h>
#include <inox/signals.h>

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <sys/signalfd.h>
#include <unistd.h>

int ix_signals_open(const int *numbers, ix_signals *ret_signals, ix_error *err) {
	sigset_t set;
	sigemptyset(&set);
	for (; *numbers; numbers++)
		if (sigaddset(&set, *numbers) < 0)
			return ix_fail(err, IX_ERR_INVALID, "%d is not a signal", *numbers);
	ix_signals signals = {.descriptor = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK)};
	if (signals.descriptor < 0) return ix_fail_os(err, errno, "signals");
	pthread_sigmask(SIG_BLOCK, &set, &signals.before);
	struct sigaction ignore = {.sa_handler = SIG_IGN};
	struct sigaction was;
	if (sigaction(SIGPIPE, NULL, &was) == 0 && was.sa_handler == SIG_DFL)
		signals.pipe_was_default = sigaction(SIGPIPE, &ignore, NULL) == 0;
	*ret_signals = signals;
	return 0;
}

int ix_signals_next(ix_signals *signals) {
	struct signalfd_siginfo info;
	ssize_t got;
	do {
		got = read(signals->descriptor, &info, sizeof info);
	} while (got < 0 && errno == EINTR);
	return got == (ssize_t)sizeof info ? (int)info.ssi_signo : 0;
}

int ix_signals_wait(ix_signals *signals, int timeout_ms) {
	struct pollfd wait = {.fd = signals->descriptor, .events = POLLIN};
	if (poll(&wait, 1, timeout_ms) <= 0) return 0;
	return ix_signals_next(signals);
}

void ix_signals_close(ix_signals *signals) {
	/* What is still waiting was ours to answer: it must not end the program when it is unblocked. */
	while (ix_signals_next(signals)) {}
	close(signals->descriptor);
	pthread_sigmask(SIG_SETMASK, &signals->before, NULL);
	struct sigaction standard = {.sa_handler = SIG_DFL};
	if (signals->pipe_was_default) sigaction(SIGPIPE, &standard, NULL);
	signals->descriptor = -1;
}
