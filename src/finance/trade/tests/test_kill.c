/* `inox trade run` killed with SIGKILL at random moments: the trail verifies, replays to the same decisions,
 * and every order that the venue had accepted, as its drop copy shows, is in it. */
#include <inox/alloc.h>
#include <inox/clock.h>
#include <inox/file.h>
#include <inox/journal.h>
#include <inox/ouch.h>
#include <inox/rng.h>
#include <inox/testing.h>
#include <inox/trail.h>

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ORDERS_MAX = 1 << 20 };

static const char *make_day(void) {
	static char path[512];
	ix_testing_run run;
	ix_format(path, sizeof path, "%s/day.itch", ix_testing_directory());
	ix_testing_shell(&run, "%s trade gen --day --seed 3 --symbols 32 --messages 400000 -o %s",
		ix_testing_inox(), path);
	assert_int_equal(run.exit_code, 0);
	return path;
}

static pid_t start_run(const char *day, const char *trail, const char *drop_copy, bool is_durable) {
	fflush(NULL);
	pid_t child = fork();
	assert_true(child >= 0);
	if (child > 0) return child;
	int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
	if (nothing < 0 || dup2(nothing, 0) < 0 || dup2(nothing, 1) < 0 || dup2(nothing, 2) < 0) _exit(90);
	execl(ix_testing_inox(), "inox", "trade", "run", "--feed", day, "--audit", trail, "--drop-copy",
		drop_copy, is_durable ? "--durable" : "--staged", (char *)NULL);
	_exit(91);
}

/* The references of what the venue accepted, from the whole packets of its drop copy. */
static size_t accepted_orders(const char *path, bool *seen) {
	ix_bytes bytes;
	size_t count = 0;
	assert_int_equal(ix_file_read(path, 1 << 28, ix_os_allocator(), &bytes, NULL), 0);
	for (size_t at = 0; bytes.size - at >= 3;) {
		size_t size = ix_load_u16_be(bytes.data + at);
		if (size > bytes.size - at - 2) break;
		ix_ouch_message m;
		assert_int_equal(
			ix_ouch_decode(IX_OUCH_OUT, (ix_bytes){bytes.data + at + 3, size - 1}, &m, NULL), 0);
		if (m.type == IX_OUCH_ACCEPTED) {
			assert_true(m.accepted.user_ref_num < ORDERS_MAX);
			seen[m.accepted.user_ref_num] = true;
			count++;
		}
		at += 2 + size;
	}
	ix_file_read_free(bytes, ix_os_allocator());
	return count;
}

static void every_accepted_order_is_on_the_trail(const char *trail, bool *accepted) {
	ix_journal_reader *reader = NULL;
	ix_error err = {0};
	if (ix_journal_reader_open(trail, NULL, &reader, &err) != 0) fail_msg("%s", err.text);
	for (const ix_journal_record *r;;) {
		if (ix_journal_reader_next(reader, &r, &err) != 0) fail_msg("%s", err.text);
		if (!r) break;
		ix_trail_decision d;
		if (r->kind != IX_TRAIL_DECISION) continue;
		assert_int_equal(ix_trail_decode_decision(r->payload, &d, &err), 0);
		if (d.wish == IX_TRAIL_ENTER && d.user_reference < ORDERS_MAX)
			accepted[d.user_reference] = false;
	}
	ix_journal_reader_close(reader);
	for (uint32_t i = 0; i < ORDERS_MAX; i++) {
		if (accepted[i]) fail_msg("the venue accepted order %u, which the trail does not have", i);
	}
}

static size_t one_death(const char *day, ix_rng *rng, bool is_durable) {
	char trail[600], drop_copy[600];
	const char *directory = ix_testing_directory();
	ix_format(trail, sizeof trail, "%s/trail", directory);
	ix_format(drop_copy, sizeof drop_copy, "%s/drop", directory);
	pid_t child = start_run(day, trail, drop_copy, is_durable);
	/* It is under way once the venue has answered; then it lives a random moment more. */
	struct stat s = {0};
	int status = 0;
	for (int i = 0; i < 5000 && (stat(drop_copy, &s) != 0 || s.st_size == 0); i++) {
		usleep(1000);
		if (waitpid(child, &status, WNOHANG) == child)
			fail_msg("the run ended by itself: %x", (unsigned)status);
	}
	usleep((useconds_t)ix_rng_below(rng, 150000));
	(void)kill(child, SIGKILL);
	assert_int_equal(waitpid(child, &status, 0), child);
	ix_testing_run run;
	ix_testing_shell(&run, "%s trade replay --audit %s --verify --json", ix_testing_inox(), trail);
	if (run.exit_code != 0) fail_msg("replay: exit %d: %s", run.exit_code, run.err);
	assert_non_null(strstr(run.out, "\"mismatch_record\": 0"));
	bool *accepted = calloc(ORDERS_MAX, sizeof *accepted);
	assert_non_null(accepted);
	size_t count = accepted_orders(drop_copy, accepted);
	every_accepted_order_is_on_the_trail(trail, accepted);
	free(accepted);
	(void)ix_directory_remove(trail, NULL);
	return count;
}

static void deaths(bool is_durable, int count) {
	const char *day = make_day();
	size_t accepted = 0;
	ix_rng rng;
	ix_rng_seed(&rng, ix_testing_seed());
	for (int i = 0; i < count; i++) accepted += one_death(day, &rng, is_durable);
	assert_true(accepted > (size_t)count); /* or nothing was tried */
}

static void a_killed_run_leaves_a_trail_with_every_order_that_the_venue_accepted(void **state) {
	(void)state;
	deaths(false, ix_testing_long() ? 160 : 5);
}

static void so_does_a_durable_one(void **state) {
	(void)state;
	deaths(true, ix_testing_long() ? 40 : 2);
}

static void a_full_disk_stops_a_run_with_one_line_and_the_trail_verifies(void **state) {
	(void)state;
	const char *day = make_day(), *directory = ix_testing_directory();
	ix_testing_run run;
	ix_testing_shell(&run, "mount -t tmpfs -o size=12m none %s 2>/dev/null", directory);
	if (run.exit_code != 0) {
		print_message("SKIPPED: no right to mount a small file system\n");
		skip();
	}
	ix_testing_shell(&run, "%s trade run --latency-alert 60s --feed %s --audit %s/trail",
		ix_testing_inox(), day, directory);
	ix_testing_run after;
	ix_testing_shell(&after, "mount -o remount,size=64m %s && %s trade replay --audit %s/trail --verify",
		directory, ix_testing_inox(), directory);
	ix_testing_run done;
	ix_testing_shell(&done, "umount %s", directory);
	assert_int_equal(run.exit_code, 4);
	assert_non_null(strstr(run.err, "the disk is full"));
	/* One line, but for what the day itself alerts of. */
	unsigned lines = 0;
	for (char *rest = run.err, *line; (line = strtok_r(rest, "\n", &rest));)
		lines += strstr(line, " alert: ") == NULL;
	assert_int_equal(lines, 1);
	if (after.exit_code != 0) fail_msg("replay: exit %d: %s", after.exit_code, after.err);
	assert_int_equal(done.exit_code, 0);
}

IX_TESTS(test_kill, cmocka_unit_test(a_killed_run_leaves_a_trail_with_every_order_that_the_venue_accepted),
	cmocka_unit_test(so_does_a_durable_one),
	cmocka_unit_test(a_full_disk_stops_a_run_with_one_line_and_the_trail_verifies));
