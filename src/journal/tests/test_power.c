/* The power goes at any call, and of what was not synced any subset of sectors and names survives: nothing
 * acknowledged is lost, nothing else appears, and a start is never refused for it. Random lives from a seed.
 */
#include "helpers.h"

#include <errno.h>

typedef struct town {
	bench b;
	ix_file_faults faults;
	ix_rng rng;
	uint64_t seed;
	uint64_t acknowledged; /* sequence that a commit has confirmed */
	uint64_t appended;
	uint64_t covered; /* newest snapshot whose commit returned 0 */
	uint64_t kept;    /* retention may have dropped what is before this */
} town;

static void town_init(town *t, uint64_t seed) {
	memset(t, 0, sizeof *t);
	bench_init(&t->b);
	ix_rng_seed(&t->rng, seed);
	t->seed = seed;
	t->kept = 1;
	ix_file_faults_init(&t->faults, t->b.system);
	t->b.options.system = &t->faults.system;
	t->b.options.chained = ix_rng_chance(&t->rng, 1, 2);
	t->b.options.segment_size = ix_rng_chance(&t->rng, 1, 2) ? 4096 : 20000;
	t->b.options.payload_max = 600;
	t->b.options.reserve_size = ix_rng_chance(&t->rng, 1, 2) ? 512 : 8192;
	t->b.options.buffer_size = ix_rng_chance(&t->rng, 1, 2) ? 0 : 1000;
	t->faults.write_max = ix_rng_chance(&t->rng, 1, 4) ? 700 : 0;
}

static int snapshot(town *t, ix_journal *j) {
	ix_journal_snapshot_out *out;
	uint64_t sequence = ix_journal_durable_sequence(j);
	if (sequence == 0) return 0;
	int code = ix_journal_snapshot_begin(j, sequence, &out, NULL);
	if (code) return code;
	uint8_t bytes[2000];
	memset(bytes, (int)(sequence & 0xFF), sizeof bytes);
	code = ix_journal_snapshot_write(out, bytes, (size_t)ix_rng_below(&t->rng, sizeof bytes), NULL);
	if (code)
		ix_journal_snapshot_abort(out);
	else
		code = ix_journal_snapshot_commit(out, NULL);
	if (code == 0) t->covered = sequence;
	return code;
}

static int one_step(town *t, ix_journal *j) {
	uint8_t bytes[PAYLOAD_MAX];
	uint64_t next = ix_journal_last_sequence(j) + 1, what = ix_rng_below(&t->rng, 100);
	int code = 0;
	if (what < 70) {
		code = ix_journal_append(j, kind_of(next), payload_of(next, bytes), NULL, NULL);
		if (code == 0) t->appended = next;
	} else if (what < 85) {
		code = ix_journal_commit(j, NULL);
		if (code == 0) t->acknowledged = ix_journal_last_sequence(j);
	} else if (what < 91) {
		code = ix_journal_flush(j, NULL);
	} else if (what < 94) {
		code = ix_journal_rotate(j, NULL);
	} else if (what < 98) {
		code = snapshot(t, j);
	} else {
		if (t->covered) t->kept = t->covered + 1;
		code = ix_journal_retain(j, 1, NULL);
	}
	if (code == 0 && ix_journal_durable_sequence(j) > t->acknowledged)
		t->acknowledged = ix_journal_durable_sequence(j);
	return code;
}

/* One process, until the machine is gone or it ends by itself. */
static void one_life(town *t) {
	ix_journal *j = NULL;
	t->faults.count = 0;
	t->faults.fail_at = 1 + ix_rng_below(&t->rng, 120);
	t->faults.fail_after = true;
	t->faults.torn_bytes = (size_t)ix_rng_below(&t->rng, 3000);
	int code = ix_journal_open(BENCH_PATH, &t->b.options, &j, NULL, NULL);
	while (code == 0) {
		if (ix_rng_chance(&t->rng, 1, 200)) {
			code = ix_journal_close(j, NULL);
			if (code == 0) t->acknowledged = t->appended;
			j = NULL;
			break;
		}
		code = one_step(t, j);
	}
	ix_journal_abandon(j);
	t->faults.fail_at = 0;
}

/* Light again: opens, compares, and closes or not. */
static void come_back(town *t) {
	bench *b = &t->b;
	ix_error err = {0};
	ix_journal *j = NULL;
	ix_journal_recovery found = {0};
	int code = ix_journal_open(BENCH_PATH, &b->options, &j, &found, &err);
	if (code) fail_msg("seed %llu: %s", (unsigned long long)t->seed, err.text);
	if (found.last_sequence < t->acknowledged || found.last_sequence > t->appended ||
		found.first_sequence > t->kept || found.snapshot_sequence < t->covered)
		fail_msg("seed %llu: records %llu to %llu, snapshot %llu; acknowledged %llu, appended %llu, "
			 "kept "
			 "from %llu, covered %llu",
			(unsigned long long)t->seed, (unsigned long long)found.first_sequence,
			(unsigned long long)found.last_sequence, (unsigned long long)found.snapshot_sequence,
			(unsigned long long)t->acknowledged, (unsigned long long)t->appended,
			(unsigned long long)t->kept, (unsigned long long)t->covered);
	/* What opening kept is durable now, whatever happens next. */
	t->appended = t->acknowledged = found.last_sequence;
	t->covered = found.snapshot_sequence;
	if (ix_rng_chance(&t->rng, 1, 2)) {
		code = ix_journal_close(j, &err);
		if (code) fail_msg("seed %llu: %s", (unsigned long long)t->seed, err.text);
	} else {
		ix_journal_abandon(j);
	}
	assert_int_equal(check_all_records(b->system, BENCH_PATH, found.first_sequence), found.last_sequence);
	ix_journal_report report = verify(b->system, BENCH_PATH);
	if (report.finding_count) fail_msg("seed %llu: %s", (unsigned long long)t->seed, report.first_text);
}

static void one_town(uint64_t seed) {
	town t;
	town_init(&t, seed);
	for (int life = 0; life < 12; life++) {
		one_life(&t);
		if (ix_rng_chance(&t.rng, 7, 8)) ix_file_memory_power_cut(t.b.memory, ix_rng_u64(&t.rng));
		come_back(&t);
		if (ix_rng_chance(&t.rng, 1, 8)) {
			ix_file_memory_power_cut(t.b.memory, ix_rng_u64(&t.rng));
			come_back(&t);
		}
	}
	assert_int_equal(t.faults.open_handles, 0);
	bench_fini(&t.b);
}

static void a_power_cut_loses_nothing_that_was_acknowledged(void **state) {
	(void)state;
	uint64_t towns = ix_testing_long() ? 20000 : 160;
	for (uint64_t i = 0; i < towns; i++) one_town(ix_testing_seed() * 1000003 + i);
}

IX_TESTS(test_power, cmocka_unit_test(a_power_cut_loses_nothing_that_was_acknowledged));
