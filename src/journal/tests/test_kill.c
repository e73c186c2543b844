/* kill -9 at random instants: a child appends, commits, rotates, takes snapshots and lets go of old segments,
 * and tells through a pipe what it was told is durable. After every death the journal opens, has all of that,
 * and nothing that was never appended. One journal lives through all deaths. */
#include "helpers.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

enum { DEATHS = 40, DEATHS_LONG = 500 };

static const ix_journal_options kill_options = {.application = "kill",
	.payload_max = 2000,
	.segment_size = 64 << 10,
	.reserve_size = 16 << 10,
	.buffer_size = 4 << 10,
	.chained = true};

static void tell(int pipe, uint64_t sequence) {
	if (write(pipe, &sequence, sizeof sequence) != (ssize_t)sizeof sequence) _exit(2);
}

static int snapshot(ix_journal *j) {
	ix_journal_snapshot_out *out;
	uint64_t sequence = ix_journal_durable_sequence(j);
	if (sequence == 0) return 0;
	int code = ix_journal_snapshot_begin(j, sequence, &out, NULL);
	if (code) return code;
	code = ix_journal_snapshot_write(out, &sequence, sizeof sequence, NULL);
	if (code)
		ix_journal_snapshot_abort(out);
	else
		code = ix_journal_snapshot_commit(out, NULL);
	return code ? code : ix_journal_retain(j, 2, NULL);
}

/* Never returns. Exit codes are wrong turns; the right end is a kill. */
static void be_the_child(const char *path, int pipe, uint64_t seed) {
	ix_journal *j;
	ix_rng rng;
	ix_rng_seed(&rng, seed);
	tell(pipe, 0); /* here I am: forking may take longer than a life */
	if (ix_journal_open(path, &kill_options, &j, NULL, NULL)) _exit(3);
	tell(pipe, ix_journal_last_sequence(j)); /* what opening keeps is durable */
	for (;;) {
		uint64_t count = ix_rng_below(&rng, 40), what = ix_rng_below(&rng, 100);
		for (; count > 0; count--) {
			uint8_t bytes[PAYLOAD_MAX];
			uint64_t next = ix_journal_last_sequence(j) + 1;
			if (ix_journal_append(j, kind_of(next), payload_of(next, bytes), NULL, NULL))
				_exit(4);
		}
		if (what < 70 && ix_journal_commit(j, NULL)) _exit(5);
		if (what >= 70 && what < 85 && ix_journal_flush(j, NULL)) _exit(6);
		if (what >= 85 && what < 90 && ix_journal_rotate(j, NULL)) _exit(7);
		if (what >= 90 && what < 95 && snapshot(j)) _exit(8);
		if (what >= 98) {
			if (ix_journal_close(j, NULL) || ix_journal_open(path, &kill_options, &j, NULL, NULL))
				_exit(9);
		}
		tell(pipe, ix_journal_durable_sequence(j));
	}
}

/* The next acknowledgement; false at the end of the pipe. */
static bool hear(int pipe, uint64_t *ret_sequence) {
	ssize_t got = read(pipe, ret_sequence, sizeof *ret_sequence);
	assert_true(got == 0 || got == sizeof *ret_sequence);
	return got > 0;
}

/* Starts a child, hears so many acknowledgements, lets it live a moment more, kills it; what it acknowledged
 * last. */
static uint64_t one_death(
	const char *path, uint64_t seed, uint64_t hear_count, int64_t moment_ns, uint64_t before) {
	int ends[2];
	assert_int_equal(pipe(ends), 0);
	fflush(NULL);
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		close(ends[0]);
		be_the_child(path, ends[1], seed);
	}
	close(ends[1]);
	uint64_t here;
	assert_true(hear(ends[0], &here));
	while (hear_count-- > 0 && hear(ends[0], &before)) {}
	ix_clock_sleep_until(ix_clock_monotonic(), ix_clock_now(ix_clock_monotonic()) + moment_ns);
	kill(child, SIGKILL);
	int status = 0;
	assert_int_equal(waitpid(child, &status, 0), child);
	if (WIFEXITED(status)) fail_msg("the child took a wrong turn: %d", WEXITSTATUS(status));
	while (hear(ends[0], &before)) {}
	close(ends[0]);
	return before;
}

static void check_survivor(const char *path, uint64_t acknowledged) {
	ix_journal_recovery found = {0};
	ix_journal *j = open_journal(path, &kill_options, &found);
	assert_true(found.last_sequence >= acknowledged);
	assert_false(found.mark_missing && acknowledged > 0);
	ix_journal_abandon(j);
	/* No ghosts: every record there is the one that was appended under its sequence. */
	assert_int_equal(check_all_records(NULL, path, found.first_sequence), found.last_sequence);
	verify_whole(NULL, path);
}

static void a_killed_writer_loses_nothing_that_was_acknowledged(void **state) {
	(void)state;
	char path[256];
	snprintf(path, sizeof path, "%s/killed", ix_testing_directory());
	ix_rng rng;
	ix_rng_seed(&rng, ix_testing_seed());
	uint64_t acknowledged = 0, alive = 0;
	int deaths = ix_testing_long() ? DEATHS_LONG : DEATHS;
	for (int i = 0; i < deaths; i++) {
		/* Mostly while it works, sometimes while it opens. */
		uint64_t hear_count = i % 4 == 0 ? 0 : 1 + ix_rng_below(&rng, 12);
		int64_t moment_ns = (int64_t)ix_rng_below(&rng, i % 4 == 0 ? 4000000 : 600000);
		uint64_t now = one_death(path, ix_rng_u64(&rng), hear_count, moment_ns, acknowledged);
		alive += now > acknowledged;
		acknowledged = now;
		ix_file_info info;
		if (ix_file_path_info(ix_file_system_os(), path, &info, NULL) == 0)
			check_survivor(path, acknowledged);
	}
	if (alive == 0) fail_msg("no child of %d lived long enough to acknowledge anything", deaths);
	print_message("%d deaths, %llu acknowledged records, %llu lived to acknowledge more\n", deaths,
		(unsigned long long)acknowledged, (unsigned long long)alive);
}

IX_TESTS(test_kill, cmocka_unit_test(a_killed_writer_loses_nothing_that_was_acknowledged));
