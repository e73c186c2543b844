/* main.c - the composition root of `inox`: looks at the process's surroundings once, hands everything down to
 * the command, and sees that what was printed arrived. */
#include <inox/blake3.h>
#include <inox/clock.h>
#include <inox/cpu.h>
#include <inox/crc32c.h>
#include <inox/os_error.h>
#include <inox/program.h>
#include <inox/sha256.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#ifndef INOX_FEATURES
#define INOX_FEATURES ""
#endif

/* Of this version's last change of what the command offers; man pages carry it. */
#define INOX_DATE "2026-11-28"

static void panic(const char *expression, const char *file, int line) {
	char text[512];
	size_t size =
		ix_format(text, sizeof text, "inox: internal error: %s:%d: %s\n", file, line, expression);
	if (write(STDERR_FILENO, text, ix_size_min(size, sizeof text - 1)) < 0) abort();
	abort();
}

/* A file must not be opened as descriptor 0, 1 or 2 and then be written to as stdout. What was closed is
 * opened the wrong way round, so that using it fails as it should. */
static void occupy_standard_descriptors(void) {
	for (int descriptor = 0; descriptor <= 2; descriptor++)
		if (fcntl(descriptor, F_GETFD) < 0 && errno == EBADF)
			if (open("/dev/null", descriptor == 0 ? O_WRONLY : O_RDONLY) < 0) _exit(5);
}

static int fail(const char *sentence, int exit_code) {
	fprintf(stderr, "inox: %s\n", sentence);
	return exit_code;
}

/* A reader that has seen enough ends us the way it ends cat, also where SIGPIPE was ignored for us. */
static int end_like_a_broken_pipe(void) {
	signal(SIGPIPE, SIG_DFL);
	raise(SIGPIPE);
	return 128 + SIGPIPE;
}

/* Why the first write to stdout failed that did; stdio forgets it. */
static int output_errno;

static ssize_t write_output(void *cookie, const char *data, size_t size) {
	(void)cookie;
	ssize_t done;
	do {
		done = write(STDOUT_FILENO, data, size);
	} while (done < 0 && errno == EINTR);
	if (done < 0 && !output_errno) output_errno = errno;
	return done < 0 ? 0 : done; /* a cookie says 0 for an error */
}

static int finish_output(FILE *out, int result) {
	if (fflush(out) == 0 && !ferror(out) && !output_errno) return result;
	if (output_errno == EPIPE) return end_like_a_broken_pipe();
	if (result > 1) return result; /* it has had its line */
	char sentence[160];
	ix_format(sentence, sizeof sentence, "the output could not be written: %s",
		ix_os_phrase(output_errno ? output_errno : EIO));
	return fail(sentence, 4);
}

int main(int argc, char **argv) {
	ix_panic_set_hook(panic);
	occupy_standard_descriptors();
	ix_error error = {0};
	ix_cpu_features cpu = ix_cpu_features_detect();
	if (ix_cpu_cap(getenv("INOX_CPU"), &cpu, &error)) return fail(error.text, 2);
	FILE *out = fopencookie(NULL, "w", (cookie_io_functions_t){.write = write_output});
	if (!out) return fail("out of memory", 4);
	if (isatty(STDOUT_FILENO) == 1) setvbuf(out, NULL, _IOLBF, 0);
	ix_crc32c_choose(&cpu);
	ix_sha256_choose(&cpu);
	ix_blake3_choose(&cpu);
	const ix_program program = {
		.name = "inox",
		.version = INOX_VERSION,
		.date = INOX_DATE,
		.summary =
			"Real systems of many fields from one command: files in, tables, JSON or files out",
		.features = INOX_FEATURES,
		.rooms = ix_rooms,
		.out = out,
		.err = stderr,
		.colour_out = ix_style_wanted(stdout),
		.progress = isatty(STDERR_FILENO) == 1,
		.columns = ix_display_columns(stdout),
		.cpu = cpu,
		.clock = ix_clock_monotonic(),
		.suites_dir = getenv("INOX_SUITES"),
	};
	return finish_output(out, ix_program_run(&program, argc, argv));
}
