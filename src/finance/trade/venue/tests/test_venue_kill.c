/* kill -9 at random instants: a child feeds the venue a stream of commands, takes snapshots, closes and opens
 * again, and tells through a pipe how many commands it was told are done. After every death the venue opens
 * with all of those, and its state is that of the stream to the bit. One venue lives through all deaths. */
#include "venue_fixture.h"

#include <inox/clock.h>

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

enum { DEATHS = 30, DEATHS_LONG = 1000 };

static void tell(int pipe, uint64_t count) {
	if (write(pipe, &count, sizeof count) != (ssize_t)sizeof count) _exit(2);
}

/* Where the stream goes on: it is walked again from its start. */
static mixer stream_at(uint64_t seed, uint64_t count) {
	mixer m = venue_mixer(seed);
	for (uint64_t i = 0; i < count; i++) (void)mixer_next(&m);
	return m;
}

/* Never returns. Exit codes are wrong turns; the right end is a kill. */
static void be_the_child(const char *path, int pipe, uint64_t seed, uint64_t chance) {
	ix_venue_options options = venue_options(NULL);
	ix_venue *v;
	ix_rng rng;
	ix_rng_seed(&rng, chance);
	tell(pipe, 0); /* here I am: forking may take longer than a life */
	if (ix_venue_open(path, &options, &v, NULL, NULL)) _exit(3);
	tell(pipe, ix_venue_command_count(v));
	mixer m = stream_at(seed, ix_venue_command_count(v));
	for (;;) {
		if (venue_feed(v, &m, 1 + ix_rng_below(&rng, 40), NULL)) _exit(4);
		tell(pipe, ix_venue_command_count(v));
		uint64_t what = ix_rng_below(&rng, 100);
		if (what < 6 && ix_venue_snapshot(v, NULL)) _exit(5);
		if (what == 99) {
			ix_venue_close(v);
			if (ix_venue_open(path, &options, &v, NULL, NULL)) _exit(6);
		}
	}
}

static bool hear(int pipe, uint64_t *ret_count) {
	ssize_t got = read(pipe, ret_count, sizeof *ret_count);
	assert_true(got == 0 || got == sizeof *ret_count);
	return got > 0;
}

/* Starts a child, hears so many of its counts, lets it live a moment more, kills it; what it told last. */
static uint64_t one_death(
	const char *path, uint64_t seed, ix_rng *rng, uint64_t hear_count, int64_t moment_ns) {
	int ends[2];
	assert_int_equal(pipe(ends), 0);
	fflush(NULL);
	uint64_t chance = ix_rng_u64(rng), told = 0;
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		close(ends[0]);
		be_the_child(path, ends[1], seed, chance);
	}
	close(ends[1]);
	assert_true(hear(ends[0], &told));
	while (hear_count-- > 0 && hear(ends[0], &told)) {}
	ix_clock_sleep_until(ix_clock_monotonic(), ix_clock_now(ix_clock_monotonic()) + moment_ns);
	kill(child, SIGKILL);
	int status = 0;
	assert_int_equal(waitpid(child, &status, 0), child);
	if (WIFEXITED(status)) fail_msg("the child took a wrong turn: %d", WEXITSTATUS(status));
	while (hear(ends[0], &told)) {}
	close(ends[0]);
	return told;
}

static void a_killed_venue_comes_back_the_same_to_the_bit(void **state) {
	(void)state;
	char path[256];
	snprintf(path, sizeof path, "%s/venue", ix_testing_directory());
	ix_venue_options options = venue_options(NULL);
	ix_rng rng;
	ix_rng_seed(&rng, ix_testing_seed());
	uint64_t seed = ix_testing_seed(), last = 0;
	int deaths = ix_testing_long() ? DEATHS_LONG : DEATHS;
	for (int i = 0; i < deaths; i++) {
		/* Mostly while it works, sometimes while it opens. */
		uint64_t hear_count = i % 4 == 0 ? 0 : 1 + ix_rng_below(&rng, 25);
		int64_t moment_ns = (int64_t)ix_rng_below(&rng, i % 4 == 0 ? 4000000 : 600000);
		uint64_t told = one_death(path, seed, &rng, hear_count, moment_ns);
		ix_venue *v = venue_at(path, &options, NULL);
		uint64_t count = ix_venue_command_count(v);
		assert_true(count >= told && count >= last);
		assert_state_of_stream(v, seed);
		ix_venue_close(v);
		last = count;
	}
	assert_true(last > 0);
	print_message("%d deaths, %llu commands\n", deaths, (unsigned long long)last);
}

IX_TESTS(test_venue_kill, cmocka_unit_test(a_killed_venue_comes_back_the_same_to_the_bit));
