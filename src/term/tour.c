/* tour.c - `inox tour`: every system does one real job, a line each. Each job is a process of its own, so
 * that one that crashes or hangs is a line too, and not the end of the tour. */
#include "internal.h"

#include <inox/file.h>
#include <inox/json_writer.h>
#include <inox/os_error.h>

#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { JOB_SECONDS_MAX = 120 };

typedef enum state { PASSED, FAILED, SKIPPED, CRASHED } state;

static const char *const state_names[] = {"ok", "failed", "skipped", "crashed"};

/* What comes back through the pipe. */
typedef struct outcome {
	int code;
	ix_tour_report report;
	ix_error error;
} outcome;

typedef struct job {
	state state;
	int64_t duration_ns;
	outcome outcome;
} job;

/* The child: works in a directory of its own and reports in one write. */
static void work(const ix_program *program, const ix_room *room, const char *directory, int pipe_in) {
	outcome result = {0};
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	signal(SIGALRM, SIG_DFL);
	alarm(JOB_SECONDS_MAX);
	ix_tour_context context = {.suites_dir = program->suites_dir, .work_dir = directory};
	result.code = room->tour(&context, &result.report, &result.error);
	const char *next = (const char *)&result;
	size_t left = sizeof result;
	while (left) {
		ssize_t written = write(pipe_in, next, left);
		if (written < 0 && errno == EINTR) continue;
		if (written <= 0) _exit(1);
		next += written;
		left -= (size_t)written;
	}
	_exit(0);
}

static size_t read_all(int pipe_out, void *to, size_t size) {
	size_t got = 0;
	while (got < size) {
		ssize_t part = read(pipe_out, (char *)to + got, size - got);
		if (part < 0 && errno == EINTR) continue;
		if (part <= 0) break;
		got += (size_t)part;
	}
	return got;
}

/* What this machine lacks is not the system's failure. */
static bool is_lacking(int code) {
	return code == IX_ERR_ENVIRONMENT || code == IX_ERR_UNSUPPORTED || code == IX_ERR_DENIED ||
	       code == IX_ERR_NO_SPACE || code == IX_ERR_MEMORY;
}

static void judge(job *done, bool reported, int status) {
	if (reported) {
		int code = done->outcome.code;
		done->state = !code                     ? PASSED
			      : is_lacking(code)        ? SKIPPED
			      : code == IX_ERR_INTERNAL ? CRASHED
							: FAILED;
		if (code && !done->outcome.error.text[0])
			ix_fail(&done->outcome.error, code, "%s", ix_code_name(code));
		return;
	}
	done->state = CRASHED;
	done->outcome = (outcome){.code = IX_ERR_INTERNAL};
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM)
		ix_fail(&done->outcome.error, IX_ERR_INTERNAL, "not done after %d seconds", JOB_SECONDS_MAX);
	else if (WIFSIGNALED(status))
		ix_fail(&done->outcome.error, IX_ERR_INTERNAL, "crashed: %s", strsignal(WTERMSIG(status)));
	else
		ix_fail(&done->outcome.error, IX_ERR_INTERNAL, "ended without a report, exit code %d",
			WEXITSTATUS(status));
}

static int run_job(ix_call *call, const ix_room *room, job *ret_job) {
	char directory[IX_FILE_PATH_MAX];
	int ends[2];
	*ret_job = (job){.state = CRASHED};
	int made = ix_directory_temporary("inox-tour-", directory, sizeof directory, &call->error);
	if (made == IX_ERR_NO_SPACE) {
		ret_job->outcome = (outcome){.code = made, .error = call->error};
		call->error = (ix_error){0};
		judge(ret_job, true, 0);
		return 0;
	}
	if (made) return made;
	if (pipe(ends) != 0) {
		int code = ix_fail_os(&call->error, errno, "cannot start a job");
		ix_directory_remove(directory, NULL);
		return code;
	}
	fflush(NULL);
	int64_t start = ix_clock_now(call->clock);
	pid_t child = fork();
	if (child == 0) {
		close(ends[0]);
		work(ix_command_program(call), room, directory, ends[1]);
	}
	int fork_error = errno, status = 0;
	close(ends[1]);
	bool reported =
		child > 0 && read_all(ends[0], &ret_job->outcome, sizeof ret_job->outcome) == sizeof(outcome);
	close(ends[0]);
	while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR) continue;
	ret_job->duration_ns = ix_clock_now(call->clock) - start;
	ix_directory_remove(directory, NULL);
	if (child < 0) return ix_fail_os(&call->error, fork_error, "cannot start a job");
	judge(ret_job, reported, status);
	return 0;
}

/* ---- telling ---- */

static void write_text(ix_json_writer *json, const char *key, const char *text) {
	ix_json_key(json, ix_str_from(key));
	ix_json_string(json, ix_str_from(text));
}

static void write_job(ix_json_writer *json, const ix_room *room, const job *done) {
	ix_json_object_begin(json);
	write_text(json, "system", room->name);
	write_text(json, "state", state_names[done->state]);
	if (done->state == PASSED) {
		write_text(json, "input", done->outcome.report.input);
		write_text(json, "result", done->outcome.report.result);
	} else {
		write_text(json, "error", done->outcome.error.text);
	}
	ix_json_key(json, IX_STR("duration_ns"));
	ix_json_i64(json, done->duration_ns);
	ix_json_object_end(json);
}

static void print_job(const ix_call *call, const ix_room *room, const job *done, size_t name_columns) {
	static const ix_style styles[] = {IX_STYLE_GOOD, IX_STYLE_BAD, IX_STYLE_WARNING, IX_STYLE_BAD};
	char time[IX_AMOUNT_TEXT_MAX];
	ix_style style = styles[done->state];
	ix_amount_duration(done->duration_ns, time);
	fprintf(call->out, "%-*s  %s%-7s%s  ", (int)name_columns, room->name,
		ix_style_on(call->colour_out, style), state_names[done->state],
		ix_style_off(call->colour_out, style));
	if (done->state == PASSED) {
		ix_display_write(call->out, ix_str_from(done->outcome.report.input), 0);
		fputs(": ", call->out);
		ix_display_write(call->out, ix_str_from(done->outcome.report.result), 0);
	} else {
		ix_display_write(call->out, ix_str_from(done->outcome.error.text), 0);
	}
	fprintf(call->out, "  (%s)\n", time);
	fflush(call->out);
}

typedef struct tour {
	ix_call *call;
	ix_json_writer json;
	char buffer[1024];
	size_t name_columns;
	unsigned counts[IX_COUNT(state_names)];
} tour;

static int take(tour *t, const ix_room *room) {
	ix_call *call = t->call;
	job done = {0};
	if (call->progress) fprintf(call->err, "%s …\r", room->name);
	int code = run_job(call, room, &done);
	if (call->progress)
		fprintf(call->err, "%*s\r", (int)ix_display_width(ix_str_from(room->name)) + 2, "");
	fflush(call->err);
	if (code) return code;
	t->counts[done.state]++;
	if (call->json)
		write_job(&t->json, room, &done);
	else
		print_job(call, room, &done, t->name_columns);
	return 0;
}

static void begin(tour *t, const ix_program *program, const ix_room *only) {
	for (const ix_room *const *room = program->rooms; *room; room++)
		if ((*room)->tour && (!only || *room == only))
			t->name_columns =
				ix_size_max(t->name_columns, ix_display_width(ix_str_from((*room)->name)));
	if (!t->call->json) return;
	ix_json_writer_init_sink(&t->json, t->buffer, sizeof t->buffer, ix_call_sink, t->call->out,
		(ix_json_style){.open_levels = 2});
	ix_json_object_begin(&t->json);
	ix_json_key(&t->json, IX_STR("jobs"));
	ix_json_array_begin(&t->json);
}

static void end(tour *t) {
	static const char *const totals[] = {"passed", "failed", "skipped", "crashed"};
	if (t->call->json) {
		ix_json_array_end(&t->json);
		for (size_t i = 0; i < IX_COUNT(totals); i++) {
			ix_json_key(&t->json, ix_str_from(totals[i]));
			ix_json_u64(&t->json, t->counts[i]);
		}
		ix_json_object_end(&t->json);
		ix_json_writer_finish(&t->json, NULL);
		fputc('\n', t->call->out);
		return;
	}
	fprintf(t->call->out, "%u passed, %u failed, %u skipped\n", t->counts[PASSED],
		t->counts[FAILED] + t->counts[CRASHED], t->counts[SKIPPED]);
}

int ix_command_run_tour(ix_call *call) {
	const ix_program *program = ix_command_program(call);
	const char *system = ix_call_operand(call, 0);
	const ix_room *only = NULL;
	const ix_verb *verb;
	if (system && ix_command_find(program, system, NULL, &only, &verb, &call->error))
		return ix_call_fail(call);
	if (only && !only->tour) {
		ix_fail(&call->error, IX_ERR_USAGE, "%s has no job to show", only->name);
		return ix_call_fail(call);
	}
	tour t = {.call = call};
	int code = 0;
	begin(&t, program, only);
	for (const ix_room *const *room = program->rooms; *room && !code; room++)
		if ((*room)->tour && (!only || *room == only)) code = take(&t, *room);
	end(&t);
	if (code) return ix_call_fail(call);
	return t.counts[CRASHED] ? 5 : t.counts[FAILED] ? 1 : 0;
}
