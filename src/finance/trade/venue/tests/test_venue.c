/* The venue: journalled before it is applied, and the same after every start. */
#include "venue_fixture.h"

enum { SEED = 7 };

static const char venue_path[] = "/venue";

static void a_new_venue_is_empty_and_comes_back_with_what_it_took(void **state) {
	(void)state;
	ix_file_memory *disk;
	assert_int_equal(ix_file_memory_new(0, &disk, NULL), 0);
	ix_venue_options options = venue_options(ix_file_memory_system(disk));
	ix_venue_recovery found;
	ix_venue *v = venue_at(venue_path, &options, &found);
	assert_true(found.created);
	assert_int_equal(ix_venue_command_count(v), 0);
	mixer m = venue_mixer(SEED);
	for (int i = 0; i < 50; i++) assert_int_equal(venue_feed(v, &m, 10, NULL), 0);
	assert_state_of_stream(v, SEED);
	ix_venue_close(v);
	v = venue_at(venue_path, &options, &found);
	assert_false(found.created);
	assert_int_equal(found.replayed_count, 500);
	assert_int_equal(found.snapshot_sequence, 0);
	assert_state_of_stream(v, SEED);
	ix_venue_close(v);
	ix_file_memory_free(disk);
}

static void a_start_takes_the_newest_snapshot_and_the_commands_after_it(void **state) {
	(void)state;
	ix_file_memory *disk;
	assert_int_equal(ix_file_memory_new(0, &disk, NULL), 0);
	ix_venue_options options = venue_options(ix_file_memory_system(disk));
	ix_venue *v = venue_at(venue_path, &options, NULL);
	assert_int_equal(ix_venue_snapshot(v, NULL), 0); /* of nothing */
	mixer m = venue_mixer(SEED);
	for (int i = 0; i < 200; i++) {
		assert_int_equal(venue_feed(v, &m, 17, NULL), 0);
		if (i % 60 == 59) assert_int_equal(ix_venue_snapshot(v, NULL), 0);
	}
	assert_int_equal(ix_venue_since_snapshot(v), 20 * 17);
	ix_venue_close(v);
	ix_venue_recovery found;
	v = venue_at(venue_path, &options, &found);
	assert_int_equal(found.snapshot_sequence, 180 * 17);
	assert_int_equal(found.replayed_count, 20 * 17);
	assert_state_of_stream(v, SEED);
	ix_venue_close(v);
	ix_file_memory_free(disk);
}

static void count_event(void *context, const ix_match_event *event) {
	(void)event;
	++*(uint64_t *)context;
}

static void the_listener_hears_a_replay_only_if_it_is_asked_to(void **state) {
	(void)state;
	ix_file_memory *disk;
	assert_int_equal(ix_file_memory_new(0, &disk, NULL), 0);
	ix_venue_options options = venue_options(ix_file_memory_system(disk));
	uint64_t heard = 0;
	options.match.listener = (ix_match_listener){count_event, &heard};
	ix_venue *v = venue_at(venue_path, &options, NULL);
	mixer m = venue_mixer(SEED);
	for (int i = 0; i < 10; i++) assert_int_equal(venue_feed(v, &m, 20, NULL), 0);
	uint64_t live = heard;
	assert_true(live >= 100);
	ix_venue_close(v);
	heard = 0;
	v = venue_at(venue_path, &options, NULL);
	assert_int_equal(heard, 0);
	assert_int_equal(venue_feed(v, &m, 20, NULL), 0);
	assert_true(heard > 0);
	live += heard;
	ix_venue_close(v);
	heard = 0;
	options.hears_replay = true;
	v = venue_at(venue_path, &options, NULL);
	assert_int_equal(heard, live);
	ix_venue_close(v);
	ix_file_memory_free(disk);
}

/* Power cuts at random calls to the disk: what was acknowledged is there, and nothing but the stream. */
static void a_power_cut_loses_nothing_that_was_applied(void **state) {
	(void)state;
	ix_rng rng;
	ix_rng_seed(&rng, ix_testing_seed());
	uint64_t cuts = ix_testing_long() ? 2000 : 150;
	for (uint64_t i = 0; i < cuts; i++) {
		ix_file_memory *disk;
		assert_int_equal(ix_file_memory_new(0, &disk, NULL), 0);
		ix_file_faults faults;
		ix_file_faults_init(&faults, ix_file_memory_system(disk));
		ix_venue_options options = venue_options(&faults.system);
		faults.fail_at = 1 + ix_rng_below(&rng, 120);
		faults.fail_after = true;
		ix_venue *v = NULL;
		uint64_t applied = 0;
		mixer m = venue_mixer(SEED);
		if (ix_venue_open(venue_path, &options, &v, NULL, NULL) == 0) {
			while (venue_feed(v, &m, 1 + ix_rng_below(&rng, 30), NULL) == 0) {
				applied = ix_venue_command_count(v);
				if (ix_rng_chance(&rng, 1, 6) && ix_venue_snapshot(v, NULL) != 0) break;
			}
			assert_int_equal(ix_venue_command_count(v), applied);
			ix_venue_close(v);
		}
		ix_file_memory_power_cut(disk, ix_rng_u64(&rng));
		options = venue_options(ix_file_memory_system(disk));
		v = venue_at(venue_path, &options, NULL);
		assert_true(ix_venue_command_count(v) >= applied);
		assert_state_of_stream(v, SEED);
		ix_venue_close(v);
		ix_file_memory_free(disk);
	}
}

static void a_full_disk_refuses_commands_and_changes_nothing(void **state) {
	(void)state;
	ix_file_memory *disk;
	assert_int_equal(ix_file_memory_new(0, &disk, NULL), 0);
	ix_file_faults faults;
	ix_file_faults_init(&faults, ix_file_memory_system(disk));
	ix_venue_options options = venue_options(&faults.system);
	ix_venue *v = venue_at(venue_path, &options, NULL);
	mixer m = venue_mixer(SEED), before = m;
	faults.space_is_limited = true;
	faults.space_left = 40000;
	ix_error err = {0};
	int code = 0;
	uint64_t applied = 0;
	for (int i = 0; i < 10000 && !code; i++) {
		applied = ix_venue_command_count(v);
		before = m;
		code = venue_feed(v, &m, 20, &err);
	}
	assert_int_equal(code, IX_ERR_NO_SPACE);
	assert_int_equal(ix_venue_command_count(v), applied);
	faults.space_is_limited = false;
	m = before;
	assert_int_equal(venue_feed(v, &m, 20, NULL), 0);
	assert_state_of_stream(v, SEED);
	ix_venue_close(v);
	ix_file_memory_free(disk);
}

static void more_commands_at_once_than_half_a_segment_are_refused(void **state) {
	(void)state;
	ix_file_memory *disk;
	assert_int_equal(ix_file_memory_new(0, &disk, NULL), 0);
	ix_venue_options options = venue_options(ix_file_memory_system(disk));
	ix_venue *v = venue_at(venue_path, &options, NULL);
	ix_match_command *commands = calloc(1000, sizeof *commands);
	assert_int_equal(ix_venue_apply(v, commands, 1000, NULL), IX_ERR_LIMIT);
	assert_int_equal(ix_venue_apply(v, commands, SIZE_MAX, NULL), IX_ERR_LIMIT);
	assert_int_equal(ix_venue_apply(v, commands, 20, NULL), 0);
	assert_int_equal(ix_venue_command_count(v), 20);
	free(commands);
	ix_venue_close(v);
	ix_file_memory_free(disk);
}

/* A journal of ours with one record that is not a command. */
static void open_with_record(uint16_t kind, const char *payload, int expected, const char *text) {
	ix_file_memory *disk;
	assert_int_equal(ix_file_memory_new(0, &disk, NULL), 0);
	ix_venue_options options = venue_options(ix_file_memory_system(disk));
	const ix_journal_options of = {.application = "venue", .system = options.system};
	ix_journal *j;
	assert_int_equal(ix_journal_open(venue_path, &of, &j, NULL, NULL), 0);
	assert_int_equal(ix_journal_append(j, kind, ix_str_bytes(ix_str_from(payload)), NULL, NULL), 0);
	assert_int_equal(ix_journal_close(j, NULL), 0);
	ix_venue *v = NULL;
	ix_error err = {0};
	assert_int_equal(ix_venue_open(venue_path, &options, &v, NULL, &err), expected);
	assert_non_null(strstr(err.text, text));
	assert_null(v);
	ix_file_memory_free(disk);
}

static void a_journal_that_does_not_hold_commands_is_refused_with_the_record(void **state) {
	(void)state;
	open_with_record(2, "x", IX_ERR_INVALID, "/venue: record 1: it is of kind 2");
	open_with_record(1, "nonsense", IX_ERR_VERSION, "/venue: record 1: matching command: offset 0");
}

static void a_snapshot_that_is_not_one_of_an_engine_is_refused(void **state) {
	(void)state;
	ix_file_memory *disk;
	assert_int_equal(ix_file_memory_new(0, &disk, NULL), 0);
	ix_venue_options options = venue_options(ix_file_memory_system(disk));
	ix_venue *v = venue_at(venue_path, &options, NULL);
	mixer m = venue_mixer(SEED);
	assert_int_equal(venue_feed(v, &m, 20, NULL), 0);
	ix_venue_close(v);
	const ix_journal_options of = {.application = "venue", .system = options.system};
	ix_journal *j;
	ix_journal_snapshot_out *out;
	assert_int_equal(ix_journal_open(venue_path, &of, &j, NULL, NULL), 0);
	assert_int_equal(ix_journal_snapshot_begin(j, 20, &out, NULL), 0);
	assert_int_equal(ix_journal_snapshot_write(out, "x", 1, NULL), 0);
	assert_int_equal(ix_journal_snapshot_commit(out, NULL), 0);
	assert_int_equal(ix_journal_close(j, NULL), 0);
	ix_error err = {0};
	assert_int_equal(ix_venue_open(venue_path, &options, &v, NULL, &err), IX_ERR_TRUNCATED);
	assert_non_null(strstr(err.text, "offset 1"));
	ix_file_memory_free(disk);
}

static void every_failing_allocation_is_an_error_at_the_start(void **state) {
	(void)state;
	ix_file_memory *disk;
	assert_int_equal(ix_file_memory_new(0, &disk, NULL), 0);
	ix_venue_options options = venue_options(ix_file_memory_system(disk));
	ix_venue *v = venue_at(venue_path, &options, NULL);
	mixer m = venue_mixer(SEED);
	for (int i = 0; i < 10; i++) assert_int_equal(venue_feed(v, &m, 20, NULL), 0);
	assert_int_equal(ix_venue_snapshot(v, NULL), 0);
	ix_venue_close(v);
	bool is_done = false;
	for (uint64_t n = 1; !is_done; n++) {
		ix_alloc_probe probe;
		ix_alloc_probe_init(&probe, NULL);
		probe.fail_at = n;
		options.match.allocator = &probe.allocator;
		int code = ix_venue_open(venue_path, &options, &v, NULL, NULL);
		is_done = probe.failures == 0;
		assert_int_equal(code, is_done ? 0 : IX_ERR_MEMORY);
		if (code == 0) ix_venue_close(v);
		assert_int_equal(probe.live_blocks, 0);
	}
	ix_file_memory_free(disk);
}

IX_TESTS(test_venue, cmocka_unit_test(a_new_venue_is_empty_and_comes_back_with_what_it_took),
	cmocka_unit_test(a_start_takes_the_newest_snapshot_and_the_commands_after_it),
	cmocka_unit_test(the_listener_hears_a_replay_only_if_it_is_asked_to),
	cmocka_unit_test(a_power_cut_loses_nothing_that_was_applied),
	cmocka_unit_test(a_full_disk_refuses_commands_and_changes_nothing),
	cmocka_unit_test(more_commands_at_once_than_half_a_segment_are_refused),
	cmocka_unit_test(a_journal_that_does_not_hold_commands_is_refused_with_the_record),
	cmocka_unit_test(a_snapshot_that_is_not_one_of_an_engine_is_refused),
	cmocka_unit_test(every_failing_allocation_is_an_error_at_the_start));
