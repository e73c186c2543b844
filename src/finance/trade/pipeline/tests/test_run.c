/* Whole runs over generated days: the same to the bit whoever reads, at whatever pace; replayed from their
 * trails; trails that were cut, changed, or met a full disk. */
#include <inox/alloc.h>
#include <inox/file.h>
#include <inox/gen.h>
#include <inox/itch.h>
#include <inox/pipeline_run.h>
#include <inox/testing.h>

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static const char limits[] = "firm f {\n\torder-shares 5000;\n\tposition-long 400;\n\tposition-short 400;\n"
			     "\tdaily-loss 100000.00;\n\tcapital 1000000.00;\n"
			     "\tdesk d { account a { trader t { session s; } } }\n}\n";

/* A day of 16 stocks, made once. */
static const char *day_path(void) {
	static char path[512];
	if (path[0]) return path;
	ix_format(path, sizeof path, "%s/day.itch", ix_testing_directory());
	ix_gen *gen = NULL;
	FILE *out = fopen(path, "wb");
	assert_non_null(out);
	assert_int_equal(ix_gen_new(&(ix_gen_options){.seed = 11, .symbol_count = 16, .message_count = 30000},
				 ix_os_allocator(), &gen, NULL),
		0);
	uint8_t bytes[2 + IX_ITCH_SIZE_MAX];
	for (ix_itch_message m; ix_gen_next(gen, &m);) {
		size_t size = ix_itch_encode_framed(&m, bytes);
		assert_int_equal(fwrite(bytes, 1, size, out), size);
	}
	assert_int_equal(fclose(out), 0);
	ix_gen_free(gen);
	return path;
}

static ix_plan plan_of(const char *strategy) {
	return (ix_plan){.strategy = ix_str_from(strategy),
		.limits = ix_str_from(limits),
		.limits_name = IX_STR("limits"),
		.session = IX_STR("s"),
		.symbols_max = 64,
		.orders_max = 512};
}

static const char *new_directory(void) {
	static char paths[8][512];
	static unsigned next;
	char *path = paths[next++ % 8];
	ix_format(path, sizeof paths[0], "%s/trail", ix_testing_directory());
	return path;
}

typedef struct outcome {
	uint8_t hash[32];
	uint64_t decisions, fills, rejected;
	int64_t profit_e4;
} outcome;

static outcome outcome_of(const ix_run *run) {
	const ix_pipeline *p = ix_run_pipeline(run);
	const ix_pipeline_counts *n = ix_pipeline_get_counts(p);
	outcome o = {.decisions = n->decision_count, .fills = n->fill_count, .rejected = n->rejected_count};
	o.profit_e4 = ix_pipeline_get_profit(p).realised_e4 + ix_pipeline_get_profit(p).unrealised_e4;
	ix_pipeline_positions_hash(p, o.hash);
	return o;
}

static outcome run_day(ix_run_options options, const char *strategy) {
	ix_plan plan = plan_of(strategy);
	ix_run *run = NULL;
	ix_error err = {0};
	options.plan = &plan;
	options.source.paths[0] = day_path();
	if (ix_run_day(&options, &run, &err) != 0) fail_msg("%s", err.text);
	outcome o = outcome_of(run);
	ix_run_free(run);
	return o;
}

static void expect_same(outcome a, outcome b) {
	assert_int_equal(a.decisions, b.decisions);
	assert_int_equal(a.fills, b.fills);
	assert_int_equal(a.rejected, b.rejected);
	assert_int_equal(a.profit_e4, b.profit_e4);
	assert_memory_equal(a.hash, b.hash, sizeof a.hash);
}

static void a_run_is_the_same_to_the_bit_in_one_core_and_staged_measured_and_not(void **state) {
	(void)state;
	static const char *const strategies[] = {"maker", "ofi"};
	for (size_t i = 0; i < IX_COUNT(strategies); i++) {
		outcome first = run_day((ix_run_options){0}, strategies[i]);
		assert_true(first.decisions > 100);
		assert_true(first.fills > 10);
		expect_same(first, run_day((ix_run_options){.mode = IX_RUN_STAGED}, strategies[i]));
		expect_same(first, run_day((ix_run_options){.measures = true}, strategies[i]));
		expect_same(first, run_day((ix_run_options){.mode = IX_RUN_STAGED,
						   .measures = true,
						   .rate_per_s = 300000,
						   .trail_path = new_directory()},
					   strategies[i]));
	}
}

static ix_replay_result replay(const char *path, outcome *ret_outcome) {
	ix_run *run = NULL;
	ix_replay_result result;
	ix_error err = {0};
	if (ix_replay(&(ix_replay_options){.trail_path = path, .verify = true}, &run, &result, &err) != 0)
		fail_msg("%s", err.text);
	if (ret_outcome) *ret_outcome = outcome_of(run);
	ix_run_free(run);
	return result;
}

static void a_trail_replays_to_the_same_decisions_answers_and_positions(void **state) {
	(void)state;
	const char *path = new_directory();
	outcome run = run_day((ix_run_options){.trail_path = path, .mode = IX_RUN_STAGED}, "maker"), again;
	ix_replay_result result = replay(path, &again);
	assert_true(result.is_complete);
	assert_int_equal(result.mismatch_sequence, 0);
	assert_true(result.compared_count >= run.decisions + run.fills);
	expect_same(run, again);
}

static void a_durable_trail_is_the_same(void **state) {
	(void)state;
	const char *path = new_directory();
	run_day((ix_run_options){.trail_path = path, .is_durable = true, .message_max = 3000}, "maker");
	assert_true(replay(path, NULL).is_complete);
}

/* The newest segment of the trail, its size. */
static off_t segment_of(const char *path, char out[600]) {
	struct stat s;
	ix_format(out, 600, "%s/segment-000000000001.ixj", path);
	assert_int_equal(stat(out, &s), 0);
	return s.st_size;
}

static void a_trail_that_a_crash_cut_off_replays_as_far_as_it_goes(void **state) {
	(void)state;
	const char *path = new_directory();
	run_day((ix_run_options){.trail_path = path, .message_max = 20000}, "maker");
	char segment[600];
	off_t size = segment_of(path, segment);
	/* The note of what was durable goes too: a crash before the first sync. */
	char mark[600];
	ix_format(mark, sizeof mark, "%s/mark", path);
	(void)unlink(mark);
	assert_int_equal(truncate(segment, size / 2), 0);
	ix_replay_result result = {0};
	ix_run *run = NULL;
	ix_error err = {0};
	int code = ix_replay(&(ix_replay_options){.trail_path = path}, &run, &result, &err);
	if (code) fail_msg("%s", err.text);
	assert_false(result.is_complete);
	assert_int_equal(result.mismatch_sequence, 0);
	assert_true(result.compared_count > 10);
	ix_run_free(run);
}

static void a_changed_byte_is_found_and_its_place_named(void **state) {
	(void)state;
	const char *path = new_directory();
	run_day((ix_run_options){.trail_path = path, .message_max = 5000}, "maker");
	char segment[600];
	off_t size = segment_of(path, segment);
	FILE *file = fopen(segment, "r+b");
	assert_non_null(file);
	assert_int_equal(fseek(file, size / 2, SEEK_SET), 0);
	int byte = fgetc(file);
	assert_int_equal(fseek(file, size / 2, SEEK_SET), 0);
	fputc(byte ^ 1, file);
	assert_int_equal(fclose(file), 0);
	ix_run *run = NULL;
	ix_replay_result result;
	ix_error err = {0};
	int code = ix_replay(&(ix_replay_options){.trail_path = path, .verify = true}, &run, &result, &err);
	assert_int_equal(code, IX_ERR_CHECKSUM);
	assert_non_null(strstr(err.text, "segment-000000000001.ixj"));
	assert_non_null(strstr(err.text, "offset"));
	assert_null(run);
}

/* Writes a trail whose record `number` is other than what a run made: what a forger with the journal's
 * library could do. */
static const char *forge(const char *path, uint64_t number, bool leave_out) {
	const char *forged = new_directory();
	ix_journal_reader *reader = NULL;
	ix_journal *journal = NULL;
	const ix_journal_options options = {.application = IX_TRAIL_APPLICATION, .chained = true};
	assert_int_equal(ix_journal_reader_open(path, NULL, &reader, NULL), 0);
	assert_int_equal(ix_journal_open(forged, &options, &journal, NULL, NULL), 0);
	for (const ix_journal_record *r; ix_journal_reader_next(reader, &r, NULL) == 0 && r;) {
		uint8_t bytes[IX_TRAIL_PAYLOAD_MAX];
		memcpy(bytes, r->payload.data, r->payload.size);
		if (r->sequence == number && leave_out) continue;
		if (r->sequence == number) bytes[40] ^= 1; /* of a decision: its quantity */
		assert_int_equal(
			ix_journal_append(journal, r->kind, (ix_bytes){bytes, r->payload.size}, NULL, NULL),
			0);
	}
	ix_journal_reader_close(reader);
	assert_int_equal(ix_journal_close(journal, NULL), 0);
	return forged;
}

static uint64_t nth_decision(const char *path, uint64_t n) {
	ix_journal_reader *reader = NULL;
	uint64_t sequence = 0;
	assert_int_equal(ix_journal_reader_open(path, NULL, &reader, NULL), 0);
	for (const ix_journal_record *r; n > 0 && ix_journal_reader_next(reader, &r, NULL) == 0 && r;) {
		if (r->kind != IX_TRAIL_DECISION) continue;
		n--;
		sequence = r->sequence;
	}
	ix_journal_reader_close(reader);
	assert_int_equal(n, 0);
	return sequence;
}

static void a_decision_that_was_not_made_is_told_from_one_that_was(void **state) {
	(void)state;
	const char *path = new_directory();
	run_day((ix_run_options){.trail_path = path, .message_max = 5000}, "maker");
	uint64_t number = nth_decision(path, 7);
	ix_replay_result result = replay(forge(path, number, false), NULL);
	assert_int_equal(result.mismatch_sequence, number);
	assert_non_null(strstr(result.mismatch, "decision of other content"));
	assert_false(result.is_complete);
	result = replay(forge(path, number, true), NULL);
	assert_int_equal(result.mismatch_sequence, number);
	assert_false(result.is_complete);
}

static void a_stop_that_is_asked_for_ends_the_run_in_order(void **state) {
	(void)state;
	atomic_bool must_stop = true;
	const char *path = new_directory();
	ix_plan plan = plan_of("maker");
	ix_run_options options = {.plan = &plan,
		.source.paths[0] = day_path(),
		.trail_path = path,
		.mode = IX_RUN_STAGED,
		.must_stop = &must_stop};
	ix_run *run = NULL;
	assert_int_equal(ix_run_day(&options, &run, NULL), 0);
	assert_true(ix_pipeline_get_counts(ix_run_pipeline(run))->message_count < 30000);
	ix_run_free(run);
	assert_true(replay(path, NULL).is_complete);
}

static void a_plan_that_cannot_be_is_refused_by_name(void **state) {
	(void)state;
	static const struct {
		const char *strategy, *limits, *says;
	} cases[] = {{"maxer", "", "there is no strategy 'maxer'"}, {"maker", "firm {", "limits:1"},
		{"maker", "firm f { desk d { account a { trader t { session x; } } } }",
			"the limits have no session 's'"}};
	for (size_t i = 0; i < IX_COUNT(cases); i++) {
		ix_plan plan = plan_of(cases[i].strategy);
		plan.limits = ix_str_from(cases[i].limits);
		ix_run_options options = {.plan = &plan, .source.paths[0] = day_path()};
		ix_run *run = NULL;
		ix_error err = {0};
		assert_true(ix_run_day(&options, &run, &err) < 0);
		assert_null(run);
		if (!strstr(err.text, cases[i].says))
			fail_msg("'%s' does not say '%s'", err.text, cases[i].says);
	}
}

static void a_feed_that_breaks_off_is_an_error_with_its_place_and_what_was_done_is_there(void **state) {
	(void)state;
	char path[512];
	ix_format(path, sizeof path, "%s/cut.itch", ix_testing_directory());
	ix_bytes day;
	assert_int_equal(ix_file_read(day_path(), 1 << 24, ix_os_allocator(), &day, NULL), 0);
	FILE *out = fopen(path, "wb");
	assert_non_null(out);
	fwrite(day.data, 1, day.size / 2, out);
	fwrite("\0\x05Zabcd", 1, 7, out); /* 'Z' is skipped; then a length that is not there */
	fwrite("\0\x24"
	       "A",
		1, 3, out);
	fclose(out);
	ix_file_read_free(day, ix_os_allocator());
	ix_plan plan = plan_of("maker");
	const char *trail = new_directory();
	ix_run_options options = {.plan = &plan, .source.paths[0] = path, .trail_path = trail};
	ix_run *run = NULL;
	ix_error err = {0};
	int code = ix_run_day(&options, &run, &err);
	assert_true(code < 0);
	assert_non_null(strstr(err.text, "cut.itch"));
	assert_non_null(strstr(err.text, "offset"));
	ix_run_free(run);
	ix_replay_result result = replay(trail, NULL);
	assert_false(result.is_complete);
	assert_int_equal(result.mismatch_sequence, 0);
}

static void a_message_larger_than_any_is_an_error_with_its_offset(void **state) {
	(void)state;
	char path[512];
	ix_format(path, sizeof path, "%s/large.itch", ix_testing_directory());
	FILE *out = fopen(path, "wb");
	assert_non_null(out);
	static const uint8_t zeroes[20000];
	fwrite("\0\x0cS\0\0\0\0\0\0\0\0\0\0O", 1, 14, out);
	fwrite("\x4e\x20Z", 1, 3, out); /* 20,000 bytes */
	fwrite(zeroes, 1, 19999, out);
	fclose(out);
	for (int mode = IX_RUN_ONE_CORE; mode <= IX_RUN_STAGED; mode++) {
		ix_plan plan = plan_of("maker");
		ix_run_options options = {.plan = &plan, .source.paths[0] = path, .mode = (ix_run_mode)mode};
		ix_run *run = NULL;
		ix_error err = {0};
		assert_int_equal(ix_run_day(&options, &run, &err), IX_ERR_SYNTAX);
		assert_non_null(strstr(err.text, "large.itch: offset 14: a message of 20000 bytes"));
		ix_run_free(run);
	}
}

static void a_record_larger_than_a_trail_has_is_refused(void **state) {
	(void)state;
	const char *path = new_directory(), *forged = new_directory();
	run_day((ix_run_options){.trail_path = path, .message_max = 100}, "maker");
	ix_journal_reader *reader = NULL;
	ix_journal *journal = NULL;
	const ix_journal_options options = {
		.application = IX_TRAIL_APPLICATION, .chained = true, .payload_max = 2 << 20};
	assert_int_equal(ix_journal_reader_open(path, NULL, &reader, NULL), 0);
	assert_int_equal(ix_journal_open(forged, &options, &journal, NULL, NULL), 0);
	const ix_journal_record *plan = NULL;
	assert_int_equal(ix_journal_reader_next(reader, &plan, NULL), 0);
	assert_int_equal(ix_journal_append(journal, plan->kind, plan->payload, NULL, NULL), 0);
	static uint8_t large[1500000];
	for (size_t i = 8; i + 3 <= sizeof large; i += 3) large[i + 1] = 1; /* messages of a byte */
	large[0] = 1;
	assert_int_equal(
		ix_journal_append(journal, IX_TRAIL_INPUT, (ix_bytes){large, sizeof large}, NULL, NULL), 0);
	ix_journal_reader_close(reader);
	assert_int_equal(ix_journal_close(journal, NULL), 0);
	ix_run *run = NULL;
	ix_replay_result result;
	ix_error err = {0};
	assert_int_equal(
		ix_replay(&(ix_replay_options){.trail_path = forged}, &run, &result, &err), IX_ERR_LIMIT);
	assert_non_null(strstr(err.text, "record 2 has 1500000 bytes"));
}

/* Writes a trail with one record, the plan: `text` with a path for %s. */
static const char *plan_trail(const char *strategy, const char *hash) {
	const char *path = new_directory();
	ix_journal *journal = NULL;
	char plan[2048];
	size_t size = ix_format(plan, sizeof plan,
		"{\"version\":1,\"strategy\":\"%s\",\"strategy_hash\":\"%s\",\"parameters\":{},\"session\":"
		"\"\","
		"\"limits_name\":\"\",\"limits\":\"\",\"venue_latency_ns\":20000,\"symbols_max\":64,\"orders_"
		"max\":64,"
		"\"book_orders_reserve\":1024}",
		strategy, hash);
	const ix_journal_options options = {.application = IX_TRAIL_APPLICATION, .chained = true};
	assert_int_equal(ix_journal_open(path, &options, &journal, NULL, NULL), 0);
	assert_int_equal(
		ix_journal_append(journal, IX_TRAIL_START, ix_str_bytes((ix_str){plan, size}), NULL, NULL),
		0);
	assert_int_equal(ix_journal_close(journal, NULL), 0);
	return path;
}

static void a_trail_alone_never_makes_code_run(void **state) {
	(void)state;
	static const char ones[] = "1111111111111111111111111111111111111111111111111111111111111111";
	static const char none[] = "0000000000000000000000000000000000000000000000000000000000000000";
	ix_run *run = NULL;
	ix_replay_result result;
	ix_error err = {0};
	ix_replay_options options = {.trail_path = plan_trail("/tmp/strange.so", ones)};
	assert_int_equal(ix_replay(&options, &run, &result, &err), IX_ERR_DENIED);
	assert_non_null(strstr(err.text, "name it with --strategy"));
	options.strategy = "/proc/self/exe";
	err = (ix_error){0};
	assert_int_equal(ix_replay(&options, &run, &result, &err), IX_ERR_CONFLICT);
	options.trail_path = plan_trail("/tmp/strange.so", none);
	err = (ix_error){0};
	assert_int_equal(ix_replay(&options, &run, &result, &err), IX_ERR_INVALID);
}

IX_TESTS(test_run, cmocka_unit_test(a_run_is_the_same_to_the_bit_in_one_core_and_staged_measured_and_not),
	cmocka_unit_test(a_trail_replays_to_the_same_decisions_answers_and_positions),
	cmocka_unit_test(a_durable_trail_is_the_same),
	cmocka_unit_test(a_trail_that_a_crash_cut_off_replays_as_far_as_it_goes),
	cmocka_unit_test(a_changed_byte_is_found_and_its_place_named),
	cmocka_unit_test(a_decision_that_was_not_made_is_told_from_one_that_was),
	cmocka_unit_test(a_stop_that_is_asked_for_ends_the_run_in_order),
	cmocka_unit_test(a_plan_that_cannot_be_is_refused_by_name),
	cmocka_unit_test(a_feed_that_breaks_off_is_an_error_with_its_place_and_what_was_done_is_there),
	cmocka_unit_test(a_message_larger_than_any_is_an_error_with_its_offset),
	cmocka_unit_test(a_record_larger_than_a_trail_has_is_refused),
	cmocka_unit_test(a_trail_alone_never_makes_code_run));
